"""Forged proof files: one thing of an honest one is changed at random, or several.

>>> import json
>>> from verify.attacks.proof_bases import honest
>>> data = json.loads(honest()[0])
>>> FORGERIES["statements: a premise is dropped"](Random(1), data)
"the premise of 'half' of shift.less"
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
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


def _theorem(source: Random, data: Data, has: str = "") -> Data | None:
    """A theorem whose proof has some of something."""
    found = [each for each in data["theorems"] if not has or each["proof"][has]]
    return source.choice(found) if found else None


def _part(source: Random, data: Data, name: str, kinds: tuple[str, ...] = ()) -> tuple[Data, Data] | None:
    """A theorem with one of its grounds, inductions, facts or rows."""
    pairs = [
        (theorem, each)
        for theorem in data["theorems"]
        for each in theorem["proof"][name]
        if not kinds or each["kind"] in kinds
    ]
    return source.choice(pairs) if pairs else None


def _truths(data: Data) -> list[int]:
    """The places of terms that are formulas, by their operation."""
    return [i for i, (op, _, _) in enumerate(data["terms"]) if op in OTHER and op not in "+-*/"] + [
        i for i, (op, _, _) in enumerate(data["terms"]) if op in ("true", "false", "not")
    ]


def _slots(value: Any) -> Iterator[tuple[Any, Any]]:
    """All places inside a value: what holds it, and under which key."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        yield value, key
        yield from _slots(inner)


@forgery("json: any place")
def _any_place(source: Random, data: Data) -> str | None:
    place, key = source.choice(list(_slots(data)))
    place[key] = source.choice(WRONG)
    return f"{key} of something"


@forgery("json: two places of one kind")
def _two_places(source: Random, data: Data) -> str | None:
    place, key = source.choice(list(_slots(data["theorems"])))
    alike = [(p, k) for p, k in _slots(data["theorems"]) if k == key and type(p[k]) is type(place[key])]
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
    fact[source.choice((1, 2))] = source.choice(_truths(data))
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
    theorem["facts"].append(["more", source.choice(theorem["facts"])[1], source.choice(_truths(data))])
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


@forgery("grounds: a conclusion as a premise")
def _as_premise(source: Random, data: Data) -> str | None:
    theorem = _theorem(source, data, "facts")
    assert theorem is not None
    i = source.randrange(len(theorem["facts"]))
    theorem["proof"]["grounds"].append({"kind": "premise", "term": theorem["facts"][i][2]})
    theorem["proof"]["facts"][i]["conditions"].append(len(theorem["proof"]["grounds"]) - 1)
    return f"{theorem['facts'][i][0]!r} of {theorem['id']}"


@forgery("grounds: a fact as a lemma of itself")
def _of_itself(source: Random, data: Data) -> str | None:
    theorem = _theorem(source, data, "facts")
    assert theorem is not None
    proof, i = theorem["proof"], source.randrange(len(theorem["facts"]))
    lemma = {"kind": "lemma", "term": theorem["facts"][i][2], "fact": i}
    if source.random() < 0.5:
        proof["grounds"].append(lemma)
    else:
        _insert(proof, 0, lemma)
    place = proof["grounds"].index(lemma)
    for fact in proof["facts"] if source.random() < 0.5 else [proof["facts"][i]]:
        fact["conditions"] = sorted({*fact["conditions"], place})
    return f"{theorem['facts'][i][0]!r} of {theorem['id']}"


def _insert(proof: Data, place: int, ground: Data) -> None:
    """Put a ground at a place; what was behind it moves."""
    proof["grounds"].insert(place, ground)
    for part in (*proof["facts"], *proof["inductions"]):
        part["conditions"] = [i + (i >= place) for i in part["conditions"]]


@forgery("grounds: another kind")
def _ground_kind(source: Random, data: Data) -> str | None:
    found = _part(source, data, "grounds")
    if found is None:
        return None
    theorem, ground = found
    kind = source.choice(("premise", "lemma", "use", "principle", "start", "step", "property"))
    if kind == "premise":
        term = ground["term"]
        ground.clear()
        ground["term"] = term
    if kind == "lemma":
        term = ground["term"]
        ground.clear()
        ground |= {"term": term, "fact": source.randrange(len(theorem["facts"]))}
    ground["kind"] = kind
    return f"a ground of {theorem['id']} is a {kind}"


@forgery("grounds: another term")
def _ground_term(source: Random, data: Data) -> str | None:
    found = _part(source, data, "grounds")
    if found is None:
        return None
    found[1]["term"] = source.choice(_truths(data))
    return f"a {found[1]['kind']} of {found[0]['id']}"


@forgery("grounds: their order")
def _order(source: Random, data: Data) -> str | None:
    theorem = _theorem(source, data, "grounds")
    assert theorem is not None
    source.shuffle(theorem["proof"]["grounds"])
    return f"the order in {theorem['id']}"


EDGES = ("use", "principle", "start", "step", "property")


@forgery("uses: another term is given")
def _given(source: Random, data: Data) -> str | None:
    found = _part(source, data, "grounds", EDGES)
    if found is None or not found[1]["given"]:
        return None
    name = source.choice(sorted(found[1]["given"]))
    other: Any = source.randrange(len(data["terms"]))
    found[1]["given"][name] = source.choice((other, other, other, "other", {"arguments": [other], "body": other}))
    return f"{name!r} at a {found[1]['kind']} of {found[0]['id']}"


@forgery("uses: nothing is given")
def _not_given(source: Random, data: Data) -> str | None:
    found = _part(source, data, "grounds", EDGES)
    if found is None or not found[1]["given"]:
        return None
    del found[1]["given"][source.choice(sorted(found[1]["given"]))]
    return f"at a {found[1]['kind']} of {found[0]['id']}"


@forgery("uses: another theorem")
def _another(source: Random, data: Data) -> str | None:
    found = _part(source, data, "grounds", EDGES)
    if found is None:
        return None
    other = source.choice(data["theorems"])
    found[1]["of"] = other["id"]
    if "key" in found[1]:
        found[1]["key"] = other["key"]
    return f"{other['id']} at a {found[1]['kind']} of {found[0]['id']}"


@forgery("uses: other facts")
def _labels(source: Random, data: Data) -> str | None:
    found = _part(source, data, "grounds", ("use", "principle"))
    if found is None:
        return None
    labels = [fact[0] for theorem in data["theorems"] for fact in theorem["facts"]]
    found[1]["facts"] = source.sample(labels, source.randrange(3))
    return f"facts at a use of {found[0]['id']}"


@forgery("runs: another state or input")
def _state(source: Random, data: Data) -> str | None:
    found = _part(source, data, "grounds", EDGES[2:])
    if found is None:
        return None
    values = source.choice([found[1]["state"], found[1]["inputs"]])
    for name in values:
        values[name] = source.randrange(len(data["terms"]))
    return f"at a {found[1]['kind']} of {found[0]['id']}" if values else None


@forgery("inductions: another term")
def _of_induction(source: Random, data: Data) -> str | None:
    found = _part(source, data, "inductions")
    if found is None:
        return None
    record, name = found[1], source.choice(("state", "start", "after", "inputs", "holds", "taken", "fixed"))
    if isinstance(record[name], int):
        record[name] = source.choice(_truths(data))
    elif isinstance(record[name], list):
        record[name] = source.sample(record[name], max(len(record[name]) - 1, 0))
    elif record[name]:
        record[name][source.choice(sorted(record[name]))] = source.randrange(len(data["terms"]))
    return f"{name} of {record['label']!r} of {found[0]['id']}"


@forgery("inductions: fewer conditions, or other blocks")
def _blocks(source: Random, data: Data) -> str | None:
    found = _part(source, data, "inductions")
    if found is None:
        return None
    record = found[1]
    if record["blocks"] and source.random() < 0.7:
        record["blocks"]["k"] = source.choice((0, 1, 2, 3))
        record["blocks"]["base"] = record["blocks"]["base"][: source.randrange(3)]
        return f"blocks of {found[0]['id']}"
    record["conditions"] = source.choice(([], [0], [0, 1], [1, 0], [99]))
    return f"conditions of {record['label']!r} of {found[0]['id']}"


@forgery("facts: other conditions")
def _conditions(source: Random, data: Data) -> str | None:
    found = _part(source, data, "facts")
    if found is None:
        return None
    count = len(found[0]["proof"]["grounds"])
    found[1]["conditions"] = sorted(source.sample(range(count + 1), source.randrange(count + 1)))
    return f"conditions in {found[0]['id']}"


@forgery("facts: a condition of its own")
def _own(source: Random, data: Data) -> str | None:
    found = _part(source, data, "facts")
    if found is None:
        return None
    found[1]["given"] = source.choice([None, *_truths(data)])
    return f"a condition in {found[0]['id']}"


@forgery("facts: another point")
def _point(source: Random, data: Data) -> str | None:
    found = _part(source, data, "facts")
    if found is None or found[1]["point"] is None:
        return None
    point = found[1]["point"]
    if source.random() < 0.2:
        found[1]["point"] = None
    elif point["runs"] and source.random() < 0.4:
        point["runs"] = source.choice(([], [point["runs"][0] | {"steps": source.randrange(5)}]))
    else:
        name = source.choice(sorted(point["values"]))
        point["values"][name] = source.choice(("0", "1", "-1", "1/2", "99"))
    return f"a point of {found[0]['id']}"


@forgery("questions: another text")
def _text(source: Random, data: Data) -> str | None:
    slots = [(p, k) for p, k in _slots(data["theorems"]) if isinstance(p[k], str) and "check-sat" in p[k]]
    place, key = source.choice(slots)
    other, same = source.choice(slots)
    false = "(set-logic QF_UF)\n(assert false)\n(check-sat)\n"
    place[key] = source.choice((other[same], false, "", place[key] + "\n", place[key].replace("(not ", "(and ")))
    return f"{key} of something"


@forgery("principles: another statement or name")
def _principle(source: Random, data: Data) -> str | None:
    theorem = next((each for each in data["theorems"] if each["rule"] == "principle"), None)
    if theorem is None:
        return None
    if source.random() < 0.5:
        theorem["facts"][0][source.choice((1, 2))] = source.choice(_truths(data))
        return "what it says"
    before, name = theorem["id"], source.choice(("principle union bound", "principle everything", "markov"))
    theorem["id"] = name
    for _, ground in [(each, g) for each in data["theorems"] for g in each["proof"]["grounds"]]:
        ground["of"] = name if ground.get("of") == before else ground.get("of")
    return f"it is called {name}"


@forgery("tables: another row")
def _row(source: Random, data: Data) -> str | None:
    found = _part(source, data, "rows")
    if found is None:
        return None
    theorem, row = found
    if source.random() < 0.3:
        theorem["proof"]["rows"].remove(row)
    elif source.random() < 0.5:
        row["values"][source.choice(sorted(row["values"]))] = source.choice(("0", "3", "-9", "1/2"))
    else:
        cell = source.choice(row["said"])
        cell[source.choice((0, 1))] = source.choice((True, False, ["1", "1"], ["1", "2"], source.choice(_truths(data))))
    return f"a row of {theorem['id']}"


@forgery("several")
def _several(source: Random, data: Data) -> str | None:
    names = source.sample([name for name in FORGERIES if name != "several"], source.randint(2, 4))
    notes: list[str | None] = []
    for name in names:
        with suppress(AttributeError, IndexError, KeyError, TypeError, ValueError):  # nothing is where it was
            notes.append(FORGERIES[name](source, data))
    return "; ".join(filter(None, notes)) or None
