"""A value shows itself as its class, or a class above it, is entered; else not at all."""

import pytest

from constructions.foundations.shown import HTML, SHOWS, SVG, Shown


class Half(Shown):
    """A value."""


class Quarter(Half):
    """A value below it."""


def test_a_class_below_is_shown_like_the_one_above(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Quarter()._repr_svg_() is Quarter()._repr_html_() is None
    monkeypatch.setitem(SHOWS, (Half, SVG), lambda value: f"<svg>{type(value).__name__}</svg>")
    monkeypatch.setitem(SHOWS, (Quarter, HTML), lambda value: None)
    assert Quarter()._repr_svg_() == "<svg>Quarter</svg>" and Quarter()._repr_html_() is None
