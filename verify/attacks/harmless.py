"""Why a changed network that was accepted is harmless, where that can be said without training it: compared with the
network before.

Reasons: the same edges in another order or scale; a gate, control or constant whose value is the same, off every kink,
for all values of what it reads; a copy that is still a memory (`is_memory`) and adds what its canceller takes off;
edges frozen that would not move or do not matter; a machine that asks and predicts the same in drawn runs. Everything
else is left to training.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from random import Random

import numpy as np

from constructions.computation.query_machine import QueryMachine
from constructions.foundations.network import Edge, Fragment
from constructions.networks.memory import is_memory
from constructions.networks.trainable import Trainable
from verify.attacks.mutants import Mutant

Weights = dict[tuple[int, int], Fraction]
BITS = (Fraction(-2), Fraction(2))
COPY = ("v1", "digit", "v2", "v2'", "v3")
MANY, RUNS = 10, 5000


def reason(found: Mutant, net: Trainable) -> str | None:
    """A reason in words why the mutant that was ``found``, whose network is ``net``, is harmless, or None.

    >>> from constructions.networks.network_file import read_network_bytes
    >>> from verify.attacks import kinds  # registers them
    >>> from verify.attacks.bases import base
    >>> from verify.attacks.mutants import mutant
    >>> for kind in ("weight, one unit", "renumbered", "a copy added"):
    ...     found = mutant(base("conjunction by queries, minimal"), kind, 0)
    ...     print(f"{found.note}: {reason(found, read_network_bytes(found.data))}")
    weight of 235 (gate) to 245 (canceller): 1 to 47/48: a bit that is the same for all values of what it reads
    renumbered, no hints: the same network in another writing
    a copy added beside the one at 192, with its own canceller: None
    """
    base = found.base.plan.trainable
    reasons = []
    if found.machine is not found.base.machine:
        reasons.append(_same_machine(found.machine, found.base.machine))
    if (net.rho, net.rate, net.steps, net.random_bits) != (base.rho, base.rate, base.steps, base.random_bits):
        return None
    if net.activation_of_output != base.activation_of_output or net.network.sigma != base.network.sigma:
        return None
    if net.batch != base.batch:
        reasons.append("the network serves every batch size")
    if len(net.frozen):
        reasons.append(_frozen(found, net))
    before, after = _placed(base, found.place), _weights(net)
    places, moved = (
        set(found.place.tolist()),
        [tuple(found.place[list(e)].tolist()) for e in _ends(base, base.sampled.tolist())],
    )
    if moved != _ends(net, net.sampled.tolist()) or net.network.size != len(places):
        return None
    signless = set(moved)
    differing = [e for e in before.keys() | after.keys() if not _agree(before, after, e, signless)]
    if not differing and not reasons:
        reasons.append("the same network in another writing")
    reasons += list(_heads(found, net, before, after, {head for _, head in differing}))
    return "; ".join(sorted({text for text in reasons if text})) if all(reasons) else None


def _weights(net: Trainable) -> Weights:
    flat = net.network
    rows = zip(flat.sources.tolist(), flat.heads.tolist(), flat.weights.tolist(), strict=True)
    return {(u, v): Fraction(w, flat.scale) for u, v, w in rows}


def _placed(base: Trainable, place: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> Weights:
    return {(int(place[u]), int(place[v])): w for (u, v), w in _weights(base).items()}


def _ends(net: Trainable, edges: list[int]) -> list[tuple[int, int]]:
    return [(int(net.network.sources[e]), int(net.network.heads[e])) for e in edges]


def _agree(before: Weights, after: Weights, edge: tuple[int, int], signless: set[tuple[int, int]]) -> bool:
    if edge not in before or edge not in after:
        return False
    return before[edge] == after[edge] or (edge in signless and abs(before[edge]) == abs(after[edge]))


def _heads(found: Mutant, net: Trainable, before: Weights, after: Weights, heads: set[int]) -> Iterator[str | None]:
    """A reason for every vertex that reads something else than before; those of one copy together."""
    back = {int(v): i for i, v in enumerate(found.place.tolist())}
    part = {v: found.base.part_of(back[v]) for v in heads}
    copies = set()
    for v in heads:
        if part[v] in COPY:
            copies |= {(t, c) for t, c in _copies(found, back[v])}
        elif v == net.output:
            copies |= {
                (t, c)
                for u, w in before.keys() | after.keys()
                if w == v and before.get((u, w)) != after.get((u, w))
                for t, c in _copies(found, back[u])
            }
            odd = [u for u, w in before.keys() ^ after.keys() if w == v]
            changed = [u for u, w in before.keys() & after.keys() if w == v and before[u, w] != after[u, w]]
            if odd or any(found.base.part_of(back[u]) not in ("v3", "canceller") for u in changed):
                yield None
        else:
            yield _same_bit(net, before, after, v, found, back)
    for t, c in copies:
        yield _still_memory(found, net, after, t, c)


def _copies(found: Mutant, vertex: int) -> Iterator[tuple[int, int]]:
    k = found.base.plan.decoder.bits
    for t, parts in enumerate(found.base.rounds):
        for name in (*COPY, "canceller"):
            if vertex in parts[name]:
                yield t, parts[name].index(vertex) // (k if name == "digit" else 1)


def _same_bit(
    net: Trainable, before: Weights, after: Weights, v: int, found: Mutant, back: dict[int, int]
) -> str | None:
    """Whether a vertex that reads bits has the value that it had, off every kink, whatever they are."""
    tails = sorted({u for u, w in before.keys() | after.keys() if w == v and (before.get((u, w)) or after.get((u, w)))})
    sampled = {w for _, w in _ends(net, net.sampled.tolist())}
    choices: list[tuple[Fraction, ...]] = []
    for u in tails:
        part = found.base.part_of(back[u])
        if part in ("v1", "v2", "v2'", "v3", "vc", "canceller", "primary", "final"):
            return None
        choices.append((Fraction(1),) if u == 0 else (Fraction(0), Fraction(1)) if u < net.network.first else BITS)
    if len(tails) > MANY:
        return None
    sigma, signs = net.network.sigma, (1, -1) if v in sampled else (1,)
    for values in product(*choices):
        for sign in signs:
            old, new = (
                sum(
                    (abs(w.get((u, v), Fraction(0))) * sign if v in sampled else w.get((u, v), Fraction(0))) * x
                    for u, x in zip(tails, values, strict=True)
                )
                for w in (before, after)
            )
            if sigma(new) != sigma(old) or not sigma.strictly_flat(new):
                return None
    return "a bit that is the same for all values of what it reads"


def _still_memory(found: Mutant, net: Trainable, after: Weights, t: int, c: int) -> str | None:
    """Whether a copy meets `is_memory`, and its canceller takes off what it adds."""
    parts, place, plan = found.base.rounds[t], found.place, found.base.plan
    k = plan.decoder.bits
    names = {int(place[parts[name][c]]): name for name in ("v1", "v2", "v2'", "v3", "vc")} | {0: "v0", net.output: "v4"}
    names |= {int(place[v]): f"vr{i}" for i, v in enumerate(parts["digit"][c * k : (c + 1) * k])}
    inner = set(names) - {0, net.output, int(place[parts["vc"][c]])}
    edges: dict[Edge, Fraction] = {
        (names.get(u, f"outside {u}"), names[v]): w
        for (u, v), w in after.items()
        if v in inner or (v == net.output and u in inner)
    }
    graph = Fragment(
        inputs=("vc", *sorted({u for u, _ in edges if u.startswith("outside")})),
        outputs=("v4", *(f"vr{i}" for i in range(k))),
        edges=edges,
        constant="v0",
        sigma=net.network.sigma,
    )
    if net.rate.denominator != 1 or not is_memory(graph, net.rho, k, rate=int(net.rate), offset=plan.setting.offset):
        return None
    adds = 2 * graph.weight("v0", "v1") * graph.weight("v3", "v4") * graph.weight("v1", "v2") * graph.weight("v2", "v3")
    paths = graph.weight("v2", "v3") == graph.weight("v2'", "v3")
    takes = 2 * after[int(place[parts["canceller"][c]]), net.output]
    return "a copy that is still a memory" if abs(adds) == takes and paths else None


def _frozen(found: Mutant, net: Trainable) -> str | None:
    back = {int(v): i for i, v in enumerate(found.place.tolist())}
    ends = _ends(net, net.frozen.tolist())
    if any(u not in back or v not in back for u, v in ends):
        return None
    parts = [(found.base.part_of(back[u]), found.base.part_of(back[v])) for u, v in ends]
    moving = [(u, v) for u, v in parts if v in ("v1", "v2", "v2'", "v3") or u == "v3"]
    return None if moving else "frozen edges that never move, or only when it no longer matters"


def _same_machine(one: QueryMachine, other: QueryMachine) -> str | None:
    """Whether two machines ask and predict the same in many drawn runs: any valid answers and random bits, an x for
    each round."""
    names = (
        "rounds",
        "signed",
        "query_fraction",
        "answer_fraction",
        "predict_fraction",
        "inputs",
        "parallel",
        "random_bits",
    )
    if any(getattr(one, name) != getattr(other, name) for name in names):
        return None
    source, top = Random("answers"), 1 << one.answer_fraction
    full = (1 << RUNS) - 1
    wide = [{name: full * bit for name, bit in machine.start().items()} for machine in (one, other)]
    for _ in range(one.rounds):
        given = {name: source.getrandbits(RUNS) for port in ("x", "random") for name in one.port(port)}
        for j in range(one.parallel):
            codes = [source.randrange(-top if one.signed else 0, top + 1) for _ in range(RUNS)]
            for i, name in enumerate(one.port(f"answer{j}")):
                given[name] = sum((code >> i & 1) << run for run, code in enumerate(codes))
        found = [m.machine.step(state, given, width=RUNS) for m, state in zip((one, other), wide, strict=True)]
        wide = [state for state, _ in found]
        asked = zip((one, other), found, strict=True)
        queries = [
            [outputs[name] for j in range(m.parallel) for name in m.port(f"query{j}")] for m, (_, outputs) in asked
        ]
        if queries[0] != queries[1]:
            return None
    given = {name: source.getrandbits(RUNS) for name in one.machine.inputs}
    last = [m.machine.step(state, given, width=RUNS)[1] for m, state in zip((one, other), wide, strict=True)]
    said = [[outputs[name] for name in m.port("predict")] for m, outputs in zip((one, other), last, strict=True)]
    same = said[0] == said[1]
    return f"machines that ask and predict the same in {RUNS} drawn runs" if same else None
