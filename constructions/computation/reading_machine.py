"""Lemmas 5a and 6 as a machine: the one batch is read along the tree of its prefixes, and handed to a learner.

The machine remembers m words of n + 1 bits (y, x1, ..., xn), those of the batch in their order, as far as they are
read: of each the bits that are known (0 beyond), and how many there are. Points that have the same known bits stand
side by side. In a round the first word that is not complete is *chosen* (for Lemma 6: the first one of the round's
label, and at the empty prefix only in rounds of label 1). The query is whether a point begins with its bits and then a
1. The answer says how many of the points that begin so go on with 1; these are the last ones of those that stand there
(:func:`ranked`). It is the method of ``reductions/fbsq.py``, with the sample in its order.

Its gates are counted (``reading_gates.py``), which gives the running times of Lemmas 5a and 6. Networks run another
machine for Lemma 6 (``reading_in_slots.py``), which is smaller and reads the same samples in as many rounds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from constructions.computation.averaging import stamped_vectors
from constructions.computation.bits import Bits, concat
from constructions.computation.counts import count_of
from constructions.computation.design import Design
from constructions.computation.flat import FlatCircuit
from constructions.computation.machines import Machine
from constructions.computation.turns import choice, columns, each, fitted, joined, mapped, places_of, width_of
from constructions.errors import ConstructionError
from constructions.foundations.exact import whole


@dataclass(frozen=True, kw_only=True, eq=False)
class SampleLearner:
    """A learner from m samples that minds no order, as a circuit; a value.

    Parameters
    ----------
    predict : from m words (y, x1, ..., xn), the point x and random bits to a prediction. n, m, random : how many bits a
        point has, samples, and random bits.

    Raises
    ------
    ConstructionError
        For a circuit with another number of inputs.

    >>> design = Design()
    >>> words, x = design.input("words", 2), design.input("x", 1)
    >>> design.output("prediction", ~(words[1] ^ x) & words[0])
    >>> SampleLearner(predict=design.circuit(), n=1, m=1).m
    1
    """

    predict: FlatCircuit
    n: int
    m: int
    random: int = 0

    @property
    def prediction(self) -> int:
        """How many bits a prediction has."""
        return len(self.predict.outputs)

    def __post_init__(self) -> None:
        for name in ("n", "m"):
            whole(getattr(self, name), where=name, least=1)
        wanted, got = self.m * (self.n + 1) + self.n + self.random, len(self.predict.inputs)
        if got != wanted:
            raise ConstructionError(f"need a circuit of {wanted} inputs, got {got}, at predict")


@dataclass(frozen=True, slots=True)
class _Slot:
    """A word of the sample as far as it is read: its bits, how many are known, and marks for the round."""

    word: Bits
    length: Bits
    at: Sequence[Bits]

    @property
    def complete(self) -> Bits:
        """Whether all of its bits are known."""
        return self.at[-1]


def reading_machine(learner: SampleLearner, *, fraction: int, alternating: bool) -> Machine:
    """The machine: inputs ``x``, ``label``, ``answer``, and ``random`` if the learner has random bits; outputs
    ``query``, and ``predict``, whose first bit says whether the sample has been read.

    Parameters
    ----------
    learner : what the sample is for. fraction : binary places of an answer. alternating : whether a round is about one
        label (Lemma 6).

    >>> design = Design()
    >>> words, x = design.input("words", 4), design.input("x", 1)
    >>> design.output("prediction", words[0])
    >>> learner = SampleLearner(predict=design.circuit(), n=1, m=2)
    >>> machine = reading_machine(learner, fraction=2, alternating=False)
    >>> given = [{"x": 0, "label": 1, "answer[0]": 0, "answer[1]": 1, "answer[2]": 0, "answer[3]": 0}] * 4
    >>> [found["predict[0]"] for found in machine.simulate(given)]  # each half of what is left goes on with 1
    [0, 0, 0, 1]
    """
    design = Design()
    write_reading(design, learner, fraction=fraction, alternating=alternating)
    return design.machine()


def write_reading(design: Design, learner: SampleLearner, *, fraction: int, alternating: bool) -> None:
    """Write the machine of :func:`reading_machine` into a design.

    Parameters
    ----------
    design : what is written into. learner, fraction, alternating : as there.

    >>> made, circuit = Design(), Design()
    >>> circuit.output("prediction", circuit.input("words", 2)[0] & circuit.input("x"))
    >>> write_reading(made, SampleLearner(predict=circuit.circuit(), n=1, m=1), fraction=0, alternating=True)
    >>> made.machine().state
    ('word0[0]', 'word0[1]', 'length0[0]', 'length0[1]', 'odd')
    """
    n, m = learner.n, learner.m
    x, label = design.input("x", n), design.input("label")
    answer = design.input("answer", fraction + 2)
    slots = each(m, lambda j: remembered(design, j, n + 1))
    waiting = mapped(lambda slot: ~slot.complete, slots)
    if alternating:
        odd = design.state("odd", start=1)
        design.becomes(odd, ~odd)
        waiting = mapped(lambda open_, slot: open_ & ~(choice(slot.at[0], 1, slot.word[0]) ^ odd), waiting, slots)
    word, length, some = first_of(waiting, slots)
    design.output("query", asks(joined(label, x), word, length, some))
    ones = count_of(answer, m, fraction, m.bit_length())
    members = mapped(lambda slot: some & (slot.word == word) & (slot.length == length), slots)
    for slot, member, bit in zip(slots, members, ranked(members, ones), strict=True):
        design.becomes(slot.word, concat(*(old | bit & here for old, here in zip(slot.word, slot.at, strict=False))))
        design.becomes(slot.length, slot.length + member.extended(width_of(slot.length)))
    sample = [slot.word for slot in slots]
    random = [design.input("random", learner.random)] if learner.random else []
    (found,) = stamped_vectors(design, learner.predict, [*sample, x, *random], [learner.prediction])
    read = concat(*(slot.complete for slot in slots)).all()
    design.output("predict", concat(read, *(bit & read for bit in found)))


def remembered(design: Design, j: int, width: int) -> _Slot:
    """Word j of the sample as state.

    Parameters
    ----------
    design : what is written into. j, width : the number of the word, and how many bits it has.

    >>> len(remembered(Design(), 0, 3).at)
    4
    """
    word, length = design.state(f"word{j}", width), design.state(f"length{j}", width.bit_length())
    return _Slot(word, length, each(width + 1, lambda i: length == i))


def first_of(waiting: Sequence[Bits], slots: Any) -> tuple[Bits, Bits, Bits]:
    """The bits of the first word that is waiting, how many there are, and whether there is such a word.

    >>> design = Design()
    >>> slots = [remembered(design, j, 1) for j in range(2)]
    >>> word, length, some = first_of([design.input("a"), design.input("b")], slots)
    >>> len(word), len(length), len(some)
    (1, 1, 1)
    """
    some, chosen = waiting[0] & 0, []
    for open_ in waiting:
        chosen.append(open_ & ~some)
        some = some | open_

    def of(vectors: Sequence[Bits]) -> Bits:
        rows, places = (
            [[here & bit for bit in vector] for here, vector in zip(chosen, vectors, strict=True)],
            places_of(vectors[0]),
        )
        return fitted(concat(*(concat(*column).any() for column in columns(rows, places))), places)

    return of(mapped(lambda slot: slot.word, slots)), of(mapped(lambda slot: slot.length, slots)), some


def asks(point: Bits, word: Bits, length: Bits, some: Bits) -> Bits:
    """Whether a point (y, x1, ..., xn) begins with the first ``length`` bits of a word and then a 1, and there is one.

    >>> design = Design()
    >>> point, word, length = design.input("point", 2), design.input("word", 2), design.input("length", 2)
    >>> design.output("asks", asks(point, word, length, design.constant(1, 1)))
    >>> [design.evaluate(point=point, word=1, length=1)["asks"] for point in range(4)]
    [0, 0, 0, 1]
    """
    found, here = [], each(places_of(point), lambda i: length == i)
    beyond = some & 0
    for bit, known, at in zip(point, word, here, strict=True):
        now = beyond | at
        found.append(choice(now, ~at | bit, ~(bit ^ known)))
        beyond = now
    return concat(some, *found).all()


def ranked(members: Sequence[Bits], ones: Bits) -> list[Bits]:
    """Which are among the last ``ones`` members.

    >>> design = Design()
    >>> members, ones = design.input("members", 3), design.input("ones", 2)
    >>> design.output("last", concat(*ranked(list(members), ones)))
    >>> [design.evaluate(members=5, ones=many)["last"] for many in range(4)]
    [0, 4, 5, 5]
    """
    rank, found = ones & 0, []
    for member in reversed(members):
        rank = rank + member.extended(width_of(rank))
        found.append(member & ~(ones < rank))
    return found[::-1]
