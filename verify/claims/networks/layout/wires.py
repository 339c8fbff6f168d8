"""How a built network joins its parts (Lemma 3b), for any number of rounds, copies, digits and gates.

The builder places vertices and edges by functions of indices (:mod:`constructions.networks.layout`). Proved here, of
these functions with variables for indices: that no two vertices are one and that nothing but its own wires touches a
copy (``lemma3b.places``), that blocks do not overlap (``lemma3b.blocks``), and what the output gets in each step
(``lemma3b.output``). That the arrays hold the values of these functions is seen on four networks (``lemma3b.arrays``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, some
from constructions.foundations.network import Fragment
from constructions.foundations.terms import INTEGER
from constructions.networks.controls import activator, control
from constructions.networks.layout import (
    CANCELLER,
    HERE,
    PRIMARY,
    SHARED,
    V2,
    V2_PRIME,
    V3,
    VC,
    Index,
    PlacedTemplate,
    RoundDrive,
    RoundLayout,
    SharedLayout,
    bases,
    next_start,
    path_gadgets,
    primary_gadget,
)
from constructions.networks.queries import STRONG, V0, ReadOutPen, path_edges
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State

ROWS = {"vc": VC, "v2": V2, "v2'": V2_PRIME, "v3": V3, "canceller": CANCELLER}
MEMORY, DIGIT, RANDOM, GATE, LATE, LAST = range(6)
"""Kinds of vertices: v1, a digit, a random bit, a gate, one of the rows behind the gates, the primary control."""
SIZES = ("copies", "bits", "random bits", "gates")


class Crowded(RoundLayout):
    """A layout whose rows behind the gates begin one vertex too early (the twin's)."""

    def row(self, row: int, c: Index) -> Index:
        """One vertex before its place, in every row but the first."""
        return RoundLayout.row(self, row, c) - (1 if row else 0)


def any_layout(layout: type[RoundLayout] = RoundLayout) -> Callable[[Case], RoundLayout]:
    """The layout of a round with any number of copies (one at least), digits, random bits and gates."""

    def build(case: Case) -> RoundLayout:
        copies, bits, random, gates = (case.integer(name) for name in SIZES)
        case.assume(copies >= 1, bits >= 0, random >= 0, gates >= 0)
        return layout(copies=copies, bits=bits, random_bits=random, gates=gates)

    return build


@dataclass(frozen=True, slots=True)
class Address:
    """A vertex of a round's block: its kind, and which one of its kind it is.

    Parameters
    ----------
    kind, c, i : the kind; the copy; the digit, random bit, gate or row.
    """

    kind: Number
    c: Number
    i: Number

    @classmethod
    def any(cls, name: str, case: Case) -> "Address":
        """Any one, called by a name."""
        return cls(*(case.integer(f"{name}: {part}") for part in ("kind", "copy", "which")))

    def exists(self, at: RoundLayout) -> Formula:
        """Whether there is such a vertex, written in one way."""
        of_copy = every(self.c >= 0, self.c < at.copies)
        numbered = {DIGIT: at.bits, RANDOM: at.random_bits, GATE: at.gates, LATE: PRIMARY}
        return some(
            every(self.kind == MEMORY, of_copy, self.i == 0),
            every(self.kind == LAST, self.c == 0, self.i == 0),
            *(
                every(self.kind == kind, of_copy if kind in (DIGIT, LATE) else self.c == 0, self.i >= 0, self.i < most)
                for kind, most in numbered.items()
            ),
        )

    def at(self, at: RoundLayout) -> Number:
        """Where it stands."""
        found = at.primary
        for row in ROWS.values():
            found = select(every(self.kind == LATE, self.i == row), at.row(row, self.c), found)
        for kind, place in ((GATE, at.gate(self.i)), (RANDOM, at.random(self.i)), (DIGIT, at.digit(self.c, self.i))):
            found = select(self.kind == kind, place, found)
        return select(self.kind == MEMORY, at.v1(self.c), found)

    def is_same(self, other: "Address") -> Formula:
        """Whether two are one."""
        return every(self.kind == other.kind, self.c == other.c, self.i == other.i)


def copies_are_apart(at: RoundLayout, two: dict[str, Number], case: Case) -> None:
    """State that the memory of one of two copies ends before that of the other begins, and in the block."""
    (one, c), (other, d) = two.items()
    pairs = {f"{one} before {other}": (c, d), f"{other} before {one}": (d, c)}
    for name, (low, high) in (
        pairs | {f"{one} is inside": (c, at.copies), f"{other} is inside": (d, at.copies)}
    ).items():
        wide = implies(low < high, (high - low - 1) * (1 + at.bits) >= 0)
        case.lemma(f"the memories of two copies: {name}", wide)


def all_different(at: RoundLayout, case: Case) -> tuple[Address, Address]:
    """State that no two vertices of a block are one, and that all are in it."""
    one, two = Address.any("one", case), Address.any("two", case)
    copies_are_apart(at, {"one": one.c, "two": two.c}, case)
    here = every(one.exists(at), two.exists(at))
    inside = every(one.at(at) >= 0, one.at(at) < at.size)
    case.show("each vertex is in the block", inside, given=one.exists(at))
    case.show("no two are one", one.is_same(two), given=every(here, one.at(at) == two.at(at)))
    return one, two


def wires_of_a_copy(at: RoundLayout, c: Number, drive: RoundDrive) -> dict[str, PlacedTemplate]:
    """What is stamped for a copy, but its digits."""
    graph = Fragment(inputs=("vc",), outputs=("v4",), edges=path_edges(STRONG, prime=False), constant="v0")
    gadgets = path_gadgets(at, c, drive, activator=activator(STRONG), control=control())
    return (
        {"path": PlacedTemplate(graph, at.path(c))}
        | gadgets
        | {"primary": primary_gadget(at, drive, control=control())}
    )


def own_vertices(at: RoundLayout, c: Number) -> dict[str, Number]:
    """The vertices of a copy that nothing but its own wires may touch, and the primary control."""
    return at.path(c) | {"canceller": at.row(CANCELLER, c), "primary": at.primary}


HEADS = {"vc": "vc", "canceller": "canceller", "primary": "primary"}
"""What the head of a gadget is among a copy's vertices, where it has another name in the template."""


def any_drive(at: RoundLayout, copies: tuple[Number, ...], case: Case) -> RoundDrive:
    """Any gates that drive the copies and controls; of those named, that they are gates is a premise."""
    idle, plus = (case.function(name, 1, takes=(INTEGER,), gives=INTEGER) for name in ("idle", "plus"))
    steady = case.integer("steady")
    for gate in (steady, *(say(copy) for say in (idle, plus) for copy in copies)):
        case.assume(gate >= 0, gate < at.gates, label="what drives a copy is a gate")
    return RoundDrive(idle=lambda c: at.gate(idle(c)), plus=lambda c: at.gate(plus(c)), steady=at.gate(steady))


def nothing_else_touches(at: RoundLayout, case: Case) -> None:
    """State what leads into the vertices of copy c, and out of them: wires of any copy d, and those of the circuit."""
    c, d = case.integer("c"), case.integer("d")
    for copy in (c, d):
        case.assume(copy >= 0, copy < at.copies)
    drive, mine = any_drive(at, (c, d, Fraction(0)), case), own_vertices(at, c)
    copies_are_apart(at, {"c": c, "d": d}, case)
    for name, gadget in wires_of_a_copy(at, d, drive).items():
        of_copy = d == c if name != "primary" else True
        ends = [(u, v) for u, v in gadget.template.edges if v in gadget.at]
        for (u, v), (place, tail, head, _) in zip(ends, gadget.wires(), strict=True):
            goal = HEADS.get(name, v)
            into = (implies(head == vertex, every(x == goal, of_copy)) for x, vertex in mine.items())
            case.show(f"{name}, {u} -> {v}: into its own copy only", every(*into))
            out = (implies(tail == vertex, every(x == u, d == c)) for x, vertex in mine.items())
            case.show(f"{name}, {u} -> {v}: out of its own copy only", every(*(out if place == HERE else ())))
    reads(at, drive, c, case)
    read_outs_are_apart(at, mine, d, case)
    circuit_leaves_them(at, mine, d, case)


def reads(at: RoundLayout, drive: RoundDrive, c: Number, case: Case) -> None:
    """State what vc and the controls read, and with which weights."""
    found = {
        name: [(place, tail, weight) for place, tail, _, weight in gadget.wires()]
        for name, gadget in wires_of_a_copy(at, c, drive).items()
    }
    bit, constant = STRONG.control
    half = Fraction(-1, 2)
    twice = [(SHARED, Fraction(0), half), (HERE, drive.steady, Fraction(1))]
    for name, wanted in (
        ("vc", [(HERE, drive.idle(c), bit), (SHARED, Fraction(0), constant)]),
        ("canceller", [*twice, (HERE, drive.plus(c), Fraction(1))]),
        ("primary", [*twice, (HERE, drive.plus(Fraction(0)), Fraction(1))]),
    ):
        there = (some(*(_same_wire(one, other) for other in found[name])) for one in wanted)
        case.show(f"what the {name} reads", every(len(found[name]) == len(wanted), *there))


def _same_wire(one: tuple[int, Number, Number], other: tuple[int, Number, Number]) -> Formula:
    return every(one[0] == other[0], one[1] == other[1], one[2] == other[2])


def read_outs_are_apart(at: RoundLayout, mine: dict[str, Number], d: Number, case: Case) -> None:
    """State that the edges to digits lead into digits, and out of v0, v1 and digits of the same copy."""
    digit, other, c = case.integer("digit"), case.integer("other"), case.integer("c")
    case.assume(digit >= 0, digit < at.bits, other >= V0, other < digit, label="an edge to a digit, or from it")
    tail, head, _ = ReadOutPen(digit=digit, other=other).edge(rho=Fraction(1), resting=Fraction(1), levels=Fraction(1))
    begin, end = at.in_read_out(d, tail), at.in_read_out(d, head)
    case.show("an edge to a digit leads into no other vertex of a copy", every(*(end != it for it in mine.values())))
    own = (implies(begin == it, every(x == "v1", d == c)) for x, it in mine.items())
    case.show("and out of v1 of its own copy, v0, or a digit", some(tail == V0, every(*own)))
    number = case.integer("number")
    case.assume(number >= 0, number < at.bits)
    mixed = every(end == at.digit(c, number), negation(every(d == c, head == number)))
    case.show("it leads into the digit of its own copy", negation(mixed))


def circuit_leaves_them(at: RoundLayout, mine: dict[str, Number], d: Number, case: Case) -> None:
    """State that the circuit's edges lead into gates, and out of gates, random bits, digits, and other places."""
    kind, which, number = case.integer("kind"), case.integer("which"), case.integer("number")
    case.assume(which >= 0, some(*(kind == it for it in (DIGIT, RANDOM, GATE))))
    case.assume(implies(kind == GATE, which < at.gates), implies(kind == RANDOM, which < at.random_bits))
    tail = Address(kind, d, select(kind == DIGIT, number, which)).at(at)
    case.show("no gate reads a vertex of a copy but its digits", every(*(tail != it for it in mine.values())))
    heads = select(kind == RANDOM, at.random(which), at.gate(which))
    touched = some(*(heads == it for it in mine.values()))
    case.show("no gate and no random bit is a vertex of a copy", negation(touched), given=kind != DIGIT)


def feeds(at: RoundLayout, case: Case) -> None:
    """State from where the edges into the output come."""
    j = case.integer("j")
    case.assume(j >= 0, j < at.feeders, label="an edge into the output")
    tail, copies = at.feeder(j), at.copies
    case.show("first from v3 of each copy", tail == at.row(V3, j), given=j < copies)
    then = every(j >= copies, j < 2 * copies)
    case.show("then from each canceller", tail == at.row(CANCELLER, j - copies), given=then)
    case.show("last from the primary control", tail == at.primary, given=j >= 2 * copies)


@obligation("lemma3b.places", paper="Lemma 3b", of=any_layout(), twin=any_layout(Crowded))
def nothing_touches_a_copy_but_its_own(at: RoundLayout, case: Case) -> None:
    """In the block of a round with any number of copies, digits, random bits and gates: no two vertices are one. Into
    v1, v2, v2', v3 and vc of a copy and its canceller lead no wires but this copy's own, those of its template; and
    none leads out of them but these and the edges from v1 to the copy's digits. vc reads the gate that says that this
    copy is idle, with the setting's weights; the canceller reads what the circuit says of this copy, the primary
    control what it says of copy 0, the clock's, and both a steady gate. The circuit reads digits, random bits and gates
    alone. The edges into the output come from v3 of each copy, from each canceller, and from the primary control."""
    all_different(at, case)
    feeds(at, case)
    nothing_else_touches(at, case)


@dataclass(frozen=True, slots=True)
class RowOfBlocks:
    """The row of blocks: what stands before the first, the layouts of odd and of even rounds, and how the next start is
    found."""

    shared: SharedLayout
    odd: RoundLayout
    even: RoundLayout
    following: Callable[[Number, Formula, Number, Number], Number]


def any_blocks(following: Callable[[Number, Formula, Number, Number], Number]) -> Callable[[Case], RowOfBlocks]:
    """Any two layouts for the rounds, behind any number of shared vertices."""

    def build(case: Case) -> RowOfBlocks:
        inputs, state, copies, bits, random = (case.integer(name) for name in ("inputs", "state", *SIZES[:3]))
        case.assume(inputs >= 0, state >= 0, copies >= 1, bits >= 0, random >= 0)
        case.assume(copies * (1 + bits) >= 0, label="copies have vertices")
        gates = case.integer("gates of Q"), case.integer("gates of Q'")
        case.assume(*(each >= 0 for each in gates))
        odd, even = (RoundLayout(copies=copies, bits=bits, random_bits=random, gates=each) for each in gates)
        return RowOfBlocks(SharedLayout(inputs=inputs, state=state), odd, even, following)

    return build


def always_odd(start: Number, odd: Formula, size_odd: Number, size_even: Number) -> Number:
    """A rule that gives each block the size of an odd round's (the twin's)."""
    return next_start(start, True, size_odd, size_even)


@obligation(
    "lemma3b.blocks", paper="Lemma 3b", kind="induction", of=any_blocks(next_start), twin=any_blocks(always_odd)
)
def blocks_do_not_overlap(blocks: RowOfBlocks, case: Case) -> None:
    """For any number of rounds: the block of each round stands behind the shared vertices and behind those of all
    earlier rounds, so no vertex is one of two rounds; and the block of round s + 1 begins where that of round s ends,
    so what it reads of the block before it is a vertex of round s."""
    s, half = case.integer("s"), case.integer("half of s")
    case.assume(s >= 1)
    odd_s = s == 2 * half + 1
    case.assume(some(odd_s, s == 2 * half + 2), half >= 0)
    sizes = blocks.odd.size, blocks.even.size
    mine = select(odd_s, *sizes)

    def advance(now: State) -> State:
        end = blocks.following(now["start"], now["t"] == 2 * now["half"] + 1, *sizes)
        here = now["t"] == s
        return {
            "t": now["t"] + 1,
            "half": select(now["t"] == 2 * now["half"] + 1, now["half"], now["half"] + 1),
            "start": end,
            "seen": select(here, now["start"], now["seen"]),
        }

    def holds(now: State) -> Formula:
        t, start, seen, h = now["t"], now["start"], now["seen"], now["half"]
        parity = every(h >= 0, some(t == 2 * h + 1, t == 2 * h + 2))
        behind = implies(t > s, every(seen >= blocks.shared.size, start >= seen + mine))
        return every(parity, start >= blocks.shared.size, behind, implies(t == s + 1, start == seen + mine))

    state = {name: case.integer(name) for name in ("t", "half", "start", "seen")}
    start: State = {"t": Fraction(1), "half": Fraction(0), "start": blocks.shared.size, "seen": Fraction(0)}
    at = case.reached(case.induction("over rounds", state=state, start=start, inputs={}, advance=advance, holds=holds))
    p, q = case.integer("p"), case.integer("q")
    case.assume(p >= 0, q >= 0, label="a vertex of round s, and one of round t")
    later = every(at["t"] > s, p < mine)
    shared, before, here = bases(at["seen"], at["start"])
    case.show("no vertex is one of two rounds", before + p != here + q, given=later)
    case.show("no vertex of a round is shared", every(here + q >= blocks.shared.size, shared == 0))
    case.show("a block begins where the one before it ends", here == before + mine, given=at["t"] == s + 1)
