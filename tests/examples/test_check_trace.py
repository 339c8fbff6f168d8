"""The example that checks a trace accepts what the engine recorded and finds what was changed."""

import json
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import pytest

from constructions.computation.learner_machines import best_literal_machine
from constructions.learning.problems import uniform
from constructions.networks.emulation import Plan
from constructions.networks.network_file import read_network, write_network
from constructions.training.batches import fresh
from constructions.training.run import Training
from verify.obligations.user_file import load_file

EXAMPLE = Path(__file__).parents[2] / "examples" / "check_trace.py"


@pytest.fixture(scope="module")
def module() -> ModuleType:
    return load_file(EXAMPLE)


@pytest.fixture
def run(tmp_path: Path) -> tuple[Path, Path, Path]:
    """A network, the trace of its training and what the training left."""
    files = tmp_path / "net.qgn", tmp_path / "run.trace", tmp_path / "trained.qgn"
    net = Plan(machine=best_literal_machine(1, fraction=5), rho=Fraction(1, 16), batch=2).trainable
    batches = fresh(uniform(1, lambda x: x[0]), batch=2, seed=3)
    done = Training(net=net, batches=batches, steps=net.steps, adversary="hashed", seed=3, trace=files[1]).go()
    write_network(files[0], net)
    write_network(files[2], done.net)
    return files


def test_a_recorded_run_is_right(
    module: ModuleType, run: tuple[Path, Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert module.main([str(path) for path in run]) == 0 == module.main([str(path) for path in run[:2]])
    assert "every step is one of rounded gradient descent" in capsys.readouterr().out


def test_a_changed_move_is_found(module: ModuleType, run: tuple[Path, Path, Path]) -> None:
    lines = run[1].read_text().splitlines()
    step = json.loads(lines[1])
    edge, old, new = step["moved"][0]
    step["moved"][0] = [edge, old, str(Fraction(new) + Fraction(1, 32))]
    run[1].write_text("\n".join([lines[0], json.dumps(step), *lines[2:]]) + "\n")
    found = module.faults_in(*run[:2])
    assert any(f"step 1, edge {edge}: " in fault and "is no valid rounding of" in fault for fault in found)


def test_another_trained_network_is_found(module: ModuleType, run: tuple[Path, Path, Path]) -> None:
    other = read_network(run[2]).with_moved({0: Fraction(5)})
    write_network(run[2], other)
    assert module.faults_in(*run) == ["the moves do not lead to the weights of the trained network"]


def test_a_file_that_is_no_trace_is_bad_input(module: ModuleType, run: tuple[Path, Path, Path]) -> None:
    assert module.main([str(run[0]), str(run[0])]) == 2 == module.main([])
