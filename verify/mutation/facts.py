"""For each fact of a claim a change under which it fails: its broken twin, or a small change of a construction.

A claim is stated once while the functions of constructions that it calls are noted. The mutants of these functions are
then put in place one at a time, each in a child process (:mod:`verify.mutation.swapping`), in an order that a seed
gives. There the claim is stated again: a fact that says the same as before is proved as before, and of the others it is
asked whether they fail. What fails is confirmed by the replay, as any counterexample is. It ends when each fact has
failed once, or so many mutants were tried, or the time is over.
"""

import os
import signal
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from constructions.foundations.files import ROOT
from constructions.foundations.terms import Term
from verify.discharge.one import failing_facts
from verify.discharge.seen import KEY, TWIN, Seen
from verify.mutation.swapping import Swap, called_in, forget, swaps_of
from verify.obligations.obligation import Obligation
from verify.provers import by_sympy, by_z3
from verify.replay.witness import replay_of
from verify.store.content import key_of

Statement = dict[str, Any]
"""What each fact of a claim says, by its label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSearch:
    """How facts are made to fail.

    Parameters
    ----------
    most : at most so many mutants are put in place for a claim. seed : in which order. seconds : for each question.
    limit : seconds of the processor for all questions about one mutant, or about the twin. whole : for one claim.
    """

    most: int
    seed: int = 0
    seconds: int = 60
    limit: float = 10.0
    whole: float = 30.0


def search(obligation: Obligation, how: FactSearch, old: Seen | None = None) -> Seen:
    """For each fact of a claim a change under which it fails, as far as one is found.

    Parameters
    ----------
    obligation : whose claim it is. how : how long is searched. old : what was recorded before; if it is of another
        statement, it is tried again first.

    Raises
    ------
    ConstructionError for a claim that cannot be stated.

    >>> from constructions.foundations.rounding import clip
    >>> def is_clipped(clipped, case):
    ...     "A clipped number is at most 1 and at least -1; a square is not negative."
    ...     x = case.real("x")
    ...     case.show("high", clipped(x) <= 1)
    ...     case.show("low", clipped(x) >= -1)
    ...     case.show("square", x * x >= 0)
    >>> clips = Obligation(id="clips", paper="mine", claim=is_clipped, of=lambda case: clip,
    ...     twin=lambda case: lambda x: clip(x) + 1)
    >>> found = search(clips, FactSearch(most=9))
    >>> sorted(found.facts), found.facts["high"], found.tried
    (['high', 'low'], 'its twin', 9)
    """
    began = spent()
    forget(again=True)
    before: Statement = {}
    called = called_in(lambda: before.update(statement(obligation)))
    key = key_of(obligation)[:KEY]
    facts = dict(old.facts) if old and old.statement == key else {}
    if old and old.statement != key:
        again = ((label, change) for label, change in old.facts.items() if change != TWIN and label in before)
        facts = {label: change for label, change in again if fails_under(obligation, label, change, how)}
    wanted = [label for label in before if label not in facts]
    if obligation.twin and wanted:
        failing = in_a_child(lambda: failing_facts(obligation, obligation.twin, wanted, how.seconds), how.limit)
        facts |= dict.fromkeys(failing, TWIN)
    tried = 0
    for swap in drawn(called, how.seed):
        wanted = [label for label in before if label not in facts]
        if not wanted or tried >= how.most or spent() - began > how.whole:
            break
        tried += 1
        facts |= dict.fromkeys(in_a_child(Trying(obligation, swap, before, wanted, how.seconds), how.limit), swap.name)
    return Seen(statement=key, tried=tried, facts={label: facts[label] for label in before if label in facts})


def fails_under(obligation: Obligation, label: str, change: str, how: FactSearch) -> bool:
    """Whether a fact fails under what is recorded of it, found again.

    Parameters
    ----------
    obligation, label : the fact. change : the twin, or the name of a mutant. how : how long is searched.

    >>> from constructions.foundations.rounding import clip
    >>> def is_clipped(clipped, case):
    ...     "A clipped number is at most 1."
    ...     case.show("high", clipped(case.real("x")) <= 1)
    >>> clips = Obligation(id="clips", paper="mine", claim=is_clipped, of=lambda case: clip,
    ...     twin=lambda case: lambda x: clip(x) + 1)
    >>> [fails_under(clips, "high", change, FactSearch(most=1)) for change in (TWIN, "a.py f: constant: 1 -> 2")]
    [True, False]
    """
    if change == TWIN:
        return label in in_a_child(lambda: failing_facts(obligation, obligation.twin, [label], how.seconds), how.limit)
    forget(again=True)
    before, file = statement(obligation), change.partition(" ")[0]
    swaps = [swap for each in swaps_of(file).values() for swap in each] if (ROOT / file).is_file() else []
    tries = (Trying(obligation, swap, before, [label], how.seconds) for swap in swaps if swap.name == change)
    return label in before and any(label in in_a_child(each, how.limit) for each in tries)


def statement(obligation: Obligation) -> Statement:
    """What each fact of a claim says, as its prover gets it; of an enumeration only that there is one.

    >>> def is_no_less(least, case):
    ...     "A square is at least 0."
    ...     case.show("square", case.real("x") ** 2 >= least)
    >>> square = Obligation(id="square", paper="mine", claim=is_no_less, of=lambda case: 0, twin=lambda case: 1)
    >>> statement(square)
    {'square': (x*x >= 0, True)}
    """
    if obligation.kind == "identity":
        found = by_sympy.build(obligation, obligation.of).identities
        return {each.label: (each.left, each.right) for each in found}
    if obligation.kind == "enumeration":
        points = obligation.domain() if obligation.domain else iter(({},))
        return {fact.label: None for fact in replay_of(obligation, obligation.of, next(iter(points), {})).facts}
    return {fact.label: (fact.conclusion, fact.given) for fact in by_z3.build(obligation, obligation.of).facts}


def is_same(now: Any, before: Any) -> bool:
    """Whether a fact says ``now`` what it said ``before``: terms are one object if they are the same; nothing is known
    of an enumeration.

    >>> is_same((True, 2), (True, 2)), is_same(None, None)
    (True, False)
    """
    if now is None or before is None:
        return False
    pairs = zip(now, before, strict=True)
    return all(a is b or (not isinstance(a, Term) and not isinstance(b, Term) and a == b) for a, b in pairs)


def drawn(called: dict[str, set[str]], seed: int) -> Iterator[Swap]:
    """The mutants of the functions that are ``called``, by file, one of each function in turn, in an order that a
    ``seed`` gives.

    >>> found = drawn({"constructions/foundations/rounding.py": {"clip"}}, seed=1)
    >>> next(found).function
    'clip'
    """
    random = Random(seed)
    waiting = []
    for file, names in sorted(called.items()):
        swaps = swaps_of(file)
        waiting += [random.sample(swaps[name], len(swaps[name])) for name in sorted(names & swaps.keys())]
    random.shuffle(waiting)
    while waiting:
        for each in waiting:
            yield each.pop()
        waiting = [each for each in waiting if each]


@dataclass(frozen=True, slots=True)
class Trying:
    """One mutant put in place for one claim: which of the ``wanted`` facts fail then, of those that say something else
    than ``before``."""

    obligation: Obligation
    swap: Swap
    before: Statement
    wanted: Collection[str]
    seconds: int

    def __call__(self) -> Iterator[str]:
        if self.swap.put():
            now = statement(self.obligation)
            other = [label for label in self.wanted if label in now and not is_same(now[label], self.before[label])]
            if other:
                yield from failing_facts(self.obligation, self.obligation.of, other, self.seconds)


def spent() -> float:
    """The seconds that the processor has worked for this process and its children.

    >>> spent() <= spent()
    True
    """
    return sum(os.times()[:4])


def in_a_child(labels: Callable[[], Iterable[str]], limit: float) -> list[str]:
    """What a function in a child process yields, until it ends, is met by an error, or its time is over.

    >>> in_a_child(lambda: iter(["low", "high"]), 60.0)
    ['low', 'high']
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, limit)
        try:
            for label in labels():
                os.write(writing, label.encode() + b"\0")
        except BaseException:  # a mutant may do anything; what it does not show is not seen
            os._exit(1)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        data = stream.read()
    os.waitpid(child, 0)
    return [part.decode() for part in data.split(b"\0")[:-1]]
