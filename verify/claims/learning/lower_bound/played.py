"""The adversary of the code, played: small cases, all of them, by the definitions alone.

Checked here: whoever is left finds every answer valid and whoever fell does not (``lowerbound.game``); the numbers of
targets that can fall (``lowerbound.most_fallen``); that the bounds are met (``lowerbound.sharp.average``,
``lowerbound.sharp.query``); that the library's learner of parities keeps to the bound (``corollary2.learner``).
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.foundations.logic import every
from constructions.learning.error import error
from constructions.learning.learners import parity
from constructions.learning.lower_bound import (
    ANSWERINGS,
    Answering,
    average_of,
    least_average,
)
from constructions.learning.models import SampleMethod
from constructions.learning.oracles import is_valid, source_means
from constructions.learning.parities import QueryTable, bent_query, parity_of, predictions_of, tables_of
from constructions.learning.parity_game import ParityAdversary
from constructions.learning.problems import Bits, Predictor, uniform
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction
WAYS = ("uniform", "shifted", "best")
TOLERANCES = (F(1, 5), F(1, 4), F(2, 5), F(1, 2), F(3, 4))


def _queries() -> Iterator[dict[str, Any]]:
    """All queries about one bit with values -1, 0 and 1, and the ways to answer."""
    return (
        {"way": way, "tau": tau, **{f"v{i}": F(value) for i, value in enumerate(values)}}
        for way in range(3)
        for tau in TOLERANCES
        for values in product((-1, 0, 1), repeat=4)
    )


Adversary = Callable[[int, Fraction, Answering], ParityAdversary]


class Forgiving(ParityAdversary):
    """An adversary that takes the tolerance for twice as large (the twin's)."""

    def __init__(self, n: int, tau: Fraction, answering: Answering) -> None:
        super().__init__(n, 2 * tau, answering)


@obligation(
    "lowerbound.game",
    paper="Corollary 2",
    kind="enumeration",
    domain=_queries,
    expect=Verdict.CHECKED,
    finite="n = 1, every query with values -1, 0 and 1, five tolerances, three ways to answer, asked twice",
    of=lambda case: ParityAdversary,
    twin=lambda case: Forgiving,
)
def whoever_is_left_finds_answers_valid(adversary: Adversary, case: Case) -> None:
    """For each query of the finite case and the one after it with the labels exchanged: a target is left exactly if it
    finds both answers valid, and no more fall at one of them than is said."""
    values, tau = [case.real(f"v{i}") for i in range(4)], case.real("tau")
    answering = ANSWERINGS[WAYS[int(case.integer("way"))]]
    rows = tuple(int(v) for v in values[:2]), tuple(int(v) for v in values[2:])
    tables = [QueryTable(denominator=1, zero=a, one=b) for a, b in (rows, rows[::-1])]
    made, right = adversary(1, tau, answering), set(range(2))
    for number, table in enumerate(tables, 1):
        found = made.answer(table)
        means = {t: _mean(table, t) for t in right}
        right = {t for t, mean in means.items() if is_valid(found.answer, mean, tau)}
        most = answering.most_fallen(tau)
        case.show(f"few fall at query {number}", most is None or found.fallen <= most)
    case.show("who is left", set(made.targets()) == right)


def _mean(table: QueryTable, target: int) -> Fraction:
    """The mean of a query about one bit under a target, over its source."""

    def values(x: Bits, y: int) -> tuple[Fraction]:
        return (F((table.one if y else table.zero)[x[0]], table.denominator),)

    return source_means(uniform(1, parity_of(target, 1)), values, 1)[0]


@obligation(
    "lowerbound.most_fallen",
    paper="Corollary 2",
    kind="enumeration",
    domain=lambda: ({"way": way, "tau": F(p, 60)} for way in range(3) for p in range(1, 61)),
    expect=Verdict.CHECKED,
    finite="tau = p/60 for p from 1 to 60, three ways to answer",
    of=lambda case: Answering.most_fallen,
    twin=lambda case: lambda answering, tau: answering.most_fallen(tau) + 1,
)
def the_number_is_the_largest_allowed(most: Callable[[Answering, Fraction], int], case: Case) -> None:
    """For each tolerance of the finite case, the number that the code says can fall is the largest whole number that is
    at most cost/tau^2; without shifts, below it (where the cost is reached, no target falls)."""
    answering, tau = ANSWERINGS[WAYS[int(case.integer("way"))]], case.real("tau")
    square, found = tau * tau, most(answering, tau)
    if answering.shifts:
        case.show("the largest", every(found * square <= answering.cost, (found + 1) * square > answering.cost))
    else:
        case.show("the largest", every(found * square < answering.cost, (found + 1) * square >= answering.cost))


@obligation(
    "lowerbound.sharp.average",
    paper="Corollary 2",
    kind="enumeration",
    domain=lambda: ({"n": n, "set": i} for n in (0, 1, 2, 3) for i in range(1, 2 ** (2**n))),
    expect=Verdict.CHECKED,
    finite="n <= 3, every set of targets",
    of=lambda case: average_of,
    twin=lambda case: lambda targets, n: lambda x: F(1, 2),
)
def the_average_of_the_labels_loses_the_bound(best: Callable[[Sequence[int], int], Predictor], case: Case) -> None:
    """For each set of targets of the finite case, the average of their labels loses on each of them exactly the bound,
    (1 - 1/M)/8."""
    n, chosen = int(case.integer("n")), int(case.integer("set"))
    targets = [target for target in range(2**n) if chosen >> target & 1]
    table = predictions_of(best(targets, n), n)
    case.show("exactly", {table.loss(target) for target in targets} == {least_average(F(1, len(targets)))})


@obligation(
    "lowerbound.sharp.query",
    paper="Corollary 2",
    kind="enumeration",
    domain=lambda: ({"m": m, "part": part} for m in (0, 2, 4, 6) for part in (0, 1)),
    expect=Verdict.CHECKED,
    finite="n = m + 1 for m = 0, 2, 4, 6; tau a little below 2^(-m/2), and both parts on the last bit",
    of=lambda case: bent_query,
    twin=lambda case: lambda m, part: lambda x, y: (1 - 2 * y,),
)
def a_bent_query_strikes_as_many_as_can_be(query: Callable[[int, Bits], Any], case: Case) -> None:
    """For each size of the finite case: at a query made from a bent function, answered by what uniform labels would
    give, as many targets fall as at most can fall at any query."""
    m, part = int(case.integer("m")), int(case.integer("part"))
    tau = F(1, 2 ** (m // 2)) * (1 - F(1, 2 ** (m + 2)))
    answering = ANSWERINGS["uniform"]
    (table,) = tables_of(query(m, (part,)), m + 1, 1)
    case.show("as many", ParityAdversary(m + 1, tau, answering).answer(table).fallen == answering.most_fallen(tau))


@obligation(
    "corollary2.learner",
    paper="Corollary 2",
    kind="enumeration",
    domain=lambda: ({"n": n, "m": m, "target": t} for n in (1, 2) for m in range(6 - n) for t in range(2**n)),
    expect=Verdict.CHECKED,
    finite="n <= 2, every parity, m <= 4 samples (3 for n = 2)",
    of=lambda case: parity,
    twin=lambda case: lambda n, m: parity(n, m // 2),
)
def gaussian_elimination_keeps_to_the_bound(learner: Callable[[int, int], SampleMethod], case: Case) -> None:
    """For each parity of the finite case, the library's learner by Gaussian elimination has an exact error of at most
    (2^n - 1) 2^(-m) / 2 with m samples."""
    n, m, target = (int(case.integer(name)) for name in ("n", "m", "target"))
    found = error(learner(n, m), uniform(n, parity_of(target, n)))
    case.show("at most", found <= F(2**n - 1, 2 ** (m + 1)))
