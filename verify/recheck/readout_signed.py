"""The side of a machine for whole batches, as circuits: where its queries are -1, and its next state from the records.

A copy reads the middle 2^(k-1) of its range less its record. Bit i of an answer says whether the record is at least the
number i of the thresholds (:func:`verify.recheck.signed.thresholds_of`).

>>> circuit = Circuit({})
>>> [is_middle(circuit, row) for row in ([0, 0, 1], [1, 0, 1])]
[1, 0]
>>> ports = {"x": [2], "query0": [2], "answer0": [4], "predict": [6]}
>>> places = {"query_fraction": 0, "answer_fraction": 0, "predict_fraction": 0, "signed": False, "points": 1}
>>> machine = Machine(ports=ports, latches=[(6, 4, 0)], ands=[], first_free=8, queries=1, rounds=1, **places)
>>> asked, roles = signed_asked(machine)  # (-1)^x, and the answer is kept
>>> roles, asked.written(circuit, {"x0": 1, "s0": 0})
([(0, 0, 0)], [1])
>>> following = signed_next(machine, (0,), roles, 2)
>>> [following.written(circuit, {"s0": 0, "x0": 0, "(0, 0, 0) 0": low, "(0, 0, 0) 1": 1}) for low in (0, 1)]
[[1], [0]]
>>> answer_of(circuit, [0, 1], (0, 1))  # the digits read 2, which is the middle: a record of 0
[1, 0]
"""

from collections.abc import Sequence

from verify.recheck.arithmetic import constant, less
from verify.recheck.circuit import Circuit
from verify.recheck.machine import Machine
from verify.recheck.proof import FALSE, TRUE
from verify.recheck.readout import Role, Template, sources, stamped


def is_middle(circuit: Circuit, digits: Sequence[int]) -> int:
    """Whether ``digits`` of a ``circuit``, the lowest first, read the middle of their range: the highest alone is
    set."""
    return circuit.every([digits[-1], *(digit ^ 1 for digit in digits[:-1])])


def answer_of(circuit: Circuit, digits: Sequence[int], thresholds: Sequence[int]) -> list[int]:
    """The bits of an answer, written into a ``circuit``: whether the record that ``digits`` read is at least each of
    the ``thresholds``."""
    found, top = [], 1 << len(digits)
    for least in thresholds:
        most = (top >> 1) - least
        if 0 <= most < top:
            found.append(less(circuit, list(digits), constant(most, len(digits)), equal=True))
        else:
            found.append(TRUE if most >= top else FALSE)
    return found


def signed_asked(machine: Machine) -> tuple[Template, list[Role]]:
    """x and state to where each query of a machine is -1; the roles are the queries in their order."""
    circuit = Circuit({}, widest=0)
    asked = [machine.port(f"query{j}")[0] for j in range(machine.queries)]
    literals = stamped(circuit, machine.cone(asked), sources(circuit, machine), asked)
    return Template(circuit=circuit, outputs=literals), [(j, 0, 0) for j in range(machine.queries)]


def signed_next(machine: Machine, thresholds: Sequence[int], roles: Sequence[Role], bits: int) -> Template:
    """State, random bits and records, by the ``roles`` of the copies, of so many ``bits``, to the next state of a
    machine whose answers follow from records by ``thresholds``."""
    circuit = Circuit({}, widest=0)
    given = sources(circuit, machine)
    for role in sorted(roles):
        record = [circuit.leaf(f"{role} {i}") for i in range(bits)]
        given |= dict(zip(machine.port(f"answer{role[0]}"), answer_of(circuit, record, thresholds), strict=True))
    following = [after for _, after, _ in machine.latches]
    return Template(circuit=circuit, outputs=stamped(circuit, machine.cone(following), given, following))
