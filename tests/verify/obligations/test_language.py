"""Whatever is foreign is refused by every operator and function of claims, on either side, also where it is caught.

The operators and functions are found in the classes and modules themselves, so that a new one is not forgotten here.
"""

import inspect
import math
import operator
from collections.abc import Callable, Iterator
from contextlib import suppress
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from functools import partial
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy
import z3

from constructions.errors import ConstructionError
from constructions.foundations import evaluation, exact, logic, symbols, terms, traversal
from constructions.foundations.refusals import LanguageError, statement
from constructions.foundations.terms import INTEGER, REAL, TRUTH, RealTerm, Term, TruthTerm, variable
from verify.obligations import words
from verify.obligations.words import Word, WordTerm, word
from verify.provers.by_sympy import IdentityCase
from verify.provers.by_z3 import SolverCase
from verify.replay.witness import ReplayCase

pytestmark = pytest.mark.bounds

X, N = variable("x", REAL), variable("n", INTEGER)
P, Q = variable("p", TRUTH), variable("q", TRUTH)
W = word([P, Q, True])


class Half(Fraction):
    """A fraction of a class of its own."""


class Whole(int):
    """An int of a class of its own."""


class Named(IntEnum):
    """Ints with names."""

    ONE = 1


def concrete(kind: type) -> Iterator[type]:
    """The classes below a class that have no classes below themselves."""
    below: list[type] = kind.__subclasses__()
    if not below and kind.__module__.startswith("numpy"):
        yield kind
    for part in below:
        yield from concrete(part)


def scalars() -> list[Any]:
    """A scalar of every type of numpy."""
    found = []
    for kind in sorted(set(concrete(np.generic)) | {np.float64, np.complex128, np.int64, np.bool_}, key=repr):
        with suppress(TypeError, ValueError):
            made: Callable[[Any], Any] = kind
            found.append(made(1 if issubclass(kind, np.number | np.bool_) else "1"))
    return found


ANYWHERE: list[Any] = [
    0.5,
    1.0,
    -0.0,
    float("nan"),
    float("inf"),
    Decimal(1),
    1j,
    None,
    "1",
    "1/2",
    b"1",
    [1],
    (1,),
    {1},
    {1: 1},
    Ellipsis,
    object(),
    int,
    mpmath.mpf(1),
    Half(1, 2),
    Half(1),
    Whole(1),
    Named.ONE,
    np.array(1),
    np.array([1, 2]),
    np.array([0.5]),
    np.array([1], object),
    *scalars(),
    sympy.Rational(1, 2),
    sympy.Integer(1),
    sympy.Integer(0),
    sympy.Float("0.5"),
    sympy.Symbol("x"),
    sympy.oo,
    sympy.nan,
    sympy.sqrt(2),
    sympy.Symbol("x") > 0,
    sympy.true,
    sympy.Symbol("x", positive=True),
    sympy.Dummy("x"),
    z3.Real("x"),
    z3.Int("n"),
    z3.RealVal(1),
    z3.IntVal(1),
    z3.Bool("p"),
    z3.BoolVal(True),
    z3.BitVec("w", 3),
    z3.BitVecVal(1, 3),
    z3.Real("x") + 1,
]
FOREIGN: dict[type, list[Any]] = {
    RealTerm: [*ANYWHERE, True, False, P, W, Word(1, 3)],
    TruthTerm: [*ANYWHERE, 0, 1, Fraction(1), X, W, Word(1, 3)],
    WordTerm: [*ANYWHERE, True, False, Fraction(1), X, P],
    Word: [*ANYWHERE, True, False, Fraction(1), X, P],
}
OURS: dict[type, list[Any]] = {
    RealTerm: [X, N, 2 * X + 1, terms.number(1)],
    TruthTerm: [P, X > 0],
    WordTerm: [W, W + 1],
    Word: [Word(5, 3)],
}
PLUMBING = {
    "__init__",
    "__post_init__",
    "__setattr__",
    "__delattr__",
    "__copy__",
    "__deepcopy__",
    "__reduce__",
    "__repr__",
    "__hash__",
    "__getstate__",
    "__setstate__",
    "__replace__",
}
BINARY: dict[str, Callable[[Any, Any], Any]] = {
    name: getattr(operator, f"__{name}__")
    for name in [
        "add",
        "sub",
        "mul",
        "truediv",
        "floordiv",
        "mod",
        "pow",
        "matmul",
        "and",
        "or",
        "xor",
        "lshift",
        "rshift",
        "lt",
        "le",
        "gt",
        "ge",
        "eq",
        "ne",
    ]
} | {"divmod": divmod}
UNARY: dict[str, Callable[[Any], Any]] = {
    "neg": operator.neg,
    "pos": operator.pos,
    "abs": abs,
    "invert": operator.invert,
    "bool": bool,
    "int": int,
    "float": float,
    "complex": complex,
    "index": operator.index,
    "round": round,
    "trunc": math.trunc,
    "floor": math.floor,
    "ceil": math.ceil,
}


def operators(kind: type) -> set[str]:
    """The names of the operators of a class, without their underscores; the mirrored ones under the name of the
    plain."""
    parts = (vars(part).items() for part in kind.__mro__[:-1])
    own = {name for part in parts for name, value in part if name.startswith("__") and callable(value)}
    plain = {name.strip("_") for name in (own | {"__eq__", "__ne__"}) - PLUMBING}
    return {name[1:] if name[0] == "r" and name[1:] in BINARY else name for name in plain}


def asked(kind: type, name: str) -> list[Callable[[Any], Any]]:
    """What is done with a foreign object: the operator with it on either side of each of our terms."""
    operation = BINARY[name]
    found: list[Callable[[Any], Any]] = []
    for mine in OURS[kind]:
        found += [partial(operation, mine), partial(_swapped, operation, mine)]
    return found


def _swapped(operation: Callable[[Any, Any], Any], right: Any, left: Any) -> Any:
    """An operation with its right side given first."""
    return operation(left, right)


def formats(name: str, other: Any) -> bool:
    """Whether Python takes the operator to be the formatting of text, which has nothing to do with numbers."""
    return name == "mod" and isinstance(other, str | bytes)


def is_theirs(result: Any) -> bool:
    """Whether a result is an object of another library that no claim lets in."""
    return isinstance(result, z3.AstRef) and all(_refuses(use, result) for use in DOORS)


def _refuses(use: Callable[[Any], Any], value: Any) -> bool:
    try:
        use(value)
    except LanguageError:
        return True
    return False


DOORS: list[Callable[[Any], Any]] = [
    lambda value: SolverCase().show("f", value),
    lambda value: SolverCase().assume(value),
    lambda value: SolverCase().lemma("f", value),
    lambda value: SolverCase().show("f", True, given=value),
    lambda value: SolverCase().equal("f", value, value),
    lambda value: SolverCase().equal("f", value, X),
    lambda value: SolverCase().equal("f", 1, value),
    lambda value: IdentityCase().equal("f", value, X),
    lambda value: IdentityCase().equal("f", 1, value),
    lambda value: ReplayCase({}).show("f", value),
    lambda value: ReplayCase({}).equal("f", value, 1),
    lambda value: ReplayCase({"x": value}),
    lambda value: ReplayCase({}).assume(value),
]
"""Where something enters a claim."""


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.__name__)
def test_every_operator_is_one_that_these_tests_know(kind: type) -> None:
    assert operators(kind) - set(UNARY) <= set(BINARY), "need a line in BINARY or UNARY for the new operator"
    assert len(operators(kind) & set(BINARY)) >= 14


PAIRS = [(kind, name) for kind in OURS for name in sorted(operators(kind) & set(BINARY))]


def refused(act: Callable[[], Any]) -> bool:
    """Whether something is refused by Python or by us, and, if it is by us, also where a claim catches it."""
    try:
        result = act()
    except LanguageError:
        return _sticks(act)
    except (TypeError, z3.Z3Exception, ValueError, AttributeError, ArithmeticError):
        return True
    return is_theirs(result)


def _sticks(act: Callable[[], Any]) -> bool:
    try:
        with statement(), suppress(Exception):
            act()
    except LanguageError:
        return True
    return False


@pytest.mark.parametrize(("kind", "name"), PAIRS)
def test_every_operator_refuses_every_foreign_object_on_either_side(kind: type, name: str) -> None:
    taken = []
    for other in FOREIGN[kind]:
        for act in asked(kind, name):
            if not formats(name, other) and not refused(partial(act, other)):
                taken.append((other, act(other)))
    alone = [(other, answer) for other, answer in taken if other is sympy.nan and answer is (name == "ne")]
    assert len(alone) == (len(OURS[kind]) if name in ("eq", "ne") else 0), (
        "sympy.nan == anything is False, whatever it is"
    )
    assert len(taken) == len(alone)


@pytest.mark.parametrize(("kind", "name"), PAIRS)
def test_with_a_term_on_the_left_the_refusal_is_ours(kind: type, name: str) -> None:
    method = f"__{name}__"
    for mine in OURS[kind]:
        for other in FOREIGN[kind]:
            if isinstance(other, WordTerm) and kind is Word:
                continue
            with pytest.raises(ConstructionError):
                found = getattr(mine, method)(other)
                assert found is not NotImplemented


@pytest.mark.parametrize("kind", [RealTerm, TruthTerm, WordTerm, Word], ids=lambda kind: kind.__name__)
def test_no_term_is_a_python_number_or_truth_value(kind: type) -> None:
    for mine in OURS[kind]:
        for name in ("bool", "int", "float", "complex", "index", "round", "trunc", "floor", "ceil"):
            assert _refuses(UNARY[name], mine) and _sticks(partial(UNARY[name], mine))
        for ask in (sorted, max):
            assert refused(partial(ask, [mine, 1 * mine if kind is RealTerm else mine, 2]))
        assert refused(partial(operator.contains, [2, mine], 3)) or kind is Word
        assert refused(partial(range, mine))
        assert refused(partial(operator.getitem, [1, 2, 3], mine))
        assert refused(partial(Fraction, mine))


Place = tuple[type, Callable[[Any], Any]]
NUMBER, FORMULA, BITS, INT = RealTerm, TruthTerm, WordTerm, int
FUNCTIONS: dict[Callable[..., Any], list[Place]] = {
    logic.every: [
        (FORMULA, lambda o: logic.every(o)),
        (FORMULA, lambda o: logic.every(False, P, o)),
        (FORMULA, lambda o: logic.every([P, o])),
    ],
    logic.some: [(FORMULA, lambda o: logic.some(o)), (FORMULA, lambda o: logic.some(True, P, o))],
    logic.negation: [(FORMULA, logic.negation)],
    logic.implies: [
        (FORMULA, lambda o: logic.implies(o, P)),
        (FORMULA, lambda o: logic.implies(P, o)),
        (FORMULA, lambda o: logic.implies(False, o)),
    ],
    logic.same_truth: [(FORMULA, lambda o: logic.same_truth(o, P)), (FORMULA, lambda o: logic.same_truth(True, o))],
    logic.select: [
        (FORMULA, lambda o: logic.select(o, 1, 2)),
        (NUMBER, lambda o: logic.select(P, o, 2)),
        (NUMBER, lambda o: logic.select(P, 1, o)),
        (NUMBER, lambda o: logic.select(True, 1, o)),
        (NUMBER, lambda o: logic.select(False, o, 1)),
    ],
    logic.between: [
        (NUMBER, lambda o: logic.between(o, X, 1)),
        (NUMBER, lambda o: logic.between(0, o, 1)),
        (NUMBER, lambda o: logic.between(3, 2, o)),
    ],
    logic.within: [
        (NUMBER, lambda o: logic.within(o, 1)),
        (NUMBER, lambda o: logic.within(2, o)),
        (NUMBER, lambda o: logic.within(X, o)),
    ],
    terms.number: [(NUMBER, terms.number)],
    terms.formula: [(FORMULA, terms.formula)],
    terms.floor: [(NUMBER, terms.floor)],
    terms.opposite: [(FORMULA, terms.opposite)],
    terms.at_least: [(INT, lambda o: terms.at_least(o, [P])), (FORMULA, lambda o: terms.at_least(1, [P, o]))],
    traversal.substituted: [
        (NUMBER, lambda o: traversal.substituted([X + 1], {X: o})),
        (FORMULA, lambda o: traversal.substituted([P], {P: o})),
    ],
    exact.exact: [(NUMBER, lambda o: exact.exact(o, where="here"))],
    exact.rational: [(NUMBER, lambda o: exact.rational(o, where="here"))],
    symbols.to_sympy: [(NUMBER, symbols.to_sympy)],
    symbols.from_sympy: [(object, symbols.from_sympy)],
    evaluation.value_of: [
        (NUMBER, lambda o: evaluation.value_of(X, {"x": o})),
        (FORMULA, lambda o: evaluation.value_of(P, {"p": o})),
    ],
    words.word: [(FORMULA, lambda o: words.word([P, o])), (FORMULA, lambda o: words.word([o]))],
    words.constant: [
        (INT, lambda o: words.constant(o, W)),
        (INT, lambda o: words.constant(o, Word(1, 3))),
        (object, lambda o: words.constant(1, o)),
    ],
    words.width_of: [(object, words.width_of)],
    words.below: [
        (BITS, lambda o: words.below(o, W)),
        (BITS, lambda o: words.below(W, o)),
        (object, lambda o: words.below(o, o)),
        (BITS, lambda o: words.below(Word(1, 3), o)),
    ],
    words.signed_below: [
        (BITS, lambda o: words.signed_below(o, W)),
        (BITS, lambda o: words.signed_below(Word(1, 3), o)),
    ],
    words.shifted_right: [(object, lambda o: words.shifted_right(o, 1)), (BITS, lambda o: words.shifted_right(W, o))],
    words.extended: [(object, lambda o: words.extended(o, 9)), (INT, lambda o: words.extended(W, o))],
    words.bit_of: [(object, lambda o: words.bit_of(o, 0)), (INT, lambda o: words.bit_of(W, o))],
    words.choice: [
        (FORMULA, lambda o: words.choice(o, W, W)),
        (BITS, lambda o: words.choice(P, o, W)),
        (BITS, lambda o: words.choice(True, W, o)),
    ],
}
NOT_OF_CLAIMS = {
    terms.deciding,
    terms.node,
    traversal.nodes,
    traversal.variables,
    terms.variable,
    exact.is_symbolic,
    exact.whole,
    symbols.symbol,
    evaluation.defined,
}
"""Functions that make no term of an object that a claim has in its hands."""
FITS: dict[type, tuple[Any, ...]] = {
    NUMBER: (int, Fraction, RealTerm),
    FORMULA: (bool, TruthTerm),
    BITS: (int, WordTerm, Word),
    INT: (int,),
    object: (),
}


def fits(place: type, function: Callable[..., Any], other: Any) -> bool:
    """Whether an object belongs in a place after all."""
    if function in (exact.exact, exact.rational) and isinstance(other, str):
        return True
    if function is symbols.from_sympy:
        return isinstance(other, sympy.Rational) or (type(other) is sympy.Symbol and not other.is_positive)
    if function is evaluation.value_of and place is FORMULA:
        return type(other) in (bool, int, Fraction)
    if place is object:
        return isinstance(other, Word | WordTerm)
    return type(other) in FITS[place]


def test_every_function_of_the_language_is_in_the_list() -> None:
    found = {
        value
        for module in (logic, terms, traversal, exact, symbols, evaluation, words)
        for name, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")
    }
    assert found == set(FUNCTIONS) | NOT_OF_CLAIMS


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_every_function_refuses_every_foreign_object_in_every_place(function: Callable[..., Any]) -> None:
    taken = []
    for number_, (place, act) in enumerate(FUNCTIONS[function]):
        for other in [*ANYWHERE, True, False, 0, 1, Fraction(1), X, P, W, Word(1, 3)]:
            if not fits(place, function, other) and not _ours(partial(act, other)):
                taken.append((number_, other))
    assert not taken


def _ours(act: Callable[[], Any]) -> bool:
    """Whether something is refused by us, and stays so where a claim catches it."""
    try:
        act()
    except ConstructionError as error:
        return _sticks(act) if isinstance(error, LanguageError) else True
    return False


@pytest.mark.parametrize("door", DOORS)
def test_nothing_foreign_enters_a_claim(door: Callable[[Any], Any]) -> None:
    assert not [other for other in ANYWHERE if not _ours(partial(door, other))]


def test_a_refusal_that_is_caught_counts_at_the_end_and_not_before_or_after() -> None:
    with pytest.raises(LanguageError, match=r"got the float 0\.5, beside x"), statement() as noted:
        with suppress(ConstructionError):
            X + 0.5
        with suppress(ConstructionError):
            X + 1j
        assert len(noted) == 2
    with statement() as noted:
        assert X + 1 is not X
    assert noted == []
    with pytest.raises(LanguageError):
        X + 0.5


def test_another_error_of_a_statement_comes_out_as_it_is() -> None:
    with pytest.raises(KeyError), statement():
        with suppress(ConstructionError):
            X + 0.5
        raise KeyError("mine")


def test_a_statement_inside_another_keeps_its_refusals_to_itself() -> None:
    with statement() as outer:
        with pytest.raises(LanguageError), statement(), suppress(ConstructionError):
            X + 0.5
        assert outer == []


def test_an_array_of_terms_is_theirs_and_its_elements_are_ours() -> None:
    row = np.array([X, N], object)
    assert list(row + 1) == [X + 1, N + 1] or all(a is b for a, b in zip(row + 1, (X + 1, N + 1), strict=True))
    for other in (np.array([0.5, 0.5]), 0.5, np.float64(0.5)):
        with pytest.raises(LanguageError):
            row * other
    assert _ours(lambda: SolverCase().show("f", row == row))
    assert isinstance(row[0], Term)
