"""The engine's theorem falls with changes of the code on which it rests."""

from typing import Any

import pytest

from constructions.training import formulas
from constructions.training.output_bounds import is_settled, is_zero
from constructions.training.value_changes import spread_integers
from verify.claims.training.engine.followed import FollowedVertices
from verify.discharge.one import examine
from verify.obligations.catalogue import paper_obligations
from verify.obligations.paper import item_named
from verify.obligations.verdict import Verdict
from verify.provers.branches import with_names
from verify.provers.stated_case import StatedCase

IDS = paper_obligations()


def found(id: str, subject: Any) -> Verdict:
    """The verdict of an obligation's claim about something else."""
    return examine(IDS[id], lambda case: subject).verdict


@pytest.mark.slow
def test_a_move_that_goes_up_is_refuted() -> None:
    assert found("engine.descends", lambda weight, multiple, unit: weight + multiple * unit) is Verdict.REFUTED
    assert formulas.moved_down(8, -3, 2) == 14


def test_an_edge_that_is_blank_at_any_value_is_refuted() -> None:
    settled, zero = with_names(is_settled), with_names(is_zero, is_settled=with_names(is_settled))
    assert found("engine.upwards", FollowedVertices(settled, zero)) is Verdict.PROVED
    assert found("engine.upwards", FollowedVertices(settled, settled)) is Verdict.REFUTED


def test_a_change_that_is_put_in_twice_is_refuted() -> None:
    put = with_names(spread_integers, put_mark=lambda *_: None)

    def twice(net: Any, u: int, new: Any, state: Any, known: Any) -> None:
        old = state.out[u]
        put(net, u, new, state, known)
        state.out[u] = old
        put(net, u, new, state, known)

    assert found("engine.exchanged", put) is Verdict.PROVED
    assert found("engine.exchanged", twice) is Verdict.REFUTED


def test_the_top_statement_rests_on_each_part() -> None:
    item = item_named("the engine")
    assert item is not None and item.top == "engine.trains"
    case = StatedCase(IDS, user=item.top)
    IDS[item.top].claim(IDS[item.top].of(case), case)
    used = {use.id for use in case.uses}
    assert {"engine.descends", "engine.exact.float64", "lanes.sums", "engine.entries", "engine.exchanged"} <= used
    assert [part.what for part in item.parts if not part.claim]  # what is trusted is said
