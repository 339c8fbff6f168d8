"""A run that is killed at any moment goes on to the same end, trace and all."""

import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from constructions.errors import ConstructionError
from constructions.foundations.activation import IDENTITY
from constructions.foundations.network import Network
from constructions.learning.problems import uniform
from constructions.networks.flat import flat_network
from constructions.networks.queries import DYADIC
from constructions.networks.skeleton import Skeleton
from constructions.networks.trainable import Trainable
from constructions.training.batches import fresh, whole_set
from constructions.training.by_fractions import EngineSettings
from constructions.training.checkpoint import read_checkpoint
from constructions.training.engine import Engine, engine_of
from constructions.training.record import read_trace, replayed
from constructions.training.run import Training, TrainingRun, loss_on

RHO = Fraction(1, 16)
LINE = Network(
    inputs=("x1", "x2"),
    outputs=("f",),
    constant="one",
    sigma=IDENTITY,
    edges={("x1", "f"): "3/4", ("x2", "f"): "-5/8", ("one", "f"): "1/2", ("x1", "h"): "1/4", ("h", "f"): "1/2"},
)
NET = Trainable(network=flat_network(LINE), rho=RHO, batch=3)
SOURCE = uniform(2, lambda x: x[0] ^ x[1], noise=Fraction(1, 4))


def a_run(folder: Path | None, **changed: Any) -> Training:
    """A run of 40 steps that keeps all it does in a folder."""
    kept = {"checkpoint": folder / "kept", "trace": folder / "trace"} if folder else {}
    given = {
        "net": NET,
        "batches": fresh(SOURCE, batch=3, seed=5),
        "steps": 40,
        "adversary": "random",
        "seed": 9,
        "every": 0.0,
    }
    return Training(**{**given, **kept, **changed})


def weights(done: TrainingRun) -> list[Fraction]:
    """The weights by position."""
    return [Fraction(w, done.net.network.scale) for w in done.net.network.weights.tolist()]


@pytest.fixture(scope="module")
def straight(tmp_path_factory: pytest.TempPathFactory) -> tuple[TrainingRun, bytes]:
    """The run without a stop, and its trace."""
    folder = tmp_path_factory.mktemp("straight")
    return a_run(folder).go(), (folder / "trace").read_bytes()


def test_the_run_moves_and_is_the_engine_s(straight: tuple[TrainingRun, bytes], tmp_path: Path) -> None:
    done, trace = straight
    engine = engine_of(NET, adversary="random", seed=9)
    moves = sum(len(engine.step(*fresh(SOURCE, batch=3, seed=5)(t)).moved) for t in range(1, 41))
    assert weights(done) == [engine.weight(edge) for edge in range(len(NET.network.sources))]
    assert (done.steps, done.moves, done.systems, done.kink, done.resumed) == (40, moves, {"float64": 40}, None, 0)
    assert done.edges == sum(
        a != b for a, b in zip(weights(done), [Fraction(w, 8) for w in NET.network.weights.tolist()], strict=True)
    )
    (tmp_path / "trace").write_bytes(trace)
    assert replayed(read_trace(tmp_path / "trace"), NET.network.weights, NET.network.scale) == weights(done)


@pytest.mark.parametrize("first", [0, 1, 17, 40])
def test_a_run_in_two_parts_is_the_run(straight: tuple[TrainingRun, bytes], tmp_path: Path, first: int) -> None:
    a_run(tmp_path, steps=first).go()
    with (tmp_path / "trace").open("ab") as stream:
        stream.write(b'{"step":18,"x":["0')
    done = a_run(tmp_path, resume=True).go()
    whole = straight[0]
    assert (weights(done), done.moves, done.systems, done.edges) == (
        weights(whole),
        whole.moves,
        whole.systems,
        whole.edges,
    )
    assert done.resumed == first and (tmp_path / "trace").read_bytes() == straight[1]


def killed(work: Callable[[], object], after: float) -> bool:
    """Do some work in a child and kill it after some seconds; whether it had finished."""
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the run failed by itself"
    return not os.WIFSIGNALED(status)


def going_on(folder: Path, **given: Any) -> TrainingRun:
    """The run of a folder, gone on with to its end."""
    return a_run(folder, resume=True, **given).go()


@pytest.mark.timed
@pytest.mark.skipif(not hasattr(os, "fork"), reason="need processes that fork")
@pytest.mark.parametrize("every", [0.0, 0.004])
def test_a_run_killed_again_and_again_comes_to_the_same_end(
    straight: tuple[TrainingRun, bytes], tmp_path: Path, every: float
) -> None:
    source, kills, drawn = random.Random(every), 0, fresh(SOURCE, batch=3, seed=5)

    def batches(last: int) -> Callable[[int], Any]:
        """Batches up to a step; the next one never comes, so that the run is killed however fast the machine is."""
        return lambda t: drawn(t) if t <= last else time.sleep(3600)

    for attempt in range(200):
        given = {"batches": batches(10 * (attempt + 1))} if attempt < 3 else {}
        if killed(partial(going_on, tmp_path, every=every, **given), source.uniform(0.005, 0.04) * (1 + attempt / 20)):
            break
        kills += 1
    done = a_run(tmp_path, resume=True).go()
    assert kills >= 3 and weights(done) == weights(straight[0]) and (tmp_path / "trace").read_bytes() == straight[1]


def test_more_steps_can_be_asked_for_later_but_not_fewer(tmp_path: Path) -> None:
    a_run(tmp_path, steps=3).go()
    assert a_run(tmp_path, steps=5, resume=True).go().steps == 5
    with pytest.raises(ConstructionError, match=r"^need at least 5 steps, as many as the checkpoint has, got 4$"):
        a_run(tmp_path, steps=4, resume=True).go()


@pytest.mark.parametrize(
    "changed",
    [
        {"seed": 8},
        {"adversary": "up"},
        {"source": "another"},
        {"settings": EngineSettings(rho=Fraction(1, 8))},
        {"settings": EngineSettings(batch=4)},
        {"net": replace(NET, frozen=np.array([1]))},
        {"net": NET.with_moved({0: 7})},
        {"net": replace(NET, last=IDENTITY)},
    ],
)
def test_another_run_s_checkpoint_is_refused(tmp_path: Path, changed: dict[str, Any]) -> None:
    a_run(tmp_path, steps=3).go()
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(ConstructionError, match=r"^need a checkpoint of this run"):
        a_run(tmp_path, resume=True, **changed).go()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_nothing_that_exists_is_overwritten_without_resume(tmp_path: Path) -> None:
    a_run(tmp_path, steps=3).go()
    with pytest.raises(
        ConstructionError, match=r"^need resume, or another file for the checkpoint, got one that exists, at .*kept$"
    ):
        a_run(tmp_path).go()
    with pytest.raises(ConstructionError, match=r"^need a new file for the trace, got one that exists, at .*trace$"):
        a_run(tmp_path, checkpoint=None).go()


def test_resume_without_a_checkpoint_file_begins_but_takes_no_other_s_trace(tmp_path: Path) -> None:
    assert a_run(tmp_path, steps=2, resume=True).go().resumed == 0
    (tmp_path / "kept").unlink()
    with pytest.raises(ConstructionError, match=r"^need the trace of this run, got another file or a shorter one"):
        a_run(tmp_path, seed=1, resume=True).go()
    assert len(list(read_trace(tmp_path / "trace"))) == 2
    assert a_run(tmp_path, steps=3, resume=True).go().steps == 3


def test_a_trace_that_is_gone_or_cut_is_refused(tmp_path: Path) -> None:
    a_run(tmp_path, steps=3).go()
    whole = (tmp_path / "trace").read_bytes()
    (tmp_path / "trace").write_bytes(whole[:-9])
    with pytest.raises(ConstructionError, match=r"^need the trace of this run, got another file or a shorter one"):
        a_run(tmp_path, resume=True).go()
    (tmp_path / "trace").unlink()
    with pytest.raises(ConstructionError, match=r"^need the trace that goes with the checkpoint, got no file"):
        a_run(tmp_path, resume=True).go()


def test_resume_needs_a_checkpoint() -> None:
    with pytest.raises(ConstructionError, match=r"^need a checkpoint to resume from, got none$"):
        a_run(None, resume=True)


SUM = Network(
    inputs=("x1", "x2"), outputs=("f",), edges={("x1", "f"): 1, ("one", "f"): 1, ("x2", "f"): 1}, constant="one"
)
KINKED = Trainable(network=flat_network(SUM), rho=RHO)


def kinks_at_three(step: int) -> Any:
    """f is right until step 3, when it sits on a kink."""
    return (np.array([[1, 0]]), np.array([0])) if step == 3 else (np.array([[0, 0]]), np.array([1]))


def test_a_kink_ends_the_run_which_can_be_resumed_with_another_adversary_there(tmp_path: Path) -> None:
    given = {"net": KINKED, "batches": kinks_at_three, "steps": 5}
    done = a_run(tmp_path, **given).go()
    assert (done.steps, done.kink, done.systems) == (2, 3, {"float64": 2})
    last = list(read_trace(tmp_path / "trace"))[-1].step
    assert (last.number, last.kink, last.stopped) == (3, 3, True)
    again = a_run(tmp_path, **given, resume=True).go()
    assert (again.steps, again.kink, again.resumed) == (2, 3, 2)
    assert [step.step.number for step in read_trace(tmp_path / "trace")] == [1, 2, 3]


def test_a_step_that_is_refused_leaves_a_checkpoint(tmp_path: Path) -> None:
    def refuse(*args: Any) -> Any:
        raise ConstructionError("need shorter numbers, got long ones")

    engine_step = Engine.step
    try:
        Engine.step = lambda self, x, y: refuse() if self.number == 3 else engine_step(self, x, y)  # type: ignore[method-assign]
        with pytest.raises(ConstructionError, match=r"^need shorter numbers, got long ones \(step 4 was not taken\)$"):
            a_run(tmp_path, every=1000.0).go()
    finally:
        Engine.step = engine_step  # type: ignore[method-assign]
    done = a_run(tmp_path, resume=True).go()
    assert done.resumed == 3 and weights(done) == weights(a_run(None).go())


def test_a_random_string_decides_the_start(tmp_path: Path) -> None:
    graph = Skeleton(setting=DYADIC, rho=RHO, coin=0).network()
    flat = flat_network(graph)
    coin = int(np.flatnonzero(np.abs(flat.weights) == 4 * flat.scale)[0])
    net = Trainable(network=flat, rho=RHO, batch=2, sampled=np.array([coin]))
    ends = [
        a_run(None, net=net.with_random_string([bit]), batches=whole_set([((1, 0), 1), ((0, 1), 1)]), steps=1).go()
        for bit in (0, 1)
    ]
    assert weights(ends[0]) != weights(ends[1])
    assert [done.net.network.weights[coin] / done.net.network.scale for done in ends] == [-4, 4]


def test_what_a_watcher_sees() -> None:
    seen: list[int] = []
    a_run(None, steps=4, watch=lambda step: seen.append(step.number)).go()
    assert seen == [1, 2, 3, 4]


def test_the_loss_on_a_data_set_by_hand() -> None:
    assert (
        loss_on([((0, 0), 1), ((1, 0), 1), ((1, 0), 1)], engine_of(NET).outputs)
        == (Fraction(1, 4) + 2 * Fraction(3, 8) ** 2) / 6
    )


def test_the_checkpoint_says_how_far_it_is(tmp_path: Path) -> None:
    run = a_run(tmp_path, steps=7)
    done = run.go()
    progress, found = read_checkpoint(tmp_path / "kept", identity=run.identity, edges=5)
    assert (progress.number, progress.moves, progress.trace) == (7, done.moves, (tmp_path / "trace").stat().st_size)
    assert [Fraction(w, progress.scale) for w in found.tolist()] == weights(done)


@pytest.mark.usefixtures("listening")
def test_an_interrupt_waits_for_the_end_of_the_step_and_nothing_is_lost(
    straight: tuple[TrainingRun, bytes], tmp_path: Path
) -> None:
    def press(step: Any) -> None:
        if step.number == 5:
            signal.raise_signal(signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        a_run(tmp_path, every=1000.0, watch=press).go()
    assert signal.getsignal(signal.SIGINT) is before
    done = a_run(tmp_path, resume=True).go()
    assert (done.resumed, weights(done)) == (5, weights(straight[0])) and (tmp_path / "trace").read_bytes() == straight[
        1
    ]


@pytest.mark.usefixtures("listening")
def test_a_second_interrupt_does_not_wait(tmp_path: Path) -> None:
    def press(step: Any) -> None:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        pytest.fail("it waited")

    with pytest.raises(KeyboardInterrupt):
        a_run(tmp_path, watch=press).go()


@pytest.mark.usefixtures("listening")
def test_who_ignores_interrupts_is_not_interrupted(tmp_path: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    assert a_run(tmp_path, steps=3, watch=lambda step: signal.raise_signal(signal.SIGINT)).go().steps == 3
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
