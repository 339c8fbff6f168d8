"""The circuit of a round on both labels: its copies, its decoder, and what is refused."""

from fractions import Fraction

import pytest

from constructions.computation.both_labels import in_pairs
from constructions.computation.learner_machines import best_literal_machine, correlations_machine
from constructions.errors import PremiseError
from constructions.networks.both_round import (
    BOTH_LABELS,
    BothDecoder,
    alone,
    check_both,
    counted,
    taken_off,
    told_of_both,
)
from constructions.networks.queries import DYADIC, MINIMAL
from constructions.networks.round_circuit import round_circuit

F = Fraction
RHO = F(1, 8)
DECODER = BothDecoder(setting=DYADIC, rho=RHO, answer_fraction=6)
MACHINE = in_pairs(best_literal_machine(1, fraction=6))


def test_copies_that_never_act_are_left_out() -> None:
    made = round_circuit(MACHINE, DECODER, active=True, asking=BOTH_LABELS)
    names = [copy.name for copy in made.copies]
    assert names[0] == "clock" and sorted(names[1:]) == sorted(
        [*(copy(j).name for j in (0, 1) for copy in (counted, taken_off)), *(alone(j).name for j in (2, 3))]
    )
    assert [name for name in made.circuit.inputs if name.startswith("x ")] == ["x 0"]


def test_the_steep_record_counts_as_many_units_as_the_usual_one_over_its_gain() -> None:
    total = DECODER.total([2, 4, 4], [1, 0, 0])
    assert total * RHO / 3 == RHO * told_of_both(F(2), F(4), F(1), DYADIC.record_gain)
    low, high = DECODER.read_error
    assert (low, high) == (-F(31, 8) * RHO, F(31, 8) * RHO)


def test_other_settings_and_queries_are_refused() -> None:
    with pytest.raises(PremiseError, match="need copies of the gain 3/4"):
        BothDecoder(setting=MINIMAL, rho=F(1, 16), answer_fraction=6)
    with pytest.raises(PremiseError, match=r"need queries with the values 0 and 1 .* signed values of 1 binary places"):
        check_both(in_pairs(correlations_machine(1, fraction=4)))
    with pytest.raises(PremiseError, match="need a bit of x and the label, got 1 bits"):
        check_both(best_literal_machine(1, fraction=4))
