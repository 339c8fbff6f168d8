"""Objects of every other kind than the language has: what a claim may get hold of and must not use."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy
import z3


class Half(Fraction):
    """A fraction of a class of its own."""


class Whole(int):
    """An int of a class of its own."""


class Named(IntEnum):
    """Ints with names."""

    ONE = 1


def concrete(kind: type) -> Iterator[type]:
    """The classes below a class that have no classes below themselves."""
    below: list[type] = kind.__subclasses__()
    if not below and kind.__module__.startswith("numpy"):
        yield kind
    for part in below:
        yield from concrete(part)


def scalars() -> list[Any]:
    """A scalar of every type of numpy."""
    found = []
    for kind in sorted(set(concrete(np.generic)) | {np.float64, np.complex128, np.int64, np.bool_}, key=repr):
        with suppress(TypeError, ValueError):
            made: Callable[[Any], Any] = kind
            found.append(made(1 if issubclass(kind, np.number | np.bool_) else "1"))
    return found


ANYWHERE: list[Any] = [
    0.5,
    1.0,
    -0.0,
    float("nan"),
    float("inf"),
    Decimal(1),
    1j,
    None,
    "1",
    "1/2",
    b"1",
    [1],
    (1,),
    {1},
    {1: 1},
    Ellipsis,
    object(),
    int,
    mpmath.mpf(1),
    Half(1, 2),
    Half(1),
    Whole(1),
    Named.ONE,
    np.array(1),
    np.array([1, 2]),
    np.array([0.5]),
    np.array([1], object),
    *scalars(),
    sympy.Rational(1, 2),
    sympy.Integer(1),
    sympy.Integer(0),
    sympy.Float("0.5"),
    sympy.Symbol("x"),
    sympy.oo,
    sympy.nan,
    sympy.sqrt(2),
    sympy.Symbol("x") > 0,
    sympy.true,
    sympy.Symbol("x", positive=True),
    sympy.Dummy("x"),
    z3.Real("x"),
    z3.Int("n"),
    z3.RealVal(1),
    z3.IntVal(1),
    z3.Bool("p"),
    z3.BoolVal(True),
    z3.BitVec("w", 3),
    z3.BitVecVal(1, 3),
    z3.Real("x") + 1,
]


@pytest.fixture(scope="session")
def anywhere() -> list[Any]:
    """Objects that no place of the language takes."""
    return ANYWHERE
