"""Mutants are what they say, and the same whenever they are asked for; hostile files are read or refused."""

import pytest

from constructions.errors import ConstructionError
from constructions.networks.network_file import read_network_bytes
from tests.verify.attacks.small_mutants import COINS, SMALL, found
from verify.attacks.bases import base
from verify.attacks.hostile import HOSTILE, hostile_machine, hostile_network
from verify.attacks.kinds import KINDS
from verify.attacks.mutants import mutant


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
    first, again = (
        [made for seed in range(2) if (made := mutant(base(COINS), kind, seed)) is not None] for _ in range(2)
    )
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
