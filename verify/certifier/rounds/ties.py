"""Copies that act in the same way, for digits that are equal as functions: which is whose shows in what is made of
their records.

A value of size 1 counts as all digits, so digits beyond the places of a query are set together, and their copies differ
only in the weight that the decoder gives them. All copies of such a set get one record, so that it does not matter
which is whose, and the network's vertices are compared with the machine's next state and the sums of its decoder; then
one copy, and one role, gets another record. What changes alike belongs together. This is only a proposal.
"""

from collections.abc import Iterator, Mapping, Sequence
from random import Random

from constructions.computation.flat import at_least
from verify.certifier.rounds.phases import Context, NetworkRound, PhaseCircuit
from verify.certifier.rounds.unrolling import Role

Group = tuple[list[Role], list[int]]
Order = list[tuple[Role, int]]
WIDTH = 1024
FULL = (1 << WIDTH) - 1


def orders(
    context: Context, round_: NetworkRound, groups: Sequence[Group], after: PhaseCircuit, state: Sequence[int]
) -> Iterator[Order]:
    """Proposals, to be checked: roles and copies of a set in their order, and as their records are used. By structure
    the first is tried first, for it costs nothing; with the solver, which may take long to see that a proposal is
    wrong, the second.

    ``context.choice`` picks among copies that cannot be told apart in this round (two queries that are one
    function): the first of several attempts has choice 0.

    Parameters
    ----------
    context, round_ : what all rounds share, and the round.
    groups : sets of roles and the copies that may have them.
    after, state : the round's circuit after its step, and the literals of the machine's state before it.

    >>> from dataclasses import replace
    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> from verify.certifier.rounds.all_rounds import NO_DECODER
    >>> from verify.certifier.rounds.equal import SolverTally
    >>> from verify.certifier.rounds.phases import AFTER
    >>> from verify.certifier.rounds.prediction import NO_ROUND
    >>> from verify.certifier.rounds.state_functions import StateFunctions
    >>> from verify.certifier.rounds.unrolling import UnrolledMachine
    >>> machine, shared = UnrolledMachine(best_literal_machine(1, fraction=0)), {"row": {}.get, "inputs": 1, "bits": 1}
    >>> rest = {"decoding": NO_DECODER, "functions": StateFunctions(), "tally": SolverTally(), "solver": False}
    >>> context, round_ = Context(machine=machine, **shared, **rest), replace(NO_ROUND, digits=[[9], [8], [6], [7]])
    >>> groups = [([Role(0, 0)], [2]), ([Role(1, 0), Role(2, 0)], [1, 3])]
    >>> for role, copy in next(orders(context, round_, groups, PhaseCircuit(context, NO_ROUND, {}, AFTER), ())):
    ...     print(role, "is asked by copy", copy)
    digit 1 of the positive part of query 0 is asked by copy 2
    digit 1 of the positive part of query 1 is asked by copy 3
    digit 1 of the positive part of query 2 is asked by copy 1
    """
    natural = [(roles, sorted(copies, key=lambda c: list(round_.digits[c]))) for roles, copies in groups]
    first = [pair for roles, copies in natural for pair in zip(roles, copies, strict=True)]
    if all(len(roles) == 1 for roles, _ in natural):
        if not context.choice:
            yield first
        return
    by_structure = not context.solver and not context.choice
    if by_structure:
        yield first
    compared = _Comparison(context, round_, natural, after, state).order()
    if compared != first or not by_structure:
        yield compared
    if context.solver and not context.choice and compared != first:
        yield first


class _Comparison:
    """Words for records, random bits and state; what network and machine make of them."""

    def __init__(
        self, context: Context, round_: NetworkRound, groups: Sequence[Group], after: PhaseCircuit, state: Sequence[int]
    ) -> None:
        self.context, self.round_, self.groups, self.after = context, round_, groups, after
        self.source = source = Random(7)
        self.limits = [source.randrange(1 + context.bits) if lane % 2 else context.bits for lane in range(WIDTH)]
        self.inputs = {name: source.getrandbits(WIDTH) for name in after.circuit.inputs}
        self.inputs |= {name: FULL for name in self.inputs if name.startswith("digit 0 ")}
        self.records: dict[int, list[int]] = {}
        self.asked: dict[Role, list[int]] = {}
        for roles, copies in groups:
            words = self._record()
            self.records |= dict.fromkeys(copies, words)
            self.asked |= dict.fromkeys(roles, words)
        self.state, self.choice = [after.function(reference) for reference in state], context.choice

    def _record(self) -> list[int]:
        """A record in each world: any number in every other one, in the rest below a power of two that all records of
        this world have in common, so that sums come near every threshold that the next state may ask about."""
        words = []
        for i in range(self.context.bits):
            fits = sum(1 << lane for lane, limit in enumerate(self.limits) if i < limit)
            words.append(self.source.getrandbits(WIDTH) & fits)
        return words

    def order(self) -> Order:
        """Roles and copies that change alike; a pair that is found has a record of its own from then on."""
        found: Order = []
        for roles, copies in self.groups:
            left = list(copies)
            for role in roles:
                chosen = self._like(role, left) if len(left) > 1 else left[0]
                left.remove(chosen)
                found.append((role, chosen))
                self.records[chosen] = self.asked[role] = self._record()
        return found

    def _like(self, role: Role, copies: Sequence[int]) -> int:
        """Of some copies with one record, the one with which the network changes most as the machine does with the
        role."""
        network, machine = self._network({}), self._machine({})
        other = self._record()
        wanted = self._machine({role: other})
        pairs = [[(i, 0 if a == b else FULL) for i, b in enumerate(machine) if a in (b, b ^ FULL)] for a in network]

        changed = {c: self._network({c: other}) for c in copies}

        def agreeing(words: list[int]) -> tuple[int, int]:
            """How many of the machine's words are still some gate's that was theirs, and how many gates are still
            the machine's."""
            hits = [[i for i, sign in row if word == wanted[i] ^ sign] for word, row in zip(words, pairs, strict=True)]
            return len({i for row in hits for i in row}), sum(map(bool, hits))

        scores = {c: agreeing(words) for c, words in changed.items()}
        best = [c for c, score in scores.items() if score == max(scores.values())]
        if all(changed[c] == changed[best[0]] for c in best):
            return best[0]  # as far as is seen, it does not matter: records that nobody reads, for one
        self.choice, which = divmod(self.choice, len(best))
        self.context.tally.alike = max(self.context.tally.alike, len(best))
        return best[which]

    def _network(self, changed: Mapping[int, list[int]]) -> list[int]:
        """The words of the round's gates."""
        circuit = self.after.circuit
        words = dict(self.inputs)
        for c, record in (self.records | dict(changed)).items():
            words |= {f"digit {c} {i}": word for i, word in enumerate(record)}
        values: list[int] = []
        names = iter(circuit.inputs)
        for node in range(len(circuit.inputs) + len(circuit)):
            if circuit.is_input(node):
                values.append(words.setdefault(next(names), 0))
            else:
                needs, row = circuit.row(node)
                values.append(at_least(needs, [values[a >> 1] ^ (FULL if a & 1 else 0) for a in row], FULL))

        def word(literal: int) -> int:
            if literal < 0:
                return FULL if literal & 1 else 0
            return values[literal >> 1] ^ (FULL if literal & 1 else 0)

        self.word = word
        return [word(self.after.literal(v)) for v in self.round_.gates]

    def _machine(self, changed: Mapping[Role, list[int]]) -> list[int]:
        """The words of the machine's next state and of its decoder's sums."""
        circuit, roles = self.context.machine.next_circuit(self.context.decoding, self.context.bits)
        read = self.asked | dict(changed)
        nothing = [0] * self.context.bits
        given = [word for role in roles for word in read.get(role, nothing)]
        given += [self.word(literal) for literal in (*self.after.random, *self.state)]
        values = circuit.values(given, width=WIDTH)
        return [values[a >> 1] ^ (FULL if a & 1 else 0) for a in circuit.outputs.values()]
