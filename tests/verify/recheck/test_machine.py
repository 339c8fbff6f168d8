"""The grammar of machines: what it takes, what it refuses, and that other readers read the same or refuse."""

import importlib
import sys
from random import Random

import pytest

from constructions.computation.formats.aiger import read_aiger
from constructions.computation.query_machine import QueryMachine, query_machine
from constructions.errors import ConstructionError
from verify.attacks.bases import MADE, base
from verify.attacks.certificates import honest
from verify.attacks.forging import ODD
from verify.certifier.certificate.entries import spelled
from verify.recheck.machine import Machine, read_machine
from verify.recheck.reading import MalformedError, RefusedError

SMALL = """aag 5 3 1 2 1
2
4
6
8 6
10
9
10 8 2
i0 x
i1 answer0[0]
i2 answer0[1]
o0 query0
o1 predict
c
querygrad query machine {"rounds": 1, "signed": false, "query_fraction": 0, "answer_fraction": 0, "predict_fraction": 0}
"""


def at_all_points(machine: Machine, x: list[int], state: list[int]) -> dict[str, list[int]]:
    """What a machine asks and predicts, by the checker's reading."""
    bits = machine.port("x"), [literal for literal, _, _ in machine.latches]
    given = dict(zip(bits[0], x, strict=True)) | dict(zip(bits[1], state, strict=True))
    values = {0: 0, **given}
    for node, left, right in machine.cone([y for name in machine.ports if name[0] in "qp" for y in machine.port(name)]):
        values[node] = (values[left & ~1] ^ (left & 1)) & (values[right & ~1] ^ (right & 1))
    ports = (name for name in machine.ports if name.startswith(("query", "predict")))
    return {name: [values[y & ~1] ^ (y & 1) for y in machine.port(name)] for name in ports}


def by_the_other(machine: QueryMachine, x: list[int], state: list[int]) -> dict[str, list[int]]:
    """The same by the other reader."""
    given = dict(zip(machine.port("x"), x, strict=True)) | dict(zip(machine.machine.state, state, strict=True))
    values = machine.machine.circuit.evaluate(dict.fromkeys(machine.machine.circuit.inputs, 0) | given)
    names = [f"query{j}" for j in range(machine.parallel)] + ["predict"]
    return {name: [int(values[bit]) for bit in machine.port(name)] for name in names}


def test_a_small_machine_is_read() -> None:
    machine = read_machine(SMALL.encode())
    assert machine.port("x") == [2] and machine.port("answer0") == [4, 6] and machine.latches == [(8, 6, 0)]
    assert (machine.queries, machine.rounds, machine.first_free) == (1, 1, 12)


@pytest.mark.parametrize("name", MADE)
def test_both_readers_read_one_machine(name: str) -> None:
    machine = base(name).machine
    text = spelled(machine).encode()
    ours, other, source = read_machine(text), query_machine(read_aiger(text)), Random(name)
    assert (ours.rounds, ours.signed, ours.answer_fraction) == (other.rounds, other.signed, other.answer_fraction)
    assert [start for _, _, start in ours.latches] == [int(bit) for bit in other.start().values()]
    for _ in range(20):
        x, state = ([source.randrange(2) for _ in range(many)] for many in (other.inputs, len(other.machine.state)))
        assert at_all_points(ours, x, state) == by_the_other(other, x, state)


WRONG = {
    "no last line feed": SMALL[:-1],
    "another line end": SMALL.replace("\n", "\r\n"),
    "a line more": SMALL + "\n",
    "text behind the comment": SMALL + "more\n",
    "a symbol behind the comment": SMALL + "i0 answer0[0]\n",
    "a symbol between comment and numbers": SMALL.replace("c\n", "c\ni0 x\n"),
    "a symbol twice": SMALL.replace("i0 x\n", "i0 x\ni0 x\n"),
    "two places of one name": SMALL.replace("i1 answer0[0]", "i1 answer0[1]"),
    "a bit left out": SMALL.replace("i2 answer0[1]", "i2 answer0[2]"),
    "an input without a symbol": SMALL.replace("i0 x\n", ""),
    "an input called as an output": SMALL.replace("i0 x\n", "i0 query0\n"),
    "an index with a zero before it": SMALL.replace("answer0[1]", "answer0[01]"),
    "a digit of another script": SMALL.replace("answer0[1]", "answer0[\u0661]"),
    "a key twice": SMALL.replace('"rounds": 1', '"rounds": 1, "rounds": 1'),
    "a key more": SMALL.replace('"rounds": 1', '"rounds": 1, "more": 1'),
    "a key less": SMALL.replace('"rounds": 1, ', ""),
    "a truth value for a number": SMALL.replace('"rounds": 1', '"rounds": true'),
    "a number for a truth value": SMALL.replace("false", "0"),
    "a fraction": SMALL.replace('"rounds": 1', '"rounds": 1.0'),
    "a zero before a number": SMALL.replace("\n4\n", "\n04\n"),
    "a sign": SMALL.replace("\n4\n", "\n+4\n"),
    "two spaces": SMALL.replace("10 8 2", "10 8  2"),
    "a space at the end": SMALL.replace("10 8 2", "10 8 2 "),
    "a variable twice": SMALL.replace("\n4\n", "\n2\n"),
    "an odd input": SMALL.replace("\n4\n", "\n5\n"),
    "a literal above M": SMALL.replace("10 8 2", "10 8 12"),
    "a literal that is not defined": SMALL.replace("aag 5", "aag 6").replace("10 8 2", "10 8 12"),
    "a cycle": SMALL.replace("10 8 2", "10 10 2"),
    "a start that is not known": SMALL.replace("8 6\n", "8 6 8\n"),
    "more lines than there are": SMALL.replace("5 3 1 2 1", "5 3 1 2 1000"),
    "properties": SMALL.replace("5 3 1 2 1", "5 3 1 2 1 0"),
    "binary": SMALL.replace("aag", "aig"),
    "nothing": "",
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_not_of_the_grammar_is_malformed(name: str) -> None:
    assert WRONG[name] != SMALL
    with pytest.raises(MalformedError):
        read_machine(WRONG[name].encode())


@pytest.mark.parametrize("mark", ODD)
def test_an_odd_character_is_refused_wherever_it_stands(mark: str) -> None:
    for at in range(0, len(SMALL), 7):
        with pytest.raises(MalformedError):
            read_machine((SMALL[:at] + mark + SMALL[at:]).encode())


def test_a_machine_whose_circuits_see_what_they_must_not_is_refused() -> None:
    for old, new in (("\n10\n", "\n4\n"), ("8 6\n", "8 2\n")):
        with pytest.raises(RefusedError, match="queries and predictions of x and state"):
            read_machine(SMALL.replace(old, new, 1).encode())


def test_answers_too_narrow_for_one_are_refused() -> None:
    with pytest.raises(RefusedError, match="answers of at least 3 bits"):
        read_machine(SMALL.replace('answer_fraction": 0', 'answer_fraction": 1').encode())


def changed(source: Random, text: str) -> str:
    """A text with some characters changed, taken out or put in."""
    for _ in range(source.choice((1, 1, 2, 4))):
        at = source.randrange(len(text))
        what = source.choice(
            ("", text[at] * 2, source.choice("0123456789 \nicox[]{}:,\x0b\r"), text[source.randrange(len(text))])
        )
        text = text[:at] + what + text[at + 1 :]
    return text


def agree(ours: Machine, other: QueryMachine, source: Random) -> bool:
    """Whether two readings ask and predict the same at some points."""
    for _ in range(8):
        x, state = ([source.randrange(2) for _ in range(many)] for many in (other.inputs, len(other.machine.state)))
        if at_all_points(ours, x, state) != by_the_other(other, x, state):
            return False
    return (ours.rounds, ours.signed, len(ours.latches)) == (other.rounds, other.signed, len(other.machine.state))


def test_changed_texts_are_read_alike_or_refused() -> None:
    source, texts = Random(1), [SMALL, honest("literal, one round")["machine"], honest("coins, minimal")["machine"]]
    read = 0
    for _ in range(1500):
        text = changed(source, source.choice(texts))
        try:
            ours = read_machine(text.encode())
        except RefusedError:
            continue
        read += 1
        try:
            other = query_machine(read_aiger(text.encode()))
        except ConstructionError:
            continue
        assert agree(ours, other, source), text
    assert read > 20


def test_py_aiger_reads_the_same_or_refuses() -> None:
    aiger = sys.modules.get("aiger") or importlib.import_module("aiger")
    source, texts = Random(2), [SMALL, honest("coins, minimal")["machine"]]
    read = 0
    for _ in range(300):
        text = changed(source, source.choice(texts))
        try:
            ours = read_machine(text.encode())
            other = aiger.parse(text)
        except Exception:
            continue
        read += 1
        names = {
            f"{port}[{i}]" if len(bits) > 1 else port for port, bits in ours.ports.items() for i in range(len(bits))
        }
        assert names == set(other.inputs) | set(other.outputs)
        for _ in range(4):
            assert_alike(ours, other, source)
    assert read > 5


def assert_alike(ours: Machine, other: object, source: Random) -> None:
    """Outputs of py-aiger's circuit at one point, and the checker's."""
    names = sorted(other.inputs)  # type: ignore[attr-defined]
    given = {name: bool(source.randrange(2)) for name in names}
    latches = dict(other.latch2init)  # type: ignore[attr-defined]
    found, _ = other(given, latches=latches)  # type: ignore[operator]
    x = [int(given[f"x[{i}]" if len(ours.port("x")) > 1 else "x"]) for i in range(len(ours.port("x")))]
    mine = at_all_points(ours, x, [start for _, _, start in ours.latches])
    for port, bits in mine.items():
        for i, bit in enumerate(bits):
            assert bool(found[f"{port}[{i}]" if len(bits) > 1 else port]) == bool(bit)
