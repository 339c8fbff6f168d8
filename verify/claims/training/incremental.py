"""The engine whose step costs what it changes takes the plain engine's steps, in every run of stated small networks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from constructions.errors import EnginesDifferError
from constructions.foundations.activation import HARD_TANH, IDENTITY, RAMP
from constructions.foundations.network import Edge, Network
from constructions.networks.flat import flat_network
from constructions.networks.trainable import Trainable
from constructions.training.adversaries import EdgeChoice
from constructions.training.compared import ComparedEngine
from constructions.training.engine import arguments_of
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

SAMPLES = tuple((x, y) for x in (0, 1) for y in (0, 1))
STEPS = 3
EDGES: tuple[Edge, ...] = (("one", "c"), ("c", "g"), ("x1", "g"), ("one", "g"), ("g", "f"), ("c", "f"))
NETWORKS: tuple[tuple[Any, int, tuple[Any, ...]], ...] = (
    (RAMP, 2, ("1/3", 2, -4, "-5/2", 1, 1)),
    (RAMP, 2, ("-5/2", -1, 2, "3/2", "-1/2", 1)),
    (RAMP, 4, ("-5/2", -1, -2, "3/2", "-1/2", -1)),
    (HARD_TANH, 2, ("5/6", 1, 4, -1, -1, -1)),
)
"""Activation, rate and weights: c depends on the constant alone, and decides whether g depends on x1."""


@dataclass
class Explored:
    """What all runs from a first batch met: how many there were, weights moved, questions with two answers, steps at a
    kink, and how the engines differed."""

    runs: int = 0
    moved: int = 0
    open: int = 0
    stopped: int = 0
    differences: list[str] = field(default_factory=list)


@dataclass
class _Run:
    """A run of both engines: in each step the sample, and for each question that is asked which answer is given, the
    first one where nothing is said."""

    net: Trainable
    told: bool
    options: list[int] = field(default_factory=list)
    answers: tuple[int, ...] = ()

    def pick(self, choice: EdgeChoice) -> Fraction:
        """An answer, and how many there were."""
        asked = len(self.options)
        self.options.append(len(choice.valid))
        return choice.valid[self.answers[asked] if asked < len(self.answers) else 0]

    def go(self, steps: list[tuple[int, tuple[int, ...]]], found: Explored) -> bool:
        """Take the steps; whether the last one can be followed by another."""
        engine = ComparedEngine(**arguments_of(self.net, batch=None, rho=None, rate=None), adversary=self.pick)
        for sample, self.answers in steps:
            self.options.clear()
            x, y = SAMPLES[sample]
            try:
                step = engine.step(np.array([[x]]), np.array([y]))
            except EnginesDifferError as error:
                found.differences.append(str(error))
                return False
            found.moved += len(step.moved)
            if step.stopped:
                found.stopped += 1
                return False
            if not self.told:
                engine.weights[0] += engine.unit
                engine.plain.weights[0] += engine.unit
        return True


def _explore(net: Trainable, told: bool, steps: list[tuple[int, tuple[int, ...]]], found: Explored) -> None:
    """All runs that begin with these steps: every batch after them, every valid rounding before the last."""
    run = _Run(net, told)
    found.runs += 1
    if not run.go(steps, found):
        return
    found.open += run.options.count(2)
    if len(steps) == STEPS:
        return
    *before, (last, _) = steps
    for answers in product(*map(range, run.options)):
        for sample in range(len(SAMPLES)):
            _explore(net, told, [*before, (last, answers), (sample, ())], found)


def explored(network: int, first: int, *, told: bool = True) -> Explored:
    """All runs of a network from a first batch; without ``told``, an edge is moved after each step of which the
    incremental engine is not told (the twin's)."""
    sigma, rate, weights = NETWORKS[network]
    edges = dict(zip(EDGES, weights, strict=True))
    graph = Network(inputs=("x1",), outputs=("f",), edges=edges, constant="one", sigma=sigma)
    net = Trainable(network=flat_network(graph), rho=Fraction(1, 4), rate=Fraction(rate), last=IDENTITY)
    found = Explored()
    _explore(net, told, [(first, ())], found)
    return found


def _explored(*, told: bool) -> Callable[[Case], Explored]:
    """The same, of the network and the batch of a case."""
    return lambda case: explored(int(case.integer("network")), int(case.integer("first")), told=told)


def _beginnings() -> Iterator[dict[str, Any]]:
    """Every network with every first batch."""
    return ({"network": i, "first": k} for i in range(len(NETWORKS)) for k in range(len(SAMPLES)))


@obligation(
    "engine.incremental",
    paper="the engine",
    kind="enumeration",
    domain=_beginnings,
    of=_explored(told=True),
    twin=_explored(told=False),
    expect=Verdict.CHECKED,
    finite="four networks with two inner vertices, three steps on one sample each, all valid roundings before the last",
)
def the_incremental_engine_takes_the_plain_engines_steps(subject: Explored, case: Case) -> None:
    """In every run of the finite case the incremental engine does in each step what the plain engine does: outputs,
    number system, kinks, the questions to the adversary with the valid roundings, all weights, and all that is known of
    every vertex are the same, bit for bit."""
    case.show("there are runs of three steps", subject.runs > STEPS)
    case.show("weights move", subject.moved > 0)
    case.show("the engines do not differ", not subject.differences)
