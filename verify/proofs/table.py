"""Terms as a table of plain values: each once, with its operation, its data, and the places of its arguments."""

from fractions import Fraction
from typing import Any

from constructions.foundations.logic import Formula, negation
from constructions.foundations.terms import Term, TruthTerm, formula, node
from constructions.foundations.traversal import nodes
from verify.provers.to_smt import script


class TermTable:
    """A table of terms that grows as they are asked for.

    >>> from constructions.foundations.terms import REAL, variable
    >>> table = TermTable()
    >>> table.place(variable("x", REAL) > Fraction(1, 2)), table.rows
    (2, [['variable', ['x', 'real'], []], ['constant', '1/2', []], ['>', None, [0, 1]]])
    """

    def __init__(self) -> None:
        self.rows: list[list[Any]] = []
        self._places: dict[int, int] = {}
        self._kept: list[Term] = []

    def place(self, term: Term) -> int:
        """The place of a term, which is put down if it is not there."""
        if id(term) not in self._places:
            for part in nodes(term):
                if id(part) not in self._places:
                    self._places[id(part)] = len(self.rows)
                    self._kept.append(part)
                    self.rows.append([part.op, _plain(part.data), [self._places[id(each)] for each in part.args]])
        return self._places[id(term)]


def _plain(data: Any) -> Any:
    """Data of a term as JSON has it."""
    if isinstance(data, Fraction):
        return str(data)
    return [_plain(each) for each in data] if isinstance(data, tuple) else data


def all_of(parts: "list[TruthTerm]") -> TruthTerm:
    """The conjunction of formulas as they stand, of one that one.

    >>> all_of([]), all_of([formula(False)]), all_of([formula(True), formula(False)])
    (true, false, true and false)
    """
    if len(parts) < 2:
        return parts[0] if parts else formula(True)
    return node(TruthTerm, "and", tuple(parts))  # type: ignore[no-any-return]


def any_of(parts: "list[TruthTerm]") -> TruthTerm:
    """The disjunction of formulas, at least one, as they stand, of one that one.

    >>> any_of([formula(False)]), any_of([formula(True), formula(False)])
    (false, true or false)
    """
    return parts[0] if len(parts) == 1 else node(TruthTerm, "or", tuple(parts))


def no(part: TruthTerm) -> TruthTerm:
    """The negation of a formula as it stands.

    >>> no(no(formula(True)))
    not (not true)
    """
    return node(TruthTerm, "not", (part,))  # type: ignore[no-any-return]


def implied(under: TruthTerm, said: TruthTerm) -> TruthTerm:
    """That one formula, ``under``, implies another, ``said``, as they stand.

    >>> implied(formula(True), formula(False))
    not true or false
    """
    return node(TruthTerm, "or", (no(under), said))  # type: ignore[no-any-return]


def question(parts: "list[TruthTerm]", *, fails: Formula | None = None) -> str:
    """The question in SMT-LIB whether formulas can hold while another fails.

    Parameters
    ----------
    parts : the formulas. fails : the other one, if there is one.

    >>> question([formula(True)], fails=False).splitlines()[1]
    '(assert (and true (not false)))'
    """
    return script(all_of([*parts, *([] if fails is None else [no(formula(fails))])]))


def nowhere(parts: "list[TruthTerm]", holds: Formula) -> str:
    """The question whether formulas, the ``parts``, can hold where another, simplified, does not.

    >>> nowhere([], formula(True)).splitlines()[1]
    '(assert (not true))'
    """
    return script(all_of([*parts, formula(negation(holds))]))
