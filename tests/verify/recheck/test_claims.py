"""Sums over the output, functions of the state, and what is remembered of earlier vertices."""

from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import pytest

from verify.attacks.bases import base
from verify.certifier.certificate.entries import spelled
from verify.recheck.circuit import Circuit
from verify.recheck.claims import Claim, Sum
from verify.recheck.functions import Functions
from verify.recheck.machine import read_machine
from verify.recheck.phases import Known
from verify.recheck.proof import FALSE, TRUE
from verify.recheck.reading import RefusedError
from verify.recheck.sampling import differ_somewhere


def table(source: Random, count: int) -> dict[tuple[int, ...], int]:
    """Values of a control."""
    return {bits: source.choice((-2, 0, 2)) for bits in product((0, 1), repeat=count)}


def test_a_claim_is_shown_where_both_are_one_literal() -> None:
    assert Claim(what="", one=4, other=4).shown and not Claim(what="", one=4, other=5).shown


@pytest.mark.parametrize("seed", range(20))
def test_a_sum_of_tables_is_zero_just_where_it_is(seed: int) -> None:
    source, circuit = Random(seed), Circuit({})
    leaves = [circuit.leaf(name) for name in "abc"]
    rows = [
        (table(source, 2), source.sample([*leaves, leaves[0] ^ 1], 2), Fraction(source.randrange(-3, 4), 4))
        for _ in range(3)
    ]
    total = Sum(circuit)
    total.rest = Fraction(source.randrange(-2, 3), 2)
    rest = total.rest
    for given in rows:
        total.add_table(*given)
    one, other = total.is_zero()
    for bits in product((0, 1), repeat=3):
        values = [0] * len(circuit.rows)
        for leaf, bit in zip(leaves, bits, strict=True):
            values[leaf >> 1] = bit
        for node, row in enumerate(circuit.rows):
            if row is not None:
                values[node] = int(sum(values[x >> 1] ^ (x & 1) for x in row[1]) >= row[0])
        number = rest
        for what, literals, weight in rows:
            number += weight * what[tuple(values[x >> 1] ^ (x & 1) for x in literals)]
        value = values[one >> 1] ^ (one & 1)
        assert other == TRUE and value == int(number == 0)


def test_terms_that_cancel_need_no_circuit() -> None:
    circuit = Circuit({})
    a, b = circuit.leaf("a"), circuit.leaf("b")
    total = Sum(circuit)
    total.add(a, Fraction(1, 3))
    total.add(a ^ 1, Fraction(1, 3))
    total.add_table({(0, 0): 0, (0, 1): 0, (1, 0): 0, (1, 1): 2}, [a, b], Fraction(1))
    total.add(circuit.every([b, a]), Fraction(-2))
    nodes = len(circuit.rows)
    total.rest -= Fraction(1, 3)
    assert total.is_zero() == (TRUE, TRUE) and len(circuit.rows) == nodes
    total.rest += 1
    assert total.is_zero() == (FALSE, TRUE)


def test_functions_are_over_the_state_round_0_and_earlier_functions() -> None:
    machine = read_machine(spelled(base("coins, minimal").machine).encode())
    latches, first = [literal for literal, _, _ in machine.latches], machine.first_free
    rows = [[2, [latches[0], latches[1] ^ 1]], [1, [first, -9 * 2 + 1]]]
    functions, circuit = Functions(machine, rows), Circuit({})
    states = {latch: circuit.leaf(f"s{i}") for i, latch in enumerate(latches)}
    nine = circuit.leaf("nine")

    def vertex(v: int) -> int:
        assert v == 9
        return nine

    found = functions.value(first + 3, circuit, states, vertex, {})
    expected = circuit.some([circuit.every([states[latches[0]], states[latches[1]] ^ 1]), nine ^ 1]) ^ 1
    assert found == expected and functions.check(first + 3, "") == first + 3
    wrongs: list[Any] = [
        [[1, [first]]],
        [[1, [machine.port("x")[0]]]],
        [[9, [0]]],
        [[1, [True]]],
        [[1]],
        [[-1, []]],
        {},
    ]
    for wrong in wrongs:
        with pytest.raises(RefusedError):
            Functions(machine, wrong)
    for literal in (machine.port("x")[0], first + 4, True, None, "2"):
        with pytest.raises(RefusedError):
            functions.check(literal, "")


def test_of_older_vertices_only_constants_are_remembered_and_early_ones_only_if_the_same() -> None:
    known = Known()
    known.follow([(5, 1, 1), (6, 1, 0), (7, 8, 0), (8, 0, None)])
    assert [known.get(u) for u in (5, 6, 7, 8, 9)] == [(1, 1), (1, 0), (8, 0), (0, None), None]
    known.follow([(7, 4, None)])
    assert [known.get(u) for u in (5, 6, 7, 8)] == [(1, 1), (1, None), (4, None), (0, None)]
    known.follow([(5, 4, None)])
    assert known.get(5) == (4, None) and known.get(7) is None
    known.follow([])
    assert known.get(5) is None


def test_a_claim_that_is_false_is_seen_at_random_points() -> None:
    circuit = Circuit({})
    a, b = circuit.leaf("a"), circuit.leaf("b")
    assert differ_somewhere(circuit, [(circuit.every([a, b]), circuit.some([a, b]))]) == 0
