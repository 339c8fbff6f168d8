"""Terms and sympy: what sympy is to derive leaves the language of claims by translation, and comes back the same way.

sympy knows only the rational functions here: sums, products, quotients and whole powers of plain symbols, over the
rationals. A symbol with assumptions (``positive=True`` turns ``sqrt(x**2)`` into x), a float, a root or any other
function has no term.
"""

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.loading import loaded_when_used
from constructions.foundations.refusals import described, refusal
from constructions.foundations.rendering import render
from constructions.foundations.terms import MOST_POWER, REAL, RealTerm, Term, number, variable
from constructions.foundations.traversal import nodes

with loaded_when_used(__name__):
    import sympy


def symbol(name: str) -> "sympy.Symbol":
    """The symbol of a variable's name, without assumptions.

    >>> sympy.sqrt(symbol("x") ** 2), symbol("x") == to_sympy(variable("x", REAL))
    (sqrt(x**2), True)
    """
    return sympy.Symbol(name)


def to_sympy(value: Number) -> "sympy.Expr":
    """A rational number or a rational term as a sympy expression.

    Raises
    ------
    LanguageError
        For a term that branches, compares or rounds.

    >>> x = variable("x", REAL)
    >>> to_sympy((x + 1) * (x - 1) / 2)
    (x - 1)*(x + 1)/2
    """
    term = number(value)
    uses = Counter(id(argument) for part in nodes(term) for argument in part.args)
    done: dict[int, list[sympy.Expr]] = {}
    for part in nodes(term):
        if part.op in ("+", "-", "neg"):
            found = _summands(part, done)
            done[id(part)] = found if uses[id(part)] == 1 else [sympy.Add(*found)]
        else:
            done[id(part)] = [_expression(part, [sympy.Add(*done[id(argument)]) for argument in part.args])]
    return sympy.Add(*done[id(term)])


def _summands(part: Term, done: "Mapping[int, list[sympy.Expr]]") -> "list[sympy.Expr]":
    """What a sum, a difference or a negation adds up; a long sum is one sum for sympy, which sorts the summands of
    each."""
    last = [-summand for summand in done[id(part.args[-1])]] if part.op != "+" else done[id(part.args[-1])]
    if part.op == "neg":
        return last
    found = done[id(part.args[0])]
    if len(found) == 1:
        return [*found, *last]
    found.extend(last)
    return found


def _expression(part: Term, arguments: "list[sympy.Expr]") -> "sympy.Expr":
    if part.op == "constant":
        return sympy.Rational(part.data.numerator, part.data.denominator)
    if part.op == "variable" and isinstance(part, RealTerm):
        return symbol(part.data[0])
    if part.op not in ("*", "/"):
        raise refusal(f"need sums, products and quotients for sympy, got {render(part, 80)}")
    a, b = arguments
    return a * b if part.op == "*" else a / b


def from_sympy(expression: Any, known: Mapping[str, Number] | None = None) -> Number:
    """An expression of sympy, which must be a rational function, as a term; a number as a Fraction.

    Parameters
    ----------
    known : what stands for each symbol, by name; without it every symbol becomes a real variable.

    Raises
    ------
    LanguageError
        For anything but rationals, plain symbols, sums, products and whole powers.

    >>> from_sympy(sympy.Symbol("x") ** 2 / 2 + 1)
    1 + x*x/2
    >>> from_sympy(sympy.sqrt(sympy.Symbol("x", positive=True) ** 2))
    Traceback (most recent call last):
        ...
    constructions.foundations.refusals.LanguageError: need symbols without assumptions, got x with positive
    """
    if not isinstance(expression, sympy.Expr):
        raise refusal(f"need an expression of sympy, got {described(expression)}")
    done: dict[Any, Number] = {}
    for part in sympy.postorder_traversal(expression):
        if part not in done:
            done[part] = _number(part, done, known)
    return done[expression]


def _number(part: Any, done: Mapping[Any, Number], known: Mapping[str, Number] | None) -> Number:
    if isinstance(part, sympy.Rational):
        return Fraction(int(part.p), int(part.q))
    if type(part) is sympy.Symbol:  # two of the other kinds may have one name
        return _variable(part, known)
    if isinstance(part, sympy.Add):
        total, *rest = (done[argument] for argument in part.args)
        for other in rest:
            total = total + other
        return total
    if isinstance(part, sympy.Mul):
        return _product(part, done)
    if isinstance(part, sympy.Pow) and isinstance(part.exp, sympy.Integer) and abs(int(part.exp)) <= MOST_POWER:
        return number(done[part.base]) ** int(part.exp)
    raise refusal(f"need a rational function of plain symbols from sympy, got {described(part)}")


def _product(part: Any, done: Mapping[Any, Number]) -> Number:
    """A product as one quotient, as sympy prints it."""
    above: Number = Fraction(1)
    below: Number = Fraction(1)
    for argument in part.args:
        if isinstance(argument, sympy.Pow) and argument.exp.is_negative and isinstance(argument.exp, sympy.Integer):
            below = below * number(done[argument.base]) ** -int(argument.exp)
        elif isinstance(argument, sympy.Rational):
            above, below = above * int(argument.p), below * int(argument.q)
        else:
            above = above * done[argument]
    return above / below


def _variable(part: "sympy.Symbol", known: Mapping[str, Number] | None) -> Number:
    assumed = sorted(key for key, value in part._assumptions_orig.items() if key != "commutative" or not value)
    if assumed:
        raise refusal(f"need symbols without assumptions, got {part} with {', '.join(assumed)}")
    if known is None:
        return variable(part.name, REAL)
    if part.name not in known:
        raise refusal(f"need symbols among {', '.join(sorted(known))}, got {part}")
    return known[part.name]
