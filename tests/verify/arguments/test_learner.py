"""The learner that a command names: which machine it becomes, and that the machine is built once."""

import inspect
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from constructions.computation.built_in_learners import LEARNERS, QUERY_LEARNERS
from constructions.errors import ConstructionError
from constructions.networks.queries import DYADIC
from constructions.networks.round_circuit import is_binary
from verify.arguments.learner import learner_named, plan_of_learner, read_learner
from verify.arguments.learner_options import LearnerOptions

RHO = Fraction(1, 64)


def options_of(name: str) -> LearnerOptions:
    """Few bits, and what a learner that draws samples needs besides."""
    if name in QUERY_LEARNERS:
        return LearnerOptions(n=2)
    return LearnerOptions(n=2, m=2, delta=Fraction(1, 4), rounds=3)


@pytest.mark.parametrize("name", LEARNERS)
def test_the_machine_of_a_built_in_learner_is_built_once(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    build = LEARNERS[name].machine

    def counted(n: int, m: int = 0, **rest: Any) -> Any:
        made.append(build(n, m, **rest) if m else build(n, **rest))
        return made[-1]

    counted.__signature__ = inspect.signature(build)  # type: ignore[attr-defined]
    monkeypatch.setitem(LEARNERS, name, replace(LEARNERS[name], machine=counted))  # type: ignore[arg-type]
    plan = plan_of_learner(name, options_of(name), setting=DYADIC, rho=RHO, b=2, tolerance=4 * RHO)
    assert len(made) == 1 and plan.decoder.tolerance <= 4 * RHO


@pytest.mark.parametrize("name", LEARNERS)
def test_the_table_says_which_learners_ask_queries_with_a_sign(name: str) -> None:
    machine = read_learner(name).machine(options_of(name), {"fraction": 8, "tau": Fraction(1, 16), "b": 2})
    assert (machine.signed, is_binary(machine)) == (LEARNERS[name].signed, not LEARNERS[name].signed)


def test_a_table_that_says_another_sign_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LEARNERS, "correlations", replace(QUERY_LEARNERS["correlations"], signed=False))
    learner = read_learner("correlations")
    with pytest.raises(AssertionError, match="correlations has another sign in the table"):
        learner_named(learner, LearnerOptions(n=1), setting=DYADIC, rho=RHO, b=1, tolerance=4 * RHO)


def test_places_that_are_given_are_taken() -> None:
    learner = read_learner("literal")
    machine = learner_named(learner, LearnerOptions(n=1, fraction=11), setting=DYADIC, rho=RHO, b=1, tolerance=4 * RHO)
    assert machine.answer_fraction == 11


def test_bits_of_the_options_count_before_those_of_the_network() -> None:
    learner = read_learner("literal")
    for options, inputs in ((LearnerOptions(), 3), (LearnerOptions(n=2), 2)):
        assert learner_named(learner, options, setting=DYADIC, rho=RHO, b=1, tolerance=4 * RHO, n=3).inputs == inputs


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("literal", LearnerOptions(), "need --bits for the learner 'literal', got none"),
        ("literal", LearnerOptions(n=2, m=3), "got --samples, at literal"),
        ("parity", LearnerOptions(n=2), "need --samples, --delta for the learner 'parity', got none"),
    ],
)
def test_options_that_do_not_fit_are_refused(name: str, options: LearnerOptions, said: str) -> None:
    with pytest.raises(ConstructionError, match=said):
        plan_of_learner(name, options, setting=DYADIC, rho=RHO, b=1, tolerance=4 * RHO)
