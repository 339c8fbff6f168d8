"""A program that asks the Python package cvc5 a question in a file: for a reviewer who has no executable of it.

It is no part of the checker, which starts it as it starts any other solver.
"""

import sys
from pathlib import Path

import cvc5


def _main(argument: str) -> str:
    """The answer to the question in a file, or the version."""
    if argument == "--version":
        return f"cvc5 {cvc5.__version__}"
    solver = cvc5.Solver()
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, Path(argument).read_text(encoding="ascii"), "question")
    said = ""
    while not (command := parser.nextCommand()).isNull():
        said += str(command.invoke(solver, parser.getSymbolManager()))
    return said.strip()


if __name__ == "__main__":
    print(_main(sys.argv[1]))
