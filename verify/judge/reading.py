"""What is read, and how strictly: one file once, JSON in its plainest form, names, whole numbers and rationals.

No key twice, no floating-point number, no NaN. What is not written as it must be raises :class:`MalformedError`, what
does not hold :class:`RefusedError`; both say what is needed, what was got and where.

>>> json_object(b'{"a": 1}', "an example")
{'a': 1}
>>> need(1 < 2, "one below two", "no", "an example")
>>> fields({"a": 1, "b": [2]}, {"a": int, "b": list}, "an example")
[1, [2]]
>>> rational("-3/4", "an example")
Fraction(-3, 4)
"""

import hashlib
import json
import re
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

RATIONAL = re.compile(r"-?(0|[1-9][0-9]*)(/[1-9][0-9]*)?")
SPELLED = re.compile(r"(?<!\\)(\\+)(\{(?:10[0-9a-f]{4}|[0-9a-f]{1,5})\})")
"""How a file has what JSON cannot hold."""
LONGEST = 20_000
"""Digits of a rational that are read."""
SHOWN = 90


class RefusedError(Exception):
    """Something that is claimed does not hold."""


class MalformedError(RefusedError):
    """A file that cannot be read, or is not of its grammar."""


class UnsettledError(RefusedError):
    """Something that is neither shown nor refuted: a solver that does not answer, a proof that is not there."""


def shown(value: object) -> str:
    """A value as messages show it: on one line of plain characters, cut where it gets long.

    >>> shown("caf\\u00e9"), len(shown("x" * 999))
    ("'caf\\\\xe9'", 93)
    """
    text = ascii(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


def need(truth: object, what: str, got: object, where: str) -> None:
    """Go on if a truth holds.

    Raises
    ------
    RefusedError
        If it does not: ``what`` is needed, what was ``got``, and ``where``.
    """
    if not truth:
        raise RefusedError(f"need {what}, got {got if isinstance(got, str) else shown(got)}, at {where}")


def well_formed(truth: object, what: str, got: object, where: str) -> None:
    """Go on if something is written as it must be: if a ``truth`` holds. Else say what is needed, what was ``got``, and
    ``where``.

    Raises
    ------
    MalformedError
        If it is not.

    >>> well_formed("a" < "b", "an order", "none", "an example")
    """
    if not truth:
        raise MalformedError(f"need {what}, got {got if isinstance(got, str) else shown(got)}, at {where}")


def read_once(path: Path) -> bytes:
    """The bytes of a file.

    Raises
    ------
    MalformedError
        If it is none, or cannot be read.

    >>> read_once(Path("no such file"))
    Traceback (most recent call last):
        ...
    verify.judge.reading.MalformedError: need a file that can be read, got none, at no such file
    """
    well_formed(path.is_file(), "a file that can be read", "something else" if path.exists() else "none", str(path))
    try:
        return path.read_bytes()
    except OSError as error:
        raise MalformedError(f"need a file that can be read, got {error.strerror}, at {path}") from error


def digest(data: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal.

    >>> digest(b"abc")[:16]
    'ba7816bf8f01cfea'
    """
    return hashlib.sha256(data).hexdigest()


def json_object(data: bytes, where: str) -> dict[str, Any]:
    """The JSON object in some bytes, ``data``.

    Raises
    ------
    MalformedError
        For anything else, with the place, ``where``.
    """
    try:
        found = json.loads(data.decode("utf-8"), object_pairs_hook=_once, parse_float=_none, parse_constant=_none)
    except (ValueError, RecursionError) as error:
        raise MalformedError(
            f"need JSON without floats and double keys, got {shown(str(error))}, at {where}"
        ) from error
    well_formed(isinstance(found, dict), "a JSON object", found, where)
    return _within(found) if b"\\\\{" in data else found  # type: ignore[no-any-return]


def _within(value: Any) -> Any:
    """A value in which texts and keys stand for what was spelled: a lone surrogate is written as ``\\\\{dce9}``, and a
    backslash before what looks like that is doubled."""
    if isinstance(value, dict):
        return {_within(key): _within(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_within(inner) for inner in value]
    return SPELLED.sub(_plain, value) if isinstance(value, str) else value


def _plain(match: "re.Match[str]") -> str:
    count, body = len(match[1]), match[2]
    return "\\" * (count // 2) + (chr(int(body[1:-1], 16)) if count % 2 else body)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice")
    return found


def _none(text: str) -> None:
    raise ValueError(f"the number {text}")


def fields(entry: object, kinds: Mapping[str, type | tuple[type, ...]], where: str) -> list[Any]:
    """The values of an entry's fields, each of its kind, in their order.

    Parameters
    ----------
    entry : what should be an object with these fields and no others. kinds : the type of each. where : for messages.

    Raises
    ------
    MalformedError
        If it is something else.
    """
    well_formed(isinstance(entry, dict), f"an object of {', '.join(kinds)}", entry, where)
    assert isinstance(entry, dict)
    well_formed(set(entry) == set(kinds), f"the fields {', '.join(kinds)}", f"{shown(sorted(entry))}", where)
    for name, kind in kinds.items():
        allowed = kind if isinstance(kind, tuple) else (kind,)
        well_formed(type(entry[name]) in allowed, f"another kind of {name}", entry[name], where)
    return [entry[name] for name in kinds]


def texts(value: object, where: str) -> list[str]:
    """A list of texts, the ``value`` that was read; ``where`` is for messages.

    Raises
    ------
    MalformedError
        If it is something else.

    >>> texts(["a"], "an example")
    ['a']
    """
    well_formed(isinstance(value, list) and all(type(each) is str for each in value), "a list of texts", value, where)
    return list(value)  # type: ignore[call-overload,no-any-return]


def rational(value: object, where: str) -> Fraction:
    """A rational whose ``value`` is a text, an integer or a quotient in lowest terms; ``where`` is for messages.

    Raises
    ------
    MalformedError
        For anything else.
    """
    well_formed(type(value) is str, "a rational as text", value, where)
    text = str(value)
    well_formed(len(text) <= LONGEST and RATIONAL.fullmatch(text), "a rational", value, where)
    above, _, below = text.partition("/")
    found = Fraction(_whole(above), _whole(below or "1"))
    well_formed(text == _written(found), "a rational in lowest terms", value, where)
    return found


def _whole(text: str) -> int:
    """An integer of any length; Python reads 4,300 digits at once at most."""
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text)
    found = 0
    for i in range(0, len(digits), 4000):
        part = digits[i : i + 4000]
        found = found * 10 ** len(part) + int(part)
    return sign * found


def _written(value: Fraction) -> str:
    return str(value) if value.denominator.bit_length() + value.numerator.bit_length() < 12_000 else _long(value)


def _long(value: Fraction) -> str:
    raise MalformedError(f"need rationals of fewer digits, got one of {value.numerator.bit_length()} bits")
