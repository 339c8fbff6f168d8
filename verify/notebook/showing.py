"""How values show themselves in a notebook: fragments and small circuits as pictures, all others as tables.

Importing this module enters the functions (:data:`constructions.foundations.shown.SHOWS`).
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from constructions.computation.flat import FlatCircuit
from constructions.computation.machines import Machine
from constructions.computation.query_machine import QueryMachine
from constructions.foundations.network import Fragment
from constructions.foundations.shown import HTML, SHOWS, SVG
from constructions.foundations.walks import ForwardRun
from constructions.networks.flat import FlatNetwork
from constructions.networks.trainable import Trainable
from constructions.training.run import TrainingRun
from verify.discharge.result import Result
from verify.drawing.by_layers import by_layers
from verify.drawing.circuit import circuit_view
from verify.drawing.figure import figure_of
from verify.drawing.files import picture_bytes
from verify.drawing.fragment import ShownFragment
from verify.drawing.view import View
from verify.pages.markup import Markup, Piece, element, joined
from verify.pages.verdicts import badge
from verify.reports.circuit import described

MOST_DRAWN = 60
"""What has more vertices or gates is shown as a table."""


def svg_of(view: View) -> str:
    """A view, in layers, as the text of an SVG picture.

    >>> from verify.drawing.view import Vertex
    >>> "<svg" in svg_of(View(title="one", vertices=(Vertex(name="x"),), wires=()))
    True
    """
    return picture_bytes(lambda: figure_of([view], [by_layers(view)]), "svg").decode()


def table_of(rows: Mapping[str, Piece], title: str = "") -> Markup:
    """A table of ``rows``, names and what belongs to each, with a title above it.

    >>> table_of({"edges": "3 < 4"})
    Markup('<table><tr><th>edges</th><td>3 &lt; 4</td></tr></table>')
    """
    head = [element("caption", title)] if title else []
    return element("table", *head, *(element("tr", element("th", k), element("td", v)) for k, v in rows.items()))


def verdicts_of(results: Iterable[Result]) -> Markup:
    """A table of results: id, verdict, what is expected, the twin's verdict, the statement, and where it fails.

    >>> from verify.obligations.verdict import Verdict
    >>> from verify.provers.outcome import Examination
    >>> found = Result(
    ...     id="square", paper="mine", statement="x < y.", prover="z3", expect=Verdict.PROVED, needs=(),
    ...     claim=Examination(verdict=Verdict.PROVED), twin=Examination(verdict=Verdict.REFUTED))
    >>> made = verdicts_of([found])
    >>> "PROVED" in made, "x &lt; y." in made
    (True, True)
    """
    names = ("id", "verdict", "expected", "twin", "statement")
    head = element("tr", *(element("th", name) for name in names))
    return element("table", head, *(element("tr", *(element("td", cell) for cell in _cells(each))) for each in results))


def _cells(result: Result) -> tuple[Piece, ...]:
    twin = "" if result.twin_verdict is None else result.twin_verdict.name
    good = result.error is None and result.verdict is result.due
    return result.id, badge(result.word, good=good), result.due.name, twin, joined([result.statement, *_why(result)])


def _why(result: Result) -> list[Piece]:
    """Why there is no verdict, or where the claim fails."""
    if result.error is not None:
        return [element("p", result.error.said)]
    if result.claim is None or result.claim.counterexample is None:
        return []
    values = ", ".join(f"{name}={value}" for name, value in result.claim.counterexample.items())
    return [element("p", f"fails at {values}: {', '.join(result.claim.failing)}")]


def _of_fragment(fragment: Fragment, run: ForwardRun | None = None) -> str | None:
    if len(fragment.order) > MOST_DRAWN:
        return None
    return svg_of(ShownFragment(title="", fragment=fragment, run=run).view)


def _of_run(run: ForwardRun) -> str | None:
    rational = all(isinstance(value, int | Fraction) for value in (*run.pre.values(), *run.out.values()))
    return _of_fragment(run.fragment, run) if rational else None


def _of_circuit(circuit: FlatCircuit) -> str | None:
    if len(circuit.gates) + len(circuit.inputs) > MOST_DRAWN or not circuit.outputs:
        return None
    return svg_of(circuit_view(circuit, dict(circuit.outputs), levels=None, title=""))


def _table_of_fragment(fragment: Fragment) -> str | None:
    if len(fragment.order) <= MOST_DRAWN:
        return None
    sizes = {"vertices": f"{len(fragment.order):,}", "edges": f"{len(fragment.edges):,}"}
    return table_of({**sizes, "activation": fragment.sigma.name}, "a fragment")


def _table_of_circuit(circuit: FlatCircuit) -> str | None:
    return None if _of_circuit(circuit) else table_of(described(Machine(circuit=circuit)), "a circuit")


def _table_of_network(net: FlatNetwork) -> str:
    sizes = {"inputs": f"{len(net.inputs):,}", "vertices": f"{net.size:,}", "edges": f"{len(net.sources):,}"}
    return table_of({**sizes, "activation": net.sigma.name, "weights over": f"{net.scale}"}, "a network")


def _table_of_trainable(net: Trainable) -> str:
    flat = net.network
    return table_of(
        {
            "inputs": f"{len(flat.inputs):,}",
            "vertices": f"{flat.size:,}",
            "edges": f"{len(flat.sources):,}, {len(net.frozen):,} of them frozen",
            "random bits": f"{net.random_bits:,}",
            "activation": flat.sigma.name,
            "training": f"{net.steps} steps, batch {net.batch}, rho {net.rho}, rate {net.rate}",
        },
        "a network to be trained",
    )


def _table_of_query_machine(machine: QueryMachine) -> str:
    return table_of(
        {
            "inputs": f"{machine.inputs}",
            "rounds": f"{machine.rounds}",
            "queries a round": f"{machine.parallel}",
            "bits of state": f"{len(machine.machine.state)}",
            "random bits a round": f"{machine.random_bits}",
        },
        "a machine that asks queries",
    )


def _table_of_training(run: TrainingRun) -> str:
    end = {} if run.kink is None else {"stopped": f"vertex {run.kink} is on a kink"}
    sizes = {"steps": f"{run.steps}", "edges that moved": f"{run.edges:,}", "changes of a weight": f"{run.moves:,}"}
    systems = ", ".join(f"{count} steps in {system}" for system, count in run.systems.items())
    return table_of({**sizes, "numbers": systems, **end}, "a training")


SHOWS |= {
    (Fragment, SVG): _of_fragment,
    (Fragment, HTML): _table_of_fragment,
    (ForwardRun, SVG): _of_run,
    (FlatCircuit, SVG): _of_circuit,
    (FlatCircuit, HTML): _table_of_circuit,
    (Machine, HTML): lambda machine: table_of(described(machine), "a circuit with a state"),
    (QueryMachine, HTML): _table_of_query_machine,
    (FlatNetwork, HTML): _table_of_network,
    (Trainable, HTML): _table_of_trainable,
    (TrainingRun, HTML): _table_of_training,
    (Result, HTML): lambda result: verdicts_of([result]),
}
