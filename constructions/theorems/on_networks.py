"""The pipelines that end in gradient descent on a neural network: Lemmas 3b and 12b, Theorems 1a, 1d, 3a and 3d for
methods of bounded running time.

The first stages are those of the pipelines on models; then A' by queries is written as a circuit that is stepped once a
round, and the network that runs it is trained on all of its edges. Nothing of the network is fixed while it is trained.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any

from constructions.computation.asking_machine import averaging_machine, holding_machine, unit_of
from constructions.computation.methods_in_bits import sample_method
from constructions.computation.query_machine import QueryMachine
from constructions.computation.reading_in_slots import slot_reading_machine
from constructions.computation.sample_learner_machines import from_samples
from constructions.errors import ConstructionError
from constructions.learning.models import Simulation
from constructions.models.simulations import theorem_1d, theorem_3d
from constructions.networks.both_network import both_plan_within
from constructions.networks.budget import query_digits
from constructions.networks.emulation import Plan
from constructions.networks.planning import plan_within, tolerance_on_networks
from constructions.theorems.between_queries import pipeline_in_cells
from constructions.theorems.learners import Learned
from constructions.theorems.pipeline import Pipeline, Stage, TheoremSetting, Variant
from constructions.theorems.querying import as_sq, pipeline_by_batches
from constructions.theorems.sampling import extraction_pipeline, reading_pipeline
from constructions.training.network_methods import NetworkMethod, lemma_3b

SPARED = 64
"""Theorem 1d's averages are rounded; this costs at most this part of tau/4 on either label."""
PRINTED = {
    "Theorem 1a": "T' = O(mn/delta), p' = poly(n, m, r, TIME, 1/rho, b, 1/delta), r' = r + O(T' log b)",
    "Theorem 1d": "T' = k ceil(C log(k/delta)/(b tau^2)), p' = poly(k, 1/tau, r, TIME, 1/delta), r' = r",
    "Theorem 3a": "T' = O(mn), p' = poly(n, m, r, TIME, 1/rho), r' = r",
    "Theorem 3d": "T' = 2k, p' = poly(k, 1/tau, r, TIME, 1/delta), r' = r",
}
"""The budgets as printed; the polynomials p' are not written out in the paper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedBudget:
    """The numbers of a budget that the paper's proof gives in full: T', rho and r'."""

    steps: int
    rho: Fraction
    r: int


def samples_on_network(setting: TheoremSetting, learner: Learned) -> Pipeline:
    """Theorem 1a on a network: Lemma 1 as a circuit, then Lemma 3b.

    >>> from constructions.theorems.learners import built_in
    >>> setting = TheoremSetting(n=2, b=4, m=3, tau=Fraction(1, 16), delta=Fraction(1, 10), alternating=True)
    >>> made = samples_on_network(setting, built_in("parity"))
    >>> made.made.budget.steps, [stage.name for stage in made.stages][-4:]
    (31, ['circuit', 'network', 'train', 'return'])
    """
    n, m, b, tau, delta = setting.n, setting.m, setting.b, setting.tau, setting.delta
    bits = learner.in_bits(n, m)
    first = extraction_pipeline(setting, sample_method(bits, m))

    def machine(places: int) -> QueryMachine:
        return from_samples(bits, m, b=b, tau=tau, delta=delta, version=setting.extract, fraction=places)

    return _after(first, "Theorem 1a", plan_within(machine, rho=_rho(setting), tolerance=tau, b=b))


def queries_on_network(setting: TheoremSetting, learner: Learned, *, both: bool = False) -> Pipeline:
    """Theorem 1d on a network: Lemma 2 as a circuit, then Lemma 3b; on ``both`` labels at once Theorem 2d, then S6.

    >>> from constructions.theorems.learners import built_in
    >>> setting = TheoremSetting(n=1, b=1000, m=0, tau=Fraction(1, 2), delta=Fraction(1, 20), alternating=True)
    >>> learner = built_in("query-conjunction")
    >>> queries_on_network(setting, learner).made.budget.steps
    8
    >>> queries_on_network(replace(setting, alternating=False), learner, both=True).made.budget.steps
    4
    """
    n, b, tau = setting.n, setting.b, setting.tau
    part = tau / 2 if both else tau / 4
    theorem_1d(b=b, delta=setting.delta)
    first = pipeline_by_batches(setting, as_sq(learner.by_queries(n, b, tau)))
    asks = learner.asking(n, query_digits(tau / SPARED), tau)
    q = first.repeated.q if first.repeated else 0
    lost = Fraction(1, 2 << asks.answer_fraction)
    plan: Plan = (both_plan_within if both else plan_within)(
        lambda places: averaging_machine(asks, q=q, fraction=places, both=both),
        rho=_rho(setting, part),
        tolerance=part - lost,
        b=b,
    )
    return _after(first, "Theorem 1d", plan, spared=lost)


def sample_on_network(setting: TheoremSetting, learner: Learned) -> Pipeline:
    """Theorem 3a on a network, for a learner that does not look at the order of its sample: Lemma 6 as a circuit, then
    Lemma 12b.

    >>> from constructions.theorems.learners import built_in
    >>> setting = TheoremSetting(n=2, b=1, m=3, tau=Fraction(1, 12), delta=Fraction(1, 10), alternating=True)
    >>> sample_on_network(setting, built_in("parity")).made.budget.steps
    7
    """
    n, m, tau = setting.n, setting.m, setting.tau
    bits = learner.in_bits(n, m)
    first = reading_pipeline(setting, sample_method(bits, m))
    plan = plan_within(
        lambda places: slot_reading_machine(bits, m, tau=tau, fraction=places), rho=_rho(setting), tolerance=tau, b=m
    )
    return _after(first, "Theorem 3a", plan, same=True)


def one_batch_on_network(setting: TheoremSetting, learner: Learned, *, both: bool = False) -> Pipeline:
    """Theorem 3d on a network: Lemma 7 as a circuit, then Lemma 12b; on ``both`` labels at once Lemma 5d, then S6.

    Raises
    ------
    ConstructionError
        For a machine of the user's whose answers are no multiples of tau/2.

    >>> from constructions.theorems.learners import built_in
    >>> setting = TheoremSetting(n=1, b=1, m=1000, tau=Fraction(1, 2), delta=Fraction(1, 20), alternating=True)
    >>> learner = built_in("query-conjunction")
    >>> one_batch_on_network(setting, learner).made.budget.steps
    8
    >>> one_batch_on_network(replace(setting, alternating=False), learner, both=True).made.budget.steps
    4
    """
    n, m, tau = setting.n, setting.m, setting.tau
    part = tau / 2 if both else tau / 4
    theorem_3d(m=m, delta=setting.delta)
    first = pipeline_in_cells(setting, as_sq(learner.by_queries(n, setting.b, tau)))
    asks = learner.asking(n, unit_of(tau), tau)
    if asks.answer_fraction != unit_of(tau):
        raise ConstructionError(
            f"need a machine whose answers are multiples of tau/2 = {tau / 2}, got {asks.answer_fraction} places"
        )
    plan: Plan = (both_plan_within if both else plan_within)(
        lambda places: holding_machine(asks, fraction=places, both=both), rho=_rho(setting, part), tolerance=part, b=m
    )
    return _after(first, "Theorem 3d", plan, same=True)


def _rho(setting: TheoremSetting, tau: Fraction | None = None) -> Fraction:
    """The precision: the one that is asked for, or a quarter of the tolerance, as printed."""
    return (setting.tau if tau is None else tau) / 4 if setting.rho is None else setting.rho


def _after(first: Pipeline, item: str, plan: Plan, *, same: bool = False, spared: Fraction = Fraction(0)) -> Pipeline:
    """A pipeline that ends in queries on one label at a time, followed by Lemma 3b or 12b."""
    made = NetworkMethod(plan=plan, same=same)
    between: Any = first.made.budget
    if plan.machine.rounds != between.k:
        raise ConstructionError(f"need a circuit of {between.k} rounds, got one of {plan.machine.rounds}, at {item}")
    last: Any = lemma_3b(made)
    whole: Simulation[Any, Any] = first.simulation.then(last)
    return replace(
        first,
        item=item,
        stages=(*first.stages, *_stages(made, last.name, item, spared)),
        simulation=whole,
        made=made,  # type: ignore[arg-type]
        variants=_variants(first, item, made),
        exact=None,
        bound=None,
        extraction=None,
        repeated=None,
    )


def _stages(made: NetworkMethod, lemma: str, item: str, spared: Fraction) -> tuple[Stage, ...]:
    budget, plan = made.budget, made.plan
    machine, decoder = plan.machine, plan.decoder
    rounds = max(len(circuit.circuit.gates) for circuit in plan.rounds)
    return (
        Stage(
            "circuit",
            "Lemma 10",
            "write the method as a circuit that is stepped once a round",
            (
                ("state", len(machine.machine.state)),
                ("gates a round", rounds),
                ("places of an answer", machine.answer_fraction),
                *((("spared for a mean", spared),) if spared else ()),
            ),
        ),
        Stage(
            "network",
            lemma,
            "a block of vertices for each round: the circuit, and copies of Q or Q' that its queries drive",
            (("vertices", plan.sizes.vertices), ("p'", budget.p), ("copies a round", len(plan.copies))),
            because=f"the paper has {PRINTED[item]}",
        ),
        Stage(
            "train",
            "Lemma 11",
            "a step of gradient descent on all edges writes the answers of one round into its copies",
            (
                ("T'", budget.steps),
                ("rho", plan.rho),
                ("answers within", decoder.tolerance),
                ("tau", plan.tolerance or Fraction(0)),
            ),
        ),
        Stage("return", "Definition 1", "the final controls return the predictor"),
    )


def _variants(first: Pipeline, item: str, made: NetworkMethod) -> tuple[Variant, ...]:
    """The budget of the network beside what the paper gives in numbers."""
    printed = first.simulation.printed
    assert printed is not None
    between: Any = printed(first.given.budget)
    beside: Any = PrintedBudget(steps=between.k, rho=between.tau / 4, r=between.r)
    delta = first.simulation.delta
    own: Any = made.budget
    return Variant(f"{item} on a network", own, None, delta), Variant("the paper", beside, None, delta)


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkForm:
    """A theorem on networks.

    Parameters
    ----------
    title : its statement in words. build : its pipeline.
    width_for_rho : the tolerance from b, m and a precision that is asked for, if that is not the one that suits the
        theorem all the same. on_both : the same by queries on both labels in one step (S6), if there is such a form.
    """

    title: str
    build: Callable[[TheoremSetting, Learned], Pipeline]
    on_both: Callable[[TheoremSetting, Learned], Pipeline] | None = None
    width_for_rho: Callable[[int, int, Fraction], Fraction] | None = None


FORMS = {
    "theorem 1a": NetworkForm(
        title="bSGD on a network does what PAC does, if b rho < 8/25 (printed: 1/8) and rho < 1/4",
        build=samples_on_network,
        width_for_rho=lambda b, m, rho: tolerance_on_networks(b, rho),
    ),
    "theorem 1d": NetworkForm(
        title="bSGD on a network does what SQ does, for every b",
        build=queries_on_network,
        on_both=partial(queries_on_network, both=True),
    ),
    "theorem 3a": NetworkForm(
        title="fbGD on a network does what PAC does, if m rho < 8/25 (printed: 1/8) and rho < 1/4",
        build=sample_on_network,
        width_for_rho=lambda b, m, rho: tolerance_on_networks(max(1, m), rho, size="m"),
    ),
    "theorem 3d": NetworkForm(
        title="fbGD on a network does what SQ does, if (4^k - 1)/3 exp(-m tau^2/32) <= delta",
        build=one_batch_on_network,
        on_both=partial(one_batch_on_network, both=True),
    ),
}
"""The theorems that have a form on networks, by name."""
