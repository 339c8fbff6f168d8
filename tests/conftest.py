"""Hypothesis draws the same examples in every run; a slow machine is no failure. And what a term is worth, by every translation."""
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import pytest
import sympy
import z3
from hypothesis import settings

from constructions.foundations.evaluation import value_of
from constructions.foundations.logic import negation
from constructions.foundations.symbols import symbol, to_sympy
from constructions.foundations.terms import INTEGER, TRUTH, RealTerm, Term, TruthTerm, nodes, printable, variables
from verify.provers.to_smt import script
from verify.provers.to_z3 import ToZ3
from verify.words import WORD_RULES, Word, WordTerm

settings.register_profile("same twice", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("same twice")

Values = Mapping[str, Any]
Worth = Callable[[Any, Values], Any]
RATIONAL = {"constant", "variable", "+", "-", "*", "/", "neg"}


CONTEXT = z3.Context()


def by_z3(term: Term, values: Values) -> Any:
    """What z3 makes of a term's translation when the values are put in."""
    found = _put_in(ToZ3(CONTEXT).term(term), term, values)
    if z3.is_bool(found):
        assert z3.is_true(found) or z3.is_false(found)
        return z3.is_true(found)
    return Word(found.as_long(), found.size()) if z3.is_bv(found) else Fraction(found.as_fraction())


def _put_in(made: Any, term: Term, values: Values) -> Any:
    pairs = [_pair(found, values[name]) for name, found in variables(term).items()]
    return z3.simplify(z3.substitute(made, *pairs))


def _pair(found: Term, value: Any) -> tuple[Any, Any]:
    name, kind = printable(found.data[0]), found.data[1]
    if kind == TRUTH:
        return z3.Bool(name, CONTEXT), z3.BoolVal(bool(value), CONTEXT)
    if kind == INTEGER:
        return z3.Int(name, CONTEXT), z3.IntVal(int(value), CONTEXT)
    return z3.Real(name, CONTEXT), z3.RealVal(str(Fraction(value)), CONTEXT)


def by_sympy(term: RealTerm, values: Values) -> Fraction:
    """What sympy makes of a rational term's translation."""
    at = {symbol(name): sympy.Rational(Fraction(values[name]).numerator, Fraction(values[name]).denominator) for name in variables(term)}
    return Fraction(str(to_sympy(term).subs(at)))


def is_the_value_in_smt(term: Term, values: Values, value: Any) -> bool:
    """Whether z3, reading our SMT-LIB text, takes a term to have a value."""
    if isinstance(term, TruthTerm):
        right = term if value else negation(term)
    else:
        right = term == (value.value if isinstance(term, WordTerm) else value)
    (read,) = z3.parse_smt2_string(script(right), ctx=CONTEXT)
    return bool(z3.is_true(_put_in(read, term, values)))


def worth_everywhere(term: Any, values: Values) -> Any:
    """The value of a term, which is the same in rationals, by z3, by our SMT-LIB text and, where it is a rational function, by sympy."""
    value = value_of(term, values, WORD_RULES)
    if not isinstance(term, Term):
        return value
    assert by_z3(term, values) == value
    assert is_the_value_in_smt(term, values, value)
    if isinstance(term, RealTerm) and all(part.op in RATIONAL for part in nodes(term)):
        assert by_sympy(term, values) == value
    return value


@pytest.fixture(scope="session")
def worth() -> Worth:
    """What a term is worth, by every translation there is; a number or truth value is itself."""
    return worth_everywhere
