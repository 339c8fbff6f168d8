"""The second check of certificates: what it refuses without a solver, what only a solver sees, and hostile files."""
import ast
import hashlib
import importlib
import json
import random
import struct
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from constructions.computation.bits import concat
from constructions.computation.design import Design
from constructions.computation.query_machine import QueryMachine
from constructions.networks.emulation import Plan
from constructions.networks.network_file import read_network_bytes
from constructions.networks.queries import STRONG
from verify import recheck
from verify.attacks.bases import MADE, Base, base
from verify.attacks.drafts import Draft, file_of, header_of
from verify.certifier.certificate import certificate, spelled
from verify.certifier.certify import certify_network
from verify.cli import main

Certificate = dict[str, Any]
Change = Callable[[Certificate], object]
NAME = "coins, minimal"


@pytest.fixture(autouse=True)
def limit() -> Iterator[None]:
    """The check goes deep; no other test shall."""
    before = sys.getrecursionlimit()
    yield
    sys.setrecursionlimit(before)


@cache
def written(name: str) -> str:
    """The certificate of one of the networks that are attacked, as JSON."""
    made = base(name)
    return json.dumps(certified(made, made.machine, made.data, made.plan.tolerance))


def certified(made: Base, machine: QueryMachine, data: bytes, tolerance: Fraction | None = None) -> Certificate:
    """The certificate of a network."""
    net = read_network_bytes(data)
    outcome = certify_network(net, machine, tolerance=tolerance)
    assert outcome.certified, outcome.refusal
    found = certificate(net, machine, outcome, {"network": hashlib.sha256(data).hexdigest(), "machine": ""})
    cert: Certificate = json.loads(json.dumps(found))
    return cert


def texts(cert: Certificate, data: bytes) -> dict[str, str]:
    """The texts for a solver by their names; the network's digest is made to fit."""
    cert["network"]["sha256"] = hashlib.sha256(data).hexdigest()
    return dict(recheck.Check(cert, data).texts())


def answers(found: dict[str, str]) -> set[str]:
    """What cvc5 answers to texts."""
    return {recheck.ask_cvc5(text, 60) for text in set(found.values())}


def changed(change: Change, name: str = NAME) -> dict[str, str]:
    """The texts after a change of a certificate."""
    cert: Certificate = json.loads(written(name))
    change(cert)
    return texts(cert, base(name).data)


@pytest.mark.parametrize("name", [name for name in MADE if "of a sample" not in name and "memoriser" not in name])
def test_a_certificate_passes_and_leaves_texts_for_a_solver(name: str) -> None:
    found = texts(json.loads(written(name)), base(name).data)
    steps = base(name).machine.rounds
    assert len(found) == max(3 * steps, 1)
    assert all(text.startswith("(set-logic ") and text.endswith("(check-sat)\n") for text in found.values())


@pytest.mark.slow
@pytest.mark.parametrize("name", MADE)
def test_cvc5_finds_no_counterexample_to_any_text(name: str) -> None:
    assert answers(texts(json.loads(written(name)), base(name).data)) == {"unsat"}


def guide(change: Callable[[Certificate], object], t: int = 1) -> Change:
    """A change of what is said of a round."""
    return lambda cert: change(cert["guide"][t])


def swapped(row: list[Any], i: int, j: int) -> None:
    """Exchange two entries."""
    row[i], row[j] = row[j], row[i]


REFUSED: dict[str, tuple[Change, str]] = {
    "another network": (lambda cert: cert["network"].update(batch=77), r"\(i\) the settings"),
    "another machine's numbers": (lambda cert: cert["machine"].update(answer_fraction=9), r"\(i\) the machine"),
    "a round less": (lambda cert: cert["guide"].pop(), r"\(i\), coins|inputs, coins"),
    "two rounds exchanged": (lambda cert: swapped(cert["guide"], 0, 1), r"\(c\)"),
    "a smaller tolerance": (lambda cert: cert.update(tolerance="1/100"), r"\(j\) answers within 1/100"),
    "a larger multiplier": (lambda cert: cert["decoder"].update(multiplier=10**6), r"\(j\) answers within"),
    "more digits asked": (lambda cert: cert["decoder"].update(d=3), r"\(j\) answers within"),
    "another held value": (guide(lambda said: said.update(held="3/2")), r"\(c\)|\(j\)"),
    "the clock's place": (guide(lambda said: swapped(said["copies"], 0, 1)), r"\(e\), \(j\) a clock"),
    "no copies": (guide(lambda said: said["copies"].clear()), r"\(e\), \(j\)"),
    "a copy twice": (guide(lambda said: said["copies"].append(said["copies"][1])), r"\(c\) a copy of its own"),
    "a role twice": (guide(lambda said: said["copies"].append([said["copies"][1][0], *said["copies"][0][1:]])), r"\(c\) a copy of its own"),
    "a role that there is not": (guide(lambda said: said["copies"][1].__setitem__(1, 5)), r"\(k\) copies of different roles"),
    "a place that there is not": (guide(lambda said: said["copies"][1].__setitem__(2, -1)), r"\(k\) copies of different roles"),
    "a vertex that is no copy": (guide(lambda said: said["copies"][1].__setitem__(0, 7)), r"\(c\) a copy at vertex 7"),
    "a vertex from behind": (guide(lambda said: said["copies"][1].__setitem__(0, -3)), "a whole number"),
    "a vertex far away": (guide(lambda said: said["copies"][1].__setitem__(0, 1 << 70)), "a whole number"),
    "a vertex that is true": (guide(lambda said: said["copies"][1].__setitem__(0, True)), "a whole number"),
    "nothing carried": (guide(lambda said: said["carries"].clear(), 0), r"\(k\) vertex"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_changed_certificate_is_refused_by_a_pass(name: str) -> None:
    change, message = REFUSED[name]
    with pytest.raises(recheck.WrongError, match=message):
        changed(change)


def early(cert: Certificate) -> list[Any]:
    """A vertex that carries a constant until its round is over."""
    return next(row for said in cert["guide"] for row in said["carries"] if row[2] is not None)


SEEN: dict[str, Change] = {
    "a carried bit negated": guide(lambda said: said["carries"][0].__setitem__(1, said["carries"][0][1] ^ 1), 0),
    "another early constant": lambda cert: early(cert).__setitem__(2, not early(cert)[2]),
    "state bits exchanged": guide(lambda said: swapped(said["state"], 0, 1), 0),
    "a copy that is said to be idle": guide(lambda said: said["copies"][1].__setitem__(1, -2)),
    "add of the decoder": lambda cert: cert["decoder"].update(add=cert["decoder"]["add"] + 1) or cert.update(tolerance="1"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", SEEN)
def test_a_changed_certificate_is_refused_by_the_solver(name: str) -> None:
    assert "sat" in answers(changed(SEEN[name]))


def test_what_a_certificate_says_twice_is_not_believed_of_the_file_alone() -> None:
    cert = json.loads(written(NAME))
    with pytest.raises(recheck.WrongError, match="its network"):
        recheck.Check(cert, base("literal, dyadic").data)
    cert["machine"]["file"] = spelled(base("literal, dyadic").machine)
    with pytest.raises(recheck.WrongError, match=r"\(i\)"):
        recheck.Check(cert, base(NAME).data)


@pytest.mark.parametrize("part", ["v1", "digit", "random", "gate", "vc", "v2", "v2'", "v3", "canceller", "primary", "final", "adaptor"])
def test_no_weight_can_change_its_sign_unseen(part: str) -> None:
    made, before = base(NAME), set(texts(json.loads(written(NAME)), base(NAME).data).values())
    for vertex in made.parts[part][:3]:
        for edge in made.draft().into(vertex)[:2]:
            draft = made.draft()
            draft.weights[edge] *= -1
            try:
                after = set(texts(json.loads(written(NAME)), draft.data()).values())
            except recheck.WrongError as error:
                assert str(error).startswith(("(c)", "(d)", "(j)", "(k)")) or "coin" in str(error)
                continue
            assert part in ("random", "v3") or after != before


def draft_of(change: Callable[[Draft, Base], object]) -> bytes:
    """The file after a change of the network."""
    made = base(NAME)
    draft = made.draft()
    change(draft, made)
    return draft.data()


SHAPES: dict[str, tuple[Callable[[Draft, Base], object], str]] = {
    "an edge into a copy": (lambda draft, made: draft.add(0, made.parts["v2"][0], 0), r"\(c\)"),
    "an edge out of a copy": (lambda draft, made: draft.add(made.parts["v1"][0], made.parts["final"][-1], 0), r"\(c\)"),
    "an input that drives a control": (lambda draft, made: draft.add(1, made.parts["final"][0], 0), r"\(d\)"),
    "a frozen copy": (lambda draft, made: draft.frozen.append(draft.into(made.parts["v1"][0])[0]), r"\(i\) all free"),
    "a gate that bypasses the controls": (lambda draft, made: draft.add(made.parts["gate"][0], draft.output, 0), r"\(b\)"),
    "the constant at the output": (lambda draft, made: draft.add(0, draft.output, 0), r"\(b\)"),
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_a_changed_network_is_refused_by_a_pass(name: str) -> None:
    change, message = SHAPES[name]
    with pytest.raises(recheck.WrongError, match=message):
        texts(json.loads(written(NAME)), draft_of(change))


def one_round(*, query: int, final: bool = True) -> tuple[Base, QueryMachine]:
    """A network of one round that asks for half of x (query 1), for nothing (0), or for x (2), and predicts 1."""
    design = Design()
    x, answer = design.input("x", 1), design.input("answer0", 6)
    kept = design.state("kept", 6)
    design.becomes(kept, answer)
    off = design.constant(0, 1)
    design.output("query0", [off & x[0], concat(x[0], off), x[0]][query])
    design.output("predict", design.constant(1, 1) if final else kept.signed_more(2))
    machine = QueryMachine(machine=design.machine(), rounds=1, answer_fraction=4, query_fraction=int(query == 1))
    return Base("one round", Plan(machine=machine, rho=Fraction(1, 16), setting=STRONG)), machine


@pytest.mark.slow
def test_a_control_of_the_last_step_that_is_used_again_at_the_end_is_refused_by_both() -> None:
    made, machine = one_round(query=2)
    cert, draft = certified(made, machine, made.data), made.draft()
    (final,), (primary,) = made.parts["final"], made.parts["primary"]
    draft.weights[draft.edge(0, final)] = 10 * draft.scale
    draft.weights[draft.edge(primary, draft.output)] += draft.weights[draft.edge(final, draft.output)]
    assert "sat" in answers(texts(cert, draft.data()))
    outcome = certify_network(read_network_bytes(draft.data()), machine)
    assert outcome.refusal is not None and "its edge moves" in str(outcome.refusal)


def test_a_query_of_halves_that_is_asked_as_a_whole_one_widens_the_tolerance_of_both() -> None:
    made, machine = one_round(query=0, final=False)
    _, other = one_round(query=1, final=False)
    outcome = certify_network(read_network_bytes(made.data), other)
    assert outcome.refusal is not None and outcome.refusal.premise == "j"
    cert = certified(made, machine, made.data)
    cert["machine"].update(file=spelled(other))
    with pytest.raises(recheck.WrongError, match=r"\(j\) answers within"):
        texts(cert, made.data)


def run(folder: Path, cert: bytes, net: bytes, *options: str) -> int:
    """The command on two files."""
    (folder / "a.cert").write_bytes(cert)
    (folder / "a.qgn").write_bytes(net)
    return main(["recheck", str(folder / "a.cert"), str(folder / "a.qgn"), *options])


def test_the_command_says_what_was_repeated_and_writes_the_texts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = base("literal, one round")
    assert run(tmp_path, written(made.name).encode(), made.data, "--smt", str(tmp_path / "smt")) == 0
    assert capsys.readouterr().out.endswith("vertices repeated; 3 different texts for a solver\n")
    assert sorted(path.name for path in (tmp_path / "smt").iterdir()) == ["end.smt2", "round-1-after.smt2", "round-1-now.smt2"]


@pytest.mark.slow
def test_the_command_asks_cvc5_and_exits_with_1_where_it_finds_a_counterexample(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = base("literal, one round")
    assert run(tmp_path, written(made.name).encode(), made.data, "--solver", "cvc5") == 0
    assert "cvc5: 3 of 3 texts have no counterexample" in capsys.readouterr().out
    cert = json.loads(written(made.name))
    cert["guide"][0]["copies"][1][1] = -2
    assert run(tmp_path, json.dumps(cert).encode(), made.data, "--solver", "cvc5") == 1
    assert "round-1-now: sat" in capsys.readouterr().out


def test_without_cvc5_the_command_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError(f"No module named {name!r}")

    made = base("literal, one round")
    monkeypatch.setattr(importlib, "import_module", missing)
    assert recheck.main([*map(str, files(tmp_path, made)), "--solver", "cvc5"]) == 2
    assert capsys.readouterr().err == "need a certificate, its network and the solver, got ModuleNotFoundError: No module named 'cvc5'\n"


def files(folder: Path, made: Base) -> tuple[Path, Path]:
    """A certificate and a network on disk."""
    cert, net = folder / "a.cert", folder / "a.qgn"
    cert.write_text(written(made.name))
    net.write_bytes(made.data)
    return cert, net


def spoiled(source: random.Random, value: Any) -> Any:
    """JSON with one place spoiled."""
    odd = [None, True, -1, 1 << 80, 1.5, "", "1/0", "1e999999999", [], {}, "x" * 300, [[[]]], float("nan")]
    if isinstance(value, dict) and value:
        key = source.choice(sorted(value))
        if source.random() < 0.1:
            return {name: rest for name, rest in value.items() if name != key}
        return value | {key: spoiled(source, value[key])}
    if isinstance(value, list) and value:
        i = source.randrange(len(value))
        return [*value[:i], *([] if source.random() < 0.1 else [spoiled(source, value[i])]), *value[i + 1 :]]
    return source.choice(odd)


@pytest.mark.parametrize("seed", range(6))
def test_spoiled_certificates_and_networks_give_one_line(seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, made = random.Random(seed), base("literal, one round")
    cert = json.loads(written(made.name))
    header, body = header_of(made.data)
    for _ in range(40):
        bad = spoiled(source, {name: cert[name] for name in ("network", "machine", "tolerance", "decoder", "guide", "functions", "kind")})
        code = run(tmp_path, json.dumps(bad).encode(), made.data)
        said = capsys.readouterr().err
        assert (code, said) == (0, "") or (code in (1, 2) and said.startswith("need ") and said.count("\n") == 1)
        data = file_of(spoiled(source, header), body)
        named = cert | {"network": cert["network"] | {"sha256": hashlib.sha256(data).hexdigest()}}
        code = run(tmp_path, json.dumps(named).encode(), data)
        said = capsys.readouterr().err
        assert (code, said) == (0, "") or (code in (1, 2) and said.startswith("need ") and said.count("\n") == 1)


LINES = spelled(base("literal, one round").machine).split("\n")
HOSTILE: dict[str, tuple[bytes, bytes]] = {
    "nothing": (b"", b""),
    "deep": (b"[" * 200_000, b""),
    "deep header": (b"{}", b"QGNET\0\0\1" + struct.pack("<Q", 100_000) + b"[" * 100_000),
    "a header beyond the end": (b"{}", b"QGNET\0\0\1" + b"\xff" * 8),
    "half a number": (b"{}", b"QGNET\0\0\1" + struct.pack("<Q", 2) + b"{}123"),
    "huge number": (b'{"kind": ' + b"9" * 10_000 + b"}", b""),
    "no text": (b"\xff\xfe\x00", b"\0" * 100),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_give_one_line(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, *HOSTILE[name]) in (1, 2)
    said = capsys.readouterr().err
    assert said.startswith("need ") and said.count("\n") == 1 and len(said) < 300


@pytest.mark.parametrize(
    "lines",
    [["aag 9 9 9 9 9"], ["aag 1 1 1 1 1000000000"], [*LINES[:-2], "x"], LINES[1:], ["aag 2 0 1 1 1", "2 4", "4", "4 4 4", *LINES[-2:]]],
    ids=["cut", "huge", "no comment", "no head", "cycle"],
)
def test_hostile_machines_give_one_line(lines: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = base("literal, one round")
    cert = json.loads(written(made.name))
    cert["machine"]["file"] = "\n".join(lines)
    assert run(tmp_path, json.dumps(cert).encode(), made.data) in (1, 2)
    assert capsys.readouterr().err.count("\n") == 1


def test_it_is_one_small_file_that_needs_numpy_only() -> None:
    source = Path(recheck.__file__).read_text(encoding="utf-8")
    nodes = list(ast.walk(ast.parse(source)))
    taken = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    taken |= {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in taken} - sys.stdlib_module_names == {"numpy"}
    assert len(source.splitlines()) < 400


def test_what_is_no_file_is_not_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cert, _ = files(tmp_path, base("literal, one round"))
    for other in ("/dev/zero", str(tmp_path)):
        assert main(["recheck", str(cert), other]) == 2
        assert capsys.readouterr().err.startswith("need a file, got something else")
