"""One step that reads a whole batch: gradients, readings and refusals, by hand."""

from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from constructions.errors import PremiseError
from constructions.learning.learners import parity
from constructions.strip.family import PowerFamily
from constructions.strip.reader import REALIZABLE, Reader, any_labels, derivative, held_for, is_fit, ones_from, slope
from constructions.strip.reading import (
    WholeBatch,
    batches_read,
    points_of_each_label,
    reading_method,
    steps_for,
    whole_batch,
)
from verify.claims.strip.reader.samples import careless, without_clipping
from verify.claims.strip.reading import swapped
from verify.discharge.one import examine
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict

F = Fraction


def means(whole: WholeBatch, batch: list[tuple[tuple[int, ...], int]]) -> list[Fraction]:
    """The exact means of the queries over a batch."""
    return [sum(row, F(0)) / len(batch) for row in zip(*(whole.query(x, y) for x, y in batch), strict=True)]


def test_gradients_are_signed_queries() -> None:
    for value, y in product((1, -1), (0, 1)):
        signed = value * (1 - 2 * y)
        assert REALIZABLE.gradient(0, value, y) == REALIZABLE.unclipped(0, value, y) == signed
        assert any_labels(F(1, 8)).gradient(0, value, y) == signed
    assert any_labels(F(1, 8)).unclipped(0, 1, 1) == -7 and Reader(held=F(1, 8), slopes=(F(1),)).gradient(0, 1, 1) == F(
        -7, 8
    )


def test_slopes_are_those_of_the_expression() -> None:
    assert {str(symbol) for symbol in derivative().free_symbols} >= {
        "coefficient",
        "record",
        "record'",
        "bump'",
        "rest",
    }
    values = {"open": F(1), "record": F(1), "record'": F(2), "zeros": F(1), "coefficient": F(3), "v": F(1)}
    assert slope({**values, "others": F(5), "rest": F(7), "bump'": F(0), "rest'": F(0)}) == 3 + 2 * (3 + 5) - 2 * 7


@pytest.mark.parametrize("error", [F(0), F(1, 2), F(9, 10), F(99, 100)])
def test_a_c_is_found_that_fits(error: Fraction) -> None:
    held = held_for(error)
    assert is_fit(held, error) and (held == F(1, 4) or 8 * held > 1 - error)


def test_no_c_fits_from_b_tau_1_on() -> None:
    with pytest.raises(PremiseError, match="need b tau < 1, got b tau = 1"):
        held_for(F(1))
    with pytest.raises(PremiseError, match="b tau < 1"):
        batches_read(2, b=4, tau=F(1, 4))


def test_points_of_each_label() -> None:
    assert points_of_each_label(2, 1) == (3, 1) and points_of_each_label(-2, None) == (0, 2)
    assert ones_from(F(1), F(1, 4) * 1 - F(1, 2) * 3, F(1, 4)) == 3


@pytest.mark.parametrize("realizable", [True, False])
@pytest.mark.parametrize("sign", [F(1), F(-1), F(1, 3)])
def test_batches_are_read_from_answers_at_the_edge(realizable: bool, sign: Fraction) -> None:
    error = F(19, 20)
    whole = whole_batch(2, 3, error, realizable=realizable)
    points = [(x, x[0] ^ x[1]) for x in product((0, 1), repeat=2)] + ([] if realizable else [((0, 0), 1), ((1, 1), 1)])
    for batch in product(points, repeat=3):
        answers = [mean + sign * (-1) ** j * error / 3 for j, mean in enumerate(means(whole, list(batch)))]
        assert whole.words(answers) == tuple(sorted((y, *x) for x, y in batch))


def test_a_batch_with_both_labels_is_refused_by_m() -> None:
    whole = whole_batch(1, 2, F(1, 2), realizable=True)
    with pytest.raises(PremiseError, match="need the answers of a batch of 2 points"):
        whole.words(means(whole, [((1,), 0), ((1,), 1)]))
    star = whole_batch(1, 2, F(1, 2))
    assert star.words(means(star, [((1,), 0), ((1,), 1)])) == ((0, 1), (1, 1))
    assert star.size == 2 * PowerFamily(1, 2).size and star.groups == range(2)


def test_other_methods_are_refused() -> None:
    with pytest.raises(PremiseError, match="need a method on n = 2 bits"):
        batches_read(2, b=2, tau=F(1, 4))(parity(3, 4))
    made = batches_read(2, b=2, tau=F(1, 4), symmetric=True)(parity(2, 5))
    budget: Any = made.budget
    assert budget.k == steps_for(5, 2) == 3
    assert reading_method(parity(2, 4), whole_batch(2, 2, F(1, 2)), budget, symmetric=True).budget == budget


@pytest.mark.parametrize(
    ("claim", "broken"),
    [
        ("strip.reader.any", lambda case: without_clipping(F(1, 4))),
        ("strip.silent.balanced", lambda case: careless),
        ("strip.counts.ones", lambda case: lambda held, error: is_fit(held, error / 2)),
        ("strip.reader.slopes", lambda case: F(1)),
    ],
)
def test_broken_readers_would_be_found(claim: str, broken: Any) -> None:
    assert examine(paper_obligations()[claim], broken).verdict is Verdict.REFUTED


@pytest.mark.slow
def test_labels_the_other_way_round_would_be_found() -> None:
    assert examine(paper_obligations()["strip.batch.read"], lambda case: swapped).verdict is Verdict.REFUTED
