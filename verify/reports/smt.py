"""Queries as SMT-LIB files, so that another solver can be asked."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from constructions.errors import ConstructionError
from constructions.foundations.files import sha256_of
from constructions.foundations.logic import every, negation
from constructions.foundations.spelling import printable
from constructions.foundations.terms import TruthTerm, formula
from verify.obligations.obligation import Obligation
from verify.obligations.parts import Fact, Premise, asked_about
from verify.provers import by_z3
from verify.provers.to_smt import conjuncts, script
from verify.screen.files import write_text

KINDS = ("solver", "induction")
LABEL_LENGTH, ID_LENGTH = 60, 120


def file_name(id: str, place: int, label: str) -> str:
    """A name without characters that a file system dislikes; ids stay different.

    Parameters
    ----------
    id : of the obligation. place, label : of the fact in its claim.

    >>> file_name("lemma11.idle.strong.q'", 3, "idle: v3 adds nothing to v4")
    'lemma11.idle.strong.q_27_-03-idle-v3-adds-nothing-to-v4.smt2'
    """
    safe = re.sub(r"[^A-Za-z0-9.-]", lambda found: f"_{ord(found.group()):x}_", id)
    if len(safe) > ID_LENGTH:
        safe = f"{safe[:ID_LENGTH]}_{sha256_of(safe.encode())[:16]}"
    words = re.sub(r"[^A-Za-z0-9]+", "-", label).strip("-")[:LABEL_LENGTH].strip("-")
    return f"{safe}-{place:02}-{words}.smt2"


def queries(obligation: Obligation) -> dict[str, str]:
    """The text of each fact's query by file name; none for kinds that z3 does not decide."""
    if obligation.kind not in KINDS:
        return {}
    found = {}
    case = by_z3.build(obligation, obligation.of)
    for place, fact in enumerate(part for stated in case.facts for part in asked_about(stated)):
        otherwise = (
            "refutes it" if fact.induction is None else "says that the step fails somewhere, maybe where no run comes"
        )
        title = f"; {printable(obligation.id)}: {printable(fact.label)}\n; unsat proves the fact; sat {otherwise}\n"
        found[file_name(obligation.id, place, fact.label)] = title + query(fact, case.premises)
    return found


def query(fact: Fact, premises: Sequence[Premise]) -> str:
    """The question whether a fact can fail, each of its parts named after the premise that it is.

    >>> from constructions.foundations.terms import REAL, variable
    >>> x = variable("x", REAL)
    >>> print(query(Fact("not negative", x >= 0, x > 1), [Premise("large", x > 1)]))
    (set-logic QF_LRA)
    (declare-const x Real)
    (assert (! (> x 1.0) :named |1%: large|))
    (assert (! (not (>= x 0.0)) :named |2%: not so: not negative|))
    (check-sat)
    <BLANKLINE>
    """
    labels = {id(premise.formula): premise.label for premise in premises}
    given = conjuncts(formula(fact.given)) if fact.given is not True else ()
    question = every(*given, negation(fact.conclusion))
    if not isinstance(question, TruthTerm):
        return script(question)
    names = [labels.get(id(part), "given") for part in given]
    names += [f"not so: {fact.label}"] if isinstance(fact.conclusion, TruthTerm) else []
    return script(question, names=names)


def make_folder(folder: Path) -> None:
    """Make the folder for queries, or refuse it before any work is done.

    Raises
    ------
    ConstructionError
        If it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConstructionError(f"need a folder for files, got {error.strerror}, at {folder}") from error


def write_queries(folder: Path, obligations: Iterable[Obligation]) -> int:
    """Write the queries of obligations to a folder; return how many files. Obligations that were examined can be
    stated.

    >>> from tempfile import TemporaryDirectory
    >>> def is_no_less(least, case):
    ...     "A square is at least 0."
    ...     case.show("square", case.real("x") ** 2 >= least)
    >>> square = Obligation(id="square", paper="mine", claim=is_no_less, of=lambda case: 0, twin=lambda case: 1)
    >>> with TemporaryDirectory() as folder:
    ...     questions = Path(folder, "questions")
    ...     make_folder(questions)
    ...     write_queries(questions, [square]), [file.name for file in questions.iterdir()]
    (1, ['square-00-square.smt2'])
    >>> for name, text in queries(square).items():
    ...     print(name, *text.splitlines(), sep="\\n")
    square-00-square.smt2
    ; square: square
    ; unsat proves the fact; sat refutes it
    (set-logic QF_NRA)
    (declare-const x Real)
    (assert (! (not (>= (* x x) 0.0)) :named |1%: not so: square|))
    (check-sat)
    """
    count = 0
    for obligation in obligations:
        for name, text in queries(obligation).items():
            write_text(folder / name, text)
            count += 1
    return count
