"""Attacks on the certifier: seeded changes of networks, machines and files; each is refused, or accepted and then trained.

A mutant is read, given to the certifier, and trained: if it was accepted, under every adversary by name and with several ways to draw
labels, with the tolerance and the held outputs that the certifier found; if it was refused, in four runs, to see whether the refusal was
needed. A mutant that was accepted and does not follow its machine, an error inside, and a harmless change that was refused are defects.
Results are lines of JSON; what is in the file is not done again, so the campaign can be stopped at any moment.

Run:  python benchmarks/attacks.py -o attacks.jsonl [--per 14] [--jobs 2] [--only KIND] [--base NAME]     (the last lines are the table)
      python benchmarks/attacks.py --repeat "BASE/KIND/SEED"         python benchmarks/attacks.py --hostile 200
"""
import argparse
import hashlib
import json
import os
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from functools import cache
from multiprocessing import Pool
from pathlib import Path
from typing import Any

from constructions.computation.formats.aiger_writing import write_aiger
from constructions.errors import ConstructionError
from constructions.networks.network_file import read_network_bytes
from verify.attacks.bases import MADE, base
from verify.attacks.harmless import reason
from verify.attacks.kinds import KINDS
from verify.attacks.mutants import Mutant, mutant
from verify.attacks.trial import Known, Trial, runs_of, trial
from verify.certifier.certify import certify_network

FEWER = {"memoriser, dyadic": 4, "parity of a sample, minimal": 2}
"""Bases with many steps get so many times fewer mutants of a kind."""
Row = dict[str, Any]
Task = tuple[str, str, int]
FILES = sorted((Path(__file__).parents[1] / "verify" / "certifier").glob("*.py"))
CODE = hashlib.sha256(b"".join(path.read_bytes() for path in FILES)).hexdigest()[:12]
"""Which certifier: results of another one are done again."""
COLUMNS = ("made", "not read", "refused", "seen wrong", "accepted", "explained", "trained only", "DEFECTS")


@cache
def known(name: str) -> Known:
    """A base's machine, evaluated once."""
    return Known(base(name).machine)


def judged(found: Mutant) -> Row:
    """What the certifier and the trainer say of a mutant."""
    row: Row = {"base": found.base.name, "kind": found.kind, "seed": found.seed, "note": found.note, "keeps": found.keeps}
    row["digest"] = hashlib.sha256(found.data + write_aiger(found.machine.aiger(), binary=True)).hexdigest()[:16]
    try:
        net = read_network_bytes(found.data)
    except ConstructionError as error:
        return row | {"verdict": "not read", "why": str(error)[:200]}
    began = time.perf_counter()
    outcome = certify_network(net, found.machine)
    row["certified in"] = round(time.perf_counter() - began, 3)
    if not outcome.certified:
        row |= {"verdict": "refused", "why": str(outcome.refusal)[:200]}
        plan = found.base.plan
        checked = trial(net, found.machine, plan, found.place, runs_of(found.seed, each=0), known=_known(found))
        return row | _trained(checked)
    finding: Any = outcome.finding
    rounds = found.machine.rounds
    each = 0 if found.keeps else 3 if rounds <= 3 else 2 if rounds <= 6 else 1
    checked = trial(
        net, found.machine, found.base.plan, found.place, runs_of(found.seed, each=each), tolerance=finding.tolerance,
        offsets=finding.offsets, known=_known(found),
    )  # fmt: skip
    row |= {"verdict": "accepted", "tolerance": str(finding.tolerance), "because": reason(found, net)}
    return row | _trained(checked)


def _known(found: Mutant) -> Known | None:
    return known(found.base.name) if found.machine is found.base.machine else None


def _trained(checked: Trial) -> Row:
    row: Row = {"runs": checked.runs, "steps": checked.steps}
    if checked.unrun:
        row["unrun"] = checked.unrun
    if checked.deviation:
        row |= {"wrong": checked.deviation.what[:200], "wrong in step": checked.deviation.step, "run": checked.deviation.run}
    return row


def defect(row: Row) -> str | None:
    """Why a row is a defect of the certifier or the reader, or None."""
    if row["verdict"] == "error":
        return "an error inside"
    if row["verdict"] == "accepted" and "wrong" in row:
        return "accepted, and training goes wrong"
    if row["keeps"] and row["verdict"] != "accepted":
        return "harmless, and refused"
    return None


def work(task: Task) -> Row:
    """One mutant from beginning to end; an exception becomes a row."""
    name, kind, seed = task
    began = time.perf_counter()
    row: Row = {"base": name, "kind": kind, "seed": seed, "keeps": KINDS[kind].keeps, "certifier": CODE}
    try:
        found = mutant(base(name), kind, seed)
        row |= {"verdict": "none"} if found is None else judged(found)
    except Exception as error:
        row |= {"verdict": "error", "why": f"{type(error).__name__}: {error}"[:300], "trace": traceback.format_exc()[-1500:]}
    return row | {"seconds": round(time.perf_counter() - began, 3)}


def wanted(per: int, only: str, names: str) -> Iterator[Task]:
    """All mutants of a campaign, seeds first, so that every kind is soon met."""
    for seed in range(per):
        for kind in KINDS:
            for name in MADE:
                if only in kind and names in name and seed < max(1, per // FEWER.get(name, 1)):
                    yield name, kind, seed


def kept_rows(target: Path) -> list[Row]:
    """The rows of a file; a last line that was cut off is taken out of it."""
    if not target.exists():
        return []
    data = target.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    if whole != data:
        target.write_bytes(whole)
    return [json.loads(line) for line in whole.splitlines()]


def campaign(target: Path, tasks: list[Task], *, jobs: int) -> list[Row]:
    """Do what is not in the file yet; all rows of these tasks."""
    rows = {(row["base"], row["kind"], row["seed"]): row for row in kept_rows(target) if row["certifier"] == CODE}
    todo = [task for task in tasks if task not in rows]
    print(f"{len(todo)} mutants to do, {len(rows)} done before", flush=True)
    with Pool(jobs) as pool, target.open("ab") as stream:
        for i, row in enumerate(pool.imap_unordered(work, todo, chunksize=4), 1):
            rows[row["base"], row["kind"], row["seed"]] = row
            os.write(stream.fileno(), json.dumps(row).encode() + b"\n")
            why = defect(row)
            if why:
                print(f"DEFECT {row['base']}/{row['kind']}/{row['seed']}: {why}: {row.get('wrong') or row.get('why')}", flush=True)
            if i % 500 == 0:
                print(f"{i} of {len(todo)}", flush=True)
    return [rows[task] for task in tasks if task in rows]


def table(rows: list[Row]) -> list[str]:
    """Kind by outcome, and the totals."""
    counts: dict[str, Counter[str]] = {}
    for row in rows:
        found = counts.setdefault(row["kind"], Counter())
        if row["verdict"] == "none":
            continue
        found["made"] += 1
        found[row["verdict"]] += 1
        found["seen wrong"] += row["verdict"] == "refused" and "wrong" in row
        if row["verdict"] == "accepted":
            found["explained" if row["because"] else "trained only"] += 1
        found["DEFECTS"] += defect(row) is not None
    lines = [f"{'kind':<52}" + "".join(f"{name:>14}" for name in COLUMNS)]
    lines += [f"{kind:<52}" + "".join(f"{found[name]:>14}" for name in COLUMNS) for kind, found in counts.items()]
    total: Counter[str] = sum(counts.values(), Counter())
    lines.append(f"{'all':<52}" + "".join(f"{total[name]:>14}" for name in COLUMNS))
    steps, runs = sum(row.get("steps", 0) for row in rows), sum(row.get("runs", 0) for row in rows)
    digests = {row["digest"] for row in rows if "digest" in row}
    slow = max((row.get("certified in", 0) for row in rows), default=0)
    lines.append(f"{len(digests)} different mutants, {runs} training runs, {steps} steps, certifying at most {slow} s")
    return lines


def main() -> int:
    """Run the campaign and print its table; 1 if there was a defect."""
    parser = argparse.ArgumentParser()
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("--per", type=int, default=14, help="seeds for each kind and network")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="", help="kinds whose name has this in it")
    parser.add_argument("--base", default="", help="networks whose name has this in it")
    parser.add_argument("--repeat", help="one mutant: BASE/KIND/SEED")
    given = parser.parse_args()
    if given.repeat:
        name, kind, seed = given.repeat.split("/")
        row = work((name, kind, int(seed)))
        print(json.dumps(row, indent=1))
        return int(defect(row) is not None)
    if not given.output:
        parser.error("need -o FILE or --repeat")
    rows = campaign(given.output, list(wanted(given.per, given.only, given.base)), jobs=given.jobs)
    print("\n".join(table(rows)))
    return int(any(defect(row) for row in rows))


if __name__ == "__main__":
    sys.exit(main())
