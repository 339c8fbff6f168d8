"""Libraries that may be missing."""

import pytest

from constructions.errors import ConstructionError
from constructions.foundations.optional import EXTRAS, optional


def test_a_library_that_is_there_is_itself() -> None:
    assert optional("fractions").Fraction(1, 2) == 0.5


def test_one_that_is_missing_is_asked_for_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EXTRAS, "no_such_library", "more")
    with pytest.raises(ConstructionError, match=r"need no_such_library \(pip install 'querygrad\[more\]'\), got none"):
        optional("no_such_library")
