"""Principles: true in every finite probability space that is tried, exactly; false as soon as one is said wrongly."""

import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from constructions.errors import ConstructionError
from constructions.foundations.functions import Function
from constructions.learning.tails import exponential
from verify.discharge.one import discharge
from verify.discharge.resting import resting
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, fresh_registry, registry
from verify.obligations.principles import MEANT, PRINCIPLES, WORDS
from verify.obligations.verdict import Verdict
from verify.replay.witness import ReplayCase

F = Fraction
SPACE = F(1)


class Meaning:
    """A finite space in which the words mean what they should: things by number, values and events by their points."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.size = self.random.randint(1, 5)
        weights = [self.random.randint(1, 6) for _ in range(self.size)]
        self.masses = [F(weight, sum(weights)) for weight in weights]
        self.things: dict[Fraction, tuple[Fraction, ...]] = {}
        self.means_of: dict[Fraction, int] = {}
        self.sums: set[Fraction] = set()

    def new(self, values: Iterator[Fraction] | list[Fraction]) -> Fraction:
        """A number for a value or an event (0 and 1 at the points)."""
        name = F(len(self.things) + 10)
        self.things[name] = tuple(values)
        return name

    def at(self, name: Fraction) -> tuple[Fraction, ...]:
        """What a number names; the value 0 if it names nothing."""
        return self.things.get(name, (F(0),) * self.size)

    def value(self) -> Fraction:
        """A random value, or a number that names none."""
        if self.random.random() < 0.1:
            return F(self.random.randint(-3, 3))
        return self.new([F(self.random.randint(-4, 4), self.random.randint(1, 3)) for _ in range(self.size)])

    def event(self) -> Fraction:
        """A random event."""
        return self.new([F(self.random.randint(0, 1)) for _ in range(self.size)])

    def word(self, name: str, *a: Fraction) -> Any:
        """What a word means."""
        return getattr(self, name.replace(" ", "_"))(*a)

    def mean(self, s: Fraction, x: Fraction) -> Fraction:
        return sum((m * v for m, v in zip(self.masses, self.at(x), strict=True)), F(0)) if s == SPACE else F(0)

    chance = mean

    def sum(self, a: Fraction, x: Fraction, b: Fraction, y: Fraction) -> Fraction:
        return self.new([a * v + b * w for v, w in zip(self.at(x), self.at(y), strict=True)])

    def not_below(self, x: Fraction, k: Fraction) -> Fraction:
        return self.new([F(v >= k) for v in self.at(x)])

    def both(self, a: Fraction, b: Fraction) -> Fraction:
        return self.new([min(v, w) for v, w in zip(self.at(a), self.at(b), strict=True)])

    def either(self, a: Fraction, b: Fraction) -> Fraction:
        return self.new([max(v, w) for v, w in zip(self.at(a), self.at(b), strict=True)])

    def is_never_negative(self, s: Fraction, x: Fraction) -> bool:
        return all(v >= 0 for v in self.at(x))

    def are_independent(self, s: Fraction, a: Fraction, b: Fraction) -> bool:
        return self.chance(s, self.both(a, b)) == self.chance(s, a) * self.chance(s, b)

    def is_a_mean_of_independent_values(self, s: Fraction, x: Fraction, b: Fraction) -> bool:
        return self.means_of.get(x) == b

    def strays(self, x: Fraction, m: Fraction, eta: Fraction) -> Fraction:
        return self.new([F(abs(v - m) > eta) for v in self.at(x)])

    def two_times_exp(self, x: Fraction) -> Fraction:
        return 2 * exponential(-x)[0]

    def state(self, m: Fraction, t: Fraction, i: Fraction) -> Fraction:
        return m + sum(self.at(t)[: int(i)], F(0))

    def agree(self, t: Fraction, u: Fraction, i: Fraction) -> bool:
        return self.at(t)[: int(i)] == self.at(u)[: int(i)]

    def value_at(self, x: Fraction, w: Fraction) -> Fraction:
        return self.at(x)[int(w)]

    def happens_at(self, a: Fraction, w: Fraction) -> bool:
        return self.at(a)[int(w)] == 1

    def worst_point(self, s: Fraction, x: Fraction, a: Fraction, y: Fraction, d: Fraction, event: Fraction) -> Fraction:
        beyond = [v - a * w - d * e for v, w, e in zip(self.at(x), self.at(y), self.at(event), strict=True)]
        return F(beyond.index(max(beyond)))

    def power(self, x: Fraction, k: Fraction) -> Fraction:
        return self.new([v ** int(k) for v in self.at(x)])

    def raised(self, x: Fraction, k: Fraction) -> Fraction:
        return x ** int(k)

    def is_a_sum_of_signs(self, s: Fraction, x: Fraction) -> bool:
        return x in self.sums


Meaning.not_ = lambda self, a: self.new([1 - v for v in self.at(a)])  # type: ignore[attr-defined]


class SpaceCase(ReplayCase):
    """A replay in which the words mean what they do in a space."""

    def __init__(self, values: dict[str, Fraction], meaning: Meaning) -> None:
        super().__init__(values)
        self.meaning = meaning

    def _word(self, function: Function) -> Callable[..., Any]:
        name = function.name.removeprefix(MEANT)
        return lambda *a: self.meaning.word("not_" if name == "not" else name, *map(F, a))


def powers(meaning: Meaning) -> tuple[Fraction, int]:
    """The mean of up to four fair or unfair signs, as a value of a space of its own."""
    b, p = meaning.random.randint(1, 4), F(meaning.random.randint(1, 9), 10)
    signs = list(product((-1, 1), repeat=b))
    meaning.size = len(signs)
    meaning.masses = [p ** each.count(1) * (1 - p) ** each.count(-1) for each in signs]
    name = meaning.new([F(sum(each), b) for each in signs])
    meaning.means_of[name] = b
    return name, b


def signed_sum(meaning: Meaning) -> Fraction:
    """A sum of up to five numbers with independent fair signs, as a value of a space of its own."""
    entries = [
        F(meaning.random.randint(0, 4), meaning.random.randint(1, 3)) for _ in range(meaning.random.randint(1, 5))
    ]
    signs = list(product((-1, 1), repeat=len(entries)))
    meaning.size, meaning.masses = len(signs), [F(1, len(signs))] * len(signs)
    name = meaning.new([sum((e * g for e, g in zip(each, entries, strict=True)), F(0)) for each in signs])
    meaning.sums.add(name)
    return name


def point(name: str, meaning: Meaning) -> dict[str, Fraction]:
    """Values for the variables of a principle."""
    pick = meaning.random
    number = F(pick.randint(-5, 5), pick.randint(1, 4))
    if name == "linearity":
        return {"s": SPACE, "X": meaning.value(), "Y": meaning.value(), "a": number, "b": F(pick.randint(-3, 3))}
    if name == "markov":
        return {
            "s": SPACE,
            "X": meaning.new([F(pick.randint(0, 6), pick.randint(1, 5)) for _ in range(meaning.size)]),
            "k": abs(number),
        }
    if name == "hoeffding":
        mean, b = powers(meaning)
        return {"s": SPACE, "X": mean, "b": F(b), "eta": F(pick.randint(1, 12), 8)}
    if name in ("bonami", "dvorak tiba"):
        return {"s": SPACE, "X": signed_sum(meaning), "half of p": F(pick.randint(1, 3))}
    if name == "domination":
        x, y, event, c = meaning.value(), meaning.value(), meaning.event(), F(pick.randint(0, 3), 2)
        rows = zip(meaning.at(y), meaning.at(event), strict=True)
        near = [c + number * w + abs(number) * e - F(pick.randint(-1, 3)) for w, e in rows]
        x = meaning.new(near) if pick.random() < 0.5 else x
        return {"s": SPACE, "X": x, "Y": y, "A": event, "a": number, "c": c, "d": abs(number)}
    if name == "at a point":
        found = {"X": meaning.value(), "m": number, "eta": abs(number), "w": F(pick.randrange(meaning.size))}
        return found | {"A": meaning.event(), "B": meaning.event()}
    if name == "function of answers":
        runs = [meaning.new([F(pick.randint(0, 1)) for _ in range(meaning.size)]) for _ in "tu"]
        return {"m": number, "t": runs[0], "u": runs[1], "i": F(pick.randint(0, meaning.size))}
    return {"s": SPACE, "A": meaning.event(), "B": meaning.event()}


def failing(name: str, claim: Callable[[Any, Any], None], tries: int) -> tuple[list[str], int]:
    """Which facts of a principle fail somewhere, and how often its premises hold."""
    found, met = [], 0
    for seed in range(tries):
        meaning = Meaning(seed)
        case = SpaceCase(point(name, meaning), meaning)
        claim(None, case)
        found += case.failing()
        met += all(premise.formula is True for premise in case.premises)
    return found, met


@pytest.mark.parametrize("name", PRINCIPLES)
def test_a_principle_holds_in_every_space_that_is_tried(name: str) -> None:
    found, met = failing(name, PRINCIPLES[name].claim, 300)
    assert found == []
    assert met >= 30


def wrong(name: str) -> Callable[[Any, Any], None]:
    """A principle said wrongly."""

    def claim(subject: None, case: Any) -> None:
        s, a, b, k = (case.real(each) for each in ("s", "A", "B", "k"))
        chance, mean, both, either = (case.word(each) for each in ("chance", "mean", "both", "either"))
        x, y, eta = case.real("X"), case.real("Y"), case.real("eta")
        said: dict[str, Callable[[], Any]] = {
            "linearity": lambda: mean(s, case.word("sum")(1, x, 1, y)) == mean(s, x),
            "total probability": lambda: chance(s, a) == chance(s, both(a, b)),
            "markov": lambda: chance(s, case.word("not below")(x, k)) <= mean(s, x),
            "union bound": lambda: chance(s, either(a, b)) <= chance(s, a),
            "hoeffding": lambda: (
                chance(s, case.word("strays")(x, mean(s, x), eta)) * 8
                <= case.word("two times exp")(-(eta * eta * case.real("b")) / 2)
            ),
            "domination": lambda: mean(s, x) <= case.real("a") * mean(s, y),
            "at a point": lambda: (
                case.word("happens at")(case.word("strays")(x, case.real("m"), eta), case.real("w"))
                == (case.word("value at")(x, case.real("w")) > case.real("m"))
            ),
            "bonami": lambda: (
                mean(s, case.word("power")(x, 4))
                <= mean(s, case.word("power")(x, 2)) * mean(s, case.word("power")(x, 2))
            ),
            "dvorak tiba": lambda: (
                chance(s, case.word("not below")(case.word("power")(x, 2), mean(s, case.word("power")(x, 2))))
                >= F(1, 2)
            ),
            "fresh batches": lambda: chance(s, both(a, b)) == chance(s, a) * chance(s, b),
            "function of answers": lambda: (
                case.word("state")(case.real("m"), case.real("t"), 2)
                == case.word("state")(case.real("m"), case.real("u"), 2)
            ),
        }
        case.show("wrong", said[name]())

    return claim


@pytest.mark.parametrize("name", PRINCIPLES)
def test_a_principle_that_is_said_wrongly_fails_in_some_space(name: str) -> None:
    assert failing(name, wrong(name), 300)[0]


def test_there_are_at_most_ten_and_none_names_anything_of_the_paper() -> None:
    assert len([each for each in PRINCIPLES.values() if not each.cited]) <= 10
    assert len([each for each in PRINCIPLES.values() if each.cited]) <= 3
    for principle in PRINCIPLES.values():
        said = f"{principle.name} {principle.statement} {principle.reference}".casefold()
        assert principle.statement
        assert not [word for word in ("theorem 1", "lemma", "rho", "tau", "gradient", "network") if word in said]


def rare(less: int, case: Case) -> None:
    """One of two rare events is rare."""
    s, a, b, d = (case.real(name) for name in "sabd")
    chance, either = case.word("chance"), case.word("either")
    case.assume(chance(s, a) <= d / 2, chance(s, b) <= d / 2, d > 0)
    case.principle("union bound", s=s, A=a, B=b)
    case.show("rare", chance(s, either(a, b)) * less <= d)


def test_a_verdict_lists_the_principles_on_which_it_rests_and_so_does_what_uses_it() -> None:
    def user(less: int, case: Case) -> None:
        used = case.use("rare", d=1)
        case.show("rare", used["rare"] if less == 1 else used["rare"] == (case.real("x") > 0), given=used.premises)

    with fresh_registry():
        for id, claim in (("rare", rare), ("user", user)):
            claim.__doc__ = "A claim."
            registry().add(Obligation(id=id, paper="t", claim=claim, of=lambda case: 1, twin=lambda case: 2))
        results = [discharge(obligation) for obligation in registry().obligations.values()]
    assert [result.verdict for result in results] == [Verdict.PROVED, Verdict.PROVED]
    assert [result.twin_verdict for result in results] == [Verdict.REFUTED, Verdict.REFUTED]
    assert [result.principles for result in results] == [("union bound",), ()]
    assert [result.given for result in resting(results)] == [("union bound",), ("union bound",)]


def test_a_witness_that_says_what_is_true_of_no_space_says_nothing_of_what_is_used() -> None:
    """The first fact is asked before the use, so its witness need not fit the principle behind what is used."""

    def user(less: int, case: Case) -> None:
        s, a, b = (case.real(name) for name in "sab")
        chance, either = case.word("chance"), case.word("either")
        case.assume(chance(s, a) <= F(1, 2), chance(s, b) <= F(1, 2))
        case.show("before", chance(s, a) <= less, given=chance(s, either(a, b)) >= 2)
        case.use("rare", s=s, a=a, b=b, d=1)
        case.show("after", chance(s, either(a, b)) <= 1)

    def wide(less: int, case: Case) -> None:
        user(less, case)

    with fresh_registry():
        for id, claim in (("rare", rare), ("user", wide)):
            claim.__doc__ = "A claim."
            registry().add(Obligation(id=id, paper="t", claim=claim, of=lambda case: 1, twin=lambda case: F(1, 4)))
        result = discharge(registry().obligations["user"])
    assert result.verdict is Verdict.PROVED


def test_what_is_no_principle_or_no_word_is_refused() -> None:
    case = ReplayCase({})
    with pytest.raises(ConstructionError, match=r"need a principle .*, got 'chernoff'"):
        case.principle("chernoff")
    with pytest.raises(ConstructionError, match=r"need a word of the principles .*, got 'variance'"):
        case.word("variance")
    with pytest.raises(ConstructionError, match="need a name that does not begin with 'reached: ' or 'meant: '"):
        case.function(WORDS["chance"].name, 2)
