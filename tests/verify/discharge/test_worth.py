"""What is true but not shown is UNKNOWN, and nothing is worth more than what it needs."""

from collections.abc import Callable
from typing import Any

import pytest

from constructions.errors import ConstructionError
from constructions.foundations.logic import some
from tests.verify.foreign_values import F, result_of
from verify.discharge.one import discharge
from verify.discharge.resting import in_order, resting
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation
from verify.obligations.verdict import Verdict

pytestmark = [pytest.mark.bounds, pytest.mark.filterwarnings("ignore:overflow encountered")]


def not_inductive(number: Any, case: Case) -> None:
    case.induction(
        "n",
        state={"n": case.integer("n")},
        start={"n": F(1)},
        advance=lambda s: {"n": 2 * s["n"] - 1},
        holds=lambda s: s["n"] >= -2 - number,
    )


def constant_inputs(number: Any, case: Case) -> None:
    """A sum of inputs 1 or -1 is never 0 after two steps (it is, if the inputs differ)."""
    x, n, total = case.integer("x"), case.integer("n"), case.integer("total")
    case.induction(
        "sum",
        state={"n": n, "total": total},
        start={"n": F(0), "total": F(0)},
        given=lambda s: some(x == 1, x == -number),
        advance=lambda s: {"n": s["n"] + 1, "total": s["total"] + x},
        holds=lambda s: some(s["n"] != 2, s["total"] != 0),
    )


@pytest.mark.parametrize("claim", [not_inductive, constant_inputs])
def test_what_is_true_or_open_but_not_inductive_is_unknown_and_never_refuted_or_proved(
    claim: Callable[[Any, Any], None],
) -> None:
    result = result_of(claim, kind="induction")
    assert result.verdict is Verdict.UNKNOWN and result.claim is not None and result.claim.counterexample is None
    assert any(fact.reason.startswith("not inductive: the step fails at ") for fact in result.facts)


# --- what obligations need


def needing(id: str, needs: tuple[str, ...]) -> Obligation:
    """A true claim that rests on others."""

    def claim(number: Any, case: Case) -> None:
        """A claim."""
        x = case.real("x")
        case.assume(x > 0)
        case.show("f", x * number <= x)

    return Obligation(id=id, paper="mine", claim=claim, of=lambda case: 1, twin=lambda case: 2, needs=needs)


def test_a_cycle_of_needs_is_an_error() -> None:
    with pytest.raises(ConstructionError, match=r"need obligations that do not rest on themselves, got mine\.a"):
        in_order({"mine.a": ["mine.b"], "mine.b": ["mine.c"], "mine.c": ["mine.a"]})


def test_a_claim_whose_need_is_unknown_is_not_proved() -> None:
    results = [discharge(needing("mine.top", ("mine.below",)))]
    assert results[0].verdict is Verdict.PROVED
    below = Obligation(
        id="mine.below",
        paper="mine",
        claim=_doc(not_inductive),
        of=lambda case: 1,
        twin=lambda case: 2,
        kind="induction",
    )
    both = {result.id: result for result in resting([*results, discharge(below)])}
    assert both["mine.below"].verdict is Verdict.UNKNOWN and both["mine.top"].verdict is Verdict.UNKNOWN


def _doc(claim: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    claim.__doc__ = claim.__doc__ or "A claim."
    return claim
