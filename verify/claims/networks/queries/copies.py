"""Lemma 11 for each setting of Q and Q', over the graphs that the templates build.

Every claim takes rho, the fractions fm <= ft of the batch (wrong and active samples), the resting weight and each
rounding as variables. A sample is idle (vc = 2) or active (vc = 0); on an active one the rest of the network holds the
output at the declared value, whatever it has to add for that (the variable z).

Proved here: what an idle copy does (``lemma11.idle``), what an active one does and how it is driven
(``lemma11.active``), by how much its weights move (``lemma11.moves``), what it is afterwards (``lemma11.after``), and
what it records (``lemma11.record``, ``lemma11.clock``).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Unpack

from constructions.foundations.activation import RAMP, Piece
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, negation, within
from constructions.foundations.network import Edge, Fragment
from constructions.foundations.rounding import clip, is_valid
from constructions.networks.memory import MOVING
from constructions.networks.queries import MINIMAL, PRINTED, STRONG, Setting, query_graph
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, ObligationFields, Subject, registry
from verify.obligations.verdict import Verdict

LOW, SLOPE_LOW, MIDDLE, SLOPE_HIGH, HIGH = RAMP.pieces
IDLE = {"v2": HIGH, "v2'": LOW, "v3": MIDDLE}
LABELS = (0, 1)


@dataclass(frozen=True, slots=True)
class CopyOfSetting:
    """A query graph and what the network around it takes for granted: precision, output, rate, share, labels."""

    graph: Fragment
    setting: Setting
    rho: Number
    prime: bool
    labels: tuple[int, int] = LABELS

    @property
    def active(self) -> dict[str, Piece]:
        """The pieces of an active copy's vertices; v4 holds the declared output."""
        low = not self.prime
        return dict.fromkeys(("v1", "v2", "v2'", "v3"), SLOPE_HIGH) | {"v4": SLOPE_LOW if low else SLOPE_HIGH}

    @property
    def wrong(self) -> int:
        """The label with which the held output disagrees."""
        return self.labels[0] if self.prime else self.labels[1]

    @property
    def agreeing(self) -> int:
        """The label with which it agrees, up to the offset."""
        return self.labels[1] if self.prime else self.labels[0]


def general_copy(
    setting: Setting,
    prime: bool,
    *,
    bound: Fraction | None = None,
    closed: bool = False,
    resting: Fraction | None = None,
    bits: int = 0,
) -> Callable[[Case], CopyOfSetting]:
    """The template at every rho below the setting's bound (or up to it, if closed) and every resting weight up to 1/2.

    As printed the resting weight is 1/12; ``resting`` fixes it for the others.
    """

    def build(case: Case) -> CopyOfSetting:
        rho, limit = case.real("rho"), bound or setting.rho_below
        case.assume(rho > 0, rho <= limit if closed else rho < limit)
        chosen = setting
        if setting is not PRINTED:
            a = case.real("a") if resting is None else resting
            case.assume(a > 0, a <= Fraction(1, 2))
            chosen = setting.with_resting(a)
        return CopyOfSetting(query_graph(chosen, rho=rho, bits=bits, prime=prime), chosen, rho, prime)

    return build


def broken(build: Callable[[Case], CopyOfSetting], *edges: tuple[str, str, Number]) -> Callable[[Case], CopyOfSetting]:
    """The same copy with some weights changed."""

    def rebuild(case: Case) -> CopyOfSetting:
        made = build(case)
        graph = made.graph
        for u, v, weight in edges:
            graph = graph.with_weight(u, v, weight)
        return replace(made, graph=graph)

    return rebuild


def without_gradient(gradient: Any, edges: Iterable[Edge]) -> Formula:
    """Whether no edge of some has a gradient."""
    return every(*(gradient.edges[edge] == 0 for edge in edges))


def others(graph: Fragment) -> list[Edge]:
    """The edges of a copy that have no gradient even when it is active."""
    return [edge for edge in graph.edges if edge not in MOVING]


def idle(copy: CopyOfSetting, case: Case) -> None:
    """A copy that is idle (its vertex vc returns 2) adds nothing to the output, and no edge of it has a gradient,
    whatever the rest of the network does, as long as the output vertex is not on a kink."""
    z, adjoint = case.real("z"), case.real("adjoint")
    run = case.run(copy.graph, {"vc": Fraction(2)}, label="idle", outside={"v4": z}, expect=IDLE)
    case.assume(negation(RAMP.on_kink(run.pre["v4"])))
    case.equal("idle: v3 adds nothing to v4", copy.graph.weight("v3", "v4") * run.out["v3"], Fraction(0))
    gradient = case.gradient(run, {"v4": adjoint} | behind_digits(copy, case), label="idle")
    case.show("idle: no gradient on any edge", without_gradient(gradient, copy.graph.edges))


def behind_digits(copy: CopyOfSetting, case: Case) -> dict[str, Number]:
    """Whatever adjoint the rest of the network hands to each digit (condition 4 of Lemma 11 is not needed there)."""
    return {v: case.real(f"adjoint[{v}]") for v in copy.graph.order if v.startswith("vr")}


def held(copy: CopyOfSetting, case: Case, *, trust: bool = False, mark: str = "") -> tuple[Any, dict[int, Any]]:
    """An active sample with the output held: the walk, and the gradient for each label."""
    pieces = copy.active
    z = case.real(f"z{mark}")
    taken: dict[str, Any] = (
        {"on": pieces} if trust else {"expect": {v: piece for v, piece in pieces.items() if v != "v4"}}
    )
    run = case.run(copy.graph, {"vc": Fraction(0)}, label=f"active{mark}", outside={"v4": z}, **taken)
    case.assume(run.out["v4"] == copy.setting.output(copy.rho, prime=copy.prime))
    if not trust:
        case.show(f"active{mark}: v4 is strictly inside {pieces['v4']}", run.on("v4", pieces["v4"]))
    seeds = {y: {"v4": run.out["v4"] - y} | behind_digits(copy, case) for y in copy.labels}
    on: dict[str, Any] = {"on": pieces} if trust else {}
    return run, {y: case.gradient(run, seeds[y], label=f"active{mark}, label {y}", **on) for y in copy.labels}


def active(copy: CopyOfSetting, case: Case) -> None:
    """For every rho and resting weight of the setting: a copy that is active (its vertex vc returns 0), while the
    output is held at its declared value, adds exactly its share to the output's pre-activation: what the setting
    declares that an active copy contributes. Only the edges v0v1, v1v2, v1v2', v2v3, v2'v3 and v3v4 have a gradient.
    In units of the record gain (2g times the step size, for the gain g), one sample raises v0 -> v1 by offset * rho if
    its label agrees with the held output, and by 1 more if it is wrong."""
    setting = copy.setting
    run, gradients = held(copy, case)
    share = -setting.share if copy.prime else setting.share
    case.equal("active: v3 adds the declared share to v4", copy.graph.weight("v3", "v4") * run.out["v3"], share)
    for y, gradient in gradients.items():
        case.show(f"active, label {y}: no gradient on any other edge", without_gradient(gradient, others(copy.graph)))
        rise = -setting.rate * clip(gradient.edges["v0", "v1"])
        wanted = setting.record_gain * (setting.offset * copy.rho + (1 if y == copy.wrong else 0))
        case.equal(f"active, label {y}: v0 -> v1 is driven up by its declared share", rise, wanted)


def batch_gradient(
    copy: CopyOfSetting, case: Case, edge: Edge, gradients: dict[int, Any], fm: Number, ft: Number
) -> Number:
    """The clipped gradient averaged over a batch in which fm of the samples are wrong and ft active."""
    return clip(gradients[copy.wrong].edges[edge]) * fm + clip(gradients[copy.agreeing].edges[edge]) * (ft - fm)


def wrong_and_active(case: Case, *, mark: str = "") -> tuple[Number, Number]:
    """Any fractions 0 <= fm <= ft <= 1 of a batch, of whatever size; ``mark`` tells the variables of several copies
    apart."""
    fm, ft = case.real(f"fm{mark}"), case.real(f"ft{mark}")
    case.assume(fm >= 0, fm <= ft, ft <= 1)
    return fm, ft


def written(copy: CopyOfSetting, case: Case) -> tuple[Fragment, dict[Edge, Number]]:
    """The copy after its active step, each entry rounded by its own integer variable."""
    fm, ft = wrong_and_active(case)
    _, gradients = held(copy, case, trust=True)
    moved: dict[Edge, Number] = {}
    multiples: dict[Edge, Number] = {}
    for edge in MOVING:
        multiples[edge] = case.integer(f"k[{edge[0]}{edge[1]}]")
        case.assume(is_valid(multiples[edge], batch_gradient(copy, case, edge, gradients, fm, ft), copy.rho))
        moved[edge] = copy.graph.weight(*edge) - copy.setting.rate * copy.rho * multiples[edge]
    return copy.graph.with_weights(moved), multiples


def after(copy: CopyOfSetting, case: Case) -> None:
    """After its active step, whatever the batch and the valid roundings were, a copy that is idle is strictly flat at
    v2, v2' and v3, adds nothing to the output, and has no gradient on any edge."""
    graph, _ = written(copy, case)
    still(graph, case)


def still(graph: Fragment, case: Case) -> None:
    """A written graph with vc = 2: on its idle pieces, and then without effect on the output or on its own weights."""
    z = case.real("z2")
    case.run(graph, {"vc": Fraction(2)}, label="after", outside={"v4": z}, expect=IDLE)
    run = case.run(graph, {"vc": Fraction(2)}, label="after, on these pieces", outside={"v4": z}, on=IDLE)
    case.equal("after: v3 adds nothing to v4", graph.weight("v3", "v4") * run.out["v3"], Fraction(0))
    case.assume(negation(RAMP.on_kink(run.pre["v4"])))
    gradient = case.gradient(run, {"v4": case.real("adjoint")}, label="after", on=IDLE)
    case.show("after: no gradient on any edge", without_gradient(gradient, graph.edges))


def moves(copy: CopyOfSetting, case: Case) -> None:
    """In its active step, whatever the batch and the valid roundings are, no weight of a copy moves by more than the
    step size times 1 + 3 rho/4, the weight v0 -> v1 never falls, and it stays below 2, so that v1 stays on its linear
    piece."""
    graph, multiples = written(copy, case)
    bound = copy.setting.rate * (1 + 3 * copy.rho / 4)
    small = (within(graph.weight(*edge) - copy.graph.weight(*edge), bound) for edge in MOVING)
    case.show("no edge moves by more than the rate times 1 + 3 rho/4", every(*small))
    case.show("v0 -> v1 never falls", multiples["v0", "v1"] <= 0)
    case.show("v0 -> v1 stays below 2, so v1 returns it", graph.weight("v0", "v1") < 2)


def moves_as_printed(copy: CopyOfSetting, case: Case) -> None:
    """With the printed weights, every edge of a copy but v0 -> v1 moves by at most 1 + 3 tau in its active step (which
    is true, though far from sharp)."""
    graph, _ = written(copy, case)
    for u, v in MOVING[1:]:
        case.show(f"{u} -> {v}", within(graph.weight(u, v) - copy.graph.weight(u, v), 1 + 3 * copy.rho))


def record(copy: CopyOfSetting, case: Case, *, mark: str = "") -> tuple[Number, Number, Number]:
    """The multiple m of rho by which v0 -> v1 rises, with the fractions behind it."""
    fm, ft = wrong_and_active(case, mark=mark)
    _, gradients = held(copy, case, trust=True, mark=mark)
    k = case.integer(f"k{mark}[v0v1]")
    case.assume(is_valid(k, batch_gradient(copy, case, ("v0", "v1"), gradients, fm, ft), copy.rho))
    return -copy.setting.rate * k, fm, ft


def recorded(copy: CopyOfSetting, case: Case) -> None:
    """Let m rho be the rise of v0 -> v1 in the active step, fm the fraction of the batch that is active and wrong, ft
    the fraction that is active, and g the gain. Then m rho, divided by the record gain (2g times the step size),
    exceeds fm by at least -3 rho/(8g) and at most (offset ft + 3/(8g)) rho, and it is within 3 rho/(8g) of fm + offset
    rho ft, whatever the batch and the valid roundings are."""
    m, fm, ft = record(copy, case)
    slack = Fraction(3, 8) / copy.setting.gain
    error = m * copy.rho / copy.setting.record_gain - fm
    case.show("not too low", error >= -slack * copy.rho)
    case.show("not too high", error <= (copy.setting.offset * ft + slack) * copy.rho)
    case.show("near fm + offset rho ft", within(error - copy.setting.offset * ft * copy.rho, slack * copy.rho))


def clock(copy: CopyOfSetting, case: Case) -> None:
    """The record of a copy that was active on the whole batch is at least 1, whatever the labels and the valid
    roundings are; so the clock never reads 0 once it has ticked."""
    m, _, ft = record(copy, case)
    case.assume(ft == 1)
    case.show("the record is at least 1", m >= 1)


def names(setting: Setting, prime: bool) -> str:
    """The end of an id: ``strong.q`` or ``strong.q'``."""
    words = setting.name.split()
    name = words[-1] if setting is PRINTED else words[0]
    return f"{name}.q'" if prime else f"{name}.q"


def _state(
    claim: Callable[[CopyOfSetting, Case], None],
    name: str,
    setting: Setting,
    prime: bool,
    *,
    of: Subject | None = None,
    **rest: Unpack[ObligationFields],
) -> None:
    """Register a claim about the query graph of a setting, or about ``of``."""
    of = of or general_copy(setting, prime)
    registry().add(
        Obligation(id=f"lemma11.{name}.{names(setting, prime)}", paper="Lemma 11", claim=claim, of=of, **rest)
    )


for _setting in (MINIMAL, STRONG):
    for _prime in (False, True):
        _whole = general_copy(_setting, _prime)
        _sign = -1 if _prime else 1
        _state(idle, "idle", _setting, _prime, twin=broken(_whole, ("vc", "v3", Fraction(1, 4))))
        _state(active, "active", _setting, _prime, twin=broken(_whole, ("v3", "v4", _sign * Fraction(1, 3))))
        _state(
            after,
            "after",
            _setting,
            _prime,
            twin=general_copy(_setting, _prime, closed=True),
            needs=(f"lemma11.active.{names(_setting, _prime)}", "descent.batch"),
            erratum="S4" if _setting is MINIMAL else "S7",
        )
        _state(
            moves,
            "moves",
            _setting,
            _prime,
            twin=broken(_whole, ("v3", "v4", -_sign * _setting.gain)),
            needs=(f"lemma11.active.{names(_setting, _prime)}",),
        )
        _state(
            recorded,
            "record",
            _setting,
            _prime,
            twin=broken(_whole, ("v3", "v4", _sign * Fraction(1, 2))),
            needs=(f"lemma11.active.{names(_setting, _prime)}",),
            erratum="E05",
        )
        _state(
            clock,
            "clock",
            _setting,
            _prime,
            twin=broken(_whole, ("v3", "v4", _sign * Fraction(1, 100))),
            needs=(f"lemma11.active.{names(_setting, _prime)}",),
        )

for _prime in (False, True):
    for _claim, _name in ((idle, "idle"), (active, "active")):
        _state(
            _claim,
            f"{_name}.digits",
            STRONG,
            _prime,
            of=general_copy(STRONG, _prime, bits=2),
            finite="2 digits",
            expect=Verdict.CHECKED,
            twin=broken(general_copy(STRONG, _prime, bits=2), ("v0", "vr1", Fraction(0))),
            needs=("lemma11.digits", "lemma10.blocks"),
        )

_state(idle, "idle", PRINTED, False, twin=broken(general_copy(PRINTED, False), ("vc", "v3", Fraction(1, 4))))
_state(active, "active", PRINTED, False, twin=broken(general_copy(PRINTED, False), ("v3", "v4", Fraction(1, 3))))
_state(
    moves_as_printed,
    "moves",
    PRINTED,
    False,
    twin=broken(general_copy(PRINTED, False), ("v3", "v4", Fraction(12))),
    needs=("lemma11.active.printed.q",),
)
_state(active, "active", PRINTED, True, expect=Verdict.REFUTED, erratum="E03")
