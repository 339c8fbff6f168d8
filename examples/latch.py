"""A gadget that is not in the paper: a latch with hard-tanh vertices, proved for every error below 1/6 on its inputs.

Two sensors a and b and the old state q carry bits as -1 and 1. The new state follows the sensors where they agree and
keeps q where they do not (Muller's C-element), so it is the majority of the three. ``flipped`` is its negation.

Run:  querygrad prove examples/latch.py     querygrad draw examples/latch.py:LATCH -o latch.svg
"""

from collections.abc import Mapping
from fractions import Fraction

import networkx as nx

from constructions.foundations.activation import HARD_TANH
from constructions.foundations.exact import Number
from constructions.foundations.logic import every, implies, some, within
from constructions.foundations.network import Fragment
from verify.obligations.case import Case
from verify.obligations.obligation import obligation

graph = nx.DiGraph()
graph.add_weighted_edges_from([("a", "state", 2), ("b", "state", 2), ("q", "state", 2), ("state", "flipped", -2)])
LATCH = Fragment.from_graph(graph, inputs=("a", "b", "q"), outputs=("state", "flipped"), sigma=HARD_TANH)
WEAK = LATCH.with_weight("q", "state", 1)  # the old state counts half: the broken twin


def noisy(case: Case, limit: Fraction) -> tuple[dict[str, Number], dict[str, Number]]:
    """Three values, each within the error e of its bit, for any 0 <= e < limit; returns the bits and the run."""
    e = case.real("e")
    case.assume(e >= 0, e < limit)
    bits: dict[str, Number] = {}
    values: dict[str, Number] = {}
    for v in LATCH.inputs:
        bits[v], values[v] = case.real(f"{v}.bit"), case.real(v)
        case.assume(some(bits[v] == -1, bits[v] == 1), within(values[v] - bits[v], e))
    return bits, values


@obligation(
    "latch.right", paper="examples", of=lambda case: (LATCH, Fraction(1, 6)), twin=lambda case: (LATCH, Fraction(1, 5))
)
def follows_or_holds(subject: tuple[Fragment, Fraction], case: Case) -> None:
    """With every error below 1/6 the new state is an exact bit: the sensors' where they agree, the old one where
    they do not."""
    latch, limit = subject
    bit, values = noisy(case, limit)
    run = case.run(latch, values, label="latch")
    agree = bit["a"] == bit["b"]
    case.show("it follows", implies(agree, run.out["state"] == bit["a"]))
    case.show("it holds", implies(bit["a"] == -bit["b"], run.out["state"] == bit["q"]))
    case.show("its negation", run.out["flipped"] == -run.out["state"])


@obligation("latch.still", paper="examples", of=lambda case: LATCH, twin=lambda case: WEAK)
def descent_leaves_it_alone(latch: Fragment, case: Case) -> None:
    """No edge of the latch ever has a gradient, whatever the network behind it does, so no training step changes it."""
    _, values = noisy(case, Fraction(1, 6))
    run = case.run(latch, values, label="latch")
    case.show("both vertices are strictly flat", run.flat("state", "flipped"))
    gradient = case.gradient(run, {"state": case.real("adjoint"), "flipped": case.real("adjoint'")}, label="latch")
    for u, v in latch.edges:
        case.equal(f"no gradient on {u} -> {v}", gradient.edges[u, v], 0)


@obligation("latch.remembers", paper="examples", kind="induction", of=lambda case: LATCH, twin=lambda case: WEAK)
def remembers(latch: Fragment, case: Case) -> None:
    """While the sensors disagree the state stays what it was, for any number of steps."""
    bit, values = noisy(case, Fraction(1, 6))
    case.assume(bit["a"] == -bit["b"])

    def advance(s: Mapping[str, Number]) -> dict[str, Number]:
        step = case.run(latch, {"a": s["a"], "b": s["b"], "q": s["now"]}, label="step")
        return {"steps": s["steps"] + 1, "now": step.out["state"]}

    case.induction(
        "over the steps",
        state={"steps": case.integer("steps"), "now": case.real("now")},
        inputs={"a": values["a"], "b": values["b"], "a.bit": bit["a"], "b.bit": bit["b"]},  # new in every step
        start={"steps": Fraction(0), "now": bit["q"]},
        advance=advance,
        holds=lambda s: every(s["steps"] >= 0, s["now"] == bit["q"]),
    )
