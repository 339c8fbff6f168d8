"""Lemma 11's second half: through any number of steps, any number of digits read the record in each pass.

The digits of a copy are evaluated and trained in one run, of which each step makes one thing: a weight as it is built,
the value of the next lower digit in the present pass, a sample's gradient, a weight after a step of gradient descent;
or a new pass begins, on some sample, at some record. The edges are those that the pen of Definition 2 writes. Proved
here: ``lemma11.readout``, and that it is false where the precision is not Definition 2's tau.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, select, some
from constructions.foundations.rounding import clip, is_valid
from constructions.foundations.terms import INTEGER
from constructions.networks.queries import LOWEST_PLACE, V0, V1, ReadOutPen, next_place
from verify.claims.networks.gates.component import gradient_of_a_wire, mean
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State, earlier_state

BUILD, PASS, DIGIT, LEARN, UPDATE = range(5)
"""What a step makes: a weight; a new pass; the next lower digit; a sample's gradient; a later weight."""
NOTHING, VALUE, WEIGHT = range(3)
"""What there is at a moment: nothing new, the value of a digit, a weight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOutTraining:
    """The run of n digits.

    Parameters
    ----------
    tau, rho, rate : the number of Definition 2, the precision of the gradients, the step size. resting : the resting
        weight. n, place : how many digits there are; 2^i for each digit i. seen : a digit whose edges are watched.
    """

    tau: Number
    rho: Number
    rate: Number
    resting: Number
    n: Number
    place: Callable[[Number], Number]
    seen: Number

    @property
    def levels(self) -> Number:
        """2 to the number of digits."""
        return self.place(self.n)

    def start(self) -> State:
        """No weight is built, and a pass has just begun."""
        zero = dict.fromkeys(("made", "samples", "upper", "m", "pre", "out", "weight", "built", "sum"), Fraction(0))
        return zero | {"carried": Fraction(0), "into seen": Fraction(0), "digit": self.n}

    def weight(self, i: Number, other: Number) -> Number:
        """What the pen writes on an edge of digit i: from v0, from v1, or to a lower digit."""
        pen = ReadOutPen(digit=i, other=other, place=self.place(i))
        return pen.edge(rho=self.tau, resting=self.resting, levels=self.levels)[2]

    def may(self, s: State) -> Formula:
        """What a step needs: what it looks back at was made, with the weight that the pen has written."""
        i, value, level, carry, wire = s["digit"] - 1, *(earlier_state(s, name) for name in LOOKS)
        fed = every(
            value["made"] == WEIGHT,
            value["built"] == self.weight(i, V1),
            level["made"] == WEIGHT,
            level["built"] == self.weight(i, V0),
            implies(self.seen < i, every(carry["made"] == WEIGHT, carry["built"] == self.weight(i, self.seen))),
        )
        needs = {
            BUILD: True,
            PASS: self.is_record(s["next m"]),
            DIGIT: every(i >= 0, next_place(self.place(i)) == self.place(s["digit"]), fed),
            LEARN: wire["made"] == VALUE,
            UPDATE: every(wire["made"] == WEIGHT, s["samples"] >= 1, is_valid(s["u"], mean(s), self.rho)),
        }
        return every(s["do"] >= 0, s["do"] < len(needs), *(implies(s["do"] == step, it) for step, it in needs.items()))

    def is_record(self, m: Number) -> Formula:
        """Whether v0 -> v1 may have risen by so many multiples of rho."""
        return every(m >= 0, self.resting + m * self.rho <= 2)

    def read(self, m: Number) -> Number:
        """What v1 returns."""
        return RAMP(self.resting + m * self.rho)

    def advance(self, s: State) -> State:
        """The state after a step."""
        do, i, value, level, carry, wire = s["do"], s["digit"] - 1, *(earlier_state(s, name) for name in LOOKS)
        pre = value["weight"] * self.read(s["m"]) + level["weight"] + s["carried"]
        out, half = RAMP(pre), self.place(i)
        mine = select(self.seen < i, carry["weight"] * out, Fraction(0))
        clipped = clip(gradient_of_a_wire(wire["pre"], s)[0])

        def at(begun: Number, after: Number, name: str) -> Number:
            return select(do == PASS, begun, select(do == DIGIT, after, s[name]))

        return {
            "made": select(do == DIGIT, VALUE, select(some(do == BUILD, do == UPDATE), WEIGHT, NOTHING)),
            "m": select(do == PASS, s["next m"], s["m"]),
            "digit": at(self.n, i, "digit"),
            "upper": at(0, s["upper"] + select(out == 2, half, 0), "upper"),
            "carried": at(Fraction(0), s["carried"] + self.weight(i, 0) * out, "carried"),
            "into seen": at(Fraction(0), s["into seen"] + mine, "into seen"),
            "pre": pre,
            "out": out,
            "weight": select(do == BUILD, s["value"], wire["weight"] - self.rate * (self.rho * s["u"])),
            "built": select(do == BUILD, s["value"], wire["built"]),
            "sum": select(do == LEARN, s["sum"] + clipped, select(do == UPDATE, Fraction(0), s["sum"])),
            "samples": select(do == LEARN, s["samples"] + 1, select(do == UPDATE, 0, s["samples"])),
        }

    def holds(self, s: State) -> Formula:
        """The digits above are right and strictly flat, each weight is as built, and no gradient is there."""
        m, upper, place, levels = s["m"], s["upper"], self.place(s["digit"]), self.levels
        within = every(upper <= m, m < upper + place, s["carried"] == -12 * upper + 6 * (levels - place))
        beyond = every(upper == levels - place, s["carried"] == -6 * (levels - place))
        return every(
            s["digit"] >= 0,
            s["digit"] <= self.n,
            place >= 1,
            self.is_record(m),
            self.weight(0, V1) * self.read(m) + self.weight(0, V0) == 12 * m + 6 - 6 * levels,
            implies(m < levels, within),
            implies(m >= levels, beyond),
            implies(s["digit"] > self.seen, s["into seen"] == s["carried"]),
            implies(s["made"] == VALUE, every(RAMP.strictly_flat(s["pre"]), some(s["out"] == 2, s["out"] == -2))),
            implies(s["made"] == WEIGHT, s["weight"] == s["built"]),
            s["samples"] >= 0,
            s["sum"] == 0,
        )


LOOKS = ("value", "level", "carry", "wire")
"""What a step looks back at: the weights into a digit, that of its edge to the digit that is watched, and a wire."""


def digits_of(related: bool) -> Callable[[Case], ReadOutTraining]:
    """Any number of digits; if ``related``, Definition 2's tau is the precision."""

    def build(case: Case) -> ReadOutTraining:
        tau, rho, rate, a = (case.real(name) for name in ("tau", "rho", "rate", "a"))
        n, seen = case.integer("n"), case.integer("seen")
        place = case.function("2^", 1, takes=(INTEGER,), gives=INTEGER)
        case.assume(tau > 0, rho > 0, a > 0, a <= 2, n >= 0, seen >= 0, seen < n)
        case.assume(place(Fraction(0)) == LOWEST_PLACE, place(n) >= 1)
        if related:
            case.assume(tau == rho, label="Definition 2's tau is the precision")
        return ReadOutTraining(tau=tau, rho=rho, rate=rate, resting=a, n=n, place=place, seen=seen)

    return build


def digits_read_in_each_pass(run: ReadOutTraining, case: Case) -> None:
    """Let the number tau of Definition 2 be the precision of the gradients. Take any number of digits, trained for any
    number of steps on any batches, with any valid roundings. In each pass at which v1 returns the resting weight and m
    multiples of rho, each digit is strictly flat, the digits read m, or all ones if m needs more digits, and what any
    digit gets from the digits above it is the sum over its edges. No edge into a digit has a gradient, nothing passes
    back to v1, and each weight stays as it was built."""
    m = case.integer("next m")
    case.lemma(
        "the resting weight cancels",
        implies(run.is_record(m), run.weight(0, V1) * run.read(m) + run.weight(0, V0) == 12 * m + 6 - 6 * run.levels),
    )
    state = {name: case.integer(name) for name in ("made", "samples", "digit", "upper", "m")}
    state |= {name: case.real(name) for name in ("pre", "out", "weight", "built", "sum", "carried", "into seen")}
    inputs: dict[str, Any] = {name: case.integer(name) for name in ("do", "u")} | {"next m": m}
    inputs |= {name: case.real(name) for name in ("value", "x", "w", "adjoint")}
    at = case.reached(
        case.induction(
            "over all that is made",
            state=state,
            start={name: run.start()[name] for name in state},
            inputs=inputs,
            earlier=LOOKS,
            given=run.may,
            advance=run.advance,
            holds=run.holds,
        )
    )
    made, done = at["made"] == VALUE, at["digit"] == 0
    case.show("each digit is strictly flat", RAMP.strictly_flat(at["pre"]), given=made)
    case.show("the digits read m", at["upper"] == at["m"], given=every(done, at["m"] < run.levels))
    case.show("all ones if m is too large", at["upper"] == run.levels - 1, given=every(done, at["m"] >= run.levels))
    summed = at["into seen"] == at["carried"]
    case.show("what a digit gets from those above", summed, given=at["digit"] == run.seen + 1)
    case.show("each weight is as built", at["weight"] == at["built"], given=at["made"] == WEIGHT)
    gradient, back = gradient_of_a_wire(at["pre"], {name: case.real(f"any {name}") for name in ("x", "w", "adjoint")})
    case.show("no gradient", gradient == 0, given=made)
    case.show("nothing passes back", back == 0, given=made)


obligation(
    "lemma11.readout",
    paper="Lemma 11",
    kind="induction",
    of=digits_of(True),
    twin=digits_of(False),
)(digits_read_in_each_pass)
