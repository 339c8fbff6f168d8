"""Arithmetic on lists of literals, least first: each operation is a fold of one cell (Lemma 10's hypothesis, by size).

A cell is a small circuit that reads one place of each operand and what the fold carries on, and returns both. It is
defined once, as a function of a builder and literals; :func:`cell_circuit` gives its own circuit, about which an
induction over the width speaks. Constants are folded by the builder, so that adding 1 costs half adders only.

The functions share their arguments: ``builder`` writes the gates; a literal is an integer of that builder, negated by
``^ 1``; a number is a list of literals, and two numbers ``a`` and ``b`` have the same number of places unless it is
said otherwise; ``cell`` is the cell that is folded, so that a claim can fold a broken one. Numbers of places that
differ raise ValueError.
"""

from collections.abc import Callable, Sequence
from inspect import signature
from typing import TypeAlias

from constructions.computation.builder import FALSE, TRUE, Builder
from constructions.computation.flat import FlatCircuit
from constructions.foundations.exact import Number
from constructions.foundations.logic import select

Literals: TypeAlias = list[int]
Cell: TypeAlias = Callable[..., tuple[int, ...]]


def cell_circuit(cell: Cell) -> FlatCircuit:
    """The circuit of one cell: inputs named as its arguments, outputs ``out0``, ``out1``, ... .

    >>> cell_circuit(full_adder)(a=True, b=False, carry=True)
    {'out0': False, 'out1': True}
    """
    builder = Builder()
    names = list(signature(cell).parameters)[1:]
    for i, literal in enumerate(cell(builder, *(builder.input(name) for name in names))):
        builder.output(f"out{i}", literal)
    return builder.circuit()


def full_adder(builder: Builder, a: int, b: int, carry: int) -> tuple[int, int]:
    """a + b + carry = sum + 2 carry': (sum, carry'), 7 gates, 8 if the carry arrives negated."""
    differ = builder.xor(a, b)
    return builder.xor(differ, carry), builder.either(builder.both(a, b), builder.both(differ, carry))


def less_cell(builder: Builder, a: int, b: int, less: int) -> tuple[int]:
    """Whether the first number is smaller once one place more is read, where it has the bit a and the second the bit b;
    ``less`` says whether it was smaller in the places below. 4 gates.

    >>> [cell_circuit(less_cell)(a=a, b=True, less=False)["out0"] for a in (False, True)]
    [True, False]
    """
    return (builder.either(builder.both(a ^ 1, b), builder.both(builder.either(a ^ 1, b), less)),)


def agree_cell(builder: Builder, a: int, b: int) -> tuple[int]:
    """Whether the bits a and b of one place agree: 3 gates.

    >>> [cell_circuit(agree_cell)(a=a, b=True)["out0"] for a in (False, True)]
    [False, True]
    """
    return (builder.xor(a, b) ^ 1,)


def choice_cell(builder: Builder, condition: int, yes: int, no: int) -> tuple[int]:
    """``yes`` where the condition holds, else ``no``: 3 gates.

    >>> [cell_circuit(choice_cell)(condition=condition, yes=True, no=False)["out0"] for condition in (False, True)]
    [False, True]
    """
    return (builder.mux(condition, yes, no),)


def parity_cell(builder: Builder, bit: int, odd: int) -> tuple[int]:
    """Whether the number of set bits is odd, one bit more: 3 gates.

    >>> [cell_circuit(parity_cell)(bit=bit, odd=True)["out0"] for bit in (False, True)]
    [True, False]
    """
    return (builder.xor(bit, odd),)


def product_cell(builder: Builder, a: int, digit: int, total: int, carry: int) -> tuple[int, int]:
    """total + digit * a + carry = sum + 2 carry': (sum, carry'), one gate more than a full adder.

    >>> cell_circuit(product_cell)(a=True, digit=True, total=True, carry=False)  # 1 + 1 * 1 + 0 = 0 + 2 * 1
    {'out0': False, 'out1': True}
    """
    return full_adder(builder, total, builder.both(a, digit), carry)


def added(
    builder: Builder, a: Literals, b: Literals, carry: int = FALSE, *, cell: Cell = full_adder
) -> tuple[Literals, int]:
    """a + b + carry: the places of the sum, and the last carry.

    >>> total, carry = added(Builder(), [TRUE, TRUE], [TRUE, FALSE])
    >>> [bit == TRUE for bit in (*total, carry)]  # 3 + 1, the least place first
    [False, False, True]
    """
    total = []
    for x, y in zip(a, b, strict=True):
        place, carry = cell(builder, x, y, carry)
        total.append(place)
    return total, carry


def subtracted(builder: Builder, a: Literals, b: Literals, *, cell: Cell = full_adder) -> tuple[Literals, int]:
    """a + not b + 1 = a - b + 2^n: the places, and the last carry, which says a >= b.

    >>> places, enough = subtracted(Builder(), [TRUE, TRUE], [TRUE, FALSE])
    >>> [bit == TRUE for bit in places], enough == TRUE  # 3 - 1
    ([False, True], True)
    """
    return added(builder, a, complement(b), TRUE, cell=cell)


def complement(a: Literals) -> Literals:
    """The bits of a vector, each negated; no gate is written for this.

    >>> complement([4, 7, FALSE])  # TRUE is -1
    [5, 6, -1]
    """
    return [literal ^ 1 for literal in a]


def less(builder: Builder, a: Literals, b: Literals, *, cell: Cell = less_cell, equal: bool = False) -> int:
    """Whether a < b as unsigned numbers; with ``equal``, whether a <= b.

    >>> less(Builder(), [TRUE, FALSE], [FALSE, TRUE]) == TRUE  # 1 < 2
    True
    """
    found = TRUE if equal else FALSE
    for x, y in zip(a, b, strict=True):
        (found,) = cell(builder, x, y, found)
    return found


def same(builder: Builder, a: Literals, b: Literals) -> int:
    """a == b: one AND of all the agreements.

    >>> same(Builder(), [TRUE, FALSE], [TRUE, TRUE]) == TRUE
    False
    """
    return builder.every(agree_cell(builder, x, y)[0] for x, y in zip(a, b, strict=True))


def parity(builder: Builder, a: Literals) -> int:
    """Whether the number of set bits is odd.

    >>> parity(Builder(), [TRUE, TRUE, TRUE]) == TRUE
    True
    """
    odd = FALSE
    for bit in a:
        (odd,) = parity_cell(builder, bit, odd)
    return odd


def cells_of_row(row: Number, digits: Number, width: Number) -> Number:
    """How many cells the row of a digit has in a product modulo 2^width.

    Parameters
    ----------
    row, digits, width : which row, the digits of the other factor, and the places of the product.

    >>> cells_of_row(1, 4, 8), cells_of_row(6, 4, 8)
    (4, 2)
    """
    return select(row + digits <= width, digits, width - row)


def product(builder: Builder, a: Literals, b: Literals, width: int, *, cell: Cell = product_cell) -> Literals:
    """a * b mod 2^width, row by row: row i adds digit i of b times a 2^i to the total.

    >>> [bit == TRUE for bit in product(Builder(), [TRUE, TRUE], [TRUE, TRUE], 4)]  # 3 * 3
    [True, False, False, True]
    """
    total = [FALSE] * width
    for i, digit in enumerate(b[:width]):
        carry, end = FALSE, i + int(cells_of_row(i, len(a), width))
        for j in range(i, end):
            total[j], carry = cell(builder, a[j - i], digit, total[j], carry)
        if end < width:
            total[end] = carry
    return total


def chosen(builder: Builder, condition: int, yes: Literals, no: Literals) -> Literals:
    """``yes`` where the condition holds, else ``no``, place by place.

    >>> builder = Builder()
    >>> chosen(builder, builder.input("c"), [TRUE], [FALSE])  # the input itself
    [0]
    """
    return [choice_cell(builder, condition, x, y)[0] for x, y in zip(yes, no, strict=True)]


def selected(builder: Builder, entries: Sequence[Literals], index: Literals) -> Literals:
    """The one of some ``entries``, numbers of one width, that stands at an index: a tree from the least digit of the
    index; 0 where there is no entry.

    >>> [bit == TRUE for bit in selected(Builder(), [[TRUE, FALSE], [FALSE, TRUE]], [TRUE])]
    [False, True]
    """
    rows, nothing = list(entries), [FALSE] * len(entries[0])
    for digit in index:
        if len(rows) % 2:
            rows.append(nothing)
        rows = [chosen(builder, digit, rows[j + 1], rows[j]) for j in range(0, len(rows), 2)]
    return rows[0]


def shifted(builder: Builder, a: Literals, amount: Literals, *, fill: int = FALSE) -> Literals:
    """a shifted to higher places: a barrel, one row of choices for each digit of the amount. The places that become
    free get the literal ``fill``.

    >>> [bit == TRUE for bit in shifted(Builder(), [TRUE, FALSE, FALSE], [FALSE, TRUE])]  # 1 << 2
    [False, False, True]
    """
    for i, digit in enumerate(amount):
        by = min(1 << min(i, 62), len(a))
        a = chosen(builder, digit, [fill] * by + a[: len(a) - by], a)
    return a


def counted(builder: Builder, a: Literals) -> Literals:
    """How many bits are set: the halves counted and added, in as many places as the largest count needs.

    >>> [bit == TRUE for bit in counted(Builder(), [TRUE, FALSE, TRUE])]
    [False, True]
    """
    if len(a) == 1:
        return list(a)
    width = len(a).bit_length()
    low, high = (counted(builder, half) for half in (a[: len(a) // 2], a[len(a) // 2 :]))
    return added(builder, low + [FALSE] * (width - len(low)), high + [FALSE] * (width - len(high)))[0]
