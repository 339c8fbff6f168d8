"""What `querygrad export --torch` writes beside a network's arrays: a PyTorch file that needs nothing of this project.

It is kept as text, so that nothing here imports PyTorch and what is tested is what a user gets.
"""

SOURCE = '''\
"""A network with one weight for each edge as a PyTorch module, and training it by rounded gradient descent.

Needs PyTorch and NumPy only. The arrays lie beside this file, in a .npz of the same name (read without pickle).

    net = Net.load()
    optimizer = torch.optim.SGD([net.weight], lr=net.rate)
    rounding = Rounding(net, optimizer, adversary="nearest")
    for x, y in batches:                    # x: (b, n) and y: (b,) of zeros and ones, float64
        descend(net, optimizer, x, y)

Each sample's gradient is clipped to [-1, 1] by a hook on the parameter, the sum over the batch is rounded by a hook
before the optimizer's step: to a multiple u of rho with |b u - sum| <= 3 b rho / 4. For bSGD give fresh batches, for
fbGD the same one again. Weights, rho and rate are short binary fractions, so that float64 loses nothing as long as the
numbers in between are short too.
"""
from pathlib import Path

import numpy as np
import torch

FLOAT = torch.float64


class Pass(torch.autograd.Function):
    """All vertices level by level; the derivative of the activation is the slope of the piece."""

    @staticmethod
    def forward(ctx, weight, x, net):
        sorted_weight = weight[net.edge_order]
        out = torch.empty((net.size, x.shape[1]), dtype=FLOAT)
        out[0] = 1.0
        out[1 : 1 + net.inputs] = x
        slope, on_kink = torch.zeros_like(out), torch.zeros(out.shape, dtype=torch.bool)
        for rows, edges in net.levels:
            pre = torch.zeros((rows.stop - rows.start, x.shape[1]), dtype=FLOAT)
            pre.index_add_(0, net.head[edges] - rows.start, sorted_weight[edges, None] * out[net.tail[edges]])
            out[rows], slope[rows], on_kink[rows] = net.activate(pre, net.sigma)
            if rows.start <= net.output < rows.stop:
                at = net.output - rows.start
                out[net.output], slope[net.output], on_kink[net.output] = net.activate(pre[at], net.last)
        ctx.save_for_backward(sorted_weight, out, slope, on_kink)
        ctx.net = net
        return out[net.output].clone()

    @staticmethod
    def backward(ctx, along_output):
        weight, out, slope, on_kink = ctx.saved_tensors
        net = ctx.net
        adjoint = torch.zeros_like(out)
        adjoint[net.output] = along_output
        gradient = torch.zeros_like(weight)
        for rows, edges in reversed(net.levels):
            hit = on_kink[rows] & (adjoint[rows] != 0.0)
            if hit.any():
                vertex = int(net.vertex[rows.start + int(torch.nonzero(hit)[0, 0])])
                raise RuntimeError(f"need a loss with a derivative, got vertex {vertex} on a kink")
            along = (slope[rows] * adjoint[rows])[net.head[edges] - rows.start]
            gradient[edges] = (along * out[net.tail[edges]]).sum(1)
            adjoint.index_add_(0, net.tail[edges], weight[edges, None] * along)
        result = torch.empty_like(gradient)
        result[net.edge_order] = gradient
        return result, None, None


class Net(torch.nn.Module):
    """The network. ``weight`` has the weights of all edges in the order of the network's file; x is (n,) or (b, n)."""

    def __init__(self, arrays, random_string=None):
        super().__init__()
        numbers = {name: arrays[name].item() for name in ("inputs", "batch", "steps", "rho", "rate")}
        self.inputs, self.batch, self.steps, self.rho, self.rate = numbers.values()
        vertex, level, heads = arrays["vertex"], arrays["level"], arrays["heads"]
        self.size = len(vertex)
        row = np.empty(self.size, np.int64)
        row[vertex] = np.arange(self.size)
        edge_order = np.argsort(row[heads], kind="stable")
        self.edge_order = torch.from_numpy(edge_order)
        self.vertex = torch.from_numpy(vertex)
        self.head, self.tail = (torch.from_numpy(row[arrays[name]][edge_order]) for name in ("heads", "sources"))
        self.output = int(row[arrays["output"].item()])
        first_row = np.searchsorted(level, np.arange(1, level[-1] + 2))
        first_edge = np.searchsorted(self.head.numpy(), first_row)
        self.levels = [
            (slice(int(a), int(b)), slice(int(c), int(d)))
            for a, b, c, d in zip(first_row[:-1], first_row[1:], first_edge[:-1], first_edge[1:])
        ]
        self.sigma, self.last = (
            tuple(torch.from_numpy(arrays[name + part]) for part in ("_kinks", "_slopes", "_intercepts"))
            for name in ("sigma", "last")
        )
        weight = arrays["weights"].copy()
        if random_string is not None:
            bits = len(arrays["sampled"])
            if len(random_string) != bits or any(bit not in (0, 1) for bit in random_string):
                raise ValueError(f"need a random string of {bits} bits, got {len(random_string)} values")
            weight[arrays["sampled"]] = np.abs(weight[arrays["sampled"]]) * (2.0 * np.asarray(random_string) - 1.0)
        self.weight = torch.nn.Parameter(torch.from_numpy(weight))
        self.frozen = torch.from_numpy(arrays["frozen"])

    @classmethod
    def load(cls, path=None, random_string=None):
        """Read the arrays beside this file, or those of another network.

        The random string sets the signs of the sampled edges.
        """
        with np.load(path or Path(__file__).with_suffix(".npz"), allow_pickle=False) as arrays:
            return cls(dict(arrays), random_string)

    @staticmethod
    def activate(pre, pieces):
        """Value, slope, and whether it is a kink, for a continuous piecewise-linear function."""
        kinks, slopes, intercepts = pieces
        piece = torch.bucketize(pre, kinks, right=True)
        slope = slopes[piece]
        ends = torch.cat((torch.tensor([-torch.inf], dtype=FLOAT), kinks))
        return slope * pre + intercepts[piece], slope, ends[piece] == pre

    def forward(self, x):
        rows = torch.as_tensor(x, dtype=FLOAT)
        if rows.shape[-1] != self.inputs or rows.dim() not in (1, 2):
            raise ValueError(f"need x of shape ({self.inputs},) or (b, {self.inputs}), got {tuple(rows.shape)}")
        found = Pass.apply(self.weight, rows.reshape(-1, self.inputs).T, self)
        return found[0] if rows.dim() == 1 else found


class Rounding:
    """Hooks for clipping and rounding. ``adversary`` is one of ``ADVERSARIES``; ``steps`` counts the steps taken."""

    def __init__(self, net, optimizer, *, adversary="nearest", seed=0, batch=None):
        if adversary not in ADVERSARIES:
            raise ValueError(f"need an adversary among {', '.join(ADVERSARIES)}, got {adversary!r}")
        self.net, self.adversary, self.seed = net, ADVERSARIES[adversary], seed
        self.batch, self.steps, self.samples = batch or net.batch, 0, 0
        net.weight.register_hook(self.clip)
        optimizer.register_step_pre_hook(self.round)

    def clip(self, gradient):
        """The hook on the parameter: called for each sample's gradient before it is added up."""
        self.samples += 1
        return gradient.clamp(-1.0, 1.0)

    def round(self, optimizer, args, kwargs):
        """The hook before the optimizer's step: the sum of clipped gradients becomes a valid rounding of their mean."""
        if self.samples != self.batch:
            raise ValueError(f"need a backward pass for each of {self.batch} samples, got {self.samples}")
        self.samples, self.steps = 0, self.steps + 1
        total = self.net.weight.grad
        total[self.net.frozen] = 0.0
        edges = torch.nonzero(total).reshape(-1)
        cell, value = self.batch * self.net.rho, total[edges]
        below = torch.floor(value / cell)
        below -= (below * cell > value).to(FLOAT)
        below += ((below + 1.0) * cell <= value).to(FLOAT)
        rest = value - below * cell
        lower, upper = 4.0 * rest <= 3.0 * cell, 4.0 * rest >= cell
        wish = self.adversary(edges.numpy(), self.steps, below.numpy(), (2.0 * rest - cell).numpy(), self.seed)
        up = torch.where(lower & upper, torch.from_numpy(np.asarray(wish, np.bool_)), ~lower)
        total[edges] = self.net.rho * (below + up.to(FLOAT))


def descend(net, optimizer, x, y):
    """One step on a batch, one sample after another; returns the outputs before it."""
    optimizer.zero_grad()
    outputs = []
    for row, label in zip(x, y):
        output = net(row)
        (0.5 * (output - label) ** 2).backward()
        outputs.append(output.item())
    optimizer.step()
    return outputs


def mixed(edges, seed, step):
    """A 64-bit mixture of seed, step and edge (the finalizer of splitmix64, three times)."""
    z = np.zeros(len(edges), np.uint64)
    for part in (np.full(len(edges), seed, np.uint64), np.full(len(edges), step, np.uint64), edges.astype(np.uint64)):
        z = (z ^ part) + np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return z


ADVERSARIES = {
    "nearest": lambda edges, step, below, over, seed: (over > 0) | ((over == 0) & (below < 0)),
    "down": lambda edges, step, below, over, seed: np.zeros(len(edges)),
    "up": lambda edges, step, below, over, seed: np.ones(len(edges)),
    "toward-zero": lambda edges, step, below, over, seed: below < 0,
    "away-from-zero": lambda edges, step, below, over, seed: below >= 0,
    "random": lambda edges, step, below, over, seed: mixed(edges, seed, step) & np.uint64(1),
    "alternating": lambda edges, step, below, over, seed: np.full(len(edges), step % 2 == 1),
    "apart": lambda edges, step, below, over, seed: edges % 2 == 1,
    "apart-alternating": lambda edges, step, below, over, seed: (edges + step) % 2 == 1,
    "hashed": lambda edges, step, below, over, seed: mixed(edges, seed, 0) & np.uint64(1),
}
"""Whether to round up, where both neighbours are valid: edge positions, step, multiple of rho below, how far above the
middle, seed."""
'''
