"""Top statements: each is an obligation that is general, or CHECKED; and claims about a fixed size are CHECKED."""

import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from verify.obligations.catalogue import paper_obligations
from verify.obligations.item import Item
from verify.obligations.obligation import Obligation
from verify.obligations.paper import ITEMS
from verify.obligations.verdict import Verdict
from verify.provers import by_z3

SIZES = ("bits", "digits", "fan_in", "b", "n", "m", "rounds", "steps", "width", "count", "size")
"""What a builder of constructions/ calls a size: a parameter of one of these names."""
NO_SIZES = {("builder.py", "both"), ("flat.py", "_check_rows")}
"""Where b is a literal of a gate, and n the number of gates of a circuit that is written down gate by gate."""
FIXED_AND_PROVED = 82
"""How many claims are about a fixed size, have no induction, and are not CHECKED. The number may only fall."""
OBLIGATIONS = paper_obligations()
WITH_TOP = [item for item in ITEMS if item.top]


@contextmanager
def sizes_given() -> Iterator[set[str]]:
    """The sizes that builders of constructions/ are given as plain integers from now on."""
    found: set[str] = set()

    def look(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and "/constructions/" in frame.f_code.co_filename.replace("\\", "/"):
            if (Path(frame.f_code.co_filename).name, frame.f_code.co_name) in NO_SIZES:
                return
            names = inspect.getargs(frame.f_code).args
            found.update(name for name in names if name in SIZES and type(frame.f_locals.get(name)) is int)

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        yield found
    finally:
        sys.setprofile(before)


def fixed_sizes(obligation: Obligation) -> set[str]:
    """The sizes that are fixed integers where an obligation's subject is built."""
    with sizes_given() as found:
        obligation.of(by_z3.SolverCase(obligation.known, obligation.id))
    return found


@pytest.mark.parametrize("item", WITH_TOP, ids=lambda item: item.name)
def test_a_top_statement_is_an_obligation_of_its_item(item: Item) -> None:
    top = OBLIGATIONS[item.top]
    assert top.paper == item.name and top.twin is not None and top.expect is not Verdict.REFUTED
    assert (top.expect is Verdict.CHECKED) == (top.finite is not None or top.kind == "enumeration")


@pytest.mark.parametrize("item", WITH_TOP, ids=lambda item: item.name)
def test_a_top_statement_about_a_fixed_size_is_checked(item: Item) -> None:
    top = OBLIGATIONS[item.top]
    assert top.kind == "induction" or top.expect is Verdict.CHECKED or not fixed_sizes(top)


def test_what_a_top_statement_leaves_out_names_claims() -> None:
    assert [part.claim for item in ITEMS for part in item.parts if part.claim and part.claim not in OBLIGATIONS] == []
    tops = [item.top for item in WITH_TOP]
    assert len(set(tops)) == len(tops) >= 5


def test_claims_about_a_fixed_size_are_checked() -> None:
    general = [
        each
        for each in OBLIGATIONS.values()
        if each.expect is Verdict.PROVED and each.kind not in ("induction", "enumeration") and each.finite is None
    ]
    fixed = [each.id for each in general if fixed_sizes(each)]
    assert len(fixed) == FIXED_AND_PROVED, f"need the number in this test to fall with them, got {len(fixed)}"
    assert fixed_sizes(OBLIGATIONS["lemma11.idle.strong.q"]) == {"bits"}
    assert fixed_sizes(OBLIGATIONS["rounding.valid"]) == set()
