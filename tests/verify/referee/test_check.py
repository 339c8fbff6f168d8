"""The referee accepts what was played, and refuses each thing that is changed in it."""

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from constructions.learning.learners import best_literal
from constructions.learning.parities import integers, transform
from constructions.learning.parity_game import play_against
from verify.referee.__main__ import main
from verify.referee.check import MalformedError, RefusedError, check, signed_sums
from verify.reports.lowerbound_json import GameToTell, transcript


def played() -> dict[str, Any]:
    game = play_against(best_literal(4, b=1, tau="1/8"))
    told = GameToTell(name="literal", digest=None, game=game, answers="shifted", seed=0, seconds=0.0)
    return json.loads(json.dumps(transcript(told)))  # type: ignore[no-any-return]


def data(said: dict[str, Any]) -> bytes:
    return json.dumps(said).encode()


def test_a_game_is_true() -> None:
    said = played()
    found = check(data(said))
    assert (found.left, found.target, found.queries) == (said["left"], said["target"], 10)
    assert found.bound == Fraction(found.left - 1, 8 * found.left) and str(found.loss) == said["loss"]


def changed(name: str) -> Callable[[dict[str, Any]], None]:
    """One thing that is said otherwise."""
    return {
        "an answer": lambda said: said["queries"][0].update(answer="7/8"),
        "an answer by a little": lambda said: said["queries"][0].update(answer="41/64"),
        "an answer above 1": lambda said: said["queries"][0].update(answer="2"),
        "the count at a query": lambda said: said["queries"][1].update(left=16),
        "the count": lambda said: said.update(left=said["left"] - 1),
        "a target that fell": lambda said: said.update(target=1),
        "another target": lambda said: said.update(target=0),
        "the loss": lambda said: said.update(loss="3/8"),
        "the average": lambda said: said.update(average="1/8"),
        "the bound": lambda said: said.update(bound="1/8"),
        "no bound": lambda said: said.update(bound=None),
        "nothing named": lambda said: said.update(target=None),
        "a prediction": lambda said: said["predictions"]["values"].__setitem__(3, 5),
        "a query": lambda said: said["queries"][3]["one"].__setitem__(slice(None), [0] * 16),
        "the tolerance": lambda said: said.update(tolerance="1/2"),
        "a tolerance below 0": lambda said: said.update(tolerance="-1/64"),
    }[name]


@pytest.mark.parametrize(
    "name",
    [
        "an answer",
        "an answer by a little",
        "an answer above 1",
        "the count at a query",
        "the count",
        "a target that fell",
        "another target",
        "the loss",
        "the average",
        "the bound",
        "no bound",
        "nothing named",
        "a prediction",
        "a query",
        "the tolerance",
        "a tolerance below 0",
    ],
)
def test_what_is_changed_is_refused(name: str) -> None:
    said = played()
    changed(name)(said)
    with pytest.raises(RefusedError) as refused:
        check(data(said))
    assert not isinstance(refused.value, MalformedError)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        (b"[]", "a JSON object"),
        (b"{", "JSON in ASCII"),
        (b'{"kind": 1, "kind": 2}', "a key twice"),
        (b'{"kind": 0.5}', "the number 0.5"),
        (b"\xff", "JSON in ASCII"),
        (b'{"kind": "x"}', "the entries of a transcript"),
    ],
)
def test_what_is_no_transcript_is_malformed(text: bytes, match: str) -> None:
    with pytest.raises(MalformedError, match=match):
        check(text)


@pytest.mark.parametrize(
    ("key", "value", "match"),
    [
        ("format", 2, "of format 1"),
        ("bits", -1, "a whole number from 0 to 20"),
        ("bits", 5, "32 whole numbers"),
        ("tolerance", 1, "a rational p/q"),
        ("queries", {}, "a list of queries"),
        ("predictions", [], "the entries denominator and values"),
        ("target", 16, "a whole number from 0 to 15"),
    ],
)
def test_another_value_is_malformed(key: str, value: Any, match: str) -> None:
    with pytest.raises(MalformedError, match=match):
        check(data(played() | {key: value}))


def test_a_value_above_one_is_malformed() -> None:
    said = played()
    said["queries"][0]["one"][0] = 9
    with pytest.raises(MalformedError, match=r"values in \[-1, 1\], at query 1"):
        check(data(said))


def test_both_transforms_agree() -> None:
    values = [3, -1, 4, 1, -5, 9, 2, -6]
    assert signed_sums(values) == transform(integers(values)).tolist()


def test_exit_codes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "game.json"
    file.write_bytes(data(played()))
    assert main([str(file)]) == 0 and capsys.readouterr().out.startswith("TRUE: 10 queries about 4 bits")
    file.write_bytes(data(played() | {"left": 1}))
    assert main([str(file)]) == 1 and capsys.readouterr().err.startswith("refused: need the number of targets left")
    file.write_bytes(b"{")
    assert main([str(file)]) == 2 == main([str(tmp_path / "none.json")])
