"""Claims about a fixed network as VNN-LIB properties beside an ONNX model, so that a verifier of networks can be asked.

VNN-LIB (version 1, https://www.vnnlib.org) is SMT-LIB with the inputs X_0, X_1, ... and the outputs Y_0, Y_1, ... of a
network as its only variables; its comparisons are ``<=`` and ``>=``. So of a solver's claim it can say what walks over
one graph with given weights once, forward, from inputs that are variables, numbers or bits, and speaks of nothing but
inputs, and values and pre-activations of vertices, in comparisons that are linear in them. What it cannot say is
refused by name. The values and pre-activations that the claim reads become the outputs of the model.

A property is the question whether a fact fails where the premises hold, so *unsat* proves the fact. Strict comparisons
are closed: those of the premises as they are (which asks more), those of the failing fact by a margin. So unsat says
that the fact nowhere fails by the margin or more, and, where no strict comparison had to be narrowed, that it holds;
the property's first lines say which. *sat* comes with a point, which is to be looked at.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from pathlib import Path
from typing import Any

from constructions.errors import ConstructionError
from constructions.foundations.activation import Piece
from constructions.foundations.evaluation import value_of
from constructions.foundations.exact import Number, is_symbolic
from constructions.foundations.files import write_bytes
from constructions.foundations.loading import loaded_when_used
from constructions.foundations.logic import every, negation, some
from constructions.foundations.network import Fragment
from constructions.foundations.rendering import render
from constructions.foundations.spelling import printable
from constructions.foundations.terms import REAL, TRUTH, RealTerm, Term, formula, variable
from constructions.foundations.traversal import nodes, substituted, variables
from constructions.foundations.walks import ForwardRun
from verify.obligations.obligation import Obligation
from verify.obligations.parts import Fact
from verify.provers.by_z3 import SolverCase
from verify.provers.stating import state
from verify.reports.smt import file_name
from verify.screen.files import write_text

with loaded_when_used(__name__):
    from constructions.networks import flat
    from constructions.training import onnx_export

MARGIN = Fraction(1, 10**6)
FLIPPED = {"<=": ">", "<": ">=", ">=": "<", ">": "<=", "==": "!=", "!=": "=="}
CLOSED = {"<": "<=", ">": ">="}
Line = tuple[dict[str, Fraction], Fraction]
"""A sum of weighted variables and a constant."""


class NetworkCase(SolverCase):
    """A case in which a forward walk is not taken: what vertices are worth are variables of their own."""

    def __init__(self, known: Any, user: str) -> None:
        super().__init__(known, user)
        self.walks: list[tuple[Fragment, Mapping[str, Number]]] = []
        self.meant: dict[str, tuple[str, str]] = {}
        """Of each such variable, the vertex and ``pre`` or ``out``."""

    def _forward(
        self,
        fragment: Fragment,
        inputs: Mapping[str, Number],
        outside: Mapping[str, Number],
        pieces: Mapping[str, Piece],
    ) -> ForwardRun:
        if outside or pieces:
            raise ConstructionError("need a walk over a whole network, got one with values from outside or pieces")
        self.walks.append((fragment, inputs))
        pre: dict[str, Number] = {}
        out = {v: Fraction(1) if v == fragment.constant else inputs[v] for v in fragment.sources}
        for v in (v for v in fragment.order if v not in fragment.sources):
            pre[v], out[v] = self._meaning(v, "pre"), self._meaning(v, "out")
        return ForwardRun(fragment=fragment, pre=pre, out=out)

    def _meaning(self, v: str, kind: str) -> Any:
        name = f"querygrad {kind} of {v}"
        self.meant[name] = (v, kind)
        return variable(name, REAL)


@dataclass
class _Asserting:
    """Assertions of a property while they are written."""

    gap: Fraction
    closed: list[str] = field(default_factory=list)
    narrowed: list[str] = field(default_factory=list)

    def said(self, part: Term, *, failing: bool, holds: bool = True) -> str:
        """A formula in VNN-LIB; of the negation of a fact (``failing``) strict comparisons are narrowed. ``holds`` is
        False for the negation of the formula."""
        if part.op == "not":
            return self.said(part.args[0], failing=failing, holds=not holds)
        if part.op == "iff":
            one, other = (formula(each) for each in part.args)
            return self.said(
                some(every(one, other), every(negation(one), negation(other))), failing=failing, holds=holds
            )
        if part.op in ("and", "or"):
            word = part.op if holds else {"and": "or", "or": "and"}[part.op]
            return f"({word} {' '.join(self.said(each, failing=failing, holds=holds) for each in part.args)})"
        if part.op in ("true", "false"):
            return "(and)" if (part.op == "true") == holds else "(or)"
        if part.op not in FLIPPED:
            raise ConstructionError(f"need comparisons, got {render(part)}")
        choice = next((each for each in nodes(part) if each.op == "if" and isinstance(each, RealTerm)), None)
        if choice is not None:
            return self.said(_by_cases(part, choice), failing=failing, holds=holds)
        return self._compared(part, part.op if holds else FLIPPED[part.op], failing=failing)

    def _compared(self, part: Term, op: str, *, failing: bool) -> str:
        weights, constant = line_of(part.args[0], part.args[1])
        if op == "==":
            return f"(and {_comparison('<=', weights, constant)} {_comparison('>=', weights, constant)})"
        if op not in ("<", ">", "!="):
            return _comparison(op, weights, constant)
        (self.narrowed if failing else self.closed).append(render(part))
        off = self.gap if failing else Fraction(0)
        sides = [_comparison(CLOSED[side], weights, constant + (off if side == "<" else -off)) for side in ("<", ">")]
        return f"(or {' '.join(sides)})" if op == "!=" else sides[op == ">"]


def _by_cases(part: Term, choice: Term) -> Any:
    """A comparison in which a choice between two numbers stands, as one of two comparisons."""
    condition, one, other = choice.args
    [if_so], [if_not] = (substituted([part], {choice: side}) for side in (one, other))
    return some(every(condition, if_so), every(negation(condition), if_not))


def line_of(left: Term, right: Term) -> Line:
    """The difference of two terms as a sum of weighted variables and a constant.

    Raises
    ------
    ConstructionError
        For a term that is not linear.

    >>> x, y = variable("x", REAL), variable("y", REAL)
    >>> weights, constant = line_of(2 * (x - y) + 1, x / 2)
    >>> {name: str(weight) for name, weight in weights.items()}, str(constant)
    ({'x': '3/2', 'y': '-2'}, '1')
    """
    found: dict[str, Fraction] = {}
    constant = Fraction(0)
    waiting = [(left, Fraction(1)), (right, Fraction(-1))]
    while waiting:
        term, times = waiting.pop()
        if term.op == "constant":
            constant += times * term.data
        elif term.op == "variable":
            found[term.data[0]] = found.get(term.data[0], Fraction(0)) + times
        elif term.op in ("+", "-"):
            waiting += [(term.args[1], times if term.op == "+" else -times), (term.args[0], times)]
        elif term.op == "neg":
            waiting.append((term.args[0], -times))
        elif term.op in ("*", "/") and term.args[1].op == "constant" and (term.op == "*" or term.args[1].data):
            waiting.append((term.args[0], times * term.args[1].data if term.op == "*" else times / term.args[1].data))
        elif term.op == "*" and term.args[0].op == "constant":
            waiting.append((term.args[1], times * term.args[0].data))
        else:
            raise ConstructionError(f"need what is linear, got {render(term)}")
    return {name: weight for name, weight in found.items() if weight}, constant


def _comparison(op: str, weights: Mapping[str, Fraction], constant: Fraction) -> str:
    """``op`` between a sum of weighted variables with a constant, and 0; all numbers are decimal and exact."""
    if not weights:
        return "(and)" if (constant <= 0 if op == "<=" else constant >= 0) else "(or)"
    whole = lcm(*(weight.denominator for weight in weights.values()))
    if len(weights) == 1:
        [(name, weight)] = weights.items()
        end = -constant / weight
        turned = op if weight > 0 else {"<=": ">=", ">=": "<="}[op]
        if _is_decimal(end):
            return f"({turned} {name} {_decimal(end)})"
    whole = lcm(whole, constant.denominator)
    parts = [
        name if weight * whole == 1 else f"(* {_decimal(weight * whole)} {name})" for name, weight in weights.items()
    ]
    total = parts[0] if len(parts) == 1 else f"(+ {' '.join(parts)})"
    return f"({op} {total} {_decimal(-constant * whole)})"


def _is_decimal(number: Fraction) -> bool:
    rest = number.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1 and number.denominator <= 10**18


def _decimal(number: Fraction) -> str:
    """A decimal fraction in full."""
    digits = 0
    while (number * 10**digits).denominator != 1:
        digits += 1
    text = str(abs(int(number * 10**digits))).rjust(digits + 1, "0")
    body = f"{text[: len(text) - digits]}.{text[len(text) - digits :] or '0'}"
    return f"-{body}" if number < 0 else body


@dataclass(frozen=True, slots=True)
class NetworkQuestions:
    """A network and what is asked of it: the ONNX model, and the text of each fact's property by file name."""

    model: Any
    properties: Mapping[str, str]


def questions(obligation: Obligation, margin: Fraction = MARGIN) -> NetworkQuestions:
    """What a verifier of networks is asked about an obligation.

    Parameters
    ----------
    obligation : a solver's. margin : by how much a fact has to fail, where its failing is a strict comparison.

    Raises
    ------
    ConstructionError
        For a claim that VNN-LIB cannot say, for weights that float64 does not hold, and without the package onnx.

    >>> from constructions.foundations.network import Fragment
    >>> half = Fragment(inputs=("x",), outputs=("y",), edges={("x", "y"): "1/2"})
    >>> def is_less(graph, case):
    ...     "The value is at most 2."
    ...     case.show("less", case.run(graph, {"x": case.real("x")}, label="half").out["y"] <= 2)
    >>> claim = Obligation(id="half.less", paper="mine", claim=is_less, of=lambda case: half, twin=lambda case: half)
    >>> for name, text in questions(claim).properties.items():
    ...     print(name, *text.splitlines()[2:], sep="\\n")
    half.less-00-less.vnnlib
    (declare-const X_0 Real)
    (declare-const Y_0 Real)
    (assert (>= Y_0 2.000001))
    """
    try:
        return _questions(obligation, margin)
    except ConstructionError as error:
        raise ConstructionError(f"{error}, at obligation {obligation.id}, for VNN-LIB") from error


def _questions(obligation: Obligation, margin: Fraction) -> NetworkQuestions:
    if obligation.kind != "solver":
        raise ConstructionError(f"need a solver's claim, got one of kind {obligation.kind}")
    case = NetworkCase(obligation.known, obligation.id)
    state(obligation, obligation.of, case)
    if len(case.walks) != 1 or case.uses or case.principles or case.functions or case.inductions:
        raise ConstructionError(
            f"need one forward walk and no other claim, principle, function or induction, got {len(case.walks)} walks"
        )
    fragment, given = case.walks[0]
    if any(map(is_symbolic, fragment.edges.values())):
        raise ConstructionError("need a network with given weights, got one with variables")
    by, bounds = _inputs(fragment, given)
    conclusions = substituted([formula(fact.conclusion) for fact in case.facts], by)
    premises = substituted([formula(fact.given) for fact in case.facts], by)
    read = [name for name in variables(*conclusions, *premises) if name in case.meant]
    outputs = {name: f"Y_{j}" for j, name in enumerate(read)}
    renamed = {variable(name, REAL): variable(y, REAL) for name, y in outputs.items()}
    _check_known(variables(*conclusions, *premises), {*outputs, *(f"X_{i}" for i in range(len(fragment.inputs)))})
    properties = {}
    for place, fact in enumerate(case.facts):
        [conclusion, premise] = substituted([conclusions[place], premises[place]], renamed)
        text = _property(obligation, fact, (len(fragment.inputs), len(outputs)), [*bounds, premise], conclusion, margin)
        properties[file_name(obligation.id, place, fact.label).removesuffix(".smt2") + ".vnnlib"] = text
    return NetworkQuestions(_model(fragment, [case.meant[name] for name in read]), properties)


def _inputs(fragment: Fragment, given: Mapping[str, Number]) -> tuple[dict[Term, Any], list[Term]]:
    """What stands for the claim's variables, and what holds of inputs that are no variables of their own."""
    by: dict[Term, Any] = {}
    bounds: list[Any] = []
    for i, name in enumerate(fragment.inputs):
        term, x = given[name], variable(f"X_{i}", REAL)
        if not isinstance(term, Term):
            bounds.append(x == term)
            continue
        read = list(variables(term).values())
        if term.op == "variable" and not term.integral and term not in by:
            by[term] = x
        elif len(read) == 1 and read[0].data[1] == TRUTH and read[0] not in by:
            ends = [value_of(term, {read[0].data[0]: Fraction(bit)}) for bit in (1, 0)]
            by[read[0]] = x == ends[0]
            bounds.append(some(x == ends[0], x == ends[1]))
            if ends[0] == ends[1]:
                raise ConstructionError(f"need an input that depends on its bit, got {render(term)}, at {name!r}")
        elif all(each in by for each in read):
            bounds.append(x == substituted([term], by)[0])
        else:
            raise ConstructionError(f"need real variables, numbers or bits as inputs, got {render(term)}, at {name!r}")
    return by, bounds


def _check_known(read: Mapping[str, Term], known: set[str]) -> None:
    other = next((name for name in read if name not in known), None)
    if other is not None:
        raise ConstructionError(f"need a claim about inputs and outputs alone, got the variable {other!r}")


def _property(
    obligation: Obligation,
    fact: Fact,
    sizes: tuple[int, int],
    premises: Sequence[Term],
    conclusion: Term,
    margin: Fraction,
) -> str:
    asked = _Asserting(margin)
    asserted = [asked.said(part, failing=False) for premise in premises for part in _conjuncts(premise)]
    asserted.append(asked.said(conclusion, failing=True, holds=False))
    lines = [
        f"; {printable(obligation.id)}: {printable(fact.label)}",
        "; unsat proves the fact" + (f", up to {margin}, by which it has to fail" if asked.narrowed else ""),
        *(f"; closed: {printable(each)}" for each in asked.closed),
        *(f"(declare-const X_{i} Real)" for i in range(sizes[0])),
        *(f"(declare-const Y_{j} Real)" for j in range(sizes[1])),
        *(f"(assert {each})" for each in asserted if each != "(and)"),
    ]
    return "\n".join(lines) + "\n"


def _conjuncts(part: Term) -> Iterator[Term]:
    if part.op != "and":
        yield part
        return
    for each in part.args:
        yield from _conjuncts(each)


def _model(fragment: Fragment, read: Sequence[tuple[str, str]]) -> Any:
    """The model whose outputs are what the claim reads of vertices."""
    net = flat.flat_network(fragment)
    if net.scale & (net.scale - 1):
        raise ConstructionError(f"need weights that float64 holds, got weights over {net.scale}")
    inner = [v for v in fragment.order if v not in fragment.sources]
    places = {v: net.first + i for i, v in enumerate(inner)}
    return onnx_export.onnx_model(net, [(places[v], kind) for v, kind in read])


def write_vnnlib(folder: Path, obligation: Obligation, margin: Fraction = MARGIN) -> list[Path]:
    """Write the model and the properties of an obligation to a folder; return their paths, the model's first.

    Parameters
    ----------
    folder : where they go; it must be there. obligation, margin : as for :func:`questions`.

    Raises
    ------
    ConstructionError
        As :func:`questions`, and for a file that cannot be written.

    >>> from constructions.foundations.network import Fragment
    >>> half = Fragment(inputs=("x",), outputs=("y",), edges={("x", "y"): "1/2"})
    >>> def is_less(graph, case):
    ...     "The value is at most 2."
    ...     case.show("less", case.run(graph, {"x": case.real("x")}, label="half").out["y"] <= 2)
    >>> claim = Obligation(id="half.less", paper="mine", claim=is_less, of=lambda case: half, twin=lambda case: half)
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     [path.name for path in write_vnnlib(Path(folder), claim)]
    ['half.less.onnx', 'half.less-00-less.vnnlib']
    """
    asked = questions(obligation, margin)
    name = file_name(obligation.id, 0, "").removesuffix("-00-.smt2")
    model = folder / f"{name}.onnx"
    write_bytes(model, asked.model.SerializeToString())
    for each, text in asked.properties.items():
        write_text(folder / each, text)
    return [model, *(folder / each for each in asked.properties)]
