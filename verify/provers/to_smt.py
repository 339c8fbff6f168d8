"""Terms as SMT-LIB 2.6 text, so that any solver can be asked.

Integers stay integers, as for z3 (``to_z3``), by a translation that shares no code with that one.
"""

import re
from collections.abc import Callable, Sequence
from fractions import Fraction

from constructions.errors import ConstructionError
from constructions.foundations.logic import Formula
from constructions.foundations.rendering import render
from constructions.foundations.spelling import smt_name
from constructions.foundations.terms import APPLY, INTEGER, TRUTH, Term, TruthTerm, formula
from constructions.foundations.traversal import applications, nodes, variables
from verify.obligations.words import WordTerm
from verify.provers.smt_logic import logic_of

Rule = Callable[[Term, Sequence[str]], str]
SIMPLE = {
    "+": "+",
    "-": "-",
    "*": "*",
    "/": "/",
    "neg": "-",
    "if": "ite",
    "not": "not",
    "and": "and",
    "or": "or",
    "iff": "=",
    "<=": "<=",
    "<": "<",
    ">=": ">=",
    ">": ">",
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
}


def quoted(name: str) -> str:
    """A variable's name as a symbol, between bars if need be; what a symbol cannot be is spelled, so that different
    names stay different.

    >>> quoted("v0"), quoted("w[a|b]"), quoted("true")
    ('v0', '|w[a%7c;b]|', '|%74;rue|')
    """
    found = smt_name(name)
    return found if found.isidentifier() else f"|{found}|"


LONG = 2000


def constant(value: Fraction, *, whole: bool) -> str:
    """A number of SMT-LIB of this value, an integer if ``whole``, else a real.

    >>> constant(Fraction(-1, 2), whole=False), constant(Fraction(3), whole=True)
    ('(- (/ 1.0 2.0))', '3')
    """
    dot = "" if whole else ".0"
    above = f"{abs(value.numerator)}{dot}"
    text = above if value.denominator == 1 else f"(/ {above} {value.denominator}{dot})"
    return f"(- {text})" if value < 0 else text


class _Writer:
    """The text of each term, in reals and in integers; what is used twice gets a name."""

    def __init__(self, *terms: Term, named: bool) -> None:
        self.named = named
        self.definitions: list[str] = []
        self.texts: dict[tuple[Term, bool], str] = {}
        self._uses: dict[Term, int] = {}
        for part in nodes(*terms):
            for argument in part.args:
                self._uses[argument] = self._uses.get(argument, 0) + 1

    def of(self, term: Term) -> str:
        """The text of a term; its definitions come before it."""
        for part in nodes(term):
            if (part, False) in self.texts:
                continue
            self.texts[part, False] = self._kept(part, self._plain(part), whole=False)
            if part.integral:
                self.texts[part, True] = self._kept(part, self._whole(part), whole=True)
        return self.texts[term, False]

    def _kept(self, part: Term, text: str, *, whole: bool) -> str:
        if not self.named or self._uses.get(part, 0) < 2 or not part.args:
            return text
        name = f"t%{len(self.definitions)}"  # as no name of a variable becomes
        self.definitions.append(f"(define-fun {name} () {_sort(part, whole=whole)} {text})")
        return name

    def _whole(self, part: Term) -> str:
        """An integral term over the integers."""
        if part.op == "constant":
            return constant(part.data, whole=True)
        if part.op == "variable":
            return quoted(part.data[0])
        if part.op == APPLY:
            return self._applied(part)
        if part.op == "floor":
            return f"(to_int {self.texts[part.args[0], False]})"
        if part.op == "if":
            condition, yes, no = part.args
            return f"(ite {self.texts[condition, False]} {self.texts[yes, True]} {self.texts[no, True]})"
        return f"({SIMPLE[part.op]} {' '.join(self.texts[argument, True] for argument in part.args)})"

    def _applied(self, part: Term) -> str:
        """A function that is a variable, its integer arguments over the integers."""
        name, takes, _ = part.data
        pairs = zip(part.args, takes, strict=True)
        return f"({quoted(name)} {' '.join(self.texts[argument, kind == INTEGER] for argument, kind in pairs)})"

    def _plain(self, part: Term) -> str:
        if part.op == APPLY:
            return f"(to_real {self._applied(part)})" if part.data[2] == INTEGER else self._applied(part)
        compares = part.op in ("<=", "<", ">=", ">", "==", "!=")
        whole = compares and all(argument.integral for argument in part.args)
        arguments = [self.texts[argument, whole] for argument in part.args]
        if part.op in SIMPLE:
            return f"({SIMPLE[part.op]} {' '.join(arguments)})"
        if part.op not in RULES:
            raise ConstructionError(f"need a term that SMT-LIB has, got {render(part, 80)}")
        return RULES[part.op](part, arguments)


def _sort(part: Term, *, whole: bool) -> str:
    if isinstance(part, WordTerm):
        return f"(_ BitVec {part.width})"
    if isinstance(part, TruthTerm):
        return "Bool"
    return "Int" if whole else "Real"


def _variable(part: Term, _: Sequence[str]) -> str:
    name, kind = part.data
    return f"(to_real {quoted(name)})" if kind == INTEGER else quoted(name)


def _at_least(part: Term, arguments: Sequence[str]) -> str:
    ones = " ".join(f"(ite {argument} 1 0)" for argument in arguments)
    return f"(>= (+ {ones} 0) {constant(Fraction(part.data), whole=True)})"


def _word(part: Term, arguments: Sequence[str]) -> str:
    bits = [f"(ite {bit} #b1 #b0)" for bit in reversed(arguments)]
    return bits[0] if len(bits) == 1 else f"(concat {' '.join(bits)})"


def _more(part: Term, arguments: Sequence[str]) -> str:
    more = part.data - part.args[0].width  # type: ignore[attr-defined]
    return f"((_ {'sign' if part.op == 'signed extended' else 'zero'}_extend {more}) {arguments[0]})"


RULES: dict[str, Rule] = {
    "true": lambda part, _: "true",
    "false": lambda part, _: "false",
    "constant": lambda part, _: constant(part.data, whole=False),
    "variable": _variable,
    "floor": lambda part, arguments: f"(to_real (to_int {arguments[0]}))",
    "at least": _at_least,
    "word": _word,
    "word#": lambda part, _: f"(_ bv{part.data[0]} {part.data[1]})",
    "extended": _more,
    "signed extended": _more,
    "bit": lambda part, arguments: f"(= ((_ extract {part.data} {part.data}) {arguments[0]}) #b1)",
}


def expression(term: Term) -> str:
    """One term as text; a long one after definitions of what is used twice in it.

    >>> from constructions.foundations.terms import REAL, variable
    >>> expression(variable("x", REAL) + variable("n", INTEGER) <= 1)
    '(<= (+ x (to_real n)) 1.0)'
    """
    length: dict[Term, int] = {}
    for part in nodes(term):
        length[part] = 1 + sum(length[argument] for argument in part.args)
    writer = _Writer(term, named=length[term] > LONG)
    text = writer.of(term)
    return " ".join((*writer.definitions, text))


def _kind(kind: str) -> str:
    return {TRUTH: "Bool", INTEGER: "Int"}.get(kind, "Real")


def script(question: Formula, *, names: Sequence[str] = ()) -> str:
    """A whole file: its logic, declarations, the formula, and the question whether it can hold.

    Parameters
    ----------
    question : the formula. names : one for each part of a conjunction, which is then asserted part by part; a solver
        that is asked for a core answers with them.

    Raises
    ------
    ConstructionError for another number of names than there are parts, and for what SMT-LIB does not have.

    >>> from constructions.foundations.terms import REAL, variable
    >>> x = variable("x", REAL)
    >>> print(script(x > 0))
    (set-logic QF_LRA)
    (declare-const x Real)
    (assert (> x 0.0))
    (check-sat)
    <BLANKLINE>
    >>> from constructions.foundations.logic import every
    >>> print(script(every(x > 0, x < 1), names=["positive", "small"]).splitlines()[2])
    (assert (! (> x 0.0) :named |1%: positive|))
    """
    term = formula(question)
    parts = conjuncts(term) if len(names) > 1 else (term,)
    if names and len(names) != len(parts):
        raise ConstructionError(f"need a name for each of {len(parts)} parts, got {len(names)}, at a script")
    declared = [f"(declare-const {quoted(name)} {_kind(found.data[1])})" for name, found in variables(term).items()]
    for name, takes, gives in dict.fromkeys(part.data for part in applications(term)):
        declared.append(f"(declare-fun {quoted(name)} ({' '.join(map(_kind, takes))}) {_kind(gives)})")
    writer = _Writer(*parts, named=True)
    texts = [writer.of(part) for part in parts]
    asserted = [_asserted(text, names[i] if names else "", i + 1) for i, text in enumerate(texts)]
    defined = _reached(writer.definitions, asserted)
    return "\n".join((f"(set-logic {logic_of(*parts)})", *declared, *defined, *asserted, "(check-sat)", ""))


def conjuncts(term: TruthTerm) -> tuple[TruthTerm, ...]:
    """The parts of a conjunction; a formula of another kind is its only part.

    >>> from constructions.foundations.terms import variable
    >>> p, q = variable("p", TRUTH), variable("q", TRUTH)
    >>> from constructions.foundations.logic import every
    >>> conjuncts(every(p, q)), conjuncts(p)
    ((p, q), (p,))
    """
    return tuple(map(formula, term.args)) if term.op == "and" else (term,)


def _asserted(text: str, name: str, place: int) -> str:
    """An assertion; ``%:`` stands in no name of a variable, so a named one is nobody else's."""
    return f"(assert (! {text} :named |{place}%: {smt_name(name)}|))" if name else f"(assert {text})"


DEFINED = re.compile(r"t%\d+(?=[ )])")


def _reached(definitions: Sequence[str], asserted: Sequence[str]) -> list[str]:
    """The definitions that are used: one that is written over the reals beside the integers may not be."""
    used = {name for text in asserted for name in DEFINED.findall(text)}
    kept: list[str] = []
    for text in reversed(definitions):
        if text.split(" ", 2)[1] in used:
            kept.append(text)
            used.update(DEFINED.findall(text))
    return kept[::-1]
