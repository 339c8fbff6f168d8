"""The cache: found again if nothing changed, a miss otherwise, never a crash, never an unknown."""

import dataclasses
import json
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from constructions.errors import ConstructionError
from constructions.foundations.files import ROOT
from verify.discharge import cache as cache_module
from verify.discharge import seen
from verify.discharge.cache import FORM, PACKAGES, Cache, digest, project_sources, surroundings
from verify.discharge.files_read import FileRead, digest_of
from verify.discharge.one import discharge
from verify.discharge.result import Result
from verify.discharge.result_json import from_json, to_json
from verify.obligations import sources as sources_module
from verify.obligations.catalogue import paper_obligations
from verify.obligations.sources import read_sources
from verify.obligations.user_file import claims_of
from verify.obligations.verdict import Fault, Verdict
from verify.provers.outcome import Examination, FactFinding
from verify.screen.files import write_text

Write = Callable[..., Path]
Kept = tuple[Cache, str, Result]
PARTS = 20
"""In so many parts the sources are changed one by one."""


@pytest.fixture
def kept(own_cache: Path) -> Kept:
    """A cache with one result in it: cache, key, result."""
    obligation = paper_obligations()["sigma.figure"]
    cache, result = Cache.open(), discharge(obligation)
    key = cache.key(obligation, 60)
    cache.put(key, result)
    return cache, key, result


def test_a_result_is_found_again_and_marked(kept: Kept) -> None:
    cache, key, result = kept
    assert cache.get(key, result.id) == replace(result, cached=True)


def test_results_survive_the_way_through_json(user_file: Write) -> None:
    path = user_file("wrong.py", {"mine.wrong": {"of": "3"}})
    for obligation in (*claims_of(read_sources(path)).obligations.values(), paper_obligations()["lemma3b.vc.printed"]):
        result = discharge(obligation)
        assert from_json(json.loads(json.dumps(to_json(result))), Result) == result


def test_the_key_depends_on_id_budget_seconds_and_sources(kept: Kept) -> None:
    cache, key, _ = kept
    obligation = paper_obligations()["sigma.figure"]
    other = dataclasses.replace(obligation, budget=obligation.budget + 1)
    keys = {
        key,
        cache.key(other, 60),
        cache.key(obligation, 61),
        cache.key(paper_obligations()["sigma.slope"], 60),
        dataclasses.replace(cache, sources="changed").key(obligation, 60),
    }
    assert len(keys) == 5
    assert Cache.open().key(obligation, 60) == key


def test_the_key_depends_on_the_form_in_which_results_are_kept(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    cache, key, _ = kept
    monkeypatch.setattr("verify.discharge.cache.FORM", FORM + 1)
    assert cache.key(paper_obligations()["sigma.figure"], 60) != key


def test_the_sources_are_all_the_files_of_the_packages_that_verdicts_rest_on() -> None:
    names = [path.relative_to(ROOT).as_posix() for path in project_sources()]
    assert len(names) > 300 and names == sorted(names)
    there = {"constructions/networks/gates.py", "verify/provers/by_z3.py", "verify/discharge/cache.py"}
    assert there <= set(names) and {name.split("/")[0] for name in names} == {"constructions", "verify"}
    kept = [path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_file()]
    kept = [path for path in kept if path.parent.name != "assets"]  # how a page looks, not what it says
    others = {path.name for path in kept if path.suffix not in (".py", ".pyc", ".nbi", ".nbc")}
    others -= {seen.FILE}  # it is read where results are shown, and no verdict rests on it
    assert others <= {"py.typed"}, "a file that is neither code nor compiled code belongs to the sources"


def copied(files: Sequence[Path], place: Path) -> Path:
    """Some sources of the project alone in a folder."""
    for path in files:
        goal = place / path.relative_to(ROOT)
        goal.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, goal)
    return place


def check_that_each_counts(files: Sequence[Path], place: Path, changed: slice) -> None:
    """Of a folder with some of the sources, a change of each of some and another file make the digest a new one."""
    for path in files:
        goal = place / path.relative_to(ROOT)
        goal.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, goal)
    there = project_sources()
    assert [path.relative_to(place) for path in there] == [path.relative_to(ROOT) for path in files]
    seen = {digest(there, base=place)}
    for path in there[changed]:
        path.write_bytes(path.read_bytes() + b"#")
        seen.add(digest(project_sources(), base=place))
    (place / "verify" / "another.py").touch()
    seen.add(digest(project_sources(), base=place))
    assert len(seen) == len(there[changed]) + 2


@pytest.mark.parametrize("part", [*range(PARTS), None])
def test_a_change_of_any_one_source_changes_the_digest(
    part: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each one, beside a part of the others, since a digest reads all; and some of all."""
    everything = project_sources()
    monkeypatch.setattr(cache_module, "ROOT", tmp_path)
    if part is None:
        check_that_each_counts(everything, tmp_path, slice(0, None, len(everything) // 4))
    else:
        check_that_each_counts(everything[part::PARTS], tmp_path, slice(None))


def test_the_cache_is_opened_for_the_sources_as_they_are(
    own_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Cache.open().sources
    (tmp_path / "verify").mkdir()
    (tmp_path / "verify" / "one.py").touch()
    monkeypatch.setattr(cache_module, "ROOT", tmp_path)
    assert Cache.open().sources != before


def test_the_root_of_a_users_sources_is_that_of_the_project() -> None:
    assert (ROOT / "pyproject.toml").is_file()
    inside = [os.path.realpath(ROOT / name / "x.py") for name in ("constructions", "verify")]
    assert all(path.startswith(sources_module.INSTALLED) for path in inside)


def test_the_key_depends_on_the_users_file(user_file: Write) -> None:
    path = user_file("mine.py", {"mine.one": {}})
    obligation = claims_of(read_sources(path)).obligations["mine.one"]
    before = Cache.open().key(obligation, 60, read_sources(path))
    path.write_text(path.read_text() + "\n# another word\n")
    assert Cache.open().key(obligation, 60, read_sources(path)) != before


@pytest.mark.parametrize(
    "damage", ["", "{", "[]", "null", "{}", '{"id": 3}', "truncated", "verdict", "other id", "binary"]
)
def test_a_corrupt_entry_is_a_miss(kept: Kept, damage: str) -> None:
    cache, key, result = kept
    assert cache.place is not None
    file = cache.place / f"{key}.json"
    text = file.read_text()
    changed = {
        "truncated": text[:-20],
        "verdict": text.replace("PROVED", "FINE"),
        "other id": text.replace("sigma.figure", "sigma.slope"),
    }
    file.write_bytes(b"\xff\xfe\x00" if damage == "binary" else changed.get(damage, damage).encode())
    assert cache.get(key, result.id) is None


def test_an_entry_that_is_not_there_is_a_miss(kept: Kept) -> None:
    cache, _, result = kept
    assert cache.get("0" * 64, result.id) is None


def test_an_unknown_is_not_kept(kept: Kept) -> None:
    cache, _, result = kept
    unknown = Examination(verdict=Verdict.UNKNOWN)
    assert result.claim is not None
    one_fact = replace(result.claim, facts=(FactFinding("a", Verdict.UNKNOWN),))
    for changed in ({"claim": unknown}, {"twin": unknown}, {"claim": one_fact}):
        cache.put("unknown", replace(result, **changed))
        assert cache.get("unknown", result.id) is None


def test_neither_an_error_nor_what_cannot_be_watched_is_kept(kept: Kept) -> None:
    cache, _, result = kept
    for changed in ({"error": Fault("bad input", "need, got")}, {"unkept": "it reads the clock"}):
        cache.put("not kept", replace(result, **changed))
        assert cache.place is not None and not (cache.place / "not kept.json").exists()


def test_a_file_that_was_read_must_lead_to_the_same(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache, _, result = kept
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    (tmp_path / "data").write_text("1")
    cache.put("read", replace(result, read=tuple(FileRead(name, digest_of(name)) for name in ("data", "none"))))
    assert cache.get("read", result.id) is not None
    for change, back in (
        (lambda: (tmp_path / "data").write_text("2"), lambda: (tmp_path / "data").write_text("1")),
        (lambda: (tmp_path / "none").touch(), lambda: (tmp_path / "none").unlink()),
        (lambda: os.chdir("sub"), lambda: os.chdir("..")),
    ):
        change()
        assert cache.get("read", result.id) is None
        back()
        assert cache.get("read", result.id) is not None


def test_the_cache_is_of_one_way_to_run_python(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    _, key, _ = kept
    obligation = paper_obligations()["sigma.figure"]
    assert Cache.open().key(obligation, 60) == key
    monkeypatch.setenv("SYMPY_GROUND_TYPES", "gmpy")
    assert Cache.open().key(obligation, 60) != key
    found = surroundings()
    assert (
        found["optimize"] == str(sys.flags.optimize)
        and found["z3-solver"] != "none"
        and found["SYMPY_GROUND_TYPES"] == "gmpy"
    )


def test_nothing_half_written_is_left_behind(kept: Kept) -> None:
    cache, key, _ = kept
    assert cache.place is not None
    assert [path.name for path in cache.place.iterdir()] == [f"{key}.json"]


def test_a_cache_that_cannot_be_a_folder_keeps_nothing_and_says_so_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    _, key, result = kept
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    monkeypatch.setenv("QUERYGRAD_CACHE", str(file))
    cache = Cache.open()
    cache.put(key, result)
    assert cache.get(key, result.id) is None
    said = capsys.readouterr().err
    assert said.startswith("warning: results are not kept: need a folder for the cache ($QUERYGRAD_CACHE), got ")
    assert said.count("\n") == 1 and str(file) in said


def test_a_cache_that_can_no_longer_be_written_says_so_once_and_keeps_nothing(
    kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    cache, _, result = kept
    assert cache.place is not None
    shutil.rmtree(cache.place)
    for key in ("one", "two"):
        cache.put(key, result)
        assert cache.get(key, result.id) is None
    said = capsys.readouterr().err
    assert said.startswith(
        "warning: results are not kept from here on: need a file that can be written, got No such file"
    )
    assert said.count("\n") == 1


def test_a_file_whose_name_is_not_utf_8_has_a_digest(tmp_path: Path) -> None:
    paths = [Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.py")), tmp_path / "caf\u00e9.py"]
    for path in paths:
        path.write_bytes(b"")
    assert len({digest([path]) for path in paths}) == 2


def test_a_file_in_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConstructionError, match="need a file that can be written"):
        write_text(tmp_path / "none" / "file", "text")
