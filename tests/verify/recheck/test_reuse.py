"""A round may be taken for another only by a renaming that keeps everything: two things that look alike are not one."""

import hashlib
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pytest

from constructions.networks.network_file import read_network_bytes
from verify.attacks.bases import base
from verify.attacks.certificates import Certificate, checked, honest
from verify.attacks.forged_meaning import vertices_of
from verify.attacks.twins import PATTERN, twins, vote_machine
from verify.certifier.certificate.entries import certificate
from verify.certifier.certificate.handing_over import certified_here
from verify.certifier.certify import certify_network
from verify.certifier.witness import WitnessRun, what_goes_wrong
from verify.recheck.layout import Round
from verify.recheck.network import Integers
from verify.recheck.reading import RefusedError
from verify.recheck.reuse import Reuse

ROUNDS, WRONG = 11, 8
NAME = "memoriser, dyadic"


def betraying() -> list[list[tuple[tuple[int, ...], int]]]:
    """Batches of samples (x, y) for each step of a run that goes wrong: in step 1 one sample has the pattern and one
    has not.
    """
    rest = tuple(1 - bit for bit in PATTERN)
    steps = range(1, vote_machine().rounds + 1)
    return [[((1, 1, *bits), t % 2) for bits in (PATTERN if t == 1 else rest, rest)] for t in steps]


@cache
def right() -> bytes:
    """The network of eleven rounds in which the source is the vote everywhere."""
    return twins(wrong_round=None, rounds=ROUNDS)


def forged() -> tuple[Certificate, bytes]:
    """The certificate of the right network, said of the one that reads the twin in round 8."""
    machine, data = vote_machine(ROUNDS), twins(wrong_round=WRONG, rounds=ROUNDS)
    outcome = certify_network(read_network_bytes(right()), machine, tolerance=Fraction(1))
    cert = certificate(read_network_bytes(right()), machine, outcome, network=hashlib.sha256(data).hexdigest())
    assert cert["rounds"][WRONG - 1]["like"] == WRONG - 2
    return cert, data


def test_the_right_network_is_certified_and_its_rounds_are_reused() -> None:
    machine = vote_machine(ROUNDS)
    outcome = certify_network(read_network_bytes(right()), machine, tolerance=Fraction(1))
    verdict = certified_here(right(), machine, outcome)
    assert verdict.certified and verdict.distinct < ROUNDS


@pytest.mark.slow
def test_two_vertices_that_look_alike_are_not_one_and_a_run_betrays_the_network() -> None:
    cert, data = forged()
    with pytest.raises(RefusedError, match=r"\(k\) the same operands, round 8 like round 6"):
        checked(cert, data)
    machine, net = vote_machine(ROUNDS), read_network_bytes(data)
    refusal = certify_network(net, machine, tolerance=Fraction(1)).refusal
    assert refusal is not None and refusal.premise == "e"
    rows = betraying()
    rows += [rows[-1 - t % 2] for t in range(ROUNDS - len(rows))]
    batches = tuple((np.array([x for x, _ in row]), np.array([y for _, y in row])) for row in rows)
    trial = WitnessRun(string=(1,) * ROUNDS, batches=batches, adversary="nearest")
    assert str(what_goes_wrong(net, machine, trial)).startswith("step 1: the outputs on the batch are")
    assert what_goes_wrong(read_network_bytes(right()), machine, trial) is None


def test_without_the_comparison_of_operands_the_wrong_network_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    def by_form(self: Reuse, round_: Round) -> Integers:
        """As an earlier key had it: a vertex of an earlier round counts as what it carries, not as what it is."""
        kept = self.name[round_.reads].copy()
        self.name[round_.reads] = 0
        found = plain(self, round_)
        self.name[round_.reads] = kept
        return found

    plain: Callable[[Reuse, Round], Integers] = Reuse._operands
    monkeypatch.setattr(Reuse, "_operands", by_form)
    assert checked(*forged()).certified


def test_and_the_wrong_round_proved_for_itself_is_refuted() -> None:
    cert, data = forged()
    said = cert["rounds"][WRONG - 1]
    model = cert["rounds"][said["like"] - 1]
    theirs, ours = (vertices_of(row["vertices"]) + vertices_of(row["reads"]) for row in (model, said))
    moved = dict(zip(theirs, ours, strict=True))
    own = {**model, "vertices": said["vertices"], "reads": said["reads"]}
    own["carries"] = [[moved[u], x, early] for u, x, early in model["carries"]]
    cert["rounds"][WRONG - 1] = own
    for t in range(WRONG, ROUNDS):
        if cert["rounds"][t].get("like") == WRONG - 2:
            cert["rounds"][t]["like"] = WRONG
    with pytest.raises(
        RefusedError, match=r"\(e\) a copy that does not act yet, which is false at some values, at round 8, before"
    ):
        checked(cert, data)
    cert["network"] = hashlib.sha256(right()).hexdigest()
    assert checked(cert, right()).certified


def alike(cert: Certificate) -> dict[str, Any]:
    """A round that is like another."""
    found: dict[str, Any] = next(said for said in cert["rounds"] if "like" in said)
    return found


def reads(cert: Certificate, said: dict[str, Any], change: Callable[[list[int]], object]) -> None:
    """Change what a round says that it reads."""
    row = vertices_of(said["reads"])
    change(row)
    said["reads"] = [x for v in row for x in (v, 1)]


def exchange(row: list[int]) -> None:
    """The first with the last."""
    row[0], row[-1] = row[-1], row[0]


CHANGES: dict[str, Callable[[Certificate], object]] = {
    "two that it reads exchanged": lambda cert: reads(cert, alike(cert), exchange),
    "one that it reads twice": lambda cert: reads(cert, alike(cert), lambda row: row.__setitem__(0, row[-1])),
    "one less": lambda cert: reads(cert, alike(cert), lambda row: row.pop()),
    "of the model one twice": lambda cert: reads(
        cert, cert["rounds"][alike(cert)["like"] - 1], lambda row: row.append(row[0])
    ),
    "of its own round": lambda cert: reads(
        cert, alike(cert), lambda row: row.__setitem__(0, vertices_of(alike(cert)["vertices"])[0])
    ),
    "of round 0": lambda cert: reads(cert, alike(cert), lambda row: row.__setitem__(0, 3)),
    "like a round of the other kind": lambda cert: alike(cert).update(like=alike(cert)["like"] + 1),
    "like the first round": lambda cert: alike(cert).update(like=1),
    "like itself": lambda cert: alike(cert).update(like=1 + cert["rounds"].index(alike(cert))),
    "like a round that is like one": lambda cert: cert["rounds"][-2].update(like=1 + cert["rounds"].index(alike(cert))),
    "the last round": lambda cert: cert["rounds"].__setitem__(
        -1, {**cert["rounds"][-3], "vertices": cert["rounds"][-1]["vertices"]}
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_renaming_that_keeps_not_everything_is_refused(name: str) -> None:
    cert = honest(NAME)
    CHANGES[name](cert)
    with pytest.raises(RefusedError):
        checked(cert, base(NAME).data)


@pytest.mark.parametrize("name", ["operands", "needs", "copies", "controls"])
def test_each_row_of_a_round_is_compared(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One entry of one row of one round is changed; all else is as it was."""
    plain = Reuse._rows
    seen: list[int] = []

    def changed(self: Reuse, round_: Round, model: Round) -> object:
        rows = plain(self, round_, model)
        if round_ is not model and not seen:
            seen.append(round_.number)
            row = getattr(rows, name)
            if isinstance(row, list):
                row[0] = (row[0][0] + 1, *row[0][1:])
            else:
                row[(0,) * row.ndim] += 1
        return rows

    cert = honest(NAME)
    assert checked(cert, base(NAME).data).certified
    monkeypatch.setattr(Reuse, "_rows", changed)
    with pytest.raises(RefusedError, match=rf"\(k\) the same {name}"):
        checked(cert, base(NAME).data)
