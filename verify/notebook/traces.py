"""A recorded training run in a notebook: a row for each step, and of a step each entry of its gradient that is not 0,
with its valid roundings and the one that was taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from constructions.errors import ConstructionError
from constructions.foundations.shown import HTML, SHOWS, Shown
from constructions.networks.flat import FlatNetwork
from constructions.networks.trainable import Trainable
from constructions.training.record import read_header, read_trace
from constructions.training.retracing import GradientEntry, RetracedStep, Retracing, RunSettings, as_initialized
from verify.pages.markup import Markup, Piece, element
from verify.screen.bar import progress_bar

MOST_ROWS = 60
"""Of more steps, or more entries of a gradient, the first so many are shown."""


@dataclass(frozen=True)
class StepOfTrace(Shown):
    """One step of a recorded run, over the network whose edges its entries are.

    Parameters
    ----------
    net : the network, for the names of its vertices. retraced : the step, with the entries of its gradient.
    """

    net: FlatNetwork
    retraced: RetracedStep

    @property
    def farthest(self) -> Fraction:
        """How far the farthest rounding of the step is from its gradient."""
        return max((abs(each.chosen - each.gradient) for each in self.retraced.entries), default=Fraction(0))


@dataclass(frozen=True)
class RecordedRun(Sequence[StepOfTrace], Shown):
    """A recorded run, each step of which was taken again.

    Parameters
    ----------
    settings : what the trace says of its run. steps : in order.
    """

    settings: RunSettings
    steps: tuple[StepOfTrace, ...]

    def __getitem__(self, place: Any) -> Any:
        return self.steps[place]

    def __len__(self) -> int:
        return len(self.steps)


def trace(net: Trainable, path: Path | str, *, random_string: str | None = None, quiet: bool = False) -> RecordedRun:
    """Read the trace of a training run, and take its steps again.

    Parameters
    ----------
    net : the network as it was before training. path : the file that training wrote (its option ``trace``).
    random_string : the network's random bits, if they were not drawn from the run's seed. quiet : show no progress.

    Raises
    ------
    ConstructionError
        For a file that cannot be read, that is no trace, or whose steps are none of this network's.

    >>> from tempfile import TemporaryDirectory
    >>> from constructions.foundations.network import Network
    >>> from constructions.networks.flat import flat_network
    >>> from verify.notebook import job
    >>> edges = {("x1", "f"): 1, ("one", "f"): Fraction(1, 2)}
    >>> graph = Network(inputs=("x1",), outputs=("f",), edges=edges, constant="one")
    >>> net = Trainable(network=flat_network(graph), rho=Fraction(1, 4), steps=2)
    >>> with TemporaryDirectory() as folder:
    ...     _ = job.train(net, problem="parity", trace=Path(folder, "run.jsonl"))
    ...     found = trace(net, f"{folder}/run.jsonl")
    >>> len(found), found[0].retraced.traced.step.number, found.settings.rho
    (2, 1, Fraction(1, 4))
    """
    file = Path(path)
    settings = RunSettings.of(read_header(file))
    traced = list(read_trace(file))
    if not traced:
        raise ConstructionError(f"need a trace with at least one step, got none, at {file}")
    steps = []
    with progress_bar("steps", len(traced), unit="steps", quiet=quiet) as bar:
        for each in Retracing(as_initialized(net, settings.seed, random_string), settings).steps(traced):
            steps.append(StepOfTrace(net.network, each))
            bar.reach(len(steps))
    return RecordedRun(settings, tuple(steps))


def _table_of_trace(found: RecordedRun) -> Markup:
    settings = found.settings
    title = f"a recorded run: batch {settings.batch}, rho {settings.rho}, rate {settings.rate}, {settings.adversary}"
    head = ("step", "samples", "edges that moved", "gradients not 0", "farthest rounding / rho", "numbers")
    return _rows(title, head, [_cells_of_step(each, settings.rho) for each in found.steps])


def _cells_of_step(shown: StepOfTrace, rho: Fraction) -> list[Piece]:
    step = shown.retraced.traced.step
    end = f"stopped: {step.kink} is on a kink" if step.kink is not None else step.system
    moved, entries = f"{len(step.moved):,}", f"{len(shown.retraced.entries):,}"
    samples = f"{len(shown.retraced.traced.y):,}"
    return [f"{step.number}", samples, moved, entries, f"{shown.farthest / rho}", end]


def _table_of_step(shown: StepOfTrace) -> Markup:
    head = ("edge", "weight before", "gradient", "valid roundings", "taken", "weight after")
    entries = [_cells_of_entry(shown.net, each) for each in shown.retraced.entries]
    return _rows(f"step {shown.retraced.traced.step.number}", head, entries)


def _cells_of_entry(net: FlatNetwork, entry: GradientEntry) -> list[Piece]:
    edge = f"{net.name(entry.tail)} -> {net.name(entry.head)}"
    numbers = (entry.before, entry.gradient, ", ".join(map(str, entry.valid)), entry.chosen, entry.after)
    return [edge, *map(str, numbers)]


def _rows(title: str, head: Sequence[str], rows: Sequence[Sequence[Piece]]) -> Markup:
    """A table with a row for each of the first things, and a last line that says how many more there are."""
    shown = [element("tr", *(element("td", cell) for cell in row)) for row in rows[:MOST_ROWS]]
    if len(rows) > MOST_ROWS:
        shown.append(element("tr", element("td", f"and {len(rows) - MOST_ROWS:,} more", colspan=str(len(head)))))
    names = element("tr", *(element("th", name) for name in head))
    return element("table", element("caption", title), names, *shown)


SHOWS |= {(RecordedRun, HTML): _table_of_trace, (StepOfTrace, HTML): _table_of_step}
