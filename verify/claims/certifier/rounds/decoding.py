"""The certifier's tolerance: what copies record, what their digits read, and what a decoder makes of it, for every
batch and rounding. (That the machine's circuits ask for these digits and decode in this way: ``unrolling.py``.)"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from types import SimpleNamespace
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import every, implies, select, within
from verify.certifier.rounds.decoding import MOST_DIGITS, Decoding, RecordReading
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, registry
from verify.obligations.parts import State
from verify.obligations.verdict import Verdict
from verify.provers.branches import Power, own, quotient, with_names

Function = Callable[..., Any]
MEMORIES = tuple(f"rate{rate}.{q}" for rate in (1, 2) for q in ("q", "q'"))


def reading_is_bounded(error: Function, case: Case) -> None:
    """The digits of a copy read its record, or all ones if the record needs more digits. For every rho, step size
    (rate), gain, offset, number of digits, batch and valid rounding, what they read, times rho/(rate gain), differs
    from the fraction of the batch that is active and wrong by no more than the error that the certifier gives for a
    reading."""
    rho, rate, gain, offset = (case.real(name) for name in ("rho", "rate", "gain", "offset"))
    fm, ft, m, levels = case.real("fm"), case.real("ft"), case.integer("m"), case.integer("levels")
    case.assume(rho > 0, rate > 0, gain > 0, offset > 0, fm >= 0, fm <= ft, ft <= 1, m >= 0, levels >= 1)
    case.assume(m * rho - rate * gain * fm >= -3 * rate * rho / 4)
    case.assume(m * rho - rate * gain * fm <= rate * (offset * gain * ft + Fraction(3, 4)) * rho)
    unit, slack, share = case.real("unit"), case.real("slack"), case.real("share")
    case.assume(unit * (rate * gain) == rho, slack * (4 * gain) == 3, share == offset * rho)
    case.lemma("the unit", every(unit > 0, rho / (rate * gain) == unit))
    case.lemma("the slack", every(slack > 0, 3 / (4 * gain) == slack, -3 * rho / (4 * gain) == -slack * rho))
    case.lemma("the record, from below", m * unit - fm >= -slack * rho)
    case.lemma("the record, from above", m * unit - fm <= share * ft + slack * rho)
    case.lemma("the share", every(share >= 0, share * ft <= share))
    read = select(m < levels, m, levels - 1)
    case.lemma("not above the record", read * unit <= m * unit)
    given = SimpleNamespace(rho=rho, rate=rate, gain=gain, offset=offset, bits=Power(levels))
    low, high = own(lambda: error(given))
    full = ((1 << given.bits) - 1) * rho / (rate * gain)
    case.lemma("all ones", full == (levels - 1) * unit)
    case.show("not too low", read * unit - fm >= low)
    case.show("not too high", read * unit - fm <= high)
    case.show("0 is allowed", every(low <= 0, high >= 0))


def _reading(given: Any) -> Any:
    return vars(RecordReading)["error"].fget(given)


def _as_if_longer(given: Any) -> Any:
    """The error of a copy with one digit more."""
    return _reading(SimpleNamespace(**{**vars(given), "bits": Power(2 * (1 << given.bits))}))


def _fixed(case: Case, **values: Fraction | int) -> None:
    """Numbers at which a counterexample is to be looked for: then the search has no products of variables left."""
    for name, value in values.items():
        known = case.integer(name) if isinstance(value, int) else case.real(name)
        case.assume(known == value)


def _longer(case: Case) -> Function:
    _fixed(case, rho=Fraction(1, 8), rate=Fraction(1), gain=Fraction(3, 4), offset=Fraction(1), levels=4)
    return _as_if_longer


registry().add(
    Obligation(
        id="certifier.answer.reading",
        paper="the certifier",
        claim=reading_is_bounded,
        of=lambda case: _reading,
        twin=_longer,
        needs=(*(f"memory.record.{name}" for name in MEMORIES), "memory.reads", "lemma11.digits", "lemma11.overflow"),
    )
)


def digits_add_up(factor: int, case: Case) -> None:
    """Let each of d digits, of the places 1, 2, 4, ..., be read with an error between low and high. Then the sum of the
    errors, each times its place, is between low and high times the sum of the places, which is 2^d - 1, for every d."""
    low, high, error = case.real("low"), case.real("high"), case.real("error")
    case.assume(low <= error, error <= high)
    state = {name: case.real(name) for name in ("place", "asked", "off", "least", "most")}

    def advance(s: State) -> State:
        p = s["place"]
        return {
            "place": p * factor,
            "asked": s["asked"] + p,
            "off": s["off"] + p * s["error"],
            "least": s["least"] + p * low,
            "most": s["most"] + p * high,
        }

    digits = case.induction(
        "over the digits from the last",
        state=state,
        start={
            "place": Fraction(1),
            "asked": Fraction(0),
            "off": Fraction(0),
            "least": Fraction(0),
            "most": Fraction(0),
        },
        inputs={"error": error},
        advance=advance,
        holds=lambda s: every(
            s["place"] >= 1,
            s["asked"] == s["place"] - 1,
            s["least"] == low * s["asked"],
            s["most"] == high * s["asked"],
            s["least"] <= s["off"],
            s["off"] <= s["most"],
        ),
    )
    at = case.reached(digits)
    case.show("what is asked", every(at["place"] >= 1, at["asked"] == at["place"] - 1))
    case.show("how far all of it is off", every(low * at["asked"] <= at["off"], at["off"] <= high * at["asked"]))


registry().add(
    Obligation(
        id="certifier.answer.sum",
        paper="the certifier",
        claim=digits_add_up,
        kind="induction",
        of=lambda case: 2,
        twin=lambda case: 3,
    )
)


def places_are_powers(subject: tuple[Decoding, int], case: Case) -> None:
    """The places of a query's d digits are 2^(d-1), ..., 2, 1 (and 1 alone if d is 0). If each digit is read by k
    binary digits, the largest weighted sum S of what is read is 2^k - 1 times the sum of the places."""
    decoding, more = subject
    d, bits = int(case.integer("d")), 5
    wanted = Fraction((1 << d) - 1 if d else 1)
    case.equal("their sum", Fraction(sum(decoding.places)), wanted)
    case.show(
        "powers of two",
        all(place == 2 * after for place, after in zip(decoding.places, decoding.places[1:], strict=False)),
    )
    case.equal("the last one", Fraction(decoding.places[-1]), Fraction(1))
    case.equal("the largest", Fraction(decoding.largest(bits + more)), wanted * ((1 << bits) - 1))


def _decoding(more: int) -> Callable[[Case], tuple[Decoding, int]]:
    return lambda case: (Decoding(d=int(case.integer("d")), multiplier=1, add=0, shift=0), more)


registry().add(
    Obligation(
        id="certifier.answer.places",
        paper="the certifier",
        claim=places_are_powers,
        kind="enumeration",
        domain=lambda: iter([{"d": d} for d in range(MOST_DIGITS + 1)]),
        of=_decoding(0),
        twin=_decoding(1),
        expect=Verdict.CHECKED,
        finite=f"d up to {MOST_DIGITS}, all that a file may propose",
    )
)


@dataclass(frozen=True, kw_only=True)
class ReadDigits:
    """What copies read of a query's digits, and a decoder, all of them variables.

    Parameters
    ----------
    decoder : multiplier, add and 2^shift. read : the sums of the digits that are read for the positive and the
        negative part, and S, their difference. largest : the largest of either sum. n : the floor that the decoder
        takes. mean : the mean of the query's values. unit : what one unit of S is worth as a code. code : 2^-A. share :
        the places asked, over 2^d. exact : unit, code and share as the decoder's own code writes them. error : how far
        the answer can be below and above, as is claimed.
    """

    decoder: tuple[Number, Number, Number]
    read: tuple[Number, Number, Number]
    largest: Number
    n: Number
    mean: Number
    unit: Number
    code: Number
    share: Number
    exact: tuple[Number, Number, Number]
    error: tuple[Number, Number]


def read_digits(error: Function, signed: bool, whole: bool, case: Case) -> ReadDigits:
    """Variables for what copies read, each within a reading's error of the fraction that it asks for, and for what the
    digits asked leave out of a value; with the error that is to be shown."""
    names = ("rho", "rate", "gain", "low", "high", "rest", "plus", "minus", "fp", "fn", "s")
    rho, rate, gain, low, high, rest, plus, minus, fp, fn, s = (case.real(name) for name in names)
    multiplier, add, n = case.integer("multiplier"), case.integer("add"), case.integer("n")
    counts = ("digits", "power", "answers", "fraction", "levels")
    digits, power, answers, fraction, levels = (case.integer(name) for name in counts)
    case.assume(rho > 0, rate > 0, gain > 0, low <= 0, high >= 0, multiplier >= 0)
    case.assume(power >= 1, answers >= 1, fraction >= 1, levels >= 1)
    case.assume(digits == 1 if whole else digits >= 2)
    asked = Fraction(1) if whole else digits - 1
    largest, size = (levels - 1) * asked, case.real("size")
    case.assume(size == (1 - 1 / fraction if whole else 1 / digits), rest <= size, rest >= (-size if signed else 0))
    unit, code = case.real("unit"), case.real("code")
    case.assume(unit * (digits * rate * gain) == rho * answers, code * answers == 1)
    case.assume(plus >= 0, plus <= largest, minus >= 0, minus <= (largest if signed else 0), s == plus - minus)
    share = case.real("share")
    case.assume(share * digits == asked)
    for read, true in ((plus, fp), (minus, fn))[: 1 + signed]:
        case.assume(low * share <= read * unit * code - true, read * unit * code - true <= high * share)
    if not signed:
        case.assume(fn == 0)
    case.assume(n * power <= multiplier * s + add, multiplier * s + add <= n * power + power - 1)
    given = SimpleNamespace(d=Power(digits, not whole), multiplier=multiplier, add=add, shift=Power(power))
    reading = SimpleNamespace(rho=rho, rate=rate, gain=gain, error=(low, high), bits=Power(levels))
    machine = SimpleNamespace(signed=signed, query_fraction=Power(fraction), answer_fraction=Power(answers))
    found = claimed_error(error, given, reading, machine, asked)
    one = Fraction(1) if whole else 1 - Fraction(1) / digits
    return ReadDigits(
        decoder=(multiplier, add, power),
        read=(plus, minus, s),
        largest=largest,
        n=n,
        mean=fp - fn + rest,
        unit=unit,
        code=code,
        share=share,
        exact=(rho / (rate * gain) / digits / (Fraction(1) / answers), Fraction(1) / answers, one),
        error=found,
    )


def claimed_error(error: Function, given: Any, reading: Any, machine: Any, asked: Number) -> tuple[Number, Number]:
    """The error by the decoder's own code; ``asked`` is the sum of the places."""
    given.places, given.largest = (asked,), lambda bits: Decoding.largest(given, bits)
    below, above = own(lambda: error(given, reading, machine))
    return below, above


def answer_is_bounded(subject: tuple[Function, bool, bool], case: Case) -> None:
    """Let S be the weighted sum of what the copies of a query read, let each reading be off by no more than the error
    of a reading, and let the digits that are asked leave out of a value no more than they may. Then, for every rho,
    step size, gain, number of digits and decoder, the answer floor((multiplier S + add)/2^shift) differs from the mean
    of the query, in units of the answer's last place, by no more than the error that the certifier gives."""
    error, signed, whole = subject
    v = read_digits(error, signed, whole, case)
    (multiplier, add, power), (plus, minus, s), (below, above) = v.decoder, v.read, v.error
    unit, code, n, largest = v.unit, v.code, v.n, v.largest
    exact, as_code, share = v.exact
    case.lemma("the unit", every(exact == unit, as_code == code, code > 0))
    case.lemma("the share", share == v.share)
    drift = (multiplier / power - unit) * code
    least = -largest if signed else 0
    too_large = every(drift * least <= drift * s, drift * s <= drift * largest)
    too_small = every(drift * largest <= drift * s, drift * s <= drift * least)
    case.lemma("a multiplier too large", implies(drift >= 0, too_large))
    case.lemma("a multiplier too small", implies(drift <= 0, too_small))
    taken = (multiplier * s + add) / power * code
    case.lemma("the floor", every(n * code <= taken, taken <= n * code + (1 - 1 / power) * code))
    case.lemma("in two parts", taken == unit * code * s + drift * s + add / power * code)
    case.lemma("before the decoder", unit * code * s == plus * unit * code - minus * unit * code)
    case.show("not too low", n * code - v.mean >= below)
    case.show("not too high", n * code - v.mean <= above)


def written_error(given: Any, reading: Any, machine: Any) -> Any:
    """The error of an answer by the decoder's own code, over terms."""
    return with_names(Decoding.error, Fraction=quotient)(given, reading, machine)


def _no_drift(given: Any, reading: Any, machine: Any) -> Any:
    """The error of a decoder whose S is never more than 0: what a rounded multiplier adds is forgotten."""
    return written_error(SimpleNamespace(**{**vars(given), "largest": lambda bits: 0}), reading, machine)


def at_numbers(case: Case, error: Function, *, signed: bool, whole: bool) -> tuple[Function, bool, bool]:
    """An error to be refuted at fixed rho, rate, gain and numbers of places."""
    _fixed(
        case,
        rho=Fraction(1, 4),
        rate=Fraction(1),
        gain=Fraction(1),
        digits=1 if whole else 4,
        power=4,
        answers=8,
        fraction=2,
        levels=4,
    )
    return error, signed, whole


def _as_written(signed: bool, whole: bool) -> Callable[[Case], tuple[Function, bool, bool]]:
    return lambda case: (written_error, signed, whole)


def _without_drift(signed: bool, whole: bool) -> Callable[[Case], tuple[Function, bool, bool]]:
    return lambda case: at_numbers(case, _no_drift, signed=signed, whole=whole)


for _signed, _whole in product((False, True), repeat=2):
    registry().add(
        Obligation(
            id=f"certifier.answer.error.{'signed' if _signed else 'unsigned'}.{'whole' if _whole else 'digits'}",
            paper="the certifier",
            claim=answer_is_bounded,
            of=_as_written(_signed, _whole),
            twin=_without_drift(_signed, _whole),
            needs=(
                "certifier.answer.reading",
                "certifier.answer.sum",
                "certifier.answer.places",
                "certifier.answer.asked",
            ),
        )
    )


def held_answers_are_within(answer: Function, case: Case) -> None:
    """Let S be what is read of a query, and let floor((multiplier S + add)/2^shift), over 2^A, differ from the query's
    mean by no more than an error. Then the answer, which is this number cut off at -1 and 1, differs from the mean by
    no more than the tolerance that the certifier gives for that error; for a mean is in [-1, 1]."""
    mean, low, high, power = case.real("mean"), case.real("low"), case.real("high"), case.integer("power")
    s, top, multiplier, add = case.integer("s"), case.integer("top"), case.integer("multiplier"), case.integer("add")
    case.assume(mean >= -1, mean <= 1, power >= 1, top >= 1)
    given = SimpleNamespace(
        multiplier=multiplier, add=add, shift=Power(power), error=lambda reading, machine: (low, high)
    )
    (tolerance,) = own(lambda: (Decoding.tolerance(given, None, None),))  # type: ignore[arg-type]
    code = (multiplier * s + add) >> given.shift
    case.assume(low * top <= code - mean * top, code - mean * top <= high * top)
    case.lemma("the tolerance", every(tolerance >= high, tolerance >= -low))
    case.lemma("times 2^A", every(tolerance * top >= high * top, tolerance * top >= -low * top))
    (found,) = own(lambda: (answer(given, s, Power(top)),))
    case.lemma("the mean's code", within(mean * top, top))
    case.show("within the tolerance", within(found - mean * top, tolerance * top))
    case.show("in [-1, 1]", within(found, top))


def _never_negative(given: Any, s: Number, places: Power) -> Any:
    """Codes held within 0 and 1: wrong for a signed query."""
    return max(0, Decoding.answer(given, s, places))  # type: ignore[arg-type]


registry().add(
    Obligation(
        id="certifier.answer.held",
        paper="the certifier",
        claim=held_answers_are_within,
        of=lambda case: Decoding.answer,
        twin=lambda case: _never_negative,
    )
)
