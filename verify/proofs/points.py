"""Points at which premises hold: asked of z3, as when the claim was proved; at a moment of a run, with the run."""

from typing import Any

from constructions.foundations.terms import formula
from verify.obligations.obligation import Obligation
from verify.obligations.parts import Fact
from verify.provers.asking import Asking
from verify.provers.by_runs import runs_to
from verify.provers.outcome import SECONDS


class Points:
    """Finds points for the facts of a claim.

    >>> from constructions.foundations.terms import REAL, variable
    >>> from types import SimpleNamespace as Options
    >>> x = variable("x", REAL)
    >>> points = Points({"x": x}, Options(logic=None, budget=1_000_000, id="an example"))
    >>> points.of(Fact("large", x > 2, x == 3, under=x == 3))
    {'values': {'x': '3'}, 'runs': []}
    """

    def __init__(self, variables: Any, obligation: Obligation, seconds: int = SECONDS) -> None:
        self.asking = Asking.of(variables, obligation, seconds)
        self.known: dict[int, Any] = {}

    def of(self, fact: Fact) -> dict[str, Any] | None:
        """Values at which what a fact presupposes holds, as JSON has them; None if it presupposes nothing or none are
        found."""
        if fact.under is True:
            return None
        key = id(formula(fact.given))
        if key not in self.known:
            self.known[key] = self._found(fact)
        return self.known[key]  # type: ignore[no-any-return]

    def _found(self, fact: Fact) -> dict[str, Any] | None:
        if not fact.moments:
            answer = self.asking.ask(formula(fact.given))
            return _written(answer.values, []) if answer.status == "sat" else None
        for runs in runs_to(fact.moments):
            answer = runs.ask(self.asking, fact.given)
            if answer.status == "sat":
                named = [
                    {"induction": moment.induction.label, "prefix": moment.label, "steps": length}
                    for moment, length in zip(runs.moments, runs.lengths, strict=True)
                ]
                return _written(answer.values, named)
        return None


def _written(values: Any, runs: list[dict[str, Any]]) -> dict[str, Any]:
    return {"values": {name: str(value) for name, value in values.items()}, "runs": runs}
