"""One round of a network file as a view: copies, controls and the output in full, the gates of the computation as one
vertex.

The names of the parts are the hints of the file; edges, weights and counts are the network's own. Copies are told apart
by their edges: v1 is a vertex of the memory that only the constant feeds, a digit or a path belongs to the v1 that
feeds it, a vc to the path it feeds. A *canceller* is the control (Lemma 3b) that takes off the output what an active
copy adds to it, so that the output is the same whichever copies are active.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

import numpy as np

from constructions.errors import ConstructionError
from constructions.networks.trainable import Trainable
from verify.drawing.view import Group, Vertex, View, Wire, text_of

MEMORY, COMPUTATION, ACTIVATORS, PATHS, CANCELLERS, PRIMARY = (
    "memory",
    "computation",
    "activators",
    "paths",
    "cancellers",
    "primary control",
)
TAKEN = re.compile(r"v[123c]|vr|canceller|memory of |paths of |output f|part ")
"""So begin the names of what is drawn of a copy, and of the output; a part that a file calls so is drawn as ``part
...``."""
NEEDED = {MEMORY, COMPUTATION, ACTIVATORS, PATHS, CANCELLERS, PRIMARY}
Range = tuple[int, int]


@dataclass(frozen=True)
class RoundParts:
    """The vertices of a round by part, and of each copy by what they are."""

    net: Trainable
    number: int
    ranges: dict[str, Range]
    groups: list[tuple[str, int, int]]
    roles: dict[int, tuple[int, str]] = field(default_factory=dict)

    @property
    def copies(self) -> int:
        """How many copies there are."""
        return 1 + max((copy for copy, _ in self.roles.values()), default=-1)

    def part_of(self, vertex: int) -> str:
        """The name of the part in which any vertex is."""
        return next((name for name, low, high in self.groups if low <= vertex < high), "other vertices")


def round_parts(net: Trainable, number: int) -> RoundParts:
    """The parts of a round, by the hints of its file.

    Raises
    ------
    ConstructionError
        If the hints name no such round, or ranges that are not in the network.
    """
    groups = groups_of(net)
    mark = f"round {number}: "
    ranges = {name.removeprefix(mark): (low, high) for name, low, high in groups if name.startswith(mark)}
    if not set(ranges) >= NEEDED:
        there = sum(name.endswith(f": {MEMORY}") for name, _, _ in groups)
        if 1 <= there < number:
            raise ConstructionError(f"need a round from 1 to {there} that the file's hints name, got {number}")
        lost = ", ".join(sorted(NEEDED - set(ranges)))
        raise ConstructionError(f"need a file whose hints name the parts of round {number}, got none for {lost}")
    found = RoundParts(net, number, ranges, groups)
    found.roles.update(_roles(found))
    return found


def round_view(net: Trainable, number: int, *, most: int = 2, title: str = "", before: Trainable | None = None) -> View:
    """The round of this number of a network, ``net``, as a view under a title, with at most so many copies in full.

    With the network as it was ``before`` its training, the weights that have moved stand out.

    Raises
    ------
    ConstructionError
        If the hints do not say the parts of the round, or ``before`` has other edges.

    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> from constructions.networks.emulation import Plan
    >>> net = Plan(machine=best_literal_machine(1, fraction=4), rho=Fraction(1, 8)).trainable
    >>> view = round_view(net, 1, most=1)
    >>> view.caption, [group.name for group in view.groups]
    ("3 copies; the constant's edges are written in the vertices; a canceller takes what its copy adds off the \
output", ['copy 1 (the clock): memory', 'copy 1 (the clock): paths and canceller'])
    >>> [(wire.tail, wire.head, wire.text) for wire in view.wires][:3]
    [('v1, copy 1', 'vr2, copy 1', '96'), ('v1, copy 1', 'vr1, copy 1', '96'), ('vr2, copy 1', 'vr1, copy 1', '-12')]
    """
    parts = round_parts(net, number)
    shown = _Shown(parts, most, _moved(net, before))
    wires = shown.wires()
    used = {wire.tail for wire in wires} | {wire.head for wire in wires}
    vertices = [vertex for vertex in shown.vertices() if vertex.name in used]
    names = {vertex.name for vertex in vertices}
    groups = [Group(name=name, vertices=tuple(v for v in members if v in names)) for name, members in shown.groups()]
    caption = (
        f"{parts.copies} copies; the constant's edges are written in the vertices; "
        "a canceller takes what its copy adds off the output"
    )
    return View(
        title=title or f"round {number}",
        caption=caption,
        vertices=tuple(vertices),
        wires=tuple(wires),
        groups=tuple(group for group in groups if group.vertices),
    )


def _moved(net: Trainable, before: Trainable | None) -> set[int]:
    """The edges whose weights are not those of the network before its training."""
    if before is None:
        return set()
    now, then = net.network, before.network
    if not (np.array_equal(now.sources, then.sources) and np.array_equal(now.offsets, then.offsets)):
        raise ConstructionError("need the same network before its training, got one with other edges")
    scale = lcm(now.scale, then.scale)
    gaps = now.weights.astype(object) * (scale // now.scale) - then.weights.astype(object) * (scale // then.scale)
    return {int(edge) for edge in gaps.nonzero()[0]}


def groups_of(net: Trainable) -> list[tuple[str, int, int]]:
    """The parts that the hints of a network name: each name, the first vertex, and the one behind the last.

    Raises
    ------
    ConstructionError
        For a part of vertices that are not there.

    >>> from constructions.networks.flat import flat_network
    >>> from constructions.networks.gates import conjunction
    >>> net = Trainable(network=flat_network(conjunction()), rho=Fraction(1, 16), hints={"groups": [["gates", 3, 4]]})
    >>> groups_of(net)
    [('gates', 3, 4)]
    """
    size, found = net.network.size, []
    given = net.hints.get("groups", [])
    for entry in given if isinstance(given, list) else []:
        fits = (
            isinstance(entry, list)
            and len(entry) == 3
            and isinstance(entry[0], str)
            and all(type(at) is int for at in entry[1:])
        )
        if not (fits and 0 <= entry[1] < entry[2] <= size):
            raise ConstructionError(
                f"need groups as [name, first, one past last] of {size} vertices, got {str(entry)[:60]}, at the hints"
            )
        found.append((entry[0], entry[1], entry[2]))
    return found


def _roles(parts: RoundParts) -> Iterator[tuple[int, tuple[int, str]]]:
    """Which copy each vertex of memory, paths, activators and cancellers belongs to, and as what."""
    flat, ranges = parts.net.network, parts.ranges
    tails = {
        v: [u for u, _ in flat.into(v)] for part in (MEMORY, PATHS) if part in ranges for v in range(*ranges[part])
    }
    memory = list(range(*ranges[MEMORY]))
    firsts = [v for v in memory if tails[v] == [0]]
    owner = {v: i for i, v in enumerate(firsts)}
    yield from ((v, (i, "v1")) for v, i in owner.items())
    digits: dict[int, list[int]] = {}
    for v in memory:
        if v not in owner:
            digits.setdefault(next((owner[u] for u in tails[v] if u in owner), 0), []).append(v)
    for copy, row in digits.items():
        yield from ((v, (copy, f"vr{len(row) - 1 - i}")) for i, v in enumerate(row))
    activators = list(range(*ranges.get(ACTIVATORS, (0, 0))))
    below: dict[int, int] = {}
    for v in range(*ranges.get(PATHS, (0, 0))):
        into = dict(flat.into(v))
        feeds = next((owner[u] for u in tails[v] if u in owner), None)
        if feeds is not None:
            below[v] = copy = feeds
            lifted = any(into[u] > 0 for u in tails[v] if u in activators)
            yield v, (copy, "v2" if lifted else "v2'")
            yield from ((u, (copy, "vc")) for u in tails[v] if u in activators)
        else:
            yield v, (next((below[u] for u in tails[v] if u in below), 0), "v3")
    yield from ((v, (i, "canceller")) for i, v in enumerate(range(*ranges.get(CANCELLERS, (0, 0)))))


class _Shown:
    """Which vertex of the picture stands for each vertex of the network."""

    def __init__(self, parts: RoundParts, most: int, moved: set[int]) -> None:
        self.parts, self.most, self.flat = parts, most, parts.net.network
        self.rest = max(parts.copies - most, 0)
        bounds = parts.ranges.values()
        self.low, self.high = min(low for low, _ in bounds), max(high for _, high in bounds)
        into_output = {u for u, _ in self.flat.into(parts.net.output)}
        self.elsewhere = sorted(u for u in into_output - {0} if not self.low <= u < self.high)
        self.edges_moved, self.moved = moved, set[tuple[str, str]]()
        self.constant: dict[str, list[Fraction]] = {}
        self.counts: dict[str, int] = {}
        self.wired = self._wired()

    def name(self, v: int) -> str:
        """The vertex of the picture."""
        if v == self.parts.net.output:
            return "output f"
        if v in self.parts.roles:
            copy, role = self.parts.roles[v]
            if copy < self.most:
                return f"{role}, copy {copy + 1}"
            return f"memory of {self.rest} more" if role[:2] in ("v1", "vr") else f"paths of {self.rest} more"
        part = self.parts.part_of(v)
        if v in self.elsewhere:
            return self._elsewhere(part)
        name = part.removeprefix(f"round {self.parts.number}: ")
        return f"part {name}" if TAKEN.match(name) or (name == part and name in NEEDED) else name

    def _elsewhere(self, part: str) -> str:
        """What stands for the vertices of another part that feed the output: the same parts of all other rounds are one
        vertex of the picture."""
        round_, colon, what = part.partition(": ")
        if not (colon and re.fullmatch(r"round \d+", round_)):
            return f"{part}, elsewhere"
        rounds = {name.partition(": ")[0] for name, _, _ in self.parts.groups if name.endswith(f": {what}")}
        others = len(rounds) - 1
        return f"{what}, {round_ if others == 1 else f'{others} other rounds'}"

    def _wired(self) -> dict[tuple[str, str], list[Fraction]]:
        flat, found = self.flat, dict[tuple[str, str], list[Fraction]]()
        heads = flat.heads
        inside = (heads >= self.low) & (heads < self.high)
        leaving = (flat.sources >= self.low) & (flat.sources < self.high) & ~inside
        for e in (inside | leaving | (heads == self.parts.net.output)).nonzero()[0].tolist():
            u, v, weight = int(flat.sources[e]), int(heads[e]), Fraction(int(flat.weights[e]), flat.scale)
            head = self.name(v)
            if e in self.edges_moved:
                self.moved.add(("", head) if u == 0 else (self.name(u), head))
            if u == 0:
                self.constant.setdefault(head, []).append(weight)
            elif self.name(u) != head:
                found.setdefault((self.name(u), head), []).append(weight)
        return found

    def wires(self) -> list[Wire]:
        """The edges between vertices of the picture: the weight of one, the number of several."""
        return [
            Wire(tail=u, head=v, text=_said(weights), style="moved" if (u, v) in self.moved else "plain")
            for (u, v), weights in self.wired.items()
        ]

    def vertices(self) -> list[Vertex]:
        """The vertices of the picture in a topological order of the network."""
        members: dict[str, int] = {}
        around = [
            u
            for u in self.flat.sources[self.flat.offsets[self.low] : self.flat.offsets[self.high]].tolist()
            if u < self.low
        ]
        beyond = set(self.flat.heads[self._leaving()].tolist())
        others = sorted(({*around} | {*self.elsewhere}) - {0})
        for v in [*others, *range(self.low, self.high), *sorted(beyond - {self.parts.net.output})]:
            members[self.name(v)] = members.get(self.name(v), 0) + 1
        members["output f"] = 1
        return [self._vertex(name, count) for name, count in members.items()]

    def _leaving(self) -> list[int]:
        flat = self.flat
        found = (flat.sources >= self.low) & (flat.sources < self.high) & (flat.heads >= self.high)
        return [int(e) for e in found.nonzero()[0]]

    def _vertex(self, name: str, count: int) -> Vertex:
        weights = self.constant.get(name, [])
        lines = [f"{count} vertices"] if count > 1 else []
        if name != "output f" and weights:
            lines.append(f"constant: {_said(weights)}")
        ours = ", copy " in name or name in (PRIMARY, "output f")
        ink = "many" if name == COMPUTATION or name.endswith(" more") else "part" if ours else "other"
        ink = "moved vertex" if ("", name) in self.moved else ink
        facts = {"vertices": str(count)} | ({"constant": _said(weights)} if weights else {})
        return Vertex(name=name, lines=tuple(lines), ink=ink, facts=facts)

    def groups(self) -> list[tuple[str, list[str]]]:
        """The named parts."""
        found: dict[str, list[str]] = {}
        for v, (copy, role) in sorted(self.parts.roles.items()):
            if copy < self.most:
                side = MEMORY if role == "v1" or role.startswith("vr") else "paths and canceller"
                what = f"copy {copy + 1}{' (the clock)' if copy == 0 else ''}: {side}"
                found.setdefault(what, []).append(self.name(v))
        return list(found.items())


def _said(weights: Sequence[Fraction]) -> str:
    if len(weights) == 1:
        return text_of(weights[0])
    return f"{len(weights)} edges"
