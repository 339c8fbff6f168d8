"""Rules about runs that a used claim states for itself are taken along, unless the user takes them on demand; and the
predicate of an induction for other parameters is that of a use for these."""

import pytest

from constructions.errors import ConstructionError
from verify.obligations.case import Case
from verify.obligations.obligation import Registry, fresh_registry, obligation
from verify.provers import by_z3
from verify.provers.stated_case import StatedCase


def claims(*, on_demand: bool) -> Registry:
    """A sum of numbers that are at least ``least``, a claim that builds up a run of it, and a user of this one."""
    with fresh_registry() as mine:

        @obligation("sum", paper="mine", kind="induction", of=lambda case: 1, twin=lambda case: -1)
        def sums(factor: int, case: Case) -> None:
            "A sum of numbers that are not negative is not negative."
            x, by = case.real("x"), case.real("by")
            case.assume(x >= 0, by >= 0)
            at = case.reached(
                case.induction(
                    "over numbers",
                    state={"sum": case.real("sum")},
                    start={"sum": 0},
                    inputs={"x": x},
                    advance=lambda s: {"sum": s["sum"] + factor * by * s["x"]},
                    holds=lambda s: s["sum"] >= 0,
                )
            )
            case.show("not negative", at["sum"] >= 0)

        @obligation("one", paper="mine", of=lambda case: 0, twin=lambda case: 1)
        def one(least: int, case: Case) -> None:
            "One number is such a sum."
            run = case.use("sum").inductions["over numbers"]
            run.begin(x=0)
            case.show("at least", case.real("y") ** 2 >= least)

        @obligation("user", paper="mine", of=lambda case: 0, twin=lambda case: 1)
        def user(least: int, case: Case) -> None:
            "What uses this has its fact."
            if on_demand:
                case.takes_rules_on_demand()
            used = case.use("one")
            run = case.use("sum", by=case.real("z")).inductions["over numbers"]
            run.begin(x=0)
            case.show("a square", used["at least"], given=used.values["y"] ** 2 >= least)

    return mine


def test_a_rule_of_a_used_claim_comes_along_unless_it_is_taken_on_demand() -> None:
    all_, fewer = (
        by_z3.build(made.obligations["user"], made.obligations["user"].of)
        for made in (claims(on_demand=False), claims(on_demand=True))
    )
    assert [len(case.instances) for case in (all_, fewer)] == [4, 3]


def test_a_predicate_for_other_parameters_is_that_of_a_use_for_them() -> None:
    mine = claims(on_demand=True)
    case = StatedCase(mine.obligations, user="mine")
    z, s = case.real("z"), case.real("s")
    first = case.use("sum").inductions["over numbers"]
    second = case.use("sum", by=z, x=first.values["x"]).inductions["over numbers"]
    assert first.reached_for({"sum": s}, by=z) is second.reached({"sum": s})
    assert first.reached({"sum": s}) is not second.reached({"sum": s})
    with pytest.raises(ConstructionError, match="need parameters"):
        first.reached_for({"sum": s}, bye=z)
    for name in ("sum", "x", "over numbers reached: sum"):  # state, an input, and a moment of the run
        with pytest.raises(ConstructionError, match=r"need parameters \(by\), got .* of sum"):
            first.reached_for({"sum": s}, **{name: z})
