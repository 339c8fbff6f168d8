"""Templates of a user's file can be played with: their parameters are controls, their claims are lights."""

import json
from fractions import Fraction
from typing import Any

import pytest

from constructions.errors import ConstructionError
from constructions.foundations.activation import HARD_TANH
from constructions.foundations.functions import Function
from constructions.foundations.network import Fragment
from constructions.foundations.terms import REAL, variable
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation
from verify.pages.gadget import gadget_data, playable_data
from verify.pages.playing import Playable, is_playable, playables_of, start_of
from verify.pages.written_terms import TermWriter


def template(case: Case) -> Fragment:
    """A gate whose weight is a parameter."""
    w = case.real("w")
    case.assume(w > 2)
    return Fragment(inputs=("x", "on"), outputs=("y",), edges={("x", "y"): w, ("on", "y"): -1 / w}, sigma=HARD_TANH)


def returns_1(graph: Fragment, case: Case) -> None:
    """A value of 1 gives 1."""
    x, up = case.real("x"), case.bit("up")
    case.assume(x >= 1)
    run = case.run(graph, {"x": 2 * x, "on": 2}, label="gate", outside={"y": case.real("z")})
    case.show("it is 1", run.out["y"] == 1, given=up)


MINE = Obligation(id="mine", paper="mine", claim=returns_1, of=template, twin=template)


def test_a_template_has_its_parameters_its_walk_and_its_facts() -> None:
    ((name, made),) = playables_of(MINE, {}, {"w": Fraction(5, 2)})
    terms = TermWriter()
    data: dict[str, Any] = json.loads(json.dumps(playable_data(name, made, terms)))
    assert data["name"] == "mine: gate" and [v for v, _ in data["outside"]] == ["y"]
    assert sorted(data["variables"]) == [
        ["up", "truth", "1"],
        ["w", "real", "5/2"],
        ["x", "real", "1"],
        ["z", "real", "1"],
    ]
    (x, place), (on, constant) = data["inputs"]
    assert (x, terms.nodes[place][0], on, terms.nodes[constant]) == ("x", "*", "on", "2")
    assert data["light"][:2] == ["mine", "A value of 1 gives 1."] and data["light"][2][0][0] == "it is 1"
    assert gadget_data({name: made})["fragments"][0]["light"][0] == "mine"


def test_what_the_page_cannot_evaluate_is_not_offered() -> None:
    strange = Function("f", (REAL,), REAL)(variable("x", REAL))
    assert not is_playable(Playable(fragment=Fragment(inputs=("x",), outputs=("y",), edges={("x", "y"): strange})))
    many = Fragment(inputs=("x",), outputs=("y0",), edges={("x", f"y{i}"): 1 for i in range(40)})
    assert not is_playable(Playable(fragment=many))
    with pytest.raises(ConstructionError, match="need a number to start from, got 'one', at 'x'"):
        start_of("x", variable("x", REAL), {"x": "one"})
