"""A recorded training run, taken again step by step: what each gradient was, which roundings were valid, which was
chosen.

A trace says which edges moved and to where, but not why. Here an engine takes the same steps again, and the recorded
move of an edge is its adversary: it picks what the trace says. So every entry of every gradient is seen with its valid
roundings (equation 3), and a trace that is none of this network's runs is refused at its first wrong line.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from constructions.errors import ConstructionError
from constructions.networks.trainable import Trainable
from constructions.training.adversaries import EdgeChoice
from constructions.training.batches import random_string
from constructions.training.by_fractions import EngineSettings, any_engine
from constructions.training.engine import Engine
from constructions.training.record import TracedStep

Moves = Mapping[int, tuple[Fraction, Fraction]]


@dataclass(frozen=True, slots=True, kw_only=True)
class GradientEntry:
    """One entry of the gradient of a step that is not 0.

    Parameters
    ----------
    edge, tail, head : the position of the edge, and its two ends.
    before, after : its weight before and after the step.
    gradient : the mean of the clipped gradients over the batch (equation 2).
    valid : its valid roundings (equation 3), ascending. chosen : the one that was taken.
    """

    edge: int
    tail: int
    head: int
    before: Fraction
    after: Fraction
    gradient: Fraction
    valid: tuple[Fraction, ...]
    chosen: Fraction


@dataclass(frozen=True, slots=True)
class RetracedStep:
    """A step as it was recorded, and the ``entries`` of its gradient by ascending edge; none at a kink."""

    traced: TracedStep
    entries: tuple[GradientEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettings:
    """What the first line of a trace says of its run.

    Parameters
    ----------
    rho, rate, batch : precision, step size, and how many samples a step has. seed : of the run.
    source, adversary : where the batches came from and who rounded, in words.

    >>> RunSettings.of({"rho": "1/64", "rate": "1", "batch": 7, "seed": 3, "source": "s", "adversary": "up"}).rho
    Fraction(1, 64)
    """

    rho: Fraction
    rate: Fraction
    batch: int
    seed: int
    source: str
    adversary: str

    @classmethod
    def of(cls, header: Mapping[str, Any]) -> "RunSettings":
        """The settings in the ``header`` of a trace.

        Raises
        ------
        ConstructionError
            For a header without them.

        >>> RunSettings.of({"rho": "1/64"})
        Traceback (most recent call last):
            ...
        constructions.errors.ConstructionError: need the header of a trace, got one with KeyError: 'rate'
        """
        try:
            return cls(
                rho=Fraction(header["rho"]),
                rate=Fraction(header["rate"]),
                batch=int(header["batch"]),
                seed=int(header["seed"]),
                source=str(header["source"]),
                adversary=str(header["adversary"]),
            )
        except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
            got = f"{type(error).__name__}: {error}"[:100]
            raise ConstructionError(f"need the header of a trace, got one with {got}") from error


class _Recorded:
    """The adversary that picks what was recorded, and what it was shown."""

    def __init__(self, rate: Fraction) -> None:
        self.rate = rate
        self.moved: Moves = {}
        self.seen: list[tuple[EdgeChoice, Fraction]] = []

    def begin(self, moved: Moves) -> None:
        """The moves of the step that is taken next."""
        self.moved, self.seen = moved, []

    def __call__(self, choice: EdgeChoice) -> Fraction:
        old, new = self.moved.get(choice.edge, (Fraction(0), Fraction(0)))
        chosen = (old - new) / self.rate
        self.seen.append((choice, chosen))
        return chosen


def as_initialized(
    net: Trainable, seed: int, bits: str | None = None, *, where: str = "the random string"
) -> Trainable:
    """A network as a run initializes it.

    Parameters
    ----------
    net, seed : the network, and the seed from which its random string is drawn.
    bits : the random string, if it is not drawn. where : what an error calls it.

    Raises
    ------
    ConstructionError
        For a string of other characters than zeros and ones, or of another length.

    >>> from constructions.networks.flat import flat_network
    >>> from constructions.networks.gates import conjunction
    >>> net = Trainable(network=flat_network(conjunction()), rho=Fraction(1, 16), sampled=np.array([0]))
    >>> as_initialized(net, 0, "1").network.weights.tolist()
    [4, 2, 2]
    """
    if bits is None:
        return net.with_random_string(random_string(net.random_bits, seed)) if net.random_bits else net
    if set(bits) - {"0", "1"}:
        raise ConstructionError(f"need zeros and ones, got {bits[:40]!r}, at {where}")
    return net.with_random_string([int(bit) for bit in bits])


class Retracing:
    """Takes the steps of a recorded run again; ``engine`` holds the weights as they are now.

    Parameters
    ----------
    net : the network as the run initialized it. settings : those of the run.

    >>> from constructions.foundations.network import Network
    >>> from constructions.networks.flat import flat_network
    >>> from constructions.training.engine import ArrayStep
    >>> edges = {("x1", "f"): 1, ("one", "f"): Fraction(1, 2)}
    >>> graph = Network(inputs=("x1",), outputs=("f",), edges=edges, constant="one")
    >>> net = Trainable(network=flat_network(graph), rho=Fraction(1, 4))
    >>> settings = RunSettings(rho=net.rho, rate=Fraction(1), batch=1, seed=0, source="by hand", adversary="by hand")
    >>> def step(new):
    ...     moved = {0: (Fraction(1, 2), new)}
    ...     return TracedStep(ArrayStep(number=1, outputs=(Fraction(1, 2),), moved=moved, system=""), ((0,),), (0,))
    >>> found, = Retracing(net, settings).steps([step(Fraction(0))])
    >>> found.entries[0].gradient, found.entries[0].valid, found.entries[0].chosen
    (Fraction(1, 2), (Fraction(1, 2),), Fraction(1, 2))
    >>> list(Retracing(net, settings).steps([step(Fraction(1, 4))]))
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need one of the valid roundings 1/2 of 1/2, got Fraction(1, 4), at edge 0, \
step 1
    """

    def __init__(self, net: Trainable, settings: RunSettings) -> None:
        self._recorded = _Recorded(settings.rate)
        given = EngineSettings(batch=settings.batch, rho=settings.rho, rate=settings.rate)
        self.engine: Engine = any_engine(net, given, adversary=self._recorded)

    def steps(self, traced: Iterable[TracedStep]) -> Iterator[RetracedStep]:
        """Each step as it is taken again.

        Parameters
        ----------
        traced : the steps as they were recorded, from the first on.

        Raises
        ------
        ConstructionError
            For a step that is none of this network's with these settings: another number, batch or output, a move from
            another weight or to one that no valid rounding leads to.
        """
        for each in traced:
            yield self._again(each)

    def _again(self, traced: TracedStep) -> RetracedStep:
        step = traced.step
        if step.number != self.engine.number + 1:
            raise ConstructionError(f"need step {self.engine.number + 1} of the trace, got step {step.number}")
        self._recorded.begin(step.moved)
        taken = self.engine.step(np.array(traced.x, np.int64), np.array(traced.y, np.int64))
        for what, got, found in (
            ("outputs", step.outputs, taken.outputs),
            ("moves", dict(step.moved), dict(taken.moved)),
            ("kink", step.kink, taken.kink),
        ):
            if got != found:
                raise ConstructionError(
                    f"need a trace of this network and start, got other {what}, at step {step.number}"
                )
        return RetracedStep(traced, tuple(self._entry(choice, chosen) for choice, chosen in self._recorded.seen))

    def _entry(self, choice: EdgeChoice, chosen: Fraction) -> GradientEntry:
        after = self.engine.weight(choice.edge)
        return GradientEntry(
            edge=choice.edge,
            tail=choice.tail,
            head=choice.head,
            before=after + self._recorded.rate * chosen,
            after=after,
            gradient=choice.value,
            valid=choice.valid,
            chosen=chosen,
        )
