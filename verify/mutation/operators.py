"""The operators of mutation: for a node of a syntax tree, what may stand in its place.

Each operator is a function from a node to the nodes that replace it. It knows nothing of where the node stands;
:mod:`verify.mutation.mutants` decides which nodes are asked. The operators are

* *boundary*: ``<`` becomes ``<=`` and back, ``>`` becomes ``>=`` and back;
* *comparison*: ``==``, ``is`` and ``in`` become their opposites and back;
* *arithmetic*: an operator becomes its neighbour (``+`` and ``-``, ``*`` and ``+``, ``/`` and ``*``, ``<<`` and
  ``>>``, ``&`` and ``|``), a sign is dropped;
* *constant*: an integer becomes one more, one less, and -1; True and False change places; a name in capitals (a
  constant of the module) that is calculated with or returned becomes 0;
* *swap*: two neighbouring arguments, or the two values of a conditional expression, change places;
* *removed term*: a term of a sum, an operand of ``and`` or ``or``, an element of a list, tuple or set is left out, or
  a call of two arguments becomes one of them;
* *range*: a bound of a ``range`` or of a slice that is not written as a number becomes one more and one less;
* *condition*: a condition is negated; *not*: a ``not`` is dropped;
* *removed statement*: a call, an assignment to a part of something, an augmented assignment, a ``raise``, ``break``
  or ``continue`` becomes ``pass``.
"""

import ast
from collections.abc import Callable, Iterator

Operator = Callable[[ast.AST], Iterator[ast.AST]]

BOUNDARY: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
NEIGHBOUR: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd,
}
KEPT_CALLS = {"range", "isinstance", "zip", "enumerate", "getattr", "hasattr", "map", "filter", "setattr", "print"}
"""Calls of two arguments that are no operation on them: none of the arguments can stand for the call."""


def _compared(node: ast.AST, table: dict[type[ast.cmpop], type[ast.cmpop]]) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare):
        for i, op in enumerate(node.ops):
            if type(op) in table:
                ops = [*node.ops[:i], table[type(op)](), *node.ops[i + 1 :]]
                yield ast.Compare(left=node.left, ops=ops, comparators=node.comparators)


def boundary(node: ast.AST) -> Iterator[ast.AST]:
    """A bound that is excluded is let in, and the other way round."""
    return _compared(node, BOUNDARY)


def comparison(node: ast.AST) -> Iterator[ast.AST]:
    """A comparison becomes its opposite."""
    return _compared(node, OPPOSITE)


def arithmetic(node: ast.AST) -> Iterator[ast.AST]:
    """An operator becomes its neighbour; a sign, or a complement, is dropped.

    >>> [ast.unparse(other) for other in arithmetic(ast.parse("x - 1", mode="eval").body)]
    ['x + 1']
    """
    if isinstance(node, ast.BinOp):
        yield ast.BinOp(left=node.left, op=NEIGHBOUR.get(type(node.op), ast.Add)(), right=node.right)
    elif isinstance(node, ast.AugAssign):
        yield ast.AugAssign(target=node.target, op=NEIGHBOUR.get(type(node.op), ast.Add)(), value=node.value)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Invert):
        yield node.operand


def constant(node: ast.AST) -> Iterator[ast.AST]:
    """A number becomes one more, one less and -1; a truth value the other one.

    >>> [ast.unparse(other) for other in constant(ast.parse("3", mode="eval").body)]
    ['-1', '2', '4']
    """
    if not isinstance(node, ast.Constant):
        return
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int):
        for value in sorted({node.value + 1, node.value - 1, -1} - {node.value}):
            yield ast.UnaryOp(ast.USub(), ast.Constant(-value)) if value < 0 else ast.Constant(value)


def named_constant(node: ast.AST) -> Iterator[ast.AST]:
    """A constant of the module becomes 0, where it is calculated with, compared or returned."""
    if isinstance(node, ast.BinOp):
        if _is_named(node.left):
            yield ast.BinOp(left=ast.Constant(0), op=node.op, right=node.right)
        if _is_named(node.right):
            yield ast.BinOp(left=node.left, op=node.op, right=ast.Constant(0))
    elif isinstance(node, ast.Lambda) and _is_named(node.body):
        yield ast.Lambda(args=node.args, body=ast.Constant(0))
    elif isinstance(node, ast.Return) and _is_named(node.value):
        yield ast.Return(ast.Constant(0))
    elif isinstance(node, ast.Compare):
        for i, other in enumerate(node.comparators):
            if _is_named(other) and not isinstance(node.ops[i], ast.Is | ast.IsNot | ast.In | ast.NotIn):
                others = [*node.comparators[:i], ast.Constant(0), *node.comparators[i + 1 :]]
                yield ast.Compare(left=node.left, ops=node.ops, comparators=others)


def _is_named(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Name) and node.id.isupper()


def swap(node: ast.AST) -> Iterator[ast.AST]:
    """Two neighbouring arguments, or the two values of a conditional expression, change places.

    >>> [ast.unparse(other) for other in swap(ast.parse("f(a, b, c)", mode="eval").body)]
    ['f(b, a, c)', 'f(a, c, b)']
    """
    if isinstance(node, ast.IfExp):
        yield ast.IfExp(test=node.test, body=node.orelse, orelse=node.body)
    elif isinstance(node, ast.Call):
        for i, (one, two) in enumerate(zip(node.args, node.args[1:], strict=False)):
            if not isinstance(one, ast.Starred) and not isinstance(two, ast.Starred):
                yield _called(node, [*node.args[:i], two, one, *node.args[i + 2 :]])


def _called(node: ast.Call, args: list[ast.expr]) -> ast.Call:
    return ast.Call(func=node.func, args=args, keywords=node.keywords)


def removed_term(node: ast.AST) -> Iterator[ast.AST]:
    """A term, operand or element is left out; a call of two arguments becomes one of them."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub | ast.BitAnd | ast.BitOr | ast.BitXor):
        yield node.left
        yield node.right
    elif isinstance(node, ast.BoolOp):
        for i in range(len(node.values)):
            values = [*node.values[:i], *node.values[i + 1 :]]
            yield ast.BoolOp(op=node.op, values=values) if len(values) > 1 else values[0]
    elif isinstance(node, ast.List | ast.Set | ast.Tuple) and len(node.elts) > 1:
        for i in range(len(node.elts)):
            rest = [*node.elts[:i], *node.elts[i + 1 :]]
            yield ast.Set(elts=rest) if isinstance(node, ast.Set) else type(node)(elts=rest, ctx=ast.Load())
    elif isinstance(node, ast.Call) and len(node.args) == 2 and not node.keywords and _may_vanish(node):
        yield from node.args


def _may_vanish(node: ast.Call) -> bool:
    kept = isinstance(node.func, ast.Name) and node.func.id in KEPT_CALLS
    return not kept and not any(isinstance(each, ast.Starred) for each in node.args)


def bounds(node: ast.AST) -> Iterator[ast.AST]:
    """A bound of a range or a slice that is not written as a number becomes one more and one less.

    >>> [ast.unparse(other) for other in bounds(ast.parse("range(2, n)", mode="eval").body)]
    ['range(2, n + 1)', 'range(2, n - 1)']
    """
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range":
        for i, each in enumerate(node.args):
            for other in _moved(each):
                yield _called(node, [*node.args[:i], other, *node.args[i + 1 :]])
    elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        lower, upper, step = node.slice.lower, node.slice.upper, node.slice.step
        slices = [ast.Slice(lower=other, upper=upper, step=step) for other in _moved(lower)]
        slices += [ast.Slice(lower=lower, upper=other, step=step) for other in _moved(upper)]
        yield from (ast.Subscript(value=node.value, slice=each, ctx=node.ctx) for each in slices)


def _moved(node: ast.expr | None) -> Iterator[ast.expr]:
    if node is not None and not isinstance(node, ast.Constant | ast.Starred):
        for op in (ast.Add(), ast.Sub()):
            yield ast.BinOp(left=node, op=op, right=ast.Constant(1))


def condition(node: ast.AST) -> Iterator[ast.AST]:
    """What an ``if``, a ``while`` or a conditional expression asks is negated."""
    if isinstance(node, ast.IfExp):
        yield ast.IfExp(test=_negated(node.test), body=node.body, orelse=node.orelse)
    elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp):
        for i, each in enumerate(node.generators):
            for j, test in enumerate(each.ifs):
                ifs = [*each.ifs[:j], _negated(test), *each.ifs[j + 1 :]]
                other = ast.comprehension(target=each.target, iter=each.iter, ifs=ifs, is_async=each.is_async)
                yield type(node)(elt=node.elt, generators=[*node.generators[:i], other, *node.generators[i + 1 :]])


def _negated(node: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), node)


def dropped_not(node: ast.AST) -> Iterator[ast.AST]:
    """A ``not`` is dropped."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand


def removed_statement(node: ast.AST) -> Iterator[ast.AST]:
    """A statement that does something becomes one that does nothing."""
    partial = isinstance(node, ast.Assign) and all(
        isinstance(each, ast.Attribute | ast.Subscript) for each in node.targets
    )
    called = isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant | ast.Yield | ast.YieldFrom)
    if partial or called or isinstance(node, ast.AugAssign | ast.Raise | ast.Break | ast.Continue):
        yield ast.Pass()


OPERATORS: dict[str, tuple[Operator, ...]] = {
    "boundary": (boundary,),
    "comparison": (comparison,),
    "arithmetic": (arithmetic,),
    "constant": (constant, named_constant),
    "swap": (swap,),
    "removed term": (removed_term,),
    "range": (bounds,),
    "condition": (condition,),
    "not": (dropped_not,),
    "removed statement": (removed_statement,),
}
"""Each operator by its name."""


def negation(test: ast.expr) -> ast.expr | None:
    """The negation of what an ``if`` or a ``while`` asks; None where dropping a ``not`` says the same.

    >>> ast.unparse(negation(ast.parse("a < b", mode="eval").body))
    'not a < b'
    """
    return None if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else _negated(test)
