"""The decoder of whole batches as gates: at sizes beyond those of the claims, and broken on purpose."""

from random import Random

import pytest

from constructions.computation import root_gates
from constructions.computation.batch_gate_sizes import BatchGateSizes, counted_gates
from constructions.computation.batch_gates import decoder_circuit, given_sums, read_balance
from constructions.computation.builder import Builder
from constructions.computation.field_gates import FieldGates, dual_basis, trace
from constructions.computation.root_gates import located_points
from constructions.strip.binary_field import BinaryField
from constructions.strip.family import PowerFamily, balance_of


def wrongly_read(n: int, b: int, *, tries: int) -> int:
    """How many of some random batches the circuit does not read."""
    family, random = PowerFamily(n, b), Random(n * 100 + b)
    circuit, wrong = decoder_circuit(family), 0
    for _ in range(tries):
        labels = [random.randrange(2) for _ in range(1 << n)]
        points = [random.choice((0, random.randrange(1 << n))) for _ in range(b)]
        balance = balance_of((family.point(point), labels[point]) for point in points)
        found = circuit.evaluate(given_sums(family, family.answers(balance)))
        wrong += read_balance(family, found) != balance
    return wrong


def test_random_batches_are_read() -> None:
    assert wrongly_read(4, 2, tries=4) == 0


@pytest.mark.slow
def test_larger_random_batches_are_read() -> None:
    assert wrongly_read(5, 4, tries=10) == 0


def test_a_decoder_that_asks_for_one_bit_only_reads_wrongly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(root_gates, "dual_basis", lambda field: [1] * field.n)
    assert wrongly_read(3, 2, tries=40) > 0


def test_merging_leaves_fewer_gates_than_the_formula_says() -> None:
    family = PowerFamily(2, 2)
    sizes = BatchGateSizes(family)
    assert len(decoder_circuit(family).gates) < sizes.decoder
    assert sizes.located < sizes.decoder and counted_gates(2) == 18


def test_the_dual_basis_returns_bits() -> None:
    field = BinaryField(5)
    assert all(trace(field, field.times(d, 19)) == 19 >> i & 1 for i, d in enumerate(dual_basis(field)))


def test_no_points_are_found_in_sums_of_none() -> None:
    builder = Builder()
    gates = FieldGates(builder, BinaryField(3))
    found = located_points(gates, [[-2] * 3] * 2)
    assert [point.there for point in found] == [-2, -2]
