"""The machines of Theorem 2a and of Lemmas 5a and 6 follow the methods of which they are made, round by round."""

import random
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

from constructions.computation.counts import fewest_places
from constructions.computation.design import Design
from constructions.computation.extraction_both import both_labels_machine, both_ports, given_to
from constructions.computation.machines import Machine
from constructions.computation.reading_machine import SampleLearner, reading_machine
from constructions.computation.sample_learners import memoriser_learner
from constructions.learning.learners import memoriser
from constructions.learning.models import FBSQ, PAC, QueryMethod, SampleMethod
from constructions.learning.problems import Bits, Point
from constructions.reductions.fbsq import read_sample
from constructions.reductions.one_bit import VERSIONS
from constructions.reductions.sample_extract import Extracting, Extraction, extraction_method
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction


def labelled(n: int) -> list[Point]:
    """All pairs of a point of n bits and a label.

    >>> len(labelled(2))
    8
    """
    return [(x, y) for x in product((0, 1), repeat=n) for y in (0, 1)]


def code_of(found: dict[str, int], name: str) -> int:
    """The number that an output has.

    >>> code_of({"a[0]": 0, "a[1]": 1}, "a")
    2
    """
    bits = [value for key, value in found.items() if key == name or key.startswith(f"{name}[")]
    return sum(bit << i for i, bit in enumerate(bits))


def runs_of_an_extraction() -> Iterator[dict[str, Any]]:
    """Both versions, small n and b, seeds."""
    for version, n, b, seed in product((0, 1), (1, 2, 3), (1, 3, 4), (0, 1)):
        yield {"look": version, "n": n, "b": b, "seed": seed}


@cache
def extraction_of(look: int, n: int, b: int, broken: bool) -> tuple[Extraction, QueryMethod, Machine]:
    """The extraction, its method and its machine, for a memoriser of two samples; broken, the machine is made for other
    tosses of the coin."""
    how = Extraction(n=n, b=b, tau=F(1, 2 * b + 1), delta=F(1, 4), version=list(VERSIONS.values())[look])
    method = extraction_method(memoriser(n, 2), how)
    wrong = list(VERSIONS.values())[1 - look] if broken else how.version
    machine = both_labels_machine(
        Extraction(n=n, b=b, tau=how.tau, delta=how.delta, version=wrong, bits=how.coin_bits),
        2,
        memoriser_learner(n, 2),
    )
    return how, method, machine


@obligation(
    "theorem2a.machine.follows",
    paper="Theorem 2a",
    kind="enumeration",
    domain=runs_of_an_extraction,
    expect=Verdict.CHECKED,
    finite="both versions, n up to 3, b = 1, 3 and 4, two samples, 30 rounds of two random runs",
    of=lambda case: False,
    twin=lambda case: True,
)
def extraction_machine_follows(broken: bool, case: Case) -> None:
    """The machine with queries on both labels at a time asks what the method of Theorem 2a asks, at every point, and
    predicts what it predicts, before each of 30 rounds of a run on random batches with random coins."""
    look, n, b, seed = (int(case.integer(name)) for name in ("look", "n", "b", "seed"))
    how, method, machine = extraction_of(look, n, b, broken)
    draw, places = random.Random(seed), fewest_places(b, how.tau)
    state, kept, same = method.start((0,) * method.budget.r), machine.first_state(), True
    for t in range(1, 31):
        batch = [draw.choice(labelled(n)) for _ in range(b)]
        same = same and _extraction_agrees(how, method, machine, state, kept, t)
        if not isinstance(state, Extracting) or not same:
            break
        coin = tuple(draw.randint(0, 1) for _ in range(how.coin_bits))
        rows = [method.ask(state, t)(*z) for z in batch]
        means = tuple(sum(map(F, column), F(0)) / b for column in zip(*rows, strict=True))
        answers = [F(0)] * machine_ports(machine)
        for port, mean in zip(ports_of(how, state), means, strict=False):
            answers[port] = F(round(mean * 2**places), 2**places)
        state = method.after(state._replace(fresh=coin), means)
        kept, _ = machine.step(kept, given_to(machine, answers=answers, random=coin, places_=places))
    case.show("the same", same)


def machine_ports(machine: Machine) -> int:
    """How many queries a machine asks."""
    return sum(1 for name in machine.outputs if name.startswith("query"))


def ports_of(how: Extraction, state: Extracting) -> tuple[int, ...]:
    """The machine's ports for the method's queries in a state."""
    return () if state.coin is not None else both_ports(how.version, how.n, len(state.s))


def _extraction_agrees(
    how: Extraction, method: QueryMethod, machine: Machine, state: Any, kept: dict[str, int], t: int
) -> bool:
    places, same = ports_of(how, state) if isinstance(state, Extracting) else (), True
    for x, y in labelled(how.n):
        _, found = machine.step(kept, given_to(machine, x=x, label=y, places_=fewest_places(how.b, how.tau)))
        wanted = [0] * machine_ports(machine)
        for port, value in zip(places, method.ask(state, t)(x, y), strict=False):
            wanted[port] = int(value)
        same = same and [found[f"query{j}"] for j in range(len(wanted))] == wanted
        same = same and F(code_of(found, "predict"), 2) == method.predictor(state)(x)
    return same


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
        batch, places = [draw.choice(labelled(n)) for _ in range(m)], fewest_places(m, tau) + 1
        method = read_sample(same_in_python(n, m), tau=tau, alternating=alternating, orders=False)
        machine = reading_machine(weighted_learner(n, m), fraction=places, alternating=alternating)
        assert isinstance(method.budget, FBSQ)
        state, kept, same = method.start(()), machine.first_state(), True
        for _ in range(method.budget.k + 1):
            asked = method.query(state)
            for x, y in labelled(n):
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
