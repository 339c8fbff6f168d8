"""Functions and predicates as variables: of ``f`` nothing is known but that equal arguments give equal values.

A claim about *any* method, source or rule has a function as a variable. An application of it to terms is a term, with
the operation ``apply``; whoever proves the claim proves it for every function, and a counterexample lists the values of
the function at the few arguments that matter (``f(1/2)``). Elsewhere it is 0, or false.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.errors import ConstructionError
from constructions.foundations.refusals import described, refusal
from constructions.foundations.terms import (
    APPLY,
    INTEGER,
    REAL,
    TRUTH,
    RealTerm,
    TruthTerm,
    formula,
    node,
    number,
    variable,
)
from constructions.foundations.traversal import substituted

KINDS = (REAL, INTEGER, TRUTH)


@dataclass(frozen=True, slots=True)
class Function:
    """A function that is a variable.

    Parameters
    ----------
    name : how it is called. takes : the kinds of its arguments (``real``, ``integer``, ``truth``), at least one.
    gives : the kind of its values; a predicate gives ``truth``.

    Raises
    ------
    ConstructionError
        For no name, no arguments, or a kind that is none.

    >>> f, x = Function("f", (REAL,), REAL), variable("x", REAL)
    >>> f(x + 1) <= f(0), f(x) is f(x)
    (f(x + 1) <= f(0), True)
    """

    name: str
    takes: tuple[str, ...]
    gives: str

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name:
            raise ConstructionError(f"need a name, got {self.name!r}, at a function")
        odd = [kind for kind in (*self.takes, self.gives) if kind not in KINDS]
        if odd or not self.takes:
            got = repr(odd[0]) if odd else "no arguments"
            raise ConstructionError(f"need arguments and values of kinds {KINDS}, got {got}, at {self.name!r}")

    def __call__(self, *arguments: Any) -> Any:
        """The value for some terms or numbers, as a term."""
        check_arity(self.name, self.takes, arguments)
        parts = tuple(_argument(value, kind, self.name) for value, kind in zip(arguments, self.takes, strict=True))
        kind = TruthTerm if self.gives == TRUTH else RealTerm
        return node(kind, APPLY, parts, (self.name, self.takes, self.gives))


def check_arity(name: str, takes: tuple[str, ...], arguments: tuple[Any, ...]) -> None:
    """Refuse, with ConstructionError, another number of arguments than the function of this name takes.

    >>> check_arity("f", (REAL, REAL), (1,))
    Traceback (most recent call last):
        ...
    constructions.foundations.refusals.LanguageError: need 2 arguments, got 1, at 'f'
    """
    if len(arguments) != len(takes):
        raise refusal(f"need {len(takes)} arguments, got {len(arguments)}, at {name!r}")


def _argument(value: Any, kind: str, name: str) -> Any:
    where = f"an argument of {name!r}"
    if kind == TRUTH:
        return formula(value, where=where)
    part = number(value, where=where)
    if kind == INTEGER and not part.integral:
        raise refusal(f"need a term that is an integer by its form, got {described(part)}, at {where}")
    return part


def application_name(name: str, arguments: tuple[Fraction | bool, ...]) -> str:
    """Under which name a witness has the value of a function for some arguments.

    >>> application_name("f", (Fraction(1, 2), True))
    'f(1/2, true)'
    """
    return f"{name}({', '.join(str(value).lower() for value in arguments)})"


def defined_by(made: Callable[..., Any], like: Function) -> Callable[..., Any]:
    """A function that a term in its arguments defines: equal arguments give equal values, whatever ``made`` does.

    Parameters
    ----------
    made : called once, with variables. like : how many arguments there are, of which kinds, and the kind of the value.

    Raises
    ------
    ConstructionError
        For values of another kind.

    >>> f = defined_by(lambda x: 2 * x + 1, Function("f", (REAL,), REAL))
    >>> f(variable("y", REAL))
    2*y + 1
    """
    places = [variable(f"argument {i} of {like.name}", kind) for i, kind in enumerate(like.takes)]
    found = made(*places)
    body = formula(found, where=repr(like.name)) if like.gives == TRUTH else number(found, where=repr(like.name))
    if like.gives == INTEGER and not body.integral:
        raise refusal(f"need values that are integers by their form, got {described(body)}, at {like.name!r}")

    def value(*arguments: Any) -> Any:
        check_arity(like.name, like.takes, arguments)
        parts = [_argument(part, kind, like.name) for part, kind in zip(arguments, like.takes, strict=True)]
        return substituted([body], dict(zip(places, parts, strict=True)))[0]

    return value
