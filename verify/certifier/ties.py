"""Copies that act in the same way, for digits that are equal as functions: which is whose shows in what is made of their records.

A value of size 1 counts as all digits, so digits beyond the places of a query are set together, and their copies differ only in the weight that
the decoder gives them. All copies of such a set get one record, so that it does not matter which is whose, and the network's vertices are compared
with the machine's next state; then one copy, and one role, gets another record. What changes alike belongs together. This is only a proposal.
"""
from collections.abc import Iterator, Mapping, Sequence
from random import Random

from constructions.computation.flat import at_least
from verify.certifier.phases import Block, Context, Phase
from verify.certifier.unrolling import Role

Group = tuple[list[Role], list[int]]
Order = list[tuple[Role, int]]
WIDTH = 256
FULL = (1 << WIDTH) - 1


def orders(context: Context, block: Block, groups: Sequence[Group], after: Phase, state: Sequence[int]) -> Iterator[Order]:
    """Proposals, to be checked: roles and copies of a set in their order, then as their records are used."""
    natural = [(roles, sorted(copies, key=lambda c: block.digits[c])) for roles, copies in groups]
    yield [pair for roles, copies in natural for pair in zip(roles, copies, strict=True)]
    if any(len(roles) > 1 for roles, _ in natural):
        yield _Comparison(context, block, natural, after, state).order()


class _Comparison:
    """Words for records, random bits and state; what network and machine make of them."""

    def __init__(self, context: Context, block: Block, groups: Sequence[Group], after: Phase, state: Sequence[int]) -> None:
        self.context, self.block, self.groups, self.after = context, block, groups, after
        source = Random(7)
        self.inputs = {name: source.getrandbits(WIDTH) for name in after.drawing.inputs}
        self.inputs |= {name: FULL for name in self.inputs if name.startswith("digit 0 ")}
        self.other = [source.getrandbits(WIDTH) for _ in range(context.bits)]
        self.records: dict[int, list[int]] = {}
        for _, copies in groups:
            words = [source.getrandbits(WIDTH) for _ in range(context.bits)]
            self.records |= dict.fromkeys(copies, words)
        self.state = [after.form(reference) for reference in state]

    def order(self) -> Order:
        """Roles and copies that change alike."""
        plain = self._network({}), self._machine({})
        live = range(len(plain[0]))
        same = [[i for i, word in enumerate(plain[1]) if word in (plain[0][v], plain[0][v] ^ FULL)] for v in live]
        signs = [[word == plain[0][v] for word in plain[1]] for v in live]
        found: Order = []
        for roles, copies in self.groups:
            left = list(copies)
            if len(roles) == 1:
                found.append((roles[0], left[0]))
                continue
            made = {c: self._network({c: self.other}) for c in copies}
            for role in roles:
                wanted = self._machine({role: self.other})

                def agree(c: int, wanted: list[int] = wanted, made: dict[int, list[int]] = made) -> int:
                    words = made[c]
                    return sum(any(words[v] == (wanted[i] if signs[v][i] else wanted[i] ^ FULL) for i in same[v]) for v in live if same[v])

                chosen = max(left, key=agree)
                left.remove(chosen)
                found.append((role, chosen))
        return found

    def _network(self, changed: Mapping[int, list[int]]) -> list[int]:
        """The words of the round's gates."""
        drawing = self.after.drawing
        words = dict(self.inputs)
        for c, record in (self.records | dict(changed)).items():
            words |= {f"digit {c} {i}": word for i, word in enumerate(record)}
        values: list[int] = []
        names = iter(drawing.inputs)
        for node in range(len(drawing.inputs) + len(drawing)):
            if drawing.is_input(node):
                values.append(words.setdefault(next(names), 0))
            else:
                needs, row = drawing.row(node)
                values.append(at_least(needs, [values[a >> 1] ^ (FULL if a & 1 else 0) for a in row], FULL))

        def word(literal: int) -> int:
            if literal < 0:
                return FULL if literal & 1 else 0
            return values[literal >> 1] ^ (FULL if literal & 1 else 0)

        self.word = word
        return [word(self.after.literal(v)) for v in self.block.gates]

    def _machine(self, changed: Mapping[Role, list[int]]) -> list[int]:
        """The words of the machine's next state."""
        circuit, roles = self.context.machine.next_circuit(self.context.decoding, self.context.bits)
        read = {role: self.records[c] for of, copies in self.groups for role, c in zip(of, copies, strict=True)} | dict(changed)
        nothing = [0] * self.context.bits
        given = [word for role in roles for word in read.get(role, nothing)]
        given += [self.word(literal) for literal in (*self.after.random, *self.state)]
        values = circuit.values(given, width=WIDTH)
        return [values[a >> 1] ^ (FULL if a & 1 else 0) for a in circuit.outputs.values()]
