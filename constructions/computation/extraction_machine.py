"""The extraction (Lemma 1 and Theorem 2a, PREFIX or LOOK) as a machine, written in bits; it hands each sample to a
learner.

A *query machine* is a circuit that is stepped once a round. It reads the answers of the round and fresh random bits,
says what its state becomes, and, at a point x, what its queries and its prediction are. This one does in bits what
:mod:`constructions.reductions.sample_extract` does in Python: it grows the prefix of a word (y, x1, ..., xn) from
counts.

*State* (:class:`_Memory`). The label of the round to come (``odd``: label 1), how many samples are complete, the length
of the prefix and its bits. If a coin is undecided, also what is left of its numerator, its denominator, and whether a
point is alone on one of its sides; behind the prefix the word then keeps which side that is and how the point goes on.

*Queries* (:func:`_ask`). Each is asked on a *port*, an output of the circuit whose number depends only on what is
counted, not on where the prefix ends: port 0 counts the points that begin with the prefix (at the empty prefix: those
with the round's label), port 1 those of them whose next bit is 1, port i > 1 those whose bit i is 1 (*LOOK*: and whose
next bit is 1; port n + i - 1 if it is 0). So no bit has to be shifted to another port. The queries of the Python method
are moved to these ports to compare the two (:mod:`constructions.computation.extraction_ports`).

*A round* (:func:`extraction_machine`). Answers become counts (``counts.py``). The coin of bias w1/w is compared with
the random bits by long division, one binary digit of the quotient a bit (:func:`divided`, :func:`tossed`,
:func:`_flip`). The prefix grows by the side that it shows, or by all that is left of the word if a point is alone there
(:func:`_grow`). A word that is complete goes to the learner as a :class:`Draw`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from constructions.computation.bits import Bits, concat, constant, mux
from constructions.computation.counts import count_of, enough_places, fewest_places
from constructions.computation.design import Design
from constructions.computation.query_machine import QueryMachine
from constructions.computation.turns import choice, joined, width_of
from constructions.errors import PremiseError
from constructions.foundations.exact import whole
from constructions.reductions.one_bit import LOOK, Version
from constructions.reductions.sample_extract import Extraction


@dataclass(frozen=True, slots=True)
class Draw:
    """What a learner sees of a round: whether a sample was ``taken``, its ``number`` (how many were before it), its
    label, its point."""

    taken: Bits
    number: Bits
    label: Bits
    point: Bits


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerInBits:
    """A learner from samples whose state is written in bits and takes in one sample at a time.

    Parameters
    ----------
    n : bits of x.
    write : adds the learner's state to a design, says what it becomes by the round's draw (unchanged if none was
        taken), and returns its prediction at x, a number over 2^fraction in fraction + 1 bits.
    fraction : binary places of a prediction.
    """

    n: int
    write: Callable[[Design, Draw, Bits], Bits]
    fraction: int = 0


def divided(numerator: Bits, denominator: Bits) -> tuple[Bits, Bits]:
    """The next binary digit of a quotient of numerator and denominator that is at most 1, and the numerator of what is
    then left (a quotient of 1 is 0.111...).

    >>> design = Design()
    >>> digit, left = divided(design.constant(2, 2), design.constant(3, 2))
    >>> design.output("digit", digit)
    >>> design.output("left", left)
    >>> design.evaluate()
    {'digit': 1, 'left': 1}
    """
    width = width_of(numerator)
    twice = joined(constant(numerator.builder, 0, 1), numerator).extended(width + 2)
    beyond = twice - denominator.extended(width + 2)
    return ~beyond[-1], choice(~beyond[-1], beyond, twice)[:width]


def tossed(numerator: Bits, denominator: Bits, bits: Sequence[Bits]) -> tuple[Bits, Bits, Bits]:
    """The coin of bias numerator / denominator against fresh bits: whether it is one, whether all bits agree with its
    digits, and the numerator of what is then left; as ``toss`` of Algorithm 1, with a bias of 1 allowed.

    >>> design = Design()
    >>> found = tossed(design.constant(1, 2), design.constant(3, 2), list(design.input("bits", 2)))
    >>> for name, vector in zip(("one", "open", "left"), found):
    ...     design.output(name, vector)
    >>> [tuple(design.evaluate(bits=code).values()) for code in range(4)]
    [(1, 0, 1), (0, 0, 1), (0, 1, 1), (0, 0, 1)]
    """
    never = constant(numerator.builder, 0, 1)
    one, open_, left = never, ~never, numerator
    for bit in bits:
        digit, left = divided(left, denominator)
        one = one | open_ & digit & ~bit
        open_ = open_ & ~(digit ^ bit)
    return one, open_, left


@dataclass(frozen=True, slots=True)
class _Memory:
    """What the machine remembers, and where in the word it is: ``at[i]`` if the prefix has length i, ``before[i]``
    if it is longer."""

    odd: Bits
    number: Bits
    length: Bits
    word: Bits
    at: tuple[Bits, ...]
    before: tuple[Bits, ...]
    done: Bits
    remainder: Bits | None
    low: Bits | None
    denominator: Bits
    alone: Bits | None
    waiting: Bits

    @property
    def never(self) -> Bits:
        """A bit that is not set."""
        return self.odd & 0

    @property
    def undecided(self) -> Bits:
        """Whether there is an undecided coin."""
        return self.never if self.remainder is None else self.remainder.any()


def by_case(*cases: tuple[Bits, Bits]) -> Bits:
    """The vector whose condition holds, if one does at most; 0 if none does.

    >>> design = Design()
    >>> low = design.input("low")
    >>> design.output("found", by_case((low, design.constant(1, 2)), (~low, design.constant(2, 2))))
    >>> [design.evaluate(low=bit)["found"] for bit in (0, 1)]
    [2, 1]
    """
    return concat(
        *(concat(*(condition & vector[i] for condition, vector in cases)).any() for i in range(len(cases[0][1])))
    )


def _some(bits: Sequence[Bits]) -> Bits:
    return concat(*bits).any()


def _remember(design: Design, how: Extraction, m: int, first: int) -> _Memory:
    n, b = how.n, how.b
    odd = design.constant(0, 1) if first else design.state("odd", start=1)
    number, length = design.state("number", m.bit_length()), design.state("length", n.bit_length(), start=first)
    rest = b > 2 and how.version is LOOK and n > 1
    word = design.state("word", n + rest)
    at = tuple(length == i for i in range(n + 1))
    remainder = design.state("remainder", (b - 1).bit_length()) if b > 2 else None
    low = design.state("denominator", (b - 3).bit_length()) if b > 3 else None
    return _Memory(
        odd=odd,
        number=number,
        length=length,
        word=word,
        at=at,
        done=number == m,
        remainder=remainder,
        low=low,
        before=(*(_some(at[i + 1 :]) for i in range(n)), design.constant(0, 1)),
        denominator=design.constant(3 if b > 2 else 0, b.bit_length()) if low is None else restored(low, b),
        alone=design.state("alone") if rest else None,
        waiting=~at[0] & (word[0] ^ odd),
    )


def restored(low: Bits, b: int) -> Bits:
    """The number from 3 to b with the last bits ``low``, of which there are as many as tell these numbers apart.

    Below 3 there is no such number, so low bits that stand for 0, 1 or 2 are those of a number with one bit more.

    >>> design = Design()
    >>> design.output("denominator", restored(design.input("low", 2), 6))
    >>> [design.evaluate(low=code)["denominator"] for code in range(4)]
    [4, 5, 6, 3]
    """
    if b == 4:
        return concat(low, low, ~low)
    return concat(low, low < 3)[: b.bit_length()]


def _asked(now: _Memory, x: Bits, version: Version) -> list[Bits]:
    """The queries: nothing while the prefix waits for its label, a coin is undecided, or all samples are there."""
    n, asking = len(x), ~(now.done | now.waiting | now.undecided)
    differ = [now.before[i] & (now.word[i] ^ x[i - 1]) for i in range(1, n)]
    head = concat(asking, *(~other for other in differ)).all()
    one = _some([now.at[i] & x[i - 1] for i in range(1, n + 1)])
    ones, zeros = [], []
    for i in range(2, n + 1):
        behind = _some(now.at[1:i])
        ones.append(concat(head, behind, x[i - 1], *([one] if version is LOOK else [])).all())
        if version is LOOK:
            zeros.append(concat(head, behind, x[i - 1], ~one).all())
    return [head, head & one, *ones, *zeros]


@dataclass(frozen=True, slots=True)
class _Coin:
    """What a round's coin says: whether the prefix grows, by which bit, and whether a point is alone on either side
    of it."""

    grows: Bits
    side: Bits
    undecided: Bits
    alone: tuple[Bits, Bits]


def _flip(design: Design, now: _Memory, how: Extraction, counts: tuple[Bits, Bits], random: Sequence[Bits]) -> _Coin:
    begins, ones = counts
    first, width = now.at[0], how.b.bit_length()
    new, after, whole_batch = ~now.undecided, ~now.undecided & ~first, design.constant(how.b, width)
    fresh = ((first & new & now.odd, begins), (first & new & ~now.odd, how.b - begins), (after, ones))
    numerator = (
        by_case(*fresh) if now.remainder is None else by_case(*fresh, (~now.never, now.remainder.extended(width)))
    )
    denominator = by_case((now.undecided, now.denominator), (first & new, whole_batch), (after, begins))
    one, open_, left = tossed(numerator, denominator, random)
    full, ready = left == denominator, ~now.done & (now.undecided | ~now.waiting) & denominator.any()
    undecided = now.never if now.remainder is None else concat(ready, open_, left.any(), ~full).all()
    if now.remainder is not None:
        design.becomes(now.remainder, mux(undecided, left, 0)[: len(now.remainder)])
    if now.low is not None:
        design.becomes(now.low, denominator[: len(now.low)])
    single = (begins == 1,) * 2 if how.version is not LOOK else (begins == ones + 1, ones == 1)
    return _Coin(ready & ~undecided, one | open_ & full, undecided, (single[0] & ~first, single[1] & ~first))


def _grow(
    design: Design, now: _Memory, n: int, coin: _Coin, rests: Sequence[tuple[Bits, Bits]], first: int
) -> list[Bits]:
    """The next word: the prefix, the coin's bit, and (if a point is alone) how it goes on. Returned are whether it is
    complete, the number of samples before it, and its bits."""
    alone, pick = mux(coin.side, coin.alone[1], coin.alone[0]), coin.side
    if now.alone is not None:
        kept = _some([now.at[i] & now.word[i] for i in range(1, n)])
        design.becomes(now.alone, mux(now.undecided, now.alone, coin.alone[0] | coin.alone[1]))
        alone = mux(now.undecided, now.alone & ~(kept ^ coin.side), alone)
        pick = mux(coin.undecided, mux(now.undecided, kept, coin.alone[1]), coin.side)
    word = [mux(now.at[0], coin.side, now.word[0])]
    for i in range(1, n + 1):
        stays = now.before[i] if now.alone is None or i == 1 else now.before[i] | now.undecided & ~now.at[i]
        behind = ~(stays | now.at[i])
        cases = [(now.at[i], pick)] + ([(stays, now.word[i])] if i < len(now.word) else [])
        if i > 1:
            zero, one = rests[i - 2]
            cases += [(behind, one)] if one is zero else [(behind & pick, one), (behind & ~pick, zero)]
        word.append(by_case(*cases))
    taken = coin.grows & (now.at[n] | alone)
    design.becomes(now.word, concat(*word)[: len(now.word)])
    design.becomes(now.length, mux(taken, first, now.length + coin.grows.extended(len(now.length))))
    design.becomes(now.number, now.number + taken.extended(len(now.number)))
    if not first:
        design.becomes(now.odd, ~now.odd)
    return [taken, now.number, now.word[0], *word[1:]]


def extraction_machine(
    how: Extraction, m: int, learner: LearnerInBits, *, fraction: int | None = None, rounds: int | None = None
) -> QueryMachine:
    """Lemma 1 for a learner of m samples: the machine of ``extraction_method(method, how)``, its queries on ports of
    their own (``extraction_ports``).

    Parameters
    ----------
    how : the extraction; it must alternate. m : how many samples there are. learner : what they are for.
    fraction : binary places of an answer, as few as will do if not given.
    rounds : after how many rounds it stops, Lemma 1's own number if not given. It predicts 1/2 if they run out.

    Raises
    ------
    PremiseError
        Unless the extraction alternates, n >= 1, and every mean of b bits has a valid answer.

    >>> from constructions.computation.sample_learners import conjunction_learner
    >>> from constructions.reductions.one_bit import PREFIX
    >>> from fractions import Fraction
    >>> how = Extraction(n=1, b=2, tau=Fraction(1, 8), delta=Fraction(1, 8), version=PREFIX, alternating=True)
    >>> made = extraction_machine(how, 1, conjunction_learner(1))
    >>> made.rounds, made.parallel, made.answer_fraction, made.random_bits, len(made.machine.state)
    (3, 2, 1, 1, 6)
    """
    n = whole(how.n, where="n", least=1)
    if not how.alternating or learner.n != n:
        raise PremiseError(f"need an alternating extraction for a learner on n={learner.n} bits, got {how}")
    fraction = fewest_places(how.b, how.tau) if fraction is None else whole(fraction, where="fraction")
    if not enough_places(how.b, how.tau, fraction):
        raise PremiseError(
            f"need {fewest_places(how.b, how.tau)} binary places for answers within {how.tau}, got {fraction}"
        )
    design = Design()
    write_extraction(design, how, m, learner, fraction)
    return QueryMachine(
        machine=design.machine(),
        rounds=how.rounds(m) if rounds is None else rounds,
        answer_fraction=fraction,
        predict_fraction=places_of(learner),
    )


def _merged(now: _Memory, asked: list[Bits]) -> list[Bits]:
    """The queries of Theorem 2a: at the empty prefix the number of points that begin with it is b and not asked, and
    only there place 2 is asked for, so both go by one port."""
    head, one, second, *rest = asked
    return [mux(now.at[1], second, head), one, *rest]


def places_of(learner: LearnerInBits) -> int:
    """The binary places of a prediction: one at least, for the 1/2 of a machine that runs out of rounds.

    >>> from constructions.computation.sample_learners import conjunction_learner
    >>> places_of(conjunction_learner(1))
    1
    """
    return max(learner.fraction, 1)


def write_extraction(design: Design, how: Extraction, m: int, learner: LearnerInBits, fraction: int) -> None:
    """Write the machine of :func:`extraction_machine` into a design.

    Parameters
    ----------
    design : what is written into. how, m, learner, fraction : as there.

    >>> from constructions.computation.sample_learners import conjunction_learner
    >>> design, learner = Design(), conjunction_learner(1)
    >>> from fractions import Fraction
    >>> how = Extraction(n=1, b=1, tau=Fraction(1, 8), delta=Fraction(1, 8), version=LOOK, alternating=True)
    >>> write_extraction(design, how, 1, learner, 0)
    >>> design.machine().inputs
    ('x', 'answer0[0]', 'answer0[1]', 'answer1[0]', 'answer1[1]')
    """
    x, width, both = design.input("x", how.n), how.b.bit_length(), not how.alternating
    answers = [design.input(f"answer{j}", fraction + 2) for j in range(how.parallel)]
    random = list(design.input("random", how.coin_bits)) if how.coin_bits else []
    inner, word = how, x
    if both:
        inner = replace(how, n=how.n + 1, alternating=True, bits=how.coin_bits)
        word = concat(design.input("label"), x)
    n = inner.n
    now = _remember(design, inner, whole(m, where="m", least=1), int(both))
    for j, query in enumerate(_merged(now, _asked(now, word, how.version)) if both else _asked(now, word, how.version)):
        design.output(f"query{j}", query)
    begins, ones = (count_of(answer, how.b, fraction, width) for answer in answers[:2])
    last = [count_of(answer, how.b, fraction, 1) for answer in answers[2:]]
    if both:
        begins, last = mux(now.at[1], how.b, begins), [begins[0], *last]
    rests = list(zip(last[n - 1 :], last, strict=False)) if how.version is LOOK else [(bit, bit) for bit in last]
    taken, number, label, *bits = _grow(
        design, now, n, _flip(design, now, inner, (begins, ones), random), rests, int(both)
    )
    draw = Draw(taken, number, *((bits[0], concat(*bits[1:])) if both else (label, concat(*bits))))
    places, value = places_of(learner), learner.write(design, draw, x)
    code = (concat(design.constant(0, 1), value) if learner.fraction == 0 else value).extended(places + 1)
    design.output("predict", mux(now.done, code, 1 << places - 1))
