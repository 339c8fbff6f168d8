"""Claims about circuits as miters: a SAT solver refutes those of a claim that holds, and finds where the twin fails."""

from dataclasses import replace
from pathlib import Path

import pytest
from pysat.formula import CNF
from pysat.solvers import Solver

from constructions.computation.formats.files import read_machine
from constructions.computation.miters import dimacs
from constructions.errors import ConstructionError
from tests.computation.test_miters import satisfiable
from verify.obligations.catalogue import paper_obligations
from verify.obligations.obligation import Obligation
from verify.obligations.verdict import Verdict
from verify.provers.to_gates import FAILS
from verify.reports.sat_questions import SatQuestions, sat_questions, write_sat_questions

QUICK = ["turing.word", "aiger.ascii.c17", "bits.ne.width", "lemma3b.gating"]
ABOUT_CIRCUITS = ("verify.claims.computation", "verify.claims.networks", "verify.claims.certifier")
MOST_GATES = 60_000
"""Larger miters, the tables of some thousand states of a machine, are written and not asked: each takes a minute."""
NOT_CIRCUITS = ("averaging.gates", "lemma1.time.round", "lemma10.sum", "turing.reach")
"""Claims about numbers of gates, times, networks over the reals and runs of a machine that is no circuit."""


@pytest.mark.parametrize("id", QUICK)
def test_what_is_proved_of_circuits_is_refuted_as_a_miter(id: str) -> None:
    found = sat_questions(paper_obligations()[id])
    assert found.miters and not any(satisfiable(dimacs(miter, FAILS)) for miter in found.miters.values())


def broken(id: str) -> Obligation:
    """The claim about its broken twin."""
    obligation = paper_obligations()[id]
    assert obligation.twin is not None
    return replace(obligation, of=obligation.twin)


@pytest.mark.parametrize("id", QUICK)
def test_a_broken_twin_is_found(id: str) -> None:
    found = sat_questions(broken(id))
    assert any(satisfiable(dimacs(miter, FAILS)) for miter in found.miters.values())


@pytest.mark.slow
def test_every_equivalence_that_is_proved_is_refuted_as_a_miter() -> None:
    """Of the claims about circuits, those that a circuit can ask about; SAT says the same of each."""
    asked = set()
    for id, obligation in paper_obligations().items():
        about = obligation.claim.__module__.startswith(ABOUT_CIRCUITS)
        if not about or obligation.expect not in (Verdict.PROVED, Verdict.CHECKED):
            continue
        found = sat_questions(obligation)
        asked |= {id} if found.miters else set()
        small = {name: miter for name, miter in found.miters.items() if len(miter.gates) <= MOST_GATES}
        assert not [name for name, miter in small.items() if satisfiable(dimacs(miter, FAILS))], id
    assert not asked & set(NOT_CIRCUITS)
    rooms = {"turing", "lemma3b", "bits", "aiger", "learners", "lemma1", "lemma2", "lemma6", "lemma7", "averaging"}
    assert rooms <= {id.split(".")[0] for id in asked}
    assert {"turing.cell", "turing.end", "lemma3b.decoder.circuit.signed", "theorem2c.machine"} <= asked


def test_the_two_files_of_a_miter_ask_the_same(tmp_path: Path) -> None:
    found = sat_questions(broken("turing.word"))
    stem = next(stem for stem, miter in found.miters.items() if satisfiable(dimacs(miter, FAILS)))
    written = write_sat_questions(tmp_path / "asked", SatQuestions({stem: found.miters[stem]}, {}))
    assert [path.name for path in written] == [f"{stem}.aag", f"{stem}.cnf"]
    circuit = read_machine(written[0]).circuit
    with Solver(name="cadical153", bootstrap_with=CNF(str(written[1]))) as solver:
        assert solver.solve()
        model = set(solver.get_model() or ())
    assert circuit.evaluate({name: int(i in model) for i, name in enumerate(circuit.inputs, 1)}) == {FAILS: 1}


@pytest.mark.parametrize(
    ("id", "said"),
    [
        ("sigma.figure", "got another: need a variable with finitely many values"),
        ("lemma10.emulates", "got another: need a claim that evaluates circuits"),
        ("lemma10.adaptor.weights", "got another: need a claim about circuits, got one of kind 'identity'"),
    ],
)
def test_a_claim_that_no_circuit_asks_is_refused(id: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ConstructionError, match=said):
        write_sat_questions(tmp_path / "asked", sat_questions(paper_obligations()[id]))
    assert not (tmp_path / "asked").exists()
