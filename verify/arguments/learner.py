"""The learner that a command names, as a query machine: a built-in one, one in a user's Python file, or an AIGER
file with latches."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from constructions.computation.batch_machine import BatchMachine, machine_in
from constructions.computation.both_labels import in_pairs
from constructions.computation.built_in_learners import LEARNERS
from constructions.computation.formats.files import file_data, read_data, write_machine
from constructions.computation.plain_machines import plain_machine
from constructions.computation.query_machine import QueryMachine
from constructions.errors import ConstructionError
from constructions.foundations.naming import suggestion
from constructions.foundations.spelling import one_line
from constructions.networks.both_network import BothPlan, places_on_both
from constructions.networks.emulation import Plan
from constructions.networks.planning import answer_places
from constructions.networks.queries import Setting
from constructions.networks.round_circuit import is_binary
from verify.arguments.learner_options import CIRCUITS, LearnerOptions
from verify.arguments.user_files import UserFiles, is_python, parts_of
from verify.obligations.user_file import place

NOTHING_SAID = LearnerOptions()
SPELLED = {"n": "--bits", "m": "--samples", "b": "--batch", "version": "--extract"}


@dataclass(frozen=True, kw_only=True, eq=False)
class Learner:
    """What a name stands for; its file, if it has one, was read once.

    Parameters
    ----------
    name : as the user gave it. whole : the machine of a file. data : the bytes of this file.
    plain : whether options said of the file what a comment of ours would say.
    """

    name: str
    whole: QueryMachine | None = None
    data: bytes | None = None
    plain: bool = False

    def machine(self, options: LearnerOptions, known: Mapping[str, Any]) -> QueryMachine:
        """The machine for some options.

        Parameters
        ----------
        options : what the user asks for; all of it must be used, except ``b`` and ``centred``, which are the network's.
        known : what else a builder may take, by the names of its parameters (its tolerance, the places of an answer).

        Raises
        ------
        ConstructionError
            For an option that does not fit the learner, or one that it needs and that is missing.
        """
        given = options.given
        rounds = given.pop("rounds", None)
        if self.plain:
            given.pop("fraction", None)
        if self.whole is not None:
            _refuse(given, (), self.name)
        machine = _built(self.name, given, known) if self.whole is None else self.whole
        return machine if rounds is None else replace(machine, rounds=rounds)


def read_learner(name: str, options: LearnerOptions = NOTHING_SAID) -> Learner:
    """What a built-in learner's name, ``FILE.py[:NAME]`` or an AIGER file stands for.

    Parameters
    ----------
    name : one of these. options : of them, what is said of an AIGER file without our comment.

    Raises
    ------
    ConstructionError
        For another name, and for a file that holds no machine, naming the file.

    >>> read_learner("literal").machine(LearnerOptions(n=2), {"fraction": 6}).parallel
    3
    """
    if Path(name).suffix.lower() in CIRCUITS:
        data = file_data(name)
        file, said = read_data(data, name), options.numbers
        if said:
            return Learner(
                name=name, whole=_at(name, lambda: plain_machine(file, said, options.places)), data=data, plain=True
            )
        return Learner(name=name, whole=_at(name, lambda: machine_in(file)), data=data)
    if options.numbers:
        raise ConstructionError(
            f"need an AIGER file for --query-fraction, --predict-fraction, --signed and --place, got {name!r}"
        )
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
    options: LearnerOptions,
    *,
    setting: Setting,
    rho: Fraction,
    b: int,
    tolerance: Fraction,
    n: int | None = None,
) -> QueryMachine:
    """The machine of a learner for a network, built once; its answers have the fewest places that serve, unless they
    are given or the machine is.

    Parameters
    ----------
    setting, rho, b : which Q and Q', the gradient precision and the batch size of the network. tolerance : how far an
        answer may be from its mean.
    n : how many bits x has, if the options do not say.

    Raises
    ------
    ConstructionError
        For options that do not fit the learner.
    PremiseError
        If the learner does not work with this tolerance, or rho is not in the range of the setting.

    >>> from constructions.networks.queries import DYADIC
    >>> literal, rho = read_learner("literal"), Fraction(1, 16)
    >>> learner_named(literal, LearnerOptions(n=2), setting=DYADIC, rho=rho, b=1, tolerance=4 * rho).answer_fraction
    3
    """
    known = {"tau": tolerance, "b": b} | ({"n": n} if n else {})
    if learner.whole is not None or options.fraction is not None:
        return learner.machine(options, known)
    signed = LEARNERS[learner.name].signed
    places = answer_places(
        setting=setting, rho=rho, signed=signed, binary=not signed, centred=options.centred, tolerance=tolerance
    )
    machine = learner.machine(options, {**known, "fraction": places})
    assert (machine.signed, is_binary(machine)) == (signed, not signed), f"{learner.name} has another sign in the table"
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
    """Write a machine as an AIGER file at a path.

    Raises
    ------
    ConstructionError
        If it cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> machine = read_learner("literal").machine(LearnerOptions(n=2), {"fraction": 6})
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "literal.aag")
    ...     write_query_machine(path, machine)
    ...     path.read_text()[:3], read_learner(str(path)).whole.parallel
    ('aag', 3)
    """
    write_machine(path, machine.aiger())


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


def plan_of_learner(
    learner: Learner | str,
    options: LearnerOptions,
    *,
    setting: Setting,
    rho: Fraction,
    b: int,
    tolerance: Fraction,
) -> Plan:
    """The plan of the network that runs a learner; parameters as in :func:`learner_named`.

    Raises
    ------
    ConstructionError
        For a learner that there is not, or options that do not fit it.
    PremiseError
        If answers cannot be kept within the tolerance.

    >>> from constructions.networks.queries import DYADIC
    >>> options, rho = LearnerOptions(n=2), Fraction(1, 16)
    >>> plan_of_learner("literal", options, setting=DYADIC, rho=rho, b=1, tolerance=4 * rho).machine.answer_fraction
    3
    """
    found = read_learner(learner, options) if isinstance(learner, str) else learner
    machine = learner_named(found, options, setting=setting, rho=rho, b=b, tolerance=tolerance)
    if isinstance(machine, BatchMachine):
        raise ConstructionError(
            f"need a machine that asks queries of one label, got one that reads whole batches, at {found.name}"
        )
    return Plan(machine=machine, rho=rho, setting=setting, batch=b, centred=options.centred, tolerance=tolerance)


def plan_on_both_labels(
    learner: str, options: LearnerOptions, *, setting: Setting, rho: Fraction, b: int, tolerance: Fraction
) -> BothPlan:
    """The plan of the network that takes two rounds of a learner in one step, about both labels at once; parameters as
    in :func:`learner_named`.

    Raises
    ------
    ConstructionError
        For a learner that there is not, options that do not fit it, or queries that depend on answers.
    PremiseError
        If answers cannot be kept within the tolerance, or queries are not 0 and 1.

    >>> from constructions.networks.queries import DYADIC
    >>> options, rho = LearnerOptions(n=2), Fraction(1, 16)
    >>> plan_on_both_labels("literal", options, setting=DYADIC, rho=rho, b=1, tolerance=4 * rho).sizes.steps
    1
    """
    if options.centred:
        raise ConstructionError("need no --centred with --both, got it")
    found = read_learner(learner, options)
    known = {"tau": tolerance, "b": b}
    if found.whole is None and options.fraction is None:
        known["fraction"] = places_on_both(setting=setting, rho=rho, tolerance=tolerance)
    machine = in_pairs(found.machine(options, known))
    return BothPlan(machine=machine, rho=rho, setting=setting, batch=b, tolerance=tolerance)
