"""A training run as lines of JSON: a header, then for each step its batch, the outputs on it and every edge that moved,
exactly.

    {"querygrad trace": 1, "identity": "...", "edges": 27, "batch": 1, "rho": "1/16", "rate": "1", ...}
    {"step": 1, "x": ["01"], "y": "1", "outputs": ["-9/128"], "moved": [[7, "1/16", "3/16"]], "system": "float64"}

A step at which the loss has no derivative has ``kink``, its vertex, and ``stopped``. Names are spelled
(:mod:`constructions.foundations.spelling`).
"""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from constructions.errors import ConstructionError
from constructions.foundations.spelling import json_text
from constructions.training.batches import Batch
from constructions.training.engine import ArrayStep

KIND = "querygrad trace"
Header = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TracedStep:
    """One step as it was recorded: the batch, its points ``x`` and labels ``y``, and what the engine said of it."""

    step: ArrayStep
    x: tuple[tuple[int, ...], ...]
    y: tuple[int, ...]


class Recorder:
    r"""Writes a trace line by line; goes on after ``begin`` bytes of one that is there.

    Raises
    ------
    ConstructionError
        For a file that is there already, or (with ``begin``) one that another run has written or that is too short.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     recorder = Recorder(f"{folder}/run.jsonl", {"edges": 1})
    ...     print(recorder.kept(), recorder.path.read_bytes())
    ...     recorder.close()
    32 b'{"querygrad trace":1,"edges":1}\n'
    """

    def __init__(self, path: Path | str, header: Header, *, begin: int | None = None) -> None:
        self.path = Path(path)
        first = _line({KIND: 1, **header})
        there = begin is not None and self.path.exists()
        if begin and not there:
            raise ConstructionError(f"need the trace that goes with the checkpoint, got no file, at {self.path}")
        try:
            self.stream = self.path.open("r+b" if there else "xb")
        except FileExistsError as error:
            raise ConstructionError(f"need a new file for the trace, got one that exists, at {self.path}") from error
        except OSError as error:
            raise ConstructionError(f"need a file that can be written, got {error.strerror}, at {self.path}") from error
        if there:
            self._go_on(first, begin or 0)
        if not begin:
            self.stream.write(first)

    def _go_on(self, first: bytes, begin: int) -> None:
        """Check the trace that is there, and go to where it is to go on."""
        there = self.stream.read(len(first))
        if there != first[: len(there)] or (begin and self.stream.seek(0, os.SEEK_END) < begin):
            self.stream.close()
            raise ConstructionError(f"need the trace of this run, got another file or a shorter one, at {self.path}")
        self.stream.truncate(begin)
        self.stream.seek(begin)

    def write(self, step: ArrayStep, batch: Batch) -> None:
        """Add a step, with its batch."""
        self.stream.write(_line(step_values(step, batch)))

    def kept(self) -> int:
        """Hand all lines to the disk; return how many bytes there are."""
        self.stream.flush()
        os.fsync(self.stream.fileno())
        return self.stream.tell()

    def close(self) -> None:
        """No more lines."""
        self.stream.close()


def step_values(step: ArrayStep, batch: Batch) -> dict[str, Any]:
    """A step as JSON values."""
    x, y = batch
    found: dict[str, Any] = {
        "step": step.number,
        "x": ["".join(map(str, row)) for row in x.tolist()],
        "y": "".join(map(str, y.tolist())),
        "outputs": list(map(str, step.outputs)),
        "moved": [[edge, str(old), str(new)] for edge, (old, new) in step.moved.items()],
        "system": step.system,
    }
    return found if step.kink is None else found | {"kink": step.kink, "stopped": step.stopped}


def _line(values: Mapping[str, Any]) -> bytes:
    return json_text(values, ascii=True, separators=(",", ":")).encode() + b"\n"


def read_header(path: Path | str) -> dict[str, Any]:
    """The header of a trace: identity of the run, vertices, edges, batch, rho, rate, seed, source and adversary.

    Raises
    ------
    ConstructionError
        For a file that is no trace.
    """
    return next(_lines(Path(path)))


def read_trace(path: Path | str) -> Iterator[TracedStep]:
    """The steps of a trace, one after another; a last line that a kill has cut off is left out.

    Raises
    ------
    ConstructionError
        For a file that is no trace, naming the line.

    >>> from tempfile import TemporaryDirectory
    >>> moved = {0: (Fraction(1, 2), Fraction(1, 4))}
    >>> step = ArrayStep(number=1, outputs=(Fraction(3, 2),), moved=moved, system="float64")
    >>> with TemporaryDirectory() as folder:
    ...     recorder = Recorder(f"{folder}/run.jsonl", {"edges": 1})
    ...     recorder.write(step, (np.array([[1]]), np.array([0])))
    ...     recorder.close()
    ...     read_header(f"{folder}/run.jsonl")
    ...     list(read_trace(f"{folder}/run.jsonl")) == [TracedStep(step, x=((1,),), y=(0,))]
    ...     replayed(read_trace(f"{folder}/run.jsonl"), np.array([2]), 4)
    {'querygrad trace': 1, 'edges': 1}
    True
    [Fraction(1, 4)]
    """
    file = Path(path)
    lines = _lines(file)
    next(lines)
    for number, found in enumerate(lines, 2):
        try:
            step = _read_step(found)
        except (KeyError, TypeError, ValueError, ZeroDivisionError, AttributeError) as error:
            got = f"{type(error).__name__}: {error}"[:150]
            raise ConstructionError(f"need a step of a trace, got {got}, at line {number} of {file}") from error
        yield step


def _read_step(found: dict[str, Any]) -> TracedStep:
    moved = {int(edge): (Fraction(old), Fraction(new)) for edge, old, new in found["moved"]}
    step = ArrayStep(
        number=int(found["step"]),
        outputs=tuple(map(Fraction, found["outputs"])),
        moved=moved,
        system=str(found["system"]),
        kink=found.get("kink"),
        stopped=bool(found.get("stopped", False)),
    )
    return TracedStep(step, tuple(tuple(map(int, row)) for row in found["x"]), tuple(map(int, found["y"])))


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    number = 0
    try:
        with file.open("rb") as stream:
            for number, line in enumerate(stream, 1):
                if line.endswith(b"\n"):
                    yield _values(line, number, file)
            if number == 0 or (number == 1 and not line.endswith(b"\n")):
                raise ConstructionError(f"need a trace, got no whole line, at {file}")
    except OSError as error:
        raise ConstructionError(f"need a file that can be read, got {error.strerror}, at {file}") from error


def _values(line: bytes, number: int, file: Path) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ConstructionError(f"need a line of JSON, got {str(error)[:100]}, at line {number} of {file}") from error
    if not isinstance(found, dict) or (number == 1 and found.get(KIND) != 1):
        raise ConstructionError(f"need a trace of querygrad, got another file, at line {number} of {file}")
    return found


def replayed(trace: Iterator[TracedStep], weights: np.ndarray[Any, Any], scale: int) -> list[Fraction]:
    """The weights (m,) after a trace's moves, from those before it, ``weights`` (m,) over ``scale``.

    Raises
    ------
    ConstructionError
        Where a move does not start from the weight that is there.
    """
    found = [Fraction(int(weight), scale) for weight in weights]
    for traced in trace:
        for edge, (old, new) in traced.step.moved.items():
            if found[edge] != old:
                raise ConstructionError(
                    f"need a move from {found[edge]}, got one from {old}, at edge {edge}, step {traced.step.number}"
                )
            found[edge] = new
    return found
