"""The computation of a round that asks about both labels at once (S6 on networks).

A round holds the output at 1 + offset rho, as one of Q' does, and has up to three copies for each query phi of 0 and 1
(:mod:`constructions.networks.both_labels`). At a point x

* a usual copy acts where phi is 1 on label 0 alone, and records of it the samples of label 0;
* a steep copy acts where phi is 1 on label 1, and records all samples there;
* another usual copy acts where phi is 1 on label 1 alone, and records the samples of label 0 there: those that the
  steep copy has counted and phi has not.

So the mean of phi over the batch is the first, and the second less the third. The machine is one on both labels
(:mod:`constructions.computation.both_labels`), which finds the label as the last bit of x.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from constructions.computation.bits import Bits
from constructions.computation.builder import FALSE, TRUE, Builder
from constructions.computation.query_machine import QueryMachine
from constructions.errors import PremiseError
from constructions.foundations.exact import Number
from constructions.networks.budget import error_bounds
from constructions.networks.decoder import Decoder
from constructions.networks.queries import bits_for
from constructions.networks.round_circuit import Asked, QueryCopy, QueryStyle, given_literals, is_binary

STEEP = 1
"""The place of a steep copy; that of a usual one is 0."""


def alone(j: int) -> QueryCopy:
    """The usual copy that acts where query ``j`` is 1 on label 0 alone.

    >>> alone(2).name
    'query2+0'
    """
    return QueryCopy(j, 1, 0)


def counted(j: int) -> QueryCopy:
    """The steep copy that acts where query ``j`` is 1 on label 1.

    >>> counted(2).name
    'query2+1'
    """
    return QueryCopy(j, 1, STEEP)


def taken_off(j: int) -> QueryCopy:
    """The usual copy that acts where query ``j`` is 1 on label 1 alone.

    >>> taken_off(2).name
    'query2-0'
    """
    return QueryCopy(j, -1, 0)


def told_of_both(first: Number, steep: Number, third: Number, gain: Number) -> Number:
    """The mean of a query, in units of the precision, from what its three copies read.

    Parameters
    ----------
    first, steep, third : what is read of them. gain : that of a usual copy.

    >>> told_of_both(Fraction(3), Fraction(8), Fraction(0), Fraction(3, 4))
    Fraction(12, 1)
    """
    return (first - third) / gain + steep


@dataclass(frozen=True, kw_only=True)
class BothDecoder(Decoder):
    """The numbers of a decoder of answers on both labels: 4 times a usual copy's record, less that of the other one,
    and 3 times the steep one's, for the gain 3/4. The sum may be negative, so it is ``signed``, and one digit of a
    query is asked, as it is ``binary``.

    Raises
    ------
    PremiseError
        For a setting with another gain than 3/4 or another rate than 1: strong and dyadic have these.

    >>> from constructions.networks.queries import DYADIC
    >>> made = BothDecoder(setting=DYADIC, rho=Fraction(1, 16), answer_fraction=8)
    >>> made.bits, made.places, [str(bound / made.rho) for bound in made.read_error]
    (5, (4, 2, 1), ['-31/8', '31/8'])
    >>> str(made.answer(made.total([3, 8, 8], [0, 0, 0])))  # 12 rho
    '3/4'
    """

    signed: bool = field(default=True, init=False)
    binary: bool = field(default=True, init=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.setting.record_gain != Fraction(3, 4) or self.setting.rate != 1:
            raise PremiseError(
                f"need copies of the gain 3/4 at the rate 1 to ask about both labels, got {self.setting.record_gain} "
                f"and {self.setting.rate} ({self.setting.name})"
            )

    @cached_property
    def bits(self) -> int:
        """One digit more than a usual copy needs, as a steep one records all of a batch."""
        return bits_for(self.rho) + 1

    @cached_property
    def places(self) -> tuple[int, ...]:
        """What records count: a usual one 4, and a steep one, which is given twice, 2 and 1."""
        return 4, 2, 1

    @cached_property
    def unit(self) -> Fraction:
        """How much an answer's code rises with S, if it were not rounded."""
        return Fraction(self.rho / 3 * (1 << self.answer_fraction))

    @cached_property
    def read_error(self) -> tuple[Fraction, Fraction]:
        """How far S rho/3 can be below and above the mean: two usual read-outs, and the rounding of a steep one."""
        low, high = (bound * self.rho for bound in error_bounds(self.setting))
        rounding = Fraction(3, 4) * self.rho
        return low - high - rounding, high - low + rounding


def _value(machine: QueryMachine, builder: Builder, x: Sequence[int], state: Sequence[int], y: int) -> list[int]:
    """For each query whether it is 1 on a label."""
    known = {"x": [*x, TRUE if y else FALSE], "state": state}
    found = builder.stamp(machine.query, given_literals(machine, known))
    return [builder.some([found[name] for name in machine.port(f"query{j}")]) for j in range(machine.parallel)]


def _asked(machine: QueryMachine, decoder: Decoder, builder: Builder, x: Sequence[int], state: Sequence[int]) -> Asked:
    asked: Asked = {}
    zero, one = (_value(machine, builder, x, state, y) for y in (0, 1))
    for j, (on_zero, on_one) in enumerate(zip(zero, one, strict=True)):
        asked[alone(j)] = builder.both(on_zero, on_one ^ 1)
        asked[counted(j)] = on_one
        asked[taken_off(j)] = builder.both(on_zero ^ 1, on_one)
    return asked


def _answer(
    machine: QueryMachine, decoder: Decoder, builder: Builder, digits: Mapping[QueryCopy, Sequence[int]], j: int
) -> Bits:
    def read(copy: QueryCopy) -> Bits:
        return Bits(builder, tuple(digits.get(copy, [FALSE] * decoder.bits)), copy.name)

    steep = read(counted(j))
    return decoder.circuit([read(alone(j)), steep, steep], [read(taken_off(j))], machine.width(f"answer{j}"))


BOTH_LABELS = QueryStyle(_asked, _answer, labels=1)
"""A query is asked on both labels, by usual and steep copies."""


def check_both(machine: QueryMachine) -> QueryMachine:
    """The machine itself. Raises PremiseError unless its queries are 0 and 1 and it has a bit for the label.

    >>> from constructions.computation.both_labels import in_pairs
    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> check_both(in_pairs(best_literal_machine(1, fraction=3))).rounds
    1
    """
    if not is_binary(machine) or machine.signed:
        raise PremiseError(
            f"need queries with the values 0 and 1 to ask about both labels (others digit by digit), got "
            f"{'signed ' if machine.signed else ''}values of {machine.query_fraction} binary places"
        )
    if machine.inputs < 2:
        raise PremiseError(f"need a bit of x and the label, got {machine.inputs} bits")
    return machine
