"""How many rounds SAMPLE-EXTRACT takes: the exact law, the empty ones by Theorem Z's recursion, and a source with a
heavy tail."""

from fractions import Fraction

from constructions.foundations.exact import Number
from constructions.learning.problems import Bits, Source
from constructions.reductions.extract_bounds import empty_rounds
from constructions.reductions.extract_law import Law, Masses, by_words, mass_of, steps
from constructions.reductions.one_bit import Version


def rounds_law(version: Version, source: Source | Masses, b: int, k: int) -> dict[int, Number]:
    """The law of the number of rounds that one sample takes from a source in a version with batches of b points, all
    that are more than k as k + 1.

    >>> from constructions.learning.problems import uniform
    >>> from constructions.reductions.one_bit import PREFIX
    >>> {rounds: str(mass) for rounds, mass in rounds_law(PREFIX, uniform(1, lambda x: x[0]), 2, 3).items()}
    {2: '3/4', 3: '3/16', 4: '1/16'}
    """
    masses = by_words(source) if isinstance(source, Source) else dict(source)
    width = len(next(iter(masses)))
    known: dict[Bits, Law] = {}
    reached: Law = {(): Fraction(1)}
    found: dict[int, Number] = {}
    for t in range(1, k + 1):
        after: Law = {}
        for s, mass in reached.items():
            if s not in known:
                known[s] = steps(version, masses, b, s)
            for longer, share in known[s].items():
                after[longer] = after.get(longer, 0) + mass * share
        ended = sum(mass for s, mass in after.items() if len(s) == width)
        found |= {t: ended} if ended != 0 else {}
        reached = {s: mass for s, mass in after.items() if len(s) < width}
    return found | {k + 1: sum(reached.values(), Fraction(0))}


def rare_label(e: Number) -> dict[Bits, Number]:
    """n = 1 and a label that is 1 with probability e; the bit is the label.

    >>> {word: str(mass) for word, mass in rare_label(Fraction(1, 8)).items()}
    {(0, 0): '7/8', (1, 1): '1/8'}
    """
    return {(0, 0): 1 - e, (1, 1): e}


def empty_by_recursion(masses: Masses, b: int, s: Bits = ()) -> Number:
    """The expected empty rounds of the prefix version from a prefix s on, by the binomial law of the points in it
    alone; b points a batch, and the masses of all words.

    >>> str(empty_by_recursion({(0, 0): Fraction(3, 4), (1, 1): Fraction(1, 4)}, 2))
    '13/35'
    """
    p = mass_of(masses, s)
    if p == 0 or len(s) == len(next(iter(masses))):
        return Fraction(0)
    sides = [(mass_of(masses, (*s, c)) / p, (*s, c)) for c in (0, 1)]
    further = sum(theta * empty_by_recursion(masses, b, side) for theta, side in sides if theta)
    return empty_rounds((1 - p) ** b, b * p * (1 - p) ** (b - 1), further)
