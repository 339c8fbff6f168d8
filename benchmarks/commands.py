"""What each command costs here and in another state of this project: the same jobs, in turns, as ratios, in one run.

Run:  git worktree add ../before COMMIT; python benchmarks/commands.py ../before [--repeat R] [JOB ...]

A time is the CPU seconds of the command and of all processes that it starts, the least of R runs; the two states take
turns, so that a machine that is slower for a while is so for both. Both use the libraries of this Python. Each state
has a cache of its own in a new folder. A job is done once before it is counted, so what is counted has the machine code
and the kept results of that run; ``prove`` has ``--fresh``. A job that a state does not know fails there, and so does
what reads the file of another one that was not asked for.

At commit 3ed258e9, the least of four runs on cores that ten other processes shared, in CPU seconds: ``--help`` 0.12, a
usage error 0.13, ``prove`` of a file with one small claim 1.01 with nothing kept and 0.60 with its result kept.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from constructions.foundations.files import ROOT

NETS = (("small", "literal --bits 2"), ("large", "conjunction --bits 6 --samples 9 --delta 1/4"))
"""Networks that are compiled first, by each state for itself."""
JOBS = {
    "help": "--help",
    "certify": "certify {small} --machine literal --bits 2",
    "certify large": "certify {large} --machine conjunction --bits 6 --samples 9 --delta 1/4 -o {out}.json",
    "recheck": "recheck {out}.json {large}",
    "circuit": "circuit {root}/examples/c17.bench",
    "compile": "compile conjunction --bits 6 --samples 9 --delta 1/4 -o {out}.qgn",
    "draw": "draw q -o {out}.svg",
    "export": "export {large} --torch {out}.py",
    "hide": "hide regression --batch 16 --rho 1/4",
    "lowerbound": "lowerbound literal --bits 8",
    "map": "map",
    "mistakes": "mistakes",
    "prove": "prove sigma --fresh --jobs 1",
    "prove --circuit": "prove --circuit {root}/examples/c17.bench",
    "relu": "relu {small} -o {out}.qgn",
    "show": "show sigma.figure",
    "sweep": "sweep --bits 3 --batches 1,16 --learners parity --runs 1 --jobs 1 -o {out}.sweep.json",
    "theorem 2a": "theorem 2a",
    "theorem 2d": "theorem 2d",
    "theorem lemma 5a": "theorem 'lemma 5a'",
    "train": "train {small} --problem literal",
}


@dataclass(frozen=True)
class State:
    """A checkout of this project, and a folder for what it writes."""

    root: Path
    place: Path

    def run(self, job: str) -> float | None:
        """The CPU seconds of a command line; None if it fails."""
        nets = {name: str(self.place / f"{name}.qgn") for name, _ in NETS}
        words = job.format(root=ROOT, out=self.place / "out", **nets)
        settings = {"PYTHONPATH": str(self.root), "QUERYGRAD_CACHE": str(self.place), "PYTHONDONTWRITEBYTECODE": ""}
        before = _spent()
        command = f"{sys.executable} -m verify {words}"
        done = subprocess.run(
            command, shell=True, cwd=self.root, env=os.environ | settings, capture_output=True, text=True, check=False
        )
        if done.returncode:
            print(f"  {self.root.name}: {words}: exit code {done.returncode}: {done.stderr[-200:]}", file=sys.stderr)
            return None
        return _spent() - before


def _spent() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def compared(states: tuple[State, State], job: str, repeat: int) -> str:
    """The row of a job: seconds here and there, and their ratio."""
    found: list[list[float | None]] = [[], []]
    for turn in range(repeat + 1):
        for state, times in zip(states, found, strict=True):
            seconds = state.run(job)
            if turn or seconds is None:
                times.append(seconds)
    here, there = (None if None in times else min(filter(None, times)) for times in found)
    row = [f"{seconds:8.2f}" if seconds is not None else f"{'fails':>8}" for seconds in (here, there)]
    return " ".join([*row, f"{here / there:8.2f}" if here and there else f"{'':>8}"])


def main() -> None:
    """Compare the jobs that are asked for, by default all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("other", type=Path, help="the root of the other state")
    parser.add_argument("jobs", nargs="*", metavar="JOB", help=f"some of: {', '.join(JOBS)}")
    parser.add_argument("--repeat", type=int, default=3, metavar="R")
    given = parser.parse_intermixed_args()
    if wrong := set(given.jobs) - set(JOBS):
        parser.error(f"need some of {', '.join(JOBS)}, got {', '.join(sorted(wrong))}")
    if not (given.other / "verify").is_dir():
        parser.error(f"need the root of a checkout of this project, got {given.other}")
    with tempfile.TemporaryDirectory() as place:
        states = tuple(
            State(root.resolve(), Path(place) / name) for root, name in ((ROOT, "here"), (given.other, "there"))
        )
        assert len(states) == 2
        for state in states:
            state.place.mkdir()
            for name, learner in NETS:
                state.run(f"compile {learner} -o {{{name}}}")
        print(f"{'job':18} {'here':>8} {'there':>8} {'ratio':>8}   CPU seconds")
        for job in given.jobs or JOBS:
            print(f"{job:18} {compared(states, JOBS[job], given.repeat)}", flush=True)


if __name__ == "__main__":
    main()
