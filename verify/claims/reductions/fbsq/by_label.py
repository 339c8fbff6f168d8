"""Lemma 6 for every sample: the tree of prefixes, one label at a time."""

from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, some
from constructions.reductions.fbsq import printed_rounds
from verify.claims.reductions.fbsq.any_sample import (
    ReadingCode,
    SomeBits,
    a_round,
    answers_are_valid,
    is_open,
    is_root,
    measured,
    reader,
    sizes,
)
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State
from verify.provers.branches import on_every_way

F = Fraction
SUMS = ("cost 1", "cost 0", "cover", "wrong", "found")


@obligation("lemma6.tree", paper="Lemma 6", kind="induction", of=reader(True), twin=reader(True, swapped=True))
def the_sample_is_read_by_label(code: ReadingCode, case: Case) -> None:
    """For every n, m >= 1, tau with m tau < 1/2, every sample of m points and all valid answers: in 2m(n+1) rounds, odd
    ones about prefixes of label 1 and even ones about those of label 0, every word has been found exactly as often as
    it is in the sample, and none is open."""
    n, m, times = sizes(case)
    root, answer, sample = case.real("no bits"), case.real("first answer"), code.sample
    answers_are_valid(case, sample, root, n + 1, answer, "first mean")
    case.assume(sample.points(root) == m, sample.begins(root), label="all points begin with the empty prefix")
    first = code.sums(((), m), answer, 1)
    inputs: dict[str, Any] = a_round(case, sample) | {"asks": case.bit("asks")}

    def holds(s: State) -> Formula:
        turns = every(s["odd"] >= 0, s["odd"] <= s["even"], s["even"] <= s["odd"] + 1)
        left = [
            every(s[c] >= 0, some(s[c] == 0, s[c] + s[e] <= m * n)) for c, e in (("cost 1", "odd"), ("cost 0", "even"))
        ]
        sums = every(s["wrong"] == 0, s["cover"] >= 0, s["cost 1"] + s["cost 0"] >= s["cover"])
        return every(turns, *left, sums, s["cover"] + s["found"] == times)

    begun = {"cost 1": first[5], "cost 0": first[6], "cover": first[1], "wrong": first[2], "found": first[4]}
    run = case.induction(
        "over the rounds",
        state={name: case.integer(name) for name in ("odd", "even", *SUMS)},
        start={"odd": F(0), "even": F(0), **begun},
        inputs=inputs,
        given=lambda s: may_ask(sample, s),
        advance=lambda s: after_a_turn(code, s),
        holds=holds,
    )
    rounds_by_label(code, inputs, case)
    at = case.reached(run)
    over = 1 + at["odd"] + at["even"] >= printed_rounds(m, n, alternating=True)
    case.show("nothing is open after 2m(n+1) rounds", every(at["cost 1"] == 0, at["cost 0"] == 0), given=over)
    case.show("every word is found as often as it is there", at["found"] == times, given=over)


def entries(s: State) -> list[Any]:
    """The prefix that is asked about, as one of label 1 and as one of label 0."""
    return [((label, SomeBits(s["prefix"], s["lacks"])), s["count"]) for label in (1, 0)]


def may_ask(sample: Any, s: State) -> Formula:
    """Whether a round is as the code has it: it asks about an open prefix of its label, if there is one."""
    of_label = select(s["even"] == s["odd"], s["cost 0"], s["cost 1"])
    entry = entries(s)[0]
    sums = {"cost": s["cost 1"] + s["cost 0"], "cover": s["cover"], "wrong": s["wrong"]}
    one_of_them = every(is_open(sample, entry, sums), measured(sample, entry)["cost"] <= of_label)
    return every(implies(s["asks"], one_of_them), some(s["asks"], of_label == 0))


def after_a_turn(code: ReadingCode, s: State) -> State:
    """The sums after a round: even ones are of label 0, and the first round, of label 1, is over."""
    even = s["even"] == s["odd"]
    on1, on0 = (code.sums(entry, s["answer"], entry[0][0]) for entry in entries(s))
    before = measured(code.sample, entries(s)[0])

    def moved(name: str, *, lost: Number, got1: Number, got0: Number) -> Number:
        return s[name] + select(s["asks"], select(even, got0, got1) - lost, F(0))

    cost1 = select(every(s["asks"], negation(even)), on1[5] - before["cost"], F(0))
    cost0 = select(every(s["asks"], even), on0[6] - before["cost"], F(0))
    return {
        "odd": s["odd"] + select(even, F(0), F(1)),
        "even": s["even"] + select(even, F(1), F(0)),
        "cost 1": s["cost 1"] + cost1,
        "cost 0": s["cost 0"] + cost0,
        "cover": moved("cover", lost=before["cover"], got1=on1[1], got0=on0[1]),
        "wrong": moved("wrong", lost=before["wrong"], got1=on1[2], got0=on0[2]),
        "found": moved("found", lost=F(0), got1=on1[4], got0=on0[4]),
    }


def rounds_by_label(code: ReadingCode, inputs: State, case: Case) -> None:
    """What a round asks and leaves open, and that rounds of the other label leave all as it is."""
    sample = code.sample
    for label, entry in zip((1, 0), entries(inputs), strict=True):
        wanted = select(sample.begins(sample.extended(inputs["prefix"], 1)), F(1), F(0))
        case.show(f"label {label}: the query counts points that go on with 1", code.counted(entry, label) == wanted)
        case.show(f"label {label}: the others stay open", code.sums(entry, inputs["answer"], label)[3] == 1)
        idle = code.after(entry, inputs["answer"], 1 - label)
        case.show(f"label {label}: other rounds leave it", every(idle.open[0] is entry, len(idle.open) == 2))
        case.show(f"label {label}: the labels take turns", idle.label == label)
        case.show(f"label {label}: others are not asked about", code.counted(entry, 1 - label) == 0)
    whole = on_every_way(
        lambda: code.steps.start(()), lambda reading: every(reading.label == 1, is_root(reading, case))
    )
    case.show("at first the whole sample is open", whole)
