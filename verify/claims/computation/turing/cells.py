"""The three circuits of a tableau, of some machines, against the machines' tables for every neighbourhood.

That the rules by which a cell is written are right for machines of any size is proved apart (``turing.tableau``); here
it is seen that the loops take these rules for the rows of a table at hand. ``querygrad prove --machine`` says the same
of a machine in a file."""

from collections.abc import Callable
from dataclasses import replace

from constructions.computation.drawn_machines import drawn_machine
from constructions.computation.turing import TuringMachine
from verify.circuits.machine_cells import CLAIMS, OfMachine, circuit_of
from verify.obligations.case import Case
from verify.obligations.obligation import Claim, Obligation, registry
from verify.obligations.verdict import Verdict

SIZES = ((1, 2, 1), (1, 2, 2), (2, 2, 3), (2, 3, 6), (3, 4, 8), (4, 3, 11))
"""States that go on, symbols, and rows of the machines."""


def some_machines() -> list[TuringMachine]:
    """The machines that are examined.

    >>> [len(machine.rows) for machine in some_machines()]
    [1, 2, 3, 6, 8, 11]
    """
    return [drawn_machine(7 + i, states=q, symbols=a, rows=r) for i, (q, a, r) in enumerate(SIZES)]


def _subject(which: str, broken: bool) -> Callable[[Case], list[OfMachine]]:
    def build(case: Case) -> list[OfMachine]:
        found = [replace(circuit_of(one, which), mark=f"{i}: ") for i, one in enumerate(some_machines())]
        return [one.broken for one in found] if broken else found

    return build


def _of_each(claim: Claim) -> Claim:
    """The claim about one machine, said of several."""

    def of_each(subject: list[OfMachine], case: Case) -> None:
        for one in subject:
            claim(one, case)

    of_each.__doc__ = f"Of each of some machines: {claim.__doc__}"
    return of_each


for _which, (_claim, _everything) in CLAIMS.items():
    registry().add(
        Obligation(
            id=f"turing.{_which}",
            paper="Lemma 3b",
            claim=_of_each(_claim),
            finite=f"{len(SIZES)} machines of up to 6 states and 11 rows, {_everything}",
            expect=Verdict.CHECKED,
            of=_subject(_which, False),
            twin=_subject(_which, True),
        )
    )
