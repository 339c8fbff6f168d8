"""The picture of a sweep: batch size to the right, precision upwards, both by powers of two, and the lines between what
is proved.

Left are parities: where a sample is read and learned, where the adversary holds gradient descent, and where it hides a
noisy label. Then come parities from consistent batches, on both sides of b rho = 4, and a literal that is learned by
queries. Marks differ in shape, not in colour alone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from math import log, log2
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from constructions.errors import ConstructionError
from constructions.foundations.files import write_bytes
from constructions.strip.noisy import MOST_RHO, SHARE_OF_A_BATCH, level_factor
from constructions.theorems.phase import LEARNERS, OPEN, RUN, TOLERANCE, SweepRow, SweepSetting, learned
from verify.drawing.files import INKS, picture_bytes

ENDINGS = (".svg", ".png", ".pdf")
GREEN, RED, BLUE, GREY = INKS["PROVED"][1], INKS["REFUTED"][1], INKS["CHECKED"][1], INKS["open"][1]
READ = (
    (Fraction(1, 8), "Theorem 1a as printed", BLUE, ":"),
    (Fraction(1, 3), "Theorem 1a, bumps of slope 1", BLUE, "-."),
    (Fraction(2, 3), "Theorem 1a, steep bumps", BLUE, "--"),
    (Fraction(4, 3), "Result B0", GREEN, "-"),
    (Fraction(4), "from here on one point can be hidden", RED, "--"),
)
"""b rho at the lines of reading, what each stands for, and how it is drawn."""


def draw_phase(setting: SweepSetting, rows: Sequence[SweepRow], path: Path) -> Path:
    """Draw the rows of a sweep in a .svg, .png or .pdf file.

    Parameters
    ----------
    setting : what is the same at all points. rows : at least one. path : of the picture.

    Raises
    ------
    ConstructionError
        Without rows, for another kind of file, or one that cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> from constructions.theorems.phase import SweepPoint, found_at
    >>> setting = SweepSetting(n=3, runs=1)
    >>> rows = [found_at(setting, SweepPoint(learner="parity", b=b, rho=Fraction(1, 4))) for b in (1, 4, 16)]
    >>> with TemporaryDirectory() as folder:
    ...     draw_phase(setting, rows, Path(folder) / "phase.svg").read_bytes()[:5]
    b'<?xml'
    """
    if not rows:
        raise ConstructionError("need rows of a sweep to draw, got none")
    if path.suffix.lower() not in ENDINGS:
        raise ConstructionError(f"need a file that ends in {', '.join(ENDINGS)}, got {path.name!r}")
    write_bytes(path, picture_bytes(lambda: _figure(setting, rows), path.suffix.lower()[1:]))
    return path


def _figure(setting: SweepSetting, rows: Sequence[SweepRow]) -> Figure:
    named = {name: [row for row in rows if row.point.learner == name] for name in LEARNERS}
    wide = [row for row in rows if row.point.learner not in ("consistent", "literal")]
    panels: list[tuple[str, Sequence[SweepRow], Callable[[Axes], None]]] = []
    if wide:
        panels.append((f"a parity of {setting.n} bits", wide, lambda axes: _parities(axes, setting, named)))
    near = named["consistent"]
    if near:
        title = f"a parity of {setting.n} bits, from consistent batches"
        panels.append((title, near, lambda axes: _consistent(axes, setting, near)))
    if named["literal"]:
        title = f"a literal of {setting.n} bits, by queries"
        panels.append((title, named["literal"], lambda axes: _literals(axes, setting, named["literal"])))
    figure = Figure(figsize=(7.4 * len(panels), 7.6), layout="constrained")
    for axes, (title, shown, draw) in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels, strict=True):
        axes.set_title(title, parse_math=False, weight="bold")
        _frame(axes, shown)
        draw(axes)
        axes.legend(loc="upper left", bbox_to_anchor=(0, -0.1), frameon=False, ncols=1, fontsize=9)
    return figure


def _frame(axes: Axes, rows: Sequence[SweepRow]) -> None:
    """The scales, with a little room about the points."""
    xs, ys = [log2(row.point.b) for row in rows], [log2(row.point.rho) for row in rows]
    axes.set(xlim=(min(xs) - 0.8, max(xs) + 0.8), ylim=(min(ys) - 0.8, max(ys) + 0.8))
    axes.set(xlabel="batch size b", ylabel="precision rho")
    for axis, values in ((axes.xaxis, xs), (axes.yaxis, ys)):
        ticks = sorted({round(value) for value in values})
        axis.set_ticks(ticks, [_power(value) for value in ticks])
    axes.spines[["top", "right"]].set_visible(False)


def _power(exponent: float) -> str:
    """2^exponent as a number."""
    value = 2 ** abs(exponent)
    text = f"{round(value)}" if abs(value - round(value)) < 1e-6 else f"{value:.3g}"
    return text if exponent >= 0 else f"1/{text}"


def _marks(axes: Axes, rows: Iterable[SweepRow], marker: str, label: str, **style: object) -> None:
    points = [(log2(row.point.b), log2(row.point.rho)) for row in rows]
    if points:
        xs, ys = zip(*points, strict=True)
        axes.plot(xs, ys, marker, label=label, **style)  # type: ignore[arg-type]


def _learned(axes: Axes, setting: SweepSetting, rows: Sequence[SweepRow], how: str) -> None:
    """Where a learner was run, and its mean loss; and where it is only proved that it learns."""
    run, proved = [row for row in rows if row.state == RUN], [row for row in rows if row.state not in (RUN, OPEN)]
    right = [row for row in run if learned(row, setting)]
    _marks(axes, right, "o", f"learned {how}; beside it the mean loss", color=GREEN, markersize=8, zorder=4)
    wrong = [row for row in run if row not in right]
    _marks(axes, wrong, "s", f"run, and lost more than {setting.delta} on average", color=RED, markersize=8, zorder=4)
    hollow = {"markerfacecolor": "white", "markeredgecolor": GREEN, "markersize": 8, "zorder": 4}
    _marks(axes, proved, "o", "proved only: too large to be run here", **hollow)
    for row in run:
        if row.error is not None:
            place = (log2(row.point.b), log2(row.point.rho))
            text = "0" if row.error == 0 else f"{float(row.error):.2g}"
            axes.annotate(text, place, (7, 4), textcoords="offset points", fontsize=7, color=GREEN, zorder=5)


def _parities(axes: Axes, setting: SweepSetting, named: Mapping[str, Sequence[SweepRow]]) -> None:
    read, games = named["parity"], named["regression"]
    left, right = axes.get_xlim()
    for value, text, ink, style in READ:
        _line(axes, log2(value), 1, f"b rho = {value}: {text}", ink, style)
    _of_results(axes, setting)
    axes.fill_between([left, right], [log2(4 / 3) - left, log2(4 / 3) - right], -99, color=INKS["PROVED"][0], zorder=0)
    budgets = [(row.steps, row.parameters) for row in games if row.steps and row.parameters]
    if budgets:
        steps, p = budgets[0]
        assert steps is not None and p is not None
        height = log2(128 * log(2 * steps * p / float(setting.delta))) / 2
        _line(axes, height, 0.5, f"b rho² = 128 ln(2Tp/δ): Theorem 1c for T = {steps}, p = {p}", RED, "-")
        ends = [height - left / 2, height - right / 2]
        axes.fill_between([left, right], ends, 99, color=INKS["REFUTED"][0], zorder=0, alpha=0.6)
    _learned(axes, setting, read, "by reading the sample")
    held = [row for row in games if row.held and row.held == row.runs]
    partly = [row for row in games if row.held and row.held < row.runs]
    loss = next((f", loss {row.error}" for row in held if row.error is not None), "")
    cross = {"color": RED, "markersize": 9, "markeredgewidth": 2, "zorder": 4}
    _marks(axes, held, "x", f"gradient descent is held by the adversary{loss}", **cross)
    _marks(axes, partly, "+", "held in some of the runs", **cross)
    ring = {"markerfacecolor": "none", "markeredgecolor": RED, "markersize": 14, "zorder": 3}
    label = "a noisy label is hidden: a model ends with the same weights in two worlds"
    _marks(axes, [row for row in named["hidden"] if row.state == RUN], "o", label, **ring)
    shown = {(row.point.b, row.point.rho) for row in (*held, *partly)}
    open_ = [row for row in read if row.state == OPEN and (row.point.b, row.point.rho) not in shown]
    _marks(axes, open_, ".", "open", color=GREY, markersize=5, zorder=4)


def _consistent(axes: Axes, setting: SweepSetting, rows: Sequence[SweepRow]) -> None:
    """Where a parity was learned from consistent batches, and how many points of a batch were read as others."""
    for value, text, ink, style in READ[-2:]:
        _line(axes, log2(value), 1, f"b rho = {value}: {text}", ink, style)
    left, right_end = axes.get_xlim()
    axes.fill_between([left, right_end], [log2(4 / 3) - left, log2(4 / 3) - right_end], -99, color=INKS["PROVED"][0])
    _told_apart(axes)
    run = [row for row in rows if row.state == RUN]
    right, wrong = [row for row in run if learned(row, setting)], [row for row in run if not learned(row, setting)]
    exact = [row for row in right if not row.misread]
    _marks(axes, exact, "D", "learned from consistent batches: all points were read", color=GREEN, zorder=4)
    hollow = {"markerfacecolor": "white", "markeredgecolor": GREEN, "zorder": 4}
    proved = [row for row in rows if row.state not in (RUN, OPEN)]
    _marks(axes, proved, "o", "Result B0 reads all", **hollow)
    _marks(axes, [row for row in rows if row.state == OPEN], ".", "open", color=GREY, markersize=5, zorder=4)
    others = [row for row in right if row.misread]
    _marks(axes, others, "D", "learned, though so many points of a batch were read as others", **hollow)
    _marks(axes, wrong, "s", "consistent batches: lost more on average", color=RED, zorder=4)
    for row in others + wrong:
        place = (log2(row.point.b), log2(row.point.rho))
        axes.annotate(
            f"{row.misread}", place, (8, 4), textcoords="offset points", fontsize=7, color=INKS["open"][1], zorder=5
        )


def _of_results(axes: Axes, setting: SweepSetting) -> None:
    """What is proved beyond the paper and not run here: Result C, with n times its fewest parameters, and
    the end of Result T4."""
    left, right = axes.get_xlim()
    height = log2(log(setting.n) / log(4) / float(level_factor(SHARE_OF_A_BATCH)))
    ends = [min(height - x, 2 * log2(MOST_RHO)) / 2 for x in (left, height - 2 * log2(MOST_RHO), right)]
    xs = [left, height - 2 * log2(MOST_RHO), right]
    label = f"b rho² = log₄ n/67.5, rho ≤ {MOST_RHO}: Result C with n times its fewest parameters (proved only)"
    axes.plot(xs, ends, "-.", color=GREY, label=label, zorder=2)
    _told_apart(axes)


def _told_apart(axes: Axes) -> None:
    """The end of Result T4."""
    left, right = axes.get_xlim()
    xs = [left + (right - left) * part / 60 for part in range(61)]
    label = "(b + 2) rho = 4: the end of Result T4 (proved only)"
    axes.plot(xs, [2 - log2(2**x + 2) for x in xs], ":", color=GREEN, label=label, zorder=2)


def _literals(axes: Axes, setting: SweepSetting, rows: Sequence[SweepRow]) -> None:
    edge = log2(TOLERANCE / 6)
    axes.axhline(edge, color=BLUE, label=f"rho = tau/6 = {TOLERANCE / 6}: Theorem 1d")
    axes.axhspan(edge, -99, color=INKS["PROVED"][0], zorder=0)
    _learned(axes, setting, rows, "by queries")
    _marks(axes, [row for row in rows if row.state == OPEN], ".", "open", color=GREY, markersize=5, zorder=4)


def _line(axes: Axes, height: float, slope: float, label: str, ink: str, style: str) -> None:
    """The line on which b^slope rho is 2^height."""
    left, right = axes.get_xlim()
    axes.plot([left, right], [height - slope * left, height - slope * right], style, color=ink, label=label, zorder=2)
