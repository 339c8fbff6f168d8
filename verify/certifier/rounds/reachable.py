"""What holds in all states that a machine can reach: clauses of its state's bits, found by going from state to state.

Answers and random bits are all tried where they are few, else drawn; so a clause may be wrong. It is a proposal: the
certificate says it of the state after every round, and the checker takes it only if each round keeps it.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations, product
from random import Random

from constructions.computation.query_machine import QueryMachine

MOST_BITS, MOST_STATES, MOST_CLAUSES, WIDTH = 24, 1 << 11, 400, 256
State = tuple[int, ...]
Clause = tuple[tuple[int, int], ...]
"""Pairs (bit of the state, value): one of them holds."""


def reached(machine: QueryMachine) -> set[State] | None:
    """The states that are reached in as many rounds as the machine has; None if there are too many, or too many bits.

    >>> from constructions.computation.learner_machines import conjunction_machine
    >>> from fractions import Fraction
    >>> len(reached(conjunction_machine(2, fraction=8, tau=Fraction(1, 8))) or ())
    61
    """
    names = list(machine.machine.state)
    if len(names) > MOST_BITS:
        return None
    found = frontier = {tuple(machine.start()[name] for name in names)}
    source = Random(1)
    for _ in range(min(machine.rounds, MOST_STATES)):
        frontier = {
            after for state in frontier for after in _after(machine, dict(zip(names, state, strict=True)), source)
        } - found
        found = found | frontier
        if not frontier or len(found) > MOST_STATES:
            break
    return found if len(found) <= MOST_STATES else None


def _after(machine: QueryMachine, state: dict[str, int], source: Random) -> Iterator[State]:
    """The states that follow, for answers within -1 and 1 and random bits."""
    update, top = machine.update, 1 << machine.answer_fraction
    choices = [range(-top, top + 1)] * machine.parallel + [range(2)] * machine.random_bits
    many = (2 * top + 1) ** machine.parallel << machine.random_bits
    lanes = list(product(*choices)) if many <= WIDTH else [tuple(map(source.choice, choices)) for _ in range(WIDTH)]
    full = (1 << len(lanes)) - 1
    given = dict.fromkeys(update.inputs, 0) | {name: full * bit for name, bit in state.items()}
    columns = list(zip(*lanes, strict=True))
    for j in range(machine.parallel):
        for i, name in enumerate(machine.port(f"answer{j}")):
            given[name] = sum((code >> i & 1) << lane for lane, code in enumerate(columns[j]))
    for name, bits in zip(machine.port("random"), columns[machine.parallel :], strict=True):
        given[name] = sum(bit << lane for lane, bit in enumerate(bits))
    words = list(update.evaluate(given, width=len(lanes)).values())
    for lane in range(len(lanes)):
        yield tuple(word >> lane & 1 for word in words)


def clauses(states: Sequence[State]) -> list[Clause]:
    """Clauses of one or two bits, and if need be of three, that hold in all of some states and do not follow from
    shorter ones.

    >>> clauses([(1, 0, 0), (0, 1, 0)])
    [((2, 0),), ((0, 1), (1, 1)), ((0, 0), (1, 0))]
    """
    bits = len(states[0])
    found: list[Clause] = []
    for size in (1, 2, 3):
        for chosen in combinations(range(bits), size):
            seen = {tuple(state[i] for i in chosen) for state in states}
            for values in product((0, 1), repeat=size):
                clause = tuple((i, 1 - value) for i, value in zip(chosen, values, strict=True))
                if values not in seen and not any(set(known) <= set(clause) for known in found):
                    found.append(clause)
            if len(found) >= MOST_CLAUSES:
                return found[:MOST_CLAUSES]
    return found
