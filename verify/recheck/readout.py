"""The machine's side of a round as a circuit: the digits of its queries, and its next state from the records.

A digit of a query: |value| is written with d digits after the point, those of a value of size 1 (or more) all set; if
d is 0 there is one digit, set if the size is 1 or more. The sign says whether the positive or the negative part asks.
The decoder is that of ``memory.py``.

Both circuits are written once, over variables, as a :class:`Template`, and then written again over what is known in a
phase. A network's circuit was made like that too, so constants fold in the same way on both sides. (If they do not,
that costs a proof and nothing else.)

The functions share their arguments: ``circuit`` is where gates are written, ``values`` has literals of it by those of
the machine, ``machine`` is read for the forms of
queries and answers, ``decoder`` says how answers follow from records, and a value or ``total`` is a list of literals,
the lowest place first.

>>> ports = {"x": [2], "answer0": [4, 6, 8, 10], "query0": [2, 0], "predict": [12]}  # asks x / 2
>>> places = {"query_fraction": 1, "answer_fraction": 2, "predict_fraction": 0}
>>> latches = [(12, 8, 0)]  # keeps the answer's bit of weight 1
>>> machine = Machine(ports=ports, latches=latches, ands=[], first_free=14, queries=1, rounds=1, signed=False, **places)
>>> circuit, decoder = Circuit({}), Decoder(d=1, multiplier=3, add=1, shift=1)
>>> sizes(circuit, machine, constant(3, 2)), above_one(circuit, machine, constant(3, 2))  # 3/2
(([1, 1], 0), 1)
>>> [decoded(circuit, machine, decoder, constant(s, 6)) for s in (1, 9)]  # 2 over 4, and no more than 4 over 4
[[0, 1, 0, 0, 0], [0, 0, 1, 0, 0]]
>>> answers(circuit, machine, decoder, {(0, 0, 0): constant(2, 2)}, 2)  # floor((3 * 2 + 1) / 2), over 4
[[1, 1, 0, 0]]
>>> sources(circuit, machine)
{2: 2, 12: 4}
>>> bit = circuit.leaf("bit")
>>> stamped(circuit, [(14, 2, 12)], {2: 1, 12: bit}, [14, 15]) == [bit, bit ^ 1]  # an AND of x, which is 1, and a bit
True
>>> asked, roles = asked_template(machine, decoder)
>>> roles, asked.written(circuit, {"x0": 1, "s0": 0})  # the digit is set, the value is not above 1
([(0, 0, 0)], [1, 0])
>>> following = next_template(machine, decoder, roles, 2)
>>> [following.written(circuit, {"x0": 0, "s0": 0, "(0, 0, 0) 0": low, "(0, 0, 0) 1": 1}) for low in (0, 1)]
[[0], [1]]
>>> predicted_template(machine).written(circuit, {"x0": 0, "s0": 1})
[1]
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from verify.recheck.arithmetic import (
    add,
    both,
    choose,
    chosen,
    constant,
    either,
    extended,
    less,
    shifted,
    signed_less,
    subtract,
)
from verify.recheck.circuit import Circuit
from verify.recheck.machine import Machine, Row
from verify.recheck.memory import Decoder
from verify.recheck.proof import FALSE

Role = tuple[int, int, int]
"""Query, place (0: the first digit) and 1 for the negative part."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Template:
    """A circuit over variables, and the literals that are its ``outputs``: queries' digits by their roles, or the next
    state."""

    circuit: Circuit
    outputs: Sequence[int]

    def written(self, circuit: Circuit, values: Mapping[str, int]) -> list[int]:
        """The outputs in another circuit, given ``values``, literals for the variables by their names."""
        names = {literal >> 1: name for name, literal in self.circuit.names.items()}
        at = [FALSE]
        for node, row in enumerate(self.circuit.rows[1:], 1):
            if row is None:
                at.append(values[names[node]])
            else:
                at.append(circuit.at_least(row[0], [at[x >> 1] ^ (x & 1) for x in row[1]]))
        return [at[x >> 1] ^ (x & 1) for x in self.outputs]


def asked_template(machine: Machine, decoder: Decoder) -> tuple[Template, list[Role]]:
    """x and state to the digits of the queries, whose roles are returned, and then where each query is outside [-1,
    1].
    """
    circuit = Circuit({}, widest=0)
    ports = [machine.port(f"query{j}") for j in range(machine.queries)]
    literals = [literal for port in ports for literal in port]
    bits = iter(stamped(circuit, machine.cone(literals), sources(circuit, machine), literals))
    values = [[next(bits) for _ in port] for port in ports]
    digits = digits_asked(circuit, machine, decoder, values)
    return Template(
        circuit=circuit, outputs=[*digits.values(), *(above_one(circuit, machine, value) for value in values)]
    ), list(digits)


def next_template(machine: Machine, decoder: Decoder, roles: Sequence[Role], bits: int) -> Template:
    """State, random bits and records, by the roles of the copies, to the next state."""
    circuit = Circuit({}, widest=0)
    given = sources(circuit, machine)
    records = {role: [circuit.leaf(f"{role} {i}") for i in range(bits)] for role in sorted(roles)}
    for j, answer in enumerate(answers(circuit, machine, decoder, records, bits)):
        given |= dict(zip(machine.port(f"answer{j}"), answer, strict=True))
    following = [after for _, after, _ in machine.latches]
    return Template(circuit=circuit, outputs=stamped(circuit, machine.cone(following), given, following))


def predicted_template(machine: Machine) -> Template:
    """x and state to the prediction."""
    circuit, port = Circuit({}, widest=0), machine.port("predict")
    return Template(circuit=circuit, outputs=stamped(circuit, machine.cone(port), sources(circuit, machine), port))


def sources(circuit: Circuit, machine: Machine) -> dict[int, int]:
    """A variable for each bit of x, of the state and of the random string, by its literal in the machine."""
    found = {literal: circuit.leaf(f"x{i}") for i, literal in enumerate(machine.port("x"))}
    found |= {literal: circuit.leaf(f"s{i}") for i, (literal, _, _) in enumerate(machine.latches)}
    return found | {literal: circuit.leaf(f"r{i}") for i, literal in enumerate(machine.port("random"))}


def stamped(circuit: Circuit, rows: Sequence[Row], values: Mapping[int, int], literals: Sequence[int]) -> list[int]:
    """Some literals of the machine, given those of its inputs and latches; ``rows``: the ANDs behind them."""
    at = {0: FALSE, **values}
    for node, left, right in rows:
        at[node] = circuit.every((at[left & ~1] ^ (left & 1), at[right & ~1] ^ (right & 1)))
    return [at[literal & ~1] ^ (literal & 1) for literal in literals]


def sizes(circuit: Circuit, machine: Machine, value: Sequence[int]) -> tuple[list[int], int]:
    """|value| and the sign of a query's value."""
    sign = value[-1] if machine.signed else FALSE
    if machine.signed:
        value = [
            choose(circuit, sign, a, b)
            for a, b in zip(subtract(circuit, [FALSE] * len(value), list(value)), value, strict=True)
        ]
    return list(value), sign


def digits_asked(
    circuit: Circuit, machine: Machine, decoder: Decoder, values: Sequence[Sequence[int]]
) -> dict[Role, int]:
    """Where each digit of each query is set."""
    found, places = dict[Role, int](), machine.query_fraction
    for j, value in enumerate(values):
        bits, sign = sizes(circuit, machine, value)
        size = [*bits, *[FALSE] * places]
        one = circuit.some(size[places:])
        after = [size[places - 1 - i] if i < places else FALSE for i in range(decoder.d)]
        for i, literal in enumerate([either(circuit, one, digit) for digit in after] if decoder.d else [one]):
            found[j, i, 0] = both(circuit, literal, sign ^ 1)
            if machine.signed:
                found[j, i, 1] = both(circuit, literal, sign)
    return found


def above_one(circuit: Circuit, machine: Machine, value: Sequence[int]) -> int:
    """Where a query's value is outside [-1, 1]."""
    one, width = 1 << machine.query_fraction, max(len(value), machine.query_fraction + 2)
    bits = extended(value, width, value[-1] if machine.signed else FALSE)
    if not machine.signed:
        return less(circuit, constant(one, width), bits)
    below = signed_less(circuit, bits, constant(-one, width))
    return either(circuit, signed_less(circuit, bits, constant(one, width), equal=True) ^ 1, below)


def answers(
    circuit: Circuit, machine: Machine, decoder: Decoder, records: Mapping[Role, Sequence[int]], bits: int
) -> list[list[int]]:
    """The bits of each answer, from the digits of the copies by their roles; a digit without a copy is never set."""
    places = [decoder.d - 1 - i for i in range(decoder.d)] or [0]
    largest = ((1 << bits) - 1) * sum(1 << place for place in places)
    found = list[list[int]]()
    for j in range(machine.queries):
        width = len(machine.port(f"answer{j}"))
        wide = max((decoder.multiplier * largest + abs(decoder.add)).bit_length() + 2, decoder.shift + width)
        total = constant(0, wide)
        for negative in (0, 1)[: 1 + machine.signed]:
            for i, place in enumerate(places):
                term = shifted(extended(records.get((j, i, negative), [FALSE] * bits), wide), place)
                total = subtract(circuit, total, term) if negative else add(circuit, total, term)
        found.append(decoded(circuit, machine, decoder, total)[:width])
    return found


def decoded(circuit: Circuit, machine: Machine, decoder: Decoder, total: list[int]) -> list[int]:
    """floor((multiplier S + add) / 2^shift), held within -2^A and 2^A; S and the result in two's complement."""
    product = constant(0, len(total))
    for i in range(decoder.multiplier.bit_length()):
        if decoder.multiplier >> i & 1:
            product = add(circuit, product, shifted(total, i))
    code = add(circuit, product, constant(decoder.add, len(total)))[decoder.shift :]
    top, wide = 1 << machine.answer_fraction, len(code)
    above = signed_less(circuit, code, constant(top, wide), equal=True) ^ 1
    code = chosen(circuit, above, constant(top, wide), code)
    if machine.signed or decoder.add < -(top << decoder.shift):
        code = chosen(circuit, signed_less(circuit, code, constant(-top, wide)), constant(-top, wide), code)
    return code
