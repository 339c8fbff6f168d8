"""Lemma 1's machine: it decodes every valid answer, its coin is the method's, and it follows the method round by
round."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from itertools import combinations_with_replacement, product
from math import factorial, prod
from random import Random
from typing import Any

from sympy import QQ
from sympy.polys.matrices import DomainMatrix

from constructions.computation.design import Design, places
from constructions.computation.extraction_machine import by_ports, count_of, divided, extraction_machine, tossed
from constructions.computation.flat import FlatCircuit
from constructions.computation.query_machine import QueryMachine
from constructions.computation.sample_learners import memoriser_learner
from constructions.foundations.logic import every, implies, negation, some
from constructions.learning.learners import memoriser
from constructions.learning.models import BSQ, QueryMethod, strings
from constructions.learning.models import State as Kept
from constructions.learning.problems import Bits, Point
from constructions.reductions.extract_bounds import idle_rounds_of_coin
from constructions.reductions.one_bit import VERSIONS, NextPrefix, settled, toss
from constructions.reductions.sample_extract import Extracting, Extraction, lemma_1
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, obligation, registry
from verify.obligations.verdict import Verdict
from verify.obligations.words import AnyWord, constant, extended, signed_below, word

F = Fraction
BATCHES, PLACES, NUMBERS = range(1, 9), 7, range(1, 6)


def _word(case: Case, name: str, width: int) -> tuple[dict[str, Any], AnyWord]:
    bits = {bit: case.bit(bit) for bit in places(name, width)}
    return bits, word(list(bits.values()))


def _value(found: Mapping[str, Any], name: str, width: int) -> AnyWord:
    return word([found[bit] for bit in places(name, width)])


def _counting(b: int, width: int) -> FlatCircuit:
    design = Design()
    design.output("count", count_of(design.input("answer", PLACES + 2), b, PLACES, width))
    return design.circuit()


@obligation(
    "lemma1.machine.decodes",
    paper="Lemma 1",
    of=lambda case: 0,
    twin=lambda case: 1,
    needs=("algorithm1.decodes",),
    expect=Verdict.CHECKED,
    finite=f"b <= {BATCHES[-1]}, {PLACES} binary places, every answer",
)
def valid_answers_become_counts(slack: int, case: Case) -> None:
    """Whatever the answer's code, if it is less than half a count from a count c in 0..b (so if it is valid for some
    tau with b tau < 1/2), the circuit gives c, and the circuit of the last bit gives c modulo 2; at half a count
    not."""
    bits, code = _word(case, "answer", PLACES + 2)
    for b in BATCHES:
        wide = extended(code, PLACES + 8, signed=True)
        times = wide * constant(b, wide)
        for width in sorted({1, b.bit_length()}):
            count = _value(case.circuit(_counting(b, width), bits), "count", width)
            for c in range(b + 1):
                off, half = times - constant(c << PLACES, wide), (1 << PLACES - 1) + slack
                near = every(signed_below(off, constant(half, wide)), signed_below(constant(-half, wide), off))
                case.show(f"b = {b}, count {c}, {width} bits", count == constant(c, count), given=near)


def _digit(width: int) -> FlatCircuit:
    design = Design()
    digit, left = divided(design.input("r", width), design.input("w", width))
    design.output("digit", digit)
    design.output("left", left)
    return design.circuit()


def _other_digit(width: int) -> FlatCircuit:
    right = _digit(width)
    return replace(right, outputs={name: literal ^ (name == "digit") for name, literal in right.outputs.items()})


@obligation(
    "lemma1.machine.digit",
    paper="Lemma 1",
    of=lambda case: _digit,
    expect=Verdict.CHECKED,
    finite=f"{NUMBERS[-1]} bits at most",
    twin=lambda case: _other_digit,
)
def digits_divide(circuit: Callable[[int], FlatCircuit], case: Case) -> None:
    """For all 0 <= r <= w, w >= 1: 2 r = digit w + left with 0 <= left <= w, and left < w if r < w: the digits of
    r/w, one at a time."""
    for width in NUMBERS:
        r_bits, r = _word(case, f"r{width}", width)
        w_bits, w = _word(case, f"w{width}", width)
        given = dict(zip((*places("r", width), *places("w", width)), (*r_bits.values(), *w_bits.values()), strict=True))
        found = case.circuit(circuit(width), given)
        left = _value(found, "left", width)
        r, w, left, digit = (extended(a, width + 2) for a in (r, w, left, word([found["digit"]])))
        most, one = every(negation(signed_below(w, r))), constant(1, w)
        premise = every(most, negation(signed_below(w, one)))
        case.show(f"{width} bits: the quotient", r + r == digit * w + left, given=premise)
        case.show(f"{width} bits: what is left", negation(signed_below(w, left)), given=premise)
        case.show(
            f"{width} bits: a quotient below 1 stays below",
            implies(signed_below(r, w), signed_below(left, w)),
            given=premise,
        )


MOST, COINS = 9, range(4)


@cache
def _coin(bits: int, backwards: bool = False) -> FlatCircuit:
    design, width = Design(), MOST.bit_length()
    fresh = list(design.input("bits", bits)) if bits else []
    found = tossed(design.input("r", width), design.input("w", width), fresh[::-1] if backwards else fresh)
    for name, vector in zip(("one", "open", "left"), found, strict=True):
        design.output(name, vector)
    return design.circuit()


def _tosses() -> Iterator[dict[str, Any]]:
    return (
        {"w": w, "r": r, "bits": bits, "code": code}
        for w in range(1, MOST + 1)
        for r in range(w + 1)
        for bits in COINS
        for code in range(2**bits)
    )


@obligation(
    "lemma1.machine.coin",
    paper="Lemma 1",
    kind="enumeration",
    domain=_tosses,
    expect=Verdict.CHECKED,
    needs=("lemma1.machine.digit",),
    of=lambda case: _coin,
    twin=lambda case: lambda bits: _coin(bits, backwards=True),
    finite=f"all biases r/w with w <= {MOST}, up to {COINS[-1]} fresh bits",
)
def coin_is_the_methods(coin: Callable[[int], FlatCircuit], case: Case) -> None:
    """After any fresh bits the circuit's coin is what the method's is: one, zero, or undecided with the same bias."""
    w, r, bits, code = (int(case.integer(name)) for name in ("w", "r", "bits", "code"))
    width = MOST.bit_length()
    values = {"r": (r, width), "w": (w, width), "bits": (code, bits)}
    given = {
        bit: bool(value >> i & 1)
        for name, (value, size) in values.items()
        if size
        for i, bit in enumerate(places(name, size))
    }
    found = case.circuit(coin(bits), given)
    left = sum(bool(found[bit]) << i for i, bit in enumerate(places("left", width)))
    wanted = toss(NextPrefix(F(r, w), (1,), (0,)), tuple(code >> i & 1 for i in range(bits)))
    side, open_ = settled(wanted), bool(found["open"])
    one, undecided = bool(found["one"]) or (open_ and left == w), open_ and 0 < left < w
    case.show("undecided", undecided == (side is None))
    case.show("one", one == (side == (1,)), given=not undecided)
    case.show("the bias that is left", F(left, w) == wanted.theta, given=undecided)


@dataclass(frozen=True)
class Following:
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
    rows = sorted({tuple(map(F, asks(x, y))) for x, y in _points(method.n)})
    sums = {tuple(map(sum, zip(*batch, strict=True))) for batch in combinations_with_replacement(rows, budget.b)}
    rounds = [
        (tuple(F(count) / budget.b for count in counts), fresh)
        for counts in sorted(sums)
        for fresh in strings(method.fresh)
    ]
    nearest = [([F(round(mean * unit), unit) for mean in means], fresh) for means, fresh in rounds]
    for (means, fresh), after in zip(rounds, _at_once(machine, kept, nearest), strict=True):
        yield _cyclic(method.after(state._replace(fresh=fresh), means)), after


def _at_once(
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


def _points(n: int) -> list[Point]:
    return [(x, y) for x in product((0, 1), repeat=n) for y in (0, 1)]


@cache
def following(version: str, n: int, m: int, b: int, broken: bool = False) -> Following:
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
    return Following(method, machine, tuple(known.values()))


def follows(subject: Following, case: Case) -> None:
    """In every pair of states that the method and the machine reach together, on any batches, by any valid answers and
    any random bits, after any number of rounds, they ask the same queries at every point and predict the same."""
    i = int(case.integer("pair"))
    case.assume(i < len(subject.pairs))
    state, kept = subject.pairs[min(i, len(subject.pairs) - 1)]
    method, machine, h = subject.method, subject.machine, subject.method.predictor(state)
    same = True
    if isinstance(state, Extracting):
        asks, query = method.ask(state, state.t), machine.query_at(kept, state.t)
        same = every(*(query(x, y) == tuple(asks(x, y)) for x, y in _points(method.n)))
    case.show("the same queries, if any are left", same)
    case.show("the same prediction", every(*(machine.predict(kept, x) == h(x) for x, _ in _points(method.n))))


def _domain(*given: Any) -> Callable[[], Iterator[dict[str, Any]]]:
    return lambda: ({"pair": i} for i in range(len(following(*given).pairs)))


def _followed(*given: Any) -> Callable[[Case], Following]:
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
    """Before the last sample the machine predicts 1/2 at every x. After it, it asks nothing, and the learner's state
    and the number of samples stay as they are, in every state, for any answers and random bits."""
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


Key = tuple[tuple[str, int], ...]
SOURCES, MASSES = 4, 9


def _source(n: int, seed: int) -> dict[Point, Fraction]:
    """A random source with rational masses, all positive."""
    source = Random(seed)
    weights = {point: source.randint(1, MASSES) for point in _points(n)}
    return {point: F(weight, sum(weights.values())) for point, weight in weights.items()}


def _moved(
    machine: QueryMachine, b: int, kept: Mapping[str, int], source: Mapping[Point, Fraction], heads: Fraction
) -> dict[Key, Fraction]:
    """The law of the machine's state after a round on a fresh batch of a source; a random bit is 1 with the chance
    ``heads``."""
    query = machine.query_at(kept, 2 - kept["odd"])
    rows: dict[tuple[Fraction, ...], Fraction] = {}
    for (x, y), mass in source.items():
        rows[query(x, y)] = rows.get(query(x, y), F(0)) + mass
    rounds: dict[tuple[tuple[Fraction, ...], Bits], Fraction] = {}
    for batch in combinations_with_replacement(sorted(rows), b):
        chance = F(factorial(b)) * prod(
            rows[row] ** batch.count(row) / factorial(batch.count(row)) for row in set(batch)
        )
        means = tuple(sum(column, F(0)) / b for column in zip(*batch, strict=True))
        for fresh in strings(machine.random_bits):
            both = chance * heads ** sum(fresh) * (1 - heads) ** (len(fresh) - sum(fresh))
            rounds[means, fresh] = rounds.get((means, fresh), F(0)) + both
    unit, found = 2**machine.answer_fraction, dict[Key, Fraction]()
    nearest = [([F(round(mean * unit), unit) for mean in means], fresh) for means, fresh in rounds]
    for after, chance in zip(_at_once(machine, kept, nearest), rounds.values(), strict=True):
        key = tuple(after.items())
        found[key] = found.get(key, F(0)) + chance
    return found


def drawn(
    machine: QueryMachine, b: int, source: Mapping[Point, Fraction], heads: Fraction
) -> list[tuple[dict[Point, Fraction], Fraction]]:
    """The law of the first sample of a machine that keeps it, and the expected number of rounds, from the chain of its
    states; begun in a round of label 1, and in one of label 0."""
    starts, chain = (
        [tuple((machine.start() | {"odd": odd}).items()) for odd in (1, 0)],
        dict[Key, dict[Key, Fraction]](),
    )
    waiting = list(starts)
    while waiting:
        key = waiting.pop()
        if key not in chain and not dict(key)["number"]:
            chain[key] = _moved(machine, b, dict(key), source, heads)
            waiting += chain[key]
    at, ends = {key: i for i, key in enumerate(chain)}, list(source)
    stay = [[QQ(int(i == j)) for j in range(len(at))] for i in range(len(at))]
    leave = [[QQ(0)] * len(ends) + [QQ(1)] for _ in at]
    for key, moves_ in chain.items():
        for after, chance in moves_.items():
            if after in at:
                stay[at[key]][at[after]] -= QQ(chance.numerator, chance.denominator)
            else:
                leave[at[key]][ends.index(_sample(dict(after)))] += QQ(chance.numerator, chance.denominator)
    found = (
        DomainMatrix(stay, (len(at), len(at)), QQ).lu_solve(DomainMatrix(leave, (len(at), len(ends) + 1), QQ)).to_list()
    )
    rows = [[F(int(value.numerator), int(value.denominator)) for value in found[at[start]]] for start in starts]
    return [(dict(zip(ends, row, strict=False)), row[-1]) for row in rows]


def _sample(kept: Mapping[str, int]) -> Point:
    """The first sample that a learner keeps, read from its bits."""
    label, *point = (bit for name, bit in kept.items() if name.startswith("sample0"))
    return tuple(point), label


def _sources() -> Iterator[dict[str, Any]]:
    return ({"seed": seed} for seed in range(SOURCES))


def draws_the_source(subject: tuple[str, int, int, Fraction], case: Case) -> None:
    """With one fair random bit a round the law of the machine's sample is the source's, exactly, in whichever round it
    is begun. The rounds expected are at most what the budget allows for: the sure ones, the empty ones, those that pass
    on undecided coins."""
    version, n, b, heads = subject
    source = _source(n, int(case.integer("seed")))
    how = Extraction(n=n, b=b, tau=F(1, 2 * b + 1), delta=F(1), version=VERSIONS[version], alternating=True, bits=1)
    for label, (law, rounds) in zip(
        (1, 0), drawn(extraction_machine(how, 1, memoriser_learner(n, 1)), b, source, heads), strict=True
    ):
        case.show(
            f"the law from a round of label {label}", every(*(law[point] == mass for point, mass in source.items()))
        )
        case.show(
            f"rounds from a round of label {label}",
            rounds <= how.certain_rounds + how.empty_rounds + how.width * idle_rounds_of_coin(b, how.coin_bits),
        )


def _drawing(*given: Any) -> Callable[[Case], Any]:
    return lambda case: given


for _version, (_n, _b) in product(VERSIONS, ((1, 2), (1, 5), (2, 3))):
    registry().add(
        Obligation(
            id=f"lemma1.machine.law.{_version}.n{_n}b{_b}",
            paper="Lemma 1",
            claim=draws_the_source,
            kind="enumeration",
            domain=_sources,
            expect=Verdict.CHECKED,
            of=_drawing(_version, _n, _b, F(1, 2)),
            twin=_drawing(_version, _n, _b, F(1, 3)),
            finite=f"n = {_n}, b = {_b}, {SOURCES} random sources with rational masses",
        )
    )
