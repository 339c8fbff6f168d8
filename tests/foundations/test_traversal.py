"""Walks over terms: every node once, arguments first, and replacements all at once."""

from fractions import Fraction

import pytest

from constructions.errors import ConstructionError
from constructions.foundations.evaluation import value_of
from constructions.foundations.rendering import render
from constructions.foundations.terms import REAL, TRUTH, variable
from constructions.foundations.traversal import nodes, substituted, variables

X, Y, P = variable("x", REAL), variable("y", REAL), variable("p", TRUTH)


def test_each_node_comes_once_and_after_its_arguments() -> None:
    term = (X + Y) * (X + Y) <= X
    order = list(nodes(term, X + Y))
    assert len(order) == len({id(part) for part in order}) == 5 and order[-1] is term
    places = {id(part): i for i, part in enumerate(order)}
    assert all(places[id(argument)] < places[id(part)] for part in order for argument in part.args)


def test_variables_are_found_by_name_whatever_their_kind() -> None:
    assert variables((X > 0) == P, Y + 1) == {"x": X, "p": P, "y": Y}


def test_replacements_are_made_all_at_once_and_leave_the_rest_as_it_is() -> None:
    (swapped,) = substituted([X - 2 * Y], {X: Y, Y: X})
    assert swapped is Y - 2 * X
    (same,) = substituted([X + 1], {Y: X})
    assert same is X + 1
    (fixed,) = substituted([X + Y <= 1], {X: Fraction(1, 2), Y: 3})
    assert value_of(fixed, {}) is False


def test_a_deep_term_is_walked_without_recursion() -> None:
    term = X
    for _ in range(20_000):
        term = term + X
    assert sum(1 for _ in nodes(term)) == 20_001
    assert value_of(term, {"x": Fraction(1)}) == 20_001
    assert render(term).endswith(" ...")


def test_a_variable_without_a_value_is_named() -> None:
    with pytest.raises(ConstructionError, match="need a value of kind real, got None, at the variable 'y'"):
        value_of(X + Y, {"x": Fraction(1)})
