"""What ``querygrad train`` trains on: a data file, a built-in problem, or a source or generator in a user's Python
file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from constructions.errors import ConstructionError
from constructions.foundations.files import sha256_of
from constructions.foundations.spelling import one_line
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
from verify.arguments.data_options import DataOptions, check_columns
from verify.arguments.user_files import UserFiles, is_python, parts_of
from verify.obligations.user_file import place

Outputs = Callable[[Samples], tuple[Fraction, ...]]
ALL_BITS, TEST_POINTS = 12, 4096


@dataclass(frozen=True)
class Data:
    """Batches with a name that tells them from others, the loss of a predictor on them, in words how it was taken, and
    in words which columns of a file were read as what."""

    name: str
    batch: int
    batches: Batches
    loss: Callable[[Outputs], tuple[Fraction, str]]
    columns: str = ""


def data_named(options: DataOptions, *, inputs: int, batch: int, files: UserFiles | None = None) -> Data:
    """The data that the options name.

    Parameters
    ----------
    inputs : how many bits a point has. batch : the batch size where the options do not give one. files : the user's
        files that the command has run.

    Raises
    ------
    ConstructionError
        For none or two kinds of data, another number of columns than ``inputs`` and a label, or options that do not go
        together.

    >>> found = data_named(DataOptions(problem="literal"), inputs=2, batch=4)
    >>> found.name, found.batch, found.batches(1)[0].shape
    ('literal, noise 0', 4, (4, 2))
    """
    if (options.data is None) == (options.problem is None):
        raise ConstructionError(f"need --data or --problem, got {'none' if options.data is None else 'both'}")
    own = options.data is not None and is_python(options.data)
    check_columns(options.label, options.delimiter, file=None if own else options.data)
    batch = batch if options.batch is None else options.batch
    if options.problem is not None:
        noise = options.noise or Fraction(0)
        found = problem(options.problem, inputs, noise)
        name = f"{options.problem}, noise {noise}"
        return of_source(found, name, batch=batch, full=options.full, seed=options.seed)
    if options.noise:
        raise ConstructionError("need --noise with --problem only, got it with --data")
    if own:
        return _of_user(options, files or UserFiles(), inputs=inputs, batch=batch)
    return _of_file(options, inputs=inputs, batch=batch)


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


def rows_digest(points: Sequence[Point]) -> str:
    """A short digest of a data set, in its order, by which a checkpoint knows it again.

    >>> rows_digest([((1, 0), 1)]) == rows_digest([((0, 1), 1)])
    False
    """
    return sha256_of(repr(list(points)).encode())[:12]


def _of_file(options: DataOptions, *, inputs: int, batch: int) -> Data:
    file, full = str(options.data), options.full
    read = read_data(file, label=options.label, delimiter=options.delimiter)
    points = read.points
    _check_width(len(points[0][0]), inputs, file)
    if full and options.batch not in (None, len(points)):
        raise ConstructionError(f"need a batch of all {len(points)} rows with --full, got --batch {options.batch}")
    name = f"{Path(file).name} ({len(points)} rows, {rows_digest(points)})"
    size, batches = (len(points), whole_set(points)) if full else (batch, drawn(points, batch=batch, seed=options.seed))
    return Data(name, size, batches, on_points(points), read.said)


def _of_user(options: DataOptions, files: UserFiles, *, inputs: int, batch: int) -> Data:
    text, full = str(options.data), options.full
    file, called = parts_of(text, "data")
    found = files.value(file, called)
    name = f"{file.name}{text[len(str(file)) :]} ({files.digest(file)[:12]})"
    if isinstance(found, Source):
        _check_width(found.n, inputs, text)
        return of_source(found, name, batch=batch, full=full, seed=options.seed)
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
