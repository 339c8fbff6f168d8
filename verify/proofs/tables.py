"""The table of an enumeration: each point with what every fact presupposes and says there.

Where the claim can be stated with terms (what Python asks of a formula is answered as it is at the point), the table
has formulas, which anybody can evaluate again. Most enumerations count, loop or build networks with the numbers of the
point; then the table has what the replay found: truth values, and both sides of what should be equal.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from constructions.foundations.evaluation import value_of
from constructions.foundations.logic import every
from constructions.foundations.refusals import statement
from constructions.foundations.terms import Term, deciding, formula
from verify.obligations.obligation import Obligation
from verify.obligations.use import Usable
from verify.obligations.words import WORD_RULES
from verify.proofs.table import TermTable
from verify.provers.stated_case import StatedCase
from verify.replay.witness import ReplayCase


class _PairsCase(ReplayCase):
    """A replay that keeps both sides of each equation between numbers."""

    def __init__(
        self, values: Mapping[str, Fraction], known: Mapping[str, Usable] | None = None, user: str = ""
    ) -> None:
        super().__init__(values, known, user)
        self.pairs: dict[str, list[str]] = {}

    def equal(self, label: str, left: Any, right: Any) -> None:
        if type(left) in (int, Fraction) and type(right) in (int, Fraction):
            self.pairs[label] = [str(left), str(right)]
        super().equal(label, left, right)


def rows(obligation: Obligation, table: TermTable) -> list[dict[str, Any]]:
    """The rows of an enumeration; ``table`` takes the terms.

    >>> def is_small(bound, case):
    ...     "The square of each of two numbers is below the bound."
    ...     case.show("small", case.real("k") ** 2 < bound)
    >>> made = Obligation(
    ...     id="squares", paper="mine", claim=is_small, of=lambda case: 4, twin=lambda case: 1, kind="enumeration",
    ...     finite="k is 0 or 1", domain=lambda: iter([{"k": 0}, {"k": 1}]))
    >>> table = TermTable()
    >>> rows(made, table)
    [{'values': {'k': '0'}, 'said': [[True, 3]]}, {'values': {'k': '1'}, 'said': [[True, 3]]}]
    >>> table.rows[3]
    ['<', None, [1, 2]]
    """
    found: list[dict[str, Any]] = []
    labels: list[str] = []
    with_terms = True
    for values in obligation.domain() if obligation.domain else iter(({},)):
        point = {name: Fraction(value) for name, value in values.items()}
        said = _in_terms(obligation, point, table) if with_terms else None
        with_terms = said is not None
        said = said if said is not None else _in_numbers(obligation, point)
        labels = labels or list(said)
        written = {name: str(value) for name, value in point.items()}
        found.append({"values": written, "said": [said[label] for label in labels]})
    return found


def _in_terms(obligation: Obligation, point: dict[str, Fraction], table: TermTable) -> dict[str, list[Any]] | None:
    """What each fact says, in terms; None where the claim needs numbers, or is plainly true of terms."""
    case = StatedCase(obligation.known, obligation.id)
    try:
        with statement(), deciding(lambda question: bool(value_of(question, point, WORD_RULES))):
            obligation.claim(obligation.of(case), case)
    except Exception:  # Python wants numbers; the replay says what is wrong with a claim
        return None
    if case.uses or not any(isinstance(fact.conclusion, Term) for fact in case.facts):
        return None
    return {fact.label: [_cell(fact.under, table), _cell(fact.conclusion, table)] for fact in case.facts}


def _cell(part: Any, table: TermTable) -> Any:
    return table.place(formula(part)) if isinstance(part, Term) else bool(part)


def _in_numbers(obligation: Obligation, point: dict[str, Fraction]) -> dict[str, list[Any]]:
    """What the replay finds of each fact."""
    case = _PairsCase(point, obligation.known, obligation.id)
    with statement():
        obligation.claim(obligation.of(case), case)
    return {
        fact.label: [bool(every(fact.given)), case.pairs.get(fact.label, bool(every(fact.conclusion)))]
        for fact in case.facts
    }
