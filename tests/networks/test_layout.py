"""Where vertices stand: every position of a block is taken once, and blocks follow one another."""

from fractions import Fraction
from itertools import product

import pytest

from constructions.computation.learner_machines import best_literal_machine
from constructions.foundations.network import Fragment
from constructions.networks.emulation import Plan
from constructions.networks.layout import (
    BEFORE,
    CANCELLER,
    HERE,
    PRIMARY,
    SHARED,
    V3,
    PlacedTemplate,
    RoundDrive,
    RoundLayout,
    SharedLayout,
    bases,
    next_start,
    path_gadgets,
    primary_gadget,
)


@pytest.mark.parametrize(("copies", "bits", "random", "gates"), list(product((1, 3), (0, 2), (0, 2), (0, 5))))
def test_every_position_of_a_block_is_taken_once(copies: int, bits: int, random: int, gates: int) -> None:
    at = RoundLayout(copies=copies, bits=bits, random_bits=random, gates=gates)
    found = [at.v1(c) for c in range(copies)] + [at.digit(c, i) for c in range(copies) for i in range(bits)]
    found += [at.random(i) for i in range(random)] + [at.gate(g) for g in range(gates)]
    found += [at.row(row, c) for row in range(PRIMARY) for c in range(copies)] + [at.primary]
    assert sorted(found) == list(range(at.size))


def test_the_output_is_fed_by_paths_cancellers_and_the_primary_control() -> None:
    at = RoundLayout(copies=2, bits=3, random_bits=1, gates=4)
    wanted = [at.row(V3, 0), at.row(V3, 1), at.row(CANCELLER, 0), at.row(CANCELLER, 1), at.primary]
    assert [at.feeder(j) for j in range(at.feeders)] == wanted


def test_a_gadget_has_wires_where_both_ends_have_a_place() -> None:
    template = Fragment(inputs=("a",), outputs=("b",), edges={("a", "b"): 2, ("one", "b"): 3}, constant="one")
    assert list(PlacedTemplate(template, {"b": 7}).wires()) == [(SHARED, 0, 7, 3)]


def test_each_control_reads_what_drives_its_copy() -> None:
    at = RoundLayout(copies=3, bits=1, random_bits=0, gates=9)
    drive = RoundDrive(idle=at.gate, plus=lambda c: at.gate(3 + c), steady=at.gate(8))
    small = Fragment(inputs=("bit",), outputs=("vc",), edges={("bit", "vc"): 1})
    assert path_gadgets(at, 2, drive, activator=small, control=small)["canceller"].at["plus"] == at.gate(5)
    assert primary_gadget(at, drive, control=small).at["plus"] == at.gate(3)


def test_blocks_stand_one_after_the_other() -> None:
    plan = Plan(machine=best_literal_machine(2, fraction=6), rho=Fraction(1, 16))
    first, second, *_ = plan.blocks
    start = SharedLayout(inputs=2, state=len(plan.machine.machine.state)).size
    for t, at in enumerate(plan.starts.tolist()[:-1], 1):
        assert at == start
        start = next_start(start, t % 2 == 1, first.size, second.size)
    assert bases(3, 5)[BEFORE] == 3 and bases(3, 5)[HERE] == 5
