"""The forms of what ``querygrad certify --json`` writes: a certificate, or a refusal.

The checker (``verify/recheck``) reads certificates by code of its own, which uses nothing of this file.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

KIND: Literal["querygrad certificate"] = "querygrad certificate"
REFUSAL: Literal["querygrad refusal"] = "querygrad refusal"
FORMAT: Literal[2] = 2
"""The version of both forms."""
Pair = Annotated[list[int], Meta(min_length=2, max_length=2)]
Triple = Annotated[list[int], Meta(min_length=3, max_length=3)]
Gate = Annotated[list[int | list[int]], Meta(min_length=2, max_length=2)]
Carry = Annotated[list[int | None], Meta(min_length=3, max_length=3)]
Proof = Annotated[list[Any], Meta(min_length=3, max_length=3)]
"""A node of a circuit, the literal that it equals, and the steps of the proof."""


class DecoderEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the network decodes what a copy recorded: the record, times ``multiplier``, plus ``add``, without its last
    ``shift`` bits; ``d`` is the number of binary places of the precision."""

    d: int
    multiplier: int
    add: int
    shift: int


class RoundEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A round. One that is like an earlier one has ``like``, ``vertices`` and ``reads`` only, else all but ``like``.

    Parameters
    ----------
    like : the number of the earlier round. vertices, reads : the round's own vertices, and the earlier ones that it
        reads, as runs: first, count, first, count, ...
    copies, controls : how many there are. roles : of each copy the query, the place and whether it is the negative
        half; -1 is the clock, -2 none. held : how far off the output is held.
    carries : vertices that later rounds read, each with what it is after the round and before (0, 1; null: any).
    state : the literals of the machine's state after the round. equal : pairs of literals that are equal after it.
    proofs : of each phase, proofs of equalities that structure does not show.
    """

    like: int | UnsetType = UNSET
    vertices: list[int]
    reads: list[int]
    copies: int | UnsetType = UNSET
    controls: int | UnsetType = UNSET
    roles: list[Triple] | UnsetType = UNSET
    held: str | UnsetType = UNSET
    carries: list[Carry] | UnsetType = UNSET
    state: list[int] | UnsetType = UNSET
    equal: list[Pair] | UnsetType = UNSET
    proofs: dict[str, list[Proof]] | UnsetType = UNSET


class CertificateEntries(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A certificate: what the checker repeats. Rationals are texts ("1/4").

    Parameters
    ----------
    kind, format : of this form. network : the SHA-256 of the network's file. machine : the text of an ASCII AIGER file.
    tolerance : within which answers are shown to be. digits : how many a copy has. decoder : null without rounds.
    functions : gates over the literals of the machine's text, each with how many of its literals it needs.
    rounds : in their order. final : the final controls, as runs. proofs : of what holds after the last round.
    clock : for whole batches, the queries whose records end a round.
    about : words for people, at which the checker does not look, and of which no form is promised.
    """

    kind: Literal["querygrad certificate"]
    format: Literal[2]
    network: str
    machine: str
    tolerance: str
    digits: int
    decoder: DecoderEntry | None
    functions: list[Gate]
    rounds: list[RoundEntry]
    final: list[int]
    proofs: list[Proof]
    clock: list[int] | UnsetType = UNSET
    about: dict[str, Any]


class WitnessEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A run of training that goes wrong.

    Parameters
    ----------
    wrong : what is wrong, and where. string : the random string. adversary : who rounds. batches : for each step, its
        points, each with its bits and its label.
    """

    wrong: str
    string: str = msgspec.field(name="random string")
    adversary: str
    batches: list[list[list[int]]]


class Refusal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a network is refused.

    Parameters
    ----------
    kind, format : of this form. versions : of what took part. network, machine : the SHA-256 of the network's file and
        of the machine's text. premise : the letter of the premise that fails. says : what it says. what : what fails.
    vertex, edge : where; null if it is nowhere. witness : a run that goes wrong; null if none was found.
    machine_text : why the machine's text is not that of the user's file, if it is not.
    """

    kind: Literal["querygrad refusal"]
    format: Literal[2]
    versions: dict[str, str]
    network: str
    machine: str
    premise: str
    says: str
    what: str
    vertex: int | None
    edge: Pair | None
    witness: WitnessEntry | None
    machine_text: str | UnsetType = UNSET
