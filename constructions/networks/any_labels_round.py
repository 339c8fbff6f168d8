"""The computation of a round that reads a whole batch whose labels need be no function of the point, as circuits.

A round has two copies of the signed memory for each query: a *steep* one tells <G, r>, and with this known a *plain*
one tells <N_1, r>, N_1 being the points with label 1. So <N_0, r> = <G, r> + <N_1, r> is known too, and N_0 and N_1 are
decoded as batches of their own (:mod:`constructions.computation.batch_gates`). The learner takes the points with label
0, then those with label 1.

The clock is that of the steep copies, and for even b the plain copy that asks the constant too: if the balance is 0,
half of the points have the label 1, and the record of this copy is not 0.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import floor

from constructions.computation import arithmetic
from constructions.computation.arithmetic import Literals
from constructions.computation.batch_gates import BatchGates, DecodedBatch, digits_of_entries
from constructions.computation.batch_samples import WrittenSample, written_samples
from constructions.computation.builder import FALSE, TRUE, Builder
from constructions.computation.field_gates import FieldGates
from constructions.computation.flat import FlatCircuit
from constructions.computation.machines import Machine
from constructions.networks.batch_round import NOW, BatchRound, clock_copies, sides, sum_from_digits
from constructions.networks.round_circuit import CLOCK, kept, steadied, turn, with_vertices
from constructions.networks.signed_memory import middle_of, signed_bits
from constructions.strip.family import PowerFamily


def bits_of(port: str, literals: Literals) -> dict[str, int]:
    """The inputs of a ``port`` that has these literals.

    >>> bits_of("x", [FALSE]) == {"x": FALSE}, list(bits_of("x", [FALSE, TRUE]))
    (True, ['x[0]', 'x[1]'])
    """
    return {port if len(literals) == 1 else f"{port}[{i}]": bit for i, bit in enumerate(literals)}


def constant(value: int, width: int) -> Literals:
    """The ``width`` places of a whole number, the ``value``, in two's complement.

    >>> constant(-1, 2) == [TRUE, TRUE]
    True
    """
    return [TRUE if value >> i & 1 else FALSE for i in range(width)]


@dataclass(frozen=True, slots=True)
class OnesFromDigits:
    """Writes the sum <N_1, r> from the digits of a plain copy.

    Parameters
    ----------
    builder : what the gates are written into. rho, b, held : the precision, the points of a batch, and c.
    """

    builder: Builder
    rho: Fraction
    b: int
    held: Fraction

    def most(self, balance: int, least: int) -> int:
        """The greatest record at which the sum is at least ``least``, where <G, r> is ``balance``: the sum that is
        nearest to (c <G, r> - b rho k)/(1 - 2c) among those of one parity.

        >>> OnesFromDigits(Builder(), Fraction(1, 2), 1, Fraction(1, 4)).most(-1, 1)
        -1
        """
        return floor((self.held * balance - (least - 1) * (1 - 2 * self.held)) / (self.b * self.rho))

    def written(self, digits: Literals, balance: Literals, odd: int) -> Literals:
        """<N_1, r> in two's complement, from the ``digits`` of a plain copy, <G, r>, the ``balance``, and whether the
        number of points with label 1 is ``odd``.

        >>> reader = OnesFromDigits(Builder(), Fraction(1, 2), 1, Fraction(1, 4))
        >>> reader.written([TRUE, FALSE, TRUE], constant(-1, 2), TRUE) == constant(1, 2)  # the record is -1
        True
        """
        builder, b, width = self.builder, self.b, digits_of_entries(self.b)
        found: list[int] = [FALSE] * width
        for parity in (0, 1):
            lowest = -b if (b - parity) % 2 == 0 else 1 - b
            reached = [self._reached(digits, balance, least) for least in range(lowest + 2, b + 1, 2)]
            many = [FALSE, *arithmetic.counted(builder, reached)] if reached else [FALSE]
            places = (many + [FALSE] * width)[:width]
            total = arithmetic.added(builder, places, constant(lowest, width))[0]
            here = odd if parity else odd ^ 1
            found = [builder.either(one, builder.both(here, bit)) for one, bit in zip(found, total, strict=True)]
        return found

    def _reached(self, digits: Literals, balance: Literals, least: int) -> int:
        """Whether the sum is at least ``least``."""
        builder, middle = self.builder, middle_of(len(digits))
        found = []
        for value in range(-self.b, self.b + 1, 2):
            lowest = middle - self.most(value, least)  # the digits read the middle less the record
            bound = [TRUE if lowest >> i & 1 else FALSE for i in range(len(digits))]
            inside = 0 <= lowest < 1 << len(digits)
            enough = arithmetic.less(builder, bound, digits, equal=True) if inside else TRUE if lowest < 0 else FALSE
            here = arithmetic.same(builder, balance, constant(value, len(balance)))
            found.append(builder.both(here, enough))
        return builder.some(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyLabelsRound:
    """What a round computes is decided by a learner, a family of queries, a precision, and what the output is held at.

    Parameters
    ----------
    machine, family, rho : as in :class:`~constructions.networks.batch_round.BatchRound`. held : c, below 1/2.

    >>> from constructions.computation.sample_learners import conjunction_learner, fed
    >>> machine = fed(conjunction_learner(1), 1)
    >>> made = AnyLabelsRound(machine=machine, family=PowerFamily(1, 1), rho=Fraction(1, 2), held=Fraction(1, 8))
    >>> [name for name in made.circuit().outputs if name.startswith("minus idle")], made.clock
    (['minus idle 0', 'minus idle 1', 'minus idle 2', 'minus idle 3'], (0,))
    >>> list(made.predictor().outputs), made.bits
    (['value 0', 'steady'], 3)
    """

    machine: Machine
    family: PowerFamily
    rho: Fraction
    held: Fraction

    @property
    def bits(self) -> int:
        """The digits of a copy."""
        return signed_bits(self.rho)

    @property
    def clock(self) -> tuple[int, ...]:
        """The copies that serve as the clock."""
        steep = tuple(range(clock_copies(self.family)))
        return steep if self.family.b % 2 else (*steep, self.family.size)

    @property
    def random_bits(self) -> int:
        """How many coins are tossed for a round: none."""
        return 0

    def predictor(self) -> FlatCircuit:
        """The computation behind the last round: that of the learner."""
        return BatchRound(machine=self.machine, family=self.family, rho=self.rho).predictor()

    def circuit(self) -> FlatCircuit:
        """The computation of a round, with inputs and outputs as that of
        :class:`~constructions.networks.batch_round.BatchRound`, for the steep copies and then the plain ones."""
        builder, size = Builder(), self.family.size
        x = [builder.input(f"x {i}") for i in range(self.family.n)]
        before = builder.input(CLOCK)
        known = {name: builder.input(f"state {i}") for i, name in enumerate(self.machine.state)}
        digits = [[builder.input(f"digit {c} {i}") for i in range(self.bits)] for c in range(2 * size)]
        middle = constant(middle_of(self.bits), self.bits)
        clock = builder.some([arithmetic.same(builder, digits[c], middle) ^ 1 for c in self.clock])
        now = turn(builder, before, clock)
        following = self._after(builder, known, self.samples(builder, digits))
        outputs = {CLOCK: clock, NOW: now}
        outputs |= {f"state {i}": kept(builder, clock, bit) for i, bit in enumerate(following.values())}
        seen = [builder.both(place, now) for place in x]
        powers = FieldGates(builder, self.family.field).odd_powers(seen, self.family.b)
        for c, bit in enumerate(2 * [FALSE, *(bit for power in powers for bit in power)]):
            outputs |= {f"{name} {c}": literal for name, literal in sides(builder, now, bit).items()}
        apart = [CLOCK, *(f"state {i}" for i in range(len(following)))]
        return steadied(with_vertices(builder.circuit(None, outputs), apart=apart), value=True)

    def samples(self, builder: Builder, digits: list[Literals]) -> list[WrittenSample]:
        """The samples that the ``digits`` of all copies tell, written by a ``builder``.

        >>> from constructions.computation.sample_learners import conjunction_learner, fed
        >>> machine, rho = fed(conjunction_learner(1), 1), Fraction(1, 2)
        >>> made = AnyLabelsRound(machine=machine, family=PowerFamily(1, 1), rho=rho, held=Fraction(1, 8))
        >>> read = [constant(4 - record, 3) for record in (-2, -2, -2, -2)]  # G is -1, and N_1 is 1, at the point 0
        >>> made.samples(Builder(), read) == [WrittenSample(TRUE, TRUE, [FALSE])]
        True
        """
        b, size = self.family.b, self.family.size
        balances = [sum_from_digits(builder, row, rho=self.rho, b=b) for row in digits[:size]]
        width = len(balances[0])
        number = arithmetic.subtracted(builder, constant(b, width + 1), [*balances[0], balances[0][-1]])[0][1:]
        reader = OnesFromDigits(builder, self.rho, b, self.held)
        rows = zip(digits[size:], balances, strict=True)
        ones = [reader.written(row, balance, number[0]) for row, balance in rows]
        zeros = [arithmetic.added(builder, one, other)[0] for one, other in zip(balances, ones, strict=True)]
        gates = BatchGates(builder, self.family)
        of_0, of_1 = gates.decoded(zeros), gates.decoded(ones)
        less = [arithmetic.subtracted(builder, [FALSE] * len(entry), entry)[0] for entry in of_1.entries]
        agree = builder.both(of_0.agrees, of_1.agrees)
        return written_samples(builder, DecodedBatch(of_0.points + of_1.points, of_0.entries + less, agree), b)

    def _after(self, builder: Builder, known: dict[str, int], samples: list[WrittenSample]) -> dict[str, int]:
        """The learner's state, from the ``known`` one, when it has taken samples."""
        machine = self.machine
        for sample in samples:
            given = known | {"taken": sample.taken, "label": sample.label} | bits_of("point", sample.point)
            inputs = [given.get(name, FALSE) for name in machine.circuit.inputs]
            found = builder.stamp(machine.exposed(), inputs)
            known = {name: found[f"s {name}"] for name in machine.state}
        return known
