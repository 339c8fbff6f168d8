"""Query machines in AIGER files that no comment of ours explains: what the comment would say is given beside the file.

An AIGER file names its inputs and outputs by position, or by symbols of its own. A *place* says which of them are the
bits of a port: ``x=0-3`` makes inputs 0 to 3 the vector x, ``predict=1`` makes output 1 the prediction. Without places
the symbols have to be the ports' own names.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from constructions.computation.flat import FlatCircuit
from constructions.computation.formats.aiger import AigerFile
from constructions.computation.machines import Machine
from constructions.computation.query_machine import MARK, QueryMachine
from constructions.errors import ConstructionError

PLACE = re.compile(r"(x|random|answer\d{1,6}|query\d{1,6}|predict)=(\d{1,9})(?:-(\d{1,9}))?")
OF_OUTPUTS = ("query", "predict")


def plain_machine(file: AigerFile, numbers: Mapping[str, Any], places: Iterable[str] = ()) -> QueryMachine:
    """The query machine in an AIGER file without our comment.

    Parameters
    ----------
    file : the file. numbers : ``rounds``, and what else the comment would say (``signed``, ``query_fraction``,
        ``answer_fraction``, ``predict_fraction``). places : which inputs and outputs are the bits of which port.

    Raises
    ------
    ConstructionError
        For a file that has such a comment, without rounds, for places that are none or overlap, and as
        :class:`~constructions.computation.query_machine.QueryMachine`.

    >>> from constructions.computation.formats.files import read_data
    >>> text = b"aag 5 2 1 2 2\\n2\\n4\\n6 4 0\\n8\\n10\\n8 2 6\\n10 2 7\\n"
    >>> made = plain_machine(read_data(text, "own.aag"), {"rounds": 2}, ["x=0", "answer0=1", "query0=0", "predict=1"])
    >>> made.inputs, made.parallel, made.rounds, [str(made.predict(made.start(), (bit,))) for bit in (0, 1)]
    (1, 1, 2, ['0', '1'])
    """
    if file.comment.startswith(MARK):
        raise ConstructionError("need an AIGER file without querygrad's comment beside options that say the same")
    if numbers.get("rounds") is None:
        raise ConstructionError("need the number of rounds (--rounds), got none")
    machine, listed = file.machine, tuple(places)
    named = dict(map(_named, listed))
    if len(named) < len(listed):
        raise ConstructionError(f"need each port once, got {', '.join(listed)}")
    if named:
        sides: tuple[dict[str, range], dict[str, range]] = ({}, {})
        for port, bits in named.items():
            sides[port.startswith(OF_OUTPUTS)][port] = bits
        machine = _renamed(
            machine, _names(sides[0], machine.inputs, "input"), _names(sides[1], machine.outputs, "output")
        )
    return QueryMachine(machine=machine, **numbers)


def _named(place: str) -> tuple[str, range]:
    match = PLACE.fullmatch(place)
    if match is None:
        raise ConstructionError(f"need a place such as x=0-3 or predict=1, got {place[:60]!r}")
    first = int(match[2])
    return match[1], range(first, int(match[3] or first) + 1)


def _names(ports: Mapping[str, range], known: tuple[str, ...], side: str) -> list[str]:
    """The new names of the inputs or the outputs."""
    found: dict[int, str] = {}
    for port, bits in ports.items():
        for i, place in enumerate(bits):
            if place >= len(known) or place in found:
                got = (
                    f"{side} {place} for {port!r}, of {len(known)}" if place >= len(known) else f"{side} {place} twice"
                )
                raise ConstructionError(f"need places of {side}s of the file, each once, got {got}")
            found[place] = port if len(bits) == 1 else f"{port}[{i}]"
    lost = next((place for place in range(len(known)) if place not in found), None)
    if lost is not None:
        raise ConstructionError(f"need a port for each {side}, got none for {side} {lost} ({known[lost]!r})")
    return [found[place] for place in range(len(known))]


def _renamed(machine: Machine, inputs: list[str], outputs: list[str]) -> Machine:
    circuit = machine.circuit
    states = tuple(f"latch{i}" for i in range(len(machine.state)))
    literals = [circuit.outputs[name] for name in machine.outputs]
    renamed = FlatCircuit(
        inputs=(*inputs, *states), gates=circuit.gates, outputs=dict(zip(outputs, literals, strict=True))
    )
    return replace(machine, circuit=renamed)
