"""Lemma 1's machine follows its method round by round, and stops when it has its samples.

Proved here: in every pair of states that the method and the machine can reach together, they ask the same queries and
predict the same (``lemma1.machine.follows``); before the last sample the machine predicts 1/2, and after it the machine
changes nothing (``lemma1.machine.end``).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from itertools import combinations_with_replacement, product
from typing import Any

from constructions.computation.design import places
from constructions.computation.extraction_machine import extraction_machine
from constructions.computation.extraction_ports import by_ports
from constructions.computation.query_machine import QueryMachine
from constructions.computation.sample_learners import memoriser_learner
from constructions.foundations.logic import every, negation, some
from constructions.learning.learners import memoriser
from constructions.learning.models import BSQ, QueryMethod, strings
from constructions.learning.models import State as Kept
from constructions.learning.problems import Bits, labelled_points
from constructions.reductions.one_bit import VERSIONS
from constructions.reductions.sample_extract import Extracting, Extraction, lemma_1
from verify.claims.computation.extraction_machine.circuits import F
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, obligation, registry
from verify.obligations.verdict import Verdict


@dataclass(frozen=True)
class ReachedPairs:
    """A method and a machine with all pairs of states that they reach together, on all batches and random bits."""

    method: QueryMethod
    machine: QueryMachine
    pairs: tuple[tuple[Kept, dict[str, int]], ...]


def _cyclic(state: Kept) -> Kept:
    """A state without what does not matter: the number of the round beyond its label, and used random bits."""
    return state._replace(t=2 - state.t % 2, fresh=()) if isinstance(state, Extracting) else state


def moves(
    method: QueryMethod, machine: QueryMachine, state: Extracting, kept: Mapping[str, int]
) -> Iterator[tuple[Kept, dict[str, int]]]:
    """The pairs of states after one round, for all batches and random bits; a nearest answer stands for all that are
    valid."""
    budget, unit = method.budget, 2**machine.answer_fraction
    assert isinstance(budget, BSQ)
    asks = method.ask(state, state.t)
    rows = sorted({tuple(map(F, asks(x, y))) for x, y in labelled_points(method.n)})
    sums = {tuple(map(sum, zip(*batch, strict=True))) for batch in combinations_with_replacement(rows, budget.b)}
    rounds = [
        (tuple(F(count) / budget.b for count in counts), fresh)
        for counts in sorted(sums)
        for fresh in strings(method.fresh)
    ]
    nearest = [([F(round(mean * unit), unit) for mean in means], fresh) for means, fresh in rounds]
    for (means, fresh), after in zip(rounds, states_after(machine, kept, nearest), strict=True):
        yield _cyclic(method.after(state._replace(fresh=fresh), means)), after


def states_after(
    machine: QueryMachine, kept: Mapping[str, int], rounds: Sequence[tuple[Sequence[Fraction], Bits]]
) -> Iterator[dict[str, int]]:
    """The machine's states after a round with each of some answers and random bits."""
    given, width = dict.fromkeys(machine.machine.inputs, 0), len(rounds)
    for k, (answers, fresh) in enumerate(rounds):
        codes = [
            (machine.port(f"answer{j}"), machine.answer_format.code_of(answer)) for j, answer in enumerate(answers)
        ]
        for names, code in (*codes, (machine.port("random"), sum(bit << i for i, bit in enumerate(fresh)))):
            for i, name in enumerate(names):
                given[name] |= (code >> i & 1) << k
    found, _ = machine.machine.step({name: -bit & (1 << width) - 1 for name, bit in kept.items()}, given, width=width)
    return ({name: bits >> k & 1 for name, bits in found.items()} for k in range(width))


@cache
def following(version: str, n: int, m: int, b: int, broken: bool = False) -> ReachedPairs:
    """All reachable pairs of states of a memoriser of m <= 2 samples; broken, a bit of the next word is negated."""
    how = Extraction(n=n, b=b, tau=F(1, 2 * b + 1), delta=F(1, 4), version=VERSIONS[version], alternating=True)
    method = by_ports(lemma_1(n, b=b, tau=how.tau, delta=how.delta, version=how.version)(memoriser(n, m)), how)
    machine = extraction_machine(how, m, memoriser_learner(n, m))
    if broken:
        flip = [
            literal ^ (name in ("word", "word[0]"))
            for name, literal in zip(machine.machine.state, machine.machine.next, strict=True)
        ]
        machine = replace(machine, machine=replace(machine.machine, next=tuple(flip)))
    first = (_cyclic(method.start((0,) * method.budget.r)), machine.start())
    known, waiting = {(first[0], tuple(first[1].items())): first}, [first]
    while waiting:
        state, kept = waiting.pop()
        if isinstance(state, Extracting):
            for pair in moves(method, machine, state, kept):
                if (key := (pair[0], tuple(pair[1].items()))) not in known:
                    known[key] = pair
                    waiting.append(pair)
    return ReachedPairs(method, machine, tuple(known.values()))


def follows(subject: ReachedPairs, case: Case) -> None:
    """In every pair of states that the extracting method and its machine reach together, on any batches, by any valid
    answers and any random bits, after any number of rounds, they ask the same queries at every point and predict the
    same."""
    i = int(case.integer("pair"))
    case.assume(i < len(subject.pairs))
    state, kept = subject.pairs[min(i, len(subject.pairs) - 1)]
    method, machine, h = subject.method, subject.machine, subject.method.predictor(state)
    same = True
    if isinstance(state, Extracting):
        asks, query = method.ask(state, state.t), machine.query_at(kept, state.t)
        same = every(*(query(x, y) == tuple(asks(x, y)) for x, y in labelled_points(method.n)))
    case.show("the same queries, if any are left", same)
    case.show("the same prediction", every(*(machine.predict(kept, x) == h(x) for x, _ in labelled_points(method.n))))


def _domain(*given: Any) -> Callable[[], Iterator[dict[str, Any]]]:
    return lambda: ({"pair": i} for i in range(len(following(*given).pairs)))


def _followed(*given: Any) -> Callable[[Case], ReachedPairs]:
    return lambda case: following(*given)


for _version, (_n, _m, _b) in product(VERSIONS, ((1, 2, 2), (1, 1, 5), (2, 2, 2), (2, 1, 3), (3, 1, 3))):
    registry().add(
        Obligation(
            id=f"lemma1.machine.follows.{_version}.n{_n}b{_b}",
            paper="Lemma 1",
            claim=follows,
            kind="enumeration",
            expect=Verdict.CHECKED,
            domain=_domain(_version, _n, _m, _b),
            of=_followed(_version, _n, _m, _b),
            twin=_followed(_version, _n, _m, _b, True),
            finite=f"n = {_n}, b = {_b}, {_m} samples, a memoriser: every reachable pair of states",
            needs=("lemma1.machine.decodes", "lemma1.machine.coin"),
        )
    )


@obligation(
    "lemma1.machine.end",
    paper="Lemma 1",
    of=lambda case: 2,
    twin=lambda case: 1,
    expect=Verdict.CHECKED,
    finite="n = 2, b = 3, two samples, a memoriser, both versions: every state, answer and random bit",
)
def ends_with_its_samples(m: int, case: Case) -> None:
    """Before it has its last sample the machine predicts 1/2 at every x. Once it has all samples it asks no query, and
    the learner's state and the number of samples stay as they are: in every state, for any answers and random bits."""
    for version in VERSIONS.values():
        how = Extraction(n=2, b=3, tau=F(1, 7), delta=F(1, 4), version=version, alternating=True)
        machine = extraction_machine(how, 2, memoriser_learner(2, 2))
        bits = {name: case.bit(f"{version.name} {name}") for name in machine.machine.circuit.inputs}
        found = case.circuit(machine.machine.exposed(), bits)
        number = [bits[name] for name in places("number", 2)]
        done = every(*(bit if m >> i & 1 else negation(bit) for i, bit in enumerate(number)))
        half = [found[f"o {name}"] for name in machine.port("predict")]
        case.show(f"{version.name}: 1/2 before", every(half[0], negation(half[1])), given=negation(done))
        asked = [found[f"o {name}"] for j in range(machine.parallel) for name in machine.port(f"query{j}")]
        case.show(f"{version.name}: no query after", negation(some(*asked)), given=done)
        stays = [name for name in machine.machine.state if name.startswith(("number", "sample"))]
        case.show(f"{version.name}: it stays", every(*(found[f"s {name}"] == bits[name] for name in stays)), given=done)
