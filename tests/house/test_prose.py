"""What claims leave to their readers: two numbers that may only fall.

What a claim rests on in words alone is not checked, and an induction of which only base and step are stated leaves the
fact that was wanted to whoever reads it.
"""

import re
from collections.abc import Sequence
from functools import cache
from itertools import islice

import pytest

from verify.discharge.result import described
from verify.obligations.catalogue import paper_obligations
from verify.obligations.parts import Fact, Premise
from verify.provers import by_sympy
from verify.provers.by_z3 import SolverCase, build
from verify.replay.witness import replay_of
from verify.reports.one_obligation import of_a_solver

MOST_IN_PROSE = 370
"""How many times an obligation of the paper names one on which it rests without using it."""
MOST_WITHOUT_CONCLUSION = 23
"""How many inductions of the paper's claims state base and step, and nothing of what is reached."""


NO_WORD = re.compile(r"\bNone\b|Fraction\(| at 0x[0-9a-f]+")
"""What Python says and no sentence does."""


@cache
def built(id: str) -> SolverCase:
    """The claim of an obligation as its solver gets it, stated once for all tests of this file."""
    obligation = paper_obligations()[id]
    return build(obligation, obligation.of)


def lines_of(id: str) -> list[str]:
    """How an obligation's facts and premises are called, and the lines in which ``querygrad show`` says them; of an
    enumeration, at its first point."""
    obligation = paper_obligations()[id]
    if obligation.kind == "identity":
        return [identity.label for identity in by_sympy.build(obligation, obligation.of).identities]
    if obligation.kind == "enumeration":
        points = obligation.domain() if obligation.domain else ({},)
        seen = [replay_of(obligation, obligation.of, point) for point in islice(points, 1)]
        return [label for case in seen for label in labels(case.facts, case.premises)]
    case = built(id)
    return [*labels(case.facts, case.premises), *of_a_solver(case, described(obligation), full=False)]


def labels(facts: Sequence[Fact], premises: Sequence[Premise]) -> list[str]:
    """How facts and premises are called."""
    return [*(fact.label for fact in facts), *(premise.label for premise in premises)]


@pytest.mark.slow
def test_no_fact_premise_or_printed_line_has_a_word_of_python() -> None:
    found = {id: [line for line in lines_of(id) if NO_WORD.search(line)] for id in paper_obligations()}
    assert not {id: lines for id, lines in found.items() if lines}


@pytest.mark.parametrize("line", ["from None to -3", "x == Fraction(1, 2)", "<Piece object at 0x7f00>: PROVED"])
def test_a_word_of_python_would_be_found(line: str) -> None:
    assert NO_WORD.search(line) and not NO_WORD.search("Nonesuch: below -3, for a Fraction")


def test_fewer_and_fewer_claims_rest_on_others_in_words_alone() -> None:
    named = sum(len(obligation.needs) for obligation in paper_obligations().values())
    assert named == MOST_IN_PROSE, "need the number as it is now; it may only fall"


def inductions_without_a_conclusion() -> list[str]:
    """The inductions of the paper's claims of which no moment is spoken of."""
    found = []
    for id, obligation in paper_obligations().items():
        if obligation.kind == "induction":
            case = built(id)
            spoken = {moment.induction.label for moment in case.moments}
            found += [f"{id}: {label}" for label in case.inductions if label not in spoken]
    return found


@pytest.mark.slow
def test_fewer_and_fewer_inductions_stop_at_the_step() -> None:
    found = inductions_without_a_conclusion()
    assert len(found) == MOST_WITHOUT_CONCLUSION, "need the number as it is now; it may only fall"
