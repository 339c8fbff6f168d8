"""Follow every network that is accepted, by a trainer and an evaluator of machines that share no code with the
certifier.

Networks come from ``judged_networks.py``: all learners, the one made by hand, then random machines and mutants without
end. Each goes to ``querygrad certify``; if that exits with 0, the judge in ``independent/`` trains it in seeded runs,
reads its output at all x, and decides whether it is what the machine predicts after valid answers. The tolerance is the
one that the checker says. Results are lines of JSON; what is in the file is not done again. Files of a network that is
accepted and wrong are kept in a folder beside it.

With --refused the judge is also asked about what certify refuses: how many of those it finds wrong is a score of the
judge.

Run:  python benchmarks/follow_accepted.py -o FILE [--most N] [--seed S] [--only SOURCE] [--refused]      (exit code 1
if one is wrong)
"""

import argparse
import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from independent.judge import OPEN, OTHERWISE, RIGHT, WRONG, Judge, judge_of, runs
from judged_networks import Given, Wanted, command, made, wanted
from rows import Row, completed, table_of

COLUMNS = ("networks", "refused", "seen wrong", "accepted", "judged", "runs", RIGHT, OTHERWISE, OPEN, WRONG)
"""Refused, of these found wrong by the judge (with --refused); accepted and judged; runs and what came of them."""
WORK = 1 << 20
"""Vertices times steps times points that a network's runs may have together; there is one run at least, and nine at
most."""


def certified(given: Given, cert: Path) -> tuple[int, Fraction | None]:
    """The exit code of certify, and the tolerance that the checker says."""
    words = [
        "certify",
        str(given.network),
        "--machine",
        str(given.machine),
        "-o",
        str(cert),
        "--search",
        "0",
        "--seconds",
        "5",
    ]
    code, said = command(*words, *(("--tolerance", given.tolerance) if given.tolerance else ()))
    within = re.search(r"each answer is within ([\d/]+) of the mean", " ".join(said.split()))
    if code == 0 and not within:
        raise RuntimeError(f"need a tolerance in what the checker says, got {said[-300:]}")
    return code, Fraction(within[1]) if code == 0 and within else None


def followed(judge: Judge, seed: int) -> Row:
    """The verdicts of some seeded runs, and the first that is not simply right."""
    size = judge.net.size * max(1, judge.net.steps) << min(judge.net.inputs, 9)
    counts, first = Counter[str](), ""
    for run in runs(judge, max(1, min(9, WORK // size)), 1000 * seed):
        found = judge.judged(run)
        counts[found.verdict] += 1
        if found.verdict != RIGHT and (not first or found.verdict == WRONG):
            first = f"{found.verdict}: run of seed {run.seed}, {run.adversary}: {found.why}"
    return {"runs": sum(counts.values()), **counts, "first": first}


def seen_wrong(given: Given, seed: int) -> str:
    """Why a network that was refused is wrong; empty if no run shows it, or its files cannot be judged."""
    try:
        judge = judge_of(given.network, given.machine, None, Fraction(given.tolerance) if given.tolerance else None)
    except (ValueError, KeyError, TypeError):
        return ""
    found = followed(judge, seed)
    return str(found["first"]) if found.get(WRONG) else ""


def row_of(what: Wanted, kept: Path, refused: bool = False) -> Row:
    """What came of one network."""
    row: Row = {"source": what.source, "what": what.what, "seed": what.seed}
    with TemporaryDirectory() as name:
        folder = Path(name)
        given = made(what, folder)
        if given is None:
            return row | {"code": None}
        code, tolerance = certified(given, folder / "network.cert")
        row["code"] = code
        if code == 0:
            row |= followed(judge_of(given.network, given.machine, folder / "network.cert", tolerance), what.seed)
        elif refused:
            row["seen wrong"] = seen_wrong(given, what.seed)
        if row.get(WRONG):
            shutil.copytree(folder, kept / re.sub(r"\W+", "_", str(what)), dirs_exist_ok=True)
    return row


def table(rows: Iterable[Row]) -> list[str]:
    """Sources by what came of their networks."""
    counts: dict[str, Counter[str]] = {}
    for row in rows:
        found = counts.setdefault(row["source"], Counter())
        found["networks"] += row["code"] is not None
        found["refused"] += row["code"] not in (0, None)
        found["seen wrong"] += bool(row.get("seen wrong"))
        found["accepted"] += row["code"] == 0
        found["judged"] += bool(row.get("runs"))
        for column in COLUMNS[5:]:
            found[column] += row.get(column, 0)
    return table_of("source", counts, COLUMNS)


def told(row: Row) -> str:
    """A row in words."""
    if row["code"] == 0:
        return f"accepted: {row['first'] or 'right'}"
    if row["code"] is None:
        return "nothing to change"
    return f"exit code {row['code']}" + (f", {row['seen wrong']}" if row.get("seen wrong") else "")


def campaign(target: Path, most: int, seed: int, only: str = "", refused: bool = False) -> list[Row]:
    """Do what is not in the file yet; all rows of this campaign."""
    wrong = target.with_suffix(".wrong")

    def said(row: Row) -> str:
        what = str(of_row(row))
        print(f"{what}: {told(row)}", flush=True)
        return what

    return completed(
        list(islice((what for what in wanted(seed) if only in what.source), most)),
        target,
        lambda todo: (row_of(what, wrong, refused) for what in todo),
        key=of_row,
        doing="following",
        unit="networks",
        tell=said,
    )


def of_row(row: Row) -> Wanted:
    """The network of a row."""
    return Wanted(row["source"], row["what"], row["seed"])


def main() -> int:
    """Run the campaign; print the counts."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-o", "--output", type=Path, required=True)
    options.add_argument("--most", type=int, default=200, help="how many networks")
    options.add_argument("--seed", type=int, default=0, help="the first seed of random machines and mutants")
    options.add_argument("--only", default="", help="sources whose name has this in it")
    options.add_argument("--refused", action="store_true", help="judge what is refused, too")
    given = options.parse_args()
    rows = campaign(given.output, given.most, given.seed, given.only, given.refused)
    print("\n".join(table(rows)))
    return int(any(row.get(WRONG) for row in rows))


if __name__ == "__main__":
    sys.exit(main())
