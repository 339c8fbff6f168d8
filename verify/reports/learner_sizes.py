"""The table of the learners' machines: gates, state bits, queries and random bits a round, rounds, against n, m and
b."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

from constructions.computation.built_in_learners import QUERY_LEARNERS, SAMPLE_LEARNERS
from constructions.computation.query_machine import QueryMachine
from constructions.reductions.one_bit import VERSIONS
from verify.screen.printing import say

SAMPLED = ((2, 4, 1), (2, 4, 4), (4, 8, 1), (4, 8, 4), (4, 8, 16), (8, 16, 4), (8, 16, 16))
"""Sizes n, m, b of learners from samples."""
ASKED = (2, 4, 8, 16)
"""Sizes n of learners by queries."""
DELTA, PLACES, TAU = Fraction(1, 32), 6, Fraction(1, 16)
HEAD = """# Sizes of the learners' machines

Written by `python -m verify.reports.learner_sizes`. Gates are rows of the circuit, ANDs and ORs of any \
number of literals: all of them, and those
of a round's next state, of its queries, and of the predictor (a gate may serve several). p is the number of \
queries a round, *random* and
*answer* are bits a round and an answer. A learner from samples draws m of them by Lemma 1, with b tau = 1/4 \
and delta = {DELTA}; its
answers have as few places as will do. A learner by queries has answers of {PLACES} places (and tau = {TAU}). \
*best-of-literals* is ERM over
the constants and the literals.

| learner | extraction | n | m | b | gates | next state | queries | predictor | state bits | p | random | \
answer | rounds |
|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
"""


def machines() -> Iterator[tuple[str, str, int, str, str, QueryMachine]]:
    """Every row: name, extraction, n, m, b, machine.

    The learner *literal* asks in one round for the label's mean and for its correlation with each of n bits, and does
    nothing in a second one; so its queries grow with n, and its rounds do not.

    >>> from itertools import islice
    >>> for name, extraction, n, m, b, machine in islice(machines(), 3):
    ...     print(f"{name}, n={n}: {machine.parallel} queries a round, {machine.rounds} rounds")
    literal, n=2: 3 queries a round, 2 rounds
    literal, n=4: 5 queries a round, 2 rounds
    literal, n=8: 9 queries a round, 2 rounds
    """
    for name, asking in QUERY_LEARNERS.items():
        tau = {"tau": TAU} if name == "query-conjunction" else {}
        yield from ((name, "", n, "", "", asking.machine(n, fraction=PLACES, **tau)) for n in ASKED)
    for name, drawing in SAMPLE_LEARNERS.items():
        for (n, m, b), version in product(SAMPLED, VERSIONS):
            machine = drawing.machine(n, m, b=b, tau=Fraction(1, 4 * b), delta=DELTA, version=version)
            yield name, version, n, str(m), str(b), machine


def markdown() -> str:
    """The table as a page: the same bytes every time.

    >>> from unittest.mock import patch
    >>> first = [next(machines())]
    >>> with patch(f"{__name__}.machines", lambda: first):
    ...     head, _, row = markdown().splitlines()[-3:]
    >>> found = dict(zip(head.split(" | "), row.split(" | ")))
    >>> [(name, found[name]) for name in ("n", "gates", "p", "state bits")]
    [('n', '2'), ('gates', '893'), ('p', '3'), ('state bits', '49')]
    """
    lines = []
    for *names, machine in machines():
        parts = (machine.machine.exposed(), machine.update, machine.query, machine.predictor)
        gates = [len(circuit.gates) for circuit in parts]
        bits = (
            len(machine.machine.state),
            machine.parallel,
            machine.random_bits,
            machine.answer_format.width,
            machine.rounds,
        )
        lines.append("| " + " | ".join(map(str, (*names, *gates, *bits))) + " |\n")
    return HEAD.format(DELTA=DELTA, PLACES=PLACES, TAU=TAU) + "".join(lines)


if __name__ == "__main__":
    say(*markdown().split("\n")[:-1])
