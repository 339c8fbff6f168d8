"""What the gadget's script is given: the terms mean what the constructions say, and names of fragments are text."""

import base64
import json
import re
import zlib
from collections.abc import Callable
from fractions import Fraction
from operator import add, eq, ge, gt, le, lt, mul, ne, sub, truediv
from typing import Any

import pytest

from constructions.foundations.network import Fragment
from constructions.networks.memory import conditions
from constructions.networks.queries import MINIMAL, PRINTED, Setting, bits_for, query_graph
from verify.pages.claims import Known
from verify.pages.gadget import MOST_DIGITS, gadget_data
from verify.pages.page import page_of
from verify.pages.playing import Playable

UGLY = "</script><b>'\""
OF_TWO: dict[str, Callable[[Any, Any], Any]] = {
    "+": add,
    "-": sub,
    "*": mul,
    "/": truediv,
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
    "==": eq,
    "!=": ne,
}


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    return gadget_data({})


def worth(data: dict[str, Any], values: dict[str, Fraction]) -> list[Any]:
    """What each node is worth; None for those with other variables, and for what needs them."""
    found: list[Any] = []
    for node in data["nodes"]:
        if isinstance(node, str):
            found.append(values.get(node[1:]) if node.startswith("$") else Fraction(node))
            continue
        op, *parts = node
        given = [found[part] for part in parts]
        if any(each is None for each in given):
            found.append(None)
        elif op == "if":
            found.append(given[1] if given[0] else given[2])
        elif op == "neg":
            found.append(-given[0])
        else:
            found.append(OF_TWO[op](*given) if op in OF_TWO else NotImplemented)
    return found


@pytest.mark.parametrize("prime", [False, True])
@pytest.mark.parametrize("setting", [PRINTED, MINIMAL], ids=lambda each: each.name)
def test_weights_and_conditions_are_those_of_the_constructions(
    data: dict[str, Any], setting: Setting, prime: bool
) -> None:
    rho, gain = Fraction(2, 25), setting.gain_prime if prime else setting.gain
    values = {
        "rho": rho,
        "a": Fraction(setting.resting),
        "gain here": gain,
        "offset": setting.offset,
        "rate": setting.rate,
    }
    nodes, bits = worth(data, values), bits_for(rho)
    assert sum(nodes[place] for place in data["more"]) == bits
    found = data["graphs"][bits - 1]
    graph = query_graph(setting, rho=rho, bits=bits, prime=prime)
    assert {(u, v): nodes[place] for u, v, place in found["edges"]} == graph.edges
    asked = conditions(graph, rho, bits, rate=int(setting.rate), offset=setting.offset)
    assert [[name, nodes[place]] for _, name, _, place, _ in found["conditions"][int(setting.rate)]] == [
        [each.name, each.value] for each in asked if each.group != "shape"
    ]
    assert nodes[data["held"][prime]] == setting.pre_activation(rho, prime=prime)


def test_the_finest_precision_that_the_page_takes_has_its_digits() -> None:
    assert bits_for(Fraction(1, 256)) == MOST_DIGITS


def test_names_of_fragments_are_text() -> None:
    mine = Fragment(inputs=(UGLY,), outputs=("y",), edges={(UGLY, "y"): 3})
    page = page_of([], Known({}), title="mine", fragments={UGLY: Playable(fragment=mine)})
    assert "<b>'" not in page and "&lt;b&gt;" in page
    text = re.findall(r'id="gadget-data">([^<]*)</script>', page)
    data = json.loads(zlib.decompress(base64.b85decode(text[0].replace(",", "<").replace(".", "&"))))
    (found,) = data["fragments"]
    assert found["name"] == UGLY and [(u, v, data["nodes"][at]) for u, v, at in found["edges"]] == [(UGLY, "y", "3")]
