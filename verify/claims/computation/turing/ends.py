"""What the outputs of a tableau say: whether the machine has accepted, and whether time or tape ran out.

Each cell of the last row says whether the head is there, whether it is there in an accepting state, and whether it is
there and the machine has halted (``turing.end``). The outputs are made of these bits over all cells.
"""

from collections.abc import Callable
from typing import Any

from constructions.computation import tableau
from constructions.computation.builder import Builder
from constructions.computation.flat import FlatCircuit
from constructions.foundations.logic import Formula, every, negation, some
from constructions.foundations.terms import INTEGER
from verify.claims.computation.turing.tableau import ROW, AnyMachine
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State

BITS = ("accepted", "halted", "with head")
Ended = Callable[..., tuple[int, int, int]]


def of_one_more(ended: Ended) -> FlatCircuit:
    """The circuit of the outputs over what the cells so far say together and what one more says, with the sums.

    >>> list(of_one_more(tableau.ended).outputs)
    ['accepted', 'out of time', 'out of tape']
    """
    builder = Builder()
    told = [[builder.input(f"{when} {name}") for when in ("so far", "here")] for name in BITS]
    for name, literal in zip(("accepted", "out of time", "out of tape"), ended(builder, *told), strict=True):
        builder.output(name, literal)
    return builder.circuit()


def never_late(builder: Builder, accepted: list[int], halted: list[int], head: list[int]) -> tuple[int, int, int]:
    """Outputs that cut the run in silence if time runs out (the twin's)."""
    right = tableau.ended(builder, accepted, halted, head)
    return right[0], builder.both(right[1], right[2]), right[2]


def functions(case: Case) -> dict[str, Any]:
    """The functions by which the machine and its run are known, for a use of turing.tableau."""
    one = ("head", "state", "offset", "put", "to", "for state", "for symbol")
    return {
        **{name: case.function(name, 1, takes=(INTEGER,), gives=INTEGER) for name in one},
        **{name: case.function(name, 2, takes=(INTEGER,) * 2, gives=INTEGER) for name in ("tape", "row of")},
        "on tape": case.predicate("on tape", 1, takes=(INTEGER,)),
    }


@obligation(
    "turing.ends",
    paper="Lemma 3b",
    kind="induction",
    of=lambda case: of_one_more(tableau.ended),
    twin=lambda case: of_one_more(never_late),
)
def nothing_is_cut(circuit: FlatCircuit, case: Case) -> None:
    """For every machine, word, time and tape, with the last row as turing.tableau says: the output accepted is set
    exactly if the machine has come to an accepting state and has never left the tape; out_of_tape exactly if it has
    left it; out_of_time exactly if it has not, and has not halted."""
    machine, time = AnyMachine(case, tableau.arrival), case.integer("time")
    head, on_tape, state = machine.number("head", time), machine.on_tape(time), machine.number("state", time)
    accepts, halts = case.predicate("accepts", 1)(state), negation(machine.acts(time, machine.rows))
    label = "over the bits of the tableau reached: "
    given = {name: case.integer(name) for name in ("left", "right", "rows")} | functions(case)
    row = case.use("turing.tableau", **given, **{f"{label}kind": ROW, f"{label}time": time})
    case.assume(row.premises, label="the tableau has a row for the time")
    left, right = case.integer("left"), case.integer("right")

    def says(cell: State) -> dict[str, Formula]:
        """What a cell of the last row says."""
        here = every(on_tape, head == cell["cell"])
        return {"accepted": every(here, accepts), "halted": every(here, halts), "with head": here}

    def holds(s: State) -> Formula:
        passed = every(on_tape, head < s["cell"])
        wanted = {"accepted": every(passed, accepts), "halted": every(passed, halts), "with head": passed}
        return every(s["cell"] >= -left, *(s[name] == wanted[name] for name in BITS))

    at = case.reached(
        case.induction(
            "over the cells",
            state={"cell": case.integer("cell")} | {name: case.bit(name) for name in BITS},
            start={"cell": -left} | dict.fromkeys(BITS, False),
            inputs={},
            advance=lambda s: {"cell": s["cell"] + 1} | {name: some(s[name], says(s)[name]) for name in BITS},
            holds=holds,
        )
    )
    told = {f"so far {name}": at[name] for name in BITS} | {f"here {name}": says(at)[name] for name in BITS}
    found, last = case.circuit(circuit, told), at["cell"] == right
    case.show("accepted", found["accepted"] == every(on_tape, accepts), given=last)
    case.show("out of time", found["out of time"] == every(on_tape, negation(halts)), given=last)
    case.show("out of tape", found["out of tape"] == negation(on_tape), given=last)
