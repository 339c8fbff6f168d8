"""Mutants judged from beginning to end: refused for the right premise, or harmless, and never caught in training."""

import json
from fractions import Fraction

import numpy as np
import pytest

from constructions.networks.network_file import read_network_bytes
from tests.verify.attacks.small_mutants import COINS, SMALL, found
from verify.attacks.bases import MADE, base
from verify.attacks.drafts import NetworkDraft
from verify.attacks.harmless import reason
from verify.attacks.judging import defect, table, work
from verify.attacks.kinds import KINDS
from verify.attacks.mutants import Mutant
from verify.attacks.trial import runs_of, trial
from verify.certifier import certify


def test_reasons_are_given_only_where_they_hold() -> None:
    def why(name: str, kind: str, seed: int = 0) -> str | None:
        made = found(name, kind, seed)
        return reason(made, read_network_bytes(made.data))

    assert (
        why(COINS, "renumbered")
        == why(COINS, "hints deleted")
        == why(COINS, "finer scale")
        == "the same network in another writing"
    )
    assert why(COINS, "header, batch") == "the network serves every batch size"
    assert why(COINS, "machine through a file") == "machines that ask and predict the same in 5000 drawn runs"
    assert why(COINS, "header, rho") is None and why(COINS, "machine, an output or a next state") is None
    draft = base(COINS).draft()
    gate = base(COINS).parts["gate"][5]
    for amount, expected in ((1, "a bit that is the same for all values of what it reads"), (20 * draft.scale, None)):
        draft = base(COINS).draft()
        draft.weights[draft.into(gate)[-1]] += amount
        assert _reason(draft) == expected
    draft = base(COINS).draft()
    v2 = base(COINS).parts["v2"][0]
    for amount, expected in ((1, "a copy that is still a memory"), (-10 * draft.scale, None)):
        draft = base(COINS).draft()
        draft.weights[next(e for e in draft.into(v2) if base(COINS).part_of(int(draft.tails[e])) == "vc")] += amount
        assert _reason(draft) == expected


def _reason(draft: NetworkDraft) -> str | None:
    data = draft.data()
    made = Mutant(
        base=base(COINS),
        kind="",
        seed=0,
        note="",
        data=data,
        machine=base(COINS).machine,
        place=draft.place,
        keeps=False,
    )
    return reason(made, read_network_bytes(data))


def test_what_counts_as_a_defect() -> None:
    fine = {"kind": "k", "verdict": "accepted", "keeps": False, "because": None}
    assert defect(fine) is None and defect({**fine, "verdict": "refused", "wrong": "held"}) is None
    assert defect({**fine, "wrong": "held"}) == "accepted, and training goes wrong"
    assert defect({**fine, "verdict": "error"}) == "an error inside"
    assert defect({**fine, "verdict": "refused", "keeps": True}) == "harmless, and refused"
    rows = [
        fine,
        {**fine, "wrong": "held"},
        {**fine, "because": "why"},
        {**fine, "unrun": "too long"},
        {**fine, "verdict": "error"},
    ]
    rows += [
        {**fine, "verdict": "refused", "wrong": "held"},
        {**fine, "verdict": "not read"},
        {**fine, "verdict": "none"},
    ]
    rows = [row | {"digest": str(i // 2), "base": f"base {i % 2}"} for i, row in enumerate(rows)]
    assert table(rows)[1].split() == ["k", "7", "1", "1", "1", "1", "1", "1", "1", "1", "2"]
    assert table(rows)[-1].startswith("4 different mutants, 2 of them accepted;")
    assert [line.split()[2] for line in table(rows, "base")[1:3]] == ["4", "3"]


def test_a_mutant_is_judged_from_beginning_to_end() -> None:
    row = work((COINS, "edge removed from the output", 0))
    assert row["verdict"] == "refused" and row["wrong"].startswith(("held", "predicts")) and defect(row) is None
    assert json.loads(json.dumps(row)) == row
    row = work((COINS, "renumbered", 0))
    assert row["verdict"] == "accepted" and row["runs"] == 4 and "wrong" not in row


@pytest.mark.parametrize("name", MADE)
def test_every_base_is_certified_and_follows_its_machine(name: str) -> None:
    """Of the larger ones only one run."""
    made = base(name)
    plan = made.plan
    outcome = certify.certify_network(plan.trainable, plan.machine, tolerance=plan.tolerance or 4 * plan.rho)
    assert outcome.certified and outcome.finding is not None
    runs = runs_of(1, each=0, full=made.full)[: 4 if plan.sizes.vertices < 1000 else 1]
    place = np.arange(plan.sizes.vertices)
    assert trial(plan.trainable, plan.machine, plan, place, runs, tolerance=outcome.finding.tolerance).deviation is None


MADE_FOR = {
    "a final control acts in a step, another control makes up for it": "(f)",
    "a final control without weight, or a pair that cancels": "(f)",
    "machine, fractions where the network asks whole values": "(j)",
    "machine, queries above 1": "(j)",
    "compiled from a machine of queries above 1": "(j)",
    "compiled from a machine of predictions above 1": "(f)",
    "Q for Q' in a round": "(c)",
    "a control begins a step early": "(e)",
    "a control acts in a second step, or does not stop": "(f)",
}


@pytest.mark.parametrize(("kind", "premise"), MADE_FOR.items())
def test_these_are_refused_for_the_premise_that_they_are_made_for_and_go_wrong(kind: str, premise: str) -> None:
    rows = [work(("full batch, minimal", kind, seed)) for seed in range(6)]
    assert any(row["verdict"] == "refused" and row["why"].startswith(premise) and "wrong" in row for row in rows), rows
    assert not any(defect(row) for row in rows)


def test_networks_compiled_with_other_numbers_are_judged_by_the_tolerance_that_is_certified() -> None:
    rows = [work(("quarters, minimal", "compiled with another decoder", seed)) for seed in (0, 1, 2, 4)]
    assert all(
        row["verdict"] == "accepted" and row["because"] is None and row["runs"] > 10 and "wrong" not in row
        for row in rows
    )
    assert len({row["tolerance"] for row in rows}) == 4
    row = work(("full batch, minimal", "compiled for whole queries that are fractions", 0))
    assert row["verdict"] == "accepted" and "wrong" not in row and Fraction(row["tolerance"]) > Fraction(1, 2)


@pytest.mark.slow
@pytest.mark.parametrize("name", [SMALL, COINS, "signed, dyadic"])
def test_nothing_is_accepted_and_then_caught(name: str) -> None:
    assert name in MADE
    rows = [work((name, kind, 100)) for kind in KINDS]
    assert [(row["kind"], defect(row), row.get("wrong") or row.get("why")) for row in rows if defect(row)] == []
    verdicts = [row["verdict"] for row in rows]
    assert verdicts.count("accepted") > 15 and verdicts.count("refused") > 30
