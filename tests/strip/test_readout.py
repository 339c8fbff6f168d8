"""Reading with errors: the numbers of A0 to A3, families that are drawn and looked at exhaustively, and consistent
batches by two searches."""

from fractions import Fraction
from itertools import product
from random import Random

import pytest

from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.optional import optional
from constructions.learning.tails import exponential
from constructions.strip import consistent
from constructions.strip.consistent import all_batches, distance, is_consistent, read, silent, untold
from constructions.strip.readout import LEVEL_FACTOR, errors, hidden, level_for, logarithm_above, readouts
from constructions.strip.sign_queries import SignQueries, all_queries, drawn, parities
from constructions.strip.simulations import tolerance_of

F = Fraction


@pytest.mark.parametrize("value", [1, 2, 3, 7, 10, 1000, 10**9])
def test_a_logarithm_from_above_is_one(value: int) -> None:
    above = logarithm_above(value)
    assert exponential(above)[1] <= F(1, value)  # exp(-above) <= 1/value
    assert value == 1 or exponential(above - F(15, 100))[0] > F(1, value)


def test_levels_are_the_least_that_do() -> None:
    for error, d0 in product((F(1, 2), F(1), F(3, 2), F(3)), (1, 2, 5, 9)):
        level = level_for(error, d0)
        assert level * d0 >= LEVEL_FACTOR * error**2
        assert level == 1 or (level - 1) * d0 < LEVEL_FACTOR * error**2


def test_less_is_hidden_than_a_readout_may_miss() -> None:
    for n, b, rho in product((3, 6, 10), (8, 64, 400), (F(1, 4), F(1, 20))):
        for each in readouts(n, b, rho):
            assert hidden(n, b, rho, each.queries) <= each.missed or each.queries > 2**20
    assert hidden(1, 400, F(1, 4), 2) == 2  # not more than there are points: all two queries leave at most b tau
    with pytest.raises(PremiseError, match="need 1 <= d0 <= b"):
        errors(2, 4, F(1, 8), 5)


@pytest.mark.parametrize("n, b, rho", [(1, 4, F(1, 2)), (2, 3, F(3, 5)), (2, 4, F(1, 2))])
def test_families_do_what_is_said_of_them_for_all_pairs_of_batches(n: int, b: int, rho: Fraction) -> None:
    error = b * tolerance_of(rho)
    by_name = {each.name: each for each in readouts(n, b, rho)}
    for queries, name in ((all_queries(n, b), "A3"), (parities(n, b), "A1, all parities")):
        assert not list(untold(queries, error, by_name[name].missed))
    found = drawn(n, b, 24, 0)
    assert not list(untold(found, error, by_name["A3"].missed))
    assert not list(silent(found, error)) or error >= b


def test_one_query_does_not_tell_all_apart_and_the_search_for_pairs_says_so() -> None:
    queries = SignQueries(2, 2, (0,))
    pairs = list(untold(queries, F(1, 2), 0))
    assert pairs
    assert all(queries.answers(one) == queries.answers(other) for one, other in pairs)
    assert list(silent(queries, F(1, 2)))


def test_answers_of_one_batch_may_be_those_of_another_if_and_only_if_they_are_not_told_apart() -> None:
    queries, error = SignQueries(1, 2, (0, 2)), F(1)
    assert not list(untold(queries, F(1, 2), 0))
    pairs = list(untold(queries, error, 0))
    assert len(pairs) == 12  # each of four corners with two sides, and each two neighbouring sides
    for one, other in pairs:
        middle = [F(a + b, 4) for a, b in zip(queries.answers(one), queries.answers(other), strict=True)]
        assert all(is_consistent(middle, queries.answers(each), 2, error / 2) for each in (one, other))


def searches() -> list[str]:
    """The searches that can be run here."""
    try:
        optional("scipy")
    except ConstructionError:
        return ["exhaustive"]
    return ["exhaustive", "milp"]


@pytest.mark.parametrize("by", searches())
def test_what_is_read_is_consistent_and_as_near_as_is_said(by: str) -> None:
    queries, rho, random = drawn(2, 4, 24, 0), F(1, 2), Random(1)
    tau, most = tolerance_of(rho), max(0, int(4 * tolerance_of(rho)))
    for balance, products in list(all_batches(queries))[::97]:
        answers = [F(total, 4) + random.randint(-8, 8) * tau / 8 for total in products]
        found = read(queries, answers, tau, by=by)
        assert is_consistent(answers, queries.answers(found), 4, tau)
        assert sum(map(abs, found.values())) == 4
        assert distance(found, balance) <= most


@pytest.mark.parametrize("by", searches())
def test_answers_of_no_batch_are_refused(by: str) -> None:
    queries = drawn(2, 2, 8, 0)
    with pytest.raises(PremiseError, match="need answers within"):
        read(queries, [F(1)] * 4 + [F(-1)] * 4, F(1, 8), by=by)
    with pytest.raises(ConstructionError, match=r"need a search \(exhaustive, milp\), got 'guess'"):
        read(queries, [F(1)] * 8, F(1, 8), by="guess")
    with pytest.raises(ConstructionError, match="need 8 answers, got 1"):
        read(queries, [F(1)], F(1, 8), by=by)


def test_a_search_whose_solver_returns_nonsense_returns_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a solver says is compared exactly; here it says that every point is there with both labels."""

    class Said:
        x = (0.9999999, 1.0000001, 1.0, 1.0, 0.0, 0.0)

    class Solver:
        LinearConstraint = staticmethod(lambda *_: None)
        Bounds = staticmethod(lambda *_: None)
        milp = staticmethod(lambda *_, **__: Said)

    monkeypatch.setattr(consistent, "optional", lambda name: Solver if name.startswith("scipy") else optional(name))
    assert consistent.milp(SignQueries(1, 2, (0, 2)), [F(0), F(0)], F(1, 4)) is None


def test_other_queries_and_points_are_refused() -> None:
    with pytest.raises(ConstructionError, match="need n from 1 to 16"):
        SignQueries(0, 1, (0,))
    with pytest.raises(ConstructionError, match="need at least one query"):
        SignQueries(1, 1, (4,))
    with pytest.raises(ConstructionError, match="need 1 to 65536 queries, got 0"):
        drawn(1, 1, 0, 0)
    with pytest.raises(ConstructionError, match="need a point of 1 bits"):
        SignQueries(1, 1, (0,)).values((0, 0))
