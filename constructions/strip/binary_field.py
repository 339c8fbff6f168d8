"""The field GF(2^n) with bit vectors for elements, and polynomials over it packed into one integer.

An element is an integer from 0 to 2^n - 1, whose bits are the coefficients of a polynomial over GF(2); sums are
exclusive ors, and products are taken modulo the least irreducible polynomial of degree n. A polynomial over the field
is one integer as well, with 2n bits for each coefficient, the constant first. So a product of a polynomial and an
element is a handful of shifts of long integers, and an element is a polynomial of degree 0.
"""

from dataclasses import dataclass
from functools import lru_cache

from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.exact import whole


def carryless(a: int, b: int) -> int:
    """The product of two polynomials over GF(2), each given by the bits of an integer.

    >>> carryless(0b11, 0b11) == 0b101
    True
    """
    found = 0
    while b:
        lowest = b & -b
        found ^= a * lowest
        b ^= lowest
    return found


def binary_remainder(a: int, b: int) -> int:
    """The remainder of a polynomial over GF(2) after division by another one, ``b``, which is not 0.

    >>> binary_remainder(0b101, 0b11)
    0
    """
    while a.bit_length() >= b.bit_length():
        a ^= b << (a.bit_length() - b.bit_length())
    return a


def binary_gcd(a: int, b: int) -> int:
    """The greatest common divisor of two polynomials over GF(2).

    >>> binary_gcd(0b101, 0b110)
    3
    """
    while b:
        a, b = b, binary_remainder(a, b)
    return a


def is_irreducible(f: int) -> bool:
    """Whether a polynomial over GF(2) of degree n >= 1 is irreducible (Rabin's test: it divides x^(2^n) - x, and has
    nothing in common with x^(2^(n/q)) - x for the prime divisors q of n).

    >>> [f for f in range(2, 16) if is_irreducible(f)]
    [2, 3, 7, 11, 13]
    """
    n = f.bit_length() - 1
    x = binary_remainder(0b10, f)
    at, powers = x, [x]
    for _ in range(n):
        at = binary_remainder(carryless(at, at), f)
        powers.append(at)
    primes = [q for q in range(2, n + 1) if n % q == 0 and all(q % d for d in range(2, q))]
    return powers[n] == x and all(binary_gcd(f, powers[n // q] ^ x) == 1 for q in primes)


@lru_cache(maxsize=256)
def least_irreducible(n: int) -> int:
    """The least irreducible polynomial of degree ``n`` over GF(2) whose constant is 1.

    >>> [bin(least_irreducible(n))[2:] for n in (1, 2, 3, 8)]
    ['11', '111', '1011', '100011011']
    """
    return next(f for f in range((1 << n) + 1, 2 << n, 2) if is_irreducible(f))


@dataclass(frozen=True, slots=True)
class BinaryField:
    """GF(2^n).

    Parameters
    ----------
    n : the bits of an element, at least 1.

    Raises
    ------
    ConstructionError
        For another number, and by its methods for a number that is no element.

    >>> field = BinaryField(3)
    >>> field.modulus, field.times(5, 6), field.times(5, field.inverse(5)), field.squared(5) == field.times(5, 5)
    (11, 3, 1, True)
    >>> field.element(7), field.reduced(0b1000) == field.modulus ^ 0b1000
    (7, True)
    >>> field.odd_powers(2, 3) == (2, field.times(2, field.squared(2)), field.inverse(field.squared(2)))
    True
    """

    n: int

    def __post_init__(self) -> None:
        whole(self.n, where="n of a field", least=1)

    @property
    def modulus(self) -> int:
        """The polynomial modulo which products are taken."""
        return least_irreducible(self.n)

    @property
    def width(self) -> int:
        """The bits of a packed polynomial for each coefficient."""
        return 2 * self.n

    def element(self, a: int) -> int:
        """``a``, if it is an element; else ConstructionError is raised."""
        if not 0 <= a < 1 << self.n:
            raise ConstructionError(f"need an element of GF(2^{self.n}), got {a}")
        return a

    def reduced(self, packed: int) -> int:
        """A packed polynomial whose coefficients are reduced: each is a product of two elements at first."""
        n, tail = self.n, least_irreducible(self.n) ^ (1 << self.n)
        low = _low_halves(n, packed.bit_length() // (2 * n) + 1)
        while high := (packed >> n) & low:
            packed = (packed & low) ^ carryless(high, tail)
        return packed

    def scaled(self, packed: int, a: int) -> int:
        """The product of a packed polynomial and an element ``a``."""
        return self.reduced(carryless(packed, a))

    def times(self, a: int, b: int) -> int:
        """The product of two elements, ``a`` and ``b``."""
        return self.reduced(carryless(self.element(a), self.element(b)))

    def squared(self, packed: int) -> int:
        """The square of an element or of a packed polynomial: in characteristic 2 each bit goes to twice its place."""
        return self.reduced(int(f"{packed:b}", 4))

    def inverse(self, a: int) -> int:
        """The inverse of an element, by Euclid's algorithm; PremiseError for 0."""
        if not self.element(a):
            raise PremiseError("need an element other than 0 to divide by, got 0")
        left, right, times_left, times_right = a, self.modulus, 1, 0
        while left != 1:
            shift = left.bit_length() - right.bit_length()
            if shift < 0:
                left, right, times_left, times_right, shift = right, left, times_right, times_left, -shift
            left, times_left = left ^ right << shift, times_left ^ times_right << shift
        return self.reduced(times_left)

    def odd_powers(self, x: int, many: int) -> tuple[int, ...]:
        """x, x^3, x^5, ...: so many of them."""
        square, found = self.squared(self.element(x)), [x]
        while len(found) < many:
            found.append(self.times(found[-1], square))
        return tuple(found[:many])


@lru_cache(maxsize=1024)
def _low_halves(n: int, slots: int) -> int:
    """The mask of the lower n of 2n bits, so many times."""
    return sum(((1 << n) - 1) << (2 * n * slot) for slot in range(slots))
