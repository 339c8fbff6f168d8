"""Learners of the user's own for the theorems: Python files and AIGER files."""

from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from constructions.computation.formats.files import write_machine
from constructions.computation.learner_machines import best_literal_machine
from constructions.computation.sample_learners import conjunction_learner, fed
from constructions.errors import ConstructionError
from verify.arguments.learner import write_query_machine
from verify.arguments.theorem_learner import user_learner

F = Fraction
TEXT = """
from constructions.computation.learner_machines import best_literal_machine
from constructions.computation.sample_learners import conjunction_learner
from constructions.learning.learners import best_literal
from constructions.learning.models import PAC, SampleMethod

def learner(n):
    return conjunction_learner(n)

def fails(n, m):
    return SampleMethod(n=n, budget=PAC(m=m), learn=lambda sample, bits: 1 / 0)

def asks(n, b, tau):
    return best_literal(n, b=b, tau=tau)

def machine(n, fraction):
    return best_literal_machine(n, fraction=fraction)

def odd(colour):
    return colour

fixed = SampleMethod(n=3, budget=PAC(m=4), learn=lambda sample, bits: lambda x: sample[0][1])
number = 5
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with learners of every form."""
    path = tmp_path / "mine.py"
    path.write_text(TEXT)
    return path


def test_a_file_gives_each_form_that_a_theorem_asks_for(file: Path) -> None:
    found = user_learner(str(file))
    assert found and found.learned.in_bits(2, 3).n == 2 and found.learned.from_samples(2, 3).budget.m == 3
    asks, machine = user_learner(f"{file}:asks"), user_learner(f"{file}:machine")
    assert asks and asks.learned.by_queries(2, 4, F(1, 16)).budget.p == 3
    assert machine and machine.learned.asking(2, 5, F(1, 16)).answer_fraction == 5
    assert machine.learned.by_queries(2, 4, F(1, 16)).budget == asks.learned.by_queries(2, 4, F(1, 16)).budget
    fixed = user_learner(f"{file}:fixed")
    assert fixed and fixed.fixes == {"bits": 3, "samples": 4} and fixed.digest == found.digest
    assert user_learner("parity") is None and user_learner(None) is None


@pytest.mark.parametrize(
    ("name", "ask", "message"),
    [
        ("fixed", "in_bits", "need a LearnerInBits for this theorem, got a SampleMethod"),
        ("odd", "in_bits", r"need a function of some of n, m for this theorem, got odd\(colour\)"),
        ("asks", "from_samples", r"need a function of some of n, m for this theorem, got asks\(n, b, tau\)"),
    ],
)
def test_another_form_is_refused(file: Path, name: str, ask: str, message: str) -> None:
    found = user_learner(f"{file}:{name}")
    assert found
    with pytest.raises(ConstructionError, match=message):
        getattr(found.learned, ask)(3, 4)


def test_errors_name_the_place(file: Path) -> None:
    found = user_learner(f"{file}:fails")
    assert found
    with pytest.raises(ConstructionError, match=r"a function that learns, got ZeroDivisionError: .*mine\.py:11"):
        found.learned.from_samples(1, 2).learn((), ())
    with pytest.raises(ConstructionError, match=r"need a learner or a function that builds one, got int, at .*number"):
        user_learner(f"{file}:number")
    with pytest.raises(ConstructionError, match="need a learner for 2 bits, got one for 3"):
        user_learner(f"{file}:fixed").learned.from_samples(2, 4)  # type: ignore[union-attr]


def test_circuits_with_latches_are_learners(tmp_path: Path) -> None:
    samples, queries = tmp_path / "samples.aag", tmp_path / "queries.aag"
    write_machine(samples, fed(conjunction_learner(2), 3))
    write_query_machine(queries, best_literal_machine(2, fraction=6))
    one, other = user_learner(str(samples)), user_learner(str(queries))
    assert one and other and one.fixes == other.fixes == {"bits": 2}
    random = Random(0)
    sample = tuple((tuple(random.randrange(2) for _ in range(2)), 1) for _ in range(3))
    assert one.learned.from_samples(2, 3).learn(sample, ())(sample[0][0]) == 1
    assert other.learned.asking(2, 6, F(1, 16)).rounds == 2
    with pytest.raises(ConstructionError, match="need a QueryMethod or QueryMachine for this theorem"):
        one.learned.by_queries(2, 4, F(1, 16))


def test_a_circuit_that_is_no_learner_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.aag"
    path.write_text("aag 1 1 0 1 0\n2\n2\n")
    with pytest.raises(ConstructionError, match=r"need the inputs x, taken, label, point .*at .*other.aag"):
        user_learner(str(path))
