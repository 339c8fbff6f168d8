"""Identities: two expressions in the symbols of a claim are equal as rational functions over Q.

An identity is proved only by a numerator that is the zero polynomial, never by ``simplify``. A numerator that is not
zero gives a rational point at which the two sides differ, replayed by the exact evaluator.
"""
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import sympy

from constructions.computation.flat import FlatCircuit
from constructions.errors import ConstructionError
from constructions.foundations.activation import Piece
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula
from constructions.foundations.network import Edge, Fragment
from constructions.foundations.walks import Gradient, Run, backward, forward
from verify.case import Case, State
from verify.obligation import Obligation
from verify.provers.by_z3 import Discharge, FactResult
from verify.replay import replay
from verify.verdict import DisagreementError, Verdict


class IdentityCase(Case):
    """A case whose variables are sympy symbols; graphs are walked on the pieces that the claim names."""

    def __init__(self) -> None:
        super().__init__()
        self.symbols: dict[str, sympy.Symbol] = {}
        self.identities: list[tuple[str, sympy.Expr]] = []

    def real(self, name: str) -> Number:
        return self.symbols.setdefault(name, sympy.Symbol(name))

    def integer(self, name: str) -> Number:
        return self.real(name)

    def assume(self, *premises: Formula) -> None:
        """An identity needs no premise; a claim that states one belongs to the solver."""
        raise ConstructionError("need an identity without premises, got a premise")

    def show(self, label: str, conclusion: Formula, *, given: Formula = True) -> None:
        """An identity goes through ``equal``: a comparison of symbols would be decided by their text."""
        raise ConstructionError(f"need an identity stated with equal(), got {conclusion!r}, at {label!r}")

    def equal(self, label: str, left: Number, right: Number) -> None:
        """State an identity."""
        self.identities.append((label, sympy.sympify(left) - sympy.sympify(right)))

    def _forward(self, fragment: Fragment, inputs: Mapping[str, Number], outside: Mapping[str, Number], pieces: Mapping[str, Piece]) -> Run:
        return forward(fragment, inputs, outside=outside, pieces=pieces)

    def _backward(self, run: Run, seeds: Mapping[str, Number], pieces: Mapping[str, Piece]) -> Gradient:
        return backward(run, seeds, pieces=pieces)

    def derivative(self, of: Callable[[Fragment], Number], fragment: Fragment, edge: Edge) -> Number:
        """sympy's derivative with respect to a weight, which must be a symbol."""
        weight = fragment.weight(*edge)
        if not isinstance(weight, sympy.Symbol):
            raise ConstructionError(f"need a symbol as the weight, got {weight}, at edge {edge!r}")
        return sympy.diff(sympy.sympify(of(fragment)), weight)

    def bit(self, name: str) -> Formula:
        """A truth value is no symbol of an identity."""
        raise ConstructionError(f"need an obligation of the solver for truth values, got an identity, at {name!r}")

    def _circuit(self, circuit: FlatCircuit, inputs: Sequence[Formula]) -> list[Formula]:
        raise ConstructionError("need an obligation of the solver for a circuit, got an identity")

    def _check_arbitrary(self, label: str, state: State) -> None:
        """An induction is refused by :meth:`show`."""

    def run(self, fragment: Fragment, inputs: Mapping[str, Number], *, label: str, outside: Any = None, on: Any = None, **rest: Any) -> Any:
        """Walk on the named pieces; that the vertices are on them is an obligation of the solver."""
        if rest:
            raise ConstructionError(f"need {' and '.join(rest)} in an obligation of the solver, got it in an identity, at {label!r}")
        return self._forward(fragment, inputs, outside or {}, dict(on or {}))

    def gradient(self, run: Any, seeds: Mapping[str, Number], *, label: str, on: Any = None, **rest: Any) -> Any:
        """Walk back on the named pieces."""
        if rest:
            raise ConstructionError(f"need {' and '.join(rest)} in an obligation of the solver, got it in an identity, at {label!r}")
        return self._backward(run, seeds, dict(on or {}))


def numerator(difference: sympy.Expr) -> sympy.Poly:
    """The numerator of a rational function as a polynomial over Q."""
    top, _ = sympy.fraction(sympy.together(difference))
    symbols = sorted(top.free_symbols, key=str)
    return sympy.Poly(top, *(symbols or [sympy.Symbol("_")]), domain="QQ")


def discharge(obligation: Obligation, of: Any) -> Discharge:
    """Prove each identity, or refute with a rational point."""
    case = IdentityCase()
    obligation.claim(of(case), case)
    if not case.identities:
        raise ConstructionError(f"need at least one identity, got none, at obligation {obligation.id}")
    results = []
    for label, difference in case.identities:
        top = numerator(difference)
        if not top.is_zero:
            point, failing = _counterexample(difference, case, obligation, of)
            if label not in failing:
                raise DisagreementError(f"{obligation.id}: sympy refutes '{label}' at {point}, the replay does not")
            results.append(FactResult(label, Verdict.REFUTED))
            return Discharge(Verdict.REFUTED, tuple(results), {}, point, tuple(failing))
        results.append(FactResult(label, Verdict.PROVED))
    _spot_check(obligation, of, case)
    return Discharge(Verdict.PROVED, tuple(results), {})


def _spot_check(obligation: Obligation, of: Any, case: IdentityCase) -> None:
    """Replay proved identities at a few points; a claim that compares symbols with numbers in Python is caught there."""
    for value in (Fraction(0), Fraction(1), Fraction(-2, 3)):
        point = dict.fromkeys(case.symbols, value)
        try:
            failing = replay(obligation.claim, of, point).failing()
        except (ArithmeticError, ConstructionError):
            continue
        if failing:
            raise DisagreementError(f"{obligation.id}: sympy proves '{failing[0]}', the replay with all variables {value} does not")


def _counterexample(
    difference: sympy.Expr, case: IdentityCase, obligation: Obligation, of: Any
) -> tuple[dict[str, Fraction], list[str]]:
    """A rational point where the sides differ and the subject can be built, with what fails there in the replay."""
    refused: ConstructionError | None = None
    for point in _points(list(case.symbols)):
        at = {case.symbols[name]: sympy.Rational(v.numerator, v.denominator) for name, v in point.items()}
        value = sympy.sympify(difference).subs(at)
        if not value.is_Rational or value == 0:
            continue
        try:
            return point, replay(obligation.claim, of, point).failing()
        except ConstructionError as error:
            refused = error
    raise refused or DisagreementError(f"{obligation.id}: no rational point found at which {difference} is not zero")


def _points(names: list[str]) -> Iterator[dict[str, Fraction]]:
    """Points off the obvious poles, in which the values rise or fall in the order of the names."""
    for shift in product(range(4), repeat=min(len(names), 5)):
        for order in (names, names[::-1]):
            yield {name: Fraction(1, 5 + 2 * i) + Fraction(shift[i] if i < len(shift) else 0, 3) for i, name in enumerate(order)}
