"""What is read of a signed memory is the sum over the batch of its step, and no gradient of it is ever clipped.

Composed of what a step records, of how digits read it (``signed.reads``) and of what a count tells (``signed.counts``).
Proved here: ``signed.memory``, for every b, rho with b rho < 4/3, batch and valid rounding; and ``signed.unclipped``.
"""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number
from constructions.foundations.logic import every
from constructions.foundations.network import Fragment
from constructions.networks.memory import absolute
from constructions.networks.signed_memory import SIDES, SIGNED, SignedSetting, enough_digits, signed_path_edges
from constructions.strip.decoding import nearest_of_parity
from verify.claims.networks.signed_memory.still import SignedCopy, held, register
from verify.obligations.case import Case

Reading = Callable[[Number, Number], Number]
"""From the middle of the digits and what they read to the record."""


def record_read(middle: Number, read: Number) -> Number:
    """The record that digits tell: the middle less what they read."""
    return middle - read


def record_misread(middle: Number, read: Number) -> Number:
    """The record with the other sign (the twin's)."""
    return read - middle


def sums_are_read(record: Reading, case: Case) -> None:
    """Let the precision rho and the batch size b >= 1 have b rho < 4/3, and let there be digits for every record. Take
    a step on a batch of b points in which the sum of (-1)^y r is any integer ``total`` of b's parity with a size of at
    most b, and any valid rounding, a multiple k of rho, of total/b, the gradient of v0 -> v1. Then afterwards the
    digits read the middle of their range less k, and the integer of b's parity that is nearest to b rho times the
    middle less what they read is the total."""
    b, rho, mean, k = case.integer("b"), case.real("rho"), case.real("mean"), case.integer("k")
    down, middle, read = case.integer("half of b less the sum"), case.integer("middle"), case.integer("read")
    counted = case.use("signed.counts", b=b, rho=rho, mean=mean, k=k, **{"half of b less the sum": down})
    case.assume(counted.premises, label="a valid rounding of the mean over a batch")
    case.lemma("rho is below 4/3", 3 * rho < 4)
    case.assume(middle >= 1, enough_digits(middle, rho), label="digits for every record")
    case.lemma("the mean is within 1", absolute(mean) <= 1)
    case.lemma("the record is within its range", absolute(rho * k) <= 1 + 3 * rho / 4)
    digits = case.use("signed.reads", rho=rho, middle=middle, k=k)
    case.show("digits read any such record", digits.premises)
    case.assume(read == middle - k, label="what the digits read (signed.reads)")
    case.lemma("the record", record(middle, read) == k)
    total = b - 2 * down
    case.show("the sum is read", nearest_of_parity(b * rho * record(middle, read), b) == total)


register("signed.memory", sums_are_read, of=lambda case: record_read, twin=lambda case: record_misread)


def as_built(setting: SignedSetting) -> Callable[[Case], SignedCopy]:
    """The template of a setting without digits, at any precision."""

    def build(case: Case) -> SignedCopy:
        edges = signed_path_edges(setting)
        graph = Fragment(inputs=("pc", "nc"), outputs=("v4",), edges=edges, constant="v0", sigma=RAMP)
        return SignedCopy(graph, case.real("rho"), setting.rate)

    return build


def nothing_is_clipped(copy: SignedCopy, case: Case) -> None:
    """On every sample on which a side of the template is active while the output is held at 1/2, the gradient of each
    of its edges is at most 1 in size."""
    for side in SIDES:
        _, gradients = held(copy, side, case)
        for y, gradient in gradients.items():
            within_one = (absolute(entry) <= 1 for entry in gradient.edges.values())
            case.show(f"{side}, label {y}: every edge", every(*within_one))


register(
    "signed.unclipped",
    nothing_is_clipped,
    of=as_built(SIGNED),
    twin=as_built(replace(SIGNED, gain=Fraction(3))),
)
