"""A proof file: theorems with everything that they use, their derivations, tables and questions, as JSON.

The same claims, proved by the same provers, give the same bytes. ``proofs_notes/judge.md`` says what is in it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from constructions.errors import ConstructionError
from constructions.foundations.logic import every
from constructions.foundations.spelling import json_text
from constructions.foundations.terms import formula
from verify.obligations.obligation import Obligation
from verify.obligations.verdict import Verdict
from verify.proofs.derivation import Derivations
from verify.proofs.points import Points
from verify.proofs.table import TermTable
from verify.proofs.tables import rows
from verify.provers import by_sympy
from verify.provers.circles import uses_of
from verify.provers.outcome import SECONDS
from verify.store.content import Statement, content_of
from verify.store.rules import Store, prover_of

KIND, FORMAT = "querygrad proof", 1
NOTHING: dict[str, list[Any]] = {"grounds": [], "inductions": [], "facts": [], "rows": []}
TAINTS = ("principles", "finite", "open", "prose")


class Writing:
    """Writes theorems into one file.

    Parameters
    ----------
    known : all obligations that may be used, by id. proved : the verdict that each claim has by itself; one that has
        none here, or is not PROVED or CHECKED, is left out. seconds : for each question to z3 that is asked again.
        home : where the claim of an id is at home while it is stated; anywhere if it is not given.
    """

    def __init__(
        self,
        known: Mapping[str, Obligation],
        proved: Mapping[str, Verdict],
        seconds: int = SECONDS,
        *,
        home: Callable[[str], AbstractContextManager[Any]] = nullcontext,
    ) -> None:
        self.known, self.proved, self.seconds, self.home = known, proved, seconds, home
        self.table = TermTable()
        self.derivations = Derivations(self.table, known, seconds)
        self.theorems: dict[str, dict[str, Any]] = {}

    def text(self, ids: Iterable[str], made: Mapping[str, str]) -> str:
        """The file with the theorems of some ids and everything that they use; ``made`` says by which versions.

        >>> def is_no_less(least, case):
        ...     "A square is at least 0."
        ...     case.show("square", case.real("x") ** 2 >= least)
        >>> mine = Obligation(id="square", paper="mine", claim=is_no_less, of=lambda case: 0, twin=lambda case: 1)
        >>> import json
        >>> text = Writing({"square": mine}, {"square": Verdict.PROVED}).text(["square"], {"querygrad": "0"})
        >>> [theorem["id"] for theorem in json.loads(text)["theorems"]]
        ['square']
        """
        for id in ids:
            self._put(id)
        whole = {"kind": KIND, "format": FORMAT, "made": dict(made), "terms": _Lines(self.table.rows)}
        return _written(whole | {"theorems": _Lines(self.theorems.values())})

    def _put(self, id: str) -> None:
        """Put a theorem into the file, after what it uses."""
        if id in self.theorems or self.proved.get(id) not in (Verdict.PROVED, Verdict.CHECKED):
            return
        obligation = self.known[id]
        with self.home(id):
            for other in uses_of(obligation):
                self._put(other)
            statement, proof = content_of(obligation), self._proof(obligation)
        uses = [each["of"] for each in proof["grounds"] if each["kind"] in ("use", "principle")]
        for name in uses:
            if name.startswith("principle ") and name not in self.theorems:
                self._put_principle(name.removeprefix("principle "))
        checked = obligation.finite or self.proved[id] is Verdict.CHECKED
        own = {"finite": {id} if checked else set(), "prose": set(obligation.needs), "principles": set(), "open": set()}
        self.theorems[id] = {
            "id": id,
            "key": statement.digest,
            "rule": obligation.kind,
            "prover": prover_of(obligation.kind),
            "words": obligation.statement,
            "finite": obligation.finite or "",
            "facts": self._facts(statement),
            "needs": sorted(obligation.needs),
            "taint": self._taint(own, uses),
            "proof": proof,
        }

    def _put_principle(self, name: str) -> None:
        theorem = Store().principle(name)
        self.theorems[theorem.id] = {
            "id": theorem.id,
            "key": theorem.key,
            "rule": "principle",
            "prover": theorem.prover,
            "words": "",
            "finite": "",
            "facts": self._facts(theorem.statement),
            "needs": [],
            "taint": {key: [name] if key == "principles" else [] for key in TAINTS},
            "proof": NOTHING,
        }

    def _taint(self, own: Mapping[str, set[str]], uses: Sequence[str]) -> dict[str, list[str]]:
        found = {name: set(own[name]) for name in TAINTS}
        for id in uses:
            if id in self.theorems:
                for name in TAINTS:
                    found[name] |= set(self.theorems[id]["taint"][name])
            else:
                found["open"].add(id)
        return {name: sorted(found[name]) for name in TAINTS}

    def _facts(self, statement: Statement) -> list[list[Any]]:
        return [[label, self.table.place(under), self.table.place(said)] for label, under, said in statement.facts]

    def _proof(self, obligation: Obligation) -> dict[str, Any]:
        if obligation.kind == "enumeration":
            return NOTHING | {"rows": rows(obligation, self.table)}
        if obligation.kind != "identity":
            return self.derivations.of(obligation)
        case = by_sympy.build(obligation, obligation.of)
        under = every(*(premise.formula for premise in case.premises))
        point: dict[str, Any] | None = None
        if under is not True:
            answer = Points(case.variables, obligation, self.seconds).asking.ask(formula(under))
            point = {"values": {name: str(value) for name, value in answer.values.items()}, "runs": []}
        plain: dict[str, Any] = {"conditions": [], "given": None, "question": None, "valued": None, "point": point}
        return NOTHING | {"facts": [plain for _ in case.identities]}


class _Lines(list[Any]):
    """A list of which each entry is written on a line of its own."""


def _written(value: dict[str, Any]) -> str:
    """JSON in ASCII without lone surrogates, with a line for each entry of the long lists."""
    parts = []
    for name, part in value.items():
        if isinstance(part, _Lines):
            lines = ",\n".join(json_text(each, ascii=True, separators=(",", ":")) for each in part)
            text = f"[\n{lines}\n]" if lines else "[]"
        else:
            text = json_text(part, ascii=True, separators=(",", ":"))
        parts.append(f"{json_text(name)}: {text}")
    return "{" + ",\n".join(parts) + "}\n"


def check_any(ids: Sequence[str], proved: Mapping[str, Verdict]) -> None:
    """Refuse to write a file without any theorem.

    Parameters
    ----------
    ids : what was asked for. proved : the verdicts.

    Raises
    ------
    ConstructionError
        If none of the ids is PROVED or CHECKED.

    >>> check_any(["a"], {"a": Verdict.UNKNOWN})
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need a claim that is PROVED or CHECKED in a proof file, got a: UNKNOWN
    """
    if not any(proved.get(id) in (Verdict.PROVED, Verdict.CHECKED) for id in ids):
        got = ", ".join(f"{id}: {proved[id].name if id in proved else 'an error'}" for id in ids[:5]) or "none"
        raise ConstructionError(f"need a claim that is PROVED or CHECKED in a proof file, got {got}")
