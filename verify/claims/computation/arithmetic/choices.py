"""Choices between two bits, and what is made of them: the selecting tree and the barrel shifter.

Proved here, for every width or size: a choice (``bits.mux.cell``), the entry of a table at an index
(``bits.select.cell``), a shift by a variable amount (``bits.shift.cell``).
"""

from constructions.computation import arithmetic
from constructions.computation.flat import FlatCircuit
from constructions.foundations.logic import negation, some
from verify.claims.computation.arithmetic.cells import alone, equivalent, value_where, with_input_negated
from verify.obligations.case import Case
from verify.obligations.obligation import obligation


@obligation(
    "bits.mux.cell",
    paper="circuits",
    needs=("bits.cells",),
    of=alone(arithmetic.choice_cell),
    twin=with_input_negated(arithmetic.choice_cell, "condition"),
)
def choice_chooses(cell: FlatCircuit, case: Case) -> None:
    """The cell of a multiplexer returns ``yes`` where its condition holds and ``no`` elsewhere; so a row of such cells
    chooses between two vectors of any width."""
    condition, yes, no = (case.bit(name) for name in ("condition", "yes", "no"))
    out = case.circuit(cell, {"condition": condition, "yes": yes, "no": no})["out0"]
    case.show("where the condition holds", equivalent(out, yes), given=condition)
    case.show("elsewhere", equivalent(out, no), given=negation(condition))


@obligation(
    "bits.select.cell",
    paper="circuits",
    needs=("bits.cells",),
    of=alone(arithmetic.choice_cell),
    twin=with_input_negated(arithmetic.choice_cell, "condition"),
)
def tree_selects(cell: FlatCircuit, case: Case) -> None:
    """In the tree that selects an entry of a table, let r < 2^i be the number that the first i digits of the index
    spell. If every node j of level i holds the entry at j 2^i + r, then after one more digit every node of level i + 1
    holds the corresponding entry. At level 0 node j is entry j; so the root holds the entry at the index, for tables of
    every size."""
    digit, even, odd = (case.bit(name) for name in ("digit", "even", "odd"))
    power, r, offset = (case.integer(name) for name in ("power", "r", "2 j power"))
    wanted = case.integer("wanted")
    case.assume(power >= 1, r >= 0, r < power, wanted == offset + r + value_where(digit, power))
    out = case.circuit(cell, {"condition": digit, "yes": odd, "no": even})["out0"]
    case.show("the node holds the entry of its lower half", equivalent(out, even), given=wanted == offset + r)
    case.show("the node holds the entry of its upper half", equivalent(out, odd), given=wanted == offset + power + r)
    case.show("and there is no other", some(wanted == offset + r, wanted == offset + power + r))
    case.show("the index so far stays below its power", r + value_where(digit, power) < 2 * power)


@obligation(
    "bits.shift.cell",
    paper="circuits",
    needs=("bits.cells",),
    of=alone(arithmetic.choice_cell),
    twin=with_input_negated(arithmetic.choice_cell, "condition"),
)
def barrel_shifts(cell: FlatCircuit, case: Case) -> None:
    """In the barrel shifter, let r be the number that the first i digits of the amount spell. If place k holds place k
    - r of the operand (or the bit that comes in, for places below 0), then after one more digit it holds place k - r',
    where r' is the amount so far. So after all digits the operand is shifted by the amount, for every width."""
    digit, stays, arrives = (case.bit(name) for name in ("digit", "stays", "arrives"))
    power, r, k, source = (case.integer(name) for name in ("power", "r", "k", "source"))
    case.assume(power >= 1, r >= 0, r < power, source == k - (r + value_where(digit, power)))
    out = case.circuit(cell, {"condition": digit, "yes": arrives, "no": stays})["out0"]
    case.show("the place keeps what it held", equivalent(out, stays), given=source == k - r)
    case.show("the place takes what place k - 2^i held", equivalent(out, arrives), given=source == (k - power) - r)
    case.show("and there is no other", some(source == k - r, source == (k - power) - r))
