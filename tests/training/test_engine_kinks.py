"""Steps at a kink: training stops, or an adversary chooses any gradient in [-1, 1] (footnote 6)."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from constructions.errors import ConstructionError
from constructions.foundations.activation import IDENTITY, RELU, Activation
from constructions.foundations.network import Edge, Network
from constructions.networks.flat import flat_network
from constructions.networks.trainable import Trainable
from constructions.training.engine import Engine, engine_of, trained
from constructions.training.exactness import MOST_KINKS
from constructions.training.incremental import IncrementalEngine
from constructions.training.record import TracedStep
from tests.training.small_steps import kinked
from verify.replay.trace import faults_of


def weights(engine: Engine) -> list[Fraction]:
    """The weights now, by position."""
    return [engine.weight(edge) for edge in range(len(engine.weights))]


ON_KINK = (np.array([[1]]), np.array([0]))


def test_a_kink_stops_the_run_and_names_the_vertex() -> None:
    engine = engine_of(kinked())
    steps = [engine.step(np.array([[0]]), np.array([1])), engine.step(*ON_KINK)]
    assert [(step.number, step.kink, step.stopped, dict(step.moved)) for step in steps] == [
        (1, None, False, {}),
        (2, 2, True, {}),
    ]
    assert weights(engine) == [1, 1]


@pytest.mark.parametrize("free", [Fraction(1), Fraction(-1), Fraction(1, 7), Fraction(0)])
def test_at_a_kink_any_gradient_within_one_is_valid_also_off_the_grid(free: Fraction) -> None:
    engine = engine_of(kinked(), at_kink=lambda vertex, seen: {0: free})
    step = engine.step(*ON_KINK)
    assert (step.kink, step.stopped, engine.number) == (2, False, 1)
    assert weights(engine) == [1 - 2 * free, 1]
    assert weights(engine_of(trained(kinked(), engine))) == [1 - 2 * free, 1]
    traced = TracedStep(step, ((1,),), (0,))
    assert not list(faults_of(kinked(), [traced], rho=Fraction(1, 4), rate=Fraction(2), batch=1))


def test_an_adversary_at_kinks_gives_the_same_run_in_both_engines(pair: Any) -> None:
    def push(vertex: int, seen: Mapping[Any, Fraction]) -> dict[Any, Fraction]:
        return {edge: Fraction((-1) ** i * (vertex % 3), 3) for i, edge in enumerate(list(seen)[:3])}

    kinks = 0
    for seed in range(60):
        run = pair(seed)

        def in_names(vertex: int, edges: Mapping[Edge, Fraction], run: Any = run) -> dict[Edge, Fraction]:
            return {
                run.edges[edge]: u
                for edge, u in push(vertex, dict.fromkeys(range(len(run.edges)), Fraction(0))).items()
            }

        trace = run.in_fractions(lambda choice: choice.valid[0], in_names)
        engine = engine_of(run.net, adversary="down", at_kink=push)
        try:
            steps = [engine.step(*batch) for batch in run.batches]
        except ConstructionError as error:
            assert str(error).startswith("need numbers of at most 61 bits, got ")
            continue
        assert weights(engine) == run.weights(trace.final)
        assert [step.outputs for step in steps] == [step.outputs for step in trace.steps]
        kinks += sum(step.kink is not None for step in steps)
    assert kinks > 10


def test_the_adversary_at_a_kink_sees_all_weights() -> None:
    seen: list[dict[int, Fraction]] = []

    def watching(vertex: int, weights: Mapping[int, Fraction]) -> dict[int, Fraction]:
        seen.append(dict(weights))
        return {}

    engine_of(kinked(), at_kink=watching).step(*ON_KINK)
    assert seen == [{0: 1, 1: 1}]


@pytest.mark.parametrize(
    ("free", "message"),
    [
        ({0: Fraction(9, 8)}, r"need gradient entries in \[-1, 1\] at a kink, got Fraction\(9, 8\), at edge 0, step 1"),
        ({0: 0.5}, r"need gradient entries in \[-1, 1\] at a kink, got 0.5, at edge 0, step 1"),
        ({2: Fraction(0)}, r"need an edge that is trained, got 2, at the kink of step 1"),
        ({1: Fraction(1)}, r"need an edge that is trained, got 1, at the kink of step 1"),
        ({0: Fraction(1, (1 << 60) - 1)}, r"need weights times scale within 2\^60, got \d+, at the kink of step 1"),
    ],
)
def test_at_a_kink_what_is_no_gradient_is_refused_and_nothing_moves(free: dict[int, Any], message: str) -> None:
    engine = engine_of(replace(kinked(), frozen=np.array([1])), at_kink=lambda vertex, seen: free)
    with pytest.raises(ConstructionError, match=f"^{message}$"):
        engine.step(*ON_KINK)
    assert (engine.number, engine.weight(0), engine.weight(1)) == (0, Fraction(1), Fraction(1))


def test_of_two_samples_on_kinks_the_first_in_the_batch_is_named() -> None:
    edges = {("x1", "h"): 1, ("h", "f"): 1, ("one", "f"): -1, ("x2", "f"): 2}
    graph = Network(inputs=("x1", "x2"), outputs=("f",), edges=edges, constant="one", sigma=RELU)
    net = Trainable(network=flat_network(graph), rho=Fraction(1, 4))
    one, other = ([0, 1], 0), ([1, 0], 1)  # the first puts h on a kink, the second f
    for batch, vertex in (([one, other], 3), ([other, one], 4), ([one], 3), ([other, other, one], 4)):
        step = engine_of(net, batch=len(batch)).step(np.array([x for x, _ in batch]), np.array([y for _, y in batch]))
        assert (step.kink, step.stopped) == (vertex, True)


def test_as_many_kinks_as_the_passes_number_are_told_apart() -> None:
    """Between the last two of so many kinks there is a gradient, on the last one there is none, and beyond it again;
    one kink more is refused."""
    kinks, last = tuple(map(Fraction, range(MOST_KINKS + 1))), MOST_KINKS - 1
    slopes = tuple(Fraction(i % 2) for i in range(MOST_KINKS + 2))
    zigzag = Activation(kinks=kinks[:-1], slopes=slopes[:-1], value=Fraction(0))
    given: dict[str, Any] = {"offsets": np.array([0, 0, 0, 2, 3]), "sources": np.array([0, 1, 2]), "scale": 2}
    given |= {"weights": np.zeros(3, np.int64), "inputs": 1, "output": 3, "last": IDENTITY, "rho": Fraction(1, 4)}
    for kind, batch in ((Engine, 1), (Engine, 9), (IncrementalEngine, 1)):
        engine = kind(sigma=zigzag, batch=batch, **given)
        rows = np.array([[i % 2] for i in range(batch)])
        for halves, kink in ((2 * last - 1, None), (2 * last, 2), (2 * last + 1, None)):
            engine.go_on(number=0, weights=np.array([halves, 0, 2]), scale=engine.scale)
            assert engine.step(rows, np.zeros(batch, np.int64)).kink == kink
    with pytest.raises(ConstructionError, match=r"^need at most 32767 kinks, got 32768, at sigma$"):
        Engine(sigma=Activation(kinks=kinks, slopes=slopes, value=Fraction(0)), batch=1, **given)
