"""Machines: simulated, unrolled, cleaned and composed, they do the same."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructions.computation.builder import Builder
from constructions.computation.flat import FlatCircuit, Gates
from constructions.computation.formats.aiger import AigerFile
from constructions.computation.formats.files import cleaned
from constructions.computation.machines import Machine, machine_of
from constructions.errors import ConstructionError


def written(inputs: str, state: dict[str, bool | None], write: Any) -> Machine:
    """A machine from a function of a builder and literals by name that returns outputs and next values."""
    builder = Builder()
    at = {name: builder.input(name) for name in (*inputs, *state)}
    outputs, after = write(builder, at)
    builder.outputs = {f"o {name}": literal for name, literal in outputs.items()} | {
        f"s {name}": after[name] for name in state
    }
    return machine_of(builder.circuit(), start=list(state.values()))


def counter(start: bool | None = False) -> Machine:
    """Two bits that count the steps in which x holds; the output is the carry."""

    def write(b: Builder, at: dict[str, int]) -> tuple[dict[str, int], dict[str, int]]:
        both = b.both(at["x"], at["p"])
        return {"carry": b.both(both, at["q"])}, {"p": b.xor(at["x"], at["p"]), "q": b.xor(both, at["q"])}

    return written("x", {"p": start, "q": start}, write)


def delay(start: bool | None = False) -> Machine:
    """The output is the input of the step before."""
    return written("d", {"q": start}, lambda b, at: ({"y": at["q"]}, {"q": at["d"]}))


def invert() -> Machine:
    """No state; the output is the negation of the input."""
    return written("a", {}, lambda b, at: ({"n": at["a"] ^ 1}, {}))


@st.composite
def machines(draw: st.DrawFn) -> Machine:
    """Any machine of two inputs and two state bits."""
    rows = []
    for v in range(4, 4 + draw(st.integers(1, 8))):
        nodes = draw(st.lists(st.integers(0, v - 1), unique=True, max_size=3))
        rows.append((draw(st.integers(0, len(nodes) + 1)), [2 * u + draw(st.integers(0, 1)) for u in nodes]))
    literal = st.integers(0, 2 * (4 + len(rows)) - 1)
    circuit = FlatCircuit(
        inputs=("a", "b", "p", "q"), gates=Gates.of(rows), outputs={"y": draw(literal), "z": draw(literal)}
    )
    start = draw(st.tuples(*[st.sampled_from([False, True, None])] * 2))
    return Machine(circuit=circuit, next=(draw(literal), draw(literal)), start=start)


def test_a_counter_counts() -> None:
    steps = [{"x": bit} for bit in (1, 1, 0, 1, 1, 1, 0, 1, 1, 1)]
    assert [outputs["carry"] for outputs in counter().simulate(steps)] == [0, 0, 0, 0, 1, 0, 0, 0, 0, 1]


def test_a_machine_names_its_inputs_state_and_outputs() -> None:
    machine = counter()
    assert (machine.inputs, machine.state, machine.outputs) == (("x",), ("p", "q"), ("carry",))
    assert (invert().inputs, invert().state) == (("a",), ())


@given(
    machine=machines(),
    words=st.lists(st.tuples(*[st.integers(0, 15)] * 2), max_size=4),
    free=st.tuples(*[st.integers(0, 15)] * 2),
)
def test_the_unrolled_machine_is_the_simulated_one(
    machine: Machine, words: list[tuple[int, int]], free: tuple[int, int]
) -> None:
    steps = [{"a": a, "b": b} for a, b in words]
    given_ = {name: bits for name, bits, start in zip(machine.state, free, machine.start, strict=True) if start is None}
    unrolled = machine.unroll(len(steps))
    assert set(unrolled.inputs) == {*given_} | {f"{x}@{t}" for t in range(len(steps)) for x in "ab"}
    found = unrolled.evaluate(
        given_ | {f"{x}@{t}": bits for t, step in enumerate(steps) for x, bits in step.items()}, width=4
    )
    for t, outputs in enumerate(machine.simulate(steps, width=4, free=given_)):
        assert outputs == {name: found[f"{name}@{t}"] for name in "yz"}
    state = machine.first_state(width=4, free=given_)
    for step in steps:
        state, _ = machine.step(state, step, width=4)
    assert state == {name: found[f"{name}@{len(steps)}"] for name in "pq"}


@given(machine=machines(), words=st.lists(st.tuples(st.integers(0, 15), st.integers(0, 15)), min_size=1, max_size=4))
def test_the_cleaned_machine_does_the_same(machine: Machine, words: list[tuple[int, int]]) -> None:
    steps, smaller = [{"a": a, "b": b} for a, b in words], cleaned(AigerFile(machine=machine)).machine
    free = {name: 0b1010 for name, start in zip(machine.state, machine.start, strict=True) if start is None}
    assert list(smaller.simulate(steps, width=4, free=free)) == list(machine.simulate(steps, width=4, free=free))
    assert smaller.start == machine.start and smaller.circuit.inputs == machine.circuit.inputs


def test_no_steps_leave_the_state_at_its_start() -> None:
    assert counter(True).unroll(0).evaluate({}) == {"p@0": 1, "q@0": 1}


@pytest.mark.parametrize("start", [False, True, None])
def test_a_state_bit_starts_at_its_value_or_at_any(start: bool | None) -> None:
    machine = delay(start)
    assert machine.first_state(width=3) == {"q": 0b111 if start else 0}
    if start is None:
        assert machine.first_state(width=3, free={"q": 0b1101}) == {"q": 0b101}


@pytest.mark.parametrize("name", ["q", "lost"])
def test_only_a_state_bit_without_a_start_value_is_free(name: str) -> None:
    with pytest.raises(ConstructionError, match=f"^need state bits without a start value, got '{name}'$"):
        delay().first_state(free={name: 1})


def test_negative_steps_are_refused() -> None:
    with pytest.raises(ConstructionError, match=r"^need a number of steps >= 0, got -1$"):
        delay().unroll(-1)


@pytest.mark.parametrize(
    ("after", "start", "message"),
    [
        ((0,), (), "need a next and a start for each state bit, got 1 and 0, with 2 inputs of the circuit"),
        (
            (0, 0, 0),
            (None,) * 3,
            "need a next and a start for each state bit, got 3 and 3, with 2 inputs of the circuit",
        ),
        ((4,), (False,), "need a literal below 4 as the next state, got 4"),
        ((-1,), (False,), "need a literal below 4 as the next state, got -1"),
    ],
)
def test_a_machine_refuses_a_state_that_does_not_fit(
    after: tuple[int, ...], start: tuple[bool | None, ...], message: str
) -> None:
    circuit = FlatCircuit(inputs=("a", "b"), gates=Gates.of([]), outputs={})
    with pytest.raises(ConstructionError, match=f"^{message}$"):
        Machine(circuit=circuit, next=after, start=start)


@pytest.mark.parametrize(
    ("state", "inputs"), [({"q": 0}, {}), ({}, {"d": 0}), ({"q": 0}, {"d": 0, "e": 0}), ({"q": 0, "d": 0}, {"d": 0})]
)
def test_a_step_needs_every_input_and_state_bit_once(state: dict[str, int], inputs: dict[str, int]) -> None:
    with pytest.raises(ConstructionError, match=r"^need a value for each input and state bit, got another set, at "):
        delay().step(state, inputs)


def test_the_exposed_circuit_is_the_machine_again() -> None:
    machine = counter(None)
    again = machine_of(machine.exposed(), start=machine.start)
    assert again.circuit.same_structure(machine.circuit) and again.next == machine.next
