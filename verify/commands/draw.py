"""The command ``querygrad draw``; apart from the others, so that only it waits for the drawing library."""

from pathlib import Path

import click

from constructions.errors import ConstructionError
from constructions.networks.queries import Setting
from verify.arguments.fragment import ACTIVATIONS, QUERIES, fragment_named
from verify.arguments.values import inputs_of, number, setting_option
from verify.commands.proving import proved_rows
from verify.drawing.activation import draw_activation
from verify.drawing.circuit import draw_circuit_file, is_circuit_file
from verify.drawing.fragment import draw_fragment
from verify.drawing.map import draw_map
from verify.drawing.query import broken_conditions, draw_query
from verify.drawing.round import draw_network_file, is_network_file
from verify.provers.outcome import SECONDS
from verify.reports.map import drawn
from verify.screen.files import check_writable
from verify.screen.printing import say


@click.command()
@click.argument("thing")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, help="An .svg, .png, .dot or .graphml file."
)
@setting_option("strong")
@click.option("--rho", default="1/8", show_default=True, help="For q and q': the gradient precision, a rational p/q.")
@click.option(
    "--bits",
    type=click.IntRange(min=1),
    help="For q and q': how many digits are read (default: as many as rho asks for).",
)
@click.option(
    "--input",
    "inputs",
    multiple=True,
    metavar="VERTEX=P/Q",
    help="For a fragment: the value of an input; give all of them.",
)
@click.option(
    "--of", "outputs", multiple=True, metavar="OUTPUT", help="For a circuit: only what these outputs depend on."
)
@click.option("--levels", type=click.IntRange(min=1), help="For a circuit: at most so many gates deep.")
@click.option("--network", is_flag=True, help="For a circuit: its Lemma 10 network.")
@click.option("--round", "round_", type=click.IntRange(min=1), help="For a network file: which round (default 1).")
@click.option("--copies", type=click.IntRange(min=1), help="For a network file: so many copies in full (default 3).")
@click.option("--title", default="", help="For a fragment: a title (default: THING).")
def draw(
    thing: str,
    output: Path,
    setting: Setting,
    rho: str,
    bits: int | None,
    inputs: tuple[str, ...],
    outputs: tuple[str, ...],
    levels: int | None,
    network: bool,
    round_: int | None,
    copies: int | None,
    title: str,
) -> None:
    """Draw THING: sigma, relu, hard-tanh, q, q', map, the graph of an obligation, FILE.py[:NAME], a circuit file, a
    round of a .qgn."""
    check_writable(output)
    if (round_ or copies) and not is_network_file(thing):
        raise ConstructionError(f"need a network file for --round and --copies, got {thing!r}")
    if thing in ACTIVATIONS:
        draw_activation(ACTIVATIONS[thing], output)
    elif thing in QUERIES:
        precision, prime = number(rho, where="--rho"), QUERIES[thing]
        draw_query(setting, output, rho=precision, bits=bits, prime=prime)
        for condition in broken_conditions(setting, rho=precision, bits=bits, prime=prime):
            say(f"no memory: {condition}")
    elif thing == "map":
        draw_map(drawn(proved_rows(jobs=None, seconds=SECONDS)[0]), output)
    elif is_network_file(thing):
        round_ = round_ or 1
        draw_network_file(
            Path(thing), output, number=round_, copies=copies or 3, title=title or f"{Path(thing).name}: round {round_}"
        )
    elif is_circuit_file(thing):
        draw_circuit_file(
            Path(thing),
            output,
            outputs=outputs,
            levels=levels,
            network=network,
            inputs=inputs_of(inputs),
            title=title or thing,
        )
    else:
        draw_fragment(fragment_named(thing), output, inputs=inputs_of(inputs), title=title or thing)
    say(f"wrote {output}")
