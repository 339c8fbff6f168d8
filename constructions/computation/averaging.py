"""Methods that ask queries and get means, in bits: Theorems 2b and 2d and Lemmas 2 and 5b as machines.

All of them do one thing: they add up values, one in each step, and after some steps they hand the mean to the method A
as the answer to its query, and begin anew.

* Theorem 2b, Lemma 5b: a step reads a sample (x, y); the value is A's query there (:meth:`Averaging.over_samples`).
* Theorem 2d: a step is a round of queries; the value is the answer (:meth:`Averaging.over_rounds`).
* Lemma 2: so it is, but A's query is asked on label 1 and on label 0 in turns, and the sum of the two means is clipped.

A method is known by three circuits (:class:`MethodInBits`). The machine stamps each once; what is added is counted by
the formulas of :mod:`constructions.computation.averaging_gates`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from constructions.computation.averaging_gates import sum_bits
from constructions.computation.bits import Bits, concat
from constructions.computation.design import Design
from constructions.computation.extraction_machine import divided
from constructions.computation.flat import FlatCircuit
from constructions.computation.machines import Machine
from constructions.computation.turns import choice, each, fitted, turns
from constructions.errors import ConstructionError
from constructions.foundations.exact import whole


@dataclass(frozen=True, kw_only=True, eq=False)
class MethodInBits:
    """A method that asks p queries a round, as circuits; a value.

    Parameters
    ----------
    query : from x, the label and the state to the p query values, each signed, with ``query_fraction`` binary places in
        ``query_width`` bits. update : from the state, the p answers (signed, ``fraction`` places, two bits more) and
        random bits to the next state. predict : from x and the state to a prediction.
    n, state, parallel, random : how many bits x and the state have, how many queries a round has, and random bits.
    query_width, query_fraction, fraction : how query values and answers are written.

    Raises
    ------
    ConstructionError
        For circuits with other numbers of inputs or outputs.
    """

    query: FlatCircuit
    update: FlatCircuit
    predict: FlatCircuit
    n: int
    state: int
    parallel: int
    query_width: int
    query_fraction: int
    fraction: int
    random: int = 0

    @property
    def query_widths(self) -> list[int]:
        """The bits of each query value of a round."""
        return [self.query_width] * self.parallel

    @property
    def turn_width(self) -> int:
        """How many bits say whose turn it is of the queries: those of the number of the last one, one at least."""
        return max((self.parallel - 1).bit_length(), 1)

    def __post_init__(self) -> None:
        for name in ("n", "state", "parallel", "query_width"):
            whole(getattr(self, name), where=name, least=1)
        answers = self.parallel * (self.fraction + 2)
        wanted = {
            "query": (self.n + 1 + self.state, self.parallel * self.query_width),
            "update": (self.state + answers + self.random, self.state),
            "predict": (self.n + self.state, len(self.predict.outputs)),
        }
        for name, sizes in wanted.items():
            circuit: FlatCircuit = getattr(self, name)
            got = len(circuit.inputs), len(circuit.outputs)
            if got != sizes:
                raise ConstructionError(f"need {sizes[0]} inputs and {sizes[1]} outputs, got {got}, at {name}")


@dataclass(frozen=True, kw_only=True, eq=False)
class Averaging:
    """A method whose answers are means of so many values; a value.

    Parameters
    ----------
    method : A. many : after how many values an answer is there. over : by how many the sum is divided. two_labels :
        whether label 1 and label 0 take turns, so that a query is asked as two (Lemma 2).

    Raises
    ------
    ConstructionError
        For numbers below 1.

    >>> query, update, predict = Design(), Design(), Design()
    >>> x, label, _ = (query.input(name) for name in ("x", "label", "state"))
    >>> query.output("value", concat(x & label, query.constant(0, 1)))
    >>> _, answer = update.input("state"), update.input("answer", 3)
    >>> update.output("state", answer[0])  # whether the answer has a half
    >>> _, state = predict.input("x"), predict.input("state")
    >>> predict.output("prediction", state)
    >>> circuits = {"query": query.circuit(), "update": update.circuit(), "predict": predict.circuit()}
    >>> method = MethodInBits(**circuits, n=1, state=1, parallel=1, query_width=2, query_fraction=0, fraction=1)
    >>> two = Averaging(method=method, many=2, over=2)
    >>> two.sum_width == two.width_over(0), two.width_over(1) - two.width_over(0)
    (True, 1)
    >>> samples, rounds = Design(), Design()
    >>> two.write_over_samples(samples)
    >>> given = [{"point": point, "label": 1, "x": 0} for point in (1, 0, 0)]
    >>> [found["predict"] for found in samples.simulate(given)]
    [0, 0, 1]
    >>> two.write_over_rounds(rounds)
    >>> [found["query0"] for found in rounds.simulate([{"x": x, "label": 1, "answer0": 0} for x in (0, 1)])]
    [0, 1]
    """

    method: MethodInBits
    many: int
    over: int
    two_labels: bool = False

    def __post_init__(self) -> None:
        for name in ("many", "over"):
            whole(getattr(self, name), where=name, least=1)

    @property
    def sum_width(self) -> int:
        """The bits of a sum: a sign, and as many as the largest sum of absolute values needs, or the divisor."""
        return self.width_over(self.method.query_fraction)

    def width_over(self, places: int) -> int:
        """The bits of a sum of values with so many binary places."""
        found = sum_bits(max(self.many, self.over).bit_length(), places)
        assert isinstance(found, int)
        return found

    @property
    def counter(self) -> int:
        """The bits of the number of values so far."""
        return max((self.many - 1).bit_length(), 1)

    def over_samples(self) -> Machine:
        """Theorem 2b and Lemma 5b: inputs ``point``, ``label``, ``x``, ``random``; output ``predict``."""
        return self._machine(self.write_over_samples)

    def over_rounds(self) -> Machine:
        """Theorem 2d and Lemma 2: inputs ``x``, ``label`` (with two labels, only the machine's own turn asks),
        ``answer0``, ..., ``random``; outputs ``query0``, ..., ``predict``."""
        return self._machine(self.write_over_rounds)

    def _machine(self, write: Callable[[Design], None]) -> Machine:
        design = Design()
        write(design)
        return design.machine()

    def write_over_samples(self, design: Design) -> None:
        """Write the machine of Theorem 2b into a design."""
        method = self.method
        point, label = design.input("point", method.n), design.input("label")
        state = design.state("state", method.state)
        values = stamped_vectors(design, method.query, [point, label, state], method.query_widths)
        self._go_on(design, state, values, method.query_fraction)
        self._predict(design, design.input("x", method.n), state)

    def write_over_rounds(self, design: Design) -> None:
        """Write the machine of Theorem 2d, or of Lemma 2, into a design."""
        method = self.method
        x, label, state = design.input("x", method.n), design.input("label"), design.state("state", method.state)
        asked = stamped_vectors(design, method.query, [x, label, state], method.query_widths)
        answers = each(method.parallel, lambda j: design.input(f"answer{j}", method.fraction + 2))
        if self.two_labels:
            odd = design.state("odd", start=1)
            design.becomes(odd, ~odd)
            turn = ~(label ^ odd)
            asked = [concat(*(bit & turn for bit in value)) for value in asked]
        for j, value in enumerate(asked):
            design.output(f"query{j}", value)
        self._go_on(design, state, answers, method.fraction)
        self._predict(design, x, state)

    def _predict(self, design: Design, x: Bits, state: Bits) -> None:
        (value,) = stamped_vectors(design, self.method.predict, [x, state], [len(self.method.predict.outputs)])
        design.output("predict", value)

    def _go_on(self, design: Design, state: Bits, values: list[Bits], places: int) -> None:
        """Add the values; with the last one, hand the means to the method's update."""
        method, width = self.method, self.width_over(places)
        count = design.state("count", self.counter)
        last = count == self.many - 1
        design.becomes(count, choice(last, 0, count + 1))
        answers = []
        for j, value in enumerate(values):
            total = design.state(f"sum{j}", width)
            now = total + fitted(value, width)
            design.becomes(total, choice(last, 0, now))
            answers.append(mean_of(now, design.constant(self.over << places, width), method.fraction))
        random = [design.input("random", method.random)] if method.random else []
        (after,) = stamped_vectors(design, method.update, [state, *answers, *random], [method.state])
        design.becomes(state, choice(last, after, state))


def mean_of(total: Bits, divisor: Bits, places: int) -> Bits:
    """A signed sum divided by a number above 0, clipped to [-1, 1], with so many binary places, rounded towards 0 (1 is
    0.11...1): a signed number of two bits more.

    Parameters
    ----------
    total, divisor : of the same width; neither is as large as half of what the width holds. places : of the mean.

    >>> design = Design()
    >>> design.output("mean", mean_of(design.input("total", 5), design.constant(6, 5), 2))
    >>> [design.evaluate(total=code % 32)["mean"] for code in (3, -3, 4, 6, 9, -9)]
    [2, 14, 2, 3, 3, 13]
    """
    negative = total[-1]
    size = choice(negative, -total, total)
    left = choice(size > divisor, divisor, size)
    digits = []
    for _ in turns(places):
        digit, left = divided(left, divisor)
        digits.append(digit)
    zero = total[:1] & 0
    mean = fitted(concat(*reversed(digits), zero, zero), places + 2)
    return choice(negative, -mean, mean)


def stamped_vectors(design: Design, circuit: FlatCircuit, inputs: list[Bits], widths: list[int]) -> list[Bits]:
    """A copy of a circuit over some vectors, its inputs and outputs in their order.

    Parameters
    ----------
    design, circuit : what is written, and what is copied. inputs : as wide together as the circuit has inputs. widths :
        how its outputs are divided into vectors.

    >>> from constructions.computation.flat import Gates
    >>> both = FlatCircuit(inputs=("a", "b"), gates=Gates.of([(2, (0, 2))]), outputs={"c": 4, "d": 5})
    >>> design = Design()
    >>> design.output("y", stamped_vectors(design, both, [design.input("x", 2)], [2])[0])
    >>> design.evaluate(x=3)
    {'y': 1}
    """
    if not isinstance(circuit, FlatCircuit):
        of_any_size: Any = circuit
        return of_any_size.copied(design, widths)
    literals = [literal for vector in inputs for literal in vector.literals]
    found = list(design.builder.stamp(circuit, literals).values())
    vectors = []
    for i, width in enumerate(widths):
        part, found = found[:width], found[width:]
        vectors.append(Bits(design.builder, tuple(part), f"output {i}"))
    return vectors
