"""Circuits in arrays: values against a count of true literals, refusals, cones, parts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructions.computation.builder import assignments
from constructions.computation.flat import FlatCircuit, Gates, at_least, negated
from constructions.errors import ConstructionError

Rows = list[tuple[int, list[int]]]


@st.composite
def circuits(draw: st.DrawFn, most: int = 12) -> FlatCircuit:
    """Any circuit of a few inputs, with gates of any fan-in and threshold."""
    n = draw(st.integers(1, 4))
    rows: Rows = []
    for v in range(n, n + draw(st.integers(0, most))):
        nodes = draw(st.lists(st.integers(0, v - 1), unique=True, max_size=5))
        literals = [2 * u + draw(st.integers(0, 1)) for u in nodes]
        rows.append((draw(st.integers(0, len(literals) + 1)), literals))
    outputs = {f"o{i}": draw(st.integers(0, 2 * (n + len(rows)) - 1)) for i in range(draw(st.integers(1, 3)))}
    return FlatCircuit(inputs=tuple("abcd"[:n]), gates=Gates.of(rows), outputs=outputs)


def counted(circuit: FlatCircuit, bits: tuple[bool, ...]) -> dict[str, bool]:
    """The outputs by the definition: a gate is true if enough of its literals are."""
    values = list(bits)
    for needs, literals in circuit.gates:
        values.append(sum(values[x // 2] != bool(x % 2) for x in literals) >= needs)
    return {name: values[x // 2] != bool(x % 2) for name, x in circuit.outputs.items()}


def table(circuit: FlatCircuit) -> list[int]:
    """The outputs for all inputs at once."""
    words, width = assignments(len(circuit.inputs))
    return list(circuit.evaluate(dict(zip(circuit.inputs, words, strict=True)), width=width).values())


def of(rows: Rows, *, inputs: tuple[str, ...] = ("a", "b", "c"), outputs: dict[str, int] | None = None) -> FlatCircuit:
    """A circuit of some rows; its last node is the output y."""
    last = 2 * (len(inputs) + len(rows) - 1)
    return FlatCircuit(inputs=inputs, gates=Gates.of(rows), outputs={"y": last} if outputs is None else outputs)


@given(circuit=circuits())
def test_all_assignments_at_once_give_the_values_by_the_definition(circuit: FlatCircuit) -> None:
    n = len(circuit.inputs)
    found = table(circuit)
    for j in range(1 << n):
        bits = tuple(bool(j >> i & 1) for i in range(n))
        assert counted(circuit, bits) == {
            name: bool(word >> j & 1) for name, word in zip(circuit.outputs, found, strict=True)
        }


@given(circuit=circuits())
def test_one_assignment_gives_the_values_by_the_definition(circuit: FlatCircuit) -> None:
    bits = tuple(i % 2 == 0 for i in range(len(circuit.inputs)))
    assert circuit(**dict(zip(circuit.inputs, bits, strict=True))) == counted(circuit, bits)


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ((3, [0, 2, 4]), 0b10000000),
        ((1, [0, 2, 4]), 0b11111110),
        ((2, [0, 2, 4]), 0b11101000),
        ((2, [1, 2, 4]), 0b11010100),
        ((1, [1]), 0b01010101),
        ((0, []), 0b11111111),
        ((1, []), 0b00000000),
        ((0, [0, 2]), 0b11111111),
        ((3, [0, 2]), 0b00000000),
    ],
)
def test_a_row_is_its_threshold_gate(row: tuple[int, list[int]], word: int) -> None:
    assert table(of([row])) == [word]


def test_a_wide_conjunction_and_a_wide_majority_are_single_rows() -> None:
    names = tuple(f"x{i}" for i in range(201))
    every = [2 * i for i in range(201)]
    circuit = of([(201, every), (101, every)], inputs=names, outputs={"and": 402, "majority": 404})
    ones = dict.fromkeys(names, True)
    assert circuit(**ones) == {"and": True, "majority": True}
    assert circuit(**ones | {"x200": False}) == {"and": False, "majority": True}
    assert circuit(**{name: i < 100 for i, name in enumerate(names)}) == {"and": False, "majority": False}
    assert circuit(**{name: i >= 100 for i, name in enumerate(names)}) == {"and": False, "majority": True}


@given(words=st.lists(st.integers(0, 255), max_size=6), needs=st.integers(-1, 8))
def test_at_least_counts_bit_by_bit(words: list[int], needs: int) -> None:
    found = at_least(needs, words, 255)
    assert all((found >> j & 1) == (sum(word >> j & 1 for word in words) >= needs) for j in range(8))


def test_bits_beyond_the_width_are_not_seen() -> None:
    assert of([(1, [1])]).evaluate({"a": 0b100, "b": 0, "c": 0}, width=2) == {"y": 0b11}


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([(1, [6])], r"need literals of earlier nodes \(no cycle\), got 6, at node 3"),
        ([(1, [8]), (1, [6])], r"need literals of earlier nodes \(no cycle\), got 8, at node 3"),
        ([(1, [-2])], r"need literals of earlier nodes \(no cycle\), got -2, at node 3"),
        ([(1, [0]), (2, [2, 2])], "need different nodes in a gate, got node 1 twice, at node 4"),
        ([(1, [0]), (1, [2, 4, 3])], "need different nodes in a gate, got node 1 twice, at node 4"),
        ([(-1, [0])], "need a threshold from 0 to fan-in [+] 1, got -1 of 1, at node 3"),
        ([(3, [0])], "need a threshold from 0 to fan-in [+] 1, got 3 of 1, at node 3"),
    ],
)
def test_rows_that_are_no_gates_are_refused_with_their_node(rows: Rows, message: str) -> None:
    with pytest.raises(ConstructionError, match=f"^{message}$"):
        of(rows)


@pytest.mark.parametrize("offsets", [[0], [0, 2], [1, 1], [0, 1, 1], [0, 0]])
def test_offsets_that_do_not_cut_the_literals_are_refused(offsets: list[int]) -> None:
    gates = Gates(needs=np.array([1]), offsets=np.array(offsets), literals=np.array([0]))
    with pytest.raises(ConstructionError, match=r"^need offsets that increase from 0"):
        FlatCircuit(inputs=("a",), gates=gates, outputs={})


@pytest.mark.parametrize("literal", [-1, 2, 3])
def test_an_output_is_a_literal_of_the_circuit(literal: int) -> None:
    with pytest.raises(ConstructionError, match=f"^need a literal below 2, got {literal}, at output 'y'$"):
        of([], inputs=("a",), outputs={"y": literal})


def test_an_input_has_its_name_once() -> None:
    with pytest.raises(ConstructionError, match=r"^need different names for the inputs, got 'b' twice$"):
        of([], inputs=("a", "b", "c", "b"), outputs={})


def test_a_name_twice_among_many_is_found_at_once() -> None:
    names = [f"x{i}" for i in range(200_000)]
    with pytest.raises(ConstructionError, match="got 'x199999' twice"):
        of([], inputs=(*names, names[-1]), outputs={})


@pytest.mark.parametrize("given_", [{}, {"a": 1}, {"a": 1, "b": 1, "c": 0, "d": 0}])
def test_all_inputs_must_be_given_and_no_others(given_: dict[str, int]) -> None:
    with pytest.raises(ConstructionError, match=r"^need a value for each of the 3 inputs, got another set, at "):
        of([(1, [0])]).evaluate(given_)
    with pytest.raises(ConstructionError, match=r"^need 3 input values, got "):
        of([(1, [0])]).values(list(given_.values()))


def test_the_arrays_cannot_be_written_to() -> None:
    circuit = of([(1, [0])])
    with pytest.raises(ValueError, match="read-only"):
        circuit.gates.literals[0] = 2


def test_gates_come_back_as_the_rows_they_were_made_of() -> None:
    rows = [(0, []), (2, [0, 3, 5]), (1, [7])]
    assert list(Gates.of(rows)) == rows and Gates.of(rows).fan_in.tolist() == [0, 3, 1]


def test_gates_are_counted_by_kind() -> None:
    circuit = of([(0, []), (1, []), (1, [1]), (1, [0]), (2, [0, 2]), (1, [0, 2]), (2, [0, 2, 4]), (0, [0])])
    assert circuit.kinds == {"and": 1, "buffer": 1, "constant": 3, "not": 1, "or": 1, "threshold": 1}


def test_the_depth_is_that_of_the_outputs() -> None:
    rows: Rows = [(0, []), (2, [0, 6]), (1, [9]), (1, [11])]
    assert of(rows).levels == [0, 0, 0, 0, 1, 2, 3]
    assert of(rows).depth == 3 and of(rows, outputs={"y": 8}).depth == 1 and of(rows, outputs={}).depth == 0


@given(circuit=circuits())
def test_the_cone_is_what_the_graph_calls_ancestors(circuit: FlatCircuit) -> None:
    literal = next(iter(circuit.outputs.values()))
    edges = {(x // 2, v) for v, (_, row) in enumerate(circuit.gates, len(circuit.inputs)) for x in row}
    wanted = {literal // 2}
    while more := {u for u, v in edges if v in wanted} - wanted:
        wanted |= more
    assert set(np.flatnonzero(circuit.cone([literal])).tolist()) == wanted


@given(circuit=circuits())
def test_a_part_computes_the_same_and_holds_nothing_that_is_not_needed(circuit: FlatCircuit) -> None:
    part = circuit.part(circuit.outputs)
    assert table(part) == table(circuit) and part.inputs == circuit.inputs
    assert part.cone(part.outputs.values())[len(part.inputs) :].all()
    assert part.part(part.outputs).same_structure(part)


def test_a_part_keeps_the_names_of_its_gates() -> None:
    circuit = FlatCircuit(
        inputs=("a",), gates=Gates.of([(1, [0]), (1, [1])]), outputs={}, signals={1: "same", 2: "not a"}
    )
    assert circuit.part({"y": 4}).signals == {1: "not a"}
    assert [circuit.name(v) for v in range(3)] == ["a", "same", "not a"]


def test_same_structure_sees_inputs_rows_and_outputs() -> None:
    one = of([(2, [0, 2])])
    assert one.same_structure(of([(2, [0, 2])]))
    others = [
        of([(1, [0, 2])]),
        of([(2, [0, 3])]),
        of([(2, [0, 2])], outputs={"y": 7}),
        of([(2, [0, 2])], inputs=("a", "b", "d")),
    ]
    assert not any(one.same_structure(other) for other in others)


def test_the_graph_has_a_vertex_for_each_node_and_an_edge_for_each_literal() -> None:
    graph = FlatCircuit(inputs=("a", "b"), gates=Gates.of([(1, [0, 3])]), outputs={}, signals={2: "g"}).graph
    assert dict(graph.nodes(data=True)) == {0: {"name": "a"}, 1: {"name": "b"}, 2: {"name": "g", "needs": 1}}
    assert list(graph.edges(data="negated")) == [(0, 2, False), (1, 2, True)]


def test_the_negation_of_a_negation_is_the_literal() -> None:
    assert [negated(x) for x in range(4)] == [1, 0, 3, 2]


def test_a_name_made_up_for_a_gate_is_nobody_elses() -> None:
    gates = Gates.of([(2, (0, 2)), (1, (0, 2)), (1, (4, 6))])
    circuit = FlatCircuit(inputs=("n2", "n4_"), gates=gates, outputs={}, signals={3: "n4"})
    assert [circuit.name(v) for v in range(circuit.size)] == ["n2", "n4_", "n2_", "n4", "n4__"]
