"""All copies and rounds of a certified network go along together, for any number of rounds, copies, steps and samples.

One run makes copies in training and rounds on samples, step by step. A sample of a copy's batch looks back at what its
round says on it; a round looks back at the records of its copies, and at the round before it; a copy after a step at
its batch. So the clocks record because their rounds act, and rounds act because the clocks before them have recorded.
That the output is held while a copy acts is what ``certifier.output`` says. Proved here: ``certifier.together``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, some
from constructions.foundations.terms import INTEGER
from constructions.networks.memory import MOVING
from verify.claims.certifier.certify.active_step import ACT, BATCH, COUNTS, MOVE, REST
from verify.claims.certifier.certify.rounds import PHASES, SILENT, SPEAKS, CertifiedRounds, any_rounds
from verify.claims.networks.queries.training import EDGES, moved, multiple, total
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, registry
from verify.obligations.parts import State, earlier_state
from verify.obligations.use import Used

BUILD, SEE, STEP, ROUND = range(4)
"""What a step makes: a copy as built, a sample more of its batch, a copy after a step, a round on a sample."""
MAKES = ("a copy as built", "a sample more", "a step more", "a round")
NOTHING, COPY, ROUND_MADE = range(3)
LOOKS = ("copy", "round", "clock", "any", "below")
"""At what a step looks back: a copy, its round on a sample; the copy of the clock of a round, any copy of it, and the
round before it."""
STEPS = "over the steps"
OF_COPY = ("t", *COUNTS, *map(moved, EDGES), "fm", "ft", *map(total, EDGES))
OF_ROUND = ("digits", "read", "passed")
OTHER = 2
"""What the digits of a round say if some are set, but none of its clock."""
FACTS = ("it is as built up to its step", "a clock, after it", "a record, after it")


@dataclass(frozen=True, slots=True)
class CertifiedCopies:
    """The copies of odd rounds, or of even ones.

    Parameters
    ----------
    id : the claim about them. prime : whether they are those of even rounds. others : what stands for variables that
        nothing reads. weight, offset : of a copy by edge, round and number; of a round.
    """

    id: str
    prime: bool
    others: dict[str, Any]
    weight: dict[str, Callable[..., Any]]
    offset: Callable[..., Any]

    def use(self, at: State, case: Case) -> Used:
        """What is known of a copy at a moment, with its round and number."""
        r, c = at["r"], at["c"]
        given = {name: weight(r, c) for name, weight in self.weight.items()}
        moment = {f"{STEPS} reached: {name}": at[name] for name in OF_COPY}
        shared = {"rho": case.real("rho"), "offset": self.offset(r), "s": r - 1}
        return case.use(self.id, *FACTS, **shared, **given, **self.others, **moment)


@dataclass(frozen=True, slots=True)
class CertifiedTogether:
    """The run.

    Parameters
    ----------
    rounds : the rounds, by the checker's claims. kinds : the copies of odd and of even rounds. rate : the step size.
    """

    rounds: CertifiedRounds
    kinds: tuple[CertifiedCopies, ...]
    even: Callable[..., Any]
    rate: int

    def is_of(self, kind: CertifiedCopies, r: Number) -> Formula:
        """Whether a round is one of a kind."""
        even = every(self.even(r))
        return even if kind.prime else negation(even)

    def record(self, copy: State) -> Number:
        """By how many multiples of rho v0 -> v1 of a copy has risen."""
        return -self.rate * copy[moved(MOVING[0])]

    def acts(self, s: State) -> Formula:
        """Whether the copy that is looked back at acts on the sample of the round that is looked back at."""
        copy, at = earlier_state(s, "copy"), earlier_state(s, "round")
        return every(self.rounds.of["acts"](at["r"], copy["c"], at["i"], at["read"], at["digits"]))

    def inputs_of_copy(self, s: State) -> State:
        """What the training of a copy is given in a step."""
        names = ("y", "z", "adjoint", *(name for name in BATCH if not name.startswith("sum")), *map(multiple, EDGES))
        does = select(s["do"] == STEP, MOVE, select(self.acts(s), ACT, REST))
        return {"do": does, **{name: s[name] for name in names}}

    def copy_made(self, kind: CertifiedCopies, s: State, case: Case) -> State:
        """The copy of a kind that a step makes."""
        copy, built = earlier_state(s, "copy"), s["do"] == BUILD
        place = {"r": select(built, s["next r"], copy["r"]), "c": select(built, s["next c"], copy["c"])}
        now = {name: copy[name] for name in OF_COPY}
        training = kind.use({**now, **place}, case).inductions[STEPS]
        begun = training.begin(**dict.fromkeys(training.record.inputs, Fraction(0)))
        later = training.go_on(now, **self.inputs_of_copy(s))
        after = {name: select(built, begun[name], later[name]) for name in OF_COPY}
        kind.use({**after, **place}, case)
        return after | place

    def round_made(self, s: State) -> State:
        """The round that a step makes."""
        clock, below = earlier_state(s, "clock"), earlier_state(s, "below")
        r, first = s["next r"], s["next r"] == 0
        digits = select(some(first, self.record(clock) >= 1), SPEAKS, select(s["some digit"], OTHER, SILENT))
        hands = self.rounds.of["hands"](r, s["sample"], below["passed"], digits)
        passed = select(first, self.rounds.first(s["sample"]), hands)
        place = {"t": s["next t"], "r": r, "i": s["sample"]}
        return {**place, "read": below["passed"], "digits": digits, "passed": passed}

    def may(self, s: State, case: Case) -> Formula:
        """What a step needs of the moments at which it looks back."""
        copy, at, clock, other, below = (earlier_state(s, name) for name in LOOKS)
        made, none, given = self.round_made(s), Fraction(0), self.inputs_of_copy(s)
        now = {name: copy[name] for name in OF_COPY}
        place = {"r": copy["r"], "c": copy["c"]}
        right = every(*(implies(self.is_of(k, copy["r"]), self.taken(k, now | place, given, case)) for k in self.kinds))
        accepted = every(*(implies(self.is_of(k, copy["r"]), k.use(now | place, case).premises) for k in self.kinds))
        new = {**dict.fromkeys(OF_COPY, Fraction(0)), "r": s["next r"], "c": s["next c"]}
        built = every(*(implies(self.is_of(k, s["next r"]), k.use(new, case).premises) for k in self.kinds))
        sees = every(at["made"] == ROUND_MADE, at["r"] == copy["r"], at["t"] == copy["t"], at["r"] >= 1)
        sees = every(sees, self.rounds.checked(at, copy["c"], none), some(s["y"] == 0, s["y"] == 1))
        resting = implies(negation(self.acts(s)), right)
        is_clock = every(clock["made"] == COPY, clock["t"] == s["next t"], clock["r"] == s["next r"], clock["c"] == 0)
        some_copy = every(other["made"] == COPY, other["t"] == s["next t"], other["r"] == s["next r"])
        recorded = implies(s["some digit"], every(some_copy, self.record(other) >= 1))
        under = every(below["made"] == ROUND_MADE, below["r"] == made["r"] - 1, below["t"] == made["t"])
        first = every(s["next r"] == 0, s["next t"] >= 0)
        later = every(s["next r"] >= 1, is_clock, recorded, under, below["i"] == made["i"])
        needs = {
            BUILD: every(s["next r"] >= 1, s["next c"] >= 0, built),
            SEE: every(copy["made"] == COPY, sees, resting, accepted),
            STEP: every(copy["made"] == COPY, right, accepted),
            ROUND: some(first, every(later, self.rounds.checked(made, none, none))),
        }
        return some(*(every(s["do"] == do, need) for do, need in needs.items()))

    def taken(self, kind: CertifiedCopies, copy: State, given: State, case: Case) -> Formula:
        """Whether a step of a copy's training may be taken."""
        now = {name: copy[name] for name in OF_COPY}
        return kind.use(copy, case).inductions[STEPS].taken({**now, **given})

    def advance(self, s: State, case: Case) -> State:
        """What a step makes."""
        one, other = (self.copy_made(kind, s, case) for kind in self.kinds)
        made, is_round = self.round_made(s), s["do"] == ROUND
        even = every(self.even(one["r"]))
        found = {name: select(even, other[name], one[name]) for name in OF_COPY}
        found |= {"t": select(is_round, made["t"], found["t"]), "r": select(is_round, made["r"], one["r"])}
        found |= {"c": one["c"], "i": made["i"], **{name: made[name] for name in OF_ROUND}}
        return found | {"made": select(is_round, ROUND_MADE, COPY)}

    def kinds_of_step(self, s: State) -> dict[str, Formula]:
        """A step by what it makes; a sample by whether the copy acts on it, and of which kind the copy is."""
        copy, sees, acts = earlier_state(s, "copy"), s["do"] == SEE, self.acts(s)
        found: dict[str, Formula] = {name: s["do"] == do for do, name in enumerate(MAKES) if do != SEE}
        for kind in self.kinds:
            name, here = "Q'" if kind.prime else "Q", every(sees, self.is_of(kind, copy["r"]))
            found[f"a sample of {name} that acts"] = every(here, acts, copy["t"] == copy["r"] - 1)
            found[f"a sample of {name} that rests"] = every(here, negation(acts))
        return found

    def in_training(self, kind: CertifiedCopies, now: State, case: Case) -> Formula:
        """That a copy is at a moment of its training."""
        training = kind.use(now, case).inductions[STEPS]
        return training.reached({name: now[name] for name in OF_COPY})

    def holds(self, now: State, case: Case) -> Formula:
        """Each copy is at a moment of its training, and the clock of a round has recorded exactly if its step is over;
        each round is as ``certifier.rounds`` has it."""
        copy, made, s = now["made"] == COPY, now["made"] == ROUND_MADE, now["r"] - 1
        clock = every(copy, now["c"] == 0)
        trained = (
            implies(every(copy, self.is_of(kind, now["r"])), self.in_training(kind, now, case)) for kind in self.kinds
        )
        whole = implies(every(clock, now["t"] <= s), every(implies(now["t"] == s, now["active"] == now["b"])))
        ticked = implies(every(clock, now["t"] > s), every(now["ft"] == 1, self.record(now) >= 1))
        built = implies(every(copy, now["t"] <= s), self.record(now) == 0)
        here = implies(copy, every(now["t"] >= 0, now["r"] >= 1, now["c"] >= 0))
        return every(*trained, whole, ticked, built, here, implies(made, self.rounds.holds(now)))


def all_go_along(subject: tuple[CertifiedRounds, int, int], case: Case) -> None:
    """Take any network that the certifier accepts, with any number of rounds and copies, each of which meets
    `is_memory`, trained for any number of steps on any batches with any valid roundings, with the output held while a
    copy acts and on no kink while it rests. Then after t steps the clock of round r has recorded exactly if r <= t; so
    each round is before its step, in it or after it as the steps go on, its copies act in its step alone, on the
    samples on which their digits are asked for the machine's state, and each copy is at a moment of its training."""
    rounds, rate, begins = subject
    weight = {f"w[{a}{b}]": case.function(f"w[{a}{b}]", 2, takes=(INTEGER, INTEGER)) for a, b in EDGES}
    offset = case.function("offset of a round", 1, takes=(INTEGER,))
    kinds = []
    for prime in (False, True):
        id = f"certifier.copy.rate{rate}.q{chr(39) * prime}"
        nested = {name: value for name, value in case.use(id, FACTS[0]).values.items() if ": " in name}
        others = {name: value for name, value in nested.items() if not name.startswith(STEPS) and not callable(value)}
        kinds.append(CertifiedCopies(id, prime, others, weight, offset))
    run = CertifiedTogether(rounds, tuple(kinds), case.predicate("a round of Q'", 1, takes=(INTEGER,)), rate)
    state: State = {name: case.integer(name) for name in ("made", "t", "r", "c", "i", "digits", *COUNTS)}
    state |= {name: case.integer(name) for name in map(moved, EDGES)}
    state |= {name: case.real(name) for name in ("read", "passed", "fm", "ft", *map(total, EDGES))}
    inputs: State = {name: case.integer(name) for name in ("do", "next t", "next r", "next c", "sample", "y")}
    inputs |= {name: case.integer(name) for name in map(multiple, EDGES)} | {"some digit": case.bit("some digit")}
    inputs |= {name: case.real(name) for name in ("z", "adjoint", *BATCH) if not name.startswith("sum")}
    at = case.reached(
        case.induction(
            "over all that is made",
            state=state,
            start={**dict.fromkeys(state, Fraction(0)), "made": Fraction(begins)},
            inputs=inputs,
            earlier=LOOKS,
            fixed=tuple(used.label for used in case.uses),
            given=lambda s: run.may(s, case),
            advance=lambda s: run.advance(s, case),
            holds=lambda s: run.holds(s, case),
            kinds=run.kinds_of_step,
        )
    )
    clock = every(at["made"] == COPY, at["c"] == 0)
    case.show("a clock has recorded if its step is over", (run.record(at) >= 1) == (at["t"] >= at["r"]), given=clock)
    made = every(at["made"] == ROUND_MADE)
    case.show("a round is in its phase", rounds.holds(at), given=made)


def _network(rate: int, begins: int) -> Callable[[Case], tuple[CertifiedRounds, int, int]]:
    return lambda case: (any_rounds(*PHASES)(case), rate, begins)


for _rate in (1, 2):
    registry().add(
        Obligation(
            id=f"certifier.together.rate{_rate}",
            paper="the certifier",
            claim=all_go_along,
            kind="induction",
            of=_network(_rate, NOTHING),
            twin=_network(_rate, COPY),  # what there is at first is a copy of no round
        )
    )
