"""Lemma 10: threshold gates of every fan-in, for the two-stage ramp and for any activation with two flat pieces.

Proved here: what the bits on n inputs sum to (``lemma10.sum``), what pre-activation the rule makes of it
(``lemma10.drive``), that a gate of any fan-in is therefore strictly flat and right (``lemma10.threshold``), and that
the gates that are built follow the rule (``lemma10.threshold.built``, ``lemma10.activations``).
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.foundations.activation import HARD_TANH, RAMP, Activation, activation_of
from constructions.foundations.logic import every, select, some
from constructions.foundations.network import Fragment
from constructions.networks.gates import (
    Code,
    code,
    inverter,
    inverter_constant,
    threshold,
    threshold_constant,
)
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, obligation, registry
from verify.obligations.verdict import Verdict


def _count(high_share: int) -> Callable[[Case], int]:
    return lambda case: high_share


@obligation("lemma10.sum", paper="Lemma 10", kind="induction", of=_count(1), twin=_count(2))
def sum_of_bits_counts(one: int, case: Case) -> None:
    """For every fan-in n, n bits with the values L and H of which c are H sum to L n + (H - L) c. The proof is by
    induction over the inputs."""
    low, high, bit = case.real("low"), case.real("high"), case.integer("bit")
    case.assume(some(bit == 0, bit == 1))
    state = {"n": case.integer("n"), "c": case.integer("c"), "total": case.real("total")}
    run = case.induction(
        "over the inputs",
        state=state,
        start=dict.fromkeys(state, Fraction(0)),
        inputs={"bit": bit},
        advance=lambda s: {
            "n": s["n"] + 1,
            "c": s["c"] + s["bit"] * one,
            "total": s["total"] + select(s["bit"] == 1, high, low),
        },
        holds=lambda s: every(s["c"] >= 0, s["c"] <= s["n"], s["total"] == low * s["n"] + (high - low) * s["c"]),
    )
    at = case.reached(run)
    case.show("the sum", at["total"] == low * at["n"] + (high - low) * at["c"])


def _any_code(case: Case) -> Code:
    return Code(case.real("low"), case.real("high"), case.real("drive"))


@obligation(
    "lemma10.drive",
    paper="Lemma 10",
    kind="identity",
    of=_any_code,
    twin=lambda case: replace(_any_code(case), drive=Fraction(1)),
    needs=("lemma10.sum",),
)
def gates_are_driven_far_enough(of: Code, case: Case) -> None:
    """For every activation's pair of bit values with drive T, every fan-in n and every threshold k, the rule for
    weights gives a gate with c set inputs the pre-activation T + 2T (c - k); and it gives NOT the pre-activation T if
    its input is not set, and -T if it is."""
    n, k, c, drive = case.real("n"), case.real("k"), case.real("c"), case.real("drive")
    total = of.low * n + (of.high - of.low) * c
    case.equal("threshold", of.weight * total + threshold_constant(n, k, of=of), drive + 2 * drive * (c - k))
    one = of.low + (of.high - of.low) * c
    case.equal("NOT", -of.weight * one + inverter_constant(of=of), drive - 2 * drive * c)


def _rule(sigma: Activation, shift: int) -> Callable[[Case], tuple[Activation, int]]:
    return lambda case: (sigma, shift)


def wide_gates_are_right(subject: tuple[Activation, int], case: Case) -> None:
    """For every fan-in n and every threshold k with 1 <= k <= n, a gate with c set inputs is strictly flat, has slope
    0, and returns the bit that says whether c >= k."""
    sigma, shift = subject
    of = code(sigma)
    n, k, c = (case.integer(name) for name in "nkc")
    case.assume(k >= 1, k <= n, c >= 0, c <= n)
    pre = of.weight * (of.low * n + (of.high - of.low) * c) + threshold_constant(n, k + shift, of=of)
    case.show("strictly flat", sigma.strictly_flat(pre))
    case.show("right", sigma(pre) == of.encode(c >= k))
    case.show("slope 0", sigma.slope(pre) == 0)


for _sigma, _suffix in ((RAMP, ""), (HARD_TANH, ".hard-tanh")):
    registry().add(
        Obligation(
            id=f"lemma10.threshold{_suffix}",
            paper="Lemma 10",
            claim=wide_gates_are_right,
            of=_rule(_sigma, 0),
            twin=_rule(_sigma, 1),
            needs=("lemma10.sum", "lemma10.drive"),
        )
    )


def _built() -> Iterator[dict[str, Any]]:
    return ({"n": n, "k": k} for n in range(1, 13) for k in range(1, n + 1))


def _builder(shift: int) -> Callable[[Case], Fragment]:
    """A threshold gate that is built, for k - shift of n."""

    def build(case: Case) -> Fragment:
        n, k = case.integer("n"), case.integer("k")
        return threshold(int(n), max(1, int(k) - shift))

    return build


@obligation(
    "lemma10.threshold.built",
    paper="Lemma 10",
    kind="enumeration",
    finite="fan-in up to 12",
    domain=_built,
    of=_builder(0),
    twin=_builder(1),
    expect=Verdict.CHECKED,
)
def built_gates_follow_the_rule(graph: Fragment, case: Case) -> None:
    """Every threshold gate that is built, of fan-in n and threshold k of the finite case, has the weights of the rule,
    and is strictly flat and right for every number of set inputs."""
    n, k, of = case.integer("n"), case.integer("k"), code(graph.sigma)
    case.show("weights from the inputs", every(*(graph.weight(x, "gate") == of.weight for x in graph.inputs)))
    wanted = threshold_constant(n, k, of=of)
    found = graph.weight("one", "gate") if graph.constant else Fraction(0)
    case.equal("weight from the constant", found, wanted)
    right = []
    for count in range(len(graph.inputs) + 1):
        values = {x: of.bit(i < count) for i, x in enumerate(graph.inputs)}
        run = case.run(graph, values, label=f"{count} bits set")
        right += [run.flat("gate"), run.out["gate"] == of.bit(count >= k)]
    case.show("right for every number of bits set", every(*right))


ACTIVATIONS = (
    RAMP,
    HARD_TANH,
    activation_of("falling step", (0, 1), (0, -3, 0), 5),
    activation_of("far to the right", (7, 9), (0, 1, 0), 0),
    activation_of("hill and plateau", (-4, -2, 0, 1), (0, 3, -1, 2, 0), -1),
)


def _kinds() -> Iterator[dict[str, Any]]:
    return ({"sigma": i, "n": n, "k": k} for i in range(len(ACTIVATIONS)) for n in range(1, 5) for k in range(n + 1))


def _kind(shift: int) -> Callable[[Case], tuple[Fragment, int]]:
    """A threshold gate of n inputs, or NOT for k = 0."""

    def build(case: Case) -> tuple[Fragment, int]:
        sigma, n, k = ACTIVATIONS[int(case.integer("sigma"))], int(case.integer("n")), int(case.integer("k"))
        return (threshold(n, k, sigma=sigma) if k else inverter(sigma=sigma)), k + shift

    return build


@obligation(
    "lemma10.activations",
    paper="Lemma 10",
    kind="enumeration",
    finite="five activations, fan-in up to 4",
    domain=_kinds,
    of=_kind(0),
    twin=_kind(1),
    expect=Verdict.CHECKED,
    needs=("lemma10.drive",),
)
def derived_gates_work_for_any_activation(subject: tuple[Fragment, int], case: Case) -> None:
    """With weights that the rule derives from each activation of the finite case, NOT and every threshold gate is
    strictly flat and returns the right bit on all values of its inputs."""
    graph, k = subject
    of, right = code(graph.sigma), []
    for bits in product((False, True), repeat=len(graph.inputs)):
        run = case.run(graph, {x: of.bit(bit) for x, bit in zip(graph.inputs, bits, strict=True)}, label=f"bits {bits}")
        truth = sum(bits) >= k if k else not bits[0]
        right += [run.flat("gate"), run.out["gate"] == of.bit(truth)]
    case.show("flat and right on all bits", every(*right))
