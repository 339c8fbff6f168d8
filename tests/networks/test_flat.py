"""Networks in arrays: values of the forward walk, parts, the way to fragments and back, refusals."""

from fractions import Fraction
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructions.errors import ConstructionError
from constructions.foundations.activation import HARD_TANH, IDENTITY, RAMP, Activation
from constructions.foundations.network import Fragment
from constructions.foundations.walks import forward
from constructions.networks import flat
from constructions.networks.flat import FlatNetwork, flat_network
from constructions.networks.gates import adaptor, conjunction, inverter
from tests.rationals import rationals

NUMBERS = rationals(-4, 4, 6)


@st.composite
def networks(draw: st.DrawFn) -> FlatNetwork:
    """A few vertices above the constant and some inputs, any weights, any of three activations."""
    inputs = draw(st.integers(0, 3))
    rows: list[list[int]] = [[]] * (1 + inputs)
    for v in range(1 + inputs, 1 + inputs + draw(st.integers(1, 5))):
        rows.append(sorted(draw(st.lists(st.integers(0, v - 1), unique=True, max_size=4))))
    edges = sum(map(len, rows))
    return FlatNetwork(
        inputs=tuple(f"x{i}" for i in range(inputs)),
        offsets=np.cumsum([0, *map(len, rows)]),
        sources=np.array([u for row in rows for u in row], np.int64),
        weights=np.array(draw(st.lists(st.integers(-9, 9), min_size=edges, max_size=edges)), np.int64),
        outputs={"first": draw(st.integers(0, len(rows) - 1)), "last": len(rows) - 1},
        scale=draw(st.integers(1, 7)),
        sigma=draw(st.sampled_from([RAMP, HARD_TANH, IDENTITY])),
    )


def small(**changed: Any) -> FlatNetwork:
    """Inputs a, b (1, 2); 3 = sigma(-1/2 + a), 4 = sigma(3/2 v3 - b); something may be changed."""
    arguments: dict[str, Any] = {
        "inputs": ("a", "b"),
        "offsets": np.array([0, 0, 0, 0, 2, 4]),
        "sources": np.array([0, 1, 2, 3]),
        "weights": np.array([-1, 2, -2, 3]),
        "outputs": {"y": 4},
        "scale": 2,
        "sigma": IDENTITY,
    }
    return FlatNetwork(**(arguments | changed))


def drawn(net: FlatNetwork, data: st.DataObject) -> dict[str, Fraction]:
    """A value for every input."""
    return {name: data.draw(NUMBERS) for name in net.inputs}


def test_a_value_is_worked_out_by_hand() -> None:
    assert small()({"a": Fraction(3), "b": Fraction(1)}) == {"y": Fraction(3, 2) * (3 - Fraction(1, 2)) - 1}


@given(net=networks(), data=st.data())
def test_every_vertex_has_the_value_that_its_edges_say(net: FlatNetwork, data: st.DataObject) -> None:
    values = drawn(net, data)
    pre, out = net.pre_activations(values)
    assert out[: net.first] == [1, *(values[name] for name in net.inputs)]
    for v in range(net.first, net.size):
        assert pre[v] == sum((w * out[u] for u, w in net.into(v)), Fraction(0))
        assert out[v] == net.sigma(pre[v])
    assert net(values) == {name: out[v] for name, v in net.outputs.items()}


@given(net=networks(), data=st.data())
def test_the_fragment_has_the_same_values(net: FlatNetwork, data: st.DataObject) -> None:
    if (net.fan_in[net.first :] > 0).all():
        values = drawn(net, data)
        net = FlatNetwork(
            inputs=net.inputs,
            offsets=net.offsets,
            sources=net.sources,
            weights=net.weights,
            scale=net.scale,
            sigma=net.sigma,
            outputs={f"v{net.size - 1}": net.size - 1},
        )
        assert forward(net.fragment(), values).out[f"v{net.size - 1}"] == net(values)[f"v{net.size - 1}"]


@pytest.mark.parametrize("sigma", [RAMP, HARD_TANH], ids=lambda sigma: sigma.name)
@pytest.mark.parametrize("k", range(8))
def test_a_fragment_in_arrays_has_its_values(sigma: Activation, k: int) -> None:
    for fragment in (
        conjunction(3, sigma=sigma),
        adaptor(Fraction(1, 3), Fraction(3, 4), sigma=sigma),
        inverter(sigma=sigma),
    ):
        values = {name: Fraction(k >> i & 1) - Fraction(1, 3) for i, name in enumerate(fragment.inputs)}
        assert flat_network(fragment)(values) == {"gate": forward(fragment, values).out["gate"]}


def test_a_fragment_in_arrays_and_back_keeps_its_edges_but_for_the_names_between() -> None:
    edges = {
        ("one", "m"): Fraction(1, 6),
        ("x", "m"): Fraction(-3, 4),
        ("m", "y"): Fraction(2),
        ("x", "y"): Fraction(0),
    }
    fragment = Fragment(inputs=("x",), outputs=("y",), edges=edges, constant="one", sigma=HARD_TANH)
    net = flat_network(fragment)
    names = {"v2": "m", "v3": "y"}
    assert net.scale == 12 and net.sigma == HARD_TANH and net.outputs == {"y": 3}
    assert {(names.get(u, u), names.get(v, v)): w for (u, v), w in net.fragment().edges.items()} == edges


@given(net=networks(), data=st.data())
def test_a_part_has_the_values_of_the_whole_if_its_tails_have(net: FlatNetwork, data: st.DataObject) -> None:
    chosen = data.draw(st.sets(st.integers(net.first, net.size - 1), min_size=1))
    if all(net.fan_in[v] for v in chosen):
        _, out = net.pre_activations(drawn(net, data))
        part = net.part(chosen, [max(chosen)])
        at = {net.name(v): out[v] for v in range(net.size)}
        run = forward(part, {name: at[name] for name in part.inputs})
        assert {name: run.out[name] for name in map(net.name, chosen)} == {net.name(v): out[v] for v in chosen}
        assert not {net.name(v) for v in chosen} & set(part.inputs)


def test_an_input_called_like_the_constant_or_a_vertex_keeps_its_name_and_they_give_way() -> None:
    net = small(inputs=("one", "v4"))
    assert [net.name(v) for v in range(net.size)] == ["one_", "one", "v4", "v3", "v4_"]
    values = {"one": Fraction(3), "v4": Fraction(1)}
    run = forward(small(inputs=("one", "v4"), outputs={"v4_": 4}).fragment(), values)
    assert run.out["v4_"] == net(values)["y"]
    assert net.part([4]).inputs == ("v4", "v3") and net.part([3]).constant == "one_"


def test_sources_are_no_part() -> None:
    net = small()
    part = net.part([0, 2, 4], [4])
    assert part.inputs == ("b", "v3") and set(part.edges) == {("b", "v4"), ("v3", "v4")}


def test_the_graph_has_names_and_exact_weights() -> None:
    graph = small().graph
    assert [graph.nodes[v]["name"] for v in graph] == ["one", "a", "b", "v3", "v4"]
    assert dict(nx.get_edge_attributes(graph, "weight")) == {
        (0, 3): Fraction(-1, 2),
        (1, 3): Fraction(1),
        (2, 4): Fraction(-1),
        (3, 4): Fraction(3, 2),
    }


def test_sizes_heads_and_fan_in() -> None:
    net = small()
    assert (net.size, net.first, net.fan_in.tolist(), net.heads.tolist()) == (5, 3, [0, 0, 0, 2, 2], [3, 3, 4, 4])


def test_nobody_writes_to_the_arrays_and_a_later_change_of_the_outputs_does_not_matter() -> None:
    outputs = {"y": 4}
    net = small(outputs=outputs)
    outputs["y"] = 0
    assert net.outputs == {"y": 4}
    for part in (net.offsets, net.sources, net.weights):
        with pytest.raises(ValueError, match="read-only"):
            part[0] = 1


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"offsets": np.array([0, 0, 0, 0, 2, 3])}, "need offsets that increase .*"),
        ({"offsets": np.array([0, 0, 0, 0, 5, 4])}, "need offsets that increase .*"),
        ({"offsets": np.array([0, 0])}, "need offsets that increase .*"),
        ({"weights": np.array([-1, 2, -2])}, "need offsets that increase .*"),
        ({"inputs": ("a", "a")}, "need different names for the inputs and a scale of at least 1"),
        ({"scale": 0}, "need different names for the inputs and a scale of at least 1"),
        (
            {"offsets": np.array([0, 0, 0, 1, 2, 4])},
            "need no edge into an input or the constant, got one into vertex 2",
        ),
        (
            {"offsets": np.array([0, 1, 1, 1, 2, 4])},
            "need no edge into an input or the constant, got one into vertex 0",
        ),
        ({"sources": np.array([0, 3, 2, 3])}, r"need edges that lead upwards \(no cycle\), got one from vertex 3 to 3"),
        ({"sources": np.array([0, 4, 2, 3])}, r"need edges that lead upwards \(no cycle\), got one from vertex 4 to 3"),
        (
            {"sources": np.array([-1, 1, 2, 3])},
            r"need edges that lead upwards \(no cycle\), got one from vertex -1 to 3",
        ),
        (
            {"sources": np.array([0, 1, 3, 3])},
            r"need increasing tails, none twice \(no parallel edge\), got 3 again at vertex 4",
        ),
        (
            {"sources": np.array([1, 0, 2, 3])},
            r"need increasing tails, none twice \(no parallel edge\), got 0 again at vertex 3",
        ),
        ({"outputs": {"y": 5}}, "need outputs among the 5 vertices, got 5, at output 'y'"),
        ({"outputs": {"x": 4, "y": -1}}, "need outputs among the 5 vertices, got -1, at output 'y'"),
        ({"weights": np.array([-1, 2, -2, 0.5])}, "need arrays of 64-bit integers, got float64"),
        ({"weights": np.array([-1, 2, -2, 2**60])}, r"need weights times scale within 2\^60, got 1152921504606846976"),
        (
            {"weights": np.array([-(2**63), 2, -2, 0])},
            r"need weights times scale within 2\^60, got 9223372036854775808",
        ),
    ],
)
def test_a_network_in_arrays_refuses_nonsense(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ConstructionError, match=f"^{message}$"):
        small(**changed)


@pytest.mark.parametrize("inputs", [{}, {"a": Fraction(1)}, {"a": Fraction(1), "b": Fraction(1), "c": Fraction(1)}])
def test_every_input_needs_a_value_and_nothing_else_has_one(inputs: dict[str, Fraction]) -> None:
    with pytest.raises(ConstructionError, match=r"^need values for the 2 inputs, got another set: "):
        small()(inputs)


def test_a_float_is_no_value() -> None:
    with pytest.raises(ConstructionError, match=r"got .*0\.5.*input 'a'"):
        small()({"a": 0.5, "b": Fraction(1)})  # type: ignore[dict-item]


@pytest.mark.parametrize("weight", [Fraction(10**30), Fraction(1, 10**30), Fraction(2**60), Fraction(-(2**61))])
def test_a_fragment_whose_weights_need_more_than_64_bits_is_refused(weight: Fraction) -> None:
    fragment = Fragment(
        inputs=("x",), outputs=("y",), edges={("x", "y"): weight, ("one", "y"): Fraction(1)}, constant="one", sigma=RAMP
    )
    with pytest.raises(ConstructionError, match=r"^need weights times scale within 2\^60, got \d+$"):
        flat_network(fragment)


@pytest.mark.parametrize("piece", [1, 2, 3])
def test_edges_are_checked_in_every_piece_and_where_pieces_meet(piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flat, "PIECE", piece)
    assert [edges for _, _, edges in small().pieces()][-1].stop == 4
    assert small(sources=np.array([0, 2, 2, 3])).size == 5  # a tail again, but at another vertex
    for sources, wrong in (
        ([0, 1, 2, 4], "vertex 4 to 4"),
        ([0, 3, 2, 3], "vertex 3 to 3"),
        ([0, 1, -1, 3], "vertex -1 to 4"),
    ):
        with pytest.raises(ConstructionError, match=wrong):
            small(sources=np.array(sources))
    for sources, wrong in (([1, 1, 2, 3], "1 again at vertex 3"), ([0, 1, 3, 2], "2 again at vertex 4")):
        with pytest.raises(ConstructionError, match=wrong):
            small(sources=np.array(sources))
    with pytest.raises(ConstructionError, match="got one into vertex 2"):
        small(offsets=np.array([0, 0, 0, 1, 2, 4]), sources=np.array([0, 1, 2, 3]))
