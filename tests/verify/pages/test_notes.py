"""The notes on the page: links between them stay on it, others are words, and what is HTML in them is text."""

import base64
import json
import re
import zlib
from pathlib import Path

from tests.verify.pages.test_page import Reader
from verify.pages.claims import Known
from verify.pages.notes import notes_in, notes_section
from verify.pages.packed import Packed
from verify.pages.page import page_of

NOTES = Path(__file__).parents[3] / "proofs_notes"


def test_every_note_is_on_the_page_once_and_its_links_lead_to_notes() -> None:
    notes, packed = notes_in(NOTES), Packed()
    found = Reader(notes_section(notes, packed) + "".join(packed.pieces))
    assert next(iter(notes)) == "glossary.md" and "networks/queries.md" in notes and "map.md" not in notes
    assert len(notes) == len(packed.pieces) == len(set(found.ids)) and not found.open
    assert {link[1:] for link in found.links} <= set(found.ids) and len(found.links) > 100
    assert all(link.startswith("#") for link in found.links)


def test_html_in_a_note_is_text() -> None:
    text = "# A <b>\n\n<script>alert(1)</script> [x](javascript:alert(1)) [y](http://a.b) ![z](z.svg)\n"
    page = page_of([], Known({}), title="notes", notes={"a.md": text})
    held = re.findall(r'id="packed">([^<]*)</script>', page)
    (piece,) = json.loads(zlib.decompress(base64.b85decode(held[0].replace(",", "<").replace(".", "&"))))
    assert "<script" not in piece and "href" not in piece and "<img" not in piece and "&lt;script&gt;" in piece
    assert "A &lt;b&gt;" in page
