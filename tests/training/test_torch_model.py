"""A PyTorch module trained by queries (`-m torch`), and what is said without PyTorch."""

import sys
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from constructions.errors import ConstructionError
from constructions.foundations.activation import IDENTITY
from constructions.foundations.network import Network
from constructions.learning.descent_methods import network_method
from constructions.learning.oracles import highest, lowest, randomly, run
from constructions.learning.problems import uniform
from constructions.reductions.descent_by_queries import lemma_4, lemma_13
from constructions.training.torch_model import TorchModel, torch_method

F = Fraction


@pytest.fixture
def torch() -> Any:
    return pytest.importorskip("torch")


@pytest.mark.torch
@pytest.mark.parametrize(("same", "lemma"), [(False, lemma_4), (True, lemma_13)])
def test_a_linear_module_takes_the_steps_of_the_exact_network(torch: Any, same: bool, lemma: Any) -> None:
    module = torch.nn.Linear(2, 1, dtype=torch.float64)
    with torch.no_grad():
        module.weight.copy_(torch.tensor([[0.25, -0.5]]))
        module.bias.fill_(0.125)
    edges = {("x1", "f"): F(1, 4), ("x2", "f"): F(-1, 2), ("one", "f"): F(1, 8)}
    net = Network(inputs=("x1", "x2"), outputs=("f",), edges=edges, constant="one", sigma=IDENTITY)
    sizes: dict[str, Any] = {"steps": 5, "rho": F(1, 16), "b": 8, "rate": F(1, 2), "same": same}
    methods = (torch_method(module, n=2, **sizes), network_method(net, **sizes))
    source = uniform(2, lambda x: x[0])
    for oracle in (highest, lowest):
        one, other = (run(lemma()(method), source, oracle=oracle, seed=3) for method in methods)
        assert [one(x) for x in product((0, 1), repeat=2)] == [other(x) for x in product((0, 1), repeat=2)]
    assert module.bias.item() == 0.125


@pytest.mark.torch
@pytest.mark.parametrize("oracle", [highest, lowest, randomly(2)])
def test_a_module_with_tanh_learns_by_queries(torch: Any, oracle: Any) -> None:
    torch.manual_seed(1)
    layers = (torch.nn.Linear(2, 3, dtype=torch.float64), torch.nn.Tanh(), torch.nn.Linear(3, 1, dtype=torch.float64))
    method = torch_method(torch.nn.Sequential(*layers), n=2, steps=40, b=16, rho=F(1, 64), slack=F(1, 2**20))
    made = lemma_4(slack=F(1, 2**20))(method)
    assert (made.budget.p, made.budget.tau) == (13, F(1, 256) - F(1, 2**20))
    h = run(made, uniform(2, lambda x: x[1]), oracle=oracle, seed=1)
    assert [2 * h(x) > 1 for x in product((0, 1), repeat=2)] == [False, True, False, True]


@pytest.mark.torch
def test_a_parameter_that_is_not_used_has_the_gradient_0(torch: Any) -> None:
    class Half(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.used = torch.nn.Parameter(torch.tensor(0.5, dtype=torch.float64))
            self.idle = torch.nn.Parameter(torch.zeros(2, dtype=torch.float64))

        def forward(self, x: Any) -> Any:
            return self.used * x[0]

    model = torch_method(Half(), n=1, steps=1, b=1, rho=F(1, 4)).start(())
    assert list(model.gradient((1,), 0).values()) == [F(1, 2), 0, 0]


def test_a_weight_that_float64_does_not_hold_is_refused() -> None:
    model = TorchModel(None, (("w", ()),), (F(1, 2),))
    with pytest.raises(ConstructionError, match=r"need weights that float64 holds, got 1/3, at w\[0\]"):
        model.with_weights({("w", 0): F(1, 3)})


def test_pytorch_is_asked_for_where_it_is_used_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ConstructionError, match="need torch"):
        TorchModel(None, (("w", ()),), (F(1, 2),))((1,))
