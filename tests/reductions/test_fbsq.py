"""Reading a sample by full-batch queries: what is found, in how many rounds, with what error."""

from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constructions.errors import ConstructionError, PremiseError
from constructions.learning.error import error
from constructions.learning.learners import memoriser
from constructions.learning.models import BSQ, FBSQ, PAC, QueryMethod, SampleMethod
from constructions.learning.oracles import Oracle, exact, highest, lowest, randomly, run_rounds
from constructions.learning.problems import Point, Predictor, Table, uniform
from constructions.reductions.fbsq import (
    ReadingSteps,
    SampleReading,
    averaged_over_orders,
    lemma_5a,
    lemma_5b,
    lemma_6,
    read_sample,
    tree_rounds,
)
from tests.reductions.sample_methods import first_label
from verify.discharge.one import examine
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict

F = Fraction
TWO = uniform(2, lambda x: x[0])
ORACLES: list[Oracle] = [exact, highest, lowest, randomly(3)]
samples = st.lists(st.tuples(st.tuples(*[st.integers(0, 1)] * 2), st.integers(0, 1)), min_size=1, max_size=6)


def nothing(m: int, n: int = 2) -> SampleMethod:
    return SampleMethod(n=n, budget=PAC(m=m), learn=lambda sample, bits: lambda x: 0)


def read(points: list[Point], oracle: Oracle, *, alternating: bool) -> SampleReading:
    reader = (lemma_6 if alternating else lemma_5a)(2, tau=F(2, 5 * len(points)))(nothing(len(points)))
    state = run_rounds(reader, TWO, oracle, (), (tuple(points),) * reader.budget.k)
    assert isinstance(state, SampleReading)
    return state


@settings(max_examples=40)
@given(points=samples, oracle=st.sampled_from(ORACLES), alternating=st.booleans())
def test_the_whole_sample_is_read_with_its_multiplicities(
    points: list[Point], oracle: Oracle, alternating: bool
) -> None:
    reading = read(points, oracle, alternating=alternating)
    assert not reading.open and sorted(reading.found) == sorted(points)


def test_the_sample_is_found_in_one_order_whatever_order_it_came_in() -> None:
    points = [((0, 1), 1), ((1, 0), 0), ((0, 0), 1)]
    assert len({read(list(order), exact, alternating=True).found for order in permutations(points)}) == 1


def test_one_round_less_leaves_a_sample_unread() -> None:
    sample = (((0,), 0), ((1,), 1))
    reader = read_sample(nothing(2, 1), tau=F(1, 5), rounds=tree_rounds(2, 2) - 1)
    state = run_rounds(reader, uniform(1, lambda x: x[0]), exact, (), (sample,) * reader.budget.k)
    assert isinstance(state, SampleReading) and state.open and reader.predictor(state)((0,)) == 0


@pytest.mark.parametrize(
    ("m", "levels", "rounds"), [(0, 3, 0), (1, 4, 4), (2, 3, 5), (5, 4, 1 + 2 + 4 + 5), (100, 3, 7)]
)
def test_the_prefixes_of_a_sample_by_hand(m: int, levels: int, rounds: int) -> None:
    assert tree_rounds(m, levels) == rounds


@given(m=st.integers(1, 50), n=st.integers(0, 8))
def test_the_budgets_are_at_most_the_printed_ones(m: int, n: int) -> None:
    for lemma, rounds in ((lemma_5a, m * (n + 1)), (lemma_6, 2 * m * (n + 1))):
        simulation = lemma(n, tau=F(1, 2 * m + 1))
        assert simulation.printed is not None
        assert simulation.budget(PAC(m=m)).k <= simulation.printed(PAC(m=m)).k == rounds  # type: ignore[union-attr]


@pytest.mark.parametrize("lemma", [lemma_5a, lemma_6])
def test_m_tau_of_one_half_is_refused_with_its_numbers(lemma: object) -> None:
    with pytest.raises(PremiseError, match=r"need m tau < 1/2, got 2 \* 1/4 = 1/2"):
        lemma(1, tau=F(1, 4))(nothing(2, 1))  # type: ignore[operator]


def test_a_method_of_another_size_is_refused() -> None:
    with pytest.raises(ConstructionError, match="for 3 bits, got one for 2"):
        lemma_5a(3, tau=F(1, 9))(nothing(2))


def test_random_bits_are_kept() -> None:
    assert lemma_6(1, tau=F(1, 9)).budget(PAC(m=2, r=7)).r == 7


def test_no_samples_need_no_rounds() -> None:
    constant = SampleMethod(n=1, budget=PAC(m=0), learn=lambda sample, bits: lambda x: F(1, 2))
    made = lemma_6(1, tau=F(1, 3))(constant)
    assert made.budget.k == 0 and error(made, uniform(1, lambda x: 0)) == F(1, 8)


def test_a_method_that_minds_no_order_keeps_its_error_exactly() -> None:
    source = uniform(1, lambda x: x[0], noise=F(1, 4))
    method = memoriser(1, 2)
    assert (
        error(lemma_5a(1, tau=F(1, 5))(method), source)
        == error(method, source)
        == error(lemma_6(1, tau=F(1, 5))(method), source)
    )


def test_the_sorted_sample_of_the_printed_proof_costs_error_by_hand() -> None:
    source = Table(1, {((0,), 0): F(1, 4), ((1,), 1): F(3, 4)})
    zero, one = F(3, 8), F(1, 8)  # the losses of the two constants
    assert error(first_label(2), source) == zero / 4 + one * 3 / 4
    assert error(read_sample(first_label(2), tau=F(1, 5), orders=False), source) == zero * 7 / 16 + one * 9 / 16
    mixed = F(1, 8)  # the constant 1/2
    assert error(lemma_5a(1, tau=F(1, 5))(first_label(2)), source) == zero / 16 + mixed * 6 / 16 + one * 9 / 16


def test_too_many_orders_are_refused() -> None:
    with pytest.raises(PremiseError, match="got 9!"):
        averaged_over_orders(first_label(9), [((0,), 0)] * 9, ())


def test_a_tolerance_that_is_too_coarse_lets_an_oracle_hide_the_sample() -> None:
    source = Table(1, {((0,), 0): F(1)})
    assert error(read_sample(memoriser(1, 1), tau=F(1, 2)), source) > error(memoriser(1, 1), source) == 0


def test_lemma_5b_returns_what_the_method_returns_on_exact_means() -> None:
    mean = QueryMethod(
        n=1,
        budget=FBSQ(k=1, tau=F(1, 3), m=3, p=1),
        start=lambda bits: None,
        query=lambda state: lambda x, y: (y,),
        after=lambda state, answers: answers[0],
        predictor=lambda state: lambda x: state,
    )
    made = lemma_5b()(mean)
    h: Predictor = made.learn((((0,), 1), ((0,), 0), ((1,), 1)), ())
    assert made.budget == PAC(m=3) and h((0,)) == F(2, 3)


def test_lemma_5b_refuses_a_method_of_another_class() -> None:
    other = QueryMethod(
        n=1,
        budget=BSQ(k=0, tau=F(1), b=1, p=1),
        start=lambda bits: None,
        query=lambda state: lambda x, y: (0,),
        after=lambda state, answers: state,
        predictor=lambda state: lambda x: 0,
    )
    with pytest.raises(ConstructionError, match="need an fbSQ method"):
        lemma_5b()(other)


def test_a_reading_that_begins_with_a_point_too_many_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    claim = paper_obligations()["lemma5a.tree"]
    assert examine(claim, claim.of).verdict is Verdict.PROVED
    too_many = lambda steps, bits: SampleReading(bits, 1, (((), steps.method.budget.m + 1),))  # noqa: E731
    monkeypatch.setattr(ReadingSteps, "start", too_many)
    assert examine(claim, claim.of).verdict is Verdict.REFUTED
