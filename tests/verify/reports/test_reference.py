"""The references of commands and functions: what is committed is what would be written now."""

import ast
from functools import cache
from pathlib import Path

import click
import pytest

from verify.commands.main import cli
from verify.reports.reference import (
    WIDTH,
    api_reference,
    cli_reference,
    main,
    man_page,
    module_reference,
    page_named,
    paragraph,
)
from verify.reports.signatures import Function, methods, signature

ROOT = Path(__file__).parents[3]
FOLDER = Path("proofs_notes/reference")


@cache
def written_now(name: str) -> str:
    """A page of this checkout, made once."""
    return page_named(name, ROOT)


SOURCE = '''
"""What it is about.

More of it.
"""

class _Hidden:
    pass

@dataclass(frozen=True, kw_only=True)
class Point(Base):
    """A point, ``x`` first.

    Much more.
    """
    x: int
    y: Fraction = Fraction(0)
    seen: list[int] = field(default_factory=list)
    kept: int = field(init=False)
    KINDS: ClassVar[int] = 3

    @property
    def size(self) -> int:
        """How far it is."""

    @staticmethod
    def of(text: str, /, *rest: int, by: int = 2, **more: object) -> "Point":
        """Read it."""

    def _inner(self) -> None: ...

def _private(): ...

async def found(a, b=1): ...
'''


def definition(text: str) -> Function | ast.ClassDef:
    """The one definition of a text."""
    (node,) = ast.parse(text).body
    assert isinstance(node, Function | ast.ClassDef)
    return node


@pytest.mark.parametrize("name", ["cli.md", "api.md", "querygrad.1"])
def test_the_committed_page_is_what_would_be_written_now(name: str) -> None:
    assert (ROOT / FOLDER / name).read_text(encoding="utf-8") == written_now(name), "need 'make reference'"


def test_every_command_has_a_section_with_its_help() -> None:
    text = cli_reference(cli)
    for name in cli.list_commands(click.Context(cli)):
        assert f"\n## querygrad {name}\n\n```text\nUsage: querygrad {name} " in text
    assert max(map(len, text.splitlines())) <= WIDTH


def test_the_page_for_man_has_every_command_and_option_and_no_stray_macro() -> None:
    lines = man_page(cli).splitlines()
    context = click.Context(cli)
    for name in cli.list_commands(context):
        assert any(line.startswith(f".SS {name}") for line in lines)
        for param in (cli.get_command(context, name) or cli).params:
            if isinstance(param, click.Option):
                longest = max(param.opts, key=len).replace("-", "\\-")
                assert any(line.startswith(".B ") and longest in line for line in lines)
    macros = {line.split()[0] for line in lines if line.startswith((".", "'"))}
    assert macros <= {".TH", ".SH", ".SS", ".PP", ".TP", ".B", ".nf", ".fi"}


def test_the_width_of_the_screen_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    before = cli_reference(cli)
    monkeypatch.setenv("COLUMNS", "50")
    assert cli_reference(cli) == before


def test_a_module_has_its_public_names_with_signatures_and_first_paragraphs() -> None:
    assert module_reference("chapter.point", SOURCE).splitlines() == [
        "## chapter.point",
        "",
        "What it is about.",
        "",
        "* `class Point(*, x: int, y: Fraction = Fraction(0), seen: list[int] = list()): Base`: A point, `x` first.",
        "  * `size -> int`: How far it is.",
        "  * `of(text: str, /, *rest: int, by: int = 2, **more: object) -> 'Point'`: Read it.",
        "* `found(a, b=1)`",
    ]


def test_a_module_without_public_names_has_no_section() -> None:
    assert module_reference("chapter.point", '"""Only this."""\n\ndef _f(): ...\n') == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def f(a, *, b): ...", "f(a, *, b)"),
        ("def f(*a: int, b: int = 1): ...", "f(*a: int, b: int = 1)"),
        ("class A:\n  def __init__(self, x: int) -> None: ...", "class A(x: int)"),
        ("class A(NamedTuple):\n  x: int\n  y: int = 0", "class A(x: int, y: int = 0): NamedTuple"),
        ("class A(ValueError): ...", "class A(): ValueError"),
    ],
)
def test_a_signature_is_written_as_in_the_source(text: str, said: str) -> None:
    assert signature(definition(text)) == said


def test_only_public_methods_and_calls_are_listed() -> None:
    node = definition("class A:\n  def __call__(self, x): ...\n  def __len__(self): ...\n  def _f(self): ...")
    assert isinstance(node, ast.ClassDef)
    assert [line for line, _ in methods(node)] == ["__call__(x)"]


def test_a_paragraph_ends_before_an_example() -> None:
    assert paragraph(ast.parse('"""Two ``words``\nof :mod:`a.b`.\n>>> 1\n1\n"""')) == "Two `words` of `a.b`."


def test_claims_and_commands_are_left_out_and_a_changed_docstring_shows(tmp_path: Path) -> None:
    for place, text in {
        "constructions/a.py": 'def f(): "One."\n',
        "verify/claims/b.py": "def claim(): ...\n",
        "verify/commands/c.py": "def command(): ...\n",
    }.items():
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text(text)
    before = api_reference(tmp_path)
    assert before.endswith("## constructions.a\n\n* `f()`: One.\n") and "claim()" not in before
    (tmp_path / "constructions" / "a.py").write_text('def f(): "Two."\n')
    assert api_reference(tmp_path) != before


@pytest.mark.parametrize("name", ["cli.md", "api.md"])
def test_a_page_is_printed_as_it_is(name: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    main([name], standalone_mode=False)
    assert capfdbinary.readouterr().out == written_now(name).encode("utf-8")
