"""The machine of Lemmas 5a and 6 follows the method of which it is made, round by round."""

import random
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.computation.counts import fewest_places
from constructions.computation.design import Design
from constructions.computation.extraction_both import given_to
from constructions.computation.reading_machine import SampleLearner, reading_machine
from constructions.learning.models import FBSQ, PAC, SampleMethod
from constructions.learning.problems import Bits, Point, labelled_points
from constructions.reductions.fbsq import read_sample
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction


def runs_of_a_reading() -> Iterator[dict[str, Any]]:
    """Small n and m, seeds."""
    for n, m, seed in product((1, 2, 3), (1, 2, 3, 5), (0, 1, 2)):
        yield {"n": n, "m": m, "seed": seed}


def weighted_learner(n: int, m: int) -> SampleLearner:
    """A learner that minds every bit of the sample: the parity of the bits of its words that x points at, and of its
    labels.

    >>> weighted_learner(1, 2).predict.evaluate({f"words[{i}]": bit for i, bit in enumerate((1, 0, 0, 1))} | {"x": 1})
    {'prediction': 0}
    """
    design = Design()
    words, x = design.input("words", m * (n + 1)), design.input("x", n)
    rows = [words[j * (n + 1) : (j + 1) * (n + 1)] for j in range(m)]
    odd = rows[0][0]
    for j, row in enumerate(rows):
        odd = odd ^ (row[1:] & x).parity() ^ (row[0] if j else row[0] & 0)
    design.output("prediction", odd)
    return SampleLearner(predict=design.circuit(), n=n, m=m)


def same_in_python(n: int, m: int) -> SampleMethod:
    """The learner of :func:`weighted_learner` as a method on samples.

    >>> str(same_in_python(1, 2).learn([((0,), 1), ((1,), 0)], ())((1,)))
    '0'
    """

    def learn(sample: Sequence[Point], bits: Bits) -> Callable[[Bits], Fraction]:
        return lambda x: F((sum(y + sum(a * b for a, b in zip(z, x, strict=True)) for z, y in sample)) % 2)

    return SampleMethod(n=n, budget=PAC(m=m), learn=learn)


def _reading(alternating: bool) -> Callable[[int, Case], None]:
    def reading_follows(slack: int, case: Case) -> None:
        n, m, seed = (int(case.integer(name)) for name in ("n", "m", "seed"))
        draw, tau, label = random.Random(seed), F(1, 2 * m + 1), 1
        batch, places = [draw.choice(labelled_points(n)) for _ in range(m)], fewest_places(m, tau) + 1
        method = read_sample(same_in_python(n, m), tau=tau, alternating=alternating, orders=False)
        machine = reading_machine(weighted_learner(n, m), fraction=places, alternating=alternating)
        assert isinstance(method.budget, FBSQ)
        state, kept, same = method.start(()), machine.first_state(), True
        for _ in range(method.budget.k + 1):
            asked = method.query(state)
            for x, y in labelled_points(n):
                _, found = machine.step(kept, given_to(machine, x=x, label=y, places_=places))
                wanted = asked(x, y)[0] if y == label or not alternating else 0
                same = same and found["query"] == wanted
                same = same and F(found["predict[1]"]) == method.predictor(state)(x)
            mean = sum((F(asked(x, y)[0]) * (not alternating or y == label) for x, y in batch), F(0)) / m
            code = round(mean * 2**places) + slack
            given = given_to(machine, places_=places) | {f"answer[{i}]": code >> i & 1 for i in range(places + 2)}
            state, (kept, _) = method.after(state, (mean,)), machine.step(kept, given)
            label = 1 - label if alternating else label
        case.show("the same", same)
        case.show("read", found["predict[0]"] == 1)

    lemma = "Lemma 6" if alternating else "Lemma 5a"
    reading_follows.__doc__ = (
        f"The machine that reads a sample asks what the method of {lemma} asks, at every point, and predicts what it "
        "predicts, before each round and after the last one, when the sample has been read."
    )
    return reading_follows


for _alternating, _item in ((False, "Lemma 5a"), (True, "Lemma 6")):
    obligation(
        f"{_item.lower().replace(' ', '')}.machine.follows",
        paper=_item,
        kind="enumeration",
        domain=runs_of_a_reading,
        expect=Verdict.CHECKED,
        finite="n up to 3, m up to 5, three random samples of each",
        of=lambda case: 0,
        twin=lambda case: 1 << 2,
    )(_reading(_alternating))
