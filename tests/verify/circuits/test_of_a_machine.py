"""Proving files of machines: all that is made of a machine is proved, and what is broken is found."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from constructions.computation import tableau as tableaux
from constructions.computation.formats.machine_files import write_turing_machine
from constructions.computation.reach import Reach, Reaching
from constructions.computation.tableau import Tableau
from constructions.errors import ConstructionError
from tests.computation.test_turing import FOLDER, known
from verify.circuits.machine_cells import OfMachine, circuit_of, obligations_of
from verify.circuits.of_a_machine import WORDS, Running, compare, prove_machine
from verify.discharge.one import discharge
from verify.obligations.case import Case
from verify.obligations.verdict import DisagreementError, Verdict


@pytest.mark.parametrize("name", ["palindrome", "increment", "copy"])
def test_a_machine_is_proved(name: str) -> None:
    found = prove_machine(FOLDER / f"{name}.tm", Running(length=4, steps=20))
    assert found.verdict is Verdict.PROVED
    assert (found.words, [part.id for part in found.parts]) == (16, ["cell", "word", "end"])


def test_many_words_are_drawn() -> None:
    found = prove_machine(FOLDER / "parity.tm", Running(length=12, steps=14, left=0))
    assert (found.words, found.verdict) == (WORDS, Verdict.PROVED)


def about(subject: OfMachine) -> Callable[[Case], OfMachine]:
    """Builds this subject."""
    return lambda case: subject


def test_a_circuit_of_another_machine_is_refuted() -> None:
    machine = known("parity")
    rows = dict(machine.table)
    rows["even", "1"], rows["odd", "1"] = rows["odd", "1"], rows["even", "1"]
    other = replace(machine, table=rows)
    for which, obligation in zip(("cell", "word", "end"), obligations_of(machine), strict=True):
        found = discharge(replace(obligation, of=about(replace(circuit_of(other, which), machine=machine))))
        assert found.verdict is (Verdict.REFUTED if which == "cell" else Verdict.PROVED)


def test_a_difference_is_found() -> None:
    tableau = Tableau(machine=known("palindrome"), length=3, steps=15)
    circuit = tableau.circuit()
    wrong = replace(circuit, outputs=dict(circuit.outputs) | {"accepted": circuit.outputs["accepted"] ^ 1})
    with pytest.raises(DisagreementError, match=r"the circuit says .* of '000', the machine .*, at here"):
        compare(tableau, wrong, 0, "here")


@pytest.mark.parametrize("broken", ["joined", "kept"])
def test_a_broken_rule_is_found(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = {"joined": lambda total, head, symbol: total | head, "kept": lambda bit, acted: bit}
    monkeypatch.setattr(tableaux, broken, rules[broken])
    try:
        found = prove_machine(FOLDER / "palindrome.tm", Running(length=3, steps=12)).verdict
    except DisagreementError:
        found = Verdict.REFUTED
    assert found is Verdict.REFUTED
    assert discharge(obligations_of(known("palindrome"))[0]).verdict is Verdict.REFUTED


def test_sets_that_a_run_leaves_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    right = Reaching.after

    def too_few(self: Reaching, now: Reach) -> Reach:
        found = right(self, now)
        return replace(found, heads=frozenset(sorted(found.heads)[:1]))

    monkeypatch.setattr(Reaching, "after", too_few)
    with pytest.raises(DisagreementError, match="the machine leaves what was said to be possible: the head comes to"):
        prove_machine(FOLDER / "palindrome.tm", Running(length=3, steps=12))


def test_a_broken_arrival_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tableaux, "arrival", lambda offset: 1 + offset)
    with pytest.raises(DisagreementError):
        prove_machine(FOLDER / "palindrome.tm", Running(length=3, steps=12))


def test_a_machine_without_input_symbols(tmp_path: Path) -> None:
    path = tmp_path / "beaver.tm"
    write_turing_machine(path, replace(known("busy_beaver"), inputs=()))
    assert prove_machine(path, Running(length=0, steps=107)).verdict is Verdict.PROVED
    with pytest.raises(ConstructionError, match="need words of length 0 for a machine without input symbols, got 2"):
        prove_machine(path, Running(length=2, steps=7))
