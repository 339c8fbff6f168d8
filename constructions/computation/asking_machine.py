"""A method that asks the source, as a query machine that asks batches one label at a time: Lemmas 2 and 7 in bits.

A is itself a query machine; in each of its rounds it asks p queries on one label, which are p statistical queries. A'
asks them one after the other, each on label 1 and on label 0 in turns, in 2q rounds; what is not on A's own label is 0
there. It adds all 2q answers up, divides by q, clips to [-1, 1] (E27), and rounds to the places of A's answers:

* Lemma 2 (bSQ): towards 0, which costs at most one unit of the last place (:func:`averaging_machine`);
* Lemma 7 (fbSQ, q = 1): to the nearest multiple of tau/2, a power of two, the lower one on a tie
  (:func:`holding_machine`); the answers of A may be any within tau, and these are (E90).

With ``both`` A' asks about both labels at once (S6): the label is one more bit of x, the last, and a query is asked in
q rounds and not in 2q. That is Theorem 2d in the place of Lemma 2, and Lemma 5d in the place of Lemma 7.

Networks run these machines. The running times of Lemma 2 are about a machine whose A is given by three circuits and
asks its p queries at once (``averaging.py``).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from constructions.computation.averaging import mean_of
from constructions.computation.averaging_gates import sum_bits
from constructions.computation.bits import Bits, concat, constant, mux
from constructions.computation.design import Design
from constructions.computation.query_machine import QueryMachine
from constructions.errors import PremiseError
from constructions.foundations.exact import Number, rational, whole

Mean = Callable[[Bits], Bits]
"""From the sum of the answers to a query to the answer that A gets."""


def averaging_machine(machine: QueryMachine, *, q: int, fraction: int, both: bool = False) -> QueryMachine:
    """Lemma 2: each query of A is asked in q rounds on either label, and the means are added.

    Parameters
    ----------
    machine : A; its answers have ``machine.answer_fraction`` places, towards which the mean is rounded to 0.
    q : rounds for a query on one label. fraction : binary places of the answers that A' gets.
    both : whether a query is asked on both labels at once, so in q rounds.

    Raises
    ------
    ConstructionError
        For q below 1.

    >>> from constructions.computation.learner_machines import conjunction_machine
    >>> given = conjunction_machine(1, fraction=4, tau="1/8")
    >>> made = averaging_machine(given, q=3, fraction=5)
    >>> given.rounds, made.rounds, made.answer_fraction
    (4, 24, 5)
    >>> at_once = averaging_machine(given, q=3, fraction=5, both=True)
    >>> at_once.rounds, at_once.inputs  # a bit of x, and the label
    (12, 2)
    """
    over, places = whole(q, where="q", least=1) << fraction, machine.answer_fraction
    mean = partial(_average, over=over, places=places)
    return _asking(machine, q, fraction, mean, both=both)


def _average(total: Bits, *, over: int, places: int) -> Bits:
    """A sum of answers over how many they stand for, to so many places."""
    return mean_of(total, constant(total.builder, over, len(total)), places)


def holding_machine(machine: QueryMachine, *, fraction: int, both: bool = False) -> QueryMachine:
    """Lemma 7: each query of A is asked once on either label, and the sum is held to the nearest multiple of
    2^-``machine.answer_fraction``.

    Parameters
    ----------
    machine : A; tau/2 is its unit. fraction : binary places of the answers that A' gets, at least those of A.
    both : whether a query is asked on both labels at once, so in one round.

    Raises
    ------
    PremiseError
        For fewer places than A's answers have.

    >>> from constructions.computation.learner_machines import conjunction_machine
    >>> holding_machine(conjunction_machine(1, fraction=2, tau="1/2"), fraction=4).rounds
    8
    """
    if fraction < machine.answer_fraction:
        raise PremiseError(f"need answers of at least {machine.answer_fraction} places, got {fraction}")
    nearest = partial(_nearest, fraction=fraction, places=machine.answer_fraction)
    return _asking(machine, 1, fraction, nearest, both=both)


def unit_of(tau: Number) -> int:
    """The s with 2^-s = tau/2, for Lemma 7's grid. Raises PremiseError for another tau than a power of two up to 1.

    >>> from fractions import Fraction
    >>> unit_of(Fraction(1, 4))
    3
    """
    width = rational(tau, where="tau")
    if width.numerator != 1 or width.denominator & width.denominator - 1:
        raise PremiseError(f"need tau = 2^-s for a grid of answers in binary, got tau = {width}")
    return int(width.denominator).bit_length()


def _nearest(total: Bits, fraction: int, places: int) -> Bits:
    """A sum of two answers, clipped, as the nearest multiple of 2^-places; the lower one on a tie."""
    top, shift = 1 << fraction, fraction - places
    held = mux(total.signed_more(top), top, mux(total.signed_less(-top), -top, total))
    raised = held + ((1 << shift - 1) - 1) if shift else held
    return raised[shift : shift + places + 2]


@dataclass(frozen=True, slots=True)
class _Clock:
    """Whose turn it is: the label of the round (``odd``: 1) or of the sample, the label of A's round, how many answers
    to a query there are, and at which query of its round A is."""

    odd: Bits
    own: Bits
    place: Bits
    through: Bits
    last: Bits


def _clock(design: Design, rounds: int, p: int, label: Bits | None) -> _Clock:
    """The clock of a machine that asks each of p queries in so many rounds; ``label`` is that of the sample, where both
    labels are asked about, and without it rounds are about label 1 and 0 in turns."""
    odd = design.state("odd", start=1) if label is None else label
    own = design.state("own", start=1)
    count, place = design.state("count", max(1, (rounds - 1).bit_length())), design.state("place", p.bit_length())
    through = count == rounds - 1
    last = through & (place == p - 1)
    if label is None:
        design.becomes(odd, ~odd)
    design.becomes(own, own ^ last)
    design.becomes(count, mux(through, 0, count + 1))
    design.becomes(place, mux(last, 0, mux(through, place + 1, place)))
    return _Clock(odd, own, place, through, last)


def _answers(design: Design, clock: _Clock, found: Bits, p: int) -> list[Bits]:
    """The answers to the p queries of A's round: the earlier ones are kept, the last one is at hand."""
    kept = []
    for j in range(p - 1):
        row = design.state(f"answered{j}", len(found))
        design.becomes(row, mux(clock.through & (clock.place == j), found, row))
        kept.append(row)
    return [*kept, found]


def _asking(machine: QueryMachine, q: int, fraction: int, mean: Mean, *, both: bool) -> QueryMachine:
    """The machine that asks each query in 2q rounds (in q, about ``both`` labels), and hands what ``mean`` makes of the
    sum of the answers to A."""
    design, p, inner, many = Design(), machine.parallel, machine.machine, q if both else 2 * q
    x, answer = design.input("x", machine.inputs + both), design.input("answer0", fraction + 2)
    given = dict(zip(machine.port("x"), x, strict=False))
    if machine.random_bits:
        given |= zip(machine.port("random"), design.input("random", machine.random_bits), strict=True)
    clock = _clock(design, many, p, x[machine.inputs] if both else None)
    total = design.state("sum", int(sum_bits(many.bit_length(), fraction)))
    now = total + answer.extended(len(total), signed=True)
    design.becomes(total, mux(clock.through, 0, now))
    for j, row in enumerate(_answers(design, clock, mean(now), p)):
        given |= zip(machine.port(f"answer{j}"), row, strict=True)
    first = machine.start()
    state = {name: design.state(f"state{i}", start=first[name]) for i, name in enumerate(inner.state)}
    exposed = inner.exposed()
    found = design.builder.stamp(exposed, [(given | state)[name].literals[0] for name in exposed.inputs])
    bits = {name: Bits(design.builder, (literal,), name) for name, literal in found.items()}
    for name, held in state.items():
        design.becomes(held, mux(clock.last, bits[f"s {name}"], held))
    mine, width = ~(clock.odd ^ clock.own), machine.width("query0")
    asked = [[bits[f"o {name}"] for name in machine.port(f"query{j}")] for j in range(p)]
    here = [concat(*((clock.place == j) & row[i] for j, row in enumerate(asked))).any() for i in range(width)]
    design.output("query0", concat(*(bit & mine for bit in here)))
    design.output("predict", concat(*(bits[f"o {name}"] for name in machine.port("predict"))))
    return replace(machine, machine=design.machine(), rounds=many * p * machine.rounds, answer_fraction=fraction)
