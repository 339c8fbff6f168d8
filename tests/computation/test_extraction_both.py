"""Theorem 2a's machine: ports, what is refused, and how large it is."""

from fractions import Fraction
from itertools import product

import pytest

from constructions.computation.extraction_both import both_labels_machine, both_ports
from constructions.computation.extraction_gates import ExtractionSizes, both_labels_gates
from constructions.computation.extraction_machine import write_extraction
from constructions.computation.sample_learners import conjunction_learner
from constructions.computation.tally import gates_written
from constructions.errors import PremiseError
from constructions.reductions.one_bit import LOOK, PREFIX, VERSIONS
from constructions.reductions.sample_extract import Extraction

F = Fraction


@pytest.mark.parametrize(("version", "n"), [*product(VERSIONS.values(), (1, 2, 4))])
def test_ports_are_a_place_for_each_count(version, n: int) -> None:  # type: ignore[no-untyped-def]
    how = Extraction(n=n, b=2, tau=F(1, 5), delta=F(1, 4), version=version)
    for length in range(n + 1):
        found = both_ports(version, n, length)
        assert len(set(found)) == len(found) == len(version.patterns(n + 1, (1,) * length))
        assert set(found) <= set(range(how.parallel))


def test_a_machine_has_the_printed_number_of_queries_and_fewer_gates_than_are_written() -> None:
    how, learner = Extraction(n=3, b=5, tau=F(1, 11), delta=F(1, 4), version=PREFIX, bits=2), conjunction_learner(3)
    machine = both_labels_machine(how, 2, learner, fraction=4)
    assert sum(1 for name in machine.outputs if name.startswith("query")) == 4
    written = gates_written(lambda design: write_extraction(design, how, 2, learner, 4))
    assert len(machine.circuit.gates) < written
    sizes = ExtractionSizes(n=4, places=4, coin=2, width=3, length=3, number=2, low=2)
    assert written > both_labels_gates(sizes, look=False)  # which has no learner


def test_an_extraction_of_one_label_is_refused() -> None:
    how = Extraction(n=2, b=2, tau=F(1, 5), delta=F(1, 4), version=LOOK, alternating=True)
    with pytest.raises(PremiseError, match="need an extraction on both labels"):
        both_labels_machine(how, 1, conjunction_learner(2))
    both = Extraction(n=2, b=3, tau=F(1, 8), delta=F(1, 4), version=LOOK)
    with pytest.raises(PremiseError, match="need 2 binary places for answers within 1/8, got 1"):
        both_labels_machine(both, 1, conjunction_learner(2), fraction=1)
