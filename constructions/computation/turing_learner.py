"""A method that asks queries whose three functions are Turing machines (Lemma 3b: a method that runs in time TIME).

The words of the machines are bits ``0`` and ``1`` in fields, one after the other with a ``#`` between two of them:

* the query machine and the predictor: the bits of x, then the state of the method;
* the update: the state, then each answer (a signed fixed-point number, least bit first), then, if the method draws
  random bits, these.

What a machine returns stands from cell 0 on when it accepts: the p queries of the round, each of one bit; the next
state; or one bit, the prediction. A ``1`` is a bit that is set, and any other symbol one that is not.

Each machine is unrolled for its time (:mod:`constructions.computation.tableau`), and the three circuits are joined to a
query machine. Nothing is cut in silence: one more bit of state, ``failed``, is set for good once the update has not
accepted in time. Where it is set, or the predictor has not accepted, the prediction is 1/2; where the query machine has
not accepted, nothing is asked. :func:`always_accepts` finds a word on which this happens, by trying all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from constructions.computation.bits import Bits, concat
from constructions.computation.builder import FALSE, TRUE, assignments
from constructions.computation.design import Design, places
from constructions.computation.query_machine import QueryMachine
from constructions.computation.tableau import Tableau
from constructions.computation.tableau_sizes import learner_gates, outcome_gates, widest_of_learner
from constructions.computation.turing import TuringMachine
from constructions.computation.turns import choice, each, joined, turns
from constructions.errors import ConstructionError
from constructions.foundations.exact import whole

BETWEEN = "#"
MOST_TRIED = 20
"""With more bits in a word not all words are tried."""
Fields = Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """A machine with the time that it may take, and how many cells of tape it has before the first one (``left``)."""

    machine: TuringMachine
    time: int
    left: int = 1


@dataclass(frozen=True, kw_only=True)
class TuringLearner:
    """A method by its machines; a value.

    Parameters
    ----------
    query, update, predict : the machines with their times. n, state : the bits of x and of the state, which is 0 at
        first. parallel : the queries of a round. fraction : binary places of an answer. random : random bits a round.
    rounds : how many rounds there are.

    Raises
    ------
    ConstructionError
        For a machine whose input symbols are not 0, 1 and #, and numbers below 1 (0 for ``random`` and ``fraction``).

    >>> from constructions.computation.formats.turing_table import read_table
    >>> rows = b"go 0 -> yes 1 N\\ngo 1 -> yes 0 N\\n"  # flips the first bit
    >>> machine = read_table(b"blank: _\\ninput: 0 1 #\\nstart: go\\naccept: yes\\n" + rows, where="flip.tm")
    >>> flip = Timed(machine=machine, time=1)
    >>> learner = TuringLearner(query=flip, update=flip, predict=flip, n=1, state=1, parallel=1, fraction=0, rounds=2)
    >>> made = learner.machine()
    >>> [str(value) for x in (0, 1) for value in made.ask(made.start(), (x,))]
    ['1', '0']
    >>> made.start()["state"], made.after(made.start(), [0])["state"]
    (0, 1)
    >>> [tableau.size for tableau in learner.tableaux], learner.size, len(made.machine.circuit.gates)
    ([79, 89, 79], 280, 1)
    >>> learner.widest
    5
    >>> design = Design()
    >>> learner.write(design)
    >>> len(design.machine().state)
    2
    """

    query: Timed
    update: Timed
    predict: Timed
    n: int
    state: int
    parallel: int
    fraction: int
    rounds: int
    random: int = 0

    def __post_init__(self) -> None:
        for name in ("n", "state", "parallel", "rounds"):
            whole(getattr(self, name), where=name, least=1)
        for name in ("fraction", "random"):
            whole(getattr(self, name), where=name)
        for name in ("query", "update", "predict"):
            symbols = getattr(self, name).machine.inputs
            if sorted(symbols) != sorted(("0", "1", BETWEEN)):
                got = " ".join(symbols) or "none"
                raise ConstructionError(f"need the input symbols 0, 1 and {BETWEEN}, got {got}, at the {name} machine")

    @property
    def asked(self) -> tuple[int, ...]:
        """The widths of the fields of the query machine and of the predictor."""
        return self.n, self.state

    @property
    def updated(self) -> tuple[int, ...]:
        """The widths of the fields of the update."""
        return (self.state, *(self.fraction + 2 for _ in range(self.parallel)), *([self.random] * (self.random > 0)))

    def machine(self) -> QueryMachine:
        """The query machine: the three tableaux over x, the state, answers and random bits."""
        design = Design()
        self.write(design)
        return QueryMachine(
            machine=design.machine(), rounds=self.rounds, answer_fraction=self.fraction, predict_fraction=1
        )

    @property
    def tableaux(self) -> tuple[Tableau, Tableau, Tableau]:
        """The runs of the query machine, of the update, and of the predictor."""
        return (
            unrolled(self.query, self.asked, self.parallel),
            unrolled(self.update, self.updated, self.state),
            unrolled(self.predict, self.asked, 1),
        )

    @property
    def size(self) -> int:
        """The gates of a round, before equal ones are merged and constants are folded."""
        sizes = [
            outcome_gates(tableau.size, returned, max((len(tableau.machine.symbols) - 1).bit_length(), 1))
            for tableau, returned in zip(self.tableaux, (self.parallel, self.state, 1), strict=True)
        ]
        return int(learner_gates(*sizes, parallel=self.parallel, state=self.state))

    @property
    def widest(self) -> int:
        """How many literals the widest gate of a round has."""
        tableaux = self.tableaux
        symbol = max(max((len(tableau.machine.symbols) - 1).bit_length(), 1) for tableau in tableaux)
        return int(widest_of_learner(*(tableau.widest for tableau in tableaux), symbol=symbol))

    def write(self, design: Design) -> None:
        """Write the circuit of a round into a design."""
        x = design.input("x", self.n)
        answers = each(self.parallel, lambda j: design.input(f"answer{j}", self.fraction + 2))
        random = [design.input("random", self.random)] if self.random else []
        state, failed = design.state("state", self.state), design.state("failed")
        asks, queries = outcome(design, self.query, [x, state], self.parallel)
        for j in turns(self.parallel):
            design.output(f"query{j}", queries[j] & asks)
        right, following = outcome(design, self.update, [state, *answers, *random], self.state)
        design.becomes(state, choice(right, following, state))
        design.becomes(failed, failed | ~right)
        told, prediction = outcome(design, self.predict, [x, state], 1)
        value = joined(design.constant(0, 1), prediction)
        design.output("predict", choice(told & ~failed, value, 1))


def unrolled(timed: Timed, widths: Sequence[int], returned: int) -> Tableau:
    """The tableau of a machine for words of some fields, on all the tape behind the first cell that it can reach.

    Parameters
    ----------
    timed : the machine and its time. widths : how many bits each field has. returned : how many bits it returns.

    >>> from constructions.computation.formats.turing_table import read_table
    >>> machine = read_table(b"blank: _\\ninput: 0 1 #\\nstart: go\\naccept: yes\\ngo 0 -> yes 1 N\\n", where="one.tm")
    >>> unrolled(Timed(machine=machine, time=3), (2, 1), 1).length
    4
    """
    length = sum(widths) + len(widths) - 1
    return Tableau(machine=timed.machine, length=length, steps=max(timed.time, returned - 1), left=timed.left)


def word_of(timed: Timed, fields: Fields) -> list[list[int]]:
    """The codes of a word's symbols, in literals, from the literals of its fields.

    >>> from constructions.computation.formats.turing_table import read_table
    >>> machine = read_table(b"blank: _\\ninput: 0 1 #\\nstart: go\\naccept: yes\\ngo 0 -> yes 1 N\\n", where="one.tm")
    >>> word_of(Timed(machine=machine, time=3), [[8], [6]]) == [[8, FALSE], [FALSE, TRUE], [6, FALSE]]
    True
    """
    machine, codes = timed.machine, []
    zero, one, mark = (machine.inputs.index(symbol) for symbol in ("0", "1", BETWEEN))

    def literal(bit: int, i: int) -> int:
        """Place i of the code of a bit."""
        low, high = zero >> i & 1, one >> i & 1
        return bit if high > low else bit ^ 1 if low > high else TRUE if low else FALSE

    places_ = range(machine.code_width)
    for k, field in enumerate(fields):
        codes += [[TRUE if mark >> i & 1 else FALSE for i in places_]] if k else []
        codes += [[literal(bit, i) for i in places_] for bit in field]
    return codes


def outcome(design: Design, timed: Timed, fields: Sequence[Bits], returned: int) -> tuple[Bits, Bits]:
    """Whether a machine accepts a word of some fields in its time, and the bits that it returns.

    Parameters
    ----------
    design : the circuit that is being written. timed : the machine. fields : the word. returned : how many bits it
        returns.

    >>> from constructions.computation.formats.turing_table import read_table
    >>> machine = read_table(b"blank: _\\ninput: 0 1 #\\nstart: go\\naccept: yes\\ngo 0 -> yes 1 N\\n", where="one.tm")
    >>> design = Design()
    >>> accepted, bits = outcome(design, Timed(machine=machine, time=1), [design.input("x", 2)], 2)
    >>> design.output("accepted", accepted)
    >>> design.output("bits", bits)
    >>> design.evaluate(x=2), design.evaluate(x=1)
    ({'accepted': 1, 'bits': 3}, {'accepted': 0, 'bits': 1})
    """
    if not isinstance(timed, Timed):
        of_any_size: Any = timed
        return of_any_size.outcome(design, returned)
    tableau = unrolled(timed, [len(field) for field in fields], returned)
    end = tableau.write(design.builder, word_of(timed, [field.literals for field in fields]))
    one = timed.machine.symbols.index("1")
    accepted = Bits(design.builder, (end.accepted,), "accepted")
    return accepted, returned_bits(lambda c: Bits(design.builder, end.codes[c], f"cell {c}"), one, returned)


def returned_bits(cell: Callable[[Any], Bits], one: int, returned: Any) -> Bits:
    """Whether a 1 stands in each of the first cells.

    Parameters
    ----------
    cell : from a place to the code of the symbol there. one : the code of 1. returned : how many cells are read.

    >>> design = Design()
    >>> a, b = design.input("a", 2), design.input("b", 2)
    >>> design.output("bits", returned_bits(lambda c: [a, b][c], 1, 2))
    >>> design.evaluate(a=1, b=3)
    {'bits': 1}
    """
    return concat(*each(returned, lambda c: cell(c) == one))


def always_accepts(timed: Timed, widths: Sequence[int]) -> str | None:
    """A word of some fields that a machine does not accept in its time, by trying all; None if there is none.

    Parameters
    ----------
    timed : the machine and its time. widths : how many bits each field has.

    Raises
    ------
    ConstructionError
        For more than :data:`MOST_TRIED` bits.

    >>> from constructions.computation.formats.turing_table import read_table
    >>> machine = read_table(b"blank: _\\ninput: 0 1 #\\nstart: go\\naccept: yes\\ngo 0 -> yes 1 N\\n", where="one.tm")
    >>> always_accepts(Timed(machine=machine, time=1), (2, 1))
    '10#0'
    """
    bits = sum(widths)
    if bits > MOST_TRIED:
        raise ConstructionError(f"need at most {MOST_TRIED} bits in a word to try all words, got {bits}")
    design = Design()
    fields = [design.input(f"field{k}", width) for k, width in enumerate(widths)]
    design.output("accepted", outcome(design, timed, fields, 1)[0])
    words, width = assignments(bits)
    accepted = design.circuit().evaluate(dict(zip(_names(widths), words, strict=True)), width=width)["accepted"]
    wrong = accepted ^ (1 << width) - 1
    if not wrong:
        return None
    first = (wrong & -wrong).bit_length() - 1
    values = [str(first >> i & 1) for i in range(bits)]
    ends = [sum(widths[: k + 1]) for k in range(len(widths))]
    return BETWEEN.join("".join(values[end - width : end]) for end, width in zip(ends, widths, strict=True))


def _names(widths: Sequence[int]) -> list[str]:
    return [name for k, width in enumerate(widths) for name in places(f"field{k}", width)]
