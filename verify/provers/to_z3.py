"""Terms for z3. Integers stay integers: a comparison whose sides only take integer values is stated over the integers.

Claims mix integers and reals freely. z3 decides ``m < u + 1`` and ``u <= m`` at once over the integers, and may branch
for ever over reals that happen to be integral. A term is translated once, however often it is used, and never turned
into text.
"""

from collections.abc import Callable
from typing import Any

import z3

from constructions.errors import ConstructionError
from constructions.foundations.logic import Formula
from constructions.foundations.rendering import render
from constructions.foundations.spelling import smt_name
from constructions.foundations.terms import APPLY, INTEGER, TRUTH, Term, formula
from constructions.foundations.traversal import nodes

Made = Any  # z3's own types do not meet in one protocol

# The methods themselves: for ``a > b`` with a numeral b Python would ask b first, as its class is derived, and z3 be
# given ``b < a``.
COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "<=": z3.ArithRef.__le__,
    "<": z3.ArithRef.__lt__,
    ">=": z3.ArithRef.__ge__,
    ">": z3.ArithRef.__gt__,
    "==": z3.ExprRef.__eq__,
    "!=": z3.ExprRef.__ne__,
}
ARITHMETIC: dict[str, Callable[..., Any]] = {
    "+": z3.ArithRef.__add__,
    "-": z3.ArithRef.__sub__,
    "*": z3.ArithRef.__mul__,
    "/": z3.ArithRef.__truediv__,
    "neg": z3.ArithRef.__neg__,
}
WORDS: dict[str, Callable[..., Any]] = {
    "word+": lambda a, b: a + b,
    "word-": lambda a, b: a - b,
    "word*": lambda a, b: a * b,
    "word&": lambda a, b: a & b,
    "word|": lambda a, b: a | b,
    "word^": lambda a, b: a ^ b,
    "word<<": lambda a, b: a << b,
    "word>>": z3.LShR,
    "word~": lambda a: ~a,
    "wordneg": lambda a: -a,
    "word==": lambda a, b: a == b,
    "word<": z3.ULT,
    "signed<": lambda a, b: a < b,
}


class ToZ3:
    """A translation into one context; what was translated is kept.

    >>> from constructions.foundations.terms import REAL, variable
    >>> m, x = variable("m", INTEGER), variable("x", REAL)
    >>> to = ToZ3(z3.Context())
    >>> to.formula(m < 2 * m + 1), to.formula(m < x)
    (m < 2*m + 1, ToReal(m) < x)
    >>> to.term((m < x).args[0])
    ToReal(m)
    """

    def __init__(self, context: z3.Context) -> None:
        self.context = context
        self._made: dict[Term, Made] = {}
        self._whole: dict[Term, Made] = {}

    @property
    def size(self) -> int:
        """How many terms have been translated."""
        return len(self._made)

    def formula(self, value: Formula) -> Made:
        """A formula or a truth value."""
        return self.term(formula(value))

    def term(self, term: Term) -> Made:
        """Any term; a number becomes a real one."""
        for part in nodes(term):
            if part not in self._made:
                self._made[part] = self._translated(part)
        return self._made[term]

    def _translated(self, part: Term) -> Made:
        if part.op in COMPARISONS:
            return self._compared(part)
        arguments = [self._made[argument] for argument in part.args]
        if part.op in ARITHMETIC:
            return ARITHMETIC[part.op](*arguments)
        if part.op in WORDS:
            return WORDS[part.op](*arguments)
        rule = getattr(self, f"_{part.op.replace(' ', '_').replace('#', '_value')}", None)
        if rule is None:
            raise ConstructionError(f"need a term that z3 has, got {render(part, 80)}")
        return rule(part, arguments)

    def _compared(self, part: Term) -> Made:
        whole = all(argument.integral for argument in part.args)
        left, right = (self._integer(argument) if whole else self._made[argument] for argument in part.args)
        return COMPARISONS[part.op](left, right)

    def _integer(self, term: Term) -> Made:
        """A term that is integral by its form, over the integers."""
        for part in nodes(term):
            if part.integral and part not in self._whole:
                self._whole[part] = self._integral(part)
        return self._whole[term]

    def _integral(self, part: Term) -> Made:
        if part.op == "constant":
            return z3.IntVal(part.data.numerator, self.context)
        if part.op == "variable":
            return z3.Int(smt_name(part.data[0]), self.context)
        if part.op == APPLY:
            return self._applied(part)
        if part.op == "floor":
            return z3.ToInt(self._made[part.args[0]])
        if part.op == "if":
            return z3.If(self._made[part.args[0]], self._whole[part.args[1]], self._whole[part.args[2]])
        return ARITHMETIC[part.op](*(self._whole[argument] for argument in part.args))

    def _constant(self, part: Term, _: list[Made]) -> Made:
        return z3.RealVal(f"{part.data.numerator}/{part.data.denominator}", self.context)

    def _variable(self, part: Term, _: list[Made]) -> Made:
        name, kind = smt_name(part.data[0]), part.data[1]
        if kind == TRUTH:
            return z3.Bool(name, self.context)
        return z3.ToReal(z3.Int(name, self.context)) if kind == INTEGER else z3.Real(name, self.context)

    def _apply(self, part: Term, _: list[Made]) -> Made:
        found = self._applied(part)
        return z3.ToReal(found) if part.data[2] == INTEGER else found

    def _applied(self, part: Term) -> Made:
        """A function that is a variable, of the kinds that it takes and gives."""
        name, takes, gives = part.data
        made = z3.Function(smt_name(name), *(self._sort(kind) for kind in (*takes, gives)))
        pairs = zip(part.args, takes, strict=True)
        return made(*(self._integer(argument) if kind == INTEGER else self._made[argument] for argument, kind in pairs))

    def _sort(self, kind: str) -> Made:
        sorts = {TRUTH: z3.BoolSort, INTEGER: z3.IntSort}
        return sorts.get(kind, z3.RealSort)(self.context)

    def _floor(self, part: Term, arguments: list[Made]) -> Made:
        return z3.ToReal(z3.ToInt(arguments[0]))

    def _if(self, part: Term, arguments: list[Made]) -> Made:
        return z3.If(*arguments)

    def _true(self, part: Term, _: list[Made]) -> Made:
        return z3.BoolVal(True, self.context)

    def _false(self, part: Term, _: list[Made]) -> Made:
        return z3.BoolVal(False, self.context)

    def _not(self, part: Term, arguments: list[Made]) -> Made:
        return z3.Not(arguments[0])

    def _and(self, part: Term, arguments: list[Made]) -> Made:
        return self._joined(z3.Z3_mk_and, arguments)

    def _or(self, part: Term, arguments: list[Made]) -> Made:
        return self._joined(z3.Z3_mk_or, arguments)

    def _joined(self, rule: Callable[..., Any], arguments: list[Made]) -> Made:
        """A conjunction or a disjunction of what are formulas of this context already: ``z3.And`` would look at the
        sort of each of many parts again and again."""
        parts = (z3.Ast * len(arguments))(*(argument.as_ast() for argument in arguments))
        return z3.BoolRef(rule(self.context.ref(), len(arguments), parts), self.context)

    def _iff(self, part: Term, arguments: list[Made]) -> Made:
        return arguments[0] == arguments[1]

    def _at_least(self, part: Term, arguments: list[Made]) -> Made:
        if not 0 < part.data <= len(arguments):  # z3's number is an unsigned one of 32 bits
            return z3.BoolVal(part.data <= 0, self.context)
        return z3.AtLeast(*arguments, part.data)

    def _word(self, part: Term, arguments: list[Made]) -> Made:
        one, zero = z3.BitVecVal(1, 1, self.context), z3.BitVecVal(0, 1, self.context)
        bits = [z3.If(bit, one, zero) for bit in reversed(arguments)]
        return bits[0] if len(bits) == 1 else z3.Concat(*bits)

    def _word_value(self, part: Term, _: list[Made]) -> Made:
        return z3.BitVecVal(*part.data, self.context)

    def _word_if(self, part: Term, arguments: list[Made]) -> Made:
        return z3.If(*arguments)

    def _extended(self, part: Term, arguments: list[Made]) -> Made:
        return z3.ZeroExt(part.data - arguments[0].size(), arguments[0])

    def _signed_extended(self, part: Term, arguments: list[Made]) -> Made:
        return z3.SignExt(part.data - arguments[0].size(), arguments[0])

    def _bit(self, part: Term, arguments: list[Made]) -> Made:
        return z3.Extract(part.data, part.data, arguments[0]) == z3.BitVecVal(1, 1, self.context)
