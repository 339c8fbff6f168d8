"""Rational numbers for Hypothesis, in a fraction of the time that its own strategy takes."""

from collections.abc import Mapping
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
    numerators = {d: st.integers(d * ends[0] // common, d * ends[1] // common) for d in range(1, most + 1)}
    return _drawn(most, numerators, scale // common)


@cache
def any_rationals(most: int) -> st.SearchStrategy[Fraction]:
    """What ``st.fractions(max_denominator=most)`` draws, by the same choices."""
    return _drawn(most, dict.fromkeys(range(1, most + 1), st.integers()), 1)


def _drawn(most: int, numerators: Mapping[int, st.SearchStrategy[int]], scale: int) -> st.SearchStrategy[Fraction]:
    denominators = st.integers(1, most)

    @st.composite
    def drawn(draw: st.DrawFn) -> Fraction:
        denominator = draw(denominators)
        numerator = draw(numerators[denominator])
        return Fraction(numerator, denominator * scale).limit_denominator(most)

    return drawn()
