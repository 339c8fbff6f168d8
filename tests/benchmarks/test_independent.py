"""The independent judge: what it imports, Section 2 by hand, machines, the network with twins, damaged networks,
every rounding."""

import ast
import importlib
import json
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from constructions.computation.formats.aiger_writing import write_aiger
from constructions.foundations.network import Network
from constructions.networks.flat import flat_network
from constructions.networks.network_file import network_bytes, read_network_bytes
from constructions.networks.trainable import Trainable
from constructions.training.by_fractions import FractionEngine
from constructions.training.evaluated_method import Method
from verify.attacks.bases import Base, base
from verify.attacks.drafts import NetworkDraft
from verify.attacks.twins import PATTERN, ROUNDS, WRONG_ROUND, twins, vote_machine
from verify.certifier.certificate.entries import certificate
from verify.certifier.certificate.handing_over import written
from verify.certifier.certify import certify_network
from verify.obligations.user_file import load_file
from verify.recheck.reading import digest

FOLDER = Path(__file__).parents[2] / "benchmarks" / "independent"
load_file(FOLDER.parent / "judged_networks.py")  # puts the folder of benchmarks on the path
NAMES = ("aiger", "network", "train", "judge", "every")
aiger, network, train, judge, every = (importlib.import_module(f"independent.{name}") for name in NAMES)
COINS, WHOLE = "coins, minimal", "signed whole, rho = 1/20"


@cache
def certified(name: str) -> bytes:
    """A certificate of a base, which says how its answers are read."""
    made = base(name)
    net = read_network_bytes(made.data)
    found = certify_network(net, made.machine, tolerance=made.plan.tolerance or 4 * made.plan.rho)
    assert found.certified
    return written(certificate(net, made.machine, found, network=digest(made.data)))


def judge_for(
    folder: Path, made: Base, data: bytes | None = None, *, cert: bool = True, tolerance: Fraction | None = None
) -> Any:
    """The judge of a base, or of a changed file beside the base's machine and certificate."""
    (folder / "network.qgn").write_bytes(data or made.data)
    if cert:
        (folder / "network.cert").write_bytes(certified(made.name))
    text = write_aiger(made.machine.aiger(), binary=False)
    return judge.judge_of(folder / "network.qgn", text, folder / "network.cert" if cert else None, tolerance)


def verdicts(found: Any, count: int = 9, seed: int = 0) -> set[str]:
    return {found.judged(run).verdict for run in judge.runs(found, count, seed)}


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_nothing_but_the_standard_library_is_imported(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names = [node.module] if isinstance(node, ast.ImportFrom) else []
        names += [name.name for name in node.names] if isinstance(node, ast.Import) else []
        assert all(name and name.split(".")[0] in {*sys.stdlib_module_names, "independent"} for name in names)


def small(folder: Path, weight: Fraction = Fraction(1, 2)) -> Any:
    """f = sigma(weight + x)."""
    net = Network(inputs=("x1",), outputs=("f",), edges={("x1", "f"): 1, ("one", "f"): weight}, constant="one")
    (folder / "small.qgn").write_bytes(network_bytes(Trainable(network=flat_network(net), rho=Fraction(1, 4), steps=1)))
    return network.read_network(folder / "small.qgn")


def test_a_step_by_hand(tmp_path: Path) -> None:
    """f(1) = 3/2 on label 0: the derivative 3/2 is clipped to 1 before the mean with f(0) - 1 = -1/2 is taken."""
    training = train.Training(small(tmp_path), ())
    assert (training.output((0,)), training.output((1,))) == (Fraction(1, 2), Fraction(3, 2))
    assert training.gradient([((1,), 0), ((0,), 1)]) == {0: Fraction(1, 4), 1: Fraction(1, 2)}
    assert training.descend([((1,), 0), ((0,), 1)], train.up) == {0: 1, 1: 2}
    assert (training.output((0,)), training.output((1,))) == (Fraction(1, 4), Fraction(3, 4))


def test_valid_roundings_are_those_of_equation_3(tmp_path: Path) -> None:
    given: list[tuple[Fraction, list[int]]] = []

    def choose(edge: int, step: int, place: Fraction, valid: list[int]) -> int:
        given.append((place, valid))
        return valid[0]

    for numerator in range(1, 33):
        train.Training(small(tmp_path, Fraction(numerator, 32)), ()).descend([((0,), 0)], choose)
    assert {valid == [k for k in range(-9, 9) if abs(k - place) <= Fraction(3, 4)] for place, valid in given} == {True}
    assert {len(valid) for _, valid in given} == {1, 2}


@pytest.mark.parametrize("weight", [0, 2, -1, -3])
def test_a_kink_that_matters_is_a_betrayal(tmp_path: Path, weight: int) -> None:
    with pytest.raises(train.BetrayalError, match="vertex 2 is on a kink"):
        train.Training(small(tmp_path, Fraction(weight)), ()).descend([((0,), 1)], train.nearest)


def test_both_trainers_take_the_same_steps(tmp_path: Path) -> None:
    made = base(COINS)
    found = judge_for(tmp_path, made)
    for run in list(judge.runs(found, 6, 3)):
        training = train.Training(found.net, run.string)
        engine = FractionEngine(read_network_bytes(made.data).with_random_string(run.string), batch=len(run.batches[0]))
        for batch in run.batches:
            x, y = np.array([x for x, _ in batch]), np.array([y for _, y in batch])
            moved = engine.step(x, y).moved
            training.descend(batch, _as_taken(moved, found.net.rate * found.net.rho))
            assert {e: Fraction(training.weights[e], training.unit) for e in moved} == {
                e: new for e, (_, new) in moved.items()
            }
        assert [training.output(x) for x in found.machine.points] == [
            training.outputs(x)[found.net.output] for x in found.machine.points
        ]


def _as_taken(moved: Any, rung: Fraction) -> Callable[[int, int, Fraction, list[int]], int]:
    """The roundings that the other trainer took."""

    def choose(edge: int, step: int, place: Fraction, valid: list[int]) -> int:
        old, new = moved.get(edge, (Fraction(0), Fraction(0)))
        return next(k for k in valid if k * rung == old - new)

    return choose


@pytest.mark.parametrize("binary", [False, True])
@pytest.mark.parametrize("name", [COINS, WHOLE, "quarters, minimal"])
def test_both_evaluators_of_machines_agree(name: str, binary: bool) -> None:
    made = base(name).machine
    found = aiger.Machine(write_aiger(made.aiger(), binary=binary))
    states = [found.start]
    for t in range(6):
        state, r = states[-1], len(found.random)
        names = dict(zip(made.machine.state, state, strict=True))
        for x, asked, predicted in zip(
            found.points, found.asked(state, found.points), found.predicted(state, found.points), strict=True
        ):
            given = dict.fromkeys(made.machine.inputs, 0) | names | dict(zip(made.port("x"), x, strict=True))
            outputs = made.predictor.evaluate(given)
            bits = [outputs[port] for port in made.port("predict")]
            assert predicted == made.predict_format.value_of(sum(bit << i for i, bit in enumerate(bits)))
            assert asked == [_asked(made, given, j) for j in range(made.parallel)]
        codes = [[(5 * t + 3 * j + 7 * k) % 19 - 2 for j in range(made.parallel)] for k in range(4)]
        random = [t & 1] * r
        together = found.updated(state, codes, random)
        unit = 1 << made.answer_fraction
        answers = [[Fraction(code, unit) for code in row] for row in codes]
        assert together == [tuple(Method(made).after(names, row, random).values()) for row in answers]
        states.append(together[t % 4])
    assert len(set(states)) > 2


def _asked(made: Any, given: dict[str, int], j: int) -> Fraction:
    outputs = made.query.evaluate(given)
    return Fraction(
        made.query_format.value_of(sum(outputs[port] << i for i, port in enumerate(made.port(f"query{j}"))))
    )


@pytest.mark.parametrize(
    "text", ["aag 1 1 0 0\n2\n", "aag 1 1 0 1 0\n2\n4\n", "aag 2 1 0 0 1\n2\n4 6 2\n", "aag 1 0 1 0 0\n2 0 2\n"]
)
def test_a_circuit_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(aiger.FileError, match="need"):
        aiger.read_circuit(text.encode())


@pytest.mark.parametrize("wrong", [False, True])
def test_the_network_with_twins_is_found_wrong_and_the_one_without_is_not(tmp_path: Path, wrong: bool) -> None:
    """In step 1 the copy of round 6 is spoilt; so in round 6 a large answer is not seen, by which the vote should
    become 0."""
    (tmp_path / "twins.qgn").write_bytes(twins() if wrong else twins(wrong_round=None))
    found = judge.judge_of(
        tmp_path / "twins.qgn", write_aiger(vote_machine().aiger(), binary=False), None, Fraction(1, 4)
    )
    rest = (0,) * len(PATTERN)
    batches = [[((1, 1, *PATTERN), 1)], *([((1, 1, *rest), 1 - t % 2)] for t in range(2, ROUNDS + 1))]
    batches[WRONG_ROUND - 1] = [((0, 1, *rest), 0)]
    string = tuple(int(t != WRONG_ROUND) for t in range(1, ROUNDS + 1))
    run = judge.Run(batches, string, "nearest")
    assert found.judged(run).verdict == ("wrong" if wrong else "right")


@pytest.mark.parametrize("name", [COINS, WHOLE, "no rounds", "two signed, strong", "conjunction of a sample, minimal"])
def test_a_right_network_is_found_right(tmp_path: Path, name: str) -> None:
    assert verdicts(judge_for(tmp_path, base(name))) == {"right"}


def test_answers_are_sought_where_no_certificate_says_them(tmp_path: Path) -> None:
    assert verdicts(judge_for(tmp_path, base(COINS), cert=False, tolerance=Fraction(1, 4))) == {"right"}


def test_a_tolerance_that_is_too_small_is_not_kept(tmp_path: Path) -> None:
    """Answers are off by a few rho; with no tolerance at all the means must be met."""
    assert "wrong" in verdicts(judge_for(tmp_path, base(WHOLE), tolerance=Fraction(1, 80)))


def _of(made: Base, draft: NetworkDraft, part: str, at: int = 0) -> list[int]:
    return draft.into(made.parts[part][at])


def _scaled(factor: Fraction, part: str, at: int = 0) -> Callable[[Base, NetworkDraft], None]:
    def change(made: Base, draft: NetworkDraft) -> None:
        for edge in _of(made, draft, part, at):
            draft.weights[edge] = int(draft.weights[edge] * factor)

    return change


def _output(factor: Fraction, part: str) -> Callable[[Base, NetworkDraft], None]:
    def change(made: Base, draft: NetworkDraft) -> None:
        for vertex in made.parts[part]:
            draft.weights[draft.edge(vertex, draft.output)] = int(
                draft.weights[draft.edge(vertex, draft.output)] * factor
            )

    return change


def _on_a_kink(made: Base, draft: NetworkDraft) -> None:
    """7/8 and 5/4 become 7/8 and 7/4: an active vc has the pre-activation 0."""
    for vertex in made.parts["vc"]:
        draft.weights[draft.edge(0, vertex)] = int(draft.weights[draft.edge(0, vertex)] * Fraction(7, 5))


MINUS, HALF = Fraction(-1), Fraction(1, 2)
DAMAGES: dict[str, Callable[[Base, NetworkDraft], None]] = {
    "the predictor's last gate negated": _scaled(MINUS, "predictor", -1),
    "an input negated": _scaled(MINUS, "adaptor"),
    "v3 of the last copy gives the opposite": _output(MINUS, "v3"),
    "no primary control": _output(Fraction(0), "primary"),
    "no final control": _output(Fraction(0), "final"),
    "a vc that is always 2": _scaled(Fraction(0), "vc", 1),
    "vc on a kink when active": _on_a_kink,
    "v1 starts written": _scaled(Fraction(4), "v1"),
    "random bits too small for their gates": _scaled(Fraction(1, 4), "random"),
    "random bits negated together": _scaled(Fraction(1, 8), "random", 1),
    "the highest digit never set": _scaled(Fraction(0), "digit", -1),
    "a start bit flipped": _scaled(MINUS, "start"),
    "half of the final controls' weight": _output(HALF, "final"),
    "v3 twice as large": _output(Fraction(2), "v3"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_network_is_found_wrong(tmp_path: Path, damage: str) -> None:
    """The judge's mutation score: each of these is found within a few runs."""
    made = base(COINS)
    draft = made.draft()
    DAMAGES[damage](made, draft)
    data = draft.data()
    assert data != made.data
    assert "wrong" in verdicts(judge_for(tmp_path, made, data), 27)


def test_the_command_prints_the_counts_and_needs_nothing_of_the_project(tmp_path: Path) -> None:
    """In a process without this project's paths."""
    judge_for(tmp_path, base(COINS))
    (tmp_path / "machine.aag").write_bytes(write_aiger(base(COINS).machine.aiger(), binary=False))
    words = [
        sys.executable,
        "-E",
        "-s",
        "-S",
        "-m",
        "independent.judge",
        str(tmp_path / "network.qgn"),
        str(tmp_path / "machine.aag"),
    ]
    done = subprocess.run(
        [*words, "--certificate", str(tmp_path / "network.cert"), "--runs", "3"], cwd=FOLDER.parent, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"runs": 3, "right": 3, "first": ""}


def all_runs(found: Any) -> list[str]:
    """What is not right among all runs of a network without random bits."""
    return [finding.verdict for finding, _, _ in every.Every(found).findings()]


def test_every_rounding_of_a_right_network_is_right(tmp_path: Path) -> None:
    assert all_runs(judge_for(tmp_path, base("literal, one round"))) == []


def test_every_rounding_finds_the_one_that_betrays(tmp_path: Path) -> None:
    """A digit that is set by records of 2 and more, instead of 1: wrong only where the clock's record is rounded
    down."""
    made = base("literal, one round")
    draft = made.draft()
    for vertex in made.rounds[0]["v1"][:1]:
        draft.weights[draft.edge(0, vertex)] -= draft.scale // 12
    assert "wrong" in all_runs(judge_for(tmp_path, made, draft.data()))


def test_every_rounding_is_among_those_followed(tmp_path: Path) -> None:
    """The weights after a step of each adversary lie in a branch, edge by edge."""
    found = judge_for(tmp_path, base("literal, one round"))
    follower = every.Every(found)
    start = every.View(found.net, follower.unit, follower.first)
    for batch in follower.batches:
        branches = [view.branch for view in follower._step(start, batch)]
        for adversary in train.NAMED:
            training = train.Training(found.net, ())
            training.descend(batch, train.NAMED[adversary](3))
            assert training.unit == follower.unit
            assert any(_within(branch, training.weights) for branch in branches)


def _within(branch: Any, weights: list[int]) -> bool:
    return all(
        w in (low, branch.other.get(e, low)) for e, (w, low) in enumerate(zip(weights, branch.weights, strict=True))
    )
