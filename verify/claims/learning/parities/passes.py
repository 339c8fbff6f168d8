"""The Walsh-Hadamard transform: Parseval's equation for any number of bits, what its entries are, and how large.

Proved here: a pass doubles the sum of squares (``parities.pass``), so n passes multiply it by 2^n
(``parities.parseval``); joining two halves gives the signed sums over twice as many points (``parities.halves``), so
every entry is a signed sum (``parities.entries``); a pass at most doubles the largest entry (``parities.largest``).
Checked: the passes of the code, on arrays of up to 16 variables (``parities.transform``).
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, select, within
from constructions.learning.parities import sign, signed_sums_of, sum_and_difference
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State, earlier_state
from verify.obligations.verdict import Verdict

F = Fraction
Pair = Callable[[Any, Any], tuple[Any, Any]]


def _kept_low(low: Any, high: Any) -> tuple[Any, Any]:
    """The sum, and the first number as it was (the twins')."""
    return low + high, low


@obligation(
    "parities.pass",
    paper="Corollary 2",
    kind="induction",
    of=lambda case: sum_and_difference,
    twin=lambda case: _kept_low,
)
def a_pass_doubles_the_squares(pair: Pair, case: Case) -> None:
    """For any number of pairs: if each pair of numbers becomes its sum and its difference, the sum of all squares
    doubles."""
    low, high = case.real("low"), case.real("high")
    state = {name: case.real(name) for name in ("before", "after")}

    def advance(s: State) -> State:
        first, second = pair(s["low"], s["high"])
        more = {"before": s["low"] * s["low"] + s["high"] * s["high"], "after": first * first + second * second}
        return {name: s[name] + more[name] for name in more}

    run = case.induction(
        "over the pairs",
        state=state,
        start=dict.fromkeys(state, F(0)),
        inputs={"low": low, "high": high},
        advance=advance,
        holds=lambda s: s["after"] == 2 * s["before"],
    )
    at = case.reached(run)
    case.show("twice", at["after"] == 2 * at["before"])


@obligation(
    "parities.parseval",
    paper="Corollary 2",
    kind="induction",
    of=lambda case: F(2),
    twin=lambda case: F(1),
)
def squares_grow_by_the_size(size: Fraction, case: Case) -> None:
    """Parseval's equation, for any number n of bits: after n passes the sum of the squares of all entries is 2^n times
    the sum of the squares of the entries before them. By induction over the passes."""
    energy, before, after = case.real("energy"), case.real("before"), case.real("after")
    used = case.use(
        "parities.pass", **{"over the pairs reached: before": before, "over the pairs reached: after": after}
    )
    case.assume(used.premises, label="a pass over all pairs")
    state = {"bits": case.integer("bits"), "size": case.real("size"), "squares": case.real("squares")}
    run = case.induction(
        "over the passes",
        state=state,
        start={"bits": F(0), "size": F(1), "squares": energy},
        inputs={"before": before, "after": after},
        given=lambda s: s["before"] == s["squares"],
        advance=lambda s: {"bits": s["bits"] + 1, "size": s["size"] * size, "squares": s["after"]},
        holds=lambda s: every(s["bits"] >= 0, s["size"] >= 1, s["squares"] == s["size"] * energy),
    )
    at = case.reached(run)
    case.show("Parseval", at["squares"] == at["size"] * energy)
    case.show("a size", at["size"] >= 1)


@obligation(
    "parities.largest",
    paper="Corollary 2",
    kind="induction",
    of=lambda case: sum_and_difference,
    twin=lambda case: lambda low, high: (2 * low + high, low - high),
)
def entries_grow_by_the_size(pair: Pair, case: Case) -> None:
    """For any number n of passes over numbers from -m to m, all entries are from -2^n m to 2^n m, also those of the
    passes before. So 64-bit integers do not overflow if 2^n m is below 2^62."""
    most, low, high = case.real("m"), case.real("low"), case.real("high")
    case.assume(most >= 0)
    state = {
        "bits": case.integer("bits"),
        "size": case.real("size"),
        "entry": case.real("entry"),
        "other": case.real("other"),
    }
    run = case.induction(
        "over the passes",
        state=state,
        start={"bits": F(0), "size": F(1), "entry": F(0), "other": F(0)},
        inputs={"low": low, "high": high},
        given=lambda s: every(within(s["low"], s["size"] * most), within(s["high"], s["size"] * most)),
        advance=lambda s: (
            {"bits": s["bits"] + 1, "size": 2 * s["size"]}
            | dict(zip(("entry", "other"), pair(s["low"], s["high"]), strict=True))
        ),
        holds=lambda s: every(
            s["size"] >= 1, within(s["entry"], s["size"] * most), within(s["other"], s["size"] * most)
        ),
    )
    at = case.reached(run)
    case.show("no larger", every(within(at["entry"], at["size"] * most), within(at["other"], at["size"] * most)))


@obligation(
    "parities.halves",
    paper="Corollary 2",
    kind="induction",
    of=lambda case: (sum_and_difference, sign),
    twin=lambda case: (_kept_low, sign),
)
def joined_halves_are_signed_sums(subject: tuple[Pair, Callable[[Number], Number]], case: Case) -> None:
    """For any number of points and every target: if one more bit is added to points and target, the signed sum over all
    points is that over the points without the bit plus that over the points with it, or minus it if the target has the
    bit; this is the first or the second number that the pass makes of the two. By induction over the points."""
    pair, signed = subject
    has, parity = case.integer("target has the bit"), case.integer("parity")
    values = [case.real(name) for name in ("value without", "value with")]
    case.assume(has >= 0, has <= 1, parity >= 0, parity <= 1)
    state = {name: case.real(name) for name in ("low", "high", "whole")}

    def advance(s: State) -> State:
        without, with_bit = s["value without"], s["value with"]
        flipped = select(has == 1, 1 - s["parity"], s["parity"])
        return {
            "low": s["low"] + signed(s["parity"]) * without,
            "high": s["high"] + signed(s["parity"]) * with_bit,
            "whole": s["whole"] + signed(s["parity"]) * without + signed(flipped) * with_bit,
        }

    run = case.induction(
        "over the points",
        state=state,
        start=dict.fromkeys(state, F(0)),
        inputs={"parity": parity, "value without": values[0], "value with": values[1]},
        advance=advance,
        holds=lambda s: s["whole"] == joined(pair, s["low"], s["high"], has),
    )
    at = case.reached(run)
    case.show("the whole", at["whole"] == joined(pair, at["low"], at["high"], has))


def joined(pair: Pair, low: Number, high: Number, has: Number) -> Number:
    """The entry for a target that has the new bit (1) or not (0)."""
    first, second = pair(low, high)
    return select(has == 1, second, first)


LOOKS = ("low", "high")


@obligation(
    "parities.entries",
    paper="Corollary 2",
    kind="induction",
    of=lambda case: sum_and_difference,
    twin=lambda case: lambda low, high: (low - high, low + high),
)
def every_entry_is_a_signed_sum(pair: Pair, case: Case) -> None:
    """For any number of bits, every array and every target: each entry that the passes make is the signed sum over the
    points that it stands for. By complete induction over all that is made: at first an entry stands for one point, then
    for the points of two earlier entries, one of them without the new bit and one with it."""
    has, whole = case.integer("target has the bit"), case.real("whole")
    sums = {name: case.real(f"{name} sum") for name in LOOKS}
    reached = {f"over the points reached: {name}": number for name, number in {**sums, "whole": whole}.items()}
    used = case.use("parities.halves", **reached, **{"target has the bit": has})
    case.assume(used.premises, label="the sums over the points of two halves")
    value, leaf = case.real("value"), case.integer("leaf")
    inputs = {
        "value": value,
        "leaf": leaf,
        "has": has,
        "whole": whole,
        "low sum": sums["low"],
        "high sum": sums["high"],
        **used.unbound,
    }

    def advance(s: State) -> State:
        low, high = (earlier_state(s, name) for name in LOOKS)
        entry = joined(pair, low["entry"], high["entry"], s["has"])
        one = s["leaf"] == 1
        return {"entry": select(one, s["value"], entry), "sum": select(one, s["value"], s["whole"])}

    def given(s: State) -> Formula:
        low, high = (earlier_state(s, name) for name in LOOKS)
        return every(s["low sum"] == low["sum"], s["high sum"] == high["sum"])

    run = case.induction(
        "over all that is made",
        state={"entry": case.real("entry"), "sum": case.real("sum")},
        start={"entry": F(0), "sum": F(0)},
        inputs=inputs,
        earlier=LOOKS,
        given=given,
        advance=advance,
        holds=lambda s: s["entry"] == s["sum"],
    )
    at = case.reached(run)
    case.show("a signed sum", at["entry"] == at["sum"])


def _negative(values: list[Number]) -> list[Number]:
    """The sums with the other sign (the twin's)."""
    return [-value for value in signed_sums_of(values)]


@obligation(
    "parities.transform",
    paper="Corollary 2",
    kind="identity",
    expect=Verdict.CHECKED,
    finite="n <= 4 bits, all values of the entries",
    of=lambda case: signed_sums_of,
    twin=lambda case: _negative,
)
def passes_make_signed_sums(transformed: Callable[[list[Number]], list[Number]], case: Case) -> None:
    """For each number of bits of the finite case and all arrays of so many entries, the passes of the code end at each
    target in the sum of sign * entry over all points, the sign being that of the parity of the bits that point and
    target have in common."""
    for n in range(1, 5):
        values = [case.real(f"value {n} {x}") for x in range(2**n)]
        found = transformed(values)
        for target in range(2**n):
            wanted = sum((sign((target & x).bit_count() % 2) * value for x, value in enumerate(values)), F(0))
            case.equal(f"target {target} of {n} bits", found[target], wanted)
