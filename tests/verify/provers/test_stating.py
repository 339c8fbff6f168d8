"""How a claim is stated: it reads its subject, names nothing inexact, and its circuits and variables are terms."""

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import partial, wraps
from itertools import product
from math import comb, sqrt
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import sympy
import z3

from constructions.errors import ConstructionError
from constructions.foundations.refusals import LanguageError
from constructions.foundations.terms import TRUTH, at_least, variable
from verify.discharge.one import examine
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, nothing
from verify.obligations.verdict import Verdict
from verify.provers.by_z3 import SolverCase, build
from verify.provers.stated_case import circuit_formulas
from verify.provers.stating import check_claim, foreign_in, reads_first_argument

pytestmark = pytest.mark.bounds

HALF = 0.5
P, Q, R = (variable(name, TRUTH) for name in "pqr")


def of(claim: Any, *, twin: bool = True, kind: str = "solver") -> Obligation:
    """An obligation about a number, or about nothing."""
    if isinstance(claim, type(of)):
        claim.__doc__ = "A claim."
    if twin:
        return Obligation(id="t", paper="t", claim=claim, of=lambda case: 1, twin=lambda case: 2, kind=kind)
    return Obligation(id="t", paper="t", claim=claim, of=nothing, expect=Verdict.REFUTED, kind=kind)


def refused(claim: Any, words: str, **options: Any) -> None:
    """The claim is refused with these words when it is checked."""
    with pytest.raises(ConstructionError, match=words):
        check_claim(of(claim, **options))


READING: list[Callable[..., Any]] = [
    lambda graph, case: graph,
    lambda graph, case: case.show("f", graph == 1),
    lambda graph, case: [graph for _ in range(2)],
    lambda graph, case: (lambda: graph)(),
    lambda graph, case: partial(print, graph),
    lambda *graph: graph,
    lambda graph, case: (case, graph),
]
NOT_READING: list[Callable[..., Any]] = [
    lambda graph, case: case,
    lambda graph, case: case.show("graph", True),
    lambda graph, case: (lambda graph: graph)(case),
    lambda graph, case: case.graph,
    lambda _, case: case.real("x"),
]


@pytest.mark.parametrize("claim", READING)
def test_a_claim_that_reads_its_subject_is_seen_to(claim: Any) -> None:
    assert reads_first_argument(claim)


@pytest.mark.parametrize("claim", NOT_READING)
def test_a_claim_that_never_does_is_refused_unless_it_is_about_nothing(claim: Any) -> None:
    assert not reads_first_argument(claim)
    refused(claim, "need a claim that reads its subject, got one that never does, at obligation t")
    check_claim(of(claim, twin=False))


class Spoken:
    """An object that can be called as a claim."""

    __doc__ = "A claim."

    def __call__(self, graph: Any, case: Case) -> None:
        """A claim."""
        case.show("f", True)

    def reads(self, graph: Any, case: Case) -> None:
        """A claim."""
        case.show("f", graph == 1)

    def silent(self, graph: Any, case: Case) -> None:
        """A claim."""
        case.show("f", True)


def test_methods_objects_and_partial_functions_are_looked_into() -> None:
    assert reads_first_argument(Spoken().reads)
    assert not reads_first_argument(Spoken().silent)
    assert not reads_first_argument(Spoken())
    assert reads_first_argument(partial(lambda more, graph, case: graph, 1))
    assert not reads_first_argument(partial(lambda more, graph, case: more, 1))
    assert reads_first_argument(len)


def helper(x: Any) -> Any:
    """A function of the same file that uses floats."""
    return x * 0.5


def innocent(x: Any) -> Any:
    """One that does not."""
    return x * Fraction(1, 2) + comb(3, 2) + math.gcd(4, 6)


def loud(claim: Callable[..., None]) -> Callable[..., None]:
    """A decorator that compares floats beside the claim."""

    @wraps(claim)
    def inner(graph: Any, case: Case) -> None:
        claim(graph, case)
        case.show("floats", 0.1 + 0.2 > 0.3)

    return inner


@loud
def wrapped(graph: Any, case: Case) -> None:
    """A claim."""
    case.show("f", graph == 1)


def chain(graph: Any, case: Case) -> None:
    """A claim that hides a float two functions away."""
    case.show("f", (lambda: helper(graph))() == 1)


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        (lambda g, case: g * 0.5, r"the float 0\.5"),
        (lambda g, case: g in (1, 0.25), r"the float 0\.25"),
        (lambda g, case: g * 1j, "the complex 1j"),
        (lambda g, case: [g for _ in (1,) if _ > 0.5], r"the float 0\.5"),
        (lambda g, case: float(g), "'float'"),
        (lambda g, case: complex(g), "'complex'"),
        (lambda g, case: np.int64(g), "'np'"),
        (lambda g, case: z3.Real("x") + g, "'z3'"),
        (lambda g, case: Decimal(g), "'Decimal'"),
        (lambda g, case: sympy.sqrt(g), "'sympy'"),
        (lambda g, case: sqrt(g), "'sqrt'"),
        (lambda g, case: math.sqrt(g), r"'math\.sqrt'"),
        (lambda g, case: g < math.pi, r"'math\.pi'"),
        (chain, r"the float 0\.5"),
        (wrapped, r"the float 0\.3.*"),
        (partial(lambda x, g, case: g + 0.5, 1), r"the float 0\.5"),
    ],
)
def test_what_a_claim_names_of_floats_and_foreign_libraries_is_refused(claim: Any, words: str) -> None:
    if isinstance(claim, partial):
        claim.__doc__ = "A claim."
    refused(claim, rf"need claims in exact numbers and terms, got {words} in the code of a claim, at obligation t")


def test_an_import_inside_a_claim_is_seen() -> None:
    def claim(graph: Any, case: Case) -> None:
        import numpy

        case.show("f", bool(numpy.int64(graph) == 1))

    refused(claim, "'numpy' in the code of a claim")


def test_a_foreign_object_that_a_claim_closes_over_is_seen() -> None:
    def over(hidden: Any) -> Callable[[Any, Any], None]:
        def claim(graph: Any, case: Case) -> None:
            case.show("f", graph == hidden)

        return claim

    for value in (np.int64(3), np.array([1]), z3.Real("x"), Decimal(1), np.float64):
        refused(over(value), "'hidden' in the code of a claim")


def test_exact_helpers_terms_and_sympy_in_an_enumeration_are_fine() -> None:
    term = variable("x", TRUTH)
    check_claim(of(lambda g, case: (innocent(g), term)))
    check_claim(of(lambda g, case: sympy.binomial(g, 2), kind="enumeration"))
    assert foreign_in(len, {"numpy"}) is None and HALF


def test_a_subject_states_no_facts() -> None:
    def subject(case: Case) -> int:
        case.show("sneaked in", True)
        return 1

    claim = of(lambda g, case: case.show("f", g == 1)).claim
    with pytest.raises(
        ConstructionError, match="need facts stated by the claim, got one from what builds its subject, at obligation t"
    ):
        build(Obligation(id="t", paper="t", claim=claim, of=subject, twin=subject), subject)


def test_a_subject_may_ask_for_variables_and_assume() -> None:
    def subject(case: Case) -> Any:
        x = case.real("x")
        case.assume(x > 0)
        return x

    stated = Obligation(
        id="t",
        paper="t",
        claim=of(lambda x, case: case.show("f", x >= 0)).claim,
        of=subject,
        twin=lambda case: case.real("x"),
    )
    assert (
        examine(stated, stated.of).verdict is Verdict.PROVED and examine(stated, stated.twin).verdict is Verdict.REFUTED
    )


def test_a_refusal_that_the_claim_catches_counts() -> None:
    def claim(graph: Any, case: Case) -> None:
        x = case.real("x")
        try:
            flag = bool(x > graph)
        except ConstructionError:
            flag = True
        case.show("f", flag)

    with pytest.raises(LanguageError, match="got x > 1 as a Python truth value"):
        examine(of(claim), lambda case: 1)


def test_variables_come_from_the_case() -> None:
    smuggled = variable("x", TRUTH)
    with pytest.raises(
        ConstructionError, match="need variables that are asked of the case, got another 'x', at obligation t"
    ):
        examine(of(lambda g, case: case.show("f", smuggled == (g == 1))), lambda case: 1)
    with pytest.raises(ConstructionError, match="got another 'x'"):
        examine(of(lambda g, case: (case.real("x"), case.show("f", smuggled == (g == 1)))), lambda case: 1)


GATES: dict[str, tuple[int, int, Callable[[bool, bool, bool], bool]]] = {
    "and": (2, 2, lambda p, q, r: p and q),
    "or": (1, 2, lambda p, q, r: p or q),
    "at least two": (2, 3, lambda p, q, r: p + q + r >= 2),
    "never": (4, 3, lambda p, q, r: False),
    "always": (0, 3, lambda p, q, r: True),
}


@pytest.mark.parametrize("name", GATES)
def test_a_gate_is_a_formula_over_its_operands(name: str, worth: Any) -> None:
    needs, count, meant = GATES[name]
    gate: Any = SimpleNamespace(gates=[(needs, (0, 2, 4)[:count]), (needs, (1, 3, 5)[:count])])
    for bits in product((False, True), repeat=3):
        at = dict(zip("pqr", bits, strict=True))
        for given in product(*((operand, at[operand.data[0]]) for operand in (P, Q, R))):
            found = circuit_formulas(gate, given)
            assert worth(found[3], at) is bool(meant(*bits))
            assert worth(found[4], at) is bool(meant(*(not bit for bit in bits)))


def test_a_gate_over_settled_operands_is_settled_or_smaller() -> None:
    gate: Any = SimpleNamespace(gates=[(2, (0, 2, 4))])
    assert circuit_formulas(gate, (True, True, P))[3] is True
    assert circuit_formulas(gate, (False, False, P))[3] is False
    assert circuit_formulas(gate, (False, P, Q))[3].op == "and" and circuit_formulas(gate, (True, P, Q))[3].op == "or"
    assert circuit_formulas(gate, (P, Q, R))[3] is at_least(2, [P, Q, R])


def test_a_symbolic_derivative_is_for_identities() -> None:
    with pytest.raises(ConstructionError, match="kind 'identity' for a symbolic derivative, got a solver's, at edge"):
        SolverCase().derivative(lambda fragment: Fraction(0), None, ("x", "y"))  # type: ignore[arg-type]
