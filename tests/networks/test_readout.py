"""The read-out: every record at three digits by hand and by the graph, decoding, refusals."""

from fractions import Fraction

import pytest

from constructions.foundations.walks import ForwardRun, forward
from constructions.networks.queries import MINIMAL, PRINTED, REPAIRED, STRONG, Setting, query_graph
from constructions.networks.readout import answer_read

RHO = Fraction(1, 16)
SETTINGS = (PRINTED, *REPAIRED)


def read(setting: Setting, m: int, *, bits: int, prime: bool = False, vc: int = 2) -> ForwardRun:
    graph = query_graph(setting, rho=RHO, bits=bits, prime=prime)
    return forward(graph.with_weight("v0", "v1", setting.resting + m * RHO), {"vc": Fraction(vc)})


@pytest.mark.parametrize(
    ("m", "digits"),
    [
        (0, "000"),
        (1, "001"),
        (2, "010"),
        (3, "011"),
        (4, "100"),
        (5, "101"),
        (6, "110"),
        (7, "111"),
        (8, "111"),
        (13, "111"),
    ],
)
@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_three_digits_of_the_graph_are_those_of_the_record(setting: Setting, m: int, digits: str) -> None:
    run = read(setting, m, bits=3)
    assert [run.out[f"vr{i}"] for i in (2, 1, 0)] == [2 if digit == "1" else -2 for digit in digits]
    assert run.flat("vr0", "vr1", "vr2") is True


@pytest.mark.parametrize("m", range(12))
def test_the_digits_do_not_depend_on_vc_nor_on_q_or_q_prime(m: int) -> None:
    runs = [read(STRONG, m, bits=3, prime=prime, vc=vc) for prime in (False, True) for vc in (0, 2)]
    assert len({tuple(run.out[f"vr{i}"] for i in range(3)) for run in runs}) == 1


@pytest.mark.parametrize(
    ("m", "tops"), [(0, (-42, -18, -6)), (3, (-6, 18, 6)), (4, (6, -18, -6)), (5, (18, -6, 6)), (7, (42, 18, 6))]
)
def test_the_pre_activations_of_three_digits_by_hand(m: int, tops: tuple[int, int, int]) -> None:
    run = read(STRONG, m, bits=3)
    assert tuple(run.pre[f"vr{i}"] for i in (2, 1, 0)) == tops


@pytest.mark.parametrize("m", range(8))
def test_each_digit_is_at_its_nominal_value(m: int) -> None:
    run = read(MINIMAL, m, bits=3)
    for i in range(3):
        assert run.pre[f"vr{i}"] == 12 * (m % 2 ** (i + 1)) - 12 * 2**i + 6


@pytest.mark.parametrize("m", range(12))
def test_the_graph_reads_a_record_or_all_ones_if_it_is_too_large(m: int) -> None:
    run = read(STRONG, m, bits=3)
    assert sum(2**i for i in range(3) if run.out[f"vr{i}"] == 2) == min(m, 7)


def test_decoding_divides_by_the_gain() -> None:
    assert answer_read(MINIMAL, RHO, [1, 0, 1]) == Fraction(5, 16)
    assert answer_read(STRONG, RHO, [1, 0, 1]) == Fraction(5, 12)


def test_no_digit_decodes_to_0() -> None:
    assert answer_read(STRONG, RHO, []) == 0 == answer_read(STRONG, RHO, [0, 0])


def test_the_least_digit_comes_first() -> None:
    assert answer_read(MINIMAL, RHO, [0, 0, 1]) == 4 * answer_read(MINIMAL, RHO, [1, 0, 0])
