"""Numbers as they are written on a command line."""

from fractions import Fraction

import pytest

from constructions.errors import ConstructionError
from verify.arguments.values import RATIONAL, RATIONAL_TEXT, inputs_of, number


def test_a_number_is_read_digit_by_digit() -> None:
    texts = ("0.05", "1/20", " 0.1 ", "3", "-2/4", "+1")
    assert [str(number(text, where="--rho")) for text in texts] == ["1/20", "1/20", "1/10", "3", "-1/2", "1"]


@pytest.mark.parametrize("text", ["", "a", "1e5", "nan", "1/0", "1/2/3", "0.1.2", "1_000", "1" * 41, "\u0663", "1 /2"])
def test_another_text_is_refused_wherever_a_number_is_read(text: str) -> None:
    with pytest.raises(
        ConstructionError, match=r"^need a rational p/q such as 1/20 or 0.05.*, got .*, at --rho$"
    ) as found:
        number(text, where="--rho")
    assert ("of at most 40 digits" in str(found.value)) == (len(text) > 40)
    with pytest.raises(ConstructionError, match="need a rational"):
        RATIONAL.convert(text, None, None)
    with pytest.raises(ConstructionError, match="need a rational"):
        inputs_of((f"x={text}",))


def test_an_option_gets_the_number_or_its_text() -> None:
    assert RATIONAL.convert("0.5", None, None) == Fraction(1, 2) == RATIONAL.convert(Fraction(1, 2), None, None)
    assert RATIONAL_TEXT.convert("0.5", None, None) == "1/2"
