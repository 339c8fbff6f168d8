"""The equivalences of a certificate as miters: what the checker takes for equal, for any SAT solver to refute.

The checker writes the circuits of each phase of each round again, from the network's weights and from the machine, and
wants certain pairs of literals to be equal. Most pairs are one literal, because both sides are built alike; the others
become a miter for each phase, without any of the proofs that the certificate has for them.
"""

from typing import BinaryIO

from constructions.computation.flat import FlatCircuit
from constructions.computation.miters import differing
from verify.recheck.check import Build, Check, Proofs
from verify.recheck.circuit import Circuit


class Miters(Check):
    """The checker's passes, with the claims of each phase written down instead of looked at.

    Parameters
    ----------
    cert, network : the certificate's bytes, and the network's file, as for the checker.

    ``found`` has the miters by name; ``structural`` counts the pairs that are one literal.
    """

    def __init__(self, cert: bytes, network: BinaryIO) -> None:
        super().__init__(cert, network)
        self.found: dict[str, FlatCircuit] = {}
        self.structural = 0

    def show(self, place: tuple[int, str], build: Build, proofs: Proofs) -> None:
        """Write down the claims of one phase."""
        circuit = Circuit({})
        claims = build(circuit)
        pairs = [(claim.one, claim.other) for claim in claims if not claim.shown]
        self.structural += len(claims) - len(pairs)
        if pairs:
            self.found[f"round-{place[0]}-{place[1]}"] = of_rows(circuit, pairs)


def of_rows(circuit: Circuit, pairs: list[tuple[int, int]]) -> FlatCircuit:
    """The miter of pairs of literals of a circuit of the checker's, under what it assumes.

    >>> circuit = Circuit({})
    >>> a, b = circuit.leaf("a"), circuit.leaf("b")
    >>> found = of_rows(circuit, [(circuit.every([a, b]), a)])
    >>> [found(a=x, b=y)["differ"] for x in (0, 1) for y in (0, 1)]
    [False, False, True, False]
    """
    names = list(circuit.names)
    place = {circuit.names[name] >> 1: i for i, name in enumerate(names)}
    gates = [node for node, row in enumerate(circuit.rows) if node not in place and (row is not None or node == 0)]
    place |= {node: len(names) + i for i, node in enumerate(gates)}

    def moved(literal: int) -> int:
        return 2 * place[literal >> 1] | literal & 1

    # node 0 is the constant: its even literal is false, as that of a gate which needs one literal of none
    rows = [(1, ()) if (row := circuit.rows[node]) is None else (row[0], [moved(x) for x in row[1]]) for node in gates]
    both = [[(moved(one), moved(other)) for one, other in each] for each in (pairs, circuit.assumed)]
    return differing(names, rows, *both)


def miters_of(cert: bytes, network: BinaryIO) -> Miters:
    """The miters of a certificate, ``cert``, and its network's file; RefusedError if one of the checker's passes
    fails.

    >>> from io import BytesIO
    >>> from verify.recheck.reading import RefusedError
    >>> try:
    ...     miters_of(b"no certificate", BytesIO(b"no network"))
    ... except RefusedError:
    ...     print("refused")
    refused
    """
    found = Miters(cert, network)
    found.verdict()
    return found
