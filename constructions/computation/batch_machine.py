"""The machine form of a learner that reads a whole batch in a round: what the network of
:mod:`constructions.networks.batch_network` runs.

Round t asks p queries at once, with values 1 and -1 (a bit of the port ``query<j>`` is set where the value is -1). The
answer to query r is how many of the b samples (x, y) of the round's batch have (-1)^y r(x) = 1, without error. It is
written as b bits: bit i of the port ``answer<j>`` says that they are more than i.

The ports are those of a query machine (:mod:`constructions.computation.query_machine`), and so is the file, but for the
first words of its comment and the numbers in it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from constructions.computation.batch_updates import after_answers, coins_of, negative_queries, stamped, vector
from constructions.computation.builder import Builder
from constructions.computation.formats.aiger import AigerFile
from constructions.computation.machines import Machine
from constructions.computation.query_machine import QueryMachine, numbers_in, query_machine, with_read_names
from constructions.errors import ConstructionError
from constructions.foundations.exact import whole
from constructions.learning.problems import Point
from constructions.strip.family import PowerFamily

MARK = "querygrad batch machine "
NUMBERS = ("rounds", "points", "predict_fraction")


@dataclass(frozen=True, kw_only=True, eq=False)
class BatchMachine(QueryMachine):
    """A learner that gets exact sums over whole batches, as a machine; a value.

    Parameters
    ----------
    points : b, how many samples a batch has.

    Raises
    ------
    ConstructionError
        As for a query machine; for a query of more than one bit, or answers that have not ``points`` bits.

    >>> from constructions.computation.sample_learners import fed, parity_learner
    >>> made = batch_machine(fed(parity_learner(1), 2), PowerFamily(1, 1), rounds=2)
    >>> made.parallel, made.points, [str(value) for value in made.ask(made.start(), (1,))]
    (2, 1, ['1', '-1'])
    >>> after = made.after(made.start(), made.counts(made.start(), [((1,), 1)]))
    >>> [str(made.predict(after, (x,))) for x in (0, 1)]
    ['0', '1']
    """

    points: int

    def __post_init__(self) -> None:
        super().__post_init__()
        whole(self.points, where="points", least=1)
        if self.signed or self.query_fraction or self.answer_fraction:
            raise ConstructionError("need queries and answers without places and sign of a machine for whole batches")
        for j in range(self.parallel):
            for port, width in ((f"query{j}", 1), (f"answer{j}", self.points)):
                if self.width(port) != width:
                    raise ConstructionError(f"need {width} bits at {port}, got {self.width(port)}")

    def ask(self, state: Mapping[str, int], x: Sequence[int]) -> tuple[Fraction, ...]:
        """The p query values of a state at a point, each 1 or -1."""
        return tuple(1 - 2 * bit for bit in super().ask(state, x))

    def counts(self, state: Mapping[str, int], batch: Sequence[Point]) -> tuple[Fraction, ...]:
        """The exact answers to the queries of a state about a ``batch`` of samples (x, y). Raises ConstructionError for
        a batch of another size."""
        if len(batch) != self.points:
            raise ConstructionError(f"need a batch of {self.points} samples, got {len(batch)}")
        rows = [[value * (-1) ** y for value in self.ask(state, x)] for x, y in batch]
        return tuple(Fraction(sum(row[j] == 1 for row in rows)) for j in range(self.parallel))

    def _answer_code(self, answer: Fraction) -> int:
        """The bits of an answer: as many of the lowest ones are set as it counts."""
        if answer.denominator != 1 or not 0 <= answer <= self.points:
            raise ConstructionError(f"need an answer from 0 to {self.points}, got {answer}")
        return (1 << int(answer)) - 1

    def aiger(self) -> AigerFile:
        """The machine as an AIGER file, with the numbers that ports do not show in the comment."""
        numbers = {name: getattr(self, name) for name in NUMBERS}
        return replace(super().aiger(), comment=MARK + json.dumps(numbers) + "\n")


def batch_machine(learner: Machine, family: PowerFamily, *, rounds: int) -> BatchMachine:
    """The machine of a learner that takes one sample at a time and minds no order, for whole batches.

    Parameters
    ----------
    learner : its inputs are ``x``, ``taken``, ``label``, ``point`` and perhaps ``coin``, its outputs ``predict``
        (:func:`constructions.computation.sample_learners.fed`).
    family : the queries, for batches of b points of n bits.
    rounds : T; the learner gets T b samples.

    Raises
    ------
    ConstructionError
        For a learner of other ports, or of points of another size.

    >>> from constructions.computation.sample_learners import conjunction_learner, fed
    >>> made = batch_machine(fed(conjunction_learner(2), 4), PowerFamily(2, 2), rounds=2)
    >>> made.parallel, made.width("answer0"), made.random_bits, len(made.machine.state)
    (5, 2, 0, 7)
    """
    check_learner(learner, family.n)
    builder, b = Builder(), family.b
    x = [builder.input(name) for name in vector("x", family.n)]
    answers = [[builder.input(name) for name in vector(f"answer{j}", b)] for j in range(family.size)]
    coins = [builder.input(name) for name in vector("random", many)] if (many := b * coins_of(learner)) else []
    state = [builder.input(f"state {name}") for name in learner.state]
    outputs = {f"query{j}": literal for j, literal in enumerate(negative_queries(builder, family, x))}
    predicted = stamped(builder, learner, state, {"x": x})[1]
    outputs |= dict(zip(vector("predict", len(predicted)), predicted, strict=True))
    after = after_answers(builder, family, learner, state, answers, coins)
    circuit = builder.circuit(None, outputs | {f"next {i}": literal for i, literal in enumerate(after)})
    following = tuple(circuit.outputs[f"next {i}"] for i in range(len(after)))
    kept = replace(circuit, outputs={name: circuit.outputs[name] for name in outputs})
    machine = Machine(circuit=kept, next=following, start=learner.start)
    return BatchMachine(machine=machine, rounds=rounds, points=b, predict_fraction=len(predicted) - 1)


def check_learner(learner: Machine, n: int) -> None:
    """Whether a machine is a learner of points of ``n`` bits that takes one sample at a time.

    Raises
    ------
    ConstructionError
        For other ports, or a state without start values.

    >>> from constructions.computation.sample_learners import conjunction_learner, fed
    >>> check_learner(fed(conjunction_learner(2), 4), 3)
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need a learner with 3 bits at its input x, got 2
    """
    widths: dict[str, int] = {}
    for name in learner.inputs:
        port = name.partition("[")[0]
        widths[port] = widths.get(port, 0) + 1
    for port, width in (("x", n), ("taken", 1), ("label", 1), ("point", n)):
        if widths.pop(port, 0) != width:
            got = sum(name.partition("[")[0] == port for name in learner.inputs)
            raise ConstructionError(f"need a learner with {width} bits at its input {port}, got {got}")
    widths.pop("coin", None)
    if widths:
        raise ConstructionError(f"need inputs x, taken, label, point and coin of a learner, got {min(widths)!r}")
    odd = [name for name in learner.outputs if name.partition("[")[0] != "predict"]
    if odd or not learner.outputs:
        raise ConstructionError(f"need one output, predict, of a learner, got {odd[0] if odd else 'none'!r}")
    if None in learner.start:
        raise ConstructionError("need a start value for every state bit of a learner, got one without")


def machine_in(file: AigerFile) -> QueryMachine:
    """The machine in an AIGER file with a comment of ours: for whole batches or not, as the comment says.

    Raises
    ------
    ConstructionError
        If the comment is not as :meth:`BatchMachine.aiger` or :meth:`QueryMachine.aiger` writes it.

    >>> from constructions.computation.sample_learners import fed, parity_learner
    >>> made = machine_in(batch_machine(fed(parity_learner(1), 2), PowerFamily(1, 1), rounds=2).aiger())
    >>> made.points, made.rounds, made.parallel
    (1, 2, 2)
    """
    if not file.comment.startswith(MARK):
        return query_machine(file)
    numbers = numbers_in(file, MARK, NUMBERS)
    if set(numbers) != set(NUMBERS):
        raise ConstructionError(f"need {', '.join(NUMBERS)} in the comment of a machine, got {', '.join(numbers)}")
    return BatchMachine(machine=with_read_names(file.machine), **numbers)
