"""The translations mean the same: rationals, z3, our SMT-LIB text as z3 and cvc5 read it, and sympy where it has the
term."""

import importlib.util
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from constructions.foundations.evaluation import UndefinedError, value_of
from constructions.foundations.logic import every, negation
from constructions.foundations.symbols import from_sympy, to_sympy
from constructions.foundations.traversal import variables
from verify.obligations.words import WORD_RULES
from verify.provers.to_smt import script

pytestmark = pytest.mark.bounds

DATA = st.data()
MANY = settings(max_examples=200)


def drawn(data: st.DataObject, terms: Any, values: Any) -> tuple[Any, Any, Any]:
    """A term, values, and what it is worth there."""
    term, at = data.draw(terms), data.draw(values)
    try:
        return term, at, value_of(term, at, WORD_RULES)
    except UndefinedError:
        assume(False)
        raise


@MANY
@given(data=DATA)
def test_rational_functions_agree(data: st.DataObject, language: Any, worth: Any) -> None:
    term, at, value = drawn(data, language.rationals(3), language.values)
    assert worth(term, at) == value


@MANY
@given(data=DATA)
def test_numbers_agree(data: st.DataObject, language: Any, worth: Any) -> None:
    term, at, value = drawn(data, language.numbers(3), language.values)
    assert worth(term, at) == value


@MANY
@given(data=DATA)
def test_formulas_agree(data: st.DataObject, language: Any, worth: Any) -> None:
    term, at, value = drawn(data, language.truths(3), language.values)
    assert worth(term, at) is value


@MANY
@given(data=DATA, width=st.integers(1, 5))
def test_words_agree(data: st.DataObject, width: int, language: Any, worth: Any) -> None:
    term, at, value = drawn(data, language.words(width, 3), language.values)
    assert worth(term, at) == value


@MANY
@given(data=DATA)
def test_there_and_back_through_sympy_is_the_same_function(data: st.DataObject, language: Any) -> None:
    term, at, value = drawn(data, language.rationals(3), language.values)
    back = from_sympy(to_sympy(term), variables(term))
    assert value_of(back, at) == value


@pytest.mark.skipif(importlib.util.find_spec("cvc5") is None, reason="cvc5 is not installed")
@settings(max_examples=100)
@given(data=DATA)
def test_cvc5_reads_the_same_formula(data: st.DataObject, language: Any) -> None:
    cvc5 = pytest.importorskip("cvc5")
    term, at, value = drawn(data, language.truths(3), language.values)
    fixed = [found == at[name] for name, found in variables(term).items()]
    right = term if value else negation(term)
    for question, answer in ((every(*fixed, right), "sat"), (every(*fixed, negation(right)), "unsat")):
        solver = cvc5.Solver()
        parser = cvc5.InputParser(solver)
        parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, script(question), "a formula")
        symbols, said = parser.getSymbolManager(), []
        while not (command := parser.nextCommand()).isNull():
            said.append(str(command.invoke(solver, symbols)).strip())
        assert [text for text in said if text] == [answer]
