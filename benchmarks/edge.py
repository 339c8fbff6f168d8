"""The edge of counting (S9): how large b rho may be, and an adversary, found by search, that makes a count wrong just
outside.

A copy that is active on ``active`` of b samples, ``wrong`` of them with the label of its round, records a rounding of
the gradient entry 2|g| ((1 + offset rho) wrong + offset rho (active - wrong)) / b. With ``centred`` decoders the count
is read right whenever b rho is below 8/25 (strong, dyadic) or 1/5 (minimal). The search goes through all counts and
both roundings. What it finds is then trained: the network of an extraction machine, its first round (active on every
sample), a batch with that count, and the rounding that was found, at that edge.

Run:  python benchmarks/edge.py [--batch B]
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from constructions.computation.sample_learner_machines import parity_machine
from constructions.foundations.rounding import Grid
from constructions.networks.budget import error_bounds
from constructions.networks.decoder import Decoder
from constructions.networks.emulation import Plan
from constructions.networks.queries import DYADIC, MINIMAL, STRONG, Setting
from constructions.reductions.one_bit import nearest_counts
from constructions.training.adversaries import NAMED, EdgeChoice
from constructions.training.batches import Batch, random_string
from constructions.training.following import FollowedRun, follow_plan

BOUNDS = {DYADIC.name: Fraction(8, 25), STRONG.name: Fraction(8, 25), MINIMAL.name: Fraction(1, 5)}
PLACES = 20
ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Found:
    """A count that is read wrong: of ``wrong`` in ``active`` samples, by the rounding ``u``, as ``read``."""

    wrong: int
    active: int
    u: Fraction
    read: int


def entry(setting: Setting, rho: Fraction, b: int, wrong: int, active: int) -> Fraction:
    """The size of the batch's gradient entry of v0 -> v1, clipped sample by sample."""
    slope = 2 * setting.gain
    held, off = min(slope * setting.offset * rho, Fraction(1)), min(slope * (1 + setting.offset * rho), Fraction(1))
    return (off * wrong + held * (active - wrong)) / b


def misread(decoder: Decoder, b: int, *, actives: range | None = None) -> Iterator[Found]:
    """All counts and roundings that a decoder reads as another count."""
    setting, rho = decoder.setting, decoder.rho
    grid, most = Grid(rho=rho), (1 << decoder.bits) - 1
    for active in actives or range(b + 1):
        for wrong in range(active + 1):
            for u in grid.valid(entry(setting, rho, b, wrong, active)):
                (read,) = nearest_counts((decoder.answer(min(int(setting.rate * u / rho), most)),), b)
                if read != wrong:
                    yield Found(wrong, active, u, read)


def decoder_at(setting: Setting, rho: Fraction, *, centred: bool = True) -> Decoder:
    """The decoder of a 0/1 query with many places."""
    return Decoder(setting=setting, rho=rho, signed=False, binary=True, answer_fraction=PLACES, centred=centred)


def first_outside(
    setting: Setting, b: int, *, centred: bool = True, bound: Fraction | None = None
) -> tuple[Fraction, Found]:
    """The largest rho = 1/N with b rho >= the bound at which a count is misread in a round that is active on all
    samples."""
    n = int(b / (bound or BOUNDS[setting.name]))
    while True:
        rho = Fraction(1, n)
        found = next(misread(decoder_at(setting, rho, centred=centred), b, actives=range(b, b + 1)), None)
        if found:
            return rho, found
        n -= 1


def last_inside(setting: Setting, b: int) -> Fraction:
    """The largest rho = 1/N for which the plan's own tolerance says that counts are right."""
    n = int(b / BOUNDS[setting.name])
    while b * decoder_at(setting, Fraction(1, n)).tolerance >= Fraction(1, 2):
        n += 1
    return Fraction(1, n)


def edge_plan(setting: Setting, b: int, rho: Fraction) -> Plan:
    """The network of an extraction machine on one bit, of few rounds, whose answers are as good as its decoder's."""
    limit = Fraction(1, 2 * b) - Fraction(1, 1 << PLACES)
    machine = parity_machine(
        1, 2, b=b, tau=limit, delta=Fraction(1, 2), version="prefix", bits=4, fraction=PLACES, rounds=ROUNDS
    )
    return Plan(
        machine=machine, rho=rho, setting=setting, batch=b, centred=True, tolerance=decoder_at(setting, rho).tolerance
    )


def batches_with(plan: Plan, first: int, seed: int) -> list[Batch]:
    """Seeded batches; the first has so many samples with label 1."""
    source, b = np.random.default_rng(seed), plan.batch
    made = [(source.integers(0, 2, (b, 1)), source.integers(0, 2, b)) for _ in range(plan.machine.rounds)]
    labels = np.zeros(b, np.int64)
    labels[:first] = 1
    return [(made[0][0], source.permutation(labels)), *made[1:]]


def run(plan: Plan, first: int, *, seed: int, adversary: object = "nearest") -> tuple[FollowedRun, int]:
    """A training run, and what the first round's count is read as."""
    random = random_string(plan.sizes.random_bits, seed)
    found = follow_plan(plan, batches_with(plan, first, seed), random=random, adversary=adversary, seed=seed)
    return found, nearest_counts(found.answers[0][:1], plan.batch)[0]


def picks(plan: Plan, found: Found) -> object:
    """The adversary that was found: its rounding at v0 -> v1 of the first query's copy in step 1, else the nearest."""
    vertex = int(plan.starts[0]) + 1 + plan.decoder.bits

    def choose(choice: EdgeChoice) -> Fraction:
        if choice.head == vertex and choice.step == 1 and -found.u in choice.valid:
            return -found.u
        return min(choice.valid, key=lambda u: (abs(u - choice.value), abs(u)))

    return choose


def counted(plan: Plan, *, runs: int) -> tuple[int, int]:
    """Runs under every adversary with seeded counts: how many there were, and how many deviated or misread a count."""
    done = bad = 0
    for adversary in NAMED:
        for seed in range(runs):
            first = int(np.random.default_rng(seed).integers(0, plan.batch + 1))
            found, read = run(plan, first, seed=seed, adversary=adversary)
            done, bad = done + 1, bad + (found.failure is not None or read != first)
    return done, bad


def main() -> None:
    """Print both sides of the edge for every setting."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--batch", type=int, default=200)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    b = given.batch
    for setting in (DYADIC, STRONG, MINIMAL):
        bound, inside = BOUNDS[setting.name], last_inside(setting, b)
        searched = next(misread(decoder_at(setting, inside), b), None)
        plan = edge_plan(setting, b, inside)
        done, bad = counted(plan, runs=given.runs)
        print(f"{setting.name}: bound b rho < {bound} = {float(bound):.4f}", flush=True)
        said = f"rho = {inside}, b rho = {float(b * inside):.5f}"
        said = f"{said}, b tolerance = {float(b * plan.decoder.tolerance):.5f} < 1/2"
        print(
            f"  inside:  {said}; all counts and roundings: {searched or 'none misread'}; {done} runs, {bad} wrong",
            flush=True,
        )
        outside, found = first_outside(setting, b)
        plan = edge_plan(setting, b, outside)
        run_found, read = run(plan, found.wrong, seed=0, adversary=picks(plan, found))
        said = f"{found.wrong} of {found.active} rounded to {found.u} reads {found.read}"
        said = f"rho = {outside}, b rho = {float(b * outside):.5f}: {said}"
        print(
            f"  outside: {said}; trained: the network reads {read} ({run_found.failure or 'otherwise as the machine'})",
            flush=True,
        )
        plain = 1 / (2 * error_bounds(setting)[1])
        outside, found = first_outside(setting, b, centred=False, bound=plain)
        said = f"{found.wrong} of {found.active} rounded to {found.u} reads {found.read}"
        print(
            f"  not centred: bound {plain} = {float(plain):.4f}; "
            f"first misread at b rho = {float(b * outside):.5f}: {said}",
            flush=True,
        )


if __name__ == "__main__":
    main()
