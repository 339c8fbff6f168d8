"""A learner's state in words: the prefix so far, the samples that are extracted, and which hypotheses are left.

Words are found for the states that :mod:`constructions.computation` lays out: the extraction of Lemma 1, and the
learners that are built in. They are known by the names of their bits and by how many bits a name has. Of another state
nothing is said; the page shows its numbers in any case.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from constructions.training.told_rounds import BIT

MOST = 12
"""So many samples, literals or predictors are named, and no more."""
State = Mapping[str, int]


def widths_of(bits: Iterable[str]) -> dict[str, int]:
    """How many bits each number of a state has, from the names of the ``bits``.

    >>> widths_of(["odd", "word[0]", "word[1]"])
    {'odd': 1, 'word': 2}
    """
    matches = (BIT.fullmatch(bit) or bit for bit in bits)
    return dict(Counter(found if isinstance(found, str) else found[1] for found in matches))


def state_in_words(state: State, widths: Mapping[str, int], n: int) -> tuple[str, ...]:
    """What a state says, in sentences; none if it has no form that is known.

    Parameters
    ----------
    state : its numbers, by name. widths : how many bits each has. n : how many bits a point has.

    >>> widths = {"odd": 1, "number": 2, "length": 2, "word": 2}
    >>> state_in_words({"odd": 0, "number": 2, "length": 2, "word": 3}, widths, 2)
    ('2 samples are extracted.', 'The prefix so far: label 1, x1 = 1.')
    >>> state_in_words({"count": 3}, {"count": 2}, 2)
    ()
    """
    parts = (_extracted, _samples, _parities, _literals, _kept_literals, _least_losses)
    return tuple(said for part in parts for said in part(state, widths, n))


def _extracted(state: State, widths: Mapping[str, int], n: int) -> list[str]:
    fits = {"odd", "number"} <= widths.keys() and widths.get("length") == n.bit_length()
    if not fits or widths.get("word") not in (n, n + 1):
        return []
    number, length, word = state["number"], state["length"], state["word"]
    found = [f"{number} sample{' is' if number == 1 else 's are'} extracted."]
    if length:
        bits = [f"x{i} = {word >> i & 1}" for i in range(1, length)]
        found.append(f"The prefix so far: {', '.join([f'label {word & 1}', *bits])}.")
    else:
        found.append("The prefix is empty: the next answer decides the label.")
    return found + (["A coin is not decided yet."] if state.get("remainder") else [])


def _samples(state: State, widths: Mapping[str, int], n: int) -> list[str]:
    """The samples that a learner keeps: the label first, then the point."""
    names = _row(widths, "sample", n + 1)[: state.get("number", 0)]
    said = [f"{state[name] >> 1:0{n}b}"[::-1] + f" with label {state[name] & 1}" for name in names]
    return [f"The samples: {_some(said)}."] if said else []


def _parities(state: State, widths: Mapping[str, int], n: int) -> list[str]:
    """Row i holds an equation whose first bit is i, its label last."""
    if "none" not in widths or any(widths.get(f"row{i}") != n - i + 1 for i in range(n)):
        return []
    if state["none"]:
        return ["No parity fits the samples."]
    rows = [(i, state[f"row{i}"]) for i in range(n) if state[f"row{i}"] & 1]
    sums = [
        " + ".join(f"s{j + 1}" for j in range(i, n) if row >> (j - i) & 1) + f" = {row >> (n - i) & 1}"
        for i, row in rows
    ]
    where = f" with {_some(sums)} mod 2, where si is 1 if xi is in the sum" if sums else ""
    left = 1 << (n - len(rows))
    return [f"{left} of {1 << n} parities {'is' if left == 1 else 'are'} left{where}."]


def _literals(state: State, widths: Mapping[str, int], n: int) -> list[str]:
    """The literals that no positive sample broke."""
    if widths.get("not0") != n or widths.get("not1") != n:
        return []
    left = [f"{'' if value else 'not '}x{i + 1}" for i in range(n) for value in (0, 1) if not _broken(state, i, value)]
    return [f"{len(left)} of {2 * n} literals are left: {_some(left) or 'none'}."]


def _broken(state: State, i: int, value: int) -> int:
    return state[f"not{value}"] >> i & 1


def _kept_literals(state: State, widths: Mapping[str, int], n: int) -> list[str]:
    """The literals that no answer has dropped."""
    names = _row(widths, "dropped", 1)
    if len(names) != 2 * n or "turn" not in widths:
        return []
    left = [f"{'' if j % 2 else 'not '}x{j // 2 + 1}" for j, name in enumerate(names) if not state[name]]
    return [f"{len(left)} of {2 * n} literals are left: {_some(left) or 'none'}."]


def _least_losses(state: State, widths: Mapping[str, int], n: int) -> list[str]:
    losses = [state[name] for name in _row(widths, "loss", widths.get("loss0", 0))]
    least = [str(k) for k, loss in enumerate(losses, 1) if loss == min(losses)]
    return [f"{len(least)} of {len(losses)} predictors have the least loss: {_some(least)}."] if losses else []


def _row(widths: Mapping[str, int], name: str, width: int) -> list[str]:
    """The names ``name0``, ``name1``, ... of numbers of so many bits, up to the first that is not there."""
    found: list[str] = []
    while widths.get(f"{name}{len(found)}") == width:
        found.append(f"{name}{len(found)}")
    return found


def _some(words: list[str]) -> str:
    more = f" and {len(words) - MOST} more" if len(words) > MOST else ""
    return ", ".join(words[:MOST]) + more
