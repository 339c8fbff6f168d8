"""A name is found, and another one is refused with the names that are close to it."""

import pytest

from constructions.errors import ConstructionError
from constructions.foundations.naming import check_name, named, suggestion


def test_a_name_is_found() -> None:
    assert named({"one": 1, "two": 2}, "two", "number") == 2
    check_name(("one", "two"), "two", "number")


@pytest.mark.parametrize(("written", "close"), [("list", "decision-list"), ("CONJUNCTION", "query-conjunction")])
def test_an_old_or_short_name_leads_to_the_whole_one(written: str, close: str) -> None:
    with pytest.raises(ConstructionError, match=rf"need a learner among .*, got '{written}' \(close: {close}\)$"):
        named(dict.fromkeys(("parity", "decision-list", "query-conjunction")), written, "learner")


def test_nothing_is_suggested_for_a_name_like_no_other() -> None:
    assert suggestion("halting", ["parity", "literal"]) == ""
