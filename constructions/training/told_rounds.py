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
from constructions.networks.emulation import Plan
from constructions.networks.flat import Integers
from constructions.networks.queries import SETTINGS
from constructions.networks.trainable import Trainable
from constructions.training.following import AnswerReader, Method, Samples, Trains

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

    Parameters
    ----------
    plan : the machine and all that decides its network. net : the network as it was initialized.
    trains : the engine that trains it.

    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> from constructions.training.by_fractions import any_engine
    >>> plan = Plan(machine=best_literal_machine(2, fraction=6), rho=Fraction(1, 16), batch=2)
    >>> engine = any_engine(plan.trainable)
    >>> beside, x, y = MethodBeside(plan, plan.trainable, engine), np.array([[0, 1], [1, 1]]), np.array([0, 1])
    >>> _ = engine.step(x, y)
    >>> told = beside.after_step(x, y)
    >>> told.label, [str(mean) for mean in told.means], [str(answer) for answer in told.answers], told.state["second"]
    (1, ['1/2', '1/2', '1/2'], ['37/64', '1/2', '37/64'], 0)
    >>> beside.state["second"], beside.predicted(np.array([[0, 1]]))
    (1, [Fraction(1, 1)])
    """

    def __init__(self, plan: Plan, net: Trainable, trains: Trains) -> None:
        self.machine, self.tolerance = plan.machine, plan.decoder.tolerance
        self._method, self._reader = Method(plan.machine), AnswerReader(plan, net, trains)
        self._state, self._round = plan.machine.start(), 0
        signs = net.network.weights[net.sampled] > 0
        self._random = [int(bit) for bit in signs.tolist()]

    @property
    def state(self) -> dict[str, int]:
        """The method's state now, as numbers by name."""
        return numbers_of(self._state)

    def after_step(self, x: Samples, y: Samples) -> ToldRound:
        """The next round, once its step has been taken on a batch ``x`` (b, n), ``y`` (b,).

        Raises
        ------
        ConstructionError
            For a round more than the method has.
        """
        self._round = number = self._round + 1
        if number > self.machine.rounds:
            raise ConstructionError(f"need at most {self.machine.rounds} rounds, got round {number}")
        before, bits = self._state, self.machine.random_bits
        answers = self._reader(number)
        told = ToldRound(
            number=number,
            label=self.machine.label(number),
            state=numbers_of(before),
            values=tuple(map(tuple, self._method.asked(before, x))),
            means=tuple(self._method.means(before, number, (x, y))),
            answers=answers,
        )
        self._state = self._method.after(before, answers, self._random[(number - 1) * bits : number * bits])
        return told

    def asked(self, x: Samples) -> list[list[Fraction]]:
        """(p, k) what the queries of the state as it is now are at some points ``x`` (k, n)."""
        return self._method.asked(self._state, x)

    def predicted(self, x: Samples) -> list[Fraction]:
        """What the method predicts at some points ``x`` (k, n) in its state as it is now."""
        return self._method.predicted(self._state, x)


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


def plan_behind(machine: QueryMachine, net: Trainable) -> Plan:
    """The plan whose network a file holds.

    The file's hints say how to look for it; that it is the one is seen by comparing every vertex, edge and weight.

    Parameters
    ----------
    machine : the method. net : the network as it was compiled, whatever the signs of its sampled edges.

    Raises
    ------
    ConstructionError
        If the network is not this machine's, or the hints do not say enough to look for it.

    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> machine = best_literal_machine(2, fraction=6)
    >>> plan_behind(machine, Plan(machine=machine, rho=Fraction(1, 16)).trainable).setting.name
    'dyadic'
    """
    try:
        hints: Mapping[str, Any] = net.hints
        plan = Plan(
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
    _check_same(plan.trainable, net)
    return plan


def _check_same(made: Trainable, net: Trainable) -> None:
    for what in ("offsets", "sources"):
        if not np.array_equal(getattr(made.network, what), getattr(net.network, what)):
            raise ConstructionError(f"need the machine of this network, got one whose network has other {what}")
    ours, theirs = (_weights(each, made.sampled) for each in (made, net))
    if made.network.scale != net.network.scale or not np.array_equal(ours, theirs):
        raise ConstructionError("need the machine of this network, got one whose network has other weights")


def _weights(net: Trainable, sampled: Integers) -> Integers:
    weights = net.network.weights.copy()
    weights[sampled] = np.abs(weights[sampled])
    return weights
