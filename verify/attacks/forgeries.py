"""Forged certificates: changes in the grammar (bytes, lines, symbols, keys) and in the meaning (roles, what is
carried, renamings, proofs).

Each kind gets a seeded source, an honest certificate, which it may change, and the network's bytes; it returns a note,
None if there is nothing to change, or bytes if it writes what is no JSON any more.
"""

import hashlib
import json
from collections.abc import Callable
from random import Random
from typing import Any

from verify.attacks.bases import base
from verify.attacks.certificates import Certificate, Forged, honest
from verify.attacks.kinds import KINDS as NETWORK_KINDS
from verify.attacks.mutants import mutant
from verify.certifier.handing_over import written

Change = Callable[[Random, Certificate], str | None]
FORGERIES: dict[str, Change] = {}
ODD = ("\x0b", "\x0c", "\r", "\x1c", "\x85", "\u2028", "\0", "\t", "\x7f", "\u00a0", "\u0661")
"""Characters that some readers take for the end of a line, for a space or for a digit."""


def forges(name: str) -> Callable[[Change], Change]:
    """Register a kind."""

    def register(function: Change) -> Change:
        FORGERIES[name] = function
        return function

    return register


def _models(cert: Certificate) -> list[dict[str, Any]]:
    return [said for said in cert["rounds"] if "like" not in said]


def _one(source: Random, rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    return source.choice(rows) if rows else None


def _swap(source: Random, row: list[Any]) -> str | None:
    if len(row) < 2:
        return None
    i, j = source.sample(range(len(row)), 2)
    if row[i] == row[j]:
        return None
    row[i], row[j] = row[j], row[i]
    return f"places {i} and {j}"


def _lines(source: Random, cert: Certificate, change: Callable[[list[str]], str | None]) -> str | None:
    lines = cert["machine"].split("\n")
    note = change(lines)
    cert["machine"] = "\n".join(lines)
    return note


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

    return _lines(source, cert, change)


@forges("grammar: symbols behind the comment")
def symbols_behind(source: Random, cert: Certificate) -> str | None:
    """The symbols of two inputs are exchanged behind the comment, before or after its JSON."""

    def change(lines: list[str]) -> str:
        names = [line for line in lines if line.startswith("i")]
        one, other = source.sample(names, 2) if len(names) > 1 else (names[0], names[0])
        at = lines.index("c") + source.choice((1, 2))
        lines[at:at] = [f"{one.split(' ')[0]} {other.split(' ')[1]}", f"{other.split(' ')[0]} {one.split(' ')[1]}"]
        return f"{one!r} and {other!r}"

    return _lines(source, cert, change)


@forges("grammar: the comment's JSON")
def comment(source: Random, cert: Certificate) -> str | None:
    """A key twice, a key more or less, a truth value for a number, a number as text."""
    head, _, tail = cert["machine"].rpartition("{")
    said = json.loads("{" + tail)
    key = source.choice(sorted(said))
    text = json.dumps(said)
    bad = source.choice(
        [
            text[:-1] + f', "{key}": {json.dumps(said[key])}}}', text[:-1] + ', "more": 1}', text.replace(f'"{key}"', f'"{key}_"'),
            json.dumps(said | {key: True}), json.dumps(said | {key: str(said[key])}), json.dumps(said | {key: None}), text + " ", text + text,
        ]
    )  # fmt: skip
    cert["machine"] = head + bad + "\n"
    return f"{key} in {bad[:60]}"


@forges("grammar: a number of the machine written otherwise")
def number(source: Random, cert: Certificate) -> str | None:
    """A leading zero, a sign, two spaces, an underscore."""

    def change(lines: list[str]) -> str:
        i = source.randrange(lines.index("c"))
        words = lines[i].split(" ")
        j = source.randrange(len(words))
        words[j] = source.choice(("0", "+", "-", " ", "1_", "0x")) + words[j]
        lines[i] = " ".join(words)
        return lines[i]

    return _lines(source, cert, change)


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
    """An entry less, or one more."""
    place = source.choice([cert, *cert["rounds"]])
    key = source.choice(sorted(place))
    if source.random() < 0.5:
        del place[key]
        return f"without {key}"
    place[f"{key}s"] = place[key]
    return f"{key} also as {key}s"


@forges("meaning: roles")
def roles(source: Random, cert: Certificate) -> str | None:
    """Roles exchanged, or one replaced: another digit, another query, the clock's, none."""
    said = _one(source, _models(cert))
    if said is None or len(said["roles"]) < 2:
        return None
    if source.random() < 0.5:
        return _swap(source, said["roles"])
    i = source.randrange(1, len(said["roles"]))
    said["roles"][i] = [source.choice((-2, -1, 0, 1)), source.randrange(3), source.randrange(2)]
    return f"copy {i}: {said['roles'][i]}"


@forges("meaning: the held output")
def held(source: Random, cert: Certificate) -> str | None:
    """Another number."""
    said = _one(source, _models(cert))
    if said is None:
        return None
    said["held"] = source.choice(("-3/2", "3/2", "-9/8", "9/8", "-1", "1", "0"))
    return str(said["held"])


@forges("meaning: what is carried")
def carries(source: Random, cert: Certificate) -> str | None:
    """A function negated, exchanged or replaced; a constant put in, out or in its place; an entry less or of another
    vertex.
    """
    said = _one(source, [said for said in _models(cert) if said["carries"]])
    if said is None:
        return None
    row = source.choice(said["carries"])
    what = source.randrange(6)
    if what == 0:
        row[1] ^= 1
    elif what == 1:
        row[2] = source.choice([None, 0, 1])
    elif what == 2:
        row[1] = source.choice(source.choice(said["carries"])[1:2] + [0, 1, *said["state"]])
    elif what == 3:
        said["carries"].remove(row)
    elif what == 4:
        row[0] += source.choice((-1, 1))
    else:
        other = source.choice(said["carries"])
        row[1], other[1] = other[1], row[1]
    return f"{what}: {row}"


@forges("meaning: the state")
def state(source: Random, cert: Certificate) -> str | None:
    """Bits exchanged, negated, constant."""
    said = _one(source, [said for said in _models(cert) if said["state"]])
    if said is None:
        return None
    i = source.randrange(len(said["state"]))
    said["state"][i] = source.choice([said["state"][i] ^ 1, 0, 1, source.choice(said["state"])])
    return f"bit {i}"


@forges("meaning: equal functions")
def equal(source: Random, cert: Certificate) -> str | None:
    """A pair that is not equal, said of one round or of all (so that each round may use it)."""
    models = [said for said in _models(cert) if said["state"]]
    if not models:
        return None
    literals = sorted({*models[0]["state"], 0, 1, *(row[1] for said in models for row in said["carries"])})
    pair = [source.choice(literals), source.choice(literals)]
    for said in models if source.random() < 0.5 else [source.choice(models)]:
        said["equal"] = [*said["equal"], pair] if source.random() < 0.8 else []
    return str(pair)


@forges("meaning: a function")
def function(source: Random, cert: Certificate) -> str | None:
    """Another k, another operand, one that defines itself or an input of the machine."""
    if not cert["functions"]:
        cert["functions"] = [[1, [2]]]
        return "a function of an input"
    i = source.randrange(len(cert["functions"]))
    row = cert["functions"][i]
    if source.random() < 0.3 or not row[1]:
        row[0] = source.randrange(4)
    else:
        row[1][source.randrange(len(row[1]))] = source.choice([2, 3, 0, 1, row[1][0] ^ 1, row[1][-1] + 2, -4, -5])
    return f"function {i}: {row}"


def _vertices(runs: list[int]) -> list[int]:
    return [v for first, count in zip(runs[::2], runs[1::2], strict=True) for v in range(first, first + count)]


@forges("meaning: rows of vertices")
def rows(source: Random, cert: Certificate) -> str | None:
    """Two vertices of a round, or of what it reads, exchanged; one left out, said twice, or replaced by its neighbour."""
    said = _one(source, cert["rounds"])
    if said is None:
        return None
    name = source.choice(("vertices", "vertices", "reads"))
    row = _vertices(said[name])
    if len(row) < 2:
        return None
    what, i = source.randrange(4), source.randrange(len(row))
    if what == 0:
        j = source.randrange(len(row))
        row[i], row[j] = row[j], row[i]
    elif what == 1:
        row[i] = row[source.randrange(len(row))]
    elif what == 2:
        row[i] = max(row[i] + source.choice((-1, 1)), 1)
    else:
        del row[i]
    said[name] = [x for v in row for x in (v, 1)]
    return f"{name} {what} {i}"


@forges("meaning: a round like another")
def like(source: Random, cert: Certificate) -> str | None:
    """A round that is proved is said to be like an earlier one of as many vertices; or one that is like one, like
    another.
    """
    rounds = cert["rounds"]
    if len(rounds) < 2:
        return None
    t = source.randrange(1, len(rounds))
    others = [s for s in range(t) if "like" not in rounds[s]]
    s = source.choice(others)
    rounds[t] = {"like": s + 1, "vertices": rounds[t]["vertices"], "reads": rounds[t]["reads"]}
    return f"round {t + 1} like {s + 1}"


@forges("meaning: tolerance and decoder")
def decoder(source: Random, cert: Certificate) -> str | None:
    """A smaller tolerance, a larger one; another decoder with a tolerance that allows for it, or without."""
    if source.random() < 0.3 or not cert["decoder"]:
        cert["tolerance"] = source.choice(("0", "1/1000", "1000", "2", "-1", "1/2"))
        return f"tolerance {cert['tolerance']}"
    name = source.choice(sorted(cert["decoder"]))
    cert["decoder"][name] = max(0, cert["decoder"][name] + source.choice((-1, 1, 2)))
    if source.random() < 0.7:
        cert["tolerance"] = "3/2"
    return f"{name} {cert['decoder'][name]}"


@forges("meaning: final controls")
def final(source: Random, cert: Certificate) -> str | None:
    """One less, one more."""
    row = _vertices(cert["final"])
    if row and source.random() < 0.5:
        row.remove(source.choice(row))
    else:
        row.append(
            source.choice(_vertices(cert["rounds"][-1]["vertices"])) if cert["rounds"] else 1 + source.randrange(5)
        )
    cert["final"] = [x for v in sorted(row) for x in (v, 1)]
    return f"{len(row)} final controls"


@forges("meaning: the machine")
def machine(source: Random, cert: Certificate) -> str | None:
    """Another literal in a gate, an output or a next state; another start; another number in the comment."""

    def change(lines: list[str]) -> str | None:
        counts = list(map(int, lines[0].split(" ")[2:]))
        low = 1 + counts[0]
        if source.random() < 0.2:
            key, old = source.choice(
                [('_fraction": ', source.choice("0123456789")), ('signed": ', "false"), ('rounds": ', "1")]
            )
            lines[-2] = lines[-2].replace(f"{key}{old}", f"{key}{'true' if old == 'false' else int(old) + 1}", 1)
            return lines[-2][-60:]
        i = source.randrange(low, low + sum(counts[1:]))
        words = lines[i].split(" ")
        j = source.randrange(0 if len(words) == 1 else 1, len(words))
        words[j] = (
            str(max(int(words[j]) + source.choice((-2, -1, 1, 2)), 0))
            if source.random() < 0.5
            else str(int(words[j]) ^ 1)
        )
        lines[i] = " ".join(words)
        return lines[i]

    return _lines(source, cert, change)


@forges("meaning: proofs")
def proofs(source: Random, cert: Certificate) -> str | None:
    """Proofs cut, reordered, of another node or another phase; a step less, twice, exchanged; a literal or a hint
    replaced.
    """
    lists = [(said["proofs"], when) for said in _models(cert) for when in said["proofs"]] + (
        [(cert, "proofs")] if cert["proofs"] else []
    )
    if not lists:
        return None
    place, when = source.choice(lists)
    row = source.choice(place[when])
    steps, what = row[2], source.randrange(9)
    if what == 0:
        steps.pop()
    elif what == 1:
        del steps[source.randrange(len(steps))]
    elif what == 2:
        _swap(source, steps)
    elif what == 3:
        row[1] ^= 1
    elif what == 4:
        other = source.choice(place[when])
        row[2], other[2] = other[2], row[2]
    elif what == 5:
        row[0] += source.choice((-1, 1))
    elif what == 6:
        step = source.choice(steps)
        step[0] = [x ^ 1 for x in step[0]] if source.random() < 0.5 else step[0][:-1]
    elif what == 7:
        step = source.choice(steps)
        step[1] = 0 if source.random() < 0.3 else source.choice(steps)[1]
    else:
        place[when].remove(row)
    return f"{when}: {what}"


def forged(name: str, kind: str, seed: int) -> Forged | None:
    """A forged certificate; None if there is nothing to change."""
    source = Random(f"{name} {kind} {seed}")
    cert, data = honest(name), base(name).data
    if kind == "bytes":
        text = bytearray(written(cert))
        text[source.randrange(len(text))] = source.randrange(256)
        return Forged(kind=kind, note="a byte", certificate=bytes(text), network=data)
    if kind == "another network":
        found = mutant(base(name), source.choice(sorted(NETWORK_KINDS)), seed)
        if found is None or found.machine is not base(name).machine:
            return None
        cert["network"] = hashlib.sha256(found.data).hexdigest()
        return Forged(kind=kind, note=found.note, certificate=written(cert), network=found.data)
    note = FORGERIES[kind](source, cert)
    if note is None or cert == honest(name):
        return None
    try:
        return Forged(kind=kind, note=note, certificate=written(cert), network=data)
    except (KeyError, TypeError, ValueError):
        return Forged(kind=kind, note=note, certificate=json.dumps(cert).encode(), network=data)


KINDS = ("bytes", "another network", *FORGERIES)
