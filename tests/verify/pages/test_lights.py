"""Lights are the claims' own facts: a claim that changes changes its light, at the numbers that a reader chose."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from constructions.errors import ConstructionError
from constructions.foundations.evaluation import value_of
from constructions.foundations.terms import TruthTerm
from constructions.networks.queries import PRINTED, query_graph
from verify.obligations.case import Case
from verify.obligations.catalogue import paper_obligations
from verify.obligations.obligation import Obligation
from verify.pages.lights import ANY_SETTING, READ, Light, light_of, light_of_digits, lights_of_lemma_11
from verify.pages.lights import RHO as ANY_RHO

RHO = Fraction(1, 16)
AT: dict[str, Any] = {
    "rho": RHO,
    "a": Fraction(1, 12),
    "gain": PRINTED.gain,
    "gain'": PRINTED.gain_prime,
    "offset": PRINTED.offset,
    "rate": PRINTED.rate,
    "share": Fraction(1, 24),
    "vc from its bit": Fraction(1, 2),
    "vc from one": Fraction(1),
    "z idle": 1 + 2 * RHO,
    "adjoint idle": 1 + 2 * RHO,
    "z active": 1 + 2 * RHO + Fraction(1, 6),
}
"""Q' as printed, an idle and an active sample."""


def broken(light: Light, values: Mapping[str, Any]) -> list[str]:
    """The facts that fail at some values."""

    def worth(formula: Any) -> Any:
        return value_of(formula, values) if isinstance(formula, TruthTerm) else formula

    return [label for label, under, fact in light.facts if worth(under) and not worth(fact)]


def light(obligations: Mapping[str, Obligation], start: str) -> Light:
    lights = lights_of_lemma_11(obligations, prime=True, labels=(0, 1))
    return next(each for each in lights if each.id.startswith(start))


def test_the_printed_weight_of_q_prime_is_seen_by_the_claim_itself() -> None:
    known = paper_obligations()
    active = light(known, "lemma11.active.")
    said = known["lemma11.active.minimal.q'"].statement
    assert active.statement == said
    assert "active: v3 adds the declared share to v4" in broken(active, AT)
    mended = AT | {"gain'": Fraction(-1, 4), "z active": 1 + 2 * RHO + Fraction(1, 24)}
    assert broken(active, mended) == []
    assert broken(light(known, "lemma11.idle."), AT) == []
    assert len(broken(light(known, "lemma3b.vc."), AT)) >= 2


def test_a_claim_that_changes_changes_its_light() -> None:
    known = paper_obligations()
    idle = "lemma11.idle.minimal.q'"

    def wants_more(copy: Any, case: Case) -> None:
        """Something else."""
        known[idle].claim(copy, case)
        case.show("mine", copy.graph.weight("v0", "v1") > Fraction(1, 12))

    changed = {**known, idle: replace(known[idle], claim=wants_more)}
    found = light(changed, "lemma11.idle.")
    assert broken(found, AT) == ["mine"] and found.statement == "Something else."
    assert broken(found, AT | {"a": Fraction(1, 2)}) == []


def test_a_claim_with_a_variable_that_the_page_has_not_is_refused() -> None:
    known = paper_obligations()

    def asks_more(subject: Any, case: Case) -> None:
        """Something else."""
        case.show("mine", subject[0].weight("v0", "vr0") + case.real("more") > 0)

    changed = {**known, "lemma11.read.1": replace(known["lemma11.read.1"], claim=asks_more)}
    with pytest.raises(ConstructionError, match=r"need a variable that the page has a number for .*, got 'more'"):
        light_of_digits(changed, prime=False, bits=1)


def test_digits_are_those_of_the_record() -> None:
    known, at = paper_obligations(), AT | {"m": Fraction(9), "z after": Fraction(0)}
    assert broken(light_of_digits(known, prime=False, bits=4), at) == []
    wrong = query_graph(ANY_SETTING, rho=ANY_RHO, bits=4).with_weight("v1", "vr0", 1)
    found = light_of(known["lemma11.read.1"], (wrong, ANY_RHO, ANY_SETTING.resting, 4), READ)
    assert "the digits are those of m" in broken(found, at)
