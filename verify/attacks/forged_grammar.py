"""Certificates forged in their grammar: characters, lines, symbols, the comment, values and entries.

Each changes an honest certificate, ``cert``, by what a seeded ``source`` draws, and says what it did; None if there is
nothing to change.
"""

import json
from random import Random
from typing import Any

from verify.attacks.certificates import Certificate
from verify.attacks.forging import ODD, change_lines, forges


@forges("grammar: an odd character in the machine")
def odd_character(source: Random, cert: Certificate) -> str | None:
    """One of the characters that split lines for some readers only, anywhere."""
    text, mark = cert["machine"], source.choice(ODD)
    at = source.choice(
        [source.randrange(len(text)), text.index("\nc\n") + source.randrange(4), text.rindex("{") + source.randrange(9)]
    )
    cert["machine"] = text[:at] + mark + text[at:]
    return f"{mark!r} at {at}"


@forges("grammar: a line of the machine twice")
def line_twice(source: Random, cert: Certificate) -> str | None:
    """A line is said again, perhaps elsewhere, perhaps with another number."""

    def change(lines: list[str]) -> str:
        i, j = source.randrange(1, len(lines) - 1), source.randrange(1, len(lines))
        line = lines[i] if source.random() < 0.5 else lines[i].replace("1", "0", 1)
        lines.insert(j, line)
        return f"{line!r} at {j}"

    return change_lines(source, cert, change)


@forges("grammar: symbols behind the comment")
def symbols_behind(source: Random, cert: Certificate) -> str | None:
    """The symbols of two inputs are exchanged behind the comment, before or after its JSON."""

    def change(lines: list[str]) -> str:
        names = [line for line in lines if line.startswith("i")]
        one, other = source.sample(names, 2) if len(names) > 1 else (names[0], names[0])
        at = lines.index("c") + source.choice((1, 2))
        lines[at:at] = [f"{one.split(' ')[0]} {other.split(' ')[1]}", f"{other.split(' ')[0]} {one.split(' ')[1]}"]
        return f"{one!r} and {other!r}"

    return change_lines(source, cert, change)


@forges("grammar: the comment's JSON")
def comment(source: Random, cert: Certificate) -> str | None:
    """The comment of the machine: a key twice, a key more or less, a truth value for a number, a number as text."""
    head, _, tail = cert["machine"].rpartition("{")
    said = json.loads("{" + tail)
    key = source.choice(sorted(said))
    text = json.dumps(said)
    bad = source.choice(
        [
            text[:-1] + f', "{key}": {json.dumps(said[key])}}}',
            text[:-1] + ', "more": 1}',
            text.replace(f'"{key}"', f'"{key}_"'),
            json.dumps(said | {key: True}),
            json.dumps(said | {key: str(said[key])}),
            json.dumps(said | {key: None}),
            text + " ",
            text + text,
        ]
    )
    cert["machine"] = head + bad + "\n"
    return f"{key} in {bad[:60]}"


@forges("grammar: a number of the machine written otherwise")
def number(source: Random, cert: Certificate) -> str | None:
    """A number of the machine's text with a leading zero, a sign, two spaces, an underscore."""

    def change(lines: list[str]) -> str:
        i = source.randrange(lines.index("c"))
        words = lines[i].split(" ")
        j = source.randrange(len(words))
        words[j] = source.choice(("0", "+", "-", " ", "1_", "0x")) + words[j]
        lines[i] = " ".join(words)
        return lines[i]

    return change_lines(source, cert, change)


@forges("grammar: a value of the certificate")
def value(source: Random, cert: Certificate) -> str | None:
    """One place of the certificate, anywhere, becomes something else."""
    row: Any = cert
    path = []
    while isinstance(row, dict | list) and row:
        key = source.choice(sorted(row)) if isinstance(row, dict) else source.randrange(len(row))
        path.append(key)
        if not isinstance(row[key], dict | list) or not row[key] or source.random() < 0.1:
            row[key] = source.choice([None, True, -1, 1 << 70, "", "1/0", [], {}, [[]], 0, 1, 2, "x" * 200])
            break
        row = row[key]
    return "/".join(map(str, path))


@forges("grammar: an entry of the certificate")
def entry(source: Random, cert: Certificate) -> str | None:
    """An entry of the certificate less, or one more."""
    place = source.choice([cert, *cert["rounds"]])
    key = source.choice(sorted(place))
    if source.random() < 0.5:
        del place[key]
        return f"without {key}"
    place[f"{key}s"] = place[key]
    return f"{key} also as {key}s"
