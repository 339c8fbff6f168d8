"""Q and Q' (Definition 2): weights, walks and gradients by hand, and real steps under every adversary."""

from collections.abc import Callable
from fractions import Fraction

import pytest

from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.descent import Descent, Sample
from constructions.foundations.network import Edge, Fragment, Network
from constructions.foundations.rounding import Adversary, down, nearest, randomly, up
from constructions.foundations.walks import backward, forward
from constructions.networks.budget import error_bounds
from constructions.networks.queries import DYADIC, MINIMAL, PRINTED, REPAIRED, STRONG, Setting, bits_for, query_graph

RHO = Fraction(1, 16)
NINE = (
    ("v0", "v1"),
    ("v1", "v2"),
    ("v1", "v2'"),
    ("v2", "v3"),
    ("v2'", "v3"),
    ("v3", "v4"),
    ("vc", "v2"),
    ("vc", "v2'"),
    ("vc", "v3"),
)
ADVERSARIES: dict[str, Callable[[], Adversary]] = {
    "nearest": lambda: nearest,
    "down": lambda: down,
    "up": lambda: up,
    "randomly 1": lambda: randomly(1),
    "randomly 2": lambda: randomly(2),
}
BATCHES: dict[str, list[Sample]] = {
    "all wrong": [((0,), 1)] * 3,
    "all agreeing": [((0,), 0)] * 3,
    "mixed": [((0,), 1), ((0,), 0), ((1,), 1), ((0,), 0), ((1,), 0), ((0,), 1), ((0,), 1)],
    "one wrong of eleven": [((0,), 1), *[((1,), 1)] * 10],
    "nobody active": [((1,), 1), ((1,), 0)],
}


def q(setting: Setting, prime: bool = False, bits: int = 0) -> Fragment:
    return query_graph(setting, rho=RHO, bits=bits, prime=prime)


def test_the_printed_weights_are_those_of_definition_2() -> None:
    graph = q(PRINTED, bits=4)
    expected: dict[Edge, Fraction | int] = {
        ("v0", "v1"): Fraction(1, 12),
        ("v1", "v2"): 1,
        ("v1", "v2'"): 1,
        ("v2", "v3"): 1,
        ("v2'", "v3"): 1,
        ("v3", "v4"): Fraction(1, 4),
        ("vc", "v2"): 10,
        ("vc", "v2'"): -10,
        ("vc", "v3"): Fraction(-1, 4),
    }
    for i in range(4):
        expected |= {("v1", f"vr{i}"): 12 * 16, ("v0", f"vr{i}"): -16 + 6 - 6 * 16}
        expected |= {(f"vr{i}", f"vr{j}"): -3 * 2**i for j in range(i)}
    assert graph.edges == expected


@pytest.mark.parametrize(
    ("setting", "weight"), [(PRINTED, "-1"), (MINIMAL, "-1/4"), (STRONG, "-3/8"), (DYADIC, "-3/8")]
)
def test_q_prime_differs_from_q_in_one_weight(setting: Setting, weight: str) -> None:
    assert q(setting, bits=2).with_weight("v3", "v4", Fraction(weight)) == q(setting, True, bits=2)


@pytest.mark.parametrize("bits", range(5))
def test_the_size_is_as_documented(bits: int) -> None:
    graph = q(STRONG, bits=bits)
    assert len(graph.order) - 1 == 6 + bits and len(graph.edges) == 9 + 2 * bits + bits * (bits - 1) // 2


def test_idle_pre_activations_by_hand() -> None:
    run = forward(q(STRONG), {"vc": Fraction(2)}, outside={"v4": Fraction(-9, 8)})
    twelfth = Fraction(1, 12)
    assert run.pre == {
        "v1": twelfth,
        "v2": 20 + twelfth,
        "v2'": -20 + twelfth,
        "v3": Fraction(-1, 2),
        "v4": Fraction(-9, 8),
    }
    assert (run.out["v2"], run.out["v2'"], run.out["v3"]) == (2, -2, 0)


@pytest.mark.parametrize(
    ("setting", "prime", "share"),
    [
        (MINIMAL, False, "1/24"),
        (MINIMAL, True, "-1/24"),
        (STRONG, False, "1/16"),
        (DYADIC, True, "-3/64"),
        (PRINTED, True, "-1/6"),
    ],
)
def test_active_pre_activations_by_hand(setting: Setting, prime: bool, share: str) -> None:
    run = forward(q(setting, prime), {"vc": Fraction(0)})
    a = setting.resting
    assert run.pre == {"v1": a, "v2": a, "v2'": a, "v3": 2 * a, "v4": Fraction(share)}


def test_a_written_q_is_idle_at_the_same_pieces() -> None:
    written = q(MINIMAL).with_weight("v0", "v1", Fraction(1, 12) + 17 * RHO)
    run = forward(written, {"vc": Fraction(2)})
    assert (run.pre["v2"], run.pre["v2'"], run.pre["v3"]) == (
        20 + Fraction(55, 48),
        -20 + Fraction(55, 48),
        Fraction(-1, 2),
    )


def gradients(setting: Setting, prime: bool, label: int) -> dict[Edge, Fraction]:
    graph = q(setting, prime)
    rest = setting.pre_activation(RHO, prime=prime) + (setting.share if prime else -setting.share)
    run = forward(graph, {"vc": Fraction(0)}, outside={"v4": rest})
    return dict(backward(run, {"v4": run.out["v4"] - label}).edges)


@pytest.mark.parametrize(("label", "residual"), [(0, Fraction(-1, 8)), (1, Fraction(-9, 8))])
def test_the_nine_gradients_of_the_minimal_q_by_hand(label: int, residual: Fraction) -> None:
    """The output is held at -1/8; v3 -> v4 is 1/4, v0 -> v1 is 1/12, and v3 returns 1/6."""
    r = residual
    expected = [r / 2, r / 48, r / 48, r / 48, r / 48, r / 6, 0, 0, 0]
    assert [gradients(MINIMAL, False, label)[edge] for edge in NINE] == expected


@pytest.mark.parametrize(("label", "residual"), [(0, Fraction(137, 128)), (1, Fraction(9, 128))])
def test_the_nine_gradients_of_the_strong_q_prime_by_hand(label: int, residual: Fraction) -> None:
    """The output is held at 1 + 9/128; v3 -> v4 is -3/8."""
    r = residual
    expected = [-r * 3 / 4, -r / 32, -r / 32, -r / 32, -r / 32, r / 6, 0, 0, 0]
    assert [gradients(STRONG, True, label)[edge] for edge in NINE] == expected


def test_the_record_of_the_minimal_q_is_driven_by_the_papers_amounts() -> None:
    assert gradients(MINIMAL, False, 0)["v0", "v1"] == -RHO
    assert gradients(MINIMAL, False, 1)["v0", "v1"] == -(1 + 2 * RHO) / 2


def test_the_printed_q_prime_would_move_four_times_as_far_and_is_clipped() -> None:
    rest = PRINTED.pre_activation(RHO, prime=True) + Fraction(1, 6)
    run = forward(q(PRINTED, True), {"vc": Fraction(0)}, outside={"v4": rest})
    assert backward(run, {"v4": run.out["v4"]}).edges["v0", "v1"] == -Fraction(9, 8) * 2


@pytest.mark.parametrize("prime", [False, True])
@pytest.mark.parametrize("setting", REPAIRED, ids=lambda setting: setting.name)
def test_an_idle_copy_has_no_gradient_at_all(setting: Setting, prime: bool) -> None:
    run = forward(q(setting, prime, bits=4), {"vc": Fraction(2)}, outside={"v4": Fraction(3, 2)})
    assert set(backward(run, {"v4": Fraction(7)}).edges.values()) == {0}


def test_a_setting_at_another_resting_weight_scales_its_share() -> None:
    changed = STRONG.with_resting(Fraction(1, 2))
    assert (changed.resting, changed.share) == (Fraction(1, 2), Fraction(3, 8))
    assert STRONG.with_resting(DYADIC.resting).share == DYADIC.share


@pytest.mark.parametrize(
    ("setting", "gain"), [(PRINTED, 1), (MINIMAL, 1), (STRONG, Fraction(3, 4)), (DYADIC, Fraction(3, 4))]
)
def test_the_record_gain_by_hand(setting: Setting, gain: Fraction) -> None:
    assert setting.record_gain == gain


def test_held_outputs_by_hand() -> None:
    assert [MINIMAL.output(RHO, prime=prime) for prime in (False, True)] == [Fraction(-1, 8), Fraction(9, 8)]
    assert [STRONG.output(RHO, prime=prime) for prime in (False, True)] == [Fraction(-9, 128), Fraction(137, 128)]


@pytest.mark.parametrize(("rho", "bits"), [("1/2", 1), ("1/3", 2), ("1/4", 2), ("1/16", 4), ("1/17", 5), ("63/500", 3)])
def test_bits_for_by_hand(rho: str, bits: int) -> None:
    assert bits_for(Fraction(rho)) == bits


@pytest.mark.parametrize("rho", [0, 1, -1, Fraction(9, 8)])
def test_bits_for_refuses_a_precision_that_is_too_coarse(rho: Fraction) -> None:
    with pytest.raises(PremiseError, match=f"need 0 < rho < 1, got rho={rho}"):
        bits_for(rho)


@pytest.mark.parametrize("rho", [0, Fraction(-1, 16)])
def test_a_query_graph_needs_a_positive_precision(rho: Fraction) -> None:
    with pytest.raises(ConstructionError, match=f"need rho > 0, got rho={rho}"):
        query_graph(STRONG, rho=rho, bits=2)


def test_a_query_graph_refuses_a_float_and_half_a_digit() -> None:
    with pytest.raises(ConstructionError, match="float"):
        query_graph(STRONG, rho=0.0625, bits=2)
    with pytest.raises(ConstructionError, match="bits"):
        query_graph(STRONG, rho=RHO, bits=Fraction(1, 2))  # type: ignore[arg-type]


@pytest.mark.parametrize("batch", BATCHES.values(), ids=BATCHES)
@pytest.mark.parametrize("adversary", ADVERSARIES.values(), ids=ADVERSARIES)
@pytest.mark.parametrize("prime", [False, True])
@pytest.mark.parametrize("setting", REPAIRED, ids=lambda setting: setting.name)
def test_a_step_records_the_wrong_fraction_within_the_bounds(
    setting: Setting,
    prime: bool,
    adversary: Callable[[], Adversary],
    batch: list[Sample],
    held: Callable[[Fragment, Fraction], Network],
) -> None:
    wrong = 0 if prime else 1
    labelled = [(x, y if not prime else 1 - y) for x, y in batch]
    before = held(q(setting, prime), setting.offset * RHO)
    assert forward(before, {"x1": Fraction(0)}).out["v4"] == setting.output(RHO, prime=prime)
    after = Descent(rho=RHO, rate=setting.rate, adversary=adversary()).step(before, labelled)
    m = (after.weight("v0", "v1") - setting.resting) / RHO
    fm = Fraction(sum(x == (0,) and y == wrong for x, y in labelled), len(labelled))
    low, high = error_bounds(setting)
    assert m.denominator == 1 and m >= 0
    assert low * RHO <= m * RHO / setting.record_gain - fm <= high * RHO


@pytest.mark.parametrize("adversary", ADVERSARIES.values(), ids=ADVERSARIES)
@pytest.mark.parametrize("prime", [False, True])
@pytest.mark.parametrize("setting", REPAIRED, ids=lambda setting: setting.name)
def test_after_its_step_an_idle_copy_never_moves_again(
    setting: Setting, prime: bool, adversary: Callable[[], Adversary], held: Callable[[Fragment, Fraction], Network]
) -> None:
    descent = Descent(rho=RHO, rate=setting.rate, adversary=adversary())
    written = descent.step(held(q(setting, prime), setting.offset * RHO), BATCHES["mixed"])
    later = list(descent.bsgd(written, [[((1,), 1)], [((1,), 0)], [((1,), 1)]]))[-1]
    assert all(later.weight(*edge) == written.weight(*edge) for edge in NINE)


def test_a_step_in_which_nobody_is_active_leaves_the_copy_as_it_was(
    held: Callable[[Fragment, Fraction], Network],
) -> None:
    before = held(q(STRONG), STRONG.offset * RHO)
    after = Descent(rho=RHO, adversary=up).step(before, BATCHES["nobody active"])
    assert {edge for edge in before.edges if before.weight(*edge) != after.weight(*edge)} == {("v0", "v4")}


def test_the_minimal_q_records_18_sixteenths_if_all_are_wrong(held: Callable[[Fragment, Fraction], Network]) -> None:
    """The gradient is -9/16 exactly, 9 multiples of rho that every adversary keeps; the rate 2 makes them 18."""
    for adversary in (down, nearest, up):
        after = Descent(rho=RHO, rate=Fraction(2), adversary=adversary).step(
            held(q(MINIMAL), Fraction(1, 8)), BATCHES["all wrong"]
        )
        assert after.weight("v0", "v1") == Fraction(1, 12) + 18 * RHO
