"""The oracle that ``querygrad train`` asks for the entries of gradients (Lemmas 4 and 13)."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from constructions.errors import ConstructionError
from constructions.foundations.naming import named
from constructions.foundations.spelling import one_line
from constructions.learning.oracles import Oracle, Question
from constructions.theorems.choices import ORACLES
from constructions.training.adversaries import Picks
from constructions.training.oracle_answers import by_answers
from verify.arguments.user_files import UserFiles, is_python, parts_of
from verify.obligations.user_file import place


def oracle_named(answers: str, files: UserFiles, *, rho: Fraction, seed: int) -> Picks:
    """The adversary that asks an oracle for each entry of a gradient and rounds its answer to a multiple of rho.

    Parameters
    ----------
    answers : how the oracle answers, a name or ``FILE.py:NAME``. files : the user's files that the command has run.
    rho, seed : the gradient precision, and from where random answers are drawn.

    Raises
    ------
    ConstructionError
        For another name; for what is no function from a question to its answers; and where it is called, for an answer
        that is not valid.
    PremiseError
        If 1 has no valid rounding in [-1, 1] (E01).

    >>> oracle_named("exact", UserFiles(), rho=Fraction(1, 4), seed=0).__qualname__
    'answers within 1/16: exact'
    """
    if is_python(answers):
        return by_answers(_of_user(answers, files), rho=rho, seed=seed, name=answers)
    return by_answers(named(ORACLES, answers, "way to answer"), rho=rho, seed=seed, name=answers)


def _of_user(answers: str, files: UserFiles) -> Callable[[Fraction, int], Oracle]:
    """The oracle in a user's file, the same for all tolerances and seeds."""
    path, called = parts_of(answers, "oracle")
    found = files.value(path, called)
    if not callable(found):
        got = f"{type(found).__name__}, at {answers}"
        raise ConstructionError(f"need a function from a question (round, means, tau) to its answers, got {got}")

    def asked(question: Question) -> Any:
        try:
            return tuple(found(question))
        except Exception as error:
            got = f"{type(error).__name__}: {one_line(error)}, at {place(error, path)}"
            raise ConstructionError(f"need a function that answers a question, got {got}") from error

    return lambda tau, seed: asked
