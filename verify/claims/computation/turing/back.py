"""A circuit that a Turing machine evaluates: what it finds, in how many steps, and a bound for them."""

import random
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

from constructions.computation import circuit_on_tape
from constructions.computation.circuit_on_tape import machine_of_circuit, steps_of
from constructions.computation.flat import FlatCircuit, Gates
from constructions.foundations.exact import Number
from constructions.foundations.logic import every
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State
from verify.obligations.verdict import Verdict

INPUTS, CIRCUITS = 3, 12


def drawn_circuit(seed: int) -> FlatCircuit:
    """A circuit of three inputs, up to five gates of any kind, and one output, drawn from a seed.

    >>> len(drawn_circuit(1).gates), list(drawn_circuit(1).outputs)
    (2, ['y'])
    """
    draw, rows = random.Random(seed), []
    for node in range(INPUTS, INPUTS + draw.randint(1, 5)):
        nodes = draw.sample(range(node), draw.randint(0, min(node, 4)))
        rows.append((draw.randint(0, len(nodes) + 1), tuple(2 * v + draw.randint(0, 1) for v in nodes)))
    output = 2 * (INPUTS + len(rows) - 1) + draw.randint(0, 1)
    return FlatCircuit(inputs=("a", "b", "c"), gates=Gates.of(rows), outputs={"y": output})


def some_circuits() -> Iterator[dict[str, Any]]:
    """The circuits, by number."""
    return ({"circuit": i} for i in range(CIRCUITS))


@obligation(
    "turing.back",
    paper="Lemma 3b",
    kind="enumeration",
    domain=some_circuits,
    expect=Verdict.CHECKED,
    finite=f"{CIRCUITS} circuits of up to 5 gates, all inputs",
    of=lambda case: 0,
    twin=lambda case: 1,
)
def machine_evaluates_the_circuit(flipped: int, case: Case) -> None:
    """The machine that is made for a circuit accepts exactly the inputs for which the output is set, each after as many
    steps as the formula says."""
    circuit = drawn_circuit(int(case.integer("circuit")))
    machine, steps = machine_of_circuit(circuit), steps_of(circuit)
    for bits in product("01", repeat=INPUTS):
        end = machine.run("".join(bits))
        wanted = circuit.evaluate(dict(zip(circuit.inputs, map(int, bits), strict=True)))["y"] ^ flipped
        case.show(f"accepts {''.join(bits)}", machine.accepts(end) == (wanted == 1))
        case.show(f"steps {''.join(bits)}", end.steps == steps)


@obligation(
    "turing.back.time",
    paper="Lemma 3b",
    kind="induction",
    of=lambda case: circuit_on_tape.arrived_after,
    twin=lambda case: lambda steps, onward: circuit_on_tape.arrived_after(steps, onward) + 1,
)
def time_is_polynomial(arrived_after: Callable[[Number, Number], Number], case: Case) -> None:
    """For every circuit with N inputs and gates together: the head comes from the first cell to the first target, and
    from target to target, each in a cell from 0 to N - 1, in at most N steps for each target. There is a target for
    each operand of a gate, for each gate, and one for the output, so with L operands and G gates the steps in all,
    which turing.back.any says are those of the machine, are at most (L + G + 2) N."""
    nodes, first = case.integer("N"), case.integer("first")
    case.assume(nodes >= 1, first >= 0, first < nodes)
    at = case.reached(
        case.induction(
            "over the targets",
            state={name: case.integer(name) for name in ("targets", "cell", "steps")},
            start={"targets": 1, "cell": first, "steps": first},
            inputs={"next": case.integer("next")},
            given=lambda s: every(s["next"] >= 0, s["next"] < nodes),
            advance=lambda s: {
                "targets": s["targets"] + 1,
                "cell": s["next"],
                "steps": arrived_after(s["steps"], s["next"] - s["cell"]),
            },
            holds=lambda s: holds(s, nodes),
        )
    )
    operands, gates = case.integer("L"), case.integer("G")
    case.assume(operands >= 0, gates >= 0, at["targets"] == operands + gates + 1)
    most = (operands + gates + 2) * nodes
    case.lemma("at most N each", at["steps"] <= at["targets"] * nodes)
    case.show("in all", circuit_on_tape.steps_in_all(at["steps"]) <= most)


def holds(s: State, nodes: Number) -> Any:
    """The head is in a cell of a node, after at most N steps for each target."""
    return every(s["targets"] >= 1, s["cell"] >= 0, s["cell"] < nodes, s["steps"] <= s["targets"] * nodes)
