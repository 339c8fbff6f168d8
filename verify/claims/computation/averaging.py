"""Means in bits: a mean is as near to the quotient as its places allow."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from constructions.computation.averaging import mean_of
from constructions.computation.bits import Bits
from constructions.computation.design import Design
from constructions.computation.query_machine import Fixed
from constructions.foundations.logic import every
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

WIDTH = 5


def some_quotients() -> Iterator[dict[str, Any]]:
    """Divisors of five bits and binary places."""
    return ({"divisor": divisor, "places": places} for divisor in range(1, 2 ** (WIDTH - 1)) for places in range(4))


def of_the_other_sign(total: Bits, divisor: Bits, places: int) -> Bits:
    """A mean whose sign bit is the other one (the twin's)."""
    found = mean_of(total, divisor, places)
    return found ^ (1 << len(found) - 1)


@obligation(
    "averaging.mean",
    paper="Theorem 2b",
    kind="enumeration",
    domain=some_quotients,
    expect=Verdict.CHECKED,
    finite="sums of five bits, every divisor, up to three binary places",
    of=lambda case: mean_of,
    twin=lambda case: of_the_other_sign,
)
def mean_is_near(mean: Callable[[Bits, Bits, int], Bits], case: Case) -> None:
    """For every sum and divisor, the mean that the circuit returns is in [-1, 1] and differs from the quotient, clipped
    to [-1, 1], by at most one unit of its last place."""
    divisor, places = int(case.integer("divisor")), int(case.integer("places"))
    design = Design()
    design.output("mean", mean(design.input("total", WIDTH), design.constant(divisor, WIDTH), places))
    signed, read = Fixed(width=WIDTH, fraction=0, signed=True), Fixed(width=places + 2, fraction=places, signed=True)
    circuit, half = design.circuit(), 2 ** (WIDTH - 1)
    for total in range(1 - half, half):
        code = signed.code_of(Fraction(total))
        bits = {f"total[{i}]": code >> i & 1 for i in range(WIDTH)}
        found = read.value_of(sum(bit << i for i, bit in enumerate(circuit.evaluate(bits).values())))
        wanted = max(min(Fraction(total, divisor), Fraction(1)), Fraction(-1))
        near = abs(found - wanted) <= Fraction(1, 2**places)
        case.show(f"total {total}", every(near, abs(found) <= 1))
