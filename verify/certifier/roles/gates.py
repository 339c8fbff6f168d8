"""Reading the function of a vertex off its weights (Lemma 10 for any weights).

A vertex reads bits (-2 or 2), inputs (0 or 1) and the constant. An operand of weight w > 0 is a literal, one of weight
w < 0 a negated literal. The *swing* of a literal is how much it adds to the pre-activation when it becomes true: 4|w|
for a bit, |w| for an input. So the pre-activation is L + the swings of the true literals, where L is what it is when
all literals are false. If the k smallest swings already lift L above 2,
and the k - 1 largest leave it below -3, the vertex is strictly flat and carries "at least k literals are true",
whatever its operands carry. This asks for nothing about margins, so it is decided in integers.

Weights are integers over ``scale`` wherever it is among the arguments.

>>> from constructions.computation.learner_machines import best_literal_machine
>>> from constructions.networks.emulation import Plan
>>> from verify.certifier.roles.parts import take_apart
>>> plan = Plan(machine=best_literal_machine(1, fraction=0), rho=Fraction(1, 8), tolerance=Fraction(1))
>>> net = plan.trainable
>>> large = replace(net.network, weights=net.network.weights << 45, scale=net.network.scale << 45)
>>> fits(net.network), fits(large), fits(in_lowest_terms(replace(net, network=large)).network)
(True, False, True)
>>> parts = take_apart(net)
>>> needs = recognized(parts)
>>> {k: int((needs == k).sum()) for k in (0, 1, 2)}  # how many gates need so many of their literals
{0: 3, 1: 18, 2: 162}
>>> v = int(np.flatnonzero(needs == 2)[0])
>>> parts.flat.into(v), need_of_mixed(parts, v)
([(0, Fraction(-4, 1)), (3, Fraction(2, 1)), (25, Fraction(2, 1))], 2)
>>> operands, which, found = tables(parts, parts.controls, "d")
>>> [{bits: int(value) for bits, value in table.items()} for table in found]
[{(0, 0): -2, (0, 1): 0, (1, 0): 0, (1, 1): 2}]
"""

from dataclasses import replace
from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np

from constructions.foundations.activation import Activation
from constructions.foundations.exact import Number
from constructions.networks.flat import FlatNetwork
from constructions.networks.trainable import Trainable
from constructions.training.compiled import compiler, digest_of, kept_in
from verify.certifier.refusal import NetworkRefused
from verify.certifier.roles.parts import (
    CONSTANT,
    CONTROL,
    DIGIT,
    GATE,
    INPUT,
    RANDOM,
    VC,
    Halves,
    Integers,
    Parts,
    Small,
    heads_of,
)

FOLDER = Path(__file__).parents[1]
SOURCES = tuple(sorted(path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.rglob("*.py")))
"""All modules of the certifier: the compiled functions of some call those of others."""
compiled = compiler(kept_in(digest_of(SOURCES, folder=FOLDER))[0])
NO_GATE, MIXED = -2, -3
LARGEST = 1 << 61
MOST_BITS = 3
"""A control or vc reads at most so many bits."""


@compiled
def swept(
    low: Number, count: Number, least: Number, most: Number, w: Number, role: Number
) -> tuple[Number, Number, Number, Number]:
    """L, the number of literals, least and largest swing after one more edge of weight w from the constant, an input
    or a bit (0, 1, 2).

    >>> start = np.int64(0), np.int64(0), np.int64(0), np.int64(0)
    >>> found = swept(*start, -4, 0)  # -4 from the constant,
    >>> found = swept(*found, 2, 2)  # 2 from a bit
    >>> swept(*found, -8, 1)  # and -8 from an input, a negated literal
    (-16, 2, 8, 8)
    """
    if role == 0:
        return low + w, count, least, most
    if w == 0:
        return low, count, least, most
    swing = abs(w) if role == 1 else 4 * abs(w)
    if role == 2:
        low -= 2 * abs(w)
    elif w < 0:
        low += w
    return low, count + 1, swing if count == 0 else min(least, swing), max(most, swing)


@compiled
def decided(low: Number, count: Number, least: Number, most: Number, scale: Number) -> Number:
    """k of a gate with ``count`` literals whose swings are from ``least`` to ``most``, and whose sum is ``low`` when
    all are false, over ``scale``; NO_GATE; or MIXED if they leave it open.

    >>> decided(-12, 2, 8, 8, 1), decided(-4, 2, 8, 8, 1)  # an AND and an OR of Lemma 10
    (2, 1)
    """
    if count == 0:
        return 0 if low > 2 * scale else 1 if low < -3 * scale else -2
    k = (2 * scale - low) // least + 1
    k = min(max(k, 0), count + 1)
    fires = k > count or low + k * least > 2 * scale
    rests = k == 0 or low + (k - 1) * most < -3 * scale
    return k if fires and rests else -2 if least == most else -3


@compiled
def needs_of(offsets: Integers, sources: Integers, weights: Integers, scale: int, kind: Small, inputs: int) -> Halves:
    """(N,) k of each gate "at least k literals"; NO_GATE if it is none; MIXED if its swings differ in size and need
    a closer look."""
    size = len(offsets) - 1
    needs = np.full(size, -1, np.int32)
    for v in range(size):
        if kind[v] != 2:
            continue
        low, count, least, most = np.int64(0), np.int64(0), np.int64(0), np.int64(0)
        for e in range(offsets[v], offsets[v + 1]):
            role = 0 if sources[e] == 0 else 1 if sources[e] <= inputs else 2
            low, count, least, most = swept(low, count, least, most, weights[e], role)
        needs[v] = decided(low, count, least, most, scale)
    return needs


def fits(flat: FlatNetwork) -> bool:
    """Whether all sums of weights stay in 64 bits."""
    largest = max(int(flat.weights.max(initial=0)), -int(flat.weights.min(initial=0)), flat.scale)
    return (int(flat.fan_in.max(initial=0)) + 2) * largest < LARGEST // 4


def in_lowest_terms(net: Trainable) -> Trainable:
    """The same network; if its weights are large, all are divided by what they share with the scale."""
    flat = net.network
    if fits(flat):
        return net
    common = int(np.gcd(np.gcd.reduce(flat.weights), flat.scale))
    return replace(net, network=replace(flat, weights=flat.weights // common, scale=flat.scale // common))


def recognized(parts: Parts) -> Halves:
    """(N,) how many literals each gate needs; NetworkRefused (k) for a vertex that is no threshold of its operands.

    Raises
    ------
    NetworkRefused (k), or (c) for a gate that reads what carries no bit.
    """
    flat, kind = parts.flat, parts.kind
    check_operands(parts)
    if not fits(flat):
        fan = int(flat.fan_in.max(initial=0)) + 2
        raise NetworkRefused("a", f"weights or a scale too large to add up {fan} of them in 64 bits")
    needs = needs_of(flat.offsets, flat.sources, flat.weights, flat.scale, kind, len(flat.inputs))
    for v in np.flatnonzero(needs == MIXED).tolist():
        needs[v] = need_of_mixed(parts, v)
    wrong = np.flatnonzero((kind == GATE) & (needs == NO_GATE))
    if len(wrong):
        v = int(wrong[0])
        edges = ", ".join(f"{w} from {u}" for u, w in flat.into(v)[:6])
        raise NetworkRefused(
            "k", f"a vertex that is not strictly flat for all bits, or no gate 'at least k' ({edges})", vertex=v
        )
    return needs


def check_operands(parts: Parts) -> None:
    """Gates read the constant, inputs and bits; controls and vc bits and the constant. Raises NetworkRefused (c) or (d)
    for an edge from anything else."""
    flat, kind = parts.flat, parts.kind
    tails, heads = kind[flat.sources], np.repeat(kind, flat.fan_in)
    bit = (tails == GATE) | (tails == RANDOM) | (tails == DIGIT) | (tails == CONSTANT)
    for head, fine in ((GATE, bit | (tails == INPUT)), (CONTROL, bit), (VC, bit)):
        wrong = np.flatnonzero((heads == head) & ~fine)
        if len(wrong):
            edge = (int(flat.sources[wrong[0]]), int(heads_of(parts.net, wrong[:1])[0]))
            raise NetworkRefused("c" if head == GATE else "d", "an edge from a vertex that carries no bit", edge=edge)


def need_of_mixed(parts: Parts, v: int) -> int:
    """k for a vertex v whose swings differ, by the smallest and the largest of them; NO_GATE if there is none.
    ``parts`` is the network with its parts."""
    flat, inputs = parts.flat, len(parts.flat.inputs)
    low, swings = 0, []
    begin, end = int(flat.offsets[v]), int(flat.offsets[v + 1])
    for u, w in zip(flat.sources[begin:end].tolist(), flat.weights[begin:end].tolist(), strict=True):
        if u == 0:
            low += w
        elif w:
            swings.append(abs(w) if u <= inputs else 4 * abs(w))
            low += min(w, 0) if u <= inputs else -2 * abs(w)
    swings.sort()
    reached, k = low, 0
    while reached <= 2 * flat.scale and k < len(swings):
        reached += swings[k]
        k += 1
    if reached <= 2 * flat.scale:
        k += 1
    largest = low + sum(swings[len(swings) - (k - 1) :]) if k > 1 else low
    return k if k == 0 or largest < -3 * flat.scale else NO_GATE


Table = dict[tuple[int, ...], Fraction]


def table_of(weights: list[Fraction], constant: Fraction, sigma: Activation) -> Table | None:
    """The value of a vertex for all bits of its operands, by their weights, its constant and its activation sigma, or
    None if it is not strictly flat for some.

    >>> from constructions.foundations.activation import RAMP
    >>> {bits: int(value) for bits, value in table_of([Fraction(1), Fraction(1)], Fraction(-1, 2), RAMP).items()}
    {(0, 0): -2, (0, 1): 0, (1, 0): 0, (1, 1): 2}
    >>> table_of([Fraction(1, 2)], Fraction(1), RAMP) is None
    True
    """
    found: Table = {}
    for bits in product((0, 1), repeat=len(weights)):
        pre = constant + sum((w * (4 * bit - 2) for w, bit in zip(weights, bits, strict=True)), Fraction(0))
        if not sigma.strictly_flat(pre):
            return None
        found[bits] = Fraction(sigma(pre))
    return found


def tables(parts: Parts, vertices: Integers, premise: str) -> tuple[Integers, Integers, list[Table]]:
    """Operands (K, MOST_BITS; -1 where there is none), the number of the table, and the tables of some vertices: one
    for each distinct row.

    Parameters
    ----------
    parts, vertices : the network with its parts, and the vertices (K,).
    premise : the letter of the premise that fails where one of them is not strictly flat.

    Raises
    ------
    NetworkRefused (d) for a vertex with other operands, or one that is not strictly flat for some bits.
    """
    flat = parts.flat
    operands: Integers
    count, operands, rows = (
        np.zeros(len(vertices), np.int64),
        np.full((len(vertices), MOST_BITS), -1, np.int64),
        np.zeros((len(vertices), 2 + MOST_BITS), np.int64),
    )
    fan, left = flat.fan_in[vertices], np.arange(len(vertices))
    for place in range(int(fan.max(initial=0))):
        i = left = left[fan[left] > place]
        at = flat.offsets[vertices[i]] + place
        tails, weights = flat.sources[at], flat.weights[at]
        rows[i[tails == 0], 1] = weights[tails == 0]
        i, tails, weights = (part[(tails != 0) & (weights != 0)] for part in (i, tails, weights))
        if (count[i] >= MOST_BITS).any():
            raise NetworkRefused(
                "d",
                f"a vertex that more than {MOST_BITS} bits drive",
                vertex=int(vertices[i[int(np.argmax(count[i]))]]),
            )
        operands[i, count[i]], rows[i, 2 + count[i]] = tails, weights
        count[i] += 1
    rows[:, 0] = count
    if (count < 1).any():
        raise NetworkRefused("d", "a vertex that no bit drives", vertex=int(vertices[int(np.argmin(count))]))
    kinds, number = np.unique(rows, axis=0, return_inverse=True)
    which, found = number.ravel(), list[Table]()
    for form, (n, constant, *weights) in enumerate(kinds.tolist()):
        given = [Fraction(w, flat.scale) for w in weights[:n]]
        table = table_of(given, Fraction(constant, flat.scale), flat.sigma)
        if table is None:
            pres = ", ".join(map(str, (*given, Fraction(constant, flat.scale))))
            raise NetworkRefused(
                premise,
                f"not strictly flat for some bits (weights {pres})",
                vertex=int(vertices[int(np.argmax(which == form))]),
            )
        found.append(table)
    return operands, which, found
