"""What the walk over the rounds carries along, when two rounds count as alike, and in which order it tries."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from constructions.computation.learner_machines import best_literal_machine
from constructions.computation.query_machine import QueryMachine
from constructions.networks.emulation import Plan
from verify.certifier.roles.gates import recognized
from verify.certifier.roles.layers import layers_of
from verify.certifier.roles.memories import memories_of
from verify.certifier.roles.parts import take_apart
from verify.certifier.roles.round_of_copy import find_rounds
from verify.certifier.rounds.all_rounds import MOST_CHOICES, all_settings
from verify.certifier.rounds.between import Between
from verify.certifier.rounds.decoding import Decoding
from verify.certifier.rounds.equal import SolverTally
from verify.certifier.rounds.fingerprints import Fingerprints
from verify.certifier.rounds.network_rounds import NetworkRounds
from verify.certifier.rounds.phases import Proved
from verify.certifier.rounds.state_functions import FALSE_FUNCTION, TRUE_FUNCTION

DECODERS = [Decoding(d=0, multiplier=1, add=add, shift=0) for add in range(2)]


def machine() -> QueryMachine:
    return replace(best_literal_machine(1, fraction=6), rounds=24)


def rounds_of_network() -> NetworkRounds:
    """A network of 24 rounds, taken apart."""
    parts = take_apart(Plan(machine=machine(), rho=Fraction(1, 16), tolerance=Fraction(1)).trainable)
    needs, memories = recognized(parts), memories_of(parts)
    layers = layers_of(parts, needs, find_rounds(parts, needs, memories.driver, memories.acts_at), 0)
    return NetworkRounds(parts=parts, needs=needs, layers=layers, memories=memories, random_bits=0)


def digests(known: tuple[Any, ...]) -> list[str]:
    """The digests of all rounds, if nothing is carried on and this is known before each."""
    rounds = rounds_of_network()
    fingerprints, found = Fingerprints(rounds), []
    for t in range(1, rounds.parts.net.steps + 1):
        fingerprints.read(t, [])
        found.append(fingerprints.digest(t, known, []))
    return found


def test_rounds_of_one_kind_have_one_digest_and_what_is_known_counts() -> None:
    one, other = digests(((4, 6), (), ())), digests(((4, 7), (), ()))
    assert len(set(one)) < len(one) and one[-3] == one[-5]
    assert not set(one) & set(other)
    assert digests(((4, 6), ((4, 8),), ()))[4] != one[4] and digests(((4, 6), (), (10,)))[4] != one[4]


def test_what_was_one_constant_before_its_round_and_is_another_after_it_is_either() -> None:
    known = {5: (False, TRUE_FUNCTION), 6: (True, TRUE_FUNCTION), 7: (None, FALSE_FUNCTION), 8: (False, 4)}
    reader = np.full(10, 9, np.int32)
    proof = Proved(held=Fraction(-1), roles=(), live={9: (None, 6)}, state=(4,), equations=((4, 6),))
    between = Between(state=(2,), known={**known, 3: (True, TRUE_FUNCTION)})
    reader[3] = 2
    after = between.after(proof, reader, 2)
    assert after.known == {
        5: (None, TRUE_FUNCTION),
        6: (True, TRUE_FUNCTION),
        7: (None, FALSE_FUNCTION),
        9: (None, 6),
    }
    assert after.state == (4,) and after.equal == ((4, 6),)
    assert between.carried_on(reader, 2) == [8] and between.carried_on(reader, 9) == []


def test_the_attempts_go_from_cheap_to_dear_and_choices_are_tried_only_where_copies_look_alike() -> None:
    found = list(all_settings(DECODERS, machine(), SolverTally()))
    assert [(row.decoding, row.solver, bool(row.clauses)) for row in found[:4]] == [
        (decoding, solver, False) for solver in (False, True) for decoding in DECODERS
    ]
    assert all(row.solver and row.clauses for row in found[4:]) and {row.choice for row in found} == {0}
    alike = list(all_settings(DECODERS, machine(), SolverTally(alike=2)))
    assert len(alike) == MOST_CHOICES * len(found)
    assert [row.choice for row in alike[:MOST_CHOICES]] == list(range(MOST_CHOICES))
