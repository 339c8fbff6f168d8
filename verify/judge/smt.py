"""A question in SMT-LIB 2.6: whether a formula can hold. The text is a function of the formula alone.

Proof files have these texts, so that anybody can ask any solver; the checker writes each again from the derivation that
it has checked, and asks its solver only what is the same to the letter. It names the logic, declares what is free, and
gives a name to what is used twice. Numbers are reals; between terms that are integers by their form a comparison is one
of integers.

>>> from fractions import Fraction
>>> from verify.judge.terms import Terms
>>> table = Terms()
>>> x = table.variable("x", "real")
>>> print(question(table.make("<", None, (x, table.make("constant", Fraction(-1, 2))))))
(set-logic QF_LRA)
(declare-const x Real)
(assert (< x (- (/ 1.0 2.0))))
(check-sat)
<BLANKLINE>
"""

import re
from collections.abc import Sequence
from fractions import Fraction

from verify.judge.terms import COMPARISONS, INTEGER, REAL, TRUTH, WORD, Node, inside, names_in

WORDS = """
    ! * + - / < <= = => > >= BINARY DECIMAL HEXADECIMAL NUMERAL STRING _ abs and arccos arcsin arctan as assert
    check-sat check-sat-assuming cos declare-const declare-datatype declare-datatypes declare-fun declare-sort
    define-fun define-fun-rec define-funs-rec define-sort distinct div divisible echo exists exit exp false
    forall get-assertions get-assignment get-info get-model get-option get-proof get-unsat-assumptions
    get-unsat-core get-value is_int ite let match mod not or par pi pop push real.pi reset reset-assertions
    root-obj select set-info set-logic set-option sin sqrt store tan to_int to_real true xor arccot arccsc
    arcsec concat cot csc extract fp iand int2bv int_to_bv lambda repeat rotate_left rotate_right sbv_to_int sec
    sign_extend to_fp ubv_to_int zero_extend
"""
"""The words of SMT-LIB and of its theories, which are no names."""
HEADS = {
    "neg": "-",
    "if": "ite",
    "iff": "=",
    "==": "=",
    "!=": "distinct",
    "word+": "bvadd",
    "word-": "bvsub",
    "word*": "bvmul",
    "word&": "bvand",
    "word|": "bvor",
    "word^": "bvxor",
    "word<<": "bvshl",
    "word>>": "bvlshr",
    "word~": "bvnot",
    "wordneg": "bvneg",
    "word if": "ite",
    "word==": "=",
    "word<": "bvult",
    "signed<": "bvslt",
} | {op: op for op in ("+", "-", "*", "/", "not", "and", "or", "<=", "<", ">=", ">")}
DEFINED = re.compile(r"t%\d+(?=[ )])")


def symbol(name: str) -> str:
    """A name as a symbol; different names stay different.

    >>> symbol("x"), symbol("a|b"), symbol("true"), symbol("1")
    ('x', '|a%7c;b|', '|%74;rue|', '|%31;|')
    """
    found = [char if " " <= char <= "~" and char not in "%|\\" else f"%{ord(char):x};" for char in name]
    if name in WORDS.split() or name[:1] in set("0123456789.@") or name.startswith("bv"):
        found[0] = f"%{ord(name[0]):x};"
    text = "".join(found)
    return text if text.isidentifier() else f"|{text}|"


def numeral(value: Fraction, dot: str) -> str:
    """A rational; ``dot`` is what stands behind the digits of a real.

    >>> numeral(Fraction(-2), ""), numeral(Fraction(2), ".0")
    ('(- 2)', '2.0')
    """
    text = f"{abs(value.numerator)}{dot}"
    text = text if value.denominator == 1 else f"(/ {text} {value.denominator}{dot})"
    return f"(- {text})" if value < 0 else text


class _Text:
    """The texts of the parts of a formula, over the reals and, where they have one, over the integers."""

    def __init__(self, formula: Node) -> None:
        self.real: dict[int, str] = {}
        self.whole: dict[int, str] = {}
        self.definitions: list[str] = []
        self._times: dict[int, int] = {}
        parts = list(inside(formula))
        for part in parts:
            for argument in part.args:
                self._times[id(argument)] = self._times.get(id(argument), 0) + 1
        for part in parts:
            self.real[id(part)] = self._named(part, self._as_number(part), whole=False)
            if part.whole:
                self.whole[id(part)] = self._named(part, self._as_integer(part), whole=True)
        self.formula = self.real[id(formula)]

    def _named(self, part: Node, text: str, *, whole: bool) -> str:
        if not part.args or self._times.get(id(part), 0) < 2:
            return text
        name = f"t%{len(self.definitions)}"
        sort = {TRUTH: "Bool", WORD: f"(_ BitVec {part.width})", REAL: "Int" if whole else "Real"}[part.sort]
        self.definitions.append(f"(define-fun {name} () {sort} {text})")
        return name

    def _as_number(self, part: Node) -> str:
        op, data = part.op, part.data
        if op == "variable":
            return f"(to_real {symbol(data[0])})" if data[1] == INTEGER else symbol(data[0])
        if op == "apply":
            return f"(to_real {self._applied(part)})" if data[2] == INTEGER else self._applied(part)
        if op == "constant":
            return numeral(data, ".0")
        whole = op in COMPARISONS and all(argument.whole for argument in part.args)
        texts = [(self.whole if whole else self.real)[id(argument)] for argument in part.args]
        return f"({HEADS[op]} {' '.join(texts)})" if op in HEADS else _special(part, texts)

    def _as_integer(self, part: Node) -> str:
        if part.op == "variable":
            return symbol(part.data[0])
        if part.op == "constant":
            return numeral(part.data, "")
        if part.op == "apply":
            return self._applied(part)
        if part.op == "floor":
            return f"(to_int {self.real[id(part.args[0])]})"
        first = [self.real[id(part.args[0])]] if part.op == "if" else []
        rest = part.args[1:] if first else part.args
        return f"({HEADS[part.op]} {' '.join((*first, *(self.whole[id(argument)] for argument in rest)))})"

    def _applied(self, part: Node) -> str:
        pairs = zip(part.args, part.data[1], strict=True)
        texts = [(self.whole if kind == INTEGER else self.real)[id(argument)] for argument, kind in pairs]
        return f"({symbol(part.data[0])} {' '.join(texts)})"


def _special(part: Node, texts: Sequence[str]) -> str:
    op, data = part.op, part.data
    if op in ("true", "false"):
        return op
    if op == "floor":
        return f"(to_real (to_int {texts[0]}))"
    if op == "at least":
        return f"(>= (+ {' '.join(f'(ite {text} 1 0)' for text in texts)} 0) {numeral(Fraction(data), '')})"
    if op == "word":
        bits = [f"(ite {text} #b1 #b0)" for text in reversed(texts)]
        return bits[0] if len(bits) == 1 else f"(concat {' '.join(bits)})"
    if op == "word#":
        return f"(_ bv{data[0]} {data[1]})"
    if op == "bit":
        return f"(= ((_ extract {data} {data}) {texts[0]}) #b1)"
    kind = "sign" if op == "signed extended" else "zero"
    return f"((_ {kind}_extend {data - part.args[0].width}) {texts[0]})"


def _kind(kind: str) -> str:
    return {TRUTH: "Bool", INTEGER: "Int", REAL: "Real"}[kind]


def question(formula: Node) -> str:
    """The question whether a formula can hold."""
    declared = [f"(declare-const {symbol(name)} {_kind(part.data[1])})" for name, part in names_in([formula]).items()]
    for name, takes, gives in dict.fromkeys(part.data for part in inside(formula) if part.op == "apply"):
        declared.append(f"(declare-fun {symbol(name)} ({' '.join(map(_kind, takes))}) {_kind(gives)})")
    text = _Text(formula)
    asserted = f"(assert {text.formula})"
    used, kept = set(DEFINED.findall(asserted)), list[str]()
    for definition in reversed(text.definitions):
        if definition.split(" ", 2)[1] in used:
            kept.append(definition)
            used.update(DEFINED.findall(definition))
    return "\n".join((f"(set-logic {logic(formula)})", *declared, *kept[::-1], asserted, "(check-sat)", ""))


def logic(formula: Node) -> str:
    """The smallest logic that has the operations of a formula.

    >>> from verify.judge.terms import Terms
    >>> logic(Terms().variable("p", "truth"))
    'QF_UF'
    """
    parts = list(inside(formula))
    functions, words = any(part.op == "apply" for part in parts), any(part.sort == WORD for part in parts)
    reals, wholes = any(map(_with_reals, parts)), any(map(_with_integers, parts))
    if words:
        return "ALL" if reals or wholes or functions else "QF_BV"
    arithmetic = f"{'N' if _multiplies(parts) else 'L'}{'I' * wholes}{'R' * reals}A" if reals or wholes else ""
    return f"QF_{'UF' if functions or not arithmetic else ''}{arithmetic}"


def _with_reals(part: Node) -> bool:
    if part.op in COMPARISONS:
        return not all(argument.whole for argument in part.args)
    return part.op == "floor" or (part.op in ("variable", "apply") and REAL in _kinds(part))


def _with_integers(part: Node) -> bool:
    if part.op in COMPARISONS:
        return all(argument.whole for argument in part.args)
    return part.op in ("floor", "at least") or (part.op in ("variable", "apply") and INTEGER in _kinds(part))


def _kinds(part: Node) -> tuple[str, ...]:
    return (part.data[1],) if part.op == "variable" else (*part.data[1], part.data[2])


def _multiplies(parts: Sequence[Node]) -> bool:
    varies: dict[int, bool] = {}
    for part in parts:
        moving = [varies[id(argument)] for argument in part.args]
        varies[id(part)] = part.op in ("variable", "apply") or any(moving)
        if (part.op == "*" and all(moving)) or (part.op == "/" and moving[1]):
            return True
    return False
