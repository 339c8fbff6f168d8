"""Vectors, designs and loops of any size, for code that writes gates: what it writes is counted, for all sizes at once.

A size is a term. A vector of any width has literals of which nothing can be learned (:class:`AnyLength
<verify.claims.computation.operation_gates.AnyLength>`), and its operators are the functions of
:mod:`constructions.computation.arithmetic`, run on it. A loop of any number of turns runs one of them. So a builder's
own code is run once, and the gates that it writes are a term in the sizes.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from constructions.computation import arithmetic, operation_gates
from constructions.computation.bits import Bits
from constructions.computation.design import Design
from constructions.computation.operation_gates import GATE, XOR
from constructions.computation.turns import width_of
from constructions.foundations.exact import Number
from verify.claims.computation.operation_gates import AnyLength, SealedLiteral, SealedTally
from verify.obligations.case import Case
from verify.obligations.obligation import obligation


class AnyTurn:
    """The number of a turn of which nothing is known; it can stand in a name and beside a vector.

    >>> f"answer{AnyTurn()}"
    'answer*'
    """

    __hash__ = None  # type: ignore[assignment]

    def __str__(self) -> str:
        return "*"

    def _refuse(self, *_: object) -> Any:
        raise TypeError("the number of a turn cannot be told")

    __bool__ = __lt__ = __le__ = __gt__ = __ge__ = __index__ = __add__ = __sub__ = __mul__ = _refuse
    __eq__ = _refuse


class AnyMany:
    """A list of any length, of one thing that stands for each; a loop over it counts as often as it is long.

    Parameters
    ----------
    tally, many, thing : what is written into, how long it is, and what stands in it.

    >>> tally = SealedTally()
    >>> for vector in AnyMany(tally, 5, AnyBits.of(tally, 7)):
    ...     _ = vector & vector
    >>> tally.made
    35
    """

    def __init__(self, tally: SealedTally, many: Any, thing: Any) -> None:
        self.tally, self.many, self.thing = tally, many, thing

    def __iter__(self) -> Iterator[Any]:
        for _ in AnyLength(self.tally, self.many):
            yield self.thing

    def __reversed__(self) -> Iterator[Any]:
        return iter(self)

    def __getitem__(self, place: int) -> Any:
        return self.thing

    def mapped(self, make: Callable[..., Any], lists: Sequence[Any]) -> "AnyMany":
        """A list of what is made of the things at each place of some lists, of which this is one."""
        (thing,) = [make(*row) for row in zip(*lists, strict=True)]
        return AnyMany(self.tally, self.many, thing)


class AnyNumber:
    """A number of turns of which nothing is known; see :mod:`constructions.computation.turns`.

    Parameters
    ----------
    tally, many : what is written into, and the number, a term. bits : how many bits it is written in, or the number
        that follows it, if that is asked. positive : whether it is presupposed to be one at least.

    >>> tally = SealedTally()
    >>> pairs = AnyNumber(tally, 3).each(lambda j: AnyBits.of(tally, 2) == j)
    >>> tally.made, pairs.many, AnyNumber(tally, 3).over("x")[-1]  # three times two agreements and an AND
    (21, 3, 'x')
    """

    def __init__(self, tally: SealedTally, many: Any, *, bits: Any = None, positive: bool = False) -> None:
        self.tally, self.many, self.bits, self.positive = tally, many, bits, positive

    def __bool__(self) -> bool:
        if not self.positive:
            raise TypeError("whether there is a turn cannot be told")
        return True

    def bit_length(self) -> "AnyNumber":
        """How many bits it is written in."""
        if self.bits is None:
            raise TypeError("how many bits a number of turns has cannot be told")
        return AnyNumber(self.tally, self.bits)

    def __iter__(self) -> Iterator[AnyTurn]:
        for _ in AnyLength(self.tally, self.many):
            yield AnyTurn()

    def each(self, make: Callable[[Any], Any]) -> AnyMany:
        """A list of what is made in each turn, by ``make``."""
        (thing,) = [make(j) for j in self]
        return AnyMany(self.tally, self.many, thing)

    def over(self, thing: Any) -> AnyMany:
        """A list of so many of a ``thing``."""
        return AnyMany(self.tally, self.many, thing)

    def fitted(self, value: Bits) -> "AnyBits":
        """A vector of so many bits, for one in another number of bits."""
        return AnyBits.of(self.tally, self.many)

    def __add__(self, more: Any) -> "AnyNumber":
        return AnyNumber(self.tally, self.many + term_of(more), bits=self.bits)

    def __sub__(self, fewer: int) -> "AnyNumber":
        return AnyNumber(self.tally, self.many - fewer)

    def __mod__(self, other: Any) -> int:
        return 0  # a constant of which only the width counts

    def __rlshift__(self, one: int) -> int:
        return one  # a constant of which only the width counts


def term_of(size: Any) -> Any:
    """A size as a term.

    >>> term_of(AnyNumber(SealedTally(), 7)), term_of(3)
    (7, 3)
    """
    return size.many if isinstance(size, AnyNumber) else size


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class AnyBits(Bits):
    """A vector of any width.

    Parameters
    ----------
    width : a term; builder, literals and text are those of :class:`constructions.computation.bits.Bits`.

    >>> tally = SealedTally()
    >>> a, b = AnyBits.of(tally, 4), AnyBits.of(tally, 4)
    >>> (a.choose(a, b) - b).width, tally.made, (a < b).width, tally.made
    (4, 48, 1, 64)
    """

    width: Any = 1

    @staticmethod
    def of(tally: Any, width: Any) -> "AnyBits":
        """A vector of so many bits."""
        return AnyBits(tally, AnyLength(tally, width), "any", width)  # type: ignore[arg-type]

    def _wide(self, width: Any) -> "AnyBits":
        return AnyBits.of(self.builder, width)

    def __len__(self) -> int:
        raise TypeError("the width of a vector of any width cannot be told")

    def __iter__(self) -> Iterator[Bits]:
        for _ in self.literals:
            yield self._wide(1)

    def _other(self, other: Any) -> Any:
        """The literals of the other operand, which is as wide: a vector, or a constant."""
        return other.literals if isinstance(other, AnyBits) else AnyLength(self._tally, self.width)

    @property
    def _tally(self) -> Any:
        return self.builder

    def _place_by_place(self, write: Callable[[Any, Any], Any], other: Any) -> "AnyBits":
        for a, b in zip(self.literals, self._other(other), strict=True):
            write(a, b)
        return self._wide(self.width)

    def __and__(self, other: Any) -> "AnyBits":
        return self._place_by_place(self.builder.both, other)

    def __or__(self, other: Any) -> "AnyBits":
        return self._place_by_place(self.builder.either, other)

    def __xor__(self, other: Any) -> "AnyBits":
        return self._place_by_place(self.builder.xor, other)

    def __invert__(self) -> "AnyBits":
        return self._wide(self.width)

    def __add__(self, other: Any) -> "AnyBits":
        arithmetic.added(self.builder, self._other(self), self._other(other))
        return self._wide(self.width)

    def __sub__(self, other: Any) -> "AnyBits":
        arithmetic.subtracted(self.builder, self._other(self), self._other(other))
        return self._wide(self.width)

    def __neg__(self) -> "AnyBits":
        return self._wide(self.width) - self

    def __mul__(self, other: Any) -> "AnyBits":
        self._tally.made = self._tally.made + operation_gates.product(self.width)  # by gates.product
        return self._wide(self.width)

    @property
    def places(self) -> AnyNumber:
        """Its width, as a number of turns."""
        return AnyNumber(self._tally, self.width)

    def __eq__(self, other: Any) -> "AnyBits":  # type: ignore[override]
        arithmetic.same(self.builder, self._other(self), self._other(other))
        return self._wide(1)

    def __lt__(self, other: Any) -> "AnyBits":
        arithmetic.less(self.builder, self._other(self), self._other(other))
        return self._wide(1)

    __gt__ = __lt__

    def any(self) -> "AnyBits":
        """Whether some bit is set."""
        self.builder.some(self.literals)
        return self._wide(1)

    def __getitem__(self, place: Any) -> "AnyBits":
        if not isinstance(place, slice):
            return self._wide(1)
        return self._wide(term_of(place.stop) if place.start is None else self.width - term_of(place.start))

    def extended(self, width: Any, *, signed: bool = False) -> "AnyBits":
        """The same number in a width, without a gate."""
        return self._wide(term_of(width))

    def joined(self, parts: Sequence[Bits]) -> "AnyBits":
        """Some vectors one after the other."""
        width: Any = 0
        for part in parts:
            width = width + width_of(part)
        return self._wide(width)

    def choose(self, yes: Any, no: Any) -> "AnyBits":
        """One of two vectors, or constants, by this bit."""
        wide = yes if isinstance(yes, AnyBits) else no
        arithmetic.chosen(self.builder, SealedLiteral(), wide._other(yes), wide._other(no))  # type: ignore[arg-type]
        return self._wide(wide.width)


class CountedCircuit:
    """A circuit of which the number of gates is known, a term; its outputs are divided into vectors of any widths.

    >>> design = AnyDesign()
    >>> widths = [AnyNumber(design.tally, 2)]
    >>> [vector.width for vector in CountedCircuit(9).copied(design, widths)], design.tally.made
    ([2], 9)
    """

    def __init__(self, gates: Number) -> None:
        self.gates = gates
        self.outputs = ("prediction",)

    def copied(self, design: "AnyDesign", widths: Any) -> Any:
        """Count a copy in a design, and return vectors of these widths."""
        tally: Any = design.tally
        tally.made = tally.made + self.gates
        if isinstance(widths, AnyMany):
            return AnyMany(tally, widths.many, AnyBits.of(tally, term_of(widths.thing)))
        return [AnyBits.of(tally, term_of(width)) for width in widths]


class AnyDesign(Design):
    """A design of which only the gates are counted, with vectors of any widths.

    >>> design = AnyDesign()
    >>> state = design.state("state", AnyNumber(design.tally, 5))
    >>> design.becomes(state, state + design.constant(1, AnyNumber(design.tally, 5)))
    >>> design.output("state", state)
    >>> design.tally.made
    45
    """

    def __init__(self) -> None:
        super().__init__()
        self.builder = self.tally = SealedTally()

    def input(self, name: str, width: Any = 1) -> Bits:
        """A vector of any width."""
        return AnyBits.of(self.tally, term_of(width))

    def constant(self, value: int, width: Any) -> Bits:
        """A constant of any width."""
        return AnyBits.of(self.tally, term_of(width))

    def state(self, name: str, width: Any = 1, *, start: int | None = 0) -> Bits:
        """A state of any width."""
        return AnyBits.of(self.tally, term_of(width))

    def becomes(self, state: Bits, value: Bits | int) -> None:
        """Nothing: no gate is written for what a state becomes."""

    def output(self, name: str, value: Bits) -> None:
        """Nothing: no gate is written for an output."""


OPERATORS: tuple[tuple[str, Callable[[AnyBits, AnyBits], Any], Callable[[Number], Number]], ...] = (
    ("a & b", lambda a, b: a & b, lambda width: width * GATE),
    ("a | b", lambda a, b: a | b, lambda width: width * GATE),
    ("a ^ b", lambda a, b: a ^ b, lambda width: width * XOR),
    ("~a", lambda a, b: ~a, lambda width: 0 * width),
    ("-a", lambda a, b: -a, operation_gates.added),
    ("bit by bit", lambda a, b: [bit & bit for bit in a], lambda width: width * GATE),
    ("a choice", lambda a, b: a[-1].choose(a, b), operation_gates.chosen),
    ("any", lambda a, b: a.any(), lambda width: GATE + 0 * width),
    ("a == b", lambda a, b: a == b, operation_gates.same),
    ("a < b", lambda a, b: a < b, operation_gates.less),
)


@obligation("gates.operators", paper="Lemma 10", of=lambda case: 0, twin=lambda case: 1)
def operators_of_any_width_are_counted(more: int, case: Case) -> None:
    """For every width: the operators on vectors of this width, run on literals of which they can learn nothing, write
    as many gates as the formulas say."""
    width = case.integer("width")
    case.assume(width >= 1)
    for name, write, formula in OPERATORS:
        tally = SealedTally()
        write(AnyBits.of(tally, width), AnyBits.of(tally, width))
        case.show(name, tally.made + more == formula(width))
