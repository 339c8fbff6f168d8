"""Networks as files (``.qgn``): a header in JSON, then arrays of 64-bit integers; no pickle, nothing is executed.

The container is that of :mod:`constructions.networks.container`, with the mark ``QGNET``, two zero bytes, a byte 1. The
header has the keys :data:`KEYS`. ``arrays`` lists name and length of offsets (N + 1), sources (m), weights (m), sampled
and frozen, in this order; ``sha256`` is the digest of their bytes. Rationals are strings such as ``"-3/8"``, names can
be printed, weights are integers over ``scale``.
"""

import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

from constructions.errors import ConstructionError
from constructions.foundations.activation import Activation
from constructions.foundations.exact import rational
from constructions.foundations.files import write_bytes
from constructions.foundations.spelling import printable
from constructions.networks.container import DIGEST, FileKind, file_data, read_arrays
from constructions.networks.flat import MOST, FlatNetwork, Integers
from constructions.networks.trainable import Trainable

ARRAYS = ("offsets", "sources", "weights", "sampled", "frozen")
SAID = ("inputs", "scale", "sigma", "last", "output", "rho", "rate", "batch", "steps", "loss", "labels", "hints")
KEYS = frozenset((*SAID, "arrays", DIGEST))
RATIONAL = re.compile(r"-?(0|[1-9][0-9]*)(/[1-9][0-9]*)?")
SUFFIX = ".qgn"
NETWORK = FileKind(name=f"a {SUFFIX} file", holds="a network", mark=b"QGNET\0\0\1", keys=KEYS, sealed=False)
LOSS, LABELS = "half the square", [0, 1]
MOST_PIECES = 1000


def network_bytes(net: Trainable) -> bytes:
    """The file of a network.

    Raises
    ------
    ConstructionError
        For a network that could not be read back: names that cannot be printed, numbers above 2^60, hints that are not
        JSON.

    >>> from constructions.networks.flat import flat_network
    >>> from constructions.networks.gates import conjunction
    >>> data = network_bytes(Trainable(network=flat_network(conjunction()), rho=Fraction(1, 16)))
    >>> again = read_network_bytes(data)
    >>> again.network.weights.tolist(), str(again.rho), network_bytes(again) == data
    ([-4, 2, 2], '1/16', True)
    """
    flat = net.network
    arrays = dict(zip(ARRAYS, (flat.offsets, flat.sources, flat.weights, net.sampled, net.frozen), strict=True))
    header = {
        "inputs": list(flat.inputs),
        "scale": flat.scale,
        "sigma": spelled_activation(flat.sigma),
        "last": net.last and spelled_activation(net.last),
        "output": net.output,
        "rho": str(net.rho),
        "rate": str(net.rate),
        "batch": net.batch,
        "steps": net.steps,
        "loss": LOSS,
        "labels": LABELS,
        "arrays": [{"name": name, "length": len(array)} for name, array in arrays.items()],
        "hints": dict(net.hints),
    }
    _check(header)
    try:
        json.dumps(header["hints"], ensure_ascii=False).encode()  # no lone surrogates
        return NETWORK.packed(header, list(arrays.values()))
    except (ValueError, TypeError) as error:
        raise ConstructionError(f"need hints that JSON can hold, got {str(error)[:100]}") from error


def write_network(path: Path | str, net: Trainable) -> None:
    """Write a network's file at a path, through a temporary one beside it.

    Raises
    ------
    ConstructionError
        For another ending than ``.qgn``, or a file that cannot be written.

    >>> import tempfile
    >>> from constructions.networks.flat import flat_network
    >>> from constructions.networks.gates import conjunction
    >>> net = Trainable(network=flat_network(conjunction()), rho=Fraction(1, 16))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_network(f"{folder}/and.qgn", net)
    ...     read_network(f"{folder}/and.qgn").network.weights.tolist()
    [-4, 2, 2]
    """
    if Path(path).suffix != SUFFIX:
        raise ConstructionError(f"need a file that ends in {SUFFIX}, got {Path(path).name!r}")
    write_bytes(path, network_bytes(net))


def read_network(path: Path | str) -> Trainable:
    """Read and check a network's file.

    Raises
    ------
    ConstructionError
        For a file that cannot be read or is not of this form, naming what was wrong and where.
    """
    return read_network_bytes(file_data(path), where=str(path))


def read_network_bytes(data: bytes, *, where: str = "the file") -> Trainable:
    """The network that a file's bytes, ``data``, hold.

    Raises
    ------
    ConstructionError
        For bytes that are no such file; the message ends with ``where``.
    """
    header, body = NETWORK.unpacked(data, where=where)
    try:
        return _network(header, _arrays(header, body))
    except ConstructionError as error:
        raise ConstructionError(f"{error}, at {where}") from error
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError, ArithmeticError, RecursionError) as error:
        got = f"{type(error).__name__}: {error}"[:200]
        raise ConstructionError(f"need the header of a network, got one with {got}, at {where}") from error


def _arrays(header: dict[str, Any], body: memoryview) -> dict[str, Integers]:
    listed = [(entry["name"], entry["length"]) for entry in header["arrays"]]
    if [name for name, _ in listed] != list(ARRAYS) or any(
        type(length) is not int or length < 0 for _, length in listed
    ):
        raise ConstructionError(f"need lengths of the arrays {', '.join(ARRAYS)}, got {str(listed)[:100]}")
    found = read_arrays(body, [length for _, length in listed])
    NETWORK.check_digest(header, body)
    return dict(zip(ARRAYS, found, strict=True))


def _check(header: dict[str, Any]) -> None:
    """Names that can be printed and whole numbers within bounds, in what is written as in what is read."""
    inputs = header["inputs"]
    if not isinstance(inputs, list) or any(not isinstance(name, str) for name in inputs):
        raise ConstructionError("need a list of names as inputs, got something else")
    odd = next((name for name in inputs if not (name.isprintable() and name)), None)
    if odd is not None:
        raise ConstructionError(f"need names that can be printed, got {ascii(odd)[:80]}, at the inputs")
    whole = {name: header[name] for name in ("scale", "output", "batch", "steps")}
    wrong = [name for name, value in whole.items() if type(value) is not int]
    if wrong or not isinstance(header["hints"], dict):
        raise ConstructionError(
            f"need whole numbers and an object of hints, got something else, at {(wrong or ['hints'])[0]}"
        )
    large = next((name for name, value in whole.items() if abs(value) >= MOST), None)
    if large:
        raise ConstructionError(f"need numbers within 2^60, got one of {whole[large].bit_length()} bits, at {large}")


def _network(header: dict[str, Any], arrays: dict[str, Integers]) -> Trainable:
    if (
        header["loss"] != LOSS
        or header["labels"] != LABELS
        or any(type(label) is not int for label in header["labels"])
    ):
        got = f"{header['loss']!r:.50} and {header['labels']!r:.50}"
        raise ConstructionError(f"need the loss {LOSS!r} and labels {LABELS}, got {got}")
    _check(header)
    network = FlatNetwork(
        inputs=tuple(header["inputs"]),
        offsets=arrays["offsets"],
        sources=arrays["sources"],
        weights=arrays["weights"],
        scale=header["scale"],
        sigma=read_activation(header["sigma"]),
        outputs={"f": header["output"]},
    )
    return Trainable(
        network=network,
        rho=_read_rational(header["rho"]),
        rate=_read_rational(header["rate"]),
        batch=header["batch"],
        steps=header["steps"],
        sampled=arrays["sampled"],
        frozen=arrays["frozen"],
        hints=header["hints"],
        last=None if header["last"] is None else read_activation(header["last"]),
    )


def spelled_activation(sigma: Activation) -> dict[str, Any]:
    """An activation, sigma, as JSON holds it.

    >>> from constructions.foundations.activation import HARD_TANH
    >>> read_activation(spelled_activation(HARD_TANH)) == HARD_TANH
    True
    """
    numbers = {"kinks": list(map(str, sigma.kinks)), "slopes": list(map(str, sigma.slopes)), "value": str(sigma.value)}
    return numbers | {"name": printable(sigma.name)[:100]}


def read_activation(given: dict[str, Any]) -> Activation:
    """The activation that :func:`spelled_activation` has spelled, as it is ``given``.

    Raises
    ------
    ConstructionError
        For numbers that are no rationals of a sensible length, or make no activation.

    >>> read_activation({"kinks": ["0"], "slopes": ["0", "1"], "value": "0", "name": "ReLU"}).name
    'ReLU'
    """
    if not all(isinstance(given[name], list) and len(given[name]) <= MOST_PIECES for name in ("kinks", "slopes")):
        raise ConstructionError(f"need lists of at most {MOST_PIECES} kinks and slopes, got something else")
    kinks, slopes = (tuple(map(_read_rational, given[name])) for name in ("kinks", "slopes"))
    name = str(given.get("name", "sigma"))[:100]
    return Activation(
        kinks=kinks, slopes=slopes, value=_read_rational(given["value"]), name=name if name.isprintable() else "sigma"
    )


def _read_rational(given: Any) -> Fraction:
    if not isinstance(given, str) or len(given) > 200:
        raise ConstructionError(f"need a rational as a short string, got {str(given)[:50]!r}")
    if RATIONAL.fullmatch(given) is None:
        raise ConstructionError(f"need a rational written p/q, as in -3/8, got {given[:50]!r}, at the header")
    return rational(given, where="the header")
