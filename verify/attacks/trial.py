"""Training a changed network and comparing it with its machine at every step, whatever a certifier says of it.

Before every step the output at every x must be the held one; no sample may sit on a kink with an adjoint; after the
step the digits of the round, where the change has put them, must read the same at every x, and give the machine answers
within the tolerance of the batch means; the machine goes on with these answers and the random bits of the file's order.
At the end the output is compared at every x.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from itertools import permutations, product
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt

from constructions.computation.query_machine import QueryMachine
from constructions.errors import ConstructionError
from constructions.networks.emulation import Plan
from constructions.networks.trainable import Trainable
from constructions.training.adversaries import NAMED, EdgeChoice
from constructions.training.batch_passes import KERNELS
from constructions.training.by_fractions import FractionEngine
from constructions.training.engine import Engine, engine_of
from constructions.training.evaluated_method import Method
from constructions.training.exactness import FLOATS
from verify.attacks.drafts import Integers

Samples = npt.NDArray[np.int64]
State = dict[str, int]
Numbers = tuple[int, int, int, int]
LABELS: dict[str, Callable[[Random, int], int]] = {
    "any labels": lambda source, right: source.randrange(2),
    "right labels": lambda source, right: right,
    "ones": lambda source, right: 1,
    "zeros": lambda source, right: 0,
    "wrong labels": lambda source, right: 1 - right,
    "mostly right": lambda source, right: right if source.random() < 0.75 else 1 - right,
}
"""How the labels of a batch are drawn, given the label on which the round's queries are not zero."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """The first thing that was not the machine's: at which step (T + 1: the predictor), what, and under which run."""

    step: int
    what: str
    run: str


@dataclass(frozen=True, slots=True)
class MutantTrial:
    """What came of a mutant: the first deviation if there was one, how many runs and steps there were, and in ``unrun``
    why an engine could not take a run."""

    deviation: Deviation | None
    runs: int
    steps: int
    unrun: str | None = None


@dataclass(eq=False)
class EvaluatedMachine:
    """A machine evaluated on all x, each state and each question once; what it has ``asked``, ``predicted`` and gone to
    (``after``) is kept.

    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> known = EvaluatedMachine(best_literal_machine(1, fraction=2))
    >>> state, x, y = known.machine.start(), np.array([[0], [1]]), np.array([0, 1])
    >>> [[str(mean) for mean in known.means(state, label, x, y)] for label in (1, 0)]
    [['1/2', '1/2'], ['1/2', '0']]
    >>> state = known.following(state, known.means(state, 1, x, y), random=())
    >>> state = known.following(state, known.means(state, 0, x, y), random=())
    >>> [str(value) for value in known.predictions(state)]  # at x = 0 and at x = 1
    ['0', '1']
    """

    machine: QueryMachine
    asked: dict[tuple[int, ...], list[list[Fraction]]] = field(default_factory=dict)
    predicted: dict[tuple[int, ...], list[Fraction]] = field(default_factory=dict)
    after: dict[Any, State] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.method = Method(self.machine)
        self.points = np.array(list(product((0, 1), repeat=self.machine.inputs)), np.int64).reshape(
            -1, self.machine.inputs
        )

    def means(self, state: State, label: int, x: Samples, y: Samples) -> list[Fraction]:
        """The means of a state's queries, which ask about one label, over the batch x (b, n) and y (b,)."""
        key = tuple(state.values())
        if key not in self.asked:
            self.asked[key] = self.method.asked(state, self.points)
        places = x @ (1 << np.arange(x.shape[1])[::-1])
        rows = self.asked[key]
        right = [int(i) for i, given in zip(places, y.tolist(), strict=True) if given == label]
        return [sum((row[i] for i in right), Fraction(0)) / len(y) for row in rows]

    def predictions(self, state: State) -> list[Fraction]:
        """The predictions at all x."""
        key = tuple(state.values())
        if key not in self.predicted:
            self.predicted[key] = [self._prediction(state, x) for x in self.points.tolist()]
        return self.predicted[key]

    def _prediction(self, state: State, x: Sequence[int]) -> Fraction:
        """The number that the predictor's bits stand for, also if it is above 1."""
        machine = self.machine
        found = machine.predictor.evaluate(
            dict.fromkeys(machine.machine.inputs, 0) | state | dict(zip(machine.port("x"), x, strict=True))
        )
        return machine.predict_format.value_of(sum(found[name] << i for i, name in enumerate(machine.port("predict"))))

    def following(self, state: State, answers: Sequence[Fraction], random: Sequence[int]) -> State:
        """The state after a round with these answers and random bits."""
        key = (tuple(state.values()), tuple(answers), tuple(random))
        if key not in self.after:
            self.after[key] = self.method.after(state, answers, random)
        return self.after[key]


@dataclass(frozen=True, slots=True)
class MutantRun:
    """One run: an adversary, how labels are drawn, a seed for x, labels and the random string; ``full``: one batch
    for all steps (fbGD).

    >>> valid, entry = (Fraction(0), Fraction(1, 8)), Fraction(1, 16)
    >>> choice = EdgeChoice(edge=7, tail=1, head=3, step=1, value=entry, valid=valid)
    >>> [str(MutantRun(name, "ones", seed=1).pick(choice)) for name in ("down", "up")]
    ['0', '1/8']
    """

    adversary: str
    labels: str
    seed: int
    full: bool = False

    def __str__(self) -> str:
        return f"{self.adversary}, {self.labels}{', one batch' if self.full else ''}, seed {self.seed}"

    def pick(self, choice: EdgeChoice) -> Fraction:
        """For training in rationals: down, up, or any of the valid roundings."""
        at = {"down": 0, "up": -1}.get(self.adversary)
        return Random(f"{self}, {choice.edge}, {choice.step}").choice(choice.valid) if at is None else choice.valid[at]


def runs_of(seed: int, *, each: int, full: bool = False) -> list[MutantRun]:
    """Every adversary by name with ``each`` ways to draw labels, four in all if ``each`` is 0; some, or all if
    ``full``, of one batch. Other seeds give other pairs."""
    names, labels = list(NAMED), list(LABELS)
    if each:
        return [
            MutantRun(name, labels[(i + seed + 2 * j) % 6], 1000 * seed + 6 * i + j, full or i % 5 == 4)
            for i, name in enumerate(names)
            for j in range(each)
        ]
    return [MutantRun(names[(seed + 3 * i) % len(names)], labels[i], 1000 * seed + i, full) for i in range(4)]


def trial(
    net: Trainable,
    machine: QueryMachine,
    plan: Plan,
    place: Integers,
    runs: Sequence[MutantRun],
    *,
    tolerance: Fraction | None = None,
    offsets: Sequence[Fraction] = (),
    known: EvaluatedMachine | None = None,
    rationals: bool = False,
    decoder: Numbers | None = None,
) -> MutantTrial:
    """Train a network in all these runs; stops at the first deviation.

    Which copies ask which query is for the network to say: if answers or predictions deviate, so must they with the
    queries in any other order, kept for all runs.

    Parameters
    ----------
    net, machine : what is said to fit. plan : of the network before the change, and ``place`` where its vertices are
        now.
    tolerance : how far answers may be off (default: the plan's). offsets : the output must be held at -offset rho, or 1
        + offset rho, for
        one of these (default: as the plan holds it). rationals : train in rationals, which is slow, but takes every
        network. decoder : d, multiplier, add and shift that answers are read with (default: the plan's decoder); it is
        part of what is said of the network.

    >>> from verify.attacks.bases import base
    >>> plan = base("conjunction by queries, minimal").plan
    >>> place, runs = np.arange(plan.sizes.vertices), runs_of(1, each=0)[:2]
    >>> print(*runs, sep="; ")
    down, any labels, seed 1000; away-from-zero, right labels, seed 1001
    >>> trial(plan.trainable, plan.machine, plan, place, runs)
    MutantTrial(deviation=None, runs=2, steps=8, unrun=None)
    >>> print(trial(plan.trainable, plan.machine, plan, place, runs, tolerance=Fraction(0)).deviation.what)
    answers 1/8 for 0 (tolerance 0), query 0
    """
    misfit = _misfit(net, machine, plan)
    if misfit:
        return MutantTrial(Deviation(0, misfit, "before any run"), 0, 0)
    within = plan.decoder.tolerance if tolerance is None else tolerance
    first: MutantTrial | None = None
    memo = known or EvaluatedMachine(machine)
    for order in permutations(range(machine.parallel)):
        found = _in_runs(Follower(net, memo, plan, place, within, tuple(offsets), order, rationals, decoder), runs)
        first = first or found
        if found.deviation is None or not found.deviation.what.startswith(("answers", "predicts")):
            return found if found.deviation is None else first
    assert first is not None
    return first


def _in_runs(follower: "Follower", runs: Sequence[MutantRun]) -> MutantTrial:
    steps = 0
    for i, run in enumerate(runs):
        try:
            found, taken = follower.follow(run)
        except ConstructionError as error:
            return MutantTrial(None, i, steps, unrun=str(error)[:200])
        steps += taken
        if found:
            return MutantTrial(found, i + 1, steps)
    return MutantTrial(None, len(runs), steps)


def _misfit(net: Trainable, machine: QueryMachine, plan: Plan) -> str | None:
    pairs = (
        ("inputs", len(net.network.inputs), machine.inputs),
        ("steps", net.steps, machine.rounds),
        ("random bits", net.random_bits, machine.rounds * machine.random_bits),
        ("queries", plan.machine.parallel, machine.parallel),
    )
    wrong = next((pair for pair in pairs if pair[1] != pair[2]), None)
    return wrong and f"the network has {wrong[1]} {wrong[0]}, the machine {wrong[2]}"


@dataclass(frozen=True, slots=True)
class Follower:
    """A network followed against a machine.

    >>> from verify.attacks.bases import base
    >>> plan = base("conjunction by queries, minimal").plan
    >>> net, known = plan.trainable, EvaluatedMachine(plan.machine)
    >>> follower = Follower(net, known, plan, np.arange(net.network.size), Fraction(1, 4), (), (0,), False)
    >>> follower.follow(runs_of(1, each=0)[0])  # no deviation in its steps
    (None, 4)
    >>> [sorted(map(str, follower.held(t))) for t in (1, 2)]
    [['-1/8'], ['9/8']]
    >>> answers = follower.answers(values_at(engine_of(net), known.points), 1)  # before any step
    >>> batch = known.points[:1], np.array([0])
    >>> state, wrong = follower.following(plan.machine.start(), answers, 1, batch, bits=())
    >>> answers, wrong
    ([Fraction(0, 1)], None)
    """

    net: Trainable
    known: EvaluatedMachine
    plan: Plan
    place: Integers
    tolerance: Fraction
    offsets: tuple[Fraction, ...]
    order: tuple[int, ...]
    rationals: bool
    decoder: Numbers | None = None

    def held(self, t: int) -> set[Fraction]:
        """What the output may be in a step."""
        if not self.offsets:
            return {Fraction(self.plan.held(t))}
        return {1 + offset * self.net.rho if t % 2 == 0 else -offset * self.net.rho for offset in self.offsets}

    def follow(self, run: MutantRun) -> tuple[Deviation | None, int]:
        """One run: its first deviation, and the number of steps."""
        source, machine, net = Random(f"{run}"), self.known.machine, self.net
        bits = [source.randrange(2) for _ in range(net.random_bits)]
        fresh = net.with_random_string(bits)
        engine = (
            FractionEngine(fresh, adversary=run.pick)
            if self.rationals
            else engine_of(fresh, adversary=run.adversary, seed=run.seed)
        )
        state, points = machine.start(), self.known.points
        outputs = values_at(engine, points).row(engine.output)
        x, y = self._batch(run, source, 1)
        for t in range(1, machine.rounds + 1):
            if not set(outputs) <= self.held(t):
                what = f"held at {sorted(map(str, set(outputs)))[:3]} instead of {sorted(map(str, self.held(t)))}"
                return Deviation(t, what, str(run)), t
            x, y = (x, y) if run.full else self._batch(run, source, t)
            step = engine.step(x, y)
            if step.kink is not None:
                return Deviation(t, f"vertex {step.kink} is on a kink", str(run)), t
            values = values_at(engine, points)
            outputs = values.row(engine.output)
            try:
                answers = self.answers(values, t)
                state, wrong = self.following(state, answers, t, (x, y), bits)
            except ConstructionError as error:
                wrong = f"no answer: {error}"
            if wrong:
                return Deviation(t, wrong, str(run)), t
        wanted = self.known.predictions(state)
        if outputs != wanted:
            i = next(i for i, value in enumerate(outputs) if value != wanted[i])
            what = f"predicts {outputs[i]} instead of {wanted[i]} at {points[i].tolist()}"
            return Deviation(machine.rounds + 1, what, str(run)), machine.rounds
        return None, machine.rounds

    def _batch(self, run: MutantRun, source: Random, t: int) -> tuple[Samples, Samples]:
        machine, b = self.known.machine, range(self.net.batch)
        x = np.array([[source.randrange(2) for _ in range(machine.inputs)] for _ in b], np.int64)
        return x, np.array([LABELS[run.labels](source, machine.label(t)) for _ in b], np.int64)

    def answers(self, values: "Values", t: int) -> list[Fraction]:
        """The answers that the digits of round t hold, whose vertices have these values, as codes of the machine's
        format. Raises ConstructionError if there are none, or a digit does not read the same bit at every x."""
        if t > self.plan.machine.rounds:
            raise ConstructionError(f"need digits of round {t}, got none")
        digits = self.plan.digits(t).ravel()
        rows, under = values.out[self.place[digits]], values.under[self.place[digits], None]
        wrong = (rows != rows[:, :1]).any(axis=1) | (np.abs(rows) != 2 * under).any(axis=1)
        if wrong.any():
            v = int(digits[np.argmax(wrong)])
            found = sorted({str(value) for value in values.row(int(self.place[v]))})
            raise ConstructionError(f"need a digit that reads -2 or 2 at every x, got {found}, at vertex {v}")
        bits, places = tuple((rows[:, 0] > 0).tolist()), self.known.machine.answer_fraction
        codes = _codes(self.plan, bits) if self.decoder is None else _codes_by(self.plan, bits, self.decoder, places)
        return [Fraction(codes[j], 1 << places) for j in self.order]

    def following(
        self, state: State, answers: Sequence[Fraction], t: int, batch: tuple[Samples, Samples], bits: Sequence[int]
    ) -> tuple[State, str | None]:
        """The machine's next state, or what is wrong with the answers of round t to the means over its batch; ``bits``
        is the random string."""
        machine = self.known.machine
        means = self.known.means(state, machine.label(t), *batch)
        for j, (answer, mean) in enumerate(zip(answers, means, strict=True)):
            if abs(answer - mean) > self.tolerance:
                return state, f"answers {answer} for {mean} (tolerance {self.tolerance}), query {j}"
        random = bits[(t - 1) * machine.random_bits : t * machine.random_bits]
        return self.known.following(state, answers, random), None


@lru_cache(maxsize=1 << 14)
def _codes(plan: Plan, bits: tuple[bool, ...]) -> list[int]:
    """The codes of the answers for the digits of a round, in the order of ``plan.digits``."""
    read = dict(zip(plan.digits(1).ravel().tolist(), (2 * bit for bit in bits), strict=True))
    return [int(answer * 2**plan.machine.answer_fraction) for answer in plan.answers(read, 1)]  # type: ignore[arg-type]


@lru_cache(maxsize=1 << 14)
def _codes_by(plan: Plan, bits: tuple[bool, ...], decoder: Numbers, fraction: int) -> list[int]:
    """The same by a decoder of which only the numbers are known: S = sum of 2^(d-i) (R+_i - R-_i), the code is
    floor((multiplier S + add) / 2^shift), held within -1 and 1."""
    d, multiplier, add, shift = decoder
    width, sums = plan.decoder.bits, [0] * plan.machine.parallel
    for c, copy in enumerate(plan.copies):
        if copy.query >= 0 and copy.place < max(d, 1):
            record = sum(1 << i for i, bit in enumerate(bits[c * width : (c + 1) * width]) if bit)
            sums[copy.query] += copy.sign * record << max(d, 1) - 1 - copy.place
    top = 1 << fraction
    return [max(-top, min(top, (multiplier * total + add) >> shift)) for total in sums]


@dataclass(frozen=True, slots=True)
class Values:
    """The values of all vertices at some points: ``out`` (vertices, points) over ``under`` (vertices,)."""

    out: npt.NDArray[Any]
    under: Integers

    def row(self, vertex: int) -> list[Fraction]:
        """A vertex's values."""
        return [Fraction(value) / int(self.under[vertex]) for value in self.out[vertex].tolist()]


def values_at(engine: Engine, x: Samples) -> Values:
    """The values of all vertices at these points."""
    if isinstance(engine, FractionEngine):
        flat = engine.trained.network
        columns = [
            flat.pre_activations(dict(zip(flat.inputs, map(Fraction, row), strict=True)))[1] for row in x.tolist()
        ]
        exact = np.array(columns, object).T
        exact[engine.output] = engine.outputs(x)
        return Values(exact, np.ones(len(exact), np.int64))
    found = engine.ranges(downwards=False)
    kind: Any = np.float64 if found.system == FLOATS else np.int64
    out, piece = (
        np.empty((len(engine.offsets) - 1, len(x)), kind),
        np.empty((len(engine.offsets) - 1, len(x)), np.int16),
    )
    more = () if found.system == FLOATS else (found.known,)
    KERNELS[found.system][0](engine.arrays, x, out, piece, *more)
    return Values(out, np.ones(len(out), np.int64) if found.system == FLOATS else found.under_out)
