"""Lemmas 5a and 6 for every sample: the tree of prefixes, read with any valid answers.

The prefix to be extended is any one, known by a number and by how many bits of a word it lacks; the prefixes that are
open beside it are known by sums over them (a *measure* of an entry, added up). A prefix is *right* if its count is the
number of points of the sample that begin with it, at least 1, and it is not complete. A *word* z stands for all words.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

from constructions.foundations.exact import Number, floored
from constructions.foundations.logic import Formula, every, implies, negation, select
from constructions.foundations.terms import INTEGER, REAL
from constructions.learning.oracles import is_valid
from constructions.reductions.bsq import decoded
from constructions.reductions.fbsq import ReadingSteps, SampleReading, ones_of, printed_rounds, split
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State
from verify.provers.branches import on_every_way, own, with_names

F = Fraction
OTHERS: Any = ((SimpleNamespace(),), 0)
"""What stands for all prefixes that are open beside the one that is asked about."""


@dataclass(frozen=True, slots=True)
class SomeBits:
    """Some bits at the beginning of a word, known by a number and by how many bits of the word come after them."""

    number: Number
    lacks: Number


@dataclass(frozen=True, slots=True)
class AnyCounts:
    """Any sample: how many points begin with a prefix, and how many are the word z.

    Parameters
    ----------
    case : of whose functions it is made. z : the word. width : the bits of a word, n + 1.
    """

    case: Case
    width: Number

    def points(self, number: Number) -> Number:
        """How many points begin with a prefix."""
        return self.case.function("points", 1, gives=INTEGER)(number)

    def begins(self, number: Number) -> Formula:
        """Whether z begins with a prefix."""
        return self.case.predicate("z begins with", 1)(number)

    def extended(self, number: Number, bit: int) -> Number:
        """The number of a prefix with one more bit."""
        return self.case.function("extended", 2, takes=(REAL, REAL))(number, bit)

    def known(self, prefix: tuple[Any, ...]) -> SomeBits:
        """A prefix as the code has it: some bits, or bits known by a number (after a label, perhaps), and bits more."""
        at = next((i for i, part in enumerate(prefix) if isinstance(part, SomeBits)), None)
        found = SomeBits(self.case.real("no bits"), self.width) if at is None else prefix[at]
        for bit in prefix if at is None else prefix[at + 1 :]:
            found = SomeBits(self.extended(found.number, bit), found.lacks - 1)
        return found

    def length(self, prefix: tuple[Any, ...]) -> Number:
        """The number of bits of a prefix: what ``len`` says of one."""
        return self.width - self.known(prefix).lacks

    def cost(self, entry: Any) -> Number:
        """The rounds that a prefix may cost: its count times the bits that it lacks."""
        return entry[1] * self.known(entry[0]).lacks

    def covers(self, entry: Any) -> Number:
        """How many points are z and begin with a prefix."""
        return select(self.begins(self.known(entry[0]).number), self.case.integer("times z"), F(0))

    def wrong(self, entry: Any) -> Number:
        """1 for a prefix that is not right."""
        bits = self.known(entry[0])
        right = every(entry[1] == self.points(bits.number), entry[1] >= 1, bits.lacks >= 1)
        return select(right, F(0), F(1))

    def facts(self, number: Number, lacks: Number) -> Formula:
        """What is true of every prefix that is not complete, with both of its extensions."""
        zero, one = (self.extended(number, bit) for bit in (0, 1))
        n, times = self.points, self.case.integer("times z")
        both = every(self.begins(zero), self.begins(one))
        either = implies(self.begins(number), self.begins(zero) != self.begins(one))
        of_z = [
            every(
                implies(self.begins(child), every(self.begins(number), n(child) >= times)),
                implies(every(self.begins(child), lacks == 1), n(child) == times),
                n(child) >= 0,
            )
            for child in (zero, one)
        ]
        return every(n(number) == n(zero) + n(one), negation(both), either, *of_z)


@dataclass(frozen=True, slots=True)
class ReadingCode:
    """The code that reads a sample, over terms.

    Parameters
    ----------
    sample : what is read. steps : the functions of the reading method. swapped : whether its answers are taken for
        those about the points that go on with 0 (the twins').
    """

    sample: AnyCounts
    steps: Any
    swapped: bool

    def after(self, entry: Any, answer: Number, label: int) -> SampleReading:
        """What has been read after a round about an entry, all that is open beside it being left as it is."""
        over_terms = with_names(decoded, floor=floored)
        ones = with_names(ones_of, decoded=over_terms)
        by_code = with_names(
            type(self.steps).after,
            ones_of=(lambda *of: entry[1] - ones(*of)) if self.swapped else ones,
            split=with_names(split, len=self.sample.length),
            copies=lambda word, count: [(word, count)],
            sorted=lambda row, key: list(row),
        )
        found: SampleReading = by_code(self.steps, SampleReading((), label, (entry, OTHERS)), (answer,))
        return found

    def sums(self, entry: Any, answer: Number, label: int) -> tuple[Number, ...]:
        """Of what is open after a round: cost, covered points, wrong ones, and the others; how often z is found; and
        the cost on label 1 and on label 0, for prefixes whose label is known."""
        sample = self.sample

        def run() -> tuple[Number, ...]:
            reading = self.after(entry, answer, label)
            open_ = [one for one in reading.open if one is not OTHERS]
            measured = [sum(map(measure, open_), F(0)) for measure in (sample.cost, sample.covers, sample.wrong)]
            words: Any = reading.found
            found = sum((select(sample.begins(sample.known(word).number), many, F(0)) for word, many in words), F(0))
            by_label = [sum((sample.cost(one) for one in open_ if one[0][0] is bit), F(0)) for bit in (1, 0)]
            return (*measured, F(len(reading.open) - len(open_)), found, *by_label)

        return own(run)

    def counted(self, entry: Any, label: int) -> Number:
        """What the query of a round about an entry is at a word of which it is known with which prefixes it begins."""
        asked = with_names(
            type(self.steps).query,
            begins_with=lambda wanted: self.sample.known(wanted).number,
            matches=lambda number, word: self.sample.begins(number),
            int=lambda truth: select(truth, F(1), F(0)),
        )
        return asked(self.steps, SampleReading((), label, (entry, OTHERS)))((), 0)[0]


def reader(alternating: bool, *, swapped: bool = False) -> Callable[[Case], ReadingCode]:
    """The code of Lemma 5a or 6 for a sample of any size and points of any number of bits."""

    def build(case: Case) -> ReadingCode:
        method = SimpleNamespace(n=case.integer("n"), budget=SimpleNamespace(m=case.integer("m"), r=0))
        steps = ReadingSteps(method, alternating, False)  # type: ignore[arg-type]
        return ReadingCode(AnyCounts(case, case.integer("n") + 1), steps, swapped)

    return build


def sizes(case: Case) -> tuple[Number, Number, Number]:
    """n, m and how often z is in the sample, with what is presupposed of them."""
    n, m, tau, times = case.integer("n"), case.integer("m"), case.real("tau"), case.integer("times z")
    case.assume(n >= 0, m >= 1, tau >= 0, 2 * m * tau < 1, times >= 0, times <= m)
    return n, m, times


def a_round(case: Case, sample: AnyCounts) -> dict[str, Number]:
    """The inputs of a round: an open prefix with its count, and a valid answer to its query."""
    names = {"prefix": case.real, "lacks": case.integer, "count": case.integer, "answer": case.real}
    inputs = {name: ask(name) for name, ask in names.items()}
    answers_are_valid(case, sample, inputs["prefix"], inputs["lacks"], inputs["answer"], "mean")
    return inputs


def answers_are_valid(case: Case, sample: AnyCounts, prefix: Number, lacks: Number, answer: Number, mean: str) -> None:
    """Presuppose of a prefix how the sample goes on after it, and that the answer to its query is valid."""
    case.assume(sample.facts(prefix, lacks), label="how the sample goes on after a prefix")
    of_query = case.real(mean) * case.integer("m") == sample.points(sample.extended(prefix, 1))
    case.assume(of_query, is_valid(answer, case.real(mean), case.real("tau")), label="the answer is valid")


MEASURES = ("cost", "cover", "wrong")


def measured(sample: AnyCounts, entry: Any) -> dict[str, Number]:
    """Cost, covered points and wrongness of an entry."""
    return {"cost": sample.cost(entry), "cover": sample.covers(entry), "wrong": sample.wrong(entry)}


def is_open(sample: AnyCounts, entry: Any, sums: dict[str, Number]) -> Formula:
    """Whether an entry may be one of those over which the sums are: no measure of it is above the sum."""
    own_ = measured(sample, entry)
    spare = every(own_["cost"] - own_["cover"] <= sums["cost"] - sums["cover"], own_["cover"] <= sums["cover"])
    return every(own_["wrong"] <= sums["wrong"], spare)


@obligation("lemma5a.tree", paper="Lemma 5a", kind="induction", of=reader(False), twin=reader(False, swapped=True))
def the_sample_is_read(code: ReadingCode, case: Case) -> None:
    """For every n, m >= 1, tau with m tau < 1/2, every sample of m points and all valid answers: m(n+1) rounds, each
    about a prefix that is still open, leave none open, and when none is open each word has been found exactly as often
    as it is in the sample."""
    n, m, times = sizes(case)
    sample, inputs = code.sample, a_round(case, code.sample)
    state = {name: case.integer(name) for name in ("t", *MEASURES, "found")}
    most = printed_rounds(m, n, alternating=False)

    def entry(s: State) -> Any:
        return (SomeBits(s["prefix"], s["lacks"]),), s["count"]

    def advance(s: State) -> State:
        before, after = measured(sample, entry(s)), code.sums(entry(s), s["answer"], 1)
        moved = {name: s[name] - before[name] + after[i] for i, name in enumerate(MEASURES)}
        return {"t": s["t"] + 1, **moved, "found": s["found"] + after[4]}

    def holds(s: State) -> Formula:
        sums = every(s["wrong"] == 0, s["cover"] >= 0, s["cost"] >= s["cover"], s["cover"] + s["found"] == times)
        return every(s["t"] >= 0, s["cost"] + s["t"] <= most, sums)

    run = case.induction(
        "over the rounds",
        state=state,
        start={"t": F(0), "cost": m * (n + 1), "cover": times, "wrong": F(0), "found": F(0)},
        inputs=inputs,
        given=lambda s: is_open(sample, entry(s), s),
        advance=advance,
        holds=holds,
    )
    one_round(code, entry(inputs), case)
    at = case.reached(run)
    case.show("nothing is open after m(n+1) rounds", at["cost"] <= 0, given=at["t"] >= most)
    case.show("then every word is found as often as it is there", at["found"] == times, given=at["cost"] <= 0)


def one_round(code: ReadingCode, entry: Any, case: Case) -> None:
    """That a round asks for the points that go on with 1 and leaves all other prefixes open, and that the first one is
    about the whole sample."""
    sample = code.sample
    wanted = select(sample.begins(sample.extended(sample.known(entry[0]).number, 1)), F(1), F(0))
    case.show("the query counts the points that go on with 1", code.counted(entry, 1) == wanted)
    case.show("the others stay open", code.sums(entry, case.real("answer"), 1)[3] == 1)
    whole = on_every_way(
        lambda: code.steps.start(()), lambda reading: every(len(reading.open) == 1, is_root(reading, case))
    )
    case.show("at first the whole sample is open", whole)


def is_root(reading: SampleReading, case: Case) -> Formula:
    """Whether what is open is the empty prefix with the count m, and nothing is found."""
    return every(
        *(every(prefix == (), count == case.integer("m")) for prefix, count in reading.open), reading.found == ()
    )
