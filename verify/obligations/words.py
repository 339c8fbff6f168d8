"""Words: fixed numbers of bits read as numbers, for what the operators of a circuit are to compute.

A word of formulas is a ``WordTerm``, which a prover takes as a bit-vector; a word of truth values is a ``Word``, an int
with a width. The same specification serves both: +, -, *, &, |, ^, ~, <<, >> (logical), == and the functions below, all
modulo 2^width.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, TypeAlias

from constructions.errors import ConstructionError
from constructions.foundations.evaluation import RULES, Rule
from constructions.foundations.logic import Formula, every
from constructions.foundations.refusals import described, refusal
from constructions.foundations.rendering import render
from constructions.foundations.terms import Term, TruthTerm, formula, node

AnyWord: TypeAlias = Any  # Word | WordTerm


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """An int from 0 to 2^width - 1; ints beside it are taken modulo 2^width, as beside a word of formulas.

    Raises
    ------
    ConstructionError
        For anything but an int that the width holds.

    >>> Word(6, 3) + 3, -Word(1, 3), Word(5, 3).signed, Word(5, 3) == -3
    (Word(value=1, width=3), Word(value=7, width=3), -3, True)
    """

    value: int
    width: int
    __array_ufunc__ = None

    def __post_init__(self) -> None:
        if type(self.value) is not int or type(self.width) is not int or not 0 <= self.value < 2 ** max(self.width, 0):
            raise refusal(
                f"need a word of a width and an int that it can hold, got {described(self.value)} and {self.width!r}"
            )

    def _beside(self, other: Any) -> int:
        """The value of what stands beside, an int or a word of the same width."""
        if type(other) is int:
            return other
        if not isinstance(other, Word):
            raise refusal(f"need words and ints beside a word, got {described(other)}")
        if other.width != self.width:
            raise ConstructionError(f"need words of one width, got {self.width} and {other.width}")
        return other.value

    def _with(self, other: Any, operation: Callable[[int, int], int]) -> "Word":
        if isinstance(other, WordTerm):
            return NotImplemented  # type: ignore[no-any-return]
        return Word(operation(self.value, self._beside(other)) % 2**self.width, self.width)

    def __add__(self, other: Any) -> "Word":
        return self._with(other, lambda a, b: a + b)

    def __sub__(self, other: Any) -> "Word":
        return self._with(other, lambda a, b: a - b)

    def __rsub__(self, other: Any) -> "Word":
        return self._with(other, lambda a, b: b - a)

    def __mul__(self, other: Any) -> "Word":
        return self._with(other, lambda a, b: a * b)

    def __and__(self, other: Any) -> "Word":
        return self._with(other, lambda a, b: a & b)

    def __or__(self, other: Any) -> "Word":
        return self._with(other, lambda a, b: a | b)

    def __xor__(self, other: Any) -> "Word":
        return self._with(other, lambda a, b: a ^ b)

    __radd__, __rmul__, __rand__, __ror__, __rxor__ = __add__, __mul__, __and__, __or__, __xor__

    def __lshift__(self, other: Any) -> "Word":
        return self._with(self._places(other), lambda a, b: a << b if b < self.width else 0)

    def __rlshift__(self, other: Any) -> "Word":
        return _word(other, self.width) << self

    def __rshift__(self, other: Any) -> "Word":
        return self._with(self._places(other), lambda a, b: a >> b)

    def __rrshift__(self, other: Any) -> "Word":
        return _word(other, self.width) >> self

    def _places(self, other: Any) -> Any:
        if type(other) is int and other < 0:
            raise refusal(f"need a shift by 0 or more places, got {other}, at {self}")
        return other

    def __invert__(self) -> "Word":
        return Word(2**self.width - 1 - self.value, self.width)

    def __neg__(self) -> "Word":
        return Word(-self.value % 2**self.width, self.width)

    def __eq__(self, other: Any) -> bool:
        if isinstance(other, WordTerm):
            return NotImplemented
        return self.value == self._beside(other) % 2**self.width  # type: ignore[no-any-return]

    def __hash__(self) -> int:
        return hash((self.value, self.width))

    def _no_number(self, *_: Any) -> NoReturn:
        raise refusal(f"need below() or signed_below() for words, and no numbers made of them, got {self}")

    __lt__ = __le__ = __gt__ = __ge__ = __bool__ = __int__ = __index__ = __float__ = __truediv__ = __floordiv__ = (
        __mod__
    ) = _no_number
    __pow__ = __rtruediv__ = __rfloordiv__ = __rmod__ = __rpow__ = __abs__ = __matmul__ = __rmatmul__ = __divmod__ = (
        _no_number
    )
    __rdivmod__ = __pos__ = __complex__ = __round__ = __trunc__ = __floor__ = __ceil__ = _no_number

    @property
    def signed(self) -> int:
        """The value in two's complement."""
        top: int = 2**self.width
        return self.value - top * (self.value >> (self.width - 1))


class WordTerm(Term):
    """A word of formulas.

    >>> from constructions.foundations.terms import TRUTH, variable
    >>> word([variable("p", TRUTH), True]) + 1
    word+[2](word[2](p, true), word#[(1, 2)]())
    """

    __slots__ = ()

    def _with(self, op: str, other: Any, *, swapped: bool = False) -> "WordTerm":
        right = self._beside(other)
        return _word_node(op, (right, self) if swapped else (self, right), self.width)

    @property
    def width(self) -> int:
        """How many bits it has."""
        return int(self.data[-1]) if isinstance(self.data, tuple) else int(self.data)

    def __add__(self, other: Any) -> "WordTerm":
        return self._with("word+", other)

    def __radd__(self, other: Any) -> "WordTerm":
        return self._with("word+", other, swapped=True)

    def __sub__(self, other: Any) -> "WordTerm":
        return self._with("word-", other)

    def __rsub__(self, other: Any) -> "WordTerm":
        return self._with("word-", other, swapped=True)

    def __mul__(self, other: Any) -> "WordTerm":
        return self._with("word*", other)

    def __rmul__(self, other: Any) -> "WordTerm":
        return self._with("word*", other, swapped=True)

    def __and__(self, other: Any) -> "WordTerm":
        return self._with("word&", other)

    def __rand__(self, other: Any) -> "WordTerm":
        return self._with("word&", other, swapped=True)

    def __or__(self, other: Any) -> "WordTerm":
        return self._with("word|", other)

    def __ror__(self, other: Any) -> "WordTerm":
        return self._with("word|", other, swapped=True)

    def __xor__(self, other: Any) -> "WordTerm":
        return self._with("word^", other)

    def __rxor__(self, other: Any) -> "WordTerm":
        return self._with("word^", other, swapped=True)

    def __lshift__(self, other: Any) -> "WordTerm":
        return self._with("word<<", self._places(other))

    def __rlshift__(self, other: Any) -> "WordTerm":
        return self._with("word<<", other, swapped=True)

    def __rshift__(self, other: Any) -> "WordTerm":
        return self._with("word>>", self._places(other))

    def __rrshift__(self, other: Any) -> "WordTerm":
        return self._with("word>>", other, swapped=True)

    def _places(self, other: Any) -> Any:
        """How far to shift; an int stays what it is, and does not wrap around."""
        if type(other) is int and other < 0:
            raise refusal(f"need a shift by 0 or more places, got {other}, at {render(self, 80)}")
        return min(other, self.width) if type(other) is int else other

    def __invert__(self) -> "WordTerm":
        return _word_node("word~", (self,), self.width)

    def __neg__(self) -> "WordTerm":
        return _word_node("wordneg", (self,), self.width)

    def __eq__(self, other: Any) -> TruthTerm:  # type: ignore[override]
        return node(TruthTerm, "word==", (self, self._beside(other)))  # type: ignore[no-any-return]

    def __ne__(self, other: Any) -> TruthTerm:  # type: ignore[override]
        return node(TruthTerm, "not", (self == other,))  # type: ignore[no-any-return]

    def _beside(self, other: Any) -> "WordTerm":
        right = _term(other, self.width)
        if right.width != self.width:
            raise ConstructionError(f"need words of one width, got {self.width} and {right.width}")
        return right

    __hash__ = Term.__hash__

    def _no_number(self, *_: Any) -> NoReturn:
        raise refusal(f"need below() or signed_below() for words, and no numbers made of them, got {render(self, 80)}")

    __lt__ = __le__ = __gt__ = __ge__ = __bool__ = __int__ = __index__ = __float__ = __truediv__ = __floordiv__ = (
        __mod__
    ) = _no_number
    __pow__ = __rtruediv__ = __rfloordiv__ = __rmod__ = __rpow__ = __abs__ = __matmul__ = __rmatmul__ = __divmod__ = (
        _no_number
    )
    __rdivmod__ = __pos__ = __complex__ = __round__ = __trunc__ = __floor__ = __ceil__ = _no_number


def _word_node(op: str, args: tuple[Term, ...], data: Any) -> WordTerm:
    return node(WordTerm, op, args, data)  # type: ignore[no-any-return]


def _term(value: Any, width: int) -> WordTerm:
    """A word, or an int modulo 2^width, as a term."""
    if isinstance(value, WordTerm):
        return value
    if isinstance(value, Word):
        return _word_node("word#", (), (value.value, value.width))
    if type(value) is int:
        return _word_node("word#", (), (value % 2**width, width))
    raise refusal(f"need words and ints beside a word, got {described(value)}")


def word(bits: Sequence[Formula]) -> AnyWord:
    """The word whose bits these are, least first. Raises ConstructionError for no bits, or a bit that is no truth
    value.

    >>> word([True, False, True])
    Word(value=5, width=3)
    """
    if not bits:
        raise ConstructionError("need at least one bit in a word, got none")
    parts = tuple(formula(bit, where="a bit of a word") for bit in bits)
    if not any(isinstance(bit, TruthTerm) for bit in bits):
        return Word(sum(2**i for i, bit in enumerate(bits) if bit), len(bits))
    return _word_node("word", parts, len(bits))


def constant(value: int, like: AnyWord) -> AnyWord:
    """A number as a word of the width of another. Raises ConstructionError for a value that is no int.

    >>> constant(-1, Word(5, 3))
    Word(value=7, width=3)
    """
    if type(value) is not int:
        raise refusal(f"need an int for a word, got {described(value)}")
    return _alike(like, value)[1]


def width_of(a: AnyWord) -> int:
    """How many bits a word has. Raises ConstructionError for anything else.

    >>> width_of(Word(5, 3))
    3
    """
    if not isinstance(a, Word | WordTerm):
        raise refusal(f"need a word, got {described(a)}")
    return a.width


def _word(value: Any, width: int) -> Word:
    """An int modulo 2^width."""
    if type(value) is not int:
        raise refusal(f"need words and ints beside a word, got {described(value)}")
    return Word(value % 2**width, width)


def _alike(*words: AnyWord) -> tuple[AnyWord, ...]:
    """Words of one width, and ints beside them: all as words of formulas if one is, else all as words of truth
    values."""
    width = width_of(next((word for word in words if isinstance(word, Word | WordTerm)), words[0]))
    if any(isinstance(word, WordTerm) for word in words):
        found: tuple[AnyWord, ...] = tuple(_term(word, width) for word in words)
    else:
        found = tuple(word if isinstance(word, Word) else _word(word, width) for word in words)
    other = next((word.width for word in found if word.width != width), width)
    if other != width:
        raise ConstructionError(f"need words of one width, got {width} and {other}")
    return found


def below(a: AnyWord, b: AnyWord) -> Formula:
    """a < b as unsigned numbers. Raises ConstructionError for words of different widths.

    >>> below(Word(1, 3), Word(6, 3)), signed_below(Word(1, 3), Word(6, 3))
    (True, False)
    """
    a, b = _alike(a, b)
    return a.value < b.value if isinstance(a, Word) else node(TruthTerm, "word<", (a, b))


def signed_below(a: AnyWord, b: AnyWord) -> Formula:
    """a < b in two's complement. Raises ConstructionError for words of different widths."""
    a, b = _alike(a, b)
    return a.signed < b.signed if isinstance(a, Word) else node(TruthTerm, "signed<", (a, b))


def shifted_right(a: AnyWord, by: AnyWord) -> AnyWord:
    """a shifted right by as many places as the word ``by`` says, zeros coming in.

    >>> shifted_right(Word(13, 4), Word(2, 4))
    Word(value=3, width=4)
    """
    width_of(a)
    return a >> by


def extended(a: AnyWord, width: int, *, signed: bool = False) -> AnyWord:
    """The same number as ``a`` in ``width`` bits, at least as many: zeros on top, or copies of the top bit if
    ``signed``. Raises ConstructionError for fewer bits.

    >>> extended(Word(5, 3), 4), extended(Word(5, 3), 4, signed=True)
    (Word(value=5, width=4), Word(value=13, width=4))
    """
    if type(width) is not int or width < width_of(a):
        raise refusal(f"need a width of at least {width_of(a)}, got {width!r}")
    if isinstance(a, Word):
        return Word((a.signed if signed else a.value) % 2**width, width)
    return a if width == a.width else _word_node("signed extended" if signed else "extended", (a,), width)


def bit_of(a: AnyWord, i: int) -> Formula:
    """Bit i of a word. Raises ConstructionError for a bit that it does not have.

    >>> bit_of(Word(5, 3), 1)
    False
    """
    if type(i) is not int or not 0 <= i < width_of(a):
        raise refusal(f"need a bit from 0 to {width_of(a) - 1}, got {i!r}")
    return bool(a.value >> i & 1) if isinstance(a, Word) else node(TruthTerm, "bit", (a,), i)


def choice(condition: Formula, yes: AnyWord, no: AnyWord) -> AnyWord:
    """``yes`` where the condition holds, else ``no``. Raises ConstructionError for words of different widths.

    >>> choice(True, Word(5, 3), Word(0, 3))
    Word(value=5, width=3)
    """
    yes, no = _alike(yes, no)
    if isinstance(condition, TruthTerm):
        yes, no = _term(yes, yes.width), _term(no, no.width)
        return _word_node("word if", (condition, yes, no), yes.width)
    return yes if every(condition) else no


WORD_RULES: dict[str, Rule] = RULES | {
    "word": lambda a, part: Word(sum(2**i for i, bit in enumerate(a) if bit), len(a)),
    "word#": lambda a, part: Word(*part.data),
    "word+": lambda a, part: a[0] + a[1],
    "word-": lambda a, part: a[0] - a[1],
    "word*": lambda a, part: a[0] * a[1],
    "word&": lambda a, part: a[0] & a[1],
    "word|": lambda a, part: a[0] | a[1],
    "word^": lambda a, part: a[0] ^ a[1],
    "word<<": lambda a, part: a[0] << a[1],
    "word>>": lambda a, part: a[0] >> a[1],
    "word~": lambda a, part: ~a[0],
    "wordneg": lambda a, part: -a[0],
    "word if": lambda a, part: a[1] if a[0] else a[2],
    "word==": lambda a, part: a[0].value == a[1].value,
    "word<": lambda a, part: below(a[0], a[1]),
    "signed<": lambda a, part: signed_below(a[0], a[1]),
    "extended": lambda a, part: extended(a[0], part.data),
    "signed extended": lambda a, part: extended(a[0], part.data, signed=True),
    "bit": lambda a, part: bit_of(a[0], part.data),
}
"""What the operations of words mean, beside those of numbers and formulas."""
