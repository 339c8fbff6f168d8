"""Forged transcripts: whatever is changed, the referee refuses in one line, and has no trouble of its own."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from constructions.learning.learners import best_literal
from constructions.learning.parity_game import play_against
from verify.referee.__main__ import main
from verify.reports.lowerbound_json import GameToTell, transcript


@cache
def text() -> str:
    """A true transcript about three bits."""
    game = play_against(best_literal(3, b=1, tau="1/8"), answers="shifted")
    told = GameToTell(name="literal", digest=None, game=game, answers="shifted", seed=0, seconds=0.0)
    return json.dumps(transcript(told))


def ruled(data: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """The exit code of the referee on these bytes, and what it says to standard error."""
    file = tmp_path / "game.json"
    file.write_bytes(data)
    code = main([str(file)])
    error = capsys.readouterr().err
    assert error.count("\n") == (code != 0) and "Traceback" not in error and "error of the referee" not in error
    return code, error


LOOKED_AT = ("bits", "tolerance", "queries", "predictions", "left", "target", "loss", "average", "bound")
ODD: tuple[Any, ...] = (
    None,
    True,
    False,
    -1,
    2**70,
    10**4000,
    "",
    "x",
    "1/0",
    "01",
    "1e3",
    "-0/0",
    " 1",
    "1" * 2000,
    [],
    {},
)
ODD += ([[]], {"a": 1}, "½", "١")


def places(said: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where in a transcript there is a value that is looked at."""
    if path and path[0] not in LOOKED_AT:
        return
    if path:
        yield path
    inner = said.items() if isinstance(said, dict) else enumerate(said) if isinstance(said, list) else ()
    for key, value in inner:
        yield from places(value, (*path, key))


def with_value(path: tuple[Any, ...], value: Any) -> Any:
    """The transcript with another value at a place."""
    said = json.loads(text())
    at = said
    for key in path[:-1]:
        at = at[key]
    same = at[path[-1]] == value and type(at[path[-1]]) is type(value)
    at[path[-1]] = value
    return None if same else said


def test_the_transcript_itself_is_true(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ruled(text().encode(), tmp_path, capsys) == (0, "")


@pytest.mark.parametrize("seed", range(6))
def test_odd_values_at_every_place_are_refused(seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    random = Random(seed)
    everywhere = list(places(json.loads(text())))
    assert len(everywhere) > 100
    for path in random.sample(everywhere, 60):
        said = with_value(path, random.choice(ODD))
        if said is not None:
            code, _ = ruled(json.dumps(said).encode(), tmp_path, capsys)
            assert code in (1, 2) or still_true(path), path


@pytest.mark.parametrize("seed", range(4))
def test_numbers_a_little_off_at_every_place_are_refused(
    seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    random, said = Random(seed), json.loads(text())
    numbers = [path for path in places(said) if type(value_at(said, path)) is int and path[-1] != "denominator"]
    for path in random.sample(numbers, 40):
        forged = with_value(path, value_at(said, path) + random.choice((-1, 1)))
        code, _ = ruled(json.dumps(forged).encode(), tmp_path, capsys)
        assert code in (1, 2) or still_true(path), path


def value_at(said: Any, path: tuple[Any, ...]) -> Any:
    """What stands at a place."""
    for key in path:
        said = said[key]
    return said


def still_true(path: tuple[Any, ...]) -> bool:
    """A value of a query may be another one, if the answer is still valid for all that are left: then it is another
    game, and a true one."""
    return path[0] == "queries" and path[2] in ("zero", "one")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"",
        lambda data: b"\n",
        lambda data: data[: len(data) // 2],
        lambda data: data[:-1],
        lambda data: data + b"}",
        lambda data: data + data,
        lambda data: data.decode().encode("utf-16"),
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.replace(b'"denominator"', b'"denominator": 1, "denominator"', 1),
        lambda data: data.replace(b'"1/8"', b"NaN", 1),
        lambda data: data.replace(b'"1/8"', b"Infinity", 1),
        lambda data: data.replace(b'"1/8"', b"-Infinity", 1),
        lambda data: data.replace(b'"1/8"', b"0.125", 1),
        lambda data: data.replace(b'"1/8"', b"1e400", 1),
        lambda data: data.replace(b'"1/8"', b'"' + b"9" * 5000 + b'"', 1),
        lambda data: data.replace(b"[0,", b"[" + b"9" * 5000 + b",", 1),
        lambda data: b"[" * 100_000 + b"]" * 100_000,
        lambda data: b'{"kind":' * 50_000 + b"1" + b"}" * 50_000,
        lambda data: b"null",
        lambda data: b'"text"',
        lambda data: bytes(range(256)),
    ],
)
def test_other_bytes_are_malformed(
    spoil: Callable[[bytes], bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = text().encode()
    assert spoil(data) != data
    assert ruled(spoil(data), tmp_path, capsys)[0] == 2


@pytest.mark.parametrize("where", ["", "queries", "predictions"])
def test_a_key_more_or_less_is_malformed(where: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for key in (None, *list(inner(json.loads(text()), where))):
        said = json.loads(text())
        if key is None:
            inner(said, where)["note"] = 1
        else:
            del inner(said, where)[key]
        assert ruled(json.dumps(said).encode(), tmp_path, capsys)[0] == 2, key


def inner(said: Any, where: str) -> Any:
    """The transcript, its predictions or its first query."""
    return said["queries"][0] if where == "queries" else said[where] if where else said


def test_queries_that_are_left_out_or_come_twice_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = json.loads(text())
    fell = next(i for i in range(1, 8) if said["queries"][i]["left"] < said["queries"][i - 1]["left"])
    all_of_them: list[Any] = said["queries"]
    for queries in (all_of_them[:fell] + all_of_them[fell + 1 :], all_of_them[:0], all_of_them[::-1]):
        forged = deepcopy(said) | {"queries": queries}
        assert ruled(json.dumps(forged).encode(), tmp_path, capsys)[0] == 1


def test_more_bits_than_there_are_points_is_malformed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for bits in (2, 4, 20, 21, 10**9):
        assert ruled(json.dumps(json.loads(text()) | {"bits": bits}).encode(), tmp_path, capsys)[0] == 2
