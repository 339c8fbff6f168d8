"""What a network that reads whole batches with any labels finds of a batch: some record of its clock is not 0, and the
samples are those of the batch.

Proved here: ``signed.labels.tells``, ``signed.labels.loud`` and ``signed.labels.found``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, some, within
from constructions.foundations.rounding import is_valid
from constructions.foundations.terms import INTEGER
from constructions.strip.decoding import nearest_of_parity
from constructions.strip.reader import is_fit, ones_from
from verify.claims.networks.batch_network.batches import BatchesAround, InEachStep, any_surroundings
from verify.claims.networks.signed_memory.composed import record_read
from verify.claims.networks.signed_memory.still import PAPER
from verify.claims.strip.reading import Determined
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State

MOST = 3 * Fraction(1, 4)
"""How many multiples of rho a rounding may be from its mean."""


def is_loud(b: Number, rho: Number, total: Number) -> Formula:
    """Whether no valid rounding of a mean over b points with this sum is 0."""
    return negation(within(total, MOST * b * rho))


@obligation("signed.labels.loud", paper=PAPER, of=lambda case: is_loud, twin=lambda case: lambda b, rho, total: True)
def a_loud_sum_is_recorded(loud: Callable[[Number, Number, Number], Formula], case: Case) -> None:
    """For every b >= 1 and rho > 0: if a sum is further from 0 than a rounding moves b points, then no valid rounding
    of its mean is 0."""
    b, rho, total = case.integer("b"), case.real("rho"), case.real("sum")
    mean, k = case.real("mean"), case.integer("k")
    case.assume(b >= 1, rho > 0, b * mean == total, is_valid(k, mean, rho), loud(b, rho, total))
    case.lemma("if it rounds to 0", implies(k == 0, within(total, MOST * b * rho)))
    case.show("it does not round to 0", k != 0)


@obligation(
    "signed.labels.tells",
    paper=PAPER,
    of=lambda case: is_fit,
    twin=lambda case: lambda held, error: every(held > 0, 2 * held < 1),
)
def some_copy_of_the_clock_tells(fits: Callable[[Number, Number], Formula], case: Case) -> None:
    """Take a batch of b >= 1 points with any labels, rho with b rho < 4/3, and a c that fits. If its balance is not 0
    at some point, some steep copy of the clock has a sum other than 0 (``signed.clock.even``; for odd b the
    constant's), which is an integer. If it is 0 at each point, half of the points have the label 1, and the plain copy
    that asks the constant has the sum -(1 - 2c) b/2. Either sum is loud."""
    b, rho, held, total = case.integer("b"), case.real("rho"), case.real("c"), case.real("sum")
    case.assume(b >= 1, rho > 0, 3 * b * rho < 4, fits(held, 3 * b * rho / 4), label="c fits")
    steep, down, many = case.bit("a steep copy"), case.integer("of sign -1"), case.integer("points with label 1")
    half, odd, balance = case.integer("half of b"), case.integer("b modulo 2"), case.integer("balance")
    case.assume(b == 2 * half + odd, odd >= 0, odd <= 1)
    even = case.use("signed.clock.even", **{"b/2": half, "entry of the balance": balance})
    silent = every(odd == 0, b - 2 * down == 0)
    of_steep = every(total == b - 2 * down, balance != 0, implies(silent, even.premises))
    case.assume(implies(steep, of_steep), label="a copy of which the sum is not 0, if there is one")
    of_plain = every(b == 2 * many, total == -(1 - 2 * held) * many)
    case.assume(implies(negation(steep), of_plain), label="the balance is 0, and the plain copy asks the constant")
    case.lemma("a steep sum is not 0", implies(steep, b - 2 * down != 0))
    case.lemma("a plain sum", implies(negation(steep), every(many >= 1, total <= -(1 - 2 * held))))
    case.show("it is loud", is_loud(b, rho, total))


def ones_read(b: Number, rho: Number, held: Number, balance: Number, many: Number, record: Number) -> Number:
    """The sum <N_1, r> that the record of a plain copy tells."""
    return nearest_of_parity(ones_from(balance, b * (rho * record), held), many)


def plain_sum(held: Number, balance: Number, ones: Number) -> Number:
    """The sum of the clipped gradients of v0 -> v1 of a plain copy."""
    return held * balance - (1 - 2 * held) * ones


@obligation(
    "signed.labels.plain",
    paper=PAPER,
    of=lambda case: is_fit,
    twin=lambda case: lambda held, error: is_fit(held, error / 2),
)
def a_plain_copy_is_read(fits: Callable[[Number, Number], Formula], case: Case) -> None:
    """For every b >= 1, rho and c that fits, every batch and query: from <G, r> and any valid rounding of the mean of a
    plain copy's gradients the sum <N_1, r> is read (``strip.counts.ones``)."""
    b, rho, held = case.integer("b"), case.real("rho"), case.real("c")
    case.assume(b >= 1, rho > 0, fits(held, 3 * b * rho / 4), label="c fits")
    down, many, negative = (case.integer(name) for name in ("of sign -1", "points with label 1", "of label 1 and -1"))
    mean, k, balance, ones = case.real("mean"), case.integer("k"), b - 2 * down, many - 2 * negative
    case.assume(is_valid(k, mean, rho), b * mean == plain_sum(held, balance, ones), label="the plain copy's mean")
    words = {"points with label 1": many, "half": -negative, "balance": balance, "c": held, "mean": mean}
    used = case.use("strip.counts.ones", "the count", b=b, tau=3 * rho / 4, answer=rho * k, **words)
    case.show("it may be read", used.premises)
    case.show("the sum is read", ones_read(b, rho, held, balance, many, k) == ones)


@obligation("signed.labels.counted", paper=PAPER, of=lambda case: 1, twin=lambda case: 2)
def a_sample_more_is_counted(times: int, case: Case) -> None:
    """With a sample more, the sum of a plain copy's gradients rises by c r on label 0 and by -(1 - c) r on label 1."""
    held, y, asks = case.real("c"), case.integer("label"), case.bit("the query is -1")
    names = ("samples", "of sign -1", "points with label 1", "of label 1 and -1")
    before = {name: case.integer(name) for name in names}
    after = {name: case.integer(f"{name}, then") for name in names}
    case.assume(some(y == 0, y == 1), after["samples"] == before["samples"] + 1)
    more = (select(asks == (y == 0), 1, 0), select(y == 1, 1, 0), select(every(asks, y == 1), 1, 0))
    case.assume(*(after[name] == before[name] + one for name, one in zip(names[1:], more, strict=True)))
    i, down, many, ones = (before[name] for name in names)
    j, lower, more_ones, negative = (after[name] for name in names)
    rise = plain_sum(held, j - 2 * lower, more_ones - 2 * negative) - plain_sum(held, i - 2 * down, many - 2 * ones)
    case.show("the rise", rise == times * select(asks, y - held, held - y))


@obligation("signed.labels.found", paper=PAPER, of=lambda case: 1, twin=lambda case: 2)
def the_batch_is_found(times: int, case: Case) -> None:
    """Take a batch of b >= 1 points with any labels, and two functions with a norm of at most b whose products with all
    queries are <N_0, r> and <N_1, r>, as the decoder finds them. At each point they are N_0 and N_1
    (``strip.family.unique``), so each point is found with each label as often as it was drawn. So a learner that minds
    no order has the same state after what is found as after the batch."""
    b = case.integer("b")
    zeros, ones = case.integer("drawn with label 0"), case.integer("drawn with label 1")
    case.assume(b >= 1, zeros >= 0, ones >= 0, zeros + ones <= b, label="a batch of b points")
    found = [case.integer(f"found with label {y}") for y in (0, 1)]
    for name, of_batch, there in zip(("N_0", "N_1"), found, (zeros, times * ones), strict=True):
        Determined(case, name, b).agrees(of_batch, there)
    after: Any = {name: case.real(f"state after {name}") for name in ("what is found", "the batch")}
    same = every(found[0] == zeros, found[1] == ones)
    case.assume(
        implies(same, after["what is found"] == after["the batch"]),
        label="the learner minds no order: the states are the same if each word, such as one of which it was found "
        "another number of times than it was drawn, is found as often",
    )
    case.show("as often as it was drawn", same)
    case.show("the same state", after["what is found"] == after["the batch"])


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyLabelsAround(BatchesAround):
    """A network for any labels, and what is around its parts.

    Parameters
    ----------
    c, inverse : what the output is held at, and 1/c. size : how many queries there are, each with a steep copy and,
        behind all of these, a plain one. ones, many : on how many of the first samples of a step the label is 1 and a
        query -1, and on how many the label is 1.
    """

    c: Number
    inverse: Number
    size: Number
    ones: Callable[..., Number]
    many: Callable[..., Number]

    @property
    def held(self) -> Number:
        """What the output is held at."""
        return self.c

    def gain(self, c: Number) -> Number:
        """The weight of p3 -> v4 of a copy as built."""
        return select(c < self.size, self.inverse, Fraction(1))

    def asks(self, step: Number, i: Number, c: Number) -> Formula:
        """Whether the query of a copy is -1 on a sample of a step."""
        return every(self.query(step, i, self.number(c)))

    def number(self, c: Number) -> Number:
        """The query of a copy."""
        return select(c < self.size, c, c - self.size)

    def balance(self, r: Number, c: Number, i: Number) -> Number:
        """The sum of (-1)^y r over the first samples of the batch of a round, for the query r of copy c."""
        return i - 2 * self.down(r, self.number(c), i)

    def fits(self, r: Number, c: Number, i: Number) -> Formula:
        """Whether the count of such samples is one of so many."""
        down = self.down(r, self.number(c), i)
        return every(down >= 0, down <= i)

    def of_ones(self, r: Number, c: Number, i: Number) -> Number:
        """The sum of r over those of them with label 1."""
        return self.many(r, i) - 2 * self.ones(r, self.number(c), i)

    def summed(self, r: Number, c: Number, i: Number) -> Number:
        """The sum of the clipped gradients of v0 -> v1 of copy c over the first samples of the batch of a round."""
        balance = self.balance(r, c, i)
        plain = plain_sum(self.c, balance, self.of_ones(r, c, i))
        return select(c < self.size, balance, plain)

    def none(self, r: Number, c: Number) -> Formula:
        """There is no sample among the first 0."""
        zero, q = Fraction(0), self.number(c)
        return every(self.down(r, q, zero) == 0, self.ones(r, q, zero) == 0, self.many(r, zero) == 0)

    def uses_counted(self, case: Case, step: Number, c: Number, i: Number) -> None:
        """Use what is proved of a sample more."""
        q = self.number(c)
        given: Any = {"c": self.c, "label": self.label(step, i), "the query is -1": self.asks(step, i, c)}
        for then, j in (("", i), (", then", i + 1)):
            given |= {f"samples{then}": j, f"of sign -1{then}": self.down(step, q, j)}
            given |= {f"points with label 1{then}": self.many(step, j)}
            given |= {f"of label 1 and -1{then}": self.ones(step, q, j)}
        case.use("signed.labels.counted", **given)

    def counted(self, step: Number, c: Number, i: Number) -> Formula:
        """How the functions that count go on with sample i of a step."""
        q, y, asks = self.number(c), self.label(step, i), self.asks(step, i, c)
        down = self.down(step, q, i + 1) == self.down(step, q, i) + select(asks == (y == 0), 1, 0)
        ones = self.ones(step, q, i + 1) == self.ones(step, q, i) + select(every(asks, y == 1), 1, 0)
        return every(down, ones, self.many(step, i + 1) == self.many(step, i) + select(y == 1, 1, 0))

    def is_clock(self, c: Number) -> Formula:
        """Whether a copy is one of the clock's: some steep ones, and the plain one that asks the constant."""
        return every(c >= 0, negation(every(c >= self.clocks, c != self.size)))

    def told(self, tells: InEachStep, s: State, r: Number, c: Number) -> Formula:
        """What is known of copy c if it is the one of the clock that tells that the step of round r is over."""
        given = {"b": self.b, "rho": self.rho, "c": self.c}
        down, many = self.down(r, self.number(c), self.b), self.many(r, self.b)
        given |= {"sum": self.total(r, c), "of sign -1": down, "points with label 1": many}
        return tells.premises(s, **given, **{"a steep copy": c < self.size})

    def uses_sample(self, case: Case, c: Number, **given: Number | Formula) -> None:
        """Use what is proved of a sample of copy c."""
        case.use("signed.labels.sample", rho=self.rho, c=self.c, gain=self.gain(c), **given)

    def uses_adds(self, case: Case, c: Number, **given: Number | Formula) -> None:
        """Use what is proved of what copy c adds."""
        case.use("signed.labels.adds", rho=self.rho, c=self.c, gain=self.gain(c), **given)

    def is_read(self, case: Case, copy: State, r: Number, c: Number) -> Formula:
        """Whether the sum that is read of a copy's digits is that over the batch of its round."""
        b, rho, record, read = self.b, self.rho, copy["record"], self.middle - copy["record"]
        given = {"b": b, "rho": rho, "mean": copy["mean"], "k": record}
        case.use("signed.labels.loud", sum=self.total(r, c), **given)
        down, balance = self.down(r, self.number(c), b), self.balance(r, c, b)
        digits = {"middle": self.middle, "read": read, "half of b less the sum": down}
        case.use("signed.memory", "the sum is read", **digits, **given)
        many, ones = self.many(r, b), self.ones(r, self.number(c), b)
        words = {"points with label 1": many, "of label 1 and -1": ones, "of sign -1": down, "c": self.c}
        case.use("signed.labels.plain", "the sum is read", **words, **given)
        told = record_read(self.middle, read)
        steep = nearest_of_parity(b * rho * told, b) == balance
        plain = ones_read(b, rho, self.c, balance, many, told) == self.of_ones(r, c, b)
        return every(implies(c < self.size, steep), implies(c >= self.size, plain))


def any_labels(cell: Any, case: Case) -> AnyLabelsAround:
    """Any network for any labels, at any b >= 1 and rho with b rho < 4/3, and any c that fits."""
    held, inverse, size = case.real("held"), case.real("1/held"), case.integer("queries")
    case.assume(held > 0, 2 * held < 1, inverse * held == 1, label="c is between 0 and 1/2")
    shared = any_surroundings(case)
    case.assume(shared["copies"] == 2 * size, shared["clocks"] <= size, label="two copies a query")
    case.assume(is_fit(held, 3 * shared["b"] * shared["rho"] / 4), label="c fits")
    functions: Any = {
        name: case.function(called, arity, takes=(INTEGER,) * arity, gives=INTEGER)
        for name, called, arity in (("ones", "of label 1 and -1", 3), ("many", "of label 1", 2))
    }
    return AnyLabelsAround(cell=cell, c=held, inverse=inverse, size=size, **functions, **shared)
