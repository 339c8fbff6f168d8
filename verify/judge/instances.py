"""Instances: a statement with terms in the place of its variables, all at once, each of its variable's kind.

A function may be replaced by another of the same kinds or by a term in its arguments. The words of the principles mean
the same everywhere and are never replaced. A predicate that says what a run reaches is named after the functions of its
claim, so it changes its name with them, and in no other way.

>>> table = Terms()
>>> x, y = table.variable("x", "real"), table.variable("y", "real")
>>> giving = Giving(table, [x], {"x": table.make("neg", None, (y,))}, "an example")
>>> giving.said(table.make("<", None, (x, y))).args[0].args
(variable y,)
>>> Giving(table, [x], {"z": y}, "an example")
Traceback (most recent call last):
    ...
verify.judge.reading.RefusedError: need variables of the theorem that is used, got z, at an example
>>> renamed("reached: a, over the steps of ['f']", {"f": "g"})
"reached: a, over the steps of ['g']"
"""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from verify.judge.reading import need
from verify.judge.terms import INTEGER, MEANT, REACHED, TRUTH, Node, Terms, inside, names_in

MARK = " of ["


@dataclass(frozen=True)
class Made:
    """A function that a term defines: the variables that stand for its arguments, and the term, its body."""

    arguments: tuple[Node, ...]
    body: Node


Given = Node | Made | str
"""What is given for a name: a term for a variable; for a function another function's name, or a term."""


def functions_of(name: str) -> list[str]:
    """The functions after which a predicate of what is reached is named.

    >>> functions_of("reached: a, over the steps of ['f', 'g']"), functions_of("reached: a, over the steps")
    (['f', 'g'], [])
    """
    _, mark, rest = name.partition(MARK)
    if not mark:
        return []
    try:
        found = ast.literal_eval("[" + rest)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        found = None
    right = isinstance(found, list) and found and all(type(each) is str for each in found)
    need(right and f"[{rest}" == repr(found), "a name that ends in a list of functions", name, "what is reached")
    return list(found)


def renamed(name: str, by: Mapping[str, Any]) -> str:
    """The name of a predicate of what is reached after its functions were replaced. Raises RefusedError if one was
    replaced by a term, which has no name."""
    found = functions_of(name)
    if not found:
        return name
    new = [by.get(each, each) for each in found]
    need(all(type(each) is str for each in new), "functions by name in what is reached", "a term", name)
    return f"{name.partition(MARK)[0]} of {new!r}"


class Giving:
    """What is given for the variables and functions of some terms.

    Parameters
    ----------
    table : of all terms. terms : what is instantiated. given : terms and functions by name. where : for messages.
    besides : more variables that are replaced, whatever is given for their names.

    Raises
    ------
    RefusedError
        For a name that is neither a variable nor a function there, and for another kind.
    """

    def __init__(
        self,
        table: Terms,
        terms: Sequence[Node],
        given: Mapping[str, Given],
        where: str,
        besides: Mapping[Node, Node] | None = None,
    ) -> None:
        self.table, self.where = table, where
        self.by: dict[Node, Node] = {}
        self.functions: dict[str, str | Made] = {}
        variables = names_in(terms)
        signatures = {part.data[0]: part.data for part in inside(*terms) if part.op == "apply"}
        for name, value in given.items():
            if name in variables:
                self.by[variables[name]] = self._fits(variables[name], value)
            else:
                need(name in signatures, "variables of the theorem that is used", name, where)
                self.functions[name] = self._function(signatures[name], value)
        for variable, value in (besides or {}).items():
            self.by[variable] = self._fits(variable, value)

    def _fits(self, variable: Node, value: Any) -> Node:
        name, kind = variable.data
        need(isinstance(value, Node), f"a term for {name!r}", value, self.where)
        need(value.sort == variable.sort, f"a term of kind {kind} for {name!r}", value.sort, self.where)
        need(kind != INTEGER or value.whole, f"an integer by its form for {name!r}", "another term", self.where)
        return value  # type: ignore[no-any-return]

    def _function(self, signature: tuple[Any, ...], value: Any) -> str | Made:
        name, takes, gives = signature
        need(not name.startswith((MEANT, REACHED)), "functions that may be replaced", name, self.where)
        if type(value) is str:
            need(not value.startswith((MEANT, REACHED)), "a function of the claim's own", value, self.where)
            return value
        need(isinstance(value, Made), f"a function for {name!r}", value, self.where)
        kinds = [argument.data[1] for argument in value.arguments if argument.op == "variable"]
        right = kinds == list(takes) and len(set(value.arguments)) == len(takes)
        need(right, f"a term in {len(takes)} variables for {name!r}", kinds, self.where)
        body = value.body
        sort = TRUTH if gives == TRUTH else "real"
        need(body.sort == sort and (gives != INTEGER or body.whole), f"values of kind {gives}", body.sort, self.where)
        return value  # type: ignore[no-any-return]

    def said(self, term: Node) -> Node:
        """The instance of a term."""
        done: dict[int, Node] = {}
        for part in inside(term):
            if part in self.by:
                done[id(part)] = self.by[part]
            elif part.op == "apply":
                done[id(part)] = self._applied(part, [done[id(argument)] for argument in part.args])
            else:
                done[id(part)] = self.table.make(part.op, part.data, [done[id(argument)] for argument in part.args])
        return done[id(term)]

    def _applied(self, part: Node, args: list[Node]) -> Node:
        name, takes, gives = part.data
        if name.startswith(REACHED):
            return self.table.make("apply", (renamed(name, self.functions), takes, gives), args)
        value = self.functions.get(name, name)
        if isinstance(value, str):
            return self.table.make("apply", (value, takes, gives), args)
        by = dict(zip(value.arguments, args, strict=True))
        inner = Giving(self.table, [value.body], {}, self.where, by)
        return inner.said(value.body)
