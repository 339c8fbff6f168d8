"""Building and training emulation networks, beside PyTorch and beside what memory can stream, in one run.

Run:  pip install 'querygrad[torch]'   then   python benchmarks/training.py [--vertices N] [--largest N] [--repeat R]
[--threads K]

One learner (a conjunction of 20 literals) is compiled for as many rounds as give N vertices. The first table times the
build and a whole training step (bit-width pass, both passes, rounding) from 10^4 vertices up. The second has PyTorch do
the engine's two passes on the same network in several ways, its results compared with the engine's, and says how long
streaming the arrays once would take at the rate of a triad over arrays of the same size. Times are medians, of
CPU seconds with one thread and of wall time with more; ratios are of one run. The engine uses one thread; more than one
for PyTorch pays only on a machine that does nothing else.
"""

import argparse
import resource
import statistics
import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from numba import njit
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from constructions.computation.learner_machines import conjunction_machine
from constructions.networks.emulation import Plan
from constructions.networks.trainable import Trainable
from constructions.training.engine import engine_of
from constructions.training.exactness import integer_pieces
from constructions.training.kernels import GraphArrays, backward_floats, forward_floats
from constructions.training.torch_export import find_levels

Floats = npt.NDArray[np.float64]
CONSOLE = Console(width=120)
WAYS = ("index_add", "segment_reduce", "embedding_bag", "sparse rows")
MACHINE = conjunction_machine(20, fraction=8, tau=Fraction(1, 16))


def plan_of(vertices: int) -> Plan:
    """The plan whose number of rounds comes nearest to a size."""
    sizes = [Plan(machine=replace(MACHINE, rounds=t), rho=Fraction(1, 64)).sizes.vertices for t in (2, 4)]
    rounds = max(1, round((vertices - sizes[0]) / (sizes[1] - sizes[0]) * 2 + 2))
    return Plan(machine=replace(MACHINE, rounds=rounds), rho=Fraction(1, 64))


def median(what: Callable[[], object], repeat: int) -> float:
    """The median of some runs, in seconds: of CPU, unless several threads share the work."""
    clock = time.process_time if torch.get_num_threads() == 1 else time.perf_counter
    times = []
    for _ in range(repeat):
        began = clock()
        what()
        times.append(clock() - began)
    return statistics.median(times)


def samples(net: Trainable, count: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Different points with their labels."""
    source = np.random.default_rng(1)
    x = source.permutation(1 << 10)[:count, None] >> np.arange(len(net.network.inputs)) % 10 & 1
    return x, source.integers(0, 2, count)


class Passes:
    """The engine's two passes for a block of samples, without what surrounds them."""

    def __init__(self, net: Trainable, x: npt.NDArray[np.int64], y: npt.NDArray[np.int64]) -> None:
        flat = net.network
        pieces = integer_pieces(flat.sigma)
        self.net = GraphArrays(
            flat.offsets, flat.sources, flat.weights, flat.scale, flat.first, net.output, pieces, pieces
        )
        self.x, self.y = x, y
        shape = (flat.size, len(x))
        self.out, self.adjoint, self.piece = np.empty(shape), np.empty(shape), np.empty(shape, np.int16)
        self.batch_sum = np.zeros(len(flat.sources))

    def forward(self) -> None:
        """Every edge of every sample."""
        forward_floats(self.net, self.x, self.out, self.piece)

    def backward(self) -> None:
        """Vertices without an adjoint are left out."""
        self.batch_sum[:] = 0.0
        kink, count = np.full(len(self.x), -1), np.ones(len(self.x), np.int64)
        backward_floats(self.net, self.y, count, self.out, self.piece, self.adjoint, kink, self.batch_sum)


class Levels:
    """The network in PyTorch, vertices sorted by level; ``way`` says how a level's sums are formed."""

    def __init__(self, net: Trainable, way: str) -> None:
        flat, self.way = net.network, way
        level = np.zeros(flat.size, np.int64)
        find_levels(flat.offsets, flat.sources, flat.first, level)
        vertex = np.argsort(level, kind="stable")
        row = np.empty(flat.size, np.int64)
        row[vertex] = np.arange(flat.size)
        order = np.argsort(row[flat.heads], kind="stable")
        head, tail = row[flat.heads][order], row[flat.sources][order]
        self.weight = torch.from_numpy((flat.weights / flat.scale)[order])
        self.tail, self.size, self.output = torch.from_numpy(tail), flat.size, int(row[net.output])
        self.order, self.vertex = order, vertex
        ends = np.searchsorted(level[vertex], np.arange(1, int(level.max()) + 2))
        edges = np.searchsorted(head, ends)
        self.levels = [slice(int(a), int(b)) for a, b in pairwise(ends)]
        self.edges = [slice(int(a), int(b)) for a, b in pairwise(edges)]
        self.heads = [torch.from_numpy(head[e] - v.start) for v, e in zip(self.levels, self.edges, strict=True)]
        self.starts = [
            torch.searchsorted(h, torch.arange(v.stop - v.start + 1))
            for h, v in zip(self.heads, self.levels, strict=True)
        ]
        pieces = flat.sigma.pieces
        self.kinks = torch.tensor([float(kink) for kink in flat.sigma.kinks], dtype=torch.float64)
        self.slopes = torch.tensor([float(piece.slope) for piece in pieces], dtype=torch.float64)
        self.intercepts = torch.tensor([float(piece.intercept) for piece in pieces], dtype=torch.float64)
        self.sparse: list[Any] = []
        if way == "sparse rows":
            for v, e, s in zip(self.levels, self.edges, self.starts, strict=True):
                used = self.tail[e].sort().values.unique_consecutive()
                column = torch.searchsorted(used, self.tail[e])
                matrix = torch.sparse_csr_tensor(s, column, self.weight[e], size=(v.stop - v.start, len(used)))
                self.sparse.append((used, matrix))

    def sums(self, i: int, out: torch.Tensor) -> torch.Tensor:
        """The pre-activations of a level."""
        rows, edges = self.levels[i], self.edges[i]
        if self.way == "sparse rows":
            used, matrix = self.sparse[i]
            return matrix @ out.index_select(0, used)
        if self.way == "embedding_bag":
            return torch.nn.functional.embedding_bag(
                self.tail[edges],
                out,
                self.starts[i],
                mode="sum",
                per_sample_weights=self.weight[edges],
                include_last_offset=True,
            )
        along = out.index_select(0, self.tail[edges]).mul_(self.weight[edges, None])
        if self.way == "segment_reduce":
            return torch.segment_reduce(along, "sum", offsets=self.starts[i], axis=0, unsafe=True, initial=0.0)
        return torch.zeros((rows.stop - rows.start, out.shape[1]), dtype=torch.float64).index_add_(
            0, self.heads[i], along
        )

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Outputs and slopes of all vertices, (N, b) each."""
        out = torch.empty((self.size, x.shape[1]), dtype=torch.float64)
        slope = torch.zeros_like(out)
        out[0], out[1 : 1 + len(x)] = 1.0, x
        for i, rows in enumerate(self.levels):
            pre = self.sums(i, out)
            piece = torch.bucketize(pre, self.kinks, right=True)
            slope[rows] = self.slopes[piece]
            torch.addcmul(self.intercepts[piece], slope[rows], pre, out=out[rows])
        return out, slope

    def backward(self, out: torch.Tensor, slope: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """The sum of clipped gradients; levels without an adjoint are left out, as the engine leaves out vertices."""
        adjoint, total = torch.zeros_like(out), torch.zeros_like(self.weight)
        adjoint[self.output] = out[self.output] - y
        for rows, edges, heads in zip(reversed(self.levels), reversed(self.edges), reversed(self.heads), strict=True):
            along = slope[rows] * adjoint[rows]
            live = torch.nonzero(along.any(1)).reshape(-1)
            if len(live) == 0:
                continue
            if 8 * len(live) < len(along):
                at = torch.nonzero(torch.isin(heads, live)).reshape(-1) + edges.start
            else:
                at = torch.arange(edges.start, edges.stop)
            tails, entering = self.tail[at], along.index_select(0, heads[at - edges.start])
            total[at] = (entering * out.index_select(0, tails)).clamp_(-1.0, 1.0).sum(1)
            adjoint.index_add_(0, tails, entering.mul_(self.weight[at, None]))
        return total

    def step(self, x: torch.Tensor, y: torch.Tensor, *, rho: float, rate: float) -> None:
        """A whole step: both passes, each mean rounded to the nearest multiple of rho, and the move."""
        total = self.backward(*self.forward(x), y)
        self.weight.sub_(total.div_(len(y) * rho).round_().mul_(rate * rho))


@njit(cache=True)
def triad(a: Floats, b: Floats, c: Floats) -> None:
    """a = b + 3 c: reads two arrays, writes one."""
    for i in range(len(a)):
        a[i] = b[i] + 3.0 * c[i]


def bandwidth(count: int, repeat: int) -> float:
    """Bytes a second of a triad over three arrays of ``count`` float64, the better of numba and NumPy."""
    a, b, c = (np.full(count, float(i)) for i in range(3))
    triad(a, b, c)
    compiled = 24 * count / median(lambda: triad(a, b, c), repeat)
    plain = 40 * count / median(lambda: np.add(b, np.multiply(c, 3.0, out=a), out=a), repeat)
    return max(compiled, plain)


def step_seconds(net: Trainable, repeat: int) -> float:
    """A whole step on one sample, each time from the start."""
    x, y = samples(net, 1)
    engines = [engine_of(net) for _ in range(repeat)]
    return median(lambda: engines.pop().step(x, y), repeat)


def main() -> None:
    """All tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--vertices", type=int, default=1_000_000)
    parser.add_argument("--largest", type=int, default=10_000_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1, help="for PyTorch")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    warnings.filterwarnings("ignore", "Sparse")
    step_seconds(plan_of(10_000).trainable, 1)
    grow(given.largest, min(given.repeat, 3))
    plan = plan_of(given.vertices)
    fresh = [plan_of(given.vertices) for _ in range(given.repeat)]
    built = median(lambda: fresh.pop().trainable, given.repeat)
    net = plan.trainable
    flat, edges = net.network, len(net.network.sources)
    level = np.zeros(flat.size, np.int64)
    find_levels(flat.offsets, flat.sources, flat.first, level)
    CONSOLE.print(
        f"{flat.size} vertices, {edges} edges, {net.steps} rounds, {level.max()} levels; medians of {given.repeat}"
    )
    CONSOLE.print(f"build {built:.2f} s; one training step {step_seconds(net, given.repeat):.2f} s")
    stream = bandwidth(edges, given.repeat)
    CONSOLE.print(f"triad over arrays of {edges} float64: {stream / 1e9:.1f} GB/s")
    compare(net, stream, given.repeat)


def compare(net: Trainable, stream: float, repeat: int) -> None:
    """The passes of the engine, of PyTorch in several ways, and the time that streaming the arrays would take."""
    flat, edges = net.network, len(net.network.sources)
    table = Table(
        "samples",
        "who",
        "forward s",
        "both s",
        "fwd edges/s",
        "both edges/s",
        "both / engine",
        "forward / stream",
        box=SIMPLE,
    )
    for many in (1, 8, 64):
        passes = Passes(net, *samples(net, many))
        passes.forward()
        passes.backward()
        bound = (8 * flat.size + 16 * edges + 10 * flat.size * many) / stream
        engine = (median(passes.forward, repeat), median(passes.backward, repeat))
        rows = [("engine", *engine), *((f"torch {way}", *torch_times(net, way, passes, repeat)) for way in WAYS)]
        for name, forward, backward in rows:
            both = forward + backward
            rates = [f"{edges * many / seconds / 1e6:.1f} M" for seconds in (forward, both)]
            ratios = [f"{both / sum(engine):.2f}", f"{forward / bound:.1f}"]
            table.add_row(str(many), name, f"{forward:.4f}", f"{both:.4f}", *rates, *ratios)
        table.add_row(
            str(many),
            "stream",
            f"{bound:.4f}",
            "",
            f"{edges * many / bound / 1e6:.0f} M",
            "",
            "",
            "1.0",
            end_section=True,
        )
    CONSOLE.print(table)


def torch_samples(passes: Passes) -> tuple[torch.Tensor, torch.Tensor]:
    """The samples of some passes for PyTorch."""
    return torch.from_numpy(passes.x.T.astype(np.float64)), torch.from_numpy(passes.y.astype(np.float64))


def torch_step(net: Trainable, way: str, passes: Passes, repeat: int) -> float:
    """A whole step in PyTorch from the same weights; they move little, so that later steps take as long."""
    made, (x, y) = Levels(net, way), torch_samples(passes)
    with torch.inference_mode():
        return median(lambda: made.step(x, y, rho=float(net.rho), rate=float(net.rate)), repeat)


def torch_times(net: Trainable, way: str, passes: Passes, repeat: int) -> tuple[float, float]:
    """Forward and backward in PyTorch, after checking that both give what the engine gives."""
    made, (x, y) = Levels(net, way), torch_samples(passes)
    with torch.inference_mode():
        out, slope = made.forward(x)
        total = made.backward(out, slope, y)
        if not np.array_equal(out.numpy(), passes.out[made.vertex]) or not np.array_equal(
            total.numpy(), passes.batch_sum[made.order]
        ):
            raise SystemExit(f"PyTorch ({way}) and the engine disagree")
        return median(lambda: made.forward(x), repeat), median(lambda: made.backward(out, slope, y), repeat)


def _built_last(plans: list[Plan]) -> Trainable:
    """The network of the last plan, which is taken off the list."""
    return plans.pop().trainable


def grow(largest: int, repeat: int) -> None:
    """Build and step at sizes that grow tenfold."""
    table = Table(
        "vertices", "edges", "build s", "step s", "build us/vertex", "step us/vertex", "GiB at most so far", box=SIMPLE
    )
    vertices = 10_000
    while vertices <= largest:
        plans = [plan_of(vertices) for _ in range(repeat + 1)]
        net = plans.pop().trainable
        build = median(partial(_built_last, plans), repeat)
        step = step_seconds(net, repeat)
        size = net.network.size
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        per = [f"{seconds / size * 1e6:.2f}" for seconds in (build, step)]
        table.add_row(str(size), str(len(net.network.sources)), f"{build:.2f}", f"{step:.2f}", *per, f"{peak:.1f}")
        vertices *= 10
    CONSOLE.print(table)


if __name__ == "__main__":
    main()
