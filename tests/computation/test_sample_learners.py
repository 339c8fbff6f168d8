"""Learners' states in bits, a sample at a time, beside the methods on whole samples."""

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from random import Random

import pytest

from constructions.computation.extraction_machine import LearnerInBits
from constructions.computation.flat import FlatCircuit
from constructions.computation.machines import Machine
from constructions.computation.sample_learners import (
    best_of_learner,
    conjunction_learner,
    decision_list_learner,
    fed,
    literals_class,
    mean_places,
    memoriser_learner,
    parity_learner,
    predictor_of,
    table_circuit,
)
from constructions.learning.learners import best_of, conjunction, decision_list, memoriser, parity
from constructions.learning.models import SampleMethod

Both = tuple[LearnerInBits, SampleMethod]
PAIRS: dict[str, Callable[[int, int], Both]] = {
    "parity": lambda n, m: (parity_learner(n), parity(n, m)),
    "conjunction": lambda n, m: (conjunction_learner(n), conjunction(n, m)),
    "decision list": lambda n, m: (decision_list_learner(n, m), decision_list(n, m)),
    "memoriser": lambda n, m: (memoriser_learner(n, m), memoriser(n, m, places=mean_places(m))),
    "memoriser, one place": lambda n, m: (memoriser_learner(n, m, places=1), memoriser(n, m, places=1)),
    "best literal": lambda n, m: best(n, m, literals_class(n), 0),
    "best of quarters": lambda n, m: best(n, m, quarters(n), 2),
}


def best(n: int, m: int, class_: list[FlatCircuit], fraction: int) -> Both:
    """The best of a class, as learner and as method."""
    return best_of_learner(n, m, class_, fraction=fraction), best_of(
        [predictor_of(h, fraction=fraction) for h in class_], n, m
    )


def quarters(n: int) -> list[FlatCircuit]:
    """A few predictors with values in quarters, some with equal losses."""
    source = Random(n)
    tables = [[Fraction(source.randrange(5), 4) for _ in range(2**n)] for _ in range(4)]
    return [table_circuit(table, fraction=2) for table in [[Fraction(1, 2)] * 2**n, *tables, [Fraction(1, 2)] * 2**n]]


def given(machine: Machine, x: tuple[int, ...], taken: int, y: int, z: tuple[int, ...]) -> dict[str, int]:
    """Inputs of :func:`fed`."""
    values = {"x": x, "taken": (taken,), "label": (y,), "point": z}
    return {
        bit: int(values[bit.split("[")[0]][int(bit[:-1].split("[")[1]) if "[" in bit else 0]) for bit in machine.inputs
    }


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize(("n", "m"), [(1, 1), (1, 3), (2, 2), (2, 3)])
def test_every_sample_leads_to_the_predictor_of_the_method(name: str, n: int, m: int) -> None:
    learner, method = PAIRS[name](n, m)
    machine, cube = fed(learner, m), list(product((0, 1), repeat=n))
    for sample in product([(z, y) for z in cube for y in (0, 1)], repeat=m):
        state = machine.first_state()
        for z, y in sample:
            state, _ = machine.step(state, given(machine, cube[0], 0, 1 - y, z))
            state, _ = machine.step(state, given(machine, cube[-1], 1, y, z))
        h = method.learn(sample, ())
        for x in cube:
            outputs = machine.step(state, given(machine, x, 0, 0, cube[0]))[1].values()
            assert sum(bit << i for i, bit in enumerate(outputs)) == h(x) * 2**learner.fraction


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize(("n", "m", "few"), [(3, 5, 3), (3, 8, 8), (4, 9, 5)])
def test_larger_samples_lead_to_the_predictor_of_the_method(name: str, n: int, m: int, few: int) -> None:
    learner, method = PAIRS[name](n, m)
    machine, cube, said = fed(learner, m), list(product((0, 1), repeat=n)), set()
    for seed in range(12):
        source = Random(seed)
        points, target = source.sample(cube, few), source.sample(range(n), 2)
        labels = {z: sum(z[i] for i in target) % 2 if seed % 3 else source.randrange(2) for z in points}
        sample = [(z, labels[z] ^ (source.random() < 0.1)) for z in source.choices(points, k=m)]
        state = machine.first_state()
        for z, y in sample:
            state, _ = machine.step(state, given(machine, cube[-1], 1, y, z))
        h = method.learn(tuple(sample), ())
        for x in cube:
            outputs = machine.step(state, given(machine, x, 0, 0, cube[0]))[1].values()
            said.add(h(x))
            assert sum(bit << i for i, bit in enumerate(outputs)) == h(x) * 2**learner.fraction
    assert len(said) > 1


def test_a_parity_has_few_bits_of_state() -> None:
    assert [len(fed(parity_learner(n), 1).state) - 1 for n in (1, 2, 3, 8)] == [
        n * (n + 3) // 2 + 1 for n in (1, 2, 3, 8)
    ]
