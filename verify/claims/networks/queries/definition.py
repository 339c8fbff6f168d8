"""Definition 2 as the paper has it: which edges Q and Q' have, and their weights, for any number of digits.

What is compared with the graph is the paper's own list of nine kinds of edges. Powers of two are those of an induction
over the digits, so nothing depends on how many there are.
"""

from collections.abc import Callable
from fractions import Fraction

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation
from constructions.foundations.network import Edge, Fragment
from constructions.networks.queries import (
    LOWEST_PLACE,
    PRINTED,
    STRONG,
    Setting,
    digit_edges,
    next_place,
    query_graph,
    read_out_edges,
    too_few,
)
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State
from verify.obligations.verdict import Verdict

FIXED: dict[Edge, Fraction] = {
    ("v0", "v1"): Fraction(1, 12),
    ("v1", "v2"): Fraction(1),
    ("v1", "v2'"): Fraction(1),
    ("v2", "v3"): Fraction(1),
    ("v2'", "v3"): Fraction(1),
    ("vc", "v2"): Fraction(10),
    ("vc", "v2'"): Fraction(-10),
    ("vc", "v3"): Fraction(-1, 4),
}
"""Items 1, 2, 4, 5 and 6 of Definition 2."""
OUTPUT = {False: Fraction(1, 4), True: Fraction(-1)}
"""Item 3: the weight of v3 -> v4 in Q, and in Q'."""
DIGITS = 4
"""How many digits are written out; which place they have is left open."""


def powers(case: Case) -> tuple[State, State]:
    """Two moments of a count in powers of two: some digit i with its place, and the number n of digits with 2^n."""
    state = {"i": case.integer("i"), "place": case.real("place"), "power": case.real("power")}
    run = case.induction(
        "over the digits",
        state=state,
        start={"i": Fraction(0), "place": Fraction(LOWEST_PLACE), "power": Fraction(1)},
        inputs={},
        advance=lambda s: {"i": s["i"] + 1, "place": next_place(s["place"]), "power": s["power"] + s["power"]},
        holds=lambda s: every(s["i"] >= 0, s["place"] == s["power"], s["power"] >= 1),
    )
    return case.reached(run), case.reached(run)


@obligation(
    "definition2.graph",
    paper="Definition 2",
    kind="induction",
    expect=Verdict.CHECKED,
    finite="the template's loop over 0 to 4 digits; a digit's edges at any place",
    of=lambda case: PRINTED,
    twin=lambda case: STRONG,
)
def query_graphs_of_definition_2(setting: Setting, case: Case) -> None:
    """For every tau > 0 and any number n of digits: Q has the edges that Definition 2 lists, with the weights that it
    gives, and no others; with i and n any numbers of a digit and of digits, the weights of the digits' edges are
    12/tau, -1/tau + 6 - 6 2^n and -3 2^i. Q' has the same edges, with the same weights but for -1 at v3 -> v4."""
    tau = case.real("tau")
    case.assume(tau > 0)
    digit, count = powers(case)
    for prime in (False, True):
        name = "Q'" if prime else "Q"
        graph = query_graph(setting, rho=tau, bits=DIGITS, prime=prime)
        fixed = FIXED | {("v3", "v4"): OUTPUT[prime]}
        for edge, weight in fixed.items():
            case.equal(f"{name}: {edge[0]} -> {edge[1]}", graph.weight(*edge), weight)
        case.show(f"{name}: no edge is missing, and there is no other", listed(graph) == {*fixed, *of_digits()})
        case.show(f"{name}: v0 is the constant, vc is given", graph.sources == ("v0", "vc"))
    last = DIGITS - 1
    edges = digit_edges(last, rho=tau, resting=setting.resting, place=digit["place"], levels=count["place"])
    case.equal("v1 -> vri is 12/tau", edges["v1", f"vr{last}"] * tau, Fraction(12))
    level = (edges["v0", f"vr{last}"] - 6 + 6 * count["power"]) * tau
    case.equal("v0 -> vri is -1/tau + 6 - 6 2^n", level, Fraction(-1))
    for j in range(last):
        case.equal(f"vri -> a lower digit {j} is -3 2^i", edges[f"vr{last}", f"vr{j}"], -3 * digit["power"])
    loop_is_the_run(lambda bits: read_out_edges(rho=tau, resting=setting.resting, bits=bits), setting, tau, case)


def one_more(levels: Number, rho: Number) -> Formula:
    """A rule that goes on where the levels just reach (the twin's)."""
    return rho * levels <= 1


@obligation(
    "definition2.bits",
    paper="Definition 2",
    kind="induction",
    of=lambda case: too_few,
    twin=lambda case: one_more,
)
def as_many_digits_as_are_needed(goes_on: Callable[[Number, Number], Formula], case: Case) -> None:
    """For every tau with 0 < tau < 1: where the count of digits ends, their number n has 2^n >= 1/tau, and n is the
    least such number, for 2^(n - 1) < 1/tau."""
    tau = case.real("tau")
    case.assume(tau > 0, tau < 1)
    state = {"n": case.integer("n"), "place": case.real("place"), "power": case.real("power")}
    at = case.reached(
        case.induction(
            "over the digits",
            state=state,
            start={"n": Fraction(0), "place": Fraction(LOWEST_PLACE), "power": Fraction(1)},
            inputs={},
            given=lambda s: goes_on(s["place"], tau),
            advance=lambda s: {"n": s["n"] + 1, "place": next_place(s["place"]), "power": s["power"] + s["power"]},
            holds=lambda s: every(
                s["n"] >= 0,
                s["place"] == s["power"],
                implies(s["n"] == 0, s["power"] == 1),
                implies(s["n"] >= 1, tau * (s["power"] / 2) < 1),
            ),
        )
    )
    ended = negation(goes_on(at["place"], tau))
    case.show("enough", at["power"] * tau >= 1, given=ended)
    case.show("no fewer would do", every(at["n"] >= 1, (at["power"] / 2) * tau < 1), given=ended)


def of_digits() -> set[Edge]:
    """The edges of items 7, 8 and 9."""
    digits = [f"vr{i}" for i in range(DIGITS)]
    down = {(digits[i], digits[j]) for i in range(DIGITS) for j in range(i)}
    return {("v1", v) for v in digits} | {("v0", v) for v in digits} | down


def listed(graph: Fragment) -> set[Edge]:
    """The edges of a graph."""
    return set(graph.edges)


def loop_is_the_run(read_out: Callable[[int], dict[Edge, Number]], setting: Setting, tau: Number, case: Case) -> None:
    """That the template's loop over 0 to 4 digits has each digit's edges, at the places that the induction counts."""
    for bits in range(DIGITS + 1):
        places: list[Number] = [LOWEST_PLACE]
        for _ in range(bits):
            places.append(next_place(places[-1]))
        found, wanted = read_out(bits), dict[Edge, Number]()
        for i in range(bits):
            wanted |= digit_edges(i, rho=tau, resting=setting.resting, place=places[i], levels=places[bits])
        case.show(f"{bits} digits: the same edges", set(found) == set(wanted))
        for edge in wanted:
            case.equal(f"{bits} digits: {edge[0]} -> {edge[1]}", found.get(edge, Fraction(0)), wanted[edge])
        case.show(f"{bits} digits: the graph has them", graph_has(setting, tau, bits, found))


def graph_has(setting: Setting, tau: Number, bits: int, edges: dict[Edge, Number]) -> object:
    """Whether the graph of so many digits has these edges with these weights."""
    graph = query_graph(setting, rho=tau, bits=bits)
    return every(*(edge in graph.edges and graph.weight(*edge) == weight for edge, weight in edges.items()))
