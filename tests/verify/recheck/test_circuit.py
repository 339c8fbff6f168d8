"""Circuits: whatever rule simplifies a gate, the function stays; numbers are what they say."""

from itertools import product
from random import Random

import pytest

from verify.recheck import arithmetic
from verify.recheck.circuit import Circuit
from verify.recheck.proof import FALSE, TRUE
from verify.recheck.reading import RefusedError
from verify.recheck.sampling import at_least, differ_somewhere, words


def evaluated(circuit: Circuit, literals: list[int], given: dict[str, int]) -> list[int]:
    """The values of some literals."""
    values = [0] * len(circuit.rows)
    for name, literal in circuit.names.items():
        values[literal >> 1] = given[name]
    for node, row in enumerate(circuit.rows):
        if row is not None:
            values[node] = int(sum(values[x >> 1] ^ (x & 1) for x in row[1]) >= row[0])
    return [values[x >> 1] ^ (x & 1) for x in literals]


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("widest", [0, 64])
def test_a_gate_is_what_it_says_whatever_its_literals(seed: int, widest: int) -> None:
    source, circuit = Random(seed), Circuit({}, widest=widest)
    leaves = [circuit.leaf(name) for name in "abcd"]
    pool, meant = [FALSE, TRUE, *leaves], list[tuple[int, list[int], int]]()
    for _ in range(25):
        row = [source.choice(pool) ^ source.randrange(2) for _ in range(source.randrange(6))]
        needs = source.randrange(len(row) + 2)
        pool.append(circuit.at_least(needs, row))
        meant.append((needs, row, pool[-1]))
    for bits in product((0, 1), repeat=4):
        given = dict(zip("abcd", bits, strict=True))
        for needs, row, found in meant:
            *values, value = evaluated(circuit, [*row, found], given)
            assert value == int(sum(values) >= needs)


def test_alike_is_not_equal_and_equal_is_found() -> None:
    circuit = Circuit({})
    a, b, c = (circuit.leaf(name) for name in "abc")
    assert circuit.at_least(2, [a, b, c]) == circuit.at_least(2, [c, b, a]) != circuit.at_least(2, [a, b, c ^ 1])
    assert circuit.at_least(2, [a, b, c]) != circuit.every([a, b, c]) != circuit.some([a, b, c])
    assert circuit.every([a, circuit.every([b, a ^ 1])]) == FALSE
    assert circuit.leaf("a") == a != circuit.leaf("a ")


def test_gates_that_take_too_long_to_write_out_are_refused() -> None:
    circuit = Circuit({})
    literals = [circuit.leaf(str(i)) for i in range(3000)]
    with pytest.raises(RefusedError, match="which can be written out"):
        circuit.at_least(2000, [*literals, *literals[:1500], literals[0]])


def test_what_is_assumed_replaces_gates_and_no_leaf() -> None:
    circuit = Circuit({})
    a, b = circuit.leaf("a"), circuit.leaf("b")
    circuit.assume(circuit.some([a, b]), TRUE)
    assert circuit.some([b, a]) == TRUE and circuit.every([a ^ 1, b ^ 1]) == FALSE
    circuit.assume(a, b)
    assert circuit.every([a, TRUE]) == a != b


@pytest.mark.parametrize("seed", range(20))
def test_arithmetic_is_that_of_integers(seed: int) -> None:
    source, circuit, width = Random(seed), Circuit({}), 5
    a, b = ([circuit.leaf(f"{name}{i}") for i in range(width)] for name in "ab")
    x, y = source.randrange(32), source.randrange(32)
    given = {f"a{i}": x >> i & 1 for i in range(width)} | {f"b{i}": y >> i & 1 for i in range(width)}

    def number(literals: list[int]) -> int:
        return sum(bit << i for i, bit in enumerate(evaluated(circuit, literals, given)))

    def signed(value: int) -> int:
        return value - 32 if value >= 16 else value

    assert number(arithmetic.add(circuit, a, b)) == (x + y) % 32
    assert number(arithmetic.subtract(circuit, a, b)) == (x - y) % 32
    assert number(arithmetic.shifted(a, 2)) == x * 4 % 32
    assert number(arithmetic.constant(y - 40, width)) == (y - 40) % 32
    for equal in (False, True):
        assert number([arithmetic.less(circuit, a, b, equal=equal)]) == int(x < y or (equal and x == y))
        less = int(signed(x) < signed(y) or (equal and x == y))
        assert number([arithmetic.signed_less(circuit, a, b, equal=equal)]) == less
    for p, q, r in product([FALSE, TRUE, a[0], a[0] ^ 1, b[1]], repeat=3):
        one, two, three, chosen, differ = evaluated(
            circuit, [p, q, r, arithmetic.choose(circuit, p, q, r), arithmetic.differ(circuit, p, q)], given
        )
        assert chosen == (two if one else three) and differ == one ^ two


def test_samples_see_a_difference_but_not_where_an_assumption_forbids_it() -> None:
    circuit = Circuit({})
    a, b = circuit.leaf("a"), circuit.leaf("b")
    assert differ_somewhere(circuit, [(a, a), (a, b)]) == 1 and differ_somewhere(circuit, [(a, a)]) is None
    circuit.assume(a, b)
    assert differ_somewhere(circuit, [(a, b)]) is None
    assert at_least(2, [0b0011, 0b0101, 0b1001], 0b1111) == 0b0001 and len(words(circuit)) == len(circuit.rows)
