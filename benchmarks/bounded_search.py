"""A bounded search: is there a small network that the checker accepts and some valid run betrays?

The skeleton is a network of two rounds (one query of whole values, one bit of state, one bit of x) that is certified. k
of its edges are free, each over a grid of short rationals that lie where thresholds are: 0, the weight's negation, half
and twice, and a little, a half, one and two to either side; several at once: up to one to either side. Every candidate
is given to search and checker. Each that is accepted is followed by the judge in ``independent/`` through two steps:
all batches of one or two different samples, all labels, all random strings, all valid roundings (``every.py``), so
through every run of that size.

With k = 1 all edges and values are taken, in an order drawn by the seed, so that --most takes some of all. With k = 2
and more, edges that meet, at one head or one after the other, are drawn by the seed.

Run:  python benchmarks/bounded_search.py -o FILE [--free K] [--most N] [--seed S] [--skeleton NAME]      (exit code 1
if one is betrayed)
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import islice, product
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from independent.every import Every
from independent.judge import Judge, judge_of, runs
from rows import Row, completed

from constructions.computation.design import Design
from constructions.computation.formats.aiger_writing import write_aiger
from constructions.computation.query_machine import QueryMachine
from constructions.networks.emulation import Plan
from constructions.networks.network_file import network_bytes
from constructions.networks.queries import DYADIC, MINIMAL
from constructions.networks.trainable import Trainable
from verify.certifier.certificate.entries import certificate
from verify.certifier.certificate.handing_over import certified_here, written
from verify.certifier.certify import certify_network
from verify.recheck.reading import RefusedError, digest

Moved = dict[int, Fraction]
ONE = Fraction(1)
NEAR = (Fraction(1, 16), Fraction(7, 16), Fraction(1, 2), Fraction(15, 16), ONE, Fraction(2))
NEARER = (Fraction(1, 16), Fraction(1, 4), Fraction(1, 2), ONE)
"""How far a free edge is moved: alone, and beside others, where what is moved far is nearly always refused."""
SAMPLED_RUNS = 9
LOOSE = Fraction(1)


def machine(*, coin: bool) -> QueryMachine:
    """Is the label x, or its opposite? Two rounds: a large answer turns the bit of state, or makes it the coin."""
    design = Design()
    x, answer, random = design.input("x", 1), design.input("answer0", 4), design.input("random", 1) if coin else None
    seen = design.state("seen")
    large = answer.signed_more(1)
    design.becomes(seen, (large & random) | (~large & seen) if random is not None else seen ^ large)
    design.output("query0", x[0] ^ seen)
    design.output("predict", x[0] & seen if random is None else x[0] ^ seen)
    return QueryMachine(machine=design.machine(), rounds=2, answer_fraction=2)


SKELETONS = {
    "dyadic": lambda: Plan(machine=machine(coin=False), rho=Fraction(1, 8), setting=DYADIC, tolerance=LOOSE),
    "minimal": lambda: Plan(machine=machine(coin=False), rho=Fraction(1, 16), setting=MINIMAL, tolerance=LOOSE),
    "coin": lambda: Plan(machine=machine(coin=True), rho=Fraction(1, 8), setting=DYADIC, tolerance=LOOSE),
}


def grid(weight: Fraction, steps: tuple[Fraction, ...]) -> list[Fraction]:
    """The values of a free edge, its own left out."""
    found = {Fraction(0), -weight, weight / 2, 2 * weight} | {
        weight + sign * step for step in steps for sign in (1, -1)
    }
    return sorted(found - {weight})


def meeting(net: Trainable) -> list[tuple[int, int]]:
    """Pairs of edges at one head, or of which one leads to the tail of the other."""
    flat = net.network
    heads = [v for v in range(flat.size) for _ in range(int(flat.offsets[v]), int(flat.offsets[v + 1]))]
    tails = flat.sources.tolist()
    return [
        (e, f)
        for e in range(len(tails))
        for f in range(len(tails))
        if (e < f and heads[e] == heads[f]) or (heads[e] == tails[f])
    ]


def candidates(net: Trainable, free: int, seed: int) -> Iterator[Moved]:
    """All choices for one free edge; seeded ones, without end, for several."""
    weights = [Fraction(int(w), net.network.scale) for w in net.network.weights]
    if free == 1:
        alone = [{e: value} for e, w in enumerate(weights) for value in grid(w, NEAR)]
        Random(seed).shuffle(alone)
        yield from alone
        return
    pairs, source = meeting(net), Random(f"bounded {free} {seed}")
    while True:
        edges = list(source.choice(pairs))
        while len(edges) < free:
            more = {e for pair in pairs if set(pair) & set(edges) for e in pair} - set(edges)
            edges.append(source.choice(sorted(more)))
        yield {e: source.choice([weights[e] + step * sign for step in NEARER for sign in (1, -1)]) for e in edges}


def accepted(net: Trainable, plan: Plan) -> tuple[bytes, bytes, Fraction] | None:
    """The file, its certificate and the tolerance, if search and checker accept the network."""
    data = network_bytes(net)
    outcome = certify_network(net, plan.machine, tolerance=LOOSE, seconds=5)
    if not outcome.certified:
        return None
    try:
        verdict = certified_here(data, plan.machine, outcome)
    except RefusedError:
        return None
    if not verdict.certified:
        return None
    return data, written(certificate(net, plan.machine, outcome, network=digest(data))), verdict.tolerance


def judge_for(data: bytes, cert: bytes, plan: Plan, tolerance: Fraction) -> Judge:
    """The independent judge of a network in memory: it reads files."""
    with TemporaryDirectory() as folder:
        net, said = Path(folder) / "network.qgn", Path(folder) / "network.cert"
        net.write_bytes(data)
        said.write_bytes(cert)
        return judge_of(net, write_aiger(plan.machine.aiger(), binary=False), said, tolerance)


def betrayal(judge: Judge, *, exhaustive: bool = True) -> tuple[str, int]:
    """What goes wrong in some run, empty if nothing; and how many different ends all runs have."""
    for run in runs(judge, SAMPLED_RUNS, 0):
        found = judge.judged(run)
        if found.verdict != "right":
            return f"{found.verdict}: seed {run.seed}, {run.adversary}: {found.why}", 0
    leaves = 0
    for string in product((0, 1), repeat=len(judge.net.sampled)) if exhaustive else ():
        every = Every(judge, string)
        for found, run, branch in every.findings():
            return (
                f"{found.verdict}: {run.batches}, string {string}, roundings {branch.chosen}: {found.why}",
                every.leaves,
            )
        leaves += every.leaves
    return "", leaves


def row_of(plan: Plan, moved: Mapping[int, Fraction]) -> Row:
    """What came of a candidate."""
    row: Row = {"moved": in_text(moved)}
    found = accepted(plan.trainable.with_moved(moved), plan)
    if found is None:
        return row | {"accepted": False}
    data, cert, tolerance = found
    why, leaves = betrayal(judge_for(data, cert, plan, tolerance))
    return row | {"accepted": True, "betrayed": why, "leaves": leaves, "tolerance": str(tolerance)}


def search(name: str, target: Path, free: int, most: int, seed: int) -> list[Row]:
    """Do what is not in the file yet; all rows of this search."""
    plan, head = SKELETONS[name](), {"skeleton": name, "free": free}
    wanted = {
        json.dumps([name, free, in_text(moved)]): moved
        for moved in islice(candidates(plan.trainable, free, seed), most)
    }

    def told(row: Row) -> None:
        if row.get("betrayed"):
            print(f"ACCEPTED AND BETRAYED: {row}", flush=True)

    return completed(
        list(wanted),
        target,
        lambda todo: (head | row_of(plan, wanted[task]) for task in todo),
        key=lambda row: json.dumps([row["skeleton"], row["free"], row["moved"]]),
        doing="searching",
        unit="candidates",
        tell=told,
    )


def in_text(moved: Mapping[int, Fraction]) -> dict[str, str]:
    """The moved edges with their values, as JSON has them."""
    return {str(edge): str(value) for edge, value in sorted(moved.items())}


def main() -> int:
    """Search; print the counts."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-o", "--output", type=Path, required=True)
    options.add_argument("--free", type=int, default=1, help="k, how many edges are free")
    options.add_argument("--most", type=int, default=1 << 30, help="how many candidates (needed for k of 2 and more)")
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--skeleton", choices=sorted(SKELETONS), default="dyadic")
    given = options.parse_args()
    if given.free > 1 and given.most == 1 << 30:
        options.error("need --most for two free edges and more")
    rows = search(given.skeleton, given.output, given.free, given.most, given.seed)
    counts = Counter("accepted" if row["accepted"] else "refused" for row in rows)
    betrayed, leaves = sum(bool(row.get("betrayed")) for row in rows), sum(row.get("leaves", 0) for row in rows)
    found = f"{len(rows)} candidates, {counts['accepted']} accepted, {betrayed} betrayed; {leaves} ends of runs"
    print(f"{given.skeleton}, k = {given.free}: {found}")
    return int(betrayed > 0)


if __name__ == "__main__":
    sys.exit(main())
