"""Blocks of states: what k-induction proves, with new inputs in each step, and what it does not."""

from collections.abc import Callable
from typing import Any

import pytest

from constructions.foundations.logic import every, implies, select, some
from tests.verify.provers.inductions import Claim, F, counting, found, step_of
from verify.obligations.case import Case
from verify.obligations.verdict import Verdict

pytestmark = pytest.mark.bounds


def alternating(*, declared: bool) -> Claim:
    """n moves by x (1 or -1) between -1 and 1; with one x for all steps it would leave at once or never come back."""

    def claim(subject: Any, case: Case) -> None:
        x = case.integer("x")
        counting(
            case,
            state={"n": case.integer("n"), "sum": case.integer("sum")},
            start={"n": F(0), "sum": F(0)},
            advance=lambda s: {"n": s["n"] + 1, "sum": s["sum"] + (s["x"] if declared else x)},
            given=lambda s: some(s["x"] == 1, s["x"] == -1) if declared else some(x == 1, x == -1),
            holds=lambda s: implies(s["n"] == 2, s["sum"] != 0),
            inputs={"x": x} if declared else None,
        )

    return claim


def test_a_false_claim_that_constant_inputs_would_prove_is_not_proved() -> None:
    """After two steps the sum may be 0, but not if both steps have the same input: with constant inputs k = 3 would
    prove it."""
    silent = found(alternating(declared=False))
    assert silent.verdict is Verdict.UNKNOWN and silent.counterexample is None
    told = found(alternating(declared=True))
    assert told.verdict is Verdict.REFUTED and told.counterexample is not None
    assert told.counterexample["x@0"] + told.counterexample["x@1"] == 0


def remembering(holds: Callable[[Any], Any], *, declared: bool) -> Claim:
    """n counts, and a and b are the last input and the one before."""

    def claim(subject: Any, case: Case) -> None:
        x = case.integer("x")
        state = {name: case.integer(name) for name in "nab"}
        case.induction(
            "inputs",
            state=state,
            start=dict.fromkeys(state, F(0)),
            holds=holds,
            inputs={"x": x} if declared else None,
            advance=lambda s: {"n": s["n"] + 1, "a": s["x"] if declared else x, "b": s["a"]},
        )

    return claim


@pytest.mark.parametrize(
    "holds",
    [
        lambda s: some(s["n"] < 2, s["a"] == s["b"]),  # with one input for all steps two states in a row would prove it
        lambda s: every(
            s["n"] >= 0, some(s["n"] != 2, s["a"] == s["b"])
        ),  # three states in a row do, but it fails after two steps
    ],
    ids=["block", "base"],
)
def test_blocks_and_their_base_take_new_inputs_in_each_step(holds: Callable[[Any], Any]) -> None:
    silent = found(remembering(holds, declared=False))
    assert silent.verdict is Verdict.UNKNOWN and silent.counterexample is None
    told = found(remembering(holds, declared=True))
    assert told.verdict is Verdict.REFUTED and told.counterexample is not None
    assert told.counterexample["steps of inputs"] == 2 and told.counterexample["x@0"] != told.counterexample["x@1"]


def test_the_start_and_the_property_read_parameters() -> None:
    def claim(subject: Any, case: Case) -> None:
        top = case.integer("top")
        case.assume(top >= 3)
        counting(case, advance=lambda s: {"n": select(s["n"] < top, s["n"] + 1, s["n"])}, holds=lambda s: s["n"] <= top)

    assert found(claim).verdict is Verdict.PROVED


# --- blocks


def doubling(least: int) -> Claim:
    """n -> 2 n - 1 from 1 on stays 1; n >= least needs blocks of 1, 2 and 3 states for least = 1, 0 and -2, and no
    block for -3."""

    def claim(subject: Any, case: Case) -> None:
        counting(case, start={"n": F(1)}, advance=lambda s: {"n": 2 * s["n"] - 1}, holds=lambda s: s["n"] >= least)

    return claim


@pytest.mark.parametrize(
    ("least", "verdict", "words"),
    [
        (1, Verdict.PROVED, ""),
        (0, Verdict.PROVED, "by k-induction, k = 2"),
        (-2, Verdict.PROVED, "by k-induction, k = 3"),
        (-3, Verdict.UNKNOWN, "not inductive: the step fails at n=-3; no run of at most 12 steps from the start fails"),
    ],
)
def test_the_least_block_that_proves_is_named(least: int, verdict: Verdict, words: str) -> None:
    result = found(doubling(least))
    assert result.verdict is verdict and step_of(result).reason == words


def jumping(first: int, late: int) -> Claim:
    """n counts and falls from ``first`` on into a trap whose property fails ``late`` steps later: no block may call
    that proved."""

    def claim(subject: Any, case: Case) -> None:
        counting(case, start={"n": F(first)}, holds=lambda s: s["n"] != first + late)

    return claim


@pytest.mark.parametrize("late", [1, 2, 3, 4])
def test_a_block_needs_its_base(late: int) -> None:
    """n != first + late is kept by blocks of 2 and 3 nowhere near the start; a run says so."""
    result = found(jumping(0, late))
    assert result.verdict is Verdict.REFUTED
    assert result.counterexample is not None and result.counterexample["steps of count"] == late


def test_a_block_whose_base_fails_after_the_first_steps_proves_nothing() -> None:
    """From 1 on, 1 -> 2 -> 0 -> 0: n != 0 is kept by blocks of two states (nothing comes before 0 but 2 and 0), and
    false."""

    def claim(subject: Any, case: Case) -> None:
        go = case.bit("go")
        counting(
            case,
            start={"n": F(1)},
            advance=lambda s: {"n": select(s["n"] == 1, 2, 0)},
            holds=lambda s: s["n"] != 0,
            given=lambda s: some(s["go"], s["n"] == 1),
            inputs={"go": go},
        )

    result = found(claim)
    assert (
        result.verdict is Verdict.REFUTED
        and result.counterexample is not None
        and result.counterexample["steps of count"] == 2
    )
