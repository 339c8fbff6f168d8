"""What a memory of signed sums records, which sums are read exactly, and where the range of b rho ends.

Proved here: the record is within 3 rho/4 of the signed mean (``signed.record``); for b rho < 4/3 the sum over the batch
is read exactly (``signed.counts``), and at 4/3 it is not, whatever the weights (``signed.counts.end``,
``signed.gain.end``); 0/1 queries, in pairs or with a constant copy subtracted, end at 2/3
(``signed.pairs``); the template meets the predicate in the whole range (``signed.meets``), which fails at the end, and
at the rate 1 everywhere; digits read the record (``signed.reads``); which records tell that a step is over
(``signed.clock``).
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, within
from constructions.foundations.rounding import clip, is_valid
from constructions.foundations.walks import forward
from constructions.networks.memory import absolute
from constructions.networks.queries import level_weight, value_weight
from constructions.networks.signed_conditions import side_gain, signed_conditions
from constructions.networks.signed_memory import (
    HELD,
    SIGNED,
    SignedSetting,
    enough_digits,
    lowest_weight,
    signed_bits,
    signed_graph,
)
from constructions.strip.decoding import nearest_of_parity
from verify.claims.networks.signed_memory.still import (
    ACTIVE,
    RECORDING,
    REST,
    SignedCopy,
    any_signed,
    held,
    register,
)
from verify.claims.strip.reading import Determined
from verify.obligations.case import Case
from verify.obligations.verdict import Verdict

KINDS = tuple((side, y) for side in ("p", "n") for y in (0, 1))
"""The kinds of samples on which a copy is active: the side, and the label."""
END = Fraction(4, 3)


def fractions_of(case: Case) -> dict[tuple[str, int], Number]:
    """Which fraction of a batch is of each kind."""
    found = {(side, y): case.real(f"fraction[{side}{y}]") for side, y in KINDS}
    case.assume(*(share >= 0 for share in found.values()), sum(found.values(), Fraction(0)) <= 1)
    return found


def signed_mean(shares: dict[tuple[str, int], Number]) -> Number:
    """The mean of (-1)^y r over a batch, r being 1 where the plus side is active and -1 where the minus side is."""
    return shares["p", 0] - shares["p", 1] - shares["n", 0] + shares["n", 1]


def records(copy: SignedCopy, case: Case) -> None:
    """Whatever the batch and the valid roundings are, the step takes off v0 -> v1 the rate times a multiple of rho that
    is within 3 rho/4 of half the path gain times the mean over the batch of (-1)^y r, where r is 1 on samples on which
    the plus side is active, -1 where the minus side is, and 0 on others."""
    rho, shares, gain = copy.rho, fractions_of(case), case.real("gain")
    case.assume(gain == side_gain(copy.graph, "p"))
    gradients = {side: held(copy, side, case, trust=True)[1] for side in ("p", "n")}
    entry, k = Fraction(0), case.integer("k")
    for side, y in KINDS:
        found, sign = gradients[side][y].edges["v0", "v1"], (1 if side == "p" else -1) * (1 - 2 * y)
        case.lemma(f"{side}, label {y}", clip(found) == sign * HELD * gain)
        entry += sign * HELD * gain * shares[side, y]
    case.lemma("the mean of the clipped gradients", entry == HELD * gain * signed_mean(shares))
    case.assume(is_valid(k, entry, rho))
    case.show("the record", within(rho * k - HELD * gain * signed_mean(shares), 3 * rho / 4))
    case.show("its size", absolute(rho * k) <= HELD * gain + 3 * rho / 4)


register(
    "signed.record",
    records,
    of=any_signed(ACTIVE, REST, RECORDING),
    twin=any_signed(ACTIVE, REST),
)

Range = tuple[Number, Number]
"""Half the path gain, and the bound on b rho."""


def exact_counts(subject: Range, case: Case) -> None:
    """For every b >= 1 and rho > 0 with b rho below the bound, every batch of b points and every query with values 1
    and -1: the integer of b's parity nearest to b times the rounded mean is the sum of (-1)^y r over the batch."""
    _counts(subject, case, closed=False)


def counts_at_the_end(subject: Range, case: Case) -> None:
    """At b rho = 4/3 as well, the integer of b's parity nearest to b times a valid rounding of the mean is the sum."""
    _counts(subject, case, closed=True)


def _counts(subject: Range, case: Case, *, closed: bool) -> None:
    half, bound = subject
    b, rho, mean = case.integer("b"), case.real("rho"), case.real("mean")
    down, k = case.integer("half of b less the sum"), case.integer("k")
    total = b - 2 * down
    case.assume(b >= 1, rho > 0, b * rho == bound if closed else b * rho < bound)
    case.assume(down >= 0, down <= b, b * mean == half * total, is_valid(k, mean, rho))
    if not closed:
        case.lemma("times b", within(b * rho * k - half * total, 3 * b * rho / 4))
    case.show("the sum", nearest_of_parity(b * rho * k / half, b) == total)


HALF_GAIN = HELD * SIGNED.path_gain
register(
    "signed.counts",
    exact_counts,
    of=lambda case: (HALF_GAIN, END),
    twin=lambda case: (HALF_GAIN / 2, END),
)
register("signed.counts.end", counts_at_the_end, of=lambda case: (HALF_GAIN, END), expect=Verdict.REFUTED)


def no_gain_reaches_further(bound: Number, case: Case) -> None:
    """For every b >= 1, rho and path gain, and every valid rounding of the means of two batches of b points whose sums
    differ: the roundings differ if 3 b rho/4 is below half the path gain as clipping leaves it, which is at most 1. At
    b = 1 and rho = 4/3 they do not: 0 is a valid rounding of the means 1 and -1. So no weights reach beyond 4/3."""
    gain, b, rho = case.real("gain"), case.integer("b"), case.real("rho")
    size, k, first, second = clip(HELD * gain), case.integer("k"), case.real("mean"), case.real("other mean")
    one, other = case.integer("sum"), case.integer("other sum")
    case.assume(b >= 1, rho > 0, gain > 0, one >= other + 2, 3 * b * rho < 4 * size)
    case.assume(b * first == size * one, b * second == size * other, size > 0)
    case.lemma("apart", b * (first - second) >= 2 * size)
    both = every(is_valid(k, first, rho), is_valid(k, second, rho))
    case.lemma("times b", implies(both, b * (first - second) <= 3 * b * rho / 2))
    case.show("no rounding in common", implies(both, 2 * size < 2 * size))
    case.show("clipping", size <= 1)
    case.show("at the end one is in common", every(is_valid(0, Fraction(1), bound), is_valid(0, Fraction(-1), bound)))


register("signed.gain.end", no_gain_reaches_further, of=lambda case: END, twin=lambda case: Fraction(5, 4))


def pairs_are_exact(subject: tuple[Number, bool], case: Case) -> None:
    """Let a copy with one side ask the 0/1 query 1_A, and let the sum c of (-1)^y over the batch be known, as by a copy
    that asks the constant 1. For every b >= 1 and rho > 0 with b rho within the bound, no other sum a over the points
    of A has a valid rounding of the mean in common with the true one. (At the end: nor if a second copy asks 1 - 1_A
    and both roundings are to be in common.)"""
    bound, paired = subject
    b, rho, scaled = case.integer("b"), case.real("rho"), case.real("b rho")
    k, j = case.integer("k"), case.integer("k of the complement")
    case.assume(b >= 1, rho > 0, scaled == b * rho, scaled == bound if paired else scaled < bound)
    sums = []
    for name in ("", "other "):
        inside, outside = ([case.integer(f"{name}{where}{y}") for y in (0, 1)] for where in ("in", "out"))
        case.assume(*(many >= 0 for many in (*inside, *outside)), sum((*inside, *outside), Fraction(0)) == b)
        sums.append((inside[0] - inside[1], outside[0] - outside[1]))
    (a, rest), (other, other_rest) = sums
    case.assume(a + rest == other + other_rest, other >= a + 1, label="the same sum over the whole batch")

    def valid(multiple: Number, total: Number) -> Formula:
        return within(scaled * multiple - total, 3 * scaled / 4)

    shared = every(valid(k, a), valid(k, other))
    if paired:
        shared = every(shared, valid(j, rest), valid(j, other_rest))
    case.show("none is in common", negation(shared))


TWO_THIRDS, BEYOND = Fraction(2, 3), Fraction(3, 4)
register("signed.pairs", pairs_are_exact, of=lambda case: (TWO_THIRDS, False), twin=lambda case: (BEYOND, False))
register("signed.pairs.end", pairs_are_exact, of=lambda case: (BEYOND, True), expect=Verdict.REFUTED)

Template = tuple[SignedSetting, Number, Number, int]
"""The setting, rho, the points of a batch, and the digits."""


def template(setting: SignedSetting = SIGNED, *, bits: int = 0, closed: bool = False) -> Callable[[Case], Template]:
    """The template, for every size of a batch and every precision up to (or, closed, at) the end."""

    def build(case: Case) -> Template:
        b, rho = case.integer("b"), case.real("rho")
        case.assume(b >= 1, rho > 0, b * rho == END if closed else b * rho < END)
        if bits:
            case.assume(enough_digits(1 << (bits - 1), rho))
        return setting, rho, b, bits

    return build


def meets(subject: Template, case: Case) -> None:
    """For every b >= 1 and every rho > 0 with b rho < 4/3 the template meets each condition of the predicate."""
    setting, rho, b, bits = subject
    case.lemma("rho is at most 4/3", rho <= END)
    graph = signed_graph(setting, rho=rho, bits=bits)
    for condition in signed_conditions(graph, rho, bits, rate=setting.rate, points=b):
        case.show(f"{condition.group}: {condition.name}", condition.holds)


RATE_ONE = replace(SIGNED, name="signed, rate 1", rate=Fraction(1))
register("signed.meets", meets, of=template(), twin=template(closed=True))
register("signed.meets.end", meets, of=template(closed=True), expect=Verdict.REFUTED)
register("signed.meets.rate-one", meets, of=template(RATE_ONE), expect=Verdict.REFUTED)
register(
    "signed.meets.digits",
    meets,
    of=template(bits=4),
    twin=template(bits=4, closed=True),
    finite="4 digits",
    expect=Verdict.CHECKED,
)


def digits_read(setting: SignedSetting, case: Case) -> None:
    """For every rho > 0 and every number of digits of which the highest has a place that is large enough: after any
    record k of a step, v1 returns the weight at which the digits read 0 and, in units of the rate times rho, the middle
    of their range less k; this number is at least 1 and below 2 to the number of digits, so the digits read it
    (``lemma11.digits``). Before the step they read the middle."""
    rho, middle, k = case.real("rho"), case.integer("middle"), case.integer("k")
    case.assume(rho > 0, rho <= END, middle >= 1, enough_digits(middle, rho), absolute(rho * k) <= 1 + 3 * rho / 4)
    unit, read = setting.unit(rho), middle - k
    low = lowest_weight(setting, rho, middle)
    case.lemma("it moves by less than a quarter", absolute(setting.rate * (rho * k)) <= Fraction(1, 4))
    value = RAMP(setting.resting - setting.rate * (rho * k))
    case.show("v1", value == low + read * unit)
    case.lemma("within the middle", every(rho * k < rho * middle, rho * k > -rho * middle))
    case.show("it has digits", every(read >= 1, read < 2 * middle))
    pre = value_weight(unit) * value + level_weight(unit, low, 2 * middle)
    case.show("what a digit gets but for the higher ones", pre == 12 * read + 6 - 6 * (2 * middle))


register(
    "signed.reads",
    digits_read,
    of=lambda case: SIGNED,
    twin=lambda case: replace(SIGNED, rate=Fraction(1)),
)


def _precisions() -> Iterator[dict[str, Any]]:
    return ({"over": Fraction(over)} for over in ("1/6", "1/5", "13/20", "13/10"))


def graphs_read(setting: SignedSetting, case: Case) -> None:
    """After every record that a step can leave, the walk over the graph with as many digits as its precision needs
    finds each digit strictly flat, and the digits read the middle less the record."""
    rho = Fraction(case.real("over"))
    bits = signed_bits(rho)
    graph, most = signed_graph(SIGNED, rho=rho, bits=bits), int((1 + 3 * rho / 4) // rho)
    wrong = 0
    for k in range(-most, most + 1):
        written = graph.with_weight("v0", "v1", SIGNED.resting - setting.rate * rho * k)
        run = forward(written, {"pc": Fraction(2), "nc": Fraction(2)}, outside={"v4": HELD})
        read = sum(1 << i for i in range(bits) if run.out[f"vr{i}"] == 2)
        wrong += read != (1 << (bits - 1)) - k or not all(run.flat(f"vr{i}") for i in range(bits))
    case.show("all records are read", wrong == 0)


register(
    "signed.reads.graphs",
    graphs_read,
    kind="enumeration",
    domain=_precisions,
    finite="rho = 1/6, 1/5, 13/20 and 13/10, all records",
    expect=Verdict.CHECKED,
    of=lambda case: SIGNED,
    twin=lambda case: replace(SIGNED, rate=Fraction(1, 4)),
)


def some_record_tells(subject: tuple[Number, Number], case: Case) -> None:
    """For every b >= 1 and rho > 0 with b rho < 4/3: if the sum of (-1)^y r over a batch of b points is not 0, no valid
    rounding of its mean is 0. For odd b this is so of the constant query, whatever the labels are."""
    bound, parity = subject
    b, rho, total, half = case.integer("b"), case.real("rho"), case.integer("sum"), case.integer("half")
    mean, k = case.real("mean"), case.integer("k")
    case.assume(b >= 1, rho > 0, b * rho < bound, b * mean == total, is_valid(k, mean, rho))
    case.lemma("if it rounds to 0", implies(k == 0, within(total, 3 * b * rho / 4)))
    case.show("a sum other than 0", k != 0, given=total != 0)
    case.assume(total == b + 2 * half, label="the constant query")
    case.show("an odd batch", total != 0, given=b == 2 * case.integer("b/2") + parity)


register(
    "signed.clock",
    some_record_tells,
    of=lambda case: (END, 1),
    twin=lambda case: (END, 0),
)


def first_records_tell(reads: Callable[..., None], case: Case) -> None:
    """For every even b >= 2 and every function with a norm of at most b, such as the balance of a batch of b points: if
    its products with the constant and with the bits of x^e, e = 1, 3, ..., b - 1, the queries for batches of b/2
    points, are all 0, then it is 0 at each point. So n b/2 + 1 records tell that a step is over."""
    half = case.integer("b/2")
    case.assume(half >= 1)
    entry = case.integer("entry of the balance")
    reads(case, half, entry)
    case.show("0 at each point", entry == 0)


def all_products_are_zero(case: Case, half: Number, entry: Number) -> None:
    """What ``strip.family.unique`` says for batches of half the size."""
    Determined(case, "balance", half).agrees(entry, Fraction(0))


register(
    "signed.clock.even",
    first_records_tell,
    of=lambda case: all_products_are_zero,
    twin=lambda case: lambda case, half, entry: None,
)
