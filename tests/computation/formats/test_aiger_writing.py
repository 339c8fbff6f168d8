"""Writing AIGER: what is written and read again is the same machine, in either form and through BENCH."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructions.computation.builder import assignments
from constructions.computation.flat import FlatCircuit, Gates
from constructions.computation.formats.aiger import AigerFile, read_aiger
from constructions.computation.formats.aiger_writing import write_aiger
from constructions.computation.formats.bench import read_bench, write_bench
from constructions.computation.machines import Machine
from constructions.errors import ConstructionError


@st.composite
def machines(draw: st.DrawFn, starts: tuple[bool | None, ...] = (False, True, None)) -> Machine:
    """Any machine of two inputs and up to two state bits, with gates of any kind."""
    state = draw(st.integers(0, 2))
    names = ("a", "b", "p", "q")[: 2 + state]
    rows = []
    for v in range(len(names), len(names) + draw(st.integers(0, 8))):
        nodes = draw(st.lists(st.integers(0, v - 1), unique=True, max_size=5))
        rows.append((draw(st.integers(0, len(nodes) + 1)), [2 * u + draw(st.integers(0, 1)) for u in nodes]))
    literal = st.integers(0, 2 * (len(names) + len(rows)) - 1)
    circuit = FlatCircuit(inputs=names, gates=Gates.of(rows), outputs={"y": draw(literal), "z": draw(literal)})
    after = tuple(draw(literal) for _ in range(state))
    return Machine(circuit=circuit, next=after, start=tuple(draw(st.sampled_from(starts)) for _ in range(state)))


def unrolled(machine: Machine, steps: int = 3) -> dict[str, int]:
    """The truth tables of some steps."""
    circuit = machine.unroll(steps)
    words, width = assignments(len(circuit.inputs))
    return circuit.evaluate(dict(zip(circuit.inputs, words, strict=True)), width=width)


def same(one: Machine, two: Machine) -> bool:
    """Whether two machines agree in names, start values, and three steps on all inputs."""
    names = all(
        (m.inputs, m.state, m.outputs, m.start) == (one.inputs, one.state, one.outputs, one.start) for m in (two,)
    )
    return names and unrolled(one) == unrolled(two)


@given(machine=machines(), binary=st.booleans())
def test_a_machine_comes_back(machine: Machine, binary: bool) -> None:
    assert same(read_aiger(write_aiger(machine, binary=binary)).machine, machine)


@given(machine=machines())
def test_ascii_and_binary_files_come_back_as_the_same_rows(machine: Machine) -> None:
    ascii_, binary = (read_aiger(write_aiger(machine, binary=form)).machine for form in (False, True))
    assert ascii_.circuit.same_structure(binary.circuit) and ascii_.next == binary.next


@given(machine=machines())
def test_what_was_read_is_written_as_it_was(machine: Machine) -> None:
    data = write_aiger(machine, binary=False)
    again = write_aiger(read_aiger(data), binary=False)
    assert write_aiger(read_aiger(again), binary=False) == again


@given(machine=machines(starts=(False,)), binary=st.booleans())
def test_through_bench_and_back_it_is_the_same_machine(machine: Machine, binary: bool) -> None:
    through = read_bench(write_bench(read_aiger(write_aiger(machine, binary=binary)).machine))
    assert same(through, machine)


@given(bits=st.lists(st.booleans(), min_size=1, max_size=9), needs=st.integers(0, 10))
def test_wide_gates_are_written_as_ands_of_two(bits: list[bool], needs: int) -> None:
    names = tuple(f"x{i}" for i in range(len(bits)))
    needs = min(needs, len(bits) + 1)
    circuit = FlatCircuit(
        inputs=names, gates=Gates.of([(needs, [2 * i for i in range(len(bits))])]), outputs={"y": 2 * len(bits)}
    )
    again = read_aiger(write_aiger(circuit, binary=True)).machine.circuit
    assert again(**dict(zip(names, bits, strict=True)))["y"] is (sum(bits) >= needs) and set(
        again.gates.fan_in.tolist()
    ) <= {0, 2}


def test_a_wide_conjunction_becomes_a_balanced_tree() -> None:
    circuit = FlatCircuit(
        inputs=tuple(f"x{i}" for i in range(64)), gates=Gates.of([(64, range(0, 128, 2))]), outputs={"y": 128}
    )
    assert read_aiger(write_aiger(circuit, binary=True)).machine.circuit.depth == 6


@pytest.mark.parametrize("binary", [False, True])
def test_properties_symbols_and_comment_come_back(binary: bool) -> None:
    circuit = FlatCircuit(inputs=("a", "q"), gates=Gates.of([(2, [0, 3])]), outputs={"y": 4})
    machine = Machine(circuit=circuit, next=(5,), start=(None,))
    file = AigerFile(
        machine=machine,
        bad={"b0": 4, "never": 5},
        constraints={"k": 0},
        justice={"j": (1, 2), "j1": ()},
        fairness={"f": 3},
        comment="two\nlines\n",
    )
    again = read_aiger(write_aiger(file, binary=binary))
    assert (again.bad, again.constraints, again.justice, again.fairness, again.comment) == (
        file.bad,
        file.constraints,
        file.justice,
        file.fairness,
        file.comment,
    )
    assert same(again.machine, machine)


def test_differences_of_every_length_are_written_and_read() -> None:
    n = 1 << 15
    rows = [(2, [0, 2 * n - 1]), (2, [2 * n - 2, 2 * n - 4]), (2, [1, 2 * n])]
    circuit = FlatCircuit(inputs=tuple(f"i{i}" for i in range(n)), gates=Gates.of(rows), outputs={"o0": 2 * n + 4})
    one, three = [1, 4, 2, 4], [2 * n - 1] * 2
    assert len(write_aiger(circuit, binary=True).split(b"\n", 2)[2]) == len(one) + 3 * len(three)
    assert list(read_aiger(write_aiger(circuit, binary=True)).machine.circuit.gates) == [
        (needs, sorted(row)) for needs, row in rows
    ]


def test_an_empty_name_is_refused() -> None:
    circuit = FlatCircuit(inputs=("",), gates=Gates.of([]), outputs={})
    with pytest.raises(ConstructionError, match=r"^need a name that is not empty, got '', at symbol i0$"):
        write_aiger(circuit, binary=False)


@pytest.mark.parametrize("binary", [False, True])
def test_a_name_that_no_symbol_holds_is_spelled_and_others_stay(binary: bool) -> None:
    names = ("a\nb", "a\\{a}b", "\r", "caf\udce9", "\ud800", " a  b ", "\x1b[31m", "\\x0a", "\u05d0")
    data = write_aiger(FlatCircuit(inputs=names, gates=Gates.of([]), outputs={}), binary=binary)
    assert b"i0 a\\{a}b\ni1 a\\\\{a}b\ni2 \\{d}\ni3 caf\\{dce9}\n" in data and b"i7 \\x0a\n" in data
    assert read_aiger(data).machine.inputs == names


def test_the_binary_half_adder_byte_for_byte() -> None:
    circuit = FlatCircuit(
        inputs=("i0", "i1"), gates=Gates.of([(2, [0, 2]), (2, [1, 3]), (2, [5, 7])]), outputs={"o0": 8, "o1": 4}
    )
    assert write_aiger(circuit, binary=True) == b"aig 5 2 0 2 3\n10\n6\n\x02\x02\x03\x02\x01\x02"
