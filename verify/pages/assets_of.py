"""The files that pages are made of, beside this module: their styles, their scripts, and what they say in any case."""

from importlib import resources


def asset(name: str) -> str:
    """The text of one of these files.

    >>> asset("page.js").startswith('"use strict";')
    True
    """
    return resources.files("verify.pages").joinpath("assets", name).read_text(encoding="utf-8")
