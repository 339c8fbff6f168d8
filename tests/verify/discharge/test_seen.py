"""Facts that were never seen to fail: counted for claims that hold, by the twin and by a record of this statement."""

import json

import pytest
from msgspec.structs import replace

from constructions.errors import ConstructionError
from verify.discharge import seen
from verify.discharge.result import Result
from verify.discharge.seen import Seen, in_words, listed, never_seen_to_fail, read_record, record_text, seen_to_fail
from verify.obligations.verdict import INTERNAL, Fault, Verdict
from verify.provers.outcome import Examination, FactFinding
from verify.reports.files import row_of
from verify.reports.table import beside_of, cells, print_report
from verify.store.proof import Proof

FACTS = tuple(FactFinding(label, Verdict.PROVED) for label in ("low", "high", "odd"))
KEY = "0123456789abcdef" * 4
CLAIM = Examination(verdict=Verdict.PROVED, facts=FACTS)
PROOF = Proof(statement=KEY, rule="solver", prover="z3")
FOUND = Result(
    id="mine.low",
    paper="mine",
    statement="It is low.",
    prover="z3",
    expect=Verdict.PROVED,
    needs=(),
    claim=CLAIM,
    twin=Examination(verdict=Verdict.REFUTED, failing=("low", "another")),
    proof=PROOF,
)
MUTANT = "constructions/foundations/rounding.py clip: constant: 1 -> 2"


@pytest.fixture
def of_high(monkeypatch: pytest.MonkeyPatch) -> None:
    """A record in which the second fact failed, of this statement."""
    of = {"mine.low": Seen(statement=KEY[:16], tried=3, facts={"high": MUTANT, "low": MUTANT})}
    monkeypatch.setattr(seen, "recorded", lambda: of)


def test_the_twin_and_the_record_count(of_high: None) -> None:
    assert seen_to_fail(FOUND) == {"low": "its twin", "high": MUTANT}
    assert never_seen_to_fail(FOUND) == ["odd"]


def test_a_record_of_another_statement_says_nothing(of_high: None) -> None:
    for other in (replace(FOUND, proof=None), replace(FOUND, proof=replace(PROOF, statement="f" * 64))):
        assert never_seen_to_fail(other) == ["high", "odd"]


def test_a_claim_that_does_not_hold_has_nothing_to_be_seen() -> None:
    refuted = replace(FOUND, claim=replace(CLAIM, verdict=Verdict.REFUTED))
    assert never_seen_to_fail(refuted) == never_seen_to_fail(replace(FOUND, error=Fault(INTERNAL, "lost"))) == []


def test_reports_say_it(of_high: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert beside_of(FOUND) == "1 of 3 facts never seen to fail" and row_of(FOUND).unseen == ("odd",)
    whole = replace(FOUND, claim=replace(CLAIM, facts=FACTS[:2]))
    assert [getattr(cells(each, with_second=False)[1], "style", "") for each in (FOUND, whole)] == ["yellow", "green"]
    print_report([FOUND, whole], 1.0, with_facts=True)
    lines = capsys.readouterr().out.splitlines()
    said = "1 of 5 facts, of 1 of 2 claims that hold, was never seen to fail: --facts lists them."
    assert lines[-3:] == [said, "mine.low: 1 of 3 never seen to fail", "  odd"]
    assert in_words([whole]) == listed([whole]) == [] and beside_of(whole) == ""


def test_a_record_is_read_as_it_is_written() -> None:
    record = {id: Seen(statement="12", tried=3, facts={"é": "its twin"}) for id in ("b", "a")}
    text = record_text(record)
    assert read_record(text) == record and list(json.loads(text)) == ["a", "b"] and text.count("\n") == 4
    for wrong in ("[]", '{"a": {"statement": "12"}}'):
        with pytest.raises(ConstructionError, match="need"):
            read_record(wrong)
