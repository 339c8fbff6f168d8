"""Passes side by side, in lanes of 32-bit integers and in words of 64 samples, beside the plain passes, beside PyTorch
and beside what memory can stream: as ratios, in one run.

Run:  python benchmarks/side_by_side.py [--vertices 100000,1000000] [--repeat R]

Two kinds of networks. In an *emulation* (a conjunction of 20 literals, compiled for as many rounds as give the size)
nearly no vertex depends on x, and lanes compute those that do. A *circuit* has AND, OR and NOT gates at random behind
20 adaptors, and nearly all of its vertices depend on x. Every number of nanoseconds is per edge of the network (also
those that are left out) and sample. *plain 1* is the engine without lanes on one sample, *every edge* are lanes that
leave no vertex out because it does not depend on x. Passes are forward and backward for training, forward for
evaluation; what the lanes and words need for new weights (their program) is counted in *with program*. A whole step has
the pass over bounds before, the passes, the roundings and the move; *as it goes* is in lanes where the engine takes
them, which it does not for 8 and 16 samples where most vertices depend on x. All results are compared with those of the
plain passes.

Times are CPU seconds of one thread, the best of R. PyTorch is left out where it is not installed; it goes level by
level, in float64. Its whole step has the passes, the rounding to the nearest multiple of rho and the move, but none of
the bounds by which the engine knows that nothing else is rounded. Streaming is what a triad over long arrays reaches,
for reading offsets, tails and weights once and writing a float64 and a piece for each vertex and sample.
"""

import argparse
import importlib
import importlib.util
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from constructions.computation.learner_machines import conjunction_machine
from constructions.networks.emulation import Plan
from constructions.networks.flat import FlatNetwork, Integers
from constructions.networks.trainable import Trainable
from constructions.training.batch_passes import IN_LANES, batch_passes
from constructions.training.engine import Engine, arguments_of, engine_of
from constructions.training.evaluation import IN_WORDS, evaluated
from constructions.training.exactness import Ranges
from constructions.training.kernels import GraphArrays
from constructions.training.lane_passes import backward_lanes, forward_lanes
from constructions.training.lane_program import lane_program
from constructions.training.word_passes import BITS, as_words, forward_words
from constructions.training.word_program import word_program

CONSOLE = Console(width=120)
INPUTS = 20
BATCHES = (1, 8, 16, 32, 64)
POINTS = 2048
MACHINE = conjunction_machine(INPUTS, fraction=8, tau=Fraction(1, 16))
NEAR = 300
"""The operands of a circuit's gate are among so many vertices before it."""
OF_A_STEP: dict[str, Any] = {"batch": None, "rho": None, "rate": None}


def emulation(vertices: int) -> Trainable:
    """The learner's network with the number of rounds that comes nearest to a size."""
    two, four = (Plan(machine=replace(MACHINE, rounds=t), rho=Fraction(1, 64)).sizes.vertices for t in (2, 4))
    rounds = max(1, round((vertices - two) / (four - two) * 2 + 2))
    return Plan(machine=replace(MACHINE, rounds=rounds), rho=Fraction(1, 64)).trainable


def circuit(vertices: int) -> Trainable:
    """Gates at random; the output adds up the last eight of them."""
    source, first = np.random.default_rng(0), 1 + INPUTS
    count = vertices - first - INPUTS - 1
    kind = source.integers(0, 3, count)
    at = first + INPUTS + np.arange(count)
    one = at - 1 - source.integers(0, np.minimum(NEAR, at - first - 1))
    two = at - 1 - source.integers(0, np.minimum(NEAR, at - first - 1))
    alone = (kind == 2) | (one == two)
    sizes = np.concatenate((np.zeros(first, np.int64), np.full(INPUTS, 2), np.where(alone, 1, 3), [8]))
    offsets = np.concatenate(([0], np.cumsum(sizes)))
    tails, weights = np.zeros(offsets[-1], np.int64), np.zeros(offsets[-1], np.int64)
    for i in range(INPUTS):
        tails[2 * i + 1], weights[2 * i], weights[2 * i + 1] = 1 + i, -96, 192
    begins = offsets[at]
    tails[begins[alone]], weights[begins[alone]] = one[alone], -32
    both, low, high = begins[~alone], np.minimum(one, two)[~alone], np.maximum(one, two)[~alone]
    tails[both + 1], tails[both + 2] = low, high
    weights[both], weights[both + 1], weights[both + 2] = np.where(kind[~alone] == 0, -64, 64), 32, 32
    tails[-8:], weights[-8:] = np.arange(at[-1] - 7, at[-1] + 1), 1
    names = tuple(f"x{i + 1}" for i in range(INPUTS))
    net = FlatNetwork(
        inputs=names, offsets=offsets, sources=tails, weights=weights, outputs={"y": len(sizes) - 1}, scale=16
    )
    return Trainable(network=net, rho=Fraction(1, 64))


def best(what: Callable[[], object], repeat: int) -> float:
    """The least CPU time of some runs, in seconds."""
    times = []
    for _ in range(repeat):
        began = time.process_time()
        what()
        times.append(time.process_time() - began)
    return min(times)


def samples(count: int) -> tuple[Integers, Integers]:
    """Different points with labels."""
    source = np.random.default_rng(1)
    return source.permutation(1 << INPUTS)[:count, None] >> np.arange(INPUTS) & 1, source.integers(0, 2, count)


@dataclass(frozen=True)
class Measured:
    """Seconds of one way with a number of samples."""

    what: str
    way: str
    samples: int
    seconds: float


class Network:
    """A network, and what is known of it before a step."""

    def __init__(self, net: Trainable, repeat: int) -> None:
        self.net, self.repeat = net, repeat
        self.engine = engine_of(net)
        self.arrays: GraphArrays = self.engine.arrays
        self.found: Ranges = self.engine.ranges()
        self.edges = len(net.network.sources)

    def passes(self) -> Iterator[Measured]:
        """Both passes of a batch."""
        for many in BATCHES:
            x, y = samples(many)

            def go(lanes: bool, x: Integers = x, y: Integers = y) -> Any:
                return batch_passes(self.arrays, self.found, x, y, lanes=lanes)

            yield Measured("passes", f"plain {many}", many, best(lambda go=go: go(False), self.repeat))  # type: ignore[misc]
            if many < 8:
                continue
            one, other = go(True), go(False)
            if one.outputs != other.outputs:
                raise SystemExit("lanes and plain passes differ")
            if one.way == IN_LANES:
                seconds = best(lambda go=go: go(True), self.repeat)  # type: ignore[misc]
                yield Measured("passes", f"lanes {many}, with program", many, seconds)
            for folded in (True, False):
                name = f"lanes {many}" + ("" if folded else ", every edge")
                yield Measured("passes", name, many, self.lanes(x, y, folded=folded))

    def lanes(self, x: Integers, y: Integers, *, folded: bool) -> float:
        """Both passes in lanes, for a program that is there."""
        program, reason = lane_program(self.arrays, self.found.known, folded=folded)
        if program is None:
            raise SystemExit(f"there are no lanes: {reason}")
        width = min(len(x), 32)
        out = np.empty((INPUTS + len(program.vertices), width), np.int32)
        piece, adjoint = (np.empty((len(program.sloped), width), kind) for kind in (np.int16, np.int64))
        count, kink, sums = np.ones(width, np.int64), np.full(width, -1), np.zeros(self.edges, np.int64)

        def both() -> None:
            for begin in range(0, len(x), width):
                block = slice(begin, begin + width)
                forward_lanes(self.arrays, self.found.known, program, x[block], out, piece)
                room = (count, out, piece, adjoint, kink, sums)
                backward_lanes(self.arrays, self.found.known, program, y[block], *room)

        both()
        return best(both, self.repeat)

    def evaluations(self) -> Iterator[Measured]:
        """Forward for many points."""
        x, _ = samples(POINTS)
        net, found = self.arrays, self.found
        ways: dict[str, dict[str, Any]] = {"words": {}, "lanes": {"words": False}}
        wanted = evaluated(net, found, x[:8], lanes=False).outputs
        for name, given in ways.items():
            evaluation = evaluated(net, found, x, **given)
            if evaluation.outputs[:8] != wanted:
                raise SystemExit(f"{name} and plain passes differ")
            said = name if (evaluation.way == IN_WORDS) == (name == "words") else evaluation.way
            seconds = best(lambda given=given: evaluated(net, found, x, **given), self.repeat)  # type: ignore[misc]
            yield Measured("evaluation", f"{said}, with program", POINTS, seconds)
        plain = best(lambda: evaluated(net, found, x[:8], lanes=False), self.repeat)
        yield Measured("evaluation", "plain 8", 8, plain)
        yield Measured("evaluation", "plain 1", 1, best(lambda: evaluated(net, found, x[:1]), self.repeat))
        yield from self.words(x)

    def words(self, x: Integers) -> Iterator[Measured]:
        """Forward in words, for programs that are there."""
        for folded in (True, False):
            lanes, _ = lane_program(self.arrays, self.found.known, folded=folded, pieces=False)
            if lanes is None:
                continue
            program = word_program(lanes, self.found.slope, INPUTS)
            if 2 * program.gates < len(lanes.vertices):
                continue
            width = POINTS // BITS
            words, sums = np.empty((program.words, width), np.uint64), np.empty((program.sums, POINTS), np.int32)
            words[:INPUTS] = as_words(x, width)

            def go(program: Any = program, words: Any = words, sums: Any = sums) -> None:
                forward_words(self.arrays, self.found.known, program, words, sums)

            go()
            name = "words" + ("" if folded else ", every edge")
            yield Measured("evaluation", name, POINTS, best(go, self.repeat))

    def steps(self) -> Iterator[Measured]:
        """Whole steps, and the pass over bounds alone."""
        yield Measured("whole step", "bounds alone", 1, best(self.engine.ranges, self.repeat))
        for many in BATCHES:
            x, y = samples(many)
            for lanes in (False, True) if many >= 8 else (False,):
                given = arguments_of(replace(self.net, batch=many), **OF_A_STEP)
                engines = [Engine(**given, lanes=lanes) for _ in range(self.repeat)]
                seconds = best(lambda engines=engines, x=x, y=y: engines.pop().step(x, y), self.repeat)  # type: ignore[misc]
                yield Measured("whole step", f"{'as it goes' if lanes else 'plain'} {many}", many, seconds)

    def torch(self) -> Iterator[Measured]:
        """PyTorch's passes and steps, if it is there."""
        if importlib.util.find_spec("torch") is None:
            return
        training = importlib.import_module("training")
        training.torch.set_num_threads(1)
        for many in (1, 8, 64):
            passes = training.Passes(self.net, *samples(many))
            passes.forward()
            passes.backward()
            times = {way: sum(training.torch_times(self.net, way, passes, self.repeat)) for way in training.WAYS}
            way = min(times, key=lambda way: times[way])
            yield Measured("passes", f"PyTorch {many}, best of {len(times)} ways", many, times[way])
            seconds = training.torch_step(self.net, way, passes, self.repeat)
            yield Measured("whole step", f"PyTorch {many}, in that way", many, seconds)

    def stream(self) -> float:
        """Bytes a second of a triad over arrays of as many float64 as there are edges, and at least 2^23."""
        many = max(self.edges, 1 << 23)
        a, b, c = (np.full(many, float(i)) for i in range(3))
        return 40 * many / best(lambda: np.add(b, np.multiply(c, 3.0, out=a), out=a), self.repeat)


def report(name: str, net: Trainable, repeat: int) -> None:
    """The table of one network."""
    network = Network(net, repeat)
    rows = [*network.passes(), *network.torch(), *network.evaluations(), *network.steps()]
    speed, size, edges = network.stream(), net.network.size, network.edges
    known = network.found.known
    CONSOLE.print(
        f"{name}: {size:,} vertices, {edges:,} edges; {np.count_nonzero(known.grid):,} vertices depend on x, "
        f"{np.count_nonzero(known.slope):,} may be sloped; streaming {speed / 1e9:.1f} GB/s"
    )
    table = Table("what", "way", "ns/edge/sample", "plain 1 / this", "plain 8 / this", "this / streaming", box=SIMPLE)
    each = {(row.what, row.way): row.seconds / edges / row.samples * 1e9 for row in rows}
    for row in rows:
        own = each[row.what, row.way]
        first, eighth = each[row.what, "plain 1"] / own, each[row.what, "plain 8"] / own
        bound = (8 * size + 16 * edges + 10 * size * row.samples) / speed
        cells = [f"{own:.4f}", f"{first:.1f}", f"{eighth:.1f}", f"{row.seconds / bound:.2f}"]
        table.add_row(row.what, row.way, *cells)
    CONSOLE.print(table)


def main() -> None:
    """All tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vertices", default="100000,1000000")
    parser.add_argument("--repeat", type=int, default=5)
    given = parser.parse_args()
    for vertices in map(int, given.vertices.split(",")):
        for name, build in (("emulation", emulation), ("circuit", circuit)):
            report(name, build(vertices), given.repeat)


if __name__ == "__main__":
    main()
