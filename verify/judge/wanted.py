"""A reviewer's own file: which statements are to be re-established, and what may be taken for it.

It is JSON: ``kind`` and ``format``, ``statements`` with an ``id`` and the ``key`` or the canonical ``text`` of each
(and ``least``, the verdict that is enough: PROVED unless it says CHECKED), ``principles`` that may be used (names, or
names with the ``key`` of what is meant), and ``tables``: whether the rows of an enumeration that has no formulas may be
taken as they are.

>>> found = Wanted(b'''{"kind": "querygrad statements", "format": 1, "principles": ["markov"],
... "statements": [{"id": "a.claim", "text": ["fact 'a': 0 => 0"]}]}''')
>>> found.statements[0].id, found.statements[0].key[:8], found.statements[0].least, found.principles, found.tables
('a.claim', '32e8a0ef', 'PROVED', {'markov': None}, False)
"""

import re
from dataclasses import dataclass
from typing import Any

from verify.judge.reading import digest, json_object, texts, well_formed

KIND, FORMAT = "querygrad statements", 1
PROVED, CHECKED = "PROVED", "CHECKED"
KEY = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class WantedStatement:
    """A statement of the reviewer's: the ``id`` that the file has for it, its ``key``, and the ``least`` verdict."""

    id: str
    key: str
    least: str


class Wanted:
    """What a reviewer asks for. Raises MalformedError for a file that is not of its grammar."""

    def __init__(self, data: bytes) -> None:
        self.sha256 = digest(data)
        where = "the statements"
        found = json_object(data, where)
        odd = sorted(set(found) - {"kind", "format", "statements", "principles", "tables"})
        well_formed(not odd, "kind, format, statements, principles and tables", odd, where)
        head = (found.get("kind"), found.get("format"))
        well_formed(head == (KIND, FORMAT), f"{KIND} of format {FORMAT}", f"{head}", where)
        entries = found.get("statements")
        well_formed(type(entries) is list and entries, "a list of statements", entries, where)
        self.statements = [_statement(each, f"statement {i}") for i, each in enumerate(entries or [])]
        principles = found.get("principles", [])
        well_formed(type(principles) is list, "a list of principles", principles, where)
        self.principles = dict(_principle(each, where) for each in principles)
        self.tables = found.get("tables", False)
        well_formed(type(self.tables) is bool, "true or false for tables", self.tables, where)


def _statement(entry: Any, where: str) -> WantedStatement:
    right = type(entry) is dict and type(entry.get("id")) is str and not set(entry) - {"id", "key", "text", "least"}
    well_formed(right and ("key" in entry) != ("text" in entry), "an id, and a key or a text", entry, where)
    least = entry.get("least", PROVED)
    well_formed(least in (PROVED, CHECKED), "PROVED or CHECKED", least, where)
    if "text" in entry:
        lines = [entry["text"]] if type(entry["text"]) is str else texts(entry["text"], where)
        return WantedStatement(entry["id"], digest("\n".join(lines).encode("utf-8", "surrogatepass")), least)
    return WantedStatement(entry["id"], _key(entry["key"], where), least)


def _key(value: Any, where: str) -> str:
    well_formed(type(value) is str and KEY.fullmatch(value), "a key of 64 hexadecimal digits", value, where)
    return str(value)


def _principle(entry: Any, where: str) -> tuple[str, str | None]:
    if type(entry) is str:
        return entry, None
    right = type(entry) is dict and set(entry) == {"name", "key"} and type(entry["name"]) is str
    well_formed(right, "a name of a principle, or a name and a key", entry, where)
    return entry["name"], _key(entry["key"], where)
