"""The machine's side of a round: digits of queries, answers, next states, against integers and the machine's own
circuits."""

from random import Random

import pytest

from constructions.computation.query_machine import QueryMachine
from verify.attacks.bases import base
from verify.certifier.certificate.entries import spelled
from verify.certifier.rounds.decoding import Decoding
from verify.recheck.circuit import Circuit
from verify.recheck.machine import read_machine
from verify.recheck.memory import Decoder
from verify.recheck.readout import above_one, answers, asked_template, digits_asked, next_template, predicted_template


def value_of(circuit: Circuit, literals: list[int], given: dict[str, int]) -> list[int]:
    """The values of literals, leaves by their names (0 if none is given)."""
    values = [0] * len(circuit.rows)
    for name, literal in circuit.names.items():
        values[literal >> 1] = given.get(name, 0)
    for node, row in enumerate(circuit.rows):
        if row is not None:
            values[node] = int(sum(values[x >> 1] ^ (x & 1) for x in row[1]) >= row[0])
    return [values[x >> 1] ^ (x & 1) for x in literals]


@pytest.mark.parametrize("name", ["quarters, minimal", "signed whole, rho = 1/20", "signed, dyadic", "coins, minimal"])
def test_digits_are_those_of_the_value_and_sizes_above_one_are_seen(name: str) -> None:
    machine = read_machine(spelled(base(name).machine).encode())
    width, q = len(machine.port("query0")), machine.query_fraction
    for d in range(4):
        circuit = Circuit({})
        value = [circuit.leaf(f"q{i}") for i in range(width)]
        digits = digits_asked(circuit, machine, Decoder(d=d, multiplier=1, add=0, shift=0), [value])
        outside = above_one(circuit, machine, value)
        for code in range(1 << width):
            number = code - (1 << width) if machine.signed and code >> width - 1 else code
            given = {f"q{i}": code >> i & 1 for i in range(width)}
            *found, above = value_of(circuit, [*digits.values(), outside], given)
            assert above == int(abs(number) > 1 << q)
            for (_, i, negative), bit in zip(digits, found, strict=True):
                whole, part = abs(number) >> q > 0, bool(abs(number) >> (q - 1 - i) & 1) if i < q else False
                expected = (whole or part) if d else whole
                assert bit == int(expected and (number < 0) == bool(negative))


@pytest.mark.parametrize("name", ["quarters, minimal", "signed, dyadic", "literal, one round"])
@pytest.mark.parametrize("seed", range(4))
def test_answers_are_the_decoder_s(name: str, seed: int) -> None:
    machine, source, bits = read_machine(spelled(base(name).machine).encode()), Random(seed), 3
    d, multiplier, add, shift = (
        source.randrange(4),
        source.randrange(1, 40),
        source.randrange(-9, 9),
        source.randrange(5),
    )
    decoder, other = (
        Decoder(d=d, multiplier=multiplier, add=add, shift=shift),
        Decoding(d=d, multiplier=multiplier, add=add, shift=shift),
    )
    circuit = Circuit({})
    parts = (0, 1) if machine.signed else (0,)
    roles = [(j, i, negative) for j in range(machine.queries) for i in range(max(d, 1)) for negative in parts]
    records = {role: [circuit.leaf(f"{role} {i}") for i in range(bits)] for role in roles}
    found = answers(circuit, machine, decoder, records, bits)
    for _ in range(40):
        read = {role: source.randrange(1 << bits) for role in roles}
        given = {f"{role} {i}": number >> i & 1 for role, number in read.items() for i in range(bits)}
        for j, literals in enumerate(found):
            total = sum(
                (1 << max(d - 1 - i, 0)) * (-1) ** negative * number
                for (q, i, negative), number in read.items()
                if q == j
            )
            code = sum(bit << i for i, bit in enumerate(value_of(circuit, literals, given)))
            assert code == other.answer(total, machine.answer_fraction) % (1 << len(literals))


@pytest.mark.parametrize("name", ["coins, minimal", "two literals, minimal", "signed, dyadic"])
def test_the_next_state_is_the_machine_s(name: str) -> None:
    made, source = base(name), Random(5)
    other: QueryMachine = made.machine
    machine, plan = read_machine(spelled(other).encode()), made.plan
    d = plan.decoder
    decoder = Decoder(d=d.digits, multiplier=d.multiplier, add=d.add, shift=d.shift)
    _, roles = asked_template(machine, decoder)
    template, predicted = next_template(machine, decoder, roles, d.bits), predicted_template(machine)
    states = list(other.machine.state)
    for _ in range(20):
        state = {bit: source.randrange(2) for bit in states}
        random = [source.randrange(2) for _ in range(other.random_bits)]
        read = {role: source.randrange(1 << d.bits) for role in roles}
        given = {f"{role} {i}": number >> i & 1 for role, number in read.items() for i in range(d.bits)}
        given |= {f"s{i}": state[bit] for i, bit in enumerate(states)} | {f"r{i}": bit for i, bit in enumerate(random)}
        replies = []
        for j in range(other.parallel):
            rows = [(i, negative, number) for (q, i, negative), number in read.items() if q == j]
            total = sum((1 << max(d.digits - 1 - i, 0)) * (-1) ** negative * number for i, negative, number in rows)
            replies.append(d.answer(total))
        after = other.after(state, replies, random)
        assert value_of(template.circuit, list(template.outputs), given) == [after[bit] for bit in states]
        x = [source.randrange(2) for _ in range(other.inputs)]
        given |= {f"x{i}": bit for i, bit in enumerate(x)}
        code = sum(bit << i for i, bit in enumerate(value_of(predicted.circuit, list(predicted.outputs), given)))
        assert other.predict_format.value_of(code) == other.predict(state, x)
