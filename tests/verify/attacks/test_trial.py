"""Training a mutant beside its machine: what goes wrong is seen, and what does not is not."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import verify.attacks.trial
from constructions.networks.network_file import read_network_bytes
from constructions.training.engine import engine_of
from tests.verify.attacks.small_mutants import COINS, SMALL, found
from verify.attacks.bases import base
from verify.attacks.trial import EvaluatedMachine, MutantRun, runs_of, trial
from verify.certifier.certify import certify_network


def test_the_networks_before_the_change_follow_their_machines() -> None:
    for name in (SMALL, COINS):
        plan = base(name).plan
        result = trial(plan.trainable, plan.machine, plan, np.arange(plan.sizes.vertices), runs_of(3, each=1))
        assert (
            result.deviation is None
            and result.unrun is None
            and result.runs == 10
            and result.steps == 10 * plan.machine.rounds
        )


@pytest.mark.parametrize(
    ("kind", "seeds", "what"),
    [
        ("edge removed from the output", 2, ("held", "predicts")),
        ("header, steps", 1, "the network has"),
        ("machine, rounds", 1, "the network has"),
        ("machine, formats", 2, ("answers", "predicts", "held", "no answer")),
        ("a control reused", 2, ("held", "vertex", "predicts")),
    ],
)
def test_a_trial_sees_what_goes_wrong(kind: str, seeds: int, what: str | tuple[str, ...]) -> None:
    for seed in range(seeds):
        made = found(COINS, kind, seed)
        result = trial(read_network_bytes(made.data), made.machine, made.base.plan, made.place, runs_of(seed, each=1))
        assert result.deviation is not None and result.deviation.what.startswith(what)


def test_a_trial_takes_the_tolerance_and_the_held_outputs_that_it_is_given() -> None:
    plan = base(COINS).plan
    place, runs = (
        np.arange(plan.sizes.vertices),
        [MutantRun("up", "right labels", 1), MutantRun("away-from-zero", "ones", 2)],
    )
    assert trial(plan.trainable, plan.machine, plan, place, runs, offsets=[plan.setting.offset]).deviation is None
    tight = trial(plan.trainable, plan.machine, plan, place, runs, tolerance=Fraction(0))
    assert tight.deviation is not None and tight.deviation.what.startswith("answers")
    elsewhere = trial(plan.trainable, plan.machine, plan, place, runs, offsets=[Fraction(3)])
    assert elsewhere.deviation is not None and elsewhere.deviation.what.startswith("held")


def test_which_copies_ask_which_query_is_for_the_network_to_say() -> None:
    """Two inputs exchanged at the adaptors: the correlations are then asked by one another's copies, and all else
    fits."""
    made = found("two signed, strong", "inputs reordered")
    plan = made.base.plan
    result = trial(
        read_network_bytes(made.data),
        made.machine,
        plan,
        made.place,
        runs_of(0, each=0),
        known=EvaluatedMachine(made.machine),
    )
    assert made.note == "inputs in the order [2, 1]" and result.deviation is None


def test_a_full_batch_is_the_same_in_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[Any]] = []

    def recording(*args: Any, **kwargs: Any) -> Any:
        engine = engine_of(*args, **kwargs)
        step = engine.step

        def seeing(x: Any, y: Any) -> Any:
            seen.append([*x.tolist(), y.tolist()])
            return step(x, y)

        monkeypatch.setattr(engine, "step", seeing, raising=False)
        return engine

    monkeypatch.setattr(verify.attacks.trial, "engine_of", recording)
    plan = base("full batch, dyadic").plan
    for full in (True, False):
        seen.clear()
        runs = [replace(run, full=full) for run in runs_of(5, each=1, full=base("full batch, dyadic").full)[:3]]
        assert trial(plan.trainable, plan.machine, plan, np.arange(plan.sizes.vertices), runs).deviation is None
        assert len(seen) == 6 and all(seen[i] == seen[i + 1] for i in (0, 2, 4)) is full


def test_a_trial_reads_answers_with_the_decoder_that_it_is_given() -> None:
    """The network of a conjunction by queries serves the machine of another, with other places, by another decoder."""
    made = found("conjunction by queries, dyadic", "machine, another one", 2000)
    net, plan = read_network_bytes(made.data), made.base.plan
    assert made.machine.answer_fraction != plan.machine.answer_fraction
    outcome = certify_network(net, made.machine)
    assert outcome.finding is not None and outcome.finding.decoding is not None
    d = outcome.finding.decoding
    runs = runs_of(2, each=1)

    def deviation(*numbers: int) -> object:
        assert outcome.finding is not None
        decoder = (numbers[0], numbers[1], numbers[2], numbers[3]) if numbers else None
        return trial(
            net, made.machine, plan, made.place, runs, tolerance=outcome.finding.tolerance, decoder=decoder
        ).deviation

    assert deviation(d.d, d.multiplier, d.add, d.shift) is None
    assert deviation() is not None and deviation(d.d, 2 * d.multiplier, d.add, d.shift) is not None
    assert deviation(d.d, d.multiplier, d.add, d.shift + 1) is not None
