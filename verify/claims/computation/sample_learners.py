"""Learners in bits: elimination as samples come, the predictor of the method after any sample, and no change without
one."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

from constructions.computation.design import places
from constructions.computation.extraction_machine import LearnerInBits
from constructions.computation.flat import FlatCircuit
from constructions.computation.machines import Machine
from constructions.computation.sample_learners import (
    best_of_learner,
    conjunction_learner,
    decision_list_learner,
    fed,
    literals_class,
    memoriser_learner,
    parity_learner,
    predictor_of,
    table_circuit,
)
from constructions.foundations.logic import every, negation
from constructions.learning.learners import Rows, best_of, conjunction, decision_list, eliminate, memoriser, parity
from constructions.learning.models import SampleMethod
from constructions.learning.problems import Point, labelled_points
from verify.claims.learning.learners.parity import reduced
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, obligation, registry
from verify.obligations.verdict import Verdict

F = Fraction
SIZES = (1, 2, 3)


def flipped(circuit: FlatCircuit, output: str) -> FlatCircuit:
    """The circuit with one output negated."""
    return replace(circuit, outputs={name: literal ^ (name == output) for name, literal in circuit.outputs.items()})


@cache
def _parity_step(n: int, broken: bool) -> FlatCircuit:
    circuit = fed(parity_learner(n), 1).exposed()
    return flipped(circuit, f"s row{n - 1}[1]") if broken else circuit


def _systems() -> Iterator[dict[str, Any]]:
    """Every reduced system of equations (by number) with every further equation."""
    return (
        {"n": n, "rows": i, "word": word} for n in SIZES for i in range(len(reduced(n))) for word in range(2 ** (n + 1))
    )


def _spelled(rows: Rows, n: int) -> dict[str, bool]:
    """A system as the machine keeps it."""
    words = dict.fromkeys(range(n), 0) | {lead: row for row, lead in rows}
    return {bit: bool(words[i] >> i + j & 1) for i in range(n) for j, bit in enumerate(places(f"row{i}", n - i + 1))}


@obligation(
    "learners.machine.parity.step",
    paper="Section 4",
    kind="enumeration",
    domain=_systems,
    expect=Verdict.CHECKED,
    needs=("learners.parity.step",),
    of=lambda case: False,
    twin=lambda case: True,
    finite=f"n <= {SIZES[-1]}, every system that elimination can lead to, every equation",
)
def machine_eliminates(broken: bool, case: Case) -> None:
    """On every system of equations that Gaussian elimination can have reached and every further sample, the rows that
    the circuit keeps are those of the method's elimination, and the circuit says that no parity fits exactly if the
    method says so. So circuit and method agree after any number of samples."""
    n, i, word = (int(case.integer(name)) for name in ("n", "rows", "word"))
    rows = reduced(n)[i]
    point = {bit: bool(word >> j & 1) for j, bit in enumerate(places("point", n))}
    given = point | _spelled(rows, n) | {"label": bool(word >> n & 1), "taken": True, "none": False, "number": False}
    found = case.circuit(_parity_step(n, broken), given | dict.fromkeys(places("x", n), False))
    after = eliminate(rows, word, n)
    case.show("whether a parity fits", found["s none"] == (after is None))
    wanted = _spelled(rows if after is None else after, n)
    case.show(
        "the rows", every(*(found[f"s {bit}"] == value for bit, value in wanted.items())), given=after is not None
    )


N, M = 2, 3
QUARTERS = [
    [F(1, 2)] * 4,
    [F(1, 4), F(1), F(0), F(3, 4)],
    [F(0), F(1, 4), F(3, 4), F(1)],
    [F(1, 2), F(1, 2), F(1), F(0)],
]
Both = tuple[LearnerInBits, SampleMethod]


def _best(class_: list[FlatCircuit], fraction: int) -> Both:
    predictors = [predictor_of(h, fraction=fraction) for h in class_]
    return best_of_learner(N, M, class_, fraction=fraction), best_of(predictors, N, M)


BOTH: dict[str, Callable[[], Both]] = {
    "parity": lambda: (parity_learner(N), parity(N, M)),
    "conjunction": lambda: (conjunction_learner(N), conjunction(N, M)),
    "list": lambda: (decision_list_learner(N, M), decision_list(N, M)),
    "memoriser": lambda: (memoriser_learner(N, M, places=2), memoriser(N, M, places=2)),
    "best": lambda: _best(literals_class(N), 0),
    "best.quarters": lambda: _best([table_circuit(table, fraction=2) for table in QUARTERS], 2),
}
Pair = tuple[Machine, SampleMethod, int]


@cache
def _pair(name: str, broken: bool) -> Pair:
    """A learner's machine beside its method, and the places of a prediction; broken, the last output is negated."""
    learner, method = BOTH[name]()
    machine = fed(learner, M)
    if broken:
        machine = replace(machine, circuit=flipped(machine.circuit, machine.outputs[-1]))
    return machine, method, learner.fraction


def _samples() -> Iterator[dict[str, Any]]:
    return (
        {f"point {i}": code for i, code in enumerate(codes)}
        for codes in product(range(len(labelled_points(N))), repeat=M)
    )


def _given(sample: Point, x: tuple[int, ...], taken: int) -> dict[str, int]:
    """The inputs of the machine for a sample, a point to predict at, and whether the sample is taken."""
    z, y = sample
    vectors: Mapping[str, tuple[int, ...]] = {"x": x, "point": z, "taken": (taken,), "label": (y,)}
    return {
        bit: value
        for name, values in vectors.items()
        for bit, value in zip(places(name, len(values)), values, strict=True)
    }


def predicts_as_its_method(pair: Pair, case: Case) -> None:
    """For every sample, given to the circuit of the learner one point at a time, the circuit then predicts at every x
    what the predictor returns that the method learns from this sample."""
    machine, method, fraction = pair
    sample = tuple(labelled_points(N)[int(case.integer(f"point {i}"))] for i in range(M))
    state = machine.first_state()
    for point in sample:
        state, _ = machine.step(state, _given(point, point[0], 1))
    h, circuit = method.learn(sample, ()), machine.circuit
    kept = {name: bool(bit) for name, bit in state.items()}
    for x, _ in labelled_points(N)[::2]:
        found = case.circuit(circuit, kept | {name: bool(bit) for name, bit in _given(sample[0], x, 0).items()})
        code = sum(int(bool(bit)) << i for i, bit in enumerate(found.values()))
        case.show(f"at x = {x}", F(code, 2**fraction) == h(x))


def _learner_and_method(name: str, broken: bool) -> Callable[[Case], Pair]:
    return lambda case: _pair(name, broken)


for _name in BOTH:
    registry().add(
        Obligation(
            id=f"learners.machine.{_name}",
            paper="Section 4",
            claim=predicts_as_its_method,
            kind="enumeration",
            domain=_samples,
            of=_learner_and_method(_name, False),
            twin=_learner_and_method(_name, True),
            expect=Verdict.CHECKED,
            finite=f"n = {N}, every sample of {M} points",
        )
    )


@obligation(
    "learners.machine.idle",
    paper="Section 4",
    of=lambda case: False,
    twin=lambda case: True,
    expect=Verdict.CHECKED,
    finite=f"n = {N}, {M} samples, every learner, state and round",
)
def no_sample_changes_nothing(taken: bool, case: Case) -> None:
    """In a round that takes no sample, every bit of every learner's state stays as it is, for all states and all values
    of the round's bits."""
    for name in BOTH:
        circuit = _pair(name, False)[0].exposed()
        bits = {bit: case.bit(f"{name} {bit}") for bit in circuit.inputs}
        found = case.circuit(circuit, bits)
        stays = every(*(found[bit] == bits[bit.removeprefix("s ")] for bit in found if bit.startswith("s ")))
        case.show(name, stays, given=bits["taken"] if taken else negation(bits["taken"]))
