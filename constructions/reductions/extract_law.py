"""The law of SAMPLE-EXTRACT, exactly: what is extracted, and after how many rounds, if coins are decided at once.

Algorithm 1 draws a fresh batch in every round, so what it does next depends on its prefix s alone, and its law can be
had by going through prefixes, the longest first:

1. *A round at s.* Of a batch only the counts matter that are asked at s, and these depend on the points that begin with
   s. :func:`counts_in_batches` goes through all batches as multisets: so many points of each word below s, the rest
   elsewhere, each with its multinomial probability. The counts say what the next prefix is
   (:func:`constructions.reductions.one_bit.next_prefix_in_round`). So :func:`steps` has, for each next prefix, its
   probability.
2. *From s to the end.* A round may leave s as it is; that happens with a probability ``stay`` < 1, and dividing by
   1 - ``stay`` solves for the law from s on. An :class:`ExtractionLaw` has this law, the rounds that are expected, and
   how many of them are empty.

In the alternating form (Lemma 1) rounds of the two labels take turns, so a prefix of the other label waits for a round.

Masses are rationals or terms. For terms the walk computes in the field of rational functions in their variables
(:func:`in_field`), so "the law is the source" is an identity, for all sources with as many words.

Beside the walk stand the steps of the proof for every n and b: how the chances of a round change with one more point in
the batch (:func:`one_more_point`, :func:`one_more_mean`), the moves of a round in closed form (:func:`prefix_moves`,
:func:`look_moves`), and the equation that each round puts to the law (:func:`sides_of_the_law`).

The functions share their arguments: ``version`` is PREFIX or LOOK, ``source`` a distribution or the masses of its
words, ``masses`` the latter, ``b`` the batch size, ``s`` a prefix, ``label`` the label of the round. ``missed`` and
``alone`` are the chances that a batch has no point and one point at a prefix; ``theta`` is the share of a prefix's mass
that goes on with the word's next bit, ``share`` that of the word itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import comb, lcm, prod
from typing import Any

from constructions.foundations.exact import Number, is_symbolic
from constructions.foundations.loading import loaded_when_used
from constructions.foundations.symbols import from_sympy, symbol, to_sympy
from constructions.foundations.terms import REAL, RealTerm, number, variable
from constructions.foundations.traversal import variables
from constructions.learning.problems import Bits, Source
from constructions.reductions.one_bit import Version, matches, next_prefix_in_round, patterns_in_round

with loaded_when_used(__name__):
    import sympy
    from sympy.polys import fields, rings

Masses = Mapping[Bits, Number]
Law = dict[Bits, Number]


@dataclass(frozen=True, slots=True)
class ExtractionLaw:
    """What happens from a prefix on.

    Parameters
    ----------
    law : the probability of each word to be the sample. rounds : how many rounds are expected from here on.
    empty : how many of them are expected to be empty.
    """

    law: Law
    rounds: Number
    empty: Number


def by_words(source: Source) -> dict[Bits, Fraction]:
    """The masses of the words (y, x1, ..., xn) of a source.

    >>> from constructions.learning.problems import uniform
    >>> {word: str(mass) for word, mass in by_words(uniform(1, lambda x: x[0])).items()}
    {(0, 0): '1/2', (1, 1): '1/2'}
    """
    return {(y, *x): mass for (x, y), mass in source.masses()}


def law(version: Version, source: Source | Masses, b: int) -> ExtractionLaw:
    """What a version extracts from batches of b.

    Parameters
    ----------
    source : a source, or the masses of its words (y, x1, ..., xn), rationals or terms.

    >>> from constructions.learning.problems import uniform
    >>> from constructions.reductions.one_bit import PREFIX
    >>> found = law(PREFIX, uniform(1, lambda x: x[0]), 2)
    >>> {word: str(mass) for word, mass in found.law.items()}, str(found.rounds)
    ({(0, 0): '1/2', (1, 1): '1/2'}, '7/3')
    """
    return _as_numbers(_Walk(version, by_words(source) if isinstance(source, Source) else source, b).at(()))


def alternating_law(version: Version, source: Source | Masses, b: int, *, label: int = 1) -> ExtractionLaw:
    """The same in the alternating form (Lemma 1), from a round of the given label on.

    >>> from constructions.learning.problems import uniform
    >>> from constructions.reductions.one_bit import PREFIX
    >>> {word: str(mass) for word, mass in alternating_law(PREFIX, uniform(1, lambda x: x[0]), 2).law.items()}
    {(0, 0): '1/2', (1, 1): '1/2'}
    """
    walk = _Walk(version, by_words(source) if isinstance(source, Source) else source, b)
    return _as_numbers(walk.follow(walk.steps((), label=label), (), label=label))


def steps(version: Version, masses: Masses, b: int, s: Bits, *, label: int | None = None) -> Law:
    """The law of the prefix after one round at a prefix (of one label, in the alternating form); a full prefix is a
    sample.

    >>> from constructions.reductions.one_bit import PREFIX
    >>> rare = {(0, 0): Fraction(7, 8), (1, 1): Fraction(1, 8)}
    >>> {after: str(mass) for after, mass in steps(PREFIX, rare, 2, (1,)).items()}
    {(1, 1): '15/64', (1,): '49/64'}
    """
    (whole,) = _over_integers(masses)
    found = _Walk(version, whole, b).steps(s, label=label)
    as_given = as_number if any(map(is_symbolic, masses.values())) else _over_rationals
    return {after: as_given(chance) for after, chance in found.items()}


def mass_of(masses: Masses, s: Bits) -> Number:
    """The mass of all words that begin with a prefix.

    >>> str(mass_of({(0, 0): Fraction(7, 8), (1, 1): Fraction(1, 8)}, (1,)))
    '1/8'
    """
    return sum((mass for word, mass in masses.items() if word[: len(s)] == s), start=0)


def sides_of_the_law(moves: Law, masses: Masses, s: Bits) -> dict[Bits, tuple[Number, Number]]:
    """Both sides of the equation that a round at a prefix s puts to the law of what is extracted, for each word that
    begins with s, for D(word)/D(prefix) as that law and times D(s) D(sc), where c is the word's next bit: staying,
    growing by c and reading off the word against D(word) D(sc).

    >>> from constructions.reductions.one_bit import PREFIX
    >>> masses = {(0, 0): Fraction(1, 2), (1, 0): Fraction(1, 4), (1, 1): Fraction(1, 4)}
    >>> [str(side) for side in sides_of_the_law(steps(PREFIX, masses, 2, (1,)), masses, (1,))[(1, 1)]]
    ['1/16', '1/16']
    """
    found, (moved, shares) = {}, _over_integers(moves, masses)
    at_s = mass_of(shares, s)
    for side in ((*s, 0), (*s, 1)):
        at_side = mass_of(shares, side)
        stays, both = moved.get(s, 0) * at_side, at_s * at_side
        grows = stays + moved.get(side, 0) * at_s
        for word, share in shares.items():
            if word[: len(side)] == side:
                kept = stays if word == side else grows
                left, right = kept * share + moved.get(word, 0) * both, share * at_side
                found[word] = _over_rationals(left), _over_rationals(right)
    return found


def in_ring(masses: Masses) -> Masses:
    """Masses in variables as polynomials over the rationals, in which sums and products are quick; rational ones as
    they are.

    >>> from constructions.foundations.terms import REAL, variable
    >>> in_ring({(0,): variable("d", REAL), (1,): 1 - variable("d", REAL)})[(1,)]
    -d + 1
    """
    symbols = _symbols(masses)
    if not symbols:
        return masses
    ring = sympy.QQ[tuple(symbols)].ring
    return {word: ring.from_expr(sympy.expand(to_sympy(mass))) for word, mass in masses.items()}


def _over_integers(*rows: Mapping[Bits, Number]) -> "list[Mapping[Bits, Number]]":
    """The same numbers, the polynomials among them over the integers if all coefficients are integers: their products
    are quicker. A quotient of two of those drops what is left over, so none leaves this module."""
    found = [each for row in rows for each in row.values() if is_polynomial(each)]
    if not found or any(coefficient.denominator != 1 for each in found for coefficient in each.values()):
        return list(rows)
    whole = found[0].ring.clone(domain=sympy.ZZ)
    return [{key: each.set_ring(whole) if is_polynomial(each) else each for key, each in row.items()} for row in rows]


def _over_rationals(value: Number) -> Number:
    """A number as it leaves this module."""
    return value.set_ring(value.ring.clone(domain=sympy.QQ)) if is_polynomial(value) else value


def in_field(masses: Masses) -> Masses:
    """Masses in variables as rational functions in lowest terms, which can be divided and compared with 0; others as
    they are."""
    symbols = _symbols(masses)
    if not symbols:
        return dict(masses)
    field = sympy.QQ.frac_field(*symbols)
    return {word: field.from_sympy(to_sympy(mass)) for word, mass in masses.items()}


def _symbols(masses: Masses) -> "list[sympy.Symbol]":
    found = variables(*(mass for mass in masses.values() if isinstance(mass, RealTerm)))
    return sorted(map(symbol, found), key=str)


def is_of_sympy(value: Any) -> bool:
    """Whether a number is a polynomial of :func:`in_ring` or a function of :func:`in_field`; sympy is not loaded to
    tell that a rational is not."""
    return not isinstance(value, int | Fraction | RealTerm) and isinstance(
        value, rings.PolyElement | fields.FracElement
    )


def is_polynomial(value: Any) -> bool:
    """Whether a number is a polynomial of :func:`in_ring`."""
    return is_of_sympy(value) and isinstance(value, rings.PolyElement)


def as_number(value: Number) -> Number:
    """A polynomial of :func:`in_ring` or a function of :func:`in_field` as a term; any other number as it is.

    >>> from constructions.foundations.terms import REAL, variable
    >>> d = in_ring({(0,): variable("d", REAL)})[(0,)]
    >>> as_number((1 - d) * (1 - d)), as_number(d / 2 + 1), as_number(d - d), as_number(Fraction(1))
    (d*d - 2*d + 1, (1/2)*d + 1, Fraction(0, 1), Fraction(1, 1))
    """
    if not is_of_sympy(value):
        return value
    return _sum_of_monomials(value) if is_polynomial(value) else from_sympy(value.as_expr())


def _sum_of_monomials(value: "rings.PolyElement") -> Number:
    """A polynomial as a term, monomial by monomial; by way of a sympy expression it would take ten times as long."""
    names = [variable(str(each), REAL) for each in value.ring.symbols]
    total: Number = Fraction(0)
    for powers, coefficient in value.terms():
        size = Fraction(abs(int(coefficient.numerator)), int(coefficient.denominator))
        factors = [name for name, power in zip(names, powers, strict=True) for _ in range(power)]
        product = prod(factors, start=number(size)) if factors else size
        total = total - product if coefficient < 0 else total + product
    return total


def _as_numbers(outcome: ExtractionLaw) -> ExtractionLaw:
    law = {word: as_number(mass) for word, mass in outcome.law.items()}
    return ExtractionLaw(law, as_number(outcome.rounds), as_number(outcome.empty))


def one_more_point(p: Number, other: Number, here: Number, one_less: Number, other_less: Number) -> Number:
    """The chance that b + 1 points have t in a group of mass p and j in one of mass ``other``, from the chances that b
    points have (t, j), (t - 1, j) and (t, j - 1): ``here``, ``one_less`` and ``other_less``.

    >>> p, other = Fraction(1, 4), Fraction(1, 2)
    >>> one_more_point(p, other, Fraction(0), other, p)  # one point in each group, in a batch of two
    Fraction(1, 4)
    """
    return (1 - p - other) * here + p * one_less + other * other_less


def one_more_mean(
    p: Number, other: Number, part: Number, here: Number, one_less: Number, other_less: Number, chance_one_less: Number
) -> Number:
    """The mean, on the event of :func:`one_more_point`, of how many of the t points lie in a part of the group, of mass
    ``part``: from the means ``here``, ``one_less`` and ``other_less`` for b points, and the chance ``chance_one_less``
    of (t - 1, j). p and ``other`` are the masses of the groups.

    >>> p, other, part = Fraction(1, 4), Fraction(1, 2), Fraction(1, 8)
    >>> one_more_mean(p, other, part, Fraction(0), Fraction(0), part, other)  # one in each group, in a batch of two
    Fraction(1, 8)
    """
    return one_more_point(p, other, here, one_less, other_less) + part * chance_one_less


def prefix_moves(missed: Number, alone: Number, theta: Number, share: Number) -> tuple[Number, Number]:
    """The chance that a round reads off a word and that it grows by the word's next bit: ``theta`` and ``share`` of
    what lies at the prefix is on that side and is that word; the batch misses the prefix or has one point in it with
    these chances.

    >>> half = Fraction(1, 2)
    >>> [str(chance) for chance in prefix_moves(half**2, half, half, half)]  # two points, a prefix of mass 1/2
    ['1/4', '1/8']
    """
    return alone * share, theta * (1 - missed - alone)


def look_moves(missed: Number, alone: Number, theta: Number, share: Number) -> tuple[Number, Number]:
    """The same for LOOK, which picks the side while one point lies on it with the chance ``alone``.

    >>> half, alone = Fraction(1, 2), 3 * Fraction(1, 4) * Fraction(3, 4) ** 2
    >>> [str(chance) for chance in look_moves(half**3, alone, half, half)]  # three points, a prefix of mass 1/2
    ['27/64', '1/64']
    """
    return alone * share / theta, theta * (1 - missed) - alone


class _Walk:
    def __init__(self, version: Version, masses: Masses, b: int) -> None:
        self.version, self.b = version, b
        self.masses = {word: mass for word, mass in in_field(masses).items() if mass != 0}
        self.width = len(next(iter(self.masses)))
        self.known: dict[tuple[Bits, int | None], ExtractionLaw] = {}

    def steps(self, s: Bits, *, label: int | None) -> Law:
        """The law of the next prefix."""
        inside = [word for word in self.masses if word[: len(s)] == s]
        outside = sum(mass for word, mass in self.masses.items() if word[: len(s)] != s)
        patterns = patterns_in_round(self.version, self.width, s, label=label)
        kinds = [(tuple(int(matches(pattern, word)) for pattern in patterns), self.masses[word]) for word in inside]
        if outside != 0:
            kinds.append(((0,) * len(patterns), outside))
        found: dict[Bits, dict[int, Number]] = {}
        for counts, probability in counts_in_batches(kinds, self.b):
            theta, one, zero = next_prefix_in_round(self.version, self.width, s, counts, self.b, label=label)
            for after, share in ((one, theta), (zero, 1 - theta)):
                if share:
                    parts = found.setdefault(after, {})
                    parts[share.denominator] = parts.get(share.denominator, 0) + probability * share.numerator
        return {after: over_denominators(parts) for after, parts in found.items()}

    def at(self, s: Bits, *, label: int | None = None) -> ExtractionLaw:
        if len(s) == self.width:
            return ExtractionLaw({s: 1}, 0, 0)
        if (s, label) not in self.known:
            self.known[s, label] = self.follow(self.steps(s, label=label), s, label=label)
        return self.known[s, label]

    def follow(self, steps: Law, s: Bits, *, label: int | None) -> ExtractionLaw:
        """Solve for the outcome at a prefix: each step takes a round, and in the alternating form one more if it has
        to wait."""
        stay = steps.pop(s, 0)
        mixed: Law = {}
        rounds, empty = 1 + stay * int(label is not None), stay
        for after, probability in steps.items():
            arrived = self.at(after, label=None if label is None else after[0])
            waits = int(label is not None and len(after) < self.width and after[0] == label)
            rounds, empty = rounds + probability * (arrived.rounds + waits), empty + probability * arrived.empty
            for word, mass in arrived.law.items():
                mixed[word] = mixed.get(word, 0) + probability * mass
        moves = 1 - stay
        return ExtractionLaw(
            {word: tidy(mass / moves) for word, mass in sorted(mixed.items())},
            tidy(rounds / moves),
            tidy(empty / moves),
        )


def counts_in_batches(
    kinds: list[tuple[tuple[int, ...], Number]], size: int
) -> Iterator[tuple[tuple[int, ...], Number]]:
    """The counts in every batch of a size, as a multiset of kinds of points, with their probability: each counts once.
    A kind is what one point of it adds to the counts, with its mass.

    From the last kind to the first, the counts of as many points as there may be left for the kinds from there on are
    known when they are needed.

    >>> {counts: str(mass) for counts, mass in counts_in_batches([((1,), Fraction(1, 3)), ((0,), Fraction(2, 3))], 2)}
    {(2,): '1/9', (1,): '4/9', (0,): '4/9'}
    """
    (row, mass), *before = kinds[::-1]
    tails: list[Law] = [{tuple(left * count for count in row): mass**left} for left in range(size + 1)]
    for i, (row, mass) in enumerate(before, 1):
        powers = [mass**taken for taken in range(size + 1)]
        needed = range(size + 1) if i < len(before) else (size,)
        tails = [_with_one_more(row, powers, left, tails) if left in needed else {} for left in range(size + 1)]
    return iter(tails[size].items())


def _with_one_more(row: tuple[int, ...], powers: list[Number], left: int, tails: list[Law]) -> Law:
    """The counts of ``left`` points of a kind and those after it, with their probability."""
    found: Law = {}
    for taken in range(left, -1, -1):
        weight = comb(left, taken) * powers[taken]
        for counts, probability in tails[left - taken].items():
            together = tuple([taken * a + c for a, c in zip(row, counts, strict=True)])
            found[together] = found.get(together, 0) + weight * probability
    return found


def over_denominators(parts: Mapping[int, Number]) -> Number:
    """The sum of some numbers, each over its denominator; a polynomial over the integers stays one if the sum is.

    >>> str(over_denominators({2: Fraction(1), 3: Fraction(1)}))
    '5/6'
    """
    below = lcm(*parts)
    total = sum((part * (below // each) for each, part in parts.items()), start=0)
    if below == 1:
        return total
    if not (is_polynomial(total) and total.ring.domain == sympy.ZZ):
        return total / below
    if all(coefficient % below == 0 for coefficient in total.values()):
        return total.quo_ground(below)
    return _over_rationals(total).mul_ground(sympy.QQ(1, below))


def tidy(value: Number) -> Number:
    """A rational function as it is, which is in lowest terms; any other number as a Fraction."""
    return value if is_of_sympy(value) and isinstance(value, fields.FracElement) else Fraction(value)
