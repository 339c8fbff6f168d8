"""The command ``querygrad export``: a network for PyTorch."""

from pathlib import Path

import click

from constructions.networks.network_file import read_network
from constructions.training.torch_export import write_torch
from verify.commands.machine_code import warn_if_not_kept
from verify.screen.files import check_writable
from verify.screen.printing import say

FILE = click.Path(path_type=Path)


@click.command("export")
@click.argument("net", type=FILE)
@click.option(
    "--torch",
    "path",
    type=FILE,
    required=True,
    help="Write the module to this .py file, and its arrays to the .npz file beside it.",
)
def export(net: Path, path: Path) -> None:
    """Write the network file NET as a Python file with a PyTorch module, which needs nothing but PyTorch and NumPy."""
    check_writable(path, path.with_suffix(".npz"))
    given = read_network(net)
    warn_if_not_kept()
    for each in write_torch(given, path):
        say(f"wrote {each}")
