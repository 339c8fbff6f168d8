"""The memory of signed sums: written by both labels, still afterwards, read; and what breaks its predicate."""

from collections.abc import Callable
from fractions import Fraction
from itertools import combinations_with_replacement

import pytest

from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.descent import Descent, Sample
from constructions.foundations.network import Edge, Fragment, Network
from constructions.foundations.rounding import Adversary, down, nearest, up
from constructions.foundations.walks import forward
from constructions.networks.queries import DYADIC, path_edges
from constructions.networks.signed_conditions import (
    is_signed_memory,
    side_gain,
    signed_conditions,
    why_no_signed_memory,
)
from constructions.networks.signed_memory import (
    HELD,
    SIDES,
    SIGNED,
    driving,
    lowest_weight,
    signed_bits,
    signed_graph,
)
from constructions.strip.decoding import nearest_of_parity

RHO = Fraction(13, 40)
BITS = signed_bits(RHO)
COPY = signed_graph(SIGNED, rho=RHO, bits=BITS)


def groups(graph: Fragment, *, points: int = 4, rho: Fraction = RHO) -> set[str]:
    return {c.group for c in signed_conditions(graph, rho, BITS, rate=SIGNED.rate, points=points) if not c.holds}


def test_the_template_is_a_signed_memory_up_to_the_end_and_not_there() -> None:
    assert groups(COPY) == set()
    assert groups(COPY, points=5) == {"counting"}
    assert why_no_signed_memory(COPY, RHO, BITS, rate=SIGNED.rate, points=4) is None
    for b, rho in ((1, Fraction(13, 10)), (7, Fraction(19, 100)), (40, Fraction(33, 1000))):
        bits = signed_bits(rho)
        graph = signed_graph(SIGNED, rho=rho, bits=bits)
        assert is_signed_memory(graph, rho, bits, rate=SIGNED.rate, points=b) is True


@pytest.mark.parametrize(
    ("edge", "weight", "group"),
    [
        (("v1", "n2"), Fraction(1, 4), "active"),
        (("pc", "p2"), Fraction(1, 2), "idle"),
        (("n3", "v4"), Fraction(-1), "recording"),
        (("pc", "p3"), Fraction(-1, 50), "written"),
        (("v1", "vr0"), Fraction(1), "reading"),
    ],
)
def test_each_group_of_conditions_can_fail(edge: Edge, weight: Fraction, group: str) -> None:
    assert group in groups(COPY.with_weight(*edge, weight))


def test_another_shape_is_no_memory() -> None:
    assert groups(COPY.with_edge("v1", "p3", Fraction(1))) == {"shape"}


def network(graph: Fragment) -> Network:
    """The copy in the smallest network: x1 says which side is active, x2 that none is."""
    edges = {("one" if u == "v0" else u, v): Fraction(w) for (u, v), w in graph.edges.items()}
    edges |= {("x1", "pc"): Fraction(-3), ("x2", "pc"): Fraction(6), ("one", "pc"): Fraction(5, 2)}
    edges |= {("x1", "nc"): Fraction(3), ("x2", "nc"): Fraction(6), ("one", "nc"): Fraction(-1, 2)}
    # what the rest of a network does: hold the output at 1/2 whichever side is active, and read the digits
    edges |= {("x1", "t"): Fraction(4), ("one", "t"): Fraction(-1, 2), ("t", "v4"): Fraction(-2)}
    edges |= {("x2", "s"): Fraction(3), ("one", "s"): Fraction(-1, 2), ("s", "v4"): Fraction(-1)}
    edges |= {("one", "v4"): Fraction(5, 2), ("vr0", "end"): Fraction(1, 8), ("one", "end"): Fraction(-1, 2)}
    edges |= {("end", "v4"): Fraction(1)}
    return Network(inputs=("x1", "x2"), outputs=("v4",), edges=edges, constant="one")


def read(net: Network) -> int:
    run = forward(net, {"x1": Fraction(0), "x2": Fraction(1)})
    assert all(run.flat(f"vr{i}") for i in range(BITS))
    return sum(1 << i for i in range(BITS) if run.out[f"vr{i}"] == 2) - (1 << BITS - 1)


@pytest.mark.parametrize("adversary", [nearest, up, down], ids=["nearest", "up", "down"])
def test_a_step_writes_the_signed_sum_and_later_steps_leave_it(adversary: Adversary) -> None:
    held = Descent(rho=RHO, rate=SIGNED.rate, adversary=adversary)
    for kinds in combinations_with_replacement([((1, 0), 0), ((1, 0), 1), ((0, 0), 0), ((0, 0), 1)], 3):
        batch: list[Sample] = [(x, y) for x, y in kinds]
        total = sum((1 - 2 * y) * (1 if x[0] else -1) for x, y in kinds)
        net = held.step(network(COPY), batch)
        assert nearest_of_parity(-3 * RHO * read(net), 3) == total
        later = held.step(net, [((0, 1), 0), ((0, 1), 1), ((0, 1), 1)])
        copy = [("one" if u == "v0" else u, v) for u, v in COPY.edges]
        assert all(later.weight(*edge) == net.weight(*edge) for edge in copy)


def test_numbers_of_a_copy() -> None:
    assert [side_gain(COPY, side) for side in ("p", "n")] == [2, -2]
    assert read(network(COPY)) == 0
    assert forward(network(COPY), {"x1": Fraction(1), "x2": Fraction(0)}).out["v4"] == HELD
    assert lowest_weight(SIGNED, RHO, 8) == 1 - RHO
    assert signed_bits(Fraction(13, 10)) == 2


def test_the_edges_that_drive_a_side_are_those_of_q() -> None:
    path = path_edges(DYADIC)
    for side in SIDES:
        for (_, v), edge in zip(driving("v"), driving(side), strict=True):
            assert COPY.weight(*edge) == path["vc", v]


OPEN, PIECE, REST = ((">", 0),), ((">", 0), ("<", 2)), ((">", -1), ("<", 0))
CONDITIONS = [
    ("v1 is on its linear piece", "1", PIECE),
    ("p2 is on its linear piece", "1/2", PIECE),
    ("v1 feeds p2 and p2' alike", "1/2", (("=", Fraction(1, 2)),)),
    ("p3 is on its linear piece", "1", PIECE),
    ("p2 is flat at 2", "41/2", ((">", 2),)),
    ("p2' is flat at -2", "-39/2", (("<", -3),)),
    ("p3 is flat at 0", "-1/2", REST),
    ("the sides have opposite path gains", "2", (("=", Fraction(2)),)),
    ("no gradient of v0 -> v1 is clipped", "2", ((">", 0), ("<=", Fraction(2)))),
    ("v1 stays below 2", "147/128", (("<", 2),)),
    ("v1 stays above 0", "109/128", OPEN),
    ("p2 stays above 2", "1197/64", ((">", 2),)),
    ("p2' stays below -3", "-1197/64", (("<", -3),)),
    ("p3 stays below 0", "-7/16", (("<", 0),)),
    ("p3 stays above -1", "-9/16", ((">", -1),)),
    ("counts of one parity are apart", "15/4", (("<", Fraction(4)),)),
    ("there are digits for every record", "19/16", (("<", Fraction(2)),)),
    *((f"vr{i} is read right", "0", (("<", 3),)) for i in range(4)),
]
"""The conditions of the template at rho = 1/4 with 4 digits, for 5 points: their names, numbers and bounds."""


def test_the_numbers_and_bounds_of_all_conditions() -> None:
    rho = Fraction(1, 4)
    graph = signed_graph(SIGNED, rho=rho, bits=4)
    found = {c.name: (str(c.value), c.bounds) for c in signed_conditions(graph, rho, 4, rate=SIGNED.rate, points=5)}
    for name, number, bounds in CONDITIONS:
        assert found[name] == (number, bounds)
        if name.startswith("p") or "p2'" in name:
            assert found[name.replace("p2", "n2").replace("p3", "n3")] == (number, bounds)


def test_the_digits_of_a_larger_unit_are_not_read_right() -> None:
    rho = Fraction(1, 4)
    graph = signed_graph(SIGNED, rho=rho, bits=4).with_weight("vr3", "vr1", -90)
    found = {c.name: str(c.value) for c in signed_conditions(graph, rho, 4, rate=SIGNED.rate, points=5)}
    assert [found[f"vr{i} is read right"] for i in range(4)] == ["0", "132", "0", "0"]


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: signed_bits(Fraction(0)), PremiseError, "need rho > 0, got rho=0"),
        (lambda: signed_graph(SIGNED, rho=Fraction(-1), bits=1), ConstructionError, "need rho > 0, got rho=-1"),
    ],
)
def test_bad_numbers_are_refused(make: Callable[[], object], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        make()
