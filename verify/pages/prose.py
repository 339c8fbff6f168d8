"""Markdown as HTML: headings, lists, tables, code, formulas; what is HTML in it is shown as text."""

import re
from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.token import Token

from verify.pages.markup import Markup, element, escaped
from verify.pages.mathml import typeset

Link = Callable[[str], str]


def prose(text: str, *, below: int = 1, link: Link = str) -> Markup:
    """A text in Markdown as HTML.

    Parameters
    ----------
    text : the Markdown. below : so many levels the headings are lowered. link : what an address becomes; an empty one
        makes its words plain text.

    >>> prose("# One *word*\\n\\n<b>", below=2)
    Markup('<h3>One <em>word</em></h3>\\n<p>&lt;b&gt;</p>\\n')
    >>> "<msup><mn>2</mn><mi>k</mi></msup>" in prose("at 2^k"), "<math>" in prose("at `2^k`")
    (True, False)
    >>> prose("[there](a.md)", link=lambda address: "")
    Markup('<p><span>there</span></p>\\n')
    """
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + below)}"
        if token.children:
            _address(token.children, link)
            token.children = [part for child in token.children for part in _set(child)]
    return Markup(reader.renderer.render(tokens, reader.options, {}))


def _set(token: Token) -> list[Token]:
    """A token, with its formulas typeset if it is text, and with places where its line may end if it is code."""
    if token.type == "code_inline":
        code = Markup(re.sub(r"(?<=\w)([._/])(?=\w)", r"\1<wbr>", escaped(token.content)))
        return [Token("html_inline", "", 0, content=element("code", code))]
    if token.type != "text" or (shown := typeset(token.content)) == escaped(token.content):
        return [token]
    return [Token("html_inline", "", 0, content=shown)]


def _address(tokens: list[Token], link: Link) -> None:
    """Give each link its address, or make it plain text; a picture becomes its words."""
    plain: list[bool] = []
    for token in tokens:
        if token.type == "link_open":
            address = link(str(token.attrs.get("href", "")))
            plain.append(not address)
            token.attrs = {"href": address} if address else {}
            token.tag = "a" if address else "span"
        elif token.type == "link_close":
            token.tag = "span" if plain.pop() else "a"
        elif token.type == "image":
            token.type, token.tag = "text", ""
