"""Gradients of networks as circuits: what they say, and which numbers are refused."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from constructions.computation.descent_in_bits import DescentInBits, Scaled, binary_places
from constructions.computation.design import Design
from constructions.computation.tally import gates_written
from constructions.errors import ConstructionError
from constructions.foundations.descent import loss_gradient
from constructions.foundations.network import Network
from verify.claims.computation.descent_in_bits import (
    BENT,
    drawn_network,
    numbers_in,
    through,
)

F = Fraction


def path(weight: Any, **changed: Any) -> DescentInBits:
    """One step on a network of two edges."""
    edges = {("x1", "f"): weight, ("one", "f"): F(1, 4)}
    net = Network(inputs=("x1",), outputs=("f",), edges=edges, constant="one", sigma=BENT)
    given: dict[str, Any] = {"net": net, "steps": 1, "precision": 2} | changed
    return DescentInBits(**given)


def test_queries_are_gradients_also_behind_a_hidden_vertex() -> None:
    net = drawn_network(1, BENT, 5)
    made = DescentInBits(net=net, steps=1, precision=2)
    method = made.method()
    found = numbers_in(through(method, "query", [1, 0, *[0] * method.state]), method.query_width, made.query_places)
    gradient = loss_gradient(net, ((1,), 0))
    wanted = [max(min(Fraction(gradient[edge]), F(1)), F(-1)) for edge in net.edges]
    assert found == wanted
    assert all(wanted)


def test_more_steps_and_finer_gradients_need_wider_numbers() -> None:
    assert path(1).width < path(1, steps=100).width < path(1, steps=100, precision=9).width
    assert path(1).size == sum(map(gates_written, (path(1).write_queries, path(1).write_step, path(1).write_value)))


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: path(F(1, 3)), "need a number with finitely many binary digits, got 1/3, at edge"),
        (lambda: path(1, rate=F(1, 5)), "need a number with finitely many binary digits, got 1/5, at the step size"),
        (lambda: path(1, places=2), "need an integer >= 3, got 2, at places of an answer"),
        (lambda: path(1, steps=0), "need an integer >= 1, got 0, at steps"),
    ],
)
def test_what_cannot_be_written_is_refused(made: Callable[[], DescentInBits], said: str) -> None:
    with pytest.raises(ConstructionError, match=f"^{said}"):
        made()


def test_places_are_shifted() -> None:
    design = Design()
    design.output("y", Scaled(design.input("x", 5), 1).at(3))
    assert design.evaluate(x=3) == {"y": 12}
    assert binary_places(F(5, 8), "here") == 3
