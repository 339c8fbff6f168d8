"""Algorithm 1 for every source, word length and batch size: each word is returned with its chance in the source.

Proved here: how the points of a batch at a prefix are shared out, for every b (``algorithm1.groups``); that the coin is
exact (``algorithm1.coin``); what a round does, as the code has it (``algorithm1.round``); and, by induction over the
bits of a word from the last to the first, the chance that it is returned (``algorithm1.samples``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from types import SimpleNamespace
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, select, some, within
from constructions.foundations.terms import INTEGER
from constructions.reductions import one_bit
from constructions.reductions.extract_law import one_more_mean, one_more_point, prefix_moves
from constructions.reductions.one_bit import HALF, PREFIX, NextPrefix, nearest_counts, next_prefix_in_round, toss
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State
from verify.provers.branches import on_every_way, quotient, ways, with_names

F = Fraction
Growth = tuple[Callable[..., Number], Callable[..., Number]]


def _uncounted(
    p: Number, other: Number, part: Number, here: Number, one_less: Number, other_less: Number, chance: Number
) -> Number:
    """The mean that forgets the new point (the twin's)."""
    return one_more_point(p, other, here, one_less, other_less)


@obligation(
    "algorithm1.groups",
    paper="Algorithm 1",
    kind="induction",
    of=lambda case: (one_more_point, one_more_mean),
    twin=lambda case: (one_more_point, _uncounted),
)
def points_of_a_batch(growth: Growth, case: Case) -> None:
    """For every batch size b and every t: if a group of points has mass p and a part of it the share theta of that,
    then the mean number of points in the part, on the event that t points of the batch are in the group, is t theta
    times the chance of that event. By induction over b: the largest deviation over all t, D(b), stays 0."""
    p, theta, t = case.real("p"), case.real("theta"), case.integer("t")
    chance, mean = (case.function(name, 2, takes=(INTEGER, INTEGER)) for name in ("chance of t", "mean at t"))
    case.assume(p >= 0, p <= 1)

    def off(b: Number, at: Number) -> Number:
        return mean(b, at) - at * theta * chance(b, at)

    def grows(s: State) -> Formula:
        b, here, less = s["b"], s["worst"], s["worst"] - 1
        grown = growth[0](p, F(0), chance(b, here), chance(b, less), F(0))
        part = growth[1](p, F(0), theta * p, mean(b, here), mean(b, less), F(0), chance(b, less))
        return every(
            chance(b + 1, here) == grown,
            mean(b + 1, here) == part,
            *(within(off(b, at), s["D"]) for at in (here, less)),
        )

    run = case.induction(
        "over b",
        state={"b": case.integer("b"), "D": case.real("D")},
        start={"b": F(0), "D": F(0)},
        inputs={"worst": case.integer("worst")},
        given=grows,
        advance=lambda s: {"b": s["b"] + 1, "D": distance(off(s["b"] + 1, s["worst"]))},
        holds=lambda s: every(s["b"] >= 0, s["D"] == 0),
    )
    at = case.reached(run)
    case.assume(within(off(at["b"], t), at["D"]), label="D is the largest deviation over all t")
    case.show("the share", mean(at["b"], t) == t * theta * chance(at["b"], t))


def distance(value: Number) -> Number:
    """How far a number is from 0."""
    return select(value < 0, -value, value)


@dataclass(frozen=True, slots=True)
class RoundCode:
    """The code of one round, over terms: what follows from counts, what an answer is read as, and how a coin is tossed.

    Parameters
    ----------
    follows : from counts and b, the next prefix. read : from an answer and b, a count. tossed : a coin after one bit.
    """

    follows: Callable[..., NextPrefix]
    read: Callable[..., Number]
    tossed: Callable[[NextPrefix, int], NextPrefix]


def _code(toss_of: Callable[..., NextPrefix]) -> Callable[[Case], RoundCode]:
    version = SimpleNamespace(choose=with_names(PREFIX.choose, Fraction=quotient))

    def follows(s: Any, counts: Any, b: Number) -> NextPrefix:
        return next_prefix_in_round(version, 0, s, counts, b, label=None)  # type: ignore[arg-type]

    def read(answer: Any, b: Any) -> Number:
        return nearest_counts((answer,), b)[0]

    over_terms = with_names(toss_of, divmod=_divmod, int=lambda truth: select(truth, F(1), F(0)), Fraction=quotient)
    return lambda case: RoundCode(follows, read, lambda choice, bit: over_terms(choice, (bit,)))


def _divmod(above: Number, below: Number) -> tuple[Number, Number]:
    """Quotient and remainder of terms."""
    return above // below, above % below


def _unfair(choice: NextPrefix, bits: Any) -> NextPrefix:
    """A coin for which every bit that is not its digit means 1 (the twin's)."""
    for bit in bits:
        digit, rest = divmod(2 * choice.theta, 1)
        choice = choice._replace(theta=rest if bit == digit else Fraction(int(True)))
    return choice


@obligation("algorithm1.round", paper="Algorithm 1", of=_code(toss), twin=_code(_unfair))
def what_a_round_does(code: RoundCode, case: Case) -> None:
    """For every b, tau with b tau < 1/2 and valid answers, a round at any prefix s reads the number w of points of the
    batch that begin with s, and w1 of those that go on with 1 (at the empty prefix w is b). If w is 0, s stays; if it
    is 1, that point is read off; else s grows by 1 with chance w1/w, or by 0. A coin with chance theta has, after one
    more random bit, a chance of theta on average; at chance 0 or 1 it is decided."""
    b, w, w1, tau = case.integer("b"), case.integer("w"), case.integer("w1"), case.real("tau")
    case.assume(b >= 1, w >= 0, w <= b, w1 >= 0, w1 <= w, tau >= 0, b * tau < HALF)
    answers_are_read(code, case)
    prefix, rest = ("the prefix",), "the other counts"

    def right(s: Any, count: Number) -> Callable[[NextPrefix], Formula]:
        def holds(found: NextPrefix) -> Formula:
            alone, none = (same(found.one, end) and same(found.zero, end) for end in ((*s, w1, rest), s))
            grown = same(found.one, (*s, 1)) and same(found.zero, (*s, 0))
            grows = every(found.theta * count == w1, grown)
            return every(implies(count == 0, none), implies(count == 1, alone), implies(count >= 2, grows))

        return holds

    case.show("what follows", on_every_way(lambda: code.follows(prefix, (w, w1, rest), b), right(prefix, w)))
    first = on_every_way(lambda: code.follows((), (w1, rest), b), right((), b))
    case.show("at the empty prefix", first, given=w == b)
    theta = case.real("theta")
    case.assume(theta >= 0, theta <= 1)
    coin = NextPrefix(theta, ("one",), ("zero",))  # type: ignore[arg-type]
    after = [as_one_term(partial(_chance_after, code, coin, bit)) for bit in (0, 1)]
    case.show("the coin is exact", after[0] + after[1] == 2 * theta)
    case.show("it stays a chance", every(*(within(2 * chance - 1, F(1)) for chance in after)))
    ends: list[Any] = [one_bit.settled(coin._replace(theta=F(end))) for end in (0, 1)]
    case.show("at 0 and 1 it is decided", ends == [("zero",), ("one",)])


def _chance_after(code: RoundCode, coin: NextPrefix, bit: int) -> Number:
    """The chance of a coin that has seen one more bit."""
    return code.tossed(coin, bit).theta


def same(one: Any, other: Any) -> bool:
    """Whether two prefixes are the same, bit by bit; a count that stands for a bit is the same as itself only."""
    return [id(bit) for bit in one] == [id(bit) for bit in other]


def as_one_term(run: Callable[[], Number]) -> Number:
    """A number that some code returns, whichever way is taken."""
    (_, value), *others = reversed(ways(run))
    for condition, other in others:
        value = select(condition, other, value)
    return value


def answers_are_read(code: RoundCode, case: Case) -> None:
    """That a valid answer, written as a quotient of integers, is read as the count."""
    b, w, tau = case.integer("b"), case.integer("w"), case.real("tau")
    top, below, answer, mean = case.integer("top"), case.integer("below"), case.real("v"), case.real("mean")
    valid = every(below >= 1, answer * below == top, mean * b == w, within(answer - mean, tau))
    case.assume(valid, label="a valid answer")
    case.lemma("scaled", within(b * answer - w, b * tau))
    case.lemma("its floor", (2 * b * top + below) / (2 * below) == b * answer + HALF)
    read = code.read(SimpleNamespace(numerator=top, denominator=below), b)
    case.show("it is read as the count", read == w)
    case.show("thirds, of a batch of one point", read == w, given=every(b == 1, below == 3))


@obligation(
    "algorithm1.moves",
    paper="Algorithm 1",
    kind="induction",
    of=lambda case: prefix_moves,
    twin=lambda case: lambda missed, alone, theta, share: prefix_moves(missed, alone, HALF, share),
)
def chances_of_a_round(moves: Callable[..., tuple[Number, Number]], case: Case) -> None:
    """For every source, prefix and batch size b: the chance that a round reads off a word, as the only point of the
    batch at the prefix, is the chance of one such point times the word's share of the prefix; and the chance that it
    grows by a bit, the mean of w_c/w over batches with at least two points there, is the chance of these batches times
    the bit's share. The sum over w is an induction up to b."""
    b, p, theta, share, t = case.integer("b"), case.real("p"), case.real("theta"), case.real("share"), case.integer("t")
    chance = case.function("chance of t", 2, takes=(INTEGER, INTEGER))
    lone, side = (case.function(name, 2, takes=(INTEGER, INTEGER)) for name in ("mean of the word", "mean of the side"))
    case.assume(b >= 1)
    for at, part, mean in ((F(1), share, lone), (t, theta, side)):
        deviation = case.real(f"D of {'the word' if mean is lone else 'the side'}")
        given = {"over b reached: b": b, "over b reached: D": deviation, "chance of t": chance, "mean at t": mean}
        used = case.use("algorithm1.groups", p=p, theta=part, t=at, **given)
        case.assume(used.premises, label="the points of a batch are drawn independently")
    term = case.real("w_c/w")
    case.assume(term * t == side(b, t), label="the mean of w_c/w where t points are at the prefix")
    run = case.induction(
        "over t",
        state={"last": case.integer("last"), "grown": case.real("grown"), "several": case.real("several")},
        start={"last": F(1), "grown": F(0), "several": F(0)},
        inputs={"t": t, "w_c/w": term},
        given=lambda s: every(s["t"] == s["last"] + 1, s["t"] <= b),
        advance=lambda s: {
            "last": s["t"],
            "grown": s["grown"] + s["w_c/w"],
            "several": s["several"] + chance(b, s["t"]),
        },
        holds=lambda s: every(s["last"] >= 1, s["grown"] == theta * s["several"]),
    )
    at = case.reached(run)
    missed, alone = chance(b, 0), chance(b, 1)
    case.assume(at["last"] == b, at["several"] == 1 - missed - alone, label="0, 1 and more points are all there are")
    read, grown = moves(missed, alone, theta, share)
    case.show("read off", lone(b, 1) == read)
    case.show("grown", at["grown"] == grown)


@obligation(
    "algorithm1.samples",
    paper="Algorithm 1",
    kind="induction",
    of=lambda case: prefix_moves,
    twin=lambda case: lambda missed, alone, theta, share: (alone, prefix_moves(missed, alone, theta, share)[1]),
)
def samples_have_the_law_of_the_source(moves: Callable[..., tuple[Number, Number]], case: Case) -> None:
    """For every source D over words of n + 1 bits, every n and every batch size b, Algorithm 1 returns each word of
    positive mass with exactly its chance in D. By induction over the bits of the word, from the last to the first: from
    every prefix of the word it is returned with its share of the prefix. Answers valid to a tolerance tau with b tau <
    1/2 are read as the counts, and the coin is exact."""
    mass, b = case.real("D(z)"), case.integer("b")
    case.assume(mass > 0, mass <= 1, b >= 1)
    names = ("p before", "L before", "theta", "share", "missed", "alone")
    inputs = {name: case.real(name) for name in names}
    run = case.induction(
        "over the bits",
        state={"bits": case.integer("bits"), "p": case.real("p"), "L": case.real("L")},
        start={"bits": F(0), "p": mass, "L": F(1)},
        inputs=inputs,
        given=lambda s: one_bit_shorter(moves, s, mass),
        advance=lambda s: {"bits": s["bits"] + 1, "p": s["p before"], "L": s["L before"]},
        holds=lambda s: every(s["bits"] >= 0, s["p"] > 0, s["p"] <= 1, s["L"] * s["p"] == mass),
    )
    at = case.reached(run)
    case.show("from every prefix with its share", at["L"] * at["p"] == mass)
    case.assume(at["bits"] == case.integer("n") + 1, at["p"] == 1, label="no bit is left: the start")
    case.show("each word is returned with its chance", at["L"] == mass)
    chances_as_the_code_says(moves, inputs, b, case)


def chances_as_the_code_says(
    moves: Callable[..., tuple[Number, Number]], inputs: dict[str, Number], b: Number, case: Case
) -> None:
    """That a round at any prefix has the chances with which the induction over the bits goes on. The functions of the
    round are asked for behind the induction, so that they may be others at each prefix."""
    chance = case.function("chance of t", 2, takes=(INTEGER, INTEGER))
    functions = {name: case.function(name, 2, takes=(INTEGER, INTEGER)) for name in PARTS}
    round_ = case.use(
        "algorithm1.moves", b=b, p=inputs["p before"], theta=inputs["theta"], share=inputs["share"], **functions
    )
    read, grown = functions["mean of the word"](b, 1), round_.values["over t reached: grown"]
    case.assume(round_.premises, label="a round at the longer one of two prefixes")
    case.assume(chance(b, 0) == inputs["missed"], chance(b, 1) == inputs["alone"])
    case.use("algorithm1.round", b=b, below=F(1))
    said = moves(*(inputs[name] for name in ("missed", "alone", "theta", "share")))
    case.show("the chances of a round", every(read == said[0], grown == said[1]))


PARTS = ("chance of t", "mean of the word", "mean of the side")
"""The functions of a round: how many points are at a prefix, and how many of them are the word, or on its side."""


def one_bit_shorter(moves: Callable[..., tuple[Number, Number]], s: State, mass: Number) -> Formula:
    """A prefix and the one before it: their masses, and the chance that the word is returned from the latter, as a
    round there says: s stays, the word is read off, or s grows by the word's next bit."""
    read, grown = moves(s["missed"], s["alone"], s["theta"], s["share"])
    masses = every(s["theta"] * s["p before"] == s["p"], s["share"] * s["p before"] == mass)
    chances = every(s["missed"] >= 0, s["missed"] < 1, s["alone"] >= 0)
    after = s["L before"] == s["missed"] * s["L before"] + read + grown * s["L"]
    return every(s["p before"] >= s["p"], s["p before"] <= 1, masses, chances, after)


def _by_label(read_label: Callable[..., Any]) -> Callable[[Case], Callable[..., NextPrefix]]:
    version = SimpleNamespace(choose=with_names(PREFIX.choose, Fraction=quotient))
    over_terms = read_label if read_label is _one_label else with_names(read_label, Fraction=quotient)
    return lambda case: lambda s, counts, b, label: over_terms(version, 0, s, counts, b, label=label)


def _one_label(version: Any, width: int, s: Any, counts: Any, b: Any, *, label: int) -> NextPrefix:
    """A round that takes the points of its label for those of label 1 (the twin's)."""
    made = with_names(next_prefix_in_round, Fraction=quotient)
    return made(version, width, s, counts, b, label=label if s else 1)


@obligation("lemma1.round", paper="Lemma 1", of=_by_label(next_prefix_in_round), twin=_by_label(_one_label))
def what_a_round_of_one_label_does(follows: Callable[..., NextPrefix], case: Case) -> None:
    """For every b, a round of one label at the empty prefix reads how many points of the batch have the label, and
    draws label 1 with the share of the points that have it. At a prefix of its own label it does what a round of
    Algorithm 1 does, at one of the other label nothing."""
    b, count, w, w1 = (case.integer(name) for name in ("b", "count", "w", "w1"))
    case.assume(b >= 1, count >= 0, count <= b, w >= 0, w <= b, w1 >= 0, w1 <= w)
    for label, ones in ((1, count), (0, b - count)):
        first = on_every_way(partial(follows, (), (count,), b, label), partial(_draws_label, ones, b))
        case.show(f"label {label}: the label is drawn by its share", first)
        mine, other = ((end, "the prefix") for end in (label, 1 - label))
        stays = on_every_way(partial(follows, other, (), b, label), partial(_is, other))
        case.show(f"label {label}: the other label waits", stays)
        plain = partial(next_prefix_in_round, SimpleNamespace(choose=with_names(PREFIX.choose, Fraction=quotient)))  # type: ignore[arg-type]
        rest = (w, w1, "the other counts")
        both = zip(
            ways(partial(follows, mine, rest, b, label)),
            ways(partial(plain, 0, mine, rest, b, label=None)),
            strict=True,
        )
        alike = every(*(every(one == two, implies(one, _alike(found, wanted))) for (one, found), (two, wanted) in both))
        case.show(f"label {label}: its own label goes on as in Algorithm 1", alike)


def _draws_label(ones: Number, b: Number, found: NextPrefix) -> Formula:
    certain = every(same(found.one, (1,)), same(found.zero, (1,)), ones == b)
    drawn = every(same(found.one, (1,)), same(found.zero, (0,)), found.theta * b == ones)
    return some(certain, drawn)


def _is(prefix: Any, found: NextPrefix) -> bool:
    return same(found.one, prefix) and same(found.zero, prefix)


def _alike(found: NextPrefix, wanted: NextPrefix) -> Formula:
    return every(same(found.one, wanted.one), same(found.zero, wanted.zero), found.theta == wanted.theta)


@obligation(
    "lemma1.samples",
    paper="Lemma 1",
    of=lambda case: F(1),
    twin=lambda case: F(1, 2),
)
def samples_by_label_have_the_law(share: Fraction, case: Case) -> None:
    """For every source D, every n and every b, the alternating form returns each word of positive mass with exactly its
    chance in D: its label is drawn with the mean share of the label in a batch, which is the label's mass, and from
    there on the word is returned with its share of the label."""
    b, n, mass, label = case.integer("b"), case.integer("n"), case.real("D(z)"), case.real("mass of the label")
    case.assume(b >= 1, n >= 0, label > 0, label <= 1)
    given = {"over the bits reached: bits": n, "over the bits reached: p": label}
    on = case.use("algorithm1.samples", "from every prefix with its share", b=b, **{"D(z)": mass}, **given)
    case.assume(on.facts["from every prefix with its share"].under, label="from the label on, as in Algorithm 1")
    case.use("lemma1.round", b=b)
    drawn = case.use("algorithm1.groups", p=F(1), theta=label, t=b, **{"over b reached: b": b})
    case.assume(drawn.premises, label="the points of a batch are drawn independently")
    chance, mean = (
        case.function(f"algorithm1.groups: {name}", 2, takes=(INTEGER, INTEGER))
        for name in ("chance of t", "mean at t")
    )
    case.assume(chance(b, b) == 1, label="all b points are in the batch")
    draw = case.real("chance of the label")
    case.assume(draw * b == mean(b, b), label="the mean share of the label in a batch")
    case.lemma("the label has its mass", draw == label)
    case.show("each word is returned with its chance", draw * on.values["over the bits reached: L"] == share * mass)
