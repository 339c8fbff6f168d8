"""How long PAC and SQ take for what gradient descent learns on networks, over budgets (Theorems 1b, 3b and 1c)."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from constructions.computation.averaging_gates import StepSizes, step_gates, sum_bits
from constructions.computation.descent_gates import DescentSizes, descent_gates
from constructions.computation.one_by_one import TurnSizes, turn_gates
from constructions.foundations.exact import Number
from constructions.foundations.logic import every
from constructions.theorems.network_classes import (
    RAMP_KINKS,
    gradient_work,
    power_of,
    time_from_samples,
    time_from_source,
)
from verify.claims.computation.descent_gates import NAMES
from verify.claims.computation.turing.sizes import grows
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, obligation, registry

F = Fraction
Bound = Callable[[Number], Number]
TwoNumbers = Callable[[Number, Number], Number]
NUMBERS = ("L", "g", "beta", "S")


def ramp_network(case: Case) -> tuple[DescentSizes, dict[str, Any]]:
    """A network with the two-stage ramp, and what a claim about its gradients speaks of."""
    of = DescentSizes(**{name: F(RAMP_KINKS) if name == "kinks" else case.integer(name) for name in NAMES})
    return of, {**{name: getattr(of, name) for name in NAMES}, **{name: case.integer(name) for name in NUMBERS}}


@obligation(
    "corollary2.network.work",
    paper="Corollary 2",
    of=lambda case: gradient_work,
    twin=lambda case: lambda most: power_of(most, 4),
)
def gradients_are_within_a_bound(work: Bound, case: Case) -> None:
    """For every B >= 1: if a network with the two-stage ramp has p <= B edges and S <= B, then 14880 B^5 is at least
    the 2976 (K + 1) p^3 S^2 gates of Lemmas 4 and 13, and at least B."""
    p, size, most = case.integer("edges"), case.integer("S"), case.integer("B")
    case.assume(p >= 1, p <= most, size >= 1, size <= most)
    square = power_of(most, 2)
    grows(case, p, size, most, most)
    grows(case, p * size, p * size, square, square)
    grows(case, p, p * size * p * size, most, power_of(most, 4))
    case.show("enough", 2976 * (RAMP_KINKS + 1) * p * (p * size) * (p * size) <= work(most))
    grows(case, 1, 1, most, most)
    grows(case, 1, square, most, square)
    grows(case, 1, most, square * square, most)
    case.show("at least B", most <= work(most))


@obligation(
    "corollary2.network.powers",
    paper="Corollary 2",
    of=lambda case: time_from_samples,
    twin=lambda case: lambda most, work: most * power_of(work, 4),
)
def a_time_in_powers(bound: TwoNumbers, case: Case) -> None:
    """If N and L' are at least 1 and at most B <= TIME, then 128 N TIME (TIME + L' + 1)^3 gates are at most
    3456 B TIME^4."""
    gates, time, most = case.real("gates"), case.integer("TIME"), case.integer("B")
    many, bits = case.integer("N"), case.integer("L'")
    size, cube, fourth = time + bits + 1, *(case.real(name) for name in ("cube", "fourth"))
    case.assume(time >= most, many >= 1, many <= most, bits >= 1, bits <= most)
    case.assume(gates <= 128 * many * time * size * size * size)
    case.assume(cube == size * size * size, fourth == power_of(time, 4), label="a cube and a fourth power")
    case.lemma("a size", every(size >= 1, size <= 3 * time))
    grows(case, size, size, 3 * time, 3 * time)
    grows(case, size, size * size, 3 * time, 9 * time * time)
    case.lemma("a cube", every(cube >= 0, cube <= 27 * time * time * time))
    grows(case, time, cube, time, 27 * time * time * time)
    case.lemma("a fourth", every(time * cube >= 0, time * cube <= 27 * fourth))
    grows(case, many, time * cube, most, 27 * fourth)
    case.lemma("all", gates <= 128 * (many * (time * cube)))
    case.show("by TIME", gates <= bound(most, time))


def from_samples(bound: TwoNumbers, case: Case, theorem: str) -> None:
    """Bound the time of Theorem 1b or 3b."""
    of, sizes = ramp_network(case)
    time, most = case.integer("TIME"), case.integer("B")
    steps, many, bits, asked = (case.integer(name) for name in ("T", "N", "L'", "places of a query"))
    case.assume(time >= most, many >= 1, many <= most, bits >= 1, bits <= most, label="TIME is at least B")
    others = {"T": steps, "N": many, "L'": bits, "places of a query": asked, "TIME": time}
    used = case.use(f"{theorem}.time", "all steps", **sizes, **others)
    case.assume(used.premises, label="the bits of its numbers, and T steps; TIME is at least what a round takes")
    step = step_gates(
        StepSizes(
            own=descent_gates(of),
            state=of.edges * of.weight,
            parallel=of.edges,
            sum=sum_bits(bits, asked),
            counter=bits,
            places=of.places,
        )
    )
    numbers = {"gates": steps * many * step, "TIME": time, "N": many, "L'": bits, "B": most}
    size = time + bits + 1
    numbers |= {"cube": size * size * size, "fourth": power_of(time, 4)}
    found = case.use("corollary2.network.powers", "by TIME", **numbers)
    case.lemma("what it asks for", found.premises)
    case.show("time", steps * many * step <= bound(most, time))


for _item, _theorem, _what in (
    ("Corollary 2", "theorem1b", "bSGD with batches of N samples, so all its T N samples"),
    ("Corollary 3", "theorem3b", "fbGD on N points, so all its passes over them"),
):

    def time_from_samples_is_polynomial(bound: TwoNumbers, case: Case, theorem: str = _theorem) -> None:
        from_samples(bound, case, theorem)

    time_from_samples_is_polynomial.__doc__ = (
        f"For every B >= 1: if a network with the two-stage ramp has at most B edges, and N, the bits of N and those "
        f"of the network's numbers are at most B, then what PAC does in the place of {_what}, takes at most 3456 B "
        f"TIME^4 gates, where TIME is any number that is at least B and T and the gates in which gradients are found; "
        f"14880 B^5 is at least B and these gates (corollary2.network.work). Used is {_theorem}.time."
    )
    registry().add(
        Obligation(
            id=f"{_item.lower().replace(' ', '')}.network.time",
            paper=_item,
            claim=time_from_samples_is_polynomial,
            of=lambda case: time_from_samples,
            twin=lambda case: lambda most, work: most,
        )
    )


@obligation(
    "corollary2.network.source",
    paper="Corollary 2",
    of=lambda case: time_from_source,
    twin=lambda case: lambda most: most,
)
def time_from_the_source_is_polynomial(bound: Bound, case: Case) -> None:
    """For every network with the two-stage ramp: what SQ does in the place of bSGD takes at most 50 TIME^4 gates, where
    TIME is any number that is at least T and the gates in which gradients are found, as 14880 B^5 is if all that bounds
    the network is at most B (corollary2.network.work). Used is theorem1c.time."""
    of, sizes = ramp_network(case)
    time, steps, turn, asked = (case.integer(name) for name in ("TIME", "T", "turn", "places of a query"))
    others = {"TIME": time, "T": steps, "turn": turn, "places of a query": asked}
    used = case.use("theorem1c.time", "all rounds", **sizes, **others)
    case.assume(used.premises, label="the bits of its numbers, and T steps; TIME is at least what a round takes")
    a_round = turn_gates(
        TurnSizes(
            own=descent_gates(of),
            state=of.edges * of.weight,
            parallel=of.edges,
            value=asked + 2,
            places=of.places,
            turn=turn,
        )
    )
    case.show("time", steps * of.edges * a_round <= bound(time))
