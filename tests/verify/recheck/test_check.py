"""The whole check: honest certificates pass, changed ones and changed networks are refused with the premise, nothing
open is certified."""

import ast
import hashlib
import json
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest

import verify.recheck.check as module
from constructions.computation.bits import concat
from constructions.computation.design import Design
from constructions.computation.query_machine import QueryMachine
from constructions.networks.emulation import Plan
from constructions.networks.network_file import network_bytes, read_network_bytes
from constructions.networks.queries import STRONG
from constructions.networks.renumber import random_order, renumbered
from verify.attacks.bases import MADE, Base, base
from verify.attacks.certificates import HONEST, Certificate, certificate_of, checked, honest, judged
from verify.attacks.drafts import NetworkDraft
from verify.attacks.forgeries import KINDS, forged
from verify.certifier.certificate.handing_over import certified_here
from verify.certifier.certify import certify_network
from verify.recheck.reading import RefusedError
from verify.recheck.words import described

NAME = "coins, minimal"
PROVED = "signed whole, rho = 1/20"
Change = Callable[[Certificate], object]


@pytest.mark.parametrize("name", MADE)
def test_every_base_is_certified_in_both_numberings(name: str) -> None:
    made = base(name)
    net = made.plan.trainable
    verdict = certified_here(made.data, made.machine, certify_network(net, made.machine, tolerance=made.plan.tolerance))
    assert verdict.certified and verdict.tolerance <= (made.plan.tolerance or 4 * made.plan.rho)
    again, _ = renumbered(net, random_order(net, seed=7))
    outcome = certify_network(again, made.machine, tolerance=made.plan.tolerance)
    assert certified_here(network_bytes(again), made.machine, outcome).certified


def test_what_is_said_in_words_names_everything() -> None:
    cert = honest(NAME)
    verdict = checked(cert, base(NAME).data)
    text = "\n".join(described(verdict))
    net = base(NAME).plan.trainable
    for word in (
        hashlib.sha256(base(NAME).data).hexdigest(),
        hashlib.sha256(cert["machine"].encode()).hexdigest(),
        f"{net.network.size} vertices",
        f"rho = {net.rho}",
        f"rate {net.rate}",
        "3 rounds, each of 1 query",
        "6 random bits",
        "certified: for every",
        f"within {verdict.tolerance}",
    ):
        assert word in text


def swapped(row: list[Any], i: int, j: int) -> None:
    """Exchange two entries."""
    row[i], row[j] = row[j], row[i]


def at(t: int, change: Callable[[Any], object]) -> Change:
    """A change of what is said of a round."""
    return lambda cert: change(cert["rounds"][t])


REFUSED: dict[str, tuple[Change, str]] = {
    "another network": (lambda cert: cert.update(network="0" * 64), r"\(i\) the network"),
    "a round less": (lambda cert: cert["rounds"].pop(), r"\(i\) as many rounds"),
    "two rounds exchanged": (lambda cert: swapped(cert["rounds"], 0, 1), r"\(k\)|\(e\)|\(c\)"),
    "a smaller tolerance": (lambda cert: cert.update(tolerance="1/100"), r"\(j\) answers within 1/100"),
    "a tolerance that says nothing": (lambda cert: cert.update(tolerance="1000"), r"\(j\) a tolerance below 2"),
    "a larger multiplier": (lambda cert: cert["decoder"].update(multiplier=10**6), r"\(k\)|\(j\)"),
    "more digits asked": (lambda cert: cert["decoder"].update(d=3), r"\(k\)|\(j\)"),
    "another held value": (at(1, lambda said: said.update(held="3/2")), r"\(c\)|\(j\)|\(g\)"),
    "the clock's role": (at(1, lambda said: swapped(said["roles"], 0, 1)), "a role for each copy, the clock's first"),
    "a copy less": (at(1, lambda said: said.update(copies=1)), r"\(c\)|\(k\)|a role for each"),
    "a role that there is not": (
        at(1, lambda said: said["roles"].__setitem__(1, [5, 0, 0])),
        r"\(k\) a digit of the machine",
    ),
    "a place that there is not": (
        at(1, lambda said: said["roles"].__setitem__(1, [0, -1, 0])),
        r"\(k\) a digit of the machine",
    ),
    "an idle copy": (at(1, lambda said: said["roles"].__setitem__(1, [-2, 0, 0])), r"\(k\) a copy that acts where"),
    "nothing carried": (at(0, lambda said: said["carries"].clear()), r"\(k\) an earlier vertex"),
    "a carried bit negated": (at(0, lambda said: swap_bit(said["carries"])), r"\(k\) .* false at some values"),
    "a carried vertex of another round": (
        at(1, lambda said: said["carries"].append([1, 0, None])),
        "carried vertices of the round",
    ),
    "state bits exchanged": (at(0, lambda said: swapped(said["state"], 0, 1)), r"\(k\) .* false at some values"),
    "functions that are not equal": (
        at(0, lambda said: said["equal"].append([said["state"][0], said["state"][0] ^ 1])),
        r"\(k\) functions .* false",
    ),
    "a final control less": (lambda cert: cert.update(final=[]), r"\(e\), \(f\) a control that is 0"),
    "a final control that is a gate": (lambda cert: cert["final"].extend([20, 1]), r"\(f\) final controls"),
    "a vertex that carries itself": (
        at(0, lambda said: said["carries"][0].__setitem__(1, -2 * said["carries"][0][0])),
        "a function of the state and of vertices of round 0",
    ),
    "a function of a vertex that is not there": (
        at(0, lambda said: said["carries"][0].__setitem__(1, -2 * 10**6)),
        "a function of the state and of vertices of round 0",
    ),
    "a function of an input": (lambda cert: cert["functions"].append([1, [2]]), "a function over the state"),
    "an entry more": (lambda cert: cert.update(more=1), "the entries of a certificate"),
    "another format": (lambda cert: cert.update(format=1), "of format 2"),
}


def swap_bit(carries: list[Any]) -> None:
    """Negate what the first vertex carries."""
    carries[0][1] ^= 1


@pytest.mark.parametrize("name", REFUSED)
def test_a_changed_certificate_is_refused(name: str) -> None:
    change, message = REFUSED[name]
    cert = honest(NAME)
    assert checked(cert, base(NAME).data).certified
    change(cert)
    with pytest.raises(RefusedError, match=message):
        checked(cert, base(NAME).data)


def proof_of(cert: Certificate) -> tuple[Any, str]:
    """Where the first proofs of a certificate are."""
    return next((said["proofs"], when) for said in cert["rounds"] for when in said["proofs"])


def test_without_its_proofs_a_certificate_is_not_complete() -> None:
    cert = honest(PROVED)
    place, when = proof_of(cert)
    assert checked(cert, base(PROVED).data).proofs > 10
    del place[when]
    verdict = checked(cert, base(PROVED).data)
    assert not verdict.certified and verdict.open and "certified" not in "\n".join(described(verdict))


@pytest.mark.parametrize("change", range(4))
def test_proofs_that_are_cut_reordered_or_of_another_node_are_refused(change: int) -> None:
    cert = honest(PROVED)
    place, when = proof_of(cert)
    rows = place[when]
    if change == 0:
        rows[0][2].pop()
    elif change == 1:
        rows[0][2].reverse()
    elif change == 2:
        rows[0][2], rows[1][2] = rows[1][2], rows[0][2]
    else:
        rows[0][0] += 1
    with pytest.raises(RefusedError):
        checked(cert, base(PROVED).data)


SHAPES: dict[str, tuple[Callable[[NetworkDraft, Base], object], str]] = {
    "an edge into a copy": (lambda draft, made: draft.add(0, made.parts["v2"][0], 0), r"\(c\)"),
    "an edge out of a copy": (
        lambda draft, made: draft.add(made.parts["v1"][0], made.parts["final"][-1], 0),
        r"\(c\)|\(d\)",
    ),
    "an input that drives a control": (lambda draft, made: draft.add(1, made.parts["final"][0], 0), r"\(d\)"),
    "a frozen copy": (lambda draft, made: draft.frozen.append(draft.into(made.parts["v1"][0])[0]), r"\(i\)"),
    "a gate that bypasses the controls": (
        lambda draft, made: draft.add(made.parts["gate"][0], draft.output, 0),
        r"\(b\)",
    ),
    "the constant at the output": (lambda draft, made: draft.add(0, draft.output, 0), r"\(b\)"),
    "a random bit that is driven": (lambda draft, made: draft.add(1, made.parts["random"][0], 1), r"\(h\)"),
    "a digit read later": (
        lambda draft, made: draft.add(made.parts["digit"][0], made.parts["predictor"][-1], 1),
        r"\(k\)",
    ),
    "a sampled edge less": (lambda draft, made: draft.sampled.pop(), r"\(h\)"),
    "a sink": (lambda draft, made: draft.remove([draft.edge(made.parts["canceller"][0], draft.output)]), r"\(a\)"),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_changed_network_is_refused(name: str) -> None:
    change, message = SHAPES[name]
    made, cert = base(NAME), honest(NAME)
    draft = made.draft()
    change(draft, made)
    data = draft.data()
    cert["network"] = hashlib.sha256(data).hexdigest()
    with pytest.raises(RefusedError, match=message):
        checked(cert, data)


@pytest.mark.parametrize(
    "part", ["v1", "digit", "gate", "vc", "v2", "v2'", "v3", "canceller", "primary", "final", "adaptor"]
)
def test_no_weight_can_change_its_sign_unseen(part: str) -> None:
    made = base(NAME)
    for vertex in made.parts[part][:3]:
        for edge in made.draft().into(vertex)[:2]:
            draft, cert = made.draft(), honest(NAME)
            draft.weights[edge] *= -1
            cert["network"] = hashlib.sha256(draft.data()).hexdigest()
            try:
                assert not checked(cert, draft.data()).certified or part in ("v3", "adaptor", "gate")
            except RefusedError as error:
                assert str(error).startswith(("(c)", "(d)", "(e)", "(f)", "(j)", "(k)"))


def one_round(*, query: int, final: bool = True) -> tuple[Base, QueryMachine]:
    """A network of one round that asks for half of x (query 1), for nothing (0), or for x (2), and predicts 1."""
    design = Design()
    x, answer = design.input("x", 1), design.input("answer0", 6)
    kept = design.state("kept", 6)
    design.becomes(kept, answer)
    off = design.constant(0, 1)
    design.output("query0", [off & x[0], concat(x[0], off), x[0]][query])
    design.output("predict", design.constant(1, 1) if final else kept.signed_more(2))
    machine = QueryMachine(machine=design.machine(), rounds=1, answer_fraction=4, query_fraction=int(query == 1))
    return Base("one round", Plan(machine=machine, rho=Fraction(1, 16), setting=STRONG)), machine


def test_a_control_of_the_last_step_that_is_used_again_at_the_end_is_refused_by_both() -> None:
    made, machine = one_round(query=2)
    cert, draft = certificate_of(made), made.draft()
    (final,), (primary,) = made.parts["final"], made.parts["primary"]
    draft.weights[draft.edge(0, final)] = 10 * draft.scale
    draft.weights[draft.edge(primary, draft.output)] += draft.weights[draft.edge(final, draft.output)]
    cert["network"] = hashlib.sha256(draft.data()).hexdigest()
    with pytest.raises(RefusedError, match=r"\(e\), \(f\) a control that is 0"):
        checked(cert, draft.data())
    outcome = certify_network(read_network_bytes(draft.data()), machine)
    assert outcome.refusal is not None and "its edge moves" in str(outcome.refusal)


def test_a_query_of_halves_that_is_asked_as_a_whole_one_widens_the_tolerance_of_both() -> None:
    made, _ = one_round(query=0, final=False)
    _, other = one_round(query=1, final=False)
    outcome = certify_network(read_network_bytes(made.data), other)
    assert outcome.refusal is not None and outcome.refusal.premise == "j"
    cert = certificate_of(made)
    head, _, tail = cert["machine"].rpartition('"query_fraction": 0')
    cert["machine"] = f'{head}"query_fraction": 1{tail}'
    with pytest.raises(RefusedError, match=r"\(j\) answers within"):
        checked(cert, made.data)


def test_a_loose_tolerance_is_remarked_on() -> None:
    made = base(NAME)
    assert "NOTE: answers are within 11/64 only, which is more than 4 rho = 1/8" in "\n".join(
        described(checked(honest(NAME), made.data))
    )
    cert, data = honest("literal, one round"), base("literal, one round").data
    assert "NOTE" not in "\n".join(described(checked(cert, data)))
    assert "NOTE: the certificate asks" in "\n".join(described(checked(cert | {"tolerance": "3/2"}, data)))


@pytest.mark.parametrize("kind", KINDS)
def test_forged_certificates_are_refused_or_say_what_holds(kind: str) -> None:
    source, seen = Random(kind), set[str]()
    for _ in range(12):
        name = source.choice([name for name in HONEST if name != "memoriser, dyadic"])
        made = forged(name, kind, source.randrange(1 << 30))
        if made is not None:
            what, why = judged(name, made)
            assert what != "DEFECT", f"{name}: {made.note}: {why}"
            seen.add(what)
    assert seen & {"refused", "malformed"}


def test_the_judge_of_forgeries_sees_a_wrong_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """If claims were not looked at, a certificate of another machine would be accepted: training betrays it."""
    monkeypatch.setattr(module.Check, "show", lambda self, place, build, proofs: None)
    rows = [forged("literal, one round", "meaning: the machine", seed) for seed in range(40)]
    assert "DEFECT" in {judged("literal, one round", made)[0] for made in rows if made}


def test_it_needs_the_standard_library_and_numpy_alone_and_is_small() -> None:
    files = sorted(Path(module.__file__).parent.glob("*.py"))
    taken = set[str]()
    for file in files:
        nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
        taken |= {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
        taken |= {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
        functions = [node for node in nodes if isinstance(node, ast.FunctionDef)]
        assert all((node.end_lineno or 0) - node.lineno < 40 for node in functions), file
    own = {name for name in taken if name.startswith("verify.recheck.")}
    assert {name.split(".")[0] for name in taken - own} - sys.stdlib_module_names == {"numpy"}


@pytest.mark.parametrize(("change", "message"), [({"rate": "3"}, "a rate of 1 or 2"), ({"rho": "1"}, "rho between")])
def test_rates_and_precisions_of_no_query_machine_are_refused(change: dict[str, str], message: str) -> None:
    draft = NetworkDraft(base(NAME).data)
    draft.header |= change
    data = draft.data()
    with pytest.raises(RefusedError, match=message):
        checked(honest(NAME) | {"network": hashlib.sha256(data).hexdigest()}, data)


def test_a_certificate_is_text_with_a_round_a_line() -> None:
    cert = honest("memoriser, dyadic")
    assert json.loads(json.dumps(cert)) == cert and any("like" in said for said in cert["rounds"])
