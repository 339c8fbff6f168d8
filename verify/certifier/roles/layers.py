"""Which computation vertex belongs to which round, in an order in which rounds that are alike come out alike.

The layer of a vertex is the last round whose digits or random bits it depends on; 0 if there is none. The gates of a
layer are put into an order that does not depend on their numbers: by a hash of what they are made of and of what reads
them. So two rounds that are copies of one another come out as equal rows of integers (``rounds/fingerprints.py``),
however the vertices were numbered. The hash is only a way to find an order. Equal rows are equal rounds whatever the
order is; unequal ones cost time and nothing else.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from verify.certifier.refusal import NetworkRefused
from verify.certifier.roles.gates import compiled
from verify.certifier.roles.parts import CONTROL, GATE, Halves, Integers, Parts, Small, heads_of
from verify.certifier.roles.round_of_copy import RoundsOfCopies

Hashes = npt.NDArray[np.uint64]
PASSES = 3


@compiled
def layer_pass(kind: Small, own: Halves, offsets: Integers, sources: Integers, weights: Integers) -> Halves:
    """(N,) the largest layer among what a vertex depends on; ``own`` gives those of digits and random bits."""
    found = own.copy()
    for v in range(len(kind)):
        if kind[v] == 2 or kind[v] == 9 or kind[v] == 10:
            for e in range(offsets[v], offsets[v + 1]):
                if weights[e] != 0:
                    found[v] = max(found[v], found[sources[e]])
    return found


@compiled
def last_reader(kind: Small, layer: Halves, offsets: Integers, sources: Integers, weights: Integers) -> Halves:
    """(N,) the largest layer of what reads a vertex."""
    found = np.zeros(len(kind), np.int32)
    for v in range(len(kind)):
        if kind[v] == 2 or kind[v] == 9 or kind[v] == 10:
            for e in range(offsets[v], offsets[v + 1]):
                if weights[e] != 0:
                    found[sources[e]] = max(found[sources[e]], layer[v])
    return found


@compiled
def mix(a: np.uint64, b: np.uint64) -> np.uint64:
    """A 64-bit mixture of two words (the finalizer of splitmix64)."""
    z = (a ^ (b * np.uint64(0x9E3779B97F4A7C15))) + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@compiled
def operands_hash(
    v: Any,
    kind: Small,
    layer: Halves,
    offsets: Integers,
    sources: Integers,
    weights: Integers,
    before: Hashes,
    here: Hashes,
) -> np.uint64:
    """A hash of what leads to a vertex: for a gate its literals, for a vc or control its operands and weights."""
    total = np.uint64(0)
    for e in range(offsets[v], offsets[v + 1]):
        u = sources[e]
        if weights[e] != 0 and (kind[v] != 2 or u != 0):
            known = here[u] if layer[u] == layer[v] or layer[u] == 0 else before[u]
            total += mix(known, np.uint64(weights[e]) if kind[v] != 2 else np.uint64(weights[e] > 0))
    return total


@compiled
def upward(
    kind: Small,
    needs: Halves,
    layer: Halves,
    offsets: Integers,
    sources: Integers,
    weights: Integers,
    before: Hashes,
    here: Hashes,
) -> None:
    """Hash every gate, vc and control by its operands; ``before`` serves for operands of other layers, ``here`` has
    those of sources."""
    for v in range(len(kind)):
        if kind[v] == 2 or kind[v] == 9 or kind[v] == 10:
            total = operands_hash(v, kind, layer, offsets, sources, weights, before, here)
            here[v] = mix(total, np.uint64(needs[v] + 7 + 1000 * np.int64(kind[v])))


@compiled
def downward(
    kind: Small, layer: Halves, offsets: Integers, sources: Integers, weights: Integers, here: Hashes, back: Hashes
) -> None:
    """Hash every vertex by what reads it within its layer."""
    for v in range(len(kind) - 1, -1, -1):
        if kind[v] == 2 or kind[v] == 9 or kind[v] == 10:
            own = mix(here[v], back[v])
            for e in range(offsets[v], offsets[v + 1]):
                u = sources[e]
                if weights[e] != 0 and layer[u] == layer[v]:
                    back[u] += mix(own, np.uint64(weights[e] > 0))


@dataclass(frozen=True, kw_only=True, eq=False)
class Layers:
    """All vertices by layer.

    Parameters
    ----------
    layer : (N,) of each vertex. reader : (N,) the last layer that reads it. of_copy : (C,) the round of each copy.
    gates, copies, controls : for each layer 0, ..., T an array, each in its order; a round's clock is its first copy.
    wound : (C,) whether a copy is of its round's clock.
    """

    layer: Halves
    reader: Halves
    of_copy: Integers
    gates: list[Integers]
    copies: list[Integers]
    controls: list[Integers]
    wound: npt.NDArray[np.bool_]


def layers_of(parts: Parts, needs: Halves, copies: RoundsOfCopies, random_bits: int) -> Layers:
    """Put every vertex into its layer.

    Parameters
    ----------
    parts : what each vertex is. needs : (N,) how many of its literals each gate needs. copies : the round that was
        found for each copy, and the clocks. random_bits : how many random bits a round has.

    Raises
    ------
    NetworkRefused (e) for a copy that can never act, or for a vc that depends on what comes later.

    >>> from fractions import Fraction
    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> from constructions.networks.emulation import Plan
    >>> from verify.certifier.roles.gates import recognized
    >>> from verify.certifier.roles.memories import memories_of
    >>> from verify.certifier.roles.parts import take_apart
    >>> from verify.certifier.roles.round_of_copy import find_rounds
    >>> plan = Plan(machine=best_literal_machine(1, fraction=0), rho=Fraction(1, 8), tolerance=Fraction(1))
    >>> parts = take_apart(plan.trainable)
    >>> needs, memories = recognized(parts), memories_of(parts)
    >>> copies = find_rounds(parts, needs, memories.driver, memories.acts_at)
    >>> layers = layers_of(parts, needs, copies, 0)
    >>> [len(row) for row in layers.copies], [len(row) for row in layers.gates], [len(row) for row in layers.controls]
    ([0, 3, 3], [19, 32, 135], [0, 4, 5])
    >>> fixed = np.flatnonzero(constants(parts, needs))  # a constant true clock, and the start state
    >>> needs[fixed].tolist()
    [0, 1, 1, 1, 1, 1, 1, 1, 1, 1]
    """
    flat, kind, steps, clocks = parts.flat, parts.kind, parts.net.steps, copies.clocks
    arrays = (flat.offsets, flat.sources, flat.weights)
    own = np.zeros(flat.size, np.int32)
    heads = heads_of(parts.net, parts.net.sampled)
    own[heads] = np.arange(len(heads)) // max(random_bits, 1) + 1
    vc = parts.copies[:, 4]
    if len(parts.driven) == 1:
        own[parts.digits[clocks]] = np.arange(1, steps + 1)[:, None] if steps else 0
        of_copy = np.where(copies.of_copy > 0, copies.of_copy, layer_pass(kind, own, *arrays)[vc])
    else:
        of_copy = copies.of_copy
    if (of_copy < 1).any():
        raise NetworkRefused("e", "a copy that depends on no round", vertex=int(vc[int(np.argmin(of_copy))]))
    own[parts.digits] = of_copy[:, None]
    layer = layer_pass(kind, own, *arrays)
    _check_copies(vc, of_copy, layer, constant=len(parts.driven) > 1)
    if len(parts.driven) > 1:
        _check_copies(parts.copies[:, parts.driven[1]], of_copy, layer, constant=True)
    is_control = np.flatnonzero(kind == CONTROL)
    layer[is_control] = np.maximum(layer[is_control], min(1, steps))
    hashes = _hashes(parts, needs, layer, own, clocks)
    return Layers(
        layer=layer,
        reader=last_reader(kind, layer, *arrays),
        of_copy=of_copy,
        gates=_by_layer(np.flatnonzero(kind == GATE), layer, hashes, steps),
        controls=_by_layer(is_control, layer, hashes, steps),
        copies=_copies_by_layer(parts, of_copy, hashes, clocks),
        wound=np.isin(np.arange(len(of_copy)), clocks),
    )


def _check_copies(vc: Integers, of_copy: Integers, layer: Halves, *, constant: bool) -> None:
    """The vc of a copy depends on its round and on nothing that comes after it; where a side may be ``constant``, it
    need not depend on its round."""
    wrong = layer[vc] > of_copy if constant else layer[vc] != of_copy
    if wrong.any():
        i = int(np.argmax(wrong))
        what = f"a copy of round {int(of_copy[i])} that depends on round {int(layer[vc[i]])}"
        raise NetworkRefused("e", what, vertex=int(vc[i]))


def _by_layer(found: Integers, layer: Halves, hashes: Hashes, steps: int) -> list[Integers]:
    """Some vertices by their layers; in each in the order of their hashes, and of their numbers where these are
    equal."""
    found = found[np.argsort(layer[found], kind="stable")]
    cuts = np.searchsorted(layer[found], np.arange(steps + 2))
    for t in range(steps + 1):
        here = found[cuts[t] : cuts[t + 1]]
        here[:] = here[np.argsort(hashes[here], kind="stable")]
    return [found[cuts[t] : cuts[t + 1]] for t in range(steps + 1)]


def _copies_by_layer(parts: Parts, of_copy: Integers, hashes: Hashes, clocks: Integers) -> list[Integers]:
    """The copies by their rounds; in each the clock first, then in the order of their hashes."""
    v1, vc, steps = parts.copies[:, 0], parts.copies[:, 4], parts.net.steps
    is_other = np.ones(len(parts.copies), np.int64)
    is_other[clocks] = 0
    hashed = hashes[vc] + np.uint64(3) * hashes[v1]
    by_v1 = np.argsort(np.argsort(v1, kind="stable"), kind="stable")
    at = np.lexsort((by_v1, hashed, is_other, of_copy))
    cuts = np.searchsorted(of_copy[at], np.arange(steps + 2))
    return [at[cuts[t] : cuts[t + 1]] for t in range(steps + 1)]


def constants(parts: Parts, needs: Halves) -> npt.NDArray[np.bool_]:
    """(N,) which vertices of ``parts`` are gates that only the constant drives: true if ``needs`` is 0, false if it is
    1."""
    flat = parts.flat
    driven = np.zeros(flat.size, np.bool_)
    driven[flat.first :] = np.logical_or.reduceat(
        (flat.sources != 0) & (flat.weights != 0), flat.offsets[flat.first : -1]
    )
    return np.asarray((parts.kind == GATE) & ~driven & (needs >= 0))


def _hashes(parts: Parts, needs: Halves, layer: Halves, own: Halves, clocks: Integers) -> Hashes:
    """(N,) a hash of each vertex by its surroundings; that of a copy's v1 stands for the copy."""
    flat, kind = parts.flat, parts.kind
    before = np.zeros(flat.size, np.uint64)
    arrays = (flat.offsets, flat.sources, flat.weights)
    places = np.arange(1, parts.digits.shape[1] + 1, dtype=np.uint64)
    heads = heads_of(parts.net, parts.net.sampled)
    bits = max(len(heads) // max(parts.net.steps, 1), 1)
    copy = np.full(len(parts.copies), 11, np.uint64)
    copy[clocks] = 12
    fixed = constants(parts, needs)
    fresh = np.flatnonzero((own == 0) & (layer == 0))
    names = np.where(fixed[fresh], flat.size + (needs[fresh] <= 0), fresh).astype(np.uint64)
    for _ in range(PASSES):
        here, back = np.zeros(flat.size, np.uint64), np.zeros(flat.size, np.uint64)
        here[fresh] = names * np.uint64(0xD6E8FEB86659FD93)
        here[heads] = np.uint64(13) + (np.arange(len(heads)) % bits).astype(np.uint64)
        here[parts.digits] = copy[:, None] * np.uint64(1 << 20) + places
        kept = here[fresh]
        upward(kind, needs, layer, *arrays, before, here)
        here[fresh] = kept
        downward(kind, layer, *arrays, here, back)
        vc = parts.copies[:, 4]
        seen = (
            (back[parts.digits] * (places * np.uint64(2) + np.uint64(1))).sum(1, dtype=np.uint64) if len(vc) else copy
        )
        copy = here[vc] * np.uint64(7) + seen * np.uint64(9) + np.uint64(11)
        copy[clocks] = 12 if len(parts.driven) == 1 else copy[clocks] + np.uint64(1)
        back *= np.uint64(5)
        back += here
        before = back
    before[parts.copies[:, 0]] = copy
    return before
