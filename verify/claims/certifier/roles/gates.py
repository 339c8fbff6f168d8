"""The certifier's criterion for gates: what it reads off the weights is what the vertex does, for any fan-in and any
weights.

The *swing* of an operand is how much the sum of a vertex grows when its literal becomes true: 4 |w| for a bit of weight
w, which is -2 or 2, and |w| for an input, which is 0 or 1. L is the sum when all literals are false.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from random import Random
from types import SimpleNamespace
from typing import Any

import numpy as np

from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, select, some
from constructions.networks.flat import FlatNetwork
from constructions.networks.trainable import Trainable
from verify.certifier.refusal import NetworkRefused
from verify.certifier.roles.gates import MIXED, MOST_BITS, NO_GATE, decided, need_of_mixed, recognized, swept, table_of
from verify.certifier.roles.parts import GATE, INPUT, OUTPUT, RANDOM, Parts
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, registry
from verify.obligations.parts import State
from verify.obligations.verdict import Verdict
from verify.provers.branches import on_every_way, own, quotient, with_names

Function = Callable[..., Any]
ROLES = CONSTANT, INPUT_, BIT = range(3)
VALUES: tuple[tuple[int, ...], ...] = ((1,), (0, 1), (-2, 2))
"""What the constant, an input and a bit carry, the low value first."""
NOTHING = np.zeros(0, np.int64)


def sum_is_between(sweep: Function, case: Case) -> None:
    """Call what a literal adds to a vertex's sum when it becomes true its swing, and L the sum when no literal is true.
    For every fan-in, all weights and whatever the operands carry: if c literals are true, the sum is at least L + c
    times the least swing and at most L + c times the largest one, as the pass over the vertex's edges finds them."""
    w, value, role = case.integer("w"), case.integer("value"), case.integer("role")
    case.assume(some(*(every(role == i, some(*(value == v for v in VALUES[i]))) for i in ROLES)))
    names = ("low", "count", "least", "most")

    def true(s: State) -> Formula:
        low_value, high_value = select(s["role"] == BIT, -2, 0), select(s["role"] == BIT, 2, 1)
        literal = some(every(s["w"] > 0, s["value"] == high_value), every(s["w"] < 0, s["value"] == low_value))
        return every(s["role"] != CONSTANT, literal)

    def advance(s: State) -> State:
        found = own(lambda: sweep(*(s[name] for name in names), s["w"], s["role"]))
        return {
            **dict(zip(names, found, strict=True)),
            "sum": s["sum"] + s["w"] * s["value"],
            "c": s["c"] + select(true(s), 1, 0),
        }

    def holds(s: State) -> Formula:
        none = implies(s["count"] == 0, every(s["least"] == 0, s["most"] == 0))
        sizes = implies(s["count"] > 0, every(s["least"] > 0, s["least"] <= s["most"]))
        between = every(s["low"] + s["c"] * s["least"] <= s["sum"], s["sum"] <= s["low"] + s["c"] * s["most"])
        return every(s["c"] >= 0, s["c"] <= s["count"], none, sizes, between)

    state, edge = {name: case.integer(name) for name in (*names, "sum", "c")}, {"w": w, "value": value, "role": role}
    edges = case.induction(
        "over the edges",
        state=state,
        start=dict.fromkeys(state, Fraction(0)),
        advance=advance,
        holds=holds,
        inputs=edge,
    )
    case.show("after any number of edges", holds(case.reached(edges)))


def _plain(function: Function) -> Function:
    """The code of a compiled function."""
    return with_names(function)


def _without_signs(*given: Number) -> Any:
    """A pass that takes every literal to be positive."""
    return _plain(swept)(*given[:4], abs(given[4]), given[5])


registry().add(
    Obligation(
        id="certifier.gate.sweep",
        paper="the certifier",
        claim=sum_is_between,
        kind="induction",
        of=lambda case: _plain(swept),
        twin=lambda case: _without_signs,
    )
)


def gate_is_flat_and_right(decide: Function, case: Case) -> None:
    """The swing of a literal is what it adds to a vertex's sum when it becomes true. For every fan-in, scale and range
    of swings: if the certifier finds a k, then the vertex is strictly flat on the two-stage ramp whatever its operands
    carry, and it returns 2 if at least k literals are true, else -2."""
    low, count, least, most, scale = (case.integer(name) for name in ("low", "count", "least", "most", "scale"))
    c, pre = case.integer("c"), case.real("pre")
    case.assume(scale >= 1, count >= 0, c >= 0, c <= count)
    case.assume(implies(count > 0, every(least > 0, least <= most)))
    case.assume(low + c * least <= pre * scale, pre * scale <= low + c * most)

    def right(k: Number) -> Formula:
        return implies(k >= 0, every(RAMP.strictly_flat(pre), RAMP(pre) == select(c >= k, 2, -2)))

    case.show("strictly flat and right", on_every_way(lambda: decide(low, count, least, most, scale), right))


def _at_the_kink(low: Number, count: Number, least: Number, most: Number, scale: Number) -> Any:
    """A decision that lets a sum rest on a kink: L is taken to be 1 more than it is."""
    return _plain(decided)(low + 1, count, least, most, scale)


registry().add(
    Obligation(
        id="certifier.gate.decided",
        paper="the certifier",
        claim=gate_is_flat_and_right,
        of=lambda case: _plain(decided),
        twin=lambda case: _at_the_kink,
        needs=("certifier.gate.sweep",),
    )
)


def chosen_swings_are_between(up: bool, case: Case) -> None:
    """Let the swings of a vertex (what each of its literals adds to the sum when it becomes true) be in ascending
    order. The sum of any c of them is at least that of the first c and at most that of the last c. The induction goes
    through them one after the other, for the last c in descending order."""
    taken = case.bit("taken")
    small, here, large = case.real("small"), case.real("here"), case.real("large")
    case.assume(small >= 0, *((small <= here, here <= large) if up else (here <= large, large <= small)))
    state = {name: case.real(name) for name in ("sum", "first", "last")}
    case.induction(
        "over the swings",
        state=state,
        start=dict.fromkeys(state, Fraction(0)),
        inputs={"taken": taken, "small": small, "here": here, "large": large},
        advance=lambda s: {
            "sum": s["sum"] + select(s["taken"], s["here"], 0),
            "first": s["first"] + select(s["taken"], s["small"], 0),
            "last": s["last"] + select(s["taken"], s["large"], 0),
        },
        holds=lambda s: every(s["first"] <= s["sum"], s["sum"] <= s["last"]),
    )


registry().add(
    Obligation(
        id="certifier.gate.exchange",
        paper="the certifier",
        claim=chosen_swings_are_between,
        kind="induction",
        of=lambda case: True,
        twin=lambda case: False,
    )
)


def _closer(hidden: int) -> Callable[[Case], Function]:
    """The closer look at a vertex with an edge from the constant and others; ``hidden`` is added to the constant's
    weight unseen."""

    def look(roles: tuple[int, ...], weights: list[Number], scale: Number) -> Any:
        sources = [0 if role == CONSTANT else 1 + i if role == INPUT_ else 9 + i for i, role in enumerate(roles)]
        seen = [w + hidden if role == CONSTANT else w for role, w in zip(roles, weights, strict=True)]
        arrays = {
            "sources": np.array(sources),
            "weights": np.array([*seen, None], object)[:-1],
            "offsets": np.array([0, len(roles)]),
        }
        return need_of_mixed(SimpleNamespace(flat=SimpleNamespace(inputs=range(8), scale=scale, **arrays)), 0)  # type: ignore[arg-type]

    return lambda case: look


def mixed_gates_are_right(look: Function, case: Case) -> None:
    """Take a vertex that reads the constant and one or two operands, each an input or a bit, with any weights over any
    common denominator. If the certifier's closer look finds a k for it, then for all values of the operands the vertex
    is strictly flat and returns 2 if at least k of its literals are true, else -2."""
    scale = case.integer("scale")
    case.assume(scale >= 1)
    for operands in ((INPUT_,), (BIT,), (INPUT_, INPUT_), (INPUT_, BIT), (BIT, BIT)):
        roles = (CONSTANT, *operands)
        weights = [case.integer(f"w{i}") for i in range(len(roles))]
        right = every_assignment(roles, weights, scale)
        fact = on_every_way(lambda r=roles, ws=weights: look(r, ws, scale), right)  # type: ignore[misc]
        case.show(" and ".join("an input" if role == INPUT_ else "a bit" for role in operands), fact)


def every_assignment(roles: tuple[int, ...], weights: list[Number], scale: Number) -> Callable[[Number], Formula]:
    """Of k: it is negative, or for all that the operands carry the vertex is strictly flat and says whether k
    literals are true."""
    rows = []
    for values in product(*(VALUES[role] for role in roles)):
        pre, true = Fraction(0), Fraction(0)
        for role, w, value in zip(roles, weights, values, strict=True):
            pre = pre + w * value
            if role != CONSTANT:
                true = true + select(w > 0 if value == VALUES[role][1] else w < 0, Fraction(1), Fraction(0))
        rows.append((pre / scale, true))

    def right(k: Number) -> Formula:
        return implies(
            k >= 0, every(*(every(RAMP.strictly_flat(x), RAMP(x) == select(true >= k, 2, -2)) for x, true in rows))
        )

    return right


registry().add(
    Obligation(
        id="certifier.gate.mixed",
        paper="the certifier",
        claim=mixed_gates_are_right,
        of=_closer(0),
        twin=_closer(1),
        expect=Verdict.CHECKED,
        finite="one or two operands",
        needs=("certifier.gate.exchange",),
    )
)


Row = tuple[tuple[int, ...], tuple[int, ...], int]


def _gate(hidden: int) -> Callable[[Case], tuple[Row, int]]:
    """A vertex, and the k that the certifier finds for it (NO_GATE: it is refused), its constant's weight raised by
    ``hidden`` unseen."""

    def build(case: Case) -> tuple[Row, int]:
        count = int(case.integer("operands"))
        roles = (CONSTANT, *(int(case.integer(f"role{i}")) for i in range(1, count)))
        weights = tuple(int(case.integer(f"w{i}")) for i in range(count))
        scale = int(case.integer("scale"))
        parts = _vertex(roles, (weights[0] + hidden, *weights[1:]), scale)
        try:
            return (roles, weights, scale), int(recognized(parts)[-2])
        except NetworkRefused:
            return (roles, weights, scale), NO_GATE

    return build


def _vertex(roles: tuple[int, ...], weights: tuple[int, ...], scale: int) -> Parts:
    """A network of one gate over inputs and random bits, and an output behind it."""
    inputs, bits = roles.count(INPUT_), roles.count(BIT)
    first, gate = 1 + inputs, 1 + inputs + bits
    tails = {CONSTANT: [0], INPUT_: list(range(1, first)), BIT: list(range(first, gate))}
    edges = sorted((tails[role].pop(0), w) for role, w in zip(roles, weights, strict=True))
    sources = [*[0] * bits, *(u for u, _ in edges), gate]
    offsets = [0] * (1 + first) + [*range(1, bits + 1)] + [bits + len(edges), bits + len(edges) + 1]
    heads = [4 * scale] * bits + [w for _, w in edges] + [scale]
    net = FlatNetwork(
        inputs=tuple(f"x{i}" for i in range(1, first)),
        offsets=np.array(offsets),
        sources=np.array(sources),
        weights=np.array(heads),
        scale=scale,
        outputs={"out": gate + 1},
    )
    kind = np.array([0, *[INPUT] * inputs, *[RANDOM] * bits, GATE, OUTPUT])
    row = np.zeros((0, 0), np.int64)
    return Parts(
        net=Trainable(network=net, rho=Fraction(1, 8)),
        kind=kind,
        copies=row,
        digits=row,
        copy_of=np.full(len(kind), -1),
        memory=row,
        controls=NOTHING,
        to_output=NOTHING,
    )


def recognized_is_exact(subject: tuple[Row, int], case: Case) -> None:
    """If the certifier's compiled code finds a k for a vertex of the finite case, then for all values of its operands
    the vertex is strictly flat and says whether at least k of its literals are true. It finds none only where there is
    none."""
    (roles, weights, scale), found = subject
    right = every_assignment(roles, [Fraction(w) for w in weights], Fraction(scale))
    literals = sum(1 for role, w in zip(roles, weights, strict=True) if role != CONSTANT and w)
    case.show("right if it is found", found != MIXED and right(Fraction(found)))
    case.show("refused only if there is none", found >= 0 or not any(right(Fraction(k)) for k in range(literals + 2)))


def _vertices() -> Iterator[dict[str, Any]]:
    """All weights from -2 to 1 of two operands, from -5 to 5 of one, at scales where sums meet the kinks; and wide
    ones at random."""
    kinds: tuple[tuple[int, ...], ...]
    for scale, span, kinds in (
        (1, range(-2, 2), ((BIT, BIT), (BIT, INPUT_), (INPUT_, INPUT_))),
        (2, range(-5, 6), ((BIT,), (INPUT_,))),
    ):
        for roles in kinds:
            for constant in range(-8, 9):
                for weights in product(span, repeat=len(roles)):
                    yield _named(scale, roles, (constant, *weights))
    source = Random(9)
    for _ in range(150):
        mixed = tuple(source.choice((BIT, BIT, INPUT_)) for _ in range(source.randint(3, 7)))
        base, scale = source.randint(2, 6), source.randint(1, 2)
        wide = [
            source.choice((-1, 1, 1)) * (base * (4 if role == INPUT_ else 1) + source.randint(0, 1)) for role in mixed
        ]
        centre = sum(2 * abs(w) if role == BIT else -min(w, 0) for role, w in zip(mixed, wide, strict=True))
        yield _named(
            scale, mixed, (centre - 4 * base * source.randint(0, len(mixed)) + 2 * base + source.randint(-1, 1), *wide)
        )


def _named(scale: int, roles: tuple[int, ...], weights: tuple[int, ...]) -> dict[str, Any]:
    named = {"scale": scale, "operands": len(weights)} | {f"w{i}": Fraction(w) for i, w in enumerate(weights)}
    return named | {f"role{i}": Fraction(role) for i, role in enumerate(roles, 1)}


registry().add(
    Obligation(
        id="certifier.gate.recognized",
        paper="the certifier",
        claim=recognized_is_exact,
        kind="enumeration",
        domain=_vertices,
        of=_gate(0),
        twin=_gate(1),
        expect=Verdict.CHECKED,
        finite="weights -2 to 1 of two operands, halves to 5/2 of one, constants to 8; "
        "150 vertices with 3 to 7 operands",
        needs=("certifier.gate.sweep", "certifier.gate.decided", "certifier.gate.exchange"),
    )
)


def tables_are_right(read: Function, case: Case) -> None:
    """Take a vertex vc or a control that reads one to three bits, with any weights. If the certifier finds a table for
    it, then for all values of the bits the vertex is strictly flat and returns what the table says."""
    constant = case.real("constant")
    for count in range(1, MOST_BITS + 1):
        weights = [case.real(f"w{i}") for i in range(count)]

        def holds(table: Any, count: int = count, weights: list[Number] = weights) -> Formula:
            facts = []
            for bits in product((0, 1), repeat=count) if table is not None else ():
                pre = constant + sum((w * VALUES[BIT][bit] for w, bit in zip(weights, bits, strict=True)), Fraction(0))
                facts.append(every(RAMP.strictly_flat(pre), RAMP(pre) == table[bits]))
            return every(*facts)

        case.show(f"{count} bits", on_every_way(lambda ws=weights: read(ws, constant, RAMP), holds))  # type: ignore[misc]


def _table(hidden: int) -> Callable[[Case], Function]:
    read = with_names(table_of, Fraction=quotient)
    return lambda case: lambda weights, constant, sigma: read([weights[0] + hidden, *weights[1:]], constant, sigma)


registry().add(
    Obligation(id="certifier.gate.table", paper="the certifier", claim=tables_are_right, of=_table(0), twin=_table(1))
)
