"""Learning a parity by elimination: what is returned fits the sample whenever some parity does.

Proved here: each step keeps exactly the parities that fit (``learners.parity.step``), and so on whole samples
(``learners.parity.fits``).
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

from constructions.learning.learners import (
    Rows,
    Sample,
    eliminate,
    solve_parity,
)
from constructions.learning.problems import Bits
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction


Eliminate = Callable[[Rows, int, int], Rows | None]


@cache
def reduced(n: int) -> tuple[Rows, ...]:
    """All systems to which elimination can lead, whatever the sample."""
    known: dict[Rows, None] = {(): None}
    waiting: list[Rows] = [()]
    while waiting:
        rows = waiting.pop()
        for word in range(2 ** (n + 1)):
            after = eliminate(rows, word, n)
            if after is not None and after not in known:
                known[after] = None
                waiting.append(after)
    return tuple(known)


def solutions(words: Sequence[int], n: int) -> frozenset[int]:
    """The parities (as bit masks) that satisfy equations."""
    return frozenset(s for s in range(2**n) if all((s & word).bit_count() % 2 == word >> n & 1 for word in words))


def _systems() -> Iterator[dict[str, Any]]:
    """Every reduced system of equations (by number) with every further equation."""
    return (
        {"n": n, "rows": i, "word": word}
        for n in (1, 2, 3)
        for i in range(len(reduced(n)))
        for word in range(2 ** (n + 1))
    )


def _one_way(rows: Rows, word: int, n: int) -> Rows | None:
    """Elimination that leaves the earlier equations as they were (the twin's)."""
    after = eliminate(rows, word, n)
    return after if after is None or after == rows else (*rows, after[-1])


@obligation(
    "learners.parity.step",
    paper="Section 4",
    kind="enumeration",
    domain=_systems,
    expect=Verdict.CHECKED,
    finite="n <= 3, samples of any length: every system that can arise, every further equation",
    of=lambda case: eliminate,
    twin=lambda case: _one_way,
)
def elimination_keeps_the_solutions(step: Eliminate, case: Case) -> None:
    """For every system of equations that elimination can have reached and every further example, one step of the
    elimination keeps exactly those parities that fit the new example as well, reports that there is none exactly if
    there is none, and leaves each leading bit in one equation only. So, by induction over the sample, the parity that
    is returned fits all of it."""
    n, word = int(case.integer("n")), int(case.integer("word"))
    rows = reduced(n)[int(case.integer("rows"))]
    wanted = solutions([row for row, _ in rows], n) & solutions([word], n)
    after = step(rows, word, n)
    case.show("none exactly if none fits", (after is None) is (not wanted))
    case.show("the same solutions", after is None or solutions([row for row, _ in after], n) == wanted)
    leads = [lead for _, lead in after or ()]
    alone = all([row >> lead & 1 for row, _ in after or ()].count(1) == 1 for lead in leads)
    case.show("each leading bit in one equation", alone and len(set(leads)) == len(leads))


def _samples() -> Iterator[dict[str, Any]]:
    """Every sample of m points of n bits, by number."""
    return (
        {"n": n, "m": m, "sample": i}
        for n, m in ((1, 3), (2, 0), (2, 1), (2, 2), (2, 3))
        for i in range(2 ** ((n + 1) * m))
    )


def sample_of(i: int, n: int, m: int) -> Sample:
    """The sample with a number: its points one after another, the label last."""
    words = [i >> (n + 1) * at & 2 ** (n + 1) - 1 for at in range(m)]
    return tuple((tuple(word >> j & 1 for j in range(n)), word >> n) for word in words)


@obligation(
    "learners.parity.fits",
    paper="Section 4",
    kind="enumeration",
    domain=_samples,
    expect=Verdict.CHECKED,
    needs=("learners.parity.step",),
    finite="all samples of up to 3 points of n <= 2 bits",
    of=lambda case: solve_parity,
    twin=lambda case: lambda sample, n: solve_parity(sample[1:], n),
)
def parity_fits_if_any_does(solve: Callable[[Sample, int], Bits | None], case: Case) -> None:
    """For every sample, elimination returns a parity that fits all of it, or reports that there is none exactly if no
    parity fits."""
    n, m = int(case.integer("n")), int(case.integer("m"))
    sample = sample_of(int(case.integer("sample")), n, m)
    found = solve(sample, n)
    fitting = [
        s
        for s in product((0, 1), repeat=n)
        if all(sum(a * b for a, b in zip(s, x, strict=True)) % 2 == y for x, y in sample)
    ]
    case.show("a fitting one, or none", found in fitting if fitting else found is None)
