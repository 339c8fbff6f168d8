"""The picture of an activation: its graph, its kinks and its pieces."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from constructions.foundations.activation import Activation, Piece
from verify.drawing.files import INKS, write_views
from verify.drawing.lettering import title_of
from verify.drawing.view import Vertex, View, Wire


def draw_activation(sigma: Activation, path: Path) -> Path:
    """The graph of sigma: flat pieces green, kinks marked with their values. As a graph file: its pieces, joined by
    kinks.

    >>> import tempfile
    >>> from constructions.foundations.activation import RAMP
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     text = draw_activation(RAMP, Path(folder) / "ramp.dot").read_text(encoding="utf-8")
    >>> "kink -3" in text, "(-1, 0)" in text
    (True, True)
    """
    vertices = tuple(_piece_vertex(piece) for piece in sigma.pieces)
    joints = zip(pairwise(sigma.pieces), sigma.kinks, strict=True)
    wires = tuple(Wire(tail=str(a), head=str(b), text=f"kink {kink}") for (a, b), kink in joints)
    return write_views(
        path, [View(title=sigma.name, vertices=vertices, wires=wires)], lambda: _activation_figure(sigma)
    )


def _piece_vertex(piece: Piece) -> Vertex:
    facts = {"piece": str(piece), "slope": str(piece.slope), "intercept": str(piece.intercept)}
    return Vertex(name=str(piece), lines=(_formula(piece),), ink="flat" if piece.flat else "slope", facts=facts)


def _formula(piece: Piece) -> str:
    if piece.flat:
        return f"flat at {piece.intercept}"
    slope = "" if piece.slope == 1 else "-" if piece.slope == -1 else f"{piece.slope} "
    rest = "" if piece.intercept == 0 else f" {'+' if piece.intercept > 0 else '-'} {abs(piece.intercept)}"
    return f"{slope}x{rest}"


def _activation_figure(sigma: Activation) -> Figure:
    figure = Figure(figsize=(9.5, 4.6), layout="constrained")
    axes = figure.add_subplot()
    first, last = (sigma.kinks[0], sigma.kinks[-1]) if sigma.kinks else (Fraction(0), Fraction(0))
    pad = max((last - first) * Fraction(3, 10), Fraction(3, 2) if first == last else Fraction(0))
    ends = [first - pad, *sigma.kinks, last + pad]
    for piece, (low, high) in zip(sigma.pieces, pairwise(ends), strict=True):
        name = f"{piece}: {_formula(piece)}".replace("oo", "∞")
        ink, width = INKS["flat" if piece.flat else "slope"][1], 4 if piece.flat else 2.4
        axes.plot(
            [float(low), float(high)], [float(sigma(low)), float(sigma(high))], color=ink, linewidth=width, label=name
        )
    _mark_kinks(axes, sigma, float(ends[-1] - ends[0]))
    axes.set(xlabel="pre-activation", ylabel="output", xlim=(float(ends[0]), float(ends[-1])))
    axes.set_title(title_of(sigma.name), parse_math=False, weight="bold")
    axes.margins(y=0.16)
    axes.grid(color="#e9ecef")
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    figure.legend(loc="outside right upper", frameon=False, title="green: flat, blue: sloped")
    return figure


def _mark_kinks(axes: Axes, sigma: Activation, breadth: float) -> None:
    """Each kink with its value, on the outer side of the bend; near neighbours one step farther out."""
    previous: dict[int, tuple[float, int]] = {}
    for kink, (before, after) in zip(sigma.kinks, pairwise(sigma.slopes), strict=True):
        x, value = float(kink), sigma(kink)
        side = 1 if after < before else -1
        last, level = previous.get(side, (float("-inf"), 0))
        level = level + 1 if x - last < 0.13 * breadth else 0
        previous[side] = (x, level)
        axes.plot(
            [x],
            [float(value)],
            "o",
            color="white",
            markeredgecolor=INKS["kink"][1],
            markeredgewidth=2,
            markersize=8,
            zorder=3,
        )
        axes.annotate(
            f"({kink}, {value})",
            (x, float(value)),
            xytext=(0, side * (14 + 14 * level)),
            textcoords="offset points",
            ha="center",
            va="center",
            color=INKS["kink"][1],
            parse_math=False,
        )
