"""What a method asks, does and predicts, by the circuits of its machine: each is evaluated on many points at once.

A training run is compared with it, round by round (:mod:`constructions.training.following`).
"""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from constructions.computation.flat import FlatCircuit
from constructions.computation.query_machine import QueryMachine
from constructions.errors import ConstructionError
from constructions.training.batches import Batch, Samples


class Method:
    """A machine evaluated on many points at once.

    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> machine = best_literal_machine(2, fraction=6)
    >>> method, state = Method(machine), machine.start()
    >>> x, y = np.array([[0, 1], [1, 1]]), np.array([0, 1])
    >>> [[str(value) for value in row] for row in method.asked(state, x)]  # a constant, and the two bits
    [['1', '1'], ['0', '1'], ['1', '1']]
    >>> means = method.means(state, 1, (x, y))  # round 1 asks about label 1, which one of the two points has
    >>> [str(mean) for mean in means]
    ['1/2', '1/2', '1/2']
    >>> later = method.after(method.after(state, means, random=()), method.means(state, 2, (x, y)), random=())
    >>> [str(value) for value in method.predicted(later, x)]  # the first bit, which is right at both points
    ['0', '1']
    """

    def __init__(self, machine: QueryMachine) -> None:
        self.machine = machine
        self._query, self._predictor, self._update = machine.query, machine.predictor, machine.update

    def asked(self, state: dict[str, int], x: Samples) -> list[list[Fraction]]:
        """The p query values of a state at each of some points x. Raises ConstructionError for one outside [-1, 1]."""
        found = self._evaluated(self._query, state, x)
        form = self.machine.query_format
        codes = [
            _codes([found[name] for name in self.machine.port(f"query{j}")], len(x))
            for j in range(self.machine.parallel)
        ]
        values = [[form.value_of(code) for code in row] for row in codes]
        wrong = next((value for row in values for value in row if abs(value) > 1), None)
        if wrong is not None:
            raise ConstructionError(f"need query values in [-1, 1], got {wrong}, at the state {state}")
        return values

    def means(self, state: dict[str, int], round_: int, batch: Batch) -> list[Fraction]:
        """The exact means over a batch of the queries that a state asks in a round."""
        x, y = batch
        label = self.machine.label(round_)
        right = [i for i, given in enumerate(y.tolist()) if given == label]
        return [sum((row[i] for i in right), Fraction(0)) / len(y) for row in self.asked(state, x)]

    def predicted(self, state: dict[str, int], x: Samples) -> list[Fraction]:
        """The predictions of a state at some points x. Raises ConstructionError for one above 1."""
        found = self._evaluated(self._predictor, state, x)
        form = self.machine.predict_format
        values = [
            form.value_of(code) for code in _codes([found[name] for name in self.machine.port("predict")], len(x))
        ]
        wrong = next((i for i, value in enumerate(values) if value > 1), None)
        if wrong is not None:
            raise ConstructionError(f"need predictions in [0, 1], got {values[wrong]}, at x = {x[wrong].tolist()}")
        return values

    def after(self, state: dict[str, int], answers: Sequence[Fraction], random: Sequence[int]) -> dict[str, int]:
        """The state after a round that began in a state, with these answers and random bits."""
        machine = self.machine
        given = dict.fromkeys(self._update.inputs, 0) | state | dict(zip(machine.port("random"), random, strict=True))
        for j, answer in enumerate(answers):
            code = machine.answer_format.code_of(answer)
            given |= {name: code >> i & 1 for i, name in enumerate(machine.port(f"answer{j}"))}
        found = self._update.evaluate(given)
        return {name: found[name] for name in machine.machine.state}

    def _evaluated(self, circuit: FlatCircuit, state: dict[str, int], x: Samples) -> dict[str, int]:
        width = len(x)
        full = (1 << width) - 1
        given = dict.fromkeys(circuit.inputs, 0) | {name: full * bit for name, bit in state.items()}
        columns = np.packbits(x.astype(np.uint8).T, axis=1, bitorder="little")
        given |= {
            name: int.from_bytes(row.tobytes(), "little")
            for name, row in zip(self.machine.port("x"), columns, strict=True)
        }
        return circuit.evaluate(given, width=width)


def _codes(bits: Sequence[int], width: int) -> list[int]:
    """For each assignment the integer whose bit i is that of ``bits[i]``."""
    return [sum((bit >> i & 1) << place for place, bit in enumerate(bits)) for i in range(width)]
