"""What a learner from samples asks and does in a round that reads a whole batch, as gates.

Its queries are those of a family (:mod:`constructions.strip.family`), with values 1 and -1. An *answer* tells how many
of the b samples (x, y) have (-1)^y r(x) = 1, as b bits: bit i says that they are more than i. So it is the sum <G, r>
again, which is twice that number less b. The sums are decoded to the batch, the batch to its samples
(:mod:`constructions.computation.batch_gates`, :mod:`constructions.computation.batch_samples`), and the learner takes
these one after the other. A learner that tosses coins has an input ``coin``; each sample gets bits of its own.

The functions share their arguments: ``builder`` writes the gates, ``family`` has the queries, and ``learner`` is the
machine that takes one sample at a time (:func:`constructions.computation.sample_learners.fed`).

>>> from constructions.computation.sample_learners import conjunction_learner, fed
>>> learner = fed(conjunction_learner(1), 1)
>>> state = [TRUE if bit else FALSE for bit in learner.first_state().values()]
>>> after = after_answers(Builder(), PowerFamily(1, 1), learner, state, [[FALSE], [TRUE]], [])  # (x, y) is (1, 1)
>>> {name: literal == TRUE for name, literal in zip(learner.state, after, strict=True)}
{'number': True, 'not0': True, 'not1': False}
"""

from collections.abc import Mapping, Sequence

from constructions.computation import arithmetic
from constructions.computation.arithmetic import Literals
from constructions.computation.batch_gates import BatchGates
from constructions.computation.batch_samples import written_samples
from constructions.computation.builder import FALSE, TRUE, Builder
from constructions.computation.field_gates import FieldGates
from constructions.computation.machines import Machine
from constructions.strip.family import PowerFamily


def coins_of(learner: Machine) -> int:
    """How many coins a learner tosses for each sample: the bits of its input ``coin``.

    >>> from constructions.computation.sample_learners import fed, parity_learner
    >>> coins_of(fed(parity_learner(1), 1))
    0
    """
    return sum(name.partition("[")[0] == "coin" for name in learner.inputs)


def vector(port: str, width: int) -> list[str]:
    """The names of the bits of a port of a ``width``; a vector of one bit has no index.

    >>> vector("x", 1), vector("x", 2)
    (['x'], ['x[0]', 'x[1]'])
    """
    return [port] if width == 1 else [f"{port}[{i}]" for i in range(width)]


def negative_queries(builder: Builder, family: PowerFamily, x: Literals) -> Literals:
    """For each query of the family whether it is -1 at the point x; the first is the constant 1.

    >>> builder = Builder()
    >>> x = [builder.input("x")]
    >>> negative_queries(builder, PowerFamily(1, 1), x) == [FALSE, *x]
    True
    """
    powers = FieldGates(builder, family.field).odd_powers(x, family.b)
    return [FALSE, *(bit for power in powers for bit in power)]


def sum_of_answer(builder: Builder, answer: Literals, b: int) -> Literals:
    """The sum <G, r> in two's complement, from the b bits of an ``answer``: twice how many are set, less b.

    >>> found = [sum_of_answer(Builder(), [TRUE] * i + [FALSE] * (2 - i), 2) for i in range(3)]
    >>> [sum((bit == TRUE) << i for i, bit in enumerate(total)) for total in found]  # -2, 0, 2 modulo 8
    [6, 0, 2]
    """
    width = b.bit_length() + 1
    many = [FALSE, *arithmetic.counted(builder, answer)]
    places = (many + [FALSE] * width)[:width]
    return arithmetic.subtracted(builder, places, [TRUE if b >> i & 1 else FALSE for i in range(width)])[0]


def after_answers(
    builder: Builder,
    family: PowerFamily,
    learner: Machine,
    state: Literals,
    answers: Sequence[Literals],
    coins: Literals,
) -> Literals:
    """The learner's state when it has taken the samples that the ``answers`` tell; of the ``coins`` of the round each
    sample has its own."""
    b, many = family.b, coins_of(learner)
    sums = [sum_of_answer(builder, answer, b) for answer in answers]
    for i, sample in enumerate(written_samples(builder, BatchGates(builder, family).decoded(sums), b)):
        given = {"taken": [sample.taken], "label": [sample.label], "point": sample.point}
        given["coin"] = list(coins[i * many : (i + 1) * many])
        state = stamped(builder, learner, state, given)[0]
    return state


def stamped(
    builder: Builder, learner: Machine, state: Literals, given: Mapping[str, Literals]
) -> tuple[Literals, Literals]:
    """The learner's next state and its prediction, given some of its inputs by their ports (the others are 0).

    >>> from constructions.computation.sample_learners import conjunction_learner, fed
    >>> learner = fed(conjunction_learner(1), 1)
    >>> state = [TRUE if bit else FALSE for bit in learner.first_state().values()]
    >>> stamped(Builder(), learner, state, {"x": [TRUE]})[1] == [FALSE]  # x and not x, before it has seen anything
    True
    """
    known = dict(zip(learner.state, state, strict=True))
    for port, literals in given.items():
        known |= dict(zip(vector(port, len(literals)), literals, strict=True))
    found = builder.stamp(learner.exposed(), [known.get(name, FALSE) for name in learner.circuit.inputs])
    return [found[f"s {name}"] for name in learner.state], [found[f"o {name}"] for name in learner.outputs]
