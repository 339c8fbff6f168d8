"""Reductions to and from mini-batch queries: budgets, answers and errors by hand."""

from fractions import Fraction
from math import ceil, log
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructions.errors import ConstructionError, PremiseError
from constructions.learning.error import error
from constructions.learning.models import BSQ, PAC, SQ, QueryMethod
from constructions.learning.oracles import Oracle, exact, highest, lowest, randomly, run, run_rounds
from constructions.learning.problems import Bits, Point, Table, uniform
from constructions.reductions import bsq
from constructions.reductions.bsq import (
    averaged,
    averaged_by_label,
    decoded,
    ends,
    joined,
    lemma_2,
    packed_top,
    packing,
    readings,
    repeats,
    split,
    theorem_2b,
    theorem_2d,
)
from verify.discharge.one import examine
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict

F = Fraction
FAIR = uniform(1, lambda x: x[0])
ORACLES: list[Oracle] = [exact, highest, lowest, randomly(3)]


def asking(query: Any, budget: Any, *, cells: Any = None) -> QueryMethod:
    """A method that asks one question in every round and keeps all answers."""
    return QueryMethod(
        n=1,
        budget=budget,
        start=lambda bits: (bits,),
        query=lambda state: query,
        cells=cells,
        after=lambda state, answers: (*state, *answers),  # type: ignore[misc]
        predictor=lambda state: lambda x: state[-1],  # type: ignore[index]
    )


def label(x: Bits, y: int) -> tuple[int]:
    return (y,)


def test_2b_cuts_the_sample_into_batches() -> None:
    made = theorem_2b()(asking(label, BSQ(k=2, tau=F(1, 9), b=2, p=1)))
    sample: tuple[Point, ...] = (((0,), 1), ((0,), 1), ((0,), 0), ((1,), 1))
    assert made.budget == PAC(m=4) and made.learn(sample, ())((0,)) == F(1, 2)


def test_2b_hands_on_the_random_bits() -> None:
    coin = QueryMethod(
        n=1,
        budget=BSQ(k=0, tau=F(0), b=1, p=1, r=1),
        start=lambda bits: bits,
        query=lambda state: label,
        after=lambda state, answers: state,
        predictor=lambda state: lambda x: state[0],  # type: ignore[index]
    )
    made = theorem_2b()(coin)
    assert made.budget == PAC(m=0, r=1) and [made.learn((), (bit,))((0,)) for bit in (0, 1)] == [0, 1]


@pytest.mark.parametrize("reduction", [theorem_2b(), packing(tau=F(0))])
def test_a_method_of_another_class_is_refused(reduction: Any) -> None:
    with pytest.raises(ConstructionError, match="need a bSQ method"):
        reduction(asking(label, SQ(k=1, tau=F(1))))


@pytest.mark.parametrize("reduction", [theorem_2d(b=1, delta=F(1, 8)), lemma_2(b=1, delta=F(1, 8)), split()])
def test_only_scalar_sq_methods_are_averaged(reduction: Any) -> None:
    for budget in (BSQ(k=1, tau=F(1), b=1, p=1), SQ(k=1, tau=F(1), p=2)):
        with pytest.raises(ConstructionError, match="need an SQ method that asks one query"):
            reduction(asking(label, budget))


@given(k=st.integers(1, 9), b=st.integers(1, 99), tau=st.fractions(F(1, 9), 1), delta=st.fractions(F(1, 99), F(1, 8)))
def test_the_number_of_repeats_is_the_printed_one(k: int, b: int, tau: Fraction, delta: Fraction) -> None:
    assert repeats(k, delta=delta, b=b, tau=tau) == ceil(8 * log(4 * k / delta) / (b * tau**2))


def test_no_query_is_asked_no_times() -> None:
    assert repeats(0, delta=F(1, 8), b=1, tau=1) == 0


@pytest.mark.parametrize("delta", [0, F(1, 4), 1])
def test_a_delta_that_is_not_from_0_to_one_eighth_is_refused(delta: Fraction) -> None:
    for theorem in (theorem_2d, lemma_2):
        with pytest.raises(PremiseError, match=f"need 0 < delta <= 1/8 .*, got delta={delta}"):
            theorem(b=1, delta=delta)


def test_a_tolerance_of_0_is_refused() -> None:
    with pytest.raises(PremiseError, match="need delta > 0 and tau > 0"):
        theorem_2d(b=1, delta=F(1, 8)).budget(SQ(k=1, tau=F(0)))


def test_the_budget_of_2d_by_hand() -> None:
    simulation = theorem_2d(b=3, delta=F(1, 8))
    q = ceil(8 * log(64) / (3 * 0.25))
    assert simulation.budget(SQ(k=2, tau=F(1, 2), r=5)) == BSQ(k=2 * q, tau=F(1, 4), b=3, p=1, r=5)


def test_averaging_returns_the_mean_answer_and_starts_again() -> None:
    made = averaged(asking(label, SQ(k=2, tau=F(1, 2))), b=2, q=2)
    batches = [(((0,), 1),) * 2, (((0,), 0), ((0,), 1)), (((0,), 0),) * 2, (((0,), 0), ((0,), 1))]
    state = run_rounds(made, FAIR, exact, (), batches)
    assert state == (((), F(3, 4), F(1, 4)), 0, 0)


@pytest.mark.parametrize("oracle", ORACLES)
def test_averaging_stays_within_the_halved_tolerance(oracle: Oracle) -> None:
    made = averaged(asking(label, SQ(k=1, tau=F(1, 2))), b=2, q=3)
    batches = [(((0,), 1), ((0,), 0))] * 3
    ((_, answer), _, _) = run_rounds(made, FAIR, oracle, (), batches)  # type: ignore[misc]
    assert abs(answer - F(1, 2)) <= F(1, 4)  # type: ignore[has-type]


def test_the_halves_of_a_query_are_asked_on_one_label_each() -> None:
    made = split()(asking(lambda x, y: (F(1, 3),), SQ(k=1, tau=F(1, 2))))
    assert made.budget == SQ(k=2, tau=F(1, 4), alternating=True)
    first = made.start(())
    second = made.after(first, (F(0),))
    assert [[made.ask(state, t)((0,), y)[0] for y in (0, 1)] for t, state in ((1, first), (2, second))] == [
        [0, F(1, 3)],
        [F(1, 3), 0],
    ]


def test_a_method_with_halves_is_given_the_sum() -> None:
    method = asking(label, SQ(k=1, tau=F(1, 2)))
    assert run(split()(method), Table(1, {((0,), 1): F(1)}), oracle=exact)((0,)) == 1
    assert run(split()(method), FAIR, oracle=exact)((0,)) == F(1, 2)


def test_only_without_clipping_an_answer_is_above_1() -> None:
    method = asking(lambda x, y: (1,), SQ(k=1, tau=F(2, 5)))
    given = [
        run(split(clip=clip)(method), FAIR, oracle=lambda question: (question.means[0] + F(1, 5),))((0,))
        for clip in (False, True)
    ]
    assert given == [F(7, 5), 1] and joined(F(-3, 5), F(-3, 5)) == -1


def test_lemma_2_takes_a_1_query_in_odd_rounds_and_a_0_query_in_even_ones() -> None:
    made = averaged_by_label(asking(lambda x, y: (F(1, 2),), SQ(k=1, tau=F(1))), b=2, q=2)
    assert made.budget == BSQ(k=4, tau=F(1, 4), b=2, p=1, alternating=True)
    one, zero = ((0,), 1), ((0,), 0)
    state = run_rounds(made, FAIR, exact, (), [(one, one), (zero, one), (one, zero), (zero, zero)])
    assert state == (((), F(1, 4) + F(1, 8) + F(1, 8) + F(1, 4)), 0, 0)


def test_lemma_2_needs_two_rounds_where_the_printed_number_is_one() -> None:
    simulation, budget = lemma_2(b=10**6, delta=F(1, 50)), SQ(k=1, tau=F(1, 8))
    assert simulation.printed is not None
    assert simulation.budget(budget).k == 2 and simulation.printed(budget).k == 1  # type: ignore[union-attr]


def test_packed_counts_are_read_back_exactly() -> None:
    made = packing(tau=F(1, 31))(asking(lambda x, y: (y, x[0]), BSQ(k=1, tau=F(1), b=3, p=2)))
    batch = (((1,), 1), ((0,), 1), ((1,), 0))
    for oracle in ORACLES:
        assert run_rounds(made, FAIR, oracle, (), [batch]) == ((), F(2, 3), F(2, 3))


@given(
    points=st.lists(st.tuples(st.tuples(st.integers(0, 1)), st.integers(0, 1)), min_size=1, max_size=6),
    oracle=st.sampled_from(ORACLES),
)
def test_any_counts_of_three_queries_are_read_back(points: list[Point], oracle: Oracle) -> None:
    b = len(points)
    made = packing(tau=F(1, 2 * packed_top(b, 3) + 1))(
        asking(lambda x, y: (y, x[0], x[0] & y), BSQ(k=1, tau=F(1), b=b, p=3))
    )
    counts = (sum(y for _, y in points), sum(x[0] for x, _ in points), sum(x[0] & y for x, y in points))
    assert run_rounds(made, FAIR, oracle, (), [tuple(points)]) == ((), *(F(count, b) for count in counts))


def test_packing_refuses_a_tolerance_that_is_too_coarse_and_queries_that_are_not_binary() -> None:
    with pytest.raises(PremiseError, match=r"got 2 \* 1/30 \* 15 = 1"):
        packing(tau=F(1, 30))(asking(lambda x, y: (y, y), BSQ(k=1, tau=F(1), b=3, p=2)))
    with pytest.raises(ConstructionError, match=r"need binary queries to pack, got \['1/2'\]"):
        run(packing(tau=F(1, 31))(asking(lambda x, y: (F(1, 2),), BSQ(k=1, tau=F(1), b=3, p=1))), FAIR)


def test_packing_needs_something_to_pack() -> None:
    with pytest.raises(ConstructionError, match="need an integer >= 1, got 0, at p, the queries to pack"):
        packing(tau=F(1, 31))(asking(lambda x, y: (), BSQ(k=1, tau=F(1), b=3, p=0)))


def test_packing_keeps_one_label_queries_what_they_are() -> None:
    method = asking(lambda x, y: (y, y * x[0]), BSQ(k=1, tau=F(1), b=2, p=2, alternating=True))
    assert packing(tau=F(1, 17))(method).budget.alternating


@given(mean=st.integers(0, 6), tau=st.fractions(0, F(1, 2)), share=st.fractions(-1, 1))
def test_every_valid_answer_is_read_as_one_of_the_declared_cells(mean: int, tau: Fraction, share: Fraction) -> None:
    cells = readings(6)(None, (F(mean, 6),), tau)
    assert all(abs(cell[0] - F(mean, 6)) <= tau for cell in cells)
    assert decoded(F(mean, 6) + share * tau, 6) in {decoded(cell[0], 6) for cell in cells}


@given(answer=st.fractions(F(-1, 2), F(3, 2)))
def test_an_answer_is_decoded_to_the_nearest_part(answer: Fraction) -> None:
    distance = abs(F(decoded(answer, 5), 5) - answer)
    assert all(distance <= abs(F(j, 5) - answer) for j in range(6))


def test_too_few_repeats_cost_error_by_hand() -> None:
    source = Table(1, {((0,), 0): F(1, 5), ((0,), 1): F(4, 5)})
    method = QueryMethod(
        n=1,
        budget=SQ(k=1, tau=F(1, 4)),
        start=lambda bits: 0,
        query=lambda state: label,
        cells=ends,
        after=lambda state, answers: int(answers[0] > F(1, 2)),
        predictor=lambda state: lambda x: state,
    )
    assert error(method, source) == F(1, 10)
    assert error(averaged(method, b=1, q=1), source) == F(4, 5) * F(1, 10) + F(1, 5) * F(2, 5)


@pytest.mark.parametrize(
    ("id", "name", "broken"),
    [
        ("lemma2.block", "joined", lambda one, zero: one),
        ("theorem2d.block", "BSQ", lambda **given: BSQ(**given | {"tau": 2 * given["tau"]})),
        ("theorem2b.simulates", "answered", lambda method, batches, bits: method.predictor(method.start(bits))),
        ("lemma2.block", "half", lambda query, label: query),
    ],
    ids=["no clipping", "twice the tolerance", "no rounds", "both labels"],
)
def test_a_broken_reduction_is_noticed_by_its_claims(
    id: str, name: str, broken: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = paper_obligations()[id]
    assert examine(claim, claim.of).verdict is Verdict.PROVED
    monkeypatch.setattr(bsq, name, broken)
    assert examine(claim, claim.of).verdict is Verdict.REFUTED
