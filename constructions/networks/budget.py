"""The error budget of a read-out (Lemma 3b's accounting), in units of rho, digits and copies."""

from fractions import Fraction

from constructions.errors import PremiseError
from constructions.foundations.exact import Number, rational, whole
from constructions.networks.queries import Setting, bits_for


def error_bounds(setting: Setting) -> tuple[Fraction, Fraction]:
    """How far the decoded wrong fraction can be below and above the true one, in units of rho.

    >>> from constructions.networks.queries import MINIMAL, STRONG
    >>> [str(bound) for setting in (MINIMAL, STRONG) for bound in error_bounds(setting)]
    ['-3/2', '7/2', '-1', '17/8']
    """
    slack = Fraction(3, 8) / setting.gain
    return -slack, setting.offset + slack


def signed_error(setting: Setting) -> Fraction:
    """How far the difference of two readings can be off, in units of rho (E24): the width of :func:`error_bounds`.

    >>> from constructions.networks.queries import STRONG
    >>> [str(bound) for bound in error_bounds(STRONG)], str(signed_error(STRONG))
    (['-1', '17/8'], '25/8')
    """
    low, high = error_bounds(setting)
    return high - low


def floor_log2_inverse(value: Number) -> int:
    """floor(log2(1/value)) for 0 < value <= 1.

    Raises
    ------
    PremiseError
        For a value that is 0 or less, or above 1.

    >>> floor_log2_inverse(Fraction(63, 500)), floor_log2_inverse(Fraction(1, 8))
    (2, 3)
    """
    given = rational(value, where="value")
    if not 0 < given <= 1:
        raise PremiseError(f"need 0 < value <= 1, got {given}")
    power = 0
    while given * 2 ** (power + 1) <= 1:
        power += 1
    return power


def query_digits(rho: Number) -> int:
    """How many digits of a query's value leave out at most rho: ceil(log2(1/rho)).

    >>> query_digits(Fraction(1, 16)), query_digits(Fraction(1, 17))
    (4, 5)
    """
    return bits_for(rho)


def copies_per_step(p: int, rho: Number, *, signed: bool = False) -> int:
    """Copies of Q or Q' that one round of p real-valued queries takes, the clock's included (E23).

    A signed query takes two copies for each digit, and one digit more, so that only rho/2 is left out (E24).

    >>> copies_per_step(2, Fraction(1, 16)), copies_per_step(2, Fraction(1, 16), signed=True)
    (9, 21)
    """
    digits = 2 * (query_digits(rho) + 1) if signed else query_digits(rho)
    return whole(p, where="p") * digits + 1


def printed_copies_per_step(p: int, tau: Fraction) -> int:
    """The paper's count, p log2(1/tau) + 3, for a tau that is a power of two.

    >>> printed_copies_per_step(2, Fraction(1, 16)), copies_per_step(2, Fraction(1, 16))
    (11, 9)
    """
    return p * floor_log2_inverse(tau) + 3


def printed_digits(tau: Fraction) -> int:
    """The paper's number of digits of each query, floor(log2(1/tau)) + 2.

    >>> printed_digits(Fraction(1, 16)), query_digits(Fraction(1, 16))
    (6, 4)
    """
    return floor_log2_inverse(tau) + 2
