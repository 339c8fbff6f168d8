"""The data sets of the examples are those that are known, and learners run on them end to end."""

import csv
from collections import Counter
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import pytest

from constructions.learning.data_files import read_data
from verify.arguments.learner_options import LearnerOptions
from verify.commands.main import main
from verify.obligations.user_file import load_file

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def sets() -> ModuleType:
    return load_file(EXAMPLES / "data_sets.py")


@pytest.fixture(scope="module")
def real() -> ModuleType:
    return load_file(EXAMPLES / "real_data.py")


@pytest.mark.parametrize(
    ("name", "rows", "positive", "bits"),
    [
        ("tic-tac-toe", 958, 626, 18),
        ("monk1", 432, 216, 15),
        ("monk2", 432, 142, 15),
        ("monk3", 432, 228, 15),
        ("monk3-noisy", 432, 238, 15),
    ],
)
def test_a_data_set_has_the_known_counts(name: str, rows: int, positive: int, bits: int, sets: ModuleType) -> None:
    found = sets.data_sets()[name]
    assert (len(found), sum(y for _, y in found), {len(x) for x, _ in found}) == (rows, positive, {bits})
    assert len({x for x, _ in found}) == rows


def test_every_ending_is_one_that_play_can_reach(sets: ModuleType) -> None:
    for board in sets.endings():
        many, lines = Counter(board), {player: sets.won(board, player) for player in "xo"}
        assert many["x"] - many["o"] == (0 if lines["o"] else 1) or (lines["x"] and many["x"] - many["o"] == 1)
        assert not (lines["x"] and lines["o"]) and (lines["x"] or lines["o"] or many["b"] == 0)
    assert Counter((sets.won(board, "x"), sets.won(board, "o")) for board in sets.endings()) == {
        (True, False): 626,
        (False, True): 316,
        (False, False): 16,
    }


def test_noise_flips_as_many_labels_as_it_says(sets: ModuleType) -> None:
    clean, noisy = sets.monk(3), sets.monk(3, flips=22, seed=3)
    assert sum(a != b for a, b in zip(clean, noisy, strict=True)) == 22
    assert [x for x, _ in clean] == [x for x, _ in noisy]


def test_the_files_that_are_written_are_read_again(
    sets: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["data_sets.py", str(tmp_path)])
    sets.main()
    for name, rows in sets.data_sets().items():
        assert read_data(tmp_path / f"{name}.csv").points == rows
        with (tmp_path / f"{name}.csv").open(encoding="utf-8") as stream:
            assert len(next(csv.reader(stream))) == len(rows[0][0]) + 1


def small(real: ModuleType) -> list[tuple[tuple[int, ...], int]]:
    """The third MONK's problem with three of its attributes' columns: a2 and a5 = 4."""
    found = real.data_sets()["monk3"]
    return [((x[3], x[5], x[13]), y) for x, y in found]


def test_the_network_has_the_loss_of_its_learner_on_the_same_data(real: ModuleType) -> None:
    rows = small(real)
    for learner, b in (("literal", 16), ("query-conjunction", 16), ("literal", 0)):
        entry = real.Entry(learner=learner, b=b)
        plan, batches = entry.plan(rows if b else rows[::9]), entry.batches(rows if b else rows[::9], 1)
        network = real.trained_loss(plan, rows, batches, adversary="random", seed=1)
        assert network == real.own_loss(plan, rows, batches, seed=1)
        assert network <= Fraction(1, 4)


def test_the_method_is_the_best_literal_on_all_rows(real: ModuleType) -> None:
    rows = small(real)
    entry = real.Entry(learner="literal", b=16)
    best = min(Fraction(sum((x[i] ^ flip) != y for x, y in rows), 2 * len(rows)) for i in range(3) for flip in (0, 1))
    assert real.method_loss(entry, rows, tau=Fraction(1, 64), seed=0) == best == Fraction(42, 432)


def test_a_learner_that_draws_samples_is_compared_with_the_mean_over_draws(real: ModuleType) -> None:
    rows = small(real)
    options = LearnerOptions(m=3, delta=Fraction(1, 4), version="prefix", rounds=24)
    entry = real.Entry(learner="decision-list", b=1, options=options)
    (line,) = real.report("small", rows, [entry], adversary="up", seed=2)
    network, own, method = (float(text) for text in line.split()[-3:])
    assert network == own and 0 < method < 0.4
    assert real.method_loss(entry, rows, tau=Fraction(1, 4), seed=0) != real.method_loss(
        entry, rows, tau=Fraction(1, 4), seed=1
    )


def test_a_csv_of_ones_own_and_a_wrong_name(real: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("a,b,label\n0,1,0\n1,1,1\n", encoding="utf-8")
    assert real.named([str(path)]) == {"mine": [((0, 1), 0), ((1, 1), 1)]}
    with pytest.raises(ValueError, match="need a data set among tic-tac-toe"):
        real.named(["monk4"])


@pytest.mark.slow
def test_the_same_by_commands(sets: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, net = tmp_path / "data.csv", tmp_path / "net.qgn"
    path.write_text("".join(f"{x[13]},{x[3]},{y}\n" for x, y in sets.monk(3)), encoding="utf-8")
    assert main(["compile", "literal", "--bits", "2", "--batch", "16", "-o", str(net)]) == 0
    assert main(["train", str(net), "--data", str(path), "--adversary", "random", "--seed", "1"]) == 0
    assert "loss" in capsys.readouterr().out
