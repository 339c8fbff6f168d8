"""The notes as a part of the page: each can be opened, and what links from one to another stays on the page."""

import posixpath
from collections.abc import Mapping
from pathlib import Path

from verify.pages.markup import Markup, anchor, element, joined, place
from verify.pages.mathml import typeset
from verify.pages.packed import Packed
from verify.pages.prose import prose

KIND = "n"
LEFT_OUT = ("map.md", "mutation.md", "reference", "pictures")
"""What is written by a program, and is elsewhere on the page or too long for it."""
GLOSSARY = "glossary.md"


def notes_in(folder: Path) -> dict[str, str]:
    """The notes in a folder by their paths in it, the glossary first; none if it is not there.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     for name in ("a.md", "glossary.md", "map.md"):
    ...         _ = Path(folder, name).write_text("# A note")
    ...     list(notes_in(Path(folder)))
    ['glossary.md', 'a.md']
    """
    paths = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*.md"))}
    kept = [name for name in paths if name not in LEFT_OUT and name.split("/")[0] not in LEFT_OUT]
    kept.sort(key=lambda name: name != GLOSSARY)
    return {name: paths[name].read_text(encoding="utf-8") for name in kept}


def notes_section(notes: Mapping[str, str], packed: Packed) -> Markup:
    """The ``notes``, by their paths; what opens of each is packed.

    >>> made = notes_section({"a.md": "# On a\\n\\nSee [b](b.md)."}, Packed())
    >>> made
    Markup('<details class="claim note-page" id="n-a.md"><summary>On a</summary><div data-packed="0"></div></details>')
    """
    return joined(_note(name, text, notes, packed) for name, text in notes.items())


def _note(name: str, text: str, notes: Mapping[str, str], packed: Packed) -> Markup:
    title, _, rest = text.lstrip("# ").partition("\n")
    body = element("div", prose(rest, below=1, link=lambda address: _within(name, address, notes)), class_="prose")
    return element(
        "details", element("summary", typeset(title)), packed.put(body), class_="claim note-page", id=place(KIND, name)
    )


def _within(name: str, address: str, notes: Mapping[str, str]) -> str:
    """Where a link of a note leads on the page; nothing if it leads out of it."""
    found = posixpath.normpath(posixpath.join(posixpath.dirname(name), address.partition("#")[0]))
    return anchor(KIND, found) if address and found in notes else ""
