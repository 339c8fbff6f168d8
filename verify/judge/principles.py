"""The principles that a reviewer may permit by name, each as this checker states it.

What arithmetic cannot say is taken from a principle: a sentence about *words*, which are functions of which no solver
knows anything else. Each is true in every finite probability space, or of every method. A principle of another name
can be permitted by the key of its statement.

>>> table = Terms()
>>> print("\\n".join(stated("function of answers", table).words()))
for all real t, real u, real i, real m:
  same state: if meant: agree(t, u, i): meant: state(m, t, i) == meant: state(m, u, i)
"""

from collections.abc import Callable
from fractions import Fraction
from typing import TypeAlias

from verify.judge.statements import Statement
from verify.judge.terms import INTEGER, MEANT, REAL, TRUTH, Node, Terms

Fact: TypeAlias = tuple[str, Node, Node]


class _Say:
    """Short ways to write terms."""

    def __init__(self, table: Terms) -> None:
        self.table = table

    def real(self, *names: str) -> list[Node]:
        return [self.table.variable(name, REAL) for name in names]

    def word(self, name: str, *args: Node, gives: str = REAL) -> Node:
        return self.table.make("apply", (MEANT + name, (REAL,) * len(args), gives), args)

    def truth(self, name: str, *args: Node) -> Node:
        return self.word(name, *args, gives=TRUTH)

    def make(self, op: str, *args: Node) -> Node:
        return self.table.make(op, None, args)

    def number(self, value: int) -> Node:
        return self.table.make("constant", Fraction(value))

    @property
    def always(self) -> Node:
        return self.table.make("true")


def _linearity(say: _Say) -> list[Fact]:
    s, x, y, a, b = say.real("s", "X", "Y", "a", "b")
    left = say.word("mean", s, say.word("sum", a, x, b, y))
    right = say.make("+", say.make("*", a, say.word("mean", s, x)), say.make("*", b, say.word("mean", s, y)))
    return [("linear", say.always, say.make("==", left, right))]


def _total_probability(say: _Say) -> list[Fact]:
    s, a, b = say.real("s", "A", "B")
    whole = say.word("chance", s, a)
    inside = say.word("chance", s, say.word("both", a, b))
    outside = say.word("chance", s, say.word("both", a, say.word("not", b)))
    bounds = say.make("and", say.make(">=", whole, say.number(0)), say.make("<=", whole, say.number(1)))
    return [
        ("total", say.always, say.make("==", whole, say.make("+", inside, outside))),
        ("a chance", say.always, bounds),
    ]


def _markov(say: _Say) -> list[Fact]:
    s, x, k = say.real("s", "X", "k")
    under = say.make("and", say.make(">", k, say.number(0)), say.truth("is never negative", s, x))
    far = say.word("chance", s, say.word("not below", x, k))
    return [("few are far", under, say.make("<=", say.make("*", k, far), say.word("mean", s, x)))]


def _union_bound(say: _Say) -> list[Fact]:
    s, a, b = say.real("s", "A", "B")
    one = say.word("chance", s, say.word("either", a, b))
    both = say.make("+", say.word("chance", s, a), say.word("chance", s, b))
    return [("at most the sum", say.always, say.make("<=", one, both))]


def _hoeffding(say: _Say) -> list[Fact]:
    s, x, eta = say.real("s", "X", "eta")
    b = say.table.variable("b", INTEGER)
    independent = say.truth("is a mean of independent values", s, x, b)
    under = say.make("and", say.make(">=", b, say.number(1)), say.make(">", eta, say.number(0)), independent)
    event = say.word("strays", x, say.word("mean", s, x), eta)
    power = say.make("/", say.make("neg", say.make("*", say.make("*", eta, eta), b)), say.number(2))
    return [("seldom", under, say.make("<=", say.word("chance", s, event), say.word("two times exp", power)))]


def _domination(say: _Say) -> list[Fact]:
    s, x, c, a, y, d, event = say.real("s", "X", "c", "a", "Y", "d", "A")
    worst = say.word("worst point", s, x, a, y, d, event)

    def bound(of_y: Node, of_event: Node) -> Node:
        return say.make("+", say.make("+", c, say.make("*", a, of_y)), of_event)

    more = say.make("if", say.truth("happens at", event, worst), d, say.number(0))
    there = say.make("<=", say.word("value at", x, worst), bound(say.word("value at", y, worst), more))
    chance = say.make("*", d, say.word("chance", s, event))
    said = say.make("<=", say.word("mean", s, x), bound(say.word("mean", s, y), chance))
    return [("at most", say.make("and", say.make(">=", c, say.number(0)), there), said)]


def _at_a_point(say: _Say) -> list[Fact]:
    x, m, eta, w, a, b = say.real("X", "m", "eta", "w", "A", "B")
    value = say.word("value at", x, w)
    above, below = (say.make(">", say.make("-", *two), eta) for two in ((value, m), (m, value)))
    far = say.make("iff", say.truth("happens at", say.word("strays", x, m, eta), w), say.make("or", above, below))
    either = say.make("or", say.truth("happens at", a, w), say.truth("happens at", b, w))
    one = say.make("iff", say.truth("happens at", say.word("either", a, b), w), either)
    return [("far away", say.always, far), ("one of two", say.always, one)]


def _fresh_batches(say: _Say) -> list[Fact]:
    s, a, b = say.real("s", "A", "B")
    product = say.make("*", say.word("chance", s, a), say.word("chance", s, b))
    said = say.make("==", say.word("chance", s, say.word("both", a, b)), product)
    return [("product", say.truth("are independent", s, a, b), said)]


def _function_of_answers(say: _Say) -> list[Fact]:
    m, t, u, i = say.real("m", "t", "u", "i")
    said = say.make("==", say.word("state", m, t, i), say.word("state", m, u, i))
    return [("same state", say.truth("agree", t, u, i), said)]


def _bonami(say: _Say) -> list[Fact]:
    s, x = say.real("s", "X")
    half = say.table.variable("half of p", INTEGER)
    p = say.make("*", say.number(2), half)
    ratio = say.make(
        "/", say.make("-", say.make("*", say.number(2), p), say.number(1)), say.make("-", p, say.number(1))
    )
    under = say.make("and", say.make(">=", half, say.number(1)), say.truth("is a sum of signs", s, x))
    below = say.word("mean", s, say.word("power", x, p))
    above = say.word("mean", s, say.word("power", x, say.make("*", say.number(2), p)))
    most = say.make("*", say.word("raised", ratio, p), say.make("*", below, below))
    return [("hypercontractive", under, say.make("<=", above, most))]


def _dvorak_tiba(say: _Say) -> list[Fact]:
    s, x = say.real("s", "X")
    square = say.word("power", x, say.number(2))
    far = say.word("not below", square, say.word("mean", s, square))
    least = say.table.make("constant", Fraction(6, 32))
    return [("often", say.truth("is a sum of signs", s, x), say.make(">=", say.word("chance", s, far), least))]


PRINCIPLES: dict[str, Callable[[_Say], list[Fact]]] = {
    "linearity": _linearity,
    "total probability": _total_probability,
    "markov": _markov,
    "union bound": _union_bound,
    "hoeffding": _hoeffding,
    "domination": _domination,
    "at a point": _at_a_point,
    "fresh batches": _fresh_batches,
    "function of answers": _function_of_answers,
    "bonami": _bonami,
    "dvorak tiba": _dvorak_tiba,
}
"""The principles by name."""


def stated(name: str, table: Terms) -> Statement:
    """The statement of a principle that this checker knows, by its name; ``table`` takes the terms."""
    return Statement(tuple(PRINCIPLES[name](_Say(table))), "")
