"""What a transcript says, and whether it is true: every number is computed again, in exact arithmetic, by this file.

A transcript is JSON: the values of each query at all 2^n points with both labels, the answers, the predictions at all
points, the number of targets left, and the named target with its loss. A point is a whole number whose bit i is the
point's bit i; a target is a set of bits, written in the same way, and labels a point by the parity of the bits that the
two have in common.

What is checked: the mean of each query over the points with the named target's labels, term by term, is within the
tolerance of the answer, and the answer is in [-1, 1]; the loss on this target, term by term; and for all targets at
once, which of them find some answer invalid (so how many are left), that the average loss of those left is what is
said, that the named one does not lose less, and that the bound is (1 - 1/left)/8 and not above the average. That the
queries are those of some method is not checked: the transcript only has the digest of its file.
"""

import json
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

KIND, FORMAT, MOST_BITS = "querygrad parity transcript", 1, 20
LARGE = 10**1000
"""No whole number is as large; nothing that is computed from them has more digits than Python prints."""
RATIONAL = re.compile(r"-?(0|[1-9][0-9]{0,999})(/[1-9][0-9]{0,999})?")
KEYS = {
    "kind",
    "format",
    "method",
    "sha256",
    "bits",
    "tolerance",
    "answers",
    "seed",
    "random",
    "queries",
    "predictions",
    "left",
    "target",
    "loss",
    "average",
    "bound",
}


class RefusedError(Exception):
    """Something that the transcript says is not so."""


class MalformedError(RefusedError):
    """It is not written as a transcript must be."""


@dataclass(frozen=True)
class Ruling:
    """What was found to be true.

    Parameters
    ----------
    bits, queries, tolerance : of the game. left : how many targets are left. target, loss : the named one, and the loss
        on it; None if none is left. bound : what the loss is at least, whatever is predicted; None if there is none.
    """

    bits: int
    queries: int
    tolerance: Fraction
    left: int
    target: int | None
    loss: Fraction | None
    bound: Fraction | None


def need(truth: object, what: str) -> None:
    """Go on if a ``truth`` holds.

    Raises
    ------
    RefusedError
        If not; the message is ``what`` is needed.

    >>> need(1 < 2, "one below two")
    """
    if not truth:
        raise RefusedError(what)


def well_formed(truth: object, what: str) -> None:
    """Go on if something is written as it must be: if this ``truth`` holds.

    Raises
    ------
    MalformedError
        If not; the message is ``what`` is needed.

    >>> well_formed(b"12".isdigit(), "digits")
    """
    if not truth:
        raise MalformedError(what)


def check(data: bytes) -> Ruling:
    """Check the bytes of a transcript.

    Raises
    ------
    MalformedError
        If they are no transcript.
    RefusedError
        If something that it says is not so; the message says what and where.

    >>> said = dict.fromkeys(("method", "sha256", "answers", "seed", "random"), "not looked at")
    >>> said |= {"kind": KIND, "format": FORMAT, "bits": 0, "tolerance": "1/8", "queries": [], "left": 1, "target": 0}
    >>> said |= {"predictions": {"denominator": 2, "values": [1]}, "loss": "1/8", "average": "1/8", "bound": None}
    >>> check(json.dumps(said).encode()).loss
    Fraction(1, 8)
    """
    said = _object(data)
    n = _whole(said["bits"], 0, MOST_BITS, "bits")
    size, tau = 2**n, _rational(said["tolerance"], "the tolerance")
    need(tau >= 0, "a tolerance of at least 0")
    target = None if said["target"] is None else _whole(said["target"], 0, size - 1, "the target")
    well_formed(isinstance(said["queries"], list), "a list of queries")
    left = [True] * size
    for number, query in enumerate(said["queries"], 1):
        one_query(query, target, tau, left, f"query {number}")
    count = sum(left)
    need(_whole(said["left"], 0, size, "left") == count, f"the number of targets left, which is {count}")
    loss, bound = _end(said, target, left)
    return Ruling(n, len(said["queries"]), tau, count, target, loss, bound)


def one_query(query: Any, target: int | None, tau: Fraction, left: list[bool], where: str) -> None:
    """Check one query, and strike the targets from those that are ``left`` for which its answer is not valid.

    Parameters
    ----------
    query : as it is written. target : the named one. tau : the tolerance. where : what an error names.

    Raises
    ------
    RefusedError
        If the answer is not valid for the target, or not so many are left as is said.

    >>> left = [True] * 4
    >>> said = {"denominator": 1, "zero": [0, 0, 0, 0], "one": [0, 1, 0, 1], "answer": "1/4", "left": 2}
    >>> one_query(said, 2, Fraction(1, 8), left, "an example")
    >>> left
    [False, False, True, True]
    """
    entries = {"denominator", "zero", "one", "answer", "left"}
    well_formed(isinstance(query, dict) and set(query) == entries, f"the entries {sorted(entries)}, at {where}")
    size, scale = len(left), _whole(query["denominator"], 1, None, f"the denominator, at {where}")
    rows = [_numbers(query[name], size, f"{name}, at {where}") for name in ("zero", "one")]
    well_formed(all(abs(value) <= scale for row in rows for value in row), f"values in [-1, 1], at {where}")
    answer = _rational(query["answer"], f"the answer, at {where}")
    need(abs(answer) <= 1, f"an answer in [-1, 1], got {answer}, at {where}")
    if target is not None:
        mean = Fraction(sum(rows[label(target, x)][x] for x in range(size)), size * scale)
        need(abs(mean - answer) <= tau, f"an answer within {tau} of {mean}, got {answer}, at {where}")
    both = sum(rows[0]) + sum(rows[1])
    unit = 2 * size * scale
    # the mean under a target is (both + signed sum)/unit
    low, high = unit * (answer - tau) - both, unit * (answer + tau) - both
    for t, signed in enumerate(signed_sums([zero - one for zero, one in zip(*rows, strict=True)])):
        left[t] = left[t] and low <= signed <= high
    wanted = _whole(query["left"], 0, size, f"left, at {where}")
    need(wanted == sum(left), f"the number of targets left, which is {sum(left)}, got {wanted}, at {where}")


def _end(said: dict[str, Any], target: int | None, left: list[bool]) -> tuple[Fraction | None, Fraction | None]:
    """Check the predictions, the losses and the bound."""
    given, size, count = said["predictions"], len(left), sum(left)
    fits = isinstance(given, dict) and set(given) == {"denominator", "values"}
    well_formed(fits, "the entries denominator and values, at the predictions")
    scale = _whole(given["denominator"], 1, None, "the denominator of the predictions")
    values = _numbers(given["values"], size, "the predictions")
    if not count:
        need(target is said["loss"] is said["average"] is said["bound"] is None, "nothing that is named: none is left")
        return None, None
    need(target is not None and left[target], "a named target that is left")
    assert target is not None
    loss = Fraction(sum((values[x] - scale * label(target, x)) ** 2 for x in range(size)), 2 * size * scale**2)
    need(_rational(said["loss"], "the loss") == loss, f"the loss on the named target, which is {loss}")
    # the loss under a target is (size scale^2 + sum u^2 + 2 scale * signed sum)/(8 size scale^2), u = 2h - 1
    u = [2 * value - scale for value in values]
    sums = [signed for signed, kept in zip(signed_sums(u), left, strict=True) if kept]
    total = count * (size * scale**2 + sum(value**2 for value in u)) + 2 * scale * sum(sums)
    average = Fraction(total, 8 * size * scale**2 * count)
    need(_rational(said["average"], "the average") == average, f"the average over the targets left, which is {average}")
    need(loss >= average, "a named target that does not lose less than the average")
    bound = Fraction(count - 1, 8 * count) if count > 1 else None
    told = None if said["bound"] is None else _rational(said["bound"], "the bound")
    need(told == bound, f"the bound (1 - 1/left)/8, which is {bound}")
    need(bound is None or bound <= average, "a bound that is not above the average")
    return loss, bound


def label(target: int, point: int) -> int:
    """The label that a target gives a point.

    >>> [label(0b101, x) for x in (0b001, 0b101, 0b010)]
    [1, 0, 0]
    """
    return (target & point).bit_count() % 2


def signed_sums(values: list[int]) -> list[int]:
    """For each target the sum of the values at the points that it labels 0, less that at the points it labels 1; by
    halves: the points whose last bit is 0 and those whose last bit is 1.

    >>> signed_sums([5, 1, 0, 2])
    [8, 2, 4, 6]
    """
    if len(values) == 1:
        return values
    half = len(values) // 2
    without, with_it = signed_sums(values[:half]), signed_sums(values[half:])
    pairs = list(zip(without, with_it, strict=True))
    return [a + b for a, b in pairs] + [a - b for a, b in pairs]


def _object(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data.decode("ascii"), object_pairs_hook=_once, parse_float=_no, parse_constant=_no)
    except (ValueError, RecursionError) as error:
        raise MalformedError(f"JSON in ASCII without a key twice or a fraction, got {str(error)[:80]}") from error
    well_formed(isinstance(found, dict), "a JSON object")
    odd = sorted(set(found) ^ KEYS)
    well_formed(not odd, f"the entries of a transcript, got a difference at {odd[:3]}")
    right = found["kind"] == KIND and type(found["format"]) is int and found["format"] == FORMAT
    well_formed(right, f"a {KIND} of format {FORMAT}")
    return dict(found)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key twice")
    return found


def _no(text: str) -> Any:
    raise ValueError(f"the number {text[:20]}")


def _whole(value: Any, least: int, most: int | None, where: str) -> int:
    fits = type(value) is int and least <= value < LARGE and (most is None or value <= most)
    well_formed(fits, f"a whole number from {least} to {'any' if most is None else most}, at {where}")
    return int(value)


def _numbers(value: Any, size: int, where: str) -> list[int]:
    fits = (
        isinstance(value, list)
        and len(value) == size
        and all(type(each) is int and abs(each) < LARGE for each in value)
    )
    well_formed(fits, f"{size} whole numbers of at most 1000 digits, at {where}")
    return list(value)


def _rational(value: Any, where: str) -> Fraction:
    well_formed(isinstance(value, str) and RATIONAL.fullmatch(value), f"a rational p/q as text, at {where}")
    return Fraction(value)
