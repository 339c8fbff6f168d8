"""Claims about the computation of a round that reads a whole batch: digits are read as the sums that they tell."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from constructions.computation.builder import Builder
from constructions.networks import batch_round
from constructions.networks.signed_memory import middle_of, signed_bits
from constructions.strip.decoding import nearest_of_parity
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict


def _precisions() -> Iterator[dict[str, Any]]:
    sizes = ((1, "13/10"), (1, "1/4"), (2, "13/20"), (3, "2/5"), (4, "1/3.1"), (5, "1/4"), (7, "1/6"), (8, "1/64"))
    return ({"b": b, "over": Fraction(over.replace("1/3.1", "10/31"))} for b, over in sizes)


@obligation(
    "signed.network.sums",
    paper="the strip",
    kind="enumeration",
    domain=_precisions,
    expect=Verdict.CHECKED,
    finite="eight pairs of b up to 8 and rho with b rho < 4/3, all digits",
    of=lambda case: 0,
    twin=lambda case: 1,
)
def digits_are_read_as_sums(shift: int, case: Case) -> None:
    """For whatever the digits of a copy are, the circuit gives the integer of b's parity nearest to b times the record
    times rho (within -b and b), where the record is the middle of the digits' range less what they read."""
    b, rho = int(case.integer("b")), Fraction(case.real("over"))
    bits = signed_bits(rho)
    builder = Builder()
    total = batch_round.sum_from_digits(builder, [builder.input(f"d{i}") for i in range(bits)], rho=rho, b=b)
    for i, literal in enumerate(total):
        builder.output(f"s{i}", literal)
    circuit, wrong = builder.circuit(), 0
    for read in range(1 << bits):
        out = circuit.evaluate({f"d{i}": read >> i & 1 for i in range(bits)})
        code = sum(bit << int(name[1:]) for name, bit in out.items())
        found = code - (1 << len(total)) * (code >> (len(total) - 1))
        nearest = int(nearest_of_parity(b * rho * (middle_of(bits) + shift - read), b))
        wrong += found != max(-b, min(b, nearest))
    case.show("all are read", wrong == 0)
