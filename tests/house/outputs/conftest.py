"""Names that no format and no screen likes, and files full of them: made once, read by every test of this folder."""

import ast
import importlib.util
import io
import json
import os
import re
import struct
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import junitparser
import networkx as nx
import numpy as np
import pydot
import pytest
import z3
from matplotlib.image import imread
from pysat.formula import CNF

from constructions.computation.flat import FlatCircuit, Gates
from constructions.computation.formats.aiger import AigerFile, read_aiger
from constructions.computation.formats.aiger_writing import write_aiger
from constructions.computation.formats.bench import read_bench
from constructions.computation.formats.turing_table import read_table
from constructions.computation.machines import Machine
from constructions.foundations.network import Fragment
from constructions.networks.network_file import read_network_bytes
from verify.commands.main import main

UGLY = {
    "control characters": "a\x1b[31mb\x00\x01\x07\x08\x0b\x0c\x1f\x7f\x85\x9f",
    "line breaks": "a\nb\r\nc\rd\te\u2028f\u2029",
    "quotes": 'say "it\'s" `now`',
    "dollars": "$x^2$ \\frac{a}{b} $",
    "markup": "<&>&lt;&#60;&amp ]]> --> <!--",
    "dots": "..a..b.c.",
    "right to left": "\u05d0\u05d1\u202eabc\u2066\u200f",
    "long": "x" * 10**4,
    "surrogates": "caf\udce9\ud800\udfff",
    "looks escaped": "caf\\{dce9} \\x1b \\\\{1b} \\u202e",
    "rich markup": "[red]a[/red] [link=file:///x]b[/] :smile: [/",
    "formats": "%s %(x)d %n {0} {x!r} {",
    "backslashes": "\\ \\\\ \\n \\N \\l\\",
    "a leading dash": "--help",
    "an empty text": "",
    "blanks": "  \xa0\u3000\u200b\ufeff  ",
    "beyond the first plane": "\U0001f600\U000e0001\U0010ffff\ufffe",
    "letters that the font lacks": "\u5b57\u7b26",
    "separators": "a,b=c;d:e|f(g)#h/i",
    "a keyword": "node",
    "a number": "1",
    "a name made up": "n5 (output)",
}
UTF_8 = {key: name for key, name in UGLY.items() if key != "surrogates"}
OWN = """
from constructions.networks.queries import STRONG as setting
from constructions.computation.bits import mux
from constructions.computation.design import Design
from constructions.computation.query_machine import QueryMachine
from constructions.foundations.network import Fragment
from verify.obligations.obligation import obligation

UGLY = {names}
EVERYTHING = "".join(UGLY)
edges = {{(u, v): 1 for name in UGLY for u, v in (("x", name), (name, "the sum of all"))}}
graph = Fragment(inputs=("x",), outputs=("the sum of all",), edges=edges)


def state(graph, case):
    x, name = case.real("x\\x1b]|" + EVERYTHING[:50].replace("\\x00", "")), EVERYTHING
    case.assume(x <= 0, x >= -1)
    run = case.run(graph, {{"x": x}}, label=name)
    case.equal(name, run.out[name], 0)
    case.show(name + " again", x <= 0)


state.__doc__ = "Everything: " + EVERYTHING
one = Fragment(inputs=("x",), outputs=(EVERYTHING,), edges={{("x", EVERYTHING): 1}})
for id, paper in (("id " + EVERYTHING, EVERYTHING), ("--help", "[red]")):
    obligation(id, paper=paper, of=lambda case: one, twin=lambda case: one.with_weight("x", EVERYTHING, -4))(state)
four = one.with_weight("x", EVERYTHING, 4)
obligation("wrong " + EVERYTHING, paper=EVERYTHING, of=lambda case: four, twin=lambda case: one)(state)


def adversary(choice):
    return choice.valid[0]


def answers(question):
    return question.means


def machine():
    design = Design()
    x, answer, random = design.input("x"), design.input("answer0", 7), design.input("random")
    for name in UGLY:
        if name and "[" not in name and "]" not in name:
            kept = design.state(name)
            design.becomes(kept, mux(random, kept, answer[0]))
    design.output("query0", x)
    design.output("predict", kept ^ x)
    return QueryMachine(machine=design.machine(), rounds=1, answer_fraction=5)
"""


@pytest.fixture(scope="session")
def ugly() -> dict[str, str]:
    """The names by what is bad about them."""
    return UGLY


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a name of that kind (as far as a file system takes it) and, in it, files for every command."""
    name = b"f\xe9 \x1b[31m\n[red] $x$ <&> ]]> %s \xd7\x90 \xe2\x80\xae '\""
    place = tmp_path_factory.mktemp("outputs") / os.fsdecode(name)
    place.mkdir()
    (place / "own.py").write_text(OWN.format(names=ascii(list(UGLY.values()))), encoding="utf-8")
    (place / "ugly.aag").write_bytes(ugly_aiger(list(UTF_8.values())))
    (place / "ugly.tm").write_text(ugly_table(), encoding="utf-8")
    (place / "few.aag").write_bytes(ugly_aiger(["".join(sorted(UTF_8.values())), "[red]"]))
    columns = ",".join('"' + name.replace('"', '""') + '"' for name in (*list(UTF_8.values())[:8], "label"))
    rows = [",".join(map(str, (*(i >> k & 1 for k in range(8)), i & 1))) for i in range(0, 256, 7)]
    (place / "rows.csv").write_bytes("\n".join((columns, *rows, "")).encode())
    (place / "one.csv").write_bytes(b'"a\x1b",label\n1,0\n0,1\n')
    return place


def ugly_table() -> str:
    """A Turing machine whose states have such names, as far as a table takes them."""
    names = dict.fromkeys("".join(name.split()) for name in UTF_8.values())
    states = [f"s{name[:90]}" for name in names if name.isprintable()]
    rows = [f"{a} 0 -> {b} 1 R" for a, b in pairwise(states)] + [f"{a} _ -> stop _ N" for a in states]
    return "\n".join(("blank: _", "input: 0 1", f"start: {states[0]}", "accept: stop", *rows, ""))


def ugly_aiger(names: list[str]) -> bytes:
    """An AIGER file, in ASCII, with inputs, latches and outputs of these names, without line breaks, which its lines
    cannot hold."""
    names = [name.replace("\n", "").replace("\r", "") for name in names if name]
    inputs, count = (*names, *(f"q {name}" for name in names)), 2 * len(names)
    gates = Gates.of([(2, (0, 3)), *((2, (2 * (count + i - 1), 2 * (len(names) + i))) for i in range(1, len(names)))])
    outputs = {f"o {name}": 2 * (count + i) + i % 2 for i, name in enumerate(names)}
    machine = Machine(
        circuit=FlatCircuit(inputs=inputs, gates=gates, outputs=outputs),
        next=tuple(2 * (count + i) for i in range(len(names))),
        start=(False,) * len(names),
    )
    return write_aiger(AigerFile(machine=machine, comment="".join(UTF_8.values())), binary=False)


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str, str]]:
    """Run a command in this process: exit code, stdout and stderr, of which every line can be printed."""
    monkeypatch.setenv("QUERYGRAD_CACHE", str(tmp_path / "cache"))

    def ran(*arguments: object) -> tuple[int, str, str]:
        code = main([str(argument) for argument in arguments])
        shown = capsys.readouterr()
        for text in (shown.out, shown.err):
            assert not [line for line in text.split("\n") if not line.isprintable()]
        assert "Traceback" not in shown.err, shown.err
        return code, shown.out, shown.err

    return ran


def read_json(data: bytes) -> Any:
    """JSON in UTF-8, without NaN and without lone surrogates."""
    found = json.loads(data.decode("utf-8"), parse_constant=lambda name: pytest.fail(f"JSON with {name}"))
    assert not re.search("[\ud800-\udfff]", json.dumps(found, ensure_ascii=False))
    return found


def read_xml(data: bytes) -> Any:
    """An XML document; a JUnit report is read by its own reader too."""
    found = ElementTree.fromstring(data)
    assert found.tag != "testsuites" or list(junitparser.JUnitXml.fromstring(data))
    return found


def read_html(data: bytes) -> Any:
    """A page whose elements end where they should, every line of it printable."""
    text = data.decode("utf-8")
    open_: list[str] = []
    assert all(line.isprintable() for line in text.split("\n"))
    for end, name in re.findall(r"<(/?)([a-z][a-z0-9]*)", re.sub(r"<(script|style)>.*?</\1>", "", text, flags=re.S)):
        if end:
            assert open_.pop() == name
        elif name not in ("br", "input", "meta", "path", "rect"):
            open_.append(name)
    assert open_ == []
    return text


def read_dot(data: bytes) -> Any:
    """One graph in Graphviz's language, every line of it printable."""
    text = data.decode("utf-8")
    assert all(line.isprintable() for line in text.split("\n"))
    (found,) = list(pydot.graph_from_dot_data(text) or [])
    return found


def read_smt(data: bytes) -> Any:
    """A text in SMT-LIB, read by z3, and by cvc5 if it is there."""
    text = data.decode("utf-8")
    if importlib.util.find_spec("cvc5"):
        cvc5 = importlib.import_module("cvc5")
        parser = cvc5.InputParser(cvc5.Solver())
        parser.setStringInput(
            cvc5.InputLanguage.SMT_LIB_2_6, text if "(set-logic" in text else f"(set-logic ALL)\n{text}", "text"
        )
        while not (command := parser.nextCommand()).isNull():
            if "check-sat" not in str(command):
                assert "error" not in str(command.invoke(parser.getSolver(), parser.getSymbolManager()))
    return z3.parse_smt2_string(text)


def read_header(data: bytes) -> Any:
    """The header of a checkpoint, which has the form of a network's."""
    return read_json(data[16 : 16 + struct.unpack("<Q", data[8:16])[0]])


def read_pdf(data: bytes) -> bytes:
    """A PDF file from its first line to its last."""
    assert data.startswith(b"%PDF-") and data.rstrip().endswith(b"%%EOF")
    return data


PARSERS: dict[str, Callable[[bytes], Any]] = {
    ".md": lambda data: data.decode("utf-8"),
    ".json": read_json,
    ".sarif": read_json,
    ".html": read_html,
    ".cert": read_json,
    ".xml": read_xml,
    ".svg": read_xml,
    ".pdf": read_pdf,
    ".png": lambda data: imread(io.BytesIO(data), "png"),
    ".dot": read_dot,
    ".graphml": lambda data: nx.read_graphml(io.BytesIO(data)),
    ".smt2": read_smt,
    ".vnnlib": read_smt,
    ".onnx": lambda data: importlib.import_module("onnx").load_model_from_string(data),
    ".cnf": lambda data: CNF(from_string=data.decode("utf-8")),
    ".ckp": read_header,
    ".aag": read_aiger,
    ".tm": lambda data: read_table(data, where="a table"),
    ".aig": read_aiger,
    ".bench": read_bench,
    ".qgn": lambda data: (read_header(data), read_network_bytes(data))[1],
    ".trace": lambda data: [read_json(line) for line in data.splitlines()],
    ".py": lambda data: ast.parse(data.decode("utf-8")),
    ".npz": lambda data: dict(np.load(io.BytesIO(data), allow_pickle=False)),
}


@pytest.fixture(scope="session")
def parsed() -> Callable[[Path], Any]:
    """Read a file by the parser of its ending; a file of no known ending fails."""
    return lambda path: PARSERS[path.suffix](path.read_bytes())


@pytest.fixture
def stars() -> Fragment:
    """A graph with a vertex for every name."""
    edges = {(u, v): 1 for name in UGLY.values() for u, v in (("x", name), (name, "the sum of all"))}
    return Fragment(inputs=("x",), outputs=("the sum of all",), edges=edges)
