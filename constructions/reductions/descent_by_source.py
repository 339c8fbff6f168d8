"""Theorems 1c and 3c: queries about the source do what gradient descent does, if batches are large beside 1/rho^2.

By Lemma 4 and Theorem 2c, and by Lemma 13 and Lemma 5c: one query about the source for each weight and step, to half of
the tolerance rho/4. As the tolerance is rho/4, b tau^2 >= 8 log(Tp/delta) is b rho^2 >= 128 log(Tp/delta); for one
sample of m in all steps it is the same (S1), where the paper asks for m rho^2 > C (Tp log(1/rho) + log(1/delta)).
"""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.learning.models import SQ, QueryMethod, Simulation
from constructions.reductions.descent_by_queries import lemma_4, lemma_13
from constructions.reductions.queries_alone import lemma_5c, theorem_2c


def theorem_1c(*, delta: Number, slack: Number = Fraction(0)) -> Simulation[Any, QueryMethod]:
    """SQ(Tp, rho/8, r) does what bSGD(T, rho, b, p, r) does up to delta, if b rho^2 >= 128 log(Tp/delta); with a slack
    of the gradients the tolerance is (rho/4 - slack)/2.

    Raises
    ------
    PremiseError
        Unless delta > 0; and when it is used, for batches that are too small, or a slack above rho/4.

    >>> from constructions.learning.descent_methods import BSGD
    >>> theorem_1c(delta=Fraction(1, 20)).budget(BSGD(steps=5, rho=Fraction(1, 8), b=10**5, p=3, r=2))
    SQ(k=15, tau=Fraction(1, 64), r=2, alternating=False, p=1)
    """
    return _chain("Theorem 1c", lemma_4(slack=slack), theorem_2c(delta=delta))


def theorem_3c(*, delta: Number, slack: Number = Fraction(0)) -> Simulation[Any, QueryMethod]:
    """SQ(Tp, rho/8, r) does what fbGD(T, rho, m, p, r) does up to delta, if m rho^2 >= 128 log(Tp/delta); with a slack
    of the gradients the tolerance is (rho/4 - slack)/2.

    Raises
    ------
    PremiseError
        Unless delta > 0; and when it is used, for a sample that is too small, or a slack above rho/4.

    >>> from constructions.learning.descent_methods import FBGD
    >>> theorem_3c(delta=Fraction(1, 20)).budget(FBGD(steps=5, rho=Fraction(1, 8), m=10**5, p=3))
    SQ(k=15, tau=Fraction(1, 64), r=0, alternating=False, p=1)
    """
    return _chain("Theorem 3c", lemma_13(slack=slack), lemma_5c(delta=delta))


def _chain(name: str, first: Any, second: Any) -> Simulation[Any, QueryMethod]:
    """Two simulations one after the other, under the name of a theorem, with the paper's own budget."""
    printed: Callable[[Any], SQ] = lambda given: SQ(  # noqa: E731
        k=given.steps * given.p, tau=given.rho / 8, r=given.r
    )
    return replace(first.then(second), name=name, printed=printed)
