"""Theorem 1a with a step for each batch: Result B0 as a pipeline, beside the other ways to the same end."""

from fractions import Fraction
from typing import Any, cast

from constructions.errors import PremiseError
from constructions.learning.models import PAC, SampleMethod
from constructions.models.simulations import STEEP_BOUND, theorem_1a
from constructions.reductions.full import full
from constructions.reductions.one_bit import VERSIONS
from constructions.strip.reader import held_for
from constructions.strip.simulations import MOST_B_RHO, b0, tolerance_of
from constructions.theorems.pipeline import FULL, Pipeline, Stage, TheoremSetting, Variant


def precision_of(setting: TheoremSetting) -> Fraction:
    """The precision of gradients: the one that is set, or the coarsest whose roundings are within tau, 4 tau/3.

    >>> str(precision_of(TheoremSetting(n=8, b=4, m=20, tau=Fraction(1, 16), delta=Fraction(1, 20))))
    '1/12'
    """
    return 4 * setting.tau / 3 if setting.rho is None else setting.rho


def step_pipeline(setting: TheoremSetting, method: SampleMethod) -> Pipeline:
    """Result B0 for a ``method`` from samples that does not look at their order.

    Raises
    ------
    PremiseError
        Unless b rho < 4/3.

    >>> from constructions.learning.learners import parity
    >>> setting = TheoremSetting(n=8, b=4, m=20, tau=Fraction(3, 16), delta=Fraction(1, 20), rho=Fraction(1, 4))
    >>> made = step_pipeline(setting, parity(8, 20))
    >>> made.made.budget.steps, [stage.name for stage in made.stages]
    (5, ['ask', 'step', 'decode', 'return'])
    """
    rho, given = precision_of(setting), method.budget
    simulation: Any = b0(setting.n, b=setting.b, rho=rho, symmetric=True)
    return Pipeline(
        item="Theorem 1a",
        stages=_stages(setting, rho, simulation.budget(given)),
        simulation=simulation,
        given=method,
        made=simulation(method),
        variants=(
            Variant("Result B0", simulation.budget(given), _share(simulation.budget(given).steps, given), Fraction(0)),
            *(_on_a_model(name, setting, rho, given) for name in VERSIONS),
            _by_queries(setting, rho, given),
        ),
    )


def _share(steps: int, given: PAC) -> Fraction:
    return Fraction(steps, given.m) if given.m else Fraction(0)


def _stages(setting: TheoremSetting, rho: Fraction, budget: Any) -> tuple[Stage, ...]:
    b, error = setting.b, Fraction(tolerance_of(rho))
    return (
        Stage(
            "ask",
            "the family of queries",
            "each query is a bit of an odd power of x in GF(2^n), as a sign, with slope 1/c and with slope 1",
            (("bn + 1", b * setting.n + 1), ("c", held_for(b * error))),
        ),
        Stage(
            "step",
            "Result M*",
            "a step of gradient descent writes the answers about its batch; what it wrote is its clock",
            (("rho", rho), ("b rho", b * rho), ("below", MOST_B_RHO), ("T'", budget.steps), ("p'", budget.p)),
        ),
        Stage(
            "decode",
            "BCH codes",
            "the answers of a block are exact counts, and these the batch with its multiplicities",
            (("points a step", b),),
        ),
        Stage(
            "return",
            "Definition 1",
            "the predictor of A, which does not look at the order of its sample, is computed from the final weights",
            (("delta", Fraction(0)),),
        ),
    )


def _on_a_model(version: str, setting: TheoremSetting, rho: Fraction, given: PAC) -> Variant:
    name = f"Lemmas 1 and 3a, {version}"
    if setting.b * rho >= STEEP_BOUND:
        return Variant(name, None, note=f"needs b rho < {STEEP_BOUND}")
    whole: Any = theorem_1a(setting.n, b=setting.b, rho=rho, delta=setting.delta, version=VERSIONS[version])
    budget = whole.budget(given)
    return Variant(name, budget, _share(budget.steps, given), setting.delta)


def _by_queries(setting: TheoremSetting, rho: Fraction, given: PAC) -> Variant:
    """FULL at the tolerance of the roundings; it asks queries, and no gradient descent stands behind them."""
    name, tau = f"{FULL}, by queries", Fraction(tolerance_of(rho))
    try:
        budget = cast(Any, full(setting.n, b=setting.b, tau=tau, symmetric=True).budget(given))
    except PremiseError:
        return Variant(name, None, note="needs b tau < 1/2, that is b rho < 2/3")
    return Variant(name, budget, _share(budget.k, given), Fraction(0))
