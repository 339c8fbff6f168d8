"""What importing a command loads: nobody waits for a solver, a compiler or a plotting library that is not used."""

import subprocess
import sys
from pathlib import Path

import pytest

from verify.commands.main import COMMANDS

ROOT = Path(__file__).parents[3]
HEAVY = ("z3", "sympy", "matplotlib", "numba", "torch")
MAY_LOAD = {
    "certify": {"numba", "z3"},
    "circuit": {"sympy", "z3"},
    "compile": set(),
    "draw": {"matplotlib", "sympy", "z3"},
    "export": {"numba"},
    "map": {"sympy", "z3"},
    "prove": {"sympy", "z3"},
    "recheck": set(),
    "relu": set(),
    "show": {"sympy", "z3"},
    "theorem": {"numba", "sympy"},
    "train": {"numba"},
}
"""The heavy modules that a command may load when it is imported; what is not here it must not."""

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


def test_the_table_has_every_command() -> None:
    assert set(MAY_LOAD) == set(COMMANDS)


@pytest.mark.parametrize("command", MAY_LOAD)
def test_importing_a_command_loads_no_more_than_it_may(command: str) -> None:
    assert loaded(f"import verify.commands.{command}") == MAY_LOAD[command]


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


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("train", "--no-such-option")], ids=" ".join)
def test_the_list_of_commands_and_an_error_load_nothing_heavy(arguments: tuple[str, ...]) -> None:
    found = loaded("import sys; from verify.commands.main import main; main(sys.argv[1:])", *arguments)
    assert found <= MAY_LOAD.get(arguments[0], set())


def test_training_to_the_end_loads_neither_a_solver_nor_an_algebra(tmp_path: Path) -> None:
    run = "import sys; from verify.commands.main import main; assert main(sys.argv[1:]) == 0"
    net, own = str(tmp_path / "net.qgn"), tmp_path / "own.py"
    assert loaded(run, "compile", "literal", "--bits", "1", "-o", net) <= {"numba"}
    assert loaded(run, "train", net, "--problem", "literal") == {"numba"}
    own.write_text("def rows(step):\n    return [((1,), 1)]\n\ndef picks(choice):\n    return choice.valid[0]\n")
    train = ("train", net, "--data", f"{own}:rows", "--full", "--adversary", f"{own}:picks")
    assert loaded(run, *train) == {"numba"}
