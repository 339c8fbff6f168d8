"""Whole commands on files of every kind that a user gives, a third of them well-formed: CSV, NumPy, AIGER, BENCH,
network files (.qgn), machines, certificates (.cert), runs in JSON, checkpoints. The cases and what counts as wrong are
in ``verify/attacks/fuzz.py``.

Most run in worker processes of this program, some (``--commands``) as commands of their own, as a user would start
them. Each must end within ``--limit`` seconds and a bounded memory; a process that dies is a defect too. Results are
lines of JSON in a file; what is there, of the same code, is not done again, so the campaign can be stopped at any
moment.

Run:  python benchmarks/fuzz.py [--most 10000] [--commands 300] [--seed 0] [-o fuzz.jsonl] [--only KIND] [--jobs 2]
[--limit 60]
      python benchmarks/fuzz.py --repeat "KIND/SEED" [--keep FOLDER]    (one case as a command of its own: what it said,
      and its files)
The last lines are the table; exit code 1 if there was a defect.
"""

import argparse
import os
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rows import Row, completed

from constructions.foundations.files import ROOT, sha256_of
from verify.attacks.endings import CommandCase, Ending, described, found_in, in_process, laid_out, wrong
from verify.attacks.fuzz import KINDS, case

SOURCES = sorted(path for folder in ("constructions", "verify") for path in (ROOT / folder).rglob("*.py"))
CODE = sha256_of(*(path.read_bytes() for path in SOURCES))[:12]
"""Which code: results of another one are done again."""
LIMIT, MEMORY, CHUNK, EVERY = 60, 6 << 30, 20, 200
OUTCOMES = {0: "0 done", 1: "1 refused", 2: "2 not read", 3: "3 open"}
COLUMNS = ("well-formed", *OUTCOMES.values(), "DEFECT")
Task = tuple[str, str, int]
"""How (in process, or as a command), kind, seed."""


class TooLong(BaseException):
    """The time is up; nobody catches this by the way."""


def wanted(first: int, most: int, commands: int, only: str = "") -> list[Task]:
    """All cases of a campaign, kind by kind in turn."""
    kinds = [name for name in KINDS if only in name]
    inside = [("in process", kinds[i % len(kinds)], first + i // len(kinds)) for i in range(most)]
    return inside + [("command", kinds[i % len(kinds)], first + i // len(kinds)) for i in range(commands)]


def as_command(made: CommandCase, *, old: bool, limit: float) -> Ending:
    """The command as a process of its own, in a folder of its own."""
    with TemporaryDirectory() as name:
        before = laid_out(made, Path(name), old=old)
        paths = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        done = subprocess.run(
            [sys.executable, "-m", "verify", *made.arguments],
            cwd=name,
            env=os.environ | {"PYTHONPATH": paths},
            timeout=limit,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        out, err = (text.decode("utf-8", "backslashreplace") for text in (done.stdout, done.stderr))
        return Ending(code=done.returncode, out=out, err=err, before=before, after=found_in(Path(name)))


def tried(task: Task, limit: int) -> Row:
    """What became of a case; where the command would write, something lies every second time."""
    how, name, seed = task
    made, old = case(name, seed), seed % 2 == 1
    began = time.perf_counter()
    row: Row = {
        "how": how,
        "kind": name,
        "seed": seed,
        "command": described(made),
        "good": bool(made.codes),
        "code": None,
    }
    try:
        ending = in_process(made, old=old) if how == "in process" else as_command(made, old=old, limit=limit)
        row |= {"code": ending.code, "why": wrong(made, ending)}
    except (TooLong, subprocess.TimeoutExpired):
        row["why"] = f"more than {limit} s"
    except BaseException as error:
        row["why"] = f"{type(error).__name__}: {error}"[:300]
    return row | {"seconds": round(time.perf_counter() - began, 3), "of": CODE}


def chunk(tasks: Sequence[Task], limit: int) -> list[Row]:
    """What became of some cases, in a process with bounded memory."""

    def stop(number: int, frame: Any) -> None:
        raise TooLong

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.RLIM_INFINITY))
    signal.signal(signal.SIGALRM, stop)
    rows = []
    for task in tasks:
        signal.alarm(limit + 5 * (task[0] == "command"))
        try:
            rows.append(tried(task, limit))
        except TooLong:
            rows.append(died(task, f"more than {limit} s"))
        finally:
            signal.alarm(0)
    return rows


def died(task: Task, why: str) -> Row:
    """The row of a case that never came back."""
    how, name, seed = task
    made = case(name, seed)
    return {
        "how": how,
        "kind": name,
        "seed": seed,
        "command": described(made),
        "good": bool(made.codes),
        "code": None,
        "why": why,
        "seconds": 0.0,
        "of": CODE,
    }


def all_rows(tasks: Sequence[Task], *, jobs: int, limit: int) -> Iterator[Row]:
    """The rows of some cases as they come; where a process dies, what it had in hand is done in processes of their
    own."""
    parts = [tasks[i : i + CHUNK] for i in range(0, len(tasks), CHUNK)]
    broken: list[Sequence[Task]] = []
    with ProcessPoolExecutor(jobs) as pool:
        running = {pool.submit(chunk, part, limit): part for part in parts}
        for future in as_completed(running):
            try:
                yield from future.result()
            except BrokenProcessPool:
                broken.append(running[future])
    for part in broken:
        yield from apart(part, limit)


def apart(tasks: Sequence[Task], limit: int) -> Iterator[Row]:
    """The rows of some cases in a process of their own, one by one if it dies."""
    with ProcessPoolExecutor(1) as pool:
        try:
            yield from pool.submit(chunk, tasks, limit).result()
            return
        except BrokenProcessPool:
            if len(tasks) == 1:
                yield died(tasks[0], "the process died")
                return
    for task in tasks:
        yield from apart([task], limit)


def campaign(tasks: Sequence[Task], target: Path | None, *, jobs: int, limit: int) -> list[Row]:
    """Do what is not in the file yet; all rows of these cases."""
    counts = Counter[str]()

    def told(row: Row) -> str:
        counts[outcome(row)] += 1
        if row["why"]:
            print(f"DEFECT {row['kind']}/{row['seed']} ({row['how']}): {row['why']}; {row['command']}", flush=True)
        return ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))

    return completed(
        tasks,
        target,
        lambda todo: all_rows(todo, jobs=jobs, limit=limit),
        key=lambda row: (row["how"], row["kind"], row["seed"]),
        doing="fuzzing",
        unit="cases",
        counts=lambda row: row.get("of") == CODE,
        tell=told,
    )


def outcome(row: Row) -> str:
    """What became of a case, in the words of the table."""
    return "DEFECT" if row["why"] else OUTCOMES[row["code"]]


def summary(rows: Iterable[Row]) -> list[str]:
    """A table by kind and how the command ran, and the slowest case."""
    found = list(rows)
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in found:
        groups.setdefault((row["how"], row["kind"]), []).append(row)
    lines = [
        f"{'kind':<16}{'how':<12}{'cases':>7}"
        + "".join(f"{name:>13}" for name in COLUMNS)
        + f"{'seconds':>9}{'most':>7}"
    ]
    for (how, name), part in groups.items():
        counts = Counter(map(outcome, part)) + Counter({"well-formed": sum(row["good"] for row in part)})
        times = [row["seconds"] for row in part]
        numbers = "".join(f"{counts[column]:>13}" for column in COLUMNS)
        lines.append(f"{name:<16}{how:<12}{len(part):>7}{numbers}{sum(times):>9.0f}{max(times):>7.1f}")
    slowest = max(found, key=lambda row: row["seconds"], default=None)
    worst = f"; slowest {slowest['seconds']:.1f} s ({slowest['kind']}/{slowest['seed']})" if slowest else ""
    good, bad = sum(row["good"] for row in found), sum(outcome(row) == "DEFECT" for row in found)
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF)) // 1024
    return [
        *lines,
        f"{len(found)} cases, {good} of them well-formed, {bad} defects{worst}; at most {peak} MB in a process",
    ]


def repeat(name: str, keep: Path | None, limit: int) -> int:
    """One case as a command of its own, with all that it said."""
    kind, _, seed = name.rpartition("/")
    made = case(kind, int(seed))
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        laid_out(made, keep, old=int(seed) % 2 == 1)
    try:
        ending = as_command(made, old=int(seed) % 2 == 1, limit=limit)
    except subprocess.TimeoutExpired:
        print(f"{described(made)}\nmore than {limit} s")
        return 1
    why = wrong(made, ending)
    print(f"{described(made)}\nexit code {ending.code}: {why or 'fine'}\n{ending.out[:4000]}{ending.err[:4000]}")
    return int(why is not None)


def main() -> int:
    """Run the campaign and print its table; 1 if there was a defect."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--most", type=int, default=10_000, help="cases in this program's processes")
    parser.add_argument("--commands", type=int, default=300, help="cases as commands of their own")
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("-o", "--output", type=Path, help="where the results are kept, and gone on from")
    parser.add_argument("--only", default="", help="kinds whose name has this in it")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--limit", type=int, default=LIMIT, help="seconds for a case")
    parser.add_argument("--repeat", help="one case: KIND/SEED")
    parser.add_argument("--keep", type=Path, help="with --repeat: leave its files in this folder")
    given = parser.parse_args()
    if given.repeat:
        return repeat(given.repeat, given.keep, given.limit)
    rows = campaign(
        wanted(given.seed, given.most, given.commands, given.only), given.output, jobs=given.jobs, limit=given.limit
    )
    print("\n".join(summary(rows)))
    return int(any(row["why"] for row in rows))


if __name__ == "__main__":
    sys.exit(main())
