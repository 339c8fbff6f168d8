"""A learner's state in words: what is said of the samples and of the hypotheses that are left is so."""

import re
from collections.abc import Sequence
from itertools import product
from random import Random

import pytest

from constructions.computation.extraction_machine import LearnerInBits
from constructions.computation.learner_machines import conjunction_machine
from constructions.computation.sample_learner_machines import parity_machine
from constructions.computation.sample_learners import (
    best_of_learner,
    conjunction_learner,
    decision_list_learner,
    fed,
    literals_class,
    parity_learner,
)
from constructions.training.told_rounds import numbers_of
from verify.pages.states_in_words import state_in_words, widths_of

N = 3
Sample = tuple[tuple[int, ...], int]


def states(learner: LearnerInBits, samples: Sequence[Sample]) -> list[tuple[str, ...]]:
    """What is said of a learner after each sample."""
    machine = fed(learner, len(samples))
    state, said = machine.first_state(), []
    widths = widths_of(machine.state)
    for x, y in samples:
        given = {"x": 0, "taken": 1, "label": y, "point": sum(bit << i for i, bit in enumerate(x))}
        bits = {f"{name}[{i}]": value >> i & 1 for name, value in given.items() for i in range(N)}
        inputs = {name: bits[name] if name in bits else given[name] for name in machine.inputs}
        state, _ = machine.step(state, inputs)
        said.append(state_in_words(numbers_of(state), widths, N))
    return said


def drawn(seed: int, count: int) -> list[Sample]:
    """Some samples of the parity of the first and the last bit."""
    source = Random(seed)
    points = [tuple(source.randrange(2) for _ in range(N)) for _ in range(count)]
    return [(x, x[0] ^ x[2]) for x in points]


def fits(hypothesis: tuple[int, ...], samples: Sequence[Sample]) -> bool:
    return all(sum(a & b for a, b in zip(hypothesis, x, strict=True)) % 2 == y for x, y in samples)


@pytest.mark.parametrize("seed", range(4))
def test_as_many_parities_are_left_as_fit_the_samples(seed: int) -> None:
    samples = drawn(seed, 5)
    for count, said in enumerate(states(parity_learner(N), samples), 1):
        left = [s for s in product((0, 1), repeat=N) if fits(s, samples[:count])]
        (line,) = said
        assert line.startswith(f"{len(left)} of {2**N} parities ")
        for sum_, value in re.findall(r"((?:s\d \+ )*s\d) = (\d)", line):
            places = [int(name[1:]) - 1 for name in sum_.split(" + ")]
            assert all(sum(s[i] for i in places) % 2 == int(value) for s in left)
    contradicting = [*samples, (samples[0][0], 1 - samples[0][1])]
    assert states(parity_learner(N), contradicting)[-1] == ("No parity fits the samples.",)


def test_literals_that_a_positive_sample_broke_are_not_left() -> None:
    samples = [((1, 0, 1), 1), ((0, 0, 0), 0), ((1, 1, 1), 1)]
    first, second, third = states(conjunction_learner(N), samples)
    assert first == second == ("3 of 6 literals are left: x1, not x2, x3.",)
    assert third == ("2 of 6 literals are left: x1, x3.",)


def test_kept_samples_and_least_losses_are_named() -> None:
    samples = [((1, 0, 1), 1), ((0, 1, 0), 0)]
    assert states(decision_list_learner(N, 2), samples)[-1] == ("The samples: 101 with label 1, 010 with label 0.",)
    losses = states(best_of_learner(N, 2, literals_class(N)), samples)
    assert losses[-1] == ("3 of 8 predictors have the least loss: 3, 6, 7.",)


def test_the_extraction_says_its_prefix_and_another_state_nothing() -> None:
    machine = parity_machine(N, 2, b=1, tau="1/8", delta="1/32").machine
    first, *rest = state_in_words(numbers_of(machine.first_state()), widths_of(machine.state), N)
    assert first == "0 samples are extracted." and rest[0].startswith("The prefix is empty")
    asked = conjunction_machine(2, fraction=4, tau="1/8").machine
    said = state_in_words(numbers_of(asked.first_state()), widths_of(asked.state), 2)
    assert said == ("4 of 4 literals are left: not x1, x1, not x2, x2.",)
    assert state_in_words({"row0": 1, "none": 0}, {"row0": 1, "none": 1}, 3) == ()
