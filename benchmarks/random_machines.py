"""Query machines out of random gates: compiled, certified as they are and in a random numbering.

Whatever a machine does, its network is right by construction, so each must be certified, and whether one is must not
depend on how the vertices are numbered. States are small and depend on each other, answers are compared with random
thresholds, queries are wired at random.

Run:  python benchmarks/random_machines.py [--count N] [--seed S]      (exit code 1 if two numberings come out
differently)
"""

import argparse
import sys
from collections import Counter
from fractions import Fraction
from random import Random

from constructions.computation.bits import Bits, concat, mux
from constructions.computation.design import Design
from constructions.computation.query_machine import QueryMachine
from constructions.networks.emulation import Plan
from constructions.networks.network_file import network_bytes
from constructions.networks.queries import DYADIC, MINIMAL, STRONG
from constructions.networks.renumber import random_order, renumbered
from verify.certifier.certificate.handing_over import certified_here
from verify.certifier.certify import certify_network
from verify.recheck.reading import RefusedError

LOOSE = Fraction(100)


def gate(source: Random, pool: list[Bits], depth: int) -> Bits:
    """A random function of some bits."""
    if not depth or source.random() < 0.2:
        bit = source.choice(pool)
        return ~bit if source.random() < 0.4 else bit
    one, other = gate(source, pool, depth - 1), gate(source, pool, depth - 1)
    return source.choice((one & other, one | other, one ^ other, mux(source.choice(pool), one, other)))


def random_machine(seed: int) -> QueryMachine:
    """A machine with one or two inputs, up to two queries and four bits of state."""
    source, design = Random(f"machine {seed}"), Design()
    places, fraction = source.choice((0, 0, 1, 2)), source.choice((2, 3, 4))
    x = list(design.input("x", source.choice((1, 2))))
    answers = [design.input(f"answer{j}", fraction + 2) for j in range(source.choice((1, 1, 2)))]
    coins = list(design.input("random", 1)) if source.random() < 0.5 else []
    states = [design.state(f"s{i}", start=source.randrange(2)) for i in range(source.choice((1, 2, 3, 4)))]
    seen = [answer.signed_more(source.randrange(-1, 1 << fraction)) for answer in answers]
    following: list[Bits] = []
    for _ in states:
        made = gate(source, [*states, *seen, *coins], 3)
        if following and source.random() < 0.4:
            earlier = source.choice(following)
            made = source.choice((earlier & made, earlier | made, ~earlier))
        following.append(made)
    for state, made in zip(states, following, strict=True):
        design.becomes(state, made)
    for j in range(len(answers)):
        top = gate(source, [*x, *states], 3)
        low = [gate(source, [*x, *states], 2) & ~top for _ in range(places)]
        design.output(f"query{j}", concat(*low, top) if low else top)
    design.output("predict", gate(source, [*x, *states], 3))
    rounds = source.choice((1, 2, 3, 4, 5))
    return QueryMachine(machine=design.machine(), rounds=rounds, query_fraction=places, answer_fraction=fraction)


def outcome(seed: int) -> tuple[str, str | None]:
    """What came of one machine; and the refusal, if there was one."""
    machine, source = random_machine(seed), Random(f"plan {seed}")
    setting, rho = source.choice((DYADIC, STRONG, MINIMAL)), Fraction(1, source.choice((16, 20, 32)))
    plan = Plan(machine=machine, rho=rho, setting=setting, tolerance=LOOSE)
    found = certify_network(plan.trainable, machine, tolerance=LOOSE)
    net, _ = renumbered(plan.trainable, random_order(plan.trainable, seed=seed))
    again = certify_network(net, machine, tolerance=LOOSE)
    if found.certified is not again.certified:
        return "another verdict when numbered anew", str(found.refusal or again.refusal)
    if not found.certified:
        return "refused", str(found.refusal)
    try:
        for made, searched in ((plan.trainable, found), (net, again)):
            verdict = certified_here(network_bytes(made), machine, searched)
            if not verdict.certified:
                return "left open by the checker", verdict.open[0]
    except RefusedError as error:
        return "refused by the checker", str(error)
    return f"certified, {'with' if verdict.proofs else 'without'} proofs by SAT", None


def main() -> int:
    """Print what came of all."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=300)
    options.add_argument("--seed", type=int, default=0, help="the first seed")
    given = options.parse_args()
    counts: Counter[str] = Counter()
    for seed in range(given.seed, given.seed + given.count):
        what, refusal = outcome(seed)
        counts[what] += 1
        if refusal:
            print(f"{seed}: {what}: {refusal[:160]}", flush=True)
    for what, many in sorted(counts.items()):
        print(f"{many:6} {what}")
    return 1 if counts["another verdict when numbered anew"] else 0


if __name__ == "__main__":
    sys.exit(main())
