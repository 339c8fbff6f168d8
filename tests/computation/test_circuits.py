"""Circuits: truth tables, names, cycles, and the drafts in which they are written."""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructions.computation.circuits import Circuit, Draft, Gate
from constructions.errors import ConstructionError

BITS = (False, True)


def of(gates: dict[str, Gate], *, inputs: tuple[str, ...] = ("a", "b"), outputs: tuple[str, ...] = ("g",)) -> Circuit:
    """A circuit on a and b with output g; something may be changed."""
    return Circuit(inputs=inputs, gates=gates, outputs=outputs)


@pytest.mark.parametrize(
    ("gate", "table"),
    [
        (Gate("and", ("a", "b")), [False, False, False, True]),
        (Gate("or", ("a", "b")), [False, True, True, True]),
        (Gate("threshold", ("a", "b"), 2), [False, False, False, True]),
        (Gate("threshold", ("a", "b"), 1), [False, True, True, True]),
        (Gate("not", ("a",)), [True, True, False, False]),
        (Gate("true"), [True] * 4),
        (Gate("false"), [False] * 4),
    ],
)
def test_a_gate_has_its_truth_table(gate: Gate, table: list[bool]) -> None:
    assert [of({"g": gate})(a=a, b=b)["g"] for a, b in product(BITS, BITS)] == table


@given(bits=st.lists(st.booleans(), min_size=1, max_size=6), k=st.integers(-1, 8))
def test_gates_of_any_fan_in_count(bits: list[bool], k: int) -> None:
    names = tuple(f"x{i}" for i in range(len(bits)))
    assert Gate("and", names).value(bits) is all(bits)
    assert Gate("or", names).value(bits) is any(bits)
    if k >= 0:
        assert Gate("threshold", names, k).value(bits) is (sum(bits) >= k)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nand", ("a",)), r"need a gate among \['and', 'false', 'not', 'or', 'threshold', 'true'\], got 'nand'"),
        (("not", ()), r"need 1 inputs at a not gate, got 0"),
        (("not", ("a", "b")), r"need 1 inputs at a not gate, got 2"),
        (("and", ()), r"need 1 inputs or more at a and gate, got 0"),
        (("true", ("a",)), r"need 0 inputs.* at a true gate, got 1"),
        (("or", ("a", "a")), r"need different inputs, got \['a', 'a'\], at a or gate"),
    ],
)
def test_a_gate_refuses_what_it_is_not(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ConstructionError, match=f"^{message}$"):
        Gate(*arguments)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"gates": {"a": Gate("true")}}, "need different names for inputs and gates, got one name twice"),
        (
            {"gates": {"g": Gate("true")}, "inputs": ("a", "a")},
            "need different names for inputs and gates, got one name twice",
        ),
        ({"gates": {"g": Gate("not", ("c",))}}, "need an input or a gate, got 'c', at gate 'g'"),
        ({"gates": {"g": Gate("true")}, "outputs": ("h",)}, "need outputs that are inputs or gates, got 'h'"),
        ({"gates": {"g": Gate("not", ("g",))}}, r"need an acyclic circuit, got the cycle \['g'\]"),
        (
            {"gates": {"g": Gate("not", ("h",)), "h": Gate("not", ("g",))}},
            r"need an acyclic circuit, got the cycle \['g', 'h'\]",
        ),
    ],
)
def test_a_circuit_refuses_nonsense(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ConstructionError, match=f"^{message}$"):
        of(**changed)


@pytest.mark.parametrize("inputs", [{}, {"a": True}, {"a": True, "b": True, "c": True}])
def test_all_inputs_must_be_given_and_no_others(inputs: dict[str, bool]) -> None:
    with pytest.raises(ConstructionError, match=r"^need values for \['a', 'b'\], got \["):
        of({"g": Gate("or", ("a", "b"))})(**inputs)


def test_gates_are_evaluated_in_an_order_that_suits_them_not_as_written() -> None:
    circuit = of({"g": Gate("not", ("h",)), "h": Gate("and", ("a", "b"))})
    assert circuit.order == ("h", "g")
    assert circuit.values(a=True, b=True) == {"a": True, "b": True, "h": True, "g": False}


def test_an_input_can_be_an_output() -> None:
    assert of({}, outputs=("a",))(a=True, b=False) == {"a": True}


def test_changing_the_gates_that_were_given_or_the_graph_changes_nothing() -> None:
    gates = {"g": Gate("and", ("a", "b"))}
    circuit = of(gates)
    gates["g"] = Gate("true")
    circuit.graph.remove_node("g")
    assert circuit(a=False, b=False) == {"g": False}


def test_the_graph_has_an_edge_for_each_input_of_a_gate() -> None:
    graph = of({"g": Gate("threshold", ("a", "b"), 2)}).graph
    assert set(graph.edges) == {("a", "g"), ("b", "g")}
    assert {v: graph.nodes[v] for v in graph} == {
        "a": {"kind": "input"},
        "b": {"kind": "input"},
        "g": {"kind": "threshold", "k": 2},
    }


@pytest.mark.parametrize(
    ("write", "table"),
    [
        (lambda draft: draft.negate("a"), [True, True, False, False]),
        (lambda draft: draft.both("a", "b"), [False, False, False, True]),
        (lambda draft: draft.either("a", "b"), [False, True, True, True]),
        (lambda draft: draft.xor("a", "b"), [False, True, True, False]),
    ],
)
def test_a_draft_writes_the_connectives(write: Callable[[Draft], str], table: list[bool]) -> None:
    draft = Draft("a", "b")
    out = write(draft)
    assert [draft.circuit(out)(a=a, b=b)[out] for a, b in product(BITS, BITS)] == table


@given(data=st.data(), digits=st.integers(1, 6))
def test_at_least_compares_a_binary_number_with_an_odd_bound(data: st.DataObject, digits: int) -> None:
    bound = data.draw(st.integers(0, 2 ** (digits - 1) - 1).map(lambda half: 2 * half + 1))
    number = data.draw(st.integers(0, 2**digits - 1))
    names = tuple(f"d{i}" for i in range(digits))
    draft = Draft(*names)
    out = draft.at_least(names, bound)
    assert draft.circuit(out)(**{name: bool(number >> i & 1) for i, name in enumerate(names)})[out] is (number >= bound)


@pytest.mark.parametrize("bound", [1, 3, 5, 7])
def test_at_least_uses_every_digit(bound: int) -> None:
    draft = Draft("p", "q", "r")
    draft.at_least(("p", "q", "r"), bound)
    assert {u for gate in draft.gates.values() for u in gate.inputs} >= {"p", "q", "r"}


@pytest.mark.parametrize("bound", [0, 2, 4, 5, -1])
def test_at_least_refuses_a_bound_that_is_even_or_out_of_reach(bound: int) -> None:
    with pytest.raises(ConstructionError, match=f"^need an odd bound below 4, got {bound}$"):
        Draft("p", "q").at_least(("p", "q"), bound)


def test_gates_without_a_name_are_numbered() -> None:
    draft = Draft("a")
    assert [draft.negate("a"), draft.both("a", name="mine"), draft.negate("mine")] == ["g1", "mine", "g3"]


@pytest.mark.parametrize("name", ["a", "g"])
def test_a_name_is_used_once(name: str) -> None:
    draft = Draft("a")
    draft.add("true", name="g")
    with pytest.raises(ConstructionError, match=f"^need a new name, got '{name}'$"):
        draft.negate("a", name=name)


def test_a_circuit_does_not_follow_its_draft() -> None:
    draft = Draft("a")
    circuit = draft.circuit(draft.negate("a", name="g"))
    draft.add("true", name="later")
    assert list(circuit.gates) == ["g"]
