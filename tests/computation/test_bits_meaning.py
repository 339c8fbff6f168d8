"""Vectors of bits mean what Python ints mean, at any width; sizes are checked and errors name the expression."""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructions.computation.bits import Bits, concat, mux, select
from constructions.computation.design import Design
from constructions.errors import ConstructionError


def signed(value: int, width: int) -> int:
    return value - (1 << width) * (value >> width - 1 & 1)


BINARY: dict[str, tuple[Callable[[Bits, Bits], Bits], Callable[[int, int, int], Any]]] = {
    "&": (lambda a, b: a & b, lambda x, y, n: x & y),
    "|": (lambda a, b: a | b, lambda x, y, n: x | y),
    "^": (lambda a, b: a ^ b, lambda x, y, n: x ^ y),
    "+": (lambda a, b: a + b, lambda x, y, n: (x + y) % 2**n),
    "-": (lambda a, b: a - b, lambda x, y, n: (x - y) % 2**n),
    "*": (lambda a, b: a * b, lambda x, y, n: x * y % 2**n),
    "==": (lambda a, b: a == b, lambda x, y, n: x == y),
    "!=": (lambda a, b: a != b, lambda x, y, n: x != y),
    "<": (lambda a, b: a < b, lambda x, y, n: x < y),
    "<=": (lambda a, b: a <= b, lambda x, y, n: x <= y),
    ">": (lambda a, b: a > b, lambda x, y, n: x > y),
    ">=": (lambda a, b: a >= b, lambda x, y, n: x >= y),
    "<<": (lambda a, b: a << b, lambda x, y, n: (x << y) % 2**n),
    ">>": (lambda a, b: a >> b, lambda x, y, n: x >> y),
    "plus": (lambda a, b: a.plus(b), lambda x, y, n: x + y),
    "times": (lambda a, b: a.times(b), lambda x, y, n: x * y),
    "signed_less": (lambda a, b: a.signed_less(b), lambda x, y, n: signed(x, n) < signed(y, n)),
    "signed_at_most": (lambda a, b: a.signed_at_most(b), lambda x, y, n: signed(x, n) <= signed(y, n)),
    "signed_more": (lambda a, b: a.signed_more(b), lambda x, y, n: signed(x, n) > signed(y, n)),
    "signed_at_least": (lambda a, b: a.signed_at_least(b), lambda x, y, n: signed(x, n) >= signed(y, n)),
    "signed_right": (lambda a, b: a.signed_right(b), lambda x, y, n: (signed(x, n) >> y) % 2**n),
}
UNARY: dict[str, tuple[Callable[[Bits], Bits], Callable[[int, int], Any]]] = {
    "~": (lambda a: ~a, lambda x, n: 2**n - 1 - x),
    "-": (lambda a: -a, lambda x, n: -x % 2**n),
    "all": (lambda a: a.all(), lambda x, n: x == 2**n - 1),
    "any": (lambda a: a.any(), lambda x, n: x != 0),
    "parity": (lambda a: a.parity(), lambda x, n: x.bit_count() % 2),
    "count": (lambda a: a.count(), lambda x, n: x.bit_count()),
    "+ 1": (lambda a: a + 1, lambda x, n: (x + 1) % 2**n),
    "1 -": (lambda a: 1 - a, lambda x, n: (1 - x) % 2**n),
    "reversed": (lambda a: a[::-1], lambda x, n: sum((x >> i & 1) << n - 1 - i for i in range(n))),
    "extended": (lambda a: a.extended(len(a) + 3), lambda x, n: x),
    "signed extended": (lambda a: a.extended(len(a) + 3, signed=True), lambda x, n: signed(x, n) % 2 ** (n + 3)),
}


def outcome(make: Callable[..., Bits], *sizes: int) -> Callable[..., int]:
    """The function of numbers that an expression in vectors a, b, ... of these sizes computes."""
    design = Design()
    names = "abc"[: len(sizes)]
    design.output("out", make(*(design.input(name, size) for name, size in zip(names, sizes, strict=True))))
    return lambda *values: design.evaluate(**dict(zip(names, values, strict=True)))["out"]


@pytest.mark.parametrize("sign", BINARY)
def test_a_binary_operator_is_right_for_all_numbers_of_one_to_three_bits(sign: str) -> None:
    make, meant = BINARY[sign]
    for n in (1, 2, 3):
        computed = outcome(make, n, n)
        assert [computed(x, y) for x, y in product(range(2**n), repeat=2)] == [
            meant(x, y, n) for x, y in product(range(2**n), repeat=2)
        ]


@pytest.mark.parametrize("sign", BINARY)
@given(data=st.data(), n=st.integers(4, 40))
def test_a_binary_operator_is_right_at_any_width(sign: str, data: st.DataObject, n: int) -> None:
    make, meant = BINARY[sign]
    x = data.draw(st.integers(0, 2**n - 1))
    y = data.draw(st.integers(0, n + 2 if sign in ("<<", ">>", "signed_right") and n > 4 else 2**n - 1))
    assert outcome(make, n, n)(x, y) == meant(x, y, n)


@pytest.mark.parametrize("sign", UNARY)
def test_a_unary_operator_is_right_for_all_numbers_of_one_to_six_bits(sign: str) -> None:
    make, meant = UNARY[sign]
    for n in range(1, 7):
        computed = outcome(make, n)
        assert [computed(x) for x in range(2**n)] == [meant(x, n) for x in range(2**n)]


@pytest.mark.parametrize("sign", UNARY)
@given(data=st.data(), n=st.integers(7, 70))
def test_a_unary_operator_is_right_at_any_width(sign: str, data: st.DataObject, n: int) -> None:
    make, meant = UNARY[sign]
    x = data.draw(st.integers(0, 2**n - 1))
    assert outcome(make, n)(x) == meant(x, n)


@given(n=st.integers(1, 12), m=st.integers(1, 12), data=st.data())
def test_factors_of_different_widths_have_a_whole_product(n: int, m: int, data: st.DataObject) -> None:
    x, y = data.draw(st.integers(0, 2**n - 1)), data.draw(st.integers(0, 2**m - 1))
    assert outcome(lambda a, b: a.times(b), n, m)(x, y) == x * y


@pytest.mark.parametrize(("factor", "width"), [(0, 4), (1, 4), (5, 6), (8, 7)])
def test_an_int_is_a_factor_as_wide_as_it_is_long(factor: int, width: int) -> None:
    assert len(Design().input("a", 3).times(factor)) == width
    assert outcome(lambda a: a.times(factor), 3)(6) == 6 * factor


@given(n=st.integers(1, 12), by=st.integers(0, 40), data=st.data())
def test_a_shift_by_an_int_needs_no_gate(n: int, by: int, data: st.DataObject) -> None:
    x = data.draw(st.integers(0, 2**n - 1))
    design = Design()
    a = design.input("a", n)
    up, down, filled = a << by, a >> by, a.signed_right(by)
    assert len(design.builder) == 0
    for name, vector in (("up", up), ("down", down), ("filled", filled)):
        design.output(name, vector)
    assert design.evaluate(a=x) == {"up": (x << by) % 2**n, "down": x >> by, "filled": (signed(x, n) >> by) % 2**n}


@given(n=st.integers(1, 9), k=st.integers(0, 300), data=st.data())
def test_an_int_beside_a_vector_is_a_vector_of_its_width(n: int, k: int, data: st.DataObject) -> None:
    sign = data.draw(st.sampled_from(["&", "|", "^", "+", "-", "*", "==", "!=", "<", "<=", ">", ">="]))
    make, meant = BINARY[sign]
    x, y = data.draw(st.integers(0, 2**n - 1)), k % 2**n
    assert outcome(lambda a: make(a, y), n)(x) == meant(x, y, n)
    assert outcome(lambda a: make(y, a), n)(x) == meant(y, x, n)


def test_a_negative_int_is_in_twos_complement_where_no_order_is_asked() -> None:
    assert outcome(lambda a: a + -3, 4)(1) == 14
    assert outcome(lambda a: a.signed_less(-3), 4)(12) == 1
    with pytest.raises(ConstructionError, match=r"need an int from 0 to 15 for 4 bits, got -3, at \(a < -3\)"):
        outcome(lambda a: a < -3, 4)


@given(n=st.integers(1, 5), size=st.integers(1, 32), data=st.data())
def test_a_table_gives_its_entry_and_zero_beyond_its_end(n: int, size: int, data: st.DataObject) -> None:
    numbers = data.draw(st.lists(st.integers(0, 15), min_size=min(size, 2**n), max_size=min(size, 2**n)))
    read = outcome(lambda index: select(index, numbers, width=4), n)
    assert [read(i) for i in range(2**n)] == numbers + [0] * (2**n - len(numbers))


def test_select_takes_vectors_and_ints() -> None:
    computed = outcome(lambda a, b, c: select(c, [a, 5, b]), 3, 3, 2)
    assert [computed(1, 2, i) for i in range(4)] == [1, 5, 2, 0]


def test_mux_takes_a_vector_and_an_int_either_way() -> None:
    computed = outcome(lambda a, b: concat(mux(b, a, 2), mux(b, 1, a)), 2, 1)
    assert (computed(3, 1), computed(3, 0)) == (3 + 4 * 1, 2 + 4 * 3)


def test_a_bit_at_an_index_that_is_a_vector() -> None:
    computed = outcome(lambda a, b: a[b], 5, 3)
    assert [computed(0b10110, i) for i in range(8)] == [0, 1, 1, 0, 1, 0, 0, 0]


def test_concat_puts_its_first_part_lowest_and_undoes_iteration() -> None:
    assert outcome(lambda a, b: concat(a, b), 2, 3)(0b01, 0b110) == 0b11001
    assert outcome(lambda a: concat(*a), 4)(11) == 11


def test_indices_count_from_the_least_place_and_from_the_top_if_negative() -> None:
    assert outcome(lambda a: concat(a[0], a[-1], a[1:3], a[-2:]), 4)(0b1001) == 0b10_00_1_1


SIZES = {
    "sum": (lambda a, b: a + b, r"need vectors of one width, got 4 bits of a and 3 bits of b, at \(a \+ b\)"),
    "nested": (lambda a, b: (a ^ 5) < b, r"got 4 bits of \(a \^ 5\) and 3 bits of b, at \(\(a \^ 5\) < b\)"),
    "too large": (lambda a, b: a & 16, r"need an int from -8 to 15 for 4 bits, got 16, at \(a & 16\)"),
    "minuend": (lambda a, b: 99 - b, r"need an int from -4 to 7 for 3 bits, got 99, at \(99 - b\)"),
    "signed": (lambda a, b: b.signed_less(4), r"need an int from -4 to 3 for 3 bits, got 4, at \(b signed < 4\)"),
    "float": (lambda a, b: a + 1.0, r"need a vector or an int, got 1.0, at \(a \+ 1.0\)"),
    "string": (lambda a, b: a == "a", r"need a vector or an int, got 'a', at \(a == 'a'\)"),
    "factor": (lambda a, b: a.times(-1), r"need an int from 0 to 1 for 1 bits, got -1, at \(a times -1\)"),
    "condition": (lambda a, b: mux(b, a, a), r"need one bit as a condition, got 3 bits of b, at mux\(b, a, a\)"),
    "choices": (
        lambda a, b: mux(a[0], a, b),
        r"need vectors of one width, got 4 bits and 3 bits of b, at mux\(a\[0\], a, b\)",
    ),
    "ints": (
        lambda a, b: mux(a[0], 1, 2),
        r"need a vector among the values, or a width, got ints alone, at mux\(a\[0\], 1, 2\)",
    ),
    "no entry": (lambda a, b: select(b, []), r"need 1 to 8 entries for 3 bits of b, got 0, at select\(b, 0 entries\)"),
    "entries": (lambda a, b: select(b, [1] * 9, width=1), r"need 1 to 8 entries for 3 bits of b, got 9"),
    "entry": (
        lambda a, b: select(b, [1, 4], width=2),
        r"need an int from -2 to 3 for 2 bits, got 4, at select\(b, 2 entries\)",
    ),
    "place": (lambda a, b: a[4], r"need places within 4 bits, got a\[4\]"),
    "place below": (lambda a, b: a[-5], r"need places within 4 bits, got a\[-5\]"),
    "slice": (lambda a, b: a[2:5], r"need places within 4 bits, got a\[2:5\]"),
    "empty": (lambda a, b: a[2:2], r"need at least one bit in a vector, got none, at a\[2:2\]"),
    "narrower": (lambda a, b: a.extended(3), r"need a width of at least 4, got 3, at a.extended\(3\)"),
    "shift": (lambda a, b: a << -1, r"need a vector or an int >= 0 to shift by, got -1, at \(a << -1\)"),
    "nothing": (lambda a, b: concat(), r"need at least one vector to join, got none"),
    "another design": (
        lambda a, b: a + Design().input("z", 4),
        r"vectors of one design, got a of one and z of another, at \(a \+ z\)",
    ),
    "truth": (
        lambda a, b: a if a == 3 else b,
        r"need a number for a truth value, got a vector of a circuit, at \(a == 3\); use mux",
    ),
    "chain": (lambda a, b: 1 < a < 5, r"need a number for a truth value, got a vector of a circuit, at \(a > 1\)"),
    "hash": (lambda a, b: {a: b}, r"need a value with a hash, got a vector of a circuit \(== makes gates\), at a"),
}


@pytest.mark.parametrize("case", SIZES)
def test_an_error_names_the_expression(case: str) -> None:
    make, message = SIZES[case]
    with pytest.raises(ConstructionError, match=message):
        outcome(make, 4, 3)


def test_the_text_of_a_vector_stays_short() -> None:
    total = Design().input("number", 8)
    for _ in range(50):
        total = total + total
    assert len(total.text) == 60 and total.text.endswith("...")


def test_a_vector_shows_how_it_was_made() -> None:
    a = Design().input("a", 2)
    assert repr(a ^ 1) == "<(a ^ 1): 2 bits>"
    assert repr(a[0]) == "<a[0]: 1 bit>"


def test_equal_expressions_are_made_once() -> None:
    design = Design()
    a, b = design.input("a", 8), design.input("b", 8)
    product, same = a * b, a == b
    size = len(design.builder)
    assert (a * b).literals == product.literals
    assert (b == a).literals == same.literals
    assert len(design.builder) == size


def test_all_and_any_are_equality_with_a_constant() -> None:
    a = Design().input("a", 5)
    assert a.all().literals == (a == -1 % 32).literals
    assert a.any().literals == (a != 0).literals


def test_a_product_modulo_a_power_is_the_low_part_of_the_whole_product() -> None:
    design = Design()
    a, b = design.input("a", 7), design.input("b", 7)
    assert (a * b).literals == a.times(b)[:7].literals
