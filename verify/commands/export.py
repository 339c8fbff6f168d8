"""The command ``querygrad export``: a network, or a claim about one, for other tools."""

from fractions import Fraction
from pathlib import Path

import click

from constructions.errors import ConstructionError
from constructions.foundations.loading import loaded_when_used
from verify.arguments.values import RATIONAL
from verify.screen.files import check_writable
from verify.screen.printing import say

with loaded_when_used(__name__):
    from constructions.networks import network_file
    from constructions.training import onnx_export, torch_export
    from verify.arguments import obligations
    from verify.commands import machine_code
    from verify.reports import sat_questions, smt, vnnlib

FILE = click.Path(path_type=Path)


@click.command("export")
@click.argument("thing")
@click.option(
    "--torch",
    type=FILE,
    help="Write the network as a PyTorch module to this .py file, and its arrays to the .npz file beside it.",
)
@click.option("--onnx", type=FILE, help="Write the network as an ONNX model of float64 to this .onnx file.")
@click.option(
    "--vnnlib",
    type=FILE,
    metavar="FOLDER",
    help="Write a claim as an ONNX model and VNN-LIB properties to this folder.",
)
@click.option(
    "--miters",
    type=FILE,
    metavar="FOLDER",
    help="Write each fact of a claim about circuits as a miter to this folder, as AIGER and as DIMACS.",
)
@click.option("--file", type=FILE, help="For --vnnlib and --miters: the Python file in which the claim is stated.")
@click.option(
    "--margin",
    type=RATIONAL,
    default="1/1000000",
    show_default=True,
    help="For --vnnlib: by how much a fact has to fail, where its failing is a strict comparison.",
)
def export(
    thing: str,
    torch: Path | None,
    onnx: Path | None,
    vnnlib: Path | None,
    miters: Path | None,
    file: Path | None,
    margin: Fraction,
) -> None:
    """Write THING for another tool: a network file (.qgn) as a PyTorch module or an ONNX model; a claim about a network
    with given weights, by its id, as VNN-LIB; a claim about circuits, by its id, for SAT solvers.

    The PyTorch module needs nothing but PyTorch and NumPy. The ONNX model is made of matrices and ReLUs. A fact of a
    claim about circuits holds for all values of its variables if a SAT solver finds its DIMACS file unsatisfiable.
    """
    if sum(each is not None for each in (torch, onnx, vnnlib, miters)) != 1:
        raise ConstructionError("need one of --torch, --onnx, --vnnlib and --miters, got none or more")
    if file is not None and vnnlib is None and miters is None:
        raise ConstructionError("need --vnnlib or --miters beside --file, got another")
    if miters is not None:
        _miters(thing, miters, file)
    elif vnnlib is not None:
        _claim(thing, vnnlib, file, margin)
    elif onnx is not None:
        _onnx(Path(thing), onnx)
    elif torch is not None:
        check_writable(torch, torch.with_suffix(".npz"))
        given = network_file.read_network(thing)
        machine_code.warn_if_not_kept()
        for each in torch_export.write_torch(given, torch):
            say(f"wrote {each}")


def _onnx(net: Path, path: Path) -> None:
    check_writable(path, endings=(".onnx",))
    given = network_file.read_network(net)
    machine_code.warn_if_not_kept()
    reason = onnx_export.write_onnx(given, path)
    at = f"every x in {{0,1}}^{len(given.network.inputs)}"
    say(
        f"the model returns the network's exact value at {at}"
        if reason is None
        else f"the model is not shown to return the network's exact value at {at}: {reason}"
    )
    say(f"wrote {path}")


def _claim(id: str, folder: Path, file: Path | None, margin: Fraction) -> None:
    if margin <= 0:
        raise ConstructionError(f"need a margin > 0, got {margin}")
    obligation, chosen = obligations.choose_one(id, file)
    smt.make_folder(folder)
    place = folder.absolute()  # a user's file may go elsewhere
    with chosen.home(obligation.id):
        written = vnnlib.write_vnnlib(place, obligation, margin)
    for each in written:
        say(f"wrote {folder / each.name}")


def _miters(id: str, folder: Path, file: Path | None) -> None:
    obligation, chosen = obligations.choose_one(id, file)
    place = folder.absolute()  # a user's file may go elsewhere
    with chosen.home(obligation.id):
        found = sat_questions.sat_questions(obligation)
        written = sat_questions.write_sat_questions(place, found)
    for each in written:
        say(f"wrote {folder / each.name}")
    for label, why in found.unsaid.items():
        say(f"no miter of {label!r}: {why}")
