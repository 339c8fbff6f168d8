"""What a claim uses, found by stating it once."""

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest

from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, Registry, fresh_registry, registry
from verify.provers.circles import uses_of


def added(id: str, claim: Any, **rest: Any) -> Obligation:
    """An obligation about a number."""
    claim.__doc__ = "A claim."
    registry().add(Obligation(id=id, paper="t", claim=claim, of=lambda case: 1, twin=lambda case: 2, **rest))
    return registry().obligations[id]


@pytest.fixture
def mine() -> Iterator[Registry]:
    """A registry of its own."""
    with fresh_registry() as found:
        yield found


@pytest.mark.parametrize("kind", ["solver", "enumeration"])
def test_what_obligations_use_that_differ_only_in_what_they_know_is_found_for_each(mine: Registry, kind: str) -> None:
    def one_of_two(times: int, case: Case) -> None:
        """It uses what says that it does."""
        first = case.use("first")
        if "yes" in first.facts:
            case.use("second")
        case.show("small", times < 2)

    def saying(label: str) -> dict[str, Obligation]:
        with fresh_registry() as known:
            added("first", lambda times, case: case.show(label, times < 2), kind=kind)
            added("second", lambda times, case: case.show("small", times < 2), kind=kind)
        return known.obligations

    made = added("user", one_of_two, kind=kind)
    user, same = (dataclasses.replace(made, known=saying(label)) for label in ("yes", "no"))
    assert user == same
    assert (uses_of(user), uses_of(same)) == (("first", "second"), ("first",))
