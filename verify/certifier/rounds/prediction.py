"""After the last step: the final controls alone reach the output, and give what the machine predicts (premise f)."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from constructions.computation.bits import Bits
from constructions.computation.builder import FALSE
from verify.certifier.refusal import NetworkRefused
from verify.certifier.rounds.between import Between
from verify.certifier.rounds.phases import AFTER, Context, Control, NetworkRound, PhaseCircuit
from verify.certifier.rounds.sums import Sum

NO_ROUND = NetworkRound(
    number=0,
    gates=(),
    live=(),
    read_after_next=(),
    drivers=(),
    adds=(),
    digits=(),
    vc=(),
    controls=(),
    random=(),
    last=True,
)
"""After the last step there is no round any more."""


def prove_prediction(context: Context, between: Between, final: Sequence[Control]) -> dict[str, Any]:
    """Prove that the output is the prediction, for every x and every state.

    Parameters
    ----------
    context : what all rounds share. between : what holds after the last round. final : the final controls.

    Returns
    -------
    How many final controls and bits there are, and whether the prediction is shown to be at most 1, for ``about``.

    Raises
    ------
    NetworkRefused (f) if what the final controls give is another number for some x and state, or could leave [0, 2].

    >>> from constructions.computation.design import Design
    >>> from constructions.computation.query_machine import QueryMachine
    >>> from verify.certifier.rounds.all_rounds import NO_DECODER
    >>> from verify.certifier.rounds.equal import SolverTally
    >>> from verify.certifier.rounds.state_functions import StateFunctions
    >>> from verify.certifier.rounds.unrolling import UnrolledMachine
    >>> design = Design()  # a machine that predicts x
    >>> design.output("predict", design.input("x"))
    >>> machine = UnrolledMachine(QueryMachine(machine=design.machine(), rounds=0))
    >>> rest = {"decoding": NO_DECODER, "bits": 1, "functions": StateFunctions(), "tally": SolverTally()}
    >>> gates = {2: (1, [(1, 0)])}  # vertex 2 is x as a bit
    >>> context = Context(row=gates.__getitem__, inputs=1, machine=machine, **rest)
    >>> final = Control(vertex=3, operands=(2,), table={(0,): Fraction(0), (1,): Fraction(2)}, weight=Fraction(1, 2))
    >>> prove_prediction(context, Between(state=(), known={}), [final])
    {'controls': 1, 'bits': 1, 'at most 1': 'proved for every x and state'}
    """
    end = PhaseCircuit(context, NO_ROUND, between.known, AFTER, equations=between.equal)
    machine = context.machine
    bits = machine.predicted(end.circuit, end.x, [end.function(reference) for reference in between.state])
    total = Sum(end.circuit)
    for control in final:
        total.add_table(control.table, [end.literal(u) for u in control.operands], control.weight)
    places = machine.given.predict_fraction
    for i, bit in enumerate(bits):
        total.add(bit, -Fraction(1 << i, 1 << places))
    if total.left() or total.rest:
        vertex = final[0].vertex if final else None
        raise NetworkRefused(
            "f",
            "the final controls give another number than the machine's prediction for some x and state",
            vertex=vertex,
        )
    within = _at_most_one(end, bits, places)
    largest = Fraction((1 << len(bits)) - 1, 1 << places)
    if not within and largest > 2:
        raise NetworkRefused("f", "a prediction that may be above 2, which the output cannot return")
    return {
        "controls": len(final),
        "bits": len(bits),
        "at most 1": "proved for every x and state" if within else "not shown; at most 2",
    }


def _at_most_one(end: PhaseCircuit, bits: Sequence[int], places: int) -> bool:
    """Whether the prediction is at most 1, as a machine's must be."""
    above = Bits(end.circuit, tuple(bits), "prediction").extended(max(len(bits), places + 1)) > (1 << places)
    return end.circuit.same(above.literals[0], FALSE)
