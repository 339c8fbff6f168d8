"""The size of the machine that reads a sample grows as it should."""

from constructions.computation.reading_gates import ReadingSizes, reading_gates, word_gates


def test_a_word_more_costs_what_a_word_costs() -> None:
    two, three = (ReadingSizes(n=4, m=m, places=3, width=2, length=3) for m in (2, 3))
    for alternating in (False, True):
        one = word_gates(two, alternating=alternating)
        assert reading_gates(three, alternating=alternating) - reading_gates(two, alternating=alternating) == one
