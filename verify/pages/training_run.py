"""A recorded training run as one page: step through it, see what is written, ask why a gradient is 0, and break it.

The page holds the network as it was initialized and, for each step, only what changed. Its script evaluates the network
itself, forward and backward, at the weights of any step: its numbers are exact wherever float64 holds them, which is
checked here, and otherwise that part of the page is left out and said to be.
"""

import base64
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from constructions.foundations.activation import Activation
from constructions.networks.trainable import Trainable
from constructions.training.exactness import FLOATS
from constructions.training.retracing import GradientEntry, RetracedStep, RunSettings
from constructions.training.told_rounds import ToldRound
from verify.pages.assets_of import asset
from verify.pages.gadget import pieces_of
from verify.pages.markup import Markup, element, joined
from verify.screen.files import write_text

WIDE = 1 << 53
"""Whole numbers below it are exact in float64."""
Groups = Sequence[tuple[str, int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRound:
    """What a page says of a round beside what the network did.

    Parameters
    ----------
    told : the round of the method. queries : each of its queries in words.
    state_in_words : what is known of the state when it asks, in sentences.
    """

    told: ToldRound
    queries: tuple[str, ...]
    state_in_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRun:
    """All that the page shows.

    Parameters
    ----------
    net : the network as it was initialized. settings : of the run. steps : all of them.
    groups : names of ranges of vertices, with the first and the one behind the last.
    rounds : what the method does, for the first steps; none if the machine is not known.
    after, after_in_words : the method's state behind the last of these rounds. predictor : what it predicts then, in
        words.
    title : of the page.
    """

    net: Trainable
    settings: RunSettings
    steps: Sequence[RetracedStep]
    groups: Groups
    rounds: Sequence[ShownRound]
    after: dict[str, int]
    predictor: str
    title: str
    after_in_words: tuple[str, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether float64 holds every number of the run: all steps went in it, and weights are over a power of two."""
        scale = self.net.network.scale
        systems = {each.traced.step.system for each in self.steps} | {FLOATS}
        numbers = [*self._moves(), *_numbers(self.net.network.sigma), *_numbers(self.net.activation_of_output)]
        return (
            systems == {FLOATS}
            and scale & (scale - 1) == 0
            and int(np.abs(self.net.network.weights).max(initial=0)) < WIDE
            and all(map(_fits, numbers))
        )

    def _moves(self) -> list[Fraction]:
        entries = (entry for each in self.steps for entry in each.entries)
        return [value for entry in entries for value in (entry.before, entry.after)]


def _numbers(sigma: Activation) -> list[Fraction]:
    return [*sigma.kinks, *sigma.slopes, *(piece.intercept for piece in sigma.pieces)]


def _fits(value: Fraction) -> bool:
    return value.denominator & (value.denominator - 1) == 0 and abs(value.numerator) < WIDE > value.denominator


def run_page(run: ShownRun) -> str:
    """The page about a run.

    >>> from constructions.foundations.network import Network
    >>> from constructions.networks.flat import flat_network
    >>> graph = Network(inputs=("x1",), outputs=("f",), edges={("x1", "f"): 1, ("one", "f"): 1}, constant="one")
    >>> settings = RunSettings(rho=Fraction(1, 4), rate=Fraction(1), batch=1, seed=0, source="<s>", adversary="up")
    >>> net = Trainable(network=flat_network(graph), rho=Fraction(1, 4))
    >>> run = ShownRun(net=net, settings=settings, steps=[], groups=[], rounds=[], after={}, predictor="", title="mine")
    >>> page = run_page(run)
    >>> run.exact, page.startswith("<!DOCTYPE html>"), "<s>" in page
    (True, True, False)
    """
    data = json.dumps(data_of(run), separators=(",", ":"), ensure_ascii=True).replace("<", "\\u003c")
    head = joined(
        [
            element("meta", charset="utf-8"),
            element("meta", name_="viewport", content="width=device-width, initial-scale=1"),
            element("title", run.title),
            Markup(f"<style>{asset('page.css')}{asset('run.css')}</style>"),
        ]
    )
    body = joined(
        [
            Markup(asset("run.html").replace("@TITLE@", element("h1", run.title))),
            Markup(f'<script type="application/json" id="data">{data}</script><script>{asset("run.js")}</script>'),
        ]
    )
    return f"<!DOCTYPE html>\n{element('html', element('head', head), element('body', body), lang='en')}\n"


def write_run_page(path: Path, run: ShownRun) -> None:
    """Write the page about a run to the file at a path. Raises ConstructionError if it cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> from constructions.foundations.network import Network
    >>> from constructions.networks.flat import flat_network
    >>> graph = Network(inputs=("x1",), outputs=("f",), edges={("x1", "f"): 1, ("one", "f"): 1}, constant="one")
    >>> settings = RunSettings(rho=Fraction(1, 4), rate=Fraction(1), batch=1, seed=0, source="none", adversary="up")
    >>> net = Trainable(network=flat_network(graph), rho=Fraction(1, 4))
    >>> run = ShownRun(net=net, settings=settings, steps=[], groups=[], rounds=[], after={}, predictor="", title="mine")
    >>> with TemporaryDirectory() as folder:
    ...     write_run_page(Path(folder, "run.html"), run)
    ...     Path(folder, "run.html").read_text().startswith("<!DOCTYPE html>")
    True
    """
    write_text(path, run_page(run))


def data_of(run: ShownRun) -> dict[str, Any]:
    """What the script of the page is given, as JSON values; numbers that must be exact are strings of rationals."""
    flat, settings = run.net.network, run.settings
    return {
        "inputs": list(flat.inputs),
        "output": run.net.output,
        "vertices": flat.size,
        "exact": run.exact,
        "sigma": pieces_of(flat.sigma, written=float),
        "last": pieces_of(run.net.activation_of_output, written=float),
        "rho": str(settings.rho),
        "rate": str(settings.rate),
        "batch": settings.batch,
        "source": settings.source,
        "adversary": settings.adversary,
        "groups": [list(group) for group in run.groups],
        "fanIn": _packed(flat.fan_in.astype("<i4")),
        "sources": _packed(flat.sources.astype("<i4")),
        "weights": _packed((flat.weights / flat.scale).astype("<f8")),
        "frozen": run.net.frozen.tolist(),
        "steps": [_step_data(each) for each in run.steps],
        "rounds": [_round(each) for each in run.rounds],
        "after": run.after,
        "afterInWords": list(run.after_in_words),
        "predictor": run.predictor,
    }


def _packed(row: Any) -> str:
    return base64.b64encode(zlib.compress(row.tobytes(), 9)).decode("ascii")


def _step_data(each: RetracedStep) -> dict[str, Any]:
    step = each.traced.step
    return {
        "x": ["".join(map(str, row)) for row in each.traced.x],
        "y": list(each.traced.y),
        "outputs": list(map(str, step.outputs)),
        "kink": step.kink,
        "entries": [_entry(entry) for entry in each.entries],
    }


def _entry(entry: GradientEntry) -> list[Any]:
    valid = list(map(str, entry.valid))
    return [entry.edge, str(entry.before), str(entry.gradient), valid, str(entry.chosen), str(entry.after)]


def _round(each: ShownRound) -> dict[str, Any]:
    told = each.told
    return {
        "label": told.label,
        "state": dict(told.state),
        "inWords": list(each.state_in_words),
        "queries": list(each.queries),
        "values": [list(map(str, row)) for row in told.values],
        "means": list(map(str, told.means)),
        "answers": list(map(str, told.answers)),
        "errors": [str(answer - mean) for answer, mean in zip(told.answers, told.means, strict=True)],
    }
