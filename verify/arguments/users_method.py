"""A method of a user's own whose functions cannot do harm: whatever goes wrong in them is one line that names the file.

The functions may raise anything, leave the program, or give what is no exact number, too many values or values without
an end. An interrupt (Ctrl-C) is let through. Since when a function runs is written where another process sees it, which
ends one that does not return (:mod:`verify.arguments.apart`).
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import Any

from constructions.errors import ConstructionError
from constructions.foundations.exact import rational, whole
from constructions.foundations.spelling import one_line
from constructions.learning.models import Query, QueryMethod, State
from constructions.learning.parities import MOST_DIGITS
from constructions.learning.problems import Bits, Predictor
from verify.arguments.apart import CLOCK
from verify.obligations.user_file import place

LARGE = 10**MOST_DIGITS


@contextmanager
def naming(path: Path | None) -> Iterator[None]:
    """Errors of what is done here name a user's file, if there is one.

    Raises
    ------
    ConstructionError
        For every ConstructionError; the message ends with the file unless it names it.

    >>> with naming(Path("mine.py")):
    ...     raise ConstructionError("need a number, got none")
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need a number, got none, at mine.py
    """
    try:
        yield
    except ConstructionError as error:
        if path is None or path.name in str(error):
            raise
        raise ConstructionError(f"{one_line(error)}, at {path}") from error


def calling(function: Callable[..., Any], path: Path, does: str) -> Callable[..., Any]:
    """A user's function whose failures are errors of ours: everything but an interrupt.

    Parameters
    ----------
    function, path : the function, and the file that it is from. does : what it should do, in words.

    >>> calling(lambda: 1 / 0, Path("mine.py"), "predicts")()
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need a function that predicts, got ZeroDivisionError: division by zero, \
at mine.py
    """

    def called(*values: Any) -> Any:
        CLOCK.since[0] = monotonic()
        try:
            return function(*values)
        except (ConstructionError, KeyboardInterrupt):
            raise
        except BaseException as error:  # SystemExit too: a method that leaves is no method that has won
            got = f"{type(error).__name__}: {one_line(error)}, at {place(error, path)}"
            raise ConstructionError(f"need a function that {does}, got {got}") from error
        finally:
            CLOCK.since[0] = 0.0

    return called


def guarded(method: QueryMethod, path: Path) -> QueryMethod:
    """The same method, whose functions say where in the file an error is, and give exact numbers.

    Raises
    ------
    ConstructionError
        For a number of bits that is none.

    >>> from constructions.learning.learners import best_literal
    >>> made = guarded(best_literal(2, b=1, tau="1/8"), Path("mine.py"))
    >>> made.query(made.start(()))((0, 1), 1)
    (1, 0, 1)
    """
    asks, returns = (calling(getattr(method, name), path, f"runs ({name})") for name in ("query", "predictor"))
    p = whole(method.budget.p, where=f"p of the method, {path}")

    def query(state: State) -> Query:
        inner = asks(state)
        return calling(lambda x, y: _short(islice(iter(inner(x, y)), p + 1), path), path, "answers at a point (query)")

    def predictor(state: State) -> Predictor:
        predicts = calling(returns(state), path, "predicts")

        def prediction(x: Bits) -> Any:
            return rational(*_short((predicts(x),), path), where=f"the prediction at {x}, {path}")

        return prediction

    return QueryMethod(
        n=whole(method.n, where=f"n of the method, {path}"),
        budget=method.budget,
        start=calling(method.start, path, "runs (start)"),
        query=query,
        after=calling(method.after, path, "runs (after)"),
        predictor=predictor,
    )


def _short(values: Iterable[Any], path: Path) -> tuple[Any, ...]:
    """The values, none of which has very many digits."""
    found = tuple(values)
    for value in found:
        if isinstance(value, int | Fraction) and max(abs(value.numerator), value.denominator) >= LARGE:
            raise ConstructionError(f"need numbers of at most {MOST_DIGITS} digits, got a longer one, at {path}")
    return found
