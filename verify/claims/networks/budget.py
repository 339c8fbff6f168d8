"""The error budget of Lemma 3b's read-out, line by line: signs, digits and copies."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, Unpack

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, within
from constructions.networks.budget import (
    copies_per_step,
    error_bounds,
    printed_copies_per_step,
    printed_digits,
    query_digits,
    signed_error,
)
from constructions.networks.queries import MINIMAL, STRONG, Setting
from verify.claims.networks.queries.copies import CopyOfSetting, general_copy, names, record
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, ObligationFields, Subject, registry
from verify.obligations.parts import State
from verify.obligations.verdict import Verdict


def _state(id: str, claim: Callable[..., None], *, of: Subject, **rest: Unpack[ObligationFields]) -> None:
    registry().add(Obligation(id=id, paper="Lemma 3b", claim=claim, of=of, **rest))


def _budget(setting: Setting, allowed: Fraction) -> Callable[[Case], tuple[Setting, Fraction]]:
    return lambda case: (setting, allowed)


def signed_in_budget(subject: tuple[Setting, Fraction], case: Case) -> None:
    """Suppose that a signed query is asked digit by digit (with weights 1/2, 1/4, ...), each digit as the difference of
    two copies, and that the read-out of each copy differs from its wrong fraction by no more than the bounds of its
    setting. Then for every precision rho and every number of digits the query is answered within 4 rho, if its digits
    leave out at most the given multiple of rho (rho/2) of a value. The proof is by induction over the digits."""
    setting, left_out = subject
    low, high = error_bounds(setting)
    rho, plus, minus, rest = (case.real(name) for name in ("rho", "plus", "minus", "rest"))
    case.assume(
        rho > 0,
        low * rho <= plus,
        plus <= high * rho,
        low * rho <= minus,
        minus <= high * rho,
        within(rest, left_out * rho),
    )
    case.lemma("the difference", within(plus - minus, signed_error(setting) * rho))
    parts = {"plus": plus, "minus": minus}
    _digit_by_digit(case, rho, parts, lambda s: s["plus"] - s["minus"], -signed_error(setting), signed_error(setting))
    total, weight = case.real("total"), case.real("weight")
    read = _sums(rho, -signed_error(setting), signed_error(setting))(
        {"total": total, "weight": weight, "place": 1 - weight}
    )
    case.show("within 4 rho", within(total + rest, 4 * rho), given=read)


def _sums(rho: Number, low: Number, high: Number) -> Callable[[State], Formula]:
    """The weighted errors of the digits so far are within the bounds times the sum of their weights, which stays
    below 1."""

    def holds(s: State) -> Formula:
        size = every(s["place"] > 0, s["weight"] >= 0, s["weight"] + s["place"] == 1)
        return every(size, low * rho * s["weight"] <= s["total"], s["total"] <= high * rho * s["weight"])

    return holds


def _digit_by_digit(
    case: Case, rho: Number, inputs: State, error: Callable[[State], Number], low: Number, high: Number
) -> None:
    """Induction over the digits; each has an error of its own, any that the premises allow."""
    half = Fraction(1, 2)
    case.induction(
        "over the digits",
        state={name: case.real(f"{name} so far") for name in ("place", "weight", "total")},
        start={"place": Fraction(1), "weight": Fraction(0), "total": Fraction(0)},
        inputs=inputs,
        advance=lambda s: {
            "place": half * s["place"],
            "weight": s["weight"] + half * s["place"],
            "total": s["total"] + half * s["place"] * error(s),
        },
        holds=_sums(rho, low, high),
    )


def _two_copies(setting: Setting) -> Callable[[Case], CopyOfSetting]:
    return general_copy(setting, False, bound=setting.rho_below, resting=Fraction(1, 12))


def signed_as_printed(made: CopyOfSetting, case: Case) -> None:
    """A query with values v and -v, asked by copies for its positive and for its negative part, is answered within 4
    rho at rho = 1/16, where v has all its digits set, so that all digits go alike, and the two kinds of copies are
    active on disjoint parts of the batch."""
    plus, minus = record(made, case, mark="+"), record(made, case, mark="-")
    case.assume(plus[2] + minus[2] <= 1)
    read = (plus[0] - minus[0]) * made.rho / made.setting.record_gain
    digits = sum(Fraction(1, 2**i) for i in range(1, printed_digits(Fraction(1, 4)) + 1))
    case.assume(made.rho == Fraction(1, 16))
    case.show("within 4 rho", within(digits * (read - (plus[1] - minus[1])), 4 * made.rho))


_state(
    "lemma3b.signed.printed",
    signed_as_printed,
    of=_two_copies(MINIMAL),
    expect=Verdict.REFUTED,
    erratum="E24",
    needs=("lemma11.active.minimal.q",),
)
_state(
    "lemma3b.signed.strong",
    signed_in_budget,
    of=_budget(STRONG, Fraction(1, 2)),
    twin=_budget(STRONG, Fraction(1)),
    needs=("lemma11.bounds.strong.q", "lemma11.bounds.strong.q'", "lemma11.fits.strong.q", "lemma11.fits.strong.q'"),
    erratum="E24",
)


def signed_by_disjoint_parts(left_out: Fraction, case: Case) -> None:
    """The copies for the positive and for the negative part of a signed query are active on disjoint samples. So with
    the strong gadget, digits that leave out up to 2 rho of each value (as the printed number of digits does) answer the
    query within 4 rho, for every rho and every number of digits. The proof is by induction over the digits (S10)."""
    offset, slack = STRONG.offset, -error_bounds(STRONG)[0]
    rho, plus, minus, s, t, r, q = (case.real(name) for name in ("rho", "plus", "minus", "s", "t", "r", "q"))
    case.assume(rho > 0, s >= 0, t >= 0, s + t <= 1)
    case.assume(
        -slack * rho <= plus,
        plus <= (offset * s + slack) * rho,
        -slack * rho <= minus,
        minus <= (offset * t + slack) * rho,
    )
    case.assume(r >= 0, r <= left_out * rho * s, q >= 0, q <= left_out * rho * t)
    low, high = -(offset * t + 2 * slack), offset * s + 2 * slack
    _digit_by_digit(case, rho, {"plus": plus, "minus": minus}, lambda s: s["plus"] - s["minus"], low, high)
    total, weight = case.real("total"), case.real("weight")
    read = _sums(rho, low, high)({"total": total, "weight": weight, "place": 1 - weight})
    case.lemma("the sum above", implies(read, total <= high * rho))
    case.lemma("the sum below", implies(read, total >= low * rho))
    case.show("within 4 rho", within(total - r + q, 4 * rho), given=read)


_state(
    "lemma3b.signed.disjoint",
    signed_by_disjoint_parts,
    of=lambda case: Fraction(2),
    twin=lambda case: Fraction(3),
    erratum="S10",
    needs=("lemma11.record.strong.q", "lemma11.record.strong.q'", "lemma3b.digits.true"),
)


def unsigned_in_budget(subject: tuple[Setting, Fraction], case: Case) -> None:
    """A query with values in [0, 1], asked in digits that leave out between 0 and the given multiple of rho (2 rho) of
    a value, is answered within 4 rho, for every rho and every number of digits: what is left out makes the answer too
    small, while the read-out of the copies errs mostly upwards. The proof is by induction over the digits."""
    setting, left_out = subject
    low, high = error_bounds(setting)
    rho, error, rest = (case.real(name) for name in ("rho", "error", "rest"))
    case.assume(rho > 0, low * rho <= error, error <= high * rho, rest >= 0, rest <= left_out * rho)
    _digit_by_digit(case, rho, {"error": error}, lambda s: s["error"], low, high)
    total, weight = case.real("total"), case.real("weight")
    read = _sums(rho, low, high)({"total": total, "weight": weight, "place": 1 - weight})
    case.show("within 4 rho", within(total - rest, 4 * rho), given=read)


for _setting in (MINIMAL, STRONG):
    _state(
        f"lemma3b.unsigned.{_setting.name.split()[0]}",
        unsigned_in_budget,
        of=_budget(_setting, Fraction(2)),
        twin=_budget(_setting, Fraction(7, 2)),
        erratum="E22",
        needs=tuple(f"lemma11.bounds.{names(_setting, prime)}" for prime in (False, True)),
    )


def _digit_rule(rule: Callable[..., int]) -> Callable[[Case], Callable[..., int]]:
    return lambda case: rule


def _precisions() -> Iterator[dict[str, Any]]:
    values = {Fraction(p, q) for q in range(2, 64) for p in range(1, q)} | {Fraction(63, 500)}
    return ({"tau": tau} for tau in sorted(values) if tau < Fraction(1, 3))


def leaves_out_half(rule: Callable[[Fraction], int], case: Case) -> None:
    """For each tolerance tau of the finite case and rho = tau/4, the given number of binary digits of a number in [0,
    1) leaves out at most rho/2."""
    tau = case.real("tau")
    case.show("at most rho/2", Fraction(1, 2 ** rule(tau)) <= tau / 8)


_state(
    "lemma3b.digits.printed",
    leaves_out_half,
    kind="enumeration",
    domain=_precisions,
    of=_digit_rule(printed_digits),
    expect=Verdict.REFUTED,
    erratum="E22",
    finite="tau = p/q with q < 64, and 63/500",
)
_state(
    "lemma3b.digits.repaired",
    leaves_out_half,
    kind="enumeration",
    domain=_precisions,
    of=_digit_rule(lambda tau: query_digits(tau / 4) + 1),
    twin=_digit_rule(lambda tau: query_digits(tau / 4)),
    expect=Verdict.CHECKED,
    erratum="E22",
    finite="tau = p/q with q < 64, and 63/500",
)


def printed_digits_leave_out(factor: Fraction, case: Case) -> None:
    """For every tau < 1 and rho = tau/4, the printed number of digits d = floor(log2(1/tau)) + 2 leaves out 2^-d of a
    value, which is less than 2 rho."""
    tau, power = case.real("tau"), case.real("power")
    case.assume(tau > 0, tau < 1, power * tau <= 1, 2 * power * tau > 1)
    case.show("less than the bound", factor * (tau / 4) * (4 * power) > 1)


_state(
    "lemma3b.digits.true",
    printed_digits_leave_out,
    of=lambda case: Fraction(2),
    twin=lambda case: Fraction(1),
    erratum="E22",
)


def _counts() -> Iterator[dict[str, Any]]:
    return ({"p": p, "d": d} for p in range(1, 9) for d in range(2, 9))


def copies_suffice(rule: Callable[[int, Fraction], int], case: Case) -> None:
    """For each p and tau of the finite case, the given number of copies in each step is enough for p queries of
    floor(log2(1/tau)) + 2 digits each and for the clock."""
    p, d = case.integer("p"), case.integer("d")
    tau = Fraction(1, 2 ** int(d))
    case.show("enough", rule(int(p), tau) >= p * printed_digits(tau) + 1)


_state(
    "lemma3b.copies.printed",
    copies_suffice,
    kind="enumeration",
    domain=_counts,
    of=_digit_rule(printed_copies_per_step),
    expect=Verdict.REFUTED,
    erratum="E23",
    finite="p < 9, tau = 2^-d, d < 9",
)
_state(
    "lemma3b.copies.repaired",
    copies_suffice,
    kind="enumeration",
    domain=_counts,
    of=_digit_rule(lambda p, tau: copies_per_step(p, tau / 4)),
    twin=_digit_rule(lambda p, tau: copies_per_step(p, tau / 4) - 1),
    expect=Verdict.CHECKED,
    erratum="E23",
    finite="p < 9, tau = 2^-d, d < 9",
)
