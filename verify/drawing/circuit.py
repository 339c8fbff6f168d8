"""Pictures of circuits and of their networks, in layers; a large one by parts, behind chosen outputs and so many
levels deep."""

from collections.abc import Sequence
from pathlib import Path

from constructions.computation.flat import FlatCircuit
from constructions.computation.formats.files import READERS, read_machine
from constructions.errors import ConstructionError
from constructions.foundations.exact import Number
from constructions.foundations.network import Fragment
from constructions.networks.stamped import Stamped, stamp
from verify.drawing.figure import draw_view
from verify.drawing.fragment import draw_fragment
from verify.drawing.view import MOST_VERTICES, Vertex, View, Wire

OF_NEGATED = ("not", "nand", "nor")
"""What a gate is called that negates all its operands: one of them, some that are not all 1, some that are all 0."""


def is_circuit_file(thing: str) -> bool:
    """Whether a name is that of a circuit file.

    >>> is_circuit_file("c17.bench"), is_circuit_file("q")
    (True, False)
    """
    return Path(thing).suffix.lower() in READERS


def draw_circuit_file(
    path: Path,
    to: Path,
    *,
    outputs: Sequence[str] = (),
    levels: int | None = None,
    network: bool = False,
    inputs: dict[str, Number] | None = None,
    title: str = "",
) -> Path:
    """Draw the circuit in a file, or its network; a machine is drawn for its step.

    Parameters
    ----------
    outputs : only what these depend on (a state bit q by ``q'`` is its next value). levels : so many gates deep.
    network : the Lemma 10 network in place of the circuit. inputs : for a whole network, values to show a run at.
    path, to : the circuit's file, and the picture's, whose ending chooses the format. title : what stands above it.

    Raises
    ------
    ConstructionError
        For a file that cannot be read, outputs or inputs that it does not have, or too many gates to draw.

    >>> from tempfile import TemporaryDirectory
    >>> import networkx as nx
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "gate.bench")
    ...     _ = path.write_text("INPUT(a)\\nINPUT(b)\\nOUTPUT(y)\\ny = AND(a, b)\\n")
    ...     drawn = nx.read_graphml(draw_circuit_file(path, Path(folder, "gate.graphml")))
    >>> list(drawn.edges), drawn.nodes["y"]
    ([('a', 'y'), ('b', 'y'), ('y', 'y (output)')], {'name': 'y', 'gate': 'and'})
    """
    machine = read_machine(path)
    circuit = machine.circuit
    circuit.check_shared(outputs, circuit.outputs, what="output")
    circuit.check_shared(inputs or (), circuit.inputs, what="input")
    if machine.state:
        taken = set(circuit.outputs)
        nexts = {fresh(f"{name}'", taken): literal for name, literal in zip(machine.state, machine.next, strict=True)}
        circuit = FlatCircuit(
            inputs=circuit.inputs, gates=circuit.gates, outputs={**circuit.outputs, **nexts}, signals=circuit.signals
        )
    if not circuit.outputs:
        raise ConstructionError(f"need a circuit with outputs to draw, got none, at {path}")
    unknown = [name for name in outputs if name not in circuit.outputs]
    if unknown:
        raise ConstructionError(
            f"need outputs of the circuit, got {unknown[0]!r} (it has {', '.join(list(circuit.outputs)[:8])})"
        )
    chosen = {name: literal for name, literal in circuit.outputs.items() if not outputs or name in outputs}
    if network:
        return _draw_network(circuit.part(chosen), to, levels=levels, inputs=inputs, title=title)
    if inputs:
        raise ConstructionError("need --network to show a run, got inputs for a circuit")
    return draw_view(circuit_view(circuit, chosen, levels=levels, title=title), to)


def fresh(name: str, taken: set[str]) -> str:
    """The name, or one like it that is not taken; it is taken then.

    >>> taken = {"q"}
    >>> fresh("q", taken), fresh("q", taken)
    ("q'", "q''")
    """
    while name in taken:
        name += "'"
    taken.add(name)
    return name


def near(circuit: FlatCircuit, literals: Sequence[int], levels: int | None) -> list[int]:
    """The gates behind some literals of a circuit, at most so many levels deep; few enough to draw.

    Raises
    ------
    ConstructionError
        For more than :data:`MOST_VERTICES`.
    """
    n, offsets, operands = len(circuit.inputs), circuit.gates.offsets, circuit.gates.literals >> 1
    found: set[int] = set()
    front = {literal >> 1 for literal in literals}
    depth = 0
    while front and (levels is None or depth < levels):
        front = {v for v in front if v >= n} - found
        found |= front
        if len(found) > MOST_VERTICES:
            raise ConstructionError(
                f"need at most {MOST_VERTICES} gates to draw, got more behind {len(literals)} outputs: "
                f"choose some with --of (there are {', '.join(list(circuit.outputs)[:8])}"
                f"{', ...' if len(circuit.outputs) > 8 else ''}) and --levels"
            )
        front = {int(u) for v in front for u in operands[offsets[v - n] : offsets[v - n + 1]]}
        depth += 1
    return sorted(found)


def circuit_view(circuit: FlatCircuit, outputs: dict[str, int], *, levels: int | None, title: str) -> View:
    """The gates behind some outputs as a view; what lies deeper is drawn as given.

    Parameters
    ----------
    circuit : whose gates are drawn. outputs : literals by name. levels : so many gates deep; None for all.
    title : what stands above the view.

    >>> from constructions.computation.flat import Gates
    >>> both = FlatCircuit(inputs=("a", "b"), gates=Gates.of([(2, (0, 3))]), outputs={"y": 4})
    >>> [(wire.tail, wire.text) for wire in circuit_view(both, {"y": 4}, levels=None, title="both").wires]
    [('a', ''), ('b', 'not'), ('n2', '')]
    """
    gates = near(circuit, list(outputs.values()), levels)
    n, inside = len(circuit.inputs), set(gates)
    wires, given = [], {literal >> 1 for literal in outputs.values() if literal >> 1 not in inside}
    rows = {v: _row(circuit, v) for v in gates}
    for v, (_, literals) in rows.items():
        given |= {x >> 1 for x in literals if x >> 1 not in inside}
        said = _kind(*rows[v]) not in OF_NEGATED
        wires += [
            Wire(tail=circuit.name(x >> 1), head=circuit.name(v), text="not" if x & 1 and said else "")
            for x in literals
        ]
    taken = {circuit.name(v) for v in (*given, *gates)}
    ends = {fresh(f"{name} (output)", taken): literal for name, literal in outputs.items()}
    wires += [
        Wire(tail=circuit.name(literal >> 1), head=name, text="not" if literal & 1 else "")
        for name, literal in ends.items()
    ]
    sources = [
        Vertex(name=circuit.name(v), lines=("input" if v < n else "deeper",), ink="given") for v in sorted(given)
    ]
    kinds = {v: _kind(*rows[v]) for v in gates}
    inner = [Vertex(name=circuit.name(v), lines=(kinds[v],), facts={"gate": kinds[v]}) for v in gates]
    last = [Vertex(name=name, ink="given") for name in ends]
    return View(title=title, vertices=(*sources, *inner, *last), wires=tuple(wires))


def _row(circuit: FlatCircuit, node: int) -> tuple[int, list[int]]:
    i = node - len(circuit.inputs)
    low, high = circuit.gates.offsets[i : i + 2].tolist()
    return int(circuit.gates.needs[i]), circuit.gates.literals[low:high].tolist()


def _kind(needs: int, literals: list[int]) -> str:
    n = len(literals)
    if needs <= 0 or needs > n:
        return "true" if needs <= 0 else "false"
    negated = all(literal & 1 for literal in literals)
    if negated and needs in (1, n):
        return OF_NEGATED[0] if n == 1 else OF_NEGATED[1] if needs == 1 else OF_NEGATED[2]
    return "and" if needs == n > 1 else "or" if needs == 1 < n else "copy" if n == 1 else f"at least {needs}"


def _draw_network(
    circuit: FlatCircuit, to: Path, *, levels: int | None, inputs: dict[str, Number] | None, title: str
) -> Path:
    made = stamp(circuit)
    network, literals = made.network, list(made.circuit.outputs.values())
    gates = near(made.circuit, literals, levels)
    n = len(circuit.inputs)
    behind = {x >> 1 for v in gates for x in _row(made.circuit, v)[1]} | {x >> 1 for x in literals}
    chosen = [int(made.places[v]) for v in sorted({*gates, *(v for v in behind if v < n)})]
    fragment = network.part(chosen, outputs=dict.fromkeys(network.outputs.values()))
    names = {network.name(v): name for name, v in network.outputs.items() if name not in fragment.order}
    names |= _names_of_gates(made, fragment, {*fragment.order, *names.values()} - {*names})
    return draw_fragment(fragment.renamed(names), to, inputs=inputs, title=title)


def _names_of_gates(made: Stamped, fragment: Fragment, taken: set[str]) -> dict[str, str]:
    """The vertices of gates by the names of the gates, and those that read an input by what they do; outputs keep
    theirs."""
    circuit, network = made.circuit, made.network
    ends = {network.name(v) for v in network.outputs.values()}
    found: dict[str, str] = {}
    for node, place in enumerate(made.places.tolist()):
        vertex, gate = network.name(place), circuit.name(node)
        if vertex in fragment.order and vertex not in ends:
            wanted = f"bit of {gate}" if node < len(circuit.inputs) else gate
            if wanted != vertex:
                found[vertex] = fresh(wanted, taken)
    return found
