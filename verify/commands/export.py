"""The commands ``querygrad relu`` (the ReLU version of a network, Section 3) and ``querygrad export`` (a network for
PyTorch)."""

from pathlib import Path

import click

from constructions.networks.network_file import read_network
from constructions.training.torch_export import write_torch
from verify.commands.machine_code import warn_if_not_kept
from verify.screen.files import check_writable
from verify.screen.printing import say

FILE = click.Path(path_type=Path)


@click.command()
@click.argument("net", type=FILE)
@click.option(
    "--torch",
    "path",
    type=FILE,
    required=True,
    help="The PyTorch module, a .py file; its arrays go beside it, to a .npz.",
)
def export(net: Path, path: Path) -> None:
    """Write the network file NET as a PyTorch module that needs PyTorch and NumPy only."""
    for each in (path, path.with_suffix(".npz")):
        check_writable(each)
    given = read_network(net)
    warn_if_not_kept()
    for each in write_torch(given, path):
        say(f"wrote {each}")
