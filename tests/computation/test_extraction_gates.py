"""The gates of Lemma 1's machine: the formula is what is written, and more than what is left after merging."""

from fractions import Fraction

import pytest

from constructions.computation.extraction_gates import ExtractionSizes, extraction_gates
from constructions.computation.extraction_machine import LearnerInBits, extraction_machine, write_extraction
from constructions.computation.tally import gates_written
from constructions.reductions.one_bit import LOOK, PREFIX
from constructions.reductions.sample_extract import Extraction


@pytest.mark.parametrize("look", [False, True])
@pytest.mark.parametrize(("n", "b", "m", "places", "coin"), [(2, 3, 1, 2, 1), (4, 5, 6, 3, 2), (9, 31, 40, 7, 5)])
def test_the_formula_is_what_is_written(look: bool, n: int, b: int, m: int, places: int, coin: int) -> None:
    how = Extraction(
        n=n,
        b=b,
        tau=Fraction(1, 4 * b),
        delta=Fraction(1, 8),
        alternating=True,
        bits=coin,
        version=LOOK if look else PREFIX,
    )
    learner = LearnerInBits(n=n, write=lambda design, draw, x: x[:1] & draw.label)
    sizes = ExtractionSizes(
        n=n,
        places=places + 3,
        coin=coin,
        width=b.bit_length(),
        length=n.bit_length(),
        number=m.bit_length(),
        low=(b - 3).bit_length(),
        own=1,
    )
    found = gates_written(lambda design: write_extraction(design, how, m, learner, places + 3))
    assert found == extraction_gates(sizes, look=look)
    made = extraction_machine(how, m, learner, fraction=places + 3)
    assert len(made.machine.circuit.gates) < found
