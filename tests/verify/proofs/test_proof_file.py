"""Proof files: the same bytes each time, all kinds of grounds, what is left out, and the command that writes them."""

import json
from pathlib import Path
from typing import Any

import pytest

from constructions.errors import ConstructionError
from constructions.foundations.logic import every
from verify.attacks.proof_bases import claims, honest
from verify.attacks.proof_judging import SOLVER
from verify.commands.main import main
from verify.discharge.one import discharge
from verify.judge.check import Checking, Standing
from verify.judge.theorems import ProofFile
from verify.obligations.obligation import Obligation, fresh_registry, obligation
from verify.obligations.verdict import Verdict
from verify.proofs.file import Writing, check_any
from verify.proofs.noting import noted
from verify.store.content import content_of
from verify.store.rules import Store

LATCH = Path(__file__).parents[3] / "examples" / "latch.py"


def theorems() -> dict[str, Any]:
    """The honest theorems by id."""
    return {each["id"]: each for each in json.loads(honest()[0])["theorems"]}


def grounds(id: str) -> list[str]:
    """The kinds of the grounds of a theorem."""
    return [each["kind"] for each in theorems()[id]["proof"]["grounds"]]


def test_the_same_claims_give_the_same_bytes() -> None:
    known = claims().obligations
    proved = {id: discharge(each).verdict for id, each in known.items()}
    assert Writing(known, proved).text(known, {"querygrad": "an attack"}) == honest()[0]


def test_grounds_are_of_every_kind_and_in_their_order() -> None:
    assert grounds("shift.less") == ["premise", "lemma"]
    assert grounds("shift.twice") == ["premise", "premise", "use", "lemma", "use"]
    assert grounds("sum.grows") == ["premise", "premise", "property"]
    assert grounds("sum.two") == ["premise", "premise", "use", "start", "step", "step"]
    assert grounds("tail.thin") == ["principle", "premise", "premise"]


def test_keys_and_taint_are_those_of_the_store() -> None:
    known, store = claims().obligations, Store()
    for id in ("shift.twice", "sum.far", "tail.thin", "squares.few", "square.sum"):
        theorem, written = store.prove(known[id]), theorems()[id]
        assert written["key"] == theorem.key and written["rule"] == theorem.rule
        assert written["prover"] == theorem.prover
        for name, found in written["taint"].items():
            assert set(found) == getattr(theorem.taint, name)


def test_the_judge_reads_the_keys_that_are_written() -> None:
    found = Checking(ProofFile(honest()[0].encode()), SOLVER, {})
    assert {id: found.statement(id).key for id in found.file.theorems} == {
        id: each["key"] for id, each in theorems().items()
    }


def test_a_function_is_given_by_name_or_by_a_term() -> None:
    uses = [each for each in theorems()["method.used"]["proof"]["grounds"] if each["kind"] == "use"]
    assert uses[1]["given"]["answer"] == "other"
    made = uses[0]["given"]["answer"]
    assert len(made["arguments"]) == 1
    assert ProofFile(honest()[0].encode()).nodes[made["body"]].op == "*"


def test_what_is_not_proved_is_left_out_and_its_users_are_open() -> None:
    known = claims().obligations
    proved = dict.fromkeys(known, Verdict.PROVED) | {"shift.less": Verdict.UNKNOWN}
    found = json.loads(Writing(known, proved).text(["shift.less", "shift.twice"], {}))["theorems"]
    assert [each["id"] for each in found] == ["shift.twice"]
    assert found[0]["taint"]["open"] == ["shift.less"]
    with pytest.raises(ConstructionError, match=r"shift\.less: UNKNOWN"):
        check_any(["shift.less"], proved)
    check_any(["shift.less", "shift.twice"], proved)


def test_an_enumeration_that_needs_numbers_has_a_table_of_values() -> None:
    with fresh_registry() as mine:

        @obligation(
            "ranges",
            paper="t",
            kind="enumeration",
            of=lambda case: 1,
            twin=lambda case: 2,
            finite="n up to 2",
            domain=lambda: iter([{"n": 0}, {"n": 2}]),
        )
        def ranges(step: int, case: Any) -> None:
            """There are as many numbers below n as n says."""
            n = case.integer("n")
            case.equal("as many", len(range(0, int(n), step)), n)
            case.show("some", len(range(int(n))) > 0, given=n > 0)

    found = json.loads(Writing(mine.obligations, {"ranges": Verdict.CHECKED}).text(["ranges"], {}))["theorems"][0]
    assert found["proof"]["rows"] == [
        {"values": {"n": "0"}, "said": [[True, ["0", "0"]], [False, False]]},
        {"values": {"n": "2"}, "said": [[True, ["2", "2"]], [True, True]]},
    ]


def test_a_case_that_notes_forgets_what_was_only_tried() -> None:
    def walks(most: Any, case: Any) -> None:
        """A sum that a step reads through another claim stays small."""
        s, x = case.real("s"), case.real("x")

        def after(state: Any) -> Any:
            case.principle("union bound", s=state["s"], A=0, B=1)
            return {"s": state["s"] / 2}

        case.assume(x > 0)
        case.induction("i", state={"s": s}, start={"s": 0}, inputs={}, advance=after, holds=lambda at: at["s"] <= most)
        case.show("after", x > 0)

    made = Obligation(id="w", paper="t", claim=walks, of=lambda case: 1, twin=lambda case: -1, kind="induction")
    case = noted(made)
    assert [each.kind for each in case.noted()] == ["premise", "instance"]
    assert case.seen.inductions[0].grounds == 2 and case.seen.facts[2].grounds == 2


def test_an_identity_about_a_finite_case_has_it_in_its_key() -> None:
    def same(one: Any, case: Any) -> None:
        """A number is itself."""
        case.equal("same", one * case.real("x"), case.real("x"))

    def made(finite: str | None) -> Obligation:
        verdict = Verdict.CHECKED if finite else Verdict.PROVED
        return Obligation(
            id="i",
            paper="t",
            claim=same,
            of=lambda case: 1,
            twin=lambda case: 2,
            kind="identity",
            finite=finite,
            expect=verdict,
        )

    assert content_of(made("one number")).finite == "one number" and content_of(made(None)).finite == ""
    assert content_of(made("one number")).digest != content_of(made(None)).digest


@pytest.mark.usefixtures("no_workers")
def test_the_command_writes_a_file_that_the_judge_takes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, mine = tmp_path / "latch.json", tmp_path / "mine.json"
    assert main(["prove", str(LATCH), "--proof", str(path), "--jobs", "1"]) == 0
    assert f"wrote 3 theorems: {path}" in capsys.readouterr().out
    assert [each.name for each in tmp_path.iterdir()] == ["latch.json"], "no temporary file is left"
    statements = [{"id": id, "key": each.key} for id, each in ProofFile(path.read_bytes()).theorems.items()]
    mine.write_text(json.dumps({"kind": "querygrad statements", "format": 1, "statements": statements}))
    assert main(["judge", str(mine), str(path)]) == 0
    assert capsys.readouterr().out.count("re-established  ") == 3


@pytest.mark.usefixtures("no_workers")
def test_a_file_without_a_theorem_is_not_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = LATCH.with_name("wrong_gadget.py")
    assert main(["prove", str(wrong), "--proof", str(tmp_path / "a.json"), "--jobs", "1"]) == 2
    assert "need a claim that is PROVED or CHECKED" in capsys.readouterr().err
    assert not (tmp_path / "a.json").exists()


UGLY = ("caf\udce9", "\\{dce9}", "\\\udce9{1b}", "a\nb|c%", "\u05d0\u202e", "true")


@pytest.mark.parametrize("name", UGLY)
def test_names_that_json_cannot_hold_come_back(name: str) -> None:
    def claim(one: Any, case: Any) -> None:
        """A number is no more than itself."""
        x, f = case.real(name), case.function(f"f {name}", 1)
        case.show(f"fact {name}", every(x <= one * x, f(x) == f(one * x)))

    made = Obligation(id=f"id {name}", paper="t", claim=claim, of=lambda case: 1, twin=lambda case: 2)
    text = Writing({made.id: made}, {made.id: Verdict.PROVED}).text([made.id], {})
    assert text.isascii() and "\\ud" not in text
    file = ProofFile(text.encode())
    assert Checking(file, SOLVER, {}).statement(made.id).key == content_of(made).digest
    assert Checking(file, SOLVER, {}).establish(made.id) == Standing()


def test_an_induction_that_uses_another_claim_is_the_same_where_it_is_used() -> None:
    """What a claim uses asks for variables; they are parameters of the induction here and there, or nowhere."""
    with fresh_registry(below={}) as mine:

        @obligation("half", paper="t", of=lambda case: 2, twin=lambda case: -2)
        def half(two: int, case: Any) -> None:
            """Half of a number that is not negative is not negative."""
            x, y = case.real("x"), case.real("y")
            case.assume(x >= 0)
            case.show("half", x / two + y >= y)

        @obligation("halves", paper="t", kind="induction", of=lambda case: 2, twin=lambda case: -2)
        def halves(two: int, case: Any) -> None:
            """A number that is halved again and again stays above 0."""
            s = case.real("s")
            case.use("half", x=1)

            def after(at: Any) -> Any:
                return {"s": at["s"] / two + 0 * case.use("half", x=at["s"]).values["y"]}

            runs = case.induction(
                "i",
                state={"s": s},
                start={"s": 1},
                inputs={},
                fixed=("half (2)",),
                advance=after,
                holds=lambda at: at["s"] > 0,
            )
            case.show("above", case.reached(runs)["s"] > 0)

        @obligation("used", paper="t", of=lambda case: 0, twin=lambda case: 1)
        def used_halves(least: int, case: Any) -> None:
            """So it is above 0."""
            used = case.use("halves")
            case.assume(used.premises)
            case.show("above", used.values["i reached: s"] > least)

    proved = dict.fromkeys(mine.obligations, Verdict.PROVED)
    file = ProofFile(Writing(mine.obligations, proved).text(["used"], {}).encode())
    assert Checking(file, SOLVER, {}).establish("used").supposed == {"reached: halves, i"}
