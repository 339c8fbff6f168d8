"""Proofs: each kind of step is right by counting or propagation, and nothing else is taken."""

import importlib
from itertools import product
from random import Random
from typing import Any

import pytest

from constructions.errors import ConstructionError
from verify.certifier.certificate.sweeping import Sweep
from verify.recheck.circuit import Circuit
from verify.recheck.proof import FALSE, TRUE, clauses_of_difference, clauses_of_equality, follows_from_gate, replay
from verify.recheck.reading import RefusedError


def true_in(clause: list[int], values: list[int]) -> bool:
    """Whether a clause holds, given the value of each node."""
    return any(values[literal >> 1] ^ (literal & 1) for literal in clause)


@pytest.mark.parametrize("needs", range(5))
def test_a_clause_is_taken_from_a_gate_just_where_it_follows_from_it(needs: int) -> None:
    row = (needs, (2, 5, 6, 8))
    worlds = []
    for bits in product((0, 1), repeat=4):
        values = [0, *bits]
        worlds.append([*values, int(sum(values[x >> 1] ^ (x & 1) for x in row[1]) >= needs)])
    for signs in product((None, 0, 1), repeat=5):
        clause = [2 * (i + 1) + sign for i, sign in enumerate(signs) if sign is not None]
        if 10 in clause or 11 in clause:
            assert follows_from_gate(clause, 5, row) <= all(true_in(clause, values) for values in worlds)
        else:
            assert not follows_from_gate(clause, 5, row)


def test_difference_and_equality_are_each_other_s_negation() -> None:
    for one, other in ((2, 4), (2, 5), (2, FALSE), (2, TRUE), (FALSE, TRUE)):
        for bits in product((0, 1), repeat=2):
            values = [0, *bits]
            equal = (values[one >> 1] ^ (one & 1)) == (values[other >> 1] ^ (other & 1))
            assert all(true_in(clause, values) for clause in clauses_of_equality(one, other)) is equal
            assert all(true_in(clause, values) for clause in clauses_of_difference(one, other)) is not equal


ROWS = [None, None, None, (2, (2, 4)), (2, (2, 4)), (2, (3, 5))]
"""Nodes 1 and 2 are leaves, 3 and 4 are both "1 and 2", 5 is neither."""
RIGHT: list[list[Any]] = [
    [[6, 8], 0],
    [[7, 9], 0],
    [[7, 2], 3],
    [[7, 4], 3],
    [[6, 3, 5], 3],
    [[9, 2], 4],
    [[9, 4], 4],
    [[8, 3, 5], 4],
    [[7], [1, 2, 3, 7]],
    [[], [8, 0, 5, 6, 4]],
]


def test_a_proof_is_replayed() -> None:
    replay(RIGHT, 6, 8, ROWS, [])


WRONG: dict[str, tuple[list[list[Any]], int, int]] = {
    "cut": (RIGHT[:-1], 6, 8),
    "nothing": ([], 6, 8),
    "of other nodes": (RIGHT, 6, 10),
    "a step less": ([*RIGHT[:8], RIGHT[9]], 6, 8),
    "two steps exchanged": ([*RIGHT[:8], RIGHT[9], RIGHT[8]], 6, 8),
    "a hint from behind": ([*RIGHT[:8], [[7], [1, 2, 3, 8]], RIGHT[9]], 6, 8),
    "a hint that says nothing": ([*RIGHT[:9], [[], [8, 0, 5, 4]]], 6, 8),
    "a hint with two literals left": ([*RIGHT[:9], [[], [0, 8]]], 6, 8),
    "a clause of no gate": ([*RIGHT, [[2], 1]], 6, 8),
    "a clause of a gate that does not follow": ([[[6, 3], 3]], 6, 8),
    "an assumption that there is not": ([[[6, 9], -1]], 6, 8),
    "a literal beyond the circuit": ([[[6, 99], 0]], 6, 8),
    "a constant as a literal": ([[[1], 0]], 6, 8),
    "a reason that is no number": ([[[6, 8], None]], 6, 8),
    "a truth value for a reason": ([[[6, 8], False]], 6, 8),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_proof_is_refused(name: str) -> None:
    proof, one, other = WRONG[name]
    with pytest.raises(RefusedError):
        replay(proof, one, other, ROWS, [])


def built(circuit: Circuit, source: Random) -> list[int]:
    """A random circuit over six leaves, in which much is equal for reasons that its structure does not show."""
    literals = [circuit.leaf(f"x{i}") for i in range(6)]
    for _ in range(60):
        row = [source.choice(literals) ^ source.randrange(2) for _ in range(source.choice((2, 2, 3, 4)))]
        literals.append(circuit.at_least(source.randrange(len(row) + 1), row))
    return literals


def values_of(circuit: Circuit) -> list[int]:
    """The values of all nodes at all points, as words."""
    leaves = [i for i, row in enumerate(circuit.rows) if row is None and i]
    words = [0] * len(circuit.rows)
    for place, leaf in enumerate(leaves):
        words[leaf] = sum(1 << point for point in range(64) if point >> place & 1)
    for i, row in enumerate(circuit.rows):
        if row is not None:
            needs, literals = row
            bits = [words[x >> 1] ^ ((1 << 64) - 1 if x & 1 else 0) for x in literals]
            words[i] = sum(1 << point for point in range(64) if sum(bit >> point & 1 for bit in bits) >= needs)
    return words


@pytest.mark.parametrize("seed", range(12))
def test_what_the_search_finds_is_true_and_is_replayed(seed: int) -> None:
    sweep = Sweep()
    built(sweep, Random(seed))
    words = values_of(sweep)
    for node, literal, proof in sweep.found:
        assert words[node] == words[literal >> 1] ^ ((1 << 64) - 1 if literal & 1 else 0)
        replay(proof, 2 * node, literal, sweep.rows, [])
        with pytest.raises(RefusedError):
            replay(proof, 2 * node, literal ^ 1, sweep.rows, [])
        with pytest.raises(RefusedError):
            replay(proof[:-1], 2 * node, literal, sweep.rows, [])
    circuit = Circuit({node: (literal, proof) for node, literal, proof in sweep.found})
    built(circuit, Random(seed))
    assert circuit.rows == sweep.rows and circuit.used == len(sweep.found)


def test_the_sweep_finds_something() -> None:
    found = []
    for seed in range(12):
        sweep = Sweep()
        built(sweep, Random(seed))
        found += sweep.found
    assert len(found) > 20


def test_an_assumption_may_be_used_and_only_where_it_was_made() -> None:
    sweep = Sweep()
    a, b, c = (sweep.leaf(name) for name in "abc")
    sweep.assume(a, b)
    assert sweep.every([a, c]) == sweep.every([b, c])
    ((node, literal, proof),) = sweep.found
    replay(proof, 2 * node, literal, sweep.rows, sweep.assumed)
    with pytest.raises(RefusedError):
        replay(proof, 2 * node, literal, sweep.rows, [])


def test_a_proof_for_a_later_literal_is_refused() -> None:
    circuit = Circuit({3: (8, [])})
    with pytest.raises(RefusedError, match="an earlier literal"):
        circuit.every([circuit.leaf("a"), circuit.leaf("b")])


def test_without_python_sat_the_search_says_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise ModuleNotFoundError(f"No module named {name!r}")

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(ConstructionError, match="need python-sat"):
        Sweep()
