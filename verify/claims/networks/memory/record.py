"""Lemma 11 for every graph that meets `is_memory`: what it records, and what is read of the record.

Proved here: how near the record is to the wrong fraction (``memory.record``), that a clock's is at least 1
(``memory.clock``), and that too few digits for the record do no harm (``memory.reads``).
"""

from fractions import Fraction

from constructions.foundations.exact import Number
from constructions.foundations.logic import select
from constructions.foundations.rounding import clip, is_valid
from constructions.networks.memory import (
    absolute,
    active_conditions,
    path_gain,
)
from verify.claims.networks.memory.active import RECORDING, parts_and_active, register, register_for_any_memory
from verify.claims.networks.queries.copies import CopyOfSetting, batch_gradient, held, wrong_and_active
from verify.obligations.case import Case


def records(copy: CopyOfSetting, case: Case) -> None:
    """The record m of a memory, by how many multiples of rho v0 -> v1 rises in the active step, is not negative,
    whatever the batch and the roundings are. With path gain G, step size ``rate``, fm the fraction of the batch that is
    active and wrong and ft the fraction that is active, m rho exceeds rate |G| fm by at least -3/4 rate rho and at most
    rate (offset |G| ft + 3/4) rho."""
    m, gain, fm, ft = batch_record(copy, case)
    rho, rate = copy.rho, copy.setting.rate
    error = m * rho - rate * gain * fm
    case.show("not negative", m >= 0)
    case.show("not too low", error >= -3 * rate * rho / 4)
    case.show("not too high", error <= rate * (copy.setting.offset * gain * ft + Fraction(3, 4)) * rho)


def ticks(copy: CopyOfSetting, case: Case) -> None:
    """A memory that was active on the whole batch has a record of at least 1, whatever the labels and the roundings
    are; so a clock that has ticked never reads 0."""
    m, _, _, ft = batch_record(copy, case)
    case.assume(ft == 1)
    case.show("the record is at least 1", m >= 1)


def batch_record(copy: CopyOfSetting, case: Case) -> tuple[Number, Number, Number, Number]:
    """The multiple m of rho by which v0 -> v1 rises, the size of the path gain, and the fractions of the batch."""
    rho, offset = copy.rho, copy.setting.offset
    fm, ft = wrong_and_active(case)
    gain = case.real("gain")
    case.assume(gain == absolute(path_gain(copy.graph)))
    case.lemma("no sample is clipped", (1 + offset * rho) * gain <= 1)
    run, gradients = held(copy, case, trust=True)
    sign = -1 if copy.prime else 1
    for y, wanted in ((copy.wrong, 1 + offset * rho), (copy.agreeing, offset * rho)):
        found = gradients[y].edges["v0", "v1"]
        case.lemma(f"label {y}: the path gain times the derivative", found == (run.out["v4"] - y) * sign * gain)
        case.lemma(f"label {y}: the share", clip(found) == -wanted * gain)
    entry, k = case.real("entry"), case.integer("k")
    case.assume(entry == -gain * ((1 + offset * rho) * fm + offset * rho * (ft - fm)))
    case.lemma("the batch's entry", batch_gradient(copy, case, ("v0", "v1"), gradients, fm, ft) == entry)
    case.assume(is_valid(k, entry, rho))
    return -copy.setting.rate * k, gain, fm, ft


def reads_in_bounds(subject: tuple[Number, Number], case: Case) -> None:
    """If there are enough digits for every wrong fraction, then what is read of a record m (m itself, or all ones if m
    needs more digits) is never above the record, and it is below rate |G| fm / rho by no more than the record itself
    may be, which is 3/4 of the step size ``rate``; G is the path gain and fm the wrong fraction."""
    slack, rate = subject
    rho, gain, fm = (case.real(name) for name in ("rho", "gain", "fm"))
    m, levels = case.integer("m"), case.integer("levels")
    case.assume(rho > 0, gain > 0, fm >= 0, fm <= 1, m >= 0, levels >= 1, rate > 0)
    case.assume(
        (levels - 1) * rho + slack * rate * rho >= rate * gain, m * rho - rate * gain * fm >= -slack * rate * rho
    )
    read = select(m < levels, m, levels - 1)
    case.show("not above the record", read <= m)
    case.show("not too low", read * rho - rate * gain * fm >= -3 * rate * rho / 4)


register_for_any_memory(
    "record",
    records,
    RECORDING,
    (active_conditions,),
    lambda rate, end: (*parts_and_active(rate, end), "descent.batch"),
)


register_for_any_memory(
    "clock",
    ticks,
    RECORDING,
    (active_conditions,),
    lambda rate, end: (*parts_and_active(rate, end), "descent.batch"),
)


register(
    "memory.reads",
    reads_in_bounds,
    of=lambda case: (Fraction(3, 4), case.real("rate")),
    twin=lambda case: (Fraction(1), case.real("rate")),
    needs=("lemma11.digits", "lemma11.overflow"),
)
