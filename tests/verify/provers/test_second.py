"""A second solver: found or refused in words, asked apart, ended when its time is up, and asked again after that."""

import importlib.util
import os
import sys
from pathlib import Path

import pytest

from constructions.errors import ConstructionError
from verify.provers import second
from verify.provers.second import SecondSolver, Session, asking, second_solver

SAT = "(set-logic QF_LRA)(declare-const x Real)(assert (> x 0.0))(check-sat)"
UNSAT = "(set-logic QF_LRA)(declare-const x Real)(assert (< x x))(check-sat)"
HARD = "(set-logic QF_NIA)(declare-const x Int)(declare-const y Int)(declare-const z Int)" + (
    "(assert (= (+ (* x x x) (* y y y) (* z z z)) 114))(check-sat)"
)
CVC5 = pytest.mark.skipif(importlib.util.find_spec("cvc5") is None, reason="cvc5 is not installed")


def executable(folder: Path, body: str, *, name: str = "solver") -> str:
    """A program that is started as a solver, with the path of a question in sys.argv."""
    path = folder / name
    path.write_text(f"#!{sys.executable}\nimport sys, time\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_a_solver_that_is_not_there_is_refused_with_what_there_might_be() -> None:
    with pytest.raises(ConstructionError, match=r"need an installed solver .*cvc5.*, got none, at 'nosuch'"):
        second_solver("nosuch", seconds=1)


@pytest.mark.timed
@CVC5
def test_cvc5_answers_in_its_time_and_says_which_version_it_is() -> None:
    solver = second_solver("cvc5", seconds=1)
    assert solver.version[0].isdigit() and solver.serves
    with asking(solver) as session:
        assert [session.ask(text)[0] for text in (SAT, UNSAT, HARD, UNSAT)] == ["sat", "unsat", "unknown", "unsat"]
        assert session.ask("(set-logic QF_LRA)(assert (> x 0))(check-sat)")[0] == "unknown"


@CVC5
def test_without_the_package_the_executable_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    executable(
        tmp_path, "print('unsat' if len(sys.argv) > 1 and sys.argv[1] != '--version' else 'it is 7')", name="cvc5"
    )
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    found = second_solver("cvc5", seconds=20)
    assert str(found) == "cvc5 it is 7" and not found.serves
    with asking(found) as session:
        assert session.ask(UNSAT) == ("unsat", "")


@pytest.mark.timed
@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ("print('sat')", ("sat", "")),
        ("print('unknown')", ("unknown", "no reason was given")),
        ("print('(error \"no\")')", ("unknown", '(error "no")')),
        ("print('satisfied')", ("unknown", "satisfied")),
        ("sys.exit(3)", ("unknown", "nothing was said (exit 3)")),
        ("time.sleep(60)", ("unknown", "its time was up")),
        ("print(open(sys.argv[1]).read().count('check-sat') and 'unsat')", ("unsat", "")),
    ],
)
def test_an_executable_says_sat_or_unsat_or_nothing_is_known(
    tmp_path: Path, body: str, answer: tuple[str, str]
) -> None:
    path = executable(tmp_path, f"if '--version' in sys.argv: print('1'); sys.exit()\n{body}")
    seconds = 1 if "sleep" in body else 20
    with asking(second_solver(path, seconds=seconds)) as session:
        assert session.ask(UNSAT) == answer


def package(folder: Path, body: str) -> SecondSolver:
    """A package's process that does as it is told."""
    name = executable(folder, f"print('1', flush=True)\n{body}")
    return SecondSolver(name="it", version="1", command=(name,), serves=True, seconds=3)


@pytest.mark.timed
def test_a_process_that_hangs_is_ended_and_started_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second, "GRACE", 0.0)
    hang = f"from pathlib import Path\nmark = Path({str(tmp_path / 'mark')!r})\n" + (
        "if not mark.exists():\n    mark.touch()\n    time.sleep(60)\n"
        "head = sys.stdin.buffer.readline()\nsys.stdin.buffer.read(int(head.split()[1]))\nprint('unsat', flush=True)"
    )
    session = Session(package(tmp_path, hang))
    try:
        assert session.ask(UNSAT) == ("unknown", "its time was up")
        assert session.process is None
        assert session.ask(UNSAT) == ("unsat", "")
    finally:
        session.stop()


def test_a_process_that_dies_leaves_the_question_open(tmp_path: Path) -> None:
    with asking(package(tmp_path, "sys.stdin.buffer.readline(); sys.exit(1)")) as session:
        assert session.ask(UNSAT)[0] == "unknown" and session.process is None


def test_a_process_that_does_not_start_is_refused(tmp_path: Path) -> None:
    solver = SecondSolver(
        name="it", version="", command=(sys.executable, "-m", "no.such.module"), serves=True, seconds=1
    )
    with (
        pytest.raises(ConstructionError, match="need a solver that starts, got 'its process ended', at 'it'"),
        asking(solver),
    ):
        pass
