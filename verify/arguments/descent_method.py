"""The method of gradient descent that ``querygrad hide`` names: a built-in one, one in a user's Python file, or a
network file.

In a Python file the name stands for a :class:`constructions.learning.descent_methods.DescentMethod`, or for a function
that builds one from some of ``n``, ``b``, ``rho`` and ``steps``. Its model may be anything that has ``edges`` and
``with_weights``; the derivative of its loss is the method's.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from constructions.errors import ConstructionError
from constructions.foundations.naming import suggestion
from constructions.learning.descent_methods import BSGD, DescentMethod, at_other_steps
from constructions.learning.gradient_learners import DESCENT_LEARNERS
from constructions.networks.network_file import read_network
from constructions.training.network_descent import descent_on_network
from verify.arguments.names import NETWORK
from verify.arguments.user_files import UserFiles, is_python, parts_of
from verify.arguments.users_method import calling

BITS = 4
DEFAULT = "method"
"""What a method is called in a user's file, if the command does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DescentWanted:
    """What a command says of a method of gradient descent.

    Parameters
    ----------
    name : of the method. b, rho : batch size and precision. n, steps : bits and T, if they are said.
    """

    name: str
    b: int
    rho: Fraction
    n: int | None = None
    steps: int | None = None


def descent_named(wanted: DescentWanted) -> tuple[DescentMethod, Path | None]:
    """The method that is ``wanted``, and the user's Python file that it is from, if it is from one.

    Raises
    ------
    ConstructionError
        For another name, a file that does not run or holds no such method, and a method with other numbers.

    >>> descent_named(DescentWanted(name="regression", b=4, rho=Fraction(1), n=2, steps=3))[0].budget
    BSGD(steps=3, rho=Fraction(1, 1), b=4, p=3, r=0)
    """
    name, path = wanted.name, None
    if is_python(name):
        found, path = _of_file(wanted)
    elif Path(name).suffix == NETWORK:
        net = read_network(name)
        found = descent_on_network(net, steps=wanted.steps or net.steps, rho=wanted.rho, b=wanted.b)
    elif name in DESCENT_LEARNERS:
        found = DESCENT_LEARNERS[name](BITS if wanted.n is None else wanted.n, b=wanted.b, rho=wanted.rho)
    else:
        known = ", ".join(DESCENT_LEARNERS)
        raise ConstructionError(
            f"need {known}, FILE.py[:NAME] or NET{NETWORK}, got {name!r}{suggestion(name, DESCENT_LEARNERS)}"
        )
    _check(found, wanted)
    return (found if wanted.steps is None else at_other_steps(found, wanted.steps)), path


def _of_file(wanted: DescentWanted) -> tuple[DescentMethod, Path]:
    path, name = parts_of(wanted.name, DEFAULT)
    found = UserFiles().value(path, name)
    if callable(found) and not isinstance(found, DescentMethod):
        found = _built(found, path, name, wanted)
    if not isinstance(found, DescentMethod):
        raise ConstructionError(f"need a DescentMethod, got a {type(found).__name__}, at {path}:{name}")
    return found, path


def _built(build: Callable[..., Any], path: Path, name: str, wanted: DescentWanted) -> Any:
    """What a user's function builds from what it takes of the numbers."""
    known: dict[str, Any] = {"n": BITS if wanted.n is None else wanted.n, "b": wanted.b, "rho": wanted.rho}
    known |= {} if wanted.steps is None else {"steps": wanted.steps}
    try:
        taken = inspect.signature(build).parameters
    except (TypeError, ValueError):
        taken = inspect.Signature().parameters
    lost = [each for each, p in taken.items() if each not in known and p.default is inspect.Parameter.empty]
    if lost:
        got = f"{name}({', '.join(taken)}), at {path}"
        raise ConstructionError(f"need a function of some of n, b, rho and steps (--steps), got {got}")
    given = {each: known[each] for each in taken if each in known}
    return calling(lambda: build(**given), path, f"builds a method from {', '.join(given) or 'nothing'}")()


def _check(method: DescentMethod, wanted: DescentWanted) -> None:
    """Refuse a method with other numbers than the command says."""
    if not isinstance(method.budget, BSGD):
        raise ConstructionError(
            f"need a method with fresh batches in each step (bSGD), got {method.budget}, at {wanted.name}"
        )
    for name, asked, got in (
        ("--bits", wanted.n, method.n),
        ("--batch", wanted.b, method.budget.b),
        ("--rho", wanted.rho, method.budget.rho),
    ):
        if asked is not None and asked != got:
            raise ConstructionError(f"need {name} {got} for this method, got {asked}, at {wanted.name}")
