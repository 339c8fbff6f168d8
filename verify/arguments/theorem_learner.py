"""The learner that ``querygrad theorem`` names: a built-in one, one in a user's Python file, or an AIGER file.

In a Python file the name stands for a learner in one of four forms, or for a function that builds one from some of
``n``, ``m``, ``b``, ``tau`` and ``fraction`` (binary places of an answer):

* a ``SampleMethod`` (PAC), or a ``LearnerInBits``, which takes in one sample at a time;
* a ``QueryMethod``, or a ``QueryMachine``.

A network needs a learner in bits, the second form of either kind. An AIGER file with latches is a query machine (as
``querygrad compile --machine-out`` writes one), or, with the inputs x, taken, label and point and the output predict, a
learner from samples.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from constructions.computation.extraction_machine import LearnerInBits
from constructions.computation.formats.files import file_data, read_data
from constructions.computation.methods_in_bits import learner_of_circuit, query_method, sample_method
from constructions.computation.query_machine import QueryMachine, query_machine
from constructions.errors import ConstructionError
from constructions.foundations.files import sha256_of
from constructions.learning.models import QueryMethod, SampleMethod
from constructions.theorems.learners import PLACES, Learned
from verify.arguments.learner_options import CIRCUITS
from verify.arguments.user_files import UserFiles, is_python, parts_of
from verify.arguments.users_method import calling, guarded

DEFAULT = "learner"
"""What a learner is called in a user's file, if the command does not say."""
FORMS = SampleMethod, LearnerInBits, QueryMethod, QueryMachine


@dataclass(frozen=True, slots=True)
class UserLearner:
    """A learner of the user's: what it stands for, the digest of its file, and the numbers that it fixes by itself."""

    learned: Learned
    digest: str
    fixes: dict[str, Any] = field(default_factory=dict)


def user_learner(name: str | None) -> UserLearner | None:
    """The user's learner of this name, or None for a built-in learner's (or no) name.

    Raises
    ------
    ConstructionError
        For a file that cannot be read or does not run, or holds no learner; later, where a function of it fails.

    >>> from tempfile import TemporaryDirectory
    >>> text = '''
    ... from constructions.learning.models import PAC, SampleMethod
    ... def learner(n, m):
    ...     return SampleMethod(n=n, budget=PAC(m=m), learn=lambda sample, bits: lambda x: sample[0][1])
    ... '''
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "mine.py")
    ...     _ = file.write_text(text)
    ...     found = user_learner(str(file))
    >>> found.learned.from_samples(2, 3).budget, found.fixes, user_learner("parity")
    (PAC(m=3, r=0), {}, None)
    """
    if name is None:
        return None
    if Path(name).suffix.lower() in CIRCUITS:
        return _of_circuit(name)
    return _of_file(name) if is_python(name) else None


def _of_circuit(name: str) -> UserLearner:
    data = file_data(name)
    file = read_data(data, name)
    try:
        if any(port.startswith("query") for port in file.machine.outputs):
            found: Any = query_machine(file)
        else:
            found = learner_of_circuit(file.machine)
    except ConstructionError as error:
        raise ConstructionError(f"{error}, at {name}") from error
    return UserLearner(_learned(name, lambda known: found), sha256_of(data), _fixed(found))


def _of_file(text: str) -> UserLearner:
    path, name = parts_of(text, DEFAULT)
    files = UserFiles()
    value = files.value(path, name)
    where = f"{path}:{name}"
    if isinstance(value, FORMS):
        found = _placed(value, path)
        return UserLearner(_learned(text, lambda known: found), files.digest(path), _fixed(value))
    if callable(value) and not inspect.signature(value).parameters:
        found = _builder(value, path, name)({})
        return UserLearner(_learned(text, lambda known: found), files.digest(path), _fixed(found))
    if not callable(value):
        raise ConstructionError(f"need a learner or a function that builds one, got {type(value).__name__}, at {where}")
    return UserLearner(_learned(text, _builder(value, path, name)), files.digest(path))


def _builder(build: Callable[..., Any], path: Path, name: str) -> Callable[[dict[str, Any]], Any]:
    """What builds a learner from what the user's function takes of what is known."""
    taken = inspect.signature(build).parameters

    def built(known: dict[str, Any]) -> Any:
        lost = [each for each, p in taken.items() if each not in known and p.default is inspect.Parameter.empty]
        if lost:
            got = f"{name}({', '.join(taken)}), at {path}"
            raise ConstructionError(f"need a function of some of {', '.join(known)} for this theorem, got {got}")
        given = {each: known[each] for each in taken if each in known}
        found = calling(lambda: build(**given), path, f"builds a learner from {', '.join(given) or 'nothing'}")()
        if not isinstance(found, FORMS):
            names = ", ".join(form.__name__ for form in FORMS)
            raise ConstructionError(f"need one of {names}, got a {type(found).__name__}, at {path}:{name}")
        return _placed(found, path)

    return built


def _placed(found: Any, path: Path) -> Any:
    """The same learner, whose functions say where in the file an error is."""
    if isinstance(found, QueryMethod):
        return guarded(found, path)
    if isinstance(found, SampleMethod):
        learn = found.learn

        def learned(sample: Any, bits: Any) -> Any:
            return calling(calling(learn, path, "learns")(sample, bits), path, "predicts")

        return replace(found, learn=learned, learn_all=None)
    return found


def _fixed(found: Any) -> dict[str, Any]:
    """The options that a learner fixes by itself."""
    if isinstance(found, SampleMethod):
        return {"bits": found.n, "samples": found.budget.m}
    if isinstance(found, QueryMethod):
        return {"bits": found.n, "tau": str(found.budget.tau)}
    return {"bits": found.inputs if isinstance(found, QueryMachine) else found.n}


def _learned(name: str, build: Callable[[dict[str, Any]], Any]) -> Learned:
    """The forms that a theorem may ask for; each says what was got in its place."""

    def of(known: dict[str, Any], *forms: type) -> Any:
        found = build(known)
        if not isinstance(found, forms):
            wanted = " or ".join(form.__name__ for form in forms)
            raise ConstructionError(f"need a {wanted} for this theorem, got a {type(found).__name__}, at {name}")
        return found

    def samples(n: int, m: int) -> SampleMethod:
        found = of({"n": n, "m": m}, SampleMethod, LearnerInBits)
        return found if isinstance(found, SampleMethod) else sample_method(found, m)

    def queries(n: int, b: int, tau: Any) -> QueryMethod:
        found = of({"n": n, "b": b, "tau": tau, "fraction": PLACES}, QueryMethod, QueryMachine)
        if isinstance(found, QueryMachine):
            return query_method(found, b=b, tau=tau)
        method: QueryMethod = found
        if method.budget.tau != tau:
            raise ConstructionError(f"need a method with tau = {tau}, got {method.budget.tau}, at {name}")
        return method

    return Learned(
        name=name,
        samples=samples,
        bits=lambda n, m: of({"n": n, "m": m}, LearnerInBits),
        queries=queries,
        machine=lambda n, fraction, tau: of({"n": n, "fraction": fraction, "tau": tau}, QueryMachine),
    )
