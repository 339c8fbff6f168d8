"""The one table of built-in learners: each has one name, its method, its machine, and the problem that it is made for.

A *method* is the learner as the paper's definitions have it, a Python function on exact numbers: one that draws samples
(PAC) or one that asks queries (bSQ). A *machine* is the same learner written in bits, round by round, from which a
network is built. Every command finds a learner here by the same name.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from constructions.computation.learner_machines import best_literal_machine, conjunction_machine, correlations_machine
from constructions.computation.query_machine import QueryMachine
from constructions.computation.sample_learner_machines import (
    FromSamples,
    best_of_literals_machine,
    conjunction_from_samples_machine,
    decision_list_machine,
    memoriser_machine,
    parity_machine,
)
from constructions.learning import learners
from constructions.learning.models import QueryMethod, SampleMethod
from constructions.learning.problems import Predictor


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerFromSamples:
    """A learner that draws samples; none of the built-in ones looks at the order of its sample.

    Parameters
    ----------
    method : from n (bits of x) and m (samples).
    machine : from n, m, the batch size ``b``, the tolerance ``tau``, ``delta`` and more; it also has the learner alone.
    problem : the built-in problem that it is made for.
    """

    method: Callable[[int, int], SampleMethod]
    machine: FromSamples
    problem: str

    @property
    def signed(self) -> bool:
        """Whether its queries have the values 1/2 and -1/2, rather than 0 and 1: never."""
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerByQueries:
    """A learner that asks queries.

    Parameters
    ----------
    method : from n (bits of x), b (the batch size) and tau (the tolerance).
    machine : from n, ``fraction`` (binary places of an answer) and, for some, ``tau``.
    problem : the built-in problem that it is made for.
    signed : whether its queries have the values 1/2 and -1/2, rather than 0 and 1; a test compares it with the machine.
    """

    method: Callable[[int, int, Fraction], QueryMethod]
    machine: Callable[..., QueryMachine]
    problem: str
    signed: bool = False

    def built(self, n: int, fraction: int, tau: Fraction) -> QueryMachine:
        """The machine for n bits, so many binary places of an answer, and, if it minds, a tolerance.

        >>> QUERY_LEARNERS["query-conjunction"].built(2, 6, Fraction(1, 8)).rounds
        8
        """
        minds = "tau" in inspect.signature(self.machine).parameters
        return self.machine(n, fraction=fraction, **({"tau": tau} if minds else {}))


def _constants_and_literals(n: int) -> list[Predictor]:
    """The class that ``best-of-literals`` chooses from."""
    constants: list[Predictor] = [lambda x: 0, lambda x: 1]
    return constants + [lambda x, i=i, flip=flip: x[i] ^ flip for i in range(n) for flip in (0, 1)]


QUERY_LEARNERS: dict[str, LearnerByQueries] = {
    "literal": LearnerByQueries(
        method=lambda n, b, tau: learners.best_literal(n, b=b, tau=tau),
        machine=best_literal_machine,
        problem="literal",
    ),
    "correlations": LearnerByQueries(
        method=lambda n, b, tau: learners.correlations(n, b=b, tau=tau),
        machine=correlations_machine,
        problem="majority",
        signed=True,
    ),
    "query-conjunction": LearnerByQueries(
        method=lambda n, b, tau: learners.query_conjunction(n, b=b, tau=tau),
        machine=conjunction_machine,
        problem="conjunction",
    ),
}
"""The learners that ask queries, by name."""

SAMPLE_LEARNERS: dict[str, LearnerFromSamples] = {
    "parity": LearnerFromSamples(method=learners.parity, machine=parity_machine, problem="parity"),
    "conjunction": LearnerFromSamples(
        method=learners.conjunction, machine=conjunction_from_samples_machine, problem="conjunction"
    ),
    "decision-list": LearnerFromSamples(
        method=learners.decision_list, machine=decision_list_machine, problem="decision-list"
    ),
    "memoriser": LearnerFromSamples(method=learners.memoriser, machine=memoriser_machine, problem="majority"),
    "best-of-literals": LearnerFromSamples(
        method=lambda n, m: learners.best_of(_constants_and_literals(n), n, m),
        machine=best_of_literals_machine,
        problem="literal",
    ),
}
"""The learners that draw samples, by name."""

LEARNERS: dict[str, LearnerByQueries | LearnerFromSamples] = {**QUERY_LEARNERS, **SAMPLE_LEARNERS}
"""All built-in learners, by name."""
