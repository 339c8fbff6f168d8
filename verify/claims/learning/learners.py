"""Learners from samples: what they return fits whenever anything of its kind does; learners by queries: right under
all valid answers."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, within
from constructions.learning.error import error
from constructions.learning.learners import (
    Rows,
    Sample,
    agreements,
    best_of,
    conjunction,
    decision_list,
    decoding,
    eliminate,
    is_broken,
    memoriser,
    query_conjunction,
    solve_parity,
    vote,
)
from constructions.learning.models import BSQ, SQ, QueryMethod, SampleMethod
from constructions.learning.problems import Bits, Predictor, Source, Table
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction
Eliminate = Callable[[Rows, int, int], Rows | None]


@cache
def reduced(n: int) -> tuple[Rows, ...]:
    """All systems to which elimination can lead, whatever the sample."""
    known: dict[Rows, None] = {(): None}
    waiting: list[Rows] = [()]
    while waiting:
        rows = waiting.pop()
        for word in range(2 ** (n + 1)):
            after = eliminate(rows, word, n)
            if after is not None and after not in known:
                known[after] = None
                waiting.append(after)
    return tuple(known)


def solutions(words: Sequence[int], n: int) -> frozenset[int]:
    """The parities (as bit masks) that satisfy equations."""
    return frozenset(s for s in range(2**n) if all((s & word).bit_count() % 2 == word >> n & 1 for word in words))


def _systems() -> Iterator[dict[str, Any]]:
    return (
        {"n": n, "rows": i, "word": word}
        for n in (1, 2, 3)
        for i in range(len(reduced(n)))
        for word in range(2 ** (n + 1))
    )


def _one_way(rows: Rows, word: int, n: int) -> Rows | None:
    """Elimination that leaves the earlier equations as they were (the twin's)."""
    after = eliminate(rows, word, n)
    return after if after is None or after == rows else (*rows, after[-1])


@obligation(
    "learners.parity.step",
    paper="Section 4",
    kind="enumeration",
    domain=_systems,
    expect=Verdict.CHECKED,
    finite="n <= 3, samples of any length: every system that can arise, every further equation",
    of=lambda case: eliminate,
    twin=lambda case: _one_way,
)
def elimination_keeps_the_solutions(step: Eliminate, case: Case) -> None:
    """One step keeps exactly the parities that fit the new example as well, says none exactly if there are none, and
    leaves each leading bit to one equation: so by induction over the sample what is returned fits all of it."""
    n, word = int(case.integer("n")), int(case.integer("word"))
    rows = reduced(n)[int(case.integer("rows"))]
    wanted = solutions([row for row, _ in rows], n) & solutions([word], n)
    after = step(rows, word, n)
    case.show("none exactly if none fits", (after is None) is (not wanted))
    case.show("the same solutions", after is None or solutions([row for row, _ in after], n) == wanted)
    leads = [lead for _, lead in after or ()]
    alone = all([row >> lead & 1 for row, _ in after or ()].count(1) == 1 for lead in leads)
    case.show("each leading bit in one equation", alone and len(set(leads)) == len(leads))


def _samples() -> Iterator[dict[str, Any]]:
    return (
        {"n": n, "m": m, "sample": i}
        for n, m in ((1, 3), (2, 0), (2, 1), (2, 2), (2, 3))
        for i in range(2 ** ((n + 1) * m))
    )


def sample_of(i: int, n: int, m: int) -> Sample:
    """The sample with a number: its points one after another, the label last."""
    words = [i >> (n + 1) * at & 2 ** (n + 1) - 1 for at in range(m)]
    return tuple((tuple(word >> j & 1 for j in range(n)), word >> n) for word in words)


@obligation(
    "learners.parity.fits",
    paper="Section 4",
    kind="enumeration",
    domain=_samples,
    expect=Verdict.CHECKED,
    needs=("learners.parity.step",),
    finite="all samples of up to 3 points of n <= 2 bits",
    of=lambda case: solve_parity,
    twin=lambda case: lambda sample, n: solve_parity(sample[1:], n),
)
def parity_fits_if_any_does(solve: Callable[[Sample, int], Bits | None], case: Case) -> None:
    """Elimination returns a parity that fits the whole sample, and none exactly if no parity does."""
    n, m = int(case.integer("n")), int(case.integer("m"))
    sample = sample_of(int(case.integer("sample")), n, m)
    found = solve(sample, n)
    fitting = [
        s
        for s in product((0, 1), repeat=n)
        if all(sum(a * b for a, b in zip(s, x, strict=True)) % 2 == y for x, y in sample)
    ]
    case.show("a fitting one, or none", found in fitting if fitting else found is None)


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
    """The learner returns one of its class, and one that fits the sample if and only if some does."""
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
    """Every conjunction that holds on all positive examples holds wherever the learned one does."""
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
    """What is returned has the least empirical loss in the class, and is the first that has."""
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
    """On a point that was seen c times any prediction p loses (c/2) (p - h)^2 more than the learned h, so not less."""
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
    """Where nothing was seen no prediction loses less, whatever the label: the larger of its two losses is at least
    that of 1/2."""
    h, p = F(method.learn((), ())((0,))), case.real("p")
    worst = max(h * h, (1 - h) * (1 - h))
    case.show("safest", worst <= select(p * p >= (1 - p) * (1 - p), p * p, (1 - p) * (1 - p)))


Broken = Callable[[Number, Number], Formula]


def _answer(case: Case) -> tuple[Number, Number, Number]:
    """tau, how often a literal is broken, a valid answer to it."""
    tau, often, answer = case.real("tau"), case.real("often"), case.real("answer")
    case.assume(tau > 0, often >= 0, often <= 1, within(answer - often, tau))
    return tau, often, answer


@obligation(
    "learners.query.kept",
    paper="Section 4",
    of=lambda case: is_broken,
    twin=lambda case: lambda answer, tau: answer > 3 * tau,
)
def literals_are_kept_or_dropped(broken: Broken, case: Case) -> None:
    """Under every valid answer a literal that is broken with frequency 0 (or up to tau) is kept, and one that is broken
    more often than 3 tau is dropped."""
    tau, often, answer = _answer(case)
    case.show("kept", implies(often <= tau, negation(broken(answer, tau))))
    case.show("dropped", implies(often > 3 * tau, broken(answer, tau)))


@obligation(
    "learners.query.kept.sharp",
    paper="Section 4",
    of=lambda case: lambda often, tau: often > tau,
    twin=lambda case: lambda often, tau: often >= tau,
)
def answers_decide_in_between(above: Broken, case: Case) -> None:
    """At any frequency above tau and up to 3 tau some valid answer keeps the literal and another drops it."""
    tau, often, _ = _answer(case)
    case.assume(above(often, tau), often <= 3 * tau)
    case.show("one keeps it", negation(is_broken(often - tau, tau)))
    case.show("one drops it", is_broken(often + tau, tau))


@obligation(
    "learners.query.loss",
    paper="Section 4",
    kind="induction",
    of=lambda case: 3,
    twin=lambda case: F(5, 2),
    needs=("learners.query.kept",),
)
def few_positives_are_missed(times: Fraction, case: Case) -> None:
    """If a conjunction labels the source, and the frequencies are the source's, the learned one implies it and misses
    at most 3 tau max(n, 2) of the mass: a missed positive breaks a kept literal, one a bit; if both literals of a bit
    are kept, all positives do, at most 6 tau."""
    tau, first, second, n = case.real("tau"), case.real("first"), case.real("second"), case.integer("n")
    positives = case.real("positives")
    case.assume(tau > 0, first >= 0, first <= 3 * tau, second >= 0, second <= 3 * tau, n >= 1)
    state = {"bits": case.integer("bits"), "missed": case.real("missed")}
    case.induction(
        "over the bits",
        state=state,
        start={"bits": F(0), "missed": F(0)},
        inputs={"first": first},
        advance=lambda s: {"bits": s["bits"] + 1, "missed": s["missed"] + s["first"]},
        holds=lambda s: s["missed"] <= times * s["bits"] * tau,
    )
    most = select(n >= 2, n, F(2))
    one_a_bit = every(state["bits"] == n, state["missed"] <= times * state["bits"] * tau)
    case.show("one literal a bit", state["missed"] <= times * most * tau, given=one_a_bit)
    both = every(state["missed"] <= positives, positives <= first + second)
    case.show("both of a bit", state["missed"] <= times * most * tau, given=both)


def _labelled(masses: dict[tuple[int, ...], Fraction], n: int, target: Callable[[Bits], int]) -> Source:
    return Table(n, {(x, target(x)): mass for x, mass in masses.items()})


REALISABLE = (
    (F(1, 9), _labelled({(0,): F(1, 2), (1,): F(1, 2)}, 1, lambda x: x[0])),
    (F(1, 6), _labelled({(0,): F(1, 2), (1,): F(1, 2)}, 1, lambda x: 1)),
    (F(1, 9), _labelled({(0, 1): F(1, 3), (1, 0): F(1, 3), (1, 1): F(1, 3)}, 2, lambda x: 1)),
    (F(1, 9), _labelled({(0, 0): F(1, 4), (0, 1): F(1, 4), (1, 0): F(1, 8), (1, 1): F(3, 8)}, 2, lambda x: x[1])),
)


@obligation(
    "learners.query.error",
    paper="Section 4",
    kind="enumeration",
    expect=Verdict.CHECKED,
    needs=("learners.query.loss",),
    domain=lambda: ({"source": i} for i in range(len(REALISABLE))),
    finite="four sources of one and two bits, two of them worst ones",
    of=lambda case: F(3),
    twin=lambda case: F(8, 3),
)
def exact_error_of_query_conjunctions(times: Fraction, case: Case) -> None:
    """Answered within tau about the source, the exact error is at most half of 3 tau max(n, 2); two sources reach
    it."""
    tau, source = REALISABLE[int(case.integer("source"))]
    method = query_conjunction(source.n, b=1, tau=tau)
    about = replace(method, budget=SQ(k=method.budget.k, tau=tau, alternating=True))
    case.show("the error", error(about, source) <= times * tau * max(source.n, 2) / 2)


def _frequencies(case: Case, name: str) -> tuple[list[Number], list[Number]]:
    """How often a label comes, alone and with each of two bits, and valid answers."""
    tau = case.real("tau")
    true = [case.real(f"{name}{j}") for j in range(3)]
    answers = [case.real(f"{name}{j} answered") for j in range(3)]
    case.assume(tau >= 0, *(every(value >= 0, value <= true[0]) for value in true), true[0] <= 1)
    case.assume(*(within(answer - value, tau) for answer, value in zip(answers, true, strict=True)))
    return true, answers


@obligation("learners.literal.best", paper="Section 4", of=lambda case: (6, False), twin=lambda case: (F(11, 2), False))
@obligation("learners.literal.alike", paper="Section 4", of=lambda case: (4, True), twin=lambda case: (F(7, 2), True))
def chosen_literal_is_nearly_best(subject: tuple[Number, bool], case: Case) -> None:
    """A literal that wins by the answers agrees with the label at most 6 tau less often than any other, whatever n (two
    literals speak of two bits at most): each share is a sum of three answers. Among literals that are both plain or
    both negated it is 4 tau, as one answer is common to both."""
    times, alike = subject
    (ones, one_answers), (zeros, zero_answers) = _frequencies(case, "one"), _frequencies(case, "zero")
    true, answered = agreements(ones, zeros), agreements(one_answers, zero_answers)
    for won, lost in product(true, repeat=2):
        if won != lost and (won[1] == lost[1] or not alike):
            wins = answered[won] >= answered[lost]
            case.show(f"{won} before {lost}", true[won] >= true[lost] - times * case.real("tau"), given=wins)


@obligation(
    "learners.correlations.margin", paper="Section 4", kind="induction", of=lambda case: 2, twin=lambda case: F(3, 2)
)
def total_is_nearly_the_true_one(times: Number, case: Case) -> None:
    """The answered total at a point is within 2 n tau of the true one, by induction over the bits; so the prediction is
    right wherever the true total is further than that from 0."""
    tau, one, zero, bit = case.real("tau"), case.real("one"), case.real("zero"), case.integer("bit")
    answers = case.real("one answered"), case.real("zero answered")
    case.assume(tau > 0, bit >= 0, bit <= 1, within(answers[0] - one, tau), within(answers[1] - zero, tau))
    off = vote(*answers, bit) - vote(one, zero, bit)
    case.lemma("one bit", within(off, times * tau))
    state = {"n": case.integer("n"), "total": case.real("total"), "truth": case.real("truth")}
    inputs = {"one": one, "zero": zero, "bit": bit, "one answered": answers[0], "zero answered": answers[1]}
    case.induction(
        "over the bits",
        state=state,
        start={"n": F(0), "total": F(0), "truth": F(0)},
        inputs=inputs,
        advance=lambda s: {
            "n": s["n"] + 1,
            "total": s["total"] + vote(s["one answered"], s["zero answered"], s["bit"]),
            "truth": s["truth"] + vote(s["one"], s["zero"], s["bit"]),
        },
        holds=lambda s: within(s["total"] - s["truth"], times * s["n"] * tau),
    )
    near = within(state["total"] - state["truth"], times * state["n"] * tau)
    case.show("right if it is clear", state["total"] > 0, given=every(near, state["truth"] > times * state["n"] * tau))


def _edges() -> Iterator[dict[str, Any]]:
    return ({"b": b, "count": count, "sign": sign} for b in range(1, 7) for count in range(b + 1) for sign in (-1, 1))


@obligation(
    "learners.decoding",
    paper="Section 4",
    kind="enumeration",
    domain=_edges,
    expect=Verdict.CHECKED,
    finite="b <= 6, every count",
    of=lambda case: F(1, 2) - F(1, 10**9),
    twin=lambda case: F(1, 2),
)
def decoded_answers_are_exact(edge: Fraction, case: Case) -> None:
    """A method that decodes its answers goes on with the exact mean, from answers at either edge of what is valid;
    at b tau = 1/2 not."""
    b, count = int(case.integer("b")), F(case.integer("count"))
    keep = QueryMethod(
        n=0,
        budget=BSQ(k=1, tau=F(1, 3 * b), b=b, p=1),
        start=lambda bits: (),
        query=lambda state: lambda x, y: (y,),
        after=lambda state, answers: answers,
        predictor=lambda state: lambda x: 0,
    )
    case.equal("the mean", decoding(keep).after((), ((count + edge * case.integer("sign")) / b,))[0], count / b)  # type: ignore[index]
