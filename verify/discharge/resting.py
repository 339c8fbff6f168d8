"""Results that rest on one another: none is worth more than what it needs."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from constructions.errors import ConstructionError
from constructions.foundations.loading import loaded_when_used
from verify.discharge.result import Result
from verify.obligations.verdict import Verdict

with loaded_when_used(__name__):
    import networkx as nx


def worth(result: Result) -> Verdict:
    """The verdict of one obligation alone; at most UNKNOWN if its twin is not refuted, for then its check may be
    empty.

    >>> from verify.provers.outcome import Examination
    >>> found = Result(
    ...     id="square", paper="mine", statement="It holds.", prover="z3", expect=Verdict.PROVED, needs=(),
    ...     claim=Examination(verdict=Verdict.PROVED), twin=Examination(verdict=Verdict.PROVED))
    >>> worth(found).name
    'UNKNOWN'
    """
    refuted = result.twin_verdict in (None, Verdict.REFUTED)
    return result.own if refuted else min(result.own, Verdict.UNKNOWN)


def worths(results: Iterable[Result]) -> dict[str, Verdict]:
    """For each result the least verdict of it and of everything on which it rests.

    A need without a result is UNKNOWN; needs that are expected to be REFUTED stand outside the minimum.

    Raises
    ------
    ConstructionError if an obligation rests on itself.
    """
    known = {result.id: result for result in results}
    own = {id: supported(result, known) for id, result in known.items()}
    return least(own, {id: counted(result, known) for id, result in known.items()})


def supported(result: Result, known: Mapping[str, Result]) -> Verdict:
    """The verdict of a result alone; at most UNKNOWN if it was proved from another statement than a result has that it
    uses."""
    return min(worth(result), Verdict.UNKNOWN) if unsupported(result, known) else worth(result)


def unsupported(result: Result, known: Mapping[str, Result]) -> list[str]:
    """The ids that a claim uses whose results are proofs of something else than it was proved from."""
    rests_on = {} if result.proof is None else result.proof.rests_on
    proofs = {id: known[id].proof for id in rests_on if id in known}
    return [id for id, proof in proofs.items() if proof is not None and proof.statement != rests_on[id]]


def principles_under(results: Iterable[Result]) -> dict[str, tuple[str, ...]]:
    """The principles on which each result rests, through everything that it uses.

    >>> principles_under([])
    {}
    """
    known = {result.id: result for result in results}
    found: dict[str, tuple[str, ...]] = {}
    needs = {id: counted(result, known) for id, result in known.items()}
    for id in in_order(needs):
        if id in known:
            below = [name for need in needs[id] for name in found.get(need, ())]
            found[id] = tuple(sorted({*known[id].principles, *below}))
    return found


def least(own: Mapping[str, Verdict], needs: Mapping[str, Sequence[str]]) -> dict[str, Verdict]:
    """For each id the least of its own verdict and of those of everything that it needs; UNKNOWN for an unknown need.

    Raises
    ------
    ConstructionError if one needs itself.

    >>> found = least({"a": Verdict.PROVED, "b": Verdict.CHECKED}, {"a": ["b"], "b": []})
    >>> found["a"].name
    'CHECKED'
    """
    found: dict[str, Verdict] = {}
    for id in in_order(needs):
        if id in own:
            found[id] = min([own[id], *(found.get(need, Verdict.UNKNOWN) for need in needs[id])])
    return found


def in_order(needs: Mapping[str, Sequence[str]]) -> list[str]:
    """Ids, each after those that it needs.

    Raises
    ------
    ConstructionError if one needs itself.
    """
    graph = nx.DiGraph([(need, id) for id, of_id in needs.items() for need in of_id])
    graph.add_nodes_from(needs)
    try:
        return list(nx.topological_sort(graph))
    except nx.NetworkXUnfeasible as error:
        around = [id for id, _ in nx.find_cycle(graph)][::-1]
        first = around.index(min(around))
        shown = " -> ".join((*around[first:], *around[:first], around[first]))
        raise ConstructionError(f"need obligations that do not rest on themselves, got {shown}") from error


def under(id: str, known: Mapping[str, Result]) -> list[str]:
    """An id, and before it everything on which its result rests, as far as results are ``known``; of an id that is not
    known it is not known on what it rests.

    >>> under("an id", {})
    ['an id']
    """
    needs: dict[str, list[str]] = {}
    waiting = [id]
    while waiting:
        one = waiting.pop()
        if one not in needs:
            needs[one] = counted(known[one], known) if one in known else []
            waiting += needs[one]
    return in_order(needs)


def with_used(order: Sequence[str], known: Mapping[str, Result]) -> list[str]:
    """Ids in their order, and before each what its result rests on that the order does not have: what claims use is
    found only when they are stated.

    >>> with_used(["one", "two"], {})
    ['one', 'two']
    """
    found: dict[str, None] = {}
    for id in order:
        found |= dict.fromkeys(each for each in under(id, known) if each in known and each not in order)
        found[id] = None
    return list(found)


def counted(result: Result, known: Mapping[str, Result]) -> list[str]:
    """The needs of a result that count, those in words and those that its claim uses.

    Those that are to be REFUTED stand outside, and an error rests on nothing.
    """
    return [
        need
        for need in dict.fromkeys((*result.needs, *result.uses))
        if not result.error and (need not in known or known[need].expect is not Verdict.REFUTED)
    ]


def resting(results: Sequence[Result]) -> list[Result]:
    """Results of which none is worth more than what it needs: verdicts are lowered, and so is what is expected of them.

    A need that is not among the results is UNKNOWN.

    >>> from verify.provers.outcome import Examination
    >>> def result(id, verdict, *needs):
    ...     return Result(
    ...         id=id, paper="mine", statement="It holds.", prover="z3", expect=Verdict.PROVED, needs=needs,
    ...         claim=Examination(verdict=verdict))
    >>> both = [result("lemma", Verdict.CHECKED), result("theorem", Verdict.PROVED, "lemma")]
    >>> counted(both[1], {each.id: each for each in both})
    ['lemma']
    >>> {id: verdict.name for id, verdict in worths(both).items()}
    {'lemma': 'CHECKED', 'theorem': 'CHECKED'}
    >>> [(each.id, each.own.name, each.word, list(each.lowered)) for each in resting(both)]
    [('lemma', 'CHECKED', 'CHECKED', []), ('theorem', 'PROVED', 'CHECKED', ['lemma'])]
    """
    known = {result.id: result for result in results}
    needs = {id: counted(result, known) for id, result in known.items()}
    found = worths(results)
    due = least(
        {id: result.expect for id, result in known.items()},
        {id: [need for need in of_id if need in known] for id, of_id in needs.items()},
    )
    given = principles_under(results)
    rested = []
    for result in results:
        of_needs = {need: found.get(need, Verdict.UNKNOWN) for need in needs[result.id]}
        of_needs |= dict.fromkeys(unsupported(result, known), Verdict.UNKNOWN)
        lowered = {need: verdict for need, verdict in of_needs.items() if verdict < result.own}
        wanted = None if due[result.id] is result.expect else due[result.id]
        rested.append(replace(result, lowered=lowered, wanted=wanted, given=given[result.id]))
    return rested
