"""The bounds of Lemma 10, Lemma 11 and the read-out come out of the claims when their numbers move."""

from fractions import Fraction

import pytest

from constructions.errors import ConstructionError
from constructions.foundations.activation import HARD_TANH, RAMP
from constructions.foundations.logic import every, some
from constructions.networks.gates import code
from constructions.networks.queries import MINIMAL, STRONG, Setting
from verify.margins.ends import End, Looking, Margin, margins
from verify.margins.moving import Moved, Parameter, parameters_of
from verify.obligations.case import Case
from verify.obligations.catalogue import paper_obligations
from verify.obligations.obligation import fresh_registry, obligation
from verify.provers.by_z3 import build
from verify.replay.witness import replay


def margins_of(id: str, only: str | None = None, **fixed: Fraction) -> dict[str, Margin]:
    """The margins of a claim of the paper by the names of the numbers."""
    found = margins(paper_obligations()[id], Looking(seconds=20, fixed=fixed, only=only))
    return {margin.name: margin for margin in found}


def ends(margin: Margin) -> tuple[End, End]:
    """Both ends."""
    assert margin.low is not None and margin.high is not None
    return margin.low, margin.high


@pytest.mark.parametrize(("name", "setting"), [("minimal", MINIMAL), ("strong", STRONG)])
@pytest.mark.slow
def test_the_bound_on_rho_of_lemma_11_is_the_end_and_is_open(name: str, setting: Setting) -> None:
    low, high = ends(margins_of(f"lemma11.after.{name}.q", "rho")["rho"])
    assert (high.kind, high.value, high.closed) == ("exact", setting.rho_below, False)
    assert high.fact == "after: v3 stays strictly inside (-1, 0)"
    assert (high.at, high.after) == ("REFUTED", "REFUTED") and high.counterexample["rho"] == setting.rho_below
    assert (low.kind, low.after) == ("none", "VACUOUS")


def test_a_counterexample_at_an_end_is_one_by_the_second_evaluator() -> None:
    obligation = paper_obligations()["lemma11.after.minimal.q"]
    _, high = ends(margins_of(obligation.id, "rho")["rho"])
    assert replay(obligation.claim, obligation.of, high.counterexample).failing() == []  # a premise is rho < 1/8
    moved = Moved(obligation, Parameter(kind="range", name="rho"))
    build(*moved.general())
    claim, of = moved.at(MINIMAL.rho_below)
    assert high.fact in replay(claim.claim, of, high.counterexample).failing()


@pytest.mark.slow
def test_a_weight_of_a_gate_may_move_until_a_vertex_is_on_a_kink() -> None:
    of, (left, right) = code(RAMP), (RAMP.kinks[0], RAMP.kinks[-1])
    low, high = ends(margins_of("lemma10.not")["x1 -> gate"])
    assert (low.kind, high.kind, high.closed) == ("none", "exact", False)
    assert high.value == min(left / of.high, right / of.low)
    found = margins_of("lemma10.and")
    weight, bits = found["x1 -> gate"], 2
    assert [end.value for end in ends(weight)] == [Fraction(3, 2), Fraction(5, 2)]
    constant = [end.value for end in ends(found["one -> gate"])]
    assert constant == [right - bits * of.weight * of.high, left]
    assert all(end.at == "REFUTED" and not end.closed for margin in found.values() for end in ends(margin))


def test_another_activation_has_other_ends() -> None:
    _, high = ends(margins_of("lemma10.not.hard-tanh")["x1 -> gate"])
    of = code(HARD_TANH)
    assert high.value == min(HARD_TANH.kinks[0] / of.high, HARD_TANH.kinks[-1] / of.low)


@pytest.mark.slow
def test_the_read_out_bears_pre_activations_that_are_off_by_less_than_3() -> None:
    low, high = ends(margins_of("lemma11.digits", "off", rho=Fraction(1, 16), a=Fraction(1, 12))["off"])
    assert (high.kind, high.value, high.closed, high.at) == ("exact", Fraction(3), False, "REFUTED")
    assert low.beyond == -4 and low.value is not None and -4 <= low.value <= -3  # z3 may not know what is between


@pytest.mark.slow
def test_the_slack_of_what_is_read_may_not_grow() -> None:
    low, high = ends(margins_of("memory.reads")["part 0"])
    assert (high.kind, high.value, high.closed) == ("exact", Fraction(3, 4), True)
    assert (high.at, high.after) == ("PROVED", "REFUTED") and high.beyond is not None and high.beyond > Fraction(3, 4)
    assert low.kind == "none"


def test_an_exact_share_leaves_no_room() -> None:
    low, high = ends(margins_of("lemma11.active.minimal.q", "v3 -> v4")["v3 -> v4"])
    for end in (low, high):
        assert (end.kind, end.value, end.closed, end.at, end.after) == (
            "exact",
            MINIMAL.gain,
            True,
            "PROVED",
            "REFUTED",
        )


def test_what_cannot_be_moved_says_why() -> None:
    found = margins_of("memory.meets.minimal.q", "part 0.setting.rate", rho=Fraction(1, 16), a=Fraction(1, 12))
    assert "part 0.setting.rate" not in found or found["part 0.setting.rate"].reason


@pytest.mark.parametrize(
    ("id", "message"),
    [
        ("lemma10.drive", "need a claim that z3 proves .*, got one of kind identity"),
        ("lemma11.active.printed.q'", "need a claim that is PROVED, got REFUTED"),
    ],
)
def test_only_a_claim_that_holds_has_margins(id: str, message: str) -> None:
    with pytest.raises(ConstructionError, match=message):
        margins_of(id)


def test_a_variable_that_is_held_must_be_one_of_the_claim() -> None:
    with pytest.raises(ConstructionError, match="need a variable of the claim to hold, got 'sigma'"):
        margins_of("lemma10.not", sigma=Fraction(1))


def test_the_numbers_of_a_claim_are_those_of_its_subject_and_its_ranges() -> None:
    kinds = {each.kind for each in parameters_of(paper_obligations()["lemma11.after.minimal.q"])}
    names = [each.name for each in parameters_of(paper_obligations()["lemma11.after.minimal.q"])]
    assert kinds == {"weight", "constant", "range"}
    assert {"v1 -> v2", "setting.offset", "rho", "a"} <= set(names) and "z" not in names


def test_a_tolerance_is_the_room_that_a_fact_leaves() -> None:
    asked = Looking(seconds=20, fixed={}, tolerances=True)
    with fresh_registry() as found:

        @obligation("room.it", paper="mine", of=lambda case: Fraction(2), twin=lambda case: Fraction(9))
        def stated(number: Fraction, case: Case) -> None:
            """Numbers up to 1 are at most 2, and a square is at least 0."""
            x = case.real("x")
            case.assume(x <= 1)
            case.show("strict", x < number)
            case.show("square", x * x >= 0)

    rows = {row.name: row for row in margins(found.obligations["room.it"], asked)}
    assert [row.kind for row in rows.values()] == ["constant", "range", "tolerance", "tolerance"]
    for name, room, closed in (("strict", Fraction(1), False), ("square", Fraction(0), True)):
        _, high = ends(rows[name])
        assert (high.kind, high.value, high.closed) == ("exact", room, closed)
    _, beyond = ends(rows["x"])
    assert (beyond.value, beyond.closed) == (Fraction(2), False)


def test_a_range_is_what_premises_say_of_a_variable_alone_and_by_numbers() -> None:
    with fresh_registry() as found:

        @obligation("range.it", paper="mine", of=lambda case: Fraction(2), twin=lambda case: Fraction(0))
        def stated(number: Fraction, case: Case) -> None:
            """On its points and below its bound a number is less than the subject."""
            x, y = case.real("x"), case.real("y")
            case.assume(x <= 3, some(x == 0, x == 1), every(y > -1, y < 1))
            case.show("less", every(x < number, y < number))

    rows = {each.name: each for each in parameters_of(found.obligations["range.it"])}
    assert (rows["x"].least, rows["x"].most) == (None, Fraction(3))
    assert (rows["y"].least, rows["y"].most) == (Fraction(-1), Fraction(1))
    found_margins = {row.name: row for row in margins(found.obligations["range.it"], Looking(seconds=20, fixed={}))}
    assert [end.kind for end in ends(found_margins["x"])] == ["none", "none"]  # it is 0 or 1 all the same
    _, high = ends(found_margins["y"])
    assert (high.value, high.closed, high.at) == (Fraction(2), False, "REFUTED")
