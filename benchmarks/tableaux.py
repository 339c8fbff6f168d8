"""A Turing machine from its file to pictures and proofs: unrolled, cleaned once more, proved, and drawn.

Each step is timed in CPU seconds of this process, and the sizes stand beside the formula. The word that is drawn is one
that the machine accepts for palindromes: 0 and 1 in turns, and back.

Run:  python benchmarks/tableaux.py [FILE] [--length N] [--time T]      (exit code 1 if something is not proved)
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from constructions.computation.builder import clean
from constructions.computation.formats.machine_files import read_turing_machine
from constructions.computation.tableau import Tableau
from constructions.foundations.files import ROOT
from verify.circuits.of_a_machine import Running, prove_machine
from verify.drawing.tableau import draw_machine_file
from verify.obligations.verdict import Verdict

PALINDROME = ROOT / "examples" / "turing" / "palindrome.tm"


def timed(what: str, work: Callable[[], Any]) -> Any:
    """What some work returns; prints how long it takes."""
    began = time.process_time()
    found = work()
    print(f"{what:40} {time.process_time() - began:8.2f} s", flush=True)
    return found


def main() -> int:
    """Go through the steps, print what each takes, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path, default=PALINDROME)
    parser.add_argument("--length", type=int, default=16)
    parser.add_argument("--time", type=int, default=200)
    chosen = parser.parse_args()
    machine = read_turing_machine(chosen.file)
    tableau = Tableau(machine=machine, length=chosen.length, steps=chosen.time)
    circuit = timed("unrolled", tableau.circuit)
    cleaned = timed("cleaned once more", lambda: clean(circuit))
    running = Running(length=chosen.length, steps=chosen.time)
    proved = timed("proved: cells, sets, words, network", lambda: prove_machine(chosen.file, running))
    letters = machine.inputs[:2]
    half = [letters[i % len(letters)] for i in range((chosen.length + 1) // 2)]
    word = "".join(half + half[: chosen.length // 2][::-1])
    with TemporaryDirectory() as folder:
        picture = Path(folder) / "picture.svg"
        timed("drawn", lambda: draw_machine_file(chosen.file, picture, word=word, steps=chosen.time, title=""))
        print(f"{picture.stat().st_size:,} bytes of picture, of the word {word}")
    print(f"{tableau.size:,} gates by the formula, {len(circuit.gates):,} folded, {len(cleaned.gates):,} cleaned")
    print(f"verdict {proved.verdict.name}")
    return int(proved.verdict is not Verdict.PROVED)


if __name__ == "__main__":
    sys.exit(main())
