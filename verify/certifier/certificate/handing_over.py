"""From what was searched to what is certified: the checker decides, in a process of its own.

The certificate is written, proofs are added where structure does not show a claim, and what the checker says counts.

>>> from dataclasses import replace
>>> from fractions import Fraction
>>> from constructions.computation.learner_machines import best_literal_machine
>>> from constructions.networks.emulation import Plan
>>> from constructions.networks.network_file import network_bytes
>>> from verify.certifier.certify import certify_network
>>> machine = replace(best_literal_machine(1, fraction=0), rounds=1)
>>> net = Plan(machine=machine, rho=Fraction(1, 8), tolerance=Fraction(1)).trainable
>>> data, outcome = network_bytes(net), certify_network(net, machine, tolerance=Fraction(1))
>>> certified_here(data, machine, outcome).certified
True
>>> cert = certificate(net, machine, outcome, network=digest(data))
>>> print(*written(cert).decode().splitlines()[:3], sep="\\n")
{
 "kind": "querygrad certificate",
 "format": 2,
>>> with tempfile.TemporaryDirectory() as folder:
...     path = Path(folder) / "a.net"
...     _ = path.write_bytes(data)
...     decision = decided(cert | {"final": [1, 1]}, path, prove=True)
>>> decision.code == REFUSED, decision.said
(True, 'refused: need (f) final controls, each once')
"""

import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import verify
from constructions.computation.query_machine import QueryMachine
from constructions.networks.network_file import read_network_bytes
from verify.certifier.certificate.certification import Certification
from verify.certifier.certificate.entries import certificate
from verify.certifier.certificate.proving import with_proofs
from verify.recheck.check import Check, Verdict
from verify.recheck.reading import RefusedError, digest

CERTIFIED, REFUSED, BAD, LEFT_OPEN, INTERNAL = range(5)


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What the checker said of a certificate: its exit code, what it printed, the certificate's bytes."""

    code: int
    said: str
    certificate: bytes

    @property
    def certified(self) -> bool:
        """Whether it said "certified"."""
        return self.code == CERTIFIED


def written(cert: Mapping[str, Any]) -> bytes:
    """A certificate as bytes: an entry a line, a round a line."""
    rounds = ",\n".join(json.dumps(row) for row in cert["rounds"])
    rest = [
        f" {json.dumps(key)}: {json.dumps(value, sort_keys=True)}" for key, value in cert.items() if key != "rounds"
    ]
    return ("{\n" + ",\n".join([*rest, f' "rounds": [\n{rounds}\n]']) + "\n}\n").encode()


def decided(cert: Mapping[str, Any], net: Path, *, prove: bool) -> Decision:
    """Let the checker decide on a certificate of the network in a file; where it leaves claims open, proofs are looked
    for once.

    Parameters
    ----------
    prove : look for proofs before the checker is asked for the first time.
    cert : the certificate's entries, as JSON values. net : the network's file.
    """
    decision = None if prove else _asked(written(cert), net)
    if decision is None or decision.code == LEFT_OPEN:
        try:
            with net.open("rb") as stream:
                decision = _asked(written(with_proofs(cert, stream)), net)
        except RefusedError as error:
            return Decision(code=REFUSED, said=f"refused: need {error}", certificate=written(cert))
    return decision


def decided_here(data: bytes, cert: Mapping[str, Any]) -> Verdict:
    """The same in this process, for a network in memory: its file's bytes and a certificate; RefusedError if the
    checker refuses.

    Campaigns and tests use this; a user's command asks a process of its own.
    """
    verdict = Check(written(cert), io.BytesIO(data)).verdict()
    if verdict.certified:
        return verdict
    return Check(written(with_proofs(cert, io.BytesIO(data))), io.BytesIO(data)).verdict()


def certified_here(data: bytes, machine: QueryMachine, outcome: Certification) -> Verdict:
    """What the checker says of the network in the file with these bytes (``data``) and a machine, whose search came to
    an end with this outcome."""
    net = read_network_bytes(data)
    return decided_here(data, certificate(net, machine, outcome, network=digest(data)))


def _asked(data: bytes, net: Path) -> Decision:
    """What the checker says of a certificate, ``data``, and the network in the file ``net``, in a process of its
    own.

    The working directory is not searched for modules (``-P``): a file ``json.py`` or ``verify.py`` that lies there is
    not the checker's, and must not speak in its place.
    """
    root = str(Path(next(iter(verify.__path__))).parent)
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([root, os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    }
    with tempfile.TemporaryDirectory() as folder:
        cert = Path(folder) / "network.cert"
        cert.write_bytes(data)
        done = subprocess.run(
            [sys.executable, "-P", "-m", "verify.recheck", "--", str(cert), str(net.resolve())],
            capture_output=True,
            text=True,
            check=False,
            env=environment,
        )
    return Decision(code=done.returncode, said=(done.stdout + done.stderr).rstrip(), certificate=data)
