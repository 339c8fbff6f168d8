"""The computation of a round: gating, outputs as gates, one sink, and agreement with the machine on random values."""

from fractions import Fraction
from random import Random

import pytest

from constructions.computation.design import Design
from constructions.computation.flat import FlatCircuit, Gates
from constructions.computation.learner_machines import best_literal_machine, correlations_machine
from constructions.computation.query_machine import QueryMachine
from constructions.networks.decoder import Decoder
from constructions.networks.emulation import Plan
from constructions.networks.queries import DYADIC
from constructions.networks.round_circuit import (
    QueryCopy,
    gating,
    is_binary,
    predictor_circuit,
    round_circuit,
    steadied,
    unread,
    with_vertices,
)
from verify.certifier.certify import certify_network


def decoder_of(machine: QueryMachine) -> Decoder:
    return Decoder(
        setting=DYADIC,
        rho=Fraction(1, 16),
        signed=machine.signed,
        binary=is_binary(machine),
        answer_fraction=machine.answer_fraction,
    )


@pytest.mark.parametrize("active", [False, True])
@pytest.mark.parametrize(
    "machine", [best_literal_machine(3, fraction=6), correlations_machine(2, fraction=7)], ids=["binary", "signed"]
)
def test_a_round_computes_what_the_machine_does(machine: QueryMachine, active: bool) -> None:
    decoder, random = decoder_of(machine), Random(1)
    made = round_circuit(machine, decoder, active=active)
    names = machine.machine.state
    for _ in range(30):
        values = {name: random.randrange(2) for name in made.circuit.inputs}
        x = [values[f"x {i}"] for i in range(machine.inputs)]
        state = {name: values[f"state {i}"] for i, name in enumerate(names)}
        for i in range(decoder.bits):
            values[f"digit 0 {i}"] = 0
        values["clock"] = 1
        found = made.circuit.evaluate(values)
        asked = machine.ask(state, x)
        for c, copy in enumerate(made.copies[1:], 1):
            size = max(asked[copy.query] * copy.sign, Fraction(0))
            code = min(int(size * 2**decoder.digits), 2**decoder.digits - 1)
            digit = int(size > 0) if decoder.digits == 0 else code >> decoder.digits - 1 - copy.place & 1
            assert found[f"idle {c}"] == 1 - digit
        assert not found["clock"] and not any(found[f"state {i}"] for i in range(len(names)))
        values["digit 0 1"] = 1
        found = made.circuit.evaluate(values)
        assert found["clock"] and all(found[f"idle {c}"] for c in range(len(made.copies)))
        read = {
            copy: sum(values[f"digit {c} {i}"] << i for i in range(decoder.bits)) for c, copy in enumerate(made.copies)
        }
        answers = []
        for j in range(machine.parallel):
            parts = [[read.get(QueryCopy(j, sign, i), 0) for i in range(len(decoder.places))] for sign in (1, -1)]
            answers.append(decoder.answer(decoder.total(*parts)))
        after = machine.after(state, answers)
        assert [found[f"state {i}"] for i in range(len(names))] == [after[name] for name in names]


def test_digits_that_are_never_set_have_no_copy() -> None:
    made = round_circuit(
        correlations_machine(2, fraction=7), decoder_of(correlations_machine(2, fraction=7)), active=False
    )
    assert [copy.name for copy in made.copies] == ["clock", "query0+0", "query0-0", "query1+0", "query1-0"]


def test_every_input_but_x_is_read() -> None:
    design = Design()
    x, unused = design.input("x", 2), design.state("unused", 2)
    design.input("answer0", 8)
    design.becomes(unused, unused + 1)
    design.output("query0", x[0])
    design.output("predict", x[0])
    machine = QueryMachine(machine=design.machine(), rounds=1, answer_fraction=6)
    made = round_circuit(machine, decoder_of(machine), active=False)
    assert unread(made.circuit) == ["x 1"]
    assert unread(predictor_circuit(machine, x_unread=[1])) == []


def test_a_predictor_that_is_never_one_keeps_a_control() -> None:
    design = Design()
    x = design.input("x", 1)
    design.input("answer0", 8)
    design.output("query0", x)
    design.output("predict", design.constant(0, 1))
    machine = QueryMachine(machine=design.machine(), rounds=1, answer_fraction=6)
    assert set(predictor_circuit(machine).outputs) == {"value 0", "steady"}


def test_outputs_that_share_a_gate_are_told_apart_on_demand() -> None:
    one = FlatCircuit(inputs=("a", "b"), gates=Gates.of([(2, (0, 2))]), outputs={"p": 4, "q": 4, "r": 4, "in": 0})
    made = with_vertices(one, apart=["p", "q"])
    assert made.outputs["p"] != made.outputs["q"]
    assert made.outputs["in"] >> 1 >= 2
    assert made.evaluate({"a": 0b0011, "b": 0b0101}, width=4) == {"p": 1, "q": 1, "r": 1, "in": 3}


@pytest.mark.parametrize("value", [False, True])
def test_steady_is_constant_whatever_it_reads(value: bool) -> None:
    lone = FlatCircuit(inputs=("a", "b", "c"), gates=Gates.of([(1, (1,))]), outputs={"no": 6})
    made = steadied(lone, value=value)
    assert made.evaluate({"a": 0b01010101, "b": 0b00110011, "c": 0b00001111}, width=8)["steady"] == (
        255 if value else 0
    )
    assert unread(made) == []


def test_gating_is_what_the_round_uses() -> None:
    assert list(gating().outputs) == ["now", "seen", "acting", "kept"]


def test_a_value_with_fewer_bits_than_places_is_asked_at_its_place() -> None:
    design = Design()
    x, answer = design.input("x", 1), design.input("answer0", 9)
    design.becomes(design.state("kept", 9), answer)
    design.output("query0", x)
    design.output("predict", x)
    machine = QueryMachine(machine=design.machine(), rounds=1, query_fraction=3, answer_fraction=7)
    made = round_circuit(machine, decoder_of(machine), active=False)
    assert [copy.name for copy in made.copies] == ["clock", "query0+2"]
    plan = Plan(machine=machine, rho=Fraction(1, 16))
    assert certify_network(plan.trainable, machine).certified
