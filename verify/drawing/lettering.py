"""The texts of a picture: as the font can show them, and short enough.

A character that cannot be printed, or that the font does not have, is shown by its escape, so two names never look
alike for want of letters, and the drawing library is given nothing that it could not draw or write.
"""

from functools import cache

from matplotlib.font_manager import FontProperties, findfont, get_font

from constructions.foundations.spelling import printable

FONT = "DejaVu Sans"
LONGEST, LONGEST_TITLE = 28, 200


def short(text: str) -> str:
    """The text as a picture shows it in a box or on an edge.

    >>> short("on (-oo, -3)"), len(short("1" * 100)), short("x\\x0b")
    ('on (-∞, -3)', 28, 'x\\\\x0b')
    """
    return _cut(shown(text.replace("oo", "∞") if text.startswith("on (") else text), LONGEST)


def title_of(text: str) -> str:
    """The text as a picture shows it above or below.

    >>> len(title_of("1" * 10000))
    200
    """
    return _cut(shown(text), LONGEST_TITLE)


def shown(text: str) -> str:
    """The text by characters that can be printed and that the font has.

    >>> shown("\\u05d0\\u5b57 \\udce9")
    'א\\\\u5b57 \\\\udce9'
    """
    text = printable(text)
    return text if text.isascii() else "".join(char if ord(char) in _letters() else _escape(char) for char in text)


def _cut(text: str, longest: int) -> str:
    """A long text without its middle."""
    return text if len(text) <= longest else f"{text[: longest // 2]}…{text[1 - longest // 2 :]}"


def _escape(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")


@cache
def _letters() -> frozenset[int]:
    """The characters that the font has."""
    return frozenset(get_font(findfont(FontProperties(family=FONT))).get_charmap())
