"""How long the certifier takes: networks of one method with more and more rounds, so with the same distinct rounds.

The best literal of four bits at rho = 1/16 (1189 vertices a round, answers kept in the state, seven distinct rounds at most), and a
method that counts its rounds (conjunction by queries), all of whose rounds are distinct. `--large` goes on to 10^7 vertices.

Run:  python benchmarks/certify.py [--large] [--numbered-anew] [--check]
"""
import argparse
import resource
import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from constructions.computation.learner_machines import best_literal_machine, conjunction_machine
from constructions.computation.query_machine import QueryMachine
from constructions.networks.emulation import Plan
from constructions.networks.network_file import network_bytes
from constructions.networks.renumber import random_order, renumbered
from verify.certifier.certify import certify_network
from verify.certifier.handing_over import certified_here

METHODS: dict[str, tuple[Callable[[], QueryMachine], list[int]]] = {
    "best literal": (lambda: best_literal_machine(4, fraction=8), [10, 84, 841, 8410]),
    "conjunction (counts rounds)": (lambda: conjunction_machine(10, fraction=8, tau=Fraction(1, 8)), [25, 249, 2490]),
}


def measured(machine: QueryMachine, rounds: int, *, anew: bool, check: bool) -> str:
    """One row of the table."""
    plan = Plan(machine=replace(machine, rounds=rounds), rho=Fraction(1, 16), tolerance=Fraction(1))
    net = plan.trainable
    if anew:
        net, _ = renumbered(net, random_order(net, seed=1))
    wall, cpu = time.perf_counter(), time.process_time()
    outcome = certify_network(net, plan.machine, tolerance=Fraction(1))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    assert outcome.refusal is None and outcome.finding is not None, outcome.refusal
    if check:
        data = network_bytes(net)
        began = time.perf_counter()
        assert certified_here(data, plan.machine, outcome).certified
        print(f"{'':>60}   the checker, with certificate and proofs: {time.perf_counter() - began:.1f} s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    row = (net.network.size, len(net.network.sources), rounds, len(outcome.finding.forms), outcome.tally.calls)
    return " | ".join(f"{value:>10,}" for value in row) + f" | {wall:8.1f} | {cpu:8.1f} | {peak:6.2f}"


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--large", action="store_true", help="up to 10^7 vertices")
    options.add_argument("--numbered-anew", action="store_true", help="vertices in a random order, no hints")
    options.add_argument("--check", action="store_true", help="let the checker decide, too")
    given = options.parse_args()
    for name, (make, sizes) in METHODS.items():
        print(name)
        print("  vertices |      edges |     rounds |   distinct | solver calls | seconds | CPU seconds | peak GiB (so far)")
        for rounds in sizes if given.large else sizes[:3]:
            print(measured(make(), rounds, anew=given.numbered_anew, check=given.check), flush=True)


if __name__ == "__main__":
    main()
