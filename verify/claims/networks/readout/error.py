"""Lemma 11's read-out: how far it may be from the wrong fraction over rho, as printed and in truth.

Proved here: the printed bound of 3/2 fails with the printed number of digits and holds with one more
(``lemma11.within``); the bounds that hold with the printed number (``lemma11.bounds``); the strong gadget's record
always fits into its digits (``lemma11.fits``).
"""

from collections.abc import Callable
from fractions import Fraction

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, select, some, within
from constructions.networks.budget import error_bounds
from constructions.networks.queries import (
    MINIMAL,
    PRINTED,
    STRONG,
    Setting,
)
from verify.claims.networks.queries.copies import CopyOfSetting, general_copy, names, record
from verify.claims.networks.readout.digits import register
from verify.obligations.case import Case
from verify.obligations.verdict import Verdict


def _range(
    setting: Setting, prime: bool, levels_at_least: Callable[[Number, Number], Formula]
) -> Callable[[Case], tuple[CopyOfSetting, Formula]]:
    """A copy, and what is assumed of the number of values that its digits can tell apart."""

    def build(case: Case) -> tuple[CopyOfSetting, Formula]:
        made = general_copy(setting, prime)(case)
        return made, levels_at_least(case.integer("levels"), made.rho)

    return build


def _printed_levels(levels: Number, rho: Number) -> Formula:
    return every(levels * rho >= 1, levels * rho < 2)


def _printed_powers(levels: Number, rho: Number) -> Formula:
    """The same with the levels that can occur up to 8 digits, so that a counterexample is a real one."""
    return every(_printed_levels(levels, rho), some(*(levels == 2**k for k in range(1, 9))))


def _one_digit_more(levels: Number, rho: Number) -> Formula:
    return every(levels * rho >= 2, levels * rho < 4)


def within_three_halves(subject: tuple[CopyOfSetting, Formula], case: Case) -> None:
    """Whatever the batch and the valid roundings are, the read-out of a copy is within 3/2 of fm/rho + 2 ft, where fm
    is the fraction of the batch that is active and wrong and ft the fraction that is active. The record is read by k
    digits, which can tell 2^k values apart (as printed, k is the least number with 2^k rho >= 1; the repair takes one
    digit more)."""
    made, enough = subject
    m, fm, ft = record(made, case)
    levels = case.integer("levels")
    case.assume(enough)
    read = select(m < levels, m, levels - 1)
    target = fm / made.rho + 2 * ft
    case.show("within 3/2", within(read - target, Fraction(3, 2)))


register(
    "lemma11.within.printed",
    within_three_halves,
    of=_range(PRINTED, False, _printed_powers),
    expect=Verdict.REFUTED,
    erratum="E05",
)


register(
    "lemma11.within.one-digit-more",
    within_three_halves,
    of=_range(MINIMAL, False, _one_digit_more),
    erratum="E05",
    twin=_range(MINIMAL, False, _printed_powers),
    needs=("lemma11.digits", "lemma11.record.minimal.q"),
)


def used_record(made: CopyOfSetting, case: Case) -> tuple[Number, Number]:
    """The record of a copy after any batch and any valid roundings, with the fraction of the batch that is active and
    wrong; what `lemma11.record` says of them may be used."""
    used = case.use(f"lemma11.record.{names(made.setting, made.prime)}", rho=made.rho)
    case.assume(used.premises, label="the batch and the roundings are what lemma11.record presupposes")
    return -made.setting.rate * used.values["k[v0v1]"], used.values["fm"]


def true_bounds(subject: tuple[CopyOfSetting, Formula], case: Case) -> None:
    """With the printed number of digits, and whatever the batch and the valid roundings are, the read-out of a copy,
    divided by the record gain, differs from fm/rho by no more than the setting's bounds (-3/2 and 7/2 for the minimal
    repair), where fm is the fraction of the batch that is active and wrong. This includes records that need more digits
    than there are."""
    made, enough = subject
    m, fm = used_record(made, case)
    levels = case.integer("levels")
    case.assume(enough)
    read = select(m < levels, m, levels - 1)
    low, high = error_bounds(made.setting)
    error = read / made.setting.record_gain - fm / made.rho
    case.show("not too low", error >= low)
    case.show("not too high", error <= high)


for _setting in (MINIMAL, STRONG):
    for _prime in (False, True):
        register(
            f"lemma11.bounds.{names(_setting, _prime)}",
            true_bounds,
            of=_range(_setting, _prime, _printed_levels),
            erratum="E05",
            twin=_range(_setting, _prime, lambda levels, rho: every(levels * rho >= Fraction(1, 2), levels * rho < 1)),
            needs=("lemma11.digits", "lemma11.overflow"),
        )


def never_overflows(subject: tuple[CopyOfSetting, Formula], case: Case) -> None:
    """For every rho < 1/4 and every batch and valid rounding, the record of the strong gadget is at most 2^k - 1 for k
    = ceil(log2(1/rho)) digits, so it always fits."""
    made, enough = subject
    m, _ = used_record(made, case)
    levels, eighths = case.integer("levels"), case.integer("eighths")
    case.assume(enough, levels == 8 * eighths)
    case.show("it fits", m <= levels - 1)


for _prime in (False, True):
    register(
        f"lemma11.fits.{names(STRONG, _prime)}",
        never_overflows,
        of=_range(STRONG, _prime, _printed_levels),
        erratum="S7",
        twin=_range(MINIMAL, _prime, _printed_powers),
    )
