"""Designs: vectors in and out of circuits and machines, declared at any time, named bit by bit."""

from itertools import islice, repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructions.computation.bits import concat, mux
from constructions.computation.design import Design, places
from constructions.errors import ConstructionError


def counter(width: int = 3, start: int | None = 0) -> Design:
    """Counts the steps in which ``go`` is set."""
    design = Design()
    count = design.state("count", width, start=start)
    design.becomes(count, mux(design.input("go"), count + 1, count))
    design.output("count", count)
    design.output("full", count.all())
    return design


def test_bits_are_named_from_the_least_and_a_single_bit_has_no_index() -> None:
    design = Design()
    a, b = design.input("a", 3), design.input("b")
    design.output("sum", a + b.extended(3))
    design.output("carry", a.all() & b)
    circuit = design.circuit()
    assert circuit.inputs == ("a[0]", "a[1]", "a[2]", "b")
    assert list(circuit.outputs) == ["sum[0]", "sum[1]", "sum[2]", "carry"]
    assert circuit(**{"a[0]": True, "a[1]": False, "a[2]": True, "b": True})["sum[1]"] is True


def test_an_input_may_be_declared_after_gates() -> None:
    design = Design()
    square = design.input("a", 3).times(3)
    design.output("out", square - design.input("b", 5))
    assert design.circuit().inputs == tuple(places("a", 3) + places("b", 5))
    assert design.evaluate(a=5, b=4) == {"out": 11}


def test_an_input_that_no_output_needs_stays_and_its_gates_go() -> None:
    design = Design()
    a, b = design.input("a", 4), design.input("b", 4)
    assert (a * b).text == "(a * b)"
    design.output("out", a & b)
    assert len(design.circuit().inputs) == 8
    assert len(design.circuit().gates) == 4


def test_a_constant_is_an_output_without_inputs() -> None:
    design = Design()
    design.output("out", concat(design.constant(-2, 3), design.constant(1, 1)))
    assert design.evaluate() == {"out": 0b1110}


def test_a_design_may_be_read_while_it_is_being_written() -> None:
    design = Design()
    a = design.input("a", 2)
    design.output("more", a + 1)
    assert design.evaluate(a=1) == {"more": 2}
    design.output("less", a - 1)
    assert design.evaluate(a=1) == {"more": 2, "less": 0}


@given(st.lists(st.booleans(), max_size=20), st.integers(0, 7))
def test_a_counter_counts(steps: list[bool], start: int) -> None:
    found = list(counter(start=start).simulate({"go": int(go)} for go in steps))
    counts = [(start + sum(steps[:t])) % 8 for t in range(len(steps))]
    assert found == [{"count": count, "full": int(count == 7)} for count in counts]


def test_a_machine_has_its_inputs_first_and_its_state_in_the_order_of_declaration() -> None:
    machine = counter(2, start=2).machine()
    assert (machine.inputs, machine.state) == (("go",), ("count[0]", "count[1]"))
    assert machine.start == (False, True)
    assert machine.outputs == ("count[0]", "count[1]", "full")


def test_a_negative_start_is_in_twos_complement() -> None:
    assert counter(3, start=-1).machine().start == (True, True, True)


def test_a_state_without_a_start_may_have_any_value_at_first() -> None:
    machine = counter(2, start=None).machine()
    assert machine.start == (None, None)
    assert next(machine.simulate([{"go": 0}], free={"count[1]": 1})) == {"count[0]": 0, "count[1]": 1, "full": 0}


def test_states_feed_each_other() -> None:
    design = Design()
    a, b = design.state("a", 8, start=0), design.state("b", 8, start=1)
    design.becomes(a, b)
    design.becomes(b, a + b)
    design.output("a", a)
    assert [found["a"] for found in islice(design.simulate(repeat({}, 13)), 13)] == [
        0,
        1,
        1,
        2,
        3,
        5,
        8,
        13,
        21,
        34,
        55,
        89,
        144,
    ]


def test_an_unrolled_design_is_the_machine_run() -> None:
    machine = counter(2).machine()
    circuit = machine.unroll(3)
    found = circuit.evaluate({f"go@{t}": 1 for t in range(3)})
    assert (found["count[0]@3"], found["count[1]@3"]) == (1, 1)


def test_a_state_needs_one_next_value_of_its_width() -> None:
    design = Design()
    q, x = design.state("q", 2), design.input("x", 3)
    with pytest.raises(ConstructionError, match="need a next value for every state, got none, at q"):
        design.machine()
    with pytest.raises(
        ConstructionError, match=r"need vectors of one width, got 2 bits of q and 3 bits of x, at \(q becomes x\)"
    ):
        design.becomes(q, x)
    with pytest.raises(ConstructionError, match=r"need a state vector of this design, got \(q \+ 1\)"):
        design.becomes(q + 1, q)
    design.becomes(q, 3)
    with pytest.raises(ConstructionError, match="need one next value for a state, got a second, at q"):
        design.becomes(q, q)


def test_a_design_with_state_is_no_circuit() -> None:
    with pytest.raises(
        ConstructionError, match=r"need a design without state for a circuit, got count; use machine\(\)"
    ):
        counter().circuit()


@pytest.mark.parametrize("name", ["", "a[0]", "a]"])
def test_a_name_that_an_index_could_make_is_refused(name: str) -> None:
    with pytest.raises(ConstructionError, match="need a name without brackets"):
        Design().input(name, 2)


def test_a_name_is_used_once() -> None:
    design = Design()
    a = design.input("a")
    design.output("a", a)
    for declare in (lambda: design.input("a", 2), lambda: design.state("a"), lambda: design.output("a", ~a)):
        with pytest.raises(ConstructionError, match="need a new name, got 'a' twice"):
            declare()


def test_a_width_is_positive_and_a_start_fits() -> None:
    with pytest.raises(ConstructionError, match="need an integer >= 1, got 0, at input 'a'"):
        Design().input("a", 0)
    with pytest.raises(ConstructionError, match=r"need an int from -4 to 7 for 3 bits, got 8, at constant\(8, 3\)"):
        Design().state("q", 3, start=8)


def test_an_output_is_a_vector_of_the_design() -> None:
    with pytest.raises(ConstructionError, match="need a vector of this design, got z, at output 'out'"):
        Design().output("out", Design().input("z"))
    with pytest.raises(ConstructionError, match="need a vector of this design, got 3, at output 'out'"):
        Design().output("out", 3)  # type: ignore[arg-type]


def test_numbers_are_given_for_all_inputs_and_fit() -> None:
    design = Design()
    design.output("out", design.input("a", 2))
    with pytest.raises(ConstructionError, match=r"need numbers for \['a'\], got \['b'\]"):
        design.evaluate(b=1)
    with pytest.raises(ConstructionError, match="need a number of 2 bits, got 4, at a"):
        design.evaluate(a=4)


def test_a_name_longer_than_a_text_is_still_a_state() -> None:
    design = Design()
    q = design.state("q" * 80, 2)
    design.becomes(q, ~q)
    assert design.machine().state[1] == "q" * 80 + "[1]"
