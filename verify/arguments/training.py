"""How ``querygrad train`` trains: steps, precision, adversary, and which files a run keeps."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import click

from constructions.errors import ConstructionError
from constructions.foundations.loading import loaded_when_used
from verify.arguments import names
from verify.arguments.grouped import grouped
from verify.arguments.values import RATIONAL
from verify.screen.files import check_writable

with loaded_when_used(__name__):
    from constructions.networks import trainable
    from constructions.training import by_fractions, exactness, retracing

FILE = click.Path(path_type=Path)
NUMBERS = {
    "float64": (exactness, "FLOATS"),
    "integers": (exactness, "INTEGERS"),
    "rationals": (by_fractions, "RATIONALS"),
}
"""The number systems: where each is defined, and its name there."""
NEAREST = names.ADVERSARIES[0]
"""The adversary where none is asked for."""
OPTIONS = (
    click.option("--steps", type=click.IntRange(min=0), help="The number T of steps (default: the network's)."),
    click.option("--rho", type=RATIONAL, help="The gradient precision rho (default: the network's)."),
    click.option("--rate", type=RATIONAL, help="The step size (default: the network's)."),
    click.option(
        "--adversary",
        default=NEAREST,
        show_default=True,
        help=f"Who chooses among the valid roundings of a gradient: {', '.join(names.ADVERSARIES)}, or FILE.py:NAME.",
    ),
    click.option(
        "--oracle",
        type=click.Choice(names.KINDS),
        help="Ask an oracle for the entries of each gradient, to a tolerance of rho/4, and round its answers (Lemma 4: "
        "bsq, about the fresh batch of the step; Lemma 13, with --full: fbsq, about the one data set). It takes the "
        "place of --adversary.",
    ),
    click.option(
        "--answers",
        help=f"With --oracle: how it answers, {', '.join(names.ORACLES)}, or FILE.py:NAME, a function from a question "
        "(round, means, tau) to its answers (default: exact).",
    ),
    click.option(
        "--random-string",
        "bits",
        help="The signs of the edges whose initial weights are random, as zeros and ones (default: from the seed).",
    ),
    click.option("--checkpoint", type=FILE, help="Keep the run in this file, so that it can be resumed."),
    click.option("--resume", is_flag=True, help="Continue from the checkpoint, if there is one yet."),
    click.option(
        "--every",
        type=click.FloatRange(min=0),
        default=names.BETWEEN_CHECKPOINTS,
        show_default=True,
        help="The number of seconds between two checkpoints.",
    ),
    click.option("--trace", type=FILE, help="Record every step in this file, as lines of JSON."),
    click.option(
        "--numbers",
        type=click.Choice(list(NUMBERS)),
        help="The number system to compute in (default: the fastest that is exact, step by step).",
    ),
    click.option(
        "--engine",
        type=click.Choice(names.ENGINES),
        help="Go through the whole network in every step (plain), only where something has changed (incremental), or "
        "both and compare (default: incremental; plain for numbers in rationals).",
    ),
    click.option("-o", "--output", type=FILE, help=f"Write the trained network to this {names.NETWORK} file."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingOptions:
    """What a command says of a run; None is what the network says, or what is not wanted.

    Parameters
    ----------
    steps, rho, rate : T, the gradient precision and the step size. adversary : a name, or ``FILE.py:NAME``.
    oracle, answers : the kind of an oracle that is asked in the adversary's place, and how it answers.
    bits : the random string. numbers : a number system by its name.
    checkpoint, trace, output : files to write. resume : whether to continue from the checkpoint. every : seconds
        between two checkpoints.
    engine : one by its name.

    Raises
    ------
    ConstructionError
        For a file that cannot be written, a rho or rate that is not positive, and an oracle beside an adversary.

    >>> TrainingOptions(rho=Fraction(0))
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need --rho > 0, got 0
    """

    steps: int | None = None
    rho: Fraction | None = None
    rate: Fraction | None = None
    adversary: str = NEAREST
    oracle: str | None = None
    answers: str | None = None
    bits: str | None = None
    checkpoint: Path | None = None
    resume: bool = False
    every: float = names.BETWEEN_CHECKPOINTS
    trace: Path | None = None
    numbers: str | None = None
    engine: str | None = None
    output: Path | None = None

    def __post_init__(self) -> None:
        check_writable(*self.files)
        check_writable(self.output, endings=(names.NETWORK,))
        for name, value in (("rho", self.rho), ("rate", self.rate)):
            if value is not None and value <= 0:
                raise ConstructionError(f"need --{name} > 0, got {value}")
        if self.oracle is None and self.answers is not None:
            raise ConstructionError(f"need --answers with --oracle only, got --answers {self.answers} without")
        if self.oracle is not None and self.adversary != NEAREST:
            got = f"--oracle {self.oracle} and --adversary {self.adversary}"
            raise ConstructionError(f"need either an oracle or an adversary of the rounding, got {got}")

    def check_oracle(self, *, full: bool) -> None:
        """Refuse an oracle that is not about the batches of the training: bsq is for fresh ones, fbsq for the one of
        ``full``-batch training.

        Raises
        ------
        ConstructionError
            If it is refused.

        >>> TrainingOptions(oracle="fbsq").check_oracle(full=False)
        Traceback (most recent call last):
            ...
        constructions.errors.ConstructionError: need --full with --oracle fbsq, which is about one data set, got none
        """
        if self.oracle == "fbsq" and not full:
            raise ConstructionError("need --full with --oracle fbsq, which is about one data set, got none")
        if self.oracle == "bsq" and full:
            raise ConstructionError("need --oracle fbsq with --full, got bsq, which is about fresh batches")

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that are written, in the order in which they are named."""
        return tuple(path for path in (self.output, self.checkpoint, self.trace) if path is not None)

    def settings(self, net: "trainable.Trainable", batch: int) -> "by_fractions.EngineSettings":
        """Batch size, rho and rate, the network's (``net``) where they are not given, and the number system."""
        return by_fractions.EngineSettings(
            batch=batch,
            rho=net.rho if self.rho is None else self.rho,
            rate=net.rate if self.rate is None else self.rate,
            system=getattr(*NUMBERS[self.numbers]) if self.numbers else None,
        )

    def initialized(self, net: "trainable.Trainable", seed: int) -> "trainable.Trainable":
        """The network ``net`` for a random string: the one that was given, or one from the seed.

        Raises
        ------
        ConstructionError
            For a random string of another length, or of other characters than zeros and ones.

        >>> from constructions.networks.flat import flat_network
        >>> from constructions.networks.gates import conjunction
        >>> net = trainable.Trainable(network=flat_network(conjunction()), rho=Fraction(1, 4))
        >>> TrainingOptions().initialized(net, seed=1) is net  # it has no random edge
        True
        >>> TrainingOptions(bits="01x").initialized(net, seed=1)
        Traceback (most recent call last):
            ...
        constructions.errors.ConstructionError: need zeros and ones, got '01x', at --random-string
        """
        return retracing.as_initialized(net, seed, self.bits, where="--random-string")


training_options = grouped("options", TrainingOptions, OPTIONS)
"""The options of a run; the command gets them as ``options``."""
