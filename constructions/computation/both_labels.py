"""Machines that ask about both labels in one round (S6): the label is one more bit of x, the last.

A query machine (:mod:`constructions.computation.query_machine`) asks about label 1 in odd rounds and about label 0 in
even ones. One *on both labels* has a round for each query phi(state, x, y), and its answer is the mean of phi over the
whole batch. It is written as a query machine of n + 1 bits, of which the last is y; its predictor does not look at it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from constructions.computation.bits import Bits
from constructions.computation.builder import FALSE
from constructions.computation.design import Design
from constructions.computation.query_machine import QueryMachine
from constructions.errors import ConstructionError

Known = dict[str, int]
"""Literals by the names that a machine gives them."""


def in_pairs(machine: QueryMachine) -> QueryMachine:
    """The machine on both labels that takes two rounds of a machine at once: in half as many rounds it asks what the
    machine asks in a round of label 1 and in the round of label 0 behind it.

    Raises
    ------
    ConstructionError
        For an odd number of rounds, or a machine whose queries depend on what it was answered or on random bits.

    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> made = in_pairs(best_literal_machine(2, fraction=3))
    >>> made.rounds, made.parallel, made.inputs
    (1, 6, 3)
    >>> [str(value) for value in made.ask(made.start(), (0, 1, 1))]  # the label is 1
    ['1', '0', '1', '0', '0', '0']
    """
    if machine.rounds % 2:
        raise ConstructionError(f"need an even number of rounds to ask about both labels at once, got {machine.rounds}")
    wrong = answered(machine)
    if wrong:
        raise ConstructionError(
            f"need queries that do not depend on earlier answers or random bits, to ask about both labels at once, "
            f"got some that depend on {wrong}"
        )
    return _Pairs(machine, Design()).made()


def answered(machine: QueryMachine) -> str | None:
    """A bit of the state on which queries of a machine depend and that depends on answers or random bits; None if there
    is none.

    >>> from constructions.computation.learner_machines import conjunction_machine
    >>> answered(conjunction_machine(2, fraction=4, tau="1/8")) is None
    True
    """
    whole = machine.machine
    circuit, inputs = whole.circuit, whole.circuit.inputs
    names = whole.state
    cones = {name: circuit.cone([literal]) for name, literal in zip(names, whole.next, strict=True)}
    reads = {name: {read for i, read in enumerate(inputs) if cone[i]} for name, cone in cones.items()}
    told = {name for name in inputs if name.startswith(("answer", "random"))}
    while more := {name for name in names if name not in told and reads[name] & told}:
        told |= more
    query = machine.query
    cone = query.cone(list(query.outputs.values()))
    return next((name for i, name in enumerate(query.inputs) if cone[i] and name in told), None)


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Two rounds of a machine in the making as one."""

    machine: QueryMachine
    design: Design

    def made(self) -> QueryMachine:
        machine, design = self.machine, self.design
        x = design.input("x", machine.inputs + 1)
        start = machine.start()
        held = {name: design.state(f"state{i}", start=start[name]) for i, name in enumerate(machine.machine.state)}
        state = {name: vector.literals[0] for name, vector in held.items()}
        self._asks(x, state)
        for name, literal in self._after(state).items():
            design.becomes(held[name], self._bits([literal], name))
        return replace(machine, machine=design.machine(), rounds=machine.rounds // 2)

    def _asks(self, x: Bits, state: Known) -> None:
        """Write the queries of both rounds, each on its label, and the prediction."""
        machine, p = self.machine, self.machine.parallel
        point = dict(zip(machine.port("x"), (bit.literals[0] for bit in x), strict=False))
        for half, label in enumerate((x[machine.inputs], ~x[machine.inputs])):
            found = self._found(point | state)
            for j in range(p):
                asked = [found[f"o {name}"] for name in machine.port(f"query{j}")]
                here = [self.design.builder.both(bit, label.literals[0]) for bit in asked]
                self.design.output(f"query{half * p + j}", self._bits(here, f"query {j} of round {half + 1}"))
            if not half:
                predicted = [found[f"o {name}"] for name in machine.port("predict")]
                self.design.output("predict", self._bits(predicted, "the prediction"))
            state = {name: found[f"s {name}"] for name in state}

    def _after(self, state: Known) -> Known:
        """The state after both rounds, with the answers and random bits of both."""
        machine, p, r = self.machine, self.machine.parallel, self.machine.random_bits
        width = machine.width("answer0")
        answers = [self.design.input(f"answer{j}", width).literals for j in range(2 * p)]
        tossed = self.design.input("random", 2 * r).literals if r else ()
        for half in (0, 1):
            told = dict(zip(machine.port("random"), tossed[half * r : (half + 1) * r], strict=True))
            for j in range(p):
                told |= zip(machine.port(f"answer{j}"), answers[half * p + j], strict=True)
            found = self._found(told | state)
            state = {name: found[f"s {name}"] for name in state}
        return state

    def _found(self, given: Known) -> Known:
        """Everything that a round of the machine computes; what is not given is 0."""
        exposed = self.machine.machine.exposed()
        return self.design.builder.stamp(exposed, [given.get(name, FALSE) for name in exposed.inputs])

    def _bits(self, literals: Sequence[int], text: str) -> Bits:
        return Bits(self.design.builder, tuple(literals), text)
