"""A proof file as values: its table of terms, and theorems with the derivation of each.

Everything here is only *read*: what has the right form is not thereby right. ``check.py`` decides.

>>> data = b'{"kind": "querygrad proof", "format": 1, "made": {}, "terms": [["true", null, []]], "theorems": []}'
>>> ProofFile(data).theorems
{}
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from verify.judge.instances import Given, Made
from verify.judge.reading import digest, fields, json_object, rational, texts, well_formed
from verify.judge.statements import Statement
from verify.judge.terms import TRUTH, Node, Terms

KIND, FORMAT = "querygrad proof", 1
RULES = ("solver", "induction", "identity", "enumeration", "principle")
USES = ("use", "principle")
RUN_RULES = ("start", "step", "property")
MOST_TERMS = 5_000_000


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What facts rest on: a premise, a lemma (an earlier fact), a use, a principle, or a rule about what is reached.

    Parameters
    ----------
    kind : which of them. term : what is taken as true. fact : of a lemma, the number of the fact. of, key : what is
        used, by id and key. facts : the labels that are wanted; all if there are none. given : what stands for the
        other's variables. induction : the label of an induction of the other's. state, inputs : those of a rule.
    question : in SMT-LIB, that the instance does not imply the term; None where they are one term.
    """

    kind: str
    term: Node
    fact: int = -1
    of: str = ""
    key: str = ""
    facts: tuple[str, ...] = ()
    given: Mapping[str, Given]
    induction: str = ""
    state: Mapping[str, Node]
    inputs: Mapping[str, Node]
    question: str | None = None


@dataclass(frozen=True, kw_only=True)
class Blocks:
    """A proof of a step by blocks of ``k`` states: the variables that are new in each step, and the questions."""

    k: int
    renewed: tuple[Node, ...]
    base: tuple[str, ...]
    step: str


@dataclass(frozen=True, kw_only=True)
class StepKinds:
    """A step that is divided into kinds: what each step of a kind meets (``terms``), the question of its step for each,
    and the question whether a step is of none (``some``)."""

    terms: tuple[Node, ...]
    steps: tuple[str, ...]
    some: str


@dataclass(frozen=True, kw_only=True)
class Induction:
    """An induction over steps.

    Parameters
    ----------
    label : its name. conditions : the grounds on which base and step rest. state, inputs : variables by name.
        earlier : groups of inputs that stand for the state at an earlier moment, ``GROUP: NAME`` each. start,
        after : terms by the names of the state. holds : the property. taken : when a step is taken. reached, fixed :
        the predicate that says which states are reached, and its first arguments; an empty name if nothing is said of
        it. base, step : the questions; blocks, kinds : instead of a step, if there are some.
    """

    label: str
    conditions: tuple[int, ...]
    state: Mapping[str, Node]
    start: Mapping[str, Node]
    after: Mapping[str, Node]
    inputs: Mapping[str, Node]
    earlier: tuple[str, ...]
    holds: Node
    taken: Node
    reached: str
    fixed: tuple[Node, ...]
    base: str
    step: str
    blocks: Blocks | None
    kinds: StepKinds | None = None


@dataclass(frozen=True, kw_only=True)
class Point:
    """Values at which premises hold; ``runs`` are explicit runs of inductions: label, name of inputs and steps."""

    values: Mapping[str, Fraction]
    runs: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, kw_only=True)
class FactProof:
    """How a fact is shown: on which grounds and under which condition of its own; that it cannot fail, and that it
    always has a value, as questions; and a point at which what it presupposes holds."""

    conditions: tuple[int, ...]
    given: Node | None
    question: str | None
    valued: str | None
    point: Point | None


@dataclass(frozen=True, kw_only=True)
class Row:
    """One point of an enumeration: values, and as ``said``, for each fact, what it presupposes and what it says there:
    formulas, or truth values and pairs of rationals that should be equal."""

    values: Mapping[str, Fraction]
    said: tuple[tuple[Any, Any], ...]


@dataclass(frozen=True, kw_only=True)
class Theorem:
    """One theorem of the file.

    Parameters
    ----------
    id, key, rule, prover : as they are written. statement : what it says. words : its claim in words. needs : ids on
        which it rests in words. taint : on what its truth depends, as the file says. grounds, inductions, facts : the
        derivation. finite : the finite case in words, of an enumeration. rows : the table of an enumeration.
    """

    id: str
    key: str
    rule: str
    prover: str
    statement: Statement
    words: str
    needs: tuple[str, ...]
    taint: Mapping[str, tuple[str, ...]]
    finite: str
    grounds: tuple[Ground, ...]
    inductions: tuple[Induction, ...]
    facts: tuple[FactProof, ...]
    rows: tuple[Row, ...]


class ProofFile:
    """A proof file. Raises MalformedError for one that is not of its grammar.

    >>> head = b'{"kind": "querygrad proof", "format": 1, "made": {}, "theorems": [], '
    >>> file = ProofFile(head + b'"terms": [["true", null, []]]}')
    >>> file.at(0, "a fact").op
    'true'
    >>> file.at(1, "a fact")
    Traceback (most recent call last):
        ...
    verify.judge.reading.MalformedError: need the number of an earlier term, got 1, at a fact
    """

    def __init__(self, data: bytes) -> None:
        self.sha256 = digest(data)
        found = json_object(data, "the proof file")
        kinds: Any = {"kind": str, "format": int, "made": dict, "terms": list, "theorems": list}
        kind, version, self.made, terms, theorems = fields(found, kinds, "the proof file")
        well_formed((kind, version) == (KIND, FORMAT), f"a {KIND} of format {FORMAT}", f"{kind} {version}", "the head")
        well_formed(len(terms) <= MOST_TERMS, f"at most {MOST_TERMS} terms", len(terms), "the proof file")
        self.table = Terms()
        self.nodes: list[Node] = []
        for i, entry in enumerate(terms):
            self.nodes.append(self._node(entry, f"term {i}"))
        self.theorems: dict[str, Theorem] = {}
        for entry in theorems:
            made = _Reader(self, entry).theorem()
            well_formed(made.id not in self.theorems, "each theorem once", made.id, "the proof file")
            self.theorems[made.id] = made

    def _node(self, entry: Any, where: str) -> Node:
        right = type(entry) is list and len(entry) == 3 and type(entry[0]) is str and type(entry[2]) is list
        well_formed(right, "an operation, data and arguments", entry, where)
        op, data, places = entry
        return self.table.make(op, _data(op, data, where), [self.at(place, where) for place in places])

    def at(self, place: Any, where: str) -> Node:
        """The term at a place. Raises MalformedError, with ``where``, if there is none."""
        right = type(place) is int and 0 <= place < len(self.nodes)
        well_formed(right, "the number of an earlier term", place, where)
        found: Node = self.nodes[place]
        return found


def _data(op: str, data: Any, where: str) -> Any:
    if op == "constant":
        return rational(data, where)
    if op == "apply" and type(data) is list and len(data) == 3 and type(data[1]) is list:
        flat = all(type(each) is str for each in (data[0], data[2], *data[1]))
        well_formed(flat, "texts", data, where)
        return (data[0], tuple(data[1]), data[2])
    if type(data) is list:
        well_formed(all(type(each) in (str, int) for each in data), "texts or numbers", data, where)
        return tuple(data)
    well_formed(data is None or type(data) is int, "data of an operation", data, where)
    return data


class _Reader:
    """Reads one theorem."""

    def __init__(self, file: ProofFile, entry: Any) -> None:
        self.file = file
        names = ["id", "key", "rule", "prover", "words", "finite"]
        kinds: Any = dict.fromkeys(names, str) | {"facts": list, "needs": list, "taint": dict, "proof": dict}
        got = entry.get("id") if isinstance(entry, dict) else None
        self.where = f"theorem {got}"
        self.entry = dict(zip(kinds, fields(entry, kinds, self.where), strict=True))

    def theorem(self) -> Theorem:
        entry = self.entry
        well_formed(entry["rule"] in RULES, f"a rule ({', '.join(RULES)})", entry["rule"], self.where)
        facts = tuple(self._stated(each) for each in entry["facts"])
        labels = [label for label, _, _ in facts]
        well_formed(len(set(labels)) == len(labels) and facts, "facts with different labels", labels, self.where)
        taint = fields(entry["taint"], dict.fromkeys(("principles", "finite", "open", "prose"), list), self.where)
        named = zip(("principles", "finite", "open", "prose"), taint, strict=True)
        kinds: Any = dict.fromkeys(("grounds", "inductions", "facts", "rows"), list)
        grounds, inductions, proofs, rows = fields(entry["proof"], kinds, self.where)
        return Theorem(
            **{name: entry[name] for name in ("id", "key", "rule", "prover", "words", "finite")},
            statement=Statement(facts, self._case(entry)),
            needs=tuple(texts(entry["needs"], self.where)),
            taint={name: tuple(texts(value, self.where)) for name, value in named},
            grounds=tuple(self._ground(each) for each in grounds),
            inductions=tuple(self._induction(each) for each in inductions),
            facts=tuple(self._fact(each) for each in proofs),
            rows=tuple(self._row(each) for each in rows),
        )

    def _case(self, entry: dict[str, Any]) -> str:
        """The finite case as the statement has it: of an enumeration with its words and its points."""
        if entry["rule"] != "enumeration":
            return str(entry["finite"])
        points = [each.get("values") if isinstance(each, dict) else None for each in entry["proof"].get("rows", [])]
        shown = ", ".join(str(point) for point in points[:10_000])
        return f"{entry['finite']}; {entry['words']}; {len(points)} points: {shown}"

    def _stated(self, each: Any) -> tuple[str, Node, Node]:
        right = type(each) is list and len(each) == 3 and type(each[0]) is str
        well_formed(right, "a label and two terms", each, self.where)
        return each[0], self._truth(each[1]), self._truth(each[2])

    def _term(self, place: Any) -> Node:
        return self.file.at(place, self.where)

    def _truth(self, place: Any) -> Node:
        found = self._term(place)
        well_formed(found.sort == TRUTH, "a formula", found.sort, self.where)
        return found

    def _terms(self, value: Any) -> dict[str, Node]:
        well_formed(type(value) is dict, "terms by name", value, self.where)
        return {name: self._term(place) for name, place in value.items()}

    def _numbers(self, value: Any) -> tuple[int, ...]:
        well_formed(type(value) is list and all(type(each) is int for each in value), "numbers", value, self.where)
        return tuple(value)

    def _text(self, value: Any) -> str | None:
        well_formed(value is None or type(value) is str, "a text or nothing", value, self.where)
        return value  # type: ignore[no-any-return]

    def _given(self, value: Any) -> dict[str, Given]:
        well_formed(type(value) is dict, "what is given, by name", value, self.where)
        return {name: self._one_given(each) for name, each in value.items()}

    def _one_given(self, each: Any) -> Given:
        if type(each) is int:
            return self._term(each)
        if type(each) is str:
            return each
        arguments, body = fields(each, {"arguments": list, "body": int}, self.where)
        return Made(tuple(map(self._term, arguments)), self._term(body))

    def _ground(self, each: Any) -> Ground:
        kind = each.get("kind") if isinstance(each, dict) else None
        base: Any = {"kind": str, "term": int}
        if kind == "premise":
            fields(each, base, self.where)
            more: dict[str, Any] = {}
        elif kind == "lemma":
            more = {"fact": fields(each, base | {"fact": int}, self.where)[2]}
        else:
            more = self._edge(kind, each, base)
        plain: dict[str, Any] = {"given": {}, "state": {}, "inputs": {}}
        return Ground(kind=str(kind), term=self._truth(each["term"]), **(plain | more))

    def _edge(self, kind: Any, each: Any, base: Any) -> dict[str, Any]:
        """The fields of a use, a principle, or a rule about what is reached."""
        well_formed(kind in (*USES, *RUN_RULES), "a kind of ground", kind, self.where)
        common: Any = base | {"of": str, "given": dict, "question": (str, type(None))}
        if kind in USES:
            _, _, of, given, question, key, labels = fields(each, common | {"key": str, "facts": list}, self.where)
            more: dict[str, Any] = {"key": key, "facts": tuple(texts(labels, self.where))}
        else:
            kinds = common | {"induction": str, "state": dict, "inputs": dict}
            _, _, of, given, question, label, state, inputs = fields(each, kinds, self.where)
            more = {"induction": label, "state": self._terms(state), "inputs": self._terms(inputs)}
        return more | {"of": of, "given": self._given(given), "question": question}

    def _induction(self, each: Any) -> Induction:
        kinds: Any = {
            "label": str,
            "conditions": list,
            "state": dict,
            "start": dict,
            "after": dict,
            "inputs": dict,
            "earlier": list,
            "holds": int,
            "taken": int,
            "reached": str,
            "fixed": list,
            "base": str,
            "step": str,
            "blocks": (dict, type(None)),
        }
        kinds |= {"kinds": dict} if isinstance(each, dict) and "kinds" in each else {}
        found = dict(zip(kinds, fields(each, kinds, self.where), strict=True))
        found |= {name: self._terms(found[name]) for name in ("state", "start", "after", "inputs")}
        found |= {name: self._truth(found[name]) for name in ("holds", "taken")}
        found["earlier"] = tuple(texts(found["earlier"], self.where))
        found["conditions"], found["fixed"] = self._numbers(found["conditions"]), tuple(map(self._term, found["fixed"]))
        found["blocks"] = None if found["blocks"] is None else self._blocks(found["blocks"])
        found |= {"kinds": self._kinds(found["kinds"])} if "kinds" in found else {}
        return Induction(**found)

    def _kinds(self, each: Any) -> StepKinds:
        terms, steps, some = fields(each, {"terms": list, "steps": list, "some": str}, self.where)
        found = tuple(self._truth(term) for term in terms)
        well_formed(0 < len(found) == len(steps), "a step for each kind, and some kind", len(found), self.where)
        return StepKinds(terms=found, steps=tuple(texts(steps, self.where)), some=some)

    def _blocks(self, each: Any) -> Blocks:
        k, renewed, base, step = fields(each, {"k": int, "renewed": list, "base": list, "step": str}, self.where)
        return Blocks(k=k, renewed=tuple(map(self._term, renewed)), base=tuple(texts(base, self.where)), step=step)

    def _fact(self, each: Any) -> FactProof:
        nothing = type(None)
        kinds: Any = {"conditions": list, "given": (int, nothing), "question": (str, nothing)}
        kinds |= {"valued": (str, nothing), "point": (dict, nothing)}
        conditions, given, question, valued, point = fields(each, kinds, self.where)
        return FactProof(
            conditions=self._numbers(conditions),
            given=None if given is None else self._truth(given),
            question=question,
            valued=valued,
            point=None if point is None else self._point(point),
        )

    def _values(self, value: Any) -> dict[str, Fraction]:
        well_formed(type(value) is dict, "values by name", value, self.where)
        return {name: rational(each, self.where) for name, each in value.items()}

    def _point(self, each: Any) -> Point:
        values, runs = fields(each, {"values": dict, "runs": list}, self.where)
        read = []
        for run in runs:
            label, prefix, steps = fields(run, {"induction": str, "prefix": str, "steps": int}, self.where)
            well_formed(0 <= steps <= 1000, "a number of steps", steps, self.where)
            read.append((label, prefix, steps))
        return Point(values=self._values(values), runs=tuple(read))

    def _row(self, each: Any) -> Row:
        values, said = fields(each, {"values": dict, "said": list}, self.where)
        pairs = []
        for pair in said:
            well_formed(type(pair) is list and len(pair) == 2, "two parts of a fact", pair, self.where)
            pairs.append((self._cell(pair[0]), self._cell(pair[1])))
        return Row(values=self._values(values), said=tuple(pairs))

    def _cell(self, part: Any) -> Any:
        """A formula by its place, a truth value, or two rationals."""
        if type(part) is bool:
            return part
        if type(part) is list:
            well_formed(len(part) == 2, "two rationals", part, self.where)
            return rational(part[0], self.where), rational(part[1], self.where)
        return self._truth(part)
