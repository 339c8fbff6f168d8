"""False statements with an excuse for a proof: what a checker must see through.

Each way takes an honest proof file, makes one fact say the opposite, or nothing at all, and adds what might pass for a
reason: itself as a lemma, a premise that the statement does not have, a circle, an induction without a base.

>>> import json
>>> from verify.attacks.proof_bases import honest
>>> data = json.loads(honest()[0])
>>> FORGERIES["false: a lemma of itself"](Random(1), data)
"'alike' of method.alike"
"""

from random import Random
from typing import Any

from verify.attacks.proof_forgeries import FORGERIES, Data, forgery


def _term(data: Data, op: str, *args: int) -> int:
    """A new term of the file, and its place."""
    data["terms"].append([op, None, list(args)])
    return len(data["terms"]) - 1


def _falsified(source: Random, data: Data) -> tuple[Data, int, str]:
    """A theorem with a derivation of which a fact says the opposite now; its number, and in words which it is."""
    theorem = source.choice(
        [each for each in data["theorems"] if each["proof"]["facts"] and each["rule"] != "identity"]
    )
    i = source.randrange(len(theorem["facts"]))
    fact = theorem["facts"][i]
    fact[2] = source.choice((_term(data, "not", fact[2]), _term(data, "false")))
    return theorem, i, f"{fact[0]!r} of {theorem['id']}"


def _rest_on(theorem: Data, i: int, ground: Data) -> None:
    """Let a fact rest on one more ground."""
    theorem["proof"]["grounds"].append(ground)
    theorem["proof"]["facts"][i]["conditions"].append(len(theorem["proof"]["grounds"]) - 1)


@forgery("false: nothing but the claim")
def _bare(source: Random, data: Data) -> str | None:
    theorem, i, note = _falsified(source, data)
    theorem["proof"]["facts"][i]["question"] = source.choice((None, theorem["proof"]["facts"][i]["question"]))
    return note


@forgery("false: a lemma of itself")
def _lemma(source: Random, data: Data) -> str | None:
    theorem, i, note = _falsified(source, data)
    _rest_on(theorem, i, {"kind": "lemma", "term": theorem["facts"][i][2], "fact": i})
    return note


@forgery("false: a lemma of a lemma of itself")
def _two_lemmas(source: Random, data: Data) -> str | None:
    theorem, i, note = _falsified(source, data)
    said = theorem["facts"][i][2]
    theorem["facts"].append(["again", theorem["facts"][i][1], said])
    theorem["proof"]["facts"].append(dict(theorem["proof"]["facts"][i]))
    last = len(theorem["facts"]) - 1
    theorem["proof"]["facts"][last]["conditions"] = list(theorem["proof"]["facts"][i]["conditions"])
    _rest_on(theorem, i, {"kind": "lemma", "term": said, "fact": last})
    _rest_on(theorem, last, {"kind": "lemma", "term": said, "fact": i})
    both = {*theorem["proof"]["facts"][i]["conditions"], *theorem["proof"]["facts"][last]["conditions"]}
    for each in (i, last):
        theorem["proof"]["facts"][each]["conditions"] = sorted(both)
    return note


@forgery("false: a premise that the statement does not have")
def _premise(source: Random, data: Data) -> str | None:
    theorem, i, note = _falsified(source, data)
    _rest_on(theorem, i, {"kind": "premise", "term": theorem["facts"][i][2]})
    return note


@forgery("false: a condition that the statement does not have")
def _condition(source: Random, data: Data) -> str | None:
    theorem, i, note = _falsified(source, data)
    theorem["proof"]["facts"][i]["given"] = theorem["facts"][i][2]
    return note


@forgery("false: under what cannot hold")
def _vacuous(source: Random, data: Data) -> str | None:
    theorem, i, note = _falsified(source, data)
    never = _term(data, "and", theorem["facts"][i][2], _term(data, "not", theorem["facts"][i][2]))
    theorem["facts"][i][1] = never
    proof = theorem["proof"]["facts"][i]
    proof["conditions"], proof["given"] = [], never
    proof["point"] = source.choice((None, {"values": {}, "runs": []}, proof["point"]))
    return note


@forgery("false: a lemma with fewer premises")
def _fewer(source: Random, data: Data) -> str | None:
    theorem = next(each for each in data["theorems"] if any(g["kind"] == "lemma" for g in each["proof"]["grounds"]))
    proof = theorem["proof"]
    j = next(j for j, ground in enumerate(proof["grounds"]) if ground["kind"] == "lemma")
    i = source.randrange(len(theorem["facts"]))
    theorem["facts"][i][1:] = [_term(data, "true"), proof["grounds"][j]["term"]]
    proof["facts"][i] |= {"conditions": [j], "given": None, "point": None}
    return f"{theorem['facts'][i][0]!r} of {theorem['id']}"


def _use(theorem: Data, term: int) -> Data:
    return {
        "kind": "use",
        "term": term,
        "of": theorem["id"],
        "key": theorem["key"],
        "facts": [],
        "given": {},
        "question": None,
    }


@forgery("false: used by itself")
def _itself(source: Random, data: Data) -> str | None:
    theorem, i, note = _falsified(source, data)
    _rest_on(theorem, i, _use(theorem, theorem["facts"][i][2]))
    return note


@forgery("false: used in a circle")
def _circle(source: Random, data: Data) -> str | None:
    theorem, i, note = _falsified(source, data)
    label, _, said = theorem["facts"][i]
    nothing = {"conditions": [0], "given": None, "question": "", "valued": None, "point": None}
    back: Data = theorem | {"id": "the other way", "facts": [[label, theorem["facts"][i][1], said]]}
    back["taint"] = {name: [] for name in theorem["taint"]}
    back["needs"], back["finite"] = [], ""
    back["proof"] = {"grounds": [_use(theorem, said)], "inductions": [], "facts": [nothing], "rows": []}
    data["theorems"].append(back)
    _rest_on(theorem, i, _use(back, said))
    return note


@forgery("false: by another rule without a proof")
def _no_proof(source: Random, data: Data) -> str | None:
    theorem, _, note = _falsified(source, data)
    theorem["rule"] = source.choice(("enumeration", "identity", "principle"))
    theorem["proof"] = {name: [] for name in theorem["proof"]}
    if theorem["rule"] == "enumeration":
        row: Any = {"values": {}, "said": [[True, True] for _ in theorem["facts"]]}
        theorem["proof"]["rows"] = source.choice(([], [row]))
    return note


@forgery("false: a property without a proof")
def _property(source: Random, data: Data) -> str | None:
    theorem = next(each for each in data["theorems"] if each["id"] == "sum.grows")
    proof, record = theorem["proof"], theorem["proof"]["inductions"][0]
    never = _term(data, "false")
    record["holds"] = never
    ground = next(each for each in proof["grounds"] if each["kind"] == "property")
    ground["term"] = never
    if source.random() < 0.5:  # base and step rest on the property itself
        record["conditions"] = list(range(len(proof["grounds"])))
    theorem["facts"][-1][2] = never
    return f"{record['label']!r} of {theorem['id']}"


@forgery("false: a run from nowhere")
def _nowhere(source: Random, data: Data) -> str | None:
    theorem = next(each for each in data["theorems"] if each["id"] == "sum.two")
    steps = [each for each in theorem["proof"]["grounds"] if each["kind"] in ("start", "step")]
    source.choice(steps)["state"] = dict(source.choice(steps)["state"])
    for ground in source.sample(steps, 2):
        ground["inputs"] = {name: source.randrange(len(data["terms"])) for name in ground["inputs"]}
    theorem["facts"][0][2] = _term(data, "not", theorem["facts"][0][2])
    return "a rule of a run in sum.two"


@forgery("false: an integer that is none")
def _integer(source: Random, data: Data) -> str | None:
    theorem = next(each for each in data["theorems"] if each["id"] == "shift.twice")
    use = source.choice([each for each in theorem["proof"]["grounds"] if each["kind"] == "use"])
    reals = [i for i, (op, named, _) in enumerate(data["terms"]) if op == "variable" and named[1] == "real"]
    use["given"]["n"] = source.choice(reals)
    theorem["facts"][0][2] = _term(data, "not", theorem["facts"][0][2])
    return "n in shift.twice"


FALSE = tuple(name for name in FORGERIES if name.startswith("false"))
"""The ways of this module."""
