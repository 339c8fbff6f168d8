"""The errata by their ids: what is wrong as printed, the repair, and the obligations that show either.

The notes (proofs_notes/errata.md) tell them at length, with a witness each; a test holds this table against that page
and against the obligations.
"""

from verify.obligations.faults.erratum import Erratum
from verify.obligations.faults.models import MODELS
from verify.obligations.faults.networks import NETWORKS
from verify.obligations.faults.reductions import REDUCTIONS

ERRATA = {erratum.id: erratum for erratum in (*NETWORKS, *REDUCTIONS, *MODELS)}


def erratum_named(text: str) -> Erratum | None:
    """The erratum of an id, in capitals or not.

    >>> erratum_named("e03").wrong, erratum_named("E02")
    ("Definition 2: weight -1 on v3 -> v4 in Q'", None)
    """
    return ERRATA.get(text.strip().upper())
