"""ONNX files as fragments: each operation, held against onnxruntime at random points; and what is refused."""

import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from constructions.errors import ConstructionError
from constructions.foundations.activation import HARD_TANH
from constructions.networks.formats.affine import exact_array
from constructions.networks.formats.onnx_reading import network_of_onnx, read_onnx

onnx = pytest.importorskip("onnx")
parser = pytest.importorskip("onnx.parser")
runtime = pytest.importorskip("onnxruntime")
HEAD = '<ir_version: 8, opset_import: ["" : 14]> net '


def model_of(body: str, *, x: str = "1, 3", y: str = "1, 2", stored: str = "") -> Any:
    """A model from the text of its nodes."""
    return parser.parse_model(f"{HEAD} (double[{x}] x) => (double[{y}] y) <{stored}> {{ {body} }}")


def agrees(model: Any) -> Any:
    """The network of a model, after its numbers were compared with those of onnxruntime."""
    given, draw = network_of_onnx(model), random.Random(1)
    options = runtime.SessionOptions()  # optimized, a model may need operations that older ones lack for float64
    options.graph_optimization_level = runtime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = runtime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    shape = session.get_inputs()[0].shape
    for _ in range(10):
        x = [Fraction(draw.randint(-64, 64), 16) for _ in given.fragment.inputs]
        found = session.run(None, {"x": np.array([float(value) for value in x]).reshape(shape)})[0]
        assert [float(value) for value in given(x)] == found.reshape(-1).tolist()
    return given


W, B = "double[3, 2] w = {0.5, -1, 2, 0.25, 0, 1}", "double[2] b = {0.125, -3}"


@pytest.mark.parametrize(
    ("body", "more"),
    [
        ("h = MatMul(x, w) z = Add(h, b) y = Relu(z)", {"stored": f"{W}, {B}"}),
        ("z = Gemm<alpha = 2.0, beta = 0.5>(x, w, b) y = Relu(z)", {"stored": f"{W}, {B}"}),
        ("z = Gemm<transB = 1>(x, w) y = Relu(z)", {"stored": "double[2, 3] w = {1, 2, 3, -1, -2, -3}"}),
        (
            "t = Transpose(x) z = MatMul(w, t) y = Relu(z)",
            {"stored": "double[2, 3] w = {1, 2, 3, 4, 5, 6}", "y": "2, 1"},
        ),
        ("h = Relu(x) s = Sub(h, x) n = Neg(s) d = Div(n, c) y = Mul(d, c)", {"stored": "double c = {4}", "y": "1, 3"}),
        (
            "h = Relu(x) g = Gather<axis = 1>(h, i) y = Concat<axis = 1>(g, x)",
            {"stored": "int64[2] i = {2, 0}", "y": "1, 5"},
        ),
        (
            "f = Flatten(x) h = Relu(f) r = Reshape(h, s) y = Identity(r)",
            {"x": "1, 2, 2", "y": "2, 2", "stored": "int64[2] s = {2, -1}"},
        ),
        ("u = Unsqueeze(x, a) h = Relu(u) y = Squeeze(h, a)", {"y": "1, 3", "stored": "int64[1] a = {0}"}),
        ("c = Constant<value = double {1.5}>() z = Add(x, c) y = Relu(z)", {"y": "1, 3"}),
    ],
)
def test_operations_are_those_of_onnxruntime(body: str, more: dict[str, str]) -> None:
    agrees(model_of(body, **more))


def test_a_clip_is_the_hard_tanh_and_the_end_without_activation_is_a_pre_activation() -> None:
    given = agrees(model_of("h = Clip(x, l, u) y = MatMul(h, w)", stored=f"{W}, double l = {{-1}}, double u = {{1}}"))
    assert given.fragment.sigma == HARD_TANH and given.value == "pre"


@pytest.mark.parametrize(
    ("body", "more", "said"),
    [
        ("y = Sigmoid(x)", {}, "need operations among Add, .*, got Sigmoid, at the model"),
        ("y = Mul(x, x)", {}, "need a product of a number and a vertex, got one of two vertices"),
        ("h = Clip(x, l) y = Relu(h)", {"stored": "double l = {0}"}, "need a Clip with both ends"),
        ("h = Clip(x, l, u) y = Relu(h)", {"stored": "double l = {0}, double u = {1}"}, "need one activation"),
        ("y = MatMul(x, w)", {"stored": "double[2, 2] w = {1, 2, 3, 4}"}, "need an operation on arrays that fit"),
    ],
)
def test_what_is_not_understood_is_refused(body: str, more: dict[str, str], said: str) -> None:
    with pytest.raises(ConstructionError, match=said):
        network_of_onnx(model_of(body, **more))


def test_a_file_that_is_no_onnx_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "net.onnx"
    with pytest.raises(ConstructionError, match="need a file that can be read, got No such file"):
        read_onnx(file)
    file.write_text("no model")
    with pytest.raises(ConstructionError, match=r"need an ONNX file, got another, at .*net\.onnx"):
        read_onnx(file)
    with pytest.raises(ConstructionError, match="need finite numbers, got nan"):
        exact_array(np.array([float("nan")]))
