"""The sets that hold a machine's configurations are closed under its steps, so that no run leaves them."""

from collections.abc import Iterator
from typing import Any

from constructions.computation.drawn_machines import drawn_machine
from constructions.computation.reach import Reach, Reaching
from verify.circuits.machine_reach import not_closed
from verify.claims.computation.turing.cells import SIZES
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

STEPS = 12


def some_tapes() -> Iterator[dict[str, Any]]:
    """Machines, by number, with lengths and tapes."""
    for i in range(len(SIZES)):
        yield from ({"machine": i, "length": n, "left": left, "right": right} for n, left, right in TAPES)


TAPES = ((0, 0, 3), (2, 2, 2), (3, 12, 15))


@obligation(
    "turing.reach",
    paper="Lemma 3b",
    kind="enumeration",
    domain=some_tapes,
    expect=Verdict.CHECKED,
    finite=f"{len(SIZES)} machines, {len(TAPES)} tapes of each, {STEPS} steps",
    of=lambda case: 0,
    twin=lambda case: 1,
)
def no_run_leaves_the_sets(dropped: int, case: Case) -> None:
    """From any state, cell and symbol that the sets for a time allow, the machine comes to what those for the next
    time allow, and the first configuration of every word is in the first sets. So no word sets a bit that they rule
    out."""
    i, length, left, right = (int(case.integer(name)) for name in ("machine", "length", "left", "right"))
    q, a, r = SIZES[i]
    machine = drawn_machine(7 + i, states=q, symbols=a, rows=r)
    reaching, letters = Reaching(machine, (left, right)), tuple(range(1, a))
    sets = [reaching.first(dict.fromkeys(range(length), letters))]
    for _ in range(STEPS):
        sets.append(reaching.after(sets[-1]))
    if dropped:
        sets[1] = Reach(frozenset(), sets[1].symbols)
    start = machine.states.index(machine.start)
    case.show("the first configuration", (start, 0) in sets[0].heads)
    case.show("closed", not_closed(machine, (left, right), sets) is None)
