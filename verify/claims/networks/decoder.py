"""The decoder of Lemma 3b: its circuit computes its answer, and the answer is within its tolerance of the batch
mean."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Unpack

from constructions.computation.design import Design, places
from constructions.foundations.exact import Number
from constructions.foundations.logic import every, implies, select
from constructions.networks.both_round import BothDecoder
from constructions.networks.budget import error_bounds
from constructions.networks.decoder import Decoder, answer_error, clamped
from constructions.networks.queries import DYADIC, MINIMAL, REPAIRED, STRONG, Setting
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, ObligationFields, Subject, registry
from verify.obligations.verdict import Verdict
from verify.obligations.words import choice, constant, extended, shifted_right, signed_below, word

Error = Callable[..., tuple[Number, Number]]


def _floor(signed: bool, error: Error) -> Callable[[Case], tuple[bool, Error]]:
    return lambda case: (signed, error)


def error_is_bounded(subject: tuple[bool, Error], case: Case) -> None:
    """Let S be a sum of read-outs such that unit * code * S differs from the mean of a query by between ``low`` and
    ``high``. Then the answer floor((multiplier * S + add) / power) * code differs from this mean by no more than the
    decoder's formula says, for all real numbers in these places, whole or not."""
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
    """A mean of a query is in [-1, 1]. If an answer in units of 2^-A differs from it by between ``low`` <= 0 and
    ``high`` >= 0, so does the answer cut off at -1 and 1; and that one is in [-1, 1]."""
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
    """For all values of all digits at once, the circuit of the decoder gives floor((multiplier * S + add) / 2^shift),
    cut off at -2^A and 2^A, where S is the weighted sum of the digits that are read and A is the number of binary
    places of an answer."""
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
    """Decoders of every kind for small circuits, by the end of their obligations' ids. With rho = 1/10 the sums that
    are read are so large that they, not the answers, say how wide the circuit's numbers must be."""
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
        "binary.tenth": replace(plain["binary.dyadic"], rho=Fraction(1, 10)),
        "signed.tenth": replace(signed, rho=Fraction(1, 10)),
        "digits": replace(plain["binary.dyadic"], binary=False),
        "both": BothDecoder(setting=DYADIC, rho=rho, answer_fraction=4),
        "signed.digits": replace(signed, binary=False),
    }


def _state(id: str, claim: Callable[..., None], *, of: Subject, **rest: Unpack[ObligationFields]) -> None:
    registry().add(Obligation(id=f"lemma3b.decoder.{id}", paper="Lemma 3b", claim=claim, of=of, **rest))


def _without_drift(
    low: Number,
    high: Number,
    *,
    code: Number,
    unit: Number,
    multiplier: Number,
    add: Number,
    power: Number,
    largest: Number,
    signed: bool,
) -> tuple[Number, Number]:
    """The error bound with the multiplier taken to be exact: what is forgotten if it is rounded."""
    kept = {"code": code, "unit": unit, "add": add, "power": power, "largest": largest}
    return answer_error(low, high, multiplier=unit * power, signed=signed, **kept)


def _kind(name: str, signed: bool, setting: Setting | None = None, *, binary: bool = True) -> str:
    """The end of an id: the fact, the setting, signed or not, and whether queries have several digits."""
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
        finite=f"rho = {_decoder.rho}, {len(_decoder.places)} digits of a query, "
        f"answers of {_decoder.answer_fraction} places",
        needs=() if _name == "both" else ("bits.add.width", "bits.signed_more.width"),
        logic="QF_BV",
    )


def _rooms() -> Iterator[dict[str, Any]]:
    """Each of the decoders with answers of the fewest bits, and with seven more."""
    for i, decoder in enumerate(_decoders().values()):
        yield from ({"decoder": i, "width": decoder.answer_fraction + more} for more in (2, 9))


def there_is_room(room: Callable[[Decoder, int], int], case: Case) -> None:
    """The circuit of a decoder adds in so many bits that there are answers of the wanted width behind the point, and
    that each sum is written with its sign and one bit to spare; one of the two needs every bit of them."""
    decoder, width = list(_decoders().values())[int(case.integer("decoder"))], int(case.integer("width"))
    most = max(abs(decoder.multiplier * s + decoder.add) for s in (decoder.largest, -decoder.largest))
    found = room(decoder, width)
    case.show("an answer is behind the point", found >= decoder.shift + width)
    case.show("the sums fit", 2 ** (found - 2) > most)
    case.show("each bit is needed", found == decoder.shift + width or 2 ** (found - 3) <= most)


_state(
    "room",
    there_is_room,
    kind="enumeration",
    domain=_rooms,
    finite=f"{len(_decoders())} decoders, answers of 6 and of 13 bits",
    expect=Verdict.CHECKED,
    of=lambda case: Decoder.room,
    twin=lambda case: lambda decoder, width: 2 if width % 2 else 99,
)


def _precisions(decoder: Decoder) -> Callable[[], Iterator[dict[str, Any]]]:
    """The d of every rho = 2^-d, each with a decoder that is centred and one that is not."""
    return lambda: (
        {"d": d, "centred": centred}
        for d in range(3 if decoder.setting is not MINIMAL else 4, 13)
        for centred in (0, 1)
    )


def stays_within_four_rho(subject: tuple[Decoder, int], case: Case) -> None:
    """For rho = 2^-d and answers of d + 4 binary places, the decoder keeps every answer within 4 rho of the mean over
    its batch."""
    decoder, more = subject
    d = int(case.integer("d"))
    made = replace(decoder, rho=Fraction(1, 2**d), answer_fraction=d + more, centred=bool(case.integer("centred")))
    case.show("within 4 rho", made.tolerance <= 4 * made.rho)


def _with_places(decoder: Decoder, more: int) -> Subject:
    """A decoder, and how many binary places more than d its answers have."""
    return lambda case: (decoder, more)


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
            of=_with_places(_made, 4),
            twin=None if _minimal_signed else _with_places(_made, -2),
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
    """The same decoder, made to forget what the digits of a query leave out (the twin's)."""

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
    """Suppose that the read-out of each copy differs from the fraction of the batch on which its digit is set and its
    label is wrong by no more than its setting's bounds, and that the d digits of a query leave out at most 2^-d of a
    value. Then the weighted sum of the read-outs, in units of 2^-d, differs from the mean of the query over the batch
    by no more than the decoder says, for all such fractions and read-outs."""
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
