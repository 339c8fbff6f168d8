"""Runs of ``querygrad theorem``: what their tests share."""

import json
from pathlib import Path
from typing import Any

import pytest

from verify.commands.main import main

SMALL = ["--bits", "3", "--samples", "4", "--runs", "60"]


def printed(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    """What the command prints."""
    assert main(["theorem", *arguments]) == code
    return capsys.readouterr().out


def kept(path: Path) -> dict[str, Any]:
    """What a file holds."""
    found = json.loads(path.read_text())
    assert isinstance(found, dict)
    return found
