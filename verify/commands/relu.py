"""The command ``querygrad relu``: the ReLU version of a network (Section 3)."""

from pathlib import Path

import click

from constructions.errors import ConstructionError
from constructions.networks.network_file import SUFFIX, read_network, write_network
from constructions.networks.relu import with_relus
from verify.screen.files import check_writable
from verify.screen.printing import say

FILE = click.Path(path_type=Path)


@click.command()
@click.argument("net", type=FILE)
@click.option("-o", "--output", type=FILE, required=True, help=f"The ReLU network, a {SUFFIX} file.")
@click.option("--train-all", is_flag=True, help="Freeze nothing (the gadgets then drift).")
def relu(net: Path, output: Path, train_all: bool) -> None:
    """Replace every activation of the network file NET by ReLUs of fixed weights; only memory edges train."""
    if output.suffix != SUFFIX:
        raise ConstructionError(f"need a file that ends in {SUFFIX}, got {output.name!r}")
    check_writable(output)
    given = read_network(net)
    made = with_relus(given)
    write_network(output, made.unfrozen if train_all else made.net)
    flat, found = given.network, made.net.network
    trained = len(found.sources) if train_all else len(made.edges)
    say(
        f"vertices {flat.size} -> {found.size}, edges {len(flat.sources)} -> {len(found.sources)}, of which {trained} train"
    )
    say(f"wrote {output}")
