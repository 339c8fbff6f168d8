"""Machine code that cannot be kept: one warning, the same results, and nothing written elsewhere."""

import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from constructions.computation.learner_machines import best_literal_machine
from constructions.networks.emulation import Plan
from constructions.networks.network_file import read_network, write_network
from constructions.training.compiled import FAULT
from verify.commands import machine_code

ROOT = Path(__file__).parents[3]


def test_nothing_is_said_where_machine_code_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    machine_code.warn_if_not_kept()
    assert (capsys.readouterr().err == "") is (FAULT == "")


@pytest.mark.slow
def test_training_without_a_folder_for_machine_code_warns_once_and_does_the_same(tmp_path: Path) -> None:
    net = tmp_path / "net.qgn"
    write_network(net, Plan(machine=best_literal_machine(1, fraction=5), rho=Fraction(1, 16)).trainable)
    (tmp_path / "file").write_bytes(b"")
    errors = {}
    for name in ("cache", "file"):
        environment = {
            **os.environ,
            "QUERYGRAD_CACHE": str(tmp_path / name),
            "PYTHONPATH": str(ROOT),
            "HOME": str(tmp_path / "file"),
        }
        environment.pop("NUMBA_CACHE_DIR", None)
        command = ["-m", "verify", "train", str(net), "--problem", "parity", "-o", str(tmp_path / f"{name}.qgn")]
        done = subprocess.run(
            [sys.executable, *command], env=environment, capture_output=True, encoding="utf-8", check=True
        )
        errors[name] = done.stderr
    assert errors["cache"] == "" and errors["file"].count("\n") == 1
    assert errors["file"].startswith(
        "warning: machine code is not kept, so every run compiles it: need a folder for the cache"
    )
    trained = [read_network(tmp_path / f"{name}.qgn").network.weights.tolist() for name in errors]
    assert trained[0] == trained[1]
