"""The command: exit codes, one-line errors, files of a user's own, and what it writes."""

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import pytest
import z3

from verify.commands.main import main

pytestmark = pytest.mark.usefixtures("no_workers")
Write = Callable[..., Path]
HARD = {
    "premise": "case.real('x') > 0",
    "fact": "case.real('x') ** 3 + case.real('y') ** 5 != number",
    "rest": "budget=1",
}


def complaint(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line on stderr of a command that is refused."""
    assert main(arguments) == 2
    shown = capsys.readouterr()
    assert shown.err.count("\n") == 1
    return shown.err.strip()


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        (0, {}),
        (1, {"of": "3"}),
        (1, {"twin": "lambda case: 2"}),
        (1, {"premise": "n == 1, n == 2"}),
        (1, {"rest": "expect=Verdict.REFUTED"}),
        (0, {"of": "3", "twin": "None", "rest": "expect=Verdict.REFUTED"}),
        (3, HARD),
    ],
)
def test_the_exit_code_of_a_users_file(
    user_file: Write, capsys: pytest.CaptureFixture[str], code: int, changed: dict[str, str]
) -> None:
    path = user_file("gadget.py", {"mine.claim": changed})
    assert main(["prove", str(path), "--jobs", "1"]) == code
    assert "1 obligation:" in capsys.readouterr().out


def test_a_refuted_claim_of_a_user_shows_its_counterexample(
    user_file: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["prove", str(user_file("gadget.py", {"mine.wrong": {"of": "3"}})), "--jobs", "1"]) == 1
    shown = capsys.readouterr().out
    assert "REFUTED mine.wrong" in shown
    assert "at n=1" in shown
    assert "This fact fails there: even" in shown


def test_a_second_run_comes_from_the_cache_unless_it_is_to_be_fresh(
    user_file: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(user_file("gadget.py", {"mine.claim": {}}))
    shown = []
    for more in ((), (), ("--fresh",)):
        assert main(["prove", path, "--jobs", "1", *more]) == 0
        shown.append(capsys.readouterr().out)
    assert ["1 kept from earlier runs" in text for text in shown] == [False, True, False]


def test_two_provers_that_disagree_are_a_row_and_4(user_file: Write, capsys: pytest.CaptureFixture[str]) -> None:
    differ = "if not hasattr(case, 'variables'): raise DisagreementError('two answers')"
    path = user_file("gadget.py", {"mine.claim": {"first": differ}})
    assert main(["prove", str(path), "--jobs", "1"]) == 4
    shown = capsys.readouterr()
    assert "ERROR mine.claim: need two evaluators that agree, got 'two answers', at " in shown.out
    assert shown.err == ""


def test_files_and_ids_mix_and_everything_is_written(
    user_file: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [str(user_file(f"{name}.py", {f"mine.{name}": {}})) for name in ("one", "two")]
    run, junit, smt = tmp_path / "run.json", tmp_path / "run.xml", tmp_path / "smt"
    assert (
        main(
            [
                "prove",
                *paths,
                "sigma.figure",
                "--json",
                str(run),
                "--junit",
                str(junit),
                "--smt",
                str(smt),
                "--jobs",
                "2",
            ]
        )
        == 0
    )
    ids = ["sigma.figure", "mine.one", "mine.two"]
    assert [row["id"] for row in json.loads(run.read_text())["results"]] == ids
    assert [case.get("name") for case in ElementTree.parse(junit).iter("testcase")] == ids
    solver = z3.Solver()
    solver.from_file(str(smt / "mine.one-00-even.smt2"))
    assert solver.check() == z3.unsat
    assert not list(tmp_path.rglob("*.part"))


def test_the_name_of_a_query_has_no_strange_characters(
    own_cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["prove", "lemma3b.held.printed.q'", "--smt", str(tmp_path / "smt")]) == 0
    names = [path.name for path in (tmp_path / "smt").iterdir()]
    assert names
    assert all(name.replace("_", "").replace("-", "").replace(".", "").isalnum() and "q_27_" in name for name in names)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ("prove", "lemma11.aftr"),
            "need an id, the first parts of one, or an item of the paper, got 'lemma11.aftr' (close: lemma11",
        ),
        (("prove", "Lemma 99"), "got 'Lemma 99' (close: Lemma "),
        (("prove", "none.py"), "need a Python file, got nothing, at"),
        (("prove", "--jobs", "0"), "need arguments as in 'querygrad prove --help', got: Invalid value for '--jobs'"),
        (("prove", "--json", "no/such/run.json"), "need a file in an existing folder, got none, at no/such"),
        (("prove", "--colour"), "No such option"),
        (("frobnicate",), "No such command"),
        ((), "need a command among those that 'querygrad --help' lists, got none"),
        (("show", "sigma"), "need the id of one obligation, got 'sigma', which names"),
        (
            ("draw", "nothing", "-o", "x.svg"),
            "the id of an obligation, FILE.py[:NAME], a graph, a circuit, a .qgn or an .onnx file, got 'nothing'",
        ),
        (
            ("draw", "q", "-o", "x.svg", "--rho", "0.1.2"),
            "need a rational p/q such as 1/20 or 0.05, got '0.1.2', at --rho",
        ),
        (("draw", "q", "-o", "x.svg", "--setting", "weak"), "need a setting among"),
    ],
)
def test_bad_input_is_one_line_and_2(
    own_cache: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str
) -> None:
    assert words in complaint(capsys, *arguments)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("def broken(:\n", "bad.py:1"),
        ("x = 1\ny = x / 0\n", "need a file that runs, got ZeroDivisionError: division by zero, at {path}:2"),
        ("import no_such_module\n", "ModuleNotFoundError: No module named 'no_such_module', at {path}:1"),
        ("raise SystemExit(0)\n", "SystemExit: 0, at {path}:1"),
        ("x = 1\n", "need a file with at least one obligation, got none, at {path}"),
        (
            "from verify.claims.networks.gates.not_and_or import *\n",
            "need a file with at least one obligation, got none",
        ),
        (
            "from verify.obligations.obligation import Obligation\nObligation(id='a', paper='p', claim=max, of=max)\n",
            "need a broken twin, got none, at obligation a, at {path}:2",
        ),
    ],
)
def test_a_bad_file_is_named_with_the_line(
    own_cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, words: str
) -> None:
    path = tmp_path / "bad.py"
    path.write_text(text)
    assert words.format(path=path) in complaint(capsys, "prove", str(path))


def test_a_claim_that_fails_while_it_is_stated_is_named_with_its_line(
    user_file: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    path = user_file("gadget.py", {"mine.claim": {"fact": "2 * m == number"}})
    line = next(i for i, text in enumerate(path.read_text().splitlines(), 1) if "2 * m" in text)
    for more in ((), ("--smt", str(path.parent / "smt"))):
        assert main(["prove", str(path), "--jobs", "1", *more]) == 2
        assert (
            f"NameError: name 'm' is not defined', at {path}:{line}, obligation mine.claim\n" in capsys.readouterr().out
        )
    assert "need a folder for files" in complaint(capsys, "prove", str(path), "--smt", str(path))


def test_a_folder_is_no_file_and_one_id_is_not_two(
    user_file: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "folder.py").mkdir()
    assert "got a folder" in complaint(capsys, "prove", str(tmp_path / "folder.py"))
    same = [str(user_file(name, {"mine.same": {}})) for name in ("one.py", "two.py")]
    assert main(["prove", *same, "--jobs", "1"]) == 2
    out = capsys.readouterr().out
    assert "ERROR mine.same (2): need ids that differ from file to file, got 'mine.same' twice " in out
    assert f"(also in {same[0]}), at {same[1]}" in out


def test_an_obligation_is_shown(own_cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "lemma3b.vc.printed"]) == 0
    assert "ON A KINK" in capsys.readouterr().out


def test_an_obligation_of_a_users_file_is_shown_in_full(user_file: Write, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "mine.claim", "--file", str(user_file("gadget.py", {"mine.claim": {}})), "--full"]) == 0
    shown = capsys.readouterr().out
    assert "premises hold at n=1" in shown
    assert "The broken twin fails at n=1." in shown


def test_pictures_are_drawn_of_names_obligations_and_files(
    own_cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.py"
    file.write_text(
        "import networkx as nx\nfrom constructions.foundations.network import Fragment\n"
        "path = Fragment(inputs=('x',), outputs=('y',), edges={('x', 'y'): 2})\n"
        "def graph():\n    made = nx.DiGraph()\n    made.add_edge('a', 'b', weight=1)\n    return made\n"
    )
    things = ["sigma", "relu", "hard-tanh", "q", "q'", "lemma3b.vc.printed", str(file), f"{file}:path", f"{file}:graph"]
    for i, thing in enumerate(things):
        assert main(["draw", thing, "-o", str(tmp_path / f"{i}.dot")]) == 0
        assert "digraph" in (tmp_path / f"{i}.dot").read_text()
    assert main(["draw", str(file), "-o", str(tmp_path / "run.dot"), "--input", "x=1/2"]) == 0
    assert "need a name defined in the file, got 'nothing'" in complaint(
        capsys, "draw", f"{file}:nothing", "-o", str(tmp_path / "no.dot")
    )
    assert not (tmp_path / "no.dot").exists()


def test_the_module_runs_as_a_command(own_cache: Path) -> None:
    root = Path(__file__).resolve().parents[3]
    found = subprocess.run(
        [sys.executable, "-m", "verify", "prove", "sigma.figure"],
        cwd=root,
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (found.returncode, found.stderr) == (0, "")
    assert "1 PROVED" in found.stdout


def test_help_and_version_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert "prove" in capsys.readouterr().out
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("querygrad, version ")
