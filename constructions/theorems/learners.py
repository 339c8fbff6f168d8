"""What the name of a learner stands for in the pipelines: up to four forms of one learner; a theorem takes one of them.

A learner from samples is a PAC method, and in bits what takes in one sample at a time. A learner by queries is a
method, and in bits a query machine. Pipelines on models and between methods take the method; those on networks the
bits. A learner of the user's may have one form only; the method is then made of the bits, never the other way round.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from constructions.computation.built_in_learners import QUERY_LEARNERS, SAMPLE_LEARNERS
from constructions.computation.extraction_machine import LearnerInBits
from constructions.computation.methods_in_bits import query_method, sample_method
from constructions.computation.query_machine import QueryMachine
from constructions.errors import ConstructionError
from constructions.learning.models import QueryMethod, SampleMethod

SOURCES = "a learner from samples", "a learner by queries"


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """A learner by its ``name``.

    Parameters
    ----------
    samples : its PAC method, from n and m. bits : the same in bits, from n and m.
    queries : its method by queries, from n, b and tau. machine : the same as a machine, from n, the binary places of an
        answer and tau.

    >>> literal = built_in("literal")
    >>> literal.by_queries(2, 4, Fraction(1, 16)).budget.p, literal.asking(2, 6, Fraction(1, 16)).parallel
    (3, 3)
    >>> built_in("parity").in_bits(2, 3).n, built_in("parity").from_samples(2, 3).budget.m
    (2, 3)
    """

    name: str
    samples: Callable[[int, int], SampleMethod] | None = None
    bits: Callable[[int, int], LearnerInBits] | None = None
    queries: Callable[[int, int, Fraction], QueryMethod] | None = None
    machine: Callable[[int, int, Fraction], QueryMachine] | None = None

    def from_samples(self, n: int, m: int) -> SampleMethod:
        """The PAC method for n bits and m samples. Raises ConstructionError for a learner by queries, or one of other
        numbers."""
        if self.samples is None and self.bits is None:
            raise ConstructionError(f"need {SOURCES[0]}, got {SOURCES[1]}, at {self.name!r}")
        method = self.samples(n, m) if self.samples else sample_method(self.in_bits(n, m), m)
        self._check(n, method.n)
        if method.budget.m != m:
            raise ConstructionError(f"need a learner of {m} samples, got one of {method.budget.m}, at {self.name!r}")
        return method

    def in_bits(self, n: int, m: int) -> LearnerInBits:
        """The learner for n bits and m samples, in bits. Raises ConstructionError for one that has no such form, or for
        another n."""
        if self.bits is None:
            raise ConstructionError(f"need {SOURCES[0]} in bits for a network, got another, at {self.name!r}")
        learner = self.bits(n, m)
        self._check(n, learner.n)
        return learner

    def by_queries(self, n: int, b: int, tau: Fraction) -> QueryMethod:
        """The method by queries for n bits, batches of b and the tolerance tau. Raises ConstructionError for a learner
        from samples, or for another n."""
        if self.queries is not None:
            method = self.queries(n, b, tau)
        elif self.machine is not None:
            method = query_method(self.asking(n, PLACES, tau), b=b, tau=tau)
        else:
            raise ConstructionError(f"need {SOURCES[1]}, got {SOURCES[0]}, at {self.name!r}")
        self._check(n, method.n)
        return method

    def asking(self, n: int, fraction: int, tau: Fraction) -> QueryMachine:
        """The query machine for n bits, so many binary places of an answer (``fraction``) and the tolerance tau. Raises
        ConstructionError for one that has no such form, or for another n."""
        if self.machine is None:
            raise ConstructionError(f"need {SOURCES[1]} in bits for a network, got another, at {self.name!r}")
        machine = self.machine(n, fraction, tau)
        self._check(n, machine.inputs)
        return machine

    def _check(self, n: int, got: int) -> None:
        if got != n:
            raise ConstructionError(f"need a learner for {n} bits, got one for {got}, at {self.name!r}")


PLACES = 12
"""Binary places of the answers to a machine of the user's that takes any number of them."""


def built_in(name: str) -> Learned:
    """A built-in learner.

    Raises
    ------
    ConstructionError
        For another name.

    >>> built_in("conjunction").name
    'conjunction'
    """
    if name in SAMPLE_LEARNERS:
        learner = SAMPLE_LEARNERS[name]
        return Learned(name=name, samples=learner.method, bits=learner.machine.learner)
    if name in QUERY_LEARNERS:
        known = QUERY_LEARNERS[name]
        return Learned(name=name, queries=known.method, machine=known.built)
    raise ConstructionError(f"need a built-in learner, got {name!r}")
