"""The learner that a command names, as a query machine: a built-in one, one in a user's Python file, or an AIGER
file with latches."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from constructions.computation.built_in_learners import LEARNERS
from constructions.computation.formats.files import WRITERS, file_data, read_data, write_machine
from constructions.computation.query_machine import QueryMachine, query_machine
from constructions.errors import ConstructionError
from constructions.foundations.naming import suggestion
from constructions.networks.decoder import Decoder
from constructions.networks.emulation import Plan
from constructions.networks.queries import Setting, bits_for
from constructions.networks.round_circuit import is_binary
from verify.arguments.user_files import UserFiles, is_python, parts_of
from verify.arguments.values import Command, number
from verify.obligations.user_file import one_line, place

CIRCUITS = (".aag", ".aig")
SPELLED = {"n": "--bits", "m": "--samples", "b": "--batch", "version": "--extract"}
COUNT = click.IntRange(min=1)
CENTRED = "Take the middle of the read-out's error off an answer."
OPTIONS = (
    click.option("--bits", "n", type=COUNT, help="n, how many bits x has."),
    click.option("--samples", "m", type=COUNT, help="m, how many samples a learner that draws samples gets."),
    click.option("--batch", "b", type=COUNT, help="b, the batch size that the network is for."),
    click.option("--delta", help="The error that a learner that draws samples may lose by running out of rounds, p/q."),
    click.option(
        "--extract", "version", type=click.Choice(("prefix", "look")), help="How samples are drawn from batches."
    ),
    click.option(
        "--rounds",
        type=click.IntRange(min=0),
        help="Stop after so many rounds (default: as many as the learner asks for).",
    ),
    click.option("--fraction", type=COUNT, help="Binary places of an answer (default: enough for the tolerance)."),
    click.option("--centred", is_flag=True, help=CENTRED),
)
NAMES = ("n", "m", "b", "delta", "version", "rounds", "fraction")


def learner_options(command: Command) -> Command:
    """The options of a learner, the same in every command that names one; :func:`learner_given` takes them out of
    what click hands over."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def learner_given(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a learner among those of a command, ``delta`` as a rational."""
    given = {name: options[name] for name in NAMES}
    return given if given["delta"] is None else given | {"delta": number(given["delta"], where="--delta")}


@dataclass(frozen=True, kw_only=True, eq=False)
class Learner:
    """What a name stands for; its file, if it has one, was read once.

    Parameters
    ----------
    name : as the user gave it. whole : the machine of a file. data : the bytes of this file.
    """

    name: str
    whole: QueryMachine | None = None
    data: bytes | None = None

    def machine(self, given: Mapping[str, Any], known: Mapping[str, Any]) -> QueryMachine:
        """The machine for some options.

        Parameters
        ----------
        given : what the user asked for, by the names of the builders' parameters; all of it must be used. known : what
            else a builder
            may take (its tolerance, answers' places); ``rounds`` is taken by any machine: it stops after so many, or
            goes on.

        Errors
        ------
        ConstructionError for an option that does not fit.
        """
        options = {name: value for name, value in given.items() if value is not None}
        rounds = options.pop("rounds", None)
        if self.whole is not None:
            _refuse(options, (), self.name)
        machine = _built(self.name, options, known) if self.whole is None else self.whole
        return machine if rounds is None else replace(machine, rounds=rounds)


def read_learner(name: str) -> Learner:
    """What a built-in learner's name, ``FILE.py[:NAME]`` or an AIGER file stands for.

    Errors
    ------
    ConstructionError for another name, and for a file that holds no machine, naming the file.

    >>> read_learner("literal").machine({"n": 2}, {"fraction": 6}).parallel
    3
    """
    if Path(name).suffix.lower() in CIRCUITS:
        data = file_data(name)
        file = read_data(data, name)
        return Learner(name=name, whole=_at(name, lambda: query_machine(file)), data=data)
    if is_python(name):
        files, (path, value) = UserFiles(), parts_of(name, "machine")
        return Learner(name=name, whole=_of_file(files.value(path, value), path, value), data=files.ran(path).data)
    if name not in LEARNERS:
        names = ", ".join(sorted(LEARNERS))
        raise ConstructionError(
            f"need a learner among {names}, FILE.py[:NAME], or an AIGER file ({', '.join(CIRCUITS)}), "
            f"got {name!r}{suggestion(name, LEARNERS)}"
        )
    return Learner(name=name)


def learner_named(
    learner: Learner,
    given: Mapping[str, Any],
    *,
    setting: Setting,
    b: int,
    rho: Fraction,
    tolerance: Fraction,
    centred: bool = False,
    n: int | None = None,
) -> QueryMachine:
    """The machine of a learner for a network; its answers have the fewest places that serve, unless they are given or
    the machine is.

    ``n`` is how many bits x has, if the options do not say.

    >>> from constructions.networks.queries import DYADIC
    >>> literal, rho = read_learner("literal"), Fraction(1, 16)
    >>> learner_named(literal, {"n": 2}, setting=DYADIC, b=1, rho=rho, tolerance=4 * rho).answer_fraction
    3
    """
    known = {"fraction": 4 + bits_for(min(tolerance, Fraction(1, 2))), "tau": tolerance, "b": b} | (
        {"n": n} if n else {}
    )
    machine = learner.machine(given, known)
    if learner.whole is not None or given.get("fraction") is not None:
        return machine
    for fraction in range(machine.answer_fraction):
        kind = Decoder(
            setting=setting,
            rho=rho,
            signed=machine.signed,
            binary=is_binary(machine),
            answer_fraction=fraction,
            centred=centred,
        )
        if kind.tolerance <= tolerance:
            return learner.machine(given, {**known, "fraction": fraction})
    return machine


def _of_file(found: Any, path: Path, name: str) -> QueryMachine:
    """The machine that a user's value is, or returns without arguments."""
    if callable(found) and not isinstance(found, QueryMachine):
        try:
            found = found()
        except Exception as error:
            got = f"{type(error).__name__}: {one_line(error)}, at {place(error, path)}"
            raise ConstructionError(f"need a function that builds a machine without arguments, got {got}") from error
    if not isinstance(found, QueryMachine):
        raise ConstructionError(f"need a QueryMachine, got a {type(found).__name__}, at {path}:{name}")
    return found


def _at(where: str, make: Callable[[], QueryMachine]) -> QueryMachine:
    try:
        return make()
    except ConstructionError as error:
        raise ConstructionError(f"{error}, at {where}") from error


def write_query_machine(path: Path, machine: QueryMachine) -> None:
    """Write a machine as an AIGER file."""
    write_machine(path, machine.aiger())


def check_machine_path(path: Path) -> None:
    """Refuse a file for a machine that is no AIGER file."""
    assert set(CIRCUITS) <= set(WRITERS)
    if path.suffix.lower() not in CIRCUITS:
        raise ConstructionError(
            f"need a file that ends in {' or '.join(CIRCUITS)}, got {path.name!r}, at --machine-out"
        )


def _built(learner: str, options: Mapping[str, Any], known: Mapping[str, Any]) -> QueryMachine:
    taken = inspect.signature(LEARNERS[learner].machine).parameters
    _refuse(options, taken, learner)
    wanted = {name: value for name, value in {**known, **options}.items() if name in taken}
    missing = [name for name, p in taken.items() if p.default is inspect.Parameter.empty and name not in wanted]
    if missing:
        raise ConstructionError(f"need {', '.join(map(_option, missing))} for the learner {learner!r}, got none")
    return LEARNERS[learner].machine(**wanted)


def _refuse(options: Mapping[str, Any], taken: Any, learner: str) -> None:
    odd = [name for name in options if name not in taken]
    if odd:
        may = ", ".join(_option(name) for name in taken) or "none but --rounds"
        raise ConstructionError(f"need options that the learner takes ({may}), got {_option(odd[0])}, at {learner}")


def _option(name: str) -> str:
    return SPELLED.get(name, f"--{name}")


def planned(
    learner: Learner | str,
    given: Mapping[str, Any],
    *,
    setting: Setting,
    b: int,
    rho: Fraction,
    tolerance: Fraction,
    centred: bool = False,
) -> Plan:
    """The plan for a learner.

    >>> from constructions.networks.queries import DYADIC
    >>> planned("literal", {"n": 2}, setting=DYADIC, b=1, rho=Fraction(1, 16), tolerance=Fraction(1, 4)).machine.answer_fraction
    3
    """
    found = read_learner(learner) if isinstance(learner, str) else learner
    machine = learner_named(found, given, setting=setting, b=b, rho=rho, tolerance=tolerance, centred=centred)
    return Plan(machine=machine, rho=rho, setting=setting, batch=b, centred=centred, tolerance=tolerance)
