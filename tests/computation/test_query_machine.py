"""Query machines: ports, numbers, rounds against an oracle, what may depend on what, AIGER and back."""

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructions.computation.builder import Builder
from constructions.computation.design import Design
from constructions.computation.formats.aiger import AigerFile, read_aiger
from constructions.computation.formats.aiger_writing import write_aiger
from constructions.computation.machines import Machine, machine_of
from constructions.computation.query_machine import Fixed, QueryMachine, query_machine
from constructions.errors import ConstructionError

F = Fraction


def sign_of_x1(change: Callable[[dict[str, int], dict[str, int]], None] = lambda at, out: None) -> Machine:
    """One query a round: x1, then x1 and x2; keeps whether an answer was negative, and a random bit; predicts x1 if
    so, else 1/2 x2."""
    builder = Builder()
    names = ["x[0]", "x[1]", "answer0[0]", "answer0[1]", "answer0[2]", "random", "second", "negative", "coin"]
    at = {name: builder.input(name) for name in names}
    both = builder.both(at["x[0]"], at["x[1]"])
    chosen = builder.mux(at["second"], both, at["x[0]"])
    half, whole = builder.both(at["negative"] ^ 1, at["x[1]"]), builder.both(at["negative"], at["x[0]"])
    out = {"o query0": chosen, "o predict[0]": half, "o predict[1]": whole}
    out |= {"s second": -1, "s negative": builder.either(at["negative"], at["answer0[2]"]), "s coin": at["random"]}
    change(at, out)
    for name, literal in out.items():
        builder.output(name, literal)
    return machine_of(builder.circuit(), start=(False, False, False))


def made(machine: Machine | None = None, **rest: Any) -> QueryMachine:
    return QueryMachine(
        machine=machine or sign_of_x1(), **{"rounds": 2, "answer_fraction": 1, "predict_fraction": 1, **rest}
    )


def test_the_sizes_are_read_off_the_ports() -> None:
    machine = made()
    assert (machine.parallel, machine.inputs, machine.random_bits) == (1, 2, 1)
    assert (machine.query_format, machine.answer_format) == (
        Fixed(width=1, fraction=0),
        Fixed(width=3, fraction=1, signed=True),
    )


def test_a_run_asks_the_label_of_its_round_and_keeps_the_answers() -> None:
    machine, seen = made(), []
    state = machine.start()
    for round_, answer, coin in ((1, F(1), 0), (2, F(-1, 2), 1)):
        query = machine.query_at(state, round_)
        seen.append((round_, [query((a, b), y)[0] for a, b in ((1, 0), (1, 1)) for y in (0, 1)]))
        state = machine.after(state, [answer], (coin,))
    assert seen == [(1, [F(0), F(1), F(0), F(1)]), (2, [F(0), F(0), F(1), F(0)])]
    assert state == {"second": 1, "negative": 1, "coin": 1}


def test_the_prediction_is_a_fixed_point_number() -> None:
    machine = made()
    start = machine.start()
    assert [machine.predict(start, x) for x in ((0, 0), (0, 1), (1, 1))] == [F(0), F(1, 2), F(1, 2)]
    assert machine.predict(start | {"negative": 1}, (1, 1)) == 1


def test_its_circuits_are_parts_of_the_machine() -> None:
    machine = made()
    assert tuple(machine.query.outputs) == ("query0",) and tuple(machine.predictor.outputs) == (
        "predict[0]",
        "predict[1]",
    )
    assert tuple(machine.update.outputs) == ("second", "negative", "coin")
    assert len(machine.query.gates) < len(machine.machine.circuit.gates)


@given(code=st.integers(0, 31), signed=st.booleans(), fraction=st.integers(0, 6))
def test_numbers_are_written_and_read(code: int, signed: bool, fraction: int) -> None:
    form = Fixed(width=5, fraction=fraction, signed=signed)
    assert form.code_of(form.value_of(code)) == code
    low, high = (-16, 15) if signed else (0, 31)
    assert F(low, 2**fraction) <= form.value_of(code) <= F(high, 2**fraction)


@pytest.mark.parametrize("answer", [F(1, 4), F(2), F(-5, 2)])
def test_an_answer_that_cannot_be_written_is_refused(answer: Fraction) -> None:
    with pytest.raises(ConstructionError, match=r"need a signed number of 3 bits over 2, got"):
        made().after(made().start(), [answer], (0,))


def test_bits_of_the_wrong_number_are_refused() -> None:
    machine = made()
    with pytest.raises(ConstructionError, match=r"need 2 bits, got \[1\], at x"):
        machine.ask(machine.start(), (1,))
    with pytest.raises(ConstructionError, match=r"need 1 bits, got \[2\], at random bits"):
        machine.after(machine.start(), [F(0)], (2,))
    with pytest.raises(ConstructionError, match="need 1 answers, got 2"):
        machine.after(machine.start(), [F(0), F(0)], (1,))


def test_a_query_may_not_depend_on_an_answer() -> None:
    def change(at: dict[str, int], out: dict[str, int]) -> None:
        out["o query0"] = at["answer0[0]"]

    with pytest.raises(
        ConstructionError, match=r"a prediction that does not depend on answer or random, got one on answer0\[0\]"
    ):
        made(sign_of_x1(change))


def test_the_next_state_may_not_depend_on_x() -> None:
    def change(at: dict[str, int], out: dict[str, int]) -> None:
        out["s coin"] = at["x[1]"]

    with pytest.raises(ConstructionError, match=r"need a next state that does not depend on x, got one on x\[1\]"):
        made(sign_of_x1(change))


def renamed(old: str, new: str) -> Machine:
    machine = sign_of_x1()
    circuit = machine.circuit
    inputs = tuple(new if name == old else name for name in circuit.inputs)
    outputs = {new if name == old else name: literal for name, literal in circuit.outputs.items()}
    return replace(machine, circuit=replace(circuit, inputs=inputs, outputs=outputs))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("x[1]", "y", "need ports x, answer0, random, query0, predict"),
        ("x[1]", "x[01]", r"need ports x, answer0, random, query0, predict .* got 'x\[01\]'"),
        ("x[1]", "x[٣]", "need ports x, answer0, random, query0, predict"),
        ("random", "answer1", "need an answer to each of 1 queries a round, got 'answer1' without its query"),
        ("x[1]", "x[2]", r"need bits 0 to 1 of port 'x', got \[0, 2\]"),
        ("query0", "query1", "need a port 'query0' of a machine with 1 queries a round"),
        ("random", "predict", "need x or answer or random as an input, got 'predict'"),
        ("query0", "random", "need query or predict as an output, got 'random'"),
    ],
)
def test_ports_are_checked_by_name(old: str, new: str, message: str) -> None:
    with pytest.raises(ConstructionError, match=message):
        made(renamed(old, new))


def test_a_state_bit_needs_a_start() -> None:
    machine = sign_of_x1()
    with pytest.raises(ConstructionError, match="need a start value for every state bit"):
        made(replace(machine, start=(None, False, False)))


@pytest.mark.parametrize("binary", [False, True])
def test_aiger_keeps_the_machine_and_its_numbers(binary: bool) -> None:
    first = made()
    second = query_machine(read_aiger(write_aiger(first.aiger(), binary=binary)))
    assert (second.rounds, second.answer_fraction, second.predict_fraction, second.signed) == (2, 1, 1, False)
    for a in (0, 1):
        for b in (0, 1):
            for state in ({"second": 0, "negative": 1, "coin": 0}, {"second": 1, "negative": 0, "coin": 1}):
                assert first.ask(state, (a, b)) == second.ask(state, (a, b))
                assert first.predict(state, (a, b)) == second.predict(state, (a, b))


def test_a_name_twice_is_refused() -> None:
    data = write_aiger(made().aiger(), binary=False)
    name = data.split(b"i0 ")[1].split(b"\n")[0]
    twice = data.replace(b"i1 " + data.split(b"i1 ")[1].split(b"\n")[0], b"i1 " + name)
    message = f"need different names for the ports of a machine, got {name.decode()!r} at i0, i1"
    with pytest.raises(ConstructionError, match=f"^{re.escape(message)}$"):
        query_machine(read_aiger(twice))


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("", "need a comment that starts with"),
        (
            "querygrad query machine {\n",
            "need a comment with rounds, signed, query_fraction, answer_fraction, predict_fraction, got",
        ),
        ('querygrad query machine {"rounds": -1}\n', "^need an integer >= 0, got -1, at rounds"),
        ('querygrad query machine {"steps": 1}\n', r"need a comment with rounds, .*\('steps' is none of rounds, "),
        ('querygrad query machine {"signed": true}\n', r"need a comment with rounds, .*\(no rounds\)"),
        ("querygrad query machine [1]\n", "need a comment with rounds"),
        ("querygrad query machine " + "[" * 100_000 + "\n", "need a comment with rounds"),
        ('querygrad query machine {"rounds": 1, "rounds": 2}\n', "a key twice"),
        ('querygrad query machine {"rounds": 1}', "need a comment of one line"),
        ('querygrad query machine {"rounds": 1}\ni0 x[1]\n', "need a comment of one line"),
        ('querygrad query machine {"rounds": 1}\x0b\n', "need a comment of one line"),
        ('by hand\nquerygrad query machine {"rounds": 1}\n', "need a comment that starts with"),
    ],
)
def test_an_aiger_file_without_its_numbers_is_refused(comment: str, message: str) -> None:
    with pytest.raises(ConstructionError, match=message):
        query_machine(AigerFile(machine=sign_of_x1(), comment=comment))


@pytest.mark.parametrize("byte", [0, 9, 11, 13, 28, 127, 133, 160])
def test_a_file_with_odd_bytes_behind_its_gates_is_no_machine(byte: int) -> None:
    machine = made()
    data = write_aiger(machine.aiger(), binary=True)
    assert query_machine(read_aiger(data)).rounds == machine.rounds
    place = data.index(b"predict")
    with pytest.raises(ConstructionError, match=r"printable ASCII|need ports|symbol"):
        query_machine(read_aiger(data[:place] + bytes([byte]) + data[place:]))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ('"signed": "yes"', "need True or False, got 'yes', at signed"),
        ('"signed": 1', "need True or False, got 1, at signed"),
        ('"query_fraction": 1001', "need query_fraction of at most 1000"),
        ('"answer_fraction": 1' + "0" * 400, "need answer_fraction of at most 1000"),
        ('"rounds": 1' + "0" * 30, "need rounds of at most 1152921504606846976, got a number of 100 bits"),
    ],
)
def test_numbers_in_a_file_that_no_machine_has_are_refused(given: str, message: str) -> None:
    file = made().aiger()
    name = given.partition(":")[0]
    comment = re.sub(rf"{name}: [a-z0-9]+", given, file.comment)
    assert comment.count(name) == 1 and comment != file.comment
    with pytest.raises(ConstructionError, match=message):
        query_machine(replace(file, comment=comment))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("x[1]", "y", "^need ports x, answer0, random, query0, predict .with an index in brackets., got 'y'$"),
        ("x[1]", "x[2]", r"^need bits 0 to 1 of port 'x', got \[0, 2\]$"),
        ("query0", "query1", "^need a port 'query0' of a machine with 1 queries a round, got none$"),
    ],
)
def test_a_wrong_port_of_a_file_is_the_error_not_its_comment(old: str, new: str, message: str) -> None:
    file = replace(made().aiger(), machine=renamed(old, new))
    with pytest.raises(ConstructionError, match=message):
        query_machine(file)


def test_a_query_without_an_answer_is_refused() -> None:
    """Once it was counted as half a query, and left out."""

    def change(at: dict[str, int], out: dict[str, int]) -> None:
        out["o query1"] = at["x[1]"]

    with pytest.raises(ConstructionError, match="need a port 'answer1' of a machine with 2 queries a round, got none"):
        made(sign_of_x1(change))


def test_a_number_that_is_given_twice_is_refused() -> None:
    file = made().aiger()
    comment = file.comment.rstrip().removesuffix("}") + ', "rounds": 7}\n'
    with pytest.raises(ConstructionError, match="a key twice"):
        query_machine(replace(file, comment=comment))


def test_a_state_of_any_name_is_written_in_ascii_and_read_again() -> None:
    design, names = Design(), ("\x1b", "a b", "\u05d0\n", "\\{1b}", "caf\udce9")
    x, answer = design.input("x"), design.input("answer0", 3)
    for name in names:
        state = design.state(name)
        design.becomes(state, answer[0])
    design.output("query0", x)
    design.output("predict", state)
    machine = QueryMachine(machine=design.machine(), rounds=1, answer_fraction=1)
    data = write_aiger(machine.aiger(), binary=False)
    again = query_machine(read_aiger(data))
    assert data.isascii() and again.machine.state == names and write_aiger(again.aiger(), binary=False) == data
