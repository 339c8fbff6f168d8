"""The computation of a round that reads whole batches with any labels: what is found of a batch's records."""

from collections import Counter
from fractions import Fraction
from itertools import combinations_with_replacement, product

import pytest

from constructions.computation.builder import Builder
from constructions.computation.sample_learners import conjunction_learner, fed
from constructions.networks.any_labels_round import AnyLabelsRound, OnesFromDigits, bits_of, constant
from constructions.networks.batch_round import clock_copies
from constructions.networks.signed_memory import middle_of
from constructions.strip.family import PowerFamily, balance_of
from constructions.strip.reader import held_for

B, N = 2, 1
RHO = Fraction(13, 20)
MADE = AnyLabelsRound(
    machine=fed(conjunction_learner(N), B), family=PowerFamily(N, B), rho=RHO, held=held_for(3 * B * RHO / 4)
)
Point = tuple[tuple[int, ...], int]


def records(batch: tuple[Point, ...]) -> list[int]:
    """The records of all copies after a step on a batch, each mean rounded to a nearest multiple."""
    ones = balance_of((x, 0) for x, y in batch if y)
    both = list(zip(MADE.family.answers(balance_of(batch)), MADE.family.answers(ones), strict=True))
    plain = [MADE.held * g - (1 - 2 * MADE.held) * one for g, one in both]
    return [round(total / (B * RHO)) for total in (*(Fraction(g) for g, _ in both), *plain)]


def found(batch: tuple[Point, ...]) -> Counter[Point]:
    """The samples that the circuit writes for the records of a batch."""
    builder = Builder()
    names = [[f"d{c} {i}" for i in range(MADE.bits)] for c in range(2 * MADE.family.size)]
    samples = MADE.samples(builder, [[builder.input(name) for name in row] for row in names])
    for s, sample in enumerate(samples):
        for name, literal in {"taken": sample.taken, "label": sample.label, **bits_of("x", sample.point)}.items():
            builder.output(f"{name} {s}", literal)
    given: dict[str, int] = {}
    for row, record in zip(names, records(batch), strict=True):
        given |= {name: (middle_of(MADE.bits) - record) >> i & 1 for i, name in enumerate(row)}
    out = builder.circuit().evaluate(given)
    assert all(out[f"taken {s}"] for s in range(len(samples)))
    return Counter(((out[f"x {s}"],), out[f"label {s}"]) for s in range(len(samples)))


BATCHES = list(combinations_with_replacement([((x,), y) for x, y in product((0, 1), repeat=2)], B))


@pytest.mark.parametrize("batch", BATCHES)
def test_each_batch_is_found_with_its_labels_and_the_clock_ticks(batch: tuple[Point, ...]) -> None:
    assert found(batch) == Counter(batch)
    circuit = MADE.circuit()
    given = dict.fromkeys(circuit.inputs, 0) | {"clock": 1}
    for c, record in enumerate(records(batch)):
        given |= {f"digit {c} {i}": (middle_of(MADE.bits) - record) >> i & 1 for i in range(MADE.bits)}
    out = circuit.evaluate(given)
    assert out["clock"] == 1 and out["now"] == 0


def test_both_copies_of_a_query_have_the_same_side_active() -> None:
    circuit, size = MADE.circuit(), MADE.family.size
    given = dict.fromkeys(circuit.inputs, 0) | {"clock": 1, "x 0": 1}
    for c in range(2 * size):
        given |= {f"digit {c} {i}": middle_of(MADE.bits) >> i & 1 for i in range(MADE.bits)}
    out = circuit.evaluate(given)
    assert [out[f"minus {c}"] for c in range(2 * size)] == 2 * [int(v < 0) for v in MADE.family.values((1,))]
    assert out["now"] == 1 and out["clock"] == 0


def test_for_odd_b_the_constant_of_the_steep_copies_is_the_clock() -> None:
    odd = AnyLabelsRound(machine=MADE.machine, family=PowerFamily(1, 3), rho=Fraction(1, 4), held=Fraction(1, 16))
    assert odd.clock == (0,)
    assert MADE.clock == (*range(clock_copies(MADE.family)), MADE.family.size)


def test_a_larger_sum_of_ones_needs_a_smaller_record() -> None:
    reader = OnesFromDigits(Builder(), Fraction(1, 8), B, Fraction(1, 8))
    assert reader.most(0, 2) < reader.most(0, 0) and reader.most(2, 0) > reader.most(-2, 0)
    assert constant(2, 3) == constant(-6, 3)
