"""A PyTorch module as a model of gradient descent (optional: needs PyTorch), so that it can be trained by queries.

Weights are rationals that float64 holds, and a gradient's entry is what autograd finds in float64, read as a rational.
How far that is from the true derivative is for the caller to say (the *slack*): nothing here proves it. With a slack of
0 the module is taken at its word, and what is trained is the function whose derivative autograd says it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.errors import ConstructionError
from constructions.foundations.descent import Descent
from constructions.foundations.exact import rational
from constructions.foundations.optional import optional
from constructions.learning.descent_methods import BSGD, FBGD, DescentMethod
from constructions.learning.problems import Bits

Place = tuple[str, int]
FIRST = 1 << 20
"""First weights are multiples of 1 over this, so that float64 holds what they become."""


def pytorch() -> Any:
    """The package PyTorch, loaded when it is first used; ConstructionError where it is not installed."""
    return optional("torch")


@dataclass(frozen=True, slots=True)
class TorchModel:
    """A module at some weights.

    Parameters
    ----------
    module : takes a row of n numbers of float64 and returns one number; it is never changed. shapes : its parameters
        by name. weights : one for each entry of each parameter, in that order.
    """

    module: Any
    shapes: tuple[tuple[str, tuple[int, ...]], ...]
    weights: tuple[Fraction, ...]

    @property
    def places(self) -> list[Place]:
        """The parameter and the entry of each weight."""
        return [(name, i) for name, shape in self.shapes for i in range(_size(shape))]

    @property
    def edges(self) -> dict[Place, Fraction]:
        """The weights by their places."""
        return dict(zip(self.places, self.weights, strict=True))

    def with_weights(self, weights: Mapping[Place, Fraction]) -> "TorchModel":
        """The model with some weights changed; ConstructionError for one that float64 does not hold.

        >>> model = TorchModel(None, (("weight", (1, 2)),), (Fraction(1, 2), Fraction(0)))
        >>> model.with_weights({("weight", 1): Fraction(3)}).weights
        (Fraction(1, 2), Fraction(3, 1))
        """
        changed = {**self.edges, **weights}
        return TorchModel(self.module, self.shapes, tuple(_held(changed[place], place) for place in self.places))

    def __call__(self, x: Bits) -> Fraction:
        with pytorch().no_grad():
            return Fraction(float(self._output(self._parameters(), x)))

    def gradient(self, x: Bits, y: int) -> dict[Place, Fraction]:
        """What autograd finds for the derivative of half of (f(x) - y)^2 by each weight.

        >>> from importlib.util import find_spec
        >>> if find_spec("torch"):  # an optional package
        ...     line = pytorch().nn.Linear(2, 1, bias=False).double()
        ...     model = TorchModel(line, (("weight", (1, 2)),), (Fraction(1, 2), Fraction(0)))
        ...     found = model.gradient((1, 0), 0)  # f(x) = w1 x1 + w2 x2, so half of its square grows by f(x) x1
        ...     assert found == {("weight", 0): Fraction(1, 2), ("weight", 1): 0}, found
        """
        parameters = {name: value.requires_grad_() for name, value in self._parameters().items()}
        loss = (self._output(parameters, x) - y) ** 2 / 2
        found = pytorch().autograd.grad(loss, list(parameters.values()), allow_unused=True)
        entries = [
            number
            for value, (_, shape) in zip(found, self.shapes, strict=True)
            for number in ([0.0] * _size(shape) if value is None else value.reshape(-1).tolist())
        ]
        return {place: Fraction(entry) for place, entry in zip(self.places, entries, strict=True)}

    def _parameters(self) -> dict[str, Any]:
        numbers, found = [float(weight) for weight in self.weights], {}
        for name, shape in self.shapes:
            own, numbers = numbers[: _size(shape)], numbers[_size(shape) :]
            found[name] = pytorch().tensor(own, dtype=pytorch().float64).reshape(shape)
        return found

    def _output(self, parameters: Mapping[str, Any], x: Bits) -> Any:
        row = pytorch().tensor(x, dtype=pytorch().float64)
        return pytorch().func.functional_call(self.module, dict(parameters), (row,)).reshape(())


def torch_method(
    module: Any,
    *,
    n: int,
    steps: int,
    b: int,
    rho: Fraction,
    rate: Fraction = Fraction(1),
    slack: Fraction = Fraction(0),
    same: bool = False,
) -> DescentMethod:
    """Gradient descent on a PyTorch module from the weights that it has, each rounded to a multiple of 2^-20.

    Parameters
    ----------
    module : takes n numbers and returns one. n : bits of x. steps, b, rho, rate : T, batch size, precision, step size.
    slack : how far an entry that autograd finds may be from the true one, by the caller's word.
    same : whether all steps look at the same batch (fbGD).

    Raises
    ------
    ConstructionError
        Where it is run, for a weight that float64 does not hold.
    """
    shapes = tuple((name, tuple(value.shape)) for name, value in module.named_parameters())
    numbers = [number for _, value in module.named_parameters() for number in value.detach().reshape(-1).tolist()]
    model = TorchModel(module, shapes, tuple(Fraction(round(number * FIRST), FIRST) for number in numbers))
    p = len(numbers)
    budget: Any = FBGD(steps=steps, rho=rho, m=b, p=p) if same else BSGD(steps=steps, rho=rho, b=b, p=p)
    derivative: Any = lambda now, sample: now.gradient(*sample)  # noqa: E731
    return DescentMethod(
        n=n,
        budget=budget,
        start=lambda bits: model,
        descent=Descent(rho=rational(rho, where="rho"), rate=rate, derivative=derivative),
        predictor=lambda now: now,
        slack=slack,
    )


def _size(shape: tuple[int, ...]) -> int:
    size = 1
    for length in shape:
        size *= length
    return size


def _held(weight: Fraction, place: Place) -> Fraction:
    if Fraction(float(weight)) != weight:
        raise ConstructionError(f"need weights that float64 holds, got {weight}, at {place[0]}[{place[1]}]")
    return weight
