"""The circuits of an enumeration beside the values with which its claim holds: a SAT solver finds no other value, and
finds one as soon as a circuit is another."""

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from constructions.computation.flat import FlatCircuit, Gates
from constructions.computation.miters import dimacs
from constructions.computation.watching import WATCHERS
from tests.computation.test_miters import changed, satisfiable
from verify.obligations.case import Case
from verify.obligations.catalogue import paper_obligations
from verify.obligations.obligation import Obligation
from verify.provers import tables
from verify.provers.tables import CircuitTable, tables_of
from verify.provers.to_gates import FAILS, NotFiniteError


def at_points(claim: Callable[[Any, Case], None], *codes: int) -> Obligation:
    """A claim about the circuit of AND, at some points."""
    circuit = FlatCircuit(inputs=("a", "b"), gates=Gates.of([(2, (0, 2))]), outputs={"y": 4})
    return Obligation(
        id="mine",
        paper="mine",
        claim=claim,
        of=lambda case: circuit,
        twin=lambda case: circuit,
        kind="enumeration",
        domain=lambda: ({"code": code} for code in codes),
        finite="some points",
    )


def holds(circuit: FlatCircuit, case: Case) -> None:
    """AND is true at the last point alone."""
    code = int(case.integer("code"))
    found = circuit.evaluate({"a": code & 1, "b": code >> 1})
    case.show("and", bool(found["y"]) == (code == 3))


@pytest.mark.parametrize(
    "id", ["certifier.answer.circuit", pytest.param("learners.machine.conjunction", marks=pytest.mark.slow)]
)
def test_a_circuit_has_the_values_and_a_changed_one_has_others(id: str) -> None:
    found = tables_of(paper_obligations()[id])
    table = max(found, key=lambda each: len(each.rows))
    assert not satisfiable(dimacs(table.miter(), FAILS))
    gates = [gate for gate in range(len(table.circuit.gates)) if table.circuit.gates.fan_in[gate]][-4:]
    wrong = [CircuitTable(changed(table.circuit, gate), table.rows) for gate in gates]
    assert any(satisfiable(dimacs(each.miter(), FAILS)) for each in wrong)


def test_all_that_is_evaluated_is_noted_once() -> None:
    (table,) = tables_of(at_points(holds, 0, 3, 3, 1))
    assert table.rows == {(False, False): (False,), (True, True): (True,), (True, False): (False,)}
    assert not WATCHERS


def test_a_circuit_that_a_case_evaluates_and_a_machine_that_steps_are_noted() -> None:
    by_case = tables_of(paper_obligations()["learners.machine.parity.step"])
    by_steps = tables_of(paper_obligations()["lemma1.machine.follows.prefix.n1b2"])
    assert len(by_case) == 3 and any(name.startswith("s ") for name in by_steps[0].circuit.outputs)


CIRCUIT = FlatCircuit(inputs=("a", "b"), gates=Gates.of([(2, (0, 2))]), outputs={"y": 4})


@cache
def remembered(code: int) -> bool:
    """AND at a point, evaluated once in a process."""
    return bool(CIRCUIT.evaluate({"a": code & 1, "b": code >> 1})["y"])


def holds_by_memory(circuit: FlatCircuit, case: Case) -> None:
    """AND is true at the last point alone."""
    code = int(case.integer("code"))
    case.show("and", remembered(code) == (code == 3))


def test_what_was_evaluated_and_kept_before_is_noted_again() -> None:
    first, again = (tables_of(at_points(holds_by_memory, 0, 3)) for _ in range(2))
    assert first[0].rows == again[0].rows == {(False, False): (False,), (True, True): (True,)}


def fails(circuit: FlatCircuit, case: Case) -> None:
    """A code is above 0."""
    case.show("above", case.integer("code") > 0)


def evaluates_nothing(circuit: FlatCircuit, case: Case) -> None:
    """A code is below 9."""
    case.show("below", case.integer("code") < 9)


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (fails, "need a claim that holds at every point"),
        (evaluates_nothing, "need a claim that evaluates circuits, got one that evaluates none"),
    ],
)
def test_a_claim_without_such_values_is_refused(claim: Any, said: str) -> None:
    with pytest.raises(NotFiniteError, match=said):
        tables_of(at_points(claim, 0, 1))
    assert not WATCHERS


def test_a_table_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_CELLS", 6)
    with pytest.raises(NotFiniteError, match="need tables of at most 6 bits"):
        tables_of(at_points(holds, 0, 1, 2))
