"""The numbers that the pipelines of Theorem 2a and Lemma 1 print, against the budgets of their methods."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.learning.models import BSQ, PAC
from constructions.reductions.extract_law import by_words
from constructions.reductions.sample_extract import Extraction
from constructions.theorems.choices import problem
from constructions.theorems.pipeline import EXTRACTS, TheoremSetting, Variant, extraction_of
from constructions.theorems.registry import THEOREMS
from constructions.theorems.sampling import late, variants
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction


def _settings() -> Iterator[dict[str, Any]]:
    """Every choice of the parameters, with both versions and both forms."""
    return (
        {"n": n, "b": b, "m": m, "delta": delta, "alternating": alternating, "look": look}
        for n, b, m, delta in product((0, 1, 3, 8), (1, 2, 3, 16), (1, 20), (F(1, 100), F(1, 8), F(3)))
        for alternating, look in product((0, 1), repeat=2)
    )


def _how(case: Case) -> tuple[Extraction, int]:
    """The extraction that a case is about, and the number of samples."""
    n, b, m = (int(case.integer(name)) for name in ("n", "b", "m"))
    setting = TheoremSetting(n=n, b=b, m=m, tau=F(1, 4 * b), delta=F(case.real("delta")))
    return extraction_of(
        setting, "look" if int(case.integer("look")) else "prefix", alternating=bool(int(case.integer("alternating")))
    ), m


@obligation(
    "theorem2a.late",
    paper="Theorem 2a",
    kind="enumeration",
    domain=_settings,
    expect=Verdict.CHECKED,
    finite="n in 0, 1, 3, 8; b in 1, 2, 3, 16; m in 1, 20; three delta; both versions, plain and alternating",
    of=lambda case: late,
    twin=lambda case: lambda how, m: 2 * late(how, m),
)
def running_out_costs_at_most_delta(chance: Callable[[Extraction, int], Fraction], case: Case) -> None:
    """For every budget of the finite case that is built, Markov's inequality bounds the chance to run out of rounds,
    and this bound times the loss of 1/8 that running out costs is at most delta."""
    how, m = _how(case)
    case.show("at most delta", chance(how, m) / 8 <= how.delta)
    case.show("in the built budget", how.budget(PAC(m=m)).k >= m * how.certain_rounds)


Rows = Callable[[TheoremSetting, PAC], tuple[Variant, ...]]


def _as_printed(setting: TheoremSetting, given: PAC) -> tuple[Variant, ...]:
    """The twin's: what is built in the place of what is printed, and the other way round."""
    rows = variants(setting, given)
    return tuple(rows[{0: 3, 3: 0}.get(i, i)] for i in range(len(rows)))


@obligation(
    "theorem2a.variants",
    paper="Theorem 2a",
    kind="enumeration",
    expect=Verdict.CHECKED,
    domain=lambda: ({"n": n, "b": b, "m": m} for n, b, m in product((1, 3, 8), (2, 4, 7), (1, 5, 20))),
    finite="n in 1, 3, 8; b in 2, 4, 7; m in 1, 5, 20; delta = 1/20",
    of=lambda case: variants,
    twin=lambda case: _as_printed,
)
def every_variant_is_within_the_printed_budget(rows: Rows, case: Case) -> None:
    """In the table of variants of Theorem 2a, each variant has the budget of the method that its pipeline builds, and
    no more rounds than the paper's line of the same group."""
    n, b, m = (int(case.integer(name)) for name in ("n", "b", "m"))
    setting = TheoremSetting(n=n, b=b, m=m, tau=F(1, 4 * b), delta=F(1, 20))
    prefix, look, whole_batch, printed, *alternating = rows(setting, PAC(m=m))
    built = {name: _built(setting, name) for name in EXTRACTS}
    case.show("built", {row.name: row.budget for row in (prefix, look, whole_batch)} == built)
    for row in (prefix, look, whole_batch):
        case.show(f"{row.name} within", _rounds(row) <= _rounds(printed))
    for row in alternating[:2]:
        case.show(f"{row.name} within", _rounds(row) <= _rounds(alternating[3]))


def _built(setting: TheoremSetting, name: str) -> Any:
    given = TheoremSetting(n=setting.n, b=setting.b, m=setting.m, tau=setting.tau, delta=setting.delta, extract=name)
    return THEOREMS["theorem 2a"].pipeline(given, "parity").made.budget


def _rounds(row: Variant) -> int:
    assert isinstance(row.budget, BSQ)
    return row.budget.k


@obligation(
    "theorem2a.pipeline.exact",
    paper="Theorem 2a",
    kind="enumeration",
    expect=Verdict.CHECKED,
    domain=lambda: ({"extract": i, "n": n, "b": b} for i, n, b in product(range(len(EXTRACTS)), (1, 2, 3), (2, 3, 4))),
    finite="noisy parities of 1 to 3 bits, b in 2, 3, 4, every extraction",
    of=lambda case: 1,
    twin=lambda case: F(1, 4),
)
def exact_rounds_are_within_what_is_shown(share: Fraction, case: Case) -> None:
    """The exact expected number of rounds for one sample that a pipeline of Theorem 2a shows is at most the bound that
    it shows."""
    n, b = int(case.integer("n")), int(case.integer("b"))
    setting = TheoremSetting(
        n=n, b=b, m=2, tau=F(1, 4 * b), delta=F(1, 20), extract=EXTRACTS[int(case.integer("extract"))]
    )
    made = THEOREMS["theorem 2a"].pipeline(setting, "parity")
    assert made.exact is not None and made.bound is not None
    case.show("within", made.exact(by_words(problem("parity", n, F(1, 10)))) <= share * made.bound)
