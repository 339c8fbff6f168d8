"""What the checker shows of a round in each phase, read off its own code, over formulas in place of literals.

:mod:`verify.recheck.claims` lists pairs of literals of a round's circuit that must be equal; the checker shows each of
them for all values of the circuit's variables. Here the same functions are run on a round of which nothing is known but
what its vertices carry: the driver of its clock, the driver of another copy, what a control gives, and what is read
later. So the pairs are equations between functions, and the premises of ``certifier.rounds`` are these and no others.
Proved here: what they say (``certifier.shown``).
Its loops go through one clock, one other copy and one control; what all of them add to the output is one number.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, negation, select
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.provers.branches import with_names
from verify.recheck import claims as checker
from verify.recheck.claims import CLOCK, Claim
from verify.recheck.parts import Table

CLOCKS, OTHERS, CONTROLS, CARRIED, EARLY = range(1, 6)
"""The vertices of the round: what drives its clock, another copy, a control; what is read later; a vertex that is a
constant until the round is over, 1 if what is read later has its early constants."""
ASKED = (0, 0, 0)
"""The role of the other copy: a digit of a query."""
TABLE: Table = {(0,): 0, (1,): 2}
"""A control is 0 or not."""


@dataclass(frozen=True, slots=True)
class Bit:
    """A literal: a truth value that is a formula."""

    formula: Formula

    def __xor__(self, negated: int) -> "Bit":
        return Bit(negation(self.formula)) if negated else self


@dataclass(frozen=True, slots=True)
class RoundOfTerms:
    """What a round carries on a sample, and what the machine asks for there.

    Parameters
    ----------
    clock, acts : whether the clock and the other copy act. control : what the control gives the output. hands : what is
        read later. constants : whether that has its early constants. asked, outside : whether the digit of the other
        copy is set, and whether some query is outside [-1, 1]. brings, held : what all copies and controls add to the
        output, and what is said of it. state, following : the machine's state before and after the round. carried :
        what is said of what is read later, as a function of the state. final : whether the control is to be final.
    """

    clock: Formula
    acts: Formula
    control: Number
    hands: Number
    constants: Formula
    asked: Formula
    outside: Formula
    brings: Number
    held: Number
    state: Number
    following: Number
    carried: Callable[[Number], Number]
    final: bool = False

    @property
    def phase(self) -> Any:
        """The round as :class:`verify.recheck.phases.Phase` shows it."""
        values = {CLOCKS: Bit(self.clock), OTHERS: Bit(self.acts), CONTROLS: Bit(self.control != 0)}
        values |= {CARRIED: self.hands, EARLY: Bit(self.constants)}
        subject = SimpleNamespace(
            asked=(_written([Bit(self.asked), Bit(self.outside)]), [ASKED]),
            following=lambda roles, bits: _written([self.following]),
            functions=SimpleNamespace(latches=("state",)),
            machine=SimpleNamespace(points=0),
            net=SimpleNamespace(n=0),
        )
        return SimpleNamespace(
            subject=subject,
            circuit=SimpleNamespace(every=lambda bits: Bit(every(*(bit.formula for bit in bits)))),
            vertex=values.__getitem__,
            x=[],
            coins=[],
            state=[self.state],
            digits=[[], []],
            function_of=lambda function, states, made: function(states["state"]),
        )

    @property
    def said(self) -> Any:
        """What the certificate says of the round."""
        carries = ((CARRIED, self.carried, None), (EARLY, lambda state: Bit(self.constants), 1))
        return SimpleNamespace(
            roles=((CLOCK, 0, 0), ASKED), held=self.held, carries=carries, state=(lambda state: state,), equal=()
        )

    @property
    def driven(self) -> Any:
        """Its copies and its control."""
        copies, nothing = ((CLOCKS, 1, Fraction(0)), (OTHERS, 1, Fraction(0))), Fraction(0)
        return SimpleNamespace(copies=copies, controls=((CONTROLS, [CONTROLS], TABLE, nothing),))

    @property
    def finals(self) -> list[int]:
        """The control, if it is to be final."""
        return [CONTROLS] if self.final else []

    def before(self) -> Formula:
        """What the checker shows before the step."""
        return equal(checker.claims_before(self.phase, self.said, self.driven))

    def now(self) -> Formula:
        """What it shows in the step."""
        run = with_names(checker.claims_now, Sum=lambda circuit: TermSum(self.brings))
        return equal(run(self.phase, self.said, self.driven, self.finals))

    def after(self) -> Formula:
        """What it shows after the step."""
        return equal(checker.claims_after(self.phase, self.said, self.driven, self.finals))


@dataclass(slots=True)
class TermSum:
    """What the checker's sum is, over formulas: a number and multiples of truth values."""

    others: Number
    rest: Number = Fraction(0)
    total: Number = Fraction(0)

    def add(self, literal: Any, value: Number) -> None:
        """``value`` where the literal is true; of a number, so many times that."""
        more = select(literal.formula, value, Fraction(0)) if isinstance(literal, Bit) else value * literal
        self.total = self.total + more

    def add_table(self, table: Table, literals: Sequence[Bit], weight: Number) -> None:
        """What a control gives where its table is not 0."""
        self.total = self.total + select(literals[0].formula, weight, Fraction(0))

    def is_zero(self) -> tuple[Bit, int]:
        """Whether all of it is 0."""
        return Bit(self.others + self.rest + self.total == 0), 1


def _written(found: Sequence[Any]) -> Any:
    return SimpleNamespace(written=lambda circuit, given: list(found))


def equal(claims: Sequence[Claim]) -> Formula:
    """That the two sides of each claim are equal."""
    return every(*(_side(claim.one) == _side(claim.other) for claim in claims))


def _side(literal: Any) -> Any:
    if isinstance(literal, Bit):
        return literal.formula if not isinstance(literal.formula, bool) else every(literal.formula)
    return bool(literal) if type(literal) is int else literal


def any_round(case: Case) -> RoundOfTerms:
    """A round of which nothing is known."""
    bits = {name: case.bit(name) for name in ("clock", "acts", "constants", "asked", "outside")}
    numbers = ("control", "hands", "brings", "held", "state", "following")
    return RoundOfTerms(
        **bits, **{name: case.real(name) for name in numbers}, carried=case.function("carried", 1), final=False
    )


def _in_order(*phases: str) -> Callable[[Case], tuple[str, ...]]:
    return lambda case: phases


@obligation(
    "certifier.shown",
    paper="the certifier",
    of=_in_order("before", "now", "after"),
    twin=_in_order("after", "now", "before"),
)
def what_the_checker_shows(phases: tuple[str, ...], case: Case) -> None:
    """What the checker's code lists for a round means: before its step no copy acts and the control is 0; in it the
    clock acts, the other copy acts exactly where its digit is set, no query is outside [-1, 1], and all copies and
    controls add what is said to the output; after it no copy acts, the control is 0, and what is read later is what is
    said of the machine's next state. Until it is over what is read later has its early constants."""
    made = any_round(case)
    before, now, after = (getattr(made, phase)() for phase in phases)
    silent = every(negation(made.clock), negation(made.acts), made.control == 0)
    case.show("before its step", every(silent, made.constants), given=before)
    acts = every(made.clock, made.acts == made.asked, negation(made.outside))
    case.show("in its step", every(acts, made.brings == made.held, made.constants), given=now)
    carried = made.hands == made.carried(made.following)
    case.show("after its step", every(silent, carried), given=after)
