"""A network with its training settings, and its file."""

from fractions import Fraction

import numpy as np
import pytest

from constructions.errors import ConstructionError
from constructions.foundations.activation import IDENTITY, RELU
from constructions.foundations.network import Fragment
from constructions.networks.flat import flat_network
from constructions.networks.trainable import Trainable


def small(**changed: object) -> Trainable:
    fragment = Fragment(
        inputs=("x1",),
        outputs=("f",),
        edges={("x1", "h"): Fraction(1, 3), ("one", "h"): -4, ("h", "f"): 2},
        constant="one",
    )
    return Trainable(**({"network": flat_network(fragment), "rho": Fraction(1, 16)} | changed))  # type: ignore[arg-type]


def test_a_random_string_sets_signs_and_nothing_else() -> None:
    net = small(sampled=np.array([0]))
    up, down = net.with_random_string([1]), net.with_random_string([0])
    assert (up.network.weights[0], down.network.weights[0]) == (12, -12)
    assert up.network.weights[1:].tolist() == down.network.weights[1:].tolist()


def test_moved_weights_are_put_over_one_scale() -> None:
    net = small().with_moved({1: Fraction(1, 5)})
    assert net.network.scale == 15
    assert [str(w) for _, w in net.network.into(2)] == ["-4", "1/5"]
    assert net.network.into(3) == small().network.into(3)


def test_the_output_may_have_an_activation_of_its_own() -> None:
    assert small()((1,)) == -2
    assert small(last=IDENTITY)((1,)) == -4
    assert small(last=RELU).activation_of_output is RELU


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"rho": Fraction(0)}, "need rho > 0, got 0"),
        ({"rate": Fraction(-1)}, "need rate > 0, got -1"),
        ({"batch": 0}, "need an integer >= 1, got 0, at batch"),
        ({"sampled": np.array([0, 0])}, "need different edges below 3, got others, at sampled"),
        ({"frozen": np.array([3])}, "need different edges below 3, got others, at frozen"),
        ({"frozen": np.array([0.5])}, "need a row of 64-bit integers"),
    ],
)
def test_bad_settings_are_refused(changed: dict[str, object], message: str) -> None:
    with pytest.raises(ConstructionError, match=message):
        small(**changed)


def test_random_strings_of_another_length_and_edges_that_are_not_there_are_refused() -> None:
    with pytest.raises(ConstructionError, match="need a random string of 0 bits, got 1 values"):
        small().with_random_string([1])
    with pytest.raises(ConstructionError, match="need different edges below 3, got others, at moved"):
        small().with_moved({7: 1})
    with pytest.raises(ConstructionError, match="need weights times scale within 2\\^60"):
        small().with_moved({0: Fraction(1, 2**59 + 1)})
