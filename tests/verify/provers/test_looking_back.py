"""Inductions whose steps look back at earlier moments of the same run."""

from typing import Any

import pytest

from constructions.errors import ConstructionError
from constructions.foundations.logic import every, implies
from tests.verify.provers.inductions import F, found, step_of
from verify.discharge.one import discharge
from verify.obligations.case import Case
from verify.obligations.obligation import fresh_registry, nothing, obligation
from verify.obligations.parts import earlier_state
from verify.obligations.verdict import Verdict
from verify.provers.by_z3 import build
from verify.replay.witness import replay


def adding(case: Case, least: int = 1, **changed: Any) -> Any:
    """Each step puts the sum of the values at two moments before it, as in an addition chain from 1 on."""
    given: dict[str, Any] = {
        "state": {"value": case.integer("value"), "n": case.integer("n")},
        "start": {"value": F(1), "n": F(0)},
        "inputs": {},
        "earlier": ("one", "other"),
        "advance": lambda s: {
            "value": earlier_state(s, "one")["value"] + earlier_state(s, "other")["value"],
            "n": s["n"] + 1,
        },
        "holds": lambda s: s["value"] >= least,
    }
    return case.induction("over the chain", **given | changed)


def chain(subject: Any, case: Case) -> None:
    adding(case)


def test_a_step_may_use_the_property_of_what_it_looks_back_at() -> None:
    assert found(chain).verdict is Verdict.PROVED


def test_without_looking_back_the_same_step_is_not_inductive() -> None:
    """The numbers that are added are then any."""

    def claim(subject: Any, case: Case) -> None:
        adding(
            case,
            earlier=(),
            inputs={"a": case.integer("a"), "b": case.integer("b")},
            advance=lambda s: {"value": s["a"] + s["b"], "n": s["n"] + 1},
        )

    result = found(claim)
    assert result.counterexample is not None and result.counterexample["steps of over the chain"] == 1


def test_a_counterexample_is_a_run_that_looks_back_at_its_own_states() -> None:
    """The values 1, 2, 4 come to no number between 5 and 7 that is no sum of two of them."""

    def claim(subject: Any, case: Case) -> None:
        adding(case, holds=lambda s: s["value"] != 5)

    result = found(claim)
    values = result.counterexample
    assert result.verdict is Verdict.REFUTED and values is not None
    steps = int(values["steps of over the chain"])
    run = [(F(1), F(0))]
    for step in range(steps):
        one, other = ((values[f"{g}: value@{step}"], values[f"{g}: n@{step}"]) for g in ("one", "other"))
        assert one in run and other in run
        run.append((one[0] + other[0], F(step + 1)))
    assert steps == 3 and run[-1][0] == 5


def test_a_property_that_no_run_breaks_and_that_does_not_give_itself_is_unknown() -> None:
    """That two numbers are not 0 does not say that their sum is not."""

    def claim(subject: Any, case: Case) -> None:
        adding(case, holds=lambda s: s["value"] != 0)

    result = found(claim)
    assert result.verdict is Verdict.UNKNOWN and "not inductive" in step_of(result).reason


def test_blocks_of_states_are_not_tried() -> None:
    """Three positive values in a row say nothing of an earlier one."""

    def claim(subject: Any, case: Case) -> None:
        adding(case, holds=lambda s: every(s["value"] != 0, implies(s["n"] <= 2, s["value"] >= 1)))

    assert found(claim).verdict is Verdict.UNKNOWN


def test_what_is_reached_is_proved_and_refuted() -> None:
    with fresh_registry() as mine:

        @obligation("chain.even", paper="mine", kind="induction", of=lambda case: 1, twin=lambda case: 2)
        def even(least: Any, case: Case) -> None:
            """Every number of an addition chain is at least 1."""
            at = case.reached(adding(case))
            case.show("at least", at["value"] >= least)

    result = discharge(mine.obligations["chain.even"])
    assert (result.verdict, result.twin_verdict) == (Verdict.PROVED, Verdict.REFUTED)


def test_a_fact_about_a_moment_is_refuted_by_a_run_of_its_own_states() -> None:
    def claim(subject: Any, case: Case) -> None:
        at = case.reached(adding(case))
        case.show("never 3", at["value"] != 3)

    values = found(claim).counterexample
    assert values is not None and values["over the chain reached: value"] == 3
    assert values["over the chain reached: one: value@0"] == 1


def test_a_run_that_looks_back_is_not_built_up_step_by_step() -> None:
    with fresh_registry() as mine:

        @obligation("chain.first", paper="mine", kind="induction", of=lambda case: 1, twin=lambda case: 2)
        def first(least: Any, case: Case) -> None:
            """Every number of an addition chain is at least 1."""
            case.reached(adding(case))
            case.show("plain", least == 1)

        @obligation("chain.second", paper="mine", of=lambda case: 1, twin=lambda case: 2)
        def second(least: Any, case: Case) -> None:
            """It goes on."""
            used = case.use("chain.first")
            used.inductions["over the chain"].begin()
            case.show("plain", least == 1)

    with pytest.raises(ConstructionError, match="present state alone to build up a run"):
        build(mine.obligations["chain.second"], mine.obligations["chain.second"].of)


def test_looking_back_needs_inputs_that_are_named() -> None:
    def claim(subject: Any, case: Case) -> None:
        adding(case, inputs=None)

    with pytest.raises(ConstructionError, match="names its inputs to look back"):
        found(claim)


def test_the_replay_does_not_believe_a_run_that_looks_back_at_what_never_was() -> None:
    def claim(subject: Any, case: Case) -> None:
        adding(case, holds=lambda s: s["value"] != 7)

    values = {"steps of over the chain": F(1), "one: value@0": F(3), "other: value@0": F(4)}
    assert replay(claim, nothing, values).failing() == []
    true_run = {f"{group}: value@{step}": F(2**step) for step in (0, 1) for group in ("one", "other")}
    true_run |= {f"{group}: n@1": F(1) for group in ("one", "other")}
    seen = replay(claim, nothing, true_run | {"steps of over the chain": F(2)})
    assert [state["value"] for state in seen.runs["over the chain"]] == [1, 2, 4]
