"""A step more of a run in which everything is made, and numbers for it: what the tests of such runs share."""

from typing import Any

from constructions.foundations.logic import negation
from constructions.foundations.terms import TruthTerm
from constructions.foundations.traversal import variables
from verify.provers.asking import Asking
from verify.provers.by_induction import Walk


def made(walk: Walk, do: int, given: dict[str, int]) -> list[Any]:
    """Make one step more; what it makes, and of which round, copy, edge or sample."""
    now: Any = walk._renewed("do", walk.induction.inputs["do"])
    named: list[Any] = [walk._renewed(name, walk.induction.inputs[name]) for name in given if name.startswith("next")]
    walk.step()
    state = [walk.state[name] == value for name, value in given.items() if not name.startswith("next")]
    return [now == do, *(term == value for term, value in zip(named, given.values(), strict=False)), *state]


def numbers(asking: Asking, question: Any) -> list[Any]:
    """Numbers for all variables of a question that can hold."""
    found = asking.ask(question)
    assert found.status == "sat"
    terms: dict[str, Any] = {name: term for name, term in variables(question).items() if name in found.values}
    return [
        (term if found.values[name] else negation(term)) if isinstance(term, TruthTerm) else term == found.values[name]
        for name, term in terms.items()
    ]
