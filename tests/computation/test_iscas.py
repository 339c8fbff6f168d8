"""c17 as it is shipped: from its six NANDs, as a file, and by every input."""

from pathlib import Path

from constructions.computation.builder import assignments
from constructions.computation.formats.files import read_machine
from constructions.computation.iscas import NANDS, c17

FILE = Path(__file__).parents[2] / "examples" / "c17.bench"


def test_the_shipped_file_is_the_same_circuit() -> None:
    assert read_machine(FILE).circuit.sorted.same_structure(c17().sorted)


def test_every_input_gives_what_six_nands_give() -> None:
    words, width = assignments(5)
    values = dict(zip(c17().inputs, words, strict=True))
    found = c17().evaluate(values, width=width)
    for name, (a, b) in NANDS.items():
        values[name] = ~(values[a] & values[b]) & ((1 << width) - 1)
    assert found == {"22": values["22"], "23": values["23"]}


def test_gates_keep_their_numbers_as_names() -> None:
    assert [c17().name(v) for v in range(5, 11)] == list(NANDS)
