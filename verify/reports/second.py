"""What a second solver says, for people; and the record of the questions that it was asked.

The record, ``proofs_notes/second_opinion.txt``, has a line for each question that was ever asked of everything at once
(``make second``): the digest of its text in SMT-LIB, z3's answer, the other's. A question that is not in it is new.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.text import Text

from constructions.errors import ConstructionError
from constructions.foundations.files import ROOT
from constructions.foundations.spelling import from_json_text, one_line
from verify.discharge.result import Result
from verify.discharge.result_json import from_json
from verify.discharge.second_opinion import SecondAnswer, SecondOpinion
from verify.screen.printing import say, styled

SECOND = "second"
RECORD = ROOT / "proofs_notes" / "second_opinion.txt"
HEAD = "# Questions that z3 and a second solver were asked: digest, z3's answer, the other's. Written by make second."


def coloured_share(result: Result) -> str | Text:
    """How many of the questions the second solver settles; or that it contradicts z3."""
    opinion = result.second
    if opinion is None or not opinion.answers:
        return "-"
    if opinion.disagreements:
        return styled("DISAGREES", "bold red")
    share = f"{opinion.settled} of {len(opinion.answers)}"
    return share if opinion.settled == len(opinion.answers) else styled(share, "yellow")


def second_lines(results: Sequence[Result]) -> list[str]:
    """For every question that one solver alone settles, or about which the two disagree: a line.

    >>> from verify.obligations.verdict import Verdict
    >>> answers = (
    ...     SecondAnswer(digest="0" * 16, side="claim", about="even", first="unsat", second="unsat"),
    ...     SecondAnswer(digest="1" * 16, side="twin", about="even", first="sat", second="unknown", reason="timeout"))
    >>> found = Result(
    ...     id="mine.even", paper="mine", statement="It is even.", prover="z3", expect=Verdict.PROVED, needs=(),
    ...     second=SecondOpinion(solver="cvc5", version="1.2", seconds=60, answers=answers))
    >>> coloured_share(found).plain, second_summary([found])
    ('1 of 2', ['cvc5 1.2 was asked 2 questions: 1 settled as by z3, 1 by z3 alone, 0 by cvc5 alone, 0 by neither, 0 \
disagree'])
    >>> second_lines([found]) == [line_of("mine.even", answers[1], "cvc5 1.2")], second_lines([found])
    (True, ["ONLY z3 mine.even, twin, 'even': sat; cvc5 1.2: timeout."])
    """
    return [
        line_of(result.id, answer, f"{result.second.solver} {result.second.version}")
        for result in results
        if result.second
        for answer in result.second.answers
        if answer.only or answer.disagrees
    ]


def line_of(id: str, answer: SecondAnswer, solver: str) -> str:
    """What there is to say of the answer to one question of an obligation, by its id, that z3 and the other solver do
    not both settle alike."""
    where = f"{id}, {answer.side}, {answer.about!r}"
    if answer.disagrees:
        return f"DISAGREE {where}: z3 says {answer.first}, {solver} says {answer.second}."
    if answer.only == "first":
        return f"ONLY z3 {where}: {answer.first}; {solver}: {answer.reason or 'unknown'}."
    return f"ONLY {solver} {where}: {answer.second}."


def second_summary(results: Sequence[Result]) -> list[str]:
    """How many questions the second solver was asked and what became of them, in a line for each solver."""
    answers: dict[str, list[SecondAnswer]] = {}
    for opinion in (result.second for result in results if result.second):
        answers.setdefault(f"{opinion.solver} {opinion.version}", []).extend(opinion.answers)
    return [summary_of(solver, found) for solver, found in answers.items()]


def summary_of(solver: str, answers: Sequence[SecondAnswer]) -> str:
    """Counts of a solver's answers in one line.

    >>> summary_of("cvc5 1", [SecondAnswer(digest="0", side="claim", about="it", first="sat", second="sat")])
    'cvc5 1 was asked 1 question: 1 settled as by z3, 0 by z3 alone, 0 by cvc5 alone, 0 by neither, 0 disagree'
    """
    only, odd = Counter(answer.only for answer in answers), sum(answer.disagrees for answer in answers)
    neither = sum(answer.first == answer.second == "unknown" for answer in answers)
    alike = only[""] - odd - neither
    name = solver.split(" ")[0]
    return (
        f"{solver} was asked {len(answers)} question{'s' * (len(answers) != 1)}: {alike} settled as by z3, "
        f"{only['first']} by z3 alone, {only['second']} by {name} alone, {neither} by neither, {odd} disagree"
    )


def recorded(path: Path = RECORD) -> dict[str, str]:
    """The questions of the record, by digest, with z3's answer.

    Raises
    ------
    ConstructionError for a file that cannot be read or is no record.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     record = Path(folder, "record.txt")
    ...     _ = record.write_text(f"# digest, z3's answer, the other's\\n{'0' * 16} unsat unknown\\n")
    ...     recorded(record)
    {'0000000000000000': 'unsat'}
    """
    found: dict[str, str] = {}
    for number, line in enumerate(_text_of(path).splitlines(), 1):
        if line.startswith("#"):
            continue
        parts = line.split(" ")
        if len(parts) != 3 or len(parts[0]) != 16:
            raise ConstructionError(f"need a digest and two answers, got {line[:60]!r}, at {path}:{number}")
        found[parts[0]] = parts[1]
    return found


def record_of(opinions: Iterable[SecondOpinion]) -> list[str]:
    """The lines of a record."""
    lines = {f"{answer.digest} {answer.first} {answer.second}" for found in opinions for answer in found.answers}
    return [HEAD, *sorted(lines)]


def opinions_in(path: Path) -> list[SecondOpinion]:
    """What a second solver says in a report that ``querygrad prove --json`` wrote."""
    rows = from_json_text(_text_of(path)).get("results", [])
    return [from_json(row["second"], SecondOpinion) for row in rows if row.get("second")]


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise ConstructionError(f"need a file that can be read, got '{one_line(error)}', at {path}") from error


if __name__ == "__main__":
    say(*record_of(opinions_in(Path(sys.argv[1]))))
