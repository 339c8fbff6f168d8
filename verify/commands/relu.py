"""The command ``querygrad relu``: the ReLU version of a network (Section 3)."""

from pathlib import Path

import click

from constructions.errors import ConstructionError
from constructions.foundations.loading import loaded_when_used
from verify.arguments.names import NETWORK
from verify.screen.files import check_writable
from verify.screen.printing import say

with loaded_when_used(__name__):
    from constructions.networks import network_file
    from constructions.networks import relu as relus

FILE = click.Path(path_type=Path)


@click.command("relu")
@click.argument("net", type=FILE)
@click.option("-o", "--output", type=FILE, required=True, help=f"Write the ReLU network to this {NETWORK} file.")
@click.option(
    "--train-all",
    is_flag=True,
    help="Let training change every weight; the ReLUs that replace an activation then drift.",
)
def relu(net: Path, output: Path, train_all: bool) -> None:
    """Rewrite the network file NET so that its only activation is the ReLU (Section 3).

    Each activation becomes a few ReLUs with fixed weights, and training changes the weights of memory edges only.
    """
    check_writable(output, endings=(NETWORK,))
    given = network_file.read_network(net)
    made = relus.with_relus(given)
    if not len(made.edges):
        raise ConstructionError(
            "need a network with an edge of a memory, from the constant alone, that trains, got none: no weight of its "
            "ReLU version would train ('compile --frozen --relu' writes that of Appendix B.1)"
        )
    network_file.write_network(output, made.unfrozen if train_all else made.net)
    flat, found = given.network, made.net.network
    trained = len(found.sources) if train_all else len(made.edges)
    before, after = (f"{each.size} vertices and {len(each.sources)} edges" for each in (flat, found))
    say(f"{before} became {after}")
    say(f"training changes the weights of {trained} of these edges and of no others")
    say(f"wrote {output}")
