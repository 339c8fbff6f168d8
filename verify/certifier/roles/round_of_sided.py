"""Which copy with two sides belongs to which round, and which copies are its clock: by what the circuit makes it do.

As in :mod:`verify.certifier.roles.round_of_copy`, all computation vertices are evaluated for 64 worlds at once. What is
not written reads the middle of its range. While no copy is written, those of round 1 are the ones of which a side can
act. A copy is of the round's *clock* if its record alone ends the round: no side of the round's copies acts any more.
Then all copies of the round are written, and those that can act now belong to round 2, and so on. Nothing found here
is believed.
"""

import numpy as np

from verify.certifier.refusal import NetworkRefused
from verify.certifier.roles.parts import Halves, Integers, Parts
from verify.certifier.roles.round_of_copy import ALL, RoundsOfCopies, Words, Worlds
from verify.certifier.roles.sides import SidedMemories


class SidedWorlds(Worlds):
    """64 worlds of a network whose copies have two sides."""

    def __init__(self, parts: Parts, needs: Halves, memories: SidedMemories) -> None:
        self.middle = np.zeros(parts.digits.shape[1], np.uint64)
        self.middle[-1] = ALL
        super().__init__(parts, needs, memories.driver, memories.acts_at)
        self.write(np.arange(len(parts.copies)), np.tile(self.middle, (len(parts.copies), 1)))

    def acting(self, copies: Integers) -> Words:
        """In which worlds a side of each of some copies acts."""
        words = self.words[self.driver[copies]]
        return np.asarray(np.bitwise_or.reduce(np.where(self.acts_at[copies] == 1, words, ~words), axis=1))

    def winding(self, active: Integers) -> list[int]:
        """Those of the copies that are ``active`` of which the record alone ends the round."""
        found = []
        for copy in active.tolist():
            record = self.middle[None].copy()
            record[0, 0] = ALL
            self.write(np.array([copy]), record)
            if not self.acting(active).any():
                found.append(copy)
            self.write(np.array([copy]), self.middle[None])
        return found


def find_sided_rounds(parts: Parts, needs: Halves, memories: SidedMemories) -> RoundsOfCopies:
    """Step 64 worlds through all rounds.

    Parameters
    ----------
    parts, needs, memories : the network with its parts; (N,) how many true literals each gate needs; its copies.

    Returns
    -------
    The round of each copy; the copies of all clocks.

    Raises
    ------
    NetworkRefused (e) if no copy's record ends a round, a copy acts in two steps, or one acts after the last.

    >>> from fractions import Fraction
    >>> from constructions.computation.sample_learners import fed, parity_learner
    >>> from constructions.networks.batch_network import BatchPlan
    >>> from constructions.strip.family import PowerFamily
    >>> from verify.certifier.roles.gates import recognized
    >>> from verify.certifier.roles.sides import sided_memories, take_apart_sided
    >>> plan = BatchPlan(machine=fed(parity_learner(1), 2), family=PowerFamily(1, 1), steps=2, rho=Fraction(13, 10))
    >>> parts = take_apart_sided(plan.trainable)
    >>> rounds = find_sided_rounds(parts, recognized(parts), sided_memories(parts, Fraction(1, 2)))
    >>> rounds.of_copy.tolist(), rounds.clocks.tolist()
    ([1, 1, 2, 2], [0, 2])
    """
    worlds, steps, bits = SidedWorlds(parts, needs, memories), parts.net.steps, parts.digits.shape[1]
    every = np.arange(len(parts.copies))
    of_copy, clocks = np.zeros(len(every), np.int64), list[int]()
    active = every[worlds.acting(every) != 0] if len(every) else every
    for t in range(1, steps + 1):
        again = active[of_copy[active] > 0]
        if len(again):
            v = int(parts.copies[again[0], 4])
            raise NetworkRefused("e", f"a copy that acts in step {of_copy[again[0]]} and in step {t}", vertex=v)
        of_copy[active] = t
        wound = worlds.winding(active)
        if not wound:
            raise NetworkRefused("e", f"no copy whose record ends the round of step {t}")
        clocks += wound
        record = worlds._random((len(active), bits))
        record[np.isin(active, wound), 0] = ALL
        watched = worlds.write(active, record)
        active = watched[worlds.acting(watched) != 0]
    if len(active):
        raise NetworkRefused("e", f"a copy that acts after step {steps}", vertex=int(parts.copies[active[0], 4]))
    if len(every) and (of_copy == 0).any():
        v = int(parts.copies[int(np.argmin(of_copy)), 4])
        raise NetworkRefused("e", "a copy that acts in no step", vertex=v)
    return RoundsOfCopies(of_copy=of_copy, clocks=np.array(clocks, np.int64))
