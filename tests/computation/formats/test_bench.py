"""BENCH: c17 against its six NANDs, gates of several operands, any order, any case, DFFs, and names that are taken."""

from collections.abc import Callable
from functools import reduce
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructions.computation.builder import assignments
from constructions.computation.flat import FlatCircuit, Gates
from constructions.computation.formats.bench import read_bench, write_bench
from constructions.computation.machines import Machine
from constructions.errors import ConstructionError

C17 = Path(__file__).parents[3] / "examples" / "c17.bench"
ABC = "INPUT(a)\nINPUT(b)\nINPUT(c)\nOUTPUT(y)\n"


def table(text: str) -> dict[str, int]:
    """The outputs for all assignments."""
    circuit = read_bench(text.encode()).circuit
    words, width = assignments(len(circuit.inputs))
    return circuit.evaluate(dict(zip(circuit.inputs, words, strict=True)), width=width)


def test_c17_is_its_six_nands() -> None:
    circuit = read_bench(C17.read_bytes()).circuit
    assert circuit.inputs == ("1", "2", "3", "6", "7") and circuit.kinds == {"nand": 6} and circuit.depth == 3
    for x1, x2, x3, x6, x7 in product((False, True), repeat=5):
        x10, x11 = not (x1 and x3), not (x3 and x6)
        x16, x19 = not (x2 and x11), not (x11 and x7)
        meant = {"22": not (x10 and x16), "23": not (x16 and x19)}
        assert circuit(**{"1": x1, "2": x2, "3": x3, "6": x6, "7": x7}) == meant


GATES: dict[str, Callable[[list[bool]], object]] = {
    "AND": all,
    "OR": any,
    "NAND": lambda bits: not all(bits),
    "NOR": lambda bits: not any(bits),
    "XOR": lambda bits: sum(bits) % 2 == 1,
    "XNOR": lambda bits: sum(bits) % 2 == 0,
}


@pytest.mark.parametrize("kind", GATES)
@pytest.mark.parametrize(
    "operands", ["a", "a, b", "a,b,c", "a, a", "a, b, a", "a, na", "b, a, na", "c, a, a, b, c", "na, a, nb, b"]
)
def test_a_gate_of_any_operands_has_its_value(kind: str, operands: str) -> None:
    found = table(f"{ABC}na = NOT(a)\nnb = NOT(b)\ny = {kind}({operands})\n")["y"]
    for j in range(8):
        bits = {name: bool(j >> i & 1) for i, name in enumerate("abc")}
        bits |= {"na": not bits["a"], "nb": not bits["b"]}
        assert bool(found >> j & 1) == bool(GATES[kind]([bits[name.strip()] for name in operands.split(",")]))


@pytest.mark.parametrize(
    ("gate", "word"),
    [
        ("NOT(a)", 0b01010101),
        ("BUF(a)", 0b10101010),
        ("buff(a)", 0b10101010),
        ("vdd", 255),
        ("VDD()", 255),
        ("gnd", 0),
        ("GND( )", 0),
    ],
)
def test_gates_of_one_operand_or_none(gate: str, word: int) -> None:
    assert table(f"{ABC}y = {gate}\n") == {"y": word}


def test_comments_case_blanks_and_order_do_not_matter() -> None:
    text = "# half\n\n  y=nand( a ,\tt ) # late\nOutput (y)\r\nt = Or(a,b)\ninput( a )\nINPUT(b)"
    assert table(text) == {"y": reduce(lambda x, y: x | y, [1 << j for j in range(4) if not j & 1])}


def test_names_are_what_stands_there_case_and_all() -> None:
    machine = read_bench(b"INPUT(G1)\nINPUT(g1)\nOUTPUT(x[0])\nx[0] = AND(G1, g1)\n")
    assert machine.inputs == ("G1", "g1") and machine.outputs == ("x[0]",) and machine.circuit.signals == {2: "x[0]"}


def test_a_flip_flop_starts_at_0_and_may_stand_before_what_feeds_it() -> None:
    machine = read_bench(b"INPUT(d)\nOUTPUT(q)\nOUTPUT(n)\nq = DFF(t)\nn = NOT(q)\nt = XOR(d, q)\n")
    assert machine.state == ("q",) and machine.start == (False,)
    assert [outputs["q"] for outputs in machine.simulate([{"d": bit} for bit in (1, 1, 0, 1)])] == [0, 1, 0, 0]


def test_a_loop_through_a_flip_flop_is_none() -> None:
    assert [o["q"] for o in read_bench(b"OUTPUT(q)\nq = DFF(n)\nn = NOT(q)\n").simulate([{}] * 3)] == [0, 1, 0]


def test_an_input_may_be_an_output() -> None:
    data = b"INPUT(a)\nOUTPUT(a)\n"
    assert read_bench(data).circuit(a=True) == {"a": True} and write_bench(read_bench(data)) == data


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("y = FOO(a)", "need a gate among AND, BUF, .*, got 'FOO\\(a\\)', at line 5"),
        ("y = NOT(a, b)", "need names between commas, as many as the gate takes, got 'NOT\\(a, b\\)', at line 5"),
        ("y = AND()", "need names between commas, as many as the gate takes, got 'AND\\(\\)', at line 5"),
        ("y = AND(a,,b)", "need names between commas, .*, at line 5"),
        ("y = AND(a b)", "need names between commas, .*, at line 5"),
        ("y = AND(a", r"need INPUT\(a\), OUTPUT\(a\) or a = GATE\(b, ...\), got 'y = AND\(a', at line 5"),
        ("İNPUT(k)\ny = NOT(a)", r"need INPUT\(a\), .*, at line 5"),
        ("y = NOT(z)", "need a defined name, got 'z', at line 5"),
        ("x = NOT(a)", "need a defined name, got 'y', at line 4"),
        ("y = NOT(a)\ny = NOT(b)", "need each name once, got 'y' again, at line 6"),
        ("y = NOT(a)\na = NOT(b)", "need each name once, got 'a' again, at line 6"),
        ("y = NOT(a)\nINPUT(y)", "need each name once, got 'y' again, at line 6"),
        ("y = NOT(a)\nINPUT(a)", "need each name once, got 'a' again, at line 6"),
        ("y = LUT 0x8 (a)", "need a truth table of 2 bits, such as 0x8, got 'LUT 0x8\\(a\\)', at line 5"),
        ("y = LUT 0x10 (a, b)", "need a truth table of 4 bits, such as 0x8, got 'LUT 0x10\\(a, b\\)', at line 5"),
        ("y = LUT (a, b)", "need a truth table of 4 bits, .*, at line 5"),
        ("y = LUT 8 (a, b)", r"need INPUT\(a\), .*, at line 5"),
        ("y = AND 0x8 (a, b)", "need no truth table but behind LUT, got 'AND 0x8\\(a, b\\)', at line 5"),
        (f"y = LUT 0x1 ({', '.join(17 * 'a')})", "need names between commas, as many as the gate takes, .*, at line 5"),
        ("y = MUX(a, b)", "need names between commas, as many as the gate takes, .*, at line 5"),
        ("y = DFFRSE(a, gnd, gnd, gnd, b)", "need gnd for all operands of a DFFRSE but the first, got 'b', at line 5"),
        (
            "y = DFFRSE(a, vdd, gnd, gnd, gnd)",
            "need gnd for all operands of a DFFRSE but the first, got 'vdd', at line 5",
        ),
        ("y = NOT(GND)", "need a defined name, got 'GND', at line 5"),
        ("y = NOT(y)", "need an acyclic circuit, got 'y', which depends on itself, at line 5"),
        ("y = AND(a, x)\nx = OR(b, y)", "need an acyclic circuit, got '[xy]', which depends on itself, at line [56]"),
    ],
)
def test_a_fault_is_named_with_its_line(text: str, message: str) -> None:
    with pytest.raises(ConstructionError, match=f"^{message} of BENCH data$"):
        read_bench(f"{ABC}{text}\n".encode())


def test_two_ways_to_one_gate_are_no_cycle() -> None:
    assert table(f"{ABC}y = AND(p, q)\np = OR(q, r)\nq = NOT(r)\nr = AND(a, b)\n")["y"] == 0b01110111


def test_thresholds_and_constants_are_written_as_ands_and_ors() -> None:
    rows: list[tuple[int, list[int]]] = [(2, [0, 2, 5]), (0, []), (1, []), (1, [7])]
    circuit = FlatCircuit(inputs=tuple("abc"), gates=Gates.of(rows), outputs={"y": 12, "t": 8, "f": 10, "g": 9})
    words, width = assignments(3)
    assert read_bench(write_bench(circuit)).circuit.evaluate(
        dict(zip("abc", words, strict=True)), width=width
    ) == circuit.evaluate(dict(zip("abc", words, strict=True)), width=width)


def test_names_made_up_in_writing_do_not_meet_those_that_are_there() -> None:
    gates = Gates.of([(2, [1, 2]), (1, [0, 5]), (2, [5, 7])])
    circuit = FlatCircuit(inputs=("a", "a~"), gates=gates, outputs={"n3": 4, "y": 9, "n2": 8})
    again = read_bench(write_bench(circuit)).circuit
    for a, b in product((False, True), repeat=2):
        assert again(**{"a": a, "a~": b}) == circuit(**{"a": a, "a~": b})


def test_an_empty_name_is_refused() -> None:
    with pytest.raises(ConstructionError, match=r"^need names that are not empty, got ''"):
        write_bench(FlatCircuit(inputs=("",), gates=Gates.of([]), outputs={}))


def test_a_name_that_bench_cannot_hold_is_spelled_and_others_stay() -> None:
    hard = ("a b", "a\\{20}b", "a,b", "f(x)", "a=b", "#1", "a\nb", "a\x85", "\u2028", "\xa0b", "\x1c", "caf\udce9")
    easy = ("a\\b", "\x1b[31m", "\x07", "'\"$<&>", "\\x20", "\u05d0")
    gates = Gates.of([(1, (2 * i, 1)) for i in range(1, len(hard))])
    signals = {len(hard + easy) + i: f"and {i}" for i in range(len(gates))}
    outputs = {f"o {i}": 2 * (len(hard + easy) + i) for i in range(1, len(gates))}
    data = write_bench(FlatCircuit(inputs=hard + easy, gates=gates, outputs=outputs, signals=signals))
    assert b"INPUT(a\\{20}b)\nINPUT(a\\\\{20}b)\n" in data and b"INPUT(a\\b)\n" in data
    found = read_bench(data).circuit
    assert found.inputs == hard + easy and list(found.outputs) == list(outputs) and "and 0" in found.signals.values()


def test_an_output_with_the_name_of_another_input_is_refused() -> None:
    with pytest.raises(ConstructionError, match=r"^need different names for inputs and outputs .*, got 'a'$"):
        write_bench(FlatCircuit(inputs=("a",), gates=Gates.of([]), outputs={"a": 1}))


def test_a_state_that_may_start_as_it_likes_is_refused() -> None:
    circuit = FlatCircuit(inputs=("p", "q"), gates=Gates.of([]), outputs={})
    with pytest.raises(
        ConstructionError, match=r"^need a machine whose state starts at 0 or 1 .*, got any start, at 'q'$"
    ):
        write_bench(Machine(circuit=circuit, next=(0, 0), start=(True, None)))


def test_a_state_that_starts_at_1_is_written_as_a_dff1() -> None:
    data = b"INPUT(d)\nOUTPUT(p)\np = DFF1(d)\nq = DFF(p)\n"
    assert read_bench(data).start == (True, False) and write_bench(read_bench(data)) == data


@pytest.mark.parametrize(
    ("gate", "word"),
    [
        ("LUT 0x8 (a, b)", 0b10001000),
        ("LUT 0xE (b, a)", 0b11101110),
        ("lut 0x2 ( b )", 0b11001100),
        ("LUT 0x1(b)", 0b00110011),
        ("LUT 0xD8 (a, b, c)", 0b11011000),
        ("LUT 0x8 (a, b, c)", 0b00001000),
        ("LUT 0x1 ()", 0b11111111),
        ("LUT 0x0 (a, b)", 0),
        ("LUT 0xf (a, b)", 0b11111111),
        ("LUT 0x6 (a, a)", 0),
        ("LUT 0x9 (a, a)", 0b11111111),
        ("MUX(a, b, c)", 0b11011000),
        ("Mux(a, a, a)", 0b10101010),
        ("MUX(gnd, a, b)", 0b11001100),
        ("AND(vdd, a)", 0b10101010),
        ("NXOR(a, b)", 0b10011001),
    ],
)
def test_truth_tables_and_choices(gate: str, word: int) -> None:
    assert table(f"{ABC}y = {gate}\n") == {"y": word}


@given(operands=st.lists(st.sampled_from("abc"), max_size=6), bits=st.data())
def test_a_truth_table_is_looked_up(operands: list[str], bits: st.DataObject) -> None:
    number = bits.draw(st.integers(0, (1 << (1 << len(operands))) - 1))
    found = table(f"{ABC}y = LUT 0x{number:x} ({', '.join(operands)})\n")["y"]
    for word in range(8):
        at = sum((word >> "abc".index(name) & 1) << i for i, name in enumerate(operands))
        assert found >> word & 1 == number >> at & 1


def test_a_large_truth_table_takes_rows_like_its_choices() -> None:
    names = [f"x{i}" for i in range(16)]
    text = (
        "".join(f"INPUT({name})\n" for name in names) + f"OUTPUT(y)\ny = LUT 0x{'6996' * 4096} ({', '.join(names)})\n"
    )
    assert len(read_bench(text.encode()).circuit.gates) < 16 * 8


def test_a_name_that_is_defined_is_no_constant() -> None:
    assert table(f"{ABC}y = OR(gnd, vdd)\ngnd = BUF(a)\nvdd = NOT(vdd2)\nvdd2 = BUF(b)\n") == {"y": 0b10111011}
    assert read_bench(b"INPUT(gnd)\nOUTPUT(gnd)\n").circuit(gnd=True) == {"gnd": True}


def test_an_output_that_stands_there_again_is_an_output_again() -> None:
    data = b"INPUT(a)\nINPUT(o1)\nOUTPUT(y)\nOUTPUT(y)\nOUTPUT(a)\nOUTPUT(y)\ny = NOT(a)\n"
    circuit = read_bench(data).circuit
    assert list(circuit.outputs) == ["y", "o1_", "a", "o3"] and circuit.labels == {"o1_": "y", "o3": "y"}
    assert circuit.evaluate({"a": 0b01, "o1": 0}, width=2) == {"y": 0b10, "o1_": 0b10, "a": 0b01, "o3": 0b10}
    assert write_bench(circuit) == data


def test_a_mark_at_the_front_and_a_short_last_line() -> None:
    machine = read_bench(b"\xef\xbb\xbfINPUT(a)\r\nOUTPUT(y)\r\ny = NOT(a)")
    assert machine.inputs == ("a",) and machine.circuit(a=False) == {"y": True}
    with pytest.raises(ConstructionError, match=r"at line 1 of BENCH data$"):
        read_bench(b"\xef\xbb\xbfINPUT a\n")
