"""A network in an ONNX file, read as a fragment (optional: needs the package onnx).

The operations that are understood are those of feed-forward networks: matrices and vectors of numbers (``Gemm``,
``MatMul``, ``Add``, ``Sub``, ``Mul`` and ``Div`` by numbers, ``Neg``), one activation (``Relu`` or ``Clip``), and
moving numbers about (``Concat``, ``Gather``, ``Flatten``, ``Reshape``, ``Transpose``, ``Squeeze``, ``Unsqueeze``,
``Identity``). Anything else is refused by its name. The network is read for one row of inputs, flattened; its numbers
are taken as the rationals that they are, so what is proved of the fragment is proved of the function that the file
means, and not of how a program rounds while it computes it.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from constructions.errors import ConstructionError
from constructions.foundations.activation import RELU
from constructions.foundations.optional import optional
from constructions.networks.formats.affine import Array, GivenNetwork, Reading, clipping, exact_array

Attributes = Mapping[str, Any]
Operation = Callable[..., Array]
MOST_BYTES = 1 << 28


def read_onnx(path: Path | str) -> GivenNetwork:
    """The network in the ONNX file at a path.

    Raises
    ------
    ConstructionError
        Without the package onnx, for a file that cannot be read, and for operations that are not understood.

    >>> read_onnx("no.onnx")
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need a file that can be read, got No such file or directory, at no.onnx
    """
    onnx = optional("onnx")
    try:
        if Path(path).stat().st_size > MOST_BYTES:
            raise ConstructionError(f"need a file of at most {MOST_BYTES} bytes, got more, at {path}")
        model = onnx.load_model_from_string(Path(path).read_bytes())
    except OSError as error:
        raise ConstructionError(f"need a file that can be read, got {error.strerror}, at {path}") from error
    except (ValueError, onnx.onnx_cpp2py_export.checker.ValidationError) as error:
        raise ConstructionError(f"need an ONNX file, got another, at {path}") from error
    except Exception as error:  # protobuf has an error of its own
        if type(error).__name__ != "DecodeError":
            raise
        raise ConstructionError(f"need an ONNX file, got another, at {path}") from error
    return network_of_onnx(model, where=str(path))


def network_of_onnx(model: Any, *, where: str = "the model") -> GivenNetwork:
    """The network that an ONNX model computes for one row of inputs; errors name the place ``where``.

    Raises
    ------
    ConstructionError
        For several inputs or outputs, for operations that are not understood, and as
        :class:`constructions.networks.formats.affine.Reading`.

    >>> import onnx.parser
    >>> head = '<ir_version: 8, opset_import: ["" : 14]> twice (double[1, 1] x) => (double[1, 1] y) '
    >>> body = "<double[1, 1] w = {2}> { z = MatMul(x, w) y = Relu(z) }"
    >>> given = network_of_onnx(onnx.parser.parse_model(head + body))
    >>> given.value, [str(given([x])[0]) for x in (Fraction(3, 4), -1)]
    ('out', ['3/2', '0'])
    """
    graph, reading = model.graph, Reading(where)
    values: dict[str, Any] = {each.name: _stored(each) for each in graph.initializer}
    given = [each for each in graph.input if each.name not in values]
    if len(given) != 1 or len(graph.output) != 1:
        raise ConstructionError(f"need one input and one output, got {len(given)} and {len(graph.output)}, at {where}")
    shape = [each.dim_value or 1 for each in given[0].type.tensor_type.shape.dim]
    values[given[0].name] = reading.inputs(int(np.prod(shape))).reshape(shape)
    for node in graph.node:
        values[node.output[0]] = _done(node, values, reading)
    return reading.ended(values[graph.output[0].name])


def _stored(tensor: Any) -> Array:
    """An array of a file: indices and shapes stay whole numbers, weights become rationals."""
    found = optional("onnx.numpy_helper").to_array(tensor)
    return found if found.dtype.kind in "iu" else exact_array(found)


def _done(node: Any, values: Mapping[str, Any], reading: Reading) -> Array:
    helper = optional("onnx.helper")
    attributes = {each.name: helper.get_attribute_value(each) for each in node.attribute}
    read: list[Any] = [values[name] if name else None for name in node.input]
    if node.op_type == "Relu":
        return reading.activated(read[0], RELU)
    if node.op_type == "Clip":
        low, high = _ends(read, attributes)
        return reading.activated(read[0], clipping(low, high))
    if node.op_type == "Constant" and "value" in attributes:
        return _stored(attributes["value"])
    operation = OPERATIONS.get(node.op_type)
    if operation is None:
        known = ", ".join(sorted((*OPERATIONS, "Clip", "Constant", "Relu")))
        raise ConstructionError(f"need operations among {known}, got {node.op_type}, at {reading.where}")
    try:
        return operation(attributes, *read)
    except (TypeError, IndexError, ValueError) as error:
        if isinstance(error, ConstructionError):
            raise
        got = f"{type(error).__name__}: {error}"[:200]
        raise ConstructionError(
            f"need an operation on arrays that fit, got {got}, at {node.op_type} in {reading.where}"
        ) from error


def _ends(read: Sequence[Any], attributes: Attributes) -> tuple[Fraction, Fraction]:
    """The two ends of a Clip, which newer files have as inputs and older ones as attributes."""
    ends: list[Any] = [
        read[i].item() if len(read) > i and read[i] is not None else attributes.get(name)
        for i, name in ((1, "min"), (2, "max"))
    ]
    if None in ends:
        raise ConstructionError("need a Clip with both ends, got one without")
    return Fraction(ends[0]), Fraction(ends[1])


def _gemm(attributes: Attributes, a: Array, b: Array, c: Array | None = None) -> Array:
    a = a.T if attributes.get("transA") else a
    b = b.T if attributes.get("transB") else b
    product: Array = (a @ b) * Fraction(attributes.get("alpha", 1.0))
    return product if c is None else product + c * Fraction(attributes.get("beta", 1.0))


def _flatten(attributes: Attributes, a: Array) -> Array:
    axis = attributes.get("axis", 1)
    return a.reshape(int(np.prod(a.shape[:axis], dtype=int)), -1)


def _reshape(attributes: Attributes, a: Array, shape: Array) -> Array:
    wanted = [a.shape[i] if size == 0 else int(size) for i, size in enumerate(shape.tolist())]
    return a.reshape(wanted)


def _axes(attributes: Attributes, given: Array | None) -> tuple[int, ...]:
    return tuple(given.tolist() if given is not None else attributes["axes"])


OPERATIONS: dict[str, Operation] = {
    "Gemm": _gemm,
    "MatMul": lambda how, a, b: a @ b,
    "Add": lambda how, a, b: a + b,
    "Sub": lambda how, a, b: a - b,
    "Mul": lambda how, a, b: a * b,
    "Div": lambda how, a, b: a * (1 / b),
    "Neg": lambda how, a: -a,
    "Concat": lambda how, *parts: np.concatenate(parts, axis=how["axis"]),
    "Gather": lambda how, a, at: np.take(a, at, axis=how.get("axis", 0)),
    "Identity": lambda how, a: a,
    "Flatten": _flatten,
    "Reshape": _reshape,
    "Transpose": lambda how, a: np.transpose(a, how.get("perm")),
    "Squeeze": lambda how, a, axes=None: np.squeeze(a, _axes(how, axes)),
    "Unsqueeze": lambda how, a, axes=None: np.expand_dims(a, _axes(how, axes)),
}
"""What each operation does with arrays of affine numbers and of numbers; the first argument has its attributes."""
