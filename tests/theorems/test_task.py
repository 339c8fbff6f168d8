"""A task is filled in with what suits the theorem, and an option that would do nothing is refused."""

from fractions import Fraction
from pathlib import Path

import pytest

from constructions.errors import ConstructionError, PremiseError
from constructions.theorems.options import TheoremOptions
from constructions.theorems.registry import THEOREMS
from constructions.theorems.task import (
    LOSSLESS,
    OF_ONE_BATCH,
    check_options,
    learner_for,
    parameters_of,
    prepare,
)

TWO_A = THEOREMS["theorem 2a"]


def test_what_is_given_is_kept_and_what_is_not_is_filled_in() -> None:
    parameters = parameters_of("theorem 2a", TWO_A, TheoremOptions(bits=3, samples=0, tau="1/16", runs=0, seed=5))
    assert (parameters["bits"], parameters["samples"], parameters["runs"], parameters["seed"]) == (3, 0, 0, 5)
    assert (parameters["batch"], parameters["delta"], parameters["oracle"]) == (4, "1/20", "exact")


@pytest.mark.parametrize("name", THEOREMS)
def test_a_learner_is_found_for_every_problem_and_for_data(name: str) -> None:
    theorem = THEOREMS[name]
    for target in ("parity", "conjunction", "literal", "majority", None):
        assert learner_for(theorem, target) in theorem.learners


def test_the_pipeline_and_the_experiment_are_for_the_parameters() -> None:
    task = prepare("lemma 1", THEOREMS["lemma 1"], TheoremOptions(bits=2, batch=2, samples=3, tau="1/8", runs=7))
    assert task.pipeline.item == "Lemma 1" and task.runs == 7 and task.columns == ""
    assert task.pipeline.made.budget.tau == Fraction(1, 8)  # type: ignore[union-attr]
    assert task.experiment.pipeline is task.pipeline


def test_a_data_file_says_how_many_bits_there_are(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("a,b,y\n1,0,1\n0,1,0\n", encoding="utf-8")
    task = prepare("theorem 2a", TWO_A, TheoremOptions(data=str(path), label="a"))
    assert task.parameters["bits"] == 2 and task.parameters["problem"] is None and task.parameters["label"] == "a"
    assert str(task.parameters["rows"]).startswith("2 rows, sha256 ") and "a" in task.columns
    with pytest.raises(ConstructionError, match="need --bits 2, one less than the columns"):
        prepare("theorem 2a", TWO_A, TheoremOptions(data=str(path), bits=3))
    with pytest.raises(ConstructionError, match="got both"):
        prepare("theorem 2a", TWO_A, TheoremOptions(data=str(path), problem="parity"))


def test_a_premise_that_does_not_hold_is_refused_with_its_numbers() -> None:
    with pytest.raises(PremiseError, match=r"b tau = 4 \* 1/8 = 1/2"):
        prepare("theorem 2a", TWO_A, TheoremOptions(tau="1/8"))


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("theorem 2b", TheoremOptions(extract="look"), "need --extract with theorem 1a, theorem 2a or lemma 1"),
        ("lemma 1", TheoremOptions(alternating=False), "need no --plain with lemma 1"),
        ("theorem 2c", TheoremOptions(samples=0), "need no --samples with theorem 2c, .*, got 0"),
        ("theorem 3b", TheoremOptions(batch=4), "need no --batch with theorem 3b, whose one batch has m samples"),
        ("lemma 4", TheoremOptions(delta="1/3"), "need no --delta with lemma 4, which gives up nothing"),
    ],
)
def test_an_option_that_would_do_nothing_is_refused(name: str, options: TheoremOptions, message: str) -> None:
    with pytest.raises(ConstructionError, match=message):
        check_options(name, THEOREMS[name], options)
    check_options("theorem 2a", TWO_A, TheoremOptions(extract="look", alternating=False, samples=9))


@pytest.mark.slow
@pytest.mark.parametrize("name", THEOREMS)
def test_a_number_is_refused_exactly_if_nothing_depends_on_it(name: str) -> None:
    theorem = THEOREMS[name]

    def built(options: TheoremOptions) -> str:
        made = prepare(name, theorem, options).pipeline
        return repr((made.stages, made.bound, made.made.budget, made.given.budget))

    as_it_is = built(TheoremOptions(bits=4))
    assert (built(TheoremOptions(bits=4, batch=theorem.batch + 1)) == as_it_is) == (name in OF_ONE_BATCH)
    assert (built(TheoremOptions(bits=4, delta="1/19")) == as_it_is) == (name in LOSSLESS)
