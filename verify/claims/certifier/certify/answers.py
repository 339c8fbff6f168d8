"""From what copies have recorded to the answer of a query, within the tolerance that is certified (premise j).

A record is near the fraction of the batch that its copy was asked about (``certifier.copy``); so what its digits read
is (``certifier.answer.reading``), the sum over the digits of a query is (``certifier.answer.sum``), what the decoder
makes of it is near the query's mean (``certifier.answer.error``), and held within -1 and 1 it is within the tolerance
(``certifier.answer.held``). Proved here: ``certifier.answer.within``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from types import SimpleNamespace
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies
from verify.certifier.rounds.decoding import Decoding
from verify.claims.certifier.rounds.decoding import claimed_error, written_error
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, registry
from verify.obligations.parts import State
from verify.provers.branches import Power, own

PLACES = "over the digits from the last reached"


@dataclass(frozen=True, slots=True)
class QueryOfKind:
    """A query: signed or not, of one digit of weight 1 or of several; within how many tolerances its answer is."""

    signed: bool
    whole: bool
    factor: Fraction = Fraction(1)

    @property
    def name(self) -> str:
        """The kind, as ids have it."""
        return f"{'signed' if self.signed else 'unsigned'}.{'whole' if self.whole else 'digits'}"


def parts_add_up(unit: int, case: Case) -> None:
    """If the digits of a query are off by so much together, which is within bounds times the sum of their places, then
    as a share of the highest place they are within the bounds times the share of it that is asked."""
    low, high, off, asked, scaled, share = (
        case.real(name) for name in ("low", "high", "off", "asked", "scaled", "share")
    )
    digits = case.integer("digits")
    case.assume(digits >= unit, scaled * digits == off, share * digits == asked)
    case.assume(low * asked <= off, off <= high * asked)
    case.lemma(
        "times the highest place", every(digits * (scaled - low * share) >= 0, digits * (high * share - scaled) >= 0)
    )
    case.show("as a share", every(low * share <= scaled, scaled <= high * share))


registry().add(
    Obligation(
        id="certifier.answer.share",
        paper="the certifier",
        claim=parts_add_up,
        of=lambda case: 1,
        twin=lambda case: 0,
    )
)


def scaled_by_places(unit: int, case: Case) -> None:
    """If a number of last places is within bounds of a mean, then times the number of last places in 1 it is, too."""
    n, code, top, mean, low, high = (case.real(name) for name in ("n", "code", "top", "mean", "low", "high"))
    case.assume(code * top == unit, top >= 1, n * code - mean >= low, n * code - mean <= high)
    case.lemma("n in the place of 1", n * code * top == n)
    case.lemma("from below", (n * code - mean - low) * top >= 0)
    case.lemma("from above", (high + mean - n * code) * top >= 0)
    case.show("in its last place", every(low * top <= n - mean * top, n - mean * top <= high * top))


registry().add(
    Obligation(
        id="certifier.answer.place",
        paper="the certifier",
        claim=scaled_by_places,
        of=lambda case: 1,
        twin=lambda case: 2,
    )
)


def answers_are_within(query: QueryOfKind, case: Case) -> None:
    """Let each record be as near as that of a copy in training is. Then what is read of it, all ones included, is as
    near as the certifier says; and if the digits of a query's positive part, and of its negative part, are, the answer
    that the decoder makes of them, held within -1 and 1, differs from the mean of the query by no more than the
    tolerance that the certifier gives, for every rho, step size, gain, number of digits and decoder."""
    shared = {name: case.real(name) for name in ("rho", "rate", "gain")} | {"levels": case.integer("levels")}
    low, high = case.real("low"), case.real("high")
    numbers = {name: case.integer(name) for name in ("multiplier", "add", "power", "answers", "digits", "n", "s")}
    kind = f"certifier.answer.error.{query.name}"
    error = case.use(kind, **shared, **numbers, low=low, high=high)
    v, positive = error.values, ("rho", "rate", "gain")
    case.assume(*(shared[name] > 0 for name in positive), shared["levels"] >= 1, v["fraction"] >= 1)
    case.assume(*(numbers[name] >= 1 for name in ("power", "answers", "digits")), label="what is divided by is not 0")
    asked = Fraction(1) if query.whole else numbers["digits"] - 1
    near = [off_by(part, v, asked, (low, high), case) for part in ("plus", "minus")[: 1 + query.signed]]
    case.assume(v["share"] * numbers["digits"] == asked, label="how many digits are asked")
    for number, part in enumerate(near):
        case.lemma(f"part {number + 1} is near", part)
    case.assume(implies(every(*near), error.premises), label="what is presupposed of decoder, values and mean")
    below, above = (error.facts[name].conclusion for name in ("not too low", "not too high"))
    case.lemma("the answer before it is held", every(below, above))
    held_answer(query, {**shared, **numbers}, (low, high), v, case)


def held_answer(query: QueryOfKind, of: State, bounds: tuple[Number, Number], v: Mapping[str, Any], case: Case) -> None:
    """State that the answer, held within -1 and 1, is within the tolerance of the mean."""
    whole, mean = query.whole, case.real("mean")
    decoder = SimpleNamespace(
        d=Power(of["digits"], not whole), multiplier=of["multiplier"], add=of["add"], shift=Power(of["power"])
    )
    numbers = {name: of[name] for name in ("rho", "rate", "gain")}
    reading = SimpleNamespace(**numbers, error=bounds, bits=Power(of["levels"]))
    places = {"query_fraction": Power(v["fraction"]), "answer_fraction": Power(of["answers"])}
    machine = SimpleNamespace(signed=query.signed, **places)
    below, above = claimed_error(written_error, decoder, reading, machine, Fraction(1) if whole else of["digits"] - 1)
    top, n = of["answers"], of["n"]
    case.assume(mean >= -1, mean <= 1, mean == v["fp"] - v["fn"] + v["rest"], label="the mean of the query")
    case.assume(v["code"] * top == 1, top >= 1, label="the last place of an answer")
    row = {name: of[name] for name in ("power", "s", "multiplier", "add")}
    held = case.use("certifier.answer.held", mean=mean, low=below, high=above, top=top, **row)
    case.assume(n == (of["multiplier"] * of["s"] + of["add"]) >> Power(of["power"]), label="n is the floor")
    case.use("certifier.answer.place", n=n, code=v["code"], top=top, mean=mean, low=below, high=above)
    case.lemma("in its last place", every(below * top <= n - mean * top, n - mean * top <= above * top))
    given: Any = SimpleNamespace(error=lambda *_: (below, above))
    (tolerance,) = own(lambda: (Decoding.tolerance(given, given, given),))
    found, least, most = (
        held_code(decoder, of["s"], top),
        -query.factor * tolerance * top,
        query.factor * tolerance * top,
    )
    case.show("within the tolerance", every(least <= found - mean * top, found - mean * top <= most))
    case.show("in [-1, 1]", held["in [-1, 1]"])


def held_code(decoder: Any, s: Number, top: Number) -> Number:
    """The answer in its last places, by the decoder's own code."""
    places: Any = Power(top)
    (found,) = own(lambda: (Decoding.answer(decoder, s, places),))
    return found


def off_by(part: str, v: Mapping[str, Any], asked: Number, bounds: tuple[Number, Number], case: Case) -> Formula:
    """That what is read of a part of a query is near the fraction that it asks for, from the errors of its digits."""
    low, high = bounds
    summed = case.use("certifier.answer.sum", low=low, high=high)
    case.assume(summed.premises, label=f"the digits of the {part} part, each off within the bounds")
    off = summed.values[f"{PLACES}: off"]
    case.assume(summed.values[f"{PLACES}: asked"] == asked, label=f"so many digits of the {part} part")
    scaled = v[part] * v["unit"] * v["code"] - v["fp" if part == "plus" else "fn"]
    case.assume(scaled * v["digits"] == off, label=f"what the {part} part is off by")
    case.use(
        "certifier.answer.share",
        low=low,
        high=high,
        off=off,
        asked=asked,
        scaled=scaled,
        share=v["share"],
        digits=v["digits"],
    )
    return every(low * v["share"] <= scaled, scaled <= high * v["share"])


def _fixed(signed: bool, whole: bool) -> Callable[[Case], QueryOfKind]:
    """A query at fixed numbers, whose answer is said to be within half of the tolerance (the twin's)."""

    def build(case: Case) -> QueryOfKind:
        numbers = {"rho": Fraction(1, 4), "rate": Fraction(1), "gain": Fraction(1), "low": Fraction(-1, 2)}
        case.assume(*(case.real(name) == value for name, value in {**numbers, "high": Fraction(1, 2)}.items()))
        whole_numbers = {"levels": 4, "power": 4, "answers": 8, "digits": 1 if whole else 4, "multiplier": 2, "add": 0}
        case.assume(*(case.integer(name) == value for name, value in whole_numbers.items()))
        return QueryOfKind(signed, whole, Fraction(1, 2))

    return build


def _query(signed: bool, whole: bool) -> Callable[[Case], QueryOfKind]:
    return lambda case: QueryOfKind(signed, whole)


for _signed, _whole in product((False, True), repeat=2):
    registry().add(
        Obligation(
            id=f"certifier.answer.within.{QueryOfKind(_signed, _whole).name}",
            paper="the certifier",
            claim=answers_are_within,
            of=_query(_signed, _whole),
            twin=_fixed(_signed, _whole),
        )
    )
