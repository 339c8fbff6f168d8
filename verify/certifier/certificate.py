"""The certificate: everything that was found, for the checker to repeat (``verify/recheck``).

``about`` says in words what is proved, each premise with how it was discharged and what it rests on; the checker does
not look at it.
"""

from collections.abc import Mapping
from fractions import Fraction
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from constructions.computation.formats.aiger_writing import write_aiger
from constructions.computation.query_machine import QueryMachine
from constructions.networks.network_file import LABELS, LOSS
from constructions.networks.trainable import Trainable
from verify.certifier.certify import Outcome
from verify.certifier.exactness import float_bits
from verify.certifier.guide import Writer, runs
from verify.certifier.refusal import PREMISES, Refused
from verify.certifier.rounds.equal import IN_ALL, MOST_CALLS

KIND, FORMAT = "querygrad certificate", 2
HELD = tuple(
    f"memory.{name}.rate{rate}.{q}"
    for name in ("active", "after", "idle", "record")
    for rate in (1, 2)
    for q in ("q", "q'")
)
ERRORS = tuple(f"error.{sign}.{kind}" for sign in ("signed", "unsigned") for kind in ("whole", "digits"))
ANSWERS = ("reading", "sum", "places", "asked", "held", "circuit", *ERRORS)
RESTS: Mapping[str, tuple[str, ...]] = {
    "a": (),
    "b": (),
    "h": ("lemma3b.random",),
    "i": (),
    "c": ("memory.parts", "memory.reads", "memory.deviation", "lemma11.steps", *HELD),
    "d": ("lemma3b.vc.region", "lemma3b.control", "certifier.gate.table"),
    "e": (
        "lemma3b.steps",
        "lemma3b.schedule",
        "lemma3b.clipping.harmless",
        "memory.clock.rate1.q",
        "memory.clock.rate2.q",
        "certifier.final.sum",
        "certifier.final.sum.three",
        "certifier.final.left",
    ),
    "f": ("lemma3b.final", "certifier.final.output", "certifier.final.prediction"),
    "g": ("memory.active.rate1.q", "memory.active.rate2.q"),
    "j": (
        "memory.record.rate1.q",
        "memory.record.rate2.q",
        "memory.reads",
        *(f"certifier.answer.{name}" for name in ANSWERS),
    ),
    "k": (
        "lemma10.blocks",
        "stamped.gate",
        *(f"certifier.gate.{name}" for name in ("sweep", "decided", "exchange", "mixed", "recognized")),
    ),
    "l": ("certifier.bits.upwards", "certifier.bits.downwards.q", "certifier.bits.downwards.q'", "certifier.bits.said"),
}
"""What each premise feeds or uses, by the ids of the registry."""


def statement(net: Trainable, machine: QueryMachine, tolerance: Fraction) -> str:
    """The theorem, with its numbers."""
    n, steps = machine.inputs, net.steps
    return (
        f"For every random string of {net.random_bits} bits, every sequence of {steps} batches of samples (x, y) with x in {{0, 1}}^{n} "
        f"and y in {{0, 1}}, of any size b, and every choice of {net.rho}-valid roundings of the mean of the clipped gradients of half "
        f"the square, {steps} steps of gradient descent of learning rate {net.rate} over this network reach no kink and end in a network "
        f"whose output at every x in {{0, 1}}^{n} is what the machine predicts there, after a run with this random string in which each "
        f"answer is within {tolerance} of the mean of its query over the step's batch. So it holds for bSGD and for fbGD. "
        "Another rho, rate, number of steps, loss or label, or a step more, is another statement."
    )


def certificate(
    net: Trainable,
    machine: QueryMachine,
    outcome: Outcome,
    *,
    network: str,
    text: str | None = None,
    rewritten: str | None = None,
) -> dict[str, Any]:
    """The certificate of a network whose search came to an end, as JSON values; proofs of what structure does not show
    are still missing.

    Parameters
    ----------
    network : SHA-256 of the network's file. text : the machine's text, if it is to be this one.
    rewritten : a sentence that says why this is not the user's file as it is, for ``about``.
    """
    finding, parts, layers = outcome.finding, outcome.parts, outcome.layers
    assert finding is not None and parts is not None and layers is not None
    decoding, text = finding.decoding, spelled(machine) if text is None else text
    writer = Writer(parts, layers, machine, finding.forms_of_state)
    writer.start(2 * int(text.split(" ", 2)[1]) + 2)
    return {
        "kind": KIND,
        "format": FORMAT,
        "network": network,
        "machine": text,
        "tolerance": str(finding.tolerance),
        "digits": parts.digits.shape[1],
        "decoder": decoding
        and {"d": decoding.d, "multiplier": decoding.multiplier, "add": decoding.add, "shift": decoding.shift},
        "functions": writer.functions,
        "rounds": writer.rounds(finding.guide),
        "final": runs(np.sort(np.array(finding.final, np.int64))),
        "proofs": [],
        "about": about(net, machine, outcome, rewritten),
    }


def about(net: Trainable, machine: QueryMachine, outcome: Outcome, rewritten: str | None = None) -> dict[str, Any]:
    """What a reader may want to know: the statement, sizes, readings, memories, each premise with how it was
    discharged."""
    finding, memories, flat = outcome.finding, outcome.memories, net.network
    assert finding is not None and memories is not None
    return {
        "versions": versions(),
        "statement": statement(net, machine, finding.tolerance),
        "tolerance": str(finding.tolerance),
        "network": {
            "vertices": flat.size,
            "edges": len(flat.sources),
            "inputs": len(flat.inputs),
            "rho": str(net.rho),
            "rate": str(net.rate),
            "batch": net.batch,
            "steps": net.steps,
            "loss": LOSS,
            "labels": LABELS,
            "random_bits": net.random_bits,
            "frozen": len(net.frozen),
        },
        "machine": {
            "rounds": machine.rounds,
            "queries": machine.parallel,
            "inputs": machine.inputs,
            "state": len(machine.machine.state),
            "random_bits": machine.random_bits,
            "signed": machine.signed,
            "answer_fraction": machine.answer_fraction,
            "predict_fraction": machine.predict_fraction,
            "values within 1": finding.within,
            **({"text": rewritten} if rewritten else {}),
        },
        "readings": [
            {
                "gain": str(reading.gain),
                "offset": str(reading.offset),
                "digits": reading.bits,
                "error": [str(bound) for bound in reading.error],
                "tolerance": str(tolerance),
            }
            for reading, tolerance in finding.readings.items()
        ],
        "memories": [
            {
                "weights": {f"{u} -> {v}": str(w) for (u, v), w in memories.graphs[form].edges.items()},
                "offset": str(offset),
                "copies": int((memories.form == form).sum()),
            }
            for form, offset in sorted(memories.asked)
        ],
        "rounds": finding.forms,
        "prediction": finding.prediction,
        "premises": premises(net, outcome),
        "solver": solver(outcome),
    }


def spelled(machine: QueryMachine) -> str:
    """The machine as an ASCII AIGER file."""
    return write_aiger(machine.aiger(), binary=False).decode()


def premises(net: Trainable, outcome: Outcome) -> dict[str, Any]:
    """Each premise: what it says, how it was discharged, what it rests on."""
    finding, parts, memories = outcome.finding, outcome.parts, outcome.memories
    assert finding is not None and parts is not None and memories is not None
    copies, controls, forms = len(parts.copies), len(parts.controls), len(finding.forms)
    circuits = f"{forms} distinct rounds of {net.steps}, each in its phases, by structure" + (
        " and by SAT" if outcome.tally.calls else ""
    )
    how = {
        "a": "linear pass",
        "b": f"linear pass: {copies} v3, {controls} controls",
        "c": f"linear pass; is_memory evaluated on {len(memories.asked)} distinct rows of weights of {copies} copies",
        "d": "every bit of every operand, for each distinct row of weights",
        "e": circuits,
        "g": circuits,
        "k": f"linear pass; {circuits}",
        "f": f"after the last step by structure{' and by SAT' if outcome.tally.calls else ''}; before it: {circuits}",
        "h": f"linear pass: {net.random_bits} sampled edges",
        "i": "the file's header",
        "j": "exact arithmetic, for each distinct reading",
        "l": float_bits(parts, [Fraction(form["held"]) for form in finding.forms]),
    }
    return {name: {"says": says, "by": how[name], "rests on": list(RESTS[name])} for name, says in PREMISES.items()}


def solver(outcome: Outcome) -> dict[str, int]:
    """How many equalities were settled how, and the budgets."""
    tally = outcome.tally
    return {
        "by structure": tally.structural,
        "asked": tally.calls,
        "unknown": tally.unknown,
        "seconds each": tally.seconds,
        "seconds in all": max(IN_ALL, tally.seconds),
        "questions at most": MOST_CALLS,
        "milliseconds spent": round(1000 * tally.spent),
    }


def refused(refusal: Refused, digests: Mapping[str, str], rewritten: str | None = None) -> dict[str, Any]:
    """A refusal as JSON values; with a sentence on the machine's digest, if it is not that of the user's file."""
    return {
        "kind": "querygrad refusal",
        "format": FORMAT,
        "versions": versions(),
        "network": digests["network"],
        "machine": digests["machine"],
        "premise": refusal.premise,
        "says": PREMISES[refusal.premise],
        "what": refusal.what,
        "vertex": refusal.vertex,
        "edge": refusal.edge and list(refusal.edge),
        "witness": refusal.witness or None,
        **({"machine_text": rewritten} if rewritten else {}),
    }


def versions() -> dict[str, str]:
    """Versions of what took part."""
    return {name: _version(name) for name in ("querygrad", "numpy", "numba", "z3-solver")}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
