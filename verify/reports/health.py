"""What a program of this project runs on: versions, cores, folders; and whether the guards hold on which its verdicts
rest."""

import os
import platform
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from constructions.errors import ConstructionError
from constructions.training.compiled import FAULT
from verify.arguments import obligations
from verify.discharge import many
from verify.discharge.cache import Cache
from verify.discharge.one import discharge
from verify.discharge.result import Result
from verify.obligations.obligation import Obligation
from verify.obligations.verdict import Verdict
from verify.screen.version import project_version

PROJECT = "querygrad"
BOUND = re.compile(r"([A-Za-z0-9._-]+)\s*>=\s*([0-9][0-9A-Za-z.]*)")
CLAIM = '''"""A claim that holds, with a twin that fails."""

from verify.obligations.obligation import obligation


@obligation("doctor.square", paper="doctor", of=lambda case: 0, twin=lambda case: 1)
def is_no_less(least, case):
    "A square is at least 0."
    case.show("square", case.real("x") ** 2 >= least)
'''


@dataclass(frozen=True, slots=True)
class Observation:
    """One thing that was looked at: its name, what is said of it, whether that is ``bad``, and whether it is a guard
    of verdicts."""

    name: str
    said: str
    bad: bool = False
    guard: bool = False

    @property
    def mark(self) -> str:
        """What stands before it."""
        return "!!" if self.bad else "ok"


def findings() -> list[Observation]:
    """All that is looked at: versions, the machine, folders, and the guards.

    >>> from unittest.mock import patch
    >>> with patch(f"{__name__}.GUARDS", {"assertions": _asserts}):
    ...     found = findings()
    >>> found[0].name, found[-1].mark, found[-1].said
    ('python', 'ok', 'are not switched off')
    """
    return [*_versions(), *_machine(), *(_tried(name, guard) for name, guard in GUARDS.items())]


def _versions() -> Iterator[Observation]:
    yield Observation("python", f"{platform.python_version()} on {platform.platform()}")
    yield Observation(PROJECT, project_version())
    try:
        asked = metadata.requires(PROJECT) or []
    except metadata.PackageNotFoundError:
        yield Observation("installation", "a checkout that is not installed: libraries are not looked at")
        return
    bounds = {found[1]: (found[2], "extra" not in line) for line in asked if (found := BOUND.match(line))}
    for name, (least, needed) in bounds.items():
        if needed or name in OPTIONAL:
            yield library(name, least, needed=needed)


OPTIONAL = ("hypothesis", "onnx", "onnxruntime", "torch")
"""What extras install that users ask for."""


def library(name: str, least: str, *, needed: bool) -> Observation:
    """What is found of a library.

    Parameters
    ----------
    name, least : of the library, and the oldest release that does. needed : whether nothing works without it.

    >>> library("no-such-library", "1.0", needed=True)
    Observation(name='no-such-library', said='not installed, 1.0 or newer is needed', bad=True, guard=False)
    >>> library("click", "99", needed=True).bad, library("no-such-library", "1.0", needed=False).said
    (True, 'not installed (optional)')
    """
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        return Observation(
            name, f"not installed, {least} or newer is needed" if needed else "not installed (optional)", needed
        )
    if _numbers(version) < _numbers(least):
        return Observation(name, f"{version}, which is older than {least}", True)
    return Observation(name, f"{version} (at least {least})")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version.split("+")[0]))


def _machine() -> Iterator[Observation]:
    yield Observation("cores", f"{os.cpu_count() or 1}, so many processes examine claims unless --jobs says otherwise")
    place = Cache.open().place
    kept = [path.stat().st_size for path in place.rglob("*") if path.is_file()] if place and place.is_dir() else []
    yield Observation("kept results", f"{place or 'nowhere'}: {len(kept)} files, {sum(kept) / 2**20:.1f} MiB")
    yield Observation("machine code", f"compiled anew in every run: {FAULT}" if FAULT else "kept from run to run")


def _tried(name: str, guard: Callable[[], str]) -> Observation:
    """What a guard says of itself; what it raises is bad."""
    try:
        return Observation(name, guard(), guard=True)
    except Exception as error:  # whatever keeps it from working is what is to be said
        return Observation(name, f"{type(error).__name__}: {error}", True, True)


def _proves() -> str:
    """A claim in a file is examined by a process of its own, kept, and found again."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "claim.py")
        file.write_text(CLAIM, encoding="utf-8")
        chosen = obligations.choose([str(file)])
        Path(folder, "kept").mkdir()
        cache = Cache(Path(folder, "kept"), "a digest")
        first, second = (
            many.run(chosen.obligations.values(), files=chosen.files, jobs=1, cache=cache)[0] for _ in range(2)
        )
    _need(_is_right(first), f"a claim that is PROVED and a twin that is REFUTED, got {first.word}")
    _need(second.cached and _is_right(second), "a verdict that is kept, got one that is not")
    return "a claim is proved, its twin refuted, and the verdict kept and found again"


def _is_right(result: Result) -> bool:
    return result.verdict is Verdict.PROVED and result.twin_verdict is Verdict.REFUTED


def _refuses() -> str:
    """A claim in which a float stands."""

    def inexact(subject: object, case: object) -> None:
        """A half is a half."""
        case.show(f"half of {subject}", case.real("x") > 0.5)  # type: ignore[attr-defined]

    odd = Obligation(id="doctor.float", paper="doctor", claim=inexact, of=lambda case: 0, twin=lambda case: 1)
    try:
        found = discharge(odd)
    except ConstructionError:
        return "a floating-point number in a claim is refused"
    raise AssertionError(f"need a refusal, got {found.word}")


def _asserts() -> str:
    _need(__debug__, "assertions, got Python with -O, which leaves them out")
    return "are not switched off"


def _need(so: bool, what: str) -> None:
    if not so:
        raise ConstructionError(f"need {what}")


GUARDS: dict[str, Callable[[], str]] = {"provers": _proves, "exact numbers": _refuses, "assertions": _asserts}
"""What is tried, by its name: each says what holds, or raises."""
