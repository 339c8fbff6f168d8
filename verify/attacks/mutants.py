"""What a mutant is, and the list of kinds: each changes a draft with the help of a seeded source and says what it
did.

A kind of attack is a function of ``source``, which draws at random from a seed, ``base``, the network that is attacked
with the places of its parts, and ``draft``, the network's arrays, which it changes. It returns what it did in words, or
None if this network gives it nothing to change.

>>> from dataclasses import replace
>>> from verify.attacks.bases import base
>>> @changes("an edge twice as heavy")
... def heavier(source, base, draft):
...     edge = some_edge(source, base, draft, "vc")
...     draft.weights[edge] *= 2
...     return said(base, draft, edge)
>>> @rewrites("a byte more")
... def longer(source, base, data):
...     return data + bytes(1), "a byte behind the end"
>>> @rebuilds("a round more")
... def later(source, base):
...     return replace(base.machine, rounds=base.machine.rounds + 1), "a round more"
>>> @replans("half of rho")
... def finer(source, base):
...     return replace(base.plan, rho=base.plan.rho / 2), f"rho = {base.plan.rho / 2}"
>>> attacked = base("conjunction by queries, minimal")
>>> for kind in list(KINDS)[-4:]:
...     made = mutant(attacked, kind, 0)
...     print(made.note, made.machine.rounds, made.data == attacked.data)
...     del KINDS[kind]  # it was an example only
0 (a source or the output) to 237 (vc) 4 False
a byte behind the end 4 False
a round more 5 True
rho = 1/32 4 False
>>> attacked.part_of(some_vertex(Random(1), attacked, "gate", "vc"))
'gate'
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import numpy as np

from constructions.computation.query_machine import QueryMachine
from constructions.networks.emulation import Plan
from verify.attacks.bases import Base
from verify.attacks.drafts import Integers, NetworkDraft

Changes = Callable[[Random, Base, NetworkDraft], str | None]
Rewrites = Callable[[Random, Base, bytes], tuple[bytes, str] | None]
Rebuilds = Callable[[Random, Base], tuple[QueryMachine, str] | None]
Replans = Callable[[Random, Base], tuple[Plan, str] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """The bytes of a changed file, ``data``, and a machine; its ``kind``, its ``seed``, and a ``note`` that says what
    was changed. ``place`` says where each vertex of the base is in it; ``keeps``: the change is harmless for sure.

    A network that was compiled anew has a base of its own, and nothing to compare it with.
    """

    base: Base
    kind: str
    seed: int
    note: str
    data: bytes
    machine: QueryMachine
    place: Integers
    keeps: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of mutant: it changes a draft, the file's bytes, or the machine; or it compiles another plan."""

    change: Changes | None = None
    rewrite: Rewrites | None = None
    rebuild: Rebuilds | None = None
    replan: Replans | None = None
    keeps: bool = False


KINDS: dict[str, Kind] = {}
TRIES = 20


def changes(name: str, *, keeps: bool = False) -> Callable[[Changes], Changes]:
    """Register a function that changes a draft, under the name of its kind; it ``keeps`` what the network does if that
    is known."""

    def register(function: Changes) -> Changes:
        KINDS[name] = Kind(change=function, keeps=keeps)
        return function

    return register


def rewrites(name: str, *, keeps: bool = False) -> Callable[[Rewrites], Rewrites]:
    """Register a function that changes a file, as :func:`changes`, with ``name`` and ``keeps``."""

    def register(function: Rewrites) -> Rewrites:
        KINDS[name] = Kind(rewrite=function, keeps=keeps)
        return function

    return register


def rebuilds(name: str, *, keeps: bool = False) -> Callable[[Rebuilds], Rebuilds]:
    """Register a function that gives another machine, as :func:`changes`, with ``name`` and ``keeps``."""

    def register(function: Rebuilds) -> Rebuilds:
        KINDS[name] = Kind(rebuild=function, keeps=keeps)
        return function

    return register


def replans(name: str) -> Callable[[Replans], Replans]:
    """Register a function that gives another plan, whose network is then certified against the plan's own machine."""

    def register(function: Replans) -> Replans:
        KINDS[name] = Kind(replan=function)
        return function

    return register


def mutant(base: Base, kind: str, seed: int) -> Mutant | None:
    """The mutant of a base, a kind and a seed: always the same one. None if the kind finds nothing to change in this
    base."""
    for again in range(TRIES):
        source, made, draft = Random(f"{base.name}/{kind}/{seed}/{again}"), KINDS[kind], base.draft()
        data, machine, note = base.data, base.machine, None
        if made.change:
            note = made.change(source, base, draft)
            data = draft.data() if note else data
        elif made.rewrite:
            data, note = made.rewrite(source, base, data) or (data, None)
        elif made.rebuild:
            machine, note = made.rebuild(source, base) or (machine, None)
        elif made.replan:
            found = made.replan(source, base)
            if found:
                return compiled_anew(base, kind, seed, *found)
        if note and (made.keeps or data != base.data or machine is not base.machine):
            return Mutant(
                base=base,
                kind=kind,
                seed=seed,
                note=note,
                data=data,
                machine=machine,
                place=draft.place,
                keeps=made.keeps,
            )
    return None


def compiled_anew(base: Base, kind: str, seed: int, plan: Plan, note: str) -> Mutant:
    """The network of another plan, with the plan's machine."""
    own = Base(base.name, plan, full=base.full)
    return Mutant(
        base=own,
        kind=kind,
        seed=seed,
        note=note,
        data=own.data,
        machine=plan.machine,
        place=np.arange(plan.sizes.vertices),
        keeps=False,
    )


def some_vertex(source: Random, base: Base, *names: str) -> int:
    """A vertex of the first network: first one of its parts is drawn (of those named), then one of the part's
    vertices."""
    there = [name for name in (names or base.parts) if name in base.parts]
    return source.choice(base.parts[source.choice(there)]) if there else -1


def some_edge(source: Random, base: Base, draft: NetworkDraft, *names: str) -> int:
    """An edge into a vertex of a part that is drawn first; one time in eight, with no part asked for, an edge into
    the output."""
    if not names and source.random() < 0.125:
        return source.choice(draft.into(draft.output))
    vertex = some_vertex(source, base, *names)
    edges = draft.into(vertex) if vertex >= 0 else []
    return source.choice(edges) if edges else -1


def said(base: Base, draft: NetworkDraft, edge: int) -> str:
    """An edge in words: the numbers and parts of its ends."""
    tail, head = int(draft.tails[edge]), int(draft.heads[edge])
    return f"{tail} ({base.part_of(tail)}) to {head} ({base.part_of(head)})"
