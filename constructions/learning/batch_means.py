"""What the batches of a source say to the queries of a bSQ method: every question that can be asked, with its mass.

A state's queries have one value at each point of the source, so the means over a batch depend on how often each point
is in it and on nothing else. The numbers of all batches are gone through once, in integers over one denominator;
batches with the same means are one question, whose mass is the sum of theirs; and states whose queries have the same
values share their questions.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import comb, lcm
from typing import cast

from constructions.errors import ConstructionError
from constructions.learning.models import BSQ, Answers, QueryMethod, State
from constructions.learning.oracles import Question, valid
from constructions.learning.problems import Source

Counts = tuple[int, ...]
Bounds = tuple[tuple[int, int, int, int], ...]


def counted(masses: Sequence[int], size: int) -> Iterator[tuple[Counts, int]]:
    """How often each point is in a batch, for every batch of a size, and the mass of it.

    Parameters
    ----------
    masses : of the points, in integers over one denominator. size : points in a batch.

    Returns
    -------
    Pairs of counts and masses, in integers over the denominator to the power of the size.

    >>> list(counted([1, 2], 2))
    [((0, 2), 4), ((1, 1), 4), ((2, 0), 1)]
    """
    if len(masses) == 1:
        yield (size,), masses[0] ** size
        return
    for count in range(size + 1):
        ways = comb(size, count) * masses[0] ** count
        for rest, mass in counted(masses[1:], size - count):
            yield (count, *rest), ways * mass


class BatchQuestions:
    """The questions to a method's queries over all batches of a source.

    Parameters
    ----------
    method : a bSQ method. source : where its batches are drawn from.

    >>> from constructions.learning.problems import uniform
    >>> label = QueryMethod(
    ...     n=1, budget=BSQ(k=1, tau=Fraction(1, 8), b=2, p=1),
    ...     start=lambda bits: 0, query=lambda state: lambda x, y: (y,),
    ...     after=lambda state, answers: state, predictor=lambda state: lambda x: 0)
    >>> asking = BatchQuestions(label, uniform(1, lambda x: x[0]))
    >>> [(str(question.means[0]), mass) for question, mass in asking.questions(0, 1)], asking.scale
    ([('1', 1), ('1/2', 2), ('0', 1)], 4)
    """

    def __init__(self, method: QueryMethod, source: Source) -> None:
        self.method, self.budget = method, cast(BSQ, method.budget)
        table = list(source.masses())
        self.points = [point for point, _ in table]
        unit = lcm(*(mass.denominator for _, mass in table))
        whole = [mass.numerator * (unit // mass.denominator) for _, mass in table]
        self.batches = list(counted(whole, self.budget.b))
        self.scale = unit**self.budget.b
        """The denominator of all masses."""
        self._known: dict[tuple[int, tuple[Answers, ...]], list[tuple[Question, int]]] = {}
        self._bounds: dict[int, tuple[Question, Bounds]] = {}
        """By the identity of a question, which is kept here, so that no other object ever has it."""

    def questions(self, state: State, t: int) -> list[tuple[Question, int]]:
        """Every question that a state can ask in round t, once, with its mass over :attr:`scale`."""
        query = self.method.ask(state, t)
        values = tuple([cast(Answers, query(x, y)) for x, y in self.points])
        if (t, values) not in self._known:
            self._known[t, values] = self._merged(values, t)
        return self._known[t, values]

    def _merged(self, values: tuple[Answers, ...], t: int) -> list[tuple[Question, int]]:
        unit = lcm(*(value.denominator for row in values for value in row))
        columns = [
            [value.numerator * (unit // value.denominator) for value in column] for column in zip(*values, strict=True)
        ]
        masses: dict[Counts, int] = {}
        for counts, mass in self.batches:
            sums = tuple([sum(map(int.__mul__, column, counts)) for column in columns])
            masses[sums] = masses.get(sums, 0) + mass
        found = []
        for sums, mass in masses.items():
            means = tuple(Fraction(total, unit * self.budget.b) for total in sums)
            found.append((Question(t, means, self.budget.tau), mass))
            self._bounds[id(found[-1][0])] = (found[-1][0], bounds_of(found[-1][0]))
        return found

    def leads_to(self, state: State, question: Question) -> list[State]:
        """The states to which valid answers to a question of :meth:`questions` can lead; some may be there twice."""
        return states_after(self.method, state, question, self._bounds[id(question)][1])


def states_after(method: QueryMethod, state: State, question: Question, bounds: Bounds | None = None) -> list[State]:
    """The states to which valid answers lead, one for each cell of a method.

    Parameters
    ----------
    method, state : a method with cells, and a state in which it has asked.
    question : the means of its queries over the round's batch, and the tolerance.
    bounds : between which answers are valid; those of the question if not given.

    Raises
    ------
    ConstructionError for a cell that is no valid answer, and for a method without any.

    >>> from constructions.learning.learners import query_conjunction
    >>> method, tau = query_conjunction(1, b=4, tau="1/8"), Fraction(1, 8)
    >>> for mean in (Fraction(1, 4), Fraction(1, 2)):  # with answers from 1/8 to 3/8, and from 3/8 to 5/8
    ...     states_after(method, method.start(()), Question(1, (mean,), tau))
    [(False,), (True,)]
    [(True,), (True,)]
    """
    assert method.cells is not None
    known = bounds_of(question) if bounds is None else bounds
    found = []
    for answers in method.cells(state, question.means, question.tau):
        right = answers if plainly_valid(answers, known) else valid(answers, question)
        found.append(method.after(state, right))
    if not found:
        raise ConstructionError(f"need at least one answer cell, got none, at round {question.round}")
    return found


def bounds_of(question: Question) -> Bounds:
    """The least and the greatest valid answer to each query, as numerators and denominators.

    >>> bounds_of(Question(1, (Fraction(3, 4),), Fraction(1, 2)))
    ((1, 4, 1, 1),)
    """
    tau, one = question.tau, Fraction(1)
    ends: list[tuple[Fraction, Fraction]] = [(max(mean - tau, -one), min(mean + tau, one)) for mean in question.means]
    return tuple((low.numerator, low.denominator, high.numerator, high.denominator) for low, high in ends)


def plainly_valid(answers: Sequence[Fraction], bounds: Bounds) -> bool:
    """Whether answers are a tuple of Fractions within their bounds; of all else ``valid`` is to judge.

    >>> [plainly_valid(answers, ((1, 4, 1, 1),)) for answers in ((Fraction(1, 4),), (Fraction(1, 5),), (1,))]
    [True, False, False]
    """
    if type(answers) is not tuple or len(answers) != len(bounds):
        return False
    for answer, (low, below, high, above) in zip(answers, bounds, strict=True):
        if type(answer) is not Fraction:
            return False
        top, bottom = answer.numerator, answer.denominator
        if top * below < low * bottom or top * above > high * bottom:
            return False
    return True
