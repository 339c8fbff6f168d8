"""A network as an ONNX model (optional: needs the package onnx): matrices and ReLUs in float64, as other verifiers of
networks read them.

A *block* is a set of vertices of one level and one activation. Its model is three nodes at most: the pre-activations z
by a ``Gemm`` (weights, and what comes of the constant), the ReLUs of the activation's form sigma(z) = C + sum_j c_j
relu(s_j (z - k_j)) in the same ``Gemm``, and their combination by a second one. What a block reads of others is put
together by ``Gather`` and ``Concat``; where it reads one block whole, as in a layered network, neither is needed.

Exactness. A weight of the network is a rational; the model has the nearest number of float64. If all weights are
numbers of float64 and every partial sum at every x in {0,1}^n is a multiple of a power of two and has at most 53 bits,
then no order of summation rounds anything: the model's value at each such x is the network's. :func:`inexact_on_bits`
says where this ends.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from constructions.errors import ConstructionError
from constructions.foundations.activation import IDENTITY, RELU, Activation
from constructions.foundations.files import write_bytes
from constructions.foundations.optional import optional
from constructions.networks.flat import FlatNetwork
from constructions.networks.relu import Gadget
from constructions.networks.trainable import Trainable
from constructions.training.engine import engine_of
from constructions.training.torch_export import find_levels

Floats = npt.NDArray[np.float64]
Value = tuple[int, str]
PRE, OUT = "pre", "out"
X, Y = "x", "y"
"""The names of the model's input (any number of rows of n) and of its output."""
OPSET, IR = 14, 8
MOST_ENTRIES = 1 << 26
"""A model has at most so many entries in its matrices."""
WIDEST = 128
"""A block whose activation is no single ReLU is cut into blocks of at most so many vertices."""
EXACT = 1 << 53


@dataclass(frozen=True, slots=True)
class Block:
    """Vertices of one level and one activation, sigma."""

    vertices: tuple[int, ...]
    sigma: Activation


def onnx_model(net: FlatNetwork, values: Sequence[Value], last: Activation | None = None) -> Any:
    """The model whose input is x and whose output is a row of some values of the network's vertices.

    Parameters
    ----------
    net : in arrays. values : vertices, each with ``out`` for its output or ``pre`` for its pre-activation.
    last : the activation of the network's outputs, if it is another one.

    Raises
    ------
    ConstructionError
        Without the package onnx, for a network without inputs, and for matrices beyond :data:`MOST_ENTRIES`.

    >>> from constructions.networks.flat import flat_network
    >>> from constructions.networks.gates import conjunction
    >>> model = onnx_model(flat_network(conjunction()), [(3, "out")])
    >>> [node.op_type for node in model.graph.node], model.graph.input[0].name
    (['Gemm', 'Relu', 'Gemm', 'Identity'], 'x')
    """
    if not net.inputs:
        raise ConstructionError("need a network with inputs, got none")
    return _Model(net, blocks_of(net, last)).made(values)


def blocks_of(net: FlatNetwork, last: Activation | None) -> list[Block]:
    """The vertices that compute, level by level; ``last`` is the activation of the outputs, if it is another one.

    >>> from constructions.networks.flat import flat_network
    >>> from constructions.networks.gates import conjunction
    >>> [(block.vertices, block.sigma.name) for block in blocks_of(flat_network(conjunction()), RELU)]
    [((3,), 'ReLU')]
    """
    level = np.zeros(net.size, np.int64)
    find_levels(net.offsets, net.sources, net.first, level)
    ends = set(net.outputs.values())
    rows: dict[tuple[int, bool], list[int]] = {}
    for v in range(net.first, net.size):
        rows.setdefault((int(level[v]), last is not None and v in ends), []).append(v)
    found = []
    for (_, at_end), vertices in sorted(rows.items()):
        sigma = last if at_end and last is not None else net.sigma
        width = len(vertices) if sigma in (RELU, IDENTITY) else WIDEST
        found += [Block(tuple(vertices[i : i + width]), sigma) for i in range(0, len(vertices), width)]
    return found


class _Model:
    """The nodes and the matrices of a model, block by block."""

    def __init__(self, net: FlatNetwork, blocks: Sequence[Block]) -> None:
        self.net, self.blocks = net, blocks
        self.nodes: list[Any] = []
        self.matrices: list[Any] = []
        self.entries = 0
        self.place: dict[int, tuple[str, int]] = {v: (X, v - 1) for v in range(1, net.first)}
        """The tensor in which a vertex's output stands, and its column."""
        self.width = {X: len(net.inputs)}
        self.before: dict[int, tuple[int, str]] = {}
        """The block of a vertex, and the tensor from which its pre-activation is computed."""

    @cached_property
    def helper(self) -> Any:
        return optional("onnx").helper

    def made(self, values: Sequence[Value]) -> Any:
        for number, block in enumerate(self.blocks):
            self._add(number, block)
        wanted = [self.place[v] if kind == OUT or v < self.net.first else self._pre(v) for v, kind in values]
        self._node("Identity", [self._columns(wanted, f"{Y}_columns")], Y)
        real = optional("onnx").TensorProto.DOUBLE
        ends = [
            self.helper.make_tensor_value_info(name, real, ["rows", width])
            for name, width in ((X, len(self.net.inputs)), (Y, len(values)))
        ]
        graph = self.helper.make_graph(self.nodes, "network", ends[:1], ends[1:], self.matrices)
        opset = self.helper.make_opsetid("", OPSET)
        return self.helper.make_model(graph, producer_name="querygrad", opset_imports=[opset], ir_version=IR)

    def _add(self, number: int, block: Block) -> None:
        """The output of a block as a tensor."""
        name, gadget = f"b{number}", Gadget.of(block.sigma)
        tensor, weights, bias = self._read(number, block.vertices)
        self.before |= dict.fromkeys(block.vertices, (number, tensor))
        if block.sigma == IDENTITY:
            self._gemm(tensor, weights, bias, name)
        else:
            wide = np.concatenate([weights * term.sign for term in gadget.terms], axis=1)
            shifted = np.concatenate([term.sign * (bias - _float(term.kink)) for term in gadget.terms])
            self._gemm(tensor, wide, shifted, f"{name}_relus_of")
            self._node("Relu", [f"{name}_relus_of"], name if block.sigma == RELU else f"{name}_relus")
            if block.sigma != RELU:
                whole = np.concatenate([np.eye(len(bias)) * _float(term.coefficient) for term in gadget.terms])
                self._gemm(f"{name}_relus", whole, np.full(len(bias), _float(gadget.constant)), name)
        self.width[name] = len(block.vertices)
        self.place |= {v: (name, i) for i, v in enumerate(block.vertices)}

    def _pre(self, vertex: int) -> tuple[str, int]:
        """The pre-activation of a vertex as a tensor of its own."""
        name = f"pre{vertex}"
        if name not in self.width:
            number, tensor = self.before[vertex]
            _, weights, bias = self._matrix(self.blocks[number].vertices)
            at = self.blocks[number].vertices.index(vertex)
            self._gemm(tensor, weights[:, at : at + 1], bias[at : at + 1], name)
            self.width[name] = 1
        return name, 0

    def _read(self, number: int, vertices: Sequence[int]) -> tuple[str, Floats, Floats]:
        """The tensor of all that some vertices read, their weights by its columns, and what comes of the constant."""
        tails, weights, bias = self._matrix(vertices)
        return self._columns([self.place[u] for u in tails], f"b{number}_reads"), weights, bias

    def _matrix(self, vertices: Sequence[int]) -> tuple[list[int], Floats, Floats]:
        """The tails in the order of their tensors, the weights (tails, vertices), and what comes of the constant."""
        edges = [(u, j, w) for j, v in enumerate(vertices) for u, w in self.net.into(v)]
        tails = sorted({u for u, _, _ in edges if u} or {1}, key=lambda u: self.place[u])
        at = {u: i for i, u in enumerate(tails)}
        weights, bias = np.zeros((len(tails), len(vertices))), np.zeros(len(vertices))
        for u, j, w in edges:
            if u:
                weights[at[u], j] = _float(w)
            else:
                bias[j] = _float(w)
        return tails, weights, bias

    def _columns(self, places: Sequence[tuple[str, int]], name: str) -> str:
        """A tensor with some columns of others, in this order."""
        runs: list[tuple[str, list[int]]] = []
        for tensor, column in places:
            if runs and runs[-1][0] == tensor:
                runs[-1][1].append(column)
            else:
                runs.append((tensor, [column]))
        parts = [self._gathered(tensor, columns, f"{name}_{i}") for i, (tensor, columns) in enumerate(runs)]
        return parts[0] if len(parts) == 1 else self._node("Concat", parts, name, axis=1)

    def _gathered(self, tensor: str, columns: list[int], name: str) -> str:
        if columns == list(range(self.width[tensor])):
            return tensor
        self._keep(f"{name}_at", np.array(columns, np.int64))
        return self._node("Gather", [tensor, f"{name}_at"], name, axis=1)

    def _gemm(self, tensor: str, weights: Floats, bias: Floats, name: str) -> None:
        self._keep(f"{name}_W", weights)
        self._keep(f"{name}_b", bias)
        self._node("Gemm", [tensor, f"{name}_W", f"{name}_b"], name)

    def _keep(self, name: str, array: npt.NDArray[Any]) -> None:
        self.entries += array.size
        if self.entries > MOST_ENTRIES:
            raise ConstructionError(f"need matrices of at most {MOST_ENTRIES} entries in all, got more, at {name}")
        self.matrices.append(optional("onnx.numpy_helper").from_array(array, name))

    def _node(self, kind: str, reads: Sequence[str], name: str, **attributes: Any) -> str:
        self.nodes.append(self.helper.make_node(kind, list(reads), [name], name=f"{kind}_{name}", **attributes))
        return name


def _float(number: Any) -> float:
    """The nearest number of float64."""
    return float(Fraction(number))


def write_onnx(net: Trainable, path: Path) -> str | None:
    """Write the model of a network, whose output is f(x), at a path, whole or not at all; return what
    :func:`inexact_on_bits` says of it, which the model's properties say, too.

    Raises
    ------
    ConstructionError
        As :func:`onnx_model` and :func:`inexact_on_bits`, and for a file that cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> from constructions.networks.flat import flat_network
    >>> from constructions.networks.gates import conjunction
    >>> net = Trainable(network=flat_network(conjunction()), rho=Fraction(1, 16))
    >>> with TemporaryDirectory() as folder:
    ...     print(write_onnx(net, Path(folder, "both.onnx")), Path(folder, "both.onnx").stat().st_size > 0)
    None True
    """
    model = onnx_model(net.network, [(net.output, OUT)], net.last)
    reason = inexact_on_bits(net)
    said = {
        "inputs": ", ".join(net.network.inputs),
        "exact": f"at every x in {{0,1}}^{len(net.network.inputs)}" if reason is None else f"no: {reason}",
    }
    optional("onnx").helper.set_model_props(model, said)
    write_bytes(path, model.SerializeToString())
    return reason


def inexact_on_bits(net: Trainable) -> str | None:
    """Why the model of a network may differ from it at some x in {0,1}^n; None if it is exact at each.

    Raises
    ------
    ConstructionError
        If no number system of this project holds the network's numbers.

    >>> from constructions.networks.flat import flat_network
    >>> from constructions.networks.gates import conjunction
    >>> net = Trainable(network=flat_network(conjunction()), rho=Fraction(1, 16))
    >>> inexact_on_bits(net), inexact_on_bits(net.with_moved({0: Fraction(1, 3)}))
    (None, 'a weight of v3 is 1/3')
    """
    found, flat = engine_of(net).ranges(downwards=False), net.network
    known: dict[int, tuple[Fraction, int]] = {0: (Fraction(1), 1)}
    for block in blocks_of(flat, net.last):
        gadget = Gadget.of(block.sigma)
        for v in block.vertices:
            edges = flat.into(v)
            for u, _ in edges:
                if u not in known:
                    low, high, grid = found.values(u)
                    known[u] = max(abs(low), abs(high)), lcm(low.denominator, grid.denominator)
            reason = _inexact(gadget, [(w, *known[u]) for u, w in edges])
            if reason is not None:
                return f"{reason[0]} of {flat.name(v)} {reason[1]}"
    return None


def _inexact(gadget: Gadget, edges: Iterable[tuple[Fraction, Fraction, int]]) -> tuple[str, str] | None:
    """What of a vertex may be rounded, and how it is; its edges have a weight, a bound for what they carry, and the
    denominator of that."""
    rows = list(edges)
    odd = next((w for w, _, _ in rows if not _is_held(w)), None)
    if odd is not None:
        return "a weight", f"is {odd}"
    most = sum((abs(w) * bound for w, bound, _ in rows), Fraction(0))
    under = lcm(*(w.denominator * denominator for w, _, denominator in rows))
    farthest = max((abs(term.kink) for term in gadget.terms), default=Fraction(0))
    under = lcm(under, *(term.kink.denominator for term in gadget.terms))
    after = under * lcm(gadget.constant.denominator, *(term.coefficient.denominator for term in gadget.terms))
    whole = abs(gadget.constant) + sum((abs(t.coefficient) for t in gadget.terms), Fraction(0)) * (most + farthest)
    for what, bound, denominator in (("a sum", most + farthest, under), ("a combination of ReLUs", whole, after)):
        if denominator & (denominator - 1) or bound * denominator > EXACT:
            return what, "may need more than 53 bits"
    return None


def _is_held(number: Fraction) -> bool:
    return Fraction(float(number)) == number
