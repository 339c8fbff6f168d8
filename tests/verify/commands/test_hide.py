"""querygrad hide: two worlds that end alike, on built-in and users' models and networks; and what is refused."""

from pathlib import Path

import pytest

from verify.commands.main import main

EXAMPLE = str(Path(__file__).parents[3] / "examples" / "curved_model.py")
USER = """
from constructions.learning.gradient_learners import linear_regression

def method(n, b, rho):
    return linear_regression(n, b=b, rho=rho)

def same(n, b, rho):
    return linear_regression(n, b=b, rho=rho, same=True)

def asks(n, wish):
    return None

def fails(n, b, rho):
    made = method(n, b, rho)
    def derivative(model, sample):
        raise RuntimeError("no slope")
    from dataclasses import replace
    return replace(made, descent=replace(made.descent, derivative=derivative))

nothing = 7
"""


def hidden(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["hide", *arguments, "-q"])
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.mark.parametrize("name", ["regression", EXAMPLE])
def test_both_worlds_end_alike(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = hidden(capsys, name, "--batch", "16", "--rho", "1/4", "--bits", "2", "--steps", "3")
    assert code == 0 and "identical in both worlds after each of 3 steps, exactly" in out
    assert "up to 1 of 16 points of a batch" in out and "chance 8/17 or 9/17" in out and "strip.left.refutes_1a" in out


def test_a_rare_point_is_hidden(capsys: pytest.CaptureFixture[str]) -> None:
    rare = ("--worlds", "rare", "--batch", "16", "--rho", "1/2", "--steps", "2")
    code, out, _ = hidden(capsys, "regression", *rare, "--mass", "1/1000")
    assert code == 0 and "a point of mass 1/1000 with the label 0 or 1" in out and "strip.left.rare" in out
    code, _, err = hidden(capsys, "regression", *rare, "--mass", "9/10")
    assert code == 2 and err.startswith("need batches that differ in at most floor(b rho/4) = 2 points, got")


def test_what_cannot_be_hidden_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.py"
    file.write_text(USER, encoding="utf-8")
    large = ("--batch", "4", "--rho", "1")
    for arguments, said in (
        (("regression", "--batch", "15", "--rho", "1/4"), "need b rho >= 4, from where on a point of a batch can be"),
        (("regression", "--batch", "4", "--rho", "2"), "need rho <= 1, got rho = 2"),
        (("regression", *large, "--mass", "2"), "need a mass between 0 and 1, got 2, at --mass"),
        (("regresion", *large), "need regression, FILE.py[:NAME] or NET.qgn, got 'regresion'"),
        ((f"{file}:same", *large), "need a method with fresh batches in each step (bSGD), got FBGD"),
        ((f"{file}:asks", *large), "need a function of some of n, b, rho and steps (--steps), got asks(n, wish)"),
        ((f"{file}:nothing", *large), "need a DescentMethod, got a int"),
        ((f"{file}:fails", *large), "need a function that is trained, got RuntimeError: no slope"),
        ((f"{EXAMPLE}", "--batch", "4", "--rho", "1", "--bits", "0"), "Invalid value for '--bits'"),
    ):
        code, out, err = hidden(capsys, *arguments)
        assert code == 2 and out == "" and said in err and len(err.strip().splitlines()) <= 4, (arguments, err)


def test_a_method_with_other_numbers_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.py"
    file.write_text(f"{USER}\nfrom fractions import Fraction\nfixed = method(2, 8, Fraction(1))\n", encoding="utf-8")
    code, _, err = hidden(capsys, f"{file}:fixed", "--batch", "4", "--rho", "1")
    assert code == 2 and "need --batch 8 for this method, got 4" in err
    code, out, _ = hidden(capsys, f"{file}:fixed", "--batch", "8", "--rho", "1", "--steps", "1")
    assert code == 0 and "3 parameters, 1 steps" in out


@pytest.mark.slow
def test_a_network_file_is_trained_in_both_worlds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    net = str(tmp_path / "net.qgn")
    assert main(["compile", "literal", "--bits", "1", "-o", net]) == 0
    capsys.readouterr()
    code, out, _ = hidden(capsys, net, "--batch", "16", "--rho", "1/4", "--steps", "1")
    assert code == 0 and "identical in both worlds after each of 1 steps, exactly" in out
