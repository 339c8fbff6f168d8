"""What ``querygrad prove --machine --json`` writes: JSON of a documented form.

``proofs_notes/schemas/prove_machine.schema.json`` is its JSON Schema (:mod:`verify.reports.schemas`).
"""

from collections.abc import Sequence
from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from constructions.computation.tableau import cell_gates
from verify.circuits.of_a_machine import MachineReport
from verify.discharge.cache import versions
from verify.discharge.result import Word
from verify.discharge.result_json import to_json
from verify.obligations.verdict import Verdict

VERSION: Literal[1] = 1
"""The version of the form; it changes when a reader of the old form could misread the new one."""


class PartRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One circuit of a machine, proved for all of its inputs.

    Parameters
    ----------
    part : cell, word or end. verdict : of the proof. twin : the verdict of the same claim about a broken circuit; null
        if there is none.
    """

    part: str
    verdict: Verdict
    twin: Verdict | None


class TableauRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How large a tableau is.

    Parameters
    ----------
    length, steps, left, right : symbols of a word, steps that are taken, cells of the tape on each side of the first.
    cells, gates_of_a_cell : how many cells are stamped, and the gates of each. formula : the gates of the whole before
        equal ones are merged. gates, depth : of the circuit after that. vertices, edges : of its network.
    """

    length: int
    steps: int
    left: int
    right: int
    cells: int
    gates_of_a_cell: int
    formula: int
    gates: int
    depth: int
    vertices: int
    edges: int


class WordsRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words on which the circuit was compared with the machine's own steps.

    Parameters
    ----------
    compared : how many. all : whether these are all words of the length. accepted, rejected, out_of_time, out_of_tape :
        how many end so; together they are all that were compared.
    """

    compared: int
    every: bool = msgspec.field(name="all")
    accepted: int
    rejected: int
    out_of_time: int
    out_of_tape: int


class MachineRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file of a Turing machine. After an error there are ``path``, ``verdict`` and ``error`` only, else all but
    ``error``.

    Parameters
    ----------
    path : as it was given. verdict : the least of the verdicts of its parts and of the network; ERROR for a file that
        could not be read or examined. error : why it could not.
    states, symbols, rows : how many the machine has. tableau : its size. parts : what was proved of its circuits.
    network : the verdict of the network. failure : what is wrong in it; empty if nothing is. open : what is left open.
    words : on which it was compared. seconds : by stage.
    """

    path: str
    verdict: Word
    error: str | UnsetType = UNSET
    states: int | UnsetType = UNSET
    symbols: int | UnsetType = UNSET
    rows: int | UnsetType = UNSET
    tableau: TableauRow | UnsetType = UNSET
    parts: tuple[PartRow, ...] | UnsetType = UNSET
    network: Verdict | UnsetType = UNSET
    failure: str | UnsetType = UNSET
    open: str | UnsetType = UNSET
    words: WordsRow | UnsetType = UNSET
    seconds: dict[str, float] | UnsetType = UNSET


class MachineRun(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``querygrad prove --machine --json`` writes.

    Parameters
    ----------
    version : of this form. versions : of this project, Python, z3, sympy and networkx.
    seconds : time for each question to the solver. exit_code : of the command. machines : a row for each file.
    """

    version: Literal[1]
    versions: dict[str, str]
    seconds: int
    exit_code: int
    machines: tuple[MachineRow, ...]


def row_of_machine(found: MachineReport) -> MachineRow:
    """The row of a machine that could be examined.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from verify.circuits.of_a_machine import Running, prove_machine
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "one.tm"
    ...     _ = path.write_text("blank: _\\ninput: 0 1\\nstart: go\\naccept: yes\\ngo 0 -> yes _ R\\n")
    ...     row = row_of_machine(prove_machine(path, Running(length=2, steps=1)))
    >>> row.verdict, row.tableau.formula, row.words.accepted, row.words.rejected
    ('PROVED', 45, 2, 2)
    """
    machine, compared = found.tableau.machine, found.compared
    ends = {name: getattr(compared, name) for name in ("accepted", "out_of_time", "out_of_tape")}
    return MachineRow(
        path=found.path,
        verdict=found.verdict.value,
        states=len(machine.states),
        symbols=len(machine.symbols),
        rows=len(machine.table),
        tableau=_tableau_row(found),
        parts=tuple(PartRow(part=part.id, verdict=part.verdict, twin=part.twin_verdict) for part in found.parts),
        network=found.report.verdict,
        failure=found.report.failure.what if found.report.failure else "",
        open=found.report.open or "",
        words=WordsRow(
            compared=compared.words, every=compared.every, rejected=compared.words - sum(ends.values()), **ends
        ),
        seconds={stage: round(seconds, 3) for stage, seconds in found.seconds.items()},
    )


def _tableau_row(found: MachineReport) -> TableauRow:
    tableau, (left, right) = found.tableau, found.tableau.tape
    return TableauRow(
        length=tableau.length,
        steps=tableau.steps,
        left=left,
        right=right,
        cells=tableau.cells,
        gates_of_a_cell=cell_gates(tableau.machine),
        formula=tableau.size,
        gates=len(found.circuit.gates),
        depth=found.circuit.depth,
        vertices=found.report.vertices,
        edges=found.report.edges,
    )


def row_of_bad_machine(path: str, said: str) -> MachineRow:
    """The row of the file at ``path`` that could not be examined; ``said`` is why."""
    return MachineRow(path=path, verdict="ERROR", error=said)


def machines_as_json(rows: Sequence[MachineRow], *, seconds: int, exit_code: int) -> Any:
    """A whole run as JSON values: its rows, the seconds that the solver had for each question, and the exit code.

    >>> made = machines_as_json([row_of_bad_machine("no.tm", "need a file")], seconds=60, exit_code=2)
    >>> made["machines"][0]
    {'path': 'no.tm', 'verdict': 'ERROR', 'error': 'need a file'}
    """
    return to_json(
        MachineRun(version=VERSION, versions=versions(), seconds=seconds, exit_code=exit_code, machines=tuple(rows))
    )
