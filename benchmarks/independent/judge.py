"""Is a trained network what its machine predicts after a run on some valid answers?

A run: a random string, batches, an adversary. The network is trained; its output is read at all x. Then the machine is
followed:

* *As decoded.* The digits of round t's copies, with the roles and the decoder that the certificate states, give
  answers. Each must be
  within the tolerance of the batch mean of its query in the machine's present state; the last prediction must be the
  output at every x.
* *By other answers.* If that fails, all states that the machine can be in after some valid answers are followed, until
  one predicts the
  output at every x. If none does, the network is wrong. If there are too many to look at, the run is left open.

A step without a derivative is a betrayal, whatever comes of it.

Run, in the folder above:  python -m independent.judge NET MACHINE [--certificate CERT] [--tolerance P/Q] [--runs N]
[--seed S] prints a line of JSON; exit code 1 if a run is wrong.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import ceil, floor, prod
from pathlib import Path
from random import Random
from typing import Any, Protocol

from independent.aiger import FileError, Machine, State
from independent.network import Network, read_network
from independent.train import NAMED, BetrayalError, Choice, Number, Point, Sample, Training

MOST_POINTS, MOST_CODES = 1 << 9, 1 << 15
"""At how many x a network is read; how many choices of answers are looked at in a round."""
RIGHT, OTHERWISE, WRONG, OPEN = "right", "right by other answers", "wrong", "open"


@dataclass(frozen=True)
class Run:
    """Batches, one for each step, a random string, and an adversary with its seed."""

    batches: Sequence[Sequence[Sample]]
    string: tuple[int, ...]
    adversary: str
    seed: int = 0

    def choice(self) -> Choice:
        """The adversary."""
        return NAMED[self.adversary](self.seed)


@dataclass(frozen=True)
class Finding:
    """What came of a run."""

    verdict: str
    why: str = ""


@dataclass(frozen=True)
class Reading:
    """What a certificate says of how answers are read: for each round the v1 of its copies with their roles, and the
    decoder's numbers.

    A role is (query, place, 1 for the negative part); query -1 is the clock and -2 a copy that never acts.
    """

    copies: list[list[tuple[int, tuple[int, int, int]]]]
    d: int
    multiplier: int
    add: int
    shift: int

    @classmethod
    def of(cls, cert: Mapping[str, Any]) -> "Reading":
        """From a certificate; a machine that asks nothing has no decoder."""
        rounds, digits, found = cert["rounds"], cert["digits"], list[list[tuple[int, tuple[int, int, int]]]]()
        for said in rounds:
            model = rounds[said["like"] - 1] if said.get("like") else said
            row = [
                first + i
                for first, count in zip(said["vertices"][::2], said["vertices"][1::2], strict=True)
                for i in range(count)
            ]
            heads = row[: model["copies"] * (5 + digits) : 5 + digits]
            found.append([(v1, (role[0], role[1], role[2])) for v1, role in zip(heads, model["roles"], strict=True)])
        return cls(found, **(cert["decoder"] or dict.fromkeys(("d", "multiplier", "add", "shift"), 0)))

    def codes(self, round_: int, records: Mapping[int, int], machine: Machine) -> list[int]:
        """The answers of a round, from what its copies record."""
        sums = [0] * len(machine.queries)
        for v1, (query, place, negative) in self.copies[round_]:
            if query >= 0:
                sums[query] += (-1 if negative else 1) * records[v1] << max(0, self.d - 1 - place)
        whole = 1 << machine.answer_fraction
        return [max(-whole, min(whole, self.multiplier * s + self.add >> self.shift)) for s in sums]


class Outputs(Protocol):
    """Whatever tells the outputs of all vertices at a point."""

    def outputs(self, x: Point) -> list[Number]:
        """The outputs."""


class Judge:
    """A network beside a machine. ``reading`` : how answers are decoded, if that is known. ``tolerance`` : how far
    they may be off."""

    def __init__(self, net: Network, machine: Machine, tolerance: Fraction, reading: Reading | None = None) -> None:
        if net.inputs != len(machine.x) or net.steps != machine.rounds:
            raise FileError("need a network with the machine's inputs, and as many steps as it has rounds")
        if len(net.sampled) != net.steps * len(machine.random):
            raise FileError("need a sampled edge for each random bit of each round")
        self.net, self.machine, self.tolerance, self.reading = net, machine, tolerance, reading
        self.digits = {v1: _digits(net, v1) for row in reading.copies for v1, _ in row} if reading else {}
        self.asked: dict[State, dict[Point, list[Fraction]]] = {}

    def points(self, run: Run) -> list[Point]:
        """All x; if there are very many, those of the run and some drawn ones."""
        n = self.net.inputs
        if 1 << n <= MOST_POINTS:
            return self.machine.points
        source = Random(run.seed)
        drawn = {tuple(source.randrange(2) for _ in range(n)) for _ in range(MOST_POINTS)}
        return sorted(drawn | {x for batch in run.batches for x, _ in batch})

    def judged(self, run: Run) -> Finding:
        """Train, and follow the machine."""
        training, choose = Training(self.net, run.string), run.choice()
        try:
            for batch in run.batches:
                training.descend(batch, choose)
        except BetrayalError as betrayal:
            return Finding(WRONG, str(betrayal))
        return self.explained(run, training, self.points(run))

    def explained(self, run: Run, training: Outputs, points: Sequence[Point]) -> Finding:
        """Whether valid answers explain what a trained network returns."""
        outputs = [training.outputs(x)[self.net.output] for x in points]
        why = (
            self._as_decoded(run, training, points, outputs)
            if self.reading
            else "no certificate says how answers are read"
        )
        if not why:
            return Finding(RIGHT)
        found = self._by_other_answers(run, points, outputs)
        if found == WRONG:
            return Finding(WRONG, f"no valid answers lead to what the network returns ({why})")
        return Finding(OTHERWISE if found == RIGHT and self.reading else found, why)

    def _means(self, state: State, round_: int, batch: Sequence[Sample]) -> list[Fraction]:
        """The batch means of the queries of a round: zero on label 0 in odd rounds and on label 1 in even ones."""
        label, known = round_ % 2, self.asked.setdefault(state, {})
        new = sorted({x for x, _ in batch} - known.keys())
        known |= zip(new, self.machine.asked(state, new), strict=True)
        rows = [known[x] for x, y in batch if y == label]
        return [sum((row[j] for row in rows), Fraction(0)) / len(batch) for j in range(len(self.machine.queries))]

    def _coins(self, run: Run, round_: int) -> tuple[int, ...]:
        r = len(self.machine.random)
        return run.string[(round_ - 1) * r : round_ * r]

    def _as_decoded(self, run: Run, training: Outputs, points: Sequence[Point], outputs: Sequence[Any]) -> str:
        """Why the decoded answers do not explain the network; empty if they do."""
        assert self.reading
        rows = {tuple(self._record(training, v1, x) for v1 in self.digits) for x in points}
        if len(rows) > 1 or None in (row := rows.pop()):
            return "records do not read the same at all x"
        records = {v1: k for v1, k in zip(self.digits, row, strict=True) if k is not None}
        state, unit = self.machine.start, 1 << self.machine.answer_fraction
        for t, batch in enumerate(run.batches, 1):
            codes = self.reading.codes(t - 1, records, self.machine)
            for j, (mean, code) in enumerate(zip(self._means(state, t, batch), codes, strict=True)):
                low, high = self.machine.codes(j)
                if abs(Fraction(code, unit) - mean) > self.tolerance or not low <= code <= high:
                    return f"round {t}: answer {j} reads {Fraction(code, unit)}, the mean is {mean}"
            state = self.machine.updated(state, [codes], self._coins(run, t))[0]
        return self._differs(state, points, outputs)

    def _record(self, training: Outputs, v1: int, x: Point) -> int | None:
        """The number that a copy's digits show at x."""
        values = training.outputs(x)
        shown = [values[v] for v in self.digits[v1]]
        return sum(1 << i for i, value in enumerate(shown) if value == 2) if set(shown) <= {-2, 2} else None

    def _differs(self, state: State, points: Sequence[Point], outputs: Sequence[Any]) -> str:
        for x, output, wanted in zip(points, outputs, self.machine.predicted(state, points), strict=True):
            if output != wanted:
                return f"at x = {''.join(map(str, x))} the network returns {output}, the machine predicts {wanted}"
        return ""

    def _by_other_answers(self, run: Run, points: Sequence[Point], outputs: Sequence[Any]) -> str:
        states = {self.machine.start}
        for t, batch in enumerate(run.batches, 1):
            after, looked_at = set[State](), 0
            for state in sorted(states):
                ranges = self._valid(self._means(state, t, batch))
                looked_at += prod(map(len, ranges))
                if looked_at > MOST_CODES:
                    return OPEN
                codes = list(product(*ranges))
                after |= set(self.machine.updated(state, codes, self._coins(run, t))) if codes else set()
            states = after
        return RIGHT if any(not self._differs(state, points, outputs) for state in sorted(states)) else WRONG

    def _valid(self, means: Sequence[Fraction]) -> list[range]:
        """The codes of all valid answers to each query: within the tolerance, within -1 and 1, within the port."""
        unit, found = 1 << self.machine.answer_fraction, []
        for j, mean in enumerate(means):
            low, high = self.machine.codes(j)
            first = max(low, -unit, ceil((mean - self.tolerance) * unit))
            found.append(range(first, min(high, unit, floor((mean + self.tolerance) * unit)) + 1))
        return found


def _digits(net: Network, v1: int) -> list[int]:
    """The digits of a copy (Definition 2): tails v0, v1 and all higher digits; the least first, so that with the
    most tails first."""
    found = [v for v in net.out[v1] if {net.sources[i] for i in net.into[v]} >= {0, v1}]
    return sorted(found, key=lambda v: -len(net.into[v]))


def runs(judge: Judge, count: int, seed: int) -> Iterator[Run]:
    """Seeded runs: batches of several sizes, labels of all sorts, repeated points, one batch for all steps, all
    adversaries in turn."""
    net = judge.net
    for at in range(seed, seed + count):
        source, names = Random(f"run {at}"), list(NAMED)
        size, sort, repeats = (
            source.choice((1, 1, 2, 3, 4, 7, min(net.batch, 16))),
            source.randrange(7),
            source.random() < 0.25,
        )
        batches = [_batch(judge, source, t, size, sort, repeats) for t in range(1, net.steps + 1)]
        if source.random() < 0.15 and batches:
            batches = [batches[0]] * net.steps
        string = tuple(source.randrange(2) for _ in net.sampled)
        yield Run(batches, string, names[at % len(names)], at)


def _batch(judge: Judge, source: Random, t: int, size: int, sort: int, repeats: bool) -> list[Sample]:
    """``sort`` 0 and 1: all labels that; 2: those that are asked; 3: the others; 4: x1; 5 and 6: any."""
    n = judge.net.inputs
    one = tuple(source.randrange(2) for _ in range(n))
    xs = [one if repeats else tuple(source.randrange(2) for _ in range(n)) for _ in range(size)]
    return [(x, (0, 1, t % 2, 1 - t % 2, x[0])[sort] if sort < 5 else source.randrange(2)) for x in xs]


def judge_of(
    net: Path | str, machine: Path | str | bytes, cert: Path | str | None = None, tolerance: Fraction | None = None
) -> Judge:
    """The judge of files; ``machine`` may be the file's bytes. Without a tolerance that of the certificate is taken,
    or 4 rho."""
    said = json.loads(Path(cert).read_text(encoding="utf-8")) if cert else None
    network, text = read_network(net), machine if isinstance(machine, bytes) else Path(machine).read_bytes()
    if tolerance is None:
        tolerance = Fraction(said["tolerance"]) if said else 4 * network.rho
    return Judge(network, Machine(text), tolerance, Reading.of(said) if said else None)


def main() -> int:
    """Judge a network; print the counts and the first run that is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("network")
    parser.add_argument("machine")
    parser.add_argument(
        "--certificate", help="a certificate that says how answers are read; it need not be of this network"
    )
    parser.add_argument("--tolerance", type=Fraction)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    try:
        judge = judge_of(given.network, given.machine, given.certificate, given.tolerance)
    except (FileError, OSError, KeyError) as error:
        print(error, file=sys.stderr)
        return 2
    counts, first = Counter[str](), ""
    for run in runs(judge, given.runs, given.seed):
        found = judge.judged(run)
        counts[found.verdict] += 1
        if found.verdict == WRONG and not first:
            first = (
                f"seed {run.seed}, {run.adversary}, {len(run.batches and run.batches[0])} samples a step: {found.why}"
            )
    print(json.dumps({"runs": given.runs, **counts, "first": first}))
    return int(counts[WRONG] > 0)


if __name__ == "__main__":
    sys.exit(main())
