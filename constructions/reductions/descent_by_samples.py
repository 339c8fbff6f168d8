"""Theorems 1b and 3b: samples do what gradient descent does, by Lemma 4 and Theorem 2b, and Lemma 13 and Lemma 5b.

A round is answered by the exact means over its batch, and each mean is rounded to the nearest multiple of rho. So a
slack of the gradients that a program finds costs neither samples nor error, as long as it is at most rho/4.
"""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.learning.models import PAC, SampleMethod, Simulation
from constructions.reductions.bsq import theorem_2b
from constructions.reductions.descent_by_queries import lemma_4, lemma_13
from constructions.reductions.fbsq import lemma_5b


def theorem_1b(*, slack: Number = Fraction(0)) -> Simulation[Any, SampleMethod]:
    """PAC(Tb, r) does what bSGD(T, rho, b, p, r) does, with delta = 0; ``slack`` is that of the gradients.

    >>> from constructions.learning.descent_methods import BSGD
    >>> theorem_1b().budget(BSGD(steps=5, rho=Fraction(1, 8), b=4, p=3, r=2))
    PAC(m=20, r=2)
    """
    return _chain("Theorem 1b", lemma_4(slack=slack), theorem_2b(), lambda b: PAC(m=b.steps * b.b, r=b.r))


def theorem_3b(*, slack: Number = Fraction(0)) -> Simulation[Any, SampleMethod]:
    """PAC(m, r) does what fbGD(T, rho, m, p, r) does, with delta = 0; ``slack`` is that of the gradients.

    >>> from constructions.learning.descent_methods import FBGD
    >>> theorem_3b().budget(FBGD(steps=5, rho=Fraction(1, 8), m=20, p=3, r=2))
    PAC(m=20, r=2)
    """
    return _chain("Theorem 3b", lemma_13(slack=slack), lemma_5b(), lambda b: PAC(m=b.m, r=b.r))


def _chain(name: str, first: Any, second: Any, printed: Callable[[Any], PAC]) -> Simulation[Any, SampleMethod]:
    """Two simulations one after the other, under the name of a theorem, with the paper's own budget."""
    return replace(first.then(second), name=name, printed=printed)
