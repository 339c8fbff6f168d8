"""What became of a mutant: not read, refused, or accepted and then trained; and the table of a campaign.

A mutant that was accepted and does not follow its machine, an error inside, and a harmless change that was refused are
defects.

>>> name, kind = "conjunction by queries, minimal", "two vertices' numbers exchanged"
>>> row = work((name, kind, 0))
>>> outcome(row), row["note"], row["why"][:38]
('not read', 'numbers of 127 and 247 exchanged', 'need edges that lead upwards (no cycle')
>>> judged(mutant(base(name), kind, 0))["digest"] == row["digest"], len(known(name).points)
(True, 2)
>>> print(defect(row), "|", defect(row | {"keeps": True}))
None | harmless, and refused
>>> refused = row | {"kind": "edge added", "verdict": "refused", "wrong": "vertex 5 is on a kink"}
>>> [" ".join(line.split()) for line in table([row, refused])[1:4]]
["two vertices' numbers exchanged 1 1 0 0 0 0 0 0 0 0", 'edge added 1 0 1 1 0 0 0 0 0 0', 'all 2 1 1 1 0 0 0 0 0 0']
"""

import time
import traceback
from collections import Counter
from functools import cache
from typing import Any

from constructions.computation.formats.aiger_writing import write_aiger
from constructions.errors import ConstructionError
from constructions.foundations.files import ROOT, sha256_of
from constructions.networks.network_file import read_network_bytes
from verify.attacks.bases import base
from verify.attacks.harmless import reason
from verify.attacks.kinds import KINDS
from verify.attacks.mutants import Mutant, mutant
from verify.attacks.trial import EvaluatedMachine, MutantRun, MutantTrial, runs_of, trial
from verify.certifier.certificate.certification import Certification
from verify.certifier.certificate.handing_over import certified_here
from verify.certifier.certify import certify_network
from verify.recheck.check import Verdict
from verify.recheck.reading import RefusedError

Row = dict[str, Any]
Task = tuple[str, str, int]
FILES = sorted(path for folder in ("certifier", "recheck") for path in (ROOT / "verify" / folder).rglob("*.py"))
CODE = sha256_of(b"".join(path.read_bytes() for path in FILES))[:12]
"""Which certifier and checker: results of another one are done again."""
SECONDS = 5
"""For each question to the solver: what it leaves open counts as refused, so fewer seconds accept less."""
COLUMNS = (
    "mutants",
    "not read",
    "refused",
    "seen wrong",
    "proved",
    "trained",
    "untrained",
    "caught",
    "errors",
    "DEFECTS",
)
"""Refused, of these seen wrong in training; accepted: proved harmless, trained harmless, not trained by any engine,
caught in training."""


@cache
def known(name: str) -> EvaluatedMachine:
    """A base's machine, evaluated once."""
    return EvaluatedMachine(base(name).machine)


def judged(found: Mutant) -> Row:
    """What the certifier and the trainer say of a mutant."""
    row: Row = {
        "base": found.base.name,
        "kind": found.kind,
        "seed": found.seed,
        "note": found.note,
        "keeps": found.keeps,
    }
    row["digest"] = sha256_of(found.data + write_aiger(found.machine.aiger(), binary=True))[:16]
    try:
        net = read_network_bytes(found.data)
    except ConstructionError as error:
        return row | {"verdict": "not read", "why": str(error)[:200]}
    began = time.perf_counter()
    plan = found.base.plan
    outcome = certify_network(net, found.machine, tolerance=plan.tolerance or 4 * plan.rho, seconds=SECONDS)
    why, verdict = checked_by(found, outcome)
    row["certified in"] = round(time.perf_counter() - began, 3)
    if verdict is None:
        row |= {"verdict": "refused", "why": why}
        checked = trial(net, found.machine, plan, found.place, _runs(found, 0), known=_known(found))
        return row | _trained(checked)
    finding = outcome.finding
    assert finding is not None and verdict.tolerance == finding.tolerance
    rounds = found.machine.rounds
    because = reason(found, net) if found.base is base(found.base.name) else None
    each = 0 if found.keeps else (2 if rounds <= 6 else 1) * (1 if because else 2)
    made = finding.decoding
    given: Row = {
        "tolerance": finding.tolerance,
        "offsets": finding.offsets,
        "known": _known(found),
        "decoder": made and (made.d, made.multiplier, made.add, made.shift),
    }
    checked = trial(net, found.machine, plan, found.place, _runs(found, each), **given)
    if checked.unrun:
        checked = trial(net, found.machine, plan, found.place, _runs(found, 0), rationals=True, **given)
    row |= {"verdict": "accepted", "tolerance": str(finding.tolerance), "because": because}
    return row | _trained(checked)


def checked_by(found: Mutant, outcome: Certification) -> tuple[str, Verdict | None]:
    """What the checker says of a mutant whose search came to an end; and why it is refused, by whoever does."""
    if not outcome.certified:
        return str(outcome.refusal)[:200], None
    try:
        verdict = certified_here(found.data, found.machine, outcome)
    except RefusedError as error:
        return f"the checker: {error}"[:200], None
    return (f"the checker leaves open: {verdict.open[0]}"[:200], None) if verdict.open else ("", verdict)


def _runs(found: Mutant, each: int) -> list[MutantRun]:
    return runs_of(found.seed, each=each, full=found.base.full)


def _known(found: Mutant) -> EvaluatedMachine | None:
    return known(found.base.name) if found.machine is base(found.base.name).machine else None


def _trained(checked: MutantTrial) -> Row:
    row: Row = {"runs": checked.runs, "steps": checked.steps}
    if checked.unrun:
        row["unrun"] = checked.unrun
    if checked.deviation:
        row |= {
            "wrong": checked.deviation.what[:200],
            "wrong in step": checked.deviation.step,
            "run": checked.deviation.run,
        }
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
        row |= {
            "verdict": "error",
            "why": f"{type(error).__name__}: {error}"[:300],
            "trace": traceback.format_exc()[-1500:],
        }
    return row | {"seconds": round(time.perf_counter() - began, 3)}


def outcome(row: Row) -> str:
    """The column of a row."""
    if row["verdict"] != "accepted":
        return "errors" if row["verdict"] == "error" else str(row["verdict"])
    if "wrong" in row:
        return "caught"
    return "proved" if row["because"] else "untrained" if "unrun" in row else "trained"


def table(rows: list[Row], by: str = "kind") -> list[str]:
    """Kinds (or bases) by outcome, and the totals, from the ``rows`` of a campaign; ``by`` is the entry by which they
    are grouped."""
    counts: dict[str, Counter[str]] = {}
    for row in rows:
        found = counts.setdefault(row[by], Counter())
        if row["verdict"] == "none":
            continue
        found["mutants"] += 1
        found[outcome(row)] += 1
        found["seen wrong"] += row["verdict"] == "refused" and "wrong" in row
        found["DEFECTS"] += defect(row) is not None
    total: Counter[str] = sum(counts.values(), Counter())
    lines = [f"{by:<60}" + "".join(f"{name:>11}" for name in COLUMNS)]
    lines += [
        f"{name:<60}" + "".join(f"{found[column]:>11}" for column in COLUMNS)
        for name, found in (counts | {"all": total}).items()
    ]
    steps, runs = sum(row.get("steps", 0) for row in rows), sum(row.get("runs", 0) for row in rows)
    digests = {row["digest"] for row in rows if "digest" in row}
    accepted = {row["digest"] for row in rows if row["verdict"] == "accepted"}
    slow = max((row.get("certified in", 0) for row in rows), default=0)
    many = f"{len(digests)} different mutants, {len(accepted)} of them accepted"
    lines.append(f"{many}; {runs} training runs, {steps} steps; certifying at most {slow} s")
    return lines
