"""A process that asks cvc5: questions in SMT-LIB come in, answers go out, one at a time.

It runs apart (``python -m verify.provers.by_cvc5``), so that whoever asks can end it when its time is up. Each question
is a line with milliseconds and a number of bytes, and then so many bytes; each answer is one line: ``sat``, ``unsat``,
or ``unknown`` and why.

A question of linear arithmetic is asked once. One with products goes to several ways of treating them, in turn, with a
share of the time each; the first answer counts.
"""

import sys
from typing import BinaryIO

import cvc5

Options = tuple[tuple[str, str], ...]
PLAIN: Options = ()
WAYS: tuple[tuple[Options, int], ...] = ((PLAIN, 1),)
WAYS_WITH_PRODUCTS: tuple[tuple[Options, int], ...] = (
    ((("nl-cov", "true"), ("nl-ext", "none")), 1),
    (PLAIN, 2),
    ((("nl-cov", "false"), ("nl-ext", "full"), ("nl-ext-tplanes", "true")), 1),
)
"""Options of cvc5 and the share of the time that they get: cylindrical coverings alone, what cvc5 does by itself, and
tangent planes alone (incremental linearization). Of the first seven questions that cvc5 found hard by itself the first
way settled six, each in less than 1 s."""
KNOWN = ("sat", "unsat")


def ways_of(text: str) -> tuple[tuple[Options, int], ...]:
    """How to ask a question, by the logic that it names.

    >>> len(ways_of("(set-logic QF_LRA)")), len(ways_of("(set-logic QF_NRA)"))
    (1, 3)
    """
    return WAYS_WITH_PRODUCTS if text.startswith("(set-logic QF_N") else WAYS


def answer(text: str, milliseconds: int) -> str:
    """What cvc5 says of a question, a text in SMT-LIB, within some milliseconds, in one line.

    >>> answer("(set-logic QF_LRA)(declare-const x Real)(assert (< x x))(check-sat)", 1000)
    'unsat'
    """
    ways = ways_of(text)
    whole, found = sum(share for _, share in ways), "unknown"
    for options, share in ways:
        found = answer_by(text, options, milliseconds * share // whole)
        if found in KNOWN:
            return found
    return found


def answer_by(text: str, options: Options, milliseconds: int) -> str:
    """What cvc5 says with some options in some time."""
    solver = cvc5.Solver()
    for name, value in (*options, ("tlimit-per", str(max(milliseconds, 1)))):
        solver.setOption(name, value)
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "question")
    symbols, said = parser.getSymbolManager(), ""
    try:
        while not (command := parser.nextCommand()).isNull():
            said += str(command.invoke(solver, symbols))
    except RuntimeError as error:
        return f"unknown {' '.join(str(error).split())}"
    words = " ".join(said.split())
    return words if words in KNOWN else f"unknown {words.removeprefix('unknown').strip() or 'within its time'}"


def serve(questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer questions until there are none."""
    answers.write(f"{cvc5.__version__}\n".encode())
    answers.flush()
    while head := questions.readline():
        milliseconds, length = map(int, head.split())
        text = questions.read(length).decode("ascii")
        answers.write(f"{answer(text, milliseconds)}\n".encode("ascii", "backslashreplace"))
        answers.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
