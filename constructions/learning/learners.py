"""Learners as methods: from samples (PAC) and by queries (bSQ), each with an exact budget.

From samples: parities by Gaussian elimination, conjunctions by elimination, decision lists, the best of a finite class,
and a memoriser. By queries: conjunctions, the best literal, and a linear threshold of correlations, which asks signed
real queries.

Among the arguments ``n`` is the number of bits of a point, ``m`` the number of samples, ``b`` the batch size and
``tau`` the tolerance.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any, cast

from constructions.errors import ConstructionError
from constructions.foundations.exact import Number, rational, whole
from constructions.foundations.logic import Formula
from constructions.learning.learners_in_arrays import (
    all_conjunctions,
    all_decision_lists,
    all_memorised,
    all_parities,
    best_of_all,
)
from constructions.learning.models import BSQ, PAC, Answers, QueryMethod, SampleMethod, State
from constructions.learning.problems import Bits, Point, Predictor

Sample = tuple[Point, ...]
Rows = tuple[tuple[int, int], ...]


def parity(n: int, m: int) -> SampleMethod:
    """A parity of some of the bits that fits the sample, by Gaussian elimination; the constant 0 if none does.

    >>> learn = parity(2, 3).learn
    >>> h = learn((((1, 0), 1), ((1, 1), 1), ((0, 1), 0)), ())
    >>> [h(x) for x in product((0, 1), repeat=2)]
    [0, 0, 1, 1]
    """

    def learn(sample: Sample, bits: Bits) -> Predictor:
        chosen = solve_parity(sample, n)
        return lambda x: 0 if chosen is None else sum(a & b for a, b in zip(chosen, x, strict=True)) % 2

    return SampleMethod(n=n, budget=PAC(m=m), learn=learn, learn_all=all_parities)


def solve_parity(sample: Sample, n: int) -> Bits | None:
    """Which of n bits a parity that fits the sample adds up, free ones left out; None if no parity fits.

    >>> solve_parity([((1, 0), 1), ((1, 1), 0)], 2)
    (1, 1)
    """
    rows: Rows | None = ()
    for x, y in sample:
        rows = None if rows is None else eliminate(rows, sum(bit << i for i, bit in enumerate(x)) | y << n, n)
    if rows is None:
        return None
    found = [0] * n
    for row, lead in rows:
        found[lead] = row >> n & 1
    return tuple(found)


def eliminate(rows: Rows, word: int, n: int) -> Rows | None:
    """The reduced equations ``rows``, each a bit mask with its leading bit, which no other has, and one more, ``word``
    (a bit mask, with the label at bit n); None if they contradict each other.

    >>> eliminate(((0b101, 0),), 0b111, 2), eliminate(((0b101, 0),), 0b001, 2)
    (((5, 0), (2, 1)), None)
    """
    for row, lead in rows:
        if word >> lead & 1:
            word ^= row
    left = word & (1 << n) - 1
    if not left:
        return None if word else rows
    lead = (left & -left).bit_length() - 1
    return (*((row ^ word if row >> lead & 1 else row, at) for row, at in rows), (word, lead))


def conjunction(n: int, m: int) -> SampleMethod:
    """The conjunction of all literals that no positive example breaks.

    >>> h = conjunction(2, 2).learn((((1, 0), 1), ((1, 1), 1)), ())
    >>> [h(x) for x in product((0, 1), repeat=2)]
    [0, 0, 1, 1]
    """

    def learn(sample: Sample, bits: Bits) -> Predictor:
        positive = [x for x, y in sample if y]
        kept = [(i, value) for i in range(n) for value in (0, 1) if all(x[i] == value for x in positive)]
        return lambda x: int(all(x[i] == value for i, value in kept))

    return SampleMethod(n=n, budget=PAC(m=m), learn=learn, learn_all=all_conjunctions)


def decision_list(n: int, m: int) -> SampleMethod:
    """A list of rules "if literal then label" that fits the sample, made greedily; it ends in the label most common
    among the rest.

    >>> h = decision_list(1, 2).learn((((0,), 1), ((1,), 0)), ())
    >>> h((0,)), h((1,))
    (1, 0)
    """

    def learn(sample: Sample, bits: Bits) -> Predictor:
        rules, rest = [], list(sample)
        while rest:
            rule = _pure_rule(rest, n)
            if rule is None:
                break
            rules.append(rule)
            rest = [(x, y) for x, y in rest if x[rule[0]] != rule[1]]
        default = int(2 * sum(y for _, y in rest) > len(rest))
        return lambda x: next((label for i, value, label in rules if x[i] == value), default)

    return SampleMethod(n=n, budget=PAC(m=m), learn=learn, learn_all=all_decision_lists)


def _pure_rule(rest: Sequence[Point], n: int) -> tuple[int, int, int] | None:
    """A literal all of whose examples have one label."""
    for i, value in product(range(n), (0, 1)):
        labels = {y for x, y in rest if x[i] == value}
        if len(labels) == 1:
            return i, value, labels.pop()
    return None


def best_of(class_: Sequence[Predictor], n: int, m: int) -> SampleMethod:
    """The first predictor of a finite class with the least empirical loss (ERM) on m samples of n bits. Raises
    ConstructionError for an empty class.

    >>> best_of([lambda x: 0, lambda x: x[0]], 1, 2).learn((((1,), 1), ((0,), 0)), ())((1,))
    1
    """
    if not class_:
        raise ConstructionError("need at least one predictor in the class, got none")

    def learn(sample: Sample, bits: Bits) -> Predictor:
        return min(class_, key=lambda h: sum((rational(h(x), where="prediction") - y) ** 2 for x, y in sample))

    return SampleMethod(n=n, budget=PAC(m=m), learn=learn, learn_all=best_of_all(class_))


def memoriser(n: int, m: int, *, places: int | None = None) -> SampleMethod:
    """From m samples of n bits: the mean label of each point that was seen, 1/2 elsewhere; rounded to so many binary
    places (the upper number on a tie), if given.

    >>> memoriser(1, 1).learn((((1,), 1),), ())((0,))
    Fraction(1, 2)
    >>> memoriser(1, 3, places=2).learn((((1,), 1), ((1,), 0), ((1,), 1)), ())((1,))
    Fraction(3, 4)
    """
    if places is not None:
        whole(places, where="places", least=1)

    def learn(sample: Sample, bits: Bits) -> Predictor:
        def predict(x: Bits) -> Number:
            labels = [y for point, y in sample if point == x]
            mean = Fraction(sum(labels), len(labels)) if labels else Fraction(1, 2)
            return mean if places is None else Fraction((mean * 2**places + Fraction(1, 2)) // 1, 2**places)

        return predict

    return SampleMethod(n=n, budget=PAC(m=m), learn=learn, learn_all=all_memorised if places is None else None)


def query_conjunction(n: int, *, b: int, tau: Number) -> QueryMethod:
    """A conjunction of n bits by 2n queries to batches of b, two a bit: how often is the label 1 and the bit 0 (or 1)?
    A literal that is broken less often than 2 tau is kept. Alternating: 1-queries in odd rounds, idle in even ones.

    >>> query_conjunction(2, b=4, tau="1/8").budget
    BSQ(k=8, tau=Fraction(1, 8), b=4, p=1, r=0, alternating=True)
    """
    tolerance = rational(tau, where="tau")
    literals = [(i, value) for i in range(whole(n, where="n")) for value in (0, 1)]

    def query(state: State) -> Callable[[Bits, int], list[int]]:
        t = len(_answers(state))
        if t % 2:
            return lambda x, y: [0]
        i, value = literals[t // 2]
        return lambda x, y: [int(y == 1 and x[i] != value)]

    def predictor(state: State) -> Predictor:
        kept = [literal for literal, broken in zip(literals, _answers(state)[::2], strict=True) if not broken]
        return lambda x: int(all(x[i] == value for i, value in kept))

    return QueryMethod(
        n=n,
        budget=BSQ(k=2 * len(literals), tau=tolerance, b=b, p=1, alternating=True),
        start=lambda bits: (),
        query=query,
        after=lambda state, answers: (*_answers(state), is_broken(answers[0], tolerance)),
        predictor=predictor,
        cells=_ends,
        query_by=lambda state: len(_answers(state)),
    )


def is_broken(answer: Number, tau: Number) -> Formula:
    """Whether a literal is dropped: positive examples break it more often than 2 tau, by an answer within tau.

    >>> is_broken(Fraction(1, 4), Fraction(1, 8)), is_broken(Fraction(3, 8), Fraction(1, 8))
    (False, True)
    """
    return answer > 2 * tau


def _answers(state: State) -> tuple[Any, ...]:
    """A state that is what has been answered so far."""
    return cast(tuple[Any, ...], state)


def _ends(state: State, means: Answers, tau: Fraction) -> list[Answers]:
    """The two ends of what is valid: a threshold test has no other outcomes."""
    return [
        tuple(max(mean - tau, Fraction(-1)) for mean in means),
        tuple(min(mean + tau, Fraction(1)) for mean in means),
    ]


def best_literal(n: int, *, b: int, tau: Number) -> QueryMethod:
    """The literal of n bits that agrees with the label most often, by n + 1 parallel queries to tolerance tau over b
    samples, in each of two rounds.

    Round 1 asks how often the label is 1 together with each bit, round 2 how often it is 0 together with each bit.

    >>> from constructions.learning.oracles import run
    >>> from constructions.learning.problems import uniform
    >>> h = run(best_literal(2, b=8, tau="1/16"), uniform(2, lambda x: x[1]), seed=1)
    >>> [h(x) for x in product((0, 1), repeat=2)]
    [0, 1, 0, 1]
    """
    tolerance = rational(tau, where="tau")

    def query(state: State) -> Callable[[Bits, int], tuple[int, ...]]:
        label = 1 - len(_answers(state))
        return lambda x, y: (int(y == label), *(int(y == label and bit) for bit in x))

    def predictor(state: State) -> Predictor:
        agree = agreements(*cast(tuple[Answers, Answers], state))
        i, flip = max(agree, key=lambda literal: (agree[literal], -literal[0], -literal[1]))
        return lambda x: x[i] ^ flip

    return QueryMethod(
        n=n,
        budget=BSQ(k=2, tau=tolerance, b=b, p=n + 1, alternating=True),
        start=lambda bits: (),
        query=query,
        after=lambda state, answers: (*_answers(state), answers),
        predictor=predictor,
    )


def agreements(ones: Sequence[Number], zeros: Sequence[Number]) -> dict[tuple[int, int], Number]:
    """How often each literal (bit i, or its negation if the flip is 1) agrees with the label: from how often the label
    is 1, alone and with each bit (``ones``), and 0 (``zeros``).

    >>> half = Fraction(1, 2)
    >>> {literal: str(share) for literal, share in agreements([half, half], [half, Fraction(0)]).items()}
    {(0, 0): '1', (0, 1): '0'}
    """
    found: dict[tuple[int, int], Number] = {}
    for i, (one, zero) in enumerate(zip(ones[1:], zeros[1:], strict=True)):
        found[i, 0], found[i, 1] = one + (zeros[0] - zero), (ones[0] - one) + zero
    return found


def correlations(n: int, *, b: int, tau: Number) -> QueryMethod:
    """A linear threshold: the sign of the sum over n bits of correlation times bit, both as signs; ties predict 1/2.

    It asks signed real queries: with label l, in round 1 (l = 1) and round 2 (l = 0), the values (2 x_i - 1) / 2 for
    each bit i.

    There are two rounds of n queries, each over b samples and to tolerance tau.

    >>> from constructions.learning.oracles import run
    >>> from constructions.learning.problems import uniform
    >>> h = run(correlations(2, b=8, tau="1/16"), uniform(2, lambda x: x[1]), seed=1)
    >>> [str(h(x)) for x in product((0, 1), repeat=2)]
    ['0', '1', '0', '1']
    """
    tolerance = rational(tau, where="tau")

    def query(state: State) -> Callable[[Bits, int], tuple[Fraction, ...]]:
        label = 1 - len(_answers(state))
        return lambda x, y: tuple(Fraction(2 * bit - 1, 2) if y == label else Fraction(0) for bit in x)

    def predictor(state: State) -> Predictor:
        ones, zeros = cast(tuple[Answers, Answers], state)

        def predict(x: Bits) -> Fraction:
            total = sum((vote(one, zero, bit) for one, zero, bit in zip(ones, zeros, x, strict=True)), Fraction(0))
            return Fraction(1, 2) if total == 0 else Fraction(int(total > 0))

        return predict

    return QueryMethod(
        n=n,
        budget=BSQ(k=2, tau=tolerance, b=b, p=n, alternating=True),
        start=lambda bits: (),
        query=query,
        after=lambda state, answers: (*_answers(state), answers),
        predictor=predictor,
    )


def vote(one: Number, zero: Number, bit: Number) -> Number:
    """What a bit adds to the total: its correlation with the label, from the answers ``one`` and ``zero`` of the rounds
    that ask about these labels, as it is set or not.

    >>> str(vote(Fraction(1, 2), Fraction(-1, 4), 0))
    '-3/4'
    """
    return (one - zero) * (2 * bit - 1)


def decoding(method: QueryMethod) -> QueryMethod:
    """The same method with 0/1 queries, its answers rounded to the nearest multiple of 1/b first: exact if b tau < 1/2.

    Raises
    ------
    ConstructionError
        If b tau >= 1/2, where an answer may stand for two counts.

    >>> method = correlations(1, b=2, tau="1/8")
    >>> [[str(answer) for answer in made.after((), (Fraction(3, 8),))[0]] for made in (method, decoding(method))]
    [['3/8'], ['1/2']]
    """
    budget = method.budget
    if not isinstance(budget, BSQ) or budget.b * budget.tau >= Fraction(1, 2):
        raise ConstructionError(f"need a bSQ method with b tau < 1/2, got {budget}")
    b = budget.b

    def after(state: State, answers: Answers) -> State:
        return method.after(state, tuple(Fraction(round_half_down(answer * b), b) for answer in answers))

    return replace(method, after=after, cells=lambda state, means, tau: [means])


def round_half_down(value: Fraction) -> int:
    """The nearest integer, the lower one on a tie."""
    return int(-((Fraction(1, 2) - value) // 1))
