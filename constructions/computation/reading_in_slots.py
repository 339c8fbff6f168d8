"""The reading of one sample (Lemma 6) as a query machine, written in bits; it hands the whole sample to a learner.

The machine does what :func:`constructions.reductions.fbsq.read_sample` does, one label at a time. It keeps the m points
in m *slots*, sorted by what is known of them, label first: slots with the same known bits stand side by side and form a
*run*. A round asks how many points of one run go on with 1; if there are c, the last c slots of the run get that bit,
and a run that is divided becomes two. When all runs of a label are asked, the label goes on to the next bit.

*State.* For each slot its label and its bits of x, whether a run begins there, and whether it is still to be asked; for
each label how many bits are known; the label of the round to come. *Rounds.* The first asks 1{y = 1}. Behind it a label
takes at most min(2^l, m) rounds for bit l + 1, so all is read in :func:`constructions.reductions.fbsq.reading_rounds`.

*Predictor.* The learner in bits is stepped m times, on the slots in their order, in one circuit behind the last round
(``unroll`` of :class:`constructions.computation.machines.Machine`). So its own state costs no rounds, and the order of
the sample is lost, as the theorem says (E60).

There is a second machine for Lemma 6, :mod:`constructions.computation.reading_machine`. It also reads both labels at a
time (Lemma 5a), it goes through the words in the order in which the method of the paper does, and its gates are
counted by formulas. This one has fewer gates, since it knows of a slot only where its run begins, and not how many of
its bits are known: where both were tried (3 points of 2 bits up to 12 of 5), networks of Theorem 3a with the other one
had 1.2 to 1.6 times as many vertices. So networks are made of this one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from constructions.computation.bits import Bits, concat, mux
from constructions.computation.counts import count_of, enough_places
from constructions.computation.design import Design, places
from constructions.computation.extraction_machine import LearnerInBits
from constructions.computation.query_machine import QueryMachine
from constructions.computation.sample_learners import fed
from constructions.errors import PremiseError
from constructions.foundations.exact import Number, rational, whole
from constructions.reductions.fbsq import reading_rounds


@dataclass(frozen=True, slots=True)
class _Slots:
    """What the machine remembers of the sample."""

    odd: Bits
    started: Bits
    labels: Bits
    words: tuple[Bits, ...]
    begins: Bits
    open: Bits
    known: tuple[Bits, Bits]

    @property
    def level(self) -> Bits:
        """How many bits are known of the points with the label of the round."""
        return mux(self.odd, self.known[1], self.known[0])

    @property
    def turn(self) -> tuple[Bits, ...]:
        """Which slots are still to be asked and have the label of the round."""
        return tuple(self.open[i] & ~(self.labels[i] ^ self.odd) for i in range(len(self.open)))

    @property
    def first(self) -> tuple[Bits, ...]:
        """Which slot is the first of these."""
        turn = self.turn
        return tuple(concat(turn[i], *(~other for other in turn[:i])).all() for i in range(len(turn)))

    @property
    def asked(self) -> tuple[Bits, ...]:
        """Which slots are in the run that the round asks about; all of them in the first round."""
        found: list[Bits] = []
        for i, first in enumerate(self.first):
            goes_on = found[-1] & ~self.begins[i] if i else first & 0
            found.append(first | goes_on | ~self.started)
        return tuple(found)


def _some(bits: Sequence[Bits]) -> Bits:
    return concat(*bits).any()


def _remember(design: Design, n: int, m: int) -> _Slots:
    return _Slots(
        odd=design.state("odd", start=1),
        started=design.state("started"),
        labels=design.state("labels", m),
        words=tuple(design.state(f"word{i}", n) for i in range(m)),
        begins=design.state("begins", m),
        open=design.state("open", m),
        known=(design.state("known0", n.bit_length()), design.state("known1", n.bit_length())),
    )


def _ask(design: Design, now: _Slots, x: Bits) -> None:
    """The query: which points begin with what is known of the run, and go on with 1; 1{y = 1} at first."""
    n, first, level = len(x), now.first, now.level
    word = [_some([one & word[k] for one, word in zip(first, now.words, strict=True)]) for k in range(n)]
    agrees = [~(level > k) | ~(x[k] ^ word[k]) for k in range(n)]
    goes_on = _some([(level == k) & x[k] for k in range(n)])
    design.output("query0", ~now.started | concat(_some(now.turn), *agrees, goes_on).all())


def _with_one(asked: Sequence[Bits], count: Bits) -> tuple[Bits, ...]:
    """The slots of a run that get a 1: so many as the count says, the last ones."""
    m = len(asked)
    last = [asked[i] & ~asked[i + 1] if i + 1 < m else asked[i] for i in range(m)]
    at_least = [count >= many for many in range(1, m + 1)]
    return tuple(asked[i] & _some([last[end] & at_least[end - i] for end in range(i, m)]) for i in range(m))


def _becomes(design: Design, now: _Slots, count: Bits) -> None:
    """The state after the round's count."""
    m, n = len(now.words), len(now.words[0])
    asked, level = now.asked, now.level
    one = _with_one(asked, count)
    design.becomes(now.odd, ~now.odd)
    design.becomes(now.started, now.started | 1)
    design.becomes(now.labels, now.labels | concat(*(bit & ~now.started for bit in one)))
    for word, bit in zip(now.words, one, strict=True):
        design.becomes(word, concat(*(word[k] | bit & now.started & (level == k) for k in range(n))))
    splits = [asked[i] & asked[i - 1] & one[i] & ~one[i - 1] if i else one[i] & 0 for i in range(m)]
    design.becomes(now.begins, now.begins | concat(*splits))
    _go_on(design, now, asked, level)


def _go_on(design: Design, now: _Slots, asked: Sequence[Bits], level: Bits) -> None:
    """Which slots are still to be asked, and how many bits are known, after the round."""
    m, n = len(now.words), len(now.words[0])
    mine = [~(now.labels[i] ^ now.odd) for i in range(m)]
    left = [now.open[i] & ~asked[i] for i in range(m)]
    through = now.started & ~_some([left[i] & mine[i] for i in range(m)]) & (level < n)
    more = through & (level < n - 1) if n > 1 else through & 0
    design.becomes(now.open, concat(*(~now.started | left[i] | more & mine[i] for i in range(m))))
    for label, known in enumerate(now.known):
        own = now.odd if label else ~now.odd
        design.becomes(known, known + (through & own).extended(len(known)))


def _predict(design: Design, now: _Slots, learner: LearnerInBits, x: Bits) -> None:
    """The learner's prediction at x, after it has been given the slots one by one; 0 unless all is read."""
    n, m = learner.n, len(now.words)
    unrolled = fed(learner, m).unroll(m + 1)
    wanted = {
        name: literal for name, literal in unrolled.outputs.items() if name.endswith(f"@{m}") and "predict" in name
    }
    one, zero = design.constant(1, 1), design.constant(0, 1)
    given = dict.fromkeys(unrolled.inputs, zero)
    for t, word in enumerate(now.words):
        given |= {f"taken@{t}": one, f"label@{t}": now.labels[t]}
        given |= {f"{name}@{t}": bit for name, bit in zip(places("point", n), word, strict=True)}
    given |= {f"{name}@{m}": bit for name, bit in zip(places("x", n), x, strict=True)}
    literals = [given[name].literals[0] for name in unrolled.inputs]
    found = design.builder.stamp(unrolled.part(wanted), literals)
    done = (now.known[0] == n) & (now.known[1] == n)
    value = Bits(design.builder, tuple(found.values()), "prediction")
    design.output("predict", concat(*(bit & done for bit in value)))


def slot_reading_machine(
    learner: LearnerInBits, m: int, *, tau: Number, fraction: int, rounds: int | None = None
) -> QueryMachine:
    """The machine that reads its one batch of m points, each query one label at a time, and runs a learner on them.

    Parameters
    ----------
    learner : what the sample is for; it must not look at the order. m : points of the sample, at least 1.
    tau : how far an answer may be from its mean, m tau < 1/2. fraction : binary places of an answer.
    rounds : stop after so many, Lemma 6's own number if not given; a sample that is not read then gives 0.

    Raises
    ------
    PremiseError
        Unless m tau < 1/2, and if an answer needs more places than ``fraction``.

    >>> from fractions import Fraction
    >>> from constructions.computation.sample_learners import parity_learner
    >>> made = slot_reading_machine(parity_learner(2), 3, tau=Fraction(1, 8), fraction=3)
    >>> made.rounds, made.parallel, made.random_bits
    (7, 1, 0)
    """
    whole(m, where="m", least=1)
    width = rational(tau, where="tau")
    if not 2 * m * width < 1:
        raise PremiseError(f"need m tau < 1/2, got {m} * {width} = {m * width}")
    if not enough_places(m, width, fraction):
        raise PremiseError(f"need answers with enough places for tau = {width} and m = {m}, got {fraction}")
    design = Design()
    x, answer = design.input("x", learner.n), design.input("answer0", fraction + 2)
    now = _remember(design, learner.n, m)
    _ask(design, now, x)
    _becomes(design, now, count_of(answer, m, fraction, m.bit_length()))
    _predict(design, now, learner, x)
    k = reading_rounds(m, learner.n, alternating=True) if rounds is None else rounds
    return QueryMachine(machine=design.machine(), rounds=k, answer_fraction=fraction, predict_fraction=learner.fraction)
