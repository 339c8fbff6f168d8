"""The pipelines of gradient descent: budgets, and runs beside the method itself."""

from fractions import Fraction
from math import ceil, log

import pytest

from constructions.errors import ConstructionError, PremiseError
from constructions.learning.descent_methods import BSGD, FBGD
from constructions.learning.models import BSQ, FBSQ, PAC, SQ
from constructions.theorems import measure
from constructions.theorems.choices import ORACLES, ROUNDINGS
from constructions.theorems.descending import by_descent, queries_pipeline, samples_pipeline
from constructions.theorems.options import TheoremOptions
from constructions.theorems.pipeline import TheoremSetting
from constructions.theorems.registry import THEOREMS
from constructions.theorems.task import prepare

F = Fraction
SETTING = TheoremSetting(n=3, b=8, m=20, tau=F(1, 64), delta=F(1, 20))


def test_the_budgets_are_those_of_the_paper() -> None:
    fresh, same = (by_descent(SETTING, "regression", same=same) for same in (False, True))
    assert isinstance(fresh.budget, BSGD) and isinstance(same.budget, FBGD)
    made = [queries_pipeline(SETTING, fresh), queries_pipeline(SETTING, same)]
    assert [one.made.budget for one in made] == [
        BSQ(k=24, tau=F(1, 64), b=8, p=4),
        FBSQ(k=24, tau=F(1, 64), m=20, p=4),
    ]
    made += [samples_pipeline(SETTING, fresh), samples_pipeline(SETTING, same)]
    assert [one.made.budget for one in made[2:]] == [PAC(m=192), PAC(m=20)]
    assert [one.item for one in made] == ["Lemma 4", "Lemma 13", "Theorem 1b", "Theorem 3b"]
    for one in made:
        assert one.variants[0].budget == one.variants[1].budget == one.made.budget
        assert one.oracle_bound and one.samples == 0 and dict(one.stages[2].numbers)["rho"] == F(1, 16)


@pytest.mark.parametrize("name", ["lemma 4", "lemma 13", "theorem 1b", "theorem 3b"])
@pytest.mark.parametrize("oracle", ORACLES)
def test_both_methods_learn_a_literal_whoever_answers(name: str, oracle: str) -> None:
    options = TheoremOptions(bits=2, samples=None if name in ("lemma 4", "theorem 1b") else 30, oracle=oracle, runs=3)
    experiment = prepare(name, THEOREMS[name], options).experiment
    found = experiment.run(1)
    assert found == experiment.run(1)
    assert found[measure.SIMULATED] < F(1, 20) and found[measure.LEARNER] < F(1, 20)
    assert found[measure.EXCESS] == found[measure.SIMULATED] - found[measure.LEARNER]


def test_gradients_are_rounded_as_the_name_of_the_oracle_says() -> None:
    options = TheoremOptions(bits=2, runs=1, oracle="highest")
    high = prepare("lemma 4", THEOREMS["lemma 4"], options).experiment
    low = prepare("lemma 4", THEOREMS["lemma 4"], TheoremOptions(bits=2, runs=1, oracle="lowest")).experiment
    assert set(ROUNDINGS) == set(ORACLES)
    assert [high.by_learner(i) for i in range(4)] != [low.by_learner(i) for i in range(4)]


def test_another_learner_is_refused() -> None:
    with pytest.raises(ConstructionError, match="need a learner among regression"):
        prepare("lemma 4", THEOREMS["lemma 4"], TheoremOptions(learner="literal"))


@pytest.mark.parametrize(("name", "size"), [("theorem 1c", {"batch": 20_000}), ("theorem 3c", {"samples": 20_000})])
def test_queries_about_the_source_with_both_budgets(name: str, size: dict[str, int]) -> None:
    task = prepare(name, THEOREMS[name], TheoremOptions(bits=1, runs=1, tau="1/16", **size))  # type: ignore[arg-type]
    made, numbers = task.pipeline, {key: value for stage in task.pipeline.stages for key, value in stage.numbers}
    assert made.made.budget == made.variants[1].budget == SQ(k=48, tau=F(1, 32))
    assert numbers["points that are enough"] == ceil(128 * log(48 * 20) * 16)
    printed = log(4 * 48 * 20) if name == "theorem 1c" else 4 * (48 * log(65) + log(4 * 2 * 20))
    assert numbers["points, the paper's proof"] == ceil(8 * 16**2 * printed)
    assert numbers["chance, fair signs"] <= numbers["chance, by the bound"] <= F(1, 10)
    strays = task.strays()
    assert strays is not None and strays.queries == 48 and strays.exactly > 0
    assert strays.chance[1] < strays.bound <= F(1, 10)
    found = task.experiment.run(0)
    assert found == task.experiment.run(0) and found[measure.SIMULATED] < F(1, 12) > found[measure.LEARNER]


def test_batches_that_are_too_small_for_theorem_1c_are_refused() -> None:
    with pytest.raises(PremiseError, match=r"need kp exp\(-b tau\^2/8\) <= delta = 1/20, got b = 9999"):
        prepare("theorem 1c", THEOREMS["theorem 1c"], TheoremOptions(bits=1, batch=9999))
