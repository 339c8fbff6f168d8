"""Space-time pictures of a Turing machine's run: a row for each configuration, time going down, a column for each cell.

The symbol stands in its cell, blanks are dots. The cell of the head has the colour of the state, whose name stands at
the left of the row behind the number of steps. As a graph file: a vertex for each configuration, joined by the moves.
"""

from itertools import pairwise
from pathlib import Path
from typing import Any

from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from constructions.computation.formats.machine_files import READERS, read_turing_machine
from constructions.computation.turing import Configuration, TuringMachine
from constructions.errors import ConstructionError
from verify.drawing.files import INKS, write_views
from verify.drawing.lettering import short, shown, title_of
from verify.drawing.view import Vertex, View, Wire

MOST_ROWS, MOST_CELLS, MOST_DRAWN = 600, 300, 30_000
"""More steps, cells, or cells in all are refused."""
CELL = 0.24
"""The side of a cell, in inches."""
CENTRED: dict[str, Any] = {"ha": "center", "va": "center", "parse_math": False}


def is_machine_file(thing: str) -> bool:
    """Whether a name is that of a file with a Turing machine.

    >>> is_machine_file("palindrome.tm"), is_machine_file("c17.bench")
    (True, False)
    """
    return Path(thing).suffix.lower() in READERS


def draw_machine_file(path: Path, to: Path, *, word: str, steps: int, title: str) -> Path:
    """Draw the run of the machine in a file on a word, until it halts or for so many steps.

    Parameters
    ----------
    path, to : the machine's file, and the picture's, whose ending chooses the format. word, steps : the word, and the
        most steps that are taken. title : what stands above the picture.

    Raises
    ------
    ConstructionError
        For a file that holds no machine, a symbol that is no input symbol, and a run that is too long or too wide.

    >>> from tempfile import TemporaryDirectory
    >>> import networkx as nx
    >>> rows = "go 0 -> go 1 R\\ngo _ -> yes _ N\\n"
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "ones.tm")
    ...     _ = path.write_text("blank: _\\ninput: 0 1\\nstart: go\\naccept: yes\\n" + rows)
    ...     to = Path(folder, "ones.graphml")
    ...     drawn = nx.read_graphml(draw_machine_file(path, to, word="00", steps=9, title=""))
    >>> list(drawn.edges), drawn.nodes["2"]["tape"]
    ([('0', '1'), ('1', '2'), ('2', '3')], '11[_]')
    """
    machine = read_turing_machine(path)
    if steps > MOST_ROWS:
        raise ConstructionError(f"need a time of at most {MOST_ROWS} steps for a picture, got {steps}")
    run = list(machine.trace(word, steps=steps))
    cells = [cell for now in run for cell in (now.head, *now.tape)]
    first, last = min((0, *cells)), max((0, *cells))
    many = last - first + 1
    if many > MOST_CELLS or many * len(run) > MOST_DRAWN:
        raise ConstructionError(
            f"need at most {MOST_CELLS} cells, {MOST_DRAWN} over all steps, got {many} cells and {len(run)} rows"
        )
    view = graph_of(machine, run, title)
    return write_views(to, [view], lambda: space_time(machine, run, (first, last), title))


def graph_of(machine: TuringMachine, run: list[Configuration], title: str) -> View:
    """The configurations of a run as vertices, each joined to the next.

    Parameters
    ----------
    machine, run : whose run, and its configurations. title : what the graph is called.

    >>> from constructions.computation.formats.turing_table import read_table
    >>> machine = read_table(b"blank: _\\ninput: 0\\nstart: go\\naccept: yes\\ngo 0 -> yes _ R\\n", where="one.tm")
    >>> [vertex.lines for vertex in graph_of(machine, list(machine.trace("0")), "").vertices]
    [('go', '[0]'), ('yes', '_[_]')]
    """
    vertices = []
    for now in run:
        cells = range(min(now.head, *now.tape, 0), max(now.head, *now.tape, 0) + 1)
        symbols = [now.tape.get(cell, machine.blank) for cell in cells]
        tape = "".join(f"[{one}]" if cell == now.head else one for cell, one in zip(cells, symbols, strict=True))
        facts = {"state": now.state, "head": str(now.head), "tape": tape}
        vertices.append(Vertex(name=str(now.steps), lines=(now.state, tape), facts=facts))
    wires = tuple(
        Wire(tail=str(a.steps), head=str(b.steps), text={-1: "L", 0: "N", 1: "R"}[b.head - a.head])
        for a, b in pairwise(run)
    )
    return View(title=title, vertices=tuple(vertices), wires=wires)


def space_time(machine: TuringMachine, run: list[Configuration], cells: tuple[int, int], title: str) -> Figure:
    """The picture of a run.

    Parameters
    ----------
    machine, run : whose run, and its configurations. cells : the first and the last cell that are shown. title : what
        stands above.

    >>> from constructions.computation.formats.turing_table import read_table
    >>> machine = read_table(b"blank: _\\ninput: 0\\nstart: go\\naccept: yes\\ngo 0 -> yes _ R\\n", where="one.tm")
    >>> figure = space_time(machine, list(machine.trace("0")), (0, 1), "one")
    >>> [text.get_text() for text in figure.axes[0].texts][1:5]
    ['0  go', '0', '·', '1  yes']
    """
    first, last = cells
    names = max(len(short(now.state)) for now in run)
    left, foot = 0.09 * (names + 6), 0.35
    width, height = CELL * (last - first + 1) + left + 0.3, CELL * (len(run) + 1) + 0.55 + foot
    figure = Figure(figsize=(max(width, 4.0), height))
    axes = figure.add_axes((0.0, foot / height, 1.0, 1 - (0.55 + foot) / height))
    right = max(width, 4.0) - left
    axes.set(xlim=(first - 0.5 - left / CELL, first - 0.5 + right / CELL), ylim=(len(run) - 0.4, -1.4))
    axes.axis("off")
    colours: dict[str, Any] = {state: colormaps["Set3"](i % 12) for i, state in enumerate(machine.states)}
    colours |= dict.fromkeys(machine.accept, INKS["PROVED"][1]) | dict.fromkeys(machine.reject, INKS["REFUTED"][1])
    for cell in sorted({first, *range(first + -first % 5, last + 1, 5)}):
        axes.text(cell, -1, str(cell), size=7, color="#868e96", **CENTRED)
    for y, now in enumerate(run):
        _draw_row(axes, machine, now, y, (first, last), colours[now.state])
    figure.suptitle(title_of(title), size=12, y=1 - 0.1 / height, va="top", parse_math=False)
    end = run[-1]
    how = "accepted" if machine.accepts(end) else "rejected" if machine.transition(end) is None else "still running"
    figure.text(0.02, 0.1 / height, f"{how} after {end.steps} steps; the coloured cell has the head", size=8)
    return figure


def _draw_row(
    axes: Axes, machine: TuringMachine, now: Configuration, y: int, cells: tuple[int, int], colour: object
) -> None:
    first, last = cells
    told = f"{now.steps}  {short(now.state)}"
    axes.text(first - 0.8, y, told, size=7.5, ha="right", va="center", color="#212529", parse_math=False)
    axes.add_patch(Rectangle((now.head - 0.5, y - 0.5), 1, 1, facecolor=colour, edgecolor="#343a40", linewidth=0.8))
    for cell in range(first, last + 1):
        symbol = now.tape.get(cell, machine.blank)
        is_head, is_blank = cell == now.head, symbol == machine.blank
        ink = "#000000" if is_head else "#ced4da" if is_blank else "#343a40"
        text = "·" if is_blank else shown(symbol)
        axes.text(cell, y, text, size=8.5, color=ink, weight="bold" if is_head else "normal", **CENTRED)
