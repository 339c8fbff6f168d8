"""A solver's search for a copy of Q or Q' that the checker's conditions on weights accept and two steps betray.

The skeleton is one copy (Definition 2) of the dyadic or the minimal setting beside an output that is held. Any of its
weights may be free real numbers. The conditions are those that ``verify/recheck/memory.py`` states at its head, written
again for the solver.

The run has two steps. In the first the copy acts on some of one or two samples, with either label, and every entry of
its gradient is clipped and rounded by equation (3) to a whole multiple of rho; what v3v4 and the edges into v2 and v2'
get is left real, which allows more than there is. In the second it is idle. Betrayed is: a vertex off its linear piece
while the copy acts; a v3 that is not strictly between -1 and 0 while it is idle, before or after; a digit that is wrong
or not strictly flat; a record further from the mean than the note says; nothing recorded where the copy acts on every
sample.

"unsat" says that there is no such copy, for all real values of the free weights at once; the others are as built.

Run:  python benchmarks/bounded_solver.py [--free K] [--seconds S] [--setting dyadic|minimal]
      (exit code 1 if a copy is found, 3 if a question is open)
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any

import z3

PATH = ("v0v1", "v1v2", "v1v2'", "v2v3", "v2'v3", "v3v4", "vcv2", "vcv2'", "vcv3")
WHOLE = ("v2v3", "v2'v3")
"""Edges of which two roundings must be near each other: two multiples of rho within 3/4 rho of one number are, two
reals less so."""
BATCHES = ((1, 1, 1), (0, 1, 1), (1, 2, 2), (1, 1, 2), (0, 1, 2))
"""Samples that act and have the label asked, samples that act, samples: of one or two, what is a different mean."""


@dataclass(frozen=True)
class Frame:
    """rho, rate, o, k digits; whether the copy is a Q."""

    rho: Fraction
    rate: int
    o: Fraction
    digits: int
    odd: bool


def number(value: Fraction | int) -> Any:
    """A rational for the solver."""
    return z3.Q(Fraction(value).numerator, Fraction(value).denominator)


FRAMES = {"dyadic": (Fraction(1, 8), 1, Fraction(9, 8), 3), "minimal": (Fraction(1, 16), 2, Fraction(2), 4)}
RESTING = {"dyadic": (Fraction(1, 16), Fraction(3, 8)), "minimal": (Fraction(1, 12), Fraction(1, 4))}


def built(setting: str, odd: bool) -> tuple[Frame, dict[str, Fraction]]:
    """The weights of a copy as it is built. A digit i has its level, its slope, and what digit j > i takes off it."""
    rho, rate, o, k = FRAMES[setting]
    resting, gain = RESTING[setting]
    along: tuple[Fraction | int, ...] = (resting, 1, 1, 1, 1, gain if odd else -gain, 10, -10, Fraction(-1, 4))
    weights = {edge: Fraction(weight) for edge, weight in zip(PATH, along, strict=True)}
    for i in range(k):
        weights |= {f"level{i}": -resting * 12 / rho + 6 - 6 * 2**k, f"slope{i}": 12 / rho}
        weights |= {f"carry{j}to{i}": Fraction(-3 * 2**j) for j in range(i + 1, k)}
    return Frame(rho, rate, o, k, odd), weights


def size(value: Any) -> Any:
    """|value|."""
    return z3.If(value >= 0, value, -value)


def least(value: Any) -> Any:
    """The smaller of a value and 1."""
    return z3.If(value <= 1, value, 1)


def accepted(w: Mapping[str, Any], frame: Frame) -> Any:
    """The checker's conditions on one copy."""
    rho, rate, o, k = number(frame.rho), frame.rate, number(frame.o), frame.digits
    a, through = w["v0v1"], w["v1v2"] * w["v2v3"] + w["v1v2'"] * w["v2'v3"]
    gain = w["v3v4"] * through
    big = size(gain)
    loss = (1 + o * rho) * size(w["v3v4"])

    def reach(inner: str, outer: str) -> Any:
        return size(w[inner]) + rate * (least(loss * size(w[outer]) * a) + 3 * rho / 4)

    middle = 2 * (w["v2v3"] - w["v2'v3"]) + 2 * w["vcv3"]
    rise = rate * (least((1 + o * rho) * big) + 3 * rho / 4)
    wanted = [
        a > 0,
        a < 2,
        w["v1v2"] * a > 0,
        w["v1v2"] * a < 2,
        through * a > 0,
        through * a < 2,
        w["v1v2"] == w["v1v2'"],
        2 * w["vcv2"] - 2 * reach("v1v2", "v2v3") > 2,
        2 * w["vcv2'"] + 2 * reach("v1v2'", "v2'v3") < -3,
        middle - 2 * rate * rho > -1,
        middle + 2 * rate * rho < 0,
        gain > 0 if frame.odd else gain < 0,
        a + rise < 2,
        (1 + o * rho) * big <= 1,
        4 * o * big > 3,
        (2**k - 1) * rho + 3 * rate * rho / 4 >= rate * big,
    ]
    for i in range(k):
        far = size(w[f"slope{i}"] - 12 / rho) * rise + size(w[f"slope{i}"] * a + w[f"level{i}"] - (6 - 6 * 2**k))
        far += sum((2 * size(w[f"carry{j}to{i}"] + 3 * 2**j) for j in range(i + 1, k)), number(0))
        wanted.append(far < 3)
    return z3.And(wanted)


def sigma(value: Any) -> Any:
    """Figure 1."""
    low = z3.If(value <= -3, number(-2), z3.If(value <= -1, value + 1, number(0)))
    return z3.If(value <= 0, low, z3.If(value <= 2, value, number(2)))


def idle(w: Mapping[str, Any]) -> Any:
    """v3 is strictly between -1 and 0 where vc is 2."""
    one = sigma(w["v0v1"])
    up, down = sigma(w["v1v2"] * one + 2 * w["vcv2"]), sigma(w["v1v2'"] * one + 2 * w["vcv2'"])
    before = w["v2v3"] * up + w["v2'v3"] * down + 2 * w["vcv3"]
    return z3.And(before > -1, before < 0)


def reads(w: Mapping[str, Any], frame: Frame, record: int) -> Any:
    """All digits are strictly flat and show a record."""
    found, one = [], sigma(w["v0v1"])
    for i in range(frame.digits):
        above = sum(
            (w[f"carry{j}to{i}"] * (2 if record >> j & 1 else -2) for j in range(i + 1, frame.digits)), number(0)
        )
        level = w[f"slope{i}"] * one + w[f"level{i}"] + above
        found.append(level > 2 if record >> i & 1 else level < -3)
    return z3.And(found)


def active(w: Mapping[str, Any]) -> Any:
    """v1, v2, v2' and v3 strictly inside the piece of slope 1 through 0, where vc is 0."""
    one = w["v0v1"]
    up, down = w["v1v2"] * one, w["v1v2'"] * one
    return z3.And([z3.And(v > 0, v < 2) for v in (one, up, down, w["v2v3"] * up + w["v2'v3"] * down)])


def stepped(w: Mapping[str, Any], frame: Frame, batch: tuple[int, int, int], rises: int) -> tuple[dict[str, Any], Any]:
    """The weights after the step in which the copy acts and v0v1 rises by so many times rate rho; and that all
    roundings are valid."""
    rho, rate, (right, acting, b) = number(frame.rho), frame.rate, batch
    a, sign = w["v0v1"], -1 if frame.odd else 1
    up, down = w["v1v2"] * a, w["v1v2'"] * a
    slopes = {
        "v0v1": w["v3v4"] * (w["v1v2"] * w["v2v3"] + w["v1v2'"] * w["v2'v3"]),
        "v1v2": w["v3v4"] * w["v2v3"] * a,
        "v1v2'": w["v3v4"] * w["v2'v3"] * a,
        "v2v3": w["v3v4"] * up,
        "v2'v3": w["v3v4"] * down,
        "v3v4": w["v2v3"] * up + w["v2'v3"] * down,
    }
    after, valid = dict(w), []
    for name, slope in slopes.items():
        entries = [sign * (1 + number(frame.o) * rho) * slope, sign * number(frame.o) * rho * slope]
        clipped = [z3.If(e > 1, number(1), z3.If(e < -1, number(-1), e)) for e in entries]
        mean = (right * clipped[0] + (acting - right) * clipped[1]) / b
        rounded = -rises * rho if name == "v0v1" else z3.Real(f"rounded {name}")
        if name in WHOLE:
            rounded = z3.ToReal(z3.Int(f"rounded {name}")) * rho
        valid += [rounded - mean <= 3 * rho / 4, mean - rounded <= 3 * rho / 4]
        after[name] = w[name] - rate * rounded
    return after, z3.And(valid)


def betrayals(w: Mapping[str, Any], frame: Frame) -> Iterator[Any]:
    """What can go wrong, one formula each; at most one of them for each batch and record."""
    yield z3.Not(z3.And(active(w), idle(w), reads(w, frame, 0)))
    rho, most = number(frame.rho), 2**frame.digits - 1
    gain = size(w["v3v4"] * (w["v1v2"] * w["v2v3"] + w["v1v2'"] * w["v2'v3"]))
    for batch in BATCHES:
        right, acting, b = batch
        for rises in range(-2, int(1 / frame.rho) + 3):
            after, valid = stepped(w, frame, batch, rises)
            record, mean = min(frame.rate * rises, most), number(Fraction(right, b))
            good = [idle(after)]
            if rises < 0:
                good = [z3.BoolVal(False)]
            else:
                good.append(reads(after, frame, record))
                scaled, room = record * rho, frame.rate * (number(frame.o) * gain + number(Fraction(3, 4))) * rho
                short = z3.Or(
                    scaled - mean * frame.rate * gain >= -frame.rate * 3 * rho / 4, z3.BoolVal(record == most)
                )
                good += [short, scaled - mean * frame.rate * gain <= room, z3.BoolVal(rises > 0 or acting < b)]
            yield z3.And(valid, z3.Not(z3.And(good)))


def asked(setting: str, odd: bool, free: Sequence[str], seconds: float) -> tuple[str, dict[str, str]]:
    """unsat, sat or unknown for some free weights; and the weights that were found."""
    frame, values = built(setting, odd)
    w = {name: z3.Real(name) if name in free else number(value) for name, value in values.items()}
    answers = Counter[str]()
    for formula in betrayals(w, frame):
        solver = z3.Solver()
        solver.set(timeout=int(1000 * seconds))
        solver.add(accepted(w, frame), formula)
        found = solver.check()
        if found == z3.sat:
            model = solver.model()
            return "sat", {str(name): str(model[name]) for name in model}
        answers[str(found)] += 1
    return ("unknown", {"open": f"{answers['unknown']} of {answers.total()}"}) if answers["unknown"] else ("unsat", {})


def main() -> int:
    """All choices of k free weights of the paths, or all digits' weights with them; prints what comes of each."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--free", type=int, default=1)
    options.add_argument("--seconds", type=float, default=10, help="for each question")
    options.add_argument("--setting", choices=sorted(FRAMES), default="dyadic")
    given = options.parse_args()
    counts = Counter[str]()
    names = sorted(built(given.setting, True)[1], key=lambda name: (name not in PATH, name))
    for free in combinations(names if given.free == 1 else PATH, given.free):
        for odd in (True, False):
            found, model = asked(given.setting, odd, free, given.seconds)
            counts[found] += 1
            if found != "unsat":
                print(f"{'Q' if odd else 'QPrime'}, free {', '.join(free)}: {found} {model}", flush=True)
    print(f"{given.setting}, k = {given.free}: {dict(counts)}")
    return 1 if counts["sat"] else 3 if counts["unknown"] else 0


if __name__ == "__main__":
    sys.exit(main())
