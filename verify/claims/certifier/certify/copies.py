"""A copy of a certified network in training (premise c), over any number of steps and samples.

A step of the run has one of three kinds: a sample on which the copy is idle, one on which it is active with the output
held (in one step only), or a step of gradient descent. Proved here: ``certifier.copy``, on what is known of its active
step (``active_step.py``) and of any memory at rest.
"""

from fractions import Fraction
from itertools import product

from constructions.foundations.logic import Formula, every
from verify.claims.certifier.certify.active_step import (
    ACCEPTED,
    ACT,
    BATCH,
    COUNTS,
    MOVE,
    REST,
    SHARES,
    MemoryTraining,
    broken_memory,
    end_of,
    mean,
)
from verify.claims.networks.memory.active import any_memory
from verify.claims.networks.queries.copies import CopyOfSetting
from verify.claims.networks.queries.training import EDGES, moved, multiple, total
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, registry
from verify.obligations.parts import State


def any_training(copy: CopyOfSetting, case: Case) -> None:
    """Take any graph that meets `is_memory`, at any rho, while the output is held at any offset. Train it for any
    number of steps on batches of any size with labels 0 and 1 and any valid roundings; let it be active in one step
    only, step s, on any of its samples, with the output held, and idle on all others, with the output on no kink. Up to
    step s it is as built. After it, it stays as this step left it: idle, it adds nothing to the output, no edge of it
    has a gradient, and its record m is near fm, the fraction of the batch of step s on which it was active and the
    label the wrong one: m rho - rate |G| fm is from -3/4 rate rho to rate (offset |G| ft + 3/4) rho, where G is its
    path gain and ft the active fraction. If it was active on the whole batch, m is at least 1."""
    s = case.integer("s")
    case.assume(s >= 0)
    run = MemoryTraining(copy, s, end_of(copy))
    state = {name: case.integer(name) for name in ("t", *COUNTS, *map(moved, EDGES))}
    state |= {name: case.real(name) for name in ("fm", "ft", *map(total, EDGES))}
    inputs = {name: case.integer(name) for name in ("do", "y", *map(multiple, EDGES))}
    inputs |= {name: case.real(name) for name in ("z", "adjoint", *SHARES, *map(mean, EDGES))}
    moment = {**state, **inputs}
    run.use_at_rest(moment, case)
    batch = {name: moment[name] for name in (*COUNTS, *BATCH, *map(multiple, EDGES))}
    case.use(f"certifier.step.{run.end}", **run.given, **batch)
    at = case.reached(
        case.induction(
            "over the steps",
            state=state,
            start=dict.fromkeys(state, Fraction(0)),
            inputs=inputs,
            given=run.may,
            advance=run.advance,
            holds=run.holds,
            kinds=lambda s: kinds_of_step(run, s),
        )
    )
    before, after = at["t"] <= s, at["t"] > s
    built = every(*(at[moved(edge)] == 0 for edge in EDGES))
    case.show("it is as built up to its step", built, given=before)
    for name, part in run.recorded(at).items():
        case.show(f"{name}, after it", part, given=after)


def kinds_of_step(run: MemoryTraining, s: State) -> dict[str, Formula]:
    """A step by what it does, before, in or after the copy's own."""
    as_built, nothing = (every(*(s[name(edge)] == 0 for edge in EDGES)) for name in (moved, multiple))
    rest, move, act = (s["do"] == do for do in (REST, MOVE, ACT))
    return {
        "at rest, as built": every(rest, s["t"] <= run.s, as_built),
        "at rest, written": every(rest, s["t"] > run.s),
        "active, wrong": every(act, s["y"] == run.copy.wrong),
        "active, agreeing": every(act, s["y"] != run.copy.wrong),
        "a move before its own": every(move, s["t"] < run.s, as_built, nothing),
        "its own move": every(move, s["t"] == run.s, as_built),
        "a move after its own": every(move, s["t"] > run.s, nothing),
    }


for _rate, _prime in product((1, 2), (False, True)):
    registry().add(
        Obligation(
            id=f"certifier.copy.rate{_rate}.q{chr(39) * _prime}",
            paper="the certifier",
            claim=any_training,
            kind="induction",
            of=any_memory(_rate, _prime, *ACCEPTED),
            twin=broken_memory(_rate, _prime, ("vc", "v3")),
        )
    )
