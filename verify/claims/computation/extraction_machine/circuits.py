"""Lemma 1's machine: the circuits of which it is made decode answers, divide, and toss coins as the method does.

Proved here: every valid answer is decoded to its count (``lemma1.machine.decodes``); the digits of a bias are those of
a long division (``lemma1.machine.digit``); after any fresh bits the coin is where the method's coin is
(``lemma1.machine.coin``); the denominator of an undecided coin is found again from the bits that are kept of it
(``lemma1.machine.restores``).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any

from constructions.computation.bits import Bits, select
from constructions.computation.counts import count_of
from constructions.computation.design import Design, places
from constructions.computation.extraction_machine import divided, restored, tossed
from constructions.computation.flat import FlatCircuit
from constructions.foundations.logic import Formula, every, implies, negation
from constructions.reductions.one_bit import NextPrefix, settled, toss
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
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
    """The circuit that decodes an answer from a batch of b points into the last places of a count."""
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
    """For every answer code and every count c from 0 to b: if the answer times b is less than half a count away from c
    (as it is for a valid answer to tolerance tau with b tau < 1/2), then the decoding circuit gives c, and the circuit
    for the last bit alone gives c modulo 2. At exactly half a count this fails."""
    bits, code = _word(case, "answer", PLACES + 2)
    for b in BATCHES:
        wide = extended(code, PLACES + 8, signed=True)
        times = wide * constant(b, wide)
        for width in sorted({1, b.bit_length()}):
            count = _value(case.circuit(_counting(b, width), bits), "count", width)
            half, right = (1 << PLACES - 1) + slack, list[Formula]()
            for c in range(b + 1):
                off = times - constant(c << PLACES, wide)
                near = every(signed_below(off, constant(half, wide)), signed_below(constant(-half, wide), off))
                right.append(implies(near, count == constant(c, count)))
            case.show(f"b = {b}, every count, {width} bits", every(*right))


def _digit(width: int) -> FlatCircuit:
    """The circuit of one step of the long division of r by w."""
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
    """For all numbers 0 <= r <= w with w >= 1, the circuit that takes one step of a long division gives a digit (0 or
    1) and a rest with 2 r = digit * w + rest and 0 <= rest <= w, and rest < w if r < w. Repeated, it gives the binary
    digits of r/w one at a time."""
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
    """The circuit of a coin of bias r/w after some fresh bits; backwards, it reads them in the wrong order (the
    twin's)."""
    design, width = Design(), MOST.bit_length()
    fresh = list(design.input("bits", bits)) if bits else []
    found = tossed(design.input("r", width), design.input("w", width), fresh[::-1] if backwards else fresh)
    for name, vector in zip(("one", "open", "left"), found, strict=True):
        design.output(name, vector)
    return design.circuit()


def _tosses() -> Iterator[dict[str, Any]]:
    """Every bias r/w with every string of fresh bits."""
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
    """After any string of fresh random bits, the circuit's coin of bias r/w is where the method's coin is: it has come
    up 1, it has come up 0, or it is undecided, and then both have the same bias left."""
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


SIZES = range(4, 20)


def _from_two(low: Bits, b: int) -> Bits:
    """The number from 2 to b with these last bits, the first there is (the twin's)."""
    size = 1 << len(low)
    return select(
        low, [next((v for v in range(2, b + 1) if v % size == i), 0) for i in range(size)], width=len(low) + 2
    )


@obligation(
    "lemma1.machine.restores",
    paper="Lemma 1",
    kind="enumeration",
    domain=lambda: ({"b": b, "w": w} for b in SIZES for w in range(3, b + 1)),
    expect=Verdict.CHECKED,
    of=lambda case: restored,
    twin=lambda case: _from_two,
    finite=f"every denominator for {SIZES[0]} <= b <= {SIZES[-1]}",
)
def denominators_are_restored(restore: Callable[[Bits, int], Bits], case: Case) -> None:
    """The denominator w of an undecided coin is a number from 3 to b, the number of points in a batch. The machine
    keeps only as many of its last bits as b - 3 has, and from these its circuit gives w."""
    b, w = (int(case.integer(name)) for name in ("b", "w"))
    design, width = Design(), (b - 3).bit_length()
    found = restore(design.input("low", width), b)
    design.output("denominator", found)
    given = {bit: bool(w >> i & 1) for i, bit in enumerate(places("low", width))}
    values = case.circuit(design.circuit(), given)
    bits = [bool(values[bit]) for bit in places("denominator", len(found))]
    case.show("the denominator", sum(bit << i for i, bit in enumerate(bits)) == w)
