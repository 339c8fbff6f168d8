"""Lemma 11's conditions and the answers' error, against the project's own predicate and decoder."""

from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest

from constructions.networks.memory import is_memory
from constructions.networks.queries import DYADIC, MINIMAL, PRINTED, STRONG, query_graph
from verify.attacks.bases import base
from verify.certifier.certificate.entries import spelled
from verify.certifier.roles.parts import memory_edges
from verify.certifier.rounds.decoding import Decoding, RecordReading
from verify.recheck.machine import read_machine
from verify.recheck.memory import Copy, Decoder, answer_error, check_memory, copy_of
from verify.recheck.reading import RefusedError

RHO, BITS, SCALE = Fraction(1, 16), 4, 48 * 16 * 64


def row_of(setting: object, *, prime: bool) -> list[Fraction]:
    """The weights of a copy of a setting in the order of a row."""
    graph = query_graph(setting, rho=RHO, bits=BITS, prime=prime)  # type: ignore[arg-type]
    return [Fraction(graph.weight(*edge)) for edge in certifier_order()]


def certifier_order() -> list[tuple[str, str]]:
    """The edges in the checker's order: digit by digit, each from v0, v1 and the higher digits."""
    first = [edge for edge in memory_edges(BITS) if not edge[1].startswith("vr")]
    for i in range(BITS):
        first += [("v0", f"vr{i}"), ("v1", f"vr{i}"), *((f"vr{j}", f"vr{i}") for j in range(i + 1, BITS))]
    return first


def copy_from(row: list[Fraction]) -> Copy:
    """A copy with these weights."""
    return copy_of(tuple(int(w * SCALE) for w in row), SCALE)


def holds(copy: Copy, odd: bool, o: Fraction, rate: int) -> bool:
    """Whether the checker takes it."""
    try:
        check_memory(copy, odd, o, RHO, Fraction(rate))
    except RefusedError:
        return False
    return True


@pytest.mark.parametrize("prime", [False, True])
@pytest.mark.parametrize("setting", [DYADIC, STRONG, MINIMAL, PRINTED], ids=lambda setting: setting.name)
def test_the_conditions_are_those_of_the_predicate_for_slightly_moved_weights(setting: object, prime: bool) -> None:
    source, row = Random(1), row_of(setting, prime=prime)
    o, agreed = Fraction(9, 8) if setting is not MINIMAL else Fraction(2), set()
    for trial in range(120):
        rate = source.choice((1, 2))
        moved = list(row)
        if trial:
            place = source.randrange(len(moved))
            moved[place] += Fraction(source.randrange(-60, 61), 48 * 16)
        copy = copy_from(moved)
        graph = query_graph(setting, rho=RHO, bits=BITS, prime=prime)  # type: ignore[arg-type]
        for edge, weight in zip(certifier_order(), moved, strict=True):
            graph = graph.with_weight(*edge, weight)
        expected = is_memory(graph, RHO, BITS, rate=rate, offset=o) is True and (copy.gain > 0) is not prime
        assert holds(copy, not prime, o, rate) is expected
        agreed.add(expected)
    assert agreed == {True, False} or setting is PRINTED


def test_each_condition_can_fail() -> None:
    copy = copy_from(row_of(STRONG, prime=False))
    assert holds(copy, True, Fraction(9, 8), 1)
    for name in ("v0v1", "v1v2", "v1v2_", "v2v3", "v2_v3", "v3v4", "vcv2", "vcv2_", "vcv3"):
        assert not holds(replace(copy, **{name: -getattr(copy, name)}), True, Fraction(9, 8), 1)
    level, value, carries = copy.digits[0]
    for digit in (
        (level + 4, value, carries),
        (level, value + 9, carries),
        (level, value, (carries[0] + 2, *carries[1:])),
    ):
        assert not holds(replace(copy, digits=(digit, *copy.digits[1:])), True, Fraction(9, 8), 1)
    assert not holds(replace(copy, digits=copy.digits[1:]), True, Fraction(9, 8), 1)
    assert (
        not holds(copy, False, Fraction(9, 8), 1)
        and not holds(copy, True, Fraction(16), 1)
        and not holds(copy, True, Fraction(-1), 1)
    )


@pytest.mark.parametrize("name", ["coins, minimal", "signed, dyadic", "quarters, minimal", "signed whole, rho = 1/20"])
def test_the_error_of_answers_is_that_of_the_decoder(name: str) -> None:
    plan, source = base(name).plan, Random(3)
    machine = read_machine(spelled(plan.machine).encode())
    for _ in range(60):
        d, multiplier, shift = source.randrange(5), source.randrange(1, 200), source.randrange(8)
        add, gain, o = (
            source.randrange(-20, 60),
            Fraction(source.randrange(1, 20), 16),
            Fraction(source.randrange(1, 40), 16),
        )
        made = Decoding(d=d, multiplier=multiplier, add=add, shift=shift)
        reading = RecordReading(rho=RHO, rate=Fraction(1), gain=gain, offset=o, bits=BITS)
        low, high = made.error(reading, plan.machine)
        ours = Decoder(d=d, multiplier=multiplier, add=add, shift=shift)
        assert answer_error(ours, machine, gain, o, BITS, RHO, Fraction(1)) == max(Fraction(0), -low, high)
