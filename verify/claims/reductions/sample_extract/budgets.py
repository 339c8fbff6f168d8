"""Theorem 2a and Lemma 1: the rounds and random bits that a simulation asks for are at most the printed ones.

Proved here: on a grid of parameters, for both versions and both forms (``theorem2a.budget``, ``lemma1.budget``).
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.foundations.logic import some
from constructions.learning.models import PAC
from constructions.reductions.extract_bounds import idle_rounds_of_coin
from constructions.reductions.one_bit import LOOK, PREFIX
from constructions.reductions.sample_extract import Extraction
from verify.claims.reductions.extract_bounds import fixed
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

GRID = "n in 0, 1, 2, 6, 7, 40; b in 1, 2, 3, 4, 50; m in 1, 3, 20; delta in 1, 1/3, 1/20"


def _parameters() -> Iterator[dict[str, Any]]:
    for n, b, m, inverse in product((0, 1, 2, 6, 7, 40), (1, 2, 3, 4, 50), (1, 3, 20), (1, 3, 20)):
        yield {"n": Fraction(n), "b": Fraction(b), "m": Fraction(m), "1/delta": Fraction(inverse)}


@obligation(
    "theorem2a.budget",
    paper="Theorem 2a",
    kind="enumeration",
    domain=_parameters,
    finite=GRID,
    of=fixed((PREFIX, False, 0)),
    twin=fixed((PREFIX, False, 1)),
    expect=Verdict.CHECKED,
)
@obligation(
    "theorem2a.budget.look",
    paper="Theorem 2a",
    kind="enumeration",
    domain=_parameters,
    finite=GRID,
    of=fixed((LOOK, False, 0)),
    twin=fixed((LOOK, False, 1)),
    expect=Verdict.CHECKED,
)
@obligation(
    "lemma1.budget",
    paper="Lemma 1",
    kind="enumeration",
    domain=_parameters,
    finite=GRID,
    of=fixed((PREFIX, True, 0)),
    twin=fixed((PREFIX, True, 1)),
    expect=Verdict.CHECKED,
)
@obligation(
    "lemma1.budget.look",
    paper="Lemma 1",
    kind="enumeration",
    domain=_parameters,
    finite=GRID,
    of=fixed((LOOK, True, 0)),
    twin=fixed((LOOK, True, 1)),
    expect=Verdict.CHECKED,
)
def budgets_are_below_the_printed_ones(subject: tuple[Any, bool, int], case: Case) -> None:
    """For all parameters of the finite case, the rounds and random bits of the simulation are at most the printed ones.
    Beyond the rounds that every sample needs, it has the least number K of rounds for which E/(K + 1) (Markov's bound,
    with E the expected empty and idle rounds) times the loss of 1/8 is at most delta. For n >= 1, an ideal coin and a
    loss of 1 when rounds run out would ask for at least as many."""
    version, alternates, less = subject
    n, b, m, inverse = (case.integer(name) for name in ("n", "b", "m", "1/delta"))
    how = Extraction(
        n=int(n), b=int(b), tau=Fraction(1, int(2 * b + 1)), delta=1 / inverse, version=version, alternating=alternates
    )
    given = PAC(m=int(m))
    made, printed = how.budget(given), how.printed(given)
    further, expected = (
        Fraction(made.k) - how.certain_rounds * m - less,
        m * (how.empty_rounds + how.width * idle_rounds_of_coin(how.b, how.coin_bits)),
    )
    case.show("rounds", made.k <= printed.k)
    case.show("random bits", made.r <= printed.r)
    case.show("enough", expected * inverse <= 8 * (further + 1))
    case.show("no round too many", some(further <= 0, expected * inverse > 8 * further))
    case.show("not more than for an ideal coin", n == 0 or further <= how.empty_rounds * m * inverse // 1)
    if version is PREFIX:
        case.show("queries", made.p <= printed.p)
