"""Texts of pictures: what the font has, cut in the middle."""

import io
from collections.abc import Callable

import pytest
from matplotlib.figure import Figure

from verify.drawing.lettering import FONT, LONGEST, LONGEST_TITLE, short, shown, title_of


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("v1", "v1"),
        ("\x1b", "\\x1b"),
        ("a\nb", "a\\nb"),
        ("\udce9", "\\udce9"),
        ("\u05d0 é", "\u05d0 é"),
        ("\u5b57", "\\u5b57"),
        ("\U0001f9ea", "\\U0001f9ea"),
    ],
)
def test_what_the_font_lacks_is_shown_by_its_escape(text: str, found: str) -> None:
    assert shown(text) == short(text) == title_of(text) == found


@pytest.mark.parametrize(("cut", "longest"), [(short, LONGEST), (title_of, LONGEST_TITLE)])
def test_a_long_text_is_cut_in_the_middle(cut: Callable[[str], str], longest: int) -> None:
    assert cut("a" * longest) == "a" * longest
    assert len(cut("a" + "b" * 10**4 + "c")) == longest and cut("a" + "b" * 10**4 + "c")[:: longest - 1] == "ac"


@pytest.mark.filterwarnings("error")
def test_the_drawing_library_has_no_complaint() -> None:
    figure = Figure()
    figure.text(0, 0, shown("".join(map(chr, range(0x3000)))), family=FONT, parse_math=False)
    figure.savefig(io.BytesIO(), format="svg")
