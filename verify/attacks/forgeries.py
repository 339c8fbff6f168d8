"""All kinds of forged certificates, and one of a kind.

>>> from verify.attacks.certificates import judged
>>> name = "conjunction by queries, minimal"
>>> print(*sorted(kind for kind in KINDS if "machine" in kind), sep="\\n")
grammar: a line of the machine twice
grammar: a number of the machine written otherwise
grammar: an odd character in the machine
meaning: the machine
>>> found = forged(name, "grammar: a line of the machine twice", 0)
>>> found.note, judged(name, found)
("'58 57 00' at 41", ('malformed', "a line of 3 literals, got '58 57 00', in the machine"))
"""

import json
from random import Random

from constructions.foundations.files import sha256_of
from verify.attacks import forged_grammar, forged_meaning
from verify.attacks.bases import base
from verify.attacks.certificates import Forged, honest
from verify.attacks.forging import FORGERIES
from verify.attacks.kinds import KINDS as NETWORK_KINDS
from verify.attacks.mutants import mutant
from verify.certifier.certificate.handing_over import written

MODULES = (forged_grammar, forged_meaning)


def forged(name: str, kind: str, seed: int) -> Forged | None:
    """A forged certificate of a kind for the network of this name, drawn by a seed; None if there is nothing to
    change."""
    source = Random(f"{name} {kind} {seed}")
    cert, data = honest(name), base(name).data
    if kind == "bytes":
        text = bytearray(written(cert))
        text[source.randrange(len(text))] = source.randrange(256)
        return Forged(kind=kind, note="a byte", certificate=bytes(text), network=data)
    if kind == "another network":
        found = mutant(base(name), source.choice(sorted(NETWORK_KINDS)), seed)
        if found is None or found.machine is not base(name).machine:
            return None
        cert["network"] = sha256_of(found.data)
        return Forged(kind=kind, note=found.note, certificate=written(cert), network=found.data)
    note = FORGERIES[kind](source, cert)
    if note is None or cert == honest(name):
        return None
    try:
        return Forged(kind=kind, note=note, certificate=written(cert), network=data)
    except (KeyError, TypeError, ValueError):
        return Forged(kind=kind, note=note, certificate=json.dumps(cert).encode(), network=data)


KINDS = ("bytes", "another network", *FORGERIES)
