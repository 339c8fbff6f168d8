"""The judge: honest proofs are re-established, and everything that is changed, forged or swapped is refused."""

import json
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from verify.attacks.proof_bases import claims, honest
from verify.attacks.proof_excuses import FALSE
from verify.attacks.proof_judging import KINDS, SOLVER, judged, trial
from verify.discharge.one import discharge
from verify.judge.check import Checking, Standing
from verify.judge.reading import RefusedError, UnsettledError
from verify.judge.solver import Solver
from verify.judge.theorems import ProofFile
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict
from verify.proofs.file import Writing

Data = dict[str, Any]


def data() -> Data:
    """The honest file, to be changed."""
    found: Data = json.loads(honest()[0])
    return found


def theorem(of: Data, id: str) -> Data:
    """A theorem of a file."""
    return next(each for each in of["theorems"] if each["id"] == id)


def established(of: Data, id: str, *, solver: Solver = SOLVER, permitted: tuple[str, ...] = ("markov",)) -> Standing:
    """What a theorem of a file is worth."""
    return Checking(ProofFile(json.dumps(of).encode()), solver, dict.fromkeys(permitted)).establish(id)


def refusal(of: Data, id: str) -> str:
    """Why a theorem of a file is refused."""
    with pytest.raises(RefusedError) as caught:
        established(of, id)
    return str(caught.value)


def test_the_claims_of_the_attacks_are_claims() -> None:
    found = {id: discharge(each) for id, each in claims().obligations.items()}
    assert {id for id, result in found.items() if not result.as_expected and id != "squares.few"} == set()
    assert found["squares.few"].verdict is Verdict.CHECKED


@pytest.mark.parametrize("id", [*claims().obligations, "principle markov"])
def test_an_honest_theorem_is_re_established_with_what_it_depends_on(id: str) -> None:
    standing = established(data(), id)
    assert standing.finite == ({id} if id == "squares.few" else set())
    assert standing.principles == ({"markov"} if id in ("tail.thin", "principle markov") else set())
    assert standing.tables == frozenset()


@pytest.mark.parametrize("kind", KINDS)
def test_a_forged_file_is_refused_or_says_the_truth(kind: str) -> None:
    found = Counter(trial(kind, seed)[0] for seed in range(6))
    assert not found["DEFECT"]
    assert kind not in FALSE or set(found) <= {"refused", "malformed", "open", "nothing"}


def test_forging_makes_files_of_all_ends() -> None:
    found = Counter(trial(kind, seed)[0] for kind in KINDS[:12] for seed in range(4))
    assert {"refused", "malformed", "harmless"} <= set(found)


Change = Callable[[Data], Any]
SPOILED: dict[str, tuple[str, Change, str]] = {
    "a key": ("shift.less", lambda d: theorem(d, "shift.less").update(key="0" * 64), "the key of the statement"),
    "a label": (
        "shift.less",
        lambda d: theorem(d, "shift.less")["facts"][0].__setitem__(0, "other"),
        "the key of the statement",
    ),
    "a question": (
        "shift.less",
        lambda d: theorem(d, "shift.less")["proof"]["facts"][0].update(question="(assert false)"),
        "the question of the derivation",
    ),
    "no point": (
        "shift.less",
        lambda d: theorem(d, "shift.less")["proof"]["facts"][0].update(point=None),
        "a point at which the premises hold",
    ),
    "another point": (
        "shift.less",
        lambda d: theorem(d, "shift.less")["proof"]["facts"][0]["point"]["values"].update(x="999"),
        "a point at which the premises hold",
    ),
    "no principle": ("tail.thin", lambda d: theorem(d, "tail.thin")["taint"].update(principles=[]), "principles ['mar"),
    "something open": ("sum.far", lambda d: theorem(d, "sum.far")["taint"].update(open=["x"]), "nothing open"),
    "no finite case": ("squares.few", lambda d: theorem(d, "squares.few")["taint"].update(finite=[]), "finite ['squa"),
    "nobody decided": ("square.sum", lambda d: theorem(d, "square.sum").update(prover=" "), "a prover that is named"),
    "a key that is used": (
        "shift.twice",
        lambda d: theorem(d, "shift.twice")["proof"]["grounds"][2].update(key="0" * 64),
        "the key of 'shift.less'",
    ),
    "a row that is false": (
        "squares.few",
        lambda d: theorem(d, "squares.few")["proof"]["rows"][0]["said"][0].__setitem__(1, False),
        "the fact 'small' to hold",
    ),
    "a point of the table": (
        "squares.few",
        lambda d: theorem(d, "squares.few")["proof"]["rows"][0]["values"].update(k="7"),
        "the key of the statement",
    ),
    "blocks of one state": (
        "run.blocks",
        lambda d: theorem(d, "run.blocks")["proof"]["inductions"][0]["blocks"].update(k=1, base=[""]),
        "a base for each state",
    ),
    "a parameter that is not kept": (
        "sum.grows",
        lambda d: theorem(d, "sum.grows")["proof"]["inductions"][0].update(reached="reached: sum.grows, over"),
        "the key of the statement",
    ),
}


@pytest.mark.parametrize("what", SPOILED)
def test_what_is_spoiled_is_refused_with_the_reason(what: str) -> None:
    id, change, reason = SPOILED[what]
    found = data()
    change(found)
    assert reason in refusal(found, id)
    others = {each for each in claims().obligations if each not in (id, "shift.twice", "sum.two", "sum.far")}
    assert all(established(found, each) for each in others), "nothing else is refused"


def test_who_uses_a_refused_theorem_is_refused() -> None:
    found = data()
    theorem(found, "shift.less")["key"] = "0" * 64
    assert "theorem 'shift.less'" in refusal(found, "shift.twice")


def test_a_theorem_that_is_missing_leaves_its_users_open() -> None:
    found = data()
    found["theorems"].remove(theorem(found, "sum.grows"))
    with pytest.raises(
        UnsettledError, match=r"need the induction of 'reached: sum\.grows, over the numbers', got none"
    ):
        established(found, "sum.far")


def test_a_principle_that_is_not_permitted_is_refused() -> None:
    with pytest.raises(RefusedError, match="a principle that is permitted"):
        established(data(), "tail.thin", permitted=("linearity",))


def test_the_solver_decides_and_its_word_counts() -> None:
    never = Solver(("sh", "-c", "echo sat"), "never", 5)
    with pytest.raises(RefusedError, match="need unsat, got sat"):
        established(data(), "shift.less", solver=never)
    silent = Solver(("sh", "-c", "echo '(error \"no\")'; echo unsat"), "silent", 5)
    with pytest.raises(UnsettledError, match="need unsat, got unknown"):
        established(data(), "shift.less", solver=silent)
    assert established(data(), "square.sum", solver=never) == Standing(), "an identity needs no solver"


def test_theorems_in_a_circle_are_refused() -> None:
    found = data()
    twice, less = theorem(found, "shift.twice"), theorem(found, "shift.less")
    ground = deepcopy(next(each for each in twice["proof"]["grounds"] if each["kind"] == "use"))
    less["proof"]["grounds"].append(ground | {"of": "shift.twice", "key": twice["key"], "given": {}, "facts": []})
    assert "theorems that do not rest on themselves" in refusal(found, "shift.less")


def test_a_file_with_two_inductions_of_one_name_is_refused() -> None:
    found = data()
    for id, label in (("a", "b, c"), ("a, b", "c")):
        other = deepcopy(theorem(found, "run.blocks"))
        other["id"], other["proof"]["inductions"][0]["label"] = id, label
        found["theorems"].append(other)
    with pytest.raises(RefusedError, match="inductions with different names"):
        established(found, "square.sum")


IDS = (
    "equation3.valid",
    "equation1.step",
    "definition2.graph",
    "bits.xor.width",
    "bits.signed_less.width",
    "lemma10.not",
)


@pytest.mark.parametrize("id", IDS)
def test_claims_of_the_paper_are_re_established(id: str) -> None:
    known = paper_obligations()
    proved = {each: Verdict.PROVED for each, one in known.items() if one.kind != "enumeration"}
    standing = established(json.loads(Writing(known, proved).text([id], {})), id)
    assert not standing.principles and standing.finite == ({id} | standing.finite if known[id].finite else set())


def test_an_accepted_file_is_harmless_only_if_it_rests_on_as_much() -> None:
    found, wanted = data(), deepcopy(honest()[1])
    assert judged(json.dumps(found).encode(), wanted, lenient=False) == ("harmless", "it says what holds")
    wanted["principles"] = []
    assert judged(json.dumps(found).encode(), wanted, lenient=False)[0] == "refused"
