"""Theorem 2a for every method and every source: enough rounds for m samples, and what it costs to run out of them.

Proved here: how many rounds the budget has beyond the certain ones, and that they are enough for delta
(``theorem2a.enough``); and that the simulating method has at most delta more error (``theorem2a.learns``).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

from constructions.foundations.descent import squared_loss
from constructions.foundations.exact import Number, floored
from constructions.foundations.logic import every, implies, negation
from constructions.learning.models import Simulation
from constructions.reductions import sample_extract
from constructions.reductions.extract_bounds import LOSS_OF_HALF, least_further_rounds
from constructions.reductions.one_bit import HALF, PREFIX
from constructions.reductions.sample_extract import Extracted, Extracting, Extraction
from verify.claims.reductions.extract_law.any_source import as_one_term
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.provers.branches import quotient, with_names

F = Fraction
Further = Callable[[Number, Number], Number]


def further(case: Case) -> Further:
    """The code that says how many rounds there are beyond the certain ones, over terms."""
    over_terms = with_names(least_further_rounds, ceil=lambda value: -floored(-value))
    return lambda expected, delta: as_one_term(lambda: over_terms(expected, delta))


def _one_less(case: Case) -> Further:
    """One round less (the twin's)."""
    return lambda expected, delta: further(case)(expected, delta) - 1


@obligation("theorem2a.enough", paper="Theorem 2a", of=further, twin=_one_less)
def the_loss_is_within_delta(rounds: Further, case: Case) -> None:
    """For every delta > 0 and every expected number E >= 0 of rounds beyond the certain ones, the budget has a whole
    number K >= 0 of them, and 1/8 of E/(K + 1), which is Markov's bound on the chance that more are needed, is at most
    delta."""
    expected, delta, ratio, k = case.real("E"), case.real("delta"), case.real("ratio"), case.integer("K")
    case.assume(expected >= 0, delta > 0, ratio * delta == LOSS_OF_HALF * expected, k == rounds(expected, delta))
    case.lemma("the quotient", LOSS_OF_HALF * expected / delta == ratio)
    case.show("not below 0", k >= 0)
    case.lemma("above the ratio", k + 1 >= ratio)
    case.show("enough", LOSS_OF_HALF * expected <= delta * (k + 1))


@dataclass(frozen=True, slots=True)
class AnyExtraction:
    """The budget of Theorem 2a or Lemma 1, for any n, m, b and delta, as the code computes it.

    Parameters
    ----------
    case : the claim. alternating : whether a round asks about one label only.
    """

    case: Case
    alternating: bool

    def how(self) -> Any:
        """The parameters of a reduction, of the prefix version, with what follows from them."""
        case, n = self.case, self.case.integer("n")
        given: Any = SimpleNamespace(
            n=n, width=n + 1, b=case.integer("b"), version=PREFIX, alternating=self.alternating
        )
        given.delta, given.idle_rounds = case.real("delta"), case.real("idle rounds")
        empty = with_names(_getter("empty_rounds"), Fraction=quotient)
        given.empty_rounds = as_one_term(lambda: empty(given))
        given.certain_rounds = _getter("certain_rounds")(given)
        given.expected_further_rounds = lambda m: Extraction.expected_further_rounds(given, m)
        more = with_names(Extraction.further_rounds, least_further_rounds=further(case))
        given.further_rounds = lambda m: more(given, m)
        given.rounds = lambda m: Extraction.rounds(given, m)
        return given

    def simulation(self) -> Simulation[Any, Any]:
        """The simulation: its delta is that of its parameters."""
        given = self.how()
        given.budget = given.printed = None
        return sample_extract._simulation("any", given)


def _getter(name: str) -> Any:
    """The code of a property of :class:`Extraction`."""
    return getattr(Extraction, name).fget


@obligation(
    "theorem2a.learns",
    paper="Theorem 2a",
    kind="induction",
    of=lambda case: AnyExtraction(case, False),
    twin=lambda case: _gaining(AnyExtraction(case, False)),
)
def bsq_does_what_pac_does(made: Any, case: Case) -> None:
    """For all delta > 0, b >= 1, m, n, r, tau with b tau < 1/2, every PAC method and every source: with m(n+1) rounds
    and as many more as the budget has, the simulating method has at most delta more error. It extracts m samples; at
    most n/2 empty rounds of each are expected, so by Markov's inequality the rounds run out seldom, and then it
    predicts 1/2, which loses 1/8."""
    how, b, n = made.how(), case.integer("b"), case.integer("n")
    case.assume(b >= 1, n >= 0, case.real("delta") > 0)
    source = case.use("theorem2a.z.all", "Theorem Z", b=b, n=n)
    case.assume(source.premises, label="a sample of the source")
    case.use("algorithm1.samples", b=b, n=n)
    case.lemma("as the budget has it", source.values["empty rounds"] <= how.empty_rounds)
    little_more_error(made, how, source.values["empty rounds"], case, fixed=(f"{source.label}: empty rounds",))


def _gaining(made: AnyExtraction) -> Any:
    """A simulation that says that it loses half of what it does (the twins')."""

    def simulation() -> Any:
        whole = made.simulation()
        return SimpleNamespace(allows=lambda given, found: found <= given + whole.delta / 2)

    return SimpleNamespace(how=made.how, simulation=simulation)


def little_more_error(made: Any, how: Any, empty: Number, case: Case, *, fixed: Sequence[str] = ()) -> None:
    """From at most so many expected empty rounds of one sample to the error; ``fixed`` names them, as they are the same
    for each sample of one source."""
    space, m, delta, one = case.real("space"), case.integer("m"), case.real("delta"), case.real("F of a sample")
    mean, total = case.word("mean"), case.word("sum")
    state = {"i": case.integer("i"), "F": case.real("F")}
    case.use("theorem2a.state", n=case.integer("n"), m=m)
    case.assume(m >= 0, case.real("idle") >= 0, case.real("idle") <= how.idle_rounds)
    case.assume(
        mean(space, one) == empty + case.real("idle"), label="the further rounds of a sample: empty and idle ones"
    )
    case.assume(mean(space, case.real("none")) == 0, label="no rounds")
    case.principle("linearity", s=space, X=state["F"], Y=one, a=F(1), b=F(1))
    each = how.empty_rounds + how.idle_rounds
    run = case.induction(
        "over the samples",
        state=state,
        start={"i": F(0), "F": case.real("none")},
        inputs={"F of a sample": one},
        fixed=fixed,
        advance=lambda s: {"i": s["i"] + 1, "F": total(F(1), s["F"], F(1), s["F of a sample"])},
        holds=lambda s: every(s["i"] >= 0, mean(space, s["F"]) <= s["i"] * each),
    )
    at = case.reached(run)
    case.assume(at["i"] == m, label="m samples")
    expected = how.expected_further_rounds(m)
    case.lemma("the budget's expectation", expected == m * each)
    k = case.integer("K")
    enough = case.use("theorem2a.enough", E=expected, delta=delta, K=k)
    case.assume(enough.premises, label="K rounds beyond the certain ones")
    certain = (2 * case.integer("n") if how.alternating else case.integer("n")) + 1
    case.show("the rounds: the certain ones of m samples, and K", how.rounds(m) == m * certain + k)
    running_out(made, at["F"], k, expected, case)


def running_out(made: Any, rounds: Number, k: Number, expected: Number, case: Case) -> None:
    """What it costs that rounds run out: more than K of them are needed beyond the certain ones."""
    space, delta, mean, at = case.real("space"), case.real("delta"), case.word("mean"), case.word("value at")
    simulated, given = case.real("loss of A'"), case.real("loss of A")
    late = case.word("not below")(rounds, k + 1)
    case.assume(case.word("is never negative")(space, rounds))
    case.principle("markov", s=space, X=rounds, k=k + 1)
    case.principle("domination", s=space, X=simulated, c=F(0), a=F(1), Y=given, d=LOSS_OF_HALF, A=late)
    point = case.word("worst point")(space, simulated, F(1), given, LOSS_OF_HALF, late)
    is_late = case.word("happens at")(late, point)
    case.assume(implies(is_late, at(simulated, point) == LOSS_OF_HALF), label="out of rounds it predicts 1/2")
    in_time = implies(negation(is_late), at(simulated, point) == at(given, point))
    case.assume(in_time, label="in time it learns from the m samples that were extracted, which have the law of D")
    case.assume(at(given, point) >= 0, label="no loss is below 0")
    predictions(case)
    chance = case.word("chance")(space, late)
    case.lemma("seldom", LOSS_OF_HALF * (k + 1) * chance <= LOSS_OF_HALF * expected)
    case.lemma("in units of K + 1", (k + 1) * (LOSS_OF_HALF * chance) <= (k + 1) * delta)
    case.lemma("at most delta", LOSS_OF_HALF * chance <= delta)
    allowed = made.simulation().allows(mean(space, given), mean(space, simulated))
    case.show("at most delta more error", allowed)


def predictions(case: Case) -> None:
    """What the code predicts: what the method learns from the samples, or 1/2, which loses 1/8 on either label."""
    learned = case.function("learned", 1)
    method = SimpleNamespace(learn=lambda sample, bits: learned(bits))
    steps = sample_extract._Steps(method, None, 0, 0)  # type: ignore[arg-type]
    found: Any = steps.predictor(Extracted((), case.real("bits")))
    case.show("in time it is the method's", found == learned(case.real("bits")))
    half = steps.predictor(Extracting(1, (), (), None, (), ()))(())
    for y in (0, 1):
        case.show(f"1/2 on label {y}", squared_loss(half, y) == LOSS_OF_HALF)
    case.show("it is 1/2", half == HALF)


@obligation(
    "lemma1.learns",
    paper="Lemma 1",
    kind="induction",
    of=lambda case: AnyExtraction(case, True),
    twin=lambda case: _gaining(AnyExtraction(case, True)),
)
def alternating_bsq_does_what_pac_does(made: Any, case: Case) -> None:
    """For all delta > 0, b >= 1, m, n, r, tau with b tau < 1/2, every PAC method and every source: with m(2n+1) rounds,
    odd ones about label 1 and even ones about label 0, and as many more as the budget has, the simulating method has at
    most delta more error. After the label, at most (n-1)/2 + 1/b empty rounds of a sample are expected, on average over
    its label, and each costs two rounds."""
    how, b, n = made.how(), case.integer("b"), case.integer("n")
    case.assume(b >= 1, n >= 0, case.real("delta") > 0)
    masses, scaled_ = [case.real("mass 1"), case.real("mass 0")], F(0)
    case.assume(*(mass >= 0 for mass in masses), masses[0] + masses[1] == 1)
    for label, mass in zip((1, 0), masses, strict=True):
        empty = case.real(f"empty rounds {label}")
        at = {"over the bits reached: r": n, "mass": mass, "empty rounds there": empty}
        source = case.use("theorem2a.z.all", "at any prefix", b=b, **at)
        case.assume(empty >= 0, implies(every(n >= 1, mass > 0), source.facts["at any prefix"].under))
        case.assume(implies(n == 0, empty == 0), label="a label is the whole word, if there are no bits")
        most = b * mass * (n - 1) * HALF + 1 - mass
        case.lemma(f"label {label}", implies(n >= 1, b * mass * empty <= most))
        scaled_ = scaled_ + mass * empty
    case.use("lemma1.samples", b=b, n=n)
    case.lemma("both labels", implies(n >= 1, b * scaled_ <= b * (n - 1) * HALF + 1))
    case.lemma("as the budget has it", 2 * scaled_ <= how.empty_rounds)
    little_more_error(made, how, 2 * scaled_, case)
