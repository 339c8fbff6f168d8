"""Hypothesis draws the same examples in every run, and a slow machine is no failure.

Random terms of the language of claims, and what a term is worth by each of its translations.

Verdicts that tests share: a claim that one test has examined need not be examined by the next. They are kept by
content, as the results of ``prove`` are, in a folder that is made for one run of the tests, empty, shared by all its
processes, and removed at its end. A test that takes part asks for ``kept_verdicts`` or ``verdict_of``; every other test
has a cache of its own, or none.
"""

import gc
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator, Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import platformdirs
import pytest
import sympy
import z3
from hypothesis import settings
from hypothesis import strategies as st

from constructions.foundations.evaluation import value_of
from constructions.foundations.logic import every, negation, select, some
from constructions.foundations.spelling import smt_name
from constructions.foundations.symbols import symbol, to_sympy
from constructions.foundations.terms import (
    INTEGER,
    REAL,
    TRUTH,
    ZERO,
    RealTerm,
    Term,
    TruthTerm,
    at_least,
    floor,
    formula,
    number,
    variable,
)
from constructions.foundations.traversal import nodes, variables
from tests.rationals import rationals
from verify.discharge.cache import Cache
from verify.discharge.one import discharge
from verify.discharge.result import Result
from verify.obligations.obligation import Obligation
from verify.obligations.words import WORD_RULES, Word, WordTerm, below, bit_of, choice, extended, signed_below, word
from verify.provers.outcome import SECONDS
from verify.provers.to_smt import script
from verify.provers.to_z3 import ToZ3

# Machine code is kept under a digest of its sources: processes that tests start, each with a cache of results of its
# own, find what others have compiled.
os.environ.setdefault("NUMBA_CACHE_DIR", os.environ.get("QUERYGRAD_CACHE") or platformdirs.user_cache_dir("querygrad"))

# Syntax trees and terms are many small objects that live long; looking through them again and again costs a tenth.
gc.set_threshold(100_000, 50, 100)

settings.register_profile("same twice", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("same twice")

TRACED = 10
"""So many times longer may a question take where each line of Python is noted, as ``make coverage`` does."""
VERDICTS = "QUERYGRAD_TEST_VERDICTS"
"""Names the folder of this run's verdicts to all its processes."""
HOUSE = "tests/house"
"""Where the rules about all sources are."""


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder of this run's verdicts, in the first of its processes, which also removes it."""
    if VERDICTS not in os.environ:
        os.environ[VERDICTS] = tempfile.mkdtemp(prefix="querygrad-verdicts-")
        config.add_cleanup(lambda: shutil.rmtree(os.environ.pop(VERDICTS), ignore_errors=True))


@pytest.hookimpl(optionalhook=True, wrapper=True)
def pytest_xdist_make_scheduler(config: pytest.Config) -> Generator[None, Any, Any]:
    """The rules of the house are tried by one process, which parses the sources once."""
    scheduler = yield
    if config.getoption("dist") == "loadscope":
        of_one_file = scheduler._split_scope
        scheduler._split_scope = lambda test: HOUSE if test.startswith(f"{HOUSE}/test_") else of_one_file(test)
    return scheduler


@pytest.fixture
def kept_verdicts(monkeypatch: pytest.MonkeyPatch) -> Path:
    """Results are kept where all tests of this run keep theirs that need not see a claim examined anew."""
    monkeypatch.setenv("QUERYGRAD_CACHE", os.environ[VERDICTS])
    return Path(os.environ[VERDICTS])


@cache
def opened(place: Path) -> Cache:
    """The cache in a folder; the digest of all sources is made once in a process."""
    opened_there = Cache.open()
    assert opened_there.place == place
    return opened_there


@pytest.fixture
def verdict_of(kept_verdicts: Path) -> Callable[[Obligation], Result]:
    """The result of an obligation of the paper, examined by this test or an earlier one of this run."""

    def found(obligation: Obligation) -> Result:
        kept, seconds = opened(kept_verdicts), SECONDS if sys.gettrace() is None else TRACED * SECONDS
        key = kept.key(obligation, seconds)
        result = kept.get(key, obligation.id)
        if result is None:
            result = discharge(obligation, seconds)
            kept.put(key, result)
        return result

    return found


@pytest.fixture
def listening() -> Iterator[None]:
    """Python's own answer to an interrupt, also where tests run in the background and ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


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
    name, kind = smt_name(found.data[0]), found.data[1]
    if kind == TRUTH:
        return z3.Bool(name, CONTEXT), z3.BoolVal(bool(value), CONTEXT)
    if kind == INTEGER:
        return z3.Int(name, CONTEXT), z3.IntVal(int(value), CONTEXT)
    return z3.Real(name, CONTEXT), z3.RealVal(str(Fraction(value)), CONTEXT)


def by_sympy(term: RealTerm, values: Values) -> Fraction:
    """What sympy makes of a rational term's translation."""
    at = {symbol(name): sympy.Rational(str(Fraction(values[name]))) for name in variables(term)}
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
    """The value of a term in rationals, which z3, our SMT-LIB text and, where it is a rational function, sympy
    confirm."""
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


REALS = [variable(name, REAL) for name in ("x", "y", "z")]
INTEGERS = [variable(name, INTEGER) for name in ("m", "n")]
TRUTHS = [variable(name, TRUTH) for name in ("p", "q", "r")]
CONSTANTS = rationals(-4, 4, 6)
WHOLE = st.integers(-4, 4)
VALUES = st.fixed_dictionaries(
    {str(x): CONSTANTS for x in REALS}
    | {str(n): WHOLE.map(Fraction) for n in INTEGERS}
    | {str(p): st.booleans() for p in TRUTHS}
)
COMPARED: list[Callable[[Any, Any], Any]] = [
    lambda a, b: a <= b,
    lambda a, b: a < b,
    lambda a, b: a >= b,
    lambda a, b: a > b,
    lambda a, b: a == b,
    lambda a, b: a != b,
]
RATIONALS: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a if b is ZERO else a / b,
    "neg": lambda a, b: -a,
    "power": lambda a, b: a**2,
}
WORDS: list[Callable[[Any, Any], Any]] = [
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: a * b,
    lambda a, b: a & b,
    lambda a, b: a | b,
    lambda a, b: a ^ b,
    lambda a, b: a << b,
    lambda a, b: a >> b,
    lambda a, b: ~a,
    lambda a, b: -a,
]


NUMBER = st.sampled_from(REALS) | st.sampled_from(INTEGERS) | CONSTANTS.map(number)
INTEGER_OR_INT = st.sampled_from(INTEGERS) | WHOLE
TRUTH_VALUE = st.sampled_from(TRUTHS) | st.booleans().map(formula)
IN_FIVE, IN_SIX = st.integers(0, 4), st.integers(0, 5)
KIND_OF_NUMBER = st.sampled_from(["rational", "if", "floor", "abs", "modulo", "whole"])
KIND_OF_TRUTH = st.sampled_from(["compared", "compared", "and", "or", "not", "iff", "at least", "word"])
KIND_OF_WORD = st.sampled_from(["word", "word", "int", "choice", "extended"])
OF_RATIONALS, OF_WORDS, COMPARISON = (st.sampled_from(rules) for rules in (list(RATIONALS.values()), WORDS, COMPARED))
MODULUS = st.sampled_from([2, Fraction(1, 2), -3])


class Language:
    """Random terms of the language of claims, of at most so many levels. Each strategy is made once: making and
    checking one takes longer than drawing from it."""

    values = VALUES

    @staticmethod
    @cache
    @st.composite
    def rationals(draw: st.DrawFn, levels: int = 3) -> Any:
        """Rational functions of the variables."""
        if not levels or draw(IN_FIVE) == 0:
            return draw(NUMBER)
        below = Language.rationals(levels - 1)
        return draw(OF_RATIONALS)(draw(below), draw(below))

    @staticmethod
    @cache
    @st.composite
    def numbers(draw: st.DrawFn, levels: int = 3) -> Any:
        """Any numbers."""
        if not levels or draw(IN_FIVE) == 0:
            return draw(Language.rationals(0))
        below = Language.numbers(levels - 1)
        kind = draw(KIND_OF_NUMBER)
        if kind == "if":
            return select(draw(Language.truths(levels - 1)), draw(below), draw(below))
        if kind == "floor":
            return floor(draw(below))
        if kind == "abs":
            return abs(draw(below))
        if kind == "modulo":
            return draw(below) % draw(MODULUS)
        if kind == "whole":
            a, b = draw(st.sampled_from(INTEGERS)), draw(INTEGER_OR_INT)
            return draw(st.sampled_from([a + b, a - b, a * b, -a, select(draw(Language.truths(0)), a, b)]))
        return draw(OF_RATIONALS)(draw(below), draw(below))

    @staticmethod
    @cache
    @st.composite
    def truths(draw: st.DrawFn, levels: int = 3) -> Any:
        """Any formulas."""
        if not levels or draw(IN_SIX) == 0:
            return draw(TRUTH_VALUE)
        below = Language.truths(levels - 1)
        kind = draw(KIND_OF_TRUTH)
        if kind == "compared":
            sides = Language.numbers(levels - 1)
            return draw(COMPARISON)(draw(sides), draw(sides))
        if kind == "word":
            return draw(Language.of_words(levels - 1))
        if kind == "not":
            return negation(draw(below))
        if kind == "iff":
            return draw(below) == draw(below)
        parts = draw(st.lists(below, min_size=1, max_size=4))
        if kind == "at least":
            return at_least(draw(st.integers(0, len(parts) + 1)), parts)
        return every(*parts) if kind == "and" else some(*parts)

    @staticmethod
    @cache
    @st.composite
    def words(draw: st.DrawFn, width: int, levels: int = 2) -> Any:
        """Words of a width."""
        if not levels or draw(IN_FIVE) == 0:
            bits = draw(st.lists(Language.truths(0), min_size=width, max_size=width))
            return word([TRUTHS[0], *bits][:width])
        below = Language.words(width, levels - 1)
        kind = draw(KIND_OF_WORD)
        if kind == "choice":
            return choice(draw(Language.truths(levels - 1)), draw(below), draw(below | st.integers(-9, 9)))
        if kind == "int":
            return draw(OF_WORDS)(draw(below), draw(st.integers(0, 9)))
        if kind == "extended" and width > 1:
            short = draw(st.integers(1, width))
            return extended(draw(Language.words(short, levels - 1)), width, signed=draw(st.booleans()))
        return draw(OF_WORDS)(draw(below), draw(below))

    @staticmethod
    @cache
    @st.composite
    def of_words(draw: st.DrawFn, levels: int = 2) -> Any:
        """Formulas about words."""
        width = draw(st.integers(1, 4))
        a, b = draw(Language.words(width, levels)), draw(Language.words(width, levels))
        bit = bit_of(a, draw(st.integers(0, width - 1)))
        return draw(st.sampled_from([a == b, a != b, below(a, b), signed_below(a, b), bit, below(a, 2)]))


@pytest.fixture(scope="session")
def language() -> type[Language]:
    """Random terms."""
    return Language
