"""``querygrad draw`` as a user runs it: what it prints of a setting that is no memory."""

from pathlib import Path

import pytest

from verify.commands.main import main

NO = "no memory, so Lemma 11 does not speak of it"


def drawn(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """The lines on stdout of a drawing that succeeds."""
    assert main(["draw", *arguments]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    return shown.out.splitlines()


def test_the_conditions_that_the_printed_q_prime_breaks_are_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "q.svg"
    *said, wrote = drawn(capsys, "q'", "--setting", "printed", "--rho", "1/16", "-o", str(path))
    assert said == [
        f"{NO}: recording: no gradient of v0 -> v1 is clipped: need (1 + offset rho) |path gain| <= 1, got 9/4",
        f"{NO}: written: v1 stays on its linear piece: need w(v0,v1) + its largest rise < 2, got 209/96",
        f"{NO}: reading: there are digits for every fraction: need (2^4 - 1) rho + 3/4 rate rho >= 4, got 33/32",
    ]
    assert wrote == f"wrote {path}"


def test_a_precision_at_the_bound_and_too_few_digits_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(tmp_path / "q.dot")
    assert "written: v3 stays below 0" in drawn(capsys, "q", "--rho", "1/4", "-o", path)[0]
    few = f"{NO}: reading: there are digits for every fraction: need (2^1 - 1) rho + 3/4 rate rho >= 3/4, got 7/32"
    assert drawn(capsys, "q", "--bits", "1", "-o", path)[0] == few


@pytest.mark.parametrize("arguments", [("q",), ("q'",), ("q'", "--setting", "minimal", "--rho", "1/9"), ("sigma",)])
def test_of_a_memory_only_the_file_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    path = tmp_path / "q.dot"
    assert drawn(capsys, *arguments, "-o", str(path)) == [f"wrote {path}"]


def test_a_refuted_claim_is_drawn_where_it_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "failing.svg"
    drawn(capsys, "lemma3b.vc.printed", "--failing", "-o", str(path))
    assert "FAILS HERE" in path.read_text() and "ON A KINK" in path.read_text()


WRONG = Path(__file__).parents[3] / "examples" / "wrong_gadget.py"


def test_a_claim_of_a_users_file_is_drawn_and_where_it_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.svg"
    drawn(capsys, "wrong.differs", "--file", str(WRONG), "-o", str(path))
    assert "fails at" not in path.read_text()
    drawn(capsys, "wrong.differs", "--file", str(WRONG), "--failing", "-o", str(path))
    assert "fails at x=-1, y=-1: right" in path.read_text() and "pre 0" in path.read_text()


OWN = """
from dataclasses import replace
from constructions.networks.queries import STRONG
MINE = replace(STRONG, name="three quarters", gain=STRONG.gain * 2)
FLOAT = replace(STRONG, gain=0.75)
"""


def test_a_setting_of_a_user_is_drawn_in_three_panels(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, path = tmp_path / "mine.py", tmp_path / "q.svg"
    file.write_text(OWN)
    said = drawn(capsys, "q", "--setting", f"{file}:MINE", "--rho", "1/16", "-o", str(path))
    shown = path.read_text()
    assert "Q, three quarters: rho = 1/16" in shown and shown.count("<!-- 3/4 -->") >= 2
    assert all(title in shown for title in ("idle (vc = 2)", "active (vc = 0)", "after the step"))
    assert "no gradient of v0 -> v1 is clipped" in said[0]


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("FLOAT", "need an exact number"),
        ("NONE", "need a name defined in the file"),
        ("replace", "need a Setting of constructions.networks.queries, got function"),
        ("", "need FILE.py:NAME"),
    ],
)
def test_what_is_no_setting_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], named: str, said: str
) -> None:
    file = tmp_path / "mine.py"
    file.write_text(OWN)
    setting = f"{file}:{named}" if named else str(file)
    assert main(["draw", "q", "--setting", setting, "-o", str(tmp_path / "q.svg")]) == 2
    assert capsys.readouterr().err.startswith(said)


@pytest.mark.parametrize(
    ("thing", "said"),
    [("sigma.figure", "need a claim that fails, got sigma.figure, which is"), ("none", "need an id")],
)
def test_what_does_not_fail_is_not_drawn_so(
    thing: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["draw", thing, "--failing", "-o", str(tmp_path / "x.svg")]) == 2
    assert said in capsys.readouterr().err
