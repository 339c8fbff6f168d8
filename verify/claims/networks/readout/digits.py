"""Lemma 11's read-out: the digits that it shows are those of the record, for every number of digits.

Proved here: by induction from the top digit, each digit is strictly flat and right (``lemma11.digits``), or 1 if the
record has more digits than there are (``lemma11.overflow``); the graphs that are built have the weights of the rule
(``lemma11.digits.built``) and read as it says (``lemma11.read``); how far a pre-activation may be from the rule's, for
weights other than the rule's (``memory.deviation``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Unpack

from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, select, some, within
from constructions.foundations.network import Edge, Fragment
from constructions.networks.memory import absolute, carry_deviation, own_deviation, reading_edges
from constructions.networks.queries import (
    STRONG,
    Setting,
    carry_weight,
    level_weight,
    query_graph,
    read_out_edges,
    value_weight,
)
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, ObligationFields, Subject, registry
from verify.obligations.parts import State
from verify.obligations.verdict import Verdict


def register(
    id: str, claim: Callable[..., None], *, of: Subject, paper: str = "Lemma 11", **rest: Unpack[ObligationFields]
) -> None:
    """Register a claim of Lemma 11."""
    registry().add(Obligation(id=id, paper=paper, claim=claim, of=of, **rest))


def _reading(three: int) -> Callable[[Case], int]:
    return lambda case: three


def without_carries(rho: Number, a: Number, m: Number, levels: Number) -> Number:
    """The pre-activation of each digit before the higher digits are taken off: v1 returns a + m rho."""
    return value_weight(rho) * (a + m * rho) + level_weight(rho, a, levels)


def digits_read_the_record(carry: int, case: Case) -> None:
    """For every rho > 0, every resting weight, every number k of digits and every record m below 2^k, each digit is
    strictly flat and the digits are the binary digits of m, even if each pre-activation is off by less than 3. The
    proof is an induction over the digits from the top, in which the place 2^i is a variable."""
    rho, a, m, levels = case.real("rho"), case.real("a"), case.integer("m"), case.integer("levels")
    off = case.real("off")
    case.assume(rho > 0, m >= 0, m < levels, levels >= 1, off > -3, off < 3)
    state = {"place": case.integer("place"), "upper": case.integer("upper"), "carried": case.real("carried")}
    half = case.integer("half")
    inputs = {"half": half, "off": off}

    def digit(s: State) -> Number:
        return without_carries(rho, a, m, levels) + s["carried"] + s["off"]

    def advance(s: State) -> State:
        out = RAMP(digit(s))
        upper = s["upper"] + select(out == 2, s["half"], Fraction(0))
        return {
            "place": s["half"],
            "upper": upper,
            "carried": s["carried"] + carry_weight(s["half"]) * out * Fraction(carry),
        }

    def holds(s: State) -> Formula:
        rest = every(s["place"] >= 1, s["upper"] <= m, m < s["upper"] + s["place"])
        return every(rest, s["carried"] == -12 * s["upper"] + 6 * (levels - s["place"]))

    start = {"place": levels, "upper": Fraction(0), "carried": Fraction(0)}
    case.lemma("the resting weight cancels", without_carries(rho, a, m, levels) == 12 * m + 6 - 6 * levels)
    run = case.induction(
        "over the digits from the top",
        state=state,
        start=start,
        advance=advance,
        holds=holds,
        inputs=inputs,
        given=lambda s: every(s["place"] == 2 * s["half"], s["half"] >= 1),
    )
    at = case.reached(run)
    case.show("at the end nothing is left", at["upper"] == m, given=at["place"] == 1)
    taken = every(at["place"] == 2 * half, half >= 1)
    case.show("each digit is strictly flat", RAMP.strictly_flat(digit(at | inputs)), given=taken)


register("lemma11.digits", digits_read_the_record, kind="induction", of=_reading(1), twin=_reading(2))


def digits_saturate(carry: int, case: Case) -> None:
    """For every rho > 0, every resting weight, every number k of digits and every record m of 2^k or more, each digit
    is strictly flat and reads 1, even if each pre-activation is off by less than 3; so the digits give 2^k - 1."""
    rho, a, off = (case.real(name) for name in ("rho", "a", "off"))
    m, levels, half = (case.integer(name) for name in ("m", "levels", "half"))
    case.assume(rho > 0, levels >= 1, m >= levels, off > -3, off < 3)
    state = {"place": case.integer("place"), "carried": case.real("carried")}
    inputs = {"half": half, "off": off}

    def digit(s: State) -> Number:
        return without_carries(rho, a, m, levels) + s["carried"] + s["off"]

    case.lemma("the resting weight cancels", without_carries(rho, a, m, levels) == 12 * m + 6 - 6 * levels)
    run = case.induction(
        "over the digits from the top",
        state=state,
        start={"place": levels, "carried": Fraction(0)},
        inputs=inputs,
        given=lambda s: every(s["place"] == 2 * s["half"], s["half"] >= 1),
        advance=lambda s: {
            "place": s["half"],
            "carried": s["carried"] + carry_weight(s["half"]) * RAMP(digit(s)) * Fraction(carry),
        },
        holds=lambda s: every(s["place"] >= 1, s["carried"] == -6 * (levels - s["place"])),
    )
    at = case.reached(run)
    taken = every(at["place"] == 2 * half, half >= 1)
    case.show("each digit is 2, strictly flat", digit(at | inputs) > 2, given=taken)


register(
    "lemma11.overflow",
    digits_saturate,
    kind="induction",
    of=_reading(1),
    twin=_reading(3),
    needs=("lemma11.digits",),
    erratum="E05",
)


@dataclass(frozen=True, slots=True)
class ReadOuts:
    """The edges into the digits of built graphs: ``edges`` of each by its number of digits, at a rho and resting weight
    a."""

    edges: Mapping[int, Mapping[Edge, Number]]
    rho: Number
    a: Number


MOST_DIGITS = 24


def into_digits(graph: Fragment) -> dict[Edge, Number]:
    """The edges of a graph into its digits.

    >>> list(into_digits(query_graph(STRONG, rho=Fraction(1, 2), bits=1)))
    [('v0', 'vr0'), ('v1', 'vr0')]
    """
    return {edge: weight for edge, weight in graph.edges.items() if edge[1].startswith("vr")}


def _built(setting: Setting, changed: Mapping[Edge, Number] | None = None) -> Callable[[Case], ReadOuts]:
    """The read-outs of 1 to 24 digits, at every rho and resting weight; of the largest, the whole graph is built, and
    in that one the twin has some weights changed and an edge more."""

    def build(case: Case) -> ReadOuts:
        rho, a = case.real("rho"), case.real("a")
        graph = query_graph(setting.with_resting(a), rho=rho, bits=MOST_DIGITS)
        shorter = {k: read_out_edges(rho=rho, resting=a, bits=k) for k in range(1, MOST_DIGITS)}
        return ReadOuts({**shorter, MOST_DIGITS: {**into_digits(graph), **(changed or {})}}, rho, a)

    return build


def built_graphs_follow_the_rule(built: ReadOuts, case: Case) -> None:
    """For every rho and resting weight a, and for each number k of digits up to 24, the edges into the digits are
    those of the rule and have its weights: 12/rho from v1 to a digit, -12a/rho + 6 - 6 2^k from the constant v0, and
    -3 2^i from digit i to each lower digit. (The squares of all differences from the rule are added up; the sum is 0
    only if each is.)"""
    rho, a = built.rho, built.a
    off = {"v0": Fraction(0), "v1": Fraction(0), "a higher digit": Fraction(0)}
    others = 0
    for k, edges in built.edges.items():
        rule = reading_edges(k)
        others += len(set(edges) ^ set(rule))
        for tail, head in filter(edges.__contains__, rule):
            weight = edges[tail, head]
            if tail == "v0":
                off[tail] += (weight - level_weight(rho, a, 2**k)) ** 2
            elif tail == "v1":
                off[tail] += (weight * rho - 12) ** 2
            else:
                off["a higher digit"] += (weight - carry_weight(2 ** int(tail.removeprefix("vr")))) ** 2
    case.equal("edges that only one of graph and rule has", Fraction(others), Fraction(0))
    for tail, squares in off.items():
        case.equal(f"the weights from {tail} to a digit", squares, Fraction(0))


register(
    "lemma11.digits.built",
    built_graphs_follow_the_rule,
    kind="identity",
    finite="1 to 24 digits",
    expect=Verdict.CHECKED,
    of=_built(STRONG),
    twin=_built(
        STRONG,
        {
            ("v1", "vr0"): Fraction(1),
            ("v0", "vr0"): Fraction(1),
            ("vr5", "vr2"): Fraction(-95),
            ("vr2", "vr5"): Fraction(1),
        },
    ),
    needs=("lemma11.digits",),
)


def _small(
    bits: int, changed: Mapping[Edge, Number] | None = None
) -> Callable[[Case], tuple[Fragment, Number, Number, int]]:
    """A graph of few digits, at every rho and resting weight; the twin has some weights changed."""

    def build(case: Case) -> tuple[Fragment, Number, Number, int]:
        rho, a = case.real("rho"), case.real("a")
        graph = query_graph(STRONG.with_resting(a), rho=rho, bits=bits)
        return graph.with_weights(changed or {}), rho, a, bits

    return build


def read_by_the_graph(subject: tuple[Fragment, Number, Number, int], case: Case) -> None:
    """For every rho and record m, if v0 -> v1 has the weight a + m rho, where a is the resting weight, then the graph
    itself has strictly flat digits that read min(m, 2^k - 1), where k is the number of digits."""
    graph, rho, a, bits = subject
    m = case.integer("m")
    case.assume(rho > 0, a > 0, m >= 0, a + m * rho <= 2)
    run = case.run(
        graph.with_weight("v0", "v1", a + m * rho), {"vc": Fraction(2)}, label="read", outside={"v4": case.real("z")}
    )
    case.lemma("v1 returns the weight", run.out["v1"] == a + m * rho)
    low = Fraction(0)
    for i in reversed(range(bits)):
        digit = f"vr{i}"
        low = low + (run.out[digit] + 2) / 4 * 2**i
        case.lemma(f"{digit} is strictly flat", run.flat(digit))
        case.lemma(f"{digit} is a bit", some(run.out[digit] == -2, run.out[digit] == 2))
    case.show("the digits are those of m", implies(m < 2**bits, low == m))
    case.show("all ones if m is too large", implies(m >= 2**bits, low == 2**bits - 1))


for _bits in (1, 2, 3):
    register(
        f"lemma11.read.{_bits}",
        read_by_the_graph,
        finite=f"{_bits} digits",
        expect=Verdict.CHECKED,
        of=_small(_bits),
        twin=_small(_bits, {("v1", "vr0"): Fraction(1)}),
        needs=("lemma11.digits",),
    )


def deviation_is_bounded(carry: Callable[[Number, Number], Number], case: Case) -> None:
    """For any weights into the digits, any number of digits and any values of the higher digits, the bound that the
    predicate `is_memory` uses is at least the distance of a digit's pre-activation from the one that the rule's weights
    give. The proof is by induction over the higher digits."""
    rho, a, most = (case.real(name) for name in ("rho", "a", "most"))
    m, levels = case.integer("m"), case.integer("levels")
    value, level, weight, place, bit = (case.real(name) for name in ("value", "level", "weight", "place", "bit"))
    case.assume(rho > 0, m >= 0, m * rho <= most, some(bit == -2, bit == 2))
    case.lemma("the slope's part", absolute((value - 12 / rho) * (m * rho)) <= absolute(value - 12 / rho) * most)
    pre, nominal = value * (a + m * rho) + level, 12 * m + 6 - 6 * levels
    case.lemma("in two parts", pre - nominal == (value - 12 / rho) * (m * rho) + (value * a + level - (6 - 6 * levels)))
    run = case.induction(
        "over the higher digits",
        state={"off": case.real("off"), "bound": case.real("bound")},
        inputs={"weight": weight, "place": place, "bit": bit},
        start={"off": pre - nominal, "bound": own_deviation(value, level, a, rho, levels, most)},
        advance=lambda s: {
            "off": s["off"] + (s["weight"] - carry_weight(s["place"])) * s["bit"],
            "bound": s["bound"] + carry(s["weight"], s["place"]),
        },
        holds=lambda s: within(s["off"], s["bound"]),
    )
    at = case.reached(run)
    case.show("the distance is within the bound", within(at["off"], at["bound"]))


register(
    "memory.deviation",
    deviation_is_bounded,
    kind="induction",
    of=lambda case: carry_deviation,
    twin=lambda case: lambda weight, place: carry_deviation(weight, place) / 2,
    needs=("lemma11.digits",),
)
