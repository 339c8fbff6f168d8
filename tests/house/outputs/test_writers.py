"""Ugly names through every writer: what is written is read by a parser, and the names are what they were. The table of
writers is compared with the code: a function that writes a file and is not in the table fails the tests."""

import ast
import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from constructions.computation.flat import FlatCircuit, Gates
from constructions.computation.formats.aiger import AigerFile
from constructions.computation.formats.files import write_machine
from constructions.computation.learner_machines import best_literal_machine
from constructions.computation.machines import Machine
from constructions.errors import ConstructionError
from constructions.foundations.network import Fragment
from constructions.foundations.spelling import from_json_text, spelled, unspelled
from constructions.networks.emulation import Plan
from constructions.networks.network_file import network_bytes, read_network, write_network
from constructions.networks.trainable import Trainable
from constructions.theorems.kept_runs import Parameters, read_state
from constructions.theorems.measure import Tally
from constructions.training.checkpoint import Progress, write_checkpoint
from constructions.training.record import Recorder, read_header
from constructions.training.torch_export import write_torch
from tests.house.rules import parsed
from tests.theorems.test_kept_runs import write_theorem
from verify.discharge.cache import Cache
from verify.discharge.listing import Entry, keep_list, kept_list
from verify.discharge.one import discharge
from verify.discharge.result import Result
from verify.discharge.result_json import from_json
from verify.discharge.seen import Seen, read_record, write_record
from verify.drawing.activation import draw_activation
from verify.drawing.figure import draw_view
from verify.drawing.fragment import draw_fragment
from verify.drawing.map import draw_map
from verify.drawing.round import draw_network_file
from verify.drawing.view import Group, Vertex, View, Wire
from verify.mutation.facts import in_a_child
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict
from verify.provers.outcome import Departure, Examination, FactFinding
from verify.reports.files import write_json, write_junit
from verify.reports.smt import queries

ROOT = Path(__file__).parents[3]
Parsed = Callable[[Path], Any]
BY_COMMANDS = """
verify.commands.lowerbound verify.commands.audit verify.commands.sweep verify.drawing.phase
constructions.foundations.files verify.certifier.certificate.handing_over verify.commands.certify
verify.commands.prove_circuits verify.mutation.copied verify.mutation.outcome verify.mutation.trial
verify.commands.prove_machines
verify.reports.mutation verify.provers.second verify.reports.margins verify.commands.proof_files
verify.commands.circuit constructions.training.onnx_export verify.reports.vnnlib verify.reports.health
verify.judge.solver verify.commands.diff verify.commands.report_options verify.reports.sarif verify.pages.page
verify.pages.training_run verify.reports.sat_questions
"""
WRITERS: dict[str, list[str]] = {name: ["commands"] for name in BY_COMMANDS.split()} | {
    "verify.screen.files": ["json"],
    "constructions.computation.formats.files": ["aiger", "bench"],
    "constructions.computation.formats.machine_files": ["commands"],
    "constructions.networks.network_file": ["network"],
    "constructions.training.checkpoint": ["checkpoint"],
    "constructions.training.record": ["trace"],
    "constructions.training.torch_export": ["torch"],
    "verify.discharge.cache": ["kept"],
    "verify.discharge.listing": ["kept"],
    "verify.drawing.files": ["svg", "png", "dot", "graphml"],
    "verify.reports.files": ["json", "junit"],
    "verify.reports.smt": ["smt"],
    "verify.discharge.seen": ["record"],
    "verify.mutation.facts": ["record"],
    "verify.commands.theorem": ["theorem"],
}
"""What writes files, and by which test here it is tried; ``commands``: in test_commands.py, by the command itself."""
SINKS = {"write_bytes", "write_text", "write_json_text", "savefig", "savez", "savez_compressed", "mkstemp", "fdopen"}


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Every call with the last part of what is called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", ""), node


def writes(source: str) -> bool:
    """Whether something in a module puts bytes into a file."""
    if not re.search(r"\bopen\(|" + "|".join(SINKS), source):
        return False
    tree = parsed(source)
    opened = [call for name, call in calls(tree) if name == "open" and "devnull" not in ast.unparse(call)]
    inside = [part for call in opened for value in call.args for part in ast.walk(value)]
    modes = [each.value for each in inside if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    return any(name in SINKS for name, _ in calls(tree)) or any(
        set(mode) & set("wax+") and len(mode) < 4 for mode in modes
    )


def test_the_table_has_every_writer_and_every_writer_a_test() -> None:
    paths = [
        path
        for part in ("constructions", "verify")
        for path in (ROOT / part).rglob("*.py")
        if "attacks" not in path.parts
    ]
    writing = [path for path in paths if writes(path.read_text(encoding="utf-8"))]
    modules = {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in writing}
    assert modules == set(WRITERS)
    wanted = {name for names in WRITERS.values() for name in names if name != "commands"}
    assert not [name for name in wanted if not any(test.startswith(f"test_{name}_") for test in globals())]


@pytest.fixture
def everything(ugly: Mapping[str, str]) -> str:
    """One name with all that is ugly."""
    return "".join(ugly.values())


@pytest.fixture
def results(ugly: Mapping[str, str], everything: str) -> list[Result]:
    """Results with ugly texts everywhere: as expected, refuted, unknown."""
    good = discharge(paper_obligations()["sigma.figure"])
    values = dict.fromkeys(ugly.values(), Fraction(1, 2))

    def with_texts(name: str, verdict: Verdict) -> Examination:
        return Examination(
            verdict=verdict,
            facts=(FactFinding(name, verdict, 1, name),),
            failing=(name,),
            leaves=Departure(name, name, Fraction(-1, 2), name),
            witness=values,
            counterexample=values,
        )

    found = [
        replace(
            good,
            id=f"{i} {name}",
            paper=name,
            statement=name,
            claim=with_texts(name, Verdict.PROVED),
            needs=(name,),
            erratum=name,
        )
        for i, name in enumerate((*ugly.values(), everything))
    ]
    wrong, unknown = (with_texts(everything, verdict) for verdict in (Verdict.REFUTED, Verdict.UNKNOWN))
    return [
        *found,
        replace(found[-1], id=f"wrong {everything}", claim=wrong),
        replace(found[-1], id=f"open {everything}", claim=unknown),
    ]


@pytest.fixture
def view(ugly: Mapping[str, str]) -> View:
    """A view with ugly texts everywhere."""
    names = list(ugly.values())
    vertices = [Vertex(name=name, lines=(name, name), facts={"role": name, "outside": name}) for name in names]
    wires = [Wire(tail=u, head=v, text=v) for i, v in enumerate(names) for u in names[:i][-3:]]
    groups = tuple(Group(name=name, vertices=(name,)) for name in names)
    return View(
        title="".join(names), caption="".join(names), vertices=tuple(vertices), wires=tuple(wires), groups=groups
    )


@pytest.mark.slow
def test_svg_pictures_are_xml(
    ugly: Mapping[str, str], view: View, stars: Fragment, tmp_path: Path, parsed: Parsed
) -> None:
    named = dataclasses.replace(stars.sigma, name=view.title)
    rows = [(name, [other for other in ugly.values() if other < name], f"PROVED {name}") for name in ugly.values()]
    for path in (
        draw_view(view, tmp_path / "view.svg"),
        draw_fragment(stars, tmp_path / "stars.svg", inputs={"x": 1}, title=view.title),
        draw_activation(named, tmp_path / "sigma.svg"),
        draw_map(rows, tmp_path / "map.svg"),
    ):
        text = path.read_bytes().decode("utf-8")
        assert parsed(path).tag.endswith("svg") and all(line.isprintable() for line in text.split("\n"))
    shown = (tmp_path / "stars.svg").read_text(encoding="utf-8")
    assert "<!-- caf\\udce9\\ud800\\udfff -->" in shown and "<!-- \\u5b57\\u7b26 -->" in shown


@pytest.mark.slow
def test_png_pictures_are_pictures(view: View, tmp_path: Path, parsed: Parsed) -> None:
    assert parsed(draw_view(view, tmp_path / "view.png")).ndim == 3


def named_in_dot(quoted: str) -> str:
    """The name that an identifier in a DOT file stands for."""
    text = quoted[1:-1].replace('\\"', '"')
    return re.sub(r"\\(\\|n|r|t|x..|u....|U........)", lambda found: ast.literal_eval(f"'\\{found[1]}'"), text)


def test_dot_files_name_every_vertex(stars: Fragment, view: View, tmp_path: Path, parsed: Parsed) -> None:
    graph = parsed(draw_fragment(stars, tmp_path / "stars.dot"))
    assert {named_in_dot(node.get_name()) for node in graph.get_nodes()} == set(stars.order)
    ends = {(named_in_dot(edge.get_source()), named_in_dot(edge.get_destination())) for edge in graph.get_edges()}
    assert ends == set(stars.edges)
    parsed(draw_view(view, tmp_path / "view.dot"))


def test_graphml_files_name_every_vertex(stars: Fragment, view: View, tmp_path: Path, parsed: Parsed) -> None:
    graph = parsed(draw_fragment(stars, tmp_path / "stars.graphml"))
    assert {unspelled(v) for v in graph} == set(stars.order)
    assert {tuple(map(unspelled, edge)) for edge in graph.edges} == set(stars.edges)
    kept = {name for name in stars.order if name.isprintable()}
    assert kept <= set(graph) | {name for name in kept if spelled(name) != name}
    read = parsed(draw_view(view, tmp_path / "view.graphml"))
    assert {unspelled(read.nodes[v].get("name") or "") for v in read} == {vertex.name for vertex in view.vertices}


def test_json_reports_hold_every_text(results: list[Result], tmp_path: Path, parsed: Parsed) -> None:
    path = tmp_path / "run.json"
    write_json(path, results, wall=1.0, seconds=60)
    parsed(path)
    rows = from_json_text(path.read_text(encoding="utf-8"))["results"]
    more = {"as_expected", "reason", "unseen", "verdict"}
    read = [from_json({key: value for key, value in row.items() if key not in more}, Result) for row in rows]
    assert read == results


def test_record_of_facts_holds_every_name(ugly: Mapping[str, str], tmp_path: Path) -> None:
    names = [name for name in ugly.values() if name]
    record = {name: Seen(statement="12", tried=1, facts=dict.fromkeys(names, name)) for name in names}
    write_record(tmp_path / "seen.json", record)
    assert read_record((tmp_path / "seen.json").read_text(encoding="utf-8")) == record
    assert in_a_child(lambda: iter(["low", "ö"]), 60) == ["low", "ö"]


def test_junit_reports_hold_every_id(results: list[Result], tmp_path: Path, parsed: Parsed) -> None:
    path = tmp_path / "run.xml"
    write_junit(path, results)
    cases = list(parsed(path).iter("testcase"))
    assert [unspelled(case.get("name")) for case in cases] == [result.id for result in results]
    assert [unspelled(case.get("classname")) for case in cases] == [result.paper for result in results]
    assert [child.tag for case in cases for child in case] == ["failure", "error"]


def test_smt_files_hold_variables_of_any_name(ugly: Mapping[str, str], tmp_path: Path, parsed: Parsed) -> None:
    def claim(subject: object, case: Any) -> None:
        """The sum of some squares is not negative."""
        variables = [case.real(name) for name in (*ugly.values(), "true", "sin", "@", "x!1", "|") if name]
        case.assume(*(v >= 0 for v in variables))
        case.show("".join(ugly.values()), sum(variables) >= subject)

    given = dataclasses.replace(
        paper_obligations()["sigma.figure"], id="".join(ugly.values()), claim=claim, of=lambda case: 0
    )
    for name, text in queries(given).items():
        (tmp_path / name).write_bytes(text.encode())
        assert len(parsed(tmp_path / name)) >= 1


def machine_of(names: list[str]) -> Machine:
    """A machine with inputs, latches and outputs of these names."""
    n = len(names)
    inputs, gates = (*names, *(f"latch {name}" for name in names)), [(2, (2 * i, 2 * (n + i) + 1)) for i in range(n)]
    outputs = {f"output {name}": 2 * (2 * n + i) + i % 2 for i, name in enumerate(names)}
    circuit = FlatCircuit(inputs=inputs, gates=Gates.of(gates), outputs=outputs)
    return Machine(circuit=circuit, next=tuple(outputs.values()), start=(False,) * n)


@pytest.mark.parametrize("ending", [".aag", ".aig"])
def test_aiger_files_keep_every_name(ugly: Mapping[str, str], tmp_path: Path, ending: str, parsed: Parsed) -> None:
    machine = machine_of([name for name in ugly.values() if name])
    write_machine(
        tmp_path / f"m{ending}",
        AigerFile(machine=machine, comment="".join(ugly.values()).encode("utf-8", "replace").decode()),
    )
    found = parsed(tmp_path / f"m{ending}").machine
    for mine, theirs in (
        (machine.inputs, found.inputs),
        (machine.state, found.state),
        (machine.outputs, found.outputs),
    ):
        assert theirs == mine


def test_bench_files_keep_every_name(ugly: Mapping[str, str], tmp_path: Path, parsed: Parsed) -> None:
    machine = machine_of([name for name in ugly.values() if name])
    write_machine(tmp_path / "m.bench", machine)
    found = parsed(tmp_path / "m.bench")
    for mine, theirs in (
        (machine.inputs, found.inputs),
        (machine.state, found.state),
        (machine.outputs, found.outputs),
    ):
        assert theirs == mine


@pytest.fixture(scope="module")
def plan() -> Plan:
    """A small emulation network."""
    return Plan(machine=best_literal_machine(1, fraction=5), rho=Fraction(1, 16))


def with_hints(net: Trainable, names: list[str]) -> Trainable:
    """The network with the parts of its first round renamed, further parts, and other hints of these names."""
    groups = [[name, low, high] for name, low, high in net.hints["groups"]]
    low, high = next((low, high) for name, low, high in groups if name == "round 1: computation")
    extra = [[f"round 1: {name}", low + i, low + i + 1] for i, name in enumerate(names) if low + i < high]
    return dataclasses.replace(
        net, hints={**net.hints, "groups": [*extra, *groups], "else": dict.fromkeys(names, names)}
    )


def test_network_files_keep_hints_and_refuse_what_json_cannot_hold(
    plan: Plan, ugly: Mapping[str, str], tmp_path: Path, parsed: Parsed
) -> None:
    names = [name for key, name in ugly.items() if key != "surrogates"]
    net = with_hints(
        plan.trainable,
        [*names, "vr", "vrx", "v1", "v2, copy 2", "output f", "paths of 3 more", "memory of 1 more", "memory"],
    )
    write_network(tmp_path / "net.qgn", net)
    assert dict(parsed(tmp_path / "net.qgn").hints) == dict(net.hints)
    assert network_bytes(read_network(tmp_path / "net.qgn")) == network_bytes(net)
    for ending in (".svg", ".dot", ".graphml"):
        path = tmp_path / f"round{ending}"
        parsed(draw_network_file(tmp_path / "net.qgn", path, number=1, copies=1, title="".join(names)))
    with pytest.raises(ConstructionError, match="need hints that JSON can hold"):
        network_bytes(with_hints(plan.trainable, [ugly["surrogates"]]))


def test_network_files_keep_printable_names_and_refuse_others(
    plan: Plan, ugly: Mapping[str, str], tmp_path: Path, parsed: Parsed
) -> None:
    net = plan.trainable
    for name in ugly.values():
        sigma = dataclasses.replace(net.network.sigma, name=name)
        other = dataclasses.replace(
            net, network=dataclasses.replace(net.network, inputs=(name,), sigma=sigma), last=sigma
        )
        if name.isprintable() and name:
            write_network(tmp_path / "net.qgn", other)
            assert parsed(tmp_path / "net.qgn").network.inputs == (name,)
        else:
            with pytest.raises(ConstructionError, match="need names that can be printed, got"):
                network_bytes(other)
        named = dataclasses.replace(net, network=dataclasses.replace(net.network, sigma=sigma), last=sigma)
        (tmp_path / "named.qgn").write_bytes(network_bytes(named))
        assert network_bytes(parsed(tmp_path / "named.qgn")) == network_bytes(named)


def test_checkpoint_files_have_a_header_in_json(tmp_path: Path, parsed: Parsed) -> None:
    progress = Progress(identity="0" * 64, number=1, scale=1, moves=0, systems={"float64": 1}, trace=0)
    write_checkpoint(tmp_path / "run.ckp", progress, np.zeros(1, np.int64))
    assert parsed(tmp_path / "run.ckp")["identity"] == "0" * 64


def test_trace_files_are_lines_of_json(
    ugly: Mapping[str, str], everything: str, tmp_path: Path, parsed: Parsed
) -> None:
    Recorder(tmp_path / "run.trace", dict.fromkeys(ugly.values(), everything)).close()
    (header,) = parsed(tmp_path / "run.trace")
    assert (
        set(map(unspelled, header)) == {*ugly.values(), "querygrad trace"}
        and read_header(tmp_path / "run.trace") == header
    )


def test_torch_files_are_python_and_arrays(plan: Plan, ugly: Mapping[str, str], tmp_path: Path, parsed: Parsed) -> None:
    for path in write_torch(plan.trainable, tmp_path / "\u05d0.py"):
        parsed(path)
    for name in ugly.values():
        stem = re.sub(r"[/\x00]", "", name)
        if not stem.isidentifier():
            with pytest.raises(ConstructionError, match="need a Python file whose name is a module's"):
                write_torch(plan.trainable, tmp_path / f"{stem}.py")


def test_theorem_files_give_their_parameters_back(everything: str, tmp_path: Path, parsed: Parsed) -> None:
    path = tmp_path / "theorem.json"
    parameters: Parameters = {"data": everything, everything: 1}
    write_theorem(path, parameters, Tally())
    parsed(path)
    assert read_state(path)[0] == parameters


def test_kept_results_are_found_again(results: list[Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUERYGRAD_CACHE", str(tmp_path / "cache"))
    cache = Cache.open()
    for i, result in enumerate(results[:-1]):
        cache.put(str(i), result)
        assert cache.get(str(i), result.id) == replace(result, cached=True)
    entries = [
        Entry(id=result.id, paper=result.paper, budget=i + 1, needs=result.needs, expect=result.expect)
        for i, result in enumerate(results)
    ]
    keep_list(cache, {entry.id: entry for entry in entries})
    assert kept_list(cache) == {entry.id: entry for entry in entries}
