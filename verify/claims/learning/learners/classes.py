"""Learners of conjunctions, of decision lists and of any finite class, and the memoriser: what they return is best.

Proved here: conjunctions and decision lists fit whenever one of the class does (``learners.conjunction``,
``learners.list``); the best of a class has the least loss on the sample (``learners.best``); the memoriser predicts
what loses least (``learners.memoriser``).
"""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import product
from typing import Any

from constructions.foundations.logic import select
from constructions.learning.learners import (
    Sample,
    best_of,
    conjunction,
    decision_list,
    memoriser,
)
from constructions.learning.models import SampleMethod
from constructions.learning.problems import Bits, Predictor
from verify.claims.learning.learners.parity import F, sample_of
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict


def _partial() -> Iterator[dict[str, Any]]:
    return ({"n": n, "labels": i} for n in (0, 1, 2, 3) for i in range(3 ** (2**n)))


def partly_labelled(i: int, n: int) -> Sample:
    """The sample with a number: each point of n bits not at all, with label 0 or with label 1."""
    points = list(product((0, 1), repeat=n))
    return tuple((x, i // 3**j % 3 - 1) for j, x in enumerate(points) if i // 3**j % 3)


def table_of(h: Predictor, n: int) -> int:
    """A 0/1 predictor as a bit mask over the points."""
    return sum(int(h(x)) << j for j, x in enumerate(product((0, 1), repeat=n)))


@cache
def literals(n: int) -> tuple[int, ...]:
    """The points on which each literal holds."""
    points = list(product((0, 1), repeat=n))
    return tuple(sum(int(x[i] == value) << j for j, x in enumerate(points)) for i in range(n) for value in (0, 1))


@cache
def conjunctions(n: int) -> frozenset[int]:
    """All conjunctions of literals."""
    found = {2 ** (2**n) - 1}
    for literal in literals(n):
        found |= {table & literal for table in found}
    return frozenset(found)


@cache
def decision_lists(n: int) -> frozenset[int]:
    """All decision lists: constants, and others behind one more rule."""
    everywhere = 2 ** (2**n) - 1
    found, waiting = {0, everywhere}, [0, everywhere]
    while waiting:
        table = waiting.pop()
        for literal in literals(n):
            for longer in (table | literal, table & (everywhere ^ literal)):
                if longer not in found:
                    found.add(longer)
                    waiting.append(longer)
    return frozenset(found)


Class = tuple[Callable[[int, int], SampleMethod], Callable[[int], frozenset[int]]]


ALL_LABELLINGS = "every sample without contradiction, as a set, n <= 3: 3 + 9 + 81 + 6561 partial labellings"


def _default(n: int, m: int) -> SampleMethod:
    """The majority label (the twin's)."""
    return SampleMethod(
        n=n, budget=conjunction(n, m).budget, learn=lambda sample, bits: decision_list(n, m).learn(sample[:1], bits)
    )


def _forgetful(n: int, m: int) -> SampleMethod:
    """Conjunctions from all but the last positive example (the twin's)."""

    def learn(sample: Sample, bits: Bits) -> Predictor:
        positive = [point for point in sample if point[1]]
        return conjunction(n, m).learn(
            tuple(point for point in sample if point != positive[-1]) if positive else sample, bits
        )

    return SampleMethod(n=n, budget=conjunction(n, m).budget, learn=learn)


@obligation(
    "learners.conjunction.fits",
    paper="Section 4",
    kind="enumeration",
    domain=_partial,
    expect=Verdict.CHECKED,
    finite=ALL_LABELLINGS,
    of=lambda case: (conjunction, conjunctions),
    twin=lambda case: (_forgetful, conjunctions),
)
@obligation(
    "learners.list.fits",
    paper="Section 4",
    kind="enumeration",
    domain=_partial,
    expect=Verdict.CHECKED,
    finite=ALL_LABELLINGS,
    of=lambda case: (decision_list, decision_lists),
    twin=lambda case: (_default, decision_lists),
)
def learner_fits_if_any_does(subject: Class, case: Case) -> None:
    """For every sample without contradictions, the learner returns a predictor of its class (conjunctions or decision
    lists), and that predictor fits the sample if and only if some predictor of the class does."""
    learner, class_ = subject
    n = int(case.integer("n"))
    sample = partly_labelled(int(case.integer("labels")), n)
    seen, ones = (
        sum(1 << list(product((0, 1), repeat=n)).index(x) for x, y in sample if y or not only) for only in (False, True)
    )
    found = table_of(learner(n, len(sample)).learn(sample, ()), n)
    case.show("one of the class", found in class_(n))
    case.show("fits if any does", (found & seen == ones) is any(table & seen == ones for table in class_(n)))


@obligation(
    "learners.conjunction.least",
    paper="Section 4",
    kind="enumeration",
    domain=_partial,
    expect=Verdict.CHECKED,
    finite=ALL_LABELLINGS,
    of=lambda case: conjunction,
    twin=lambda case: decision_list,
)
def conjunction_is_the_most_specific(learner: Callable[[int, int], SampleMethod], case: Case) -> None:
    """For every sample without contradictions, every conjunction that holds on all positive examples also holds
    wherever the learned conjunction holds."""
    n = int(case.integer("n"))
    sample = partly_labelled(int(case.integer("labels")), n)
    points = list(product((0, 1), repeat=n))
    ones = sum(1 << points.index(x) for x, y in sample if y)
    found = table_of(learner(n, len(sample)).learn(sample, ()), n)
    case.show("least", all(found & table == found for table in conjunctions(n) if table & ones == ones))


POOL: tuple[Predictor, ...] = (lambda x: 0, lambda x: 1, lambda x: F(1, 3), lambda x: x[0], lambda x: 1 - x[0])


def _classes() -> Iterator[dict[str, Any]]:
    return ({"i": i, "j": j, "k": k, "sample": s} for i, j, k in product(range(5), repeat=3) for s in range(16))


@obligation(
    "learners.best.least",
    paper="Section 4",
    kind="enumeration",
    domain=_classes,
    expect=Verdict.CHECKED,
    finite="three of five predictors, all samples of two points of one bit",
    of=lambda case: best_of,
    twin=lambda case: lambda class_, n, m: best_of(class_[:-1], n, m),
)
def nothing_in_the_class_is_better(learner: Callable[..., SampleMethod], case: Case) -> None:
    """For every class of three predictors and every sample of the finite case, the learner returns a predictor with the
    least loss on the sample in the class, and among several such the first."""
    class_ = [POOL[int(case.integer(name))] for name in ("i", "j", "k")]
    sample = sample_of(int(case.integer("sample")), 1, 2)
    losses = [sum(((F(h(x)) - y) ** 2 for x, y in sample), F(0)) for h in class_]
    case.show("the first of the best", learner(class_, 1, 2).learn(sample, ()) is class_[losses.index(min(losses))])


@obligation(
    "learners.memoriser.least",
    paper="Section 4",
    kind="identity",
    expect=Verdict.CHECKED,
    finite="all samples of one to three points of one bit; any other prediction",
    of=lambda case: memoriser,
    twin=lambda case: lambda n, m: best_of(POOL[3:4], n, m),
)
def mean_labels_lose_least(learner: Callable[[int, int], SampleMethod], case: Case) -> None:
    """For every sample, every x that was seen c >= 1 times in it, and every prediction p: predicting p at x loses
    (c/2)(p - h)^2 more on the sample than the memoriser's prediction h, and so never less."""
    p = case.real("p")
    for m in (1, 2, 3):
        for i in range(4**m):
            sample = sample_of(i, 1, m)
            h = learner(1, m).learn(sample, ())
            for x in sorted({x for x, _ in sample}):
                labels = [y for point, y in sample if point == x]
                more = sum((p - y) ** 2 for y in labels) - sum(((F(h(x)) - y) ** 2 for y in labels), F(0))
                case.equal(f"sample {i} of {m} at {x[0]}", more, len(labels) * (p - h(x)) ** 2)


@obligation(
    "learners.memoriser.unseen",
    paper="Section 4",
    of=lambda case: memoriser(1, 0),
    twin=lambda case: best_of(POOL[2:3], 1, 0),
)
def half_is_the_safest_guess(method: SampleMethod, case: Case) -> None:
    """At a point that was not seen the memoriser predicts 1/2, and no prediction p is safer: the larger of p's losses
    on the labels 0 and 1 is at least that of 1/2, for every p."""
    h, p = F(method.learn((), ())((0,))), case.real("p")
    worst = max(h * h, (1 - h) * (1 - h))
    case.show("safest", worst <= select(p * p >= (1 - p) * (1 - p), p * p, (1 - p) * (1 - p)))
