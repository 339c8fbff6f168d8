"""PyTorch modules as fragments: the same numbers at random points (`-m torch`), and what is refused."""

import importlib.util
import random
from fractions import Fraction
from typing import Any

import pytest

from constructions.errors import ConstructionError
from constructions.foundations.activation import HARD_TANH, RAMP, Activation
from constructions.networks.formats.torch_reading import read_torch

if importlib.util.find_spec("torch") is None:
    torch: Any = None
else:
    torch = importlib.import_module("torch")


def rounded(module: Any) -> Any:
    """The module with float64 parameters that are multiples of 1/64, so that small sums are exact."""
    torch.manual_seed(1)
    with torch.no_grad():
        for each in module.double().parameters():
            each.copy_((each * 64).round() / 64)
    return module


def agrees(module: Any, inputs: int, **named: Any) -> Any:
    """The network that a module is, after its numbers were compared at random points."""
    given, draw = read_torch(rounded(module), inputs, **named), random.Random(1)
    for _ in range(20):
        x = [Fraction(draw.randint(-64, 64), 16) for _ in range(inputs)]
        found = module(torch.tensor([[float(value) for value in x]], dtype=torch.float64)).reshape(-1).tolist()
        assert [float(value) for value in given(x)] == found
    return given


@pytest.mark.torch
def test_a_stack_of_layers_is_read() -> None:
    nn = torch.nn
    given = agrees(nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Dropout(), nn.Linear(4, 2)).eval(), 3)
    assert given.value == "pre" and given.fragment.outputs == ("y1", "y2")
    ends = agrees(nn.Sequential(nn.Linear(2, 3), nn.Hardtanh()), 2)
    assert ends.value == "out" and ends.fragment.sigma == HARD_TANH
    assert (
        agrees(nn.Sequential(nn.Linear(2, 3, bias=False), nn.ReLU6(), nn.Linear(3, 1)), 2).fragment.sigma.kinks[1] == 6
    )


@pytest.mark.torch
def test_a_forward_of_its_own_and_a_ramp_are_read() -> None:
    nn = torch.nn

    class Ramp(nn.Module):  # type: ignore[misc, name-defined]
        def forward(self, z: Any) -> Any:
            return -2 + torch.relu(z + 3) - torch.relu(z + 1) + torch.relu(z) - torch.relu(z - 2)

    class Skips(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.one, self.two, self.ramp = nn.Linear(2, 2), nn.Linear(4, 2), Ramp()
            self.shift = nn.Parameter(torch.ones(2))

        def forward(self, x: Any) -> Any:
            hidden = self.ramp(self.one(x)) + x * 0.5 - self.shift
            return self.ramp(self.two(torch.cat([hidden, -x], dim=1))).flatten()

    taken: dict[type, Activation] = {Ramp: RAMP}
    assert agrees(Skips(), 2, activations=taken).fragment.sigma == RAMP
    assert agrees(Skips(), 2).value == "pre"  # without a word, the ramp is what its forward says: ReLUs


@pytest.mark.torch
def test_what_is_not_understood_is_refused() -> None:
    nn = torch.nn
    with pytest.raises(ConstructionError, match="got Sigmoid"):
        read_torch(nn.Sequential(nn.Linear(1, 1), nn.Sigmoid()), 1)
    with pytest.raises(ConstructionError, match="need one activation, got ReLU and clip"):
        read_torch(nn.Sequential(nn.Linear(1, 1), nn.ReLU(), nn.Hardtanh()), 1)
    with pytest.raises(ConstructionError, match=r"need functions among .*, got exp"):

        class Exponential(nn.Module):  # type: ignore[misc, name-defined]
            def forward(self, x: Any) -> Any:
                return torch.exp(x)

        read_torch(Exponential(), 1)


@pytest.mark.skipif(torch is not None, reason="PyTorch is installed")
def test_without_pytorch_one_line_says_what_is_needed() -> None:
    with pytest.raises(ConstructionError, match=r"need torch \(pip install 'querygrad\[torch\]'\), got none installed"):
        read_torch(object(), 1)
