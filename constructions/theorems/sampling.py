"""The pipelines that extract samples: Theorem 2a and Lemma 1 from fresh batches, Lemmas 5a and 6 from one batch."""

from fractions import Fraction
from math import comb
from typing import Any, cast

from constructions.errors import PremiseError
from constructions.foundations.exact import Number
from constructions.learning.models import BSQ, FBSQ, PAC, QueryMethod, SampleMethod, Simulation
from constructions.reductions.extract_bounds import LOSS_OF_HALF
from constructions.reductions.fbsq import SampleReading, lemma_5a, lemma_6, tree_rounds
from constructions.reductions.full import MOST_ARRANGEMENTS, Powers, full
from constructions.reductions.one_bit import LOOK
from constructions.reductions.sample_extract import Extracted, Extraction, lemma_1, theorem_2a
from constructions.theorems.pipeline import (
    FULL,
    NOISY,
    STEP,
    Pipeline,
    Stage,
    TheoremSetting,
    Variant,
    Words,
    extraction_of,
)
from constructions.theorems.rounds import Rounds

MARKOV = "Markov's inequality"
NO_FULL = "rounds of the two labels see different batches, so FULL would need a pool of even rounds, which may fail"


def extraction_pipeline(setting: TheoremSetting, method: SampleMethod) -> Pipeline:
    """Theorem 2a, or Lemma 1 if the setting is alternating, for a method from samples.

    Raises
    ------
    PremiseError
        If b tau >= 1/2 or delta <= 0; by a step, which is for gradient descent on a model; by FULL, for alternating
        labels, or a last batch that can be shortened in too many ways.

    >>> from constructions.learning.learners import parity
    >>> setting = TheoremSetting(n=8, b=4, m=20, tau=Fraction(1, 16), delta=Fraction(1, 20))
    >>> made = extraction_pipeline(setting, parity(8, 20))
    >>> made.made.budget.k, made.bound, [stage.name for stage in made.stages]
    (829, Fraction(22, 1), ['decode', 'ask', 'extract', 'toss', 'repeat', 'learn'])
    """
    if setting.extract in (STEP, NOISY):
        raise PremiseError(
            "need theorem 1a for a step that reads a whole batch, got a theorem about queries; that queries read whole "
            "batches for b tau < 1 is proved (strip.whole.simulates), and has no pipeline"
        )
    if setting.extract == FULL:
        return _full_pipeline(setting, method)
    how = extraction_of(setting, setting.extract, alternating=setting.alternating)
    simulation = (lemma_1 if setting.alternating else theorem_2a)(
        setting.n, b=setting.b, tau=setting.tau, delta=setting.delta, version=how.version
    )
    return Pipeline(
        item="Lemma 1" if setting.alternating else "Theorem 2a",
        stages=_extraction_stages(how, method.budget),
        simulation=cast(Any, simulation),
        given=method,
        made=simulation(method),
        variants=variants(setting, method.budget),
        assumes=(MARKOV,),
        bound=bound(how),
        late=late(how, method.budget.m),
        extraction=how,
        exact=lambda words: expected(how, words, method),
        finished=lambda state: isinstance(state, Extracted),
        complete=lambda state: isinstance(state, Extracted),
    )


def expected(how: Extraction, words: Words, method: SampleMethod) -> Fraction:
    """The exact rounds of each sample on average, if the rounds never run out: ``how`` samples are extracted, from a
    source given by its ``words`` with their masses, for a method that takes m of them.

    >>> from constructions.learning.learners import parity
    >>> from constructions.learning.problems import uniform
    >>> from constructions.reductions.extract_law import by_words
    >>> from constructions.reductions.one_bit import PREFIX
    >>> how = Extraction(n=1, b=2, tau=Fraction(1, 8), delta=Fraction(1, 8), version=PREFIX)
    >>> str(expected(how, by_words(uniform(1, lambda x: x[0])), parity(1, 3)))
    '7/3'
    """
    return Rounds(how, words).expected(method.budget.m) if method.budget.m else Fraction(0)


def ideal(how: Extraction) -> Fraction:
    """At most this many rounds are expected for a sample with an ideal coin: Theorem Z, or LOOK.

    >>> setting = TheoremSetting(n=8, b=4, m=20, tau=Fraction(1, 16), delta=Fraction(1, 20))
    >>> [str(ideal(extraction_of(setting, version, alternating=False))) for version in ("prefix", "look")]
    ['13', '10']
    """
    return how.certain_rounds + how.empty_rounds


def bound(how: Extraction) -> Fraction:
    """At most this many rounds are expected for a sample, with the budgeted coin.

    >>> from constructions.reductions.one_bit import PREFIX
    >>> str(bound(Extraction(n=8, b=4, tau=Fraction(1, 16), delta=Fraction(1, 20), version=PREFIX)))
    '22'
    """
    return ideal(how) + how.idle_rounds


def late(how: Extraction, m: int) -> Fraction:
    """The chance that m samples take more rounds than the budget has is at most this, by Markov's inequality for the
    rounds that are not certain; it costs a loss of 1/8 at most.

    >>> setting = TheoremSetting(n=8, b=4, m=20, tau=Fraction(1, 16), delta=Fraction(1, 20))
    >>> how = extraction_of(setting, "prefix", alternating=False)
    >>> late(how, 20), late(how, 20) / 8 <= setting.delta
    (Fraction(2, 5), True)
    """
    return min(Fraction(1), how.expected_further_rounds(m) / (how.further_rounds(m) + 1))


def derived(how: Extraction, m: int) -> str:
    """How the further rounds of m samples come about, as an inequality with its numbers.

    >>> setting = TheoremSetting(n=8, b=4, m=20, tau=Fraction(1, 16), delta=Fraction(1, 20))
    >>> for line in derived(extraction_of(setting, "look", alternating=False), 20).split("; "):
    ...     print(line)
    20 (1 + 3) = 80 empty and idle rounds are expected at most
    more than K are needed with a chance of at most 80/(K + 1), which loses 1/8 at most
    the least K with 80/(K + 1)/8 <= delta = 1/20 is 199
    """
    expected, loss = how.expected_further_rounds(m), LOSS_OF_HALF.denominator
    return (
        f"{m} ({how.empty_rounds} + {how.idle_rounds}) = {expected} empty and idle rounds are expected at most; "
        f"more than K are needed with a chance of at most {expected}/(K + 1), which loses 1/{loss} at most; "
        f"the least K with {expected}/(K + 1)/{loss} <= delta = {how.delta} is {how.further_rounds(m)}"
    )


def _extraction_stages(how: Extraction, given: PAC) -> tuple[Stage, ...]:
    return (*_stages_of_a_sample(how), _repeat_stage(how, given.m), _learn_or_give_up_stage(how, given.m))


def _stages_of_a_sample(how: Extraction) -> tuple[Stage, ...]:
    theorem = "LOOK" if how.version is LOOK else "Theorem Z"
    label = "one label a round: " if how.alternating else ""
    return (
        _decode_stage("b tau", how.b * how.tau),
        Stage(
            "ask",
            "Algorithm 1",
            f"{label}ask how many points have the prefix, and how many of these go on with 1",
            (("p'", how.parallel),),
        ),
        Stage(
            "extract",
            theorem,
            "lengthen the prefix bit by bit until one point has it; on average it takes at most",
            (("certain rounds", how.certain_rounds), ("empty rounds", how.empty_rounds), ("a sample", ideal(how))),
        ),
        Stage(
            "toss",
            "lazy coin (E12)",
            "choose the next bit: 1 with probability w1/w exactly, if w1 of w points go on with 1",
            (("random bits a round", how.coin_bits), ("idle rounds", how.idle_rounds)),
        ),
    )


def _repeat_stage(how: Extraction, m: int) -> Stage:
    numbers = (
        ("certain rounds", m * how.certain_rounds),
        ("further rounds expected", how.expected_further_rounds(m)),
        ("further rounds allowed", how.further_rounds(m)),
        ("k'", how.rounds(m)),
    )
    return Stage("repeat", MARKOV, "extract m samples, one after the other", numbers, derived(how, m))


def _learn_or_give_up_stage(how: Extraction, m: int) -> Stage:
    return Stage(
        "learn",
        "Definition 1",
        "run A on the samples; if the rounds run out, predict 1/2, which loses at most 1/8",
        (("chance of that", late(how, m)), ("delta", how.delta)),
    )


def _decode_stage(product: str, value: Fraction) -> Stage:
    """Answers become counts; ``product`` is b tau or m tau, by the size of the batch."""
    size = product.split()[0]
    does = f"round {size} times each answer to a whole number, which is the exact count"
    return Stage("decode", f"premise {product} < 1/2", does, ((product, value),))


def _learn_stage(delta: Number) -> Stage:
    does = "run A, which does not look at the order of its sample"
    return Stage("learn", "Definition 1", does, (("delta", delta),))


def _full_pipeline(setting: TheoremSetting, method: SampleMethod) -> Pipeline:
    """Theorem 2a by FULL, which reads whole batches."""
    if setting.alternating:
        raise PremiseError(f"need prefix or look with alternating labels, got full: {NO_FULL}")
    simulation = full(setting.n, b=setting.b, tau=setting.tau, symmetric=True)
    made, m = simulation(method), method.budget.m
    k = cast(BSQ, made.budget).k
    _check_last_batch(setting.b, k * setting.b - m)
    a_sample = Fraction(k, m) if m else Fraction(0)
    return Pipeline(
        item="Theorem 2a",
        stages=_full_stages(setting, k, simulation.delta),
        simulation=cast(Any, simulation),
        given=method,
        made=made,
        exact=lambda words: a_sample,
        variants=variants(setting, method.budget),
        bound=a_sample,
    )


def _full_stages(setting: TheoremSetting, k: int, delta: Number) -> tuple[Stage, ...]:
    powers = Powers(setting.n + 1, setting.b)
    counted = (("P", powers.prime), ("p'", powers.parallel))
    return (
        _decode_stage("b tau", setting.b * setting.tau),
        Stage("ask", "FULL", "count the bits of each word's powers modulo P", counted),
        Stage(
            "read",
            "Newton's identities",
            "power sums, a polynomial, its roots: the whole batch",
            (("points a round", setting.b),),
        ),
        Stage("repeat", "no chance left", "ceil(m/b) rounds", (("k'", k),)),
        _learn_stage(delta),
    )


def _check_last_batch(b: int, unused: int) -> None:
    """Refuse a last batch with too many ways to leave points out, over all of which the method is to be averaged."""
    if unused > 0 and (b > MOST_ARRANGEMENTS or comb(b, unused) > MOST_ARRANGEMENTS):
        raise PremiseError(
            f"need at most {MOST_ARRANGEMENTS} ways to leave points of the last batch out, "
            f"got {unused} points out of b = {b}"
        )


def variants(setting: TheoremSetting, given: PAC) -> tuple[Variant, ...]:
    """Every way to extract in a setting what a given budget takes, plain and alternating, each group with the paper's
    own bound at its end.

    >>> setting = TheoremSetting(n=8, b=4, m=20, tau=Fraction(1, 16), delta=Fraction(1, 20))
    >>> {row.name: row.budget.k if row.budget else row.budget for row in variants(setting, PAC(m=20))}["look"]
    379
    """
    rows: list[Variant] = []
    for alternating in (False, True):
        suffix = ", alternating" if alternating else ""
        ways = [extraction_of(setting, version, alternating=alternating) for version in ("prefix", "look")]
        rows += [Variant(how.version.name + suffix, how.budget(given), bound(how), how.delta) for how in ways]
        rows.append(Variant(FULL + suffix, None, note=NO_FULL) if alternating else _full_row(setting, given))
        printed = ways[0].printed(given)
        rows.append(
            Variant(
                f"the paper{suffix}", printed, printed.k * setting.delta / given.m if given.m else None, setting.delta
            )
        )
    return tuple(rows)


def _full_row(setting: TheoremSetting, given: PAC) -> Variant:
    simulation = full(setting.n, b=setting.b, tau=setting.tau, symmetric=True)
    budget = cast(BSQ, simulation.budget(given))
    return Variant(FULL, budget, Fraction(budget.k, given.m) if given.m else Fraction(0), simulation.delta)


def reading_pipeline(setting: TheoremSetting, method: SampleMethod) -> Pipeline:
    """Lemma 5a, or Lemma 6 if the setting is alternating, for a method that does not look at the order of its sample.

    >>> from constructions.learning.learners import parity
    >>> setting = TheoremSetting(n=8, b=1, m=20, tau=Fraction(1, 80), delta=Fraction(1, 20))
    >>> made = reading_pipeline(setting, parity(8, 20))
    >>> made.made.budget.k, made.simulation.printed(made.given.budget).k
    (111, 180)
    """
    build = lemma_6 if setting.alternating else lemma_5a
    simulation: Simulation[SampleMethod, QueryMethod] = build(setting.n, tau=setting.tau, symmetric=True)
    m = method.budget.m
    budget = cast(FBSQ, simulation.budget(method.budget))
    printed = cast(FBSQ, cast(Any, simulation.printed)(method.budget))
    rows = [
        Variant(name, found, Fraction(found.k, m) if m else Fraction(0), simulation.delta)
        for name, found in (("read", budget), ("the paper", printed))
    ]
    return Pipeline(
        item=simulation.name,
        stages=_reading_stages(setting, simulation, m, budget.k),
        simulation=cast(Any, simulation),
        given=method,
        made=simulation(method),
        variants=tuple(rows),
        finished=lambda state: not cast(SampleReading, state).open,
        complete=lambda state: not cast(SampleReading, state).open,
        bound=rows[0].rounds,
    )


def _reading_stages(
    setting: TheoremSetting, simulation: Simulation[SampleMethod, QueryMethod], m: int, k: int
) -> tuple[Stage, ...]:
    return (
        _decode_stage("m tau", m * setting.tau),
        Stage(
            "read",
            simulation.name,
            "one query for each prefix that occurs and is not complete",
            (("prefixes", tree_rounds(m, setting.n + 1)), ("k'", k)),
        ),
        _learn_stage(simulation.delta),
    )
