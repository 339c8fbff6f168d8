"""Steps of gradient descent by hand: loss, batch average, clipping, rounding, step size, kinks, bSGD and fbGD."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from constructions.errors import ClippingError, ConstructionError, KinkError
from constructions.foundations.activation import IDENTITY
from constructions.foundations.descent import Descent, refuse_kink, squared_loss
from constructions.foundations.network import Edge, Network
from constructions.foundations.rounding import Choice, clip_or_fail, down, nearest, randomly, up
from constructions.foundations.symbols import to_sympy
from constructions.foundations.terms import REAL, variable
from constructions.foundations.vectors import VectorSum, by_place, entrywise
from tests.rationals import rationals
from verify.discharge.one import examine
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict

QUARTER = Fraction(1, 4)
BIT, BIAS = ("x1", "f"), ("one", "f")


TOPS = ("equation2.batch", "equation1.step")


def line(slope: object = 0, bias: object = 0, **changed: Any) -> Network:
    """f = slope x1 + bias; with another sigma, what that makes of it."""
    given: dict[str, Any] = {"inputs": ("x1",), "outputs": ("f",), "constant": "one", "sigma": IDENTITY}
    return Network(**(given | {"edges": {BIT: slope, BIAS: bias}} | changed))


def descent(**changed: Any) -> Descent:
    """Precision 1/4, rate 1; something may be changed."""
    return Descent(**{"rho": QUARTER} | changed)


SAMPLES = st.lists(st.tuples(st.tuples(st.integers(0, 1)), st.integers(0, 1)), min_size=1, max_size=5)
WEIGHT = rationals(-2, 2, 16)


def test_the_loss_is_half_the_square() -> None:
    assert squared_loss(Fraction(-1, 2), 1) == Fraction(9, 8)


def test_the_derivative_of_the_loss_is_the_difference() -> None:
    f = variable("f", REAL)
    derivative = sympy.diff(to_sympy(squared_loss(f, 1)), to_sympy(f))
    assert sympy.expand(derivative - to_sympy(f - 1)) == 0


def test_the_gradient_of_one_sample_is_the_difference_times_the_input() -> None:
    net = line(QUARTER, QUARTER)
    assert descent().sample_gradient(net, ((1,), 1)) == {BIT: Fraction(-1, 2), BIAS: Fraction(-1, 2)}
    assert descent().sample_gradient(net, ((0,), 1)) == {BIT: 0, BIAS: Fraction(-3, 4)}


@given(slope=WEIGHT, bias=WEIGHT, batch=SAMPLES)
def test_the_batch_gradient_is_the_average_of_clipped_sample_gradients(
    slope: Fraction, bias: Fraction, batch: list[tuple[tuple[int], int]]
) -> None:
    wrong = [(slope * x + bias - y, x) for (x,), y in batch]
    clipped = [max(Fraction(-1), min(Fraction(1), by)) for by, _ in wrong]
    wanted = {
        BIT: sum(c * x for c, (_, x) in zip(clipped, wrong, strict=True)) / len(batch),
        BIAS: sum(clipped) / len(batch),
    }
    assert descent().batch_gradient(line(slope, bias), batch) == wanted


@given(slope=WEIGHT, bias=WEIGHT, first=SAMPLES, rest=SAMPLES)
def test_a_batch_may_come_in_two_parts(slope: Fraction, bias: Fraction, first: list[Any], rest: list[Any]) -> None:
    net, summed = line(slope, bias), VectorSum.of({BIT: 0, BIAS: 0})
    for one in first:
        summed = summed.added(descent().sample_gradient(net, one))
    assert summed.count == len(first) and summed.mean == descent().batch_gradient(net, first)
    assert descent().batch_gradient(net, rest, after=summed) == descent().batch_gradient(net, [*first, *rest])


def test_clipping_comes_before_averaging() -> None:
    assert descent().batch_gradient(line(-3, 2), [((0,), 0), ((1,), 0)])[BIAS] == 0


def test_under_the_other_convention_a_large_entry_is_a_failure() -> None:
    strict = descent(clipping=clip_or_fail)
    assert strict.batch_gradient(line(0, 1), [((1,), 0)]) == {BIT: 1, BIAS: 1}
    with pytest.raises(ClippingError, match=r"^need gradient entries within \[-1, 1\], got 2$"):
        strict.step(line(0, 2), [((1,), 0)])


@pytest.mark.parametrize(("adversary", "moves"), [(nearest, "0"), (down, "0"), (up, "-1/4")])
def test_a_step_moves_by_the_rounding_that_the_adversary_picks(adversary: Any, moves: str) -> None:
    after = descent(adversary=adversary).step(line(0, Fraction(1, 8)), [((0,), 0)])
    assert after.weight(*BIAS) == Fraction(1, 8) + Fraction(moves)


@pytest.mark.parametrize("rate", [Fraction(2), Fraction(1, 3), Fraction(9, 8)])
def test_a_step_subtracts_the_rate_times_the_rounding(rate: Fraction) -> None:
    after = descent(rate=rate).step(line(0, Fraction(1, 2)), [((1,), 0)])
    assert after.edges == {BIT: -rate / 2, BIAS: Fraction(1, 2) - rate / 2}


@given(bias=WEIGHT, batch=SAMPLES, seed=st.integers(0, 9))
def test_an_edge_without_gradient_stays_whoever_rounds(
    bias: Fraction, batch: list[tuple[tuple[int], int]], seed: int
) -> None:
    zeros = [((0,), y) for _, y in batch]
    assert descent(adversary=randomly(seed)).step(line(Fraction(1, 3), bias), zeros).weight(*BIT) == Fraction(1, 3)


def test_the_adversary_is_not_asked_about_a_zero_gradient() -> None:
    seen: list[Choice] = []

    def watching(choice: Choice) -> Fraction:
        seen.append(choice)
        return nearest(choice)

    descent(adversary=watching).step(line(0, Fraction(1, 2)), [((0,), 0)], number=7)
    assert seen == [Choice(BIAS, 7, Fraction(1, 2), (Fraction(1, 2),))]


def test_a_step_that_moves_nothing_gives_the_same_network() -> None:
    net = line(0, 1)
    assert descent().step(net, [((1,), 1)]) is net


def test_a_step_leaves_the_network_before_it_as_it_was() -> None:
    net = line(0, 1)
    descent().step(net, [((1,), 0)])
    assert net == line(0, 1)


def test_a_rounding_that_is_not_valid_stops_the_step() -> None:
    with pytest.raises(
        ConstructionError, match=r"^need one of the valid roundings 1/2 of 1/2, got .*, at edge \('one', 'f'\), step 2$"
    ):
        descent(adversary=lambda choice: Fraction(0)).step(line(0, Fraction(1, 2)), [((0,), 0)], number=2)


KINK = Network(inputs=("x1",), outputs=("f",), edges={BIT: 1, BIAS: 1}, constant="one")


def test_a_kink_stops_the_step_and_names_its_vertex() -> None:
    with pytest.raises(KinkError, match=r"got 2 at vertex 'f'$") as caught:
        descent().batch_gradient(KINK, [((1,), 0)])
    assert caught.value.vertex == "f"
    with pytest.raises(KinkError, match=r"got a kink at vertex 'f'$"):
        descent().step(KINK, [((1,), 0)])


def test_one_sample_on_a_kink_is_enough() -> None:
    with pytest.raises(KinkError):
        descent(at_kink=refuse_kink).step(KINK, [((0,), 0), ((0,), 0), ((1,), 0)])


def test_a_kink_where_the_output_is_right_is_no_obstacle() -> None:
    net = Network(inputs=("x1",), outputs=("f",), edges={BIT: 1, BIAS: 0}, constant="one")
    assert descent().step(net, [((0,), 0)]) is net


@pytest.mark.parametrize("free", [Fraction(1), Fraction(-1), Fraction(1, 7), Fraction(0)])
def test_at_a_kink_any_gradient_within_one_is_valid_also_off_the_grid(free: Fraction) -> None:
    after = descent(at_kink=lambda vertex, edges: {BIAS: free}, rate=Fraction(2)).step(KINK, [((1,), 0)])
    assert after.edges == {BIT: 1, BIAS: 1 - 2 * free}


def test_at_a_kink_the_adversary_sees_the_vertex_and_the_weights() -> None:
    seen: list[object] = []

    def watching(vertex: str, edges: Mapping[Edge, Fraction]) -> dict[Edge, Fraction]:
        seen.append((vertex, dict(edges)))
        return {}

    assert descent(at_kink=watching).step(KINK, [((1,), 0)]) is KINK
    assert seen == [("f", {BIT: 1, BIAS: 1})]


@pytest.mark.parametrize(
    ("free", "message"),
    [
        (
            {BIAS: Fraction(9, 8)},
            r"need gradient entries in \[-1, 1\] at a kink, got Fraction\(9, 8\), at edge \('one', 'f'\), step 4",
        ),
        (
            {BIAS: Fraction(-9, 8)},
            r"need gradient entries in \[-1, 1\] at a kink, got Fraction\(-9, 8\), at edge \('one', 'f'\), step 4",
        ),
        ({BIAS: 0.5}, r"need gradient entries in \[-1, 1\] at a kink, got 0.5, at edge \('one', 'f'\), step 4"),
        ({("x2", "f"): Fraction(0)}, r"need an edge, got none from 'x2' to 'f'"),
    ],
)
def test_at_a_kink_a_gradient_outside_is_refused(free: dict[Edge, Any], message: str) -> None:
    with pytest.raises(ConstructionError, match=f"^{message}$"):
        descent(at_kink=lambda vertex, edges: free).step(KINK, [((1,), 0)], number=4)


def test_bsgd_takes_a_batch_for_each_step_and_counts_from_one() -> None:
    numbers: list[int] = []

    def counting(choice: Choice) -> Fraction:
        numbers.append(choice.step)
        return nearest(choice)

    net = line(0, 1)
    batches = [[((0,), 0)], [((0,), 1)], [((0,), 1)]]
    biases = [after.weight(*BIAS) for after in descent(adversary=counting).bsgd(net, batches)]
    assert biases == [0, 1, 1]
    assert numbers == [1, 2]


def test_fbgd_by_hand() -> None:
    half = descent(rate=Fraction(1, 2))
    assert [after.weight(*BIAS) for after in half.bsgd(line(0, 1), [[((0,), 0)]] * 4)] == [
        Fraction(n, 8) for n in (4, 2, 1, 1)
    ]


@pytest.mark.parametrize("sample", [((1, 0), 1), ((), 1), ((2,), 1), ((1,), 2), ((1,), -1), ((Fraction(1, 2),), 0)])
def test_a_sample_that_does_not_fit_is_refused(sample: Any) -> None:
    with pytest.raises(ConstructionError, match=r"^need 1 bits and a label 0 or 1, got \("):
        descent().step(line(), [sample])


def test_an_empty_batch_is_refused() -> None:
    with pytest.raises(ConstructionError, match=r"^need at least one sample in a batch, got none$"):
        descent().step(line(), [])


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"rho": 0}, "need rho > 0, got rho=0"),
        ({"rho": 0.25}, "need an exact number .*, got the float 0.25, at rho"),
        ({"rate": 0.5}, "need an exact number .*, got the float 0.5, at rate"),
    ],
)
def test_a_descent_has_an_exact_precision_and_rate(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ConstructionError, match=f"^{message}$"):
        descent(**changed)


def value_and_five(descent: Descent, net: Any, sample: Any) -> Any:
    """Clipped gradients that are all 5 too large."""
    return entrywise(lambda entry: descent.clipping(entry) + 5, descent.derivative(net, sample))


def first_sample(descent: Descent, net: Any, batch: Any, number: int = 1) -> Any:
    """An estimate that looks at the first sample only."""
    return by_place(lambda place, v: descent.rounded(place, number, v), descent.batch_gradient(net, batch[:1]))


@pytest.mark.parametrize(
    ("of", "name", "broken"),
    [
        (Descent, "sample_gradient", value_and_five),
        (Descent, "estimate", first_sample),
        (Descent, "bsgd", lambda descent, net, batches: iter([descent.step(net, batch) for batch in batches])),
        (VectorSum, "mean", property(lambda total: entrywise(lambda entry: -7 * entry / total.count, total.totals))),
    ],
    ids=["plus 5", "the first sample only", "always from the first weights", "times -7"],
)
def test_a_broken_step_is_noticed_by_the_top_statements(
    of: Any, name: str, broken: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims = [paper_obligations()[id] for id in TOPS]
    assert [examine(each, each.of).verdict for each in claims] == [Verdict.PROVED] * 2
    monkeypatch.setattr(of, name, broken)
    assert Verdict.REFUTED in [examine(each, each.of).verdict for each in claims]
