"""Lemmas 5d and 7: the answers that can be handed on, and the tree of the queries that can be asked.

Proved here: an answer within 3 tau/4 of the truth is held to one of four points of the grid, within tau of the truth
(``lemma5d.cells``); in a tree with four branches at each of k queries some batch mean strays with a chance of at most
(4^k - 1)/3 times that of one (``lemma5d.tree``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number, floored
from constructions.foundations.logic import Formula, every, some, within
from constructions.foundations.rounding import clip
from constructions.foundations.terms import INTEGER, REAL
from constructions.learning.oracles import is_valid, nearest_multiple, to_grid
from constructions.learning.tails import exponent, for_all
from constructions.reductions.cells import BRANCHES, branches, grid_step, may_stray, queries_of
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State
from verify.provers.branches import own, with_names

F = Fraction


def on_the_grid(value: Number, step: Number) -> Number:
    """The code that holds a number to the grid, over terms."""
    found: Number = with_names(to_grid, nearest_multiple=multiple, within_range=clip)(value, step)
    return found


def multiple(value: Number, step: Number) -> Number:
    """The code that finds the nearest multiple, over terms."""
    found: Number = with_names(nearest_multiple, floor=floored)(value, step)
    return found


def four(truth: Number, tau: Number) -> tuple[Number, ...]:
    """The code that gives the four points of the grid, over terms."""
    return own(lambda: with_names(branches, nearest_multiple=multiple, within_range=clip)(truth, tau))


def three(truth: Number, tau: Number) -> tuple[Number, ...]:
    """The same without the last (the twin's)."""
    return four(truth, tau)[:-1]


@obligation("lemma5d.cells", paper="Lemma 5d, Lemma 7", of=lambda case: four, twin=lambda case: three)
def four_answers_can_be_handed_on(points: Callable[..., tuple[Number, ...]], case: Case) -> None:
    """For every tau > 0, a truth in [-1, 1] and an answer in [-1, 1] within 3 tau/4 of it: the multiple of tau/2 that
    is nearest to the answer, held within [-1, 1], is one of four that depend on truth and tau alone, and is a valid
    answer of SQ: in [-1, 1] and within tau of the truth."""
    tau, answer, truth = (case.real(name) for name in ("tau", "answer", "truth"))
    step = grid_step(tau)
    case.assume(tau > 0, within(answer, 1), within(truth, 1), within(answer - truth, tau / 2 + may_stray(tau)))
    a, t = case.real("answer in steps"), case.real("truth in steps")
    case.assume(a * step == answer, t * step == truth, label="in units of the grid")
    case.lemma("the answer", answer / step == a)
    case.lemma("the lowest", (truth - tau / 2 - may_stray(tau)) / step == t - F(3, 2))
    case.lemma("near", every((a - t - F(3, 2)) * step <= 0, (a - t + F(3, 2)) * step >= 0))
    case.lemma("near in steps", within(a - t, F(3, 2)))
    held, found = on_the_grid(answer, step), points(truth, tau)
    far, lowest = case.integer("far"), case.integer("lowest")
    case.assume(far == multiple(answer, step), lowest == multiple(truth - tau / 2 - may_stray(tau), step))
    case.lemma("one of four", every(far >= lowest, far <= lowest + BRANCHES - 1))
    case.lemma("no further", within(far * step - answer, step / 2))
    case.show("one of the branches", some(*(held == point for point in found)))
    case.show("a valid answer", is_valid(held, truth, tau))


@dataclass(frozen=True, slots=True)
class Tree:
    """The queries that a method can ask from a state on, and the events that a batch mean of one of them strays.

    Parameters
    ----------
    case : the claim. A level is the number of queries still to come, a state is known by a number.
    """

    case: Case

    @property
    def size(self) -> Number:
        """Of how many independent values each mean is one."""
        return self.case.integer("values")

    @property
    def width(self) -> Number:
        """How far such a mean may stray; a part of tau/4 if it is a mean over halves of queries."""
        return self.case.real("width")

    @property
    def bound(self) -> Number:
        """Hoeffding's bound on the chance that one mean strays."""
        return self.case.word("two times exp")(-exponent(self.size, self.width))

    def value(self, level: Number, state: Number) -> Number:
        """The mean that answers the query of a state at a level, as a value in the space of batches."""
        return self.case.function("mean at", 2, takes=(INTEGER, REAL))(level, state)

    def center(self, state: Number) -> Number:
        """The mean of that value: what the answer would be for the whole source."""
        return self.case.function("center", 1)(state)

    def strays(self, level: Number, state: Number) -> Number:
        """The event that it strays."""
        return self.case.word("strays")(self.value(level, state), self.center(state), self.width)

    def bad(self, level: Number, state: Number) -> Number:
        """The event that it strays, or that one further down the tree does."""
        return self.case.function("bad", 2, takes=(INTEGER, REAL))(level, state)

    def child(self, state: Number, branch: int) -> Number:
        """The state after one of the four answers that can be handed on."""
        return self.case.function("branch", 2, takes=(REAL, INTEGER))(state, branch)

    def pairs(self, level: Number, state: Number) -> tuple[Number, Number, Number]:
        """The events below a state, four of them, joined in pairs, and all of them."""
        either = self.case.word("either")
        below = [self.bad(level - 1, self.child(state, branch)) for branch in range(BRANCHES)]
        left, right = either(below[0], below[1]), either(below[2], below[3])
        return left, right, either(left, right)

    def known(self, level: Number, state: Number) -> Formula:
        """What the events of a state at a level of at least 1 are, and what its mean is one of."""
        case, space, value = self.case, self.case.real("space"), self.value(level, state)
        joined = case.word("either")(self.strays(level, state), self.pairs(level, state)[2])
        return every(
            self.bad(level, state) == joined,
            case.word("mean")(space, value) == self.center(state),
            case.word("is a mean of independent values")(space, value, self.size),
        )

    def at_most_the_sum(self, level: Number, state: Number) -> None:
        """State the principles that bound the chance of the event of a state."""
        case, space = self.case, self.case.real("space")
        strays, (left, right, below) = self.strays(level, state), self.pairs(level, state)
        under = [self.bad(level - 1, self.child(state, branch)) for branch in range(BRANCHES)]
        case.principle("hoeffding", s=space, X=self.value(level, state), b=self.size, eta=self.width)
        for one, other in ((strays, below), (left, right), (under[0], under[1]), (under[2], under[3])):
            case.principle("union bound", s=space, A=one, B=other)

    def at_the_point(self, level: Number, state: Number) -> None:
        """State the principles that say what happens at a point of the space."""
        case, point = self.case, self.case.real("point")
        strays, (left, right, below) = self.strays(level, state), self.pairs(level, state)
        under = [self.bad(level - 1, self.child(state, branch)) for branch in range(BRANCHES)]
        value, center, width = self.value(level, state), self.center(state), self.width
        for one, other in ((strays, below), (left, right), (under[0], under[1]), (under[2], under[3])):
            case.principle("at a point", X=value, m=center, eta=width, w=point, A=one, B=other)


FUNCTIONS: dict[str, tuple[str, ...]] = {
    "mean at": (INTEGER, REAL),
    "center": (REAL,),
    "bad": (INTEGER, REAL),
    "branch": (REAL, INTEGER),
    "worst state": (INTEGER,),
}
"""Of what a tree is made: functions of which nothing is known, by what they take."""


def tree_functions(case: Case) -> dict[str, Any]:
    """The functions of a tree, as a claim shares them with the one that counts its queries."""
    return {name: case.function(name, len(takes), takes=takes) for name, takes in FUNCTIONS.items()}


@obligation("lemma5d.tree", paper="Lemma 5d, Lemma 7", kind="induction", of=lambda case: BRANCHES, twin=lambda case: 3)
def few_queries_can_be_asked(many: int, case: Case) -> None:
    """For every space of batches, number of values and width > 0, and every tree of queries in which at most four
    branches leave each query: the event that the mean of some query among k levels strays has a chance of at most
    (4^k - 1)/3 times 2 exp(-width^2 values / 2), whatever state the tree begins in. At each level, the worst state is
    one whose event is as likely as any there."""
    tree, space, chance = Tree(case), case.real("space"), case.word("chance")
    case.assume(tree.size >= 1, tree.width > 0, label="a mean of at least one value, a width above 0")
    case.assume(tree.bound >= 0, label="2 exp(x) is not negative")
    level, worst = case.integer("level"), case.function("worst state", 1, takes=(INTEGER,))

    def event(at: Number) -> Number:
        return tree.bad(at, worst(at))

    above = level + 1
    tree.at_most_the_sum(above, worst(above))
    case.assume(chance(space, event(F(0))) <= 0, label="with no query to come nothing strays")

    def under(s: State) -> Formula:
        below = [tree.bad(s["level"], tree.child(worst(s["level"] + 1), branch)) for branch in range(BRANCHES)]
        return every(*(chance(space, one) <= chance(space, event(s["level"])) for one in below))

    run = case.induction(
        "over the levels",
        state={"level": level, "power": case.real("power")},
        start={"level": F(0), "power": F(1)},
        inputs={},
        given=lambda s: every(under(s), tree.known(s["level"] + 1, worst(s["level"] + 1))),
        advance=lambda s: {"level": s["level"] + 1, "power": s["power"] * many},
        holds=lambda s: every(
            s["level"] >= 0,
            s["power"] >= 1,
            chance(space, event(s["level"])) <= for_all(queries_of(s["power"]), tree.bound),
        ),
    )
    at, begun = case.reached(run), case.real("begun")
    event_at = tree.bad(at["level"], begun)
    as_likely = chance(space, event_at) <= chance(space, event(at["level"]))
    most = for_all(queries_of(at["power"]), tree.bound)
    case.show("seldom", chance(space, event_at) <= most, given=as_likely)
