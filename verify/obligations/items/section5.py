"""The items of Section 5: gradient descent answers queries."""

from verify.obligations.item import Item, Part
from verify.obligations.items.shared import (
    DESCENT,
    DESCENT_PARTS,
    MODELS,
    NETWORK_DIFFERS,
    NETWORK_PARTS,
    NETWORKS,
    ON_MODELS,
    REDUCTIONS,
    descent_time,
)

SECTION_5 = (
    Item(
        "Equation (9)",
        "a linear model whose gradient answers one query",
        MODELS + "one_step.py",
        top="equation9.step",
        differs=(
            "any number of queries, of which one is looked at, at any place; both labels",
            "the step is any valid rounding of the clipped gradient; that clipping does nothing is a part of its own",
        ),
        parts=(Part("that clipping does nothing", "equation9.sample"),),
    ),
    Item(
        "Lemma 3a",
        "a differentiable model answers one-label queries",
        MODELS + "answering.py",
        needs=("Equation (9)", "Lemma 8", "Lemma 9"),
        claims=("bumps", "lemma3a"),
        top="lemma3a.simulates",
        differs=ON_MODELS,
        parts=(
            Part("the four parts of the claim in the paper's proof", "lemma3a.steps"),
            Part("that the printed rho = tau/4 and epsilon = 2 rho will do", "lemma3a.numbers.printed"),
            Part("that every rho < 4 tau/3 will do (S8), and not 4 tau/3", "lemma3a.numbers.steep"),
            Part("a scalar query on both labels in one step (S6)", "lemma3a.both.step"),
            Part("that no network serves both labels without clipping (S6)", "lemma3b.both.bound"),
            Part("that on a network two copies do, one of them clipped (S6)", "lemma3b.both.records"),
            Part("a network that answers queries on both labels in one step (S6)", "lemma3b.both.simulates"),
        ),
    ),
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
        parts=(*descent_time("lemma4"), *DESCENT_PARTS, Part("the exact errors on small problems", "lemma4.error")),
    ),
)
