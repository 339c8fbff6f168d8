"""Keyword arguments that are passed on have names and types; the few that cannot are listed, each with the reason."""

import ast

from tests.house.rules import nodes_in, python_files, text_of

VARIABLES = "the variables of claims have any names, and stand for numbers, truth values or functions"
OPTIONS = "the options of a command, of which a class has the names, and which are refused if it has not"
LEFT = {
    "constructions/training/onnx_export.py _node": "the attributes of an ONNX node, which each operation names",
    "verify/arguments/grouped.py gathering": "click hands over the options of whatever command is decorated",
    "verify/commands/main.py make_context": "click's own method, whose arguments are passed on as they come",
    "verify/notebook/job.py claim": OPTIONS,
    "verify/notebook/job.py compile": OPTIONS,
    "verify/notebook/job.py train": OPTIONS,
    "verify/notebook/job.py certify": OPTIONS,
    "verify/obligations/taking.py use": VARIABLES,
    "verify/obligations/taking.py principle": VARIABLES,
    "verify/obligations/inductions.py begin": VARIABLES,
    "verify/obligations/inductions.py go_on": VARIABLES,
    "verify/obligations/inductions.py reached_for": VARIABLES,
    "verify/obligations/matching.py _no_more": "stands for several methods, all of which it refuses",
    "verify/provers/by_sympy.py use": VARIABLES,
    "verify/provers/by_sympy.py principle": VARIABLES,
    "verify/store/rules.py instance": VARIABLES,
    "verify/provers/branches.py with_names": "any global names of any function, each standing for anything",
    "verify/screen/printing.py render_str": "rich's own method, whose arguments are passed on as they come",
}
"""Functions with ``**name: Any``, each with the reason."""


def untyped(source: str) -> list[str]:
    """The functions in a text that take any keyword arguments of any type."""
    functions = [node for node in nodes_in(source) if isinstance(node, ast.FunctionDef)]
    rest = [(function.name, function.args.kwarg) for function in functions]
    return [name for name, given in rest if given and (not given.annotation or ast.unparse(given.annotation) == "Any")]


def test_only_what_others_define_takes_arguments_of_any_name_and_type() -> None:
    found = {
        f"{file} {name}"
        for file, path in python_files("constructions", "verify").items()
        for name in untyped(text_of(path))
    }
    assert found == set(LEFT)


def test_arguments_of_any_name_and_type_would_be_found() -> None:
    assert untyped("class K:\n    def f(self, **rest: Any): pass\ndef g(**rest): pass\ndef h(**rest: int): pass\n") == [
        "g",
        "f",
    ]
