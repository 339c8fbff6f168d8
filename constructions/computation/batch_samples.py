"""From a decoded batch to its samples one by one, as gates: what a learner that takes one sample at a time is fed.

A balance with entry g at a point stands for |g| samples there, of label 1 if g is negative. Sample i belongs to the
place at which the sum of |g| over the places so far first exceeds i. The order of the samples is that of the places,
not that in which they were drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from constructions.computation import arithmetic
from constructions.computation.arithmetic import Literals
from constructions.computation.batch_gates import DecodedBatch
from constructions.computation.builder import FALSE, TRUE, Builder


@dataclass(frozen=True, slots=True)
class WrittenSample:
    """A sample as literals: whether there is one (``taken``), its ``label``, and the bits of its ``point``."""

    taken: int
    label: int
    point: Literals


def sizes_of_entries(builder: Builder, entries: Sequence[Literals]) -> list[Literals]:
    """The absolute values, written by a ``builder``, of ``entries`` in two's complement.

    >>> sizes_of_entries(Builder(), [[TRUE, TRUE]]) == [[TRUE, FALSE]]  # -1
    True
    """
    found = []
    for entry in entries:
        minus = entry[-1]
        flipped = [builder.xor(minus, bit) for bit in entry]
        found.append(arithmetic.added(builder, flipped, [FALSE] * len(entry), minus)[0])
    return found


def written_samples(builder: Builder, batch: DecodedBatch, b: int) -> list[WrittenSample]:
    """The b samples of a ``batch``, written by a ``builder``.

    >>> batch = DecodedBatch([[TRUE], [FALSE]], [[TRUE, TRUE], [FALSE, FALSE]], TRUE)  # -1 at the point 1
    >>> written_samples(Builder(), batch, 1) == [WrittenSample(TRUE, TRUE, [TRUE])]
    True
    """
    width = b.bit_length() + 1
    total: Literals = [FALSE] * width
    beyond: list[list[int]] = []
    for size in sizes_of_entries(builder, batch.entries):
        total = arithmetic.added(builder, total, size)[0]
        beyond.append(
            [arithmetic.less(builder, [TRUE if i >> j & 1 else FALSE for j in range(width)], total) for i in range(b)]
        )
    found = []
    for i in range(b):
        before = [FALSE, *(row[i] for row in beyond)]
        here = [builder.both(now[i], was ^ 1) for now, was in zip(beyond, before, strict=False)]
        label = builder.some([builder.both(at, entry[-1]) for at, entry in zip(here, batch.entries, strict=True)])
        point = [
            builder.some([builder.both(at, bits[j]) for at, bits in zip(here, batch.points, strict=True)])
            for j in range(len(batch.points[0]))
        ]
        found.append(WrittenSample(beyond[-1][i], label, point))
    return found
