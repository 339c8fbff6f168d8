"""Terms as gates, where all that varies has finitely many values: so a question to a prover becomes a circuit, and any
SAT solver can be asked it.

A truth value is a literal and a word a row of literals. A number is a table of its values, each with the literal that
says when it has it. A variable that is a whole number must lie between two constants that a premise names (or be one of
a stated domain); it is a row of inputs, which counts its values.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import ceil, floor
from typing import Any

from constructions.computation.design import places
from constructions.computation.flat import FlatCircuit, Gates
from constructions.computation.miters import SeparateGates
from constructions.errors import ConstructionError
from constructions.foundations.exact import whole
from constructions.foundations.rendering import render
from constructions.foundations.terms import INTEGER, TRUTH, RealTerm, Term, TruthTerm
from constructions.foundations.traversal import nodes, variables
from verify.obligations.words import WordTerm
from verify.provers.to_smt import conjuncts

FAILS = "fails"
"""The output of a question: true where a fact fails and all that it presupposes holds."""
MOST_VALUES, MOST_PAIRS = 1 << 12, 1 << 16
Values = Mapping[str, Sequence[Fraction]]
Point = Mapping[str, Fraction]
Numbers = dict[Fraction, int]
COMPARED: Mapping[str, Callable[[Fraction, Fraction], bool]] = {
    "<=": lambda a, b: a <= b,
    "<": lambda a, b: a < b,
    ">=": lambda a, b: a >= b,
    ">": lambda a, b: a > b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}
COUNTED: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b if b else Fraction(0),
}
"""A quotient by 0 is any number; that a fact has a value where it is claimed is asked elsewhere, and proved first."""
FLIPPED = {"<=": ">=", "<": ">", ">=": "<=", ">": "<", "==": "=="}


class NotFiniteError(ConstructionError):
    """A question that no circuit asks: something in it has infinitely many values, or too many."""


def bounds_of(premises: TruthTerm) -> dict[str, list[Fraction]]:
    """The values of each whole number that the premises hold between two constants.

    >>> from constructions.foundations.logic import every
    >>> from constructions.foundations.terms import variable
    >>> n, m = variable("n", INTEGER), variable("m", INTEGER)
    >>> {name: list(map(str, values)) for name, values in bounds_of(every(n >= 0, n < 3, m > n)).items()}
    {'n': ['0', '1', '2']}
    """
    least: dict[str, int] = {}
    most: dict[str, int] = {}
    for name, op, bound in _comparisons(premises):
        if op in (">=", ">", "=="):
            low = floor(bound) + 1 if op == ">" else ceil(bound)
            least[name] = max(low, least.get(name, low))
        if op in ("<=", "<", "=="):
            high = ceil(bound) - 1 if op == "<" else floor(bound)
            most[name] = min(high, most.get(name, high))
    return {
        name: [Fraction(value) for value in range(low, most[name] + 1)]
        for name, low in least.items()
        if name in most and most[name] - low < MOST_VALUES
    }


def _comparisons(premises: TruthTerm) -> Iterable[tuple[str, str, Fraction]]:
    """The comparisons of a whole number that is a variable with a constant, among some premises."""
    for part in conjuncts(premises):
        if part.op not in FLIPPED:
            continue
        left, right = part.args
        if _is_whole(left) and right.op == "constant":
            yield left.data[0], part.op, right.data
        if _is_whole(right) and left.op == "constant":
            yield right.data[0], FLIPPED[part.op], left.data


def _is_whole(term: Term) -> bool:
    return bool(term.op == "variable" and term.data[1] == INTEGER)


def question_in_gates(
    question: TruthTerm, values: Values, points: Sequence[Mapping[str, Fraction]] = ()
) -> FlatCircuit:
    """The circuit whose output ``fails`` is true where a question is answered yes.

    Parameters
    ----------
    question : what is asked. values : those of each number that is a variable. points : the only points asked about;
        all, if none are given.

    Raises
    ------
    NotFiniteError
        If something in the question has infinitely many values, or too many.

    >>> from constructions.foundations.logic import every, select
    >>> from constructions.foundations.terms import variable
    >>> p, n = variable("p", TRUTH), variable("n", INTEGER)
    >>> found = question_in_gates(select(p, 1, 0) + n > 2, {"n": [Fraction(value) for value in range(3)]})
    >>> found.inputs, found.evaluate({"p": 1, "n[0]": 0, "n[1]": 1}), found.evaluate({"p": 1, "n[0]": 1, "n[1]": 1})
    (('p', 'n[0]', 'n[1]'), {'fails': 1}, {'fails': 0})
    """
    asked = variables(question)
    inputs = [name for each in asked.values() for name in _inputs_of(each, values)]
    if not inputs:
        raise NotFiniteError("need something that varies, got a question about constants alone")
    writer = _GateWriter(inputs, asked, values)
    at_points = [writer.at(point) for point in points]
    parts = [writer.truth(question), *writer.valid, *([writer.gates.some(at_points)] if points else [])]
    output = writer.gates.every(parts)
    return FlatCircuit(inputs=tuple(inputs), gates=Gates.of(writer.gates.rows), outputs={FAILS: output})


def _inputs_of(term: Term, values: Values) -> list[str]:
    """The names of the inputs that stand for a variable."""
    name, kind = term.data
    if kind == TRUTH:
        return [name]
    known = values.get(name)
    if known is None:
        what = "a whole number between two constants" if kind == INTEGER else "a variable with finitely many values"
        raise NotFiniteError(f"need {what}, got {name!r}")
    return list(places(name, max(len(known) - 1, 0).bit_length()))


class _GateWriter:
    """The gates of terms; each term is written once."""

    def __init__(self, inputs: Sequence[str], asked: Mapping[str, Term], values: Values) -> None:
        self.gates = SeparateGates(len(inputs))
        self.at_input = {name: 2 * i for i, name in enumerate(inputs)}
        self.made: dict[Term, Any] = {}
        self.valid: list[int] = []
        self.false = self.gates.never()
        for name, term in asked.items():
            self.made[term] = self.at_input[name] if term.data[1] == TRUTH else self._counted(term, values[name])

    def _counted(self, term: Term, values: Sequence[Fraction]) -> Numbers:
        """A variable that has some values: its inputs count them, and more than there are is not valid."""
        bits = [self.at_input[name] for name in places(term.data[0], max(len(values) - 1, 0).bit_length())]
        found = {
            value: self.gates.every([bit ^ 1 ^ (place >> i & 1) for i, bit in enumerate(bits)])
            for place, value in enumerate(values)
        }
        if len(values) < 1 << len(bits):
            self.valid.append(self.gates.some(list(found.values())))
        return found

    def at(self, point: Point) -> int:
        """Whether the variables are at a point."""
        by_name = {term.data[0]: made for term, made in self.made.items() if term.op == "variable"}
        literals = []
        for name, value in point.items():
            made = by_name.get(name)
            if isinstance(made, dict):
                literals.append(made[value])
            elif made is not None:
                literals.append(made ^ (not value))
        return self.gates.every(literals)

    def truth(self, question: TruthTerm) -> int:
        """The literal of a formula."""
        for part in nodes(question):
            if part not in self.made:
                self.made[part] = self._written(part, [self.made[argument] for argument in part.args])
        return int(self.made[question])

    def _written(self, part: Term, given: list[Any]) -> Any:
        if isinstance(part, WordTerm):
            return _WORDS[part.op](self, part, given)
        if isinstance(part, TruthTerm) and part.op in _TRUTHS:
            return _TRUTHS[part.op](self, part, given)
        if isinstance(part, TruthTerm) and part.op in COMPARED:
            return self._compared(COMPARED[part.op], *given)
        if isinstance(part, RealTerm) and part.op in _NUMBERS:
            return _NUMBERS[part.op](self, part, given)
        raise NotFiniteError(f"need bits and numbers of finitely many values, got {render(part, 80)}")

    def same(self, a: int, b: int) -> int:
        """Whether two literals agree."""
        return self.gates.xor(a, b) ^ 1

    def together(self, rows: Iterable[tuple[Fraction, int]]) -> Numbers:
        """A number from values, some of which may come twice."""
        found: dict[Fraction, list[int]] = {}
        for value, literal in rows:
            found.setdefault(value, []).append(literal)
        if len(found) > MOST_VALUES:
            raise NotFiniteError(f"need numbers of at most {MOST_VALUES} values, got one of {len(found)}")
        return {value: self.gates.some(literals) for value, literals in found.items()}

    def combined(self, rule: Callable[[Fraction, Fraction], Fraction], a: Numbers, b: Numbers) -> Numbers:
        """A number that is made of two."""
        _check_pairs(a, b)
        return self.together((rule(x, y), self._pair(a, b, x, y)) for x, y in product(a, b))

    def _pair(self, a: Numbers, b: Numbers, x: Fraction, y: Fraction) -> int:
        """Whether one number is ``x`` and the other ``y``; one that is constant is so anyway."""
        return a[x] if len(b) == 1 else b[y] if len(a) == 1 else self.gates.both(a[x], b[y])

    def _compared(self, holds: Callable[[Fraction, Fraction], bool], a: Numbers, b: Numbers) -> int:
        _check_pairs(a, b)
        return self.gates.some([self._pair(a, b, x, y) for x, y in product(a, b) if holds(x, y)])

    def sum_of(self, a: Sequence[int], b: Sequence[int], carry: int) -> list[int]:
        """The sum of two words and a carry, modulo 2^width."""
        found = []
        for one, other in zip(a, b, strict=True):
            half = self.gates.xor(one, other)
            found.append(self.gates.xor(half, carry))
            carry = self.gates.some([self.gates.both(one, other), self.gates.both(half, carry)])
        return found

    def product_of(self, a: Sequence[int], b: Sequence[int]) -> list[int]:
        """The product of two words, modulo 2^width."""
        total = [self.false] * len(a)
        for i, digit in enumerate(b):
            row = [self.false] * i + [self.gates.both(digit, bit) for bit in a[: len(a) - i]]
            total = self.sum_of(total, row, self.false)
        return total

    def less(self, a: Sequence[int], b: Sequence[int]) -> int:
        """Whether one word is below another, both without a sign."""
        found = self.false
        for one, other in zip(a, b, strict=True):
            found = self.gates.choose(self.gates.xor(one, other), other, found)
        return found

    def shifted(self, a: Sequence[int], by: Sequence[int], *, up: bool) -> list[int]:
        """A word, shifted by as many places as another word says; zeros come in."""
        found, width = list(a), len(a)
        for i, digit in enumerate(by):
            step = min(1 << i, width)
            zeros = [self.false] * step
            moved = zeros + found[: width - step] if up else found[step:] + zeros
            found = [self.gates.choose(digit, there, here) for there, here in zip(moved, found, strict=True)]
        return found


def _check_pairs(a: Numbers, b: Numbers) -> None:
    if len(a) * len(b) > MOST_PAIRS:
        raise NotFiniteError(f"need numbers of few values beside each other, got {len(a)} and {len(b)} of them")


def _negated(word: Sequence[int]) -> list[int]:
    return [bit ^ 1 for bit in word]


def _chosen(to: _GateWriter, part: Term, given: list[Any]) -> Numbers:
    condition, yes, no = given
    rows = [(value, to.gates.both(condition, literal)) for value, literal in yes.items()]
    return to.together([*rows, *((value, to.gates.both(condition ^ 1, literal)) for value, literal in no.items())])


def _constant_word(to: _GateWriter, part: Term, given: list[Any]) -> list[int]:
    value, width = part.data
    return [to.false ^ (whole(value, where="a word") >> i & 1) for i in range(width)]


def _equal_words(to: _GateWriter, part: Term, given: list[Any]) -> int:
    return to.gates.every([to.same(a, b) for a, b in zip(*given, strict=True)])


def _below_with_sign(to: _GateWriter, part: Term, given: list[Any]) -> int:
    a, b = ([*word[:-1], word[-1] ^ 1] for word in given)
    return to.less(a, b)


def _bitwise(rule: Callable[[SeparateGates, int, int], int]) -> Callable[[_GateWriter, Term, list[Any]], list[int]]:
    return lambda to, part, given: [rule(to.gates, a, b) for a, b in zip(*given, strict=True)]


_TRUTHS: dict[str, Callable[[_GateWriter, Any, list[Any]], int]] = {
    "true": lambda to, part, given: to.false ^ 1,
    "false": lambda to, part, given: to.false,
    "not": lambda to, part, given: given[0] ^ 1,
    "and": lambda to, part, given: to.gates.every(given),
    "or": lambda to, part, given: to.gates.some(given),
    "iff": lambda to, part, given: to.same(*given),
    "at least": lambda to, part, given: to.gates.at_least(part.data, given),
    "bit": lambda to, part, given: given[0][part.data],
    "word==": _equal_words,
    "word<": lambda to, part, given: to.less(*given),
    "signed<": _below_with_sign,
}
_NUMBERS: dict[str, Callable[[_GateWriter, Any, list[Any]], Numbers]] = {
    "constant": lambda to, part, given: {part.data: to.false ^ 1},
    "neg": lambda to, part, given: {-value: literal for value, literal in given[0].items()},
    "floor": lambda to, part, given: to.together(
        (Fraction(floor(value)), literal) for value, literal in given[0].items()
    ),
    "if": _chosen,
    **{op: lambda to, part, given: to.combined(COUNTED[part.op], *given) for op in COUNTED},
}
_WORDS: dict[str, Callable[[_GateWriter, Any, list[Any]], list[int]]] = {
    "word": lambda to, part, given: given,
    "word#": _constant_word,
    "word+": lambda to, part, given: to.sum_of(given[0], given[1], to.false),
    "word-": lambda to, part, given: to.sum_of(given[0], _negated(given[1]), to.false ^ 1),
    "wordneg": lambda to, part, given: to.sum_of([to.false] * part.width, _negated(given[0]), to.false ^ 1),
    "word*": lambda to, part, given: to.product_of(*given),
    "word&": _bitwise(lambda gates, a, b: gates.both(a, b)),
    "word|": _bitwise(lambda gates, a, b: gates.some([a, b])),
    "word^": _bitwise(lambda gates, a, b: gates.xor(a, b)),
    "word<<": lambda to, part, given: to.shifted(*given, up=True),
    "word>>": lambda to, part, given: to.shifted(*given, up=False),
    "word~": lambda to, part, given: _negated(given[0]),
    "word if": lambda to, part, given: [
        to.gates.choose(given[0], yes, no) for yes, no in zip(given[1], given[2], strict=True)
    ],
    "extended": lambda to, part, given: given[0] + [to.false] * (part.data - len(given[0])),
    "signed extended": lambda to, part, given: given[0] + [given[0][-1]] * (part.data - len(given[0])),
}
