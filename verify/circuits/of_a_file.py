"""Circuit files: the proof that the network of one emulates it; small ones are also proved as a whole.

The proof by shapes (``by_shape.py``) is the verdict. For small circuits two more proofs are made, which share nothing
with it but the construction: every 0/1 input in rationals, and the whole network as one question to the solver. A
disagreement is an error of the program.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from constructions.computation.flat import FlatCircuit
from constructions.computation.formats.files import read_machine
from constructions.computation.machines import Machine
from constructions.errors import ConstructionError
from constructions.foundations.exact import Number
from constructions.foundations.logic import every, some
from constructions.foundations.network import Fragment
from constructions.networks.computation import BINARY
from constructions.networks.gates import code
from constructions.networks.stamped import Stamped, circuit_of, stamp
from verify.circuits.by_shape import Report, prove_emulation
from verify.discharge.one import discharge
from verify.discharge.result import Result
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation
from verify.obligations.verdict import DisagreementError, Verdict
from verify.provers.outcome import SECONDS

EXHAUSTION, ONE_QUERY = "exhaustion", "one query"
"""The ids of the two proofs of a small network as a whole."""
EXHAUSTED = 10
MONOLITHIC = 60
MOST_EDGES = 400


@dataclass(frozen=True, slots=True)
class Emulation:
    """A circuit, its network as a graph, and the bounds of the inputs."""

    circuit: FlatCircuit
    graph: Fragment
    outputs: Mapping[str, str]
    bounds: tuple[Number, Number] = BINARY


def emulation_of(made: Stamped, *, output: str | None = None) -> Emulation:
    """A stamped circuit for the claims below; the twin reads ``output`` negated."""
    network, circuit = made.network, made.circuit
    if output is not None:
        flipped = {name: literal ^ (name == output) for name, literal in circuit.outputs.items()}
        circuit = FlatCircuit(inputs=circuit.inputs, gates=circuit.gates, outputs=flipped)
    return Emulation(circuit, network.fragment(), {name: network.name(v) for name, v in network.outputs.items()})


def emulates(subject: Emulation, case: Case) -> None:
    """Whatever the inputs, each at most y0 or at least y1, every vertex of the network is strictly flat and its outputs
    carry the circuit's bits."""
    graph, of, (low, high) = subject.graph, code(subject.graph.sigma), subject.bounds
    x = {name: case.real(name) for name in subject.circuit.inputs}
    case.assume(*(some(value <= low, value >= high) for value in x.values()))
    run = case.run(graph, x, label="network")
    wanted = case.circuit(subject.circuit, {name: every(value >= high) for name, value in x.items()})
    case.show("strictly flat", run.flat(*run.pre))
    for name, v in subject.outputs.items():
        case.show(f"output {name}", run.out[v] == of.encode(wanted[name]))


def inputs_as_bits(names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Every input of 0s and 1s.

    >>> [str(bits["a"]) for bits in inputs_as_bits(("a",))]
    ['0', '1']
    """
    for number in range(2 ** len(names)):
        yield {name: Fraction(number >> i & 1) for i, name in enumerate(names)}


def by_exhaustion(made: Stamped) -> Obligation:
    """The emulation for every 0/1 input, in rationals."""
    return Obligation(
        id=EXHAUSTION,
        paper="Lemma 10",
        claim=emulates,
        of=lambda case: emulation_of(made),
        twin=lambda case: emulation_of(made, output=next(iter(made.circuit.outputs), None)),
        kind="enumeration",
        expect=Verdict.CHECKED,
        finite="every 0/1 input",
        domain=lambda: inputs_as_bits(made.circuit.inputs),
    )


def in_one_query(made: Stamped) -> Obligation:
    """The emulation of the whole network, asked of the solver at once.

    >>> from constructions.computation.builder import Builder
    >>> from verify.replay.witness import replay
    >>> builder = Builder()
    >>> builder.output("both", builder.both(builder.input("a"), builder.input("b")))
    >>> made, ones = stamp(builder.circuit()), {"a": Fraction(1), "b": Fraction(1)}
    >>> [replay(emulates, lambda case: emulation_of(made, output=name), ones).failing() for name in (None, "both")]
    [[], ['output both']]
    >>> discharge(in_one_query(made), 5).verdict.name
    'PROVED'
    """
    return Obligation(
        id=ONE_QUERY,
        paper="Lemma 10",
        claim=emulates,
        of=lambda case: emulation_of(made),
        twin=lambda case: emulation_of(made, output=next(iter(made.circuit.outputs), None)),
    )


@dataclass(kw_only=True)
class CircuitReport:
    """A file, its circuit and network, what was proved, and the proofs of small circuits as a whole.

    Parameters
    ----------
    path, machine, circuit : the file, and what is in it.
    report, others : what was proved, and the results of the proofs as a whole.
    seconds : how long each part took.
    """

    path: str
    machine: Machine
    circuit: FlatCircuit
    report: Report
    others: list[Result] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        """The verdict of the proof."""
        return self.report.verdict


def prove_file(path: Path | str, *, seconds: int = SECONDS) -> CircuitReport:
    """Read the circuit file at a path, stamp its network and prove that the network is strictly flat and equals the
    circuit; the solver has so many seconds for each question.

    A file with latches is proved for its step: state bits are inputs, next states outputs.

    Raises
    ------
    ConstructionError for a file that cannot be read, or in which there is nothing to prove. DisagreementError if the
    network's weights spell another circuit, or a proof of the whole refutes what the pass proves.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "both.bench"
    ...     _ = path.write_text("INPUT(a)\\nINPUT(b)\\nOUTPUT(c)\\nc = AND(a, b)\\n")
    ...     proved = prove_file(path)
    >>> proved.verdict.name, len(proved.report.shapes), [(other.id, other.verdict.name) for other in proved.others]
    ('PROVED', 2, [('exhaustion', 'CHECKED'), ('one query', 'PROVED')])
    """
    clock = _Clock()
    machine = read_machine(path)
    clock.lap("read")
    made = stamp(machine.exposed() if machine.state else machine.circuit)
    if made.network.size == made.network.first:
        got = "no input, no gate and no output"
        raise ConstructionError(f"need a circuit with something to prove, got {got}, at {path}")
    clock.lap("compile")
    if not circuit_of(made.network).same_structure(made.circuit.sorted):
        raise DisagreementError(
            f"the circuit read off the network's weights is not the one that was stamped, at {path}"
        )
    clock.lap("read off")
    report = prove_emulation(made.circuit, made.network, made.places, seconds=seconds)
    clock.seconds |= report.seconds
    clock.lap("")
    found = CircuitReport(path=str(path), machine=machine, circuit=made.circuit, report=report, seconds=clock.seconds)
    edges = len(made.network.sources)
    if made.circuit.outputs and edges <= 10 * MOST_EDGES and len(made.circuit.inputs) <= EXHAUSTED:
        found.others.append(discharge(by_exhaustion(made), seconds))
    if made.circuit.outputs and edges <= MOST_EDGES and len(made.circuit.gates) <= MONOLITHIC:
        found.others.append(discharge(in_one_query(made), seconds))
    for other in found.others:
        if (
            Verdict.REFUTED in (other.verdict, report.verdict)
            and other.verdict != report.verdict
            and other.verdict is not Verdict.UNKNOWN
        ):
            raise DisagreementError(
                f"the pass says {report.verdict.name} of {path}, {other.id} says {other.verdict.name}"
            )
    clock.lap("as a whole")
    return found


class _Clock:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.began = time.perf_counter()

    def lap(self, stage: str) -> None:
        """The stage ends here (no name: it was timed elsewhere)."""
        now = time.perf_counter()
        if stage:
            self.seconds[stage] = now - self.began
        self.began = now
