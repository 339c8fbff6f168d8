"""Discharge one obligation: the claim by its prover, then its broken twin, which must be refuted."""

import time
from collections.abc import Collection, Iterator
from typing import Any

from msgspec.structs import replace

from verify.discharge.result import Result, described
from verify.discharge.second_opinion import Listener, SecondOpinion, opinion_on
from verify.obligations.obligation import Obligation
from verify.obligations.verdict import DISAGREEMENT, Fault
from verify.provers import by_enumeration, by_sympy, by_z3
from verify.provers.listening import collecting
from verify.provers.outcome import SECONDS, Examination
from verify.provers.second import SecondSolver
from verify.store.proof import proof_of


def examine(obligation: Obligation, of: Any, seconds: int = SECONDS) -> Examination:
    """Discharge the claim of an obligation about any subject (its own, its twin, a mutation).

    Parameters
    ----------
    obligation : its claim and its kind, which says who proves it. of : builds the subject, given a case.
    seconds : time for each question to the solver.

    Returns
    -------
    What was found; with a counterexample also the first vertex that leaves its piece there.

    Raises
    ------
    ConstructionError for a claim that cannot be stated. DisagreementError if two evaluators disagree about it.

    >>> def is_no_less(least, case):
    ...     "A square is at least 0."
    ...     case.show("square", case.real("x") ** 2 >= least)
    >>> square = Obligation(id="square", paper="mine", claim=is_no_less, of=lambda case: 0, twin=lambda case: 1)
    >>> [(found.verdict.name, found.failing) for found in (examine(square, of) for of in (square.of, square.twin))]
    [('PROVED', ()), ('REFUTED', ('square',))]
    """
    if obligation.kind == "identity":
        return by_sympy.discharge(obligation, of, seconds)
    if obligation.kind == "enumeration":
        return by_enumeration.discharge(obligation, of)
    return by_z3.discharge(obligation, of, seconds)


def failing_facts(obligation: Obligation, of: Any, wanted: Collection[str], seconds: int = SECONDS) -> Iterator[str]:
    """The labels of the ``wanted`` facts of an obligation's claim that fail about a subject, as they are found.

    Parameters
    ----------
    obligation, of, seconds : as for :func:`examine`, whose errors it has. wanted : the facts that are asked about.

    >>> def is_no_less(least, case):
    ...     "A square is at least 0."
    ...     case.show("square", case.real("x") ** 2 >= least)
    >>> square = Obligation(id="square", paper="mine", claim=is_no_less, of=lambda case: 0, twin=lambda case: 1)
    >>> list(failing_facts(square, square.twin, ["square"])), list(failing_facts(square, square.of, ["square"]))
    (['square'], [])
    """
    if obligation.kind == "identity":
        return by_sympy.failing(obligation, of, wanted, seconds)
    if obligation.kind == "enumeration":
        return by_enumeration.failing(obligation, of, wanted)
    return by_z3.failing(obligation, of, wanted, seconds)


def discharge(obligation: Obligation, seconds: int = SECONDS, *, second: SecondSolver | None = None) -> Result:
    """Discharge an obligation and its twin, each fact within so many seconds; parameters and errors are those of
    :func:`examine`.

    With a ``second`` solver, that one is asked everything that z3 was asked (:mod:`verify.discharge.second_opinion`); a
    disagreement of the two is the error of the result.

    >>> from verify.obligations.catalogue import paper_obligations
    >>> result = discharge(paper_obligations()["sigma.figure"])
    >>> result.verdict.name, result.twin_verdict.name
    ('PROVED', 'REFUTED')
    """
    began = time.perf_counter()
    listener = Listener(examine)
    examining = listener if second else examine
    with collecting() as cases:
        claim = examining(obligation, obligation.of, seconds)
    proof = proof_of(obligation, claim, next(iter(cases), None))
    cases.clear()
    twin = examining(obligation, obligation.twin, seconds) if obligation.twin else None
    spent = time.perf_counter() - began
    found = replace(described(obligation), claim=claim, twin=twin, proof=proof, seconds=spent)
    return found if second is None else with_opinion(found, opinion_on(obligation, listener.heard, second))


def with_opinion(result: Result, opinion: SecondOpinion) -> Result:
    """A result beside what a second solver says; if that contradicts z3, there is no verdict."""
    found = replace(result, second=opinion)
    if not opinion.disagreements:
        return found
    odd, solver = opinion.disagreements[0], f"{opinion.solver} {opinion.version}"
    got = f"z3's {odd.first} and {odd.second} of {solver}, at {odd.about!r} of the {odd.side}, obligation {result.id}"
    return replace(found, error=Fault(DISAGREEMENT, f"need two solvers that agree, got {got}"))
