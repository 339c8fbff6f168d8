"""Circuit files by their names: ``.aag`` and ``.aig`` (AIGER), ``.bench`` (BENCH)."""

import re
from collections.abc import Callable
from pathlib import Path

from constructions.computation.builder import clean
from constructions.computation.flat import FlatCircuit
from constructions.computation.formats.aiger import AigerFile, read_aiger
from constructions.computation.formats.aiger_writing import write_aiger
from constructions.computation.formats.bench import read_bench, write_bench
from constructions.computation.machines import Machine, machine_of
from constructions.errors import ConstructionError
from constructions.foundations.files import write_bytes

READERS: dict[str, Callable[[bytes, str], AigerFile]] = {
    ".aag": lambda data, where: read_aiger(data, where=where),
    ".aig": lambda data, where: read_aiger(data, where=where),
    ".bench": lambda data, where: AigerFile(machine=read_bench(data, where=where), remarks=remarks(data)),
}
WRITERS: dict[str, Callable[[AigerFile], bytes]] = {
    ".aag": lambda file: write_aiger(file, binary=False),
    ".aig": lambda file: write_aiger(file, binary=True),
    ".bench": lambda file: _bench(file),
}
MOST_BYTES = 1 << 31


def remarks(bench: bytes) -> tuple[str, ...]:
    """What is to be said of a BENCH file whose gates others may read in another way.

    >>> remarks(b"y = mux(c, a, b)"), remarks(b"y = AND(a, b)")
    (('MUX(c, a, b) is read as a where c is 1 and b where c is 0, as ABC does',), ())
    """
    muxes = re.search(rb"^[^#\n]*=\s*MUX\b", bench, flags=re.I | re.M)
    return ("MUX(c, a, b) is read as a where c is 1 and b where c is 0, as ABC does",) if muxes else ()


def read_file(path: Path | str) -> AigerFile:
    """Read a file by the end of its name, with AIGER's properties and comment if it has any.

    Raises
    ------
    ConstructionError
        For another ending, a file that cannot be read, or one that is not well-formed.
    """
    return read_data(file_data(path), path)


def read_data(data: bytes, path: Path | str) -> AigerFile:
    """What the bytes ``data`` of a file hold, by the end of its name, ``path``, which errors give as the place.

    Raises
    ------
    ConstructionError
        For another ending, or bytes that are no such file.

    >>> read_data(b"INPUT(a)\\nOUTPUT(b)\\nb = NOT(a)\\n", "no.bench").machine.circuit(a=True)
    {'b': False}
    """
    return _reader(Path(path))(data, str(path))


def _reader(file: Path) -> Callable[[bytes, str], AigerFile]:
    reader = READERS.get(file.suffix.lower())
    if reader is None:
        raise ConstructionError(f"need a file that ends in {', '.join(READERS)}, got {file.name!r}")
    return reader


def file_data(path: Path | str) -> bytes:
    """The bytes of a circuit file, if its name ends as one and it is not too large.

    Raises
    ------
    ConstructionError
        For another ending, a file above :data:`MOST_BYTES`, or one that cannot be read.
    """
    file = Path(path)
    _reader(file)
    if "\0" in str(file):
        raise ConstructionError(f"need a file that can be read, got a NUL byte, at {str(file)!r}")
    try:
        size = file.stat().st_size
        if not file.is_file() or size > MOST_BYTES:
            got = f"{size} bytes" if file.is_file() else "something else"
            raise ConstructionError(f"need a file of at most {MOST_BYTES} bytes, got {got}, at {file}")
        return file.read_bytes()
    except OSError as error:
        raise ConstructionError(f"need a file that can be read, got {error.strerror}, at {file}") from error


def read_machine(path: Path | str) -> Machine:
    """The circuit with its state in a file; properties and comments are left out."""
    return read_file(path).machine


def write_machine(path: Path | str, machine: AigerFile | Machine | FlatCircuit) -> None:
    """Write a file by the end of its name, through a temporary one beside it.

    Parameters
    ----------
    path : its ending, ``.aag``, ``.aig`` or ``.bench``, says in which format.

    Raises
    ------
    ConstructionError
        For another ending, or properties that BENCH cannot hold.

    >>> from tempfile import TemporaryDirectory
    >>> file = read_data(b"INPUT(a)\\nOUTPUT(b)\\nb = NOT(a)\\n", "no.bench")
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "no.aag"
    ...     write_machine(path, file)
    ...     file_data(path)
    ...     read_machine(path).circuit(a=True), read_file(path).comment
    b'aag 1 1 0 1 0\\n2\\n3\\ni0 a\\no0 b\\n'
    ({'b': False}, '')
    """
    file = Path(path)
    writer = WRITERS.get(file.suffix.lower())
    if writer is None:
        raise ConstructionError(f"need a file that ends in {', '.join(WRITERS)}, got {file.name!r}")
    machine = Machine(circuit=machine) if isinstance(machine, FlatCircuit) else machine
    write_bytes(file, writer(AigerFile(machine=machine) if isinstance(machine, Machine) else machine))


def properties(file: AigerFile) -> dict[str, int]:
    """How many properties of each kind a file has.

    >>> from constructions.computation.flat import Gates
    >>> circuit = FlatCircuit(inputs=("a",), gates=Gates.of([]), outputs={})
    >>> properties(AigerFile(machine=Machine(circuit=circuit), bad={"b0": 0}))
    {'bad': 1}
    """
    kinds = {"bad": file.bad, "constraints": file.constraints, "justice": file.justice, "fairness": file.fairness}
    return {name: len(found) for name, found in kinds.items() if found}


def cleaned(file: AigerFile) -> AigerFile:
    """The same file with equal gates merged, constants folded, and gates left out that neither an output, a state
    nor a property needs.

    >>> file = read_data(b"INPUT(a)\\nOUTPUT(y)\\ny = BUFF(a)\\nu = NOT(y)\\n", "idle.bench")
    >>> list(file.machine.circuit.gates), list(cleaned(file).machine.circuit.gates)
    ([(1, [0]), (1, [3])], [])
    """
    outputs = {f"o {name}": literal for name, literal in file.machine.exposed().outputs.items()}
    for mark, table in (("b", file.bad), ("c", file.constraints), ("f", file.fairness)):
        outputs |= {f"{mark} {name}": literal for name, literal in table.items()}
    outputs |= {
        f"j {i} {name}": literal for name, literals in file.justice.items() for i, literal in enumerate(literals)
    }
    circuit = file.machine.circuit
    whole = clean(FlatCircuit(inputs=circuit.inputs, gates=circuit.gates, outputs=outputs, labels=circuit.labels))

    def marked(mark: str) -> dict[str, int]:
        return {name[2:]: literal for name, literal in whole.outputs.items() if name.startswith(f"{mark} ")}

    step = FlatCircuit(inputs=whole.inputs, gates=whole.gates, outputs=marked("o"), labels=whole.labels)
    justice = {
        name: tuple(whole.outputs[f"j {i} {name}"] for i in range(len(literals)))
        for name, literals in file.justice.items()
    }
    return AigerFile(
        machine=machine_of(step, start=file.machine.start),
        bad=marked("b"),
        constraints=marked("c"),
        justice=justice,
        fairness=marked("f"),
        comment=file.comment,
        labels=file.labels,
    )


def _bench(file: AigerFile) -> bytes:
    found = properties(file)
    if found:
        raise ConstructionError(f"need a file without properties to write BENCH, got {found}")
    return write_bench(file.machine)
