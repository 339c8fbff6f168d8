"""The computation of one round that reads a whole batch, and of the predictor behind the last round, as circuits.

A round has a copy of the signed memory for each query of the family (:mod:`constructions.strip.family`). It reads their
digits, the clock and the state before it, and x. A record other than 0 shows as digits that are not the middle of their
range. With ``clock`` the OR of this over the copies that serve as the clock, and ``now`` = clock before and not clock,

* x reaches the queries only through ``now``; copy c has its plus side active if it is now and its query is 1 at x, its
  minus side if it is -1;
* the digits are read as the sums <G, r>, these as a batch (:mod:`constructions.computation.batch_gates`), this as b
  samples, and the learner takes them one after the other; the next state is ``clock`` and what it is then.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from constructions.computation import arithmetic
from constructions.computation.arithmetic import Literals
from constructions.computation.batch_machine import BatchMachine, batch_machine
from constructions.computation.batch_updates import coins_of, sum_of_answer
from constructions.computation.builder import FALSE, TRUE, Builder
from constructions.computation.flat import FlatCircuit
from constructions.computation.machines import Machine
from constructions.networks.round_circuit import CLOCK, kept, steadied, turn, with_vertices
from constructions.networks.signed_memory import middle_of, signed_bits
from constructions.strip.family import PowerFamily

NOW = "now"


def clock_copies(family: PowerFamily) -> int:
    """How many copies serve as the clock, the first ones of a ``family``: for odd b the constant's, for even b n b/2
    + 1.

    >>> clock_copies(PowerFamily(3, 5)), clock_copies(PowerFamily(3, 4))
    (1, 7)
    """
    return 1 if family.b % 2 else family.n * (family.b // 2) + 1


def thresholds(rho: Fraction, b: int) -> list[int]:
    """The least records, in units of the precision rho, at which the sum is at least 2 - b, 4 - b, ..., b, for batches
    of b points.

    >>> thresholds(Fraction(13, 20), 2)
    [0, 1]
    """
    return [ceil(Fraction(2 * i - 1 - b) / (b * rho)) for i in range(1, b + 1)]


def answer_from_digits(builder: Builder, digits: Literals, *, rho: Fraction, b: int) -> Literals:
    """The answer, written by a ``builder``, from the ``digits`` of a copy: bit i says whether the record is at least
    the number i of :func:`thresholds`, so whether the sum is at least 2 (i + 1) - b."""
    middle, top = middle_of(len(digits)), 1 << len(digits)
    reached = []
    for least in thresholds(rho, b):
        most = middle - least  # the digits read the middle less the record
        bound = [TRUE if most >> i & 1 else FALSE for i in range(len(digits))]
        inside = 0 <= most < top
        reached.append(
            arithmetic.less(builder, digits, bound, equal=True) if inside else TRUE if most >= top else FALSE
        )
    return reached


def sum_from_digits(builder: Builder, digits: Literals, *, rho: Fraction, b: int) -> Literals:
    """The sum <G, r> in two's complement, written by a ``builder``, from the ``digits`` of a copy: the integer of b's
    parity that is nearest to b times the record times rho, held within -b and b.

    >>> digits = [[TRUE if read >> i & 1 else FALSE for i in range(3)] for read in (2, 3, 4, 5)]
    >>> sums = [sum_from_digits(Builder(), one, rho=Fraction(13, 20), b=2) for one in digits]  # nothing is written
    >>> [sum((bit == TRUE) << i for i, bit in enumerate(total)) for total in sums]  # 2, 2, 0, -2 modulo 8
    [2, 2, 0, 6]
    """
    return sum_of_answer(builder, answer_from_digits(builder, digits, rho=rho, b=b), b)


def sides(builder: Builder, now: int, bit: int) -> dict[str, int]:
    """What drives the sides of a copy, written by a ``builder``, from whether it is ``now`` and the ``bit`` that says
    that the query is -1: whether the plus side is idle, whether the minus side is, and whether the minus side is
    active.

    >>> builder = Builder()
    >>> list(sides(builder, builder.input("now"), builder.input("bit")))
    ['plus idle', 'minus idle', 'minus']
    """
    minus = builder.both(now, bit)
    return {"plus idle": builder.both(now, bit ^ 1) ^ 1, "minus idle": minus ^ 1, "minus": minus}


def batch_gating() -> FlatCircuit:
    """What a round does to one query, the bit that says whether it is -1, and to one bit of the state, as a circuit of
    its own.

    >>> print(*(f"{name}: {bit}" for name, bit in batch_gating()(before=1, clock=0, bit=1, update=1).items()), sep=", ")
    now: True, plus idle: True, minus idle: False, minus: True, kept: False
    """
    builder = Builder()
    before, clock, bit, update = (builder.input(name) for name in ("before", CLOCK, "bit", "update"))
    now = turn(builder, before, clock)
    outputs = {NOW: now, **sides(builder, now, bit), "kept": kept(builder, clock, update)}
    return builder.circuit(None, outputs)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRound:
    """What a round computes is decided by a learner, a family of queries and a precision.

    Parameters
    ----------
    machine : takes one sample at a time, with inputs ``x``, ``taken``, ``label``, ``point``
        (:func:`constructions.computation.sample_learners.fed`).
    family, rho : the queries, and the gradient precision.

    >>> from constructions.computation.sample_learners import fed, parity_learner
    >>> made = BatchRound(machine=fed(parity_learner(1), 1), family=PowerFamily(1, 1), rho=Fraction(1, 2))
    >>> print(*(name for name in made.circuit().outputs if not name.startswith("state")), sep=", ")
    clock, now, plus idle 0, minus idle 0, minus 0, plus idle 1, minus idle 1, minus 1, steady
    >>> list(made.predictor().outputs)
    ['value 0', 'steady']
    """

    machine: Machine
    family: PowerFamily
    rho: Fraction

    @property
    def bits(self) -> int:
        """The digits of a copy."""
        return signed_bits(self.rho)

    @property
    def whole(self) -> BatchMachine:
        """The learner as a machine that reads whole batches, for one round; its circuits are the network's."""
        return batch_machine(self.machine, self.family, rounds=1)

    @property
    def random_bits(self) -> int:
        """How many coins are tossed for a round: each sample has its own."""
        return self.family.b * coins_of(self.machine)

    def circuit(self) -> FlatCircuit:
        """The computation of a round: inputs ``x i``, ``clock``, ``state i``, ``random i`` and ``digit c i``; outputs
        ``clock``, ``now``, ``state i``, ``plus idle c``, ``minus idle c``, ``minus c`` (its minus side is active) and
        ``steady``."""
        builder = Builder()
        x = [builder.input(f"x {i}") for i in range(self.family.n)]
        before = builder.input(CLOCK)
        state = [builder.input(f"state {i}") for i in range(len(self.machine.state))]
        coins = [builder.input(f"random {i}") for i in range(self.random_bits)]
        digits = [[builder.input(f"digit {c} {i}") for i in range(self.bits)] for c in range(self.family.size)]
        clock = builder.some([self._written(builder, row) for row in digits[: clock_copies(self.family)]])
        now = turn(builder, before, clock)
        outputs = {CLOCK: clock, NOW: now}
        answers = [answer_from_digits(builder, row, rho=self.rho, b=self.family.b) for row in digits]
        whole, given = self.whole, {"x": [builder.both(place, now) for place in x], "random": coins}
        known = dict(zip(whole.machine.state, state, strict=True)) | _named(whole, given)
        known |= _named(whole, {f"answer{j}": answer for j, answer in enumerate(answers)})
        found = _stamped(builder, whole.update, known)
        following = [found[name] for name in whole.machine.state]
        outputs |= {f"state {i}": kept(builder, clock, literal) for i, literal in enumerate(following)}
        asked = _stamped(builder, whole.query, known)
        for c in range(self.family.size):
            found = sides(builder, now, asked[f"query{c}"])
            outputs |= {f"{name} {c}": literal for name, literal in found.items()}
        apart = [CLOCK, *(f"state {i}" for i in range(len(state)))]
        return steadied(with_vertices(builder.circuit(None, outputs), apart=apart), value=True)

    def predictor(self) -> FlatCircuit:
        """The computation behind the last round: ``value i`` is a bit of the prediction and ``clock``."""
        builder = Builder()
        x = [builder.input(f"x {i}") for i in range(self.family.n)]
        clock = builder.input(CLOCK)
        state = [builder.input(f"state {i}") for i in range(len(self.machine.state))]
        whole = self.whole
        known = dict(zip(whole.machine.state, state, strict=True))
        found = _stamped(
            builder, whole.predictor, known | _named(whole, {"x": [builder.both(bit, clock) for bit in x]})
        )
        bits = [found[name] for name in whole.port("predict")]
        outputs = {f"value {i}": kept(builder, clock, literal) for i, literal in enumerate(bits)}
        read = [f"x {i}" for i in range(self.family.n)]
        return steadied(with_vertices(builder.circuit(None, outputs)), value=True, but=read)

    def _written(self, builder: Builder, digits: Literals) -> int:
        """Whether the digits are not the middle of their range."""
        return builder.every([digits[-1], *(digit ^ 1 for digit in digits[:-1])]) ^ 1


def _named(machine: BatchMachine, given: Mapping[str, Literals]) -> dict[str, int]:
    """Literals by the names of the bits of their ports."""
    return {
        name: literal
        for port, literals in given.items()
        for name, literal in zip(machine.port(port), literals, strict=True)
    }


def _stamped(builder: Builder, circuit: FlatCircuit, known: Mapping[str, int]) -> dict[str, int]:
    """A circuit written again over what is known of its inputs; the others are 0."""
    return builder.stamp(circuit, [known.get(name, FALSE) for name in circuit.inputs])
