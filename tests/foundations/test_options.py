"""Options that were given are told from those that were not."""

from dataclasses import dataclass

from constructions.foundations.options import fields_given


@dataclass(frozen=True)
class Sizes:
    width: int | None = None
    depth: int | None = None
    name: str | None = None


def test_what_is_none_was_not_given_and_nought_and_the_empty_text_were() -> None:
    assert fields_given(Sizes()) == {}
    assert fields_given(Sizes(width=0, name="")) == {"width": 0, "name": ""}
