"""A refusal counts, whether or not it is caught, while a claim is stated and only then."""

import pytest

from constructions.foundations.refusals import LanguageError, refusal, statement


def test_a_refusal_that_is_caught_is_raised_at_the_end_of_the_statement() -> None:
    with pytest.raises(LanguageError, match=r"^first$"), statement() as noted:
        for message in ("first", "second"):
            try:
                raise refusal(message)
            except LanguageError:
                pass
        assert noted == ["first", "second"]


def test_a_statement_without_refusals_ends_in_peace_and_so_does_what_comes_after() -> None:
    with statement() as noted:
        pass
    assert noted == []
    refusal("outside")
    with statement() as noted:
        pass
    assert noted == []


def test_a_refusal_belongs_to_the_innermost_statement() -> None:
    with statement() as outer:
        with pytest.raises(LanguageError), statement():
            refusal("inner")
        assert outer == []


def test_a_statement_that_breaks_is_over() -> None:
    with pytest.raises(ZeroDivisionError), statement():
        refusal("noted")
        raise ZeroDivisionError
    with statement() as noted:
        assert noted == []
