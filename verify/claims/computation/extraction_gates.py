"""The running time of Lemma 1's machine: the formula is what is written, and it is bounded by a polynomial."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.computation.extraction_gates import ExtractionSizes, extraction_gates
from constructions.computation.extraction_machine import LearnerInBits, places_of, write_extraction
from constructions.computation.sample_learners import conjunction_learner, memoriser_learner, parity_learner
from constructions.computation.tally import gates_written
from constructions.foundations.exact import Number
from constructions.foundations.logic import every
from constructions.reductions.one_bit import LOOK, PREFIX
from constructions.reductions.sample_extract import Extraction
from verify.claims.computation.turing.sizes import grows
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction


def some_extractions() -> Iterator[dict[str, Any]]:
    """Sizes of extractions with learners, by number."""
    for look, n, b, (places, coin, m) in product((0, 1), (2, 3, 5), (3, 4, 7, 8, 9), ((1, 1, 1), (2, 3, 4), (4, 2, 9))):
        yield {"look": look, "n": n, "b": b, "places": places, "coin": coin, "m": m, "learner": (n + b + m) % 4}


def learner_of(number: int, n: int, m: int) -> LearnerInBits:
    """One of four learners."""
    if number == 3:
        return LearnerInBits(n=n, write=lambda design, draw, x: x[:1])
    return (parity_learner(n), conjunction_learner(n), memoriser_learner(n, m))[number]


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
    names = ("look", "n", "b", "places", "coin", "m", "learner")
    look, n, b, places, coin, m, number = (int(case.integer(name)) for name in names)
    how = Extraction(n=n, b=b, tau=F(0), delta=F(1, 8), alternating=True, bits=coin, version=LOOK if look else PREFIX)
    learner = learner_of(number, n, m)
    found = gates_written(lambda design: write_extraction(design, how, m, learner, places))
    own = found - gates_written(lambda design: write_extraction(design, how, m, learner_of(3, n, m), places))
    sizes = ExtractionSizes(
        n=n,
        places=places,
        coin=coin,
        width=b.bit_length(),
        length=n.bit_length(),
        number=m.bit_length(),
        table=2 ** (b - 3).bit_length(),
        own=own - 3 * (places_of(learner) - 1),
        prediction=places_of(learner),
    )
    case.show("gates", found == formula(sizes, look=bool(look)))


@obligation(
    "lemma1.time",
    paper="Lemma 1",
    of=lambda case: extraction_gates,
    twin=lambda case: lambda of, *, look: 5 * extraction_gates(of, look=look),
)
def time_of_a_round_is_polynomial(formula: Callable[..., Number], case: Case) -> None:
    """For every learner of G gates, all n >= 2, m, b >= 3, binary places and random bits: a round of Lemma 1's machine
    has at most G + 380 S^3 + 3 (b + S) S gates, where S is at least n + 1, the places, the random bits, and the bits of
    b, of n and of m; so k' rounds have at most k' times as many. The numbers n and S enter with the third power, b with
    the first."""
    names = ("n", "places", "coin", "width", "length", "number", "table", "own", "prediction")
    found = {name: case.integer(name) for name in names}
    size, b, rounds = case.integer("S"), case.integer("b"), case.integer("rounds")
    case.assume(found["n"] >= 2, found["n"] + 1 <= size, b >= 3, found["own"] >= 0, rounds >= 0)
    for name in ("places", "coin", "width", "length", "number", "prediction"):
        case.assume(found[name] >= 0, found[name] <= size)
    case.assume(found["table"] >= 1, found["table"] <= b)
    of, square = ExtractionSizes(**found), size * size
    room, one = of.places + of.width, of.places + 1
    grows(case, room, room, 2 * size, 2 * size)
    grows(case, one, one, size + 1, size + 1)
    grows(case, 2, size, size, size)
    grows(case, 1, 1, size, size)
    case.lemma("a bit of a count", every(5 * one * (one + 1) + 9 * one <= 48 * square, one >= 0))
    for many in (of.n - 1, 2 * of.n - 2):
        grows(case, many, 5 * one * (one + 1) + 9 * one, 2 * size, 48 * square)
    grows(case, of.n, of.length, size, size)
    grows(case, of.table, of.width, b, size)
    grows(case, of.coin, of.width, size, size)
    grows(case, 1, square, size, square)
    most = of.own + 380 * size * square + 3 * (b + size) * size
    for look in (False, True):
        case.lemma(f"a round, {'LOOK' if look else 'PREFIX'}", formula(of, look=look) <= most)
        grows(case, rounds, 0, rounds, most - formula(of, look=look))
        case.show(f"all rounds, {'LOOK' if look else 'PREFIX'}", rounds * formula(of, look=look) <= rounds * most)
