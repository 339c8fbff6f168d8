"""Every network of the training campaign through the certifier: the repaired settings certified, as printed refused
where the errata say.

The cases are those of ``benchmarks/campaign.py``, compiled by the same code. Exit code 1 if one comes out otherwise.

Run:  python benchmarks/certify_all.py [--only NAME] [--large] [--numbered-anew] [--second]      (--second: checked,
too)
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from constructions.computation.query_machine import QueryMachine
from constructions.networks.network_file import network_bytes
from constructions.networks.renumber import random_order, renumbered
from verify.certifier.certificate.certification import Certification
from verify.certifier.certificate.handing_over import certified_here
from verify.certifier.certify import certify_network
from verify.obligations.user_file import load_file
from verify.recheck.reading import RefusedError

CAMPAIGN = load_file(Path(__file__).with_name("campaign.py"))
REFUSED = {"as printed": "d", "only vc mended": "c"}
"""The premise that fails (E04, E03)."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """What came of one network."""

    case: str
    setting: str
    vertices: int
    distinct: int
    calls: int
    seconds: float
    found: str
    wanted: bool


def rows(cases: Sequence[Any], *, anew: bool = False, second: bool = False) -> Iterator[Row]:
    """Certify each case in each of its settings, and as printed."""
    for case in cases:
        for setting in (*case.settings, *(REFUSED if "minimal repair" in case.settings else ())):
            plan = case.plan(setting)
            net = plan.trainable
            if anew:
                net, _ = renumbered(net, random_order(net, seed=1))
            began = time.perf_counter()
            outcome = certify_network(net, plan.machine)
            seconds = time.perf_counter() - began
            found = "certified" if outcome.refusal is None else f"refused: {outcome.refusal}"
            wanted = outcome.certified if setting not in REFUSED else found.startswith(f"refused: ({REFUSED[setting]})")
            if second and outcome.certified:
                said = checked(network_bytes(net), plan.machine, outcome)
                found, wanted = f"{found}, {said}", wanted and said.startswith("and checked")
            yield Row(
                case=case.name,
                setting=setting,
                vertices=net.network.size,
                distinct=len(outcome.finding.distinct_rounds) if outcome.finding else 0,
                calls=outcome.tally.calls,
                seconds=seconds,
                found=found,
                wanted=wanted,
            )


def checked(data: bytes, machine: QueryMachine, outcome: Certification) -> str:
    """What the checker says."""
    try:
        verdict = certified_here(data, machine, outcome)
    except RefusedError as error:
        return f"the checker refuses: {error}"
    return (
        f"and checked: {verdict.claims} claims, {verdict.proofs} proofs"
        if verdict.certified
        else f"open: {verdict.open[0]}"
    )


def main() -> int:
    """Print a line for each network."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--only", default="", help="cases whose name has this in it")
    options.add_argument("--large", action="store_true", help="the large cases")
    options.add_argument("--numbered-anew", action="store_true", help="vertices in a random order, no hints")
    options.add_argument("--second", action="store_true", help="let the checker decide on every certificate")
    given = options.parse_args()
    cases = [case for case in (CAMPAIGN.LARGE if given.large else CAMPAIGN.CASES) if given.only in case.name]
    good = total = 0
    for row in rows(cases, anew=given.numbered_anew, second=given.second):
        total, good = total + 1, good + row.wanted
        print(
            f"{'ok ' if row.wanted else 'NOT'} {row.case} | {row.setting} | {row.vertices:,} vertices | "
            f"{row.distinct} distinct rounds | {row.calls} solver calls | {row.seconds:.1f} s | {row.found[:140]}",
            flush=True,
        )
    print(f"{good} of {total} as they should be")
    return 0 if good == total else 1


if __name__ == "__main__":
    sys.exit(main())
