"""Jobs of `prove` without worker processes, for tests that are about what a command says.

A worker loads all claims, which is most of what it costs. Here jobs are done one after the other in the process of the
test; their replies go through the text that a worker sends. Tests about processes (``tests/verify/discharge``) have
them.
"""

from collections.abc import Iterator, Sequence

import pytest

from verify.discharge.job import Job, Reply, reply_to
from verify.discharge.workers import _as_text, _from_text


def replies_here(jobs: Sequence[Job], *, workers: int, limit: float) -> Iterator[tuple[Job, Reply]]:
    """Each job with its reply."""
    for job in jobs:
        yield job, _from_text(_as_text(reply_to(job), job))


def start_no_workers(patch: pytest.MonkeyPatch) -> None:
    """Do all jobs in this process from now on."""
    patch.setattr("verify.discharge.many.replies", replies_here)
