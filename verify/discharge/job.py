"""One job of a worker process: an obligation to discharge, and what becomes of it, whatever goes wrong.

A worker looks an obligation up by its id, and its file if it is a user's: functions do not go through a pipe.
"""

import sys
import traceback
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from msgspec.structs import replace

from constructions.errors import ConstructionError
from constructions.foundations.loading import fulfil
from constructions.foundations.spelling import one_line
from verify.discharge.files_read import watching
from verify.discharge.one import discharge
from verify.discharge.result import Result
from verify.discharge.stated import Statement, check_same, stated
from verify.obligations.catalogue import paper_obligations
from verify.obligations.obligation import Obligation
from verify.obligations.sources import Sources, at_home
from verify.obligations.user_file import claims_of
from verify.obligations.user_file import place as place_in
from verify.obligations.verdict import BAD_INPUT, DISAGREEMENT, INTERNAL, DisagreementError, Fault
from verify.provers.second import SecondSolver

ALWAYS = (
    "networkx",
    "verify.provers.by_z3",
    "verify.provers.to_smt",
    "verify.provers.to_z3",
    "verify.store.content",
    "verify.store.rules",
    "z3",
)
LIBRARIES = ("numpy", "sympy")
"""What constructions and provers use."""
PAPERS, USE = "verify.obligations.papers", b".use("
"""The paper's obligations, and how a claim uses another, which may be one of them."""
COMPILED = "constructions.training"
"""The package whose functions are compiled, when they are first called."""
AGAIN = 5
"""How often a claim about which the provers disagree is stated again, to see whether it is the claim that differs."""
Reply = Result | Fault | None
"""What becomes of a job: a result, a fault, or nothing if it was stopped."""


@dataclass(frozen=True, slots=True)
class Job:
    """One obligation to discharge.

    Parameters
    ----------
    id : the obligation. sources : the user's file in which it is; None for one of the paper's.
    seconds : time for each question to the solver. line : where its claim begins in the file; 0 if that is not known.
    second : a second solver to ask; None for none. compiles : whether functions may be compiled for it.

    >>> from verify.obligations.sources import Sources
    >>> Job("mine.square", Sources(path=Path("mine.py"), data=b""), 60, line=7).home
    'mine.py:7'
    """

    id: str
    sources: Sources | None
    seconds: int
    line: int = 0
    second: SecondSolver | None = None
    compiles: bool = False

    @property
    def home(self) -> str:
        """The file of a user's obligation, with the line of its claim."""
        path = str(self.sources.path) if self.sources else ""
        return f"{path}:{self.line}" if self.line else path


def job_of(obligation: Obligation, sources: Sources | None, seconds: int, second: SecondSolver | None = None) -> Job:
    """The job of one obligation, with its seconds for each question.

    Parameters
    ----------
    sources : the user's file in which it is; None for one of the paper's. second : a second solver to ask the same.

    >>> def is_no_less(least, case):
    ...     "A square is at least 0."
    ...     case.show("square", case.real("x") ** 2 >= least)
    >>> square = Obligation(id="square", paper="mine", claim=is_no_less, of=lambda case: 0, twin=lambda case: 1)
    >>> job_of(square, None, 60)
    Job(id='square', sources=None, seconds=60, line=0, second=None, compiles=False)
    """
    code = getattr(obligation.claim, "__code__", None)
    here = code is not None and sources is not None and code.co_filename == str(sources.path)
    line = getattr(code, "co_firstlineno", 0) if here else 0
    return Job(obligation.id, sources, seconds, line, second, compiles(obligation))


def compiles(obligation: Obligation) -> bool:
    """Whether the module of a claim names something of the package whose functions are compiled.

    >>> known = paper_obligations()
    >>> compiles(known["engine.incremental"]), compiles(known["sigma.figure"])
    (True, False)
    """
    module = sys.modules.get(getattr(obligation.claim, "__module__", ""))
    named = (getattr(value, "__module__", None) for value in vars(module or object).values())
    return any(isinstance(name, str) and f"{name}.".startswith(f"{COMPILED}.") for name in named)


@cache
def _obligations(sources: Sources | None) -> dict[str, Obligation]:
    return paper_obligations() if sources is None else claims_of(sources).obligations


def reply_to(job: Job) -> Result | Fault:
    """Discharge one obligation; whatever goes wrong with it becomes a fault.

    >>> text = '''
    ... from verify.obligations.obligation import obligation
    ... @obligation("mine.square", paper="mine", of=lambda case: 0, twin=lambda case: 1)
    ... def is_no_less(least, case):
    ...     "A square is at least 0."
    ...     case.show("square", case.real("x") ** 2 >= least)
    ... '''
    >>> sources = Sources(path=Path("mine.py").resolve(), data=text.encode())
    >>> reply = reply_to(Job("mine.square", sources, 1))
    >>> reply.word, reply.as_expected, reply_to(Job("mine.cube", sources, 1)).kind
    ('PROVED', True, 'bad input')
    """
    try:
        if job.sources is None:
            return discharge(_obligations(None)[job.id], job.seconds, second=job.second)
        load_libraries(job.sources)
        with watching(job.sources) as seen:
            found = _in_its_file(job, job.sources)
        return replace(found, read=seen.reads(), unkept=seen.unwatchable())
    except BaseException as error:
        return fault_of(error, job)


def load_libraries(sources: Sources) -> None:
    """Load what the provers use, and the libraries that a user's file names, before it is executed: what a library
    opens while it is loaded is nothing that the file does, and what the file does to this process cannot keep it from
    being loaded."""
    texts = (sources.data, *(module.data for module in sources.modules))
    papers = [PAPERS] if any(USE in text for text in texts) else []
    fulfil(*ALWAYS, *papers, *(name for name in LIBRARIES if any(name.encode() in text for text in texts)))


def _in_its_file(job: Job, sources: Sources) -> Result:
    """Discharge an obligation of a user's file, which must state the same claim each time."""
    obligation = _obligations(sources).get(job.id)
    if obligation is None:
        raise ConstructionError(
            "need a file that registers the same obligations each time, got one that is missing the second time"
        )
    with at_home(sources):
        before, error = _stated_or_error(obligation)
        try:
            found = discharge(obligation, job.seconds, second=job.second)
        except DisagreementError:
            check_same(obligation, before, times=AGAIN)
            raise
        if error is not None:
            raise error
        check_same(obligation, before)
    return found


def _stated_or_error(obligation: Obligation) -> tuple[Statement, BaseException | None]:
    """What a claim states; or what it raises, which the provers say better if they are met by it too."""
    try:
        return stated(obligation), None
    except BaseException as error:
        return (), error


def fault_of(error: BaseException, job: Job) -> Fault:
    """What an exception says about a job, on one line.

    Parameters
    ----------
    error : what was raised while the job was done. job : the obligation, and where it stands.

    Returns
    -------
    A fault of the user's file, of two evaluators that disagree, or of this project; its line says need, got and where.

    >>> job = Job("mine.square", Sources(path=Path("mine.py"), data=b""), 1, line=3)
    >>> fault_of(ZeroDivisionError("division by zero"), job)
    Fault(kind='bad input', said="need a claim that can be stated and examined, got 'ZeroDivisionError: division by \
zero', at mine.py:3, obligation mine.square")
    """
    message = one_line(error)
    named = f"{type(error).__name__}: {message}" if message else type(error).__name__
    if job.sources is None:
        kind = DISAGREEMENT if isinstance(error, DisagreementError) else INTERNAL
        got = f"'{named}', at {innermost(error)}, obligation {job.id}"
        return Fault(kind, f"need an obligation of the paper that can be examined, got {got}")
    place = place_in(error, job.sources.path)
    outside = place == str(job.sources.path)
    place = job.home if outside else place
    if isinstance(error, DisagreementError):
        return Fault(DISAGREEMENT, f"need two evaluators that agree, got '{message}', at {place}, obligation {job.id}")
    if isinstance(error, ConstructionError):
        where = place if f"obligation {job.id}" in message else f"{place}, obligation {job.id}"
        return Fault(BAD_INPUT, message if place in message else f"{message}, at {where}")
    ours = isinstance(error, AssertionError) and outside
    got = f"'{named}', at {place}, obligation {job.id}"
    return Fault(INTERNAL if ours else BAD_INPUT, f"need a claim that can be stated and examined, got {got}")


def innermost(error: BaseException) -> str:
    """``file:line`` of the place where an exception was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "an unknown place"
