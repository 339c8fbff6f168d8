"""The certifier's tolerance: what copies record, what their digits read, and what a decoder makes of it, for every
batch and rounding."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import product
from types import SimpleNamespace
from typing import Any

from constructions.computation.builder import Builder
from constructions.computation.design import Design
from constructions.computation.flat import FlatCircuit
from constructions.computation.query_machine import QueryMachine
from constructions.foundations.exact import Number
from constructions.foundations.logic import every, implies, select, within
from verify.certifier.rounds.decoding import MOST_DIGITS, Decoding, Reading
from verify.certifier.rounds.unrolling import Machine, Role
from verify.obligations.case import Case, State
from verify.obligations.obligation import Obligation, registry
from verify.obligations.verdict import Verdict
from verify.provers.branches import Power, own, quotient, with_names

Function = Callable[..., Any]
MEMORIES = tuple(f"rate{rate}.{q}" for rate in (1, 2) for q in ("q", "q'"))


def _state(id: str, claim: Callable[..., None], **rest: Any) -> None:
    registry().add(Obligation(id=f"certifier.answer.{id}", paper="the certifier", claim=claim, **rest))


def reading_is_bounded(error: Function, case: Case) -> None:
    """For every rho, rate, gain, offset, number of digits, batch and valid rounding: what a copy's digits read, the
    record or all ones, times rho / (rate gain), differs from the wrong fraction by no more than a reading's error."""
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
    return vars(Reading)["error"].fget(given)


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


_state(
    "reading",
    reading_is_bounded,
    of=lambda case: _reading,
    twin=_longer,
    needs=(*(f"memory.record.{name}" for name in MEMORIES), "memory.reads", "lemma11.digits", "lemma11.overflow"),
)


def digits_add_up(factor: int, case: Case) -> None:
    """For any number of digits of places 1, 2, 4, ..., each read within low and high of its fraction: the sum of their
    errors times their places is within low and high times the sum of the places, 2^d - 1."""
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

    case.induction(
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


_state("sum", digits_add_up, kind="induction", of=lambda case: 2, twin=lambda case: 3)


def places_are_powers(subject: tuple[Decoding, int], case: Case) -> None:
    """The places of d digits are 2^(d-1), ..., 2, 1 (1 alone if d is 0), and the largest S is 2^k - 1 times their
    sum."""
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


_state(
    "places",
    places_are_powers,
    kind="enumeration",
    domain=lambda: iter([{"d": d} for d in range(MOST_DIGITS + 1)]),
    of=_decoding(0),
    twin=_decoding(1),
    expect=Verdict.CHECKED,
    finite=f"d up to {MOST_DIGITS}, all that a file may propose",
)


def answer_is_bounded(subject: tuple[Function, bool, bool], case: Case) -> None:
    """For every rho, rate, gain, number of digits and decoder: if each copy is read within the reading's error, and the
    digits asked leave out of a value what they may, then floor((multiplier S + add) / 2^shift) differs from the mean's
    code by no more than the error."""
    error, signed, whole = subject
    names = ("rho", "rate", "gain", "low", "high", "rest", "plus", "minus", "fp", "fn", "s")
    rho, rate, gain, low, high, rest, plus, minus, fp, fn, s = (case.real(name) for name in names)
    multiplier, add, n = case.integer("multiplier"), case.integer("add"), case.integer("n")
    digits, power, answers, fraction, levels = (
        case.integer(name) for name in ("digits", "power", "answers", "fraction", "levels")
    )
    case.assume(
        rho > 0,
        rate > 0,
        gain > 0,
        low <= 0,
        high >= 0,
        multiplier >= 0,
        power >= 1,
        answers >= 1,
        fraction >= 1,
        levels >= 1,
    )
    case.assume(digits == 1 if whole else digits >= 2)
    asked = Fraction(1) if whole else digits - 1
    largest = (levels - 1) * asked
    size = case.real("size")
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
    mean = fp - fn + rest
    case.assume(n * power <= multiplier * s + add, multiplier * s + add <= n * power + power - 1)
    given = SimpleNamespace(
        d=Power(digits, not whole), multiplier=multiplier, add=add, shift=Power(power), places=(asked,)
    )
    given.largest = lambda bits: Decoding.largest(given, bits)  # type: ignore[arg-type]
    reading = SimpleNamespace(rho=rho, rate=rate, gain=gain, error=(low, high), bits=Power(levels))
    machine = SimpleNamespace(signed=signed, query_fraction=Power(fraction), answer_fraction=Power(answers))
    below, above = own(lambda: error(given, reading, machine))
    exact = rho / (rate * gain) / digits / (Fraction(1) / answers)
    case.lemma("the unit", every(exact == unit, Fraction(1) / answers == code, code > 0))
    case.lemma("the share", (Fraction(1) if whole else 1 - Fraction(1) / digits) == share)
    drift = (multiplier / power - unit) * code
    least = -largest if signed else 0
    case.lemma(
        "a multiplier too large", implies(drift >= 0, every(drift * least <= drift * s, drift * s <= drift * largest))
    )
    case.lemma(
        "a multiplier too small", implies(drift <= 0, every(drift * largest <= drift * s, drift * s <= drift * least))
    )
    case.lemma(
        "the floor",
        every(
            n * code <= (multiplier * s + add) / power * code,
            (multiplier * s + add) / power * code <= n * code + (1 - 1 / power) * code,
        ),
    )
    case.lemma(
        "in two parts", (multiplier * s + add) / power * code == unit * code * s + drift * s + add / power * code
    )
    case.lemma("before the decoder", unit * code * s == plus * unit * code - minus * unit * code)
    case.show("not too low", n * code - mean >= below)
    case.show("not too high", n * code - mean <= above)


def _error(given: Any, reading: Any, machine: Any) -> Any:
    return with_names(Decoding.error, Fraction=quotient)(given, reading, machine)


def _no_drift(given: Any, reading: Any, machine: Any) -> Any:
    """The error of a decoder whose S is never more than 0: what a rounded multiplier adds is forgotten."""
    return _error(SimpleNamespace(**{**vars(given), "largest": lambda bits: 0}), reading, machine)


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


for _signed, _whole in product((False, True), repeat=2):
    _state(
        f"error.{'signed' if _signed else 'unsigned'}.{'whole' if _whole else 'digits'}",
        answer_is_bounded,
        of=lambda case, s=_signed, w=_whole: (_error, s, w),
        twin=lambda case, s=_signed, w=_whole: at_numbers(case, _no_drift, signed=s, whole=w),
        needs=("certifier.answer.reading", "certifier.answer.sum", "certifier.answer.places", "certifier.answer.asked"),
    )


def held_answers_are_within(answer: Function, case: Case) -> None:
    """A mean is in [-1, 1]; so if floor((multiplier S + add) / 2^shift) over 2^A is within an error of it, then the
    answer, held within -1 and 1, is within the tolerance of that error, and is in [-1, 1]."""
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


_state("held", held_answers_are_within, of=lambda case: Decoding.answer, twin=lambda case: _never_negative)


@cache
def _asking(fraction: int, signed: bool) -> Machine:
    """A machine of one round whose query has x itself as its value."""
    design = Design()
    x = design.input("x", fraction + 1 + signed)
    design.input("answer0", fraction + 2)
    state = design.state("state")
    design.becomes(state, state)
    design.output("query0", x)
    design.output("predict", state)
    return Machine(
        QueryMachine(
            machine=design.machine(), rounds=1, signed=signed, query_fraction=fraction, answer_fraction=fraction
        )
    )


def _number(case: Case, name: str) -> int:
    return int(case.integer(name))


def _digits(more: int) -> Callable[[Case], tuple[Machine, dict[Role, int]]]:
    """A machine, and the digits that it asks of its value; ``more`` of them than it should."""

    def build(case: Case) -> tuple[Machine, dict[Role, int]]:
        machine = _asking(_number(case, "fraction"), bool(_number(case, "signed")))
        builder = Builder()
        x, state = [builder.input(f"x{i}") for i in range(machine.given.inputs)], [builder.input("state")]
        asked = machine.digits(builder, x, state, _number(case, "d") + more)
        circuit = builder.circuit(None, {str(role): literal for role, literal in asked.items()})
        bits = {
            name: _number(case, "x") >> i & 1 for i, name in enumerate(f"x{i}" for i in range(machine.given.inputs))
        }
        found = circuit.evaluate({**bits, "state": 0})
        return machine, {role: int(found[str(role)]) for role in asked}

    return build


def digits_leave_out_little(subject: tuple[Machine, dict[Role, int]], case: Case) -> None:
    """The digits asked of a value in [-1, 1], by their weights, never give more than its size and leave out at most
    2^-d of it (all but a whole 1, if there is one digit of weight 1)."""
    machine, asked = subject
    d, given = _number(case, "d"), machine.given
    value = given.query_format.value_of(_number(case, "x"))
    places = Decoding(d=d, multiplier=0, add=0, shift=0).places
    read = sum(
        (Fraction(bit * places[role.place] * (-1 if role.negative else 1), 1 << d) for role, bit in asked.items()),
        Fraction(0),
    )
    rest = (value - read) * (-1 if value < 0 else 1)
    case.show(
        "the rest", every(rest >= 0, rest <= (Fraction(1, 1 << d) if d else 1 - Fraction(1, 1 << given.query_fraction)))
    )


def _points() -> Iterator[dict[str, Any]]:
    for fraction, signed, d in product(range(4), (0, 1), range(6)):
        form = _asking(fraction, bool(signed)).given.query_format
        values = (x for x in range(1 << form.width) if abs(form.value_of(x)) <= 1)
        yield from ({"fraction": fraction, "signed": signed, "d": d, "x": x} for x in values)


def _long_digits(case: Case) -> tuple[Machine, dict[Role, int]]:
    """Digits of which the last is taken for the first."""
    machine, asked = _digits(0)(case)
    last = max(role.place for role in asked)
    return machine, {Role(role.query, last - role.place, role.negative): bit for role, bit in asked.items()}


_state(
    "asked",
    digits_leave_out_little,
    kind="enumeration",
    domain=_points,
    of=_digits(0),
    twin=_long_digits,
    expect=Verdict.CHECKED,
    finite="all values of up to 3 binary places, up to 5 digits",
)


DECODINGS = (
    Decoding(d=0, multiplier=11, add=4, shift=3),
    Decoding(d=0, multiplier=3, add=-30, shift=2),
    Decoding(d=2, multiplier=5, add=3, shift=2),
    Decoding(d=2, multiplier=3, add=-9, shift=3),
    Decoding(d=1, multiplier=40, add=1, shift=0),
)
BITS = 2


def _answering(more: int) -> Callable[[Case], tuple[Decoding, Machine, dict[str, int]]]:
    """A decoder, and what the circuit makes of records, with a multiplier that is larger by ``more``."""

    def build(case: Case) -> tuple[Decoding, Machine, dict[str, int]]:
        decoding = DECODINGS[_number(case, "decoding")]
        machine = _asking(2, bool(_number(case, "signed")))
        built = replace(decoding, multiplier=decoding.multiplier + more)
        circuit = _answer_circuit(machine, built)
        word = _number(case, "records")
        return decoding, machine, circuit.evaluate({name: word >> i & 1 for i, name in enumerate(circuit.inputs)})

    return build


@cache
def _answer_circuit(machine: Machine, decoding: Decoding) -> FlatCircuit:
    builder = Builder()
    records = {role: [builder.input(f"{role} {i}") for i in range(BITS)] for role in _roles(machine, decoding)}
    (code,) = machine.answers(builder, decoding, machine.sums(builder, decoding, records, BITS))
    return builder.circuit(None, {str(i): literal for i, literal in enumerate(code)})


def _roles(machine: Machine, decoding: Decoding) -> list[Role]:
    return [
        Role(0, i, bool(negative)) for negative in range(1 + machine.given.signed) for i in range(len(decoding.places))
    ]


def circuit_answers(subject: tuple[Decoding, Machine, dict[str, int]], case: Case) -> None:
    """The circuit that a round's update is compared with gives the decoder's answer, for all that the copies may
    read."""
    decoding, machine, found = subject
    code = sum(int(bit) << int(name) for name, bit in found.items())
    total = 0
    for i, role in enumerate(_roles(machine, decoding)):
        read = _number(case, "records") >> BITS * i & (1 << BITS) - 1
        total += decoding.places[role.place] * read * (-1 if role.negative else 1)
    form = machine.given.answer_format
    case.equal("the code", form.value_of(code) * (1 << form.fraction), Fraction(decoding.answer(total, form.fraction)))


def _all_records() -> Iterator[dict[str, Any]]:
    for signed, which in product((0, 1), range(len(DECODINGS))):
        count = BITS * len(_roles(_asking(2, bool(signed)), DECODINGS[which]))
        yield from ({"signed": signed, "decoding": which, "records": word} for word in range(1 << count))


_state(
    "circuit",
    circuit_answers,
    kind="enumeration",
    domain=_all_records,
    of=_answering(0),
    twin=_answering(1),
    expect=Verdict.CHECKED,
    finite="five decoders, records of 2 bits, answers of 2 places, signed or not",
    needs=("bits.add.width", "bits.signed_more.width"),
)
