"""The error of a method on a source: E over random strings and batches of the supremum over valid answers, in both
readings.

*Nested*: the answer to a round is chosen knowing the batches so far. *Looking ahead* (as Section 4 is printed, E[sup]):
the answers are chosen knowing all batches (E16). Both are exact. For methods that declare finitely many cells, that is,
finitely many sets of answers which lead to different states, they follow by recursion over rounds. For a method whose
decoding leaves the answers no choice they follow from the law of its state after each round, which averages over a
round's random bits where they are used. Methods with neither can be measured (:mod:`constructions.theorems.measure`).
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from math import lcm, prod

from constructions.errors import ConstructionError, PremiseError
from constructions.learning.batch_means import BatchQuestions, states_after
from constructions.learning.models import BSQ, FBSQ, SQ, Answers, QueryMethod, SampleMethod, State, strings
from constructions.learning.oracles import Question, means_over, source_means
from constructions.learning.problems import Point, Source

MOST_BATCHES = 2_000_000
Batch = tuple[Point, ...]


def batches(source: Source, size: int) -> Iterator[tuple[Batch, Fraction]]:
    """Every batch of this size from a source, as a multiset, with its probability.

    >>> from constructions.learning.problems import uniform
    >>> [(len(batch), str(mass)) for batch, mass in batches(uniform(1, lambda x: 0), 2)]
    [(2, '1/4'), (2, '1/2'), (2, '1/4')]
    """
    points = list(source.masses())

    def fill(i: int, left: int) -> Iterator[tuple[Batch, Fraction]]:
        if i == len(points) - 1:
            yield (points[i][0],) * left, points[i][1] ** left
            return
        point, mass = points[i]
        ways = 1
        for count in range(left + 1):
            for rest, weight in fill(i + 1, left - count):
                yield (point,) * count + rest, ways * mass**count * weight
            ways = ways * (left - count) // (count + 1)

    return fill(0, size)


def error(method: QueryMethod | SampleMethod, source: Source, *, look_ahead: bool = False) -> Fraction:
    """The exact error of a method, against the worst valid answers.

    Parameters
    ----------
    method, source : what learns, and the distribution that it learns from and is judged on.
    look_ahead : whether the answers of a round may depend on the batches still to come.

    Raises
    ------
    ConstructionError
        For a query method without cells.
    PremiseError
        For more batches or random strings than can be gone through, or for one with bits in each round whose valid
        answers leave a choice (answers may know the bits of all rounds).

    >>> from constructions.learning.learners import memoriser
    >>> from constructions.learning.problems import uniform
    >>> str(error(memoriser(1, 1), uniform(1, lambda x: x[0])))  # half of the time it has not seen the point
    '1/16'
    """
    if isinstance(method, SampleMethod):
        return _sample_error(method, source)
    if method.cells is None:
        raise ConstructionError("need a method that declares its answer cells, got one without")
    if method.refill is not None and isinstance(method.budget, BSQ):
        reached = last_states(method, source)
        return sum((mass * source.loss(method.predictor(state)) for state, mass in reached.items()), Fraction(0))
    total = Fraction(0)
    for string in strings(method.budget.r):
        start = method.start(string)
        if isinstance(method.budget, SQ):
            total += _worst(method, source, start, ((),) * method.budget.k)
        elif isinstance(method.budget, FBSQ):
            every = batches(source, method.budget.m)
            total += sum(
                (mass * _worst(method, source, start, (batch,) * method.budget.k) for batch, mass in every), Fraction(0)
            )
        elif look_ahead:
            total += _looking_ahead(method, source, start)
        else:
            total += _nested(method, source, start)
    return total / int(2**method.budget.r)


def _sample_error(method: SampleMethod, source: Source) -> Fraction:
    points, m, r = list(source.masses()), method.budget.m, method.budget.r
    if len(points) ** m * 2**r > MOST_BATCHES:
        raise PremiseError(
            f"need at most {MOST_BATCHES} samples and strings to go through, got {len(points)}^{m} * 2^{r}"
        )
    total = Fraction(0)
    for sample in product(points, repeat=m):
        mass = prod((weight for _, weight in sample), start=Fraction(1))
        for string in product((0, 1), repeat=r):
            total += mass * source.loss(method.learn(tuple(point for point, _ in sample), string)) / 2**r
    return total


def _choices(method: QueryMethod, source: Source, state: State, t: int, batch: Batch) -> list[State]:
    """The states to which valid answers can lead."""
    query, budget = method.ask(state, t), method.budget
    means = source_means(source, query, budget.p) if isinstance(budget, SQ) else means_over(batch, query, budget.p)
    return list(dict.fromkeys(states_after(method, state, Question(t, means, budget.tau))))


def _worst(method: QueryMethod, source: Source, state: State, sequence: Sequence[Batch], t: int = 1) -> Fraction:
    """The largest loss that valid answers can lead to, on given batches."""
    if t > method.budget.k:
        return source.loss(method.predictor(state))
    return max(
        _worst(method, source, after, sequence, t + 1) for after in _choices(method, source, state, t, sequence[t - 1])
    )


def _nested(method: QueryMethod, source: Source, start: State) -> Fraction:
    """The error from one start state: all states that can be reached, round by round, and then what each is worth, from
    the last round to the first, in integers over one denominator."""
    asking = BatchQuestions(method, source)
    states: dict[State, int] = {start: 0}
    rounds: list[list[list[tuple[int, tuple[int, ...]]]]] = []
    for t in range(1, method.budget.k + 1):
        after: dict[State, int] = {}
        rounds.append([])
        for state in states:
            moves = [(mass, asking.leads_to(state, question)) for question, mass in asking.questions(state, t)]
            rounds[-1].append(
                [(mass, tuple({after.setdefault(new, len(after)) for new in found})) for mass, found in moves]
            )
        states = after
    losses = [source.loss(method.predictor(state)) for state in states]
    scale = lcm(*(loss.denominator for loss in losses))
    worth = [loss.numerator * (scale // loss.denominator) for loss in losses]
    for moved in reversed(rounds):
        worth = [sum(mass * max([worth[i] for i in found]) for mass, found in row) for row in moved]
    return Fraction(worth[0], scale * asking.scale**method.budget.k)


def _looking_ahead(method: QueryMethod, source: Source, start: State) -> Fraction:
    assert isinstance(method.budget, BSQ)
    every = list(batches(source, method.budget.b))
    if len(every) ** method.budget.k > MOST_BATCHES:
        raise PremiseError(
            f"need at most {MOST_BATCHES} sequences of batches to go through, got {len(every)}^{method.budget.k}"
        )
    total = Fraction(0)
    for sequence in product(every, repeat=method.budget.k):
        mass = prod((weight for _, weight in sequence), start=Fraction(1))
        total += mass * _worst(method, source, start, [batch for batch, _ in sequence])
    return total


def last_states(method: QueryMethod, source: Source) -> dict[State, Fraction]:
    """The law of the last state of a bSQ method that decodes its answers and takes fresh random bits in each round.

    Raises
    ------
    PremiseError
        If valid answers to some batch lead to different states.
    """
    assert method.refill is not None and isinstance(method.budget, BSQ)
    rounds, asking = strings(method.fresh), BatchQuestions(method, source)
    share = asking.scale * len(rounds)
    law: dict[State, Fraction] = {}
    for string in strings(method.own):
        start = method.start(string)
        law[start] = law.get(start, Fraction(0)) + Fraction(1, 2**method.own)
    for t in range(1, method.budget.k + 1):
        after: dict[State, Fraction] = {}
        for state, reached in law.items():
            masses: dict[State, int] = {}
            for string in rounds:
                filled = method.refill(state, string)
                for question, mass in asking.questions(filled, t):
                    only = _only(asking.leads_to(filled, question), t)
                    masses[only] = masses.get(only, 0) + mass
            for only, mass in masses.items():
                after[only] = after.get(only, Fraction(0)) + reached * Fraction(mass, share)
        law = after
    return law


def _only(found: Sequence[State], t: int) -> State:
    """The one state to which all answers lead."""
    different = dict.fromkeys(found)
    if len(different) > 1:
        raise PremiseError(
            f"need answers that leave no choice, got {len(different)} states that they lead to, at round {t}"
        )
    return found[0]


def exact_cells(state: State, means: Answers, tau: Fraction) -> Sequence[Answers]:
    """The cells of a method that decodes every valid answer to the exact mean, whatever its ``state`` and ``tau``: one,
    the means themselves.

    >>> exact_cells("any state", (Fraction(1, 2), Fraction(0)), Fraction(1, 8))
    ((Fraction(1, 2), Fraction(0, 1)),)
    """
    return (means,)
