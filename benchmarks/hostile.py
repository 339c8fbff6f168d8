"""Hostile files against the command ``querygrad certify``: networks and machines that are cut, garbled, or lie about what they hold.

The whole command runs in this process, on files that are written for it. It must end with exit code 0 (certified), 1 (refused), or 2 and
one line on stderr that can be printed, without a traceback, within ``--limit`` seconds and a bounded memory. Everything else, a crash of
the process too, is a defect. The other file of the two is a good one; every second time JSON is asked for, and must be written.

Run:  python benchmarks/hostile.py [--per 600] [--seed 0] [--limit 60] [--jobs 2] [--only KIND]
      python benchmarks/hostile.py --repeat "BASE/KIND/SEED"
"""
import argparse
import io
import json
import resource
import signal
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from constructions.computation.formats.aiger_writing import write_aiger
from verify.attacks.bases import base
from verify.attacks.hostile import HOSTILE, hostile_machine, hostile_network
from verify.cli import main as querygrad

BASES = ("conjunction by queries, minimal", "coins, dyadic", "two signed, strong")
MACHINES = ("machine, ASCII", "machine, binary")
LIMIT, MEMORY, CHUNK, LONGEST = 60, 6 << 30, 100, 2000
OUTCOMES = {0: "accepted", 1: "refused", 2: "not read"}
Task = tuple[str, str, int]
Slowest = tuple[float, str]
"""Seconds, and of which file."""


class TooLong(BaseException):
    """The time is up; nobody catches this by the way."""


@cache
def machine_bytes(name: str, binary: bool) -> bytes:
    """A base's machine as a file."""
    return write_aiger(base(name).machine.aiger(), binary=binary)


def written(task: Task, folder: Path) -> list[str]:
    """Write the two files; the command's arguments."""
    name, kind, seed = task
    binary, good = kind == MACHINES[1], base(name)
    net, machine = good.data, machine_bytes(name, binary)
    if kind in MACHINES:
        machine = hostile_machine(machine, seed)
    else:
        net = hostile_network(good, kind, seed)
    paths = folder / "net.qgn", folder / ("machine.aig" if binary else "machine.aag")
    for path, data in zip(paths, (net, machine), strict=True):
        path.write_bytes(data)
    tolerance = good.plan.tolerance or 4 * good.plan.rho
    return ["certify", str(paths[0]), "--machine", str(paths[1]), "--tolerance", str(tolerance), "--seconds", "5", "--search", "1",
            *(["--json", "-"] if seed % 2 else []), "-o", str(folder / "certificate.json")]  # fmt: skip


def tried(task: Task) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of the command for one file."""
    out, err = io.StringIO(), io.StringIO()
    with TemporaryDirectory() as folder, redirect_stdout(out), redirect_stderr(err):
        code = querygrad(written(task, Path(folder)))
    return code, out.getvalue(), err.getvalue()


def wrong(task: Task, code: int, out: str, err: str) -> str | None:
    """What is wrong with how the command ended, or None."""
    if code not in OUTCOMES:
        return f"exit code {code}: {err[-200:]}"
    if code == 2:
        fine = err.endswith("\n") and err[:-1].isprintable() and 1 < len(err) < LONGEST
        return None if fine and not out else f"exit code 2 with {err[:200]!r} and {out[:100]!r}"
    if err:
        return f"exit code {code} with {err[:200]!r}"
    try:
        return None if not task[2] % 2 or json.loads(out) else "no certificate"
    except ValueError:
        return f"no JSON: {out[:200]!r}"


def _stop(number: int, frame: Any) -> None:
    raise TooLong


def chunk(tasks: list[Task], limit: int) -> tuple[Counter[tuple[str, str]], list[tuple[Task, str]], Slowest]:
    """What became of some files, the defects, and the slowest."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.RLIM_INFINITY))
    signal.signal(signal.SIGALRM, _stop)
    counts: Counter[tuple[str, str]] = Counter()
    defects, longest = [], (0.0, "none")
    for task in tasks:
        began = time.perf_counter()
        signal.alarm(limit)
        try:
            code, out, err = tried(task)
            why = wrong(task, code, out, err)
        except TooLong:
            code, why = -1, f"more than {limit} s"
        except BaseException as error:
            code, why = -1, f"{type(error).__name__}: {error}"[:200]
        signal.alarm(0)
        counts[task[1], "DEFECT" if why else OUTCOMES[code]] += 1
        if why:
            defects.append((task, why))
        longest = max(longest, (time.perf_counter() - began, "/".join(map(str, task))))
    return counts, defects, longest


def campaign(tasks: list[Task], *, jobs: int, limit: int) -> tuple[Counter[tuple[str, str]], list[tuple[Task, str]], Slowest]:
    """All of them; a process that dies is looked for file by file."""
    chunks = [tasks[i : i + CHUNK] for i in range(0, len(tasks), CHUNK)]
    counts: Counter[tuple[str, str]] = Counter()
    defects, longest = [], (0.0, "none")
    while chunks:
        with ProcessPoolExecutor(jobs) as pool:
            running = [(part, pool.submit(chunk, part, limit)) for part in chunks]
            chunks = []
            for part, future in running:
                try:
                    found, bad, seconds = future.result()
                except BrokenProcessPool:
                    if len(part) == 1:
                        bad, found, seconds = [(part[0], "the process died")], Counter({(part[0][1], "DEFECT"): 1}), (0.0, "none")
                    else:
                        chunks += [part[: len(part) // 2], part[len(part) // 2 :]]
                        continue
                counts, longest = counts + found, max(longest, seconds)
                defects += bad
                for task, why in bad:
                    print(f"DEFECT {'/'.join(map(str, task))}: {why}", flush=True)
                if counts.total() % (10 * CHUNK) == 0:
                    print(f"{counts.total()} of {len(tasks)}", flush=True)
    return counts, defects, longest


def _seeds(kind: str, given: argparse.Namespace) -> range:
    return range(given.seed, given.seed + given.per * (2 if kind in MACHINES else 1))


def main() -> int:
    """Run the campaign and print its table; 1 if there was a defect."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--per", type=int, default=600, help="seeds for each kind and base")
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--limit", type=int, default=LIMIT, help="seconds for a file")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="")
    parser.add_argument("--repeat", help="one file: BASE/KIND/SEED")
    given = parser.parse_args()
    if given.repeat:
        name, kind, seed = given.repeat.split("/")
        task, began = (name, kind, int(seed)), time.perf_counter()
        code, out, err = tried(task)
        why = wrong(task, code, out, err)
        print(f"exit code {code} in {time.perf_counter() - began:.1f} s; {why or 'fine'}\n{out[:LONGEST]}{err[:LONGEST]}")
        return int(why is not None)
    kinds = [kind for kind in (*HOSTILE, *MACHINES) if given.only in kind]
    tasks = [(name, kind, seed) for kind in kinds for name in BASES for seed in _seeds(kind, given)]
    counts, defects, longest = campaign(tasks, jobs=given.jobs, limit=given.limit)
    columns = ("not read", "refused", "accepted", "DEFECT")
    print(f"{'kind':<40}" + "".join(f"{name:>10}" for name in columns))
    for kind in kinds:
        print(f"{kind:<40}" + "".join(f"{counts[kind, name]:>10}" for name in columns))
    peak = max(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) // 1024
    print(f"{len(tasks)} files, {len(defects)} defects, at most {longest[0]:.1f} s each ({longest[1]}), at most {peak} MB in a process")
    return int(bool(defects))


if __name__ == "__main__":
    sys.exit(main())
