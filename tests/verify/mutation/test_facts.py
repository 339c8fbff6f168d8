"""Each fact is made to fail by the twin or by a mutant; what cannot fail is found out; the record is true."""

import os
import time
from pathlib import Path
from random import Random
from typing import Any

import pytest

from constructions.foundations.rounding import clip
from verify.commands.main import main
from verify.commands.mutate import print_facts
from verify.discharge.seen import KEY, TWIN, Seen, recorded
from verify.mutation.facts import FactSearch, drawn, fails_under, in_a_child, search
from verify.obligations.case import Case
from verify.obligations.catalogue import paper_obligations
from verify.obligations.obligation import Obligation
from verify.screen.printing import console
from verify.store.content import key_of

HOW = FactSearch(most=40)
ROUNDING = "constructions/foundations/rounding.py"
BELOW = "select(value < -1, Fraction(-1), value)", "select(value < -1, value, Fraction(-1))"
SAMPLE = 40
"""How many facts of the record are tried again."""


def clipped(steps: Any, case: Case) -> None:
    """Clipping, and a fact that nothing can make fail."""
    x = case.real("x")
    case.show("near", clip(x) * clip(x) <= steps)
    case.show("high", clip(x) <= 1)
    case.show("low", clip(x) >= -1)
    case.show("nothing", x * x >= 0)


def made() -> Obligation:
    """An obligation about it."""
    return Obligation(id="a.clip", paper="mine", claim=clipped, of=lambda case: 1, twin=lambda case: -1)


@pytest.mark.slow
def test_each_fact_fails_under_the_twin_or_a_mutant_unless_it_cannot() -> None:
    found = search(made(), HOW)
    assert set(found.facts) == {"near", "high", "low"} and found.facts["near"] == TWIN
    assert all(found.facts[each].startswith(f"{ROUNDING} clip: ") for each in ("high", "low"))
    assert found.statement == key_of(made())[:KEY] and 1 < found.tried <= 40
    assert all(fails_under(made(), label, change, HOW) for label, change in found.facts.items())
    assert not fails_under(made(), "nothing", found.facts["high"], HOW)
    again = search(made(), FactSearch(most=0), found)
    assert (again.facts, again.tried) == (found.facts, 0)


@pytest.mark.slow
def test_what_was_recorded_of_another_statement_is_tried_again() -> None:
    old = Seen(statement=key_of(made())[:KEY], tried=9, facts={"high": "a change"})
    assert search(made(), FactSearch(most=0), old).facts == {"high": "a change", "near": TWIN}
    other = Obligation(id="a.clip", paper="mine", claim=clipped, of=lambda case: 2, twin=lambda case: -1)
    below = f"{ROUNDING} clip: swap: {BELOW[0]} -> {BELOW[1]}"
    both = Seen(statement=old.statement, tried=9, facts={"high": "a change", "low": below})
    assert search(other, FactSearch(most=0), both).facts == {"low": below, "near": TWIN}


def test_an_order_is_that_of_the_seed() -> None:
    called = {ROUNDING: {"clip", "is_valid"}}
    orders = [[swap.name for swap in drawn(called, seed)] for seed in (0, 0, 1)]
    assert orders[0] == orders[1] != orders[2] and sorted(orders[0]) == sorted(orders[2])
    assert {swap.function for swap, _ in zip(drawn(called, 0), range(2), strict=False)} == {"clip", "is_valid"}


def test_a_child_that_fails_or_never_ends_has_shown_what_it_had_shown() -> None:
    def fails() -> Any:
        yield "one"
        raise ZeroDivisionError

    def never_ends() -> Any:
        yield "one"
        while True:
            time.process_time()

    parent = os.getpid()
    assert in_a_child(fails, 60) == in_a_child(never_ends, 0.2) == ["one"] and os.getpid() == parent


def test_facts_are_searched_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mutate", "sigma", "--facts", "--list"]) == 2
    assert "need --facts with" in capsys.readouterr().err
    assert print_facts(console(), {"a.b": ["low"], "a.c": []}) == 1 and print_facts(console(), {"a.c": []}) == 0
    assert capsys.readouterr().out.splitlines()[:3] == ["a.b:", "  low", "1 facts of 2 claims never failed."]


def test_the_record_names_claims_and_no_more_than_their_facts() -> None:
    known = paper_obligations()
    assert recorded() and set(recorded()) <= set(known)
    assert all(change == TWIN or ": " in change for each in recorded().values() for change in each.facts.values())


@pytest.mark.slow
def test_what_is_recorded_fails_again() -> None:
    """A sample; what was recorded of a claim that states something else by now says nothing of it."""
    known, random = paper_obligations(), Random(str(sorted(recorded())))
    tried = 0
    for id in random.sample(sorted(recorded()), len(recorded())):
        seen = recorded()[id]
        if seen.facts and tried < SAMPLE and key_of(known[id]).startswith(seen.statement):
            label = random.choice(sorted(seen.facts))
            assert fails_under(known[id], label, seen.facts[label], HOW), (id, label)
            tried += 1
    assert tried >= min(SAMPLE, len(recorded()) // 2)
