"""Terms as a script can evaluate them: a list of nodes, each with the places of its arguments."""

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula
from constructions.foundations.terms import Term, TruthTerm, formula, number
from constructions.foundations.traversal import nodes

OF_NUMBERS = frozenset({"+", "-", "*", "/", "neg", "floor", "if", "<", "<=", ">", ">=", "==", "!="})
OPERATIONS = OF_NUMBERS | {"and", "or", "not", "true", "false", "iff", "at least", "constant", "variable"}
"""What the script can evaluate; a term with anything else is refused by :meth:`TermWriter.place`."""


def _term(value: Number | Formula) -> Term:
    return formula(value) if isinstance(value, bool | TruthTerm) else number(value)


def can_be_written(*values: Number | Formula) -> bool:
    """Whether the script can evaluate some numbers and formulas.

    >>> from constructions.foundations.functions import Function
    >>> from constructions.foundations.terms import REAL
    >>> can_be_written(3, True), can_be_written(Function("f", (REAL,), REAL)(3))
    (True, False)
    """
    return all(part.op in OPERATIONS for part in nodes(*map(_term, values)))


class TermWriter:
    """Collects terms into ``nodes``: a constant is its text, a variable its name after a ``$``, anything else a list of
    its operation and the places of its arguments. Each structure is written once.

    >>> from constructions.foundations.terms import REAL, variable
    >>> rho, written = variable("rho", REAL), TermWriter()
    >>> written.place(12 / rho + 12 / rho), written.nodes
    (3, ['12', '$rho', ['/', 0, 1], ['+', 2, 2]])
    """

    def __init__(self) -> None:
        self.nodes: list[str | list[str | int]] = []
        self._places: dict[int, int] = {}
        self._kept: list[Term] = []

    def place(self, value: Number | Formula) -> int:
        """Where a number or a formula stands among the nodes.

        Raises
        ------
        KeyError
            For an operation that the script does not have.

        >>> TermWriter().place(3)
        0
        """
        term = _term(value)
        for part in nodes(term):
            if id(part) not in self._places:
                self.nodes.append(self._written(part))
                self._kept.append(part)
                self._places[id(part)] = len(self.nodes) - 1
        return self._places[id(term)]

    def _written(self, term: Term) -> str | list[str | int]:
        if term.op not in OPERATIONS:
            raise KeyError(term.op)
        if term.op == "constant":
            return str(term.data)
        if term.op == "variable":
            return f"${term.data[0]}"
        needs = [term.data] if term.op == "at least" else []
        return [term.op, *needs, *(self._places[id(part)] for part in term.args)]
