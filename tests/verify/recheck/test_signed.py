"""The checker's conditions on a signed memory, beside those of the constructions, on weights that are changed."""

from fractions import Fraction
from random import Random

import pytest

from constructions.foundations.network import Fragment
from constructions.networks.signed_conditions import is_signed_memory
from constructions.networks.signed_memory import SIGNED, signed_bits, signed_graph
from verify.certifier.roles.sides import sided_edges
from verify.certifier.rounds.unrolling_batches import records_of
from verify.recheck.reading import RefusedError
from verify.recheck.signed import Signed, check_signed, signed_of, thresholds_of

SCALE = 1 << 12


def copy_with(graph: Fragment, bits: int) -> Signed:
    """The checker's copy for a graph: its row has each digit's edges together."""
    order = sided_edges(0) + [
        (u, f"vr{i}") for i in range(bits) for u in ("v0", "v1", *(f"vr{j}" for j in range(i + 1, bits)))
    ]
    row = [Fraction(graph.weight(u, v)) * SCALE for u, v in order]
    assert all(weight.denominator == 1 for weight in row)
    return signed_of(tuple(int(weight) for weight in row), SCALE)


def taken(copy: Signed, points: int, rho: Fraction, rate: Fraction) -> bool:
    try:
        check_signed(copy, points, rho, rate)
    except RefusedError:
        return False
    return True


@pytest.mark.parametrize("points", [1, 2, 3, 5, 8])
def test_the_template_is_taken_up_to_four_thirds(points: int) -> None:
    for b_rho, fits in ((Fraction(1), True), (Fraction(5, 4), True), (Fraction(21, 16), True), (Fraction(3, 2), False)):
        rho = Fraction(b_rho, points)
        if (rho * SCALE).denominator == 1:
            graph = signed_graph(SIGNED, rho=rho, bits=signed_bits(rho))
            if all((Fraction(w) * SCALE).denominator == 1 for w in graph.edges.values()):
                assert taken(copy_with(graph, signed_bits(rho)), points, rho, SIGNED.rate) is fits


def test_both_predicates_agree_on_changed_weights() -> None:
    rho, points = Fraction(1, 4), 4
    bits = signed_bits(rho)
    graph, source, seen = signed_graph(SIGNED, rho=rho, bits=bits), Random(5), set[bool]()
    edges = list(graph.edges)
    for _ in range(400):
        u, v = source.choice(edges)
        weight = Fraction(graph.weight(u, v))
        change = source.choice([-weight, 2 * weight, weight / 2, weight + Fraction(1, 8), weight - Fraction(1, 8)])
        changed = graph.with_weight(u, v, change)
        rate = source.choice([SIGNED.rate, SIGNED.rate, Fraction(1), Fraction(1, 4)])
        wanted = bool(is_signed_memory(changed, rho, bits, rate=rate, points=points))
        got = taken(copy_with(changed, bits), points, rho, rate)
        assert not got or wanted, (u, v, change, rate)
        seen.add(got)
    assert seen == {True, False}


@pytest.mark.parametrize(
    ("edge", "weight", "match"),
    [
        (("n3", "v4"), 2, "opposite path gains"),
        (("p3", "v4"), 4, "opposite path gains"),
        (("v0", "v1"), 2, "v1 that is on its linear piece"),
        (("v1", "p2"), Fraction(1, 4), "opposite path gains"),
        (("pc", "p2"), 1, "above 2 while its side is idle"),
        (("nc", "n2'"), -1, "below -3 while its side is idle"),
        (("pc", "p3"), 0, "between -1 and 0"),
        (("v0", "vr0"), 0, "a digit 0"),
    ],
)
def test_what_is_wrong_is_named(edge: tuple[str, str], weight: Fraction, match: str) -> None:
    rho, bits = Fraction(1, 4), signed_bits(Fraction(1, 4))
    changed = signed_graph(SIGNED, rho=rho, bits=bits).with_weight(*edge, Fraction(weight))
    with pytest.raises(RefusedError, match=match):
        check_signed(copy_with(changed, bits), 4, rho, SIGNED.rate)


def test_search_and_checker_count_alike() -> None:
    for points in range(1, 7):
        for gain in (Fraction(2), Fraction(3, 2)):
            rho = gain / (2 * points)
            assert tuple(thresholds_of(gain, points, rho)) == records_of(gain, points, rho)
