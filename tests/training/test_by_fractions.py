"""Training over arrays in rationals, beside the compiled engine and the one over graphs."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from random import Random

import numpy as np
import numpy.typing as npt
import pytest

from constructions.errors import ConstructionError
from constructions.foundations.activation import HARD_TANH, IDENTITY, RAMP, RELU, Activation
from constructions.foundations.descent import Descent
from constructions.foundations.exact import Number
from constructions.foundations.network import Fragment, Network
from constructions.networks.flat import FlatNetwork, flat_network
from constructions.networks.trainable import Trainable
from constructions.training.adversaries import NAMED, EdgeChoice
from constructions.training.by_fractions import FractionEngine
from constructions.training.engine import ArrayStep, engine_of
from constructions.training.trainer import train

Batch = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]
LEAKY = Activation(kinks=(Fraction(0),), slopes=(Fraction(1, 4), Fraction(1)), value=Fraction(0), name="leaky")


def random_network(seed: int, sigma: Activation) -> Fragment:
    """Two inputs, three hidden vertices, an output; weights in quarters that keep most vertices off their flat
    pieces."""
    source = Random(seed)
    hidden = [f"h{i}" for i in range(3)]
    edges: dict[tuple[str, str], Number] = {}
    for i, v in enumerate([*hidden, "f"]):
        for u in ["one", "x1", "x2", *hidden[:i]]:
            edges[u, v] = Fraction(source.choice([-5, -3, -1, 1, 3, 5]), 16 if u == "one" else 4)
    return Network(inputs=("x1", "x2"), outputs=("f",), edges=edges, constant="one", sigma=sigma)


def ramp_network(edges: Mapping[tuple[str, str], Number]) -> FlatNetwork:
    """One input, output f, the two-stage ramp."""
    return flat_network(Fragment(inputs=("x1",), outputs=("f",), edges=edges, constant="one", sigma=RAMP))


def random_batches(seed: int, *, steps: int, batch: int) -> list[Batch]:
    """Uniform bits and labels."""
    source = np.random.default_rng(seed)
    return [(source.integers(0, 2, (batch, 2)), source.integers(0, 2, batch)) for _ in range(steps)]


def same(one: ArrayStep, other: ArrayStep) -> bool:
    """Whether two steps agree in all but the numbers that were used."""
    return (one.outputs, one.moved, one.kink, one.stopped) == (other.outputs, other.moved, other.kink, other.stopped)


@pytest.mark.parametrize("adversary", NAMED)
@pytest.mark.parametrize("sigma", [RAMP, HARD_TANH, RELU, LEAKY, IDENTITY], ids=lambda sigma: sigma.name)
def test_it_takes_the_steps_of_the_compiled_engine(sigma: Activation, adversary: str) -> None:
    moved = 0
    for seed in range(4):
        flat = flat_network(random_network(seed, sigma))
        net = Trainable(
            network=flat,
            rho=Fraction(1, 8),
            rate=Fraction(1, 2),
            batch=3,
            frozen=np.array([1, 4]),
            last=[None, IDENTITY][seed % 2],
        )
        slow, fast = FractionEngine(net, adversary=adversary, seed=seed), engine_of(net, adversary=adversary, seed=seed)
        for x, y in random_batches(seed, steps=2, batch=3):
            one, other = slow.step(x, y), fast.step(x, y)
            assert same(one, other)
            assert not {1, 4} & set(one.moved)
            moved += len(one.moved)
            if one.stopped:
                break
        assert [slow.weight(e) for e in range(len(flat.sources))] == [fast.weight(e) for e in range(len(flat.sources))]
    assert moved > 30


def test_it_takes_the_steps_of_descent_on_a_graph() -> None:
    graph = random_network(5, LEAKY)
    assert isinstance(graph, Network)
    flat = flat_network(graph)
    engine = FractionEngine(Trainable(network=flat, rho=Fraction(1, 16), batch=2))
    batches = random_batches(1, steps=3, batch=2)
    rows = [[(tuple(row), label) for row, label in zip(x.tolist(), y.tolist(), strict=True)] for x, y in batches]
    trace = train(graph, rows, Descent(rho=Fraction(1, 16)))
    for step, (x, y) in zip(trace.steps, batches, strict=True):
        assert engine.step(x, y).outputs == step.outputs
    after = flat_network(trace.final).fragment()
    assert engine.trained.network.fragment() == after


def test_at_a_kink_it_stops_and_names_the_vertex() -> None:
    edges = {("x1", "v"): 1, ("one", "v"): -1, ("v", "f"): 1}
    net = Trainable(network=ramp_network(edges), rho=Fraction(1, 4))
    step = FractionEngine(net).step(np.array([[1]]), np.array([1]))
    assert (step.stopped, step.kink, step.moved) == (True, 3, {})


def test_an_adversary_sees_the_choice_and_must_pick_a_valid_rounding() -> None:
    edges = {("x1", "f"): Fraction(1, 2), ("one", "f"): Fraction(1, 8)}
    net = Trainable(network=ramp_network(edges), rho=Fraction(1, 2))
    seen: list[EdgeChoice] = []

    def asked(pick: Callable[[EdgeChoice], Fraction]) -> FractionEngine:
        return FractionEngine(net, adversary=pick)

    def highest(choice: EdgeChoice) -> Fraction:
        seen.append(choice)
        return choice.valid[-1]

    asked(highest).step(np.array([[1]]), np.array([0]))
    assert [(c.edge, c.tail, c.head, c.step, c.value, c.valid) for c in seen] == [
        (e, e, 2, 1, Fraction(5, 8), (Fraction(1, 2), Fraction(1))) for e in (0, 1)
    ]
    with pytest.raises(
        ConstructionError, match=r"need one of the valid roundings 1/2, 1 of 5/8, got Fraction\(5, 8\), at edge 0"
    ):
        asked(lambda choice: choice.value).step(np.array([[1]]), np.array([0]))
    with pytest.raises(ConstructionError, match="need an adversary among"):
        FractionEngine(net, adversary="kind")


def test_at_a_kink_somebody_may_choose_the_gradient_as_in_the_engine() -> None:
    edges = {("x1", "v"): 1, ("one", "v"): -1, ("v", "f"): 1}
    net = Trainable(network=ramp_network(edges), rho=Fraction(1, 4))

    def chosen(vertex: int, weights: Mapping[int, Fraction]) -> Mapping[int, Fraction]:
        return {0: Fraction(1, 3), 2: Fraction(-1)}

    slow, fast = FractionEngine(net, at_kink=chosen), engine_of(net, at_kink=chosen)
    for _ in range(2):
        one, other = (engine.step(np.array([[1]]), np.array([1])) for engine in (slow, fast))
        assert same(one, other) and one.moved


PICKS: dict[str, Callable[[EdgeChoice], Fraction]] = {
    "up": lambda choice: max(choice.valid),
    "down": lambda choice: min(choice.valid),
    "nearest": lambda choice: min(choice.valid, key=lambda u: (abs(u - choice.value), abs(u))),
    "away-from-zero": lambda choice: max(choice.valid, key=abs),
}


@pytest.mark.parametrize("adversary", PICKS)
@pytest.mark.parametrize("sign", [1, -1])
def test_adversaries_by_name_see_numbers_of_any_length(adversary: str, sign: int) -> None:
    long = Fraction((1 << 39) + 1, 1 << 40)
    edges: dict[tuple[str, str], Number] = {
        ("x1", "u"): long,
        ("u", "v"): sign * long,
        ("v", "w"): long,
        ("w", "f"): long,
    }
    flat = flat_network(Fragment(inputs=("x1",), outputs=("f",), edges=edges, constant="one", sigma=IDENTITY))
    net = Trainable(network=flat, rho=Fraction(1, 8), batch=1)
    named, called = FractionEngine(net, adversary=adversary), FractionEngine(net, adversary=PICKS[adversary])
    sample = np.array([[1]]), np.array([1])
    one, other = named.step(*sample), called.step(*sample)
    assert same(one, other) and one.moved and one.outputs[0].denominator == 1 << 160
