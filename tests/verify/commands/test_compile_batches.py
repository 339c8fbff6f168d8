"""A network that reads whole batches from the command line: compiled, certified, trained, and what is refused."""

from fractions import Fraction
from pathlib import Path

import pytest

from constructions.errors import ConstructionError
from constructions.networks.queries import DYADIC, STRONG
from verify.commands.compile_batches import refuse_further, widest_rho
from verify.commands.main import main

Captured = pytest.CaptureFixture[str]


def run(capsys: Captured, *arguments: str) -> tuple[int, str]:
    """The exit code of a command, and all that it printed."""
    code = main(list(arguments))
    said = capsys.readouterr()
    return code, said.out + said.err


@pytest.mark.slow
def test_it_is_compiled_certified_and_trained(tmp_path: Path, capsys: Captured) -> None:
    net, machine = tmp_path / "p.qgn", tmp_path / "p.aag"
    made = ("parity", "--whole-batches", "--bits", "1", "--samples", "2")
    code, said = run(capsys, "compile", *made, "-o", str(net), "--machine-out", str(machine))
    assert code == 0 and "2 signed memories" in said
    for how in (("--machine", str(machine)), ("--machine", "parity", "--whole-batches")):
        code, said = run(capsys, "certify", str(net), *how)
        assert code == 0 and "without error" in said
    code, said = run(capsys, "train", str(net), "--problem", "parity", "--adversary", "apart", "-q")
    assert code == 0 and "steps        2 of 2" in said
    code, said = run(capsys, "compile", str(machine), "-o", str(tmp_path / "other.qgn"))
    assert code == 2 and "one that reads whole batches" in said


def test_the_widest_power_of_two_is_below_four_thirds() -> None:
    for b in range(1, 40):
        assert 3 * b * widest_rho(b) < 4 <= 6 * b * widest_rho(b) or b == 1
    assert widest_rho(1) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--rho", "4/3"), "need 0 < b rho < 4/3"),
        (("--batch", "2", "--rho", "2/3"), "need 0 < b rho < 4/3"),
        (("--tolerance", "1"), "need no --tolerance"),
        (("--setting", "strong"), "need no --setting"),
        (("--frozen",), "need no --frozen"),
        (("--both",), "need no --both"),
    ],
)
def test_what_does_not_go_with_it_is_refused(
    tmp_path: Path, capsys: Captured, options: tuple[str, ...], message: str
) -> None:
    made = ("parity", "--whole-batches", "--bits", "1", "--samples", "2", "-o", str(tmp_path / "p.qgn"))
    code, said = run(capsys, "compile", *made, *options)
    assert code == 2 and message in said


def test_settings_of_other_networks_are_refused() -> None:
    refuse_further(frozen=False, both=False, tolerance=None, setting=DYADIC)
    with pytest.raises(ConstructionError, match="need no --setting"):
        refuse_further(frozen=False, both=False, tolerance=None, setting=STRONG)
    with pytest.raises(ConstructionError, match="need no --tolerance"):
        refuse_further(frozen=False, both=False, tolerance=Fraction(1), setting=DYADIC)
