"""Where the extraction's machine asks each query of its method: on ports that do not depend on where the prefix
ends."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from constructions.learning.models import Answers, Query, QueryMethod, State
from constructions.reductions.one_bit import LOOK, Version
from constructions.reductions.sample_extract import Extracting, Extraction


def ports(version: Version, n: int, length: int) -> tuple[int, ...]:
    """The machine's ports for what a version counts at a prefix of some length, for points of n bits, in a round of its
    label, in the version's order.

    >>> ports(LOOK, 3, 1)
    (0, 1, 4, 5, 2, 3)
    """
    if length == 0:
        return (0,)
    further = range(length + 1, n + 1)
    return (0, 1, *((n + i - 1 for i in further) if version is LOOK else ()), *further)


def by_ports(method: QueryMethod, how: Extraction) -> QueryMethod:
    """The same method with its queries on the machine's ports, which ``how``, the extraction's parameters, says; the
    others ask nothing.

    >>> from constructions.learning.learners import conjunction
    >>> from constructions.reductions.sample_extract import extraction_method
    >>> how = Extraction(n=2, b=2, tau=Fraction(1, 8), delta=Fraction(1, 8), version=LOOK, alternating=True)
    >>> method, state = extraction_method(conjunction(2, 1), how), Extracting(1, (), (1,), None, (0,), ())
    >>> method.query(state)((0, 1), 1), by_ports(method, how).query(state)((0, 1), 1)
    ((1, 0, 1, 0), [1, 0, 0, 1])
    """

    def places(state: State) -> tuple[int, ...]:
        if not isinstance(state, Extracting) or state.coin is not None or (state.s and state.s[0] != state.t % 2):
            return ()
        return ports(how.version, how.n, len(state.s))

    def query(state: State) -> Query:
        inner, at = method.query(state), places(state)

        def values(x: Sequence[int], y: int) -> list[object]:
            found = dict(zip(at, inner(tuple(x), y), strict=False))
            return [found.get(j, 0) for j in range(how.parallel)]

        return values

    def after(state: State, answers: Answers) -> State:
        chosen = tuple(answers[j] for j in places(state))
        return method.after(state, chosen + (Fraction(0),) * (how.parallel - len(chosen)))

    return replace(method, query=query, after=after)
