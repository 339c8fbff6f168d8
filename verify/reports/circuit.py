"""What ``querygrad circuit`` and ``prove --circuit`` print."""

from collections.abc import Mapping, Sequence

from rich.console import Console

from constructions.computation.machines import Machine
from verify.circuits.of_a_file import EXHAUSTION, ONE_QUERY, CircuitReport
from verify.discharge.result import Result
from verify.obligations.verdict import Verdict
from verify.reports.colours import coloured
from verify.reports.exit_codes import EXPECTED, OPEN, WRONG
from verify.screen.printing import plain_table

SHOWN = 12
EVERYWHERE = "for all values of the inputs, each at most 1/3 (the bit 0) or at least 2/3 (the bit 1)"
LEGEND = (
    "A row is a shape of a vertex: how many of its operands must be true, of how many; how many operands have which "
    "weight (those with 'not' are negated); and the weight of the constant. The solver proves each shape once, for all "
    "bits of the operands; then one pass over the network looks whether every vertex has a shape that is proved. The "
    "twin of a shape is the same claim with all weights negated, which must be REFUTED."
)
ALSO = {
    EXHAUSTION: (
        "for every input of zeros and ones, evaluated in rational numbers, all vertices are strictly flat and the "
        "outputs are the circuit's"
    ),
    ONE_QUERY: (
        "the whole network as one question to the solver: for all values of the inputs all vertices are strictly flat "
        "and the outputs are the circuit's"
    ),
}
"""What was examined once more of a small network, by ways that share nothing with the proof by shapes."""
STAGES = {
    "read": "read the file",
    "compile": "build the network",
    "read off": "read the circuit off its weights",
    "pass": "look up the shape of each vertex",
    "shapes": "prove the shapes",
    "one by one": "examine vertices without a proved shape",
    "as a whole": "examine the network as a whole",
}
"""The stages of a proof, as they are told."""


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
    """Sizes, shapes, verdicts and times of what was ``found``, on a console.

    >>> import io
    >>> from constructions.computation.flat import FlatCircuit, Gates
    >>> from verify.circuits.by_shape import Report
    >>> from verify.screen.printing import console
    >>> circuit = FlatCircuit(inputs=("a", "b"), gates=Gates.of([(2, (0, 2))]), outputs={"both": 4})
    >>> found = CircuitReport(
    ...     path="and.bench", machine=Machine(circuit=circuit), circuit=circuit, seconds={"read": 0.01},
    ...     report=Report(inputs=2, gates=1, vertices=1, edges=3, open="its time was up", calls=1))
    >>> print_circuit(found, console(file=(out := io.StringIO())))
    >>> for line in out.getvalue().splitlines()[:6]:
    ...     print(line)
    and.bench
      inputs    2 (a, b)
      outputs   1 (both)
      latches   0
      gates     1 (1 and)
      depth     1
    >>> said(found)
    ['UNKNOWN: its time was up', '1 questions went to the solver for 1 vertices. Seconds: read the file 0.01.']
    """
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
        none = "" if found.circuit.outputs else " There is no output of which anything could be said."
        lines += [f"PROVED: {EVERYWHERE}, every vertex is strictly flat and carries the bit of its gate.{none}"]
    lines += [again(result) for result in found.others if result.twin_verdict is not None]
    times = ", ".join(f"{STAGES[stage]} {seconds:.2f}" for stage, seconds in found.seconds.items())
    asked = f"{report.calls} questions went to the solver for {report.vertices} vertices."
    return [*lines, f"{asked} Seconds: {times}."]


def again(result: Result) -> str:
    """What one of the proofs of a small network as a whole has found.

    >>> from verify.provers.outcome import Examination
    >>> proved, refuted = (Examination(verdict=verdict) for verdict in (Verdict.PROVED, Verdict.REFUTED))
    >>> again(Result(
    ...     id=ONE_QUERY, paper="Lemma 10", statement="It emulates.", prover="z3", expect=Verdict.PROVED, needs=(),
    ...     claim=proved, twin=refuted))
    "PROVED also in another way: the whole network as one question to the solver: for all values of the inputs all \
vertices are strictly flat and the outputs are the circuit's. Of the network with an output negated this is REFUTED, \
as it must be."
    """
    twin = "" if result.twin_verdict is None else result.twin_verdict.name
    negated = f"Of the network with an output negated this is {twin}" + (
        ", as it must be." if twin == "REFUTED" else "."
    )
    return f"{result.verdict.name} also in another way: {ALSO[result.id]}. {negated}"
