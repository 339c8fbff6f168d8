"""A case collects premises and facts; a fact uses only what was stated before it."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from constructions.errors import ConstructionError
from constructions.foundations.activation import HARD_TANH, RAMP
from constructions.foundations.logic import every
from constructions.foundations.network import Fragment
from constructions.foundations.refusals import LanguageError
from constructions.foundations.terms import INTEGER, REAL, TRUTH, formula, variable
from verify.obligations.parts import Premise
from verify.provers.by_sympy import IdentityCase
from verify.provers.by_z3 import SolverCase
from verify.replay.witness import ReplayCase

PATH = Fragment(inputs=("x",), outputs=("y",), edges={("x", "y"): 1})
FLAT, RISING = RAMP.pieces[2], RAMP.pieces[3]


def test_a_fact_is_given_the_premises_before_it_and_none_after() -> None:
    case = ReplayCase({})
    case.show("before", True)
    case.assume(False)
    case.show("after", True)
    assert [fact.given for fact in case.facts] == [True, False]


def test_a_lemma_is_a_fact_first_and_a_premise_later() -> None:
    case = ReplayCase({})
    case.lemma("lemma", False)
    case.show("after", True)
    assert [(fact.label, fact.given) for fact in case.facts] == [("lemma", True), ("after", False)]


def test_a_lemma_does_not_presuppose_itself() -> None:
    case = SolverCase()
    x = case.real("x")
    case.lemma("positive", x > 0)
    assert case.facts[0].given is True


def test_the_premise_of_one_fact_is_not_a_premise_of_the_next() -> None:
    case = ReplayCase({})
    case.show("first", True, given=False)
    case.show("second", True)
    assert case.facts[1].given is True


def test_an_expected_piece_is_a_fact_and_not_a_premise() -> None:
    case = ReplayCase({"x": Fraction(1)})
    case.run(PATH, {"x": case.real("x")}, label="run", expect={"y": FLAT})
    assert case.failing() == ["run: y stays strictly inside (-1, 0)"] and case.premises == []


def test_a_piece_taken_for_granted_is_a_premise() -> None:
    case = ReplayCase({"x": Fraction(1)})
    case.run(PATH, {"x": case.real("x")}, label="run", on={"y": FLAT})
    assert case.premises == [Premise("run: y is strictly inside (-1, 0)", False)] and case.facts == []


def test_a_piece_taken_for_granted_backward_is_a_premise_too() -> None:
    case = ReplayCase({"x": Fraction(1)})
    run = case.run(PATH, {"x": case.real("x")}, label="run")
    case.gradient(run, {"y": Fraction(1)}, label="loss", on={"y": FLAT})
    assert case.premises == [Premise("loss: y is strictly inside (-1, 0)", False)]


def test_a_premise_is_called_by_its_label_or_by_what_it_says() -> None:
    case = SolverCase()
    x = case.real("x")
    case.assume(x > 0, x < 1)
    case.assume(x != 2, label="not two")
    assert case.premises == [Premise("x > 0", x > 0), Premise("x < 1", x < 1), Premise("not two", x != 2)]
    case.show("after", True)
    assert case.facts[0].given is every(x > 0, x < 1, x != 2)


@pytest.mark.parametrize(
    ("pieces", "message"),
    [
        ({"y": HARD_TANH.pieces[1]}, r"need a piece of two-stage ramp, got the Piece .*, at vertex 'y' of 'run'"),
        ({"y": 0.5}, r"need a piece of two-stage ramp, got the float 0\.5, at vertex 'y' of 'run'"),
        ({"x": FLAT}, r"need a vertex that computes, got 'x', at the pieces of 'run'"),
        ({"u": FLAT}, r"need a vertex that computes, got 'u', at the pieces of 'run'"),
    ],
)
def test_a_piece_is_one_of_the_graphs_activation_at_a_vertex_that_computes(
    pieces: dict[str, Any], message: str
) -> None:
    for case in (SolverCase(), IdentityCase(), ReplayCase({"x": Fraction(1)})):
        x = case.real("x")
        with pytest.raises(ConstructionError, match=message):
            case.run(PATH, {"x": x}, label="run", on=pieces)
        if not isinstance(case, IdentityCase):
            with pytest.raises(ConstructionError, match=message):
                case.run(PATH, {"x": x}, label="run", expect=pieces)
        run = case.run(PATH, {"x": x}, label="before")
        with pytest.raises(ConstructionError, match=message):
            case.gradient(run, {"y": Fraction(1)}, label="run", on=pieces)


def test_a_gradient_states_that_no_kink_matters() -> None:
    case = ReplayCase({"x": Fraction(0)})
    run = case.run(PATH, {"x": case.real("x")}, label="run")
    case.gradient(run, {"y": Fraction(1)}, label="loss")
    assert case.failing() == ["loss: the loss is differentiable"]


def test_an_induction_forms_base_and_step_from_one_predicate() -> None:
    case = SolverCase()
    n = case.integer("n")
    case.induction(
        "count",
        state={"n": n},
        start={"n": Fraction(7)},
        advance=lambda s: {"n": s["n"] + 1},
        holds=lambda s: s["n"] >= 7,
    )
    base, step = case.facts
    assert base.conclusion is True
    assert step.given is (n >= 7) and step.conclusion is (n + 1 >= 7)
    assert base.induction is None and step.induction is not None and step.induction.after == {"n": n + 1}


def counted(case: Any, **changed: Any) -> None:
    """An induction over n that adds x; something may be changed."""
    n, x = case.integer("n"), case.integer("x")
    given: dict[str, Any] = {
        "state": {"n": n},
        "start": {"n": Fraction(0)},
        "advance": lambda s: {"n": s["n"] + s["x"]},
        "holds": lambda s: s["n"] >= 0,
        "given": lambda s: s["x"] >= 0,
        "inputs": {"x": x},
    }
    case.induction("count", **(given | changed))


def test_an_induction_hands_state_and_inputs_to_its_step() -> None:
    case = SolverCase()
    counted(case)
    n, x = case.integer("n"), case.integer("x")
    assert case.facts[1].given is every(x >= 0, n >= 0) and case.facts[1].conclusion is (n + x >= 0)
    record = case.facts[1].induction
    assert record is not None and record.declared and dict(record.inputs) == {"x": x} and record.given is (x >= 0)


N, X = variable("n", INTEGER), variable("x", INTEGER)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"start": {}}, r"need a start for the state \['n'\], got \[\], at 'count'"),
        ({"start": {"n": 0, "m": 0}}, r"need a start for the state \['n'\], got \['m', 'n'\], at 'count'"),
        ({"inputs": {"n": N}}, r"need inputs that are no part of the state, got 'n', at 'count'"),
        ({"advance": lambda s: {}}, r"need a step to the state \['n'\], got \[\], at 'count'"),
        (
            {"state": {"n": N + 1}},
            r"need different variables as state and inputs of an induction, got n \+ 1 for 'n', at 'count'",
        ),
        (
            {"state": {"n": Fraction(1)}},
            r"need different variables as state and inputs of an induction, got 1 for 'n', at 'count'",
        ),
        (
            {"inputs": {"x": N}},
            r"need different variables as state and inputs of an induction, got one variable twice, at 'count'",
        ),
        (
            {"inputs": {"x": 2 * X}},
            r"need different variables as state and inputs of an induction, got 2\*x for 'x', at 'count'",
        ),
        ({"holds": lambda s: s["n"] >= X}, r"need a property that reads no input, got 'x' in it, at 'count'"),
    ],
)
def test_what_is_no_induction_is_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ConstructionError, match=f"^{message}$"):
        counted(SolverCase(), **changed)


def test_a_premise_may_speak_of_an_input() -> None:
    case = SolverCase()
    case.assume(X >= 0)
    counted(case, given=lambda s: True)
    assert case.facts[1].given is every(X >= 0, N >= 0)


@pytest.mark.parametrize("premise", [N >= 0, N + X >= 0])
def test_no_premise_and_no_lemma_speaks_of_a_state(premise: Any) -> None:
    ways: tuple[Callable[[SolverCase], object], ...] = (
        lambda case: case.assume(premise),
        lambda case: case.lemma("lemma", premise),
    )
    for state_it in ways:
        case = SolverCase()
        state_it(case)
        with pytest.raises(
            ConstructionError, match=r"need a state of which no premise speaks \(say it in holds or given\), got 'n'"
        ):
            counted(case)


def test_the_same_name_is_the_same_variable_of_one_kind() -> None:
    case = SolverCase()
    assert case.real("x") is case.real("x") is variable("x", REAL)
    for other in (case.integer, case.bit):
        with pytest.raises(
            ConstructionError, match=r"need a variable to stay of one kind, got real and (integer|truth), at 'x'"
        ):
            other("x")


def test_the_variables_of_the_solver_are_terms_of_their_kind() -> None:
    case = SolverCase()
    assert case.integer("n") is variable("n", INTEGER) and case.integer("n").integral
    assert case.bit("p") is variable("p", TRUTH)
    assert list(case.variables) == ["n", "p"]


@pytest.mark.parametrize("name", ["", None, 3])
def test_a_variable_has_a_name(name: Any) -> None:
    with pytest.raises(ConstructionError, match="need a name, got"):
        SolverCase().real(name)


def test_equality_is_of_two_numbers_or_of_two_truth_values() -> None:
    case = SolverCase()
    x, p = case.real("x"), case.bit("p")
    case.equal("numbers", x, Fraction(1, 2))
    case.equal("truths", True, p)
    case.equal("both settled", False, False)
    assert [fact.conclusion for fact in case.facts] == [x == Fraction(1, 2), p, True]
    for left, right in (
        (x, p),
        (p, x),
        (x, True),
        (True, 1),
        (x, 0.5),
        (0.5, 0.5),
        (None, None),
        ("a", "a"),
        (x, "1/2"),
    ):
        with pytest.raises(LanguageError, match=r"need (exact numbers|truth values)"):
            case.equal("mixed", left, right)


@pytest.mark.parametrize("foreign", [1, 0, None, "true", 0.5, [], variable("x", REAL)])
def test_facts_premises_and_lemmas_are_formulas(foreign: Any) -> None:
    case = SolverCase()
    uses: tuple[Callable[[], object], ...] = (
        lambda: case.show("f", foreign),
        lambda: case.assume(foreign),
        lambda: case.lemma("f", foreign),
        lambda: case.show("f", True, given=foreign),
        lambda: case.show("f", formula(True), given=foreign),
    )
    for use in uses:
        with pytest.raises(LanguageError, match="need truth values or formulas, one by one"):
            use()


@pytest.mark.parametrize("kind", [SolverCase, IdentityCase, lambda: ReplayCase({})])
def test_a_misspelt_vertex_is_refused_wherever_values_are_given(kind: Any) -> None:
    case = kind()
    with pytest.raises(ConstructionError, match=r"^need values for the inputs \['x'\], got \['x', 'y'\], at 'run'$"):
        case.run(PATH, {"x": Fraction(1), "y": Fraction(7)}, label="run")
    for odd in ("Y", "x"):
        with pytest.raises(
            ConstructionError, match=f"^need a vertex that computes, got '{odd}', at what 'run' gets from outside$"
        ):
            case.run(PATH, {"x": Fraction(1)}, label="run", outside={odd: Fraction(1)})
    run = case.run(PATH, {"x": Fraction(1)}, label="run", on={"y": RISING})
    with pytest.raises(ConstructionError, match=r"^need seeds at vertices of the graph, got 'Y', at 'back'$"):
        case.gradient(run, {"Y": Fraction(1)}, label="back")


@pytest.mark.parametrize("part", ["advance", "holds", "given", "input"])
def test_an_induction_whose_functions_read_a_moment_from_elsewhere_is_refused(part: str) -> None:
    case = SolverCase()
    n, x = case.integer("n"), case.integer("x")
    functions: dict[str, Any] = {
        "advance": lambda s: {"n": s["n"] + s["x"]},
        "holds": lambda s: s["n"] >= 0,
        "given": lambda s: s["x"] > 0,
    }
    odd: dict[str, Any] = {
        "advance": lambda s: {"n": n + s["x"]},
        "holds": lambda s: n >= 0,
        "given": lambda s: n > 0,
        "input": lambda s: {"n": s["n"] + x},
    }
    name = "x" if part == "input" else "n"
    need = f"need functions of an induction that read '{name}' in the dictionary they get"
    message = f"^{need}, got one that has it from elsewhere, at 'up'$"
    with pytest.raises(ConstructionError, match=message):
        changed = functions | {"advance" if part == "input" else part: odd[part]}
        case.induction("up", state={"n": n}, start={"n": Fraction(0)}, inputs={"x": x}, **changed)
    case.induction("up", state={"n": n}, start={"n": Fraction(0)}, inputs={"x": x}, **functions)
    assert [fact.label for fact in case.facts] == ["up: base", "up: step"]


def test_what_an_induction_states_on_the_way_is_stated_once() -> None:
    case = SolverCase()
    n = case.real("n")

    def advance(s: dict[str, Any]) -> dict[str, Any]:
        return {"n": case.run(PATH, {"x": s["n"]}, label="step", expect={"y": RISING}).out["y"]}

    case.induction("up", state={"n": n}, start={"n": Fraction(0)}, advance=advance, holds=lambda s: s["n"] >= 0)
    assert [fact.label for fact in case.facts] == ["step: y stays strictly inside (0, 2)", "up: base", "up: step"]
    assert len(case.scenes) == 1
