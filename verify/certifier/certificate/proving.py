"""The proofs of a certificate: the checker's own passes, with a search where a claim is not shown by structure.

What is found is written into the certificate; nothing here is believed, for the checker goes through all of it again.
"""

import json
from collections.abc import Mapping
from typing import Any, BinaryIO

from verify.certifier.certificate.sweeping import Sweep
from verify.recheck.check import Build, Check, Proofs
from verify.recheck.circuit import Circuit


class Prover(Check):
    """The checker, but where a claim is open it looks for proofs; ``missing`` has those that it did not find."""

    def __init__(self, cert: bytes, network: BinaryIO) -> None:
        super().__init__(cert, network)
        self.proofs: dict[tuple[int, str], list[list[Any]]] = {}

    def show(self, place: tuple[int, str], build: Build, proofs: Proofs) -> None:
        """Find the proofs of one phase."""
        claims = build(Circuit({}))
        if not all(claim.shown for claim in claims):
            sweep = Sweep()
            claims = build(sweep)
            self.proofs[place] = sweep.found
        self.result.open += [f"round {place[0]}, {place[1]}: {claim.what}" for claim in claims if not claim.shown]


def with_proofs(cert: Mapping[str, Any], network: BinaryIO) -> dict[str, Any]:
    """The certificate (``cert``) of a network, which is read from a stream, with the proofs that were found;
    RefusedError if one of its passes fails.

    >>> from io import BytesIO
    >>> from verify.attacks.bases import base
    >>> from verify.attacks.certificates import honest
    >>> cert, data = honest("quarters, minimal"), base("quarters, minimal").data
    >>> for round_ in cert["rounds"]:
    ...     round_["proofs"] = {}
    >>> found = with_proofs(cert, BytesIO(data))["rounds"][0]["proofs"]
    >>> {when: [(node, literal, len(steps)) for node, literal, steps in proofs] for when, proofs in found.items()}
    {'now': [(9, 9, 10), (10, 11, 10), (12, 0, 9)]}
    """
    found = json.loads(json.dumps(cert))
    prover = Prover(json.dumps(found).encode(), network)
    prover.verdict()
    for (number, when), proofs in prover.proofs.items():
        if when == "end":
            found["proofs"] = proofs
        else:
            found["rounds"][number - 1]["proofs"][when] = proofs
    return dict(found)
