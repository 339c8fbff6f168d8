"""What can be named on a command line beside a learner: built-in problems and oracles."""

from collections.abc import Callable, Sequence
from fractions import Fraction

from constructions.foundations import rounding
from constructions.foundations.naming import named
from constructions.foundations.rounding import Adversary
from constructions.learning import oracles
from constructions.learning.oracles import Oracle, Question
from constructions.learning.problems import Bits, Labelled, Target, uniform


def _parity(x: Bits) -> int:
    return sum(x[::2]) % 2


def _conjunction(x: Bits) -> int:
    return int(all(bit ^ i % 2 for i, bit in enumerate(x[:3])))


def _decision_list(x: Bits) -> int:
    return next((i % 2 for i, bit in enumerate(x) if bit), len(x) % 2)


def _literal(x: Bits) -> int:
    return x[-1] if x else 1


def _majority(x: Bits) -> int:
    return int(2 * sum(x) > len(x))


PROBLEMS: dict[str, Target] = {
    "parity": _parity,  # of every second bit
    "conjunction": _conjunction,  # x1, not x2, x3
    "decision-list": _decision_list,  # the first bit that is 1 decides
    "literal": _literal,  # the last bit
    "majority": _majority,
}


def problem(name: str, n: int, noise: Fraction) -> Labelled:
    """n uniform bits with the target of this name, whose labels are flipped with probability ``noise``.

    >>> str(problem("parity", 2, Fraction(1, 10)).expectation(lambda x, y: x[0] ^ y))
    '1/10'
    """
    return uniform(n, named(PROBLEMS, name, "problem"), noise=noise)


ORACLES: dict[str, Callable[[Fraction, int], Oracle]] = {  # from tau and a seed
    "exact": lambda tau, seed: oracles.exact,
    "highest": lambda tau, seed: oracles.highest,
    "lowest": lambda tau, seed: oracles.lowest,
    "grid": lambda tau, seed: oracles.nearest_grid(2 * tau) if tau else oracles.exact,
    "random": lambda tau, seed: oracles.randomly(seed),
}


def _only_answer(name: str) -> Callable[[Fraction, Fraction], Sequence[Fraction]]:
    """The answer of an oracle that always answers a mean alike."""
    return lambda mean, tau: ORACLES[name](tau, 0)(Question(1, (mean,), tau))


EQUALLY: dict[str, Callable[[Fraction, Fraction], Sequence[Fraction]]] = {
    **{name: _only_answer(name) for name in ORACLES if name != "random"},
    "random": oracles.equally_likely,
}
"""From a mean and tau, what an oracle may answer to one query, each answer as likely as any other."""

ROUNDINGS: dict[str, Callable[[int], Adversary]] = {  # from a seed
    "exact": lambda seed: rounding.nearest,
    "highest": lambda seed: rounding.up,
    "lowest": lambda seed: rounding.down,
    "grid": lambda seed: rounding.nearest,
    "random": rounding.randomly,
}
"""Who rounds the gradients of a method of gradient descent where an oracle of this name answers queries."""

ADVERSARIES = {"exact": "nearest", "highest": "up", "lowest": "down", "grid": "nearest", "random": "random"}
"""The adversary of :mod:`constructions.training.adversaries` that stands for an oracle of this name on a network."""
