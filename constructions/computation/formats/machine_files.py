"""Files of Turing machines by their names: ``.tm`` (text tables) and ``.jff`` (JFLAP)."""

from collections.abc import Callable
from pathlib import Path

from constructions.computation.formats.jflap import read_jflap
from constructions.computation.formats.turing_table import MOST_BYTES, read_table, write_table
from constructions.computation.turing import TuringMachine
from constructions.errors import ConstructionError
from constructions.foundations.files import write_bytes

READERS: dict[str, Callable[[bytes, str], TuringMachine]] = {
    ".tm": lambda data, where: read_table(data, where=where),
    ".jff": lambda data, where: read_jflap(data, where=where),
}


def read_turing_machine(path: Path | str) -> TuringMachine:
    """The machine in a file, by the end of its name.

    Raises
    ------
    ConstructionError
        For another ending, a file that cannot be read or is too large, and one that holds no machine.

    >>> read_turing_machine("machine.txt")
    Traceback (most recent call last):
    ...
    constructions.errors.ConstructionError: need a file of a machine that ends in .tm, .jff, got 'machine.txt'
    """
    file = Path(path)
    reader = READERS.get(file.suffix.lower())
    if reader is None:
        raise ConstructionError(f"need a file of a machine that ends in {', '.join(READERS)}, got {file.name!r}")
    if "\0" in str(file):
        raise ConstructionError(f"need a file that can be read, got a NUL byte, at {str(file)!r}")
    try:
        if not file.is_file():
            got = "something else" if file.exists() else "none"
            raise ConstructionError(f"need a file of a machine, got {got}, at {file}")
        if file.stat().st_size > MOST_BYTES:
            raise ConstructionError(
                f"need a file of at most {MOST_BYTES} bytes, got {file.stat().st_size} bytes, at {file}"
            )
        data = file.read_bytes()
    except OSError as error:
        raise ConstructionError(f"need a file that can be read, got {error.strerror}, at {file}") from error
    return reader(data, str(file))


def write_turing_machine(path: Path | str, machine: TuringMachine, *, remark: str = "") -> None:
    """Write a machine as a text table, through a temporary file.

    Parameters
    ----------
    path : it must end in ``.tm``. remark : what the first line says, if anything.

    Raises
    ------
    ConstructionError
        For another ending, a name that a table cannot hold, or a file that cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> machine = read_table(b"blank: _\\ninput: 0\\nstart: go\\naccept: yes\\ngo 0 -> yes _ N\\n", where="one.tm")
    >>> with TemporaryDirectory() as folder:
    ...     write_turing_machine(Path(folder) / "one.tm", machine)
    ...     read_turing_machine(Path(folder) / "one.tm").rows == machine.rows
    True
    """
    file = Path(path)
    if file.suffix.lower() != ".tm":
        raise ConstructionError(f"need a file that ends in .tm, got {file.name!r}")
    write_bytes(file, write_table(machine, remark=remark))
