"""Attacks on the certifier: the mutants are what they say, the trial sees what goes wrong, and nothing is accepted and then caught."""
import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from constructions.errors import ConstructionError
from constructions.networks.network_file import read_network_bytes
from verify.attacks.bases import MADE, base
from verify.attacks.drafts import Draft
from verify.attacks.harmless import reason
from verify.attacks.hostile import HOSTILE, hostile_machine, hostile_network
from verify.attacks.judging import defect, kept_rows, table, work
from verify.attacks.kinds import KINDS
from verify.attacks.mutants import Mutant, mutant, mutants
from verify.attacks.trial import Known, Run, runs_of, trial

SMALL = "conjunction by queries, minimal"
COINS = "coins, minimal"


def found(name: str, kind: str, seed: int = 0) -> Mutant:
    """A mutant that there is."""
    made = mutant(base(name), kind, seed)
    assert made is not None
    return made


def test_a_draft_that_is_not_changed_is_the_same_file() -> None:
    for name in (SMALL, COINS):
        assert base(name).draft().data() == base(name).data


def test_a_draft_follows_vertices_that_are_put_in_and_taken_out() -> None:
    draft = base(SMALL).draft()
    size, output = draft.size, draft.output
    new = draft.insert(20)
    assert draft.size == size + 1 and draft.output == output + 1 and draft.place[20] == 21 and draft.place[19] == 19
    draft.drop([new])
    assert draft.data() == base(SMALL).data and draft.place.tolist() == list(range(size))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_makes_mutants_that_are_always_the_same(kind: str) -> None:
    first = list(mutants(base(COINS), kind, 2))
    again = list(mutants(base(COINS), kind, 2))
    assert first and [m.data for m in first] == [m.data for m in again] and [m.note for m in first] == [m.note for m in again]
    for made in first:
        assert made.keeps or made.data != base(COINS).data or made.machine is not base(COINS).machine


def test_places_lead_to_the_same_vertices_after_renumbering() -> None:
    made = found(COINS, "renumbered")
    net, old = read_network_bytes(made.data).network, base(COINS).plan.trainable.network
    for v in range(old.size):
        there = {(int(made.place[u]), w) for u, w in old.into(v)}
        assert {(u, w) for u, w in net.into(int(made.place[v]))} == there


def test_the_networks_before_the_change_follow_their_machines() -> None:
    for name in (SMALL, COINS):
        plan = base(name).plan
        result = trial(plan.trainable, plan.machine, plan, np.arange(plan.sizes.vertices), runs_of(3, each=1))
        assert result.deviation is None and result.unrun is None and result.runs == 10 and result.steps == 10 * plan.machine.rounds


@pytest.mark.parametrize(
    ("kind", "seeds", "what"),
    [
        ("edge removed from the output", 2, ("held", "predicts")),
        ("header, steps", 1, "the network has"), ("machine, rounds", 1, "the network has"),
        ("machine, formats", 2, ("answers", "predicts", "held", "no answer")), ("a control reused", 2, ("held", "vertex", "predicts")),
    ],
)
def test_a_trial_sees_what_goes_wrong(kind: str, seeds: int, what: str | tuple[str, ...]) -> None:
    for seed in range(seeds):
        made = found(COINS, kind, seed)
        result = trial(read_network_bytes(made.data), made.machine, made.base.plan, made.place, runs_of(seed, each=1))
        assert result.deviation is not None and result.deviation.what.startswith(what)


def test_a_trial_takes_the_tolerance_and_the_held_outputs_that_it_is_given() -> None:
    plan = base(COINS).plan
    place, runs = np.arange(plan.sizes.vertices), [Run("up", "right labels", 1), Run("away-from-zero", "ones", 2)]
    assert trial(plan.trainable, plan.machine, plan, place, runs, offsets=[plan.setting.offset]).deviation is None
    tight = trial(plan.trainable, plan.machine, plan, place, runs, tolerance=Fraction(0))
    assert tight.deviation is not None and tight.deviation.what.startswith("answers")
    elsewhere = trial(plan.trainable, plan.machine, plan, place, runs, offsets=[Fraction(3)])
    assert elsewhere.deviation is not None and elsewhere.deviation.what.startswith("held")


def test_which_copies_ask_which_query_is_for_the_network_to_say() -> None:
    """Two inputs exchanged at the adaptors: the correlations are then asked by one another's copies, and all else fits."""
    made = found("two signed, strong", "inputs reordered")
    plan = made.base.plan
    result = trial(read_network_bytes(made.data), made.machine, plan, made.place, runs_of(0, each=0), known=Known(made.machine))
    assert made.note == "inputs in the order [2, 1]" and result.deviation is None


def test_reasons_are_given_only_where_they_hold() -> None:
    def why(name: str, kind: str, seed: int = 0) -> str | None:
        made = found(name, kind, seed)
        return reason(made, read_network_bytes(made.data))

    assert why(COINS, "renumbered") == why(COINS, "hints deleted") == why(COINS, "finer scale") == "the same network in another writing"
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


def _reason(draft: Draft) -> str | None:
    data = draft.data()
    made = Mutant(base=base(COINS), kind="", seed=0, note="", data=data, machine=base(COINS).machine, place=draft.place, keeps=False)
    return reason(made, read_network_bytes(data))


def test_rows_of_a_file_that_was_cut_off_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text('{"a": 1}\n{"a": 2}\n{"a"')
    assert kept_rows(file) == [{"a": 1}, {"a": 2}] and file.read_text() == '{"a": 1}\n{"a": 2}\n'
    assert kept_rows(tmp_path / "none") == []


def test_what_counts_as_a_defect() -> None:
    fine = {"kind": "k", "verdict": "accepted", "keeps": False, "because": None}
    assert defect(fine) is None and defect({**fine, "verdict": "refused", "wrong": "held"}) is None
    assert defect({**fine, "wrong": "held"}) == "accepted, and training goes wrong"
    assert defect({**fine, "verdict": "error"}) == "an error inside"
    assert defect({**fine, "verdict": "refused", "keeps": True}) == "harmless, and refused"
    rows = [fine, {**fine, "wrong": "held"}, {**fine, "because": "why"}, {**fine, "unrun": "too long"}, {**fine, "verdict": "error"}]
    rows += [{**fine, "verdict": "refused", "wrong": "held"}, {**fine, "verdict": "not read"}, {**fine, "verdict": "none"}]
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


@pytest.mark.slow
@pytest.mark.parametrize("name", [SMALL, COINS, "signed, dyadic"])
def test_nothing_is_accepted_and_then_caught(name: str) -> None:
    assert name in MADE
    rows = [work((name, kind, 100)) for kind in KINDS]
    assert [(row["kind"], defect(row), row.get("wrong") or row.get("why")) for row in rows if defect(row)] == []
    verdicts = [row["verdict"] for row in rows]
    assert verdicts.count("accepted") > 15 and verdicts.count("refused") > 30


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_files_are_read_or_refused_with_one_error(kind: str) -> None:
    refused = 0
    for seed in range(25):
        data = hostile_network(base(SMALL), kind, seed)
        try:
            read_network_bytes(data)
        except ConstructionError as error:
            refused += 1
            assert len(str(error)) < 1000
    assert refused > 5


def test_hostile_machines_differ_from_the_machine() -> None:
    data = b"aag 1 1 0 1 0\n2\n2\ni0 x\no0 predict\nc\nquerygrad query machine {\"rounds\": 1}\n"
    assert len({hostile_machine(data, seed) for seed in range(30)} - {data}) > 20
