"""The command ``querygrad train`` with an oracle in the place of an adversary."""

from fractions import Fraction
from pathlib import Path

import pytest

from constructions.networks.flat import flat_network
from constructions.networks.network_file import read_network, write_network
from constructions.networks.queries import DYADIC
from constructions.networks.skeleton import Skeleton
from constructions.networks.trainable import Trainable
from constructions.training.record import read_trace
from verify.commands.main import main

RHO = Fraction(1, 16)


@pytest.fixture
def net(tmp_path: Path) -> Path:
    """The skeleton."""
    path = tmp_path / "net.qgn"
    flat = flat_network(Skeleton(setting=DYADIC, rho=RHO, coin=0).network())
    write_network(path, Trainable(network=flat, rho=RHO, batch=2, steps=2))
    return path


@pytest.mark.parametrize("answers", [None, "highest", "random"])
@pytest.mark.parametrize("full", [False, True])
def test_an_oracle_takes_the_place_of_an_adversary(
    net: Path, answers: str | None, full: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    kind = "fbsq" if full else "bsq"
    given = ["--full"] * full + ([] if answers is None else ["--answers", answers])
    assert main(["train", str(net), "--problem", "literal", "--oracle", kind, *given]) == 0
    told = capsys.readouterr()
    found = {line[:12].strip(): line[13:] for line in told.out.splitlines()}
    queries = len(read_network(net).network.sources)
    asked = f"{kind} oracle ({answers or 'exact'} answers): 2 rounds of {queries} queries to tolerance 1/64"
    assert found["training"].endswith(asked) and found["steps"] == "2 of 2" and told.err == ""


def test_a_run_by_an_oracle_is_resumed_with_the_same_answers_only(
    net: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = ["train", str(net), "--problem", "literal", "--oracle", "bsq", "--answers", "random"]
    kept, trace, out, whole = (tmp_path / name for name in ("run.ck", "run.jsonl", "a.qgn", "b.qgn"))
    files = ["--checkpoint", str(kept), "--trace", str(trace)]
    assert main([*run, *files, "--steps", "1"]) == 0
    assert main([*run, *files, "--resume", "-o", str(out)]) == 0
    assert main([*run, "-o", str(whole)]) == 0
    assert out.read_bytes() == whole.read_bytes() and len(list(read_trace(trace))) == 2
    capsys.readouterr()
    assert main([*run[:-1], "lowest", *files, "--resume"]) == 2
    assert "need a checkpoint of this run" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--oracle", "fbsq"], "need --full with --oracle fbsq, which is about one data set, got none"),
        (["--oracle", "bsq", "--full"], "need --oracle fbsq with --full, got bsq, which is about fresh batches"),
        (["--oracle", "bsq", "--adversary", "up"], "got --oracle bsq and --adversary up"),
        (["--answers", "exact"], "need --answers with --oracle only, got --answers exact without"),
        (["--oracle", "bsq", "--answers", "never"], "need a way to answer among exact"),
        (["--oracle", "bsq", "--rho", "5/9"], "got rho = 5/9 (E01)"),
    ],
)
def test_options_of_an_oracle_that_do_not_go_together_are_refused(
    net: Path, options: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", str(net), "--problem", "literal", *options]) == 2
    err = capsys.readouterr().err
    assert message in err and len(err.splitlines()) == 1
