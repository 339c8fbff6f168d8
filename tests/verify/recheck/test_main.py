"""The command: exit codes, one line for what is bad, and that it runs alone."""

import json
import os
import shutil
import struct
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest

import verify.recheck.__main__ as module
from verify.attacks.bases import base
from verify.attacks.certificates import honest
from verify.attacks.drafts import file_of, header_of
from verify.certifier.certificate.handing_over import written
from verify.commands.main import main
from verify.recheck.reading import MalformedError, json_object, rational, whole

NAME = "literal, one round"
PROVED = "signed whole, rho = 1/20"


def files(folder: Path, cert: bytes, net: bytes) -> list[str]:
    """A certificate and a network on disk."""
    (folder / "a.cert").write_bytes(cert)
    (folder / "a.qgn").write_bytes(net)
    return [str(folder / "a.cert"), str(folder / "a.qgn")]


def test_certified_is_0_and_said_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = files(tmp_path, written(honest(NAME)), base(NAME).data)
    assert module.main(paths) == 0 == main(["recheck", *paths])
    assert capsys.readouterr().out.count("certified: for every random string of 0 bits") == 2


def test_what_is_left_open_is_3_and_not_complete(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cert = honest(PROVED)
    for said in cert["rounds"]:
        said["proofs"] = {}
    assert module.main(files(tmp_path, written(cert), base(PROVED).data)) == 3
    out, err = capsys.readouterr()
    assert err.startswith("NOT COMPLETE: ") and "certified:" not in out


def test_refused_is_1_malformed_2_and_an_error_inside_4(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cert, data = honest(NAME), base(NAME).data
    assert module.main(files(tmp_path, written(cert | {"tolerance": "0"}), data)) == 1
    assert capsys.readouterr().err.startswith("refused: need (j) answers within 0")
    assert module.main(files(tmp_path, written(cert)[:-3], data)) == 2
    assert module.main([*files(tmp_path, written(cert), data)[:1], str(tmp_path / "none")]) == 2
    monkeypatch.setattr(module, "Check", lambda *rest: 1 // 0)
    assert module.main(files(tmp_path, written(cert), data)) == 4
    assert "an error of the checker: ZeroDivisionError" in capsys.readouterr().err


def test_it_runs_alone_with_nothing_else_of_the_project(tmp_path: Path) -> None:
    (tmp_path / "verify").mkdir()
    shutil.copytree(
        Path(module.__file__).parent, tmp_path / "verify" / "recheck", ignore=shutil.ignore_patterns("__pycache__")
    )
    paths = files(tmp_path, written(honest(PROVED)), base(PROVED).data)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-m", "verify.recheck", *paths],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0 and "certified: for every" in done.stdout, done.stderr


def spoiled(source: Random, value: Any) -> Any:
    """JSON with one place spoiled."""
    odd: list[Any] = [None, True, -1, 1 << 80, 1.5, "", "1/0", "1e999999999", [], {}, "x" * 300, [[[]]], float("nan")]
    if isinstance(value, dict) and value:
        key = source.choice(sorted(value))
        if source.random() < 0.1:
            return {name: rest for name, rest in value.items() if name != key}
        return value | {key: spoiled(source, value[key])}
    if isinstance(value, list) and value:
        i = source.randrange(len(value))
        return [*value[:i], *([] if source.random() < 0.1 else [spoiled(source, value[i])]), *value[i + 1 :]]
    return source.choice(odd)


@pytest.mark.parametrize("seed", range(6))
def test_spoiled_certificates_and_networks_give_one_line(
    seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, name = Random(seed), (NAME, PROVED)[seed % 2]
    cert, (header, body) = honest(name), header_of(base(name).data)
    for _ in range(40):
        code = module.main(files(tmp_path, json.dumps(spoiled(source, cert)).encode(), base(name).data))
        said = capsys.readouterr().err
        assert (code, said) == (0, "") or code == 3 or (code in (1, 2) and "need " in said and said.count("\n") == 1)
        data = file_of(spoiled(source, header), body)
        code = module.main(files(tmp_path, written(cert), data))
        said = capsys.readouterr().err
        if data == base(name).data:
            continue
        assert code in (1, 2) and "need " in said and said.count("\n") == 1 and len(said) < 400


HOSTILE: dict[str, tuple[bytes, bytes]] = {
    "nothing": (b"", b""),
    "deep": (b"[" * 200_000, b""),
    "deep header": (b"{}", b"QGNET\0\0\1" + struct.pack("<Q", 100_000) + b"[" * 100_000),
    "a header beyond the end": (b"{}", b"QGNET\0\0\1" + b"\xff" * 8),
    "half a number": (b"{}", b"QGNET\0\0\1" + struct.pack("<Q", 2) + b"{}123"),
    "huge number": (b'{"kind": ' + b"9" * 10_000 + b"}", b""),
    "no text": (b"\xff\xfe\x00", b"\0" * 100),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_give_one_line(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert module.main(files(tmp_path, *HOSTILE[name])) in (1, 2)
    said = capsys.readouterr().err
    assert "need " in said and said.count("\n") == 1 and len(said) < 400


def test_what_is_no_file_is_not_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cert, _ = files(tmp_path, written(honest(NAME)), base(NAME).data)
    for other in ("/dev/zero", str(tmp_path)):
        assert module.main([cert, other]) == 2 == module.main([other, cert])
        assert "something else" in capsys.readouterr().err


def test_json_and_numbers_are_read_strictly() -> None:
    for data in (b'{"a": 1, "a": 1}', b'{"a": 1.0}', b'{"a": NaN}', b"[]", b'{"a": "\xc3\xa9"}', b"{"):
        with pytest.raises(MalformedError):
            json_object(data, "a test")
    for text in ("1.0", "01", "1/0", "1/01", "+1", " 1", "1e3", "-0x1", "", 1, None, "\u0661", "1\n"):
        with pytest.raises(MalformedError):
            rational(text, "a test")
    for value in (True, 1.0, "1", None, 6, -1):
        with pytest.raises(MalformedError):
            whole(value, 0, 5, "a test")
