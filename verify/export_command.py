"""The commands ``querygrad relu`` (the ReLU version of a network, Section 3) and ``querygrad export`` (a network for PyTorch)."""
from pathlib import Path

import click

from constructions.errors import ConstructionError
from constructions.networks.network_file import SUFFIX, read_network, write_network
from constructions.networks.relu import with_relus
from constructions.training.torch_export import write_torch
from verify.machine_code import warn_if_not_kept
from verify.printing import say
from verify.results import check_writable

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
    say(f"vertices {flat.size} -> {found.size}, edges {len(flat.sources)} -> {len(found.sources)}, of which {trained} train")
    say(f"wrote {output}")


@click.command()
@click.argument("net", type=FILE)
@click.option("--torch", "path", type=FILE, required=True, help="The PyTorch module, a .py file; its arrays go beside it, to a .npz.")
def export(net: Path, path: Path) -> None:
    """Write the network file NET as a PyTorch module that needs PyTorch and NumPy only."""
    for each in (path, path.with_suffix(".npz")):
        check_writable(each)
    given = read_network(net)
    warn_if_not_kept()
    for each in write_torch(given, path):
        say(f"wrote {each}")
