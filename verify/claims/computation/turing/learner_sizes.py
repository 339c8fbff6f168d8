"""How large a round of a learner by Turing machines is, from the time of its machines (Lemma 3b: a method that runs in
time TIME)."""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

from constructions.computation.drawn_machines import drawn_machine
from constructions.computation.tableau_sizes import learner_gates, outcome_gates, tableau_gates
from constructions.computation.tally import gates_written, literals_written
from constructions.computation.turing import TuringMachine
from constructions.computation.turing_learner import Timed, TuringLearner
from constructions.foundations.exact import Number
from constructions.foundations.logic import every
from verify.claims.computation.turing.sizes import grows
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

PARTS = ("query", "update", "predict")
OF_A_TABLEAU = ("cells", "cell", "length", "word", "last", "end")


def on_fields(machine: TuringMachine) -> TuringMachine:
    """The same machine with the input symbols 0, 1 and #, in place of its first three that are not blank.

    >>> sorted(on_fields(drawn_machine(1, states=3, symbols=4, rows=5)).inputs)
    ['#', '0', '1']
    """
    others = [symbol for symbol in machine.symbols if symbol != machine.blank]
    names = dict(zip(others, ("0", "1", "#", *(f"other{i}" for i in range(len(others)))), strict=False))
    names[machine.blank] = "_"
    rows = {
        (state, names[symbol]): type(to)(to.state, names[to.symbol], to.move)
        for (state, symbol), to in machine.table.items()
    }
    return TuringMachine(
        states=machine.states,
        inputs=("0", "1", "#"),
        symbols=tuple(names[symbol] for symbol in machine.symbols),
        blank="_",
        start=machine.start,
        accept=machine.accept,
        reject=machine.reject,
        table=rows,
    )


def some_learners() -> Iterator[dict[str, Any]]:
    """Seeds and sizes of learners."""
    for seed, n, state, parallel, random in product((0, 1), (1, 2), (1, 3), (1, 2), (0, 1)):
        yield {"seed": seed, "n": n, "state": state, "parallel": parallel, "random": random}


@obligation(
    "turing.learner.gates",
    paper="Lemma 3b",
    kind="enumeration",
    domain=some_learners,
    expect=Verdict.CHECKED,
    finite="32 learners of three drawn machines each",
    of=lambda case: 0,
    twin=lambda case: 1,
)
def rounds_are_as_large_as_the_formula_says(more: int, case: Case) -> None:
    """The code that writes a round of a learner by Turing machines, made to write every gate that it is asked for,
    writes as many as the formula says of the tableaux of its machines, the widest with as many literals as its formula
    says."""
    seed, n, state, parallel, random = (
        int(case.integer(name)) for name in ("seed", "n", "state", "parallel", "random")
    )
    timed = {
        name: Timed(machine=on_fields(drawn_machine(seed + 3 * i, states=3, symbols=4 + i, rows=6)), time=2 + i)
        for i, name in enumerate(PARTS)
    }
    learner = TuringLearner(**timed, n=n, state=state, parallel=parallel, random=random, fraction=1, rounds=2)
    case.show("gates", gates_written(learner.write) == learner.size + more)
    case.show("literals of the widest", literals_written(learner.write) == learner.widest)


def most_returned(time: Number, pairs: Number) -> Number:
    """At most so many gates take the tableau of a machine and the bits that it returns.

    >>> most_returned(1, 2)
    487
    """
    return 40 * (pairs + 1) * (time + 1) * (time + 1) + 3 * time * pairs + time


@obligation(
    "turing.learner.outcome",
    paper="Lemma 3b",
    of=lambda case: outcome_gates,
    twin=lambda case: lambda tableau, returned, symbol: outcome_gates(tableau, returned, symbol) + 1000,
)
def outcomes_are_polynomial(formula: Callable[..., Number], case: Case) -> None:
    """For every machine with at most P pairs of a state and a symbol that runs for at most TIME >= 1 steps on words of
    at most TIME symbols and returns at most TIME bits: its tableau (turing.size.bound) and what it returns have at most
    40 (P + 1) (TIME + 1)^2 + 3 TIME P + TIME gates."""
    time, pairs, returned, symbol = (case.integer(name) for name in ("TIME", "P", "returned", "symbol"))
    given, steps, own = (
        {name: case.integer(name) for name in OF_A_TABLEAU},
        case.integer("steps"),
        case.integer("pairs"),
    )
    reach = steps + given["length"] + 1
    case.assume(time >= 1, returned >= 1, returned <= time, symbol >= 1, symbol <= pairs)
    used = case.use("turing.size.bound", **given, steps=steps, pairs=own, reach=reach)
    case.assume(used.premises, own <= pairs, steps <= time, given["length"] <= time)
    grows(case, reach, reach, 2 * (time + 1), 2 * (time + 1))
    grows(case, own + 1, reach * reach, pairs + 1, 4 * (time + 1) * (time + 1))
    grows(case, returned, symbol, time, pairs)
    tableau = tableau_gates(*given.values())
    case.show("at most", formula(tableau, returned, symbol) <= most_returned(time, pairs))


@obligation(
    "turing.learner.bound",
    paper="Lemma 3b",
    of=lambda case: learner_gates,
    twin=lambda case: lambda *sizes, parallel, state: 10**9 + learner_gates(*sizes, parallel=parallel, state=state),
)
def rounds_are_polynomial(formula: Callable[..., Number], case: Case) -> None:
    """For every method whose query, update and predictor are such machines, and that has at most TIME queries a round
    and bits of state: a round has at most 134 (P + 1) (TIME + 1)^2 gates. Used is turing.learner.outcome, of each
    machine."""
    time, pairs, parallel, state = (case.integer(name) for name in ("TIME", "P", "parallel", "state"))
    case.assume(time >= 1, pairs >= 2, parallel >= 1, parallel <= time, state >= 1, state <= time)
    square, outcomes = (time + 1) * (time + 1), [case.integer(name) for name in PARTS]
    for part, outcome in zip(PARTS, outcomes, strict=True):
        given = {name: case.integer(f"{part}: {name}") for name in (*OF_A_TABLEAU, "returned", "symbol")}
        used = case.use("turing.learner.outcome", **given, TIME=time, P=pairs)
        found = outcome_gates(
            tableau_gates(*(given[name] for name in OF_A_TABLEAU)), given["returned"], given["symbol"]
        )
        case.assume(used.premises, outcome == found, label=f"what the {part} machine returns in its time")
        case.lemma(f"{part}, at most", every(outcome >= 0, outcome <= most_returned(time, pairs)))
    grows(case, time, pairs, square, pairs)
    grows(case, 1, time + 1, time + 1, time + 1)
    grows(case, 2, time + 1, pairs + 1, square)
    grows(case, 1, square, pairs + 1, square)
    found = formula(*outcomes, parallel=parallel, state=state)
    case.show("at most", found <= 134 * (pairs + 1) * square)
