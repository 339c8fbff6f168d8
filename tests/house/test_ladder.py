"""Imports point down the ladder, stand at the top of a file, and make no cycle."""

import ast

import networkx as nx

from tests.house.rules import MODULES, every, imported, nodes_of, text_of, tree_of

RUNGS = (
    *(
        "errors",
        "foundations",
        "learning",
        "reductions",
        "models",
        "strip",
        "computation",
        "networks",
        "training",
        "theorems",
    ),
)
CHAPTERS = (*RUNGS, "certifier")  # of claims: those about the certifier stand above all


def tree(module: str) -> ast.Module:
    """The syntax tree of a module."""
    return tree_of(MODULES[module])


def rung(module: str) -> int:
    """Where a module of constructions stands: 0 is the lowest."""
    return RUNGS.index(module.split(".")[1])


def chapter(module: str) -> str:
    """The chapter of a module of claims or of constructions."""
    return module.removeprefix("verify.claims.").removeprefix("constructions.").split(".")[0]


def is_part(module: str, package: str) -> bool:
    """Whether a module is a package or lies in it."""
    return module == package or module.startswith(package + ".")


CONSTRUCTIONS = [module for module in MODULES if is_part(module, "constructions") and not module.endswith("__init__")]
CLAIMS = [module for module in MODULES if is_part(module, "verify.claims") and not module.endswith("__init__")]
MACHINERY = [module for module in MODULES if is_part(module, "verify") and not is_part(module, "verify.claims")]


@every(CONSTRUCTIONS)
def test_a_construction_imports_its_own_chapter_and_those_below_it(module: str) -> None:
    above = [other for other in imported(module) if is_part(other, "constructions") and rung(other) > rung(module)]
    assert not above, f"need imports of {RUNGS[: rung(module) + 1]} only"


@every(CONSTRUCTIONS)
def test_a_construction_imports_nothing_from_verify_tests_or_examples(module: str) -> None:
    assert not [other for other in imported(module) if other.split(".")[0] in ("verify", "tests", "examples")]


@every(CLAIMS)
def test_a_claim_imports_its_own_chapter_and_those_below_it(module: str) -> None:
    paper = [other for other in imported(module) if is_part(other, "constructions") or is_part(other, "verify.claims")]
    assert not [other for other in paper if CHAPTERS.index(chapter(other)) > CHAPTERS.index(chapter(module))]


@every(MACHINERY)
def test_what_proves_imports_no_claim(module: str) -> None:
    assert not [other for other in imported(module) if is_part(other, "verify.claims")]


@every(MODULES)
def test_no_import_inside_a_function_or_a_class(module: str) -> None:
    scopes = [
        node
        for node in nodes_of(MODULES[module])
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    ]
    imports = [node.lineno for node in nodes_of(MODULES[module]) if isinstance(node, ast.Import | ast.ImportFrom)]
    inside = [line for line in imports if any(each.lineno <= line <= (each.end_lineno or 0) for each in scopes)]
    assert not inside, f"need imports at the top, got some at lines {inside}"


@every(MODULES)
def test_imports_name_what_they_take_by_its_full_name(module: str) -> None:
    froms = [node for node in nodes_of(MODULES[module]) if isinstance(node, ast.ImportFrom)]
    assert not [node.lineno for node in froms if node.level or any(name.name == "*" for name in node.names)]


@every([module for module in MODULES if module.endswith("__init__")])
def test_an_init_file_has_only_a_docstring(module: str) -> None:
    body = tree(module).body
    assert len(body) == 1
    assert ast.get_docstring(tree(module))


@every(MODULES)
def test_a_module_is_described_in_its_first_line(module: str) -> None:
    assert ast.get_docstring(tree(module)) or module.endswith("__main__")


@every(MODULES)
def test_a_file_has_fewer_than_400_lines(module: str) -> None:
    assert len(text_of(MODULES[module]).splitlines()) < 400


def test_imports_make_no_cycle() -> None:
    graph = nx.DiGraph([(module, other) for module in MODULES for other in imported(module) if other in MODULES])
    assert nx.is_directed_acyclic_graph(graph), nx.find_cycle(graph)


def test_the_second_evaluator_shares_no_walk_with_the_provers() -> None:
    assert "constructions.foundations.walks" not in imported("verify.replay.witness")
