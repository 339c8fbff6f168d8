"""The running times of Theorems 2b and 2d and of Lemmas 2, 5b, 5d and 7: what A' does in a step, in gates, from those
of A.

The formula is what is written (``averaging.gates``) and is bounded by a polynomial (``averaging.bound``). Each item
adds how many steps there are and how long a sum is.
"""

import random
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

from constructions.computation.averaging import Averaging, MethodInBits
from constructions.computation.averaging_gates import StepSizes, query_gates, step_gates, sum_bits
from constructions.computation.flat import FlatCircuit, Gates
from constructions.computation.tally import gates_written
from constructions.foundations.exact import Number
from constructions.foundations.logic import every
from verify.claims.computation.turing.sizes import grows
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, obligation, registry
from verify.obligations.verdict import Verdict

Formula = Callable[[StepSizes], Number]
NAMES = ("own", "state", "parallel", "sum", "counter", "places", "masked")


def drawn_circuit(inputs: int, outputs: int, gates: int, seed: int) -> FlatCircuit:
    """A circuit of ANDs and ORs of two literals, drawn from a seed.

    >>> circuit = drawn_circuit(2, 1, 3, 0)
    >>> len(circuit.inputs), len(circuit.outputs), len(circuit.gates)
    (2, 1, 3)
    """
    draw, rows = random.Random(seed), []
    for node in range(inputs, inputs + gates):
        nodes = draw.sample(range(node), 2)
        rows.append((draw.choice((1, 2)), tuple(2 * v + draw.randint(0, 1) for v in nodes)))
    last = inputs + gates - 1
    return FlatCircuit(
        inputs=tuple(f"i{k}" for k in range(inputs)),
        gates=Gates.of(rows),
        outputs={f"o{k}": 2 * (last - k) for k in range(outputs)},
    )


def drawn_method(n: int, state: int, parallel: int, width: int, places: int, random_bits: int) -> MethodInBits:
    """A method of these sizes whose circuits are drawn.

    >>> drawn_method(2, 1, 1, 2, 1, 0).parallel
    1
    """
    answers = parallel * (places + 2)
    return MethodInBits(
        query=drawn_circuit(n + 1 + state, parallel * width, 9, 1),
        update=drawn_circuit(state + answers + random_bits, state, 12, 2),
        predict=drawn_circuit(n + state, 1, 5, 3),
        n=n,
        state=state,
        parallel=parallel,
        query_width=width,
        query_fraction=width - 2,
        fraction=places,
        random=random_bits,
    )


def some_methods() -> Iterator[dict[str, Any]]:
    """StepSizes of methods and of what is averaged."""
    for state, parallel, width, places, many in product((1, 3), (1, 2), (2, 4), (0, 3), (1, 2, 5, 8)):
        over = many if many < 5 else many - 1
        yield {"state": state, "parallel": parallel, "width": width, "places": places, "many": many, "over": over}


@obligation(
    "averaging.gates",
    paper="Theorem 2b",
    kind="enumeration",
    domain=some_methods,
    expect=Verdict.CHECKED,
    finite="64 sizes of methods, sums of up to eight values",
    of=lambda case: step_gates,
    twin=lambda case: lambda of: step_gates(of) + 1,
)
def as_many_gates_as_the_formula_says(formula: Formula, case: Case) -> None:
    """The code that writes the machines of Theorem 2b, of Theorem 2d and of Lemma 2, made to write every gate that it
    is asked for, writes as many as the formula says."""
    names = ("state", "parallel", "width", "places", "many", "over")
    state, parallel, width, places, many, over = (int(case.integer(name)) for name in names)
    method = drawn_method(2, state, parallel, width, places, state % 2)
    parts = {"own": 9 + 12 + 5, "state": state, "parallel": parallel, "places": places}
    for two in (False, True):
        made = Averaging(method=method, many=many, over=over, two_labels=two)
        of_rounds = StepSizes(
            sum=made.width_over(places), counter=made.counter, masked=parallel * width if two else 0, **parts
        )
        case.show(f"rounds, {two}", gates_written(made.write_over_rounds) == formula(of_rounds))
        of_samples = StepSizes(sum=made.sum_width, counter=made.counter, **parts)
        case.show(f"samples, {two}", gates_written(made.write_over_samples) == formula(of_samples))


@obligation(
    "averaging.bound",
    paper="Theorem 2b",
    of=lambda case: step_gates,
    twin=lambda case: lambda of: 2 * step_gates(of) + 60 * of.parallel * of.places * of.sum,
)
def a_step_is_polynomial(formula: Formula, case: Case) -> None:
    """If all that a step depends on is at most S >= 1, and what is zero on the other label at most S^2 bits, then a
    step of A' has at most 128 S^3 gates."""
    found, size = {name: case.integer(name) for name in NAMES}, case.integer("S")
    square = size * size
    case.assume(size >= 1, found["masked"] >= 0, found["masked"] <= square)
    for name in NAMES[:-1]:
        case.assume(found[name] >= 0, found[name] <= size)
    of = StepSizes(**found)
    grows(case, of.places, of.sum, size, size)
    grows(case, 1, 1, size, size)
    grows(case, 1, size, size, size)
    grows(case, 1, square, size, square)
    for_a_query = query_gates(of.sum, of.places)
    case.lemma("a query", every(for_a_query >= 0, for_a_query <= 104 * square))
    grows(case, of.parallel, for_a_query, size, 104 * square)
    case.show("at most", formula(of) <= 128 * size * square)


def _time_is_polynomial(formula: Formula, case: Case, *, of_answers: bool, masked: bool) -> None:
    """Bound all steps of A' by what bounds A; ``of_answers`` says that answers are added, not values of queries."""
    parts = {name: case.integer(name) for name in ("own", "state", "parallel", "places", "value places")}
    time, bits, many, rounds = (case.integer(name) for name in ("TIME", "bits", "many", "rounds"))
    size, width = time + bits + 1, case.integer("value width")
    case.assume(time >= 1, bits >= 1, many >= 1, rounds >= 0, rounds <= time, width >= 0, width <= time)
    for value in parts.values():
        case.assume(value >= 0, value <= time)
    of = StepSizes(
        own=parts["own"],
        state=parts["state"],
        parallel=parts["parallel"],
        places=parts["places"],
        sum=sum_bits(bits, parts["places"] if of_answers else parts["value places"]),
        counter=bits,
        masked=parts["parallel"] * width if masked else 0,
    )
    if masked:
        grows(case, of.parallel, width, size, size)
    step = formula(of)
    bound = case.use("averaging.bound", **{name: getattr(of, name) for name in NAMES}, S=size)
    case.lemma("a step", every(bound.premises, step <= 128 * size * size * size, step >= 0))
    grows(case, rounds * many, step, time * many, 128 * size * size * size)
    grows(case, rounds, many, time, many)
    case.show("all steps", rounds * many * step <= 128 * many * time * size * size * size)


def _claim(item: str, what: str, steps: str, *, of_answers: bool, masked: bool = False) -> None:
    """Register the running time of an item: the steps of A', and that all bounds by TIME give one for A'."""

    def time_is_polynomial(formula: Formula, case: Case) -> None:
        _time_is_polynomial(formula, case, of_answers=of_answers, masked=masked)

    time_is_polynomial.__doc__ = (
        f"{what} If TIME is at least the gates of A's query, update and predictor, the bits of its state, its queries "
        f"a round, its rounds, and the places of queries and answers, then {steps} of A' have together at most "
        "128 N TIME (TIME + L + 1)^3 gates, N the number of values of which an answer is the mean, L its bits: the "
        "time of A' is polynomial in TIME, of degree 4, and in N, of degree 1 but for L."
    )
    registry().add(
        Obligation(
            id=f"{item.lower().replace(' ', '')}.time",
            paper=item,
            claim=time_is_polynomial,
            of=lambda case: step_gates,
            twin=lambda case: lambda of: 200 * of.places * of.sum * of.parallel + step_gates(of),
        )
    )


_claim(
    "Theorem 2b",
    "N = b, the batch size: a step of A' reads a sample and adds A's query there.",
    "the k b steps",
    of_answers=False,
)
_claim(
    "Lemma 5b",
    "N = m, the size of the sample: a step of A' reads a point of it and adds A's query there.",
    "the k m steps",
    of_answers=False,
)
_claim(
    "Theorem 2d",
    "N = q, the number of rounds for a query: a step of A' is a round, of which it adds the answer.",
    "the k q rounds",
    of_answers=True,
)
_claim(
    "Lemma 2",
    "N = 2 q, the number of rounds for a query: a step of A' is a round on one label, of which it adds the answer.",
    "the 2 k q rounds",
    of_answers=True,
    masked=True,
)
_claim(
    "Lemma 5d",
    "N = 1: a step of A' is a round, and the mean of its one answer is the answer on a grid, rounded towards 0.",
    "the k rounds",
    of_answers=True,
)
_claim(
    "Lemma 7",
    "N = 2: two steps of A' are a query on either label, and the sum of their answers is put on a grid.",
    "the 2 k rounds",
    of_answers=True,
    masked=True,
)
