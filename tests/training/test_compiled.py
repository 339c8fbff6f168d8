"""Machine code is never older than any of its sources."""
import os
import subprocess
import sys
from pathlib import Path

import numba

from constructions.training.compiled import DIGEST, PLACE, SOURCES, compiled, digest_of
from constructions.training.kernels import gcd

FOLDER = Path(__file__).parents[2] / "constructions" / "training"


def test_every_module_that_compiles_is_a_source_and_so_is_what_it_compiles() -> None:
    compiling = {path.stem for path in FOLDER.glob("*.py") if "import compiled\n" in path.read_text(encoding="utf-8")}
    assert compiling | {"compiled", "formulas"} == set(SOURCES)


def test_a_change_of_any_source_changes_the_place(tmp_path: Path) -> None:
    for name in SOURCES:
        (tmp_path / f"{name}.py").write_bytes((FOLDER / f"{name}.py").read_bytes())
    assert digest_of(folder=tmp_path) == DIGEST and PLACE.name == DIGEST
    for name in SOURCES:
        text = (tmp_path / f"{name}.py").read_bytes()
        (tmp_path / f"{name}.py").write_bytes(text + b"\n")
        assert digest_of(folder=tmp_path) != DIGEST
        (tmp_path / f"{name}.py").write_bytes(text)


def test_machine_code_lies_there_and_no_setting_is_left_changed() -> None:
    before = numba.config.CACHE_DIR
    one = compiled(lambda: 1)()
    assert (one, numba.config.CACHE_DIR) == (1, before)
    assert gcd(4, 6) == 2
    assert PLACE.exists() and any(PLACE.rglob("kernels.gcd-*.nbi"))


def test_the_place_can_be_chosen(tmp_path: Path) -> None:
    code = "from constructions.training.compiled import PLACE; print(PLACE)"
    for name in ("NUMBA_CACHE_DIR", "QUERYGRAD_CACHE"):
        environment = {key: value for key, value in os.environ.items() if key not in ("NUMBA_CACHE_DIR", "QUERYGRAD_CACHE")}
        environment[name] = str(tmp_path)
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        assert Path(done.stdout.strip()) == tmp_path / "compiled" / DIGEST
