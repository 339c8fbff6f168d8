"""How a claim is stated for a prover: with terms for variables, and what may not happen meanwhile.

A claim is a Python function ``claim(subject, case)``. Nobody reads its text: it is *called*, with a case whose
variables are terms (``case.real("x")`` returns the term ``x``), and what it tells the case is what is proved. So a
claim can mislead a prover in two ways, and this module closes both.

*It may say less than it seems to.* ``case.show("f", numpy.float64(1) > 0)`` tells the case ``True``, whatever was
computed to get there. Terms refuse foreign numbers that meet them (:mod:`constructions.foundations.terms`), but a
claim could compute with foreign numbers alone and hand over a plain truth value. Therefore the *compiled code* of a
claim is looked through, with the functions of the same file that it names: a float, ``float``, an inexact function of
``math``, or a name of a foreign library is refused (:func:`check_claim`). A refusal that a claim catches counts all
the same (:func:`constructions.foundations.terms.statement` raises it again at the end).

*It may be about nothing.* A claim that never reads its subject says the same of every construction, so its broken
twin proves nothing either; it is refused (:func:`check_reads_subject`). What builds the subject may ask for variables
and presuppose something, but may state no fact: else the claim would be proved by its subject.

The case that hands out terms is in :mod:`verify.provers.stated_case`.
"""

import builtins
import dis
import inspect
import math
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from functools import partial
from types import CodeType, FunctionType, ModuleType
from typing import Any

from constructions.errors import ConstructionError
from constructions.foundations.refusals import statement
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, nothing
from verify.provers.circles import check_no_circle

FOREIGN = frozenset({"numpy", "z3", "decimal", "mpmath", "gmpy2", "cmath"})
"""Libraries whose numbers wrap around, are inexact, or mean something else than ours."""
EXACT = frozenset({"ceil", "comb", "factorial", "floor", "gcd", "isqrt", "lcm", "perm", "prod", "trunc"})
INEXACT = {name: value for name, value in vars(math).items() if not name.startswith("_") and name not in EXACT}
"""What the module ``math`` has for floats."""


def state(obligation: Obligation, of: Any, case: Case) -> None:
    """State the claim of an obligation about a subject to a case.

    Raises
    ------
    ConstructionError for a claim that does not read its subject, for a subject whose builder states facts, and for
    everything that the language refuses, also where the claim catches the refusal.

    >>> from verify.provers.stated_case import StatedCase
    >>> def is_no_less(least, case):
    ...     "A square is at least 0."
    ...     case.show("square", case.real("x") ** 2 >= least)
    >>> square = Obligation(id="square", paper="mine", claim=is_no_less, of=lambda case: 0, twin=lambda case: 1)
    >>> case = StatedCase()
    >>> state(square, square.of, case)
    >>> [(fact.label, fact.conclusion) for fact in case.facts]
    [('square', x*x >= 0)]
    """
    with statement():
        subject = of(case)
        if case.facts or getattr(case, "identities", None):
            raise ConstructionError(
                f"need facts stated by the claim, got one from what builds its subject, at obligation {obligation.id}"
            )
        obligation.claim(subject, case)
    check_no_circle(obligation, tuple(used.id for used in case.uses))
    check_claim(obligation)


def check_claim(obligation: Obligation) -> None:
    """Refuse a claim whose code never reads its subject, or that names floats or another library of numbers.

    What a claim computes with foreign objects is a plain ``True`` when it arrives here, so it is looked for in the
    claim's code, and in the functions of the same file that the code names. sympy is exact and serves enumerations;
    elsewhere facts go through ``case.equal``.

    Raises
    ------
    ConstructionError
        If it is refused.

    >>> def is_more(least, case):
    ...     "Half of something is more than the least."
    ...     case.show("more", 0.5 > least)
    >>> check_claim(Obligation(id="half", paper="mine", claim=is_more, of=lambda case: 0, twin=lambda case: 1))
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need claims in exact numbers and terms, got the float 0.5 in the code of \
a claim, at obligation half
    """
    check_reads_subject(obligation)
    foreign = FOREIGN if obligation.kind == "enumeration" else FOREIGN | {"sympy"}
    found = foreign_in(obligation.claim, foreign)
    if found is not None:
        got = f"{found} in the code of a claim, at obligation {obligation.id}"
        raise ConstructionError(f"need claims in exact numbers and terms, got {got}")


def check_reads_subject(obligation: Obligation) -> None:
    """Refuse a claim about a construction that never reads it. Raises ConstructionError."""
    if (obligation.of is not nothing or obligation.twin is not None) and not reads_first_argument(obligation.claim):
        raise ConstructionError(
            f"need a claim that reads its subject, got one that never does, at obligation {obligation.id}"
        )


def reads_first_argument(function: Callable[..., Any]) -> bool:
    """Whether the code of a function, or of a function inside it, loads its first argument; True where there is no code
    to look at.

    >>> reads_first_argument(lambda graph, case: graph.order), reads_first_argument(lambda graph, case: case)
    (True, False)
    """
    inner: Any = inspect.unwrap(function)
    place = 0
    while isinstance(inner, partial):
        inner, place = inner.func, place + len(inner.args)
    if not isinstance(inner, FunctionType):  # a method, or an object that can be called
        inner, place = _called(inner), place + 1
    code = getattr(inner, "__code__", None)
    if not isinstance(code, CodeType) or code.co_argcount <= place:
        return True
    return _reads(code, code.co_varnames[place], "FAST")


def foreign_in(function: Any, foreign: Collection[str]) -> str | None:
    """What a function's code names of floats or of foreign libraries, in words; None if there is nothing.

    >>> foreign_in(lambda graph, case: 0.5, FOREIGN), foreign_in(lambda graph, case: float("1"), FOREIGN)
    ('the float 0.5', "'float'")
    """
    waiting, seen = list(_layers(function)), set()
    while waiting:
        here = waiting.pop()
        if id(here) in seen:
            continue
        seen.add(id(here))
        for code_part in _parts(here.__code__):
            number = next((part for part in _constants(code_part.co_consts) if isinstance(part, float | complex)), None)
            if number is not None:
                return f"the {type(number).__name__} {number!r}"
            if INEXACT.keys() & set(code_part.co_names) and any(
                value is math for _, value in _named(here, here.__code__)
            ):
                return repr(f"math.{min(INEXACT.keys() & set(code_part.co_names))}")
        for name, value in _named(here, here.__code__):
            if _root(value) in foreign or any(value is inexact for inexact in (float, complex, *INEXACT.values())):
                return repr(name)
            if isinstance(value, FunctionType) and value.__module__ == here.__module__:
                waiting.append(value)
    return None


def _called(thing: Any) -> Any:
    """The function of a method, or that of an object that can be called."""
    return getattr(thing, "__func__", inspect.getattr_static(type(thing), "__call__", None))


def _layers(function: Any) -> Iterator[FunctionType]:
    """The functions in which a claim is wrapped, and its own; of an object that can be called, the method that is."""
    while function is not None:
        if isinstance(function, partial):
            function = function.func
        plain = function if isinstance(function, FunctionType) else _called(function)
        if isinstance(plain, FunctionType):
            yield plain
        function = getattr(function, "__wrapped__", None)


def _named(function: Any, code: CodeType) -> Iterator[tuple[str, Any]]:
    """The globals, builtins, modules and closed-over values that a function's code names."""
    for part in _parts(code):
        for instruction in dis.get_instructions(part):
            if instruction.opname == "IMPORT_NAME":
                yield instruction.argval, sys.modules.get(instruction.argval.partition(".")[0])
            elif instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
                name = instruction.argval
                yield name, function.__globals__.get(name, getattr(builtins, name, None))
    for name, cell in zip(code.co_freevars, function.__closure__ or (), strict=True):
        with suppress(ValueError):  # a cell that is still empty
            yield name, cell.cell_contents


def _root(value: Any) -> str:
    """The top package of a module, class, function or object."""
    name = (
        value.__name__
        if isinstance(value, ModuleType)
        else getattr(value, "__module__", None) or type(value).__module__
    )
    return name.partition(".")[0] if isinstance(name, str) else ""


def _parts(code: CodeType) -> Iterator[CodeType]:
    yield code
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield from _parts(part)


def _constants(constants: Iterable[Any]) -> Iterator[Any]:
    for constant in constants:
        if isinstance(constant, tuple | frozenset):
            yield from _constants(constant)
        else:
            yield constant


def _reads(code: CodeType, name: str, local: str = "DEREF") -> bool:
    """Whether code reads an argument: as a local variable of its own, or, in a function inside, as one from outside."""
    for instruction in dis.get_instructions(code):
        loaded = instruction.argval if isinstance(instruction.argval, tuple) else (instruction.argval,)
        way = instruction.opname
        if way.startswith("LOAD_") and (local in way or "DEREF" in way) and name in loaded:
            return True
    inside = (part for part in code.co_consts if isinstance(part, CodeType) and name in part.co_freevars)
    return any(_reads(part, name) for part in inside)
