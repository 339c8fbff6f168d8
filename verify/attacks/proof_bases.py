"""Honest proof files, to be forged: small claims that together use every rule, and what a reviewer wants of them.

>>> import json
>>> text, wanted = honest()
>>> len(wanted["statements"]), sorted({theorem["rule"] for theorem in json.loads(text)["theorems"]})
(12, ['enumeration', 'identity', 'induction', 'principle', 'solver'])
"""

from functools import cache
from typing import Any

from constructions.foundations.logic import every, implies
from verify.discharge.one import discharge
from verify.obligations.obligation import Registry, fresh_registry, obligation
from verify.obligations.parts import earlier_state
from verify.proofs.file import Writing

FORMS: Any = {"paper": "an attack"}
PERMITTED = ("markov", "union bound")


@cache
def claims() -> Registry:
    """The claims.

    >>> list(claims().obligations)[:2]
    ['shift.less', 'shift.twice']
    """
    with fresh_registry(below={}) as found:
        _by_use()
        _by_induction()
        _by_runs()
        _by_other_rules()
    return found


def _by_use() -> None:
    @obligation("shift.less", of=lambda case: 1, twin=lambda case: -1, **FORMS)
    def shifted(step: Any, case: Any) -> None:
        """What is below an integer is below the next one, and half of a positive number is less than it."""
        n, x = case.integer("n"), case.real("x")
        case.assume(x < n)
        case.lemma("next", x < n + step)
        case.show("over the next but one", x < n + 2 * step)
        case.show("half", x / 2 < n, given=x > 0)

    @obligation("shift.twice", of=lambda case: 1, twin=lambda case: -1, **FORMS)
    def used_twice(step: Any, case: Any) -> None:
        """A number between two integers is below the second, and so on."""
        k, y = case.integer("k"), case.real("y")
        case.assume(y < k, y > 0)
        first = case.use("shift.less", "next", n=k, x=y)
        case.lemma("it applies", first.premises)
        second = case.use("shift.less", n=k + step, x=y)
        case.show("twice", y < k + 2 * step)
        case.show("again", every(second["next"], second.premises))

    @obligation("method.alike", of=lambda case: 1, twin=lambda case: 2, **FORMS)
    def alike(factor: Any, case: Any) -> None:
        """A function of a number answers alike where the numbers are alike."""
        answer = case.function("answer", 1)
        t, u = case.real("t"), case.real("u")
        case.assume(factor * t == u)
        case.show("alike", answer(t) == answer(u))

    @obligation("method.used", of=lambda case: 1, twin=lambda case: 3, **FORMS)
    def method_used(one: Any, case: Any) -> None:
        """What holds of all functions holds of a square, and of another function."""
        other = case.function("other", 1)
        x = case.real("x")
        square = case.use("method.alike", answer=lambda z: z * z, t=x, u=one * x)
        named = case.use("method.alike", answer=other, t=x, u=one * x)
        case.show("squares", x * x == (one * x) * (one * x))
        case.show("the other", implies(every(named.premises, square.premises), other(x) == other(one * x)))


def _by_induction() -> None:
    @obligation("sum.grows", kind="induction", of=lambda case: 1, twin=lambda case: -1, **FORMS)
    def grows(least: Any, case: Any) -> None:
        """A sum of n numbers that are all at least 1 is at least n."""
        x = case.real("x")
        case.assume(x >= least)
        sums = case.induction(
            "over the numbers",
            state={"n": case.integer("n"), "sum": case.real("sum")},
            start={"n": 0, "sum": 0},
            inputs={"x": x},
            advance=lambda s: {"n": s["n"] + 1, "sum": s["sum"] + s["x"]},
            holds=lambda s: every(s["sum"] >= s["n"], s["n"] >= 0),
        )
        at = case.reached(sums)
        case.show("at least n", at["sum"] >= at["n"])

    @obligation("sum.far", of=lambda case: 10, twin=lambda case: 11, **FORMS)
    def far(most: Any, case: Any) -> None:
        """A sum of at least ten such numbers is at least 10, and one of two of them at least 2."""
        used = case.use("sum.grows", "at least n")
        case.assume(used.premises)
        n, total = (used.values[f"over the numbers reached: {name}"] for name in ("n", "sum"))
        case.show("far", total >= most, given=n >= 10)


def _by_runs() -> None:
    @obligation("sum.two", of=lambda case: 2, twin=lambda case: 3, **FORMS)
    def two(least: Any, case: Any) -> None:
        """The sum of two numbers that are at least 1 is reached, so it is at least 2."""
        a, b = case.real("a"), case.real("b")
        case.assume(a >= 1, b >= 1)
        names = {f"over the numbers reached: {name}": value for name, value in (("n", 2), ("sum", a + b))}
        used = case.use("sum.grows", **names)
        run = used.inductions["over the numbers"]
        run.go_on(run.go_on(run.begin(x=a), x=a), x=b)
        case.show("at least two", a + b >= least)

    @obligation("run.back", kind="induction", of=lambda case: 1, twin=lambda case: 2, **FORMS)
    def back(least: Any, case: Any) -> None:
        """Numbers that are each the sum of the last and an earlier one, from 1 on, are at least 1."""
        sums = case.induction(
            "over the sums",
            state={"v": case.real("v")},
            start={"v": 1},
            inputs={},
            earlier=("before",),
            advance=lambda s: {"v": s["v"] + earlier_state(s, "before")["v"]},
            holds=lambda s: s["v"] >= least,
        )
        case.show("at least 1", case.reached(sums)["v"] > 0)

    @obligation("run.blocks", kind="induction", of=lambda case: 2, twin=lambda case: 1, **FORMS)
    def blocks(most: Any, case: Any) -> None:
        """Two numbers that change places stay at most 2."""
        a, b = case.real("a"), case.real("b")
        case.induction(
            "over the moves",
            state={"a": a, "b": b},
            start={"a": 0, "b": 2},
            inputs={},
            advance=lambda s: {"a": s["b"], "b": s["a"]},
            holds=lambda s: s["a"] <= most,
        )


def _by_other_rules() -> None:
    @obligation("square.sum", kind="identity", of=lambda case: 2, twin=lambda case: 3, **FORMS)
    def expanded(two: Any, case: Any) -> None:
        """The square of a sum, and a quotient that cancels."""
        x, y = case.real("x"), case.real("y")
        case.equal("square", (x + y) ** 2, x**2 + two * x * y + y**2)
        case.equal("quotient", (x * x - y * y) / (x - y), x + y * (two - 1))

    @obligation(
        "squares.few",
        kind="enumeration",
        of=lambda case: 9,
        twin=lambda case: 4,
        finite="k from 0 to 2",
        domain=lambda: iter([{"k": 0}, {"k": 1}, {"k": 2}]),
        **FORMS,
    )
    def few(bound: Any, case: Any) -> None:
        """The square of each of three numbers is below the bound, and positive numbers have positive squares."""
        k = case.real("k")
        case.show("small", k**2 < bound)
        case.show("positive", k * k > 0, given=k > 0)

    @obligation("tail.thin", of=lambda case: 2, twin=lambda case: 3, **FORMS)
    def thin(times: Any, case: Any) -> None:
        """A value that is never negative and has mean 1 is twice that with a chance of at most 1/2."""
        s, x = case.real("s"), case.real("value")
        used = case.principle("markov", s=s, X=x, k=2)
        case.assume(used.premises, case.word("mean")(s, x) == 1)
        case.show("thin", times * case.word("chance")(s, case.word("not below")(x, 2)) <= 1)


@cache
def honest() -> tuple[str, dict[str, Any]]:
    """The honest proof file, and what a reviewer wants: every statement, by its key."""
    known = claims().obligations
    proved = {id: discharge(each).verdict for id, each in known.items()}
    writing = Writing(known, proved)
    text = writing.text(known, {"querygrad": "an attack"})
    return text, {
        "kind": "querygrad statements",
        "format": 1,
        "principles": list(PERMITTED),
        "statements": [{"id": id, "key": writing.theorems[id]["key"], "least": "CHECKED"} for id in known],
    }
