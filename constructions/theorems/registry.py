"""The theorems that have a pipeline, by name: what each takes and parameters that suit it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from constructions.computation.built_in_learners import QUERY_LEARNERS, SAMPLE_LEARNERS
from constructions.errors import ConstructionError
from constructions.foundations.naming import check_name
from constructions.learning.descent_methods import DescentMethod
from constructions.learning.gradient_learners import DESCENT_LEARNERS
from constructions.learning.models import QueryMethod, SampleMethod
from constructions.models.simulations import tolerance_for
from constructions.theorems.between_queries import pipeline_alone, pipeline_in_cells
from constructions.theorems.descending import by_descent, queries_pipeline, samples_pipeline, source_pipeline
from constructions.theorems.learners import Learned, built_in
from constructions.theorems.on_models import (
    model_pipeline,
    one_batch_on_both,
    one_batch_on_model,
    queries_on_both,
    queries_on_model,
    sample_on_model,
    samples_on_model,
)
from constructions.theorems.on_networks import FORMS, NetworkForm
from constructions.theorems.pipeline import Pipeline, TheoremSetting
from constructions.theorems.querying import as_fbsq, as_sq, pipeline_by_batches, pipeline_by_samples
from constructions.theorems.sampling import extraction_pipeline, reading_pipeline

Build = Callable[[TheoremSetting, Learned], Pipeline]


@dataclass(frozen=True, slots=True, kw_only=True)
class Theorem:
    """A theorem: its statement in words, its pipeline from a setting and a learner's name, and what is taken if nothing
    is given.

    Parameters
    ----------
    title : the statement. build : the pipeline from a setting and a learner.
    learners : the names of the learners that it can be given. also : more of them, which are never chosen by default.
    alternating : whether queries are about one label at a time; None if that is for the caller to say.
    batch : b. width : tau, from b and m. runs : how many runs are measured.
    samples : whether the number of samples is a parameter. size : m.
    problem : the built-in problem that is taken if none is asked for.
    on_models : whether A' is gradient descent on a differentiable model, so that a precision rho can be asked for.
    on_network : the same on a network, if there is such a form. on_both : the same by queries on both labels (S6).
    width_for_rho : tau, from b, m and a precision that is asked for; None if it is that of ``width`` all the same.

    >>> from fractions import Fraction
    >>> setting = TheoremSetting(n=2, b=4, m=3, tau=Fraction(1, 16), delta=Fraction(1, 20))
    >>> chosen = THEOREMS["theorem 2a"]
    >>> made = chosen.pipeline(setting, chosen.learners[0]).made
    >>> type(made).__name__, made.n, made.budget.b
    ('QueryMethod', 2, 4)
    """

    title: str
    build: Build
    learners: tuple[str, ...]
    also: tuple[str, ...] = ()
    alternating: bool | None = False
    batch: int = 4
    width: Callable[[int, int], Fraction] = lambda b, m: Fraction(1, 4 * b)
    runs: int = 1000
    samples: bool = True
    size: int = 20
    problem: str = "parity"
    on_models: bool = False
    on_network: NetworkForm | None = None
    on_both: Build | None = None
    width_for_rho: Callable[[int, int, Fraction], Fraction] | None = None

    def pipeline(
        self, setting: TheoremSetting, learner: str | Learned, *, network: bool = False, both: bool = False
    ) -> Pipeline:
        """The pipeline for a setting and a learner, by its name or one of the user's; on a ``network``, or by queries
        on ``both`` labels, if there is one.

        Raises
        ------
        ConstructionError
            For a learner that the theorem does not take, alternating labels where it has no such form, or a network
            where it has none.
        """
        if isinstance(learner, str):
            check_name((*self.learners, *self.also), learner, "learner")
            learner = Learned(name=learner) if learner in DESCENT_LEARNERS else built_in(learner)
        if self.alternating is not None and setting.alternating and not self.alternating:
            raise ConstructionError("need a theorem with a form for alternating labels (2a, 2d, lemma 5a), got another")
        if network and self.on_network is None:
            raise ConstructionError("need a theorem with a form on networks (1a, 1d, 3a, 3d), got another")
        form = self.on_network if network else None
        on_both = form.on_both if form else self.on_both
        if both and on_both is not None:
            return on_both(setting, learner)
        build = form.build if form else self.build
        return build(replace(setting, alternating=bool(self.alternating) or setting.alternating), learner)


def _of_samples(build: Callable[[TheoremSetting, SampleMethod], Pipeline]) -> Build:
    return lambda setting, learner: build(setting, learner.from_samples(setting.n, setting.m))


def _of_queries(
    build: Callable[[TheoremSetting, QueryMethod], Pipeline],
    *,
    form: Callable[[QueryMethod, TheoremSetting], QueryMethod],
) -> Build:
    def made(setting: TheoremSetting, learner: Learned) -> Pipeline:
        method = learner.by_queries(_some_bits(setting), setting.b, setting.tau)
        return build(setting, form(method, setting))

    return made


def _some_bits(setting: TheoremSetting) -> int:
    if setting.n < 1:
        raise ConstructionError(f"need at least one bit for a learner by queries, got {setting.n}")
    return setting.n


def _of_descent(build: Callable[[TheoremSetting, DescentMethod], Pipeline], *, same: bool) -> Build:
    def made(setting: TheoremSetting, learner: Learned) -> Pipeline:
        check_name(DESCENT_LEARNERS, learner.name, "learner")
        return build(setting, by_descent(setting, learner.name, same=same))

    return made


_EXTRACTING, _READING = _of_samples(extraction_pipeline), _of_samples(reading_pipeline)
_BATCHES = _of_queries(pipeline_by_batches, form=lambda method, setting: as_sq(method))
_ONE_BATCH = _of_queries(pipeline_in_cells, form=lambda method, setting: as_sq(method))
_FROM_SAMPLES, _BY_QUERIES = tuple(SAMPLE_LEARNERS), tuple(QUERY_LEARNERS)


_IN_TURN = tuple(name for name in QUERY_LEARNERS if name != "query-conjunction")
"""Learners whose queries of a round are asked one after the other."""
_BY_DESCENT = tuple(DESCENT_LEARNERS)


def _fine(b: int, m: int) -> Fraction:
    return Fraction(1, 64)


def _less_fine(b: int, m: int) -> Fraction:
    return Fraction(1, 32)


def _one_batch(b: int, m: int) -> Fraction:
    return Fraction(1, 4 * max(1, m))


def _tenth(b: int, m: int) -> Fraction:
    return Fraction(1, 10)


def _quarter(b: int, m: int) -> Fraction:
    return Fraction(1, 4)


_IN_ROUNDS = Theorem(
    title="bSQ does what SQ does, in enough rounds",
    build=_BATCHES,
    learners=("query-conjunction",),
    also=_IN_TURN,
    alternating=None,
    samples=False,
    batch=64,
    width=_tenth,
    runs=100,
    problem="literal",
)
THEOREMS = {
    "theorem 2a": Theorem(
        title="bSQ does what PAC does, if b tau < 1/2", build=_EXTRACTING, learners=_FROM_SAMPLES, alternating=None
    ),
    "lemma 1": Theorem(
        title="bSQ0/1 does what PAC does, if b tau < 1/2", build=_EXTRACTING, learners=_FROM_SAMPLES, alternating=True
    ),
    "theorem 2b": Theorem(
        title="PAC does what bSQ does",
        learners=_BY_QUERIES,
        samples=False,
        problem="literal",
        build=_of_queries(pipeline_by_samples, form=lambda method, setting: method),
    ),
    "theorem 2d": _IN_ROUNDS,
    "lemma 2": replace(_IN_ROUNDS, title="bSQ0/1 does what SQ does, in enough rounds", alternating=True),
    "lemma 5a": Theorem(
        title="fbSQ does what PAC does, if m tau < 1/2",
        build=_READING,
        learners=_FROM_SAMPLES,
        alternating=None,
        width=_one_batch,
    ),
    "lemma 6": Theorem(
        title="fbSQ0/1 does what PAC does, if m tau < 1/2",
        build=_READING,
        learners=_FROM_SAMPLES,
        alternating=True,
        width=_one_batch,
    ),
    "theorem 2c": Theorem(
        title="SQ does what bSQ does, if b tau^2 >= 8 log(kp/delta)",
        build=_of_queries(pipeline_alone, form=lambda method, setting: method),
        learners=_BY_QUERIES,
        samples=False,
        batch=800,
        width=_quarter,
        runs=20,
        problem="literal",
    ),
    "lemma 5c": Theorem(
        title="SQ does what fbSQ does, if m tau^2 >= 8 log(kp/delta)",
        build=_of_queries(pipeline_alone, form=lambda method, setting: as_fbsq(method, setting.m)),
        learners=_BY_QUERIES,
        size=800,
        width=_quarter,
        runs=20,
        problem="literal",
    ),
    "lemma 5d": Theorem(
        title="fbSQ does what SQ does, if (4^k - 1)/3 exp(-m tau^2/32) <= delta",
        build=_ONE_BATCH,
        learners=("query-conjunction",),
        also=_IN_TURN,
        size=25_000,
        width=_quarter,
        runs=20,
        problem="literal",
    ),
    "lemma 7": Theorem(
        title="fbSQ0/1 does what SQ does, if (4^k - 1)/3 exp(-m tau^2/32) <= delta",
        build=_ONE_BATCH,
        learners=("query-conjunction",),
        also=_IN_TURN,
        alternating=True,
        size=25_000,
        width=_quarter,
        runs=20,
        problem="literal",
    ),
    "lemma 5b": Theorem(
        title="PAC does what fbSQ does",
        learners=_BY_QUERIES,
        width=_one_batch,
        problem="literal",
        build=_of_queries(pipeline_by_samples, form=lambda method, setting: as_fbsq(method, setting.m)),
    ),
    "theorem 1a": Theorem(
        title="bSGD on a model does what PAC does, if b rho < 2/3 (printed: 1/8)",
        build=_of_samples(samples_on_model),
        learners=_FROM_SAMPLES,
        alternating=True,
        runs=20,
        on_models=True,
        on_network=FORMS["theorem 1a"],
        width_for_rho=lambda b, m, rho: tolerance_for(b, rho),
    ),
    "theorem 1d": Theorem(
        title="bSGD on a model does what SQ does, for every b",
        build=_of_queries(queries_on_model, form=lambda method, setting: as_sq(method)),
        learners=("query-conjunction",),
        also=_IN_TURN,
        alternating=True,
        samples=False,
        batch=64,
        width=_tenth,
        runs=10,
        problem="literal",
        on_models=True,
        on_network=FORMS["theorem 1d"],
        on_both=_of_queries(queries_on_both, form=lambda method, setting: as_sq(method)),
    ),
    "theorem 3a": Theorem(
        title="fbGD on a model does what PAC does, if m rho < 2/3 (printed: 1/8)",
        build=_of_samples(sample_on_model),
        learners=_FROM_SAMPLES,
        alternating=True,
        width=_one_batch,
        runs=20,
        on_models=True,
        on_network=FORMS["theorem 3a"],
        width_for_rho=lambda b, m, rho: tolerance_for(max(1, m), rho, size="m"),
    ),
    "theorem 3d": Theorem(
        title="fbGD on a model does what SQ does, if (4^k - 1)/3 exp(-m tau^2/32) <= delta",
        build=_of_queries(one_batch_on_model, form=lambda method, setting: as_sq(method)),
        learners=("query-conjunction",),
        also=_IN_TURN,
        alternating=True,
        size=25_000,
        width=_quarter,
        runs=2,
        problem="literal",
        on_models=True,
        on_network=FORMS["theorem 3d"],
        on_both=_of_queries(one_batch_on_both, form=lambda method, setting: as_sq(method)),
    ),
    "lemma 3a": Theorem(
        title="bSGD on a model does what bSQ0/1 does, if rho < 4 tau/3 (printed: rho = tau/4)",
        build=_of_queries(model_pipeline, form=lambda method, setting: method),
        learners=_BY_QUERIES,
        alternating=True,
        samples=False,
        runs=100,
        problem="literal",
        on_models=True,
    ),
    "lemma 12a": Theorem(
        title="fbGD on a model does what fbSQ0/1 does, if rho < 4 tau/3 (printed: rho = tau/4)",
        build=_of_queries(model_pipeline, form=lambda method, setting: as_fbsq(method, setting.m)),
        learners=_BY_QUERIES,
        alternating=True,
        width=_one_batch,
        runs=100,
        problem="literal",
        on_models=True,
    ),
    "lemma 4": Theorem(
        title="bSQ does what bSGD does, with tau = rho/4",
        build=_of_descent(queries_pipeline, same=False),
        learners=_BY_DESCENT,
        samples=False,
        batch=8,
        width=_fine,
        runs=100,
        problem="literal",
    ),
    "lemma 13": Theorem(
        title="fbSQ does what fbGD does, with tau = rho/4",
        build=_of_descent(queries_pipeline, same=True),
        learners=_BY_DESCENT,
        width=_fine,
        runs=100,
        problem="literal",
    ),
    "theorem 1b": Theorem(
        title="PAC does what bSGD does",
        build=_of_descent(samples_pipeline, same=False),
        learners=_BY_DESCENT,
        samples=False,
        batch=8,
        width=_fine,
        runs=100,
        problem="literal",
    ),
    "theorem 3b": Theorem(
        title="PAC does what fbGD does",
        build=_of_descent(samples_pipeline, same=True),
        learners=_BY_DESCENT,
        width=_fine,
        runs=100,
        problem="literal",
    ),
    "theorem 1c": Theorem(
        title="SQ does what bSGD does, if b rho^2 >= 128 log(Tp/delta)",
        build=_of_descent(source_pipeline, same=False),
        learners=_BY_DESCENT,
        samples=False,
        batch=80_000,
        width=_less_fine,
        runs=3,
        problem="literal",
    ),
    "theorem 3c": Theorem(
        title="SQ does what fbGD does, if m rho^2 >= 128 log(Tp/delta)",
        build=_of_descent(source_pipeline, same=True),
        learners=_BY_DESCENT,
        size=80_000,
        width=_less_fine,
        runs=3,
        problem="literal",
    ),
}


def theorem(name: str) -> tuple[str, Theorem]:
    """A theorem by its name; "2a" and "5a" will do.

    Raises
    ------
    ConstructionError
        For a name that no theorem with a pipeline has.

    >>> theorem("2a")[0], theorem("Lemma 1")[0], theorem("5b")[0]
    ('theorem 2a', 'lemma 1', 'lemma 5b')
    """
    given = " ".join(name.lower().split())
    for key in (given, f"theorem {given}", f"lemma {given}"):
        if key in THEOREMS:
            return key, THEOREMS[key]
    raise ConstructionError(f"need a theorem among {', '.join(THEOREMS)}, got {name!r}")
