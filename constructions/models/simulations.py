"""Lemmas 3a and 12a as simulations: bSGD does what bSQ0/1 does, and fbGD what fbSQ0/1 does, with delta = 0; and
Theorems 1a and 1d on differentiable models, which are Lemmas 1 and 2 followed by Lemma 3a; and Theorems 3a and 3d,
which are Lemmas 6 and 7 followed by Lemma 12a.

As printed rho = tau/4. Any rho < 4 tau/3 will do (S3, S8): the numbers of Lemma 8 are then chosen for it. So Theorem 1a
holds on models for b rho < 2/3, Theorem 3a for m rho < 2/3, and Theorems 1d and 3d for rho < tau/3.
"""

from fractions import Fraction
from typing import Any, cast

from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.exact import Number
from constructions.learning.descent_methods import BSGD, FBGD, DescentMethod
from constructions.learning.models import BSQ, FBSQ, QueryMethod, Simulation
from constructions.models.answering import AnsweringModel, ModelWeights
from constructions.models.one_step import OneStep, as_printed, plain, steep, tolerance_between
from constructions.reductions.bsq import lemma_2
from constructions.reductions.cells import lemma_7
from constructions.reductions.fbsq import lemma_6
from constructions.reductions.one_bit import PREFIX, Version
from constructions.reductions.sample_extract import lemma_1

NO_LOSS = Fraction(0)


def numbers_for(tau: Fraction, rho: Fraction | None = None) -> OneStep:
    """Lemma 8's numbers for a tolerance ``tau`` and a precision: those of the paper, rho = tau/4, if none is given;
    else slope 1 where that will do (rho < 2 tau/3), and the slope rho/epsilon beyond.

    Raises
    ------
    PremiseError
        For rho >= 4 tau/3.

    >>> numbers_for(Fraction(1, 4), Fraction(1, 4)).slope, numbers_for(Fraction(1, 4)).rho
    (Fraction(4, 1), Fraction(1, 16))
    """
    if rho is None:
        return as_printed(tau).checked(tau)
    return (plain if 3 * rho < 2 * tau else steep)(tau, rho).checked(tau)


def compiled(method: QueryMethod, rho: Fraction | None = None) -> DescentMethod:
    """The method of gradient descent that does what a ``method`` with one-label queries does, at precision rho (tau/4
    if it is not given): its model, trained with step size 1.

    >>> from constructions.learning.learners import query_conjunction
    >>> compiled(query_conjunction(1, b=2, tau="1/4")).budget
    BSGD(steps=4, rho=Fraction(1, 16), b=2, p=8, r=0)
    """
    budget = method.budget
    model = AnsweringModel(method=method, numbers=numbers_for(budget.tau, rho))
    return DescentMethod(
        n=method.n,
        budget=budget_of(budget, model.numbers.rho),
        start=model.start,
        descent=model.descent(),
        predictor=ModelWeights.predictor,
    )


def budget_of(budget: Any, rho: Number) -> BSGD | FBGD:
    """T' = k steps, r + (p + 1) k parameters, and the random bits of the method with the ``budget``; rho is the
    precision.

    >>> budget_of(FBSQ(k=5, tau=Fraction(1, 8), m=20, p=3, r=2, alternating=True), Fraction(1, 32))
    FBGD(steps=5, rho=Fraction(1, 32), m=20, p=22, r=2)
    """
    size = budget.r + (budget.p + 1) * budget.k
    if isinstance(budget, FBSQ):
        return FBGD(steps=budget.k, rho=rho, m=budget.m, p=size, r=budget.r)
    return BSGD(steps=budget.k, rho=rho, b=budget.b, p=size, r=budget.r)


def lemma_3a(*, rho: Fraction | None = None) -> Simulation[Any, Any]:
    """bSGD(k, rho, b, r + (p+1) k, r) does what bSQ0/1(k, tau, b, p, r) does, with delta = 0, for every rho < 4 tau/3
    (tau/4 if it is not given).

    Raises
    ------
    ConstructionError
        When it is used, for another method than one of bSQ0/1.
    PremiseError
        When it is used, for a rho that is too large.

    >>> lemma_3a().budget(BSQ(k=3, tau=Fraction(1, 4), b=4, p=2, r=1, alternating=True))
    BSGD(steps=3, rho=Fraction(1, 16), b=4, p=10, r=1)
    """
    return _simulation("Lemma 3a", BSQ, rho)


def lemma_12a(*, rho: Fraction | None = None) -> Simulation[Any, Any]:
    """fbGD(k, rho, m, r + (p+1) k, r) does what fbSQ0/1(k, tau, m, p, r) does, with delta = 0, for every rho < 4 tau/3
    (tau/4 if it is not given).

    Raises
    ------
    ConstructionError
        When it is used, for another method than one of fbSQ0/1.
    PremiseError
        When it is used, for a rho that is too large.

    >>> lemma_12a().budget(FBSQ(k=3, tau=Fraction(1, 4), m=4, p=2, r=1, alternating=True))
    FBGD(steps=3, rho=Fraction(1, 16), m=4, p=10, r=1)
    """
    return _simulation("Lemma 12a", FBSQ, rho)


STEEP_BOUND = Fraction(2, 3)
"""Theorem 1a holds on models for b rho below this, and Theorem 3a for m rho; as printed below 1/8."""


def tolerance_for(b: int, rho: Fraction, *, size: str = "b") -> Fraction:
    """The tolerance of the queries between Lemmas 1 and 3a, or 6 and 12a: as printed 4 rho where b rho < 1/8, else half
    way between 3 rho/4 and 1/(2b).

    Parameters
    ----------
    b : the points in a batch. rho : the precision. size : what the theorem calls this number of points.

    Raises
    ------
    PremiseError
        Unless b rho < 2/3.

    >>> tolerance_for(4, Fraction(1, 64)), tolerance_for(4, Fraction(1, 8))
    (Fraction(1, 16), Fraction(7, 64))
    """
    if not 0 < b * rho < STEEP_BOUND:
        raise PremiseError(f"need 0 < {size} rho < 2/3, got {size} rho = {b} * {rho} = {b * rho}")
    if 8 * b * rho < 1:
        return 4 * rho
    return Fraction(tolerance_between(b, rho, STEEP_BOUND))


def theorem_1a(
    n: int,
    *,
    b: int,
    rho: Fraction,
    delta: Fraction,
    tau: Fraction | None = None,
    version: Version = PREFIX,
    bits: int | None = None,
) -> Simulation[Any, Any]:
    """bSGD(T', rho, b, p', r') on a model does what PAC(m, r) does up to ``delta``, if b rho < 2/3: Lemma 1 with n bits
    of x, a ``version`` of the extraction and ``bits`` random bits a round for its coin (as many as suffice, if not
    given), then Lemma 3a; the queries between them have the tolerance ``tau``, that of :func:`tolerance_for` if it is
    not given.

    Raises
    ------
    PremiseError
        For b rho >= 2/3, or delta <= 0.

    >>> from constructions.learning.models import PAC
    >>> theorem_1a(2, b=4, rho=Fraction(1, 64), delta=Fraction(1, 10)).budget(PAC(m=1)).steps
    10
    """
    tau = tolerance_for(b, rho) if tau is None else tau
    first: Simulation[Any, Any] = cast(Any, lemma_1(n, b=b, tau=tau, delta=delta, version=version, bits=bits))
    return first.then(lemma_3a(rho=None if rho == tau / 4 else rho))


def theorem_1d(*, b: int, delta: Fraction, rho: Fraction | None = None) -> Simulation[Any, Any]:
    """bSGD(T', rho, b, r + 2 T', r) on a model does what SQ(k, tau, r) does up to ``delta``, for every ``b`` and every
    rho < tau/3 (tau/16 if it is not given): Lemma 2, then Lemma 3a.

    Raises
    ------
    PremiseError
        Unless 0 < delta <= 1/8; when it is used, for a rho that is too large.

    >>> from constructions.learning.models import SQ
    >>> theorem_1d(b=48, delta=Fraction(1, 8)).budget(SQ(k=1, tau=Fraction(1)))
    BSGD(steps=6, rho=Fraction(1, 16), b=48, p=12, r=0)
    """
    return cast(Simulation[Any, Any], lemma_2(b=b, delta=delta)).then(lemma_3a(rho=rho))


def theorem_3a(
    n: int, *, m: int, rho: Fraction, tau: Fraction | None = None, symmetric: bool = False
) -> Simulation[Any, Any]:
    """fbGD(T', rho, m, r + 2 T', r) on a model does what PAC(m, r) does, with delta = 0, if m rho < 2/3: Lemma 6, then
    Lemma 12a.

    Parameters
    ----------
    n : the bits of x. m : the size of the sample. rho : the precision of gradients. tau : the tolerance of the queries
        in between, that of :func:`tolerance_for` if it is not given. symmetric : the methods to come do not look at the
        order of their sample; else their predictions are averaged over all orders.

    Raises
    ------
    PremiseError
        For m rho >= 2/3; when it is used, for a sample so large that m tau >= 1/2.

    >>> from constructions.learning.models import PAC
    >>> theorem_3a(2, m=3, rho=Fraction(1, 5)).budget(PAC(m=3, r=4))
    FBGD(steps=7, rho=Fraction(1, 5), m=3, p=18, r=4)
    """
    tau = tolerance_for(m, rho, size="m") if tau is None else tau
    first: Simulation[Any, Any] = cast(Any, lemma_6(n, tau=tau, symmetric=symmetric))
    return first.then(lemma_12a(rho=None if rho == tau / 4 else rho))


def theorem_3d(*, m: int, delta: Fraction, rho: Fraction | None = None) -> Simulation[Any, Any]:
    """fbGD(2k, rho, m, r + 4k, r) on a model does what SQ(k, tau, r) does up to ``delta``, for every rho < tau/3
    (tau/16 if it is not given) and every ``m`` with (4^k - 1)/3 exp(-m tau^2/32) <= delta: Lemma 7, then Lemma 12a.

    Raises
    ------
    PremiseError
        Unless delta > 0; when it is used, for a sample that is too small or a rho that is too large.

    >>> from constructions.learning.models import SQ
    >>> theorem_3d(m=900, delta=Fraction(1, 20)).budget(SQ(k=3, tau=Fraction(1, 2), r=2))
    FBGD(steps=6, rho=Fraction(1, 32), m=900, p=14, r=2)
    """
    return cast(Simulation[Any, Any], lemma_7(m=m, delta=delta)).then(lemma_12a(rho=rho))


def _simulation(name: str, kind: type, rho: Fraction | None) -> Simulation[Any, Any]:
    def reduce(method: QueryMethod) -> Any:
        if not isinstance(method.budget, kind):
            raise ConstructionError(f"need a method with the budget {kind.__name__}, got {method.budget}, at {name}")
        return compiled(method, rho)

    return Simulation(
        name=name,
        delta=NO_LOSS,
        budget=cast(Any, lambda budget: budget_of(budget, numbers_for(budget.tau, rho).rho)),
        printed=cast(Any, lambda budget: budget_of(budget, budget.tau / 4)),
        reduce=reduce,
    )
