"""``querygrad theorem`` for gradient descent: what is printed, kept and refused."""

import json
from pathlib import Path

import pytest

from verify.commands.main import main


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ("4", "bSQ does what bSGD does, with tau = rho/4"),
        ("lemma 13", "fbSQ does what fbGD does, with tau = rho/4"),
        ("1b", "PAC does what bSGD does"),
        ("theorem 3B", "PAC does what fbGD does"),
    ],
)
def test_stages_budgets_and_runs_are_printed(item: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["theorem", item, "--bits", "2", "--runs", "3", "--oracle", "random", "--quiet"]) == 0
    out = capsys.readouterr().out
    assert said in out and "The learner A is regression" in out and "3 of 3 runs" in out
    assert "rho: 1/16" in out and "furthest from the gradient: 3/64" in out
    assert "against the worst valid roundings of gradients, not against these" in out


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ("lemma 5b", "n = 2, m = 20, tau = 1/80; answers of the oracle: lowest; seed 0"),
        ("2a", "n = 2, b = 4, m = 20, tau = 1/16, delta = 1/20; answers of the oracle: lowest; seed 0"),
        ("1b", "n = 2, b = 8, tau = 1/64; roundings: down; seed 0"),
        ("4", "n = 2, b = 8, tau = 1/64; answers of the oracle: lowest; roundings: down; seed 0"),
        ("3a --samples 2", "n = 2, m = 2, tau = 1/8; roundings: down; seed 0"),
        ("3a --samples 2 --as network --adversary up", "n = 2, m = 2, tau = 1/8; roundings: up; seed 0"),
    ],
)
def test_the_numbers_and_choices_that_matter_are_said(item: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["theorem", *item.split(), "--bits", "2", "--runs", "0", "--oracle", "lowest"]) == 0
    assert said in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("item", ["1c --batch 20000", "theorem 3C --samples 20000"])
def test_queries_about_the_source_are_printed_with_both_chances(item: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["theorem", *item.split(), "--tau", "1/16", "--bits", "1", "--runs", "1", "--quiet"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "SQ does what" in out and "rho^2: 1,250" in out and "points, the paper's proof:" in out
    assert "some of 48 batch means strays" in out and "by Hoeffding's bound alone" in out and "1 of 1 runs" in out


def test_rho_is_four_times_tau_and_runs_are_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "runs.json"
    asked = ["theorem", "4", "--bits", "2", "--tau", "1/32", "--json", str(kept), "--quiet"]
    assert main([*asked, "--runs", "2"]) == 0
    assert main([*asked, "--runs", "4"]) == 0
    assert "rho: 1/8" in capsys.readouterr().out
    assert json.loads(kept.read_text())["state"]["runs"] == 4


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["4", "--learner", "literal"], "need a learner among regression, got 'literal'"),
        (["4", "--samples", "9"], "need no --samples with lemma 4"),
        (["4", "--alternating"], "need a theorem with a form for alternating labels"),
        (["lemma 2", "--tau", "1/1000000", "--quiet"], "need at most 100000000 rounds in a run, got 273309110977088"),
        (["1b", "--tau", "0"], "need tau > 0, as gradients have the precision rho = 4 tau, got tau = 0"),
    ],
)
def test_what_does_not_suit_is_one_line(options: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["theorem", *options]) == 2
    err = capsys.readouterr().err
    assert message in err and len(err.splitlines()) == 1


BREAKS = """
from constructions.learning.models import BSQ, QueryMethod
runs = []
def learner(n, b, tau):
    def predictor(answer):
        runs.append(1)
        return (lambda x: answer) if len(runs) < 6 else 1 / 0
    return QueryMethod(n=n, budget=BSQ(k=1, tau=tau, b=b, p=1), start=lambda bits: 0,
        query=lambda state: lambda x, y: (y,), after=lambda state, answers: answers[0], predictor=predictor)
"""


def test_runs_before_one_that_fails_are_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept, mine = tmp_path / "runs.json", tmp_path / "mine.py"
    mine.write_text(BREAKS, encoding="utf-8")
    asked = ["theorem", "2c", "--learner", str(mine), "--bits", "1", "--runs", "9", "--quiet", "--json", str(kept)]
    assert main(asked) == 2
    err, runs = capsys.readouterr().err, json.loads(kept.read_text())["state"]["runs"]
    assert runs > 0 and "ZeroDivisionError" in err and f"the runs before it, {runs}, are kept in {kept}" in err
    assert main(["theorem", "5c", "--resume", str(kept), "--quiet"]) == 2
    assert f"got: item is theorem 2c, not lemma 5c, at {kept}" in capsys.readouterr().err
