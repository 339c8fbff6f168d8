"""All kinds of attack, and the reordering that must not change a verdict.

>>> from verify.attacks.bases import base
>>> from verify.attacks.mutants import mutant
>>> print(*sorted(kind for kind in KINDS if kind.startswith("a copy"))[:3], sep="\\n")
a copy active in another round too, with its canceller
a copy added
a copy shared by two rounds
>>> print(mutant(base("conjunction by queries, minimal"), "a copy added", 3).note)
a copy added beside the one at 68, with its own canceller
"""

from random import Random

import numpy as np

from constructions.networks.network_file import read_network_bytes
from constructions.networks.renumber import random_order
from verify.attacks import edges, finals, headers, machines, plans, queries, rare, structure, together, weights
from verify.attacks.bases import Base
from verify.attacks.drafts import NetworkDraft
from verify.attacks.mutants import KINDS, changes

MODULES = (edges, finals, headers, machines, plans, queries, rare, structure, together, weights)


@changes("renumbered", keeps=True)
def renumbered(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """Another order in which edges lead upwards, drawn from the ``source``, without hints: what ``base`` has is read
    again into ``draft``."""
    order = random_order(read_network_bytes(base.data), seed=source.randrange(1 << 30))
    places = np.empty_like(order)
    places[order] = np.arange(len(order))
    draft.renumber(places)
    draft.header["hints"] = {}
    return "renumbered, no hints"


@changes("renumbered and a weight moved")
def renumbered_and_moved(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """One of the other attacks on the weights, in another order."""
    text = weights.slightly(source, base, draft) if source.random() < 0.5 else weights.negated(source, base, draft)
    renumbered(source, base, draft)
    return text and f"{text}; renumbered"


@changes("renumbered and a gate changed")
def renumbered_gate(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """One of the other attacks on gates, in another order."""
    text = source.choice((structure.threshold, structure.literal, structure.other_literal))(source, base, draft)
    if not text:
        return None
    net_order = draft.data()
    try:
        order = random_order(read_network_bytes(net_order), seed=source.randrange(1 << 30))
    except ValueError:
        return None
    places = np.empty_like(order)
    places[order] = np.arange(len(order))
    draft.renumber(places)
    draft.header["hints"] = {}
    return f"{text}; renumbered"


__all__ = ["KINDS", "MODULES"]
