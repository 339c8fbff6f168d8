"""What a use or a moment brings in new is an input of a later induction, or the same in all steps, but never unsaid."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import pytest

from constructions.errors import ConstructionError
from constructions.foundations.logic import Formula, every, implies, select, within
from verify.discharge.one import discharge
from verify.obligations.case import Case
from verify.obligations.catalogue import paper_obligations
from verify.obligations.obligation import Obligation, Registry, fresh_registry, registry
from verify.obligations.parts import State
from verify.obligations.verdict import Verdict
from verify.provers import by_z3

F = Fraction
CENTRE = "near: centre"


@pytest.fixture
def mine() -> Iterator[Registry]:
    """A registry with a claim about one round: what is near a centre lies below it and 1."""
    with fresh_registry() as found:
        add("near", near)
        yield found


def add(id: str, claim: Callable[[Any, Case], None]) -> Obligation:
    """Register a claim about a number, 1, whose twin has 0."""
    claim.__doc__ = "A claim."
    kind: dict[str, Any] = {"kind": "induction", "of": lambda case: F(1), "twin": lambda case: F(0)}
    registry().add(Obligation(id=id, paper="an example", claim=claim, **kind))
    return registry().obligations[id]


def near(room: Fraction, case: Case) -> None:
    x, centre = case.real("x"), case.real("centre")
    case.assume(within(x - centre, F(1)))
    case.show("below", x <= centre + room)


def rounds(**said: Any) -> Callable[[Fraction, Case], None]:
    """Rounds in each of which x is near the centre of the claim that is used: the first and the last are not far apart.

    The property speaks of the centre, if it is the same in all rounds.
    """

    def claim(room: Fraction, case: Case) -> None:
        x = case.real("x")
        used = case.use("near", x=x)
        case.assume(used.premises, label="a round")
        centre = used.values["centre"]

        def holds(s: State) -> Formula:
            both = every(*(within(s[end] - centre, F(1)) for end in ("first", "last"))) if "fixed" in said else True
            return every(s["n"] >= 0, implies(s["n"] >= 1, every(within(s["first"] - s["last"], 2 * room), both)))

        run = case.induction(
            "over the rounds",
            state={"n": case.integer("n"), "first": case.real("first"), "last": case.real("last")},
            start={"n": F(0), "first": F(0), "last": F(0)},
            inputs={"x": x, **(used.unbound if "inputs" in said else {})},
            fixed=said.get("fixed", ()),
            advance=lambda s: {"n": s["n"] + 1, "first": select(s["n"] == 0, s["x"], s["first"]), "last": s["x"]},
            holds=holds,
        )
        at = case.reached(run)
        case.show("not far apart", within(at["first"] - at["last"], F(2)), given=at["n"] >= 1)

    return claim


@pytest.mark.parametrize(
    ("said", "verdict"), [({"fixed": ("near",)}, Verdict.PROVED), ({"inputs": True}, Verdict.REFUTED)]
)
def test_whoever_says_what_is_the_same_in_all_rounds_says_less(
    mine: Registry, said: dict[str, Any], verdict: Verdict
) -> None:
    found = discharge(add("rounds", rounds(**said)))
    assert (found.verdict, found.twin_verdict) == (verdict, Verdict.REFUTED)


def test_nothing_new_is_the_same_in_all_rounds_unsaid(mine: Registry) -> None:
    with pytest.raises(ConstructionError, match=r"got neither for 'near: centre', .* at 'over the rounds'"):
        discharge(add("rounds", rounds()))


def test_one_new_variable_may_be_named_and_none_that_is_not_new(mine: Registry) -> None:
    assert discharge(add("one", rounds(fixed=(CENTRE,)))).verdict is Verdict.PROVED
    with pytest.raises(ConstructionError, match=r"need the label of a use or a moment, .* got 'centre', at 'over"):
        discharge(add("other", rounds(fixed=("centre",))))


def second(read: Callable[[State, Any], Any], *, fixed: tuple[str, ...] = ()) -> Callable[[Fraction, Case], None]:
    """An induction, a moment of it, and an induction behind that, whose step reads something."""

    def claim(room: Fraction, case: Case) -> None:
        counts: dict[str, Any] = {"inputs": {}, "advance": lambda s: {"n": s["n"] + 1}, "holds": lambda s: s["n"] >= 0}
        first = case.induction("first", state={"n": case.integer("n")}, start={"n": F(0)}, **counts)
        at = case.reached(first)
        run = case.induction(
            "second",
            state={"sum": case.real("sum")},
            start={"sum": F(0)},
            inputs={"x": case.real("x")},
            fixed=fixed,
            given=lambda s: s["x"] >= 0,
            advance=lambda s: {"sum": s["sum"] + read(s, at["n"])},
            holds=lambda s: s["sum"] >= 0,
        )
        case.show("more", case.reached(run)["sum"] + room > 0)

    return claim


def test_a_moment_that_a_later_step_reads_is_said_to_be_fixed() -> None:
    with fresh_registry():
        for id, read in (("moment", lambda s, n: n + s["x"]), ("tied", lambda s, n: s["x"] * n)):
            with pytest.raises(ConstructionError, match=r"got neither for 'first reached: n', .* at 'second'"):
                discharge(add(f"{id} unsaid", second(read)))
            assert discharge(add(id, second(read, fixed=("first reached",)))).verdict is Verdict.PROVED
        assert discharge(add("not read", second(lambda s, n: s["x"]))).verdict is Verdict.PROVED


def test_both_evaluators_know_what_moves_two_levels_deep(mine: Registry) -> None:
    """A number that came through two uses is one object all the way: what is reached has the same parameters."""

    def sums(room: Fraction, case: Case) -> None:
        used = case.use("near", "below")
        case.assume(used.premises)
        state = {"n": case.integer("n"), "sum": case.real("sum")}
        run = case.induction(
            "over the rounds",
            state=state,
            start={"n": F(0), "sum": F(0)},
            inputs={"x": used.values["x"], CENTRE: used.values["centre"]},
            advance=lambda s: {"n": s["n"] + 1, "sum": s["sum"] + s[CENTRE] - s["x"]},
            holds=lambda s: s["sum"] + s["n"] * room >= 0,
        )
        at = case.reached(run)
        case.show("at least", at["sum"] + at["n"] >= 0)

    def far(room: Fraction, case: Case) -> None:
        used = case.use("sums", "at least")
        case.assume(used.premises)
        n, total = (used.values[f"over the rounds reached: {name}"] for name in ("n", "sum"))
        case.show("above", total + n + room > 0)

    add("sums", sums)
    found = discharge(add("far", far))
    assert (found.verdict, found.twin_verdict) == (Verdict.PROVED, Verdict.REFUTED)


def test_what_is_not_given_has_the_same_names_in_both_evaluators(mine: Registry) -> None:
    """Functions and what is given are not among it."""
    stated: list[list[str]] = []

    def reads(room: Fraction, case: Case) -> None:
        used = case.use("near", x=case.real("y"))
        stated.append(list(used.unbound))
        case.show("so", implies(used.premises, used["below"] if room else False))

    assert discharge(add("reads", reads)).twin_verdict is Verdict.REFUTED
    assert len(stated) > 2 and all(names == [CENTRE] for names in stated)


@pytest.mark.slow
def test_every_claim_says_what_is_the_same_in_all_steps() -> None:
    """The engine refuses any other, so it is enough to state them."""
    with_inductions = [each for each in paper_obligations().values() if each.kind == "induction"]
    assert all(by_z3.build(each, each.of).facts for each in with_inductions) and len(with_inductions) > 100
