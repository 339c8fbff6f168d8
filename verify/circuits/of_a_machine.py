"""Files of Turing machines: the proof that a machine's tableau is its run, and that its network is the tableau.

Bits of the tableau that no word sets are constants: the sets that say so are closed under the machine's steps
(``machine_reach.py``). Three circuits of the machine are proved against its table, for every neighbourhood
(``machine_cells.py``). That a tableau that is made of them has the configurations as its rows is proved for all
machines at once (``turing.tableau``). The network is proved by shapes, as that of any circuit. Beside these proofs the
circuit is evaluated on words, all of them if they are few, and compared with the machine's own steps; a difference is
an error of the program.
"""

import random
import time
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from constructions.computation.flat import FlatCircuit
from constructions.computation.formats.machine_files import read_turing_machine
from constructions.computation.tableau import Tableau
from constructions.errors import ConstructionError
from constructions.networks.stamped import circuit_of, stamp
from verify.circuits.by_shape import Report, prove_emulation
from verify.circuits.machine_cells import obligations_of
from verify.circuits.machine_reach import not_closed
from verify.discharge.one import discharge
from verify.discharge.result import Result
from verify.obligations.verdict import DisagreementError, Verdict
from verify.provers.outcome import SECONDS

WORDS = 256
"""So many words are compared; all, if there are no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """For which words and how long a machine is run.

    Parameters
    ----------
    length, steps : how many symbols a word has, and how many steps are taken. left, right : cells of the tape on each
        side of the first; as many as can be reached if not given. seed : of the words that are drawn.
    """

    length: int
    steps: int
    left: int | None = None
    right: int | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsCompared:
    """The words on which a circuit was compared with the machine's own steps.

    Parameters
    ----------
    words, every : how many, and whether these are all words of the length. accepted, out_of_time, out_of_tape : on how
        many the machine accepts, was still running after the last step, and left the tape; it rejects the others.
    """

    words: int
    every: bool
    accepted: int
    out_of_time: int
    out_of_tape: int


@dataclass(kw_only=True)
class MachineReport:
    """A machine, its tableau and circuit, what was proved, and the words that were compared.

    Parameters
    ----------
    path, tableau, circuit : the file, and what was made of it.
    parts : what was proved of the machine's three circuits. report : what was proved of the network.
    compared, seconds : the words that were compared, and how long each part took.
    """

    path: str
    tableau: Tableau
    circuit: FlatCircuit
    parts: list[Result] = field(default_factory=list)
    report: Report
    compared: WordsCompared
    seconds: dict[str, float]

    @property
    def words(self) -> int:
        """How many words were compared."""
        return self.compared.words

    @property
    def verdict(self) -> Verdict:
        """The least of all verdicts."""
        return min((*(part.verdict for part in self.parts), self.report.verdict))


def prove_machine(path: Path | str, running: Running, *, seconds: int = SECONDS) -> MachineReport:
    """Read the machine at a path, unroll it, and prove its circuits and the network.

    Parameters
    ----------
    running : for which words and how long. seconds : the solver's time for each question.

    Raises
    ------
    ConstructionError
        For a file that holds no machine, and a tableau that is too large.
    DisagreementError
        If the circuit and the machine's own steps differ on a word.

    >>> from tempfile import TemporaryDirectory
    >>> rows = "go 0 -> go 0 R\\ngo 1 -> no 1 N\\ngo _ -> yes _ N\\n"
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "zeros.tm"
    ...     _ = path.write_text("blank: _\\ninput: 0 1\\nstart: go\\naccept: yes\\nreject: no\\n" + rows)
    ...     found = prove_machine(path, Running(length=2, steps=3))
    >>> found.verdict.name, found.words, found.tableau.size, len(found.circuit.gates)
    ('PROVED', 4, 290, 4)
    """
    began = time.perf_counter()
    laps: dict[str, float] = {}

    def lap(stage: str) -> None:
        laps[stage] = time.perf_counter() - began - sum(laps.values())

    machine = read_turing_machine(path)
    tableau = Tableau(
        machine=machine, length=running.length, steps=running.steps, left=running.left, right=running.right
    )
    circuit = tableau.circuit()
    lap("unroll")
    out = not_closed(machine, tableau.tape, list(tableau.reached()))
    if out is not None:
        raise DisagreementError(f"the machine leaves what was said to be possible: {out}, at {path}")
    lap("see that no run leaves the sets")
    compared = compare(tableau, circuit, running.seed, str(path))
    lap("compare with its steps")
    parts = [discharge(obligation, seconds) for obligation in obligations_of(machine)]
    lap("prove the cell")
    made = stamp(circuit)
    if not circuit_of(made.network).same_structure(made.circuit.sorted):
        raise DisagreementError(
            f"the circuit read off the network's weights is not the one that was stamped, at {path}"
        )
    report = prove_emulation(made.circuit, made.network, made.places, seconds=seconds)
    lap("prove the network")
    return MachineReport(
        path=str(path), tableau=tableau, circuit=circuit, parts=parts, report=report, compared=compared, seconds=laps
    )


def compare(tableau: Tableau, circuit: FlatCircuit, seed: int, where: str) -> WordsCompared:
    """Compare the circuit of a tableau with the machine's own steps, on all words, or on :data:`WORDS` that are drawn
    from the ``seed``; return how they end. Errors call the machine by ``where`` it is.

    Raises
    ------
    DisagreementError
        For a word on which they differ.
    ConstructionError
        For words of a machine that has no input symbols.

    >>> from constructions.computation.formats.turing_table import read_table
    >>> machine = read_table(b"blank: _\\ninput: 0 1\\nstart: go\\naccept: yes\\ngo 0 -> yes _ R\\n", where="one.tm")
    >>> tableau = Tableau(machine=machine, length=3, steps=2)
    >>> compare(tableau, tableau.circuit(), 0, "one.tm")
    WordsCompared(words=8, every=True, accepted=4, out_of_time=0, out_of_tape=0)
    """
    inputs, n = tableau.machine.inputs, tableau.length
    every = not inputs or len(inputs) ** min(n, 40) <= WORDS
    if inputs and every:
        words = [tuple(word) for word in product(inputs, repeat=n)]
    elif inputs:
        draw = random.Random(seed)
        words = [tuple(draw.choice(inputs) for _ in range(n)) for _ in range(WORDS - 2)]
        words += [(inputs[0],) * n, (inputs[-1],) * n]
    elif n:
        raise ConstructionError(f"need words of length 0 for a machine without input symbols, got {n}, at {where}")
    else:
        words = [()]
    codes = [tableau.codes(word) for word in words]
    given = [sum(code[i] << j for j, code in enumerate(codes)) for i in range(len(circuit.inputs))]
    found = circuit.evaluate(dict(zip(circuit.inputs, given, strict=True)), width=len(words))
    for j, word in enumerate(words):
        wanted = tableau.run(word)
        got = {name: found[name] >> j & 1 for name in wanted}
        if got != wanted:
            raise DisagreementError(f"the circuit says {got} of {''.join(word)!r}, the machine {wanted}, at {where}")
    ends = {name: found[name].bit_count() for name in ("accepted", "out_of_time", "out_of_tape")}
    return WordsCompared(words=len(words), every=every, **ends)
