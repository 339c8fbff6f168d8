"""Claims that were once PROVED or CHECKED and are false, empty or about something else: each is an error or has its
right verdict.

As a user would write them, through ``obligation`` and ``discharge``. The first column of each list says what leaked.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
import sympy

from constructions.errors import ConstructionError
from constructions.foundations.activation import RAMP
from constructions.foundations.logic import every, select, within
from constructions.foundations.network import Fragment
from tests.verify.foreign_values import FROM, GATE, HALF_ARRAY, F, result_of
from verify.obligations.case import Case
from verify.obligations.verdict import Verdict

pytestmark = [pytest.mark.bounds, pytest.mark.filterwarnings("ignore:overflow encountered")]


def points(**values: Any) -> Callable[[], Iterator[dict[str, Any]]]:
    """A domain of one variable."""
    ((name, row),) = values.items()
    return lambda: ({name: value} for value in row)


# --- floats and other numbers in a solver's claim


def float_premise(number: Any, case: Case) -> None:
    x, y = case.real("x"), case.real("y")
    case.assume(x <= FROM["tenth"], x >= 0, y == x)
    case.show("at most a tenth", y * number <= F(1, 10))


def float_moved(number: Any, case: Case) -> None:
    x = case.real("x")
    case.assume(x - FROM["tenth"] <= 0)
    case.show("at most a tenth", x * number <= F(1, 10))


def float_fact(number: Any, case: Case) -> None:
    case.assume(case.real("x") * number == F(1, 10))
    case.show("a tenth", case.real("x") == FROM["tenth"])


def float_equal(number: Any, case: Case) -> None:
    case.assume(case.real("x") * number == F(1, 10))
    case.equal("a tenth", case.real("x"), FROM["tenth"])


def float_select(number: Any, case: Case) -> None:
    case.show("a tenth", select(case.bit("c"), FROM["tenth"], FROM["tenth"]) * number == F(1, 10))


def float_select_settled(number: Any, case: Case) -> None:
    case.show("a tenth", select(number == 1, F(1, 10), FROM["tenth"]) == F(1, 10))


def float_within(number: Any, case: Case) -> None:
    case.show("settled in floats", every(within(FROM["tenth"], F(1, 5)), case.real("x") * number == case.real("x")))


def float_outside(number: Any, case: Case) -> None:
    run = case.run(GATE, {"x": F(number)}, label="gate", outside={"y": FROM["tenth"]})
    case.show("flat", run.flat("y"))


def wrapping(number: Any, case: Case) -> None:
    case.show("wrapped", case.real("x") * (FROM["large"] * 4) == 0 * number)


def wrapped_settled(number: Any, case: Case) -> None:
    case.show("wrapped", (FROM["large"] * 4 == 0) if number else True)


def array_of_bounds(number: Any, case: Case) -> None:
    case.show("bound", case.real("x") * number <= HALF_ARRAY[0])


def positive_symbol(number: Any, case: Case) -> None:
    case.equal("its own size", sympy.sqrt(FROM["symbol"] ** 2) * number, FROM["symbol"])


def positive_settled(number: Any, case: Case) -> None:
    case.show("its own size", bool(number) and bool(FROM["symbol"] == (FROM["symbol"] ** 2) ** F(1, 2)))


def structural(number: Any, case: Case) -> None:
    x = FROM["plain"]
    case.show("different", (x + 1) ** 2 != x**2 + 2 * x + number)


def of_z3(number: Any, case: Case) -> None:
    case.show("theirs", FROM["z3"] * number == FROM["z3"])


def of_z3_settled(number: Any, case: Case) -> None:
    case.show("theirs", bool(FROM["z3"] == FROM["z3"]) and bool(number))


def caught(number: Any, case: Case) -> None:
    x = case.real("x")
    try:
        positive = bool(x > 0)
    except Exception:
        positive = True
    case.show("positive", positive and bool(number))


def caught_float(number: Any, case: Case) -> None:
    x = case.real("x")
    with suppress(ConstructionError):
        x + FROM["tenth"]
    case.show("fine", x * number == x)


def chained(number: Any, case: Case) -> None:
    x = case.real("x")
    case.assume(x > 0)
    case.show("between", 0 < x < 1 * number)


def no_vertices(number: Any, case: Case) -> None:
    run = case.run(GATE, {"x": case.real("x") * number}, label="gate")
    case.show("all of none are flat", run.flat())


def untouched(number: Any, case: Case) -> None:
    case.show("true of anything", case.real("x") == case.real("x"))


def untouched_by_name(number: Any, case: Case) -> None:
    case.show("number", case.real("number") == case.real("number"))


def piece_of_another(number: Any, case: Case) -> None:
    run = case.run(GATE, {"x": case.real("x") * number}, label="gate", on={"y": RAMP.pieces[3]})
    case.show("rising", run.out["y"] == case.real("x"))


def expected_of_another(number: Any, case: Case) -> None:
    case.run(GATE, {"x": F(number)}, label="gate", expect={"y": RAMP.pieces[3]})


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        (float_premise, r"got the float 0\.1"),
        (float_moved, r"got the float 0\.1"),
        (float_fact, r"got the float 0\.1"),
        (float_equal, r"got the float 0\.1, at 'a tenth'"),
        (float_select, r"got the float 0\.1, at a branch of select"),
        (float_select_settled, r"got the float 0\.1, at a branch of select"),
        (float_within, r"got the float 0\.1, at within"),
        (float_outside, r"got the float 0\.1, at what 'y' gets from outside"),
        (wrapping, "got the int64 "),
        (wrapped_settled, "got the bool_? "),
        (array_of_bounds, "'HALF_ARRAY' in the code|got the float64 "),
        (positive_symbol, "'sympy' in the code|got the "),
        (of_z3, "got the BoolRef "),
        (caught, "got x > 0 as a Python truth value"),
        (caught_float, r"got the float 0\.1, beside x"),
        (chained, "as a Python truth value"),
        (no_vertices, r"need at least one vertex, got none, at flat\(\)"),
        (untouched, "need a claim that reads its subject"),
        (untouched_by_name, "need a claim that reads its subject"),
        (piece_of_another, "need a piece of hard tanh"),
        (expected_of_another, "need a piece of hard tanh"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_solvers_claim_that_leaked_is_an_error(claim: Callable[[Any, Any], None], words: str) -> None:
    with pytest.raises(ConstructionError, match=words):
        result_of(claim)


def test_what_is_settled_by_another_library_outside_of_the_claims_sight_is_a_plain_truth_value() -> None:
    """The limit of what can be seen: an answer that Python has before we are asked. What names the library in its
    code is refused."""
    for claim in (positive_settled, structural, of_z3_settled):
        with pytest.raises(ConstructionError, match=r"need (claims in exact numbers and terms|truth values|a claim)"):
            result_of(_naming(claim))


def _naming(claim: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """The same claim with the foreign objects in its closure, as a user's file would have them."""
    symbol, plain, theirs = FROM["symbol"], FROM["plain"], FROM["z3"]

    def inner(number: Any, case: Case) -> None:
        FROM.update(symbol=symbol, plain=plain, z3=theirs)
        claim(number, case)

    return inner


# --- enumerations


def below_a_hundred(number: Any, case: Case) -> None:
    case.show("below", case.integer("x") * number < 100)


def one_more(number: Any, case: Case) -> None:
    x = case.real("x")
    case.show("x + 1 = x", x + number == x)


def at_seven_only(number: Any, case: Case) -> None:
    x = case.integer("x")
    case.show("below", x < 100)
    if x == 7:
        case.show("seven", x * number == 7)


def floats_inside(number: Any, case: Case) -> None:
    x = case.real("x")
    case.show("a float's sum", x + 0.1 + 0.2 != F(3, 10) * number)


def numpy_inside(number: Any, case: Case) -> None:
    case.show("wrapped", bool(np.int64(2**62) * 4 == 0) and case.integer("x") >= number)


def caught_branch(number: Any, case: Case) -> None:
    x = case.integer("x")
    with suppress(ConstructionError):
        select(True, F(1), FROM["tenth"])
    case.show("fine", x * number == x)


@pytest.mark.parametrize(
    ("claim", "domain", "words"),
    [
        (one_more, points(x=[1e17]), r"got the float 1e\+17 for 'x'"),
        (one_more, points(x=[np.float64(1e17)]), "got the float64 "),
        (below_a_hundred, points(x=[np.int64(3)]), "got the int64 "),
        (below_a_hundred, points(X=[200]), "with the variables of the claim"),
        (below_a_hundred, None, "need a domain with the variables of the claim, got the variable 'x' without a value"),
        (at_seven_only, points(x=range(100)), "need the same facts at every point"),
        (floats_inside, points(x=[0]), r"the float 0\.1 in the code"),
        (numpy_inside, points(x=[1]), "'np' in the code"),
        (untouched, points(x=[1]), "need a claim that reads its subject"),
        (no_vertices, points(x=[1]), r"got none, at flat\(\)"),
        (piece_of_another, points(x=[1]), "need a piece of hard tanh"),
        (caught_branch, points(x=[1]), r"got the float 0\.1, at a branch of select"),
        (wrapped_settled, points(x=[1]), "got the bool_? "),
        (float_outside, None, r"got the float 0\.1"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_an_enumeration_that_leaked_is_an_error(claim: Callable[[Any, Any], None], domain: Any, words: str) -> None:
    with pytest.raises(ConstructionError, match=words):
        result_of(claim, kind="enumeration", domain=domain, expect=Verdict.CHECKED)


def test_the_same_enumerations_without_the_leak_are_checked() -> None:
    result = result_of(below_a_hundred, kind="enumeration", domain=points(x=range(99)), expect=Verdict.CHECKED)
    assert result.verdict is Verdict.CHECKED and result.twin_verdict is Verdict.REFUTED
    assert (
        result_of(one_more, kind="enumeration", domain=points(x=[10**17]), expect=Verdict.REFUTED).verdict
        is Verdict.REFUTED
    )


# --- identities


PATH = Fragment(inputs=("x",), outputs=("z",), edges={("x", "y"): 1, ("y", "z"): 1})


def on_no_pieces(number: Any, case: Case) -> None:
    run = case.run(PATH, {"x": case.real("x")}, label="walk", on={"y": RAMP.pieces[3], "z": RAMP.pieces[0]})
    case.equal("out", run.out["z"], F(-2) * number)


def on_pieces_of_two_walks(number: Any, case: Case) -> None:
    x = case.real("x")
    for label, piece in (("first", RAMP.pieces[1]), ("second", RAMP.pieces[3])):
        case.run(PATH, {"x": x}, label=label, on={"y": piece})
    case.equal("anything of them", x * number, x)


def undefined(number: Any, case: Case) -> None:
    x = case.real("x")
    case.equal("nothing", 1 / (1 / (x - x)), number - number)


def premised(number: Any, case: Case) -> None:
    x = case.real("x")
    case.assume(x == 0, label="mine")
    case.equal("zero", x * number, 0)


@pytest.mark.parametrize("claim", [on_no_pieces, on_pieces_of_two_walks])
def test_an_identity_on_pieces_that_cannot_hold_together_is_vacuous_and_says_which(
    claim: Callable[[Any, Any], None],
) -> None:
    result = result_of(claim, kind="identity")
    assert result.verdict is Verdict.VACUOUS
    assert all(
        " is strictly inside " in reason and reason.startswith("these cannot hold together: ")
        for reason in (fact.reason for fact in result.facts)
    )


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        (undefined, "need divisors that are not zero everywhere"),
        (premised, "need an identity without premises"),
        (positive_symbol, "'sympy' in the code|got the "),
        (float_equal, "without premises|got the float"),
        (piece_of_another, "need a piece of"),
        (untouched, "need an identity stated with equal"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_an_identity_that_leaked_is_an_error(claim: Callable[[Any, Any], None], words: str) -> None:
    with pytest.raises(ConstructionError, match=words):
        result_of(claim, kind="identity")


# --- inductions


def _doc(claim: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    claim.__doc__ = claim.__doc__ or "A claim."
    return claim
