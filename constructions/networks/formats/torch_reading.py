"""A PyTorch module read as a fragment (optional: needs PyTorch).

The module is taken apart by ``torch.fx``, so it may be a ``Sequential`` or have a ``forward`` of its own. Understood
are ``Linear``, one activation (``ReLU``, ``ReLU6``, ``Hardtanh``, or modules that the reader names, such as a ramp),
sums, differences and concatenations, and what only changes a shape. It is read for one row of inputs, without noise (as
after ``eval()``). Its parameters are taken as the rationals that they are, so what is proved of the fragment is proved
of the function that the module means, and not of how PyTorch rounds while it computes it.
"""

import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from constructions.errors import ConstructionError
from constructions.foundations.activation import RELU, Activation
from constructions.foundations.optional import optional
from constructions.networks.formats.affine import Array, GivenNetwork, Reading, clipping, exact_array


def read_torch(module: Any, inputs: int, *, activations: Mapping[type, Activation] | None = None) -> GivenNetwork:
    """The network that a PyTorch module is.

    Parameters
    ----------
    module : takes a row of numbers. inputs : how many. activations : which activation modules of other types compute.

    Raises
    ------
    ConstructionError
        Without PyTorch, for a part that is not understood, and for two different activations.
    """
    taken = dict(activations or {})
    fx = optional("torch.fx")
    kinds = tuple(taken)

    class Tracer(fx.Tracer):  # type: ignore[misc, name-defined]
        """Takes a module apart, but for those that are activations."""

        def is_leaf_module(self, part: Any, name: str) -> bool:
            """Whether a part, of this name, is looked at as a whole."""
            return isinstance(part, kinds) or super().is_leaf_module(part, name)

    try:
        graph = Tracer().trace(module)
    except Exception as error:  # whatever a forward of the user's own does with what it is given
        got = f"{type(error).__name__}: {' '.join(str(error).split())}"[:200]
        raise ConstructionError(f"need a module that torch.fx can take apart, got {got}") from error
    return _Parts(module, taken).read(graph, inputs)


class _Parts:
    """A module that was taken apart."""

    def __init__(self, module: Any, activations: Mapping[type, Activation]) -> None:
        self.module, self.activations = module, activations
        self.reading = Reading(f"the module {type(module).__name__}")

    def read(self, graph: Any, inputs: int) -> GivenNetwork:
        values: dict[Any, Any] = {}
        for node in graph.nodes:
            if node.op == "output":
                return self.reading.ended(self._argument(node.args[0], values))
            values[node] = self._value(node, values, inputs)
        raise ConstructionError(f"need a module that returns something, got none, at {self.reading.where}")

    def _value(self, node: Any, values: Mapping[Any, Any], inputs: int) -> Any:
        if node.op == "placeholder":
            if any(each.op == "placeholder" for each in values):
                raise ConstructionError(f"need a module of one argument, got more, at {self.reading.where}")
            return self.reading.inputs(inputs).reshape(1, inputs)
        if node.op == "get_attr":
            return _numbers(operator.attrgetter(node.target)(self.module))
        read = [self._argument(each, values) for each in node.args]
        if node.op == "call_module":
            return self._by_module(self.module.get_submodule(node.target), read[0])
        return self._by_function(node, read, dict(node.kwargs))

    def _argument(self, given: Any, values: Mapping[Any, Any]) -> Any:
        if isinstance(given, list | tuple):
            return [self._argument(each, values) for each in given]
        return values.get(given, given) if type(given).__name__ == "Node" else given

    def _by_module(self, part: Any, value: Array) -> Array:
        nn = optional("torch.nn")
        sigma = self._activation_of(part)
        if sigma is not None:
            return self.reading.activated(value, sigma)
        if isinstance(part, nn.Linear):
            product: Array = value @ _numbers(part.weight).T
            return product if part.bias is None else product + _numbers(part.bias)
        if isinstance(part, nn.Flatten):
            return value.reshape(1, -1)
        if isinstance(part, nn.Identity | nn.Dropout):
            return value
        raise ConstructionError(
            f"need Linear, an activation or what is understood, got {type(part).__name__}, at {self.reading.where}"
        )

    def _activation_of(self, part: Any) -> Activation | None:
        nn = optional("torch.nn")
        for kind, sigma in self.activations.items():
            if isinstance(part, kind):
                return sigma
        if isinstance(part, nn.Hardtanh):  # ReLU6 is one
            return clipping(part.min_val, part.max_val)
        return RELU if isinstance(part, nn.ReLU) else None

    def _by_function(self, node: Any, read: list[Any], named: dict[str, Any]) -> Array:
        name = getattr(node.target, "__name__", str(node.target))
        if name == "relu":
            return self.reading.activated(read[0], RELU)
        if name == "hardtanh":
            ends = [*read[1:], *([named.get("min_val", -1.0), named.get("max_val", 1.0)][len(read) - 1 :])]
            return self.reading.activated(read[0], clipping(*ends[:2]))
        operation = FUNCTIONS.get(name)
        if operation is None:
            known = ", ".join(sorted((*FUNCTIONS, "relu", "hardtanh")))
            raise ConstructionError(f"need functions among {known}, got {name}, at {self.reading.where}")
        return operation(*map(_exact, read), **named)


def _numbers(tensor: Any) -> Array:
    return exact_array(tensor.detach().cpu().double().numpy())


def _exact(value: Any) -> Any:
    """A float of the program as the rational that it is; everything else as it is."""
    return exact_array(np.array(value)).item() if isinstance(value, float) else value


def _joined(parts: list[Array], dim: int = 0) -> Array:
    return np.concatenate(parts, axis=dim)


FUNCTIONS: dict[str, Callable[..., Array]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "neg": operator.neg,
    "cat": _joined,
    "concat": _joined,
    "flatten": lambda value, *dims, **named: value.reshape(1, -1),
    "reshape": lambda value, *shape: value.reshape(shape[0] if isinstance(shape[0], list) else shape),
    "view": lambda value, *shape: value.reshape(shape[0] if isinstance(shape[0], list) else shape),
    "squeeze": lambda value, *dims: np.squeeze(value, *dims),
    "getitem": operator.getitem,
}
"""What functions and methods of PyTorch do with arrays of affine numbers and of numbers, by name."""
