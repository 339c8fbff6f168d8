"""Circuits that are written to be compared: equal by structure, or proved equal by the solver; what stays open
counts as different.

The proof of a round comes down to questions of one kind: do two literals of a circuit have the same value for all
values of its inputs? One of them is what a vertex of the network carries, the other what the machine says. Many rounds
ask thousands of such questions, so they are settled by the cheapest means that settles them
(:meth:`ComparingBuilder.same`):

1. *By structure.* The builder makes every gate once, folds constants, and writes a wide AND in one way however it was
   put together. So two parts of a circuit that are built alike end in one literal, and nothing is asked. A network that
   was made from the machine's own circuit is settled like this as a whole.
2. *By values.* All nodes are evaluated in :data:`WIDTH` random assignments at once, as the bits of long integers. Two
   literals that differ in one of them are different. (The digits of records are drawn small in half of the assignments,
   so that sums of them come near every threshold.)
3. *By the solver.* What agrees in all of them is put to z3: can the two differ? "No" proves them equal. "Yes" comes
   with an assignment, which joins those of step 2, so that no other pair which it tells apart is asked. No answer in
   time, or no time left for all questions together (:data:`IN_ALL`, :data:`MOST_CALLS`): the two count as different.

So "different" may be wrong, and then a network is refused that need not be. "Equal" rests on z3 here, but nobody has to
believe it: the checker (``verify/recheck``) writes the circuits again, and wants a proof of each pair that is equal
for another reason than structure.

Two kinds of assumptions can be made. That *some input of a few is set* (the digits of a clock that has ticked) is known
to structure as well: the AND of their negations is false. That *two literals are equal* (what was proved after the
round before) is known to the solver alone, and assignments that break it are not counted.
"""

import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from constructions.computation.builder import FALSE, TRUE, Builder
from constructions.computation.flat import at_least
from constructions.foundations.loading import loaded_when_used
from constructions.foundations.processor_time import processor_limit
from verify.certifier.refusal import NetworkRefused

with loaded_when_used(__name__):
    import z3

WIDTH, MOST_LEARNED = 1024, 1024
SECONDS = 20
IN_ALL = 60
"""Seconds for all questions to the solver together; what is then still open counts as different."""
MOST_CALLS = 2000
MOST_STEPS = 2_000_000
"""Steps in all to write gates whose literals coincide as ANDs and ORs."""
WIDEST = 64
"""Up to so many literals an AND of ANDs is written as one."""


@cache
def _drawn_limits() -> tuple[tuple[int, ...], tuple[Any, ...]]:
    """The first numbers that every builder draws, and the state of the source after them."""
    source = Random(5)
    return tuple(source.randrange(10) for _ in range(WIDTH)), source.getstate()


@dataclass(kw_only=True)
class SolverTally:
    """How questions were settled, counted over all attempts; no pass is steered by it but by its budgets.

    Parameters
    ----------
    seconds : the budget for each question to the solver. structural : equalities of two literals that are one literal.
        calls, unknown, spent : questions to the solver, those that it left open, and the seconds of the processor that
        it took. steps : what :meth:`ComparingBuilder.counted` took. alike : the largest number of copies that some
        round could not tell apart.
    """

    seconds: int = SECONDS
    structural: int = 0
    calls: int = 0
    unknown: int = 0
    spent: float = 0.0
    steps: int = 0
    alike: int = 1


class ComparingBuilder(Builder):
    """A builder under assumptions: that some of a few inputs is set (a clock that has ticked), once at most, and that
    literals are equal.

    >>> circuit = ComparingBuilder(SolverTally())
    >>> a, b, c = (circuit.input(name) for name in "abc")
    >>> circuit.assume_some([a, b])
    >>> circuit.some([b, a]) == TRUE, circuit.same(circuit.some([a, b, c]), TRUE), circuit.same(a, b)
    (True, True, False)
    >>> circuit.assume_same(a, circuit.both(a, c))
    >>> circuit.same(circuit.either(a, c), c)
    True

    >>> circuit.named("x") == circuit.named("x")
    True
    >>> circuit.among(circuit.some([b, a]), [c, TRUE]) == TRUE, circuit.among(a, [b, c])
    (True, None)
    >>> one, other = circuit.words([a, a ^ 1])
    >>> one & other  # in no assignment are a and its negation both set
    0
    >>> circuit.is_input(a >> 1), circuit.is_input(circuit.both(a, b) >> 1)
    (True, False)
    """

    def __init__(self, tally: SolverTally, *, solver: bool = True) -> None:
        super().__init__()
        self._source = Random()
        self.tally, self.solver = tally, solver
        self.width = WIDTH
        self._limits, begun = _drawn_limits()
        self._source.setstate(begun)
        self._some: list[int] = []
        self._equal: list[tuple[int, int]] = []
        self._words: list[int] = []
        self._named: dict[str, int] = {}
        self._ands: dict[int, tuple[int, ...]] = {}

    def both(self, a: int, b: int) -> int:
        """AND of two literals; one that is an AND itself is taken apart, so that it does not matter how a wide AND
        was put together."""
        return self._conjunction({a, b})

    def _conjunction(self, literals: set[int]) -> int:
        chosen: set[int] = set()
        for literal in literals:
            parts = self._ands.get(literal)
            if parts is not None and len(parts) + len(literals) <= WIDEST:
                chosen.update(parts)
            else:
                chosen.add(literal)
        chosen.discard(TRUE)
        if FALSE in chosen or any(literal ^ 1 in chosen for literal in chosen):
            return FALSE
        if len(chosen) < 2:
            return chosen.pop() if chosen else TRUE
        row = tuple(sorted(chosen))
        found = self._row(len(row), row)
        if found >= 0:
            self._ands[found] = row
        return found

    def counted(self, needs: int, literals: Sequence[int]) -> int:
        """At least ``needs`` of some literals, each counted as often as it is given; NetworkRefused (k) if that takes
        too many steps."""
        many = Counter(literal for literal in literals if literal >= 0)
        needs -= sum(literal == TRUE for literal in literals)
        for literal in [literal for literal in many if not literal & 1 and literal ^ 1 in many]:
            pairs = min(many[literal], many[literal ^ 1])
            needs -= pairs
            many -= Counter({literal: pairs, literal ^ 1: pairs})
        if needs <= 0 or needs > many.total():
            return TRUE if needs <= 0 else FALSE
        if len(set(many.values())) == 1:
            return self.at_least(-(-needs // next(iter(many.values()))), sorted(many))
        self.tally.steps += needs * len(many)
        if self.tally.steps > MOST_STEPS:
            raise NetworkRefused(
                "k", f"gates whose literals coincide, which take more than {MOST_STEPS} steps to write out"
            )
        reached = [TRUE] + [FALSE] * needs
        for literal, times in sorted(many.items()):
            for k in range(needs, 0, -1):
                reached[k] = self.either(reached[k], self.both(reached[max(k - times, 0)], literal))
        return reached[needs]

    def named(self, name: str) -> int:
        """The input of this name, made when it is first asked for."""
        if name not in self._named:
            self._named[name] = self.input(name)
        return self._named[name]

    def assume_some(self, literals: Sequence[int]) -> None:
        """From now on, at least one of these inputs (two or more, none of them used yet) is set."""
        self._some = list(literals)
        none = self.every(literal ^ 1 for literal in literals)
        key = next(key for key, literal in self._known.items() if literal == none)
        self._known[key] = FALSE
        self._ands.pop(none, None)

    def assume_not_all(self, literals: Sequence[int]) -> None:
        """From now on, not all of these literals are true. Structure knows it of the gate over them, if nothing uses
        that gate yet.

        >>> circuit = ComparingBuilder(SolverTally(), solver=False)
        >>> a, b = circuit.named("a"), circuit.named("b")
        >>> circuit.assume_not_all([a, b])
        >>> circuit.both(a, b) == FALSE
        True
        """
        whole = self.every(literals)
        key = next(key for key, literal in self._known.items() if literal == whole)
        self._known[key] = FALSE
        self._ands.pop(whole, None)
        self._equal.append((whole, FALSE))

    def assume_same(self, a: int, b: int) -> None:
        """From now on, the literals a and b are equal. Structure does not know of it, the solver does."""
        if a != b:
            self._equal.append((a, b))

    def same(self, a: int, b: int) -> bool:
        """Whether the literals a and b are equal for all inputs, under the assumptions."""
        if a == b:
            self.tally.structural += 1
            return True
        if not self.solver:
            return False
        words = self.words([a, b])
        if words[0] != words[1] or a ^ b == 1 or self.tally.calls >= MOST_CALLS:
            return False
        if self.tally.spent > max(IN_ALL, self.tally.seconds):
            self.tally.unknown += 1
            return False
        self.tally.calls += 1
        began = time.process_time()
        solver = z3.Solver()
        many = len(self._some)
        terms = self._terms(solver, [a, b, *self._some, *(literal for pair in self._equal for literal in pair)])
        if many:
            solver.add(z3.Or(terms[2 : 2 + many]))
        solver.add(*(one == other for one, other in zip(terms[2 + many :: 2], terms[3 + many :: 2], strict=True)))
        solver.add(terms[0] != terms[1])
        with processor_limit(solver.ctx.interrupt, self.tally.seconds):
            found = solver.check()
        self.tally.spent += time.process_time() - began
        self.tally.unknown += found == z3.unknown
        if found == z3.sat:
            self._learn(solver.model())
        return bool(found == z3.unsat)

    def _learn(self, model: "z3.ModelRef") -> None:
        """A counterexample as one more assignment, so that no other pair that it tells apart is asked."""
        if self.width >= WIDTH + MOST_LEARNED:
            return
        values: list[int] = []
        for node in range(len(self._words)):
            if self.is_input(node):
                values.append(int(z3.is_true(model.eval(z3.Bool(f"n{node}"), model_completion=True))))
            else:
                needs, row = self.row(node)
                values.append(int(sum(values[literal >> 1] ^ (literal & 1) for literal in row) >= needs))
            self._words[node] |= values[-1] << self.width
        self.width += 1

    def among(self, literal: int, pool: Iterable[int]) -> int | None:
        """A literal of the pool that equals this one, or None."""
        known = list(pool)
        if literal in set(known):
            self.tally.structural += 1
            return literal
        if not self.solver:
            return None
        words = self.words([literal, *known])
        for other, word in zip(known, words[1:], strict=True):
            if word == words[0] and self.same(literal, other):
                return other
        return None

    def words(self, literals: Sequence[int]) -> list[int]:
        """The values of literals in many assignments, random ones and counterexamples; those that do not keep the
        assumptions are 0 everywhere. There are :attr:`width` of them."""
        self._simulate()
        full = (1 << self.width) - 1

        def word(a: int) -> int:
            return full if a == TRUE else 0 if a == FALSE else self._words[a >> 1] ^ (full if a & 1 else 0)

        kept = full
        for one, other in self._equal:
            kept &= full ^ word(one) ^ word(other)
        return [word(a) & kept for a in literals]

    def is_input(self, node: int) -> bool:
        """Whether a node is an input."""
        at = bisect_left(self._input_nodes, node)
        return at < len(self._input_nodes) and self._input_nodes[at] == node

    def row(self, node: int) -> tuple[int, tuple[int, ...]]:
        """The gate at a node."""
        return self._gates[node - bisect_left(self._input_nodes, node)]

    def _simulate(self) -> None:
        full = (1 << self.width) - 1
        for node in range(len(self._words), len(self.inputs) + len(self._gates)):
            if self.is_input(node):
                word = self._drawn(self.inputs[bisect_left(self._input_nodes, node)])
                if self._some and node == self._some[-1] >> 1:
                    others = 0
                    for literal in self._some[:-1]:
                        others |= self._words[literal >> 1]
                    word |= full ^ others
                self._words.append(word)
            else:
                needs, literals = self.row(node)
                bits = [self._words[literal >> 1] ^ (full if literal & 1 else 0) for literal in literals]
                self._words.append(at_least(needs, bits, full))

    def _drawn(self, name: str) -> int:
        """Random values of an input. The digits of records are those of small numbers in half of the assignments, so
        that sums come near every threshold."""
        word = self._source.getrandbits(self.width)
        kind, *places = name.split()
        if kind == "digit" and places[-1].isdigit():
            word &= ~sum(1 << lane for lane, limit in enumerate(self._limits) if lane % 2 and limit <= int(places[-1]))
        return word

    def _terms(self, solver: "z3.Solver", literals: Sequence[int]) -> "list[z3.BoolRef]":
        """The literals as terms; their cones are asserted node by node."""
        made: dict[int, z3.BoolRef] = {}
        waiting = [literal >> 1 for literal in literals if literal >= 0]
        while waiting:
            node = waiting[-1]
            if node in made:
                waiting.pop()
                continue
            if self.is_input(node):
                made[node] = z3.Bool(f"n{node}")
                continue
            needs, row = self.row(node)
            missing = [literal >> 1 for literal in row if literal >> 1 not in made]
            if missing:
                waiting += missing
                continue
            terms = [z3.Not(made[literal >> 1]) if literal & 1 else made[literal >> 1] for literal in row]
            made[node] = z3.Bool(f"n{node}")
            solver.add(made[node] == (z3.And(terms) if needs == len(terms) else z3.AtLeast(*terms, needs)))

        def term(literal: int) -> "z3.BoolRef":
            if literal < 0:
                return z3.BoolVal(literal == TRUE)
            return z3.Not(made[literal >> 1]) if literal & 1 else made[literal >> 1]

        return [term(literal) for literal in literals]
