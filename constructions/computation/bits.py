"""Bits: circuits written in ordinary Python (Lemma 10's hypothesis, "computable in bounded time", by hand).

A design (``design.py``) hands out vectors, operators make gates, and the design ends as a circuit or as a machine. A
vector of n bits is a number from 0 to 2^n - 1, least bit first; +, -, * are modulo 2^n, <, <=, >, >= unsigned. An int
takes the width of the vector beside it and must fit. Every vector knows in a few words how it was made, and errors
quote them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from constructions.computation import arithmetic
from constructions.computation.arithmetic import Literals
from constructions.computation.builder import FALSE, TRUE, Builder
from constructions.errors import ConstructionError

LONGEST = 60
"""How many characters of the text of a vector are kept."""


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Bits:
    """A vector of literals of a design; a value. It has the ``builder`` of the design and, in ``text``, how it was
    made.

    Raises
    ------
    ConstructionError
        For a vector without bits; each operator, for vectors of different widths or designs and for an int that does
        not fit.

    >>> from constructions.computation.design import Design
    >>> design = Design()
    >>> a, b = design.input("a", 4), design.input("b", 4)
    >>> design.output("larger", mux(a < b, b, a))
    >>> design.output("sum", a.plus(b))
    >>> design.evaluate(a=9, b=12)
    {'larger': 12, 'sum': 21}
    >>> a + b[:3]  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need vectors of one width, got 4 bits of a and 3 bits of b[:3], at ...
    >>> a.times(b), a.operand(3, "a + 3"), a.signed_less(b), a.signed_at_most(-1), a.extended(6)
    (<(a times b): 8 bits>, <3: 4 bits>, <(a signed < b): 1 bit>, <(a signed <= -1): 1 bit>, <a.extended(6): 6 bits>)
    """

    builder: Builder
    literals: tuple[int, ...]
    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", _short(self.text))
        if not self.literals:
            raise ConstructionError(f"need at least one bit in a vector, got none, at {self.text}")

    def __repr__(self) -> str:
        return f"<{self.text}: {len(self)} bit{'s' * (len(self) > 1)}>"

    def __len__(self) -> int:
        return len(self.literals)

    def __iter__(self) -> Iterator["Bits"]:
        return (self._vector([literal], f"{self.text}[{i}]") for i, literal in enumerate(self.literals))

    def __bool__(self) -> bool:
        raise ConstructionError(
            f"need a number for a truth value, got a vector of a circuit, at {self.text}; use mux, & and |"
        )

    def __hash__(self) -> int:
        raise ConstructionError(f"need a value with a hash, got a vector of a circuit (== makes gates), at {self.text}")

    def _vector(self, literals: Sequence[int], text: str) -> "Bits":
        return Bits(self.builder, tuple(literals), text)

    def operand(self, other: "Bits | int", text: str, *, low: int | None = None, high: int | None = None) -> "Bits":
        """The other operand of what ``text`` says, as a vector as wide as this one; an int must be in low..high. Raises
        ConstructionError for another width or design, or an int outside."""
        if isinstance(other, int):
            other = constant(self.builder, other, len(self), low=low, high=high, text=_short(text))
        self._beside(other, text)
        if len(other) != len(self):
            got = f"{len(self)} bits of {self.text} and {len(other)} bits of {other.text}"
            raise ConstructionError(f"need vectors of one width, got {got}, at {_short(text)}")
        return other

    def _pair(
        self, other: "Bits | int", sign: str, *, low: int | None = 0, high: int | None = None
    ) -> tuple[Literals, Literals, str]:
        """Both operands and the text of the result."""
        text = f"({self.text} {sign} {text_of(other)})"
        return list(self.literals), list(self.operand(other, text, low=low, high=high).literals), text

    def _beside(self, other: object, text: str) -> None:
        if not isinstance(other, Bits):
            raise ConstructionError(f"need a vector or an int, got {other!r}, at {_short(text)}")
        if other.builder is not self.builder:
            raise ConstructionError(
                f"need vectors of one design, got {self.text} of one and {other.text} of another, at {_short(text)}"
            )

    def _arithmetic(self, other: "Bits | int", sign: str) -> tuple[Literals, Literals, str]:
        return self._pair(other, sign, low=None)

    # --- place by place

    def __and__(self, other: "Bits | int") -> "Bits":
        a, b, text = self._arithmetic(other, "&")
        return self._vector([*map(self.builder.both, a, b)], text)

    def __or__(self, other: "Bits | int") -> "Bits":
        a, b, text = self._arithmetic(other, "|")
        return self._vector([*map(self.builder.either, a, b)], text)

    def __xor__(self, other: "Bits | int") -> "Bits":
        a, b, text = self._arithmetic(other, "^")
        return self._vector([*map(self.builder.xor, a, b)], text)

    __rand__, __ror__, __rxor__ = __and__, __or__, __xor__

    def __invert__(self) -> "Bits":
        return self._vector(arithmetic.complement(list(self.literals)), f"~{self.text}")

    # --- numbers

    def __add__(self, other: "Bits | int") -> "Bits":
        a, b, text = self._arithmetic(other, "+")
        return self._vector(arithmetic.added(self.builder, a, b)[0], text)

    __radd__ = __add__

    def __sub__(self, other: "Bits | int") -> "Bits":
        a, b, text = self._arithmetic(other, "-")
        return self._vector(arithmetic.subtracted(self.builder, a, b)[0], text)

    def __rsub__(self, other: int) -> "Bits":
        return self.operand(other, f"({text_of(other)} - {self.text})") - self

    def __neg__(self) -> "Bits":
        a = list(self.literals)
        return self._vector(arithmetic.subtracted(self.builder, [FALSE] * len(a), a)[0], f"-{self.text}")

    def __mul__(self, other: "Bits | int") -> "Bits":
        a, b, text = self._arithmetic(other, "*")
        return self._vector(arithmetic.product(self.builder, a, b, len(a)), text)

    __rmul__ = __mul__

    def plus(self, other: "Bits | int") -> "Bits":
        """The sum, which with its last carry has one bit more than the longer operand."""
        a, b, text = self._pair(other, "plus")
        places, carry = arithmetic.added(self.builder, a, b)
        return self._vector([*places, carry], text)

    def times(self, other: "Bits | int") -> "Bits":
        """The whole product, as wide as both factors together; the factors may differ in width (an int has as many bits
        as it needs). Raises ConstructionError for a vector of another design."""
        text = f"({self.text} times {text_of(other)})"
        if isinstance(other, int):
            other = constant(self.builder, other, max(other.bit_length(), 1), low=0, text=_short(text))
        self._beside(other, text)
        places = arithmetic.product(self.builder, list(self.literals), list(other.literals), len(self) + len(other))
        return self._vector(places, text)

    # --- comparisons

    def __eq__(self, other: "Bits | int") -> "Bits":  # type: ignore[override]
        a, b, text = self._pair(other, "==")
        return self._vector([arithmetic.same(self.builder, a, b)], text)

    def __ne__(self, other: "Bits | int") -> "Bits":  # type: ignore[override]
        a, b, text = self._pair(other, "!=")
        return self._vector([arithmetic.same(self.builder, a, b) ^ 1], text)

    def __lt__(self, other: "Bits | int") -> "Bits":
        a, b, text = self._pair(other, "<")
        return self._vector([arithmetic.less(self.builder, a, b)], text)

    def __le__(self, other: "Bits | int") -> "Bits":
        a, b, text = self._pair(other, "<=")
        return self._vector([arithmetic.less(self.builder, a, b, equal=True)], text)

    def __gt__(self, other: "Bits | int") -> "Bits":
        a, b, text = self._pair(other, ">")
        return self._vector([arithmetic.less(self.builder, b, a)], text)

    def __ge__(self, other: "Bits | int") -> "Bits":
        a, b, text = self._pair(other, ">=")
        return self._vector([arithmetic.less(self.builder, b, a, equal=True)], text)

    def _signed(self, other: "Bits | int", sign: str) -> tuple[Literals, Literals, str]:
        """Both operands with the top bit negated: what was added, 2^(n-1), keeps the order and makes it unsigned."""
        half = 1 << len(self) - 1
        a, b, text = self._pair(other, sign, low=-half, high=half - 1)
        return [*a[:-1], a[-1] ^ 1], [*b[:-1], b[-1] ^ 1], text

    def signed_less(self, other: "Bits | int") -> "Bits":
        """self < other in two's complement."""
        a, b, text = self._signed(other, "signed <")
        return self._vector([arithmetic.less(self.builder, a, b)], text)

    def signed_at_most(self, other: "Bits | int") -> "Bits":
        """self <= other in two's complement."""
        a, b, text = self._signed(other, "signed <=")
        return self._vector([arithmetic.less(self.builder, a, b, equal=True)], text)

    def signed_more(self, other: "Bits | int") -> "Bits":
        """self > other in two's complement."""
        return ~self.signed_at_most(other)

    def signed_at_least(self, other: "Bits | int") -> "Bits":
        """self >= other in two's complement."""
        return ~self.signed_less(other)

    # --- places

    def __getitem__(self, place: "int | slice | Bits") -> "Bits":
        if isinstance(place, Bits):
            return select(place, list(self))
        text = f"{self.text}[{_slice(place) if isinstance(place, slice) else place}]"
        ends = (place.start, place.stop) if isinstance(place, slice) else (place, place if place < 0 else place + 1)
        if any(end is not None and not -len(self) <= end <= len(self) for end in ends):
            raise ConstructionError(f"need places within {len(self)} bits, got {text}")
        return self._vector(self.literals[place] if isinstance(place, slice) else [self.literals[place]], text)

    def extended(self, width: int, *, signed: bool = False) -> "Bits":
        """The same number in at least as many bits: zeros on top, or copies of the top bit if signed. Raises
        ConstructionError for a smaller width than it has."""
        text = f"{self.text}.extended({width}{', signed=True' * signed})"
        if width < len(self):
            raise ConstructionError(f"need a width of at least {len(self)}, got {width}, at {_short(text)}")
        return self._vector([*self.literals, *[self.literals[-1] if signed else FALSE] * (width - len(self))], text)

    def __lshift__(self, amount: "Bits | int") -> "Bits":
        return self._shifted(amount, "<<", FALSE, up=True)

    def __rshift__(self, amount: "Bits | int") -> "Bits":
        return self._shifted(amount, ">>", FALSE, up=False)

    def signed_right(self, amount: "Bits | int") -> "Bits":
        """Shifted to lower places, copies of the top bit coming in: rounds down in two's complement."""
        return self._shifted(amount, "signed >>", self.literals[-1], up=False)

    def _shifted(self, amount: "Bits | int", sign: str, fill: int, *, up: bool) -> "Bits":
        text = f"({self.text} {sign} {text_of(amount)})"
        if isinstance(amount, Bits):
            self._beside(amount, text)
            by = list(amount.literals)
        elif isinstance(amount, int) and amount >= 0:
            by = [TRUE if amount >> i & 1 else FALSE for i in range(amount.bit_length())]
        else:
            raise ConstructionError(f"need a vector or an int >= 0 to shift by, got {amount!r}, at {_short(text)}")
        places = list(self.literals) if up else list(reversed(self.literals))
        places = arithmetic.shifted(self.builder, places, by, fill=fill)
        return self._vector(places if up else places[::-1], text)

    # --- reductions

    def all(self) -> "Bits":
        """Whether every bit is set."""
        return self._vector([self.builder.every(self.literals)], f"{self.text}.all()")

    def any(self) -> "Bits":
        """Whether some bit is set."""
        return self._vector([self.builder.some(self.literals)], f"{self.text}.any()")

    def parity(self) -> "Bits":
        """Whether an odd number of bits is set."""
        return self._vector([arithmetic.parity(self.builder, list(self.literals))], f"{self.text}.parity()")

    def count(self) -> "Bits":
        """How many bits are set, in as many bits as their number needs."""
        return self._vector(arithmetic.counted(self.builder, list(self.literals)), f"{self.text}.count()")


def text_of(value: object) -> str:
    """How a vector was made, or an int.

    >>> text_of(constant(Builder(), 6, 4) & 5), text_of(5)
    ('(6 & 5)', '5')
    """
    return value.text if isinstance(value, Bits) else repr(value)


def _slice(place: slice) -> str:
    parts = [place.start, place.stop] + ([] if place.step is None else [place.step])
    return ":".join("" if part is None else str(part) for part in parts)


def constant(
    builder: Builder, value: int, width: int, *, low: int | None = None, high: int | None = None, text: str = ""
) -> Bits:
    """A number as a vector, if it is in low..high: at first all that the width can hold, unsigned or in two's
    complement.

    Parameters
    ----------
    builder : the circuit to which the vector belongs.
    value, width : the number, and how many bits it gets.
    low, high : the least and the greatest number that is taken.
    text : how it was written, for errors.

    Raises
    ------
    ConstructionError
        For a number that is not from ``low`` to ``high``.

    >>> [literal == TRUE for literal in constant(Builder(), 6, 4).literals]
    [False, True, True, False]
    """
    least, most = -(1 << width - 1) if low is None else low, (1 << width) - 1 if high is None else high
    if not least <= value <= most:
        where = text or f"constant({value}, {width})"
        raise ConstructionError(f"need an int from {least} to {most} for {width} bits, got {value}, at {where}")
    return Bits(builder, tuple(TRUE if value >> i & 1 else FALSE for i in range(width)), str(value))


def concat(*parts: Bits) -> Bits:
    """The vectors one after the other, the first in the lowest places. Raises ConstructionError for none, or vectors of
    several designs.

    >>> from constructions.computation.design import Design
    >>> design = Design()
    >>> design.output("both", concat(design.input("low", 2), design.input("high", 1)))
    >>> design.evaluate(low=1, high=1)
    {'both': 5}
    """
    text = f"concat({', '.join(map(text_of, parts))})"
    if not parts:
        raise ConstructionError("need at least one vector to join, got none, at concat()")
    for part in parts:
        parts[0]._beside(part, text)
    return Bits(parts[0].builder, tuple(literal for part in parts for literal in part.literals), text)


def mux(condition: Bits, yes: Bits | int, no: Bits | int) -> Bits:
    """``yes`` where the condition, one bit, holds, else ``no``. Raises ConstructionError for a condition of more bits
    and for values of different widths.

    >>> from constructions.computation.design import Design
    >>> design = Design()
    >>> design.output("y", mux(design.input("c"), 5, design.input("a", 3)))
    >>> design.evaluate(c=1, a=2), design.evaluate(c=0, a=2)
    ({'y': 5}, {'y': 2})
    """
    text = _short(f"mux({text_of(condition)}, {text_of(yes)}, {text_of(no)})")
    if not isinstance(condition, Bits):
        raise ConstructionError(f"need a vector of one bit as a condition, got {condition!r}, at {text}")
    if len(condition) != 1:
        raise ConstructionError(
            f"need one bit as a condition, got {len(condition)} bits of {condition.text}, at {text}"
        )
    first, second = _alike([yes, no], condition, text)
    return condition._vector(arithmetic.chosen(condition.builder, condition.literals[0], first, second), text)


def select(index: Bits, entries: Sequence[Bits | int], *, width: int | None = None) -> Bits:
    """The entry at an index, 0 where there is none; if all entries are ints (a read-only memory), give their width.
    Raises ConstructionError for no entries, more than the index can tell apart, or entries of different widths.

    >>> from constructions.computation.design import Design
    >>> design = Design()
    >>> design.output("square", select(design.input("n", 2), [0, 1, 4, 9], width=4))
    >>> design.evaluate(n=3)
    {'square': 9}
    """
    text = _short(f"select({text_of(index)}, {len(entries)} entries)")
    if not isinstance(index, Bits):
        raise ConstructionError(f"need a vector as an index, got {index!r}, at {text}")
    if not 1 <= len(entries) <= 1 << min(len(index), 62):
        raise ConstructionError(
            f"need 1 to {1 << len(index)} entries for {len(index)} bits of {index.text}, got {len(entries)}, at {text}"
        )
    rows = _alike(entries, index, text, width)
    return index._vector(arithmetic.selected(index.builder, rows, list(index.literals)), text)


def _alike(entries: Sequence[Bits | int], beside: Bits, text: str, width: int | None = None) -> list[Literals]:
    """The literals of vectors of one width; ints take it."""
    for entry in entries:
        if not isinstance(entry, int):
            beside._beside(entry, text)
            width = len(entry) if width is None else width
    if width is None:
        raise ConstructionError(f"need a vector among the values, or a width, got ints alone, at {text}")
    rows = []
    for entry in entries:
        if isinstance(entry, int):
            entry = constant(beside.builder, entry, width, text=text)
        if len(entry) != width:
            raise ConstructionError(
                f"need vectors of one width, got {width} bits and {len(entry)} bits of {entry.text}, at {text}"
            )
        rows.append(list(entry.literals))
    return rows
