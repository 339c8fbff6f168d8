"""GF(2^n), polynomials over it, and the location of sets, beside slow code of another kind."""

from itertools import combinations
from random import Random

import pytest

from constructions.errors import ConstructionError, PremiseError
from constructions.strip.binary_field import BinaryField, binary_gcd, is_irreducible, least_irreducible
from constructions.strip.locating import located, shortest_recurrence
from constructions.strip.roots import common_divisor, degree, divided, packed_from, roots


def power_of(field: BinaryField, x: int, e: int) -> int:
    """A power by repeated products."""
    found = 1
    for _ in range(e):
        found = field.times(found, x)
    return found


@pytest.mark.parametrize("n", [1, 2, 3, 8, 16, 32, 61])
def test_the_modulus_is_irreducible_and_the_least(n: int) -> None:
    modulus = least_irreducible(n)
    assert is_irreducible(modulus) and modulus.bit_length() == n + 1
    assert not any(is_irreducible(smaller) for smaller in range((1 << n) + 1, modulus, 2))


def test_irreducible_polynomials_are_those_without_divisors() -> None:
    for f in range(2, 128):
        divisors = [d for d in range(2, f) if d.bit_length() <= f.bit_length() - 1 and binary_gcd(f, d) == d]
        assert is_irreducible(f) == (not divisors)


@pytest.mark.parametrize("n", [1, 5, 32])
def test_inverses_and_squares(n: int) -> None:
    field, random = BinaryField(n), Random(n)
    for _ in range(20):
        a = random.randrange(1, 1 << n)
        assert field.times(a, field.inverse(a)) == 1
        assert field.squared(a) == field.times(a, a)
        assert field.odd_powers(a, 3) == tuple(power_of(field, a, e) for e in (1, 3, 5))


def test_what_is_no_element_is_refused() -> None:
    field = BinaryField(3)
    with pytest.raises(ConstructionError, match="need an element of GF"):
        field.times(8, 1)
    with pytest.raises(PremiseError, match="other than 0"):
        field.inverse(0)
    with pytest.raises(PremiseError, match="polynomial other than 0"):
        divided(field, 1, 0)


def test_quotient_and_remainder_give_the_polynomial_back() -> None:
    field, random = BinaryField(5), Random(1)
    for _ in range(20):
        over, by = (packed_from(field, [random.randrange(32) for _ in range(size)] + [1]) for size in (6, 3))
        quotient, rest = divided(field, over, by)
        product = 0
        for i in range(degree(field, quotient) + 1):
            product ^= field.scaled(by, quotient >> field.width * i & 31) << field.width * i
        assert product ^ rest == over and degree(field, rest) < 3
        assert divided(field, over, common_divisor(field, over, by))[1] == 0


def test_roots_are_those_that_a_search_finds() -> None:
    field, random = BinaryField(4), Random(2)
    for _ in range(60):
        values = [random.randrange(16) for _ in range(3)] + [1]
        found = [x for x in range(16) if not _at(field, values, x)]
        assert roots(field, packed_from(field, values)) == (tuple(found) if len(found) == 3 else None)
    assert roots(field, 0) is None and roots(field, 1) == ()


def _at(field: BinaryField, values: list[int], x: int) -> int:
    total = 0
    for value in reversed(values):
        total = field.times(total, x) ^ value
    return total


def sums_of(field: BinaryField, points: tuple[int, ...], many: int) -> list[int]:
    """The sums of odd powers."""
    found = [0] * many
    for x in points:
        found = [total ^ power for total, power in zip(found, field.odd_powers(x, many), strict=True)]
    return found


@pytest.mark.parametrize(("n", "most"), [(3, 2), (4, 3)])
def test_every_small_set_is_located(n: int, most: int) -> None:
    field = BinaryField(n)
    for size in range(most + 1):
        for points in combinations(range(1, 1 << n), size):
            assert located(field, sums_of(field, points, most)) == points


def test_sums_of_no_small_set_are_never_those_of_what_is_located() -> None:
    field, random = BinaryField(4), Random(3)
    known = {points: sums_of(field, points, 3) for size in range(4) for points in combinations(range(1, 16), size)}
    for _ in range(40):
        odd = [random.randrange(16) for _ in range(3)]
        found = located(field, odd)
        right = [points for points, sums in known.items() if sums == odd]
        assert (found in right) if right else (found is None or sums_of(field, found, 3) != odd)


def test_the_recurrence_is_the_shortest() -> None:
    field = BinaryField(3)
    assert shortest_recurrence(field, [0, 0, 0, 0]) == (1, 0)
    assert shortest_recurrence(field, [0, 0, 1])[1] == 3


@pytest.mark.slow
def test_a_set_is_located_as_another_library_locates_it() -> None:
    galois = pytest.importorskip("galois")
    n, most, random = 7, 5, Random(4)
    theirs, ours = galois.GF(2**n, irreducible_poly=least_irreducible(n), verify=False), BinaryField(n)
    for _ in range(20):
        a, b = random.randrange(1, 128), random.randrange(1, 128)
        assert int(theirs(a) * theirs(b)) == ours.times(a, b) and int(theirs(a) ** -1) == ours.inverse(a)
        points = tuple(sorted(random.sample(range(1, 128), most)))
        odd = [int(sum((theirs(x) ** e for x in points), theirs(0))) for e in range(1, 2 * most, 2)]
        assert located(ours, odd) == points
