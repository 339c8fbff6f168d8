"""Verdicts of small claims by each prover, false claims and misuse among them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from constructions.errors import ConstructionError
from constructions.foundations.activation import RAMP
from constructions.foundations.logic import every, implies, select, some
from constructions.foundations.network import Fragment
from verify.discharge.one import discharge, examine
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, nothing
from verify.obligations.verdict import DisagreementError, Verdict
from verify.provers.by_z3 import SolverCase
from verify.provers.outcome import Departure

pytestmark = pytest.mark.bounds


def of_kind(claim: Callable[[Any, Any], None], kind: str = "solver", **rest: Any) -> Obligation:
    """An obligation about no construction, so without a twin."""
    return Obligation(
        id="t.claim", paper="t", claim=_worded(claim), of=nothing, expect=Verdict.REFUTED, kind=kind, **rest
    )


def of_subjects(claim: Callable[[Any, Any], None], right: Any, wrong: Any, **rest: Any) -> Obligation:
    """An obligation about one subject, with another as its twin."""
    return Obligation(
        id="t.claim", paper="t", claim=_worded(claim), of=lambda case: right, twin=lambda case: wrong, **rest
    )


def verdict(claim: Callable[[Any, Any], None], kind: str = "solver", **rest: Any) -> Verdict:
    stated = of_kind(claim, kind, **rest)
    return examine(stated, stated.of).verdict


def test_a_true_fact_is_proved_and_a_false_one_refuted_with_its_values() -> None:
    def fact(bound: int) -> Callable[[Any, Case], None]:
        def claim(subject: Any, case: Case) -> None:
            x = case.real("x")
            case.assume(x > 3)
            case.show("above", x > bound)

        return claim

    assert verdict(fact(3)) is Verdict.PROVED
    stated = of_kind(fact(4))
    found = examine(stated, stated.of)
    assert found.verdict is Verdict.REFUTED and found.failing == ("above",)
    assert found.counterexample is not None and 3 < found.counterexample["x"] <= 4
    assert set(found.counterexample) == {"x"} and [fact.verdict.name for fact in found.facts] == ["REFUTED"]


def test_an_impossible_premise_is_vacuous_even_for_a_true_fact() -> None:
    def claim(subject: Any, case: Case) -> None:
        x = case.real("x")
        case.assume(x > 1, x < 1)
        case.show("true", x == x + 0)

    stated = of_kind(claim)
    found = examine(stated, stated.of)
    assert found.verdict is Verdict.VACUOUS and found.counterexample is None and found.witness == {}
    assert [fact.reason for fact in found.facts] == ["the premises cannot hold together: x > 1; x < 1"]


def test_the_premise_of_one_fact_is_checked_for_vacuity_too() -> None:
    def claim(subject: Any, case: Case) -> None:
        x = case.real("x")
        case.show("possible", x >= x)
        case.show("impossible", x > 0, given=x * x < 0)

    assert verdict(claim) is Verdict.VACUOUS


def test_a_budget_that_is_spent_is_unknown() -> None:
    def claim(subject: Any, case: Case) -> None:
        x, y, z = (case.integer(name) for name in "xyz")
        case.assume(x > 1, y > 1, z > 1)
        case.show("Fermat for cubes", x * x * x + y * y * y != z * z * z)

    assert verdict(claim, budget=20_000) is Verdict.UNKNOWN


def test_an_irrational_model_is_moved_to_a_rational_one() -> None:
    def claim(subject: Any, case: Case) -> None:
        x = case.real("x")
        case.show("not near the root of two", x * x * x != 2 + case.real("e"))

    stated = of_kind(claim)
    found = examine(stated, stated.of)
    assert found.verdict is Verdict.REFUTED
    assert found.counterexample is not None and found.counterexample["x"] ** 3 == 2 + found.counterexample["e"]


def test_only_irrational_models_leave_it_unknown() -> None:
    def claim(subject: Any, case: Case) -> None:
        case.show("no root of two", case.real("x") * case.real("x") != 2)

    assert verdict(claim) is Verdict.UNKNOWN


def test_a_claim_without_facts_is_refused() -> None:
    for kind in ("solver", "identity"):
        with pytest.raises(ConstructionError, match="need at least one"):
            verdict(lambda subject, case: None, kind)


def test_two_facts_may_not_share_a_label() -> None:
    def claim(subject: Any, case: Case) -> None:
        case.show("same", case.real("x") == case.real("x"))
        case.show("same", case.real("x") > 0)

    with pytest.raises(ConstructionError, match="different labels, got 'same' twice"):
        verdict(claim)


def test_a_claim_that_answers_the_replay_otherwise_is_an_internal_error() -> None:
    def claim(subject: Any, case: Case) -> None:
        x = case.real("x")
        case.show("positive", x > 0 if isinstance(case, SolverCase) else True)

    with pytest.raises(DisagreementError, match="z3 refutes 'positive'"):
        verdict(claim)


def test_an_identity_is_a_zero_polynomial() -> None:
    def identity(constant: int) -> Callable[[Any, Case], None]:
        def claim(subject: Any, case: Case) -> None:
            x, y = case.real("x"), case.real("y")
            case.equal("binomial", (x + y) * (x + y), x * x + constant * x * y + y * y)

        return claim

    assert verdict(identity(2), "identity") is Verdict.PROVED
    assert verdict(identity(3), "identity") is Verdict.REFUTED


def test_an_identity_of_rational_functions_is_compared_over_a_common_denominator() -> None:
    def claim(subject: Any, case: Case) -> None:
        x = case.real("x")
        case.equal("partial fractions", 1 / (x * (x + 1)), 1 / x - 1 / (x + 1))

    assert verdict(claim, "identity") is Verdict.PROVED


def test_an_identity_takes_no_premise_and_no_inequality() -> None:
    def premised(subject: Any, case: Case) -> None:
        case.assume(case.real("x") > 0)

    def unequal(subject: Any, case: Case) -> None:
        case.show("positive", case.real("x") > 0)

    with pytest.raises(ConstructionError, match="without premises"):
        verdict(premised, "identity")
    with pytest.raises(ConstructionError, match="stated with equal"):
        verdict(unequal, "identity")


def points(*values: int) -> Callable[[], Iterator[dict[str, Any]]]:
    return lambda: ({"x": Fraction(value)} for value in values)


def test_an_enumeration_is_checked_and_never_proved() -> None:
    def claim(subject: Any, case: Case) -> None:
        case.show("below ten", case.real("x") < 10)

    assert verdict(claim, "enumeration", domain=points(1, 2, 9)) is Verdict.CHECKED
    assert verdict(claim, "enumeration", domain=points(1, 10)) is Verdict.REFUTED


def test_an_enumeration_that_meets_no_premise_is_vacuous() -> None:
    def claim(subject: Any, case: Case) -> None:
        case.assume(case.real("x") > 100)
        case.show("true", True)

    assert verdict(claim, "enumeration", domain=points(1, 2)) is Verdict.VACUOUS
    assert verdict(claim, "enumeration", domain=points()) is Verdict.VACUOUS


def test_an_enumeration_whose_one_fact_meets_no_premise_is_vacuous() -> None:
    def claim(subject: Any, case: Case) -> None:
        x = case.real("x")
        case.show("true", True)
        case.show("far", x > 200, given=x > 100)

    stated = of_kind(claim, "enumeration", domain=points(1, 2))
    found = examine(stated, stated.of)
    assert found.verdict is Verdict.VACUOUS and [fact.verdict.name for fact in found.facts] == ["CHECKED", "VACUOUS"]


def test_a_finite_case_is_capped_at_checked() -> None:
    def claim(subject: Any, case: Case) -> None:
        case.show("identity", case.real("x") == case.real("x") + subject)

    result = discharge(of_subjects(claim, 0, 1, finite="one size"))
    assert result.verdict is Verdict.CHECKED and result.twin_verdict is Verdict.REFUTED


def test_a_twin_that_is_not_refuted_is_not_as_expected() -> None:
    def claim(subject: Any, case: Case) -> None:
        case.show("identity", subject * case.real("x") == subject * case.real("x"))

    result = discharge(of_subjects(claim, 0, 1))
    assert result.verdict is Verdict.PROVED and result.twin_verdict is Verdict.PROVED and not result.as_expected


def doubling(from_: int) -> Callable[[Any, Case], None]:
    """n -> 2 n - 1 from 1 on: n stays 1, so n >= from_ holds for every from_ up to 1, and is inductive for 1 only."""

    def claim(subject: Any, case: Case) -> None:
        case.induction(
            "doubling",
            state={"n": case.integer("n")},
            start={"n": Fraction(1)},
            advance=lambda s: {"n": 2 * s["n"] - 1},
            holds=lambda s: s["n"] >= from_,
        )

    return claim


def test_an_induction_whose_step_fails_where_no_run_comes_is_unknown() -> None:
    assert verdict(doubling(1), "induction") is Verdict.PROVED
    stated = of_kind(doubling(-3), "induction")
    found = examine(stated, stated.of)
    assert found.verdict is Verdict.UNKNOWN and found.counterexample is None
    assert (
        found.facts[1].reason
        == "not inductive: the step fails at n=-3; no run of at most 12 steps from the start fails"
    )


def test_an_induction_that_a_run_refutes_is_refuted_by_it() -> None:
    stated = of_kind(doubling(2), "induction")
    found = examine(stated, stated.of)
    assert found.verdict is Verdict.REFUTED and found.failing == ("doubling: base",)


def test_the_first_vertex_off_its_piece_is_named() -> None:
    path = Fragment(inputs=("x",), outputs=("z",), edges={("x", "y"): 1, ("y", "z"): 1})

    def claim(subject: Any, case: Case) -> None:
        x = case.real("x")
        case.assume(x >= -1, x < 0)
        case.run(subject, {"x": x}, label="run", expect={"y": RAMP.pieces[2], "z": RAMP.pieces[2]})

    result = discharge(
        Obligation(id="t", paper="t", claim=_worded(claim), of=lambda case: path, expect=Verdict.REFUTED)
    )
    assert result.claim is not None and result.claim.counterexample == {"x": Fraction(-1)}
    assert str(result.claim.leaves) == "y (run): pre-activation -1 is not strictly inside (-1, 0)"


def test_a_symbolic_derivative_is_for_identities() -> None:
    path = Fragment(inputs=("x",), outputs=("y",), edges={("x", "y"): 1})
    with pytest.raises(ConstructionError, match="kind 'identity' for a symbolic derivative"):
        SolverCase().derivative(lambda fragment: fragment.weight("x", "y"), path, ("x", "y"))


def _worded(claim: Callable[[Any, Case], None]) -> Callable[[Any, Case], None]:
    claim.__doc__ = "A claim."
    return claim


def test_an_enumeration_refutes_a_fact_whose_premise_comes_too_late() -> None:
    def claim(subject: int, case: Case) -> None:
        """A premise that is stated after the fact."""
        x = case.real("x")
        case.show("positive", x > subject)
        case.assume(x > 0)

    late = of_subjects(claim, 0, 1, kind="enumeration", domain=lambda: iter([{"x": 1}, {"x": 0}]))
    found = examine(late, late.of)
    assert (
        found.verdict is Verdict.REFUTED
        and found.counterexample == {"x": Fraction(0)}
        and found.failing == ("positive",)
    )


def test_what_python_says_of_terms_and_not_of_numbers_is_not_proved() -> None:
    def claim(subject: int, case: Case) -> None:
        """Any two numbers are different, as a set of two terms has two elements."""
        case.show("different", len({case.real("x"), case.real("y")}) == subject)

    def hidden(subject: int, case: Case) -> None:
        """The same inside a formula."""
        x = case.real("x")
        case.show("different", every(x * x >= 0, len({x, case.real("y")}) == subject))

    plain, inside = of_subjects(claim, 2, 3), of_subjects(hidden, 2, 3)
    with pytest.raises(
        ConstructionError, match=r"'different', which is plainly true of terms and fails with all variables 0, at"
    ):
        examine(plain, plain.of)
    with pytest.raises(DisagreementError, match=r"z3 proves 'different', the replay with all variables 0 does not"):
        examine(inside, inside.of)


def test_a_spot_check_of_identities_asks_for_nothing_but_them() -> None:
    def claim(subject: int, case: Case) -> None:
        """The derivative at y, beside a vertex on a kink."""
        w, x = case.real("w"), case.real("x")
        both = Fragment(inputs=("x",), outputs=("y", "z"), edges={("x", "y"): w, ("x", "z"): 2})
        on = {"y": RAMP.pieces[3]}
        back = case.gradient(case.run(both, {"x": x}, label="run", on=on), {"y": 1, "z": 1}, label="back", on=on)
        case.equal("edge", back.edges["x", "y"], subject * x)

    found = of_subjects(claim, 1, 2, kind="identity")
    assert examine(found, found.of).verdict is Verdict.PROVED


def test_a_fact_has_a_value_wherever_it_is_claimed() -> None:
    def claim(fact: Callable[[Any], Any]) -> Callable[[Any, Case], None]:
        def quotient(subject: Any, case: Case) -> None:
            y = case.real("y")
            case.show("a quotient", every(subject is None, fact(y)))

        return quotient

    with pytest.raises(
        ConstructionError, match=r"need a fact that says what holds where a divisor is 0, got a quotient by 0 .* at y=0"
    ):
        verdict(claim(lambda y: 0 * (1 / y) == 0))
    assert verdict(claim(lambda y: implies(y != 0, 0 * (1 / y) == 0))) is Verdict.PROVED
    assert verdict(claim(lambda y: select(y == 0, Fraction(0), 0 * (1 / y)) == 0)) is Verdict.PROVED
    with pytest.raises(ConstructionError, match="a quotient by 0"):
        verdict(claim(lambda y: some(0 * (1 / y) == 0, y == 0)))


@pytest.mark.parametrize(("kind", "times"), [("solver", 2), ("enumeration", 1), ("identity", 2)])
def test_a_counterexample_is_replayed_once_and_says_which_vertex_leaves_its_piece(kind: str, times: int) -> None:
    built: list[int] = []

    def of(case: Case) -> int:
        built.append(1)
        return 3

    def claim(times: int, case: Case) -> None:
        """Three times a number is twice the number, and a vertex gets it and stays on the last piece."""
        x = case.real("x")
        if kind != "identity":
            ramp = Fragment(inputs=("x",), outputs=("y",), edges={("x", "y"): times})
            case.run(ramp, {"x": x}, label="run", expect={"y": RAMP.pieces[-1]})
        case.equal("doubled", times * x, 2 * x)

    points: dict[str, Any] = {"domain": lambda: iter([{"x": Fraction(1, 2)}])} if kind == "enumeration" else {}
    found = examine(replace(of_kind(claim, kind, **points), of=of), of)
    assert found.verdict is Verdict.REFUTED and found.counterexample is not None and len(built) == times
    leaves = Departure("run", "y", 3 * found.counterexample["x"], "(2, oo)")
    assert found.leaves == (None if kind == "identity" else leaves)
