"""Rational numbers for Hypothesis, in a fraction of the time that its own strategy takes."""

from fractions import Fraction
from functools import cache
from math import gcd

from hypothesis import strategies as st


@cache
def rationals(low: Fraction | int, high: Fraction | int, most: int) -> st.SearchStrategy[Fraction]:
    """What ``st.fractions(low, high, max_denominator=most)`` draws, by the same choices: a denominator, then a
    numerator. That one makes a strategy for each number that it draws; here there is one for each denominator."""
    least, greatest = Fraction(low), Fraction(high)
    ends = least.numerator * greatest.denominator, greatest.numerator * least.denominator
    scale = least.denominator * greatest.denominator
    common = gcd(scale, *ends)
    denominators = st.integers(1, most)
    numerators = {d: st.integers(d * ends[0] // common, d * ends[1] // common) for d in range(1, most + 1)}

    @st.composite
    def drawn(draw: st.DrawFn) -> Fraction:
        denominator = draw(denominators)
        numerator = draw(numerators[denominator])
        return Fraction(numerator, denominator * (scale // common)).limit_denominator(most)

    return drawn()
