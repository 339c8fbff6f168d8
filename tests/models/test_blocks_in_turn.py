"""The expression of a model, one block after the other, and its slopes."""

from fractions import Fraction
from itertools import product

from constructions.models.blocks_in_turn import (
    NONE_BEFORE,
    Passage,
    ended,
    passed,
    slope_by_answer,
    slope_by_clock,
    whole_output,
)
from verify.claims.models.answering.blocks import skipping
from verify.discharge.one import examine
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict

F = Fraction


def test_the_first_shut_gate_decides() -> None:
    outputs = (F(3), F(5), F(7))
    for gates in product((F(0), F(1)), repeat=3):
        before = NONE_BEFORE
        for gate, output in zip(gates, outputs, strict=True):
            before = passed(before, gate, output)
        first = next((output for gate, output in zip(gates, outputs, strict=True) if not gate), F(11))
        assert ended(before, F(11)) == first


def test_slopes_are_those_of_differences() -> None:
    before, gate, rest, h = Passage(F(2), F(1)), F(1, 3), F(5), F(1, 1000)
    outputs = [whole_output(before, gate, F(1) + F(4) * v, rest) for v in (-h, h)]
    assert slope_by_answer(before, gate, F(4), F(0), F(9)) == (outputs[1] - outputs[0]) / (2 * h)
    moved = [whole_output(before, gate + F(6) * v, F(1) + F(4) * v, rest) for v in (-h, h)]
    assert slope_by_clock(before, gate, F(4), F(6), F(1), rest) == (moved[1] - moved[0]) / (2 * h)


def test_what_lies_behind_a_bump_has_a_slope_where_the_bump_has_one() -> None:
    assert slope_by_answer(NONE_BEFORE, F(1), F(4), F(2), F(9)) == 18


def test_a_passage_that_adds_all_outputs_is_noticed() -> None:
    found = paper_obligations()["lemma3a.walk"]
    assert examine(found, lambda case: passed).verdict is Verdict.PROVED
    assert examine(found, lambda case: skipping).verdict is Verdict.REFUTED
