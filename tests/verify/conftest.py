"""A cache of its own for each test, and small files of obligations as a user would write them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.verify.jobs_here import start_no_workers

HEAD = """
from verify.obligations.obligation import obligation
from verify.obligations.verdict import DisagreementError, Verdict
"""
CLAIM = '''

@obligation("{id}", paper="an example", of=lambda case: {of}, twin={twin}, {rest})
def claim(number, case):
    """{id}: twice the integer is the number."""
    {first}
    n = case.integer("n")
    case.assume({premise})
    case.show("even", {fact})
'''
SOUND = {
    "of": "2",
    "twin": "lambda case: 3",
    "rest": "",
    "first": "pass",
    "premise": "n == 1",
    "fact": "2 * n == number",
}


def claim(id: str, **changed: str) -> str:
    """The text of one claim; sound unless something is changed."""
    return CLAIM.format(id=id, **(SOUND | changed))


@pytest.fixture
def no_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Obligations are discharged in this process."""
    start_no_workers(monkeypatch)


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache."""
    place = tmp_path / "cache"
    monkeypatch.setenv("QUERYGRAD_CACHE", str(place))
    return place


@pytest.fixture
def user_file(tmp_path: Path, own_cache: Path) -> Callable[..., Path]:
    """Write a file with the given claims: ``user_file("gadget.py", {"mine.one": {}, "mine.two": {"of": "3"}})``."""

    def write(name: str, claims: dict[str, dict[str, str]]) -> Path:
        path = tmp_path / name
        path.write_text(HEAD + "".join(claim(id, **changed) for id, changed in claims.items()), encoding="utf-8")
        return path

    return write
