"""Machines whose state bits depend on each other in early rounds: counters that have not come far, bits that imply
others."""

import hashlib
import json
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from constructions.computation.bits import concat, mux
from constructions.computation.builder import FALSE, TRUE
from constructions.computation.design import Design
from constructions.computation.formats.files import read_file, write_machine
from constructions.computation.query_machine import QueryMachine, query_machine
from constructions.networks.emulation import Plan
from constructions.networks.network_file import network_bytes, read_network_bytes, write_network
from constructions.networks.queries import DYADIC, MINIMAL, STRONG
from constructions.networks.renumber import random_order, renumbered
from verify.arguments.learner import plan_of_learner
from verify.arguments.learner_options import LearnerOptions
from verify.attacks.drafts import NetworkDraft
from verify.certifier.certificate.entries import certificate
from verify.certifier.certificate.handing_over import certified_here, decided_here
from verify.certifier.certify import certify_network
from verify.certifier.refusal import NetworkRefused
from verify.certifier.rounds import phases
from verify.certifier.rounds.equal import ComparingBuilder, SolverTally
from verify.certifier.rounds.reachable import clauses
from verify.certifier.rounds.state_functions import TRUE_FUNCTION, StateFunctions
from verify.commands.main import main
from verify.recheck.reading import RefusedError

LEARNERS = {
    "memoriser": (2, 3),
    "decision-list": (2, 3),
    "parity": (4, 2),
    "conjunction": (2, 3),
    "best-of-literals": (2, 3),
}


@cache
def sampling(name: str, rounds: int) -> Plan:
    """A learner that counts the samples it has drawn."""
    n, m = LEARNERS[name]
    options = LearnerOptions(n=n, m=m, delta=Fraction(1, 4), version="prefix", rounds=rounds)
    return plan_of_learner(name, options, setting=MINIMAL, rho=Fraction(1, 32), b=2, tolerance=Fraction(1, 8))


@pytest.mark.parametrize("name", LEARNERS)
def test_learners_that_count_their_samples_are_certified(name: str) -> None:
    plan = sampling(name, 10)
    outcome = certify_network(plan.trainable, plan.machine)
    assert outcome.refusal is None and outcome.tally.calls == 0
    net, _ = renumbered(plan.trainable, random_order(plan.trainable, seed=4))
    assert certify_network(net, plan.machine).refusal is None


def test_early_rounds_differ_and_later_ones_are_proved_once() -> None:
    found = [
        certify_network(sampling("memoriser", rounds).trainable, sampling("memoriser", rounds).machine).finding
        for rounds in (10, 40)
    ]
    few, many = (len(finding.distinct_rounds) for finding in found if finding)
    assert few == many < 10


def test_a_learner_that_went_through_a_file_is_certified_and_checked_again(tmp_path: Path) -> None:
    plan = sampling("memoriser", 6)
    write_network(tmp_path / "n.qgn", plan.trainable)
    write_machine(tmp_path / "m.aag", plan.machine.aiger())
    paths = [str(tmp_path / name) for name in ("n.qgn", "m.aag", "c.json")]
    assert main(["certify", paths[0], "--machine", paths[1], "-o", paths[2]]) == 0
    assert main(["recheck", paths[2], paths[0]]) == 0


@cache
def two_bits() -> QueryMachine:
    """Whether the answer is large, and whether it is and a coin shows heads: the second bit implies the first."""
    design = Design()
    x, answer, random = design.input("x", 1), design.input("answer0", 6), design.input("random", 1)
    large, kept = design.state("large"), design.state("kept")
    is_large = answer.signed_more(4)
    design.becomes(large, is_large)
    design.becomes(kept, is_large & random)
    design.output("query0", x ^ kept ^ large)
    design.output("predict", kept)
    return QueryMachine(machine=design.machine(), rounds=4, query_fraction=0, answer_fraction=4)


def both_read(*, needs: int = 2, last: bool = False) -> bytes:
    """Where a round (the first or the last) hands on the second bit, the network reads a new gate over both bits: their
    AND, which is the same, or at least ``needs`` of them."""
    plan = Plan(machine=two_bits(), rho=Fraction(1, 8), tolerance=Fraction(1))
    draft = NetworkDraft(network_bytes(plan.trainable))
    block, start = plan.blocks[1 if last else 0], int(plan.starts[3 if last else 0])
    large, kept = (start + block.outputs[f"state {i}"] for i in range(2))
    new = draft.insert(max(large, kept) + 1)
    readers, scale = draft.out_of(kept), draft.scale
    for tail, weight in ((0, 12 - 8 * needs), (large, 2), (kept, 2)):
        draft.add(tail, new, weight * scale)
    draft.tails[readers] = new
    return draft.data()


@pytest.mark.parametrize("last", [False, True])
def test_a_network_may_use_what_its_state_bits_imply(last: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    net = read_network_bytes(both_read(last=last))
    outcome = certify_network(net, two_bits())
    assert outcome.refusal is None and outcome.tally.calls > 0
    made: Any = phases.PhaseCircuit.__init__
    monkeypatch.setattr(phases.PhaseCircuit, "__init__", lambda *rest, equations=(), **more: made(*rest, **more))
    assert certify_network(net, two_bits()).refusal is not None


@pytest.mark.parametrize("last", [False, True])
def test_but_not_what_they_do_not_imply(last: bool) -> None:
    refusal = certify_network(read_network_bytes(both_read(needs=1, last=last)), two_bits()).refusal
    assert refusal is not None and refusal.premise in "kf"


def test_what_is_implied_is_in_the_certificate_and_proved_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "n.qgn").write_bytes(both_read())
    write_machine(tmp_path / "m.aag", two_bits().aiger())
    net, machine, target = (str(tmp_path / name) for name in ("n.qgn", "m.aag", "c.json"))
    assert main(["certify", net, "--machine", machine, "-o", target, "--tolerance", "1"]) == 0
    assert main(["recheck", target, net]) == 0
    cert = json.loads((tmp_path / "c.json").read_text())
    (pair,) = cert["rounds"][0]["equal"]
    large, kept = cert["rounds"][0]["state"]
    for pairs, bad in (([], "round 2, now"), ([pair, [large, kept]], "round 1, after")):
        cert["rounds"][0]["equal"] = pairs
        (tmp_path / "c.json").write_text(json.dumps(cert))
        capsys.readouterr()
        assert main(["recheck", target, net]) == 1
        said = capsys.readouterr().err
        assert bad in said or "proof" in said


@cache
def exclusive(*, told: bool) -> QueryMachine:
    """Two bits that a coin exchanges, one of them set at first, so one of them always; it asks for their sum, which is
    never 2 then. The network of ``told`` asks for the same by "one and not two" where the other asks for "not two"."""
    design = Design()
    x, random = design.input("x", 1), design.input("random", 1)
    design.input("answer0", 6)
    one, two = design.state("one", 1, start=1), design.state("two", 1)
    design.becomes(one, mux(random, two, one))
    design.becomes(two, mux(random, one, two))
    design.output("query0", concat(one ^ two, one & two))
    design.output("predict", x & one if told else x & ~two)
    return QueryMachine(machine=design.machine(), rounds=4, answer_fraction=4)


def test_a_machine_that_only_its_reachable_states_explain_is_certified(monkeypatch: pytest.MonkeyPatch) -> None:
    data = network_bytes(Plan(machine=exclusive(told=True), rho=Fraction(1, 16)).trainable)
    outcome = certify_network(read_network_bytes(data), exclusive(told=False))
    assert certified_here(data, exclusive(told=False), outcome).proofs > 0
    monkeypatch.setattr("verify.certifier.rounds.all_rounds.clauses", lambda states: [])
    assert certify_network(read_network_bytes(data), exclusive(told=False)).refusal is not None


def test_but_not_by_an_invariant_that_does_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both bits may be 0 in other rounds, says the search; the checker sees that a round does not keep what it
    claims."""
    data = network_bytes(Plan(machine=exclusive(told=True), rho=Fraction(1, 16)).trainable)
    monkeypatch.setattr("verify.certifier.rounds.all_rounds.clauses", lambda states: [*clauses(states), ((0, 0),)])
    outcome = certify_network(read_network_bytes(data), exclusive(told=False))
    assert outcome.certified
    with pytest.raises(RefusedError, match="functions of the next state that are equal"):
        certified_here(data, exclusive(told=False), outcome)


def test_forms_without_constants() -> None:
    functions = StateFunctions()
    a, b, x = functions.state(0), functions.state(1), functions.shared(7)
    assert functions.gate(2, [a, TRUE_FUNCTION]) == functions.gate(1, [a]) == a
    assert (
        functions.gate(3, [a, b, TRUE_FUNCTION ^ 1]) == TRUE_FUNCTION ^ 1
        and functions.gate(1, [a, TRUE_FUNCTION]) == TRUE_FUNCTION
    )
    assert functions.reads_x(functions.gate(1, [functions.gate(2, [a, x ^ 1]), b])) and not functions.reads_x(
        functions.gate(2, [a, b])
    )


@pytest.mark.slow
def test_a_machine_with_one_place_less_is_another() -> None:
    plan = sampling("memoriser", 10)
    assert (
        certify_network(plan.trainable, replace(plan.machine, answer_fraction=plan.machine.answer_fraction - 1)).refusal
        is not None
    )


def no_query() -> QueryMachine:
    """Rounds in which nothing is asked: the clock alone."""
    design = Design()
    design.input("x", 1)
    random, kept = design.input("random", 1), design.state("kept")
    design.becomes(kept, kept ^ random)
    design.output("predict", kept)
    return QueryMachine(machine=design.machine(), rounds=3, query_fraction=0, answer_fraction=4)


@cache
def met_by_chance(name: str) -> Plan:
    """Machines out of random gates, of a reviewer's: one of two bits is always set (structure shows it, and forgets);
    the state asks whether answers are nearly 1, and five digits are set alike; copies that never act in the last round;
    three queries in halves, of which one is not read."""
    setting, rho = {
        "one_of_two_set": (STRONG, 32),
        "nearly_full": (STRONG, 20),
        "idle_at_last": (MINIMAL, 20),
        "unread_answers": (DYADIC, 32),
    }[name]
    machine = query_machine(read_file(Path(__file__).parent / "machines" / f"{name}.aag"))
    return Plan(machine=machine, rho=Fraction(1, rho), setting=setting, tolerance=Fraction(100))


@pytest.mark.parametrize(
    "name", ["one_of_two_set", "nearly_full", "idle_at_last", pytest.param("unread_answers", marks=pytest.mark.slow)]
)
@pytest.mark.slow
def test_however_a_network_is_numbered_the_verdict_is_the_same(name: str) -> None:
    plan = met_by_chance(name)
    assert certify_network(plan.trainable, plan.machine, tolerance=Fraction(100)).refusal is None
    for seed in range(2):
        net, _ = renumbered(plan.trainable, random_order(plan.trainable, seed=seed))
        assert certify_network(net, plan.machine, tolerance=Fraction(100)).refusal is None


def test_rounds_that_ask_nothing_are_certified() -> None:
    plan = Plan(machine=no_query(), rho=Fraction(1, 16))
    assert certify_network(plan.trainable, plan.machine).refusal is None


def test_a_certificate_says_which_controls_are_final(tmp_path: Path) -> None:
    plan = met_by_chance("idle_at_last")
    write_network(tmp_path / "n.qgn", plan.trainable)
    write_machine(tmp_path / "m.aag", plan.machine.aiger())
    net, machine, target = (str(tmp_path / name) for name in ("n.qgn", "m.aag", "c.json"))
    assert main(["certify", net, "--machine", machine, "-o", target, "--tolerance", "100"]) == 0
    assert main(["recheck", target, net]) == 0
    cert = json.loads((tmp_path / "c.json").read_text())
    flat = plan.trainable.network
    into = sorted(u for u, _ in flat.into(plan.trainable.output))
    for wrong in ([], [x for u in into for x in (u, 1)], cert["final"][:-2]):
        (tmp_path / "c.json").write_text(json.dumps({**cert, "final": wrong}))
        assert main(["recheck", target, net]) == 1


def test_gates_whose_literals_coincide() -> None:
    builder = ComparingBuilder(SolverTally())
    a, b, c = (builder.input(name) for name in "abc")
    assert builder.gate(3, [a, a, b, b]) == builder.both(a, b) and builder.gate(2, [a, a, b, b]) == builder.either(a, b)
    assert (
        builder.gate(2, [a, a ^ 1, b]) == b
        and builder.gate(3, [a, a ^ 1, b]) == FALSE
        and builder.gate(1, [a, a ^ 1, b]) == TRUE
    )
    for needs in range(7):
        row = [a, a, a, b ^ 1, b, c ^ 1, TRUE, FALSE]
        builder.outputs = {"found": builder.gate(needs, row)}
        circuit = builder.circuit()
        for bits in product((False, True), repeat=3):
            given = dict(zip("abc", bits, strict=True))
            true = 3 * given["a"] + 1 + (not given["c"]) + 1
            assert bool(circuit(**given)["found"]) == (true >= needs)


def test_gates_whose_literals_coincide_are_refused_before_they_take_long() -> None:
    tally = SolverTally()
    builder = ComparingBuilder(tally)
    literals = [builder.input(str(i)) for i in range(3000)]
    row = [*literals, *literals[:1500], literals[0]]
    with pytest.raises(NetworkRefused, match="literals coincide"):
        builder.gate(2000, row)


def test_a_control_of_an_early_round_cannot_be_called_final() -> None:
    plan = sampling("memoriser", 4)
    outcome = certify_network(plan.trainable, plan.machine)
    cert = certificate(plan.trainable, plan.machine, outcome, network="")
    draft = NetworkDraft(network_bytes(plan.trainable))
    bit = next(u for u, reference, early in cert["rounds"][1]["carries"] if early == 0 and reference > 1)
    draft.finer(2)
    late = draft.insert(draft.output)
    for tail, head, weight in ((0, late, 3), (bit, late, 2), (late, draft.output, 1)):
        draft.add(tail, head, weight * draft.scale // 2)
    assert certify_network(read_network_bytes(draft.data()), plan.machine).refusal is not None
    cert["network"] = hashlib.sha256(draft.data()).hexdigest()
    for t, final in ((1, [*cert["final"], late, 1]), (1, cert["final"]), (3, [*cert["final"], late, 1])):
        rounds = [dict(said) for said in cert["rounds"]]
        said, copies = rounds[t], rounds[t]["copies"] * (5 + cert["digits"])
        row = [
            v
            for first, many in zip(said["vertices"][::2], said["vertices"][1::2], strict=True)
            for v in range(first, first + many)
        ]
        row.insert(copies + said["controls"], late)
        rounds[t] = said | {"controls": said["controls"] + 1, "vertices": [x for v in row for x in (v, 1)]}
        rounds[3]["reads"] = [*rounds[3]["reads"], *([bit, 1] if t == 3 else [])]
        with pytest.raises(RefusedError, match=r"final controls of the last round|a control that is 0|earlier vertex"):
            decided_here(draft.data(), cert | {"rounds": rounds, "final": final})
