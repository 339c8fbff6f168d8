"""The command ``querygrad draw``; apart from the others, so that only it waits for the drawing library."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from constructions.errors import ConstructionError
from constructions.foundations.loading import loaded_when_used
from verify.arguments.grouped import grouped
from verify.arguments.values import RATIONAL, inputs_of, setting_option
from verify.commands.options import ENDINGS, QUIET
from verify.provers.outcome import SECONDS
from verify.screen.files import check_writable
from verify.screen.printing import say

if TYPE_CHECKING:
    from verify.obligations import obligation

with loaded_when_used(__name__):
    from constructions.networks import queries
    from verify.arguments import fragment, obligations
    from verify.commands import proving
    from verify.discharge import one
    from verify.drawing import activation, by_layers, circuit, figure, files, query, tableau
    from verify.drawing import fragment as fragments
    from verify.drawing import map as maps
    from verify.drawing import round as rounds
    from verify.pages import failing
    from verify.reports import map as reports

OPTIONS = (
    setting_option("strong", of_files=True),
    click.option(
        "--rho", type=RATIONAL, default="1/8", show_default=True, help="For q and q': the gradient precision rho."
    ),
    click.option(
        "--bits",
        type=click.IntRange(min=1),
        help="For q and q': the number of digits that are read (default: as many as rho needs).",
    ),
    click.option(
        "--input",
        "inputs",
        multiple=True,
        metavar="VERTEX=P/Q",
        help="For a fragment or a circuit: the value of an input; repeat the option for every input.",
    ),
    click.option(
        "--of", "outputs", multiple=True, metavar="OUTPUT", help="For a circuit: draw only what this output depends on."
    ),
    click.option("--levels", type=click.IntRange(min=1), help="For a circuit: draw at most so many gates in depth."),
    click.option("--network", is_flag=True, help="For a circuit: draw its Lemma 10 network instead."),
    click.option(
        "--round", "number", type=click.IntRange(min=1), help="For a network file: the round to draw (default: 1)."
    ),
    click.option(
        "--copies",
        type=click.IntRange(min=1),
        help="For a network file: how many copies of Q or Q' to draw vertex by vertex (default: 2).",
    ),
    click.option(
        "--before",
        type=click.Path(path_type=Path),
        help="For a trained network file: the network before its training; weights that moved stand out.",
    ),
    click.option("--failing", is_flag=True, help="For the id of a claim that is refuted: its graphs where it fails."),
    click.option(
        "--file",
        "path",
        type=click.Path(path_type=Path),
        help="For the id of a claim: the Python file of yours in which it is.",
    ),
    click.option("--word", default="", help="For a Turing machine: the word that stands on its tape (default: none)."),
    click.option(
        "--time", type=click.IntRange(min=0), help="For a Turing machine: the most steps to draw (default: 200)."
    ),
    click.option("--title", default="", help="The title of the picture (default: THING)."),
    QUIET,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawingOptions:
    """What a command says of a picture; each kind of picture has its own options.

    Parameters
    ----------
    setting, rho, bits : of q and q'. inputs : ``vertex=p/q`` of a fragment or a circuit. outputs, levels, network : of
        a circuit.
    number, copies, before : of a network file, the round, how many copies are drawn in full, and its untrained file.
    failing, path : of a claim, whether it is drawn where it fails, and the user's file in which it is.
    word, time : of a machine, what stands on its tape, and the most steps that are drawn.
    title : empty for the thing's name. quiet : of the map, whether no progress is shown.
    """

    setting: "queries.Setting"
    rho: Fraction
    bits: int | None
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    levels: int | None
    network: bool
    number: int | None
    copies: int | None
    before: Path | None
    failing: bool
    path: Path | None
    word: str
    time: int | None
    title: str
    quiet: bool = False


@click.command("draw")
@click.argument("thing")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="Write the picture to this .svg, .png or .pdf file, or the graph to this .dot, .graphml or .json file.",
)
@grouped("options", DrawingOptions, OPTIONS)
def draw(thing: str, output: Path, options: DrawingOptions) -> None:
    """Draw THING, one of these:

    \b
    sigma, relu, hard-tanh  the graph of an activation
    q, q'                   the query graph Q or Q' before, during and after a step
    map                     the items of the paper, with their verdicts
    the id of a claim       the graph that the claim is about
    FILE.py[:NAME]          a fragment or a networkx graph of yours
    a graph file            .graphml, .dot, or .json of networkx, with weights
    an .onnx file           the network in it
    a circuit file          its gates, or its Lemma 10 network
    a .qgn file             a round of a network
    a .tm or .jff file      the run of a Turing machine, step by step
    """
    check_writable(output, endings=ENDINGS)
    if (options.number or options.copies or options.before) and not rounds.is_network_file(thing):
        raise ConstructionError(f"need a network file for --round, --copies and --before, got {thing!r}")
    if (options.word or options.time is not None) and not tableau.is_machine_file(thing):
        raise ConstructionError(f"need a file of a Turing machine for --word and --time, got {thing!r}")
    picture_of(thing)(thing, output, options)
    say(f"wrote {output}")


Picture = Callable[[str, Path, DrawingOptions], None]


def picture_of(thing: str) -> Picture:
    """What draws a thing, by its name or its kind of file."""
    kinds: tuple[tuple[bool, Picture], ...] = (
        (thing in fragment.ACTIVATIONS, _activation),
        (thing in fragment.QUERIES, _query),
        (thing == "map", _map),
        (rounds.is_network_file(thing), _round),
        (circuit.is_circuit_file(thing), _circuit),
        (tableau.is_machine_file(thing), _machine),
    )
    return next((picture for applies, picture in kinds if applies), _fragment)


def _activation(thing: str, output: Path, options: DrawingOptions) -> None:
    activation.draw_activation(fragment.ACTIVATIONS[thing], output)


def _query(thing: str, output: Path, options: DrawingOptions) -> None:
    setting, rho, bits, prime = options.setting, options.rho, options.bits, fragment.QUERIES[thing]
    query.draw_query(setting, output, rho=rho, bits=bits, prime=prime)
    for condition in query.broken_conditions(setting, rho=rho, bits=bits, prime=prime):
        say(f"no memory, so Lemma 11 does not speak of it: {condition}")


def _map(thing: str, output: Path, options: DrawingOptions) -> None:
    rows, *_ = proving.proved_rows(proving.Proving(seconds=SECONDS, quiet=options.quiet))
    maps.draw_map(reports.drawn(rows), output, errata={row.item.name: row.errata for row in rows})


def _round(thing: str, output: Path, options: DrawingOptions) -> None:
    number = options.number or 1
    title = options.title or f"{Path(thing).name}: round {number}"
    copies, before = options.copies or 2, options.before
    rounds.draw_network_file(Path(thing), output, number=number, copies=copies, title=title, before=before)


def _circuit(thing: str, output: Path, options: DrawingOptions) -> None:
    circuit.draw_circuit_file(
        Path(thing),
        output,
        outputs=options.outputs,
        levels=options.levels,
        network=options.network,
        inputs=inputs_of(options.inputs),
        title=options.title or Path(thing).name,
    )


def _machine(thing: str, output: Path, options: DrawingOptions) -> None:
    steps, title = 200 if options.time is None else options.time, options.title or f"{Path(thing).name}: {options.word}"
    tableau.draw_machine_file(Path(thing), output, word=options.word, steps=steps, title=title)


def _fragment(thing: str, output: Path, options: DrawingOptions) -> None:
    title = options.title or Path(thing).name
    if options.failing or options.path is not None:
        claim, chosen = obligations.choose_one(thing, options.path)
        with chosen.home(claim.id):
            if options.failing:
                _failing(claim, output, title)
                return
            found = fragment.fragment_of(fragment.subject_of(claim), where=thing)
    else:
        found = fragment.fragment_named(thing)
    fragments.draw_fragment(found, output, inputs=inputs_of(options.inputs), title=title)


def _failing(claim: "obligation.Obligation", output: Path, title: str) -> None:
    result = one.discharge(claim)
    if result.claim is None:
        raise ConstructionError(f"need a claim that can be examined, got {result.error}, at {claim.id}")
    views = failing.failing_views(claim, result.claim)
    files.write_views(
        output, views, lambda: figure.figure_of(views, list(map(by_layers.by_layers, views)), title=title)
    )
