"""`querygrad relu` and `querygrad export` on files, and the example that drifts."""

import runpy
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from constructions.computation.learner_machines import best_literal_machine
from constructions.networks.emulation import Plan
from constructions.networks.formats.onnx_reading import read_onnx
from constructions.networks.network_file import read_network, write_network
from verify.commands.main import main

ROOT = Path(__file__).parents[3]


@pytest.fixture
def net(tmp_path: Path) -> Path:
    """The file of a small emulation network."""
    path = tmp_path / "net.qgn"
    write_network(path, Plan(machine=best_literal_machine(1, fraction=5), rho=Fraction(1, 16)).trainable)
    return path


def test_relu_writes_a_network_of_relus_that_returns_the_same(
    net: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target, loose = tmp_path / "relu.qgn", tmp_path / "loose.qgn"
    assert main(["relu", str(net), "-o", str(target)]) == 0
    assert capsys.readouterr().out.startswith(
        "1044 vertices and 3066 edges became 4153 vertices and 36399 edges\n"
        "training changes the weights of 6 of these edges and of no others\n"
    )
    assert main(["relu", str(net), "-o", str(loose), "--train-all"]) == 0
    given, made, free = map(read_network, (net, target, loose))
    assert made.network.sigma.name == "ReLU" and made((1,)) == given((1,)) == free((1,))
    assert len(made.frozen) == len(made.network.sources) - 6 and len(free.frozen) == 0


def test_a_relu_network_is_trained_in_rationals_and_returns_what_the_ramp_returns(net: Path, tmp_path: Path) -> None:
    relu, out, ramp = (tmp_path / f"{name}.qgn" for name in ("relu", "out", "ramp"))
    data = ["--problem", "parity", "--batch", "1", "--adversary", "down", "--seed", "3"]
    assert main(["relu", str(net), "-o", str(relu)]) == 0
    assert main(["train", str(relu), *data, "--numbers", "rationals", "-o", str(out)]) == 0
    assert main(["train", str(net), *data, "-o", str(ramp)]) == 0
    after, other = read_network(out), read_network(ramp)
    assert np.any(
        after.network.weights * read_network(relu).network.scale
        != read_network(relu).network.weights * after.network.scale
    )
    assert [after((x,)) for x in (0, 1)] == [other((x,)) for x in (0, 1)]


def test_export_writes_a_python_file_and_its_arrays(net: Path, tmp_path: Path) -> None:
    assert main(["export", str(net), "--torch", str(tmp_path / "exported.py")]) == 0
    with np.load(tmp_path / "exported.npz", allow_pickle=False) as arrays:
        given = read_network(net).network
        assert (arrays["weights"] * given.scale).tolist() == given.weights.tolist()
    assert "class Net(torch.nn.Module)" in (tmp_path / "exported.py").read_text(encoding="utf-8")


def test_export_writes_an_onnx_model_that_is_exact_at_bits(
    net: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("onnx")
    assert main(["export", str(net), "--onnx", str(tmp_path / "net.onnx")]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said == [
        "the model returns the network's exact value at every x in {0,1}^1",
        f"wrote {tmp_path / 'net.onnx'}",
    ]
    assert read_onnx(tmp_path / "net.onnx")([Fraction(1)]) == [read_network(net)((1,))]


GATE = """
from constructions.foundations.activation import HARD_TANH
from constructions.foundations.network import Fragment
from verify.obligations.obligation import obligation

def gate(weight):
    return Fragment(inputs=("x",), outputs=("y",), edges={("x", "y"): weight}, sigma=HARD_TANH)

@obligation("gate.sign", paper="mine", of=lambda case: gate(3), twin=lambda case: gate(1))
def sign(graph, case):
    "A value of at least 1/2 gives 1, strictly flat."
    x = case.real("x")
    case.assume(2 * x >= 1)
    run = case.run(graph, {"x": x}, label="gate")
    case.show("strictly flat", run.flat("y"))
    case.equal("the value", run.out["y"], 1)
"""


def test_export_writes_a_claim_as_vnnlib(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("onnx")
    (tmp_path / "gate.py").write_text(GATE)
    folder = tmp_path / "asked"
    assert main(["export", "gate.sign", "--file", str(tmp_path / "gate.py"), "--vnnlib", str(folder)]) == 0
    names = ["gate.sign.onnx", "gate.sign-00-strictly-flat.vnnlib", "gate.sign-01-the-value.vnnlib"]
    assert capsys.readouterr().out.splitlines() == [f"wrote {folder / name}" for name in names]
    assert (folder / names[2]).read_text().splitlines() == [
        "; gate.sign: the value",
        "; unsat proves the fact, up to 1/1000000, by which it has to fail",
        "(declare-const X_0 Real)",
        "(declare-const Y_0 Real)",
        "(declare-const Y_1 Real)",
        "(assert (>= X_0 0.5))",
        "(assert (or (<= Y_1 0.999999) (>= Y_1 1.000001)))",
    ]


def test_export_writes_a_claim_as_miters(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "asked"
    assert main(["export", "aiger.ascii.c17", "--miters", str(folder)]) == 0
    stem = folder / "aiger.ascii.c17-01-no-input-tells-them-apart"
    assert capsys.readouterr().out.splitlines() == [
        f"wrote {stem}.aag",
        f"wrote {stem}.cnf",
        "no miter of 'the same inputs and outputs': need something that varies, got a fact about constants",
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["relu", "NET", "-o", "x.txt"], "need a file that ends in .qgn, got 'x.txt'"),
        (["export", "NET", "--torch", "x.pt"], "need a Python file whose name is a module's, got 'x.pt'"),
        (["export", "no.qgn", "--torch", "x.py"], "need a file that can be read"),
        (["export", "NET"], "need one of --torch, --onnx, --vnnlib and --miters, got none or more"),
        (
            ["export", "NET", "--torch", "x.py", "--onnx", "x.onnx"],
            "need one of --torch, --onnx, --vnnlib and --miters",
        ),
        (["export", "NET", "--onnx", "x.pb"], "need a file that ends in .onnx, got 'x.pb'"),
        (
            ["export", "NET", "--onnx", "x.onnx", "--file", "x.py"],
            "need --vnnlib or --miters beside --file",
        ),
        (["export", "sigma.figure", "--miters", "x"], "need a claim about bits and finitely many numbers, got another"),
        (["export", "sigma.figure", "--vnnlib", "x", "--margin", "0"], "need a margin > 0, got 0"),
    ],
)
def test_wrong_arguments_are_one_line(
    arguments: list[str],
    said: str,
    net: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([str(net) if word == "NET" else word for word in arguments]) == 2
    error = capsys.readouterr().err
    assert said in error and error.count("\n") == 1
    assert {path.name for path in tmp_path.iterdir()} == {"net.qgn"}


def test_the_example_of_drift_runs(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(ROOT / "examples" / "relu_drift.py"), run_name="__main__")
    ramp, fixed, loose = capsys.readouterr().out.split("ReLU, ")
    assert "it drifted" not in ramp + fixed and "6 of them trained" in fixed and "are no memory" not in fixed
    assert loose.count("(it drifted)") == 1
