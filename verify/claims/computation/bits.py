"""Vectors of bits: every operator is its specification at every small width, all values at once by z3."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from constructions.computation import arithmetic
from constructions.computation.bits import Bits, concat, mux, select
from constructions.computation.builder import FALSE, Builder
from constructions.computation.design import Design, places
from constructions.computation.flat import FlatCircuit
from constructions.foundations.logic import every
from constructions.foundations.terms import TruthTerm
from verify.obligations.case import Case
from verify.obligations.obligation import Claim, Obligation, registry
from verify.obligations.verdict import Verdict
from verify.obligations.words import (
    AnyWord,
    below,
    bit_of,
    choice,
    constant,
    extended,
    shifted_right,
    signed_below,
    width_of,
    word,
)

Make: TypeAlias = Callable[..., Bits]
Specification: TypeAlias = Callable[..., Any]
SQUARES = [0, 1, 4, 9, 16, 25]


def two(n: int) -> dict[str, int]:
    """Two vectors of one width."""
    return {"a": n, "b": n}


def one(n: int) -> dict[str, int]:
    """One vector."""
    return {"a": n}


def uneven(n: int) -> dict[str, int]:
    """Two vectors of different widths."""
    return {"a": n, "b": n // 2 + 1}


def shift(n: int) -> dict[str, int]:
    """A vector and an amount that may reach beyond its end."""
    return {"a": n, "by": min(n, n.bit_length())}


def choosing(n: int) -> dict[str, int]:
    """A condition and two vectors."""
    return {"go": 1, "a": n, "b": n}


def reading(n: int) -> dict[str, int]:
    """An index of n bits and one entry less than it reaches."""
    return {"index": n, **{f"entry{i}": 2 for i in range(2**n - 1)}}


@dataclass(frozen=True)
class Operator:
    """An operator, what it is to compute, and vectors on which to try it."""

    make: Make
    specification: Specification
    inputs: Callable[[int], dict[str, int]]
    widths: int

    def circuit(self, n: int) -> FlatCircuit:
        """The operator's own circuit at width n, with the output ``out``."""
        design = Design()
        design.output("out", self.make(**{name: design.input(name, width) for name, width in self.inputs(n).items()}))
        return design.circuit()


def agrees(operator: Operator, case: Case) -> None:
    """State that an operator's circuit is its specification at each width."""
    for n in range(1, operator.widths + 1):
        given = operator.inputs(n)
        bits = {name: [case.bit(place) for place in places(name, width)] for name, width in given.items()}
        inputs = {
            place: bit
            for name, width in given.items()
            for place, bit in zip(places(name, width), bits[name], strict=True)
        }
        found = list(case.circuit(operator.circuit(n), inputs).values())
        wanted = operator.specification(**{name: word(parts) for name, parts in bits.items()})
        right = (
            word(found) == choice(wanted, word([True]), word([False])) if is_formula(wanted) else word(found) == wanted
        )
        case.show(f"width {n}", every(right))


def is_formula(wanted: Any) -> bool:
    """Whether a specification gives a truth value, not a word."""
    return isinstance(wanted, bool | TruthTerm)


def swapped(builder: Builder, a: int, b: int, carry: int) -> tuple[int, int]:
    """A full adder whose outputs have changed places."""
    total, out = arithmetic.full_adder(builder, a, b, carry)
    return out, total


def add_swapped(a: Bits, b: Bits) -> Bits:
    """a + b of cells with swapped outputs."""
    return Bits(
        a.builder, tuple(arithmetic.added(a.builder, list(a.literals), list(b.literals), cell=swapped)[0]), "wrong"
    )


def without_borrow(a: Bits, b: Bits) -> Bits:
    """a - b whose first carry was forgotten."""
    total, _ = arithmetic.added(a.builder, list(a.literals), arithmetic.complement(list(b.literals)), FALSE)
    return Bits(a.builder, tuple(total), "wrong")


def total_of(a: AnyWord) -> AnyWord:
    """The bits of a word, added one after the other."""
    zero = extended(constant(0, a), max(width_of(a), width_of(a).bit_length()))
    total = zero
    for i in range(width_of(a)):
        total = total + choice(bit_of(a, i), constant(1, zero), zero)
    return total


def odd(a: AnyWord) -> AnyWord:
    """Whether the number of set bits is odd."""
    return bit_of(total_of(a), 0)


def entry(index: AnyWord, **entries: AnyWord) -> AnyWord:
    """The entry at the index, 0 beyond the end."""
    found = constant(0, entries["entry0"])
    for i, value in enumerate(entries.values()):
        found = choice(index == constant(i, index), value, found)
    return found


def square(a: AnyWord) -> AnyWord:
    """a * a for a up to 5, else 0, in five places."""
    wide = extended(a, 5)
    return choice(below(a, constant(6, a)) if width_of(a) > 2 else wide == wide, wide * wide, constant(0, wide))


def sign_filled(a: AnyWord, by: AnyWord) -> AnyWord:
    """Shifted to lower places in two's complement."""
    amount = extended(by, width_of(a))
    return choice(signed_below(a, constant(0, a)), ~shifted_right(~a, amount), shifted_right(a, amount))


def _wide(operation: Callable[[AnyWord, AnyWord], AnyWord], more: Callable[[AnyWord, AnyWord], int]) -> Specification:
    return lambda a, b: operation(extended(a, more(a, b)), extended(b, more(a, b)))


def _no(formula: Any) -> Any:
    return choice(formula, word([False]), word([True]))


OPERATORS: Mapping[str, tuple[str, Callable[[int], dict[str, int]], int, Make, Make, Specification]] = {
    "and": ("a & b is the bitwise AND", two, 8, lambda a, b: a & b, lambda a, b: a | b, lambda a, b: a & b),
    "or": ("a | b is the bitwise OR", two, 8, lambda a, b: a | b, lambda a, b: a ^ b, lambda a, b: a | b),
    "xor": ("a ^ b is the bitwise XOR", two, 8, lambda a, b: a ^ b, lambda a, b: a | b, lambda a, b: a ^ b),
    "not": ("~a is the bitwise complement", one, 8, lambda a: ~a, lambda a: -a, lambda a: ~a),
    "add": ("a + b is the sum modulo 2^n", two, 8, lambda a, b: a + b, add_swapped, lambda a, b: a + b),
    "sub": ("a - b is the difference modulo 2^n", two, 8, lambda a, b: a - b, without_borrow, lambda a, b: a - b),
    "neg": ("-a is 2^n - a modulo 2^n", one, 8, lambda a: -a, lambda a: ~a, lambda a: -a),
    "increment": (
        "a + 1 with an int is the successor modulo 2^n",
        one,
        8,
        lambda a: a + 1,
        lambda a: a - 1,
        lambda a: a + constant(1, a),
    ),
    "plus": (
        "a.plus(b) is the exact sum in n + 1 bits",
        two,
        8,
        lambda a, b: a.plus(b),
        lambda a, b: (a + b).extended(len(a) + 1),
        _wide(lambda a, b: a + b, lambda a, b: width_of(a) + 1),
    ),
    "mul": (
        "a * b is the product modulo 2^n",
        two,
        6,
        lambda a, b: a * b,
        lambda a, b: a * (b + 1),
        lambda a, b: a * b,
    ),
    "times": (
        "a.times(b) is the exact product in n + m bits",
        uneven,
        5,
        lambda a, b: a.times(b),
        lambda a, b: a.times(b ^ 1),
        _wide(lambda a, b: a * b, lambda a, b: width_of(a) + width_of(b)),
    ),
    "eq": ("a == b is equality", two, 8, lambda a, b: a == b, lambda a, b: a <= b, lambda a, b: a == b),
    "ne": ("a != b is inequality", two, 8, lambda a, b: a != b, lambda a, b: a == b, lambda a, b: _no(a == b)),
    "lt": ("a < b is less, unsigned", two, 8, lambda a, b: a < b, lambda a, b: a <= b, below),
    "le": (
        "a <= b is at most, unsigned",
        two,
        8,
        lambda a, b: a <= b,
        lambda a, b: a < b,
        lambda a, b: _no(below(b, a)),
    ),
    "gt": ("a > b is greater, unsigned", two, 8, lambda a, b: a > b, lambda a, b: a >= b, lambda a, b: below(b, a)),
    "ge": (
        "a >= b is at least, unsigned",
        two,
        8,
        lambda a, b: a >= b,
        lambda a, b: a > b,
        lambda a, b: _no(below(a, b)),
    ),
    "signed_less": (
        "a.signed_less(b) is less in two's complement",
        two,
        8,
        lambda a, b: a.signed_less(b),
        lambda a, b: a < b,
        signed_below,
    ),
    "signed_more": (
        "a.signed_more(b) is greater in two's complement",
        two,
        8,
        lambda a, b: a.signed_more(b),
        lambda a, b: a > b,
        lambda a, b: signed_below(b, a),
    ),
    "signed_at_least": (
        "a.signed_at_least(b) is at least in two's complement",
        two,
        8,
        lambda a, b: a.signed_at_least(b),
        lambda a, b: a.signed_more(b),
        lambda a, b: _no(signed_below(a, b)),
    ),
    "signed_at_most": (
        "a.signed_at_most(b) is at most in two's complement",
        two,
        8,
        lambda a, b: a.signed_at_most(b),
        lambda a, b: a.signed_less(b),
        lambda a, b: _no(signed_below(b, a)),
    ),
    "shl": (
        "a << by shifts to higher places, zeros coming in, all out beyond the width",
        shift,
        8,
        lambda a, by: a << by,
        lambda a, by: a << by[:1],
        lambda a, by: a << extended(by, width_of(a)),
    ),
    "shr": (
        "a >> by shifts to lower places, zeros coming in",
        shift,
        8,
        lambda a, by: a >> by,
        lambda a, by: a.signed_right(by),
        lambda a, by: shifted_right(a, extended(by, width_of(a))),
    ),
    "signed_right": (
        "a.signed_right(by) shifts to lower places, the sign coming in",
        shift,
        8,
        lambda a, by: a.signed_right(by),
        lambda a, by: a >> by,
        sign_filled,
    ),
    "extended": (
        "a.extended(n + 3) is the same unsigned number",
        one,
        8,
        lambda a: a.extended(len(a) + 3),
        lambda a: a.extended(len(a) + 3, signed=True),
        lambda a: extended(a, width_of(a) + 3),
    ),
    "signed_extended": (
        "a.extended(n + 3, signed=True) is the same signed number",
        one,
        8,
        lambda a: a.extended(len(a) + 3, signed=True),
        lambda a: a.extended(len(a) + 3),
        lambda a: extended(a, width_of(a) + 3, signed=True),
    ),
    "concat": (
        "concat(a, b) is a + 2^n b",
        uneven,
        8,
        lambda a, b: concat(a, b),
        lambda a, b: concat(b, a),
        lambda a, b: extended(a, width_of(a) + width_of(b)) + (extended(b, width_of(a) + width_of(b)) << width_of(a)),
    ),
    "mux": (
        "mux(go, a, b) is a where go is set, else b",
        choosing,
        8,
        lambda go, a, b: mux(go, a, b),
        lambda go, a, b: mux(go, b, a),
        lambda go, a, b: choice(go == constant(1, go), a, b),
    ),
    "select": (
        "select(index, entries) is the entry at the index, 0 beyond the end",
        reading,
        4,
        lambda index, **entries: select(index, list(entries.values())),
        lambda index, **entries: select(index ^ 1, list(entries.values())),
        entry,
    ),
    "table": (
        "select(index, ints, width) is the number of a constant table at the index, 0 beyond the end",
        one,
        5,
        lambda a: select(a, SQUARES[: 2 ** len(a)], width=5),
        lambda a: select(a, SQUARES[: 2 ** len(a)][::-1], width=5),
        square,
    ),
    "count": (
        "a.count() is the number of set bits",
        one,
        8,
        lambda a: a.count().extended(max(len(a), len(a).bit_length())),
        lambda a: (a ^ 1).count().extended(max(len(a), len(a).bit_length())),
        total_of,
    ),
    "all": (
        "a.all() says that every bit is set",
        one,
        8,
        lambda a: a.all(),
        lambda a: a.any(),
        lambda a: ~a == constant(0, a),
    ),
    "any": (
        "a.any() says that some bit is set",
        one,
        8,
        lambda a: a.any(),
        lambda a: a.all(),
        lambda a: _no(a == constant(0, a)),
    ),
    "parity": (
        "a.parity() says that an odd number of bits is set",
        one,
        8,
        lambda a: a.parity(),
        lambda a: a.any(),
        odd,
    ),
}


def _subject(operator: Operator) -> Callable[[Case], Operator]:
    return lambda case: operator


def _claim(statement: str) -> Claim:
    """The claim about one operator, with its statement as docstring."""

    def operator_is_its_specification(operator: Operator, case: Case) -> None:
        agrees(operator, case)

    operator_is_its_specification.__doc__ = (
        f"For each width n of the finite case and all values of the operands, in the language of circuits {statement}."
    )
    return operator_is_its_specification


for _name, (_statement, _inputs, _widths, _make, _wrong, _specification) in OPERATORS.items():
    registry().add(
        Obligation(
            id=f"bits.{_name}.width",
            paper="circuits",
            claim=_claim(_statement),
            finite=f"widths 1 to {_widths}",
            expect=Verdict.CHECKED,
            of=_subject(Operator(_make, _specification, _inputs, _widths)),
            twin=_subject(Operator(_wrong, _specification, _inputs, _widths)),
        )
    )
