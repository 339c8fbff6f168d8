"""The machine that reads a sample: the sample is read whatever it is, and its size is that of the formula."""

from fractions import Fraction
from itertools import combinations_with_replacement, product

import pytest

from constructions.computation.design import Design
from constructions.computation.extraction_both import given_to
from constructions.computation.reading_gates import ReadingSizes, reading_gates
from constructions.computation.reading_machine import SampleLearner, reading_machine, write_reading
from constructions.computation.tally import gates_written
from constructions.errors import ConstructionError
from constructions.reductions.fbsq import reading_rounds

F = Fraction


def echo(n: int, m: int) -> SampleLearner:
    """A learner that returns its sample."""
    design = Design()
    words = design.input("words", m * (n + 1))
    design.input("x", n)
    design.output("prediction", words)
    return SampleLearner(predict=design.circuit(), n=n, m=m)


@pytest.mark.parametrize("alternating", [False, True])
def test_every_sample_is_read_in_the_rounds_that_are_told(alternating: bool) -> None:
    n, m, places = 2, 2, 2
    machine, points = (
        reading_machine(echo(n, m), fraction=places, alternating=alternating),
        [*product((0, 1), repeat=3)],
    )
    for sample in combinations_with_replacement(points, m):
        kept, label = machine.first_state(), 1
        for _ in range(reading_rounds(m, n, alternating=alternating)):
            asked = 0
            for y, *x in sample:
                _, found = machine.step(kept, given_to(machine, x=tuple(x), label=y, places_=places))
                asked += found["query"] * (not alternating or y == label)
            code = int(F(asked, m) * 2**places)
            given = given_to(machine, places_=places) | {f"answer[{i}]": code >> i & 1 for i in range(places + 2)}
            kept, _ = machine.step(kept, given)
            label = 1 - label if alternating else label
        _, found = machine.step(kept, given_to(machine, places_=places))
        told = [value for name, value in found.items() if name.startswith("predict")]
        assert told == [1, *(bit for word in sample for bit in word)]


def test_as_many_gates_are_written_as_the_formula_says() -> None:
    learner = echo(3, 2)
    written = gates_written(lambda design: write_reading(design, learner, fraction=2, alternating=True))
    sizes = ReadingSizes(n=3, m=2, places=2, width=2, length=3, prediction=8)
    assert written == reading_gates(sizes, alternating=True)
    assert len(reading_machine(learner, fraction=2, alternating=True).circuit.gates) < written


def test_a_learner_of_other_inputs_is_refused() -> None:
    with pytest.raises(ConstructionError, match="need a circuit of 10 inputs, got 8, at predict"):
        SampleLearner(predict=echo(2, 2).predict, n=3, m=1, random=3)
