"""A second opinion on a recorded training run: equations (1) to (3), step by step, in rationals.

It shares no code with the engines: sigma by its ReLU form, derivatives by partial derivatives pulled back from the
output, validity as the equation states it. For networks of some thousand edges; each sample of each step is gone
through.
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from constructions.foundations.activation import Activation
from constructions.networks.trainable import Trainable
from constructions.training.record import TracedStep
from verify.replay.relu_form import relu_slopes, relu_value

Weights = list[Fraction]


def faults_of(
    net: Trainable, trace: Iterable[TracedStep], *, rho: Fraction, rate: Fraction, batch: int
) -> Iterator[str]:
    """Everything that is wrong with a run from ``net`` as it was initialized; nothing if it is one of bSGD's or fbGD's.

    A step at a kink may move an edge by anything up to the rate (footnote 6).

    Parameters
    ----------
    net, trace : the network, and the steps that were recorded.
    rho, rate, batch : precision, learning rate, and how many samples a step has.

    >>> from constructions.foundations.network import Network
    >>> from constructions.networks.flat import flat_network
    >>> from constructions.training.engine import ArrayStep
    >>> line = Network(inputs=("x1",), outputs=("f",), edges={("x1", "f"): 1, ("one", "f"): 1}, constant="one")
    >>> net, settings = Trainable(network=flat_network(line), rho=Fraction(1, 4)), {"rate": Fraction(1), "batch": 1}
    >>> for new in (Fraction(0), Fraction(1, 2)):  # where the edge from the constant moves to, on x = 0 of label 0
    ...     step = ArrayStep(number=1, outputs=(Fraction(1),), moved={0: (Fraction(1), new)}, system="by hand")
    ...     print(list(faults_of(net, [TracedStep(step, ((0,),), (0,))], rho=net.rho, **settings)))
    []
    ['step 1, edge 0: 1/2 is no valid rounding of 1']
    """
    flat = net.network
    weights: Weights = [Fraction(w, flat.scale) for w in flat.weights.tolist()]
    frozen = set(net.frozen.tolist())
    for number, traced in enumerate(trace, 1):
        step = traced.step
        if step.number != number or len(traced.x) != batch or len(traced.y) != batch:
            got = f"numbered {step.number}, {len(traced.x)} points and {len(traced.y)} labels"
            yield f"step {number}: {got} for a batch of {batch}"
            return
        outputs, total, kink = sum_of_gradients(net, weights, traced.x, traced.y)
        if tuple(outputs) != step.outputs:
            yield f"step {number}: outputs {list(map(str, step.outputs))} instead of {list(map(str, outputs))}"
        if (kink is None) != (step.kink is None):
            yield f"step {number}: kink at {step.kink}, found at {kink}"
        for edge, value in enumerate(total):
            old, new = step.moved.get(edge, (weights[edge], weights[edge]))
            if old != weights[edge]:
                yield f"step {number}, edge {edge}: from {old}, but the weight was {weights[edge]}"
            u = (old - new) / rate
            if edge in frozen:
                valid = u == 0
            elif kink is not None:
                valid = abs(u) <= 1
            else:
                valid = (u / rho).denominator == 1 and abs(batch * u - value) <= 3 * batch * rho / 4
            if not valid:
                yield f"step {number}, edge {edge}: {u} is no valid rounding of {value / batch}"
            weights[edge] = new


def sum_of_gradients(
    net: Trainable, weights: Weights, x: Sequence[Sequence[int]], y: Sequence[int]
) -> tuple[list[Fraction], Weights, int | None]:
    """The output on each sample, the sum of clipped gradients, and a vertex on a kink that matters, if there is one."""
    total, outputs, kink = [Fraction(0)] * len(weights), [], None
    for row, label in zip(x, y, strict=True):
        values, slopes = _upwards(net, weights, row)
        outputs.append(values[net.output])
        pulled = _downwards(net, weights, slopes, values[net.output] - label)
        for v, by in pulled.items():
            left, right = slopes[v]
            if left != right:
                kink = v if kink is None else kink
            for edge in range(int(net.network.offsets[v]), int(net.network.offsets[v + 1])):
                entry = values[int(net.network.sources[edge])] * right * by
                total[edge] += min(Fraction(1), max(Fraction(-1), entry))
    return outputs, total, kink


def _sigma(net: Trainable, vertex: int) -> Activation:
    return net.last if net.last is not None and vertex == net.output else net.network.sigma


def _upwards(
    net: Trainable, weights: Weights, row: Sequence[int]
) -> tuple[Weights, dict[int, tuple[Fraction, Fraction]]]:
    flat = net.network
    values, slopes = [Fraction(1), *map(Fraction, row)], {}
    for v in range(flat.first, flat.size):
        edges = range(int(flat.offsets[v]), int(flat.offsets[v + 1]))
        arriving = sum((weights[e] * values[int(flat.sources[e])] for e in edges), Fraction(0))
        values.append(relu_value(_sigma(net, v), arriving))
        slopes[v] = relu_slopes(_sigma(net, v), arriving)
    return values, slopes


def _downwards(
    net: Trainable, weights: Weights, slopes: dict[int, tuple[Fraction, Fraction]], seed: Fraction
) -> dict[int, Fraction]:
    """The derivative of the loss with respect to the output of each vertex that computes, where it is not 0."""
    flat = net.network
    pulled = {net.output: seed} if seed else {}
    for v in sorted(slopes, reverse=True):
        if v in pulled:
            for e in range(int(flat.offsets[v]), int(flat.offsets[v + 1])):
                u, by = int(flat.sources[e]), weights[e] * slopes[v][1] * pulled[v]
                if u >= flat.first and by:
                    pulled[u] = pulled.get(u, Fraction(0)) + by
            if not pulled[v]:
                del pulled[v]
    return pulled
