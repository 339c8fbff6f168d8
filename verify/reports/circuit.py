"""What ``querygrad circuit`` and ``prove --circuit`` print."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console

from constructions.computation.machines import Machine
from verify.circuits.of_a_file import CircuitReport
from verify.obligations.verdict import Verdict
from verify.reports.colours import coloured
from verify.reports.exit_codes import EXPECTED, OPEN, WRONG
from verify.screen.printing import plain_table

SHOWN = 12
LEGEND = (
    "A shape is what a vertex asks (how many of its operands) with its weights and constant; it is proved once, for "
    "all bits of the operands. Its twin is the same claim with all weights negated, which must be REFUTED."
)


def described(machine: Machine) -> dict[str, str]:
    """What a circuit or machine consists of, in words.

    >>> from constructions.computation.flat import FlatCircuit, Gates
    >>> described(Machine(circuit=FlatCircuit(inputs=("a",), gates=Gates.of([(1, (1,))]), outputs={"b": 2})))["gates"]
    '1 (1 not)'
    """
    step = machine.exposed()
    starts = {True: "1", False: "0", None: "any"}
    counted = [
        f"{machine.start.count(start)} start at {word}" for start, word in starts.items() if start in machine.start
    ]
    kinds = ", ".join(f"{count} {kind}" for kind, count in step.kinds.items())
    return {
        "inputs": _named(machine.inputs, machine.circuit.labels),
        "outputs": _named(machine.outputs, machine.circuit.labels),
        "latches": _named(machine.state, machine.circuit.labels) + (f"; {', '.join(counted)}" if counted else ""),
        "gates": f"{len(step.gates)}" + (f" ({kinds})" if kinds else ""),
        "depth": f"{step.depth}",
    }


def _named(names: Sequence[str], labels: Mapping[str, str]) -> str:
    called = [" ".join(dict.fromkeys((name, labels.get(name) or name))) for name in names[:SHOWN]]
    shown = ", ".join(called) + (", ..." if len(names) > SHOWN else "")
    return f"{len(names)}" + (f" ({shown})" if names else "")


def exit_code(verdicts: Sequence[Verdict]) -> int:
    """0 if all are PROVED, 1 if one is worse than UNKNOWN, 3 if some are only unknown.

    >>> exit_code([Verdict.PROVED, Verdict.UNKNOWN]), exit_code([Verdict.PROVED])
    (3, 0)
    """
    least = min(verdicts, default=Verdict.PROVED)
    return EXPECTED if least is Verdict.PROVED else OPEN if least is Verdict.UNKNOWN else WRONG


def print_circuit(found: CircuitReport, out: Console) -> None:
    """Sizes, shapes, verdicts and times of what was ``found``, on a console."""
    report = found.report
    out.print(f"{found.path}", style="bold")
    for name, value in described(found.machine).items():
        out.print(f"  {name:<9} {value}", soft_wrap=True)
    out.print(f"  network   {report.vertices} vertices, {report.edges} edges, {report.inputs} inputs and the constant")
    rows = plain_table("shape", "vertices", "verdict", "twin", right=("vertices",))
    for shape, many, result in report.shapes:
        twin = Verdict.REFUTED if result.twin_verdict is None else result.twin_verdict
        verdict = coloured(result.verdict, good=result.verdict is Verdict.PROVED)
        rows.add_row(str(shape), str(many), verdict, coloured(twin, good=twin is Verdict.REFUTED))
    out.print(rows)
    out.print(LEGEND, soft_wrap=True)
    for line in said(found):
        out.print(line, soft_wrap=True)
    out.print()


def said(found: CircuitReport) -> list[str]:
    """The verdict in words, with what was examined one by one."""
    report = found.report
    lines = [f"Vertex {vertex} does no harm: {why}." for vertex, why in report.harmless]
    if report.failure:
        at = ", ".join(f"{name}={value}" for name, value in list(report.failure.inputs.items())[:40])
        lines += [f"REFUTED at vertex {report.failure.vertex}: {report.failure.what}" + (f"; at {at}" if at else "")]
    lines += [f"UNKNOWN: {report.open}"] if report.open else []
    if report.verdict is Verdict.PROVED:
        inputs = "for all inputs and encodings (at most 1/3 is 0, at least 2/3 is 1)"
        none = "" if found.circuit.outputs else "; there is no output of which anything could be said"
        lines += [f"PROVED: {inputs} every vertex is strictly flat and carries its gate's bit{none}"]
    lines += [
        f"{result.id}: {result.verdict.name} (its twin {result.twin_verdict.name})"
        for result in found.others
        if result.twin_verdict is not None
    ]
    times = ", ".join(f"{stage} {seconds:.2f}" for stage, seconds in found.seconds.items())
    asked = f"{report.calls} questions went to the solver for {report.vertices} vertices."
    return [*lines, f"{asked} Seconds by stage: {times}."]


def as_json(found: CircuitReport) -> dict[str, Any]:
    """A report as JSON values."""
    report, failure = found.report, found.report.failure
    shapes = [
        {
            "shape": str(shape),
            "vertices": many,
            "verdict": result.verdict.name,
            "twin": None if result.twin_verdict is None else result.twin_verdict.name,
        }
        for shape, many, result in report.shapes
    ]
    return {
        "path": found.path,
        "verdict": found.verdict.name,
        "inputs": report.inputs,
        "gates": report.gates,
        "vertices": report.vertices,
        "edges": report.edges,
        "kinds": found.circuit.kinds,
        "depth": found.circuit.depth,
        "shapes": shapes,
        "harmless": [list(pair) for pair in report.harmless],
        "failure": None
        if failure is None
        else {
            "vertex": failure.vertex,
            "what": failure.what,
            "inputs": {name: str(value) for name, value in failure.inputs.items()},
        },
        "open": report.open,
        "others": {result.id: result.verdict.name for result in found.others},
        "calls": report.calls,
        "seconds": {stage: round(seconds, 3) for stage, seconds in found.seconds.items()},
    }
