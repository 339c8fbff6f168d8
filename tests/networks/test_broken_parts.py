"""The top statements of networks notice what is broken in the constructions on purpose."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from constructions.computation.builder import Builder
from constructions.networks import controls, gates, layout, queries, round_circuit
from constructions.networks.queries import STRONG
from verify.claims.networks.layout import output_sum
from verify.claims.networks.trainable import flat_vertices
from verify.discharge.result import Result
from verify.obligations.obligation import Obligation
from verify.obligations.papers import PAPERS
from verify.obligations.verdict import Verdict
from verify.provers import by_z3

F = Fraction


def late(builder: Builder, before: int, clock: int) -> int:
    """A turn that begins when the round is over."""
    return builder.both(before, clock)


def early(builder: Builder, clock: int, update: int) -> int:
    """A state that is handed on before the round is over."""
    return update


BROKEN: tuple[tuple[str, Any, str, Any], ...] = (
    ("definition2.graph", queries, "value_weight", lambda rho: 4 / rho),
    ("definition2.graph", queries, "carry_weight", lambda place: -2 * place),
    ("definition2.graph", queries, "next_place", lambda place: 3 * place),
    ("definition2.graph", queries.ReadOutPen, "writes", lambda pen, bits: pen.digit <= bits),
    ("lemma11.readout", queries, "carry_weight", lambda place: -2 * place),
    ("lemma11.readout", queries, "level_weight", lambda rho, resting, levels: -12 * resting / rho - 6 * levels),
    ("lemma10.component", gates, "threshold_constant", lambda n, k, *, of: of.drive - 2 * of.drive * k),
    ("lemma10.component", gates, "inverter_constant", lambda *, of: of.drive),
    ("lemma3b.clocks", round_circuit, "turn", late),
    ("lemma3b.clocks", round_circuit, "kept", early),
    ("lemma3b.output.q", output_sum, "primary_weight", lambda setting, rho: setting.offset * rho),
    ("lemma3b.output.q", layout.RoundLayout, "feeder", lambda at, j: at.row(layout.VC, j)),
    ("lemma3b.places", layout.RoundLayout, "digit", lambda at, c, i: at.v1(c) + at.bits - i + 1),
    ("lemma3b.places", layout.RoundLayout, "random", lambda at, i: at.v1(at.copies) - i),
    ("lemma3b.flat.vc", flat_vertices, "STRONG", replace(STRONG, control=(F(1, 2), F(1)))),
    ("lemma3b.flat.control", controls, "OFF_BIAS", F(0)),
    ("lemma3b.ends", layout.RoundLayout, "feeder", lambda at, j: at.row(layout.VC, j)),
)
"""A claim, where something is broken, what, and what stands in its place."""


LONG = ("lemma10.component", "lemma11.readout")
CASES = [pytest.param(*case, marks=[pytest.mark.slow] * (case[0] in LONG)) for case in BROKEN]


@pytest.mark.parametrize(("id", "where", "what", "instead"), CASES)
def test_a_broken_part_is_noticed(
    id: str, where: Any, what: str, instead: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(where, what, instead)
    assert by_z3.discharge(PAPERS[id], PAPERS[id].of).verdict is Verdict.REFUTED


@pytest.mark.slow
def test_what_is_broken_holds_as_it_is(verdict_of: Callable[[Obligation], Result]) -> None:
    claims = [verdict_of(PAPERS[id]).claim for id in dict.fromkeys(id for id, *_ in BROKEN)]
    assert {claim and claim.verdict for claim in claims} == {Verdict.PROVED}
