"""Each check of the judge is needed: without it a forged file is accepted for something false, and that is noticed."""

from collections.abc import Callable
from typing import Any

import pytest

import verify.judge.check as check
import verify.judge.reading as reading
from verify.attacks.proof_judging import trial
from verify.judge.check import Checking, Standing
from verify.judge.induction import Run

Patch = pytest.MonkeyPatch
SEEDS = 40


def accepts_what_is_false(kind: str, seeds: int = SEEDS) -> bool:
    """Whether a file forged by a kind is a defect for one of some seeds."""
    return any(trial(kind, seed)[0] == "DEFECT" for seed in range(seeds))


def without_orders_of_lemmas(patch: Patch) -> None:
    patch.setattr(check._Steps, "_lemma", lambda *rest: None)


def without_premises_in_statements(patch: Patch) -> None:
    plain = reading.need

    def lenient(truth: object, what: str, *rest: Any) -> None:
        plain(truth or what == "each premise in the statement", what, *rest)

    patch.setattr(check, "need", lenient)


def without_points(patch: Patch) -> None:
    patch.setattr(check, "check_point", lambda *rest: set())


def without_circles(patch: Patch) -> None:
    plain = Checking.establish

    def lenient(self: Checking, id: str, user: str = "") -> Standing:
        return Standing() if id in self._open else plain(self, id, user)

    patch.setattr(Checking, "establish", lenient)


def without_premises_of_lemmas(patch: Patch) -> None:
    patch.setattr(check._Steps, "check_conditions", check._Steps.check_range)


def without_base_and_step(patch: Patch) -> None:
    patch.setattr(Run, "check", lambda self, refute: None)
    patch.setattr(check, "need", lambda *rest: None)


def without_the_solver(patch: Patch) -> None:
    patch.setattr(Checking, "refute", lambda *rest: None)
    patch.setattr("verify.attacks.proof_judging._Lenient.refute", lambda *rest: None)


WEAKENED: dict[str, tuple[Callable[[Patch], None], str]] = {
    "lemmas": (without_orders_of_lemmas, "false: a lemma of itself"),
    "lemmas of lemmas": (without_orders_of_lemmas, "false: a lemma of a lemma of itself"),
    "premises": (without_premises_in_statements, "false: a premise that the statement does not have"),
    "conditions": (without_premises_in_statements, "false: a condition that the statement does not have"),
    "points": (without_points, "false: under what cannot hold"),
    "circles": (without_circles, "false: used by itself"),
    "premises of lemmas": (without_premises_of_lemmas, "false: a lemma with fewer premises"),
    "inductions": (without_base_and_step, "false: a property without a proof"),
    "the solver": (without_the_solver, "false: nothing but the claim"),
}


@pytest.mark.parametrize("what", WEAKENED)
def test_a_judge_without_a_check_accepts_what_is_false(what: str, monkeypatch: Patch) -> None:
    weaken, kind = WEAKENED[what]
    assert not accepts_what_is_false(kind, 6)
    weaken(monkeypatch)
    assert accepts_what_is_false(kind)
