"""Which copy belongs to which round: by what the circuit makes it do.

All computation vertices are evaluated for 64 worlds at once (a bit of a 64-bit word each): x, random bits and records
differ between worlds. While no copy is written, those of round 1 are the ones that can act. The round's clock is a copy
that acts in every world and after whose record is set none of the round's copies acts any more. Then the others are
written too, and those that can act now belong to round 2, and so on. Nothing found here is believed: it says where to
look, and the phases of each round (``phases.py``) are proved.

The compiled functions share their arguments. The network: ``kind`` (N,) says what each vertex is, ``needs`` (N,) how
many true literals a gate needs, ``offsets`` (N + 1,), ``sources`` and ``weights`` (m,) are the edges by their heads,
``begins`` (N + 1,) and ``heads`` the same edges by their tails. The evaluation: ``words`` (N,) are the values in 64
worlds, and ``waiting`` (N,) says which vertices are still to be evaluated.

>>> from fractions import Fraction
>>> from constructions.computation.learner_machines import best_literal_machine
>>> from constructions.networks.emulation import Plan
>>> from verify.certifier.roles.gates import recognized
>>> from verify.certifier.roles.memories import memories_of
>>> from verify.certifier.roles.parts import take_apart
>>> plan = Plan(machine=best_literal_machine(1, fraction=0), rho=Fraction(1, 8), tolerance=Fraction(1))
>>> parts = take_apart(plan.trainable)
>>> needs, memories = recognized(parts), memories_of(parts)
>>> rounds = find_rounds(parts, needs, memories.driver, memories.acts_at)
>>> rounds.of_copy.tolist(), rounds.clocks.tolist()
([1, 1, 1, 2, 2, 2], [0, 3])
>>> worlds = Worlds(parts, needs, memories.driver, memories.acts_at)
>>> v = int(memories.driver[rounds.clocks[1]])  # what drives the clock of round 2
>>> bool(word_of(v, needs[v], *worlds.arrays[2:]) == ALL)  # no digit is written, and it is true in all worlds
True
>>> record = parts.digits[rounds.clocks[:1]].ravel()  # that of the clock of round 1 is written
>>> worlds.words[record] = ALL
>>> touched = settle(record, *worlds.arrays, worlds.begins, worlds.heads, worlds.waiting)
>>> parts.copies[rounds.clocks[1], 4] in touched, bool(word_of(v, needs[v], *worlds.arrays[2:]) == 0)
(True, True)

>>> touched = worlds.write(rounds.clocks[:1], np.zeros((1, 3), np.uint64))  # and is taken off again
>>> rounds.clocks[1] in touched, bool(worlds.acting(rounds.clocks[1:]).any())  # so none of round 2 acts
(True, False)
>>> worlds.settle(record)  # nothing has changed since
array([], dtype=int64)
"""

from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Any

import numpy as np
import numpy.typing as npt

from verify.certifier.refusal import NetworkRefused
from verify.certifier.roles.gates import compiled
from verify.certifier.roles.parts import RANDOM, Halves, Integers, Parts, Small

Words = npt.NDArray[np.uint64]
ALL = np.uint64(0xFFFFFFFFFFFFFFFF)


@compiled
def word_of(v: Any, needs: int, offsets: Integers, sources: Integers, weights: Integers, words: Words) -> np.uint64:
    """The value of the gate ``v`` in all worlds, from those of its operands."""
    low, high = offsets[v], offsets[v + 1]
    count = 0
    both, some = np.uint64(0xFFFFFFFFFFFFFFFF), np.uint64(0)
    for e in range(low, high):
        if sources[e] != 0 and weights[e] != 0:
            word = words[sources[e]] if weights[e] > 0 else ~words[sources[e]]
            both, some, count = both & word, some | word, count + 1
    if needs <= 0:
        return np.uint64(0xFFFFFFFFFFFFFFFF)
    if needs > count:
        return np.uint64(0)
    if needs == count:
        return both
    if needs == 1:
        return some
    found = np.uint64(0)
    for lane in range(64):
        true: Any = 0
        shift = np.uint64(lane)
        for e in range(low, high):
            if sources[e] != 0 and weights[e] != 0:
                bit = (words[sources[e]] >> shift) & np.uint64(1)
                true += np.int64(bit) if weights[e] > 0 else 1 - np.int64(bit)
        if true >= needs:
            found |= np.uint64(1) << shift
    return found


@compiled
def heads_by_tail(offsets: Integers, sources: Integers) -> tuple[Integers, Halves]:
    """Where the edges out of each vertex begin, and what they lead to, in ascending order."""
    size = len(offsets) - 1
    begins, heads = np.zeros(size + 1, np.int64), np.empty(len(sources), np.int32)
    for u in sources:
        begins[u] += 1
    total = np.int64(0)
    for u in range(size + 1):
        total += begins[u]
        begins[u] = total
    for v in range(size - 1, -1, -1):
        for e in range(offsets[v], offsets[v + 1]):
            begins[sources[e]] -= 1
            heads[begins[sources[e]]] = v
    return begins, heads


@compiled
def evaluate_all(
    kind: Small, needs: Halves, offsets: Integers, sources: Integers, weights: Integers, words: Words
) -> None:
    """Evaluate all gates."""
    for v in range(len(kind)):
        if kind[v] == 2:
            words[v] = word_of(v, needs[v], offsets, sources, weights, words)


@compiled
def settle(
    changed: Integers,
    kind: Small,
    needs: Halves,
    offsets: Integers,
    sources: Integers,
    weights: Integers,
    words: Words,
    begins: Integers,
    heads: Halves,
    waiting: npt.NDArray[np.bool_],
) -> Integers:
    """Evaluate again what depends on some changed vertices; returns the vc whose bit changed."""
    queue, touched = [np.int64(0) for _ in range(0)], [np.int64(0) for _ in range(0)]
    for u in changed:
        for i in range(begins[u], begins[u + 1]):
            v = np.int64(heads[i])
            if kind[v] == 2 and not waiting[v]:
                waiting[v] = True
                heappush(queue, v)
            elif kind[v] == 9:
                touched.append(v)
    while len(queue):
        u = heappop(queue)
        waiting[u] = False
        word = word_of(u, needs[u], offsets, sources, weights, words)
        if word == words[u]:
            continue
        words[u] = word
        for i in range(begins[u], begins[u + 1]):
            v = np.int64(heads[i])
            if kind[v] == 2 and not waiting[v]:
                waiting[v] = True
                heappush(queue, v)
            elif kind[v] == 9:
                touched.append(v)
    found = np.empty(len(touched), np.int64)
    for i in range(len(touched)):
        found[i] = touched[i]
    return found


@dataclass(frozen=True, kw_only=True, eq=False)
class RoundsOfCopies:
    """Proposals: ``of_copy`` (C,) the round of each copy (0: it acts in no world), and ``clocks`` (T,) the clock of
    each round."""

    of_copy: Integers
    clocks: Integers


class Worlds:
    """64 worlds, stepped from round to round."""

    def __init__(self, parts: Parts, needs: Halves, driver: Integers, acts_at: Integers, seed: int = 1) -> None:
        self.parts, self.needs, self.driver, self.acts_at = parts, needs, driver, acts_at
        flat = parts.flat
        self.draw = np.random.default_rng(seed)
        self.begins, self.heads = heads_by_tail(flat.offsets, flat.sources)
        self.words = np.zeros(flat.size, np.uint64)
        self.words[0] = ALL
        n = len(flat.inputs)
        self.words[1 : 1 + n] = self._random(n)
        for lane in range(64):
            mask = np.uint64(1) << np.uint64(lane)
            if lane < 2 + n:
                self.words[1 : 1 + n] &= ~mask
            if lane == 1:
                self.words[1 : 1 + n] |= mask
            elif 2 <= lane < 2 + n:
                self.words[lane - 1] |= mask
        self.words[parts.kind == RANDOM] = self._random(int((parts.kind == RANDOM).sum()))
        self.waiting = np.zeros(flat.size, np.bool_)
        self.arrays = (parts.kind, needs, flat.offsets, flat.sources, flat.weights, self.words)
        evaluate_all(*self.arrays)

    def _random(self, count: int | tuple[int, int]) -> Words:
        return self.draw.integers(0, 1 << 64, count, np.uint64, endpoint=False)

    def acting(self, copies: Integers) -> Words:
        """In which worlds each of some copies acts."""
        words = self.words[self.driver[copies]]
        return np.where(self.acts_at[copies] == 1, words, ~words)

    def settle(self, changed: Integers) -> Integers:
        """Evaluate again; returns the copies whose vc may have changed."""
        touched = settle(changed, *self.arrays, self.begins, self.heads, self.waiting)
        return np.unique(self.parts.copy_of[touched]).astype(np.int64)

    def write(self, copies: Integers, records: Words) -> Integers:
        """Set the digits of some copies, (len(copies), k) words."""
        digits = self.parts.digits[copies]
        self.words[digits] = records
        return self.settle(digits.ravel())


def find_rounds(parts: Parts, needs: Halves, driver: Integers, acts_at: Integers) -> RoundsOfCopies:
    """Step 64 worlds through all rounds.

    Parameters
    ----------
    driver : (C,) the bit that drives each vc. acts_at : (C,) the value of this bit at which the copy acts.
    parts, needs : the network with its parts; (N,) how many true literals each gate needs.

    Raises
    ------
    NetworkRefused (e) if no copy acts in all worlds of a step, a copy acts in two steps, or one acts after the last.
    """
    worlds = Worlds(parts, needs, driver, acts_at)
    bits, steps = parts.digits.shape[1], parts.net.steps
    if not len(parts.copies):
        if steps:
            raise NetworkRefused("e", f"no copy, but {steps} steps")
        return RoundsOfCopies(of_copy=np.zeros(0, np.int64), clocks=np.zeros(0, np.int64))
    if steps > len(parts.copies):
        raise NetworkRefused("e", f"{len(parts.copies)} copies for {steps} steps, each of which needs a clock")
    of_copy, clocks = np.zeros(len(parts.copies), np.int64), np.zeros(steps, np.int64)
    active = np.flatnonzero(worlds.acting(np.arange(len(parts.copies))) != 0)
    for t in range(1, steps + 1):
        again = active[of_copy[active] > 0]
        if len(again):
            v = int(parts.copies[again[0], 4])
            raise NetworkRefused("e", f"a copy that acts in step {of_copy[again[0]]} and in step {t}", vertex=v)
        of_copy[active] = t
        clock, touched = _clock(worlds, active, bits)
        if clock < 0:
            raise NetworkRefused(
                "e", f"no copy that acts on every x in step {t} and ends the step's round with its record"
            )
        clocks[t - 1] = clock
        others = active[active != clock]
        watched = np.union1d(touched, worlds.write(others, worlds._random((len(others), bits))))
        active = watched[worlds.acting(watched) != 0]
    if len(active):
        raise NetworkRefused("e", f"a copy that acts after step {steps}", vertex=int(parts.copies[active[0], 4]))
    return RoundsOfCopies(of_copy=of_copy, clocks=clocks)


def _clock(worlds: Worlds, active: Integers, bits: int) -> tuple[int, Integers]:
    """The copy that acts in all worlds and after whose record none of the active copies acts, and whose vc may have
    changed; -1 if there is none."""
    record = np.zeros((1, bits), np.uint64)
    for copy in active[worlds.acting(active) == ALL].tolist():
        record[0, 0] = ALL
        touched = worlds.write(np.array([copy]), record)
        if not worlds.acting(active).any():
            return int(copy), touched
        record[0, 0] = 0
        worlds.write(np.array([copy]), record)
    return -1, active
