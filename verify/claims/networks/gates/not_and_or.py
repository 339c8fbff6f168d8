"""Lemma 10: NOT, AND, OR and the adaptor are strictly flat and right, and have the paper's weights.

Proved here: on bits a gate returns the right bit, its vertex is strictly inside a flat piece, and so no gradient
reaches an edge into it (``lemma10.not``, ``.and``, ``.or``, ``.adaptor``); the weights that the rule derives from the
activation are those that the paper prints (``lemma10.weights``, ``lemma10.adaptor.weights``).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from constructions.foundations.activation import HARD_TANH, RAMP, Activation
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, negation, some
from constructions.foundations.network import Fragment
from constructions.networks.gates import (
    Code,
    adaptor,
    code,
    conjunction,
    disjunction,
    inverter,
    inverter_constant,
    threshold_constant,
)
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, obligation, registry


@dataclass(frozen=True, slots=True)
class GateSubject:
    """A gate's graph and the Boolean function that it must compute."""

    graph: Fragment
    function: Callable[..., Formula]


def strictly_flat_and_right(subject: GateSubject, case: Case) -> None:
    """On all bits at its inputs, the gate's vertex is strictly flat (strictly inside a flat piece of the activation),
    returns the right bit, and lets no gradient into its edges or back to its inputs."""
    graph = subject.graph
    c = code(graph.sigma)
    values = {v: case.real(v) for v in graph.inputs}
    case.assume(*(c.is_bit(value) for value in values.values()))
    run = case.run(graph, values, label="gate")
    truth = subject.function(*(values[v] == c.high for v in graph.inputs))
    case.show("the bit is right", run.out["gate"] == c.encode(truth))
    _blocked(graph, run, case)


def _blocked(graph: Fragment, run: Any, case: Case) -> None:
    """State that the gate's vertex is strictly flat, and that no gradient reaches its edges or its inputs."""
    case.show("the vertex is strictly flat", run.flat("gate"))
    gradient = case.gradient(run, {"gate": case.real("adjoint")}, label="gate")
    case.show("no gradient on any edge", every(*(gradient.edges[edge] == 0 for edge in graph.edges)))
    for v in graph.inputs:
        case.equal(f"nothing passes back to {v}", gradient.out[v], Fraction(0))


def _subject(
    make: Callable[..., Fragment], sigma: Activation, function: Callable[..., Formula]
) -> Callable[[Case], GateSubject]:
    """A gate beside the function that it must compute."""
    return lambda case: GateSubject(make(sigma=sigma), function)


FUNCTIONS: dict[str, tuple[Callable[..., Fragment], Callable[..., Formula]]] = {
    "not": (inverter, negation),
    "and": (conjunction, every),
    "or": (disjunction, some),
}


for _name, (_make, _function) in FUNCTIONS.items():
    for _sigma, _suffix in ((RAMP, ""), (HARD_TANH, ".hard-tanh")):
        _wrong = FUNCTIONS["or" if _name == "and" else "and"][1] if _name != "not" else every
        registry().add(
            Obligation(
                id=f"lemma10.{_name}{_suffix}",
                paper="Lemma 10",
                claim=strictly_flat_and_right,
                of=_subject(_make, _sigma, _function),
                twin=_subject(_make, _sigma, _wrong),
            )
        )


def _adaptor(sigma: Activation, *, touching: bool) -> Callable[[Case], tuple[Fragment, Number, Number]]:
    """The adaptor for any y0 < y1, and the values below and above which it is asked; ``touching``: both in the
    middle."""

    def build(case: Case) -> tuple[Fragment, Number, Number]:
        y0, y1 = case.real("y0"), case.real("y1")
        case.assume(y0 < y1)
        edge = (y1 - y0) / 2 if touching else Fraction(0)
        return adaptor(y0, y1, sigma=sigma), y0 + edge, y1 - edge

    return build


def adaptor_reads(subject: tuple[Fragment, Number, Number], case: Case) -> None:
    """For all y0 < y1, the adaptor returns the bit 0 for every value below y0 and the bit 1 for every value above y1.
    It is strictly flat there, and no gradient reaches its edges or the value."""
    graph, low, high = subject
    value = case.real("value")
    case.assume(some(value < low, value > high))
    run = case.run(graph, {"x1": value}, label="adaptor")
    case.show("the bit is right", run.out["gate"] == code(graph.sigma).encode(value > high))
    _blocked(graph, run, case)


for _sigma, _suffix in ((RAMP, ""), (HARD_TANH, ".hard-tanh")):
    registry().add(
        Obligation(
            id=f"lemma10.adaptor{_suffix}",
            paper="Lemma 10",
            claim=adaptor_reads,
            of=_adaptor(_sigma, touching=False),
            twin=_adaptor(_sigma, touching=True),
        )
    )


@obligation(
    "lemma10.weights",
    paper="Lemma 10",
    kind="identity",
    of=lambda case: code(RAMP),
    twin=lambda case: replace(code(RAMP), drive=Fraction(5)),
)
def weights_are_the_papers(of: Code, case: Case) -> None:
    """For the two-stage ramp and every n and k, the rule for weights gives those that the paper prints: 2 from a bit
    (-2 into NOT) and, from the constant, 0 into NOT, 4 - 4n into AND of n bits, 4n - 4 into OR of n bits, and 4(n - 2k
    + 1) into a threshold gate that needs k of n bits."""
    n, k = case.real("n"), case.real("k")
    case.equal("from a bit", of.weight, Fraction(2))
    case.equal("NOT: no constant", inverter_constant(of=of), Fraction(0))
    case.equal("AND of n", threshold_constant(n, n, of=of), 4 - 4 * n)
    case.equal("OR of n", threshold_constant(n, Fraction(1), of=of), 4 * n - 4)
    case.equal("threshold k of n", threshold_constant(n, k, of=of), 4 * (n - 2 * k + 1))


@obligation(
    "lemma10.adaptor.weights",
    paper="Lemma 10",
    kind="identity",
    of=lambda case: adaptor(case.real("y0"), case.real("y1")),
    twin=lambda case: adaptor(case.real("y0"), 2 * case.real("y1")),
)
def adaptor_weights_are_the_papers(graph: Fragment, case: Case) -> None:
    """For all y0 < y1, the adaptor for the two-stage ramp has the weight 8/(y1 - y0) from the value and -(4 y1 + 4
    y0)/(y1 - y0) from the constant, as printed."""
    y0, y1 = case.real("y0"), case.real("y1")
    case.equal("from the value", graph.weight("x1", "gate") * (y1 - y0), Fraction(8))
    case.equal("from the constant", graph.weight("one", "gate") * (y1 - y0), -4 * (y0 + y1))
