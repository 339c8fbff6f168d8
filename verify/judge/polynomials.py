"""Polynomials and quotients of polynomials over the rationals: two terms are equal as rational functions, or not.

A polynomial is a table from monomials to coefficients that are not 0; a monomial is a sorted tuple of pairs, the name
of a variable and its exponent. A quotient keeps numerator and denominator and cancels nothing, so it is equal to
another exactly if the products across are one polynomial.

>>> from verify.judge.terms import Terms
>>> table = Terms()
>>> x, one = table.variable("x", "real"), table.make("constant", Fraction(1))
>>> more = table.make("+", None, (x, one))
>>> left = table.make("*", None, (more, more))
>>> right = table.make("+", None, (table.make("*", None, (x, x)), table.make("+", None, (x, more))))
>>> equal_everywhere(left, right), equal_everywhere(left, x)
(True, False)
"""

from fractions import Fraction
from typing import NamedTuple, TypeAlias

from verify.judge.reading import need
from verify.judge.terms import Node, inside

Monomial: TypeAlias = tuple[tuple[str, int], ...]
Polynomial: TypeAlias = dict[Monomial, Fraction]
ONE: Polynomial = {(): Fraction(1)}
MOST = 200_000
"""So many terms a polynomial may have."""


class Quotient(NamedTuple):
    """A quotient of two polynomials, of which the one below is not 0."""

    above: Polynomial
    below: Polynomial


def added(a: Polynomial, b: Polynomial, times: int = 1) -> Polynomial:
    """The sum of ``a`` and some ``times`` of ``b``.

    >>> added({(("x", 1),): Fraction(2)}, {(("x", 1),): Fraction(1)}, -2)
    {}
    """
    found = dict(a)
    for monomial, value in b.items():
        total = found.get(monomial, Fraction(0)) + times * value
        if total:
            found[monomial] = total
        else:
            found.pop(monomial, None)
    return found


def multiplied(a: Polynomial, b: Polynomial) -> Polynomial:
    """The product. Raises RefusedError if it has too many terms.

    >>> multiplied({(("x", 1),): Fraction(2)}, {(("x", 1), ("y", 1)): Fraction(3)})
    {(('x', 2), ('y', 1)): Fraction(6, 1)}
    """
    found: Polynomial = {}
    for one, value in a.items():
        for other, factor in b.items():
            monomial = _times(one, other)
            total = found.get(monomial, Fraction(0)) + value * factor
            if total:
                found[monomial] = total
            else:
                found.pop(monomial, None)
        need(len(found) <= MOST, f"a polynomial of at most {MOST} terms", "more", "an identity")
    return found


def _times(one: Monomial, other: Monomial) -> Monomial:
    powers = dict(one)
    for name, exponent in other:
        powers[name] = powers.get(name, 0) + exponent
    return tuple(sorted(powers.items()))


def quotient_of(*terms: Node) -> list[Quotient]:
    """The rational function that each term is. Raises RefusedError for an operation that is none of rational functions
    and for a divisor that is 0 everywhere."""
    found: dict[int, Quotient] = {}
    for part in inside(*terms):
        found[id(part)] = _made(part, [found[id(argument)] for argument in part.args])
    return [found[id(term)] for term in terms]


def _made(part: Node, a: list[Quotient]) -> Quotient:
    if part.op == "variable" and part.sort == "real":
        return Quotient({((part.data[0], 1),): Fraction(1)}, ONE)
    if part.op == "constant":
        return Quotient({(): part.data} if part.data else {}, ONE)
    if part.op == "neg":
        return Quotient(added({}, a[0].above, -1), a[0].below)
    if part.op == "*":
        return Quotient(multiplied(a[0].above, a[1].above), multiplied(a[0].below, a[1].below))
    if part.op == "/":
        need(a[1].above, "a divisor that is not 0 everywhere", "one that is", "an identity")
        return Quotient(multiplied(a[0].above, a[1].below), multiplied(a[0].below, a[1].above))
    need(part.op in ("+", "-"), "an operation of rational functions", part.op, "an identity")
    sign = 1 if part.op == "+" else -1
    if a[0].below == a[1].below:
        return Quotient(added(a[0].above, a[1].above, sign), a[0].below)
    left, right = multiplied(a[0].above, a[1].below), multiplied(a[1].above, a[0].below)
    return Quotient(added(left, right, sign), multiplied(a[0].below, a[1].below))


def equal_everywhere(left: Node, right: Node) -> bool:
    """Whether two terms, ``left`` and ``right``, are one rational function."""
    one, other = quotient_of(left, right)
    return not added(multiplied(one.above, other.below), multiplied(other.above, one.below), -1)
