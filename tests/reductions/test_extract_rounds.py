"""The law of the number of rounds: by hand, against the expected number, and its heavy tail."""

from fractions import Fraction
from typing import Any

import pytest
from sympy import QQ

from constructions.foundations.symbols import symbol
from constructions.foundations.terms import REAL, variable
from constructions.learning.problems import Table
from constructions.reductions.extract_law import in_ring, law, mass_of, sides_of_the_law, steps
from constructions.reductions.extract_rounds import empty_by_recursion, rare_label, rounds_law
from constructions.reductions.one_bit import LOOK, PREFIX, VERSIONS, Version
from verify.claims.reductions.extract_law.symbolic import with_fair_coin

F = Fraction
SOURCE = Table(1, {((0,), 0): F(1, 8), ((1,), 0): F(1, 4), ((1,), 1): F(5, 8)})


def test_batches_of_one_take_one_round() -> None:
    assert rounds_law(PREFIX, SOURCE, 1, 5) == {1: 1, 6: 0}


@pytest.mark.parametrize("name", VERSIONS)
def test_the_law_sums_to_one_and_has_nearly_the_mean(name: str) -> None:
    found = rounds_law(VERSIONS[name], SOURCE, 3, 60)
    mean = sum(rounds * mass for rounds, mass in found.items())
    assert sum(found.values()) == 1
    assert 0 < law(VERSIONS[name], SOURCE, 3).rounds - mean < F(1, 10**6)


def test_a_rare_label_is_waited_for_and_look_draws_it_seldom() -> None:
    e = F(1, 40)
    tail = rounds_law(PREFIX, rare_label(e), 2, 10)[11]
    assert tail == e * (1 - e) ** 18 + (1 - e) * e**18
    assert rounds_law(LOOK, rare_label(e), 2, 10)[11] == e**2 * (1 - e) ** 18 + (1 - e) ** 2 * e**18


def test_the_recursion_of_empty_rounds_is_the_walks_on_a_rare_label() -> None:
    assert empty_by_recursion(rare_label(F(1, 9)), 3) == law(PREFIX, rare_label(F(1, 9)), 3).empty


def test_a_round_at_a_prefix_without_mass_misses_it() -> None:
    assert steps(PREFIX, {(0, 1): F(1)}, 2, (1,)) == {(1,): 1}
    assert mass_of({(0, 1): F(1)}, (1,)) == 0


def test_the_source_solves_the_equations_of_a_round_and_another_law_does_not() -> None:
    masses: dict[tuple[int, ...], F] = {
        word: F(mass, 10) for word, mass in {(0, 0): 1, (0, 1): 2, (1, 0): 3, (1, 1): 4}.items()
    }
    for s in ((), (0,), (1,)):
        moves = steps(PREFIX, masses, 3, s)
        sides = sides_of_the_law(moves, masses, s)
        assert set(sides) == {word for word in masses if word[: len(s)] == s}
        assert all(left == right for left, right in sides.values())
    skewed = steps(PREFIX, masses, 3, ()) | {(0,): F(1, 2), (1,): F(1, 2)}
    assert [left == right for left, right in sides_of_the_law(skewed, masses, ()).values()] == [False] * 4


def test_symbolic_masses_become_polynomials_that_add_up_to_one() -> None:
    d, e = variable("d", REAL), variable("e", REAL)
    assert sum(in_ring({(0, 0): d, (0, 1): e, (1, 1): 1 - d - e}).values()) == 1
    assert in_ring({(0,): F(1)}) == {(0,): F(1)}


@pytest.mark.parametrize("version", [PREFIX, LOOK, with_fair_coin(PREFIX)], ids=["prefix", "look", "fair coin"])
def test_polynomials_come_and_go_over_the_rationals_and_say_what_numbers_say(version: Version) -> None:
    names = {(0, 0): "a", (0, 1): "b", (1, 0): "c"}
    terms: dict[tuple[int, ...], Any] = {word: variable(name, REAL) for word, name in names.items()}
    masses = in_ring(terms | {(1, 1): 1 - sum(list(terms.values()))})
    at: dict[tuple[int, ...], Any] = dict(zip(names, (F(1, 10), F(2, 7), F(1, 3)), strict=True))
    numbers = at | {(1, 1): 1 - sum(at.values())}
    given = [(symbol(name), QQ(at[word].numerator, at[word].denominator)) for word, name in names.items()]

    def worth(polynomial: Any) -> F:
        assert polynomial.ring.domain == QQ
        value = polynomial.evaluate([(polynomial.ring(one), number) for one, number in given])
        return F(int(value.numerator), int(value.denominator))

    for s in ((), (0,), (1,)):
        moves, wanted = steps(version, masses, 3, s), steps(version, numbers, 3, s)
        assert {after: worth(chance) for after, chance in moves.items()} == wanted
        sides, right = sides_of_the_law(moves, masses, s), sides_of_the_law(wanted, numbers, s)
        assert {word: tuple(map(worth, both)) for word, both in sides.items()} == right
