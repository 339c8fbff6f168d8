"""Circuits in which equal things get one literal.

A literal is 2i for node i and 2i + 1 for its negation; 0 is false and 1 is true. A node is a leaf (a variable) or a
gate "at least k of some literals" over earlier nodes. A gate is made at most once: its operands in ascending order and
k are its key, compared exactly, and two gates with one key are one function of their leaves. The rules by which a gate
is simplified before it gets a key are these, and each holds for every value of the leaves:

* true operands are counted, false ones left out; none of n is true, n + 1 of n is false;
* "one of n" is the negation of "all of the negations"; "all" takes the operands of an operand that is an "all" itself
  (up to 64);
* u and not u is false, u and u is u; in a proper threshold u and not u together count one, and a literal that is given
  several times is written out as ANDs and ORs.

What else is equal is written in the certificate: for a node, an earlier literal and a proof (``proof.py``), which is
replayed when the node is made; from then on the literal stands for the node. Assumptions are equalities too: they are
stated before anything that uses them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from verify.recheck.proof import FALSE, TRUE, Row, replay
from verify.recheck.reading import need

WIDEST = 64
MOST_STEPS = 2_000_000


class Circuit:
    """A circuit being written.

    Parameters
    ----------
    proofs : for some nodes an earlier literal that is equal, and the proof. widest : so many operands "all" takes in
    of its operands'.

    >>> circuit = Circuit({})
    >>> a, b, c = (circuit.leaf(name) for name in "abc")
    >>> circuit.every([a, circuit.every([b, c])]) == circuit.every([circuit.every([a, b]), c])
    True
    >>> circuit.at_least(2, [a, a ^ 1, b]) == b  # of a and not a one is true
    True
    >>> circuit.settled(40)  # no proof says that it is equal to an earlier one
    80
    >>> both = circuit.every([a, b])
    >>> circuit.assume(both, a)
    >>> circuit.every([b, a]) == a
    True
    """

    def __init__(self, proofs: Mapping[int, tuple[int, Any]], *, widest: int = WIDEST) -> None:
        self.rows: list[Row | None] = [None]
        self.proofs, self.used, self.widest = proofs, 0, widest
        self.assumed: list[tuple[int, int]] = []
        self.names: dict[str, int] = {}
        self._known: dict[Row, int] = {}
        self._steps = 0

    def leaf(self, name: str) -> int:
        """The variable of this name."""
        if name not in self.names:
            self.names[name] = 2 * len(self.rows)
            self.rows.append(None)
        return self.names[name]

    def assume(self, one: int, other: int) -> None:
        """From now on the literals ``one`` and ``other`` are equal. (Only a gate is replaced by the other; of leaves
        only proofs know it.)"""
        self.assumed.append((one, other))
        later, earlier = max(one, other), min(one, other)
        row = self.rows[later >> 1]
        if row is not None:
            self._known[row] = earlier ^ (later & 1)

    def every(self, literals: Iterable[int]) -> int:
        """All of some literals."""
        given, chosen = set(literals), set[int]()
        for literal in given:
            row = self.rows[literal >> 1]
            if row is not None and not literal & 1 and row[0] == len(row[1]) <= self.widest - len(given):
                chosen.update(row[1])
            else:
                chosen.add(literal)
        chosen.discard(TRUE)
        if FALSE in chosen or any(literal ^ 1 in chosen for literal in chosen):
            return FALSE
        if len(chosen) < 2:
            return chosen.pop() if chosen else TRUE
        return self._gate(len(chosen), chosen)

    def some(self, literals: Iterable[int]) -> int:
        """One of some literals."""
        return self.every([literal ^ 1 for literal in literals]) ^ 1

    def at_least(self, needs: int, literals: Sequence[int]) -> int:
        """The literal that is true if at least as many as it ``needs`` of some literals are, each counted as often as
        it is given."""
        if needs == len(literals):
            return self.every(literals)
        if needs == 1:
            return self.some(literals)
        many = Counter(literal for literal in literals if literal > TRUE)
        needs -= sum(literal == TRUE for literal in literals)
        for literal in [literal for literal in many if not literal & 1 and literal ^ 1 in many]:
            pairs = min(many[literal], many[literal ^ 1])
            needs -= pairs
            many -= Counter({literal: pairs, literal ^ 1: pairs})
        if needs <= 0 or needs > many.total():
            return TRUE if needs <= 0 else FALSE
        if max(many.values()) > 1:
            return self._counted(needs, many)
        if needs in (1, len(many)):
            return self.some(many) if needs == 1 else self.every(many)
        return self._gate(needs, many)

    def _counted(self, needs: int, many: Mapping[int, int]) -> int:
        """At least so many, of ANDs and ORs alone: how many are reached is kept after each literal."""
        self._steps += needs * len(many)
        need(self._steps <= MOST_STEPS, "(k) gates over literals that coincide, which can be written out")
        reached = [TRUE] + [FALSE] * needs
        for literal, times in sorted(many.items()):
            for k in range(needs, 0, -1):
                reached[k] = self.some([reached[k], self.every([reached[max(k - times, 0)], literal])])
        return reached[needs]

    def _gate(self, needs: int, literals: Iterable[int]) -> int:
        row = (needs, tuple(sorted(literals)))
        found = self._known.get(row)
        if found is None:
            node = len(self.rows)
            self.rows.append(row)
            found = self._known[row] = self.settled(node)
        return found

    def settled(self, node: int) -> int:
        """The literal that stands for a new node: its own, or an earlier one that is proved equal."""
        said = self.proofs.get(node)
        if said is None:
            return 2 * node
        literal, proof = said
        need(0 <= literal < 2 * node, f"an earlier literal for node {node} of a circuit, got {literal}")
        replay(proof, 2 * node, literal, self.rows, self.assumed)
        self.used += 1
        return literal
