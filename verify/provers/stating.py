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

:class:`StatedCase` is the case that hands out terms. The solver's and sympy's cases are made from it; they differ in
what they do with facts. An induction is stated by calling its functions with the variables of an arbitrary moment.
They are called once more with variables of *other* names: what still has the old names was not read from the
dictionary that the function got, so it would stay the same from step to step; it is refused.
"""

import builtins
import dis
import inspect
import math
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from types import CodeType, FunctionType, ModuleType
from typing import Any

from constructions.computation.flat import FlatCircuit
from constructions.errors import ConstructionError
from constructions.foundations.activation import Piece
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, negation, some
from constructions.foundations.network import Edge, Fragment
from constructions.foundations.refusals import statement
from constructions.foundations.terms import INTEGER, REAL, TRUTH, Term, TruthTerm, at_least, variable
from constructions.foundations.traversal import variables
from constructions.foundations.walks import ForwardRun, Gradient, backward, forward
from verify.obligations.case import Case, State
from verify.obligations.obligation import Obligation, nothing

FOREIGN = frozenset({"numpy", "z3", "decimal", "mpmath", "gmpy2", "cmath"})
"""Libraries whose numbers wrap around, are inexact, or mean something else than ours."""
EXACT = frozenset({"ceil", "comb", "factorial", "floor", "gcd", "isqrt", "lcm", "perm", "prod", "trunc"})
INEXACT = {name: value for name, value in vars(math).items() if not name.startswith("_") and name not in EXACT}
"""What the module ``math`` has for floats."""


class StatedCase(Case):
    """A case whose variables are terms."""

    def __init__(self) -> None:
        super().__init__()
        self.variables: dict[str, Term] = {}

    def real(self, name: str) -> Number:
        return self._variable(name, REAL)

    def integer(self, name: str) -> Number:
        return self._variable(name, INTEGER)

    def bit(self, name: str) -> Formula:
        return self._variable(name, TRUTH)

    def _variable(self, name: str, kind: str) -> Any:
        made = variable(name, kind)
        known = self.variables.setdefault(name, made)
        if known is not made:
            raise ConstructionError(f"need a variable to stay of one kind, got {known.data[1]} and {kind}, at {name!r}")
        return made

    def _circuit(self, circuit: FlatCircuit, inputs: Sequence[Formula]) -> list[Formula]:
        return circuit_formulas(circuit, inputs)

    def _check_arbitrary(self, label: str, state: State, inputs: State) -> None:
        moment = {**state, **inputs}
        fixed = [name for name, term in moment.items() if not (isinstance(term, Term) and term.op == "variable")]
        if fixed or len({id(term) for term in moment.values()}) != len(moment):
            got = f"{moment[fixed[0]]} for {fixed[0]!r}" if fixed else "one variable twice"
            raise ConstructionError(
                f"need different variables as state and inputs of an induction, got {got}, at {label!r}"
            )
        spoken = [part for part in (*(p.formula for p in self.premises), *self.lemmas) if isinstance(part, Term)]
        bound = {id(term) for term in variables(*spoken).values()}
        name = next((name for name, term in state.items() if id(term) in bound), None)
        if name is not None:
            raise ConstructionError(
                f"need a state of which no premise speaks (say it in holds or given), got {name!r}, at {label!r}"
            )

    def _check_reading(self, label: str, moment: State, made: Callable[[State], list[Any]]) -> None:
        """Ask again with variables of other names: what still has the old ones did not read what it was given."""
        noted: tuple[list[Any], ...] = (self.premises, self.facts, self.lemmas, self.scenes)
        before = [len(some_) for some_ in noted]
        other = {name: variable(f"another {term.data[0]}", term.data[1]) for name, term in moment.items()}
        read = variables(*(part for part in made(other) if isinstance(part, Term)))
        for some_, length in zip(noted, before, strict=True):
            del some_[length:]
        name = next((name for name, term in moment.items() if read.get(term.data[0]) is term), None)
        if name is not None:
            got = f"one that has it from elsewhere, at {label!r}"
            raise ConstructionError(
                f"need functions of an induction that read {name!r} in the dictionary they get, got {got}"
            )

    def derivative(self, of: Callable[[Fragment], Number], fragment: Fragment, edge: Edge) -> Number:
        """A derivative is an identity: it belongs to sympy."""
        raise ConstructionError(
            f"need an obligation of kind 'identity' for a symbolic derivative, got a solver's, at edge {edge!r}"
        )

    def _forward(
        self,
        fragment: Fragment,
        inputs: Mapping[str, Number],
        outside: Mapping[str, Number],
        pieces: Mapping[str, Piece],
    ) -> ForwardRun:
        return forward(fragment, inputs, outside=outside, pieces=pieces)

    def _backward(self, run: ForwardRun, seeds: Mapping[str, Number], pieces: Mapping[str, Piece]) -> Gradient:
        return backward(run, seeds, pieces=pieces, report_kinks=True)


def circuit_formulas(circuit: FlatCircuit, inputs: Sequence[Formula]) -> list[Formula]:
    """The values of all nodes of a circuit as formulas over those of its inputs."""
    values = list(inputs)
    for needs, literals in circuit.gates:
        operands = [negation(values[literal >> 1]) if literal & 1 else values[literal >> 1] for literal in literals]
        fixed = sum(operand is True for operand in operands)
        open_ = [operand for operand in operands if isinstance(operand, TruthTerm)]
        left = needs - fixed
        if left <= 0 or left > len(open_):
            values.append(left <= 0)
        elif left == len(open_) or left == 1:
            values.append(every(*open_) if left == len(open_) else some(*open_))
        else:
            values.append(at_least(left, open_))
    return values


def state(obligation: Obligation, of: Any, case: Case) -> None:
    """State the claim of an obligation about a subject to a case.

    Raises
    ------
    ConstructionError for a claim that does not read its subject, for a subject whose builder states facts, and for
    everything that the language refuses, also where the claim catches the refusal.
    """
    with statement():
        subject = of(case)
        if case.facts or getattr(case, "identities", None):
            raise ConstructionError(
                f"need facts stated by the claim, got one from what builds its subject, at obligation {obligation.id}"
            )
        obligation.claim(subject, case)
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
