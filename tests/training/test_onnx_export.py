"""The exported ONNX model: the network's own values at bits and at random points, by onnxruntime and by our reader."""

import random
from dataclasses import replace
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from constructions.computation.learner_machines import best_literal_machine
from constructions.errors import ConstructionError
from constructions.foundations.activation import HARD_TANH, IDENTITY, RAMP, RELU, Activation
from constructions.networks.emulation import Plan
from constructions.networks.flat import FlatNetwork, flat_network
from constructions.networks.formats.onnx_reading import network_of_onnx, read_onnx
from constructions.networks.gates import conjunction
from constructions.networks.trainable import Trainable
from constructions.training import onnx_export
from constructions.training.onnx_export import inexact_on_bits, onnx_model, write_onnx
from tests.training.test_torch_export import LEAKY, small

onnx = pytest.importorskip("onnx")
runtime = pytest.importorskip("onnxruntime")

BITS = (Fraction(0), Fraction(1))


def by_runtime(model: Any, rows: Any) -> Any:
    """The outputs of a model at rows of inputs, by onnxruntime; the model is checked, too."""
    onnx.checker.check_model(model, full_check=True)
    session = runtime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {"x": np.array(rows, float)})[0]


@pytest.mark.parametrize("last", [None, IDENTITY, RELU], ids=str)
@pytest.mark.parametrize("sigma", [RAMP, HARD_TANH, RELU, LEAKY, IDENTITY], ids=lambda sigma: sigma.name)
def test_every_vertex_has_its_values_at_random_points(sigma: Activation, last: Activation | None) -> None:
    net, draw = small(sigma, last), random.Random(3)
    flat = net.network
    wanted = [(v, kind) for v in range(flat.first, flat.size) for kind in ("pre", "out")]
    model = onnx_model(flat, wanted, last)
    points = [[Fraction(draw.randint(-32, 32), 8) for _ in flat.inputs] for _ in range(20)]
    found, again = by_runtime(model, points), network_of_onnx(model)
    for x, row in zip(points, found, strict=True):
        exact = values(flat, x, last)
        assert again(x) == [exact[pair] for pair in wanted]
        assert row.tolist() == [float(exact[pair]) for pair in wanted]


def values(flat: FlatNetwork, x: list[Fraction], last: Activation | None) -> dict[tuple[int, str], Fraction]:
    """Pre-activation and output of every vertex, exactly."""
    pre, out = flat.pre_activations(dict(zip(flat.inputs, x, strict=True)))
    ends = set(flat.outputs.values()) if last else set()
    return {(v, "pre"): pre[v] for v in range(flat.size)} | {
        (v, "out"): Fraction(last(pre[v])) if last and v in ends else out[v] for v in range(flat.size)
    }


def test_an_emulation_network_is_exact_at_all_bits(tmp_path: Path) -> None:
    net = Plan(machine=best_literal_machine(2, fraction=5), rho=Fraction(1, 16)).trainable
    write_onnx(net, tmp_path / "net.onnx")
    model, points = onnx.load(tmp_path / "net.onnx"), list(product((0, 1), repeat=2))
    assert {each.key: each.value for each in model.metadata_props} == {
        "inputs": "x1, x2",
        "exact": "at every x in {0,1}^2",
    }
    assert [Fraction(value) for value in by_runtime(model, points)[:, 0].tolist()] == [net(x) for x in points]


def test_a_weight_that_float64_does_not_hold_is_rounded_and_said(tmp_path: Path) -> None:
    net = small(RAMP).with_moved({1: Fraction(1, 3)})
    assert inexact_on_bits(net) == "a weight of v3 is 1/3"
    write_onnx(net, tmp_path / "net.onnx")
    said = {each.key: each.value for each in onnx.load(tmp_path / "net.onnx").metadata_props}
    assert said["exact"] == "no: a weight of v3 is 1/3"
    assert read_onnx(tmp_path / "net.onnx")([Fraction(1), Fraction(1)]) != [net((1, 1))]
    assert abs(read_onnx(tmp_path / "net.onnx")([Fraction(1), Fraction(1)])[0] - net((1, 1))) < Fraction(1, 10**12)


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ({0: Fraction(1, 2**30), 1: 2**28}, "a sum of v3 may need more than 53 bits"),
        ({0: 2**50, 1: 2**51}, "a combination of ReLUs of v3 may need more than 53 bits"),
    ],
)
def test_sums_of_too_many_bits_are_named(weights: dict[int, Fraction], said: str) -> None:
    assert inexact_on_bits(small(RAMP).with_moved(weights)) == said


def test_blocks_are_cut_and_models_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    net = small(RAMP).network
    whole = network_of_onnx(onnx_model(net, [(net.size - 1, "out")]))
    monkeypatch.setattr(onnx_export, "WIDEST", 1)
    cut = network_of_onnx(onnx_model(net, [(net.size - 1, "out")]))
    assert [whole([x, y]) == cut([x, y]) for x in BITS for y in BITS] == [True] * 4
    monkeypatch.setattr(onnx_export, "MOST_ENTRIES", 5)
    with pytest.raises(ConstructionError, match="need matrices of at most 5 entries in all, got more, at b"):
        onnx_model(net, [(net.size - 1, "out")])


def test_a_network_without_inputs_is_refused() -> None:
    flat = flat_network(conjunction())
    with pytest.raises(ConstructionError, match="need a network with inputs, got none"):
        onnx_model(
            replace(
                flat,
                inputs=(),
                offsets=np.array([0, 0]),
                sources=flat.sources[:0],
                weights=flat.weights[:0],
                outputs={},
            ),
            [],
        )


def test_without_the_package_one_line_says_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "onnx", None)
    with pytest.raises(ConstructionError, match=r"need onnx \(pip install 'querygrad\[onnx\]'\), got none installed"):
        onnx_model(flat_network(conjunction()), [(3, "out")])


def test_a_trainable_needs_only_its_weights() -> None:
    net = Trainable(network=flat_network(conjunction()), rho=Fraction(1, 16))
    assert inexact_on_bits(net) is None
