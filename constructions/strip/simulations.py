"""Result B0: bSGD with ceil(m/b) steps does what PAC(m, r) does, with delta = 0, for b rho < 4/3 and every source.

Printed for Theorem 1a: O(mn/delta) steps, b rho < 1/8, and delta > 0. Here each step reads a whole batch: the method
that reads whole batches by queries (:mod:`constructions.strip.reading`, tolerance 3 rho/4), then its model M or M*.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from constructions.errors import PremiseError
from constructions.foundations.descent import Descent, Sample
from constructions.foundations.exact import Number, rational
from constructions.foundations.network import Edge
from constructions.foundations.rounding import Adversary, nearest
from constructions.learning.descent_methods import BSGD, DescentMethod
from constructions.learning.models import PAC, SampleMethod, Simulation
from constructions.strip.family import queries_of
from constructions.strip.one_batch_models import OneBatchModel, OneBatchWeights
from constructions.strip.reading import WholeBatch, batches_read, steps_for, whole_batch

MOST_B_RHO = Fraction(4, 3)
"""Result B0 holds for b rho below this; printed is 1/8."""
NO_LOSS = Fraction(0)


def tolerance_of(rho: Number) -> Number:
    """How far a valid rounding may be from a gradient of precision rho: 3 rho/4.

    >>> tolerance_of(Fraction(1, 3))
    Fraction(1, 4)
    """
    return 3 * rho / 4


def training(rho: Number, adversary: Adversary = nearest) -> Descent:
    """Gradient descent as the models are trained with it: step size 1, the precision rho, and an ``adversary`` that
    picks roundings.

    >>> training(Fraction(1, 4)).rate
    Fraction(1, 1)
    """
    derivative: Any = derivative_of
    return Descent(rho=rho, derivative=derivative, adversary=adversary)


def derivative_of(weights: OneBatchWeights, sample: Sample) -> dict[Edge, Number]:
    """The derivative of the loss of a model at its ``weights`` on a ``sample``."""
    return weights.derivative(sample)


def parameters_of(n: Number, b: Number, steps: Number, r: Number, groups: Number) -> Number:
    """r + s (bn + 1) T: the parameters for ``steps`` batches of ``b`` points of ``n`` bits, r random bits, and s
    ``groups`` of parameters in a block (1 for M, 2 for M*).

    >>> parameters_of(32, 40, 1, 0, 1)
    1281
    """
    return r + groups * queries_of(n, b) * steps


def b0(n: int, *, b: int, rho: Fraction, realizable: bool = False, symmetric: bool = False) -> Simulation[Any, Any]:
    """bSGD(ceil(m/b), rho, b, r + 2(bn + 1) ceil(m/b), r) on the model M* does what PAC(m, r) does, with delta = 0, if
    b rho < 4/3.

    Parameters
    ----------
    n : bits of a point. b, rho : the batch size and the precision of gradients.
    realizable : no batch has a point with both labels: the model M, with r + (bn + 1) ceil(m/b) parameters, whose
        gradients are never clipped.
    symmetric : the methods to come do not look at the order of their sample, so one arrangement will do.

    Raises
    ------
    PremiseError
        Unless 0 < b rho < 4/3; when it is used, for a method on other bits.

    >>> b0(8, b=4, rho=Fraction(1, 4)).budget(PAC(m=20))
    BSGD(steps=5, rho=Fraction(1, 4), b=4, p=330, r=0)
    """
    if not 0 < b * rational(rho, where="rho") < MOST_B_RHO:
        raise PremiseError(f"need 0 < b rho < 4/3, got b rho = {b} * {rho} = {b * rho}")
    tau = Fraction(tolerance_of(rho))
    first = batches_read(n, b=b, tau=tau, realizable=realizable, symmetric=symmetric)
    whole = whole_batch(n, b, b * tau, realizable=realizable)

    def budget(given: PAC) -> BSGD:
        return budget_of(given, whole, rho)

    def reduce(method: SampleMethod) -> DescentMethod:
        model = OneBatchModel(method=first(method), whole=whole, rho=rho)
        return DescentMethod(
            n=n,
            budget=budget(method.budget),
            start=lambda bits: model.start(bits).confined(),
            descent=training(rho),
            predictor=OneBatchWeights.predictor,
        )

    counted: Callable[[Any], Any] = budget  # a BSGD, which the type of a Simulation does not name
    made: Callable[[Any], Any] = reduce
    return Simulation(name="Result B0", delta=NO_LOSS, budget=counted, reduce=made)


def budget_of(given: PAC, whole: WholeBatch, rho: Fraction) -> BSGD:
    """ceil(m/b) steps, r + s (bn + 1) ceil(m/b) parameters and r random bits, for a ``given`` budget, batches that
    are read as ``whole`` says, and the precision rho.

    >>> budget_of(PAC(m=20, r=3), whole_batch(8, 4, Fraction(3, 4)), Fraction(1, 4)).p
    333
    """
    n, b = whole.family.n, whole.family.b
    steps = steps_for(given.m, b)
    size = int(parameters_of(n, b, steps, given.r, len(whole.groups)))
    return BSGD(steps=steps, rho=rho, b=b, p=size, r=given.r)
