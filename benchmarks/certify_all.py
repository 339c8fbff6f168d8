"""Every network of the training campaign through the certifier: the repaired settings certified, as printed refused where the errata say.

The cases are those of ``benchmarks/campaign.py``, compiled by the same code. Exit code 1 if one comes out otherwise.

Run:  python benchmarks/certify_all.py [--only NAME] [--large] [--numbered-anew] [--second]      (--second: recheck with cvc5, too)
"""
import argparse
import hashlib
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from constructions.networks.network_file import network_bytes
from constructions.networks.renumber import random_order, renumbered
from verify.certifier.certificate import certificate
from verify.certifier.certify import certify_network
from verify.recheck import main as recheck
from verify.registry import load_file

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
                code = checked_again(network_bytes(net), certificate(net, plan.machine, outcome, {"network": "", "machine": ""}))
                found, wanted = f"{found}, {'and again' if not code else f'recheck: {code}'}", wanted and not code
            yield Row(
                case=case.name, setting=setting, vertices=net.network.size, distinct=len(outcome.finding.forms) if outcome.finding else 0,
                calls=outcome.tally.calls, seconds=seconds, found=found, wanted=wanted,
            )  # fmt: skip


def checked_again(data: bytes, cert: dict[str, Any]) -> int:
    """The exit code of the second check with cvc5."""
    cert["network"]["sha256"] = hashlib.sha256(data).hexdigest()
    with tempfile.TemporaryDirectory() as folder:
        paths = Path(folder) / "a.cert", Path(folder) / "a.qgn"
        paths[0].write_text(json.dumps(cert), encoding="utf-8")
        paths[1].write_bytes(data)
        return recheck([*map(str, paths), "--solver", "cvc5", "--seconds", "60"])


def main() -> int:
    """Print a line for each network."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--only", default="", help="cases whose name has this in it")
    options.add_argument("--large", action="store_true", help="the large cases")
    options.add_argument("--numbered-anew", action="store_true", help="vertices in a random order, no hints")
    options.add_argument("--second", action="store_true", help="check every certificate again with cvc5")
    given = options.parse_args()
    cases = [case for case in (CAMPAIGN.LARGE if given.large else CAMPAIGN.CASES) if given.only in case.name]
    good = total = 0
    for row in rows(cases, anew=given.numbered_anew, second=given.second):
        total, good = total + 1, good + row.wanted
        print(f"{'ok ' if row.wanted else 'NOT'} {row.case} | {row.setting} | {row.vertices:,} vertices | {row.distinct} distinct rounds | "
              f"{row.calls} solver calls | {row.seconds:.1f} s | {row.found[:140]}", flush=True)  # fmt: skip
    print(f"{good} of {total} as they should be")
    return 0 if good == total else 1


if __name__ == "__main__":
    sys.exit(main())
