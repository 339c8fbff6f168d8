"""Circuit files by their names: ``.aag`` and ``.aig`` (AIGER), ``.bench`` (BENCH)."""
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from constructions.computation.flat import FlatCircuit
from constructions.computation.formats.aiger import read_aiger
from constructions.computation.formats.aiger_writing import write_aiger
from constructions.computation.formats.bench import read_bench, write_bench
from constructions.computation.machines import Machine
from constructions.errors import ConstructionError

READERS: dict[str, Callable[[bytes, str], Machine]] = {
    ".aag": lambda data, where: read_aiger(data, where=where).machine,
    ".aig": lambda data, where: read_aiger(data, where=where).machine,
    ".bench": lambda data, where: read_bench(data, where=where),
}
WRITERS: dict[str, Callable[[Machine], bytes]] = {
    ".aag": lambda machine: write_aiger(machine, binary=False),
    ".aig": lambda machine: write_aiger(machine, binary=True),
    ".bench": write_bench,
}
MOST_BYTES = 1 << 31


def read_machine(path: Path | str) -> Machine:
    """Read a file by the end of its name.

    Errors
    ------
    ConstructionError for another ending, a file that cannot be read, or one that is not well-formed.
    """
    file = Path(path)
    reader = READERS.get(file.suffix.lower())
    if reader is None:
        raise ConstructionError(f"need a file that ends in {', '.join(READERS)}, got {file.name!r}")
    if "\0" in str(file):
        raise ConstructionError(f"need a file that can be read, got a NUL byte, at {str(file)!r}")
    try:
        size = file.stat().st_size
        if not file.is_file() or size > MOST_BYTES:
            got = f"{size} bytes" if file.is_file() else "something else"
            raise ConstructionError(f"need a file of at most {MOST_BYTES} bytes, got {got}, at {file}")
        data = file.read_bytes()
    except OSError as error:
        raise ConstructionError(f"need a file that can be read, got {error.strerror}, at {file}") from error
    return reader(data, str(file))


def read_circuit(path: Path | str) -> FlatCircuit:
    """Read a file without state."""
    machine = read_machine(path)
    if machine.state:
        raise ConstructionError(f"need a circuit without state, got {len(machine.state)} latches, at {path}")
    return machine.circuit


def write_machine(path: Path | str, machine: Machine | FlatCircuit) -> None:
    """Write a file by the end of its name, through a temporary one beside it."""
    file = Path(path)
    writer = WRITERS.get(file.suffix.lower())
    if writer is None:
        raise ConstructionError(f"need a file that ends in {', '.join(WRITERS)}, got {file.name!r}")
    write_bytes(file, writer(machine if isinstance(machine, Machine) else Machine(circuit=machine)))


def write_bytes(path: Path | str, data: bytes) -> None:
    """Write a file through a temporary one beside it, so that no reader ever sees half of it."""
    target = Path(path)
    temporary = None
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
        temporary = Path(name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        temporary.replace(target)
    except OSError as error:
        raise ConstructionError(f"need a file that can be written, got {error.strerror}, at {target}") from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
