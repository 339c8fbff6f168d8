"""Proving that a network in arrays emulates a circuit (Lemma 10), at a cost of solver calls that does not grow with the
circuit.

Every vertex is compared with the gate whose place it is said to take: the same operands, and some weights and a
constant. The *shape* of a vertex is what it asks (how many of how many literals) with how many operands of each weight,
and its constant. Each distinct shape is an obligation, proved by the solver for all bits. The rest is one pass over the
arrays. By induction over the vertices in their order, every vertex is then strictly flat and carries its gate's bit,
for every input.

A vertex with other operands, or of a shape that fails for some bits, is not given up: the solver is asked whether any
input of the circuit makes it fail (:mod:`verify.circuits.failing_input`).
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import numpy as np

from constructions.computation.flat import FlatCircuit, Integers
from constructions.errors import ConstructionError
from constructions.foundations.exact import Number, rational
from constructions.networks.computation import BINARY
from constructions.networks.flat import FlatNetwork
from verify.circuits.failing_input import Failure, PlacedCircuit, different_values, failing_input
from verify.circuits.shapes import AnyFanIn, Shape, examined, examined_for_any_fan_in
from verify.discharge.result import Result
from verify.obligations.verdict import Verdict
from verify.provers.outcome import SECONDS

WIDE = 4
"""Gates with more operands than this are proved for any fan-in at once, if their weights are the usual ones."""
DEEP = 40
"""At most this many vertices are asked about one by one."""


@dataclass(kw_only=True)
class Report:
    """What was proved of a network: sizes, shapes with their results, vertices examined one by one, times.

    Parameters
    ----------
    inputs, gates, vertices, edges : how many there are.
    shapes : each distinct shape, how many vertices have it, and its result.
    harmless : vertices that carry their bit though their shape does not show it, with the reason.
    failure, open : an input at which a vertex fails, if one was found; what is left open, if anything is.
    seconds, calls : how long each pass took, and how often the solver was asked about single vertices.
    """

    inputs: int
    gates: int
    vertices: int
    edges: int
    shapes: list[tuple[Shape | AnyFanIn, int, Result]] = field(default_factory=list)
    harmless: list[tuple[str, str]] = field(default_factory=list)
    failure: Failure | None = None
    open: str | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    calls: int = 0

    @property
    def verdict(self) -> Verdict:
        """REFUTED with a failure, VACUOUS without a vertex, UNKNOWN with something open, else PROVED."""
        if self.failure is not None:
            return Verdict.REFUTED
        if self.vertices == 0:
            return Verdict.VACUOUS
        return Verdict.UNKNOWN if self.open else Verdict.PROVED


@dataclass(frozen=True, slots=True)
class _Vertices:
    """The vertices in the order of the circuit's nodes, by what the pass finds: a shape number for each, or -1 for
    other operands."""

    shapes: list[Shape]
    counts: list[int]
    of_node: Integers


def prove_emulation(
    circuit: FlatCircuit,
    network: FlatNetwork,
    places: Integers,
    *,
    bounds: tuple[Number, Number] = BINARY,
    seconds: int = SECONDS,
    on_shape: Callable[[int, int], None] = lambda done, of: None,
) -> Report:
    """Prove that every vertex of a network is strictly flat and carries its gate's bit, for all inputs and encodings;
    so the network equals the circuit.

    Parameters
    ----------
    circuit, network : with the same inputs and outputs. places : (circuit.size,) the vertex at which each node is said
        to be. It is not trusted: a wrong place is a vertex with other operands. bounds : an input of at most y0 is 0,
        one of at least y1 is 1. seconds : for each question to the solver. on_shape : told how many of how many shapes
        are done.

    Returns
    -------
    What was proved, or the vertex that fails and an input at which it does.

    Raises
    ------
    ConstructionError if places are no vertices, or vertices are left that are nobody's place.

    >>> from constructions.computation.builder import Builder
    >>> from constructions.networks.stamped import stamp
    >>> builder = Builder()
    >>> a, b = builder.input("a"), builder.input("b")
    >>> builder.output("both", builder.both(a, b))
    >>> made = stamp(builder.circuit())
    >>> report = prove_emulation(made.circuit, made.network, made.places)
    >>> report.verdict.name, len(report.shapes), report.vertices
    ('PROVED', 2, 3)
    """
    began = time.perf_counter()
    bounds = rational(bounds[0], where="y0"), rational(bounds[1], where="y1")
    if bounds[0] >= bounds[1]:
        raise ConstructionError(f"need y0 < y1, got {bounds[0]} and {bounds[1]}")
    _check_places(circuit, network, places)
    report = Report(
        inputs=len(circuit.inputs),
        gates=len(circuit.gates),
        vertices=network.size - network.first,
        edges=len(network.sources),
    )
    network = _without_zeros(network, report)
    placed = PlacedCircuit(circuit, network, places, bounds)
    found = _pass(circuit, network, places)
    began = _lap(report, "pass", began)
    right = _right_shapes(found, placed, report, seconds, on_shape)
    began = _lap(report, "shapes", began)
    _outputs(placed, report, seconds)
    doubtful = ~np.array([*right, False], np.bool_)[found.of_node]
    nodes = sorted(np.flatnonzero(doubtful).tolist(), key=lambda node: int(places[node]))
    _one_by_one(nodes, placed, report, seconds)
    _lap(report, "one by one", began)
    return report


def _lap(report: Report, stage: str, began: float) -> float:
    """A stage ends here; returns the time."""
    now = time.perf_counter()
    report.seconds[stage] = now - began
    return now


def _right_shapes(
    found: _Vertices, placed: PlacedCircuit, report: Report, seconds: int, on_shape: Callable[[int, int], None]
) -> list[bool]:
    """Discharge the obligation of each shape; whether each is proved."""
    sigma = placed.network.sigma
    right = [False] * len(found.shapes)
    many = AnyFanIn(sigma)
    covered = [many.covers(shape) and shape.fan_in > WIDE for shape in found.shapes]
    if any(covered):
        result = examined_for_any_fan_in(sigma, seconds)
        report.calls += 1
        vertices = sum(count for count, yes in zip(found.counts, covered, strict=True) if yes)
        report.shapes.append((many, vertices, result))
        right = [yes and result.as_expected for yes in covered]
    for i, shape in enumerate(found.shapes):
        if right[i]:
            continue
        result = examined(shape, sigma, placed.bounds, seconds)
        report.calls += 1
        report.shapes.append((shape, found.counts[i], result))
        right[i] = result.as_expected
        on_shape(i + 1, len(found.shapes))
    return right


def _one_by_one(nodes: list[int], question: PlacedCircuit, report: Report, seconds: int) -> None:
    for done, node in enumerate(nodes):
        vertex = question.network.name(int(question.places[node]))
        if report.failure is not None:
            return
        if done == DEEP:
            report.open = (
                f"{len(nodes) - done} more vertices of a shape that fails for some bits, from vertex {vertex} on"
            )
            return
        answer = failing_input(question, node, seconds)
        report.calls += answer.calls
        report.failure = answer.failure
        if answer.failure is None and answer.unknown:
            report.open = f"whether some input makes vertex {vertex} fail: {answer.unknown}"
            return
        if answer.failure is None:
            report.harmless.append((vertex, "no input of the circuit makes it fail"))


def _without_zeros(network: FlatNetwork, report: Report) -> FlatNetwork:
    """The same network without edges of weight 0: they add nothing, and into a strictly flat vertex they have no
    gradient."""
    kept = network.weights != 0
    if kept.all():
        return network
    heads = network.heads
    for vertex in np.unique(heads[~kept]).tolist():
        report.harmless.append((network.name(vertex), "edges of weight 0 add nothing"))
    sizes = np.bincount(heads[kept], minlength=network.size)
    offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes)))
    return replace(network, offsets=offsets, sources=network.sources[kept], weights=network.weights[kept])


def _outputs(question: PlacedCircuit, report: Report, seconds: int) -> None:
    """Every output of the circuit is the vertex at its node's place, or at that of a node with the same value for
    all inputs."""
    circuit, network, places = question.circuit, question.network, question.places
    if set(circuit.outputs) != set(network.outputs):
        lost = sorted(set(circuit.outputs) ^ set(network.outputs))
        raise ConstructionError(f"need the same outputs in circuit and network, got {lost[0]!r} in one of them")
    for name, literal in circuit.outputs.items():
        if literal & 1:
            raise ConstructionError(f"need a node for every output, got the negation of one, at output {name!r}")
        if report.failure is None and int(places[literal >> 1]) != network.outputs[name]:
            answer = different_values(question, name, literal >> 1, seconds)
            report.calls += answer.calls
            report.failure = answer.failure
            report.open = report.open or answer.unknown
            if answer.failure is None and answer.unknown is None:
                report.harmless.append(
                    (network.name(network.outputs[name]), f"output {name!r} is there, at a node of the same value")
                )


def _check_places(circuit: FlatCircuit, network: FlatNetwork, places: Integers) -> None:
    if circuit.inputs != network.inputs:
        raise ConstructionError("need a circuit and a network with the same inputs in the same order")
    wanted = np.arange(network.first, network.size)
    if len(places) != circuit.size or not np.array_equal(np.sort(places), wanted):
        got = f"{len(places)} places for {circuit.size} nodes and {len(wanted)} vertices"
        raise ConstructionError(f"need each vertex that computes to be the place of one node, got {got}")


def _pass(circuit: FlatCircuit, network: FlatNetwork, places: Integers) -> _Vertices:
    """Group the vertices by shape, in one pass over the arrays."""
    n, gates = len(circuit.inputs), circuit.gates
    needs = np.concatenate((np.full(n, -1, np.int64), gates.needs))
    fan_in = np.concatenate((np.ones(n, np.int64), gates.fan_in))
    operands = np.concatenate((1 + np.arange(n), places[gates.literals >> 1]))
    signs = np.concatenate((np.zeros(n, np.int64), gates.literals & 1))
    owner = np.repeat(np.arange(circuit.size), fan_in)
    order = np.lexsort((operands, owner))
    operands, signs = operands[order], signs[order]
    low = network.offsets[places]
    has_constant = np.zeros(circuit.size, np.bool_)
    some_edge = network.fan_in[places] > 0
    has_constant[some_edge] = network.sources[low[some_edge]] == 0
    constants = np.zeros(circuit.size, np.int64)
    constants[has_constant] = network.weights[low[has_constant]]
    fits = network.fan_in[places] - has_constant == fan_in
    inside = np.arange(len(owner)) - np.repeat(np.cumsum(fan_in) - fan_in, fan_in)
    at = np.minimum((low + has_constant)[owner] + inside, max(len(network.sources) - 1, 0))
    sources = network.sources if len(network.sources) else np.zeros(1, np.int64)
    fits &= np.bincount(owner, weights=sources[at] != operands, minlength=circuit.size) == 0
    shapes = np.full(circuit.size, -1, np.int64)
    found: dict[Shape, int] = {}
    counts: list[int] = []
    starts = np.cumsum(fan_in) - fan_in
    for width in np.unique(fan_in[fits]).tolist():
        nodes = np.flatnonzero(fits & (fan_in == width))
        positions = starts[nodes][:, None] + np.arange(width)
        weights = network.weights[at[positions]] if width else np.zeros((len(nodes), 0), np.int64)
        pairs = np.sort(2 * weights + signs[positions], axis=1)
        rows, which, many = np.unique(
            np.column_stack((needs[nodes], constants[nodes], pairs)), axis=0, return_inverse=True, return_counts=True
        )
        numbers = [found.setdefault(shape, len(found)) for shape in _shapes(rows, network.scale)]
        counts.extend(many.tolist())
        shapes[nodes] = np.array(numbers, np.int64)[which.ravel()]
    return _Vertices(list(found), counts, shapes)


def _shapes(rows: Any, scale: int) -> Iterator[Shape]:
    for needs, constant, *pairs in rows.tolist():
        terms = tuple((Fraction(pair >> 1, scale), bool(pair & 1), pairs.count(pair)) for pair in sorted(set(pairs)))
        yield Shape(needs, terms, Fraction(constant, scale))
