"""The parity that disagrees with the fewest points: a learner that stands a few replaced points in each batch.

Gaussian elimination finds no parity at all as soon as one label is wrong. This learner goes through all 2^n parities.
With fewer than an eighth of the points replaced it finds the true one, if every other parity disagrees with a quarter
or more of the true sample (Result C).

Run:  querygrad theorem 1a --extract noisy --learner examples/fewest_disagreements.py --bits 3 --batch 6 --rho 1/4
"""

from constructions.learning.models import SampleMethod
from constructions.strip.noisy import best_parity


def learner(n: int, m: int) -> SampleMethod:
    """The learner for n bits and m samples."""
    return best_parity(n, m)
