"""What importing a command loads: nobody waits for a solver, a compiler or a plotting library that is not used."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from verify.commands.main import COMMANDS, main

ROOT = Path(__file__).parents[3]
HEAVY = ("z3", "sympy", "matplotlib", "numba", "torch", "numpy", "networkx", "junitparser")
C17 = str(ROOT / "examples" / "c17.bench")
LATCH = str(ROOT / "examples" / "latch.py")
LOADS: dict[str, tuple[str, set[str]]] = {
    "audit": ("{net}", {"numpy"}),
    "certify": ("{net} --machine literal --bits 1", {"networkx", "numba", "numpy"}),
    "circuit": (C17, {"numpy"}),
    "compile": ("literal --bits 1 -o {out}.qgn", {"networkx", "numpy"}),
    "diff": ("{net} {net}", {"numpy"}),
    "doctor": ("", {"networkx", "numba", "numpy"}),
    "draw": ("q -o {out}.svg", {"matplotlib", "networkx", "numpy"}),
    "export": ("{net} --torch {out}.py", {"numba", "numpy"}),
    "hide": ("regression --batch 4 --rho 1 --steps 1", {"numba", "numpy"}),
    "lowerbound": ("literal --bits 2", {"numpy"}),
    "map": ("--seconds 0", set()),
    "margins": ("not", {"networkx", "numba", "numpy", "z3"}),
    "mistakes": ("--bits 1", {"numpy"}),
    "mutate": (f"{LATCH} --list", {"numpy"}),
    "plot": ("{net} -o {out}.svg", {"numba", "numpy"}),
    "prove": (f"{LATCH} latch.still --jobs 1", {"networkx", "numpy"}),
    "prove, kept": ("sigma.figure", {"networkx"}),
    "prove --circuit": (C17, {"networkx", "numpy", "z3"}),
    "recheck": ("{net} {net}", {"numpy"}),
    "judge": ("{net} {net}", set()),
    "referee": ("{net}", set()),
    "relu": ("{net} -o {out}.qgn", {"numpy"}),
    "report": (f"{LATCH} -o {{out}}.html --jobs 1", {"matplotlib", "networkx", "numba", "numpy"}),
    "show": (f"latch.still --file {LATCH}", {"networkx", "numpy"}),
    "sweep": (
        "--bits 2 --batches 1 --precisions 1/2 --learners parity --runs 1 --jobs 1 -o {out}.json",
        {"numba", "numpy", "sympy"},
    ),
    "theorem": ("lemma 5a --runs 1", {"numba", "numpy"}),
    "theorem 2d": ("--runs 0", {"numba", "numpy", "sympy"}),
    "trace": ("{net} {net} -o {out}.html", {"numba", "numpy"}),
    "train": ("{net} --problem literal", {"numba", "numpy"}),
}
"""For each command an ordinary job, and the heavy modules that it loads: those that it uses, and no others. (Workers
are processes of their own.)"""

AT_ONCE = {
    "constructions.errors",
    "constructions.foundations",
    "constructions.foundations.spelling",
    "verify.commands",
    "verify.commands.main",
    "verify.obligations",
    "verify.obligations.verdict",
    "verify.reports",
    "verify.reports.exit_codes",
    "verify.screen",
    "verify.screen.printing",
    "verify.screen.version",
}
"""What of this project help, the version and an unknown command load."""


def loaded(program: str, *arguments: str) -> set[str]:
    """The heavy modules that a program has loaded at its end, in a process of its own."""
    told = f"\nimport sys\nprint('loaded', *sorted(set({HEAVY!r}) & set(sys.modules)))"
    command = [sys.executable, "-c", program + told, *arguments]
    out = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True).stdout
    return set(out.splitlines()[-1].split()[1:])


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The file of a small network, and the name of a file to write."""
    place = tmp_path_factory.mktemp("loading")
    assert main(["compile", "literal", "--bits", "1", "-o", str(place / "net.qgn")]) == 0
    return {"net": str(place / "net.qgn"), "out": str(place / "out")}


def test_the_table_has_every_command() -> None:
    assert {job.replace(",", "").split()[0] for job in LOADS} == set(COMMANDS)


LIGHT = """
import contextlib, importlib, io, json, sys
commands, heavy = json.loads(sys.argv[1])
before, added = set(), {}

def note(what):
    global before
    now = set(heavy) & set(sys.modules)
    added[what], before = sorted(now - before), now

for command in commands:
    importlib.import_module(f"verify.commands.{command}")
    note(command)
from verify.commands.main import main
for command in commands:
    for wrong in ("--no-such-option", "--help"):
        with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(out):
            assert main([command, wrong]) == (0 if wrong == "--help" else 2) and out.getvalue()
        note(f"{command} {wrong}")
print(json.dumps(added))
"""
"""Imports each command, gives each an unknown option and asks each for its help, and tells which heavy modules came
with which of it."""


@pytest.fixture(scope="module")
def light() -> dict[str, list[str]]:
    """What :data:`LIGHT` tells; one process serves all tests, for as long as none of it loads anything heavy."""
    command = [sys.executable, "-c", LIGHT, json.dumps([list(COMMANDS), HEAVY])]
    out = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True).stdout
    found: dict[str, list[str]] = json.loads(out)
    return found


@pytest.mark.parametrize("command", COMMANDS)
def test_importing_a_command_loads_nothing_heavy(command: str, light: dict[str, list[str]]) -> None:
    assert light[command] == []


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("wrong", ["--no-such-option", "--help"])
def test_a_usage_error_and_the_help_of_a_command_load_nothing_heavy(
    command: str, wrong: str, light: dict[str, list[str]]
) -> None:
    assert light[f"{command} {wrong}"] == []


@pytest.mark.parametrize("job", LOADS)
@pytest.mark.slow
def test_a_job_loads_what_it_uses(job: str, names: dict[str, str], own_cache: Path) -> None:
    words, heavy = LOADS[job]
    command = [*job.removesuffix(", kept").split(), *words.format(**names).split()]
    if job.endswith("kept"):
        assert main([*command, "--jobs", "1"]) == 0
    assert loaded("import sys; from verify.commands.main import main; main(sys.argv[1:])", *command) == heavy


@pytest.mark.parametrize(
    "arguments", [("--help",), ("--version",), ("--no-such-option",), ("no-such-command",)], ids=" ".join
)
def test_help_version_and_an_unknown_command_load_next_to_nothing(arguments: tuple[str, ...]) -> None:
    """They answer at once: no array, no graph, no module of a command, of claims or of results."""
    first = {"numpy", "networkx", "verify", "constructions", *HEAVY}
    program = (
        "import sys; from verify.commands.main import main; main(sys.argv[1:])\n"
        f"print(); print('loaded', *(name for name in sys.modules if name.split('.')[0] in {first!r}))"
    )
    command = [sys.executable, "-c", program, *arguments]
    out = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True).stdout
    assert set(out.splitlines()[-1].split()[1:]) - {"constructions", "verify"} <= AT_ONCE


@pytest.mark.slow
def test_training_to_the_end_loads_neither_a_solver_nor_an_algebra(tmp_path: Path) -> None:
    run = "import sys; from verify.commands.main import main; assert main(sys.argv[1:]) == 0"
    net, own = str(tmp_path / "net.qgn"), tmp_path / "own.py"
    assert loaded(run, "compile", "literal", "--bits", "1", "-o", net) <= {"networkx", "numba", "numpy"}
    assert loaded(run, "train", net, "--problem", "literal") == {"numba", "numpy"}
    own.write_text("def rows(step):\n    return [((1,), 1)]\n\ndef picks(choice):\n    return choice.valid[0]\n")
    train = ("train", net, "--data", f"{own}:rows", "--full", "--adversary", f"{own}:picks")
    assert loaded(run, *train) == {"numba", "numpy"}
