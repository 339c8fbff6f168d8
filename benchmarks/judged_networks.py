"""Networks to judge, written to files with their machines: compiled learners, random machines, one by hand, two that
look alike, and mutants.

This is the part of ``follow_accepted.py`` that knows querygrad; what judges the files does not.
"""

from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from io import StringIO
from itertools import count
from pathlib import Path
from random import Random
from types import ModuleType

from constructions.computation.formats.aiger_writing import write_aiger
from constructions.computation.query_machine import QueryMachine
from constructions.foundations.files import ROOT
from constructions.networks.emulation import Plan
from constructions.networks.network_file import network_bytes
from constructions.networks.queries import DYADIC, MINIMAL, STRONG
from constructions.networks.renumber import random_order, renumbered
from verify.arguments.learner import read_learner
from verify.arguments.learner_options import LearnerOptions
from verify.attacks.bases import MADE, base
from verify.attacks.kinds import KINDS
from verify.attacks.mutants import mutant
from verify.attacks.twins import twins, vote_machine
from verify.commands.main import main as querygrad
from verify.obligations.user_file import load_file

BY_HAND = ROOT / "examples" / "handmade_network.py"
LEARNERS = (
    ("query-conjunction", 1, 1),
    ("query-conjunction", 2, 2),
    ("literal", 1, 1),
    ("literal", 2, 3),
    ("literal", 3, 1),
    ("correlations", 1, 1),
    ("correlations", 2, 1),
    ("parity", 1, 1),
    ("conjunction", 1, 2),
    ("decision-list", 1, 1),
    ("memoriser", 1, 1),
    ("best-of-literals", 1, 2),
    ("examples/own_learner.py", None, 1),
    ("examples/conjunction.aag", None, 1),
)
"""Every built-in learner, with its bits and batch, and the two of the examples."""
BY_QUERIES = ("query-conjunction", "literal", "correlations")
SETTINGS = ("dyadic", "strong", "minimal")
RIGHT, WRONG = "the source is the vote", "the source is its twin"
"""Two networks whose rounds look alike (``verify/attacks/twins.py``); the second trains wrong."""
LOOSE = "100"
"""Random machines and mutants of them may have few places in their answers; what is then shown is what is judged."""


@dataclass(frozen=True)
class Wanted:
    """A network that can be made again: a source, what it is in there, a seed."""

    source: str
    what: str
    seed: int

    def __str__(self) -> str:
        return f"{self.source}: {self.what}, {self.seed}"


@dataclass(frozen=True)
class Given:
    """Its files, and the tolerance to ask for (None: 4 rho)."""

    network: Path
    machine: Path
    tolerance: str | None = None


def command(*words: str) -> tuple[int, str]:
    """A querygrad command in this process: its exit code and what it prints."""
    said = StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        code = querygrad(words)
    return code, said.getvalue()


def wanted(seed: int) -> Iterator[Wanted]:
    """Networks without end: the one by hand, the two that look alike and all learners first, then random machines and
    mutants in turn, from a seed on."""
    yield Wanted("by hand", "the example", 0)
    yield from (Wanted("look alike", what, 0) for what in (RIGHT, WRONG))
    for setting in SETTINGS:
        for learner, n, b in LEARNERS:
            if not (learner == "correlations" and setting == "minimal"):
                yield Wanted("learner", f"{learner} {n} {b} {setting}", 0)
    kinds, bases = sorted(KINDS), sorted(MADE)
    for at in count(seed):
        source = Random(f"judged {at}")
        yield Wanted("random machine", source.choice(("as compiled", "numbered anew")), at)
        for _ in range(6):
            yield Wanted("mutant", f"{source.choice(bases)} / {source.choice(kinds)}", at)


def made(what: Wanted, folder: Path) -> Given | None:
    """The files of a network; None if it cannot be made (a mutant that finds nothing to change)."""
    return SOURCES[what.source](what, folder)


def _written(folder: Path, net: bytes, machine: QueryMachine, tolerance: str | None = None) -> Given:
    given = Given(folder / "network.qgn", folder / "machine.aag", tolerance)
    given.network.write_bytes(net)
    given.machine.write_bytes(write_aiger(machine.aiger(), binary=False))
    return given


def _by_hand(what: Wanted, folder: Path) -> Given:
    module = load_file(BY_HAND)
    module.write(module.network(), str(folder / "network.qgn"))
    machine = read_learner(str(BY_HAND)).machine(LearnerOptions(), {})
    return _written(folder, (folder / "network.qgn").read_bytes(), machine, "1/4")


def _learner(what: Wanted, folder: Path) -> Given:
    learner, n, b, setting = what.what.rsplit(" ", 3)
    net, machine = folder / "network.qgn", folder / "machine.aag"
    words = ["compile", str(ROOT / learner) if "." in learner else learner, "--batch", b, "--setting", setting]
    words += ["-o", str(net), "--machine-out", str(machine)]
    words += [] if n == "None" else ["--bits", n]
    if n != "None" and learner not in BY_QUERIES:
        words += ["--samples", "1", "--delta", "1/2"]
    code, said = command(*words)
    if code:
        raise RuntimeError(f"{what}: {said}")
    return Given(net, machine)


@cache
def _random_machines() -> ModuleType:
    return load_file(ROOT / "benchmarks" / "random_machines.py")


def _random_machine(what: Wanted, folder: Path) -> Given:
    machine, source = _random_machines().random_machine(what.seed), Random(f"plan {what.seed}")
    setting, rho = source.choice((DYADIC, STRONG, MINIMAL)), Fraction(1, source.choice((16, 20, 32)))
    net = Plan(machine=machine, rho=rho, setting=setting, tolerance=Fraction(LOOSE)).trainable
    if what.what == "numbered anew":
        net, _ = renumbered(net, random_order(net, seed=what.seed))
    return _written(folder, network_bytes(net), machine, LOOSE)


def _mutant(what: Wanted, folder: Path) -> Given | None:
    name, kind = what.what.split(" / ")
    found = mutant(base(name), kind, what.seed)
    if found is None:
        return None
    plan = found.base.plan
    return _written(folder, found.data, found.machine, str(plan.tolerance or 4 * plan.rho))


def _look_alike(what: Wanted, folder: Path) -> Given:
    return _written(folder, twins(wrong_round=None) if what.what == RIGHT else twins(), vote_machine(), "1")


SOURCES: dict[str, Callable[[Wanted, Path], Given | None]] = {
    "by hand": _by_hand,
    "learner": _learner,
    "look alike": _look_alike,
    "random machine": _random_machine,
    "mutant": _mutant,
}
"""What makes the files, by the source of a network."""
