"""All rounds of a certified network over all steps of training (premises e, f, g and k): who acts when, and on what.

One run goes through all rounds and all steps. What the checker has shown of each round in each phase is the premise,
read off its own code (``checked.py``). Proved here: ``certifier.rounds``; what the output gets in a step, summed over
any number of edges into it (``certifier.output``), and after the last one (``certifier.end``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, some
from constructions.foundations.terms import INTEGER, REAL
from verify.claims.certifier.certify.checked import RoundOfTerms
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, obligation, registry
from verify.obligations.parts import State, earlier_state

BEGIN, GO_ON = range(2)
"""What a step looks at: a round before the first step of training, or a round after one step more."""
LOOKS = ("own", "below")
"""A round before a step of training, and the one before it after that step, on one sample."""
PHASES = ("before", "now", "after")
SILENT, SPEAKS = range(2)
"""What the digits of a round say: none is set, or its clock has some set."""
OF_ROUND = (INTEGER, INTEGER, INTEGER, REAL, INTEGER)
FUNCTIONS = {
    "acts": (OF_ROUND, "truth"),
    "control": (OF_ROUND, "real"),
    "hands": ((INTEGER, INTEGER, REAL, INTEGER), "real"),
    "brings": ((INTEGER, INTEGER, REAL, INTEGER), "real"),
    "early": ((INTEGER, INTEGER, REAL), "truth"),
    "asked": ((INTEGER, INTEGER, INTEGER, REAL), "truth"),
    "outside": ((INTEGER, INTEGER, REAL), "truth"),
    "carried": ((INTEGER, INTEGER, REAL), "real"),
    "held": ((INTEGER,), "real"),
    "final": ((INTEGER, INTEGER), "truth"),
    "update": ((INTEGER, REAL), "real"),
    "machine": ((INTEGER,), "real"),
}
"""Functions of which nothing is known. By round, copy or control, sample, what the round reads of earlier ones, and its
digits: whether a copy acts, what a control gives, what is read later, what all copies and controls add to the output.
By round: what has the early constants, which digits are asked for a state, whether a query is outside [-1, 1], what is
carried once the round is over, what the output is held at, which controls are final. The machine's next state for what
is recorded in a round, and its state after each round."""


@dataclass(frozen=True, slots=True)
class CertifiedRounds:
    """The run.

    Parameters
    ----------
    of : the functions by name. shown : the phases of which the checker's claims hold.
    """

    of: dict[str, Callable[..., Any]]
    shown: tuple[str, ...]

    def round_of(self, s: State, c: Number, v: Number, *, final: bool) -> RoundOfTerms:
        """A round with its clock, copy c and control v, which is to be final or not, on a sample."""
        of, state, place = self.of, self.of["machine"](s["r"] - 1), (s["i"], s["read"], s["digits"])
        r, hands = s["r"], of["hands"](s["r"], *place)
        return RoundOfTerms(
            clock=of["acts"](r, Fraction(0), *place),
            acts=of["acts"](r, c, *place),
            control=of["control"](r, v, *place),
            hands=hands,
            constants=of["early"](r, s["i"], hands),
            asked=of["asked"](r, c, s["i"], state),
            outside=of["outside"](r, s["i"], state),
            brings=of["brings"](r, *place),
            held=of["held"](r),
            state=state,
            following=of["update"](r, state),
            carried=lambda after: of["carried"](r, s["i"], after),
            final=final,
        )

    def knows(self, s: State) -> Formula:
        """Whether what the round reads is what is carried for the machine's state."""
        return s["read"] == self.of["carried"](s["r"] - 1, s["i"], self.of["machine"](s["r"] - 1))

    def checked(self, s: State, c: Number, v: Number) -> Formula:
        """What the checker has shown of a round, in the phase that goes with its digits and with what it reads."""
        r, silent = s["r"], s["digits"] == SILENT
        when = {
            "before": every(r > 1, silent, self.of["early"](r - 1, s["i"], s["read"])),
            "now": every(silent, self.knows(s)),
            "after": every(s["digits"] == SPEAKS, self.knows(s)),
        }
        is_final = every(self.of["final"](r, v))
        found = []
        for final, given in ((True, is_final), (False, negation(is_final))):
            shown = self.round_of(s, c, v, final=final)
            phases = {"before": shown.before, "now": shown.now, "after": shown.after}
            found += [implies(every(given, when[name]), phases[name]()) for name in self.shown]
        return every(*found, self.of["machine"](r) == self.of["update"](r, self.of["machine"](r - 1)))

    def made(self, s: State) -> State:
        """The round that a step makes; round 0 is what all of them read besides: inputs and the machine's first
        state."""
        own, below, goes_on = earlier_state(s, "own"), earlier_state(s, "below"), s["do"] == GO_ON
        r, i = select(goes_on, own["r"], s["round"]), select(goes_on, own["i"], s["sample"])
        ticks = self.of["acts"](own["r"], Fraction(0), own["i"], own["read"], own["digits"])
        speaks = some(r == 0, every(goes_on, some(own["digits"] == SPEAKS, ticks)))
        digits, read = select(speaks, SPEAKS, SILENT), below["passed"]
        passed = select(r == 0, self.first(i), self.of["hands"](r, i, read, digits))
        t = select(goes_on, own["t"] + 1, 0)
        return {"t": t, "r": r, "i": i, "read": read, "digits": digits, "passed": passed}

    def first(self, i: Number) -> Number:
        """What round 1 reads on a sample."""
        return self.of["carried"](Fraction(0), i, self.of["machine"](Fraction(0)))

    def may(self, s: State) -> Formula:
        """A step looks at the right rounds, and the checker has accepted what it looks at."""
        own, below = earlier_state(s, "own"), earlier_state(s, "below")
        made, none, goes_on = self.made(s), Fraction(0), s["do"] == GO_ON
        under = every(below["r"] == made["r"] - 1, below["t"] == made["t"], below["i"] == made["i"])
        accepted = every(under, self.checked(made, none, none), implies(goes_on, self.checked(own, none, none)))
        return every(some(every(s["do"] == BEGIN, s["round"] >= 0), goes_on), some(made["r"] == 0, accepted))

    def holds(self, s: State) -> Formula:
        """After t steps the clock of round r has some digit set exactly if r <= t; what rounds that are over hand on is
        carried for the machine's state, what others hand on has their early constants."""
        t, r, over, of = s["t"], s["r"], s["r"] <= s["t"], self.of
        handed = s["passed"] == of["carried"](r, s["i"], of["machine"](r))
        own = s["passed"] == of["hands"](r, s["i"], s["read"], s["digits"])
        waits = every(r > 1, r - 1 > t)
        return every(
            t >= 0,
            r >= 0,
            s["digits"] == select(over, SPEAKS, SILENT),
            implies(over, handed),
            implies(negation(over), of["early"](r, s["i"], s["passed"])),
            implies(waits, of["early"](r - 1, s["i"], s["read"])),
            implies(r >= 1, every(own, implies(negation(waits), self.knows(s)))),
        )


def any_rounds(*shown: str) -> Callable[[Case], CertifiedRounds]:
    """The rounds of any network, of which the checker's claims hold in these phases."""

    def build(case: Case) -> CertifiedRounds:
        found = {
            name: case.function(name, len(takes), takes=takes, gives=gives)
            for name, (takes, gives) in FUNCTIONS.items()
        }
        return CertifiedRounds(found, shown)

    return build


@obligation(
    "certifier.rounds",
    paper="the certifier",
    kind="induction",
    of=any_rounds(*PHASES),
    twin=any_rounds("before", "after"),  # nothing is shown of a round in its own step
)
def one_round_has_its_step(run: CertifiedRounds, case: Case) -> None:
    """Take any network of which the checker's claims about each round hold, before its step, in it and after it, for
    every sample, whatever its copies have recorded; and let the clock of a round have some digit set once it has acted.
    For any number of rounds and steps: in step t + 1 the copies of round t + 1 whose digit is asked for the machine's
    state act, its clock too, and no others; no query is outside [-1, 1]; the copies and controls of the round add what
    is said to the output; every control is 0 outside its round's step, but for final ones of rounds that are over, and
    final ones are 0 up to their round's end; and what a round that is over hands on is what is carried for the
    machine's state after it."""
    state = {name: case.integer(name) for name in ("t", "r", "i", "digits")}
    state |= {name: case.real(name) for name in ("read", "passed")}
    zero = Fraction(0)
    start = {**dict.fromkeys(state, zero), "digits": Fraction(SPEAKS), "passed": run.first(zero)}
    rounds = case.induction(
        "over rounds and steps",
        state=state,
        start=start,
        inputs={name: case.integer(name) for name in ("do", "round", "sample")},
        earlier=LOOKS,
        given=run.may,
        advance=run.made,
        holds=run.holds,
    )
    at, c, v = case.reached(rounds), case.integer("c"), case.integer("v")
    case.assume(at["r"] >= 1, c >= 1, v >= 0, run.checked(at, c, v), label="the checker accepts the round")
    place, turn, over = (at["i"], at["read"], at["digits"]), at["r"] == at["t"] + 1, at["r"] <= at["t"]
    of, r, now = run.of, at["r"], run.of["machine"](at["r"] - 1)
    case.show("whose clock has some digit set", (at["digits"] == SPEAKS) == over)
    case.show("which copies act", of["acts"](r, c, *place) == every(turn, of["asked"](r, c, at["i"], now)))
    case.show("when the clock acts", of["acts"](r, Fraction(0), *place) == turn)
    case.show("a query is in [-1, 1]", negation(of["outside"](r, at["i"], now)), given=turn)
    case.show("what the round adds", of["brings"](r, *place) == of["held"](r), given=turn)
    final, still = every(of["final"](r, v)), of["control"](r, v, *place) == 0
    case.show("a control is 0 outside its step", still, given=every(negation(turn), some(negation(final), r > at["t"])))
    case.show("a final control is 0 up to its round's end", still, given=every(final, r > at["t"]))
    handed = at["passed"] == of["carried"](r, at["i"], of["machine"](r))
    case.show("what is handed on", handed, given=over)


@dataclass(frozen=True, slots=True)
class EdgesIntoOutput:
    """All edges into the output on one sample of one step: of v3s and controls.

    Parameters
    ----------
    of : by the edge's place: the round of its tail, its weight in the file and now, what its tail returns, and what the
        edges of the round before it bring by the file. turn : the round whose step it is.
    """

    of: dict[str, Callable[[Number], Any]]
    turn: Number

    def may(self, s: State) -> Formula:
        """What is known of the next edge: 0 outside its round's step, and the file's weight in it."""
        j, of = s["j"], self.of
        here, brings = of["round"](j) == self.turn, of["in the file"](j) * of["value"](j)
        return every(
            implies(negation(here), of["value"](j) == 0),
            implies(here, of["now"](j) == of["in the file"](j)),
            of["before"](j + 1) == of["before"](j) + select(here, brings, Fraction(0)),
        )


def any_edges(case: Case) -> EdgesIntoOutput:
    """Any number of edges."""
    reals = {name: case.function(name, 1, takes=(INTEGER,)) for name in ("in the file", "now", "value", "before")}
    places = {"round": case.function("round", 1, takes=(INTEGER,), gives=INTEGER)}
    case.assume(reals["before"](Fraction(0)) == 0, label="before the first edge there is nothing")
    return EdgesIntoOutput(reals | places, case.integer("turn"))


def output_is_held(subject: tuple[Callable[[Case], EdgesIntoOutput], int], case: Case) -> None:
    """Take a step of a certified network and a sample. Let each edge into the output whose tail is no copy or control
    of the round of this step bring nothing, and the others have the weights of the file and add up to what the checker
    has found, -1 - o rho in odd steps or 1 + o rho in even ones, with 0 < o rho < 1. Then, for any number of edges, the
    output returns -o rho, or 1 + o rho, and is on no kink."""
    build, sign = subject
    edges, share, odd = build(case), case.real("o rho"), case.bit("odd")
    case.assume(share > 0, share < 1)
    state = {"j": case.integer("j"), "sum": case.real("sum")}
    at = case.reached(
        case.induction(
            "over the edges",
            state=state,
            start=dict.fromkeys(state, Fraction(0)),
            inputs={},
            given=edges.may,
            advance=lambda s: {"j": s["j"] + 1, "sum": s["sum"] + edges.of["now"](s["j"]) * edges.of["value"](s["j"])},
            holds=lambda s: s["sum"] == edges.of["before"](s["j"]),
        )
    )
    held = select(odd, sign - share, 1 + share)
    accepted = edges.of["before"](at["j"]) == held
    case.show("what the output gets", at["sum"] == edges.of["before"](at["j"]))
    case.show("what it returns", RAMP(at["sum"]) == select(odd, -share, 1 + share), given=accepted)
    case.show("on no kink", negation(RAMP.on_kink(at["sum"])), given=accepted)


registry().add(
    Obligation(
        id="certifier.output",
        paper="the certifier",
        claim=output_is_held,
        kind="induction",
        of=lambda case: (any_edges, -1),
        twin=lambda case: (any_edges, -2),
    )
)
