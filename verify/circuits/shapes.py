"""The obligation of one shape of gate: it carries its bit (Lemma 10).

A network of a million gates has a million vertices, but few kinds of them. The :class:`Shape` of a vertex is all that
matters for whether it works: how many of its literals it asks for, how many operands there are of each weight, plain
and negated, and the weight from the constant. Two vertices of one shape do the same, whatever they read. So a shape is
an obligation, which the solver proves once: whatever bits the operands carry, the vertex is strictly flat and carries
its gate's bit. It needs only to know how many operands of each weight are set, so a gate of a thousand operands takes
as few variables as one of two.

An *adaptor*, which turns an input into a bit, is a shape of its own: its operand is any number that is at most y0 or at
least y1 (the ``bounds``). The twin of a shape has all its weights negated, and is refuted.

Gates with the weights of Lemma 10 make one more obligation, for any number of operands at once (:class:`AnyFanIn`). It
stands for the shapes of gates with very many operands.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from constructions.foundations.activation import Activation
from constructions.foundations.exact import Number
from constructions.foundations.logic import every, some
from constructions.networks.gates import code
from verify.discharge.one import discharge
from verify.discharge.result import Result
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation


@dataclass(frozen=True, slots=True, order=True)
class Shape:
    """What a vertex computes and with which weights.

    A gate asks for ``needs`` of its literals; ``terms`` are (weight, negated, how many operands). An adaptor has needs
    -1 and one term. ``constant`` is the weight from the constant vertex, 0 if there is none.

    >>> str(Shape(1, ((Fraction(2), False, 1), (Fraction(-2), True, 1)), Fraction(4)))
    '1 of 2: 1 x 2, 1 x not -2; constant 4'
    """

    needs: int
    terms: tuple[tuple[Fraction, bool, int], ...]
    constant: Fraction

    @property
    def adapts(self) -> bool:
        """Whether the operand is an input of the network rather than a bit."""
        return self.needs < 0

    @property
    def fan_in(self) -> int:
        """How many operands there are."""
        return sum(many for _, _, many in self.terms)

    def __str__(self) -> str:
        operands = ", ".join(f"{many} x {'not ' if negated else ''}{weight}" for weight, negated, many in self.terms)
        asks = "input as a bit" if self.adapts else f"{self.needs} of {self.fan_in}"
        return f"{asks}: {operands or 'no operands'}; constant {self.constant}"


@dataclass(frozen=True, slots=True)
class ShapeUnderActivation:
    """A shape under an activation; ``bounds`` are (y0, y1) of the inputs."""

    shape: Shape
    sigma: Activation
    bounds: tuple[Number, Number]
    sign: int = 1


def carries_its_bit(subject: ShapeUnderActivation, case: Case) -> None:
    """A vertex of this shape is strictly flat and carries the bit of its gate, whatever bits its operands carry. (An
    adaptor reads an input of the network, and carries the bit 0 if it is at most y0 and 1 if it is at least y1.)"""
    shape, of, sign = subject.shape, code(subject.sigma), subject.sign
    pre = sign * shape.constant
    if shape.adapts:
        value, (low, high) = case.real("input"), subject.bounds
        case.assume(some(value <= low, value >= high))
        ((weight, _, _),) = shape.terms
        pre, fires = pre + sign * weight * value, value >= high
    else:
        true: Number = Fraction(0)
        for i, (weight, negated, many) in enumerate(shape.terms):
            count = case.integer(f"ones{i}")
            case.assume(count >= 0, count <= many)
            pre = pre + sign * weight * (many * of.low + (of.high - of.low) * count)
            true = true + (many - count if negated else count)
        fires = every(true >= shape.needs)
    case.show("strictly flat", subject.sigma.strictly_flat(pre))
    case.show("its bit", subject.sigma(pre) == of.encode(fires))


@lru_cache(maxsize=1 << 14)
def examined(shape: Shape, sigma: Activation, bounds: tuple[Number, Number], seconds: int) -> Result:
    """The result of a shape's obligation, which z3 gets so many seconds for; each is discharged once. ``sigma`` is the
    activation, ``bounds`` the values at which an input counts as 0 and as 1.

    >>> from constructions.foundations.activation import RAMP
    >>> both = ((Fraction(2), False, 2),)  # two plain operands of weight 2
    >>> [examined(Shape(2, both, Fraction(constant)), RAMP, (0, 1), 5).verdict.name for constant in (-4, -2)]
    ['PROVED', 'REFUTED']
    """
    return discharge(obligation_of(shape, sigma, bounds), seconds)


@dataclass(frozen=True, slots=True)
class AnyFanIn:
    """The gates over the activation sigma with one weight w for plain operands, -w for negated ones, and the constant
    that makes them fire at k true ones (with a ``shift``, which breaks them, at so many more).

    >>> from constructions.foundations.activation import RAMP
    >>> gates, terms = AnyFanIn(RAMP), ((Fraction(2), False, 1), (Fraction(-2), True, 1))
    >>> [gates.covers(Shape(1, terms, Fraction(constant))) for constant in (4, 5)], gates.constant(1, 1, 1)
    ([True, False], Fraction(4, 1))
    """

    sigma: Activation
    shift: int = 0

    def constant(self, needs: Number, plain: Number, negated: Number) -> Number:
        """The constant's weight for a gate that needs so many true literals: T - 2 T needs - w L plain + w H negated,
        where T is the drive, L and H are the values of the bits 0 and 1, and w is the weight of a literal."""
        of = code(self.sigma)
        return (
            of.drive - 2 * of.drive * (needs + self.shift) - of.weight * of.low * plain + of.weight * of.high * negated
        )

    def covers(self, shape: Shape) -> bool:
        """Whether a shape is one of these gates."""
        of = code(self.sigma)
        many = {negated: number for _, negated, number in shape.terms}
        weights = all(weight == (-of.weight if negated else of.weight) for weight, negated, _ in shape.terms)
        fits = weights and len(many) == len(shape.terms) and not shape.adapts
        return fits and shape.constant == self.constant(shape.needs, many.get(False, 0), many.get(True, 0))

    def __str__(self) -> str:
        weight = code(self.sigma).weight
        return f"k of any number of operands, weights {weight} and not {-weight}, with the constant for k"


def any_gate_carries_its_bit(gates: AnyFanIn, case: Case) -> None:
    """A gate of any fan-in with these weights and constants is strictly flat and carries its bit, whatever bits its
    operands carry."""
    of = code(gates.sigma)
    plain, negated, needs = case.integer("plain"), case.integer("negated"), case.integer("needs")
    ones, others = case.integer("ones"), case.integer("ones among the negated")
    case.assume(ones >= 0, ones <= plain, others >= 0, others <= negated, needs >= 0)
    carried = of.weight * (plain * of.low + (of.high - of.low) * ones - negated * of.low - (of.high - of.low) * others)
    pre = carried + gates.constant(needs, plain, negated)
    case.show("strictly flat", gates.sigma.strictly_flat(pre))
    case.show("its bit", gates.sigma(pre) == of.encode(ones + negated - others >= needs))


@lru_cache(maxsize=64)
def examined_for_any_fan_in(sigma: Activation, seconds: int) -> Result:
    """The result of the obligation for gates of any fan-in, which the solver has so many seconds for; it is discharged
    once for each activation.

    >>> from constructions.foundations.activation import RAMP
    >>> result = examined_for_any_fan_in(RAMP, 5)
    >>> result.verdict.name, [fact.label for fact in result.claim.facts], result.twin.verdict.name
    ('PROVED', ['strictly flat', 'its bit'], 'REFUTED')
    """
    return discharge(
        Obligation(
            id="shape: any fan-in",
            paper="Lemma 10",
            claim=any_gate_carries_its_bit,
            of=lambda case: AnyFanIn(sigma),
            twin=lambda case: AnyFanIn(sigma, 1),
            needs=("lemma10.blocks",),
        ),
        seconds,
    )


def obligation_of(shape: Shape, sigma: Activation, bounds: tuple[Number, Number]) -> Obligation:
    """The obligation of one shape; its twin has all weights negated."""
    return Obligation(
        id=f"shape: {shape}",
        paper="Lemma 10",
        claim=carries_its_bit,
        of=lambda case: ShapeUnderActivation(shape, sigma, bounds),
        twin=lambda case: ShapeUnderActivation(shape, sigma, bounds, -1),
        needs=("lemma10.blocks",),
    )
