"""An emulation network put together by hand, with networkx alone, and written to a file with a few lines of code of its
own (Appendix C).

The method: two rounds, one query each, a coin a round. It asks for the mean of 1{y = label} x1 (x2 if its vote is 1),
and its vote becomes the coin's say if the answer is at least 1/2, and stays otherwise; it predicts x1 if its vote is 1,
else x2. Nothing of the compiler is used, and the circuit is not gated early: it computes at every step, and only the
copies wait for their turn. rho = 1/16, learning rate 2, the minimal repair.

Run:  python examples/handmade_network.py handmade.qgn && querygrad certify handmade.qgn --machine
examples/handmade_network.py
"""

import hashlib
import json
import struct
import sys
from fractions import Fraction
from pathlib import Path

import networkx as nx

from constructions.computation.design import Design
from constructions.computation.query_machine import QueryMachine

RHO, DIGITS, ROUNDS = Fraction(1, 16), 4, 2


def machine() -> QueryMachine:
    """The method as a machine; an answer is a number of sixteenths."""
    design = Design()
    x, answer, coin, vote = (
        design.input("x", 2),
        design.input("answer0", 6),
        design.input("random"),
        design.state("vote"),
    )
    large = answer[3] | answer[4]
    design.becomes(vote, (large & coin) | (~large & vote))
    design.output("query0", (vote & x[1]) | (~vote & x[0]))
    design.output("predict", (vote & x[0]) | (~vote & x[1]))
    return QueryMachine(machine=design.machine(), rounds=ROUNDS, answer_fraction=4)


def gate(net: nx.DiGraph, name: str, needs: int, plain: list[str], negated: tuple[str, ...] = ()) -> str:
    """At least ``needs`` of some bits and of some negated bits, each bit -2 or 2."""
    for bit in plain:
        net.add_edge(bit, name, weight=Fraction(2))
    for bit in negated:
        net.add_edge(bit, name, weight=Fraction(-2))
    net.add_edge("one", name, weight=Fraction(4 * (len(plain) + len(negated) - 2 * needs + 1)))
    return name


def control(net: nx.DiGraph, name: str, bits: tuple[str, str], weight: Fraction) -> None:
    """A control of the output: -2, 0 or 2 as none, one or both of two bits are set."""
    for bit in bits:
        net.add_edge(bit, name, weight=Fraction(1))
    net.add_edge("one", name, weight=Fraction(-1, 2))
    net.add_edge(name, "f", weight=weight)


def digits(net: nx.DiGraph, copy: str) -> list[str]:
    """v1 of a copy and the digits of its record, the lowest first."""
    names = [f"{copy} r{i}" for i in range(DIGITS)]
    net.add_edge("one", f"{copy} v1", weight=Fraction(1, 12))
    for i, digit in enumerate(names):
        net.add_edge(f"{copy} v1", digit, weight=12 / RHO)
        net.add_edge("one", digit, weight=-1 / RHO + 6 - 6 * 2**DIGITS)
        for j in range(i + 1, DIGITS):
            net.add_edge(names[j], digit, weight=Fraction(-3 * 2**j))
    return names


def path(net: nx.DiGraph, copy: str, idle: str, sign: int) -> None:
    """vc, v2, v2' and v3 of a copy that is idle where a bit is set."""
    net.add_edge(idle, f"{copy} vc", weight=Fraction(7, 8))
    net.add_edge("one", f"{copy} vc", weight=Fraction(5, 4))
    for name, driven in (("v2", 10), ("v2'", -10)):
        net.add_edge(f"{copy} v1", f"{copy} {name}", weight=Fraction(1))
        net.add_edge(f"{copy} vc", f"{copy} {name}", weight=Fraction(driven))
        net.add_edge(f"{copy} {name}", f"{copy} v3", weight=Fraction(1))
    net.add_edge(f"{copy} vc", f"{copy} v3", weight=Fraction(-1, 4))
    net.add_edge(f"{copy} v3", "f", weight=Fraction(sign, 4))


def choice(net: nx.DiGraph, name: str, vote: str, yes: str, no: str) -> str:
    """``yes`` where the vote is 1, else ``no``."""
    return gate(net, name, 1, [gate(net, f"{name} yes", 2, [vote, yes]), gate(net, f"{name} no", 2, [no], (vote,))])


def network() -> nx.DiGraph:
    """The graph: edges with exact weights, and ``sampled`` where the sign is a coin's."""
    net = nx.DiGraph()
    for i in (1, 2):
        net.add_edge(f"x{i}", f"bit{i}", weight=Fraction(8))
        net.add_edge("one", f"bit{i}", weight=Fraction(-4))
    vote, before = gate(net, "no vote", 1, []), gate(net, "yes", 0, [])
    for t in range(1, ROUNDS + 1):
        odd = t % 2 == 1
        ticking, record = digits(net, f"clock{t}"), digits(net, f"query{t}")
        net.add_edge("one", f"coin{t}", weight=Fraction(4), sampled=t)
        clock = gate(net, f"clock {t}", 1, ticking)
        now = gate(net, f"now {t}", 2, [before], (clock,))
        asked = choice(net, f"asked {t}", vote, "bit2", "bit1")
        steady = gate(net, f"steady {t}", DIGITS if odd else 0, record[:-1])
        bits = {f"clock{t}": ([now], ()), f"query{t}": ([now, asked], ())}
        for copy, (wanted, _) in bits.items():
            acts = gate(net, f"{copy} acts", len(wanted), wanted)
            idle = gate(net, f"{copy} idle", 1, [], (acts,))
            path(net, copy, idle, 1 if odd else -1)
            control(net, f"{copy} canceller", (idle if odd else acts, steady), Fraction(1, 48))
        control(net, f"primary {t}", (f"clock{t} {'idle' if odd else 'acts'}", steady), (1 + 2 * RHO) / 2)
        coin = gate(net, f"said {t}", 2, [record[-1], f"coin{t}"])
        vote = gate(net, f"vote {t}", 1, [coin, gate(net, f"kept {t}", 2, [vote], (record[-1],))])
        before = clock
    value = gate(net, "value", 2, [before, choice(net, "predicted", vote, "bit1", "bit2")])
    control(net, "final", (value, "yes"), Fraction(1, 2))
    return net


def write(net: nx.DiGraph, path: str) -> None:
    """The file: magic, length of the header, header, arrays."""
    first = ["one", "x1", "x2"]
    order = first + [v for v in nx.lexicographical_topological_sort(net) if v not in first]
    at = {v: i for i, v in enumerate(order)}
    edges = sorted((at[v], at[u], data) for u, v, data in net.edges(data=True))
    scale = 48
    offsets = [sum(1 for head, _, _ in edges if head < v) for v in range(len(order) + 1)]
    coins = sorted((data["sampled"], i) for i, (_, _, data) in enumerate(edges) if "sampled" in data)
    arrays = {
        "offsets": offsets,
        "sources": [tail for _, tail, _ in edges],
        "weights": [int(data["weight"] * scale) for _, _, data in edges],
        "sampled": [i for _, i in coins],
        "frozen": [],
    }
    body = b"".join(struct.pack(f"<{len(row)}q", *row) for row in arrays.values())
    header = {
        "inputs": ["x1", "x2"],
        "scale": scale,
        "output": at["f"],
        "last": None,
        "rho": str(RHO),
        "rate": "2",
        "batch": 1,
        "steps": ROUNDS,
        "sigma": {
            "kinks": ["-3", "-1", "0", "2"],
            "slopes": ["0", "1", "0", "1", "0"],
            "value": "-2",
            "name": "two-stage ramp",
        },
        "loss": "half the square",
        "labels": [0, 1],
        "arrays": [{"name": name, "length": len(row)} for name, row in arrays.items()],
        "sha256": hashlib.sha256(body).hexdigest(),
        "hints": {},
    }
    text = json.dumps(header).encode()
    Path(path).write_bytes(b"QGNET\0\0\1" + struct.pack("<Q", len(text)) + text + body)


if __name__ == "__main__":
    write(network(), sys.argv[1])
