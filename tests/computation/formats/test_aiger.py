"""Reading AIGER 1.9: the small examples of its report, ASCII in any order, binary differences, properties and
symbols."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructions.computation.builder import assignments
from constructions.computation.formats.aiger import AigerFile, read_aiger
from constructions.computation.formats.aiger_gates import and_rows
from constructions.errors import ConstructionError


def lines(*rows: str) -> bytes:
    """A file of some lines."""
    return "".join(f"{row}\n" for row in rows).encode()


def table(data: bytes) -> dict[str, int]:
    """The outputs for all assignments, bit j of a word for assignment j."""
    circuit = read_aiger(data).machine.circuit
    words, width = assignments(len(circuit.inputs))
    return circuit.evaluate(dict(zip(circuit.inputs, words, strict=True)), width=width)


def run(data: bytes, *words: int) -> list[list[int]]:
    """The outputs step by step; bit i of a word is input i."""
    machine = read_aiger(data).machine
    steps = [{name: word >> i & 1 for i, name in enumerate(machine.inputs)} for word in words]
    return [list(outputs.values()) for outputs in machine.simulate(steps)]


HALF_ADDER = ("aag 7 2 0 2 3", "2", "4", "6", "12", "6 13 15", "12 2 4", "14 3 5", "i0 x", "i1 y", "o0 s", "o1 c")
BINARY_HALF_ADDER = b"aig 5 2 0 2 3\n10\n6\n\x02\x02\x03\x02\x01\x02"


@pytest.mark.parametrize("data", [b"aag 0 0 0 0 0\n", b"aig 0 0 0 0 0\n"])
def test_an_empty_file_is_an_empty_circuit(data: bytes) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        machine = read_aiger(data).machine
    assert machine.circuit.size == 0 and machine.outputs == () and machine.state == ()


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (("aag 0 0 0 1 0", "0"), [0]),
        (("aag 0 0 0 1 0", "1"), [1]),
        (("aag 1 1 0 1 0", "2", "2"), [0b10]),
        (("aag 1 1 0 1 0", "2", "3"), [0b01]),
        (("aag 3 2 0 1 1", "2", "4", "6", "6 2 4"), [0b1000]),
        (("aag 3 2 0 1 1", "2", "4", "7", "6 3 5"), [0b1110]),
        (HALF_ADDER, [0b0110, 0b1000]),
        (("aag 2 1 0 2 1", "2", "4", "5", "4 2 2"), [0b10, 0b01]),
        (("aag 2 1 0 2 1", "2", "4", "5", "4 3 2"), [0b00, 0b11]),
        (("aag 4 1 0 3 3", "2", "4", "6", "8", "4 1 2", "6 0 3", "8 1 1"), [0b10, 0b00, 0b11]),
    ],
    ids=[
        "false",
        "true",
        "buffer",
        "inverter",
        "and",
        "or",
        "half adder",
        "operand twice",
        "contradiction",
        "constants",
    ],
)
def test_the_small_combinational_examples(rows: tuple[str, ...], words: list[int]) -> None:
    assert list(table(lines(*rows)).values()) == words


def test_the_binary_half_adder_is_the_ascii_one() -> None:
    file = read_aiger(BINARY_HALF_ADDER + b"i0 x\ni1 y\no0 s\no1 c\n")
    assert file.machine.inputs == ("x", "y") and table(BINARY_HALF_ADDER) == {"o0": 0b0110, "o1": 0b1000}
    assert table(BINARY_HALF_ADDER + b"o0 s\no1 c\n") == table(lines(*HALF_ADDER))


@pytest.mark.parametrize("data", [lines("aag 1 0 1 2 0", "2 3", "2", "3"), lines("aig 1 0 1 2 0", "3", "2", "3")])
def test_the_toggle_flip_flop_toggles(data: bytes) -> None:
    assert run(data, 0, 0, 0) == [[0, 1], [1, 0], [0, 1]]


def test_the_toggle_flip_flop_with_enable_and_reset() -> None:
    data = lines("aag 7 2 1 2 4", "2", "4", "6 8", "6", "7", "8 4 10", "10 13 15", "12 2 6", "14 3 7")
    assert [now for now, _ in run(data, 0b10, 0b11, 0b11, 0b11, 0b10, 0b00, 0b11)] == [0, 0, 1, 0, 1, 1, 0]


@pytest.mark.parametrize(("reset", "start"), [("", False), (" 0", False), (" 1", True), (" 4", None)])
def test_a_latch_starts_at_its_reset_value(reset: str, start: bool | None) -> None:
    assert read_aiger(lines("aag 2 1 1 1 0", "2", f"4 2{reset}", "4")).machine.start == (start,)
    assert read_aiger(lines("aig 2 1 1 1 0", f"2{reset}", "4")).machine.start == (start,)


@pytest.mark.parametrize("reset", [2, 3, 5])
def test_another_reset_value_is_refused(reset: int) -> None:
    with pytest.raises(
        ConstructionError, match=f"^need a reset value 0, 1 or 4, got {reset}, at line 3 of AIGER data$"
    ):
        read_aiger(lines("aag 2 1 1 1 0", "2", f"4 2 {reset}", "4"))


def test_ands_may_stand_in_any_order_and_leave_variables_unused() -> None:
    data = lines("aag 90 3 0 1 4", "20", "8", "30", "41", "40 51 60", "50 60 70", "60 20 9", "70 31 8")
    a, b, c = assignments(3)[0]
    sixty, seventy = a & ~b & 255, ~c & b & 255
    fifty = sixty & seventy
    assert table(data) == {"o0": ~(~fifty & sixty) & 255}


@given(order=st.permutations(range(4)))
def test_the_order_of_ascii_ands_does_not_matter(order: list[int]) -> None:
    ands = ["8 2 4", "10 9 6", "12 8 11", "14 13 10"]
    head = ("aag 7 3 0 1 4", "2", "4", "6", "15")
    assert table(lines(*head, *(ands[i] for i in order))) == table(lines(*head, *ands))


def test_binary_differences_take_several_bytes() -> None:
    first, second = b"\x02", b"\xd6\x04"  # 602 - 2 = 600, 600 - (0x56 + 4 * 128) = 2
    circuit = read_aiger(b"aig 301 300 0 1 1\n602\n" + first + second).machine.circuit
    assert list(circuit.gates) == [(2, [0, 598])] and circuit.outputs == {"o0": 600}


def test_properties_are_kept_by_name() -> None:
    file = read_aiger(
        lines(
            "aag 2 1 1 1 0 2 1 2 1",
            "2",
            "4 2",
            "4",
            "2",
            "5",
            "3",
            "2",
            "1",
            "4",
            "0",
            "3",
            "1",
            "b1 worse",
            "c0 always",
            "j0 often",
            "f0 fair",
            "c",
            "made",
            "by hand",
        )
    )
    true = 2 * (file.machine.circuit.size - 1)
    assert file.bad == {"b0": 0, "worse": 3} and file.constraints == {"always": 1}
    assert file.justice == {"often": (2, true ^ 1), "j1": (1,)} and file.fairness == {"fair": true}
    assert file.machine.circuit.gates.needs[-1] == 0 and file.comment == "made\nby hand\n"


def test_symbols_bind_names_in_any_order_and_the_rest_are_called_by_their_place() -> None:
    file = read_aiger(
        lines("aag 4 2 2 2 0", "2", "4", "6 2", "8 4", "6", "9", "o1 bottom", "l0 state", "i1 right side", "o0 köln")
    )
    machine = file.machine
    assert (machine.inputs, machine.state, machine.outputs) == (
        ("i0", "right side"),
        ("state", "l1"),
        ("köln", "bottom"),
    )


def test_a_name_made_up_for_an_input_gives_way_to_symbols() -> None:
    assert read_aiger(lines("aag 3 3 0 0 0", "2", "4", "6", "i1 i0", "i2 i0_")).machine.inputs == ("i0__", "i0", "i0_")


def test_a_comment_may_be_anything_and_the_last_line_may_stop_short() -> None:
    file = read_aiger(lines("aag 1 1 0 0 0", "2", "c") + b"\xff\x00i9 lie")
    assert file.comment == "\ufffd\x00i9 lie" and read_aiger(b"aag 1 1 0 0 0\n2\ni0 a").machine.inputs == ("a",)


def test_a_file_without_symbols_has_no_comment_and_no_properties() -> None:
    file = read_aiger(lines(*HALF_ADDER))
    assert isinstance(file, AigerFile) and (file.comment, file.bad, file.justice) == ("", {}, {})


@given(pairs=st.lists(st.tuples(st.integers(-2, 7), st.integers(-2, 7)), min_size=1, max_size=8))
def test_and_rows_fold_constants_and_hold_each_node_once(pairs: list[tuple[int, int]]) -> None:
    gates = and_rows(np.array([a for a, _ in pairs], np.int64), np.array([b for _, b in pairs], np.int64))

    def value(literal: int, word: int) -> bool:
        return bool(literal & 1) if literal < 0 else bool(word >> (literal >> 1) & 1) != bool(literal & 1)

    for (a, b), (needs, row) in zip(pairs, gates, strict=True):
        assert len({x >> 1 for x in row}) == len(row) <= 2 and min(row, default=0) >= 0
        assert all(
            (sum(value(x, word) for x in row) >= needs) == (value(a, word) and value(b, word)) for word in range(16)
        )
