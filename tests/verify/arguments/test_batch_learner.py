"""Which learner a command means for whole batches, and what it is told if there is none."""

from pathlib import Path

import pytest

from constructions.computation.formats.files import write_machine
from constructions.computation.sample_learners import fed, parity_learner
from constructions.errors import ConstructionError
from verify.arguments.batch_learner import read_batch_learner
from verify.arguments.learner_options import LearnerOptions

OWN = """
from constructions.computation.sample_learners import conjunction_learner, fed
learner = conjunction_learner(2)
def machine():
    return fed(conjunction_learner(1), 3)
other = 5
"""


def test_a_learner_in_a_python_file_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "own.py"
    path.write_text(OWN)
    found = read_batch_learner(f"{path}", LearnerOptions(b=2, m=3))
    assert (found.n, found.steps) == (2, 2)
    assert read_batch_learner(f"{path}:machine", LearnerOptions(rounds=3)).n == 1
    with pytest.raises(ConstructionError, match="need a LearnerInBits or a Machine, got a int"):
        read_batch_learner(f"{path}:other", LearnerOptions(rounds=3))
    with pytest.raises(ConstructionError, match="need --bits 2"):
        read_batch_learner(f"{path}", LearnerOptions(n=3, rounds=3))


def test_an_aiger_file_of_a_learner_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "own.aag"
    write_machine(path, fed(parity_learner(1), 2))
    assert read_batch_learner(str(path), LearnerOptions(rounds=2)).whole().rounds == 2


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("parity", LearnerOptions(b=2, m=4), "need --bits for the learner 'parity'"),
        ("parity", LearnerOptions(n=2), "need one of --samples and --rounds for whole batches, got none"),
        ("parity", LearnerOptions(n=2, m=3, rounds=3), "got both"),
        ("parity", LearnerOptions(n=2, m=3, version="look"), "got --extract"),
        ("literal", LearnerOptions(n=2, m=3), "need a learner that draws samples"),
        ("paritty", LearnerOptions(n=2, m=3), "parity"),
    ],
)
def test_what_does_not_fit_is_refused(name: str, options: LearnerOptions, message: str) -> None:
    with pytest.raises(ConstructionError, match=message):
        read_batch_learner(name, options)
