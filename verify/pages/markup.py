"""Pieces of HTML, and how anything becomes one: what comes from a name in a user's file is always text, never markup.

>>> element("a", "x < 1", href=anchor("o", "a b"), class_="claim")
Markup('<a href="#o-a~20b" class="claim">x &lt; 1</a>')
"""

import html
import urllib.parse
from collections.abc import Iterable

from constructions.foundations.spelling import printable

VOID = frozenset({"br", "input", "meta", "wbr"})
"""Elements without an end."""


class Markup(str):
    """A text that is HTML already."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"Markup({str.__repr__(self)})"


Piece = str | Markup


def escaped(piece: Piece) -> Markup:
    """A piece as HTML: what is no markup is text.

    >>> escaped("<b>"), escaped(Markup("<b>"))
    (Markup('&lt;b&gt;'), Markup('<b>'))
    """
    return piece if isinstance(piece, Markup) else Markup(html.escape(printable(piece)))


def element(name: str, /, *pieces: Piece, **attributes: str) -> Markup:
    """An element with some pieces in it.

    Parameters
    ----------
    name : of the element. pieces : what it holds, in order. attributes : their values, as text; an underscore at the
        end of a name is left out, one within it stands for a hyphen; an empty value leaves the attribute out.
    """
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escaped(value)}"' for key, value in attributes.items() if value
    )
    end = "" if name in VOID else f"{joined(pieces)}</{name}>"
    return Markup(f"<{name}{said}>{end}")


def joined(pieces: Iterable[Piece], between: str = "") -> Markup:
    """Pieces one after the other, with some markup ``between`` them.

    >>> joined(["a", "&"], between=" ")
    Markup('a &amp;')
    """
    return Markup(between.join(map(escaped, pieces)))


def place(kind: str, name: str) -> str:
    """The id of the part of the page about something: of one ``kind`` (``i`` an item, ``o`` a claim, ``e`` a line of
    the errata) and of this name. Different names have different places.

    >>> place("i", "Equation (3)"), place("o", "a~b")
    ('i-Equation~20~283~29', 'o-a~7Eb')
    """
    quoted = urllib.parse.quote(name.encode("utf-8", "surrogatepass"), safe="")
    return f"{kind}-{quoted.replace('~', '%7E').replace('%', '~')}"


def anchor(kind: str, name: str) -> str:
    """The link to the part of the page about something, of this ``kind`` and ``name``; see :func:`place`.

    >>> anchor("i", "Theorem 2a")
    '#i-Theorem~202a'
    """
    return f"#{place(kind, name)}"
