"""The parts of the judge against those of this project, which share no code: meaning, keys, questions, polynomials."""

from fractions import Fraction
from random import Random
from typing import Any

import pytest

from constructions.errors import ConstructionError
from constructions.foundations.evaluation import defined, value_of
from constructions.foundations.functions import Function
from constructions.foundations.logic import every, negation, select, some
from constructions.foundations.terms import INTEGER, REAL, TRUTH, Term, at_least, floor, formula, variable
from constructions.foundations.traversal import nodes
from verify.judge.instances import Giving, Made, functions_of, renamed
from verify.judge.meaning import NoValueError, Values, where_defined
from verify.judge.polynomials import equal_everywhere, quotient_of
from verify.judge.principles import PRINCIPLES as STATED
from verify.judge.principles import stated
from verify.judge.reading import MalformedError, RefusedError, json_object, rational
from verify.judge.smt import question
from verify.judge.statements import Statement
from verify.judge.terms import Node, Terms, infix, names_in
from verify.obligations.principles import PRINCIPLES
from verify.obligations.words import WORD_RULES, below, bit_of, choice, extended, signed_below, word
from verify.provers.to_smt import script
from verify.store.content import Statement as OurStatement
from verify.store.rules import Store

X, Y, N, M = variable("x", REAL), variable("a|b %", REAL), variable("n", INTEGER), variable("m", INTEGER)
P, Q = variable("p", TRUTH), variable("true", TRUTH)
F = Function("f", (REAL, INTEGER), REAL)
G = Function("g", (REAL,), TRUTH)
H = Function("h", (INTEGER,), INTEGER)


def number(source: Random, depth: int) -> Any:
    """A random number term."""
    if depth == 0:
        return source.choice((X, Y, N, M, Fraction(source.randint(-3, 3), source.choice((1, 2))) + 0 * N))
    a, b = number(source, depth - 1), number(source, depth - 1)
    made = source.randrange(9)
    if made < 4:
        return (a + b, a - b, a * b, a / (b * b + 1))[made]
    if made == 4:
        return -a
    if made == 5:
        return floor(a)
    if made == 6:
        return select(truth(source, depth - 1), a, b)
    return F(a, source.choice((N, N + M))) if made == 7 else H(N - M) + a


def truth(source: Random, depth: int) -> Any:
    """A random formula."""
    if depth == 0:
        return source.choice((P, Q, N < M, X >= 0, G(X)))
    made = source.randrange(9)
    a, b = number(source, depth - 1), number(source, depth - 1)
    p, q = truth(source, depth - 1), truth(source, depth - 1)
    if made < 4:
        return (a < b, a >= b, a == b, a != b)[made]
    return (every(p, q), some(p, q), negation(p), p == q, at_least(1, [p, q]))[made - 4]


def of_words(source: Random) -> Any:
    """A random formula about words of bits."""
    a, b = word([P, Q, P]), word([Q, negation(P), P])
    for _ in range(3):
        a, b = source.choice((a + b, a - b, a * b, a & b, a | b, a ^ b, a << b, a >> b, ~a, -a, a + 3)), a
    a = choice(P, a, b)
    wide = extended(a, 5, signed=source.random() < 0.5)
    return source.choice((below(a, b), signed_below(a, b), a == b, bit_of(wide, 4), wide == 7))


def moved(term: Term, table: Terms) -> Node:
    """A term of this project as one of the judge's."""
    made: dict[int, Node] = {}
    for part in nodes(term):
        made[id(part)] = table.make(part.op, part.data, [made[id(argument)] for argument in part.args])
    return made[id(term)]


def formulas(count: int, seed: int) -> list[Any]:
    source = Random(seed)
    found = [truth(source, 3) for _ in range(count)] + [of_words(source) for _ in range(count // 3)]
    return [each for each in found if isinstance(each, Term)]


def test_a_question_is_the_same_text_from_both_writers() -> None:
    table = Terms()
    for each in formulas(120, 1):
        assert question(moved(each, table)) == script(each)


def test_a_key_is_the_same_from_both() -> None:
    table = Terms()
    for each in formulas(60, 2):
        ours = OurStatement((("a fact", formula(True), each),), "a case")
        assert Statement((("a fact", table.make("true"), moved(each, table)),), "a case").key == ours.digest


def test_a_formula_means_the_same_to_both() -> None:
    table, source = Terms(), Random(3)
    worth = []
    for each in formulas(150, 3):
        values = {name: Fraction(source.randint(-2, 2), source.choice((1, 3))) for name in ("x", "a|b %")}
        values |= {"n": Fraction(source.randint(-2, 2)), "m": Fraction(source.randint(-2, 2))}
        values |= {"p": Fraction(source.randrange(2)), "true": Fraction(source.randrange(2))}
        values |= {f"h({i})": Fraction(i % 3) for i in range(-4, 5)} | {f"g({values['x']})": Fraction(1)}
        worth.append(value_of(each, values, WORD_RULES))
        assert Values(values).of(moved(each, table)) is worth[-1]
    assert {True, False} <= set(worth)


def test_where_a_formula_has_a_value_is_the_same_to_both() -> None:
    table = Terms()
    parts = (X / Y > 0, some(X == 0, Y / X > 1), every(N != 0, X / N > 0), select(P, 1 / X, X) > 0, X / 2 > 0)
    for each in parts:
        found = defined(each)
        mine = where_defined(moved(each, table), table)
        assert (mine is True) if found is True else (mine is moved(found, table))


def test_a_value_that_is_none_is_refused() -> None:
    table = Terms()
    cases: tuple[tuple[Any, dict[str, Fraction]], ...] = (
        (1 / X, {"x": Fraction(0)}),
        (N + 0 * X, {"n": Fraction(1, 2), "x": Fraction(0)}),
        (X + 1, {}),
    )
    for each, values in cases:
        with pytest.raises(NoValueError):
            Values(values).of(moved(each, table))
        with pytest.raises((ConstructionError, ZeroDivisionError)):
            value_of(each, values)


@pytest.mark.parametrize("name", PRINCIPLES)
def test_the_judge_states_each_principle_as_it_is(name: str) -> None:
    assert stated(name, Terms()).key == Store().principle(name).key
    assert set(STATED) == set(PRINCIPLES)


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ((X + Y) ** 3, X**3 + 3 * X**2 * Y + 3 * X * Y**2 + Y**3, True),
        ((X + Y) ** 3, X**3 + 3 * X**2 * Y + 3 * X * Y**2, False),
        (1 / (1 / X + 1 / Y), X * Y / (X + Y), True),
        (X / Y, Y / X, False),
        (X / 2 - X / 3, X / 6, True),
        (-(X - Y), Y - X, True),
    ],
)
def test_rational_functions_are_told_apart(left: Any, right: Any, same: bool) -> None:
    table = Terms()
    assert equal_everywhere(moved(left, table), moved(right, table)) is same


def test_what_is_no_rational_function_is_refused() -> None:
    table = Terms()
    for each in (floor(X), 1 / (X - X), select(P, X, Y)):
        with pytest.raises(RefusedError):
            quotient_of(moved(each, table))


BAD_TERMS: tuple[tuple[str, Any, str], ...] = (
    ("+", None, "pp"),
    ("and", None, "p"),
    ("and", None, "px"),
    ("not", None, "x"),
    ("<", 3, "xx"),
    ("if", None, "xxx"),
    ("variable", ("y", "complex"), ""),
    ("variable", ("y", "real"), "x"),
    ("constant", 3, ""),
    ("apply", ("f", ("integer",), "real"), "x"),
    ("apply", ("f", (), "real"), ""),
    ("apply", ("f", ("real", "real"), "real"), "x"),
    ("word+", 3, "ww"),
    ("word", 3, "pp"),
    ("word#", (8, 3), ""),
    ("bit", 2, "w"),
    ("extended", 1, "w"),
    ("word if", 2, "xww"),
    ("implies", None, "pp"),
    ("true", 1, ""),
)


@pytest.mark.parametrize(("op", "of", "args"), BAD_TERMS)
def test_a_term_that_does_not_fit_is_malformed(op: str, of: Any, args: str) -> None:
    table = Terms()
    p = table.variable("p", "truth")
    parts = {"p": p, "x": table.variable("x", "real"), "w": table.make("word", 2, (p, p))}
    with pytest.raises(MalformedError):
        table.make(op, of, [parts[each] for each in args])


def test_one_name_of_two_things_is_malformed() -> None:
    table = Terms()
    x, n = table.variable("x", "real"), table.variable("x", "integer")
    f = table.make("apply", ("x", ("real",), "real"), (x,))
    for terms in ([x, n], [f]):
        with pytest.raises(MalformedError):
            names_in(terms)


def test_what_is_given_must_be_of_its_kind() -> None:
    table = Terms()
    n, x, p = table.variable("n", "integer"), table.variable("x", "real"), table.variable("p", "truth")
    half = table.make("/", None, (n, table.make("constant", Fraction(2))))
    f = table.make("apply", ("f", ("real",), "real"), (x,))
    word_ = table.make("apply", ("meant: mean", ("real",), "real"), (x,))
    made = Made((x,), p)
    for given in ({"n": half}, {"x": p}, {"z": x}, {"f": made}, {"f": Made((p,), x)}, {"meant: mean": "f"}, {"f": x}):
        with pytest.raises(RefusedError):
            Giving(table, [n, x, f, word_], given, "a test")
    good = Giving(table, [n, f], {"n": table.make("floor", None, (half,)), "f": "g"}, "a test")
    assert good.said(f).data[0] == "g" and good.said(n).op == "floor"


def test_functions_in_the_name_of_what_is_reached_go_with_them() -> None:
    name = "reached: a, over the steps of ['f', \"it's\"]"
    assert functions_of(name) == ["f", "it's"]
    assert renamed(name, {"f": "g"}) == "reached: a, over the steps of ['g', \"it's\"]"
    for bad in ("reached: a of [x]", "reached: a of ['f'] of ['g']", "reached: a of []", "reached: a of ['f', ]"):
        with pytest.raises(RefusedError):
            functions_of(bad)
    with pytest.raises(RefusedError):
        renamed(name, {"f": Made((), Terms().make("true"))})


def test_what_people_read_has_brackets_where_they_are_needed() -> None:
    table = Terms()
    said = ((X + 1) * (X - (Y - N)) <= -X, negation(every(P, some(Q, X != 0))), Fraction(-1, 2) >= (X / 2) / (N / 3))
    assert [infix(moved(each, table)) for each in said] == [
        "(x + 1) * (x - (a|b % - n)) <= -(x)",
        "not (p and (true or x != 0))",
        "(x / 2) / (n / 3) <= -1/2",
    ]
    assert infix(moved(said[0], table), 5).endswith(" ...")


@pytest.mark.parametrize("data", [b"[]", b"{", b'{"a": 1.5}', b'{"a": 1, "a": 2}', b'{"a": NaN}', b"\xff", b"[" * 9999])
def test_json_that_is_not_plain_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedError):
        json_object(data, "a test")


@pytest.mark.parametrize("text", ["", "1/0", "2/4", "01", "-0", "1.5", "1e3", " 1", "1/-2", 3, None])
def test_a_rational_is_written_in_one_way(text: Any) -> None:
    with pytest.raises(MalformedError):
        rational(text, "a test")
