"""The model of Lemma 3a as a PyTorch module (optional): float64, real bumps made of exp(-1/t), gradients by autograd.

Here nothing is cut short where it is constant: gates and bumps are smooth functions of the weights, autograd goes
through all of them, and the output is defined and smooth for any weights. At the weights that training reaches it
agrees with the exact model (:mod:`constructions.models.answering`), which is tested.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.foundations.descent import Sample
from constructions.foundations.network import Edge
from constructions.foundations.optional import optional
from constructions.learning.problems import Bits
from constructions.models.answering import (
    WHOLE,
    AnsweringModel,
    ModelWeights,
    Place,
    answer_edge,
    bit_edge,
    clock_edge,
)
from constructions.models.blocks_in_turn import Passage, ended, passed
from constructions.models.bumps import bump_place, gate_place, step
from constructions.models.snapping import nearest


def real_rise(t: Any) -> Any:
    """exp(-1/t) for t > 0, 0 elsewhere, of a tensor, so that autograd finds derivatives that are 0 for t <= 0.

    >>> real_rise(torch.tensor(-1.0))  # doctest: +SKIP
    """
    torch = optional("torch")
    inside = torch.where(t > 0, t, torch.ones_like(t))
    return torch.where(t > 0, torch.exp(-1 / inside), torch.zeros_like(t))


def real_gate(kappa: Any, rho: float) -> Any:
    """The gate for the weight of a clock, a tensor."""
    return step(gate_place(kappa, rho), real_rise)


def real_bump(value: Any, delta: Fraction) -> Any:
    """The bump of a weight, the tensor ``value``, around the nearest multiple of ``delta``.

    >>> real_bump(torch.tensor(0.5), Fraction(1, 4))  # doctest: +SKIP
    """
    centre = float(nearest(Fraction(value.item()), delta))
    return step(bump_place(value, centre, float(delta)), real_rise)


@dataclass(frozen=True, slots=True)
class TorchWeights:
    """The model at some weights, in float64: what :class:`ModelWeights` is in exact numbers.

    Parameters
    ----------
    exact : the model at the same weights, in exact numbers; they must be numbers of float64.
    """

    exact: ModelWeights

    @property
    def edges(self) -> Mapping[Edge, Fraction]:
        """The parameters by name."""
        return self.exact.edges

    def weight(self, tail: str, head: str) -> Fraction:
        """The value of the parameter whose name is ``tail`` and ``head``; ConstructionError for a name of none."""
        return self.exact.weight(tail, head)

    def with_weights(self, changes: Mapping[Edge, Fraction]) -> "TorchWeights":
        """The model with some parameters changed."""
        return TorchWeights(self.exact.with_weights(changes))

    def derivative(self, sample: Sample) -> dict[Edge, Fraction]:
        """The derivative of the squared loss on a sample (x, y) by each parameter, by autograd.

        >>> from importlib.util import find_spec
        >>> from constructions.learning.learners import best_literal
        >>> from constructions.models.one_step import plain
        >>> tau, sample = Fraction(1, 4), ((0, 1), 1)
        >>> method = best_literal(2, b=4, tau=tau)
        >>> exact = AnsweringModel(method=method, numbers=plain(tau, Fraction(1, 8))).start(())
        >>> if find_spec("torch"):  # an optional package
        ...     found, expected = TorchWeights(exact).derivative(sample), exact.derivative(sample)
        ...     assert max(abs(found[edge] - expected.get(edge, 0)) for edge in found) < 1e-9, "autograd finds the same"
        """
        x, y = sample
        module = torch_model(self.exact)
        loss = (module(x) - y) ** 2 / 2
        loss.backward()
        found = {edge: module.get_parameter(_name(edge)).grad for edge in self.edges}
        return {edge: Fraction(0 if grad is None else grad.item()) for edge, grad in found.items()}


def _name(edge: Edge) -> str:
    """The name of a parameter in the module."""
    return "_".join(edge).replace(" ", "_")


def torch_model(weights: ModelWeights) -> Any:
    """The model at some ``weights`` as a ``torch.nn.Module`` with a float64 parameter for each weight; called with a
    point x it gives the output as a tensor."""
    torch = optional("torch")
    module: Any = torch.nn.Module()
    for edge, value in weights.edges.items():
        tensor = torch.tensor(float(value), dtype=torch.float64)
        module.register_parameter(_name(edge), torch.nn.Parameter(tensor))
    module.forward = lambda x: real_output(weights.model, module, x)
    return module


def real_output(model: AnsweringModel, module: Any, x: Bits) -> Any:
    """The output of a ``model`` at a point x, with the parameters of a ``module``, a tensor."""
    torch = optional("torch")
    method, rho = model.method, model.numbers.rho
    here = {edge: getattr(module, _name(edge)) for edge in model.start((0,) * method.budget.r).edges}
    now = _weights(model, here)
    read = _product([here[bit_edge(i)] for i in range(1, method.budget.r + 1)], WHOLE)
    before = Passage(
        torch.zeros((), dtype=torch.float64),
        torch.ones((), dtype=torch.float64),
    )
    place = Place(1, now.first_state())
    for t in range(1, model.rounds + 1):
        gate = real_gate(here[clock_edge(t)], float(rho))
        before = passed(before, gate, _block(model, here, place, read, x))
        if (
            before.open.item() == 0
        ):  # a shut gate is flat: all that is behind it is multiplied by 0, and so is its slope
            return before.total
        read = read * _product([here[answer_edge(t, j)] for j in range(1, method.budget.p + 1)], rho)
        place = now.next_place(place)
    return ended(before, read * float(method.predictor(place.state)(x)))


def _weights(model: AnsweringModel, here: Mapping[Edge, Any]) -> ModelWeights:
    """The exact numbers for which the parameters stand: those of the grid that are nearest."""
    grid = {edge: WHOLE if edge[0] == "bit" else model.numbers.rho for edge in here}
    return ModelWeights(model, {edge: nearest(Fraction(value.item()), grid[edge]) for edge, value in here.items()})


def _product(values: list[Any], delta: Fraction) -> Any:
    torch = optional("torch")
    found = torch.ones((), dtype=torch.float64)
    for value in values:
        found = found * real_bump(value, delta)
    return found


def _block(model: AnsweringModel, here: Mapping[Edge, Any], place: Place, read: Any, x: Bits) -> Any:
    """What a block gives at a point: Lemma 8's model, whose queries are read off the parameters through bumps."""
    numbers, label, t = model.numbers, place.t % 2, place.t
    found = float(numbers.of_clock(label)) * here[clock_edge(t)]
    for j, value in enumerate(model.method.ask(place.state, t)(x, label), 1):
        coefficient = float(numbers.coefficient(label, Fraction(value)))
        found = found + read * coefficient * here[answer_edge(t, j)]
    return float(numbers.held(label)) + found
