"""The method that finds gradients of a network in bits: it is as large as its formula, and does what the method of
Lemmas 4 and 13 does."""

import random
from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.computation.averaging import MethodInBits
from constructions.computation.descent_in_bits import DescentInBits
from constructions.computation.tally import gates_written
from constructions.errors import KinkError
from constructions.foundations.activation import RAMP, Activation
from constructions.foundations.descent import loss_gradient
from constructions.foundations.network import Network
from constructions.learning.descent_methods import network_method
from constructions.reductions.descent_by_queries import DescentSteps
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction
BENT = Activation(kinks=(F(-1, 2), F(1, 4)), slopes=(F(1, 4), F(3, 2), F(-1, 4)), value=F(1, 2), name="bent")
"""An activation that bends down, so that its slopes and kinks have digits."""
SHAPES = (
    (("x1", "f"), ("one", "f")),
    (("x1", "a"), ("one", "a"), ("a", "f")),
    (("x1", "a"), ("one", "a"), ("a", "f"), ("x1", "f")),
)
PRECISION = 2


def drawn_network(shape: int, sigma: Activation, seed: int) -> Network:
    """A network of one of the shapes, with weights drawn from a seed.

    >>> len(drawn_network(1, RAMP, 1).edges)
    3
    """
    draw = random.Random(seed)
    edges = {edge: F(draw.choice((-1, 1)) * draw.randint(1, 6), 4) for edge in SHAPES[shape]}
    return Network(inputs=("x1",), outputs=("f",), edges=edges, constant="one", sigma=sigma)


def some_networks() -> Iterator[dict[str, Any]]:
    """Shapes, activations and seeds."""
    yield from (
        {"shape": s, "bent": bent, "seed": seed} for s, bent, seed in product(range(len(SHAPES)), (0, 1), (4, 5))
    )


def descent_of(case: Case, rate: Fraction) -> DescentInBits:
    """The method of a case."""
    shape, bent, seed = (int(case.integer(name)) for name in ("shape", "bent", "seed"))
    net = drawn_network(shape, BENT if bent else RAMP, seed)
    return DescentInBits(net=net, steps=2, precision=PRECISION, rate=rate)


@obligation(
    "descent.gates",
    paper="Lemma 4",
    kind="enumeration",
    domain=some_networks,
    expect=Verdict.CHECKED,
    finite="networks of three shapes, with the ramp and with another activation",
    of=lambda case: 0,
    twin=lambda case: 1,
)
def as_many_gates_as_the_formula_says(more: int, case: Case) -> None:
    """The code that writes the queries, the step and the prediction of the method that finds gradients, made to write
    every gate that it is asked for, writes as many as the formula says."""
    made = descent_of(case, F(1))
    writers = made.write_queries, made.write_step, made.write_value
    case.show("gates", sum(map(gates_written, writers)) == made.size + more)


def numbers_in(bits: list[int], width: int, places: int) -> list[Fraction]:
    """Signed numbers of a width with some binary places, one after the other in a row of bits.

    >>> [str(number) for number in numbers_in([1, 0, 0, 1, 1, 1], 3, 1)]
    ['1/2', '-1/2']
    """
    found = []
    for at in range(0, len(bits), width):
        code = sum(bit << i for i, bit in enumerate(bits[at : at + width]))
        found.append(F(code - (code >> width - 1 << width), 2**places))
    return found


def through(method: MethodInBits, name: str, bits: list[int]) -> list[int]:
    """The bits that a circuit of a method returns.

    >>> net = Network(inputs=("x1",), outputs=("f",), edges={("x1", "f"): 1, ("one", "f"): 0}, constant="one")
    >>> method = DescentInBits(net=net, steps=1, precision=0).method()
    >>> numbers_in(through(method, "predict", [1, *[0] * method.state]), len(method.predict.outputs), 0)
    [Fraction(1, 1)]
    """
    circuit = getattr(method, name)
    return list(map(int, circuit.evaluate(dict(zip(circuit.inputs, bits, strict=True))).values()))


@obligation(
    "descent.follows",
    paper="Lemma 4",
    kind="enumeration",
    domain=some_networks,
    expect=Verdict.CHECKED,
    finite="networks of three shapes, ramp and another activation, drawn weights; two steps of drawn answers",
    of=lambda case: F(1),
    twin=lambda case: F(2),
)
def circuits_take_the_steps(rate: Fraction, case: Case) -> None:
    """On every sample at which the loss has a derivative, the queries are the entries of the clipped gradient at the
    present weights; the prediction is what the network returns; and a step leads to the weights to which the method of
    Lemma 4 comes: all of them exactly."""
    made = descent_of(case, rate)
    method, draw = made.method(), random.Random(7)
    steps = DescentSteps(network_method(made.net, steps=2, rho=F(1, 2**PRECISION), b=1))
    now: Any = made.net
    state, half = [0] * method.state, 2**made.answer_places
    for number in range(2):
        found = [through(method, "predict", [x, *state]) for x in (0, 1)]
        values = [numbers_in(bits, made.width, made.query_places // 2) for bits in found]
        predictor = steps.method.predictor(now)
        case.show(f"values {number}", values == [[predictor((x,))] for x in (0, 1)])
        samples = [(x, y) for x, y in product((0, 1), repeat=2) if is_smooth(now, x, y)]
        rows = [through(method, "query", [x, y, *state]) for x, y in samples]
        asked = [numbers_in(bits, method.query_width, made.query_places) for bits in rows]
        case.show(f"queries {number}", asked == [list(steps.query(now)((x,), y)) for x, y in samples])
        answers = [draw.randint(-half, half) for _ in now.edges]
        bits = [code >> i & 1 for code in answers for i in range(made.answer_places + 2)]
        state = through(method, "update", [*state, *bits])
        now = steps.after(now, tuple(F(code, half) for code in answers))
        first, width = made.start(), made.weight_width
        weights = numbers_in([bit ^ (first >> i & 1) for i, bit in enumerate(state)], width, made.weight_places)
        case.show(f"weights {number}", weights == list(now.edges.values()))


def is_smooth(net: Network, x: int, y: int) -> bool:
    """Whether the loss of a network of one input has a derivative on a sample.

    >>> net = Network(inputs=("x1",), outputs=("f",), edges={("x1", "f"): 1, ("one", "f"): 0}, constant="one")
    >>> is_smooth(net, 0, 1), is_smooth(net, 1, 1)
    (False, True)
    """
    try:
        loss_gradient(net, ((x,), y))
    except KinkError:
        return False
    return True
