"""Ugly names and file names through every command: every line can be printed, and what is written can be read by a
parser.

A command without a case here fails the tests, and so does an option that names a file and stands in no case.
"""

import json
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import click
import pytest

from constructions.computation.formats.aiger import read_aiger
from verify.circuits.of_a_file import prove_file
from verify.commands import main as cli
from verify.commands import proving
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict
from verify.reports.items import Row, map_rows

Ran = Callable[..., tuple[int, str, str]]
CONTEXT = click.Context(cli.cli, info_name="querygrad")
COMMANDS = {name: command for name in cli.cli.list_commands(CONTEXT) if (command := cli.cli.get_command(CONTEXT, name))}
CASES: dict[str, list[tuple[int, str]]] = {
    "compile": [
        (0, "own.py:machine -o net.qgn --machine-out net.aag --rho 1/16"),
        (0, "ugly.tm -o machine.aag --length 2 --time 5"),
        (0, "ugly.tm -o again.tm"),
    ],
    "certify": [
        (0, "net.qgn --machine net.aag -o net.cert --json certified.json --miters miters"),
        (0, "net.qgn --machine own.py:machine --json -"),
    ],
    "recheck": [(0, "net.cert net.qgn")],
    "judge": [(0, "--read proofs.json")],
    "train": [
        (
            0,
            "net.qgn --data one.csv --full --adversary own.py:adversary "
            "--checkpoint c.ckp --trace c.trace -o trained.qgn",
        ),
        (0, "net.qgn --data one.csv --full --oracle fbsq --answers own.py:answers -o asked.qgn"),
    ],
    "trace": [(0, "net.qgn c.trace --machine net.aag -o run.html --title EVERYTHING")],
    "relu": [(0, "net.qgn -o relu.qgn")],
    "export": [
        (0, "net.qgn --torch exported.py"),
        (0, "net.qgn --onnx exported.onnx"),
        (0, "WRONG --file own.py --vnnlib asked"),
        (0, "aiger.ascii.c17 --miters asked_of_sat"),
    ],
    "doctor": [(0, "")],
    "prove": [
        (1, "own.py --jobs 1 --json run.json --junit run.xml --smt smt --proof proofs.json"),
        (1, "own.py --jobs 1 --json -"),
        (1, "own.py --jobs 1 --sarif run.sarif --markdown run.md --compare run.json --annotate"),
        (0, "--circuit few.aag --json circuit.json"),
        (0, "--machine ugly.tm --length 2 --time 5"),
    ],
    "diff": [(0, "run.json run.json --markdown diff.md")],
    "audit": [(0, "run.json --compare run.json --markdown audit.md")],
    "lowerbound": [
        (0, "literal --bits 2 -o game.json --json lowerbound.json"),
        (0, "literal --bits 2 --json -"),
    ],
    "referee": [(0, "game.json")],
    "hide": [(0, "net.qgn --batch 64 --rho 1/16 --steps 1 -q"), (0, "regression --batch 4 --rho 1 --worlds rare -q")],
    "margins": [(0, "not -o margins.svg --json margins.json")],
    "mistakes": [(0, "--bits 1 -q")],
    "mutate": [
        (2, "own.py --most 1 -q"),  # two of its claims are not as expected
        (0, "sigma.figure --most 1 --seed 1 -q --json mutate.json --page mutate.md"),
    ],
    "report": [(1, "own.py -o report.html --jobs 1")],
    "sweep": [(0, "--bits 2 --batches 1 --precisions 1/2 --learners parity --runs 1 --jobs 1 -q -o sweep.json")],
    "plot": [*((0, f"sweep.json -o plot{ending}") for ending in (".svg", ".png", ".pdf"))],
    "show": [(1, "WRONG --file own.py --full")],
    "map": [(0, ""), (0, "--markdown")],
    "draw": [
        *(
            (0, f"own.py:graph -o own{ending} --title EVERYTHING --input x=1/2")
            for ending in (".svg", ".png", ".dot", ".graphml", ".json")
        ),
        *((0, f"ugly.aag -o circuit{ending} --of TWO") for ending in (".svg", ".png", ".dot", ".graphml", ".json")),
        (0, "ugly.aag -o network.svg --network --levels 2 --of TWO"),
        *((0, f"ugly.tm -o machine{ending} --word 01") for ending in (".svg", ".png", ".dot", ".graphml", ".json")),
        (0, "map -o map.svg"),
        (0, "WRONG --file own.py --failing -o failing.svg"),
        (0, "q -o setting.svg --setting own.py:setting"),
        (0, "net.qgn -o round.svg --round 1 --copies 1 --title EVERYTHING"),
        (0, "trained.qgn -o moved.svg --round 1 --copies 1 --before net.qgn"),
    ],
    "circuit": [
        *((0, f"ugly.aag --clean -o converted{ending}") for ending in (".aag", ".aig", ".bench")),
        (0, "ugly.aag --against ugly.aag -o miter.aag --dimacs miter.cnf"),
    ],
    "theorem": [
        (0, "2a --data rows.csv --runs 2 --json theorem.json"),
        (0, "2a --resume theorem.json --runs 3"),
        (0, "lemma 3a --learner own.py:machine --runs 2"),
    ],
}
QUICK = (
    "audit",
    "compile",
    "circuit",
    "diff",
    "draw",
    "export",
    "hide",
    "judge",
    "lowerbound",
    "map",
    "mistakes",
    "plot",
    "prove",
    "referee",
    "relu",
    "sweep",
    "theorem",
)
"""The others take a while; all are gone through in make slow."""
BEFORE = {
    "certify": "compile",
    "recheck": "certify",
    "judge": "prove",
    "diff": "prove",
    "audit": "prove",
    "referee": "lowerbound",
    "plot": "sweep",
    "train": "compile",
    "hide": "compile",
    "trace": "train",
    "relu": "compile",
    "export": "compile",
    "draw": "train",
}
ONCE = ("c.ckp", "c.trace")
"""Files that a run does not write over."""
NO_FILE_NAME = r"[/\x00\ud800-\udc7f\udd00-\udfff]"
READ = {"own.py", "ugly.aag", "ugly.tm", "few.aag", "rows.csv", "one.csv"}


def names_a_file(param: click.Parameter) -> bool:
    """Whether an option or argument names a file: by its type, or by what its help says."""
    said = str(getattr(param, "help", "") or "")
    return isinstance(param.type, click.Path) or "FILE" in said


def words(text: str, ugly: Mapping[str, str]) -> list[str]:
    """The arguments of a case."""
    everything = "".join(ugly.values())
    meant = {"EVERYTHING": everything, "WRONG": f"wrong {everything}", "TWO": f"o {ugly['quotes']}"}
    return [meant.get(word, word) for word in text.split()]


def go_through(command: str, ugly: Mapping[str, str], run: Ran, parsed: Callable[[Path], object]) -> None:
    """Run the cases of a command, after those that write what it reads, and parse all that is there."""
    before = BEFORE.get(command)
    if before:
        go_through(before, ugly, run, parsed)
    for name in ONCE if command == "train" else ():
        Path(name).unlink(missing_ok=True)
    for code, text in CASES[command]:
        found, out, err = run(command, *words(text, ugly))
        assert found == code, err
        if text.endswith("--json -"):
            json.loads(out)
    files = [path for path in Path().rglob("*") if path.is_file() and path.name not in READ]
    assert files or command in ("show", "map", "doctor", "mistakes")
    for path in files:
        parsed(path)


def test_every_command_has_cases() -> None:
    assert set(CASES) == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_that_names_a_file_is_in_a_case(command: str) -> None:
    used = {word for _, text in CASES[command] for word in text.split()}
    files = [param for param in COMMANDS[command].params if isinstance(param, click.Option) and names_a_file(param)]
    assert not [param.name for param in files if not used & set(param.opts)]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_can_be_said_in_ascii(command: str) -> None:
    assert COMMANDS[command].get_help(click.Context(COMMANDS[command], parent=CONTEXT, info_name=command)).isascii()


@pytest.fixture(scope="module")
def unproved() -> list[Row]:
    """The rows of the map without a result."""
    return map_rows(list(paper_obligations().values()), [])


@pytest.fixture
def quick_map(monkeypatch: pytest.MonkeyPatch, unproved: list[Row]) -> None:
    """The map without proving all of the paper."""
    monkeypatch.setattr(proving, "proved_rows", lambda how: (unproved, []))


@pytest.mark.usefixtures("quick_map")
@pytest.mark.parametrize(
    "command", [pytest.param(name, marks=[] if name in QUICK else pytest.mark.slow) for name in CASES]
)
def test_a_command_takes_ugly_names_and_writes_what_can_be_read(
    command: str,
    ugly: Mapping[str, str],
    run: Ran,
    folder: Path,
    parsed: Callable[[Path], object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(folder)
    go_through(command, ugly, run, parsed)


@pytest.mark.usefixtures("quick_map")
@pytest.mark.parametrize("command", COMMANDS)
def test_what_is_not_there_by_an_ugly_name_is_one_printable_line_and_2(
    command: str, ugly: Mapping[str, str], run: Ran, folder: Path
) -> None:
    for name in ugly.values():
        path = str(folder / re.sub(NO_FILE_NAME, "", name)[:200] / "not there.py")
        arguments = [param for param in COMMANDS[command].params if isinstance(param, click.Argument)]
        needed = [param for param in COMMANDS[command].params if isinstance(param, click.Option) and param.required]
        options = [word for param in needed for word in (param.opts[0], path)]
        code, out, err = run(command, *options, *([path] * len(arguments) if arguments else [f"--no{name}"]))
        assert (code, out, err.count("\n")) == (2, "", 1)


def test_the_file_system_holds_the_folder_by_its_name(folder: Path) -> None:
    assert b"\xe9 \x1b[31m\n" in os.fsencode(folder)


def test_a_circuit_of_ugly_names_is_proved(folder: Path) -> None:
    assert prove_file(folder / "few.aag", seconds=60).verdict is Verdict.PROVED
    assert len(read_aiger((folder / "ugly.aag").read_bytes()).machine.inputs) > 15
