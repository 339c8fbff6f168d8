"""Files as other programs write them are read, mean what they should, and come back with their own names."""

from itertools import product
from pathlib import Path
from random import Random

import pytest

from constructions.computation.formats.aiger import read_aiger
from constructions.computation.formats.aiger_writing import write_aiger
from constructions.computation.formats.bench import read_bench, write_bench
from constructions.computation.formats.files import cleaned, read_machine, write_machine
from constructions.computation.machines import Machine
from constructions.errors import ConstructionError
from verify.attacks.dialects import AIGER, BENCH, Aig, Netlist, aiger_file, bench_file

SEEDS = range(40)


def means(machine: Machine, made: Aig | Netlist) -> bool:
    """Whether outputs and next states are what the file means, for all inputs and states, by position."""
    for bits in product((False, True), repeat=len(machine.circuit.inputs)):
        given = dict(zip(machine.circuit.inputs, map(int, bits), strict=True))
        state = {name: given.pop(name) for name in machine.state}
        after, outputs = machine.step(state, given)
        if ([bool(bit) for bit in outputs.values()], [bool(bit) for bit in after.values()]) != made.step(bits):
            return False
    return True


@pytest.mark.parametrize("dialect", BENCH)
def test_a_bench_file_of_any_dialect_is_read(dialect: str) -> None:
    for seed in SEEDS:
        made, data = bench_file(Random(f"{dialect}/{seed}"), dialect)
        machine = read_bench(data)
        assert means(machine, made) and machine.inputs == made.inputs and machine.state == tuple(made.states)
        called = tuple(machine.circuit.labels.get(port, port) for port in machine.outputs)
        assert called == made.outputs and machine.start == tuple(start for _, start in made.states.values())
        again = read_bench(write_bench(machine))
        assert means(again, made) and (again.inputs, again.outputs, again.start) == (
            machine.inputs,
            machine.outputs,
            machine.start,
        )
        through = read_aiger(write_aiger(machine, binary=bool(seed % 2))).machine
        assert (
            means(through, made)
            and through.inputs == machine.inputs
            and read_bench(write_bench(through)).inputs == machine.inputs
        )


@pytest.mark.parametrize("binary", [False, True])
@pytest.mark.parametrize("dialect", AIGER)
def test_an_aiger_file_of_any_dialect_is_read_and_written_with_its_symbols(dialect: str, binary: bool) -> None:
    for seed in SEEDS:
        made, data = aiger_file(Random(f"{dialect}/{seed}/{binary}"), dialect, binary=binary)
        file = read_aiger(data)
        assert means(file.machine, made)
        for form in (False, True):
            again = read_aiger(write_aiger(file, binary=form))
            assert means(again.machine, made) and again.machine.inputs == file.machine.inputs
            assert symbols(write_aiger(again, binary=False)) == dict(made.symbols)
            assert again.comment.rstrip("\n") == made.comment.rstrip("\n") == file.comment.rstrip("\n")
        starts = [None if start > 1 else bool(start) for _, start in made.latches]
        assert list(file.machine.start) == starts


def symbols(data: bytes) -> dict[str, str]:
    """The symbols of an ASCII file, by place."""
    body = data.decode().split("\nc\n", 1)[0].split("\n")
    return {line.split(" ", 1)[0]: line.split(" ", 1)[1] for line in body if line[:1] in ("i", "l", "o")}


def test_the_dialects_have_what_they_are_for() -> None:
    texts = {
        dialect: b"".join(bench_file(Random(f"{dialect}/{seed}"), dialect)[1] for seed in SEEDS) for dialect in BENCH
    }
    for dialect, words in {
        "ISCAS-85": (b"# c17", b"NAND(", b"\r\n"),
        "ISCAS-89": (b"= DFF(",),
        "ABC, gates": (b"= vdd", b"BUFF("),
        "ABC, tables": (b"= LUT 0x", b"DFFRSE(", b"= gnd"),
        "locked": (b"mux(", b"DFF1(", b"gnd,", b"\xef\xbb\xbf"),
    }.items():
        assert all(word in texts[dialect] for word in words), dialect
    alike = [aiger_file(Random(seed), "Yosys", binary=False)[0].symbols for seed in range(40)]
    assert any(len(set(names.values())) < len(names) for names in alike) and any(
        "i0" in names.values() for names in alike
    )


ALIKE = b"aag 4 2 1 2 1\n2\n4\n6 8\n8\n9\n8 2 4\ni0 a\ni1 a\nl0 a\no0 y\no1 y\nc\nhi\n"


def test_things_that_are_called_alike_are_told_apart_by_position() -> None:
    machine = read_aiger(ALIKE).machine
    assert (machine.inputs, machine.state, machine.outputs) == (("i0", "i1"), ("l0",), ("o0", "o1"))
    assert machine.circuit.evaluate({"i0": 1, "i1": 1, "l0": 0}) == {"o0": 1, "o1": 0}
    with pytest.raises(
        ConstructionError, match=r"^need a name that one input has, got 'a', which i0, i1, l0 have: use these$"
    ):
        machine.circuit.evaluate({"a": 1, "i1": 1, "l0": 0})
    with pytest.raises(
        ConstructionError, match=r"^need a name that one input or state bit has, got 'a', which i0, i1, l0 have"
    ):
        machine.step({"l0": 0}, {"a": 1})
    with pytest.raises(
        ConstructionError, match=r"^need a value for each of the 3 inputs, got another set, at \['b', 'i0'\]$"
    ):
        machine.circuit.evaluate({"b": 1, "i1": 1, "l0": 0})


@pytest.mark.parametrize("clean", [False, True])
def test_what_was_called_alike_is_written_so(clean: bool) -> None:
    file = read_aiger(ALIKE)
    found = cleaned(file) if clean else file
    assert write_aiger(found, binary=False) == ALIKE.replace(b"8 2 4\n", b"8 4 2\n")


def test_properties_may_be_called_alike() -> None:
    data = b"aag 1 1 0 0 0 2 1\n2\n2\n3\n2\nb0 p\nb1 p\nc0 p\n"
    file = read_aiger(data)
    assert file.bad == {"b0": 0, "b1": 1} and file.constraints == {"p": 0} and write_aiger(file, binary=False) == data
    assert write_aiger(cleaned(file), binary=False) == data


@pytest.mark.parametrize(
    "symbols",
    [
        b"i1 i0\n",
        b"i0 i0\n",
        b"i0 i1\ni1 i0\n",
        b"i0 i0\ni1 i0\n",
        b"o0 i0\n",
        b"i1 i0\no0 i0_\n",
        b"i0 o0\no0 o0\n",
        b"",
    ],
)
def test_what_has_no_name_gets_none_though_its_place_is_taken(symbols: bytes) -> None:
    data = b"aag 2 2 0 1 0\n2\n4\n5\n" + symbols
    file = read_aiger(data)
    assert (
        write_aiger(file, binary=False) == data
        and write_aiger(read_aiger(write_aiger(file, binary=True)), binary=False) == data
    )
    assert len({*file.machine.inputs, *file.machine.outputs}) == 3 or b"o0 o0" in symbols


def test_alike_outputs_of_one_value_are_one_name_in_bench_and_others_go_by_position() -> None:
    machine = read_aiger(b"aag 2 2 0 3 0\n2\n4\n2\n2\n4\no0 y\no1 y\no2 z\n").machine
    assert write_bench(machine).startswith(b"INPUT(i0)\nINPUT(i1)\nOUTPUT(y)\nOUTPUT(y)\nOUTPUT(z)\n")
    machine = read_aiger(b"aag 2 2 0 2 0\n2\n4\n2\n4\no0 y\no1 y\n").machine
    assert write_bench(machine).startswith(b"INPUT(i0)\nINPUT(i1)\nOUTPUT(o0)\nOUTPUT(o1)\n")


def test_a_binary_file_with_lines_of_a_text_file_is_refused_and_its_short_last_line_is_read() -> None:
    assert read_aiger(b"aig 1 1 0 1 0\n2\ni0 a").machine.inputs == ("a",)
    with pytest.raises(ConstructionError, match=r"^need a header"):
        read_aiger(b"aig 1 1 0 1 0\r\n2\r\n")


def test_a_comment_keeps_its_end(tmp_path: Path) -> None:
    for data in (b"aag 0 0 0 0 0\nc\nhi", b"aag 0 0 0 0 0\nc\nhi\n", b"aag 0 0 0 0 0\nc\n\n"):
        assert write_aiger(read_aiger(data), binary=False) == data
    write_machine(tmp_path / "alike.aag", read_aiger(ALIKE))
    assert read_machine(tmp_path / "alike.aag").circuit.labels == {
        "i0": "a",
        "i1": "a",
        "l0": "a",
        "o0": "y",
        "o1": "y",
    }
