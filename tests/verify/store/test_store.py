"""The store: what becomes a theorem, what does not, and that no object is believed."""

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
import z3

from constructions.errors import ConstructionError
from constructions.foundations.logic import every, implies
from constructions.foundations.terms import INTEGER, REAL, TRUTH, formula, variable
from tests.verify.cancelling import cancels
from verify.discharge.one import discharge, examine
from verify.discharge.resting import resting
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, Registry, fresh_registry, registry
from verify.obligations.principles import PRINCIPLES
from verify.obligations.verdict import Verdict
from verify.store.content import Statement, content_of, key_of
from verify.store.rules import Store
from verify.store.theorem import RULES, ForgedError, StoredTheorem, StoredUse, Taint

Claim = Callable[[Any, Case], Any]


def add(id: str, claim: Claim, *, of: Any = 1, twin: Any = 3, **rest: Any) -> Obligation:
    """Register a claim about a number, whose twin has another."""
    claim.__doc__ = "A claim."
    registry().add(Obligation(id=id, paper="t", claim=claim, of=lambda case: of, twin=lambda case: twin, **rest))
    return registry().obligations[id]


def doubled(times: int, case: Case) -> None:
    """x >= 0 gives 2 x >= x."""
    x = case.real("x")
    case.assume(x >= 0)
    case.show("more", 2 * x >= times * x)
    case.show("one of two", implies(times == 1, case.integer("n") * 2 != 1))


def no_cubes(times: int, case: Case) -> None:
    """No sum of two cubes is a cube, which z3 does not find out."""
    x, y, z = (case.integer(name) for name in "xyz")
    case.assume(x > 0, y > 0, z > 0)
    case.show("no cubes", x * x * x + y * y * y != times * z * z * z)


def using(id: str, **given: Any) -> Claim:
    """A claim that uses another."""

    def claim(times: int, case: Case) -> None:
        used = case.use(id, **given)
        y = case.real("y")
        case.show(f"from {id}", implies(y >= times, every(y >= 1, implies(used.premises, times == 1))))

    return claim


@pytest.fixture
def mine() -> Any:
    """A registry of its own."""
    with fresh_registry() as found:
        yield found


@pytest.fixture
def theorem(mine: Registry) -> tuple[Store, StoredTheorem]:
    """A store with a theorem in it."""
    store = Store()
    return store, store.prove(add("doubled", doubled))


def test_a_theorem_says_its_rule_its_solver_and_a_point_at_which_its_premises_hold(mine: Registry) -> None:
    store = Store()
    found = store.prove(add("doubled", doubled))
    assert (found.rule, found.prover, found.verdict) == ("solver", f"z3 {z3.get_version_string()}", Verdict.PROVED)
    assert dict(found.point)["x"] >= 0
    assert store.get(found.key) is found
    assert store.check(found) is found
    user = store.prove(add("user", using("doubled", x=1)))
    assert user.steps == (StoredUse(found.key, "doubled", (("x", "1"),)),)


def test_every_rule_is_one_of_six_and_none_takes_a_solver() -> None:
    """No object is taken for a solver, as none is asked for."""
    assert RULES == ("solver", "identity", "enumeration", "induction", "instance", "principle")
    rules = {name for name, _ in inspect.getmembers(Store, inspect.isfunction) if not name.startswith("_")}
    assert rules == {"get", "check", "prove", "principle", "instance"}
    assert list(inspect.signature(Store.prove).parameters) == ["self", "obligation", "seconds"]


@pytest.mark.parametrize("thing", [object(), "doubled", lambda: True, z3.Solver()])
def test_nothing_but_an_obligation_is_proved(thing: Any) -> None:
    with pytest.raises(ConstructionError, match="need an obligation, got"):
        Store().prove(thing)


def test_an_obligation_that_only_looks_like_one_is_refused(mine: Registry) -> None:
    class Lenient(Obligation):
        """An obligation of another class."""

    made = add("doubled", doubled)
    fields_ = {field.name: getattr(made, field.name) for field in dataclasses.fields(made)}
    with pytest.raises(ConstructionError, match="need an obligation, got Lenient"):
        Store().prove(Lenient(**fields_))


def test_what_is_refuted_vacuous_or_unknown_is_not_written(mine: Registry) -> None:
    def vacuous(times: int, case: Case) -> None:
        case.assume(case.real("x") < 0, case.real("x") > 0)
        case.show("anything", case.real("x") == times)

    store = Store()
    for id, claim, word in (
        ("wrong", lambda times, case: case.show("f", case.real("x") > times), "REFUTED"),
        ("vacuous", vacuous, "VACUOUS"),
        ("unknown", no_cubes, "UNKNOWN"),
    ):
        with pytest.raises(ConstructionError, match=f"need a claim that its prover shows, got {word}, at {id}"):
            store.prove(add(id, claim, budget=2000))
        assert store.get(content_of(mine.obligations[id]).digest) is None


def test_what_is_taken_for_granted_taints_all_that_uses_it(mine: Registry) -> None:
    def by_principle(times: int, case: Case) -> None:
        s, a, b = (case.real(name) for name in "sab")
        chance, either = case.word("chance"), case.word("either")
        case.principle("union bound", s=s, A=a, B=b)
        case.show("at most the sum", chance(s, either(a, b)) * times <= chance(s, a) + chance(s, b))

    add("by principle", by_principle)
    add("finite", doubled, finite="one case", expect=Verdict.CHECKED)
    add("open", no_cubes, budget=2000)
    add("in prose", doubled, needs=("doubled",))
    taints = {
        "by principle": Taint(principles=frozenset({"union bound"})),
        "finite": Taint(finite=frozenset({"finite"})),
        "open": Taint(open=frozenset({"open"})),
        "in prose": Taint(prose=frozenset({"doubled"})),
    }
    store = Store()
    for id, taint in taints.items():
        add(f"user of {id}", using(id))
        found = store.prove(add(f"user of the user of {id}", using(f"user of {id}")))
        assert found.taint == taint
    words = {id: store.prove(mine.obligations[f"user of {id}"]).verdict.name for id in taints}
    assert words == {"by principle": "PROVED", "finite": "CHECKED", "open": "UNKNOWN", "in prose": "PROVED"}


def test_a_premise_of_ones_own_stays_a_premise_of_the_theorem(mine: Registry) -> None:
    """An assumed step is no definition: whoever uses the theorem has to show it."""

    def assuming(times: int, case: Case) -> None:
        f = case.function("f", 1)
        case.assume(f(0) == 0, f(0) == times - 1)
        case.show("f", f(0) == times - 1)

    def absurd(times: int, case: Case) -> None:
        g = case.function("g", 1)
        case.use("assuming", f=g)
        case.show("nothing is defined", g(0) * times == 0)

    store = Store()
    found = store.prove(add("assuming", assuming))
    assert "f(0) == 0" in str(found.statement.facts[0][1])
    with pytest.raises(ConstructionError, match="got REFUTED, at absurd"):
        store.prove(add("absurd", absurd))


def test_the_key_is_the_content_of_the_statement_and_no_name_of_a_solver(mine: Registry) -> None:
    x, y = variable("x", REAL), variable("y", REAL)
    whole, truth = variable("x", INTEGER), variable("x", TRUTH)
    said = [x >= 0, y >= 0, x > 0, whole >= 0, truth]
    digests = [Statement((("f", formula(True), part),)).digest for part in said]
    digests += [Statement((("g", formula(True), said[0]),)).digest, Statement((("f", said[0], said[0]),)).digest]
    digests += [Statement((("f", formula(True), said[0]),), finite="one point").digest]
    p, q = variable("p", TRUTH), variable("q", TRUTH)
    digests += [Statement((("f", p, q), ("g", under, q))).digest for under in (p, q)]
    assert len(set(digests)) == len(digests)
    assert content_of(add("doubled", doubled)).digest == content_of(add("again", doubled)).digest
    assert content_of(mine.obligations["doubled"]).digest != content_of(add("changed", doubled, of=2, twin=3)).digest


def test_obligations_that_differ_only_in_what_they_know_have_contents_and_keys_of_their_own(mine: Registry) -> None:
    def passing_on(times: int, case: Case) -> None:
        """What the used claim says of y."""
        used = case.use("doubled", x=case.real("y"))
        case.show("as used", implies(used.premises, every(used["more"], times < 3)))

    user = add("user", passing_on)
    with fresh_registry() as other:
        add("doubled", doubled, of=2)
        same = dataclasses.replace(user, known=other.obligations)
    add("doubled", doubled)
    assert user == same
    assert content_of(user).digest != content_of(same).digest
    assert (key_of(user), key_of(same)) == (content_of(user).digest, content_of(same).digest)


@pytest.mark.parametrize("kind", ["solver", "identity", "enumeration"])
def test_what_was_stated_to_the_prover_is_not_stated_again_for_its_key(mine: Registry, kind: str) -> None:
    subjects: list[int] = []

    def first(case: Case) -> int:
        subjects.append(1)
        return 1

    def said(times: int, case: Case) -> None:
        x = case.real("x")
        case.equal("same", x + times * x, 2 * x)

    points: dict[str, Any] = {"domain": lambda: ({"x": x} for x in range(1, 4))} if kind == "enumeration" else {}
    made = add("said", said, kind=kind, **points)
    one, other = (dataclasses.replace(made, of=first) for _ in range(2))
    key = key_of(one)
    alone = len(subjects)
    proof = discharge(other).proof
    assert proof is not None and proof.statement == key
    both = len(subjects) - alone
    subjects.clear()
    examine(other, other.of)
    assert both == len(subjects)


@pytest.mark.parametrize("field", ["statement", "rule", "prover", "steps", "taint", "point", "id"])
def test_a_theorem_that_was_changed_is_refused(theorem: tuple[Store, StoredTheorem], field: str) -> None:
    store, found = theorem
    other: dict[str, Any] = {
        "statement": Statement((("false", formula(True), formula(False)),)),
        "rule": "identity",
        "prover": "another solver 1.0",
        "steps": (StoredUse("0" * 64, "other"),),
        "taint": Taint(principles=frozenset({"markov"})),
        "point": (("x", Fraction(5)),),
        "id": "another",
    }
    object.__setattr__(found, field, other[field])
    with pytest.raises(ForgedError, match="need a theorem of this store, got another object"):
        store.check(found)
    with pytest.raises(ForgedError):
        store.instance(found, x=1)


def test_a_theorem_cannot_be_made_by_hand(theorem: tuple[Store, StoredTheorem]) -> None:
    store, found = theorem
    false = Statement((("false", formula(True), formula(False)),))
    with pytest.raises((ForgedError, TypeError, ValueError)):
        dataclasses.replace(found, statement=false)  # type: ignore[call-arg]
    with pytest.raises(ForgedError, match="need a theorem that a rule makes, got one made by hand"):
        dataclasses.replace(found, statement=false, seal=object())  # type: ignore[arg-type]
    bare = object.__new__(StoredTheorem)
    with pytest.raises(ForgedError, match="need a theorem of this store"):
        store.check(bare)
    for field in dataclasses.fields(StoredTheorem):
        object.__setattr__(bare, field.name, getattr(found, field.name))
    object.__setattr__(bare, "statement", false)
    with pytest.raises(ForgedError):
        store.check(bare)
    with pytest.raises(ForgedError, match="on its way to or from a file"):
        pickle.dumps(found)
    assert copy.copy(found) is copy.deepcopy(found) is found


def test_a_theorem_of_another_class_or_another_store_is_refused(theorem: tuple[Store, StoredTheorem]) -> None:
    _, found = theorem

    class Lenient(StoredTheorem):
        """A theorem of another class."""

    with pytest.raises(ForgedError):
        Store().check(found)
    with pytest.raises(ForgedError, match="need a theorem, got Lenient"):
        theorem[0].check(object.__new__(Lenient))
    with pytest.raises(ForgedError, match="need a theorem, got str"):
        theorem[0].check("doubled")  # type: ignore[arg-type]


def test_an_instance_keeps_the_variables_that_are_not_given(theorem: tuple[Store, StoredTheorem]) -> None:
    store, found = theorem
    y = variable("y", REAL)
    made = store.instance(found, x=y + variable("z", REAL))
    assert sorted(made.statement.variables) == ["n", "y", "z"]
    assert made.statement.facts[0][1] is (y + variable("z", REAL) >= 0)
    assert (made.rule, made.taint, made.steps[0].key) == ("instance", found.taint, found.key)
    assert store.check(made) is made
    with pytest.raises(ConstructionError, match=r"need variables of the theorem \(x, n\), got 'y'"):
        store.instance(found, y=1)
    with pytest.raises(ConstructionError, match="need a term that is an integer by its form, got y, at 'n'"):
        store.instance(found, n=y)
    with pytest.raises(ConstructionError):
        store.instance(found, x=formula(True))


def test_a_theorem_about_a_finite_case_has_no_instances(mine: Registry) -> None:
    store = Store()
    found = store.prove(add("finite", doubled, finite="one case"))
    with pytest.raises(ConstructionError, match="need a theorem about all values, got one about a finite case"):
        store.instance(found, x=1)


def test_every_kind_of_obligation_has_its_rule_and_its_solver(mine: Registry) -> None:
    store = Store()
    identity = store.prove(add("identity", cancels, kind="identity"))
    assert identity.rule == "identity"
    assert identity.prover.startswith("sympy ")
    assert "!= 0" in str(identity.statement.facts[0][2])
    table = add("table", lambda k, case: case.show("f", case.integer("k") >= k), kind="enumeration", domain=_points)
    points = store.prove(table)
    assert (points.rule, points.verdict) == ("enumeration", Verdict.CHECKED)
    assert "2 points" in points.statement.finite
    for name in PRINCIPLES:
        principle = store.principle(name)
        assert (principle.rule, principle.taint) == ("principle", Taint(principles=frozenset({name})))
        assert principle.prover == PRINCIPLES[name].reference


def _points() -> Any:
    return iter([{"k": 1}, {"k": 2}])


def test_a_result_is_supported_only_by_a_proof_of_the_statement_that_it_used(mine: Registry) -> None:
    """A kept or forged result of another statement of the same id supports nothing."""
    add("doubled", doubled)
    user = discharge(add("user", using("doubled", x=1)))
    right = discharge(mine.obligations["doubled"])
    assert user.proof is not None
    assert right.proof is not None
    assert user.proof.rests_on == {"doubled": right.proof.statement}
    assert [result.verdict.name for result in resting([right, user])] == ["PROVED", "PROVED"]
    with fresh_registry():
        other = discharge(
            add("doubled", lambda times, case: case.show("f", case.real("x") < case.real("x") + 2 - times))
        )
    assert other.verdict is Verdict.PROVED
    rested = resting([other, user])
    assert [result.verdict.name for result in rested] == ["PROVED", "UNKNOWN"]
    assert rested[1].lowered == {"doubled": Verdict.UNKNOWN}
