"""Mutants: what each operator makes, what is left alone, and what counts as none."""

import ast

import pytest

from constructions.errors import ConstructionError
from verify.mutation.mutants import drawn, mutants_of


def made(line: str, operator: str) -> set[str]:
    """What an operator makes of a line in a function."""
    text = f"def f(a, b, c, many):\n    {line}\n"
    return {each.text.splitlines()[1].strip() for each in mutants_of(text, "f.py") if each.operator == operator}


@pytest.mark.parametrize(
    ("operator", "line", "others"),
    [
        ("boundary", "return a < b", {"return (a <= b)"}),
        ("boundary", "return a < b >= c", {"return (a <= b >= c)", "return (a < b > c)"}),
        ("comparison", "return a == b", {"return (a != b)"}),
        ("comparison", "return a in many", {"return (a not in many)"}),
        ("arithmetic", "return a * b", {"return (a + b)"}),
        ("arithmetic", "a -= b", {"a += b"}),
        ("arithmetic", "return -a", {"return (a)"}),
        ("constant", "return range(3, b)", {f"return range(({i}), b)" for i in (2, 4, -1)}),
        ("constant", "return True", {"return (False)"}),
        ("constant", "return lambda x: HALF", {"return (lambda x: 0)"}),
        ("constant", "return a >= HALF", {"return (a >= 0)"}),
        ("swap", "return a.mux(b, c)", {"return (a.mux(c, b))"}),
        ("swap", "return a if b else c", {"return (c if b else a)"}),
        ("removed term", "return a - b", {"return (a)", "return (b)"}),
        ("removed term", "return a and b and c", {"return (b and c)", "return (a and c)", "return (a and b)"}),
        ("removed term", "return a.both(b, c)", {"return (b)", "return (c)"}),
        ("range", "return many[b:]", {"return (many[b + 1:])", "return (many[b - 1:])"}),
        ("condition", "return [x for x in many if x]", {"return ([x for x in many if not x])"}),
        ("condition", "return a if b else c", {"return (a if not b else c)"}),
        ("not", "return not a", {"return (a)"}),
        ("removed statement", "many[a] = b", {"pass"}),
        ("removed statement", "many.add(a)", {"pass"}),
    ],
)
def test_an_operator_makes_these_mutants_and_no_others(operator: str, line: str, others: set[str]) -> None:
    assert made(line, operator) == others


def test_a_check_is_negated_or_left_out_but_its_message_is_not_changed() -> None:
    text = 'def f(a):\n    if a > 2:\n        raise ValueError(f"need {a + 1}, got {1 + a}")\n    return a\n'
    found = {each.text for each in mutants_of(text, "f.py")}
    assert {text.replace("a > 2", f"({other})") for other in ("a >= 2", "not a > 2")} <= found
    assert any("pass" in each for each in found)
    assert all("raise" not in each or text.splitlines()[2] in each for each in found)


def test_docstrings_types_and_assertions_are_left_alone() -> None:
    text = '"""1 + 2"""\n\ndef f(a: int | None = None) -> dict[str, "int"]:\n'
    text += '    "3 < 4"\n    assert a < 5\n    b: tuple[int, int]\n'
    assert mutants_of(text, "f.py") == []


def test_every_mutant_has_as_many_lines_compiles_and_differs_in_one_place() -> None:
    text = "def f(a):\n    return (a.of(\n        a + 1,  # how much\n        2,\n    ) - 3)\n"
    text += "\n\ndef g(a):\n    return f(a) * 4\n"
    found = mutants_of(text, "f.py")
    assert len({each.digest for each in found}) == len(found) > 10
    for each in found:
        ast.parse(each.text)
        before, after = text.splitlines(), each.text.splitlines()
        assert len(before) == len(after)
        changed = [i + 1 for i, (one, two) in enumerate(zip(before, after, strict=True)) if one != two]
        assert changed and set(changed) <= set(range(each.line, each.last + 1))


def test_what_python_compiles_to_the_same_is_no_mutant() -> None:
    assert not [each for each in mutants_of("def f(a):\n    return a + (2 - 0)\n", "f.py") if each.after == "2 + 0"]
    assert (
        len([each for each in mutants_of("x = 1 * 1\n", "x.py") if "x = 2" in each.text.replace("(1 + 1)", "2")]) <= 1
    )


def test_the_same_seed_draws_the_same_mutants() -> None:
    found = mutants_of("def f(a):\n    return a + 1, a * 2, a - 3, a < 4\n", "f.py")
    some = [drawn(found, most=3, seed=seed) for seed in (0, 0, 1)]
    assert some[0] == some[1] != some[2] and all(len(each) == 3 for each in some)


def test_a_text_that_is_no_python_is_refused() -> None:
    with pytest.raises(ConstructionError, match=r"need a Python file, got .*, at f.py:1"):
        mutants_of("def f(:\n", "f.py")
