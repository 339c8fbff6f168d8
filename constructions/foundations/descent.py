"""Gradient steps (Section 2, equations 1-3): clipped batch gradients, valid roundings, bSGD and fbGD.

The loss is half the squared difference; a step subtracts ``rate`` times the rounded batch gradient. bSGD draws a fresh
batch for every step, fbGD uses the same one. Where the loss is not differentiable for some sample of the batch, any
gradient in [-1, 1] is valid (footnote 6), and the step goes to the adversary's other face, ``at_kink``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from constructions.errors import ConstructionError, KinkError
from constructions.foundations.exact import Number, exact, is_symbolic
from constructions.foundations.network import Edge, Network
from constructions.foundations.rounding import Adversary, Choice, Grid, choose, clip, nearest
from constructions.foundations.vectors import Vector, VectorSum, by_place, entrywise, without_zeros
from constructions.foundations.walks import backward, forward

Sample = tuple[tuple[int, ...], int]
Derivative = Callable[[Network, Sample], Mapping[Edge, Number]]
AtKink = Callable[[str, Mapping[Edge, Fraction]], Mapping[Edge, Fraction]]


def squared_loss(output: Number, label: Number) -> Number:
    """The loss of an output on a label: half the squared difference.

    >>> squared_loss(Fraction(1, 2), 1)
    Fraction(1, 8)
    """
    return (output - label) * (output - label) / 2


def refuse_kink(vertex: str, edges: Mapping[Edge, Fraction]) -> Mapping[Edge, Fraction]:
    """What is done at a kink if nothing else is asked for: a KinkError that names the vertex."""
    raise KinkError(vertex, "a kink")


def loss_gradient(net: Network, sample: Sample) -> Mapping[Edge, Number]:
    """The derivative of the squared loss on one sample with respect to each weight; KinkError where there is none.

    >>> path = Network(inputs=("x1",), outputs=("f",), edges={("x1", "f"): "1/2", ("one", "f"): 1}, constant="one")
    >>> {edge: str(value) for edge, value in loss_gradient(path, ((1,), 0)).items()}
    {('one', 'f'): '3/2', ('x1', 'f'): '3/2'}
    """
    x, y = _checked(net, sample)
    run = forward(net, {f"x{i}": Fraction(bit) for i, bit in enumerate(x, 1)})
    return backward(run, {net.output: run.out[net.output] - y}).edges


@dataclass(frozen=True, slots=True, kw_only=True)
class Descent:
    """How a step is taken: precision, step size, clipping, adversary, and what happens at a kink.

    Parameters
    ----------
    rho : gradient precision. rate : step size gamma. Both are rational, or terms in a claim.
    clipping : :func:`clip`, or :func:`constructions.foundations.rounding.clip_or_fail`, which fails.
    derivative : gives the gradient of the loss on one sample.
    adversary : picks each rounding. at_kink : picks the whole gradient in [-1, 1] where there is none (footnote 6).

    Raises
    ------
    ConstructionError
        For a precision or a step size that is not above 0.

    >>> from constructions.foundations.network import Network
    >>> net = Network(inputs=("x1",), outputs=("f",), edges={("x1", "f"): 1, ("one", "f"): "1/2"}, constant="one")
    >>> after = Descent(rho=Fraction(1, 4)).step(net, [((1,), 0)])
    >>> [str(after.weight(*edge)) for edge in net.edges]
    ['-1/2', '0']
    >>> third, batch = Descent(rho=Fraction(1, 3)), [((1,), 1), ((0,), 1)]
    >>> [str(entry) for entry in third.batch_gradient(net, batch).values()]
    ['0', '1/4']
    >>> [str(entry) for entry in third.estimate(net, batch).values()]
    ['0', '1/3']
    >>> third.moved(net, third.estimate(net, batch)) == next(third.bsgd(net, [batch]))
    True
    """

    rho: Fraction
    rate: Fraction = Fraction(1)
    derivative: Derivative = loss_gradient
    clipping: Callable[[Number], Number] = clip
    adversary: Adversary = nearest
    at_kink: AtKink = refuse_kink

    def __post_init__(self) -> None:
        object.__setattr__(self, "rho", Grid(rho=self.rho).rho)
        object.__setattr__(self, "rate", exact(self.rate, where="rate"))
        if not is_symbolic(self.rate) and self.rate <= 0:
            raise ConstructionError(f"need a step size > 0, got {self.rate}, at rate")

    def sample_gradient(self, net: Network, sample: Sample) -> Vector:
        """The clipped gradient of a network's loss on one sample; KinkError where there is none."""
        return entrywise(self.clipping, self.derivative(net, sample))

    def batch_gradient(self, net: Network, batch: Sequence[Sample], *, after: VectorSum | None = None) -> Vector:
        """The average of a network's clipped gradients over the batch (equation 2).

        Parameters
        ----------
        after : what was summed over an earlier part of the batch; the average is then over both parts.

        Raises
        ------
        ConstructionError
            For an empty batch.
        KinkError
            If the loss of a sample is not differentiable.
        """
        if not batch:
            raise ConstructionError("need at least one sample in a batch, got none")
        total = VectorSum.of(net.edges) if after is None else after
        known: dict[Sample, Vector] = {}
        for sample in batch:
            if sample not in known:
                known[sample] = self.sample_gradient(net, sample)
            total = total.added(known[sample])
        return total.mean

    def estimate(self, net: Network, batch: Sequence[Sample], *, number: int = 1) -> Vector:
        """A valid estimate of the gradient of a network's loss over a batch: a rounding of each entry that the
        adversary picks (equation 3).

        Parameters
        ----------
        number : the step's number, which the adversary sees.

        Raises
        ------
        ConstructionError
            For an empty batch, or an adversary whose answer is not valid.
        KinkError
            If the loss is not differentiable and :attr:`at_kink` is the default.
        """
        try:
            exact_gradient = self.batch_gradient(net, batch)
        except KinkError as kink:
            rounded = dict(self.at_kink(kink.vertex, net.edges))
            _check_free(rounded, net, number)
            return rounded
        return by_place(lambda edge, value: self.rounded(edge, number, value), exact_gradient)

    def rounded(self, edge: Edge, number: int, value: Number) -> Number:
        """The rounding that the adversary picks for the ``value`` of one entry of the gradient, that of an edge, in the
        step of this number; ConstructionError for an answer that is not valid.

        >>> str(Descent(rho=Fraction(1, 4)).rounded(("x", "f"), 1, Fraction(2, 5)))
        '1/2'
        """
        if not value:
            return Fraction(0)
        return choose(self.adversary, Choice(edge, number, value, Grid(rho=self.rho).valid(value)))

    def step(self, net: Network, batch: Sequence[Sample], *, number: int = 1) -> Network:
        """One step on a batch of samples (x, y): every edge of the network ``net`` moves by ``-rate`` times its entry
        of the estimate (equation 1). ``number`` and what is raised are those of :meth:`estimate`.
        """
        return self.moved(net, self.estimate(net, batch, number=number))

    def moved(self, net: Network, estimate: Vector) -> Network:
        """A network after a step for an ``estimate`` of its gradient, with an entry for each weight (equation 1)."""
        moving = without_zeros(estimate)
        if not moving:
            return net
        return net.with_weights(entrywise(lambda u, weight: weight - self.rate * u, moving, net.edges))

    def bsgd(self, net: Network, batches: Iterable[Sequence[Sample]]) -> Iterator[Network]:
        """The iterates of bSGD from the network ``net``, one for each batch; those of fbGD if all batches are the same
        one."""
        for number, batch in enumerate(batches, 1):
            net = self.step(net, batch, number=number)
            yield net


def _checked(net: Network, sample: Sample) -> Sample:
    x, y = sample
    if len(x) != len(net.inputs) or any(bit not in (0, 1) for bit in x) or y not in (0, 1):
        raise ConstructionError(f"need {len(net.inputs)} bits and a label 0 or 1, got {sample!r}")
    return sample


def _check_free(rounded: Mapping[Edge, Fraction], net: Network, number: int) -> None:
    for edge, u in rounded.items():
        net.weight(*edge)
        if not isinstance(u, Fraction) or abs(u) > 1:
            raise ConstructionError(
                f"need gradient entries in [-1, 1] at a kink, got {u!r}, at edge {edge!r}, step {number}"
            )
