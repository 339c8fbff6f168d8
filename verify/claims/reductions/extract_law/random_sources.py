"""What SAMPLE-EXTRACT returns and after how many rounds, on random rational sources.

Proved here: on 48 uneven sources the law is exact and the rounds are within the bounds of the budget, for both versions
and both forms (``theorem2a.law.random``, ``lemma1.law.random``).
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

from constructions.learning.problems import Bits
from constructions.reductions.extract_law import (
    alternating_law,
    law,
)
from constructions.reductions.one_bit import LOOK, PREFIX, Version
from constructions.reductions.sample_extract import Extraction
from verify.claims.reductions.extract_law.symbolic import with_fair_coin
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict


def random_masses(seed: int, width: int) -> dict[Bits, Fraction]:
    """A rational distribution over words from a seed, very uneven, some masses 0."""
    source = Random(seed)
    weights = [source.choice((0, 1, 1, 3, 20, 400)) for _ in range(2**width)]
    weights[source.randrange(2**width)] += 1
    return {
        word: Fraction(weight, sum(weights))
        for word, weight in zip(product((0, 1), repeat=width), weights, strict=True)
    }


def random_sizes() -> Iterator[dict[str, Any]]:
    """Four seeds for every word length up to 3 and batch size of 1, 2, 3 or 5."""
    for seed, width, b in product(range(4), (1, 2, 3), (1, 2, 3, 5)):
        yield {"seed": Fraction(100 * b + 10 * width + seed), "width": Fraction(width), "b": Fraction(b)}


RANDOM = "48 random rational sources, n + 1 <= 3 bits, b <= 5"


def _scaled(version: Version, alternates: bool, scale: Fraction) -> Callable[[Case], tuple[Version, bool, Fraction]]:
    return lambda case: (version, alternates, scale)


@obligation(
    "theorem2a.law.random",
    paper="Theorem 2a",
    kind="enumeration",
    domain=random_sizes,
    finite=RANDOM,
    expect=Verdict.CHECKED,
    of=_scaled(PREFIX, False, Fraction(1)),
    twin=_scaled(with_fair_coin(PREFIX), False, Fraction(1)),
)
@obligation(
    "theorem2a.law.random.look",
    paper="Theorem 2a",
    kind="enumeration",
    domain=random_sizes,
    finite=RANDOM,
    expect=Verdict.CHECKED,
    of=_scaled(LOOK, False, Fraction(1)),
    twin=_scaled(LOOK, False, Fraction(9, 10)),
)
@obligation(
    "lemma1.law.random",
    paper="Lemma 1",
    kind="enumeration",
    domain=random_sizes,
    finite=RANDOM,
    expect=Verdict.CHECKED,
    of=_scaled(PREFIX, True, Fraction(1)),
    twin=_scaled(PREFIX, True, Fraction(2, 3)),
)
@obligation(
    "lemma1.law.random.look",
    paper="Lemma 1",
    kind="enumeration",
    domain=random_sizes,
    finite=RANDOM,
    expect=Verdict.CHECKED,
    of=_scaled(LOOK, True, Fraction(1)),
    twin=_scaled(with_fair_coin(LOOK), True, Fraction(1)),
)
def law_and_rounds_are_as_stated(subject: tuple[Version, bool, Fraction], case: Case) -> None:
    """For each random source D of the finite case, the extracted word has exactly the law D, and the expected empty
    rounds and the expected rounds in all are within the bounds that the budget uses (for LOOK, at most n + 1 rounds in
    all)."""
    version, alternates, scale = subject
    width, b = int(case.integer("width")), int(case.integer("b"))
    masses = random_masses(int(case.integer("seed")), width)
    found = alternating_law(version, masses, b, label=b % 2) if alternates else law(version, masses, b)
    how = Extraction(n=width - 1, b=b, tau=Fraction(0), delta=Fraction(1), version=version, alternating=alternates)
    case.show("the law", all(found.law.get(word, 0) == mass for word, mass in masses.items()))
    case.show("empty rounds", found.empty * (2 if alternates else 1) <= scale * how.empty_rounds)
    rounds = Fraction(width) if version is LOOK and not alternates else how.certain_rounds + how.empty_rounds
    case.show("rounds", found.rounds <= scale * rounds)
