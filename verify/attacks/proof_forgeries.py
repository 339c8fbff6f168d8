"""Forged proof files: one thing of an honest one is changed at random, or several.

>>> import json
>>> from verify.attacks.proof_bases import honest
>>> data = json.loads(honest()[0])
>>> FORGERIES["statements: a premise is dropped"](Random(1), data)
"the premise of 'alike' of method.alike"
>>> theorem_with(Random(1), data, "rows")["id"], part_of(Random(1), data, "inductions")[1]["label"]
('squares.few', 'over the numbers')
>>> len(truths(data)) > 9, [key for _, key in slots({"a": [1]})]
(True, ['a', 0])
"""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

Data = dict[str, Any]
Forge = Callable[[Random, Data], str | None]
FORGERIES: dict[str, Forge] = {}
"""What can be done to a proof file, by name: each changes it and says what it changed, or finds nothing to change."""
OTHER = {
    "<": ("<=", ">", ">="),
    "<=": ("<", ">="),
    ">": (">=", "<"),
    ">=": (">", "<="),
    "==": ("!=", "<="),
    "!=": ("==",),
    "+": ("-", "*"),
    "-": ("+",),
    "*": ("+",),
    "/": ("*",),
    "and": ("or",),
    "or": ("and",),
    "iff": ("or",),
}
WRONG: tuple[Any, ...] = (None, True, -1, 0, 1, 7, 1 << 40, "", "x", "1/0", "1/2", [], {}, [[]])


def forgery(name: str) -> Callable[[Forge], Forge]:
    """Put a way of forging into the table.

    >>> forgery("the name of a way")(lambda source, data: None) is FORGERIES.pop("the name of a way")
    True
    """

    def put(forge: Forge) -> Forge:
        FORGERIES[name] = forge
        return forge

    return put


def theorem_with(source: Random, data: Data, has: str = "") -> Data | None:
    """A theorem of a proof file (its ``data``) whose proof ``has`` some of something; ``source`` draws it."""
    found = [each for each in data["theorems"] if not has or each["proof"][has]]
    return source.choice(found) if found else None


def part_of(source: Random, data: Data, name: str, kinds: tuple[str, ...] = ()) -> tuple[Data, Data] | None:
    """A theorem of a proof file (its ``data``) with one of its grounds (of some kinds), inductions, facts or rows, by
    their name; ``source`` draws it."""
    pairs = [
        (theorem, each)
        for theorem in data["theorems"]
        for each in theorem["proof"][name]
        if not kinds or each["kind"] in kinds
    ]
    return source.choice(pairs) if pairs else None


def truths(data: Data) -> list[int]:
    """The places of terms that are formulas, by their operation."""
    return [i for i, (op, _, _) in enumerate(data["terms"]) if op in OTHER and op not in "+-*/"] + [
        i for i, (op, _, _) in enumerate(data["terms"]) if op in ("true", "false", "not")
    ]


def slots(value: Any) -> Iterator[tuple[Any, Any]]:
    """All places inside a value: what holds it, and under which key."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        yield value, key
        yield from slots(inner)


@forgery("json: any place")
def _any_place(source: Random, data: Data) -> str | None:
    place, key = source.choice(list(slots(data)))
    place[key] = source.choice(WRONG)
    return f"{key} of something"


@forgery("json: two places of one kind")
def _two_places(source: Random, data: Data) -> str | None:
    place, key = source.choice(list(slots(data["theorems"])))
    alike = [(p, k) for p, k in slots(data["theorems"]) if k == key and type(p[k]) is type(place[key])]
    other, same = source.choice(alike)
    place[key], other[same] = other[same], place[key]
    return f"{key} of two things"


@forgery("terms: another operation")
def _operation(source: Random, data: Data) -> str | None:
    row = source.choice([row for row in data["terms"] if row[0] in OTHER])
    before, row[0] = row[0], source.choice(OTHER[row[0]])
    return f"{before} is {row[0]}"


@forgery("terms: another number")
def _number(source: Random, data: Data) -> str | None:
    row = source.choice([row for row in data["terms"] if row[0] == "constant"])
    before, row[1] = row[1], source.choice(("0", "1", "-1", "2", "3", "10", "1/2"))
    return f"{before} is {row[1]}"


@forgery("terms: another argument")
def _argument(source: Random, data: Data) -> str | None:
    i = source.choice([i for i, row in enumerate(data["terms"]) if row[2]])
    args = data["terms"][i][2]
    args[source.randrange(len(args))] = source.randrange(i)
    return f"an argument of term {i}"


@forgery("terms: another name")
def _name(source: Random, data: Data) -> str | None:
    rows = [row for row in data["terms"] if row[0] in ("variable", "apply")]
    row, other = source.choice(rows), source.choice(rows)
    row[1][0] = other[1][0]
    return f"a name is {other[1][0]}"


@forgery("terms: another kind of variable")
def _kind(source: Random, data: Data) -> str | None:
    row = source.choice([row for row in data["terms"] if row[0] == "variable"])
    row[1][1] = source.choice(("real", "integer", "truth"))
    return f"{row[1][0]} is {row[1][1]}"


@forgery("statements: another fact")
def _fact(source: Random, data: Data) -> str | None:
    theorem = source.choice(data["theorems"])
    fact = source.choice(theorem["facts"])
    fact[source.choice((1, 2))] = source.choice(truths(data))
    return f"{fact[0]!r} of {theorem['id']}"


@forgery("statements: a premise is dropped")
def _premise(source: Random, data: Data) -> str | None:
    theorem = source.choice(data["theorems"])
    fact = source.choice(theorem["facts"])
    data["terms"].append(["true", None, []])
    fact[1] = len(data["terms"]) - 1
    return f"the premise of {fact[0]!r} of {theorem['id']}"


@forgery("statements: two facts change places")
def _places(source: Random, data: Data) -> str | None:
    theorem = source.choice(data["theorems"])
    facts = theorem["facts"]
    i, j = source.randrange(len(facts)), source.randrange(len(facts))
    facts[i][1:], facts[j][1:] = facts[j][1:], facts[i][1:]
    return f"facts {i} and {j} of {theorem['id']}" if i != j else None


@forgery("statements: a fact more, with the proof of another")
def _more(source: Random, data: Data) -> str | None:
    theorem = source.choice(data["theorems"])
    proof = theorem["proof"]
    theorem["facts"].append(["more", source.choice(theorem["facts"])[1], source.choice(truths(data))])
    if proof["facts"]:
        proof["facts"].append(dict(source.choice(proof["facts"])))
    for row in proof["rows"]:
        row["said"].append([True, True])
    return f"a fact more of {theorem['id']}"


@forgery("theorems: proofs change places")
def _proofs(source: Random, data: Data) -> str | None:
    one, other = source.sample(data["theorems"], 2)
    one["proof"], other["proof"] = other["proof"], one["proof"]
    return f"the proofs of {one['id']} and {other['id']}"


@forgery("theorems: statements change places")
def _statements(source: Random, data: Data) -> str | None:
    one, other = source.sample(data["theorems"], 2)
    for name in ("facts", "key") if source.random() < 0.5 else ("facts",):
        one[name], other[name] = other[name], one[name]
    return f"the statements of {one['id']} and {other['id']}"


@forgery("theorems: one has another's name")
def _called(source: Random, data: Data) -> str | None:
    one, other = source.sample(data["theorems"], 2)
    one["id"], other["id"] = other["id"], source.choice((one["id"], "nobody"))
    return f"{other['id']} is called {one['id']}"


@forgery("theorems: another rule")
def _rule(source: Random, data: Data) -> str | None:
    theorem = source.choice(data["theorems"])
    theorem["rule"] = source.choice(("solver", "induction", "identity", "enumeration", "principle"))
    if source.random() < 0.5:
        theorem["proof"] = {name: [] for name in theorem["proof"]}
    return f"{theorem['id']} by {theorem['rule']}"


@forgery("theorems: one is left out")
def _left_out(source: Random, data: Data) -> str | None:
    theorem = data["theorems"].pop(source.randrange(len(data["theorems"])))
    return f"without {theorem['id']}"


@forgery("theorems: another key")
def _key(source: Random, data: Data) -> str | None:
    theorem, other = source.choice(data["theorems"]), source.choice(data["theorems"])
    theorem["key"] = source.choice((other["key"], "0" * 64))
    return f"the key of {theorem['id']}"


@forgery("taint: less of it")
def _taint(source: Random, data: Data) -> str | None:
    theorem = source.choice(data["theorems"])
    name = source.choice(list(theorem["taint"]))
    before, theorem["taint"][name] = theorem["taint"][name], []
    theorem["finite"] = "" if name == "finite" and source.random() < 0.5 else theorem["finite"]
    return f"{name} of {theorem['id']}" if before else None
