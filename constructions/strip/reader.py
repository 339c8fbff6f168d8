"""One step of gradient descent that reads a whole batch: the models M and M*, as numbers and as an expression.

A block has a parameter v for each query r with values 1 and -1, and the output c + sum of s r(x) v, where all v are 0
at first. So the gradient of half the squared loss on a sample (x, y) is (c - y) s r(x), clipped to [-1, 1]:

    M   c = 1/2, slope s = 2: (-1)^y r(x), and nothing is clipped.
    M*  0 < c < 1/2, each query twice: with slope 1/c, whose clipped gradient is (-1)^y r(x) as well, and with slope 1,
        whose gradient is c r(x) on label 0 and -(1 - c) r(x) on label 1.

After the step each v is less a valid rounding of a mean over the batch. The block's *record* is a product of bumps: 1
where all its parameters are 0, and 0 where one of them is at another multiple of rho. A block's gate is 1 less its
record. So no clock is needed, if no batch leaves all parameters at 0 ("no batch is silent").
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from constructions.errors import PremiseError
from constructions.foundations.exact import Number, exact
from constructions.foundations.loading import loaded_when_used
from constructions.foundations.logic import Formula, every
from constructions.foundations.rounding import clip
from constructions.foundations.symbols import from_sympy
from constructions.models.blocks_in_turn import Passage, whole_output

with loaded_when_used(__name__):
    import sympy


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """The numbers of a block.

    Parameters
    ----------
    held : c, the output while the parameters are 0. slopes : for each group of parameters, of which there is one for
        each query, the factor s.

    >>> REALIZABLE.gradient(0, -1, 1), any_labels(Fraction(1, 4)).gradient(0, 1, 1)
    (Fraction(1, 1), Fraction(-1, 1))
    >>> [str(any_labels(Fraction(1, 4)).gradient(1, 1, y)) for y in (0, 1)]
    ['1/4', '-3/4']
    """

    held: Number
    slopes: tuple[Number, ...]

    def unclipped(self, group: int, value: Number, y: Number) -> Number:
        """The derivative of the loss by a parameter of a ``group`` whose query has this ``value`` at a
        sample with the label y."""
        return (self.held - y) * (self.slopes[group] * value)

    def gradient(self, group: int, value: Number, y: Number) -> Number:
        """The same, clipped, by ``group``, ``value`` and label y: the query that a step answers."""
        return clip(self.unclipped(group, value, y))


REALIZABLE = Reader(held=Fraction(1, 2), slopes=(Fraction(2),))
"""M, for batches whose labels are a function of the point."""


def any_labels(held: Number) -> Reader:
    """M*, for all batches, with the output ``held`` at c.

    >>> any_labels(Fraction(1, 8)).slopes
    (Fraction(8, 1), Fraction(1, 1))
    """
    return Reader(held=held, slopes=(1 / held, Fraction(1)))


def is_fit(held: Number, error: Number) -> Formula:
    """Whether M* with the output ``held`` at c answers well: 0 < c < 1/2, and b times the error of an answer, b tau, is
    less than 1 - 2c, half of the distance of two counts.

    >>> is_fit(Fraction(1, 8), Fraction(1, 2)), is_fit(Fraction(1, 4), Fraction(1, 2))
    (True, False)
    """
    return every(held > 0, 2 * held < 1, error < 1 - 2 * held)


def held_for(error: Fraction) -> Fraction:
    """The greatest power of 1/2 that is at most (1 - b tau)/4, from b tau, the ``error``: a c that fits.

    Raises
    ------
    PremiseError
        Unless b tau < 1.

    >>> str(held_for(Fraction(1, 2))), is_fit(held_for(Fraction(99, 100)), Fraction(99, 100))
    ('1/8', True)
    """
    if not error < 1:
        raise PremiseError(f"need b tau < 1, got b tau = {error}")
    found = Fraction(1, 4)
    while 4 * found > 1 - error:
        found /= 2
    return found


def ones_from(balance: Number, total: Number, held: Number) -> Number:
    """The product of N_1, the points with label 1, with a query, from that of the balance G and from b times the answer
    to the query with slope 1, the ``total``; c is ``held``: c <G, r> - (1 - 2c) <N_1, r> = b answer.

    >>> ones_from(Fraction(1), Fraction(-5, 4), Fraction(1, 4))
    Fraction(3, 1)
    """
    return (held * balance - total) / (1 - 2 * held)


@cache
def derivative() -> Any:
    """The derivative of the model's output by a parameter v of a block, by sympy from the expression, with the bump of
    v about 0 in the record (``record``), the product of the other bumps of the record (``zeros``), and a bump behind
    which later blocks and the predictor read v.

    >>> derivative()
    bump'*open*rest'*(-record*zeros + 1) + coefficient*open*record*zeros - open*record'*rest*zeros \
+ open*record'*zeros*(coefficient*v + others)
    """
    v, before = sympy.Symbol("v"), Passage(sympy.Symbol("total"), sympy.Symbol("open"))
    record, bump, rest = (sympy.Function(name) for name in ("record", "bump", "rest"))
    output = sympy.Symbol("others") + sympy.Symbol("coefficient") * v
    gate = 1 - record(v) * sympy.Symbol("zeros")
    found = sympy.diff(whole_output(before, gate, output, rest(bump(v))), v)
    for name, function in (("record'", record), ("bump'", bump)):
        found = found.subs(sympy.Derivative(function(v), v), sympy.Symbol(name))
    found = found.subs(record(v), sympy.Symbol("record"))
    found = found.replace(sympy.Subs, lambda *_: sympy.Symbol("rest'"))
    return found.replace(sympy.Derivative, lambda *_: sympy.Symbol("rest'")).subs(rest(bump(v)), sympy.Symbol("rest"))


def slope(values: Mapping[str, Number]) -> Number:
    """The derivative of the model's output by a parameter, for the ``values`` of what it is made of.

    >>> flat = {"record'": Fraction(0), "bump'": Fraction(0), "rest": Fraction(7), "rest'": Fraction(5)}
    >>> here = {"open": Fraction(1), "record": Fraction(1), "zeros": Fraction(1), "v": Fraction(0)}
    >>> slope({**flat, **here, "others": Fraction(1, 2), "coefficient": Fraction(2)})
    Fraction(2, 1)
    """
    return exact(from_sympy(derivative(), values), where="a slope")
