"""Whole commands on files of every kind that a user gives: CSV, NumPy, AIGER, BENCH, networks, machines, certificates,
JSON, checkpoints.

A case is a function of a kind and a seed. Every third is well-formed and must end as documented; the others must end
too: with exit code 0, 1, 2 or 3, without a traceback, on bad input with one line on stderr and nothing written. What
that line must be is in :func:`wrong`.
"""

import json
import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import cache
from io import StringIO
from os import chdir
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from constructions.computation.formats.aiger_writing import write_aiger
from constructions.errors import ConstructionError
from verify.arguments.data import digest
from verify.attacks.bases import base
from verify.attacks.dialects import AIGER, BENCH, Aig, Netlist, aiger_file, bench_file
from verify.attacks.hostile import HOSTILE, hostile_json, hostile_machine, hostile_network, hostile_text
from verify.attacks.tables import PointsFile, spoiled_csv, spoiled_npy, table
from verify.commands.main import main as querygrad

NETWORKS = ("conjunction by queries, minimal", "coins, dyadic", "two signed, strong", "two literals, minimal")
TWO_BITS = "two literals, minimal"
LONGEST = 2000
OLD = b"what stood here before\n"
REMARKS = ("warning: ", "columns ")
NUMBERS = [str(n).encode() for n in (0, 1, 2, 3, 7, 1 << 29, 10**12, 10**20, -1)]
OF_AIGER = [
    *NUMBERS,
    b"",
    b"\r",
    b"\0",
    b"\xff",
    b"aig 3 1 1 1 1",
    b"aag 0 0 0 0 0",
    b"i0 a",
    b"i0 a\r",
    b"o0 \x1b[2J",
    b"c",
    b"l0",
    "i0 \u00b2".encode(),
]
OF_BENCH = [
    b"",
    b"\r",
    b"\0",
    b"\xff",
    b"#",
    b"(",
    b")",
    b",",
    b"=",
    b"INPUT(G0)",
    b"OUTPUT(G0)",
    b"x = LUT 0x6 (G0, G0)",
    b"LUT 0xfff",
    b"MUX(G0",
    b"= DFF(x)",
    b"= DFFRSE(",
    b"G0 = NOT(G0)",
    b"vdd",
    "\u0130NPUT(k)".encode(),
    b"\x1b[2J",
]


@dataclass(frozen=True, kw_only=True)
class CommandCase:
    """Files, a command that gets them, the codes with which it ends if they are well-formed (none if they may be
    anything), and the files that it may write; ``kept`` are those that hold the steps taken before a run was refused,
    and ``says`` what a well-formed file makes the command print."""

    files: Mapping[str, bytes]
    arguments: tuple[str, ...]
    codes: tuple[int, ...] = ()
    targets: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    says: str = ""


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How a command ended, and the files beside it before and after."""

    code: int
    out: str
    err: str
    before: Mapping[str, bytes] = field(default_factory=dict)
    after: Mapping[str, bytes] = field(default_factory=dict)


Makes = Callable[[Random, bool], CommandCase]
KINDS: dict[str, Makes] = {}


def kind(name: str) -> Callable[[Makes], Makes]:
    """Register a kind of cases."""

    def register(function: Makes) -> Makes:
        KINDS[name] = function
        return function

    return register


def case(name: str, seed: int) -> CommandCase:
    """The case of a kind and a seed; the same whenever it is asked for. Every third is well-formed."""
    return KINDS[name](Random(f"fuzz/{name}/{seed}"), seed % 3 == 0)


def _of_table(
    source: Random, good: bool, *, numpy: bool, spoiled: Callable[[Random, PointsFile], bytes]
) -> CommandCase:
    made = table(source, inputs=2, numpy=numpy)
    data = made.data if good else spoiled(source, made)
    options = made.options if good or source.random() < 0.3 else ()
    codes = (0,) if good else ()
    if source.random() < 0.5:
        rest = ("--runs", "2", "--samples", "1", *(("--json", "out.json") if source.random() < 0.5 else ()))
        return CommandCase(
            files={made.name: data},
            arguments=("theorem", "2a", "--data", made.name, *options, *rest),
            codes=codes,
            targets=("out.json",),
            says=f"({len(made.points)} rows)",
        )
    rest = ("--full",) if source.random() < 0.3 else ()
    return CommandCase(
        files={made.name: data, "net.qgn": base(TWO_BITS).data},
        codes=codes,
        targets=("out.qgn",),
        says=f"({len(made.points)} rows, {digest(made.points)})",
        arguments=("train", "net.qgn", "--data", made.name, *options, *rest, "-o", "out.qgn"),
    )


@kind("CSV")
def csv_file(source: Random, good: bool) -> CommandCase:
    """A table for ``train`` or ``theorem``."""
    return _of_table(source, good, numpy=False, spoiled=spoiled_csv)


@kind("NumPy")
def npy_file(source: Random, good: bool) -> CommandCase:
    """An array for ``train`` or ``theorem``."""
    return _of_table(source, good, numpy=True, spoiled=spoiled_npy)


def _of_circuit(source: Random, good: bool, name: str, data: bytes, made: Aig | Netlist) -> CommandCase:
    how = source.choice(("circuit", "circuit", "convert", "convert", "convert", "prove", "draw"))
    codes = (0,) if good else ()
    if how == "convert":
        target = f"out{source.choice(('.aag', '.aig', '.bench'))}"
        named = (
            (0, 2) if target.endswith("bench") and isinstance(made, Aig) else (0,)
        )  # BENCH cannot hold every name and start
        options = ("--clean",) if source.random() < 0.3 else ()
        return CommandCase(
            files={name: data},
            arguments=("circuit", name, *options, "-o", target),
            codes=named if good else (),
            targets=(target,),
            says=f"outputs   {len(made.outputs)} ",
        )
    if how == "prove":
        return CommandCase(
            files={name: data},
            arguments=("prove", "--circuit", name, "--seconds", "5", "--json", "out.json"),
            codes=codes,
            targets=("out.json",),
        )
    if how == "draw":
        target = f"out.{source.choice(('dot', 'graphml', 'svg'))}"
        options = ("--network",) if source.random() < 0.5 else ()
        return CommandCase(
            files={name: data}, arguments=("draw", name, *options, "-o", target), codes=codes, targets=(target,)
        )
    inputs = made.inputs if isinstance(made, Aig) else len(made.inputs)
    return CommandCase(files={name: data}, arguments=("circuit", name), codes=codes, says=f"inputs    {inputs} ")


@kind("AIGER, ASCII")
def ascii_file(source: Random, good: bool) -> CommandCase:
    """A circuit in ASCII AIGER, looked at, converted, proved or drawn."""
    made, data = aiger_file(source, source.choice(list(AIGER)), binary=False)
    return _of_circuit(source, good, "circuit.aag", data if good else hostile_text(source, data, OF_AIGER), made)


@kind("AIGER, binary")
def binary_file(source: Random, good: bool) -> CommandCase:
    """A circuit in binary AIGER, looked at, converted, proved or drawn."""
    made, data = aiger_file(source, source.choice(list(AIGER)), binary=True)
    return _of_circuit(source, good, "circuit.aig", data if good else hostile_text(source, data, OF_AIGER), made)


@kind("BENCH")
def bench(source: Random, good: bool) -> CommandCase:
    """A circuit in BENCH, looked at, converted, proved or drawn."""
    made, data = bench_file(source, source.choice(list(BENCH)))
    return _of_circuit(source, good, "circuit.bench", data if good else hostile_text(source, data, OF_BENCH), made)


@kind("network")
def network(source: Random, good: bool) -> CommandCase:
    """A network file for every command that takes one."""
    name = source.choice(NETWORKS)
    made, files = base(name), {"machine.aag": machine_bytes(name, False)}
    files["net.qgn"] = (
        made.data if good else hostile_network(made, source.choice(list(HOSTILE)), source.getrandbits(32))
    )
    tolerance = str(made.plan.tolerance or 4 * made.plan.rho)
    arguments, targets = source.choice(
        (
            (
                (
                    "certify",
                    "net.qgn",
                    "--machine",
                    "machine.aag",
                    "--tolerance",
                    tolerance,
                    "--seconds",
                    "5",
                    "--search",
                    "1",
                    "-o",
                    "out.cert",
                ),
                ("out.cert",),
            ),
            (
                (
                    "train",
                    "net.qgn",
                    "--problem",
                    "literal",
                    "--seed",
                    str(source.randrange(9)),
                    "--steps",
                    "2",
                    "--checkpoint",
                    "out.ckpt",
                    "-o",
                    "out.qgn",
                ),
                ("out.qgn",),
            ),  # a spoiled file may ask for 2^31 steps
            (("relu", "net.qgn", "-o", "out.qgn"), ("out.qgn",)),
            (("export", "net.qgn", "--torch", "out.py"), ("out.py", "out.npz")),
            (("draw", "net.qgn", "--round", "1", "-o", "out.dot"), ("out.dot",)),
        )
    )
    codes = (0, 2) if arguments[0] == "export" else (0,)  # not all weights are floats
    return CommandCase(
        files=files, arguments=arguments, codes=codes if good else (), targets=targets, kept=("out.ckpt",)
    )


@kind("machine")
def machine(source: Random, good: bool) -> CommandCase:
    """A query machine in AIGER, for ``certify``, ``compile`` and ``circuit``."""
    name, binary = source.choice(NETWORKS), source.random() < 0.5
    file = "machine.aig" if binary else "machine.aag"
    data = machine_bytes(name, binary)
    files = {file: data if good else hostile_machine(data, source.getrandbits(32))}
    how = source.randrange(3)
    codes = (0,) if good else ()
    if how == 0:
        return CommandCase(files=files, arguments=("circuit", file, "-o", "out.aig"), codes=codes, targets=("out.aig",))
    if how == 1:
        arguments = ("compile", file, "--batch", "2", "--tolerance", "1", "-o", "out.qgn")
        return CommandCase(files=files, arguments=arguments, codes=codes, targets=("out.qgn",))
    made = base(name)
    files["net.qgn"] = made.data
    options = ("--tolerance", str(made.plan.tolerance or 4 * made.plan.rho), "--seconds", "5", "--search", "1")
    return CommandCase(
        files=files,
        arguments=("certify", "net.qgn", "--machine", file, *options, "-o", "out.cert"),
        codes=codes,
        targets=("out.cert",),
    )


@kind("certificate")
def cert(source: Random, good: bool) -> CommandCase:
    """A certificate and its network, for ``recheck``."""
    name = source.choice(NETWORKS[:2])
    data = certificate_bytes(name)
    files = {"net.cert": data if good else hostile_json(source, data), "net.qgn": base(name).data}
    return CommandCase(
        files=files, arguments=("recheck", "net.cert", "net.qgn"), codes=(0, 3) if good else ()
    )  # without a solver: not complete


@kind("runs in JSON")
def runs(source: Random, good: bool) -> CommandCase:
    """The runs of a theorem, to be gone on with."""
    data = state_bytes()
    option = source.choice(("--json", "--resume"))
    more = ("--problem", "literal", "--bits", "2", "--samples", "1") if option == "--json" else ()
    return CommandCase(
        files={"state.json": data if good else hostile_json(source, data)},
        codes=(0,) if good else (),
        arguments=("theorem", "2a", *more, "--runs", "4", option, "state.json"),
        targets=("state.json",),
    )


@kind("checkpoint")
def checkpoint(source: Random, good: bool) -> CommandCase:
    """A checkpoint, to be gone on from."""
    data = checkpoint_bytes()
    files = {
        "run.ckpt": data if good else hostile_text(source, data, [*NUMBERS, b'"', b"{", b"\0\0"]),
        "net.qgn": base(TWO_BITS).data,
    }
    return CommandCase(
        files=files,
        codes=(0,) if good else (),
        targets=("out.qgn",),
        kept=("run.ckpt",),
        arguments=("train", "net.qgn", "--problem", "literal", "--checkpoint", "run.ckpt", "--resume", "-o", "out.qgn"),
    )


@cache
def machine_bytes(name: str, binary: bool) -> bytes:
    """The machine of a network as a file."""
    return write_aiger(base(name).machine.aiger(), binary=binary)


@cache
def certificate_bytes(name: str) -> bytes:
    """The certificate of a network, as the command writes it."""
    made = base(name)
    tolerance = str(made.plan.tolerance or 4 * made.plan.rho)
    arguments = ("certify", "net.qgn", "--machine", "machine.aag", "--tolerance", tolerance, "-o", "out.cert")
    return _made({"net.qgn": made.data, "machine.aag": machine_bytes(name, False)}, arguments, "out.cert")


@cache
def state_bytes() -> bytes:
    """Two runs of a theorem, as the command keeps them."""
    arguments = (
        "theorem",
        "2a",
        "--problem",
        "literal",
        "--bits",
        "2",
        "--samples",
        "1",
        "--runs",
        "2",
        "--json",
        "out.json",
    )
    return _made({}, arguments, "out.json")


@cache
def checkpoint_bytes() -> bytes:
    """A run's checkpoint, as the command keeps it."""
    arguments = ("train", "net.qgn", "--problem", "literal", "--checkpoint", "run.ckpt")
    return _made({"net.qgn": base(TWO_BITS).data}, arguments, "run.ckpt")


def _made(files: Mapping[str, bytes], arguments: tuple[str, ...], target: str) -> bytes:
    ending = in_process(CommandCase(files=files, arguments=arguments, targets=()))
    if ending.code != 0 or target not in ending.after:
        raise ConstructionError(
            f"need a well-formed file to spoil, got exit code {ending.code}: {ending.err[:200]}, at {arguments[0]}"
        )
    return ending.after[target]


def laid_out(case: CommandCase, folder: Path, *, old: bool) -> dict[str, bytes]:
    """Write the files of a case, and where ``old`` something where the command would write; what lies there then."""
    before = {
        **case.files,
        **({name: OLD for name in case.targets if name not in case.files and name != "out.json"} if old else {}),
    }
    for name, data in before.items():
        (folder / name).write_bytes(data)
    return before


def found_in(folder: Path) -> dict[str, bytes]:
    """The files of a folder and of those in it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def in_process(case: CommandCase, *, old: bool = False) -> Ending:
    """The command in this process, in a folder of its own."""
    out, err, here, depth = StringIO(), StringIO(), Path.cwd(), sys.getrecursionlimit()
    with TemporaryDirectory() as name, redirect_stdout(out), redirect_stderr(err):
        before = laid_out(case, Path(name), old=old)
        try:
            chdir(name)
            code = querygrad(case.arguments)
        finally:
            chdir(here)
            sys.setrecursionlimit(depth)  # recheck goes deep
        after = found_in(Path(name))
    return Ending(code=code, out=out.getvalue(), err=err.getvalue(), before=before, after=after)


def wrong(case: CommandCase, ending: Ending) -> str | None:
    """What is wrong with how a command ended, or None.

    The exit code is one that is documented (that of a well-formed file, if it is one). With exit code 2 the last line
    on stderr says what was needed and what was got; it can be printed, and before it stand only remarks. Nothing is
    written then: no file is new, and those that were there are as before (but ``prove`` reports errors as results).
    With other codes stderr has remarks only (``recheck`` says there why it refuses, or what it leaves open). Parts of
    files are never left behind, and what is written as JSON is JSON.
    """
    code, lines = ending.code, ending.err.splitlines()
    complains = code == 2 or (code == 1 and case.arguments[0] == "recheck")
    if code not in (0, 1, 2, 3) or "Traceback" in ending.out + ending.err:
        return f"exit code {code}: {ending.err[-300:]}"
    if case.codes and code not in case.codes:
        return f"exit code {code} for a well-formed file: {ending.err[-300:]}"
    if case.codes and code != 2 and " ".join(case.says.split()) not in " ".join(ending.out.split()):
        return f"need {case.says!r} for a well-formed file, got {ending.out[:200]!r}"
    fine = not ending.err or (
        ending.err.endswith("\n") and all(line.isprintable() and len(line) < LONGEST for line in lines)
    )
    opened = code == 3 and case.arguments[0] == "recheck" and ending.err.startswith("NOT COMPLETE: ")
    said = [] if opened else lines[: len(lines) - complains]
    last = lines[-1].removeprefix("refused: ").removeprefix("not a .qgn file: ") if lines else ""
    if not fine or (complains and not last.startswith("need ")):
        return f"exit code {code} with {ending.err[:300]!r} on stderr"
    if any(not line.startswith(REMARKS) and "columns without names; " not in line for line in said):
        return f"exit code {code} with {ending.err[:300]!r} on stderr"
    if code == 2 and ending.out and case.arguments[0] != "circuit":
        return f"exit code 2 with {ending.out[:100]!r} on stdout"
    changed = [name for name in {**ending.before, **ending.after} if ending.before.get(name) != ending.after.get(name)]
    reports = case.targets if case.arguments[0] == "prove" else ()  # a row with an error is a result, too
    if code == 2 and set(changed) - {*case.kept, *reports}:
        return f"exit code 2, and {changed} written"
    left = [name for name in changed if name not in (*case.targets, *case.kept)]
    if left:
        return f"left behind: {left}"
    unread = [
        name for name in changed if name.endswith((".json", ".cert")) and not is_json(ending.after.get(name, b""))
    ]
    return f"no JSON: {unread}" if unread else None


def is_json(data: bytes) -> bool:
    """Whether a file is JSON that every reader takes alike.

    >>> is_json(b"[1]"), is_json(b"[NaN]"), is_json(b"[1")
    (True, False, False)
    """

    def refuse(name: str) -> None:
        raise ValueError(name)

    try:
        json.loads(data, parse_constant=refuse)
    except ValueError:
        return False
    return True


def described(case: CommandCase) -> str:
    """The command in one line, for a report."""
    return json.dumps(list(case.arguments), ensure_ascii=True)
