"""A small package with known mutants: a file with claims, and tests beside it."""

from pathlib import Path

FILE = '''"""A toy."""

from verify.obligations.obligation import obligation


def claimed(x):
    """The double."""
    return x + x


def small(x):
    """Whether a number is small."""
    return x < 3


def positive(x):
    """Whether a number is positive."""
    return x > 0


def one(case):
    """A subject."""
    return claimed


@obligation("toy.double", paper="a toy", of=one, twin=lambda case: lambda x: x)
def doubles(function, case):
    """The double of a number is that number twice."""
    x = case.real("x")
    case.equal("the double", function(x), 2 * x)
'''
TESTS = """from fractions import Fraction

from toy import positive, small


def test_small():
    assert small(2) and not small(3) and not small(5)


def test_positive():
    assert positive(2) and not positive(Fraction(-1, 2))
"""


def written(folder: Path) -> Path:
    """The file of the toy in a folder, with its tests beside it."""
    (folder / "toy.py").write_text(FILE)
    (folder / "test_toy.py").write_text(TESTS)
    return folder / "toy.py"
