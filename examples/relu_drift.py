"""Section 3: with ReLU gadgets of fixed weights a network trains as on the two-stage ramp; with all weights trained its
gadgets drift.

Run:  python examples/relu_drift.py
"""

from fractions import Fraction

import numpy as np

from constructions.computation.learner_machines import best_literal_machine
from constructions.networks.emulation import Plan
from constructions.networks.relu import with_relus
from constructions.networks.trainable import Trainable
from constructions.training.by_fractions import FractionEngine

PLAN = Plan(machine=best_literal_machine(1, fraction=5), rho=Fraction(1, 16))
BATCHES = [(np.array([[1]]), np.array([1])), (np.array([[0]]), np.array([0]))]


def run(name: str, net: Trainable, memory: set[int]) -> None:
    """Train two steps; say which edges moved, first beside the memory edges, and whether the output is the one that
    the round declares."""
    engine, flat = FractionEngine(net), net.network
    trained = len(flat.sources) - len(net.frozen)
    print(f"{name}: {flat.size} vertices, {len(flat.sources)} edges, {trained} of them trained")
    for t, (x, y) in enumerate(BATCHES, 1):
        step = engine.step(x, y)
        held, output = PLAN.held(t), step.outputs[0]
        drifted = "" if output == held else " (it drifted)"
        print(f"  step {t}: output {output}{drifted}, declared {held}; training changed {len(step.moved)} edges")
        others = [edge for edge in step.moved if edge not in memory]
        if others:
            edge = min(others)
            old, new = step.moved[edge]
            where = f"from {flat.sources[edge]} to {flat.heads[edge]}"
            print(f"          {len(others)} of them are no memory edges; the first, {where}, went from {old} to {new}")


def main() -> None:
    """The ramp, ReLUs of fixed weights, ReLUs all of whose weights train."""
    given = PLAN.trainable
    made = with_relus(given)
    run("two-stage ramp", given, set(made.trained.tolist()))
    run("ReLU, gadgets fixed", made.net, set(made.edges.tolist()))
    run("ReLU, all trained", made.unfrozen, set(made.edges.tolist()))


if __name__ == "__main__":
    main()
