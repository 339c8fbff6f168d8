"""A network as a PyTorch module (optional): a Python file that needs PyTorch and NumPy only, and its arrays in a .npz.

The module has one float64 parameter, the weights of all edges in the order of the network's arrays, and goes through
the vertices level by level. Trained by ``torch.optim.SGD`` with the file's hooks it takes the steps of
:mod:`constructions.training.engine`.
"""

import io
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from constructions.errors import ConstructionError
from constructions.foundations.activation import Activation
from constructions.foundations.exact import Number, rational
from constructions.foundations.files import write_bytes
from constructions.networks.flat import Integers
from constructions.networks.trainable import Trainable
from constructions.training.compiled import compiled
from constructions.training.torch_source import SOURCE

Arrays = dict[str, npt.NDArray[Any]]
MOST = 1 << 53


def torch_arrays(net: Trainable) -> Arrays:
    """What the exported file reads: the graph, float64 weights, the activation's pieces, b, T, rho, rate, sampled and
    frozen edges.

    Raises
    ------
    ConstructionError
        If a weight, rho, rate, a kink, a slope or an intercept is no number of float64.

    The gate AND of two bits, -4 + 2x + 2y under the ramp: the constant and the inputs are on level 0, the gate on 1.

    >>> from constructions.networks.flat import flat_network
    >>> from constructions.networks.gates import conjunction
    >>> net = Trainable(network=flat_network(conjunction()), rho=Fraction(1, 16))
    >>> found = torch_arrays(net)
    >>> list(zip(found["sources"].tolist(), found["heads"].tolist(), found["weights"].tolist()))
    [(0, 3, -4.0), (1, 3, 2.0), (2, 3, 2.0)]
    >>> found["vertex"].tolist(), found["level"].tolist(), found["rho"].item(), found["sigma_kinks"].tolist()
    ([0, 1, 2, 3], [0, 0, 0, 1], 0.0625, [-3.0, -1.0, 0.0, 2.0])
    >>> torch_arrays(net.with_moved({0: Fraction(1, 3)}))
    Traceback (most recent call last):
    constructions.errors.ConstructionError: need weights that float64 holds, got weights over 3
    """
    flat = net.network
    if flat.scale & (flat.scale - 1) or int(np.abs(flat.weights).max(initial=0)) >= MOST:
        raise ConstructionError(f"need weights that float64 holds, got weights over {flat.scale}")
    level = np.zeros(flat.size, np.int64)
    find_levels(flat.offsets, flat.sources, flat.first, level)
    vertex = np.argsort(level, kind="stable")
    return {
        "heads": flat.heads,
        "sources": flat.sources,
        "weights": flat.weights / flat.scale,
        "vertex": vertex,
        "level": level[vertex],
        "sampled": net.sampled,
        "frozen": net.frozen,
        "inputs": np.array(len(flat.inputs)),
        "output": np.array(net.output),
        "batch": np.array(net.batch),
        "steps": np.array(net.steps),
        "rho": _held([net.rho], "rho")[0],
        "rate": _held([net.rate], "rate")[0],
        **_pieces("sigma", flat.sigma),
        **_pieces("last", net.activation_of_output),
    }


def write_torch(net: Trainable, path: Path) -> tuple[Path, Path]:
    """Write the Python file of a network at a path and, beside it, its arrays; each of them whole or not at all.
    Returns both paths.

    Raises
    ------
    ConstructionError
        If the file's name is no module's with the ending ``.py``, or a file cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> from constructions.networks.flat import flat_network
    >>> from constructions.networks.gates import conjunction
    >>> net = Trainable(network=flat_network(conjunction()), rho=Fraction(1, 16))
    >>> with TemporaryDirectory() as folder:
    ...     paths = write_torch(net, Path(folder) / "both.py")
    ...     with np.load(paths[1]) as arrays:
    ...         [path.name for path in paths], arrays["weights"].tolist()
    ...     [line for line in paths[0].read_text().splitlines() if line.startswith("class")]
    (['both.py', 'both.npz'], [-4.0, 2.0, 2.0])
    ['class Pass(torch.autograd.Function):', 'class Net(torch.nn.Module):', 'class Rounding:']
    >>> write_torch(net, Path("two words.py"))
    Traceback (most recent call last):
    constructions.errors.ConstructionError: need a Python file whose name is a module's, got 'two words.py'
    """
    if path.suffix != ".py" or not path.stem.isidentifier():
        raise ConstructionError(f"need a Python file whose name is a module's, got {path.name!r}")
    held = io.BytesIO()
    np.savez(held, allow_pickle=False, **torch_arrays(net))
    beside = path.with_suffix(".npz")
    write_bytes(beside, held.getvalue())
    write_bytes(path, SOURCE.encode())
    return path, beside


def _pieces(name: str, sigma: Activation) -> Arrays:
    lines = [(piece.slope, piece.intercept) for piece in sigma.pieces]
    rows: dict[str, list[Number]] = {
        "kinks": [*sigma.kinks],
        "slopes": [a for a, _ in lines],
        "intercepts": [b for _, b in lines],
    }
    return {f"{name}_{part}": _held(row, f"{part} of {sigma.name}") for part, row in rows.items()}


def _held(numbers: list[Number], where: str) -> npt.NDArray[np.float64]:
    """Rationals as float64, if they are numbers of float64."""
    exact = [rational(number, where=where) for number in numbers]
    lost = [number for number in exact if Fraction(float(number)) != number]
    if lost:
        raise ConstructionError(f"need binary fractions that float64 holds, got {lost[0]}, at {where}")
    return np.array([float(number) for number in exact], np.float64)


@compiled
def find_levels(offsets: Integers, sources: Integers, first: int, level: Integers) -> None:
    """Fill ``level`` (N,): the length of the longest path to each vertex from ``first`` on, whose tails are ``sources``
    from one of the ``offsets`` to the next; a vertex without incoming edges that is no source has level 1.

    >>> level = np.zeros(4, np.int64)
    >>> find_levels(np.array([0, 0, 0, 1, 3]), np.array([1, 1, 2]), 2, level)
    >>> level.tolist()
    [0, 0, 1, 2]
    """
    for v in range(first, len(offsets) - 1):
        level[v] = 1
        for e in range(offsets[v], offsets[v + 1]):
            level[v] = max(level[v], level[sources[e]] + 1)
