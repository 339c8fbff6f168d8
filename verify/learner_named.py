"""The learner that a command names, as a query machine: a built-in one, one in a user's Python file, or an AIGER file with latches."""
import inspect
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from constructions.computation.formats.files import WRITERS, read_file, write_machine
from constructions.computation.query_machine import QueryMachine, query_machine
from constructions.computation.sample_learner_machines import LEARNERS
from constructions.errors import ConstructionError
from verify.obligation import fresh_registry
from verify.registry import load_file, one_line, paper_obligations, place

CIRCUITS = (".aag", ".aig")
SPELLED = {"n": "--bits", "m": "--samples", "b": "--batch", "version": "--extract"}


def learner_named(learner: str, given: Mapping[str, Any], known: Mapping[str, Any]) -> QueryMachine:
    """The machine that a name, ``FILE.py[:NAME]`` or an AIGER file stands for.

    Parameters
    ----------
    given : what the user asked for, by the names of the builders' parameters; all of it must be used. known : what else a builder may
        take (its tolerance, answers' places); ``rounds`` is taken by any machine: it stops after so many, or goes on.

    Errors
    ------
    ConstructionError for a name, a file or an option that does not fit.

    >>> learner_named("literal", {"n": 2}, {"fraction": 6}).parallel
    3
    """
    options = {name: value for name, value in given.items() if value is not None}
    rounds = options.pop("rounds", None)
    suffix = Path(learner).suffix.lower()
    if suffix in CIRCUITS or suffix == ".py" or ".py:" in learner:
        _refuse(options, (), learner)
        machine = query_machine(read_file(Path(learner))) if suffix in CIRCUITS else machine_in_file(learner)
    else:
        machine = _built(learner, options, known)
    return machine if rounds is None else replace(machine, rounds=rounds)


def machine_in_file(learner: str) -> QueryMachine:
    """The machine of a user's file: the value ``machine``, ``NAME``, or what a function of that name returns without arguments."""
    file, _, name = learner.rpartition(":") if ".py:" in learner else (learner, "", "machine")
    path, name = Path(file), name or "machine"
    paper_obligations()
    with fresh_registry():
        module = load_file(path)
    if not hasattr(module, name):
        raise ConstructionError(f"need a name defined in the file, got {name!r} (FILE.py:NAME), at {path}")
    found = getattr(module, name)
    if callable(found) and not isinstance(found, QueryMachine):
        try:
            found = found()
        except Exception as error:
            got = f"{type(error).__name__}: {one_line(error)}, at {place(error, path)}"
            raise ConstructionError(f"need a function that builds a machine without arguments, got {got}") from error
    if not isinstance(found, QueryMachine):
        raise ConstructionError(f"need a QueryMachine, got a {type(found).__name__}, at {path}:{name}")
    return found


def write_query_machine(path: Path, machine: QueryMachine) -> None:
    """Write a machine as an AIGER file."""
    write_machine(path, machine.aiger())


def check_machine_path(path: Path) -> None:
    """Refuse a file for a machine that is no AIGER file."""
    assert set(CIRCUITS) <= set(WRITERS)
    if path.suffix.lower() not in CIRCUITS:
        raise ConstructionError(f"need a file that ends in {' or '.join(CIRCUITS)}, got {path.name!r}, at --machine-out")


def _built(learner: str, options: Mapping[str, Any], known: Mapping[str, Any]) -> QueryMachine:
    if learner not in LEARNERS:
        names = ", ".join(sorted(LEARNERS))
        raise ConstructionError(f"need a learner among {names}, FILE.py[:NAME], or an AIGER file ({', '.join(CIRCUITS)}), got {learner!r}")
    taken = inspect.signature(LEARNERS[learner]).parameters
    _refuse(options, taken, learner)
    wanted = {name: value for name, value in {**known, **options}.items() if name in taken}
    missing = [name for name, p in taken.items() if p.default is inspect.Parameter.empty and name not in wanted]
    if missing:
        raise ConstructionError(f"need {', '.join(map(_option, missing))} for the learner {learner!r}, got none")
    return LEARNERS[learner](**wanted)


def _refuse(options: Mapping[str, Any], taken: Any, learner: str) -> None:
    odd = [name for name in options if name not in taken]
    if odd:
        may = ", ".join(_option(name) for name in taken) or "none but --rounds"
        raise ConstructionError(f"need options that the learner takes ({may}), got {_option(odd[0])}, at {learner}")


def _option(name: str) -> str:
    return SPELLED.get(name, f"--{name}")


