"""Networks of the ONNX project's own suite and circuits of py-aiger, read as they are: their own answers, and right
verdicts of claims about them."""

import importlib.util
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from constructions.computation.formats.files import read_machine
from constructions.computation.miters import dimacs, miter
from constructions.errors import ConstructionError
from constructions.networks.formats.onnx_reading import read_onnx
from tests.computation.test_miters import satisfiable
from verify.circuits.of_a_file import prove_file
from verify.discharge.one import discharge
from verify.obligations.sources import read_sources
from verify.obligations.user_file import claims_of
from verify.obligations.verdict import Verdict

ROOT = Path(__file__).parents[2]
onnx = pytest.importorskip("onnx")
SUITE = Path(onnx.__file__).parent / "backend" / "test" / "data"
READ = (
    "pytorch-converted/test_Linear",
    "pytorch-converted/test_Linear_no_bias",
    "pytorch-converted/test_ReLU",
    "simple/test_single_relu_model",
)


def tensor(path: Path) -> Any:
    """The numbers that the suite keeps beside a model."""
    numbers = importlib.import_module("onnx.numpy_helper")
    return numbers.to_array(onnx.load_tensor(path)).reshape(-1)


@pytest.mark.parametrize("name", READ)
def test_a_network_of_the_suite_has_the_answers_that_the_suite_expects(name: str) -> None:
    data = SUITE / name / "test_data_set_0"
    given, x = read_onnx(SUITE / name / "model.onnx"), tensor(data / "input_0.pb")
    n, rows = len(given.fragment.inputs), tensor(data / "output_0.pb")
    found = [float(y) for i in range(0, len(x), n) for y in given([Fraction(float(v)) for v in x[i : i + n]])]
    assert np.allclose(found[: len(rows)], rows, rtol=1e-5, atol=1e-6) and len(found) == len(rows)


@pytest.mark.parametrize("name", ["Sigmoid", "Conv2d", "MaxPool2d", "LeakyReLU", "Softmax"])
def test_a_network_with_other_operations_is_refused_by_their_name(name: str) -> None:
    with pytest.raises(ConstructionError, match=r"need operations among .*, got \w+, at"):
        read_onnx(SUITE / "pytorch-converted" / f"test_{name}" / "model.onnx")


@pytest.mark.slow
def test_claims_about_the_suite_have_the_right_verdicts() -> None:
    claims = claims_of(read_sources(ROOT / "examples" / "neighbours" / "onnx_suite.py")).obligations
    assert {id: id.startswith("onnx.test_") for id in claims} == dict.fromkeys(claims, True) and len(claims) == 4
    for each in claims.values():
        found = discharge(each)
        assert (found.verdict, found.twin_verdict) == (Verdict.PROVED, Verdict.REFUTED), each.id


@pytest.mark.slow
def test_circuits_of_py_aiger_are_read_proved_and_told_apart(tmp_path: Path) -> None:
    aiger = pytest.importorskip("aiger")
    x, y, z = aiger.atoms("x", "y", "z")
    majority, other = (x & y) | (y & z) | (x & z), (x & y) | (z & (x ^ y))
    circuits = {}
    for name, expression in (("one", majority), ("two", other), ("wrong", (x & y) | z)):
        path = tmp_path / f"{name}.aag"
        text = str(expression.with_output("out").aig)
        path.write_text(text)
        circuits[name] = read_machine(path).circuit
        assert prove_file(path).verdict is Verdict.PROVED
    assert not satisfiable(dimacs(miter(circuits["one"], circuits["two"])))
    assert satisfiable(dimacs(miter(circuits["one"], circuits["wrong"])))
