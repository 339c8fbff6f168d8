"""Rules that keep outputs printable and readable, read off the sources: one place prints, and text files are UTF-8."""

import ast
from functools import cache

from tests.house.rules import every, nodes_in, python_files, text_of

MODULES = {
    name: text_of(path) for name, path in python_files("constructions", "verify", "examples", "benchmarks").items()
}
PACKAGES = ("constructions/", "verify/")
PRINTING = "verify/screen/printing.py"
ALONE = ("verify/recheck", "verify/judge", "verify/referee")
"""Programs that also run by themselves, apart from this project; they make what they print printable with code of their
own."""
IN_TEXT = {"read_text", "write_text"}


@cache
def calls(source: str) -> tuple[tuple[str, ast.Call], ...]:
    """Every call, by what is called: ``print``, ``click.echo``, ``x.read_text``."""
    return tuple((called(node.func), node) for node in nodes_in(source) if isinstance(node, ast.Call))


def called(function: ast.expr) -> str:
    """The text of what is called; that of names with dots is put together here, as this is what nearly all are."""
    parts, node = list[str](), function
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join((node.id, *reversed(parts))) if isinstance(node, ast.Name) else ast.unparse(function)


def prints(source: str) -> list[str]:
    """Calls that write to stdout or stderr, or make something that does, on other ways than
    :mod:`verify.screen.printing`."""
    bad = {
        "print",
        "click.echo",
        "click.secho",
        "echo",
        "sys.stdout.write",
        "sys.stderr.write",
        "traceback.print_exc",
        "Console",
        "Text",
    }
    markup = {"escape", "Text.from_markup", "rich.print"}
    found = [f"{name} at line {call.lineno}" for name, call in calls(source) if name in bad | markup]
    columns = [call for name, call in calls(source) if name == "TextColumn"]
    plain = [
        call for call in columns if any(k.arg == "markup" and ast.unparse(k.value) == "False" for k in call.keywords)
    ]
    return found + [f"TextColumn at line {call.lineno}" for call in columns if call not in plain]


def unencoded(source: str) -> list[str]:
    """Calls that read or write text in the encoding that the system happens to have."""
    found = []
    for name, call in calls(source):
        last, given = name.split(".")[-1], {keyword.arg for keyword in call.keywords}
        own = last == "write_text" and isinstance(call.func, ast.Name)  # ours: UTF-8 always
        inside = [part for value in (*call.args, *(k.value for k in call.keywords)) for part in ast.walk(value)]
        modes = [str(part.value) for part in inside if isinstance(part, ast.Constant)]
        opens = (
            last == "open"
            and not name.startswith(("os.", "Cache", "kept.Cache", "cls"))
            and not any("b" in mode and len(mode) < 4 for mode in modes)
        )
        if ((last in IN_TEXT and not own) or opens) and "encoding" not in given:
            found.append(f"{name} at line {call.lineno}")
    return found


@every([name for name in MODULES if name.startswith(PACKAGES) and not name.startswith((PRINTING, *ALONE))])
def test_only_one_module_prints(module: str) -> None:
    assert not prints(MODULES[module])


@every(MODULES)
def test_text_files_are_read_and_written_as_utf_8(module: str) -> None:
    assert not unencoded(MODULES[module])


def test_what_breaks_the_rules_would_be_found() -> None:
    for text in (
        "print(1)",
        "click.echo('a')",
        "Console(stderr=True)",
        "x = Text('a')",
        "sys.stdout.write('a')",
        "TextColumn('a')",
    ):
        assert prints(text) and prints("escape(a)")
    for text in ("p.read_text()", "open('a')", "p.open('w')", "p.write_text(t)", "open('a', 'r', newline='')"):
        assert unencoded(text)
    for text in (
        "p.read_text(encoding='utf-8')",
        "open('a', 'rb')",
        "p.open('ab')",
        "write_text(p, t)",
        "os.open(p, 0)",
        "Cache.open()",
    ):
        assert not unencoded(text)
