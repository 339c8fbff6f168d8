"""Malformed and hostile files: one ConstructionError that names its place, in bounded time and memory."""

import re
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constructions.computation.formats.aiger import read_aiger
from constructions.computation.formats.aiger_writing import write_aiger
from constructions.computation.formats.bench import read_bench, write_bench
from constructions.computation.machines import Machine
from constructions.errors import ConstructionError

ASCII = (
    b"aag 14 3 3 2 6 1 1 1 1\n2\n4\n6\n8 22 0\n10 23 1\n12 24 12\n22\n29\n1\n24\n2\n6\n7\n8\n20 2 4\n22 21 7\n24 23 8\n"
    b"26 28 25\n28 20 0\n18 10 3\ni0 a\ni1 b\nl0 state\no0 out\nb0 bad\nj0 jus\nc\nhello\n"
)
BENCH = (
    b"# text\nINPUT(a)\nINPUT(b)\nOUTPUT(y)\nOUTPUT(z)\ny = NAND(a, x, q)\nx = XOR(a, b, a)\n"
    b"q = DFF(z)\nz = xnor(x, q)\n"
    b"v = VDD\nt = NOR(v, u)\nu = GND()\n"
)
BINARY = write_aiger(read_aiger(ASCII), binary=True)
SEEDS = {"ascii": ASCII, "binary": BINARY, "bench": BENCH}
PIECES = [
    b"\n",
    b" ",
    b"\r\n",
    b"\0",
    b"\xff",
    "²".encode(),
    "İNPUT(k)\n".encode(),
    b"0",
    b"7",
    b"99999999999999999999",
    b"-1",
    b"i0 ",
    b"c\n",
    b"(",
    b")",
    b",",
    b"=",
    b"#",
    b"\x80\x80\x80\x80\x80",
    b"NOT(",
    b"DFF(a)",
    b"INPUT(",
]


def aiger(data: bytes) -> Machine:
    """The machine of an AIGER file."""
    return read_aiger(data).machine


READERS: dict[str, Callable[[bytes], Machine]] = {"ascii": aiger, "binary": aiger, "bench": read_bench}


def fault(reader: Callable[[bytes], Machine], data: bytes) -> str:
    """The message with which a file is refused, if it is; else the machine runs for two steps."""
    try:
        machine = reader(data)
    except ConstructionError as error:
        assert re.search(r", at .* of (AIGER|BENCH) data$", str(error), flags=re.S) and len(str(error)) < 500
        return str(error)
    assert len(list(machine.simulate([dict.fromkeys(machine.inputs, 0b10)] * 2, width=2))) == 2
    return ""


@pytest.mark.parametrize("kind", SEEDS)
def test_the_seeds_are_good_files(kind: str) -> None:
    assert fault(READERS[kind], SEEDS[kind]) == ""


@pytest.mark.parametrize("kind", SEEDS)
def test_a_file_cut_anywhere_is_a_machine_or_refused(kind: str) -> None:
    found = [fault(READERS[kind], SEEDS[kind][:end]) for end in range(len(SEEDS[kind]))]
    assert found[0 if kind != "bench" else -20]
    if kind != "bench":
        body = SEEDS[kind].index(b"i0 a")
        short = body - 1 if kind == "ascii" else body  # only the end of the last line is not there
        assert all(found[:short]) and not any(found[short : body + 1])


A_SEED, EDITS = st.sampled_from(sorted(SEEDS)), st.integers(1, 4)
HOW, LENGTH = st.sampled_from(["flip", "delete", "double", "put", "splice", "cut"]), st.sampled_from([0, 1, 2, 8])
PIECE = st.sampled_from(PIECES)


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, bytes]:
    """A good file after some edits: bits flipped, bytes deleted, doubled, put in or taken from another file."""
    kind = draw(A_SEED)
    data = SEEDS[kind]
    for _ in range(draw(EDITS)):
        i = draw(st.integers(0, len(data)))
        j = min(len(data), i + draw(LENGTH))
        how = draw(HOW)
        other = SEEDS[draw(A_SEED)]
        k = draw(st.integers(0, len(other)))
        middle = {
            "flip": bytes(byte ^ 1 << draw(st.integers(0, 7)) for byte in data[i:j]),
            "delete": b"",
            "double": 2 * data[i:j],
            "put": draw(PIECE),
            "splice": other[k : k + 12],
            "cut": b"",
        }[how]
        data = data[:i] + middle + (b"" if how == "cut" else data[j:])
    return kind, data


@settings(max_examples=600)
@given(case=edited())
def test_an_edited_file_is_a_machine_or_refused(case: tuple[str, bytes]) -> None:
    kind, data = case
    fault(READERS[kind], data)


@settings(max_examples=200)
@given(data=st.binary(max_size=60), head=st.sampled_from([b"", b"aag 3 1 1 1 1\n", b"aig 3 1 1 1 1\n", b"INPUT(a)\n"]))
def test_random_bytes_are_a_machine_or_refused(data: bytes, head: bytes) -> None:
    fault(aiger, head + data)
    fault(read_bench, head + data)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "need a header .*, got the end of the file, at line 1"),
        (b"aag 1 1 0 0\n2\n", "need a header .*, got 'aag 1 1 0 0', at line 1"),
        (b"aig 0 0 0 0 0\r\n", r"need a header .*, got 'aig 0 0 0 0 0\\r', at line 1"),
        (b"aag 0 0 0 0 0\r\r\n", r"need a header .*, got 'aag 0 0 0 0 0\\r', at line 1"),
        (b"aag 0 0 0 0 -0\n", "need a header .*, at line 1"),
        (b"aig 2 1 0 0 0\n", r"need M equal to I \+ L \+ A = 1, got 'aig 2 1 0 0 0', at line 1"),
        (b"aag 0 1 0 0 0\n2\n", r"need M at least I \+ L \+ A = 1, got 'aag 0 1 0 0 0', at line 1"),
        (b"aag 9 3 0 0 6\n2\n", "need at least 42 bytes behind a header that promises so much, got 2 bytes, at line 1"),
        (b"aig 3 1 1 0 1\n2\n", "need at least 4 bytes behind a header that promises so much, got 2 bytes, at line 1"),
        (b"aig 65537 65537 0 0 0\n", "need at most 65536 inputs in a file of this length, got .*, at line 1"),
        (b"aag 65537 0 0 0 0\n", "need at most 65536 variables in a file of this length, got .*, at line 1"),
        (b"aag 1 1 0 0 0\n3\n", "need an input: an even literal of at least 2, got 3, at line 2"),
        (b"aag 1 1 0 0 0\n0\n", "need an input: an even literal of at least 2, got 0, at line 2"),
        (b"aag 1 1 0 0 0\n4\n", "need an input, none above 3, got '4', at line 2"),
        (b"aag 1 1 0 0 0\n2 2\n", "need an input, got '2 2', at line 2"),
        (b"aag 1 1 0 0 0\n2\r", r"need an input, got '2\\r', at line 2"),
        (b"aag 1 1 0 0 0\n\xff\n", r"need an input, got b'\\xff', at line 2"),
        (b"aag 2 2 0 0 0\n2\n2\n", "need different literals for inputs and latches, got 2 twice, at line 3"),
        (b"aag 2 1 1 0 0\n2\n2 2\n", "need different literals for inputs and latches, got 2 twice, at line 3"),
        (b"aag 2 1 1 0 0\n2\n5 2\n", "need a latch: an even literal of at least 2, got 5, at line 3"),
        (b"aag 3 1 1 0 0\n2\n4 6\n", "need a defined literal as a next state, got 6, at line 3"),
        (b"aag 3 1 1 1 0\n2\n4 2\n7\n", "need a defined literal as an output, got 7, at line 4"),
        (b"aag 3 1 0 1 0 1 1\n2\n2\n2\n6\n", "need a defined literal as a property, got 6, at line 5"),
        (b"aag 3 1 0 0 0 0 0 2 0\n2\n1\n1\n2\n6\n", "need a defined literal as a property, got 6, at line 6"),
        (b"aag 3 1 0 0 0 0 0 1 1\n2\n1\n2\n6\n", "need a defined literal as a property, got 6, at line 5"),
        (b"aag 3 1 0 0 0 0 0 1\n2\n99\n2\n2\n", "need a number of literals, none above 29, got '99', at line 3"),
        (b"aag 2 1 0 0 1\n2\n4 2 6\n", "need an AND 'left first second', none above 5, got '4 2 6', at line 3"),
        (b"aag 3 1 0 0 1\n2\n4 2 6\n", "need a literal that is defined, got 6, at line 3"),
        (b"aag 2 1 0 0 1\n2\n5 2 2\n", "need a new even literal of at least 2 on the left, got 5, at line 3"),
        (b"aag 2 1 0 0 1\n2\n2 2 2\n", "need a new even literal of at least 2 on the left, got 2, at line 3"),
        (b"aag 3 1 0 0 2\n2\n4 2 2\n4 2 2\n", "need a literal that is defined once, got 4, at line [34]"),
        (b"aag 2 1 0 0 1\n2\n4 4 2\n", "need an acyclic circuit, got an AND that depends on itself, at line 3"),
        (
            b"aag 4 1 0 0 3\n2\n4 6 2\n6 8 2\n8 5 2\n",
            "need an acyclic circuit, got an AND that depends on itself, at line [345]",
        ),
        (b"aag 2 1 0 0 1\n2\n4 2  2\n", "need an AND 'left first second', got '4 2  2', at line 3"),
        (b"aag 2 1 0 0 1\n2\n4 2\n2 0\n", "need an AND 'left first second', got '4 2', at line 3"),
        (b"aag 2 1 0 0 1\n2\n4 2 ", "need an AND 'left first second', got '4 2 ', at line 3"),
        (
            b"aag 3 1 0 0 2\n2\n4 2 2\n",
            "need at least 14 bytes behind a header that promises so much, got 8 bytes, at line 1",
        ),
        (b"aag 9 1 0 0 2\n2\n000014 10 10", "need an AND 'left first second', got the end of the file, at line 4"),
        (
            b"aag 1 1 0 0 0\n2\ni1 a\n",
            "need a new symbol for something that the header promises, got b'i1 a', at line 3",
        ),
        (b"aag 1 1 0 0 0\n2\nl0 a\n", "need a new symbol .*, at line 3"),
        (b"aag 1 1 0 0 0\n2\ni0 a\ni0 b\n", "need a new symbol .*, got b'i0 b', at line 4"),
        (b"aag 1 1 0 0 0\n2\ni00 a\n", "need a new symbol .*, at line 3"),
        ("aag 1 1 0 0 0\n2\ni² a\n".encode(), "need a new symbol .*, at line 3"),
        ("aag 2 1 0 0 0\n2\ni٠ a\n".encode(), "need a new symbol .*, at line 3"),
        (b"aag 1 1 0 0 0\n2\ni0 \n", "need a new symbol .*, at line 3"),
        (b"aag 1 1 0 0 0\n2\ni0 \xff\n", "need a symbol 'i0 name' or a comment 'c', got .*, at line 3"),
        (b"aag 1 1 0 0 0\n2\n\n", "need a symbol 'i0 name' or a comment 'c', got b'', at line 3"),
        (b"aig 2 1 0 0 1\n\x00\x02", "need literals with left side > first >= second >= 0, got 4 = 4 AND 2, at AND 0"),
        (b"aig 2 1 0 0 1\n\x05\x00", "need literals with left side > first .*, got 4 = -1 AND -1, at AND 0"),
        (b"aig 2 1 0 0 1\n\x02\x03", "need literals with left side > first .*, got 4 = 2 AND -1, at AND 0"),
        (b"aig 2 1 0 0 1\n\x02\x82", r"need two numbers for each AND, got the end of the file, at byte 15 \(AND 0\)"),
        (
            b"aig 2 1 0 0 1\n\x82\x82\x82\x82\x82\x00\x00",
            r"need a number of at most 5 bytes, got 6 bytes, at byte 14 \(AND 0\)",
        ),
        (
            b"aig 2 1 0 0 1\n" + b"\x80" * 20,
            r"need two numbers .*, got a number of more than 5 bytes, at byte 14 \(AND 0\)",
        ),
    ],
)
def test_a_fault_in_an_aiger_file_is_named_with_its_place(data: bytes, message: str) -> None:
    with pytest.raises(ConstructionError, match=f"^{message} of AIGER data$"):
        read_aiger(data)


def memory_of_a_refusal(reader: Callable[[bytes], Machine], data: bytes) -> int:
    """The most bytes that were held while a file was refused."""
    tracemalloc.start()
    try:
        assert fault(reader, data)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "head",
    [
        "aag 100000000000 0 0 0 100000000000",
        "aig 100000000000 0 0 0 100000000000",
        "aag 500000000 500000000 0 0 0",
        "aig 500000000 500000000 0 0 0",
        "aag 536870912 0 0 0 0",
        "aig 500000000 0 500000000 0 0",
        "aag 0 0 0 500000000 0",
        "aag 0 0 0 0 0 0 0 500000000",
        "aig 0 0 0 0 0 0 0 0 999999999999999999",
        "aag 1 1 0 0 0 99999999999999999999",
    ],
)
def test_a_header_that_promises_much_costs_nothing(head: str) -> None:
    assert memory_of_a_refusal(aiger, f"{head}\n".encode()) < 100_000


def test_a_justice_list_that_promises_much_costs_nothing() -> None:
    assert memory_of_a_refusal(aiger, b"aag 0 0 0 0 0 0 0 3\n30\n30\n30\n0\n0\n0\n0\n0\n") < 100_000


@pytest.mark.parametrize(
    ("reader", "data"),
    [
        (aiger, b"aag 1 1 0 0 0\n" + b"2 " * 1_000_000 + b"\n"),
        (aiger, b"aag" + b" 0" * 1_000_000 + b"\n"),
        (aiger, b"aag 1 1 0 0 0\n2\nz0 " + b"x" * 2_000_000),
        (aiger, b"aag 1 1 0 0 0\n" + b"9" * 2_000_000 + b"\n"),
        (read_bench, b"x" * 2_000_000),
        (read_bench, b"OUTPUT(" + b"x" * 2_000_000 + b")"),
        (read_bench, b"\n" * 2_000_000 + b"x"),
    ],
    ids=["numbers", "header", "symbol", "digits", "no statement", "name", "empty lines"],
)
def test_a_long_line_takes_memory_like_the_file_and_a_short_message(
    reader: Callable[[bytes], Machine], data: bytes
) -> None:
    assert memory_of_a_refusal(reader, data) < 5 * len(data)


def test_a_chain_of_thirty_thousand_ands_backwards_is_read() -> None:
    n = 30_000
    ands = "".join(f"{2 * v} {2 * v - 1} {2 * v - 2 if v == 2 else 2}\n" for v in range(n + 1, 1, -1))
    circuit = aiger(f"aag {n + 1} 1 0 1 {n}\n2\n{2 * n + 2}\n{ands}".encode()).circuit
    assert circuit.depth == n - 1 and circuit(i0=False) == {"o0": False}


def test_a_chain_of_thirty_thousand_gates_backwards_is_read_from_bench() -> None:
    n = 30_000
    text = f"OUTPUT(g{n})\n" + "".join(f"g{v} = NOT(g{v - 1})\n" for v in range(n, 0, -1)) + "INPUT(g0)\n"
    circuit = read_bench(text.encode()).circuit
    assert circuit.depth == n and circuit(g0=True) == {f"g{n}": True}


def test_a_cycle_of_thirty_thousand_gates_is_found() -> None:
    n = 30_000
    ring = "".join(f"{2 * v} {2 * v + 2} 1\n" for v in range(1, n)) + f"{2 * n} 2 1\n"
    assert "acyclic" in fault(aiger, f"aag {n} 0 0 0 {n}\n{ring}".encode())
    assert "acyclic" in fault(read_bench, "".join(f"g{v} = NOT(g{(v + 1) % n})\n" for v in range(n)).encode())


@pytest.mark.parametrize("kind", ["AND", "OR", "XOR"])
def test_a_gate_of_many_operands_takes_time_like_its_line(kind: str) -> None:
    names = [f"x{i}" for i in range(50_000)]
    text = "".join(f"INPUT({name})\n" for name in names) + f"OUTPUT(y)\ny = {kind}({', '.join(names)})\n"
    assert read_bench(text.encode()).circuit.size >= 50_001


def test_two_of_many_symbols_may_be_alike() -> None:
    n = 30_000
    body = "".join(f"{2 * i + 2}\n" for i in range(n)) + "".join(f"i{i} x{min(i, n - 2)}\n" for i in range(n))
    circuit = aiger(f"aag {n} {n} 0 0 0\n{body}".encode()).circuit
    assert circuit.inputs[-3:] == (f"x{n - 3}", f"i{n - 2}", f"i{n - 1}") and set(circuit.labels.values()) == {
        f"x{n - 2}"
    }


def test_symbols_that_take_the_names_made_up_for_others_take_no_longer() -> None:
    n = 1000
    body = "".join(f"{2 * i + 2}\n" for i in range(n)) + "".join(f"i{i} i0{'_' * (i - 1)}\n" for i in range(1, n))
    assert aiger(f"aag {n} {n} 0 0 0\n{body}".encode()).inputs[0] == "i0" + "_" * (n - 1)


def test_a_nul_byte_is_no_number_and_no_blank() -> None:
    assert (
        fault(aiger, b"aag 1 1 0 0 0\n\0002\n")
        and fault(aiger, b"aag 1 1 0 0\x000\n2\n")
        and fault(read_bench, b"INPUT(a)\0\n")
    )


def test_what_was_read_from_a_hostile_name_is_written_and_read_again() -> None:
    machine = read_bench("INPUT(\0)\nOUTPUT(é~)\né~ = NOT(\0)\n".encode())
    assert read_bench(write_bench(machine)).inputs == ("\0",) and read_bench(write_bench(machine)).outputs == ("é~",)
