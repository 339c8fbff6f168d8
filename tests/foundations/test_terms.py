"""Terms: one object for each structure, nothing that changes, no recursion, text that can be printed."""

import copy
import gc
import pickle
import weakref
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constructions.errors import ConstructionError
from constructions.foundations import rendering, terms
from constructions.foundations.evaluation import UndefinedError, value_of
from constructions.foundations.logic import every, implies, negation, select, some
from constructions.foundations.refusals import LanguageError, described
from constructions.foundations.rendering import render
from constructions.foundations.terms import (
    INTEGER,
    REAL,
    TRUTH,
    RealTerm,
    Term,
    TruthTerm,
    at_least,
    deciding,
    floor,
    formula,
    node,
    number,
    opposite,
    variable,
)
from constructions.foundations.traversal import nodes, substituted, variables
from verify.obligations.words import WORD_RULES

pytestmark = pytest.mark.bounds

X, Y, N = variable("x", REAL), variable("y", REAL), variable("n", INTEGER)
P, Q = variable("p", TRUTH), variable("q", TRUTH)
DEEP = 20_000


def spelled(term: Term) -> Any:
    """The structure of a term as nested tuples, read off its parts and nothing else."""
    return (type(term).__name__, term.op, term.data, *(spelled(part) for part in term.args))


@settings(max_examples=100)
@given(data=st.data())
def test_two_terms_are_one_object_if_and_only_if_they_are_built_alike(data: st.DataObject, language: Any) -> None:
    for kind in (language.numbers, language.truths):
        first, second = data.draw(kind(3)), data.draw(kind(3))
        assert (first is second) is (spelled(first) == spelled(second))
        again = rebuilt(first)
        assert again is first and hash(again) == hash(first)


def rebuilt(term: Term) -> Term:
    """The same structure, built anew from the leaves."""
    built: Term = node(type(term), term.op, tuple(rebuilt(part) for part in term.args), term.data)
    return built


@given(data=st.data())
def test_no_two_structures_that_differ_are_one_object(data: st.DataObject, language: Any) -> None:
    parts = list(nodes(data.draw(language.truths(3)), data.draw(language.numbers(3))))
    spellings = {repr(spelled(part)) for part in parts}
    assert len(spellings) == len({id(part) for part in parts}) == len(parts)


def test_leaves_that_look_alike_differ() -> None:
    leaves = [
        variable("x", REAL),
        variable("x", INTEGER),
        variable("x", TRUTH),
        variable("1", REAL),
        number(1),
        number(0),
        number(-1),
        number(Fraction(1, 2)),
        formula(True),
        formula(False),
        variable("true", TRUTH),
        variable("X", REAL),
        variable("x ", REAL),
    ]
    assert len({id(leaf) for leaf in leaves}) == len(leaves)
    assert number(2) is number(Fraction(4, 2)) is number(Fraction(2))


def test_operands_are_not_exchanged() -> None:
    makes: tuple[Callable[[Any, Any], Any], ...] = (
        lambda a, b: a - b,
        lambda a, b: a / b,
        lambda a, b: a < b,
        lambda a, b: a + b,
        lambda a, b: every(a > 0, b > 0),
    )
    for make in makes:
        assert make(X, Y) is make(X, Y) and make(X, Y) is not make(Y, X)
    assert (X < Y) is not (Y > X) and (X - Y) - N is not X - (Y - N)
    assert at_least(1, [P, Q]) is not at_least(2, [P, Q]) and at_least(1, [P, Q]) is not some(P, Q)


def test_a_term_that_nobody_holds_is_forgotten_and_its_place_is_not_confused() -> None:
    known = len(terms._KNOWN)
    for i in range(1, 2000):
        made = (X + i) * variable(f"t{i}", REAL)
        assert made.args[1].data == (f"t{i}", REAL) and made.args[0].args[1].data == i
    gone = weakref.ref(made)
    del made
    gc.collect()
    assert gone() is None and len(terms._KNOWN) <= known + 10


@given(data=st.data())
def test_copies_and_pickles_of_a_term_are_the_term(data: st.DataObject, language: Any) -> None:
    for term in (data.draw(language.numbers(3)), data.draw(language.truths(3))):
        assert copy.copy(term) is term and copy.deepcopy(term) is term and copy.deepcopy([term])[0] is term
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
            assert pickle.loads(pickle.dumps(term, protocol)) is term


@pytest.mark.parametrize("term", [X, X + 1, P, every(P, Q), number(1)], ids=str)
def test_a_term_cannot_be_changed_made_empty_or_given_more(term: Term) -> None:
    before = spelled(term)
    for name in ("op", "args", "data", "integral", "new"):
        with pytest.raises(ConstructionError, match=f"^need a new term, got an assignment to '{name}' of "):
            setattr(term, name, None)
        with pytest.raises(ConstructionError, match=f"^need a new term, got a deletion of '{name}' of "):
            delattr(term, name)
    assert spelled(term) == before and isinstance(term.args, tuple) and not hasattr(term, "__dict__")
    for kind in (Term, RealTerm, TruthTerm):
        with pytest.raises(
            ConstructionError, match="need terms from variables, constants and operators, got a bare term"
        ):
            kind()


def test_constants_are_folded_and_what_changes_nothing_is_left_out() -> None:
    assert number(2) + 3 is number(5) and number(3) / 2 is number(Fraction(3, 2)) and -number(3) is number(-3)
    assert X + 0 is 0 + X is X - 0 is X * 1 is 1 * X is X / 1 is +X is X**1 is X and -(-X) is X  # noqa: B002
    assert X**0 is number(1) and X**2 is X * X and floor(N) is N and floor(number(Fraction(-1, 2))) is number(-1)
    assert 0 - X is not X and 1 / X is not X


@pytest.mark.parametrize("exponent", [65, -65, 0.5, Fraction(2), True, "2", X, None])
def test_a_power_is_a_whole_one_of_modest_size(exponent: Any) -> None:
    with pytest.raises(LanguageError, match="need a whole exponent"):
        X**exponent
    with pytest.raises(LanguageError, match="need a whole exponent"):
        2**X


@pytest.mark.parametrize(
    "divide", [lambda: X / 0, lambda: X // 0, lambda: X % 0, lambda: 1 / number(0), lambda: X / Fraction(0)]
)
def test_a_division_by_nought_is_refused(divide: Callable[[], Any]) -> None:
    with pytest.raises(LanguageError, match="need a divisor other than 0"):
        divide()


@given(data=st.data())
def test_what_is_integral_by_its_form_is_an_integer_at_every_point(data: st.DataObject, language: Any) -> None:
    term, at = data.draw(language.numbers(3)), data.draw(language.values)
    for part in nodes(term):
        if part.integral:
            with suppress(UndefinedError):
                assert value_of(part, at, WORD_RULES).denominator == 1


def test_integers_are_integral_and_quotients_are_not() -> None:
    integral = [N, number(3), N + 1, N * N - 2, -N, floor(X), select(P, N, 2), abs(N)]
    other = [X, number(Fraction(1, 2)), N + X, N / 2, N * Fraction(1, 2), select(P, N, Fraction(1, 2)), N / 1 + X]
    assert [term.integral for term in (*integral, *other)] == [True] * len(integral) + [False] * len(other)


def test_every_node_comes_once_and_after_its_parts() -> None:
    term = (X + 1) * (X + 1) - select((X + 1) > Y, X + 1, Y)
    found = list(nodes(term, X + 1, Y))
    assert len(found) == len(set(map(id, found)))
    places = {id(part): i for i, part in enumerate(found)}
    assert all(places[id(argument)] < places[id(part)] for part in found for argument in part.args)
    assert list(variables(term, N > 0)) == ["x", "y", "n"]


@given(data=st.data())
def test_substituting_is_evaluating_what_was_put_in(data: st.DataObject, language: Any) -> None:
    term, at = data.draw(language.truths(3)), data.draw(language.values)
    kinds = {
        found: language.truths(1) if isinstance(found, TruthTerm) else language.numbers(1)
        for found in variables(term).values()
    }
    put = {found: data.draw(kind) for found, kind in kinds.items()}
    try:
        inside = {found.data[0]: value_of(by, at, WORD_RULES) for found, by in put.items()}
        if all(value.denominator == 1 for name, value in inside.items() if name in ("m", "n")):
            assert value_of(substituted([term], put)[0], at, WORD_RULES) == value_of(term, inside, WORD_RULES)
    except UndefinedError:
        pass


def test_substituting_is_all_at_once_and_keeps_what_it_does_not_touch() -> None:
    first, second, third = substituted([X <= 2 * Y, Y, N + 1], {X: Y, Y: X + 1})
    assert first is (Y <= 2 * (X + 1)) and second is X + 1 and third is N + 1
    assert substituted([X + 1], {X: 3})[0] is node(RealTerm, "+", (number(3), number(1)))
    assert substituted([every(P, Q)], {P: True})[0] is node(TruthTerm, "and", (formula(True), Q))
    for by in ({X: P}, {X: True}, {X: 0.5}):
        with pytest.raises(LanguageError, match="need exact numbers"):
            substituted([X + 1], by)
    for by in ({P: X}, {P: 1}):
        with pytest.raises(LanguageError, match="need truth values or formulas"):
            substituted([every(P, Q)], by)


def deep(levels: int) -> tuple[RealTerm, TruthTerm]:
    """A number and a formula with so many levels."""
    total, chain = X, P
    for i in range(levels):
        total = total + Y if i % 2 else -total
        chain = negation(every(chain, Q))
    return total, chain


@pytest.mark.slow
def test_twenty_thousand_levels_do_not_recurse_and_are_forgotten() -> None:
    known = len(terms._KNOWN)
    total, chain = deep(DEEP)
    at: dict[str, Fraction | bool] = {"x": Fraction(1), "y": Fraction(1, 3), "p": True, "q": True}
    assert value_of(chain, at) is True
    assert abs(value_of(total, at)) == 1
    assert len(list(nodes(total))) >= DEEP and list(variables(total)) == ["x", "y"]
    assert len(render(total)) <= rendering.SHOWN + 4 and render(chain).endswith(" ...") and described(total)
    assert value_of(substituted([total], {Y: number(0)})[0], at) == 1
    assert len(terms._KNOWN) > known + DEEP
    del total, chain
    gc.collect()
    assert len(terms._KNOWN) <= known + 10


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (2 * X + Fraction(1, 2) <= N, "2*x + 1/2 <= n"),
        (X - (Y - N), "x - (y - n)"),
        (X - Y - N, "x - y - n"),
        (X / (Y * N), "x/(y*n)"),
        (X / Y * N, "x/y*n"),
        (X * (Y + 1), "x*(y + 1)"),
        (-(X + Y), "-(x + y)"),
        (-X * Y, "-x*y"),
        (X - -Y, "x - -y"),
        (X * Fraction(-1, 2), "x*(-1/2)"),
        (X / Fraction(1, 2), "x/(1/2)"),
        (number(-3), "-3"),
        (X + -3, "x + -3"),
        (every(some(P, Q), P), "(p or q) and p"),
        (some(every(P, Q), P), "p and q or p"),
        (negation(every(P, Q)), "not (p and q)"),
        (negation(P), "not p"),
        (negation(X < Y), "not (x < y)"),
        (P == Q, "p == q"),
        ((X < Y) == P, "(x < y) == p"),
        (implies(P, Q), "not p or q"),
        (select(X > 0, X, -X), "if(x > 0, x, -x)"),
        (floor(X / 2), "floor(x/2)"),
        (at_least(2, [P, Q, P]), "at least 2 of (p, q, p)"),
        (formula(True), "true"),
        (X == Y, "x == y"),
        (X != Y, "x != y"),
    ],
)
def test_a_term_prints_as_python_would_read_it(term: Term, text: str) -> None:
    assert render(term) == str(term) == repr(term) == text


@given(data=st.data())
def test_what_is_printed_has_the_value(data: st.DataObject, language: Any) -> None:
    """Python reads the text of a rational function as that function."""
    term, at = data.draw(language.rationals(3)), data.draw(language.values)
    text = render(term, 10_000)
    try:
        value = value_of(term, at)
    except UndefinedError:
        return
    assert eval(text.replace("/", "/F(1)/"), {"F": Fraction}, dict(at)) == value


def test_a_long_term_is_cut() -> None:
    assert render(sum((variable(f"a{i}", REAL) for i in range(99)), number(0)), 20) == "a0 + a1 + a2 + a3 +" + " ..."
    assert render(X + Y, 5) == "x + y" and render(X + Y, 4) == "x + ..."


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("v0'", "v0'"),
        ("a b", "a b"),
        ("\u00e9", "\u00e9"),
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\nb", "a\\nb"),
        ("\u202eabc", "\\u202eabc"),
        ("\udcff", "\\udcff"),
        ("\x00", "\\x00"),
        ("\U0001f600\x7f", "\U0001f600\\x7f"),
        ("$<&>]]>", "$<&>]]>"),
    ],
)
def test_a_name_is_printed_without_what_cannot_be_printed(name: str, shown: str) -> None:
    assert shown == str(variable(name, REAL))
    assert shown.isprintable()
    assert shown in render(variable(name, REAL) + 1) and "\x1b" not in str(variable(name, TRUTH))


@pytest.mark.parametrize(
    ("name", "kind", "message"),
    [
        ("", REAL, r"need a name, got '', at a variable"),
        (None, REAL, r"need a name, got None, at a variable"),
        (3, TRUTH, r"need a name, got 3, at a variable"),
        ("x", "float", r"need a variable of kind real, integer or truth, got 'float', at 'x'"),
    ],
)
def test_a_variable_has_a_name_and_a_kind(name: Any, kind: str, message: str) -> None:
    with pytest.raises(ConstructionError, match=f"^{message}$"):
        variable(name, kind)


def test_a_name_of_a_class_of_its_own_becomes_plain() -> None:
    class Loud(str):
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = str.__hash__

    assert type(variable(Loud("x"), REAL).data[0]) is str and variable(Loud("x"), REAL) is X


ASKING = [bool, lambda p: not p, lambda p: p and Q, lambda p: p or Q, lambda p: 1 if p else 2, lambda p: [p].index(Q)]


@pytest.mark.parametrize("ask", ASKING)
def test_a_formula_has_no_truth_value(ask: Callable[[Any], Any]) -> None:
    for mine in (P, X > 0):
        with pytest.raises(
            LanguageError, match=r"need every\(\), some\(\), negation\(\), implies\(\) or select\(\) for formulas"
        ):
            ask(mine)


def test_who_decides_answers_and_only_while_deciding() -> None:
    for answer, decide in ((True, lambda question: True), (False, lambda question: False)):
        with deciding(decide):
            assert bool(P) is bool(X > 0) is bool(X) is answer
        with pytest.raises(LanguageError):
            bool(P)


def test_a_deciding_that_breaks_ends() -> None:
    with pytest.raises(ZeroDivisionError), deciding(lambda question: bool(1 // 0)):
        bool(P)
    with pytest.raises(LanguageError):
        bool(P)


def test_formulas_are_compared_as_truth_values() -> None:
    for p, q in product((True, False), repeat=2):
        at = {"p": p, "q": q}
        assert value_of(P == Q, at) is (p is q) and value_of(P != Q, at) is (p is not q)
        assert value_of(P == True, at) is p  # noqa: E712
        assert value_of(P != True, at) is (not p)  # noqa: E712
        assert value_of(P == False, at) is (not p)  # noqa: E712
    assert opposite(opposite(P)) is P


def test_what_is_foreign_is_described_in_one_line() -> None:
    assert described(0.5) == "the float 0.5"
    assert described([1, "\n"] * 50).startswith("the list [1, ") and len(described("x" * 999)) < 80
    assert "\n" not in described("a\n b")


def test_a_sum_of_many_is_quick_to_build_and_shared_parts_are_one() -> None:
    total = number(0)
    for _ in range(200):
        total = total * total + X
    assert len(list(nodes(total))) < 500 and len(render(total)) <= rendering.SHOWN + 4


def test_at_least_of_truth_values_is_one() -> None:
    assert at_least(1, [True, False]) is True and at_least(2, [True, False]) is False and at_least(-1, []) is True
