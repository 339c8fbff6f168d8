"""Pictures of the query graphs Q and Q' (Definition 2), before and after their step."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from matplotlib.figure import Figure

from constructions.foundations.exact import Number, rational, whole
from constructions.foundations.network import Edge, Fragment
from constructions.foundations.rounding import Choice, Grid, choose, clip, nearest
from constructions.foundations.walks import Gradient, backward, forward
from constructions.networks.gates import code
from constructions.networks.memory import Condition, conditions
from constructions.networks.queries import Setting, bits_for, query_graph
from verify.drawing.as_in_figure import as_in_figure
from verify.drawing.figure import figure_of
from verify.drawing.files import write_views
from verify.drawing.fragment import ShownFragment
from verify.drawing.grouped_digits import shown_digits, with_grouped_digits
from verify.drawing.view import text_of


def draw_query(setting: Setting, path: Path, *, rho: Fraction, bits: int | None = None, prime: bool = False) -> Path:
    """Q, or Q' with ``prime``: idle, active, and idle again after one step on a batch that is all active and wrong.

    The output is held at the setting's value throughout, by what the rest of the network adds to v4; the step rounds to
    nearest. More than six digits are drawn as three boxes (a file of a graph has them all). Blue edges have a gradient,
    orange weights were moved. The title says where rho is beyond the setting's bound, and names the first condition
    that is broken, if one is.

    Parameters
    ----------
    setting, rho, bits : as for :func:`constructions.networks.queries.query_graph`; as many digits as rho asks for, if
        not given.
    path : the picture's file.

    Raises
    ------
    ConstructionError
        Unless 0 < rho < 1, and as :func:`verify.drawing.files.write_views`.

    >>> from tempfile import TemporaryDirectory
    >>> import networkx as nx
    >>> from constructions.networks.queries import STRONG
    >>> with TemporaryDirectory() as folder:
    ...     drawn = nx.read_graphml(draw_query(STRONG, Path(folder, "q.graphml"), rho=Fraction(1, 8), bits=0))
    >>> for tail, head, weight in drawn.edges(data="weight"):
    ...     if head.endswith("v1"):
    ...         print(tail, "->", head, "has weight", weight)
    idle (vc = 2): v0 -> idle (vc = 2): v1 has weight 1/12
    active (vc = 0): v0 -> active (vc = 0): v1 has weight 1/12
    after the step (vc = 2): v0 -> after the step (vc = 2): v1 has weight 23/24
    """
    rho = rational(rho, where="rho")
    rational(setting.resting, where="resting weight")
    bits = bits_for(rho) if bits is None else whole(bits, where="bits")
    views = [scene.view for scene in query_scenes(setting, rho=rho, bits=bits, prime=prime)]
    digits = f"{bits} digit{'s' * (bits != 1)}"
    title = f"Q{chr(39) * prime}, {setting.name}: rho = {rho}, {digits}, learning rate {setting.rate}"
    title += f"; proved for rho < {setting.rho_below} only" if rho >= setting.rho_below else ""
    failing = broken_conditions(setting, rho=rho, bits=bits, prime=prime)
    title += f"; not so here: {failing[0].name}" if failing else ""

    def figure() -> Figure:
        shown = [with_grouped_digits(view) for view in views]
        places = as_in_figure(shown, digits=shown_digits(shown[0]))
        return figure_of(shown, [places] * len(shown), title=title)

    return write_views(path, views, figure)


def broken_conditions(
    setting: Setting, *, rho: Fraction, bits: int | None = None, prime: bool = False
) -> list[Condition]:
    """The conditions of Lemma 11 that Q or Q' breaks in a setting; none for a memory.

    >>> from constructions.networks.queries import PRINTED
    >>> for condition in broken_conditions(PRINTED, rho=Fraction(1, 16), prime=True):
    ...     print(condition)
    recording: no gradient of v0 -> v1 is clipped: need (1 + offset rho) |path gain| <= 1, got 9/4
    written: v1 stays on its linear piece: need w(v0,v1) + its largest rise < 2, got 209/96
    reading: there are digits for every fraction: need (2^4 - 1) rho + 3/4 rate rho >= 4, got 33/32
    """
    bits, rate = bits_for(rho) if bits is None else bits, setting.rate
    if rate < 1 or rate.denominator != 1:
        name, wanted = "a step moves by multiples of rho", (("=", "a positive integer"),)
        return [Condition(group="numbers", name=name, term="rate", value=rate, bounds=wanted)]
    graph = query_graph(setting, rho=rho, bits=bits, prime=prime)
    found = conditions(graph, rho, bits, rate=int(rate), offset=setting.offset)
    return [condition for condition in found if not condition.holds]


def query_scenes(setting: Setting, *, rho: Fraction, bits: int, prime: bool = False) -> tuple[ShownFragment, ...]:
    """Idle, active and after: a batch that is all active and wrong, rounded to nearest.

    Where the loss has no derivative while the copy is active there is no step, so no third scene.
    """
    graph = query_graph(setting, rho=rho, bits=bits, prime=prime)
    held, wrong = setting.pre_activation(rho, prime=prime), Fraction(0 if prime else 1)
    idle, _ = _held_scene("idle (vc = 2)", graph, vc=Fraction(2), held=held, wrong=wrong)
    active, gradient = _held_scene("active (vc = 0)", graph, vc=Fraction(0), held=held, wrong=wrong)
    if not gradient.smooth:
        return idle, active
    weights = _after_step(setting, graph, gradient, Grid(rho=rho))
    moved = frozenset(edge for edge, weight in weights.items() if weight != graph.weight(*edge))
    after, _ = _held_scene(
        "after the step (vc = 2)", graph.with_weights(weights), vc=Fraction(2), held=held, wrong=wrong
    )
    return idle, active, replace(after, moved=moved)


def _held_scene(
    title: str, graph: Fragment, *, vc: Fraction, held: Fraction, wrong: Fraction
) -> tuple[ShownFragment, Gradient]:
    """The scene in which the rest of the network brings v4 to ``held``, and the gradient for the label ``wrong``."""
    adds = forward(graph, {"vc": vc}).pre["v4"]
    outside = {"v4": held - adds}
    run = forward(graph, {"vc": vc}, outside=outside)
    gradient = backward(run, {"v4": run.out["v4"] - wrong}, report_kinks=True)
    live = frozenset(edge for edge, value in gradient.edges.items() if value)
    count = f"{len(live)} of {len(graph.edges)} edges have a gradient" if live else "no edge has a gradient"
    batch = "every sample of the batch is active and wrong; " if live else ""
    said = f"{batch}adds {text_of(adds) if adds else 'nothing'} to the output; {count}"
    digits = "".join(_digit(graph, run.out[v]) for v in reversed(graph.outputs[1:]))
    said += f"; digits read {digits}{_as_number(digits)}" if digits else ""
    if not gradient.smooth:
        said = f"no step: the loss has no derivative, {gradient.first_kink} is on a kink"
    return ShownFragment(title=title, fragment=graph, run=run, outside=outside, live=live, caption=said), gradient


def _after_step(setting: Setting, graph: Fragment, gradient: Gradient, grid: Grid) -> dict[Edge, Number]:
    """The weights one step later, when every sample of the batch has this gradient."""
    weights = {}
    for edge, entry in gradient.edges.items():
        value = clip(entry)
        weights[edge] = graph.weight(*edge) - setting.rate * choose(nearest, Choice(edge, 1, value, grid.valid(value)))
    return weights


def _as_number(digits: str) -> str:
    """What the digits are worth, in steps of rho."""
    return "" if "?" in digits or "1" not in digits else f", which is {int(digits, 2)}"


def _digit(graph: Fragment, value: Number) -> str:
    bit = code(graph.sigma)
    return "1" if value == bit.high else "0" if value == bit.low else "?"
