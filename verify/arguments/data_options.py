"""The options that say what ``querygrad train`` trains on; what they mean is found in :mod:`verify.arguments.data`."""

from dataclasses import dataclass
from fractions import Fraction

import click

from constructions.errors import ConstructionError
from verify.arguments.grouped import grouped
from verify.arguments.names import PROBLEMS
from verify.arguments.values import RATIONAL, RATIONAL_TEXT

PROBLEM = click.option(
    "--problem", type=click.Choice(PROBLEMS), help="A built-in problem on uniformly distributed bits."
)
LABEL = click.option(
    "--label",
    metavar="COLUMN",
    help="With --data: the column that is the label, by its name or its number from 1 (default: the last).",
)
DELIMITER = click.option(
    "--delimiter",
    help="With --data: the character between the cells of a CSV file, such as ';' or tab (default: a comma).",
)
SOURCE = (
    PROBLEM,
    click.option("--noise", type=RATIONAL_TEXT, help="The chance that a label is flipped (default: 0)."),
    click.option(
        "--data", help="A CSV or NumPy file whose columns are 0 or 1; the distribution is uniform over its rows."
    ),
    LABEL,
    DELIMITER,
    click.option(
        "--training-set",
        metavar="M",
        type=click.IntRange(1, 10**6),
        help="Draw all batches with replacement from a training set of M samples, which each run draws anew: those of "
        "A' (1a, 1d, 2a, lemma 1), or of A (1c); the hybrid of Section 6.",
    ),
)
"""The options of the distribution of ``querygrad theorem``."""
OPTIONS = (
    click.option(
        "--data",
        help="A CSV or NumPy file whose columns are 0 or 1, or FILE.py:NAME, which is a source or a function from the "
        "number of a step to its points.",
    ),
    LABEL,
    DELIMITER,
    PROBLEM,
    click.option("--noise", type=RATIONAL, help="With --problem: the chance that a label is flipped (default: 0)."),
    click.option(
        "--full",
        is_flag=True,
        help="Full-batch training (fbGD): every step sees the whole data set (of --problem: one batch, drawn once).",
    ),
    click.option(
        "--batch",
        type=click.IntRange(min=1),
        help="The batch size b (default: the network's; with --full the size of the data set).",
    ),
    click.option(
        "--seed",
        type=click.IntRange(0, (1 << 63) - 1),
        default=0,
        show_default=True,
        help="The seed of batches, of the random string and of a random adversary.",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataOptions:
    """What a command says of the data; None is what it leaves open.

    Parameters
    ----------
    data : a data file, or ``FILE.py:NAME``. label, delimiter : how a data file is read.
    problem : the name of a built-in problem. noise : how often its labels are flipped.
    full : whether every step sees the whole data set. batch : the batch size. seed : where batches are drawn from.
    """

    data: str | None = None
    label: str | None = None
    delimiter: str | None = None
    problem: str | None = None
    noise: Fraction | None = None
    full: bool = False
    batch: int | None = None
    seed: int = 0


data_options = grouped("data", DataOptions, OPTIONS)
"""The options of the data that are trained on; the command gets them as ``data``."""


def check_columns(label: str | None, delimiter: str | None, *, file: str | None) -> None:
    """Refuse --label and --delimiter where there is no data file.

    Raises
    ------
    ConstructionError
        For either of them without a file.

    >>> check_columns("label", None, file="rows.csv")
    >>> check_columns("label", None, file=None)
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need --label with --data FILE.csv or FILE.npy only, got it without
    """
    for option, value in (("label", label), ("delimiter", delimiter)):
        if value is not None and file is None:
            raise ConstructionError(f"need --{option} with --data FILE.csv or FILE.npy only, got it without")
