"""A million gates: written in bits, cleaned, written to a file and read back, then stamped and proved.

Run:  python benchmarks/million.py [--width BITS]

At commit 2afa964c a circuit of 1,033,923 gates went through all of it in 74 s of wall time, on two cores that ten other
processes shared, in 0.6 GiB: built in 19 s, cleaned in 22 s, written in 1 s and read in 6 s (binary AIGER), 8 s and 3 s
(ASCII), stamped in 3 s, proved in 11 s.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from constructions.computation.builder import clean
from constructions.computation.design import Design
from constructions.computation.flat import FlatCircuit
from constructions.computation.formats.files import read_machine, write_machine
from constructions.networks.stamped import stamp
from verify.circuits.by_shape import prove_emulation


@contextmanager
def timed(what: str) -> Iterator[Callable[[str], None]]:
    """Print the seconds of a stage, with a remark."""
    said: list[str] = []
    began = time.perf_counter()
    yield said.append
    print(f"{what:<24} {time.perf_counter() - began:7.2f} s  {'; '.join(said)}")


def product(width: int) -> FlatCircuit:
    """The product of two numbers, modulo 2^width, and whether it is larger than the first."""
    design = Design()
    a, b = design.input("a", width), design.input("b", width)
    found = a * b
    design.output("product", found)
    design.output("larger", found > a)
    return design.circuit()


def main() -> None:
    """Run all stages."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--width", type=int, default=480)
    width = parser.parse_args().width
    began = time.perf_counter()
    with timed("build in bits") as say:
        circuit = product(width)
        say(f"{len(circuit.gates)} gates")
    with timed("clean") as say:
        circuit = clean(circuit)
        say(f"{len(circuit.gates)} gates")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("product.aig", "product.aag"):
            path = Path(folder) / name
            with timed(f"write {path.suffix}") as say:
                write_machine(path, circuit)
                say(f"{path.stat().st_size} bytes")
            with timed(f"read {path.suffix}") as say:
                back = read_machine(path).circuit
                say("the same circuit" if back.sorted.same_structure(circuit.sorted) else f"{len(back.gates)} gates")
    with timed("stamp the network") as say:
        made = stamp(circuit)
        say(f"{made.network.size} vertices, {len(made.network.sources)} edges")
    with timed("prove it") as say:
        report = prove_emulation(made.circuit, made.network, made.places)
        say(f"{report.verdict.name}, {report.calls} obligations to the solver")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{'in all':<24} {time.perf_counter() - began:7.2f} s  {peak:.1f} GiB at most")


if __name__ == "__main__":
    main()
