"""Parities by gradient descent, both sides: it fails where b rho^2 is large, and succeeds where b rho is small.

First the adversary of the lower bound plays against gradient descent as a method that asks queries
(``gradient_queries.py``), and names a parity. Batches of b samples of this parity are drawn, as counts over all points;
if every rounded entry that the game used is valid for the batch of its step (equation 3), the game is a run of bSGD
with batches of b at this precision, and ends with the same loss. Then bSGD on the model of Theorem 1a, which does what
Gaussian elimination on n + 3 samples does, learns the same parity, against roundings that are drawn at random.

What cannot be run is said with the claims that prove it: no method of gradient descent learns parities where Theorem 1c
applies, of any model and any number of bits, and some method learns them wherever b rho < 2/3.

Run:  python examples/parity_by_descent.py --bits 6 --batch 100000
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from random import Random

from gradient_queries import STEPS, method

from constructions.foundations.rounding import randomly
from constructions.learning.descent_methods import descended
from constructions.learning.learners import parity
from constructions.learning.lower_bound import ANSWERINGS, bound_for
from constructions.learning.parities import parity_of
from constructions.learning.parity_game import AnsweredQuery, Game, play_against
from constructions.learning.problems import uniform
from constructions.reductions.queries_alone import enough_points
from constructions.theorems.on_models import samples_on_model
from constructions.theorems.pipeline import TheoremSetting

TAU = Fraction(1, 64)
RHO = 8 * TAU
SMALL = 4
"""The batches of the side that succeeds; their precision is 1/(16 b)."""


def main(argv: Sequence[str] | None = None) -> int:
    """Print both sides, a line for each; 0 if all came out as the theorems say."""
    parser = argparse.ArgumentParser(
        description="Parities by gradient descent, with large batches and with small ones."
    )
    parser.add_argument("--bits", type=int, default=6, help="from 3 to 10")
    parser.add_argument("--batch", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(argv)
    if not 3 <= given.bits <= 10 or given.batch < 1:
        print("need from 3 to 10 bits and a batch of at least 1", file=sys.stderr)
        return 2
    game = play_against(method(given.bits, TAU))
    assert game.target is not None and game.loss is not None
    print(f"the adversary names parity {game.target:0{given.bits}b} (bit n first) of {given.bits} bits")
    right, said = [], []
    for b in (given.batch, 1):
        valid, entries = valid_entries(game, b, given.seed)
        end = f"a run of bSGD, loss {game.loss}" if valid == entries else "no run of bSGD"
        right.append(valid == entries)
        said.append(f"{line(b, RHO)}  run          {valid} of {entries} rounded entries are valid: {end}")
    loss = learned(given.bits, game.target, given.seed)
    said.append(
        f"{line(SMALL, Fraction(1, 16 * SMALL))}  run          bSGD on the model of Theorem 1a ends with loss {loss}"
    )
    print(f"{'b':>9} {'rho':>6} {'b rho':>9} {'b rho^2':>10}  seen by", *said, *proved_only(), sep="\n")
    return int(not (right[0] and loss == 0))


def line(b: int, rho: Fraction) -> str:
    """The numbers of a line of the table."""
    return f"{b:>9} {rho!s:>6} {float(b * rho):>9.4g} {float(b * rho * rho):>10.4g}"


def valid_entries(game: Game, b: int, seed: int) -> tuple[int, int]:
    """How many rounded entries of the game are valid for fresh batches of the named parity, and how many there are."""
    random, entries = Random(seed), len(game.asked) // STEPS
    valid = 0
    for step in range(STEPS):
        counts = Counter(random.choices(range(2**game.n), k=b))
        asked = game.asked[step * entries : (step + 1) * entries]
        valid += sum(is_valid(one, counts, b, game.target or 0) for one in asked)
    return valid, entries * STEPS


def is_valid(one: AnsweredQuery, counts: Counter[int], b: int, target: int) -> bool:
    """Whether the rounded answer to a query is within 3/4 rho of its mean over a batch."""
    rows = (one.table.zero, one.table.one)
    total = sum(times * rows[(x & target).bit_count() % 2][x] for x, times in counts.items())
    mean = Fraction(total, b * one.table.denominator)
    return abs(RHO * round(one.answer / RHO) - mean) <= RHO * Fraction(3, 4)


def learned(n: int, target: int, seed: int) -> Fraction:
    """The loss of bSGD on the model of Theorem 1a with small batches of a parity."""
    rho, random, source = Fraction(1, 16 * SMALL), Random(seed), uniform(n, parity_of(target, n))
    delta = Fraction(1, 16)
    setting = TheoremSetting(n=n, b=SMALL, m=n + 3, tau=4 * rho, delta=delta, alternating=True, rho=rho)
    made = samples_on_model(setting, parity(n, n + 3)).made
    bits = tuple(random.randrange(2) for _ in range(made.budget.r))
    descent = replace(made.descent, adversary=randomly(seed))  # type: ignore[union-attr]
    drawn = (source.batch(SMALL, random) for _ in range(made.budget.steps))  # type: ignore[union-attr]
    return source.loss(descended(made, drawn, bits, descent))  # type: ignore[arg-type]


def proved_only() -> Iterator[str]:
    """What holds for every model, and for every number of bits; it is proved, and not run."""
    n, steps, p, delta = 50, 1000, 1000, Fraction(1, 100)
    b = enough_points(steps * p, tau=RHO / 4, delta=delta)
    expected = bound_for(n, queries=steps * p, tau=RHO / 8, answering=ANSWERINGS["best"]).expected
    assert expected is not None
    yield (
        f"{line(b, RHO)}  proved only  every method of T = {steps} steps and p = {p} weights loses at least "
        f"{float(expected - delta):.4g} on some parity of {n} bits, 0.125 being the loss of 1/2 (theorem1c.simulates, "
        "lowerbound.randomized)"
    )
    small = Fraction(1, 16 * b)
    yield (
        f"{line(b, small).replace(str(small), '1/16b')}  proved only  some method loses less than 1/16 + delta on "
        "every parity, for every n and b with b rho < 2/3 (theorem1a.model, corollary2.samples)"
    )


if __name__ == "__main__":
    sys.exit(main())
