"""The decoder of Lemma 3b: its circuit computes its answer, and the answer is within its tolerance of the batch
mean."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from constructions.computation.design import Design, places
from constructions.foundations.exact import Number
from constructions.foundations.logic import every, implies, select
from constructions.networks.budget import error_bounds
from constructions.networks.decoder import Decoder, answer_error, clamped
from constructions.networks.queries import DYADIC, MINIMAL, REPAIRED, STRONG, Setting
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, registry
from verify.obligations.verdict import Verdict
from verify.obligations.words import choice, constant, extended, shifted_right, signed_below, word

Error = Callable[..., tuple[Number, Number]]


def _floor(signed: bool, error: Error) -> Callable[[Case], tuple[bool, Error]]:
    return lambda case: (signed, error)


def error_is_bounded(subject: tuple[bool, Error], case: Case) -> None:
    """An answer floor((multiplier S + add) / power) code differs from the mean by no more than the decoder says, if
    unit code S differs from it by low to high: for all numbers, whole or not."""
    signed, error = subject
    low, high, code, unit, mean, m, add, power, largest, s, n = (
        case.real(name)
        for name in ("low", "high", "code", "unit", "mean", "multiplier", "add", "power", "largest", "S", "n")
    )
    case.assume(code > 0, power >= 1, every(s <= largest, s >= (-largest if signed else 0)))
    case.assume(low <= unit * code * s - mean, unit * code * s - mean <= high)
    case.assume(n <= (m * s + add) / power, (m * s + add) / power <= n + 1 - 1 / power)
    below, above = error(
        low, high, code=code, unit=unit, multiplier=m, add=add, power=power, largest=largest, signed=signed
    )
    drift, least = (m / power - unit) * code, -largest if signed else 0
    ends = drift * least, drift * largest
    case.lemma("a multiplier too large", implies(drift >= 0, every(ends[0] <= drift * s, drift * s <= ends[1])))
    case.lemma("a multiplier too small", implies(drift <= 0, every(ends[1] <= drift * s, drift * s <= ends[0])))
    case.show("not too low", n * code - mean >= below)
    case.show("not too high", n * code - mean <= above)


def held_answers_err_no_more(hold: Callable[[Number, Number], Number], case: Case) -> None:
    """A mean is in [-1, 1], so a code that is held within -2^A and 2^A differs from it by no more than the code did, if
    that may differ by ``low`` <= 0 to ``high`` >= 0."""
    mean, code, top, low, high = (case.real(name) for name in ("mean", "code", "top", "low", "high"))
    case.assume(top > 0, every(mean >= -1, mean <= 1), every(low <= 0, high >= 0))
    case.assume(low * top <= code - mean * top, code - mean * top <= high * top)
    cut = hold(code, top)
    case.lemma("the mean's code", every(-top <= mean * top, mean * top <= top))
    case.show("not too low", cut - mean * top >= low * top)
    case.show("not too high", cut - mean * top <= high * top)
    case.show("an answer is in [-1, 1]", every(-top <= cut, cut <= top))


def _never_negative(code: Number, top: Number) -> Number:
    """Codes held within 0 and top: wrong for a signed query."""
    return select(code < 0, 0, clamped(code, top))


@dataclass(frozen=True)
class Asked:
    """A decoder's numbers, and the decoder whose circuit is asked, over digits p0, p1, ... and n0, n1, ... ."""

    decoder: Decoder
    built: Decoder

    @property
    def vectors(self) -> tuple[list[str], list[str]]:
        """Names of the vectors read."""
        count = range(len(self.decoder.places))
        return [f"p{i}" for i in count], [f"n{i}" for i in count] if self.decoder.signed else []


def _asked(decoder: Decoder) -> Callable[[Case], Asked]:
    return lambda case: Asked(decoder, decoder)


def circuit_decodes(asked: Asked, case: Case) -> None:
    """The decoder's circuit gives floor((multiplier S + add) / 2^shift), held within -2^A and 2^A, for all digits at
    once."""
    decoder, width = asked.decoder, asked.built.answer_fraction + 2
    design = Design()
    positive, negative = ([design.input(name, decoder.bits) for name in names] for names in asked.vectors)
    design.output("code", asked.built.circuit(positive, negative, width))
    bits = {
        name: [case.bit(place) for place in places(name, decoder.bits)] for names in asked.vectors for name in names
    }
    inputs = {
        place: bit for name, row in bits.items() for place, bit in zip(places(name, decoder.bits), row, strict=True)
    }
    found = word(list(case.circuit(design.circuit(), inputs).values()))
    wide = (decoder.multiplier * decoder.largest + abs(decoder.add)).bit_length() + width + 2
    total = extended(word(bits["p0"]), wide) * 0
    for sign, names in zip((1, -1), asked.vectors, strict=True):
        for place, name in zip(decoder.places, names, strict=False):
            total = total + extended(word(bits[name]), wide) * place * sign
    middle = 1 << (wide - 2)
    code = shifted_right(total * decoder.multiplier + decoder.add + middle, constant(decoder.shift, total)) - (
        middle >> decoder.shift
    )
    top = constant(1 << decoder.answer_fraction, total)
    code = choice(signed_below(top, code), top, code)
    case.show("the code", extended(found, wide, signed=True) == choice(signed_below(code, -top), -top, code))


def _broken(decoder: Decoder) -> Callable[[Case], Asked]:
    """The numbers of one decoder and the circuit of one with a place more."""
    return lambda case: Asked(decoder, replace(decoder, answer_fraction=decoder.answer_fraction + 1))


def _decoders() -> dict[str, Decoder]:
    rho = Fraction(1, 8)
    plain = {
        f"binary.{setting.name.split()[0]}": Decoder(
            setting=setting, rho=rho, signed=False, binary=True, answer_fraction=4
        )
        for setting in (STRONG, DYADIC)
    }
    minimal = Decoder(setting=MINIMAL, rho=Fraction(1, 10), signed=False, binary=True, answer_fraction=4)
    signed = Decoder(setting=DYADIC, rho=rho, signed=True, binary=True, answer_fraction=4)
    return {
        **plain,
        "binary.minimal": minimal,
        "binary.centred": replace(plain["binary.dyadic"], centred=True),
        "signed": signed,
        "digits": replace(plain["binary.dyadic"], binary=False),
        "signed.digits": replace(signed, binary=False),
    }


def _state(id: str, claim: Callable[..., None], **rest: Any) -> None:
    registry().add(Obligation(id=f"lemma3b.decoder.{id}", paper="Lemma 3b", claim=claim, **rest))


def _without_drift(low: Number, high: Number, **rest: Any) -> tuple[Number, Number]:
    """The error bound with the multiplier taken to be exact: what is forgotten if it is rounded."""
    return answer_error(low, high, **{**rest, "multiplier": rest["unit"] * rest["power"]})


def _kind(name: str, signed: bool, setting: Setting | None = None, *, binary: bool = True) -> str:
    parts = [
        name,
        *([setting.name.split()[0]] if setting else []),
        "signed" if signed else "unsigned",
        *([] if binary else ["digits"]),
    ]
    return ".".join(parts)


for _signed in (False, True):
    _state(
        _kind("error", _signed),
        error_is_bounded,
        of=_floor(_signed, answer_error),
        twin=_floor(_signed, _without_drift),
    )
_state("held", held_answers_err_no_more, of=lambda case: clamped, twin=lambda case: _never_negative)
for _name, _decoder in _decoders().items():
    _state(
        f"circuit.{_name}",
        circuit_decodes,
        of=_asked(_decoder),
        twin=_broken(_decoder),
        expect=Verdict.CHECKED,
        finite=f"rho = {_decoder.rho}, {len(_decoder.places)} digits of a query, answers of {_decoder.answer_fraction} places",
        needs=("bits.add.width", "bits.signed_more.width"),
    )


def _precisions(decoder: Decoder) -> Callable[[], Iterator[dict[str, Any]]]:
    return lambda: (
        {"d": d, "centred": centred}
        for d in range(3 if decoder.setting is not MINIMAL else 4, 13)
        for centred in (0, 1)
    )


def stays_within_four_rho(subject: tuple[Decoder, int], case: Case) -> None:
    """With d + 4 places in an answer (rho = 2^-d) the decoder keeps answers within 4 rho of their batch means."""
    decoder, more = subject
    d = int(case.integer("d"))
    made = replace(decoder, rho=Fraction(1, 2**d), answer_fraction=d + more, centred=bool(case.integer("centred")))
    case.show("within 4 rho", made.tolerance <= 4 * made.rho)


for _setting in REPAIRED:
    for _is_signed, _binary in ((False, True), (False, False), (True, True), (True, False)):
        _made = Decoder(setting=_setting, rho=Fraction(1, 16), signed=_is_signed, binary=_binary, answer_fraction=8)
        _minimal_signed = _setting is MINIMAL and _is_signed
        _state(
            _kind("within", _is_signed, _setting, binary=_binary),
            stays_within_four_rho,
            kind="enumeration",
            domain=_precisions(_made),
            finite="rho = 2^-d, d < 13, centred or not",
            of=lambda case, made=_made: (made, 4),
            twin=None if _minimal_signed else lambda case, made=_made: (made, -2),
            expect=Verdict.REFUTED if _minimal_signed else Verdict.CHECKED,
            erratum="E24" if _is_signed else None,
            needs=(f"lemma3b.decoder.{_kind('error', _is_signed)}",),
        )


def _read(signed: bool, binary: bool, setting: Setting) -> Callable[[Case], Decoder]:
    return lambda case: Decoder(setting=setting, rho=Fraction(1, 16), signed=signed, binary=binary, answer_fraction=8)


class _Narrow(Decoder):
    """A decoder that forgets what the digits of a query leave out."""

    @property
    def read_error(self) -> tuple[Fraction, Fraction]:
        low, high = super().read_error
        return low + Fraction(1, 1 << self.digits + 1), high - Fraction(1, 1 << self.digits + 1)


def _narrow(decoder: Callable[[Case], Decoder]) -> Callable[[Case], Decoder]:
    def build(case: Case) -> Decoder:
        made = decoder(case)
        return _Narrow(
            setting=made.setting,
            rho=made.rho,
            signed=made.signed,
            binary=made.binary,
            answer_fraction=made.answer_fraction,
        )

    return build


def sum_of_digits_is_read(decoder: Decoder, case: Case) -> None:
    """S rho / (gain 2^d) differs from the batch mean of a query by no more than the decoder says, if each copy is read
    within its setting's bounds of the fraction in which its digit is set and wrong, and the digits leave out at most
    2^-d of a value's size."""
    low, high = (bound * decoder.rho for bound in error_bounds(decoder.setting))
    mean = read = Fraction(0)
    for sign in (1, -1) if decoder.signed else (1,):
        for place in decoder.places:
            fraction, record = case.real(f"f{sign}{place}"), case.real(f"r{sign}{place}")
            case.assume(fraction >= 0, low <= record - fraction, record - fraction <= high)
            mean, read = mean + sign * place * fraction, read + sign * place * record
        if not decoder.binary:
            rest = case.real(f"rest{sign}")
            case.assume(rest >= 0, rest <= 1)
            mean = mean + sign * rest
    below, above = decoder.read_error
    error = (read - mean) / (1 << decoder.digits)
    case.show("not too low", error >= below)
    case.show("not too high", error <= above)


for _setting in (STRONG, MINIMAL):
    for _is_signed, _binary in ((False, True), (False, False), (True, True), (True, False)):
        _of = _read(_is_signed, _binary, _setting)
        _state(
            _kind("read", _is_signed, _setting, binary=_binary),
            sum_of_digits_is_read,
            of=_of,
            twin=_narrow(_of),
            expect=Verdict.CHECKED,
            finite="rho = 1/16",
            needs=tuple(f"lemma11.bounds.{_setting.name.split()[0]}.{q}" for q in ("q", "q'")),
        )
