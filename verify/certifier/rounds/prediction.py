"""After the last step: the final controls alone reach the output, and give what the machine predicts (premise f)."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from constructions.computation.bits import Bits
from constructions.computation.builder import FALSE
from verify.certifier.refusal import NetworkRefused
from verify.certifier.rounds.phases import AFTER, Context, Control, Known, NetworkRound, PhaseCircuit
from verify.certifier.rounds.state_functions import Equation
from verify.certifier.rounds.sums import Sum


def prove_prediction(
    context: Context, known: Known, state: Sequence[int], final: Sequence[Control], equations: Sequence[Equation] = ()
) -> dict[str, Any]:
    """Prove that the output is the prediction, for every x and every state (in which ``equations`` hold).

    Errors
    ------
    NetworkRefused (f) if what the final controls give is another number for some x and state, or could leave [0, 2].
    """
    nothing = NetworkRound(
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
    end = PhaseCircuit(context, nothing, known, AFTER, equations=equations)
    machine = context.machine
    bits = machine.predicted(end.circuit, end.x, [end.function(reference) for reference in state])
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
