"""The references of the commands and of the public functions and classes, as Markdown pages.

``make reference`` keeps the pages in ``proofs_notes/reference``, and a test compares what is committed with what would
be written now. The page of the commands is what each prints for ``--help``, at one width. The
page of functions and classes is read off the sources without importing them, so that a signature stands as it was
written and no value of a default depends on a machine. Claims are left out, since ``querygrad show`` prints what they
state, and so are the modules of the commands, which have the other page.
"""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import click

from constructions.foundations.files import ROOT
from verify.reports.signatures import Function, methods, signature
from verify.screen.printing import say

WIDTH = 100
MAN = "querygrad.1"
"""The page for ``man``, which the wheel ships."""
EXIT_CODES = (
    "0 if everything is as expected; 1 if something is refuted or vacuous that should not be, or a network is refused;",
    "2 for a wrong command line or file; 3 if nothing is wrong but something is left open; 4 for an internal error, or",
    "if two evaluators or two solvers disagree.",
)
LEFT_OUT = ("verify.claims.", "verify.commands.")
CLI_HEAD = """# Reference of the commands

Written by `make reference`: what each command prints for `--help`.
"""
API_HEAD = """# Reference of functions and classes

Written by `make reference` from the sources: every public function and class of `constructions` and `verify`, module by
module, with its signature and the first paragraph of its docstring. The docstrings themselves say more: parameters,
results, errors, and examples that run. Claims are left out: the [map](../map.md) counts them, and `querygrad show`
prints what each states. The commands have a [page of their own](cli.md).
"""


def cli_reference(group: click.Group) -> str:
    """The page of the commands of a group: what each prints for ``--help``, at a width of 100 columns.

    Parameters
    ----------
    group : the command that the others belong to.

    Returns
    -------
    str
        Markdown, with a section for the group and one for each command, in the order of the group.

    >>> @click.group()
    ... def tool() -> None:
    ...     "Does things."
    >>> print(cli_reference(tool).splitlines()[4])
    ## tool
    """
    above = _context(group, str(group.name), None)
    sections = [_section(above)]
    for name in group.list_commands(above):
        sections.append(_section(_context(cast(click.Command, group.get_command(above, name)), name, above)))
    return "\n".join([CLI_HEAD, *sections])


def man_page(group: click.Group) -> str:
    """The manual page of a group of commands, as ``man`` reads it: what each does, its arguments and its options.

    Parameters
    ----------
    group : the command that the others belong to.

    >>> @click.group()
    ... def tool() -> None:
    ...     "Does things."
    >>> print(*man_page(tool).splitlines()[:4], sep="\\n")
    .TH TOOL 1
    .SH NAME
    tool \\- Does things.
    .SH SYNOPSIS
    """
    above = _context(group, str(group.name), None)
    lines = [f".TH {str(group.name).upper()} 1", ".SH NAME", f"{group.name} \\- {_roff(_short(group))}"]
    lines += [".SH SYNOPSIS", f".B {group.name}", "COMMAND [OPTIONS] [ARGUMENTS]", ".SH COMMANDS"]
    for name in group.list_commands(above):
        command = cast(click.Command, group.get_command(above, name))
        lines += _man_entry(_context(command, name, above))
    lines += [".SH EXIT CODES", *(_roff(line) for line in EXIT_CODES), ".SH SEE ALSO", "The notes of the project."]
    return "\n".join(lines) + "\n"


def _short(command: click.Command) -> str:
    return " ".join((command.help or "").split("\n\n")[0].split())


def _man_entry(context: click.Context) -> Iterator[str]:
    command = context.command
    usage = " ".join(command.collect_usage_pieces(context))
    yield from (f".SS {context.info_name} {_roff(usage)}".rstrip(), ".PP")
    paragraphs = (command.help or "").split("\n\n")
    for paragraph_ in paragraphs:
        table = paragraph_.lstrip().startswith("\b")
        text = [line.rstrip() for line in paragraph_.replace("\b", "").strip("\n").splitlines()]
        yield from (".nf", *map(_roff, text), ".fi") if table else (_roff(" ".join(" ".join(text).split())), ".PP")
    for param in command.get_params(context):
        record = param.get_help_record(context)
        if record is not None and record[1]:
            yield from (".TP", f".B {_roff(record[0])}", _roff(" ".join(record[1].split())))


def _roff(text: str) -> str:
    """A line of text in which nothing is a command or an escape of ``man``."""
    found = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{found}" if found.startswith((".", "'")) else found


def _context(command: click.Command, name: str, above: click.Context | None) -> click.Context:
    return click.Context(command, parent=above, info_name=name, terminal_width=WIDTH, max_content_width=WIDTH)


def _section(context: click.Context) -> str:
    shown = "\n".join(line.rstrip() for line in context.get_help().splitlines())
    return f"## {context.command_path}\n\n```text\n{shown}\n```\n"


def api_reference(root: Path) -> str:
    """The page of public functions and classes of the packages in a folder, without claims and commands.

    Parameters
    ----------
    root : the folder that ``constructions`` and ``verify`` lie in.

    Returns
    -------
    str
        Markdown, with a section for each module that has public functions or classes, by name.
    """
    paths = sorted(path for package in ("constructions", "verify") for path in (root / package).rglob("*.py"))
    named = {".".join(path.relative_to(root).with_suffix("").parts): path for path in paths}
    sections = [
        module_reference(name, path.read_text(encoding="utf-8"))
        for name, path in named.items()
        if not name.startswith(LEFT_OUT)
    ]
    return "\n".join([API_HEAD, *filter(None, sections)])


def module_reference(name: str, source: str) -> str:
    """The section of one module, or nothing if it has no public function or class.

    Parameters
    ----------
    name : the full name of the module.
    source : its text.

    Returns
    -------
    str
        Markdown.

    >>> print(module_reference("chapter.item", "def twice(x: int) -> int: 'Two of it.'").replace("\\n\\n", "\\n"))
    ## chapter.item
    * `twice(x: int) -> int`: Two of it.
    <BLANKLINE>
    """
    tree = ast.parse(source)
    public = [node for node in tree.body if isinstance(node, Function | ast.ClassDef) and node.name[0] != "_"]
    if not public:
        return ""
    entries = "\n".join(line for node in public for line in _entry(node))
    return "\n\n".join(filter(None, [f"## {name}", paragraph(tree), entries])) + "\n"


def _entry(node: Function | ast.ClassDef) -> Iterator[str]:
    """The lines of a function, or of a class and its methods."""
    yield f"* `{signature(node)}`: {paragraph(node)}".removesuffix(": ")
    if isinstance(node, ast.ClassDef):
        for line, method in methods(node):
            yield f"  * `{line}`: {paragraph(method)}".removesuffix(": ")


def paragraph(node: ast.Module | ast.ClassDef | Function) -> str:
    """The first paragraph of a docstring on one line, or nothing; its code stands in the marks of Markdown.

    Parameters
    ----------
    node : a module, class or function in a syntax tree.

    >>> paragraph(ast.parse("'Calls :func:`f` on ``x``,\\\\nonce.\\\\n\\\\nNever twice.'"))
    'Calls `f` on `x`, once.'
    """
    text = inspect.cleandoc(ast.get_docstring(node) or "").split("\n\n")[0].split(">>>")[0]
    return re.sub(r"(?::\w+:)?(`{1,2})([^`]+)\1", r"`\2`", " ".join(text.split()))


def page_named(name: str, root: Path) -> str:
    """The text of a page.

    Parameters
    ----------
    name : ``cli.md``, ``api.md`` or ``querygrad.1``.
    root : the folder that ``constructions`` and ``verify`` lie in.
    """
    if name == "api.md":
        return api_reference(root)
    group = importlib.import_module("verify.commands.main").cli
    return man_page(group) if name == MAN else cli_reference(group)


@click.command()
@click.argument("page", type=click.Choice(["api.md", "cli.md", MAN]))
def main(page: str) -> None:
    """Print a page, as it is of the checkout that this file lies in.

    >>> list(main.params[0].type.choices)
    ['api.md', 'cli.md', 'querygrad.1']
    """
    say(*page_named(page, ROOT).split("\n")[:-1])


if __name__ == "__main__":
    main()
