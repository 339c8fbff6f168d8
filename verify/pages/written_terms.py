"""Terms as a script can evaluate them: a list of nodes, each with the places of its arguments."""

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula
from constructions.foundations.terms import Term, TruthTerm, formula, number

OPERATIONS = frozenset(
    {"+", "-", "*", "/", "neg", "floor", "if", "<", "<=", ">", ">=", "==", "!=", "and", "or", "not", "true", "false"}
)
"""What the script can evaluate; a term with anything else is refused by :meth:`TermWriter.place`."""


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
        self._places: dict[Term, int] = {}

    def place(self, value: Number | Formula) -> int:
        """Where a number or a formula stands among the nodes.

        Raises
        ------
        KeyError
            For an operation that the script does not have.

        >>> TermWriter().place(3)
        0
        """
        term: Term = formula(value) if isinstance(value, bool | TruthTerm) else number(value)
        return self._places[term] if term in self._places else self._written(term)

    def _written(self, term: Term) -> int:
        if term.op == "constant":
            made: str | list[str | int] = str(term.data)
        elif term.op == "variable":
            made = f"${term.data[0]}"
        elif term.op in OPERATIONS:
            made = [term.op, *(self.place(part) for part in term.args)]
        else:
            raise KeyError(term.op)
        self.nodes.append(made)
        self._places[term] = len(self.nodes) - 1
        return self._places[term]
