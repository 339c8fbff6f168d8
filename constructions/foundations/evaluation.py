"""Terms in rationals: the value of a number, the truth of a formula, where the variables have given values.

This is the meaning of the language. A division by zero has none, and is refused.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NoReturn

from constructions.errors import ConstructionError
from constructions.foundations.functions import application_name
from constructions.foundations.logic import every, negation, some
from constructions.foundations.rendering import render
from constructions.foundations.terms import APPLY, INTEGER, TRUTH, Term, number
from constructions.foundations.traversal import nodes

Rule = Callable[[Sequence[Any], Term], Any]

RULES: dict[str, Rule] = {
    "true": lambda a, _: True,
    "false": lambda a, _: False,
    "+": lambda a, _: a[0] + a[1],
    "-": lambda a, _: a[0] - a[1],
    "*": lambda a, _: a[0] * a[1],
    "neg": lambda a, _: -a[0],
    "floor": lambda a, _: Fraction(a[0].numerator // a[0].denominator),
    "if": lambda a, _: a[1] if a[0] else a[2],
    "<=": lambda a, _: a[0] <= a[1],
    "<": lambda a, _: a[0] < a[1],
    ">=": lambda a, _: a[0] >= a[1],
    ">": lambda a, _: a[0] > a[1],
    "==": lambda a, _: a[0] == a[1],
    "!=": lambda a, _: a[0] != a[1],
    "iff": lambda a, _: a[0] is a[1],
    "not": lambda a, _: not a[0],
    "and": lambda a, _: all(a),
    "or": lambda a, _: any(a),
    "at least": lambda a, part: sum(a) >= part.data,
    "/": lambda a, part: a[0] / a[1] if a[1] else _undefined(part),
}
"""What each operation means, given what its arguments are worth. Others that read words are in
``verify.obligations.words``."""


class UndefinedError(ConstructionError):
    """A division by zero: the term has no value there."""


def _undefined(part: Term) -> NoReturn:
    raise UndefinedError(f"need a divisor other than 0, got {render(part)} with {render(part.args[1])} = 0")


def value_of(term: Any, values: Mapping[str, Fraction | bool], rules: Mapping[str, Rule] = RULES) -> Any:
    """What a term is worth: a Fraction, or True or False; anything but a term is returned as it is.

    Parameters
    ----------
    values : of the variables by name; 0 and 1 stand for False and True. rules : what the operations mean.

    Raises
    ------
    ConstructionError
        For a variable without a value of its kind.
    UndefinedError
        For a division by zero.

    >>> from constructions.foundations.terms import REAL, variable
    >>> x = variable("x", REAL)
    >>> value_of(2 * x + 1, {"x": Fraction(1, 2)}), value_of(x > 0, {"x": Fraction(0)})
    (Fraction(2, 1), False)
    """
    if not isinstance(term, Term):
        return term
    worth: dict[int, Any] = {}
    for part in nodes(term):
        worth[id(part)] = _worth(part, [worth[id(argument)] for argument in part.args], values, rules)
    return worth[id(term)]


def _worth(part: Term, arguments: list[Any], values: Mapping[str, Fraction | bool], rules: Mapping[str, Rule]) -> Any:
    if part.op == "constant":
        return part.data
    if part.op == "variable":
        return _given(part, values)
    if part.op == APPLY:
        return _applied(part, arguments, values)
    if part.op not in rules:
        raise ConstructionError(f"need an operation that has a meaning here, got {part.op!r}, at {render(part, 80)}")
    return rules[part.op](arguments, part)


def _applied(part: Term, arguments: list[Any], values: Mapping[str, Fraction | bool]) -> Fraction | bool:
    """The value of a function at these arguments: 0 or false where none is given."""
    name, _, kind = part.data
    key = application_name(name, tuple(arguments))
    return _of_kind(values.get(key, Fraction(0)), kind, f"the value {key!r} of a function")


def _given(part: Term, values: Mapping[str, Fraction | bool]) -> Fraction | bool:
    name, kind = part.data
    return _of_kind(values.get(name), kind, f"the variable {name!r}")


def _of_kind(value: Any, kind: str, where: str) -> Fraction | bool:
    if kind == TRUTH:
        right = type(value) in (bool, int, Fraction) and value in (0, 1)
    else:
        right = type(value) in (int, Fraction) and (kind != INTEGER or Fraction(value or 0).denominator == 1)
    if not right:
        raise ConstructionError(f"need a value of kind {kind}, got {value!r}, at {where}")
    return bool(value) if kind == TRUTH else Fraction(value or 0)


def defined(term: Any) -> Any:
    """Where a term has a value: no quotient by 0 is reached. Cases, conjunctions and disjunctions are read from the
    left.

    >>> from constructions.foundations.logic import implies
    >>> from constructions.foundations.terms import REAL, variable
    >>> y = variable("y", REAL)
    >>> defined(1 / y > 0), defined(y / 2 > 0), defined(implies(y != 0, 1 / y > 0))
    (y != 0, True, not (y != 0) or y != 0)
    """
    if not isinstance(term, Term):
        return True
    found: dict[Term, Any] = {}
    for part in nodes(term):
        found[part] = _defined(part, [found[argument] for argument in part.args])
    return found[term]


def _defined(part: Term, inside: list[Any]) -> Any:
    if part.op == "if":
        condition = part.args[0]
        return every(inside[0], some(negation(condition), inside[1]), some(condition, inside[2]))
    if part.op in ("and", "or"):
        settled = [negation(before) if part.op == "and" else before for before in part.args]
        return every(*(some(*settled[:i], own) if own is not True else True for i, own in enumerate(inside)))
    if part.op == "/" and part.args[1].op != "constant":
        return every(*inside, number(part.args[1]) != 0)
    return every(*inside)
