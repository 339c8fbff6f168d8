"""Use: a claim rests on another for terms of its own, on all of its conditions and on nothing more."""

from collections.abc import Callable
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest

from constructions.errors import ConstructionError
from constructions.foundations.logic import Formula, every, implies, some
from constructions.foundations.terms import REAL, variable
from tests.verify.cancelling import cancels
from verify.discharge.one import discharge, examine
from verify.discharge.resting import resting
from verify.obligations.case import Case
from verify.obligations.catalogue import paper_obligations
from verify.obligations.obligation import Obligation, Registry, fresh_registry, registry
from verify.obligations.use import FalseInstanceError, Used, numbered, usable
from verify.obligations.verdict import DisagreementError, Verdict
from verify.provers.by_z3 import build
from verify.provers.circles import uses_of
from verify.provers.outcome import Examination
from verify.replay.witness import replay_of

F = Fraction
Claim = Callable[[Any, Case], Any]


def add(id: str, claim: Claim, *, low: int = 0, bad: int = 9, **rest: Any) -> None:
    """Register a claim about a number, whose twin has another."""
    claim.__doc__ = "A claim."
    options = {"of": lambda case: low, "twin": lambda case: bad} | rest
    registry().add(Obligation(id=id, paper="an example", claim=claim, **options))


def found(mine: Registry, id: str) -> Examination:
    """What becomes of the claim alone, without its twin."""
    obligation = mine.obligations[id]
    return examine(obligation, obligation.of)


def square(low: int, case: Case) -> None:
    """x >= 1 and n >= 1 give x x n >= x."""
    x, n = case.real("x"), case.integer("n")
    case.assume(x >= 1, n >= 1)
    case.lemma("at least n", n * n >= n + low)
    case.show("square", x * x * n >= x + low)


def using(**given: Callable[[Any], Any]) -> Claim:
    """A claim about y >= 3 that rests on the square of what is given."""

    def claim(low: int, case: Case) -> None:
        y = case.real("y")
        case.assume(y >= 3)
        used = case.use("square", **{name: value(y) for name, value in given.items()})
        case.lemma("it applies", used.premises)
        case.show("so", used["square"])
        case.show("not below", y >= low)

    return claim


@pytest.fixture
def mine() -> Any:
    """A registry with one claim to use."""
    with fresh_registry() as found_:
        add("square", square)
        yield found_


def test_a_claim_is_proved_from_another_and_says_for_which_terms(mine: Registry) -> None:
    add("user", using(x=lambda y: y - 2, n=lambda y: 1))
    result = discharge(mine.obligations["user"])
    assert result.verdict is Verdict.PROVED
    assert result.twin_verdict is Verdict.REFUTED
    assert result.claim is not None
    assert [(use.id, use.label, use.instance) for use in result.claim.uses] == [
        ("square", "square", {"x": "y - 2", "n": "1"})
    ]
    assert result.uses == ("square",)


def test_what_is_used_is_a_lemma_and_no_fact_of_the_user(mine: Registry) -> None:
    add("user", using(x=lambda y: y - 2, n=lambda y: 1))
    case = build(mine.obligations["user"], mine.obligations["user"].of)
    assert [fact.label for fact in case.facts] == ["it applies", "so", "not below"]
    assert not any("square" in premise.label for premise in case.premises)
    y = variable("y", REAL)
    under, said = every(y - 2 >= 1, True), every((y - 2) * (y - 2) * 1 >= y - 2 + 0)
    assert case.instances[0] is every(implies(under, every(every(1 * 1 >= 1), said)))


def test_the_premises_of_what_is_used_have_to_be_shown(mine: Registry) -> None:
    def claim(low: int, case: Case) -> None:
        y = case.real("y")
        used = case.use("square", x=y, n=1)
        case.show("so", every(used["square"], y >= y * low))

    add("user", claim)
    result = found(mine, "user")
    assert result.verdict is Verdict.REFUTED
    assert result.counterexample is not None
    assert 0 < result.counterexample["y"] < 1


def test_a_fact_may_rest_on_the_use_alone_and_falls_with_what_is_used(mine: Registry) -> None:
    """Without the use it would be refuted."""

    def above(low: int, case: Case) -> None:
        case.show("above", case.real("x") >= low)

    def claim(low: int, case: Case) -> None:
        case.use("above", x=case.real("y"))
        case.show("so", case.real("y") >= low)

    add("above", above)
    add("user", claim)
    obligation = mine.obligations["user"]
    assert build(obligation, obligation.of).facts[0].given is (variable("y", REAL) >= 0)
    with pytest.raises(FalseInstanceError, match=r"holds for all values, got above, whose fact 'above' fails at x=-1"):
        replay_of(obligation, obligation.of, {"y": F(-1)})
    assert found(mine, "user").verdict is Verdict.PROVED
    results = {id: discharge(mine.obligations[id]) for id in ("above", "user")}
    assert resting(list(results.values()))[1].verdict is Verdict.REFUTED


def test_a_variable_without_a_term_stays_one_with_a_name_of_its_own(mine: Registry) -> None:
    def claim(low: int, case: Case) -> None:
        once, twice = case.use("square", n=1), case.use("square", "square")
        case.show("two variables", implies(once.values["x"] == twice.values["x"], low == 0))

    add("user", claim)
    case = build(mine.obligations["user"], mine.obligations["user"].of)
    assert list(case.variables) == ["square: x", "square (2): x", "square (2): n"]
    assert discharge(mine.obligations["user"]).verdict is Verdict.PROVED
    assert list(case.uses[1].facts) == ["square"]


def test_a_number_that_is_an_integer_is_shown_to_be_one(mine: Registry) -> None:
    add("half", using(x=lambda y: y, n=lambda y: y / 2))
    add("whole", using(x=lambda y: y, n=lambda y: (y - y) + 2))
    add("by its form", using(x=lambda y: y, n=lambda y: y // 1))
    half = found(mine, "half")
    assert half.verdict is Verdict.REFUTED
    stated = build(mine.obligations["half"], mine.obligations["half"].of).uses[0]
    assert str(stated.values["n"]) == "floor(y/2)"
    assert "square: n is an integer" in half.failing
    assert found(mine, "whole").facts[0].label == "square: n is an integer"
    formed = found(mine, "by its form")
    assert formed.verdict is Verdict.PROVED
    assert formed.facts[0].label == "it applies"


@pytest.mark.parametrize(
    ("id", "given", "message"),
    [
        ("nothing", {}, "need the id of an obligation, got 'nothing', at what user uses"),
        ("user", {}, "need obligations that do not rest on themselves, got user -> user"),
        ("printed", {}, "need an obligation that holds, got printed, which is to be REFUTED"),
        ("square", {"z": 1}, "need variables of square (x, n), got 'z', at the use of square"),
        ("square", {"x": True}, "need a number for 'x', got the bool True"),
        ("truth", {"p": 1}, "need a formula or a truth value for 'p', got the int 1"),
        ("table", {"k": 7}, "need a point of the finite case of table, got k=7"),
        ("table", {}, "need a point of the finite case of table, got no values"),
        ("table", {"k": variable("y", REAL)}, "need numbers of the finite case of table, got y for 'k'"),
    ],
)
def test_what_cannot_be_used_is_refused(mine: Registry, id: str, given: dict[str, Any], message: str) -> None:
    def claim(low: int, case: Case) -> None:
        case.real("y")
        case.use(id, **given)
        case.show("f", low < 1)

    add("user", claim)
    add("printed", lambda low, case: case.show("f", low > 1), expect=Verdict.REFUTED, twin=None)
    add("truth", lambda low, case: case.show("f", some(case.bit("p"), low < 1)))
    add("table", lambda k, case: case.show("f", case.integer("k") > k), kind="enumeration", domain=_points)
    with pytest.raises(ConstructionError) as error:
        discharge(mine.obligations["user"])
    assert message in str(error.value)


def _points() -> Any:
    return iter([{"k": 1}, {"k": F(2)}])


def test_a_fact_that_the_used_claim_does_not_have_is_refused(mine: Registry) -> None:
    add("user", lambda low, case: case.use("square", "cube"))
    with pytest.raises(ConstructionError, match=r"need a fact of square, got 'cube', at the use of square"):
        found(mine, "user")
    add("asks", lambda low, case: case.show("f", case.use("square")["cube"]))
    with pytest.raises(ConstructionError, match=r"need a fact of square \(at least n, square\), got 'cube'"):
        found(mine, "asks")


def test_a_point_of_an_enumeration_can_be_used(mine: Registry) -> None:
    def claim(low: int, case: Case) -> None:
        used = case.use("table", k=2)
        case.show("f", every(used["f"], case.real("y") * low == 0))

    add("table", lambda k, case: case.show("f", case.integer("k") > k), kind="enumeration", domain=_points)
    add("user", claim)
    assert discharge(mine.obligations["user"]).verdict is Verdict.PROVED


def test_an_enumeration_uses_a_claim_at_each_of_its_points(mine: Registry) -> None:
    def claim(low: int, case: Case) -> None:
        k = case.integer("k")
        used = case.use("square", x=k, n=2)
        case.show("so", every(used["square"], k > low))

    add("user", claim, kind="enumeration", domain=_points)
    assert found(mine, "user").verdict is Verdict.CHECKED
    add("wrong", lambda low, case: case.show("f", case.real("x") < 2 - low))
    add("rests on it", resting_on_it, kind="enumeration", domain=_points)
    with pytest.raises(FalseInstanceError, match="got wrong, whose fact 'f' fails at x=2, at what rests on it uses"):
        found(mine, "rests on it")


def resting_on_it(low: int, case: Case) -> None:
    """A claim that rests on one that is wrong at 2."""
    used = case.use("wrong", x=case.integer("k"))
    case.show("f", every(used["f"], low == 0))


def test_obligations_that_use_one_another_in_a_circle_are_refused_by_name(mine: Registry) -> None:
    def uses(id: str) -> Claim:
        def claim(low: int, case: Case) -> None:
            case.use(id)
            case.show("f", low < 1)

        return claim

    add("one", uses("two"))
    add("two", lambda low, case: case.show("f", low < 1), of=_builds_with("three"))
    add("three", uses("one"))
    for id, circle in (("one", "one -> two -> three -> one"), ("three", "three -> one -> two -> three")):
        with pytest.raises(ConstructionError, match=f"need obligations that do not rest on themselves, got {circle}"):
            found(mine, id)
    assert uses_of(mine.obligations["two"]) == ("three",)


def test_a_circle_is_refused_where_each_claim_reads_what_it_uses(mine: Registry) -> None:
    def reads(id: str) -> Claim:
        return lambda low, case: case.show("f", every(case.use(id)["f"], low < 1))

    add("one", reads("two"))
    add("two", reads("one"))
    with pytest.raises(ConstructionError, match="got one -> two -> one, at what two uses"):
        found(mine, "one")


def _builds_with(id: str) -> Callable[[Case], int]:
    def build_(case: Case) -> int:
        case.use(id)
        return 0

    return build_


def test_a_verdict_is_at_most_that_of_what_is_used(mine: Registry) -> None:
    def hard(low: int, case: Case) -> None:
        x, y, z = (case.integer(name) for name in "xyz")
        case.assume(x > 0, y > 0, z > 0)
        case.show("no cube is the sum of two", x * x * x + y * y * y + low != z * z * z)

    def claim(low: int, case: Case) -> None:
        used = case.use("hard", x=2, y=2)
        case.show("f", implies(used.values["z"] > 0, every(used["no cube is the sum of two"], low == 0)))

    add("hard", hard, budget=1000)
    add("user", claim)
    add("finite", square, finite="one case", expect=Verdict.CHECKED)
    add("of the finite", lambda low, case: case.show("f", implies(case.use("finite").premises, low == 0)))
    results = {id: discharge(mine.obligations[id]) for id in ("hard", "user", "finite", "of the finite")}
    rested = {result.id: result for result in resting(list(results.values()))}
    assert rested["user"].own is Verdict.PROVED
    assert rested["user"].verdict is Verdict.UNKNOWN
    assert rested["user"].lowered == {"hard": Verdict.UNKNOWN}
    assert rested["of the finite"].verdict is Verdict.CHECKED
    assert rested["of the finite"].due is Verdict.CHECKED


def test_a_use_of_a_claim_that_is_not_among_the_results_counts_as_unknown(mine: Registry) -> None:
    add("user", using(x=lambda y: y, n=lambda y: 1))
    assert resting([discharge(mine.obligations["user"])])[0].verdict is Verdict.UNKNOWN


def test_the_step_of_an_induction_is_no_part_of_what_is_used(mine: Registry) -> None:
    """It may fail at a moment that no run reaches, and then the claim is proved by blocks of states."""

    def swapping(low: int, case: Case) -> None:
        a, b = case.integer("a"), case.integer("b")
        case.induction(
            "swap",
            state={"a": a, "b": b},
            start={"a": F(0), "b": F(1)},
            advance=lambda s: {"a": s["b"], "b": s["a"]},
            holds=lambda s: s["a"] >= low,
            inputs={},
        )

    def claim(low: int, case: Case) -> None:
        used = case.use("swapping", a=1, b=-1)
        case.show("nothing follows", every(low == 0, *(fact.conclusion for fact in used.facts.values())))

    add("swapping", swapping, kind="induction")
    add("user", claim)
    assert "by k-induction" in found(mine, "swapping").facts[1].reason
    used = build(mine.obligations["user"], mine.obligations["user"].of).uses[0]
    assert list(used.facts) == ["swap: base"]
    assert found(mine, "user").verdict is Verdict.PROVED


def test_an_identity_says_nothing_where_a_side_has_no_value(mine: Registry) -> None:
    """Else two identities with a quotient by nought would contradict one another there."""

    def claim(low: int, case: Case) -> None:
        y = case.real("y")
        case.use("cancels", x=y)
        case.use("doubled", x=y)
        case.assume(y >= low)
        case.show("an absurdity", y >= 1)

    def doubled(times: int, case: Case) -> None:
        x = case.real("x")
        case.equal("doubled", 2 * times * (1 / x) * x, Fraction(2))

    add("cancels", cancels, low=1, bad=2, kind="identity")
    add("doubled", doubled, low=1, bad=2, kind="identity")
    assert discharge(mine.obligations["cancels"]).verdict is Verdict.PROVED
    add("user", claim)
    assert found(mine, "user").verdict is Verdict.REFUTED
    case = build(mine.obligations["user"], mine.obligations["user"].of)
    assert case.instances[0] is implies(variable("y", REAL) != 0, 1 * variable("y", REAL) / variable("y", REAL) == 1)


def test_an_identity_uses_nothing(mine: Registry) -> None:
    add("user", lambda low, case: case.use("square"), kind="identity")
    with pytest.raises(ConstructionError, match="need an identity that stands by itself, got the use of 'square'"):
        found(mine, "user")


def test_what_the_solver_was_told_and_the_replay_denies_is_a_disagreement(
    mine: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing_below(low: int, case: Case) -> None:
        case.show("f", case.real("x") * 0 >= low)

    def claim(low: int, case: Case) -> None:
        y = case.real("y")
        case.assume(y <= -1)
        case.use("other", x=y)
        case.show("f", y >= low)

    add("other", nothing_below)
    add("user", claim)
    monkeypatch.setattr(Used, "lemma", True)
    object.__setattr__(mine.obligations["other"], "claim", lambda low, case: case.show("f", case.real("x") >= low))
    with pytest.raises(DisagreementError, match="user: z3 was told what the replay denies"):
        found(mine, "user")


def test_a_users_claim_may_use_the_papers() -> None:
    paper_obligations()
    with fresh_registry() as mine:

        def claim(low: int, case: Case) -> None:
            rho = case.real("rho")
            case.assume(rho > 0)
            used = case.use("rounding.close", rho=rho)
            j, k = used.values["j"], used.values["k"]
            at_most: Formula = every(rho * j - rho * k <= rho, rho * k - rho * j <= rho)
            case.show("so", implies(used.premises, every(at_most, low == 0)))

        add("user", claim)
        assert found(mine, "user").verdict is Verdict.PROVED


def test_nothing_without_a_broken_twin_is_used() -> None:
    """An obligation that is to hold cannot be made without one; what looks like one is refused here too."""
    bare: Any = SimpleNamespace(id="bare", expect=Verdict.PROVED, twin=None)
    with pytest.raises(ConstructionError, match="need an obligation with a broken twin, got bare, which has none"):
        usable({"bare": bare}, "bare", ("user",))


def test_uses_have_numbers() -> None:
    assert [numbered("a", []), numbered("a", ["a"]), numbered("a", ["a", "a (2)", "ab"])] == ["a", "a (2)", "a (3)"]
