"""From how many bits on it says something that gradient descent is beyond SQ, and what is run there.

By Corollary 2 a method with k queries of tolerance tau errs by at least 1/8 - 2^(-n) - k/(tau^2 2^n) on some parity of
n uniform bits. It is compared with gradient descent with T steps and p parameters in each, of precision rho: k = Tp and
tau = rho/8, as Theorem 1c has it. For few bits the bound is 0, so the comparison is *empty*.

*One step that reads all* (Result B0): the model M, one batch of m = n + 10 points, b rho just below 4/3. The family of
powers is decoded without going through points, so this can be run where it is not empty.

*Consistent batches* (Result C), from b rho = 4/3 on: the numbers say from where on the comparison is not empty. There
the search for a consistent batch has a column for each of 2^n points.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random

from constructions.errors import PremiseError
from constructions.foundations.exact import whole
from constructions.foundations.rounding import Adversary
from constructions.learning.descent_methods import DescentMethod, descended
from constructions.learning.learners import parity
from constructions.learning.problems import uniform
from constructions.strip.family import queries_of
from constructions.strip.noisy import MOST_RHO, right_line, statistical_error
from constructions.strip.simulations import MOST_B_RHO, b0

SPARE = 10
"""So many more samples than bits: they leave the parity open with a chance of at most 2^(-10)."""
BELOW = Fraction(99, 100)
"""b rho as a share of 4/3, for one step that reads all."""
DELTA = Fraction(1, 10)
"""Twice the error of Result C."""
SMALLEST_BATCH, LARGEST_BATCH = 32, 256
"""Between which batches Result C is looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Gradient descent beside SQ, on parities of ``n`` bits.

    Parameters
    ----------
    b, rho : batch size and precision. steps, parameters : T, and Tp. error : at most, of gradient descent. least : at
        least, of any SQ method with as many queries of tolerance rho/8 on some parity.
    """

    n: int
    b: int
    rho: Fraction
    steps: int
    parameters: int
    error: Fraction
    least: Fraction

    @property
    def says_nothing(self) -> bool:
        """Whether SQ might do as well, for all that is proved."""
        return self.least <= self.error


def one_step_that_reads_all(n: int) -> Comparison:
    """Result B0 for parities of ``n`` bits, with one batch of n + 10 points.

    >>> found = one_step_that_reads_all(32)
    >>> found.b, found.parameters, found.error < Fraction(1, 1000) < Fraction(1, 10) < found.least
    (42, 1345, True)
    """
    b = whole(n, where="n", least=1) + SPARE
    rho = BELOW * MOST_B_RHO / b
    p = int(queries_of(n, b))
    least = statistical_error(n, p, rho / 8)
    return Comparison(n=n, b=b, rho=rho, steps=1, parameters=p, error=Fraction(1, 2 ** (SPARE + 2)), least=least)


def consistent_batches(n: int) -> Comparison:
    """Result C for parities of ``n`` bits at b rho = 4/3, with the batch size from 32 to 256 for which SQ is bounded
    best.

    >>> found = consistent_batches(42)
    >>> found.b, str(found.rho), found.says_nothing
    (128, '1/96', True)
    """
    found = []
    for b in range(SMALLEST_BATCH, LARGEST_BATCH + 1, 4):
        rho = MOST_B_RHO / b
        if rho <= MOST_RHO:
            line = right_line(n, b=b, rho=rho, delta=DELTA)
            least = statistical_error(n, line.parameters, rho / 8)
            found.append((least, -line.parameters, b, rho, line.steps))
    least, fewest, b, rho, steps = max(found)
    return Comparison(n=n, b=b, rho=rho, steps=steps, parameters=-fewest, error=DELTA / 2, least=least)


def least_bits(compared: Callable[[int], Comparison], most: int = 64) -> Comparison:
    """The first comparison that is not empty, by the number of bits.

    Parameters
    ----------
    compared : the comparison for n bits. most : the most bits that are looked at.

    Raises
    ------
    PremiseError
        If all are empty.

    >>> least_bits(one_step_that_reads_all).n, least_bits(consistent_batches).n
    (29, 43)
    """
    for n in range(1, most + 1):
        found = compared(n)
        if not found.says_nothing:
            return found
    raise PremiseError(f"need more than {most} bits, below which SQ might do as well")


def reader_of_all(compared: Comparison) -> DescentMethod:
    """The model M that is trained in the one step of :func:`one_step_that_reads_all`; then Gaussian elimination is run
    on what it read.

    >>> reader_of_all(one_step_that_reads_all(6)).budget.p
    97
    """
    simulated = b0(compared.n, b=compared.b, rho=compared.rho, realizable=True, symmetric=True)
    made: DescentMethod = simulated(parity(compared.n, compared.b))
    return made


def parity_is_found(compared: Comparison, *, target: int, adversary: Adversary, seed: int) -> bool:
    """Whether one step ends with the parity of the bits in ``target`` (a word): by its values at 0 and at each unit
    vector, for what is learned is a parity.

    Parameters
    ----------
    adversary : who rounds. seed : of the batch.

    >>> from constructions.strip.given_away import farthest
    >>> parity_is_found(one_step_that_reads_all(8), target=0b10110001, adversary=farthest, seed=1)
    True
    """
    n, method = compared.n, reader_of_all(compared)
    source = uniform(n, lambda x: sum(bit for place, bit in enumerate(x) if target >> place & 1) % 2)
    batch = source.batch(compared.b, Random(seed))
    from_weights = descended(method, [batch], (), replace(method.descent, adversary=adversary))
    units = [tuple(int(place == at) for place in range(n)) for at in range(-1, n)]
    return all(from_weights(x) == source.target(x) for x in units)
