"""Reading, evaluating and building circuits beside py-aiger and circuitgraph, and proving beside one monolithic query.

Run:  pip install py-aiger circuitgraph   then   python benchmarks/circuits.py [--most GATES]

Every row is one run of all sides on the same circuit (the product of two numbers), so ratios mean something where times
do not. A side that took more than 10 seconds is left out of larger rows; writing 214 gates as py-aiger expressions did
not end in 20.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import aiger
import circuitgraph
from rich.console import Console
from rich.table import Table

from constructions.computation.builder import FALSE, Builder, clean
from constructions.computation.flat import FlatCircuit
from constructions.computation.formats.files import read_machine, write_machine
from constructions.networks.stamped import stamp
from verify.circuits.by_shape import prove_emulation
from verify.circuits.of_a_file import in_one_query
from verify.discharge.one import discharge

LIMIT = 10.0
WIDTHS = (4, 8, 16, 32, 64, 160, 500)


def product(width: int) -> FlatCircuit:
    """The low half of a product, from half and full adders."""
    builder = Builder()
    a, b = ([builder.input(f"{name}{i}") for i in range(width)] for name in "ab")
    total = [FALSE] * width
    for i in range(width):
        carry = FALSE
        for j in range(i, width):
            part = builder.both(a[j - i], b[i])
            half = builder.xor(total[j], part)
            total[j], carry = (
                builder.xor(half, carry),
                builder.either(builder.both(total[j], part), builder.both(half, carry)),
            )
    for j in range(width):
        builder.output(f"p{j}", total[j])
    return builder.circuit()


def in_circuitgraph(circuit: FlatCircuit) -> circuitgraph.Circuit:
    """The same gates added one by one to a circuitgraph circuit."""
    made = circuitgraph.Circuit()
    for name in circuit.inputs:
        made.add(name, "input")
    flipped: set[int] = set()
    for v, (_, literals) in enumerate(circuit.gates, len(circuit.inputs)):
        for literal in literals:
            if literal & 1 and literal not in flipped:
                flipped.add(literal)
                made.add(f"not_{literal >> 1}", "not", fanin=[circuit.name(literal >> 1)])
        made.add(circuit.name(v), "and", fanin=[f"not_{x >> 1}" if x & 1 else circuit.name(x >> 1) for x in literals])
    return made


def in_py_aiger(circuit: FlatCircuit) -> list[aiger.BoolExpr]:
    """The same gates written as py-aiger expressions."""
    values = [aiger.atom(name) for name in circuit.inputs]
    for _, (left, right) in circuit.gates:
        pair = [~values[x >> 1] if x & 1 else values[x >> 1] for x in (left, right)]
        values.append(pair[0] & pair[1])
    return values


class Sides:
    """Times by side; a side that was too slow once is not asked again."""

    def __init__(self) -> None:
        self.out: set[str] = set()

    def time(self, side: str, job: Callable[[], object]) -> float | None:
        """Seconds, or None."""
        if side in self.out:
            return None
        began = time.perf_counter()
        job()
        spent = time.perf_counter() - began
        if spent > LIMIT:
            self.out.add(side)
        return spent


def row(width: int, folder: Path, sides: Sides) -> list[float | int | None]:
    """One size: gates, then seconds for each column."""
    built: list[FlatCircuit] = []
    building = sides.time("build", lambda: built.append(product(width)))
    circuit = built[0]
    by_graph = sides.time("circuitgraph build", lambda: in_circuitgraph(circuit))
    by_aiger = sides.time("py-aiger build", lambda: in_py_aiger(circuit)) if len(circuit.gates) < 100 else None
    aag, bench = folder / "c.aag", folder / "c.bench"
    write_machine(aag, circuit)
    write_machine(bench, circuit)
    reading = sides.time("read", lambda: read_machine(aag).circuit)
    theirs: list[Any] = []
    py_aiger = sides.time("py-aiger read", lambda: theirs.append(aiger.load(str(aag))))
    graph = sides.time("circuitgraph read", lambda: circuitgraph.from_file(str(bench)))
    source = Random(1)
    words = {name: source.getrandbits(64) for name in circuit.inputs}
    evaluating = sides.time("evaluate", lambda: circuit.evaluate(words, width=64))
    one = {name: bool(word & 1) for name, word in words.items()}
    py_evaluating = sides.time("py-aiger evaluate", lambda: theirs[0](one)) if theirs else None
    cleaning = sides.time("clean", lambda: clean(circuit))
    made = stamp(circuit)
    proving = sides.time("prove", lambda: prove_emulation(made.circuit, made.network, made.places))
    whole = sides.time("one query", lambda: discharge(in_one_query(made), 60))
    return [
        len(circuit.gates),
        building,
        by_graph,
        by_aiger,
        reading,
        py_aiger,
        graph,
        evaluating,
        py_evaluating,
        cleaning,
        proving,
        whole,
    ]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--most", type=int, default=130_000, help="largest circuit, in gates")
    most = parser.parse_args().most
    titles = (
        "gates",
        "build",
        "circuitgraph build",
        "py-aiger build",
        "read .aag",
        "py-aiger read",
        "circuitgraph read .bench",
        "64 inputs",
        "py-aiger 1 input",
        "clean",
        "stamped and proved",
        "one query (z3)",
    )
    table = Table(*titles, box=None)
    sides = Sides()
    with tempfile.TemporaryDirectory() as folder:
        for width in WIDTHS:
            if 4.5 * width * width > most:
                break
            first, *rest = row(width, Path(folder), sides)
            table.add_row(str(first), *("-" if seconds is None else f"{seconds:.3f}" for seconds in rest))
    Console(width=240).print(table)


if __name__ == "__main__":
    main()
