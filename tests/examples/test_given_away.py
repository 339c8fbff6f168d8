"""The certificate of a reconstructed batch is checked by a program of its own, which notices what is changed."""

from fractions import Fraction
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import pytest

from constructions.strip.binary_field import is_irreducible
from verify.obligations.user_file import load_file

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def checker() -> ModuleType:
    return load_file(EXAMPLES / "check_given_away.py")


@pytest.fixture
def data() -> dict[str, Any]:
    """A certificate for a batch of five points of six bits."""
    random = Random(2)
    batch = [(tuple(random.randrange(2) for _ in range(6)), random.randrange(2)) for _ in range(5)]
    example = load_file(EXAMPLES / "given_away.py")
    found, _ = example.reconstructed(batch, "worst", n=6, b=5, rho=Fraction(1, 4))
    plain: dict[str, Any] = found.as_plain()
    return plain


def test_a_certificate_is_right(checker: ModuleType, data: dict[str, Any]) -> None:
    assert not checker.problem_of(data)


def test_changes_are_noticed(checker: ModuleType, data: dict[str, Any]) -> None:
    (x, y), *rest = data["batch"]
    changed = [
        {"batch": [[x, 1 - y], *rest]},
        {"batch": rest},
        {"update": [str(-Fraction(data["update"][0]) - 1), *data["update"][1:]]},
        {"update": data["update"][1:]},
        {"rho": "4/15"},
        {"modulus": data["modulus"] ^ 1},
        {"held": "3/8"},
    ]
    assert all(checker.problem_of({**data, **change}) for change in changed)


def test_both_programs_call_the_same_polynomials_irreducible(checker: ModuleType) -> None:
    for f in range(2, 256):
        assert checker.is_irreducible(f, f.bit_length() - 1) == is_irreducible(f)
