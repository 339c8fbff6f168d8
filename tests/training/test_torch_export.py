"""The exported PyTorch file: what is written (without PyTorch), and that it takes the exact engine's steps (with it,
`-m torch`)."""

import importlib.util
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from constructions.computation.design import Design
from constructions.computation.learner_machines import best_literal_machine, conjunction_machine, correlations_machine
from constructions.computation.query_machine import QueryMachine
from constructions.errors import ConstructionError
from constructions.foundations.activation import HARD_TANH, IDENTITY, RAMP, Activation
from constructions.foundations.network import Fragment
from constructions.networks.emulation import Plan
from constructions.networks.flat import flat_network
from constructions.networks.queries import MINIMAL
from constructions.networks.relu import with_relus
from constructions.networks.trainable import Trainable
from constructions.training.adversaries import NAMED
from constructions.training.batches import Samples
from constructions.training.by_fractions import FractionEngine
from constructions.training.engine import Engine, engine_of
from constructions.training.torch_export import torch_arrays, write_torch
from constructions.training.torch_source import SOURCE

LEAKY = Activation(kinks=(Fraction(0),), slopes=(Fraction(1, 4), Fraction(1)), value=Fraction(0), name="leaky")
Batches = list[tuple[Samples, Samples]]


def small(sigma: Activation, last: Activation | None = None) -> Trainable:
    """Two inputs, three hidden vertices, one of which skips a level, an output; two frozen edges and a sampled one."""
    edges = {
        ("one", "a"): Fraction(3, 16),
        ("x1", "a"): Fraction(5, 4),
        ("x2", "a"): Fraction(-3, 4),
        ("x1", "b"): Fraction(3, 2),
        ("one", "b"): Fraction(-5, 16),
        ("a", "c"): Fraction(3, 4),
        ("b", "c"): Fraction(5, 4),
        ("one", "c"): Fraction(1, 16),
        ("a", "f"): Fraction(-1, 2),
        ("c", "f"): Fraction(7, 4),
        ("one", "f"): Fraction(5, 16),
    }
    net = flat_network(Fragment(inputs=("x1", "x2"), outputs=("f",), edges=edges, constant="one", sigma=sigma))
    return Trainable(
        network=net,
        rho=Fraction(1, 8),
        rate=Fraction(1, 2),
        batch=3,
        frozen=np.array([2, 7]),
        sampled=np.array([0]),
        last=last,
    )


def coin_machine() -> QueryMachine:
    """Two rounds of one query that a fresh random bit chooses, and a prediction from the answers."""
    design = Design()
    x, coin = design.input("x", 2), design.input("random", 1)
    answer = design.input("answer0", 7)
    chosen, seen = design.state("chosen"), design.state("seen")
    design.becomes(chosen, coin)
    design.becomes(seen, seen | (answer > 16))
    design.output("query0", (x[0] & chosen) | (x[1] & ~chosen))
    design.output("predict", seen & (x[0] ^ chosen))
    return QueryMachine(machine=design.machine(), rounds=2, answer_fraction=5)


def batches(net: Trainable, *, seed: int, steps: int | None = None, fixed: bool = False) -> Batches:
    """Seeded samples; with ``fixed`` the same batch in every step (fbGD)."""
    source, n = np.random.default_rng(seed), len(net.network.inputs)
    made = [
        (source.integers(0, 2, (net.batch, n)), source.integers(0, 2, net.batch))
        for _ in range(net.steps if steps is None else steps)
    ]
    return [made[0]] * len(made) if fixed else made


def loaded(net: Trainable, folder: Path, source: str = SOURCE) -> ModuleType:
    """The exported file as a module."""
    path, _ = write_torch(net, folder / "exported.py")
    path.write_text(source, encoding="utf-8")
    Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)  # of a source as long, a moment ago
    spec = importlib.util.spec_from_file_location("exported", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def follows(
    module: Any, engine: Engine | FractionEngine, rows: Batches, adversary: str, *, bits: Sequence[int] | None = None
) -> bool:
    """Whether outputs and all weights agree, bit for bit, in every step."""
    torch = module.torch
    net = module.Net.load(random_string=bits)
    optimizer = torch.optim.SGD([net.weight], lr=net.rate)
    module.Rounding(net, optimizer, adversary=adversary, seed=11)
    moved = 0
    for x, y in rows:
        step = engine.step(x, y)
        outputs = module.descend(net, optimizer, torch.from_numpy(x).double(), torch.from_numpy(y).double())
        weights = net.weight.detach().tolist()
        if list(step.outputs) != list(map(Fraction, outputs)) or any(
            Fraction(w) != engine.weight(e) for e, w in enumerate(weights)
        ):
            return False
        moved += len(step.moved)
    assert moved > 0
    return True


def test_levels_and_arrays_by_hand() -> None:
    found = torch_arrays(small(RAMP))
    assert found["vertex"].tolist() == [0, 1, 2, 3, 4, 5, 6] and found["level"].tolist() == [0, 0, 0, 1, 1, 2, 3]
    assert found["weights"].tolist() == [-0.3125, 1.5, 0.1875, 1.25, -0.75, 0.0625, 1.25, 0.75, 0.3125, -0.5, 1.75]
    assert found["heads"].tolist() == [3] * 2 + [4] * 3 + [5] * 3 + [6] * 3
    assert found["sigma_intercepts"].tolist() == [-2, 1, 0, 0, 2] and found["last_kinks"].tolist() == [-3, -1, 0, 2]
    assert (found["rho"].item(), found["rate"].item(), found["batch"].item()) == (0.125, 0.5, 3)


def test_the_arrays_are_read_without_pickle_and_the_file_needs_nothing_of_this_project(tmp_path: Path) -> None:
    path, beside = write_torch(small(HARD_TANH, IDENTITY), tmp_path / "net.py")
    with np.load(beside, allow_pickle=False) as arrays:
        assert len(arrays["weights"]) == 11 and len(arrays["last_kinks"]) == 0
    source = path.read_text(encoding="utf-8")
    compile(source, str(path), "exec")
    assert "constructions" not in source and "verify" not in source and "pickle=True" not in source


def test_what_float64_does_not_hold_is_refused(tmp_path: Path) -> None:
    net = small(RAMP)
    with pytest.raises(ConstructionError, match="need binary fractions that float64 holds, got 1/10, at rho"):
        torch_arrays(replace(net, rho=Fraction(1, 10)))
    with pytest.raises(ConstructionError, match="need weights that float64 holds, got weights over 48"):
        torch_arrays(net.with_moved({0: Fraction(1, 3)}))
    with pytest.raises(ConstructionError, match="need weights that float64 holds, got weights over"):
        torch_arrays(Plan(machine=best_literal_machine(1, fraction=6), rho=Fraction(1, 16), setting=MINIMAL).trainable)
    third = Activation(kinks=(Fraction(1, 3),), slopes=(Fraction(0), Fraction(1)), value=Fraction(0), name="thirds")
    with pytest.raises(ConstructionError, match="got 1/3, at kinks of thirds"):
        torch_arrays(small(third))
    for name in ("net.pt", "1net.py", "a-b.py"):
        with pytest.raises(ConstructionError, match="need a Python file whose name is a module's"):
            write_torch(net, tmp_path / name)


@pytest.mark.torch
@pytest.mark.parametrize("adversary", NAMED)
@pytest.mark.parametrize("sigma", [RAMP, HARD_TANH, LEAKY, IDENTITY], ids=lambda sigma: sigma.name)
def test_a_small_network_follows_the_engine(sigma: Activation, adversary: str, tmp_path: Path) -> None:
    for last, bit in ((None, 1), (IDENTITY, 0)):
        net = small(sigma, last).with_random_string([bit])
        engine = engine_of(net, adversary=adversary, seed=11)
        assert follows(loaded(net, tmp_path), engine, batches(net, seed=3, steps=2), adversary, bits=[bit])


PLANS = {
    "literal": Plan(machine=best_literal_machine(3, fraction=7), rho=Fraction(1, 32), batch=3),
    "literal, b = 4": Plan(machine=best_literal_machine(2, fraction=7), rho=Fraction(1, 64), batch=4),
    "literal, b = 1": Plan(machine=best_literal_machine(2, fraction=6), rho=Fraction(1, 16)),
    "correlations": Plan(machine=correlations_machine(2, fraction=7), rho=Fraction(1, 32), batch=5),
    "conjunction": Plan(machine=conjunction_machine(2, fraction=7, tau=Fraction(1, 8)), rho=Fraction(1, 32), batch=2),
}


@pytest.mark.torch
@pytest.mark.slow
@pytest.mark.parametrize("fixed", [False, True], ids=["bSGD", "fbGD"])
@pytest.mark.parametrize("name", PLANS)
def test_emulation_networks_follow_the_engine(name: str, fixed: bool, tmp_path: Path) -> None:
    net = PLANS[name].trainable
    module = loaded(net, tmp_path)
    for adversary in NAMED:
        rows = batches(net, seed=len(adversary), fixed=fixed)
        assert follows(module, engine_of(net, adversary=adversary, seed=11), rows, adversary)


@pytest.mark.torch
@pytest.mark.parametrize("string", list(product((0, 1), repeat=2)))
def test_random_bits_are_the_signs_of_sampled_edges(string: tuple[int, int], tmp_path: Path) -> None:
    net = Plan(machine=coin_machine(), rho=Fraction(1, 16), batch=3).trainable
    engine = engine_of(net.with_random_string(string), adversary="random", seed=11)
    assert follows(loaded(net, tmp_path), engine, batches(net, seed=4), "random", bits=string)


@pytest.mark.torch
def test_a_relu_version_follows_the_passes_in_rationals(tmp_path: Path) -> None:
    net = with_relus(Plan(machine=best_literal_machine(1, fraction=5), rho=Fraction(1, 16), batch=2).trainable).net
    assert follows(loaded(net, tmp_path), FractionEngine(net, adversary="up"), batches(net, seed=2), "up")


@pytest.mark.torch
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("gradient.clamp(-1.0, 1.0)", "gradient.clamp(-2.0, 2.0)"),
        ("4.0 * rest <= 3.0 * cell", "2.0 * rest <= cell"),
        ("total[self.net.frozen] = 0.0", "pass"),
        ("slope[rows] * adjoint[rows]", "adjoint[rows]"),
    ],
)
def test_a_broken_file_is_noticed(old: str, new: str, tmp_path: Path) -> None:
    assert SOURCE.count(old) == 1
    net = small(LEAKY)
    rows = batches(net, seed=3, steps=2)
    for source, right in ((SOURCE, True), (SOURCE.replace(old, new), False)):
        assert follows(loaded(net, tmp_path, source), engine_of(net, adversary="down"), rows, "down") is right


@pytest.mark.torch
def test_gradients_are_those_of_finite_differences_and_batches_go_through_together(tmp_path: Path) -> None:
    module = loaded(small(LEAKY), tmp_path)
    torch = module.torch
    net = module.Net.load()
    x = torch.tensor([[0, 1], [1, 1], [1, 0]], dtype=torch.float64)
    together = net(x)
    assert together.tolist() == [net(row).item() for row in x]
    together.sum().backward()
    step = 2.0**-10
    for e in range(len(net.weight)):
        moved = module.Net.load()
        with torch.no_grad():
            moved.weight[e] += step
        assert (moved(x).sum() - together.sum()).item() / step == net.weight.grad[e].item()


@pytest.mark.torch
def test_kinks_missing_samples_and_wrong_arguments_are_refused(tmp_path: Path) -> None:
    edges = {("x1", "v"): 2, ("one", "v"): -2, ("v", "f"): Fraction(1, 2), ("one", "f"): Fraction(1, 4)}
    flat = flat_network(Fragment(inputs=("x1",), outputs=("f",), edges=edges, constant="one", sigma=RAMP))
    net = Trainable(network=flat, rho=Fraction(1, 4))
    module = loaded(net, tmp_path)
    model = module.Net.load()
    optimizer = module.torch.optim.SGD([model.weight], lr=model.rate)
    with pytest.raises(RuntimeError, match="need a loss with a derivative, got vertex 2 on a kink"):
        (model([1]) - 1).backward()
    with pytest.raises(ValueError, match="need an adversary among nearest, down"):
        module.Rounding(model, optimizer, adversary="kind")
    module.Rounding(model, optimizer, batch=2)
    model([0]).backward()
    with pytest.raises(ValueError, match="need a backward pass for each of 2 samples, got 1"):
        optimizer.step()
    with pytest.raises(ValueError, match=r"need x of shape \(1,\) or \(b, 1\), got \(2,\)"):
        model([0, 1])
    with pytest.raises(ValueError, match="need a random string of 0 bits, got 1"):
        module.Net.load(random_string=[1])
