"""Words: fixed numbers of bits read as numbers, for what the operators of a circuit are to compute.

A word of formulas is a z3 bit-vector; a word of truth values is a ``Word``, an int with a width. The same specification
serves both: +, -, *, &, |, ^, ~, <<, >> (logical), == and the functions below, all modulo 2^width.
"""
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import z3

from constructions.errors import ConstructionError
from constructions.foundations.logic import Formula

AnyWord: TypeAlias = Any  # Word | z3.BitVecRef


@dataclass(frozen=True, slots=True)
class Word:
    """An int from 0 to 2^width - 1.

    >>> Word(6, 3) + 3, -Word(1, 3), Word(5, 3).signed
    (Word(value=1, width=3), Word(value=7, width=3), -3)
    """

    value: int
    width: int

    def _with(self, other: "Word | int", operation: Callable[[int, int], int]) -> "Word":
        right = other if isinstance(other, int) else other.value
        if isinstance(other, Word) and other.width != self.width:
            raise ConstructionError(f"need words of one width, got {self.width} and {other.width}")
        return Word(operation(self.value, right) % 2**self.width, self.width)

    def __add__(self, other: "Word | int") -> "Word":
        return self._with(other, lambda a, b: a + b)

    def __sub__(self, other: "Word | int") -> "Word":
        return self._with(other, lambda a, b: a - b)

    def __mul__(self, other: "Word | int") -> "Word":
        return self._with(other, lambda a, b: a * b)

    def __and__(self, other: "Word | int") -> "Word":
        return self._with(other, lambda a, b: a & b)

    def __or__(self, other: "Word | int") -> "Word":
        return self._with(other, lambda a, b: a | b)

    def __xor__(self, other: "Word | int") -> "Word":
        return self._with(other, lambda a, b: a ^ b)

    def __lshift__(self, other: "Word | int") -> "Word":
        return self._with(other, lambda a, b: a << b if b < self.width else 0)

    def __rshift__(self, other: "Word | int") -> "Word":
        return self._with(other, lambda a, b: a >> b)

    def __invert__(self) -> "Word":
        return Word(2**self.width - 1 - self.value, self.width)

    def __neg__(self) -> "Word":
        return Word(-self.value % 2**self.width, self.width)

    @property
    def signed(self) -> int:
        """The value in two's complement."""
        top: int = 2**self.width
        return self.value - top * (self.value >> (self.width - 1))


def word(bits: Sequence[Formula]) -> AnyWord:
    """The word whose bits these are, least first.

    >>> word([True, False, True])
    Word(value=5, width=3)
    """
    if not bits:
        raise ConstructionError("need at least one bit in a word, got none")
    if not any(isinstance(bit, z3.BoolRef) for bit in bits):
        return Word(sum(2**i for i, bit in enumerate(bits) if bit), len(bits))
    parts = [z3.If(_formula(bit), z3.BitVecVal(1, 1), z3.BitVecVal(0, 1)) for bit in reversed(bits)]
    return parts[0] if len(parts) == 1 else z3.Concat(*parts)


def constant(value: int, like: AnyWord) -> AnyWord:
    """A number as a word of the width of another."""
    return Word(value % 2**like.width, like.width) if isinstance(like, Word) else z3.BitVecVal(value, like.size())


def width_of(a: AnyWord) -> int:
    """How many bits a word has."""
    return a.width if isinstance(a, Word) else int(a.size())


def below(a: AnyWord, b: AnyWord) -> Formula:
    """a < b as unsigned numbers."""
    return a.value < b.value if isinstance(a, Word) else z3.ULT(a, b)


def signed_below(a: AnyWord, b: AnyWord) -> Formula:
    """a < b in two's complement."""
    return a.signed < b.signed if isinstance(a, Word) else a < b


def shifted_right(a: AnyWord, by: AnyWord) -> AnyWord:
    """a shifted right, zeros coming in."""
    return a >> by if isinstance(a, Word) else z3.LShR(a, by)


def extended(a: AnyWord, width: int, *, signed: bool = False) -> AnyWord:
    """The same number with more bits."""
    more = width - width_of(a)
    if more < 0:
        raise ConstructionError(f"need a width of at least {width_of(a)}, got {width}")
    if isinstance(a, Word):
        return Word((a.signed if signed else a.value) % 2**width, width)
    return z3.SignExt(more, a) if signed else z3.ZeroExt(more, a)


def bit_of(a: AnyWord, i: int) -> Formula:
    """Bit i of a word."""
    return bool(a.value >> i & 1) if isinstance(a, Word) else z3.Extract(i, i, a) == 1


def choice(condition: Formula, yes: AnyWord, no: AnyWord) -> AnyWord:
    """``yes`` where the condition holds, else ``no``."""
    if isinstance(condition, z3.BoolRef):
        return z3.If(condition, _vector(yes), _vector(no))
    return yes if condition else no


def _formula(bit: Formula) -> z3.BoolRef:
    return bit if isinstance(bit, z3.BoolRef) else z3.BoolVal(bool(bit))


def _vector(a: AnyWord) -> z3.BitVecRef:
    return z3.BitVecVal(a.value, a.width) if isinstance(a, Word) else a
