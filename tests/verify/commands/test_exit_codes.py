"""The exit codes of every command are those of the table in the notes: each of them is seen here."""

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest
from msgspec import structs

from tests.house.rules import ROOT
from tests.verify.judge import test_main as of_judge
from tests.verify.recheck import test_main as of_recheck
from tests.verify.referee import test_check as of_referee
from verify.arguments.obligations import choose
from verify.attacks.bases import base
from verify.attacks.certificates import honest
from verify.certifier.certificate import handing_over
from verify.certifier.certificate.handing_over import Decision, written
from verify.commands import main as cli
from verify.commands import margins, proving
from verify.commands.main import main
from verify.discharge.one import discharge
from verify.discharge.result import Result
from verify.margins.ends import End, Margin
from verify.mutation.campaign import Campaign
from verify.mutation.outcome import SURVIVED, Outcome
from verify.mutation.target import Target
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import BAD_INPUT, Fault
from verify.reports import health
from verify.reports.files import write_json

pytestmark = pytest.mark.usefixtures("no_workers", "own_cache", "in_a_folder")
PAGE = ROOT / "proofs_notes" / "ci.md"
Patch = pytest.MonkeyPatch
CLAIMS = '''
from verify.obligations.obligation import obligation

@obligation("mine.two", paper="mine", of=lambda case: {of}, twin=lambda case: 2)
def counts(number, case):
    """A counter that goes up by two from 0 never is this number."""
    n = case.integer("n")
    case.induction(
        "never", state={{"n": n}}, start={{"n": 0}}, inputs={{}}, advance=lambda s: {{"n": s["n"] + 2}},
        holds=lambda s: s["n"] != number, given=lambda s: s["n"] < {most})
'''
FALSE, UNDECIDED = {"of": 4, "most": 9}, {"of": 7, "most": 9}
"""A number that is reached, and one that is not, which this induction does not show."""


def words(line: str) -> list[str]:
    """The words of a command line."""
    return line.split()


COMPILE = words("compile literal --bits 1 --batch 1 --rho 1/16 -o net.qgn")


@pytest.fixture
def in_a_folder(tmp_path: Path, monkeypatch: Patch) -> None:
    """An empty folder of its own."""
    monkeypatch.chdir(tmp_path)


def claims(**given: int) -> str:
    """A file with a claim that holds, fails, or cannot be proved by this induction."""
    Path("mine.py").write_text(CLAIMS.format(**given), encoding="utf-8")
    return "mine.py"


def reports(name: str, result: Result) -> str:
    """The report of a run with one result."""
    write_json(name, [result], wall=1.0, seconds=60)
    return name


def found(name: str) -> Result:
    """The result of a claim of the paper."""
    return discharge(paper_obligations()[name])


def a_certificate(name: str, **changed: Any) -> list[str]:
    """An honest certificate with other entries, and its network."""
    return ["recheck", *of_recheck.files(Path(), written(honest(name) | changed), base(name).data)]


def one_open(monkeypatch: Patch) -> list[str]:
    """A certificate without the proofs that it needs."""
    rounds = [said | {"proofs": {}} for said in honest(of_recheck.PROVED)["rounds"]]
    return a_certificate(of_recheck.PROVED, rounds=rounds)


def printed_network() -> str:
    """A network of the paper's gadgets as printed."""
    assert main([*COMPILE, "--setting", "printed"]) == 0
    return "net.qgn"


def decided(monkeypatch: Patch, code: int) -> list[str]:
    """A network of which the checker says what is told."""
    assert main(COMPILE) == 0
    decision = Decision(code=code, said="NOT COMPLETE: so it is", certificate=b"{}")
    monkeypatch.setattr(handing_over, "decided", lambda *given, **more: decision)
    return words("certify net.qgn --machine literal")


def judged(**changed: str) -> list[str]:
    """A statement that is changed, to be judged."""
    wanted = of_judge.wanting("square.sum")
    wanted["statements"][0] |= changed
    return ["judge", *of_judge.files(Path(), wanted)]


def a_game(**changed: Any) -> list[str]:
    """A transcript that is changed."""
    Path("game.json").write_bytes(of_referee.data(of_referee.played() | changed))
    return ["referee", "game.json"]


def open_end(monkeypatch: Patch) -> list[str]:
    """A claim of which one number has an end that is not known."""
    margin = Margin(claim="mine", kind="weight", name="u -> v", low=End(kind="none"), high=End(kind="unknown"))
    monkeypatch.setattr(margins, "look", lambda *given: [margin])
    return ["margins", "not"]


def survivor(monkeypatch: Patch) -> list[str]:
    """A mutant that nothing noticed."""
    outcome = Outcome(file="a.py", line=1, column=0, operator="swap", before="a", after="b", fate=SURVIVED)
    target = Target(name="a.py", root=Path(), file="a.py", ids=(), tests=(), parts=())
    found = Campaign(target, (outcome,), all=1, digest="1a2b")
    monkeypatch.setattr("verify.mutation.campaign.campaign_of", lambda *given: found)
    return ["mutate", "a.py", "-q"]


def worse(monkeypatch: Patch) -> list[str]:
    """A report with an error that the one before does not have."""
    good = found("sigma.figure")
    bad = structs.replace(good, error=Fault(BAD_INPUT, "need this, got that"), claim=None, twin=None)
    return ["diff", reports("a.json", good), reports("b.json", bad)]


def more_assumed(monkeypatch: Patch) -> list[str]:
    """A report with a principle that the one before does not have."""
    write_json("a.json", [], wall=1.0, seconds=60)
    return ["audit", reports("b.json", found("equation10.tail")), "--compare", "a.json"]


def outside(monkeypatch: Patch) -> list[str]:
    """A measured error above what is proved."""
    monkeypatch.setattr("verify.reports.theorem.outside", lambda lines: ["error"])
    return words("theorem 2a --bits 2 --samples 2 --runs 1 -q")


def lost(monkeypatch: Patch) -> list[str]:
    """A point of the plane at which more is lost than is proved."""
    monkeypatch.setattr("constructions.theorems.phase.outside", lambda *given: True)
    return words("sweep --bits 2 --batches 1 --precisions 1/2 --learners parity --runs 1 --jobs 1 -q -o s.json")


def sick(*, guard: bool) -> Callable[[Patch], list[str]]:
    """A doctor that finds something."""
    said = SimpleNamespace(mark="!!", name="numpy", said="too old", bad=True, guard=guard)

    def made(monkeypatch: Patch) -> list[str]:
        monkeypatch.setattr(health, "findings", lambda: [said])
        return ["doctor"]

    return made


def on_the_map(**given: int) -> Callable[[Patch], list[str]]:
    """The map, with the result of a claim of the user's."""

    def made(monkeypatch: Patch) -> list[str]:
        results = [discharge(each) for each in choose([claims(**given)]).obligations.values()]
        monkeypatch.setattr(proving, "proved_rows", lambda how: ([], results))
        return ["map"]

    return made


def of_claims(words: str, **given: int) -> Callable[[Patch], list[str]]:
    """A command about a file of claims."""
    return lambda monkeypatch: words.replace("FILE", claims(**given)).split()


CASES: dict[tuple[str, int], Callable[[Patch], list[str]]] = {
    ("prove", 1): of_claims("prove FILE --jobs 1", **FALSE),
    ("prove", 3): of_claims("prove FILE --jobs 1", **UNDECIDED),
    ("show", 1): of_claims("show mine.two --file FILE", **FALSE),
    ("show", 3): of_claims("show mine.two --file FILE", **UNDECIDED),
    ("report", 1): of_claims("report FILE -o page.html --jobs 1", **FALSE),
    ("report", 3): of_claims("report FILE -o page.html --jobs 1", **UNDECIDED),
    ("map", 1): on_the_map(**FALSE),
    ("map", 3): on_the_map(**UNDECIDED),
    ("certify", 1): lambda monkeypatch: words(f"certify {printed_network()} --machine literal --search 0"),
    ("certify", 3): lambda monkeypatch: decided(monkeypatch, handing_over.LEFT_OPEN),
    ("certify", 4): lambda monkeypatch: decided(monkeypatch, handing_over.INTERNAL),
    ("recheck", 1): lambda monkeypatch: a_certificate(of_recheck.NAME, tolerance="0"),
    ("recheck", 3): one_open,
    ("judge", 1): lambda monkeypatch: judged(key="0" * 64),
    ("judge", 3): lambda monkeypatch: judged(id="nobody"),
    ("referee", 1): lambda monkeypatch: a_game(left=1),
    ("margins", 3): open_end,
    ("mutate", 1): survivor,
    ("diff", 1): worse,
    ("audit", 1): more_assumed,
    ("theorem", 1): outside,
    ("sweep", 1): lost,
    ("train", 1): lambda monkeypatch: words(f"train {printed_network()} --problem literal --seed 3 -o out.qgn"),
    ("doctor", 1): sick(guard=False),
    ("doctor", 4): sick(guard=True),
}


LONG = {("train", 1), ("certify", 1), ("certify", 3), ("report", 1), ("report", 3), ("recheck", 3)}
LONG |= {("prove", 1), ("prove", 3), ("diff", 1), ("audit", 1), ("map", 1), ("show", 1)}
MARKED = [
    pytest.param(*case, id=f"{case[0]}-{case[1]}", marks=[pytest.mark.slow] if case in LONG else []) for case in CASES
]


@pytest.mark.parametrize(("command", "code"), MARKED)
def test_a_command_leaves_with_the_code(command: str, code: int, monkeypatch: Patch) -> None:
    assert main(CASES[command, code](monkeypatch)) == code


def test_the_table_has_these_codes() -> None:
    section = PAGE.read_text("utf-8").split("## Exit codes")[1]
    rows = re.findall(r"^\| (`[^|]*`) \|([^|]*)\|([^|]*)\|$", section, flags=re.M)
    table = {
        (command, code)
        for names, *cells in rows
        for command in re.findall(r"`(\w+)`", names)
        for code, cell in zip((1, 3), cells, strict=True)
        if cell.strip()
    }
    assert table == {case for case in CASES if case[1] in (1, 3)}


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_a_wrong_command_line_is_2_and_a_fault_here_4(command: str, monkeypatch: Patch) -> None:
    assert main([command, "--no-such-option"]) == 2
    found = cli.cli.get_command(click.Context(cli.cli), command)
    monkeypatch.setattr(found, "callback", lambda **given: 1 // 0)
    monkeypatch.setattr(found, "params", [])
    assert main([command]) == 4
