"""Inductions: refuted only by a run from the start, which is replayed; proved by blocks of states; else not
inductive."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from constructions.errors import ConstructionError
from constructions.foundations.logic import every, implies, negation, select, some
from tests.verify.provers.inductions import LEAKY, Claim, F, counting, found, obligation, step_of
from verify.discharge.one import discharge, examine
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, nothing
from verify.obligations.verdict import Verdict
from verify.provers.by_induction import LONGEST
from verify.replay.witness import ReplayCase, replay

pytestmark = pytest.mark.bounds


def leaking(holds: Callable[[Any], Any]) -> Claim:
    """c <- leaky(c/2 + 1) from c0 in [0, 1]: c stays between 0 and 2."""

    def claim(subject: Any, case: Case) -> None:
        c, start = case.real("c"), case.real("c0")
        case.assume(start >= 0, start <= 1)
        case.induction(
            "c", state={"c": c}, start={"c": start}, advance=lambda s: {"c": LEAKY(s["c"] / 2 + 1)}, holds=holds
        )

    return claim


def between_or_ten(s: Any) -> Any:
    return every(s["c"] >= 0, some(s["c"] <= 2, s["c"] == 10))


def test_a_state_that_no_run_reaches_refutes_nothing() -> None:
    result = found(leaking(between_or_ten))
    assert result.verdict is Verdict.PROVED and result.counterexample is None
    assert step_of(result).reason == "by k-induction, k = 2"
    assert found(leaking(lambda s: every(s["c"] >= 0, s["c"] <= 2))).facts[1].reason == ""


def test_a_state_that_no_block_excludes_is_named_and_refutes_nothing() -> None:
    result = found(leaking(lambda s: every(s["c"] >= 0, some(s["c"] <= 2, s["c"] >= 10))))
    assert result.verdict is Verdict.UNKNOWN and result.counterexample is None
    reason = step_of(result).reason
    assert reason.startswith("not inductive: the step fails at c=") and reason.endswith(
        "no run of at most 12 steps from the start fails"
    )


def test_a_run_that_fails_refutes_the_same_claim() -> None:
    result = found(leaking(lambda s: every(s["c"] >= 0, some(s["c"] <= F(15, 8), s["c"] >= 10))))
    assert result.verdict is Verdict.REFUTED and result.failing == ("c: step",)
    assert result.counterexample is not None and 0 <= result.counterexample["c0"] <= 1
    assert result.counterexample["steps of c"] == 4
    seen = replay(leaking(lambda s: s["c"] < 100), nothing, result.counterexample)
    values = [result.counterexample["c0"]]
    for _ in range(4):
        values.append(values[-1] / 2 + 1)
    assert [state["c"] for state in seen.runs["c"]] == values and values[-1] > F(15, 8) >= values[-2]


def test_a_base_that_fails_is_a_run_of_no_steps() -> None:
    result = found(leaking(lambda s: s["c"] > F(1, 2)))
    assert result.verdict is Verdict.REFUTED and result.failing[0] == "c: base"
    assert result.counterexample is not None and "steps of c" not in result.counterexample


# --- inputs


def adding(bound: int, *, declared: bool = True, least: int = 0, most: int = 1) -> Claim:
    """n grows by an input from ``least`` to ``most`` in each step and stays below a bound."""

    def claim(subject: Any, case: Case) -> None:
        x = case.integer("x")
        limits = (
            (lambda s: every(s["x"] >= least, s["x"] <= most)) if declared else (lambda s: every(x >= least, x <= most))
        )
        counting(
            case,
            advance=lambda s: {"n": s["n"] + (s["x"] if declared else x)},
            holds=lambda s: s["n"] != bound,
            given=limits,
            inputs={"x": x} if declared else None,
        )

    return claim


@pytest.mark.parametrize(("bound", "steps"), [(1, 1), (2, 2), (3, 3), (7, 7), (LONGEST, LONGEST)])
def test_the_shortest_failing_run_is_found_and_replayed_with_its_inputs(bound: int, steps: int) -> None:
    result = found(adding(bound))
    assert result.verdict is Verdict.REFUTED and result.failing == ("count: step",)
    at = result.counterexample
    assert at is not None and at["steps of count"] == steps and [at[f"x@{i}"] for i in range(steps)] == [1] * steps
    seen = replay(adding(bound), nothing, at)
    assert [state["n"] for state in seen.runs["count"]] == list(range(steps + 1)) and seen.failing() == ["count: step"]


def test_a_run_that_is_too_long_is_not_found_and_that_is_said() -> None:
    result = found(adding(LONGEST + 1))
    assert (
        result.verdict is Verdict.UNKNOWN
        and "no run of at most 12 steps from the start fails" in step_of(result).reason
    )


def test_inputs_that_must_change_on_the_way_are_found() -> None:
    def claim(subject: Any, case: Case) -> None:
        x = case.integer("x")
        counting(
            case,
            state={"n": case.integer("n"), "last": case.integer("last")},
            start={"n": F(0), "last": F(5)},
            inputs={"x": x},
            advance=lambda s: {"n": s["n"] + 1, "last": s["x"]},
            given=lambda s: s["x"] != s["last"],
            holds=lambda s: s["n"] < 3,
        )

    result = found(claim)
    assert result.verdict is Verdict.REFUTED and result.counterexample is not None
    inputs = [result.counterexample[f"x@{i}"] for i in range(3)]
    assert result.counterexample["steps of count"] == 3 and inputs[0] != 5 and inputs[0] != inputs[1] != inputs[2]


def test_a_truth_value_can_be_an_input_and_so_can_one_that_nothing_reads() -> None:
    def claim(subject: Any, case: Case) -> None:
        go, idle, quiet = case.bit("go"), case.real("idle"), case.bit("quiet")
        counting(
            case,
            inputs={"go": go, "idle": idle, "quiet": quiet},
            advance=lambda s: {"n": s["n"] + select(s["go"], 1, 0)},
            holds=lambda s: s["n"] < 3,
            given=lambda s: every(implies(s["n"] > 1, negation(s["quiet"])), s["n"] < 9),
        )

    result = found(claim)
    assert result.verdict is Verdict.REFUTED and result.counterexample is not None
    at = result.counterexample
    assert [at[f"go@{i}"] for i in range(3)] == [1, 1, 1] and at["steps of count"] == 3
    assert [state["n"] for state in replay(claim, nothing, at).runs["count"]] == [0, 1, 2, 3]


def test_an_input_of_no_step_is_nought_of_its_kind() -> None:
    case = ReplayCase({"steps of count": F(1)})
    seen: list[Any] = []

    def advance(s: Any) -> Any:
        seen.append((s["go"], s["x"]))
        return {"n": s["n"] + 1}

    counting(case, inputs={"go": case.bit("go"), "x": case.real("x")}, advance=advance, holds=lambda s: True)
    assert seen == [(False, F(0))] and type(seen[0][1]) is Fraction


def test_a_parameter_stays_the_same_on_the_way() -> None:
    def claim(subject: Any, case: Case) -> None:
        x, by = case.integer("x"), case.integer("by")
        case.assume(by >= 2, by <= 4)
        counting(case, inputs={"x": x}, advance=lambda s: {"n": s["n"] + by}, holds=lambda s: s["n"] != 6)

    result = found(claim)
    assert result.verdict is Verdict.REFUTED and result.counterexample is not None
    assert result.counterexample["by"] * result.counterexample["steps of count"] == 6


# --- what is not declared may be either


def test_without_a_word_on_inputs_a_run_keeps_them_the_same() -> None:
    result = found(adding(3, declared=False, least=1))
    assert result.verdict is Verdict.REFUTED and result.counterexample is not None
    assert result.counterexample["x"] == 1 and result.counterexample["steps of count"] == 3
    assert "x@0" not in result.counterexample


def test_a_step_is_taken_only_where_it_is_given() -> None:
    def claim(limit: int) -> Claim:
        def stated(subject: Any, case: Case) -> None:
            counting(case, given=lambda s: s["n"] < limit, holds=lambda s: s["n"] <= 3)

        return stated

    assert found(claim(3)).verdict is Verdict.PROVED
    refuted = found(claim(4))
    assert (
        refuted.verdict is Verdict.REFUTED
        and refuted.counterexample is not None
        and refuted.counterexample["steps of count"] == 4
    )


def test_a_budget_that_is_spent_on_the_way_is_said() -> None:
    def claim(subject: Any, case: Case) -> None:
        x, y, z = (case.integer(name) for name in "xyz")
        case.assume(x > 1, y > 1, z > 1)
        counting(
            case,
            advance=lambda s: {"n": s["n"] + select(x * x * x + y * y * y == z * z * z, 1, 0)},
            holds=lambda s: s["n"] < 2,
        )

    result = found(claim, budget=30_000)
    assert result.verdict is Verdict.UNKNOWN


# --- the discharge of an obligation and of its twin


def bounded(step: int, case: Case) -> None:
    """n grows by the step up to 6."""
    counting(case, advance=lambda s: {"n": s["n"] + step}, given=lambda s: s["n"] < 6, holds=lambda s: s["n"] <= 6)


def test_a_twin_is_refuted_by_a_run_too() -> None:
    def of(right: int, wrong: int) -> Obligation:
        return Obligation(
            id="t", paper="t", claim=bounded, of=lambda case: right, twin=lambda case: wrong, kind="induction"
        )

    result = discharge(of(1, 4))
    assert result.verdict is Verdict.PROVED and result.twin_verdict is Verdict.REFUTED and result.as_expected
    assert result.twin is not None and result.twin.counterexample is not None
    assert result.twin.counterexample["steps of count"] == 2
    same = discharge(of(2, 2))
    assert same.twin_verdict is not Verdict.REFUTED and not same.as_expected


def test_a_twin_that_is_only_not_inductive_is_not_refuted() -> None:
    def claim(least: int, case: Case) -> None:
        """n stays above."""
        counting(case, start={"n": F(1)}, advance=lambda s: {"n": 2 * s["n"] - 1}, holds=lambda s: s["n"] >= least)

    result = discharge(
        Obligation(id="t", paper="t", claim=claim, of=lambda case: 1, twin=lambda case: -3, kind="induction")
    )
    assert result.verdict is Verdict.PROVED and result.twin_verdict is Verdict.UNKNOWN and not result.as_expected


def test_two_inductions_of_a_claim_have_runs_of_their_own() -> None:
    def claim(subject: Any, case: Case) -> None:
        first, second = case.integer("a"), case.integer("b")
        x = case.integer("x")
        case.induction(
            "first",
            state={"a": first},
            start={"a": F(0)},
            advance=lambda s: {"a": s["a"] + s["x"]},
            holds=lambda s: s["a"] >= 0,
            given=lambda s: s["x"] >= 0,
            inputs={"x": x},
        )
        case.induction(
            "second",
            state={"b": second},
            start={"b": F(0)},
            advance=lambda s: {"b": s["b"] + s["x"]},
            holds=lambda s: s["b"] < 3,
            given=lambda s: s["x"] == 1,
            inputs={"x": x},
        )

    result = found(claim)
    assert result.verdict is Verdict.REFUTED and result.failing == ("second: step",)


@pytest.mark.parametrize("name", ["x@0", "x@12", "n@3", "steps of count", "y@1"])
def test_a_name_that_a_run_needs_is_refused_as_a_variable(name: str) -> None:
    def claim(subject: Any, case: Case) -> None:
        x = case.integer("x")
        also = case.integer(name)
        counting(
            case,
            inputs={"x": x, "y": case.integer("z")},
            advance=lambda s: {"n": s["n"] + s["x"] + also},
            holds=lambda s: s["n"] >= 0,
        )

    with pytest.raises(
        ConstructionError,
        match=f"need another name, got the variable '{name}', which a run would need, at obligation t",
    ):
        found(claim)


def test_such_a_name_is_fine_where_no_run_is() -> None:
    def claim(subject: Any, case: Case) -> None:
        x, other = case.real("x"), case.real("x@0")
        case.assume(x > other)
        case.show("less", other < x)

    stated = obligation(claim)
    assert examine(stated, stated.of).verdict is Verdict.PROVED


def test_a_variable_that_only_premises_read_ties_no_inputs_together() -> None:
    def claim(_: Any, case: Case) -> None:
        """c is the last input, d the one before; with one input all along, d is c or 0."""
        c, d, e, m = (case.real(name) for name in "cdem")
        case.assume(e == m)
        case.induction(
            "last two",
            state={"c": c, "d": d},
            start={"c": Fraction(0), "d": Fraction(0)},
            advance=lambda s: {"c": e, "d": s["c"]},
            holds=lambda s: some(s["c"] == s["d"], s["d"] == 0),
        )

    assert found(claim).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("start", "after"), [(1, lambda n: n / 2), (F(1, 2), lambda n: n + 1), (1, lambda n: select(n > 0, n, n / 3))]
)
def test_an_integer_of_the_state_stays_one(start: Any, after: Callable[[Any], Any]) -> None:
    """Else the step would say nothing of the moment after it, and 1, 1/2, 1/4 would never be 1/4."""

    def claim(four: Any, case: Case) -> None:
        """Four times n is never 1."""
        runs = case.induction(
            "i",
            state={"n": case.integer("n")},
            start={"n": start},
            inputs={},
            advance=lambda s: {"n": after(s["n"])},
            holds=lambda s: four * s["n"] != 1,
        )
        case.show("never", four * case.reached(runs)["n"] != 1)

    made = Obligation(id="i", paper="t", claim=claim, of=lambda case: 4, twin=lambda case: 1, kind="induction")
    with pytest.raises(ConstructionError, match=r"need a state of integers by their form, got .* for 'n', at 'i'"):
        discharge(made)
