"""Hostile files against the reader and the certifier: networks and machines that are cut, garbled, or lie about what they hold.

Each must be taken or refused with one ConstructionError, within seconds and a bounded memory; another exception, a crash of the process or
a timeout is a defect. What can be read is given to the certifier, together with a good machine (or network).

Run:  python benchmarks/hostile.py [--per 600] [--jobs 2] [--only KIND]        python benchmarks/hostile.py --repeat "BASE/KIND/SEED"
"""
import argparse
import resource
import signal
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from typing import Any

from constructions.computation.formats.aiger import read_aiger
from constructions.computation.formats.aiger_writing import write_aiger
from constructions.computation.query_machine import query_machine
from constructions.errors import ConstructionError
from constructions.networks.network_file import read_network_bytes
from verify.attacks.bases import base
from verify.attacks.hostile import HOSTILE, hostile_machine, hostile_network
from verify.certifier.certify import certify_network

BASES = ("conjunction by queries, minimal", "coins, dyadic", "two signed, strong")
MACHINES = ("machine, ASCII", "machine, binary")
SECONDS, MEMORY, CHUNK = 60, 6 << 30, 100
Task = tuple[str, str, int]


@cache
def machine_bytes(name: str, binary: bool) -> bytes:
    """A base's machine as a file."""
    return write_aiger(base(name).machine.aiger(), binary=binary)


def tried(task: Task) -> str:
    """What became of one file: ``not read``, ``refused``, ``accepted``; anything else is raised."""
    name, kind, seed = task
    good = base(name)
    try:
        if kind in MACHINES:
            data = hostile_machine(machine_bytes(name, kind == MACHINES[1]), seed)
            net, machine = good.plan.trainable, query_machine(read_aiger(data))
        else:
            net, machine = read_network_bytes(hostile_network(good, kind, seed)), good.machine
        outcome = certify_network(net, machine, tolerance=4 * good.plan.rho)
    except ConstructionError:
        return "not read"
    return "accepted" if outcome.certified else "refused"


def _stop(number: int, frame: Any) -> None:
    raise TimeoutError(f"more than {SECONDS} s")


def chunk(tasks: list[Task]) -> tuple[Counter[tuple[str, str]], list[tuple[Task, str]], float]:
    """What became of some files, the defects, and the longest time."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.RLIM_INFINITY))
    signal.signal(signal.SIGALRM, _stop)
    counts: Counter[tuple[str, str]] = Counter()
    defects, longest = [], 0.0
    for task in tasks:
        began = time.perf_counter()
        signal.alarm(SECONDS)
        try:
            counts[task[1], tried(task)] += 1
        except Exception as error:
            counts[task[1], "DEFECT"] += 1
            defects.append((task, f"{type(error).__name__}: {error}"[:200]))
        signal.alarm(0)
        longest = max(longest, time.perf_counter() - began)
    return counts, defects, longest


def campaign(tasks: list[Task], *, jobs: int) -> tuple[Counter[tuple[str, str]], list[tuple[Task, str]], float]:
    """All of them; a process that dies is looked for file by file."""
    chunks = [tasks[i : i + CHUNK] for i in range(0, len(tasks), CHUNK)]
    counts: Counter[tuple[str, str]] = Counter()
    defects, longest = [], 0.0
    while chunks:
        with ProcessPoolExecutor(jobs) as pool:
            running = [(part, pool.submit(chunk, part)) for part in chunks]
            chunks = []
            for part, future in running:
                try:
                    found, wrong, seconds = future.result()
                except BrokenProcessPool:
                    if len(part) == 1:
                        wrong, found, seconds = [(part[0], "the process died")], Counter({(part[0][1], "DEFECT"): 1}), 0.0
                    else:
                        chunks += [part[: len(part) // 2], part[len(part) // 2 :]]
                        continue
                counts, longest = counts + found, max(longest, seconds)
                defects += wrong
                for task, why in wrong:
                    print(f"DEFECT {'/'.join(map(str, task))}: {why}", flush=True)
    return counts, defects, longest


def main() -> int:
    """Run the campaign and print its table; 1 if there was a defect."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--per", type=int, default=600, help="seeds for each kind and base")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="")
    parser.add_argument("--repeat", help="one file: BASE/KIND/SEED")
    given = parser.parse_args()
    if given.repeat:
        name, kind, seed = given.repeat.split("/")
        print(tried((name, kind, int(seed))))
        return 0
    kinds = [kind for kind in (*HOSTILE, *MACHINES) if given.only in kind]
    tasks = [(name, kind, seed) for kind in kinds for name in BASES for seed in range(given.per * (2 if kind in MACHINES else 1))]
    counts, defects, longest = campaign(tasks, jobs=given.jobs)
    columns = ("not read", "refused", "accepted", "DEFECT")
    print(f"{'kind':<40}" + "".join(f"{name:>10}" for name in columns))
    for kind in kinds:
        print(f"{kind:<40}" + "".join(f"{counts[kind, name]:>10}" for name in columns))
    peak = max(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) // 1024
    print(f"{len(tasks)} files, {len(defects)} defects, at most {longest:.1f} s each, at most {peak} MB in a process")
    return int(bool(defects))


if __name__ == "__main__":
    sys.exit(main())
