"""Result G: bSGD learns a finite class from the mistakes of the present majority alone, whoever rounds.

The class are the parities of two bits and the two constants. The model of
:mod:`constructions.strip.mistake_models` is trained by plain gradient descent; after each step it is said what a reader
of the weights alone sees: how many hypotheses are left, and whether the step was an update.

Run:  python examples/learned_from_mistakes.py --batch 12 --rho 1/12
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

from constructions.errors import ConstructionError
from constructions.learning.parities import parity_of
from constructions.learning.problems import Bits, uniform
from constructions.strip.given_away import ROUNDED
from constructions.strip.mistake_models import stage_of, trained_on_mistakes
from constructions.strip.mistakes import MistakeLearner
from constructions.strip.sign_queries import all_queries

BITS = 2
CLASS: list[Callable[[Bits], int]] = [*(parity_of(word, BITS) for word in range(2**BITS)), lambda x: 1]


def main(argv: Sequence[str] | None = None) -> int:
    """Print a line for each step, and what was learned; 1 if it errs, 2 for numbers that do not fit."""
    parser = argparse.ArgumentParser(description="Learn a parity of two bits from mistakes alone.")
    parser.add_argument("--batch", type=int, default=12)
    parser.add_argument("--rho", type=Fraction, default=Fraction(1, 12))
    parser.add_argument("--window", type=int, default=4, help="steps of a window")
    parser.add_argument("--rounding", choices=sorted(ROUNDED), default="worst")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(argv)
    try:
        return trained(given)
    except ConstructionError as error:
        print(error, file=sys.stderr)
        return 2


def trained(given: argparse.Namespace) -> int:
    """A run, step by step."""
    learner = MistakeLearner(
        hypotheses=CLASS, queries=all_queries(BITS, given.batch), rho=given.rho, window=given.window
    )
    steps = given.window * (learner.most_updates + 1)
    method, random = trained_on_mistakes(learner, steps), Random(given.seed)
    target = CLASS[3]
    source = uniform(BITS, target)
    weights: Any = method.start(())
    print(f"kappa = {learner.kappa}, U = {learner.most_updates}, {steps} steps, {learner.block} parameters in each")
    descent = replace(method.descent, adversary=ROUNDED[given.rounding](given.seed))
    for number in range(1, steps + 1):
        before = stage_of(weights)
        weights = descent.step(weights, source.batch(given.batch, random), number=number)
        after = stage_of(weights)
        if after.updates > before.updates:
            print(f"step {number}: an update; {len(after.left)} of {len(CLASS)} hypotheses are left")
    learned = weights.predictor()
    wrong = sum(learned(x) != target(x) for x in learner.queries.points)
    print(f"learned from the first window without an update: {wrong} of {2**BITS} points are wrong")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
