"""The network that asks about both labels in one step (S6 on networks): what its copies record, what the answers are,
that its output is held, and what stands in its arrays.

That a steep copy is idle without effect, before its step and after it, and how far its edges move, is proved for every
memory (``memory.idle``, ``memory.active``, ``memory.moves``, ``memory.after``), from conditions that a steep copy meets
(``lemma3b.both.memory``): none of them asks that a gradient is not clipped.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.computation.asking_machine import averaging_machine
from constructions.computation.both_labels import in_pairs
from constructions.computation.learner_machines import best_literal_machine, conjunction_machine
from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number
from constructions.foundations.logic import every, select, within
from constructions.foundations.rounding import clip, is_valid
from constructions.foundations.walks import forward
from constructions.networks.both_labels import steep, steep_conditions, steep_gain
from constructions.networks.both_network import BothPlan, is_steep
from constructions.networks.both_round import told_of_both
from constructions.networks.budget import error_bounds
from constructions.networks.controls import control, primary_weight, secondary_weight
from constructions.networks.emulation import Plan, sizes_of
from constructions.networks.memory import absolute, active_conditions, is_memory, path_gain
from constructions.networks.queries import STRONG, Setting
from verify.claims.networks.emulation import (
    Network,
    controls_of,
    copy_at,
    edge_into_digit,
    network_of,
    places_of,
    vc_is_flat,
    with_weight,
)
from verify.claims.networks.memory.active import any_memory
from verify.claims.networks.queries.copies import CopyOfSetting, batch_gradient, held, wrong_and_active
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, obligation, registry
from verify.obligations.parts import State
from verify.obligations.verdict import Verdict

F = Fraction
PAPER = "Lemma 3b"


def any_steep_copy(least: int) -> Callable[[Case], CopyOfSetting]:
    """Any graph of Q' that is active and whose slope is at least this number over offset rho."""

    def build(case: Case) -> CopyOfSetting:
        copy = any_memory(1, True, active_conditions)(case)
        case.assume(copy.setting.offset * copy.rho * absolute(path_gain(copy.graph)) >= least)
        return copy

    return build


@obligation("lemma3b.both.record", paper=PAPER, of=any_steep_copy(1), twin=any_steep_copy(0), erratum="S6")
def a_steep_copy_counts(copy: CopyOfSetting, case: Case) -> None:
    """Take any graph of Q' whose paths are active and whose gradients of v0 -> v1 are clipped on either label, that is
    offset rho |G| >= 1 for its path gain G, at the learning rate 1. In a step in which it is active on a fraction ft of
    the batch, with the output held at 1 + offset rho, v0 -> v1 rises by a multiple m of rho with m >= 0 and m rho
    within 3/4 rho of ft, whatever the labels and the valid roundings are."""
    rho, offset = copy.rho, copy.setting.offset
    fm, ft = wrong_and_active(case)
    run, gradients = held(copy, case, trust=True)
    gain = case.real("gain")
    case.assume(gain == -path_gain(copy.graph), gain > 0)
    for y in (0, 1):
        found = gradients[y].edges["v0", "v1"]
        case.lemma(f"label {y}: the path gain times the derivative", found == -(run.out["v4"] - y) * gain)
        case.lemma(f"label {y}: the derivative is at least offset rho", run.out["v4"] - y >= offset * rho)
        case.lemma(f"label {y}: below -1", (run.out["v4"] - y - offset * rho) * gain >= 0)
        case.lemma(f"label {y}: clipped", clip(found) == -1)
    k = case.integer("k")
    case.lemma("the batch's entry", batch_gradient(copy, case, ("v0", "v1"), gradients, fm, ft) == -ft)
    case.assume(is_valid(k, -ft, rho))
    case.show("near", within(-k * rho - ft, 3 * rho / 4))
    case.show("not negative", -k >= 0)


Told = Callable[[Number, Number, Number, Number], Number]


def not_taken_off(first: Number, steep_one: Number, third: Number, gain: Number) -> Number:
    """The mean without what is taken off (the twin's)."""
    return first / gain + steep_one


@obligation(
    "lemma3b.both.answer",
    paper=PAPER,
    of=lambda case: told_of_both,
    twin=lambda case: not_taken_off,
    erratum="S6",
)
def answers_are_near(told: Told, case: Case) -> None:
    """Let a query phi(x, y) of 0 and 1 have three copies: a usual one where phi is 1 on label 0 alone, a steep one
    where it is 1 on label 1, another usual one where it is 1 on label 1 alone. Whatever the batch is, let each usual
    copy read its share with label 0 up to -rho and 17/8 rho (over its gain), as a memory does, and the steep one its
    share up to 3/4 rho. Then what is made of the three is within 31/8 rho, so within 4 rho, of the mean of phi over the
    batch."""
    rho, gain = case.real("rho"), STRONG.record_gain
    share = {name: case.real(name) for name in ("10, y=0", "10, y=1", "01, y=0", "01, y=1", "11, y=0", "11, y=1")}
    case.assume(rho > 0, *(part >= 0 for part in share.values()), sum(share.values(), F(0)) <= 1)
    low, high = error_bounds(STRONG)
    read = {name: case.integer(name) for name in ("first", "steep", "third")}
    for name, part in (("first", share["10, y=0"]), ("third", share["01, y=0"])):
        error = read[name] * rho / gain - part
        case.assume(error >= low * rho, error <= high * rho, label=f"what the {name} copy reads (lemma11.memory)")
    counted = share["01, y=0"] + share["01, y=1"] + share["11, y=0"] + share["11, y=1"]
    of_label_0 = share["01, y=0"] + share["11, y=0"]
    used = case.use("lemma3b.both.record", "near", rho=rho, fm=of_label_0, ft=counted, k=-read["steep"])
    case.assume(used.premises, label="what the steep copy records")
    mean = share["10, y=0"] + share["01, y=1"] + share["11, y=0"] + share["11, y=1"]
    answer = rho * told(read["first"], read["steep"], read["third"], gain)
    case.show("within 31/8 rho", within(answer - mean, F(31, 8) * rho))
    case.show("within 4 rho", within(answer - mean, 4 * rho))


def _steep_of(case: Case) -> tuple[Number, Setting]:
    """A precision below 1/4, and the strong setting with steep copies."""
    rho = case.real("rho")
    case.assume(rho > 0, rho < STRONG.rho_below)
    return rho, steep(STRONG, steep_gain(rho))


@obligation(
    "lemma3b.both.held",
    paper=PAPER,
    kind="induction",
    of=lambda case: F(1),
    twin=lambda case: F(2),
    erratum="S6",
)
def output_is_held(times: Fraction, case: Case) -> None:
    """For every rho < 1/4, take any number of copies, each of which is idle or active as built, some of them usual and
    some steep. What they take off the output, their cancellers add again; the primary control of the round whose turn
    it is adds 1 + offset rho. So the output is 1 + offset rho on every sample, on a piece of slope 1."""
    rho, own = _steep_of(case)
    shares = {True: (own.share, 2 * secondary_weight(own)), False: (STRONG.share, 2 * secondary_weight(STRONG))}
    acts, is_a_steep_one = case.bit("acts"), case.bit("steep")
    on, off = (forward(control(), {"plus": bit, "minus": F(2)}).out["control"] for bit in (F(2), F(-2)))
    case.show("a canceller returns 2 or 0", every(on == 2, off == 0))

    def advance(s: State) -> State:
        change = {kind: times * taken - share for kind, (share, taken) in shares.items()}
        moved = select(s["acts"], select(s["steep"], change[True], change[False]), F(0))
        return {"copies": s["copies"] + 1, "sum": s["sum"] + moved}

    at = case.reached(
        case.induction(
            "over the copies",
            state={"copies": case.integer("copies"), "sum": case.real("sum")},
            start={"copies": F(0), "sum": 2 * primary_weight(STRONG, rho)},
            inputs={"acts": acts, "steep": is_a_steep_one},
            advance=advance,
            holds=lambda s: every(s["sum"] == 1 + STRONG.offset * rho, s["copies"] >= 0),
        )
    )
    case.show("the output", RAMP(at["sum"]) == STRONG.output(rho, prime=True))
    case.show("strictly inside its piece", every(at["sum"] > 0, at["sum"] < 2))


PLANS: dict[str, Callable[[], BothPlan]] = {
    "pairs": lambda: BothPlan(machine=in_pairs(best_literal_machine(2, fraction=9)), rho=F(1, 16)),
    "rounds": lambda: BothPlan(
        machine=in_pairs(conjunction_machine(1, fraction=9, tau="1/8")), rho=F(1, 10), setting=STRONG
    ),
    "averages": lambda: BothPlan(
        machine=averaging_machine(conjunction_machine(1, fraction=6, tau="1/8"), q=1, fraction=9, both=True),
        rho=F(1, 9),
        tolerance=F(1),
    ),
}


def copy_is_usual_or_steep(subject: Network, case: Case) -> None:
    """In the finished network, the copy at every round and place meets the predicate of a memory if it is a usual one,
    and that of a steep copy if it is a steep one, with its weights to the output and to its digits; it is one of Q';
    the weights of its vc keep vc strictly flat at 0 and at 2; no other edge leaves its vertices, except that gates read
    its digits; and its canceller, a control, has the weight to the output that takes off what it adds."""
    plan, net = subject
    t, c, setting = int(case.integer("round")), int(case.integer("copy")), plan.setting
    graph, vc = copy_at(plan, net, t, c, case)
    bits, offset, a_steep_one = plan.decoder.bits, setting.offset, is_steep(plan.copies[c])
    usual = is_memory(graph, plan.rho, bits, rate=1, offset=offset)
    counts = every(*(found.holds for found in steep_conditions(graph, plan.rho, bits, offset=offset)))
    case.show("a memory or a steep copy, as its place says", counts if a_steep_one else usual)
    case.show("of Q'", graph.weight("v3", "v4") < 0)
    vc_is_flat(net, vc, case)
    own = steep(setting, steep_gain(plan.rho)) if a_steep_one else setting
    first = int(plan.starts[t]) - 1 - len(plan.copies)  # cancellers stand before the primary control, one for each copy
    found = controls_of(net).get(first + c)
    case.show("its canceller", found is not None and found == secondary_weight(own))


for _name in PLANS:
    registry().add(
        Obligation(
            id=f"lemma3b.both.slice.{_name}",
            paper=PAPER,
            claim=copy_is_usual_or_steep,
            kind="enumeration",
            domain=places_of(PLANS[_name]),
            of=network_of(PLANS[_name]),
            twin=network_of(PLANS[_name], with_weight(edge_into_digit, 2)),
            expect=Verdict.CHECKED,
            finite=f"one network, {_name}",
        )
    )


def _sizes() -> Iterator[dict[str, Any]]:
    return ({"n": n, "rounds": rounds, "d": d} for n, rounds, d in product((1, 2), (0, 2, 4), (4, 5)))


@obligation(
    "lemma3b.both.sizes",
    paper=PAPER,
    kind="enumeration",
    domain=_sizes,
    of=lambda case: 0,
    twin=lambda case: 1,
    expect=Verdict.CHECKED,
    finite="one learner, n < 3, up to 2 rounds on both labels, rho = 1/16 and 1/32",
)
def sizes_are_exact(wrong: int, case: Case) -> None:
    """For each machine of the finite case, the formulas for the numbers of vertices, edges, steps and random bits give
    those of the network on both labels that is built, and it has half as many steps as the network on one label at a
    time."""
    n, rounds, d = (int(case.integer(name)) for name in ("n", "rounds", "d"))
    machine, rho = replace(best_literal_machine(n, fraction=d + 5), rounds=rounds), F(1, 2**d)
    plan = BothPlan(machine=in_pairs(machine), rho=rho)
    built = sizes_of(plan.trainable)
    case.equal("vertices", built.vertices, plan.sizes.vertices + wrong)
    case.equal("edges", built.edges, plan.sizes.edges)
    case.equal("half the steps", 2 * built.steps, Plan(machine=machine, rho=rho).sizes.steps)
    case.equal("random bits", built.random_bits, plan.sizes.random_bits)
