"""Points at which the premises of a claim hold, as a strategy of Hypothesis.

Numbers drawn at random hardly ever meet a premise like "a bit is -1 or 1, and the value is within e of it". So a point
is drawn variable by variable. Of each *or* one side is taken. What the premises then say of a variable, given those
that were drawn before it, is a range, if it is linear in it; the number is drawn from that range, often from its ends,
where claims fail. What is not linear is left to chance: such a point may miss its premises, and is thrown away.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor
from typing import Any

from constructions.foundations.evaluation import UndefinedError, value_of
from constructions.foundations.loading import loaded_when_used
from constructions.foundations.terms import INTEGER, TRUTH, Term
from constructions.foundations.traversal import variables

with loaded_when_used(__name__):
    from hypothesis import strategies

FLIPPED = {"<=": ">", "<": ">=", ">=": "<", ">": "<=", "==": "!=", "!=": "=="}
PARTS = 16
"""A range is cut into so many parts; a number is drawn from the cuts."""
FAR = 4
"""How far beyond its one end, or from 0, a number is drawn from a range without ends."""
Point = dict[str, Fraction]
Draw = Callable[[Any], Any]


@dataclass
class Range:
    """Where a number may lie: from ``low`` to ``high``, each None if there is no end; ``open_low`` and ``open_high``
    if the end itself is not allowed."""

    low: Fraction | None = None
    high: Fraction | None = None
    open_low: bool = False
    open_high: bool = False

    def cut(self, op: str, end: Fraction) -> None:
        """Leave only what stands in the relation ``op`` to an end."""
        if op in ("<=", "<", "==") and (self.high is None or (end, op != "<") < (self.high, not self.open_high)):
            self.high, self.open_high = end, op == "<"
        if op in (">=", ">", "==") and (self.low is None or (end, op == ">") > (self.low, self.open_low)):
            self.low, self.open_low = end, op == ">"

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left."""
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and (self.open_low or self.open_high))

    def numbers(self, *, whole: bool) -> list[Fraction]:
        """Some numbers of the range, its ends before all others; ``whole`` ones if only such are wanted.

        >>> found = Range()
        >>> found.cut(">", Fraction(0))
        >>> found.cut("<=", Fraction(1))
        >>> [str(number) for number in found.numbers(whole=False)[:3]], found.numbers(whole=True)
        (['1', '1/16', '15/16'], [Fraction(1, 1)])
        """
        low = self.low if self.low is not None else (self.high - FAR if self.high is not None else Fraction(-FAR))
        high = self.high if self.high is not None else (max(low, Fraction(0)) + FAR)
        if whole:
            first, last = ceil(low), floor(high)
            first += self.low is not None and self.open_low and first == low
            last -= self.high is not None and self.open_high and last == high
            inner = [Fraction(number) for number in range(first, min(last, first + PARTS) + 1)]
            return [*inner, Fraction(last)] if last > first + PARTS else inner
        step = (high - low) / PARTS
        ends = [low] * (not self.open_low) + [high] * (not self.open_high)
        return [*ends, low + step, high - step, *(low + part * step for part in range(2, PARTS - 1))] if step else ends


@dataclass
class _Drawing:
    """One point while it is drawn."""

    draw: Draw
    point: Point = field(default_factory=dict)

    def chosen_atoms(self, part: Term, *, holds: bool = True) -> list[tuple[str, Term]]:
        """The comparisons (with a relation that is to hold) and truth values of which a premise is made, one side of
        each *or*."""
        if part.op == "not":
            return self.chosen_atoms(part.args[0], holds=not holds)
        if part.op == ("and" if holds else "or"):
            return [atom for each in part.args for atom in self.chosen_atoms(each, holds=holds)]
        if part.op == ("or" if holds else "and"):
            side = self.draw(strategies.integers(0, len(part.args) - 1))
            return self.chosen_atoms(part.args[side], holds=holds)
        if part.op in FLIPPED:
            return [(part.op if holds else FLIPPED[part.op], part)]
        return [("true" if holds else "false", part)] if part.op == "variable" else []

    def take(self, name: str, kind: str, atoms: Sequence[tuple[str, Term]]) -> bool:
        """Draw the value of the next variable; False if none is left for it."""
        if kind == TRUTH:
            wanted = {op == "true" for op, part in atoms if part.op == "variable"}
            self.point[name] = Fraction(wanted.pop() if wanted else self.draw(strategies.booleans()))
            return not wanted
        allowed, others = Range(), []
        for op, part in atoms:
            found = solved(op, part, name, self.point)
            if found is not None and found[0] == "!=":
                others.append(found[1])
            elif found is not None:
                allowed.cut(*found)
        if allowed.is_empty:
            return False
        numbers = [each for each in allowed.numbers(whole=kind == INTEGER) if each not in others]
        if not numbers:
            return False
        self.point[name] = self.draw(strategies.sampled_from(numbers))
        return True


def solved(op: str, part: Term, name: str, known: Mapping[str, Fraction]) -> tuple[str, Fraction] | None:
    """A comparison as one of a variable with a number: its relation and the number. None if it is not linear in it.

    Parameters
    ----------
    op : the relation that is to hold between the two sides of ``part``. name : the variable. known : the values of all
        others.

    >>> from constructions.foundations.terms import REAL, variable
    >>> x, y = variable("x", REAL), variable("y", REAL)
    >>> solved("<=", 1 - 2 * x <= y, "x", {"y": Fraction(0)}), solved("<", x * x < y, "x", {"y": Fraction(0)})
    (('>=', Fraction(1, 2)), None)
    """
    try:
        at = [_difference(part, {**known, name: Fraction(place)}) for place in range(3)]
    except UndefinedError:
        return None
    slope = at[1] - at[0]
    if at[2] - at[1] != slope or slope == 0:
        return None
    turned = {"<=": ">=", "<": ">", ">=": "<=", ">": "<"}.get(op, op) if slope < 0 else op
    return turned, -at[0] / slope


def _difference(part: Term, values: Mapping[str, Fraction]) -> Fraction:
    left, right = (value_of(side, values) for side in part.args)
    return Fraction(left - right)


def points(premises: Sequence[Term], unknown: Mapping[str, Term]) -> Any:
    """A strategy for points at which some premises hold, as far as it can be helped.

    Parameters
    ----------
    premises : formulas. unknown : the variables by name, in the order in which their values are drawn, as far as no
        equation settles one before its turn.

    Returns
    -------
    A strategy of dictionaries from names to Fractions (0 and 1 for truth values); None in the place of a point for
    which no value was left.

    >>> from constructions.foundations.terms import REAL, variable
    >>> from hypothesis import find, settings
    >>> x, y = variable("x", REAL), variable("y", REAL)
    >>> strategy = points([x > 0, x <= 1, y == 1 - x], {"x": x, "y": y})
    >>> point = find(strategy, lambda point: point is not None, settings=settings(database=None, derandomize=True))
    >>> 0 < point["x"] <= 1, point["x"] + point["y"]
    (True, Fraction(1, 1))
    """

    def make(draw: Draw) -> Point | None:
        drawing = _Drawing(draw)
        atoms = [atom for premise in premises for atom in drawing.chosen_atoms(premise)]
        waiting = dict(unknown)
        while waiting:
            name = _next(waiting, atoms)
            term = waiting.pop(name)
            mine = [atom for atom in atoms if _speaks_last_of(atom[1], name, waiting)]
            if not drawing.take(name, term.data[1], mine):
                return None
        return drawing.point

    return strategies.composite(make)()


def _next(waiting: Mapping[str, Term], atoms: Sequence[tuple[str, Term]]) -> str:
    """The variable to be drawn next: one that an equation settles, else the first."""
    for op, part in atoms:
        left = [name for name in variables(part) if name in waiting]
        if op == "==" and len(left) == 1:
            return left[0]
    return next(iter(waiting))


def _speaks_last_of(part: Term, name: str, waiting: Mapping[str, Term]) -> bool:
    """Whether a comparison reads a variable and, beside it, none that still ``waits``."""
    read = variables(part)
    return name in read and not any(other in waiting for other in read)
