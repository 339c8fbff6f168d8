"""What a result says of its proof, so that results that were found apart, or kept, can be held together.

A claim that uses another was proved from what the other *stated* then. It is supported by the other's result only if
that is a proof of the same statement, so both are written down, by the keys of their contents.
"""

import msgspec

from constructions.foundations.loading import loaded_when_used
from verify.obligations.verdict import Verdict
from verify.provers.outcome import Examination

with loaded_when_used(__name__):
    from verify.obligations import case as cases
    from verify.obligations import obligation as registered
    from verify.store import content, rules


class Proof(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The proof of one claim.

    Parameters
    ----------
    statement : the key of what was proved. rule : the rule of the store. prover : who decided, with the version.
    rests_on : the key of what each obligation stated that was used, by its id.
    """

    statement: str
    rule: str
    prover: str
    rests_on: dict[str, str] = {}


def proof_of(obligation: "registered.Obligation", found: Examination, case: "cases.Case | None" = None) -> Proof | None:
    """The proof of an obligation that an examination is; None if it is none.

    Parameters
    ----------
    obligation : what was examined. found : the examination. case : the one to which its prover had the claim stated, of
        an enumeration at the first point; without it the claim is stated anew.

    Raises
    ------
    ConstructionError if what it uses cannot be stated.

    >>> def is_no_less(least, case):
    ...     "A square is at least 0."
    ...     case.show("square", case.real("x") ** 2 >= least)
    >>> square = registered.Obligation(
    ...     id="square", paper="mine", claim=is_no_less, of=lambda case: 0, twin=lambda case: 1)
    >>> proof_of(square, Examination(verdict=Verdict.PROVED)).rule
    'solver'
    >>> proof_of(square, Examination(verdict=Verdict.UNKNOWN)) is None
    True
    """
    if found.verdict not in (Verdict.PROVED, Verdict.CHECKED):
        return None
    used = {use.id: content.key_of(obligation.known[use.id]) for use in found.uses}
    return Proof(
        statement=content.key_of(obligation, case),
        rule=obligation.kind,
        prover=rules.prover_of(obligation.kind),
        rests_on=used,
    )
