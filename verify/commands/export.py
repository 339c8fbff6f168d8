"""The command ``querygrad export``: a network for PyTorch."""

from pathlib import Path

import click

from constructions.foundations.loading import loaded_when_used
from verify.screen.files import check_writable
from verify.screen.printing import say

with loaded_when_used(__name__):
    from constructions.networks import network_file
    from constructions.training import torch_export
    from verify.commands import machine_code

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
    given = network_file.read_network(net)
    machine_code.warn_if_not_kept()
    for each in torch_export.write_torch(given, path):
        say(f"wrote {each}")
