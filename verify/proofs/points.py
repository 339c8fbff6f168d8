"""Points at which premises hold: asked of z3, as when the claim was proved; at a moment of a run, with the run."""

from collections.abc import Mapping, Sequence
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.terms import formula
from verify.obligations.obligation import Obligation
from verify.obligations.parts import Fact, steps_name
from verify.provers.asking import Asking
from verify.provers.by_runs import point_for
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

    def __init__(
        self,
        variables: Any,
        obligation: Obligation,
        seconds: int = SECONDS,
        looks: Sequence[Mapping[str, Number]] = (),
    ) -> None:
        self.asking, self.looks = Asking.of(variables, obligation, seconds), looks
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
        answer = point_for(self.asking, fact, self.looks)
        if answer.status != "sat":
            return None
        runs = [
            {"induction": moment.induction.label, "prefix": moment.label, "steps": int(answer.values[name])}
            for moment in fact.moments
            if (name := steps_name(moment.label)) in answer.values
        ]
        return _written(answer.values, runs)


def _written(values: Any, runs: list[dict[str, Any]]) -> dict[str, Any]:
    return {"values": {name: str(value) for name, value in values.items()}, "runs": runs}
