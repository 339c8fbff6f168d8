"""A gadget with an activation of its own: a staircase with the plateaus 0, 1 and 2, and an adder of ternary digits.

One vertex adds two digits s and t and stops at 2. The last claim is false, and is declared so: the vertex does not add
when the sum is above 2. Its verdict must be REFUTED, with the digits at which it fails.

Run:  querygrad prove examples/staircase.py     querygrad show stairs.adds --file examples/staircase.py
"""

from fractions import Fraction

import networkx as nx

from constructions.foundations.activation import Activation
from constructions.foundations.exact import Number
from constructions.foundations.logic import select, some, within
from constructions.foundations.network import Fragment
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict


def numbers(*values: int) -> tuple[Fraction, ...]:
    """Whole numbers as fractions, which is what an activation is made of."""
    return tuple(Fraction(value) for value in values)


STAIRS = Activation(kinks=numbers(0, 1, 2, 3), slopes=numbers(0, 1, 0, 1, 0), value=Fraction(0), name="staircase")

graph = nx.DiGraph()
graph.add_edge("s", "sum", weight=2)
graph.add_edge("t", "sum", weight=2)
graph.add_edge("one", "sum", weight="-1/2")  # 0.5 would be refused: weights are exact
ADDER = Fragment.from_graph(graph, inputs=("s", "t"), outputs=("sum",), constant="one", sigma=STAIRS)


def digits(case: Case, error: Fraction) -> tuple[Number, dict[str, Number]]:
    """Two ternary digits and two values, each less than ``error`` off its digit."""
    true: dict[str, Number] = {}
    values: dict[str, Number] = {}
    for v in ADDER.inputs:
        true[v], values[v] = case.real(f"{v}.digit"), case.real(v)
        case.assume(
            some(*(true[v] == digit for digit in (0, 1, 2))), values[v] - true[v] < error, true[v] - values[v] < error
        )
    return true["s"] + true["t"], values


@obligation("stairs.saturates", paper="examples", of=lambda case: Fraction(1, 8), twin=lambda case: Fraction(1, 4))
def adds_up_to_two(error: Fraction, case: Case) -> None:
    """With every value less than 1/8 off its digit the vertex returns min(s + t, 2), strictly flat, with no gradient
    on its edges."""
    total, values = digits(case, error)
    run = case.run(ADDER, values, label="adder")
    case.show("strictly flat", run.flat("sum"))
    case.equal("the sum, up to 2", run.out["sum"], select(total > 2, 2, total))
    gradient = case.gradient(run, {"sum": case.real("adjoint")}, label="adder")
    for u, v in ADDER.edges:
        case.equal(f"no gradient on {u} -> {v}", gradient.edges[u, v], 0)


@obligation(
    "stairs.activation",
    paper="examples",
    of=lambda case: STAIRS,
    twin=lambda case: Activation(kinks=numbers(0), slopes=numbers(0, 1), value=Fraction(0)),
)
def staircase_is_bounded(sigma: Activation, case: Case) -> None:
    """The staircase never falls, and stays between 0 and 2."""
    x, y = case.real("x"), case.real("y")
    case.assume(x <= y)
    case.show("it does not fall", sigma(x) <= sigma(y))
    case.show("between 0 and 2", within(sigma(x) - 1, 1))


@obligation("stairs.adds", paper="examples", of=lambda case: Fraction(1, 8), expect=Verdict.REFUTED)
def adds(error: Fraction, case: Case) -> None:
    """The vertex returns s + t (false: two digits can sum to 4)."""
    total, values = digits(case, error)
    case.equal("the sum", case.run(ADDER, values, label="adder").out["sum"], total)
