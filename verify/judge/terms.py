"""Terms: numbers, truth values and words of bits, as a table in which each has one place.

A term is an operation, the data that name it beside its arguments, and arguments. Each is of a sort (``real``,
``truth`` or ``word``), which follows from the operation; what does not fit together is refused when it is made. Two
terms are the same exactly if they are one object of one table.

>>> table = Terms()
>>> x = table.make("variable", ("x", "real"))
>>> less = table.make("<", None, (x, table.make("constant", Fraction(1, 2))))
>>> less.sort, less is table.make("<", None, (x, table.make("constant", Fraction(1, 2))))
('truth', True)
>>> infix(table.neg(less)), [each.op for each in inside(less)], names_in([less])
('not (x < 1/2)', ['variable', 'constant', '<'], {'x': variable x})
>>> table.make("not", None, (x,))
Traceback (most recent call last):
    ...
verify.judge.reading.MalformedError: need arguments ['truth'] of not, got ['real'], at a term
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from verify.judge.reading import well_formed

REAL, INTEGER, TRUTH, WORD = "real", "integer", "truth", "word"
KINDS = (REAL, INTEGER, TRUTH)
MEANT, REACHED = "meant: ", "reached: "
"""How the names of the words of the principles begin, and those of the predicates that say what a run reaches."""
COMPARISONS = frozenset({"<=", "<", ">=", ">", "==", "!="})
ARITHMETIC = frozenset({"+", "-", "*", "/"})
OF_WORDS = frozenset({"word+", "word-", "word*", "word&", "word|", "word^", "word<<", "word>>"})
ABOUT_WORDS = frozenset({"word==", "word<", "signed<"})
WIDEST = 1 << 16


class Node:
    """A term. ``whole`` says whether it is an integer by its form; ``width`` is that of a word, else 0."""

    __slots__ = ("args", "data", "op", "sort", "whole", "width")

    def __init__(self, op: str, data: Any, args: "tuple[Node, ...]") -> None:
        self.op, self.data, self.args = op, data, args
        self.sort, self.width = sort_of(self)
        self.whole = _is_whole(self)

    def __repr__(self) -> str:
        return f"{self.op} {self.data[0]}" if self.op == "variable" else self.op


def _checked(truth: object, need: str, got: object) -> None:
    well_formed(truth, need, got, "a term")


def sort_of(node: Node) -> tuple[str, int]:
    """The sort of a term, and the width if it is a word. Raises MalformedError for what does not fit together.

    >>> sort_of(Terms().make("true"))
    ('truth', 0)
    """
    op, args = node.op, node.args
    if op in ("variable", "constant", "true", "false", "word#"):
        _expect(node, [])
        return _leaf(node)
    if op == "apply":
        return _applied(node), 0
    if op in ARITHMETIC or op in COMPARISONS:
        _expect(node, [REAL, REAL])
        return (REAL if op in ARITHMETIC else TRUTH), 0
    if op in ("neg", "floor"):
        _expect(node, [REAL])
        return REAL, 0
    if op == "if":
        _expect(node, [TRUTH, REAL, REAL])
        return REAL, 0
    if op in ("not", "iff"):
        _expect(node, [TRUTH] * (1 if op == "not" else 2))
        return TRUTH, 0
    if op in ("and", "or"):
        _checked(len(args) >= 2, f"two or more parts of {op}", len(args))
        _expect(node, [TRUTH] * len(args))
        return TRUTH, 0
    if op == "at least":
        _checked(type(node.data) is int and args, "a number of some formulas", node.data)
        _expect(node, [TRUTH] * len(args), data=True)
        return TRUTH, 0
    return _of_words(node)


def _expect(node: Node, sorts: list[str], *, data: bool = False) -> None:
    found = [argument.sort for argument in node.args]
    _checked(found == sorts, f"arguments {sorts} of {node.op}", f"{found}")
    named = data or node.op in ("variable", "constant", "word#")
    _checked(named or node.data is None, f"no data of {node.op}", node.data)


def _leaf(node: Node) -> tuple[str, int]:
    data = node.data
    if node.op == "variable":
        right = type(data) is tuple and len(data) == 2 and all(type(each) is str for each in data)
        _checked(right and data[0] and data[1] in KINDS, "a name and a kind of variable", data)
        return (TRUTH if data[1] == TRUTH else REAL), 0
    if node.op == "constant":
        _checked(type(data) is Fraction, "a rational", data)
        return REAL, 0
    if node.op == "word#":
        right = type(data) is tuple and len(data) == 2 and all(type(each) is int for each in data)
        _checked(right and 0 < data[1] <= WIDEST and 0 <= data[0] < 1 << data[1], "a value and a width", data)
        return WORD, data[1]
    _checked(data is None, f"no data of {node.op}", data)
    return TRUTH, 0


def _applied(node: Node) -> str:
    data = node.data
    right = type(data) is tuple and len(data) == 3 and type(data[0]) is str and data[0] and type(data[1]) is tuple
    _checked(right and data[1] and set(data[1]) | {data[2]} <= set(KINDS), "a name, kinds and a kind", data)
    wanted = [TRUTH if kind == TRUTH else REAL for kind in data[1]]
    _checked([argument.sort for argument in node.args] == wanted, f"arguments {wanted} of {data[0]!r}", "others")
    whole = all(each.whole for each, kind in zip(node.args, data[1], strict=True) if kind == INTEGER)
    _checked(whole, f"integers by their form as arguments of {data[0]!r}", "others")
    return TRUTH if data[2] == TRUTH else REAL


def _of_words(node: Node) -> tuple[str, int]:
    op, args, data = node.op, node.args, node.data
    widths = [argument.width for argument in args if argument.sort == WORD]
    same = len(set(widths)) == 1
    if op == "word":
        _expect(node, [TRUTH] * len(args), data=True)
        _checked(args and data == len(args) and type(data) is int, "a width of as many bits", data)
        return WORD, len(args)
    if op in OF_WORDS or op in ABOUT_WORDS:
        _expect(node, [WORD, WORD], data=True)
        _checked(same and data == (widths[0] if op in OF_WORDS else None), "words of one width", widths)
        return (WORD, widths[0]) if op in OF_WORDS else (TRUTH, 0)
    if op in ("word~", "wordneg"):
        _expect(node, [WORD], data=True)
        _checked(data == widths[0], "the width of the word", data)
        return WORD, widths[0]
    if op == "word if":
        _expect(node, [TRUTH, WORD, WORD], data=True)
        _checked(same and data == widths[0], "words of one width", widths)
        return WORD, widths[0]
    if op in ("extended", "signed extended"):
        _expect(node, [WORD], data=True)
        _checked(type(data) is int and widths[0] <= data <= WIDEST, "a width that is no less", data)
        return WORD, data
    _checked(op == "bit", "an operation that has a meaning", op)
    _expect(node, [WORD], data=True)
    _checked(type(data) is int and 0 <= data < widths[0], "a bit of the word", data)
    return TRUTH, 0


def _is_whole(node: Node) -> bool:
    op, args = node.op, node.args
    if op == "constant":
        return bool(node.data.denominator == 1)
    if op in ("variable", "apply"):
        return bool(node.data[-1] == INTEGER)
    if op in ("+", "-", "*", "neg"):
        return all(argument.whole for argument in args)
    return op == "floor" or (op == "if" and args[1].whole and args[2].whole)


class Terms:
    """A table of terms: each is made once. Truth values of Python stand for formulas that are plainly true or false."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], Node] = {}

    def make(self, op: str, data: Any = None, args: Sequence[Node] = ()) -> Node:
        """The term of an operation ``op``, with its data and arguments (``args``). Raises MalformedError if they do not
        fit."""
        key = (op, type(data), data, *map(id, args))
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = Node(op, data, tuple(args))
        return known

    def variable(self, name: str, kind: str) -> Node:
        """A variable of a name and a kind."""
        return self.make("variable", (name, kind))

    def lifted(self, part: Node | bool) -> Node:
        """A formula; a truth value of Python becomes one."""
        return part if isinstance(part, Node) else self.make("true" if part else "false")

    def neg(self, part: Node | bool) -> Node | bool:
        """The negation; of a negation what it negates."""
        if isinstance(part, bool):
            return not part
        return part.args[0] if part.op == "not" else self.make("not", None, (part,))

    def conj(self, *parts: Node | bool) -> Node | bool:
        """The conjunction of some parts."""
        return self._joined("and", parts, unit=True)

    def disj(self, *parts: Node | bool) -> Node | bool:
        """The disjunction of some parts."""
        return self._joined("or", parts, unit=False)

    def _joined(self, op: str, parts: Iterable[Node | bool], *, unit: bool) -> Node | bool:
        rest = [part for part in parts if part is not unit]
        if any(isinstance(part, bool) for part in rest):
            return not unit
        open_ = [part for part in rest if isinstance(part, Node)]
        return self.make(op, None, open_) if len(open_) > 1 else open_[0] if open_ else unit

    def all_of(self, parts: Sequence[Node]) -> Node:
        """The conjunction of some formulas just as they stand; of one it is that one."""
        return parts[0] if len(parts) == 1 else self.make("and", None, parts) if parts else self.make("true")

    def any_of(self, parts: Sequence[Node]) -> Node:
        """The disjunction of some formulas, at least one, just as they stand; of one it is that one."""
        return parts[0] if len(parts) == 1 else self.make("or", None, parts)

    def implied(self, under: Node, said: Node) -> Node:
        """``under`` implies ``said``, just as they stand."""
        return self.make("or", None, (self.make("not", None, (under,)), said))


def inside(*terms: Node) -> Iterator[Node]:
    """Every term inside some terms once, arguments before what they are arguments of."""
    seen: set[int] = set()
    waiting = [(term, False) for term in reversed(terms)]
    while waiting:
        term, ready = waiting.pop()
        if ready:
            yield term
        elif id(term) not in seen:
            seen.add(id(term))
            waiting.append((term, True))
            waiting += [(part, False) for part in reversed(term.args) if id(part) not in seen]


def names_in(terms: Iterable[Node]) -> dict[str, Node]:
    """The variables of some terms, by name.

    Raises
    ------
    MalformedError
        If one name belongs to two things: variables of two kinds, two functions, or a variable and a function.
    """
    found: dict[str, Node] = {}
    known: dict[str, Any] = {}
    for part in inside(*terms):
        if part.op in ("variable", "apply"):
            signature = part.data[1:]
            _checked(known.setdefault(part.data[0], signature) == signature, "one thing of a name", part.data[0])
            if part.op == "variable":
                found[part.data[0]] = part
    return found


INFIX = {
    "iff": 3,
    "<=": 4,
    "<": 4,
    ">=": 4,
    ">": 4,
    "==": 4,
    "!=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "and": 2,
    "or": 1,
}


def infix(term: Node, most: int = 2000) -> str:
    """A term as people write it, cut after ``most`` characters."""
    pieces: list[str] = []
    length = 0
    waiting: list[Any] = [(term, 0)]
    while waiting and length <= most:
        item = waiting.pop()
        if isinstance(item, str):
            pieces.append(item)
            length += len(item)
        else:
            waiting.extend(reversed(_pieces(*item)))
    text = "".join(pieces)
    return text if length <= most and not waiting else text[:most] + " ..."


def _pieces(term: Node, level: int) -> list[Any]:
    if term.op == "constant":
        text = str(term.data)
        return [f"({text})" if level >= 6 and ("/" in text or text[0] == "-") else text]
    if term.op == "variable":
        return [ascii(term.data[0])[1:-1]]
    if term.op in INFIX:
        own = INFIX[term.op]
        mark = " == " if term.op == "iff" else f" {term.op} "
        inner: list[Any] = [each for argument in term.args for each in (mark, (argument, own + 1))][1:]
        return ["(", *inner, ")"] if own < level else inner
    if term.op in ("neg", "not"):
        return ["not (" if term.op == "not" else "-(", (term.args[0], 0), ")"]
    if term.op in ("true", "false"):
        return [term.op]
    head = ascii(term.data[0])[1:-1] if term.op == "apply" else f"{term.op}[{term.data}]" if term.data else term.op
    return [head, "(", *[each for argument in term.args for each in (", ", (argument, 0))][1:], ")"]
