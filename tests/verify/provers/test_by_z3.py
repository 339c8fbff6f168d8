"""The solver: which premises cannot hold together, what a witness has, and where two evaluators part."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from constructions.errors import ConstructionError
from constructions.foundations.activation import RAMP
from constructions.foundations.logic import every, implies, negation, select, some
from constructions.foundations.network import Fragment
from verify.discharge.one import examine
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, nothing
from verify.obligations.verdict import DisagreementError, Verdict
from verify.obligations.words import below, signed_below, word
from verify.provers.by_z3 import SolverCase
from verify.provers.outcome import Examination

pytestmark = pytest.mark.bounds

PATH = Fragment(inputs=("x",), outputs=("z",), edges={("x", "y"): 1, ("y", "z"): 1})
F = Fraction
TENTH_OF_FLOAT = Fraction(0.1)


def found(claim: Callable[[Any, Any], None], **options: Any) -> Examination:
    """What becomes of a claim about nothing."""
    claim.__doc__ = "A claim."
    stated = Obligation(id="t", paper="t", claim=claim, of=nothing, expect=Verdict.REFUTED, **options)
    return examine(stated, stated.of)


def test_the_premises_that_cannot_hold_together_are_named_and_no_others() -> None:
    def claim(_: Any, case: Case) -> None:
        x, y = case.real("x"), case.real("y")
        case.assume(y > 0, label="y is positive")
        case.assume(x > 1, label="x is large")
        case.assume(x + y < 5)
        case.assume(x < 1, label="x is small")
        case.show("anything", y > 100)

    result = found(claim)
    assert result.verdict is Verdict.VACUOUS and result.counterexample is None
    assert result.facts[0].reason == "the premises cannot hold together: x is large; x is small"


def test_a_premise_without_a_label_is_named_by_its_formula() -> None:
    def claim(_: Any, case: Case) -> None:
        x = case.real("x")
        case.assume(x * x < 0)
        case.show("anything", x > 0)

    assert found(claim).facts[0].reason == "the premises cannot hold together: x*x < 0"


def test_a_premise_of_one_fact_and_a_lemma_are_named_too() -> None:
    def claim(_: Any, case: Case) -> None:
        x = case.real("x")
        case.assume(x >= 0, label="x is not negative")
        case.lemma("more", select(x >= 0, x, -x) + 1 > 0)
        case.show("possible", x + 1 > 0)
        case.show("impossible", x > 7, given=x < 0)

    result = found(claim)
    assert result.verdict is Verdict.VACUOUS
    assert [fact.verdict.name for fact in result.facts] == ["PROVED", "PROVED", "VACUOUS"]
    assert result.facts[2].reason == "the premises cannot hold together: x is not negative; x < 0"


def test_pieces_that_cannot_hold_together_are_named_by_walk_and_vertex() -> None:
    def claim(_: Any, case: Case) -> None:
        x = case.real("x")
        run = case.run(PATH, {"x": x}, label="walk", on={"y": RAMP.pieces[3], "z": RAMP.pieces[0]})
        case.show("anything", run.out["z"] == 7)

    result = found(claim)
    assert result.verdict is Verdict.VACUOUS
    names = "walk: y is strictly inside (0, 2); walk: z is strictly inside (-oo, -3)"
    assert result.facts[0].reason == f"the premises cannot hold together: {names}"


def test_a_premise_that_is_plainly_false_is_vacuous() -> None:
    def claim(_: Any, case: Case) -> None:
        case.assume(False, label="never")
        case.show("anything", case.real("x") > 0)

    assert found(claim).verdict is Verdict.VACUOUS


def test_a_fact_that_is_refuted_counts_more_than_a_vacuous_one() -> None:
    def claim(_: Any, case: Case) -> None:
        x = case.real("x")
        case.show("impossible", x > 0, given=every(x > 1, x < 1))
        case.show("false", x > 0)

    result = found(claim)
    assert result.verdict is Verdict.REFUTED and result.failing == ("false",)


def test_whether_premises_can_hold_may_be_unknown() -> None:
    def claim(_: Any, case: Case) -> None:
        x, y, z = (case.integer(name) for name in "xyz")
        case.assume(x > 1, y > 1, z > 1, x * x * x + y * y * y == z * z * z)
        case.show("anything", x > 0)

    result = found(claim, budget=20_000)
    assert result.verdict is Verdict.UNKNOWN and result.facts[0].reason.startswith("whether the premises can hold: ")


def test_the_witness_meets_the_premises() -> None:
    def claim(_: Any, case: Case) -> None:
        x, n, p = case.real("x"), case.integer("n"), case.bit("p")
        case.assume(x > 3, x < 4, n > x, n < 5, p)
        case.show("four", n == 4)

    result = found(claim)
    assert result.verdict is Verdict.PROVED
    assert 3 < result.witness["x"] < 4 and result.witness["n"] == 4 and result.witness["p"] == 1


def test_a_tenth_is_a_tenth() -> None:
    def claim(_: Any, case: Case) -> None:
        x = case.real("x")
        case.assume(x <= F(1, 10), x >= 0)
        case.show("at most a tenth", 10 * x <= 1)
        case.show("not a float's tenth", x != TENTH_OF_FLOAT)

    result = found(claim)
    assert result.verdict is Verdict.PROVED and F(1, 10) < TENTH_OF_FLOAT


def test_words_are_proved_and_refuted_with_their_bits() -> None:
    def claim(limit: int) -> Callable[[Any, Case], None]:
        def stated(_: Any, case: Case) -> None:
            bits = [case.bit(f"b{i}") for i in range(4)]
            a = word(bits)
            case.assume(below(a, limit))
            case.show("not negative", negation(signed_below(a, 0)))
            case.show("no carry", implies(below(a, 8), negation(below(a + 8, 8))))

        return stated

    assert found(claim(8)).verdict is Verdict.PROVED
    refuted = found(claim(9))
    assert refuted.verdict is Verdict.REFUTED
    assert refuted.counterexample == {f"b{i}": Fraction(i == 3) for i in range(4)} and refuted.failing == (
        "not negative",
    )


def test_a_replay_that_proves_the_contrary_is_a_disagreement() -> None:
    def premise(_: Any, case: Case) -> None:
        x = case.real("x")
        case.assume(x > 0 if isinstance(case, SolverCase) else x < 0)
        case.show("f", x > -1)

    def fact(_: Any, case: Case) -> None:
        x = case.real("x")
        case.assume(x > 0)
        case.show("f", x > -1 if isinstance(case, SolverCase) else x < -1)

    with pytest.raises(DisagreementError, match=r"z3 finds 'f' given at x=.*, the replay does not"):
        found(premise)
    with pytest.raises(DisagreementError, match="z3 proves 'f', the replay has it fail at x="):
        found(fact)


def test_a_divisor_that_can_be_nought_is_the_claims_to_exclude() -> None:
    def claim(_: Any, case: Case) -> None:
        x, y = case.real("x"), case.real("y")
        case.show("back", x / y * y == x)

    def careful(_: Any, case: Case) -> None:
        x, y = case.real("x"), case.real("y")
        case.assume(y != 0)
        case.show("back", x / y * y == x)

    with pytest.raises(
        ConstructionError, match=r"need a claim that says what holds where a divisor is 0, got a division by 0 at .*y=0"
    ):
        found(claim)
    assert found(careful).verdict is Verdict.PROVED


def test_a_fact_that_is_settled_is_said_to_be() -> None:
    def claim(_: Any, case: Case) -> None:
        case.show("settled", some(True, case.bit("p")))

    result = found(claim)
    assert (
        result.verdict is Verdict.PROVED and result.facts[0].reason == "by arithmetic alone: no variable is left in it"
    )
