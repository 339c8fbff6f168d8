"""Premises d and k, that vc, controls and gates are strictly flat: with either taken out, a network is certified that
training betrays.

Each network is forged under an honest certificate: the weights into one vertex are moved so that some values of its
operands put it on a slope or a kink of the ramp, and all else that the checker looks at (what the vertex carries, as a
bit or a row of a table) stays.
"""

import hashlib
from fractions import Fraction
from types import ModuleType

import pytest

from verify.attacks.bases import base
from verify.attacks.certificates import Forged, honest, judged
from verify.certifier.certificate.handing_over import written
from verify.recheck import gates, parts
from verify.recheck.reading import need

COINS, LITERAL = "coins, minimal", "literal, one round"
FLAT = "(d) a vc or control that is strictly flat for all bits"
TWO_VALUES = "(d) a vc that returns 0 for one value of a bit and 2 for the other"
GATE = "(k) a gate that is strictly flat for all bits"
MODULES = {FLAT: parts, TWO_VALUES: parts, GATE: gates}
Attack = tuple[str, str, str, tuple[str, ...], str]
ATTACKS: dict[str, Attack] = {
    "a vc that is half on at rest": (FLAT, COINS, "vc", ("2", "1/2"), "held at"),
    "a vc that is half on at rest, in the only round": (FLAT, LITERAL, "vc", ("2", "1/2"), "held at"),
    "a vc on the kink 0 at rest": (FLAT, COINS, "vc", ("2", "1"), "is on a kink"),
    "a vc on the kink -1 at rest": (FLAT, COINS, "vc", ("1", "1"), "is on a kink"),
    "a canceller that is half on": (FLAT, COINS, "canceller", ("1", "5/4", "5/4"), "held at"),
    "a primary control that is half on": (FLAT, COINS, "primary", ("1", "5/4", "5/4"), "held at"),
    "a control on the kink 0": (FLAT, COINS, "primary", ("0", "5/4", "5/4"), "is on a kink"),
    "a control on the kink -1": (FLAT, COINS, "canceller", ("-1", "5/4", "5/4"), "is on a kink"),
    "a final control that is half on": (FLAT, LITERAL, "final", ("1", "5/4", "5/4"), "held at"),
    "a vc that rests at -2": (TWO_VALUES, COINS, "vc", ("-9/4", "-7/8"), "held at"),
    "a gate of an input, half on": (GATE, COINS, "adaptor", ("1", "11"), ""),
    "a gate of an input, on a slope at 0": (GATE, LITERAL, "adaptor", ("-1/2", "12"), "held at"),
    "a gate that starts half on": (GATE, COINS, "start", ("1",), ""),
    "a gate of two bits, half on for one": (GATE, COINS, "predictor", ("1", "2", "2"), "predicts"),
    "a gate of two bits, 0 for one": (GATE, LITERAL, "predictor", ("-1/2", "2", "2"), "predicts"),
}
"""The premise, the base, a part and the weights that its edges get (the constant's first), and what training sees."""


def forgeries(name: str, part: str, weights: tuple[str, ...]) -> list[Forged]:
    """The forged networks: one vertex of the part, of as many edges, has these weights (each in its sign)."""
    made, found = base(name), list[Forged]()
    for vertex in made.parts[part]:
        draft, cert = made.draft(), honest(name)
        draft.finer(4)
        edges = draft.into(vertex)
        if len(edges) != len(weights) or draft.tails[edges[0]] != 0:
            continue
        for place, (edge, weight) in enumerate(zip(edges, map(Fraction, weights), strict=True)):
            sign = -1 if place and draft.weights[edge] < 0 else 1
            draft.weights[edge] = sign * int(weight * draft.scale)
        cert["network"] = hashlib.sha256(draft.data()).hexdigest()
        found.append(Forged(kind=part, note=f"vertex {vertex}", certificate=written(cert), network=draft.data()))
    return found


def take_out(patch: pytest.MonkeyPatch, module: ModuleType, premise: str) -> None:
    """The checker does not ask for one premise."""

    def asked(condition: object, what: str) -> None:
        if not what.startswith(premise):
            need(bool(condition), what)

    patch.setattr(module, "need", asked)


@pytest.mark.parametrize("attack", ATTACKS)
def test_without_flatness_a_network_is_certified_that_training_betrays_and_with_it_it_is_refused(attack: str) -> None:
    premise, name, part, weights, seen = ATTACKS[attack]
    made = forgeries(name, part, weights)
    assert made
    for one in made:
        what, why = judged(name, one)
        assert what == "refused" and why.startswith(premise), (one.note, what, why)
    with pytest.MonkeyPatch.context() as patch:
        take_out(patch, MODULES[premise], premise)
        found = (judged(name, one) for one in made)  # none is trained after the first that is betrayed
        assert any(what == "DEFECT" and seen in why and "an error inside" not in why for what, why in found)


def test_a_gate_on_a_kink_does_no_harm_in_training_and_is_refused_by_its_flatness_alone() -> None:
    """Nothing comes back to a gate, since all that reads it is strictly flat: on the kink -3 it returns -2, as it
    should."""
    made = forgeries(COINS, "adaptor", ("-3", "15"))
    assert made and all(judged(COINS, one)[1].startswith(GATE) for one in made)
    with pytest.MonkeyPatch.context() as patch:
        take_out(patch, gates, GATE)
        assert {judged(COINS, one)[0] for one in made} == {"harmless"}
