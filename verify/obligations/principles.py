"""Principles: what the arithmetic of claims cannot say for itself, each with its exact statement and a reference.

A claim speaks of numbers, truth values and functions, and not of probability spaces. So a few *words* stand for what is
meant: functions of which the solver knows nothing, such as the chance of an event in a space. Spaces, events, values
and runs are named by numbers; a number that names none is a space without points, an event that never happens, or the
value 0. A principle says one thing of these words that is true in every finite probability space (the tests try each on
random ones, exactly). ``case.principle("markov", s=s, X=X, k=k)`` states it for given terms, as ``case.use`` states a
claim; a verdict that rests on it is *given* {markov}, and so is what uses that.

There are at most ten, and beside them a few *cited* theorems about sums of random signs, which are harder to prove;
none names an item, a construction or a number of the paper.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.foundations.functions import Function
from constructions.foundations.logic import every, select, some
from constructions.foundations.terms import REAL, TRUTH
from verify.obligations.use import Usable
from verify.obligations.verdict import Verdict

MEANT = "meant: "
"""How the names of words begin; no claim's own function may."""


def _word(name: str, arity: int, gives: str = REAL) -> Function:
    return Function(MEANT + name, (REAL,) * arity, gives)


WORDS: dict[str, Function] = {
    "mean": _word("mean", 2),
    "chance": _word("chance", 2),
    "sum": _word("sum", 4),
    "not below": _word("not below", 2),
    "both": _word("both", 2),
    "either": _word("either", 2),
    "not": _word("not", 1),
    "is never negative": _word("is never negative", 2, TRUTH),
    "are independent": _word("are independent", 3, TRUTH),
    "is a mean of independent values": _word("is a mean of independent values", 3, TRUTH),
    "strays": _word("strays", 3),
    "two times exp": _word("two times exp", 1),
    "state": _word("state", 3),
    "agree": _word("agree", 3, TRUTH),
    "value at": _word("value at", 2),
    "happens at": _word("happens at", 2, TRUTH),
    "worst point": _word("worst point", 6),
    "power": _word("power", 2),
    "raised": _word("raised", 2),
    "is a sum of signs": _word("is a sum of signs", 2, TRUTH),
}
"""The words. ``mean(s, X)`` is the expectation of a value X in a space s, ``chance(s, A)`` the probability of an event;
``sum(a, X, b, Y)`` is the value a X + b Y, ``not below(X, k)`` the event X >= k, ``both``, ``either`` and ``not`` are
events made of events. ``is a mean of independent values(s, X, b)`` says that X is the mean of b independent values in
[-1, 1], ``strays(X, m, eta)`` is the event |X - m| > eta, ``two times exp(x)`` is 2 exp(x). ``state(m, t, i)`` is where
a method m is after i answers of a run t, and ``agree(t, u, i)`` says that two runs have the same first i answers.
``value at(X, w)`` is a value at a point of the space, ``happens at(A, w)`` says that an event happens there, and
``worst point(s, X, a, Y, d, A)`` is a point of s at which X - a Y, less d where A happens, is largest. What is shown of
every point is true of this one, so it stands for "at every point". ``power(X, k)`` is the value X^k, ``raised(x, k)``
the number x^k, for integers k >= 0; ``is a sum of signs(s, X)`` says that X is a sum of fixed numbers with independent
signs, each + or - with chance 1/2."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Principle:
    """A statement that is taken for true, by name.

    Parameters
    ----------
    name : how verdicts that rest on it call it. reference : where it is proved. claim : states it.
    cited : whether it is a theorem beside the ten.

    >>> from verify.obligations.matching import Pattern
    >>> case = Pattern()
    >>> PRINCIPLES["markov"].claim(None, case)
    >>> print(case.facts[0].conclusion)
    k*meant: chance(s, meant: not below(X, k)) <= meant: mean(s, X)
    >>> PRINCIPLES["hoeffding"].id, PRINCIPLES["hoeffding"].statement.split(" is ")[0]
    ('principle hoeffding', 'The mean of b >= 1 independent values in [-1, 1]')
    """

    name: str
    reference: str
    claim: Callable[[Any, Any], None]
    cited: bool = False

    @property
    def id(self) -> str:
        """How a use of it is called."""
        return f"principle {self.name}"

    @property
    def statement(self) -> str:
        """The principle in words."""
        return " ".join((self.claim.__doc__ or "").split())

    @property
    def kind(self) -> str:
        """It is proved by nobody here."""
        return "principle"

    @property
    def of(self) -> Callable[[Any], Any]:
        """It is about no construction."""
        return _about_nothing

    @property
    def twin(self) -> None:
        """It has none: it is tried on exact spaces instead."""
        return None

    @property
    def expect(self) -> Verdict:
        """It is true."""
        return Verdict.PROVED

    @property
    def known(self) -> Mapping[str, Usable]:
        """It uses nothing."""
        return {}

    @property
    def domain(self) -> Callable[[], Iterator[dict[str, Any]]] | None:
        """It is no enumeration."""
        return None


def _about_nothing(case: Any) -> None:
    """The subject of a principle."""


def linearity(subject: None, case: Any) -> None:
    """The mean of a X + b Y is a times the mean of X plus b times the mean of Y."""
    s, x, y, a, b = (case.real(name) for name in ("s", "X", "Y", "a", "b"))
    mean, total = case.word("mean"), case.word("sum")
    case.show("linear", mean(s, total(a, x, b, y)) == a * mean(s, x) + b * mean(s, y))


def total_probability(subject: None, case: Any) -> None:
    """The chance of A is that of A and B plus that of A without B, and chances are from 0 to 1."""
    s, a, b = (case.real(name) for name in ("s", "A", "B"))
    chance, both, opposite = case.word("chance"), case.word("both"), case.word("not")
    case.show("total", chance(s, a) == chance(s, both(a, b)) + chance(s, both(a, opposite(b))))
    case.show("a chance", every(chance(s, a) >= 0, chance(s, a) <= 1))


def markov(subject: None, case: Any) -> None:
    """For a value X that is never negative and k > 0, k times the chance of X >= k is at most the mean of X."""
    s, x, k = (case.real(name) for name in ("s", "X", "k"))
    case.assume(k > 0, case.word("is never negative")(s, x))
    far = case.word("chance")(s, case.word("not below")(x, k))
    case.show("few are far", k * far <= case.word("mean")(s, x))


def union_bound(subject: None, case: Any) -> None:
    """The chance that one of two events happens is at most the sum of their chances."""
    s, a, b = (case.real(name) for name in ("s", "A", "B"))
    chance = case.word("chance")
    case.show("at most the sum", chance(s, case.word("either")(a, b)) <= chance(s, a) + chance(s, b))


def hoeffding(subject: None, case: Any) -> None:
    """The mean of b >= 1 independent values in [-1, 1] is further than eta > 0 from its own mean with a chance of at
    most 2 exp(-eta^2 b / 2)."""
    s, x, b, eta = case.real("s"), case.real("X"), case.integer("b"), case.real("eta")
    case.assume(b >= 1, eta > 0, case.word("is a mean of independent values")(s, x, b))
    event = case.word("strays")(x, case.word("mean")(s, x), eta)
    case.show("seldom", case.word("chance")(s, event) <= case.word("two times exp")(-(eta * eta * b) / 2))


def fresh_batches(subject: None, case: Any) -> None:
    """Two events that depend on different, independently drawn batches happen together with the product of their
    chances."""
    s, a, b = (case.real(name) for name in ("s", "A", "B"))
    chance = case.word("chance")
    case.assume(case.word("are independent")(s, a, b))
    case.show("product", chance(s, case.word("both")(a, b)) == chance(s, a) * chance(s, b))


def function_of_answers(subject: None, case: Any) -> None:
    """A method whose first i answers in two runs are the same is then in the same state."""
    m, t, u, i = (case.real(name) for name in ("m", "t", "u", "i"))
    state = case.word("state")
    case.assume(case.word("agree")(t, u, i))
    case.show("same state", state(m, t, i) == state(m, u, i))


def domination(subject: None, case: Any) -> None:
    """A value X that is at most c + a Y at every point, c >= 0, but for an event A, where it may be larger by d, has at
    most the mean c + a times that of Y + d times the chance of A. (Said of the point at which it is least true.)"""
    s, x, c, a, y, d, event = (case.real(name) for name in ("s", "X", "c", "a", "Y", "d", "A"))
    mean, at = case.word("mean"), case.word("value at")
    worst = case.word("worst point")(s, x, a, y, d, event)
    more = select(case.word("happens at")(event, worst), d, Fraction(0))
    case.assume(c >= 0, at(x, worst) <= c + a * at(y, worst) + more)
    case.show("at most", mean(s, x) <= c + a * mean(s, y) + d * case.word("chance")(s, event))


def at_a_point(subject: None, case: Any) -> None:
    """At a point, X strays from m exactly if it is more than eta away from it there, and one of two events happens
    exactly if the one does or the other."""
    x, m, eta, w, a, b = (case.real(name) for name in ("X", "m", "eta", "w", "A", "B"))
    happens, value = case.word("happens at"), case.word("value at")(x, w)
    away = some(value - m > eta, m - value > eta)
    case.show("far away", happens(case.word("strays")(x, m, eta), w) == away)
    case.show("one of two", happens(case.word("either")(a, b), w) == some(happens(a, w), happens(b, w)))


def bonami(subject: None, case: Any) -> None:
    """For a sum X of independent uniform signs with fixed factors and an even number p >= 2, the mean of X^(2p) is at
    most ((2p - 1)/(p - 1))^p times the square of the mean of X^p."""
    s, x, half = case.real("s"), case.real("X"), case.integer("half of p")
    mean, power, p = case.word("mean"), case.word("power"), 2 * case.integer("half of p")
    case.assume(half >= 1, case.word("is a sum of signs")(s, x))
    factor, below = case.word("raised")((2 * p - 1) / (p - 1), p), mean(s, power(x, p))
    case.show("hypercontractive", mean(s, power(x, 2 * p)) <= factor * (below * below))


def dvorak_tiba(subject: None, case: Any) -> None:
    """A sum of independent uniform signs with fixed factors is at least as large, in absolute value, as the root of the
    mean of its square, with a chance of at least 6/32."""
    s, x = case.real("s"), case.real("X")
    case.assume(case.word("is a sum of signs")(s, x))
    square = case.word("power")(x, 2)
    far = case.word("not below")(square, case.word("mean")(s, square))
    case.show("often", case.word("chance")(s, far) >= Fraction(6, 32))


PROBABILITY = "P. Billingsley, Probability and Measure, 3rd edition, 1995"
PRINCIPLES: dict[str, Principle] = {
    principle.name: principle
    for principle in (
        Principle(name="linearity", reference=f"{PROBABILITY}, section 5", claim=linearity),
        Principle(name="total probability", reference=f"{PROBABILITY}, section 4", claim=total_probability),
        Principle(name="markov", reference=f"{PROBABILITY}, equation (5.31)", claim=markov),
        Principle(name="union bound", reference=f"{PROBABILITY}, section 2", claim=union_bound),
        Principle(
            name="hoeffding",
            reference="W. Hoeffding, Journal of the American Statistical Association 58, 1963, theorem 2",
            claim=hoeffding,
        ),
        Principle(name="domination", reference=f"{PROBABILITY}, section 5 (order and linearity)", claim=domination),
        Principle(name="at a point", reference=f"{PROBABILITY}, section 2 (events as sets)", claim=at_a_point),
        Principle(name="fresh batches", reference=f"{PROBABILITY}, section 4", claim=fresh_batches),
        Principle(
            name="function of answers",
            reference="M. Kearns, Journal of the ACM 45, 1998, section 2 (a method sees the answers to its queries)",
            claim=function_of_answers,
        ),
        Principle(
            name="bonami",
            reference="A. Bonami, Annales de l'institut Fourier 20, 1970 (R. O'Donnell, Analysis of Boolean Functions, "
            "2014, section 9.1)",
            claim=bonami,
            cited=True,
        ),
        Principle(
            name="dvorak tiba",
            reference="V. Dvorak and M. Tiba, Probability mass of Rademacher sums beyond one standard deviation, "
            "arXiv:2104.10005, 2021",
            claim=dvorak_tiba,
            cited=True,
        ),
    )
}
"""All principles, by name."""
