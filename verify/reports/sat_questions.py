"""Questions to a SAT solver as AIGER and DIMACS files: a claim about circuits, fact by fact, as miters.

A miter's one output, ``fails``, is true where a fact fails and all that it presupposes holds. So a SAT solver that
finds the DIMACS file unsatisfiable shows the fact, for all values of its variables; where it finds a solution, the
inputs say at which values the fact fails. What no circuit asks is named, with the reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from constructions.computation.flat import FlatCircuit
from constructions.computation.formats.aiger_writing import write_aiger
from constructions.computation.miters import dimacs
from constructions.errors import ConstructionError
from constructions.foundations.files import write_bytes
from constructions.foundations.logic import every, negation
from constructions.foundations.spelling import one_line
from constructions.foundations.terms import TruthTerm, formula
from verify.obligations.obligation import Obligation
from verify.obligations.parts import Fact, asked_about
from verify.provers import by_z3
from verify.provers.tables import tables_of
from verify.provers.to_gates import FAILS, NotFiniteError, bounds_of, question_in_gates
from verify.reports.smt import KINDS, file_name, make_folder


@dataclass(frozen=True, slots=True)
class SatQuestions:
    """The miters of a claim by the stems of their files, and why there is none of its other facts, by their labels."""

    miters: Mapping[str, FlatCircuit]
    unsaid: Mapping[str, str]


def sat_questions(obligation: Obligation) -> SatQuestions:
    """The facts of an obligation's claim as miters, where a circuit can ask them.

    >>> def is_no_more(most, case):
    ...     "A digit is at most 2, and so is half of anything below 4."
    ...     digit, x = case.integer("digit"), case.real("x")
    ...     case.assume(digit >= 0, digit < 3)
    ...     case.show("small", digit <= most)
    ...     case.show("half", x / 2 <= 2, given=x < 4)
    >>> found = sat_questions(Obligation(
    ...     id="digit", paper="mine", claim=is_no_more, of=lambda case: 2, twin=lambda case: 1))
    >>> list(found.miters), found.unsaid
    (['digit-00-small'], {'half': "need a variable with finitely many values, got 'x'"})
    """
    if obligation.kind == "enumeration":
        return _of_tables(obligation)
    if obligation.kind not in KINDS:
        return SatQuestions({}, {obligation.id: f"need a claim about circuits, got one of kind {obligation.kind!r}"})
    miters, unsaid = dict[str, FlatCircuit](), dict[str, str]()
    facts = [part for stated in by_z3.build(obligation, obligation.of).facts for part in asked_about(stated)]
    for place, fact in enumerate(facts):
        try:
            miters[file_name(obligation.id, place, fact.label).removesuffix(".smt2")] = miter_of(fact)
        except NotFiniteError as error:
            unsaid[fact.label] = one_line(error)
    return SatQuestions(miters, unsaid)


def _of_tables(obligation: Obligation) -> SatQuestions:
    """The circuits that an enumeration evaluates, each against the table of the values with which its claim holds."""
    try:
        tables = tables_of(obligation)
    except NotFiniteError as error:
        return SatQuestions({}, {obligation.id: one_line(error)})
    stem = file_name(obligation.id, 0, "").removesuffix("-00-.smt2")
    return SatQuestions({f"{stem}-circuit-{place:03}": each.miter() for place, each in enumerate(tables)}, {})


def miter_of(fact: Fact) -> FlatCircuit:
    """The circuit whose output is true where a fact fails.

    Raises
    ------
    NotFiniteError
        If no circuit asks this.

    >>> from constructions.foundations.terms import TRUTH, variable
    >>> p, q = variable("p", TRUTH), variable("q", TRUTH)
    >>> found = miter_of(Fact("both", every(p, q), q))
    >>> found.evaluate({"p": 0b0011, "q": 0b0101}, width=4)
    {'fails': 4}
    """
    question = every(fact.given, negation(fact.conclusion))
    if not isinstance(question, TruthTerm):
        raise NotFiniteError("need something that varies, got a fact about constants")
    return question_in_gates(question, bounds_of(formula(fact.given)))


def write_sat_questions(folder: Path, found: SatQuestions) -> list[Path]:
    """Write the miters that were ``found`` to a folder, each as AIGER and as DIMACS, and return the files.

    Raises
    ------
    ConstructionError
        If there is none, or a file cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> from constructions.foundations.terms import TRUTH, variable
    >>> miter = miter_of(Fact("never", variable("p", TRUTH), True))
    >>> with TemporaryDirectory() as folder:
    ...     [path.name for path in write_sat_questions(Path(folder), SatQuestions({"never": miter}, {}))]
    ['never.aag', 'never.cnf']
    """
    if not found.miters:
        label, why = next(iter(found.unsaid.items()))
        raise ConstructionError(f"need a claim about bits and finitely many numbers, got another: {why}, at {label!r}")
    make_folder(folder)
    written = []
    for stem, circuit in found.miters.items():
        for path, data in (
            (folder / f"{stem}.aag", write_aiger(circuit, binary=False)),
            (folder / f"{stem}.cnf", dimacs(circuit, FAILS).encode()),
        ):
            write_bytes(path, data)
            written.append(path)
    return written
