"""The method that asks queries which a command names: a built-in learner, or one in a user's Python file."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields
from fractions import Fraction
from pathlib import Path
from typing import Any

from constructions.computation.built_in_learners import LEARNERS, LearnerByQueries
from constructions.errors import ConstructionError
from constructions.foundations.naming import suggestion
from constructions.learning.models import QueryMethod, SampleMethod
from verify.arguments.apart import CLOCK
from verify.arguments.method_options import MethodOptions
from verify.arguments.user_files import UserFiles, is_python, parts_of
from verify.arguments.users_method import calling, guarded, naming

BITS, TAU, BATCH = 12, Fraction(1, 16), 1
DEFAULT = "method"
"""What a method is called in a user's file, if the command does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedMethod:
    """A method with its name, and the digest and the path of the file that it comes from, if it is the user's."""

    name: str
    method: QueryMethod | SampleMethod
    digest: str | None = None
    path: Path | None = None


def method_named(name: str, options: MethodOptions) -> NamedMethod:
    """What a built-in learner's name or ``FILE.py[:NAME]`` stands for.

    In a file the name stands for a method, or for a function that builds one from some of ``n``, ``tau`` and ``k``.

    Raises
    ------
    ConstructionError
        For another name, for options that do not fit the method, and for a file that does not run or holds no method;
        later, where a function of the user's fails.

    >>> method_named("literal", MethodOptions(n=2)).method.budget
    BSQ(k=2, tau=Fraction(1, 16), b=1, p=3, r=0, alternating=True)
    """
    if is_python(name):
        return _of_file(name, options)
    if name not in LEARNERS:
        names = ", ".join(sorted(LEARNERS))
        raise ConstructionError(
            f"need a learner among {names}, or FILE.py[:NAME], got {name!r}{suggestion(name, LEARNERS)}"
        )
    learner, n, tau = LEARNERS[name], _or(options.n, BITS), _or(options.tau, TAU)
    if not isinstance(learner, LearnerByQueries):
        raise ConstructionError(f"need a learner that asks queries, got one that draws samples, at {name!r}")
    if options.k is not None:
        raise ConstructionError(f"need no --queries for a built-in learner, got {options.k}, at {name!r}")
    return NamedMethod(name=name, method=learner.method(n, BATCH, tau))


def _or(value: Any, default: Any) -> Any:
    return default if value is None else value


def _of_file(text: str, options: MethodOptions) -> NamedMethod:
    path, name = parts_of(text, DEFAULT)
    files = UserFiles()
    with CLOCK.running():
        found = files.value(path, name)
    if callable(found) and not isinstance(found, QueryMethod | SampleMethod):
        found = _built(found, path, name, options)
    if not isinstance(found, QueryMethod | SampleMethod):
        raise ConstructionError(f"need a QueryMethod, got a {type(found).__name__}, at {path}:{name}")
    _check(found, options, f"{path}:{name}")
    method = guarded(found, path) if isinstance(found, QueryMethod) else found
    return NamedMethod(name=text, method=method, digest=files.digest(path), path=path)


def _built(build: Callable[..., Any], path: Path, name: str, options: MethodOptions) -> Any:
    """The method that a user's function builds from what it takes of the options."""
    known = {"n": _or(options.n, BITS), "tau": _or(options.tau, TAU), "k": options.k}
    try:
        taken = inspect.signature(build).parameters
    except (TypeError, ValueError):
        taken = inspect.Signature().parameters
    lost = [field.name for field in fields(options) if getattr(options, field.name) is not None]
    odd = next((each for each in lost if each not in taken), None)
    if odd is not None:
        raise ConstructionError(
            f"need a function that takes {odd} for this option, got {name}{_written(taken)}, at {path}"
        )
    wanted = {each: known[each] for each in taken if known.get(each) is not None}
    with naming(path):
        return calling(lambda: build(**wanted), path, f"builds a method from {', '.join(wanted) or 'nothing'}")()


def _written(taken: Any) -> str:
    return f"({', '.join(taken)})"


def _check(method: QueryMethod | SampleMethod, options: MethodOptions, where: str) -> None:
    """Refuse options that say something else than the method."""
    tau = None if isinstance(method, SampleMethod) else method.budget.tau
    for name, asked, got in (("n", options.n, method.n), ("tau", options.tau, tau)):
        if asked is not None and got is not None and asked != got:
            raise ConstructionError(f"need a method with {name}={asked}, got {got}, at {where}")
