"""querygrad lowerbound against methods of users' own that do what no method should: one clear line each."""

from pathlib import Path

import pytest

from verify.commands.main import main

MINE = """
import sys
from fractions import Fraction
import numpy
from itertools import count
from constructions.learning.models import BSQ, SQ, PAC, QueryMethod, SampleMethod
AT_ONCE = None
def spoilt(value):
    def give(*arguments):
        if isinstance(value, str) and value.startswith("!"):
            exec(value[1:])
        return value
    return give
def method(n=2, k=1, p=1, tau=Fraction(1, 8), r=0, **parts):
    given = dict(
        start=lambda bits: (),
        query=lambda state: lambda x, y: (y,) * p,
        after=lambda state, answers: state,
        predictor=lambda state: lambda x: 0)
    return QueryMethod(n=n, budget=SQ(k=k, tau=tau, p=p, r=r), **given | parts)
def asks(values): return method(query=lambda state: spoilt(values))
def predicts(value): return method(predictor=lambda state: spoilt(value))
"""
NAN = "float('nan')"


def said_of(body: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str, str]:
    """The exit code of a game against what a file calls ``mine``, and what is printed."""
    file = tmp_path / "mine.py"
    file.write_text(f"{MINE}{body}\n", encoding="utf-8")
    code = main(["lowerbound", f"{file}:mine", "--quiet", *more])
    found = capsys.readouterr()
    return code, found.out, found.err


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("raise ValueError('no file')", "ValueError: no file"),
        ("sys.exit(0)", "SystemExit: 0"),
        ("sys.exit()", "SystemExit"),
        ("mine = (", "need a Python file that can be read, got '(' was never closed"),
        ("", "need a name defined in the file, got 'mine'"),
        ("mine = 3", "need a QueryMethod, got a int"),
        ("mine = None", "need a QueryMethod, got a NoneType"),
        ("mine = QueryMethod", "need a function that builds a method"),
        ("mine = spoilt('!sys.exit(3)')", "need a function that builds a method from nothing, got SystemExit: 3"),
        ("def mine(): raise KeyError('x')", "need a function that builds a method from nothing, got KeyError"),
        ("def mine(): return mine()", "got RecursionError"),
        ("def mine(size): return method()", "missing 1 required positional argument"),
        ("mine = SampleMethod(n=2, budget=PAC(m=1), learn=None)", "got one that draws samples"),
        ("mine = method(n=2.0)", "n"),
        ("mine = method(n='2')", "n"),
        ("mine = method(n=-1)", "n"),
        ("mine = method(n=17)", "need at most 16 bits"),
        ("mine = method(tau=0.125)", "need an exact number"),
        ("mine = method(tau=None)", "tau"),
        ("mine = method(tau=Fraction(-1, 8))", "tau"),
        ("mine = method(k=-1)", "k"),
        ("mine = method(k='1')", "k"),
        ("mine = method(k=10**9)", "need at most"),
        ("mine = method(p=10**9)", "need at most"),
        ("mine = method(r=10**9)", "need at most"),
        ("mine = method(start=spoilt('!1/0'))", "need a function that runs (start), got ZeroDivisionError"),
        ("mine = method(start=spoilt('!sys.exit(1)'))", "need a function that runs (start), got SystemExit: 1"),
        ("mine = method(start=None)", "need a function that runs (start), got TypeError"),
        ("mine = method(query=spoilt('!1/0'))", "need a function that runs (query), got ZeroDivisionError"),
        ("mine = method(query=spoilt('!sys.exit(1)'))", "need a function that runs (query), got SystemExit: 1"),
        ("mine = method(query=spoilt(None))", "need a function that answers at a point (query), got TypeError"),
        ("mine = method(query=spoilt((1,)))", "need a function that answers at a point (query), got TypeError"),
        ("mine = asks('!1/0')", "need a function that answers at a point (query), got ZeroDivisionError"),
        ("mine = asks('!sys.exit(1)')", "need a function that answers at a point (query), got SystemExit: 1"),
        ("mine = asks('!raise GeneratorExit')", "need a function that answers at a point (query), got GeneratorExit"),
        ("mine = asks(None)", "got TypeError: 'NoneType' object is not iterable"),
        ("mine = asks(1)", "got TypeError: 'int' object is not iterable"),
        ("mine = asks('yes')", "need a rational written p/q, got 'y', at query 0"),
        ("mine = asks((0.5,))", "need an exact number"),
        (f"mine = asks(({NAN},))", "need an exact number"),
        ("mine = asks((None,))", "need an exact number"),
        ("mine = asks(((1,),))", "need an exact number"),
        ("mine = asks(())", "need 1 values in [-1, 1]"),
        ("mine = asks((0, 0))", "need 1 values in [-1, 1]"),
        ("mine = asks(count())", "need 1 values in [-1, 1]"),
        ("mine = asks((Fraction(9, 8),))", "need 1 values in [-1, 1], got ['9/8']"),
        ("mine = asks((-2,))", "need 1 values in [-1, 1], got ['-2']"),
        ("mine = asks((10**5000,))", "need numbers of at most 300 digits"),
        ("mine = asks((numpy.float64(0.5),))", "need an exact number"),
        ("mine = asks(numpy.array([numpy.nan]))", "need an exact number"),
        ("mine = asks(numpy.array([1]))", "need an exact number"),
        ("mine = asks([True])", "need an exact number"),
        ("mine = predicts(numpy.int8(1))", "need an exact number"),
        ("mine = method(after=spoilt('!1/0'))", "need a function that runs (after), got ZeroDivisionError"),
        ("mine = method(after=spoilt('!sys.exit(1)'))", "need a function that runs (after), got SystemExit: 1"),
        ("mine = method(predictor=spoilt('!1/0'))", "need a function that runs (predictor), got ZeroDivisionError"),
        ("mine = method(predictor=spoilt(None))", "need a function that predicts, got TypeError"),
        ("mine = predicts('!1/0')", "need a function that predicts, got ZeroDivisionError"),
        ("mine = predicts('!sys.exit(1)')", "need a function that predicts, got SystemExit: 1"),
        ("mine = predicts(0.5)", "need an exact number"),
        (f"mine = predicts({NAN})", "need an exact number"),
        ("mine = predicts(None)", "need an exact number"),
        ("mine = predicts('no')", "need a rational written p/q, got 'no', at the prediction at (0, 0)"),
        ("mine = predicts(10**5000)", "need numbers of at most 300 digits"),
        ("mine = predicts((0,))", "need an exact number"),
    ],
)
def test_what_is_no_method_is_one_line(
    body: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, error = said_of(body, tmp_path, capsys)
    assert (code, out) == (2, "") and error.startswith("need ")
    assert said in error and error.count("\n") == 1 and "Traceback" not in error and "mine.py" in error


@pytest.mark.parametrize(
    "body",
    [
        "mine = asks([Fraction(1, 3)])",
        "mine = predicts('1/3')",
        "mine = method(p=0, k=5)",
        "mine = method(k=0)",
        "mine = method(n=0)",
        "mine = method(tau=0)",
        "mine = method(tau=1)",
        "mine = method(tau=2)",
    ],
)
def test_what_looks_odd_and_is_a_method_is_taken(body: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, error = said_of(body, tmp_path, capsys)
    assert (code, error) == (0, "") and "agree with all answers" in out


def test_what_a_method_prints_does_not_get_into_the_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    body = "mine = method(after=lambda state, answers: print('my own words'))"
    code, out, error = said_of(body, tmp_path, capsys, "--json", "-")
    assert code == 0 and out.startswith("{") and "my own words" not in out and "my own words" in error
