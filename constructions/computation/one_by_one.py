"""Theorem 2c and Lemma 5c as a machine: the p queries of a round are asked one by one, in p rounds.

The machine keeps the state of the method A, whose turn it is, and the answers so far. It is A's query circuit with a
choice of one query, and A's update once all answers are there.
"""

from dataclasses import dataclass

from constructions.computation.averaging import MethodInBits, stamped_vectors
from constructions.computation.bits import concat
from constructions.computation.design import Design
from constructions.computation.machines import Machine
from constructions.computation.operation_gates import GATE, added, chosen, same
from constructions.computation.turns import choice, columns, each
from constructions.foundations.exact import Number


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnSizes:
    """The numbers on which the number of gates depends.

    Parameters
    ----------
    own : the gates of A's query, update and predictor. state, parallel : bits of A's state, queries a round. value,
        places : bits of a query's value, binary places of an answer. turn : bits that say whose turn it is.
    """

    own: Number
    state: Number
    parallel: Number
    value: Number
    places: Number
    turn: Number


def turn_gates(of: TurnSizes) -> Number:
    """The gates of a round, before equal ones are merged: A's; for each query whether it is its turn, its value and its
    answer, which is kept; the counter, and a choice for each bit of A's state.

    >>> turn_gates(TurnSizes(own=100, state=4, parallel=2, value=2, places=1, turn=1))
    156
    """
    a_query = same(of.turn) + of.value * GATE + chosen(of.places + 2)
    counter = added(of.turn) + chosen(of.turn)
    return of.own + of.parallel * a_query + of.value * GATE + counter + chosen(of.state)


def turn_sizes(method: MethodInBits) -> TurnSizes:
    """What the number of gates depends on, for a method.

    >>> from constructions.computation.flat import FlatCircuit, Gates
    >>> def copies(inputs, outputs):
    ...     names = tuple(f"i{k}" for k in range(inputs))
    ...     return FlatCircuit(inputs=names, gates=Gates.of([]), outputs={f"o{k}": 2 * k for k in range(outputs)})
    >>> circuits = {"query": copies(4, 4), "update": copies(7, 1), "predict": copies(3, 1)}
    >>> method = MethodInBits(**circuits, n=2, state=1, parallel=2, query_width=2, query_fraction=0, fraction=1)
    >>> turn_sizes(method).turn
    1
    """
    return TurnSizes(
        own=sum(len(circuit.gates) for circuit in (method.query, method.update, method.predict)),
        state=method.state,
        parallel=method.parallel,
        value=method.query_width,
        places=method.fraction,
        turn=method.turn_width,
    )


def one_by_one(method: MethodInBits) -> Machine:
    """The machine: inputs ``x``, ``label``, ``answer``, ``random``; outputs ``query``, ``predict``.

    >>> from constructions.computation.flat import FlatCircuit, Gates
    >>> def copies(inputs, outputs):
    ...     names = tuple(f"i{k}" for k in range(inputs))
    ...     return FlatCircuit(inputs=names, gates=Gates.of([]), outputs={f"o{k}": 2 * k for k in range(outputs)})
    >>> circuits = {"query": copies(4, 4), "update": copies(7, 1), "predict": copies(3, 1)}
    >>> method = MethodInBits(**circuits, n=2, state=1, parallel=2, query_width=2, query_fraction=0, fraction=1)
    >>> machine = one_by_one(method)
    >>> [found["query[0]"] for found in machine.simulate([dict.fromkeys(machine.inputs, 0) | {"x[0]": 1}] * 3)]
    [1, 0, 1]
    """
    design = Design()
    write_one_by_one(design, method)
    return design.machine()


def write_one_by_one(design: Design, method: MethodInBits) -> None:
    """Write the machine of :func:`one_by_one` into a design.

    Parameters
    ----------
    design, method : what is written into, and A.

    >>> from constructions.computation.flat import FlatCircuit, Gates
    >>> copy = FlatCircuit(inputs=("a", "b", "c"), gates=Gates.of([]), outputs={"d": 0, "e": 2})
    >>> last = FlatCircuit(inputs=("a", "b", "c"), gates=Gates.of([]), outputs={"d": 0})
    >>> predict = FlatCircuit(inputs=("a", "b"), gates=Gates.of([]), outputs={"d": 0})
    >>> circuits = {"query": copy, "update": last, "predict": predict}
    >>> method = MethodInBits(**circuits, n=1, state=1, parallel=1, query_width=2, query_fraction=0, fraction=0)
    >>> design = Design()
    >>> write_one_by_one(design, method)
    >>> design.machine().state
    ('state', 'turn', 'kept0[0]', 'kept0[1]')
    """
    x, label, state = design.input("x", method.n), design.input("label"), design.state("state", method.state)
    answer, turn = design.input("answer", method.fraction + 2), design.state("turn", method.turn_width)
    here = each(method.parallel, lambda j: turn == j)
    values = stamped_vectors(design, method.query, [x, label, state], method.query_widths)
    rows = [[one & bit for bit in value] for one, value in zip(here, values, strict=True)]
    design.output("query", concat(*(concat(*column).any() for column in columns(rows, method.query_width))))
    answers = []
    for j, one in enumerate(here):
        kept = design.state(f"kept{j}", method.fraction + 2)
        answers.append(choice(one, answer, kept))
        design.becomes(kept, answers[-1])
    design.becomes(turn, choice(here[-1], 0, turn + 1))
    random = [design.input("random", method.random)] if method.random else []
    (after,) = stamped_vectors(design, method.update, [state, *answers, *random], [method.state])
    design.becomes(state, choice(here[-1], after, state))
    (value,) = stamped_vectors(design, method.predict, [x, state], [len(method.predict.outputs)])
    design.output("predict", value)
