"""ReLU networks with fixed weights (Section 3, the remark on activation functions).

The constructions use the two-stage ramp. As a combination of ReLUs it is sigma(z) = C + sum_j c_j relu(s_j (z - k_j)),
with signs s_j = 1 or -1 and kinks k_j. A *gadget* is such a combination in the place of one vertex (:class:`Gadget`):
one ReLU for each of its terms.

What becomes of an edge u -> v of weight w. Every ReLU of v takes v's pre-activation, times s_j, and minus s_j k_j from
the constant. What it takes of u is u's combination: w c_i from the i-th ReLU of u, and w C from the constant. So a
network of N vertices becomes one of about 4 N for the ramp (four terms), and one edge becomes up to 16. All these edges
are *frozen*, they do not train: the copies of one weight could not move as one.

Three kinds of vertices need care, because an edge into them is to train, or to be random, and must stay one edge.

* The head of an edge that trains (v1 of a memory, whose one edge comes from the constant) becomes one ReLU: on the
  piece of slope s on which it stays, sigma is s z + b with z > 0, and relu(z) = z there (:meth:`Gadget.line`).
* The head of a sampled edge (a random bit, pre-activation w or -w) becomes one ReLU: only two values are met, and
  sigma(-w) + (sigma(w) - sigma(-w)) / w * relu(z) has both (:meth:`Gadget.chord`).
* The output must take negative values, so behind its ReLUs stands a vertex with the identity that combines them.

Other edges may train if both their ends are vertices of which the caller says that one ReLU, relu(z), will do; they
stay one edge as well (Appendix B.1, :mod:`constructions.theorems.frozen_network`).

As long as the weights of the trained edges stay on their pieces, outputs and gradients of these edges are those of the
given network. If every edge trains, the gadgets drift apart (:attr:`ReluVersion.unfrozen`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

import numpy as np

from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.activation import IDENTITY, RELU, Activation
from constructions.foundations.exact import Number
from constructions.networks.flat import MOST, FlatNetwork, Integers
from constructions.networks.trainable import NONE, Trainable


@dataclass(frozen=True, slots=True)
class ReluTerm:
    """``coefficient * relu(sign * (z - kink))``, sign 1 or -1."""

    coefficient: Fraction
    sign: int
    kink: Fraction

    def into(self, z: Number) -> Number:
        """The pre-activation of the ReLU: ``sign * (z - kink)``."""
        return self.sign * (z - self.kink)


@dataclass(frozen=True, slots=True)
class Gadget:
    """A function of z as a constant and some ReLUs.

    >>> from constructions.foundations.activation import RAMP
    >>> gadget = Gadget.of(RAMP)
    >>> str(gadget.constant), [(int(term.coefficient), int(term.kink)) for term in gadget.terms]
    ('-2', [(1, -3), (-1, -1), (1, 0), (-1, 2)])
    >>> piece, ends = Gadget.line(RAMP, Fraction(1)), Gadget.chord(RAMP, Fraction(3))
    >>> [str(part(z)) for part, z in ((piece, Fraction(1)), (ends, Fraction(3)), (ends, Fraction(-3)))]
    ['1', '2', '-2']
    >>> [str(RAMP(z)) for z in (Fraction(1), Fraction(3), Fraction(-3))]
    ['1', '2', '-2']
    >>> gadget.denominator, piece.denominator
    (1, 1)
    """

    constant: Fraction
    terms: tuple[ReluTerm, ...]

    @classmethod
    def of(cls, sigma: Activation) -> "Gadget":
        """The ReLU form of an activation; a linear term is relu(z - k) - relu(k - z), at the first kink k."""
        constant, linear, jumps = sigma.relu_form
        at = sigma.kinks[0] if sigma.kinks else Fraction(0)
        rising = {at: linear}
        for jump, kink in jumps:
            rising[kink] = rising.get(kink, Fraction(0)) + jump
        terms = [ReluTerm(-linear, -1, at)] if linear else []
        terms += [ReluTerm(coefficient, 1, kink) for kink, coefficient in rising.items() if coefficient]
        return cls(constant + linear * at, tuple(terms))

    @classmethod
    def line(cls, sigma: Activation, z: Fraction) -> "Gadget":
        """One ReLU that is sigma on the piece around z > 0, above 0.

        Raises
        ------
        PremiseError
            For z at a kink, on a flat piece or not above 0.
        """
        piece = sigma.piece_of(z)
        if piece is None or piece.flat or z <= 0:
            raise PremiseError(f"need a weight > 0 inside a piece that is not flat, got {z}, at a trained edge")
        return cls(piece.intercept, (ReluTerm(piece.slope, 1, Fraction(0)),))

    @classmethod
    def chord(cls, sigma: Activation, w: Fraction) -> "Gadget":
        """One ReLU that is sigma at w and at -w.

        Raises
        ------
        PremiseError
            For w that is not above 0.
        """
        if w <= 0:
            raise PremiseError(f"need a size > 0, got {w}, at a sampled edge")
        low, high = Fraction(sigma(-w)), Fraction(sigma(w))
        return cls(low, (ReluTerm((high - low) / w, 1, Fraction(0)),))

    def __call__(self, z: Number) -> Number:
        """The value."""
        return sum((term.coefficient * RELU(term.into(z)) for term in self.terms), self.constant)

    def slope(self, z: Number) -> Number:
        """What the chain rule gives: the sum of the slopes of the ReLUs, times their coefficients and signs."""
        return sum((term.coefficient * term.sign * RELU.slope(term.into(z)) for term in self.terms), Fraction(0))

    @property
    def denominator(self) -> int:
        """What makes every number of it whole."""
        numbers = [self.constant, *(n for term in self.terms for n in (term.coefficient, term.kink))]
        return lcm(*(number.denominator for number in numbers))


@dataclass(frozen=True, kw_only=True, eq=False)
class ReluVersion:
    """A ReLU version of a network, and what became of the network's parts.

    Parameters
    ----------
    net
        The ReLU network.
    trained
        (k,) edges of the given network that train.
    edges
        (k,) the same in ``net``.
    starts
        (N + 1,) vertex v of the given network became the vertices starts[v], ..., starts[v + 1] - 1.
    """

    net: Trainable
    trained: Integers
    edges: Integers
    starts: Integers

    @property
    def unfrozen(self) -> Trainable:
        """The same network with all edges trained (its gadgets drift)."""
        return replace(self.net, frozen=NONE)


def memory_edges(net: Trainable) -> Integers:
    """The edges from the constant that alone drive a vertex and hold it above 0 inside a piece that is not flat: v0
    -> v1 of memories.

    >>> from constructions.foundations.network import Network
    >>> from constructions.networks.flat import flat_network
    >>> edges = {("one", "v1"): Fraction(1, 16), ("v1", "f"): 1, ("x1", "f"): 1}
    >>> flat = flat_network(Network(inputs=("x1",), outputs=("f",), edges=edges, constant="one"))
    >>> memory_edges(Trainable(network=flat, rho=Fraction(1, 16))).tolist(), flat.into(2)
    ([0], [(0, Fraction(1, 16))])
    """
    flat = net.network
    alone = np.flatnonzero(flat.fan_in == 1)
    edges = flat.offsets[alone]
    edges = edges[(flat.sources[edges] == 0) & (flat.weights[edges] > 0) & (alone != net.output)]
    edges = np.setdiff1d(edges, np.concatenate((net.sampled, net.frozen)))
    good = [w for w in np.unique(flat.weights[edges]).tolist() if _rises(flat.sigma, Fraction(w, flat.scale))]
    return edges[np.isin(flat.weights[edges], good)]


def with_relus(net: Trainable, trained: Integers | None = None, *, lone: Integers = NONE) -> ReluVersion:
    """The network with ReLUs at its vertices and the identity at its output; only ``trained`` edges train
    (:func:`memory_edges`). The ``lone`` vertices become relu(z) of their pre-activation z, in the place of sigma(z).

    Size: a vertex gives one vertex for each term of its gadget (four for the two-stage ramp), and the output one more.
    As long as the weights of the trained edges stay on their pieces, outputs and gradients of these edges are those of
    the given network.

    Raises
    ------
    ConstructionError
        For a trained or sampled edge that is not the only one into its head, or not from the constant; to a lone vertex
        also for a trained edge from another vertex that is not lone.
    PremiseError
        For a trained edge whose weight is not above 0 inside a piece that is not flat.

    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> from constructions.networks.emulation import Plan
    >>> plan = Plan(machine=best_literal_machine(2, fraction=6), rho=Fraction(1, 16))
    >>> made = with_relus(plan.trainable)
    >>> str(made.net((0, 1))), str(plan.trainable((0, 1))), len(made.edges) == plan.sizes.steps * len(plan.copies)
    ('-9/128', '-9/128', True)
    """
    trained = memory_edges(net) if trained is None else trained
    return _Maker(net, trained, lone).made()


def _rises(sigma: Activation, z: Fraction) -> bool:
    piece = sigma.piece_of(z)
    return piece is not None and not piece.flat


class _Maker:
    """The gadget of every vertex, in arrays, and the edges between them."""

    def __init__(self, net: Trainable, trained: Integers, lone: Integers) -> None:
        self.net, self.flat, self.trained = net, net.network, np.sort(trained)
        flat, sigma = self.flat, self.flat.sigma
        self.heads, self.lone = flat.heads, lone
        within = self.trained[(self.trained >= 0) & (self.trained < len(self.heads))]  # others are refused below
        to_lone = np.isin(self.trained, within[np.isin(self.heads[within], lone)])
        self._check_alone(self.trained[~to_lone], net.sampled)
        self._check_lone(self.trained[to_lone])
        self.plain, self.last = Gadget.of(sigma), Gadget.of(net.activation_of_output)
        lines = self._by_weight(self.trained[~to_lone], lambda w: Gadget.line(sigma, w))
        chords = self._by_weight(net.sampled, lambda w: Gadget.chord(sigma, abs(w)))
        self.denominator = lcm(*(gadget.denominator for gadget in (self.plain, self.last, *lines, *chords)))
        self.kept = np.zeros(flat.size, np.bool_)
        self.kept[self.heads[np.concatenate((trained, net.sampled))]] = True
        self.kept[lone] = True
        counts = np.full(flat.size, len(self.plain.terms))
        counts[: flat.first], counts[self.kept], counts[net.output] = 1, 1, len(self.last.terms)
        self.starts = np.concatenate(([0], np.cumsum(counts)))
        self.owner = np.repeat(np.arange(flat.size), counts)
        relu = Gadget(Fraction(0), (ReluTerm(Fraction(1), 1, Fraction(0)),))
        self._fill([*lines.items(), *chords.items(), (relu, lone)])

    def _check_lone(self, edges: Integers) -> None:
        """Every trained edge to a lone vertex is from another one, or from the constant."""
        tails = self.flat.sources[edges]
        wrong = (tails != 0) & ~np.isin(tails, self.lone)
        if wrong.any():
            edge = int(edges[np.argmax(wrong)])
            raise ConstructionError(f"need an edge between vertices of one ReLU each to train it, got edge {edge}")

    def _check_alone(self, *groups: Integers) -> None:
        """Every trained or sampled edge is the only one into its head, and from the constant."""
        edges = np.concatenate(groups)
        if len(edges) and not (
            int(edges.min()) >= 0 and int(edges.max()) < len(self.heads) and len(np.unique(edges)) == len(edges)
        ):
            raise ConstructionError(f"need different edges below {len(self.heads)}, got others, at trained or sampled")
        heads = self.heads[edges]
        wrong = (self.flat.sources[edges] != 0) | (self.flat.fan_in[heads] != 1) | (heads == self.net.output)
        if wrong.any():
            edge = int(edges[np.argmax(wrong)])
            raise ConstructionError(
                f"need an edge from the constant that alone drives a vertex before the output, got edge {edge}"
            )

    def _by_weight(self, edges: Integers, make: Callable[[Fraction], Gadget]) -> dict[Gadget, Integers]:
        """The heads of edges, by the one ReLU that each becomes."""
        weights = self.flat.weights[edges]
        found: dict[Gadget, Integers] = {}
        for w in np.unique(weights).tolist():
            gadget = make(Fraction(w, self.flat.scale))
            found[gadget] = np.concatenate((found.get(gadget, NONE), self.heads[edges[weights == w]]))
        return found

    def _fill(self, single: Sequence[tuple[Gadget, Integers]]) -> None:
        """Constant of every old vertex; coefficient, sign and kink of every new one; all over the denominator."""
        flat, whole = self.flat, self.denominator
        self.constant = np.zeros(flat.size, np.int64)
        self.coefficient, self.kink = np.full(len(self.owner), whole), np.zeros(len(self.owner), np.int64)
        self.sign = np.ones(len(self.owner), np.int64)
        ordinary = ~self.kept & (np.arange(flat.size) >= flat.first)
        ordinary[self.net.output] = False
        groups = [(self.plain, np.flatnonzero(ordinary)), (self.last, np.array([self.net.output])), *single]
        for gadget, vertices in groups:
            self.constant[vertices] = int(gadget.constant * whole)
            for j, term in enumerate(gadget.terms):
                at = self.starts[vertices] + j
                self.coefficient[at], self.kink[at], self.sign[at] = (
                    int(term.coefficient * whole),
                    int(term.kink * whole),
                    term.sign,
                )

    def _spread(self) -> tuple[Integers, Integers, Integers, Integers]:
        """Every edge from a vertex that is not the constant as one from each of its ReLUs: old edge, tail, weight;
        and the constants."""
        flat, counts = self.flat, np.diff(self.starts)
        times = np.where(flat.sources == 0, 0, counts[flat.sources])
        edge = np.repeat(np.arange(len(times)), times)
        begin = np.cumsum(times) - times
        tail = self.starts[flat.sources[edge]] + np.arange(len(edge)) - begin[edge]
        constants = np.zeros(flat.size, np.int64)
        np.add.at(
            constants,
            self.heads,
            flat.weights * np.where(flat.sources == 0, self.denominator, self.constant[flat.sources]),
        )
        return edge, tail, flat.weights[edge] * self.coefficient[tail], constants

    def _check_size(self) -> None:
        most = max(self.denominator, *(int(np.abs(part).max(initial=0)) for part in (self.constant, self.coefficient)))
        total = int(np.abs(self.flat.weights).max(initial=0)) * most * (1 + int(self.flat.fan_in.max(initial=0)))
        total += max(int(np.abs(self.kink).max(initial=0)), most) * self.flat.scale
        if total >= MOST:
            raise ConstructionError(f"need weights times scale within 2^60, got up to {total}")

    def made(self) -> ReluVersion:
        """Stamp the edges into every ReLU of a vertex from those into the first."""
        self._check_size()
        flat = self.flat
        edge, tail, weight, constants = self._spread()
        into = np.bincount(self.heads[edge], minlength=flat.size)
        begin = np.cumsum(into) - into
        new = np.arange(flat.first, len(self.owner))
        old, sizes = self.owner[new], into[self.owner[new]] + 1
        row = np.repeat(np.arange(len(new)), sizes)
        place = np.arange(len(row)) - (np.cumsum(sizes) - sizes)[row]
        driven = place == 0
        taken = begin[old[row]] + place - 1
        taken[driven] = 0
        drive = self.sign[new] * (constants[old] - self.kink[new] * flat.scale)
        tails = np.where(driven, 0, np.append(tail, 0)[taken])
        weights = np.where(driven, drive[row], self.sign[new][row] * np.append(weight, 0)[taken])
        there = ~driven | (weights != 0) | self.kept[old[row]]
        return self._assembled(np.bincount(row[there], minlength=len(new)), tails[there], weights[there])

    def _assembled(self, fan_in: Integers, tails: Integers, weights: Integers) -> ReluVersion:
        flat, net = self.flat, self.net
        output, constant = len(self.owner), int(self.constant[net.output]) * flat.scale
        last = np.arange(self.starts[net.output], self.starts[net.output + 1])
        reads = ([0] if constant else []) + last.tolist()
        values = ([constant] if constant else []) + (self.coefficient[last] * flat.scale).tolist()
        sizes = np.concatenate((np.zeros(flat.first, np.int64), fan_in, [len(reads)]))
        offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes)))
        network = FlatNetwork(
            inputs=flat.inputs,
            offsets=offsets,
            sources=np.concatenate((tails, reads)).astype(np.int64),
            weights=np.concatenate((weights, values)).astype(np.int64),
            scale=flat.scale * self.denominator,
            sigma=RELU,
            outputs={next(iter(flat.outputs)): output},
        )
        trained, sampled = (offsets[self.starts[self.heads[edges]]] for edges in (self.trained, net.sampled))
        for i, edge in enumerate(self.trained.tolist()):  # into a lone vertex there are others, the constant's first
            if flat.sources[edge]:
                begin, end = int(trained[i]), int(offsets[self.starts[self.heads[edge]] + 1])
                tails_here = network.sources[begin:end].tolist()
                trained[i] = begin + tails_here.index(int(self.starts[flat.sources[edge]]))
        made = Trainable(
            network=network,
            rho=net.rho,
            rate=net.rate,
            batch=net.batch,
            steps=net.steps,
            sampled=sampled,
            last=IDENTITY,
            frozen=np.delete(np.arange(len(network.sources)), trained),
        )
        return ReluVersion(net=made, trained=self.trained, edges=trained, starts=self.starts)
