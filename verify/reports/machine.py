"""What ``prove --machine`` and ``compile`` print of a Turing machine and its tableau."""

from rich.console import Console

from constructions.computation.flat import FlatCircuit
from constructions.computation.tableau import Tableau, cell_gates
from verify.circuits.machine_cells import CLAIMS
from verify.circuits.of_a_machine import MachineReport, WordsCompared
from verify.obligations.verdict import Verdict
from verify.reports.colours import coloured
from verify.screen.printing import plain_table

OUTPUTS = (
    "accepted: it has come to an accepting state; out_of_time: it was still running after the last step; out_of_tape: "
    "the head has left the tape, and the run ended there"
)
FOR_ALL = (
    "That a tableau made of these circuits has the configurations as its rows is proved for all machines, words and "
    "times by the claim turing.tableau (querygrad prove turing.tableau)."
)


def described_tableau(tableau: Tableau, circuit: FlatCircuit) -> dict[str, str]:
    """What a machine consists of, and how large its tableau is.

    Parameters
    ----------
    tableau, circuit : the machine's runs, and the circuit that was made of them.

    >>> from constructions.computation.formats.turing_table import read_table
    >>> machine = read_table(b"blank: _\\ninput: 0 1\\nstart: go\\naccept: yes\\ngo 0 -> yes _ R\\n", where="one.tm")
    >>> tableau = Tableau(machine=machine, length=2, steps=1)
    >>> for name, value in described_tableau(tableau, tableau.circuit()).items():
    ...     print(f"{name:<8} {value}")
    machine  2 states, 3 symbols, 1 rows
    runs     words of 2 symbols, 1 steps, 1 cells of tape on the left of the first and 1 on its right
    formula  45 gates: 3 cells x 9, 2 symbols x 1, 3 last cells x 4, and 4
    circuit  1 gates after equal ones are merged and constants are folded, depth 0
    """
    machine, (left, right) = tableau.machine, tableau.tape
    word, end = tableau.gates_of_the_ends
    parts = f"{tableau.cells} cells x {cell_gates(machine)}, {tableau.length} symbols x {word}"
    beside = machine.unentered
    others = f"no rows lead from the first state to {', '.join(map(repr, beside[:8]))}{', ...' * (len(beside) > 8)}"
    return {
        "machine": f"{len(machine.states)} states, {len(machine.symbols)} symbols, {len(machine.table)} rows",
        "runs": f"words of {tableau.length} symbols, {tableau.steps} steps, "
        f"{left} cells of tape on the left of the first and {right} on its right",
        "formula": f"{tableau.size} gates: {parts}, {left + right + 1} last cells x {end}, and 4",
        "circuit": f"{len(circuit.gates)} gates after equal ones are merged and constants are folded, "
        f"depth {circuit.depth}",
        **({"note": others} if beside else {}),
    }


def print_machine(found: MachineReport, out: Console) -> None:
    """Sizes, verdicts and times of what was ``found``, on a console.

    >>> import io
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from verify.circuits.of_a_machine import Running, prove_machine
    >>> from verify.screen.printing import console
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "one.tm"
    ...     _ = path.write_text("blank: _\\ninput: 0 1\\nstart: go\\naccept: yes\\ngo 0 -> yes _ R\\n")
    ...     found = prove_machine(path, Running(length=2, steps=1))
    >>> print_machine(found, console(file=(out := io.StringIO())))
    >>> "4 words (all there are) were compared with the machine's own steps: 2 are accepted" in out.getvalue()
    True
    """
    out.print(found.path, style="bold")
    for name, value in described_tableau(found.tableau, found.circuit).items():
        out.print(f"  {name:<9} {value}", soft_wrap=True)
    out.print(f"  network   {found.report.vertices} vertices, {found.report.edges} edges")
    rows = plain_table("circuit of the machine", "for", "verdict", "twin")
    for part in found.parts:
        twin = Verdict.REFUTED if part.twin_verdict is None else part.twin_verdict
        verdict = coloured(part.verdict, good=part.verdict is Verdict.PROVED)
        rows.add_row(part.id, CLAIMS[part.id][1], verdict, coloured(twin, good=twin is Verdict.REFUTED))
    out.print(rows)
    out.print(FOR_ALL, soft_wrap=True)
    out.print(told_of_words(found.compared), soft_wrap=True)
    told = f"REFUTED: {found.report.failure.what}" if found.report.failure else found.report.open or ""
    shapes = f"each of its vertices has one of {len(found.report.shapes)} shapes"
    out.print(f"{found.report.verdict.name}: the network computes the circuit; {told or shapes}.", soft_wrap=True)
    out.print(f"Outputs: {OUTPUTS}.", soft_wrap=True)
    out.print("Seconds: " + ", ".join(f"{stage} {took:.2f}" for stage, took in found.seconds.items()) + ".")
    out.print()


def told_of_words(compared: WordsCompared) -> str:
    """How the words that were compared end, in a sentence: never that some were cut in silence.

    >>> print(told_of_words(WordsCompared(words=256, every=False, accepted=3, out_of_time=5, out_of_tape=1)))
    256 words (drawn from all) were compared with the machine's own steps: 3 are accepted, 247 are rejected, 5 run \
out of time, and 1 runs out of tape. Words that run out are told by the outputs out_of_time and out_of_tape.
    """
    rejected = compared.words - compared.accepted - compared.out_of_time - compared.out_of_tape

    def said(many: int, one: str, several: str) -> str:
        return f"{many} {one if many == 1 else several}"

    words = said(compared.words, "word", "words")
    which = f"{words} ({'all there are' if compared.every else 'drawn from all'})"
    were = "was" if compared.words == 1 else "were"
    ends = (
        said(compared.accepted, "is accepted", "are accepted"),
        said(rejected, "is rejected", "are rejected"),
        said(compared.out_of_time, "runs out of time", "run out of time"),
        f"and {said(compared.out_of_tape, 'runs out of tape', 'run out of tape')}",
    )
    cut = compared.out_of_time or compared.out_of_tape
    told = " Words that run out are told by the outputs out_of_time and out_of_tape." if cut else ""
    return f"{which} {were} compared with the machine's own steps: {', '.join(ends)}.{told}"
