"""A whole run of bSGD or fbGD: steps with a trace and checkpoints, from which it goes on after a kill at any moment
to the same end.

A run is a :class:`Training`, and :meth:`Training.go` takes its steps. What makes it the same run however often it is
stopped:

* *Nothing is remembered but the checkpoint.* Step t's batch depends on the seed and t, and so does what a named
  adversary picks; weights are exact. So the number of steps taken and the weights say how the run goes on.
* *A checkpoint knows its run.* It has a digest of all that decides the trajectory: the network, batches, seed,
  precision, rate and adversary (:attr:`Training.identity`). One of another run is refused.
* *It is written whole or not at all*, every so many seconds, at the end, and before a step that cannot be taken. A kill
  leaves the one before it.
* *The trace is cut back.* A checkpoint says how many bytes of the trace belong to it. What was written after it is
  taken off when the run goes on, and written again, the same.
* *An interrupt waits for the end of the step* (:func:`between_steps`), so that its checkpoint is of a whole step.

A step at a kink ends the run, if nothing is said of kinks: the network stays as it was before the step, and the result
names the vertex.
"""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from constructions.errors import ConstructionError
from constructions.foundations.exact import whole
from constructions.foundations.shown import Shown
from constructions.learning.problems import Point
from constructions.networks.trainable import Trainable
from constructions.training.adversaries import Picks
from constructions.training.batches import Batches, as_arrays
from constructions.training.by_fractions import EngineSettings, any_engine
from constructions.training.checkpoint import Progress, identity_of, read_checkpoint, write_checkpoint
from constructions.training.engine import ArrayStep, Engine, trained
from constructions.training.record import Recorder

EVERY = 10.0
Watch = Callable[[ArrayStep], None]


@dataclass(frozen=True, kw_only=True)
class TrainingRun(Shown):
    """What came of a training.

    Parameters
    ----------
    net : Trainable
        The network with the weights at the end.
    steps : int
        Steps taken, those before a resumption included.
    edges, moves : int
        Edges that differ from the start (or from the checkpoint), and weights changed in all, each step's counted.
    systems : dict
        Steps by number system.
    ways : dict
        Steps (without those before a resumption) by the way in which their passes went: in lanes of 32-bit integers, or
        why not.
    reason : str
        Why the last step's number system was chosen.
    kink : int, optional
        The vertex at which the run stopped.
    resumed : int
        Steps that the checkpoint had.
    """

    net: Trainable
    steps: int
    edges: int
    moves: int
    systems: dict[str, int]
    reason: str
    kink: int | None = None
    resumed: int = 0
    ways: dict[str, int] = field(default_factory=dict)


@dataclass(kw_only=True)
class Training:
    """A training to be done: a network as it is initialized, batches and how many steps; where to keep trace and
    checkpoint.

    Parameters
    ----------
    net, steps
        The network, and up to which step it is trained.
    batches
        From a step's number to its batch.
    source
        Words that identify them, for checkpoints.
    adversary
        A name or a function; for a run that is resumed it must depend on nothing but what it is shown.
    seed
        Of what an adversary by name draws.
    checkpoint, trace
        Files.
    resume
        Go on from the checkpoint; from the start if there is none yet.
    every
        Seconds between two checkpoints.
    watch
        Is called with each step.
    engine
        The engine by its name: ``plain``, ``incremental`` or ``both``; None is the incremental one, and in rationals
        the plain one. They take the same steps, so a run may go on with another one.
    settings
        Where the training is not as the network says.
    taken, kept
        Steps taken so far, and those that the checkpoint has (None: it has none), also when a run was interrupted.

    Raises
    ------
    ConstructionError
        For a negative number of steps, or if it is to go on from a checkpoint and none is named.

    >>> from constructions.foundations.network import Network
    >>> from constructions.networks.flat import flat_network
    >>> from constructions.training.batches import whole_set
    >>> edges = {("x1", "f"): 1, ("one", "f"): Fraction(1, 2)}
    >>> graph = Network(inputs=("x1",), outputs=("f",), edges=edges, constant="one")
    >>> net = Trainable(network=flat_network(graph), rho=Fraction(1, 4))
    >>> done = Training(net=net, batches=whole_set([((1,), 0)]), steps=1).go()
    >>> done.steps, done.edges, done.systems, [str(weight) for _, weight in done.net.network.into(2)]
    (1, 2, {'float64': 1}, ['-1/2', '0'])

    >>> one, other = (Training(net=net, batches=whole_set([((1,), 0)]), steps=1, seed=seed) for seed in (1, 2))
    >>> one.identity == other.identity, len(one.identity)  # a checkpoint of the one is refused by the other
    (False, 64)
    """

    net: Trainable
    batches: Batches
    steps: int
    source: str = ""
    adversary: str | Picks = "nearest"
    seed: int = 0
    checkpoint: Path | None = None
    trace: Path | None = None
    resume: bool = False
    every: float = EVERY
    watch: Watch | None = None
    engine: str | None = None
    settings: EngineSettings = field(default_factory=EngineSettings)
    taken: int = field(init=False, default=0)
    kept: int | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        whole(self.steps, where="steps")
        if self.resume and self.checkpoint is None:
            raise ConstructionError("need a checkpoint to resume from, got none")

    def go(self) -> TrainingRun:
        """Take the steps that are left.

        Raises
        ------
        ConstructionError
            For a step that no number system holds, a checkpoint or trace of another run, or files that cannot be
            written; the steps before it are in the checkpoint.
        EnginesDifferError
            If both engines were asked for, in the first step in which they differ.
        KeyboardInterrupt
            After the step during which the run was interrupted.
        """
        engine = any_engine(self.net, self.settings, engine=self.engine, adversary=self.adversary, seed=self.seed)
        start, scale, progress = engine.weights.copy(), engine.scale, self._begun(engine)
        recorder = self._recorder(engine, progress)
        try:
            with between_steps() as interrupted:
                done, kink = self._steps(engine, progress, recorder, interrupted)
        finally:
            if recorder:
                recorder.close()
        if interrupted():
            raise KeyboardInterrupt
        reason = engine.ranges(downwards=False).reason if engine.last_ranges is None else engine.last_ranges.reason
        changed = np.count_nonzero(_over(start, scale, engine.scale) != _over(engine.weights, engine.scale, scale))
        return TrainingRun(
            net=trained(self.net, engine),
            steps=engine.number,
            edges=int(changed),
            moves=done.moves,
            systems=done.systems,
            reason=reason,
            kink=kink,
            resumed=progress.number,
            ways=dict(engine.ways),
        )

    def _steps(
        self, engine: Engine, progress: Progress, recorder: Recorder | None, interrupted: Callable[[], bool]
    ) -> tuple[Progress, int | None]:
        moves, systems, kink, kept = progress.moves, dict(progress.systems), None, time.monotonic()

        def now() -> Progress:
            trace = recorder.kept() if recorder else 0
            return Progress(
                identity=progress.identity,
                number=engine.number,
                scale=engine.scale,
                moves=moves,
                systems=dict(systems),
                trace=trace,
            )

        while engine.number < self.steps and kink is None and not interrupted():
            batch = self.batches(engine.number + 1)
            try:
                step = engine.step(*batch)
            except ConstructionError as error:
                self._keep(now(), engine)
                raise ConstructionError(f"{error} (step {engine.number + 1} was not taken)") from error
            self.taken = engine.number
            moves, systems[step.system] = moves + len(step.moved), systems.get(step.system, 0) + (not step.stopped)
            kink = step.kink if step.stopped else None
            if recorder and not step.stopped:
                recorder.write(step, batch)
            if self.watch:
                self.watch(step)
            if self.checkpoint and not step.stopped and time.monotonic() - kept >= self.every:
                self._keep(now(), engine)
                kept = time.monotonic()
        done = now()
        self._keep(done, engine)
        if recorder and kink is not None:
            recorder.write(step, batch)
        return done, kink

    def _keep(self, progress: Progress, engine: Engine) -> None:
        """Write the checkpoint, if there is to be one."""
        if self.checkpoint:
            write_checkpoint(self.checkpoint, progress, engine.weights)
            self.kept = progress.number

    @property
    def identity(self) -> str:
        """The digest of all that decides the trajectory."""
        name = (
            self.adversary if isinstance(self.adversary, str) else getattr(self.adversary, "__qualname__", "a function")
        )
        extra = {key: getattr(value, "__qualname__", value) for key, value in self.settings.given.items()}
        given = {"rho": self.net.rho, "rate": self.net.rate, "batch": self.net.batch} | extra
        return identity_of(self.net, {"adversary": name, "seed": self.seed, "source": self.source, **given})

    def _begun(self, engine: Engine) -> Progress:
        """Put the engine where the checkpoint says; at the start if there is none."""
        nothing = Progress(identity=self.identity, number=0, scale=engine.scale, moves=0, systems={}, trace=0)
        if self.checkpoint is None or not self.checkpoint.exists():
            return nothing
        if not self.resume:
            raise ConstructionError(
                f"need resume, or another file for the checkpoint, got one that exists, at {self.checkpoint}"
            )
        progress, weights = read_checkpoint(self.checkpoint, identity=nothing.identity, edges=len(engine.weights))
        if progress.number > self.steps:
            raise ConstructionError(
                f"need at least {progress.number} steps, as many as the checkpoint has, got {self.steps}"
            )
        engine.go_on(number=progress.number, weights=weights, scale=progress.scale)
        self.taken = self.kept = progress.number
        return progress

    def _recorder(self, engine: Engine, progress: Progress) -> Recorder | None:
        if self.trace is None:
            return None
        header = {
            "identity": progress.identity,
            "vertices": len(engine.offsets) - 1,
            "edges": len(engine.sources),
            "batch": engine.batch,
            "rho": str(engine.rho),
            "rate": str(engine.rate),
            "seed": self.seed,
            "source": self.source,
            "adversary": self.adversary if isinstance(self.adversary, str) else "a function",
        }
        return Recorder(self.trace, header, begin=progress.trace if self.resume else None)


@contextmanager
def between_steps() -> Iterator[Callable[[], bool]]:
    """While this lasts an interrupt (Ctrl-C) waits for the end of the step, a second one does not; says whether
    there was one."""
    pressed: list[int] = []
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or before in (signal.SIG_IGN, None):
        yield lambda: False
        return

    def note(number: int, frame: object) -> None:
        pressed.append(number)
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, note)
    try:
        yield lambda: bool(pressed)
    finally:
        signal.signal(signal.SIGINT, before)


def _over(weights: Any, scale: int, other: int) -> Any:
    """Weights times the other scale's part that is missing, so that two arrays can be compared (in Python integers
    if they are large)."""
    if scale == other:
        return weights
    return weights.astype(object) * other


def loss_on(points: list[Point], outputs: Callable[[Any], tuple[Fraction, ...]]) -> Fraction:
    """The mean of half the squared difference over the points of a data set, exactly, for what ``outputs`` gives at
    points x.

    >>> loss_on([((0,), 1), ((1,), 1)], lambda x: tuple(Fraction(int(row[0])) for row in x))
    Fraction(1, 4)
    """
    x, y = as_arrays(points)
    found = outputs(x)
    return sum(((out - label) ** 2 for out, label in zip(found, y.tolist(), strict=True)), Fraction(0)) / (2 * len(y))
