"""Claims as VNN-LIB: the files alone, read by z3 with the network of the ONNX file, say what our solver says."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import z3

from constructions.errors import ConstructionError
from constructions.foundations.activation import HARD_TANH, RELU
from constructions.foundations.logic import every, select, some
from constructions.foundations.network import Fragment
from constructions.foundations.terms import REAL, variable
from constructions.networks.formats.onnx_reading import read_onnx
from constructions.networks.gates import conjunction
from verify.discharge.one import examine
from verify.obligations.obligation import Obligation
from verify.obligations.verdict import Verdict
from verify.reports.vnnlib import line_of, questions, write_vnnlib

pytest.importorskip("onnx")
Claim = Callable[[Any, Any], None]


def obligation_of(claim: Claim, of: Any, twin: Any, **more: Any) -> Obligation:
    """An obligation with this claim."""
    return Obligation(id="mine.claim", paper="mine", claim=claim, of=of, twin=twin, **more)


def answers(obligation: Obligation, folder: Path) -> list[str]:
    """What z3 says of each property, from the files alone: the network is read from the ONNX file."""
    model, *properties = write_vnnlib(folder, obligation)
    given, found = read_onnx(model), []
    for path in properties:
        solver = z3.Solver()
        solver.add(z3.parse_smt2_string(path.read_text()))
        solver.add(network(given.fragment, given.value))
        found.append(str(solver.check()))
    return found


def network(fragment: Fragment, value: str) -> list[Any]:
    """What the vertices of a ReLU network are worth, with its inputs as X_i and what it returns as Y_j."""
    at = {v: z3.Real(f"X_{i}") for i, v in enumerate(fragment.inputs)} | {str(fragment.constant): z3.RealVal(1)}
    said: list[Any] = []
    pre = {}
    for v in (v for v in fragment.order if v not in fragment.sources):
        pre[v], at[v] = z3.Real(f"pre {v}"), z3.Real(f"out {v}")
        total = z3.Sum([z3.RealVal(str(fragment.weight(u, v))) * at[u] for u in fragment.predecessors(v)])
        said += [pre[v] == total, at[v] == z3.If(pre[v] >= 0, pre[v], 0)]
    assert fragment.sigma == RELU
    ends = pre if value == "pre" else at
    return said + [z3.Real(f"Y_{j}") == ends[v] for j, v in enumerate(fragment.outputs)]


def both_by_choice(gate: Any, case: Any) -> None:
    """AND of two bits, each -2 or 2: the value, and that the vertex is strictly flat."""
    x, y = case.real("x"), case.real("y")
    case.assume(some(x == 2, x == -2), some(y == 2, y == -2))
    run = case.run(gate, {"x1": x, "x2": y}, label="and")
    case.show("strictly flat", run.flat("gate"))
    case.equal("right", run.out["gate"], select(every(x == 2, y == 2), 2, -2))


def both_by_bits(gate: Any, case: Any) -> None:
    """The same of truth values."""
    p, q = case.bit("p"), case.bit("q")
    run = case.run(gate, {"x1": select(p, 2, -2), "x2": select(q, 2, -2)}, label="and")
    case.show("right", (run.out["gate"] == 2) == every(p, q))


def sign(graph: Any, case: Any) -> None:
    """A value of at least 1/2 gives 1, beside a number and the same value again."""
    x = case.real("x")
    case.assume(2 * x >= 1)
    run = case.run(graph, {"a": x, "b": Fraction(-1, 3), "c": x / 2}, label="sum")
    case.equal("value", run.out["y"], 1)
    case.show("more", run.pre["y"] - x > 0)


def sum_of(weight: int) -> Fragment:
    """Three inputs, one vertex."""
    edges = {("a", "y"): weight, ("b", "y"): Fraction(3, 2), ("c", "y"): 2}
    return Fragment(inputs=("a", "b", "c"), outputs=("y",), edges=edges, sigma=HARD_TANH)


GATE = conjunction().outputs[0]


@pytest.mark.parametrize(
    ("claim", "of", "twin"),
    [
        (both_by_choice, conjunction(), conjunction().with_weight("x1", GATE, 8)),
        (both_by_bits, conjunction(), conjunction().with_weight("x1", GATE, 8)),
        (sign, sum_of(2), sum_of(-1)),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_the_files_alone_say_what_the_solver_says(claim: Claim, of: Fragment, twin: Fragment, tmp_path: Path) -> None:
    good = obligation_of(claim, lambda case: of, lambda case: twin)
    bad = obligation_of(claim, lambda case: twin, lambda case: of)
    assert examine(good, good.of).verdict is Verdict.PROVED and examine(bad, bad.of).verdict is Verdict.REFUTED
    assert set(answers(good, tmp_path)) == {"unsat"} and "sat" in answers(bad, tmp_path)


def test_what_is_closed_and_what_is_narrowed_is_said() -> None:
    def positive(graph: Any, case: Any) -> None:
        """More than 1/3 gives something."""
        x = case.real("x")
        case.assume(3 * x > 1)
        case.show("more", case.run(graph, {"x": x}, label="it").out["y"] >= 0)

    graph = Fragment(inputs=("x",), outputs=("y",), edges={("x", "y"): 1}, sigma=HARD_TANH)
    asked = questions(obligation_of(positive, lambda case: graph, lambda case: graph.with_weight("x", "y", -1)))
    [text] = asked.properties.values()
    assert text.splitlines()[1:3] == [
        "; unsat proves the fact, up to 1/1000000, by which it has to fail",
        "; closed: 3*X_0 > 1",
    ]
    assert text.splitlines()[5:] == ["(assert (>= (* 3.0 X_0) 1.0))", "(assert (<= Y_0 -0.000001))"]


def twice(graph: Any, case: Any) -> None:
    """Two walks."""
    for label in "ab":
        case.show(label, case.run(graph, {"x": case.real(label)}, label=label).out["y"] <= 1)


def beside(graph: Any, case: Any) -> None:
    """A variable beside the inputs."""
    case.show("less", case.run(graph, {"x": case.real("x")}, label="it").out["y"] <= case.real("z") ** 2 + 1)


def square(graph: Any, case: Any) -> None:
    """A product."""
    x = case.real("x")
    case.show("less", case.run(graph, {"x": x}, label="it").out["y"] * x <= x)


def parameter(graph: Any, case: Any) -> None:
    """An input that is no variable."""
    case.show("less", case.run(graph, {"x": case.real("x") + case.real("y")}, label="it").out["y"] <= 1)


@pytest.mark.parametrize(
    ("claim", "of", "said"),
    [
        (twice, {("x", "y"): 1}, "need one forward walk .*, got 2 walks, at obligation mine.claim, for VNN-LIB"),
        (beside, {("x", "y"): 1}, "need a claim about inputs and outputs alone, got the variable 'z'"),
        (square, {("x", "y"): 1}, "need what is linear, got"),
        (parameter, {("x", "y"): 1}, "need real variables, numbers or bits as inputs, got x [+] y, at 'x'"),
        (square, {("x", "y"): variable("w", REAL)}, "need a network with given weights, got one with variables"),
        (twice, {("x", "y"): Fraction(1, 3)}, "need one forward walk"),
    ],
)
def test_what_vnnlib_cannot_say_is_refused_by_name(claim: Claim, of: Any, said: str) -> None:
    def subject(case: Any) -> Fragment:
        return Fragment(inputs=("x",), outputs=("y",), edges=of, sigma=HARD_TANH)

    with pytest.raises(ConstructionError, match=said):
        questions(obligation_of(claim, subject, subject))


def test_other_kinds_and_weights_that_float64_does_not_hold_are_refused() -> None:
    def small(graph: Any, case: Any) -> None:
        """A third."""
        case.show("less", case.run(graph, {"x": case.real("x")}, label="it").out["y"] <= 1)

    third = Fragment(inputs=("x",), outputs=("y",), edges={("x", "y"): Fraction(1, 3)}, sigma=HARD_TANH)
    with pytest.raises(ConstructionError, match="need weights that float64 holds, got weights over 3"):
        questions(obligation_of(small, lambda case: third, lambda case: third))
    with pytest.raises(ConstructionError, match="need a solver's claim, got one of kind identity"):
        questions(obligation_of(small, lambda case: third, lambda case: third, kind="identity"))


def test_a_line_may_have_nested_parts() -> None:
    x, y = variable("x", REAL), variable("y", REAL)
    weights, constant = line_of(-(x - 2 * y) * Fraction(1, 2) + x / 2, y - 1)
    assert not weights and constant == 1
