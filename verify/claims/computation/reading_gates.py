"""The running times of Lemmas 5a and 6: the formula is what is written, and it is bounded by a polynomial."""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

from constructions.computation.reading_gates import ReadingSizes, reading_gates, word_gates
from constructions.computation.reading_machine import write_reading
from constructions.computation.tally import gates_written
from constructions.foundations.exact import Number
from constructions.foundations.logic import every
from verify.claims.computation.reading_machine import weighted_learner
from verify.claims.computation.turing.sizes import grows
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, obligation, registry
from verify.obligations.verdict import Verdict


def some_readings() -> Iterator[dict[str, Any]]:
    """Sizes of machines that read a sample."""
    for alternating, n, m, places in product((0, 1), (1, 2, 4), (1, 2, 3, 6), (1, 3)):
        yield {"alternating": alternating, "n": n, "m": m, "places": places}


@obligation(
    "lemma5a.gates",
    paper="Lemma 5a",
    kind="enumeration",
    domain=some_readings,
    expect=Verdict.CHECKED,
    finite="both forms, n = 1, 2 and 4, m up to 6, answers of 1 and 3 places",
    of=lambda case: reading_gates,
    twin=lambda case: lambda of, *, alternating: reading_gates(of, alternating=not alternating),
)
def as_many_gates_as_the_formula_says(formula: Callable[..., Number], case: Case) -> None:
    """The code that writes the machine of Lemma 5a, or of Lemma 6, made to write every gate that it is asked for,
    writes as many as the formula says of n, m, the places of an answer, and the gates of the learner."""
    alternating, n, m, places = (int(case.integer(name)) for name in ("alternating", "n", "m", "places"))
    learner = weighted_learner(n, m)
    found = gates_written(lambda design: write_reading(design, learner, fraction=places, alternating=bool(alternating)))
    sizes = ReadingSizes(
        n=n,
        m=m,
        places=places,
        width=m.bit_length(),
        length=(n + 1).bit_length(),
        own=len(learner.predict.gates),
        prediction=1,
    )
    case.show("gates", found == formula(sizes, alternating=bool(alternating)))


def time_of_reading(formula: Callable[..., Number], case: Case, *, alternating: bool) -> None:
    """Bound a round, and all rounds, by what bounds n, m, the places, and the learner."""
    names = ("n", "m", "places", "width", "length", "own", "prediction")
    found = {name: case.integer(name) for name in names}
    size, rounds = case.integer("S"), case.integer("rounds")
    of = ReadingSizes(**found)
    case.assume(of.n >= 1, of.n + 2 <= size, of.m >= 1, of.own >= 0, rounds >= 0)
    for value in (of.places, of.width, of.length, of.prediction):
        case.assume(value >= 0, value <= size)
    case.assume(of.prediction <= of.own + size)
    square = size * size
    grows(case, of.n + 2, of.length, size, size)
    grows(case, 1, of.length, of.n + 2, of.length)
    grows(case, 3, size, size, size)
    grows(case, 1, 1, size, size)
    room = of.places + of.width
    grows(case, room, room, 2 * size, 2 * size)
    one = word_gates(of, alternating=alternating)
    case.lemma("a word", every(one >= 0, one <= 46 * square))
    grows(case, of.m, one, of.m, 46 * square)
    most = of.own + 46 * (of.m + 2) * square
    case.lemma("a round", formula(of, alternating=alternating) <= most)
    grows(case, rounds, 0, rounds, most - formula(of, alternating=alternating))
    case.show("all rounds", rounds * formula(of, alternating=alternating) <= rounds * most)


def _claim(item: str, alternating: bool) -> None:
    def time_of_a_round_is_polynomial(formula: Callable[..., Number], case: Case) -> None:
        time_of_reading(formula, case, alternating=alternating)

    time_of_a_round_is_polynomial.__doc__ = (
        "For every learner of G gates and all n, m, and binary places: a round of the machine that reads a sample "
        f"({item}) has at most G + 46 (m + 2) S^2 gates, where S is at least n + 2, the places, the bits of m and of "
        "n + 1, and the bits of a prediction; so k' rounds have at most k' times as many. No delta occurs."
    )
    registry().add(
        Obligation(
            id=f"{item.lower().replace(' ', '')}.time.round",
            paper=item,
            claim=time_of_a_round_is_polynomial,
            of=lambda case: reading_gates,
            twin=lambda case: (
                lambda of, *, alternating: 60 * of.m * of.length * of.n + reading_gates(of, alternating=alternating)
            ),
        )
    )


_claim("Lemma 5a", False)
_claim("Lemma 6", True)
