"""What `querygrad prove` costs, by part: in CPU seconds, with nothing kept.

Run:  python benchmarks/prove.py [--dearest N] [--command JOBS] [ITEM ...]

The obligations (all of the paper's, or those of the items) are discharged one after the other in this process, each
from nothing. Every two milliseconds of CPU a sample is taken of which functions are at work, and the time since the
sample before counts for the first part of the list below that has one of them. So a part has all that is done for it
and for no part above it. What a solver or a compiler does outside of Python is counted where it is called. Machine code
is compiled as far as it is not in $NUMBA_CACHE_DIR (or $QUERYGRAD_CACHE), and has a part of its own.

With --command the command itself is run in processes of its own, with so many workers: once with no folder of anything
before, and once with the machine code of the first run and no verdict; the CPU seconds are those of all its processes.
"""

import argparse
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from verify.discharge.job import Job, reply_to
from verify.obligations.catalogue import paper_obligations, select
from verify.obligations.verdict import Fault
from verify.provers.outcome import SECONDS

CONSOLE = Console(width=120)
EVERY = 0.002
PARTS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("compiling machine code", (("numba/core/dispatcher.py", "_compile_for_args"),)),
    ("z3: which branches can be taken", (("provers/branches.py", "decide"),)),
    ("z3: checks", (("z3core.py", "Z3_solver_check_assumptions"),)),
    ("z3: contexts, solvers, assertions", (("provers/asking.py", "solver"), ("z3core.py", "Z3_solver_assert"))),
    ("z3: translation, models", (("provers/asking.py", ""),)),
    ("the store: contents and keys", (("verify/store/", ""),)),
    ("stating: the code of claims", (("provers/stating.py", "check_claim"), ("provers/circles.py", ""))),
    ("stating: for sympy", (("provers/by_sympy.py", "build"),)),
    ("stating: for z3", (("provers/by_z3.py", "build"),)),
    ("sympy: identities", (("provers/by_sympy.py", "numerator"), ("provers/by_sympy.py", "difference"))),
    ("enumeration at points", (("provers/by_enumeration.py", ""),)),
    ("replay of witnesses and spot checks", (("verify/replay/", ""),)),
    ("loading modules", (("<frozen importlib", ""),)),
)
"""Parts, the innermost first, each with files and functions (all of the file, if there is no name) that are its own."""
REST = "the rest"


def part_of(frame: FrameType | None) -> str:
    """The first part that has a function among those that are at work."""
    working: list[tuple[str, str]] = []
    while frame is not None:
        working.append((frame.f_code.co_filename, frame.f_code.co_name))
        frame = frame.f_back
    for part, places in PARTS:
        if any(where in file and function in ("", name) for where, function in places for file, name in working):
            return part
    return REST


@dataclass
class Sampled:
    """CPU seconds of each obligation and part; ``now`` is the obligation at work."""

    seconds: Counter[tuple[str, str]] = field(default_factory=Counter)
    now: str = ""
    last: float = 0.0

    def take(self, signal: int, frame: FrameType | None) -> None:
        """Count the time since the last sample for what is at work."""
        here = time.process_time()
        self.seconds[self.now, part_of(frame)] += here - self.last  # type: ignore[assignment]
        self.last = time.process_time()

    @contextmanager
    def at(self, id: str) -> Iterator[None]:
        """Take samples of an obligation while inside."""
        self.now, self.last = id, time.process_time()
        signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0.0)


def sampled(ids: list[str]) -> Sampled:
    """Discharge obligations, and take samples."""
    found = Sampled()
    signal.signal(signal.SIGPROF, found.take)
    for id in ids:
        with found.at(id):
            reply = reply_to(Job(id, None, SECONDS))
        if isinstance(reply, Fault):
            raise SystemExit(reply.said)
    return found


def report(found: Sampled, loading: float, dearest: int) -> None:
    """The two tables."""
    parts: Counter[str] = Counter()
    obligations: Counter[str] = Counter()
    for (id, part), seconds in found.seconds.items():
        parts[part] += seconds
        obligations[id] += seconds
    total = sum(parts.values())
    CONSOLE.print(f"{len(obligations)} obligations: {total:.1f} s of CPU, and {loading:.1f} s to load them")
    table = Table("part", "CPU s", "%", "where most", box=SIMPLE)
    for part, seconds in parts.most_common():
        own = Counter({id: spent for (id, other), spent in found.seconds.items() if other == part})
        most = ", ".join(f"{id} {spent:.1f}" for id, spent in own.most_common(3))
        table.add_row(part, f"{seconds:.1f}", f"{100 * seconds / total:.0f}", most)
    CONSOLE.print(table)
    table = Table("obligation", "CPU s", "most of it", box=SIMPLE)
    for id, seconds in obligations.most_common(dearest):
        table.add_row(
            id, f"{seconds:.2f}", max((spent, part) for (own, part), spent in found.seconds.items() if own == id)[1]
        )
    CONSOLE.print(table)


def command(jobs: int, items: list[str]) -> None:
    """Run the command with so many workers, with and without the machine code of a run before."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
        for said in ("nothing kept", "machine code kept, no verdict"):
            before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            arguments = [sys.executable, "-m", "verify", "prove", "-q", "--jobs", str(jobs), *items]
            subprocess.run(
                arguments, env=environment | {"QUERYGRAD_CACHE": folder}, stdout=subprocess.DEVNULL, check=True
            )
            after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - began
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            CONSOLE.print(f"querygrad prove --jobs {jobs}, {said}: {cpu:.1f} s of CPU, {wall:.1f} s of wall time")
            for place in Path(folder).iterdir():
                if place.name != "compiled":
                    shutil.rmtree(place) if place.is_dir() else place.unlink()


def main() -> None:
    """Both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("items", nargs="*", metavar="ITEM")
    parser.add_argument("--dearest", type=int, default=40)
    parser.add_argument("--command", type=int, metavar="JOBS")
    given = parser.parse_args()
    if given.command:
        command(given.command, given.items)
        return
    began = time.process_time()
    known = paper_obligations()
    loading = time.process_time() - began
    report(sampled(list(select(known, given.items) if given.items else known)), loading, given.dearest)


if __name__ == "__main__":
    main()
