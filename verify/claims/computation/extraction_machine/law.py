"""Lemma 1's machine: the samples that it draws have the law of the source, exactly, within the expected rounds.

Proved here: both, on random sources with rational masses, from the finite chain of the machine's states
(``lemma1.machine.law``).
"""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import combinations_with_replacement, product
from math import factorial, prod
from random import Random
from typing import Any

from constructions.computation.extraction_machine import extraction_machine
from constructions.computation.query_machine import QueryMachine
from constructions.computation.sample_learners import memoriser_learner
from constructions.foundations.loading import loaded_when_used
from constructions.foundations.logic import every
from constructions.learning.models import strings
from constructions.learning.problems import Bits, Point, labelled_points
from constructions.reductions.extract_bounds import idle_rounds_of_coin
from constructions.reductions.one_bit import VERSIONS
from constructions.reductions.sample_extract import Extraction
from verify.claims.computation.extraction_machine.circuits import F
from verify.claims.computation.extraction_machine.following import states_after
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, registry
from verify.obligations.verdict import Verdict

with loaded_when_used(__name__):
    import sympy
    from sympy.polys import matrices

Key = tuple[tuple[str, int], ...]


SOURCES, MASSES = 4, 9


def _source(n: int, seed: int) -> dict[Point, Fraction]:
    """A random source with rational masses, all positive."""
    source = Random(seed)
    weights = {point: source.randint(1, MASSES) for point in labelled_points(n)}
    return {point: F(weight, sum(weights.values())) for point, weight in weights.items()}


def _moved(
    machine: QueryMachine, b: int, kept: Mapping[str, int], source: Mapping[Point, Fraction], heads: Fraction
) -> dict[Key, Fraction]:
    """The law of the machine's state after a round on a fresh batch of a source; a random bit is 1 with the chance
    ``heads``."""
    query = machine.query_at(kept, 2 - kept["odd"])
    rows: dict[tuple[Fraction, ...], Fraction] = {}
    for (x, y), mass in source.items():
        rows[query(x, y)] = rows.get(query(x, y), F(0)) + mass
    rounds: dict[tuple[tuple[Fraction, ...], Bits], Fraction] = {}
    for batch in combinations_with_replacement(sorted(rows), b):
        chance = F(factorial(b)) * prod(
            rows[row] ** batch.count(row) / factorial(batch.count(row)) for row in set(batch)
        )
        means = tuple(sum(column, F(0)) / b for column in zip(*batch, strict=True))
        for fresh in strings(machine.random_bits):
            both = chance * heads ** sum(fresh) * (1 - heads) ** (len(fresh) - sum(fresh))
            rounds[means, fresh] = rounds.get((means, fresh), F(0)) + both
    unit, found = 2**machine.answer_fraction, dict[Key, Fraction]()
    nearest = [([F(round(mean * unit), unit) for mean in means], fresh) for means, fresh in rounds]
    for after, chance in zip(states_after(machine, kept, nearest), rounds.values(), strict=True):
        key = tuple(after.items())
        found[key] = found.get(key, F(0)) + chance
    return found


def drawn(
    machine: QueryMachine, b: int, source: Mapping[Point, Fraction], heads: Fraction
) -> list[tuple[dict[Point, Fraction], Fraction]]:
    """The law of the first sample of a machine that keeps it, and the expected number of rounds, from the chain of its
    states; begun in a round of label 1, and in one of label 0."""
    starts, chain = (
        [tuple((machine.start() | {"odd": odd}).items()) for odd in (1, 0)],
        dict[Key, dict[Key, Fraction]](),
    )
    waiting = list(starts)
    while waiting:
        key = waiting.pop()
        if key not in chain and not dict(key)["number"]:
            chain[key] = _moved(machine, b, dict(key), source, heads)
            waiting += chain[key]
    at, ends = {key: i for i, key in enumerate(chain)}, list(source)
    width = len(at) + len(ends) + 1
    rationals = sympy.QQ
    equations = [[rationals.zero] * width for _ in at]  # a column for each state, for each sample, and for the rounds
    for i, (row, moves_) in enumerate(zip(equations, chain.values(), strict=True)):
        row[i], row[-1] = rationals.one, rationals.one
        for after, chance in moves_.items():
            if after in at:
                row[at[after]] -= rationals(chance.numerator, chance.denominator)
            else:
                row[len(at) + ends.index(_sample(dict(after)))] += rationals(chance.numerator, chance.denominator)
    found = _solved(equations)
    rows = [[F(int(value.numerator), int(value.denominator)) for value in found[at[start]]] for start in starts]
    return [(dict(zip(ends, row, strict=False)), row[-1]) for row in rows]


def _solved(equations: list[list[Any]]) -> list[list[Any]]:
    """The solutions of linear equations for several right-hand sides, which stand behind the square matrix; most of its
    entries are 0."""
    size = len(equations)
    reduced, pivots = matrices.DomainMatrix(equations, (size, len(equations[0])), sympy.QQ).to_sparse().rref()
    if pivots != tuple(range(size)):
        raise ArithmeticError("need equations with one solution, got a singular matrix")
    return [row[size:] for row in reduced.to_dense().to_list()]


def _sample(kept: Mapping[str, int]) -> Point:
    """The first sample that a learner keeps, read from its bits."""
    label, *point = (bit for name, bit in kept.items() if name.startswith("sample0"))
    return tuple(point), label


def _sources() -> Iterator[dict[str, Any]]:
    return ({"seed": seed} for seed in range(SOURCES))


def draws_the_source(subject: tuple[str, int, int, Fraction], case: Case) -> None:
    """With one fair random bit in each round, the sample that the machine draws has exactly the law of the source,
    whether extraction begins in a round of label 1 or of label 0. The expected number of rounds is at most what the
    budget allows for: the rounds that every sample needs, the empty ones, and those that pass while a coin is
    undecided."""
    version, n, b, heads = subject
    source = _source(n, int(case.integer("seed")))
    how = Extraction(n=n, b=b, tau=F(1, 2 * b + 1), delta=F(1), version=VERSIONS[version], alternating=True, bits=1)
    for label, (law, rounds) in zip(
        (1, 0), drawn(extraction_machine(how, 1, memoriser_learner(n, 1)), b, source, heads), strict=True
    ):
        case.show(
            f"the law from a round of label {label}", every(*(law[point] == mass for point, mass in source.items()))
        )
        case.show(
            f"rounds from a round of label {label}",
            rounds <= how.certain_rounds + how.empty_rounds + how.width * idle_rounds_of_coin(b, how.coin_bits),
        )


def _drawing(*given: Any) -> Callable[[Case], Any]:
    return lambda case: given


for _version, (_n, _b) in product(VERSIONS, ((1, 2), (1, 5), (2, 3))):
    registry().add(
        Obligation(
            id=f"lemma1.machine.law.{_version}.n{_n}b{_b}",
            paper="Lemma 1",
            claim=draws_the_source,
            kind="enumeration",
            domain=_sources,
            expect=Verdict.CHECKED,
            of=_drawing(_version, _n, _b, F(1, 2)),
            twin=_drawing(_version, _n, _b, F(1, 3)),
            finite=f"n = {_n}, b = {_b}, {SOURCES} random sources with rational masses",
        )
    )
