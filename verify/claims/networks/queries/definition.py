"""Definition 2 as the paper has it: which edges Q and Q' have, and their weights, for any number of digits.

What is compared with the graph is the paper's own list of nine kinds of edges. Powers of two are those of an induction
over the digits, so nothing depends on how many there are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, some
from constructions.foundations.network import Edge
from constructions.networks.queries import (
    LOWEST_PLACE,
    PRINTED,
    STRONG,
    V0,
    V1,
    ReadOutPen,
    Setting,
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
"""Up to how many digits the template's loop is looked at."""


def powers(case: Case) -> State:
    """A moment of the count of levels: some number n of digits, with 2^n."""
    run = case.induction(
        "over the levels",
        state={"n": case.integer("n"), "place": case.real("levels"), "power": case.real("2^n")},
        start={"n": Fraction(0), "place": Fraction(LOWEST_PLACE), "power": Fraction(1)},
        inputs={},
        advance=lambda s: {"n": s["n"] + 1, "place": next_place(s["place"]), "power": s["power"] + s["power"]},
        holds=lambda s: every(s["n"] >= 0, s["place"] == s["power"], s["power"] >= 1),
    )
    return case.reached(run)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOutWriting:
    """The writing of the edges to n digits, and two vertices between which an edge is looked for.

    Parameters
    ----------
    tail, head : the vertices, by number. n, levels : how many digits there are, and 2^n. tau, resting : the precision
        and the resting weight.
    """

    tail: Number
    head: Number
    n: Number
    levels: Number
    tau: Number
    resting: Number

    def start(self) -> State:
        """Before the first edge."""
        pen = ReadOutPen()
        return self._state(pen) | dict.fromkeys(("times", "weight", "2^tail"), Fraction(0)) | {"power": Fraction(1)}

    def advance(self, s: State) -> State:
        """One more edge is written."""
        pen = _pen(s)
        tail, head, weight = pen.edge(rho=self.tau, resting=self.resting, levels=self.levels)
        here, after = every(tail == self.tail, head == self.head), pen.moved()
        return self._state(after) | {
            "times": select(here, s["times"] + 1, s["times"]),
            "weight": select(here, weight, s["weight"]),
            "2^tail": select(pen.digit == self.tail, s["power"], s["2^tail"]),
            "power": select(after.digit == pen.digit, s["power"], s["power"] + s["power"]),
        }

    def holds(self, s: State) -> Formula:
        """The edge was written once if it is one of Definition 2 that the pen has passed, with the weight that is
        listed, and else never."""
        digit, other = s["digit"], s["other"]
        ranges = every(digit >= 0, other >= V0, other < digit, digit <= self.n, implies(digit == self.n, other == V0))
        own = every(self.tail < 0, some(self.head < digit, every(self.head == digit, self.tail < other)))
        carry = every(self.tail > self.head, some(self.tail < digit, every(self.tail == digit, self.head < other)))
        passed = some(own, carry)
        counts = every(implies(passed, s["times"] == 1), implies(negation(passed), s["times"] == 0))
        power = every(s["place"] == s["power"], s["power"] >= 1)
        seen = implies(every(digit == self.tail, other > V0), s["2^tail"] == s["power"])
        return every(ranges, power, seen, counts, implies(passed, self.is_listed(s)))

    def is_listed(self, s: State) -> Formula:
        """Whether the weight is that of items 7 to 9."""
        return every(
            implies(self.tail == V1, s["weight"] == 12 / self.tau),
            implies(self.tail == V0, s["weight"] == -1 / self.tau + 6 - 6 * self.levels),
            implies(self.tail >= 0, s["weight"] == -3 * s["2^tail"]),
        )

    def _state(self, pen: ReadOutPen) -> State:
        return {"digit": pen.digit, "other": pen.other, "place": pen.place}


def _pen(s: State) -> ReadOutPen:
    return ReadOutPen(digit=s["digit"], other=s["other"], place=s["place"])


def written_edge(setting: Setting, tau: Number, case: Case) -> tuple[ReadOutWriting, State, State]:
    """Any two vertices, any number of digits (with what is known of it), and a moment of the writing of the edges."""
    tail, head, count = case.integer("tail"), case.integer("head"), powers(case)
    case.assume(tail >= V0, head >= 0)
    writing = ReadOutWriting(
        tail=tail, head=head, n=count["n"], levels=count["place"], tau=tau, resting=setting.resting
    )
    state = {name: case.integer(name) for name in ("digit", "other", "times")}
    state |= {name: case.real(name) for name in ("place", "weight", "2^tail", "power")}
    run = case.induction(
        "over the edges",
        state=state,
        start=writing.start(),
        inputs={},
        fixed=("over the levels reached",),
        given=lambda s: _pen(s).writes(writing.n),
        advance=writing.advance,
        holds=writing.holds,
    )
    return writing, count, case.reached(run)


@obligation(
    "definition2.graph",
    paper="Definition 2",
    kind="induction",
    of=lambda case: PRINTED,
    twin=lambda case: STRONG,
)
def query_graphs_of_definition_2(setting: Setting, case: Case) -> None:
    """For every tau > 0, every number n of digits and every pair of vertices: when all edges to digits are written,
    there is one from the first to the second, written once, exactly if Definition 2 lists one: from v1 and v0 to each
    digit i < n, and from i to each j < i. Its weight is the one that is given there: 12/tau, -1/tau + 6 - 6 2^n, or -3
    2^i. Beside these, Q has the edges of items 1 to 6 with their weights, and no others; Q' has -1 at v3 -> v4."""
    tau = case.real("tau")
    case.assume(tau > 0)
    for prime in (False, True):
        name = "Q'" if prime else "Q"
        graph = query_graph(setting, rho=tau, bits=0, prime=prime)
        fixed = FIXED | {("v3", "v4"): OUTPUT[prime]}
        for edge, weight in fixed.items():
            case.equal(f"{name}: {edge[0]} -> {edge[1]}", graph.weight(*edge), weight)
        case.show(f"{name}: beside the digits there is no other edge", set(graph.edges) == set(fixed))
        case.show(f"{name}: v0 is the constant, vc is given", graph.sources == ("v0", "vc"))
    writing, count, at = written_edge(setting, tau, case)
    tail, head, n = writing.tail, writing.head, writing.n
    ended = negation(_pen(at).writes(n))
    listed = every(head < n, some(tail < 0, every(head < tail, tail < n)))
    case.show("an edge is there, and once, if it is listed", at["times"] == 1, given=every(ended, listed))
    case.show("an edge that is not listed is not there", at["times"] == 0, given=every(ended, negation(listed)))
    for label, kind, wanted in (
        ("v1 -> vri is 12/tau", tail == V1, 12 / tau),
        ("v0 -> vri is -1/tau + 6 - 6 2^n", tail == V0, -1 / tau + 6 - 6 * count["power"]),
        ("vri -> a lower digit is -3 2^i", tail >= 0, -3 * at["2^tail"]),
    ):
        case.show(label, at["weight"] == wanted, given=every(ended, listed, kind))


@obligation(
    "definition2.loop",
    paper="Definition 2",
    expect=Verdict.CHECKED,
    finite="0 to 4 digits",
    of=lambda case: read_out_edges,
    twin=lambda case: lambda rho, resting, bits: read_out_edges(rho=rho, resting=resting, bits=max(bits - 1, 0)),
)
def loop_is_the_run(read_out: Callable[..., dict[Edge, Number]], case: Case) -> None:
    """For up to 4 digits, the template's loop writes the edges of the steps of `definition2.graph` one after the other
    until the pen stops, and the query graph has these edges beside those that it has without digits."""
    tau, resting = case.real("tau"), case.real("a")
    case.assume(tau > 0)
    for bits in range(DIGITS + 1):
        found = read_out(rho=tau, resting=resting, bits=bits)
        pen, wanted = ReadOutPen(), dict[Edge, Number]()
        while pen.writes(bits):
            tail, head, weight = pen.edge(rho=tau, resting=resting, levels=2**bits)
            wanted[{V0: "v0", V1: "v1"}.get(int(tail), f"vr{tail}"), f"vr{head}"] = weight
            pen = pen.moved()
        case.show(f"{bits} digits: the same edges", set(found) == set(wanted))
        graph = query_graph(STRONG.with_resting(resting), rho=tau, bits=bits)
        none = query_graph(STRONG.with_resting(resting), rho=tau, bits=0)
        case.show(f"{bits} digits: the graph has these and its own", set(graph.edges) == {*none.edges, *wanted})
        for name, edges in (("the same", found), ("the graph's", graph.edges)):
            same = every(*(edges.get(edge, Fraction(0)) == weight for edge, weight in wanted.items()))
            case.show(f"{bits} digits: {name} weights", same)


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
