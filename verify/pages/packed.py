"""What a long page holds in small: pieces of HTML that its script unpacks as soon as the page stands.

They are deflated together, so that what is said again and again (the names of facts, links, markup) is said once.
"""

import base64
import json
import zlib

from verify.pages.markup import Markup, Piece, element

LEFT_OUT = "More of each claim is shown by the page's script, which does not run here."


def deflated(text: str) -> str:
    """A text, deflated, in base 85: it ends no script and needs no escape, since for ``<`` and ``&`` stand ``,`` and
    ``.``.

    >>> packed = deflated("</script>")
    >>> zlib.decompress(base64.b85decode(packed.replace(",", "<").replace(".", "&"))).decode()
    '</script>'
    """
    packed = zlib.compress(text.encode("utf-8", "surrogatepass"), 9)
    return base64.b85encode(packed).decode("ascii").replace("<", ",").replace("&", ".")


class Packed:
    """Pieces of a page that stand in one script element, ``held``, each with a place for it on the page.

    >>> packed = Packed()
    >>> packed.put(Markup("<dl></dl>")), len(packed.pieces)
    (Markup('<div data-packed="0"></div>'), 1)
    >>> Packed().held
    Markup('')
    """

    def __init__(self) -> None:
        self.pieces: list[str] = []

    def put(self, piece: Markup) -> Markup:
        """The place for a piece, which is packed.

        >>> Packed().put(Markup("<p>"))
        Markup('<div data-packed="0"></div>')
        """
        self.pieces.append(piece)
        return element("div", data_packed=str(len(self.pieces) - 1))

    def within(self, piece: Markup, *, instead: Piece, class_: str) -> Markup:
        """A place within a line, of a class; what is said ``instead`` stands there until the ``piece`` is unpacked.

        >>> Packed().within(Markup("<math>"), instead="x < y", class_="said")
        Markup('<span class="said" data-packed="0">x &lt; y</span>')
        """
        self.pieces.append(piece)
        return element("span", instead, class_=class_, data_packed=str(len(self.pieces) - 1))

    @property
    def held(self) -> Markup:
        """The pieces as the page holds them; nothing if there are none.

        >>> Packed().held
        Markup('')
        """
        if not self.pieces:
            return Markup("")
        text = deflated(json.dumps(self.pieces, separators=(",", ":")))
        missing = element("noscript", element("p", LEFT_OUT))
        return Markup(f'{missing}<script type="text/plain" id="packed">{text}</script>')
