"""A round of a network file as a picture: nothing is left out of it, and its copies are those of Definition 2."""

import re
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from constructions.computation.learner_machines import best_literal_machine
from constructions.errors import ConstructionError
from constructions.networks.emulation import Plan
from constructions.networks.network_file import write_network
from constructions.networks.queries import query_graph
from verify.commands.main import main
from verify.drawing.round import round_placing
from verify.drawing.round_view import COMPUTATION, round_parts, round_view
from verify.drawing.view import Box, View

PLAN = Plan(machine=best_literal_machine(3, fraction=6), rho=Fraction(1, 16))
NET = PLAN.trainable


@pytest.fixture
def net_file(tmp_path: Path) -> Path:
    path = tmp_path / "net.qgn"
    write_network(path, NET)
    return path


def edges_of(view: View) -> int:
    """How many edges of the network a view shows: one for a weight, or the number written."""
    texts = [wire.text for wire in view.wires] + [
        vertex.facts["constant"] for vertex in view.vertices if "constant" in vertex.facts
    ]
    counts = [re.fullmatch(r"(\d+) edges", text) for text in texts]
    return sum(int(count[1]) if count else 1 for count in counts)


@pytest.mark.parametrize("number", [1, 2])
def test_the_copies_have_the_weights_of_definition_2(number: int) -> None:
    parts, bits = round_parts(NET, number), PLAN.decoder.bits
    graph = query_graph(PLAN.setting, rho=PLAN.rho, bits=bits, prime=number == 2)
    at = {role: vertex for vertex, role in parts.roles.items()}
    assert parts.copies == len(PLAN.copies) == 5
    for copy in range(parts.copies):
        place = {role: at[copy, role] for role in ("v1", "v2", "v2'", "v3", "vc", *(f"vr{i}" for i in range(bits)))}
        place |= {"v0": 0, "v4": NET.output}
        for (u, v), weight in graph.edges.items():
            assert dict(NET.network.into(place[v]))[place[u]] == weight, (copy, u, v)
        assert [place[f"vr{i}"] for i in range(bits)] == PLAN.digits(number)[copy].tolist()


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("most", [1, 2, 5])
def test_every_edge_into_or_out_of_a_round_is_shown_or_counted(number: int, most: int) -> None:
    view, flat = round_view(NET, number, most=most), NET.network
    bounds = [
        (low, high) for name, low, high in round_parts(NET, number).groups if name.startswith(f"round {number}: ")
    ]
    low, high = min(first for first, _ in bounds), max(last for _, last in bounds)
    heads = flat.heads

    def inside(array: Any) -> Any:
        return (array >= low) & (array < high)

    wanted = inside(heads) | inside(flat.sources) | (heads == NET.output)
    names = {wire.tail for wire in view.wires if wire.tail is not None} | {wire.head for wire in view.wires}
    hidden = sum(
        view_hides(view, u, v, number) for u, v in zip(flat.sources[inside(heads)], heads[inside(heads)], strict=True)
    )
    assert edges_of(view) + hidden == int(wanted.sum())
    assert {vertex.name for vertex in view.vertices} == names
    assert sum(name.startswith("v1,") for name in names) == most
    assert None not in {wire.tail for wire in view.wires} and f"paths, round {3 - number}" in names


def view_hides(view: View, tail: int, head: int, number: int) -> bool:
    """Whether both ends of an edge are in one vertex of the picture."""
    parts = round_parts(NET, number)

    def whole(v: int) -> object:
        if v in parts.roles:
            copy, role = parts.roles[v]
            shown = sum(vertex.name.startswith("v1,") for vertex in view.vertices)
            return (copy, role) if copy < shown else role.startswith(("v1", "vr"))
        return parts.part_of(v)

    return tail != 0 and whole(int(tail)) == whole(int(head))


@pytest.mark.parametrize("most", [1, 3, 5])
def test_nothing_lies_on_anything_else(most: int) -> None:
    view = round_view(NET, 1, most=most)
    boxes = round_placing(view).boxes
    assert set(boxes) == {vertex.name for vertex in view.vertices}
    for (one, a), (other, b) in combinations(boxes.items(), 2):
        apart = abs(a.x - b.x) >= (a.width + b.width) / 2 or abs(a.y - b.y) >= (a.height + b.height) / 2
        assert apart, (one, other)


def inside(box: Box, x: float, y: float) -> bool:
    """Whether a point is well inside a box."""
    return abs(x - box.x) < box.width / 2 - 0.02 and abs(y - box.y) < box.height / 2 - 0.02


@pytest.mark.parametrize("most", [1, 3, 5])
def test_no_edge_passes_behind_a_vertex_but_the_computation(most: int) -> None:
    placing = round_placing(round_view(NET, 1, most=most))
    for ends, route in placing.routes.items():
        others = [name for name in placing.boxes if name not in (*ends, COMPUTATION)]
        hidden = [name for name in others if any(inside(placing.boxes[name], x, y) for x, y in route.trace)]
        assert not hidden, (ends, hidden)


@pytest.mark.parametrize("most", [1, 3, 5])
def test_the_numbers_on_edges_into_a_vertex_are_apart(most: int) -> None:
    view = round_view(NET, 1, most=most)
    routes = round_placing(view).routes
    labels = [(wire.head, routes[wire.tail, wire.head].label) for wire in view.wires if wire.head != COMPUTATION]
    for (one, (x, y)), (other, (u, v)) in combinations(labels, 2):
        assert one != other or abs(y - v) > 0.12 or abs(x - u) > 0.3, (one, y, v)


@pytest.mark.parametrize("ending", ["svg", "png", "dot", "graphml"])
def test_a_round_is_drawn_in_every_format(ending: str, net_file: Path, tmp_path: Path) -> None:
    target = tmp_path / f"round.{ending}"
    assert main(["draw", str(net_file), "--round", "2", "--copies", "2", "-o", str(target)]) == 0
    data = target.read_bytes()
    assert len(data) > 1000
    if ending == "dot":
        assert data.count(b"subgraph cluster") == 4 and b"copy 2: memory" in data
    if ending == "graphml":
        graph = nx.parse_graphml(data.decode())
        assert (
            graph.nodes["v1, copy 2"]["group"] == "copy 2: memory"
            and graph.edges["v1, copy 2", "v2, copy 2"]["weight"] == "1"
        )
    again = tmp_path / f"again.{ending}"
    main(["draw", str(net_file), "--round", "2", "--copies", "2", "-o", str(again), "--title", "net.qgn: round 2"])
    assert again.read_bytes() == data


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--round", "3"], "need a round from 1 to 2 that the file's hints name, got 3"), (["--round", "0"], "got: ")],
)
def test_a_round_that_is_not_there_is_refused(
    arguments: list[str], said: str, net_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["draw", str(net_file), *arguments, "-o", str(net_file.with_name("x.svg"))]) == 2
    assert said in capsys.readouterr().err


def test_a_round_of_something_else_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["draw", "q", "--round", "1", "-o", str(tmp_path / "x.svg")]) == 2
    assert "need a network file for --round, --copies and --before, got 'q'" in capsys.readouterr().err


@pytest.mark.parametrize(
    "groups",
    [None, 3, [["round 1: memory", 0, 10**9]], [["round 1: memory", 5]], [[1, 2, 3]], [["round 1: memory", 4, 5]]],
)
def test_hints_are_not_trusted(groups: object) -> None:
    hints = dict(NET.hints) | {"groups": groups}
    with pytest.raises(
        ConstructionError, match=r"need (groups as|a file whose hints name the parts of round 1, got none for )"
    ):
        round_view(replace(NET, hints=hints), 1)


def test_wrong_hints_move_names_but_lose_no_edge() -> None:
    kept: list[list[Any]] = PLAN.groups
    groups = [[name, low, min(high + (name == "round 1: memory"), NET.network.size)] for name, low, high in kept]
    view = round_view(replace(NET, hints={"groups": groups}), 1)
    assert edges_of(view) > 0 and round_placing(view).boxes


def test_weights_that_training_moved_stand_out() -> None:
    flat, parts = NET.network, round_parts(NET, 1)
    places = {role: vertex for vertex, role in parts.roles.items()}
    edges = [int(flat.offsets[places[0, "v1"]]), int(flat.offsets[places[0, "v3"]])]
    weights = flat.weights.copy()
    weights[edges] += 1
    trained = replace(NET, network=replace(flat, weights=weights))
    view = round_view(trained, 1, most=1, before=NET)
    assert [wire.head for wire in view.wires if wire.style == "moved"] == ["v3, copy 1"]
    assert [vertex.name for vertex in view.vertices if vertex.ink == "moved vertex"] == ["v1, copy 1"]
    assert not any(wire.style == "moved" for wire in round_view(trained, 1, most=1, before=trained).wires)


def test_another_network_before_the_training_is_refused() -> None:
    other = Plan(machine=best_literal_machine(1, fraction=4), rho=Fraction(1, 8)).trainable
    with pytest.raises(ConstructionError, match="need the same network before its training, got one with other edges"):
        round_view(NET, 1, before=other)
