"""Hostile files: networks and machines that are cut, garbled, lie about their lengths or hold what no file should.

Each is a function of a seed. Whoever reads one must either take it or refuse it with one ConstructionError, in bounded
time and memory.

A kind is a function of a seeded ``source`` and of the bytes of a good file, ``data``; it returns the bytes of another.

>>> from verify.attacks.bases import base
>>> made = base("conjunction by queries, minimal")
>>> [int.from_bytes(data[8:16], "little") for data in (made.data, hostile_network(made, "length of the header", 0))]
[1639, 268435456]
>>> hostile_text(Random(2), b"INPUT(a)\\nOUTPUT(a)\\n", [b"DFF("])
b'INPUDFF(T(a)\\nOUTPUT(a)\\n'
>>> hostile_json(Random(7), b'{"steps": 3, "rate": "1"}')
b'{"steps": 3, "rate": 2}'
>>> hostile_machine(b'aag 1 1 0 1 0\\n2\\n2\\nc\\nquerygrad query machine {"rounds": 1}\\n', 4)
b'aag 1 \\x1b[2J 0 1 0\\n2\\n2\\nc\\nquerygrad query machine {"rounds": 1}\\n'
"""

import json
import struct
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import numpy as np

from constructions.foundations.files import sha256_of
from verify.attacks.bases import Base
from verify.attacks.drafts import MAGIC, NAMES, file_of, header_of

Makes = Callable[[Random, bytes], bytes]
HUGE = (
    0,
    1,
    -1,
    2,
    1 << 31,
    (1 << 53) + 1,
    (1 << 60) - 1,
    1 << 60,
    (1 << 63) - 1,
    1 << 63,
    -(1 << 63),
    1 << 64,
    10**30,
    10**400,
)
TEXTS = (
    "",
    "x",
    "\0",
    "\x1b[2J",
    "a\nb",
    "\ud800",
    "\u202e",
    "x" * 10**4,
    "0",
    "1/0",
    "1/2",
    "-1",
    "nan",
    "1e9",
    "9" * 199,
    "1/" + "9" * 190,
)
VALUES: tuple[Any, ...] = (
    *HUGE,
    *TEXTS,
    None,
    True,
    False,
    0.5,
    float("nan"),
    float("inf"),
    [],
    {},
    [[]],
    [0, 1],
    {"a": 1},
)
INTS = (0, 1, -1, 7, 1 << 31, 1 << 60, (1 << 60) - 1, 1 << 62, (1 << 63) - 1, -(1 << 63), -(1 << 62), 1 << 61)
NO_JSON = (
    b"",
    b"null",
    b"[]",
    b"{}",
    b"[" * 10**5,
    b'{"a":' * 10**4,
    b"1" * 10**4,
    b"\xff\xfe\x00",
    b'"\\ud800"',
    b"NaN",
)
HOSTILE: dict[str, Makes] = {}


def hostile(name: str) -> Callable[[Makes], Makes]:
    """Register a way to make a hostile file of a good one."""

    def register(function: Makes) -> Makes:
        HOSTILE[name] = function
        return function

    return register


@hostile("cut")
def cut(source: Random, data: bytes) -> bytes:
    """The first bytes."""
    return data[: source.choice((source.randrange(40), source.randrange(len(data))))]


@hostile("bytes changed")
def garbled(source: Random, data: bytes) -> bytes:
    """Some bytes anywhere, put in, taken out or overwritten."""
    changed = bytearray(data)
    for _ in range(source.choice((1, 2, 8, 64))):
        at = source.randrange(max(1, len(changed)))
        how, some = source.randrange(3), source.randbytes(source.randrange(1, 9))
        if how == 0:
            changed[at : at + len(some)] = some
        elif how == 1:
            changed[at:at] = some
        else:
            del changed[at : at + len(some)]
    return bytes(changed)


@hostile("noise")
def noise(source: Random, data: bytes) -> bytes:
    """Random bytes, behind the right start or not."""
    return source.choice((b"", MAGIC, data[:16], data[:200])) + source.randbytes(source.randrange(300))


@hostile("length of the header")
def header_length(source: Random, data: bytes) -> bytes:
    """Lies about where the header ends."""
    size = struct.unpack("<Q", data[8:16])[0]
    new = source.choice(
        (0, 1, size - 1, size + 1, size + 8, 1 << 20, 1 << 28, (1 << 28) + 1, 1 << 40, 1 << 63, (1 << 64) - 1)
    )
    return data[:8] + struct.pack("<Q", new) + data[16:]


@hostile("a value of the header")
def value(source: Random, data: bytes) -> bytes:
    """A header with any value for any key, also inside lists and objects."""
    header, body = header_of(data)
    for _ in range(source.choice((1, 1, 2))):
        put_value(source, header)
    return file_of(header, body)


def put_value(source: Random, at: Any) -> None:
    """Put any value in any place of lists and objects."""
    while at:
        keys = list(at) if isinstance(at, dict) else list(range(len(at)))
        key = source.choice(keys)
        if not (isinstance(at[key], dict | list) and at[key]) or source.random() < 0.4:
            at[key] = source.choice(VALUES)
            return
        at = at[key]


@hostile("a key of the header")
def key(source: Random, data: bytes) -> bytes:
    """A key of the header left out, put in, renamed, or there twice with different values."""
    header, body = header_of(data)
    name, how = source.choice(list(header)), source.randrange(4)
    if how == 0:
        del header[name]
    elif how == 1:
        header[source.choice(TEXTS)] = 1
    elif how == 2:
        header[name.upper()] = header.pop(name)
    text = json.dumps(header)
    if how == 3:
        text = text[:-1] + f', "{name}": {json.dumps(source.choice(VALUES[:10]))}}}'
    return file_of(text.encode(), body)


@hostile("text of the header")
def text(source: Random, data: bytes) -> bytes:
    """In the place of the header what is no JSON, or JSON that readers take in different ways."""
    header, body = header_of(data)
    good = json.dumps(header)
    return file_of(
        source.choice(
            (
                good.replace('"rate"', '"rate" ').encode("utf-16"),
                good.encode("utf-32"),
                b"\xef\xbb\xbf" + good.encode(),
                good.encode() + b" x",
                good.encode() + b"\0" * 50,
                good.replace('"1"', "NaN").encode(),
                good.replace('"steps":', '"steps": -').encode(),
                b"[" * source.choice((100, 10**5)),
                b'{"a":' * 10**4,
                b"[" * 5000 + b"]" * 5000,
                b"1" * 10**4,
                b"-" + b"9" * 5000,
                b'"' + b"\\" * 999,
                good.replace("{", "[").encode(),
                b"null",
                b"\xff\xfe" * 20,
                good.replace('"scale": ', '"scale": 0').encode(),
                good.replace('"scale": ', '"scale": 1e').encode(),
                good.replace('"hints": {', '"hints": {"deep": ' + "[" * 900 + "]" * 900 + ", ").encode(),
            )
        ),
        body,
    )


@hostile("lengths of the arrays")
def lengths(source: Random, data: bytes) -> bytes:
    """Declared longer (2 GB in a short file too), shorter, negative, renamed or exchanged."""
    header, body = header_of(data)
    entries, how = header["arrays"], source.randrange(5)
    i, j = source.randrange(5), source.randrange(5)
    if how == 0:
        entries[i]["length"] = source.choice(
            (1 << 28, 1 << 31, 1 << 60, 1 << 61, (1 << 61) + entries[i]["length"], *HUGE)
        )
    elif how == 1:
        step = source.choice((1, 2, 8, -1))
        entries[i]["length"] += step
        entries[j]["length"] -= step
    elif how == 2:
        entries[i], entries[j] = entries[j], entries[i]
    elif how == 3:
        entries[i]["name"] = source.choice(("", NAMES[j], 5, None, "x" * 1000))
    else:
        header["arrays"] = source.choice(
            (entries[:-1], [*entries, entries[0]], {"offsets": 5}, None, [], [[]] * 5, "offsets")
        )
    return file_of(header, body)


def _with_arrays(data: bytes, change: Callable[[dict[str, Any]], None], *, inputs: int | None = None) -> bytes:
    header, body = header_of(data)
    ends = np.cumsum([entry["length"] for entry in header["arrays"]])
    parts: dict[str, Any] = dict(zip(NAMES, np.split(np.frombuffer(body, "<i8").copy(), ends[:-1]), strict=True))
    change(parts)
    body = b"".join(np.asarray(parts[name], np.int64).astype("<i8").tobytes() for name in NAMES)
    header["arrays"] = [{"name": name, "length": len(parts[name])} for name in NAMES]
    header["sha256"] = sha256_of(body)
    if inputs is not None:
        header["inputs"] = [f"x{i}" for i in range(inputs)]
    return file_of(header, body)


@hostile("numbers in the arrays")
def numbers(source: Random, data: bytes) -> bytes:
    """The digest is right: extreme integers anywhere, decreasing or wrapping offsets, tails that are not there,
    sorted or shuffled rows."""

    def change(parts: dict[str, Any]) -> None:
        row = parts[source.choice(NAMES[:3] * 3 + NAMES[3:])]
        how = source.randrange(4)
        if how == 0 and len(row):
            for _ in range(source.choice((1, 1, 3, 20))):
                row[source.randrange(len(row))] = source.choice(INTS)
        elif how == 1 and len(row):
            row[:] = source.choice(INTS)
        elif how == 2 and len(row) > 1:
            order = list(range(len(row)))
            source.shuffle(order)
            row[:] = row[order]
        elif len(row) > 1:
            i = source.randrange(len(row) - 1)
            row[i], row[i + 1] = row[i + 1], row[i]

    return _with_arrays(data, change)


@hostile("offsets that wrap")
def wrapping(source: Random, data: bytes) -> bytes:
    """Offsets whose differences in 64 bits are all at least 0 though they go around."""

    def change(parts: dict[str, Any]) -> None:
        offsets = parts["offsets"]
        at = source.randrange(2, len(offsets) - 5)
        around = [1 << 62, (1 << 63) - 1, -(1 << 63), -(1 << 62)]
        offsets[at : at + 4] = around
        offsets[at + 4 :] = np.maximum(offsets[at + 4 :], source.choice((0, offsets[-1])))

    return _with_arrays(data, change)


@hostile("many vertices or inputs in few bytes")
def many(source: Random, data: bytes) -> bytes:
    """Vertices without edges, a million names, one vertex that all others lead to."""
    n = source.choice((10, 1000, 50_000))

    def change(parts: dict[str, Any]) -> None:
        how = source.randrange(3)
        if how == 0:
            parts["offsets"] = np.append(parts["offsets"], np.full(n, parts["offsets"][-1]))
        elif how == 1:
            size = len(parts["offsets"]) - 1
            parts["offsets"] = np.concatenate((np.zeros(size, np.int64), [0, size]))
            parts["sources"], parts["weights"] = np.arange(size), np.full(size, source.choice(INTS))
        else:
            parts["sampled"] = np.arange(len(parts["sources"]))
            parts["frozen"] = np.arange(len(parts["sources"]))

    return _with_arrays(data, change, inputs=source.choice((None, 0, n)))


def hostile_network(base: Base, name: str, seed: int) -> bytes:
    """The hostile network that is made of a base by the kind of this name and a seed."""
    return HOSTILE[name](Random(f"hostile/{base.name}/{name}/{seed}"), base.data)


def hostile_text(source: Random, data: bytes, pieces: Sequence[bytes]) -> bytes:
    """A file of lines, ``data``, changed by a seeded ``source``: cut, garbled, or with words, lines or pieces of its
    own kind put in, taken out, doubled or exchanged."""
    how = source.randrange(7)
    if how < 2:
        return cut(source, data) if how else garbled(source, data)
    lines = data.split(b"\n")
    for _ in range(source.choice((1, 1, 2, 5))):
        i, j, piece = source.randrange(len(lines)), source.randrange(len(lines)), source.choice(pieces)
        words = lines[i].split(b" ")
        k = source.randrange(len(words))
        if how == 2:
            words[k] = piece
            lines[i] = b" ".join(words)
        elif how == 3:
            lines.insert(i, piece if source.random() < 0.5 else lines[j])
        elif how == 4 and len(lines) > 1:
            del lines[i]
        elif how == 5:
            lines[i], lines[j] = lines[j], lines[i]
        else:
            at = source.randrange(len(lines[i]) + 1)
            lines[i] = lines[i][:at] + piece + lines[i][at:]
    return b"\n".join(lines)


def hostile_json(source: Random, data: bytes) -> bytes:
    """A JSON file with any value in any place, a key left out or there twice, or what is no JSON."""
    how = source.randrange(8)
    if how < 2:
        return cut(source, data) if how else garbled(source, data)
    if how == 2:
        return source.choice(NO_JSON)
    found = json.loads(data)
    for _ in range(source.choice((1, 1, 2))):
        put_value(source, found)
    text = json.dumps(found)
    return (text.replace("{", f'{{"{source.choice(list(found))}": 1, ', 1) if how == 3 and found else text).encode()


def hostile_machine(data: bytes, seed: int) -> bytes:
    """A machine's file, ``data``, changed by a seed: ASCII or binary AIGER with a line, a number or bytes replaced, or
    its comment's JSON."""
    source = Random(f"hostile machine/{seed}")
    how = source.randrange(5)
    if how == 0:
        return cut(source, data)
    if how == 1:
        return garbled(source, data)
    if how == 2:
        return noise(source, data)
    lines = data.split(b"\n")
    if how == 3:
        i = source.randrange(min(len(lines), source.choice((1, 40, len(lines)))))
        words = lines[i].split(b" ")
        words[source.randrange(len(words))] = str(source.choice(VALUES)).encode("utf-8", "surrogatepass")
        lines[i] = b" ".join(words)
        return b"\n".join(lines)
    mark = data.rfind(b"{")
    comment = json.loads(data[mark:].decode())
    comment[source.choice([*comment, "more"])] = source.choice(VALUES)
    return data[:mark] + json.dumps(comment).encode() + b"\n"
