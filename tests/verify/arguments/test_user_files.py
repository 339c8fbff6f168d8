"""The user's Python files that a command runs."""

import subprocess
import sys
from pathlib import Path

import pytest

from constructions.errors import ConstructionError
from constructions.foundations.files import sha256_of
from verify.arguments.user_files import UserFiles
from verify.obligations.catalogue import paper_obligations
from verify.obligations.obligation import fresh_registry, obligation
from verify.obligations.user_file import is_of_the_paper

ROOT = Path(__file__).parents[3]


def test_a_file_is_run_once_and_known_by_the_bytes_that_ran(tmp_path: Path) -> None:
    path, files = tmp_path / "own.py", UserFiles()
    path.write_bytes(b"made = object()\n")
    first = files.value(path, "made")
    path.write_bytes(b"made = 3\n")
    assert files.value(path, "made") is first and files.digest(path) == sha256_of(b"made = object()\n")


@pytest.mark.parametrize(
    ("text", "said"), [("x = 1", "got 'made'"), ("1 / 0", "ZeroDivisionError"), ("x =", "can be read")]
)
def test_a_file_without_the_name_or_with_a_fault_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "own.py"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConstructionError, match=said):
        UserFiles().value(path, "made")


@pytest.mark.parametrize(
    "imported",
    ["import verify.claims.networks.gates.threshold", "__import__('verify.cl' 'aims.networks.gates.threshold')"],
)
def test_the_papers_claims_stay_the_papers_however_a_file_imports_them(tmp_path: Path, imported: str) -> None:
    """In a process of its own, in which nothing has imported them before."""
    path = tmp_path / "own.py"
    path.write_text(f"{imported}\nmade = 1\n", encoding="utf-8")
    program = (
        "import sys; from pathlib import Path; from verify.arguments.user_files import UserFiles; "
        "from verify.obligations.catalogue import paper_obligations; UserFiles().value(Path(sys.argv[1]), 'made'); "
        "print('lemma10.sum' in paper_obligations())"
    )
    out = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert out.stdout == "True\n"


def test_every_claim_of_the_paper_is_known_as_such() -> None:
    assert all(map(is_of_the_paper, paper_obligations().values()))


def test_a_claim_that_is_a_users_in_part_is_the_users() -> None:
    some = paper_obligations()["lemma10.and"]
    with fresh_registry() as found:
        obligation("mine", paper="mine", of=lambda case: 2, twin=lambda case: 3)(some.claim)

        @obligation("other", paper="mine", of=some.of, twin=some.twin)
        def other(gate: object, case: object) -> None:
            """A claim of a user's own about a gadget of the paper."""

    assert not any(map(is_of_the_paper, found.obligations.values()))


def test_a_file_that_fails_takes_no_claim_from_the_paper(tmp_path: Path) -> None:
    """In a process of its own, in which nothing has imported them before."""
    path = tmp_path / "own.py"
    path.write_text("__import__('verify.cl' 'aims.networks.gates.threshold'); 1 / 0\n", encoding="utf-8")
    program = (
        "import sys, contextlib; from pathlib import Path; from verify.arguments.user_files import UserFiles; "
        "from constructions.errors import ConstructionError; "
        "from verify.obligations.catalogue import paper_obligations\n"
        "with contextlib.suppress(ConstructionError): UserFiles().value(Path(sys.argv[1]), 'made')\n"
        "print('lemma10.sum' in paper_obligations())"
    )
    out = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert out.stdout == "True\n"
