"""What `make test` costs, by part: in CPU seconds of all its processes, those that tests start among them.

Run:  python benchmarks/fast_tests.py [--jobs N] [--dearest N] [--fresh] [PATH ...]

The fast tests (all, or those at some paths) are run as `make test` runs them, and before and after each test it is
noted how much time the processor has spent on the process and on the children that have ended. A part is a folder of
tests, or a folder whose examples are tests; what lies between tests (starting, finding the tests, reporting) is the
last row. With --fresh the machine code of earlier runs is not used, as in a fresh clone.

At commit 6b11b73 all 13,128 tests took 659 s of CPU in Python and 59 s in the system, 370 s of wall time on two quiet
cores. Of a run beside other work, machine code compiled anew and stopped after 7,821 tests, 122 CPU s went into
tests/verify/obligations (107 for the claims, each discharged once), 49 into tests/verify/commands (30 in processes that
tests start), 49 into tests/house (25 for the first training step, which compiles the kernels), 56 into tests/training
and tests/networks, 51 into tests/foundations and tests/computation, 31 into finding the tests and 95 into the rest.
At commit a0a012aa all 14,318 tests took 661 s of CPU and 67 s in the system on a fresh clone.
At commit 2afa964c all 14,231 tests took 579 s of CPU and 63 s in the system, 341 s of wall time on two quiet cores.
Of a run beside much other work, which needs a fifth more, 331 s went into the 250 dearest tests, 139 into
tests/verify/obligations, some 70 into compiling machine code anew, 80 into processes that tests start, and 30 into
what is between tests.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import NamedTuple

import pytest
from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from constructions.foundations.files import ROOT

CONSOLE = Console(width=120)
NOTED = "QUERYGRAD_TEST_TIMES"
"""Names the folder to which the processes write."""
BETWEEN = "between tests"


class Spent(NamedTuple):
    """What a test, or all between tests in one process, has cost: CPU seconds of its ``own`` process and of
    ``children``."""

    test: str
    own: float
    children: float


def spent(test: str) -> Spent:
    """What this process has cost up to now."""
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return Spent(test, own.ru_utime + own.ru_stime, children.ru_utime + children.ru_stime)


class Notes:
    """What the tests of one process of pytest cost, and the process up to then: a line of JSON for each test, written
    at once, since a worker of xdist may be ended before it has put everything away."""

    def __init__(self) -> None:
        self.file = Path(os.environ[NOTED]) / f"{os.getpid()}.jsonl"

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Note what a test costs, with what is made ready for it and put away after it."""
        before = spent(item.nodeid)
        found = yield
        after = spent(item.nodeid)
        row = (item.nodeid, after.own - before.own, after.children - before.children, after.own, after.children)
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
        return found


def noted(file: Path) -> list[Spent]:
    """The tests of one process, and what lay between them up to the end of the last one."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    tests = [Spent(*row[:3]) for row in rows]
    own, children = (sum(times) for times in zip(*(each[1:] for each in tests), strict=True))
    return [*tests, Spent(BETWEEN, rows[-1][3] - own, rows[-1][4] - children)]


def pytest_configure(config: pytest.Config) -> None:
    """This module is a plugin of pytest too."""
    config.pluginmanager.register(Notes())


def part_of(test: str) -> str:
    """The folder of a test: two levels of it, three in ``tests/verify``."""
    folders = test.split("::")[0].split("/")[:-1]
    return "/".join(folders[: 3 if folders[:2] == ["tests", "verify"] else 2]) or test


def by_part(rows: Iterable[Spent]) -> dict[str, list[Spent]]:
    """The tests of each part, the dearest part first, and last what lies between tests."""
    parts: dict[str, list[Spent]] = defaultdict(list)
    for each in rows:
        parts[part_of(each.test)].append(each)
    return dict(sorted(parts.items(), key=lambda part: (part[0] == BETWEEN, -seconds(part[1]))))


def seconds(rows: Iterable[Spent]) -> float:
    """All the CPU seconds in some rows."""
    return sum(each.own + each.children for each in rows)


def report(rows: list[Spent], dearest: int) -> None:
    """Print the parts and the dearest tests."""
    tests = [each for each in rows if each.test != BETWEEN]
    CONSOLE.print(f"{len(tests)} tests: {seconds(rows):.1f} s of CPU")
    table = Table("part", "tests", "CPU s", "of these in processes that tests start", box=SIMPLE)
    for part, of in by_part(rows).items():
        number = "" if part == BETWEEN else str(len(of))
        table.add_row(part, number, f"{seconds(of):.1f}", f"{sum(each.children for each in of):.1f}")
    CONSOLE.print(table)
    table = Table("test", "CPU s", box=SIMPLE)
    for each in sorted(tests, key=lambda each: -each.own - each.children)[:dearest]:
        table.add_row(escape(each.test), f"{each.own + each.children:.2f}")
    CONSOLE.print(table)


def run(jobs: str, paths: list[str], *, fresh: bool) -> tuple[int, list[Spent]]:
    """Run the fast tests in so many processes; the exit code of pytest, and what was noted."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as empty:
        beside = os.pathsep.join(filter(None, (str(ROOT / "benchmarks"), os.environ.get("PYTHONPATH"))))
        changed = {NOTED: folder, "PYTHONPATH": beside} | ({"NUMBA_CACHE_DIR": empty} if fresh else {})
        command = [sys.executable, "-m", "pytest", "-p", "fast_tests", "-n", jobs, "--dist", "loadscope", *paths]
        code = subprocess.run(command, cwd=ROOT, env=os.environ | changed, check=False).returncode
        return code, [row for file in sorted(Path(folder).glob("*.jsonl")) for row in noted(file)]


def main() -> int:
    """Run the tests and print what they cost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", metavar="PATH")
    parser.add_argument("--jobs", default="auto", metavar="N")
    parser.add_argument("--dearest", type=int, default=40, metavar="N")
    parser.add_argument("--fresh", action="store_true")
    given = parser.parse_args()
    began = time.perf_counter()
    code, rows = run(given.jobs, given.paths, fresh=given.fresh)
    CONSOLE.print(f"{time.perf_counter() - began:.1f} s of wall time")
    report(rows, given.dearest)
    return code


if __name__ == "__main__":
    sys.exit(main())
