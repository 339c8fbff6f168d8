"""How long search and check take, and in how much memory: networks of one method with more and more rounds.

The best literal of four bits at rho = 1/16 (1189 vertices a round, answers kept in the state, seven distinct rounds at
most), and a method that counts its rounds (conjunction by queries), of 10 bits beyond its last query and of 31 bits
with no two rounds alike. `--large` goes on to 10^7 vertices. The network is made, searched and checked by a process
each, as `querygrad compile`, `certify` and `recheck` do; the peak of a process is the largest memory that it ever had.
The certificate is written by the search.

Run:  python benchmarks/certify.py [--large] [--numbered-anew] [--check] [--only NAME]
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from fractions import Fraction
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from constructions.computation.learner_machines import best_literal_machine, conjunction_machine
from constructions.computation.query_machine import QueryMachine
from constructions.networks.container import file_data
from constructions.networks.emulation import Plan
from constructions.networks.network_file import read_network_bytes, write_network
from constructions.networks.renumber import random_order, renumbered
from verify.certifier.certificate.entries import certificate
from verify.certifier.certificate.handing_over import written
from verify.certifier.certify import certify_network
from verify.recheck.reading import digest

METHODS: dict[str, tuple[Callable[[], QueryMachine], list[int]]] = {
    "best literal": (lambda: best_literal_machine(4, fraction=8), [10, 84, 841, 8410]),
    "conjunction (counts rounds)": (lambda: conjunction_machine(10, fraction=8, tau=Fraction(1, 8)), [25, 249, 2490]),
    "conjunction of 31 bits (no two rounds alike)": (
        lambda: conjunction_machine(31, fraction=8, tau=Fraction(1, 8)),
        [124],
    ),
}
GIB = 1 << 20
"""Linux counts the peak in KiB."""


def machine_of(name: str, rounds: int) -> QueryMachine:
    """The machine of a row."""
    return replace(METHODS[name][0](), rounds=rounds)


def make(name: str, rounds: int, path: Path, anew: bool) -> None:
    """Write the network's file."""
    net = Plan(machine=machine_of(name, rounds), rho=Fraction(1, 16), tolerance=Fraction(1)).trainable
    if anew:
        net, _ = renumbered(net, random_order(net, seed=1))
    write_network(path, net)


def search(name: str, rounds: int, path: Path, cert: Path) -> tuple[Any, ...]:
    """Search, and write the certificate: sizes, seconds, CPU seconds, peak."""
    wall, cpu = time.perf_counter(), time.process_time()
    data, machine = file_data(path), machine_of(name, rounds)
    sha256, net = digest(data), read_network_bytes(data)
    del data
    outcome = certify_network(net, machine, tolerance=Fraction(1))
    assert outcome.refusal is None and outcome.finding is not None, outcome.refusal
    sizes = (
        net.network.size,
        len(net.network.sources),
        rounds,
        len(outcome.finding.distinct_rounds),
        outcome.tally.calls,
    )
    found = certificate(net, machine, outcome, network=sha256)
    del net
    outcome = outcome.without_arrays()
    cert.write_bytes(written(found))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return sizes, wall, cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / GIB


def check(cert: Path, path: Path) -> tuple[float, float, float]:
    """The checker's seconds, CPU seconds and peak."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "verify.recheck", "--", str(cert), str(path)], stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, process.returncode
    return time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / GIB


def apart(function: Callable[..., Any], *given: Any) -> Any:
    """Call a function in a process of its own, so that its memory is its own."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *given).result()


def measured(name: str, rounds: int, *, anew: bool, checked: bool) -> str:
    """One row of the table."""
    with tempfile.TemporaryDirectory() as folder:
        path, cert = Path(folder) / "network.qgn", Path(folder) / "network.cert"
        apart(make, name, rounds, path, anew)
        sizes, *found = apart(search, name, rounds, path, cert)
        found += check(cert, path) if checked else ()
    return " | ".join(f"{value:>10,}" for value in sizes) + "".join(f" | {value:8.2f}" for value in found)


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--large", action="store_true", help="up to 10^7 vertices")
    options.add_argument("--numbered-anew", action="store_true", help="vertices in a random order, no hints")
    options.add_argument("--check", action="store_true", help="let the checker decide, too")
    options.add_argument("--only", default="", help="methods whose name has this in it")
    given = options.parse_args()
    for name, (_, sizes) in METHODS.items():
        if given.only in name:
            print(name)
            titles = "  vertices |      edges |     rounds |   distinct | solver calls | search s | CPU s | peak GiB"
            print(titles + (" | check s | CPU s | peak GiB" if given.check else ""))
            for rounds in sizes if given.large else sizes[:3]:
                print(measured(name, rounds, anew=given.numbered_anew, checked=given.check), flush=True)


if __name__ == "__main__":
    main()
