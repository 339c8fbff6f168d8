"""What a training run of an emulation network means, told round by round: the method's state, its queries on the batch,
and the answers that the trained digits hold (Lemmas 3b and 12b).

The method runs beside the network, as in :mod:`constructions.training.following`, but nothing is judged here: means,
answers and states are told as they are.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from constructions.computation.query_machine import QueryMachine
from constructions.errors import ConstructionError
from constructions.foundations.exact import Number
from constructions.networks.emulation import Plan
from constructions.networks.flat import Integers
from constructions.networks.layout import RoundLayout
from constructions.networks.queries import SETTINGS
from constructions.networks.trainable import Trainable
from constructions.training.batches import Samples
from constructions.training.evaluated_method import Method
from constructions.training.following import AnswerReader, Trains

BIT = re.compile(r"(.+)\[(\d+)\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRound:
    """A round of a method beside its network.

    Parameters
    ----------
    number, label : the round, and the label on which its queries are not zero.
    state : the method's state when it asks, as numbers by name.
    values : (p, b) what each query is on each point of the batch, whatever its label.
    means : (p,) the exact batch means of the queries. answers : (p,) those that the trained network holds.
    """

    number: int
    label: int
    state: Mapping[str, int]
    values: tuple[tuple[Fraction, ...], ...]
    means: tuple[Fraction, ...]
    answers: tuple[Fraction, ...]


class MethodBeside:
    """A method that runs beside a network in training.

    Where the answers are held is what the network's hints say; how they are written is what the machine's own plan
    says. So the network may have been compiled from the same machine in other gates. If it was compiled from another
    machine, an answer is soon too far from its mean, or the last prediction is another one, and that is an error.

    Parameters
    ----------
    machine : the method. net : the network as it was initialized. trains : the engine that trains it.

    Raises
    ------
    ConstructionError
        If the hints do not say where the answers are, or the network has not the copies that the machine needs.

    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> from constructions.training.by_fractions import any_engine
    >>> plan = Plan(machine=best_literal_machine(2, fraction=6), rho=Fraction(1, 16), batch=2)
    >>> engine = any_engine(plan.trainable)
    >>> beside = MethodBeside(plan.machine, plan.trainable, engine)
    >>> x, y = np.array([[0, 1], [1, 1]]), np.array([0, 1])
    >>> _ = engine.step(x, y)
    >>> told = beside.after_step(x, y)
    >>> told.label, [str(mean) for mean in told.means], [str(answer) for answer in told.answers], told.state["second"]
    (1, ['1/2', '1/2', '1/2'], ['37/64', '1/2', '37/64'], 0)
    >>> beside.state["second"], beside.predicted(np.array([[0, 1]])), beside.ended
    (1, [Fraction(1, 1)], False)
    """

    def __init__(self, machine: QueryMachine, net: Trainable, trains: Trains) -> None:
        self.machine, self._trains = machine, trains
        held = _Held(machine, net)
        self.tolerance = held.plan.decoder.tolerance
        self._method, self._reader = Method(machine), AnswerReader(held, net, trains)
        self._state, self._round = machine.start(), 0
        signs = net.network.weights[net.sampled] > 0
        self._random = [int(bit) for bit in signs.tolist()]

    @property
    def state(self) -> dict[str, int]:
        """The method's state now, as numbers by name."""
        return numbers_of(self._state)

    @property
    def ended(self) -> bool:
        """Whether all rounds of the method are over."""
        return self._round == self.machine.rounds

    def after_step(self, x: Samples, y: Samples) -> ToldRound:
        """The next round, once its step has been taken on a batch ``x`` (b, n), ``y`` (b,).

        Raises
        ------
        ConstructionError
            For a round more than the method has, and for an answer that no network of this machine can hold.
        """
        self._round = number = self._round + 1
        if number > self.machine.rounds:
            raise ConstructionError(f"need at most {self.machine.rounds} rounds, got round {number}")
        before, bits = self._state, self.machine.random_bits
        answers, means = self._reader(number), tuple(self._method.means(before, number, (x, y)))
        for j, (answer, mean) in enumerate(zip(answers, means, strict=True), 1):
            if abs(answer - mean) > self.tolerance:
                got = f"the answer {answer} to query {j}, whose mean is {mean}, in round {number}"
                raise ConstructionError(f"need the machine of this network and a run that follows it, got {got}")
        told = ToldRound(
            number=number,
            label=self.machine.label(number),
            state=numbers_of(before),
            values=tuple(map(tuple, self._method.asked(before, x))),
            means=means,
            answers=answers,
        )
        self._state = self._method.after(before, answers, self._random[(number - 1) * bits : number * bits])
        return told

    def asked(self, x: Samples) -> list[list[Fraction]]:
        """(p, k) what the queries of the state as it is now are at some points ``x`` (k, n)."""
        return self._method.asked(self._state, x)

    def predicted(self, x: Samples) -> list[Fraction]:
        """What the method predicts at some points ``x`` (k, n) in its state as it is now.

        Raises
        ------
        ConstructionError
            If all rounds are over and the network returns something else.
        """
        found = self._method.predicted(self._state, x)
        wrong = [i for i, value in enumerate(self._trains.outputs(x)) if value != found[i]] if self.ended else []
        if wrong:
            got = f"other values at {len(wrong)} of {len(found)} points"
            raise ConstructionError(f"need the machine of this network, whose prediction it returns, got {got}")
        return found


class _Held:
    """Where a network holds the answers of a round, by its hints, and how, by the machine's plan."""

    def __init__(self, machine: QueryMachine, net: Trainable) -> None:
        self.plan = _plan(machine, net)
        self._first = _memories(net)
        at = RoundLayout(copies=len(self.plan.copies), bits=self.plan.decoder.bits, random_bits=0, gates=0)
        rows = [[at.digit(c, i) for i in range(at.bits)] for c in range(at.copies)]
        self._digits = np.array(rows, np.int64)
        sizes = {high - low for low, high in self._first}
        if len(self._first) < machine.rounds or sizes - {at.v1(at.copies)}:
            got = f"{len(self._first)} rounds with {sorted(sizes)} vertices of memory"
            wanted = f"{machine.rounds} rounds with {at.v1(at.copies)}"
            raise ConstructionError(f"need the machine of this network, which needs {wanted}, got {got}")

    def digits(self, round_: int) -> Integers:
        """(copies, k) the digit vertices of a round, least first."""
        return self._first[round_ - 1][0] + self._digits

    def answers(self, values: Mapping[int, Number], round_: int) -> tuple[Fraction, ...]:
        """The answers of a round, given the values of its digits."""
        rows = self.digits(round_).tolist()
        return self.plan.decoded([sum(1 << i for i, v in enumerate(row) if values[v] == 2) for row in rows])


def numbers_of(bits: Mapping[str, int]) -> dict[str, int]:
    """Bits by name as numbers: ``count[0]``, ``count[1]``, ... are one, with the least bit first.

    >>> numbers_of({"seen": 1, "count[0]": 0, "count[1]": 1})
    {'seen': 1, 'count': 2}
    """
    found: dict[str, int] = {}
    for name, bit in bits.items():
        match = BIT.fullmatch(name)
        key, place = (match[1], int(match[2])) if match else (name, 0)
        found[key] = found.get(key, 0) | bit << place
    return found


def _plan(machine: QueryMachine, net: Trainable) -> Plan:
    """A plan for a machine with the numbers that a network's hints name."""
    try:
        hints: Mapping[str, Any] = net.hints
        return Plan(
            machine=machine,
            rho=net.rho,
            setting=SETTINGS[hints["setting"]],
            batch=net.batch,
            centred=bool(hints["decoder"]["centred"]),
            tolerance=Fraction(hints["tolerance"]),
        )
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        if isinstance(error, ConstructionError):
            raise
        got = f"hints with {type(error).__name__}: {error}"[:100]
        raise ConstructionError(f"need a network that 'compile' wrote, got {got}") from error


def _memories(net: Trainable) -> list[tuple[int, int]]:
    """The first vertex of the memory of each round, and the one behind the last, by a network's hints."""
    found: list[tuple[int, int]] = []
    for entry in net.hints.get("groups", []):
        match entry:
            case [str(name), int(low), int(high)] if name == f"round {len(found) + 1}: memory":
                if not net.network.first <= low < high <= net.network.size:
                    raise ConstructionError(f"need vertices of the network, got {low} to {high}, at the hint {name!r}")
                found.append((low, high))
    return found
