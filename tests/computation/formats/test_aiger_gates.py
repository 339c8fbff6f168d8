"""ANDs in ASCII and in binary are the same arrays, in an order in which operands come first."""

from random import Random

import pytest

from constructions.computation.formats.aiger_cursor import Cursor
from constructions.computation.formats.aiger_gates import ascii_ands, binary_ands
from constructions.errors import ConstructionError


def rows(source: Random, inputs: int, count: int) -> list[tuple[int, int, int]]:
    """ANDs in order: a new variable, and two literals below it, the larger one first."""
    made = []
    for i in range(count):
        head = 2 * (inputs + 1 + i)
        first, second = sorted((source.randrange(2, head), source.randrange(2, head)), reverse=True)
        made.append((head, first, second))
    return made


def varint(value: int) -> bytes:
    """Seven bits to a byte, least first."""
    return bytes((value,)) if value < 128 else bytes((value & 127 | 128,)) + varint(value >> 7)


@pytest.mark.parametrize("seed", range(5))
def test_ascii_in_any_order_and_binary_are_the_same(seed: int) -> None:
    source = Random(seed)
    inputs, made = 3, rows(source, 3, 90)
    data = b"".join(varint(head - first) + varint(first - second) for head, first, second in made)
    cursor = Cursor(b"aig " + data, "data")
    cursor.at = 4
    binary = binary_ands(cursor, count=len(made), first=inputs + 1)
    text = "".join(f"{head} {first} {second}\n" for head, first, second in made).encode()
    found = ascii_ands(Cursor(text, "data"), count=len(made), variables=inputs + len(made), sources=(2, 4, 6))
    assert found.left.tolist() == binary.left.tolist() == [first for _, first, _ in made]
    assert found.right.tolist() == binary.right.tolist() == [second for _, _, second in made]
    mixed = source.sample(made, len(made))
    text = "".join(f"{head} {first} {second}\n" for head, first, second in mixed).encode()
    again = ascii_ands(Cursor(text, "data"), count=len(made), variables=inputs + len(made), sources=(2, 4, 6))
    for place, (first, second) in enumerate(zip(again.left.tolist(), again.right.tolist(), strict=True)):
        assert max(first, second) >> 1 < inputs + 1 + place


def test_a_cycle_is_refused_with_a_line_on_it() -> None:
    with pytest.raises(ConstructionError, match=r"an AND that depends on itself, at line [12] of data"):
        ascii_ands(Cursor(b"4 6 2\n6 4 2\n", "data"), count=2, variables=3, sources=(2,))
