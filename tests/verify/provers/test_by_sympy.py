"""Identities: zero polynomials, points where they fail, pieces that can hold, divisors that are not zero everywhere."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
import sympy

from constructions.errors import ConstructionError
from constructions.foundations.activation import HARD_TANH, RAMP
from constructions.foundations.logic import select
from constructions.foundations.network import Fragment
from verify.discharge.one import examine
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, nothing
from verify.obligations.verdict import DisagreementError, Verdict
from verify.provers.asking import SolverAnswer
from verify.provers.by_sympy import IdentityCase, build, numerator
from verify.provers.outcome import Examination

pytestmark = pytest.mark.bounds

PATH = Fragment(inputs=("x",), outputs=("z",), edges={("x", "y"): 1, ("y", "z"): 1})
F = Fraction
RISING, FLAT, LOW = RAMP.pieces[3], RAMP.pieces[2], RAMP.pieces[0]


def stated(claim: Callable[[Any, Any], None], **options: Any) -> Obligation:
    """An identity about nothing."""
    claim.__doc__ = "A claim."
    return Obligation(id="t", paper="t", claim=claim, of=nothing, expect=Verdict.REFUTED, kind="identity", **options)


def found(claim: Callable[[Any, Any], None], **options: Any) -> Examination:
    """What becomes of it."""
    return examine(stated(claim, **options), nothing)


def equal(make: Callable[..., tuple[Any, Any]]) -> Callable[[Any, Any], None]:
    """The claim that two sides in x and y are equal."""

    def claim(_: Any, case: Case) -> None:
        case.equal("sides", *make(case.real("x"), case.real("y")))

    return claim


@pytest.mark.parametrize(
    ("make", "verdict"),
    [
        (lambda x, y: ((x + y) ** 2, x * x + 2 * x * y + y * y), "PROVED"),
        (lambda x, y: ((x + y) ** 2, x * x + y * y), "REFUTED"),
        (lambda x, y: (1 / (x * (x + 1)), 1 / x - 1 / (x + 1)), "PROVED"),
        (lambda x, y: (x / y * y, x), "PROVED"),
        (lambda x, y: (x / y, y / x), "REFUTED"),
        (lambda x, y: (F(1, 3) * x + F(1, 6) * x, x / 2), "PROVED"),
        (lambda x, y: (x * (x - 1) * (x + 1) * y, 0), "REFUTED"),
        (lambda x, y: (x**3 - y**3, (x - y) * (x * x + x * y + y * y)), "PROVED"),
        (lambda x, y: (x - x, 0), "PROVED"),
        (lambda x, y: (x, F(1, 5)), "REFUTED"),
        (lambda x, y: (x**-2, 1 / x / x), "PROVED"),
    ],
)
def test_an_identity_is_a_zero_polynomial_over_a_common_denominator(make: Any, verdict: str) -> None:
    result = found(equal(make))
    assert result.verdict.name == verdict
    if verdict == "REFUTED":
        at = result.counterexample
        left, right = make(at["x"], at["y"])  # type: ignore[index]
        assert left != right and result.failing == ("sides",)


@pytest.mark.parametrize(
    "make",
    [
        lambda x, y: (1 / (1 / (x - x)), 0),
        lambda x, y: (1 / (x - x), 1 / (x - x)),
        lambda x, y: (y / ((x + 1) * (x - 1) - x * x + 1), y),
        lambda x, y: (1 / (1 / ((x + y) ** 2 - x * x - 2 * x * y - y * y)), 0),
        lambda x, y: (x + 1 / (2 * y - y - y), x),
    ],
)
def test_a_divisor_that_is_zero_everywhere_is_refused(make: Any) -> None:
    with pytest.raises(ConstructionError, match=r"need divisors that are not zero everywhere, got .*, at 'sides'"):
        found(equal(make))


def test_every_identity_is_examined_also_behind_one_that_holds_on_the_pieces_alone() -> None:
    def claim(_: Any, case: Case) -> None:
        x = case.real("x")
        case.run(PATH, {"x": x}, label="walk", on={"y": RISING})
        case.equal("true", x + x, 2 * x)
        case.equal("false", 1 * x, 2 * x)

    result = found(claim)
    assert result.verdict is Verdict.REFUTED and [fact.verdict.name for fact in result.facts] == ["PROVED", "REFUTED"]
    assert result.counterexample is not None and 0 < result.counterexample["x"] < 2, "a point that is on the pieces"


def test_a_premise_of_the_claims_own_is_refused_with_a_label_too() -> None:
    for label in (None, "mine"):

        def claim(_: Any, case: Case, label: Any = label) -> None:
            x = case.real("x")
            case.assume(x == 0, label=label)
            case.equal("x is 0", x, 0)
            case.equal("1 is 0", x + 1, x)

        with pytest.raises(ConstructionError, match="need an identity without premises, got a premise"):
            found(claim)


def walks(*pieces: dict[str, Any]) -> Callable[[Any, Any], None]:
    """An identity about walks of one input on pieces."""

    def claim(_: Any, case: Case) -> None:
        x = case.real("x")
        for i, on in enumerate(pieces):
            run = case.run(PATH, {"x": x}, label=f"walk {i}", on=on)
        case.equal("twice", run.out["y"] * 2, run.out["y"] + run.out["y"])

    return claim


@pytest.mark.parametrize(
    ("pieces", "reason"),
    [
        ([{"y": RISING, "z": LOW}], "walk 0: y is strictly inside (0, 2); walk 0: z is strictly inside (-oo, -3)"),
        ([{"y": RISING}, {"y": FLAT}], "walk 0: y is strictly inside (0, 2); walk 1: y is strictly inside (-1, 0)"),
        (
            [{"y": RISING, "z": RISING}, {"y": LOW}, {"y": FLAT}],
            "walk 1: y is strictly inside (-oo, -3); walk 2: y is strictly inside (-1, 0)",
        ),
    ],
)
def test_pieces_that_cannot_hold_together_are_vacuous_and_named(pieces: list[dict[str, Any]], reason: str) -> None:
    result = found(walks(*pieces))
    assert result.verdict is Verdict.VACUOUS and result.counterexample is None
    assert result.facts[0].reason == f"these cannot hold together: {reason}"


def test_pieces_that_hold_together_come_with_a_witness() -> None:
    result = found(walks({"y": RISING, "z": RISING}))
    assert result.verdict is Verdict.PROVED and 0 < result.witness["x"] < 2


def test_pieces_of_the_backward_walk_are_premises_too() -> None:
    def claim(back: Any) -> Callable[[Any, Any], None]:
        def stated_(_: Any, case: Case) -> None:
            run = case.run(PATH, {"x": case.real("x")}, label="walk", on={"y": RISING, "z": RISING})
            gradient = case.gradient(run, {"z": F(1)}, label="back", on=back)
            case.equal("twice", gradient.edges["x", "y"] * 2, gradient.edges["x", "y"] + gradient.edges["x", "y"])

        return stated_

    assert found(claim({"y": RISING, "z": RISING})).verdict is Verdict.PROVED
    result = found(claim({"y": FLAT, "z": RISING}))
    assert result.verdict is Verdict.VACUOUS
    assert result.facts[0].reason.endswith("; back: y is strictly inside (-1, 0)")
    with pytest.raises(ConstructionError, match="need a piece of two-stage ramp, got the Piece"):
        found(claim({"y": HARD_TANH.pieces[1], "z": RISING}))


def test_a_piece_that_no_value_is_on_is_said_alone() -> None:
    graph = Fragment(inputs=(), outputs=("y",), edges={("one", "y"): 1}, constant="one")

    def claim(_: Any, case: Case) -> None:
        run = case.run(graph, {}, label="walk", on={"y": FLAT})
        case.equal("x", case.real("x") * run.out["y"], 0)

    result = found(claim)
    assert (
        result.verdict is Verdict.VACUOUS
        and result.facts[0].reason == "this cannot hold: walk: y is strictly inside (-1, 0)"
    )


def test_an_identity_that_fails_off_its_pieces_alone_is_vacuous_and_not_proved() -> None:
    def claim(_: Any, case: Case) -> None:
        x = case.real("x")
        case.run(PATH, {"x": x}, label="walk", on={"y": RISING, "z": LOW})
        case.equal("false", x, x + 1)

    assert found(claim).verdict is Verdict.VACUOUS


def test_what_sympy_cannot_have_is_refused() -> None:
    for make in (
        lambda x, y: (abs(x), x),
        lambda x, y: (select(x > 0, x, y), x),
        lambda x, y: (x // 1, x),
        lambda x, y: (x, y > 0),
    ):
        with pytest.raises(ConstructionError, match=r"need (sums, products|exact numbers)"):
            found(equal(make))


def test_an_identity_has_no_inequality_truth_value_circuit_or_induction() -> None:
    case = IdentityCase()
    x = case.real("x")
    with pytest.raises(ConstructionError, match="need an identity stated with equal"):
        case.show("f", x > 0)
    with pytest.raises(ConstructionError, match="need an obligation of the solver for truth values"):
        case.bit("p")
    with pytest.raises(ConstructionError, match="need an identity stated with equal"):
        case.induction("i", state={"x": x}, start={"x": F(0)}, advance=lambda s: s, holds=lambda s: s["x"] >= 0)
    with pytest.raises(ConstructionError, match="need expect in an obligation of the solver"):
        case.run(PATH, {"x": x}, label="walk", expect={"y": FLAT})
    assert case.integer("n") is case.real("n")


def test_a_claim_without_an_identity_is_refused() -> None:
    with pytest.raises(ConstructionError, match="need at least one identity, got none, at obligation t"):
        build(stated(lambda _, case: None), nothing)


def test_a_derivative_is_sympys_and_a_term() -> None:
    graph = Fragment(inputs=("x",), outputs=("z",), edges={("x", "y"): 2, ("y", "z"): 3})

    def claim(_: Any, case: Case) -> None:
        w, x = case.real("w"), case.real("x")
        symbolic = graph.with_weight("x", "y", w)
        on = {"y": RISING, "z": RISING}

        def half_square(fragment: Fragment) -> Any:
            out = case.run(fragment, {"x": x}, label=f"walk {fragment.weight('x', 'y')}", on=on).out["z"]
            return out * out / 2

        case.equal("chain rule", case.derivative(half_square, symbolic, ("x", "y")), 9 * w * x * x)

    assert found(claim).verdict is Verdict.PROVED


def test_a_derivative_needs_a_variable_as_the_weight() -> None:
    with pytest.raises(ConstructionError, match="need a variable as the weight, got 1, at edge"):
        IdentityCase().derivative(lambda fragment: F(1), PATH, ("x", "y"))


def test_where_no_point_is_found_the_verdict_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verify.provers.by_sympy._points", lambda names: iter(()))
    monkeypatch.setattr(
        "verify.provers.asking.Asking.ask", lambda asking, question: SolverAnswer("unknown", {}, 5, "budget")
    )
    result = found(equal(lambda x, y: (x, y)))
    assert result.verdict is Verdict.UNKNOWN and result.counterexample is None
    assert result.facts[0].reason == "no identity, and no point was found at which it fails: budget"


def test_a_point_is_asked_of_z3_where_the_simple_ones_do_not_do() -> None:
    far = Fragment(inputs=("x",), outputs=("y",), edges={("x", "y"): F(1, 1000)})

    def claim(_: Any, case: Case) -> None:
        x = case.real("x")
        case.run(far, {"x": x}, label="walk", on={"y": RAMP.pieces[4]})
        case.equal("false", x, x + 1)

    result = found(claim)
    assert result.verdict is Verdict.REFUTED and result.counterexample is not None and result.counterexample["x"] > 2000


def test_a_replay_that_says_otherwise_is_a_disagreement() -> None:
    def proved(_: Any, case: Case) -> None:
        x = case.real("x")
        case.equal("f", x, x if isinstance(case, IdentityCase) else x + 1)

    with pytest.raises(DisagreementError, match="sympy proves 'f', the replay with all variables 0 does not"):
        found(proved)


def test_the_numerator_is_over_the_rationals() -> None:
    x = sympy.Symbol("x")
    assert numerator(x / (x + 1) - 1 + 1 / (x + 1)).is_zero and not numerator(sympy.Integer(1) / 3).is_zero
    assert numerator(sympy.Integer(0)).is_zero and not numerator(1 / x - 1).is_zero
