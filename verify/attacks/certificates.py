"""Honest certificates, to be forged, and what becomes of a forged one.

A forged certificate is refused, malformed or left open, or it is accepted. Then it must say the truth: if network and
machine are those of the honest one, it is another way to write down what holds anyway; else the machine's text is read
by the other reader and the network is trained against it. One that is accepted and then goes wrong, or whose machine
the other reader does not read, is a defect; so is an error inside.

>>> name = "conjunction by queries, minimal"
>>> cert, data = honest(name), base(name).data
>>> checked(cert, data).certified
True
>>> for key, value in (("tolerance", "0"), ("tolerance", 0), ("about", {})):
...     forged = Forged(kind="an entry", note=key, certificate=written(cert | {key: value}), network=data)
...     print(judged(name, forged))
('refused', '(j) answers within 0, shown are 7/32')
('malformed', "a rational such as -3/8, got '0', at the tolerance")
('harmless', 'it says what holds')
"""

import io
import json
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np

from constructions.computation.formats.aiger import read_aiger
from constructions.computation.query_machine import query_machine
from constructions.errors import ConstructionError
from constructions.foundations.files import sha256_of
from constructions.networks.network_file import read_network_bytes
from verify.attacks.bases import Base, base
from verify.attacks.trial import runs_of, trial
from verify.certifier.certificate.entries import certificate
from verify.certifier.certificate.handing_over import written
from verify.certifier.certificate.proving import with_proofs
from verify.certifier.certify import certify_network
from verify.recheck.check import Check, Verdict
from verify.recheck.reading import MalformedError, RefusedError

Certificate = dict[str, Any]
HONEST = (
    "coins, minimal",
    "literal, one round",
    "signed whole, rho = 1/20",
    "quarters, minimal",
    "conjunction by queries, minimal",
    "memoriser, dyadic",
    "no rounds",
)
"""Bases whose certificates are forged: with random bits, with proofs, with rounds that are like others, without
rounds.
"""


@dataclass(frozen=True, kw_only=True)
class Forged:
    """A forged certificate (as bytes, so that it may be no JSON) and the network that goes with it; its ``kind``, and a
    ``note`` that says what was changed."""

    kind: str
    note: str
    certificate: bytes
    network: bytes


@cache
def _honest(name: str) -> str:
    made = base(name)
    return json.dumps(certificate_of(made))


def certificate_of(made: Base) -> Certificate:
    """The certificate of a base, with its proofs."""
    net = read_network_bytes(made.data)
    outcome = certify_network(net, made.machine, tolerance=made.plan.tolerance)
    assert outcome.certified, outcome.refusal
    found = certificate(net, made.machine, outcome, network=sha256_of(made.data))
    return with_proofs(found, io.BytesIO(made.data))


def honest(name: str) -> Certificate:
    """A fresh copy of the certificate of a base."""
    found: Certificate = json.loads(_honest(name))
    return found


def checked(cert: bytes | Certificate, network: bytes) -> Verdict:
    """What the checker says of a certificate, ``cert``, and the bytes of a network; it raises RefusedError if it
    refuses."""
    return Check(cert if isinstance(cert, bytes) else written(cert), io.BytesIO(network)).verdict()


def judged(name: str, forged: Forged) -> tuple[str, str]:
    """What became of a forged certificate of the network of this name, and why: "refused", "malformed", "open",
    "harmless", or "DEFECT"."""
    try:
        verdict = checked(forged.certificate, forged.network)
    except MalformedError as error:
        return "malformed", str(error)[:200]
    except RefusedError as error:
        return "refused", str(error)[:200]
    except Exception as error:
        return "DEFECT", f"an error inside: {type(error).__name__}: {error}"[:200]
    if not verdict.certified:
        return "open", verdict.open[0]
    wrong = untrue(name, forged, verdict)
    return ("DEFECT", wrong) if wrong else ("harmless", "it says what holds")


def untrue(name: str, forged: Forged, verdict: Verdict) -> str | None:
    """What is wrong with a certificate that is accepted, as far as training shows it."""
    made, cert, truth = base(name), json.loads(forged.certificate), honest(name)
    if (
        verdict.tolerance < Fraction(truth["tolerance"])
        and cert["decoder"] == truth["decoder"]
        and forged.network == made.data
    ):
        return f"answers within {verdict.tolerance}, while the honest certificate says {truth['tolerance']}"
    if forged.network == made.data and cert["machine"] == truth["machine"]:
        return None
    try:
        machine = query_machine(read_aiger(cert["machine"].encode()))
        net = read_network_bytes(forged.network)
    except ConstructionError as error:
        return f"the other reader does not read it: {error}"[:200]
    d = cert["decoder"]
    numbers = (d["d"], d["multiplier"], d["add"], d["shift"]) if d else None
    place = np.arange(made.plan.sizes.vertices)
    found = trial(net, machine, made.plan, place, runs_of(1, each=1), tolerance=verdict.tolerance, decoder=numbers)
    return found.deviation.what[:200] if found.deviation else None
