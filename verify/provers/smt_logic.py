"""Which logic of SMT-LIB a question needs: the smallest one that has all its operations.

A solver that is told the logic picks its methods by it: simplex for linear arithmetic, cylindrical decomposition for
polynomials over the reals. Told ``ALL`` it must be ready for anything.
"""

from collections.abc import Iterable

from constructions.foundations.terms import INTEGER, REAL, RealTerm, Term
from constructions.foundations.traversal import nodes
from verify.obligations.words import WordTerm

COMPARISONS = frozenset({"<=", "<", ">=", ">", "==", "!="})
EVERYTHING = "ALL"


def logic_of(*terms: Term) -> str:
    """The smallest logic of SMT-LIB in which some formulas can be stated.

    Parameters
    ----------
    terms : formulas, as :mod:`verify.provers.to_smt` writes them.

    Returns
    -------
    ``QF_`` (without quantifiers), then ``UF`` if functions are applied that nothing is known of, then the arithmetic:
    ``L`` (linear) or ``N`` (with products or quotients of variables), ``I`` (integers), ``R`` (reals), ``A``.
    ``QF_BV`` for words of bits, ``QF_UF`` for truth values alone, ``ALL`` for words and numbers together.

    >>> from constructions.foundations.terms import variable
    >>> x, n = variable("x", REAL), variable("n", INTEGER)
    >>> logic_of(2 * x > 1), logic_of(x * x > 1, n > 0), logic_of(n / 2 > x), logic_of(n + 1 > 2 * n)
    ('QF_LRA', 'QF_NIRA', 'QF_LIRA', 'QF_LIA')
    >>> from constructions.foundations.functions import Function
    >>> logic_of(Function("f", (INTEGER,), REAL)(2) > x)
    'QF_UFLIRA'
    """
    parts = list(nodes(*terms))
    words = any(isinstance(part, WordTerm) for part in parts)
    functions = any(part.op == "apply" for part in parts)
    reals, integers = any(map(_is_real, parts)), any(map(_is_whole, parts))
    if words:
        return EVERYTHING if reals or integers or functions else "QF_BV"
    arithmetic = ""
    if reals or integers:
        degree = "N" if _has_products(parts) else "L"
        arithmetic = f"{degree}{'I' * integers}{'R' * reals}A"
    return f"QF_{'UF' if functions or not arithmetic else ''}{arithmetic}"


def _is_real(part: Term) -> bool:
    """Whether a term is written with real numbers."""
    if part.op == "variable":
        return bool(part.data[1] == REAL)
    if part.op == "apply":
        return REAL in _kinds(part)
    return part.op == "floor" or (part.op in COMPARISONS and not all(argument.integral for argument in part.args))


def _is_whole(part: Term) -> bool:
    """Whether a term is written with integers."""
    if part.op in ("floor", "at least"):
        return True
    if part.op == "variable":
        return bool(part.data[1] == INTEGER)
    if part.op == "apply":
        return INTEGER in _kinds(part)
    return part.op in COMPARISONS and all(argument.integral for argument in part.args)


def _kinds(part: Term) -> tuple[str, ...]:
    """The kinds of what a function that is a variable takes and gives."""
    _, takes, gives = part.data
    return (*takes, gives)


def _has_products(parts: Iterable[Term]) -> bool:
    """Whether two numbers that vary are multiplied, or one divides.

    ``parts`` come with arguments before what they are arguments of.
    """
    varies: dict[int, bool] = {}
    for part in parts:
        moving = [varies[id(argument)] for argument in part.args]
        varies[id(part)] = part.op in ("variable", "apply") or any(moving)
        if isinstance(part, RealTerm) and ((part.op == "*" and all(moving)) or (part.op == "/" and moving[1])):
            return True
    return False
