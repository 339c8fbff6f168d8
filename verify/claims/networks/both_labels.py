"""S6 on networks: that no held output serves both labels without clipping, and that steep copies do with it."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import every, some, within
from constructions.foundations.network import Fragment
from constructions.foundations.rounding import clip
from constructions.networks.both_labels import CLIPPED, both_from, steep, steep_conditions, steep_gain
from constructions.networks.memory import conditions
from constructions.networks.queries import STRONG, path_edges
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, obligation, registry
from verify.obligations.verdict import Verdict

F = Fraction
LARGEST = F(2)
"""The largest output of the two-stage ramp, in size."""


def no_output_serves_both_labels(part: Fraction, case: Case) -> None:
    """Without clipping: for every output f of the two-stage ramp, from -2 to 2, every slope and every value v > 0 that
    a query has on both labels, the gradient on one of the labels is off from v by at least this part of v."""
    f, slope, value = case.real("f"), case.real("slope"), case.real("v")
    case.assume(within(f, LARGEST), value > 0)
    strays = [some(by <= -part * value, by >= part * value) for by in ((f - y) * slope - value for y in (0, 1))]
    case.show("one label strays", some(*strays))


registry().add(
    Obligation(
        id="lemma3b.both.bound",
        paper="Lemma 3b",
        claim=no_output_serves_both_labels,
        of=lambda case: F(1, 5),
        twin=lambda case: F(1, 4),
    )
)


@obligation(
    "lemma3b.both.records",
    paper="Lemma 3b",
    of=lambda case: both_from,
    twin=lambda case: lambda usual, steep_one: (usual, steep_one),
)
def two_copies_tell_both_labels(read: Callable[[Number, Number], tuple[Number, Number]], case: Case) -> None:
    """For every eta in (0, 1) and every batch, of which shares p0 and p1 have the query 1 and the labels 0 and 1: with
    the output held at 1 + eta, the mean of the clipped gradients of a usual copy, over its slope, which is at most
    1/(1 + eta), is within eta of p0, and that of a steep copy, of slope at least 1/eta, is p0 + p1 exactly. So what the
    two tell of either label is within eta."""
    eta, slope, large = case.real("eta"), case.real("slope"), case.real("steep slope")
    zero, one, usual = case.real("p0"), case.real("p1"), case.real("usual")
    case.assume(eta > 0, eta < 1, zero >= 0, one >= 0, zero + one <= 1, large * eta >= 1)
    case.assume(slope > 0, slope * (1 + eta) <= 1)
    on = {by: [clip((1 + eta - y) * by) for y in (0, 1)] for by in (slope, large)}
    case.lemma("not clipped", every(on[slope][0] == slope * (1 + eta), on[slope][1] == slope * eta))
    case.lemma("clipped", every(on[large][0] == 1, on[large][1] == 1))
    case.assume(usual * slope == on[slope][0] * zero + on[slope][1] * one, label="what a usual copy records")
    case.lemma("a usual copy in units", (usual - zero - eta * (zero + one)) * slope == 0)
    case.lemma("a usual copy", usual == zero + eta * (zero + one))
    case.lemma("times the share", every(eta * (zero + one) >= 0, eta * (zero + one) <= eta))
    counted = on[large][0] * zero + on[large][1] * one
    case.show("a steep copy", counted == zero + one)
    told = read(usual, counted)
    for label, wanted in ((0, zero), (1, one)):
        case.show(f"label {label}", within(told[label] - wanted, eta))


def steep_copies(gain: Callable[[Number], Number]) -> Callable[[Case], Any]:
    """A steep copy of Q' at any rho below 1/4 and any resting weight up to 1/2."""

    def build(case: Case) -> Any:
        rho, a, large = case.real("rho"), case.real("a"), case.real("gain")
        case.assume(rho > 0, rho < F(1, 4), a > 0, a <= F(1, 2))
        case.assume(large == gain(rho))
        setting = steep(STRONG.with_resting(a), large)
        edges = path_edges(setting, prime=True)
        return Fragment(inputs=("vc",), outputs=("v4",), edges=edges, constant="v0"), rho

    return build


def is_a_memory_but_for_clipping(subject: Any, case: Case) -> None:
    """For every rho below 1/4 and every resting weight up to 1/2: a steep copy of Q' meets every condition under which
    a graph is a memory (but for its digits, which are those of Q'), except that its gradient is clipped to 1 on either
    label: it is active, idle, and after its step as a memory is, however its edges were rounded."""
    graph, rho = subject
    for condition in steep_conditions(graph, rho, 0, offset=STRONG.offset):
        if condition.group != "shape":
            case.show(f"{condition.group}: {condition.name}", condition.holds)


def is_never_clipped(subject: Any, case: Case) -> None:
    """A steep copy of Q' meets the condition that its gradient is not clipped."""
    graph, rho = subject
    for condition in conditions(graph, rho, 0, rate=1, offset=STRONG.offset):
        if condition.name == CLIPPED:
            case.show(condition.name, condition.holds)


registry().add(
    Obligation(
        id="lemma3b.both.memory",
        paper="Lemma 3b",
        claim=is_a_memory_but_for_clipping,
        of=steep_copies(steep_gain),
        twin=steep_copies(lambda rho: F(1, 100)),
    )
)
registry().add(
    Obligation(
        id="lemma3b.both.unclipped",
        paper="Lemma 3b",
        claim=is_never_clipped,
        of=steep_copies(steep_gain),
        expect=Verdict.REFUTED,
    )
)
