"""The learners that ask queries, as query machines written in bits; each agrees with its method bit for bit.

Answers are signed fixed-point numbers with ``fraction`` binary places, from -1 to 1.
"""

from constructions.computation.bits import Bits, concat, mux, select
from constructions.computation.design import Design
from constructions.computation.query_machine import QueryMachine
from constructions.foundations.exact import Number, rational, whole


def _design_with_answers(n: int, p: int, fraction: int) -> tuple[Design, Bits, list[Bits]]:
    """A design with the point and p answers."""
    design = Design()
    x = design.input("x", whole(n, where="n", least=1))
    return design, x, [design.input(f"answer{j}", whole(fraction, where="fraction") + 2) for j in range(p)]


def _kept_twice(design: Design, answers: list[Bits]) -> tuple[Bits, list[Bits], list[Bits]]:
    """State that keeps the answers of two rounds: whether it is the second, and both."""
    second = design.state("second")
    design.becomes(second, 1)
    kept = []
    for round_ in (1, 2):
        row = [design.state(f"round{round_}_{j}", len(answer)) for j, answer in enumerate(answers)]
        for old, new in zip(row, answers, strict=True):
            design.becomes(old, mux(second, old, new) if round_ == 1 else mux(second, new, old))
        kept.append(row)
    return second, kept[0], kept[1]


def best_literal_machine(n: int, *, fraction: int) -> QueryMachine:
    """The literal that agrees with the label most often, as ``learning.learners.best_literal``: n + 1 queries in each
    of two rounds.

    >>> machine = best_literal_machine(2, fraction=3)
    >>> machine.rounds, machine.parallel, machine.inputs
    (2, 3, 2)
    """
    design, x, answers = _design_with_answers(n, n + 1, fraction)
    _, ones, zeros = _kept_twice(design, answers)
    design.output("query0", design.constant(1, 1))
    for j in range(n):
        design.output(f"query{j + 1}", x[j])
    width = fraction + 4
    one, zero = ([answer.extended(width, signed=True) for answer in row] for row in (ones, zeros))
    best, found = one[1] + zero[0] - zero[1], x[0]
    candidates = [(one[j] + zero[0] - zero[j], x[j - 1]) for j in range(2, n + 1)]
    flipped = [(one[0] - one[j] + zero[j], ~x[j - 1]) for j in range(1, n + 1)]
    for agreement, literal in [
        entry for j in range(n) for entry in (candidates[j - 1 : j] if j else []) + [flipped[j]]
    ]:
        better = agreement.signed_more(best)
        best, found = mux(better, agreement, best), mux(better, literal, found)
    design.output("predict", found)
    return QueryMachine(machine=design.machine(), rounds=2, answer_fraction=fraction)


def correlations_machine(n: int, *, fraction: int) -> QueryMachine:
    """The linear threshold of correlations, as ``learning.learners.correlations``: signed queries of n values 1/2 or
    -1/2.

    >>> correlations_machine(2, fraction=3).query_format
    Fixed(width=2, fraction=1, signed=True)
    """
    design, x, answers = _design_with_answers(n, n, fraction)
    _, ones, zeros = _kept_twice(design, answers)
    for j in range(n):
        design.output(f"query{j}", concat(design.constant(1, 1), ~x[j]))
    width = fraction + 4 + n.bit_length()
    total = design.constant(0, width)
    for j in range(n):
        weight = ones[j].extended(width, signed=True) - zeros[j].extended(width, signed=True)
        total = total + mux(x[j], weight, -weight)
    negative, none = total[-1], total == 0
    design.output("predict", concat(none, ~(negative | none)))
    machine = design.machine()
    return QueryMachine(
        machine=machine, rounds=2, signed=True, query_fraction=1, answer_fraction=fraction, predict_fraction=1
    )


def conjunction_machine(n: int, *, fraction: int, tau: Number) -> QueryMachine:
    """A conjunction of bits of x in {0,1}^n, by 2n queries and as many idle rounds, as
    ``learning.learners.query_conjunction``.

    >>> conjunction_machine(2, fraction=4, tau="1/8").rounds
    8
    """
    design, x, (answer,) = _design_with_answers(n, 1, fraction)
    bound = int(2 * rational(tau, where="tau") * 2**fraction // 1)
    turn = design.state("turn", (2 * n).bit_length())
    idle = design.state("idle")
    design.becomes(idle, ~idle)
    design.becomes(turn, mux(idle, turn + 1, turn))
    breaks = [x[i] if value == 0 else ~x[i] for i in range(n) for value in (0, 1)]
    design.output("query0", select(turn, breaks) & ~idle)
    large = answer.signed_more(bound) if bound < 1 << fraction + 1 else design.constant(0, 1)
    spared = design.constant(1, 1)
    for j, broken in enumerate(breaks):
        dropped = design.state(f"dropped{j}")
        design.becomes(dropped, mux((turn == j) & ~idle, large, dropped))
        spared = spared & (dropped | ~broken)
    design.output("predict", spared)
    return QueryMachine(machine=design.machine(), rounds=4 * n, answer_fraction=fraction)
