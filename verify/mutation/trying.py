"""Mutants tried: the claims first, then the tests; each mutant's outcome is handed on as it comes.

Before that the file as it is has to pass: an obligation that is not as expected without a mutant, or a test that fails,
would kill every mutant and say nothing.
"""

import queue
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from constructions.errors import ConstructionError
from constructions.foundations.spelling import from_json_text, json_text
from verify.discharge.result_json import from_json, to_json
from verify.mutation.copied import Copy, Ended
from verify.mutation.mutants import SourceMutant, lines_compiled
from verify.mutation.outcome import CLAIMS, NONE, SURVIVED, TESTS, TIME, Fate, Outcome
from verify.mutation.target import Target
from verify.mutation.trial import LOADING, Found, TrialJob
from verify.obligations.verdict import Verdict

TRIAL = ("-m", "verify.mutation.trial")
PYTEST = ("-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-o", "addopts=", "--import-mode=importlib")
PYTEST_OPTIONS = ("--tb=line", "-m", "not slow and not torch", "--doctest-modules")
ROOM = 4
"""A mutant has so many times the time that the file itself needs,"""
SPARE = 60
"""and so many seconds more."""
FIRST = 3600
"""Seconds for the file itself."""
PASSED = (0, 5)
"""Exit codes of pytest: all passed, or there was nothing to run."""


@dataclass(slots=True)
class TimeOfTests:
    """How long the tests take on the file as it is; measured when it is first asked for, and not again.

    Parameters
    ----------
    seconds : what was measured; 0 if there is nothing to run, None before.
    """

    seconds: float | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def measured(self, copy: Copy) -> float:
        """The seconds, in a copy without a mutant.

        Raises
        ------
        ConstructionError
            If a test fails.
        """
        with self.lock:
            if self.seconds is None:
                began = time.perf_counter()
                ended = _tested(copy, limit=FIRST)
                if ended.code not in PASSED:
                    got = _failed(ended)
                    raise ConstructionError(f"need tests that pass before anything is changed, got {got}")
                self.seconds = time.perf_counter() - began if ended.code == 0 else 0.0
            return self.seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What the file itself needs, and what of it each obligation executes.

    Parameters
    ----------
    found : what became of each obligation, the quickest first. loading : the lines that are executed while the claims
        are loaded, or whose execution is not seen. tests : how long the tests take.
    seconds : for each question to the solver.
    """

    found: tuple[Found, ...]
    loading: frozenset[int]
    tests: TimeOfTests
    seconds: int

    def asked(self, mutant: SourceMutant) -> tuple[str, ...]:
        """The obligations that execute a line of the node that a mutant changes."""
        lines = set(range(mutant.line, mutant.last + 1))
        everywhere = bool(lines & self.loading)
        return tuple(found.id for found in self.found if everywhere or lines & set(found.lines))

    def limit(self, ids: Sequence[str]) -> float:
        """Seconds for so many of the obligations."""
        return SPARE + ROOM * sum(found.seconds for found in self.found if found.id in ids)


def baseline(copy: Copy, ids: Sequence[str], *, seconds: int) -> Baseline:
    """The obligations on the file as it is.

    Parameters
    ----------
    copy : where. ids : the obligations; all of a user's file. seconds : for each question to the solver.

    Raises
    ------
    ConstructionError
        If an obligation is not as expected.

    >>> from types import SimpleNamespace
    >>> said = (
    ...     Found(id=LOADING, as_expected=True, word="", lines=(1,)),
    ...     Found(id="half.right", as_expected=True, word="PROVED", lines=(2,)))
    >>> ended = Ended(0, "\\n".join(json_text(to_json(each)) for each in said), "")
    >>> target = SimpleNamespace(text="def half(x):\\n    return x / 2\\n", user_file="")
    >>> copy = SimpleNamespace(target=target, file="half.py", run=lambda *_, **__: ended)
    >>> base = baseline(copy, ["half.right"], seconds=1)
    >>> base.loading, [(each.id, each.lines) for each in base.found]
    (frozenset({1}), [('half.right', (2,))])
    """
    target = copy.target
    job = TrialJob(ids=tuple(ids), seconds=seconds, user_file=_user_file(copy), watch=str(copy.file))
    ended = copy.run(TRIAL, given=json_text(to_json(job), ascii=True), limit=FIRST)
    found = _found(ended)
    wrong = next((each for each in found if not each.as_expected), None)
    if wrong or len(found) != len(ids) + 1:
        got = f"{wrong.word} ({wrong.said}), at {wrong.id}" if wrong else f"'{ended.err.strip()[-300:]}'"
        raise ConstructionError(f"need claims that come out as expected before anything is changed, got {got}")
    loading = set(found[0].lines) if not target.user_file else set()
    return Baseline(
        found=tuple(sorted(found[1:], key=lambda each: each.seconds)),
        loading=frozenset(loading | lines_compiled(target.text) | (_body(target) if target.user_file else set())),
        tests=TimeOfTests(),
        seconds=seconds,
    )


def _body(target: Target) -> set[int]:
    """All lines of a user's file: it is executed as a whole each time its claims are loaded."""
    return set(range(1, target.text.count("\n") + 2))


def _user_file(copy: Copy) -> str:
    return str(copy.place / copy.target.user_file) if copy.target.user_file else ""


def _found(ended: Ended) -> list[Found]:
    return [from_json(from_json_text(line), Found) for line in ended.out.splitlines() if line.endswith("}")]


def _tested(copy: Copy, *, limit: float) -> Ended:
    target = copy.target
    return copy.run([*PYTEST, *PYTEST_OPTIONS, target.file, *target.tests], limit=limit)


def _failed(ended: Ended) -> str:
    """The first test that failed, as pytest names it."""
    lines = [line for line in ended.out.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return lines[0].split(" ", 1)[1] if lines else f"exit code {ended.code}"


def outcome_of(mutant: SourceMutant, copy: Copy, base: Baseline) -> Outcome:
    """What becomes of one mutant in a copy, given the ``base`` that the file itself has set."""
    began = time.perf_counter()
    with copy.with_text(mutant.text):
        found = _by_claims(mutant, copy, base)
    seconds = base.tests.measured(copy) if found is None else 0.0
    with copy.with_text(mutant.text):
        if seconds:
            found = _by_tests(copy, seconds)
        if found and (found.by == LOADING or not base.asked(mutant)):
            found = _by_loading(mutant, copy) or found
    kill = found or _Kill(SURVIVED)
    return Outcome(
        file=mutant.file,
        line=mutant.line,
        column=mutant.column,
        operator=mutant.operator,
        before=mutant.before,
        after=mutant.after,
        fate=kill.fate,
        by=kill.by,
        said=kill.said,
        claims=len(base.asked(mutant)),
        tests=len(copy.target.tests) if seconds else 0,
        seconds=round(time.perf_counter() - began, 1),
    )


@dataclass(frozen=True, slots=True)
class _Kill:
    fate: Fate
    by: str = ""
    said: str = ""


def _by_loading(mutant: SourceMutant, copy: Copy) -> _Kill | None:
    """No mutant, if the file cannot be imported by itself."""
    if copy.target.user_file:
        return None
    module = mutant.file.removesuffix(".py").replace("/", ".")
    ended = copy.run(["-c", f"import {module}"], limit=SPARE)
    return _Kill(NONE, said=_last(ended)) if ended.code not in (0, None) else None


def _last(ended: Ended) -> str:
    return (ended.err.strip().splitlines() or [""])[-1]


def _by_claims(mutant: SourceMutant, copy: Copy, base: Baseline) -> _Kill | None:
    ids = base.asked(mutant)
    if not ids:
        return None
    job = TrialJob(ids=ids, seconds=base.seconds, user_file=_user_file(copy))
    ended = copy.run(TRIAL, given=json_text(to_json(job), ascii=True), limit=base.limit(ids))
    found = _found(ended)
    wrong = next((each for each in found if not each.as_expected), None)
    if wrong is not None and wrong.word == Verdict.UNKNOWN.value:  # nobody has noticed anything: time ran out, say
        return _Kill(TIME, by=wrong.id, said=wrong.said)
    if wrong is not None:
        return _Kill(CLAIMS, by=wrong.id, said=f"{wrong.word}: {wrong.said}" if wrong.word == "ERROR" else wrong.said)
    if ended.code is None:
        return _Kill(TIME, by=ids[len(found) - 1] if found else LOADING)
    if len(found) != len(ids) + 1:
        return _Kill(CLAIMS, by=ids[len(found) - 1] if found else LOADING, said=f"the process ended: {_last(ended)}")
    return None


def _by_tests(copy: Copy, seconds: float) -> _Kill | None:
    ended = _tested(copy, limit=SPARE + ROOM * seconds)
    if ended.code is None:
        return _Kill(TIME, by="the tests")
    if ended.code not in PASSED:
        name, _, said = _failed(ended).partition(" - ")
        return _Kill(TESTS, by=name, said=said)
    return None


def outcomes(
    mutants: Sequence[SourceMutant], places: Sequence[Copy], base: Baseline
) -> Iterator[tuple[SourceMutant, Outcome]]:
    """Each of the ``mutants`` with its outcome as it comes; one at a time in each of the copies that are its
    ``places``, given the ``base`` that the file itself has set.

    Raises
    ------
    Exception
        What a thread of its own was met by: an error here.

    >>> from contextlib import nullcontext
    >>> from types import SimpleNamespace
    >>> from verify.mutation.mutants import mutants_of
    >>> mutants = mutants_of("def half(x):\\n    return x / 2\\n", "half.py")[:1]
    >>> right = Found(id="half.right", as_expected=True, word="PROVED", lines=(2,))
    >>> base = Baseline(found=(right,), loading=frozenset(), tests=TimeOfTests(), seconds=1)
    >>> killed = Found(id="half.right", as_expected=False, word="REFUTED", said="the half")
    >>> ended = Ended(0, json_text(to_json(killed)), "")
    >>> place = SimpleNamespace(
    ...     target=SimpleNamespace(user_file=""), ended=False, with_text=nullcontext, run=lambda *_, **__: ended)
    >>> [(mutant.name, outcome.fate, outcome.by) for mutant, outcome in outcomes(mutants, [place], base)]
    [('half.py:2:11 arithmetic: x / 2 -> x * 2', 'killed by claims', 'half.right')]

    >>> base.asked(mutants[0])  # it changes line 2
    ('half.right',)
    >>> TimeOfTests(seconds=1.5).measured(place)  # they were measured before
    1.5
    """
    waiting: queue.SimpleQueue[SourceMutant] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[SourceMutant, Outcome] | Exception] = queue.SimpleQueue()
    for mutant in mutants:
        waiting.put(mutant)

    def work(copy: Copy) -> None:
        while not copy.ended and not waiting.empty():
            try:
                mutant = waiting.get_nowait()
                done.put((mutant, outcome_of(mutant, copy, base)))
            except queue.Empty:
                return
            except Exception as error:
                done.put(error)

    for copy in places:
        threading.Thread(target=work, args=(copy,), daemon=True).start()
    for _ in mutants:
        found = done.get()
        if isinstance(found, Exception):
            raise found
        yield found
