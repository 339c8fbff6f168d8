"""Machine code is never older than any of its sources."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numba

from constructions.training.compiled import DIGEST, PLACE, SOURCES, compiled, digest_of
from constructions.training.kernels import gcd
from verify.certifier.roles import gates

FOLDER = Path(__file__).parents[2] / "constructions" / "training"


def test_every_module_that_compiles_is_a_source_and_so_is_what_it_compiles() -> None:
    compiling = {path.stem for path in FOLDER.glob("*.py") if "import compiled" in path.read_text(encoding="utf-8")}
    assert compiling | {"compiled", "formulas"} == set(SOURCES)


def test_a_change_of_any_source_changes_the_place(tmp_path: Path) -> None:
    for name in SOURCES:
        (tmp_path / f"{name}.py").write_bytes((FOLDER / f"{name}.py").read_bytes())
    assert digest_of(folder=tmp_path) == DIGEST and PLACE is not None and PLACE.name == DIGEST
    for name in SOURCES:
        text = (tmp_path / f"{name}.py").read_bytes()
        (tmp_path / f"{name}.py").write_bytes(text + b"\n")
        assert digest_of(folder=tmp_path) != DIGEST
        (tmp_path / f"{name}.py").write_bytes(text)


def test_machine_code_lies_there_and_no_setting_is_left_changed() -> None:
    settings: Any = numba.config
    before = settings.CACHE_DIR
    one = compiled(lambda: 1)()
    assert (one, settings.CACHE_DIR) == (1, before)
    assert gcd(4, 6) == 2
    assert PLACE is not None and PLACE.exists() and any(PLACE.rglob("kernels.gcd-*.nbi"))


def test_machine_code_of_a_module_is_not_kept_where_no_folder_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    code = (
        "from constructions.training.compiled import FAULT, PLACE; "
        "from constructions.training.kernels import gcd; from verify.certifier.roles.gates import decided; "
        "print(gcd(4, 6), decided(4, 1, 4, 4, 1), PLACE, FAULT, sep='|'); "
        "print(*(type(f._cache).__name__ for f in (gcd, decided)))"
    )
    environment = {**os.environ, "QUERYGRAD_CACHE": str(tmp_path / "file"), "PYTHONPATH": str(FOLDER.parents[1])}
    environment.pop("NUMBA_CACHE_DIR", None)
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    values, kept = done.stdout.splitlines()
    assert (
        values
        == f"2|0|None|need a folder for the cache ($QUERYGRAD_CACHE), got Not a directory, at {tmp_path / 'file'}"
    )
    assert kept == "NullCache NullCache" and done.stderr == ""


def test_a_change_of_any_module_of_the_certifier_changes_the_place_of_its_machine_code() -> None:
    compiling = {
        path.relative_to(gates.FOLDER).with_suffix("").as_posix()
        for path in gates.FOLDER.rglob("*.py")
        if "import compiled\n" in path.read_text(encoding="utf-8")
    }
    assert {"roles/gates", "roles/layers", "roles/parts", *compiling} <= set(gates.SOURCES)
    decided: Any = gates.decided
    where = Path(decided._cache.cache_path)
    assert digest_of(gates.SOURCES, folder=gates.FOLDER) in where.parts


def test_the_place_can_be_chosen(tmp_path: Path) -> None:
    code = "from constructions.training.compiled import PLACE; print(PLACE)"
    for name in ("NUMBA_CACHE_DIR", "QUERYGRAD_CACHE"):
        environment = {
            key: value for key, value in os.environ.items() if key not in ("NUMBA_CACHE_DIR", "QUERYGRAD_CACHE")
        }
        environment[name] = str(tmp_path)
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        assert Path(done.stdout.strip()) == tmp_path / "compiled" / DIGEST
