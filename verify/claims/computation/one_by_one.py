"""The running times of Theorem 2c and Lemma 5c: the queries of a round one by one."""

import random
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

from constructions.computation.averaging import MethodInBits
from constructions.computation.one_by_one import TurnSizes, one_by_one, turn_gates, turn_sizes, write_one_by_one
from constructions.computation.tally import gates_written
from constructions.foundations.exact import Number
from constructions.foundations.logic import every
from verify.claims.computation.averaging_gates import drawn_circuit
from verify.claims.computation.turing.sizes import grows
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, obligation, registry
from verify.obligations.verdict import Verdict


def some_methods() -> Iterator[dict[str, Any]]:
    """Sizes of methods."""
    for state, parallel, width, places in product((1, 3), (1, 2, 3, 5), (2, 4), (0, 3)):
        yield {"state": state, "parallel": parallel, "width": width, "places": places}


def method_of(case: Case) -> MethodInBits:
    """The drawn method of a case."""
    state, parallel, width, places = (int(case.integer(name)) for name in ("state", "parallel", "width", "places"))
    asked = parallel * width
    return MethodInBits(
        query=drawn_circuit(3 + state, asked, asked + 5, 1),
        update=drawn_circuit(state + parallel * (places + 2), state, 12, 2),
        predict=drawn_circuit(2 + state, 1, 5, 3),
        n=2,
        state=state,
        parallel=parallel,
        query_width=width,
        query_fraction=width - 2,
        fraction=places,
    )


@obligation(
    "theorem2c.gates",
    paper="Theorem 2c",
    kind="enumeration",
    domain=some_methods,
    expect=Verdict.CHECKED,
    finite="32 sizes of methods, up to five queries a round",
    of=lambda case: turn_gates,
    twin=lambda case: lambda of: turn_gates(of) + 1,
)
def as_many_gates_as_the_formula_says(formula: Callable[[TurnSizes], Number], case: Case) -> None:
    """The code that writes the machine of Theorem 2c, made to write every gate that it is asked for, writes as many as
    the formula says."""
    method = method_of(case)
    found = gates_written(lambda design: write_one_by_one(design, method))
    case.show("gates", found == formula(turn_sizes(method)))


@obligation(
    "theorem2c.machine",
    paper="Theorem 2c",
    kind="enumeration",
    domain=some_methods,
    expect=Verdict.CHECKED,
    finite="32 drawn methods, up to five queries a round, three rounds of random answers",
    of=lambda case: 0,
    twin=lambda case: 1,
)
def queries_are_asked_in_turn(late: int, case: Case) -> None:
    """In the p rounds for a round of A the machine asks A's queries in their order, at a random point, and after the
    last answer its state is that of A's update, and its prediction A's."""
    method, draw, same = method_of(case), random.Random(int(case.integer("state"))), True
    machine, width = one_by_one(method), method.fraction + 2
    kept, state = machine.first_state(), [0] * method.state
    for _ in range(3):
        x, answers = [draw.randint(0, 1) for _ in range(3)], []
        values = _through(method, "query", [*x, *state])
        for j in range(method.parallel):
            answers += (bits := [draw.randint(0, 1) for _ in range(width)])
            given = dict(zip(machine.inputs, [*x, *bits], strict=True))
            kept, found = machine.step(kept, given)
            asked = [value for name, value in found.items() if name.startswith("query")]
            same = same and asked == values[j * method.query_width : (j + 1) * method.query_width]
            predicted = [value for name, value in found.items() if name.startswith("predict")]
            same = same and predicted == _through(method, "predict", [*x[:2], *state])
        state = _through(method, "update", [*state, *answers])
        now = [value for name, value in kept.items() if name.split("[")[0] == "state"]
        same = same and now == [bit ^ late for bit in state]
    case.show("the same", same)


def _through(method: MethodInBits, name: str, bits: list[int]) -> list[int]:
    circuit = getattr(method, name)
    return [int(value) for value in circuit.evaluate(dict(zip(circuit.inputs, bits, strict=True))).values()]


def time_is_polynomial(formula: Callable[[TurnSizes], Number], case: Case) -> None:
    """If TIME >= 2 is at least the gates of A's query, update and predictor, the bits of its state, its queries a
    round, the bits of their values, the places of an answer, the bits that say whose turn it is, and the rounds, then
    the k p rounds of A' have together at most 50 TIME^4 gates: the time of A' is polynomial in TIME, as printed, of
    degree 4."""
    names = ("own", "state", "parallel", "value", "places", "turn")
    of, time, rounds = (
        TurnSizes(**{name: case.integer(name) for name in names}),
        case.integer("TIME"),
        case.integer("k"),
    )
    case.assume(time >= 2, rounds >= 0, rounds <= time)
    for name in names:
        case.assume(getattr(of, name) >= 0, getattr(of, name) <= time)
    square = time * time
    for part in (of.turn, of.value, of.places):
        grows(case, of.parallel, part, time, time)
    grows(case, 2, 1, time, time)
    grows(case, 2, time, time, time)
    a_round = formula(of)
    case.lemma("a round", every(a_round >= 0, a_round <= 50 * square))
    grows(case, rounds, of.parallel, time, time)
    grows(case, rounds * of.parallel, a_round, square, 50 * square)
    case.show("all rounds", rounds * of.parallel * a_round <= 50 * square * square)


for _item in ("Theorem 2c", "Lemma 5c"):
    registry().add(
        Obligation(
            id=f"{_item.lower().replace(' ', '')}.time",
            paper=_item,
            claim=time_is_polynomial,
            of=lambda case: turn_gates,
            twin=lambda case: lambda of: turn_gates(of) + 60 * of.value * of.places,
        )
    )
