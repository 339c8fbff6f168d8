"""The running times of the machines of Lemma 1 and Theorem 2a: the formula is what is written, and it is bounded by a
polynomial."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.computation.extraction_gates import (
    ExtractionSizes,
    both_labels_gates,
    count_gates,
    extraction_gates,
)
from constructions.computation.extraction_machine import LearnerInBits, places_of, write_extraction
from constructions.computation.sample_learners import conjunction_learner, memoriser_learner, parity_learner
from constructions.computation.tally import gates_written
from constructions.foundations.exact import Number
from constructions.foundations.logic import every
from constructions.reductions.one_bit import LOOK, PREFIX
from constructions.reductions.sample_extract import Extraction
from verify.claims.computation.turing.sizes import grows
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, obligation, registry
from verify.obligations.verdict import Verdict

F = Fraction


def some_extractions() -> Iterator[dict[str, Any]]:
    """Sizes of extractions with learners, by number."""
    for look, n, b, (places, coin, m) in product((0, 1), (2, 3, 5), (3, 5, 7, 8, 9), ((1, 1, 1), (2, 3, 4), (4, 2, 9))):
        yield {"look": look, "n": n, "b": b, "places": places, "coin": coin, "m": m, "learner": (n + b + m) % 4}


def learner_of(number: int, n: int, m: int) -> LearnerInBits:
    """One of four learners."""
    if number == 3:
        return LearnerInBits(n=n, write=lambda design, draw, x: x[:1])
    return (parity_learner(n), conjunction_learner(n), memoriser_learner(n, m))[number]


def written_and_said(case: Case, formula: Callable[..., Number], *, both: bool) -> bool:
    """Whether as many gates are written as a formula says, for the numbers of a case."""
    names = ("look", "n", "b", "places", "coin", "m", "learner")
    look, n, b, places, coin, m, number = (int(case.integer(name)) for name in names)
    version = LOOK if look else PREFIX
    how = Extraction(n=n, b=b, tau=F(0), delta=F(1, 8), alternating=not both, bits=coin, version=version)
    learner = learner_of(number, n, m)
    found = gates_written(lambda design: write_extraction(design, how, m, learner, places))
    own = found - gates_written(lambda design: write_extraction(design, how, m, learner_of(3, n, m), places))
    sizes = ExtractionSizes(
        n=n + both,
        places=places,
        coin=coin,
        width=b.bit_length(),
        length=(n + both).bit_length(),
        number=m.bit_length(),
        low=(b - 3).bit_length(),
        own=own - 3 * (places_of(learner) - 1),
        prediction=places_of(learner),
    )
    return bool(found == formula(sizes, look=bool(look)))


@obligation(
    "lemma1.gates",
    paper="Lemma 1",
    kind="enumeration",
    domain=some_extractions,
    expect=Verdict.CHECKED,
    finite="both versions, n = 2, 3 and 5, b from 3 to 9, answers of up to 4 places, four learners",
    of=lambda case: extraction_gates,
    twin=lambda case: lambda of, *, look: extraction_gates(of, look=not look),
)
def as_many_gates_as_the_formula_says(formula: Callable[..., Number], case: Case) -> None:
    """The code that writes the machine of Lemma 1, made to write every gate that it is asked for, writes as many as the
    formula says of n, m, the batch size, the places of an answer, the random bits of a round, and the gates of the
    learner, which are those by which the machine is larger than with a learner that writes none."""
    case.show("gates", written_and_said(case, formula, both=False))


@obligation(
    "theorem2a.gates",
    paper="Theorem 2a",
    kind="enumeration",
    domain=some_extractions,
    expect=Verdict.CHECKED,
    finite="both versions, n = 2, 3 and 5, b from 3 to 9, answers of up to 4 places, four learners",
    of=lambda case: both_labels_gates,
    twin=lambda case: extraction_gates,
)
def as_many_gates_on_both_labels(formula: Callable[..., Number], case: Case) -> None:
    """The code that writes the machine of Theorem 2a, with queries on both labels at a time, made to write every gate
    that it is asked for, writes as many as the formula says."""
    case.show("gates", written_and_said(case, formula, both=True))


TIME_NAMES = ("n", "places", "coin", "width", "length", "number", "low", "own", "prediction")


def time_of_extraction(formula: Callable[..., Number], case: Case) -> None:
    """Bound a round, and all rounds, by what bounds n, the places, the bits of b and of m, and the learner."""
    found = {name: case.integer(name) for name in TIME_NAMES}
    size, rounds = case.integer("S"), case.integer("rounds")
    case.assume(found["n"] >= 2, found["n"] + 1 <= size, found["own"] >= 0, rounds >= 0)
    for name in ("places", "coin", "width", "length", "number", "low", "prediction"):
        case.assume(found[name] >= 0, found[name] <= size)
    of, square = ExtractionSizes(**found), size * size
    room, one = of.places + of.width, of.places + 1
    grows(case, room, room, 2 * size, 2 * size)
    grows(case, one, one, size + 1, size + 1)
    grows(case, 2, size, size, size)
    grows(case, 1, 1, size, size)
    case.lemma("a bit of a count", every(count_gates(one) <= 48 * square, one >= 0, count_gates(one) >= 0))
    for many in (of.n - 1, 2 * of.n - 2):
        grows(case, many, count_gates(one), 2 * size, 48 * square)
    grows(case, of.n, of.length, size, size)
    grows(case, of.coin, of.width, size, size)
    grows(case, 1, square, size, square)
    most = of.own + 380 * size * square
    for look in (False, True):
        name = "LOOK" if look else "PREFIX"
        case.lemma(f"a round, {name}", formula(of, look=look) <= most)
        grows(case, rounds, 0, rounds, most - formula(of, look=look))
        case.show(f"all rounds, {name}", rounds * formula(of, look=look) <= rounds * most)


for _item, _formula, _what in (
    ("Lemma 1", extraction_gates, "n >= 2 of a point"),
    ("Theorem 2a", both_labels_gates, "n + 1 >= 2 of a word"),
):

    def time_of_a_round_is_polynomial(formula: Callable[..., Number], case: Case) -> None:
        time_of_extraction(formula, case)

    time_of_a_round_is_polynomial.__doc__ = (
        f"For every learner of G gates, all bits {_what}, m, b, binary places and random bits: a round of {_item}'s "
        "machine has at most G + 380 S^3 gates, where S is at least these bits and one more, the places, the random "
        "bits, and the bits of b, of n and of m; so k' rounds have at most k' times as many. Of b and m only the "
        "number of bits counts."
    )
    registry().add(
        Obligation(
            id=f"{_item.lower().replace(' ', '')}.time.round",
            paper=_item,
            claim=time_of_a_round_is_polynomial,
            of=lambda case, formula=_formula: formula,  # type: ignore[misc]
            twin=lambda case, formula=_formula: lambda of, *, look: 5 * formula(of, look=look),  # type: ignore[misc]
        )
    )
