"""What a certificate says to people: its entry ``about``, which the checker does not look at.

The statement that is proved, the sizes of network and machine, what copies record and with which tolerance it is read,
each premise with how it was discharged and which obligations of the registry it rests on, and what the solver did.

Two circuits are equal *by structure* if both, written with one table of gates, come out as the same node of it, so that
no solver has to be asked; else they are compared *by SAT*, which is a question to the solver.

>>> from dataclasses import replace
>>> from constructions.computation.learner_machines import best_literal_machine
>>> from constructions.networks.emulation import Plan
>>> from verify.certifier.certify import certify_network
>>> machine = replace(best_literal_machine(1, fraction=0), rounds=1)
>>> net = Plan(machine=machine, rho=Fraction(1, 8), tolerance=Fraction(1)).trainable
>>> outcome = certify_network(net, machine, tolerance=Fraction(1))
>>> statement(net, machine, outcome.finding.tolerance)[:59]
'For every random string of 0 bits, every sequence of 1 batc'
>>> readings(outcome.finding)[0]["error"], [row["copies"] for row in copies(outcome.memories)]
(['-1/8', '17/64'], [3])
>>> premises(net, outcome)["c"]["by"]
'linear pass; is_memory evaluated on 1 distinct rows of weights of 3 copies'
>>> {key: value for key, value in solver(outcome).items() if key in ("by structure", "asked")}
{'by structure': 9, 'asked': 0}
>>> sorted(versions()), list(about(net, machine, outcome))[:4]
(['numba', 'numpy', 'querygrad', 'z3-solver'], ['versions', 'statement', 'tolerance', 'network'])
"""

from collections.abc import Mapping
from fractions import Fraction
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from constructions.computation.batch_machine import BatchMachine
from constructions.computation.query_machine import QueryMachine
from constructions.networks.network_file import LABELS, LOSS
from constructions.networks.trainable import Trainable
from verify.certifier.certificate.account_batches import RESTS as BATCHES
from verify.certifier.certificate.account_batches import UNBOUNDED, batch_statement
from verify.certifier.certificate.certification import Certification
from verify.certifier.exactness import float_bits
from verify.certifier.refusal import PREMISES
from verify.certifier.roles.memories import Memories
from verify.certifier.roles.sides import SidedMemories
from verify.certifier.rounds.all_rounds import Finding
from verify.certifier.rounds.equal import IN_ALL, MOST_CALLS

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
    """The theorem, with the numbers of ``net``, of the machine, and the tolerance of its answers."""
    if isinstance(machine, BatchMachine):
        return batch_statement(net, machine)
    n, steps = machine.inputs, net.steps
    return (
        f"For every random string of {net.random_bits} bits, every sequence of {steps} batches of samples (x, y) with "
        f"x in {{0, 1}}^{n} and y in {{0, 1}}, of any size b, and every choice of {net.rho}-valid roundings of the "
        f"mean of the clipped gradients of half the square, {steps} steps of gradient descent of learning rate "
        f"{net.rate} over this network reach no kink and end in a network whose output at every x in {{0, 1}}^{n} is "
        "what the machine predicts there, after a run with this random string in which each answer is within "
        f"{tolerance} of the mean of its query over the step's batch. So it holds for bSGD and for fbGD. "
        "Another rho, rate, number of steps, loss or label, or a step more, is another statement."
    )


def about(
    net: Trainable, machine: QueryMachine, outcome: Certification, rewritten: str | None = None
) -> dict[str, Any]:
    """What a reader may want to know, as JSON values.

    Parameters
    ----------
    outcome : of a search that succeeded. rewritten : a sentence that says why the machine's text is not the user's
        file as it is, if it is not.
    net, machine : what was certified.
    """
    finding, memories = outcome.finding, outcome.memories
    assert finding is not None and memories is not None
    return {
        "versions": versions(),
        "statement": statement(net, machine, finding.tolerance),
        "tolerance": str(finding.tolerance),
        "network": sizes_of_network(net),
        "machine": sizes_of_machine(machine, finding, rewritten),
        "readings": readings(finding),
        "memories": copies(memories),
        "rounds": finding.distinct_rounds,
        "prediction": finding.prediction,
        "premises": premises(net, outcome),
        "solver": solver(outcome),
    }


def sizes_of_network(net: Trainable) -> dict[str, Any]:
    """The network's sizes and settings."""
    flat = net.network
    return {
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
    }


def sizes_of_machine(machine: QueryMachine, finding: Finding, rewritten: str | None) -> dict[str, Any]:
    """The machine's sizes, and for which x and states its query values are shown to be in [-1, 1]."""
    return {
        "rounds": machine.rounds,
        "queries": machine.parallel,
        "inputs": machine.inputs,
        "state": len(machine.machine.state),
        "random_bits": machine.random_bits,
        "signed": machine.signed,
        "answer_fraction": machine.answer_fraction,
        "predict_fraction": machine.predict_fraction,
        "values within 1": finding.within,
        **({"points": machine.points} if isinstance(machine, BatchMachine) else {}),
        **({"text": rewritten} if rewritten else {}),
    }


def readings(finding: Finding) -> list[dict[str, Any]]:
    """What copies record, how far that can be off, and the tolerance of the answers that are read off it."""
    return [
        {
            "gain": str(reading.gain),
            "offset": str(reading.offset),
            "digits": reading.bits,
            "error": [str(bound) for bound in reading.error],
            "tolerance": str(tolerance),
        }
        for reading, tolerance in finding.readings.items()
    ]


def copies(memories: Memories | SidedMemories) -> list[dict[str, Any]]:
    """Each distinct copy with each offset that Lemma 11 was asked about (or the value at which the output is held), and
    how many copies have its weights."""
    return [
        {
            "weights": {f"{u} -> {v}": str(w) for (u, v), w in memories.graphs[row].edges.items()},
            "offset": str(offset),
            "copies": int((memories.row == row).sum()),
        }
        for row, offset in sorted(memories.asked)
    ]


def premises(net: Trainable, outcome: Certification) -> dict[str, Any]:
    """Each premise: what it says, how the search of this outcome discharged it for ``net``, what it rests on."""
    finding, parts, memories = outcome.finding, outcome.parts, outcome.memories
    assert finding is not None and parts is not None and memories is not None
    many, controls, distinct = len(parts.copies), len(parts.controls), len(finding.distinct_rounds)
    circuits = f"{distinct} distinct rounds of {net.steps}, each in its phases, by structure" + (
        " and by SAT" if outcome.tally.calls else ""
    )
    how = {
        "a": "linear pass",
        "b": f"linear pass: {many} v3, {controls} controls",
        "c": f"linear pass; is_memory evaluated on {len(memories.asked)} distinct rows of weights of {many} copies",
        "d": "every bit of every operand, for each distinct row of weights",
        "e": circuits,
        "g": circuits,
        "k": f"linear pass; {circuits}",
        "f": f"after the last step by structure{' and by SAT' if outcome.tally.calls else ''}; before it: {circuits}",
        "h": f"linear pass: {net.random_bits} sampled edges",
        "i": "the file's header",
        "j": "exact arithmetic, for each distinct reading",
        "l": UNBOUNDED,
    }
    rests = {**RESTS, **BATCHES} if isinstance(memories, SidedMemories) else RESTS
    if isinstance(memories, SidedMemories):
        how["b"] = f"linear pass: {2 * many} last vertices of sides, {controls} controls"
        how["c"] = f"linear pass; is_signed_memory evaluated on {len(memories.asked)} distinct rows of {many} copies"
        how["j"] = "exact arithmetic, for each distinct row of weights"
    else:
        how["l"] = float_bits(parts, [Fraction(row["held"]) for row in finding.distinct_rounds])
    return {name: {"says": says, "by": how[name], "rests on": list(rests[name])} for name, says in PREMISES.items()}


def solver(outcome: Certification) -> dict[str, int]:
    """How many equalities of circuits hold by structure and how many were asked of the solver, and its budgets."""
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


def versions() -> dict[str, str]:
    """Versions of what took part."""
    return {name: _version(name) for name in ("querygrad", "numpy", "numba", "z3-solver")}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
