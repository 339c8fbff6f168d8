"""SAMPLE-EXTRACT (Algorithm 1) as a query method, with its budget: Theorem 2a and Lemma 1, by which counts over fresh
batches do what a sample does.

What a round asks and what follows from it is :mod:`constructions.reductions.one_bit`; here rounds are put in a row. The
method keeps the samples so far, the prefix of the next one, and a coin that is not decided yet; while there is such a
coin, it asks nothing and spends the round's random bits on it. When all m samples are there, they are handed to the
learner; if the rounds run out before, the method predicts 1/2, which loses at most 1/8.

The rounds of a budget come in three kinds. *Certain* ones grow the prefix (or, in the alternating form, wait for its
label). In *empty* ones no point of the batch begins with the prefix. *Idle* ones leave a coin undecided. The last two
kinds depend on chance, and :mod:`constructions.reductions.extract_bounds` says how many of them are enough.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from constructions.errors import PremiseError
from constructions.foundations.exact import Number, rational, whole
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
from constructions.reductions.extract_bounds import (
    LOSS_OF_HALF,
    idle_rounds_of_coin,
    least_further_rounds,
    look_bound,
    theorem_z,
)
from constructions.reductions.one_bit import (
    HALF,
    LOOK,
    PREFIX,
    Masks,
    NextPrefix,
    Version,
    masks_in_round,
    matched,
    most_patterns,
    nearest_counts,
    next_prefix_in_round,
    settled,
    toss,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """The parameters of a reduction by extraction, and the budget that follows from them.

    Parameters
    ----------
    n : bits of x. b : points in a batch. tau : how far an answer may be from the mean. delta : how much loss may be
        added.
    version : PREFIX or LOOK. alternating : whether a round asks about one label only (Lemma 1).
    bits : random bits a round for the coin; if None, the fewest that will do (:attr:`coin_bits`).

    Raises
    ------
    PremiseError
        Unless tau >= 0, b tau < 1/2 and delta > 0, and there are random bits where the coin needs some.

    >>> how = Extraction(n=8, b=4, tau=Fraction(1, 16), delta=Fraction(1, 20), version=PREFIX)
    >>> how.certain_rounds, str(how.empty_rounds), str(how.idle_rounds), how.rounds(20)
    (9, '4', '9', 829)

    >>> how.coin_bits, how.budget(PAC(m=20, r=7)).r == 7 + 829 * how.coin_bits
    (1, True)
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
        idle_rounds_of_coin(self.b, self.coin_bits)

    @property
    def width(self) -> int:
        """n + 1: label and bits."""
        return self.n + 1

    @property
    def certain_rounds(self) -> int:
        """At most so many rounds of a sample are neither empty, nor waits for an empty one, nor spent on an undecided
        coin. They are called certain, for chance has no part in them."""
        return 2 * self.n + 1 if self.alternating else self.width

    @property
    def empty_rounds(self) -> Fraction:
        """At most this many empty rounds of a sample, with their waits, are expected."""
        if self.n == 0:
            return Fraction(0)
        left = self.n if self.alternating else self.width
        start = look_bound(Fraction(0)) if self.version is LOOK else theorem_z(left, Fraction(1), self.b)
        return Fraction(2 * (start + Fraction(1, self.b)) if self.alternating else start)

    @property
    def coin_bits(self) -> int:
        """Random bits a round: as given, or as few (at least one if b > 1) as make :meth:`further_rounds` no more than
        an ideal coin would ask for if running out of rounds lost 1, as the paper counts."""
        if self.bits is not None:
            return whole(self.bits, where="random bits a round")
        if self.b == 1:
            return 0
        bits = 1
        while (
            self.n
            and LOSS_OF_HALF * (self.empty_rounds + self.width * idle_rounds_of_coin(self.b, bits)) > self.empty_rounds
        ):
            bits += 1
        return bits

    @property
    def idle_rounds(self) -> Fraction:
        """At most this many rounds of a sample are expected to pass on undecided coins."""
        return self.width * idle_rounds_of_coin(self.b, self.coin_bits)

    def expected_further_rounds(self, m: int) -> Fraction:
        """At most this many rounds of m samples are expected beyond the certain ones: the empty and the idle ones."""
        return m * (self.empty_rounds + self.idle_rounds)

    def further_rounds(self, m: int) -> int:
        """The fewest rounds beyond the certain ones that keep the loss within delta."""
        return least_further_rounds(self.expected_further_rounds(m), self.delta)

    def rounds(self, m: int) -> int:
        """k' for m samples: the certain rounds and the further ones."""
        return m * self.certain_rounds + self.further_rounds(m)

    @property
    def parallel(self) -> int:
        """p': the most counts that any prefix asks for."""
        return most_patterns(self.version, self.width, self.alternating)

    def budget(self, given: PAC) -> BSQ:
        """The exact budget of the simulation of a PAC method."""
        k = self.rounds(given.m)
        return BSQ(
            k=k, tau=self.tau, b=self.b, p=self.parallel, r=given.r + k * self.coin_bits, alternating=self.alternating
        )

    def printed(self, given: PAC) -> BSQ:
        """The paper's budget (log2 b and the rounds rounded up)."""
        k = -int(-printed_extraction_rounds(given.m, self.n, 1 / self.delta, alternating=self.alternating) // 1)
        r = given.r + k * (self.b - 1).bit_length()
        return BSQ(k=k, tau=self.tau, b=self.b, p=self.width, r=r, alternating=self.alternating)


def printed_extraction_rounds(m: Number, n: Number, inverse_delta: Number, *, alternating: bool) -> Number:
    """The paper's number of rounds: 10 m (n + 1) / delta, or twice that one label at a time.

    Parameters
    ----------
    m, n : samples, and bits of a point. inverse_delta : 1/delta. alternating : whether a round is about one label.

    >>> printed_extraction_rounds(20, 8, 20, alternating=False)
    36000
    """
    return (20 if alternating else 10) * m * (n + 1) * inverse_delta


def counts_to_tell_apart(b: Number) -> Number:
    """How many numbers of points of a batch a query can count, which are told apart by its answer.

    >>> counts_to_tell_apart(3)
    4
    """
    return b + 1


class Extracting(NamedTuple):
    """The state of a run that still extracts.

    Parameters
    ----------
    t : the number of the round to come, from 1. samples : the words that are complete. s : the prefix of the next one.
    coin : an undecided coin, or None. fresh : the random bits that are left. own : the learner's random bits.
    """

    t: int
    samples: tuple[Bits, ...]
    s: Bits
    coin: NextPrefix | None
    fresh: Bits
    own: Bits


class Extracted(NamedTuple):
    """The state of a run that has all its samples: the words, and the learner's random bits."""

    samples: tuple[Bits, ...]
    own: Bits


def point(word: Bits) -> Point:
    """The word (y, x1, ..., xn) as a point (x, y).

    >>> point((1, 0, 0))
    ((0, 0), 1)
    """
    return word[1:], word[0]


@dataclass(frozen=True, slots=True)
class _Steps:
    """The functions of the method that extracts the samples of a given one."""

    method: SampleMethod
    how: Extraction
    parallel: int
    bits: int

    def start(self, string: Bits) -> State:
        m, r = self.method.budget.m, self.method.budget.r
        own, fresh = string[:r], string[r:]
        return Extracting(1, (), (), None, fresh, own) if m else Extracted((), own)

    def label(self, state: Extracting) -> int | None:
        return state.t % 2 if self.how.alternating else None

    def masks(self, state: Extracting) -> Masks:
        return masks_in_round(self.how.version, self.how.width, state.s, self.label(state))

    def query(self, state: State) -> Query:
        if not isinstance(state, Extracting) or state.coin is not None:
            return lambda x, y: (0,) * self.parallel
        masks = self.masks(state)
        padding = (0,) * (self.parallel - len(masks))
        return lambda x, y: (*matched(masks, (y, *x)), *padding)

    def after(self, state: State, answers: Answers) -> State:
        if not isinstance(state, Extracting):
            return state
        how, bits = self.how, self.bits
        counts = nearest_counts(answers[: len(self.masks(state))], how.b)
        choice = state.coin or next_prefix_in_round(
            how.version, how.width, state.s, counts, how.b, label=self.label(state)
        )
        return self.moved(state, toss(choice, state.fresh[:bits]), state.fresh[bits:])

    def moved(self, state: Extracting, choice: NextPrefix, fresh: Bits) -> State:
        """The state after a round whose coin has been tossed."""
        s = settled(choice)
        if s is None:
            return state._replace(t=state.t + 1, coin=choice, fresh=fresh)
        if len(s) < self.how.width:
            return state._replace(t=state.t + 1, s=s, coin=None, fresh=fresh)
        samples = (*state.samples, s)
        if len(samples) == self.method.budget.m:
            return Extracted(samples, state.own)
        return Extracting(state.t + 1, samples, (), None, fresh, state.own)

    def predictor(self, state: State) -> Predictor:
        if isinstance(state, Extracted):
            return self.method.learn(tuple(map(point, state.samples)), state.own)
        return lambda x: HALF

    def refill(self, state: State, string: Bits) -> State:
        return state._replace(fresh=string) if isinstance(state, Extracting) else state


def extraction_method(method: SampleMethod, how: Extraction) -> QueryMethod:
    """The query method that extracts m samples and hands them to a method on samples; it predicts 1/2 if the rounds run
    out.

    Parameters
    ----------
    method : what the samples are for; it says how many there are. how : the reduction.

    Raises
    ------
    PremiseError
        If the method is for another number of bits.

    >>> from constructions.learning.learners import parity
    >>> how = Extraction(n=2, b=2, tau=Fraction(1, 8), delta=Fraction(1, 4), version=PREFIX)
    >>> extraction_method(parity(2, 3), how).budget
    BSQ(k=10, tau=Fraction(1, 8), b=2, p=3, r=10, alternating=False)
    """
    if of_samples(method).n != how.n:
        raise PremiseError(f"need a method on n={how.n} bits, got one on n={method.n}")
    bits, budget = how.coin_bits, how.budget(method.budget)
    steps = _Steps(method, how, budget.p, bits)
    return QueryMethod(
        n=how.n,
        budget=budget,
        start=steps.start,
        query=steps.query,
        after=steps.after,
        predictor=steps.predictor,
        cells=exact_cells,
        fresh=bits,
        refill=steps.refill if bits else None,
    )


def _simulation(name: str, how: Extraction) -> Simulation[SampleMethod, QueryMethod]:
    return Simulation(
        name=f"{name} ({how.version.name})",
        delta=how.delta,
        budget=how.budget,
        printed=how.printed,
        reduce=lambda method: extraction_method(method, how),
    )


def theorem_2a(
    n: int, *, b: int, tau: Fraction, delta: Fraction, version: Version = PREFIX, bits: int | None = None
) -> Simulation[SampleMethod, QueryMethod]:
    """bSQ(k', tau, b, p', r') >=_delta PAC(m, r) for b tau < 1/2 (Theorem 2a), by the version's name in
    :data:`VERSIONS`.

    Parameters
    ----------
    n : bits of a point. b, tau : batch size and tolerance. delta : what the reduction may lose.
    version : PREFIX or LOOK. bits : random bits of a round, for its coin; as many as suffice, if not given.

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

    The arguments are those of :func:`theorem_2a`: bits n of a point, b, tau, delta, version, and random bits of a
    round.

    >>> lemma_1(8, b=4, tau=Fraction(1, 16), delta=Fraction(1, 20), version=LOOK).budget(PAC(m=20)).p
    16
    """
    return _simulation(
        "Lemma 1", Extraction(n=n, b=b, tau=tau, delta=delta, version=version, alternating=True, bits=bits)
    )
