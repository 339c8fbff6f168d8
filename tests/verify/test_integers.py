"""Comparisons of integral terms are restated over the integers without changing what they mean."""
import pytest
import z3

from verify.provers.integers import is_integral, over_the_integers

N, M = z3.ToReal(z3.Int("n")), z3.ToReal(z3.Int("m"))
X = z3.Real("x")
HALF = z3.Q(1, 2)


@pytest.mark.parametrize(
    "formula",
    [
        N < M + 1, N <= 2 * M, N * M >= 3, N > -M, N == M - 4, N != M, z3.Not(N < M), z3.And(N < M, X < N), z3.Or(X == 1, N == 1, M == 2),
        z3.If(N < 2, N, M) < 5, z3.If(X < 2, N, M) == 5, N + HALF < M, X * N < M, z3.Implies(N < M, N + 1 <= M), z3.If(N == 1, X, M) < 2,
    ],
    ids=str,
)
def test_the_restated_formula_means_the_same(formula: z3.BoolRef) -> None:
    solver = z3.Solver()
    solver.set("timeout", 20_000)
    solver.add(formula != over_the_integers(formula))
    assert solver.check() == z3.unsat


def test_a_half_is_not_integral_and_stays_over_the_reals() -> None:
    assert not is_integral(N + HALF)
    assert over_the_integers(N + HALF < M).eq(N + HALF < M)


def test_a_quotient_is_not_taken_for_an_integer() -> None:
    assert not is_integral(N / M)


def test_a_real_variable_is_not_taken_for_an_integer() -> None:
    assert not is_integral(X) and not is_integral(N + X)
