"""Integer atoms for z3: a comparison whose sides only take integer values is stated over the integers.

Claims mix integers and reals freely (an integer variable enters as a real term). z3 decides ``m < u + 1`` and ``u <= m``
at once over the integers, and may branch for ever over reals that happen to be integral. The rewriting is an equivalence:
it only takes ``ToReal`` off both sides.
"""
from typing import Any

import z3

COMPARISONS = (z3.Z3_OP_LE, z3.Z3_OP_LT, z3.Z3_OP_GE, z3.Z3_OP_GT, z3.Z3_OP_EQ, z3.Z3_OP_DISTINCT)
ARITHMETIC = (z3.Z3_OP_ADD, z3.Z3_OP_SUB, z3.Z3_OP_MUL, z3.Z3_OP_UMINUS)


def is_integral(term: z3.ArithRef) -> bool:
    """Whether a term takes only integer values, by its form.

    >>> is_integral(z3.ToReal(z3.Int("m")) + 1), is_integral(z3.Real("x"))
    (True, False)
    """
    if z3.is_app_of(term, z3.Z3_OP_TO_REAL) or term.sort() == z3.IntSort(term.ctx):
        return True
    if z3.is_rational_value(term):
        return bool(term.denominator_as_long() == 1)
    if any(z3.is_app_of(term, op) for op in ARITHMETIC):
        return all(is_integral(part) for part in term.children())
    return z3.is_app_of(term, z3.Z3_OP_ITE) and all(is_integral(part) for part in term.children()[1:])


def over_the_integers(formula: z3.BoolRef) -> z3.BoolRef:
    """The same formula with every comparison of integral sides stated over the integers.

    >>> m, u = z3.ToReal(z3.Int("m")), z3.ToReal(z3.Int("u"))
    >>> over_the_integers(m < u + 1)
    m < u + 1
    """
    return _rewrite(formula, {})


def _rewrite(term: Any, known: dict[int, tuple[Any, Any]]) -> Any:
    key = term.get_id()
    if key not in known:
        known[key] = (term, _rebuilt(term, known))
    return known[key][1]


def _rebuilt(term: Any, known: dict[int, tuple[Any, Any]]) -> Any:
    if not z3.is_app(term) or term.num_args() == 0:
        return term
    parts = [_rewrite(part, known) for part in term.children()]
    if term.decl().kind() in COMPARISONS and all(isinstance(part, z3.ArithRef) and is_integral(part) for part in parts):
        left, right = (_as_integer(part) for part in parts)
        kinds = {z3.Z3_OP_LE: left <= right, z3.Z3_OP_LT: left < right, z3.Z3_OP_GE: left >= right, z3.Z3_OP_GT: left > right}
        return kinds.get(term.decl().kind(), left == right if z3.is_eq(term) else left != right)
    if term.decl().kind() in (z3.Z3_OP_AND, z3.Z3_OP_OR):
        return z3.And(*parts) if z3.is_and(term) else z3.Or(*parts)
    return term.decl()(*parts)


def _as_integer(term: Any) -> Any:
    if z3.is_app_of(term, z3.Z3_OP_TO_REAL):
        return term.arg(0)
    if term.sort() == z3.IntSort(term.ctx):
        return term
    if z3.is_rational_value(term):
        return z3.IntVal(term.numerator_as_long(), term.ctx)
    if z3.is_app_of(term, z3.Z3_OP_ITE):
        return z3.If(term.arg(0), _as_integer(term.arg(1)), _as_integer(term.arg(2)))
    parts = [_as_integer(part) for part in term.children()]
    if z3.is_app_of(term, z3.Z3_OP_UMINUS):
        return -parts[0]
    total = parts[0]
    for part in parts[1:]:
        total = {z3.Z3_OP_ADD: total + part, z3.Z3_OP_SUB: total - part, z3.Z3_OP_MUL: total * part}[term.decl().kind()]
    return total
