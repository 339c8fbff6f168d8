"""Writing circuits: folding and hashing keep the function, and equal gates meet."""

from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructions.computation.builder import FALSE, TRUE, Builder, assignments, clean
from constructions.computation.flat import FlatCircuit, Gates
from constructions.errors import ConstructionError

N = 3
WORDS, WIDTH = assignments(N)
MASK = (1 << WIDTH) - 1


def word(known: dict[int, int], literal: int) -> int:
    """The truth table of a literal."""
    return known[literal & ~1] ^ (MASK if literal & 1 else 0)


def counted(needs: int, words: list[int]) -> int:
    """The truth table of a threshold gate, assignment by assignment."""
    return sum(1 << j for j in range(WIDTH) if sum(w >> j & 1 for w in words) >= needs)


def started() -> tuple[Builder, list[int]]:
    """A builder with three inputs."""
    builder = Builder()
    return builder, [builder.input(name) for name in "abc"]


def table(circuit: FlatCircuit) -> dict[str, int]:
    """The outputs for all assignments of the three inputs."""
    return circuit.evaluate(dict(zip("abc", WORDS, strict=True)), width=WIDTH)


WRITE: dict[str, Callable[[Builder, int, list[int]], int]] = {
    "both": lambda b, k, x: b.both(*x),
    "either": lambda b, k, x: b.either(*x),
    "xor": lambda b, k, x: b.xor(*x),
    "mux": lambda b, k, x: b.mux(*x),
    "every": lambda b, k, x: b.every(x),
    "some": lambda b, k, x: b.some(x),
    "counted": lambda b, k, x: b.counted(k, x),
    "gate": lambda b, k, x: b.gate(k, x),
}
MEAN: dict[str, Callable[[int, list[int]], int]] = {
    "both": lambda k, w: counted(2, w),
    "either": lambda k, w: counted(1, w),
    "xor": lambda k, w: w[0] ^ w[1],
    "mux": lambda k, w: w[0] & w[1] | ~w[0] & w[2] & MASK,
    "every": lambda k, w: counted(len(w), w),
    "some": lambda k, w: counted(1, w),
    "counted": counted,
    "gate": counted,
}


@given(data=st.data())
def test_whatever_is_written_keeps_its_function(data: st.DataObject) -> None:
    builder, inputs = started()
    known = {FALSE: 0} | dict(zip(inputs, WORDS, strict=True))
    pool = [FALSE, TRUE, *inputs]
    for i in range(data.draw(st.integers(1, 10))):
        kind = data.draw(st.sampled_from(list(WRITE)))
        size = {"both": 2, "either": 2, "xor": 2, "mux": 3}.get(kind) or data.draw(st.integers(0, 5))
        chosen = [data.draw(st.sampled_from(pool)) ^ data.draw(st.integers(0, 1)) for _ in range(size)]
        words = [word(known, literal) for literal in chosen]
        needs = data.draw(st.integers(0, size + 1))
        found, meant = WRITE[kind](builder, needs, chosen), MEAN[kind](needs, words)
        if found not in pool and found ^ 1 not in pool:
            known[found & ~1] = meant ^ (MASK if found & 1 else 0)
            pool.append(found)
        assert word(known, found) == meant
        builder.output(f"y{i}", found)
    assert table(builder.circuit()) == {name: word(known, literal) for name, literal in builder.outputs.items()}


@given(chosen=st.permutations([0, 3, 4]), needs=st.integers(0, 4))
def test_gates_of_the_same_literals_in_any_order_are_made_once(chosen: list[int], needs: int) -> None:
    builder, _ = started()
    assert builder.at_least(needs, chosen) == builder.at_least(needs, [0, 3, 4])
    assert len(builder) == (1 if 1 <= needs <= 3 else 0)


def test_a_disjunction_meets_the_conjunction_of_the_negations() -> None:
    builder, (a, b, c) = started()
    assert builder.some([a, b, c]) == builder.every([a ^ 1, b ^ 1, c ^ 1]) ^ 1
    assert builder.either(a, b) == builder.some([b, a]) and len(builder) == 2


def test_a_wide_gate_of_two_literals_meets_the_gate_of_two() -> None:
    builder, (a, b, _) = started()
    assert builder.every([a, b, a, TRUE]) == builder.both(b, a)


@pytest.mark.parametrize("constant", [FALSE, TRUE])
def test_constants_and_repeated_operands_make_no_gate(constant: int) -> None:
    builder, (a, _, _) = started()
    true = constant == TRUE
    assert builder.both(a, constant) == (a if true else FALSE) and builder.either(constant, a) == (TRUE if true else a)
    assert builder.xor(a, constant) == builder.xor(constant, a) == a ^ true
    assert builder.both(a, a) == builder.either(a, a) == a
    assert builder.both(a, a ^ 1) == FALSE and builder.either(a ^ 1, a) == TRUE
    assert builder.xor(a, a) == FALSE and builder.xor(a, a ^ 1) == TRUE
    assert builder.every([a, a ^ 1, 2]) == FALSE and builder.some([a, 2, a ^ 1]) == TRUE
    assert builder.every([]) == TRUE and builder.some([]) == FALSE
    assert len(builder) == 0


@pytest.mark.parametrize(("p", "q"), list(product((FALSE, TRUE), repeat=2)))
def test_exclusive_or_of_constants(p: int, q: int) -> None:
    assert Builder().xor(p, q) == (TRUE if p != q else FALSE)


def test_exclusive_or_of_negated_literals_meets_that_of_the_plain_ones() -> None:
    builder, (a, b, _) = started()
    assert builder.xor(a ^ 1, b) == builder.xor(a, b) ^ 1 == builder.xor(b, a ^ 1) and len(builder) == 3


def test_a_proper_threshold_refuses_a_node_twice() -> None:
    builder, (a, b, c) = started()
    with pytest.raises(ConstructionError, match=r"^need different nodes in a threshold gate, got node 0 twice$"):
        builder.at_least(2, [a, b, c, a ^ 1])


def test_an_output_has_its_name_once() -> None:
    builder, (a, _, _) = started()
    builder.output("y", a)
    with pytest.raises(ConstructionError, match=r"^need a new name, got the output 'y' twice$"):
        builder.output("y", a)


def test_constant_outputs_share_one_constant_gate() -> None:
    builder, (a, _, _) = started()
    for name, literal in {"yes": TRUE, "no": FALSE, "a": a}.items():
        builder.output(name, literal)
    circuit = builder.circuit()
    assert circuit.kinds == {"constant": 1} and table(circuit) == {"yes": MASK, "no": 0, "a": WORDS[0]}


def test_gates_that_no_output_needs_are_left_out() -> None:
    builder, (a, b, c) = started()
    builder.both(a, b)
    builder.output("y", builder.both(b, c))
    assert list(builder.circuit().gates) == [(2, [2, 4])]


def test_a_stamped_copy_needs_a_literal_for_each_input() -> None:
    builder, (a, b, _) = started()
    half = FlatCircuit(inputs=("x", "y"), gates=Gates.of([(2, (0, 3))]), outputs={"z": 5})
    assert builder.stamp(half, [a, b]) == {"z": builder.both(a, b ^ 1) ^ 1}
    with pytest.raises(ConstructionError, match=r"^need 2 literals, got 1$"):
        builder.stamp(half, [a])


def test_a_threshold_stamped_over_one_literal_several_times_counts_it_several_times() -> None:
    builder, (a, b, _) = started()
    majority = FlatCircuit(inputs=("x", "y", "z"), gates=Gates.of([(2, (0, 2, 4))]), outputs={"m": 6})
    builder.output("a", builder.stamp(majority, [a, a, b])["m"])
    builder.output("b", builder.stamp(majority, [a, a ^ 1, b])["m"])
    assert table(builder.circuit()) == {"a": WORDS[0], "b": WORDS[1]}


@given(data=st.data())
def test_clean_keeps_the_function_and_makes_no_more_gates(data: st.DataObject) -> None:
    rows = []
    for v in range(N, N + data.draw(st.integers(1, 12))):
        nodes = data.draw(st.lists(st.integers(0, v - 1), unique=True, max_size=4))
        rows.append((data.draw(st.integers(0, len(nodes) + 1)), [2 * u + data.draw(st.integers(0, 1)) for u in nodes]))
    circuit = FlatCircuit(inputs=tuple("abc"), gates=Gates.of(rows), outputs={"y": 2 * (N + len(rows)) - 1, "z": 2 * N})
    cleaned = clean(circuit)
    assert table(cleaned) == table(circuit) and cleaned.inputs == circuit.inputs
    assert clean(cleaned).same_structure(cleaned)


def test_clean_merges_equal_gates() -> None:
    rows = [(2, [0, 2]), (2, [2, 0]), (1, [1, 3]), (3, [4, 6, 8])]
    circuit = FlatCircuit(inputs=tuple("abc"), gates=Gates.of(rows), outputs={"y": 12, "both": 6, "not both": 10})
    assert clean(circuit).outputs["both"] == clean(circuit).outputs["not both"] ^ 1 == 6


@pytest.mark.parametrize("n", range(5))
def test_the_assignments_are_all_of_them_in_order(n: int) -> None:
    words, width = assignments(n)
    assert [sum((word >> j & 1) << i for i, word in enumerate(words)) for j in range(width)] == list(range(2**n))


@pytest.mark.parametrize("n", [-1, 25])
def test_too_many_assignments_are_refused(n: int) -> None:
    with pytest.raises(ConstructionError, match=f"^need at most 24 inputs to go through them all, got {n}$"):
        assignments(n)
