"""Which vertex is what, by the shape of what leads to it and away from it (Appendix C, Definition 2).

The certifier is given arrays: edges and weights, no names that count. A copy of Q or Q' is recognized by its edges
alone (v0 is the constant, v4 the output of the network)::

    v0 -> v1 -> v2  -> v3 -> v4        vc -> v2, v2', v3
           `--> v2' ---^               v0, v1 and the higher digits -> each digit

This is the order in which the parts are found, each from those before it (:func:`take_apart`):

1. the output is the only vertex that nothing reads (:meth:`Finder.ends`);
2. among the vertices that lead to the output, a *v3* is one with three tails, none of them the constant, of which two
   have the same two tails again. These two are v2 and v2', the third tail is vc, and what v2 and v2' read besides vc is
   v1. Of the two, v2 is the one to which vc has the greater weight. All else that leads to the output must be a
   *control* (:meth:`Finder.paths`);
3. what v1 leads to besides v2 and v2' are the *digits*, the lowest first: a digit reads all higher ones, so the number
   of its tails says its place (:meth:`Finder.digits`);
4. exactly the edges of Definition 2 are there, and no others touch a copy (:meth:`Finder.memory`);
5. the head of a sampled edge is a *random bit*, which reads nothing else (:meth:`Finder.random`).

All that is left must compute bits, and ``gates.py`` sees whether it does. Nothing here says to which round a copy
belongs or what it asks.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from constructions.networks.trainable import Trainable
from verify.certifier.refusal import NetworkRefused

Integers = npt.NDArray[np.int64]
Small = npt.NDArray[np.int8]
Halves = npt.NDArray[np.int32]
"""What is kept of every vertex is kept in few bytes: there may be 10^7 of them."""
CONSTANT, INPUT, GATE, RANDOM, DIGIT, V1, V2, V2_, V3, VC, CONTROL, OUTPUT = range(12)
KINDS = (
    "the constant",
    "an input",
    "a gate",
    "a random bit",
    "a digit",
    "a v1",
    "a v2",
    "a v2'",
    "a v3",
    "a vc",
    "a control",
    "the output",
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Parts:
    """A network taken apart.

    Parameters
    ----------
    kind : (N,) what each vertex is. copies : (C, 5) v1, v2, v2', v3, vc of each copy. digits : (C, k), the lowest
        first. copy_of : (N,) the copy of a v1, v2, v2', v3, vc or digit, else -1. memory : (C, E) the weights of a copy
        in the order of :func:`memory_edges`.
    controls : (K,) the controls; to_output : (K,) their weights to the output.
    driven : the columns of ``copies`` in which the vertices stand that drive a copy: one, or two if it has two sides
        (:mod:`verify.certifier.roles.sides`).
    """

    net: Trainable
    kind: Small
    copies: Integers
    digits: Integers
    copy_of: Halves
    memory: Integers
    controls: Integers
    to_output: Integers
    driven: tuple[int, ...] = (4,)

    @cached_property
    def flat(self) -> Any:
        """The arrays."""
        return self.net.network


def heads_of(net: Trainable, edges: Integers) -> Integers:
    """The heads of some edges of ``net``, by their numbers, without an array of all heads."""
    return np.asarray(np.searchsorted(net.network.offsets, edges, side="right") - 1)


def memory_edges(bits: int) -> list[tuple[str, str]]:
    """The edges of a copy, in the order of the rows of ``memory``.

    >>> memory_edges(1)[-2:], len(memory_edges(4))
    ([('v0', 'vr0'), ('v1', 'vr0')], 23)
    """
    edges = [("v0", "v1"), ("v1", "v2"), ("v1", "v2'"), ("v2", "v3"), ("v2'", "v3"), ("v3", "v4")]
    edges += [("vc", "v2"), ("vc", "v2'"), ("vc", "v3")]
    edges += [("v0", f"vr{i}") for i in range(bits)] + [("v1", f"vr{i}") for i in range(bits)]
    return edges + [(f"vr{j}", f"vr{i}") for i in range(bits) for j in range(i + 1, bits)]


class Finder:
    """Takes a network apart; see :func:`take_apart`.

    >>> from fractions import Fraction
    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> from constructions.networks.emulation import Plan
    >>> plan = Plan(machine=best_literal_machine(1, fraction=0), rho=Fraction(1, 8), tolerance=Fraction(1))
    >>> finder = Finder(plan.trainable)
    >>> finder.ends()  # one sink, and no source but the constant and x
    >>> copies, controls = finder.paths()
    >>> finder.mark(copies[:, 0], V1)
    >>> digits = finder.digits(copies[:, 0], copies)
    >>> copies.shape, digits.shape, finder.memory(copies, digits).shape == (6, len(memory_edges(3)))
    ((6, 5), (6, 3), True)
    >>> (finder.weight(copies[:, 0], copies[:, 1]) // finder.flat.scale).tolist()  # from v1 to v2
    [1, 1, 1, 1, 1, 1]
    >>> finder.random()
    >>> int((finder.kind == RANDOM).sum())  # this machine is not random
    0
    """

    def __init__(self, net: Trainable) -> None:
        self.net, self.flat = net, net.network
        self.fan_in, self.offsets, self.sources, self.weights = (
            self.flat.fan_in,
            self.flat.offsets,
            self.flat.sources,
            self.flat.weights,
        )
        self.fan_out = np.bincount(self.sources, minlength=self.flat.size)
        self.kind = np.full(self.flat.size, GATE, np.int8)
        self.kind[: self.flat.first] = INPUT
        self.kind[0] = CONSTANT
        self.kind[net.output] = OUTPUT

    def ends(self) -> None:
        """(a): the output is the one sink, and nothing but the constant and the inputs is a source. NetworkRefused (a)
        if not."""
        sinks = np.flatnonzero(self.fan_out == 0)
        wrong = sinks[sinks != self.net.output]
        if len(wrong):
            raise NetworkRefused("a", "a sink that is not the output", vertex=int(wrong[0]))
        if not len(sinks):
            raise NetworkRefused("a", "an output that leads on", vertex=self.net.output)
        sources = np.flatnonzero(self.fan_in[self.flat.first :] == 0) + self.flat.first
        if len(sources):
            raise NetworkRefused("a", "a vertex without edges into it that is no input", vertex=int(sources[0]))

    def weight(self, tails: Integers, heads: Integers) -> Integers:
        """The weights of the edges from ``tails`` to ``heads``; NetworkRefused (c) if one is not there."""
        found = np.full(len(heads), -1, np.int64)
        for place in range(int(self.fan_in[heads].max(initial=0))):
            inside = place < self.fan_in[heads]
            at = np.minimum(self.offsets[heads] + place, len(self.sources) - 1)
            hit = inside & (self.sources[at] == tails)
            found[hit] = at[hit]
        if (found < 0).any():
            i = int(np.argmax(found < 0))
            raise NetworkRefused("c", "an edge of a copy that is missing", edge=(int(tails[i]), int(heads[i])))
        return np.asarray(self.weights[found])

    def tails(self, heads: Integers, count: int) -> Integers:
        """(len(heads), count) the tails of vertices with ``count`` edges into them."""
        return np.asarray(self.sources[self.offsets[heads][:, None] + np.arange(count)])

    def paths(self) -> tuple[Integers, Integers]:
        """(C, 5) v1, v2, v2', v3, vc of each copy, and the controls. NetworkRefused (b) if an edge leads from the
        constant or an input to the output."""
        low, high = self.offsets[self.net.output], self.offsets[self.net.output + 1]
        before = self.sources[low:high]
        if len(before) and before[0] < self.flat.first:
            raise NetworkRefused(
                "b", f"an edge from {KINDS[self.kind[before[0]]]}", edge=(int(before[0]), self.net.output)
            )
        three = before[(self.fan_in[before] == 3)]
        three = three[self.sources[self.offsets[three]] != 0] if len(three) else three
        tails = self.tails(three, 3)
        found = np.full((len(three), 5), -1, np.int64)
        found[:, 3] = three
        for place in range(3):
            vc, left, right = tails[:, place], tails[:, (place + 1) % 3], tails[:, (place + 2) % 3]
            fits = (self.fan_in[left] == 2) & (self.fan_in[right] == 2)
            i = np.flatnonzero(fits)
            pairs, others = self.tails(left[i], 2), self.tails(right[i], 2)
            i = i[(pairs == others).all(1) & (pairs == vc[i][:, None]).any(1)]
            pairs = self.tails(left[i], 2)
            v1 = np.where(pairs[:, 0] == vc[i], pairs[:, 1], pairs[:, 0])
            lone = (self.fan_in[v1] == 1) & (v1 >= self.flat.first)
            i, v1 = i[lone], v1[lone]
            lone = self.sources[self.offsets[v1]] == 0
            i, v1 = i[lone], v1[lone]
            up = self.weight(vc[i], left[i]) > self.weight(vc[i], right[i])
            found[i, 0], found[i, 4] = v1, vc[i]
            found[i, 1], found[i, 2] = np.where(up, left[i], right[i]), np.where(up, right[i], left[i])
        is_copy = found[:, 0] >= 0
        copies = found[is_copy]
        controls = np.setdiff1d(before, copies[:, 3])
        return copies, controls

    def mark(self, vertices: Integers, kind: int) -> None:
        """Give vertices their kind; each has one. NetworkRefused (c) if one has a kind already."""
        found = vertices.ravel()
        ordered = np.sort(found)
        twice = ordered[1:][ordered[1:] == ordered[:-1]]
        again = found[self.kind[found] != GATE]
        if len(twice) or len(again):
            v = int(twice[0] if len(twice) else again[0])
            other = KINDS[self.kind[v]] if len(again) else f"{KINDS[kind]} twice"
            raise NetworkRefused("c", f"a vertex that is {KINDS[kind]} and {other}", vertex=v)
        self.kind[found] = kind

    def digits(self, v1: Integers, paths: Integers) -> Integers:
        """(C, k) the digits, the lowest first: what v1 leads to but v2 and v2', which ``paths`` has, by the number
        of their tails. NetworkRefused (c) if a v1 leads to anything else, or to another number of digits than the
        first."""
        many = self.fan_out[v1] - 2
        if not len(v1):
            return np.zeros((0, 0), np.int64)
        k = int(many[0])
        if k < 1 or (many != k).any():
            i = int(np.argmax((many != k) | (many < 1)))
            raise NetworkRefused(
                "c",
                f"a v1 that leads to {int(self.fan_out[v1[i]])} vertices and not {k + 2} as the others",
                vertex=int(v1[i]),
            )
        heads = self.heads_behind(v1, k + 2)
        is_digit = (heads != paths[:, [1]]) & (heads != paths[:, [2]])
        if (is_digit.sum(1) != k).any():
            raise NetworkRefused(
                "c",
                "a v1 that does not lead to its v2 and v2' once",
                vertex=int(v1[int(np.argmax(is_digit.sum(1) != k))]),
            )
        found = heads[is_digit].reshape(-1, k)
        ranks = self.fan_in[found]
        found = np.take_along_axis(found, np.argsort(-ranks, axis=1, kind="stable"), 1)
        wrong = self.fan_in[found] != np.arange(k + 1, 1, -1)
        if wrong.any():
            v = int(found[wrong][0])
            raise NetworkRefused(
                "c", f"a vertex behind v1 that is no digit: {int(self.fan_in[v])} edges lead to it", vertex=v
            )
        return found

    def heads_behind(self, tails: Integers, count: int) -> Integers:
        """(len(tails), count) what different vertices with ``count`` edges each lead to.

        >>> from constructions.networks.flat import flat_network
        >>> from constructions.networks.gates import conjunction
        >>> finder = Finder(Trainable(network=flat_network(conjunction()), rho=1))
        >>> finder.heads_behind(np.array([1, 2]), 1).tolist()  # both inputs lead to the gate alone
        [[3], [3]]
        """
        chosen = np.zeros(self.flat.size, np.bool_)
        chosen[tails] = True
        edges = np.flatnonzero(chosen[self.sources])
        by_tail = edges[np.argsort(self.sources[edges], kind="stable")].reshape(-1, count)
        return heads_of(self.net, by_tail[np.argsort(np.argsort(tails))])

    def memory(self, copies: Integers, digits: Integers) -> Integers:
        """(C, E) the weights of all edges of all copies, whose ``digits`` are given; NetworkRefused (c) if one is
        missing or more lead to or from a copy."""
        bits = digits.shape[1]
        names = dict(zip(("v1", "v2", "v2'", "v3", "vc"), copies.T, strict=True)) | {
            f"vr{i}": digits[:, i] for i in range(bits)
        }
        names |= {"v0": np.zeros(len(copies), np.int64), "v4": np.full(len(copies), self.net.output)}
        columns = [
            self._to_output(names[u]) if v == "v4" else self.weight(names[u], names[v]) for u, v in memory_edges(bits)
        ]
        for name, many in (("v1", bits + 2), ("v2", 1), ("v2'", 1), ("v3", 1), ("vc", 3)):
            wrong = self.fan_out[names[name]] != many
            if wrong.any():
                v = int(names[name][int(np.argmax(wrong))])
                raise NetworkRefused(
                    "c", f"{KINDS[self.kind[v]]} that leads to {int(self.fan_out[v])} vertices, not {many}", vertex=v
                )
        return np.stack(columns, 1) if len(copies) else np.zeros((0, len(memory_edges(bits))), np.int64)

    def _to_output(self, tails: Integers) -> Integers:
        low, high = int(self.offsets[self.net.output]), int(self.offsets[self.net.output + 1])
        return self.weights[low + np.searchsorted(self.sources[low:high], tails)]

    def random(self) -> None:
        """(h): a sampled edge leads from the constant to a vertex that has no other. NetworkRefused (h) if not, or if
        its weight does not keep that vertex strictly flat."""
        heads = heads_of(self.net, self.net.sampled)
        wrong = (self.sources[self.net.sampled] != 0) | (self.fan_in[heads] != 1) | (self.kind[heads] != GATE)
        if wrong.any():
            i = int(np.argmax(wrong))
            edge = (int(self.sources[self.net.sampled[i]]), int(heads[i]))
            raise NetworkRefused(
                "h", "a sampled edge that is not the only one into a vertex of its own, from the constant", edge=edge
            )
        weak = np.abs(self.weights[self.net.sampled]) <= 3 * self.flat.scale
        if weak.any():
            i = int(np.argmax(weak))
            raise NetworkRefused(
                "h", "a sampled edge too small to keep its vertex strictly flat", edge=(0, int(heads[i]))
            )
        self.kind[heads] = RANDOM

    def taken_apart(
        self,
        copies: Integers,
        digits: Integers,
        memory: Integers,
        controls: Integers,
        *,
        last: str,
        driven: tuple[int, ...] = (4,),
    ) -> Parts:
        """The parts, once copies and digits are marked.

        Parameters
        ----------
        copies, digits, memory : the vertices of each copy, those of its digits, and the weights of its edges.
        controls : what else leads to the output.
        last, driven : what leads to the output from a copy, in words; in which columns of copies its drivers stand.

        Raises
        ------
        NetworkRefused
            (b) for an edge into the output from neither a copy nor a control, (h) for random bits of another shape.

        >>> from constructions.computation.learner_machines import best_literal_machine
        >>> from constructions.networks.emulation import Plan
        >>> from fractions import Fraction
        >>> plan = Plan(machine=best_literal_machine(1, fraction=0), rho=Fraction(1, 8), tolerance=Fraction(1))
        >>> finder = Finder(plan.trainable)
        >>> finder.ends()
        >>> copies, controls = finder.paths()
        >>> nothing = np.zeros((0, 5), np.int64)
        >>> finder.taken_apart(nothing, nothing, nothing, copies[:1, 0], last="v3")  # v1 is no control
        Traceback (most recent call last):
            ...
        verify.certifier.refusal.NetworkRefused: (b) every edge into the output comes from a v3 or a control: ...
        """
        wrong = controls[(self.fan_out[controls] != 1) | (self.kind[controls] != GATE)]
        if len(wrong):
            what = f"an edge from a vertex that is no {last} and not the end of a control"
            raise NetworkRefused("b", what, edge=(int(wrong[0]), self.net.output))
        self.mark(controls, CONTROL)
        self.random()
        copy_of = np.full(self.net.network.size, -1, np.int32)
        for row in (*copies.T, *digits.T):
            copy_of[row] = np.arange(len(copies))
        return Parts(
            net=self.net,
            kind=self.kind,
            copies=copies,
            digits=digits,
            copy_of=copy_of,
            memory=memory,
            controls=controls,
            to_output=self._to_output(controls),
            driven=driven,
        )


def take_apart(net: Trainable) -> Parts:
    """Find copies, controls and random bits; NetworkRefused (a), (b), (c) or (h) where the shape is another.

    Nothing but edges and weights is looked at. Which copy is whose is not decided here.

    >>> from fractions import Fraction
    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> from constructions.networks.emulation import Plan
    >>> plan = Plan(machine=best_literal_machine(1, fraction=0), rho=Fraction(1, 8), tolerance=Fraction(1))
    >>> parts = take_apart(plan.trainable)
    >>> many = np.bincount(parts.kind)
    >>> {KINDS[kind]: int(many[kind]) for kind in (INPUT, GATE, V1, DIGIT, CONTROL)}
    {'an input': 1, 'a gate': 186, 'a v1': 6, 'a digit': 18, 'a control': 9}
    >>> v3 = parts.copies[:1, 3]  # of the first copy; three edges lead to it
    >>> first = int(parts.flat.offsets[v3[0]])
    >>> heads_of(parts.net, np.arange(first - 1, first + 4)) - v3
    array([-1,  0,  0,  0,  1])
    """
    finder = Finder(net)
    finder.ends()
    copies, controls = finder.paths()
    for column, kind in enumerate((V1, V2, V2_, V3, VC)):
        finder.mark(copies[:, column], kind)
    digits = finder.digits(copies[:, 0], copies)
    finder.mark(digits, DIGIT)
    memory = finder.memory(copies, digits)
    return finder.taken_apart(copies, digits, memory, controls, last="v3")
