"""What can be named on a command line: built-in problems, learners and oracles."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TypeVar

from constructions.errors import ConstructionError
from constructions.learning import learners, oracles
from constructions.learning.models import QueryMethod, SampleMethod
from constructions.learning.oracles import Oracle
from constructions.learning.problems import Bits, Labelled, Predictor, Target, uniform

Thing = TypeVar("Thing")


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
    "list": _decision_list,  # the first bit that is 1 decides
    "literal": _literal,  # the last bit
    "majority": _majority,
}


def problem(name: str, n: int, noise: Fraction) -> Labelled:
    """Uniform bits with a named target, whose labels are flipped with probability ``noise``.

    >>> str(problem("parity", 2, Fraction(1, 10)).expectation(lambda x, y: x[0] ^ y))
    '1/10'
    """
    return uniform(n, named(PROBLEMS, name, "problem"), noise=noise)


def _literals(n: int) -> list[Predictor]:
    constants: list[Predictor] = [lambda x: 0, lambda x: 1]
    return constants + [lambda x, i=i, flip=flip: x[i] ^ flip for i in range(n) for flip in (0, 1)]


SAMPLE_LEARNERS: dict[str, Callable[[int, int], SampleMethod]] = {  # none looks at the order of its sample
    "parity": learners.parity,
    "conjunction": learners.conjunction,
    "list": learners.decision_list,
    "literal": lambda n, m: learners.best_of(_literals(n), n, m),
    "memoriser": learners.memoriser,
}
QUERY_LEARNERS: dict[str, Callable[[int, int, Fraction], QueryMethod]] = {
    "conjunction": lambda n, b, tau: learners.query_conjunction(n, b=b, tau=tau),
    "literal": lambda n, b, tau: learners.best_literal(n, b=b, tau=tau),
    "correlations": lambda n, b, tau: learners.correlations(n, b=b, tau=tau),
}
ORACLES: dict[str, Callable[[Fraction, int], Oracle]] = {  # from tau and a seed
    "exact": lambda tau, seed: oracles.exact,
    "highest": lambda tau, seed: oracles.highest,
    "lowest": lambda tau, seed: oracles.lowest,
    "grid": lambda tau, seed: oracles.nearest_grid(2 * tau) if tau else oracles.exact,
    "random": lambda tau, seed: oracles.randomly(seed),
}


def named(table: Mapping[str, Thing], name: str, kind: str) -> Thing:
    """An entry of one of the tables above.

    >>> named(PROBLEMS, "parody", "problem")
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need a problem among parity, conjunction, list, literal, majority, got 'parody'
    """
    if name not in table:
        raise ConstructionError(f"need a {kind} among {', '.join(table)}, got {name!r}")
    return table[name]
