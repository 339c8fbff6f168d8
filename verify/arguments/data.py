"""What ``querygrad train`` trains on: a data file, a built-in problem, or a source or generator in a user's Python
file."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from constructions.errors import ConstructionError
from constructions.learning.data_files import read_data
from constructions.learning.problems import Point, Source
from constructions.theorems.choices import problem
from constructions.training.batches import (
    Batch,
    Batches,
    Samples,
    as_arrays,
    drawable,
    drawn,
    fresh,
    randomness,
    whole_set,
)
from constructions.training.run import loss_on
from verify.arguments.user_files import UserFiles, is_python, parts_of
from verify.arguments.values import number
from verify.obligations.user_file import one_line, place

Outputs = Callable[[Samples], tuple[Fraction, ...]]
ALL_BITS, TEST_POINTS = 12, 4096


@dataclass(frozen=True)
class Data:
    """Batches with a name that tells them from others, the loss of a predictor on them, in words how it was taken, and
    what is to be said of the columns of a file."""

    name: str
    batch: int
    batches: Batches
    loss: Callable[[Outputs], tuple[Fraction, str]]
    columns: str = ""


def data_named(given: dict[str, Any], *, inputs: int, batch: int, files: UserFiles | None = None) -> Data:
    """The data that the options name; ``files`` are the user's files that the command has run.

    Errors
    ------
    ConstructionError for none or two of them, another number of columns than the network has inputs, or options that do
    not go together.
    """
    data, name, full, seed = given["data"], given["problem"], given["full"], given["seed"]
    if (data is None) == (name is None):
        raise ConstructionError(f"need --data or --problem, got {'none' if data is None else 'both'}")
    check_columns(given, "a CSV or NumPy file" if data is not None and not is_python(data) else None)
    if name is not None:
        noise = number(given["noise"], where="--noise")
        found = problem(name, inputs, noise)
        return of_source(found, f"{name}, noise {noise}", batch=batch, full=full, seed=seed)
    if given["noise"] != "0":
        raise ConstructionError("need --noise with --problem only, got it with --data")
    if data is not None and is_python(data):
        return _of_user(data, files or UserFiles(), inputs=inputs, batch=batch, full=full, seed=seed)
    read = read_data(data, label=given.get("label"), delimiter=given.get("delimiter"))
    points = read.points
    _check_width(len(points[0][0]), inputs, data)
    if full and given["batch"] not in (None, len(points)):
        raise ConstructionError(f"need a batch of all {len(points)} rows with --full, got --batch {given['batch']}")
    label = f"{Path(data).name} ({len(points)} rows, {digest(points)})"
    if full:
        return Data(label, len(points), whole_set(points), on_points(points), read.said)
    return Data(label, batch, drawn(points, batch=batch, seed=seed), on_points(points), read.said)


def check_columns(given: Mapping[str, Any], file: str | None) -> None:
    """Refuse --label and --delimiter where nothing has columns."""
    for option in ("label", "delimiter"):
        if given.get(option) is not None and file is None:
            raise ConstructionError(f"need --{option} with --data FILE.csv or FILE.npy only, got it without")


def of_source(source: Source, name: str, *, batch: int, full: bool, seed: int) -> Data:
    """A distribution; with ``full``, one sample of it is the data set."""
    if not full:
        return Data(name, batch, fresh(source, batch=batch, seed=seed), on_source(source, seed))
    points = list(source.batch(drawable(batch), randomness("data set", seed)))
    return Data(f"a sample of {name}", batch, whole_set(points), on_points(points))


def on_points(points: Sequence[Point]) -> Callable[[Outputs], tuple[Fraction, str]]:
    """The loss on a data set."""
    return lambda outputs: (loss_on(list(points), outputs), f"on {len(points)} rows")


def on_source(source: Source, seed: int) -> Callable[[Outputs], tuple[Fraction, str]]:
    """The loss on a distribution: exact where its points can be gone through, else on fresh samples."""

    def loss(outputs: Outputs) -> tuple[Fraction, str]:
        if source.n > ALL_BITS:
            points = list(source.batch(TEST_POINTS, randomness("test", seed)))
            return loss_on(points, outputs), f"on {TEST_POINTS} fresh samples"
        masses = list(source.masses())
        x, _ = as_arrays([point for point, _ in masses])
        terms = ((out - y) ** 2 * mass / 2 for out, ((_, y), mass) in zip(outputs(x), masses, strict=True))
        return sum(terms, Fraction(0)), "exact, over all points"

    return loss


def digest(points: Sequence[Point]) -> str:
    """A short digest of a data set, in its order."""
    return hashlib.sha256(repr(list(points)).encode()).hexdigest()[:12]


def _of_user(text: str, files: UserFiles, *, inputs: int, batch: int, full: bool, seed: int) -> Data:
    file, called = parts_of(text, "data")
    found = files.value(file, called)
    name = f"{file.name}{text[len(str(file)) :]} ({files.digest(file)[:12]})"
    if isinstance(found, Source):
        _check_width(found.n, inputs, text)
        return of_source(found, name, batch=batch, full=full, seed=seed)
    if not callable(found):
        raise ConstructionError(
            f"need a source or a function from step to points, got {type(found).__name__}, at {text}"
        )

    def rows(step: int) -> Batch:
        try:
            return as_arrays(list(found(step)))
        except ConstructionError:
            raise
        except Exception as error:
            got = f"{type(error).__name__}: {one_line(error)}, at {place(error, file)}"
            raise ConstructionError(f"need points (x, y) for step {step}, got {got}") from error

    first = rows(1)
    _check_width(first[0].shape[1], inputs, text)
    batches = (lambda step: first) if full else rows
    points = [(tuple(row), label) for row, label in zip(first[0].tolist(), first[1].tolist(), strict=True)]
    return Data(name, len(points), batches, on_points(points))


def _check_width(found: int, inputs: int, where: str) -> None:
    if found != inputs:
        raise ConstructionError(
            f"need {inputs} bits and a label, as the network has inputs, got {found} bits, at {where}"
        )
