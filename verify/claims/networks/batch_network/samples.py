"""One sample of a signed memory in its network: what it adds to the output, and its gradients.

The walk is that over the copy at its present weights, which are those as built less the rate times the moves u so far.
Proved here: what a copy adds (``signed.adds``) and what its gradients are (``signed.sample``), as built and once it is
still.
"""

from dataclasses import dataclass, replace
from fractions import Fraction

from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, some
from constructions.foundations.network import Edge, Fragment
from constructions.foundations.rounding import clip
from constructions.foundations.walks import ForwardRun, backward, forward
from constructions.networks.controls import activator
from constructions.networks.gates import code
from constructions.networks.memory import absolute
from constructions.networks.queries import DYADIC
from constructions.networks.signed_memory import HELD, SIDES, SIGNED, SIGNED_MOVING, moving, signed_path_edges
from verify.claims.networks.signed_memory.still import PAPER
from verify.obligations.case import Case
from verify.obligations.obligation import obligation

END = Fraction(4, 3)
RECORDS: Edge = ("v0", "v1")
Moves = dict[Edge, Number]


def move_name(edge: Edge) -> str:
    """What claims call the move of an edge so far."""
    return f"u[{edge[0]}{edge[1]}]"


def within_bounds(u: Moves, rho: Number) -> Formula:
    """Whether the weights are where a step can leave them: what ``signed.after`` presupposes."""
    alike = (absolute(u[moving(s)[2]] - u[moving(s)[3]]) <= rho for s in SIDES)
    return every(*(absolute(by) <= 1 + 3 * rho / 4 for by in u.values()), *alike)


def as_built(u: Moves) -> Formula:
    """Whether no weight has moved."""
    return every(*(by == 0 for by in u.values()))


@dataclass(frozen=True, slots=True)
class CopyInNetwork:
    """A copy at its present weights, driven by what the computation says of its sides.

    Parameters
    ----------
    u : the moves of its weights so far. plus_idle, minus_idle : the bits that drive pc and nc. gain : the weight of
        p3 -> v4 as built.
    """

    u: Moves
    plus_idle: Formula
    minus_idle: Formula
    gain: Number = SIGNED.gain

    @property
    def graph(self) -> Fragment:
        """The copy without its digits, through which nothing passes back."""
        built = signed_path_edges(replace(SIGNED, gain=self.gain))
        edges = built | {edge: built[edge] - SIGNED.rate * by for edge, by in self.u.items()}
        return Fragment(inputs=("pc", "nc"), outputs=("v4",), edges=edges, constant="v0", sigma=RAMP)

    @property
    def driven(self) -> dict[str, Number]:
        """What pc and nc return."""
        bits = {"pc": self.plus_idle, "nc": self.minus_idle}
        return {v: forward(activator(DYADIC), {"bit": code(RAMP).encode(bit)}).out["vc"] for v, bit in bits.items()}

    def walk(self, outside: Number) -> ForwardRun:
        """The walk, where the rest of the network adds so much to the output."""
        return forward(self.graph, self.driven, outside={"v4": outside})

    def added(self, side: str) -> Number:
        """What a side adds to the output: its last weight times what its last vertex returns."""
        return self.graph.weight(f"{side}3", "v4") * self.walk(Fraction(0)).out[f"{side}3"]

    def entries(self, total: Number, y: Number) -> Moves:
        """The clipped derivatives of the loss by the weights, where all edges bring ``total`` to the output."""
        rest = total - sum((self.added(s) for s in SIDES), Fraction(0))
        run = self.walk(rest)
        found = backward(run, {"v4": run.out["v4"] - y}, report_kinks=True)
        return {edge: clip(found.edges[edge]) for edge in SIGNED_MOVING}


def any_moves(case: Case) -> Moves:
    """Any moves of the weights."""
    return {edge: case.real(move_name(edge)) for edge in SIGNED_MOVING}


def driven_copy(case: Case, gain: Number = SIGNED.gain) -> tuple[CopyInNetwork, Formula, Formula]:
    """Any copy in its network at a precision below 4/3, with at most one side active, and which one is."""
    rho, plus, minus = case.real("rho"), case.bit("plus is active"), case.bit("minus is active")
    case.assume(rho > 0, rho < END, negation(every(plus, minus)))
    return CopyInNetwork(any_moves(case), negation(plus), negation(minus), gain), plus, minus


def may_be_still(copy: CopyInNetwork, total: Number, case: Case) -> None:
    """Use what is proved of weights that a step can leave, where all edges bring ``total`` to the output."""
    rho, weights = case.real("rho"), {f"w[{a}{b}]": w for (a, b), w in BUILT.items()}
    after = case.use("signed.after", rho=rho, z=total, **weights, **named(copy.u))
    off = negation(RAMP.on_kink(total))
    case.lemma("still: it may be used", implies(every(within_bounds(copy.u, rho), off), after.premises))


@obligation("signed.adds", paper=PAPER, of=lambda case: SIGNED.share, twin=lambda case: -SIGNED.share)
def what_a_copy_adds(share: Number, case: Case) -> None:
    """Take a copy in its network at any precision below 4/3. As built, with at most one side active, the active side
    adds its share to the output and the other one nothing. At weights that a step can leave, idle, it adds nothing."""
    copy, plus, minus = driven_copy(case)
    may_be_still(copy, Fraction(1, 2), case)
    still = every(negation(some(plus, minus)), within_bounds(copy.u, case.real("rho")))
    for s, active in zip(SIDES, (plus, minus), strict=True):
        mine = share if s == "p" else -share
        case.show(f"built: {s}", copy.added(s) == select(active, mine, Fraction(0)), given=as_built(copy.u))
        case.show(f"still: {s}", copy.added(s) == 0, given=still)


@obligation("signed.sample", paper=PAPER, of=lambda case: HELD, twin=lambda case: Fraction(1, 4))
def a_sample_of_a_copy(held: Fraction, case: Case) -> None:
    """Take a copy in its network at any precision below 4/3, and a sample. As built, with at most one side active and
    the output at 1/2 if one is: the clipped gradient of v0 -> v1 is (-1)^y r, where r is 1 if the plus side is active,
    -1 if the minus side is and 0 if none is; those of all edges are at most 1, those of the two edges into the last
    vertex of a side are alike, and all are 0 if it is idle. At weights that a step can leave, idle, with the output off
    its kinks, all gradients are 0."""
    copy, plus, minus = driven_copy(case)
    total, y = case.real("total"), case.real("label")
    case.assume(some(y == 0, y == 1), implies(some(plus, minus), total == held), negation(RAMP.on_kink(total)))
    entries, built = copy.entries(total, y), as_built(copy.u)
    sign = select(plus, 1 - 2 * y, select(minus, 2 * y - 1, Fraction(0)))
    case.show("built: v0 -> v1", entries[RECORDS] == sign, given=built)
    bounded = every(*(absolute(entry) <= 1 for entry in entries.values()))
    case.show("built: at most 1", bounded, given=built)
    alike = every(*(entries[moving(s)[2]] == entries[moving(s)[3]] for s in SIDES))
    case.show("built: alike", alike, given=built)
    idle, nothing = negation(some(plus, minus)), every(*(entry == 0 for entry in entries.values()))
    case.show("built: nothing while idle", nothing, given=every(built, idle))
    may_be_still(copy, total, case)
    case.show("still: nothing", nothing, given=every(idle, within_bounds(copy.u, case.real("rho"))))


BUILT = signed_path_edges(SIGNED)


def named(u: Moves) -> dict[str, Number]:
    """Moves by their names."""
    return {move_name(edge): by for edge, by in u.items()}
