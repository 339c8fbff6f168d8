"""Theorem 2d and Lemma 2 for every method and every source: the nested error, query by query.

A *path* through a run of the simulating method goes from its start to its end, one SQ query of the given method after
the other; at each query the batches are those at which the worst answers do most harm. Along it two numbers are
compared, from the end to the start: N, the expected loss from here on against some way to choose valid answers (any
function of what was seen), and W, the largest loss to which valid SQ answers can lead from here on. Each query adds at
most twice the chance that a mean of its batches strays, as no loss is above 2.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, within
from constructions.learning.oracles import is_valid
from constructions.learning.tails import exponent, for_all
from constructions.reductions.bsq import lemma_2, theorem_2d
from verify.claims.reductions.bsq.one_query import BY_LABEL, WHOLE, Form, functions, sizes
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State
from verify.provers.branches import with_names

F = Fraction
PATH = ("j", "N", "W", "state")
BEFORE = {name: f"{name} before" for name in PATH[1:]}
"""The inputs of one step of a path: what N, W and the state are one query earlier."""


def simulation_of(build: Callable[..., Any], share: Callable[[Number], Number]) -> Callable[[Case], Any]:
    """A simulation for any delta, or for a part of it (the twin's); that it is above 0 is not checked."""
    return lambda case: with_names(build, _below_one_eighth=share)(b=case.integer("b"), delta=case.real("delta"))


def _the_same(delta: Number) -> Number:
    return delta


def _half(delta: Number) -> Number:
    return delta / 2


@obligation(
    "theorem2d.simulates",
    paper="Theorem 2d",
    kind="induction",
    of=simulation_of(theorem_2d, _the_same),
    twin=simulation_of(theorem_2d, _half),
)
def bsq_does_what_sq_does(simulation: Any, case: Case) -> None:
    """For all k, tau > 0, b, r, delta, every SQ method (a function of its random bits and answers) and every source:
    with q rounds for each query, where 4k exp(-tau^2 b q / 8) <= delta, the simulating method has at most delta more
    error than the method, whatever function of what was seen chooses its valid answers. No loss is above 2."""
    little_more_error(simulation, WHOLE, case)


@obligation(
    "lemma2.simulates",
    paper="Lemma 2",
    kind="induction",
    of=simulation_of(lemma_2, _the_same),
    twin=simulation_of(lemma_2, _half),
)
def alternating_bsq_does_what_sq_does(simulation: Any, case: Case) -> None:
    """For all k, tau > 0, b, r, delta, every SQ method (a function of its random bits and answers) and every source:
    with q odd and q even rounds for each query, where 8k exp(-tau^2 b q / 32) <= delta, the simulating method, which
    asks about one label at a time, has at most delta more error than the method, whatever function of what was seen
    chooses its valid answers. No loss is above 2."""
    little_more_error(simulation, BY_LABEL, case)


def little_more_error(simulation: Any, form: Form, case: Case) -> None:
    """State, by induction along a path, that a simulation has at most delta more error."""
    size = sizes(case)
    before, block = {called: case.real(called) for called in BEFORE.values()}, form.moment(case)
    parts = {f"{name}{label}": case.real(f"{name}{label}") for name in ("w", "truth", "M") for label in form.labels}
    given = {name: number for name, number in parts.items() if not name.startswith("M")}
    used = case.use(form.block, **size, **block, **functions(case), **given, state=before["state before"])
    case.assume(used.premises, label="the rounds of a query, with valid answers")
    leaf = case.real("leaf")
    case.assume(
        size["k"] >= 0, size["b"] >= 1, leaf >= 0, leaf <= 2, label="the loss at the end, of predictions in [-1, 1]"
    )
    state = {name: case.integer(name) if name == "j" else case.real(name) for name in PATH}
    bound = case.word("two times exp")(-exponent(size["q"] * size["b"], form.width(case)))
    add_principles(case, form, before["W before"] + for_all(2 * len(form.labels) * state["j"], bound))

    def holds(s: State) -> Formula:
        most = s["W"] + for_all(2 * len(form.labels) * s["j"], bound)
        return every(s["j"] >= 0, s["N"] <= 2, s["W"] >= 0, s["N"] <= most)

    run = case.induction(
        "along a path",
        state=state,
        start={"j": F(0), "N": leaf, "W": leaf, "state": case.real("end")},
        inputs={**before, **block, **parts, "X": case.real("X")},
        given=lambda s: one_query(case, form, s),
        advance=lambda s: {"j": s["j"] + 1} | {name: s[called] for name, called in BEFORE.items()},
        holds=holds,
    )
    over_random_bits(simulation, form, case, case.reached(run), bound)


def strays(case: Case, form: Form, s: State) -> Number:
    """The event that the mean of the batches of some part of a query strays."""
    found = [case.word("strays")(s[f"M{label}"], s[f"truth{label}"], form.width(case)) for label in form.labels]
    return found[0] if len(found) == 1 else case.word("either")(*found)


def worst(case: Case, form: Form, s: State) -> Number:
    """The batches of one query at which a value exceeds its bound most, 2 being allowed where a mean strays."""
    return case.word("worst point")(case.real("batches"), s["X"], F(0), F(0), F(2), strays(case, form, s))


def add_principles(case: Case, form: Form, bound: Number) -> None:
    """What is known of one query: batch means seldom stray, and a value that is bounded but where they do."""
    size, space, width = sizes(case), case.real("batches"), form.width(case)
    s = {"X": case.real("X")} | {f"{n}{part}": case.real(f"{n}{part}") for n in ("M", "truth") for part in form.labels}
    point, events = worst(case, form, s), []
    for label in form.labels:
        batch_mean, truth = s[f"M{label}"], s[f"truth{label}"]
        case.principle("hoeffding", s=space, X=batch_mean, b=size["q"] * size["b"], eta=width)
        events.append(case.word("strays")(batch_mean, truth, width))
        case.principle("at a point", X=batch_mean, m=truth, eta=width, w=point, A=events[0], B=events[-1])
        case.principle("total probability", s=space, A=events[-1], B=events[-1])
    if len(events) == 2:
        case.principle("union bound", s=space, A=events[0], B=events[1])
    case.principle("domination", s=space, X=s["X"], c=bound, a=F(0), Y=F(0), d=F(2), A=strays(case, form, s))


def one_query(case: Case, form: Form, s: State) -> Formula:
    """What the numbers of one step of a path are: the expected loss before a query is the mean of that after it, at the
    worst batches the path goes on, the means of these batches are those of q b independent values, and if the answer
    that the method is handed is valid, the largest loss before the query is at least that after it."""
    size, space, at, point = sizes(case), case.real("batches"), case.word("value at"), worst(case, form, s)
    truth = sum((s[f"truth{label}"] for label in form.labels), F(0))
    handed = every(
        is_valid(s["handed"], truth, size["tau"]),
        s["state"] == case.function("next", 2)(s["state before"], s["handed"]),
    )
    parts = [
        every(
            at(s[f"M{label}"], point) == s[f"w{label}"],
            case.word("mean")(space, s[f"M{label}"]) == s[f"truth{label}"],
            case.word("is a mean of independent values")(space, s[f"M{label}"], size["q"] * size["b"]),
        )
        for label in form.labels
    ]
    return every(
        every(s["N before"] == case.word("mean")(space, s["X"]), at(s["X"], point) == s["N"], s["state"] == s["after"]),
        every(s["N before"] <= 2, s["W before"] >= 0, within(truth, F(1)), *parts),
        implies(handed, s["W before"] >= s["W"]),
    )


def over_random_bits(simulation: Any, form: Form, case: Case, end: State, bound: Number) -> None:
    """From one start of a path to the mean over the random bits."""
    size, strings, delta = sizes(case), case.real("strings"), case.real("delta")
    made, given = case.real("loss of A'"), case.real("loss of A")
    point, at = case.word("worst point")(strings, made, F(1), given, F(0), F(0)), case.word("value at")
    case.assume(end["j"] == size["k"], label="the path has k queries")
    started = case.function("start", 1)(case.function("bits", 1)(point))
    case.assume(end["state"] == started, label="it starts from the random bits")
    case.assume(at(made, point) == end["N"], at(given, point) == end["W"], label="the losses from there")
    all_bad = for_all(2 * len(form.labels) * size["k"], bound)
    case.assume(all_bad <= delta, label="all queries together stray with a chance of at most delta/2")
    case.assume(bound >= 0, label="2 exp(x) is not negative")
    case.principle("domination", s=strings, X=made, c=all_bad, a=F(1), Y=given, d=F(0), A=F(0))
    mean = case.word("mean")
    case.show("at most delta more error", simulation.allows(mean(strings, given), mean(strings, made)))
