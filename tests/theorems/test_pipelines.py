"""Pipelines say what they build, and quote what they cannot."""

from fractions import Fraction
from itertools import permutations, product
from random import Random

import pytest

from constructions.computation.built_in_learners import QUERY_LEARNERS, SAMPLE_LEARNERS
from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.naming import named
from constructions.learning.models import BSQ, FBSQ, PAC, SQ
from constructions.theorems.choices import ORACLES, PROBLEMS, problem
from constructions.theorems.pipeline import EXTRACTS, TheoremSetting, extraction_of
from constructions.theorems.querying import as_fbsq, as_sq, pipeline_by_batches, pipeline_by_samples
from constructions.theorems.registry import THEOREMS, theorem
from constructions.theorems.sampling import extraction_pipeline, late, reading_pipeline, variants

F = Fraction


def setting(**changed: object) -> TheoremSetting:
    """The parameters of the example in the README, or others."""
    given = {"n": 8, "b": 4, "m": 20, "tau": F(1, 16), "delta": F(1, 20)} | changed
    return TheoremSetting(**given)  # type: ignore[arg-type]


def test_the_example_has_the_stages_and_budgets_that_the_objects_have() -> None:
    made = extraction_pipeline(setting(), SAMPLE_LEARNERS["parity"].method(8, 20))
    numbers = {stage.name: dict(stage.numbers) for stage in made.stages}
    assert numbers["repeat"] == {
        "certain rounds": 180,
        "further rounds expected": 260,
        "further rounds allowed": 649,
        "k'": 829,
    }
    assert numbers["decode"] == {"b tau": F(1, 4)} and numbers["learn"]["chance of that"] == made.late == F(2, 5)
    assert made.made.budget == made.variants[0].budget == BSQ(k=829, tau=F(1, 16), b=4, p=9, r=829)
    assert [getattr(row.budget, "k", None) for row in made.variants] == [
        829,
        379,
        5,
        36000,
        1164,
        914,
        None,
        72000,
    ]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"tau": F(1, 8)}, "b tau = 4 \\* 1/8 = 1/2"),
        ({"delta": F(0)}, "need delta > 0, got delta = 0"),
        ({"delta": F(-1, 2)}, "got delta = -1/2"),
        ({"tau": F(-1, 9)}, "need tau >= 0, got tau = -1/9"),
        ({"extract": "all"}, "among prefix, look, full, step, noisy, got 'all'"),
        ({"extract": "full", "alternating": True}, "need prefix or look with alternating labels"),
        ({"extract": "full", "b": 40, "tau": F(0)}, "got 20 points out of b = 40"),
    ],
)
def test_a_premise_that_fails_is_quoted_with_its_numbers(changed: dict[str, object], message: str) -> None:
    with pytest.raises(PremiseError, match=message):
        extraction_pipeline(setting(**changed), SAMPLE_LEARNERS["parity"].method(8, 20))


def test_the_other_forms_build_what_their_names_say() -> None:
    look = THEOREMS["lemma 1"].pipeline(setting(extract="look"), "parity")
    assert look.item == "Lemma 1" and look.made.budget.alternating  # type: ignore[union-attr]
    assert reading_pipeline(setting(tau=F(1, 80)), SAMPLE_LEARNERS["decision-list"].method(8, 20)).made.budget == FBSQ(
        k=111, tau=F(1, 80), m=20, p=1
    )
    literal = QUERY_LEARNERS["literal"].method(8, 4, F(1, 16))
    assert pipeline_by_samples(setting(), literal).made.budget == PAC(m=8)
    assert pipeline_by_samples(setting(), as_fbsq(literal, 30)).made.budget == PAC(m=30)
    assert as_fbsq(literal, 30).budget == FBSQ(k=2, tau=F(1, 16), m=30, p=9, alternating=True)
    whole_batch = extraction_pipeline(setting(extract="full"), SAMPLE_LEARNERS["parity"].method(8, 20))
    assert dict(whole_batch.stages[1].numbers)["p'"] == whole_batch.made.budget.p == 39  # type: ignore[union-attr]
    scalar = as_sq(QUERY_LEARNERS["query-conjunction"].method(2, 4, F(1, 8)))
    assert scalar.budget == SQ(k=8, tau=F(1, 8))
    made = pipeline_by_batches(setting(b=64, alternating=True), scalar)
    assert made.item == "Lemma 2" and dict(made.stages[1].numbers)["k'"] == made.made.budget.k  # type: ignore[union-attr]


def test_the_chance_of_being_late_shrinks_with_delta_and_is_a_chance() -> None:
    row = variants(setting(), PAC(m=20))[0]
    assert row.delta == F(1, 20)
    made = [
        extraction_pipeline(setting(delta=delta), SAMPLE_LEARNERS["parity"].method(8, 20)).late
        for delta in (F(1, 100), F(1, 20), F(50))
    ]
    assert made == sorted(made) and made[-1] <= 1
    how = extraction_of(setting(), "look", alternating=False)
    assert late(how, 20) == extraction_pipeline(setting(extract="look"), SAMPLE_LEARNERS["parity"].method(8, 20)).late


@pytest.mark.parametrize("name", THEOREMS)
def test_every_theorem_has_stages_budgets_and_a_method_that_runs_on(name: str) -> None:
    chosen = THEOREMS[name]
    m = chosen.size if chosen.samples else 0
    given = setting(n=3, b=chosen.batch, m=m, tau=chosen.width(chosen.batch, m))
    for learner in chosen.learners:
        made = chosen.pipeline(given, learner)
        assert made.stages and made.simulation.budget(made.given.budget) == made.made.budget
        assert made.made.budget in [row.budget for row in made.variants if not row.name.startswith("the paper")]
    with pytest.raises(ConstructionError, match="need a learner among"):
        chosen.pipeline(given, "oracle")
    if chosen.alternating is False:
        with pytest.raises(ConstructionError, match="alternating labels"):
            chosen.pipeline(setting(n=3, alternating=True), chosen.learners[0])


def test_a_theorem_is_found_by_its_name_only() -> None:
    assert theorem(" Theorem  2A")[0] == "theorem 2a"
    with pytest.raises(ConstructionError, match="need a theorem among theorem 2a, lemma 1"):
        theorem("9z")
    assert set(ORACLES) == {"exact", "highest", "lowest", "grid", "random"} and set(EXTRACTS) == {
        "prefix",
        "look",
        "full",
    }


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_problem_has_labels_of_both_kinds(name: str) -> None:
    assert 0 < problem(name, 4, F(0)).expectation(lambda x, y: y) < 1
    assert problem(name, 0, F(0)).n == 0
    with pytest.raises(ConstructionError, match="need a problem among"):
        named(PROBLEMS, "halting", "problem")


@pytest.mark.parametrize("name", SAMPLE_LEARNERS)
def test_no_learner_on_samples_looks_at_their_order(name: str) -> None:
    random, points = Random(1), list(product(product((0, 1), repeat=2), (0, 1)))
    for _ in range(40):
        sample = tuple(random.choices(points, k=4))
        learned = [SAMPLE_LEARNERS[name].method(2, 4).learn(order, ()) for order in permutations(sample)]
        assert len({tuple(h(x) for x in product((0, 1), repeat=2)) for h in learned}) == 1
