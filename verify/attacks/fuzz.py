"""Files of every kind that a user gives, and commands that get them: CSV, NumPy, AIGER, BENCH, networks, machines,
certificates, JSON, checkpoints.

A case is a function of a kind and a seed. Every third is well-formed and must end as documented; the others must end
too, as :mod:`verify.attacks.endings` says.

Each kind is a function of a seeded ``source``, and of whether the files are to be ``good``, which is well-formed.

>>> made = case("BENCH", 6)  # every third is well-formed
>>> made.arguments, made.codes, made.targets
(('circuit', 'circuit.bench', '-o', 'out.aag'), (0,), ('out.aag',))
>>> ending = in_process(made)
>>> ending.code, " ".join(made.says.split()), sorted(ending.after)
(0, 'outputs 1', ['circuit.bench', 'out.aag'])
>>> case("BENCH", 7).codes
()
>>> tolerance_of(base("conjunction by queries, minimal"))
'1/4'
>>> @kind("an empty circuit")
... def empty(source, good):
...     return CommandCase(files={"c.aag": b""}, arguments=("circuit", "c.aag"))
>>> found = in_process(case("an empty circuit", 1))
>>> found.code, found.err[:40]
(2, "need a header 'aag M I L O A' or 'aig M ")
>>> del KINDS["an empty circuit"]  # it was an example only
"""

from collections.abc import Callable, Mapping
from functools import cache
from random import Random

from constructions.computation.formats.aiger_writing import write_aiger
from constructions.errors import ConstructionError
from verify.arguments.data import rows_digest
from verify.attacks.bases import Base, base
from verify.attacks.dialects import AIGER, BENCH, Aig, Netlist, aiger_file, bench_file
from verify.attacks.endings import CommandCase, in_process
from verify.attacks.hostile import HOSTILE, hostile_json, hostile_machine, hostile_network, hostile_text
from verify.attacks.tables import PointsFile, spoiled_csv, spoiled_npy, table

NETWORKS = ("conjunction by queries, minimal", "coins, dyadic", "two signed, strong", "two literals, minimal")
TWO_BITS = "two literals, minimal"
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

Makes = Callable[[Random, bool], CommandCase]
KINDS: dict[str, Makes] = {}


def kind(name: str) -> Callable[[Makes], Makes]:
    """Register a kind of cases."""

    def register(function: Makes) -> Makes:
        KINDS[name] = function
        return function

    return register


def case(name: str, seed: int) -> CommandCase:
    """The case of a kind, by its name, and a seed; the same whenever it is asked for. Every third is well-formed."""
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
        says=f"({len(made.points)} rows, {rows_digest(made.points)})",
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
    arguments, targets = source.choice(_of_network(source, made))
    codes = (0, 2) if arguments[0] == "export" else (0,)  # not all weights are floats
    return CommandCase(
        files=files, arguments=arguments, codes=codes if good else (), targets=targets, kept=("out.ckpt",)
    )


def _of_network(source: Random, made: Base) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """The commands that take a network, each with the files that it may write."""
    seed = str(source.randrange(9))
    checked = ("--machine", "machine.aag", "--tolerance", tolerance_of(made), "--seconds", "5", "--search", "1")
    trained = ("--problem", "literal", "--seed", seed, "--steps", "2")  # a spoiled file may ask for 2^31 steps
    return (
        (("certify", "net.qgn", *checked, "-o", "out.cert"), ("out.cert",)),
        (("train", "net.qgn", *trained, "--checkpoint", "out.ckpt", "-o", "out.qgn"), ("out.qgn",)),
        (("relu", "net.qgn", "-o", "out.qgn"), ("out.qgn",)),
        (("export", "net.qgn", "--torch", "out.py"), ("out.py", "out.npz")),
        (("draw", "net.qgn", "--round", "1", "-o", "out.dot"), ("out.dot",)),
    )


def tolerance_of(made: Base) -> str:
    """The tolerance of a network's answers, as an option takes it."""
    return str(made.plan.tolerance or 4 * made.plan.rho)


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
    options = ("--tolerance", tolerance_of(made), "--seconds", "5", "--search", "1")
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
    arguments = ("certify", "net.qgn", "--machine", "machine.aag", "--tolerance", tolerance_of(made), "-o", "out.cert")
    return _written_by({"net.qgn": made.data, "machine.aag": machine_bytes(name, False)}, arguments, "out.cert")


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
    return _written_by({}, arguments, "out.json")


@cache
def checkpoint_bytes() -> bytes:
    """A run's checkpoint, as the command keeps it."""
    arguments = ("train", "net.qgn", "--problem", "literal", "--checkpoint", "run.ckpt")
    return _written_by({"net.qgn": base(TWO_BITS).data}, arguments, "run.ckpt")


def _written_by(files: Mapping[str, bytes], arguments: tuple[str, ...], target: str) -> bytes:
    ending = in_process(CommandCase(files=files, arguments=arguments, targets=()))
    if ending.code != 0 or target not in ending.after:
        raise ConstructionError(
            f"need a well-formed file to spoil, got exit code {ending.code}: {ending.err[:200]}, at {arguments[0]}"
        )
    return ending.after[target]
