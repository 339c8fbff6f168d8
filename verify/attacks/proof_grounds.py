"""Forged derivations in proof files: grounds, uses, runs, inductions, points, questions, principles and tables.

>>> import json
>>> from verify.attacks.proof_bases import honest
>>> data = json.loads(honest()[0])
>>> FORGERIES["grounds: their order"](Random(1), data)
'the order in method.alike'
"""

from contextlib import suppress
from random import Random
from typing import Any

from verify.attacks.proof_forgeries import FORGERIES, Data, forgery, part_of, slots, theorem_with, truths


@forgery("grounds: a conclusion as a premise")
def _as_premise(source: Random, data: Data) -> str | None:
    theorem = theorem_with(source, data, "facts")
    assert theorem is not None
    i = source.randrange(len(theorem["facts"]))
    theorem["proof"]["grounds"].append({"kind": "premise", "term": theorem["facts"][i][2]})
    theorem["proof"]["facts"][i]["conditions"].append(len(theorem["proof"]["grounds"]) - 1)
    return f"{theorem['facts'][i][0]!r} of {theorem['id']}"


@forgery("grounds: a fact as a lemma of itself")
def _of_itself(source: Random, data: Data) -> str | None:
    theorem = theorem_with(source, data, "facts")
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
    found = part_of(source, data, "grounds")
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
    found = part_of(source, data, "grounds")
    if found is None:
        return None
    found[1]["term"] = source.choice(truths(data))
    return f"a {found[1]['kind']} of {found[0]['id']}"


@forgery("grounds: their order")
def _order(source: Random, data: Data) -> str | None:
    theorem = theorem_with(source, data, "grounds")
    assert theorem is not None
    source.shuffle(theorem["proof"]["grounds"])
    return f"the order in {theorem['id']}"


EDGES = ("use", "principle", "start", "step", "property")


@forgery("uses: another term is given")
def _given(source: Random, data: Data) -> str | None:
    found = part_of(source, data, "grounds", EDGES)
    if found is None or not found[1]["given"]:
        return None
    name = source.choice(sorted(found[1]["given"]))
    other: Any = source.randrange(len(data["terms"]))
    found[1]["given"][name] = source.choice((other, other, other, "other", {"arguments": [other], "body": other}))
    return f"{name!r} at a {found[1]['kind']} of {found[0]['id']}"


@forgery("uses: nothing is given")
def _not_given(source: Random, data: Data) -> str | None:
    found = part_of(source, data, "grounds", EDGES)
    if found is None or not found[1]["given"]:
        return None
    del found[1]["given"][source.choice(sorted(found[1]["given"]))]
    return f"at a {found[1]['kind']} of {found[0]['id']}"


@forgery("uses: another theorem")
def _another(source: Random, data: Data) -> str | None:
    found = part_of(source, data, "grounds", EDGES)
    if found is None:
        return None
    other = source.choice(data["theorems"])
    found[1]["of"] = other["id"]
    if "key" in found[1]:
        found[1]["key"] = other["key"]
    return f"{other['id']} at a {found[1]['kind']} of {found[0]['id']}"


@forgery("uses: other facts")
def _labels(source: Random, data: Data) -> str | None:
    found = part_of(source, data, "grounds", ("use", "principle"))
    if found is None:
        return None
    labels = [fact[0] for theorem in data["theorems"] for fact in theorem["facts"]]
    found[1]["facts"] = source.sample(labels, source.randrange(3))
    return f"facts at a use of {found[0]['id']}"


@forgery("runs: another state or input")
def _state(source: Random, data: Data) -> str | None:
    found = part_of(source, data, "grounds", EDGES[2:])
    if found is None:
        return None
    values = source.choice([found[1]["state"], found[1]["inputs"]])
    for name in values:
        values[name] = source.randrange(len(data["terms"]))
    return f"at a {found[1]['kind']} of {found[0]['id']}" if values else None


@forgery("inductions: another term")
def _of_induction(source: Random, data: Data) -> str | None:
    found = part_of(source, data, "inductions")
    if found is None:
        return None
    record, name = found[1], source.choice(("state", "start", "after", "inputs", "earlier", "holds", "taken", "fixed"))
    if isinstance(record[name], int):
        record[name] = source.choice(truths(data))
    elif isinstance(record[name], list):
        record[name] = source.sample(record[name], max(len(record[name]) - 1, 0))
    elif record[name]:
        record[name][source.choice(sorted(record[name]))] = source.randrange(len(data["terms"]))
    return f"{name} of {record['label']!r} of {found[0]['id']}"


@forgery("inductions: fewer conditions, or other blocks")
def _blocks(source: Random, data: Data) -> str | None:
    found = part_of(source, data, "inductions")
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
    found = part_of(source, data, "facts")
    if found is None:
        return None
    count = len(found[0]["proof"]["grounds"])
    found[1]["conditions"] = sorted(source.sample(range(count + 1), source.randrange(count + 1)))
    return f"conditions in {found[0]['id']}"


@forgery("facts: a condition of its own")
def _own(source: Random, data: Data) -> str | None:
    found = part_of(source, data, "facts")
    if found is None:
        return None
    found[1]["given"] = source.choice([None, *truths(data)])
    return f"a condition in {found[0]['id']}"


@forgery("facts: another point")
def _point(source: Random, data: Data) -> str | None:
    found = part_of(source, data, "facts")
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
    found = [(p, k) for p, k in slots(data["theorems"]) if isinstance(p[k], str) and "check-sat" in p[k]]
    place, key = source.choice(found)
    other, same = source.choice(found)
    false = "(set-logic QF_UF)\n(assert false)\n(check-sat)\n"
    place[key] = source.choice((other[same], false, "", place[key] + "\n", place[key].replace("(not ", "(and ")))
    return f"{key} of something"


@forgery("principles: another statement or name")
def _principle(source: Random, data: Data) -> str | None:
    theorem = next((each for each in data["theorems"] if each["rule"] == "principle"), None)
    if theorem is None:
        return None
    if source.random() < 0.5:
        theorem["facts"][0][source.choice((1, 2))] = source.choice(truths(data))
        return "what it says"
    before, name = theorem["id"], source.choice(("principle union bound", "principle everything", "markov"))
    theorem["id"] = name
    for _, ground in [(each, g) for each in data["theorems"] for g in each["proof"]["grounds"]]:
        ground["of"] = name if ground.get("of") == before else ground.get("of")
    return f"it is called {name}"


@forgery("tables: another row")
def _row(source: Random, data: Data) -> str | None:
    found = part_of(source, data, "rows")
    if found is None:
        return None
    theorem, row = found
    if source.random() < 0.3:
        theorem["proof"]["rows"].remove(row)
    elif source.random() < 0.5:
        row["values"][source.choice(sorted(row["values"]))] = source.choice(("0", "3", "-9", "1/2"))
    else:
        cell = source.choice(row["said"])
        cell[source.choice((0, 1))] = source.choice((True, False, ["1", "1"], ["1", "2"], source.choice(truths(data))))
    return f"a row of {theorem['id']}"


@forgery("several")
def _several(source: Random, data: Data) -> str | None:
    names = source.sample([name for name in FORGERIES if name != "several"], source.randint(2, 4))
    notes: list[str | None] = []
    for name in names:
        with suppress(
            AssertionError, AttributeError, LookupError, StopIteration, TypeError, ValueError
        ):  # nothing is where it was
            notes.append(FORGERIES[name](source, data))
    return "; ".join(filter(None, notes)) or None
