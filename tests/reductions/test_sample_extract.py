"""SAMPLE-EXTRACT: states, laws, FULL, and the reductions run against oracles."""

from dataclasses import replace
from fractions import Fraction
from itertools import product
from random import Random

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.exact import Number
from constructions.foundations.symbols import to_sympy
from constructions.foundations.terms import REAL, variable
from constructions.learning.error import error
from constructions.learning.models import BSQ, PAC, SampleMethod, stopped
from constructions.learning.oracles import highest, lowest, randomly, run, run_rounds
from constructions.learning.problems import Bits, Point, Predictor, Table, uniform
from constructions.reductions.extract_bounds import theorem_z
from constructions.reductions.extract_law import alternating_law, by_words, law
from constructions.reductions.full import Powers, arrangements, full
from constructions.reductions.one_bit import (
    LOOK,
    PREFIX,
    VERSIONS,
)
from constructions.reductions.sample_extract import Extracted, Extracting, Extraction, lemma_1, theorem_2a
from tests.reductions.sample_methods import first_label
from verify.discharge.one import examine
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict

EIGHTH = Fraction(1, 8)


def listing(n: int, m: int) -> SampleMethod:
    """A method that predicts the share of label 1 in its sample."""
    return SampleMethod(
        n=n, budget=PAC(m=m), learn=lambda sample, bits: lambda x: Fraction(sum(y for _, y in sample), m)
    )


D00, D01, D10 = (variable(name, REAL) for name in ("d00", "d01", "d10"))
SYMBOLIC: dict[Bits, Number] = {(0, 0): D00, (0, 1): D01, (1, 0): D10, (1, 1): 1 - (D00 + D01 + D10)}
LOPSIDED = Table(1, {((0,), 0): EIGHTH, ((1,), 1): 1 - EIGHTH})


@pytest.mark.parametrize("name", VERSIONS)
@pytest.mark.parametrize("form", [law, alternating_law])
def test_the_extracted_law_is_the_source_for_symbolic_masses(name, form) -> None:  # type: ignore[no-untyped-def]
    masses = SYMBOLIC
    found = form(VERSIONS[name], masses, 2).law
    differences = [sympy.cancel(to_sympy(found[word]) - to_sympy(masses[word])) for word in masses]
    assert differences == [0] * len(masses)


@pytest.mark.parametrize("name", VERSIONS)
@pytest.mark.parametrize("form", [law, alternating_law])
def test_the_law_for_symbolic_masses_is_the_law_at_numbers(name, form, worth) -> None:  # type: ignore[no-untyped-def]
    numbers = {"d00": Fraction(1, 10), "d01": Fraction(2, 10), "d10": Fraction(3, 10)}
    masses = SYMBOLIC
    source = {word: worth(mass, numbers) for word, mass in masses.items()}
    over, at = form(VERSIONS[name], masses, 2), form(VERSIONS[name], source, 2)
    assert worth(over.rounds, numbers) == at.rounds and worth(over.empty, numbers) == at.empty
    assert {word: worth(mass, numbers) for word, mass in over.law.items()} == at.law


@pytest.mark.parametrize("name", VERSIONS)
@pytest.mark.parametrize("label", [0, 1])
def test_the_alternating_form_may_start_in_a_round_of_either_label(name: str, label: int) -> None:
    assert alternating_law(VERSIONS[name], LOPSIDED, 3, label=label).law == by_words(LOPSIDED)


def test_expected_rounds_of_a_uniform_source_of_two_points() -> None:
    source = uniform(1, lambda x: x[0])
    assert law(PREFIX, source, 2).rounds == 1 + 1 / (1 - Fraction(1, 4))
    assert law(PREFIX, source, 1).rounds == 1
    assert law(LOOK, source, 2).rounds == Fraction(1, 2) + Fraction(1, 2) * (1 + 1 / (1 - Fraction(1, 4)))


def test_empty_rounds_of_the_rare_label_stay_below_theorem_z() -> None:
    rare: dict[tuple[int, ...], Fraction] = {
        (0, 0): 1 - Fraction(1, 100),
        (1, 0): Fraction(1, 200),
        (1, 1): Fraction(1, 200),
    }
    empty = law(PREFIX, rare, 2).empty
    assert Fraction(9, 10) * theorem_z(2, Fraction(1), 2) < empty <= theorem_z(2, Fraction(1), 2)


@pytest.mark.parametrize("build", [theorem_2a, lemma_1])
@pytest.mark.parametrize("name", VERSIONS)
@pytest.mark.parametrize("oracle", [highest, lowest, randomly(3)])
def test_a_run_returns_the_points_of_the_source_against_any_oracle(build, name, oracle) -> None:  # type: ignore[no-untyped-def]
    source = uniform(2, lambda x: x[0] & x[1])
    method = SampleMethod(
        n=2, budget=PAC(m=3), learn=lambda sample, bits: lambda x: int(all(y == (z[0] & z[1]) for z, y in sample))
    )
    made = build(2, b=3, tau=Fraction(1, 7), delta=Fraction(1, 1000), version=VERSIONS[name])(method)
    assert run(made, source, oracle=oracle, seed=5)((0, 0)) == 1


def test_the_sample_of_many_runs_has_the_frequencies_of_the_source() -> None:
    made = theorem_2a(1, b=3, tau=Fraction(1, 7), delta=Fraction(1, 50), version=LOOK)(first_label(1))
    ones = sum(run(made, LOPSIDED, oracle=lowest, seed=seed)((0,)) for seed in range(300))
    assert abs(ones / 300 - 7 / 8) < 0.08


@pytest.mark.parametrize("build", [theorem_2a, lemma_1])
def test_states_are_hashable_and_carry_an_undecided_coin(build) -> None:  # type: ignore[no-untyped-def]
    made = build(1, b=3, tau=Fraction(1, 7), delta=Fraction(1, 4))(first_label(1))
    mixed = (((0,), 0), ((1,), 1), ((1,), 1))
    string = (1,) + (0,) * (made.budget.r - 1)
    state = run_rounds(replace(made, budget=replace(made.budget, k=1)), LOPSIDED, highest, string, (mixed,))
    assert isinstance(state, Extracting)
    assert state.coin is not None and state.coin.theta == Fraction(1, 3)
    assert len({state, state}) == 1
    assert made.ask(state, 2)((1,), 1) == (0,) * made.budget.p


def test_a_run_out_of_rounds_predicts_one_half() -> None:
    made = theorem_2a(1, b=2, tau=Fraction(1, 5), delta=Fraction(1, 4))(first_label(1))
    assert made.predictor(made.start((0,) * made.budget.r))((0,)) == Fraction(1, 2)
    assert made.predictor(Extracted(((1, 0),), ()))((0,)) == 1


@pytest.mark.parametrize("build", [theorem_2a, lemma_1])
def test_the_exact_error_grows_by_delta_at_most(build) -> None:  # type: ignore[no-untyped-def]
    delta = Fraction(1, 10)
    made = build(1, b=1, tau=Fraction(1, 3), delta=delta)(first_label(1))
    sure = Table(1, {((1,), 1): Fraction(1)})
    assert error(made, sure) <= delta
    assert error(made, LOPSIDED) <= error(first_label(1), LOPSIDED) + delta


@pytest.mark.parametrize("build", [theorem_2a, lemma_1])
@pytest.mark.parametrize("name", VERSIONS)
@pytest.mark.parametrize("b", [2, 3])
def test_the_error_by_rounds_is_the_error_by_strings(build, name, b: int) -> None:  # type: ignore[no-untyped-def]
    method = SampleMethod(n=1, budget=PAC(m=1, r=1), learn=lambda sample, bits: lambda x: sample[0][1] ^ bits[0] & x[0])
    made = stopped(
        build(1, b=b, tau=Fraction(1, 7), delta=Fraction(1, 2), version=VERSIONS[name], bits=2 - (b == 2))(method), 3
    )
    assert made.fresh == 2 - (b == 2) and made.budget.r <= 8
    assert error(made, LOPSIDED) == error(replace(made, fresh=0, refill=None), LOPSIDED)


def test_the_exact_error_of_a_method_with_many_random_bits() -> None:
    made = theorem_2a(1, b=3, tau=Fraction(1, 7), delta=Fraction(1, 200))(first_label(1))
    assert made.budget.r > 16
    assert 0 < abs(error(made, LOPSIDED) - error(first_label(1), LOPSIDED)) < Fraction(1, 10**4)
    with pytest.raises(PremiseError, match="need at most 16 random bits"):
        error(replace(made, fresh=0, refill=None), LOPSIDED)


def test_too_few_rounds_break_the_simulation() -> None:
    made = theorem_2a(1, b=2, tau=Fraction(1, 5), delta=Fraction(1, 10))(first_label(1))
    short = stopped(made, 1)
    assert error(short, Table(1, {((1,), 1): Fraction(1)})) > Fraction(1, 10)


@pytest.mark.parametrize(
    ("version", "expected", "p"), [(PREFIX, 20 * (4 + 9), 9), (LOOK, 20 * (1 + 3), 17)], ids=["prefix", "look"]
)
def test_the_budget_is_the_least_that_markov_allows(version, expected: int, p: int) -> None:  # type: ignore[no-untyped-def]
    """(n + 1 - 1)/2 = 4 empty rounds and 9 idle ones with one bit a round; LOOK has 1 and, with two bits, 3. 8 times
    1/20 is 2/5."""
    k = 20 * 9 + expected * 5 // 2 - 1
    made = theorem_2a(8, b=4, tau=Fraction(1, 16), delta=Fraction(1, 20), version=version).budget(PAC(m=20, r=3))
    assert isinstance(made, BSQ) and (made.k, made.p) == (k, p)
    assert (made.r - 3) % k == 0


@given(
    st.integers(0, 9),
    st.integers(1, 9),
    st.integers(0, 30),
    st.fractions(Fraction(1, 1000), 3),
    st.sampled_from(sorted(VERSIONS)),
    st.booleans(),
)
def test_one_further_round_less_would_lose_more_than_delta(
    n: int, b: int, m: int, delta: Fraction, version: str, alternating: bool
) -> None:
    how = Extraction(n=n, b=b, tau=Fraction(1, 4 * b), delta=delta, version=VERSIONS[version], alternating=alternating)
    expected, further = how.expected_further_rounds(m), how.further_rounds(m)
    assert expected == m * (how.empty_rounds + how.idle_rounds) and how.rounds(m) == m * how.certain_rounds + further
    assert min(Fraction(1), expected / (further + 1)) / 8 <= delta
    assert further == 0 or expected / further / 8 > delta


def test_a_batch_of_one_needs_no_random_bits() -> None:
    assert theorem_2a(8, b=1, tau=Fraction(1, 3), delta=EIGHTH).budget(PAC(m=2, r=5)).r == 5


def test_the_premise_is_quoted_with_its_numbers() -> None:
    with pytest.raises(PremiseError, match=r"b tau < 1/2, got b tau = 4 \* 1/8 = 1/2"):
        theorem_2a(2, b=4, tau=EIGHTH, delta=EIGHTH)
    with pytest.raises(PremiseError, match=r"b tau < 1/2, got b tau = 4 \* 1/8 = 1/2"):
        full(2, b=4, tau=EIGHTH)
    with pytest.raises(PremiseError, match="delta > 0"):
        lemma_1(2, b=1, tau=EIGHTH, delta=Fraction(0))
    with pytest.raises(PremiseError, match="at least one random bit"):
        theorem_2a(2, b=3, tau=EIGHTH, delta=EIGHTH, bits=0)
    with pytest.raises(PremiseError, match="a method on n=2 bits, got one on n=1"):
        theorem_2a(2, b=1, tau=EIGHTH, delta=EIGHTH)(first_label(1))


def test_a_tolerance_of_zero_is_taken_and_a_negative_delta_is_refused() -> None:
    for build in (theorem_2a, lemma_1):
        assert " tau=Fraction(0, 1)" in str(build(2, b=2, tau=Fraction(0), delta=EIGHTH).budget(PAC(m=1)))
    assert " tau=Fraction(0, 1)" in str(full(2, b=2, tau=Fraction(0)).budget(PAC(m=1)))
    with pytest.raises(PremiseError, match="need delta > 0, got -1/8"):
        theorem_2a(2, b=1, tau=EIGHTH, delta=-EIGHTH)


@given(st.integers(1, 10), st.integers(1, 12), st.integers(0, 10**6))
def test_full_reads_large_batches(width: int, b: int, seed: int) -> None:
    source = Random(seed)
    few = [tuple(source.randrange(2) for _ in range(width)) for _ in range(max(1, b // 2))]
    batch = [source.choice(few) for _ in range(b)]
    ask = Powers(width, b)
    assert ask.read(ask.counts(batch)) == tuple(sorted(batch))


def test_counts_of_no_batch_are_refused() -> None:
    ask = Powers(2, 2)
    refused = 0
    for counts in product(range(3), repeat=ask.parallel):
        try:
            ask.read(counts)
        except ConstructionError:
            refused += 1
    assert 0 < refused < 3**ask.parallel


def test_full_loses_nothing_though_the_order_matters() -> None:
    method = first_label(3)
    made = full(1, b=2, tau=Fraction(1, 5))(method)
    assert (made.budget.k, made.budget.r) == (2, 0)
    assert error(made, LOPSIDED) <= error(method, LOPSIDED)


def test_a_symmetric_method_needs_no_other_order_of_a_large_batch() -> None:
    sizes: list[int] = []

    def learn(sample: tuple[Point, ...], bits: Bits) -> Predictor:
        sizes.append(len(sample))
        return lambda x: 0

    made = full(2, b=30, tau=Fraction(1, 61), symmetric=True)(SampleMethod(n=2, budget=PAC(m=60), learn=learn))
    assert run(made, uniform(2, lambda x: x[0]), seed=1)((0, 0)) == 0 and sizes == [
        60
    ]  # 30! orders are not gone through


def test_a_symmetric_method_keeps_its_error_under_full_with_a_part_of_a_batch() -> None:
    method = listing(1, 3)
    by_parts, by_orders = (full(1, b=2, tau=Fraction(1, 5), symmetric=symmetric)(method) for symmetric in (True, False))
    assert error(by_parts, LOPSIDED) == error(by_orders, LOPSIDED) <= error(method, LOPSIDED)


def test_too_many_orders_are_refused() -> None:
    made = full(3, b=10, tau=Fraction(1, 21))(
        SampleMethod(n=3, budget=PAC(m=20), learn=lambda sample, bits: lambda x: 0)
    )
    state = made.start(())
    batch = tuple((*((i >> j & 1) for j in range(4)),) for i in range(10))
    with pytest.raises(PremiseError, match="orders of the batches"):
        made.predictor(state._replace(batches=(batch, batch)))  # type: ignore[attr-defined]


def test_as_many_orders_as_are_allowed_are_gone_through(monkeypatch: pytest.MonkeyPatch) -> None:
    made = full(1, b=2, tau=Fraction(1, 5))(first_label(2))
    state = made.start(())._replace(batches=(((0, 0), (1, 0)),))  # type: ignore[attr-defined]
    monkeypatch.setattr("constructions.reductions.full.MOST_ARRANGEMENTS", 2)
    assert made.predictor(state)((0,)) == Fraction(1, 2)
    monkeypatch.setattr("constructions.reductions.full.MOST_ARRANGEMENTS", 1)
    with pytest.raises(PremiseError, match=r"need at most 1 orders of the batches .*, got 2"):
        made.predictor(state)


def test_arrangements_are_all_orders_once() -> None:
    found = list(arrangements(((0,), (0,), (1,), (1,))))
    assert len(found) == len(set(found)) == 6


def test_the_words_of_a_source_put_the_label_first() -> None:
    assert by_words(LOPSIDED) == {(0, 0): EIGHTH, (1, 1): 1 - EIGHTH}


def test_a_budget_without_the_further_rounds_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    claim = paper_obligations()["theorem2a.learns"]
    assert examine(claim, claim.of).verdict is Verdict.PROVED
    monkeypatch.setattr(Extraction, "rounds", lambda how, m: m * how.certain_rounds)
    assert examine(claim, claim.of).verdict is Verdict.REFUTED
