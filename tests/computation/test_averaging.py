"""Averaging machines: A gets the mean of the values, once in so many steps, and nothing changes in between."""

import random
from fractions import Fraction
from itertools import product

import pytest

from constructions.computation.averaging import Averaging, MethodInBits, mean_of
from constructions.computation.averaging_gates import StepSizes, step_gates
from constructions.computation.design import Design, places
from constructions.computation.flat import FlatCircuit, Gates
from constructions.computation.machines import Machine
from constructions.computation.query_machine import Fixed
from constructions.computation.tally import gates_written
from constructions.errors import ConstructionError

PLACES, WIDTH = 3, 2
ANSWER = Fixed(width=PLACES + 2, fraction=PLACES, signed=True)


def keeping(n: int = 2) -> MethodInBits:
    """A method whose query is x1 where the label is 1, whose state keeps the last answer, and which predicts its sign
    bit."""
    state = PLACES + 2
    query = FlatCircuit(
        inputs=tuple(f"i{k}" for k in range(n + 1 + state)),
        gates=Gates.of([(2, (0, 2 * n)), (2, (2 * (n + 1), 2 * (n + 1) + 2)), (1, ())]),
        outputs={"low": 2 * (n + 1 + state), "high": 2 * (n + 3 + state)},
    )
    names = tuple(f"i{k}" for k in range(2 * state))
    update = FlatCircuit(inputs=names, gates=Gates.of([]), outputs={f"o{k}": 2 * (state + k) for k in range(state)})
    predict = FlatCircuit(
        inputs=tuple(f"i{k}" for k in range(n + state)), gates=Gates.of([]), outputs={"y": 2 * (n + state - 1)}
    )
    return MethodInBits(
        query=query,
        update=update,
        predict=predict,
        n=n,
        state=state,
        parallel=1,
        query_width=WIDTH,
        query_fraction=0,
        fraction=PLACES,
    )


def vector(name: str, value: int, width: int) -> dict[str, int]:
    """The bits of a vector."""
    return {bit: value >> i & 1 for i, bit in enumerate(places(name, width))}


def kept(machine: Machine, state: dict[str, int]) -> Fraction:
    """The answer that A's state keeps."""
    return ANSWER.value_of(sum(state[bit] << i for i, bit in enumerate(places("state", PLACES + 2))))


@pytest.mark.parametrize("b", [1, 2, 3, 4, 7])
def test_samples_become_answers(b: int) -> None:
    machine, draw = Averaging(method=keeping(), many=b, over=b).over_samples(), random.Random(b)
    state = machine.first_state()
    for _ in range(4):
        before, sample = kept(machine, state), [(draw.randint(0, 3), draw.randint(0, 1)) for _ in range(b)]
        for i, (point, label) in enumerate(sample):
            assert kept(machine, state) == before
            given = vector("point", point, 2) | {"label": label} | vector("x", 0, 2)
            state, out = machine.step(state, given)
            assert out["predict"] == 0 or i < b
        mean = Fraction(sum(point & 1 & label for point, label in sample), b)
        assert 0 <= mean - kept(machine, state) <= Fraction(1, 2**PLACES)


@pytest.mark.parametrize(("many", "over", "two"), [(1, 1, False), (3, 3, False), (6, 3, True), (8, 4, True)])
def test_rounds_become_answers(many: int, over: int, two: bool) -> None:
    averaging = Averaging(method=keeping(), many=many, over=over, two_labels=two)
    machine, draw = averaging.over_rounds(), random.Random(many)
    state, total = machine.first_state(), Fraction(0)
    for t in range(3 * many):
        total = Fraction(0) if t % many == 0 else total
        answer = Fraction(draw.randint(-8, 8), 8)
        total += answer
        label, point = draw.randint(0, 1), draw.randint(0, 3)
        given = vector("x", point, 2) | {"label": label} | vector("answer0", ANSWER.code_of(answer), PLACES + 2)
        state, out = machine.step(state, given)
        turn = not two or label == (t + 1) % 2
        assert out["query0[0]"] == (point & 1 & label & turn)
        if t % many == many - 1:
            wanted = max(min(total / over, Fraction(1)), Fraction(-1))
            assert abs(kept(machine, state) - wanted) <= Fraction(1, 2**PLACES)
            assert abs(kept(machine, state)) <= 1


def test_a_mean_is_clipped() -> None:
    design = Design()
    design.output("mean", mean_of(design.input("total", 6), design.constant(4, 6), 2))
    assert [design.evaluate(total=total % 64)["mean"] for total in (4, 20, -4, -20)] == [3, 3, 13, 13]


def test_the_formula_is_what_is_written() -> None:
    for many, two in product((1, 2, 5), (False, True)):
        made = Averaging(method=keeping(), many=many, over=many, two_labels=two)
        sizes = StepSizes(
            own=3,
            state=PLACES + 2,
            parallel=1,
            sum=made.width_over(PLACES),
            counter=made.counter,
            places=PLACES,
            masked=WIDTH if two else 0,
        )
        assert gates_written(made.write_over_rounds) == step_gates(sizes)


def test_circuits_of_other_sizes_are_refused() -> None:
    method = keeping()
    with pytest.raises(ConstructionError, match=r"need 9 inputs and 2 outputs, got \(8, 2\), at query"):
        MethodInBits(
            query=method.query,
            update=method.update,
            predict=method.update,
            n=3,
            state=5,
            parallel=1,
            query_width=2,
            query_fraction=0,
            fraction=PLACES,
        )
    with pytest.raises(ConstructionError, match="need an integer >= 1, got 0, at many"):
        Averaging(method=method, many=0, over=1)
