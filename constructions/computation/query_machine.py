"""The machine form of an alternating bSQ method: a machine whose inputs are samples, answers and random bits (Lemma
3b).

Round t asks p queries at once, each zero on one label (1 in odd rounds, 0 in even ones): Phi_j(x, y) = 1{y = label}
v_j(state, x). An answer is a signed fixed-point number within tau of the batch mean of its query. After the last round
the state holds the predictor, a function of x with values in [0, 1].

A machine is read by the names of its ports, vectors of bits with the least bit first (``x[0]``, ``x[1]``, ...; a vector
of one bit has no index): inputs ``x``, ``answer0``, ..., ``answer(p-1)``, ``random``; outputs ``query0``, ...,
``query(p-1)``, ``predict``.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from constructions.computation.flat import FlatCircuit
from constructions.computation.formats.aiger import AigerFile
from constructions.computation.machines import Machine
from constructions.errors import ConstructionError
from constructions.foundations.exact import whole
from constructions.foundations.shown import Shown
from constructions.foundations.spelling import object_of, read_name, spelled

NUMBER = "(?:0|[1-9][0-9]{0,11})"
PORT = re.compile(rf"(x|random|predict|answer{NUMBER}|query{NUMBER})(?:\[({NUMBER})\])?")
NO_ASCII = "[^ -~]"  # what a certificate, which holds a machine as text, does not take
MARK = "querygrad query machine "
NUMBERS = ("rounds", "signed", "query_fraction", "answer_fraction", "predict_fraction")
MOST_ROUNDS, MOST_PLACES = 1 << 60, 1000
"""More rounds, or binary places of a number, are refused."""
Query = Callable[[Sequence[int], int], tuple[Fraction, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """Fixed-point numbers: ``width`` bits over 2^fraction, in two's complement if signed.

    >>> signed = Fixed(width=3, fraction=2, signed=True)
    >>> signed.value_of(0b101), bin(signed.code_of(Fraction(-3, 4)))
    (Fraction(-3, 4), '0b101')
    """

    width: int
    fraction: int
    signed: bool = False

    def value_of(self, code: int) -> Fraction:
        """The number that some bits stand for."""
        top = 1 << self.width
        return Fraction(code - top if self.signed and code >> (self.width - 1) & 1 else code, 1 << self.fraction)

    def code_of(self, value: Fraction) -> int:
        """The bits of a number; ConstructionError if it has none."""
        scaled = value * (1 << self.fraction)
        low, high = (-(1 << self.width - 1), 1 << self.width - 1) if self.signed else (0, 1 << self.width)
        if scaled.denominator != 1 or not low <= scaled < high:
            kind = "signed" if self.signed else "unsigned"
            raise ConstructionError(f"need a {kind} number of {self.width} bits over {1 << self.fraction}, got {value}")
        return int(scaled) % (1 << self.width)


@dataclass(frozen=True, kw_only=True, eq=False)
class QueryMachine(Shown):
    """An alternating bSQ method as a machine; a value.

    Parameters
    ----------
    machine : the circuit with its state; see the module for the names of its ports.
    rounds : how many rounds it asks. signed : whether query values are signed. query_fraction, answer_fraction,
        predict_fraction : binary places of query values, answers and predictions.

    Raises
    ------
    ConstructionError
        For unknown or incomplete ports, a state without start values, a query or prediction that depends on answers or
        random bits, or a next state that depends on x.

    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> made = best_literal_machine(1, fraction=2)
    >>> now, half = made.start(), Fraction(1, 2)
    >>> [str(value) for value in made.ask(now, (1,))]
    ['1', '1']
    >>> for answers in ([half, half], [half, Fraction(0)]):  # half of the labels are 1, those with x = 1
    ...     now = made.after(now, answers)
    >>> [str(made.predict(now, (bit,))) for bit in (0, 1)]
    ['0', '1']
    >>> [str(value) for value in made.query_at(made.start(), 1)((1,), 1)]  # round 1 asks about label 1
    ['1', '1']
    >>> sorted(made.update.outputs) == sorted(made.machine.state)
    True
    """

    machine: Machine
    rounds: int
    signed: bool = False
    query_fraction: int = 0
    answer_fraction: int = 0
    predict_fraction: int = 0
    _ports: dict[str, list[str]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        for name in ("rounds", "query_fraction", "answer_fraction", "predict_fraction"):
            if whole(getattr(self, name), where=name) > (most := MOST_ROUNDS if name == "rounds" else MOST_PLACES):
                raise ConstructionError(
                    f"need {name} of at most {most}, got a number of {int(getattr(self, name)).bit_length()} bits"
                )
        if not isinstance(self.signed, bool):
            raise ConstructionError(f"need True or False, got {ascii(self.signed)[:50]}, at signed")
        inputs, outputs = _vectors(self.machine.inputs), _vectors(self.machine.outputs)
        object.__setattr__(self, "_ports", inputs | outputs)
        for expected, found, side in (
            (("x", "answer", "random"), inputs, "an input"),
            (("query", "predict"), outputs, "an output"),
        ):
            odd = [name for name in found if name.rstrip("0123456789") not in expected]
            if odd:
                raise ConstructionError(f"need {' or '.join(expected)} as {side}, got {odd[0]!r}")
        p = self.parallel
        for name in ("x", "predict", *(f"query{j}" for j in range(p)), *(f"answer{j}" for j in range(p))):
            if name not in self._ports:
                raise ConstructionError(f"need a port {name!r} of a machine with {p} queries a round, got none")
        alone = next(
            (name for name in inputs if name.startswith("answer") and int(name.removeprefix("answer")) >= p), None
        )
        if alone:
            raise ConstructionError(f"need an answer to each of {p} queries a round, got {alone!r} without its query")
        if (
            len({self.width(f"query{j}") for j in range(p)} | {0}) > 2
            or len({self.width(f"answer{j}") for j in range(p)} | {0}) > 2
        ):
            raise ConstructionError("need queries of one width and answers of one width, got several")
        if None in self.machine.start:
            raise ConstructionError("need a start value for every state bit, got one without")
        self._check_dependence()

    @property
    def parallel(self) -> int:
        """p, how many queries a round asks at once."""
        return sum(1 for name in self._ports if name.startswith("query"))

    @property
    def inputs(self) -> int:
        """n, how many bits x has."""
        return self.width("x")

    @property
    def random_bits(self) -> int:
        """How many random bits a round uses."""
        return self.width("random")

    @property
    def query_format(self) -> Fixed:
        """How query values are written."""
        return Fixed(width=self.width("query0"), fraction=self.query_fraction, signed=self.signed)

    @property
    def answer_format(self) -> Fixed:
        """How answers are written: signed."""
        return Fixed(width=self.width("answer0"), fraction=self.answer_fraction, signed=True)

    @property
    def predict_format(self) -> Fixed:
        """How predictions are written."""
        return Fixed(width=self.width("predict"), fraction=self.predict_fraction)

    def width(self, port: str) -> int:
        """How many bits a port has; 0 if there is none."""
        return len(self._ports.get(port, ()))

    def port(self, name: str) -> tuple[str, ...]:
        """The names of a port's bits, least first; none if there is no such port."""
        return tuple(self._ports.get(name, ()))

    @property
    def query(self) -> FlatCircuit:
        """The query circuit: (x, state) to query values."""
        return self._circuit([name for j in range(self.parallel) for name in self._ports[f"query{j}"]])

    @property
    def predictor(self) -> FlatCircuit:
        """The predictor circuit: (x, state) to the prediction."""
        return self._circuit(self._ports["predict"])

    @property
    def update(self) -> FlatCircuit:
        """The update circuit: (answers, random bits, state) to the next state, outputs named as the state bits."""
        exposed = self.machine.exposed()
        return exposed.part({name: exposed.outputs[f"s {name}"] for name in self.machine.state})

    def start(self) -> dict[str, int]:
        """The state at first."""
        return self.machine.first_state()

    @staticmethod
    def label(round_: int) -> int:
        """The label on which the queries of a round are not zero: 1 in rounds 1, 3, ..., 0 in rounds 2, 4, ... ."""
        return round_ % 2

    def ask(self, state: Mapping[str, int], x: Sequence[int]) -> tuple[Fraction, ...]:
        """The p query values of a state at a point. Raises ConstructionError for a value outside [-1, 1]."""
        _, found = self.machine.step(state, self._given(x=x))
        values = tuple(self.query_format.value_of(_code(found, self._ports[f"query{j}"])) for j in range(self.parallel))
        if any(abs(value) > 1 for value in values):
            raise ConstructionError(
                f"need query values in [-1, 1], got {[str(value) for value in values]}, at x = {list(x)}"
            )
        return values

    def after(
        self, state: Mapping[str, int], answers: Sequence[Fraction], random: Sequence[int] = ()
    ) -> dict[str, int]:
        """The state after a round with these answers and random bits. Raises ConstructionError for another number of
        answers, or one that the format cannot hold."""
        if len(answers) != self.parallel:
            raise ConstructionError(f"need {self.parallel} answers, got {len(answers)}")
        following, _ = self.machine.step(state, self._given(answers=answers, random=random))
        return following

    def predict(self, state: Mapping[str, int], x: Sequence[int]) -> Fraction:
        """The prediction of a state at a point. Raises ConstructionError if it is above 1."""
        _, found = self.machine.step(state, self._given(x=x))
        value = self.predict_format.value_of(_code(found, self._ports["predict"]))
        if value > 1:
            raise ConstructionError(f"need a prediction in [0, 1], got {value}, at x = {list(x)}")
        return value

    def query_at(self, state: Mapping[str, int], round_: int) -> Query:
        """The queries that a state asks in a round, as a function of x and y."""
        label, zero = self.label(round_), (Fraction(0),) * self.parallel
        return lambda x, y: self.ask(state, x) if y == label else zero

    def aiger(self) -> AigerFile:
        """The machine as an AIGER file; the numbers that ports do not show are in the comment. State names are
        spelled in ASCII."""
        numbers, circuit = {name: getattr(self, name) for name in NUMBERS}, self.machine.circuit
        inputs = tuple(spelled(name, but=NO_ASCII) for name in circuit.inputs)
        labels = {spelled(name, but=NO_ASCII): spelled(label, but=NO_ASCII) for name, label in circuit.labels.items()}
        machine = replace(self.machine, circuit=replace(circuit, inputs=inputs, labels=labels))
        return AigerFile(machine=machine, comment=MARK + json.dumps(numbers) + "\n")

    def _given(
        self, x: Sequence[int] = (), answers: Sequence[Fraction] = (), random: Sequence[int] = ()
    ) -> dict[str, int]:
        values = dict.fromkeys(self.machine.inputs, 0)
        for what, port, bits in (("x", "x", x), ("random bits", "random", random)):
            if bits and (len(bits) != self.width(port) or any(bit not in (0, 1) for bit in bits)):
                raise ConstructionError(f"need {self.width(port)} bits, got {list(bits)}, at {what}")
            values |= dict(zip(self._ports.get(port, ()), bits, strict=False))
        for j, answer in enumerate(answers):
            code = self._answer_code(answer)
            values |= {name: code >> i & 1 for i, name in enumerate(self._ports[f"answer{j}"])}
        return values

    def _answer_code(self, answer: Fraction) -> int:
        """The bits of an answer."""
        return self.answer_format.code_of(answer)

    def _circuit(self, outputs: Sequence[str]) -> FlatCircuit:
        circuit = self.machine.circuit
        return circuit.part({name: circuit.outputs[name] for name in outputs})

    def _check_dependence(self) -> None:
        n = len(self.machine.inputs)
        circuit = self.machine.circuit
        fed = {
            "a next state": (self.machine.next, ("x",)),
            "a query or a prediction": (circuit.outputs.values(), ("answer", "random")),
        }
        for what, (literals, forbidden) in fed.items():
            cone = circuit.cone(literals)
            for i in range(n):
                if cone[i] and circuit.inputs[i].startswith(forbidden):
                    raise ConstructionError(
                        f"need {what} that does not depend on {' or '.join(forbidden)}, got one on {circuit.inputs[i]}"
                    )


def query_machine(file: AigerFile) -> QueryMachine:
    """A query machine from an AIGER file that :meth:`QueryMachine.aiger` made, or one with such a comment.

    Raises
    ------
    ConstructionError
        If the comment is not one line that says how many rounds there are and how numbers are written, or if what
        stands behind the gates has other bytes than printable ASCII and line feeds.

    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> made = query_machine(best_literal_machine(2, fraction=6).aiger())
    >>> made.rounds, made.parallel, made.inputs, made.answer_format
    (2, 3, 2, Fixed(width=8, fraction=6, signed=True))
    """
    return QueryMachine(machine=with_read_names(file.machine), **numbers_in(file, MARK, NUMBERS))


def with_read_names(machine: Machine) -> Machine:
    """A machine from a file, its names read as they were spelled there.

    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> machine = best_literal_machine(1, fraction=2).machine
    >>> with_read_names(machine).circuit.inputs == machine.circuit.inputs
    True
    """
    circuit = machine.circuit
    inputs = tuple(read_name(name, but=NO_ASCII) for name in circuit.inputs)
    return replace(machine, circuit=replace(circuit, inputs=inputs))


def numbers_in(file: AigerFile, mark: str, names: Sequence[str]) -> dict[str, Any]:
    """The numbers of a machine in the comment of its ``file``, which starts with a ``mark``; ``names`` may be there,
    and "rounds" must.

    Raises
    ------
    ConstructionError
        As for :func:`query_machine`.

    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> numbers_in(best_literal_machine(2, fraction=6).aiger(), MARK, NUMBERS)["answer_fraction"]
    6
    """
    byte = next((byte for byte in file.tail if byte != 10 and not 32 <= byte < 127), None)
    if byte is not None:
        raise ConstructionError(f"need symbols and a comment of a machine in printable ASCII, got the byte {byte}")
    line = file.comment.removesuffix("\n")
    if not line.startswith(mark):
        got = f"{line[:60]!r}" if line else "none"
        raise ConstructionError(
            f"need a comment that starts with {mark!r} (compile --machine-out writes one, and --rounds and "
            f"--place can be said in its place), got {got}"
        )
    if "\n" in line or not file.comment.endswith("\n") or not line.isascii() or not line.isprintable():
        raise ConstructionError(
            f"need a comment of one line that ends the file, got {ascii(file.comment[len(mark) :])[:80]}"
        )
    labels = file.machine.circuit.labels
    twice = [label for label, many in Counter(labels.values()).items() if label and many > 1]
    if twice:
        ports = ", ".join(port for port in labels if labels[port] == twice[0])
        raise ConstructionError(f"need different names for the ports of a machine, got {twice[0]!r} at {ports}")
    try:
        rest = dict(json.loads(line[len(mark) :], object_pairs_hook=object_of))
        odd = sorted(set(rest) - set(names))
        if odd or "rounds" not in rest:
            raise ValueError(f"{odd[0]!r} is none of {', '.join(names)}" if odd else "no rounds")
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        what = ascii(str(error))[1:-1][:200]
        raise ConstructionError(f"need a comment with {', '.join(names)}, got {line[:80]!r} ({what})") from error
    return rest


def _vectors(names: Sequence[str]) -> dict[str, list[str]]:
    """The ports that bits belong to, each with its bits in order."""
    found: dict[str, dict[int, str]] = {}
    for name in names:
        match = PORT.fullmatch(name)
        if not match:
            raise ConstructionError(
                f"need ports x, answer0, random, query0, predict (with an index in brackets), got {name!r}"
            )
        if int(match[2] or 0) in found.setdefault(match[1], {}):
            raise ConstructionError(
                f"need each bit of a port once, got {name!r} and {found[match[1]][int(match[2] or 0)]!r}"
            )
        found[match[1]][int(match[2] or 0)] = name
    for port, bits in found.items():
        if sorted(bits) != list(range(len(bits))):
            raise ConstructionError(f"need bits 0 to {len(bits) - 1} of port {port!r}, got {sorted(bits)}")
    return {port: [bits[i] for i in range(len(bits))] for port, bits in found.items()}


def _code(values: Mapping[str, int], names: Sequence[str]) -> int:
    return sum(values[name] << i for i, name in enumerate(names))
