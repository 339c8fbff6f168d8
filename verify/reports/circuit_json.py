"""What ``querygrad prove --circuit --json`` writes: JSON of a documented form.

``proofs_notes/schemas/prove_circuit.schema.json`` is its JSON Schema (:mod:`verify.reports.schemas`).
"""

from collections.abc import Sequence
from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from verify.circuits.by_shape import Report
from verify.circuits.of_a_file import CircuitReport
from verify.discharge.cache import versions
from verify.discharge.result import Word
from verify.discharge.result_json import to_json
from verify.obligations.verdict import Verdict

VERSION: Literal[1] = 1
"""The version of the form; it changes when a reader of the old form could misread the new one."""
COUNTS = ("inputs", "gates", "vertices", "edges", "calls")
"""The counts of a report that a row repeats."""


class ShapeRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One shape of a vertex.

    Parameters
    ----------
    shape : in words. vertices : how many have it. verdict : of the claim that such a vertex is strictly flat and
        carries its bit. twin : the verdict of the same claim with all weights negated; null if there is none.
    """

    shape: str
    vertices: int
    verdict: Verdict
    twin: Verdict | None


class VertexFailure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a network fails.

    Parameters
    ----------
    vertex : its name. what : what is wrong there. inputs : values of the network's inputs at which it is; rationals as
        text.
    """

    vertex: str
    what: str
    inputs: dict[str, str]


class CircuitRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One circuit file. After an error there are ``path``, ``verdict`` and ``error`` only, else all but ``error``.

    Parameters
    ----------
    path : as it was given. verdict : of the proof; ERROR for a file that could not be read or examined.
    error : why it could not.
    inputs, gates, vertices, edges : sizes of the circuit and of its network. kinds : the gates by kind. depth : of the
        circuit. shapes : of the vertices. harmless : vertices without a proved shape that do no harm, each with the
        reason.
    failure : where the network fails; null if it does not. open : what is left open; empty if nothing is.
    others : of a small network, the verdicts of the proofs of it as a whole, by their names.
    calls : questions to the solver. seconds : by stage.
    """

    path: str
    verdict: Word
    error: str | UnsetType = UNSET
    inputs: int | UnsetType = UNSET
    gates: int | UnsetType = UNSET
    vertices: int | UnsetType = UNSET
    edges: int | UnsetType = UNSET
    kinds: dict[str, int] | UnsetType = UNSET
    depth: int | UnsetType = UNSET
    shapes: tuple[ShapeRow, ...] | UnsetType = UNSET
    harmless: tuple[tuple[str, str], ...] | UnsetType = UNSET
    failure: VertexFailure | UnsetType | None = UNSET
    open: str | UnsetType = UNSET
    others: dict[str, Verdict] | UnsetType = UNSET
    calls: int | UnsetType = UNSET
    seconds: dict[str, float] | UnsetType = UNSET


class CircuitRun(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``querygrad prove --circuit --json`` writes.

    Parameters
    ----------
    version : of this form. versions : of this project, Python, z3, sympy and networkx.
    seconds : time for each question to the solver. exit_code : of the command. circuits : a row for each file.
    """

    version: Literal[1]
    versions: dict[str, str]
    seconds: int
    exit_code: int
    circuits: tuple[CircuitRow, ...]


def row_of_circuit(found: CircuitReport) -> CircuitRow:
    """The row of a file that could be examined.

    >>> from constructions.computation.flat import FlatCircuit, Gates
    >>> from constructions.computation.machines import Machine
    >>> circuit = FlatCircuit(inputs=("a", "b"), gates=Gates.of([(2, (0, 2))]), outputs={"both": 4})
    >>> report = Report(inputs=2, gates=1, vertices=1, edges=3)
    >>> row = row_of_circuit(
    ...     CircuitReport(path="and.bench", machine=Machine(circuit=circuit), circuit=circuit, report=report))
    >>> row.verdict, row.gates, row.kinds, row.depth, row.failure
    ('PROVED', 1, {'and': 1}, 1, None)
    """
    report = found.report
    shapes = [
        ShapeRow(shape=str(shape), vertices=many, verdict=result.verdict, twin=result.twin_verdict)
        for shape, many, result in report.shapes
    ]
    counts: dict[str, Any] = {name: getattr(report, name) for name in COUNTS}
    return CircuitRow(
        path=found.path,
        verdict=found.verdict.value,
        kinds=dict(found.circuit.kinds),
        depth=found.circuit.depth,
        shapes=tuple(shapes),
        harmless=tuple((vertex, why) for vertex, why in report.harmless),
        failure=_failure(report),
        open=report.open or "",
        others={result.id: result.verdict for result in found.others},
        seconds={stage: round(seconds, 3) for stage, seconds in found.seconds.items()},
        **counts,
    )


def _failure(report: Report) -> VertexFailure | None:
    if report.failure is None:
        return None
    values = {name: str(value) for name, value in report.failure.inputs.items()}
    return VertexFailure(vertex=report.failure.vertex, what=report.failure.what, inputs=values)


def row_of_error(path: str, said: str) -> CircuitRow:
    """The row of the file at ``path`` that could not be examined; ``said`` is why."""
    return CircuitRow(path=path, verdict="ERROR", error=said)


def circuits_as_json(rows: Sequence[CircuitRow], *, seconds: int, exit_code: int) -> Any:
    """A whole run as JSON values: its rows, the seconds that the solver had for each question, and the exit code.

    >>> circuits_as_json([row_of_error("no.aag", "need a file")], seconds=60, exit_code=2)["circuits"][0]["verdict"]
    'ERROR'
    """
    return to_json(
        CircuitRun(version=VERSION, versions=versions(), seconds=seconds, exit_code=exit_code, circuits=tuple(rows))
    )
