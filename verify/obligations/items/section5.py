"""The items of Section 5: gradient descent answers queries."""

from verify.obligations.item import Item, Part
from verify.obligations.items.shared import (
    DESCENT,
    DESCENT_PARTS,
    NETWORK_DIFFERS,
    NETWORK_PARTS,
    NETWORKS,
    REDUCTIONS,
)

SECTION_5 = (
    Item("Equation (9)", "a linear model whose gradient answers one query"),
    Item("Lemma 3a", "a differentiable model answers one-label queries", needs=("Equation (9)", "Lemma 8", "Lemma 9")),
    Item(
        "Lemma 3b",
        "a neural network does, all of its edges trained",
        NETWORKS + "emulation.py",
        claims=("sigma.output", "lemma3b"),
        needs=("Lemma 10", "Lemma 11"),
        top="lemma3b.rounds",
        differs=NETWORK_DIFFERS,
        parts=NETWORK_PARTS,
    ),
    Item(
        "Lemma 4",
        "bSQ does what bSGD does",
        REDUCTIONS + "descent_by_queries.py",
        claims=("footnote8",),
        needs=("Equation (3)", "Equation (8)"),
        top="lemma4.simulates",
        differs=DESCENT,
        parts=(*DESCENT_PARTS, Part("the exact errors on small problems", "lemma4.error")),
    ),
)
