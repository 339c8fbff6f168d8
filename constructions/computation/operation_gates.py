"""How many gates the operations on vectors write before equal ones are merged and constants are folded.

Each operation is a fold: its code calls a *cell*, a small function that writes the same gates whatever its literals
are, once for each place (:mod:`constructions.computation.arithmetic`). How many gates a cell writes is found by running
it (:func:`gates_of`); the formulas here say how often it is called. Formulas of machines are sums of these.
"""

from collections.abc import Callable
from inspect import signature
from typing import Any

from constructions.computation import arithmetic
from constructions.computation.builder import Builder
from constructions.computation.tally import GateTally
from constructions.foundations.exact import Number


def gates_of(cell: Callable[..., Any], write: type[Builder] = GateTally) -> int:
    """How many gates a cell writes, given inputs as its literals.

    Parameters
    ----------
    cell : a function of a builder and literals. write : the builder that is asked, one that merges nothing if not
        given.

    >>> gates_of(arithmetic.full_adder), gates_of(arithmetic.choice_cell)
    (9, 3)
    """
    builder = write()
    cell(builder, *(builder.input(name) for name in list(signature(cell).parameters)[1:]))
    return len(builder)


FULL_ADDER = gates_of(arithmetic.full_adder)
PRODUCT_CELL = gates_of(arithmetic.product_cell)
CHOICE = gates_of(arithmetic.choice_cell)
AGREE = gates_of(arithmetic.agree_cell)
LESS = gates_of(arithmetic.less_cell)
XOR = AGREE
"""Gates of each cell; the XOR of two bits is the negation of their agreement, which is no gate."""
GATE = 1
"""An AND or OR of any number of literals."""


def added(width: Number) -> Number:
    """The gates of a sum, or of a difference, of numbers of a width.

    >>> added(4)
    36
    """
    return FULL_ADDER * width


def chosen(width: Number) -> Number:
    """The gates of a choice between two numbers of a width.

    >>> chosen(4)
    12
    """
    return CHOICE * width


def same(width: Number) -> Number:
    """The gates of an equality of two numbers of a width: one for all the places that agree.

    >>> same(4)
    13
    """
    return AGREE * width + GATE


def less(width: Number) -> Number:
    """The gates of a comparison of two numbers of a width.

    >>> less(4)
    16
    """
    return LESS * width


def product(width: Number) -> Number:
    """The gates of a product modulo 2^width: a row for each digit, each one place shorter than the one before it.

    >>> product(3)
    60
    """
    half, odd = divmod(PRODUCT_CELL, 2)
    assert not odd, "need an even number of gates in the cell of a product"
    return half * width * (width + 1)
