"""Lemma 6 in bits: the machine reads every sample of two points, and predicts what the learner makes of it."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.computation.methods_in_bits import sample_method
from constructions.computation.query_machine import QueryMachine
from constructions.computation.reading_in_slots import slot_reading_machine
from constructions.computation.sample_learners import memoriser_learner
from constructions.reductions.fbsq import copies
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction
N, M, PLACES = 2, 2, 4
TAU = F(3, 16)
WORDS = list(product((0, 1), repeat=N + 1))
Build = Callable[[Case], QueryMachine]


def _samples() -> Iterator[dict[str, Any]]:
    """Every multiset of two points, with answers at either end of what is valid."""
    pairs = ((i, j) for i in range(len(WORDS)) for j in range(i, len(WORDS)))
    return ({"one": i, "other": j, "off": off} for (i, j), off in product(pairs, (-1, 0, 1)))


def _reading(rounds: int | None = None) -> Build:
    learner = memoriser_learner(N, M)
    return lambda case: slot_reading_machine(learner, M, tau=TAU, fraction=PLACES, rounds=rounds)


@obligation(
    "lemma6.slots",
    paper="Lemma 6",
    kind="enumeration",
    domain=_samples,
    expect=Verdict.CHECKED,
    finite="all samples of two points of two bits, the answers exact or 3/16 off, the learner that memorises",
    of=_reading(),
    twin=_reading(4),
)
def the_machine_reads_the_sample(machine: QueryMachine, case: Case) -> None:
    """For each sample of the finite case and answers within tau, the machine's prediction at every point is what the
    learner predicts from the sample, and its queries are 0 on the label of the other rounds."""
    chosen = [WORDS[int(case.integer(name))] for name in ("one", "other")]
    sample = sorted((point for word in chosen for point in copies(word, 1)), key=lambda point: (point[1], point[0]))
    off, state = int(case.integer("off")) * TAU, machine.start()
    for t in range(1, machine.rounds + 1):
        asked = machine.query_at(state, t)
        mean = sum((asked(x, y)[0] for x, y in sample), F(0)) / M
        state = machine.after(state, [max(F(-1), min(F(1), mean + off))])
    wanted = sample_method(memoriser_learner(N, M), M).learn(tuple(sample), ())
    points = list(product((0, 1), repeat=N))
    case.show("the same predictions", [machine.predict(state, x) for x in points] == [wanted(x) for x in points])
