"""What the notes show of PyTorch, run where PyTorch is installed."""

import re

import pytest

from tests.house.rules import ROOT
from tests.house.transcripts import snippet_fails

pytestmark = pytest.mark.torch
PAGE = ROOT / "proofs_notes" / "elsewhere.md"
BLOCK = re.compile(r"^```pycon\n(.*?)^```", flags=re.M | re.S)


def test_a_module_is_read_as_the_notes_show() -> None:
    pytest.importorskip("torch")
    text = PAGE.read_text(encoding="utf-8")
    blocks = [(each[1], text[: each.start()].count("\n") + 1) for each in BLOCK.finditer(text)]
    assert any("read_torch" in block for block, _ in blocks)
    assert not [wrong for block, line in blocks if (wrong := snippet_fails(block, PAGE.name, line))]
