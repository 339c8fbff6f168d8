"""Running times as steps of Turing machines, and as gates of circuits: either is a polynomial in the other, so the
classes PAC_TM and SQ_TM of Corollaries 1 to 3 are the same by both.

A machine of TIME steps with P pairs of a state and a symbol is a circuit (``turing.classes.gates``), and a circuit is
evaluated by a machine (``turing.classes.steps``). Each number is bounded by a bound on all that is given.
"""

from collections.abc import Callable

from constructions.computation import tableau_sizes
from constructions.computation.circuit_on_tape import pairs_within, states_to, steps_in_all, steps_within, ways_to
from constructions.computation.tableau_sizes import gates_within, literals_within, outcome_gates, widest_gate
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every
from verify.claims.computation.turing.learner_sizes import OF_A_TABLEAU
from verify.claims.computation.turing.sizes import grows
from verify.obligations.case import Case
from verify.obligations.obligation import obligation

Bounds = tuple[Callable[[Number], Number], Callable[[Number], Number]]
OF_A_MACHINE = ("TIME", "P", "tableau", "returned", "symbol")
OF_THE_WIDEST = ("last", "states", "symbols", "stopping", "n")


@obligation(
    "turing.back.states",
    paper="Lemma 3b",
    kind="induction",
    of=lambda case: states_to,
    twin=lambda case: lambda counts, way, first: (counts + 2) * ways_to(way, first),
)
def states_are_polynomial(states: Callable[[Number, Number, Formula], Number], case: Case) -> None:
    """For every circuit with N inputs and gates together, each gate of at most F literals: the loop that writes its
    machine makes for each target, in a cell from 0 to N - 1, as many states as the function says by which it goes, for
    at most F literals that are counted. So for the L + G + 1 targets of L operands, G gates and the output, and the two
    states in which it halts, there are at most (L + G + 1) (F + 1) N + 2 states."""
    nodes, literals, first = (case.integer(name) for name in ("N", "F", "first"))
    case.assume(nodes >= 1, literals >= 0, first >= 0, first < nodes)
    each = (literals + 1) * nodes
    counted, way = case.integer("counted"), case.integer("way")
    grows(case, 1, nodes, literals + 1, nodes)
    case.lemma("the first", states(0, first, True) <= each)
    _small_ways(case, counted, way, literals, nodes)
    at = case.reached(
        case.induction(
            "over the targets",
            state={name: case.integer(name) for name in ("targets", "states")},
            start={"targets": 1, "states": states(0, first, True)},
            inputs={"counted": counted, "way": way},
            advance=lambda s: {
                "targets": s["targets"] + 1,
                "states": s["states"] + states(s["counted"], s["way"], False),
            },
            holds=lambda s: every(s["targets"] >= 1, s["states"] <= s["targets"] * each),
        )
    )
    operands, gates = case.integer("L"), case.integer("G")
    case.assume(operands >= 0, gates >= 0, at["targets"] == operands + gates + 1)
    case.show("in all", at["states"] + 2 <= (operands + gates + 1) * each + 2)


def _small_ways(case: Case, counted: Number, way: Number, literals: Number, nodes: Number) -> None:
    """Suppose that a gate has at most F literals and a way leads from a node to a node."""
    case.assume(counted >= 0, counted <= literals, way < nodes, -way < nodes)
    ways = ways_to(way, False)
    case.lemma("a way", every(ways >= 1, ways <= nodes))
    grows(case, counted + 1, ways, literals + 1, nodes)


@obligation(
    "turing.classes.gates",
    paper="Corollary 1",
    of=lambda case: (gates_within, literals_within),
    twin=lambda case: (lambda most: 4 * most * most, literals_within),
)
def machines_are_circuits(bounds: Bounds, case: Case) -> None:
    """For every B >= 1: a function that a Turing machine computes in at most B steps, with at most B pairs of a state
    and a symbol, on words of at most B symbols, of which it returns at most B bits, is computed by a circuit of at most
    324 B^3 gates, none with more than 6 B literals. So a running time in steps that is within c n^d is one in gates
    within 324 c^3 n^(3d). Used are turing.learner.outcome and turing.fan_in."""
    gates, wide = bounds
    most, of = case.integer("B"), {name: case.integer(name) for name in OF_A_MACHINE}
    case.assume(most >= 1, of["TIME"] <= most, of["P"] <= most)
    used = case.use("turing.learner.outcome", **{name: of[name] for name in ("TIME", "P", "returned", "symbol")})
    case.assume(used.premises, label="a machine of at most TIME steps, P pairs and TIME symbols")
    found = outcome_gates(
        tableau_sizes.tableau_gates(*(used.values[name] for name in OF_A_TABLEAU)), of["returned"], of["symbol"]
    )
    square = (most + 1) * (most + 1)
    grows(case, of["TIME"] + 1, of["TIME"] + 1, most + 1, most + 1)
    grows(case, of["P"] + 1, (of["TIME"] + 1) * (of["TIME"] + 1), most + 1, square)
    grows(case, of["TIME"], of["P"], most, most)
    grows(case, 1, 1, most, most)
    grows(case, 1, most, most, most)
    grows(case, 1, most * most, most, most * most)
    case.lemma("the last power", (most + 1) * square <= 8 * most * most * most)
    case.show("gates", found <= gates(most))
    tableau = {name: case.integer(f"tableau: {name}") for name in OF_THE_WIDEST}
    narrow = case.use("turing.fan_in", **tableau, T=of["TIME"], p=of["P"])
    case.assume(narrow.premises, tableau["n"] <= of["TIME"], label="a tableau of at most TIME steps and symbols")
    case.show("literals", widest_gate(*(tableau[name] for name in OF_THE_WIDEST[:-1])) <= wide(most))


@obligation(
    "turing.classes.steps",
    paper="Corollary 1",
    of=lambda case: (steps_within, pairs_within),
    twin=lambda case: (lambda most: 4 * most * most, pairs_within),
)
def circuits_are_machines(bounds: Bounds, case: Case) -> None:
    """For every B >= 1: what a circuit of at most B inputs and at most B gates, each of at most B literals, computes,
    a Turing machine computes in at most 8 B^3 steps with at most 42 B^4 pairs of a state and a symbol: in its run the
    value of each node comes to stand in the cell of the node (turing.back.any). So a running time in gates that is
    within c n^d is one in steps within 8 c^3 n^(3d). Used are turing.back.time and turing.back.states."""
    steps, pairs = bounds
    names = ("B", "inputs", "G", "F", "L")
    most, inputs, gates, literals, operands = (case.integer(name) for name in names)
    case.assume(most >= 1, inputs >= 0, gates >= 0, literals >= 0, inputs + gates >= 1)
    case.assume(inputs <= most, gates <= most, literals <= most, operands >= 0, operands <= gates * literals)
    nodes = inputs + gates
    run = case.use("turing.back.time", N=nodes, L=operands, G=gates)
    case.assume(run.premises, label="the steps between the targets of a circuit")
    written = case.use("turing.back.states", N=nodes, L=operands, G=gates, F=literals)
    case.assume(written.premises, label="the states for the targets of a circuit")
    square = most * most
    grows(case, gates, literals, most, most)
    grows(case, 1, 1, most, most)
    grows(case, 1, most, most, most)
    grows(case, 1, square, most, square)
    grows(case, 1, square * most, most, square * most)
    grows(case, operands + gates + 2, nodes, 4 * square, 2 * most)
    taken = steps_in_all(run.values["over the targets reached: steps"])
    case.show("steps", taken <= steps(most))
    grows(case, literals + 1, nodes, 2 * most, 2 * most)
    grows(case, operands + gates + 1, (literals + 1) * nodes, 3 * square, 4 * square)
    states = written.values["over the targets reached: states"] + 2
    case.show("pairs of a state and a symbol", 3 * states <= pairs(most))
