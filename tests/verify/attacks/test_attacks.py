"""Attacks on the certifier: the mutants are what they say, the trial sees what goes wrong, and nothing is accepted
and then caught."""

import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import verify.attacks.trial
from constructions.errors import ConstructionError
from constructions.foundations.activation import Activation
from constructions.networks.network_file import read_network_bytes
from constructions.training.engine import engine_of
from verify.attacks import judging
from verify.attacks.bases import MADE, base
from verify.attacks.drafts import NetworkDraft
from verify.attacks.harmless import reason
from verify.attacks.hostile import HOSTILE, hostile_machine, hostile_network
from verify.attacks.judging import defect, kept_rows, table, work
from verify.attacks.kinds import KINDS
from verify.attacks.mutants import Mutant, mutant, mutants
from verify.attacks.trial import EvaluatedMachine, MutantRun, runs_of, trial
from verify.certifier import certify
from verify.certifier.certify import certify_network
from verify.certifier.refusal import NetworkRefused
from verify.certifier.roles import memories
from verify.certifier.rounds import all_rounds as walk
from verify.certifier.rounds import round_proof
from verify.certifier.rounds.decoding import Decoding
from verify.certifier.rounds.equal import ComparingBuilder
from verify.certifier.rounds.phases import AFTER, NOW, Control, NetworkRound, PhaseCircuit
from verify.certifier.rounds.sums import Sum
from verify.certifier.rounds.unrolling import UnrolledMachine
from verify.recheck import check, network, parts

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
    assert (
        first
        and [m.data for m in first] == [m.data for m in again]
        and [m.note for m in first] == [m.note for m in again]
    )
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
        assert (
            result.deviation is None
            and result.unrun is None
            and result.runs == 10
            and result.steps == 10 * plan.machine.rounds
        )


@pytest.mark.parametrize(
    ("kind", "seeds", "what"),
    [
        ("edge removed from the output", 2, ("held", "predicts")),
        ("header, steps", 1, "the network has"),
        ("machine, rounds", 1, "the network has"),
        ("machine, formats", 2, ("answers", "predicts", "held", "no answer")),
        ("a control reused", 2, ("held", "vertex", "predicts")),
    ],
)
def test_a_trial_sees_what_goes_wrong(kind: str, seeds: int, what: str | tuple[str, ...]) -> None:
    for seed in range(seeds):
        made = found(COINS, kind, seed)
        result = trial(read_network_bytes(made.data), made.machine, made.base.plan, made.place, runs_of(seed, each=1))
        assert result.deviation is not None and result.deviation.what.startswith(what)


def test_a_trial_takes_the_tolerance_and_the_held_outputs_that_it_is_given() -> None:
    plan = base(COINS).plan
    place, runs = (
        np.arange(plan.sizes.vertices),
        [MutantRun("up", "right labels", 1), MutantRun("away-from-zero", "ones", 2)],
    )
    assert trial(plan.trainable, plan.machine, plan, place, runs, offsets=[plan.setting.offset]).deviation is None
    tight = trial(plan.trainable, plan.machine, plan, place, runs, tolerance=Fraction(0))
    assert tight.deviation is not None and tight.deviation.what.startswith("answers")
    elsewhere = trial(plan.trainable, plan.machine, plan, place, runs, offsets=[Fraction(3)])
    assert elsewhere.deviation is not None and elsewhere.deviation.what.startswith("held")


def test_which_copies_ask_which_query_is_for_the_network_to_say() -> None:
    """Two inputs exchanged at the adaptors: the correlations are then asked by one another's copies, and all else
    fits."""
    made = found("two signed, strong", "inputs reordered")
    plan = made.base.plan
    result = trial(
        read_network_bytes(made.data),
        made.machine,
        plan,
        made.place,
        runs_of(0, each=0),
        known=EvaluatedMachine(made.machine),
    )
    assert made.note == "inputs in the order [2, 1]" and result.deviation is None


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


def test_a_full_batch_is_the_same_in_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[Any]] = []

    def recording(*args: Any, **kwargs: Any) -> Any:
        engine = engine_of(*args, **kwargs)
        step = engine.step

        def seeing(x: Any, y: Any) -> Any:
            seen.append([*x.tolist(), y.tolist()])
            return step(x, y)

        monkeypatch.setattr(engine, "step", seeing, raising=False)
        return engine

    monkeypatch.setattr(verify.attacks.trial, "engine_of", recording)
    plan = base("full batch, dyadic").plan
    for full in (True, False):
        seen.clear()
        runs = [replace(run, full=full) for run in runs_of(5, each=1, full=base("full batch, dyadic").full)[:3]]
        assert trial(plan.trainable, plan.machine, plan, np.arange(plan.sizes.vertices), runs).deviation is None
        assert len(seen) == 6 and all(seen[i] == seen[i + 1] for i in (0, 2, 4)) is full


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


def fixed(module: Any, name: str, value: Any) -> Callable[[pytest.MonkeyPatch], None]:
    """A name that always has, or returns, something."""
    return lambda patch: patch.setattr(module, name, value)


def no_early_controls(patch: pytest.MonkeyPatch) -> None:
    """Final controls may do in step T what they like."""
    old = round_proof._stirring
    patch.setattr(round_proof, "_stirring", lambda controls, phase: [] if phase.phase == NOW else old(controls, phase))


def no_silence(patch: pytest.MonkeyPatch) -> None:
    """Copies and controls may act in other steps than theirs."""
    old = round_proof._stirring
    patch.setattr(
        round_proof,
        "_silent",
        lambda block, phase, _: old(block.controls, phase) if phase.phase == AFTER and block.last else [],
    )


def copies_that_go_on(patch: pytest.MonkeyPatch) -> None:
    """Copies may act in other steps than theirs; controls may not."""
    old = round_proof._stirring

    def controls_only(block: NetworkRound, phase: PhaseCircuit, when: str) -> list[Control]:
        found = old(block.controls, phase)
        if found and not (phase.phase == AFTER and block.last):
            raise NetworkRefused("e", when)
        return found

    patch.setattr(round_proof, "_silent", controls_only)


def no_fractions(patch: pytest.MonkeyPatch) -> None:
    """One digit of weight 1 is thought exact."""
    old = Decoding.error
    patch.setattr(
        Decoding, "error", lambda self, reading, m: old(self, reading, m if self.d else replace(m, query_fraction=0))
    )


def only_words(patch: pytest.MonkeyPatch) -> None:
    """What is equal in a few random worlds is thought equal."""
    patch.setattr("verify.certifier.rounds.equal.WIDTH", 64)
    patch.setattr(
        ComparingBuilder, "same", lambda self, a, b: a == b or (self.solver and len(set(self.words([a, b]))) == 1)
    )
    patch.setattr(ComparingBuilder, "_drawn", lambda self, _: self._source.getrandbits(self.width))


def no_shape(patch: pytest.MonkeyPatch) -> None:
    """Vertices that are not strictly flat count as what the activation gives."""
    patch.setattr(Activation, "strictly_flat", lambda *_: True)


def no_memory(patch: pytest.MonkeyPatch) -> None:
    """Copies may have any weights."""
    patch.setattr(memories, "why_no_memory", lambda *_, **__: None)
    patch.setattr(memories, "_check_alone", lambda *_: None)


BROKEN: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], tuple[str, ...], str]] = {
    "final controls in the last step": (
        no_early_controls,
        (SMALL,),
        "a final control acts in a step, another control makes up for it",
    ),
    "one digit for fractions": (
        no_fractions,
        ("full batch, minimal",),
        "machine, fractions where the network asks whole values",
    ),
    "queries above 1": (
        fixed(UnrolledMachine, "within_one", lambda *_: True),
        ("full batch, minimal",),
        "machine, queries above 1",
    ),
    "frozen edges": (fixed(certify, "check_frozen", lambda *_: None), (COINS, "coins, dyadic"), "header, frozen"),
    "memories": (no_memory, ("signed, dyadic", COINS), "the held output of a round"),
    "the held output": (fixed(Sum, "left", lambda _: []), (SMALL,), "a copy's resting weight with its levels"),
    "the prediction": (fixed(walk, "prove_prediction", lambda *_: {}), ("no rounds", COINS), "inputs reordered"),
    "words instead of proofs": (only_words, ("full batch, dyadic",), "a fault where all records of a round are small"),
    "flat controls": (no_shape, (SMALL, "full batch, minimal"), "weights, on a kink"),
    "controls 0 before their step": (no_silence, (SMALL, COINS), "a control begins a step early"),
    "copies idle after their step": (
        copies_that_go_on,
        ("decision list of two bits, dyadic",),
        "a copy that does not stop",
    ),
    "settings": (fixed(certify, "check_settings", lambda *_: None), (COINS, "coins, dyadic"), "header, activation"),
}


CAUGHT = "accepted, and training goes wrong"


def believed(patch: pytest.MonkeyPatch) -> None:
    """The search is believed: nobody checks its certificate."""

    def verdict(data: bytes, machine: Any, outcome: Any) -> Any:
        return SimpleNamespace(certified=True, open=[], tolerance=outcome.finding.tolerance)

    patch.setattr(judging, "certified_here", verdict)


@pytest.mark.parametrize("guard", BROKEN)
def test_a_guard_that_is_taken_out_of_the_search_is_noticed_if_it_is_believed_and_else_the_checker_refuses(
    guard: str,
) -> None:
    """The search without one of its checks lets through a network that training then catches; the checker does not."""
    change, names, kind = BROKEN[guard]
    tasks = [(name, kind, seed) for name in names for seed in range(20)]
    with pytest.MonkeyPatch.context() as patch:
        change(patch)
        believed(patch)
        task = next(task for task in tasks if defect(work(task)) == CAUGHT)
    with pytest.MonkeyPatch.context() as patch:
        change(patch)
        row = work(task)
        assert row["verdict"] == "refused" and row["why"].startswith(("the checker", "(")), row


def without_claims(*parts: str) -> Callable[[pytest.MonkeyPatch], None]:
    """The checker does not look at claims of some kinds: texts that they have in them, behind the phase."""

    def change(patch: pytest.MonkeyPatch) -> None:
        old = check.Check.show

        def show(self: Any, place: tuple[int, str], build: Any, proofs: Any) -> None:
            def kept(circuit: Any) -> list[Any]:
                return [
                    claim for claim in build(circuit) if not any(part in f"{place[1]}: {claim.what}" for part in parts)
                ]

            old(self, place, kept, proofs)

        patch.setattr(check.Check, "show", show)

    return change


def whole_digits(patch: pytest.MonkeyPatch) -> None:
    """The checker takes one digit of weight 1 for exact."""
    old = check.answer_error
    patch.setattr(
        check,
        "answer_error",
        lambda decoder, m, *rest: old(decoder, m if decoder.d else replace(m, query_fraction=0), *rest),
    )


def no_flat_tables(patch: pytest.MonkeyPatch) -> None:
    """The checker does not ask whether vc and controls are strictly flat: on a slope they count as 0."""
    old = parts.need
    patch.setattr(
        parts, "need", lambda fine, what: None if "is strictly flat for all bits" in what else old(fine, what)
    )


CHECKER: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "final controls in the last step": without_claims("now: (e), (f) a control"),
    "one digit for fractions": whole_digits,
    "queries above 1": without_claims("a query within -1 and 1"),
    "frozen edges": fixed(parts, "_check_frozen", lambda *_: None),
    "memories": fixed(check, "check_memory", lambda *_: None),
    "the held output": without_claims(
        "copies and controls that add up", "a control that is 0", "end: "
    ),  # one sum for all three
    "the prediction": without_claims("end: "),
    "words instead of proofs": without_claims("(k)", "(e)", "(g)"),
    "flat controls": no_flat_tables,
    "controls 0 before their step": without_claims("before: (e), (f) a control", "before: (e) a copy"),
    "copies idle after their step": without_claims("after: (e) a copy that acts no more"),
    "settings": fixed(network, "_check_settings", lambda *_: None),
}


@pytest.mark.parametrize("guard", CHECKER)
def test_a_guard_that_is_taken_out_of_search_and_checker_is_noticed(guard: str) -> None:
    """So each of these premises of the checker is needed: without it a network is certified that trains wrong."""
    change, names, kind = BROKEN[guard]
    tasks = [(name, kind, seed) for name in names for seed in range(20)]
    with pytest.MonkeyPatch.context() as patch:
        change(patch)
        CHECKER[guard](patch)
        assert any(defect(work(task)) == CAUGHT for task in tasks)


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
    data = b'aag 1 1 0 1 0\n2\n2\ni0 x\no0 predict\nc\nquerygrad query machine {"rounds": 1}\n'
    assert len({hostile_machine(data, seed) for seed in range(30)} - {data}) > 20


def test_a_trial_reads_answers_with_the_decoder_that_it_is_given() -> None:
    """The network of a conjunction by queries serves the machine of another, with other places, by another decoder."""
    made = found("conjunction by queries, dyadic", "machine, another one", 2000)
    net, plan = read_network_bytes(made.data), made.base.plan
    assert made.machine.answer_fraction != plan.machine.answer_fraction
    outcome = certify_network(net, made.machine)
    assert outcome.finding is not None and outcome.finding.decoding is not None
    d = outcome.finding.decoding
    runs = runs_of(2, each=1)

    def deviation(*numbers: int) -> object:
        assert outcome.finding is not None
        decoder = (numbers[0], numbers[1], numbers[2], numbers[3]) if numbers else None
        return trial(
            net, made.machine, plan, made.place, runs, tolerance=outcome.finding.tolerance, decoder=decoder
        ).deviation

    assert deviation(d.d, d.multiplier, d.add, d.shift) is None
    assert deviation() is not None and deviation(d.d, 2 * d.multiplier, d.add, d.shift) is not None
    assert deviation(d.d, d.multiplier, d.add, d.shift + 1) is not None
