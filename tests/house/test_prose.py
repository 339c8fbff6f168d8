"""What claims rest on in words alone: a number that may only fall. What they use is stated and checked."""

from verify.obligations.catalogue import paper_obligations

MOST_IN_PROSE = 449
"""How many times an obligation of the paper names one on which it rests without using it."""


def test_fewer_and_fewer_claims_rest_on_others_in_words_alone() -> None:
    named = sum(len(obligation.needs) for obligation in paper_obligations().values())
    assert named == MOST_IN_PROSE, "need the number as it is now; it may only fall"
