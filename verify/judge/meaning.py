"""What terms mean: their values in rationals where the variables have some, and where they have a value at all.

>>> from verify.judge.terms import Terms
>>> table = Terms()
>>> x = table.variable("x", "real")
>>> half = table.make("/", None, (table.make("constant", Fraction(1)), x))
>>> Values({"x": Fraction(2)}).of(half), where_defined(half, table)
(Fraction(1, 2), !=)
>>> Values({"x": Fraction(0)}).of(half)
Traceback (most recent call last):
    ...
verify.judge.meaning.NoValueError: need a divisor other than 0, got 0, at a value
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from verify.judge.reading import RefusedError
from verify.judge.terms import INTEGER, OF_WORDS, REACHED, TRUTH, WORD, Node, Terms, inside


class NoValueError(RefusedError):
    """A term that has no value: a divisor is 0, or a value is missing or of another kind."""


def fail(need: str, got: object) -> NoValueError:
    """The error of a term that has no value: what it would ``need``, and what was ``got``.

    >>> str(fail("an integer", "1/2"))
    'need an integer, got 1/2, at a value'
    """
    return NoValueError(f"need {need}, got {got}, at a value")


class Values:
    """Values of variables by name, of functions by their applications to values; what is reached by explicit runs.

    Parameters
    ----------
    given : the values; 0 and 1 stand for false and true; a function is 0 or false where nothing is given. reached :
        states that runs come to: the name of the predicate with the values of its arguments.
    """

    def __init__(self, given: Mapping[str, Fraction], reached: "set[tuple[Any, ...]] | None" = None) -> None:
        self.given = dict(given)
        self.reached = set() if reached is None else reached
        self.supposed: set[str] = set()

    def of(self, term: Node) -> Any:
        """The value of a term: a Fraction, a truth value, or an int for a word. Raises NoValueError where it has
        none."""
        worth: dict[int, Any] = {}
        for part in inside(term):
            worth[id(part)] = self._worth(part, [worth[id(argument)] for argument in part.args])
        return worth[id(term)]

    def _worth(self, part: Node, a: list[Any]) -> Any:
        op = part.op
        if op == "variable":
            return _of_kind(self.given.get(part.data[0]), part.data[1], part.data[0])
        if op == "apply":
            return self._applied(part, a)
        if op == "constant":
            return part.data
        if op == "/":
            if a[1] == 0:
                raise fail("a divisor other than 0", 0)
            return a[0] / a[1]
        if op in PLAIN:
            return PLAIN[op](*a)
        if part.sort == WORD or any(argument.sort == WORD for argument in part.args):
            return word_value(part, a)
        return _connective(part, a)

    def _applied(self, part: Node, a: list[Any]) -> Any:
        name, _, gives = part.data
        if (name, *a) in self.reached:
            return True
        key = f"{name}({', '.join(str(value).lower() for value in a)})"
        found = _of_kind(self.given.get(key, Fraction(0)), gives, key)
        if name.startswith(REACHED) and found:
            self.supposed.add(name)
        return found


def _connective(part: Node, a: list[Any]) -> Any:
    if part.op in ("true", "false"):
        return part.op == "true"
    if part.op == "and":
        return all(a)
    if part.op == "or":
        return any(a)
    if part.op == "at least":
        return sum(a) >= part.data
    raise fail("an operation that has a meaning", part.op)


PLAIN: dict[str, Any] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "neg": lambda a: -a,
    "floor": lambda a: Fraction(a.numerator // a.denominator),
    "if": lambda c, a, b: a if c else b,
    "<=": lambda a, b: a <= b,
    "<": lambda a, b: a < b,
    ">=": lambda a, b: a >= b,
    ">": lambda a, b: a > b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "iff": lambda a, b: a is b,
    "not": lambda a: not a,
}


def _of_kind(value: Any, kind: str, name: str) -> Any:
    if not isinstance(value, Fraction):
        raise fail(f"a value of {name!a}", "none")
    if kind == TRUTH and value not in (0, 1):
        raise fail(f"0 or 1 for {name!a}", value)
    if kind == INTEGER and value.denominator != 1:
        raise fail(f"an integer for {name!a}", value)
    return value == 1 if kind == TRUTH else value


def word_value(part: Node, a: list[Any]) -> Any:
    """What an operation of words is worth, modulo 2 to the width.

    >>> from verify.judge.terms import Terms
    >>> table = Terms()
    >>> word_value(table.make("word-", 3, (table.make("word#", (1, 3)), table.make("word#", (2, 3)))), [1, 2])
    7
    """
    op, top = part.op, 1 << part.width
    if op == "word":
        return sum(1 << i for i, bit in enumerate(a) if bit)
    if op == "word#":
        return part.data[0]
    if op in OF_WORDS:
        return _two_words(op, a[0], a[1], part.width) % top
    if op in ("word~", "wordneg"):
        return (top - 1 - a[0]) if op == "word~" else -a[0] % top
    if op == "word if":
        return a[1] if a[0] else a[2]
    width = part.args[0].width
    signed = [value - (1 << width) * (value >> (width - 1)) for value in a]
    if op == "extended":
        return a[0]
    if op == "signed extended":
        return signed[0] % top
    if op == "bit":
        return bool(a[0] >> part.data & 1)
    return {"word==": a[0] == a[-1], "word<": a[0] < a[-1], "signed<": signed[0] < signed[-1]}[op]


def _two_words(op: str, a: int, b: int, width: int) -> int:
    if op == "word<<":
        return a << b if b < width else 0
    if op == "word>>":
        return a >> b if b < width else 0
    return {"word+": a + b, "word-": a - b, "word*": a * b, "word&": a & b, "word|": a | b, "word^": a ^ b}[op]


def where_defined(term: Node, table: Terms) -> Node | bool:
    """Where a term has a value: no quotient by 0 is reached; cases and connectives are read from the left."""
    found: dict[int, Node | bool] = {}
    for part in inside(term):
        found[id(part)] = _defined(part, [found[id(argument)] for argument in part.args], table)
    return found[id(term)]


def _defined(part: Node, a: list[Node | bool], table: Terms) -> Node | bool:
    if part.op == "if":
        condition = part.args[0]
        return table.conj(a[0], table.disj(table.neg(condition), a[1]), table.disj(condition, a[2]))
    if part.op in ("and", "or"):
        before = [table.neg(each) if part.op == "and" else each for each in part.args]
        return table.conj(*(True if own is True else table.disj(*before[:i], own) for i, own in enumerate(a)))
    if part.op == "/" and part.args[1].op != "constant":
        zero = table.make("constant", Fraction(0))
        return table.conj(*a, table.make("!=", None, (part.args[1], zero)))
    return table.conj(*a)
