"""Stamped networks: one vertex for every gate over plain and negated literals, and c17 by three ways."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

from constructions.computation.flat import FlatCircuit, Gates
from constructions.computation.iscas import c17
from constructions.errors import ConstructionError
from constructions.foundations.activation import HARD_TANH, RAMP, Activation
from constructions.foundations.exact import Number
from constructions.foundations.logic import every
from constructions.networks.computation import BINARY
from constructions.networks.flat import FlatNetwork
from constructions.networks.stamped import Weights, circuit_of, stamp
from verify.circuits.of_a_file import emulates, emulation_of, inputs_as_bits
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, obligation, registry
from verify.obligations.verdict import Verdict

EXAMPLES = 40


def _weights(sigma: Activation, shift: int) -> Callable[[Case], tuple[Weights, Activation, int]]:
    return lambda case: (Weights.choose(sigma, BINARY), sigma, shift)


def literal_gates_work(subject: tuple[Weights, Activation, int], case: Case) -> None:
    """For every number of plain and of negated literals at a gate, every number of them that it needs, and all bits
    that its operands carry, the vertex that is stamped for the gate is strictly flat and returns the gate's bit."""
    weights, sigma, shift = subject
    plain, negated, needs = case.integer("plain"), case.integer("negated"), case.integer("needs")
    ones, others = case.integer("ones"), case.integer("ones among the negated")
    case.assume(ones >= 0, ones <= plain, others >= 0, others <= negated, needs >= 0, needs <= plain + negated + 1)
    of, scale = weights.of, weights.scale
    carried: Number = plain * of.low + (of.high - of.low) * ones - negated * of.low - (of.high - of.low) * others
    pre = (weights.plain * carried + weights.constants(needs + shift, plain, negated)) / Fraction(scale)
    case.show("strictly flat", sigma.strictly_flat(pre))
    case.show("its bit", sigma(pre) == of.encode(ones + negated - others >= needs))


for _sigma, _end in ((RAMP, ""), (HARD_TANH, ".hard-tanh")):
    registry().add(
        Obligation(
            id=f"stamped.gate{_end}",
            paper="Lemma 10",
            claim=literal_gates_work,
            of=_weights(_sigma, 0),
            twin=_weights(_sigma, 1),
            needs=("lemma10.blocks",),
        )
    )

registry().add(
    Obligation(
        id="stamped.c17.one-query",
        paper="Lemma 10",
        claim=emulates,
        of=lambda case: emulation_of(stamp(c17())),
        twin=lambda case: emulation_of(stamp(c17()), output="23"),
    )
)
registry().add(
    Obligation(
        id="stamped.c17.exhaustion",
        paper="Lemma 10",
        claim=emulates,
        kind="enumeration",
        domain=lambda: inputs_as_bits(c17().inputs),
        finite="c17, every 0/1 input",
        expect=Verdict.CHECKED,
        of=lambda case: emulation_of(stamp(c17())),
        twin=lambda case: emulation_of(stamp(c17()), output="23"),
        needs=("stamped.c17.one-query",),
    )
)


def random_circuit(seed: int, *, inputs: int = 4, gates: int = 9) -> FlatCircuit:
    """A circuit with gates of every kind, from a seed."""
    source = Random(seed)
    rows = []
    for i in range(gates):
        nodes = sorted(source.sample(range(inputs + i), min(source.randint(0, 4), inputs + i)))
        rows.append((source.randint(0, len(nodes) + 1), [2 * v + source.randint(0, 1) for v in nodes]))
    last = inputs + gates - 1
    outputs = {"p": 2 * last, "q": 2 * (last - 1) + source.randint(0, 1), "r": 2 * source.randrange(inputs)}
    return FlatCircuit(inputs=tuple(f"x{i}" for i in range(inputs)), gates=Gates.of(rows), outputs=outputs)


def _seeds() -> Iterator[dict[str, Any]]:
    return ({"seed": seed} for seed in range(EXAMPLES))


def _there_and_back(change: Callable[[FlatNetwork], FlatNetwork]) -> Callable[[Case], tuple[FlatCircuit, FlatNetwork]]:
    """A random circuit and its stamped network, changed or not."""

    def build(case: Case) -> tuple[FlatCircuit, FlatNetwork]:
        made = stamp(random_circuit(int(case.integer("seed"))))
        return made.circuit, change(made.network)

    return build


def _moved(network: FlatNetwork) -> FlatNetwork:
    """The network with its last weight 1 larger (the twin's)."""
    weights = network.weights.copy()
    weights[-1] += 1
    return replace(network, weights=weights)


@obligation(
    "stamped.identity",
    paper="Lemma 10",
    kind="enumeration",
    domain=_seeds,
    expect=Verdict.CHECKED,
    of=_there_and_back(lambda net: net),
    twin=_there_and_back(_moved),
    finite=f"{EXAMPLES} random circuits of 9 gates with up to 4 operands",
)
def there_and_back_is_the_identity(subject: tuple[FlatCircuit, FlatNetwork], case: Case) -> None:
    """For each circuit of the finite case, the circuit that the weights of its stamped network spell is the circuit
    itself, and stamping that one gives the same arrays again."""
    circuit, network = subject
    try:
        back = circuit_of(network)
    except ConstructionError:
        case.show("the weights spell a circuit", False)
        return
    again = stamp(back).network
    case.show("the same circuit", back.same_structure(circuit))
    arrays = ((again.sources, network.sources), (again.weights, network.weights), (again.offsets, network.offsets))
    case.show("the same network", every(*(a.tolist() == b.tolist() for a, b in arrays)))
