"""Whether some input of a circuit makes one vertex of its network fail: by trying many inputs, then by the solver.

The vertex is asked about under the induction's hypothesis: every vertex before it carries its node's bit.

>>> from dataclasses import replace
>>> from constructions.computation.builder import Builder
>>> from constructions.networks.stamped import stamp
>>> builder = Builder()
>>> builder.output("both", builder.both(builder.input("a"), builder.input("b")))
>>> made = stamp(builder.circuit())
>>> question = PlacedCircuit(made.circuit, made.network, made.places, (0, 1))
>>> failing_input(question, 2, 5), [str(w) for _, w in made.network.into(5)]
(FailingInputAnswer(failure=None, unknown=None, calls=1), ['-4', '2', '2'])
>>> weights = np.array([*made.network.weights[:4], -2, 2, 2])  # an AND asks for -4 from the constant
>>> broken = replace(question, network=replace(made.network, weights=weights))
>>> failing_input(broken, 2, 5).failure.what
'pre-activation -2 is not strictly inside a flat piece; wrong outputs: both'
>>> found = different_values(question, "both", 0, 5).failure  # is the output a?
>>> found.what, {name: str(value) for name, value in found.inputs.items()}
("output 'both' is at vertex v5, which carries another bit there", {'a': '1', 'b': '0'})
"""

from dataclasses import dataclass
from fractions import Fraction
from random import Random

import numpy as np

from constructions.computation.flat import FlatCircuit, Integers, at_least
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, some
from constructions.foundations.terms import REAL, TRUTH, variable
from constructions.networks.flat import FlatNetwork
from constructions.networks.gates import code
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation
from verify.obligations.verdict import DisagreementError, Verdict
from verify.provers.asking import Asking
from verify.provers.stated_case import circuit_formulas
from verify.replay.relu_form import relu_slopes, relu_value

WIDTH = 1024


def fails_somewhere(subject: None, case: Case) -> None:
    """Some input of the circuit makes the vertex fail."""


DECIDE = Obligation(
    id="reach",
    paper="Lemma 10",
    claim=fails_somewhere,
    of=lambda case: None,
    expect=Verdict.REFUTED,
    budget=400_000_000,
)


@dataclass(frozen=True, slots=True)
class PlacedCircuit:
    """A circuit, a network, ``places`` (the vertex at which each node is said to be), and the bounds of the inputs."""

    circuit: FlatCircuit
    network: FlatNetwork
    places: Integers
    bounds: tuple[Number, Number]


@dataclass(frozen=True, slots=True)
class Failure:
    """A vertex that fails, the input at which it does (empty if the fault is in the structure), and what happens."""

    vertex: str
    inputs: dict[str, Fraction]
    what: str


@dataclass(frozen=True, slots=True)
class FailingInputAnswer:
    """A failure, or why it is unknown whether there is one, or neither; and how many questions the solver was asked."""

    failure: Failure | None = None
    unknown: str | None = None
    calls: int = 0


def failing_input(question: PlacedCircuit, node: int, seconds: int) -> FailingInputAnswer:
    """An input at which the vertex of a node is not strictly flat or carries another bit than its node; the solver has
    so many seconds for each question. ``question`` is the circuit with its network, and where each node is in it.

    Raises
    ------
    DisagreementError
        If the solver names an input at which the exact walk sees nothing fail.
    """
    edges = question.network.into(int(question.places[node]))
    of_vertex = np.full(question.network.size, -1, np.int64)
    of_vertex[question.places] = np.arange(question.circuit.size)
    n = len(question.circuit.inputs)
    late = [u for u, w in edges if u >= question.network.first and w and of_vertex[u] < 0]
    if late:
        return FailingInputAnswer(unknown=f"it reads vertex {question.network.name(late[0])}, which is nobody's place")
    alone, _, _ = _asked(question, node, edges, of_vertex, seconds, alone=True)
    if alone == "unsat":
        return FailingInputAnswer(calls=1)
    tried = None if any(0 < u <= n and w for u, w in edges) else _tried(question, node, edges, of_vertex)
    if tried is not None:
        return FailingInputAnswer(failure=_confirmed(question, node, tried), calls=1)
    said, inputs, reason = _asked(question, node, edges, of_vertex, seconds, alone=False)
    if said == "sat":
        return FailingInputAnswer(failure=_confirmed(question, node, inputs), calls=2)
    return FailingInputAnswer(unknown=reason if said == "unknown" else None, calls=2)


def different_values(question: PlacedCircuit, output: str, node: int, seconds: int) -> FailingInputAnswer:
    """An input at which the vertex that is an output carries another bit than the node that it should carry; the other
    arguments, ``question`` and ``seconds``, are as for :func:`failing_input`.

    Raises
    ------
    DisagreementError
        If the solver names an input at which the evaluation sees no difference.
    """
    circuit, network = question.circuit, question.network
    vertex = network.outputs[output]
    said = f"output {output!r} is at vertex {network.name(vertex)}"
    at = np.flatnonzero(question.places == vertex)
    if not len(at):
        return FailingInputAnswer(failure=Failure(network.name(vertex), {}, f"{said}, which carries no bit"))
    other, source = int(at[0]), Random(node)
    words = [source.getrandbits(WIDTH) for _ in circuit.inputs]
    values = circuit.values(words, width=WIDTH)
    differ = values[node] ^ values[other]
    if differ:
        j = (differ & -differ).bit_length() - 1
        inputs = {name: Fraction(word >> j & 1) for name, word in zip(circuit.inputs, words, strict=True)}
        return FailingInputAnswer(
            failure=Failure(network.name(vertex), inputs, f"{said}, which carries another bit there")
        )
    cone = circuit.part({"here": 2 * other, "there": 2 * node})
    bits = [variable(f"b{i}", TRUTH) for i in range(len(circuit.inputs))]
    formulas = circuit_formulas(cone, bits)
    here, there = (formulas[literal >> 1] for literal in cone.outputs.values())
    differs = some(every(here, negation(there)), every(there, negation(here)))
    answer = Asking.of({f"b{i}": bit for i, bit in enumerate(bits)}, DECIDE, seconds).ask(differs)
    if answer.status == "sat":
        inputs = {name: Fraction(answer.values.get(f"b{i}", Fraction(0))) for i, name in enumerate(circuit.inputs)}
        now = circuit.values([int(value) for value in inputs.values()])
        if now[node] == now[other]:
            raise DisagreementError(f"output {output!r} is said to differ at {_words(inputs)}, the evaluation does not")
        return FailingInputAnswer(
            failure=Failure(network.name(vertex), inputs, f"{said}, which carries another bit there"), calls=1
        )
    return FailingInputAnswer(
        unknown=f"whether {said} as well as may be: {answer.reason}" if answer.status == "unknown" else None, calls=1
    )


def _gate(circuit: FlatCircuit, node: int) -> tuple[int, list[int]]:
    """What a node asks; an input asks for its own bit."""
    n = len(circuit.inputs)
    if node < n:
        return 1, [2 * node]
    low, high = circuit.gates.offsets[node - n : node - n + 2].tolist()
    return int(circuit.gates.needs[node - n]), circuit.gates.literals[low:high].tolist()


def _tried(
    question: PlacedCircuit, node: int, edges: list[tuple[int, Fraction]], of_vertex: Integers
) -> dict[str, Fraction] | None:
    """Many inputs at once: for each, the bits of the operands give the pre-activation."""
    circuit, sigma = question.circuit, question.network.sigma
    of, source = code(sigma), Random(node)
    words = [source.getrandbits(WIDTH) for _ in circuit.inputs]
    values, mask = circuit.values(words, width=WIDTH), (1 << WIDTH) - 1
    needs, literals = _gate(circuit, node)
    wanted = at_least(needs, [values[x >> 1] ^ (mask if x & 1 else 0) for x in literals], mask)
    operands = [(values[int(of_vertex[u])], w) for u, w in edges if u >= question.network.first]
    bias = sum((w for u, w in edges if u == 0), Fraction(0))
    seen: set[tuple[int, ...]] = set()
    for j in range(WIDTH):
        bits = (wanted >> j & 1, *(value >> j & 1 for value, _ in operands))
        if bits in seen:
            continue
        seen.add(bits)
        pre = bias + sum((w * of.bit(bit) for bit, (_, w) in zip(bits[1:], operands, strict=True)), Fraction(0))
        if not sigma.strictly_flat(pre) or sigma(pre) != of.bit(bits[0]):
            return {name: Fraction(word >> j & 1) for name, word in zip(circuit.inputs, words, strict=True)}
    return None


def _asked(
    question: PlacedCircuit,
    node: int,
    edges: list[tuple[int, Fraction]],
    of_vertex: Integers,
    seconds: int,
    *,
    alone: bool,
) -> tuple[str, dict[str, Fraction], str]:
    """Ask the solver, with the operands as any bits (``alone``) or as what the circuit makes of its inputs."""
    circuit, sigma = question.circuit, question.network.sigma
    of, (low, high), n = code(sigma), question.bounds, len(circuit.inputs)
    needs, literals = _gate(circuit, node)
    nodes = {int(of_vertex[u]) for u, w in edges if u >= question.network.first and w}
    wanted_nodes = sorted({*nodes, *(x >> 1 for x in literals), *(u - 1 for u, w in edges if 0 < u <= n and w)})
    bits = [variable(f"b{i}", TRUTH) for i in range(n)]
    if alone:
        value = {v: bits[v] if v < n else variable(f"v{v}", TRUTH) for v in wanted_nodes}
    else:
        cone = circuit.part({f"v{v}": 2 * v for v in wanted_nodes})
        formulas = circuit_formulas(cone, bits)
        value = {int(name[1:]): formulas[literal >> 1] for name, literal in cone.outputs.items()}
    reals = {u - 1: variable(f"x{u - 1}", REAL) for u, w in edges if 0 < u <= n and w}
    ties = every(*(every(implies(bits[i], x >= high), implies(negation(bits[i]), x <= low)) for i, x in reals.items()))
    pre: Number = Fraction(0)
    for u, w in edges:
        if w:
            carried = (
                Fraction(1) if u == 0 else reals[u - 1] if u <= n else select(value[int(of_vertex[u])], of.high, of.low)
            )
            pre = pre + w * carried
    wanted = _count(needs, [negation(value[x >> 1]) if x & 1 else value[x >> 1] for x in literals])
    right = every(sigma.strictly_flat(pre), sigma(pre) == of.encode(wanted))
    variables = {f"b{i}": bit for i, bit in enumerate(bits)} | {f"x{i}": x for i, x in reals.items()}
    answer = Asking.of(variables, DECIDE, seconds).ask(every(ties, negation(right)))
    found = {
        name: answer.values.get(f"x{i}", Fraction(answer.values.get(f"b{i}", Fraction(0)) == 1))
        for i, name in enumerate(circuit.inputs)
    }
    return answer.status, found, answer.reason


def _count(needs: int, operands: list[Formula]) -> Formula:
    return sum((select(x, 1, 0) for x in operands), Fraction(0)) >= needs


def _confirmed(question: PlacedCircuit, node: int, inputs: dict[str, Fraction]) -> Failure:
    """The failure, after an exact walk over the whole network by the ReLU form, and of the circuit by its own
    evaluation."""
    network, circuit, vertex = question.network, question.circuit, int(question.places[node])
    of, high = code(network.sigma), question.bounds[1]
    pre, out = _walk(network, inputs)
    truth = circuit.values([int(inputs[name] >= high) for name in circuit.inputs])[node]
    flat = not any(relu_slopes(network.sigma, pre[vertex]))
    if flat and out[vertex] == of.bit(truth):
        raise DisagreementError(
            f"vertex {network.name(vertex)} is said to fail at {_words(inputs)}, the replay does not"
        )
    what = (
        f"it returns {out[vertex]} for the bit {truth}"
        if flat
        else f"pre-activation {pre[vertex]} is not strictly inside a flat piece"
    )
    return Failure(network.name(vertex), inputs, f"{what}; {_outputs(question, inputs, out)}")


def _outputs(question: PlacedCircuit, inputs: dict[str, Fraction], out: list[Fraction]) -> str:
    """Which outputs of the network differ from the circuit's there."""
    of, circuit = code(question.network.sigma), question.circuit
    truth = circuit.evaluate({name: int(value >= question.bounds[1]) for name, value in inputs.items()})
    wrong = [name for name, v in question.network.outputs.items() if out[v] != of.bit(truth[name])]
    return (
        f"wrong outputs: {', '.join(wrong[:6])}{', ...' if len(wrong) > 6 else ''}"
        if wrong
        else "no output is wrong there"
    )


def _walk(network: FlatNetwork, inputs: dict[str, Fraction]) -> tuple[list[Fraction], list[Fraction]]:
    pre = [Fraction(1), *(inputs[name] for name in network.inputs)]
    out = list(pre)
    for v in range(network.first, network.size):
        pre.append(sum((w * out[u] for u, w in network.into(v)), Fraction(0)))
        out.append(relu_value(network.sigma, pre[v]))
    return pre, out


def _words(inputs: dict[str, Fraction]) -> str:
    return ", ".join(f"{name}={value}" for name, value in list(inputs.items())[:12])
