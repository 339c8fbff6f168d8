"""Theorem 2a: rounds in a row, as the query method keeps them in one state.

The samples so far are any number, and the prefix is any, known by the number of its bits; n and m are variables.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from types import SimpleNamespace
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies
from constructions.reductions import sample_extract
from constructions.reductions.one_bit import NextPrefix
from constructions.reductions.sample_extract import Extracted, Extracting
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.provers.branches import on_every_way, with_names

F = Fraction
STILL: Any = Extracting
OVER: Any = Extracted
COIN: Any = NextPrefix
"""The two kinds of states, and a coin, for rows of things that stand for bits."""


@dataclass(frozen=True, slots=True)
class Several:
    """So many things in a row, of which nothing else is known."""

    count: Number


def length(row: tuple[Any, ...]) -> Number:
    """How many things are in a row."""
    return sum((part.count if isinstance(part, Several) else 1 for part in row), F(0))


def moving(case: Case) -> Callable[..., Any]:
    """The code that keeps the state, for any n and m: from a state, a coin that has been tossed, and the bits that are
    left, to the next state."""
    method = SimpleNamespace(budget=SimpleNamespace(m=case.integer("m")))
    how = SimpleNamespace(width=case.integer("n") + 1)
    steps = sample_extract._Steps(method, how, 0, 0)  # type: ignore[arg-type]
    return partial(with_names(sample_extract._Steps.moved, len=length), steps)


def _forgetful(case: Case) -> Callable[..., Any]:
    """The same, but an undecided coin is forgotten (the twin's)."""

    def moved(state: Extracting, choice: NextPrefix, fresh: Any) -> Any:
        found = moving(case)(state, choice, fresh)
        return found._replace(coin=None) if isinstance(found, Extracting) else found

    return moved


@obligation("theorem2a.state", paper="Theorem 2a", of=moving, twin=_forgetful)
def rounds_are_kept_in_one_state(moved: Callable[..., Any], case: Case) -> None:
    """For all n and m: an undecided coin is kept, with the samples and the prefix, and the number of the round grows by
    1. A prefix that is not complete becomes the next prefix. A word becomes the next sample, after those that are
    there, and the next prefix is empty, unless there are m samples: then the run is over, with these samples."""
    n, m, many, bits, t = (case.integer(name) for name in ("n", "m", "samples", "bits", "t"))
    case.assume(n >= 0, m >= 1, many >= 0, many < m, bits >= 0, bits <= n)
    samples, s, fresh, own = (Several(many),), (Several(bits),), ("fresh",), ("own",)
    state: Any = STILL(t, samples, s, None, (), own)
    theta = case.real("theta")
    case.assume(theta > 0, theta < 1, label="the coin is not decided")
    coin: Any = COIN(theta, ("one",), ("zero",))
    wanted = STILL(0, samples, s, coin, fresh, own)
    kept = on_every_way(lambda: moved(state, coin, fresh), lambda found: every(_is(found, wanted), _next(found, t)))
    case.show("an undecided coin is kept", kept)
    longer = (*s, 1)
    certain: Any = COIN(Fraction(0), longer, longer)

    def right(found: Any) -> Formula:
        grown, taken, over = (
            _is(found, wanted)
            for wanted in (
                STILL(0, samples, longer, None, fresh, own),
                STILL(0, (*samples, longer), (), None, fresh, own),
                OVER((*samples, longer), own),
            )
        )
        last = every(bits == n, many + 1 == m)
        return every(implies(bits < n, grown), implies(every(bits == n, many + 1 < m), taken), implies(last, over))

    case.show("what a decided coin leads to", on_every_way(lambda: moved(state, certain, fresh), right))
    counted = on_every_way(lambda: moved(state, certain, fresh), lambda found: _next(found, t))
    case.show("rounds are counted", counted)


def _is(found: Any, wanted: Any) -> bool:
    """Whether two states are the same but for the number of the round."""
    if isinstance(wanted, Extracted) or isinstance(found, Extracted):
        return type(found) is type(wanted) and found == wanted
    return bool(found[1:] == wanted[1:])


def _next(found: Any, t: Number) -> Formula:
    return True if isinstance(found, Extracted) else found.t == t + 1
