"""Methods and their budgets (Sections 2 and 4): PAC, SQ, bSQ, fbSQ and their alternating forms; simulation up to delta
(Definition 1).

A query method is a machine with states: it starts from its random string, asks p queries at once as a function of its
state, moves to another state by the answers, and returns a predictor after its last round. States are hashable, so the
error of a method can be computed by recursion over them.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Any, Generic, TypeAlias, TypeVar

from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.exact import Number, rational, whole
from constructions.foundations.logic import Formula
from constructions.learning.learners_in_arrays import LearnAll
from constructions.learning.problems import Bits, Point, Predictor

State: TypeAlias = Hashable
Answers: TypeAlias = tuple[Fraction, ...]
Query: TypeAlias = Callable[[Bits, int], Sequence[Number]]
Cells: TypeAlias = Callable[[State, Answers, Fraction], Sequence[Answers]]


MOST_RANDOM_BITS = 16


def strings(r: int) -> list[Bits]:
    """All strings of r random bits, at most :data:`MOST_RANDOM_BITS`.

    Raises
    ------
    PremiseError
        For more bits.

    >>> strings(1)
    [(0,), (1,)]
    """
    if r > MOST_RANDOM_BITS:
        raise PremiseError(f"need at most {MOST_RANDOM_BITS} random bits to go through all strings, got r={r}")
    return list(product((0, 1), repeat=r))


@dataclass(frozen=True, slots=True, kw_only=True)
class PAC:
    """m samples, r random bits."""

    m: int
    r: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SQ:
    """k rounds of one query each about the source itself, answered within tau; r random bits.

    There is one query a round, so p is 1; ``alternating`` asks for 1-queries in odd rounds and 0-queries in even ones.
    """

    k: int
    tau: Fraction
    r: int = 0
    alternating: bool = False
    p: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class BSQ:
    """k rounds of p queries about a fresh batch of b samples, answered within tau; r random bits.

    ``alternating`` asks for 1-queries in odd rounds and 0-queries in even ones.
    """

    k: int
    tau: Fraction
    b: int
    p: int
    r: int = 0
    alternating: bool = False


def split_by_label(budget: SQ) -> SQ:
    """The budget of the method that asks each query of another in two parts, one for each label, each to half of the
    tolerance.

    >>> split_by_label(SQ(k=2, tau=Fraction(1), r=3))
    SQ(k=4, tau=Fraction(1, 2), r=3, alternating=True, p=1)
    """
    return SQ(k=2 * budget.k, tau=budget.tau / 2, r=budget.r, alternating=True)


def asked_by_label(budget: SQ, q: int, b: int) -> BSQ:
    """The budget of the method of Lemma 2, which asks each query of another in ``q`` rounds for each label.

    Parameters
    ----------
    budget : of the other method. q : how often each half is asked. b : the batch size.

    >>> asked_by_label(SQ(k=2, tau=Fraction(1), r=3), 5, 4)
    BSQ(k=20, tau=Fraction(1, 4), b=4, p=1, r=3, alternating=True)
    """
    parts = split_by_label(budget)
    return BSQ(k=parts.k * q, tau=parts.tau / 2, b=b, p=1, r=parts.r, alternating=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class FBSQ:
    """k rounds of p queries about one batch of m samples, the same in all rounds, answered within tau; r random
    bits.

    ``alternating`` asks for 1-queries in odd rounds and 0-queries in even ones.
    """

    k: int
    tau: Fraction
    m: int
    p: int
    r: int = 0
    alternating: bool = False


QueryBudget: TypeAlias = SQ | BSQ | FBSQ
Budget: TypeAlias = PAC | QueryBudget


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleMethod:
    """A PAC method: from a sample and random bits to a predictor.

    Parameters
    ----------
    n : bits of x. budget : samples and random bits. learn : from a sample and random bits to a predictor.
    learn_all : what ``learn`` does, for many samples at once, if there is such a form; it takes no random bits.

    >>> guess = SampleMethod(n=1, budget=PAC(m=1), learn=lambda sample, bits: lambda x: sample[0][1])
    >>> guess.learn((((0,), 1),), ())((1,))
    1
    """

    n: int
    budget: PAC
    learn: Callable[[tuple[Point, ...], Bits], Predictor]
    learn_all: LearnAll | None = None

    def __post_init__(self) -> None:
        check_budget(self.budget)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryMethod:
    """A method that asks queries.

    Parameters
    ----------
    n : bits of x. budget : rounds, tolerance, batch size, queries a round, random bits.
    start : the state for a random string.
    query : the queries of a state; p values in [-1, 1] at a point (x, y).
    after : the next state by the p answers.
    predictor : what is returned from a state.
    cells : from a state, the exact means and tau, some answers that stand for all valid ones: any valid answer leads to
        the same state as one of these. Without it the error can be measured only.
    fresh : how many of the random bits belong to each round; the others are the method's own and come first.
    refill : the state with the bits of the coming round put into it. With it the bits of later rounds need not be in a
        state, and an exact error averages over a round's bits where they are used.
    query_by : what of a state its queries depend on, as a value that can be a key: states with the same have the same
        queries. With it many runs at once evaluate a query for the first such state only.

    Raises
    ------
    ConstructionError
        For a budget with a negative number, or fresh bits without refill.

    >>> from constructions.learning.learners import query_conjunction
    >>> method = query_conjunction(1, b=4, tau="1/8")
    >>> asked = method.ask(method.start(()), 1)  # how often is the label 1 and the bit not 0?
    >>> [str(asked((x,), y)[0]) for x in (0, 1) for y in (0, 1)]
    ['0', '0', '0', '1']
    """

    n: int
    budget: QueryBudget
    start: Callable[[Bits], State]
    query: Callable[[State], Query]
    after: Callable[[State, Answers], State]
    predictor: Callable[[State], Predictor]
    cells: Cells | None = None
    fresh: int = 0
    refill: Callable[[State, Bits], State] | None = None
    query_by: Callable[[State], Hashable] | None = None

    def __post_init__(self) -> None:
        check_budget(self.budget)
        if self.own < 0 or (self.fresh > 0) is not (self.refill is not None):
            raise ConstructionError(
                f"need refill with fresh > 0 bits in each round, at most r in all, got {self.fresh} and {self.budget}"
            )

    @property
    def own(self) -> int:
        """How many random bits do not belong to a round."""
        return self.budget.r - self.budget.k * self.fresh

    def ask(self, state: State, round_: int) -> Query:
        """The queries that a state asks in a round, checked where they are evaluated: p values in [-1, 1], zero on the
        other label if alternating; else they raise ConstructionError."""
        inner, p = self.query(state), self.budget.p
        label = round_ % 2

        def checked(x: Bits, y: int) -> Answers:
            values = tuple(rational(value, where=f"query {j} at {(x, y)}") for j, value in enumerate(inner(x, y)))
            if len(values) != p or any(abs(value) > 1 for value in values):
                raise ConstructionError(
                    f"need {p} values in [-1, 1], got {[str(value) for value in values]}, at {(x, y)}, round {round_}"
                )
            if self.budget.alternating and y != label and any(values):
                raise ConstructionError(f"need a {label}-query in round {round_}, got a value other than 0 at {(x, y)}")
            return values

        return checked


Method: TypeAlias = SampleMethod | QueryMethod
M = TypeVar("M", bound=Method)
N = TypeVar("N", bound=Method)


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation(Generic[M, N]):
    """Definition 1 as a function: every method A of one class becomes a method A' of another with err(A', D) <= err(A,
    D) + delta on every source D.

    Parameters
    ----------
    name : the item of the paper. delta : the loss in error. budget : the exact budget of A' from that of A.
    printed : the paper's own bound on it, if it states one. reduce : A to A'. assumes : cited facts on which delta
        rests, by name.

    >>> from constructions.reductions.full import full
    >>> reduction = full(2, b=2, tau=Fraction(1, 8))
    >>> reduction.name, reduction.delta, reduction.budget(PAC(m=3)).k
    ('Theorem 2a (full)', Fraction(0, 1), 2)
    """

    name: str
    delta: Fraction
    budget: Callable[[Any], Budget]
    reduce: Callable[[M], N]
    printed: Callable[[Any], Budget] | None = None
    assumes: tuple[str, ...] = ()

    def __call__(self, method: M) -> N:
        """The simulating method; its budget is checked against the map."""
        made = self.reduce(method)
        wanted = self.budget(method.budget)
        if made.budget != wanted:
            raise ConstructionError(f"need the budget {wanted} of {self.name}, got {made.budget}")
        return made

    def allows(self, given: Number, made: Number) -> Formula:
        """Whether Definition 1 allows A' the error that was ``made``, where A has the error that is ``given``.

        >>> from constructions.reductions.bsq import theorem_2b
        >>> theorem_2b().allows(Fraction(1, 4), Fraction(1, 8)), theorem_2b().allows(Fraction(1, 8), Fraction(1, 4))
        (True, False)
        """
        return made <= given + self.delta

    def then(self, after: "Simulation[N, Any]") -> "Simulation[M, Any]":
        """This simulation followed by another: the deltas add up (transitivity of Definition 1), and so do the
        assumptions."""
        return Simulation(
            name=f"{self.name}, then {after.name}",
            delta=self.delta + after.delta,
            budget=lambda budget: after.budget(self.budget(budget)),
            reduce=lambda method: after(self(method)),
            assumes=tuple(dict.fromkeys((*self.assumes, *after.assumes))),
        )


def stopped(method: QueryMethod, k: int) -> QueryMethod:
    """The same method, stopped after k rounds; random bits that belong to later ones are not drawn.

    >>> constant = QueryMethod(
    ...     n=0, budget=BSQ(k=3, tau=Fraction(0), b=1, p=1, r=7),
    ...     start=lambda bits: 0, query=lambda state: lambda x, y: (0,),
    ...     after=lambda state, answers: state, predictor=lambda state: lambda x: 0,
    ...     fresh=2, refill=lambda state, bits: state)
    >>> stopped(constant, 1).budget.r, stopped(constant, 1).own
    (3, 1)
    """
    return replace(method, budget=replace(method.budget, k=k, r=method.own + k * method.fresh))


def of_samples(method: Method) -> SampleMethod:
    """The method, if it is one on samples.

    Raises
    ------
    ConstructionError
        For a method that asks queries.

    >>> from constructions.learning.learners import parity
    >>> of_samples(parity(2, 3)).budget
    PAC(m=3, r=0)
    """
    if not isinstance(method, SampleMethod):
        raise ConstructionError(f"need a method on samples, got one with the budget {method.budget}")
    return method


def check_budget(budget: Budget) -> Budget:
    """Refuse a budget with a negative number in it, or with queries about an empty batch.

    Raises
    ------
    ConstructionError
        If it is refused; else the budget is returned.

    >>> check_budget(BSQ(k=1, tau=Fraction(1, 8), b=2, p=1)).b
    2
    """
    for name in ("k", "m", "b", "p", "r"):
        if hasattr(budget, name):
            asked = name == "b" or (name == "m" and isinstance(budget, FBSQ) and budget.k > 0)
            whole(getattr(budget, name), where=f"{name} of {type(budget).__name__}", least=int(asked))
    if isinstance(budget, SQ | BSQ | FBSQ) and rational(budget.tau, where="tau") < 0:
        raise ConstructionError(f"need tau >= 0, got {budget.tau}")
    return budget
