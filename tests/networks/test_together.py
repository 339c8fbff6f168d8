"""All copies of a network go along together: at what its base and its step fail, and a run with steps of all kinds."""

from fractions import Fraction
from typing import Any

import pytest

from constructions.foundations.logic import every
from constructions.networks.round_circuit import gating
from verify.claims.networks.trainable.together import ADD, BEGIN, BUILD, COPY, NOTHING, SAMPLE, UPDATE
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict
from verify.provers import by_z3
from verify.provers.asking import Asking
from verify.provers.by_induction import Walk, lifted
from verify.replay.witness import replay_of

TOGETHER = paper_obligations()["lemma3b.together"]
OVER = "over all that is made"


def found(*subject: Any) -> Any:
    """What becomes of the claim about another subject."""
    return by_z3.discharge(TOGETHER, lambda case: (gating(), *subject))


@pytest.mark.slow
def test_a_run_that_begins_with_a_copy_of_no_round_fails_at_its_base() -> None:
    result = found(COPY, 0)
    assert result.verdict is Verdict.REFUTED and result.failing == (f"{OVER}: base",)


@pytest.mark.slow
def test_a_clock_that_would_have_ticked_as_it_is_built_fails_at_the_step() -> None:
    result = found(NOTHING, 1)
    assert result.verdict is Verdict.REFUTED and result.failing == (f"{OVER}: step",)
    assert result.counterexample is not None and result.counterexample[f"steps of {OVER}"] == 1


@pytest.mark.slow
def test_a_run_with_steps_of_all_kinds_trains_a_clock_until_it_has_ticked() -> None:
    """One round of one copy: it is built, three edges are summed up, its batch gets a sample, and it moves."""
    case = by_z3.build(TOGETHER, TOGETHER.of)
    record = next(fact.induction for fact in case.facts if fact.induction is not None)
    walk = Walk(record, {name: lifted(value) for name, value in record.start.items()}, renew=True)
    of: dict[str, Any] = dict(case.variables)
    pins = [of["copies"] == 1, of["rounds"] == 1]
    made = (BUILD, BEGIN, ADD, ADD, ADD, SAMPLE, UPDATE)
    for do in made:
        now: Any = walk._renewed("do", record.inputs["do"])
        pins.append(now == do)
        walk.step()
    asking = Asking.of(case.variables, TOGETHER)
    found = asking.ask(every(walk.premises, walk.taken, *pins, walk.state["t"] >= 1))
    assert found.status == "sat"
    seen = replay_of(TOGETHER, TOGETHER.of, {**found.values, f"steps of {OVER}": Fraction(len(made))})
    assert seen.failing() == [] and seen.given(f"{OVER}: step")
    last = seen.runs[OVER][-1]
    assert (last["made"], last["t"], last["r"], last["c"]) == (COPY, 1, 1, 0)
