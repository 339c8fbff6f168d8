"""Answers about whole batches as circuits: every record and every sum."""

from fractions import Fraction

from constructions.networks.signed_memory import middle_of, signed_bits
from constructions.strip.decoding import nearest_of_parity
from verify.recheck.circuit import Circuit
from verify.recheck.readout_signed import answer_of, is_middle
from verify.recheck.signed import thresholds_of


def test_every_record_tells_the_nearest_sum() -> None:
    for b in range(1, 6):
        rho = Fraction(13, 10) / b
        bits, thresholds = signed_bits(rho), thresholds_of(Fraction(2), b, rho)
        for read in range(1 << bits):
            row = [read >> i & 1 for i in range(bits)]
            record = middle_of(bits) - read
            wanted = max(-b, min(b, nearest_of_parity(b * rho * record, b)))
            assert 2 * sum(answer_of(Circuit({}), row, thresholds)) - b == wanted
            assert is_middle(Circuit({}), row) == (record == 0)
