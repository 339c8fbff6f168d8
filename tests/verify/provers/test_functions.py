"""Functions as variables of claims: proved for every function, refuted at values that the replay looks up."""

from fractions import Fraction
from pathlib import Path
from shutil import which
from subprocess import run
from typing import Any

import pytest

from constructions.errors import ConstructionError
from constructions.foundations.functions import Function
from constructions.foundations.logic import every
from constructions.foundations.terms import INTEGER, REAL, TRUTH, variable
from verify.discharge.one import discharge, examine
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation
from verify.obligations.verdict import Verdict
from verify.provers.to_smt import script
from verify.replay.witness import replay

F = Fraction


def obligation(claim: Any, **options: Any) -> Obligation:
    """A claim about a number, whose twin has another."""
    claim.__doc__ = "A claim."
    rest = {"of": lambda case: 0, "twin": lambda case: 1} | options
    return Obligation(id="t", paper="t", claim=claim, **rest)


def agrees(low: int, case: Case) -> None:
    """Any function, at equal arguments of every kind."""
    f, p = case.function("f", 1), case.predicate("p", 1)
    g = case.function("g", 2, takes=(INTEGER, TRUTH), gives=INTEGER)
    x, y, n = case.real("x"), case.real("y"), case.integer("n")
    case.assume(x == y, p(x), f(x) > 3, g(n, x > 0) > 1)
    case.show("sum", f(y) + g(n, y > 0) > 5 + low)
    case.show("predicate", p(y))


def test_a_claim_about_every_function_is_proved_and_its_twin_refuted_at_values() -> None:
    result = discharge(obligation(agrees))
    assert result.verdict is Verdict.PROVED
    assert result.twin is not None
    assert result.twin.counterexample is not None
    assert {name.split("(")[0] for name in result.twin.counterexample if "(" in name} == {"f", "g", "p"}


def test_a_witness_is_looked_up_by_its_arguments_and_is_nought_elsewhere() -> None:
    def claim(low: int, case: Case) -> None:
        f = case.function("f", 1)
        case.show("inner", f(f(case.real("x"))) < 2 - low)

    found = examine(obligation(claim), lambda case: 0)
    assert found.verdict is Verdict.REFUTED
    at = found.counterexample or {}
    inner = at[f"f({at['x']})"]
    assert at[f"f({inner})"] >= 2
    assert replay(claim, lambda case: 0, {"x": F(1)}).failing() == []
    assert replay(claim, lambda case: 0, {"x": F(1), "f(1)": F(3), "f(3)": F(2)}).failing() == ["inner"]


def test_an_enumeration_gives_the_values_of_a_function() -> None:
    def claim(low: int, case: Case) -> None:
        f = case.function("f", 1)
        case.show("grows", f(case.integer("n")) > low)

    points = [{"n": 1, "f(1)": 2}, {"n": 2, "f(2)": 1}]
    assert examine(obligation(claim, kind="enumeration", domain=lambda: iter(points)), lambda case: 0).verdict is (
        Verdict.CHECKED
    )
    lost = obligation(claim, kind="enumeration", domain=lambda: iter([{"n": 1}]))
    with pytest.raises(ConstructionError, match=r"the variable 'f\(1\)' without a value"):
        examine(lost, lambda case: 0)


def test_a_name_is_of_one_function_or_one_variable() -> None:
    def twice(low: int, case: Case) -> None:
        case.function("f", 1), case.function("f", 2)

    def both(low: int, case: Case) -> None:
        case.real("f"), case.function("f", 1)

    def after(low: int, case: Case) -> None:
        case.function("f", 1), case.real("f")

    def foreign(low: int, case: Case) -> None:
        case.show("f", Function("f", (REAL,), REAL)(low) > 0)

    for claim in (twice, both, after):
        with pytest.raises(ConstructionError, match="need one variable of a name"):
            examine(obligation(claim), lambda case: 0)
    with pytest.raises(ConstructionError, match="need variables that are asked of the case, got another 'f'"):
        examine(obligation(foreign), lambda case: 0)


def test_an_identity_has_no_functions() -> None:
    with pytest.raises(ConstructionError, match="need an obligation of the solver for a function"):
        examine(obligation(lambda low, case: case.function("f", 1), kind="identity"), lambda case: 0)


def test_smt_lib_declares_functions_with_their_kinds(tmp_path: Path) -> None:
    f, g = Function("f", (REAL,), REAL), Function("g of", (INTEGER, TRUTH), INTEGER)
    n, x = variable("n", INTEGER), variable("x", REAL)
    text = script(every(f(x) > g(n + 1, x > 0), g(n, True) == n))
    assert "(declare-fun f (Real) Real)" in text
    assert "(declare-fun |g of| (Int Bool) Int)" in text
    assert "(to_real (|g of| (+ n 1) (> x 0.0)))" in text
    assert "(= (|g of| n true) n)" in text
    if which("z3"):
        (tmp_path / "q.smt2").write_text(text)
        assert run(["z3", str(tmp_path / "q.smt2")], capture_output=True, text=True, check=True).stdout.strip() == "sat"
