"""Lemma 11: a copy is written in its active step, upwards, and in no other step.

Proved here: with labels 0 and 1 the weight v0 -> v1 never falls, with the printed labels -1 and 1 it can
(``lemma11.labels``); over any number of steps each weight changes once (``lemma11.steps``).
"""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, some
from constructions.foundations.rounding import is_valid
from constructions.networks.queries import (
    PRINTED,
)
from verify.claims.networks.queries.copies import CopyOfSetting, general_copy, record
from verify.claims.networks.readout.digits import register
from verify.obligations.case import Case
from verify.obligations.verdict import Verdict


def _labels(labels: tuple[int, int]) -> Callable[[Case], tuple[CopyOfSetting, Formula]]:
    """Q as printed, on batches with these two labels."""

    def build(case: Case) -> tuple[CopyOfSetting, Formula]:
        return replace(general_copy(PRINTED, False)(case), labels=labels), True

    return build


def record_never_falls(subject: tuple[CopyOfSetting, Formula], case: Case) -> None:
    """With the given labels (-1 and 1 as printed, 0 and 1 as repaired), the weight v0 -> v1 of a copy of Q never falls
    in its active step, whatever the batch and the valid roundings are."""
    made, _ = subject
    m, _, _ = record(made, case)
    case.show("the record is not negative", m >= 0)


register("lemma11.labels.printed", record_never_falls, of=_labels((-1, 1)), expect=Verdict.REFUTED, erratum="E06")


register(
    "lemma11.labels.repaired",
    record_never_falls,
    of=_labels((0, 1)),
    twin=_labels((-1, 1)),
    erratum="E06",
    needs=("lemma11.active.printed.q",),
)


def _steps(active_steps: int) -> Callable[[Case], int]:
    return lambda case: active_steps


def written_once(steps: int, case: Case) -> None:
    """Take any number of steps, of which only step s is active for the copy. Up to step s each weight of the copy is
    its initial value, and after step s it is the value that step s gave it, whatever the valid roundings are in the
    other steps. So the copy is written once."""
    rho, rate, k, move = case.real("rho"), case.real("rate"), case.integer("k"), case.real("move")
    s = case.integer("s")
    state = {"t": case.integer("t"), "moved": case.real("moved")}
    u = case.real("u")
    case.assume(rho > 0, s >= 0, u == rho * k)
    case.lemma("an idle step rounds to 0", implies(is_valid(k, Fraction(0), rho), u == 0))

    def is_active(t: Number) -> Formula:
        return some(t == s, every(steps > 1, t == s + 1))

    run = case.induction(
        "over the steps",
        state=state,
        inputs={"k": k, "u": u},
        start={"t": Fraction(0), "moved": Fraction(0)},
        advance=lambda now: {
            "t": now["t"] + 1,
            "moved": now["moved"] + select(is_active(now["t"]), move, -rate * now["u"]),
        },
        holds=lambda now: every(implies(now["t"] <= s, now["moved"] == 0), implies(now["t"] > s, now["moved"] == move)),
        given=lambda now: every(
            now["t"] >= 0, implies(negation(is_active(now["t"])), is_valid(now["k"], Fraction(0), rho))
        ),
    )
    at = case.reached(run)
    case.show("as built up to step s", at["moved"] == 0, given=at["t"] <= s)
    case.show("as step s left it from then on", at["moved"] == move, given=at["t"] > s)


register(
    "lemma11.steps",
    written_once,
    kind="induction",
    of=_steps(1),
    twin=_steps(2),
    needs=(
        "rounding.zero",
        "descent.batch",
        "descent.still",
        "memory.idle.rate1.q",
        "memory.after.rate1.q",
        "memory.idle.rate1.q'",
        "memory.after.rate1.q'",
        "memory.idle.rate2.q",
        "memory.after.rate2.q",
        "memory.idle.rate2.q'",
        "memory.after.rate2.q'",
        "lemma11.digits",
        "lemma10.blocks",
    ),
)
