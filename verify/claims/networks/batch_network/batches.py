"""What a network that reads whole batches finds of a batch: some record of its clock is not 0, and the samples are
those of the batch.

Proved here: ``signed.network.tells`` and ``signed.network.found``, for batches whose labels are a function of the
point.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.computation.flat import FlatCircuit
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, select
from constructions.foundations.terms import INTEGER, REAL
from constructions.networks.signed_memory import HELD, SIGNED, enough_digits
from constructions.strip.decoding import nearest_of_parity
from constructions.strip.reading import points_of_each_label
from verify.claims.networks.batch_network.samples import END
from verify.claims.networks.signed_memory.composed import record_read
from verify.claims.networks.signed_memory.still import PAPER
from verify.claims.strip.reading import Determined
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State
from verify.obligations.use import Used


@dataclass(frozen=True, slots=True)
class InEachStep:
    """A claim that is used in steps of a run, each time with variables of its own for all that it speaks of.

    Parameters
    ----------
    case : the claim with the run. used : the use before the run, for any values.
    """

    case: Case
    used: Used

    @classmethod
    def of(cls, claim: str, case: Case) -> "InEachStep":
        """The claim, by its id."""
        return cls(case, case.use(claim))

    @property
    def inputs(self) -> dict[str, Any]:
        """The inputs of a step for what the claim speaks of."""
        return self.used.unbound

    def premises(self, s: State, **given: Number) -> Formula:
        """What the claim presupposes, said of some ``given`` terms and else of the inputs of a step; its facts may be
        used from there on."""
        label = self.used.label
        own = {name: value if callable(value) else s[f"{label}: {name}"] for name, value in self.used.values.items()}
        return self.case.use(self.used.id, **{**own, **given}).premises


def one_label(zeros: Number, ones: Number) -> Formula:
    """Whether a point that has been drawn so often with the label 0, and with the label 1, has one label."""
    return implies(zeros > 0, ones == 0)


def any_labels(zeros: Number, ones: Number) -> Formula:
    """Nothing of the labels (the twins')."""
    return True


def drawn(function: Callable[[Number, Number], Formula], b: Number, case: Case) -> tuple[Number, Number]:
    """How often a point was drawn in a batch of b points with the label 0, and with the label 1."""
    zeros, ones = case.integer("drawn with label 0"), case.integer("drawn with label 1")
    case.assume(b >= 1, zeros >= 0, ones >= 0, zeros + ones <= b, function(zeros, ones), label="a batch of b points")
    return zeros, ones


@obligation("signed.network.tells", paper=PAPER, of=lambda case: one_label, twin=lambda case: any_labels)
def some_copy_of_the_clock_tells(function: Callable[[Number, Number], Formula], case: Case) -> None:
    """Take a batch of b >= 1 points whose labels are a function of the point, and a copy of the clock whose sum over
    the batch is not 0, if there is one. Then its sum is not 0: sums have the parity of b, so for odd b it is odd; for
    even b, if all sums of the clock were 0, the balance would be 0 at the point of a sample (``signed.clock.even``),
    where it is not."""
    b, total = case.integer("b"), case.integer("sum")
    zeros, ones = drawn(function, b, case)
    case.assume(zeros + ones >= 1, label="the point of a sample")
    half, odd, balance = case.integer("half of b"), case.integer("b modulo 2"), case.integer("balance")
    case.assume(b == 2 * half + odd, odd >= 0, odd <= 1, balance == zeros - ones)
    case.assume(total == b - 2 * case.integer("of sign -1"), label="the sum of b signs")
    even = case.use("signed.clock.even", **{"b/2": half, "entry of the balance": balance})
    silent = every(odd == 0, total == 0)
    case.assume(implies(silent, even.premises), label="for even b all sums of the clock are 0, if this one is")
    case.show("the sum is not 0", total != 0)


@obligation("signed.network.found", paper=PAPER, of=lambda case: one_label, twin=lambda case: any_labels)
def the_batch_is_found(function: Callable[[Number, Number], Formula], case: Case) -> None:
    """Take a batch of b >= 1 points whose labels are a function of the point, and a function with a norm of at most b
    whose products with all queries are the sums over the batch, as the decoder finds it. At each point it is what the
    balance of the batch is (``strip.family.unique``), so each point is found with each label as often as it was drawn.
    So a learner that minds no order has the same state after what is found as after the batch."""
    b = case.integer("b")
    zeros, ones = drawn(function, b, case)
    found = case.integer("found at a point")
    Determined(case, "balance", b).agrees(found, zeros - ones)
    read = points_of_each_label(found, None)
    case.lemma("as often as it was drawn", every(read[0] == zeros, read[1] == ones))
    after: Any = {name: case.real(f"state after {name}") for name in ("what is found", "the batch")}
    same = every(read[0] == zeros, read[1] == ones)
    case.assume(
        implies(same, after["what is found"] == after["the batch"]),
        label="the learner minds no order: the states are the same if each word, such as one of which it was found "
        "another number of times than it was drawn, is found as often",
    )
    case.show("the same state", after["what is found"] == after["the batch"])


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchesAround:
    """A network that reads whole batches, and what is around its parts.

    Parameters
    ----------
    cell : how a round is gated. rho, b, rounds : the precision, the points of a batch, how many rounds there are.
    copies, clocks, middle : how many copies a round has, how many of them serve as its clock, and what their digits
        read before they are written.
    label, query : the label of a sample of a step; whether the query of a copy is -1 there.
    down : on how many of the first samples of a step (-1)^y r is -1, for the query r of a copy.
    plus, minus : what those of the first copies add, as built, whose query is 1 on a sample of a step, and what those
        take off whose query is -1.
    telling : a copy of a round's clock whose sum over the batch is not 0.
    method, batch, update : the learner's state after a round, the batch of a round, and the state after a batch.
    left, left_of_edge, recorded : how far the step of a round has moved the edges of a copy, and the edge from a
        control, and the record of a copy that it left.
    place, guess, predicted : the place value of a bit of the prediction, whether it is set for a state and a point, and
        the value of the first bits.
    """

    cell: FlatCircuit
    rho: Number
    b: Number
    rounds: Number
    copies: Number
    clocks: Number
    middle: Number
    label: Callable[..., Number]
    query: Callable[..., Any]
    down: Callable[..., Number]
    plus: Callable[..., Number]
    minus: Callable[..., Number]
    telling: Callable[..., Number]
    method: Callable[..., Number]
    batch: Callable[..., Number]
    update: Callable[..., Number]
    left: Callable[..., Number]
    left_of_edge: Callable[..., Number]
    recorded: Callable[..., Number]
    place: Callable[..., Number]
    guess: Callable[..., Any]
    predicted: Callable[..., Number]

    @property
    def held(self) -> Number:
        """What the output is held at."""
        return HELD

    def gain(self, c: Number) -> Number:
        """The weight of p3 -> v4 of a copy as built."""
        return SIGNED.gain

    def share(self, c: Number) -> Number:
        """What a copy adds to the output while its plus side is active and as built."""
        return 2 * SIGNED.inner * SIGNED.outer * self.gain(c) * SIGNED.resting

    def asks(self, step: Number, i: Number, c: Number) -> Formula:
        """Whether the query of a copy is -1 on a sample of a step."""
        return every(self.query(step, i, c))

    def balance(self, r: Number, c: Number, i: Number) -> Number:
        """The sum of (-1)^y r over the first samples of the batch of a round, for the query r of copy c."""
        return i - 2 * self.down(r, c, i)

    def summed(self, r: Number, c: Number, i: Number) -> Number:
        """The sum of the clipped gradients of v0 -> v1 of copy c over the first samples of the batch of a round."""
        return self.balance(r, c, i)

    def fits(self, r: Number, c: Number, i: Number) -> Formula:
        """Whether the count of such samples is one of so many."""
        return every(self.down(r, c, i) >= 0, self.down(r, c, i) <= i)

    def total(self, r: Number, c: Number) -> Number:
        """The same sum over the whole batch."""
        return self.summed(r, c, self.b)

    def none(self, r: Number, c: Number) -> Formula:
        """There is no sample among the first 0."""
        return every(self.down(r, c, Fraction(0)) == 0)

    def counted(self, step: Number, c: Number, i: Number) -> Formula:
        """How the functions that count go on with sample i of a step."""
        negative = active_sign(self.asks(step, i, c), self.label(step, i))
        return every(self.down(step, c, i + 1) == self.down(step, c, i) + select(negative, 1, 0))

    def uses_counted(self, case: Case, step: Number, c: Number, i: Number) -> None:
        """Use what is proved of a sample more: nothing is needed here."""

    def is_clock(self, c: Number) -> Formula:
        """Whether a copy is one of the clock's."""
        return every(c >= 0, c < self.clocks)

    def told(self, tells: "InEachStep", s: State, r: Number, c: Number) -> Formula:
        """What is known of copy c if it is the one of the clock that tells that the step of round r is over."""
        return tells.premises(s, **{"b": self.b, "sum": self.total(r, c), "of sign -1": self.down(r, c, self.b)})

    def uses_sample(self, case: Case, c: Number, **given: Number | Formula) -> None:
        """Use what is proved of a sample of copy c."""
        case.use("signed.sample", rho=self.rho, **given)

    def uses_adds(self, case: Case, c: Number, **given: Number | Formula) -> None:
        """Use what is proved of what copy c adds."""
        case.use("signed.adds", rho=self.rho, **given)

    def is_read(self, case: Case, copy: State, r: Number, c: Number) -> Formula:
        """Whether the sum that is read of a copy's digits is that over the batch of its round."""
        record, read = copy["record"], self.middle - copy["record"]
        given = {"b": self.b, "rho": self.rho, "mean": copy["mean"], "k": record}
        total, down = self.total(r, c), self.down(r, c, self.b)
        case.use("signed.clock", "a sum other than 0", sum=total, half=Fraction(0), **{"b/2": Fraction(0)}, **given)
        digits = {"middle": self.middle, "read": read, "half of b less the sum": down}
        case.use("signed.memory", "the sum is read", **digits, **given)
        return nearest_of_parity(self.b * self.rho * record_read(self.middle, read), self.b) == total

    def one_copy_more(self, turn: Number, i: Number, c: Number) -> Formula:
        """How the functions of what sides add go on with copy c."""
        asks, share = self.asks(turn, i, c), self.share(c)
        plus = self.plus(turn, i, c + 1) == self.plus(turn, i, c) + select(asks, Fraction(0), share)
        return every(plus, self.minus(turn, i, c + 1) == self.minus(turn, i, c) + select(asks, share, Fraction(0)))

    def of_nothing(self, turn: Number, i: Number) -> Formula:
        """No copies add nothing, and no bits have the value 0."""
        nothing = every(self.plus(turn, i, Fraction(0)) == 0, self.minus(turn, i, Fraction(0)) == 0)
        return every(nothing, self.predicted(i, Fraction(0)) == 0)

    def exists(self, r: Number, c: Number) -> Formula:
        """Whether there is an edge c of a round that comes from a control."""
        rounds, copies = self.rounds, self.copies
        of_round = implies(r <= rounds, every(c >= 2 * copies, c <= 3 * copies))
        return every(r >= 1, r <= rounds + 1, c >= 0, of_round)


def any_batches(cell: FlatCircuit, case: Case) -> BatchesAround:
    """Any network of any number of rounds and copies, at any b >= 1 and rho with b rho < 4/3."""
    return BatchesAround(cell=cell, **any_surroundings(case))


def any_surroundings(case: Case) -> dict[str, Any]:
    """Any sizes, and functions of which nothing is assumed."""
    sizes = {name: case.integer(name) for name in ("rounds", "copies", "clocks", "middle")}
    b, rho = case.integer("points"), case.real("rho")
    case.assume(b >= 1, rho > 0, b * rho < END, label="b rho < 4/3")
    case.assume(sizes["clocks"] >= 1, sizes["clocks"] <= sizes["copies"], sizes["rounds"] >= 1)
    case.assume(sizes["middle"] >= 1, enough_digits(sizes["middle"], rho), label="digits for every record")
    case.lemma("rho is below 4/3", rho < END)

    def integer(name: str, arity: int) -> Any:
        return case.function(name, arity, takes=(INTEGER,) * arity, gives=INTEGER)

    def real(name: str, *takes: str) -> Any:
        return case.function(name, len(takes), takes=takes)

    return dict(
        rho=rho,
        b=b,
        **sizes,
        label=integer("label", 2),
        query=case.predicate("query is -1", 3, takes=(INTEGER,) * 3),
        down=integer("of sign -1", 3),
        plus=real("plus sides", *(INTEGER,) * 3),
        minus=real("minus sides", *(INTEGER,) * 3),
        telling=integer("telling copy", 1),
        method=real("method", INTEGER),
        batch=real("batch", INTEGER),
        update=real("update", REAL, REAL),
        left=real("left", *(INTEGER,) * 3),
        left_of_edge=real("left of edge", *(INTEGER,) * 2),
        recorded=integer("recorded", 2),
        place=real("place", INTEGER),
        guess=case.predicate("guess", 3, takes=(REAL, INTEGER, INTEGER)),
        predicted=real("predicted", INTEGER, INTEGER),
    )


def active_sign(query: Formula, y: Number) -> Formula:
    """Whether (-1)^y r is -1, from whether the query r is -1."""
    return query == (y == 0)
