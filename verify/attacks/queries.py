"""Attacks by machines whose queries or predictions are not what the network was built to ask: fractions, values
above 1 in size.

Each is a function of ``source``, which draws at random from a seed, and the ``machine`` (or ``base``, which has one).
It returns another machine and in words what is different, or None if there is nothing to change.

>>> from verify.attacks.bases import quarters_machine, tally_machine
>>> machine, source = tally_machine(), Random(1)
>>> for change in (of_fractions, above_one, above_two):
...     made = change(source, machine)
...     print(made and made[1])
queries of value 0.5 at some x
queries above 1 in size
predictions above 1
>>> of_fractions(source, quarters_machine()) is None  # they are fractions already
True
"""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from constructions.computation.builder import FALSE, Builder
from constructions.computation.machines import machine_of
from constructions.computation.query_machine import QueryMachine
from constructions.errors import ConstructionError
from verify.attacks.bases import Base
from verify.attacks.mutants import rebuilds

Ports = dict[str, list[int]]
Found = tuple[QueryMachine, str] | None


def rewritten(
    machine: QueryMachine,
    change: Callable[[Builder, dict[str, int], Ports], None],
    *,
    query_fraction: int | None = None,
) -> QueryMachine | None:
    """The machine with other query and prediction bits: ``change`` gets the inputs and the literals of these ports,
    and alters these. Query values are over 2^query_fraction then, if that is given."""
    builder, exposed = Builder(), machine.machine.exposed()
    given = {name: builder.input(name) for name in exposed.inputs}
    found = builder.stamp(exposed, list(given.values()))
    names = [*(f"query{j}" for j in range(machine.parallel)), "predict"]
    ports = {name: [found[f"o {bit}"] for bit in machine.port(name)] for name in names}
    change(builder, given, ports)
    builder.outputs = {f"o {name}[{i}]": literal for name, row in ports.items() for i, literal in enumerate(row)}
    builder.outputs |= {name: literal for name, literal in found.items() if name.startswith("s ")}
    places = machine.query_fraction if query_fraction is None else query_fraction
    try:
        return replace(
            machine, machine=machine_of(builder.circuit(), start=machine.machine.start), query_fraction=places
        )
    except ConstructionError:
        return None


def _literal(source: Random, machine: QueryMachine, given: dict[str, int]) -> int:
    """A bit of x or of the state, or its opposite."""
    names = [*machine.port("x"), *machine.machine.state]
    return given[source.choice(names)] ^ source.randrange(2)


def of_fractions(source: Random, machine: QueryMachine) -> Found:
    """Queries that were whole get values between 0 and 1 where they were 0; where they were 1 in size they are."""
    places = source.choice((1, 1, 2, 5))
    if machine.query_fraction:
        return None

    def change(builder: Builder, given: dict[str, int], ports: Ports) -> None:
        for j in range(machine.parallel):
            row = ports[f"query{j}"]
            below = builder.both(builder.some(row) ^ 1, _literal(source, machine, given))
            ports[f"query{j}"] = [below] * places + row

    made = rewritten(machine, change, query_fraction=places)
    return (made, f"queries of value {1 - 2.0**-places} at some x") if made else None


def above_one(source: Random, machine: QueryMachine) -> Found:
    """Where a query was 1 (or -1) it is 2 (or -2, or 3), or that only for some x and states."""
    places, signed, always = machine.query_fraction, machine.signed, source.random() < 0.3
    if places and (signed or machine.width("query0") <= places):
        return None

    def change(builder: Builder, given: dict[str, int], ports: Ports) -> None:
        for j in range(machine.parallel):
            row = ports[f"query{j}"]
            where = (
                builder.some(row[places:])
                if always
                else builder.both(builder.some(row[places:]), _literal(source, machine, given))
            )
            if signed:
                ports[f"query{j}"] = [
                    builder.mux(where, a, b) for a, b in zip([FALSE, *row], [*row, row[-1]], strict=True)
                ]
            else:
                ports[f"query{j}"] = [*row, where]

    made = rewritten(machine, change)
    return (made, f"queries above 1 in size{'' if always else ' for some x or states'}") if made else None


def above_two(source: Random, machine: QueryMachine) -> Found:
    """Give a machine one or two more bits of prediction, so that it predicts numbers above 1."""
    more = source.choice((1, 1, 2))

    def change(builder: Builder, given: dict[str, int], ports: Ports) -> None:
        row = ports["predict"]
        missing = max(0, machine.predict_fraction - len(row))
        ports["predict"] = [*row, *[FALSE] * missing, *(_literal(source, machine, given) for _ in range(more))]

    made = rewritten(machine, change)
    return (made, "predictions above 1") if made else None


@rebuilds("machine, fractions where the network asks whole values")
def machine_of_fractions(source: Random, base: Base) -> Found:
    """The machine asks fractions where the network asks whole values, so the network takes them for 0."""
    return of_fractions(source, base.machine)


@rebuilds("machine, queries above 1")
def machine_above_one(source: Random, base: Base) -> Found:
    """The machine asks values above 1, of which the network's copies record 1 at most."""
    return above_one(source, base.machine)


@rebuilds("machine, predictions above 1")
def machine_predicting_above_one(source: Random, base: Base) -> Found:
    """One more bit of the prediction, which the network does not give."""
    return above_two(source, base.machine)
