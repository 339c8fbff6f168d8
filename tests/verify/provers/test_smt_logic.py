"""The logic that a question names is the smallest in which it can be stated, and solvers take the question in it."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import z3

from constructions.foundations.functions import Function
from constructions.foundations.logic import every, select
from constructions.foundations.terms import (
    INTEGER,
    REAL,
    TRUTH,
    RealTerm,
    TruthTerm,
    at_least,
    floor,
    formula,
    node,
    variable,
)
from verify.obligations.words import word
from verify.provers.smt_logic import logic_of
from verify.provers.to_smt import script

X, Y, M, N = variable("x", REAL), variable("y", REAL), variable("m", INTEGER), variable("n", INTEGER)
P, Q = variable("p", TRUTH), variable("q", TRUTH)
A = word([P, Q, True])


@pytest.mark.parametrize(
    ("term", "logic"),
    [
        (P, "QF_UF"),
        (X > 1, "QF_LRA"),
        (3 * X / 2 > Y, "QF_LRA"),
        (X * Y > 1, "QF_NRA"),
        (1 / X > 1, "QF_NRA"),
        (X * (Y - Y + 1) > 1, "QF_NRA"),
        (M > N, "QF_LIA"),
        (M * N > 1, "QF_NIA"),
        (M + X > 1, "QF_LIRA"),
        (M / 2 > N, "QF_LIRA"),
        (floor(X) > 1, "QF_LIRA"),
        (every(M > 1, X * X > 2), "QF_NIRA"),
        (select(P, M, N) > 1, "QF_LIA"),
        (at_least(2, [P, Q, P]), "QF_LIA"),
        (A + 1 == A, "QF_BV"),
        (every(A + 1 == A, X > 0), "ALL"),
    ],
)
def test_the_logic_is_the_smallest(term: Any, logic: str) -> None:
    assert logic_of(formula(term)) == logic
    text = script(term)
    assert text.startswith(f"(set-logic {logic})\n")
    solver = z3.Solver(ctx=z3.Context())
    solver.from_string(text)
    assert str(solver.check()) in ("sat", "unsat")


def test_what_is_applied_and_not_known_makes_functions_part_of_the_logic() -> None:
    applied = Function("f", (REAL,), REAL)(X)
    assert logic_of(node(TruthTerm, "<", (applied, X))) == "QF_UFLRA"
    assert logic_of(node(TruthTerm, "<", (node(RealTerm, "*", (applied, X)), X))) == "QF_UFNRA"


@pytest.mark.parametrize(
    ("term", "logic"),
    [
        (Function("f", (INTEGER, REAL), REAL)(2, X) > X, "QF_UFLIRA"),
        (Function("f", (REAL,), INTEGER)(X) > X, "QF_UFLIRA"),
        (Function("f", (INTEGER,), TRUTH)(2), "QF_UFLIA"),
        (Function("f", (TRUTH,), TRUTH)(P), "QF_UF"),
        (Function("f", (REAL,), TRUTH)(1), "QF_UFLRA"),
    ],
)
def test_the_kinds_of_a_function_are_part_of_the_logic(term: Any, logic: str) -> None:
    """A solver that is told a logic without integers reads no function of them, and answers something else."""
    assert logic_of(formula(term)) == logic
    program = shutil.which("z3") or shutil.which(str(Path(sys.executable).with_name("z3")))
    if program is not None:
        done = subprocess.run([program, "-in"], input=script(term), capture_output=True, text=True, check=False)
        assert done.stdout.split() == ["sat"]
