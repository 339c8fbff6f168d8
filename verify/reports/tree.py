"""The tree of a theorem: what it uses, for which terms, and what that uses, down to what a prover decided alone."""

from collections.abc import Mapping, Sequence

from verify.discharge.result import Result
from verify.provers.outcome import Use

BRANCH, LAST, BAR, GAP = "|- ", "`- ", "|  ", "   "


def trees(results: Sequence[Result]) -> list[str]:
    """The tree of each result that no other one uses, as lines.

    >>> trees([])
    []
    """
    known = {result.id: result for result in results}
    used = {id for result in results for id in (*result.uses, *result.needs)}
    lines: list[str] = []
    for result in results:
        if result.id not in used:
            lines += [*([""] if lines else []), *tree(result, known)]
    return lines


def tree(result: Result, known: Mapping[str, Result]) -> list[str]:
    """A theorem and everything that it rests on.

    Parameters
    ----------
    result : the theorem. known : all results, by id.

    Returns
    -------
    Lines: one for the theorem, with its verdict, prover and the beginning of its statement's key; below it one for each
    use, with what was given, and everything on which that rests; then its principles, and what it rests on in prose.
    What was shown in full before is named only.

    >>> from verify.obligations.verdict import Verdict
    >>> from verify.provers.outcome import Examination
    >>> def result(id, *uses):
    ...     return Result(
    ...         id=id, paper="mine", statement="It holds.", prover="z3", expect=Verdict.PROVED, needs=(),
    ...         claim=Examination(verdict=Verdict.PROVED, uses=uses))
    >>> use = Use("lemma", "lemma", {"x": "rho/2"}, ("small",))
    >>> in_words(use)
    'lemma (small) for x = rho/2'
    >>> both = {each.id: each for each in (result("lemma"), result("theorem", use))}
    >>> for line in tree(both["theorem"], both):
    ...     print(line)
    theorem: PROVED
    `- uses lemma (small) for x = rho/2
       `- lemma: PROVED
    """
    return [_named(result), *_below(result, known, "", {result.id})]


def _named(result: Result) -> str:
    """A theorem in one line."""
    if result.proof is None:
        return f"{result.id}: {result.word}"
    given = f" given {{{', '.join(result.given)}}}" if result.given else ""
    return f"{result.id}: {result.word}{given}, by {result.proof.prover} [{result.proof.statement[:12]}]"


def _below(result: Result, known: Mapping[str, Result], indent: str, shown: set[str]) -> list[str]:
    claim = result.claim
    uses = () if claim is None else claim.uses
    ends = [] if claim is None else [in_words(use) for use in claim.principles]
    ends += [f"in prose: {need}" for need in result.needs]
    lines: list[str] = []
    parts: tuple[Use | str, ...] = (*uses, *ends)
    for place, use in enumerate(parts):
        last = place == len(parts) - 1
        head, rest = indent + (LAST if last else BRANCH), indent + (GAP if last else BAR)
        if isinstance(use, str):
            lines.append(head + use)
        else:
            lines += _of_use(use, known, head, rest, shown)
    return lines


def _of_use(use: Use, known: Mapping[str, Result], head: str, rest: str, shown: set[str]) -> list[str]:
    lines = [f"{head}uses {in_words(use)}"]
    other = known.get(use.id)
    if other is None:
        return [*lines, f"{rest}{LAST}{use.id}: was not asked for"]
    if use.id in shown:
        return [*lines, f"{rest}{LAST}{_named(other)}, as above"]
    shown.add(use.id)
    return [*lines, f"{rest}{LAST}{_named(other)}", *_below(other, known, rest + GAP, shown)]


def in_words(use: Use) -> str:
    """A use with what was given for its variables, and the facts that were wanted."""
    given = ", ".join(f"{name} = {value}" for name, value in use.instance.items())
    facts = f" ({'; '.join(use.facts)})" if use.facts else ""
    return f"{use.label}{facts}{f' for {given}' if given else ''}"
