"""Moments that runs reach: what holds at all of them, what fails after some steps, and what nobody knows."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from constructions.errors import ConstructionError
from constructions.foundations.functions import Function
from constructions.foundations.logic import every, implies, within
from verify.discharge.one import discharge, examine
from verify.obligations.case import Case
from verify.obligations.inductions import REACHED, Inductive
from verify.obligations.obligation import Obligation, Registry, fresh_registry, registry
from verify.obligations.verdict import Verdict
from verify.provers.asking import Asking
from verify.provers.by_runs import point_for
from verify.provers.by_z3 import build
from verify.provers.outcome import Examination
from verify.replay.witness import ReplayCase, replay_of

F = Fraction
Claim = Callable[[Any, Case], None]


def add(id: str, claim: Claim, *, of: Any = 1, twin: Any = 2, **rest: Any) -> Obligation:
    """Register an induction about a number, whose twin has another."""
    claim.__doc__ = "A claim."
    options = {"kind": "induction"} | rest
    registry().add(Obligation(id=id, paper="t", claim=claim, of=lambda case: of, twin=lambda case: twin, **options))
    return registry().obligations[id]


@pytest.fixture
def mine() -> Any:
    """A registry of its own."""
    with fresh_registry() as found:
        yield found


def counting(by: int, case: Case, holds: Callable[[Any], Any] = lambda s: s["n"] >= 0) -> Inductive:
    """n grows by ``by`` from 0 on."""
    return case.induction(
        "count",
        state={"n": case.integer("n")},
        start={"n": 0},
        inputs={},
        advance=lambda s: {"n": s["n"] + by},
        holds=holds,
    )


def averages(share: int, case: Case) -> None:
    """The mean of any number of answers is as near to the mean of the means as each answer is to its mean."""
    tau, answer, mean = case.real("tau"), case.real("answer"), case.real("mean")
    case.assume(tau > 0, within(answer - mean, tau))
    state = {"q": case.integer("q")} | {name: case.real(name) for name in ("answers", "means")}
    sums = case.induction(
        "sums",
        state=state,
        start={name: F(0) for name in state},
        inputs={"answer": answer, "mean": mean},
        advance=lambda s: {"q": s["q"] + 1, "answers": s["answers"] + s["answer"], "means": s["means"] + s["mean"]},
        holds=lambda s: every(s["q"] >= 0, within(share * (s["answers"] - s["means"]), s["q"] * tau)),
    )
    at = case.reached(sums)
    v, w = case.real("v"), case.real("w")
    case.assume(at["q"] >= 1, v * at["q"] == at["answers"], w * at["q"] == at["means"])
    case.show("the means", within((v - w) * at["q"], at["q"] * tau))


def two_answers(less: int, case: Case) -> None:
    """The case of two answers, from the theorem about any number: a run of two steps is built up."""
    a, b, c, d, tau = (case.real(name) for name in ("a", "b", "c", "d", "tau"))
    case.assume(tau > 0, within(a - c, tau), within(b - d, tau))
    sums = case.use("averages", "sums: base", tau=tau).inductions["sums"]
    end = sums.go_on(sums.go_on(sums.begin(answer=a, mean=c), answer=a, mean=c), answer=b, mean=d)
    moment = {f"sums reached: {name}": value for name, value in end.items()}
    used = case.use("averages", "the means", tau=tau, answer=a, mean=c, v=(a + b) / 2, w=(c + d) / 2, **moment)
    case.lemma("two steps reach it", used.premises)
    case.show("near", within((a + b) / 2 - (c + d) / 2, tau / less))


def never(number: int) -> Claim:
    """A claim that a run never comes to a number."""

    def claim(by: int, case: Case) -> None:
        at = case.reached(counting(by, case))
        case.show("never", at["n"] != number)

    return claim


def found(obligation: Obligation) -> Examination:
    """What becomes of the claim alone."""
    return examine(obligation, obligation.of)


def test_a_fact_for_every_number_of_steps_is_proved_and_used(mine: Registry) -> None:
    assert discharge(add("averages", averages)).verdict is Verdict.PROVED
    used = discharge(add("two", two_answers, kind="solver"))
    assert used.verdict is Verdict.PROVED
    assert used.twin_verdict is Verdict.REFUTED


def test_what_is_reached_after_some_steps_refutes_with_the_run(mine: Registry) -> None:
    result = found(add("never five", never(5)))
    assert result.verdict is Verdict.REFUTED
    assert result.failing == ("never",)
    assert result.counterexample is not None
    assert result.counterexample["steps of count reached"] == 5
    assert result.counterexample["count reached: n"] == 5


def test_a_state_that_no_run_is_seen_to_reach_refutes_nothing(mine: Registry) -> None:
    result = found(add("never five by two", never(5), of=2, twin=1))
    assert result.verdict is Verdict.UNKNOWN
    assert "it fails at count reached: n=5, which no run of at most 12 steps reaches" in result.facts[-1].reason


def test_a_moment_that_no_run_comes_to_is_not_taken_to_be_possible(mine: Registry) -> None:
    """ "For all" of nothing is not proved in silence."""

    def claim(by: int, case: Case) -> None:
        at = case.reached(counting(by, case))
        case.assume(at["n"] == 1)
        case.show("vacuous", at["n"] > 0)

    assert found(add("odd", claim)).verdict is Verdict.PROVED
    nowhere = found(add("even", claim, of=2, twin=1))
    assert nowhere.verdict is Verdict.UNKNOWN
    assert nowhere.facts[-1].reason == (
        "whether the premises can hold: no run of at most 12 steps comes to such a moment"
    )


@pytest.mark.parametrize(("steps", "n"), [(5, 10), (13, 26), (0, 2)])
def test_a_claim_may_say_where_its_premises_hold_and_what_is_said_is_not_believed(steps: int, n: int) -> None:
    """A run of 5 steps comes to 10; one of 13 is found, too, which is longer than those that are gone through. 0 steps
    come to no such state, and then the shortest run is found, as if nothing was said."""

    def claim(by: int, case: Case) -> None:
        """A claim."""
        at = case.reached(counting(by, case))
        case.look_at({"steps of count reached": steps, "n": 3})
        case.assume(at["n"] >= 2)
        case.show("positive", at["n"] > 0)

    made = Obligation(id="t", paper="t", claim=claim, kind="induction", of=lambda case: 2, twin=lambda case: -2)
    stated = build(made, made.of)
    point = point_for(Asking.of(stated.variables, made), stated.facts[-1], stated.looks)
    assert point.status == "sat" and point.values["count reached: n"] == n
    assert examine(made, made.of).verdict is Verdict.PROVED


def test_what_is_said_of_where_premises_hold_makes_none_of_them_possible() -> None:
    def claim(least: int, case: Case) -> None:
        """A claim."""
        x = case.real("x")
        case.look_at({"x": 1, "nothing": 2})
        case.assume(x > least, x < least)
        case.show("vacuous", x > 0)

    made = Obligation(id="t", paper="t", claim=claim, of=lambda case: 0, twin=lambda case: 1)
    assert examine(made, made.of).verdict is Verdict.VACUOUS


def test_a_wrong_property_refutes_the_base_or_the_step_and_helps_neither(mine: Registry) -> None:
    """The property is not among what base and step rest on, so it cannot prove itself."""

    def claim(by: int, case: Case) -> None:
        wrong = counting(by, case, lambda s: s["n"] <= 3)
        at = case.reached(wrong)
        case.show("at most three", at["n"] <= 3)

    obligation = add("wrong", claim)
    for fact in build(obligation, obligation.of).facts[:2]:
        assert REACHED not in str(fact.given)
    result = found(obligation)
    assert result.verdict is Verdict.REFUTED
    assert result.failing[0] == "count: step"


def test_a_second_induction_may_rest_on_the_first_and_not_the_other_way_round(mine: Registry) -> None:
    def claim(by: int, case: Case) -> None:
        at = case.reached(counting(by, case))
        more = case.induction(
            "more",
            state={"k": case.integer("k")},
            start={"k": at["n"]},
            inputs={},
            fixed=("count reached",),
            advance=lambda s: {"k": s["k"] + at["n"]},
            holds=lambda s: s["k"] >= at["n"],
        )
        end = case.reached(more)
        case.show("not below nought", end["k"] >= 1 - by)

    assert found(add("nested", claim)).verdict is Verdict.PROVED


def test_runs_of_two_inductions_fit_together(mine: Registry) -> None:
    """The second run starts where the first one ends."""

    def claim(by: int, case: Case) -> None:
        at = case.reached(counting(by, case))
        more = case.induction(
            "more",
            state={"k": case.integer("k")},
            start={"k": at["n"]},
            inputs={},
            advance=lambda s: {"k": s["k"] + 10},
            holds=lambda s: s["k"] >= 0,
        )
        end = case.reached(more)
        case.show("not thirteen", implies(at["n"] == 3, end["k"] != 13))

    result = found(add("fitting", claim))
    assert result.verdict is Verdict.REFUTED
    assert result.counterexample is not None
    steps = {name: value for name, value in result.counterexample.items() if name.startswith("steps of")}
    assert steps == {"steps of count reached": 3, "steps of more reached": 1}


def test_inputs_of_a_run_are_those_of_the_moment(mine: Registry) -> None:
    def claim(most: int, case: Case) -> None:
        x = case.real("x")
        case.assume(x >= 0, x <= 1)
        sums = case.induction(
            "sum",
            state={"n": case.integer("n"), "s": case.real("s")},
            start={"n": 0, "s": 0},
            inputs={"x": x},
            advance=lambda now: {"n": now["n"] + 1, "s": now["s"] + now["x"]},
            holds=lambda now: every(now["s"] >= 0, now["s"] <= now["n"]),
        )
        at = case.reached(sums)
        case.show("less than all", implies(at["n"] == 2, at["s"] < most))

    obligation = add("sum", claim, of=2, twin=1)
    result = found(obligation)
    assert result.verdict is Verdict.REFUTED
    assert result.counterexample is not None
    assert [result.counterexample[f"sum reached: x@{i}"] for i in (0, 1)] == [1, 1]
    seen = replay_of(obligation, obligation.of, result.counterexample)
    assert isinstance(seen, ReplayCase)
    assert seen.moments[0].state == {"n": 2, "s": 2}


def test_an_induction_that_does_not_name_its_inputs_has_no_moments(mine: Registry) -> None:
    def claim(by: int, case: Case) -> None:
        n = case.integer("n")
        unnamed = case.induction(
            "count", state={"n": n}, start={"n": 0}, advance=lambda s: {"n": s["n"] + by}, holds=lambda s: s["n"] >= 0
        )
        case.reached(unnamed)

    with pytest.raises(ConstructionError, match="need an induction that names its inputs, got none named, at 'count'"):
        found(add("unnamed", claim))


def test_nobody_else_speaks_of_what_is_reached(mine: Registry) -> None:
    def own(by: int, case: Case) -> None:
        case.predicate(REACHED + "t, count", 1)

    def made(by: int, case: Case) -> None:
        counting(by, case)
        case.show("f", every(Function(REACHED + "other, count", ("real",), "truth")(5), by == 1))

    with pytest.raises(ConstructionError, match="need a name that does not begin with 'reached: '"):
        found(add("own", own))
    with pytest.raises(
        ConstructionError, match="need variables that are asked of the case, got another 'reached: other"
    ):
        found(add("made", made))


def test_a_value_for_what_changes_along_a_run_is_refused_where_the_run_is_built_up(mine: Registry) -> None:
    add("averages", averages)

    def bound(less: int, case: Case) -> None:
        case.use("averages", "sums: base", answer=1).inductions["sums"].begin(answer=1, mean=1)
        case.show("f", less == 1)

    def lost(less: int, case: Case) -> None:
        case.use("averages", "sums: base").inductions["sums"].begin(answer=1)
        case.show("f", less == 1)

    def twice(less: int, case: Case) -> None:
        x = case.real("x")
        case.use("averages", tau=x, answer=x)
        case.show("f", less == 1)

    with pytest.raises(ConstructionError, match=r"need no value for an input of a run that is built up .*'answer'"):
        found(add("bound", bound, kind="solver"))
    with pytest.raises(ConstructionError, match=r"need a state of .* and inputs \['answer', 'mean'\], got .*'answer'"):
        found(add("lost", lost, kind="solver"))
    with pytest.raises(ConstructionError, match="need terms of their own for what changes along a run"):
        found(add("twice", twice, kind="solver"))


def test_a_step_of_a_run_needs_admissible_inputs(mine: Registry) -> None:
    """Without the second premise, the second step reaches nothing."""
    add("averages", averages)

    def claim(less: int, case: Case) -> None:
        a, b, tau = case.real("a"), case.real("b"), case.real("tau")
        case.assume(tau > 0)
        sums = case.use("averages", "sums: base", tau=tau).inductions["sums"]
        end = sums.go_on(sums.begin(answer=a, mean=a), answer=b, mean=a)
        case.show("reached", every(sums.reached(end), less == 1))

    assert found(add("open", claim, kind="solver")).verdict is Verdict.REFUTED
