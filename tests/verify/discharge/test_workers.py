"""In which order workers get jobs."""

import sys
from pathlib import Path
from typing import Any

import pytest

from verify.discharge import workers
from verify.discharge.job import Job, compiles, job_of
from verify.discharge.workers import Worker, _Pool
from verify.obligations.catalogue import paper_obligations


class Pipe:
    """A pipe to a worker that does nothing; it keeps what it was sent."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def send(self, job: Job) -> None:
        """A job was given."""
        self.sent.append(job.id)


def begun(count: int, jobs: list[Job], monkeypatch: pytest.MonkeyPatch) -> tuple[_Pool, list[Any]]:
    """A pool of idle processes that has begun."""
    monkeypatch.setattr(workers, "_start", lambda: Worker(None, Pipe()))  # type: ignore[arg-type]
    pool = _Pool(waiting=jobs[::-1], limit=60)
    pool.start(count)
    return pool, [worker.pipe for worker in pool.workers]


JOBS = [Job("a", None, 1), Job("b", None, 1), Job("engine", None, 1, compiles=True)]
JOBS += [Job("c", None, 1), Job("lanes", None, 1, compiles=True), Job("trainer", None, 1, compiles=True)]


def test_one_of_several_workers_begins_with_what_is_compiled_and_no_other_does_so_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pool, (one, other) = begun(2, JOBS, monkeypatch)
    first, second = pool.workers
    assert (one.sent, other.sent) == (["engine"], ["a"])
    pool.go_on(second)
    pool.go_on(first)
    pool.go_on(second)
    assert (one.sent, other.sent) == (["engine", "lanes"], ["a", "b", "c"])
    pool.go_on(second)
    assert other.sent[-1] == "trainer" and not pool.waiting


def test_a_worker_alone_keeps_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    pool, (pipe,) = begun(1, JOBS, monkeypatch)
    for _ in JOBS[1:]:
        pool.go_on(pool.workers[0])
    assert pipe.sent == ["a", "b", "engine", "c", "lanes", "trainer"]


def test_a_claim_compiles_if_its_module_imports_what_is_compiled() -> None:
    """All those do whose modules import the package, or something of it."""
    known = paper_obligations()
    found = {id for id, each in known.items() if job_of(each, None, 1).compiles}
    assert {"engine.incremental", "engine.step.strong", "certifier.bits.said", "lanes.outputs"} <= found
    assert not {"lemma10.not", "certifier.gate.mixed", "lemma2.error"} & found
    modules = {
        name: Path(str(sys.modules[name].__file__)) for name in {each.claim.__module__ for each in known.values()}
    }
    named = {name for name, path in modules.items() if "\nfrom constructions.training." in path.read_text("utf-8")}
    assert found == {id for id, each in known.items() if each.claim.__module__ in named}
    assert not compiles(known["sigma.figure"])
