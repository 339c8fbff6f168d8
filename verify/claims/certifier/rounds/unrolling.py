"""The circuits of a machine's round that the certifier compares with a network: the digits that a query asks for, and
the answers that a decoder gives."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

from constructions.computation.builder import Builder
from constructions.computation.design import Design
from constructions.computation.flat import FlatCircuit
from constructions.computation.query_machine import QueryMachine
from constructions.foundations.logic import every
from verify.certifier.rounds.decoding import Decoding
from verify.certifier.rounds.unrolling import Role, UnrolledMachine
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, registry
from verify.obligations.verdict import Verdict


@cache
def _asking(fraction: int, signed: bool) -> UnrolledMachine:
    """A machine of one round whose query has x itself as its value."""
    design = Design()
    x = design.input("x", fraction + 1 + signed)
    design.input("answer0", fraction + 2)
    state = design.state("state")
    design.becomes(state, state)
    design.output("query0", x)
    design.output("predict", state)
    return UnrolledMachine(
        QueryMachine(
            machine=design.machine(), rounds=1, signed=signed, query_fraction=fraction, answer_fraction=fraction
        )
    )


def _number(case: Case, name: str) -> int:
    return int(case.integer(name))


def _digits(more: int) -> Callable[[Case], tuple[UnrolledMachine, dict[Role, int]]]:
    """A machine, and the digits that it asks of its value; ``more`` of them than it should."""

    def build(case: Case) -> tuple[UnrolledMachine, dict[Role, int]]:
        machine = _asking(_number(case, "fraction"), bool(_number(case, "signed")))
        builder = Builder()
        x, state = [builder.input(f"x{i}") for i in range(machine.given.inputs)], [builder.input("state")]
        asked = machine.digits(builder, x, state, _number(case, "d") + more)
        circuit = builder.circuit(None, {str(role): literal for role, literal in asked.items()})
        bits = {
            name: _number(case, "x") >> i & 1 for i, name in enumerate(f"x{i}" for i in range(machine.given.inputs))
        }
        found = circuit.evaluate({**bits, "state": 0})
        return machine, {role: int(found[str(role)]) for role in asked}

    return build


def digits_leave_out_little(subject: tuple[UnrolledMachine, dict[Role, int]], case: Case) -> None:
    """For every value in [-1, 1], the d digits that are asked of it, added up with their weights, never give more than
    its size and leave out at most 2^-d of it. (With the single digit of weight 1, d = 0, they leave out all but a whole
    1.)"""
    machine, asked = subject
    d, given = _number(case, "d"), machine.given
    value = given.query_format.value_of(_number(case, "x"))
    places = Decoding(d=d, multiplier=0, add=0, shift=0).places
    read = sum(
        (Fraction(bit * places[role.place] * (-1 if role.negative else 1), 1 << d) for role, bit in asked.items()),
        Fraction(0),
    )
    rest = (value - read) * (-1 if value < 0 else 1)
    case.show(
        "the rest", every(rest >= 0, rest <= (Fraction(1, 1 << d) if d else 1 - Fraction(1, 1 << given.query_fraction)))
    )


def _points() -> Iterator[dict[str, Any]]:
    for fraction, signed, d in product(range(4), (0, 1), range(6)):
        code_format = _asking(fraction, bool(signed)).given.query_format
        values = (x for x in range(1 << code_format.width) if abs(code_format.value_of(x)) <= 1)
        yield from ({"fraction": fraction, "signed": signed, "d": d, "x": x} for x in values)


def _long_digits(case: Case) -> tuple[UnrolledMachine, dict[Role, int]]:
    """Digits of which the last is taken for the first."""
    machine, asked = _digits(0)(case)
    last = max(role.place for role in asked)
    return machine, {Role(role.query, last - role.place, role.negative): bit for role, bit in asked.items()}


registry().add(
    Obligation(
        id="certifier.answer.asked",
        paper="the certifier",
        claim=digits_leave_out_little,
        kind="enumeration",
        domain=_points,
        of=_digits(0),
        twin=_long_digits,
        expect=Verdict.CHECKED,
        finite="all values of up to 3 binary places, up to 5 digits",
    )
)


DECODINGS = (
    Decoding(d=0, multiplier=11, add=4, shift=3),
    Decoding(d=0, multiplier=3, add=-30, shift=2),
    Decoding(d=2, multiplier=5, add=3, shift=2),
    Decoding(d=2, multiplier=3, add=-9, shift=3),
    Decoding(d=1, multiplier=40, add=1, shift=0),
)
BITS = 2


def _answering(more: int) -> Callable[[Case], tuple[Decoding, UnrolledMachine, dict[str, int]]]:
    """A decoder, and what the circuit makes of records, with a multiplier that is larger by ``more``."""

    def build(case: Case) -> tuple[Decoding, UnrolledMachine, dict[str, int]]:
        decoding = DECODINGS[_number(case, "decoding")]
        machine = _asking(2, bool(_number(case, "signed")))
        built = replace(decoding, multiplier=decoding.multiplier + more)
        circuit = _answer_circuit(machine, built)
        word = _number(case, "records")
        return decoding, machine, circuit.evaluate({name: word >> i & 1 for i, name in enumerate(circuit.inputs)})

    return build


@cache
def _answer_circuit(machine: UnrolledMachine, decoding: Decoding) -> FlatCircuit:
    builder = Builder()
    records = {role: [builder.input(f"{role} {i}") for i in range(BITS)] for role in _roles(machine, decoding)}
    (code,) = machine.answers(builder, decoding, machine.sums(builder, decoding, records, BITS))
    return builder.circuit(None, {str(i): literal for i, literal in enumerate(code)})


def _roles(machine: UnrolledMachine, decoding: Decoding) -> list[Role]:
    return [
        Role(0, i, bool(negative)) for negative in range(1 + machine.given.signed) for i in range(len(decoding.places))
    ]


def circuit_answers(subject: tuple[Decoding, UnrolledMachine, dict[str, int]], case: Case) -> None:
    """The certifier compares the update of a round with a circuit of its own. For all numbers that the copies may read,
    that circuit gives the decoder's answer."""
    decoding, machine, found = subject
    code = sum(int(bit) << int(name) for name, bit in found.items())
    total = 0
    for i, role in enumerate(_roles(machine, decoding)):
        read = _number(case, "records") >> BITS * i & (1 << BITS) - 1
        total += decoding.places[role.place] * read * (-1 if role.negative else 1)
    code_format = machine.given.answer_format
    case.equal(
        "the code",
        code_format.value_of(code) * (1 << code_format.fraction),
        Fraction(decoding.answer(total, code_format.fraction)),
    )


def _all_records() -> Iterator[dict[str, Any]]:
    for signed, which in product((0, 1), range(len(DECODINGS))):
        count = BITS * len(_roles(_asking(2, bool(signed)), DECODINGS[which]))
        yield from ({"signed": signed, "decoding": which, "records": word} for word in range(1 << count))


registry().add(
    Obligation(
        id="certifier.answer.circuit",
        paper="the certifier",
        claim=circuit_answers,
        kind="enumeration",
        domain=_all_records,
        of=_answering(0),
        twin=_answering(1),
        expect=Verdict.CHECKED,
        finite="five decoders, records of 2 bits, answers of 2 places, signed or not",
        needs=("bits.add.width", "bits.signed_more.width"),
    )
)
