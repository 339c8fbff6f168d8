"""Terms: the language in which claims are stated, for exact numbers and for truth.

A claim is one Python function that serves two readers. An evaluation calls it with rationals, and it computes; a
prover calls it with *terms*, and the same lines build what is to be proved. A term is a node of a syntax tree:
``2 * x + 1`` is a :class:`RealTerm`, which denotes a number, ``2 * x + 1 <= y`` a :class:`TruthTerm`, which is true or
false.

>>> def doubled(x):
...     return x + x == 2 * x
>>> doubled(Fraction(1, 3)), doubled(variable("x", REAL))
(True, x + x == 2*x)

*One object for each structure.* :func:`node` makes a term only if there is none of this operation with these arguments,
so a term that is used in a thousand places is translated once, and terms are compared by identity. A term that nobody
holds is forgotten. Terms do not change, and copies and pickles of a term are the term itself.

*Nothing foreign gets in.* A float, a number of numpy or ``decimal``, an object of sympy or z3 is refused by every
operator. So is a formula where Python wants a truth value at once (``if``, ``and``, ``not``, ``in``, chained
comparisons), as ``x > 0 and y > 0`` would silently be ``y > 0``. The words for these are ``every``, ``some``,
``negation``, ``implies`` and ``select`` in :mod:`constructions.foundations.logic`. A refusal counts even if the claim
catches it (:mod:`constructions.foundations.refusals`).

*Code that branches* can be followed all the same: under :func:`deciding` somebody answers what Python asks of a
formula, and the code is run once for each sequence of answers.

Translations are elsewhere: to sympy and back (``symbols``), to rationals (``evaluation``), to z3 and SMT-LIB
(``verify``).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from typing import Any, NoReturn, TypeAlias
from weakref import WeakValueDictionary

from constructions.errors import ConstructionError
from constructions.foundations.refusals import described, refusal
from constructions.foundations.rendering import render

Key: TypeAlias = tuple[Any, ...]
Decide: TypeAlias = Callable[["TruthTerm"], bool]

REAL, INTEGER, TRUTH = "real", "integer", "truth"
APPLY = "apply"
"""The operation of an application of a function that is a variable; its data are name, kinds taken, kind given."""
MOST_POWER = 64

_KNOWN: "WeakValueDictionary[Key, Term]" = WeakValueDictionary()
_DECIDERS: list[Decide] = []


@contextmanager
def deciding(decide: Decide) -> Iterator[None]:
    """While code that branches is run branch by branch, ``decide`` answers what Python asks of a formula.

    >>> with deciding(lambda question: True):
    ...     "positive" if variable("x", REAL) > 0 else "not"
    'positive'
    """
    _DECIDERS.append(decide)
    try:
        yield
    finally:
        _DECIDERS.pop()


class Term:
    """A node: an operation ``op``, its arguments, and the ``data`` that name it beside them (a variable's name, a
    constant's value); ``integral`` if it is surely an integer. Making one by hand raises ConstructionError.

    ``==`` builds a formula, as in rationals it would say whether two numbers are equal; two terms are built alike if
    they are one object.
    """

    __slots__ = ("__weakref__", "args", "data", "integral", "op")
    __array_ufunc__ = None
    op: str
    args: tuple["Term", ...]
    data: Any
    integral: bool

    def __init__(self) -> None:
        raise ConstructionError("need terms from variables, constants and operators, got a bare term")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise ConstructionError(f"need a new term, got an assignment to {name!r} of {render(self)}")

    def __delattr__(self, name: str) -> NoReturn:
        raise ConstructionError(f"need a new term, got a deletion of {name!r} of {render(self)}")

    def __copy__(self) -> "Term":
        return self

    def __deepcopy__(self, memo: object) -> "Term":
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return node, (type(self), self.op, self.args, self.data)

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return render(self)


def node(kind: type[Term], op: str, args: tuple[Term, ...], data: Any = None) -> Any:
    """The one term of this structure: a ``kind`` of term, the operation ``op``, its arguments, and the ``data`` that
    name it beside them.

    >>> x = variable("x", REAL)
    >>> node(RealTerm, "+", (x, ONE)), node(RealTerm, "+", (x, ONE)) is x + 1
    (x + 1, True)
    """
    key = (kind, op, data, *map(id, args))
    known = _KNOWN.get(key)
    if known is None:
        known = object.__new__(kind)
        for name, value in (("op", op), ("args", args), ("data", data), ("integral", _is_integral(op, args, data))):
            object.__setattr__(known, name, value)
        _KNOWN[key] = known
    return known


def _is_integral(op: str, args: tuple[Term, ...], data: Any) -> bool:
    """Whether a number is an integer by its form, whatever its variables are."""
    if op == "constant":
        return bool(data.denominator == 1)
    if op == "variable":
        return bool(data[1] == INTEGER)
    if op == APPLY:
        return bool(data[2] == INTEGER)
    if op in ("+", "-", "*", "neg"):
        return all(part.integral for part in args)
    return op == "floor" or (op == "if" and args[1].integral and args[2].integral)


class RealTerm(Term):
    """A term that denotes a number.

    >>> x, n = variable("x", REAL), variable("n", INTEGER)
    >>> 2 * x + Fraction(1, 2) <= n, (n - 3).integral, x + 0 is x, x + n is x + n
    (2*x + 1/2 <= n, True, True, True)
    >>> x * 0.5  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    constructions.foundations.refusals.LanguageError: need exact numbers ..., got the float 0.5, beside x
    """

    __slots__ = ()

    def __add__(self, other: Any) -> "RealTerm":
        right = number(other, beside=self)
        return self if right is ZERO else right if self is ZERO else _number_of("+", self, right)

    def __radd__(self, other: Any) -> "RealTerm":
        return number(other, beside=self) + self

    def __sub__(self, other: Any) -> "RealTerm":
        right = number(other, beside=self)
        return self if right is ZERO else _number_of("-", self, right)

    def __rsub__(self, other: Any) -> "RealTerm":
        return number(other, beside=self) - self

    def __mul__(self, other: Any) -> "RealTerm":
        right = number(other, beside=self)
        return self if right is ONE else right if self is ONE else _number_of("*", self, right)

    def __rmul__(self, other: Any) -> "RealTerm":
        return number(other, beside=self) * self

    def __truediv__(self, other: Any) -> "RealTerm":
        below = number(other, beside=self)
        if below is ZERO:
            raise refusal(f"need a divisor other than 0, got {render(self)} / 0")
        return self if below is ONE else _number_of("/", self, below)

    def __rtruediv__(self, other: Any) -> "RealTerm":
        return number(other, beside=self) / self

    def __floordiv__(self, other: Any) -> "RealTerm":
        return floor(self / other)

    def __rfloordiv__(self, other: Any) -> "RealTerm":
        return floor(number(other, beside=self) / self)

    def __mod__(self, other: Any) -> "RealTerm":
        below = number(other, beside=self)
        return self - below * floor(self / below)

    def __rmod__(self, other: Any) -> "RealTerm":
        return number(other, beside=self) % self

    def __pow__(self, exponent: Any) -> "RealTerm":
        if type(exponent) is not int or abs(exponent) > MOST_POWER:
            raise refusal(
                f"need a whole exponent of at most {MOST_POWER}, got {exponent!r}, at a power of {render(self)}"
            )
        if exponent < 0:
            return 1 / self**-exponent
        product: RealTerm = ONE
        for _ in range(exponent):
            product = product * self
        return product

    def __rpow__(self, base: Any) -> NoReturn:
        raise refusal(f"need a whole exponent, got the term {render(self)}, at a power of {base!r}")

    def __neg__(self) -> "RealTerm":
        if self.op == "constant":
            return number(-self.data)
        return self.args[0] if self.op == "neg" else node(RealTerm, "neg", (self,))  # type: ignore[return-value]

    def __pos__(self) -> "RealTerm":
        return self

    def __abs__(self) -> "RealTerm":
        return node(RealTerm, "if", (self >= 0, self, -self))  # type: ignore[no-any-return]

    def __le__(self, other: Any) -> "TruthTerm":
        return node(TruthTerm, "<=", (self, number(other, beside=self)))  # type: ignore[no-any-return]

    def __lt__(self, other: Any) -> "TruthTerm":
        return node(TruthTerm, "<", (self, number(other, beside=self)))  # type: ignore[no-any-return]

    def __ge__(self, other: Any) -> "TruthTerm":
        return node(TruthTerm, ">=", (self, number(other, beside=self)))  # type: ignore[no-any-return]

    def __gt__(self, other: Any) -> "TruthTerm":
        return node(TruthTerm, ">", (self, number(other, beside=self)))  # type: ignore[no-any-return]

    def __eq__(self, other: Any) -> "TruthTerm":  # type: ignore[override]
        return node(TruthTerm, "==", (self, number(other, beside=self)))  # type: ignore[no-any-return]

    def __ne__(self, other: Any) -> "TruthTerm":  # type: ignore[override]
        return node(TruthTerm, "!=", (self, number(other, beside=self)))  # type: ignore[no-any-return]

    __hash__ = Term.__hash__

    def __bool__(self) -> bool:
        return bool(self != 0)

    def _no_number(self, *_: Any) -> NoReturn:
        raise refusal(f"need the term as it is, got {render(self)} where Python wants a number")

    __int__ = __float__ = __complex__ = __index__ = __round__ = __trunc__ = __floor__ = __ceil__ = __divmod__ = (
        __rdivmod__
    ) = _no_number
    __matmul__ = __rmatmul__ = __and__ = __rand__ = __or__ = __ror__ = __xor__ = __rxor__ = __invert__ = _no_number


class TruthTerm(Term):
    """A formula. Python cannot ask for its truth; ``==`` says that two of them are both true or both false.

    >>> p, q = variable("p", TRUTH), variable("q", TRUTH)
    >>> p == q, p != True, opposite(opposite(p)) is p
    (p == q, not p, True)
    """

    __slots__ = ()

    def __bool__(self) -> bool:
        if _DECIDERS:
            return _DECIDERS[-1](self)
        raise refusal(
            "need every(), some(), negation(), implies() or select() for formulas "
            f"(not and, or, not, if, in, chained comparisons), got {render(self, 80)} as a Python truth value"
        )

    def __eq__(self, other: Any) -> Any:
        if other is True or other is False:
            return self if other is True else opposite(self)
        return node(TruthTerm, "iff", (self, self._formula(other)))

    def __ne__(self, other: Any) -> Any:
        return opposite(self == other)

    def _formula(self, other: Any) -> "TruthTerm":
        if not isinstance(other, TruthTerm):
            raise refusal(f"need a formula or a truth value, got {described(other)}, beside {render(self)}")
        return other

    __hash__ = Term.__hash__

    def _no_number(self, *_: Any) -> NoReturn:
        raise refusal(f"need numbers in arithmetic and comparisons, got the formula {render(self)}")

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __floordiv__ = (
        __rfloordiv__
    ) = _no_number
    __mod__ = __rmod__ = __pow__ = __rpow__ = __matmul__ = __rmatmul__ = __divmod__ = __rdivmod__ = __lshift__ = (
        __rlshift__
    ) = _no_number
    __rshift__ = __rrshift__ = __lt__ = __le__ = __gt__ = __ge__ = __neg__ = __pos__ = __abs__ = __int__ = __float__ = (
        _no_number
    )
    __complex__ = __index__ = __round__ = __trunc__ = __floor__ = __ceil__ = _no_number

    def _no_operator(self, *_: Any) -> NoReturn:
        raise refusal(f"need every(), some() or negation() for formulas, got an operator on {render(self)}")

    __and__ = __rand__ = __or__ = __ror__ = __xor__ = __rxor__ = __invert__ = _no_operator


FOLDED: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}


def _number_of(op: str, left: "RealTerm", right: "RealTerm") -> "RealTerm":
    """A number from two; two constants give a constant."""
    if left.op == right.op == "constant":
        return number(FOLDED[op](left.data, right.data))
    return node(RealTerm, op, (left, right))  # type: ignore[no-any-return]


def number(value: Any, *, beside: Term | None = None, where: str = "") -> RealTerm:
    """A number as a term. Raises ConstructionError for a value that is no int, Fraction or number term; the message
    quotes what stood ``beside`` it, or ``where``.

    >>> number(3), number(Fraction(1, 2))
    (3, 1/2)
    """
    if isinstance(value, RealTerm):
        return value
    if type(value) is int or type(value) is Fraction:
        return node(RealTerm, "constant", (), Fraction(value))  # type: ignore[no-any-return]
    place = f", beside {render(beside)}" if beside is not None else f", at {where}" if where else ""
    raise refusal(f"need exact numbers (int, Fraction) and terms in a claim, got {described(value)}{place}")


def formula(value: Any, *, where: str = "") -> TruthTerm:
    """A truth value as a term. Raises ConstructionError for anything else, at ``where``.

    >>> formula(True), formula(variable("p", TRUTH))
    (true, p)
    """
    if isinstance(value, TruthTerm):
        return value
    if value is True or value is False:
        return node(TruthTerm, "true" if value else "false", ())  # type: ignore[no-any-return]
    raise refusal(f"need truth values or formulas, got {described(value)}{f', at {where}' if where else ''}")


def variable(name: str, kind: str) -> Any:
    """A variable: a name, and the kind ``REAL``, ``INTEGER`` or ``TRUTH``. Raises ConstructionError for another kind,
    or no name.

    >>> variable("", REAL)
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need a name, got '', at a variable
    """
    if not isinstance(name, str) or not name:
        raise ConstructionError(f"need a name, got {name!r}, at a variable")
    if kind not in (REAL, INTEGER, TRUTH):
        raise ConstructionError(f"need a variable of kind {REAL}, {INTEGER} or {TRUTH}, got {kind!r}, at {name!r}")
    return node(TruthTerm if kind == TRUTH else RealTerm, "variable", (), (str(name), kind))


def floor(value: RealTerm) -> RealTerm:
    """The greatest integer that is not above a number.

    >>> floor(variable("x", REAL) / 2), floor(variable("n", INTEGER))
    (floor(x/2), n)
    """
    value = number(value, where="floor")
    if value.op == "constant":
        return number(value.data // 1)
    return value if value.integral else node(RealTerm, "floor", (value,))


def opposite(part: TruthTerm) -> TruthTerm:
    """The negation of a formula."""
    part = formula(part, where="a negation")
    return part.args[0] if part.op == "not" else node(TruthTerm, "not", (part,))  # type: ignore[return-value]


def at_least(needs: int, parts: Sequence[TruthTerm | bool]) -> TruthTerm | bool:
    """Whether at least as many as it ``needs`` of some formulas are true; a bool if all parts are bools. Raises
    ConstructionError for foreign values.

    >>> at_least(2, [variable(name, TRUTH) for name in "pqr"])
    at least 2 of (p, q, r)
    """
    if type(needs) is not int:
        raise refusal(f"need a number of formulas, got {described(needs)}")
    terms = tuple(formula(part) for part in parts)
    if not any(isinstance(part, TruthTerm) for part in parts):
        return sum(part is True for part in parts) >= needs
    return node(TruthTerm, "at least", terms, needs)  # type: ignore[no-any-return]


ZERO, ONE = number(0), number(1)
