"""The rooms of verify/: what may import what, and that files, commands and tests stand where they are looked for."""

import re
import sys

import networkx as nx
import pytest

from tests.house.rules import ROOT, every, imported, text_of

ROOMS = {
    "screen": (),
    "obligations": (),
    "replay": ("obligations",),
    "provers": ("obligations", "replay"),
    "store": ("obligations", "replay", "provers"),
    "proofs": ("obligations", "replay", "provers", "store"),
    "discharge": ("obligations", "replay", "provers", "store", "screen"),
    "margins": ("obligations", "provers"),
    "circuits": ("obligations", "replay", "provers", "discharge"),
    "recheck": (),
    "judge": (),
    "referee": (),
    "certifier": ("recheck",),
    "claims": ("obligations", "replay", "provers", "circuits", "recheck", "certifier"),
    "arguments": ("obligations", "replay", "provers", "discharge", "screen"),
    "mutation": ("obligations", "replay", "provers", "store", "discharge", "screen"),
    "drawing": (),
    "reports": (
        "obligations",
        "replay",
        "provers",
        "discharge",
        "margins",
        "circuits",
        "certifier",
        "arguments",
        "mutation",
        "screen",
    ),
    "commands": (
        "obligations",
        "provers",
        "discharge",
        "proofs",
        "margins",
        "circuits",
        "recheck",
        "judge",
        "referee",
        "certifier",
        "arguments",
        "mutation",
        "drawing",
        "reports",
        "pages",
        "screen",
    ),
    "pages": ("obligations", "replay", "provers", "discharge", "drawing", "reports", "screen"),
    "pytest_plugin": ("obligations", "replay", "provers", "discharge", "arguments", "mutation", "reports"),
    "notebook": (
        "obligations",
        "provers",
        "discharge",
        "certifier",
        "arguments",
        "drawing",
        "reports",
        "commands",
        "pages",
        "screen",
    ),
    "attacks": (
        "obligations",
        "proofs",
        "discharge",
        "recheck",
        "judge",
        "certifier",
        "arguments",
        "commands",
    ),
}
"""Each room of verify/ with the rooms from which it may import; all but the three checkers may import constructions."""
INSIDE = {
    "certifier": ("refusal", "roles", "rounds", "exactness", "certificate", "witness_batches", "witness", "certify")
}
"""Rooms and modules within a room, from the lowest up."""
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in sorted((ROOT / "verify").rglob("*.py"))
}
IN_A_ROOM = [module for module in MODULES if len(module.split(".")) > 2 and not module.endswith("__init__")]
PROVERS = {"z3", "sympy", "cvc5", "pysat"}


def room(module: str) -> str:
    """The room of a module of verify/."""
    return module.split(".")[1]


def test_nothing_lies_loose_in_verify() -> None:
    assert {path.name for path in (ROOT / "verify").glob("*.py")} == {"__init__.py", "__main__.py"}


def test_every_folder_of_verify_is_a_room_and_the_rooms_have_an_order() -> None:
    folders = {path.name for path in (ROOT / "verify").iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders == set(ROOMS)
    graph = nx.DiGraph([(name, other) for name, others in ROOMS.items() for other in others])
    assert nx.is_directed_acyclic_graph(graph)


def test_readers_are_told_of_every_room_and_chapter() -> None:
    layout = "".join(line for line in text_of(ROOT / "README.md").splitlines() if line.startswith("| `"))
    chapters = {path.parent.name for path in (ROOT / "constructions").glob("*/__init__.py")}
    named = set(re.findall(r"`(?:constructions|verify)/(\w+)/`", layout))
    assert named == set(ROOMS) | chapters
    page = text_of(ROOT / "CONTRIBUTING.md").partition("Chapters of `constructions`")[2].partition("\n\n")[0]
    assert not [name for name in ROOMS if not re.search(rf"\b{name}\b", page)]


@every(IN_A_ROOM)
def test_a_module_imports_from_the_rooms_that_its_room_may(module: str) -> None:
    others = {room(other) for other in imported(module) if other.startswith("verify.") and other in MODULES}
    assert others <= {room(module), *ROOMS[room(module)]}


@pytest.mark.parametrize("name", ROOMS)
def test_what_a_room_may_import_it_does_import(name: str) -> None:
    found = {
        room(other)
        for module in IN_A_ROOM
        if room(module) == name
        for other in imported(module)
        if other in MODULES and len(other.split(".")) > 2
    }
    assert set(ROOMS[name]) <= found


@pytest.mark.parametrize("outer", INSIDE)
def test_rooms_within_a_room_import_downwards(outer: str) -> None:
    order, inside = INSIDE[outer], [module for module in IN_A_ROOM if room(module) == outer]
    assert {module.split(".")[2] for module in inside} == set(order)
    for module in inside:
        below = order[: order.index(module.split(".")[2]) + 1]
        others = {other.split(".")[2] for other in imported(module) if other in inside}
        assert others <= set(below), f"{module} stands below {others - set(below)}"


@every([module for module in MODULES if module.startswith("verify.recheck")])
def test_the_checker_imports_python_numpy_and_itself_alone(module: str) -> None:
    tops = {other.split(".")[0] for other in imported(module) if not other.startswith("verify.recheck")}
    assert tops <= sys.stdlib_module_names | {"numpy"}


@every([module for module in MODULES if module.startswith("verify.judge")])
def test_the_judge_imports_python_and_itself_alone(module: str) -> None:
    tops = {other.split(".")[0] for other in imported(module) if not other.startswith("verify.judge")}
    assert tops <= sys.stdlib_module_names | ({"cvc5"} if module == "verify.judge.ask_cvc5" else set())
    assert "verify.judge.ask_cvc5" not in imported(module)


@every([module for module in MODULES if module.startswith("verify.referee")])
def test_the_referee_imports_python_and_itself_alone(module: str) -> None:
    tops = {other.split(".")[0] for other in imported(module) if not other.startswith("verify.referee")}
    assert tops <= sys.stdlib_module_names


@every([module for module in MODULES if module.startswith("verify.replay")])
def test_the_second_evaluator_knows_no_prover(module: str) -> None:
    assert not {other.split(".")[0] for other in imported(module)} & PROVERS
    assert "constructions.foundations.walks" not in imported(module)


@every([module for module in MODULES if module.startswith("verify.claims.")])
def test_a_claim_knows_no_solver(module: str) -> None:
    """Formulas of sympy are objects of the paper; what decides about them is not the claim's business."""
    assert not {other.split(".")[0] for other in imported(module)} & PROVERS - {"sympy"}
    assert {other for other in imported(module) if other.startswith("verify.provers")} <= {"verify.provers.branches"}
