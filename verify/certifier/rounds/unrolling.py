"""One round of a query machine as a circuit: the digits of its queries, and the next state from the digits of the
copies.

Written from the machine's ports and the specification of the decoder. It shares the arithmetic of
``constructions.computation`` with other users (its claims are in the registry), and nothing with who made the network.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from constructions.computation.bits import Bits, constant, mux
from constructions.computation.builder import FALSE, TRUE, Builder
from constructions.computation.flat import FlatCircuit
from constructions.computation.query_machine import QueryMachine
from verify.certifier.refusal import NetworkRefused
from verify.certifier.rounds.decoding import Decoding
from verify.certifier.rounds.equal import ComparingBuilder


@dataclass(frozen=True, slots=True, order=True)
class Role:
    """What a copy is asked for: digit ``place`` (0: the first) of query ``query``, of its positive or its negative
    part."""

    query: int
    place: int
    negative: bool = False

    def __str__(self) -> str:
        return f"digit {self.place + 1} of the {'negative' if self.negative else 'positive'} part of query {self.query}"


class UnrolledMachine:
    """A query machine, its circuits taken out once.

    Queries and updates are written once over free inputs and then stamped over what is known in a phase, so that
    constants are folded gate by gate, as they are in the network's own gates.

    All that its methods write goes into a ``builder``, over literals of it: ``x`` a point, ``state`` the bits of a
    state, ``random`` a round's random bits, ``records`` what the copies read by their roles, each as so many ``bits``;
    ``decoding`` is the decoder.

    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> from verify.certifier.rounds.equal import SolverTally
    >>> unrolled = UnrolledMachine(best_literal_machine(1, fraction=2))
    >>> builder = Builder()
    >>> x, state = [builder.input("x")], [builder.input(name) for name in unrolled.states]
    >>> found = unrolled.digits(builder, x, state, 1)
    >>> {role.query: literal == x[0] for role, literal in found.items()}  # what query 1 asks is x
    {0: False, 1: True}
    >>> unrolled.within_one(ComparingBuilder(SolverTally()))
    True

    >>> decoding = Decoding(d=0, multiplier=1, add=0, shift=0)
    >>> digit = Role(1, 0, False)  # of query 1
    >>> records = {digit: [builder.input("digit")]}
    >>> sums = unrolled.sums(builder, decoding, records, bits=1)
    >>> [total.literals[0] == records[digit][0] for total in sums]  # what is read of query 0 is 0
    [False, True]
    >>> answers = unrolled.answers(builder, decoding, sums)
    >>> [row[0] == records[digit][0] for row in answers]
    [False, True]
    >>> later = unrolled.following(builder, decoding, records, bits=1, random=[], state=state)
    >>> circuit, roles = unrolled.next_circuit(decoding, 1)
    >>> len(later) == len(unrolled.states), "next 0" in circuit.outputs, digit in roles
    (True, True, True)
    >>> len(unrolled.start) == len(unrolled.states), len(unrolled.predicted(builder, x, state))
    (True, 1)
    """

    def __init__(self, machine: QueryMachine) -> None:
        self.given = machine
        self.states = tuple(machine.machine.state)
        self._digits: dict[int, tuple[FlatCircuit, dict[str, Role]]] = {}
        self._next: dict[tuple[Decoding, int], tuple[FlatCircuit, list[Role]]] = {}

    @cached_property
    def query(self) -> FlatCircuit:
        """The circuit that gives the values of all queries for a point x and a state."""
        return self.given.query

    @cached_property
    def update(self) -> FlatCircuit:
        """The circuit that gives the next state for a state, the answers of a round and its random bits."""
        return self.given.update

    @cached_property
    def predictor(self) -> FlatCircuit:
        """The circuit that gives the prediction for a point x and a state."""
        return self.given.predictor

    @cached_property
    def start(self) -> tuple[bool, ...]:
        """The values of the state's bits before the first round."""
        values = self.given.start()
        return tuple(bool(values[name]) for name in self.states)

    def stamp(self, builder: Builder, circuit: FlatCircuit, known: Mapping[str, int]) -> dict[str, int]:
        """Write a circuit over literals by name; what is not named is false. ``known`` has those literals."""
        return builder.stamp(circuit, [known.get(name, FALSE) for name in circuit.inputs])

    def port(self, name: str, literals: Sequence[int]) -> dict[str, int]:
        """The literals of a port by the names of its bits."""
        return dict(zip(self.given.port(name), literals, strict=True))

    def digits(self, builder: Builder, x: Sequence[int], state: Sequence[int], d: int) -> dict[Role, int]:
        """Every one of d digits of every query: of |value| after the point, all of them one if |value| >= 1, in the
        part that the sign says."""
        circuit, roles = self.digit_circuit(d)
        found = builder.stamp(circuit, [*x, *state])
        return {roles[name]: literal for name, literal in found.items()}

    def digit_circuit(self, d: int) -> tuple[FlatCircuit, dict[str, Role]]:
        """(x, state) to the digits that are ever set, with the role of each output."""
        if d not in self._digits:
            builder = Builder()
            x, state = self._free(builder)
            roles = {role: literal for role, literal in self._written(builder, x, state, d).items() if literal != FALSE}
            outputs = {str(role): literal for role, literal in roles.items()}
            self._digits[d] = builder.circuit(None, outputs), {str(role): role for role in roles}
        return self._digits[d]

    def _free(self, builder: Builder) -> tuple[list[int], list[int]]:
        x = [builder.input(f"x {i}") for i in range(self.given.inputs)]
        return x, [builder.input(f"state {i}") for i in range(len(self.states))]

    def _written(self, builder: Builder, x: Sequence[int], state: Sequence[int], d: int) -> dict[Role, int]:
        named = self.port("x", x) | dict(zip(self.states, state, strict=True))
        found = self.stamp(builder, self.query, named)
        roles: dict[Role, int] = {}
        signed, places = self.given.signed, self.given.query_fraction
        for j in range(self.given.parallel):
            value = Bits(builder, tuple(found[name] for name in self.given.port(f"query{j}")), "value")
            sign = value.literals[-1] if signed else FALSE
            size = [
                *(mux(Bits(builder, (sign,), "sign"), -value, value) if signed else value).literals,
                *[FALSE] * places,
            ]
            one = builder.some(size[places:])
            after = [size[places - 1 - i] if i < places else FALSE for i in range(d)]
            for i, literal in enumerate([builder.either(one, digit) for digit in after] if d else [one]):
                roles[Role(j, i)] = builder.both(literal, sign ^ 1)
                if signed:
                    roles[Role(j, i, True)] = builder.both(literal, sign)
        return roles

    def within_one(self, circuit: ComparingBuilder, invariant: Iterable[Sequence[tuple[int, int]]] = ()) -> bool:
        """Whether every query value is in [-1, 1], by a circuit, for all x and states, as a machine's must be in every
        run; of states, those in which one of each row of ``invariant`` (bits with values) has its value."""
        x, state = self._free(circuit)
        for clause in invariant:
            circuit.assume_same(circuit.some([state[i] ^ (1 - value) for i, value in clause]), TRUE)
        found = self.stamp(circuit, self.query, self.port("x", x) | dict(zip(self.states, state, strict=True)))
        one = 1 << self.given.query_fraction
        for j in range(self.given.parallel):
            value = Bits(circuit, tuple(found[name] for name in self.given.port(f"query{j}")), "value")
            value = value.extended(max(len(value), self.given.query_fraction + 2), signed=self.given.signed)
            above = value.signed_more(one) | value.signed_less(-one) if self.given.signed else value > one
            if not circuit.same(above.literals[0], FALSE):
                return False
        return True

    def sums(
        self, builder: Builder, decoding: Decoding, records: Mapping[Role, Sequence[int]], bits: int
    ) -> list[Bits]:
        """S of each query from what the copies read; NetworkRefused (j) if an answer does not fit the machine's
        port."""
        machine = self.given
        width = machine.answer_format.width
        if machine.parallel and width < machine.answer_fraction + 2:
            places = machine.answer_fraction
            raise NetworkRefused("j", f"answers of {places} places need a port of {places + 2} bits, got {width}")
        reach = decoding.multiplier * decoding.largest(bits) + abs(decoding.add)
        wide = max(reach.bit_length() + 2, decoding.shift + width)
        found = []
        for j in range(machine.parallel):
            total = constant(builder, 0, wide)
            for negative in (False, True)[: 1 + machine.signed]:
                for i, place in enumerate(decoding.places):
                    read = records.get(Role(j, i, negative)) or [FALSE] * bits
                    term = Bits(builder, tuple(read), "record").extended(wide) << place.bit_length() - 1
                    total = total - term if negative else total + term
            found.append(total)
        return found

    def answers(self, builder: Builder, decoding: Decoding, sums: Sequence[Bits]) -> list[list[int]]:
        """The bits of each answer's code."""
        machine, found = self.given, []
        top = 1 << machine.answer_fraction
        for total in sums:
            wide = len(total)
            code = constant(builder, 0, wide)
            for i in range(decoding.multiplier.bit_length()):
                if decoding.multiplier >> i & 1:
                    code = code + (total << i)
            code = (code + constant(builder, decoding.add, wide))[decoding.shift :]
            code = mux(code.signed_more(top), constant(builder, top, len(code)), code)
            if machine.signed or decoding.add < -(top << decoding.shift):
                code = mux(code.signed_less(-top), constant(builder, -top, len(code)), code)
            found.append(list(code[: machine.answer_format.width].literals))
        return found

    def following(
        self,
        builder: Builder,
        decoding: Decoding,
        records: Mapping[Role, Sequence[int]],
        bits: int,
        random: Sequence[int],
        state: Sequence[int],
    ) -> list[int]:
        """The next state, from what the copies read."""
        circuit, roles = self.next_circuit(decoding, bits)
        nothing = [FALSE] * bits
        read = [literal for role in roles for literal in records.get(role, nothing)]
        found = builder.stamp(circuit, [*read, *random, *state])
        return [found[f"next {i}"] for i in range(len(self.states))]

    def next_circuit(self, decoding: Decoding, bits: int) -> tuple[FlatCircuit, list[Role]]:
        """(records, random bits, state) to the next state and the sums, with the roles of the records."""
        if (decoding, bits) not in self._next:
            builder = Builder()
            roles = sorted(self.digit_circuit(decoding.d)[1].values())
            records = {role: [builder.input(f"record {role} {i}") for i in range(bits)] for role in roles}
            random = [builder.input(f"random {i}") for i in range(self.given.random_bits)]
            state = [builder.input(f"state {i}") for i in range(len(self.states))]
            known = dict(zip(self.states, state, strict=True))
            sums = self.sums(builder, decoding, records, bits)
            for j, answer in enumerate(self.answers(builder, decoding, sums)):
                known |= self.port(f"answer{j}", answer)
            if random:
                known |= self.port("random", random)
            found = self.stamp(builder, self.update, known)
            outputs = {f"next {i}": found[name] for i, name in enumerate(self.states)}
            outputs |= {
                f"sum {j} {i}": literal for j, total in enumerate(sums) for i, literal in enumerate(total.literals)
            }
            self._next[decoding, bits] = builder.circuit(None, outputs), roles
        return self._next[decoding, bits]

    def predicted(self, builder: Builder, x: Sequence[int], state: Sequence[int]) -> list[int]:
        """The bits of the prediction, the lowest first."""
        found = self.stamp(builder, self.predictor, self.port("x", x) | dict(zip(self.states, state, strict=True)))
        return [found[name] for name in self.given.port("predict")]
