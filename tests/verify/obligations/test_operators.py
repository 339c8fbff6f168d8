"""Every operator of every kind of term, with every foreign object on either side: all of it is refused.

The operators are found in the classes themselves, so that a new one is not forgotten here.
"""

import math
import operator
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any

import pytest
import sympy
import z3

from constructions.errors import ConstructionError
from constructions.foundations import terms
from constructions.foundations.refusals import LanguageError
from constructions.foundations.terms import (
    INTEGER,
    REAL,
    TRUTH,
    RealTerm,
    TruthTerm,
    variable,
)
from tests.verify.obligations.refusals import is_noted, is_refused
from verify.obligations.words import Word, WordTerm, word
from verify.provers.by_sympy import IdentityCase
from verify.provers.by_z3 import SolverCase
from verify.replay.witness import ReplayCase

pytestmark = pytest.mark.bounds

X, N = variable("x", REAL), variable("n", INTEGER)
P, Q = variable("p", TRUTH), variable("q", TRUTH)
W = word([P, Q, True])


def foreign(kind: type, anywhere: list[Any]) -> list[Any]:
    """The objects that do not belong beside a term of this kind."""
    return anywhere + MIXED[kind]


MIXED: dict[type, list[Any]] = {
    RealTerm: [True, False, P, W, Word(1, 3)],
    TruthTerm: [0, 1, Fraction(1), X, W, Word(1, 3)],
    WordTerm: [True, False, Fraction(1), X, P],
    Word: [True, False, Fraction(1), X, P],
}
"""Terms and numbers of another kind."""
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


def _swapped(operation: Callable[[Any, Any], Any], right: Any, left: Any) -> Any:
    """The operation with its operands the other way round."""
    return operation(left, right)


def asked(kind: type, name: str) -> list[Callable[[Any], Any]]:
    """What is done with a foreign object: the operator with it on either side of each of our terms."""
    operation = BINARY[name]
    found: list[Callable[[Any], Any]] = []
    for mine in OURS[kind]:
        found += [partial(operation, mine), partial(_swapped, operation, mine)]
    return found


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
        return is_noted(act)
    except (TypeError, z3.Z3Exception, ValueError, AttributeError, ArithmeticError):
        return True
    return is_theirs(result)


@pytest.mark.parametrize(("kind", "name"), PAIRS)
def test_every_operator_refuses_every_foreign_object_on_either_side(kind: type, name: str, anywhere: list[Any]) -> None:
    taken = []
    for other in foreign(kind, anywhere):
        for act in asked(kind, name):
            if not formats(name, other) and not refused(partial(act, other)):
                taken.append((other, act(other)))
    alone = [(other, answer) for other, answer in taken if other is sympy.nan and answer is (name == "ne")]
    assert len(alone) == (len(OURS[kind]) if name in ("eq", "ne") else 0), (
        "sympy.nan == anything is False, whatever it is"
    )
    assert len(taken) == len(alone)


@pytest.mark.parametrize(("kind", "name"), PAIRS)
def test_with_a_term_on_the_left_the_refusal_isis_refused(kind: type, name: str, anywhere: list[Any]) -> None:
    method = f"__{name}__"
    for mine in OURS[kind]:
        for other in foreign(kind, anywhere):
            if isinstance(other, WordTerm) and kind is Word:
                continue
            with pytest.raises(ConstructionError):
                found = getattr(mine, method)(other)
                assert found is not NotImplemented


@pytest.mark.parametrize("kind", [RealTerm, TruthTerm, WordTerm, Word], ids=lambda kind: kind.__name__)
def test_no_term_is_a_python_number_or_truth_value(kind: type) -> None:
    for mine in OURS[kind]:
        for name in ("bool", "int", "float", "complex", "index", "round", "trunc", "floor", "ceil"):
            assert _refuses(UNARY[name], mine) and is_noted(partial(UNARY[name], mine))
        for ask in (sorted, max):
            assert refused(partial(ask, [mine, 1 * mine if kind is RealTerm else mine, 2]))
        assert refused(partial(operator.contains, [2, mine], 3)) or kind is Word
        assert refused(partial(range, mine))
        assert refused(partial(operator.getitem, [1, 2, 3], mine))
        assert refused(partial(Fraction, mine))


@pytest.mark.parametrize("door", DOORS)
def test_nothing_foreign_enters_a_claim(door: Callable[[Any], Any], anywhere: list[Any]) -> None:
    assert not [other for other in anywhere if not is_refused(partial(door, other))]
