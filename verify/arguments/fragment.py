"""What ``querygrad draw`` can draw: names, obligations, and fragments in a user's file."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from constructions.errors import ConstructionError
from constructions.foundations.activation import HARD_TANH, RAMP, RELU, Activation
from constructions.foundations.loading import loaded_when_used
from constructions.foundations.network import Fragment
from constructions.foundations.spelling import one_line
from constructions.networks.formats import graphs
from verify.arguments.user_files import UserFiles, is_python, parts_of
from verify.obligations.case import Case
from verify.obligations.catalogue import paper_obligations
from verify.obligations.item import OPEN
from verify.obligations.obligation import Obligation
from verify.obligations.paper import item_named, unbuilt
from verify.obligations.user_file import place
from verify.provers.by_sympy import IdentityCase
from verify.provers.by_z3 import SolverCase
from verify.replay.witness import ReplayCase

with loaded_when_used(__name__):
    import networkx as nx

    from constructions.networks.formats import onnx_reading

ACTIVATIONS: dict[str, Activation] = {"sigma": RAMP, "relu": RELU, "hard-tanh": HARD_TANH}
QUERIES = {"q": False, "q'": True}


def fragment_named(thing: str) -> Fragment:
    """The graph of an obligation's subject, or the one in a file: ``FILE.py``, ``FILE.py:NAME``, or a file of
    another tool (GraphML, DOT, JSON of networkx, ONNX).

    Raises
    ------
    ConstructionError
        For a thing that is none of these, or an obligation whose subject has no graph.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "mine.py")
    ...     _ = file.write_text("from constructions.networks.gates import conjunction\\nBOTH = conjunction()\\n")
    ...     both = fragment_named(f"{file}:BOTH")
    >>> both.inputs, [(edge, str(weight)) for edge, weight in both.edges.items()]
    (('x1', 'x2'), [(('one', 'gate'), '-4'), (('x1', 'gate'), '2'), (('x2', 'gate'), '2')])
    """
    if is_python(thing):
        return fragment_in_file(*parts_of(thing))
    if thing.lower().endswith(".onnx"):
        return onnx_reading.read_onnx(thing).fragment
    if thing.lower().endswith(tuple(graphs.READERS)):
        return graphs.read_graph(thing)
    obligations = paper_obligations()
    if thing not in obligations:
        names, known = ", ".join((*ACTIVATIONS, *QUERIES, "map")), item_named(thing)
        why = (
            f" (an item of the paper has no picture of its own; {unbuilt(known)})"
            if known and known.construction == OPEN
            else ""
        )
        kinds = "the id of an obligation, FILE.py[:NAME], a graph, a circuit, a .qgn or an .onnx file"
        raise ConstructionError(f"need {names}, {kinds}, got {thing!r}{why}")
    return fragment_of(subject_of(obligations[thing]), where=thing)


def subject_of(obligation: Obligation) -> Any:
    """The subject of an obligation with the variables of its prover.

    >>> def claim(weight, case):
    ...     "The weight times any x is 0."
    ...     case.show("zero", weight * case.real("x") == 0)
    >>> zero = Obligation(id="zero", paper="mine", claim=claim, of=lambda case: 2 * case.real("w"), twin=lambda case: 1)
    >>> subject_of(zero)
    2*w
    """
    known, id = obligation.known, obligation.id
    makers: dict[str, Callable[[], Case]] = {
        "identity": lambda: IdentityCase(known, id),
        "enumeration": lambda: ReplayCase(_first_point(obligation), known, id),
    }
    return obligation.of(makers.get(obligation.kind, lambda: SolverCase(known, id))())


def _first_point(obligation: Obligation) -> dict[str, Any]:
    return next(obligation.domain(), {}) if obligation.domain else {}


def fragment_of(subject: Any, *, where: str) -> Fragment:
    """The fragment that a subject is, holds as ``graph``, or has as its first part that is or holds one.

    Raises
    ------
    ConstructionError
        If there is none; the message ends with ``where``.

    >>> gate = Fragment(inputs=("x",), outputs=("y",), edges={("x", "y"): 3})
    >>> fragment_of((gate, "what else a claim is about"), where="mine.gate").edges
    {('x', 'y'): Fraction(3, 1)}
    >>> fragment_of(3, where="mine.number")
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need a subject with a graph, got int, at mine.number
    """
    for part in subject if isinstance(subject, tuple) else (subject,):
        for found in (part, getattr(part, "graph", None)):
            if isinstance(found, Fragment):
                return found
    raise ConstructionError(f"need a subject with a graph, got {type(subject).__name__}, at {where}")


def fragment_in_file(path: Path, name: str = "") -> Fragment:
    """A Fragment of a user's file, or what a function of it builds without arguments (a Fragment or a networkx
    DiGraph).

    Parameters
    ----------
    path, name : the file, and the name in it; without a name, the only fragment that it has.

    Raises
    ------
    ConstructionError
        If the file cannot be run, has no such name, or what it names is or builds no graph.
    """
    files = UserFiles()
    name = name or _only_fragment(files.ran(path).module, path)
    found = files.value(path, name)
    if callable(found) and not isinstance(found, Fragment):
        try:
            found = found()
        except Exception as error:
            got = f"{type(error).__name__}: {one_line(error)}"
            raise ConstructionError(
                f"need a function that builds a graph without arguments, got {got}, at {place(error, path)}"
            ) from error
    if isinstance(found, nx.Graph):
        return graphs.fragment_of_graph(found)
    return fragment_of(found, where=f"{path}:{name}")


def _only_fragment(module: ModuleType, path: Path) -> str:
    names = [name for name, value in vars(module).items() if isinstance(value, Fragment)]
    if len(names) != 1:
        raise ConstructionError(
            f"need FILE.py:NAME unless the file has one Fragment, got {', '.join(names) or 'none'}, at {path}"
        )
    return names[0]
