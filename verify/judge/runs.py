"""What "reached" means: the start, step, inputs and premises of an induction, and the digest of all this.

A statement that says "reached" means nothing by itself. So its key has the digest of what is meant, and what is meant
can be read.

>>> import json
>>> from verify.judge.theorems import ProofFile
>>> empty = {"kind": "querygrad proof", "format": 1, "made": {}, "terms": [], "theorems": []}
>>> file = ProofFile(json.dumps(empty).encode())
>>> Runs.of(file.table, file.theorems).meanings([])
()
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from verify.judge.instances import MARK
from verify.judge.reading import need
from verify.judge.statements import Statement
from verify.judge.terms import REACHED, TRUTH, Node, Terms, infix, inside
from verify.judge.theorems import Induction, Theorem

Meanings = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Runs:
    r"""The inductions of a file, by the beginning of the names of their predicates.

    Parameters
    ----------
    table : of all terms. known : the theorem and the induction of each name.

    >>> from verify.judge.theorems import ProofFile
    >>> from verify.obligations.obligation import Obligation
    >>> from verify.obligations.verdict import Verdict
    >>> from verify.proofs.file import Writing
    >>> def counts(least, case):
    ...     "A count from 0 on is never negative."
    ...     c = case.real("c")
    ...     step = {"advance": lambda s: {"c": s["c"] + 1}, "holds": lambda s: s["c"] >= least}
    ...     reached = case.reached(case.induction("on", state={"c": c}, start={"c": 0}, inputs={}, **step))
    ...     case.show("not negative", reached["c"] >= least)
    >>> made = {"kind": "induction", "claim": counts, "of": lambda case: 0, "twin": lambda case: 1}
    >>> known = {"counts": Obligation(id="counts", paper="mine", **made)}
    >>> file = ProofFile(Writing(known, {"counts": Verdict.PROVED}).text(["counts"], {}).encode())
    >>> runs = Runs.of(file.table, file.theorems)
    >>> [label for label, _, _ in runs.statement("reached: counts, on").facts]
    ['start c', 'step c', 'taken', 'reached']
    >>> print(*runs.words(["reached: counts, on"]), sep="\n")
    reached: counts, on:
      start c = 0; step c <- c + 1; new in each step: nothing
      while true and true
    """

    table: Terms
    known: Mapping[str, tuple[Theorem, Induction]]

    @classmethod
    def of(cls, table: Terms, theorems: Mapping[str, Theorem]) -> "Runs":
        """Those of some theorems, by id. Raises RefusedError if two have one name."""
        pairs = [(each, record) for each in theorems.values() for record in each.inductions]
        heads = [f"{REACHED}{each.id}, {record.label}" for each, record in pairs]
        need(len(set(heads)) == len(heads), "inductions with different names", "one name twice", "the proof file")
        return cls(table, dict(zip(heads, pairs, strict=True)))

    def meanings(self, terms: Sequence[Node], inside_of: tuple[str, ...] = ()) -> Meanings:
        """What is meant by "reached" in some terms: names with digests; an empty one where the file has no such
        induction. ``inside_of`` are the inductions in whose meanings these terms stand.

        Raises
        ------
        RefusedError
            For an induction that speaks of itself.
        """
        parts = [part for part in inside(*terms) if part.op == "apply" and part.data[0].startswith(REACHED)]
        return tuple((name, self._meaning(name, inside_of)) for name in dict.fromkeys(part.data[0] for part in parts))

    def _meaning(self, name: str, inside_of: tuple[str, ...]) -> str:
        head = name.partition(MARK)[0]
        if head not in self.known:
            return ""
        need(head not in inside_of, "an induction that does not speak of itself", head, "what is reached")
        return self.statement(head, inside_of).key

    def statement(self, head: str, inside_of: tuple[str, ...] = ()) -> Statement:
        """The meaning of the predicate whose name begins with ``head``, as a statement; ``inside_of`` as above.

        Raises
        ------
        RefusedError
            For an induction that speaks of itself.
        """
        theorem, record = self.known[head]
        facts: list[tuple[str, Node, Node]] = []
        for name, variable in record.state.items():
            need(name in record.start and name in record.after, "a start and a step to the state", name, head)
            facts.append((f"start {name}", variable, record.start[name]))
            facts.append((f"step {name}", variable, record.after[name]))
        facts += [(f"input {name}", variable, variable) for name, variable in record.inputs.items()]
        always = self.table.make("true")
        facts += [(f"earlier {group}", always, always) for group in record.earlier]
        right = all(0 <= i < len(theorem.grounds) for i in record.conditions)
        need(right, "grounds as conditions", list(record.conditions), head)
        grounds = [theorem.grounds[i] for i in record.conditions]
        premises = [ground.term for ground in grounds if ground.kind == "premise" and ground.term.op != "true"]
        facts.append(("taken", self.table.lifted(self.table.conj(*premises)), record.taken))
        parts = [part for _, one, other in facts for part in (one, other)]
        args = (*record.fixed, *record.state.values())
        kinds = tuple(TRUTH if each.sort == TRUTH else "real" for each in args)
        if record.reached and args:
            reached = self.table.make("apply", (record.reached, kinds, TRUTH), args)
            facts.append(("reached", reached, always))
        return Statement(tuple(facts), "", self.meanings(parts, (*inside_of, head)))

    def words(self, names: Sequence[str]) -> list[str]:
        """What some predicates mean, for people, and what is meant by those in their meanings."""
        heads = list(dict.fromkeys(name.partition(MARK)[0] for name in names))
        lines = []
        for head in heads:
            if head not in self.known:
                continue
            _, record = self.known[head]
            state = record.state
            start = ", ".join(f"{name} = {infix(record.start[name], 300)}" for name in state)
            step = ", ".join(f"{name} <- {infix(record.after[name], 300)}" for name in state)
            under = next(one for label, one, _ in self.statement(head).facts if label == "taken")
            lines.append(f"{head}:")
            lines.append(f"  start {start}; step {step}; new in each step: {', '.join(record.inputs) or 'nothing'}")
            back = f", looking back at {', '.join(record.earlier)}" if record.earlier else ""
            lines.append(f"  while {infix(under, 300)} and {infix(record.taken, 300)}{back}")
        return lines
