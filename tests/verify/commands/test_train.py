"""The command ``querygrad train``: what it prints and writes, what it warns of, what it refuses."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from constructions.foundations.network import Network
from constructions.learning.problems import uniform
from constructions.networks.flat import flat_network
from constructions.networks.network_file import read_network, write_network
from constructions.networks.queries import DYADIC
from constructions.networks.skeleton import Skeleton
from constructions.networks.trainable import Trainable
from constructions.training import incremental
from constructions.training.bound_changes import renew_bounds
from constructions.training.record import read_header, read_trace, replayed
from verify.arguments.data import on_source
from verify.commands.main import main
from verify.replay.trace import faults_of
from verify.reports.training import shown

RHO = Fraction(1, 16)
VOID = "no certificate of it covers this run"


@pytest.fixture
def net(tmp_path: Path) -> Path:
    """The skeleton with its random bit as a sampled edge."""
    flat = flat_network(Skeleton(setting=DYADIC, rho=RHO, coin=0).network())
    coin = np.flatnonzero(np.abs(flat.weights) == 4 * flat.scale)
    path = tmp_path / "net.qgn"
    write_network(path, Trainable(network=flat, rho=RHO, batch=2, steps=2, sampled=coin[:1]))
    return path


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """Four rows."""
    path = tmp_path / "rows.csv"
    path.write_text("a,b,label\n1,0,1\n0,1,0\n1,1,1\n0,0,0\n")
    return path


Said = dict[str, str]


def said(capsys: pytest.CaptureFixture[str]) -> tuple[Said, str]:
    """What was printed, by its first word or two, and what went to the other stream."""
    found = capsys.readouterr()
    return {line[:12].strip(): line[13:] for line in found.out.splitlines()}, found.err


def test_a_run_on_a_problem_is_reported_and_written(
    net: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, trace = tmp_path / "out.qgn", tmp_path / "run.jsonl"
    assert main(["train", str(net), "--problem", "literal", "--seed", "3", "--trace", str(trace), "-o", str(out)]) == 0
    found, errors = said(capsys)
    assert errors == ""
    assert found["steps"] == "2 of 2" and found["numbers"].startswith("steps taken: 2 in float64: every number")
    assert found["training"] == "bSGD on literal, noise 0: batch 2, rho 1/16, rate 1, adversary nearest"
    assert found["passes"] == "2 in float64 (gone through only where something has changed)"
    start, after = read_network(net), read_network(out)
    steps = list(read_trace(trace))
    initial = start.with_random_string([int(after.network.weights[start.sampled[0]] > 0)])
    assert not list(faults_of(initial, steps, rho=RHO, rate=Fraction(1), batch=2))
    weights = [Fraction(w, after.network.scale) for w in after.network.weights.tolist()]
    assert replayed(iter(steps), initial.network.weights, initial.network.scale) == weights
    moved = sum(
        w != Fraction(v, initial.network.scale) for w, v in zip(weights, initial.network.weights.tolist(), strict=True)
    )
    assert found["edges moved"].startswith(f"{moved} of {len(weights)}, ")
    loss = sum(((after(x) - x[1]) ** 2 for x in ((0, 0), (0, 1), (1, 0), (1, 1))), Fraction(0)) / 8
    assert found["loss"] == f"{shown(loss)} (exact, over all points)"


@pytest.mark.parametrize("full", [[], ["--full"]])
def test_a_run_on_a_file(net: Path, rows: Path, full: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", str(net), "--data", str(rows), "--random-string", "1", *full]) == 0
    found, errors = said(capsys)
    warned = "warning: batch is 4; the network's file says 2, and its learner may rely on that\n"
    assert errors == "columns a, b, label; label label\n" + (warned if full else "")
    assert found["training"].startswith("fbGD on" if full else "bSGD on") and "(4 rows, " in found["training"]
    assert found["loss"].endswith("(on 4 rows)") and found["network"].endswith("1 random bits (given)")


@pytest.mark.parametrize(
    ("text", "options", "told"),
    [
        ("y;a;b\n1;1;0\n1;0;1\n", ["--delimiter", ";", "--label", "y"], "columns y, a, b; label y\n"),
        (
            "TRUE\t1.0\tno\nt\t0\tyes\n",
            ["--delimiter", "tab", "--label", "1"],
            "3 columns without names; label column 1\n",
        ),
    ],
)
def test_the_label_and_the_delimiter_are_asked_for(
    net: Path, tmp_path: Path, text: str, options: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.pyx.csv").write_text(text)
    assert main(["train", str(net), "--data", str(tmp_path / "a.pyx.csv"), "--random-string", "1", *options]) == 0
    other, errors = said(capsys)
    (tmp_path / "a.pyx.csv").write_text("1,0,1\n0,1,1\n")
    assert main(["train", str(net), "--data", str(tmp_path / "a.pyx.csv"), "--random-string", "1"]) == 0
    found, silent = said(capsys)
    assert errors == told and silent == "" and found["training"] == other["training"] and found["loss"] == other["loss"]


def test_what_differs_from_the_file_is_warned_of(net: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = ["--rho", "1/32", "--rate", "1/2", "--batch", "3", "--steps", "1"]
    assert main(["train", str(net), "--problem", "literal", *other]) == 0
    found, errors = said(capsys)
    assert errors.splitlines() == [
        f"warning: {name} is {got}; the network's file says {wanted}, and {why}"
        for name, got, wanted, why in (
            ("rho", "1/32", "1/16", VOID),
            ("rate", "1/2", 1, VOID),
            ("batch", 3, 2, "its learner may rely on that"),
            ("steps", 1, 2, VOID),
        )
    ]
    assert found["steps"] == "1 of 1"


@pytest.mark.slow
def test_a_large_batch_goes_in_lanes_and_ends_where_float64_does(
    net: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files, passes = [], []
    for name, more in (("lanes", []), ("floats", ["--numbers", "float64"])):
        out, given = (
            tmp_path / f"{name}.qgn",
            ["--problem", "literal", "--noise", "1/2", "--batch", "64", "--seed", "5", "--engine", "plain"],
        )
        assert main(["train", str(net), *given, *more, "-o", str(out)]) == 0
        files.append(out.read_bytes())
        passes.append(said(capsys)[0]["passes"])
    assert files[0] == files[1]
    assert passes == ["2 in lanes of 32-bit integers", "2 in float64 (no lanes asked for)"]


def test_a_run_is_resumed(net: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def run(name: str, *more: str) -> int:
        kept = {"--checkpoint": "kept", "--trace": "jsonl", "-o": "qgn"}
        files = [word for option, end in kept.items() for word in (option, str(tmp_path / f"{name}.{end}"))]
        return main(["train", str(net), "--problem", "parity", "--adversary", "random", "--seed", "4", *files, *more])

    assert run("whole") == 0 and run("parts", "--steps", "1") == 0
    assert run("parts") == 2
    assert "need resume, or another file for the checkpoint" in capsys.readouterr().err
    assert run("parts", "--resume") == 0
    assert said(capsys)[0]["steps"] == "2 of 2, of which an earlier run took the first 1"
    for kind in ("jsonl", "qgn"):
        assert (tmp_path / f"parts.{kind}").read_bytes() == (tmp_path / f"whole.{kind}").read_bytes()


@pytest.mark.parametrize("numbers", ["float64", "integers"])
def test_a_number_system_can_be_insisted_on(
    net: Path, tmp_path: Path, numbers: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / f"{numbers}.qgn"
    assert main(["train", str(net), "--problem", "parity", "--numbers", numbers, "-o", str(out)]) == 0
    assert "asked for" in said(capsys)[0]["numbers"]
    assert main(["train", str(net), "--problem", "parity", "-o", str(tmp_path / "free.qgn")]) == 0
    assert (tmp_path / "free.qgn").read_bytes() == out.read_bytes()


@pytest.mark.parametrize("engine", [None, "incremental", "both"])
def test_another_engine_takes_the_same_steps(
    net: Path, tmp_path: Path, engine: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    files = []
    for name in ("plain", engine):
        out, trace = tmp_path / f"{name}.qgn", tmp_path / f"{name}.jsonl"
        given = [
            "--problem",
            "parity",
            *(["--engine", name] if name else []),
            "--adversary",
            "random",
            "--trace",
            str(trace),
            "-o",
            str(out),
        ]
        assert main(["train", str(net), *given]) == 0
        files.append((out.read_bytes(), trace.read_bytes(), said(capsys)[0]["numbers"]))
    assert files[0] == files[1]


def test_engines_that_differ_are_an_internal_error(
    net: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def renew(*given: Any) -> Any:
        untold: Any = renew_bounds
        return untold(*given[:6], incremental.NO_EDGES, *given[7:])

    monkeypatch.setattr(incremental, "renew_bounds", renew)
    assert main(["train", str(net), "--problem", "parity", "--engine", "both"]) == 4
    assert "the engines differ in" in capsys.readouterr().err


def test_rationals_have_one_engine(net: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--problem", "parity", "--numbers", "rationals", "--engine", "incremental"]
    assert main(["train", str(net), *given]) == 2
    assert "need the plain engine for rationals, got the engine 'incremental'" in capsys.readouterr().err


def test_float64_that_would_lose_something_is_refused(net: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", str(net), "--problem", "parity", "--rho", "1/10", "--numbers", "float64"]) == 2
    assert "need numbers that float64 holds, got weights over 1280, not a power of two" in capsys.readouterr().err


def test_a_kink_is_said_and_exit_code_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    graph = Network(inputs=("x1",), outputs=("f",), edges={("x1", "f"): 1, ("one", "f"): 2}, constant="one")
    write_network(tmp_path / "kink.qgn", Trainable(network=flat_network(graph), rho=RHO, steps=3))
    (tmp_path / "rows.csv").write_text("0,1\n")
    assert (
        main(
            ["train", str(tmp_path / "kink.qgn"), "--data", str(tmp_path / "rows.csv"), "-o", str(tmp_path / "out.qgn")]
        )
        == 1
    )
    found, _ = said(capsys)
    assert found["stopped"] == "the loss has no derivative in step 1: vertex 2 is on a kink"
    assert "loss" not in found and (tmp_path / "out.qgn").exists()


OWN = """
from constructions.learning.problems import uniform

source = uniform(2, lambda x: x[0])
narrow = uniform(1, lambda x: x[0])
number = 3

def points(step):
    return [((step % 2, 1), 1), ((0, 0), 0)]

def broken(step):
    return 1 / 0

def hostile(choice):
    return choice.valid[-1]

def wrong(choice):
    return choice.value + 1
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A user's file."""
    path = tmp_path / "own.py"
    path.write_text(OWN)
    return path


@pytest.mark.parametrize("name", ["source", "points"])
def test_a_user_s_source_generator_and_adversary(
    net: Path, own: Path, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for adversary, target in ((f"{own}:hostile", "one"), ("up", "other")):
        out = str(tmp_path / f"{target}.qgn")
        assert main(["train", str(net), "--data", f"{own}:{name}", "--adversary", adversary, "-o", out]) == 0
    assert (tmp_path / "one.qgn").read_bytes() == (tmp_path / "other.qgn").read_bytes()
    assert "of 2" in said(capsys)[0]["steps"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "need --data or --problem, got none"),
        (["--data", "x.csv", "--problem", "parity"], "need --data or --problem, got both"),
        (["--data", "x.csv"], "need a file that can be read"),
        (["--data", "x.txt"], "need a file that ends in .csv or .npy"),
        (["--data", "WIDE"], "need 2 bits and a label, as the network has inputs, got 3 bits, at "),
        (["--problem", "parity", "--label", "1"], "need --label with --data FILE.csv or FILE.npy only"),
        (["--data", "OWN:points", "--delimiter", ";"], "need --delimiter with --data FILE.csv or FILE.npy only"),
        (
            ["--data", "ROWS", "--label", "c"],
            "need a column by its name (a, b, label) or its number from 1 to 3, got 'c', at --label",
        ),
        (["--data", "ROWS", "--noise", "1/4"], "need --noise with --problem only"),
        (["--data", "ROWS", "--full", "--batch", "3"], "need a batch of all 4 rows with --full, got --batch 3"),
        (["--problem", "parity", "--noise", "x"], "need a rational p/q such as 1/20 or 0.05, got 'x', at --noise"),
        (["--problem", "parity", "--rho", "0"], "need --rho > 0, got 0"),
        (["--problem", "parity", "--rate", "-1"], "need --rate > 0, got -1"),
        (["--problem", "parody"], "need arguments as in"),
        (["--problem", "parity", "--adversary", "kind"], "need an adversary among nearest"),
        (["--problem", "parity", "--random-string", "10"], "need a random string of 1 bits, got 2 values"),
        (["--problem", "parity", "--random-string", "x"], "need zeros and ones, got 'x', at --random-string"),
        (["--problem", "parity", "--resume"], "need a checkpoint to resume from, got none"),
        (["--problem", "parity", "-o", "out.txt"], "need a file that ends in .qgn, got 'out.txt'"),
        (["--problem", "parity", "--trace", "no/where"], "need a file in an existing folder"),
        (["--data", "OWN:narrow"], "need 2 bits and a label, as the network has inputs, got 1 bits"),
        (["--data", "OWN:number"], "need a source or a function from step to points, got int"),
        (["--data", "OWN:nothing"], "need a name defined in the file, got 'nothing'"),
        (["--data", "OWN:broken"], "need points (x, y) for step 1, got ZeroDivisionError: division by zero, at OWN:12"),
        (
            ["--problem", "parity", "--adversary", "OWN:number"],
            "need a function from a choice to one of its valid roundings, got int",
        ),
        (["--problem", "parity", "--adversary", "OWN:wrong"], "need one of the valid roundings"),
        (
            ["--problem", "parity", "--adversary", "OWN:broken"],
            "need a function that picks a rounding, got ZeroDivisionError: ",
        ),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(
    net: Path,
    rows: Path,
    own: Path,
    tmp_path: Path,
    arguments: list[str],
    message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "wide.csv").write_text("0,1,0,1\n")
    places = {"WIDE": str(tmp_path / "wide.csv"), "ROWS": str(rows), "OWN": str(own)}
    for word, place in places.items():
        arguments = [argument.replace(word, place) for argument in arguments]
    assert main(["train", str(net), *arguments]) == 2
    error = capsys.readouterr().err
    assert message.replace("OWN", str(own)) in error.splitlines()[-1]
    assert all(line.startswith("warning: ") for line in error.splitlines()[:-1])


def test_another_file_than_a_network_is_refused(rows: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", str(rows), "--problem", "parity"]) == 2
    assert capsys.readouterr().err.startswith("not a .qgn file: need one that starts with b'QGNET")


def test_the_header_of_a_trace_says_what_was_run(net: Path, tmp_path: Path) -> None:
    trace = tmp_path / "run.jsonl"
    assert (
        main(["train", str(net), "--problem", "parity", "--seed", "8", "--trace", str(trace), "--adversary", "apart"])
        == 0
    )
    header = read_header(trace)
    assert (header["rho"], header["rate"], header["batch"], header["seed"], header["adversary"]) == (
        "1/16",
        "1",
        2,
        8,
        "apart",
    )
    assert all(json.loads(line) for line in trace.read_text().splitlines())


def test_a_large_problem_s_loss_is_measured_on_fresh_samples() -> None:
    loss, how = on_source(uniform(13, lambda x: 1), 0)(lambda x: tuple(Fraction(1, 2) for _ in x))
    assert (loss, how) == (Fraction(1, 8), "on 4096 fresh samples")


def test_a_data_file_is_known_by_its_rows_not_by_its_place(
    net: Path, rows: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = ["--checkpoint", str(tmp_path / "kept")]
    assert main(["train", str(net), "--data", str(rows), "--steps", "1", *kept]) == 0
    (tmp_path / "elsewhere").mkdir()
    moved = tmp_path / "elsewhere" / "rows.csv"
    moved.write_bytes(rows.read_bytes())
    assert main(["train", str(net), "--data", str(moved), "--resume", *kept]) == 0
    moved.write_text("1,0,1\n")
    assert main(["train", str(net), "--data", str(moved), "--resume", *kept]) == 2
    assert "need a checkpoint of this run" in capsys.readouterr().err
