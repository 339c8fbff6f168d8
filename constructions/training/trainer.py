"""Plain bSGD and fbGD with a record of what happened (Section 2): the trainer knows arrays of samples, no roles."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from constructions.errors import ConstructionError, KinkError
from constructions.foundations.descent import Descent, Sample
from constructions.foundations.exact import whole
from constructions.foundations.network import Edge, Network
from constructions.foundations.walks import forward


@dataclass(frozen=True, slots=True)
class Step:
    """One step: the network before it, the output on each sample of the batch, and the edges that moved (by how much).

    ``kink`` names the vertex at which the loss had no derivative, if there was one; training stops there.
    """

    number: int
    before: Network
    outputs: tuple[Fraction, ...]
    moved: dict[Edge, Fraction]
    kink: str | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """A training run: its steps and the network at the end."""

    steps: tuple[Step, ...]
    final: Network


def outputs(net: Network, batch: Sequence[Sample]) -> tuple[Fraction, ...]:
    """The network's output on every sample of a batch.

    >>> edges = {("x1", "f"): 1, ("one", "f"): Fraction(1, 2)}
    >>> net = Network(inputs=("x1",), outputs=("f",), edges=edges, constant="one")
    >>> [str(value) for value in outputs(net, [((0,), 1), ((1,), 1)])]
    ['1/2', '3/2']
    """
    return tuple(forward(net, {f"x{i}": Fraction(bit) for i, bit in enumerate(x, 1)}).out[net.output] for x, _ in batch)


def train(net: Network, batches: Iterable[Sequence[Sample]], descent: Descent) -> Trace:
    """Run bSGD over the batches; with one batch repeated, fbGD.

    A kink reached with a non-zero adjoint ends the run (the trace names it) unless the descent's ``at_kink`` chooses a
    gradient.

    >>> from fractions import Fraction as F
    >>> net = Network(inputs=("x1",), outputs=("f",), edges={("x1", "f"): 1, ("one", "f"): F(1, 2)}, constant="one")
    >>> trace = train(net, [[((1,), 0)]], Descent(rho=F(1, 4)))
    >>> [str(v) for v in trace.steps[0].outputs], {e: str(v) for e, v in trace.steps[0].moved.items()}
    (['3/2'], {('one', 'f'): '-1', ('x1', 'f'): '-1'})
    """
    steps: list[Step] = []
    for number, batch in enumerate(batches, 1):
        step, net = one_step(net, batch, descent, number=number)
        steps.append(step)
        if step.kink is not None:
            break
    return Trace(tuple(steps), net)


def one_step(net: Network, batch: Sequence[Sample], descent: Descent, *, number: int) -> tuple[Step, Network]:
    """A step of gradient descent on a batch, with its number and its record, and the network after it; at a kink the
    network stays as it is.

    Parameters
    ----------
    net, batch : the network, and samples (x, y).
    descent, number : how a step is taken, and which one this is.

    >>> edges = {("x1", "f"): 1, ("one", "f"): Fraction(1, 2)}
    >>> net = Network(inputs=("x1",), outputs=("f",), edges=edges, constant="one")
    >>> step, after = one_step(net, [((1,), 0)], Descent(rho=Fraction(1, 4)), number=1)
    >>> {edge: str(by) for edge, by in step.moved.items()}, str(after.weight("one", "f"))
    ({('one', 'f'): '-1', ('x1', 'f'): '-1'}, '-1/2')
    """
    seen = outputs(net, batch)
    try:
        after = descent.step(net, batch, number=number)
    except KinkError as kink:
        return Step(number, net, seen, {}, kink.vertex), net
    moved = {e: after.weight(*e) - w for e, w in net.edges.items() if after.weight(*e) != w}
    return Step(number, net, seen, moved), after


def random_batches(*, steps: int, batch: int, inputs: int, seed: int) -> list[list[Sample]]:
    """Seeded batches of uniform bits with uniform labels: so many steps, samples a step and bits a sample.

    Raises
    ------
    ConstructionError
        For none of one of them.

    >>> random_batches(steps=1, batch=2, inputs=2, seed=0)
    [[((1, 1), 0), ((1, 1), 1)]]
    """
    source = Random(seed)
    if min(whole(steps, where="steps"), whole(batch, where="batch"), whole(inputs, where="inputs")) < 1:
        raise ConstructionError(f"need at least one step, sample and input, got {steps}, {batch}, {inputs}")

    def sample() -> Sample:
        return tuple(source.randrange(2) for _ in range(inputs)), source.randrange(2)

    return [[sample() for _ in range(batch)] for _ in range(steps)]
