"""What the three circuits of a Turing machine's tableau are to compute: a cell after a step, a cell of the word, and
what the last row says of a cell. Each is said for every neighbourhood at once, against the machine's table."""

from dataclasses import dataclass, replace
from fractions import Fraction

from constructions.computation.design import places
from constructions.computation.flat import FlatCircuit
from constructions.computation.tableau import SIDES, cell_circuit, end_circuit, input_circuit
from constructions.computation.turing import TuringMachine
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, negation, select, some
from verify.obligations.case import Case
from verify.obligations.obligation import Claim, Obligation

ELSEWHERE = 2
"""The place of a head that is in none of the three cells; -1, 0 and 1 are the left cell, the cell, the right cell."""


@dataclass(frozen=True, slots=True)
class OfMachine:
    r"""A machine, and a circuit of its tableau; ``mark`` is before the names of what is said of it.

    >>> from constructions.computation.formats.turing_table import read_table
    >>> machine = read_table(b"blank: _\ninput: 0\nstart: go\naccept: yes\ngo 0 -> yes _ R\n", where="one.tm")
    >>> right = circuit_of(machine, "end")
    >>> inputs = dict.fromkeys(right.circuit.inputs, 0)
    >>> right.circuit.evaluate(inputs)["accepted"], right.broken.circuit.evaluate(inputs)["accepted"]
    (0, 1)
    """

    machine: TuringMachine
    circuit: FlatCircuit
    mark: str = ""

    @property
    def broken(self) -> "OfMachine":
        """The same with every output negated (a twin)."""
        outputs = {name: literal ^ 1 for name, literal in self.circuit.outputs.items()}
        return replace(self, circuit=replace(self.circuit, outputs=outputs))


def one_of(case: Case, name: str, many: int, least: int = 0) -> Number:
    """A whole number from ``least`` on, one of so many (``many``), as a variable of the ``case`` with this ``name``.

    >>> from verify.obligations.matching import Pattern
    >>> one_of(Pattern(), "state", 3)
    state
    """
    found = case.integer(name)
    case.assume(found >= least, found <= least + many - 1)
    return found


def cell_follows_the_table(subject: OfMachine, case: Case) -> None:
    """For every symbol in a cell and in its two neighbours, and wherever the head is, in whatever state: after the
    cell's circuit, the head is in the cell, in a state, exactly if a row of the table brings it there in this state or
    it was there and no row acts; and a symbol stands there exactly if a row writes it or it stays."""
    machine = subject.machine
    place, state = (
        one_of(case, f"{subject.mark}place", ELSEWHERE + 2, -1),
        one_of(case, f"{subject.mark}state", len(machine.states)),
    )
    symbols = [one_of(case, f"{subject.mark}{side} symbol", len(machine.symbols)) for side in SIDES]
    given: dict[str, Formula] = {}
    for at, side in enumerate(SIDES):
        for q, name in enumerate(places(f"{side}_state", len(machine.states))):
            given[name] = every(place == at - 1, state == q)
        for a, name in enumerate(places(f"{side}_symbol", len(machine.symbols))):
            given[name] = symbols[at] == a
    found = case.circuit(subject.circuit, given)
    under = select(place == -1, symbols[0], select(place == 0, symbols[1], symbols[2]))
    reads = [every(state == q, under == a) for (q, a), _ in machine.rows]
    rests = every(place == 0, negation(some(*reads)))
    for q, name in enumerate(places("state", len(machine.states))):
        brought = [
            every(read, place == -offset)
            for read, (_, (to, _, offset)) in zip(reads, machine.rows, strict=True)
            if to == q
        ]
        case.show(f"{subject.mark}state {machine.states[q]}", found[name] == some(*brought, every(rests, state == q)))
    for a, name in enumerate(places("symbol", len(machine.symbols))):
        put = [every(read, place == 0) for read, (_, (_, b, _)) in zip(reads, machine.rows, strict=True) if b == a]
        stays = every(some(place != 0, rests), symbols[1] == a)
        case.show(f"{subject.mark}symbol {machine.symbols[a]}", found[name] == some(*put, stays))


def word_is_read(subject: OfMachine, case: Case) -> None:
    """For every code, the cell has the input symbol in the place that the code says, and the blank if there is none."""
    machine = subject.machine
    bits = {name: case.bit(f"{subject.mark}{name}") for name in places("code", machine.code_width)}
    code = sum((select(bit, 2**i, 0) for i, bit in enumerate(bits.values())), Fraction(0))
    found = case.circuit(subject.circuit, bits)
    for a, name in enumerate(places("symbol", len(machine.symbols))):
        symbol = machine.symbols[a]
        if symbol in machine.inputs:
            wanted: Formula = code == machine.inputs.index(symbol)
        else:
            wanted = every(code >= len(machine.inputs), symbol == machine.blank)
        case.show(f"{subject.mark}symbol {symbol}", found[name] == wanted)


def end_is_told(subject: OfMachine, case: Case) -> None:
    """For every symbol in a cell of the last row, and wherever the head is: the circuit says whether the head is there,
    whether it is there in an accepting state, whether it is there and the machine has halted, as its state halts or no
    row says what to do, and which symbol it is."""
    machine = subject.machine
    is_here, state = (
        case.bit(f"{subject.mark}the head is here"),
        one_of(case, f"{subject.mark}state", len(machine.states)),
    )
    symbol = one_of(case, f"{subject.mark}symbol", len(machine.symbols))
    given: dict[str, Formula] = {
        name: every(is_here, state == q) for q, name in enumerate(places("state", len(machine.states)))
    } | {name: symbol == a for a, name in enumerate(places("symbol", len(machine.symbols)))}
    found = case.circuit(subject.circuit, given)
    accepts = some(*(state == machine.states.index(name) for name in machine.accept))
    goes_on = some(*(every(state == q, symbol == a) for (q, a), _ in machine.rows))
    case.show(f"{subject.mark}head", found["head"] == is_here)
    case.show(f"{subject.mark}accepted", found["accepted"] == every(is_here, accepts))
    case.show(f"{subject.mark}halted", found["halted"] == every(is_here, negation(goes_on)))
    bits = [found[name] for name in places("code", max((len(machine.symbols) - 1).bit_length(), 1))]
    case.show(f"{subject.mark}code", sum((select(bit, 2**i, 0) for i, bit in enumerate(bits)), Fraction(0)) == symbol)


CLAIMS: dict[str, tuple[Claim, str]] = {
    "cell": (cell_follows_the_table, "every neighbourhood of a cell"),
    "word": (word_is_read, "every code of a symbol"),
    "end": (end_is_told, "every cell of the last row"),
}
"""The three claims about a machine, with what they go through."""


def circuit_of(machine: TuringMachine, which: str) -> OfMachine:
    """One of the three circuits of a machine; ``which`` is ``cell``, ``word`` or ``end``.

    >>> from constructions.computation.formats.turing_table import read_table
    >>> machine = read_table(b"blank: _\\ninput: 0\\nstart: go\\naccept: yes\\ngo 0 -> yes _ R\\n", where="one.tm")
    >>> list(circuit_of(machine, "end").circuit.outputs)
    ['accepted', 'halted', 'head', 'code']
    """
    makers = {"cell": cell_circuit, "word": input_circuit, "end": end_circuit}
    return OfMachine(machine, makers[which](machine))


def obligations_of(machine: TuringMachine) -> list[Obligation]:
    """The three claims about a machine, to be discharged.

    >>> from constructions.computation.formats.turing_table import read_table
    >>> from verify.discharge.one import discharge
    >>> machine = read_table(b"blank: _\\ninput: 0\\nstart: go\\naccept: yes\\ngo 0 -> yes _ R\\n", where="one.tm")
    >>> [(made.id, discharge(made).verdict.name) for made in obligations_of(machine)]
    [('cell', 'PROVED'), ('word', 'PROVED'), ('end', 'PROVED')]
    """
    return [_obligation(machine, which) for which in CLAIMS]


def _obligation(machine: TuringMachine, which: str) -> Obligation:
    return Obligation(
        id=which,
        paper="Lemma 3b",
        claim=CLAIMS[which][0],
        of=lambda case: circuit_of(machine, which),
        twin=lambda case: circuit_of(machine, which).broken,
    )
