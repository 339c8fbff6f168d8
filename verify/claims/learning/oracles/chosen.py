"""Equation (8) in code: which answers oracles choose, and which are taken."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.errors import ConstructionError
from constructions.learning.models import BSQ, FBSQ, SQ, QueryMethod, stopped
from constructions.learning.oracles import (
    Oracle,
    Question,
    equally_likely,
    exact,
    highest,
    lowest,
    nearest_grid,
    randomly,
    run_rounds,
    valid,
)
from constructions.learning.problems import Source, Table
from verify.claims.foundations.rounding.choosing import taken
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

MEANS = tuple(Fraction(i, 8) for i in range(-8, 9))
TOLERANCES = tuple(map(Fraction, ("0", "1/16", "1/8", "3/16", "1/3", "1")))


def _questions() -> Iterator[dict[str, Any]]:
    return ({"mean": mean, "tau": tau} for mean, tau in product(MEANS, TOLERANCES))


@dataclass(frozen=True, slots=True)
class Oracles:
    """Oracles by what they are to choose; the grid's from its step, the one that draws from a seed."""

    highest: Oracle
    lowest: Oracle
    exact: Oracle
    grid: Callable[[Fraction], Oracle]
    drawn: Callable[[int], Oracle]
    likely: Callable[[Fraction, Fraction], Sequence[Fraction]]


OURS = Oracles(highest, lowest, exact, nearest_grid, randomly, equally_likely)
BEYOND = Oracles(
    highest=lambda question: tuple(mean + question.tau + 1 for mean in question.means),
    lowest=lambda question: tuple(mean - question.tau - 1 for mean in question.means),
    exact=highest,
    grid=lambda step: lambda question: (Fraction(5),),
    drawn=lambda seed: lambda question: (Fraction(seed + 2),),
    likely=lambda mean, tau: (Fraction(9),),
)
"""Oracles of which none chooses a valid answer (the twin's), except the one that is to choose the means."""


@obligation(
    "equation8.chosen",
    paper="Equation (8)",
    kind="enumeration",
    domain=_questions,
    finite=f"means in eighths, tau in {', '.join(map(str, TOLERANCES))}",
    expect=Verdict.CHECKED,
    of=lambda case: OURS,
    twin=lambda case: BEYOND,
)
def what_oracles_choose(ours: Oracles, case: Case) -> None:
    """An answer is valid if it is in [-1, 1] and within tau of the mean. The highest, the lowest, the mean itself, the
    nearest on a grid of step 2 tau and any drawn by a seed are valid; no valid answer is above the highest or below the
    lowest. The nearest on a grid is a multiple of its step, the lower of two, or an end of [-1, 1]. Drawn are 17
    equally likely answers in equal steps from mean - tau to mean + tau, those outside [-1, 1] at its end."""
    mean, tau = Fraction(case.real("mean")), Fraction(case.real("tau"))
    question = Question(1, (mean,), tau)
    (top,), (bottom,), (same,) = ours.highest(question), ours.lowest(question), ours.exact(question)
    case.show("the highest", top == (mean + tau if mean + tau <= 1 else 1))
    case.show("the lowest", bottom == (mean - tau if mean - tau >= -1 else -1))
    case.show("the mean", same == mean)
    step = 2 * tau or Fraction(1, 8)
    (near,) = ours.grid(step)(question)
    on_grid = (near / step).denominator == 1 and -step / 2 <= near - mean < step / 2
    case.show("the nearest on a grid", on_grid or (abs(near) == 1 and abs(near - mean) <= step / 2))
    even = [mean + tau * j / 8 for j in range(-8, 9)]
    wanted = sorted(Fraction(1 if v > 1 else -1 if v < -1 else v) for v in even)
    likely = ours.likely(mean, tau)
    case.show("equally likely", sorted(likely) == wanted)
    drawn = [ours.drawn(seed)(question)[0] for seed in range(4)]
    case.show("drawn", set(drawn) <= set(wanted) and (tau == 0 or len(set(wanted)) < 17 or len(set(drawn)) > 1))


def _answers() -> Iterator[dict[str, Any]]:
    for mean, tau, answer in product((-1, Fraction(-1, 4), 0, 1), (0, Fraction(1, 8), Fraction(1, 2)), range(-9, 10)):
        yield {"mean": mean, "tau": tau, "v": Fraction(answer, 8)}


def _any(answers: Sequence[Any], question: Question) -> tuple[Fraction, ...]:
    """Whatever is answered, and twice that (the twin's)."""
    return tuple(2 * Fraction(answer) + 3 for answer in answers)


@obligation(
    "equation8.taken",
    paper="Equation (8)",
    kind="enumeration",
    domain=_answers,
    finite="answers in eighths, four means, three tolerances",
    expect=Verdict.CHECKED,
    of=lambda case: valid,
    twin=lambda case: _any,
)
def which_answers_are_taken(take: Callable[..., tuple[Fraction, ...]], case: Case) -> None:
    """An answer is taken as it is, as a fraction, if it is in [-1, 1] and within tau of the mean, and else refused,
    alone or after a valid one. An integer may be answered; what is no number is refused, and so is one answer
    too few or too many."""
    mean, tau, v = (Fraction(case.real(name)) for name in ("mean", "tau", "v"))
    fits = abs(v) <= 1 and abs(v - mean) <= tau
    one, two = Question(2, (mean,), tau), Question(2, (mean, mean), tau)

    def found(answers: tuple[Any, ...], question: Question) -> Any:
        return taken(lambda: take(answers, question))

    case.show("one answer", found((v,), one) == ((v,) if fits else ConstructionError))
    case.show("the second of two", found((mean, v), two) == ((mean, v) if fits else ConstructionError))
    plain = found((int(v),), one)
    whole = abs(int(v)) <= 1 and abs(int(v) - mean) <= tau
    case.show("an integer", plain == ((Fraction(int(v)),) if whole else ConstructionError))
    exact_ones = plain is ConstructionError or all(type(each) is Fraction for each in plain)
    case.show("as a fraction", exact_ones and found((str(v),), one) is ConstructionError)
    wrong = [found(answers, one) for answers in ((), (mean, mean))]
    case.show("so many as there are queries", wrong == [ConstructionError, ConstructionError])


def counting_method(budget: Any) -> QueryMethod:
    """A method that asks for the first bit of x, an eighth of it more in each round, and remembers all answers.

    >>> method = counting_method(BSQ(k=1, tau=Fraction(0), b=1, p=1))
    >>> method.ask((), 1)((1,), 0)
    (Fraction(1, 8),)
    """

    def ask(state: Any) -> Any:
        return lambda x, y: (Fraction(x[0] * (len(state) + 1), 8),)

    def after(state: Any, answers: Any) -> Any:
        return (*state, *answers)

    def predictor(state: Any) -> Any:
        return lambda x: sum(state)

    return QueryMethod(n=1, budget=budget, start=lambda bits: (), query=ask, after=after, predictor=predictor)


ROUNDS = 3
BATCHES = ((((1,), 0), ((0,), 1)), (((1,), 1),), (((0,), 0), ((0,), 1), ((1,), 1)))
ONES = Table(1, {((0,), 0): Fraction(1, 4), ((1,), 1): Fraction(3, 4)})
"""Batches of three rounds, and a source on which the bit is 1 with probability 3/4."""


def _budget(kind: int, k: int) -> Any:
    """A budget of k rounds, of each kind: about the source, about fresh batches, about one batch."""
    tau = Fraction(1, 8)
    return (SQ(k=k, tau=tau), BSQ(k=k, tau=tau, b=2, p=1), FBSQ(k=k, tau=tau, m=2, p=1))[kind]


def _one_round_less(method: QueryMethod, source: Source, oracle: Oracle, string: Any, batches: Any) -> Any:
    """The run without its last round, on the batches in the other order (the twin's)."""
    return run_rounds(stopped(method, method.budget.k - 1), source, oracle, string, batches[::-1])


@obligation(
    "equation8.rounds",
    paper="Equation (8)",
    kind="enumeration",
    domain=lambda: ({"kind": kind, "k": k} for kind, k in product(range(3), range(1, ROUNDS + 1))),
    finite="one method, at most three rounds, three budgets",
    expect=Verdict.CHECKED,
    of=lambda case: run_rounds,
    twin=lambda case: _one_round_less,
)
def rounds_are_answered(rounds: Callable[..., Any], case: Case) -> None:
    """In each of k rounds, in order, the oracle is asked about the means over this round's batch, or over the source;
    it is shown the round's number, the tolerance and the batches of later rounds, and the method gets its answer."""
    kind, k = int(case.integer("kind")), int(case.integer("k"))
    method, asked = counting_method(_budget(kind, k)), list[Question]()

    def oracle(question: Question) -> tuple[Fraction, ...]:
        asked.append(question)
        return lowest(question)

    found = rounds(method, ONES, oracle, (), BATCHES[:k])
    bits = [Fraction(sum(x[0] for x, _ in batch), len(batch)) for batch in BATCHES]
    means = [(bits[t] if kind else Fraction(3, 4)) * Fraction(t + 1, 8) for t in range(k)]
    case.show("the answers", found == tuple(mean - Fraction(1, 8) for mean in means))
    seen = [(question.round, question.means, question.tau, question.later) for question in asked]
    wanted = [(t + 1, (means[t],), Fraction(1, 8), BATCHES[t + 1 : k]) for t in range(k)]
    case.show("what the oracle is shown", seen == wanted)
