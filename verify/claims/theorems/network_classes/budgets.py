"""How large the networks of Theorems 1a, 1d and 3a are, and how long PAC and SQ take for what networks learn, over
budgets: each number is within a polynomial in n and in a bound B on everything that is given."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from constructions.computation.extraction_gates import ExtractionSizes, extraction_gates
from constructions.foundations.exact import Number
from constructions.foundations.logic import every
from constructions.models.given_precision import most_rounds
from constructions.networks.emulation_sizes import NetworkParts, network_edges
from constructions.theorems.network_classes import (
    edges_for_one_sample,
    edges_for_queries,
    edges_for_samples,
    power_of,
    rounds_of_averages,
)
from verify.claims.computation.turing.sizes import grows
from verify.claims.theorems.runtimes.networks import COUNTS, OF_CIRCUITS, SMALL
from verify.obligations.case import Case
from verify.obligations.obligation import obligation

F = Fraction
HIGHEST = 10
Bound = Callable[..., Number]


def powers(case: Case, highest: int) -> list[Any]:
    """The powers of B from the first on, each at least the one before and at least 1; the power of 0 stands first."""
    most = case.real("B")
    case.assume(most >= 1)
    found: list[Any] = [F(1), most]
    for exponent in range(2, highest + 1):
        here = case.real(f"B^{exponent}")
        case.assume(here == found[-1] * most, label=f"the power {exponent}")
        grows(case, 1, found[-1], most, found[-1])
        case.lemma(f"the power {exponent} is no smaller", every(here >= found[-1], here >= 1))
        case.lemma(f"the power {exponent} in factors", here == power_of(most, exponent))
        found.append(here)
    return found


def any_network(case: Case) -> tuple[Number, dict[str, Any]]:
    """The edges of a network whose parts are any, and the numbers of which a claim about its size speaks."""
    parts = {name: case.integer(name) for name in (*SMALL, *COUNTS, *OF_CIRCUITS)}
    numbers: dict[str, Any] = {name: case.integer(name) for name in ("T'", "S", "F", "S^4")}
    return network_edges(NetworkParts(**parts)), {**parts, **numbers}


def small_words(case: Case, power: list[Any]) -> Any:
    """The powers of S, the bits of what a round handles, are at most those of B."""
    size: Any = case.integer("S")
    case.assume(size >= 1, size <= power[1])
    raised_size = size
    for exponent in (2, 3, 4):
        grows(case, raised_size, size, power[exponent - 1], power[1])
        raised_size = raised_size * size
        case.lemma(f"S to the {exponent}", every(raised_size >= 1, raised_size <= power[exponent]))
    return size


def network_within(
    case: Case, power: list[Any], own: Number, most_own: Number, rounds: tuple[Number, Number, int]
) -> None:
    """Bound the edges, at most (T' + 1) ((F + 1) (G + 108 S^4) + 62 S^4), for a G that is at most ``most_own`` times
    the fourth power of B.

    Parameters
    ----------
    rounds : T', what T' + 1 is at most but for a power of B, and which power.
    """
    edges, _ = any_network(case)
    size, literals = case.integer("S"), case.integer("F")
    taken, many, exponent = rounds
    fourth = size * size * size * size
    case.assume(literals >= 0, literals <= power[1])
    inner, wide = own + 108 * fourth, most_own + 108
    case.lemma("a round and its edges", every(inner >= 0, inner <= wide * power[4]))
    grows(case, literals + 1, inner, 2 * power[1], wide * power[4])
    block, all_rounds = case.real("a block"), case.real("T' + 1")
    case.assume(block == (literals + 1) * inner + 62 * fourth, all_rounds == taken + 1)
    most_block, most_rounds = 2 * wide + 62, many * power[exponent]
    case.lemma("blocks", edges <= all_rounds * block)
    case.lemma("a block", every(block >= 0, block <= most_block * power[5]))
    case.lemma("rounds", every(all_rounds >= 0, all_rounds <= most_rounds))
    grows(case, all_rounds, block, most_rounds, most_block * power[5])
    last = power[5 + exponent]
    case.lemma("the last power", power[exponent] * power[5] <= last)
    grows(case, many, power[exponent] * power[5], many, last)
    grows(case, many, last, many, power_of(power[1], 5 + exponent))
    case.lemma("in powers", edges <= most_block * (many * power_of(power[1], 5 + exponent)))


SAMPLES = ("n", "places", "coin", "width", "length", "number", "low", "own", "prediction")
POINTS = ("n", "m", "places", "width", "length", "own", "prediction")
AVERAGES = ("own", "bits of A's state", "parallel", "sum", "counter", "places", "masked", "k", "q")


@obligation(
    "corollary2.network.size",
    paper="Corollary 2",
    of=lambda case: edges_for_samples,
    twin=lambda case: lambda n, most: n * most,
)
def networks_for_samples_are_polynomial(bound: Bound, case: Case) -> None:
    """For every n >= 2 and B >= 1: if the gates of a learner, S and F are at most B, and there are at most 4 n B^2
    rounds (corollary2.rounds), the network of Theorem 1a has at most 5200 n B^7 parameters. Used are lemma1.time.round,
    for the gates of a round, and lemma3b.size.reduction."""
    power, sizes = powers(case, 7), {name: case.integer(name) for name in SAMPLES}
    size, n, own, many = small_words(case, power), sizes["n"], sizes["own"], case.real("R")
    case.assume(n >= 2, own >= 0, own <= power[1], many == most_rounds(n, power[1]))
    case.lemma("R", many == 4 * n * power[2])
    a_round = case.use("lemma1.time.round", "a round, LOOK", **sizes, S=size, rounds=0)
    case.assume(a_round.premises, label="what Lemma 1 asks of its numbers")
    gates, most = case.integer("gates"), case.integer("G")
    case.assume(gates == extraction_gates(ExtractionSizes(**sizes), look=True), gates >= 0)
    case.assume(most == own + 380 * size * size * size, label="G")
    edges, parts = any_network(case)
    numbers = {name: value for name, value in parts.items() if name != "T'"}
    used = case.use("lemma3b.size.reduction", k=case.integer("T'"), gates=gates, R=many, G=most, **numbers)
    case.assume(used.premises, label="the network is that of Theorem 1a, of at most R rounds")
    grows(case, 1, 1, n, power[2])
    case.lemma("in all that bounds it", every(most >= 0, most <= 381 * power[4]))
    network_within(case, power, most, F(381), (many, 5 * n, 2))
    case.show("parameters", edges <= bound(n, power[1]))


@obligation(
    "corollary3.network.size",
    paper="Corollary 3",
    of=lambda case: edges_for_one_sample,
    twin=lambda case: lambda n, most: n * most,
)
def networks_for_one_sample_are_polynomial(bound: Bound, case: Case) -> None:
    """For every n >= 1 and B >= 1: if m, the gates of a learner, S and F are at most B, the network of Theorem 3a has
    at most 2780 n B^7 parameters. Used is theorem3a.size, which bounds it in T' <= 2 m (n + 1) rounds."""
    power, sizes = powers(case, 7), {name: case.integer(name) for name in POINTS}
    size, n, m, own = small_words(case, power), sizes["n"], sizes["m"], sizes["own"]
    case.assume(n >= 1, m >= 1, m <= power[1], own >= 0, own <= power[1])
    edges, parts = any_network(case)
    used = case.use("theorem3a.size", "parameters", **parts, **sizes)
    case.assume(used.premises, label="the network is that of Theorem 3a, of at most 2 m (n + 1) rounds")
    grows(case, n + 1, m, 2 * n, power[1])
    grows(case, 1, 1, n, power[1])
    taken = 2 * m * (n + 1)
    case.lemma("T'", every(taken >= 0, taken <= 4 * n * power[1]))
    grows(case, m + 2, size * size, 3 * power[1], power[2])
    gates = own + 46 * (m + 2) * size * size
    case.lemma("G", every(gates >= 0, gates <= 139 * power[3]))
    grows(case, n, power[1], n, power[2])
    network_within(case, power, gates, F(139), (taken, 5 * n, 2))
    case.show("parameters", edges <= bound(n, power[1]))


@obligation(
    "corollary1.network.size",
    paper="Corollary 1",
    of=lambda case: edges_for_queries,
    twin=lambda case: lambda most: most,
)
def networks_for_queries_are_polynomial(bound: Bound, case: Case) -> None:
    """For every B >= 1: if S, which is at least TIME, and F are at most B, and there are at most 514 B^5 rounds
    (corollary1.sq_in_bsgd), the network of Theorem 1d has at most 275010 B^10 parameters. Used is theorem1d.size."""
    power, sizes = powers(case, HIGHEST), {name: case.integer(name) for name in AVERAGES}
    size = small_words(case, power)
    edges, parts = any_network(case)
    used = case.use("theorem1d.size", "parameters", **parts, **sizes)
    case.assume(used.premises, label="the network is that of Theorem 1d, of 2 k q rounds")
    taken = 2 * sizes["k"] * sizes["q"]
    case.assume(taken <= rounds_of_averages(power[1]), label="as many rounds as Corollary 1 allows")
    case.lemma("the fifth", rounds_of_averages(power[1]) == 514 * power[5])
    gates = 128 * size * size * size
    case.lemma("G", every(gates >= 0, gates <= 128 * power[4]))
    network_within(case, power, gates, F(128), (taken, F(515), 5))
    case.show("parameters", edges <= bound(power[1]))
