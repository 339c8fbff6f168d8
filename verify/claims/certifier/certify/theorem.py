"""The certifier's theorem: a network that the certifier accepts does in training what its machine does.

Composed of its circuit in training (``certifier.circuit``), of whose step it is (``certifier.rounds``, and
``certifier.together`` for all copies and rounds at once), of what the output gets (``certifier.output``), of any copy
that meets `is_memory` in training (``certifier.copy``), of what is read of a record (``certifier.answer.reading``) and
becomes an answer (``certifier.answer.within``), and of what the output returns in the end (``certifier.final.output``).
Proved here: ``certifier.simulates``, the top statement.
"""

from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, negation, select
from constructions.networks.memory import MOVING, absolute
from verify.claims.certifier.certify.answers import QueryOfKind
from verify.claims.certifier.certify.checked import ended
from verify.claims.certifier.certify.rounds import PHASES, SPEAKS, CertifiedRounds, any_rounds
from verify.claims.networks.queries.training import moved
from verify.claims.training.engine.whole import restated
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State
from verify.obligations.use import Used
from verify.obligations.verdict import Verdict

ROUNDS, STEPS, EDGES = "over rounds and steps reached", "over the steps reached", "over the edges reached"
"""What moments of the used claims are called."""
RATES = (1, 2)
CIRCUIT = (
    "each vertex is strictly flat",
    "a gate carries the bit that the code finds",
    "each weight is that of the file",
    "no gradient",
    "nothing passes back",
)
ROUND = (
    "whose clock has some digit set",
    "which copies act",
    "when the clock acts",
    "a query is in [-1, 1]",
    "what the round adds",
    "a control is 0 outside its step",
    "a final control is 0 up to its round's end",
    "what is handed on",
)
TOGETHER = ("a clock has recorded if its step is over", "a round is in its phase")
COPY = ("it is as built up to its step", *(f"{part}, after it" for part in ("the shares", "a record", "a clock")))
COPY = (*COPY, "not too low, after it", "not too high, after it")
"""What is used of each."""
COPIES = tuple(product(RATES, (False, True)))
"""Step size, and whether it is a copy of an even round (Q')."""
QUERIES = tuple(QueryOfKind(signed, whole).name for signed, whole in product((False, True), repeat=2))
JOINED = (
    "that the output is held in the run of all copies, and that the checker's loops show what is premised: 3 networks"
)
"""The finite case."""


@dataclass(frozen=True, slots=True)
class RoundAtAStep:
    """Any round of a certified network after any number of steps, on any sample.

    Parameters
    ----------
    run : the rounds, by the checker's claims. used : what is proved of them. state : the round.
    """

    run: CertifiedRounds
    used: Used
    state: State

    @classmethod
    def of(cls, run: CertifiedRounds, case: Case) -> "RoundAtAStep":
        """Any round; the names of the functions are those of the run."""
        used = case.use("certifier.rounds", *ROUND, **run.of)
        names = ("t", "r", "i", "digits", "read", "passed")
        return cls(run, used, {name: used.values[f"{ROUNDS}: {name}"] for name in names})

    @property
    def accepted(self) -> Formula:
        """It is reached, and the checker has accepted it."""
        return self.used.premises


def output_is_held(at: RoundAtAStep, case: Case) -> None:
    """State what the output returns on a sample of the step of the round."""
    r, turn = at.state["r"], at.state["t"] + 1
    used = case.use("certifier.output", "what it returns", "on no kink", turn=turn)
    share, odd = used.values["o rho"], used.values["odd"]
    place = (at.state["i"], at.state["read"], at.state["digits"])
    summed = used.values["before"](used.values[f"{EDGES}: j"]) == at.run.of["brings"](r, *place)
    said = at.run.of["held"](r) == select(odd, -1 - share, 1 + share)
    held = every(used.premises, at.accepted, r == turn, summed, said)
    out = RAMP(used.values[f"{EDGES}: sum"])
    case.show("in its step the output is held", out == select(odd, -share, 1 + share), given=held)
    kink = RAMP.on_kink(used.values[f"{EDGES}: sum"])
    case.show("and is on no kink", negation(kink), given=held)


def output_predicts(case: Case) -> None:
    """State what the output returns after the last step: the edges that bring something are those of final controls."""
    used, prediction = case.use("certifier.output", "what the output gets"), case.real("prediction")
    brought = used.values["before"](used.values[f"{EDGES}: j"])
    last = case.use("certifier.final.output", value=prediction)
    taken = every(used.premises, ended(brought, prediction), prediction >= 0)
    returned = RAMP(used.values[f"{EDGES}: sum"]) == prediction
    case.show("what the checker shows of the end is what is needed", last.premises, given=taken)
    case.show("in the end the output returns the machine's prediction", returned, given=taken)


@dataclass(frozen=True, slots=True)
class CopyThatIsRead:
    """A copy of the round after some number of steps, and the reading of its record.

    Parameters
    ----------
    rate, prime : the step size, and whether the round is an even one. at : the round. used, reading : what is proved of
        the copy in training, and of what its digits read.
    """

    rate: int
    prime: bool
    at: RoundAtAStep
    used: Used
    reading: Used

    @classmethod
    def of(cls, rate: int, prime: bool, at: RoundAtAStep, case: Case) -> "CopyThatIsRead":
        """Any copy of a kind."""
        end = f"rate{rate}.q{chr(39) * prime}"
        used = case.use(f"certifier.copy.{end}", *COPY, s=at.state["r"] - 1, **{f"{STEPS}: t": at.state["t"]})
        row = {name: used.values[name] for name in ("rho", "offset")}
        row |= {name: used.values[f"{STEPS}: {name}"] for name in ("fm", "ft")}
        gain, m = absolute(_gain(used)), -rate * used.values[f"{STEPS}: {moved(MOVING[0])}"]
        case.assume(gain > 0, row["rho"] > 0, label=f"{end}: it has a path gain")
        reading = case.use("certifier.answer.reading", **row, rate=Fraction(rate), gain=gain, m=m)
        return cls(rate, prime, at, used, reading)

    def states(self, case: Case) -> None:
        """State how the copy stands, and what is read of it."""
        end, at, v = f"rate{self.rate}.q{chr(39) * self.prime}", self.at.state, self.reading.values
        over, known = at["r"] <= at["t"], every(self.used.premises, self.at.accepted)
        case.show(f"{end}: nothing is recorded up to its step", v["m"] == 0, given=every(known, negation(over)))
        ticks = (v["m"] >= 1) == (at["digits"] == SPEAKS)
        case.show(f"{end}: a clock has recorded exactly if its step is over", ticks, given=every(known, v["ft"] == 1))
        names = every(v["unit"] * (self.rate * v["gain"]) == v["rho"], v["slack"] * (4 * v["gain"]) == 3)
        names = every(names, v["share"] == v["offset"] * v["rho"], v["offset"] > 0, v["levels"] >= 1)
        given = every(known, over, names)
        case.show(f"{end}: its record is one that can be read", self.reading.premises, given=given)
        for name in ("not too low", "not too high"):
            case.show(f"{end}: what is read is {name}", self.reading[name], given=given)


def answers_of(query: str, case: Case) -> Used:
    """What is proved of the answers to queries of a kind, whose divisors are not 0."""
    used = case.use(f"certifier.answer.within.{query}", "within the tolerance", "in [-1, 1]")
    numbers = ("rho", "rate", "gain", "levels", "power", "answers", "digits")
    case.assume(*(used.values[name] > 0 for name in numbers), label=f"{query}: what is divided by")
    fraction = used.values[f"certifier.answer.error.{query}: fraction"]
    case.assume(fraction > 0, label=f"{query}: the places of a query")
    return used


def _gain(used: Used) -> Number:
    """The path gain of a copy, from its weights."""
    w = {f"{a}{b}": used.values[f"w[{a}{b}]"] for a, b in MOVING}
    return w["v3v4"] * (w["v1v2"] * w["v2v3"] + w["v1v2'"] * w["v2'v3"])


@obligation(
    "certifier.simulates",
    paper="the certifier",
    of=any_rounds(*PHASES),
    twin=any_rounds("before", "after"),  # nothing is shown of a round in its own step
    finite=JOINED,
    expect=Verdict.CHECKED,
)
def certified_network_simulates_its_machine(run: CertifiedRounds, case: Case) -> None:
    """Take any network that the certifier accepts: every gate is one for its code, each vc and control is strictly
    flat, each copy meets `is_memory` at the offset at which the output is held in its round's step, and the checker's
    claims about each round hold before its step, in it and after it. Train it for any number of steps of gradient
    descent, with step size 1 or 2, on any batches with labels 0 and 1, with any valid roundings. In step t + 1 the
    copies of round t + 1 whose digit is asked for the machine's state act, with its clock, and no others, and the
    output is held and on no kink; gates, vc, controls and random bits have no gradient and their weights stay; each
    copy is written once, in its round's step, and what is read of it is within the certifier's error of the fraction of
    the batch that is active and wrong; so an answer is within the certified tolerance of the mean of its query, and a
    round hands on what the machine's next state for these records is. After the last step the output returns the
    machine's prediction."""
    circuit, at = case.use("certifier.circuit", *CIRCUIT), RoundAtAStep.of(run, case)
    accepted = [case.use(f"certifier.accepted.rate{rate}") for rate in RATES]
    copies = [CopyThatIsRead.of(rate, prime, at, case) for rate, prime in COPIES]
    answers = [answers_of(query, case) for query in QUERIES]
    for used in (
        circuit,
        at.used,
        *accepted,
        *(case.use(f"certifier.together.rate{rate}", *TOGETHER) for rate in RATES),
    ):
        restated(used, case)
    output_is_held(at, case)
    for copy in copies:
        copy.states(case)
    for answer in answers:
        case.show(f"{answer.id}: within the tolerance", answer.lemma)
    output_predicts(case)
