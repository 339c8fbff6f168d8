"""What ``querygrad draw`` can draw: names, obligations, and fragments in a user's file."""
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import click
import networkx as nx

from constructions.errors import ConstructionError
from constructions.foundations.activation import HARD_TANH, RAMP, RELU, Activation
from constructions.foundations.network import Fragment
from constructions.networks.queries import DYADIC, MINIMAL, PRINTED, STRONG, VC_ONLY, Setting
from verify.case import Case
from verify.obligation import Obligation
from verify.paper import OPEN, item_named, unbuilt
from verify.provers.by_sympy import IdentityCase
from verify.provers.by_z3 import SolverCase
from verify.registry import one_line, paper_obligations, place
from verify.replay import ReplayCase
from verify.user_files import UserFiles, is_python, parts_of

Command = TypeVar("Command", bound=Callable[..., Any])
ACTIVATIONS: dict[str, Activation] = {"sigma": RAMP, "relu": RELU, "hard-tanh": HARD_TANH}
QUERIES = {"q": False, "q'": True}
GIVEN = ("inputs", "outputs", "constant")
SETTING_WORDS = {"printed": PRINTED, "vc": VC_ONLY, "minimal": MINIMAL, "strong": STRONG, "dyadic": DYADIC}


def setting_named(word: str) -> Setting:
    """A setting of the query graphs by its word, the same in every command.

    >>> setting_named("printed").name, setting_named("strong").name
    ('as printed', 'strong')
    """
    if word not in SETTING_WORDS:
        raise ConstructionError(f"need a setting among {', '.join(SETTING_WORDS)}, got {word!r}, at --setting")
    return SETTING_WORDS[word]


def setting_option(default: str) -> Callable[[Command], Command]:
    """The option ``--setting`` of a command, which gets the setting itself."""
    words = f"Which Q and Q': {', '.join(SETTING_WORDS)} (vc: as printed, but vc mended)."
    return click.option(
        "--setting", default=default, show_default=True, help=words, callback=lambda ctx, param, word: setting_named(word)
    )


def number(text: str, *, where: str) -> Fraction:
    """A rational written p/q."""
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError) as error:
        raise ConstructionError(f"need a rational p/q, got {text!r}, at {where}") from error


def inputs_of(texts: tuple[str, ...]) -> dict[str, Fraction] | None:
    """Inputs written ``vertex=p/q``; None if there are none.

    >>> inputs_of(("x=1/2", "y=-2"))
    {'x': Fraction(1, 2), 'y': Fraction(-2, 1)}
    """
    found: dict[str, Fraction] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not (name and equals):
            raise ConstructionError(f"need an input as vertex=p/q, got {text!r}, at --input")
        found[name] = number(value, where=f"--input {name}")
    return found or None


def fragment_named(thing: str) -> Fragment:
    """The graph of an obligation's subject, or the one in a file (``FILE.py`` or ``FILE.py:NAME``)."""
    if is_python(thing):
        return fragment_in_file(*parts_of(thing))
    obligations = paper_obligations()
    if thing not in obligations:
        names, known = ", ".join((*ACTIVATIONS, *QUERIES, "map")), item_named(thing)
        why = f" (an item of the paper has no picture of its own; {unbuilt(known)})" if known and known.construction == OPEN else ""
        kinds = "the id of an obligation, FILE.py[:NAME], a circuit file or a .qgn file"
        raise ConstructionError(f"need {names}, {kinds}, got {thing!r}{why}")
    return fragment_of(subject_of(obligations[thing]), where=thing)


def subject_of(obligation: Obligation) -> Any:
    """The subject of an obligation with the variables of its prover."""
    makers: dict[str, Callable[[], Case]] = {"identity": IdentityCase, "enumeration": lambda: ReplayCase(_first_point(obligation))}
    return obligation.of(makers.get(obligation.kind, SolverCase)())


def _first_point(obligation: Obligation) -> dict[str, Any]:
    return next(obligation.domain(), {}) if obligation.domain else {}


def fragment_of(subject: Any, *, where: str) -> Fragment:
    """The fragment that a subject is, holds as ``graph``, or has as its first part that is or holds one."""
    for part in subject if isinstance(subject, tuple) else (subject,):
        for found in (part, getattr(part, "graph", None)):
            if isinstance(found, Fragment):
                return found
    raise ConstructionError(f"need a subject with a graph, got {type(subject).__name__}, at {where}")


def fragment_in_file(path: Path, name: str = "") -> Fragment:
    """A Fragment of a user's file, or what a function of it builds without arguments (a Fragment or a networkx DiGraph)."""
    files = UserFiles()
    name = name or _only_fragment(files.ran(path).module, path)
    found = files.value(path, name)
    if callable(found) and not isinstance(found, Fragment):
        try:
            found = found()
        except Exception as error:
            got = f"{type(error).__name__}: {one_line(error)}"
            raise ConstructionError(f"need a function that builds a graph without arguments, got {got}, at {place(error, path)}") from error
    if isinstance(found, nx.Graph):
        return fragment_of_graph(found)
    return fragment_of(found, where=f"{path}:{name}")


def _only_fragment(module: ModuleType, path: Path) -> str:
    names = [name for name, value in vars(module).items() if isinstance(value, Fragment)]
    if len(names) != 1:
        raise ConstructionError(f"need FILE.py:NAME unless the file has one Fragment, got {', '.join(names) or 'none'}, at {path}")
    return names[0]


def fragment_of_graph(graph: "nx.DiGraph[str]") -> Fragment:
    """A networkx graph as a fragment: its sources are inputs and its sinks outputs, unless its attributes
    ``inputs``, ``outputs`` and ``constant`` say otherwise."""
    if graph.is_multigraph() or not graph.is_directed():
        raise ConstructionError(f"need a networkx DiGraph (no parallel edges), got a {type(graph).__name__}")
    constant = graph.graph.get("constant")
    sources = [v for v in graph if graph.in_degree(v) == 0 and v != constant]
    sinks = [v for v in graph if graph.out_degree(v) == 0 and graph.in_degree(v) > 0]
    given = {"inputs": sources, "outputs": sinks, "constant": None} | {key: graph.graph[key] for key in GIVEN if key in graph.graph}
    return Fragment.from_graph(graph, **given)
