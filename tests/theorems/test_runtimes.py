"""Running times: the bounds against the gates that are written, for one learner."""

from fractions import Fraction

from constructions.computation.extraction_machine import write_extraction
from constructions.computation.sample_learners import conjunction_learner
from constructions.computation.tally import gates_written
from constructions.reductions.one_bit import PREFIX
from constructions.reductions.sample_extract import Extraction
from constructions.theorems.runtimes import extraction_time, reading_time


def test_what_is_written_in_all_rounds_is_within_the_bound() -> None:
    how = Extraction(n=3, b=5, tau=Fraction(1, 11), delta=Fraction(1, 8), version=PREFIX, bits=2)
    written = gates_written(lambda design: write_extraction(design, how, 2, conjunction_learner(3), 4))
    assert how.rounds(2) * written <= extraction_time(2, 3, 8, 100, 5, both=True)
    assert extraction_time(2, 3, 8, 100, 5, both=False) == 2 * extraction_time(2, 3, 8, 100, 5, both=True)
    assert reading_time(2, 3, 100, 5, both=False) == 2 * reading_time(2, 3, 100, 5, both=True)
