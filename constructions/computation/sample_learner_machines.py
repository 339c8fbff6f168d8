"""Learners from samples as query machines: Lemma 1's extraction joined with a learner's state in bits."""

from collections.abc import Callable
from dataclasses import dataclass

from constructions.computation.extraction_machine import LearnerInBits, extraction_machine
from constructions.computation.query_machine import QueryMachine
from constructions.computation.sample_learners import (
    best_of_learner,
    conjunction_learner,
    decision_list_learner,
    literals_class,
    memoriser_learner,
    parity_learner,
)
from constructions.errors import ConstructionError
from constructions.foundations.exact import Number, rational
from constructions.reductions.one_bit import LOOK, VERSIONS, Version
from constructions.reductions.sample_extract import Extraction


def from_samples(
    learner: LearnerInBits,
    m: int,
    *,
    b: int,
    tau: Number,
    delta: Number,
    version: Version | str = LOOK,
    bits: int | None = None,
    fraction: int | None = None,
    rounds: int | None = None,
) -> QueryMachine:
    """The machine that draws m samples for a learner from batches of b.

    Parameters
    ----------
    learner : what the samples are for. m : how many there are. b : the batch size.
    tau : how far an answer may be from its mean, b tau < 1/2.
    delta : how much loss may be added by running out of rounds.
    version : how a sample is drawn, PREFIX or LOOK, or its name.
    bits : random bits a round, Lemma 1's own number if not given.
    fraction : binary places of an answer, as few as will do if not given.
    rounds : stop after so many, Lemma 1's own number if not given. If they do not suffice for m samples, the machine
        predicts 1/2.

    Raises
    ------
    PremiseError
        Unless tau >= 0, b tau < 1/2, delta > 0 and n >= 1, and if an answer needs more places than ``fraction``.
    ConstructionError
        For an unknown version.

    >>> from_samples(parity_learner(2), 3, b=2, tau="1/8", delta="1/32").rounds
    50
    """
    if isinstance(version, str) and version not in VERSIONS:
        raise ConstructionError(f"need a version among {', '.join(VERSIONS)}, got {version!r}")
    how = Extraction(
        n=learner.n,
        b=b,
        tau=rational(tau, where="tau"),
        delta=rational(delta, where="delta"),
        alternating=True,
        bits=bits,
        version=VERSIONS[version] if isinstance(version, str) else version,
    )
    return extraction_machine(how, m, learner, fraction=fraction, rounds=rounds)


@dataclass(frozen=True, slots=True)
class FromSamples:
    """A learner by its number of bits and of samples, as a function to its machine.

    >>> machine = parity_machine(2, 3, b=2, tau="1/8", delta="1/32")
    >>> machine.rounds, machine.parallel, machine.random_bits, len(machine.machine.state)
    (50, 4, 1, 13)
    """

    learner: Callable[[int, int], LearnerInBits]

    def __call__(
        self,
        n: int,
        m: int,
        *,
        b: int,
        tau: Number,
        delta: Number,
        version: Version | str = LOOK,
        bits: int | None = None,
        fraction: int | None = None,
        rounds: int | None = None,
    ) -> QueryMachine:
        """The machine; parameters as in :func:`from_samples`."""
        learner = self.learner(n, m)
        return from_samples(
            learner, m, b=b, tau=tau, delta=delta, version=version, bits=bits, fraction=fraction, rounds=rounds
        )


parity_machine = FromSamples(lambda n, m: parity_learner(n))
"""A parity by Gaussian elimination, as ``learning.learners.parity``."""
conjunction_from_samples_machine = FromSamples(lambda n, m: conjunction_learner(n))
"""A conjunction by elimination, as ``learning.learners.conjunction``."""
decision_list_machine = FromSamples(decision_list_learner)
"""A greedy decision list, as ``learning.learners.decision_list``."""
memoriser_machine = FromSamples(memoriser_learner)
"""The mean label of a seen point, as ``learning.learners.memoriser`` with ``mean_places(m)`` binary places."""
best_of_literals_machine = FromSamples(lambda n, m: best_of_learner(n, m, literals_class(n)))
"""The best of the constants and literals, as ``learning.learners.best_of``; for another class hand its learner to
:func:`from_samples`."""
