"""Claims about four small networks of the ONNX project's test suite, which the package ``onnx`` brings (Apache-2.0).

The networks are read from the package as they are: a linear layer with and without a bias, which PyTorch wrote, and two
that are a ReLU alone. Weights of float32 are taken as the rationals that they are.

Run:  querygrad prove examples/neighbours/onnx_suite.py
"""

import importlib.util
from fractions import Fraction
from pathlib import Path

from constructions.errors import ConstructionError
from constructions.foundations.exact import rational
from constructions.foundations.logic import every, some
from constructions.foundations.network import Fragment
from constructions.networks.formats.affine import GivenNetwork
from constructions.networks.formats.onnx_reading import read_onnx
from verify.obligations.case import Case
from verify.obligations.obligation import obligation

LINEAR = ("pytorch-converted/test_Linear", "pytorch-converted/test_Linear_no_bias")
RELU = ("pytorch-converted/test_ReLU", "simple/test_single_relu_model")


def given(name: str) -> GivenNetwork:
    """A network of the suite, by its folder."""
    spec = importlib.util.find_spec("onnx")
    if spec is None or spec.origin is None:
        raise ConstructionError("need onnx (pip install 'querygrad[onnx]'), got none installed")
    return read_onnx(Path(spec.origin).parent / "backend" / "test" / "data" / name / "model.onnx")


def most(graph: Fragment, output: str) -> Fraction:
    """The largest value of an output for inputs between -1 and 1: each weight counts with its size, the bias with its
    sign."""
    weights = {u: rational(graph.weight(u, output), where=u) for u in graph.predecessors(output)}
    return sum((abs(w) if u in graph.inputs else w for u, w in weights.items()), Fraction(0))


def bounded(subject: tuple[Fragment, Fraction], case: Case) -> None:
    """For all inputs between -1 and 1, each output is at most the sum of the sizes of its weights and its bias."""
    graph, less = subject
    inputs = {v: case.real(v) for v in graph.inputs}
    case.assume(*(every(x >= -1, x <= 1) for x in inputs.values()))
    run = case.run(graph, inputs, label="layer")
    for v in graph.outputs:
        case.show(f"{v} is bounded", run.pre[v] <= most(graph, v) - less)


def rectifies(graph: Fragment, case: Case) -> None:
    """Each output is its input where that is above 0, and 0 elsewhere."""
    inputs = {v: case.real(v) for v in graph.inputs}
    run = case.run(graph, inputs, label="ReLU")
    for u, v in zip(graph.inputs, graph.outputs, strict=True):
        x, y = inputs[u], run.out[v]
        case.show(f"{v} is right", some(every(x > 0, y == x), every(x <= 0, y == 0)))


def changed(graph: Fragment) -> Fragment:
    """The same network with one weight halved."""
    edge = next(iter(graph.edges))
    return graph.with_weights({edge: graph.weight(*edge) / 2})


def state_linear(name: str) -> None:
    """State that a linear layer is bounded."""
    layer = given(name).fragment
    id = f"onnx.{Path(name).name}"
    of, twin = (layer, Fraction(0)), (layer, Fraction(1, 10**6))
    obligation(id, paper="the ONNX test suite", of=lambda case: of, twin=lambda case: twin)(bounded)


def state_relu(name: str) -> None:
    """State that a ReLU is one."""
    net = given(name).fragment
    id = f"onnx.{Path(name).name}"
    obligation(id, paper="the ONNX test suite", of=lambda case: net, twin=lambda case: changed(net))(rectifies)


for each in LINEAR:
    state_linear(each)
for each in RELU:
    state_relu(each)
