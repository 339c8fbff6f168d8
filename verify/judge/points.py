"""Points: values at which what a fact presupposes holds, so that it says something.

That a run comes to a state is no matter of values: the run is gone through, step by step, from the start.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from verify.judge.meaning import Values, fail
from verify.judge.reading import UnsettledError, need
from verify.judge.terms import Node
from verify.judge.theorems import Induction, Point

NONE = Fraction(0)


def check_point(
    point: Point | None,
    under: Node,
    inductions: Mapping[str, Induction],
    premises: Mapping[str, Sequence[Node]],
    at: str,
) -> set[str]:
    """Check that what a fact presupposes holds at a point.

    Parameters
    ----------
    point : the values, and runs. under : what is presupposed. inductions : those of the theorem, by label. premises :
        what each of them presupposes. at : where, for messages.

    Returns
    -------
    The predicates of which the point only supposes that they hold.

    Raises
    ------
    RefusedError
        If it does not hold. UnsettledError if there is no point.

    >>> from verify.judge.terms import Terms
    >>> table = Terms()
    >>> zero, x = table.make("constant", None or NONE), table.variable("x", "real")
    >>> less = table.make("<", None, (zero, x))
    >>> check_point(Point(values={"x": Fraction(1)}, runs=()), less, {}, {}, "an example")
    set()
    >>> check_point(Point(values={"x": Fraction(0)}, runs=()), less, {}, {}, "an example")
    Traceback (most recent call last):
        ...
    verify.judge.reading.RefusedError: need a point at which the premises hold, got one at which they do not, at \
an example
    """
    if under.op == "true":
        return set()
    if point is None:
        raise UnsettledError(f"need a point at which the premises hold, got none, at {at}")
    values = Values(point.values)
    for label, prefix, steps in point.runs:
        need(label in inductions, "an induction of the theorem", label, at)
        values.reached.add(_end(inductions[label], premises[label], prefix, steps, values))
    need(values.of(under) is True, "a point at which the premises hold", "one at which they do not", at)
    return values.supposed


def _end(record: Induction, premises: Sequence[Node], prefix: str, steps: int, values: Values) -> tuple[Any, ...]:
    """The name of what a run reaches, with what it is worth at its end."""
    if not record.reached:
        raise fail("an induction of which something is reached", "another")
    fixed = [values.of(term) for term in record.fixed]
    _check(premises, values)
    state = {name: values.of(term) for name, term in record.start.items()}
    past: list[dict[str, Any]] = []
    for step in range(steps):
        past.append(state)
        now = {record.state[name].data[0]: _as_fraction(value) for name, value in state.items()}
        for name, term in record.inputs.items():
            now[term.data[0]] = values.given.get(f"{prefix}: {name}@{step}", NONE)
        here = Values(values.given | now, values.reached)
        for group in record.earlier:
            seen = {name: here.of(record.inputs[f"{group}: {name}"]) for name in record.state}
            if seen not in past:
                raise fail("a look back at a state of the run", "another")
        _check([*premises, record.taken], here)
        state = {name: here.of(term) for name, term in record.after.items()}
    return (record.reached, *fixed, *(state[name] for name in record.state))


def _check(parts: Sequence[Node], values: Values) -> None:
    if not all(values.of(part) is True for part in parts):
        raise fail("a run each of whose steps may be taken", "another")


def _as_fraction(value: Any) -> Fraction:
    return Fraction(int(value)) if isinstance(value, bool) else value
