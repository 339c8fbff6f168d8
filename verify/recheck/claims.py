"""What must hold in each phase of a round: pairs of literals of its circuit that must be equal (premises e, f, g, k).

With these claims the induction over steps goes through. In step t the rounds before t are over, round t is now, later
ones are before:

* *before*: no copy of the round acts and its controls are 0, so nothing of it moves and it adds nothing to the output;
* *now*: the clock acts on every sample, each other copy exactly where the digit of its role is set, every digit that
  is ever set has a copy, query values are within [-1, 1] (for whole batches: each query has one copy, whose plus side
  acts where it is 1 and whose minus side where it is -1), and copies and controls add up to the one number at which
  the output is held, on every sample; the controls that are to be final are 0, so that their edges do not move;
* *after*: no copy acts and no control but a final one is other than 0; what later rounds read is the function of the
  machine's next state that is said, and so are the bits of that state; functions that are said to be equal are;
* *end*: the final controls add up to the machine's prediction, which is at most 2, so that the output returns it.

A constant that a vertex is said to carry until its round is over is claimed before and now. What is claimed after a
round may be used in the next one, where that round is over. A claim that is not one literal twice is not shown, and
then nothing is certified.

The functions share their arguments: ``phase`` is the round's circuit in one of its phases, ``said`` what the
certificate says of the round, ``driven`` its copies and controls with the bits that drive them, ``final`` the controls
that are to be final.

>>> from io import BytesIO
>>> from verify.attacks.bases import base
>>> from verify.attacks.certificates import honest
>>> from verify.certifier.certificate.handing_over import written
>>> from verify.recheck.check import Check
>>> from verify.recheck.phases import Known, Past
>>> name = "conjunction by queries, minimal"
>>> check = Check(written(honest(name)), BytesIO(base(name).data))
>>> certified, (first, second, *_) = check.verdict().certified, check.subject.layout.rounds
>>> over, said, driven = check.said_of(first), check.said_of(second), check.driven_in(second)
>>> past = Past(known=Known(), state=over.state, equal=over.equal)
>>> past.known.follow(over.carries)
>>> whens = ("before", "now", "after")
>>> phases = [Phase(check.subject, second, when, past, said.roles, Circuit({})) for when in whens]
>>> list(variables(phases[1]))[:2]  # x and the state
['x0', 's0']
>>> [acting(phase, driven) for phase in phases]  # the clock and another copy: never, now, never
[[0, 0], [1, 0], [0, 0]]
>>> before, now = claims_before(phases[0], said, driven), claims_now(phases[1], said, driven, [])
>>> after, end = claims_after(phases[2], said, driven, []), Phase(check.subject, None, "end", past, (), Circuit({}))
>>> [(len(row), all(claim.shown for claim in row)) for row in (before, now, after)]
[(18, True), (15, True), (23, True)]
>>> print(*[claim.what for claim in now[:4]], *[claim.what for claim in claims_end(end, [])], sep="\\n")
(e) a clock that acts on every sample
(j) a query within -1 and 1
(k) a copy that acts where its digit (-2, 0, 0) is set
(k) a digit (0, 0, 0) that no copy asks and is never set
(f) final controls that add up to the machine's prediction at every x
(f) a prediction of at most 2
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from verify.recheck.arithmetic import add, differ, extended, less
from verify.recheck.circuit import Circuit
from verify.recheck.parts import Table
from verify.recheck.phases import Phase
from verify.recheck.proof import FALSE, TRUE
from verify.recheck.reading import need
from verify.recheck.readout import Role

CLOCK, IDLE = -1, -2


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Two literals, ``one`` and ``other``, that must be equal, and in words what that means."""

    what: str
    one: int
    other: int

    @property
    def shown(self) -> bool:
        """Whether they are."""
        return self.one == self.other


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the certificate says of a round.

    Parameters
    ----------
    roles : of each copy. held : what copies and controls add up to in the step. carries : (vertex, function, early
    constant or None). state, equal : as in :class:`Past`, after the round.
    """

    roles: tuple[Role, ...]
    held: Fraction
    carries: tuple[tuple[int, int, int | None], ...]
    state: tuple[int, ...]
    equal: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Driven:
    """Copies and controls of a round: (driver, value of the driver at which it acts, what it adds), for each side if a
    copy has two, and (vertex, operands, table, weight).
    """

    copies: Sequence[tuple[int, int, Fraction]]
    controls: Sequence[tuple[int, Sequence[int], Table, Fraction]]


class Sum:
    """A number and multiples of literals, 1 where a literal is true. Negations and constants are taken out, so equal
    literals meet.


    >>> circuit = Circuit({})
    >>> a, b = circuit.leaf("a"), circuit.leaf("b")
    >>> total, both = Sum(circuit), {(0, 0): 0, (0, 1): 0, (1, 0): 0, (1, 1): 1}
    >>> total.add_table(both, [a, b], Fraction(2))
    >>> total.is_zero()[0] == TRUE
    False
    >>> total.add(circuit.every([a, b]), Fraction(-2))
    >>> total.is_zero() == (TRUE, TRUE)
    True
    """

    def __init__(self, circuit: Circuit) -> None:
        self.circuit, self.rest, self.terms = circuit, Fraction(0), dict[int, Fraction]()

    def add(self, literal: int, value: Fraction) -> None:
        """``value`` where the literal is true."""
        if literal & 1:
            self.rest += value
            value = -value
        if literal > TRUE:
            node = literal & ~1
            self.terms[node] = self.terms.get(node, Fraction(0)) + value

    def add_table(self, table: Table, literals: Sequence[int], weight: Fraction) -> None:
        """``weight`` times the value of a table over the ``literals`` of its operands, written as a sum over the sets
        of operands that are all true."""
        rest = dict(table)
        for bits in sorted(rest, key=sum):
            value = rest[bits]
            for larger in rest:
                if all(a <= b for a, b in zip(bits, larger, strict=True)):
                    rest[larger] -= value
            if value:
                self.add(
                    self.circuit.every([literal for literal, bit in zip(literals, bits, strict=True) if bit]),
                    weight * value,
                )

    def is_zero(self) -> tuple[int, int]:
        """Literals that are equal where the sum is 0: constants if all terms cancel, else a comparison of two sums of
        whole numbers.
        """
        terms = {literal: value for literal, value in self.terms.items() if value}
        if not terms:
            return (TRUE if self.rest == 0 else FALSE), TRUE
        unit = lcm(self.rest.denominator, *(value.denominator for value in terms.values()))
        sides = []
        width = int((abs(self.rest) + sum(map(abs, terms.values()))) * unit).bit_length() + 1
        for sign in (1, -1):
            total = extended([], width)
            parts = [(TRUE, self.rest), *sorted(terms.items())]
            for literal, value in parts:
                size = int(max(sign * value, Fraction(0)) * unit)
                if size:
                    total = add(self.circuit, total, [literal if size >> i & 1 else FALSE for i in range(width)])
            sides.append(total)
        return self.circuit.some([differ(self.circuit, a, b) for a, b in zip(*sides, strict=True)]) ^ 1, TRUE


def acting(phase: Phase, driven: Driven) -> list[int]:
    """Where each copy acts."""
    return [phase.vertex(driver) ^ (0 if at else 1) for driver, at, _ in driven.copies]


def still(phase: Phase, driven: Driven, which: Sequence[int] | None = None) -> list[Claim]:
    """Controls (some, or all) that are 0, whatever their weight to the output is."""
    found = []
    for v, operands, table, _ in driven.controls:
        literals = [phase.vertex(u) for u in operands] if which is None or v in which else []
        for bits, value in table.items() if which is None or v in which else ():
            if value:
                hit = phase.circuit.every([literal ^ (1 - bit) for literal, bit in zip(literals, bits, strict=True)])
                found.append(Claim(what=f"(e), (f) a control that is 0, at vertex {v}", one=hit, other=FALSE))
    return found


def early(phase: Phase, said: Said) -> list[Claim]:
    """The constants that vertices carry until their round is over."""
    return [
        Claim(what=f"(k) the constant that vertex {u} carries", one=phase.vertex(u), other=at)
        for u, _, at in said.carries
        if at is not None
    ]


def claims_before(phase: Phase, said: Said, driven: Driven) -> list[Claim]:
    """What must hold before the step."""
    silent = [
        Claim(what="(e) a copy that does not act yet", one=literal, other=FALSE) for literal in acting(phase, driven)
    ]
    return [*silent, *still(phase, driven), *early(phase, said)]


def claims_now(phase: Phase, said: Said, driven: Driven, final: Sequence[int]) -> list[Claim]:
    """What must hold in the step."""
    circuit, subject = phase.circuit, phase.subject
    acts = acting(phase, driven)
    found = signed_claims(phase, said, acts) if subject.machine.points else asked_claims(phase, said, acts)
    total = Sum(circuit)
    total.rest = -said.held
    for act, (_, _, adds) in zip(acts, driven.copies, strict=True):
        total.add(act, adds)
    for _, operands, table, weight in driven.controls:
        total.add_table(table, [phase.vertex(u) for u in operands], weight)
    one, other = total.is_zero()
    found.append(
        Claim(what=f"(e), (g) copies and controls that add up to {said.held} on every sample", one=one, other=other)
    )
    return [*found, *still(phase, driven, final), *early(phase, said)]


def asked_claims(phase: Phase, said: Said, acts: Sequence[int]) -> list[Claim]:
    """The clock acts, and each other copy where the digit of its role is set; ``acts`` says where each copy acts."""
    found = [Claim(what="(e) a clock that acts on every sample", one=acts[0], other=TRUE)]
    template, roles = phase.subject.asked
    literals = template.written(phase.circuit, variables(phase))
    wanted, outside = dict(zip(roles, literals, strict=False)), literals[len(roles) :]
    found += [Claim(what="(j) a query within -1 and 1", one=literal, other=FALSE) for literal in outside]
    for act, role in zip(acts[1:], said.roles[1:], strict=True):
        asked = FALSE if role[0] == IDLE else wanted.pop(role, None)
        if asked is None:
            need(False, f"(k) a digit of the machine for each copy, and one copy for each, not {role}")
        else:
            found.append(Claim(what=f"(k) a copy that acts where its digit {role} is set", one=act, other=asked))
    return found + [
        Claim(what=f"(k) a digit {role} that no copy asks and is never set", one=literal, other=FALSE)
        for role, literal in wanted.items()
    ]


def signed_claims(phase: Phase, said: Said, acts: Sequence[int]) -> list[Claim]:
    """For whole batches: each copy has its query, its plus side acts where that is 1, its minus side where it is -1.
    ``acts`` says where the sides act, of each copy the plus side's and then the minus side's."""
    template, roles = phase.subject.asked
    need(sorted(said.roles) == sorted(roles), "(k) a copy for each query of the machine, and one query for each copy")
    minus, found = dict(zip(roles, template.written(phase.circuit, variables(phase)), strict=True)), []
    for role, plus_acts, minus_acts in zip(said.roles, acts[::2], acts[1::2], strict=True):
        what = f"query {role[0]}"
        found.append(Claim(what=f"(k) a plus side that acts where {what} is 1", one=plus_acts, other=minus[role] ^ 1))
        found.append(Claim(what=f"(k) a minus side that acts where {what} is -1", one=minus_acts, other=minus[role]))
    return found


def variables(phase: Phase) -> dict[str, int]:
    """x, the state before the round and its random bits, by the names of a template's variables."""
    return named("x", phase.x) | named("s", phase.state) | named("r", phase.coins)


def named(letter: str, literals: Sequence[int]) -> dict[str, int]:
    """Literals by the names of a template's variables: a letter and a number.

    >>> named("x", [4, 6])
    {'x0': 4, 'x1': 6}
    """
    return {f"{letter}{i}": literal for i, literal in enumerate(literals)}


def next_state(phase: Phase, roles: Sequence[Role]) -> list[int]:
    """The machine's state after the round, from what the copies recorded."""
    given = named("s", phase.state) | named("r", phase.coins) | named("x", [FALSE] * phase.subject.net.n)
    asked = [(role, record) for role, record in zip(roles, phase.digits, strict=True) if role[0] >= 0]
    given |= {f"{role} {i}": literal for role, record in asked for i, literal in enumerate(record)}
    return phase.subject.following([role for role, _ in asked], len(phase.digits[0])).written(phase.circuit, given)


def claims_after(phase: Phase, said: Said, driven: Driven, final: Sequence[int]) -> list[Claim]:
    """What must hold after the step."""
    latches = phase.subject.functions.latches
    after, made = dict(zip(latches, next_state(phase, said.roles), strict=True)), dict[int, int]()
    found = [Claim(what="(e) a copy that acts no more", one=literal, other=FALSE) for literal in acting(phase, driven)]
    found += still(phase, driven, [v for v, *_ in driven.controls if v not in final])
    for latch, literal in zip(latches, said.state, strict=True):
        one = phase.function_of(literal, after, made)
        found.append(Claim(what=f"(k) the bit {latch} of the machine's next state", one=one, other=after[latch]))
    for one, other in said.equal:
        pair = phase.function_of(one, after, made), phase.function_of(other, after, made)
        found.append(Claim(what="(k) functions of the next state that are equal", one=pair[0], other=pair[1]))
    for u, literal, _ in said.carries:
        one = phase.function_of(literal, after, made)
        found.append(Claim(what=f"(k) what vertex {u} carries", one=phase.vertex(u), other=one))
    return found


def claims_end(phase: Phase, final: Sequence[tuple[int, Sequence[int], Table, Fraction]]) -> list[Claim]:
    """What must hold after the last step."""
    machine, circuit = phase.subject.machine, phase.circuit
    given = named("x", phase.x) | named("s", phase.state) | named("r", [FALSE] * len(machine.port("random")))
    bits, places = phase.subject.predicted.written(circuit, given), machine.predict_fraction
    total = Sum(circuit)
    for i, bit in enumerate(bits):
        total.add(bit, -Fraction(1 << i, 1 << places))
    for _, operands, table, weight in final:
        total.add_table(table, [phase.vertex(u) for u in operands], weight)
    one, other = total.is_zero()
    width = max(len(bits), places + 2)
    above = less(circuit, [2 << places >> i & 1 for i in range(width)], extended(bits, width))
    return [
        Claim(what="(f) final controls that add up to the machine's prediction at every x", one=one, other=other),
        Claim(what="(f) a prediction of at most 2", one=above, other=FALSE),
    ]
