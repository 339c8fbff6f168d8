"""SAMPLE-EXTRACT (Algorithm 1) and the reductions Theorem 2a and Lemma 1: one sample of the source from counts over
fresh batches.

A point is the word z = (y, x1, ..., xn). At a prefix s the algorithm learns how many points of the batch begin with s,
with s1, and with s followed by a one further on. No point: try again. One point: it is read off. More: s grows by a
bit, by a coin of bias w1/w. *LOOK* asks the last kind of count for s0 and s1 apart, so that a point which is alone on
the chosen side is read off at once.

The coin compares fresh random bits with the binary digits of w1/w, a fixed number of bits a round; while it is
undecided it stays in the state and the round's answers are not used. In the alternating form (Lemma 1) a prefix waits
for the rounds of its label; at the empty prefix only 1{y = label of the round} is asked and the prefix always grows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from constructions.errors import PremiseError
from constructions.foundations.exact import Number, rational, whole
from constructions.foundations.logic import Formula, every
from constructions.learning.error import exact_cells
from constructions.learning.models import (
    BSQ,
    PAC,
    Answers,
    Query,
    QueryMethod,
    SampleMethod,
    Simulation,
    State,
    of_samples,
)
from constructions.learning.problems import Bits, Point, Predictor
from constructions.reductions.extract_bounds import LOSS_OF_HALF, further_rounds, idle_rounds, look_bound, theorem_z

Pattern = tuple[tuple[int, int], ...]
HALF = Fraction(1, 2)


class Choice(NamedTuple):
    """The next prefix: ``one`` with probability ``theta``, else ``zero``; a prefix of full length is a sample."""

    theta: Fraction
    one: Bits
    zero: Bits


@dataclass(frozen=True, slots=True)
class Version:
    """A way to extract: the conjunctions to count at a prefix of a word of some width, and what follows from the
    counts in a batch of b."""

    name: str
    patterns: Callable[[int, Bits], tuple[Pattern, ...]]
    choose: Callable[[int, Bits, tuple[int, ...], int], Choice]


def spelled(prefix: Bits) -> Pattern:
    """The conjunction that a word begins with a prefix."""
    return tuple(enumerate(prefix))


def matches(pattern: Pattern, word: Bits) -> bool:
    """Whether a word has the bits of a pattern."""
    return all(word[i] == bit for i, bit in pattern)


def _prefix_patterns(width: int, s: Bits) -> tuple[Pattern, ...]:
    head = spelled(s)
    return (*((head,) if s else ()), *((*head, (i, 1)) for i in range(len(s), width)))


def _prefix_choose(width: int, s: Bits, counts: tuple[int, ...], b: int) -> Choice:
    w, ones = (counts[0], counts[1:]) if s else (b, counts)
    if w == 0:
        return Choice(Fraction(0), s, s)
    if w == 1:
        return _certain((*s, *ones))
    return Choice(Fraction(ones[0], w), (*s, 1), (*s, 0))


def _look_patterns(width: int, s: Bits) -> tuple[Pattern, ...]:
    head, here = spelled(s), len(s)
    sides = (((*head, (here, c), (i, 1)) for i in range(here + 1, width)) for c in (0, 1))
    return (*((head,) if s else ()), (*head, (here, 1)), *(pattern for side in sides for pattern in side))


def _look_choose(width: int, s: Bits, counts: tuple[int, ...], b: int) -> Choice:
    w, (w1, *further) = (counts[0], counts[1:]) if s else (b, counts)
    if w == 0:
        return Choice(Fraction(0), s, s)
    rest = width - len(s) - 1
    sides = []
    for c, here in ((0, w - w1), (1, w1)):
        sides.append((*s, c, *further[c * rest : (c + 1) * rest]) if here == 1 else (*s, c))
    return Choice(Fraction(w1, w), sides[1], sides[0])


def _certain(s: Bits) -> Choice:
    return Choice(Fraction(0), s, s)


PREFIX = Version("prefix", _prefix_patterns, _prefix_choose)
LOOK = Version("look", _look_patterns, _look_choose)
VERSIONS = {version.name: version for version in (PREFIX, LOOK)}


def decodes_to(count: Number, answer: Number, b: Number) -> Formula:
    """Whether the count is the integer nearest to b times the answer (the upper one on a tie)."""
    return every(count <= answer * b + HALF, answer * b + HALF < count + 1)


def decode(answers: Sequence[Number], b: int) -> tuple[int, ...]:
    """The counts: b times each answer, rounded to the nearest integer; the counts themselves if b tau < 1/2.

    >>> decode((Fraction(2, 3) - Fraction(1, 7), Fraction(1, 7)), 3)
    (2, 0)
    """
    return tuple((2 * b * answer.numerator + answer.denominator) // (2 * answer.denominator) for answer in answers)


def toss(choice: Choice, bits: Bits) -> Choice:
    """Compare bits with the digits of theta: below it is one, above it is zero; undecided if all bits agree with the
    digits.

    >>> toss(Choice(Fraction(1, 3), (1,), (0,)), (0, 1))
    Choice(theta=Fraction(1, 3), one=(1,), zero=(0,))
    >>> settled(toss(Choice(Fraction(1, 3), (1,), (0,)), (0, 0)))
    (1,)
    """
    for bit in bits:
        if settled(choice) is not None:
            return choice
        digit, rest = divmod(2 * choice.theta, 1)
        choice = choice._replace(theta=rest if bit == digit else Fraction(int(bit < digit)))
    return choice


def settled(choice: Choice) -> Bits | None:
    """The next prefix, if there is only one."""
    if choice.theta == 0 or choice.one == choice.zero:
        return choice.zero
    return choice.one if choice.theta == 1 else None


def patterns_in_round(version: Version, width: int, s: Bits, *, label: int | None) -> tuple[Pattern, ...]:
    """What is counted at a prefix, in a round that asks about one label only (or about both: None)."""
    if label is None:
        return version.patterns(width, s)
    if not s:
        return (((0, label),),)
    return version.patterns(width, s) if s[0] == label else ()


@lru_cache(maxsize=1024)
def _masks(version: Version, width: int, s: Bits, label: int | None) -> tuple[tuple[int, int], ...]:
    """The patterns as pairs: a word, as the integer whose bit i is its bit i, matches if it agrees with the second
    where the first is 1."""
    patterns = patterns_in_round(version, width, s, label=label)
    return tuple((sum(1 << i for i, _ in pattern), sum(bit << i for i, bit in pattern)) for pattern in patterns)


@lru_cache(maxsize=64)
def _most_patterns(version: Version, width: int, alternating: bool) -> int:
    """The most counts that a prefix asks for; they depend on its length alone."""
    prefixes = ((0,) * here for here in range(width))
    return max(len(patterns_in_round(version, width, s, label=0 if alternating else None)) for s in prefixes)


def _matched(masks: tuple[tuple[int, int], ...], word: Bits) -> list[int]:
    """Which patterns a word matches, as 0 and 1; :func:`matches` for all of them at once."""
    value = 0
    for bit in reversed(word):
        value = value << 1 | bit
    return [1 if value & mask == wanted else 0 for mask, wanted in masks]


def choice_in_round(
    version: Version, width: int, s: Bits, counts: tuple[int, ...], b: int, *, label: int | None
) -> Choice:
    """What follows from the counts of :func:`patterns_in_round`."""
    if label is None or (s and s[0] == label):
        return version.choose(width, s, counts, b)
    if s:
        return _certain(s)
    ones = counts[0] if label else b - counts[0]
    return _certain((1,)) if ones == b else Choice(Fraction(ones, b), (1,), (0,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """The parameters of a reduction by extraction.

    Errors
    ------
    PremiseError unless b tau < 1/2 and delta > 0.
    """

    n: int
    b: int
    tau: Fraction
    delta: Fraction
    version: Version
    alternating: bool = False
    bits: int | None = None

    def __post_init__(self) -> None:
        whole(self.n, where="n")
        whole(self.b, where="b", least=1)
        if rational(self.tau, where="tau") < 0 or self.b * self.tau >= HALF:
            raise PremiseError(
                f"need tau >= 0 and b tau < 1/2, got b tau = {self.b} * {self.tau} = {self.b * self.tau}"
            )
        if rational(self.delta, where="delta") <= 0:
            raise PremiseError(f"need delta > 0, got {self.delta}")
        idle_rounds(self.b, self.coin_bits)

    @property
    def width(self) -> int:
        """n + 1: label and bits."""
        return self.n + 1

    @property
    def sure(self) -> int:
        """At most this many rounds of a sample are neither empty, nor waits for an empty one, nor spent on a coin."""
        return 2 * self.n + 1 if self.alternating else self.width

    @property
    def empty(self) -> Fraction:
        """At most this many empty rounds of a sample, with their waits, are expected."""
        if self.n == 0:
            return Fraction(0)
        left = self.n if self.alternating else self.width
        start = look_bound(Fraction(0)) if self.version is LOOK else theorem_z(left, Fraction(1), self.b)
        return Fraction(2 * (start + Fraction(1, self.b)) if self.alternating else start)

    @property
    def coin_bits(self) -> int:
        """Random bits a round: as given, or the fewest (at least one if b > 1) with which :meth:`further` asks for no
        more rounds than an ideal coin would if running out of rounds lost 1, as the paper counts."""
        if self.bits is not None:
            return whole(self.bits, where="random bits a round")
        if self.b == 1:
            return 0
        bits = 1
        while self.n and LOSS_OF_HALF * (self.empty + self.width * idle_rounds(self.b, bits)) > self.empty:
            bits += 1
        return bits

    @property
    def idle(self) -> Fraction:
        """At most this many rounds of a sample are expected to pass on undecided coins."""
        return self.width * idle_rounds(self.b, self.coin_bits)

    def expected_further(self, m: int) -> Fraction:
        """At most this many rounds of m samples are expected beyond the sure ones: the empty and the idle ones."""
        return m * (self.empty + self.idle)

    def further(self, m: int) -> int:
        """The fewest rounds beyond the sure ones that keep the loss within delta."""
        return further_rounds(self.expected_further(m), self.delta)

    def rounds(self, m: int) -> int:
        """k' for m samples: the sure rounds and the further ones."""
        return m * self.sure + self.further(m)

    @property
    def parallel(self) -> int:
        """p': the most counts that any prefix asks for."""
        return _most_patterns(self.version, self.width, self.alternating)

    def budget(self, given: PAC) -> BSQ:
        """The exact budget of the simulation of a PAC method."""
        k = self.rounds(given.m)
        return BSQ(
            k=k, tau=self.tau, b=self.b, p=self.parallel, r=given.r + k * self.coin_bits, alternating=self.alternating
        )

    def printed(self, given: PAC) -> BSQ:
        """The paper's budget (log2 b and the rounds rounded up)."""
        k = -int(-(20 if self.alternating else 10) * given.m * self.width / self.delta // 1)
        r = given.r + k * (self.b - 1).bit_length()
        return BSQ(k=k, tau=self.tau, b=self.b, p=self.width, r=r, alternating=self.alternating)


class Extracting(NamedTuple):
    """The state of a run: the round to come, the samples so far, the prefix, an undecided coin, the random bits
    left, A's own."""

    t: int
    samples: tuple[Bits, ...]
    s: Bits
    coin: Choice | None
    fresh: Bits
    own: Bits


class Extracted(NamedTuple):
    """The state of a run that has all its samples."""

    samples: tuple[Bits, ...]
    own: Bits


def point(word: Bits) -> Point:
    """The word (y, x1, ..., xn) as a point (x, y)."""
    return word[1:], word[0]


def _nothing(p: int) -> Query:
    return lambda x, y: (0,) * p


def extracting(method: SampleMethod, how: Extraction) -> QueryMethod:
    """The query method that extracts m samples and hands them to a sample method; it predicts 1/2 if the rounds run
    out."""
    if of_samples(method).n != how.n:
        raise PremiseError(f"need a method on n={how.n} bits, got one on n={method.n}")
    m, r, bits, budget = method.budget.m, method.budget.r, how.coin_bits, how.budget(method.budget)

    def label(state: Extracting) -> int | None:
        return state.t % 2 if how.alternating else None

    def start(string: Bits) -> State:
        own, fresh = string[:r], string[r:]
        return Extracting(1, (), (), None, fresh, own) if m else Extracted((), own)

    def query(state: State) -> Query:
        if not isinstance(state, Extracting) or state.coin is not None:
            return _nothing(budget.p)
        masks = _masks(how.version, how.width, state.s, label(state))
        padding = (0,) * (budget.p - len(masks))
        return lambda x, y: (*_matched(masks, (y, *x)), *padding)

    def after(state: State, answers: Answers) -> State:
        if not isinstance(state, Extracting):
            return state
        asked = len(_masks(how.version, how.width, state.s, label(state)))
        counts = decode(answers[:asked], how.b)
        choice = state.coin or choice_in_round(how.version, how.width, state.s, counts, how.b, label=label(state))
        return _move(state, toss(choice, state.fresh[:bits]), state.fresh[bits:])

    def _move(state: Extracting, choice: Choice, fresh: Bits) -> State:
        s = settled(choice)
        if s is None:
            return state._replace(t=state.t + 1, coin=choice, fresh=fresh)
        if len(s) < how.width:
            return state._replace(t=state.t + 1, s=s, coin=None, fresh=fresh)
        samples = (*state.samples, s)
        return (
            Extracted(samples, state.own)
            if len(samples) == m
            else Extracting(state.t + 1, samples, (), None, fresh, state.own)
        )

    def predictor(state: State) -> Predictor:
        if isinstance(state, Extracted):
            return method.learn(tuple(map(point, state.samples)), state.own)
        return lambda x: HALF

    def refill(state: State, string: Bits) -> State:
        return state._replace(fresh=string) if isinstance(state, Extracting) else state

    return QueryMethod(
        n=how.n,
        budget=budget,
        start=start,
        query=query,
        after=after,
        predictor=predictor,
        cells=exact_cells,
        fresh=bits,
        refill=refill if bits else None,
    )


def _simulation(name: str, how: Extraction) -> Simulation[SampleMethod, QueryMethod]:
    return Simulation(
        name=f"{name} ({how.version.name})",
        delta=how.delta,
        budget=how.budget,
        printed=how.printed,
        reduce=lambda method: extracting(method, how),
    )


def theorem_2a(
    n: int, *, b: int, tau: Fraction, delta: Fraction, version: Version = PREFIX, bits: int | None = None
) -> Simulation[SampleMethod, QueryMethod]:
    """bSQ(k', tau, b, p', r') >=_delta PAC(m, r) for b tau < 1/2 (Theorem 2a), by the version's name in
    :data:`VERSIONS`.

    >>> reduction = theorem_2a(8, b=4, tau=Fraction(1, 16), delta=Fraction(1, 20))
    >>> made, printed = reduction.budget(PAC(m=20)), reduction.printed(PAC(m=20))
    >>> (made.k, made.p, made.r), (printed.k, printed.p, printed.r)
    ((829, 9, 829), (36000, 9, 72000))
    """
    return _simulation("Theorem 2a", Extraction(n=n, b=b, tau=tau, delta=delta, version=version, bits=bits))


def lemma_1(
    n: int, *, b: int, tau: Fraction, delta: Fraction, version: Version = PREFIX, bits: int | None = None
) -> Simulation[SampleMethod, QueryMethod]:
    """bSQ0/1(k', tau, b, p', r') >=_delta PAC(m, r) for b tau < 1/2 (Lemma 1), mended at the empty prefix.

    >>> lemma_1(8, b=4, tau=Fraction(1, 16), delta=Fraction(1, 20), version=LOOK).budget(PAC(m=20)).p
    16
    """
    return _simulation(
        "Lemma 1", Extraction(n=n, b=b, tau=tau, delta=delta, version=version, alternating=True, bits=bits)
    )
