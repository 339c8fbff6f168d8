"""What is read, and how strictly: bytes, JSON, whole numbers, rationals.

Each file is read once, to bytes. Its digest is taken of these bytes and everything that is checked is read from them,
so what is certified is what the digest names. JSON is read in its plainest form: no key twice, no floating-point
number, no NaN, ASCII only. What is not written as it must be raises :class:`MalformedError`, what does not hold
:class:`RefusedError`; no other exception is meant to leave the checker.

>>> digest(b"abc")[:16]
'ba7816bf8f01cfea'
>>> well_formed(len(b"abc") == 3, "three bytes")
>>> well_formed(b"abc".isdigit(), "digits alone, in an example")
Traceback (most recent call last):
    ...
verify.recheck.reading.MalformedError: digits alone, in an example
>>> import tempfile
>>> with tempfile.TemporaryDirectory() as folder:
...     written = (Path(folder) / "a.cert").write_bytes(b"abc")
...     read_once(Path(folder) / "a.cert")
b'abc'
"""

import hashlib
import json
import re
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

RATIONAL = re.compile(r"-?(0|[1-9][0-9]{0,199})(/[1-9][0-9]{0,199})?")


class RefusedError(Exception):
    """Something that is claimed does not hold; the message says what and where."""


class MalformedError(RefusedError):
    """A file that cannot be read, or is not of its grammar."""


def need(truth: object, what: str) -> None:
    """Go on if a ``truth`` holds.

    Raises
    ------
    RefusedError
        If it is not; the message is ``what`` is needed.

    >>> need(1 < 2, "one below two")
    """
    if not truth:
        raise RefusedError(what)


def well_formed(truth: object, what: str) -> None:
    """Go on if something is written as it must be: if this ``truth`` holds.

    Raises
    ------
    MalformedError
        If it is not; the message is ``what`` is needed.
    """
    if not truth:
        raise MalformedError(what)


def read_once(path: Path) -> bytes:
    """The bytes of a file.

    Raises
    ------
    MalformedError
        If it is no file, or cannot be read.
    """
    well_formed(not path.exists() or path.is_file(), f"a file, got something else, at {path}")
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise MalformedError(f"a file that can be read, got {getattr(error, 'strerror', error)}, at {path}") from error


def digest(data: bytes | memoryview) -> str:
    """SHA-256 of some bytes."""
    return hashlib.sha256(data).hexdigest()


def json_object(data: bytes, where: str, *, fractions: bool = False) -> dict[str, Any]:
    """The JSON object that the bytes ``data`` hold; ``fractions`` lets floating-point numbers be, as text.

    Raises
    ------
    MalformedError
        For bytes that are no such object; the message ends with ``where``.

    >>> json_object(b'{"a": [1, true]}', "an example")
    {'a': [1, True]}
    """
    try:
        found = json.loads(
            data.decode("ascii"),
            object_pairs_hook=_once,
            parse_float=str if fractions else _no_number,
            parse_constant=_no_number,
        )
    except (ValueError, RecursionError) as error:
        raise MalformedError(
            f"JSON in ASCII without a key twice or a fraction, got {str(error)[:80]}, at {where}"
        ) from error
    well_formed(isinstance(found, dict), f"a JSON object, at {where}")
    return dict(found)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key twice")
    return found


def _no_number(text: str) -> Any:
    raise ValueError(f"{text[:20]}, which is no whole number")


def entry(given: Mapping[str, Any], key: str, kind: type | tuple[type, ...], where: str) -> Any:
    """The value of a ``key`` in a JSON object ``given``; it must be there and of this ``kind`` (a truth value is no
    whole number).

    Raises
    ------
    MalformedError
        If it is not; the message ends with ``where``.

    >>> entry({"steps": 3}, "steps", int, "an example")
    3
    """
    well_formed(key in given and isinstance(given[key], kind), f"an entry {key!r} of the right kind, at {where}")
    well_formed(
        not isinstance(given[key], bool) or kind is bool, f"an entry {key!r} that is no truth value, at {where}"
    )
    return given[key]


def whole(value: Any, low: int, high: int, where: str) -> int:
    """A value that must be a whole number from ``low`` to ``high``.

    Raises
    ------
    MalformedError
        If it is not; the message ends with ``where``.

    >>> whole(3, 0, 5, "an example")
    3
    """
    well_formed(
        type(value) is int and low <= value <= high,
        f"a whole number from {low} to {high}, got {str(value)[:40]}, at {where}",
    )
    return int(value)


def rational(text: Any, where: str) -> Fraction:
    """A rational number, written as text, p or p/q.

    Raises
    ------
    MalformedError
        If it is not; the message ends with ``where``.

    >>> rational("-3/8", "an example")
    Fraction(-3, 8)
    """
    well_formed(
        isinstance(text, str) and RATIONAL.fullmatch(text),
        f"a rational such as -3/8, got {str(text)[:40]!r}, at {where}",
    )
    return Fraction(text)
