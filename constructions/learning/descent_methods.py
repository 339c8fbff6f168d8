"""Gradient descent as a learning method (Section 2): bSGD(T, rho, b, p, r) and fbGD(T, rho, m, p, r).

A method has a differentiable model with p parameters, an initialization that uses r random bits, a step size, and T
steps. Each step gets a valid estimate of the gradient of a batch: a fresh one of b samples (bSGD), or the same m
samples each time (fbGD). What it returns is the model after the last step. Anything will do for a model that has an
entry for each weight (``edges``), can be given other weights (``with_weights``) and has a derivative: the exact
networks of this package, an expression (:mod:`constructions.learning.expressions`), or a class of a user's own.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.errors import ConstructionError, KinkError
from constructions.foundations.descent import Derivative, Descent
from constructions.foundations.exact import exact, is_symbolic, whole
from constructions.foundations.rounding import Grid
from constructions.foundations.vectors import Family, Vector, VectorSum, entrywise
from constructions.foundations.walks import forward
from constructions.learning.error import batches
from constructions.learning.models import strings
from constructions.learning.problems import Bits, Point, Predictor, Source

MOST_ESTIMATES = 100_000
"""How many valid estimates of one gradient are gone through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BSGD:
    """T ``steps`` with gradients of precision rho, each of a fresh batch of b samples; p parameters, r random bits."""

    steps: int
    rho: Fraction
    b: int
    p: int
    r: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FBGD:
    """T ``steps`` with gradients of precision rho, all of the same m samples; p parameters, r random bits."""

    steps: int
    rho: Fraction
    m: int
    p: int
    r: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DescentMethod:
    """A bSGD or fbGD method.

    Parameters
    ----------
    n : bits of x. budget : steps, precision, samples, parameters, random bits.
    start : the model as it is initialized for a random string.
    descent : the precision, the step size and the derivative of the loss on a sample. Its adversary takes the place of
        the worst one where the method is run.
    predictor : what a model returns.
    computed : what a program finds in the place of the derivative; the derivative itself if it is not given.
    slack : how far a clipped entry of what is found may be from the clipped derivative.

    Raises
    ------
    ConstructionError
        For a negative number in the budget, an empty batch, another precision than the descent's, or a negative slack.

    >>> from constructions.foundations.network import Network
    >>> edges = {("x1", "f"): 1, ("one", "f"): Fraction(1, 2)}
    >>> net = Network(inputs=("x1",), outputs=("f",), edges=edges, constant="one")
    >>> method = network_method(net, steps=1, rho=Fraction(1, 4), b=1)
    >>> method.budget, method.predictor(method.start(()))((1,))
    (BSGD(steps=1, rho=Fraction(1, 4), b=1, p=2, r=0), Fraction(3, 2))
    >>> [str(entry) for entry in method.found_gradient(net, (1,), 0).values()]
    ['1', '1']
    """

    n: int
    budget: BSGD | FBGD
    start: Callable[[Bits], Any]
    descent: Descent
    predictor: Callable[[Any], Predictor]
    computed: Derivative | None = None
    slack: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        for name in ("steps", "p", "r", "b", "m"):
            if hasattr(self.budget, name):
                whole(getattr(self.budget, name), where=f"{name} of a method", least=int(name in ("b", "m")))
        rho, slack = self.budget.rho, exact(self.slack, where="slack")
        if not (is_symbolic(rho) or is_symbolic(self.descent.rho)) and rho != self.descent.rho:
            raise ConstructionError(f"need the precision {self.descent.rho} of the descent, got {rho}")
        if not is_symbolic(slack) and slack < 0:
            raise ConstructionError(f"need a slack >= 0, got {slack}")

    @property
    def batch(self) -> int:
        """How many samples a step looks at."""
        return self.budget.b if isinstance(self.budget, BSGD) else self.budget.m

    def found_gradient(self, model: Any, x: Any, y: Any) -> Vector:
        """The clipped gradient of a model's loss on the sample (x, y), as a program finds it; zeros where the loss has
        no derivative."""
        try:
            found = (self.computed or self.descent.derivative)(model, (x, y))
        except KinkError:
            return entrywise(lambda weight: Fraction(0), model.edges)
        return entrywise(self.descent.clipping, found)


def in_a_row(model: Any, vector: Vector) -> Vector:
    """The entries of a vector in the order of the weights of a model; a family is left as it is.

    >>> from types import SimpleNamespace
    >>> in_a_row(SimpleNamespace(edges={"u": 0, "v": 0}), {"v": 5, "u": 7})
    (7, 5)
    """
    return vector if isinstance(vector, Family) else tuple(vector[place] for place in model.edges)


def at_the_weights(model: Any, row: Vector) -> Vector:
    """The vector whose entries, in the order of the weights of a model, are these; a family is left as it is.

    >>> from types import SimpleNamespace
    >>> at_the_weights(SimpleNamespace(edges={"u": 0, "v": 0}), (7, 5))
    {'u': 7, 'v': 5}
    """
    return row if isinstance(row, Family) else dict(zip(model.edges, row, strict=True))


def network_method(
    net: Any, *, steps: int, rho: Fraction, b: int, rate: Fraction = Fraction(1), same: bool = False
) -> DescentMethod:
    """Gradient descent on an exact network from the weights that it has, without random bits.

    Parameters
    ----------
    net : a :class:`constructions.foundations.network.Network`. steps, rho, rate : T, precision and step size.
    b : samples of a batch. same : whether all steps look at the same batch (fbGD).

    >>> from constructions.foundations.network import Network
    >>> net = Network(inputs=("x1",), outputs=("f",), edges={("x1", "f"): 1, ("one", "f"): 0}, constant="one")
    >>> network_method(net, steps=3, rho=Fraction(1, 8), b=2, same=True).budget
    FBGD(steps=3, rho=Fraction(1, 8), m=2, p=2, r=0)
    """
    p = len(net.edges)

    def output(now: Any, x: Bits) -> Fraction:
        found = forward(now, {f"x{i}": Fraction(bit) for i, bit in enumerate(x, 1)}).out[now.output]
        return Fraction(found)

    budget = FBGD(steps=steps, rho=rho, m=b, p=p) if same else BSGD(steps=steps, rho=rho, b=b, p=p)
    return DescentMethod(
        n=len(net.inputs),
        budget=budget,
        start=lambda bits: net,
        descent=Descent(rho=rho, rate=rate),
        predictor=lambda now: lambda x: output(now, x),
    )


def descended(
    method: DescentMethod, chosen: Iterable[Sequence[Point]], bits: Bits, descent: Descent | None = None
) -> Predictor:
    """What a method with the random string ``bits`` returns after a step on each of the ``chosen`` batches.

    Parameters
    ----------
    descent : how steps are taken, with an adversary; the method's own if not given.

    >>> from constructions.foundations.network import Network
    >>> edges = {("x1", "f"): 1, ("one", "f"): Fraction(1, 2)}
    >>> net = Network(inputs=("x1",), outputs=("f",), edges=edges, constant="one")
    >>> str(descended(network_method(net, steps=1, rho=Fraction(1, 4), b=1), [[((1,), 0)]], ())((1,)))
    '0'
    """
    model, taken = method.start(bits), descent or method.descent
    for number, batch in enumerate(chosen, 1):
        model = taken.step(model, batch, number=number)
    return method.predictor(model)


def at_other_steps(method: DescentMethod, steps: int) -> DescentMethod:
    """The same ``method`` with another number of ``steps``.

    >>> from constructions.learning.gradient_learners import linear_regression
    >>> at_other_steps(linear_regression(2, b=4, rho=Fraction(1)), 3).budget.steps
    3
    """
    return replace(method, budget=replace(method.budget, steps=steps))


def gradient_on_counts(descent: Descent, model: Any, counts: Mapping[Point, int]) -> Vector:
    """The average of a model's clipped gradients over the batch in which each point is so often (equation 2).

    Parameters
    ----------
    descent : whose gradients they are. model, counts : at which weights, and over which batch.

    Raises
    ------
    KinkError
        If the loss of a sample is not differentiable.

    >>> from constructions.foundations.network import Network
    >>> net = Network(inputs=("x1",), outputs=("f",), edges={("x1", "f"): 1, ("one", "f"): 0}, constant="one")
    >>> batch = [((1,), 0), ((1,), 1), ((1,), 0)]
    >>> descent = Descent(rho=Fraction(1, 8))
    >>> gradient_on_counts(descent, net, Counter(batch)) == descent.batch_gradient(net, batch)
    True
    """
    total = VectorSum.of(model.edges)
    for point, times in counts.items():
        total = total.added(descent.sample_gradient(model, point), times)
    return total.mean


def estimates(method: DescentMethod, model: Any, batch: Sequence[Point]) -> Iterator[Mapping[Any, Fraction]]:
    """All valid estimates (equation 3) of the gradient of a model over a batch; those in [-1, 1] only, if 1 has such a
    rounding (E01).

    Raises
    ------
    ConstructionError
        For more than can be gone through.
    KinkError
        If the loss has no derivative on a sample: any estimate in [-1, 1]^p is valid then.

    >>> from constructions.foundations.network import Network
    >>> net = Network(inputs=("x1",), outputs=("f",), edges={("x1", "f"): "1/8", ("one", "f"): 0}, constant="one")
    >>> method = network_method(net, steps=1, rho=Fraction(1, 4), b=1)
    >>> [[str(u) for u in found.values()] for found in estimates(method, net, [((1,), 0)])]
    [['0', '0'], ['0', '1/4'], ['1/4', '0'], ['1/4', '1/4']]
    """
    gradient = gradient_on_counts(method.descent, model, Counter(batch))
    rho = method.descent.rho
    grid = Grid(rho=rho, bounded=bool(Grid(rho=rho).reaches_one))
    valid = [grid.valid(value) for value in gradient.values()]
    many = 1
    for row in valid:
        many *= len(row)
    if many > MOST_ESTIMATES:
        raise ConstructionError(f"need at most {MOST_ESTIMATES} valid estimates of a gradient, got {many}")
    return (dict(zip(gradient, picked, strict=True)) for picked in product(*valid))


def descent_error(method: DescentMethod, source: Source) -> Fraction:
    """The exact error of a method on a source: over random strings and batches the mean of the largest loss to which
    valid estimates can lead, each chosen knowing the batches so far (for fbGD the one batch).

    Raises
    ------
    ConstructionError
        For more estimates or random strings than can be gone through.
    KinkError
        If some loss has no derivative at a model that is reached.

    >>> from constructions.foundations.network import Network
    >>> from constructions.learning.problems import uniform
    >>> net = Network(inputs=("x1",), outputs=("f",), edges={("x1", "f"): 0, ("one", "f"): "1/8"}, constant="one")
    >>> str(descent_error(network_method(net, steps=1, rho=Fraction(1, 2), b=1), uniform(1, lambda x: 1)))
    '83/512'
    """
    budget, total = method.budget, Fraction(0)
    for bits in strings(budget.r):
        start = method.start(bits)
        if isinstance(budget, FBGD):
            every = batches(source, budget.m)
            total += sum((mass * _worst(method, source, start, [batch] * budget.steps) for batch, mass in every), 0)
        else:
            total += _expected(method, source, start, budget.steps, {})
    return total / int(2**budget.r)


def _worst(method: DescentMethod, source: Source, model: Any, left: Sequence[Sequence[Point]]) -> Fraction:
    """The largest loss after the batches that are left."""
    if not left:
        return source.loss(method.predictor(model))
    found = estimates(method, model, left[0])
    return max(_worst(method, source, method.descent.moved(model, one), left[1:]) for one in found)


def _expected(
    method: DescentMethod, source: Source, model: Any, left: int, known: dict[tuple[int, Any], Fraction]
) -> Fraction:
    """The loss that is expected when so many steps are left, against the worst estimates; ``known`` has that of the
    models with weights at which it was asked for before."""
    if not left:
        return source.loss(method.predictor(model))
    key = left, tuple(model.edges.items())
    if key not in known:
        total = Fraction(0)
        for batch, mass in batches(source, method.batch):
            moved = (method.descent.moved(model, one) for one in estimates(method, model, batch))
            total += mass * max(_expected(method, source, after, left - 1, known) for after in moved)
        known[key] = total
    return known[key]
