"""Formulas for readers: what a graph computes has the names of its vertices, and each name is explained."""

from fractions import Fraction
from typing import Any

from constructions.foundations.activation import HARD_TANH, RAMP
from constructions.foundations.evaluation import value_of
from constructions.foundations.logic import every, select
from constructions.foundations.network import Fragment
from constructions.foundations.terms import REAL, variable
from verify.obligations.catalogue import paper_obligations
from verify.provers import by_z3
from verify.reports.folding import Folding, in_cases, with_minus

PATH = Fragment(
    inputs=("x",),
    outputs=("z",),
    edges={("x", "y"): 2, ("one", "y"): "-1/3", ("y", "z"): -3, ("one", "z"): 1},
    constant="one",
)


def walked(*labels: str, fragment: Fragment = PATH) -> tuple[by_z3.SolverCase, list[Any]]:
    """A case with a walk over the path for each label, each at a variable of its own."""
    case = by_z3.SolverCase()
    runs = [case.run(fragment, {"x": case.real(f"x{i}")}, label=label) for i, label in enumerate(labels)]
    return case, runs


def test_a_vertex_goes_by_its_name_and_what_it_stands_for_is_said_once() -> None:
    case, (run,) = walked("path")
    folding = Folding(case.scenes)
    assert folding.text(run.out["z"] + run.out["z"] <= run.out["y"], 240) == "z + z <= y"
    assert folding.meanings(240) == [
        "z = two-stage ramp(1 - 3*y)",
        "y = two-stage ramp(-1/3 + 2*x0)",
        f"two-stage ramp(t) is {in_cases(RAMP)}",
    ]


def test_where_a_vertex_is_goes_by_words() -> None:
    case, (run,) = walked("path")
    folding = Folding(case.scenes)
    piece = PATH.sigma.pieces[2]
    said = folding.text(every(run.flat("z"), run.on("y", piece), PATH.sigma.on_kink(run.pre["z"])), 240)
    assert said == "[z is strictly flat] and [y is strictly inside (-1, 0)] and [z is on a kink]"
    assert folding.text(PATH.sigma.slope(run.pre["z"]) == 0, 240) == "slope(z) == 0"
    assert any(line.startswith("slope(v) is the slope") for line in folding.meanings(240))


def test_a_vertex_of_two_walks_says_of_which() -> None:
    case, (first, second) = walked("before", "after")
    assert Folding(case.scenes).text(first.out["y"] == second.out["y"], 240) == "y in 'before' == y in 'after'"


def test_a_vertex_that_is_taken_to_be_on_a_piece_is_linear() -> None:
    case = by_z3.SolverCase()
    run = case.run(PATH, {"x": case.real("x")}, label="path", on={"y": PATH.sigma.pieces[3]})
    folding = Folding(case.scenes)
    assert folding.text(run.out["z"] == 0, 240) == "z == 0"
    assert "y = -1/3 + 2*x, as y is taken to be inside (0, 2)" in folding.meanings(240)


def test_cases_and_activations_without_a_vertex_are_told_in_words() -> None:
    x: Any = variable("x", REAL)
    folding = Folding(())
    chosen = select(x < 0, -1, select(x < 1, x, 5))
    assert folding.text(chosen == HARD_TANH(x - 1), 240) == "(-1 if x < 0, x if x < 1, else 5) == hard tanh(x - 1)"
    assert folding.text(RAMP.slope(3 * x) == 0, 240) == "(slope of two-stage ramp at 3*x) == 0"


def test_a_minus_is_put_only_where_it_means_the_same() -> None:
    x: Any = variable("x", REAL)
    y: Any = variable("y", REAL)
    for term in (x + -2 * y, x + Fraction(-1, 2), x + Fraction(-3, 8) * y + -1, (x + -1) * (y + -2 * x)):
        text = with_minus(repr(term))
        assert " + -" not in text and " + (-" not in text
        at = {"x": Fraction(5, 7), "y": Fraction(-2, 3)}
        exact = text.replace("3/8", "Fraction(3, 8)").replace("1/2", "Fraction(1, 2)")
        assert eval(exact, {**at, "Fraction": Fraction}) == value_of(term, at)


def test_no_cases_of_an_activation_are_left_in_what_is_shown_of_a_graph() -> None:
    obligation = paper_obligations()["lemma11.idle.strong.q"]
    built = by_z3.build(obligation, obligation.of)
    folding = Folding(built.scenes)
    texts = [folding.text(fact.conclusion, 10_000) for fact in built.facts if fact.conclusion is not True]
    assert texts and not [text for text in texts if " if " in text or "if(" in text]
