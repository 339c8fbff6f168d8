"""What the fast tests cost, by part."""

import os
from pathlib import Path
from types import ModuleType

import pytest

from verify.obligations.user_file import load_file

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def module() -> ModuleType:
    return load_file(ROOT / "benchmarks" / "fast_tests.py")


@pytest.mark.parametrize(
    ("test", "part"),
    [
        ("tests/house/test_docs.py::test_a[x/y.md::z]", "tests/house"),
        ("tests/house/outputs/test_rules.py::test_a", "tests/house"),
        ("tests/verify/judge/test_main.py::test_a", "tests/verify/judge"),
        ("verify/judge/solver.py::verify.judge.solver.ask", "verify/judge"),
        ("between tests", "between tests"),
    ],
)
def test_a_test_belongs_to_its_folder(module: ModuleType, test: str, part: str) -> None:
    assert module.part_of(test) == part


def test_the_dearest_part_comes_first_and_what_lies_between_tests_last(
    module: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [module.Spent("a/b/t.py::one[/]", 1.0, 0.25), module.Spent("between tests", 9.0, 0.0)]
    rows += [module.Spent("a/c/t.py::two", 0.5, 0.0), module.Spent("a/c/t.py::three", 2.0, 0.0)]
    assert list(module.by_part(rows)) == ["a/c", "a/b", "between tests"]
    module.report(rows, 2)
    said = [line.split() for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert said[0] == ["3", "tests:", "12.8", "s", "of", "CPU"]
    assert ["a/c", "2", "2.5", "0.0"] in said and ["a/b", "1", "1.2", "0.2"] in said
    assert said[-2:] == [["a/c/t.py::three", "2.00"], ["a/b/t.py::one[/]", "1.25"]]


def test_each_test_is_noted_and_the_rest_is_what_lies_between(
    module: ModuleType, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytester.makepyfile("""
        import time

        def test_works():
            before = time.process_time()
            while time.process_time() < before + 0.05:
                pass

        def test_rests():
            pass
    """)
    monkeypatch.setenv(module.NOTED, str(tmp_path))
    pytester.inline_run("-p", "no:cacheprovider", plugins=[module])
    rows = module.noted(tmp_path / f"{os.getpid()}.jsonl")
    assert [row.test.rpartition("::")[2] for row in rows] == ["test_works", "test_rests", "between tests"]
    assert rows[0].own > 0.04 > rows[1].own and rows[0].children == 0
