"""The field and the family for small n and b, exhaustively: field axioms, and that no two batches have the same
answers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from constructions.strip.binary_field import BinaryField
from constructions.strip.family import PowerFamily, balances
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

SIZES = ((1, 1), (1, 2), (1, 3), (1, 6), (2, 1), (2, 2), (2, 3), (3, 1), (3, 2), (4, 2))
"""Bits n and batch sizes b of which all balances are gone through."""


@dataclass(frozen=True, slots=True)
class ReducibleField(BinaryField):
    """Products modulo x^n + 1, which is divisible by x + 1 (a twin's)."""

    @property
    def modulus(self) -> int:
        """A polynomial that is not irreducible for n >= 2."""
        return (1 << self.n) + 1

    def reduced(self, packed: int) -> int:
        """An element modulo the wrong polynomial."""
        return (packed & ((1 << self.n) - 1)) ^ (packed >> self.n)


@obligation(
    "strip.field.axioms",
    paper="the strip",
    kind="enumeration",
    domain=lambda: ({"n": n} for n in (1, 2, 3, 4)),
    expect=Verdict.CHECKED,
    finite="GF(2^n) for n from 1 to 4, all triples of elements",
    of=lambda case: BinaryField,
    twin=lambda case: ReducibleField,
)
def it_is_a_field(made: Callable[[int], BinaryField], case: Case) -> None:
    """The products are commutative, associative and distributive over exclusive or, 1 is neutral, the product of two
    elements is 0 only if one of them is, every other element has its inverse, and a square is a product."""
    field = made(int(case.integer("n")))
    every_one, times = range(1 << field.n), field.times
    pairs = list(product(every_one, repeat=2))
    case.show("commutative", all(times(a, b) == times(b, a) for a, b in pairs))
    case.show("1 is neutral", all(times(1, a) == a for a in every_one))
    case.show("no zero divisors", all((times(a, b) == 0) == (not a or not b) for a, b in pairs))
    case.show("squares", all(field.squared(a) == times(a, a) for a in every_one))
    triples = list(product(every_one, repeat=3))
    case.show("associative", all(times(a, times(b, c)) == times(times(a, b), c) for a, b, c in triples))
    case.show("distributive", all(times(a, b ^ c) == times(a, b) ^ times(a, c) for a, b, c in triples))


@dataclass(frozen=True, slots=True)
class FewerPowers(PowerFamily):
    """A family without the largest exponent (a twin's)."""

    def values(self, x: Any) -> tuple[int, ...]:
        """The values of the other queries; 1 in the place of the others."""
        found = PowerFamily.values(self, x)
        return (*found[: len(found) - self.n], *(1,) * self.n)


def small_sizes() -> Iterator[dict[str, Any]]:
    """The sizes that are gone through."""
    return ({"n": n, "b": b} for n, b in SIZES)


@obligation(
    "strip.family.injective",
    paper="the strip",
    kind="enumeration",
    domain=small_sizes,
    expect=Verdict.CHECKED,
    finite="all integer functions G with |G|_1 = b for ten pairs (n, b), n up to 4 and b up to 6",
    of=lambda case: PowerFamily,
    twin=lambda case: FewerPowers,
)
def no_two_batches_have_the_same_answers(made: Callable[[int, int], PowerFamily], case: Case) -> None:
    """All balances of batches of b points whose labels are a function of the point have different answers, and each has
    an answer other than 0."""
    n, b = int(case.integer("n")), int(case.integer("b"))
    family = made(n, b)
    found = [family.answers(balance) for balance in balances(n, b)]
    case.show("all are different", len(set(found)) == len(found))
    case.show("none is silent", all(any(answers) for answers in found))
