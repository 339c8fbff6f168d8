"""The campaign that follows what is accepted: it counts, resumes, keeps what is wrong; and the bounded searches over
free edges."""

import sys
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from verify.attacks.drafts import NetworkDraft
from verify.obligations.user_file import load_file
from verify.recheck.memory import Copy, check_memory
from verify.recheck.reading import RefusedError

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def module() -> ModuleType:
    return load_file(BENCHMARKS / "follow_accepted.py")


@pytest.fixture(scope="module")
def bounded() -> ModuleType:
    return load_file(BENCHMARKS / "bounded_search.py")


def some(module: ModuleType, *whats: tuple[str, str, int]) -> Any:
    return lambda seed: iter([module.Wanted(*what) for what in whats])


def test_what_is_accepted_is_followed_and_what_is_in_the_file_is_not_done_again(
    module: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tasks = [
        ("by hand", "the example", 0),
        ("random machine", "numbered anew", 0),
        ("mutant", "no rounds / renumbered", 1),
        ("mutant", "coins, minimal / a control reused", 1),
    ]
    monkeypatch.setattr(module, "wanted", some(module, *tasks))
    rows = module.campaign(tmp_path / "found.jsonl", 4, 0, refused=True)
    assert [row["code"] for row in rows] == [0, 0, 0, 1]
    assert all(row["right"] == row["runs"] > 0 for row in rows[:3]) and rows[3]["seen wrong"]
    assert len(capsys.readouterr().out.splitlines()) == 4
    assert module.campaign(tmp_path / "found.jsonl", 4, 0) == rows and not capsys.readouterr().out
    total = dict(zip(module.COLUMNS, module.table(rows)[-1].split()[1:], strict=True))
    assert {
        name: int(total[name]) for name in ("networks", "refused", "seen wrong", "accepted", "judged", "wrong")
    } == {"networks": 4, "refused": 1, "seen wrong": 1, "accepted": 3, "judged": 3, "wrong": 0}


def test_a_network_that_is_accepted_and_wrong_is_counted_and_kept(
    module: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A certifier that accepts a damaged network: it writes the certificate of the right one."""
    honest = module.certified

    def blind(given: Any, cert: Path) -> tuple[int, Fraction | None]:
        right = module.made(module.Wanted("learner", "literal 1 1 dyadic", 0), tmp_path)
        code, tolerance = honest(right, cert)
        draft = NetworkDraft(given.network.read_bytes())
        draft.weights[draft.into(draft.output)[-1]] = 0
        given.network.write_bytes(draft.data())
        return code, tolerance

    monkeypatch.setattr(module, "certified", blind)
    monkeypatch.setattr(module, "wanted", some(module, ("learner", "literal 1 1 dyadic", 0)))
    monkeypatch.setattr(sys, "argv", ["follow_accepted.py", "-o", str(tmp_path / "found.jsonl"), "--most", "1"])
    assert module.main() == 1
    assert "no valid answers lead to what the network returns" in capsys.readouterr().out
    assert len(list((tmp_path / "found.wrong").glob("*/network.qgn"))) == 1


def test_networks_to_judge_come_from_every_source(module: ModuleType) -> None:
    found = [what for what, _ in zip(module.wanted(0), range(62), strict=False)]
    assert {what.source for what in found} == {"by hand", "look alike", "learner", "random machine", "mutant"}
    assert len(set(map(str, found))) == 62


@pytest.mark.slow
def test_candidates_that_are_accepted_are_followed_through_all_small_runs(bounded: ModuleType, tmp_path: Path) -> None:
    rows = bounded.search("dyadic", tmp_path / "found.jsonl", 1, 4, 0)
    assert {row["accepted"] for row in rows} == {False, True} and not any(row.get("betrayed") for row in rows)
    assert all(row["leaves"] > 100 for row in rows if row["accepted"])
    assert bounded.search("dyadic", tmp_path / "found.jsonl", 1, 4, 0) == rows
    assert len((tmp_path / "found.jsonl").read_text(encoding="utf-8").splitlines()) == 4


@pytest.mark.parametrize("free", [1, 2, 3])
def test_free_edges_are_moved_and_meet(bounded: ModuleType, free: int) -> None:
    net = bounded.SKELETONS["dyadic"]().trainable
    pairs = {frozenset(pair) for pair in bounded.meeting(net)}
    for moved, _ in zip(bounded.candidates(net, free, 1), range(40), strict=False):
        assert len(moved) == free
        assert all(value != Fraction(int(net.network.weights[e]), net.network.scale) for e, value in moved.items())
        assert free == 1 or all(any(frozenset((e, f)) in pairs for f in moved) for e in moved)


@pytest.mark.parametrize("sampled", [0, 9])
@pytest.mark.slow
def test_a_checker_that_accepts_everything_is_betrayed(
    bounded: ModuleType, monkeypatch: pytest.MonkeyPatch, sampled: int
) -> None:
    """The skeleton's certificate for all candidates: of those that the checker refuses, sampled runs and all runs
    betray some."""
    monkeypatch.setattr(bounded, "SAMPLED_RUNS", sampled)
    honest, plan = bounded.accepted, bounded.SKELETONS["dyadic"]()
    _, cert, tolerance = honest(plan.trainable, plan)
    found = []
    for moved in (moved for moved, _ in zip(bounded.candidates(plan.trainable, 1, 0), range(10), strict=False)):
        net = plan.trainable.with_moved(moved)
        if honest(net, plan) is None:
            judge = bounded.judge_for(bounded.network_bytes(net), cert, plan, tolerance)
            found.append(bounded.betrayal(judge)[0])
    assert sum(map(bool, found)) >= 2


@pytest.fixture(scope="module")
def solver() -> ModuleType:
    return load_file(BENCHMARKS / "bounded_solver.py")


@pytest.mark.parametrize("setting", ["dyadic", "minimal"])
@pytest.mark.parametrize("odd", [True, False])
def test_the_solver_has_the_checker_s_conditions(solver: ModuleType, setting: str, odd: bool) -> None:
    """Written again, they say the same of copies on both sides of every threshold."""
    frame, weights = solver.built(setting, odd)
    verdicts = []
    for name in weights:
        for value in (weights[name] * Fraction(factor, 8) for factor in (-8, 0, 4, 7, 8, 9, 12, 24)):
            verdicts.append(_checked(frame, weights | {name: value}))
            said = solver.z3.simplify(
                solver.accepted({n: solver.number(w) for n, w in (weights | {name: value}).items()}, frame)
            )
            assert solver.z3.is_true(said) is verdicts[-1], (name, value)
    assert verdicts.count(True) > 20 and verdicts.count(False) > 20


def _checked(frame: Any, weights: dict[str, Fraction]) -> bool:
    """What the checker says of a copy."""
    k = frame.digits
    carries = [tuple(weights[f"carry{j}to{i}"] for j in range(i + 1, k)) for i in range(k)]
    digits = tuple((weights[f"level{i}"], weights[f"slope{i}"], carries[i]) for i in range(k))
    names = ("v0v1", "v1v2", "v1v2'", "v2v3", "v2'v3", "v3v4", "vcv2", "vcv2'", "vcv3")
    copy = Copy(
        **dict(zip((name.replace("'", "_") for name in names), (weights[name] for name in names), strict=True)),
        digits=digits,
    )
    try:
        check_memory(copy, frame.odd, frame.o, frame.rho, Fraction(frame.rate))
    except RefusedError:
        return False
    return True


@pytest.mark.slow
def test_no_copy_with_a_free_weight_is_accepted_and_betrayed(solver: ModuleType) -> None:
    assert solver.asked("minimal", True, ["vcv3"], 20) == ("unsat", {})


def test_without_a_condition_the_solver_finds_a_copy_that_is_betrayed(
    solver: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The room for v3 while idle, and digits within 3 of nominal."""
    monkeypatch.setattr(
        solver, "accepted", lambda w, frame: solver.z3.And(w["vcv3"] < 0, w["vcv3"] > solver.number(Fraction(-1, 2)))
    )
    found, model = solver.asked("minimal", True, ["vcv3"], 20)
    assert found == "sat" and Fraction(model["vcv3"]) != Fraction(-1, 4)
    monkeypatch.setattr(solver, "accepted", lambda w, frame: w["level0"] > -200)
    assert solver.asked("dyadic", True, ["level0"], 20)[0] == "sat"
