"""The learner of a network that reads whole batches, as a command names it: one that takes samples one at a time.

It is a built-in learner that draws samples, a user's Python file, or an AIGER file with latches whose inputs are x,
taken, label, point (and coin, if it tosses coins), and whose output is predict.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from constructions.computation.batch_machine import BatchMachine, batch_machine, check_learner
from constructions.computation.built_in_learners import LEARNERS, SAMPLE_LEARNERS
from constructions.computation.extraction_machine import LearnerInBits
from constructions.computation.formats.files import file_data, read_data
from constructions.computation.machines import Machine
from constructions.computation.sample_learners import fed
from constructions.errors import ConstructionError
from constructions.foundations.naming import suggestion
from constructions.foundations.spelling import one_line
from constructions.strip.family import PowerFamily
from verify.arguments.learner_options import CIRCUITS, LearnerOptions
from verify.arguments.user_files import UserFiles, is_python, parts_of
from verify.obligations.user_file import place


@dataclass(frozen=True, kw_only=True, eq=False)
class BatchLearner:
    """A learner and what it is made for.

    Parameters
    ----------
    name : as the user gave it. machine : takes one sample at a time. n, b : bits of x, and samples of a batch.
    steps : T; it gets T b samples.
    """

    name: str
    machine: Machine
    n: int
    b: int
    steps: int

    @property
    def family(self) -> PowerFamily:
        """The queries by which a batch is read."""
        return PowerFamily(self.n, self.b)

    def whole(self) -> BatchMachine:
        """The machine that reads whole batches."""
        return batch_machine(self.machine, self.family, rounds=self.steps)


def read_batch_learner(name: str, options: LearnerOptions) -> BatchLearner:
    """The learner that a ``name`` and ``options`` stand for.

    Raises
    ------
    ConstructionError
        For a learner that there is not, or that takes no samples, and for options that it does not take or that are
        missing.

    >>> found = read_batch_learner("parity", LearnerOptions(n=2, b=2, m=5))
    >>> found.steps, found.family.size, found.whole().points  # five samples are in three batches of two
    (3, 5, 2)
    """
    given = options.given
    odd = [option for option in given if option not in ("n", "m", "rounds")] + ["centred"] * options.centred
    if odd or options.numbers:
        wrong = odd[0] if odd else min(options.numbers)
        shown = "extract" if wrong == "version" else wrong.replace("_", "-")
        raise ConstructionError(f"need --bits, --batch, --samples or --rounds for whole batches, got --{shown}")
    b = options.b or 1
    if (options.m is None) == (options.rounds is None):
        got = "both" if options.m is not None else "none"
        raise ConstructionError(f"need one of --samples and --rounds for whole batches, got {got}")
    steps = options.rounds if options.m is None else -(-options.m // b)
    assert steps is not None
    machine, n = _machine(name, options.n, steps * b)
    check_learner(machine, n)
    return BatchLearner(name=name, machine=machine, n=n, b=b, steps=steps)


def _machine(name: str, n: int | None, m: int) -> tuple[Machine, int]:
    """The learner for m samples, and how many bits x has."""
    if name in SAMPLE_LEARNERS:
        if n is None:
            raise ConstructionError(f"need --bits for the learner {name!r}, got none")
        return fed(SAMPLE_LEARNERS[name].machine.learner(n, max(m, 1)), m), n
    if Path(name).suffix.lower() in CIRCUITS:
        machine = read_data(file_data(name), name).machine
    elif is_python(name):
        machine = _of_file(name, m)
    else:
        what = "draws samples" if name in LEARNERS else "there is"
        names = ", ".join(sorted(SAMPLE_LEARNERS))
        raise ConstructionError(
            f"need a learner that {what} ({names}), FILE.py[:NAME] or an AIGER file for whole batches, got {name!r}"
            f"{suggestion(name, SAMPLE_LEARNERS)}"
        )
    found = sum(bit.partition("[")[0] == "x" for bit in machine.inputs)
    if n is not None and n != found:
        raise ConstructionError(f"need --bits {found}, which {name} has, got {n}")
    return machine, found


def _of_file(name: str, m: int) -> Machine:
    """The learner in a user's Python file, or what a function there returns without arguments."""
    path, value = parts_of(name, "learner")
    found: Any = UserFiles().value(path, value)
    if callable(found) and not isinstance(found, LearnerInBits | Machine):
        try:
            found = found()
        except Exception as error:
            got = f"{type(error).__name__}: {one_line(error)}, at {place(error, path)}"
            raise ConstructionError(f"need a function that builds a learner without arguments, got {got}") from error
    if isinstance(found, LearnerInBits):
        return fed(found, m)
    if not isinstance(found, Machine):
        raise ConstructionError(f"need a LearnerInBits or a Machine, got a {type(found).__name__}, at {path}:{value}")
    return found
