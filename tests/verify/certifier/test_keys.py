"""Every table, memo and digest that takes two things for one (listed in the note on the checker): what is alike under
the key and unlike in truth is kept apart."""

import hashlib
import io
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from constructions.networks.network_file import read_network_bytes
from constructions.training.checkpoint import identity_of
from constructions.training.compiled import digest_of
from constructions.training.engine import engine_of
from verify.attacks.bases import base
from verify.attacks.certificates import honest
from verify.attacks.twins import twins, vote_machine
from verify.certifier.certificate.entries import spelled
from verify.certifier.certificate.handing_over import written
from verify.certifier.certify import certify_network
from verify.certifier.rounds.state_functions import StateFunctions
from verify.discharge.cache import digest
from verify.recheck.check import Check
from verify.recheck.circuit import Circuit
from verify.recheck.functions import Functions
from verify.recheck.machine import read_machine
from verify.recheck.memory import Decoder, answer_error
from verify.recheck.parts import _table
from verify.recheck.reading import RefusedError
from verify.recheck.readout import asked_template, next_template
from verify.recheck.reuse import Reuse

COINS = "coins, minimal"


def test_rows_of_a_circuit_differ_by_k_by_sign_and_by_operand() -> None:
    circuit = Circuit({})
    a, b, c = (circuit.leaf(name) for name in ("x1", "x11", "v1"))
    found = [circuit.at_least(k, row) for k in (1, 2, 3) for row in ([a, b, c], [a ^ 1, b, c], [a, b ^ 1, c])]
    assert len(set(found)) == len(found)


def test_leaves_of_other_kinds_with_one_number_are_two() -> None:
    circuit = Circuit({})
    names = ("x1", "s1", "r1", "v1", "d1.1", "d11.1", "d1.11", "x11")
    assert len({circuit.leaf(name) for name in names}) == len(names)


def test_a_function_of_the_state_before_is_not_that_of_the_state_after() -> None:
    machine = read_machine(spelled(base(COINS).machine).encode())
    functions, circuit = Functions(machine, [[1, [latch for latch, _, _ in machine.latches[:2]]]]), Circuit({})
    memos: list[dict[int, int]] = [{}, {}]
    states = [{latch: circuit.leaf(f"{name}{latch}") for latch in functions.latches} for name in ("before", "after")]
    found = [
        functions.value(machine.first_free, circuit, given, lambda v: v, memo)
        for given, memo in zip(states, memos, strict=True)
    ]
    assert found[0] != found[1]


def test_tables_of_weights_alike_but_for_the_constant_or_the_scale_are_others() -> None:
    assert _table(-4, [2, 2], 1) != _table(4, [2, 2], 1)
    with pytest.raises(RefusedError):
        _table(-4, [2, 2], 2)


def test_answers_of_one_gain_at_another_offset_are_further_off() -> None:
    machine, decoder = read_machine(spelled(base(COINS).machine).encode()), Decoder(d=0, multiplier=11, add=4, shift=3)
    found = {
        answer_error(decoder, machine, Fraction(3, 4), Fraction(o, 8), 4, Fraction(1, 16), Fraction(1)) for o in (9, 16)
    }
    assert len(found) == 2


def test_next_states_of_other_roles_are_others() -> None:
    machine = read_machine(spelled(base("signed, dyadic").machine).encode())
    decoder = Decoder(d=2, multiplier=3, add=1, shift=1)
    _, roles = asked_template(machine, decoder)
    one, other = next_template(machine, decoder, roles, 3), next_template(machine, decoder, roles[1:], 3)
    assert set(one.circuit.names) - set(other.circuit.names) == {f"{roles[0]} {i}" for i in range(3)}


def reuse_of(name: str) -> Reuse:
    """The comparison of rounds of a base."""
    made: list[Reuse] = []

    class Kept(Reuse):
        def __init__(self, subject: object) -> None:
            super().__init__(subject)  # type: ignore[arg-type]
            made.append(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("verify.recheck.check.Reuse", Kept)
        from_bytes(name).verdict()
    return made[0]


def from_bytes(name: str) -> Check:
    """A check of an honest certificate."""
    return Check(written(honest(name)), io.BytesIO(base(name).data))


def test_constants_that_are_true_are_not_those_that_are_false() -> None:
    reuse = reuse_of("memoriser, dyadic")
    true, false = reuse._constants()
    assert len(true) and len(false) and reuse.name[true[0]] != reuse.name[false[0]]
    assert (reuse.needs[true] == 0).all() and (reuse.needs[false] > 0).all()


def test_forms_of_the_search_differ_by_k_by_kind_and_by_sign() -> None:
    functions = StateFunctions()
    a, b, x = functions.state(0), functions.state(1), functions.shared(1)
    found = [
        functions.gate(1, [a, b]),
        functions.gate(2, [a, b]),
        functions.gate(2, [a ^ 1, b]),
        functions.gate(2, [a, x]),
        a,
        b,
        x,
    ]
    assert len(set(found)) == len(found) and functions.pair(None, a) != functions.pair(True, a) != functions.pair(
        False, a
    )


def test_the_key_of_a_round_names_an_earlier_vertex_by_what_it_is() -> None:
    """Rounds 6 and 8 read vertices that carry the same, before and after; in round 8 one of them is another vertex."""
    machine = vote_machine(11)
    assert certify_network(
        read_network_bytes(twins(wrong_round=None, rounds=11)), machine, tolerance=Fraction(1)
    ).certified
    assert not certify_network(
        read_network_bytes(twins(wrong_round=8, rounds=11)), machine, tolerance=Fraction(1)
    ).certified


def test_samples_alike_but_for_the_label_are_two() -> None:
    net = replace(base("literal, one round").plan.trainable, batch=2)
    x = np.zeros((2, 1), np.int64)
    found = []
    for y in ([0, 0], [0, 1], [1, 1]):
        engine = engine_of(net, adversary="nearest")
        engine.step(x, np.array(y))
        found.append(engine.weights.tolist())
    assert found[0] != found[1] != found[2] != found[0]


def test_runs_alike_but_for_where_an_edge_is_listed_are_others() -> None:
    net = base(COINS).plan.trainable
    moved = replace(net, frozen=np.sort(np.append(net.frozen, net.sampled[-1])))
    shorter = replace(net, sampled=net.sampled[:-1], frozen=np.append(net.frozen, net.sampled[-1]))
    assert len({identity_of(each, {}) for each in (net, moved, shorter)}) == 3


def test_files_whose_bytes_are_the_same_one_after_another_are_others(tmp_path: Path) -> None:
    found = set()
    for one, other in (("ab", ""), ("a", "b"), ("", "ab")):
        (tmp_path / "one.py").write_text(one)
        (tmp_path / "other.py").write_text(other)
        paths = [tmp_path / "one.py", tmp_path / "other.py"]
        found |= {digest(paths, base=tmp_path), digest_of(("one", "other"), folder=tmp_path)}
    assert len(found) == 6


def test_the_digest_of_a_machine_is_of_its_text_and_not_of_what_is_read() -> None:
    cert, data = honest(COINS), base(COINS).data
    renamed = cert | {"machine": cert["machine"].replace("\nl0 ", "\nl0 renamed_", 1)}
    found = [Check(written(each), io.BytesIO(data)).verdict() for each in (cert, renamed)]
    assert found[0].machine_digest != found[1].machine_digest == hashlib.sha256(renamed["machine"].encode()).hexdigest()
    assert found[1].certified
