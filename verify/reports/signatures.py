"""Signatures of functions and classes as they are written in a source, read without importing it.

A class of the kinds that are made from their fields (dataclasses and named tuples) has the signature of its fields; any
other class has that of its ``__init__``.
"""

import ast
from collections.abc import Iterator

Function = ast.FunctionDef | ast.AsyncFunctionDef


def signature(node: Function | ast.ClassDef) -> str:
    """The signature of a function, or what a class is made from and the classes it is made of.

    Parameters
    ----------
    node : the definition in a syntax tree.

    Returns
    -------
    str
        One line.

    >>> print(signature(ast.parse("def scaled(x: int, *, by: int = 2) -> int: ...").body[0]))
    scaled(x: int, *, by: int = 2) -> int
    """
    if isinstance(node, ast.ClassDef):
        bases = [ast.unparse(base) for base in node.bases]
        return f"class {node.name}({', '.join(_made_from(node))})" + (f": {', '.join(bases)}" if bases else "")
    return _of_function(node, _parameters(node.args))


def methods(node: ast.ClassDef) -> Iterator[tuple[str, Function]]:
    """The public methods of a class and ``__call__``, each with its signature without ``self``; a property has no
    brackets.

    Parameters
    ----------
    node : the definition in a syntax tree.

    >>> text = "class Half:\\n @property\\n def value(self) -> int: ...\\n def times(self, by: int) -> int: ..."
    >>> [line for line, _ in methods(ast.parse(text).body[0])]
    ['value -> int', 'times(by: int) -> int']
    """
    for part in node.body:
        if isinstance(part, Function) and (part.name[0] != "_" or part.name == "__call__"):
            marks = _marks(part)
            if marks & {"property", "cached_property", "functools.cached_property"}:
                yield part.name + _returned(part), part
            else:
                given = _parameters(part.args)
                yield _of_function(part, given if "staticmethod" in marks else given[1:]), part


def _of_function(node: Function, parameters: list[str]) -> str:
    return f"{node.name}({', '.join(parameters)}){_returned(node)}"


def _returned(node: Function) -> str:
    return f" -> {ast.unparse(node.returns)}" if node.returns else ""


def _parameters(given: ast.arguments) -> list[str]:
    """The parameters of a function, with the marks / and * that part them."""
    before = [*given.posonlyargs, *given.args]
    defaults = [*[None] * (len(before) - len(given.defaults)), *given.defaults]
    found = [_parameter(argument, default) for argument, default in zip(before, defaults, strict=True)]
    if given.posonlyargs:
        found.insert(len(given.posonlyargs), "/")
    if given.vararg:
        found.append(f"*{ast.unparse(given.vararg)}")
    elif given.kwonlyargs:
        found.append("*")
    found += [_parameter(*pair) for pair in zip(given.kwonlyargs, given.kw_defaults, strict=True)]
    return [*found, f"**{ast.unparse(given.kwarg)}"] if given.kwarg else found


def _parameter(argument: ast.arg, default: ast.expr | None) -> str:
    if default is None:
        return ast.unparse(argument)
    return f"{ast.unparse(argument)}{' = ' if argument.annotation else '='}{ast.unparse(default)}"


def _made_from(node: ast.ClassDef) -> list[str]:
    """What a class is called with."""
    marks = [mark for mark in node.decorator_list if ast.unparse(mark).split("(")[0].endswith("dataclass")]
    if marks or any(ast.unparse(base) == "NamedTuple" for base in node.bases):
        fields = list(filter(None, map(_field, node.body)))
        return ["*", *fields] if fields and any("kw_only=True" in ast.unparse(mark) for mark in marks) else fields
    own = [part for part in node.body if isinstance(part, Function) and part.name == "__init__"]
    return _parameters(own[0].args)[1:] if own else []


def _field(node: ast.stmt) -> str:
    """A field as a parameter; nothing for what is no field or is not given."""
    if not isinstance(node, ast.AnnAssign) or "ClassVar" in ast.unparse(node.annotation):
        return ""
    name, default = f"{ast.unparse(node.target)}: {ast.unparse(node.annotation)}", node.value
    if isinstance(default, ast.Call) and ast.unparse(default.func).endswith("field"):
        options = {option.arg: ast.unparse(option.value) for option in default.keywords}
        if options.get("init") == "False":
            return ""
        made = options.get("default") or (f"{options['default_factory']}()" if "default_factory" in options else "")
        return f"{name} = {made}" if made else name
    return f"{name} = {ast.unparse(default)}" if default else name


def _marks(node: Function) -> set[str]:
    return {ast.unparse(mark) for mark in node.decorator_list}
