"""Matching: for which values of its variables the subject of a claim is a given one.

A claim about *any* graph of some shape has variables as the weights. Another claim that has a graph of this shape uses
it by naming the graph: ``case.use("memory.active.rate1.q", subject=copy)``. The two are gone through side by side.
Where the claim's subject has a variable, the given subject's number stands for it; everywhere else they must agree: the
names, edges and activations at once, and numbers by an equation that becomes a premise of the used claim.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from fractions import Fraction
from typing import Any, NoReturn

from constructions.computation.flat import FlatCircuit
from constructions.errors import ConstructionError
from constructions.foundations.exact import Number
from constructions.foundations.functions import Function
from constructions.foundations.logic import Formula
from constructions.foundations.network import Edge, Fragment
from constructions.foundations.refusals import described
from constructions.foundations.terms import INTEGER, REAL, TRUTH, Term, TruthTerm, variable
from verify.obligations.case import Case
from verify.obligations.parts import State
from verify.obligations.use import Usable

SUBJECT = "subject"
"""The name under which a use gives a subject rather than the value of a variable."""
Pair = tuple[str, Any, Any]
"""Where a number stands in a subject, the claim's number, and the given one."""


class Pattern(Case):
    """A case that builds a subject of variables, to see where in it each of them stands."""

    def real(self, name: str) -> Number:
        return variable(name, REAL)

    def integer(self, name: str) -> Number:
        return variable(name, INTEGER)

    def bit(self, name: str) -> Formula:
        return variable(name, TRUTH)

    def _function(self, function: Function) -> Callable[..., Any]:
        return function

    def _word(self, function: Function) -> Callable[..., Any]:
        return function

    def _no_more(self, *_: Any, **__: Any) -> NoReturn:
        raise ConstructionError(
            f"need a subject that is built of variables alone to match it with another, got one of {self.user} that "
            "walks, derives or uses something"
        )

    def _circuit(self, circuit: FlatCircuit, inputs: Sequence[Formula]) -> list[Formula]:
        self._no_more()

    def _forward(self, fragment: Any, inputs: Any, outside: Any, pieces: Any) -> Any:
        self._no_more()

    def _backward(self, run: Any, seeds: Any, pieces: Any) -> Any:
        self._no_more()

    def derivative(self, of: Callable[[Fragment], Number], fragment: Fragment, edge: Edge) -> Number:
        self._no_more()

    def _check_arbitrary(self, label: str, state: State, inputs: State) -> None:
        self._no_more()

    def _check_reading(self, label: str, moment: State, made: Callable[[State], list[Any]]) -> None:
        self._no_more()

    def _reaches(self, name: str, fixed: Any, record: Any) -> Any:
        self._no_more()

    def _moment(self, label: str, state: State) -> State:
        self._no_more()

    def _instance(self, obligation: Any, label: str, given: Mapping[str, Any]) -> Any:
        self._no_more()


def bindings(pattern: Any, given: Any, label: str) -> dict[str, Any]:
    """What a given subject has where the pattern of a subject has a variable; the first place counts.

    >>> x = variable("x", REAL)
    >>> bindings((x, x + 1), (Fraction(2), Fraction(3)), "an example")
    {'x': Fraction(2, 1)}
    """
    found: dict[str, Any] = {}
    for _, own, other in pairs(pattern, given, label):
        if isinstance(own, Term) and own.op == "variable":
            found.setdefault(own.data[0], other)
    return found


def equations(subject: Any, given: Any, label: str) -> list[Formula]:
    """That the numbers of two subjects of one shape, the claim's and the ``given`` one, are equal, where they are not
    one and the same. ``label`` is the use.

    >>> equations((variable("x", REAL), Fraction(1)), (Fraction(2), Fraction(1)), "an example")
    [x == 2]
    """
    return [
        own == other for _, own, other in pairs(subject, given, label) if own is not other and not _same(own, other)
    ]


def _same(own: Any, other: Any) -> bool:
    """Whether two numbers are equal as they stand."""
    return not isinstance(own, Term) and not isinstance(other, Term) and own == other


def bound_by_subject(obligation: Usable, label: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What is given for the variables of a used claim: by their names, and by a subject that is named.

    Parameters
    ----------
    obligation : what is used. label : the use. given : what is named, by name.

    >>> from types import SimpleNamespace as Claim
    >>> pair = Claim(of=lambda case: (case.real("x"), case.real("x") + 1), known={}, id="a.pair")
    >>> bound_by_subject(pair, "an example", {"subject": (Fraction(2), Fraction(3)), "y": 4})
    {'x': Fraction(2, 1), 'y': 4}
    """
    named = {name: value for name, value in given.items() if name != SUBJECT}
    if SUBJECT not in given:
        return named
    pattern = obligation.of(Pattern(obligation.known, obligation.id))
    return bindings(pattern, given[SUBJECT], label) | named


def stated_for(obligation: Usable, case: Case, given: Mapping[str, Any], label: str) -> Any:
    """State a used claim to its case, about its own subject; a subject that is named must be that one: a premise.

    Parameters
    ----------
    obligation : what is used. case : where it is stated. given : what stands for its variables. label : the use.

    >>> from types import SimpleNamespace as Claim
    >>> def states(bound, case):
    ...     case.show("above", case.real("y") > bound)
    >>> case = Pattern()
    >>> stated_for(Claim(of=lambda case: case.real("x"), claim=states), case, {"subject": Fraction(2)}, "an example")
    x
    >>> [premise.formula for premise in case.premises], [fact.conclusion for fact in case.facts]
    ([x == 2], [y > x])
    """
    subject = obligation.of(case)
    if SUBJECT in given:
        case.assume(
            *equations(subject, given[SUBJECT], label), label=f"the subject of {label} is the one that is named"
        )
    obligation.claim(subject, case)
    return subject


def pairs(own: Any, other: Any, label: str, where: str = "the subject") -> Iterator[Pair]:
    """The numbers and truth values of two subjects, the claim's ``own`` and the ``other``, side by side. ``label`` is
    the use, ``where`` the place in the subject.

    Raises
    ------
    ConstructionError
        Where they differ in anything else.

    >>> list(pairs((variable("x", REAL), True), (Fraction(2), False), "an example"))
    [('the subject[0]', x, Fraction(2, 1)), ('the subject[1]', True, False)]
    """
    if _is_value(own) and _is_value(other):
        if _is_truth(own) is not _is_truth(other):
            _refuse(own, other, label, where)
        yield where, own, other
    elif isinstance(own, Fragment) and isinstance(other, Fragment):
        yield from _of_fragments(own, other, label, where)
    elif is_dataclass(own) and type(own) is type(other) and not isinstance(own, type):
        for field in fields(own):
            yield from pairs(getattr(own, field.name), getattr(other, field.name), label, f"{where}.{field.name}")
    elif isinstance(own, tuple | list) and type(own) is type(other) and len(own) == len(other):
        for i, (mine, yours) in enumerate(zip(own, other, strict=True)):
            yield from pairs(mine, yours, label, f"{where}[{i}]")
    elif isinstance(own, Mapping) and isinstance(other, Mapping) and list(own) == list(other):
        for key in own:
            yield from pairs(own[key], other[key], label, f"{where}[{key!r}]")
    elif own is not other and not (type(own) is type(other) and isinstance(own, str) and own == other):
        _refuse(own, other, label, where)


def _of_fragments(own: Fragment, other: Fragment, label: str, where: str) -> Iterator[Pair]:
    for name in ("inputs", "outputs", "constant", "sigma"):
        if getattr(own, name) != getattr(other, name):
            _refuse(getattr(own, name), getattr(other, name), label, f"{where}.{name}")
    if set(own.edges) != set(other.edges):
        odd = sorted(set(own.edges) ^ set(other.edges))[0]
        got = f"the edge {odd} in one of them alone, at {where} of the use of {label}"
        raise ConstructionError(f"need a subject of the shape that the claim is about, got {got}")
    for edge, weight in own.edges.items():
        yield from pairs(weight, other.weight(*edge), label, f"{where}, edge {edge}")


def _is_value(part: Any) -> bool:
    return isinstance(part, Term | Fraction | int)


def _is_truth(part: Any) -> bool:
    return isinstance(part, TruthTerm | bool)


def _refuse(own: Any, other: Any, label: str, where: str) -> NoReturn:
    got = f"{described(other)} instead of {described(own)}, at {where} of the use of {label}"
    raise ConstructionError(f"need a subject of the shape that the claim is about, got {got}")
