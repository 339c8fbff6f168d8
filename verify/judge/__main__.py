"""``python -m verify.judge STATEMENTS PROOF``: re-establish a reviewer's statements from a proof file.

Exit codes: 0 all re-established; 1 one is refused; 2 a file that cannot be read, or one that is not of its grammar;
3 none is refused, and one is open; 4 an error of the checker itself. Of several the gravest counts: 4, 2, 1, 3, 0.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from verify.judge.check import Checking
from verify.judge.reading import MalformedError, RefusedError, read_once
from verify.judge.report import LEFT_OPEN, REFUSED, in_all, judged, trusted
from verify.judge.solver import Solver
from verify.judge.theorems import ProofFile
from verify.judge.wanted import Wanted

ALL, SOME_REFUSED, BAD, OPEN, INTERNAL = range(5)
SECONDS = 60
SOLVERS = ("z3", "z3 tactic.default_tactic=smt")
"""z3 as it is, and then by its general method alone: some questions of products it settles only so."""


def main(argv: Sequence[str] | None = None) -> int:
    """Judge a proof file, or print what its theorems say."""
    parser = argparse.ArgumentParser(prog="judge", description="Re-establish statements from a proof file.")
    parser.add_argument("files", type=Path, nargs="+", metavar="STATEMENTS PROOF")
    words = "a program that reads SMT-LIB: a name, a path, a command; several are asked in turn"
    parser.add_argument("--solver", action="append", help=words)
    parser.add_argument("--seconds", type=int, default=SECONDS, help="the time for each question")
    parser.add_argument("--say", action="store_true", help="print what each statement says")
    parser.add_argument("--read", action="store_true", help="judge nothing: print what the theorems of PROOF say")
    given = parser.parse_args(argv)
    if len(given.files) != (1 if given.read else 2):
        parser.error("need the files STATEMENTS and PROOF, or PROOF beside --read")
    if given.read:
        return listed(given.files[0])
    return told(*given.files, solvers=given.solver or SOLVERS, seconds=given.seconds, say=given.say)


def listed(proof: Path) -> int:
    """Print what the theorems of a file say, with their keys; nothing is checked but the keys."""
    try:
        checking = Checking(ProofFile(read_once(proof)), Solver((), "none", 1), {})
    except RefusedError as error:
        return _complain(str(error), BAD)
    for id, lines in _said(checking).items():
        print(f"{ascii(id)[1:-1]}  {checking.statement(id).key}", *lines, sep="\n    ")
    return ALL


def _said(checking: Checking) -> dict[str, list[str]]:
    """What each theorem of a file says, and what is meant by "reached" in it."""
    found = {}
    for id in checking.file.theorems:
        statement = checking.statement(id)
        found[id] = statement.words() + checking.runs.words([name for name, _ in statement.runs])
    return found


def told(
    statements: Path, proof: Path, *, solvers: Sequence[str] = SOLVERS, seconds: int = SECONDS, say: bool = False
) -> int:
    """The exit code of a judgement, with what is to be said printed."""
    try:
        wanted = Wanted(read_once(statements))
        file = ProofFile(read_once(proof))
        asked = Solver.in_turn(solvers, seconds=seconds)
        checking = Checking(file, asked, wanted.principles)
        found = judged(checking, wanted)
    except MalformedError as error:
        return _complain(str(error), BAD)
    except RefusedError as error:
        return _complain(f"refused: {error}", SOME_REFUSED)
    except Exception as error:
        return _complain(f"an error of the checker: {type(error).__name__}: {error}", INTERNAL)
    print(f"The file of proofs has the SHA-256 digest {file.sha256}.")
    print(f"The file of statements has the SHA-256 digest {wanted.sha256}.")
    many = f"{asked.asked} different question{'' if asked.asked == 1 else 's'}"
    print(f"The solver is {asked}; it was asked {many}, with at most {seconds} s for each.")
    for each in found:
        print(each.line())
        if say and each.id in file.theorems:
            print(*[f"    {line}" for line in _said(checking)[each.id]], sep="\n")
    print("trusted:", *[f"  {line}" for line in trusted(found)], in_all(found), sep="\n")
    kinds = {each.what for each in found}
    return SOME_REFUSED if REFUSED in kinds else OPEN if LEFT_OPEN in kinds else ALL


def _complain(text: str, code: int) -> int:
    print(ascii(text)[1:-1][:600], file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
