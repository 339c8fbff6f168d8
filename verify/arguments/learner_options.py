"""The options of a learner that a command names; what they mean is found in :mod:`verify.arguments.learner`."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import click

from verify.arguments.grouped import grouped
from verify.arguments.values import RATIONAL

CIRCUITS = (".aag", ".aig")
"""The endings of files that hold a learner as a circuit with latches."""
COUNT = click.IntRange(min=1)
OPTIONS = (
    click.option("--bits", "n", type=COUNT, help="The number n of bits of a point x."),
    click.option("--samples", "m", type=COUNT, help="The number m of samples, for a learner that draws samples."),
    click.option("--batch", "b", type=COUNT, help="The batch size b that the network is made for."),
    click.option(
        "--delta",
        type=RATIONAL,
        help="The error that a learner that draws samples may add because its rounds run out.",
    ),
    click.option(
        "--extract",
        "version",
        type=click.Choice(("prefix", "look")),
        help="How samples are drawn from answers about batches: by Algorithm 1 (prefix), or looking one bit ahead.",
    ),
    click.option(
        "--rounds",
        type=click.IntRange(min=0),
        help="The number of rounds after which the learner stops (default: as many as it asks for).",
    ),
    click.option(
        "--fraction",
        type=COUNT,
        help="The number of binary places of an answer (default: the fewest that keep the tolerance).",
    ),
    click.option(
        "--query-fraction",
        type=click.IntRange(min=0),
        help="For an AIGER file without querygrad's comment: the number of binary places of a query's value.",
    ),
    click.option(
        "--predict-fraction",
        type=click.IntRange(min=0),
        help="For such a file: the number of binary places of a prediction.",
    ),
    click.option("--signed", is_flag=True, help="For such a file: the values of queries are signed."),
    click.option(
        "--place",
        "places",
        multiple=True,
        metavar="PORT=FIRST[-LAST]",
        help="For such a file: which of its inputs (counted from 0) are x, answer0, answer1, ..., random, and which of "
        "its outputs are query0, ..., predict; the least bit first.",
    ),
    click.option("--centred", is_flag=True, help="Subtract the middle of the error of reading an answer off."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerOptions:
    """What a command says of a learner; None is what it leaves open.

    Parameters
    ----------
    n : bits of a point. m : samples. b : the batch size. delta : what a learner that draws samples may lose by running
        out of rounds.
    version : how samples are drawn. rounds : the machine stops after so many, or goes on. fraction : binary places of
        an answer.
    centred : whether the decoder takes the middle of its error off.
    query_fraction, predict_fraction, signed, places : of an AIGER file without our comment, what that would say.
    """

    n: int | None = None
    m: int | None = None
    b: int | None = None
    delta: Fraction | None = None
    version: str | None = None
    rounds: int | None = None
    fraction: int | None = None
    centred: bool = False
    query_fraction: int | None = None
    predict_fraction: int | None = None
    signed: bool = False
    places: tuple[str, ...] = ()

    @property
    def numbers(self) -> dict[str, Any]:
        """What is said of an AIGER file without our comment, by the names of that comment; nothing if it is none of
        what only such a file takes.

        >>> LearnerOptions(rounds=2, fraction=5, signed=True).numbers
        {'rounds': 2, 'answer_fraction': 5, 'signed': True}
        >>> LearnerOptions(rounds=2, fraction=5).numbers
        {}
        """
        if self.query_fraction is self.predict_fraction is None and not self.signed and not self.places:
            return {}
        said = {
            "rounds": self.rounds,
            "answer_fraction": self.fraction,
            "query_fraction": self.query_fraction,
            "predict_fraction": self.predict_fraction,
            "signed": self.signed or None,
        }
        return {name: value for name, value in said.items() if value is not None}

    @property
    def given(self) -> dict[str, Any]:
        """What is not left open of what a builder of machines may take; the batch is the network's to say.

        >>> LearnerOptions(n=2, b=4, centred=True).given
        {'n': 2}
        """
        names = ("n", "m", "delta", "version", "rounds", "fraction")
        return {name: value for name in names if (value := getattr(self, name)) is not None}


learner_options = grouped("options", LearnerOptions, OPTIONS)
"""The options of a learner, the same in every command that names one; the command gets them as ``options``."""
