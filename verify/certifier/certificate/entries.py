"""The certificate: everything that was found, for the checker to repeat (``verify/recheck``).

Its entries, all of which the checker measures against the network and the machine:

* ``network``, ``machine``: the digest of the network's file, and the machine as an ASCII AIGER text;
* ``tolerance``: answers are shown within this of the batch means; ``decoder``: d, multiplier, add and shift;
* ``functions``: gates over bits of the machine's state, numbered on from the literals of the machine's text;
* ``rounds``: for each round its vertices and what they do (``round_entries.py``); ``final``: the final controls;
* ``clock``: for whole batches, the queries whose records end a round;
* ``proofs``, and those in the rounds: proofs of equalities that are not literally so (``proving.py`` adds them);
* ``about``: words for people (``account.py``), which the checker does not look at.

>>> from dataclasses import replace
>>> from fractions import Fraction
>>> from constructions.computation.learner_machines import best_literal_machine
>>> from constructions.networks.emulation import Plan
>>> from verify.certifier.certify import certify_network
>>> machine = replace(best_literal_machine(1, fraction=0), rounds=1)
>>> net = Plan(machine=machine, rho=Fraction(1, 8), tolerance=Fraction(1)).trainable
>>> outcome = certify_network(net, machine, tolerance=Fraction(1))
>>> print(*spelled(machine).splitlines()[:3], sep=", ")
aag 145 5 9 3 131, 2, 4
>>> cert = certificate(net, machine, outcome, network="0" * 64)
>>> cert["tolerance"], cert["decoder"], cert["final"]
('19/24', {'d': 0, 'multiplier': 1, 'add': 4, 'shift': 3}, [183, 1])
>>> cert["rounds"][0]["copies"], cert["rounds"][0]["roles"]  # the clock, and a copy for each of two queries
(3, [[-1, 0, 0], [1, 0, 0], [0, 0, 0]])
>>> found = refused(NetworkRefused("c", "a copy of path gain 2", vertex=7), {"network": "0" * 64, "machine": "1" * 64})
>>> found["premise"], found["says"], found["vertex"]
('c', 'each copy is a memory and nothing else touches it', 7)
"""

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
from msgspec import UNSET

from constructions.computation.batch_machine import BatchMachine
from constructions.computation.formats.aiger_writing import write_aiger
from constructions.computation.query_machine import QueryMachine
from constructions.networks.trainable import Trainable
from verify.certifier.certificate.account import about, versions
from verify.certifier.certificate.certification import Certification
from verify.certifier.certificate.forms import (
    FORMAT,
    KIND,
    REFUSAL,
    CertificateEntries,
    DecoderEntry,
    Refusal,
    WitnessEntry,
)
from verify.certifier.certificate.round_entries import RoundWriter, runs
from verify.certifier.refusal import PREMISES, NetworkRefused
from verify.certifier.rounds.decoding import Decoding


def certificate(
    net: Trainable,
    machine: QueryMachine,
    outcome: Certification,
    *,
    network: str,
    text: str | None = None,
    rewritten: str | None = None,
) -> dict[str, Any]:
    """The certificate of a network whose search came to an end, as JSON values; proofs of what structure does not show
    are still missing.

    Parameters
    ----------
    network : SHA-256 of the network's file. text : the machine's text, if it is to be this one.
    rewritten : a sentence that says why this is not the user's file as it is, for ``about``.
    net, machine : what was searched. outcome : of a search that succeeded.
    """
    finding, parts, layers = outcome.finding, outcome.parts, outcome.layers
    assert finding is not None and parts is not None and layers is not None
    decoding, text = finding.decoding, spelled(machine) if text is None else text
    writer = RoundWriter(parts, layers, machine, finding.state_functions)
    writer.start(2 * int(text.split(" ", 2)[1]) + 2)
    made = CertificateEntries(
        kind=KIND,
        format=FORMAT,
        network=network,
        machine=text,
        tolerance=str(finding.tolerance),
        digits=parts.digits.shape[1],
        decoder=None if decoding is None else _decoder_entry(decoding),
        functions=writer.functions,
        rounds=writer.rounds(finding.rounds),
        final=runs(np.sort(np.array(finding.final, np.int64))),
        proofs=[],
        clock=list(finding.clock) if isinstance(machine, BatchMachine) else UNSET,
        about=about(net, machine, outcome, rewritten),
    )
    return msgspec.to_builtins(made)  # type: ignore[no-any-return]


def _decoder_entry(found: Decoding) -> DecoderEntry:
    return DecoderEntry(d=found.d, multiplier=found.multiplier, add=found.add, shift=found.shift)


def spelled(machine: QueryMachine) -> str:
    """The machine as an ASCII AIGER file."""
    return write_aiger(machine.aiger(), binary=False).decode()


def refused(refusal: NetworkRefused, digests: Mapping[str, str], rewritten: str | None = None) -> dict[str, Any]:
    """A refusal as JSON values, with the ``digests`` of network and machine; ``rewritten`` is a sentence on the
    machine's, if it is not that of the user's file."""
    made = Refusal(
        kind=REFUSAL,
        format=FORMAT,
        versions=versions(),
        network=digests["network"],
        machine=digests["machine"],
        premise=refusal.premise,
        says=PREMISES[refusal.premise],
        what=refusal.what,
        vertex=refusal.vertex,
        edge=None if refusal.edge is None else list(refusal.edge),
        witness=msgspec.convert(refusal.witness, WitnessEntry) if refusal.witness else None,
        machine_text=rewritten or UNSET,
    )
    return msgspec.to_builtins(made)  # type: ignore[no-any-return]
