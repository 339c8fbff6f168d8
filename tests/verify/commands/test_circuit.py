"""``querygrad circuit``, ``querygrad prove --circuit`` and pictures of circuits, as a user runs them."""

import json
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from constructions.computation.builder import Builder
from constructions.computation.formats.files import read_file, read_machine, write_machine
from constructions.computation.iscas import c17
from constructions.computation.machines import Machine
from verify.circuits import of_a_file as circuits
from verify.circuits.by_shape import Report, prove_emulation
from verify.circuits.failing_input import Failure
from verify.circuits.of_a_file import CircuitReport, prove_file
from verify.commands.main import main
from verify.obligations.verdict import DisagreementError, Verdict
from verify.reports.circuit import exit_code, said


@pytest.fixture
def c17_file(tmp_path: Path) -> Path:
    path = tmp_path / "c17.aag"
    write_machine(path, c17())
    return path


@pytest.fixture
def toggle_file(tmp_path: Path) -> Path:
    builder = Builder()
    go, q = builder.input("go"), builder.input("q")
    builder.output("next", builder.xor(go, q))
    circuit = builder.circuit()
    path = tmp_path / "toggle.aig"
    write_machine(path, Machine(circuit=circuit, next=(circuit.outputs["next"],), start=(True,)))
    return path


def test_a_circuit_is_described(c17_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["circuit", str(c17_file)]) == 0
    lines = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert lines == {
        "inputs": "5 (1, 2, 3, 6, 7)",
        "outputs": "2 (22, 23)",
        "latches": "0",
        "gates": "6 (4 and, 2 nor)",
        "depth": "3",
    }


def test_a_machine_is_described_and_converted(
    toggle_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "toggle.aag"
    assert main(["circuit", str(toggle_file), "-o", str(target), "--clean"]) == 0
    assert "latches   1 (q); 1 start at 1" in capsys.readouterr().out
    assert read_machine(target).start == (True,)


def test_a_circuit_is_proved_in_three_ways_that_agree(
    c17_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "found.json"
    assert main(["prove", "--circuit", str(c17_file), "--json", str(target)]) == 0
    out = capsys.readouterr().out
    assert "PROVED: for all values of the inputs" in out and "carries the bit of its gate" in out
    assert "PROVED also in another way: the whole network as one question" in out
    assert "CHECKED also in another way: for every input of zeros and ones" in out
    assert out.count("Of the network with an output negated this is REFUTED, as it must be.") == 2
    (found,) = json.loads(target.read_text())["circuits"]
    assert (found["verdict"], found["gates"], found["calls"], len(found["shapes"])) == ("PROVED", 8, 5, 5)
    assert {shape["twin"] for shape in found["shapes"]} == {"REFUTED"}


def test_the_step_of_a_machine_is_proved(toggle_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", "--circuit", str(toggle_file)]) == 0
    assert "PROVED" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("broken.aag", "aag 1 1 0 1 0\n2\n", "2 bytes, at line 1"),
        ("cyclic.bench", "INPUT(a)\nOUTPUT(b)\nb = AND(a, b)\n", "depends on itself, at line 3"),
        ("circuit.txt", "", "need a file that ends in .aag, .aig, .bench"),
    ],
)
def test_a_bad_file_is_one_line_and_exit_code_2(
    tmp_path: Path, name: str, text: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    path.write_text(text)
    for command in (
        ["prove", "--circuit", str(path)],
        ["circuit", str(path)],
        ["draw", str(path), "-o", str(tmp_path / "x.svg")],
    ):
        assert main(command) == 2
        error = capsys.readouterr().err
        assert error.count("\n") == 1
        assert message in error or name == "circuit.txt"


def test_options_that_do_not_go_together_are_refused(
    c17_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["prove", "--circuit", str(c17_file), "sigma"]) == 2
    assert main(["circuit", str(c17_file), "-o", str(tmp_path / "x.v")]) == 2
    assert "need a file that ends in .aag or .aig or .bench" in capsys.readouterr().err


def test_a_disagreement_between_two_ways_is_an_error(c17_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    honest: Any = prove_emulation

    def refuting(*arguments: Any, **rest: Any) -> Report:
        report: Report = honest(*arguments, **rest)
        report.failure = Failure("v7", {}, "it says so")
        return report

    monkeypatch.setattr(circuits, "prove_emulation", refuting)
    with pytest.raises(DisagreementError, match="the pass says REFUTED"):
        prove_file(c17_file)


def test_a_failure_is_said_with_its_vertex_and_input() -> None:
    failure = Failure("v7", {}, "it returns 2 for the bit 0")
    report = Report(inputs=5, gates=6, vertices=11, edges=28, failure=failure)
    found = CircuitReport(path="c17", machine=Machine(circuit=c17()), circuit=c17(), report=report)
    assert said(found)[0] == "REFUTED at vertex v7: it returns 2 for the bit 0"
    assert exit_code([found.verdict, Verdict.PROVED]) == 1 and exit_code([Verdict.UNKNOWN, Verdict.PROVED]) == 3


@pytest.mark.parametrize(
    "options", [[], ["--network"], ["--of", "22"], ["--levels", "1"], ["--network", "--of", "23", "--levels", "1"]]
)
def test_pictures_of_a_circuit_have_its_vertices(c17_file: Path, tmp_path: Path, options: list[str]) -> None:
    target = tmp_path / "c17.dot"
    assert main(["draw", str(c17_file), "-o", str(target), *options]) == 0
    assert ("deeper" in target.read_text()) is (options == ["--levels", "1"])
    assert '"23 (output)"' in target.read_text() or options != []


def test_a_run_is_drawn_on_the_network(c17_file: Path, tmp_path: Path) -> None:
    target = tmp_path / "run.graphml"
    values = [word for name in "12367" for word in ("--input", f"{name}=1")]
    assert main(["draw", str(c17_file), "-o", str(target), "--network", *values]) == 0
    assert "(2, oo)" in target.read_text()


def test_a_large_circuit_is_drawn_by_parts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    builder = Builder()
    x = [builder.input(f"x{i}") for i in range(600)]
    found = x[0]
    for literal in x[1:]:
        found = builder.xor(found, literal)
    builder.output("parity", found)
    path = tmp_path / "parity.aig"
    write_machine(path, builder.circuit())
    assert main(["draw", str(path), "-o", str(tmp_path / "all.svg")]) == 2
    said = capsys.readouterr().err
    assert "--of (there are parity)" in said and "--levels" in said
    assert main(["draw", str(path), "-o", str(tmp_path / "part.svg"), "--of", "parity", "--levels", "4"]) == 0
    assert main(["draw", str(path), "-o", str(tmp_path / "part.svg"), "--of", "nothing"]) == 2


def test_a_circuit_without_outputs_is_described_but_not_drawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "nothing.aag"
    path.write_text("aag 3 2 0 0 1\n2\n4\n6 2 4\n")
    assert main(["circuit", str(path)]) == 0
    assert main(["prove", "--circuit", str(path)]) == 0
    assert main(["draw", str(path), "-o", str(tmp_path / "x.svg")]) == 2
    assert "need a circuit with outputs to draw" in capsys.readouterr().err


def test_an_output_is_drawn_beside_an_input_that_is_called_like_it(tmp_path: Path) -> None:
    path, target = tmp_path / "two.aag", tmp_path / "two.graphml"
    path.write_text("aag 2 2 0 2 0\n2\n4\n2\n5\ni0 a (output)\ni1 a\no0 a\no1 a (output)\n", encoding="utf-8")
    assert main(["draw", str(path), "-o", str(target)]) == 0
    found = nx.read_graphml(target)
    assert set(found) == {"a", "a (output)", "a (output)'", "a (output) (output)"}
    assert set(found.edges) == {("a (output)", "a (output)'"), ("a", "a (output) (output)")}


def test_a_name_that_a_terminal_would_obey_is_shown_by_escapes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "strange.aag"
    path.write_bytes(b"aag 1 1 0 1 0\n2\n2\ni0 \x1b[31mred\n")
    assert main(["circuit", str(path)]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out and "1 (\\x1b[31mred)" in out


PROPERTIES = "aag 4 2 1 1 1 1 1 1 1\n2\n4\n6 8\n8\n8\n2\n2\n4\n6\n7\n8 2 4\nb0 never\nc\nkept\n"


@pytest.mark.parametrize("clean", [[], ["--clean"]])
def test_properties_and_comments_survive_a_conversion(
    tmp_path: Path, clean: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    path, target, last = tmp_path / "p.aag", tmp_path / "p.aig", tmp_path / "q.aag"
    path.write_text(PROPERTIES)
    assert main(["circuit", str(path), "-o", str(target), *clean]) == 0
    assert "1 bad, 1 constraints, 1 justice, 1 fairness" in capsys.readouterr().out
    assert main(["circuit", str(target), "-o", str(last)]) == 0
    first, second = read_file(path), read_file(last)
    for kind in ("bad", "constraints", "justice", "fairness"):
        assert getattr(second, kind) == getattr(first, kind)
    assert set(second.bad) == {"never"} and second.comment == "kept\n"


ALIKE = b"aag 3 2 0 2 1\r\n2\r\n4\r\n6\r\n7\r\n6 4 2\r\ni0 a\r\ni1 a\r\no0 y\r\no1 y\r\n"


def test_things_that_are_called_alike_go_by_position(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, picture = tmp_path / "alike.aag", str(tmp_path / "alike.svg")
    path.write_bytes(ALIKE)
    assert main(["circuit", str(path), "-o", str(tmp_path / "again.aag")]) == 0
    out = capsys.readouterr().out
    assert "inputs    2 (i0 a, i1 a)\n" in out and "outputs   2 (o0 y, o1 y)\n" in out
    assert (tmp_path / "again.aag").read_bytes() == ALIKE.replace(b"\r", b"")
    assert main(["draw", str(path), "--of", "y", "-o", picture]) == 2
    assert capsys.readouterr().err == "need a name that one output has, got 'y', which o0, o1 have: use these\n"
    assert main(["draw", str(path), "--network", "--input", "a=1", "-o", picture]) == 2
    assert capsys.readouterr().err == "need a name that one input has, got 'a', which i0, i1 have: use these\n"
    assert (
        main(["draw", str(path), "--network", "--of", "o1", "--input", "i0=1", "--input", "i1=0", "-o", picture]) == 0
    )
    assert main(["prove", "--circuit", str(path)]) == 0


def test_what_others_may_read_in_another_way_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mux.bench"
    path.write_text("INPUT(a)\nOUTPUT(m)\nm = mux (a, a, vdd)\n")
    assert main(["circuit", str(path)]) == 0
    assert (
        "\nnote      MUX(c, a, b) is read as a where c is 1 and b where c is 0, as ABC does\n"
        in capsys.readouterr().out
    )
    path.write_text("# m = mux(a, b, c)\nINPUT(a)\nOUTPUT(a)\n")
    assert main(["circuit", str(path)]) == 0 and "note" not in capsys.readouterr().out


def test_bench_refuses_properties(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "p.aag"
    path.write_text(PROPERTIES)
    assert main(["circuit", str(path), "-o", str(tmp_path / "p.bench")]) == 2
    assert "need a file without properties to write BENCH" in capsys.readouterr().err


EMPTY = "need a circuit with something to prove, got no input, no gate and no output, at "


def test_a_circuit_in_which_there_is_nothing_to_prove_is_bad_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "empty.aag"
    path.write_text("aag 0 0 0 0 0\n")
    assert main(["prove", "--circuit", str(path)]) == 2
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", f"{EMPTY}{path}\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("aag 2 2 0 0 0\n2\n4\n", " There is no output of which anything could be said.\n"),
        ("aag 3 2 0 0 1\n2\n4\n6 2 4\n", " There is no output of which anything could be said.\n"),
        ("aag 1 1 0 1 0\n2\n2\n", "carries the bit of its gate.\n"),
        ("aag 0 0 0 1 0\n0\n", "carries the bit of its gate.\n"),
        ("aag 1 0 1 0 0\n2 3\n", "carries the bit of its gate.\n"),
    ],
)
def test_a_circuit_without_gates_or_outputs_has_a_verdict(
    tmp_path: Path, text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "small.aag"
    path.write_text(text)
    assert main(["prove", "--circuit", str(path)]) == 0
    out = capsys.readouterr().out
    assert "PROVED: for all values of the inputs" in out and said in out


def test_a_file_that_cannot_be_proved_does_not_lose_the_others(
    c17_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty, broken, target = tmp_path / "empty.aag", tmp_path / "broken.aag", tmp_path / "found.json"
    empty.write_text("aag 0 0 0 0 0\n")
    broken.write_text("aag x\n")
    files = [word for path in (empty, c17_file, broken) for word in ("--circuit", str(path))]
    assert main(["prove", *files, "--json", str(target)]) == 2
    shown = capsys.readouterr()
    assert "PROVED: for all values of the inputs" in shown.out and shown.err.count("\n") == 2
    found = json.loads(target.read_text())["circuits"]
    assert [row["verdict"] for row in found] == ["ERROR", "PROVED", "ERROR"] and found[0]["error"] == f"{EMPTY}{empty}"


def test_two_ways_that_disagree_are_one_line_and_4(
    c17_file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(circuits, "circuit_of", lambda network: c17())
    assert main(["prove", "--circuit", str(c17_file)]) == 4
    error = capsys.readouterr().err
    assert error.startswith("the circuit read off the network's weights is not the one that was stamped")
    assert error.count("\n") == 1
