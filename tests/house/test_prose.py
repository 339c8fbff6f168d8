"""What claims leave to their readers: two numbers that may only fall.

What a claim rests on in words alone is not checked, and an induction of which only base and step are stated leaves the
fact that was wanted to whoever reads it.
"""

from verify.obligations.catalogue import paper_obligations
from verify.provers.by_z3 import build

MOST_IN_PROSE = 370
"""How many times an obligation of the paper names one on which it rests without using it."""
MOST_WITHOUT_CONCLUSION = 29
"""How many inductions of the paper's claims state base and step, and nothing of what is reached."""


def test_fewer_and_fewer_claims_rest_on_others_in_words_alone() -> None:
    named = sum(len(obligation.needs) for obligation in paper_obligations().values())
    assert named == MOST_IN_PROSE, "need the number as it is now; it may only fall"


def inductions_without_a_conclusion() -> list[str]:
    """The inductions of the paper's claims of which no moment is spoken of."""
    found = []
    for id, obligation in paper_obligations().items():
        if obligation.kind == "induction":
            case = build(obligation, obligation.of)
            spoken = {moment.induction.label for moment in case.moments}
            found += [f"{id}: {label}" for label in case.inductions if label not in spoken]
    return found


def test_fewer_and_fewer_inductions_stop_at_the_step() -> None:
    found = inductions_without_a_conclusion()
    assert len(found) == MOST_WITHOUT_CONCLUSION, "need the number as it is now; it may only fall"
