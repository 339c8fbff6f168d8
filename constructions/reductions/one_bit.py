"""One round of SAMPLE-EXTRACT (Algorithm 1): from the counts in a batch to the next bit of a sample.

The algorithm draws one point of the source by asking how many points of fresh batches have some bits. A point (x, y) is
written as the *word* z = (y, x1, ..., xn) of n + 1 bits, and the sample is found bit by bit: a *prefix* s, empty at
first, grows until it is a whole word. A round at a prefix s has four steps, each a function of this module:

1. *What is counted* (:func:`patterns_in_round`). A *pattern* says which bits a word is to have at some places. Both
   versions of the algorithm count w, the points of the batch that begin with s, and w1, those that begin with s and
   then a 1. (At the empty prefix w is b, the size of the batch, and need not be asked.) Further patterns serve to read
   a point off when it is alone: PREFIX counts, for every place i beyond s, the points that begin with s and have a 1
   at i; LOOK counts them for s0 and s1 apart.
2. *Decoding* (:func:`nearest_counts`). An answer is within tau of w/b. If b tau < 1/2, the integer nearest to b times
   the answer is w itself, so every valid answer leads to the same counts.
3. *What follows* (:func:`next_prefix_in_round`). No point begins with s: the round is *empty*, s stays as it is. One
   point does: it is read off, the run ends. Otherwise s grows by 1 with probability theta = w1/w and by 0 else; with
   LOOK a point that is alone on the side which was chosen is read off at once.
4. *The coin* (:func:`toss`). Fresh random bits are compared with the binary digits of theta: the first bit that differs
   from its digit decides, and a bit below the digit means 1. If all bits of the round agree with the digits, the coin
   is undecided, and the next round's bits go on with the digits that are left.

In the alternating form (Lemma 1) a round asks about points of one label only. As the label is the first bit of the
word, a prefix that is not empty waits for the rounds of its label; at the empty prefix only the number of points with
the round's label is asked, and the prefix always grows to one label or the other.

>>> batch = [(0, 0), (1, 0), (1, 1)]
>>> patterns = patterns_in_round(PREFIX, 2, (1,), label=None)
>>> patterns
(((0, 1),), ((0, 1), (1, 1)))
>>> answers = [Fraction(sum(matches(pattern, word) for word in batch), 3) for pattern in patterns]
>>> found = next_prefix_in_round(PREFIX, 2, (1,), nearest_counts(answers, 3), 3, label=None)
>>> found
NextPrefix(theta=Fraction(1, 2), one=(1, 1), zero=(1, 0))
>>> settled(toss(found, (0,)))
(1, 1)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every
from constructions.learning.problems import Bits

Pattern = tuple[tuple[int, int], ...]
"""Pairs of a place in the word, from 0, and the bit that is to stand there."""
Masks = tuple[tuple[int, int], ...]
HALF = Fraction(1, 2)


class NextPrefix(NamedTuple):
    """The next prefix: ``one`` with probability ``theta``, else ``zero``; a prefix of full length is a sample."""

    theta: Fraction
    one: Bits
    zero: Bits


@dataclass(frozen=True, slots=True)
class Version:
    """A way to extract a sample: PREFIX is printed as Algorithm 1, LOOK reads more off a round.

    Parameters
    ----------
    name : what the commands call it.
    patterns : from the width of a word (n + 1) and a prefix, the patterns that are counted.
    choose : from the width, a prefix, their counts and b, what follows from these counts.
    """

    name: str
    patterns: Callable[[int, Bits], tuple[Pattern, ...]]
    choose: Callable[[int, Bits, tuple[int, ...], int], NextPrefix]


def begins_with(prefix: Bits) -> Pattern:
    """The pattern that a word begins with a prefix.

    >>> begins_with((1, 0))
    ((0, 1), (1, 0))
    """
    return tuple(enumerate(prefix))


def matches(pattern: Pattern, word: Bits) -> bool:
    """Whether a word has the bits of a pattern.

    >>> matches(((0, 1), (2, 0)), (1, 1, 0))
    True
    """
    return all(word[i] == bit for i, bit in pattern)


def _prefix_patterns(width: int, s: Bits) -> tuple[Pattern, ...]:
    head = begins_with(s)
    return (*((head,) if s else ()), *((*head, (i, 1)) for i in range(len(s), width)))


def _prefix_choose(width: int, s: Bits, counts: tuple[int, ...], b: int) -> NextPrefix:
    w, ones = (counts[0], counts[1:]) if s else (b, counts)
    if w == 0:
        return _certain(s)
    if w == 1:
        return _certain((*s, *ones))
    return NextPrefix(Fraction(ones[0], w), (*s, 1), (*s, 0))


def _look_patterns(width: int, s: Bits) -> tuple[Pattern, ...]:
    head, here = begins_with(s), len(s)
    sides = (((*head, (here, c), (i, 1)) for i in range(here + 1, width)) for c in (0, 1))
    return (*((head,) if s else ()), (*head, (here, 1)), *(pattern for side in sides for pattern in side))


def _look_choose(width: int, s: Bits, counts: tuple[int, ...], b: int) -> NextPrefix:
    w, (w1, *further) = (counts[0], counts[1:]) if s else (b, counts)
    if w == 0:
        return _certain(s)
    rest = width - len(s) - 1
    sides = []
    for c, here in ((0, w - w1), (1, w1)):
        sides.append((*s, c, *further[c * rest : (c + 1) * rest]) if here == 1 else (*s, c))
    return NextPrefix(Fraction(w1, w), sides[1], sides[0])


def _certain(s: Bits) -> NextPrefix:
    """A prefix that is taken without a coin."""
    return NextPrefix(Fraction(0), s, s)


PREFIX = Version("prefix", _prefix_patterns, _prefix_choose)
"""Algorithm 1: a point is read off if it alone begins with the prefix."""
LOOK = Version("look", _look_patterns, _look_choose)
"""Algorithm 1 with a look at both sides of the next bit: a point is read off if it is alone on the side chosen."""
VERSIONS = {version.name: version for version in (PREFIX, LOOK)}
"""Both versions by their names."""


def is_nearest_count(count: Number, answer: Number, b: Number) -> Formula:
    """Whether a count is the integer nearest to b times the answer (the upper one on a tie).

    >>> is_nearest_count(2, Fraction(11, 21), 3), is_nearest_count(1, Fraction(11, 21), 3)
    (True, False)
    """
    return every(count <= answer * b + HALF, answer * b + HALF < count + 1)


def nearest_counts(answers: Sequence[Number], b: int) -> tuple[int, ...]:
    """The counts that answers stand for.

    Parameters
    ----------
    answers : each within tau of a mean over a batch. b : the size of the batch.

    Returns
    -------
    b times each answer, rounded to the nearest integer, the upper one on a tie. These are the counts themselves if
    b tau < 1/2.

    >>> nearest_counts((Fraction(2, 3) - Fraction(1, 7), Fraction(1, 7)), 3)
    (2, 0)
    """
    return tuple((2 * b * answer.numerator + answer.denominator) // (2 * answer.denominator) for answer in answers)


def toss(choice: NextPrefix, bits: Bits) -> NextPrefix:
    """Compare random bits with the binary digits of theta, until one differs from its digit.

    Returns
    -------
    The choice with what is left of theta: 1 if a bit was below its digit, 0 if one was above, and otherwise the digits
    that were not reached, so the coin is undecided and can be tossed again.

    >>> toss(NextPrefix(Fraction(1, 3), (1,), (0,)), (0, 1))
    NextPrefix(theta=Fraction(1, 3), one=(1,), zero=(0,))
    >>> settled(toss(NextPrefix(Fraction(1, 3), (1,), (0,)), (0, 0)))
    (1,)
    """
    for bit in bits:
        if settled(choice) is not None:
            return choice
        digit, rest = divmod(2 * choice.theta, 1)
        choice = choice._replace(theta=rest if bit == digit else Fraction(int(bit < digit)))
    return choice


def settled(choice: NextPrefix) -> Bits | None:
    """The next prefix, if there is only one; None while the coin is undecided.

    >>> settled(NextPrefix(Fraction(1), (1,), (0,))), settled(NextPrefix(Fraction(1, 2), (1,), (0,)))
    ((1,), None)
    """
    if choice.theta == 0 or choice.one == choice.zero:
        return choice.zero
    return choice.one if choice.theta == 1 else None


def patterns_in_round(version: Version, width: int, s: Bits, *, label: int | None) -> tuple[Pattern, ...]:
    """What is counted at a prefix.

    Parameters
    ----------
    width : n + 1. s : the prefix. label : the one label that the round asks about, or None if it asks about both.
    version : PREFIX or LOOK.

    >>> patterns_in_round(LOOK, 2, (), label=1), patterns_in_round(LOOK, 2, (0,), label=1)
    ((((0, 1),),), ())
    """
    if label is None:
        return version.patterns(width, s)
    if not s:
        return (((0, label),),)
    return version.patterns(width, s) if s[0] == label else ()


def next_prefix_in_round(
    version: Version, width: int, s: Bits, counts: tuple[int, ...], b: int, *, label: int | None
) -> NextPrefix:
    """What follows from the counts of :func:`patterns_in_round`.

    Parameters
    ----------
    counts : of the patterns, in their order, in a batch of b. label : as for the patterns.
    version, width, s : as for the patterns.

    >>> next_prefix_in_round(PREFIX, 3, (), (1,), 4, label=0)
    NextPrefix(theta=Fraction(3, 4), one=(1,), zero=(0,))
    """
    if label is None or (s and s[0] == label):
        return version.choose(width, s, counts, b)
    if s:
        return _certain(s)
    ones = counts[0] if label else b - counts[0]
    return _certain((1,)) if ones == b else NextPrefix(Fraction(ones, b), (1,), (0,))


@lru_cache(maxsize=1024)
def masks_in_round(version: Version, width: int, s: Bits, label: int | None) -> Masks:
    """The patterns of a round, of the same version, width, prefix and label, as pairs of integers: a word, as the
    integer whose bit i is its bit i, matches if it agrees with the second integer wherever the first has a 1.

    >>> masks_in_round(PREFIX, 2, (1,), None)
    ((1, 1), (3, 3))
    """
    patterns = patterns_in_round(version, width, s, label=label)
    return tuple((sum(1 << i for i, _ in pattern), sum(bit << i for i, bit in pattern)) for pattern in patterns)


def matched(masks: Masks, word: Bits) -> list[int]:
    """Which patterns, given by their ``masks``, a word matches, as 0 and 1; :func:`matches` for all of them at once.

    >>> matched(masks_in_round(PREFIX, 2, (1,), None), (1, 0))
    [1, 0]
    """
    value = 0
    for bit in reversed(word):
        value = value << 1 | bit
    return [1 if value & mask == wanted else 0 for mask, wanted in masks]


@lru_cache(maxsize=64)
def most_patterns(version: Version, width: int, alternating: bool) -> int:
    """The most counts that a prefix of a word of a given width asks for in a version, in a round of one label if it is
    ``alternating``; they depend on the length of the prefix alone.

    >>> most_patterns(PREFIX, 3, False), most_patterns(LOOK, 3, False), most_patterns(LOOK, 3, True)
    (3, 5, 4)
    """
    prefixes = ((0,) * here for here in range(width))
    return max(len(patterns_in_round(version, width, s, label=0 if alternating else None)) for s in prefixes)
