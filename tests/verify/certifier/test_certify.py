"""The certifier accepts what is right, however it is numbered, and says of each premise how it was discharged."""

import hashlib
import json
import runpy
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from constructions.computation.bits import concat, mux
from constructions.computation.design import Design
from constructions.computation.formats.files import write_machine
from constructions.computation.learner_machines import best_literal_machine, conjunction_machine, correlations_machine
from constructions.computation.query_machine import QueryMachine
from constructions.networks import flat
from constructions.networks.emulation import Plan
from constructions.networks.network_file import network_bytes, read_network, write_network
from constructions.networks.queries import DYADIC, MINIMAL, PRINTED, SETTINGS, STRONG
from constructions.networks.renumber import random_order, renumbered
from verify.certifier.certificate.account import RESTS
from verify.certifier.certificate.certification import Certification
from verify.certifier.certify import certify_network
from verify.certifier.exactness import float_bits
from verify.certifier.refusal import PREMISES
from verify.certifier.roles.parts import Finder, take_apart
from verify.certifier.roles.round_of_copy import heads_by_tail
from verify.certifier.rounds.decoding import Decoding, RecordReading, canonical
from verify.certifier.witness import WitnessRun, find_witness, predictions
from verify.commands.main import main
from verify.obligations.catalogue import paper_obligations

ROOT = Path(__file__).parents[3]
HANDMADE = ROOT / "examples" / "handmade_network.py"


def coins_machine(*, twice: bool = False, rounds: int = 3, fraction: int = 5) -> QueryMachine:
    """Queries of values 0, 1/2 and 1 (once, or the same twice), two random bits a round, and a counter."""
    design = Design()
    x = design.input("x", 2)
    answers = [design.input(f"answer{j}", fraction + 2) for j in range(1 + twice)]
    random, count = design.input("random", 2), design.state("count", 2)
    design.becomes(count, count + 1)
    kept = [design.state(f"kept{j}", fraction + 2) for j in range(1 + twice)]
    for j, (state, answer) in enumerate(zip(kept, answers, strict=True)):
        design.becomes(state, mux(random[0] & count[0], state, answer ^ concat(*[random[1]] * len(answer))))
        design.output(f"query{j}", concat(x[0] & ~x[1], x[1]))
    design.output("predict", kept[0].signed_more(9) ^ (x[0] & kept[-1][1]))
    return QueryMachine(machine=design.machine(), rounds=rounds, query_fraction=1, answer_fraction=fraction)


@cache
def plans() -> dict[str, Plan]:
    """Small plans of every kind."""
    one, loose = Fraction(1, 16), Fraction(1)
    literal = best_literal_machine(1, fraction=5)
    return {
        "literal": Plan(machine=best_literal_machine(2, fraction=6), rho=one),
        "smallest": Plan(machine=literal, rho=Fraction(1, 8), tolerance=loose),
        "four rounds": Plan(machine=replace(literal, rounds=4), rho=Fraction(1, 8), tolerance=loose),
        "thirds": Plan(
            machine=replace(best_literal_machine(2, fraction=8), rounds=3), rho=Fraction(1, 10), setting=MINIMAL
        ),
        "signed": Plan(machine=correlations_machine(2, fraction=7), rho=one, setting=STRONG),
        "conjunction": Plan(machine=conjunction_machine(2, fraction=8, tau=Fraction(1, 8)), rho=one, setting=STRONG),
        "coins": Plan(machine=coins_machine(), rho=one, setting=DYADIC, tolerance=loose),
        "coins twice": Plan(machine=coins_machine(twice=True), rho=one, setting=MINIMAL, tolerance=loose),
        "centred": Plan(machine=best_literal_machine(2, fraction=6), rho=one, centred=True),
        "no rounds": Plan(machine=replace(literal, rounds=0), rho=Fraction(1, 8), tolerance=loose),
    }


NAMES = list(plans())


@pytest.mark.parametrize("name", NAMES)
def test_networks_are_certified_with_their_tolerance(name: str) -> None:
    plan = plans()[name]
    outcome = certify_network(plan.trainable, plan.machine)
    assert outcome.refusal is None and outcome.finding is not None
    assert not plan.machine.rounds or outcome.finding.tolerance == plan.decoder.tolerance
    assert outcome.tally.calls == outcome.tally.unknown == 0


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", NAMES)
def test_neither_numbering_nor_names_matter(name: str, seed: int) -> None:
    plan = plans()[name]
    net, _ = renumbered(plan.trainable, random_order(plan.trainable, seed=seed))
    assert not net.hints and certify_network(net, plan.machine).refusal is None


def test_hints_that_lie_are_not_believed() -> None:
    plan = plans()["literal"]
    for hints in (
        {"decoder": {"d": 0, "multiplier": 1, "add": 0, "shift": 0}},
        {"decoder": "?"},
        {"groups": [["round 1: memory", 0, 5]]},
    ):
        outcome = certify_network(replace(plan.trainable, hints=hints), plan.machine)
        assert (
            outcome.refusal is None
            and outcome.finding is not None
            and outcome.finding.tolerance == plan.decoder.tolerance
        )


def test_a_machine_that_went_through_a_file_is_the_same_machine(tmp_path: Path) -> None:
    plan = plans()["signed"]
    write_network(tmp_path / "n.qgn", plan.trainable)
    write_machine(tmp_path / "m.aag", plan.machine.aiger())
    target = tmp_path / "c.json"
    assert main(["certify", str(tmp_path / "n.qgn"), "--machine", str(tmp_path / "m.aag"), "-o", str(target)]) == 0
    found = json.loads(target.read_text())
    told = found["about"]
    assert set(told["premises"]) == set(PREMISES) and told["tolerance"] == found["tolerance"] == str(
        plan.decoder.tolerance
    )
    assert told["network"]["steps"] == 2 and "1/16-valid roundings" in told["statement"]
    assert found["machine"] == (tmp_path / "m.aag").read_text()
    assert found["network"] == hashlib.sha256((tmp_path / "n.qgn").read_bytes()).hexdigest()


def test_what_the_search_believes_and_the_checker_does_not_is_not_certified(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The search says that answers are better than they are: the checker has the last word, and no certificate is
    written."""
    plan = plans()["signed"]
    write_network(tmp_path / "n.qgn", plan.trainable)
    write_machine(tmp_path / "m.aag", plan.machine.aiger())
    monkeypatch.setattr("verify.certifier.rounds.decoding.Decoding.tolerance", lambda *rest: Fraction(1, 1000))
    target = tmp_path / "c.json"
    assert main(["certify", str(tmp_path / "n.qgn"), "--machine", str(tmp_path / "m.aag"), "-o", str(target)]) == 1
    assert (
        "refused: need (j) answers within 1/1000" in capsys.readouterr().out.replace("\n", " ") and not target.exists()
    )


def test_what_premises_rest_on_is_in_the_registry() -> None:
    assert set(RESTS) == set(PREMISES)
    assert {id for ids in RESTS.values() for id in ids} <= set(paper_obligations())


def test_another_machine_is_refused() -> None:
    plan = plans()["literal"]
    for machine in (
        best_literal_machine(2, fraction=5),
        replace(plan.machine, rounds=3),
        best_literal_machine(3, fraction=6),
    ):
        assert certify_network(plan.trainable, machine).refusal is not None


def test_a_tolerance_that_is_not_kept_is_refused() -> None:
    plan = plans()["literal"]
    assert certify_network(plan.trainable, plan.machine, tolerance=plan.decoder.tolerance).certified
    refusal = certify_network(
        plan.trainable, plan.machine, tolerance=plan.decoder.tolerance - Fraction(1, 1000)
    ).refusal
    assert refusal is not None and refusal.premise == "j" and "not within" in refusal.what


def test_as_printed_is_refused_at_vc_and_with_vc_mended_at_q_prime() -> None:
    plan = Plan(machine=best_literal_machine(2, fraction=6), rho=Fraction(1, 16), setting=PRINTED)
    refusal = certify_network(plan.trainable, plan.machine).refusal
    assert refusal is not None and refusal.premise == "d" and "weights 1/2, 1" in refusal.what
    mended = replace(plan, setting=SETTINGS["only vc mended"])
    refusal = certify_network(mended.trainable, mended.machine).refusal
    assert refusal is not None and refusal.premise == "c" and "path gain -2" in refusal.what


@pytest.mark.parametrize(
    ("change", "premise"),
    [({"rate": Fraction(3)}, "i"), ({"rate": Fraction(2)}, "c"), ({"rho": Fraction(1, 32)}, "c"), ({"steps": 3}, "i")],
)
def test_the_settings_are_part_of_the_proof(change: dict[str, Fraction], premise: str) -> None:
    plan = plans()["literal"]
    refusal = certify_network(replace(plan.trainable, **change), plan.machine).refusal  # type: ignore[arg-type]
    assert refusal is not None and refusal.premise == premise


def test_frozen_edges_do_no_harm_outside_copies() -> None:
    plan = plans()["literal"]
    net = plan.trainable
    copy = int(np.flatnonzero(net.network.heads == plan.digits(1)[0][0])[0])
    gate = int(np.flatnonzero(net.network.heads == plan.groups[2][1])[0])
    assert certify_network(replace(net, frozen=np.array([gate])), plan.machine).certified
    refusal = certify_network(replace(net, frozen=np.array([copy])), plan.machine).refusal
    assert refusal is not None and refusal.premise == "i"


def test_rounds_of_one_form_are_proved_once() -> None:
    plan = Plan(
        machine=replace(best_literal_machine(1, fraction=5), rounds=60), rho=Fraction(1, 8), tolerance=Fraction(1)
    )
    finding = certify_network(plan.trainable, plan.machine).finding
    assert (
        finding is not None
        and len(finding.distinct_rounds) <= 7
        and sum(found["rounds"] for found in finding.distinct_rounds) == 60
    )
    net, _ = renumbered(plan.trainable, random_order(plan.trainable, seed=1))
    finding = certify_network(net, plan.machine).finding
    assert finding is not None and len(finding.distinct_rounds) <= 20


def test_the_canonical_decoder_is_the_compilers() -> None:
    for plan in plans().values():
        d = plan.decoder
        reading = RecordReading(
            rho=plan.rho, rate=plan.setting.rate, gain=2 * plan.setting.gain, offset=plan.setting.offset, bits=d.bits
        )
        made = canonical(plan.machine, reading, d.digits, centred=d.centred)
        assert made == Decoding(d=d.digits, multiplier=d.multiplier, add=d.add, shift=d.shift)
        assert made.tolerance(reading, plan.machine) == d.tolerance


def by_hand(path: Path, *changes: tuple[str, str]) -> Certification:
    """The certifier on the example, its text changed, and its own machine."""
    text = HANDMADE.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    made: dict[str, Any] = {"__name__": "handmade"}
    exec(text, made)
    made["write"](made["network"](), str(path))
    return certify_network(read_network(path), made["machine"]())


FOUR = ("ROUNDS = Fraction(1, 16), 4, 2", "ROUNDS = Fraction(1, 16), 4, 4")


def test_rounds_made_by_hand_need_the_clock_before_them(tmp_path: Path) -> None:
    turn = 'now = gate(net, f"now {t}", 2, [before], (clock,))'
    older = 'now = gate(net, f"now {t}", 2 + (t > 2), [before, f"clock {t - 2}"][: 1 + (t > 2)], (clock,))'
    assert by_hand(tmp_path / "n.qgn", FOUR).certified
    assert by_hand(tmp_path / "n.qgn", FOUR, (turn, older)).certified
    late = by_hand(
        tmp_path / "n.qgn", FOUR, ("        before = clock\n", "        before = clock if t != 2 else before\n")
    )
    assert late.refusal is not None and late.refusal.premise == "e"


@pytest.mark.slow
def test_a_network_made_by_hand_is_certified_and_a_change_to_it_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = runpy.run_path(str(HANDMADE))
    path = tmp_path / "hand.qgn"
    made["write"](made["network"](), str(path))
    assert main(["certify", str(path), "--machine", str(HANDMADE), "--tolerance", "7/32"]) == 0
    net = made["network"]()
    net["primary 1"]["f"]["weight"] += Fraction(1, 48)
    made["write"](net, str(path))
    assert main(["certify", str(path), "--machine", str(HANDMADE)]) == 1
    assert "answers are shown within 25/96, not within 1/4" in capsys.readouterr().out
    assert main(["certify", str(path), "--machine", str(HANDMADE), "--tolerance", "25/96"]) == 0
    net["primary 2"]["f"]["weight"] += Fraction(1, 2)
    made["write"](net, str(path))
    capsys.readouterr()
    assert main(["certify", str(path), "--machine", str(HANDMADE), "--json", "-"]) == 1
    assert json.loads(capsys.readouterr().out)["premise"] in "cg"


@pytest.mark.parametrize("cut", [0, 5, 12, 200, -8])
def test_files_that_are_none_are_one_line_and_exit_code_2(
    cut: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = plans()["smallest"]
    path = tmp_path / "n.qgn"
    path.write_bytes(network_bytes(plan.trainable)[:cut] if cut else b"")
    assert main(["certify", str(path), "--machine", str(HANDMADE)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.timed
@pytest.mark.slow
def test_a_refusal_shows_a_run_that_goes_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = Plan(machine=best_literal_machine(1, fraction=5), rho=Fraction(1, 16), setting=PRINTED)
    write_network(tmp_path / "n.qgn", plan.trainable)
    write_machine(tmp_path / "m.aag", plan.machine.aiger())
    for search, wrong in (("5", True), ("0", False)):
        given = [
            "certify",
            str(tmp_path / "n.qgn"),
            "--machine",
            str(tmp_path / "m.aag"),
            "--json",
            "-",
            "--search",
            search,
        ]
        assert main(given) == 1
        found = json.loads(capsys.readouterr().out)
        assert found["premise"] == "d" and bool(found["witness"]) is wrong
    right = plans()["smallest"]
    assert find_witness(right.trainable, right.machine, seconds=0.5) is None


def test_predictions_are_those_of_all_answers_within_the_tolerance() -> None:
    machine = best_literal_machine(1, fraction=5)
    points = np.array([[0], [1]])
    trial = WitnessRun(string=(), batches=((points, np.array([0, 1])),) * 2, adversary="nearest")
    assert predictions(machine, trial, points, tolerance=Fraction(0)) == {(Fraction(0), Fraction(1))}
    found = predictions(machine, trial, points, tolerance=Fraction(3, 16))
    assert found == {(Fraction(0), Fraction(1)), (Fraction(1), Fraction(0))}


def test_a_tolerance_below_0_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = plans()["smallest"]
    write_network(tmp_path / "n.qgn", plan.trainable)
    write_machine(tmp_path / "m.aag", plan.machine.aiger())
    assert main(["certify", str(tmp_path / "n.qgn"), "--machine", str(tmp_path / "m.aag"), "--tolerance", "-1/2"]) == 2
    assert capsys.readouterr().err == "need --tolerance >= 0, got -1/2\n"


def test_what_each_vertex_leads_to_is_what_the_list_of_edges_says() -> None:
    net = plans()["coins"].trainable
    net, _ = renumbered(net, random_order(net, seed=3))
    sources, heads = net.network.sources, net.network.heads
    wanted = [heads[sources == u].tolist() for u in range(net.network.size)]
    begins, found = heads_by_tail(net.network.offsets, sources)
    assert [found[begins[u] : begins[u + 1]].tolist() for u in range(net.network.size)] == wanted
    twice = [u for u, row in enumerate(wanted) if len(row) == 2]
    tails = np.random.default_rng(1).permutation(np.array(twice))
    assert len(tails) > 10 and Finder(net).heads_behind(tails, 2).tolist() == [wanted[u] for u in tails.tolist()]


@pytest.mark.parametrize("piece", [1, 7])
def test_the_largest_sum_of_weights_is_found_in_whichever_piece_it_is(
    piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    net = plans()["smallest"].trainable
    for place in (net.network.first, net.network.size // 2, net.network.size - 1):
        parts = take_apart(net)
        weights = net.network.weights.copy()
        weights[net.network.offsets[place]] = 1 << 40
        parts = replace(parts, net=replace(net, network=replace(net.network, weights=weights)))
        whole = float_bits(parts, [])
        with monkeypatch.context() as small:
            small.setattr(flat, "PIECE", piece)
            assert float_bits(parts, []) == whole != float_bits(take_apart(net), [])
